/* eros-start-view.c: no deployment is open: begin one, or go on with an earlier one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-start-view.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-deployment-list.h"
#include "eros-deployment-row.h"
#include "eros-environment.h"

struct _ErosStartView
{
  AdwBin parent_instance;

  GCancellable *cancellable;
  GtkFilterListModel *shown;

  GtkSearchEntry *search;
  GtkListBox *list;
  GtkLabel *placeholder;
};

G_DEFINE_FINAL_TYPE (ErosStartView, eros_start_view, ADW_TYPE_BIN)

static GtkWidget *
make_row (gpointer item, gpointer user_data)
{
  return eros_deployment_row_new (item);
}

static gboolean
matches (gpointer item, gpointer user_data)
{
  ErosStartView *self = user_data;
  ErosDeploymentSummary *summary = item;
  const char *environment = eros_environment_get_name (eros_deployment_summary_get_environment (summary));
  g_autofree char *subtitle = eros_deployment_row_describe (summary);
  g_autofree char *text =
    g_strjoin (" ", eros_deployment_summary_get_name (summary), environment, subtitle, NULL);

  return g_str_match_string (gtk_editable_get_text (GTK_EDITABLE (self->search)), text, TRUE);
}

static void
search_changed_cb (ErosStartView *self)
{
  gboolean searching = gtk_editable_get_text (GTK_EDITABLE (self->search))[0] != '\0';

  gtk_label_set_text (self->placeholder, searching ? _ ("No deployment matches the search.")
                                                   : _ ("Deployments that you make will be listed here."));
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->shown), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosStartView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) deployments = eros_deployment_list_finish (result, &error);

  if (deployments != NULL)
    {
      gtk_filter_list_model_set_model (self->shown, deployments);
      search_changed_cb (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gtk_label_set_text (self->placeholder, error->message);
}

/* Reads the list of earlier deployments again. */
static void
eros_start_view_reload (ErosStartView *self)
{
  g_autoptr (GFile) directory = NULL;

  g_return_if_fail (EROS_IS_START_VIEW (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  directory = eros_deployment_get_directory ();
  eros_deployment_list_async (directory, self->cancellable, listed_cb, g_object_ref (self));
}

static void
eros_start_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eros_start_view_parent_class)->map (widget);

  eros_start_view_reload (EROS_START_VIEW (widget));
}

static void
eros_start_view_dispose (GObject *object)
{
  ErosStartView *self = EROS_START_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->shown);

  G_OBJECT_CLASS (eros_start_view_parent_class)->dispose (object);
}

static void
eros_start_view_class_init (ErosStartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_start_view_dispose;
  widget_class->map = eros_start_view_map;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/start-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosStartView, search);
  gtk_widget_class_bind_template_child (widget_class, ErosStartView, list);
  gtk_widget_class_bind_template_child (widget_class, ErosStartView, placeholder);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
}

static void
eros_start_view_init (ErosStartView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));

  self->shown = gtk_filter_list_model_new (NULL, GTK_FILTER (gtk_custom_filter_new (matches, self, NULL)));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->shown), make_row, NULL, NULL);
}

/**
 * eros_start_view_new:
 *
 * Makes the first view. The list of earlier deployments is read when it shows.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_start_view_new (void)
{
  return g_object_new (EROS_TYPE_START_VIEW, NULL);
}
