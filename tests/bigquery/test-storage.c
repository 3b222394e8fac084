/* test-storage.c: objects and scheduled queries, against the BigQuery in the box
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <libsoup/soup.h>
#include <string.h>

#include "eros-big-query-error.h"
#include "eros-crc32c.h"
#include "eros-storage.h"
#include "eros-transfer.h"
#include "local-server.h"

#define BUCKET "eros-platform-backups"

typedef struct
{
  LocalServer *server;
  ErosConnection *connection;
  ErosHttp *http;
  GAsyncResult *result;
  GByteArray *received;
} Fixture;

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&fixture->result);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *arguments[] = { "--sample=eros:50", NULL };

  fixture->server = local_server_new (arguments);
  fixture->connection = local_server_connect (fixture->server);
  fixture->http = eros_http_new (fixture->connection);
  fixture->received = g_byte_array_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->http);
  g_object_unref (fixture->connection);
  g_byte_array_unref (fixture->received);
  local_server_free (fixture->server);
}

static GBytes *
make_content (gsize size)
{
  guint8 *bytes = g_malloc (size);
  guint32 state = 12345;

  for (gsize i = 0; i < size; i++)
    {
      state = state * 1664525 + 1013904223;
      bytes[i] = state >> 24;
    }
  return g_bytes_new_take (bytes, size);
}

static ErosObject *
write_object (Fixture *fixture, const char *name, GBytes *content, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_storage_write_async (fixture->http, BUCKET, name, "application/octet-stream", content, NULL, keep_cb,
                            fixture);
  result = wait_for (fixture);
  return eros_storage_write_finish (result, error);
}

static ErosObject *
write_stream (Fixture *fixture, const char *name, GBytes *content, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (content);
  g_autoptr (GAsyncResult) result = NULL;

  eros_storage_write_stream_async (fixture->http, BUCKET, name, "application/octet-stream", stream, NULL,
                                   keep_cb, fixture);
  result = wait_for (fixture);
  return eros_storage_write_finish (result, error);
}

static gboolean
collect (const char *data, gsize length, gpointer user_data, GError **error)
{
  g_byte_array_append (((Fixture *) user_data)->received, (const guint8 *) data, length);
  return TRUE;
}

static gboolean
read_object (Fixture *fixture, ErosObject *object, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_byte_array_set_size (fixture->received, 0);
  eros_storage_read_async (fixture->http, object, collect, fixture, NULL, keep_cb, fixture);
  result = wait_for (fixture);
  return eros_storage_read_finish (result, error);
}

static void
assert_received (Fixture *fixture, GBytes *content)
{
  g_assert_cmpmem (fixture->received->data, fixture->received->len, g_bytes_get_data (content, NULL),
                   g_bytes_get_size (content));
}

static GPtrArray *
list (Fixture *fixture, const char *prefix)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *objects;

  eros_storage_list_async (fixture->http, BUCKET, prefix, NULL, keep_cb, fixture);
  result = wait_for (fixture);
  objects = eros_storage_list_finish (result, &error);
  g_assert_no_error (error);
  return objects;
}

static void
test_the_checksum_is_castagnolis (void)
{
  g_autofree char *text = NULL;
  guint32 crc;

  g_assert_cmphex (eros_crc32c (0, "", 0), ==, 0);
  g_assert_cmphex (eros_crc32c (0, "123456789", 9), ==, 0xe3069283);
  /* In pieces of any size, too. */
  for (gsize cut = 0; cut <= 26; cut++)
    g_assert_cmphex (eros_crc32c (eros_crc32c (0, "abcdefghijklmnopqrstuvwxyz", cut),
                                  "abcdefghijklmnopqrstuvwxyz" + cut, 26 - cut),
                     ==, 0x9ee6ef25);
  text = eros_crc32c_format (0xe3069283);
  g_assert_cmpstr (text, ==, "4waSgw==");
  g_assert_true (eros_crc32c_parse (text, &crc));
  g_assert_cmphex (crc, ==, 0xe3069283);
  g_assert_false (eros_crc32c_parse ("AAA=", &crc));
  g_assert_false (eros_crc32c_parse (NULL, &crc));
}

static void
test_an_object_is_written_read_listed_and_deleted (Fixture *fixture, gconstpointer data)
{
  static const char *names[] = { "t/metadata.json", "t/a b/ü?#%&+.bin", "t/x=1;y" };
  g_autoptr (GBytes) content = make_content (100000);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ErosObject) object = write_object (fixture, names[i], content, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (object->name, ==, names[i]);
      g_assert_true (object->has_crc32c);
      g_assert_true (read_object (fixture, object, &error));
      g_assert_no_error (error);
      assert_received (fixture, content);
    }
  {
    g_autoptr (GPtrArray) objects = list (fixture, "t/");

    g_assert_cmpuint (objects->len, ==, 3);
    g_assert_cmpuint (((ErosObject *) g_ptr_array_index (objects, 0))->size, ==, 100000);
  }
  for (guint i = 0; i < 2; i++) /* the second time it is not there any more */
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      eros_storage_delete_async (fixture->http, BUCKET, names[1], NULL, keep_cb, fixture);
      result = wait_for (fixture);
      g_assert_true (eros_storage_delete_finish (result, &error));
      g_assert_no_error (error);
    }
  {
    g_autoptr (GPtrArray) objects = list (fixture, "t/");

    g_assert_cmpuint (objects->len, ==, 2);
  }
}

static void
test_nothing_is_overwritten (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) content = make_content (1000);
  g_autoptr (GBytes) other = make_content (1001);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) first = write_object (fixture, "once", content, &error);
  g_autoptr (ErosObject) again = write_object (fixture, "once", content, &error);
  g_autoptr (ErosObject) changed = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (first->generation, ==, again->generation);
  changed = write_object (fixture, "once", other, &error);
  g_assert_null (changed);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_CHANGED);
  g_clear_error (&error);
  changed = write_stream (fixture, "once", other, &error);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_CHANGED);
}

static void
test_a_lost_answer_makes_one_object (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) content = make_content (1000);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) object = NULL;

  local_server_fault (fixture->server, "{\"path\":\"/upload/\",\"action\":\"drop-response\"}");
  object = write_object (fixture, "lost", content, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (object->size, ==, 1000);
  g_assert_cmpuint (local_server_count (fixture->server, "POST", "/upload/"), ==, 2);
}

static void
test_a_large_upload_survives_each_fault (Fixture *fixture, gconstpointer data)
{
  static const char *actions[] = { "503", "reset", "drop-response", "truncate" };
  g_autoptr (GBytes) content = make_content (20 * 1024 * 1024 + 17);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *name = g_strdup_printf ("large-%u", i);
      g_autoptr (ErosObject) object = NULL;

      /* Each of the three pieces, and the request before them. */
      for (guint j = 0; j < 4; j++)
        {
          g_autofree char *rule =
            g_strdup_printf ("{\"path\":\"/upload/\",\"action\":\"%s\",\"skip\":%u}", actions[i], j);

          local_server_fault (fixture->server, rule);
        }
      object = write_stream (fixture, name, content, &error);
      if (error != NULL)
        g_error ("%s: %s", actions[i], error->message);
      local_server_no_faults (fixture->server);
      g_assert_cmpuint (object->size, ==, g_bytes_get_size (content));
      g_assert_true (read_object (fixture, object, &error));
      assert_received (fixture, content);
    }
}

static void
test_sizes_at_the_edge_of_a_piece (Fixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 8 * 1024 * 1024 - 1, 8 * 1024 * 1024, 16 * 1024 * 1024 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GBytes) content = make_content (sizes[i]);
      g_autofree char *name = g_strdup_printf ("edge-%u", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (ErosObject) object = write_stream (fixture, name, content, &error);

      g_assert_no_error (error);
      g_assert_true (read_object (fixture, object, &error));
      g_assert_no_error (error);
      assert_received (fixture, content);
    }
}

static void
test_a_broken_download_goes_on_where_it_was (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) content = make_content (6 * 1024 * 1024);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) object = write_object (fixture, "big", content, &error);

  g_assert_no_error (error);
  local_server_fault (fixture->server,
                      "{\"method\":\"GET\",\"path\":\"/o/big\",\"action\":\"truncate\",\"times\":3}");
  g_assert_true (read_object (fixture, object, &error));
  g_assert_no_error (error);
  assert_received (fixture, content);
  g_assert_cmpuint (local_server_count (fixture->server, "GET", "/o/big"), ==, 4);
}

static void
test_damage_is_found (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) content = make_content (5000);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) object = write_object (fixture, "damaged", content, &error);

  object->crc32c ^= 1;
  g_assert_false (read_object (fixture, object, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED);
  g_clear_error (&error);
  object->crc32c ^= 1;
  object->size--;
  g_assert_false (read_object (fixture, object, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED);
}

static gboolean
refuse (const char *data, gsize length, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return FALSE;
}

static void
test_a_full_disk_ends_a_download (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) content = make_content (5000);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) object = write_object (fixture, "full", content, &error);
  g_autoptr (GAsyncResult) result = NULL;

  eros_storage_read_async (fixture->http, object, refuse, NULL, NULL, keep_cb, fixture);
  result = wait_for (fixture);
  g_assert_false (eros_storage_read_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (local_server_count (fixture->server, "GET", "/o/full"), ==, 1);
}

/* ---- a service with moods ------------------------------------------------------------------------------ */

/* Answers a resumable upload by a script, one letter for each piece: '.' has taken nothing and says so
 * without a Range, 'a' has taken all and is not done, 'g' has given the upload up, 'd' is done; the last one
 * again and again. */
typedef struct
{
  SoupServer *server;
  const char *script;
  guint n_puts;
  guint64 size;
  char *last_range;
} Moods;

static void
moods_cb (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  Moods *moods = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *range = g_strdup_printf ("bytes=0-%" G_GUINT64_FORMAT, moods->size - 1);
  g_autofree char *done =
    g_strdup_printf ("{\"name\":\"x\",\"size\":\"%" G_GUINT64_FORMAT "\"}", moods->size);
  g_autofree char *address = NULL;
  char mood;

  if (g_str_equal (soup_server_message_get_method (message), "POST"))
    {
      address = g_strdup_printf ("http://127.0.0.1%s?upload_id=1", path);
      soup_message_headers_replace (headers, "Location", address);
      soup_server_message_set_status (message, 200, NULL);
      return;
    }
  mood = moods->script[MIN (moods->n_puts, strlen (moods->script) - 1)];
  moods->n_puts++;
  g_free (moods->last_range);
  moods->last_range = g_strdup (
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Content-Range"));
  if (mood == 'a')
    soup_message_headers_replace (headers, "Range", range);
  soup_server_message_set_status (message, mood == 'g' ? 410 : mood == 'd' ? 200 : 308, NULL);
  if (mood == 'd')
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, done, strlen (done));
}

static ErosObject *
upload_to_moods (Moods *moods, const char *script, GError **error)
{
  Fixture fixture = { 0 };
  g_autoptr (GBytes) content = make_content (moods->size);
  g_autofree char *endpoint = NULL;
  g_autoslist (GUri) uris = NULL;
  ErosObject *object;

  moods->script = script;
  moods->n_puts = 0;
  moods->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (moods->server, NULL, moods_cb, moods, NULL);
  g_assert_true (soup_server_listen_local (moods->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (moods->server);
  endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  fixture.connection = g_object_new (EROS_TYPE_CONNECTION, "endpoint", endpoint, "project", "eros-rehearsal",
                                     "dataset", "d", "location", "US", NULL);
  fixture.http = eros_http_new (fixture.connection);
  object = write_stream (&fixture, "x", content, error);
  g_object_unref (fixture.http);
  g_object_unref (fixture.connection);
  g_clear_object (&moods->server);
  return object;
}

static void
test_a_service_that_takes_nothing_is_not_sent_it_for_ever (void)
{
  Moods moods = { .size = 1000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) object = upload_to_moods (&moods, "..d", &error);
  g_autoptr (ErosObject) none = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (moods.n_puts, ==, 3);
  none = upload_to_moods (&moods, ".", &error);
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  g_assert_cmpuint (moods.n_puts, <=, 8);
  g_free (moods.last_range);
}

static void
test_a_service_that_has_all_is_asked_to_finish (void)
{
  Moods moods = { .size = 1000 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) object = upload_to_moods (&moods, "ad", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (moods.last_range, ==, "bytes */1000");
  g_free (moods.last_range);
}

static void
test_an_upload_that_was_given_up_says_so (void)
{
  Moods moods = { .size = 8 * 1024 * 1024 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosObject) object = upload_to_moods (&moods, "g", &error);

  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "Start it again"));
  g_free (moods.last_range);
}

/* Sends all of an object, and cuts the connection instead of saying that this was all. */
static gboolean
cut_at_end_cb (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer user_data)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) lines =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  gboolean only_rest = FALSE;
  g_autofree char *answer = NULL;

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

      if (line == NULL)
        return TRUE;
      only_rest = only_rest || g_ascii_strncasecmp (line, "range:", 6) == 0;
      if (*g_strchomp (line) == '\0')
        break;
    }
  answer = only_rest ? g_strdup ("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n")
                     : g_strdup_printf ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0",
                                        strlen (user_data), (const char *) user_data);
  g_output_stream_write_all (output, answer, strlen (answer), NULL, NULL, NULL);
  return TRUE;
}

static void
test_a_connection_cut_after_the_last_byte_does_no_harm (void)
{
  static const char text[] = "all that there is";
  Fixture fixture = { .received = g_byte_array_new () };
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (2);
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *endpoint = g_strdup_printf ("http://127.0.0.1:%u", port);
  ErosObject object = { .bucket = (char *) "bucket",
                        .name = (char *) "x",
                        .size = strlen (text),
                        .has_crc32c = TRUE,
                        .crc32c = eros_crc32c (0, text, strlen (text)) };
  g_autoptr (GError) error = NULL;

  g_signal_connect (service, "run", G_CALLBACK (cut_at_end_cb), (gpointer) text);
  fixture.connection = g_object_new (EROS_TYPE_CONNECTION, "endpoint", endpoint, "project", "eros-rehearsal",
                                     "dataset", "d", "location", "US", "patience-ms", (gint64) 100, NULL);
  fixture.http = eros_http_new (fixture.connection);
  g_assert_true (read_object (&fixture, &object, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (fixture.received->data, fixture.received->len, text, strlen (text));
  g_object_unref (fixture.http);
  g_object_unref (fixture.connection);
  g_byte_array_unref (fixture.received);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

/* ---- scheduled queries --------------------------------------------------------------------------------- */

static GPtrArray *
list_schedules (Fixture *fixture)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (fixture->connection);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *schedules;

  eros_transfer_list_async (client, NULL, keep_cb, fixture);
  result = wait_for (fixture);
  schedules = eros_transfer_list_finish (result, &error);
  g_assert_no_error (error);
  return schedules;
}

static void
test_a_scheduled_query_is_paused_and_resumed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) before = list_schedules (fixture);
  ErosSchedule *schedule;

  g_assert_cmpuint (before->len, >, 0);
  schedule = g_ptr_array_index (before, 0);
  g_assert_nonnull (schedule->query);
  for (guint i = 0; i < 4; i++) /* each twice */
    {
      gboolean paused = i < 2;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) after = NULL;
      g_autoptr (GError) error = NULL;

      eros_transfer_pause_async (fixture->http, schedule->name, paused, NULL, keep_cb, fixture);
      result = wait_for (fixture);
      g_assert_true (eros_transfer_pause_finish (result, &error));
      g_assert_no_error (error);
      after = list_schedules (fixture);
      g_assert_cmpint (((ErosSchedule *) g_ptr_array_index (after, 0))->paused, ==, paused);
    }
}

static void
test_a_strange_name_is_not_sent (Fixture *fixture, gconstpointer data)
{
  static const char *names[] = { "", "../b/x", "projects/p/transferConfigs/x?y",
                                 "projects/p/transferConfigs/x\n" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      eros_transfer_pause_async (fixture->http, names[i], TRUE, NULL, keep_cb, fixture);
      result = wait_for (fixture);
      g_assert_false (eros_transfer_pause_finish (result, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpuint (local_server_count (fixture->server, "PATCH", ""), ==, 0);
}

#define ADD(name, function) g_test_add ("/bigquery/storage/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bigquery/storage/the-checksum-is-castagnolis", test_the_checksum_is_castagnolis);
  ADD ("an-object-is-written-read-listed-and-deleted", test_an_object_is_written_read_listed_and_deleted);
  ADD ("nothing-is-overwritten", test_nothing_is_overwritten);
  ADD ("a-lost-answer-makes-one-object", test_a_lost_answer_makes_one_object);
  ADD ("a-large-upload-survives-each-fault", test_a_large_upload_survives_each_fault);
  ADD ("sizes-at-the-edge-of-a-piece", test_sizes_at_the_edge_of_a_piece);
  ADD ("a-broken-download-goes-on-where-it-was", test_a_broken_download_goes_on_where_it_was);
  ADD ("damage-is-found", test_damage_is_found);
  ADD ("a-full-disk-ends-a-download", test_a_full_disk_ends_a_download);
  g_test_add_func ("/bigquery/storage/a-service-that-takes-nothing-is-not-sent-it-for-ever",
                   test_a_service_that_takes_nothing_is_not_sent_it_for_ever);
  g_test_add_func ("/bigquery/storage/a-service-that-has-all-is-asked-to-finish",
                   test_a_service_that_has_all_is_asked_to_finish);
  g_test_add_func ("/bigquery/storage/a-connection-cut-after-the-last-byte-does-no-harm",
                   test_a_connection_cut_after_the_last_byte_does_no_harm);
  g_test_add_func ("/bigquery/storage/an-upload-that-was-given-up-says-so",
                   test_an_upload_that_was_given_up_says_so);
  ADD ("a-scheduled-query-is-paused-and-resumed", test_a_scheduled_query_is_paused_and_resumed);
  ADD ("a-strange-name-is-not-sent", test_a_strange_name_is_not_sent);
  return g_test_run ();
}
