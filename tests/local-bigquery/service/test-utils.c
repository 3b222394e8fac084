/* test-utils.c: a real server process, and a client that waits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "test-utils.h"

#include <signal.h>
#include <string.h>

Server *
server_start (const char *const *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  Server *server = g_new0 (Server, 1);

  g_ptr_array_add (argv, (gpointer) g_getenv ("EROS_LOCAL_BIGQUERY"));
  g_ptr_array_add (argv, (gpointer) "--until-eof");
  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  server->process =
    g_subprocess_newv ((const char *const *) argv->pdata,
                       G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server->process));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening on http://127.0.0.1:"));
  server->url = g_strdup (line + strlen ("listening on "));
  server->session = soup_session_new ();
  return server;
}

int
server_stop (Server *server)
{
  g_subprocess_send_signal (server->process, SIGTERM);
  g_subprocess_wait (server->process, NULL, NULL);
  return g_subprocess_get_if_exited (server->process) ? g_subprocess_get_exit_status (server->process) : -1;
}

void
server_kill (Server *server)
{
  g_subprocess_send_signal (server->process, SIGKILL);
  g_subprocess_wait (server->process, NULL, NULL);
}

void
server_free (Server *server)
{
  g_object_unref (server->process);
  g_object_unref (server->session);
  g_free (server->url);
  g_free (server);
}

char *
server_call (Server *server, const char *method, const char *path, const char *body, guint *status)
{
  g_autofree char *url = g_strconcat (server->url, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  answer = soup_session_send_and_read (server->session, message, NULL, &error);
  *status = answer != NULL ? soup_message_get_status (message) : 0;
  if (answer == NULL)
    return g_strdup (error->message);
  return g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static void
assert_error_shape (JsonObject *answer, guint status)
{
  JsonObject *error = json_object_get_object_member (answer, "error");
  JsonArray *errors;

  g_assert_nonnull (error);
  g_assert_cmpint (json_object_get_int_member (error, "code"), ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "message"), !=, "");
  g_assert_nonnull (json_object_get_string_member (error, "status"));
  errors = json_object_get_array_member (error, "errors");
  g_assert_cmpuint (json_array_get_length (errors), >=, 1);
  g_assert_nonnull (json_object_get_string_member (json_array_get_object_element (errors, 0), "reason"));
}

JsonObject *
server_json (Server *server, const char *method, const char *path, const char *body, guint expected_status)
{
  guint status;
  g_autofree char *text = server_call (server, method, path, body, &status);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  if (status != expected_status)
    g_test_message ("%s %s: %s", method, path, text);
  g_assert_cmpuint (status, ==, expected_status);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  if (status >= 400)
    assert_error_shape (json_node_get_object (node), status);
  return json_object_ref (json_node_get_object (node));
}

JsonObject *
server_query (Server *server, const char *query, guint expected_status)
{
  g_autoptr (JsonObject) request = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *body = NULL;

  json_object_set_string_member (request, "query", query);
  json_object_set_boolean_member (request, "useLegacySql", FALSE);
  json_node_set_object (node, request);
  body = json_to_string (node, FALSE);
  return server_json (server, "POST", PROJECT "/queries", body, expected_status);
}

char *
server_query_value (Server *server, const char *query)
{
  g_autoptr (JsonObject) answer = server_query (server, query, 200);
  JsonArray *rows = json_object_get_array_member (answer, "rows");
  JsonObject *row = json_array_get_object_element (rows, 0);
  JsonObject *cell = json_array_get_object_element (json_object_get_array_member (row, "f"), 0);

  return g_strdup (json_object_get_string_member_with_default (cell, "v", NULL));
}

char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("eros-service-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
remove_folder (const char *folder)
{
  const char *argv[] = { "rm", "-r", folder, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_subprocess_wait (process, NULL, NULL);
}
