/* eros-auth.c: service accounts, tokens, and the OAuth token endpoint
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-auth.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>

#include "eros-call.h"
#include "eros-json-reader.h"
#include "eros-json-writer.h"

/* Google's tolerance for clocks that differ */
#define LEEWAY (5 * 60)

struct _ErosAuth
{
  GMutex lock;
  char *project;
  char *token_uri;
  char *email;
  char *key_id;
  EVP_PKEY *key; /* NULL: no token needed */
  char *refresh_token;
  GHashTable *tokens; /* token to its end, seconds since 1970 */
};

/**
 * eros_auth_new:
 * @project: the project of the service account
 * @token_uri: where tokens are given out
 *
 * Returns: (transfer full): nobody needs a token
 */
ErosAuth *
eros_auth_new (const char *project, const char *token_uri)
{
  ErosAuth *auth = g_new0 (ErosAuth, 1);

  g_mutex_init (&auth->lock);
  auth->project = g_strdup (project);
  auth->token_uri = g_strdup (token_uri);
  auth->email = g_strdup_printf ("eros-deploy@%s.iam.gserviceaccount.com", project);
  auth->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return auth;
}

/**
 * eros_auth_free:
 * @auth: (transfer full): the authority
 */
void
eros_auth_free (ErosAuth *auth)
{
  g_mutex_clear (&auth->lock);
  g_free (auth->project);
  g_free (auth->token_uri);
  g_free (auth->email);
  g_free (auth->key_id);
  g_free (auth->refresh_token);
  g_hash_table_unref (auth->tokens);
  EVP_PKEY_free (auth->key);
  g_free (auth);
}

static char *
random_text (guint n_bytes)
{
  g_autofree guchar *bytes = g_malloc (n_bytes);
  GString *text = g_string_new (NULL);

  RAND_bytes (bytes, n_bytes);
  for (guint i = 0; i < n_bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static char *
key_to_pem (EVP_PKEY *key)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  char *data = NULL;
  char *pem = NULL;
  long length;

  if (PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL))
    {
      length = BIO_get_mem_data (bio, &data);
      pem = g_strndup (data, length);
    }
  BIO_free (bio);
  return pem;
}

static char *
key_file (ErosAuth *auth, const char *pem)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ErosJsonWriter writer;

  eros_json_writer_init (&writer, text);
  eros_json_open (&writer, NULL, '{');
  eros_json_string (&writer, "type", "service_account");
  eros_json_string (&writer, "project_id", auth->project);
  eros_json_string (&writer, "private_key_id", auth->key_id);
  eros_json_string (&writer, "private_key", pem);
  eros_json_string (&writer, "client_email", auth->email);
  eros_json_string (&writer, "client_id", "100000000000000000001");
  eros_json_string (&writer, "auth_uri", "https://accounts.google.com/o/oauth2/auth");
  eros_json_string (&writer, "token_uri", auth->token_uri);
  eros_json_string (&writer, "universe_domain", "googleapis.com");
  /* Google's has none; here it lets a client try a person's sign-in, too. */
  eros_json_string (&writer, "refresh_token", auth->refresh_token);
  eros_json_close (&writer, '}');
  g_string_append_c (text, '\n');
  return g_strdup (text->str);
}

/**
 * eros_auth_issue_key:
 * @auth: the authority
 * @path: where to write the key file; readable by its owner only
 * @error: return location for a #GError
 *
 * Makes a service account, and asks everybody for a token from now on.
 *
 * Returns: whether the file is written
 */
gboolean
eros_auth_issue_key (ErosAuth *auth, const char *path, GError **error)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  g_autofree char *pem = key != NULL ? key_to_pem (key) : NULL;
  g_autofree char *file = NULL;

  if (pem == NULL)
    {
      EVP_PKEY_free (key);
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INTERNAL,
                           "Could not make a key pair");
      return FALSE;
    }
  g_mutex_lock (&auth->lock);
  EVP_PKEY_free (auth->key);
  auth->key = key;
  g_free (auth->key_id);
  auth->key_id = random_text (20);
  g_free (auth->refresh_token);
  auth->refresh_token = random_text (24);
  file = key_file (auth, pem);
  g_mutex_unlock (&auth->lock);
  return g_file_set_contents_full (path, file, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/**
 * eros_auth_is_required:
 * @auth: the authority
 *
 * Returns: whether calls need a token
 */
gboolean
eros_auth_is_required (ErosAuth *auth)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&auth->lock);

  return auth->key != NULL;
}

/**
 * eros_auth_check:
 * @auth: the authority
 * @token: an access token
 *
 * Returns: (transfer none) (nullable): whose it is, as long as @auth lives; %NULL when it is unknown or has
 * expired
 */
const char *
eros_auth_check (ErosAuth *auth, const char *token)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&auth->lock);
  gint64 *end = g_hash_table_lookup (auth->tokens, token);

  return end != NULL && *end > g_get_real_time () / G_USEC_PER_SEC ? auth->email : NULL;
}

/**
 * eros_auth_expire:
 * @auth: the authority
 * @token: (nullable): an access token
 *
 * Makes @token worthless.
 */
void
eros_auth_expire (ErosAuth *auth, const char *token)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&auth->lock);

  if (token != NULL)
    g_hash_table_remove (auth->tokens, token);
}

/* With the lock held. */
static char *
give_token (ErosAuth *auth)
{
  g_autofree char *random = random_text (24);
  char *token = g_strconcat ("ya29.local.", random, NULL);
  gint64 *end = g_new (gint64, 1);

  *end = g_get_real_time () / G_USEC_PER_SEC + EROS_AUTH_LIFETIME;
  g_hash_table_insert (auth->tokens, g_strdup (token), end);
  return token;
}

static guchar *
decode_part (const char *part, gsize *size)
{
  g_autoptr (GString) text = g_string_new (part);

  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '-')
      text->str[i] = '+';
    else if (text->str[i] == '_')
      text->str[i] = '/';
  while (text->len % 4 != 0)
    g_string_append_c (text, '=');
  return g_base64_decode (text->str, size);
}

static JsonNode *
decode_json (const char *part)
{
  gsize size;
  g_autofree guchar *bytes = decode_part (part, &size);
  g_autoptr (JsonNode) node = eros_json_parse ((const char *) bytes, size, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static gboolean
verify (EVP_PKEY *key, const char *text, gsize length, const char *part)
{
  gsize size;
  g_autofree guchar *signature = decode_part (part, &size);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean good = EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) == 1 &&
                  EVP_DigestVerify (context, signature, size, (const guchar *) text, length) == 1;

  EVP_MD_CTX_free (context);
  return good;
}

/* Google's own libraries for Python and Java write Google's address, whatever the key file says; the key is
 * this server's alone, so that nothing signed with it is of use there. */
static gboolean
is_audience (ErosAuth *auth, const char *audience)
{
  return g_strcmp0 (audience, auth->token_uri) == 0 ||
         g_strcmp0 (audience, "https://oauth2.googleapis.com/token") == 0;
}

/* Returns what is wrong with the claims, in Google's words. */
static const char *
check_claims (ErosAuth *auth, JsonObject *head, JsonObject *claims)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 issued = eros_json_get_int (claims, "iat", 0);
  gint64 end = eros_json_get_int (claims, "exp", 0);
  const char *scope = eros_json_get_string (claims, "scope");

  if (g_strcmp0 (eros_json_get_string (head, "alg"), "RS256") != 0)
    return "Invalid JWT: the algorithm must be RS256.";
  if (g_strcmp0 (eros_json_get_string (head, "kid"), auth->key_id) != 0)
    return "Invalid grant: the key id is not known.";
  if (g_strcmp0 (eros_json_get_string (claims, "iss"), auth->email) != 0)
    return "Invalid grant: account not found";
  if (!is_audience (auth, eros_json_get_string (claims, "aud")))
    return "Invalid JWT: Failed audience check. The right audience is the token_uri of the key file.";
  if (issued == 0 || end == 0 || issued > now + LEEWAY || end < now - LEEWAY || end > issued + 3600 ||
      issued < now - 3600 - LEEWAY)
    return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check "
           "your iat and"
           " exp values in the JWT claim.";
  if (scope == NULL || *scope == '\0')
    return "Invalid OAuth scope or ID token audience provided.";
  return NULL;
}

/**
 * eros_auth_grant_jwt:
 * @auth: the authority
 * @assertion: a JSON Web Token
 * @reason: (out): OAuth's error, when there is no token
 * @description: (out): what is wrong, when there is no token
 *
 * Returns: (transfer full) (nullable): an access token
 */
char *
eros_auth_grant_jwt (ErosAuth *auth, const char *assertion, const char **reason, char **description)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&auth->lock);
  g_auto (GStrv) parts = g_strsplit (assertion, ".", -1);
  g_autoptr (JsonNode) head = NULL;
  g_autoptr (JsonNode) claims = NULL;
  const char *wrong;

  *reason = "invalid_grant";
  if (g_strv_length (parts) == 3)
    {
      head = decode_json (parts[0]);
      claims = decode_json (parts[1]);
    }
  if (head == NULL || claims == NULL)
    wrong = "Invalid JWT: it must have three base64url parts, the first two of JSON.";
  else if (auth->key == NULL)
    wrong = "Invalid grant: account not found";
  else
    wrong = check_claims (auth, json_node_get_object (head), json_node_get_object (claims));
  if (wrong == NULL && !verify (auth->key, assertion, strlen (parts[0]) + 1 + strlen (parts[1]), parts[2]))
    wrong = "Invalid JWT Signature.";
  if (wrong == NULL)
    return give_token (auth);
  if (g_str_has_prefix (wrong, "Invalid OAuth scope"))
    *reason = "invalid_scope";
  *description = g_strdup (wrong);
  return NULL;
}

/**
 * eros_auth_grant_refresh:
 * @auth: the authority
 * @refresh_token: what stands for a person who has signed in
 * @reason: (out): OAuth's error, when there is no token
 * @description: (out): what is wrong, when there is no token
 *
 * Returns: (transfer full) (nullable): an access token
 */
char *
eros_auth_grant_refresh (ErosAuth *auth, const char *refresh_token, const char **reason, char **description)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&auth->lock);

  if (auth->refresh_token != NULL && strcmp (auth->refresh_token, refresh_token) == 0)
    return give_token (auth);
  *reason = "invalid_grant";
  *description = g_strdup ("Token has been expired or revoked.");
  return NULL;
}
