/* eros-request.c: one request, before it is sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-request-private.h"

#include <libsoup/soup.h>
#include <string.h>

G_DEFINE_FINAL_TYPE (ErosRequest, eros_request, G_TYPE_OBJECT)

static void
eros_request_finalize (GObject *object)
{
  ErosRequest *self = EROS_REQUEST (object);

  g_free (self->method);
  g_string_free (self->target, TRUE);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  soup_message_headers_unref (self->headers);
  g_clear_object (&self->answered);
  G_OBJECT_CLASS (eros_request_parent_class)->finalize (object);
}

static void
eros_request_class_init (ErosRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_request_finalize;
}

static void
eros_request_init (ErosRequest *self)
{
  self->target = g_string_new (NULL);
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
}

static void
append_encoded (GString *target, const char *text)
{
  g_string_append_uri_escaped (target, text, NULL, FALSE);
}

/**
 * eros_request_new:
 * @service: whose
 * @method: "GET", "POST" …
 * @path: a path without a leading slash, with a `%s` for each argument
 * @...: texts, percent-encoded where they are put
 *
 * Returns: (transfer full): a request
 */
ErosRequest *
eros_request_new (ErosService service, const char *method, const char *path, ...)
{
  ErosRequest *self = g_object_new (EROS_TYPE_REQUEST, NULL);
  const char *rest = path;
  const char *hole;
  va_list arguments;

  self->service = service;
  self->method = g_strdup (method);
  va_start (arguments, path);
  while ((hole = strstr (rest, "%s")) != NULL)
    {
      g_string_append_len (self->target, rest, hole - rest);
      append_encoded (self->target, va_arg (arguments, const char *));
      rest = hole + 2;
    }
  va_end (arguments);
  g_string_append (self->target, rest);
  return self;
}

ErosRequest *
eros_request_new_for_path (ErosService service, const char *method, const char *path)
{
  ErosRequest *self = g_object_new (EROS_TYPE_REQUEST, NULL);

  self->service = service;
  self->method = g_strdup (method);
  g_string_append (self->target, path);
  self->has_query = strchr (path, '?') != NULL;
  return self;
}

void
eros_request_add_query (ErosRequest *self, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_c (self->target, self->has_query ? '&' : '?');
  append_encoded (self->target, name);
  g_string_append_c (self->target, '=');
  append_encoded (self->target, value);
  self->has_query = TRUE;
}

void
eros_request_set_body (ErosRequest *self, GBytes *body, const char *content_type)
{
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_ref (body);
  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
}

void
eros_request_set_json (ErosRequest *self, JsonNode *body)
{
  char *text = json_to_string (body, FALSE);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  eros_request_set_body (self, bytes, "application/json");
}

void
eros_request_set_sink (ErosRequest *self, ErosHttpSink sink, void (*reset) (gpointer), gpointer user_data)
{
  self->sink = sink;
  self->reset = reset;
  self->sink_data = user_data;
}

void
eros_request_set_retry (ErosRequest *self, ErosHttpRetry retry, gpointer user_data)
{
  self->retry = retry;
  self->retry_data = user_data;
}

void
eros_request_set_once (ErosRequest *self)
{
  self->once = TRUE;
}

void
eros_request_set_lasting (ErosRequest *self)
{
  self->lasting = TRUE;
}

void
eros_request_set_anonymous (ErosRequest *self)
{
  self->anonymous = TRUE;
}

gboolean
eros_request_get_heard (ErosRequest *self)
{
  return self->heard;
}

void
eros_request_set_header (ErosRequest *self, const char *name, const char *value)
{
  if (value != NULL)
    soup_message_headers_replace (self->headers, name, value);
  else
    soup_message_headers_remove (self->headers, name);
}

void
eros_request_set_raw (ErosRequest *self)
{
  self->raw = TRUE;
}

void
eros_request_set_welcome (ErosRequest *self, guint status)
{
  self->welcome = status;
}

guint
eros_request_get_status (ErosRequest *self)
{
  return self->answered != NULL ? soup_message_get_status (self->answered) : 0;
}

const char *
eros_request_get_answer_header (ErosRequest *self, const char *name)
{
  if (self->answered == NULL)
    return NULL;
  return soup_message_headers_get_one (soup_message_get_response_headers (self->answered), name);
}
