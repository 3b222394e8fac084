/* eros-cli-prove.c: eros-deploy prove
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-operation.h"
#include "eros-way-back.h"

/* How long it will take when it is needed: what the whole was for. */
static void
print_way_back (ErosCliService *service)
{
  g_autofree char *text = eros_way_back_describe (service->deployment);

  if (text != NULL && !service->json)
    eros_cli_print ("%s\n", text);
}

int
eros_cli_prove (int argc, char **argv, GError **error)
{
  g_auto (ErosCliService) service = { 0 };
  g_autofree char *sql = NULL;
  gboolean dry_run = FALSE;
  const GOptionEntry entries[] = {
    EROS_CLI_SERVICE_ENTRIES (service),
    { "sql", 0, 0, G_OPTION_ARG_FILENAME, &sql,
      N_ ("Folder of the steps, with a folder a phase; the program brings its own"), N_ ("FOLDER") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_ ("Show the plan and what it would cost; run nothing"),
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &service.json, N_ ("Print JSON when it has ended"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);
  ErosOperation *operation;
  int status;

  if (!eros_cli_parse (
        &argc, &argv, entries, "ID",
        _ ("Proves the way back before it is needed: copies the data set (its tables as "
           "clones), deploys every phase on the copy, rolls back, compares, and removes the "
           "copy. The plan and its price are shown first. What steps change outside of the data "
           "set they change for real."),
        1, 1, error) ||
      !eros_cli_make_absolute (&sql, error))
    return EROS_EXIT_USAGE;
  if (sql != NULL)
    g_hash_table_insert (arguments, (gpointer) "sql", sql);
  if (!eros_cli_service_open (&service, argv[1], dry_run ? EROS_JOURNAL_READ : EROS_JOURNAL_WRITE, error))
    return EROS_EXIT_FAILED;
  operation = eros_controller_plan (
    service.controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_PROVE), arguments, error);
  if (operation == NULL)
    return EROS_EXIT_FAILED;
  if (dry_run || !service.json)
    {
      status = eros_cli_forecast (&service, operation, error);
      if (dry_run || status != EROS_EXIT_DONE)
        return status;
    }
  status = eros_cli_finish_operation (&service, operation, error);
  if (status == EROS_EXIT_DONE)
    print_way_back (&service);
  return status;
}
