/* eros-pdf-sign.c: files attached to a PDF, and signatures on it
 *
 * ISO 32000-2, 7.11.4 (embedded files).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-sign.h"

#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-cms.h"
#include "eros-pdf-boxes.h"
#include "eros-pdf-signature.h"
#include "eros-pdf-update.h"
#include "eros-report-error.h"

static GBytes *
finish (ErosPdfUpdate *update)
{
  return g_byte_array_free_to_bytes (eros_pdf_update_finish (update));
}

/* The embedded file and what describes it. Returns the number of the latter. */
static gint64
attach (ErosPdfUpdate *update, const ErosPdfAttachment *attachment)
{
  gint64 stream = eros_pdf_update_number (update), specification = eros_pdf_update_number (update);
  g_autoptr (GString) members = g_string_new ("/Type /EmbeddedFile /Subtype /");
  g_autoptr (GString) body = g_string_new ("<< /Type /Filespec /F ");

  g_string_append (members, attachment->type);
  g_string_replace (members, "application/", "application#2F", 1);
  g_string_append_printf (members, " /Params << /Size %" G_GSIZE_FORMAT " /CheckSum <%s> >>",
                          attachment->size, attachment->md5);
  eros_pdf_update_add_stream (update, stream, members->str, attachment->packed);
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
write_names (GString *out, ErosPdfDocument *document, const char *embedded, GError **error)
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
  g_auto (ErosPdfDocument) document = { 0 };
  g_autoptr (ErosPdfUpdate) update = NULL;
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) associated = g_string_new (NULL);
  g_autoptr (GString) catalog = g_string_new ("<< ");

  if (!eros_pdf_document_open (&document, pdf, error))
    return NULL;
  update = eros_pdf_update_new (document.file);
  for (guint i = 0; i < n_attachments; i++)
    {
      gint64 number = attach (update, &attachments[i]);

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

/* Takes over SIGNATURE. Where the authority cannot be had the time is the signer's own word. */
static GBytes *
stamp (ErosSigner *signer, GBytes *signature)
{
  g_autoptr (GError) problem = NULL;
  GBytes *stamped;

  eros_signer_set_remark (signer, NULL);
  if (signature == NULL || eros_signer_get_time_authority (signer) == NULL)
    return signature;
  stamped = eros_cms_stamp (signature, eros_signer_get_time_authority (signer), NULL, &problem);
  if (stamped == NULL)
    {
      eros_signer_set_remark (signer, problem->message);
      return signature;
    }
  g_bytes_unref (signature);
  return stamped;
}

/* Signs everything but the string at CONTENTS, and puts the signature there. */
static gboolean
fill (GByteArray *file, ErosSigner *signer, gsize contents, GError **error)
{
  gsize after = contents + 2 * EROS_PDF_SIGNATURE_SIZE + 2;
  g_autoptr (GByteArray) covered = g_byte_array_sized_new (file->len);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) signature = NULL;
  const guint8 *der;
  gsize length;

  g_byte_array_append (covered, file->data, (guint) contents);
  g_byte_array_append (covered, file->data + after, (guint) (file->len - after));
  content = g_byte_array_free_to_bytes (g_steal_pointer (&covered));
  signature = stamp (signer, eros_cms_sign (signer, content, error));
  if (signature == NULL)
    return FALSE;
  der = g_bytes_get_data (signature, &length);
  if (length > EROS_PDF_SIGNATURE_SIZE)
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
  return eros_pdf_sign_box (pdf, signer, NULL, reason, time, error);
}

/* The title of the box; NULL with an error when there is none. */
static char *
title_of (GBytes *pdf, const char *name, GError **error)
{
  g_autoptr (GPtrArray) boxes = eros_pdf_list_boxes (pdf, error);

  for (guint i = 0; boxes != NULL && i < boxes->len; i++)
    {
      ErosPdfBox *box = boxes->pdata[i];

      if (g_strcmp0 (box->name, name) == 0)
        return g_strdup (box->title);
    }
  if (boxes != NULL)
    g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED, _ ("There is no box “%s” to sign in."),
                 name);
  return NULL;
}

GBytes *
eros_pdf_sign_box (GBytes *pdf,
                   ErosSigner *signer,
                   const char *box,
                   const char *reason,
                   gint64 time,
                   GError **error)
{
  ErosPdfSigning signing = { eros_signer_get_name (signer), reason, time, box, NULL };
  g_autofree char *title = box != NULL ? title_of (pdf, box, error) : NULL;
  g_autofree char *stamp = NULL;
  g_autoptr (GByteArray) file = NULL;
  gsize contents;

  if (box != NULL && title == NULL)
    return NULL;
  if (box != NULL)
    signing.stamp = stamp = eros_signature_stamp_draw (signing.name, title, reason, time);
  file = eros_pdf_signature_write (pdf, &signing, &contents, error);
  if (file == NULL || !fill (file, signer, contents, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}
