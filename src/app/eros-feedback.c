/* eros-feedback.c: how a page tells a person what happened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-feedback.h"

#include <glib/gi18n-lib.h>

#include "eros-compat.h"

static void
show_toast (GtkWidget *widget, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  AdwToast *last;

  if (overlay == NULL)
    {
      g_object_unref (toast);
      return;
    }
  /* Only the newest one counts: a queue of old ones would offer to undo something else. */
  last = g_object_get_data (G_OBJECT (overlay), "eros-toast");
  if (last != NULL)
    adw_toast_dismiss (last);
  g_object_set_data_full (G_OBJECT (overlay), "eros-toast", g_object_ref (toast), g_object_unref);
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
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  show_toast (widget, adw_toast_new (escaped));
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
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  show_toast (widget, toast);
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
