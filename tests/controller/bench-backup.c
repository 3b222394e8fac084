/* bench-backup.c: does a backup of many tables take longer than that of its slowest one?
 *
 * Every request is delayed by 200 ms, as on a far network; then most of a backup is waiting, which tables can
 * do together. Bar: 50 tables in at most 1.5 times the time of one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "controller-test.h"

#define N_TABLES 50
#define BAR      1.5

static void
set_tables (JsonNode *node, guint n_tables)
{
  JsonArray *tables;

  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      set_tables (json_array_get_element (json_node_get_array (node), i), n_tables);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  for (GList *members = json_object_get_values (json_node_get_object (node)); members != NULL;
       members = g_list_delete_link (members, members))
    set_tables (members->data, n_tables);
  if (g_strcmp0 (json_object_get_string_member_with_default (json_node_get_object (node), "kind", ""),
                 "operation") != 0 ||
      !json_object_has_member (json_node_get_object (node), "tables"))
    return;
  tables = json_array_new ();
  for (guint i = 0; i < n_tables; i++)
    {
      g_autofree char *name = g_strdup_printf ("copy_%u", i);

      json_array_add_string_element (tables, name);
    }
  json_object_set_array_member (json_node_get_object (node), "tables", tables);
  /* They name rows of the tables that there were. */
  json_object_remove_member (json_node_get_object (node), "fills");
}

/* The runbook of the program, with other tables. */
static ErosRunbook *
load_runbook (ControllerTest *test, guint n_tables)
{
  g_autofree char *source =
    g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "data", "runbook", "eros-scheduling.json", NULL);
  g_autofree char *path = g_build_filename (test->folder, "runbook.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  ErosRunbook *runbook;

  json_parser_load_from_file (parser, source, &error);
  g_assert_no_error (error);
  set_tables (json_parser_get_root (parser), n_tables);
  text = json_to_string (json_parser_get_root (parser), FALSE);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  runbook = eros_runbook_load (file, NULL, &error);
  g_assert_no_error (error);
  return runbook;
}

static void
use_tables (ControllerTest *test, guint n_tables)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (test->deployment);
  g_autoptr (ErosRunbook) runbook = load_runbook (test, n_tables);
  g_autofree char *path = g_strdup_printf ("%s/tables-%u.erosdeploy", test->folder, n_tables);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  ErosDeployment *deployment = eros_deployment_create (file, runbook, setup, "Ada", &error);

  g_assert_no_error (error);
  g_clear_object (&test->controller);
  g_clear_object (&test->deployment);
  test->deployment = deployment;
  test->controller = eros_controller_new (deployment, eros_rehearsal_get_connection (test->rehearsal));
}

static double
time_backup (ControllerTest *test)
{
  gint64 start;

  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"path\":\"^/(bigquery|storage|upload|v1)\",\"times\":100000,\"action\":\"delay:200\"}");
  start = g_get_monotonic_time ();
  controller_test_run (test, "backup", NULL);
  start = g_get_monotonic_time () - start;
  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  return start / 1e6;
}

static void
test_many_tables_take_the_time_of_one (ControllerTest *test, gconstpointer data)
{
  double one;
  double many;

  for (guint i = 0; i < N_TABLES; i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("CREATE TABLE `eros-rehearsal.eros_platform.copy_%u` AS SELECT * FROM "
                         "`eros-rehearsal.eros_platform.caption_bank` LIMIT 200",
                         i);

      g_free (controller_test_query (test, sql));
    }
  /* A backup restores the one before it too: both have one, of all their tables. */
  use_tables (test, N_TABLES);
  time_backup (test);
  many = time_backup (test);
  use_tables (test, 1);
  one = time_backup (test);
  g_test_message ("one table %.2f s, %u tables %.2f s: %.2f times (bar: %.1f)", one, N_TABLES, many,
                  many / one, BAR);
  g_assert_cmpfloat (many / one, <=, BAR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/controller/bench/many-tables-take-the-time-of-one", ControllerTest, NULL,
              controller_test_set_up, test_many_tables_take_the_time_of_one, controller_test_tear_down);
  return g_test_run ();
}
