/* fake-google.c: Google's sign-in and a BigQuery that asks for its tokens, on loopback
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fake-google.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

static void
answer (FakeGoogle *self, SoupServerMessage *message, guint status, const char *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_seconds (now, self->clock_offset_s);
  g_autofree char *date = soup_date_time_to_string (then, SOUP_DATE_HTTP);

  soup_message_headers_replace (headers, "Date", date);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, strlen (text));
}

static char *
new_token (FakeGoogle *self)
{
  g_free (self->last_token);
  self->last_token = self->token_text != NULL ? g_strdup (self->token_text)
                                              : g_strdup_printf ("ya29.token-%u", self->n_token_requests);
  return self->last_token;
}

static void
check_verifier (FakeGoogle *self)
{
  const char *verifier = g_hash_table_lookup (self->last_form, "code_verifier");
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *base64 = NULL;

  g_assert_nonnull (verifier);
  g_assert_cmpuint (strlen (verifier), >=, 43);
  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);
  base64 = g_base64_encode (digest, length);
  g_strdelimit (base64, "+", '-');
  g_strdelimit (base64, "/", '_');
  base64[strcspn (base64, "=")] = '\0';
  g_assert_cmpstr (base64, ==, self->challenge);
}

static void
token_cb (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  FakeGoogle *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *form = g_strndup (body->data, body->length);
  g_autofree char *text = NULL;

  self->n_token_requests++;
  g_clear_pointer (&self->last_form, g_hash_table_unref);
  self->last_form = soup_form_decode (form);
  if (self->token_status != 0)
    text = g_strdup_printf ("{\"error\":\"%s\",\"error_description\":\"as told\"}", self->token_error);
  else if (g_strcmp0 (g_hash_table_lookup (self->last_form, "grant_type"), "authorization_code") == 0)
    {
      check_verifier (self);
      text = g_strdup_printf ("{\"access_token\":\"%s\",\"expires_in\":%u,\"refresh_token\":\"%s\"%s%s%s}",
                              new_token (self), self->expires_in, self->refresh_token,
                              self->granted != NULL ? ",\"scope\":\"" : "",
                              self->granted != NULL ? self->granted : "", self->granted != NULL ? "\"" : "");
    }
  else
    text = g_strdup_printf ("{\"access_token\":\"%s\",\"expires_in\":%u,\"token_type\":\"Bearer\"}",
                            new_token (self), self->expires_in);
  answer (self, message, self->token_status != 0 ? self->token_status : 200, text);
  if (self->hold_tokens > 0)
    {
      self->hold_tokens--;
      soup_server_message_pause (message);
      g_ptr_array_add (self->held, g_object_ref (message));
    }
}

static void
revoke_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  FakeGoogle *self = user_data;

  self->n_revoked++;
  answer (self, message, 200, "{}");
}

static gboolean
is_authorized (FakeGoogle *self, SoupServerMessage *message)
{
  const char *header =
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");

  if (self->reject_next > 0)
    {
      self->reject_next--;
      return FALSE;
    }
  return header != NULL && g_str_has_prefix (header, "Bearer ") &&
         g_strcmp0 (header + strlen ("Bearer "), self->last_token) == 0;
}

static void
impersonate_cb (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer user_data)
{
  FakeGoogle *self = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then =
    g_date_time_add_seconds (now, (double) self->clock_offset_s + self->expires_in);
  g_autofree char *until = g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *text = NULL;

  if (!is_authorized (self, message))
    {
      answer (self, message, 401, "{\"error\":{\"code\":401,\"message\":\"no\"}}");
      return;
    }
  g_free (self->last_scopes);
  self->last_scopes = g_strndup (body->data, body->length);
  g_free (self->last_token);
  self->last_token = g_strdup ("impersonated-token");
  text = g_strdup_printf ("{\"accessToken\":\"%s\",\"expireTime\":\"%s\"}", self->last_token, until);
  answer (self, message, 200, text);
}

static void
api_cb (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer user_data)
{
  FakeGoogle *self = user_data;

  self->n_api_requests++;
  g_free (self->last_quota_project);
  self->last_quota_project = g_strdup (
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "X-Goog-User-Project"));
  if (is_authorized (self, message))
    answer (self, message, 200, "{\"ok\":true}");
  else
    {
      self->n_unauthorized++;
      answer (self, message, 401,
              "{\"error\":{\"code\":401,\"message\":\"Invalid "
              "Credentials\",\"errors\":[{\"reason\":\"authError\"}]}}");
    }
}

FakeGoogle *
fake_google_new (void)
{
  FakeGoogle *self = g_new0 (FakeGoogle, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->expires_in = 3600;
  self->refresh_token = "1//refresh-token";
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, "/token", token_cb, self, NULL);
  soup_server_add_handler (self->server, "/revoke", revoke_cb, self, NULL);
  soup_server_add_handler (self->server, "/v1/projects/-/serviceAccounts", impersonate_cb, self, NULL);
  soup_server_add_handler (self->server, NULL, api_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return self;
}

void
fake_google_free (FakeGoogle *self)
{
  fake_google_release (self);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_ptr_array_unref (self->held);
  g_clear_pointer (&self->last_form, g_hash_table_unref);
  g_free (self->address);
  g_free (self->last_token);
  g_free (self->last_quota_project);
  g_free (self->last_scopes);
  g_free (self->challenge);
  g_free (self);
}

void
fake_google_release (FakeGoogle *self)
{
  for (guint i = 0; i < self->held->len; i++)
    soup_server_message_unpause (g_ptr_array_index (self->held, i));
  g_ptr_array_set_size (self->held, 0);
}

char *
fake_google_make_pem (guint bits)
{
  EVP_PKEY *key = EVP_RSA_gen (bits);
  BIO *bio = BIO_new (BIO_s_mem ());
  char *data = NULL;
  char *pem;
  long length;

  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL), ==, 1);
  length = BIO_get_mem_data (bio, &data);
  pem = g_strndup (data, length);
  BIO_free (bio);
  EVP_PKEY_free (key);
  return pem;
}

char *
fake_google_key_file (FakeGoogle *self, const char *pem)
{
  g_autofree char *escaped = g_strescape (pem, NULL);

  return g_strdup_printf ("{\"type\":\"service_account\",\"project_id\":\"eros-staging\",\"private_key_id\":"
                          "\"0123456789abcdef\",\"private_key\":\"%s\",\"client_email\":"
                          "\"eros@eros-staging.iam.gserviceaccount.com\",\"token_uri\":\"%s/token\"}",
                          escaped, self->address);
}

static guchar *
decode (const char *part, gsize *length)
{
  g_autoptr (GString) text = g_string_new (part);

  g_strdelimit (text->str, "-", '+');
  g_strdelimit (text->str, "_", '/');
  while (text->len % 4 != 0)
    g_string_append_c (text, '=');
  return g_base64_decode (text->str, length);
}

void
fake_google_assert_jwt (FakeGoogle *self, const char *jwt, const char *pem, const char *scope)
{
  g_auto (GStrv) parts = g_strsplit (jwt, ".", -1);
  g_autofree char *audience = g_strconcat (self->address, "/token", NULL);
  g_autofree char *signed_text = NULL;
  gsize length;
  g_autofree guchar *signature = NULL;
  g_autofree guchar *claims_text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *claims;
  BIO *bio = BIO_new_mem_buf (pem, -1);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  signed_text = g_strconcat (parts[0], ".", parts[1], NULL);
  signature = decode (parts[2], &length);
  g_assert_cmpint (EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key), ==, 1);
  g_assert_cmpint (
    EVP_DigestVerify (context, signature, length, (const guchar *) signed_text, strlen (signed_text)), ==, 1);
  EVP_MD_CTX_free (context);
  EVP_PKEY_free (key);
  BIO_free (bio);

  claims_text = decode (parts[1], &length);
  g_assert_true (json_parser_load_from_data (parser, (const char *) claims_text, length, NULL));
  claims = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (claims, "iss"), ==,
                   "eros@eros-staging.iam.gserviceaccount.com");
  g_assert_cmpstr (json_object_get_string_member (claims, "aud"), ==, audience);
  g_assert_cmpstr (json_object_get_string_member (claims, "scope"), ==, scope);
  g_assert_cmpint (ABS (json_object_get_int_member (claims, "iat") - now), <=, 5);
  g_assert_cmpint (json_object_get_int_member (claims, "exp") - json_object_get_int_member (claims, "iat"),
                   <=, 3600);
}
