/* eros-timeline-row.c: an event as a sentence, or a box that was searched for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-timeline-row.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-event-text.h"
#include "eros-feedback.h"
#include "eros-format.h"

struct _ErosTimelineRow
{
  GtkBox parent_instance;

  ErosDeployment *deployment; /* the view’s, which lives longer */
  GObject *thing;             /* (nullable) */

  GtkLabel *text;
  GtkLabel *detail;
  GtkWidget *undo;
  GtkWidget *copy;
};

G_DEFINE_FINAL_TYPE (ErosTimelineRow, eros_timeline_row, GTK_TYPE_BOX)

static void
show_undo (ErosTimelineRow *self)
{
  gboolean can_undo = self->thing != NULL && eros_deployment_can_undo (self->deployment, NULL) &&
                      (GObject *) eros_deployment_find_undoable (self->deployment) == self->thing;

  gtk_widget_set_visible (self->undo, can_undo);
}

static void
copy_cb (ErosTimelineRow *self)
{
  g_autofree char *line =
    g_strdup_printf ("%s\n%s", gtk_label_get_text (self->text), gtk_label_get_text (self->detail));

  eros_feedback_copy (GTK_WIDGET (self), line, _ ("Copied"));
}

static void
show_texts (ErosTimelineRow *self, const char *text, const char *detail)
{
  g_autofree char *name = g_strdup_printf ("%s, %s", text, detail);
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  gtk_label_set_text (self->text, text);
  gtk_label_set_text (self->detail, detail);
  /* The focus is on what the list has put around it. */
  if (item != NULL)
    eros_accessible_set_name (item, name);
}

static void
show_event (ErosTimelineRow *self, ErosEvent *event)
{
  gint64 time = eros_event_get_time (event);
  g_autofree char *sentence =
    eros_event_text_make_sentence (eros_deployment_get_runbook (self->deployment), event);
  g_autofree char *when = eros_format_time (time);
  g_autofree char *local = eros_format_local_time (time);
  g_autofree char *who = eros_format_actor (eros_event_get_actor (event));
  /* Translators: the number of an event, a time, who did it */
  g_autofree char *detail =
    g_strdup_printf (_ ("%" PRId64 " · %s · %s"), eros_event_get_sequence (event), when, who);

  show_texts (self, sentence, detail);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->detail), local);
  if (eros_event_text_is_trouble (event))
    gtk_widget_add_css_class (GTK_WIDGET (self->text), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->text), "warning");
}

static void
show_element (ErosTimelineRow *self, ErosElement *element)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->deployment);
  ErosPhase *phase = eros_runbook_phase_of (runbook, eros_element_get_id (element));
  g_autofree char *text = eros_format_plain (eros_element_get_label (element));

  show_texts (self, text, phase != NULL ? eros_phase_get_title (phase) : _ ("Contacts"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->detail), NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->text), "warning");
}

static void
eros_timeline_row_dispose (GObject *object)
{
  g_clear_object (&EROS_TIMELINE_ROW (object)->thing);

  G_OBJECT_CLASS (eros_timeline_row_parent_class)->dispose (object);
}

static void
eros_timeline_row_class_init (ErosTimelineRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_timeline_row_dispose;
}

static GtkLabel *
add_label (GtkWidget *texts, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (texts), label);
  return GTK_LABEL (label);
}

static GtkWidget *
add_button (ErosTimelineRow *self, const char *icon, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  eros_accessible_set_name (button, name);
  gtk_box_append (GTK_BOX (self), button);
  return button;
}

static void
eros_timeline_row_init (ErosTimelineRow *self)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_add_css_class (GTK_WIDGET (self), "eros-strip");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (self), texts);
  self->text = add_label (texts, NULL);
  self->detail = add_label (texts, "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->detail), "dim-label");
  self->undo = add_button (self, "edit-undo-symbolic", _ ("Undo"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->undo), "win.undo");
  self->copy = add_button (self, "edit-copy-symbolic", _ ("Copy"));
  g_signal_connect_swapped (self->copy, "clicked", G_CALLBACK (copy_cb), self);
}

/**
 * eros_timeline_row_new:
 * @deployment: an open deployment
 *
 * Makes a row that shows nothing yet.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_timeline_row_new (ErosDeployment *deployment)
{
  ErosTimelineRow *self = g_object_new (EROS_TYPE_TIMELINE_ROW, NULL);

  self->deployment = deployment;
  g_signal_connect_object (eros_deployment_get_journal (deployment), "appended", G_CALLBACK (show_undo), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  return GTK_WIDGET (self);
}

/**
 * eros_timeline_row_show:
 * @self: a row, in its list
 * @thing: (nullable): an #ErosEvent or an #ErosElement
 *
 * Shows @thing from here on.
 */
void
eros_timeline_row_show (ErosTimelineRow *self, GObject *thing)
{
  g_return_if_fail (EROS_IS_TIMELINE_ROW (self));

  g_set_object (&self->thing, thing);
  if (EROS_IS_EVENT (thing))
    show_event (self, EROS_EVENT (thing));
  else if (EROS_IS_ELEMENT (thing))
    show_element (self, EROS_ELEMENT (thing));
  gtk_widget_set_visible (self->copy, EROS_IS_EVENT (thing));
  show_undo (self);
}
