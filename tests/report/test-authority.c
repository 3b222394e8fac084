/* test-authority.c: authorities for certificates and for time, made with OpenSSL's program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "test-authority.h"

#include <libsoup/soup.h>

static char *
path_of (TestAuthority *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
run (TestAuthority *self, const char *first, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;
  int status = 0;
  va_list args;

  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (args);
  g_ptr_array_add (words, NULL);
  g_spawn_sync (self->folder, (char **) words->pdata, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                NULL, NULL, NULL, &errors, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_test_message ("%s", errors);
  g_assert_no_error (error);
}

TestAuthority *
test_authority_new (const char *name)
{
  TestAuthority *self = g_new0 (TestAuthority, 1);
  g_autofree char *subject = g_strconcat ("/CN=", name, NULL);

  self->folder = g_dir_make_tmp ("authority-XXXXXX", NULL);
  self->certificate = path_of (self, "authority.pem");
  self->key = path_of (self, "authority-key.pem");
  run (self, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
       "-subj", subject, "-days", "30", "-keyout", self->key, "-out", self->certificate, NULL);
  return self;
}

void
test_authority_free (TestAuthority *self)
{
  if (self->thread != NULL)
    {
      g_main_loop_quit (self->loop);
      g_thread_join (self->thread);
      g_main_loop_unref (self->loop);
    }
  run (self, "rm", "-r", self->folder, NULL);
  g_free (self->folder);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self);
}

static void
certify (TestAuthority *self,
         const char *name,
         const char *extension,
         const char *key,
         const char *certificate)
{
  g_autofree char *subject = g_strconcat ("/CN=", name, NULL);
  g_autofree char *extensions = path_of (self, "extensions");
  g_autofree char *request = path_of (self, "request.pem");

  g_assert_true (g_file_set_contents (extensions, extension, -1, NULL));
  run (self, "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
       subject, "-keyout", key, "-out", request, NULL);
  run (self, "openssl", "x509", "-req", "-in", request, "-CA", self->certificate, "-CAkey", self->key,
       "-CAcreateserial", "-days", "20", "-extfile", extensions, "-out", certificate, NULL);
}

char *
test_authority_make_pem (TestAuthority *self, const char *name, const char *extension)
{
  g_autofree char *key = path_of (self, "key.pem");
  g_autofree char *certificate = path_of (self, "certificate.pem");
  const char *const parts[] = { extension != NULL ? key : self->key,
                                extension != NULL ? certificate : self->certificate, self->certificate };
  GString *all = g_string_new (NULL);

  if (extension != NULL)
    certify (self, name, extension, key, certificate);
  for (guint i = 0; i < (extension != NULL ? 3 : 2); i++)
    {
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (parts[i], &text, NULL, NULL));
      g_string_append (all, text);
    }
  return g_string_free (all, FALSE);
}

static void
answer_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  TestAuthority *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *question = path_of (self, "question.tsq");
  g_autofree char *reply = path_of (self, "reply.tsr");
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_set_contents (question, body->data, (gssize) body->length, NULL));
  run (self, "openssl", "ts", "-reply", "-config", "ts.conf", "-queryfile", question, "-out", reply, NULL);
  g_assert_true (g_file_get_contents (reply, &bytes, &length, NULL));
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/timestamp-reply", SOUP_MEMORY_COPY, bytes, length);
}

typedef struct
{
  TestAuthority *authority;
  GMutex mutex;
  GCond cond;
  char *url;
} Start;

static gpointer
serve (gpointer data)
{
  Start *start = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (SoupServer) server = NULL;
  GMainLoop *loop = g_main_loop_new (context, FALSE);
  GSList *uris;

  g_main_context_push_thread_default (context);
  server = soup_server_new (NULL, NULL);
  soup_server_add_handler (server, NULL, answer_cb, start->authority, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  g_mutex_lock (&start->mutex);
  start->authority->loop = loop;
  start->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_cond_signal (&start->cond);
  g_mutex_unlock (&start->mutex);
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (context);
  return NULL;
}

char *
test_authority_serve_time (TestAuthority *self)
{
  static const char config[] = "[tsa]\n"
                               "default_tsa = one\n"
                               "[one]\n"
                               "serial = serial\n"
                               "crypto_device = builtin\n"
                               "signer_cert = time.pem\n"
                               "signer_key = time-key.pem\n"
                               "certs = authority.pem\n"
                               "signer_digest = sha256\n"
                               "default_policy = 1.2.3.4.1\n"
                               "digests = sha256\n"
                               "accuracy = secs:1\n"
                               "ordering = yes\n"
                               "tsa_name = yes\n"
                               "ess_cert_id_chain = no\n"
                               "ess_cert_id_alg = sha256\n";
  g_autofree char *path = path_of (self, "ts.conf");
  g_autofree char *serial = path_of (self, "serial");
  g_autofree char *key = path_of (self, "time-key.pem");
  g_autofree char *certificate = path_of (self, "time.pem");
  Start start = { self };

  certify (self, "Time Authority", "extendedKeyUsage=critical,timeStamping", key, certificate);
  g_assert_true (g_file_set_contents (path, config, -1, NULL));
  g_assert_true (g_file_set_contents (serial, "01\n", -1, NULL));
  g_mutex_init (&start.mutex);
  g_cond_init (&start.cond);
  g_mutex_lock (&start.mutex);
  self->thread = g_thread_new ("time", serve, &start);
  while (start.url == NULL)
    g_cond_wait (&start.cond, &start.mutex);
  g_mutex_unlock (&start.mutex);
  g_mutex_clear (&start.mutex);
  g_cond_clear (&start.cond);
  return start.url;
}
