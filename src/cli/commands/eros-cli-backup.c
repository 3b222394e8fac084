/* eros-cli-backup.c: eros-deploy backup
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-operation.h"

/* An older one would not be of the tables as they are now. */
#define FRESH G_TIME_SPAN_HOUR

int
eros_cli_backup (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  g_autofree char *days = NULL;
  gboolean dry_run = FALSE;
  gboolean anew = FALSE;
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "retention-days", 0, 0, G_OPTION_ARG_STRING, &days, N_ ("How long it is kept (90)"), N_ ("DAYS") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_ ("Show the plan and what it would cost; run nothing"),
      NULL },
    { "new", 0, 0, G_OPTION_ARG_NONE, &anew, N_ ("Do not go on with one that was cut off"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);
  const char *kind = eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP);
  ErosOperation *operation;

  if (!eros_cli_parse (&argc, &argv, entries, "ID",
                       _ ("Backs up the critical tables: a snapshot and an export of each, compared with the "
                          "table. One that was cut off within the last hour goes on."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  if (days != NULL)
    {
      gint64 value;

      if (!g_ascii_string_to_signed (days, 10, 1, 3650, &value, NULL))
        {
          g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                       _ ("--retention-days is a number from 1 to 3650, not “%s”."), days);
          return EROS_EXIT_USAGE;
        }
      g_hash_table_insert (arguments, (gpointer) "retention_days", days);
    }
  if (!eros_cli_service_open (&service, argv[1], dry_run ? EROS_JOURNAL_READ : EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  operation = dry_run ? eros_controller_plan (service.controller, kind, arguments, error)
                      : eros_cli_take_up (&service, kind, arguments,
                                          anew ? G_MAXINT64 : g_get_real_time () - FRESH, error);
  if (operation == NULL)
    return EROS_EXIT_FAILED;
  return dry_run ? eros_cli_forecast (&service, operation, error)
                 : eros_cli_finish_operation (&service, operation, error);
}
