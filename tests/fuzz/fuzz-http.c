/* fuzz-http.c: any bytes as an HTTP request: a line with method and path, and a body
 *
 * The server's own loop, routes and handlers answer over a socket pair. Whatever comes, the answer is one of
 * the server's, with a body of JSON, and never an internal error.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "eros-service-private.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* So many requests one server gets, so that what they leave behind stays small. */
#define REQUESTS_A_SERVER 4000
#define MAX_SIZE          (64 * 1024)

static const char SETUP[] =
  "CREATE SCHEMA d; CREATE TABLE d.t (id INT64 NOT NULL, s STRING DEFAULT 'x', n NUMERIC, a ARRAY<INT64>,"
  " st STRUCT<x INT64, y STRING>, ts TIMESTAMP); INSERT INTO d.t (id) VALUES (1), (2);"
  "CREATE FUNCTION d.f(x INT64) AS (x + 1)";

static ErosEngine *engine = NULL;
static ErosService *service = NULL;
static guint n_requests = 0;

static void
start_server (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosEngineResult) result = NULL;
  ErosEngineRequest request = { .project = "p", .user_email = "lead@example.com", .job_id = "job" };

  request.query = SETUP;
  engine = eros_engine_open (NULL, "p", "US", &error);
  g_assert_no_error (error);
  result = eros_engine_run (engine, &request, NULL);
  g_assert_cmpstr (result->error_message, ==, NULL);
  service = eros_service_new (engine, "p", 0, &error);
  g_assert_no_error (error);
  n_requests = 0;
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
}

static void
stop_server (void)
{
  g_clear_pointer (&service, eros_service_free);
  g_clear_pointer (&engine, eros_engine_close);
}

/* The request of an input: "METHOD PATH", and after a newline the body. */
static GString *
make_request (const uint8_t *data, size_t size)
{
  const uint8_t *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  size_t line = line_end != NULL ? (size_t) (line_end - data) : size;
  size_t body = line_end != NULL ? size - line - 1 : 0;
  GString *text = g_string_new_len ((const char *) data, (gssize) line);

  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '\r' || text->str[i] == '\0')
      text->str[i] = '_';
  g_string_append_printf (text, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
  if (body > 0 || text->str[0] == 'P')
    g_string_append_printf (text, "Content-Type: application/json\r\nContent-Length: %zu\r\n", body);
  g_string_append (text, "\r\n");
  if (body > 0)
    g_string_append_len (text, (const char *) line_end + 1, (gssize) body);
  return text;
}

static void
accept_stream (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 1);

  g_assert_no_error (error);
  connection = g_socket_connection_factory_create_connection (socket);
  soup_server_accept_iostream (service->server, G_IO_STREAM (connection), address, address, &error);
  g_assert_no_error (error);
}

/* Sends, and serves until the connection is closed. */
static char *
exchange (const GString *request)
{
  GString *answer = g_string_new (NULL);
  int fds[2];
  gssize n = 0;
  gsize sent = 0;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  accept_stream (fds[1]);
  do
    {
      char buffer[4096];

      if (sent < request->len)
        {
          n = send (fds[0], request->str + sent, request->len - sent, MSG_NOSIGNAL);
          sent += n > 0 ? (gsize) n : 0;
        }
      g_main_context_iteration (NULL, sent == request->len);
      while ((n = recv (fds[0], buffer, sizeof buffer, 0)) > 0)
        g_string_append_len (answer, buffer, n);
    }
  while (n < 0 && errno == EAGAIN);
  close (fds[0]);
  return g_string_free (answer, FALSE);
}

static void
check (const char *answer, gboolean is_media)
{
  const char *body = strstr (answer, "\r\n\r\n");
  guint status = 0;

  if (*answer == '\0') /* not HTTP at all */
    return;
  g_assert_true (g_str_has_prefix (answer, "HTTP/1."));
  status = (guint) g_ascii_strtoull (answer + strlen ("HTTP/1.1 "), NULL, 10);
  g_assert_true ((status >= 200 && status < 500) || status == 501);
  if (is_media || body == NULL || body[4] == '\0' ||
      strstr (answer, "Content-Type: application/json") == NULL)
    return;
  if (strstr (answer, "Transfer-Encoding: chunked") == NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = json_from_string (body + 4, &error);

      g_assert_no_error (error);
      g_assert_nonnull (node);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GString) request = NULL;
  g_autofree char *answer = NULL;

  if (size == 0 || size > MAX_SIZE)
    return 0;
  if (service == NULL)
    start_server ();
  request = make_request (data, size);
  answer = exchange (request);
  check (answer, strstr (request->str, "media") != NULL);
  eros_faults_clear (service->faults);
  if (++n_requests == REQUESTS_A_SERVER)
    stop_server ();
  return 0;
}
