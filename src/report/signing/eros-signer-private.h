/* eros-signer-private.h: what a signature is made with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "eros-signer.h"
#include "eros-key-token.h"

G_BEGIN_DECLS

EVP_PKEY     *eros_signer_get_key (ErosSigner *self);   /* of one on a token the public half */
ErosKeyToken *eros_signer_get_token (ErosSigner *self); /* (nullable) */
/* Over the SHA-256 of DATA, which the key in memory or the token makes. */
GBytes *eros_signer_sign (ErosSigner *self, const void *data, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
X509   *eros_signer_get_certificate (ErosSigner *self);
STACK_OF (X509) * eros_signer_get_chain (ErosSigner *self);    /* without the certificate itself */
const char *eros_signer_get_time_authority (ErosSigner *self); /* (nullable) */
void        eros_signer_set_remark (ErosSigner *self, const char *remark);

/* Also for certificates that came with a signature. */
char    *eros_certificate_fingerprint (X509 *certificate);
char    *eros_certificate_name (X509 *certificate);
char    *eros_certificate_issuer (X509 *certificate);
gboolean eros_certificate_is_self_made (X509 *certificate);
gboolean eros_certificate_was_valid (X509 *certificate, gint64 at); /* seconds since 1970 */
gboolean eros_key_is_strong (EVP_PKEY *key);
/* An error of the library's queue, which is emptied. */
void eros_set_crypto_error (GError **error, GQuark domain, int code, const char *what);

G_END_DECLS
