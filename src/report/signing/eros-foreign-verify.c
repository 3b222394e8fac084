/* eros-foreign-verify.c: signed PDFs that other programs have made, explained
 *
 * Others write in many honest ways, so that nothing is compared with a form of our own. What came after a
 * signature is judged by what it changes: signatures may be added where they do not show, or in fields that
 * were there; anything else has changed the document, honestly or not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-pdf-boxes.h"
#include "eros-signature-check.h"

#define MAX_DEPTH  8
#define MAX_FIELDS 1000
#define MAX_SIGNED 24

typedef struct
{
  ErosPdfFile *file;
  guint last;
  const ErosTrust *trust;
  guint n_fields;
  GPtrArray *signatures; /* of ErosReportSignature */
} Foreign;

/* All members are equal but those of KEYS. */
static gboolean
equal_but (const ErosPdfObject *a, const ErosPdfObject *b, const char *const *keys)
{
  if (a->type != EROS_PDF_DICTIONARY || b->type != EROS_PDF_DICTIONARY)
    return FALSE;
  for (guint side = 0; side < 2; side++)
    {
      const ErosPdfObject *one = side == 0 ? a : b, *other = side == 0 ? b : a;

      for (guint i = 0; i < one->keys->len; i++)
        {
          const char *k = g_ptr_array_index (one->keys, i);

          if (!g_strv_contains (keys, k) && !eros_pdf_equal (eros_pdf_get (one, k), eros_pdf_get (other, k)))
            return FALSE;
        }
    }
  return TRUE;
}

/* A field for a signature, which takes no room on its page and does nothing. */
static gboolean
is_hidden_signature (const ErosPdfObject *field)
{
  const ErosPdfObject *rect = eros_pdf_get (field, "Rect");

  return eros_pdf_has_name (field, "FT", "Sig") && eros_pdf_get (field, "A") == NULL &&
         eros_pdf_get (field, "AA") == NULL &&
         (rect == NULL ||
          (eros_pdf_length (rect) == 4 && eros_pdf_equal (eros_pdf_item (rect, 0), eros_pdf_item (rect, 2)) &&
           eros_pdf_equal (eros_pdf_item (rect, 1), eros_pdf_item (rect, 3))));
}

/* Arrays that may stand elsewhere: NEW is OLD with more hidden signatures behind it. */
static gboolean
adds_signatures_only (Foreign *self, guint revision, const ErosPdfObject *old, const ErosPdfObject *new)
{
  g_autoptr (ErosPdfObject) before =
    old != NULL ? eros_pdf_file_follow (self->file, revision - 1, old, NULL) : NULL;
  g_autoptr (ErosPdfObject) after =
    new != NULL ? eros_pdf_file_follow (self->file, revision, new, NULL) : NULL;
  guint n = eros_pdf_length (before);

  if ((old != NULL && before == NULL) || (new != NULL &&after == NULL) || eros_pdf_length (after) < n)
    return FALSE;
  for (guint i = 0; i < eros_pdf_length (after); i++)
    {
      g_autoptr (ErosPdfObject) field = NULL;

      if (i < n)
        {
          if (!eros_pdf_equal (eros_pdf_item (before, i), eros_pdf_item (after, i)))
            return FALSE;
          continue;
        }
      field = eros_pdf_file_follow (self->file, revision, eros_pdf_item (after, i), NULL);
      if (!is_hidden_signature (field))
        return FALSE;
    }
  return TRUE;
}

static gboolean
form_change_is_harmless (Foreign *self, guint revision, const ErosPdfObject *old, const ErosPdfObject *new)
{
  static const char *const keys[] = { "Fields", "SigFlags", NULL };
  g_autoptr (ErosPdfObject) before = eros_pdf_file_follow (self->file, revision - 1, old, NULL);
  g_autoptr (ErosPdfObject) after = eros_pdf_file_follow (self->file, revision, new, NULL);

  return before != NULL && after != NULL && equal_but (before, after, keys) &&
         adds_signatures_only (self, revision, eros_pdf_get (before, "Fields"),
                               eros_pdf_get (after, "Fields"));
}

/* An object that was there before REVISION and was written again in it. */
static gboolean
change_is_harmless (Foreign *self, guint revision, gint64 number)
{
  static const char *const of_catalog[] = { "AcroForm", "DSS", "Extensions", NULL };
  static const char *const of_page[] = { "Annots", NULL };
  static const char *const of_field[] = { "V", "AP", "M", NULL };
  const ErosPdfObject *root = eros_pdf_get_typed (eros_pdf_file_get_revision (self->file, revision)->trailer,
                                                  "Root", EROS_PDF_REFERENCE);
  g_autoptr (ErosPdfObject) old = eros_pdf_file_load (self->file, revision - 1, number, NULL);
  g_autoptr (ErosPdfObject) new = eros_pdf_file_load (self->file, revision, number, NULL);

  if (old == NULL || new == NULL)
    return FALSE;
  if (eros_pdf_equal (old, new) && old->type != EROS_PDF_DICTIONARY)
    return TRUE;
  if (root != NULL && root->integer == number)
    return equal_but (old, new, of_catalog) &&
           form_change_is_harmless (self, revision, eros_pdf_get (old, "AcroForm"),
                                    eros_pdf_get (new, "AcroForm"));
  if (eros_pdf_has_name (old, "Type", "Page"))
    return equal_but (old, new, of_page) &&
           adds_signatures_only (self, revision, eros_pdf_get (old, "Annots"), eros_pdf_get (new, "Annots"));
  if (eros_pdf_get (old, "Fields") != NULL)
    return form_change_is_harmless (self, revision, old, new);
  /* A field that had been reserved for a signer. */
  return eros_pdf_has_name (old, "FT", "Sig") && eros_pdf_get (old, "V") == NULL &&
         equal_but (old, new, of_field);
}

static gboolean
revision_is_harmless (Foreign *self, guint r)
{
  const ErosPdfRevision *before = eros_pdf_file_get_revision (self->file, r - 1);
  const ErosPdfRevision *revision = eros_pdf_file_get_revision (self->file, r);

  if (!eros_pdf_equal (eros_pdf_get (before->trailer, "Root"), eros_pdf_get (revision->trailer, "Root")))
    return FALSE;
  for (guint i = 0; i < revision->entries->len; i++)
    {
      gint64 number = g_array_index (revision->entries, ErosPdfEntry, i).number;

      if (number != 0 && eros_pdf_file_changed_in (self->file, r - 1, number) >= 0 &&
          !change_is_harmless (self, r, number))
        return FALSE;
    }
  return TRUE;
}

/* Whether the pages, and all that a reader shows, are as they were when the first N revisions were signed. */
static gboolean
is_unchanged (Foreign *self, guint n)
{
  for (guint r = n; r <= self->last; r++)
    if (!revision_is_harmless (self, r))
      return FALSE;
  return n > self->last || eros_pdf_file_account (self->file, n, NULL);
}

static gboolean
check (Foreign *self, const ErosPdfObject *dictionary, ErosReportSignature *signature, GError **error)
{
  gboolean is_pades = eros_pdf_has_name (dictionary, "SubFilter", "ETSI.CAdES.detached");
  g_autoptr (GBytes) content = NULL;
  g_autoptr (ErosCms) cms = NULL;
  g_autoptr (GDateTime) time = eros_signature_time (eros_pdf_get_typed (dictionary, "M", EROS_PDF_STRING));
  int revision;

  if (!is_pades && !eros_pdf_has_name (dictionary, "SubFilter", "adbe.pkcs7.detached"))
    {
      g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE,
                           _ ("it is of a kind that is not checked here"));
      return FALSE;
    }
  content = eros_signature_covered (self->file, dictionary, &revision, error);
  cms = content != NULL
          ? eros_cms_verify (eros_pdf_get (dictionary, "Contents")->bytes, content, EROS_CMS_ANY, error)
          : NULL;
  if (cms == NULL)
    return FALSE;
  if (time == NULL)
    {
      g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE,
                           _ ("it does not say when it was made"));
      return FALSE;
    }
  signature->revision = (guint) revision + 1;
  signature->is_changed = !is_unchanged (self, signature->revision);
  return eros_signature_describe (signature, cms, g_date_time_to_unix (time), self->trust, error);
}

static void
take_signature (Foreign *self, const ErosPdfObject *field, const ErosPdfObject *value)
{
  ErosReportSignature *signature = g_new0 (ErosReportSignature, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPdfObject) dictionary =
    value->type == EROS_PDF_REFERENCE && eros_pdf_file_is_plain (self->file, self->last, value->integer)
      ? eros_pdf_file_load (self->file, self->last, value->integer, &error)
      : NULL;

  signature->n_revisions = self->last + 1;
  signature->box = eros_pdf_text_of (eros_pdf_get (field, "T"));
  signature->reason = eros_pdf_text_of (eros_pdf_get (dictionary, "Reason"));
  if (dictionary == NULL)
    signature->problem = g_strdup (error != NULL ? error->message : _ ("it is hidden inside another object"));
  else if (!check (self, dictionary, signature, &error))
    signature->problem = g_strdup (error->message);
  g_ptr_array_add (self->signatures, signature);
}

/* Fields can be parts of other fields, which tell them their type. */
static void
take_fields (Foreign *self, const ErosPdfObject *fields, gboolean is_signature, guint depth)
{
  for (guint i = 0; i < eros_pdf_length (fields) && ++self->n_fields < MAX_FIELDS; i++)
    {
      g_autoptr (ErosPdfObject) field =
        eros_pdf_file_follow (self->file, self->last, eros_pdf_item (fields, i), NULL);
      gboolean is_one =
        eros_pdf_get (field, "FT") != NULL ? eros_pdf_has_name (field, "FT", "Sig") : is_signature;

      if (eros_pdf_get (field, "Kids") != NULL && depth < MAX_DEPTH)
        take_fields (self, eros_pdf_get (field, "Kids"), is_one, depth + 1);
      if (is_one && eros_pdf_get (field, "V") != NULL && self->signatures->len < MAX_SIGNED)
        take_signature (self, field, eros_pdf_get (field, "V"));
    }
}

static gboolean
explain (Foreign *self, GError **error)
{
  g_autoptr (ErosPdfObject) catalog = NULL;
  g_autoptr (ErosPdfObject) form = NULL;
  g_autoptr (ErosPdfObject) fields = NULL;

  self->last = eros_pdf_file_n_revisions (self->file) - 1;
  catalog = eros_pdf_file_follow (
    self->file, self->last,
    eros_pdf_get (eros_pdf_file_get_revision (self->file, self->last)->trailer, "Root"), error);
  if (catalog == NULL)
    return FALSE;
  if (eros_pdf_get (catalog, "AcroForm") != NULL)
    form = eros_pdf_file_follow (self->file, self->last, eros_pdf_get (catalog, "AcroForm"), NULL);
  if (eros_pdf_get (form, "Fields") != NULL)
    fields = eros_pdf_file_follow (self->file, self->last, eros_pdf_get (form, "Fields"), NULL);
  take_fields (self, fields, FALSE, 0);
  if (self->signatures->len == 0)
    g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_SIGNED, _ ("It is not signed."));
  return self->signatures->len > 0;
}

/**
 * eros_report_explain:
 * @file: a PDF that is no report of this program
 * @trust: (nullable): who is trusted
 * @error: return location for %EROS_REPORT_ERROR or an I/O error
 *
 * Checks each signature by itself, and says of each what is wrong with it, or whether the document was
 * changed after it, in its #ErosReportSignature.
 *
 * Returns: (transfer full) (element-type ErosReportSignature): the signatures; %NULL when there is none, or
 * the file cannot be read
 */
GPtrArray *
eros_report_explain (GFile *file, const ErosTrust *trust, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ErosPdfFile) pdf = NULL;
  g_autoptr (GPtrArray) signatures = NULL;
  Foreign self = { NULL };

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  bytes = eros_report_load (file, NULL, error);
  pdf = bytes != NULL ? eros_pdf_file_new (bytes, error) : NULL;
  if (pdf == NULL)
    return NULL;
  signatures = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_report_signature_free);
  self.file = pdf;
  self.trust = trust;
  self.signatures = signatures;
  return explain (&self, error) ? g_steal_pointer (&signatures) : NULL;
}
