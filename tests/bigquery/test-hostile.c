/* test-hostile.c: servers that send what no server should
 *
 * Each is a program of a few lines on a socket, and sends without end where it says so. Whatever comes: a
 * clear error, soon, and little memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>

#include "eros-big-query.h"
#include "eros-transfer.h"

#ifdef __SANITIZE_ADDRESS__
  #define MEMORY_LIMIT_KB (800 * 1024) /* the sanitizer's own shadow and quarantine */
#else
  #define MEMORY_LIMIT_KB (200 * 1024)
#endif
#define FOR_EVER G_MAXUINT

/* What is sent: a beginning, then again and again the middle, then the end. */
typedef struct
{
  const char *name;
  const char *head; /* of HTTP; NULL: 200 with a body in chunks */
  const char *begin;
  const char *middle;
  guint times;
  const char *end;
  gboolean zipped;
} Hostility;

typedef struct
{
  GSocketService *service;
  ErosBigQuery *client;
  const Hostility *hostility;
  guint n_requests;
  gboolean done;
  GError *error;
} Fixture;

/* ---- the server ---------------------------------------------------------------------------------------- */

static gboolean
send_text (GOutputStream *output, const char *text)
{
  return g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL);
}

static gboolean
send_chunk (GOutputStream *output, const void *data, gsize length)
{
  g_autofree char *size = g_strdup_printf ("%zx\r\n", length);

  return length == 0 ||
         (send_text (output, size) && g_output_stream_write_all (output, data, length, NULL, NULL, NULL) &&
          send_text (output, "\r\n"));
}

/* Many middles at once, as a busy server would send them. */
static char *
make_block (const char *middle)
{
  GString *block = g_string_new (NULL);

  while (block->len < 60000)
    g_string_append (block, middle);
  return g_string_free (block, FALSE);
}

static void
send_plain (GOutputStream *output, const Hostility *hostility, int serial)
{
  g_autofree char *number = g_strdup_printf ("%d", serial);
  g_autoptr (GString) begin = g_string_new (hostility->begin);
  g_autofree char *block = hostility->middle != NULL ? make_block (hostility->middle) : NULL;
  guint rounds =
    block != NULL ? MAX (1, (guint64) hostility->times * strlen (hostility->middle) / strlen (block)) : 0;
  gboolean in_chunks = hostility->head == NULL;

  g_string_replace (begin, "SERIAL", number, 0);
  if (in_chunks ? !send_chunk (output, begin->str, begin->len) : !send_text (output, begin->str))
    return;
  for (guint i = 0; i < rounds || (hostility->times == FOR_EVER && block != NULL); i++)
    if (in_chunks ? !send_chunk (output, block, strlen (block)) : !send_text (output, block))
      return;
  if (in_chunks)
    send_chunk (output, hostility->end, strlen (hostility->end));
  if (in_chunks)
    send_text (output, "0\r\n\r\n");
}

/* A block of a thousand times its compressed size, again and again. */
static void
send_zipped (GOutputStream *output, const Hostility *hostility)
{
  g_autoptr (GConverter) zip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autofree char *block = make_block (hostility->middle);
  g_autofree guint8 *packed = g_malloc (1 << 16);
  const char *text = hostility->begin;
  gsize read, written, at = 0;

  for (;;)
    {
      if (g_converter_convert (zip, text + at, strlen (text) - at, packed, 1 << 16, G_CONVERTER_NO_FLAGS,
                               &read, &written, NULL) == G_CONVERTER_ERROR ||
          !send_chunk (output, packed, written))
        return;
      at += read;
      if (text[at] == '\0')
        {
          text = block;
          at = 0;
        }
    }
}

static gboolean
read_request (GInputStream *input)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  gsize length = 0;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

      if (line == NULL)
        return FALSE;
      g_strchomp (line);
      if (g_ascii_strncasecmp (line, "content-length:", 15) == 0)
        length = g_ascii_strtoull (line + 15, NULL, 10);
      if (*line == '\0')
        return length == 0 || g_input_stream_skip (G_INPUT_STREAM (lines), length, NULL, NULL) > 0;
    }
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  Fixture *fixture = user_data;
  const Hostility *hostility = fixture->hostility;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  if (!read_request (g_io_stream_get_input_stream (G_IO_STREAM (connection))))
    return TRUE;
  g_atomic_int_inc (&fixture->n_requests);
  if (!send_text (output,
                  hostility->head != NULL ? hostility->head
                  : hostility->zipped
                    ? "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
                      "\r\n\r\n"))
    return TRUE;
  if (hostility->zipped)
    send_zipped (output, hostility);
  else
    send_plain (output, hostility, g_atomic_int_get (&fixture->n_requests));
  return TRUE;
}

/* ---- the client ---------------------------------------------------------------------------------------- */

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosConnection) connection = NULL;
  g_autofree char *endpoint = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port;

  fixture->hostility = data;
  fixture->service = g_threaded_socket_service_new (8);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (fixture->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->service, "run", G_CALLBACK (run_cb), fixture);
  endpoint = g_strdup_printf ("http://127.0.0.1:%u", port);
  connection =
    g_object_new (EROS_TYPE_CONNECTION, "name", "hostile", "endpoint", endpoint, "project", "eros-rehearsal",
                  "dataset", "eros_platform", "location", "US", "patience-ms", (gint64) 100, NULL);
  fixture->client = eros_big_query_new (connection);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->service);
  g_clear_error (&fixture->error);
}

static void
wait_for (Fixture *fixture)
{
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  fixture->done = FALSE;
}

/* It has failed, and says how in a sentence. */
static void
assert_refused (Fixture *fixture)
{
  struct rusage usage;

  g_assert_nonnull (fixture->error);
  g_test_message ("%s", fixture->error->message);
  g_assert_cmpuint (strlen (fixture->error->message), >, 10);
  g_assert_true (g_utf8_validate (fixture->error->message, -1, NULL));
  g_assert_cmpuint (strlen (fixture->error->message), <, 70000);
  g_clear_error (&fixture->error);
  getrusage (RUSAGE_SELF, &usage);
  g_assert_cmpint (usage.ru_maxrss, <=, MEMORY_LIMIT_KB);
}

static void
got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (ErosJob) job = eros_big_query_get_job_finish (fixture->client, result, &fixture->error);

  fixture->done = TRUE;
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (ErosJob) job = eros_big_query_run_finish (fixture->client, result, &fixture->error);

  fixture->done = TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (fixture->client, result, NULL, NULL, &fixture->error);

  fixture->done = TRUE;
}

static void
test_hostile_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("hostile-1", "SELECT 1");

  eros_http_set_deadline (eros_big_query_get_http (fixture->client), 300);
  eros_big_query_get_job_async (fixture->client, "hostile-1", "US", NULL, got_cb, fixture);
  wait_for (fixture);
  assert_refused (fixture);
  eros_big_query_run_async (fixture->client, request, NULL, ran_cb, fixture);
  wait_for (fixture);
  assert_refused (fixture);
  eros_big_query_query_async (fixture->client, request, 0, NULL, read_cb, fixture);
  wait_for (fixture);
  assert_refused (fixture);
  g_assert_cmpuint (fixture->n_requests, >=, 3);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) schedules = eros_transfer_list_finish (result, &fixture->error);

  fixture->done = TRUE;
}

static void
test_endless_list (Fixture *fixture, gconstpointer data)
{
  eros_transfer_list_async (fixture->client, NULL, listed_cb, fixture);
  wait_for (fixture);
  assert_refused (fixture);
}

#define COLUMN "{\"jobComplete\":true,\"schema\":{\"fields\":[{\"name\":\"c\",\"type\":\"STRING\"}]},"
#define ROW    "{\"f\":[{\"v\":\"a text of no great length\"}]},"
#define LINE   "HTTP/1.1 "

static const Hostility hostilities[] = {
  { "no-http-at-all", "SSH-2.0-OpenSSH_9.2p1\r\n", "", NULL, 0, "", FALSE },
  { "nothing", "", "", NULL, 0, "", FALSE },
  { "a-line-without-end", LINE, "200 ", "x", FOR_EVER, "", FALSE },
  { "headers-without-end", LINE "200 OK\r\n", "", "X-Header: yes, please\r\n", FOR_EVER, "", FALSE },
  { "no-json", NULL, "<html><body>Bad gateway</body></html>", NULL, 0, "", FALSE },
  { "half-of-a-body", LINE "200 OK\r\nContent-Length: 1000\r\n\r\n", "{\"status\":", NULL, 0, "", FALSE },
  { "a-negative-length", LINE "200 OK\r\nContent-Length: -1\r\n\r\n", "{}", NULL, 0, "", FALSE },
  { "a-length-past-all-numbers", LINE "200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "{}", NULL, 0,
    "", FALSE },
  { "a-chunk-past-all-numbers", LINE "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "ffffffffffffffffff\r\n{}", NULL, 0, "", FALSE },
  { "a-body-without-end", NULL, "{\"status\":\"", "x", FOR_EVER, "", FALSE },
  { "spaces-without-end", NULL, "{\"status\":", " ", FOR_EVER, "", FALSE },
  { "rows-without-end", NULL, COLUMN "\"rows\":[", ROW, FOR_EVER, "", FALSE },
  { "rows-before-columns-without-end", NULL, "{\"jobComplete\":true,\"rows\":[", ROW, FOR_EVER, "", FALSE },
  { "one-row-without-end", NULL, COLUMN "\"rows\":[{\"f\":[{\"v\":\"", "x", FOR_EVER, "", FALSE },
  { "columns-without-end", NULL, "{\"schema\":{\"fields\":[", "{\"name\":\"c\",\"type\":\"STRING\"},",
    FOR_EVER, "", FALSE },
  { "values-without-end", NULL, "{\"x\":[", "[],", FOR_EVER, "", FALSE },
  { "depth-without-end", NULL, "{\"x\":", "[", FOR_EVER, "", FALSE },
  { "deep", NULL, "{\"x\":", "[", 1000000, "", FALSE },
  { "deep-in-a-row", NULL, COLUMN "\"rows\":[{\"f\":[{\"v\":", "[", 1000000, "", FALSE },
  { "an-error-without-end", LINE "400 Bad Request\r\n\r\n", "{\"error\":{\"message\":\"", "x", FOR_EVER, "",
    FALSE },
  { "a-failure-without-end", LINE "503 Unavailable\r\n\r\n", "{\"error\":{\"message\":\"", "x", FOR_EVER, "",
    FALSE },
  { "a-bomb-of-text", NULL, "{\"status\":\"", "x", FOR_EVER, "", TRUE },
  { "a-bomb-of-rows", NULL, COLUMN "\"rows\":[", ROW, FOR_EVER, "", TRUE },
  { "a-bomb-of-values", NULL, "{\"x\":[", "{},", FOR_EVER, "", TRUE },
  { "not-zipped-after-all", LINE "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n", "{}", NULL,
    0, "", FALSE },
  { "elsewhere", LINE "302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "", NULL, 0,
    "", FALSE },
  { "a-list", NULL, "[1,2,3]", NULL, 0, "", FALSE },
  { "wrong-types", NULL,
    "{\"jobReference\":5,\"status\":[{\"state\":\"DONE\"}],\"configuration\":\"x\",\"statistics\":null,"
    "\"schema\":{\"fields\":{\"name\":1}},\"rows\":7,\"totalRows\":{},\"jobComplete\":\"yes\",\"pageToken\":["
    "]}",
    NULL, 0, "", FALSE },
  { "wrong-types-in-an-error", LINE "403 Forbidden\r\n\r\n",
    "{\"error\":{\"code\":\"x\",\"message\":[1],\"errors\":{\"0\":{\"reason\":7}}}}", NULL, 0, "", FALSE },
  { "an-error-that-is-a-number", LINE "403 Forbidden\r\n\r\n", "{\"error\":403}", NULL, 0, "", FALSE },
};

static const Hostility endless_list = {
  "a-list-without-end", NULL, "{\"nextPageToken\":\"again\",\"transferConfigs\":[]}", NULL, 0, "", FALSE
};

/* Each page is another, so that only their size tells. */
static const Hostility large_list = { "a-list-of-long-names",
                                      NULL,
                                      "{\"nextPageToken\":\"SERIAL\",\"transferConfigs\":[{\"name\":\"",
                                      "x",
                                      20 * 1024 * 1024,
                                      "\"}]}",
                                      FALSE };

/* A front end's page is longer than any service's sentence: it is what its status says. */
typedef struct
{
  Hostility page;
  ErosBigQueryError code;
  const char *said;
  const char *advice;
} LongPage;

#define HTML(title) "<!DOCTYPE html>\n<html><head><title>" title "</title><style>"

static const LongPage long_pages[] = {
  { { "forbidden", LINE "403 Forbidden\r\nContent-Type: text/html\r\n\r\n", HTML ("Error 403"), "a{}\n",
      50000, "", FALSE },
    EROS_BIG_QUERY_ERROR_FAILED,
    "the server answered 403 Forbidden with a web page, “Error 403”",
    "says nothing about permissions" },
  { { "a-title-after-all-that-is-read", LINE "404 Not Found\r\n\r\n", "<!-- ", "no end ", 50000, "", FALSE },
    EROS_BIG_QUERY_ERROR_FAILED,
    "the server answered 404 Not Found with a web page",
    "whoever runs the network" },
  { { "unauthorized", LINE "401 Unauthorized\r\n\r\n", HTML ("Who?"), "a{}\n", 50000, "", FALSE },
    EROS_BIG_QUERY_ERROR_SIGN_IN,
    "the server answered 401",
    "Sign in again" },
  { { "unavailable", LINE "503 Service Unavailable\r\n\r\n", HTML ("Busy"), "a{}\n", 50000, "", FALSE },
    EROS_BIG_QUERY_ERROR_UNAVAILABLE,
    "with a web page, “Busy”",
    "Try again in some minutes" },
  { { "forbidden-without-end", LINE "403 Forbidden\r\n\r\n", HTML ("Error 403"), "a{}\n", FOR_EVER, "",
      FALSE },
    EROS_BIG_QUERY_ERROR_FAILED,
    "with a web page, “Error 403”",
    "says nothing about permissions" },
};

static void
test_long_page (Fixture *fixture, gconstpointer data)
{
  const LongPage *page = data;

  eros_http_set_deadline (eros_big_query_get_http (fixture->client), 300);
  eros_big_query_get_job_async (fixture->client, "j", "US", NULL, got_cb, fixture);
  wait_for (fixture);
  g_test_message ("%s", fixture->error->message);
  g_assert_error (fixture->error, EROS_BIG_QUERY_ERROR, (int) page->code);
  g_assert_nonnull (strstr (eros_big_query_error_get_said (fixture->error), page->said));
  g_assert_nonnull (strstr (eros_big_query_error_get_advice (fixture->error), page->advice));
  assert_refused (fixture);
}

static void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer kept)
{
  *(GAsyncResult **) kept = g_object_ref (result);
}

static void
heard_cb (GObject *source, GAsyncResult *result, gpointer cancellable)
{
  g_assert_cmpint (g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL), >, 0);
  g_cancellable_cancel (cancellable);
}

/* Whoever cancels waits for the job's own answer, and then for that to its end: half the patience each. */
static void
test_silence (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSocketListener) deaf = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (deaf, NULL, NULL);
  g_autofree char *endpoint = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "name", "deaf", "endpoint", endpoint, "project", "eros-rehearsal",
                  "dataset", "eros_platform", "location", "US", "patience-ms", (gint64) 2000, NULL);
  g_autoptr (ErosBigQuery) client = eros_big_query_new (connection);
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("job-1", "SELECT 1");
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (GAsyncResult) ended = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begun;
  char byte;

  g_socket_listener_accept_async (deaf, NULL, keep_result_cb, &accepted);
  eros_big_query_run_async (client, request, cancellable, keep_result_cb, &ended);
  while (accepted == NULL)
    g_main_context_iteration (NULL, TRUE);
  stream = g_socket_listener_accept_finish (deaf, accepted, NULL, NULL);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (stream)), &byte, 1,
                             G_PRIORITY_DEFAULT, NULL, heard_cb, cancellable);
  while (!g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);
  begun = g_get_monotonic_time ();
  while (ended == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (eros_big_query_run_finish (client, ended, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "no server has answered"));
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 3 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (long_pages); i++)
    {
      g_autofree char *path = g_strconcat ("/bigquery/hostile/a-long-page/", long_pages[i].page.name, NULL);

      g_test_add (path, Fixture, &long_pages[i], set_up, test_long_page, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (hostilities); i++)
    {
      g_autofree char *path = g_strconcat ("/bigquery/hostile/", hostilities[i].name, "-is-refused", NULL);

      g_test_add (path, Fixture, &hostilities[i], set_up, test_hostile_answer, tear_down);
    }
  g_test_add ("/bigquery/hostile/a-list-without-end-is-refused", Fixture, &endless_list, set_up,
              test_endless_list, tear_down);
  g_test_add ("/bigquery/hostile/a-list-of-long-names-is-refused", Fixture, &large_list, set_up,
              test_endless_list, tear_down);
  g_test_add_func ("/bigquery/hostile/who-hears-and-never-answers-is-given-up", test_silence);
  return g_test_run ();
}
