/* eros-compat.c: the few things that GTK 4.8 and its successors do differently
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-compat.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-text.h"

static GtkFileFilter *
make_filter (const ErosFileFilter *filter)
{
  GtkFileFilter *result = gtk_file_filter_new ();
  g_auto (GStrv) patterns = g_strsplit (filter->pattern, " ", -1);

  gtk_file_filter_set_name (result, filter->name);
  for (guint i = 0; patterns[i] != NULL; i++)
    gtk_file_filter_add_pattern (result, patterns[i]);
  return result;
}

#if GTK_CHECK_VERSION(4, 10, 0)

static void
open_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GFile *file = g_object_get_data (G_OBJECT (task), "save") != NULL
                  ? gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error)
                  : gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, &error);

  if (file != NULL)
    g_task_return_pointer (task, file, g_object_unref);
  else if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", error->message);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
choose_file (GtkWindow *parent,
             const char *title,
             const char *file_name,
             const ErosFileFilter *filter,
             GTask *task)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) only = make_filter (filter);

  g_list_store_append (filters, only);
  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
  if (file_name == NULL)
    {
      gtk_file_dialog_open (dialog, parent, g_task_get_cancellable (task), open_cb, task);
      return;
    }
  g_object_set_data (G_OBJECT (task), "save", GINT_TO_POINTER (TRUE));
  gtk_file_dialog_set_initial_name (dialog, file_name);
  gtk_file_dialog_save (dialog, parent, g_task_get_cancellable (task), open_cb, task);
}

#else

static void
chooser_response_cb (GtkNativeDialog *chooser, int response, GTask *task)
{
  g_autoptr (GTask) owned = task;
  g_autoptr (GtkNativeDialog) dialog = chooser;

  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)), g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _ ("No file was chosen"));
  gtk_native_dialog_destroy (dialog);
}

static void
choose_file (GtkWindow *parent,
             const char *title,
             const char *file_name,
             const ErosFileFilter *filter,
             GTask *task)
{
  GtkFileChooserAction action =
    file_name == NULL ? GTK_FILE_CHOOSER_ACTION_OPEN : GTK_FILE_CHOOSER_ACTION_SAVE;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, parent, action, NULL, NULL);
  g_autoptr (GtkFileFilter) only = make_filter (filter);

  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), only);
  if (file_name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), file_name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (chooser_response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

#endif

/**
 * eros_compat_open_file_async:
 * @parent: the window that asks
 * @title: the dialog's title
 * @filter: which files are offered
 * @cancellable: (nullable): a cancellable
 * @callback: called when a file is chosen or the dialog is closed
 * @user_data: for @callback
 *
 * Asks for a file that is there. Finish with eros_compat_choose_file_finish ().
 */
void
eros_compat_open_file_async (GtkWindow *parent,
                             const char *title,
                             const ErosFileFilter *filter,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (parent, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_compat_open_file_async);
  choose_file (parent, title, NULL, filter, task);
}

/**
 * eros_compat_save_file_async:
 * @parent: the window that asks
 * @title: the dialog's title
 * @file_name: the name that is proposed
 * @filter: which files are shown
 * @cancellable: (nullable): a cancellable
 * @callback: called when a place is chosen or the dialog is closed
 * @user_data: for @callback
 *
 * Asks where to write a file; the dialog asks before an existing one is chosen. Finish with
 * eros_compat_choose_file_finish ().
 */
void
eros_compat_save_file_async (GtkWindow *parent,
                             const char *title,
                             const char *file_name,
                             const ErosFileFilter *filter,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (parent, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_compat_save_file_async);
  choose_file (parent, title, file_name, filter, task);
}

/**
 * eros_compat_choose_file_finish:
 * @result: what the callback got
 * @error: return location for an error; %G_IO_ERROR_CANCELLED when the dialog was closed
 *
 * Returns: (transfer full): the chosen file
 */
GFile *
eros_compat_choose_file_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

#if ADW_CHECK_VERSION(1, 5, 0)
  #define QUESTION(name) adw_alert_dialog_##name
  #define AS_QUESTION    ADW_ALERT_DIALOG
#else
  #define QUESTION(name) adw_message_dialog_##name
  #define AS_QUESTION    ADW_MESSAGE_DIALOG
#endif

/**
 * eros_compat_question_new:
 * @heading: what is asked
 * @body: (nullable): more about it
 *
 * Makes a question; it shows with eros_compat_question_present () and emits “response” with the id of the
 * answer, or “cancel” when it is closed.
 *
 * Returns: (transfer none): the question
 */
GtkWidget *
eros_compat_question_new (const char *heading, const char *body)
{
  /* The heading is also the window's title. */
  g_autofree char *shown = eros_text_show_line (heading);
#if ADW_CHECK_VERSION(1, 5, 0)
  GtkWidget *question = GTK_WIDGET (adw_alert_dialog_new (shown, body));
#else
  GtkWidget *question = adw_message_dialog_new (NULL, shown, body);
#endif

  if (body != NULL)
    eros_accessible_set_description (question, body);
  QUESTION (set_close_response) (AS_QUESTION (question), "cancel");
  return question;
}

/**
 * eros_compat_question_add:
 * @question: a question
 * @response: the answer's id
 * @label: the answer's wording, with a mnemonic
 * @appearance: how it looks; the suggested one is also what Enter gives
 *
 * Adds an answer.
 */
void
eros_compat_question_add (GtkWidget *question,
                          const char *response,
                          const char *label,
                          AdwResponseAppearance appearance)
{
  QUESTION (add_response) (AS_QUESTION (question), response, label);
  QUESTION (set_response_appearance) (AS_QUESTION (question), response, appearance);
  if (appearance == ADW_RESPONSE_SUGGESTED)
    QUESTION (set_default_response) (AS_QUESTION (question), response);
}

/**
 * eros_compat_question_set_child:
 * @question: a question
 * @child: what shows between the text and the answers
 *
 * Adds fields to a question.
 */
void
eros_compat_question_set_child (GtkWidget *question, GtkWidget *child)
{
  QUESTION (set_extra_child) (AS_QUESTION (question), child);
}

/**
 * eros_compat_question_set_enabled:
 * @question: a question
 * @response: an answer's id
 * @enabled: whether it can be given now
 *
 * Makes an answer available or not, for example while a reason is missing.
 */
void
eros_compat_question_set_enabled (GtkWidget *question, const char *response, gboolean enabled)
{
  QUESTION (set_response_enabled) (AS_QUESTION (question), response, enabled);
}

/**
 * eros_compat_question_present:
 * @question: a question
 * @parent: the widget it is about
 *
 * Shows the question over @parent's window.
 */
void
eros_compat_question_present (GtkWidget *question, GtkWidget *parent)
{
#if ADW_CHECK_VERSION(1, 5, 0)
  eros_accessible_name_all (question);
  adw_dialog_present (ADW_DIALOG (question), parent);
#else
  GtkRoot *root = gtk_widget_get_root (parent);

  eros_accessible_name_all (question);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (question), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (question));
#endif
}

/**
 * eros_compat_show_about:
 * @parent: a window
 * @about: what stands in it
 *
 * Shows what this program is.
 */
void
eros_compat_show_about (GtkWindow *parent, const ErosAbout *about)
{
#if ADW_CHECK_VERSION(1, 5, 0)
  adw_show_about_dialog (GTK_WIDGET (parent),
#else
  adw_show_about_window (parent,
#endif
                         "application-name", about->name, "application-icon", about->icon, "version",
                         about->version, "developer-name", about->developer, "comments", about->comments,
                         "website", about->website != NULL ? about->website : "", "debug-info",
                         about->debug_info, "developers", about->developers, "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

/* ---- small things -------------------------------------------------------------------------------------- */

/**
 * eros_compat_get_color:
 * @widget: a widget
 *
 * Returns: the color of its text
 */
GdkRGBA
eros_compat_get_color (GtkWidget *widget)
{
  GdkRGBA color;

#if GTK_CHECK_VERSION(4, 10, 0)
  gtk_widget_get_color (widget, &color);
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
#endif
  return color;
}

/**
 * eros_compat_show_uri:
 * @widget: what it is asked for from
 * @uri: an address
 *
 * Has the desktop open it.
 */
void
eros_compat_show_uri (GtkWidget *widget, const char *uri)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
#if GTK_CHECK_VERSION(4, 10, 0)
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);

  gtk_uri_launcher_launch (launcher, window, NULL, NULL, NULL);
#else
  gtk_show_uri (window, uri, GDK_CURRENT_TIME);
#endif
}

/**
 * eros_compat_expander_row_add_suffix:
 * @row: a row
 * @suffix: what stands at its end
 */
void
eros_compat_expander_row_add_suffix (AdwExpanderRow *row, GtkWidget *suffix)
{
#if ADW_CHECK_VERSION(1, 4, 0)
  adw_expander_row_add_suffix (row, suffix);
#else
  adw_expander_row_add_action (row, suffix);
#endif
}
