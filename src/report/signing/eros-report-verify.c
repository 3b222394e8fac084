/* eros-report-verify.c: whether a report is what was signed, and nothing else
 *
 * Values are taken from parsed objects at their offsets, never from a search of the text. What is not known
 * to be harmless is refused: a missing or empty signature is a broken one, bytes behind the last signature
 * are a broken document, and after the first signature nothing may change but signatures.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-verify.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-cms.h"
#include "eros-pdf-boxes.h"
#include "eros-pdf-file.h"
#include "eros-pdf-signature.h"
#include "eros-pdf-stream.h"
#include "eros-signature-check.h"

#define MAX_FILE   (256 * 1024 * 1024)
#define MAX_FIELDS 64

typedef struct
{
  ErosPdfFile *file;
  guint last;
  ErosPdfObject *catalog;
  ErosPdfObject *fields;  /* the array */
  const ErosTrust *trust; /* (nullable) */
} Document;

typedef struct
{
  guint revision; /* that it covers */
  gint64 field;   /* its number */
  gint64 time;
  ErosReportSignature *signature;
} Verified;

static void
document_clear (Document *self)
{
  g_clear_pointer (&self->file, eros_pdf_file_free);
  g_clear_pointer (&self->catalog, eros_pdf_object_free);
  g_clear_pointer (&self->fields, eros_pdf_object_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static gboolean
bad (GError **error, const char *reason)
{
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_BAD_SIGNATURE, reason);
  return FALSE;
}

static void
verified_free (gpointer data)
{
  Verified *self = data;

  g_clear_pointer (&self->signature, eros_report_signature_free);
  g_free (self);
}

static gboolean
certifies (Document *document, const ErosPdfObject *dictionary, gint64 number)
{
  const ErosPdfObject *reference = eros_pdf_item (eros_pdf_get (dictionary, "Reference"), 0);
  const ErosPdfObject *permission =
    eros_pdf_get_typed (eros_pdf_get (document->catalog, "Perms"), "DocMDP", EROS_PDF_REFERENCE);
  gint64 level = 0;

  return permission != NULL && permission->integer == number &&
         eros_pdf_has_name (reference, "TransformMethod", "DocMDP") &&
         eros_pdf_get_integer (eros_pdf_get (reference, "TransformParams"), "P", &level) &&
         (level == 1 || level == 2);
}

static gboolean
has_right_type (const ErosPdfObject *dictionary)
{
  return eros_pdf_has_name (dictionary, "Type", "Sig") &&
         eros_pdf_has_name (dictionary, "Filter", "Adobe.PPKLite") &&
         eros_pdf_has_name (dictionary, "SubFilter", "ETSI.CAdES.detached");
}

static ErosReportSignature *
describe (Document *document,
          const ErosPdfObject *dictionary,
          gint64 number,
          const ErosCms *cms,
          gint64 time,
          GError **error)
{
  g_autoptr (ErosReportSignature) signature = g_new0 (ErosReportSignature, 1);

  if (!eros_signature_describe (signature, cms, time, document->trust, error))
    return NULL;
  signature->reason = eros_pdf_text_of (eros_pdf_get_typed (dictionary, "Reason", EROS_PDF_STRING));
  signature->certifies = certifies (document, dictionary, number);
  return g_steal_pointer (&signature);
}

static Verified *
verify_signature (Document *document, gint64 number, GError **error)
{
  g_autoptr (ErosPdfObject) dictionary = NULL;
  g_autoptr (ErosReportSignature) signature = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (ErosCms) cms = NULL;
  g_autoptr (GDateTime) time = NULL;
  Verified *verified;
  int revision;

  if (!eros_pdf_file_is_plain (document->file, document->last, number))
    return bad (error, _ ("it is hidden inside another object")), NULL;
  dictionary = eros_pdf_file_load (document->file, document->last, number, error);
  if (dictionary == NULL)
    return NULL;
  if (!has_right_type (dictionary))
    return bad (error, _ ("it is not a signature of this kind (PAdES)")), NULL;
  content = eros_signature_covered (document->file, dictionary, &revision, error);
  if (content == NULL)
    return NULL;
  if (eros_pdf_file_changed_in (document->file, document->last, number) != revision)
    return bad (error, _ ("it has been changed after it was made")), NULL;
  cms = eros_cms_verify (eros_pdf_get (dictionary, "Contents")->bytes, content, EROS_CMS_PADES, error);
  if (cms == NULL)
    return NULL;
  time = eros_signature_time (eros_pdf_get_typed (dictionary, "M", EROS_PDF_STRING));
  if (time == NULL)
    return bad (error, _ ("it does not say when it was made")), NULL;
  signature = describe (document, dictionary, number, cms, g_date_time_to_unix (time), error);
  if (signature == NULL)
    return NULL;

  verified = g_new0 (Verified, 1);
  verified->revision = (guint) revision;
  verified->time = g_date_time_to_unix (time);
  verified->signature = g_steal_pointer (&signature);
  verified->signature->revision = (guint) revision + 1;
  verified->signature->n_revisions = document->last + 1;
  return verified;
}

static gboolean
open_document (Document *self, GBytes *bytes, GError **error)
{
  const ErosPdfObject *root;
  g_autoptr (ErosPdfObject) form = NULL;

  self->file = eros_pdf_file_new (bytes, error);
  if (self->file == NULL)
    return FALSE;
  self->last = eros_pdf_file_n_revisions (self->file) - 1;
  root = eros_pdf_get_typed (eros_pdf_file_get_revision (self->file, self->last)->trailer, "Root",
                             EROS_PDF_REFERENCE);
  self->catalog = eros_pdf_file_follow (self->file, self->last, root, error);
  if (self->catalog == NULL)
    return FALSE;
  if (eros_pdf_get (self->catalog, "AcroForm") == NULL)
    return TRUE;
  form = eros_pdf_file_follow (self->file, self->last, eros_pdf_get (self->catalog, "AcroForm"), error);
  if (form == NULL)
    return FALSE;
  if (eros_pdf_get (form, "Fields") == NULL)
    return TRUE;
  self->fields = eros_pdf_file_follow (self->file, self->last, eros_pdf_get (form, "Fields"), error);
  return self->fields != NULL;
}

/* The signatures of all fields; a field that is still empty waits for its signer. */
static gboolean
verify_fields (Document *document, GPtrArray *verified, GError **error)
{
  if (eros_pdf_length (document->fields) > MAX_FIELDS)
    return bad (error, _ ("it has too many signatures"));
  for (guint i = 0; i < eros_pdf_length (document->fields); i++)
    {
      g_autoptr (ErosPdfObject) field =
        eros_pdf_file_follow (document->file, document->last, eros_pdf_item (document->fields, i), error);
      const ErosPdfObject *value = eros_pdf_get (field, "V");
      Verified *one;

      if (field == NULL)
        return FALSE;
      if (!eros_pdf_has_name (field, "FT", "Sig") || eros_pdf_get (field, "Kids") != NULL)
        return bad (error, _ ("it has a form field that is no signature"));
      if (value == NULL)
        continue;
      if (value->type != EROS_PDF_REFERENCE)
        return bad (error, _ ("a signature is missing from its field"));
      one = verify_signature (document, value->integer, error);
      if (one == NULL)
        {
          g_prefix_error (error, _ ("Signature %u: "), i + 1);
          return FALSE;
        }
      one->signature->box = eros_pdf_text_of (eros_pdf_get (field, "T"));
      one->signature->title = eros_pdf_text_of (eros_pdf_get (field, "TU"));
      one->field = eros_pdf_item (document->fields, i)->type == EROS_PDF_REFERENCE
                     ? eros_pdf_item (document->fields, i)->integer
                     : 0;
      g_ptr_array_add (verified, one);
    }
  return TRUE;
}

/* The operators of the stamp that a field shows; NULL: it shows none. */
static char *
stamp_of (Document *document, const Verified *verified, const ErosPdfObject *field)
{
  const ErosPdfObject *look = eros_pdf_get_typed (eros_pdf_get (field, "AP"), "N", EROS_PDF_REFERENCE);
  g_autoptr (ErosPdfObject) dictionary = NULL;
  gsize position, length = 0;
  gint64 n = -1;
  const char *text;

  if (look == NULL || !eros_pdf_file_is_plain (document->file, verified->revision, look->integer))
    return NULL;
  dictionary = eros_pdf_file_load (document->file, verified->revision, look->integer, NULL);
  if (!eros_pdf_get_integer (dictionary, "Length", &n))
    return NULL;
  position = dictionary->end;
  text = eros_pdf_stream_find (g_bytes_get_data (eros_pdf_file_get_bytes (document->file), NULL),
                               g_bytes_get_size (eros_pdf_file_get_bytes (document->file)), &position, n,
                               &length, NULL);
  return text != NULL && eros_pdf_stamp_is_plain (text, length) ? g_strndup (text, length) : NULL;
}

/* Whether nothing differs but the string of the signature. */
static gboolean
is_same (GByteArray *again, gsize contents, GBytes *revision)
{
  gsize length, after = contents + 2 * EROS_PDF_SIGNATURE_SIZE + 1;
  const guint8 *data = g_bytes_get_data (revision, &length);

  return length == again->len && memcmp (data, again->data, contents + 1) == 0 &&
         memcmp (data + after, again->data + after, length - after) == 0;
}

/* A revision that a signature is, is what this program would write for it, byte for byte: no reader can find
 * anything in it that stands elsewhere, or in another way, than where it is looked for here. */
static gboolean
is_of_its_form (Document *document, const Verified *verified, GError **error)
{
  const ErosPdfRevision *revision = eros_pdf_file_get_revision (document->file, verified->revision);
  g_autoptr (ErosPdfObject) field = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GByteArray) again = NULL;
  g_autofree char *stamp = NULL;
  ErosPdfSigning signing = { verified->signature->name, verified->signature->reason, verified->time, NULL,
                             NULL };
  gsize contents;

  if (verified->revision == 0 || signing.reason == NULL)
    return bad (error, _ ("A signature is not of the form in which this program writes it."));
  field = eros_pdf_file_load (document->file, verified->revision, verified->field, error);
  if (field == NULL)
    return FALSE;
  if (eros_pdf_file_changed_in (document->file, verified->revision - 1, verified->field) >= 0)
    {
      stamp = stamp_of (document, verified, field);
      signing.field = verified->signature->box;
      signing.stamp = stamp;
    }
  before = g_bytes_new_from_bytes (eros_pdf_file_get_bytes (document->file), 0, revision->start);
  whole = g_bytes_new_from_bytes (eros_pdf_file_get_bytes (document->file), 0, revision->end);
  again = eros_pdf_signature_write (before, &signing, &contents, error);
  if (again == NULL)
    return FALSE;
  return is_same (again, contents, whole) ||
         bad (error, _ ("Something other than a signature has been changed after it was signed."));
}

static int
compare_verified (gconstpointer a, gconstpointer b)
{
  const Verified *const *one = a;
  const Verified *const *other = b;

  return (*one)->revision < (*other)->revision ? -1 : (*one)->revision > (*other)->revision;
}

static gboolean
verify_document (Document *document, GPtrArray *verified, GError **error)
{
  Verified *first, *last;

  if (!verify_fields (document, verified, error))
    return FALSE;
  if (verified->len == 0)
    {
      g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_SIGNED, _ ("It is not signed."));
      return FALSE;
    }
  g_ptr_array_sort (verified, compare_verified);
  for (guint i = 1; i < verified->len; i++)
    {
      if (compare_verified (&g_ptr_array_index (verified, i - 1), &g_ptr_array_index (verified, i)) == 0)
        return bad (error, _ ("Two signatures claim the same revision."));
    }
  first = g_ptr_array_index (verified, 0);
  last = g_ptr_array_index (verified, verified->len - 1);
  if (last->revision != document->last)
    return bad (error, _ ("The document goes on after its last signature."));
  if (!first->signature->certifies)
    return bad (error, _ ("The first signature does not certify the document."));
  if (verified->len != document->last - first->revision + 1)
    return bad (error, _ ("Something other than a signature has been changed after it was signed."));
  for (guint i = 0; i < verified->len; i++)
    {
      if (!is_of_its_form (document, g_ptr_array_index (verified, i), error))
        return FALSE;
    }
  return eros_pdf_file_account (document->file, 0, error);
}

GBytes *
eros_report_load (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info =
    g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                       G_FILE_QUERY_INFO_NONE, cancellable, error);

  if (info == NULL)
    return NULL;
  /* Opening a pipe would wait for somebody who writes. */
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, _ ("It is not a file."));
      return NULL;
    }
  if (g_file_info_get_size (info) > MAX_FILE)
    {
      g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF,
                           _ ("It is too large for a report."));
      return NULL;
    }
  return g_file_load_bytes (file, cancellable, NULL, error);
}

/**
 * eros_report_verify:
 * @file: a PDF
 * @cancellable: (nullable): to stop early
 * @error: return location for %EROS_REPORT_ERROR or an I/O error
 *
 * Returns: (transfer full) (element-type ErosReportSignature): as eros_report_verify_with(), with nobody
 * trusted
 */
GPtrArray *
eros_report_verify (GFile *file, GCancellable *cancellable, GError **error)
{
  return eros_report_verify_with (file, NULL, cancellable, error);
}

/**
 * eros_report_verify_with:
 * @file: a PDF
 * @trust: (nullable): who is trusted; %NULL: nobody
 * @cancellable: (nullable): to stop early
 * @error: return location for %EROS_REPORT_ERROR or an I/O error
 *
 * Checks every signature strictly: what it covers, its digest, that it names its certificate, strength of key
 * and digest, that the certificate was valid at the stamped or else the claimed time, that the last one
 * covers the whole file, and that since the first one nothing has changed but signatures. That nobody vouches
 * for a certificate makes no signature wrong; it is said with each.
 *
 * Returns: (transfer full) (element-type ErosReportSignature): the signatures, oldest first; %NULL when there
 * is none or one is not valid
 */
GPtrArray *
eros_report_verify_with (GFile *file, const ErosTrust *trust, GCancellable *cancellable, GError **error)
{
  g_auto (Document) document = { 0 };
  g_autoptr (GPtrArray) verified = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  GPtrArray *signatures;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  name = g_file_get_parse_name (file);
  document.trust = trust;
  verified = g_ptr_array_new_with_free_func (verified_free);
  bytes = eros_report_load (file, cancellable, error);
  if (bytes == NULL || !open_document (&document, bytes, error) ||
      !verify_document (&document, verified, error))
    {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  signatures = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_report_signature_free);
  for (guint i = 0; i < verified->len; i++)
    {
      Verified *one = g_ptr_array_index (verified, i);

      g_ptr_array_add (signatures, g_steal_pointer (&one->signature));
    }
  return signatures;
}
