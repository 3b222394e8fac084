/* eros-cli-rollback.c: eros-deploy rollback
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <inttypes.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-authority.h"
#include "eros-backup-choice.h"
#include "eros-backup-loss.h"
#include "eros-cli-backups.h"
#include "eros-cli-commands.h"
#include "eros-cli-operation.h"
#include "eros-way-back.h"

typedef struct
{
  ErosCliService service;
  GHashTable *arguments;
  char *backup; /* (nullable) "backup_20251031_143022" */
  char *reason;
  char *confirm;
  char *authority;
  char *sql;
  char *inventory; /* (nullable): the digest of one that is trusted */
  char **only;     /* (nullable): a set of steps, or objects */
  gboolean dry_run;
  gboolean anew;
} Rollback;

static void
rollback_clear (Rollback *self)
{
  eros_cli_service_clear (&self->service);
  g_clear_pointer (&self->arguments, g_hash_table_unref);
  g_free (self->backup);
  g_free (self->reason);
  g_free (self->confirm);
  g_free (self->authority);
  g_free (self->sql);
  g_free (self->inventory);
  g_strfreev (self->only);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rollback, rollback_clear)

static const char *
kind_of (const Rollback *self)
{
  return eros_operation_kind_get_name (self->only != NULL ? EROS_OPERATION_KIND_ROLLBACK_PART
                                                          : EROS_OPERATION_KIND_ROLLBACK);
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || *text == '\0' || strspn (text, " \t\n") == strlen (text);
}

/* Before anything is opened: what is missing is said at once, and all that is lost is a moment. */
static gboolean
check_arguments (Rollback *self, const char *timestamp, GError **error)
{
  if (timestamp != NULL && (self->backup = eros_cli_parse_backup (timestamp, error)) == NULL)
    return FALSE;
  if (!self->dry_run && is_blank (self->reason))
    g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                 _ ("A rollback needs a reason, which goes on record: add --reason \"what is wrong\"."));
  else if (!self->dry_run && g_strcmp0 (self->confirm, "ROLLBACK") != 0 && self->only != NULL)
    g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                 _ ("A rollback in part changes the data set. --dry-run shows what comes back; --confirm "
                    "ROLLBACK does it."));
  else if (!self->dry_run && g_strcmp0 (self->confirm, "ROLLBACK") != 0)
    g_set_error (
      error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
      _ ("A rollback overwrites the critical tables with a backup. --dry-run shows which one, and what "
         "will be lost; --confirm ROLLBACK does it."));
  else if (self->authority != NULL && is_blank (self->authority))
    g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("--authority needs a name."));
  else
    return TRUE;
  return FALSE;
}

static gboolean
is_same_part (Rollback *self, ErosUnfinished *unfinished)
{
  g_autofree char *only = self->only != NULL ? g_strjoinv ("\n", self->only) : g_strdup ("");

  return g_str_equal (only, json_object_get_string_member_with_default (unfinished->arguments, "only", ""));
}

/* One that was begun is gone on with as it was begun: its backup, its reason, its authority. (transfer none)
 */
static ErosOperation *
find_begun (Rollback *self, GError **error)
{
  g_autoptr (ErosUnfinished) unfinished = eros_unfinished_find (self->service.deployment, kind_of (self));
  ErosOperation *operation =
    unfinished != NULL ? eros_controller_get_operation (self->service.controller, unfinished->id) : NULL;
  const char *backup;
  g_autofree char *begun = NULL;

  /* One that is over but for what is owed is not in the way of the next. */
  if (operation == NULL || self->anew || unfinished->owed != NULL)
    return NULL;
  backup = json_object_get_string_member_with_default (unfinished->arguments, "backup", "");
  begun = eros_time_text (unfinished->begun);
  if ((self->backup != NULL && !g_str_equal (backup, self->backup)) || !is_same_part (self, unfinished))
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
        _ ("A rollback to %s was begun at %s and has not ended well. Go on with it (“eros-deploy resume "
           "%s”), or add --new to begin another instead."),
        backup, begun, eros_deployment_get_id (self->service.deployment));
      return NULL;
    }
  if (!self->service.json)
    eros_cli_print (_ ("The rollback to %s that was begun at %s goes on. (--new begins another.)\n"), backup,
                    begun);
  return operation;
}

static ErosStoredBackup *
choose_backup (Rollback *self, GPtrArray *backups, const GError *trouble, GError **error)
{
  g_autofree char *why = NULL;
  ErosStoredBackup *backup =
    self->backup != NULL
      ? eros_cli_find_backup (backups, self->backup, trouble, error)
      : eros_backup_store_choose (eros_controller_get_backups (self->service.controller), backups, &why);

  if (self->backup == NULL && backup == NULL && trouble != NULL &&
      eros_cli_exit_of_error (trouble) == EROS_EXIT_UNAVAILABLE)
    g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE, why);
  else if (self->backup == NULL && backup == NULL)
    g_set_error_literal (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, why);
  else if (why != NULL && !self->service.json)
    /* Translators: a backup, and why it was chosen */
    eros_cli_print (_ ("Back to %s: %s.\n"), backup->name, why);
  return backup;
}

/* Rows that were added or changed since. Whoever has to go back now is not kept from it when they cannot be
 * counted. */
static gboolean
print_losses (ErosController *controller, const char *backup, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GListModel) losses = NULL;
  g_autoptr (GError) problem = NULL;

  eros_backup_store_weigh_async (eros_controller_get_backups (controller), backup,
                                 eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  losses = eros_backup_store_weigh_finish (eros_controller_get_backups (controller), result, &problem);
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (losses == NULL)
    eros_cli_print (
      _ ("What has been written to these tables since then will be lost. How much that is could not "
         "be found out: %s\n"),
      problem->message);
  else
    eros_cli_print (_ ("Of what is there now, this was written since then and will be lost:\n"));
  for (guint i = 0; losses != NULL && i < g_list_model_get_n_items (losses); i++)
    {
      g_autoptr (ErosLoss) loss = g_list_model_get_item (losses, i);

      /* Translators: a table; numbers. */
      eros_cli_print (_ ("  %s: %" PRId64 " of %" PRId64 " rows\n"), eros_loss_get_table (loss),
                      eros_loss_get_n_lost (loss), eros_loss_get_n_now (loss));
    }
  eros_cli_print (_ ("A snapshot of the tables as they are now is taken first.\n"));
  return TRUE;
}

static void
add_argument (Rollback *self, const char *name, const char *value)
{
  g_hash_table_insert (self->arguments, (gpointer) name, g_strdup (value));
}

static ErosOperation *
plan (Rollback *self, GError **error)
{
  const char *authority =
    self->authority != NULL ? self->authority : eros_deployment_get_actor (self->service.deployment);
  g_autofree char *deviation = eros_authority_describe_deviation (
    self->service.deployment, eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK), authority);
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) backups = eros_cli_list_backups (self->service.controller, &trouble, error);
  ErosStoredBackup *backup = backups != NULL ? choose_backup (self, backups, trouble, error) : NULL;

  if (backup == NULL)
    return NULL;
  if (!self->service.json && self->only != NULL)
    eros_cli_print (_ ("In part: the rows of the critical tables stay as they are.\n"));
  else if (!self->service.json)
    {
      g_autofree char *way_back = eros_way_back_describe (self->service.deployment);

      eros_cli_print_backup (backup);
      if (way_back != NULL)
        eros_cli_print ("%s\n", way_back);
      if (!print_losses (self->service.controller, backup->name, error))
        return NULL;
    }
  self->arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  add_argument (self, "backup", backup->name);
  add_argument (self, "reason", self->dry_run && is_blank (self->reason) ? "(dry run)" : self->reason);
  add_argument (self, "authority", authority);
  if (deviation != NULL)
    eros_cli_complain ("eros-deploy: %s.\n", deviation);
  add_argument (self, "confirm", "ROLLBACK");
  if (self->sql != NULL)
    add_argument (self, "sql", self->sql);
  if (self->inventory != NULL)
    add_argument (self, "inventory", self->inventory);
  if (self->only != NULL)
    {
      g_autofree char *only = g_strjoinv ("\n", self->only);

      add_argument (self, "only", only);
    }
  return eros_controller_plan (self->service.controller, kind_of (self), self->arguments, error);
}

int
eros_cli_rollback (int argc, char **argv, GError **error)
{
  g_auto (Rollback) self = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (self.service),
    { "reason", 0, 0, G_OPTION_ARG_STRING, &self.reason, N_ ("What is wrong; goes on record"), N_ ("TEXT") },
    { "confirm", 0, 0, G_OPTION_ARG_STRING, &self.confirm, N_ ("The word ROLLBACK"), N_ ("WORD") },
    { "authority", 0, 0, G_OPTION_ARG_STRING, &self.authority, N_ ("Who has decided it, if not you"),
      N_ ("NAME") },
    { "sql", 0, 0, G_OPTION_ARG_FILENAME, &self.sql,
      N_ ("Folder of the steps that were deployed; the program brings its own"), N_ ("FOLDER") },
    { "only", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self.only,
      N_ ("Back in part: a set of steps such as phase2, or an object; can be given again"), N_ ("WHAT") },
    { "inventory", 0, 0, G_OPTION_ARG_STRING, &self.inventory,
      N_ ("Trust the definitions of this inventory, which the bucket has and this record has not"),
      N_ ("DIGEST") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &self.dry_run,
      N_ ("Show the backup, what will be lost and the plan; run nothing"), NULL },
    { "new", 0, 0, G_OPTION_ARG_NONE, &self.anew, N_ ("Do not go on with one that has not ended well"),
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  GError *problem = NULL;
  ErosOperation *operation;

  if (
    !eros_cli_parse (
      &argc, &argv, entries, "ID [TIMESTAMP] --reason TEXT --confirm ROLLBACK",
      _ (
        "Restores the critical tables from a backup, together, and takes the deployed steps "
        "back: from the newest verified one that was taken before the deployment, or the one of TIMESTAMP. "
        "Before that it pauses "
        "the scheduled queries and takes a snapshot, with which it can itself be undone. With --only, what a "
        "set of steps has done is taken back, or single objects come back from the backup's definitions; the "
        "rows of the critical tables stay, and none of a rollback's boxes is ticked."),
      1, 2, error) ||
    !check_arguments (&self, argc > 2 ? argv[2] : NULL, error) || !eros_cli_make_absolute (&self.sql, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_service_open (&self.service, argv[1], self.dry_run ? EROS_JOURNAL_READ : EROS_JOURNAL_WRITE,
                              error))
    return EROS_EXIT_FAILED;
  operation = self.dry_run ? NULL : find_begun (&self, &problem);
  if (operation == NULL && problem == NULL)
    operation = plan (&self, &problem);
  if (operation == NULL)
    {
      g_propagate_error (error, problem);
      return EROS_EXIT_FAILED;
    }
  return self.dry_run ? eros_cli_forecast (&self.service, operation, error)
                      : eros_cli_finish_operation (&self.service, operation, error);
}
