/* eros-pdf-sign.c: files attached to a PDF, and signatures on it
 *
 * ISO 32000-2, 12.8 (signatures), 12.8.2.2 (DocMDP), 7.11.4 (embedded files); ETSI EN 319 142-1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-sign.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-cms.h"
#include "eros-pdf-update.h"
#include "eros-report-error.h"

/* Room for a chain, a time stamp and revocation data; the bare signature takes 2 KiB. */
#define MAX_SIGNATURE 16384

/* The document's last state, as an update needs it. */
typedef struct
{
  ErosPdfFile *file;
  guint revision;
  gint64 catalog_number;
  ErosPdfObject *catalog;
} Document;

static void
document_clear (Document *self)
{
  g_clear_pointer (&self->file, eros_pdf_file_free);
  g_clear_pointer (&self->catalog, eros_pdf_object_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static gboolean
document_open (Document *self, GBytes *pdf, GError **error)
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

static GBytes *
finish (ErosPdfUpdate *update)
{
  return g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
}

/* The embedded file and what describes it. Returns the number of the latter, 0 on failure. */
static gint64
attach (ErosPdfUpdate *update, const ErosPdfAttachment *attachment, GError **error)
{
  gint64 stream = eros_pdf_update_number (update), specification = eros_pdf_update_number (update);
  g_autofree char *checksum = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, attachment->content);
  g_autoptr (GString) members = g_string_new ("/Type /EmbeddedFile /Subtype /");
  g_autoptr (GString) body = g_string_new ("<< /Type /Filespec /F ");

  g_string_append (members, attachment->type);
  g_string_replace (members, "application/", "application#2F", 1);
  g_string_append_printf (members, " /Params << /Size %" G_GSIZE_FORMAT " /CheckSum <%s> >>",
                          g_bytes_get_size (attachment->content), checksum);
  if (!eros_pdf_update_add_stream (update, stream, members->str, attachment->content, error))
    return 0;
  eros_pdf_write_text (body, attachment->name);
  g_string_append (body, " /UF ");
  eros_pdf_write_text (body, attachment->name);
  g_string_append (body, " /Desc ");
  eros_pdf_write_text (body, attachment->description);
  g_string_append_printf (body, " /AFRelationship /%s /EF << /F %" G_GINT64_FORMAT " 0 R >> >>",
                          attachment->relationship, stream);
  eros_pdf_update_add (update, specification, body->str);
  return specification;
}

/* The catalog's name dictionary with the attachments in place of those it had. */
static gboolean
write_names (GString *out, Document *document, const char *embedded, GError **error)
{
  static const char *const omit[] = { "EmbeddedFiles", NULL };
  const ErosPdfObject *names = eros_pdf_get (document->catalog, "Names");
  g_autoptr (ErosPdfObject) old = NULL;

  g_string_append (out, "/Names << ");
  if (names != NULL)
    {
      old = eros_pdf_file_follow (document->file, document->revision, names, error);
      if (old == NULL)
        return FALSE;
      if (old->type == EROS_PDF_DICTIONARY)
        eros_pdf_write_members (out, old, omit);
    }
  g_string_append_printf (out, "/EmbeddedFiles << /Names [%s ] >> >>\n", embedded);
  return TRUE;
}

GBytes *
eros_pdf_attach (GBytes *pdf,
                 const ErosPdfAttachment *attachments,
                 guint n_attachments,
                 const char *language,
                 GError **error)
{
  static const char *const omit[] = { "Names", "AF", "Lang", "MarkInfo", "ViewerPreferences", NULL };
  g_auto (Document) document = { 0 };
  g_autoptr (ErosPdfUpdate) update = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) associated = g_string_new (NULL);
  g_autoptr (GString) catalog = g_string_new ("<< ");

  if (!document_open (&document, pdf, error))
    return NULL;
  update = eros_pdf_update_new (document.file);
  for (guint i = 0; i < n_attachments; i++)
    {
      gint64 number = attach (update, &attachments[i], error);

      if (number == 0)
        return NULL;
      g_string_append_c (names, ' ');
      eros_pdf_write_text (names, attachments[i].name);
      g_string_append_printf (names, " %" G_GINT64_FORMAT " 0 R", number);
      g_string_append_printf (associated, " %" G_GINT64_FORMAT " 0 R", number);
    }
  eros_pdf_write_members (catalog, document.catalog, omit);
  if (!write_names (catalog, &document, names->str, error))
    return NULL;
  g_string_append_printf (
    catalog,
    "/AF [%s ]\n/MarkInfo << /Marked true >>\n/ViewerPreferences << /DisplayDocTitle true >>\n/Lang ",
    associated->str);
  eros_pdf_write_text (catalog, language);
  g_string_append (catalog, " >>");
  eros_pdf_update_add (update, document.catalog_number, catalog->str);
  return finish (update);
}

/* The first page and its number. */
static ErosPdfObject *
load_first_page (Document *document, gint64 *number, GError **error)
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

/* An array's items without its brackets; the array may be an object of its own, or absent. */
static gboolean
write_items (GString *out, Document *document, const ErosPdfObject *array, guint *n, GError **error)
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
update_page (ErosPdfUpdate *update, Document *document, gint64 *page_number, gint64 widget, GError **error)
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

/* Also tells how many fields there were, and whether somebody has certified the document before. */
static gboolean
update_catalog (ErosPdfUpdate *update,
                Document *document,
                gint64 widget,
                gint64 signature,
                guint *n_fields,
                gboolean *certifies,
                GError **error)
{
  static const char *const omit[] = { "AcroForm", NULL };
  g_autoptr (ErosPdfObject) form = NULL;
  g_autoptr (GString) body = g_string_new ("<< ");

  if (eros_pdf_get (document->catalog, "AcroForm") != NULL)
    {
      form = eros_pdf_file_follow (document->file, document->revision,
                                   eros_pdf_get (document->catalog, "AcroForm"), error);
      if (form == NULL)
        return FALSE;
    }
  eros_pdf_write_members (body, document->catalog, omit);
  g_string_append (body, "/AcroForm << /SigFlags 3 /Fields [");
  if (!write_items (body, document, eros_pdf_get (form, "Fields"), n_fields, error))
    return FALSE;
  g_string_append_printf (body, " %" G_GINT64_FORMAT " 0 R ] >>\n", widget);
  *certifies = *n_fields == 0 && eros_pdf_get (document->catalog, "Perms") == NULL;
  if (*certifies)
    g_string_append_printf (body, "/Perms << /DocMDP %" G_GINT64_FORMAT " 0 R >>\n", signature);
  g_string_append (body, ">>");
  eros_pdf_update_add (update, document->catalog_number, body->str);
  return TRUE;
}

/* The signature dictionary, with room for what is known only when the file is whole. Returns where it begins.
 */
static gsize
add_signature (ErosPdfUpdate *update,
               gint64 number,
               ErosSigner *signer,
               const char *reason,
               gint64 time,
               gboolean certifies,
               gsize *range,
               gsize *contents)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (time);
  g_autofree char *date = g_date_time_format (when, "(D:%Y%m%d%H%M%SZ)");
  g_autofree char *zeros = g_strnfill (2 * MAX_SIGNATURE, '0');
  g_autoptr (GString) body =
    g_string_new ("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/M ");
  gsize offset;

  g_string_append_printf (body, "%s\n/Name ", date);
  eros_pdf_write_text (body, eros_signer_get_name (signer));
  g_string_append (body, "\n/Reason ");
  eros_pdf_write_text (body, reason);
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
  return offset;
}

/* Fills in the byte range, signs what it covers, and fills in the signature. */
static gboolean
fill (GByteArray *file, ErosSigner *signer, gsize range, gsize contents, GError **error)
{
  gsize after = contents + 2 * MAX_SIGNATURE + 2;
  g_autofree char *text =
    g_strdup_printf ("[ 0 %10" G_GSIZE_FORMAT " %10" G_GSIZE_FORMAT " %10" G_GSIZE_FORMAT " ]", contents,
                     after, file->len - after);
  g_autoptr (GByteArray) covered = g_byte_array_sized_new (file->len);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) signature = NULL;
  const guint8 *der;
  gsize length;

  memcpy (file->data + range, text, strlen (text));
  g_byte_array_append (covered, file->data, (guint) contents);
  g_byte_array_append (covered, file->data + after, (guint) (file->len - after));
  content = g_byte_array_free_to_bytes (g_steal_pointer (&covered));
  signature = eros_cms_sign (signer, content, error);
  if (signature == NULL)
    return FALSE;
  der = g_bytes_get_data (signature, &length);
  if (length > MAX_SIGNATURE)
    {
      g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                           _ ("Could not sign the report: the certificate chain is too long."));
      return FALSE;
    }
  for (gsize i = 0; i < length; i++)
    {
      static const char digits[] = "0123456789abcdef";

      file->data[contents + 1 + 2 * i] = (guint8) digits[der[i] >> 4];
      file->data[contents + 2 + 2 * i] = (guint8) digits[der[i] & 15];
    }
  return TRUE;
}

GBytes *
eros_pdf_sign (GBytes *pdf, ErosSigner *signer, const char *reason, gint64 time, GError **error)
{
  g_auto (Document) document = { 0 };
  g_autoptr (ErosPdfUpdate) update = NULL;
  g_autoptr (GByteArray) file = NULL;
  g_autofree char *body = NULL;
  gint64 signature, widget, page;
  gsize range, contents;
  gboolean certifies;
  guint n_fields;

  if (!document_open (&document, pdf, error))
    return NULL;
  update = eros_pdf_update_new (document.file);
  signature = eros_pdf_update_number (update);
  widget = eros_pdf_update_number (update);
  if (!update_page (update, &document, &page, widget, error) ||
      !update_catalog (update, &document, widget, signature, &n_fields, &certifies, error))
    return NULL;
  body = g_strdup_printf ("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature%u) /V %" G_GINT64_FORMAT
                          " 0 R /P %" G_GINT64_FORMAT " 0 R /Rect [ 0 0 0 0 ] /F 132 >>",
                          n_fields + 1, signature, page);
  eros_pdf_update_add (update, widget, body);
  add_signature (update, signature, signer, reason, time, certifies, &range, &contents);
  file = eros_pdf_update_finish (update);
  if (!fill (file, signer, range, contents, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}
