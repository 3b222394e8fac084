/* eros-pdf-signature.c: the revision of a PDF that a signature is, but for the signature's own value
 *
 * ISO 32000-2, 12.8 (signatures), 12.8.2.2 (DocMDP); ETSI EN 319 142-1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-signature.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-pdf-update.h"
#include "eros-report-error.h"
#include "eros-time-text.h"

void
eros_pdf_document_clear (ErosPdfDocument *self)
{
  g_clear_pointer (&self->file, eros_pdf_file_free);
  g_clear_pointer (&self->catalog, eros_pdf_object_free);
}

/* The file's last revision and its catalog. */
gboolean
eros_pdf_document_open (ErosPdfDocument *self, GBytes *pdf, GError **error)
{
  const ErosPdfObject *root;

  self->file = eros_pdf_file_new (pdf, error);
  if (self->file == NULL)
    return FALSE;
  self->revision = eros_pdf_file_n_revisions (self->file) - 1;
  root = eros_pdf_get_typed (eros_pdf_file_get_revision (self->file, self->revision)->trailer, "Root",
                             EROS_PDF_REFERENCE);
  self->catalog_number = root != NULL ? root->integer : 0;
  self->catalog = eros_pdf_file_follow (self->file, self->revision, root, error);
  if (self->catalog == NULL)
    return FALSE;
  if (!eros_pdf_has_name (self->catalog, "Type", "Catalog"))
    {
      g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, _ ("it has no catalog"));
      return FALSE;
    }
  return TRUE;
}

/* The first page and its number. */
static ErosPdfObject *
load_first_page (ErosPdfDocument *document, gint64 *number, GError **error)
{
  const ErosPdfObject *pages = eros_pdf_get_typed (document->catalog, "Pages", EROS_PDF_REFERENCE);
  g_autoptr (ErosPdfObject) node = NULL;

  *number = pages != NULL ? pages->integer : 0;
  for (guint depth = 0; depth < 32; depth++)
    {
      const ErosPdfObject *kid;
      g_autoptr (ErosPdfObject) parent = g_steal_pointer (&node);

      if (parent == NULL)
        node = eros_pdf_file_follow (document->file, document->revision, pages, error);
      else
        {
          kid = eros_pdf_item (eros_pdf_get (parent, "Kids"), 0);
          node = eros_pdf_file_follow (document->file, document->revision, kid, error);
          *number = kid != NULL && kid->type == EROS_PDF_REFERENCE ? kid->integer : 0;
        }
      if (node == NULL)
        return NULL;
      if (eros_pdf_has_name (node, "Type", "Page") && *number > 0)
        return g_steal_pointer (&node);
    }
  g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, _ ("it has no page"));
  return NULL;
}

ErosPdfObject *
eros_pdf_document_first_page (ErosPdfDocument *self, GError **error)
{
  gint64 number;

  return load_first_page (self, &number, error);
}

/* An array's items without its brackets; the array may be an object of its own, or absent. */
static gboolean
write_items (GString *out, ErosPdfDocument *document, const ErosPdfObject *array, guint *n, GError **error)
{
  g_autoptr (ErosPdfObject) followed = NULL;

  *n = 0;
  if (array == NULL)
    return TRUE;
  followed = eros_pdf_file_follow (document->file, document->revision, array, error);
  if (followed == NULL)
    return FALSE;
  *n = eros_pdf_length (followed);
  for (guint i = 0; i < *n; i++)
    {
      g_string_append_c (out, ' ');
      eros_pdf_write (out, eros_pdf_item (followed, i));
    }
  return TRUE;
}

static gboolean
update_page (ErosPdfUpdate *update,
             ErosPdfDocument *document,
             gint64 *page_number,
             gint64 widget,
             GError **error)
{
  static const char *const omit[] = { "Annots", NULL };
  g_autoptr (ErosPdfObject) page = load_first_page (document, page_number, error);
  g_autoptr (GString) body = g_string_new ("<< ");
  guint n;

  if (page == NULL)
    return FALSE;
  eros_pdf_write_members (body, page, omit);
  g_string_append (body, "/Annots [");
  if (!write_items (body, document, eros_pdf_get (page, "Annots"), &n, error))
    return FALSE;
  g_string_append_printf (body, " %" G_GINT64_FORMAT " 0 R ] >>", widget);
  eros_pdf_update_add (update, *page_number, body->str);
  return TRUE;
}

/* The form with the new field WIDGET, and whom the document is certified by. */
static gboolean
update_catalog (ErosPdfUpdate *update,
                ErosPdfDocument *document,
                gint64 widget,
                gint64 certification,
                const ErosPdfObject *form,
                GError **error)
{
  static const char *const omit[] = { "AcroForm", NULL };
  g_autoptr (GString) body = g_string_new ("<< ");
  guint n;

  eros_pdf_write_members (body, document->catalog, widget > 0 ? omit : NULL);
  if (widget > 0)
    {
      g_string_append (body, "/AcroForm << /SigFlags 3 /Fields [");
      if (!write_items (body, document, eros_pdf_get (form, "Fields"), &n, error))
        return FALSE;
      g_string_append_printf (body, " %" G_GINT64_FORMAT " 0 R ] >>\n", widget);
    }
  if (certification > 0)
    g_string_append_printf (body, "/Perms << /DocMDP %" G_GINT64_FORMAT " 0 R >>\n", certification);
  g_string_append (body, ">>");
  eros_pdf_update_add (update, document->catalog_number, body->str);
  return TRUE;
}

/* The signature dictionary, with room for what is known only when the file is whole. */
static void
add_signature (ErosPdfUpdate *update,
               gint64 number,
               const ErosPdfSigning *signing,
               gboolean certifies,
               gsize *range,
               gsize *contents)
{
  g_autofree char *date = eros_time_format (signing->time * G_USEC_PER_SEC, "(D:%Y%m%d%H%M%SZ)");
  g_autofree char *zeros = g_strnfill (2 * EROS_PDF_SIGNATURE_SIZE, '0');
  g_autoptr (GString) body =
    g_string_new ("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/M ");
  gsize offset;

  g_string_append_printf (body, "%s\n/Name ", date);
  eros_pdf_write_text (body, signing->name);
  g_string_append (body, "\n/Reason ");
  eros_pdf_write_text (body, signing->reason);
  if (certifies)
    g_string_append (body, "\n/Reference [ << /Type /SigRef /TransformMethod /DocMDP"
                           " /TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >> ]");
  g_string_append (body, "\n/ByteRange ");
  *range = body->len;
  g_string_append_printf (body, "[ 0 %10d %10d %10d ]\n/Contents ", 0, 0, 0);
  *contents = body->len;
  g_string_append_printf (body, "<%s> >>", zeros);
  offset = eros_pdf_update_add (update, number, body->str);
  *range += offset;
  *contents += offset;
}

/* What the box shows: its own dictionary has no resources, so that it can draw lines and areas, and nothing
 * that stands elsewhere. */
static gint64
add_stamp (ErosPdfUpdate *update, const ErosPdfObject *field, const char *stamp, GError **error)
{
  const ErosPdfObject *rect = eros_pdf_get_typed (field, "Rect", EROS_PDF_ARRAY);
  g_autoptr (GString) body = g_string_new ("<< /Type /XObject /Subtype /Form /BBox [ 0 0");
  gint64 number = eros_pdf_update_number (update);
  gint64 corners[4];

  for (guint i = 0; i < 4; i++)
    {
      const ErosPdfObject *corner = eros_pdf_item (rect, i);

      if (corner == NULL || corner->type != EROS_PDF_INTEGER)
        {
          g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF,
                               _ ("its signature box has no place"));
          return 0;
        }
      corners[i] = corner->integer;
    }
  g_string_append_printf (body,
                          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " ] /Resources << >> /Length %" G_GSIZE_FORMAT " >>\nstream\n%s\nendstream",
                          corners[2] - corners[0], corners[3] - corners[1], strlen (stamp), stamp);
  eros_pdf_update_add (update, number, body->str);
  return number;
}

static gboolean
is_called (const ErosPdfObject *field, const char *name)
{
  const ErosPdfObject *title = eros_pdf_get_typed (field, "T", EROS_PDF_STRING);

  return title != NULL && g_bytes_get_size (title->bytes) == strlen (name) &&
         memcmp (g_bytes_get_data (title->bytes, NULL), name, strlen (name)) == 0;
}

/* The reserved field that is called NAME and is still empty. */
static ErosPdfObject *
find_field (ErosPdfDocument *document,
            const ErosPdfObject *form,
            const char *name,
            gint64 *number,
            GError **error)
{
  const ErosPdfObject *fields = eros_pdf_get_typed (form, "Fields", EROS_PDF_ARRAY);

  for (guint i = 0; i < eros_pdf_length (fields); i++)
    {
      const ErosPdfObject *item = eros_pdf_item (fields, i);
      g_autoptr (ErosPdfObject) field =
        item->type == EROS_PDF_REFERENCE
          ? eros_pdf_file_load (document->file, document->revision, item->integer, NULL)
          : NULL;

      if (field == NULL || !eros_pdf_has_name (field, "FT", "Sig") || !is_called (field, name))
        continue;
      if (eros_pdf_get (field, "V") != NULL)
        {
          g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                       _ ("The box “%s” is signed already."), name);
          return NULL;
        }
      *number = item->integer;
      return g_steal_pointer (&field);
    }
  g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED, _ ("There is no box “%s” to sign in."),
               name);
  return NULL;
}

static gboolean
fill_field (ErosPdfUpdate *update,
            ErosPdfDocument *document,
            const ErosPdfSigning *signing,
            const ErosPdfObject *form,
            gint64 signature,
            GError **error)
{
  static const char *const omit[] = { "AP", NULL };
  g_autoptr (GString) body = g_string_new ("<< ");
  gint64 number, stamp;
  g_autoptr (ErosPdfObject) field = find_field (document, form, signing->field, &number, error);

  if (field == NULL)
    return FALSE;
  eros_pdf_write_members (body, field, omit);
  if (signing->stamp != NULL)
    {
      stamp = add_stamp (update, field, signing->stamp, error);
      if (stamp == 0)
        return FALSE;
      g_string_append_printf (body, "/AP << /N %" G_GINT64_FORMAT " 0 R >>\n", stamp);
    }
  g_string_append_printf (body, "/V %" G_GINT64_FORMAT " 0 R >>", signature);
  eros_pdf_update_add (update, number, body->str);
  return TRUE;
}

static gboolean
is_signed (ErosPdfDocument *document, const ErosPdfObject *form)
{
  const ErosPdfObject *fields = eros_pdf_get (form, "Fields");

  for (guint i = 0; i < eros_pdf_length (fields); i++)
    {
      g_autoptr (ErosPdfObject) field =
        eros_pdf_file_follow (document->file, document->revision, eros_pdf_item (fields, i), NULL);

      if (field == NULL || eros_pdf_get (field, "V") != NULL)
        return TRUE;
    }
  return eros_pdf_get (document->catalog, "Perms") != NULL;
}

/* A field of its own, on the first page, that does not show. */
static gboolean
add_field (ErosPdfUpdate *update,
           ErosPdfDocument *document,
           const ErosPdfObject *form,
           gint64 signature,
           gboolean certifies,
           GError **error)
{
  gint64 widget = eros_pdf_update_number (update), page;
  g_autofree char *body = NULL;

  if (!update_page (update, document, &page, widget, error) ||
      !update_catalog (update, document, widget, certifies ? signature : 0, form, error))
    return FALSE;
  body = g_strdup_printf ("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature%u) /V %" G_GINT64_FORMAT
                          " 0 R /P %" G_GINT64_FORMAT " 0 R /Rect [ 0 0 0 0 ] /F 132 >>",
                          eros_pdf_length (eros_pdf_get (form, "Fields")) + 1, signature, page);
  eros_pdf_update_add (update, widget, body);
  return TRUE;
}

static gboolean
write_objects (ErosPdfUpdate *update,
               ErosPdfDocument *document,
               const ErosPdfSigning *signing,
               gint64 signature,
               gboolean *certifies,
               GError **error)
{
  g_autoptr (ErosPdfObject) form = NULL;

  if (eros_pdf_get (document->catalog, "AcroForm") != NULL)
    {
      form = eros_pdf_file_follow (document->file, document->revision,
                                   eros_pdf_get (document->catalog, "AcroForm"), error);
      if (form == NULL)
        return FALSE;
    }
  *certifies = !is_signed (document, form);
  if (signing->field == NULL)
    return add_field (update, document, form, signature, *certifies, error);
  return fill_field (update, document, signing, form, signature, error) &&
         (!*certifies || update_catalog (update, document, 0, signature, form, error));
}

GByteArray *
eros_pdf_signature_write (GBytes *pdf, const ErosPdfSigning *signing, gsize *contents, GError **error)
{
  g_auto (ErosPdfDocument) document = { 0 };
  g_autoptr (ErosPdfUpdate) update = NULL;
  g_autofree char *text = NULL;
  GByteArray *file;
  gsize range, after;
  gboolean certifies;
  gint64 signature;

  if (!eros_pdf_document_open (&document, pdf, error))
    return NULL;
  update = eros_pdf_update_new (document.file);
  signature = eros_pdf_update_number (update);
  if (!write_objects (update, &document, signing, signature, &certifies, error))
    return NULL;
  add_signature (update, signature, signing, certifies, &range, contents);
  file = eros_pdf_update_finish (update);
  after = *contents + 2 * EROS_PDF_SIGNATURE_SIZE + 2;
  text = g_strdup_printf ("[ 0 %10" G_GSIZE_FORMAT " %10" G_GSIZE_FORMAT " %10" G_GSIZE_FORMAT " ]",
                          *contents, after, file->len - after);
  memcpy (file->data + range, text, strlen (text));
  return file;
}

gboolean
eros_pdf_stamp_is_plain (const char *stamp, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      gboolean is_alone = i + 1 == length || stamp[i + 1] == ' ' || stamp[i + 1] == '\n';

      if (stamp[i] == '\0' || strchr ("0123456789.- \n", stamp[i]) != NULL)
        {
          if (stamp[i] == '\0')
            return FALSE;
        }
      else if (strchr ("mlchf", stamp[i]) == NULL || !is_alone)
        return FALSE;
    }
  return TRUE;
}
