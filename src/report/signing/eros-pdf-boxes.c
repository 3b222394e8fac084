/* eros-pdf-boxes.c: pages with boxes for signatures, added to a PDF before the first of them
 *
 * Later signers only fill in their field: neither the catalog nor a page changes any more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-pdf-boxes.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-pdf-stream.h"
#include "eros-pdf-update.h"

/* Another PDF's objects, whose numbers are moved behind those of the document. */
typedef struct
{
  ErosPdfFile *file;
  gint64 offset;
  gint64 first_page; /* the page of box 0, as it is numbered now */
  GArray *pages;     /* of gint64: numbers of the pages, in their order */
} Import;

static gboolean
fail (GError **error, const char *reason)
{
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_NOT_A_PDF, reason);
  return FALSE;
}

static void
shift (ErosPdfObject *object, gint64 offset)
{
  if (object->type == EROS_PDF_REFERENCE)
    object->integer += offset;
  for (guint i = 0; object->items != NULL && i < object->items->len; i++)
    shift (object->items->pdata[i], offset);
}

/* The pages of the drawing, which are few: all in one node. */
static gboolean
list_pages (Import *import, GError **error)
{
  const ErosPdfObject *root = eros_pdf_get (eros_pdf_file_get_revision (import->file, 0)->trailer, "Root");
  g_autoptr (ErosPdfObject) catalog = eros_pdf_file_follow (import->file, 0, root, error);
  g_autoptr (ErosPdfObject) pages =
    catalog != NULL ? eros_pdf_file_follow (import->file, 0, eros_pdf_get (catalog, "Pages"), error) : NULL;
  const ErosPdfObject *kids = eros_pdf_get (pages, "Kids");

  for (guint i = 0; i < eros_pdf_length (kids); i++)
    {
      const ErosPdfObject *kid = eros_pdf_item (kids, i);
      g_autoptr (ErosPdfObject) page = eros_pdf_file_follow (import->file, 0, kid, error);
      gint64 number;

      if (page == NULL || !eros_pdf_has_name (page, "Type", "Page"))
        return fail (error, _ ("the pages for signatures are not as expected"));
      number = kid->integer + import->offset;
      g_array_append_val (import->pages, number);
    }
  return import->pages->len > 0 || fail (error, _ ("the pages for signatures are not as expected"));
}

static gint64
page_number (Import *import, guint page)
{
  return g_array_index (import->pages, gint64, page);
}

/* The page without what is of the other document, in the tree of this one. */
static void
write_page (GString *body,
            Import *import,
            const ErosPdfObject *page,
            gint64 number,
            gint64 parent,
            gint64 widget,
            guint n_boxes)
{
  static const char *const omit[] = { "Parent", "Annots", "StructParents", NULL };

  g_string_append (body, "<< ");
  eros_pdf_write_members (body, page, omit);
  g_string_append_printf (body, "/Parent %" G_GINT64_FORMAT " 0 R\n/Annots [", parent);
  for (guint i = 0; i < n_boxes; i++)
    if (page_number (import, eros_signature_box_page (i)) == number)
      g_string_append_printf (body, " %" G_GINT64_FORMAT " 0 R", widget + i);
  g_string_append (body, " ] >>");
}

/* With a stream's bytes as they are. */
static gboolean
copy_object (Import *import, ErosPdfUpdate *update, gint64 number, ErosPdfObject *object, GError **error)
{
  GBytes *bytes = eros_pdf_file_get_bytes (import->file);
  gsize length = g_bytes_get_size (bytes), position = object->end, n = 0;
  const char *data = g_bytes_get_data (bytes, NULL);
  gboolean is_stream = eros_pdf_file_is_plain (import->file, 0, number) &&
                       object->type == EROS_PDF_DICTIONARY &&
                       eros_pdf_take (data, length, &position, "stream");
  static const char *const omit[] = { "Length", NULL };
  g_autoptr (GString) body = g_string_new (NULL);

  if (is_stream)
    {
      g_autoptr (ErosPdfObject) size =
        eros_pdf_file_follow (import->file, 0, eros_pdf_get (object, "Length"), error);
      const char *stream;

      position = object->end;
      stream = size != NULL ? eros_pdf_stream_find (data, length, &position, size->integer, &n, error) : NULL;
      if (stream == NULL)
        return FALSE;
      shift (object, import->offset);
      g_string_append (body, "<< ");
      eros_pdf_write_members (body, object, omit);
      eros_pdf_update_add_raw (update, number + import->offset, body->str, stream, n);
      return TRUE;
    }
  shift (object, import->offset);
  eros_pdf_write (body, object);
  eros_pdf_update_add (update, number + import->offset, body->str);
  return TRUE;
}

static gboolean
is_left_out (const ErosPdfObject *object)
{
  static const char *const types[] = { "Catalog", "Pages", "XRef", "ObjStm" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (eros_pdf_has_name (object, "Type", types[i]))
      return TRUE;
  return eros_pdf_get (object, "Producer") != NULL; /* what describes the other file */
}

static gboolean
import_objects (Import *import,
                ErosPdfUpdate *update,
                gint64 parent,
                gint64 widget,
                guint n_boxes,
                GError **error)
{
  for (gint64 number = 1; number < eros_pdf_file_get_size (import->file); number++)
    {
      g_autoptr (ErosPdfObject) object = NULL;

      if (eros_pdf_file_changed_in (import->file, 0, number) < 0)
        continue;
      object = eros_pdf_file_load (import->file, 0, number, error);
      if (object == NULL)
        return FALSE;
      if (is_left_out (object))
        continue;
      if (eros_pdf_has_name (object, "Type", "Page"))
        {
          g_autoptr (GString) body = g_string_new (NULL);

          shift (object, import->offset);
          write_page (body, import, object, number + import->offset, parent, widget, n_boxes);
          eros_pdf_update_add (update, number + import->offset, body->str);
        }
      else if (!copy_object (import, update, number, object, error))
        return FALSE;
    }
  return TRUE;
}

static void
add_field (ErosPdfUpdate *update, gint64 number, gint64 page, const ErosSignatureBox *box, guint i)
{
  g_autoptr (GString) body = g_string_new ("<< /Type /Annot /Subtype /Widget /FT /Sig /T ");
  int rect[4];

  eros_signature_box_place (i, rect);
  eros_pdf_write_text (body, box->name);
  g_string_append (body, " /TU ");
  eros_pdf_write_text (body, box->title);
  g_string_append_printf (body, " /P %" G_GINT64_FORMAT " 0 R /Rect [ %d %d %d %d ] /F 132 >>", page, rect[0],
                          rect[1], rect[2], rect[3]);
  eros_pdf_update_add (update, number, body->str);
}

/* The document's tree of pages with more behind it. */
static gboolean
update_pages (ErosPdfUpdate *update,
              ErosPdfDocument *document,
              const ErosPdfObject *pages,
              gint64 number,
              Import *import,
              GError **error)
{
  static const char *const omit[] = { "Kids", "Count", NULL };
  const ErosPdfObject *kids = eros_pdf_get_typed (pages, "Kids", EROS_PDF_ARRAY);
  g_autoptr (GString) body = g_string_new ("<< ");
  gint64 count;

  if (kids == NULL || !eros_pdf_get_integer (pages, "Count", &count))
    return fail (error, _ ("its tree of pages is broken"));
  eros_pdf_write_members (body, pages, omit);
  g_string_append (body, "/Kids [");
  for (guint i = 0; i < eros_pdf_length (kids); i++)
    {
      g_string_append_c (body, ' ');
      eros_pdf_write (body, eros_pdf_item (kids, i));
    }
  for (guint i = 0; i < import->pages->len; i++)
    g_string_append_printf (body, " %" G_GINT64_FORMAT " 0 R", page_number (import, i));
  g_string_append_printf (body, " ]\n/Count %" G_GINT64_FORMAT " >>", count + import->pages->len);
  eros_pdf_update_add (update, number, body->str);
  return TRUE;
}

static void
update_catalog (ErosPdfUpdate *update, ErosPdfDocument *document, gint64 widget, guint n_boxes)
{
  static const char *const omit[] = { "AcroForm", NULL };
  g_autoptr (GString) body = g_string_new ("<< ");

  eros_pdf_write_members (body, document->catalog, omit);
  g_string_append (body, "/AcroForm << /SigFlags 3 /Fields [");
  for (guint i = 0; i < n_boxes; i++)
    g_string_append_printf (body, " %" G_GINT64_FORMAT " 0 R", widget + i);
  g_string_append (body, " ] >> >>");
  eros_pdf_update_add (update, document->catalog_number, body->str);
}

static gboolean
page_size (const ErosPdfObject *box, double *width, double *height)
{
  double *sides[] = { width, height };

  for (guint i = 0; i < 2; i++)
    {
      const ErosPdfObject *side = eros_pdf_item (box, i + 2);

      if (side == NULL || (side->type != EROS_PDF_INTEGER && side->type != EROS_PDF_REAL))
        return FALSE;
      *sides[i] = side->type == EROS_PDF_REAL ? g_ascii_strtod (side->text, NULL) : (double) side->integer;
    }
  return TRUE;
}

static gboolean
write_revision (ErosPdfUpdate *update,
                ErosPdfDocument *document,
                Import *import,
                const ErosSignatureBox *boxes,
                guint n_boxes,
                GError **error)
{
  const ErosPdfObject *reference = eros_pdf_get_typed (document->catalog, "Pages", EROS_PDF_REFERENCE);
  g_autoptr (ErosPdfObject) pages =
    eros_pdf_file_follow (document->file, document->revision, reference, error);
  gint64 widget;

  if (pages == NULL || !list_pages (import, error))
    return FALSE;
  for (gint64 i = 1; i < eros_pdf_file_get_size (import->file); i++)
    eros_pdf_update_number (update);
  widget = eros_pdf_update_number (update);
  for (guint i = 1; i < n_boxes; i++)
    eros_pdf_update_number (update);
  if (!import_objects (import, update, reference->integer, widget, n_boxes, error) ||
      !update_pages (update, document, pages, reference->integer, import, error))
    return FALSE;
  for (guint i = 0; i < n_boxes; i++)
    add_field (update, widget + i, page_number (import, eros_signature_box_page (i)), &boxes[i], i);
  update_catalog (update, document, widget, n_boxes);
  return TRUE;
}

GBytes *
eros_pdf_add_boxes (GBytes *pdf, const ErosSignatureBox *boxes, guint n_boxes, GError **error)
{
  g_auto (ErosPdfDocument) document = { 0 };
  g_autoptr (ErosPdfUpdate) update = NULL;
  g_autoptr (ErosPdfObject) first = NULL;
  g_autoptr (GBytes) drawn = NULL;
  g_autoptr (ErosPdfFile) file = NULL;
  Import import = { 0 };
  double width = 595, height = 842;
  gboolean fine;

  if (!eros_pdf_document_open (&document, pdf, error))
    return NULL;
  if (eros_pdf_get (document.catalog, "AcroForm") != NULL)
    return fail (error, _ ("it has a form already")), NULL;
  first = eros_pdf_document_first_page (&document, error);
  if (first == NULL)
    return NULL;
  page_size (eros_pdf_get (first, "MediaBox"), &width, &height);
  /* The boxes stand where they fit on A4 and on Letter. */
  drawn = eros_signature_pages_draw (boxes, n_boxes, MAX (width, 595), MAX (height, 792), error);
  file = drawn != NULL ? eros_pdf_file_new (drawn, error) : NULL;
  if (file == NULL)
    return NULL;
  update = eros_pdf_update_new (document.file);
  import.file = file;
  import.offset = eros_pdf_file_get_size (document.file) - 1;
  import.pages = g_array_new (FALSE, FALSE, sizeof (gint64));
  fine = write_revision (update, &document, &import, boxes, n_boxes, error);
  g_array_unref (import.pages);
  return fine ? g_byte_array_free_to_bytes (eros_pdf_update_finish (update)) : NULL;
}

char *
eros_pdf_text_of (const ErosPdfObject *string)
{
  gsize length;
  const char *data;
  char *text = NULL;

  if (string == NULL || string->type != EROS_PDF_STRING)
    return NULL;
  data = g_bytes_get_data (string->bytes, &length);
  if (length >= 2 && (guchar) data[0] == 0xfe && (guchar) data[1] == 0xff)
    text = g_convert (data + 2, (gssize) length - 2, "UTF-8", "UTF-16BE", NULL, NULL, NULL);
  return text != NULL ? text : g_utf8_make_valid (data, (gssize) length);
}

static void
box_free (gpointer data)
{
  ErosPdfBox *box = data;

  g_free (box->name);
  g_free (box->title);
  g_free (box);
}

GPtrArray *
eros_pdf_list_boxes (GBytes *pdf, GError **error)
{
  g_auto (ErosPdfDocument) document = { 0 };
  g_autoptr (GPtrArray) boxes = g_ptr_array_new_with_free_func (box_free);
  g_autoptr (ErosPdfObject) form = NULL;
  const ErosPdfObject *fields;

  if (!eros_pdf_document_open (&document, pdf, error))
    return NULL;
  if (eros_pdf_get (document.catalog, "AcroForm") != NULL)
    form = eros_pdf_file_follow (document.file, document.revision,
                                 eros_pdf_get (document.catalog, "AcroForm"), NULL);
  fields = eros_pdf_get (form, "Fields");
  for (guint i = 0; i < eros_pdf_length (fields); i++)
    {
      g_autoptr (ErosPdfObject) field =
        eros_pdf_file_follow (document.file, document.revision, eros_pdf_item (fields, i), NULL);
      ErosPdfBox *box;

      if (!eros_pdf_has_name (field, "FT", "Sig") || eros_pdf_get (field, "TU") == NULL)
        continue;
      box = g_new0 (ErosPdfBox, 1);
      box->name = eros_pdf_text_of (eros_pdf_get (field, "T"));
      box->title = eros_pdf_text_of (eros_pdf_get (field, "TU"));
      box->is_signed = eros_pdf_get (field, "V") != NULL;
      g_ptr_array_add (boxes, box);
    }
  return g_steal_pointer (&boxes);
}
