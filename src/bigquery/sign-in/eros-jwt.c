/* eros-jwt.c: a signed assertion that this is the service account
 *
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-jwt.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "eros-secret.h"

#define LIFETIME_S 3600 /* the longest that Google accepts */

/* Takes object. */
static char *
encode_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  return eros_secret_encode ((const guchar *) text, strlen (text));
}

static char *
sign (const char *pem, const char *text)
{
  BIO *bio = BIO_new_mem_buf (pem, -1);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, (gpointer) "");
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guchar signature[1024]; /* 8,192 bits */
  size_t length = sizeof signature;
  char *encoded = NULL;

  if (key != NULL && EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key) == 1 &&
      EVP_DigestSign (context, signature, &length, (const guchar *) text, strlen (text)) == 1)
    encoded = eros_secret_encode (signature, length);
  EVP_MD_CTX_free (context);
  EVP_PKEY_free (key);
  BIO_free (bio);
  return encoded;
}

/**
 * eros_jwt_make:
 * @grant: a service account
 * @scope: what the token is to be good for, space-separated
 * @now: the time, in seconds since 1970
 * @error: return location for %EROS_SIGN_IN_ERROR
 *
 * Returns: (transfer full): a JSON Web Token, RS256, good for an hour
 */
char *
eros_jwt_make (ErosGrant *grant, const char *scope, gint64 now, GError **error)
{
  JsonObject *head = json_object_new ();
  JsonObject *claims = json_object_new ();
  g_autofree char *head_part = NULL;
  g_autofree char *claims_part = NULL;
  g_autofree char *text = NULL;
  g_autofree char *signature = NULL;

  json_object_set_string_member (head, "alg", "RS256");
  json_object_set_string_member (head, "typ", "JWT");
  json_object_set_string_member (head, "kid", grant->key_id);
  json_object_set_string_member (claims, "iss", grant->email);
  json_object_set_string_member (claims, "scope", scope);
  json_object_set_string_member (claims, "aud", grant->token_uri);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + LIFETIME_S);
  head_part = encode_object (head);
  claims_part = encode_object (claims);
  text = g_strconcat (head_part, ".", claims_part, NULL);
  signature = sign (grant->private_key, text);
  if (signature == NULL)
    {
      g_set_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_INVALID_FILE,
                   _ ("The key of %s cannot sign. Sign in with a new key file."), grant->email);
      return NULL;
    }
  return g_strconcat (text, ".", signature, NULL);
}
