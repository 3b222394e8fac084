/* eros-cli-deploy.c: eros-deploy deploy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-gates.h"
#include "eros-cli-operation.h"
#include "eros-shape.h"
#include "eros-sql-step.h"

typedef struct
{
  ErosCliService service;
  const char *phase; /* "phase1" */
  char *kind;        /* "deploy-phase1" */
  char *sql;
  char *name;
  char *reason;
  gboolean dry_run;
  gboolean anew;
} Deploy;

static void
deploy_clear (Deploy *self)
{
  eros_cli_service_clear (&self->service);
  g_free (self->kind);
  g_free (self->sql);
  g_free (self->name);
  g_free (self->reason);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deploy, deploy_clear)

static gboolean
check_arguments (Deploy *self, const char *phase, GError **error)
{
  if ((self->name == NULL) != (self->reason == NULL))
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("An override needs both: --override-name NAME and --override-reason REASON."));
      return FALSE;
    }
  self->phase = phase;
  self->kind = g_strconcat ("deploy-", phase, NULL);
  return TRUE;
}

static gboolean
check_phase (Deploy *self, GError **error)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (self->service.deployment);
  g_auto (GStrv) sets = eros_step_files_list_deployable (eros_runbook_get_steps (runbook));
  g_autofree char *all = NULL;

  if (g_strv_contains ((const char *const *) sets, self->phase))
    return TRUE;
  all = g_strjoinv ("”, “", sets);
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("There is no phase “%s” to deploy. The runbook has: “%s”."), self->phase, all);
  return FALSE;
}

/* “Tested in staging” can mean this very text. */
static gboolean
print_texts (Deploy *self, GError **error)
{
  g_autoptr (GFile) folder = self->sql != NULL ? g_file_new_for_commandline_arg (self->sql) : NULL;
  ErosRunbook *runbook = eros_deployment_get_runbook (self->service.deployment);
  g_autoptr (ErosStepFiles) files = folder != NULL ? eros_step_files_load (folder, NULL, error)
                                                   : eros_step_files_ref (eros_runbook_get_steps (runbook));
  g_autoptr (GPtrArray) steps = files != NULL ? eros_sql_steps_load (files, self->phase, error) : NULL;

  if (steps == NULL)
    return FALSE;
  eros_cli_print (_ ("\nSQL, with the SHA-256 of each step’s texts:\n"));
  for (guint i = 0; i < steps->len; i++)
    {
      ErosSqlStep *step = steps->pdata[i];

      eros_cli_print ("  %s\n    %s\n    %s\n", step->id, step->changes, step->sha256);
    }
  return TRUE;
}

static int
forecast (Deploy *self, ErosOperation *operation, GError **error)
{
  g_autofree char *closed = eros_cli_list_closed_gates (self->service.controller, self->kind);
  int status = eros_cli_forecast (&self->service, operation, error);

  if (status != EROS_EXIT_DONE || self->service.json)
    return status;
  if (!print_texts (self, error))
    return EROS_EXIT_FAILED;
  if (closed != NULL)
    {
      eros_cli_print (_ ("\nIt has to wait for these:\n"));
      eros_cli_print_lines (closed);
    }
  return EROS_EXIT_DONE;
}

/* On what it was rehearsed, if that was a data set like this one. */
static void
print_drift (Deploy *self)
{
  g_autofree char *text = eros_shape_describe_drift (self->service.deployment, self->kind);

  if (text != NULL && !self->service.json)
    eros_cli_print ("%s\n", text);
}

/* What one can do about a step that has failed. */
static void
print_ways_out (Deploy *self, ErosOperation *operation)
{
  const char *id = eros_deployment_get_id (self->service.deployment);
  g_autofree char *step = eros_controller_get_step_to_revert (self->service.controller, operation);

  if (self->service.json || eros_operation_get_state (operation) != EROS_STATE_FAILED)
    return;
  eros_cli_print (_ ("\nTry it again:             eros-deploy resume %s\n"), id);
  if (step != NULL)
    eros_cli_print (_ ("Take this step back:      eros-deploy revert %s\n"), id);
  eros_cli_print (_ ("Go back to the backup:    eros-deploy rollback %s --dry-run\n"), id);
}

static int
run (Deploy *self, ErosOperation *operation, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  int status = eros_cli_finish_operation (&self->service, operation, &refusal);

  if (!g_error_matches (refusal, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED))
    {
      if (refusal != NULL)
        g_propagate_error (error, g_steal_pointer (&refusal));
    }
  else if (eros_cli_override_gates (self->service.controller, self->kind, self->name, self->reason, refusal,
                                    error))
    status = eros_cli_finish_operation (&self->service, operation, error);
  print_ways_out (self, operation);
  return status;
}

int
eros_cli_deploy (int argc, char **argv, GError **error)
{
  g_auto (Deploy) self = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (self.service),
    { "sql", 0, 0, G_OPTION_ARG_FILENAME, &self.sql,
      N_ ("Folder of the steps, with a folder a phase; the program brings its own"), N_ ("FOLDER") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &self.dry_run,
      N_ ("Show the plan, what it would cost and what it waits for; run nothing"), NULL },
    { "override-name", 0, 0, G_OPTION_ARG_STRING, &self.name,
      N_ ("Go on although gates are closed: who decides that"), N_ ("NAME") },
    { "override-reason", 0, 0, G_OPTION_ARG_STRING, &self.reason, N_ ("… and why; both stand in the report"),
      N_ ("REASON") },
    { "new", 0, 0, G_OPTION_ARG_NONE, &self.anew, N_ ("Do not go on with one that has not ended well"),
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &self.service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);
  ErosOperation *operation;

  if (!eros_cli_parse (&argc, &argv, entries, "ID PHASE",
                       _ ("Deploys a phase, verifying each step; the first that fails ends it. One that has "
                          "not ended well goes on, unless a rollback came after it."),
                       2, 2, error) ||
      !check_arguments (&self, argv[2], error) || !eros_cli_make_absolute (&self.sql, error))
    return EROS_EXIT_USAGE;
  if (self.sql != NULL)
    g_hash_table_insert (arguments, (gpointer) "sql", self.sql);
  if (!eros_cli_service_open (&self.service, argv[1], self.dry_run ? EROS_JOURNAL_READ : EROS_JOURNAL_WRITE,
                              error))
    return EROS_EXIT_FAILED;
  if (!check_phase (&self, error))
    return EROS_EXIT_USAGE;
  operation = self.dry_run
                ? eros_controller_plan (self.service.controller, self.kind, arguments, error)
                : eros_cli_take_up (&self.service, self.kind, arguments, self.anew ? G_MAXINT64 : 0, error);
  if (operation == NULL)
    return EROS_EXIT_FAILED;
  print_drift (&self);
  return self.dry_run ? forecast (&self, operation, error) : run (&self, operation, error);
}
