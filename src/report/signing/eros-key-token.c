/* eros-key-token.c: a key that never leaves the smart card that holds it (PKCS #11)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
/* The iterator, which has been as it is since 0.24. */
#define P11_KIT_FUTURE_UNSTABLE_API

#include "eros-config.h"

#include "eros-key-token.h"

#include <string.h>
#include <glib/gi18n-lib.h>
#include <openssl/ecdsa.h>
#include <openssl/x509v3.h>
#include <p11-kit/iter.h>
#include <p11-kit/p11-kit.h>

#include "eros-signer.h"

#define MOST_CHAIN 8 /* certificates: more than that are a circle */

struct _ErosKeyToken
{
  CK_FUNCTION_LIST **modules;
  CK_FUNCTION_LIST *module; /* the one of the token */
  CK_SESSION_HANDLE session;
  CK_OBJECT_HANDLE key;
  gboolean always_asks; /* the PIN is wanted for each signature */
  char *pin;            /* (nullable) */
  char *label;          /* of the token */
};

typedef struct
{
  X509 *certificate;
  GBytes *id;
  char *label;
} Candidate;

static void
candidate_free (gpointer data)
{
  Candidate *candidate = data;

  X509_free (candidate->certificate);
  g_bytes_unref (candidate->id);
  g_free (candidate->label);
  g_free (candidate);
}

void
eros_key_token_free (ErosKeyToken *self)
{
  if (self->session != CK_INVALID_HANDLE)
    self->module->C_CloseSession (self->session);
  if (self->modules != NULL)
    p11_kit_modules_finalize_and_release (self->modules);
  eros_signer_free_pem (self->pin); /* it is wiped */
  g_free (self->label);
  g_free (self);
}

static gboolean
fail (GError **error, int code, const char *text)
{
  g_set_error_literal (error, EROS_SIGNER_ERROR, code, text);
  return FALSE;
}

static gboolean
fail_with (GError **error, const char *what, CK_RV result)
{
  /* Translators: what could not be done, why */
  g_set_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED, _ ("%s: %s"), what,
               p11_kit_strerror (result));
  return FALSE;
}

/* ---- certificates ---- */

static char *
text_of (const unsigned char *padded, gsize length)
{
  while (length > 0 && padded[length - 1] == ' ')
    length--;
  return g_utf8_make_valid ((const char *) padded, (gssize) length);
}

/* (transfer full) (nullable): at which ITER stands */
static Candidate *
read_certificate (P11KitIter *iter)
{
  CK_ATTRIBUTE attributes[] = { { CKA_VALUE, NULL, 0 }, { CKA_ID, NULL, 0 }, { CKA_LABEL, NULL, 0 } };
  const unsigned char *der;
  Candidate *candidate = NULL;
  X509 *certificate;

  if (p11_kit_iter_load_attributes (iter, attributes, G_N_ELEMENTS (attributes)) != CKR_OK)
    return NULL;
  der = attributes[0].pValue;
  certificate = der != NULL ? d2i_X509 (NULL, &der, (long) attributes[0].ulValueLen) : NULL;
  if (certificate != NULL)
    {
      candidate = g_new0 (Candidate, 1);
      candidate->certificate = certificate;
      candidate->id = g_bytes_new (attributes[1].pValue, attributes[1].ulValueLen);
      candidate->label = text_of (attributes[2].pValue, attributes[2].ulValueLen);
    }
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    free (attributes[i].pValue); /* p11-kit’s */
  return candidate;
}

static P11KitIter *
begin (ErosKeyToken *self, P11KitUri *uri)
{
  CK_OBJECT_CLASS class = CKO_CERTIFICATE;
  CK_ATTRIBUTE filter = { CKA_CLASS, &class, sizeof class };
  P11KitIter *iter = p11_kit_iter_new (uri, 0);

  p11_kit_iter_add_filter (iter, &filter, 1);
  p11_kit_iter_begin (iter, self->modules);
  return iter;
}

static gboolean
is_for_signatures (X509 *certificate)
{
  return X509_check_ca (certificate) == 0 &&
         (X509_get_key_usage (certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

/* A session with the token at which ITER stands. */
static void
keep_session (ErosKeyToken *self, P11KitIter *iter)
{
  CK_TOKEN_INFO *info = p11_kit_iter_get_token (iter);

  if (self->session != CK_INVALID_HANDLE)
    return;
  self->module = p11_kit_iter_get_module (iter);
  self->session = p11_kit_iter_keep_session (iter);
  self->label = text_of (info->label, sizeof info->label);
}

/* The certificates that could be meant; the session is with the token of the first. */
static GPtrArray *
find_candidates (ErosKeyToken *self, P11KitUri *uri)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (candidate_free);
  P11KitIter *iter = begin (self, uri);

  while (p11_kit_iter_next (iter) == CKR_OK)
    {
      /* Lists of authorities are tokens too, which nobody logs in to. */
      Candidate *candidate =
        (p11_kit_iter_get_token (iter)->flags & CKF_LOGIN_REQUIRED) != 0 ? read_certificate (iter) : NULL;

      if (candidate == NULL)
        continue;
      if (is_for_signatures (candidate->certificate))
        {
          keep_session (self, iter);
          g_ptr_array_add (found, candidate);
        }
      else
        candidate_free (candidate);
    }
  p11_kit_iter_free (iter);
  return found;
}

/* Those of who issued it, as far as they are on a token too. */
static void
add_chain (ErosKeyToken *self, P11KitUri *uri, STACK_OF (X509) * chain)
{
  gboolean found = TRUE;

  p11_kit_uri_clear_attributes (uri);
  while (found && sk_X509_num (chain) < MOST_CHAIN)
    {
      X509 *last = sk_X509_value (chain, sk_X509_num (chain) - 1);
      P11KitIter *iter = X509_self_signed (last, 0) == 1 ? NULL : begin (self, uri);

      found = FALSE;
      while (!found && iter != NULL && p11_kit_iter_next (iter) == CKR_OK)
        {
          Candidate *issuer = read_certificate (iter);

          found = issuer != NULL && X509_check_issued (issuer->certificate, last) == X509_V_OK;
          if (found)
            sk_X509_push (chain, g_steal_pointer (&issuer->certificate));
          g_clear_pointer (&issuer, candidate_free);
        }
      g_clear_pointer (&iter, p11_kit_iter_free);
    }
}

/* ---- the key ---- */

static gboolean
log_in (ErosKeyToken *self, CK_USER_TYPE user, GError **error)
{
  CK_SESSION_INFO session = { 0 };
  CK_TOKEN_INFO info = { 0 };
  CK_RV result;

  self->module->C_GetSessionInfo (self->session, &session);
  self->module->C_GetTokenInfo (session.slotID, &info);
  if ((info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
    result = self->module->C_Login (self->session, user, NULL, 0); /* it is typed at the reader */
  else if (self->pin == NULL)
    {
      g_set_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_PASSWORD, _ ("The PIN of “%s” is needed"),
                   self->label);
      return FALSE;
    }
  else
    result = self->module->C_Login (self->session, user, (CK_UTF8CHAR_PTR) self->pin, strlen (self->pin));
  if (result == CKR_OK || result == CKR_USER_ALREADY_LOGGED_IN)
    return TRUE;
  if (result != CKR_PIN_INCORRECT && result != CKR_PIN_INVALID && result != CKR_PIN_LEN_RANGE)
    return fail_with (error, _ ("The token does not let anybody in"), result);
  self->module->C_GetTokenInfo (session.slotID, &info);
  g_set_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_PASSWORD,
               (info.flags & CKF_USER_PIN_FINAL_TRY) != 0
                 ? _ ("This is not the PIN of “%s”. After another mistake it is locked")
                 : _ ("This is not the PIN of “%s”. Try again with the right one"),
               self->label);
  return FALSE;
}

/* The private key that belongs to a certificate has the same id. */
static gboolean
find_key (ErosKeyToken *self, GBytes *id, GError **error)
{
  CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
  CK_BBOOL asks = CK_FALSE;
  CK_ATTRIBUTE template[] = { { CKA_CLASS, &class, sizeof class },
                              { CKA_ID, (gpointer) g_bytes_get_data (id, NULL), g_bytes_get_size (id) } };
  CK_ATTRIBUTE always = { CKA_ALWAYS_AUTHENTICATE, &asks, sizeof asks };
  CK_ULONG n = 0;

  if (self->module->C_FindObjectsInit (self->session, template, G_N_ELEMENTS (template)) == CKR_OK)
    {
      self->module->C_FindObjects (self->session, &self->key, 1, &n);
      self->module->C_FindObjectsFinal (self->session);
    }
  if (n == 0)
    return fail (error, EROS_SIGNER_ERROR_FAILED,
                 _ ("The token has the certificate, but not the private key that belongs to it"));
  self->always_asks =
    self->module->C_GetAttributeValue (self->session, self->key, &always, 1) == CKR_OK && asks == CK_TRUE;
  return TRUE;
}

static gboolean
choose (GPtrArray *found, GError **error)
{
  g_autoptr (GString) labels = g_string_new (NULL);

  if (found->len == 1)
    return TRUE;
  if (found->len == 0)
    return fail (error, EROS_SIGNER_ERROR_FAILED,
                 _ ("No token that is plugged in has such a certificate for signatures. Plug it in; "
                    "“p11-kit list-modules” says whether its driver is there"));
  for (guint i = 0; i < found->len; i++)
    g_string_append_printf (labels, "%s“%s”", i > 0 ? ", " : "", ((Candidate *) found->pdata[i])->label);
  /* Translators: a list of names */
  g_set_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED,
               _ ("Several certificates could be meant: %s. Name one: “pkcs11:token=TOKEN;object=NAME”"),
               labels->str);
  return FALSE;
}

ErosKeyToken *
eros_key_token_open (const char *url, const char *pin, STACK_OF (X509) * *chain, GError **error)
{
  g_autoptr (ErosKeyToken) self = g_new0 (ErosKeyToken, 1);
  P11KitUri *uri = p11_kit_uri_new ();
  g_autoptr (GPtrArray) found = NULL;
  STACK_OF (X509) *certificates = sk_X509_new_null ();
  gboolean fine = FALSE;

  self->pin = g_strdup (pin);
  if (p11_kit_uri_parse (url, P11_KIT_URI_FOR_ANY, uri) != P11_KIT_URI_OK)
    fail (error, EROS_SIGNER_ERROR_FAILED, _ ("This is no address of a key on a token (RFC 7512)"));
  else if (p11_kit_uri_get_pin_value (uri) != NULL)
    fail (error, EROS_SIGNER_ERROR_FAILED,
          _ ("Others can read the PIN in an address: leave it out there, it is asked for"));
  else if (p11_kit_uri_get_pin_source (uri) != NULL || p11_kit_uri_get_module_path (uri) != NULL ||
           p11_kit_uri_get_module_name (uri) != NULL || p11_kit_uri_any_unrecognized (uri))
    fail (
      error, EROS_SIGNER_ERROR_FAILED,
      _ ("Only what names the token and the key is read in an address: leave out pin-source, module-path, "
         "module-name and what else is there"));
  else if ((self->modules = p11_kit_modules_load_and_initialize (0)) == NULL)
    fail (error, EROS_SIGNER_ERROR_FAILED, _ ("The tokens’ drivers could not be loaded"));
  else
    {
      p11_kit_uri_clear_attribute (uri, CKA_CLASS); /* the key’s address names the certificate too */
      found = find_candidates (self, uri);
      fine = choose (found, error) && log_in (self, CKU_USER, error) &&
             find_key (self, ((Candidate *) found->pdata[0])->id, error);
    }
  if (fine)
    {
      sk_X509_push (certificates, g_steal_pointer (&((Candidate *) found->pdata[0])->certificate));
      add_chain (self, uri, certificates);
      *chain = g_steal_pointer (&certificates);
    }
  sk_X509_pop_free (certificates, X509_free);
  p11_kit_uri_free (uri);
  return fine ? g_steal_pointer (&self) : NULL;
}

/* ---- signing ---- */

/* Both numbers one after the other, as a token gives them, in DER. */
static GBytes *
encode_ecdsa (const guint8 *raw, gsize length)
{
  ECDSA_SIG *pair = ECDSA_SIG_new ();
  BIGNUM *r = BN_bin2bn (raw, (int) length / 2, NULL);
  BIGNUM *s = BN_bin2bn (raw + length / 2, (int) length / 2, NULL);
  unsigned char *der = NULL;
  GBytes *bytes = NULL;
  int n;

  ECDSA_SIG_set0 (pair, r, s);
  n = i2d_ECDSA_SIG (pair, &der);
  if (n > 0)
    bytes = g_bytes_new (der, (gsize) n);
  OPENSSL_free (der);
  ECDSA_SIG_free (pair);
  return bytes;
}

/* Whether the key on the token is that of the certificate. */
static gboolean
holds (EVP_PKEY *key, const guint8 *digest, GBytes *signature)
{
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new (key, NULL);
  gboolean fine =
    EVP_PKEY_verify_init (context) == 1 && EVP_PKEY_CTX_set_signature_md (context, EVP_sha256 ()) == 1 &&
    EVP_PKEY_verify (context, g_bytes_get_data (signature, NULL), g_bytes_get_size (signature), digest, 32) ==
      1;

  EVP_PKEY_CTX_free (context);
  return fine;
}

static GBytes *
sign_raw (ErosKeyToken *self, CK_MECHANISM_TYPE type, GByteArray *data, GError **error)
{
  CK_MECHANISM mechanism = { type, NULL, 0 };
  guint8 signature[2048];
  CK_ULONG length = sizeof signature;
  CK_RV result = self->module->C_SignInit (self->session, &mechanism, self->key);

  if (result == CKR_OK && self->always_asks && !log_in (self, CKU_CONTEXT_SPECIFIC, error))
    return NULL;
  if (result == CKR_OK)
    result = self->module->C_Sign (self->session, data->data, data->len, signature, &length);
  if (result != CKR_OK)
    {
      fail_with (error, _ ("The token does not sign"), result);
      return NULL;
    }
  return type == CKM_ECDSA ? encode_ecdsa (signature, length) : g_bytes_new (signature, length);
}

GBytes *
eros_key_token_sign (ErosKeyToken *self, EVP_PKEY *key, const guint8 digest[32], GError **error)
{
  /* RFC 8017, 9.2: what says that it is SHA-256. */
  static const guint8 prefix[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                   0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };
  gboolean is_rsa = EVP_PKEY_is_a (key, "RSA");
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GBytes) signature = NULL;

  if (is_rsa)
    g_byte_array_append (data, prefix, sizeof prefix);
  g_byte_array_append (data, digest, 32);
  signature = sign_raw (self, is_rsa ? CKM_RSA_PKCS : CKM_ECDSA, data, error);
  if (signature == NULL)
    return NULL;
  if (holds (key, digest, signature))
    return g_steal_pointer (&signature);
  fail (error, EROS_SIGNER_ERROR_FAILED, _ ("The key on the token is not the one of its certificate"));
  return NULL;
}
