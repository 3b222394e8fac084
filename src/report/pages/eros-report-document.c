/* eros-report-document.c: the laid out pages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-document-private.h"

#include <cairo-pdf.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-report-attachments.h"
#include "eros-report-content.h"
#include "eros-text.h"
#include "eros-time-text.h"

struct _ErosReportDocument
{
  GObject parent_instance;
  ErosReportState *state;
  ErosLayout *layout;
  GPtrArray *attachments; /* of ErosReportAttachment */
};

G_DEFINE_FINAL_TYPE (ErosReportDocument, eros_report_document, G_TYPE_OBJECT)

static void
eros_report_document_finalize (GObject *object)
{
  ErosReportDocument *self = EROS_REPORT_DOCUMENT (object);

  g_clear_pointer (&self->layout, eros_layout_free);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_clear_pointer (&self->state, eros_report_state_unref);
  G_OBJECT_CLASS (eros_report_document_parent_class)->finalize (object);
}

static void
eros_report_document_class_init (ErosReportDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_report_document_finalize;
}

static void
eros_report_document_init (ErosReportDocument *self)
{
}

/* Lays the report out; on any thread. */
ErosReportDocument *
eros_report_document_new_for_state (ErosReportState *state,
                                    ErosPaper paper,
                                    GCancellable *cancellable,
                                    GError **error)
{
  g_autoptr (ErosReportDocument) self = g_object_new (EROS_TYPE_REPORT_DOCUMENT, NULL);

  self->state = eros_report_state_ref (state);
  self->layout = eros_layout_new (paper);
  self->attachments = eros_report_pack_attachments (state, cancellable, error);
  if (self->attachments == NULL ||
      !eros_report_compose (state, self->attachments, self->layout, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
lay_out_in_thread (GTask *task, gpointer source, gpointer state, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  ErosReportDocument *self = eros_report_document_new_for_state (state, EROS_PAPER_A4, cancellable, &error);

  if (self == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, self, g_object_unref);
}

/**
 * eros_report_document_new_async:
 * @deployment: a deployment
 * @cancellable: (nullable): to stop early
 * @callback: called on the caller's main context
 * @user_data: for @callback
 *
 * Lays out the report of the deployment as it is now, in a thread of its own: what happens to the deployment
 * meanwhile is not in it.
 */
void
eros_report_document_new_async (ErosDeployment *deployment,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (EROS_IS_DEPLOYMENT (deployment));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, eros_report_document_new_async);
  g_task_set_task_data (task, eros_report_state_new (deployment), (GDestroyNotify) eros_report_state_unref);
  g_task_run_in_thread (task, lay_out_in_thread);
}

/**
 * eros_report_document_new_finish:
 * @result: what the callback was given
 * @error: return location for an error: only that it was cancelled
 *
 * Returns: (transfer full): the pages, or %NULL
 */
ErosReportDocument *
eros_report_document_new_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * eros_report_document_get_n_pages:
 * @self: a document
 *
 * Returns: how many pages it has, at least one
 */
guint
eros_report_document_get_n_pages (ErosReportDocument *self)
{
  g_return_val_if_fail (EROS_IS_REPORT_DOCUMENT (self), 0);

  return eros_layout_n_pages (self->layout);
}

/**
 * eros_report_document_get_page_size:
 * @self: a document
 * @width: (out): in points
 * @height: (out): in points
 *
 * Tells the size of every page.
 */
void
eros_report_document_get_page_size (ErosReportDocument *self, double *width, double *height)
{
  g_return_if_fail (EROS_IS_REPORT_DOCUMENT (self));

  eros_layout_get_page_size (self->layout, width, height);
}

/**
 * eros_report_document_draw_page:
 * @self: a document
 * @cr: where to draw, in points; the paper itself is not filled
 * @page: from 0
 *
 * Draws one page, as it is written into the PDF.
 */
void
eros_report_document_draw_page (ErosReportDocument *self, cairo_t *cr, guint page)
{
  g_return_if_fail (EROS_IS_REPORT_DOCUMENT (self));

  cairo_save (cr);
  eros_layout_draw_page (self->layout, cr, page, FALSE);
  cairo_restore (cr);
}

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

typedef struct
{
  cairo_surface_t *surface;
  int chapter; /* the outline entry that smaller headings go below */
} Outline;

static void
add_to_outline (const char *text, guint level, guint page, double y, gpointer user_data)
{
  Outline *outline = user_data;
  g_autofree char *place = g_strdup_printf ("page=%u pos=[0 %d]", page + 1, (int) y);
  g_autofree char *shown = eros_text_show_line (text);
  int parent = level == 1 ? CAIRO_PDF_OUTLINE_ROOT : outline->chapter;
  int entry =
    cairo_pdf_surface_add_outline (outline->surface, parent, shown, place, (cairo_pdf_outline_flags_t) 0);

  if (level == 1)
    outline->chapter = entry;
}

/* The time of the last event, not of today: the same record gives the same file. */
static void
set_metadata (ErosReportDocument *self, cairo_surface_t *surface)
{
  g_autofree char *created = eros_time_format (eros_report_state_last (self->state), EROS_TIME_ISO);
  /* Translators: the name of a deployment */
  g_autofree char *title = eros_text_format (_ ("Deployment report: %s"), self->state->name);
  g_autofree char *subject = eros_text_show_line (eros_runbook_get_title (self->state->runbook));
  g_autofree char *lead = eros_text_show_line (self->state->lead);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, subject);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_AUTHOR, lead);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Eros Deploy " EROS_VERSION);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
}

GPtrArray *
eros_report_document_get_attachments (ErosReportDocument *self)
{
  return self->attachments;
}

static cairo_surface_t *
new_surface (ErosReportDocument *self, GByteArray *bytes)
{
  double width, height;

  eros_layout_get_page_size (self->layout, &width, &height);
  return cairo_pdf_surface_create_for_stream (append_cb, bytes, width, height);
}

/* The pages as a PDF that is not signed; on the thread that has laid them out. */
GBytes *
eros_report_document_to_pdf (ErosReportDocument *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = new_surface (self, bytes);
  Outline outline = { surface, CAIRO_PDF_OUTLINE_ROOT };
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;
  gboolean cancelled = FALSE;

  set_metadata (self, surface);
  for (guint i = 0; i < eros_layout_n_pages (self->layout) && !cancelled; i++)
    {
      eros_layout_draw_page (self->layout, cr, i, TRUE);
      cairo_show_page (cr);
      cancelled = g_cancellable_set_error_if_cancelled (cancellable, error);
    }
  eros_layout_foreach_heading (self->layout, add_to_outline, &outline);
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (cancelled)
    return NULL;
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED, _ ("Could not lay out the report: %s"),
                   cairo_status_to_string (status));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
