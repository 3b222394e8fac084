/* eros-signer.h: a private key and its certificate, with which a report is signed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define EROS_SIGNER_ERROR (eros_signer_error_quark ())
typedef enum
{
  EROS_SIGNER_ERROR_FAILED,   /* the cryptographic library said no */
  EROS_SIGNER_ERROR_NOT_PEM,  /* the text or file holds no usable key and certificate */
  EROS_SIGNER_ERROR_WEAK_KEY, /* RSA below 2,048 bits, a curve below P-256, or another kind */
  EROS_SIGNER_ERROR_EXPIRED,
  EROS_SIGNER_ERROR_PASSWORD, /* one is needed, or it is another */
} ErosSignerError;
GQuark eros_signer_error_quark (void);

#define EROS_TYPE_SIGNER (eros_signer_get_type ())
G_DECLARE_FINAL_TYPE (ErosSigner, eros_signer, EROS, SIGNER, GObject)

/* A fresh ECDSA key (P-256) with a certificate that only vouches for itself. In a worker thread. */
ErosSigner *eros_signer_new_self_made (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void        eros_signer_new_self_made_async (const char         *name,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
ErosSigner *eros_signer_new_self_made_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Private key and certificate (then its chain) in PEM, as eros_signer_to_pem () writes it. */
ErosSigner *eros_signer_new_from_pem (const char *pem, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A private key, its certificate and its chain, as authorities hand them out. PASSWORD: "" when there is none. */
ErosSigner *eros_signer_new_from_pkcs12 (GBytes *file, const char *password, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A key that stays on its token. URL: "pkcs11:token=…;object=…". PIN: (nullable). */
ErosSigner *eros_signer_new_from_token (const char *url, const char *pin, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean    eros_signer_is_on_token (const char *where);
/* The key at WHERE: path of a file of one kind or the other, or the URL of one on a token. PASSWORD: (nullable): none
 * was given; of a token its PIN. Where it has another, fails with EROS_SIGNER_ERROR_PASSWORD. Waits for the disk. */
ErosSigner *eros_signer_open (const char *where, const char *password, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In a worker thread. */
void        eros_signer_open_async (const char         *where,
                                    const char         *password,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
ErosSigner *eros_signer_open_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Holds the private key: for the keyring, nowhere else. Free with eros_signer_free_pem (), which wipes it. */
char *eros_signer_to_pem (ErosSigner *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void  eros_signer_free_pem (char *pem);

const char *eros_signer_get_name (ErosSigner *self);
const char *eros_signer_get_fingerprint (ErosSigner *self); /* SHA-256 of the certificate, lower-case hex */
gint64      eros_signer_get_not_after (ErosSigner *self);   /* seconds since 1970 */
gboolean    eros_signer_is_self_made (ErosSigner *self);    /* nobody vouches for the identity */
/* URL: (nullable): of an authority that is asked for a time stamp on each signature; at first the one of
 * eros_time_stamp_get_authority (). Where it gives none, the signature
 * is made without, and the remark says why. */
void        eros_signer_set_time_authority (ErosSigner *self, const char *url);
const char *eros_signer_get_remark (ErosSigner *self); /* (nullable) */

G_END_DECLS
