/* eros-key-token.h: a key that never leaves the smart card that holds it (PKCS #11)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

typedef struct _ErosKeyToken ErosKeyToken;

/* The key that URL names (RFC 7512: "pkcs11:token=…;object=…"), of whatever module p11-kit knows. PIN: (nullable):
 * fails with EROS_SIGNER_ERROR_PASSWORD when one is needed, or it is another. *CHAIN: (out) (transfer full): its
 * certificate, then those on the token that issued it. */
ErosKeyToken *eros_key_token_open (const char *url, const char *pin, STACK_OF (X509) * *chain, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_key_token_free (ErosKeyToken *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosKeyToken, eros_key_token_free)

/* Signs a SHA-256 digest, as OpenSSL would: PKCS #1 v1.5 with RSA, a DER of both numbers with ECDSA. KEY: the public
 * one, by which the signature is checked. */
GBytes *eros_key_token_sign (ErosKeyToken *self, EVP_PKEY *key, const guint8 digest[32], GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
