/* local-server.c: eros-bigquery-local, started for a test
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "local-server.h"

#include <libsoup/soup.h>
#include <string.h>

#define READY "listening on "

struct _LocalServer
{
  GSubprocess *process;
  GDataInputStream *output;
  char *endpoint;
  char *token; /* (nullable): of who has signed in */
};

LocalServer *
local_server_new (const char *const *arguments)
{
  LocalServer *self = g_new0 (LocalServer, 1);
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  g_ptr_array_add (command, (gpointer) g_getenv ("EROS_LOCAL_BIGQUERY"));
  g_ptr_array_add (command, (gpointer) "--port=0");
  g_ptr_array_add (command, (gpointer) "--until-eof");
  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (command, (gpointer) arguments[i]);
  g_ptr_array_add (command, NULL);
  self->process = g_subprocess_newv ((const char *const *) command->pdata,
                                     G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (self->output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (line != NULL && g_str_has_prefix (line, READY));
  self->endpoint = g_strdup (line + strlen (READY));
  return self;
}

void
local_server_free (LocalServer *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->output);
  g_object_unref (self->process);
  g_free (self->endpoint);
  g_free (self->token);
  g_free (self);
}

const char *
local_server_endpoint (LocalServer *self)
{
  return self->endpoint;
}

ErosConnection *
local_server_connect (LocalServer *self)
{
  return g_object_new (EROS_TYPE_CONNECTION, "name", "local", "endpoint", self->endpoint, "project",
                       "eros-rehearsal", "dataset", "eros_platform", "location", "US", "bucket",
                       "eros-platform-backups", "patience-ms", (gint64) 1000, NULL);
}

/* Not through the client that is tested. */
JsonNode *
local_server_call (LocalServer *self, const char *method, const char *path, const char *body)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *address = g_strconcat (self->endpoint, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, address);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  if (self->token != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", self->token);
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    g_error ("%s %s: %u %.*s", method, path, soup_message_get_status (message),
             (int) g_bytes_get_size (answer), (const char *) g_bytes_get_data (answer, NULL));
  if (g_bytes_get_size (answer) == 0)
    return NULL;
  {
    g_autofree char *text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));

    node = json_from_string (text, &error);
    g_assert_no_error (error);
  }
  return node;
}

void
local_server_sign_in (LocalServer *self, const char *key_file)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonNode) answer = NULL;
  g_autofree char *body = NULL;
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, key_file, &error);
  g_assert_no_error (error);
  body = g_strdup_printf (
    "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"%s\"}",
    json_object_get_string_member (json_node_get_object (json_parser_get_root (parser)), "refresh_token"));
  answer = local_server_call (self, "POST", "/token", body);
  self->token = g_strconcat (
    "Bearer ", json_object_get_string_member (json_node_get_object (answer), "access_token"), NULL);
}

void
local_server_fault (LocalServer *self, const char *rule)
{
  g_autoptr (JsonNode) answer = local_server_call (self, "POST", "/_local/faults", rule);
}

void
local_server_no_faults (LocalServer *self)
{
  g_autoptr (JsonNode) answer = local_server_call (self, "DELETE", "/_local/faults", NULL);
}

guint
local_server_count (LocalServer *self, const char *method, const char *path_pattern)
{
  g_autoptr (JsonNode) answer = local_server_call (self, "GET", "/_local/requests", NULL);
  JsonArray *requests = json_object_get_array_member (json_node_get_object (answer), "requests");
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      n += g_str_equal (json_object_get_string_member (request, "method"), method) &&
           g_regex_match_simple (path_pattern, json_object_get_string_member (request, "path"), 0, 0);
    }
  return n;
}
