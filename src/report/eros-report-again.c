/* eros-report-again.c: whether a report says what the record makes that it carries
 *
 * A signature shows that nobody has changed a report since. That its pages never said anything else than the
 * record shows only who makes them again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-again.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-report-private.h"

static gboolean
begins_with (GBytes *whole, GBytes *start)
{
  return g_bytes_get_size (whole) >= g_bytes_get_size (start) &&
         memcmp (g_bytes_get_data (whole, NULL), g_bytes_get_data (start, NULL), g_bytes_get_size (start)) ==
           0;
}

/* Whether it comes out on one of the papers; DOCUMENT: (out): the last that was laid out. Signatures are
 * added at the end: what was there before them is left as it was. */
static gboolean
comes_out (GBytes *pdf, ErosReportState *state, ErosReportDocument **document, GError **error)
{
  static const ErosPaper papers[] = { EROS_PAPER_A4, EROS_PAPER_LETTER };

  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    {
      g_autoptr (GBytes) again = NULL;

      g_clear_object (document);
      *document = eros_report_document_new_for_state (state, papers[i], NULL, error);
      again = *document != NULL ? eros_report_make_pdf (*document, NULL, error) : NULL;
      if (again == NULL)
        return FALSE;
      if (begins_with (pdf, again))
        return TRUE;
    }
  return FALSE;
}

/* By digest: what a file is called may change from one version to the next. */
static gboolean
compare_attached (GBytes *pdf, GPtrArray *attachments, GError **error)
{
  g_autoptr (GHashTable) attached = eros_report_digest_attached (pdf, error);
  g_autoptr (GHashTable) made = g_hash_table_new (g_str_hash, g_str_equal); /* two may say the same */

  if (attached == NULL)
    return FALSE;
  for (guint i = 0; i < attachments->len; i++)
    {
      const ErosReportAttachment *attachment = attachments->pdata[i];

      g_hash_table_add (made, attachment->sha256);
      if (g_hash_table_contains (attached, attachment->sha256))
        continue;
      g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD,
                   /* Translators: the name of a file */
                   _ ("of the record that it carries %s is made, which is not attached as it should be"),
                   attachment->name);
      return FALSE;
    }
  if (g_hash_table_size (made) >= g_hash_table_size (attached))
    return TRUE;
  g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_OTHER_RECORD,
                       _ ("a file is attached to it that the record that it carries does not make"));
  return FALSE;
}

/**
 * eros_report_make_again:
 * @report: a report
 * @record: what it carries
 * @same: (out): whether pages and attachments come out as they are there, byte for byte
 * @error: return location for %EROS_REPORT_ERROR
 *
 * Where pages do not come out, that may be another version of the program, other fonts or another language;
 * or they say something else than the record. What is attached has to be what the record makes in any case.
 *
 * Returns: whether it could be compared, and what is attached is what the record makes
 */
gboolean
eros_report_make_again (GFile *report, ErosReportRecord *record, gboolean *same, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) pdf = eros_report_load (report, NULL, error);
  g_autoptr (ErosDeployment) deployment = pdf != NULL ? eros_report_record_open (record, error) : NULL;
  g_autoptr (ErosReportState) state = deployment != NULL ? eros_report_state_new (deployment) : NULL;
  g_autoptr (ErosReportDocument) document = NULL;

  if (state == NULL)
    return FALSE;
  *same = comes_out (pdf, state, &document, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return *same || compare_attached (pdf, eros_report_document_get_attachments (document), error);
}
