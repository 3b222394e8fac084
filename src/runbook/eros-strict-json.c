/* eros-strict-json.c: JSON exactly as RFC 8259 has it, with the line and column of what is wrong
 *
 * json-glib reads more than JSON (comments, assignments, a member twice) and goes as deep as the text does. A
 * runbook is a document of record: the text is checked first, and only then given to json-glib.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-strict-json.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-runbook.h"

typedef struct
{
  const char *name;
  const char *start;
  const char *p;
  const char *end;
  guint depth;
  GError **error;
} Scan;

static gboolean scan_value (Scan *scan);

static gboolean
fail (Scan *scan, const char *reason)
{
  guint line = 1;
  const char *line_start = scan->start;

  for (const char *q = scan->start; q < scan->p; q++)
    {
      if (*q == '\n')
        {
          line++;
          line_start = q + 1;
        }
    }
  g_set_error (scan->error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_NOT_JSON, "%s:%u:%ld: %s", scan->name,
               line, g_utf8_strlen (line_start, scan->p - line_start) + 1, reason);
  return FALSE;
}

static void
skip_space (Scan *scan)
{
  while (scan->p < scan->end && strchr (" \t\r\n", *scan->p) != NULL && *scan->p != '\0')
    scan->p++;
}

static gboolean
next_is (Scan *scan, char c)
{
  skip_space (scan);
  return scan->p < scan->end && *scan->p == c;
}

static gboolean
take (Scan *scan, char c)
{
  if (!next_is (scan, c))
    return FALSE;
  scan->p++;
  return TRUE;
}

/* The four digits after "\u"; -1 when they are not there. */
static int
scan_code_unit (Scan *scan)
{
  int unit = 0;

  for (guint i = 0; i < 4; i++)
    {
      if (scan->p >= scan->end || !g_ascii_isxdigit (*scan->p))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (*scan->p++);
    }
  return unit;
}

static gboolean
scan_unicode_escape (Scan *scan)
{
  int unit = scan_code_unit (scan);

  if (unit < 0)
    return fail (scan, _ ("“\\u” needs four hexadecimal digits"));
  if (unit == 0)
    return fail (scan, _ ("the character U+0000 is not allowed"));
  if (unit < 0xd800 || unit > 0xdfff)
    return TRUE;
  if (unit < 0xdc00 && scan->end - scan->p >= 6 && scan->p[0] == '\\' && scan->p[1] == 'u')
    {
      scan->p += 2;
      unit = scan_code_unit (scan);
      if (unit >= 0xdc00 && unit <= 0xdfff)
        return TRUE;
    }
  return fail (scan, _ ("half of a surrogate pair"));
}

static gboolean
scan_string (Scan *scan, gboolean plain)
{
  scan->p++;
  while (scan->p < scan->end && *scan->p != '"')
    {
      guchar c = (guchar) *scan->p;

      if (c < 0x20)
        return fail (scan, _ ("a control character inside a string (write \\n for a new line)"));
      scan->p++;
      if (c != '\\')
        continue;
      if (plain)
        return fail (scan, _ ("a member’s name must be written without escapes"));
      if (scan->p >= scan->end || strchr ("\"\\/bfnrtu", *scan->p) == NULL || *scan->p == '\0')
        return fail (scan, _ ("an unknown escape inside a string"));
      if (*scan->p++ == 'u' && !scan_unicode_escape (scan))
        return FALSE;
    }
  if (scan->p >= scan->end)
    return fail (scan, _ ("the text ends inside a string"));
  scan->p++;
  return TRUE;
}

static guint
scan_digits (Scan *scan)
{
  guint n = 0;

  for (; scan->p < scan->end && g_ascii_isdigit (*scan->p); n++)
    scan->p++;
  return n;
}

static gboolean
scan_number (Scan *scan)
{
  const char *integer;
  guint n;

  if (*scan->p == '-')
    scan->p++;
  integer = scan->p;
  n = scan_digits (scan);
  if (n == 0)
    return fail (scan, _ ("a value was expected here"));
  if (n > 1 && *integer == '0')
    return fail (scan, _ ("a number must not begin with 0"));
  if (n > 15)
    return fail (scan, _ ("a number of more than 15 digits"));
  if (scan->p < scan->end && *scan->p == '.')
    {
      scan->p++;
      if (scan_digits (scan) == 0)
        return fail (scan, _ ("digits were expected after the point"));
    }
  if (scan->p < scan->end && (*scan->p == 'e' || *scan->p == 'E'))
    {
      scan->p++;
      if (scan->p < scan->end && (*scan->p == '+' || *scan->p == '-'))
        scan->p++;
      if (scan_digits (scan) == 0)
        return fail (scan, _ ("digits were expected in the exponent"));
    }
  return TRUE;
}

static gboolean
scan_literal (Scan *scan)
{
  static const char *const literals[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (literals); i++)
    {
      gsize n = strlen (literals[i]);

      if ((gsize) (scan->end - scan->p) >= n && memcmp (scan->p, literals[i], n) == 0)
        {
          scan->p += n;
          return TRUE;
        }
    }
  return scan_number (scan);
}

static gboolean
scan_member (Scan *scan, GHashTable *names)
{
  const char *name;

  if (!next_is (scan, '"'))
    return fail (scan, _ ("a member’s name in quotes was expected here"));
  name = scan->p + 1;
  if (!scan_string (scan, TRUE))
    return FALSE;
  if (!g_hash_table_add (names, g_strndup (name, (gsize) (scan->p - name - 1))))
    {
      scan->p = name - 1;
      return fail (scan, _ ("this member is there twice"));
    }
  if (!take (scan, ':'))
    return fail (scan, _ ("“:” was expected here"));
  return scan_value (scan);
}

static gboolean
scan_object (Scan *scan)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  scan->p++;
  if (take (scan, '}'))
    return TRUE;
  do
    {
      if (!scan_member (scan, names))
        return FALSE;
    }
  while (take (scan, ','));
  return take (scan, '}') || fail (scan, _ ("“,” or “}” was expected here"));
}

static gboolean
scan_array (Scan *scan)
{
  scan->p++;
  if (take (scan, ']'))
    return TRUE;
  do
    {
      if (!scan_value (scan))
        return FALSE;
    }
  while (take (scan, ','));
  return take (scan, ']') || fail (scan, _ ("“,” or “]” was expected here"));
}

static gboolean
scan_value (Scan *scan)
{
  gboolean fine;

  skip_space (scan);
  if (scan->p >= scan->end)
    return fail (scan, _ ("the text ends where a value was expected"));
  if (*scan->p == '"')
    return scan_string (scan, FALSE);
  if (*scan->p != '{' && *scan->p != '[')
    return scan_literal (scan);
  if (scan->depth == EROS_STRICT_JSON_MAX_DEPTH)
    return fail (scan, _ ("nested too deeply"));

  scan->depth++;
  fine = *scan->p == '{' ? scan_object (scan) : scan_array (scan);
  scan->depth--;
  return fine;
}

/**
 * eros_strict_json_parse:
 * @text: the text
 * @length: its length in bytes
 * @name: what the text is called in errors, usually a file's name
 * @error: return location for %EROS_RUNBOOK_ERROR_NOT_JSON
 *
 * Reads one JSON value (RFC 8259, UTF-8, no member twice, at most %EROS_STRICT_JSON_MAX_DEPTH levels).
 *
 * Returns: (transfer full): the value; on failure %NULL, and the message begins with `NAME:LINE:COLUMN:`
 */
JsonNode *
eros_strict_json_parse (const char *text, gsize length, const char *name, GError **error)
{
  Scan scan = { name, text, text, text + length, 0, error };
  g_autoptr (JsonParser) parser = NULL;
  const char *bad = NULL;

  if (!g_utf8_validate_len (text, length, &bad))
    {
      scan.p = bad;
      fail (&scan, _ ("the text is not UTF-8"));
      return NULL;
    }
  if (!scan_value (&scan))
    return NULL;
  skip_space (&scan);
  if (scan.p < scan.end)
    {
      fail (&scan, _ ("the text goes on after the end of the value"));
      return NULL;
    }

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, error))
    {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  return json_parser_steal_root (parser);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static JsonNode *
sorted (JsonNode *node)
{
  JsonNode *copy;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *from = json_node_get_object (node);
      g_autoptr (GList) names = g_list_sort (json_object_get_members (from), compare_names);
      JsonObject *to = json_object_new ();

      for (GList *l = names; l != NULL; l = l->next)
        json_object_set_member (to, l->data, sorted (json_object_get_member (from, l->data)));
      copy = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (copy, to);
      return copy;
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *from = json_node_get_array (node);
      JsonArray *to = json_array_new ();

      for (guint i = 0; i < json_array_get_length (from); i++)
        json_array_add_element (to, sorted (json_array_get_element (from, i)));
      copy = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (copy, to);
      return copy;
    }
  return json_node_copy (node);
}

/**
 * eros_strict_json_canonical:
 * @node: a value
 *
 * One text for one value: members sorted by their bytes, no white space. So two files that differ only in
 * layout have one and the same SHA-256.
 *
 * Returns: (transfer full): the text
 */
char *
eros_strict_json_canonical (JsonNode *node)
{
  g_autoptr (JsonNode) copy = sorted (node);

  return json_to_string (copy, FALSE);
}
