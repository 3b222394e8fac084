/* eros-cli-resume.c: eros-deploy resume, revert, verify-steps, pause-schedules and resume-schedules
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-operation.h"

/* Jobs whose end nobody has written down: of checks, for instance, that were cut off. */
static gboolean
look_up_jobs (ErosController *controller, GError **error)
{
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_controller_resume_async (controller, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  return eros_controller_resume_finish (controller, result, error);
}

static int
go_on (ErosCliService *service, ErosUnfinished *unfinished, GError **error)
{
  ErosOperation *operation = eros_controller_get_operation (service->controller, unfinished->id);

  if (operation == NULL)
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
        _ ("“%s” was begun and has not ended well, but the SQL of its steps cannot be read any more, or "
           "has changed. Put it back as it was, or begin anew."),
        unfinished->title);
      return EROS_EXIT_FAILED;
    }
  return eros_cli_finish_operation (service, operation, error);
}

int
eros_cli_resume (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosUnfinished) unfinished = NULL;
  int status = EROS_EXIT_DONE;

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Goes on with the operation that was last begun, if it was cut off, stopped or has "
                          "failed. No statement that has run is run again."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  unfinished = eros_unfinished_find (service.deployment, NULL);
  if (unfinished != NULL)
    status = go_on (&service, unfinished, error);
  else if (!service.json)
    eros_cli_print (
      _ ("There is nothing to go on with: what was begun has ended well, was begun anew, or was "
         "taken back by a rollback.\n"));
  if (status == EROS_EXIT_DONE && !look_up_jobs (service.controller, error))
    return EROS_EXIT_FAILED;
  return status;
}

/* The step at which the last deployment has stopped. (transfer full) */
static char *
find_step (ErosController *controller, GError **error)
{
  g_auto (GStrv) names =
    eros_runbook_list_deployments (eros_deployment_get_runbook (eros_controller_get_deployment (controller)));
  g_autoptr (ErosUnfinished) unfinished = NULL;
  ErosOperation *operation;
  char *step;

  for (guint i = g_strv_length (names); i > 0 && unfinished == NULL; i--)
    unfinished = eros_unfinished_find (eros_controller_get_deployment (controller), names[i - 1]);
  operation = unfinished != NULL ? eros_controller_get_operation (controller, unfinished->id) : NULL;
  step = operation != NULL ? eros_controller_get_step_to_revert (controller, operation) : NULL;

  if (step == NULL)
    g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                 _ ("No deployment has stopped at a step. Name the one to take back; “eros-deploy "
                    "deploy ID SET --dry-run” shows those of a set."));
  return step;
}

int
eros_cli_revert (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  g_autofree char *sql = NULL;
  g_autofree char *step = NULL;
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "sql", 0, 0, G_OPTION_ARG_FILENAME, &sql,
      N_ ("Folder of the steps, if not the one that was deployed from"), N_ ("FOLDER") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);
  ErosOperation *operation;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID [STEP]",
        _ ("Takes one step of a deployment back: the one at which it has stopped, or STEP. When "
           "the deployment goes on, it does the step again."),
        1, 2, error) ||
      !eros_cli_make_absolute (&sql, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  step = argc > 2 ? g_strdup (argv[2]) : find_step (service.controller, error);
  if (step == NULL)
    return EROS_EXIT_USAGE;
  g_hash_table_insert (arguments, (gpointer) "step", step);
  if (sql != NULL)
    g_hash_table_insert (arguments, (gpointer) "sql", sql);
  operation = eros_controller_plan (
    service.controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_REVERT), arguments, error);
  return operation != NULL ? eros_cli_finish_operation (&service, operation, error) : EROS_EXIT_FAILED;
}

/* An operation that wants no more than the deployment. */
static int
run_plain (int argc, char **argv, ErosOperationKind kind, const char *summary, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  ErosOperation *operation;

  if (!eros_cli_parse (&argc, &argv, entries, "ID", summary, 1, 1, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  operation = eros_controller_plan (service.controller, eros_operation_kind_get_name (kind), NULL, error);
  return operation != NULL ? eros_cli_finish_operation (&service, operation, error) : EROS_EXIT_FAILED;
}

int
eros_cli_resume_schedules (int argc, char **argv, GError **error)
{
  return run_plain (
    argc, argv, EROS_OPERATION_KIND_RESUME_SCHEDULES,
    _ ("Resumes the scheduled queries that a rollback or “pause-schedules” has paused, and no "
       "others."),
    error);
}

int
eros_cli_pause_schedules (int argc, char **argv, GError **error)
{
  return run_plain (
    argc, argv, EROS_OPERATION_KIND_PAUSE_SCHEDULES,
    _ ("Pauses the scheduled queries that run, without a rollback. Which ones is on record before "
       "the first is paused: “eros-deploy resume-schedules” resumes exactly these."),
    error);
}

int
eros_cli_verify_steps (int argc, char **argv, GError **error)
{
  return run_plain (
    argc, argv, EROS_OPERATION_KIND_VERIFY_STEPS,
    _ ("Runs every verification of what was deployed again, to the end, whatever fails: after an "
       "incident, before the final sign-off. It leaves no trace in the data."),
    error);
}
