/* eros-verdict-window.c: what is to be believed of a report or a journal, and signing one
 *
 * It says what “eros-deploy verify” says, in the same sentences.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-verdict-window.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-countersign.h"
#include "eros-feedback.h"
#include "eros-outcome.h"
#include "eros-pdf-boxes.h"
#include "eros-take-back.h"
#include "eros-file-verdict.h"

/* Of one row: a journal may have gone on for long since the report. */
#define MOST_LINES 200

struct _ErosVerdictWindow
{
  AdwWindow parent_instance;

  ErosDeployment *deployment; /* (nullable): which takes signatures back */
  GPtrArray *files;           /* of GFile; the first is the one that it is about */
  GPtrArray *trusted;         /* of char *: paths of certificates */
  GPtrArray *verdicts;        /* (nullable) of ErosFileVerdict */
  GCancellable *cancellable;

  AdwWindowTitle *title;
  GtkStack *stack;
  AdwStatusPage *failed;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ErosVerdictWindow, eros_verdict_window, ADW_TYPE_WINDOW)

/* ---- the rows ---- */

static GtkWidget *
make_row (const ErosVerdictLine *line)
{
  static const ErosOutcome outcomes[] = {
    [EROS_VERDICT_PLAIN] = EROS_OUTCOME_NONE,
    [EROS_VERDICT_GOOD] = EROS_OUTCOME_PASS,
    [EROS_VERDICT_DOUBTFUL] = EROS_OUTCOME_WARNING,
    [EROS_VERDICT_BAD] = EROS_OUTCOME_FAIL,
  };
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), line->text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (line->mark != EROS_VERDICT_PLAIN)
    {
      eros_outcome_show (outcomes[line->mark], GTK_IMAGE (icon));
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
    }
  return row;
}

/* A row, with what stands below it. */
static void
add_row (ErosVerdictWindow *self, GPtrArray *lines, guint first, guint end)
{
  const ErosVerdictLine *line = lines->pdata[first];
  GtkWidget *row = make_row (line);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *name = NULL;

  for (guint i = first + 1; i < end && i <= first + MOST_LINES; i++)
    {
      const ErosVerdictLine *below = lines->pdata[i];

      g_string_append_printf (text, "%s%*s%s", text->len > 0 ? "\n" : "", (int) (2 * (below->depth - 1)), "",
                              below->text);
    }
  if (end - first - 1 > MOST_LINES)
    g_string_append_printf (text, _ ("\nand %u more lines: “Copy” has them all"),
                            end - first - 1 - MOST_LINES);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text->str);
  name = g_strdup_printf ("%s\n%s", line->text, text->str);
  eros_accessible_set_name (row, name);
  gtk_list_box_append (self->list, row);
}

static void
show_lines (ErosVerdictWindow *self, GPtrArray *lines)
{
  guint end;

  for (guint i = 0; i < lines->len; i = end)
    {
      for (end = i + 1; end < lines->len; end++)
        if (((ErosVerdictLine *) lines->pdata[end])->depth == 0)
          break;
      add_row (self, lines, i, end);
    }
}

static gboolean
has_free_box (const ErosFileVerdict *verdict)
{
  for (guint i = 0; verdict->boxes != NULL && i < verdict->boxes->len; i++)
    if (!((ErosPdfBox *) verdict->boxes->pdata[i])->is_signed)
      return TRUE;
  return FALSE;
}

static void
update_actions (ErosVerdictWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const ErosFileVerdict *first = self->verdicts != NULL ? self->verdicts->pdata[0] : NULL;
  gboolean is_report = first != NULL && first->signatures != NULL && !first->is_foreign;

  gtk_widget_action_set_enabled (widget, "verdict.stop", self->cancellable != NULL);
  gtk_widget_action_set_enabled (widget, "verdict.copy", first != NULL);
  gtk_widget_action_set_enabled (widget, "verdict.show", first != NULL && first->signatures != NULL);
  gtk_widget_action_set_enabled (widget, "verdict.countersign",
                                 is_report && first->good && has_free_box (first));
  gtk_widget_action_set_enabled (widget, "verdict.take",
                                 is_report && first->good && self->deployment != NULL &&
                                   eros_journal_is_writable (eros_deployment_get_journal (self->deployment)));
}

static void
show_verdicts (ErosVerdictWindow *self)
{
  GtkWidget *row;

  while ((row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < self->verdicts->len; i++)
    {
      g_autoptr (GPtrArray) lines = eros_file_verdict_describe (self->verdicts->pdata[i]);

      show_lines (self, lines);
    }
  gtk_stack_set_visible_child_name (self->stack, "verdict");
  row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0));
  if (row != NULL)
    gtk_widget_grab_focus (row);
}

/* ---- verifying ---- */

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosVerdictWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) verdicts = eros_file_verdict_list_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return; /* another one was begun since, or the window is closed */
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  self->verdicts = g_steal_pointer (&verdicts);
  if (self->verdicts != NULL)
    show_verdicts (self);
  else
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->failed, escaped);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  update_actions (self);
}

static GPtrArray *
copy (GPtrArray *array, gpointer (*copy_one) (gpointer), GDestroyNotify free_one)
{
  GPtrArray *copied = g_ptr_array_new_with_free_func (free_one);

  for (guint i = 0; i < array->len; i++)
    g_ptr_array_add (copied, copy_one (array->pdata[i]));
  return copied;
}

static gpointer
copy_text (gpointer text)
{
  return g_strdup (text);
}

static void
verify (ErosVerdictWindow *self)
{
  g_autoptr (GPtrArray) files = copy (self->files, g_object_ref, g_object_unref);
  g_autoptr (GPtrArray) trusted = copy (self->trusted, copy_text, g_free);
  g_autofree char *name = g_file_get_basename (self->files->pdata[0]);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  self->cancellable = g_cancellable_new ();
  adw_window_title_set_subtitle (self->title, name);
  gtk_stack_set_visible_child_name (self->stack, "busy");
  update_actions (self);
  eros_file_verdict_list_async (files, trusted, self->cancellable, verified_cb, g_object_ref (self));
}

static void
again_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  verify (EROS_VERDICT_WINDOW (widget));
}

static void
stop_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_cancellable_cancel (EROS_VERDICT_WINDOW (widget)->cancellable);
}

static void
open_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosVerdictWindow *self = EROS_VERDICT_WINDOW (widget);

  g_ptr_array_set_size (self->files, 0);
  g_ptr_array_add (self->files, g_file_new_for_uri (g_variant_get_string (parameter, NULL)));
  verify (self);
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosVerdictWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  GFile *file = eros_compat_choose_file_finish (result, &error);

  if (file == NULL)
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("No File Opened"), error);
      return;
    }
  g_ptr_array_add (self->files, file);
  verify (self);
}

static void
compare_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosFileFilter filter = { _ ("Deployments and reports"), "*.erosdeploy *.pdf" };

  eros_compat_open_file_async (GTK_WINDOW (widget), _ ("Compare With"), &filter, NULL, compared_cb,
                               g_object_ref (widget));
}

static void
trusted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosVerdictWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosTrust) trust = eros_trust_new ();
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file == NULL || !eros_trust_add_file (trust, g_file_peek_path (file), &error))
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("Nobody Trusted"), error);
      return;
    }
  g_ptr_array_add (self->trusted, g_file_get_path (file));
  verify (self);
}

/* For this window alone: whom one believes is asked anew each time. */
static void
trust_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosFileFilter filter = { _ ("Certificates"), "*.pem *.crt *.cer *.der" };

  eros_compat_open_file_async (GTK_WINDOW (widget), _ ("A Certificate That You Trust"), &filter, NULL,
                               trusted_cb, g_object_ref (widget));
}

/* ---- what is done with it ---- */

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosVerdictWindow *self = EROS_VERDICT_WINDOW (widget);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->verdicts->len; i++)
    {
      g_autoptr (GPtrArray) lines = eros_file_verdict_describe (self->verdicts->pdata[i]);

      for (guint l = 0; l < lines->len; l++)
        {
          g_autofree char *line = eros_verdict_line_to_text (lines->pdata[l]);

          g_string_append_printf (text, "%s\n", line);
        }
    }
  eros_feedback_copy (widget, text->str, _ ("Copied"));
}

static void
show_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosVerdictWindow *self = EROS_VERDICT_WINDOW (widget);
  g_autofree char *uri = g_file_get_uri (self->files->pdata[0]);

  eros_compat_show_uri (widget, uri);
}

static void
countersign_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosVerdictWindow *self = EROS_VERDICT_WINDOW (widget);
  const ErosFileVerdict *verdict = self->verdicts->pdata[0];

  eros_countersign_ask (widget, verdict->file, verdict->boxes);
}

static void
take_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosVerdictWindow *self = EROS_VERDICT_WINDOW (widget);

  eros_take_back_file (widget, self->deployment, self->files->pdata[0]);
}

static void
eros_verdict_window_dispose (GObject *object)
{
  ErosVerdictWindow *self = EROS_VERDICT_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->deployment);

  G_OBJECT_CLASS (eros_verdict_window_parent_class)->dispose (object);
}

static void
eros_verdict_window_finalize (GObject *object)
{
  ErosVerdictWindow *self = EROS_VERDICT_WINDOW (object);

  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->trusted);
  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  G_OBJECT_CLASS (eros_verdict_window_parent_class)->finalize (object);
}

static void
eros_verdict_window_class_init (ErosVerdictWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_verdict_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_verdict_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/verdict-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosVerdictWindow, title);
  gtk_widget_class_bind_template_child (widget_class, ErosVerdictWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ErosVerdictWindow, failed);
  gtk_widget_class_bind_template_child (widget_class, ErosVerdictWindow, list);
  gtk_widget_class_install_action (widget_class, "verdict.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "verdict.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "verdict.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "verdict.compare", NULL, compare_action);
  gtk_widget_class_install_action (widget_class, "verdict.trust", NULL, trust_action);
  gtk_widget_class_install_action (widget_class, "verdict.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "verdict.show", NULL, show_action);
  gtk_widget_class_install_action (widget_class, "verdict.countersign", NULL, countersign_action);
  gtk_widget_class_install_action (widget_class, "verdict.take", NULL, take_action);
}

static void
eros_verdict_window_init (ErosVerdictWindow *self)
{
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  self->trusted = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/**
 * eros_verdict_window_new:
 * @parent: (nullable): the window above which it shows
 * @deployment: (nullable): the one that is open there, which takes signatures back
 * @file: a report, a journal, or what somebody says is one
 *
 * Verifies @file off the main thread and says what came of it.
 *
 * Returns: (transfer none): the window
 */
GtkWindow *
eros_verdict_window_new (GtkWindow *parent, ErosDeployment *deployment, GFile *file)
{
  ErosVerdictWindow *self = g_object_new (EROS_TYPE_VERDICT_WINDOW, "transient-for", parent, NULL);

  g_set_object (&self->deployment, deployment);
  g_ptr_array_add (self->files, g_object_ref (file));
  verify (self);
  return GTK_WINDOW (self);
}
