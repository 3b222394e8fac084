/* eros-signer.c: a private key and its certificate, with which a report is signed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-signer-private.h"

#include <string.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "eros-config.h"
#include "eros-text.h"
#include "eros-time-stamp.h"
#include <glib/gi18n-lib.h>

#include "eros-error-domain.h"

#define VALID_DAYS (3 * 365)
/* Clocks differ: a report must not be signed before its certificate is valid. */
#define CLOCK_SKEW_SECONDS 300
/* RFC 5280, ub-common-name. */
#define MAX_NAME 64

struct _ErosSigner
{
  GObject parent_instance;
  EVP_PKEY *key;
  X509 *certificate;
  STACK_OF (X509) * chain;
  ErosKeyToken *token; /* (nullable): which has the private half of KEY */
  char *name;
  char *fingerprint;
  char *authority; /* (nullable) */
  char *remark;    /* (nullable) */
};

EROS_DEFINE_ERROR_DOMAIN (signer)
G_DEFINE_FINAL_TYPE (ErosSigner, eros_signer, G_TYPE_OBJECT)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)

static void
eros_signer_finalize (GObject *object)
{
  ErosSigner *self = EROS_SIGNER (object);

  EVP_PKEY_free (self->key);
  g_clear_pointer (&self->token, eros_key_token_free);
  X509_free (self->certificate);
  sk_X509_pop_free (self->chain, X509_free);
  g_free (self->name);
  g_free (self->fingerprint);
  g_free (self->authority);
  g_free (self->remark);
  G_OBJECT_CLASS (eros_signer_parent_class)->finalize (object);
}

static void
eros_signer_class_init (ErosSignerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_signer_finalize;
}

static void
eros_signer_init (ErosSigner *self)
{
  self->chain = sk_X509_new_null ();
}

void
eros_set_crypto_error (GError **error, GQuark domain, int code, const char *what)
{
  char reason[256] = "";
  unsigned long last = ERR_peek_last_error ();

  if (last != 0)
    ERR_error_string_n (last, reason, sizeof reason);
  ERR_clear_error ();
  g_set_error (error, domain, code, *reason != '\0' ? "%s (%s)" : "%s", what, reason);
}

/* The common name as UTF-8, or the whole subject when there is none. */
static char *
read_name (X509_NAME *subject)
{
  int at = X509_NAME_get_index_by_NID (subject, NID_commonName, -1);
  ASN1_STRING *value = at >= 0 ? X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, at)) : NULL;
  unsigned char *utf8 = NULL;
  int length = value != NULL ? ASN1_STRING_to_UTF8 (&utf8, value) : -1;
  char *name;

  if (length > 0 && g_utf8_validate_len ((const char *) utf8, (gsize) length, NULL))
    name = g_strndup ((const char *) utf8, (gsize) length);
  else
    {
      char *line = X509_NAME_oneline (subject, NULL, 0);

      name = g_strdup (line);
      OPENSSL_free (line);
    }
  OPENSSL_free (utf8);
  return name;
}

/* A certificate can hold anything, line breaks too: a name is one line in which everything shows. */
char *
eros_certificate_name (X509 *certificate)
{
  g_autofree char *name = read_name (X509_get_subject_name (certificate));

  return eros_text_show_line (name);
}

char *
eros_certificate_issuer (X509 *certificate)
{
  g_autofree char *name = read_name (X509_get_issuer_name (certificate));

  return eros_text_show_line (name);
}

char *
eros_certificate_fingerprint (X509 *certificate)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  GString *text = g_string_new (NULL);

  if (X509_digest (certificate, EVP_sha256 (), digest, &length) != 1)
    length = 0;
  for (unsigned int i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

/* Whether nobody but its own key has signed it. */
gboolean
eros_certificate_is_self_made (X509 *certificate)
{
  return X509_self_signed (certificate, 1) == 1;
}

gboolean
eros_certificate_was_valid (X509 *certificate, gint64 at)
{
  time_t when = (time_t) at;

  return X509_cmp_time (X509_get0_notBefore (certificate), &when) < 0 &&
         X509_cmp_time (X509_get0_notAfter (certificate), &when) > 0;
}

gboolean
eros_key_is_strong (EVP_PKEY *key)
{
  if (key == NULL)
    return FALSE;
  if (EVP_PKEY_is_a (key, "RSA") || EVP_PKEY_is_a (key, "RSA-PSS"))
    return EVP_PKEY_get_bits (key) >= 2048;
  return EVP_PKEY_is_a (key, "EC") && EVP_PKEY_get_bits (key) >= 256;
}

static ErosSigner *
new_signer (EVP_PKEY *key, X509 *certificate)
{
  ErosSigner *self = g_object_new (EROS_TYPE_SIGNER, NULL);

  self->key = key;
  self->certificate = certificate;
  self->name = eros_certificate_name (certificate);
  self->fingerprint = eros_certificate_fingerprint (certificate);
  self->authority = g_strdup (eros_time_stamp_get_authority ());
  return self;
}

/* As many whole characters as a common name may have. */
static char *
common_name (const char *name)
{
  g_autofree char *stripped = g_strstrip (eros_text_show_line (name));

  return g_utf8_substring (stripped, 0, MIN (g_utf8_strlen (stripped, -1), MAX_NAME));
}

static gboolean
set_name (X509 *certificate, const char *name)
{
  /* It says so itself, wherever it is shown. */
  static const unsigned char unit[] = "Self-made certificate, identity not vouched for";
  X509_NAME *subject = X509_get_subject_name (certificate);

  return X509_NAME_add_entry_by_NID (subject, NID_organizationalUnitName, MBSTRING_UTF8, unit, -1, -1, 0) ==
           1 &&
         X509_NAME_add_entry_by_NID (subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *) name, -1,
                                     -1, 0) == 1 &&
         X509_set_issuer_name (certificate, subject) == 1;
}

static gboolean
set_serial (X509 *certificate)
{
  unsigned char bytes[16];
  BIGNUM *number;
  gboolean fine;

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return FALSE;
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  fine = number != NULL && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
  BN_free (number);
  return fine;
}

static gboolean
add_extension (X509 *certificate, int nid, const char *value)
{
  X509V3_CTX context;
  X509_EXTENSION *extension;
  gboolean fine;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, certificate, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  fine = extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return fine;
}

static X509 *
make_certificate (EVP_PKEY *key, const char *name)
{
  g_autoptr (X509) certificate = X509_new ();

  if (certificate == NULL || X509_set_version (certificate, X509_VERSION_3) != 1 ||
      !set_serial (certificate) ||
      X509_gmtime_adj (X509_getm_notBefore (certificate), -CLOCK_SKEW_SECONDS) == NULL ||
      X509_time_adj_ex (X509_getm_notAfter (certificate), VALID_DAYS, 0, NULL) == NULL ||
      !set_name (certificate, name) || X509_set_pubkey (certificate, key) != 1 ||
      !add_extension (certificate, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension (certificate, NID_key_usage, "critical,digitalSignature,nonRepudiation") ||
      !add_extension (certificate, NID_subject_key_identifier, "hash") ||
      X509_sign (certificate, key, EVP_sha256 ()) == 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

/**
 * eros_signer_new_self_made:
 * @name: who signs; what a certificate cannot hold (more than 64 characters) is cut off
 * @error: return location for %EROS_SIGNER_ERROR
 *
 * Makes an ECDSA key on the curve P-256 and a certificate, valid for three years, that nobody else vouches
 * for. On the main thread use eros_signer_new_self_made_async().
 *
 * Returns: (transfer full): the signer, or %NULL
 */
ErosSigner *
eros_signer_new_self_made (const char *name, GError **error)
{
  g_autofree char *cn = NULL;
  g_autoptr (EVP_PKEY) key = NULL;
  g_autoptr (X509) certificate = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  cn = common_name (name);
  if (*cn == '\0')
    {
      g_set_error_literal (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED,
                           _ ("A signature needs the name of who signs. Please enter one."));
      return NULL;
    }
  key = EVP_EC_gen ("P-256");
  certificate = key != NULL ? make_certificate (key, cn) : NULL;
  if (certificate == NULL)
    {
      eros_set_crypto_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED,
                             _ ("Could not make a key to sign with"));
      return NULL;
    }
  return new_signer (g_steal_pointer (&key), g_steal_pointer (&certificate));
}

static void
make_in_thread (GTask *task, gpointer source, gpointer name, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  ErosSigner *self = eros_signer_new_self_made (name, &error);

  if (self == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, self, g_object_unref);
}

/**
 * eros_signer_new_self_made_async:
 * @name: who signs
 * @cancellable: (nullable): to stop waiting
 * @callback: called on the caller's main context
 * @user_data: for @callback
 *
 * eros_signer_new_self_made() in a thread of its own.
 */
void
eros_signer_new_self_made_async (const char *name,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (name != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, eros_signer_new_self_made_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, make_in_thread);
}

/**
 * eros_signer_new_self_made_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the signer, or %NULL
 */
ErosSigner *
eros_signer_new_self_made_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* An encrypted key is refused instead of asking for a password on the terminal. */
static int
no_password_cb (char *buffer, int size, int writing, void *data)
{
  return -1;
}

static void
read_chain (ErosSigner *self, BIO *bio)
{
  X509 *next;

  while ((next = PEM_read_bio_X509 (bio, NULL, no_password_cb, NULL)) != NULL)
    sk_X509_push (self->chain, next);
  ERR_clear_error ();
}

static gboolean
is_usable (ErosSigner *self, GError **error)
{
  if (X509_check_private_key (self->certificate, self->key) != 1)
    eros_set_crypto_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_NOT_PEM,
                           _ ("The private key is not the one of the certificate"));
  else if (!eros_key_is_strong (self->key))
    g_set_error_literal (
      error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_WEAK_KEY,
      _ ("The key is too weak to sign with: RSA of at least 2,048 bits or a P-256 curve is needed."));
  else if (X509_cmp_current_time (X509_get0_notAfter (self->certificate)) < 0)
    g_set_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_EXPIRED,
                 _ ("The certificate of %s has expired. Please use another one."), self->name);
  else
    return TRUE;
  return FALSE;
}

/**
 * eros_signer_new_from_pem:
 * @pem: a private key that is not encrypted, its certificate, and the certificates of who issued that
 * @error: return location for %EROS_SIGNER_ERROR
 *
 * Returns: (transfer full): the signer, or %NULL when the text is no such thing, the key is weak or the
 * certificate has expired
 */
ErosSigner *
eros_signer_new_from_pem (const char *pem, GError **error)
{
  g_autoptr (BIO) key_bio = NULL;
  g_autoptr (BIO) certificate_bio = NULL;
  g_autoptr (EVP_PKEY) key = NULL;
  g_autoptr (X509) certificate = NULL;
  g_autoptr (ErosSigner) self = NULL;

  g_return_val_if_fail (pem != NULL, NULL);

  key_bio = BIO_new_mem_buf (pem, -1);
  certificate_bio = BIO_new_mem_buf (pem, -1);
  key = PEM_read_bio_PrivateKey (key_bio, NULL, no_password_cb, NULL);
  certificate = key != NULL ? PEM_read_bio_X509 (certificate_bio, NULL, no_password_cb, NULL) : NULL;
  if (certificate == NULL)
    {
      eros_set_crypto_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_NOT_PEM,
                             _ ("This is no private key with its certificate in PEM"));
      return NULL;
    }
  self = new_signer (g_steal_pointer (&key), g_steal_pointer (&certificate));
  read_chain (self, certificate_bio);
  return is_usable (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * eros_signer_new_from_pkcs12:
 * @file: the bytes of a PKCS #12 file: a private key, its certificate, and those of who issued that
 * @password: of the file; "" when it has none
 * @error: return location for %EROS_SIGNER_ERROR
 *
 * Returns: (transfer full): the signer, or %NULL when it is no such file, the password is wrong, the key is
 * weak or the certificate has expired
 */
ErosSigner *
eros_signer_new_from_pkcs12 (GBytes *file, const char *password, GError **error)
{
  gsize length;
  const unsigned char *data = g_bytes_get_data (file, &length);
  PKCS12 *store = length <= G_MAXINT ? d2i_PKCS12 (NULL, &data, (long) length) : NULL;
  STACK_OF (X509) *chain = NULL;
  g_autoptr (ErosSigner) self = NULL;
  EVP_PKEY *key = NULL;
  X509 *certificate = NULL;

  if (store == NULL)
    {
      eros_set_crypto_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_NOT_PEM,
                             _ ("This is no PKCS #12 file"));
      return NULL;
    }
  if (PKCS12_parse (store, password, &key, &certificate, &chain) != 1 || key == NULL || certificate == NULL)
    {
      gboolean is_other = PKCS12_mac_present (store) == 1 && PKCS12_verify_mac (store, password, -1) != 1;

      EVP_PKEY_free (key);
      X509_free (certificate);
      eros_set_crypto_error (
        error, EROS_SIGNER_ERROR, is_other ? EROS_SIGNER_ERROR_PASSWORD : EROS_SIGNER_ERROR_NOT_PEM,
        _ ("The PKCS #12 file cannot be opened: the password is wrong, or it has no key with "
           "a certificate"));
    }
  else
    self = new_signer (key, certificate);
  for (int i = 0; self != NULL && i < sk_X509_num (chain); i++)
    {
      X509_up_ref (sk_X509_value (chain, i));
      sk_X509_push (self->chain, sk_X509_value (chain, i));
    }
  sk_X509_pop_free (chain, X509_free);
  PKCS12_free (store);
  return self != NULL && is_usable (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * eros_signer_new_from_token:
 * @url: of a key on a token: “pkcs11:token=…;object=…”
 * @pin: (nullable): of the token; it is kept in memory for as long as the signer is there, nowhere else
 * @error: return location for %EROS_SIGNER_ERROR
 *
 * Returns: (transfer full): the signer, or %NULL when there is no such key, the PIN is needed or another, the
 * key is weak or the certificate has expired
 */
ErosSigner *
eros_signer_new_from_token (const char *url, const char *pin, GError **error)
{
  STACK_OF (X509) *chain = NULL;
  g_autoptr (ErosKeyToken) token = eros_key_token_open (url, pin, &chain, error);
  g_autoptr (ErosSigner) self = NULL;
  X509 *certificate;

  if (token == NULL)
    return NULL;
  certificate = sk_X509_shift (chain);
  self = new_signer (X509_get_pubkey (certificate), certificate);
  self->token = g_steal_pointer (&token);
  sk_X509_pop_free (self->chain, X509_free);
  self->chain = chain;
  return is_usable (self, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * eros_signer_to_pem:
 * @self: a signer
 * @error: return location for %EROS_SIGNER_ERROR
 *
 * Writes the private key, not encrypted, and the certificates. It belongs into the keyring and nowhere else.
 *
 * Returns: (transfer full): the text, to be freed with eros_signer_free_pem(), or %NULL
 */
char *
eros_signer_to_pem (ErosSigner *self, GError **error)
{
  g_autoptr (BIO) bio = NULL;
  gboolean fine;
  char *data;
  long length;
  char *pem;

  g_return_val_if_fail (EROS_IS_SIGNER (self), NULL);

  bio = BIO_new (BIO_s_secmem ());
  fine = PEM_write_bio_PKCS8PrivateKey (bio, self->key, NULL, NULL, 0, NULL, NULL) == 1 &&
         PEM_write_bio_X509 (bio, self->certificate) == 1;
  for (int i = 0; fine && i < sk_X509_num (self->chain); i++)
    fine = PEM_write_bio_X509 (bio, sk_X509_value (self->chain, i)) == 1;
  if (!fine)
    {
      eros_set_crypto_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED,
                             _ ("Could not write the key"));
      return NULL;
    }
  length = BIO_get_mem_data (bio, &data);
  pem = g_strndup (data, (gsize) length);
  OPENSSL_cleanse (data, (size_t) length);
  return pem;
}

/**
 * eros_signer_free_pem:
 * @pem: (nullable): what eros_signer_to_pem() has returned
 *
 * Wipes the text and frees it.
 */
void
eros_signer_free_pem (char *pem)
{
  if (pem != NULL)
    OPENSSL_cleanse (pem, strlen (pem));
  g_free (pem);
}

/**
 * eros_signer_get_name:
 * @self: a signer
 *
 * Returns: the name in its certificate
 */
const char *
eros_signer_get_name (ErosSigner *self)
{
  g_return_val_if_fail (EROS_IS_SIGNER (self), NULL);

  return self->name;
}

/**
 * eros_signer_get_fingerprint:
 * @self: a signer
 *
 * Returns: SHA-256 of the certificate, lower-case hex
 */
const char *
eros_signer_get_fingerprint (ErosSigner *self)
{
  g_return_val_if_fail (EROS_IS_SIGNER (self), NULL);

  return self->fingerprint;
}

/**
 * eros_signer_get_not_after:
 * @self: a signer
 *
 * Returns: until when the certificate is valid, in seconds since 1970
 */
gint64
eros_signer_get_not_after (ErosSigner *self)
{
  struct tm tm;
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (EROS_IS_SIGNER (self), 0);

  if (ASN1_TIME_to_tm (X509_get0_notAfter (self->certificate), &tm) == 1)
    time =
      g_date_time_new_utc (tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  return time != NULL ? g_date_time_to_unix (time) : 0;
}

/**
 * eros_signer_is_self_made:
 * @self: a signer
 *
 * Returns: whether nobody else vouches for the name in its certificate
 */
gboolean
eros_signer_is_self_made (ErosSigner *self)
{
  g_return_val_if_fail (EROS_IS_SIGNER (self), TRUE);

  return eros_certificate_is_self_made (self->certificate);
}

/**
 * eros_signer_set_time_authority:
 * @self: a signer
 * @url: (nullable): of a time authority (RFC 3161) that is asked for a stamp on each signature; %NULL: none
 * is
 */
void
eros_signer_set_time_authority (ErosSigner *self, const char *url)
{
  g_return_if_fail (EROS_IS_SIGNER (self));

  g_free (self->authority);
  self->authority = g_strdup (url);
}

/**
 * eros_signer_get_remark:
 * @self: a signer
 *
 * Returns: (nullable): why the last signature has no time stamp although one was asked for
 */
const char *
eros_signer_get_remark (ErosSigner *self)
{
  g_return_val_if_fail (EROS_IS_SIGNER (self), NULL);

  return self->remark;
}

const char *
eros_signer_get_time_authority (ErosSigner *self)
{
  return self->authority;
}

void
eros_signer_set_remark (ErosSigner *self, const char *remark)
{
  g_free (self->remark);
  self->remark = g_strdup (remark);
}

EVP_PKEY *
eros_signer_get_key (ErosSigner *self)
{
  return self->key;
}

ErosKeyToken *
eros_signer_get_token (ErosSigner *self)
{
  return self->token;
}

X509 *
eros_signer_get_certificate (ErosSigner *self)
{
  return self->certificate;
}

STACK_OF (X509) * eros_signer_get_chain (ErosSigner *self)
{
  return self->chain;
}
