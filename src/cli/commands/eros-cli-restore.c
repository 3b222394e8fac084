/* eros-cli-restore.c: eros-deploy restore
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-operation.h"

/* A blank folder's slash at its end is nobody's name. (transfer full) */
static char *
without_slash (const char *from)
{
  char *text = g_strdup (from);

  if (g_str_has_suffix (text, "/"))
    text[strlen (text) - 1] = '\0';
  return text;
}

int
eros_cli_restore (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_ ("The folder of an exported backup"),
      N_ ("gs://BUCKET/FOLDER") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, N_ ("Another data set; it is made if it is not there"),
      N_ ("PROJECT.DATASET") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  ErosOperation *operation;

  if (!eros_cli_parse (&argc, &argv, entries, "ID --from gs://BUCKET/FOLDER --to PROJECT.DATASET",
                       _ ("Loads what a backup has exported into another data set, and compares it with what "
                          "was written down of the backup. Nothing that is there is overwritten, and the "
                          "deployment's data set is not touched."),
                       1, 1, error))
    return EROS_EXIT_USAGE;
  if (from == NULL || to == NULL)
    {
      g_set_error_literal (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                           _ ("Say what to restore, and where to: --from gs://BUCKET/FOLDER, as “eros-deploy "
                              "backups” shows it, and --to PROJECT.DATASET."));
      return EROS_EXIT_USAGE;
    }
  g_hash_table_insert (arguments, (gpointer) "from", without_slash (from));
  g_hash_table_insert (arguments, (gpointer) "to", g_steal_pointer (&to));
  if (!eros_cli_service_open (&service, argv[1], EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  operation = eros_controller_plan (
    service.controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_RESTORE), arguments, error);
  return operation != NULL ? eros_cli_finish_operation (&service, operation, error) : EROS_EXIT_FAILED;
}
