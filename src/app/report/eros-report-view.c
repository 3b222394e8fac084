/* eros-report-view.c: the report's pages as they would be printed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-report-view.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-report.h"

struct _ErosReportView
{
  AdwBin parent_instance;

  ErosDeployment *deployment;
  ErosReportDocument *document; /* (nullable): not laid out yet */
  char *head;                   /* the journal's head that the document shows */
  GCancellable *cancellable;
  double scale; /* pixels a point */

  GtkStack *stack;
  AdwStatusPage *failed;
  GtkLabel *caption;
  GtkListView *pages;
};

G_DEFINE_FINAL_TYPE (ErosReportView, eros_report_view, ADW_TYPE_BIN)

static void
draw_page (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  ErosReportView *self = user_data;
  guint page = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (area), "page"));

  if (self->document == NULL || page >= eros_report_document_get_n_pages (self->document))
    return;
  /* Paper is white, also at night. */
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, self->scale, self->scale);
  cairo_set_source_rgb (cr, 0, 0, 0);
  eros_report_document_draw_page (self->document, cr, page);
}

static void
set_up_page (GtkListItemFactory *factory, GtkListItem *item, ErosReportView *self)
{
  GtkWidget *area = gtk_drawing_area_new ();

  gtk_widget_set_halign (area, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_bottom (area, 18);
  gtk_widget_add_css_class (area, "card");
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_page, self, NULL);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, area);
}

static void
bind_page (GtkListItemFactory *factory, GtkListItem *item, ErosReportView *self)
{
  GtkWidget *area = gtk_list_item_get_child (item);
  guint page = gtk_list_item_get_position (item);
  g_autofree char *name =
    g_strdup_printf (_ ("Page %u of %u"), page + 1, eros_report_view_get_n_pages (self));
  double width, height;

  eros_report_document_get_page_size (self->document, &width, &height);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), width * self->scale);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area), height * self->scale);
  g_object_set_data (G_OBJECT (area), "page", GUINT_TO_POINTER (page));
  eros_accessible_set_name (area, name);
  /* The row around it is what the keyboard moves through. */
  eros_accessible_set_name (gtk_widget_get_parent (area), name);
  gtk_widget_queue_draw (area);
}

static void
show_pages (ErosReportView *self)
{
  guint n = eros_report_document_get_n_pages (self->document);
  g_autoptr (GtkStringList) numbers = gtk_string_list_new (NULL);
  g_autofree char *caption = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%u page, as it will be exported", "%u pages, as they will be exported", n),
    n);
  GtkSelectionModel *model;

  for (guint i = 0; i < n; i++)
    gtk_string_list_take (numbers, g_strdup_printf ("%u", i + 1));
  model = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&numbers))));
  gtk_list_view_set_model (self->pages, model);
  g_object_unref (model);
  gtk_label_set_text (self->caption, caption);
  gtk_stack_set_visible_child_name (self->stack, "pages");
}

static void
laid_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosReportView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosReportDocument) document = eros_report_document_new_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (document == NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      g_clear_pointer (&self->head, g_free);
      adw_status_page_set_description (self->failed, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  g_set_object (&self->document, document);
  show_pages (self);
}

/* Lays the report out again if something has happened since. */
static void
reload (ErosReportView *self)
{
  const char *head = eros_journal_get_head (eros_deployment_get_journal (self->deployment));

  if (g_strcmp0 (self->head, head) == 0)
    return;
  g_free (self->head);
  self->head = g_strdup (head);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  if (self->document == NULL)
    gtk_stack_set_visible_child_name (self->stack, "busy");
  eros_report_document_new_async (self->deployment, self->cancellable, laid_out_cb, g_object_ref (self));
}

static void
reload_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  reload (EROS_REPORT_VIEW (widget));
}

static void
eros_report_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eros_report_view_parent_class)->map (widget);

  reload (EROS_REPORT_VIEW (widget));
}

static void
eros_report_view_dispose (GObject *object)
{
  ErosReportView *self = EROS_REPORT_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->document);
  g_clear_object (&self->deployment);
  g_clear_pointer (&self->head, g_free);

  G_OBJECT_CLASS (eros_report_view_parent_class)->dispose (object);
}

static void
eros_report_view_class_init (ErosReportViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_report_view_dispose;
  widget_class->map = eros_report_view_map;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/report-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosReportView, stack);
  gtk_widget_class_bind_template_child (widget_class, ErosReportView, failed);
  gtk_widget_class_bind_template_child (widget_class, ErosReportView, caption);
  gtk_widget_class_bind_template_child (widget_class, ErosReportView, pages);
  gtk_widget_class_install_action (widget_class, "report.reload", NULL, reload_action);
}

static void
eros_report_view_init (ErosReportView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  /* A page of A4 is then about as wide as the other pages' text. */
  self->scale = 96.0 / 72.0;
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));

  g_signal_connect_object (factory, "setup", G_CALLBACK (set_up_page), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_page), self, 0);
  gtk_list_view_set_factory (self->pages, factory);
}

/**
 * eros_report_view_new:
 * @deployment: the deployment
 *
 * Makes the preview of the report. Its pages are laid out when it shows, and again when it shows after
 * something has happened.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_report_view_new (ErosDeployment *deployment)
{
  ErosReportView *self = g_object_new (EROS_TYPE_REPORT_VIEW, NULL);

  self->deployment = g_object_ref (deployment);
  return GTK_WIDGET (self);
}

/**
 * eros_report_view_get_n_pages:
 * @self: a preview
 *
 * Returns: how many pages it shows; 0 while they are being laid out
 */
guint
eros_report_view_get_n_pages (ErosReportView *self)
{
  g_return_val_if_fail (EROS_IS_REPORT_VIEW (self), 0);

  return self->document != NULL ? eros_report_document_get_n_pages (self->document) : 0;
}
