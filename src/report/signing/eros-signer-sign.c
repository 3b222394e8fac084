/* eros-signer-sign.c: a signature by the key of a signer, wherever that is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-signer-private.h"

#include <glib/gi18n-lib.h>

static GBytes *
sign_here (EVP_PKEY *key, const void *data, gsize length)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  g_autofree guint8 *signature = NULL;
  gsize size = 0;
  gboolean fine = EVP_DigestSignInit_ex (context, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
                  EVP_DigestSign (context, NULL, &size, data, length) == 1;

  signature = fine ? g_malloc (size) : NULL;
  fine = fine && EVP_DigestSign (context, signature, &size, data, length) == 1;
  EVP_MD_CTX_free (context);
  return fine ? g_bytes_new (signature, size) : NULL;
}

GBytes *
eros_signer_sign (ErosSigner *self, const void *data, gsize length, GError **error)
{
  EVP_PKEY *key = eros_signer_get_key (self);
  ErosKeyToken *token = eros_signer_get_token (self);
  guint8 digest[32];
  GBytes *signature;

  if (token != NULL && EVP_Digest (data, length, digest, NULL, EVP_sha256 (), NULL) == 1)
    return eros_key_token_sign (token, key, digest, error);
  signature = token == NULL ? sign_here (key, data, length) : NULL;
  if (signature == NULL)
    eros_set_crypto_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED, _ ("Could not sign"));
  return signature;
}
