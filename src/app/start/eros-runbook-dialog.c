/* eros-runbook-dialog.c: what a checklist makes, line by line, before it is a runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-runbook-dialog.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-feedback.h"

struct _ErosRunbookDialog
{
  AdwWindow parent_instance;

  GFile *checklist;
  ErosImport *import;
  GCancellable *cancellable;

  AdwWindowTitle *title;
  GtkLabel *summary;
  GtkStringList *lines;
  GtkButton *save;
  GtkButton *deploy;
};

G_DEFINE_FINAL_TYPE (ErosRunbookDialog, eros_runbook_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_DEPLOY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_lines (ErosRunbookDialog *self)
{
  gtk_string_list_splice (self->lines, 0, g_list_model_get_n_items (G_LIST_MODEL (self->lines)), NULL);
  for (guint i = 0; i < self->import->notes->len; i++)
    {
      const ErosImportNote *note = self->import->notes->pdata[i];
      g_autofree char *lines = eros_import_note_dup_lines (note);
      g_autofree char *text = eros_import_note_dup_text (note);

      gtk_string_list_take (
        self->lines,
        /* Translators: numbers of lines, what they became, what they say: “12–14: box: Backup is verified” */
        g_strdup_printf (_ ("%s: %s: %s"), lines, eros_import_kind_get_name (note->kind), text));
    }
}

/* What is shown is IMPORT. OUTPUT: (nullable): where it is. */
static void
show (ErosRunbookDialog *self, ErosImport *import, GFile *output)
{
  g_autofree char *counts = eros_import_dup_counts (import);
  g_autofree char *ids = eros_import_dup_ids (import);
  g_autofree char *path = output != NULL ? g_file_get_parse_name (output) : NULL;
  g_autofree char *saved = path != NULL ? g_strdup_printf (_ ("Saved as %s"), path) : NULL;
  g_autofree char *before =
    path != NULL && import->has_earlier
      ? g_strdup_printf (_ ("What was there before, with what was added by hand, is %s~"), path)
      : NULL;
  const char *sentences[] = { counts, saved != NULL ? saved : _ ("Nothing has been written yet."), ids,
                              before };
  g_autoptr (GString) summary = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (sentences[i] != NULL)
      g_string_append_printf (summary, "%s%s", i > 0 ? "\n" : "", sentences[i]);
  g_clear_pointer (&self->import, eros_import_free);
  self->import = import;
  adw_window_title_set_subtitle (self->title, eros_runbook_get_title (import->runbook));
  gtk_label_set_text (self->summary, summary->str);
  gtk_widget_set_visible (GTK_WIDGET (self->save), output == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->deploy), output != NULL);
  show_lines (self);
}

typedef struct
{
  ErosRunbookDialog *self;
  GFile *output;
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->self);
  g_object_unref (saving->output);
  g_free (saving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saving) saving = user_data;
  g_autoptr (GError) error = NULL;
  ErosImport *import = eros_import_load_finish (result, &error);

  gtk_widget_action_set_enabled (GTK_WIDGET (saving->self), "runbook.save", TRUE);
  if (import != NULL)
    show (saving->self, import, saving->output);
  else
    eros_feedback_error (GTK_WIDGET (saving->self), _ ("No Runbook Saved"), error);
}

/**
 * eros_runbook_dialog_save:
 * @self: the dialog
 * @output: the runbook's file; when one is there, its ids stay
 *
 * Saves the runbook, and shows where it is.
 */
void
eros_runbook_dialog_save (ErosRunbookDialog *self, GFile *output)
{
  Saving *saving;

  g_return_if_fail (EROS_IS_RUNBOOK_DIALOG (self));
  g_return_if_fail (G_IS_FILE (output));

  saving = g_new0 (Saving, 1);
  saving->self = g_object_ref (self);
  saving->output = g_object_ref (output);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "runbook.save", FALSE);
  eros_import_load_async (self->checklist, output, self->cancellable, saved_cb, saving);
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosRunbookDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file != NULL)
    eros_runbook_dialog_save (self, file);
  else
    eros_feedback_error (GTK_WIDGET (self), _ ("No Runbook Saved"), error);
}

static void
save_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosRunbookDialog *self = EROS_RUNBOOK_DIALOG (widget);
  ErosFileFilter filter = { _ ("Runbooks"), "*.json" };
  g_autofree char *base = g_file_get_basename (self->checklist);
  char *dot = strrchr (base, '.');
  g_autofree char *name = NULL;

  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, ".json", NULL);
  eros_compat_save_file_async (GTK_WINDOW (self), _ ("Save the Runbook"), name, &filter, self->cancellable,
                               chosen_cb, g_object_ref (self));
}

static void
deploy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosRunbookDialog *self = EROS_RUNBOOK_DIALOG (widget);

  g_signal_emit (self, signals[SIGNAL_DEPLOY], 0, self->import->runbook);
  gtk_window_close (GTK_WINDOW (self));
}

static void
eros_runbook_dialog_dispose (GObject *object)
{
  ErosRunbookDialog *self = EROS_RUNBOOK_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->checklist);
  g_clear_pointer (&self->import, eros_import_free);

  G_OBJECT_CLASS (eros_runbook_dialog_parent_class)->dispose (object);
}

static void
eros_runbook_dialog_class_init (ErosRunbookDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_runbook_dialog_dispose;

  signals[SIGNAL_DEPLOY] = g_signal_new ("deploy", EROS_TYPE_RUNBOOK_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, EROS_TYPE_RUNBOOK);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/runbook-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosRunbookDialog, title);
  gtk_widget_class_bind_template_child (widget_class, ErosRunbookDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, ErosRunbookDialog, lines);
  gtk_widget_class_bind_template_child (widget_class, ErosRunbookDialog, save);
  gtk_widget_class_bind_template_child (widget_class, ErosRunbookDialog, deploy);
  gtk_widget_class_install_action (widget_class, "runbook.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "runbook.deploy", NULL, deploy_action);
}

static void
eros_runbook_dialog_init (ErosRunbookDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

/**
 * eros_runbook_dialog_new:
 * @parent: the window it belongs to
 * @checklist: the checklist's file
 * @import: (transfer full): what it makes
 *
 * Makes the dialog that shows what a checklist makes before it is saved as a runbook.
 *
 * Returns: (transfer none): the dialog
 */
GtkWindow *
eros_runbook_dialog_new (GtkWindow *parent, GFile *checklist, ErosImport *import)
{
  ErosRunbookDialog *self = g_object_new (EROS_TYPE_RUNBOOK_DIALOG, "transient-for", parent, NULL);

  self->checklist = g_object_ref (checklist);
  show (self, import, NULL);
  return GTK_WINDOW (self);
}
