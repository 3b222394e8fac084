/* eros-obstacle-view.c: all that stands in the way of something, with where it is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-obstacle-view.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-format.h"

struct _ErosObstacleView
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (ErosObstacleView, eros_obstacle_view, GTK_TYPE_BOX)

/* A dialog makes way for the page that it is about. */
static void
follow_cb (GtkWidget *button, const char *place)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (button));
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (window));
  g_autofree char *id = g_strdup (place);

  if (parent == NULL)
    {
      gtk_widget_activate_action (button, "win.show", "s", id);
      return;
    }
  gtk_window_close (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (parent), "win.show", "s", id);
}

static void
free_place (gpointer place, GClosure *closure)
{
  g_free (place);
}

static const char *
title_of (ErosDeployment *deployment, const char *id)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (deployment);
  ErosElement *element = eros_runbook_find_element (runbook, id);
  ErosPhase *phase = eros_runbook_find_phase (runbook, id);

  return element != NULL ? eros_element_get_label (element)
         : phase != NULL ? eros_phase_get_title (phase)
                         : id;
}

static void
append_link (ErosObstacleView *self, ErosDeployment *deployment, const char *id)
{
  g_autofree char *title = eros_format_plain (title_of (deployment, id));
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *button = gtk_button_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "eros-link");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  eros_accessible_set_name (button, title);
  g_signal_connect_data (button, "clicked", G_CALLBACK (follow_cb), g_strdup (id), free_place, 0);
  gtk_box_append (GTK_BOX (self), button);
}

static void
append_obstacle (ErosObstacleView *self, ErosDeployment *deployment, const ErosObstacle *obstacle)
{
  g_autofree char *missing = eros_format_plain (obstacle->missing);
  g_autofree char *text =
    /* Translators: a condition; what is not done yet */
    g_strdup_printf (_ ("Waits for “%s”: %s"), eros_gate_get_title (obstacle->gate), missing);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (self), label);
  for (guint i = 0; obstacle->elements[i] != NULL; i++)
    append_link (self, deployment, obstacle->elements[i]);
}

static void
eros_obstacle_view_class_init (ErosObstacleViewClass *klass)
{
}

static void
eros_obstacle_view_init (ErosObstacleView *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * eros_obstacle_view_new:
 *
 * Makes a view of what stands in the way of something; it does not show while nothing does.
 *
 * Returns: (transfer floating): the view
 */
GtkWidget *
eros_obstacle_view_new (void)
{
  return g_object_new (EROS_TYPE_OBSTACLE_VIEW, NULL);
}

/**
 * eros_obstacle_view_show:
 * @self: a view
 * @deployment: the deployment
 * @obstacles: (element-type ErosObstacle): of eros_deployment_list_obstacles ()
 *
 * Shows each of @obstacles with what is not done yet, as buttons that lead there.
 */
void
eros_obstacle_view_show (ErosObstacleView *self, ErosDeployment *deployment, GPtrArray *obstacles)
{
  GtkWidget *child;

  g_return_if_fail (EROS_IS_OBSTACLE_VIEW (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);
  for (guint i = 0; i < obstacles->len; i++)
    append_obstacle (self, deployment, obstacles->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self), obstacles->len > 0);
}
