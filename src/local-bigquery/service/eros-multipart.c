/* eros-multipart.c: a body of several parts
 *
 * RFC 2046, as clients write it: the boundary quoted or not, lines ended by CRLF or by LF alone, a line break
 * behind the last boundary or none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* memmem */
#include "eros-multipart.h"

#include <string.h>

static void
part_free (ErosBodyPart *part)
{
  soup_message_headers_unref (part->headers);
  g_clear_pointer (&part->content, g_bytes_unref);
  g_free (part);
}

/* The line that begins at @at, without its end; *@next is where the next one begins. */
static char *
read_line (const char *at, const char *end, const char **next)
{
  const char *stop = memchr (at, '\n', end - at);
  const char *last = stop != NULL ? stop : end;

  *next = stop != NULL ? stop + 1 : end;
  if (last > at && last[-1] == '\r')
    last--;
  return g_strndup (at, last - at);
}

/**
 * eros_multipart_read_headers:
 * @data: text
 * @size: its length in bytes
 * @rest: (out): where it goes on behind the empty line
 *
 * Returns: (transfer full): the headers; lines that are none are left out
 */
SoupMessageHeaders *
eros_multipart_read_headers (const char *data, gsize size, gsize *rest)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  const char *at = data;
  const char *end = data + size;

  while (at < end)
    {
      g_autofree char *line = read_line (at, end, &at);
      char *colon = strchr (line, ':');

      if (*line == '\0')
        break;
      if (colon == NULL || colon == line)
        continue;
      *colon = '\0';
      soup_message_headers_append (headers, g_strchomp (line), g_strstrip (colon + 1));
    }
  *rest = at - data;
  return headers;
}

/* Where the next boundary's line begins, at the begin of a line; @end when there is none. */
static const char *
find_boundary (const char *at, const char *end, const char *begin, const char *mark)
{
  gsize length = strlen (mark);

  while ((at = memmem (at, end - at, mark, length)) != NULL)
    {
      const char *behind = at + length;

      if ((at == begin || at[-1] == '\n') && (behind == end || strchr ("\r\n \t", *behind) != NULL ||
                                              (end - behind >= 2 && strncmp (behind, "--", 2) == 0)))
        return at;
      at++;
    }
  return end;
}

static void
add_part (GPtrArray *parts, const char *at, const char *end, gboolean crlf)
{
  ErosBodyPart *part = g_new0 (ErosBodyPart, 1);
  gsize rest;

  /* The line break before a boundary is the boundary's. */
  if (end > at && end[-1] == '\n')
    end--;
  if (crlf && end > at && end[-1] == '\r')
    end--;
  part->headers = eros_multipart_read_headers (at, end - at, &rest);
  part->content = g_bytes_new (at + rest, end - at - rest);
  g_ptr_array_add (parts, part);
}

/* The line that begins a boundary. Google's apitools write the name in quotes that are none to RFC 2045. */
static char *
read_mark (GHashTable *params, GBytes *body)
{
  const char *boundary = params != NULL ? g_hash_table_lookup (params, "boundary") : NULL;
  gsize length = boundary != NULL ? strlen (boundary) : 0;
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autofree char *mark = NULL;

  if (length == 0 || size == 0)
    return NULL;
  mark = g_strconcat ("--", boundary, NULL);
  if (length > 2 && boundary[0] == '\'' && boundary[length - 1] == '\'' &&
      find_boundary (data, data + size, data, mark) == data + size)
    return g_strdup_printf ("--%.*s", (int) length - 2, boundary + 1);
  return g_steal_pointer (&mark);
}

/**
 * eros_multipart_split:
 * @headers: of a message
 * @body: its body
 *
 * Returns: (transfer full) (nullable) (element-type ErosBodyPart): the parts; %NULL when the body is of
 * another kind or does not end
 */
GPtrArray *
eros_multipart_split (SoupMessageHeaders *headers, GBytes *body)
{
  g_autoptr (GHashTable) params = NULL;
  const char *type = soup_message_headers_get_content_type (headers, &params);
  g_autofree char *mark = read_mark (params, body);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  const char *end = data + size;
  const char *at;

  if (type == NULL || g_ascii_strncasecmp (type, "multipart/", 10) != 0 || mark == NULL)
    return NULL;
  at = find_boundary (data, end, data, mark);
  while (at < end)
    {
      const char *first = at + strlen (mark);
      const char *next;
      const char *start = memchr (first, '\n', end - first);

      if (end - first >= 2 && strncmp (first, "--", 2) == 0)
        return g_steal_pointer (&parts);
      if (start == NULL)
        return NULL;
      next = find_boundary (start + 1, end, data, mark);
      if (next == end)
        return NULL;
      add_part (parts, start + 1, next, start[-1] == '\r');
      at = next;
    }
  return NULL;
}
