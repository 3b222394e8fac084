/* eros-batch.c: many calls in one body
 *
 * https://cloud.google.com/storage/docs/batch. Each part is a call of its own, made by who sends the batch;
 * one that fails does not keep the others from being done.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-gate.h"
#include "eros-multipart.h"
#include "eros-service-private.h"

/* Google's own limit */
#define MAX_PARTS 1000

static ErosCall *
read_part (ErosCall *batch, ErosBodyPart *part)
{
  gsize size, begin;
  const char *data = g_bytes_get_data (part->content, &size);
  const char *end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *line = end != NULL ? g_strndup (data, end - data) : NULL;
  g_auto (GStrv) words = line != NULL ? g_strsplit (g_strchomp (line), " ", -1) : NULL;
  g_autoptr (GBytes) body = NULL;
  SoupMessageHeaders *headers;
  ErosCall *call;

  if (words == NULL || g_strv_length (words) < 2)
    return NULL;
  headers = eros_multipart_read_headers (end + 1, size - (end + 1 - data), &begin);
  begin += end + 1 - data;
  body = g_bytes_new_from_bytes (part->content, begin, size - begin);
  call = eros_call_new_part (batch, words[0], words[1], headers, body);
  soup_message_headers_unref (headers);
  return call;
}

static void
do_part (ErosCall *call)
{
  gboolean path_exists = FALSE;
  const ErosRoute *route = eros_route_find (call, &path_exists);

  if (route == NULL || route->handler == eros_handle_batch)
    eros_call_fail (call, path_exists ? 405 : 404, "notFound", "A batch cannot call %s %s.", call->method,
                    call->path);
  else if (eros_gate_check_body (call, route))
    {
      call->schema = route->schema;
      if (eros_call_check_parameters (call, route) && eros_call_is_permitted (call, route->permission))
        route->handler (call);
    }
  eros_call_finish (call);
}

static void
append_answer (GString *text, const char *boundary, const char *id, ErosCall *call)
{
  gsize size = call->text != NULL ? call->text->len : 0;
  const char *data = call->text != NULL ? call->text->str : "";

  if (call->bytes != NULL)
    data = g_bytes_get_data (call->bytes, &size);
  g_string_append_printf (text, "--%s\r\nContent-Type: application/http\r\n", boundary);
  if (id != NULL)
    {
      const char *inner = *id == '<' ? id + 1 : id;

      g_string_append_printf (text, "Content-ID: <response-%.*s>\r\n", (int) strcspn (inner, ">"), inner);
    }
  g_string_append_printf (text, "\r\nHTTP/1.1 %u %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n", call->status,
                          soup_status_get_phrase (call->status), size);
  if (size > 0)
    g_string_append_printf (text, "Content-Type: %s\r\n", call->content_type);
  for (guint i = 0; i + 1 < call->headers->len; i += 2)
    g_string_append_printf (text, "%s: %s\r\n", (char *) g_ptr_array_index (call->headers, i),
                            (char *) g_ptr_array_index (call->headers, i + 1));
  g_string_append (text, "\r\n");
  if (size > 0)
    g_string_append_len (text, data, size);
  g_string_append (text, "\r\n");
}

/**
 * eros_handle_batch:
 * @call: POST `/batch/…`
 *
 * Does what each part asks for, in order.
 */
void
eros_handle_batch (ErosCall *call)
{
  g_autoptr (GPtrArray) parts = eros_multipart_split (call->request_headers, call->body);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *boundary = g_strconcat ("batch_", uuid, NULL);
  g_autofree char *type = g_strconcat ("multipart/mixed; boundary=", boundary, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (parts == NULL || parts->len == 0 || parts->len > MAX_PARTS)
    {
      eros_call_fail (
        call, 400, "badRequest",
        "Failed to parse batch request: it has from 1 to %d parts of the type application/http.", MAX_PARTS);
      return;
    }
  for (guint i = 0; i < parts->len; i++)
    {
      ErosBodyPart *part = g_ptr_array_index (parts, i);
      ErosCall *inner = read_part (call, part);

      if (inner == NULL)
        {
          eros_call_fail (call, 400, "badRequest",
                          "Failed to parse batch request: part %u is no HTTP request.", i + 1);
          return;
        }
      do_part (inner);
      append_answer (text, boundary, soup_message_headers_get_one (part->headers, "Content-ID"), inner);
      eros_call_free (inner);
    }
  g_string_append_printf (text, "--%s--\r\n", boundary);
  bytes = g_bytes_new (text->str, text->len);
  eros_call_reply_bytes (call, 200, type, bytes);
}
