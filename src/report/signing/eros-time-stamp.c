/* eros-time-stamp.c: time stamps of an authority (RFC 3161)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-time-stamp.h"

#include <string.h>
#include <libsoup/soup.h>
#include <openssl/cms.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-address.h"
#include "eros-report-error.h"
#include "eros-signer-private.h"
#include "eros-trust-private.h"

#define DIGEST_SIZE     32
#define MAX_ANSWER      65536
#define TIMEOUT_SECONDS 15

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TS_REQ, TS_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TS_RESP, TS_RESP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TS_TST_INFO, TS_TST_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

void
eros_time_stamp_free (ErosTimeStamp *self)
{
  g_free (self->authority);
  g_free (self->fingerprint);
  g_free (self);
}

const char *
eros_time_stamp_get_authority (void)
{
  const char *url = g_getenv ("EROS_TIME_AUTHORITY");

  return url != NULL && *url != '\0' ? url : NULL;
}

static gboolean
fail (GError **error, const char *reason)
{
  eros_set_crypto_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE, reason);
  return FALSE;
}

/* "Which time is it, with this digest?", with the authority's certificate in the answer. */
static GBytes *
write_request (const guint8 *digest, guint64 nonce)
{
  g_autoptr (TS_REQ) request = TS_REQ_new ();
  TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new ();
  X509_ALGOR *algorithm = X509_ALGOR_new ();
  ASN1_INTEGER *number = ASN1_INTEGER_new ();
  unsigned char *der = NULL;
  GBytes *bytes = NULL;
  int length;

  X509_ALGOR_set0 (algorithm, OBJ_nid2obj (NID_sha256), V_ASN1_NULL, NULL);
  TS_MSG_IMPRINT_set_algo (imprint, algorithm);
  TS_MSG_IMPRINT_set_msg (imprint, (unsigned char *) digest, DIGEST_SIZE);
  ASN1_INTEGER_set_uint64 (number, nonce);
  TS_REQ_set_version (request, 1);
  TS_REQ_set_msg_imprint (request, imprint);
  TS_REQ_set_nonce (request, number);
  TS_REQ_set_cert_req (request, 1);
  length = i2d_TS_REQ (request, &der);
  if (length > 0)
    bytes = g_bytes_new (der, (gsize) length);
  OPENSSL_free (der);
  ASN1_INTEGER_free (number);
  X509_ALGOR_free (algorithm);
  TS_MSG_IMPRINT_free (imprint);
  return bytes;
}

static GBytes *
send_request (const char *url, GBytes *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupSession) session = soup_session_new_with_options ("timeout", TIMEOUT_SECONDS, NULL);
  g_autoptr (SoupMessage) message = eros_address_is_safe (url) ? soup_message_new ("POST", url) : NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree guint8 *answer = g_malloc (MAX_ANSWER);
  gsize length = 0;

  if (message == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("its address must begin with https://, and be a whole one"));
      return NULL;
    }
  soup_message_set_request_body_from_bytes (message, "application/timestamp-query", request);
  stream = soup_session_send (session, message, cancellable, error);
  if (stream == NULL || !g_input_stream_read_all (stream, answer, MAX_ANSWER, &length, cancellable, error))
    return NULL;
  if (soup_message_get_status (message) != SOUP_STATUS_OK)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("it answers %u %s"),
                   soup_message_get_status (message), soup_message_get_reason_phrase (message));
      return NULL;
    }
  return g_bytes_new (answer, length);
}

static gboolean
has_nonce (TS_TST_INFO *info, guint64 nonce)
{
  const ASN1_INTEGER *number = TS_TST_INFO_get_nonce (info);
  guint64 value = 0;

  return number != NULL && ASN1_INTEGER_get_uint64 (&value, number) == 1 && value == nonce;
}

static GBytes *
read_answer (GBytes *answer, guint64 nonce, GError **error)
{
  gsize length;
  const unsigned char *data = g_bytes_get_data (answer, &length);
  g_autoptr (TS_RESP) response = d2i_TS_RESP (NULL, &data, (long) length);
  TS_STATUS_INFO *status = response != NULL ? TS_RESP_get_status_info (response) : NULL;
  long said = status != NULL ? ASN1_INTEGER_get (TS_STATUS_INFO_get0_status (status)) : -1;
  unsigned char *der = NULL;
  GBytes *token;
  int n;

  if (said != TS_STATUS_GRANTED && said != TS_STATUS_GRANTED_WITH_MODS)
    return fail (error, said < 0 ? _ ("it does not answer as a time authority does") : _ ("it refuses")),
           NULL;
  if (TS_RESP_get_token (response) == NULL || TS_RESP_get_tst_info (response) == NULL ||
      !has_nonce (TS_RESP_get_tst_info (response), nonce))
    return fail (error, _ ("its answer is not to what it was asked")), NULL;
  n = i2d_PKCS7 (TS_RESP_get_token (response), &der);
  token = n > 0 ? g_bytes_new (der, (gsize) n) : NULL;
  OPENSSL_free (der);
  return token;
}

GBytes *
eros_time_stamp_fetch (const char *url, const guint8 *digest, GCancellable *cancellable, GError **error)
{
  guint64 nonce = 0;
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) token = NULL;
  g_autoptr (ErosTimeStamp) stamp = NULL;

  RAND_bytes ((unsigned char *) &nonce, sizeof nonce);
  nonce >>= 1;
  request = write_request (digest, nonce);
  answer = send_request (url, request, cancellable, error);
  token = answer != NULL ? read_answer (answer, nonce, error) : NULL;
  stamp = token != NULL ? eros_time_stamp_check (token, digest, NULL, error) : NULL;
  if (stamp == NULL)
    {
      g_prefix_error (error, _ ("The time authority %s has given no time stamp: "), url);
      return NULL;
    }
  return g_steal_pointer (&token);
}

/* ---- checking ---- */

/* RFC 3161, 2.3: for time stamps and for nothing else. */
static gboolean
may_stamp (X509 *certificate)
{
  EXTENDED_KEY_USAGE *usage = X509_get_ext_d2i (certificate, NID_ext_key_usage, NULL, NULL);
  gboolean may = usage != NULL && sk_ASN1_OBJECT_num (usage) == 1 &&
                 OBJ_obj2nid (sk_ASN1_OBJECT_value (usage, 0)) == NID_time_stamp;

  sk_ASN1_OBJECT_pop_free (usage, ASN1_OBJECT_free);
  return may;
}

static gint64
read_time (TS_TST_INFO *info)
{
  struct tm tm;
  g_autoptr (GDateTime) time = NULL;

  if (ASN1_TIME_to_tm (TS_TST_INFO_get_time (info), &tm) == 1)
    time =
      g_date_time_new_utc (tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  return time != NULL ? g_date_time_to_unix (time) : -1;
}

static gboolean
is_of (TS_TST_INFO *info, const guint8 *digest)
{
  TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint (info);
  const ASN1_OBJECT *algorithm = NULL;
  ASN1_OCTET_STRING *said = TS_MSG_IMPRINT_get_msg (imprint);

  X509_ALGOR_get0 (&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo (imprint));
  return OBJ_obj2nid (algorithm) == NID_sha256 && ASN1_STRING_length (said) == DIGEST_SIZE &&
         memcmp (ASN1_STRING_get0_data (said), digest, DIGEST_SIZE) == 0;
}

/* What the token says, whose signature is verified, and who has signed it. */
static TS_TST_INFO *
open_token (CMS_ContentInfo *cms, X509 **signer)
{
  g_autoptr (BIO) content = BIO_new (BIO_s_mem ());
  STACK_OF (CMS_SignerInfo) *signers = CMS_get0_SignerInfos (cms);
  const unsigned char *data;
  char *bytes;
  long length;

  if (OBJ_obj2nid (CMS_get0_type (cms)) != NID_pkcs7_signed ||
      OBJ_obj2nid (CMS_get0_eContentType (cms)) != NID_id_smime_ct_TSTInfo ||
      sk_CMS_SignerInfo_num (signers) != 1 ||
      CMS_verify (cms, NULL, NULL, NULL, content, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1)
    return NULL;
  CMS_SignerInfo_get0_algs (sk_CMS_SignerInfo_value (signers, 0), NULL, signer, NULL, NULL);
  length = BIO_get_mem_data (content, &bytes);
  data = (const unsigned char *) bytes;
  return *signer != NULL ? d2i_TS_TST_INFO (NULL, &data, length) : NULL;
}

static void
judge (ErosTimeStamp *stamp, const ErosTrust *trust, CMS_ContentInfo *cms, X509 *signer)
{
  STACK_OF (X509) *chain = CMS_get1_certs (cms);
  g_autoptr (X509) by = eros_trust_find (trust, signer, chain, stamp->time);

  stamp->is_trusted = by != NULL;
  sk_X509_pop_free (chain, X509_free);
}

ErosTimeStamp *
eros_time_stamp_check (GBytes *token, const guint8 *digest, const ErosTrust *trust, GError **error)
{
  gsize length;
  const unsigned char *data = g_bytes_get_data (token, &length);
  g_autoptr (CMS_ContentInfo) cms = d2i_CMS_ContentInfo (NULL, &data, (long) MIN (length, G_MAXINT));
  g_autoptr (TS_TST_INFO) info = NULL;
  g_autoptr (ErosTimeStamp) stamp = NULL;
  X509 *signer = NULL;

  if (cms != NULL)
    info = open_token (cms, &signer);
  if (info == NULL)
    return fail (error, _ ("the time stamp is not signed as it should be")), NULL;
  if (!is_of (info, digest))
    return fail (error, _ ("the time stamp is of something else")), NULL;
  if (!may_stamp (signer) || !eros_key_is_strong (X509_get0_pubkey (signer)))
    return fail (error, _ ("the time stamp's certificate is not for time stamps, or its key is too weak")),
           NULL;
  stamp = g_new0 (ErosTimeStamp, 1);
  stamp->time = read_time (info);
  stamp->authority = eros_certificate_name (signer);
  stamp->fingerprint = eros_certificate_fingerprint (signer);
  if (!eros_certificate_was_valid (signer, stamp->time))
    return fail (error, _ ("the time stamp's certificate was not valid at its time")), NULL;
  judge (stamp, trust, cms, signer);
  return g_steal_pointer (&stamp);
}
