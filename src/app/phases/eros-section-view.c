/* eros-section-view.c: a section of the runbook as a boxed list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-section-view.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-check-row.h"
#include "eros-element-rows.h"

struct _ErosSectionView
{
  GtkBox parent_instance;

  ErosSession *session;
  ErosSection *section;

  GtkLabel *title;
  GtkButton *run;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ErosSectionView, eros_section_view, GTK_TYPE_BOX)

static void
run_checks_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosSectionView *self = EROS_SECTION_VIEW (widget);

  eros_session_run_checks (self->session, (const char *[]){ eros_section_get_id (self->section), NULL });
}

static void
run_check_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *element_id = g_variant_get_string (parameter, NULL);

  eros_session_run_checks (EROS_SECTION_VIEW (widget)->session, (const char *[]){ element_id, NULL });
}

static void
step_changed_cb (ErosSession *session, const char *element_id, ErosSectionView *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      ErosItem *item = EROS_IS_CHECK_ROW (row) ? eros_check_row_get_item (EROS_CHECK_ROW (row)) : NULL;

      if (item != NULL && g_str_equal (eros_element_get_id (eros_item_get_element (item)), element_id))
        g_object_set (row, "running", eros_session_is_running (session, element_id), NULL);
    }
}

static void
update_actions (ErosSectionView *self)
{
  gboolean ready = eros_session_is_writable (self->session) && !eros_session_get_busy (self->session);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "section.run-checks", ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "section.run-check", ready);
}

static void
fill (ErosSectionView *self)
{
  GListModel *elements = eros_section_get_elements (self->section);
  const char *title = eros_section_get_title (self->section);
  g_autofree char *run = g_strdup_printf (_ ("Run checks: %s"), title);
  gboolean has_checks = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (ErosElement) element = g_list_model_get_item (elements, i);

      eros_element_rows_append (self->list, self->session, element);
      has_checks = has_checks || eros_element_get_check_binding (element) != NULL;
    }
  gtk_label_set_text (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->run), has_checks);
  eros_accessible_set_name (GTK_WIDGET (self->run), run);
  eros_accessible_set_name (GTK_WIDGET (self->list), title);
}

static void
eros_section_view_dispose (GObject *object)
{
  ErosSectionView *self = EROS_SECTION_VIEW (object);

  g_clear_object (&self->section);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_section_view_parent_class)->dispose (object);
}

static void
eros_section_view_class_init (ErosSectionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_section_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/section-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosSectionView, title);
  gtk_widget_class_bind_template_child (widget_class, ErosSectionView, run);
  gtk_widget_class_bind_template_child (widget_class, ErosSectionView, list);
  gtk_widget_class_install_action (widget_class, "section.run-checks", NULL, run_checks_action);
  gtk_widget_class_install_action (widget_class, "section.run-check", "s", run_check_action);
}

static void
eros_section_view_init (ErosSectionView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_section_view_new:
 * @session: the open deployment
 * @section: a section of its runbook
 *
 * Makes the boxed list of a section.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_section_view_new (ErosSession *session, ErosSection *section)
{
  ErosSectionView *self = g_object_new (EROS_TYPE_SECTION_VIEW, NULL);

  self->session = g_object_ref (session);
  self->section = g_object_ref (section);
  fill (self);
  g_signal_connect_object (session, "step-changed", G_CALLBACK (step_changed_cb), self, 0);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  update_actions (self);
  return GTK_WIDGET (self);
}
