/* eros-cms.c: the signature itself: CMS as PAdES baseline B wants it
 *
 * RFC 5652 (CMS), RFC 5035 (signing-certificate-v2), ETSI EN 319 142-1, 6.3 (PAdES baseline B: no
 * signing-time attribute, the time stands in the PDF's signature dictionary).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-cms.h"

#include <string.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-report-error.h"
#include "eros-time-stamp.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CMS_ContentInfo, CMS_ContentInfo_free)

static BIO *
bio_of (GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);

  return length <= G_MAXINT ? BIO_new_mem_buf (data, (int) length) : NULL;
}

static int
compare_encodings (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

static GBytes *
encode_attribute (X509_ATTRIBUTE *attribute)
{
  unsigned char *der = NULL;
  int length = i2d_X509_ATTRIBUTE (attribute, &der);
  GBytes *bytes = length > 0 ? g_bytes_new (der, (gsize) length) : NULL;

  OPENSSL_free (der);
  return bytes;
}

/* The signed attributes as the signature covers them: a SET OF in DER, its elements in the order of their
 * bytes. */
static GByteArray *
encode_signed_attributes (CMS_SignerInfo *si)
{
  g_autoptr (GPtrArray) encodings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GByteArray *set = g_byte_array_new ();
  unsigned char head[8], *p = head;
  gsize total = 0;

  for (int i = 0; i < CMS_signed_get_attr_count (si); i++)
    {
      GBytes *encoding = encode_attribute (CMS_signed_get_attr (si, i));

      if (encoding != NULL)
        g_ptr_array_add (encodings, encoding);
      total += encoding != NULL ? g_bytes_get_size (encoding) : 0;
    }
  g_ptr_array_sort (encodings, compare_encodings);
  ASN1_put_object (&p, 1, (int) total, V_ASN1_SET, V_ASN1_UNIVERSAL);
  g_byte_array_append (set, head, (guint) (p - head));
  for (guint i = 0; i < encodings->len; i++)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (encodings, i), &length);

      g_byte_array_append (set, data, (guint) length);
    }
  return set;
}

/* What CMS_final () would do, but without the signing-time attribute that OpenSSL 3.0 puts into every
 * signature, and by a key that may be elsewhere. */
static gboolean
complete (CMS_ContentInfo *cms, ErosSigner *signer, GBytes *content, GError **error)
{
  CMS_SignerInfo *si = sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0);
  g_autoptr (GByteArray) attributes = NULL;
  g_autoptr (GBytes) signature = NULL;
  guint8 digest[32];

  if (EVP_Digest (g_bytes_get_data (content, NULL), g_bytes_get_size (content), digest, NULL, EVP_sha256 (),
                  NULL) != 1 ||
      CMS_signed_add1_attr_by_NID (si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj (NID_pkcs7_data),
                                   -1) != 1 ||
      CMS_signed_add1_attr_by_NID (si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, sizeof digest) !=
        1)
    return FALSE;
  attributes = encode_signed_attributes (si);
  signature = eros_signer_sign (signer, attributes->data, attributes->len, error);
  return signature != NULL &&
         ASN1_STRING_set (CMS_SignerInfo_get0_signature (si), g_bytes_get_data (signature, NULL),
                          (int) g_bytes_get_size (signature)) == 1;
}

static CMS_ContentInfo *
make_cms (ErosSigner *signer, GBytes *content, GError **error)
{
  const unsigned int flags = CMS_DETACHED | CMS_BINARY | CMS_CADES | CMS_PARTIAL | CMS_NOSMIMECAP;
  g_autoptr (CMS_ContentInfo) cms = CMS_sign (NULL, NULL, NULL, NULL, flags);
  STACK_OF (X509) *chain = eros_signer_get_chain (signer);

  if (cms == NULL || CMS_add1_signer (cms, eros_signer_get_certificate (signer), eros_signer_get_key (signer),
                                      EVP_sha256 (), flags) == NULL)
    return NULL;
  for (int i = 0; i < sk_X509_num (chain); i++)
    {
      if (CMS_add1_cert (cms, sk_X509_value (chain, i)) != 1)
        return NULL;
    }
  return complete (cms, signer, content, error) ? g_steal_pointer (&cms) : NULL;
}

GBytes *
eros_cms_sign (ErosSigner *signer, GBytes *content, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (CMS_ContentInfo) cms = make_cms (signer, content, &problem);
  unsigned char *der = NULL;
  int length = cms != NULL ? i2d_CMS_ContentInfo (cms, &der) : -1;
  GBytes *bytes;

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (length <= 0)
    {
      eros_set_crypto_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                             _ ("Could not sign the report"));
      return NULL;
    }
  bytes = g_bytes_new (der, (gsize) length);
  OPENSSL_free (der);
  return bytes;
}

static gboolean
bad (GError **error, const char *reason)
{
  eros_set_crypto_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE, reason);
  return FALSE;
}

/* DER has one form for one content; others of the same would be bytes that nobody has signed. */
static gboolean
is_its_only_form (CMS_ContentInfo *cms, const unsigned char *data, gsize length)
{
  unsigned char *again = NULL;
  int n = i2d_CMS_ContentInfo (cms, &again);
  gboolean same = n >= 0 && (gsize) n == length && memcmp (again, data, length) == 0;

  OPENSSL_free (again);
  return same;
}

/* Steps over the header of the element at *P (INSIDE), or over all of it. Returns: its tag, or -1. */
static int
step (const unsigned char **p, const unsigned char *end, gboolean inside, long *length)
{
  int tag, class;

  if (*p >= end || (ASN1_get_object (p, length, &tag, &class, end - *p) & 0x80) != 0)
    return -1;
  if (!inside)
    *p += *length;
  return class == V_ASN1_CONTEXT_SPECIFIC ? 0x80 | tag : tag;
}

/* The version at *P; -1: there is none. */
static int
read_version (const unsigned char **p, const unsigned char *end)
{
  long length;

  if (step (p, end, TRUE, &length) != V_ASN1_INTEGER || length != 1)
    return -1;
  return *(*p)++;
}

/* RFC 5652, 5.1 and 5.3: by issuer and serial number both are 1, by the key's identifier both are 3. OpenSSL
 * does not look at them, and nobody signs them. */
static gboolean
has_right_versions (GBytes *signature)
{
  gsize size;
  const unsigned char *p = g_bytes_get_data (signature, &size);
  const unsigned char *end = p + size;
  const unsigned char *next;
  int outer, inner, tag;
  long length;

  if (step (&p, end, TRUE, &length) != V_ASN1_SEQUENCE || step (&p, end, FALSE, &length) != V_ASN1_OBJECT ||
      step (&p, end, TRUE, &length) != 0x80 || step (&p, end, TRUE, &length) != V_ASN1_SEQUENCE)
    return FALSE;
  outer = read_version (&p, end);
  if (step (&p, end, FALSE, &length) != V_ASN1_SET || step (&p, end, FALSE, &length) != V_ASN1_SEQUENCE)
    return FALSE;
  for (next = p; (tag = step (&next, end, FALSE, &length)) == 0x80 || tag == 0x81;)
    p = next; /* certificates and revocation lists */
  if (step (&p, end, TRUE, &length) != V_ASN1_SET || step (&p, end, TRUE, &length) != V_ASN1_SEQUENCE)
    return FALSE;
  inner = read_version (&p, end);
  return outer == inner && inner == (step (&p, end, FALSE, &length) == V_ASN1_SEQUENCE ? 1 : 3);
}

/* The structure, of which nothing but zero bytes may be left over. */
static CMS_ContentInfo *
parse (GBytes *signature, ErosCmsForm form)
{
  gsize length;
  const unsigned char *data = g_bytes_get_data (signature, &length);
  const unsigned char *p = data;
  g_autoptr (CMS_ContentInfo) cms = length <= G_MAXINT ? d2i_CMS_ContentInfo (NULL, &p, (long) length) : NULL;

  if (cms == NULL)
    return NULL;
  if (form == EROS_CMS_PADES && !is_its_only_form (cms, data, (gsize) (p - data)))
    return NULL;
  for (; p < data + length; p++)
    {
      if (*p != 0)
        return NULL;
    }
  return g_steal_pointer (&cms);
}

static gboolean
is_strong_digest (CMS_SignerInfo *si)
{
  X509_ALGOR *digest = NULL, *signature = NULL;
  const ASN1_OBJECT *oid = NULL;
  int nid;

  CMS_SignerInfo_get0_algs (si, NULL, NULL, &digest, &signature);
  X509_ALGOR_get0 (&oid, NULL, NULL, digest);
  nid = OBJ_obj2nid (oid);
  return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

/* Whether the attribute that binds the signature to this very certificate is there and right. */
static gboolean
names_certificate (CMS_SignerInfo *si, X509 *certificate)
{
  int at = CMS_signed_get_attr_by_NID (si, NID_id_smime_aa_signingCertificateV2, -1);
  X509_ATTRIBUTE *attribute = at >= 0 ? CMS_signed_get_attr (si, at) : NULL;
  ASN1_TYPE *value = attribute != NULL && X509_ATTRIBUTE_count (attribute) == 1
                       ? X509_ATTRIBUTE_get0_type (attribute, 0)
                       : NULL;
  const unsigned char *p;
  ESS_SIGNING_CERT_V2 *named;
  STACK_OF (X509) * chain;
  gboolean matches;

  if (value == NULL || value->type != V_ASN1_SEQUENCE ||
      CMS_signed_get_attr_by_NID (si, NID_id_smime_aa_signingCertificateV2, at) >= 0)
    return FALSE;
  p = value->value.sequence->data;
  named = d2i_ESS_SIGNING_CERT_V2 (NULL, &p, value->value.sequence->length);
  chain = sk_X509_new_null ();
  sk_X509_push (chain, certificate);
  matches = named != NULL && OSSL_ESS_check_signing_certs (NULL, named, chain, 1) == 1;
  sk_X509_free (chain);
  ESS_SIGNING_CERT_V2_free (named);
  return matches;
}

/* OpenSSL compares names without looking at case. */
static gboolean
names_issuer_exactly (CMS_SignerInfo *si, X509 *certificate)
{
  X509_NAME *issuer = NULL;
  unsigned char *named = NULL, *own = NULL;
  int n_named, n_own;
  gboolean same;

  if (CMS_SignerInfo_get0_signer_id (si, NULL, &issuer, NULL) != 1)
    return FALSE;
  if (issuer == NULL)
    return TRUE; /* by the key's identifier */
  n_named = i2d_X509_NAME (issuer, &named);
  n_own = i2d_X509_NAME (X509_get_issuer_name (certificate), &own);
  same = n_named > 0 && n_named == n_own && memcmp (named, own, (size_t) n_own) == 0;
  OPENSSL_free (named);
  OPENSSL_free (own);
  return same;
}

/* Whether the algorithm that it names is the key's, with the digest that was used. OpenSSL asks the key only.
 */
static gboolean
names_algorithm (CMS_SignerInfo *si, X509 *certificate)
{
  X509_ALGOR *digest = NULL, *signature = NULL;
  const ASN1_OBJECT *digest_oid = NULL, *oid = NULL;
  int type, nid, used = NID_undef, key = NID_undef;

  CMS_SignerInfo_get0_algs (si, NULL, NULL, &digest, &signature);
  X509_ALGOR_get0 (&digest_oid, NULL, NULL, digest);
  X509_ALGOR_get0 (&oid, &type, NULL, signature);
  nid = OBJ_obj2nid (oid);
  if (nid == NID_rsassaPss)
    return TRUE; /* its parameters take part in the verification */
  if (type != V_ASN1_NULL && type != V_ASN1_UNDEF)
    return FALSE;
  if (nid == NID_rsaEncryption)
    return EVP_PKEY_get_base_id (X509_get0_pubkey (certificate)) == EVP_PKEY_RSA;
  return OBJ_find_sigid_algs (nid, &used, &key) == 1 &&
         key == EVP_PKEY_get_base_id (X509_get0_pubkey (certificate)) &&
         (used == NID_undef || used == OBJ_obj2nid (digest_oid));
}

static gboolean
may_sign (X509 *certificate)
{
  guint32 usage = X509_get_key_usage (certificate);

  return usage == UINT32_MAX || (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

void
eros_cms_free (ErosCms *self)
{
  X509_free (self->certificate);
  sk_X509_pop_free (self->chain, X509_free);
  g_clear_pointer (&self->stamp, g_bytes_unref);
  g_free (self);
}

static void
digest_value (CMS_SignerInfo *si, guint8 digest[32])
{
  ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature (si);

  EVP_Digest (ASN1_STRING_get0_data (value), (size_t) ASN1_STRING_length (value), digest, NULL, EVP_sha256 (),
              NULL);
}

/* Where its only time stamp stands; -1: there is none, or there are several. */
static int
find_stamp_at (CMS_SignerInfo *si)
{
  int at = CMS_unsigned_get_attr_by_NID (si, NID_id_smime_aa_timeStampToken, -1);

  return at >= 0 && CMS_unsigned_get_attr_by_NID (si, NID_id_smime_aa_timeStampToken, at) < 0 ? at : -1;
}

/* The token of its only time stamp. */
static GBytes *
find_stamp (CMS_SignerInfo *si)
{
  int at = find_stamp_at (si);
  X509_ATTRIBUTE *attribute = at >= 0 ? CMS_unsigned_get_attr (si, at) : NULL;
  ASN1_TYPE *value = attribute != NULL && X509_ATTRIBUTE_count (attribute) == 1
                       ? X509_ATTRIBUTE_get0_type (attribute, 0)
                       : NULL;

  if (value == NULL || value->type != V_ASN1_SEQUENCE)
    return NULL;
  return g_bytes_new (value->value.sequence->data, (gsize) value->value.sequence->length);
}

static ErosCms *
describe (CMS_ContentInfo *cms, CMS_SignerInfo *si, X509 *certificate)
{
  ErosCms *self = g_new0 (ErosCms, 1);

  X509_up_ref (certificate);
  self->certificate = certificate;
  self->chain = CMS_get1_certs (cms);
  self->stamp = find_stamp (si);
  digest_value (si, self->value);
  return self;
}

/* What PAdES wants beyond a signature that is right. */
static gboolean
is_pades (GBytes *signature, CMS_ContentInfo *cms, CMS_SignerInfo *si, X509 *certificate, GError **error)
{
  if (!has_right_versions (signature) || OBJ_obj2nid (CMS_get0_eContentType (cms)) != NID_pkcs7_data)
    return bad (error, _ ("it is not in the form in which signatures of documents are"));
  if (CMS_signed_get_attr_count (si) < 1 || !names_certificate (si, certificate) ||
      !names_issuer_exactly (si, certificate))
    return bad (error, _ ("it does not name its certificate (signing-certificate-v2)"));
  if (CMS_unsigned_get_attr_count (si) > (find_stamp_at (si) >= 0 ? 1 : 0))
    return bad (error, _ ("it has something with it that nobody has signed"));
  return TRUE;
}

ErosCms *
eros_cms_verify (GBytes *signature, GBytes *content, ErosCmsForm form, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = parse (signature, form);
  g_autoptr (BIO) bio = bio_of (content);
  STACK_OF (CMS_SignerInfo) *signers = cms != NULL ? CMS_get0_SignerInfos (cms) : NULL;
  CMS_SignerInfo *si;
  X509 *certificate = NULL;

  if (cms == NULL || bio == NULL || OBJ_obj2nid (CMS_get0_type (cms)) != NID_pkcs7_signed)
    return bad (error, _ ("it holds no signature that can be read")), NULL;
  if (sk_CMS_SignerInfo_num (signers) != 1 || CMS_is_detached (cms) != 1)
    return bad (error, _ ("it must be by one signer and of the document itself")), NULL;
  if (CMS_verify (cms, NULL, NULL, bio, NULL, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY | CMS_DETACHED) != 1)
    return bad (error, _ ("the document is not the one that was signed")), NULL;

  si = sk_CMS_SignerInfo_value (signers, 0);
  CMS_SignerInfo_get0_algs (si, NULL, &certificate, NULL, NULL);
  if (certificate == NULL)
    return bad (error, _ ("its certificate is missing")), NULL;
  if (form == EROS_CMS_PADES && !is_pades (signature, cms, si, certificate, error))
    return NULL;
  if (!names_algorithm (si, certificate))
    return bad (error, _ ("it names another algorithm than its key's")), NULL;
  if (!is_strong_digest (si) || !eros_key_is_strong (X509_get0_pubkey (certificate)))
    return bad (error, _ ("its digest or its key is too weak")), NULL;
  if (!may_sign (certificate))
    return bad (error, _ ("its certificate is not for signatures")), NULL;
  return describe (cms, si, certificate);
}

/* The signature with TOKEN among what nobody has signed. */
static GBytes *
add_stamp (CMS_ContentInfo *cms, CMS_SignerInfo *si, GBytes *token)
{
  gsize length;
  const void *data = g_bytes_get_data (token, &length);
  unsigned char *der = NULL;
  GBytes *bytes = NULL;
  int n;

  if (CMS_unsigned_add1_attr_by_NID (si, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, data,
                                     (int) length) != 1)
    return NULL;
  n = i2d_CMS_ContentInfo (cms, &der);
  if (n > 0)
    bytes = g_bytes_new (der, (gsize) n);
  OPENSSL_free (der);
  return bytes;
}

GBytes *
eros_cms_stamp (GBytes *signature, const char *url, GCancellable *cancellable, GError **error)
{
  g_autoptr (CMS_ContentInfo) cms = parse (signature, EROS_CMS_PADES);
  CMS_SignerInfo *si = sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0);
  g_autoptr (GBytes) token = NULL;
  GBytes *stamped;
  guint8 digest[32];

  digest_value (si, digest);
  token = eros_time_stamp_fetch (url, digest, cancellable, error);
  if (token == NULL)
    return NULL;
  stamped = add_stamp (cms, si, token);
  if (stamped == NULL)
    eros_set_crypto_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                           _ ("Could not put the time stamp into the signature"));
  return stamped;
}
