/* test-going-on.c: what has stopped goes on, is taken back, or has to be proven first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "controller-test.h"

/* The third statement that the phase sends fails once: the deploy.sql of its second step. */
static const char third_job_fails[] = "{\"method\":\"POST\",\"path\":\"/jobs$\",\"skip\":2,\"times\":1,"
                                      "\"action\":\"400:invalidQuery\"}";

static ErosOperation *
run_and_fail (ControllerTest *test)
{
  ErosOperation *operation = controller_test_plan (test, "deploy-phase1", NULL);
  g_autoptr (GError) error = NULL;

  controller_test_tell_server (test, "POST", "/_local/faults", third_job_fails);
  g_assert_false (controller_test_start (test, operation, &error));
  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_FAILED);
  return operation;
}

static guint
count_jobs (ControllerTest *test, const char *step)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      n += g_str_equal (eros_event_get_kind (event), "job.planned") &&
           g_strcmp0 (eros_event_get_string (event, "step"), step) == 0;
    }
  return n;
}

static void
test_a_retry_does_only_what_is_left (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_open_gates (test);
  operation = run_and_fail (test);
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  controller_test_assert_went_well (operation);
  g_assert_cmpuint (count_jobs (test, "phase1/10-wilson-score/deploy"), ==, 1);
}

static void
test_a_step_is_taken_back_and_done_again (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autofree char *before = controller_test_inventory (test);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;
  char *step;

  controller_test_open_gates (test);
  operation = run_and_fail (test);
  step = eros_controller_get_step_to_revert (test->controller, operation);
  g_assert_nonnull (step);
  g_assert_true (g_str_has_prefix (step, "phase1/"));
  g_free (step);
  g_hash_table_insert (arguments, (gpointer) "step", g_strdup ("phase1/10-wilson-score"));
  controller_test_run (test, "revert", arguments);
  after = controller_test_inventory (test);
  g_assert_cmpstr (after, ==, before);
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  controller_test_assert_went_well (operation);
  g_assert_cmpuint (count_jobs (test, "phase1/10-wilson-score/deploy"), ==, 2);
}

static void
test_no_step_of_that_name (ControllerTest *test, gconstpointer data)
{
  static const char *wrong[] = { "", "phase1", "phase1/99-nothing", "../phase1/10-wilson-score",
                                 "phase9/10-x" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
      g_autoptr (GError) error = NULL;

      g_hash_table_insert (arguments, (gpointer) "step", g_strdup (wrong[i]));
      g_assert_null (eros_controller_plan (test->controller, "revert", arguments, &error));
      g_assert_nonnull (error);
    }
}

static void
test_a_reopened_deployment_knows_how_its_operations_ended (ControllerTest *test, gconstpointer data)
{
  g_autofree char *message = NULL;
  g_autofree char *error = NULL;
  ErosOperation *backup;
  ErosOperation *deploy;
  g_autoptr (ErosStep) step = NULL;
  gint64 started;

  backup = controller_test_run (test, "backup", NULL);
  message = g_strdup (eros_operation_get_message (backup));
  controller_test_open_gates (test);
  deploy = run_and_fail (test);
  error = g_strdup (eros_operation_get_error (deploy));
  started = eros_operation_get_started (deploy);
  controller_test_reopen (test);

  backup = eros_controller_find_operation (test->controller, "backup");
  g_assert_cmpint (eros_operation_get_state (backup), ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpstr (eros_operation_get_message (backup), ==, message);
  deploy = eros_controller_find_operation (test->controller, "deploy-phase1");
  g_assert_cmpint (eros_operation_get_state (deploy), ==, EROS_STATE_FAILED);
  g_assert_cmpstr (eros_operation_get_error (deploy), ==, error);
  g_assert_cmpint (ABS (eros_operation_get_started (deploy) - started), <, G_USEC_PER_SEC);
  step =
    g_list_model_get_item (eros_operation_get_steps (deploy), 1); /* after the inventory, which is no job */
  g_assert_cmpint (eros_step_get_state (step), ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpint (eros_step_get_started (step), >, 0);
  g_assert_cmpint (eros_step_get_slot_ms (step), >=, 0);
}

/* ---- production ---------------------------------------------------------------------------------------- */

static void
make_production (ControllerTest *test)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  g_autoptr (ErosRunbook) runbook = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = g_build_filename (test->folder, "production.erosdeploy", NULL);
  g_autoptr (GError) error = NULL;
  ErosDeploymentSetup setup = {
    .name = (char *) "Production",
    .window_start = (char *) "",
    .window_end = (char *) "",
    .lead_name = (char *) "Ada",
    .lead_email = (char *) "",
    .lead_phone = (char *) "",
    .environment = EROS_ENVIRONMENT_PRODUCTION,
    .project = (char *) eros_connection_get_project (connection),
    .dataset = (char *) eros_connection_get_dataset (connection),
    .location = (char *) eros_connection_get_location (connection),
    .bucket = (char *) eros_connection_get_bucket (connection),
    .profile = (char *) "",
  };

  runbook = eros_runbook_load_default (&error);
  g_assert_no_error (error);
  file = g_file_new_for_path (path);
  g_clear_object (&test->controller);
  g_clear_object (&test->deployment);
  test->deployment = eros_deployment_create (file, runbook, &setup, "Ada <ada@example.com>", &error);
  g_assert_no_error (error);
  test->controller = eros_controller_new (test->deployment, connection);
}

/* All gates but those that want a rehearsal. */
static void
open_other_gates (ControllerTest *test)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (test->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);
      g_autoptr (GError) error = NULL;

      if (eros_gate_get_kind (gate) == EROS_GATE_REHEARSED)
        continue;
      eros_deployment_override (test->deployment, eros_gate_get_id (gate), "Ada", "a test of another gate",
                                &error);
      g_assert_no_error (error);
    }
}

static void
assert_refused (ControllerTest *test, ErosOperation *operation, const char *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED);
  g_assert_nonnull (strstr (error->message, why));
}

static void
remove_tree (const char *path)
{
  const char *argv[] = { "rm", "-r", path, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* Each phase is taken back by the texts that it was deployed with. */
static void
test_a_phase_is_taken_back_by_its_own_texts (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) with_folder = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GHashTable) arguments = NULL;
  g_autofree char *other = g_build_filename (test->folder, "sql/phase1/10-wilson-score/revert.sql", NULL);
  g_autofree char *backup = NULL;
  ErosOperation *operation;
  guint n_own = 0, n_copies = 0;

  controller_test_open_gates (test);
  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  controller_test_run (test, "deploy-phase1", NULL);
  g_hash_table_insert (
    with_folder, (gpointer) "sql",
    controller_test_copy_steps (test, "phase2/10-feedback-loop/revert.sql", "-- another text\n"));
  g_assert_true (g_file_set_contents (other, "SELECT 'wrong folder'", -1, NULL));
  controller_test_run (test, "deploy-phase2", with_folder);

  arguments = controller_test_rollback_arguments (backup);
  operation = controller_test_plan (test, "rollback", arguments);
  for (guint i = 0; i < g_list_model_get_n_items (eros_operation_get_steps (operation)); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (eros_operation_get_steps (operation), i);
      const char *sql = eros_step_get_sql (step);

      if (sql == NULL || !g_str_has_prefix (eros_step_get_title (step), "Take back: "))
        continue;
      g_assert_null (strstr (sql, "wrong folder"));
      if (strstr (sql, "-- another text") != NULL)
        n_copies++;
      else
        n_own++;
    }
  g_assert_cmpuint (n_copies, ==, 1);
  g_assert_cmpuint (n_own, >, 1); /* all others */
  controller_test_run (test, "rollback", arguments);
}

static void
test_production_wants_this_very_sql_proven (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autofree char *copy = NULL;

  /* Nobody has run it yet. */
  make_production (test);
  open_other_gates (test);
  assert_refused (test, controller_test_plan (test, "deploy-phase1", NULL), "proven in rehearsal or staging");

  /* In a rehearsal somebody does. */
  {
    g_autoptr (GFile) file = eros_deployment_new_file ("proof");
    g_autoptr (GError) error = NULL;
    g_autoptr (ErosDeployment) production = g_steal_pointer (&test->deployment);

    g_clear_object (&test->controller);
    test->deployment = eros_rehearsal_create_deployment (test->rehearsal, file, "Ada", &error);
    g_assert_no_error (error);
    test->controller =
      eros_controller_new (test->deployment, eros_rehearsal_get_connection (test->rehearsal));
    controller_test_open_gates (test);
    controller_test_run (test, "deploy-phase1", NULL);
    g_clear_object (&test->controller);
    g_clear_object (&test->deployment);
    test->deployment = g_steal_pointer (&production);
    test->controller =
      eros_controller_new (test->deployment, eros_rehearsal_get_connection (test->rehearsal));
  }

  /* Another text is still not proven; the very text is. */
  copy = controller_test_copy_steps (test, "phase1/10-wilson-score/deploy.sql", "-- another text\n");
  g_hash_table_insert (arguments, (gpointer) "sql", g_strdup (copy));
  assert_refused (test, controller_test_plan (test, "deploy-phase1", arguments),
                  "proven in rehearsal or staging");
  controller_test_run (test, "deploy-phase1", NULL);
  assert_refused (test, controller_test_plan (test, "deploy-phase1", arguments),
                  "proven in rehearsal or staging");
  remove_tree (copy);
}

static void
run_row_counts (ControllerTest *test)
{
  const char *ids[] = { "validation.health.row-counts", NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_controller_run_checks_async (test->controller, ids, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  eros_controller_run_checks_finish (test->controller, result, &error);
  g_assert_no_error (error);
}

static ErosOutcome
outcome_of_row_counts (ControllerTest *test)
{
  run_row_counts (test);
  return eros_item_get_outcome (eros_deployment_get_item (test->deployment, "validation.health.row-counts"));
}

/* A backup from before the deployment is what rows are compared with, within what a table loses or gains;
 * what somebody has typed in counts more. */
static void
test_rows_are_compared_with_the_backup_before (ControllerTest *test, gconstpointer data)
{
  static const char field[] = "validation.health.row-counts.expected-caption-bank";
  static const char *const tables[] = { "caption_bank", "caption_bandit_stats",
                                        "active_caption_assignments" };
  g_autoptr (GError) error = NULL;

  make_production (test);
  g_assert_cmpint (outcome_of_row_counts (test), ==, EROS_OUTCOME_NOT_ENOUGH);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("CREATE SNAPSHOT TABLE `eros-rehearsal.eros_platform.%s_backup_20250101_000000` "
                         "CLONE `eros-rehearsal.eros_platform.%s`",
                         tables[i], tables[i]);

      g_free (controller_test_query (test, sql));
    }
  g_assert_cmpint (outcome_of_row_counts (test), ==, EROS_OUTCOME_PASS);
  g_free (controller_test_query (
    test, "INSERT INTO `eros-rehearsal.eros_platform.active_caption_assignments` VALUES (3, 'acct_00001', "
          "CURRENT_TIMESTAMP(), 'sched_1', NULL)"));
  g_assert_cmpint (outcome_of_row_counts (test), ==, EROS_OUTCOME_PASS);
  eros_deployment_set_value (test->deployment, field, "1999", &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome_of_row_counts (test), ==, EROS_OUTCOME_PASS);
  eros_deployment_set_value (test->deployment, field, "2001", &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome_of_row_counts (test), ==, EROS_OUTCOME_FAIL);
  eros_deployment_set_value (test->deployment, field, "", &error);
  g_assert_no_error (error);
  g_free (controller_test_query (
    test, "DELETE FROM `eros-rehearsal.eros_platform.caption_bank` WHERE MOD(caption_id, 10) = 0"));
  g_assert_cmpint (outcome_of_row_counts (test), ==, EROS_OUTCOME_FAIL);
}

static void
test_production_can_override_with_a_name_and_a_reason (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  make_production (test);
  open_other_gates (test);
  assert_refused (test, controller_test_plan (test, "deploy-phase2", NULL), "Still open");
  eros_deployment_override (test->deployment, "gate.phase2-rehearsed", "Grace Hopper", "the site is down",
                            &error);
  g_assert_no_error (error);
  controller_test_open_gates (test);
  controller_test_run (test, "deploy-phase1", NULL);
}

static void
test_changed_steps_do_not_go_on_with_an_old_deployment (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autofree char *copy =
    controller_test_copy_steps (test, "phase1/10-wilson-score/deploy.sql", "-- another text\n");
  g_autofree char *changed = g_build_filename (copy, "phase1/10-wilson-score/deploy.sql", NULL);
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_open_gates (test);
  g_hash_table_insert (arguments, (gpointer) "sql", g_strdup (copy));
  operation = controller_test_plan (test, "deploy-phase1", arguments);
  controller_test_tell_server (test, "POST", "/_local/faults", third_job_fails);
  g_assert_false (controller_test_start (test, operation, NULL));
  controller_test_reopen (test);
  g_assert_nonnull (eros_controller_find_operation (test->controller, "deploy-phase1"));
  g_file_set_contents (changed, "SELECT 1", -1, &error);
  g_assert_no_error (error);
  controller_test_reopen (test);
  g_assert_null (eros_controller_find_operation (test->controller, "deploy-phase1"));
  remove_tree (copy);
}

/* ---- a job whose end nobody has written down ----------------------------------------------------------- */

#define LEFT_STEP "phase1/10-wilson-score/deploy"

/* Lasts until there is a table go_on. */
static const char lasting[] =
  "\nIF (SELECT COUNT(*) FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES` WHERE table_name = 'go_on') "
  "= 0 THEN\n"
  "  SELECT COUNTIF(a * b = 7) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a, UNNEST(GENERATE_ARRAY(1, "
  "100000)) "
  "AS b;\n"
  "END IF;\n";

static void
start_server (ControllerTest *test, guint captions)
{
  g_autofree char *path = g_build_filename (test->folder, "test.rehearsal", NULL);
  g_autoptr (GFile) data = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&test->rehearsal);
  eros_rehearsal_start_async (captions, NULL, data, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  test->rehearsal = eros_rehearsal_start_finish (result, &error);
  g_assert_no_error (error);
}

static void
set_up_with_data (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  test->folder = g_dir_make_tmp ("eros-left-XXXXXX", &error);
  g_assert_no_error (error);
  start_server (test, 500);
  path = g_build_filename (test->folder, "test.erosdeploy", NULL);
  file = g_file_new_for_path (path);
  test->deployment = eros_rehearsal_create_deployment (test->rehearsal, file, "Ada", &error);
  g_assert_no_error (error);
  test->controller = eros_controller_new (test->deployment, eros_rehearsal_get_connection (test->rehearsal));
  controller_test_open_gates (test);
}

/* (transfer full) (nullable) */
static ErosStep *
find_running (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (eros_step_get_state (step) == EROS_STATE_RUNNING)
        return g_steal_pointer (&step);
    }
  return NULL;
}

/* Some of its statements are done, and it is at work on the one that lasts. */
static gboolean
is_under_way (ErosOperation *operation)
{
  g_autoptr (ErosStep) step = find_running (operation);

  return step != NULL && eros_step_get_children (step) != NULL &&
         g_list_model_get_n_items (eros_step_get_children (step)) > 0;
}

/* The way to the server is cut while a script is at work there, and the program has given up. (transfer
 * full): the job's id */
static char *
leave_a_job_open (ControllerTest *test)
{
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosStep) step = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  g_hash_table_insert (arguments, (gpointer) "sql",
                       controller_test_copy_steps (test, "phase1/10-wilson-score/deploy.sql", lasting));
  g_object_set (eros_rehearsal_get_connection (test->rehearsal), "patience-ms", (gint64) 300, NULL);
  operation = controller_test_plan (test, "deploy-phase1", arguments);
  eros_controller_start_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  while (!is_under_way (operation))
    g_main_context_iteration (NULL, TRUE);
  step = find_running (operation);
  controller_test_tell_server (test, "POST", "/_local/faults",
                               "{\"path\":\"^/bigquery\",\"times\":100000,\"action\":\"reset\"}");
  eros_operation_cancel (operation);
  result = controller_test_wait (test);
  g_assert_false (eros_controller_start_finish (test->controller, result, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE);
  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  return g_strdup (eros_step_get_job_id (step));
}

static gboolean
go_on (ControllerTest *test, GError **error)
{
  ErosOperation *operation;

  g_free (controller_test_query (
    test, "CREATE TABLE IF NOT EXISTS `eros-rehearsal.eros_platform.go_on` (x INT64)"));
  operation = eros_controller_find_operation (test->controller, "deploy-phase1");
  return controller_test_start (test, operation, error);
}

static guint
count_ends (ControllerTest *test, const char *job_id)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      n += g_str_equal (eros_event_get_kind (event), "job.ended") &&
           g_strcmp0 (eros_event_get_string (event, "job_id"), job_id) == 0;
    }
  return n;
}

static void
look_up_jobs (ControllerTest *test)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_controller_resume_async (test->controller, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  eros_controller_resume_finish (test->controller, result, &error);
  g_assert_no_error (error);
}

/* LOOKED_UP: as the window does before anything else. */
static void
test_a_job_that_went_down_with_its_server_is_sent_anew (ControllerTest *test, gconstpointer looked_up)
{
  g_autofree char *job = leave_a_job_open (test);
  g_autoptr (GError) error = NULL;

  start_server (test, 0);
  controller_test_reopen (test);
  if (looked_up != NULL)
    look_up_jobs (test);
  go_on (test, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_jobs (test, LEFT_STEP), ==, 2);
  g_assert_cmpuint (count_ends (test, job), ==, 1);
}

static void
test_a_job_that_was_stopped_on_purpose_is_not_sent_anew_by_itself (ControllerTest *test, gconstpointer data)
{
  g_autofree char *job = leave_a_job_open (test);
  g_autofree char *path =
    g_strdup_printf ("/bigquery/v2/projects/eros-rehearsal/jobs/%s/cancel?location=US", job);
  g_autoptr (GError) error = NULL;

  controller_test_tell_server (test, "POST", path, NULL);
  controller_test_reopen (test);
  g_assert_false (go_on (test, &error));
  g_assert_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_STOPPED);
  g_assert_cmpuint (count_jobs (test, LEFT_STEP), ==, 1);
  /* Who has read that, and wants it all the same, says so. */
  g_clear_error (&error);
  go_on (test, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_jobs (test, LEFT_STEP), ==, 2);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/going-on/" name, ControllerTest, NULL, controller_test_set_up, function,          \
              controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *data_home = g_dir_make_tmp ("eros-data-XXXXXX", NULL);
  int code;

  /* Proofs are looked for among the deployments of the person: there are none but those of this test. */
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("a-retry-does-only-what-is-left", test_a_retry_does_only_what_is_left);
  ADD ("a-step-is-taken-back-and-done-again", test_a_step_is_taken_back_and_done_again);
  ADD ("no-step-of-that-name", test_no_step_of_that_name);
  ADD ("a-reopened-deployment-knows-how-its-operations-ended",
       test_a_reopened_deployment_knows_how_its_operations_ended);
  ADD ("production-can-override-with-a-name-and-a-reason",
       test_production_can_override_with_a_name_and_a_reason);
  ADD ("a-phase-is-taken-back-by-its-own-texts", test_a_phase_is_taken_back_by_its_own_texts);
  ADD ("production-wants-this-very-sql-proven", test_production_wants_this_very_sql_proven);
  ADD ("rows-are-compared-with-the-backup-before", test_rows_are_compared_with_the_backup_before);
  ADD ("changed-steps-do-not-go-on-with-an-old-deployment",
       test_changed_steps_do_not_go_on_with_an_old_deployment);
  g_test_add ("/controller/going-on/a-job-that-went-down-with-its-server-is-sent-anew", ControllerTest, NULL,
              set_up_with_data, test_a_job_that_went_down_with_its_server_is_sent_anew,
              controller_test_tear_down);
  g_test_add ("/controller/going-on/a-job-that-went-down-with-its-server-and-was-looked-up-is-sent-anew",
              ControllerTest, "looked up", set_up_with_data,
              test_a_job_that_went_down_with_its_server_is_sent_anew, controller_test_tear_down);
  g_test_add ("/controller/going-on/a-job-that-was-stopped-on-purpose-is-not-sent-anew-by-itself",
              ControllerTest, NULL, set_up_with_data,
              test_a_job_that_was_stopped_on_purpose_is_not_sent_anew_by_itself, controller_test_tear_down);
  code = g_test_run ();
  remove_tree (data_home);
  return code;
}
