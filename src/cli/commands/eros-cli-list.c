/* eros-cli-list.c: eros-deploy list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <glib/gi18n-lib.h>

#include "eros-deployment-list.h"

#define N_COLUMNS 7

static JsonNode *
summary_to_json (ErosDeploymentSummary *summary)
{
  g_autofree char *created = eros_time_iso (eros_deployment_summary_get_created (summary));
  g_autofree char *modified = eros_time_iso (eros_deployment_summary_get_modified (summary));
  const char *problem = eros_deployment_summary_get_error (summary);
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  eros_cli_set_text (object, "id", eros_deployment_summary_get_id (summary));
  eros_cli_set_text (object, "file", g_file_peek_path (eros_deployment_summary_get_file (summary)));
  eros_cli_set_text (object, "modified", modified);
  eros_cli_set_text (object, "error", problem);
  if (problem == NULL)
    {
      eros_cli_set_text (object, "name", eros_deployment_summary_get_name (summary));
      eros_cli_set_text (object, "environment",
                         eros_cli_environment_text (eros_deployment_summary_get_environment (summary)));
      eros_cli_set_text (object, "created", created);
      eros_cli_set_text (object, "phase", eros_deployment_summary_get_phase (summary));
      eros_cli_set_text (object, "result",
                         eros_cli_result_text (eros_deployment_summary_get_result (summary)));
      json_object_set_int_member (object, "done", eros_deployment_summary_get_done (summary));
      json_object_set_int_member (object, "total", eros_deployment_summary_get_total (summary));
    }
  json_node_take_object (node, object);
  return node;
}

static char **
make_row (ErosDeploymentSummary *summary)
{
  char **row = g_new0 (char *, N_COLUMNS + 1);

  row[0] = g_strdup (eros_deployment_summary_get_id (summary));
  if (eros_deployment_summary_get_error (summary) != NULL)
    {
      row[1] = g_strdup_printf ("✘ %s", eros_deployment_summary_get_error (summary));
      return row;
    }
  row[1] = g_strdup (eros_deployment_summary_get_name (summary));
  row[2] = g_strdup (eros_cli_environment_text (eros_deployment_summary_get_environment (summary)));
  row[3] = eros_time_text (eros_deployment_summary_get_created (summary));
  row[4] = g_strdup (eros_deployment_summary_get_phase (summary));
  row[5] = g_strdup_printf ("%u/%u", eros_deployment_summary_get_done (summary),
                            eros_deployment_summary_get_total (summary));
  row[6] = g_strdup (eros_cli_result_text (eros_deployment_summary_get_result (summary)));
  return row;
}

static void
print_rows (GPtrArray *rows)
{
  int widths[N_COLUMNS] = { 0 };

  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];

      /* A row with an error has one long text instead of columns. */
      for (guint column = 0; row[column] != NULL && (row[2] != NULL || column == 0); column++)
        widths[column] = MAX (widths[column], (int) g_utf8_strlen (row[column], -1));
    }
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];

      for (guint column = 0; row[column] != NULL; column++)
        eros_cli_print (
          "%s%*s", row[column],
          row[column + 1] != NULL ? widths[column] - (int) g_utf8_strlen (row[column], -1) + 2 : 0, "");
      eros_cli_print ("\n");
    }
}

static void
print_table (GListModel *list)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  const char *headings[] = { _ ("ID"),    C_ ("list", "NAME"), _ ("ENVIRONMENT"), _ ("CREATED"),
                             _ ("PHASE"), _ ("DONE"),          _ ("RESULT"),      NULL };

  if (g_list_model_get_n_items (list) == 0)
    {
      eros_cli_print (_ (
        "There are no deployments yet. “eros-deploy new” makes one, “eros-deploy rehearse” a rehearsal.\n"));
      return;
    }
  g_ptr_array_add (rows, g_strdupv ((char **) headings));
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (list, i);

      g_ptr_array_add (rows, make_row (summary));
    }
  print_rows (rows);
}

int
eros_cli_list (int argc, char **argv, GError **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GFile) directory = NULL;
  g_autoptr (GListModel) list = NULL;
  g_autoptr (JsonNode) all = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, NULL,
                       _ ("Lists this user’s deployments, the last modified first."), 0, 0, error))
    return EROS_EXIT_USAGE;

  directory = eros_deployment_get_directory ();
  list = eros_deployment_list (directory, NULL, error);
  if (list == NULL)
    return EROS_EXIT_FAILED;
  if (!json)
    {
      print_table (list);
      return EROS_EXIT_DONE;
    }

  all = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (all, json_array_new ());
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (list, i);

      json_array_add_element (json_node_get_array (all), summary_to_json (summary));
    }
  eros_cli_print_json (g_steal_pointer (&all));
  return EROS_EXIT_DONE;
}
