/* test-tls.c: an encrypted connection to somebody whom nobody vouches for
 *
 * A server with a certificate that it has made itself, as whoever sits in between would have one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "eros-big-query.h"

typedef struct
{
  SoupServer *server;
  ErosBigQuery *client;
  guint n_requests;
  gboolean done;
  GError *error;
} Fixture;

static guint deadline_ms;

typedef struct
{
  const char *name;
  const char *host; /* that the certificate is for */
  long from, to;    /* seconds from now */
} Certificate;

/* PEM: key and certificate. */
static char *
make_certificate (const Certificate *what)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);
  BIO *output = BIO_new (BIO_s_mem ());
  X509_EXTENSION *host = X509V3_EXT_conf_nid (NULL, NULL, NID_subject_alt_name, what->host);
  char *text;
  long length;
  char *pem;

  X509_set_version (certificate, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), what->from);
  X509_gmtime_adj (X509_getm_notAfter (certificate), what->to);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "localhost", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  X509_add_ext (certificate, host, -1);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  PEM_write_bio_PrivateKey (output, key, NULL, NULL, 0, NULL, NULL);
  PEM_write_bio_X509 (output, certificate);
  length = BIO_get_mem_data (output, &text);
  pem = g_strndup (text, length);
  BIO_free (output);
  X509_EXTENSION_free (host);
  X509_free (certificate);
  EVP_PKEY_free (key);
  return pem;
}

static void
request_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_requests++;
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

static char *
start_server (Fixture *fixture, const Certificate *what)
{
  g_autofree char *pem = make_certificate (what);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_autoslist (GUri) uris = NULL;

  g_assert_no_error (error);
  fixture->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (fixture->server, NULL, request_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  return g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
}

static void
got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (ErosJob) job = eros_big_query_get_job_finish (fixture->client, result, &fixture->error);

  fixture->done = TRUE;
}

static void
ask (Fixture *fixture, const char *endpoint)
{
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "name", "tls", "endpoint", endpoint, "project", "eros-rehearsal",
                  "dataset", "eros_platform", "location", "US", "patience-ms", (gint64) 1000, NULL);

  fixture->client = eros_big_query_new (connection);
  eros_http_set_deadline (eros_big_query_get_http (fixture->client), deadline_ms);
  eros_big_query_get_job_async (fixture->client, "job", "US", NULL, got_cb, fixture);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
clear (Fixture *fixture)
{
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->server);
  g_clear_error (&fixture->error);
}

static void
test_bad_certificate (gconstpointer data)
{
  Fixture fixture = { 0 };
  g_autofree char *endpoint = start_server (&fixture, data);

  ask (&fixture, endpoint);
  g_test_message ("%s", fixture.error->message);
  g_assert_error (fixture.error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_nonnull (strstr (fixture.error->message, "The certificate of 127.0.0.1 is refused"));
  g_assert_cmpuint (fixture.n_requests, ==, 0);
  clear (&fixture);
}

/* The same server without encryption, and a client that wants it. */
static void
test_no_encryption (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;
  g_autofree char *endpoint = NULL;

  fixture.server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture.server, NULL, request_cb, &fixture, NULL);
  soup_server_listen_local (fixture.server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture.server);
  endpoint = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  deadline_ms = 2000;
  ask (&fixture, endpoint);
  deadline_ms = 0;
  g_assert_nonnull (fixture.error);
  g_test_message ("%s", fixture.error->message);
  g_assert_cmpuint (fixture.n_requests, ==, 0);
  clear (&fixture);
}

static void
test_plain_elsewhere (void)
{
  Fixture fixture = { 0 };

  ask (&fixture, "http://bigquery.example.com");
  g_assert_error (fixture.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (fixture.error->message, "encryption"));
  clear (&fixture);
}

/* ---- somebody whom this computer trusts, over a bad network -------------------------------------------- */

#define FAR "bigquery.test" /* no server on this machine, as far as the client knows */

typedef struct
{
  GTlsCertificate *certificate;
  guint n_cut;         /* connections that end before they are encrypted */
  guint n_unavailable; /* answers that say so */
  guint n_requests;
} Far;

static void
answer_far (Far *far, GIOStream *stream)
{
  static const char yes[] = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 83\r\n\r\n"
                            "{\"jobReference\":{\"projectId\":\"p\",\"jobId\":\"job\"},"
                            "\"status\":{\"state\":\"DONE\"}}    ";
  static const char no[] =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_io_stream_get_input_stream (stream));
  const char *text = far->n_unavailable > 0 ? no : yes;

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

      if (line == NULL)
        return;
      if (*g_strchomp (line) == '\0')
        break;
    }
  far->n_requests++;
  far->n_unavailable -= far->n_unavailable > 0;
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static gboolean
far_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  Far *far = user_data;
  g_autoptr (GIOStream) stream = NULL;

  if (far->n_cut > 0)
    {
      far->n_cut--;
      return TRUE;
    }
  stream = g_tls_server_connection_new (G_IO_STREAM (connection), far->certificate, NULL);
  if (stream != NULL)
    answer_far (far, stream);
  return TRUE;
}

/* Finds FAR on this machine, when there is a network. */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)
struct _TestResolver
{
  GResolver parent_instance;

  gint64 there_from; /* monotonic */
  guint n_asked;
};
G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
look_up_async (GResolver *resolver,
               const char *name,
               GResolverNameLookupFlags flags,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  TestResolver *self = TEST_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->n_asked++;
  if (g_get_monotonic_time () < self->there_from || flags == G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no network");
  else
    g_task_return_pointer (task, g_list_append (NULL, g_inet_address_new_from_string ("127.0.0.1")), NULL);
}

static void
look_up_any_async (GResolver *resolver,
                   const char *name,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  look_up_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback, user_data);
}

static GList *
look_up_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name_async = look_up_any_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_finish = look_up_finish;
  G_RESOLVER_CLASS (klass)->lookup_by_name_with_flags_async = look_up_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_with_flags_finish = look_up_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

static void
got_far_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (ErosJob) job = eros_big_query_get_job_finish (fixture->client, result, &fixture->error);

  fixture->done = TRUE;
}

/* FAR's certificate, which this computer trusts from then on. */
static GTlsCertificate *
make_trusted_certificate (void)
{
  static const Certificate what = { "good", "DNS:" FAR, -60, 3600 };
  g_autofree char *pem = make_certificate (&what);
  g_autofree char *path = NULL;
  g_autoptr (GTlsDatabase) trusted = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("eros-tls-XXXXXX.pem", &path, &error);
  GTlsCertificate *certificate;

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, strstr (pem, "-----BEGIN CERTIFICATE"), -1, NULL));
  trusted = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), trusted);
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  return certificate;
}

static void
trust_nobody (void)
{
  g_autoptr (GTlsDatabase) trusted = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  g_autofree char *path = NULL;

  g_object_get (trusted, "anchors", &path, NULL);
  g_unlink (path);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
}

static ErosBigQuery *
client_of_far (guint port, guint patience_ms)
{
  g_autofree char *endpoint = g_strdup_printf ("https://" FAR ":%u", port);
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "name", "far", "endpoint", endpoint, "project", "eros-rehearsal",
                  "dataset", "eros_platform", "location", "US", "patience-ms", (gint64) patience_ms, NULL);

  return eros_big_query_new (connection);
}

/* Asks for a job of a server that this computer trusts, whose name is found from then on. */
static void
ask_far (Fixture *fixture, Far *far, guint found_after_ms, guint patience_ms)
{
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (4);
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autoptr (TestResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_autoptr (GResolver) usual = g_resolver_get_default ();

  far->certificate = make_trusted_certificate ();
  g_signal_connect (service, "run", G_CALLBACK (far_cb), far);
  resolver->there_from = g_get_monotonic_time () + found_after_ms * 1000;
  g_resolver_set_default (G_RESOLVER (resolver));
  fixture->client = client_of_far (port, patience_ms);
  eros_big_query_get_job_async (fixture->client, "job", "US", NULL, got_far_cb, fixture);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  g_resolver_set_default (usual);
  trust_nobody ();
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_clear_object (&far->certificate);
}

/* Twenty times the patience is for a server that does not do its work; having no network is none of it. */
static void
test_a_fault_after_a_long_time_without_a_network (void)
{
  Fixture fixture = { 0 };
  Far far = { .n_unavailable = 2 };

  ask_far (&fixture, &far, 1500, 50);
  g_assert_no_error (fixture.error);
  g_assert_cmpuint (far.n_requests, ==, 3);
  clear (&fixture);
}

static void
test_a_connection_that_is_cut_before_it_is_encrypted (void)
{
  Fixture fixture = { 0 };
  Far far = { .n_cut = 2 };

  ask_far (&fixture, &far, 0, 1000);
  g_assert_no_error (fixture.error);
  g_assert_cmpuint (far.n_requests, ==, 1);
  clear (&fixture);
}

/* As Google answers: many requests over one connection, which may break. */
typedef struct
{
  SoupServer *server;
  guint n_requests;
  guint n_second_version; /* of HTTP */
  guint n_unavailable;
  guint n_good;
  guint n_cancelled;
  guint n_over;
  gboolean posted;
} Second;

static void
second_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  Second *second = user_data;
  g_autofree char *long_text = g_strnfill (200000, 'x');
  g_autofree char *text = g_strdup_printf (
    "{\"jobReference\":{\"projectId\":\"p\",\"jobId\":\"job\"},\"status\":{\"state\":\"DONE\"},\"x\":\"%s\"}",
    long_text);

  second->n_requests++;
  second->n_second_version += soup_server_message_get_http_version (message) == SOUP_HTTP_2_0;
  soup_server_message_set_status (message, second->n_unavailable > 0 ? 503 : 200, NULL);
  if (second->n_unavailable > 0)
    second->n_unavailable--;
  else
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
got_second_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Second *second = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJob) job = eros_big_query_get_job_finish (EROS_BIG_QUERY (source), result, &error);

  second->n_over++;
  second->n_good += job != NULL;
  second->n_cancelled += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
posted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) answer = eros_http_send_finish (EROS_HTTP (source), result, NULL);

  ((Second *) user_data)->posted = answer != NULL;
}

static void
test_many_at_once_over_the_second_version (void)
{
  Second second = { .n_unavailable = 7 };
  g_autoptr (GTlsCertificate) certificate = make_trusted_certificate ();
  g_autoptr (TestResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_autoptr (GResolver) usual = g_resolver_get_default ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ErosBigQuery) client = NULL;
  g_autoptr (ErosRequest) request = NULL;
  g_autoslist (GUri) uris = NULL;
  g_autoptr (GError) error = NULL;
  gboolean restarted = FALSE;
  gint64 end;
  guint port;

  g_resolver_set_default (G_RESOLVER (resolver));
  second.server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (second.server, NULL, second_cb, &second, NULL);
  soup_server_listen_local (second.server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (second.server);
  port = g_uri_get_port (uris->data);
  client = client_of_far (port, 1000);
  /* That it has been heard decides whether a job may be on its way. */
  request = eros_request_new (EROS_SERVICE_BIG_QUERY, "POST", "bigquery/v2/projects/%s/jobs", "p");
  eros_http_send_async (eros_big_query_get_http (client), request, NULL, posted_cb, &second);
  g_assert_false (eros_request_get_heard (request));
  while (second.n_requests == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (eros_request_get_heard (request));
  while (!second.posted)
    g_main_context_iteration (NULL, TRUE);
  for (guint round = 1; round <= 3; round++)
    {
      for (guint i = 0; i < 40; i++)
        eros_big_query_get_job_async (client, "job", "US", i % 4 == 0 ? cancellable : NULL, got_second_cb,
                                      &second);
      while (second.n_over < 40 * round)
        {
          g_main_context_iteration (NULL, TRUE);
          if (round == 2 && second.n_over > 45)
            g_cancellable_cancel (cancellable);
          if (round == 3 && second.n_over > 85 && !restarted)
            {
              restarted = TRUE;
              soup_server_disconnect (second.server);
              soup_server_listen_local (second.server, port,
                                        SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
              g_assert_no_error (error);
            }
        }
    }
  g_assert_cmpuint (second.n_good + second.n_cancelled, ==, 120);
  g_assert_true (restarted);
  g_assert_cmpuint (second.n_good, >=, 90);
  g_assert_cmpuint (second.n_second_version, ==, second.n_requests);
  g_test_message ("%u of %u over HTTP/2, %u cancelled", second.n_second_version, second.n_requests,
                  second.n_cancelled);
  /* libsoup (3.2) complains of a session that ends while a connection is still being closed. */
  end = g_get_monotonic_time () + G_USEC_PER_SEC;
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_clear_object (&client);
  g_object_unref (second.server);
  g_resolver_set_default (usual);
  trust_nobody ();
}

/* Returns how many files there are in FOLDER, in which nothing opens a door. */
static guint
count_without_doors (const char *folder)
{
  static const char *const doors[] = { "accept-certificate", "tls-database",       "tls_database",
                                       "ssl-strict",         "set_accept_",        "set_tls_",
                                       "validation-flags",   "g_tls_database_new", "NO_VERIFY" };
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          n += count_without_doors (path);
          continue;
        }
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
        if (strstr (text, doors[i]) != NULL)
          g_error ("%s touches %s", name, doors[i]);
      n++;
    }
  return n;
}

/* Nobody can be talked into trusting: the room never touches what decides it. */
static void
test_no_way_around (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "src", "bigquery", NULL);

  g_assert_cmpuint (count_without_doors (folder), >, 50);
}

static const Certificate certificates[] = {
  { "that-its-owner-has-made", "IP:127.0.0.1", 0, 3600 },
  { "that-has-expired", "IP:127.0.0.1", -7200, -3600 },
  { "that-is-not-valid-yet", "IP:127.0.0.1", 3600, 7200 },
  { "of-somebody-else", "DNS:bigquery.googleapis.com", 0, 3600 },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* libsoup's server speaks it only when told so. */
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_print ("1..0 # SKIP there is no TLS here: install glib-networking\n");
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++)
    {
      g_autofree char *path =
        g_strdup_printf ("/bigquery/tls/a-certificate-%s-is-refused", certificates[i].name);

      g_test_add_data_func (path, &certificates[i], test_bad_certificate);
    }
  g_test_add_func ("/bigquery/tls/a-server-without-encryption-is-refused", test_no_encryption);
  g_test_add_func ("/bigquery/tls/elsewhere-nothing-goes-in-plain-text", test_plain_elsewhere);
  g_test_add_func ("/bigquery/tls/a-fault-after-a-long-time-without-a-network-is-tried-again",
                   test_a_fault_after_a_long_time_without_a_network);
  g_test_add_func ("/bigquery/tls/a-connection-that-is-cut-before-it-is-encrypted-is-made-again",
                   test_a_connection_that_is_cut_before_it_is_encrypted);
  g_test_add_func ("/bigquery/tls/many-at-once-over-the-second-version",
                   test_many_at_once_over_the_second_version);
  g_test_add_func ("/bigquery/tls/nothing-turns-it-off", test_no_way_around);
  return g_test_run ();
}
