/* eros-signature-check.c: what holds of one signature, whoever has made it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-signature-check.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-pdf-boxes.h"
#include "eros-time-stamp.h"
#include "eros-time-text.h"
#include "eros-trust-private.h"

/* Clocks differ. */
#define CLOCK_SKEW_SECONDS 300

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

static gboolean
bad (GError **error, const char *reason)
{
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE, reason);
  return FALSE;
}

/**
 * eros_report_signature_free:
 * @signature: a signature
 *
 * Frees what eros_report_verify() has returned one of.
 */
void
eros_report_signature_free (ErosReportSignature *signature)
{
  g_free (signature->name);
  g_free (signature->time);
  g_free (signature->reason);
  g_free (signature->box);
  g_free (signature->title);
  g_free (signature->fingerprint);
  g_free (signature->problem);
  g_free (signature->issuer);
  g_free (signature->vouched_by);
  g_free (signature->vouched_fingerprint);
  g_free (signature->stamped);
  g_free (signature->authority);
  g_free (signature);
}

/* P=2: nothing may be changed afterwards but forms and signatures. */
/* "D:20251031143000Z", "D:20251031153000+01'00'" */
GDateTime *
eros_signature_time (const ErosPdfObject *string)
{
  g_autofree char *text = eros_pdf_text_of (string);
  g_autofree char *iso = NULL;

  if (text == NULL || !g_regex_match_simple ("^D:[0-9]{14}(Z(00'?00'?)?|[+-][0-9]{2}'?[0-9]{2}'?)$", text,
                                             G_REGEX_DOLLAR_ENDONLY, 0))
    return NULL;
  if (text[16] == 'Z')
    iso = g_strdup_printf ("%.8sT%.6sZ", text + 2, text + 10);
  else
    iso = g_strdup_printf ("%.8sT%.6s%.3s:%.2s", text + 2, text + 10, text + 16,
                           text[19] == '\'' ? text + 20 : text + 19);
  return g_date_time_new_from_iso8601 (iso, NULL);
}

/* The revision that ends where the byte range does; -1 when none does. */
static int
revision_ending_at (ErosPdfFile *file, gsize end)
{
  const char *data = g_bytes_get_data (eros_pdf_file_get_bytes (file), NULL);

  for (guint i = 0; i < eros_pdf_file_n_revisions (file); i++)
    {
      gsize r = eros_pdf_file_get_revision (file, i)->end;

      if (end == r)
        return (int) i;
      /* Some writers leave the end of the last line out. */
      if (end < r && r - end <= 2 && eros_pdf_is_space (data[end]) && eros_pdf_is_space (data[r - 1]))
        return (int) i;
    }
  return -1;
}

/* What the signature covers: everything up to the end of a revision but the very string that holds it. */
GBytes *
eros_signature_covered (ErosPdfFile *file, const ErosPdfObject *dictionary, int *revision, GError **error)
{
  const ErosPdfObject *range = eros_pdf_get_typed (dictionary, "ByteRange", EROS_PDF_ARRAY);
  const ErosPdfObject *contents = eros_pdf_get_typed (dictionary, "Contents", EROS_PDF_STRING);
  GBytes *whole = eros_pdf_file_get_bytes (file);
  GByteArray *bytes;
  const guint8 *data;
  gsize length;
  gint64 n[4];

  if (contents == NULL || !contents->is_hex || g_bytes_get_size (contents->bytes) == 0)
    return bad (error, _ ("it holds no signature")), NULL;
  for (guint i = 0; i < 4; i++)
    {
      const ErosPdfObject *item = eros_pdf_item (range, i);

      if (item == NULL || item->type != EROS_PDF_INTEGER || item->integer < 0 || eros_pdf_length (range) != 4)
        return bad (error, _ ("it does not say which bytes it covers")), NULL;
      n[i] = item->integer;
    }
  data = g_bytes_get_data (whole, &length);
  if (n[0] != 0 || (gsize) n[1] != contents->start || (gsize) n[2] != contents->end ||
      n[2] > (gint64) length || n[3] > (gint64) length - n[2])
    return bad (error, _ ("it leaves out more than itself")), NULL;
  *revision = revision_ending_at (file, (gsize) (n[2] + n[3]));
  if (*revision < 0)
    return bad (error, _ ("it does not cover a whole revision")), NULL;
  bytes = g_byte_array_sized_new ((guint) (n[1] + n[3]));
  g_byte_array_append (bytes, data, (guint) n[1]);
  g_byte_array_append (bytes, data + n[2], (guint) n[3]);
  return g_byte_array_free_to_bytes (bytes);
}

static char *
iso_of (gint64 time)
{
  return eros_time_format (time * G_USEC_PER_SEC, EROS_TIME_ISO);
}

/* Whose certificate it is, and who vouches for it. */
static void
describe_signer (ErosReportSignature *signature, const ErosTrust *trust, const ErosCms *cms, gint64 at)
{
  g_autoptr (X509) by = eros_trust_find (trust, cms->certificate, cms->chain, at);

  signature->name = eros_certificate_name (cms->certificate);
  signature->issuer = eros_certificate_issuer (cms->certificate);
  signature->fingerprint = eros_certificate_fingerprint (cms->certificate);
  signature->is_self_made = eros_certificate_is_self_made (cms->certificate);
  signature->vouched_by = by != NULL ? eros_certificate_name (by) : NULL;
  signature->vouched_fingerprint = by != NULL ? eros_certificate_fingerprint (by) : NULL;
}

/* The time is the signer's word, unless an authority has stamped it. */
static gboolean
check_time (const ErosCms *cms, gint64 claimed, const ErosTimeStamp *stamp, GError **error)
{
  if (!eros_certificate_was_valid (cms->certificate, stamp != NULL ? stamp->time : claimed))
    return bad (error, _ ("its certificate was not valid at the time that it claims"));
  if (claimed > g_get_real_time () / G_USEC_PER_SEC + CLOCK_SKEW_SECONDS)
    return bad (error, _ ("it claims a time that has not come yet"));
  if (stamp != NULL && claimed > stamp->time + CLOCK_SKEW_SECONDS)
    return bad (error, _ ("it claims a time after that of its time stamp"));
  return TRUE;
}

gboolean
eros_signature_describe (ErosReportSignature *self,
                         const ErosCms *cms,
                         gint64 claimed,
                         const ErosTrust *trust,
                         GError **error)
{
  g_autoptr (ErosTimeStamp) stamp = NULL;

  if (cms->stamp != NULL)
    {
      stamp = eros_time_stamp_check (cms->stamp, cms->value, trust, error);
      if (stamp == NULL)
        return FALSE;
      self->stamped = iso_of (stamp->time);
      self->authority = g_steal_pointer (&stamp->authority);
      self->authority_is_trusted = stamp->is_trusted;
    }
  if (!check_time (cms, claimed, stamp, error))
    return FALSE;
  describe_signer (self, trust, cms, stamp != NULL ? stamp->time : claimed);
  self->time = iso_of (claimed);
  return TRUE;
}
