/* controller-test.c: a controller with a rehearsal of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "controller-test.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

void
controller_test_keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

GAsyncResult *
controller_test_wait (ControllerTest *test)
{
  while (test->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&test->result);
}

void
controller_test_set_up (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  test->folder = g_dir_make_tmp ("eros-checks-XXXXXX", &error);
  g_assert_no_error (error);
  eros_rehearsal_start_async (2000, NULL, NULL, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  test->rehearsal = eros_rehearsal_start_finish (result, &error);
  g_assert_no_error (error);
  path = g_build_filename (test->folder, "test.erosdeploy", NULL);
  file = g_file_new_for_path (path);
  test->deployment =
    eros_rehearsal_create_deployment (test->rehearsal, file, "Ada <ada@example.com>", &error);
  g_assert_no_error (error);
  test->controller = eros_controller_new (test->deployment, eros_rehearsal_get_connection (test->rehearsal));
}

void
controller_test_set_up_with_history (ControllerTest *test, gconstpointer data)
{
  g_autofree char *server = g_strdup (g_getenv ("EROS_LOCAL_BIGQUERY"));
  g_autofree char *folder = g_dir_make_tmp ("eros-server-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "with-history", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\nexec '%s' --history=20 \"$@\"\n", server);

  g_assert_true (g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_setenv ("EROS_LOCAL_BIGQUERY", path, TRUE);
  controller_test_set_up (test, data);
  g_setenv ("EROS_LOCAL_BIGQUERY", server, TRUE);
  g_remove (path);
  g_rmdir (folder);
}

static void
remove_folder (const char *folder)
{
  const char *argv[] = { "rm", "-r", folder, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

void
controller_test_tear_down (ControllerTest *test, gconstpointer data)
{
  g_clear_object (&test->controller);
  g_clear_object (&test->deployment);
  g_clear_object (&test->rehearsal);
  remove_folder (test->folder);
  g_clear_pointer (&test->folder, g_free);
}

/* Without the label that the program gives to what is its own. (transfer full) */
static ErosJobRequest *
make_foreign_query (const char *id, const char *sql)
{
  g_autoptr (JsonObject) configuration = json_object_new ();
  JsonObject *query = json_object_new ();

  json_object_set_string_member (query, "query", sql);
  json_object_set_boolean_member (query, "useLegacySql", FALSE);
  json_object_set_object_member (configuration, "query", query);
  json_object_set_object_member (configuration, "labels", json_object_new ());
  return eros_job_request_new (id, configuration);
}

char *
controller_test_query (ControllerTest *test, const char *sql)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = make_foreign_query (id, sql);
  g_autoptr (GAsyncResult) ran = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  eros_big_query_run_async (client, request, NULL, controller_test_keep_cb, &test->result);
  ran = controller_test_wait (test);
  job = eros_big_query_run_finish (client, ran, &error);
  g_assert_no_error (error);
  error = eros_job_dup_error (job);
  g_assert_no_error (error);
  eros_big_query_read_page_async (client, job, NULL, NULL, 1, NULL, controller_test_keep_cb, &test->result);
  read = controller_test_wait (test);
  page = eros_big_query_read_page_finish (client, read, NULL, NULL, &error);
  g_assert_no_error (error);
  return page != NULL && eros_page_get_n_rows (page) > 0 ? eros_page_dup_text (page, 0, 0) : NULL;
}

ErosOperation *
controller_test_plan (ControllerTest *test, const char *kind, GHashTable *arguments)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation = eros_controller_plan (test->controller, kind, arguments, &error);

  g_assert_no_error (error);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_PLANNED);
  return operation;
}

gboolean
controller_test_start (ControllerTest *test, ErosOperation *operation, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_controller_start_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  return eros_controller_start_finish (test->controller, result, error);
}

/* Says which step failed and why: what a person would look at too. */
void
controller_test_assert_went_well (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (eros_step_get_state (step) != EROS_STATE_SUCCEEDED)
        g_error ("%s: %s", eros_step_get_title (step),
                 eros_step_get_error (step) != NULL ? eros_step_get_error (step) : "not run");
    }
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_SUCCEEDED);
}

ErosOperation *
controller_test_run (ControllerTest *test, const char *kind, GHashTable *arguments)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation = controller_test_plan (test, kind, arguments);

  controller_test_start (test, operation, &error);
  if (error != NULL && error->domain == EROS_CONTROLLER_ERROR &&
      error->code == EROS_CONTROLLER_ERROR_NOT_ALLOWED)
    g_assert_no_error (error);
  controller_test_assert_went_well (operation);
  return operation;
}

void
controller_test_expect_rows (ControllerTest *test)
{
  static const char *const expected[][2] = { { "caption-bank", "2000" },
                                             { "caption-bandit-stats", "2000" },
                                             { "active-caption-assignments", "1000" } };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *field = g_strconcat ("validation.health.row-counts.expected-", expected[i][0], NULL);
      g_autoptr (GError) error = NULL;

      eros_deployment_set_value (test->deployment, field, expected[i][1], &error);
      g_assert_no_error (error);
    }
}

/* Whatever a gate before a deployment asks for, by decision. */
void
controller_test_open_gates (ControllerTest *test)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (test->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      g_autoptr (GError) error = NULL;

      if (eros_deployment_gate_is_open (test->deployment, gate, NULL) ||
          eros_deployment_get_override (test->deployment, eros_gate_get_id (gate), NULL))
        continue;
      eros_deployment_override (test->deployment, eros_gate_get_id (gate), "Ada",
                                "a test of what comes after", &error);
      g_assert_no_error (error);
    }
}

char *
controller_test_backup_suffix (ControllerTest *test)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (g_str_equal (eros_event_get_kind (event), "step.ended") &&
          g_strcmp0 (eros_event_get_string (event, "step"), "clock") == 0)
        return g_strconcat ("backup_",
                            json_object_get_string_member (
                              json_object_get_object_member (eros_event_get_body (event), "values"), "stamp"),
                            NULL);
    }
  return NULL;
}

GHashTable *
controller_test_rollback_arguments (const char *backup)
{
  GHashTable *arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (arguments, (gpointer) "backup", g_strdup (backup));
  g_hash_table_insert (arguments, (gpointer) "reason", g_strdup ("the captions repeat themselves"));
  g_hash_table_insert (arguments, (gpointer) "authority", g_strdup ("Grace Hopper"));
  g_hash_table_insert (arguments, (gpointer) "confirm", g_strdup ("ROLLBACK"));
  return arguments;
}

void
controller_test_assert_ticked (ControllerTest *test, const char *id)
{
  ErosItem *item = eros_deployment_get_item (test->deployment, id);

  if (eros_item_get_mark (item) != EROS_ITEM_TICKED)
    g_error ("%s is not ticked: %s", id,
             eros_item_get_summary (item) != NULL ? eros_item_get_summary (item) : "never run");
}

char *
controller_test_fingerprint (ControllerTest *test)
{
  return controller_test_query (test, "SELECT TO_JSON_STRING([\n"
                                      "  (SELECT BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))) FROM "
                                      "`eros-rehearsal.eros_platform.caption_bank` AS t),\n"
                                      "  (SELECT BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))) FROM "
                                      "`eros-rehearsal.eros_platform.caption_bandit_stats` AS t),\n"
                                      "  (SELECT BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))) FROM "
                                      "`eros-rehearsal.eros_platform.active_caption_assignments` AS t)])");
}

/* All that there is beside the tables' rows: tables with their layout, routines. */
char *
controller_test_inventory (ControllerTest *test)
{
  return controller_test_query (
    test, "SELECT STRING_AGG(entry, '\\n' ORDER BY entry) FROM (\n"
          "  SELECT CONCAT(table_name, ' ', column_name, ' ', data_type, ' ', is_partitioning_column, ' ',\n"
          "    IFNULL(CAST(clustering_ordinal_position AS STRING), '-')) AS entry\n"
          "  FROM `eros-rehearsal.eros_platform.INFORMATION_SCHEMA.COLUMNS`\n"
          "  WHERE NOT REGEXP_CONTAINS(table_name, '_(backup|before_rollback|kept)_')\n"
          "  UNION ALL\n"
          "  SELECT routine_name FROM `eros-rehearsal.eros_platform.INFORMATION_SCHEMA.ROUTINES`)");
}

void
controller_test_tell_server (ControllerTest *test, const char *method, const char *path, const char *body)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  const char *endpoint = eros_connection_get_endpoint (eros_rehearsal_get_connection (test->rehearsal));
  g_autofree char *uri = g_strconcat (endpoint, path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GBytes) sent = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (sent != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", sent);
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (message) / 100, ==, 2);
}

void
controller_test_open (ControllerTest *test, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  test->deployment = eros_deployment_open (file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  eros_deployment_set_actor (test->deployment, "Ada <ada@example.com>");
  test->controller = eros_controller_new (test->deployment, eros_rehearsal_get_connection (test->rehearsal));
}

void
controller_test_reopen (ControllerTest *test)
{
  g_autofree char *path =
    g_file_get_path (eros_journal_get_file (eros_deployment_get_journal (test->deployment)));

  g_clear_object (&test->controller);
  g_assert_finalize_object (g_steal_pointer (&test->deployment));
  controller_test_open (test, path);
}

char *
controller_test_copy_steps (ControllerTest *test, const char *file, const char *more)
{
  g_autofree char *source = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "sql", NULL);
  g_autofree char *copy = g_build_filename (test->folder, "sql", NULL);
  g_autofree char *changed = g_build_filename (copy, file, NULL);
  g_autofree char *text = NULL;
  g_autofree char *longer = NULL;
  const char *argv[] = { "cp", "-r", source, copy, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (changed, &text, NULL, &error);
  g_assert_no_error (error);
  longer = g_strconcat (text, more, NULL);
  g_file_set_contents (changed, longer, -1, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&copy);
}
