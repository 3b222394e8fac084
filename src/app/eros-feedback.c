/* eros-feedback.c: how a page tells a person what happened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-feedback.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"

#define TOAST "eros-toast"

static void
dismissed_cb (AdwToast *toast, GObject *overlay)
{
  if (g_object_get_data (overlay, TOAST) == toast)
    g_object_set_data (overlay, TOAST, NULL);
}

/* (nullable) */
static GtkWidget *
find_under (GtkWidget *widget)
{
  GtkWidget *found = ADW_IS_TOAST_OVERLAY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_under (child);
  return found;
}

/* (nullable): the one under WIDGET, which covers a page and nothing beside it, or else the one that it is in
 */
static GtkWidget *
find_overlay (GtkWidget *widget)
{
  GtkWidget *found = find_under (widget);

  return found != NULL ? found : gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
}

/* Only the newest message counts, so a message that shows is worded anew rather than replaced: in
 * libadwaita 1.2 one that is dismissed while it is still sliding in takes the program with it. */
static void
show_toast (GtkWidget *widget, const char *text, const char *button_label, const char *action_name)
{
  GtkWidget *overlay = find_overlay (widget);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast;
  gboolean is_new;

  if (overlay == NULL)
    return;
  toast = g_object_get_data (G_OBJECT (overlay), TOAST);
  is_new = toast == NULL;
  if (is_new)
    toast = adw_toast_new (escaped);
  else
    adw_toast_set_title (toast, escaped);
  adw_toast_set_button_label (toast, button_label);
  adw_toast_set_action_name (toast, action_name);
  if (!is_new)
    return;
  g_object_set_data_full (G_OBJECT (overlay), TOAST, g_object_ref (toast), g_object_unref);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), overlay, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/**
 * eros_feedback_toast:
 * @widget: where it happened
 * @text: what happened
 *
 * Shows a passing message at the foot of the window.
 */
void
eros_feedback_toast (GtkWidget *widget, const char *text)
{
  show_toast (widget, text, NULL, NULL);
}

/**
 * eros_feedback_undo_toast:
 * @widget: where it happened
 * @text: what happened
 *
 * As eros_feedback_toast (), with a button that takes the last action back.
 */
void
eros_feedback_undo_toast (GtkWidget *widget, const char *text)
{
  show_toast (widget, text, _ ("_Undo"), "win.undo");
}

/**
 * eros_feedback_error:
 * @widget: where it happened
 * @heading: what could not be done
 * @error: why, and what to do now
 *
 * Says in a dialog what went wrong. A cancelled operation is not an error.
 */
void
eros_feedback_error (GtkWidget *widget, const char *heading, const GError *error)
{
  GtkWidget *question;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  question = eros_compat_question_new (heading, error->message);
  eros_compat_question_add (question, "cancel", _ ("_Close"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_present (question, widget);
}

/**
 * eros_feedback_copy:
 * @widget: where it is copied from
 * @text: what is put on the clipboard
 * @what: a sentence that says so
 *
 * Copies a text and says that it did.
 */
void
eros_feedback_copy (GtkWidget *widget, const char *text, const char *what)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  eros_feedback_toast (widget, what);
}

static void
copy_cb (GtkWidget *button, const char *text)
{
  eros_feedback_copy (button, text, _ ("Copied"));
}

static void
free_text (gpointer text, GClosure *closure)
{
  g_free (text);
}

/**
 * eros_feedback_make_copy_button:
 * @text: what is copied
 * @name: what the button is called
 *
 * Returns: (transfer floating): a button that copies @text
 */
GtkWidget *
eros_feedback_make_copy_button (const char *text, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  eros_accessible_set_name (button, name);
  g_signal_connect_data (button, "clicked", G_CALLBACK (copy_cb), g_strdup (text), free_text, 0);
  return button;
}
