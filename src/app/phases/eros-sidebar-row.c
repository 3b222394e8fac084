/* eros-sidebar-row.c: a page in the sidebar, with its state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sidebar-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"

struct _ErosSidebarRow
{
  GtkListBoxRow parent_instance;

  char *page;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *count;
  GtkLabel *decided;
};

G_DEFINE_FINAL_TYPE (ErosSidebarRow, eros_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

static void
update (ErosPhaseProgress *progress, GParamSpec *pspec, ErosSidebarRow *self)
{
  static const struct
  {
    const char *icon;
    const char *style;
    const char *text;
  } looks[] = {
    [EROS_PHASE_NOT_STARTED] = { "eros-circle-symbolic", "dim-label", N_ ("not started") },
    [EROS_PHASE_IN_PROGRESS] = { "eros-half-circle-symbolic", "accent", N_ ("in progress") },
    [EROS_PHASE_COMPLETE] = { "emblem-ok-symbolic", "success", N_ ("complete") },
    [EROS_PHASE_FAILED] = { "dialog-error-symbolic", "error", N_ ("a check has failed") },
  };
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  ErosPhaseState state = eros_phase_progress_get_state (progress);
  guint done = eros_phase_progress_get_done (progress);
  guint total = eros_phase_progress_get_total (progress);
  guint decided = eros_phase_progress_get_decided (progress);
  /* A decision makes no failure good. */
  gboolean is_warning = decided > 0 && state != EROS_PHASE_FAILED;
  const char *classes[] = { is_warning ? "warning" : looks[state].style, NULL };
  g_autofree char *text = NULL;
  const char *title = eros_phase_get_short_title (phase);
  g_autofree char *count = NULL;
  g_autofree char *name = NULL;

  if (eros_phase_is_contingency (phase) && state == EROS_PHASE_NOT_STARTED)
    count = g_strdup ("–");
  else
    count = g_strdup_printf ("%u/%u", done, total);
  /* Translators: how a phase stands; how many of its boxes were marked although their checks fail */
  text = decided > 0 ? g_strdup_printf (_ ("%s, %u by decision"), _ (looks[state].text), decided)
                     : g_strdup (_ (looks[state].text));
  if (decided > 0)
    {
      g_autofree char *by_decision = g_strdup_printf (_ ("%u by decision"), decided);

      gtk_label_set_text (self->decided, by_decision);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->decided), decided > 0);
  gtk_image_set_from_icon_name (self->icon, is_warning ? "dialog-warning-symbolic" : looks[state].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->icon), text);
  gtk_label_set_text (self->count, count);
  /* Translators: number and title of a phase, its state, how much of it is done */
  name =
    g_strdup_printf (_ ("%u %s, %s, %u of %u done"), eros_phase_get_number (phase), title, text, done, total);
  eros_accessible_set_name (GTK_WIDGET (self), name);
}

static void
open_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "view.page", "s", EROS_SIDEBAR_ROW (widget)->page);
}

static void
eros_sidebar_row_finalize (GObject *object)
{
  g_free (EROS_SIDEBAR_ROW (object)->page);

  G_OBJECT_CLASS (eros_sidebar_row_parent_class)->finalize (object);
}

static void
eros_sidebar_row_class_init (ErosSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = eros_sidebar_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, count);
  gtk_widget_class_bind_template_child (widget_class, ErosSidebarRow, decided);
  gtk_widget_class_install_action (widget_class, "page.open", NULL, open_action);
}

static void
eros_sidebar_row_init (ErosSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_sidebar_row_new:
 * @page: the page it leads to
 * @title: its title
 * @icon_name: its icon
 *
 * Makes the row of a page that is no phase.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_sidebar_row_new (const char *page, const char *title, const char *icon_name)
{
  ErosSidebarRow *self = g_object_new (EROS_TYPE_SIDEBAR_ROW, NULL);

  self->page = g_strdup (page);
  gtk_label_set_text (self->title, title);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  eros_accessible_set_name (GTK_WIDGET (self), title);
  return GTK_WIDGET (self);
}

/**
 * eros_sidebar_row_new_phase:
 * @progress: how far a phase is
 *
 * Makes the row of a phase: its state as an icon, its number and title, and how much of it is done.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_sidebar_row_new_phase (ErosPhaseProgress *progress)
{
  ErosSidebarRow *self = g_object_new (EROS_TYPE_SIDEBAR_ROW, NULL);
  ErosPhase *phase = eros_phase_progress_get_phase (progress);
  g_autofree char *title =
    g_strdup_printf ("%u  %s", eros_phase_get_number (phase), eros_phase_get_short_title (phase));

  self->page = g_strdup (eros_phase_get_id (phase));
  gtk_label_set_text (self->title, title);
  g_signal_connect_object (progress, "notify", G_CALLBACK (update), self, 0);
  update (progress, NULL, self);
  return GTK_WIDGET (self);
}

/**
 * eros_sidebar_row_get_page:
 * @self: a row
 *
 * Returns: (transfer none): the page it leads to
 */
const char *
eros_sidebar_row_get_page (ErosSidebarRow *self)
{
  g_return_val_if_fail (EROS_IS_SIDEBAR_ROW (self), NULL);

  return self->page;
}
