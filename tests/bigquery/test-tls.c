/* test-tls.c: an encrypted connection to somebody whom nobody vouches for
 *
 * A server with a certificate that it has made itself, as whoever sits in between would have one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
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

/* Nobody can be talked into trusting: the room never touches what decides it. */
static void
test_no_way_around (void)
{
  static const char *const doors[] = { "accept-certificate", "tls-database",       "tls_database",
                                       "ssl-strict",         "set_accept_",        "set_tls_",
                                       "validation-flags",   "g_tls_database_new", "NO_VERIFY" };
  g_autofree char *folder = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "src", "bigquery", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
        if (strstr (text, doors[i]) != NULL)
          g_error ("%s touches %s", name, doors[i]);
      n++;
    }
  g_assert_cmpuint (n, >, 20);
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
  g_test_add_func ("/bigquery/tls/nothing-turns-it-off", test_no_way_around);
  return g_test_run ();
}
