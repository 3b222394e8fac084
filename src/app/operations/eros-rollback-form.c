/* eros-rollback-form.c: back to which backup, what that costs, and who decides it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-rollback-form.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-authority.h"
#include "eros-form-row.h"
#include "eros-format.h"

#define WORD "ROLLBACK"

struct _ErosRollbackForm
{
  GtkBox parent_instance;

  ErosController *controller; /* (nullable): not loaded yet */
  GListModel *backups;        /* (nullable): of ErosBackup */
  GCancellable *cancellable;  /* of what is being read for the chosen backup */

  AdwPreferencesGroup *backup_group;
  AdwComboRow *backup;
  AdwComboRow *part;
  ErosFormRow *objects;
  char **parts; /* (nullable): what "part" lists after the whole: sets of steps */
  char *only;   /* (nullable): objects as they were last given, a line each */
  AdwPreferencesGroup *loss_group;
  GtkListBox *losses;
  ErosFormRow *reason;
  AdwPreferencesGroup *decision_group;
  ErosFormRow *authority;
  ErosFormRow *word;
};

G_DEFINE_FINAL_TYPE (ErosRollbackForm, eros_rollback_form, GTK_TYPE_BOX)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed_cb (ErosRollbackForm *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* ---- all of it, or a part ------------------------------------------------------------------------------ */

static gboolean
is_whole (ErosRollbackForm *self)
{
  return self->parts == NULL || adw_combo_row_get_selected (self->part) == 0;
}

/* The place after the sets. */
static gboolean
is_of_objects (ErosRollbackForm *self)
{
  return self->parts != NULL && adw_combo_row_get_selected (self->part) == g_strv_length (self->parts) + 1;
}

/* (transfer none) (nullable): a set of steps, or objects, a line each; NULL: all, or nothing is given yet */
static const char *
get_only (ErosRollbackForm *self)
{
  if (is_whole (self))
    return NULL;
  return is_of_objects (self) ? self->only : self->parts[adw_combo_row_get_selected (self->part) - 1];
}

/* (transfer full): names, a line each */
static char *
read_names (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,\t\n", -1);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (names, "%s%s", names->len > 0 ? "\n" : "", words[i]);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* What would end the plan is better said while it is typed. */
static char *
check_objects (const char *text, gpointer user_data)
{
  ErosRollbackForm *self = user_data;
  g_autofree char *list = read_names (text);
  g_auto (GStrv) names = g_strsplit (list, "\n", -1);
  ErosElement *backup = self->controller != NULL
                          ? eros_runbook_find_operation (
                              eros_deployment_get_runbook (eros_controller_get_deployment (self->controller)),
                              eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP))
                          : NULL;
  const char *const *critical = backup != NULL ? eros_element_get_tables (backup) : NULL;

  for (guint i = 0; names[i] != NULL; i++)
    if (critical != NULL && g_strv_contains (critical, names[i]))
      return g_strdup_printf (_ ("%s is a critical table: those come back together, with all of it."),
                              names[i]);
    else if (self->parts != NULL && g_strv_contains ((const char *const *) self->parts, names[i]))
      return g_strdup_printf (_ ("%s is a set of steps: choose it above."), names[i]);
  return NULL;
}

static void
objects_cb (ErosRollbackForm *self)
{
  g_clear_pointer (&self->only, g_free);
  changed_cb (self);
}

/* Only then: a plan is asked of the server. */
static void
objects_left_cb (ErosRollbackForm *self)
{
  g_autofree char *names = read_names (eros_form_row_get_text (self->objects));
  g_autofree char *problem = check_objects (names, self);

  g_free (self->only);
  self->only = problem == NULL && *names != '\0' ? g_steal_pointer (&names) : NULL;
  changed_cb (self);
}

static void
list_parts (ErosRollbackForm *self)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_controller_get_deployment (self->controller));
  g_auto (GStrv) deployments = eros_runbook_list_deployments (runbook);
  g_autoptr (GStrvBuilder) sets = g_strv_builder_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("All of it"));
  for (guint i = 0; deployments[i] != NULL; i++)
    {
      const char *set = eros_operation_kind_get_set (deployments[i]);
      /* Translators: a set of steps, such as “phase2” */
      g_autofree char *text = g_strdup_printf (_ ("Only what %s has done"), set);

      g_strv_builder_add (sets, set);
      gtk_string_list_append (names, text);
    }
  gtk_string_list_append (names, _ ("Only single objects"));
  g_strfreev (self->parts);
  self->parts = g_strv_builder_end (sets);
  adw_combo_row_set_model (self->part, G_LIST_MODEL (names));
}

/* ---- what will be lost --------------------------------------------------------------------------------- */

static void
clear_losses (ErosRollbackForm *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->losses))) != NULL)
    gtk_list_box_remove (self->losses, row);
}

static GtkWidget *
append_row (ErosRollbackForm *self, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  eros_accessible_set_name (row, title);
  eros_accessible_describe (row, subtitle, FALSE);
  gtk_list_box_append (self->losses, row);
  return row;
}

static void
append_loss (ErosRollbackForm *self, ErosLoss *loss)
{
  gint64 lost = eros_loss_get_n_lost (loss);
  g_autofree char *what =
    lost > 0 ? g_strdup_printf (ngettext ("%'" PRId64 " row that was added or changed since will be lost",
                                          "%'" PRId64 " rows that were added or changed since will be lost",
                                          (gulong) lost),
                                lost)
             : g_strdup (_ ("nothing was added or changed since"));
  g_autofree char *subtitle =
    g_strdup_printf (_ ("%1$'" PRId64 " rows now, %2$'" PRId64 " in the backup; %3$s"),
                     eros_loss_get_n_now (loss), eros_loss_get_n_then (loss), what);
  GtkWidget *row = append_row (self, eros_loss_get_table (loss), subtitle);
  GtkWidget *icon =
    gtk_image_new_from_icon_name (lost > 0 ? "dialog-warning-symbolic" : "emblem-ok-symbolic");

  gtk_widget_add_css_class (icon, lost > 0 ? "warning" : "success");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
}

static void
weighed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosRollbackForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) losses = eros_backup_store_weigh_finish (EROS_BACKUP_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  clear_losses (self);
  if (losses == NULL)
    append_row (self, _ ("Not known"), error->message);
  for (guint i = 0; losses != NULL && i < g_list_model_get_n_items (losses); i++)
    {
      g_autoptr (ErosLoss) loss = g_list_model_get_item (losses, i);

      append_loss (self, loss);
    }
}

static void
weigh (ErosRollbackForm *self, ErosBackup *backup)
{
  GtkWidget *spinner = gtk_spinner_new ();
  GtkWidget *row;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  clear_losses (self);
  row = append_row (self, _ ("Comparing the tables with the backup…"), "");
  gtk_spinner_start (GTK_SPINNER (spinner));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), spinner);
  eros_backup_store_weigh_async (eros_controller_get_backups (self->controller),
                                 eros_backup_get_name (backup), self->cancellable, weighed_cb,
                                 g_object_ref (self));
}

/* ---- which backup -------------------------------------------------------------------------------------- */

static char *
describe_backup (ErosBackup *backup)
{
  g_autofree char *when = eros_format_time (eros_backup_get_time (backup));

  if (eros_backup_is_before_rollback (backup))
    return g_strdup_printf (_ ("%s, before a rollback"), when);
  return g_strdup (when);
}

/* Where the one stands that is gone back to unless a person says otherwise; GTK_INVALID_LIST_POSITION: there
 * is none. */
static guint
find_proposed (ErosRollbackForm *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->backups); i++)
    {
      g_autoptr (ErosBackup) backup = g_list_model_get_item (self->backups, i);

      if (eros_backup_get_why_chosen (backup) != NULL)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

/* Why it is the one to go back to, or what speaks against it. (nullable) */
static const char *
get_remark (ErosRollbackForm *self, ErosBackup *backup)
{
  if (eros_backup_get_why_chosen (backup) != NULL)
    return eros_backup_get_why_chosen (backup);
  if (eros_backup_is_before_rollback (backup))
    return NULL;
  if (eros_backup_is_unread (backup))
    return _ ("whether it was compared with its tables could not be read from the bucket");
  if (!eros_backup_is_verified (backup))
    return _ ("it was never compared with its tables");
  /* Newest first: one that stands before the newest that was possible was not. */
  return adw_combo_row_get_selected (self->backup) < find_proposed (self)
           ? _ ("it was taken after the deployment had begun, and may hold what the deployment did")
           : NULL;
}

/* (transfer none) (nullable): the chosen one */
static ErosBackup *
get_backup (ErosRollbackForm *self)
{
  g_autoptr (ErosBackup) backup = NULL;
  guint selected = adw_combo_row_get_selected (self->backup);

  if (self->backups == NULL || selected == GTK_INVALID_LIST_POSITION)
    return NULL;
  backup = g_list_model_get_item (self->backups, selected);
  return backup; /* the list keeps it alive */
}

static void
chosen_cb (ErosRollbackForm *self)
{
  ErosBackup *backup = get_backup (self);
  g_autofree char *age = NULL;
  g_autofree char *size = NULL;
  g_autofree char *subtitle = NULL;

  if (backup == NULL)
    return;
  age = eros_format_duration (MAX (0, g_get_real_time () - eros_backup_get_time (backup)));
  size = g_format_size (eros_backup_get_bytes (backup));
  subtitle =
    /* Translators: age, number of rows, size */
    g_strdup_printf (_ ("%1$s old, %2$'" PRId64 " rows, %3$s"), age, eros_backup_get_n_rows (backup), size);
  if (get_remark (self, backup) != NULL)
    {
      g_autofree char *remarked = g_strdup_printf ("%s; %s", subtitle, get_remark (self, backup));

      g_free (subtitle);
      subtitle = g_steal_pointer (&remarked);
    }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->backup), subtitle);
  adw_preferences_group_set_description (
    self->backup_group,
    !is_whole (self) ? _ ("In part: the rows of the critical tables stay as they are.")
    : eros_backup_is_before_rollback (backup)
      ? _ (
          "This is what a rollback overwrote. Going back to it undoes that rollback: only rows are restored.")
      : _ ("The tables are restored together, and what the deployment made is taken back. What is there now "
           "is "
           "kept in a snapshot first, so that this can be undone."));
  weigh (self, backup);
  changed_cb (self);
}

static void
part_cb (ErosRollbackForm *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->objects), is_of_objects (self));
  gtk_widget_set_visible (GTK_WIDGET (self->loss_group), is_whole (self));
  chosen_cb (self);
}

static void
show_none (ErosRollbackForm *self, const char *why)
{
  gtk_widget_set_visible (GTK_WIDGET (self->part), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->backup), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->loss_group), FALSE);
  adw_preferences_group_set_description (self->backup_group, why);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosRollbackForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_clear_object (&self->backups);
  self->backups = eros_backup_store_list_usable_finish (EROS_BACKUP_STORE (source), result, &error);
  if (self->backups == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_none (self, error->message);
      return;
    }
  if (g_list_model_get_n_items (self->backups) == 0)
    {
      show_none (self,
                 _ ("There is no backup to go back to: the dataset holds no snapshot of all critical tables. "
                    "Backups are taken in phase 1."));
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (self->backups); i++)
    {
      g_autoptr (ErosBackup) backup = g_list_model_get_item (self->backups, i);
      g_autofree char *text = describe_backup (backup);

      gtk_string_list_append (names, text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->backup), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->part), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->loss_group), TRUE);
  list_parts (self);
  adw_combo_row_set_model (self->backup, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->backup, find_proposed (self));
  if (get_backup (self) != NULL)
    return;
  g_cancellable_cancel (self->cancellable); /* of the one that was selected for a moment */
  clear_losses (self);
  adw_preferences_group_set_description (
    self->backup_group,
    _ ("None of these is a verified backup from before the deployment. Choose one yourself."));
}

/* ---- the decision -------------------------------------------------------------------------------------- */

static char *
text_of (ErosFormRow *row)
{
  return g_strstrip (g_strdup (eros_form_row_get_text (row)));
}

/* Said at once, and no obstacle: nothing else may stand in the way now. */
static void
authority_cb (ErosRollbackForm *self)
{
  g_autofree char *name = text_of (self->authority);
  g_autofree char *deviation =
    self->controller != NULL && *name != '\0'
      ? eros_authority_describe_deviation (eros_controller_get_deployment (self->controller),
                                           eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK), name)
      : NULL;

  adw_preferences_group_set_description (
    self->decision_group,
    deviation != NULL ? deviation : _ ("Reason and name go on record and stand in the report."));
  changed_cb (self);
}

static char *
check_word (const char *text, gpointer user_data)
{
  return *text == '\0' || g_str_equal (text, WORD)
           ? NULL
           : g_strdup (_ ("Write the word ROLLBACK in capital letters."));
}

static void
eros_rollback_form_dispose (GObject *object)
{
  ErosRollbackForm *self = EROS_ROLLBACK_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->backups);
  g_clear_object (&self->controller);
  g_clear_pointer (&self->parts, g_strfreev);
  g_clear_pointer (&self->only, g_free);

  G_OBJECT_CLASS (eros_rollback_form_parent_class)->dispose (object);
}

static void
eros_rollback_form_class_init (ErosRollbackFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_rollback_form_dispose;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", EROS_TYPE_ROLLBACK_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (EROS_TYPE_FORM_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/rollback-form.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, backup_group);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, backup);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, part);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, objects);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, loss_group);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, losses);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, reason);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, authority);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, word);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, part_cb);
  gtk_widget_class_bind_template_callback (widget_class, objects_cb);
  gtk_widget_class_bind_template_callback (widget_class, objects_left_cb);
  gtk_widget_class_bind_template_child (widget_class, ErosRollbackForm, decision_group);
  gtk_widget_class_bind_template_callback (widget_class, authority_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
eros_rollback_form_init (ErosRollbackForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  eros_form_row_set_check (self->word, check_word, NULL);
  eros_form_row_set_check (self->objects, check_objects, self);
}

/**
 * eros_rollback_form_new:
 *
 * Makes the form that a rollback asks to fill in.
 *
 * Returns: (transfer floating): the form
 */
GtkWidget *
eros_rollback_form_new (void)
{
  return g_object_new (EROS_TYPE_ROLLBACK_FORM, NULL);
}

/**
 * eros_rollback_form_load:
 * @self: a form
 * @controller: the machine, ready
 *
 * Lists the backups that there are; the newest verified one from before the deployment is proposed.
 */
void
eros_rollback_form_load (ErosRollbackForm *self, ErosController *controller)
{
  g_return_if_fail (EROS_IS_ROLLBACK_FORM (self));

  g_set_object (&self->controller, controller);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  adw_preferences_group_set_description (self->backup_group, _ ("Looking for backups…"));
  eros_backup_store_list_usable_async (eros_controller_get_backups (controller), self->cancellable, listed_cb,
                                       g_object_ref (self));
}

/**
 * eros_rollback_form_propose_reason:
 * @self: a form
 * @reason: what speaks for it, as far as that is on record
 *
 * Fills in the reason, to be changed by whoever decides.
 */
void
eros_rollback_form_propose_reason (ErosRollbackForm *self, const char *reason)
{
  g_return_if_fail (EROS_IS_ROLLBACK_FORM (self));

  g_object_set (self->reason, "text", reason, NULL);
}

/**
 * eros_rollback_form_is_complete:
 * @self: a form
 *
 * Returns: whether everything is given that a rollback needs
 */
gboolean
eros_rollback_form_is_complete (ErosRollbackForm *self)
{
  g_autofree char *reason = NULL;
  g_autofree char *authority = NULL;

  g_return_val_if_fail (EROS_IS_ROLLBACK_FORM (self), FALSE);

  reason = text_of (self->reason);
  authority = text_of (self->authority);
  return get_backup (self) != NULL && (is_whole (self) || get_only (self) != NULL) && *reason != '\0' &&
         *authority != '\0' && g_str_equal (eros_form_row_get_text (self->word), WORD);
}

/**
 * eros_rollback_form_get_arguments:
 * @self: a form with a backup
 *
 * Returns: (transfer full) (element-type utf8 utf8): for eros_controller_plan (). What is not given yet is
 * replaced, so that the plan can be looked at before everything is given; that plan is not to be started.
 */
GHashTable *
eros_rollback_form_get_arguments (ErosRollbackForm *self)
{
  GHashTable *arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  gboolean complete = eros_rollback_form_is_complete (self);

  g_hash_table_insert (arguments, (gpointer) "backup", g_strdup (eros_backup_get_name (get_backup (self))));
  if (get_only (self) != NULL)
    g_hash_table_insert (arguments, (gpointer) "only", g_strdup (get_only (self)));
  g_hash_table_insert (arguments, (gpointer) "reason", complete ? text_of (self->reason) : g_strdup ("…"));
  g_hash_table_insert (arguments, (gpointer) "authority",
                       complete ? text_of (self->authority) : g_strdup ("…"));
  g_hash_table_insert (arguments, (gpointer) "confirm", g_strdup (WORD));
  return arguments;
}

/**
 * eros_rollback_form_get_kind:
 * @self: a form
 *
 * Returns: which operation the arguments are of
 */
const char *
eros_rollback_form_get_kind (ErosRollbackForm *self)
{
  g_return_val_if_fail (EROS_IS_ROLLBACK_FORM (self), NULL);

  return eros_operation_kind_get_name (is_whole (self) ? EROS_OPERATION_KIND_ROLLBACK
                                                       : EROS_OPERATION_KIND_ROLLBACK_PART);
}

/**
 * eros_rollback_form_dup_choice:
 * @self: a form
 *
 * Returns: (transfer full) (nullable): what the plan depends on; %NULL while it is not chosen
 */
char *
eros_rollback_form_dup_choice (ErosRollbackForm *self)
{
  ErosBackup *backup;

  g_return_val_if_fail (EROS_IS_ROLLBACK_FORM (self), NULL);

  backup = get_backup (self);
  if (backup == NULL || (!is_whole (self) && get_only (self) == NULL))
    return NULL;
  return g_strdup_printf ("%s\n%s", eros_backup_get_name (backup), is_whole (self) ? "" : get_only (self));
}
