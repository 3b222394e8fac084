/* eros-cli-resume.c: eros-deploy resume, eros-deploy resume-schedules
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

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
go_on (ErosCliService *service, ErosCliUnfinished *unfinished, GError **error)
{
  if (unfinished->operation == NULL)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                   _ ("“%s” was begun and has not ended well, but its steps cannot be read any more. Put the "
                      "folder of its SQL back where it was, or begin it anew."),
                   unfinished->kind);
      return EROS_EXIT_FAILED;
    }
  return eros_cli_finish_operation (service, unfinished->operation, error);
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
  g_autoptr (ErosCliUnfinished) unfinished = NULL;
  int status = EROS_EXIT_DONE;

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Goes on with the operation that was last begun, if it was cut off, stopped or has "
                          "failed. No statement that has run is run again."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  unfinished = eros_cli_find_unfinished (service.controller, NULL);
  if (unfinished != NULL)
    status = go_on (&service, unfinished, error);
  else if (!service.json)
    eros_cli_print (_ ("Every operation that was begun has ended well: there is nothing to go on with.\n"));
  if (status == EROS_EXIT_DONE && !look_up_jobs (service.controller, error))
    return EROS_EXIT_FAILED;
  return status;
}

int
eros_cli_resume_schedules (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  ErosOperation *operation;

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Resumes the scheduled queries that the last rollback has paused, and no others."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  operation = eros_controller_plan (service.controller, "resume-schedules", NULL, error);
  return operation != NULL ? eros_cli_finish_operation (&service, operation, error) : EROS_EXIT_FAILED;
}
