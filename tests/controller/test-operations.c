/* test-operations.c: backup, deployment, comparison and rollback against a real local BigQuery
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-backup-loss.h"

static void
test_a_backup_is_taken_and_proved (ControllerTest *test, gconstpointer data)
{
  static const char *boxes[] = { "backup.before.location", "backup.before.retention",
                                 "backup.verification.completed", "backup.verification.metadata",
                                 "backup.verification.location" };
  /* No query tells a quota, and there is no backup before. */
  static const char *undecided[] = { "backup.before.quota", "backup.before.restorable",
                                     "backup.verification.sizes" };
  g_autofree char *rows = NULL;

  controller_test_run (test, "backup", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    controller_test_assert_ticked (test, boxes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (undecided); i++)
    {
      ErosItem *item = eros_deployment_get_item (test->deployment, undecided[i]);

      g_assert_cmpint (eros_item_get_outcome (item), ==, EROS_OUTCOME_NOT_ENOUGH);
      g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
      g_assert_nonnull (strstr (eros_item_get_summary (item), "not enough to say"));
    }
  g_assert_cmpstr (
    eros_deployment_get_value (test->deployment, "backup.verification.metadata.caption-bank-rows"), ==,
    "2000");
  g_assert_true (
    g_str_has_prefix (eros_deployment_get_value (test->deployment, "backup.verification.location.uri"),
                      "gs://eros-platform-backups/"));
  rows = controller_test_query (
    test, "SELECT CAST(COUNT(*) AS STRING) FROM `eros-rehearsal.eros_platform.__TABLES__` WHERE table_id "
          "LIKE '%\\\\_backup\\\\_%'");
  g_assert_cmpstr (rows, ==, "3");
}

static void
test_no_deployment_without_a_backup (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (controller_test_start (test, controller_test_plan (test, "deploy-phase1", NULL), &error));
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED);
}

static void
test_a_rollback_wants_a_reason_a_name_and_the_word (ControllerTest *test, gconstpointer data)
{
  static const char *missing[] = { "backup", "reason", "authority", "confirm" };

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_autoptr (GHashTable) arguments = controller_test_rollback_arguments ("backup_20251031_143022");
      g_autoptr (GError) error = NULL;

      g_hash_table_insert (arguments, (gpointer) missing[i], g_strdup (" "));
      g_assert_null (eros_controller_plan (test->controller, "rollback", arguments, &error));
      g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED);
    }
}

static void
test_an_authority_is_one_line (ControllerTest *test, gconstpointer data)
{
  static const char *const names[] = { "Grace\nOverrides: None", "Grace\x1b]0;",
                                       "Grace\xe2\x80\xa8"
                                       "Ada" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GHashTable) arguments = controller_test_rollback_arguments ("backup_20251031_143022");
      g_autoptr (GError) error = NULL;

      g_hash_table_insert (arguments, (gpointer) "authority", g_strdup (names[i]));
      g_assert_null (eros_controller_plan (test->controller, "rollback", arguments, &error));
      g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID);
      g_clear_error (&error);
      g_assert_false (
        eros_deployment_override (test->deployment, "gate.backup", names[i], "because", &error));
      g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID);
    }
}

static void
test_the_forecast_changes_nothing (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "deploy-phase1", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *routines = NULL;
  gint64 bytes = -1;

  eros_controller_forecast_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  eros_controller_forecast_finish (test->controller, result, &bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (bytes, >=, 0);
  routines = controller_test_query (
    test, "SELECT CAST(COUNT(*) AS STRING) FROM `eros-rehearsal.eros_platform.INFORMATION_SCHEMA.ROUTINES`");
  g_assert_cmpstr (routines, ==, "0");
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* At every moment of its way: before it knows where the data set is, and between two dry runs. */
static void
test_a_plan_is_dropped_during_its_forecast (ControllerTest *test, gconstpointer data)
{
  for (guint n_turns = 0; n_turns < 40; n_turns += 4)
    {
      ErosOperation *operation = controller_test_plan (test, "deploy-phase1", NULL);
      guint n_answers = 0;

      eros_controller_forecast_async (test->controller, operation, NULL, count_cb, &n_answers);
      for (guint i = 0; i < n_turns && n_answers == 0; i++)
        g_main_context_iteration (NULL, TRUE);
      eros_controller_forget (test->controller, operation);
      while (n_answers == 0)
        g_main_context_iteration (NULL, TRUE);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpuint (n_answers, ==, 1);
    }
}

static void
test_a_dropped_plan_is_answered (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosOperation) operation = g_object_ref (controller_test_plan (test, "deploy-phase1", NULL));
  g_autoptr (GAsyncResult) forecast = NULL;
  g_autoptr (GError) error = NULL;
  gint64 bytes;

  eros_controller_forget (test->controller, operation);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  eros_controller_forecast_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  forecast = controller_test_wait (test);
  g_assert_false (eros_controller_forecast_finish (test->controller, forecast, &bytes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_a_forecast_finds_out_where_the_data_set_is (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation;
  g_autoptr (ErosStep) history = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n;
  gint64 bytes = -1;

  g_object_set (eros_controller_get_connection (test->controller), "location", "", NULL);
  operation = controller_test_plan (test, "comparison", NULL);
  n = g_list_model_get_n_items (eros_operation_get_steps (operation));
  for (guint i = 0; i < n && history == NULL; i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (eros_operation_get_steps (operation), i);

      if (strstr (eros_step_get_sql (step) != NULL ? eros_step_get_sql (step) : "", "region-") != NULL)
        history = g_steal_pointer (&step);
    }
  g_assert_nonnull (strstr (eros_step_get_sql (history), "`region-${location}`"));
  eros_controller_forecast_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  eros_controller_forecast_finish (test->controller, result, &bytes, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (eros_step_get_sql (history), "`eros-rehearsal`.`region-us`"));
}

static GListModel *
list_backups (ControllerTest *test)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *backups;

  eros_backup_store_list_usable_async (eros_controller_get_backups (test->controller), NULL,
                                       controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  backups =
    eros_backup_store_list_usable_finish (eros_controller_get_backups (test->controller), result, &error);
  g_assert_no_error (error);
  return backups;
}

static GListModel *
weigh (ControllerTest *test, const char *backup)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *losses;

  eros_backup_store_weigh_async (eros_controller_get_backups (test->controller), backup, NULL,
                                 controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  losses = eros_backup_store_weigh_finish (eros_controller_get_backups (test->controller), result, &error);
  g_assert_no_error (error);
  return losses;
}

static void
test_a_backup_is_listed_with_what_would_be_lost (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GListModel) none = list_backups (test);
  g_autoptr (GListModel) backups = NULL;
  g_autoptr (GListModel) losses = NULL;
  g_autoptr (ErosBackup) backup = NULL;
  g_autoptr (ErosLoss) bank = NULL;
  g_autoptr (ErosLoss) stats = NULL;
  g_autofree char *suffix = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  controller_test_run (test, "backup", NULL);
  suffix = controller_test_backup_suffix (test);
  backups = list_backups (test);
  g_assert_cmpuint (g_list_model_get_n_items (backups), ==, 1);
  backup = g_list_model_get_item (backups, 0);
  g_assert_cmpstr (eros_backup_get_name (backup), ==, suffix);
  g_assert_false (eros_backup_is_before_rollback (backup));
  g_assert_cmpint (ABS (eros_backup_get_time (backup) - g_get_real_time ()), <, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (eros_backup_get_n_rows (backup), >, 2000);

  g_free (controller_test_query (
    test, "DELETE FROM `eros-rehearsal.eros_platform.caption_bank` WHERE caption_id IN "
          "(SELECT caption_id FROM `eros-rehearsal.eros_platform.caption_bank` "
          "ORDER BY caption_id LIMIT 5)"));
  g_free (controller_test_query (
    test,
    "UPDATE `eros-rehearsal.eros_platform.caption_bandit_stats` SET total_views = total_views + 1 WHERE "
    "caption_id IN (SELECT caption_id FROM `eros-rehearsal.eros_platform.caption_bandit_stats` ORDER BY "
    "caption_id LIMIT 1)"));
  losses = weigh (test, suffix);
  g_assert_cmpuint (g_list_model_get_n_items (losses), ==, 3);
  bank = g_list_model_get_item (losses, 0);
  g_assert_cmpstr (eros_loss_get_table (bank), ==, "caption_bank");
  g_assert_cmpint (eros_loss_get_n_then (bank), ==, 2000);
  g_assert_cmpint (eros_loss_get_n_now (bank), ==, 1995);
  g_assert_cmpint (eros_loss_get_n_lost (bank), ==, 0);
  stats = g_list_model_get_item (losses, 1);
  g_assert_cmpstr (eros_loss_get_table (stats), ==, "caption_bandit_stats");
  g_assert_cmpint (eros_loss_get_n_lost (stats), >=, 1);
}

/* Of the first backup, which has none before it: a step that found too little to say. */
static guint
count_undecided (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      n += eros_step_is_undecided (step);
    }
  return n;
}

static void
test_what_was_run_is_read_without_a_service (ControllerTest *test, gconstpointer data)
{
  ErosOperation *backup = controller_test_run (test, "backup", NULL);
  g_autoptr (GListModel) operations = NULL;
  g_autoptr (ErosOperation) read = NULL;
  g_autoptr (ErosStep) step = NULL;
  g_autoptr (ErosStep) live = NULL;
  g_autoptr (ErosController) again = NULL;
  ErosOperation *restored;

  operations = eros_history_read (test->deployment);
  g_assert_cmpuint (g_list_model_get_n_items (operations), ==, 1);
  read = g_list_model_get_item (operations, 0);
  g_assert_cmpstr (eros_operation_get_id (read), ==, eros_operation_get_id (backup));
  g_assert_cmpint (eros_operation_get_state (read), ==, EROS_STATE_SUCCEEDED);
  g_assert_false (eros_operation_is_interrupted (read));
  g_assert_cmpstr (eros_operation_get_message (read), ==, eros_operation_get_message (backup));
  g_assert_cmpuint (g_list_model_get_n_items (eros_operation_get_steps (read)), ==,
                    g_list_model_get_n_items (eros_operation_get_steps (backup)));
  g_assert_cmpuint (count_undecided (read), >, 0);
  g_assert_cmpuint (count_undecided (read), ==, count_undecided (backup));
  step = g_list_model_get_item (eros_operation_get_steps (read), 0);
  live = g_list_model_get_item (eros_operation_get_steps (backup), 0);
  g_assert_cmpstr (eros_step_get_title (step), ==, eros_step_get_title (live));
  g_assert_cmpstr (eros_step_get_detail (step), ==, eros_step_get_detail (live));
  g_assert_cmpstr (eros_step_get_job_id (step), ==, eros_step_get_job_id (live));
  g_assert_cmpint (eros_step_get_bytes_processed (step), ==, eros_step_get_bytes_processed (live));

  again = eros_controller_new (test->deployment, eros_controller_get_connection (test->controller));
  restored = eros_controller_find_operation (again, "backup");
  g_assert_cmpint (eros_operation_get_state (restored), ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpint (eros_operation_get_started (restored), ==, eros_operation_get_started (read));
}

static void
test_a_plan_shows_its_sql_and_can_be_dropped (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "deploy-phase1", NULL);
  g_autoptr (ErosStep) step = g_list_model_get_item (eros_operation_get_steps (operation), 1);
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  g_assert_nonnull (strstr (eros_step_get_sql (step), "`eros-rehearsal.eros_platform."));
  g_assert_null (strstr (eros_step_get_sql (step), "${"));
  g_assert_nonnull (strstr (eros_step_get_sql_source (step), "deploy.sql"));
  g_assert_false (eros_deployment_allows (test->deployment, "run", "deploy-phase1", &reason, &gate));
  g_assert_nonnull (reason);
  g_assert_true (eros_gate_may_override (gate));
  eros_controller_forget (test->controller, operation);
  g_assert_null (eros_controller_find_operation (test->controller, "deploy-phase1"));
}

static void
test_a_deployment_and_the_way_back (ControllerTest *test, gconstpointer data)
{
  g_autofree char *rows_before = controller_test_fingerprint (test);
  g_autofree char *inventory_before = controller_test_inventory (test);
  g_autofree char *rows_after = NULL;
  g_autofree char *inventory_after = NULL;
  g_autofree char *rows_deployed = NULL;
  g_autofree char *message = NULL;
  g_autofree char *backup = NULL;
  g_autoptr (GHashTable) arguments = NULL;

  if (data != NULL)
    g_object_set (eros_controller_get_connection (test->controller), "location", data, NULL);
  controller_test_run (test, "backup", NULL);
  controller_test_open_gates (test);
  controller_test_run (test, "deploy-phase1", NULL);
  controller_test_assert_ticked (test, "deployment.phase-1.execute");
  controller_test_assert_ticked (test, "deployment.after-phase-1.wilson-score");
  controller_test_assert_ticked (test, "deployment.after-phase-1.thompson-sampling");
  controller_test_assert_ticked (test, "deployment.after-phase-1.caption-locking");
  controller_test_assert_ticked (test, "deployment.after-phase-1.injection-protection");
  controller_test_run (test, "deploy-phase2", NULL);
  controller_test_assert_ticked (test, "deployment.after-phase-2.feedback-loop");
  /* Nobody has said yet how big any account is: that it works is not shown. */
  g_assert_cmpint (eros_item_get_outcome (eros_deployment_get_item (
                     test->deployment, "deployment.after-phase-2.account-classification")),
                   ==, EROS_OUTCOME_NOT_ENOUGH);
  controller_test_assert_ticked (test, "deployment.after-phase-2.query-timeouts");
  controller_test_run (test, "comparison", NULL);
  rows_deployed = controller_test_fingerprint (test);
  g_assert_cmpstr (rows_deployed, !=, rows_before);

  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  controller_test_run (test, "rollback", arguments);
  controller_test_assert_ticked (test, "rollback.verification.tables");
  message = eros_deployment_fill_template (test->deployment, "rollback.notification.email", NULL, NULL);
  g_assert_nonnull (strstr (message, "Reason: the captions repeat themselves"));
  g_assert_null (strstr (message, "[TIME]"));
  g_assert_cmpint (eros_deployment_get_operation_end (test->deployment, "rollback"), >, 0);
  rows_after = controller_test_fingerprint (test);
  inventory_after = controller_test_inventory (test);
  g_assert_cmpstr (rows_after, ==, rows_before);
  g_assert_cmpstr (inventory_after, ==, inventory_before);
  controller_test_run (test, "resume-schedules", NULL);
}

/* The text of its last query names the region. */
static void
test_what_goes_on_finds_out_where_the_data_set_is (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_controller_get_connection (test->controller);
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_run (test, "backup", NULL);
  controller_test_open_gates (test);
  controller_test_run (test, "deploy-phase1", NULL);
  controller_test_run (test, "deploy-phase2", NULL);
  operation = controller_test_plan (test, "comparison", NULL);
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"method\":\"POST\",\"path\":\"/jobs$\",\"skip\":16,\"action\":\"400:invalid\"}");
  g_assert_false (controller_test_start (test, operation, &error));
  g_clear_error (&error);

  /* Another location forgets what was learned. */
  g_object_set (connection, "location", "", NULL);
  g_assert_null (eros_connection_get_location (connection));
  controller_test_start (test, operation, &error);
  g_assert_no_error (error);
  controller_test_assert_went_well (operation);
  g_assert_cmpstr (eros_connection_get_location (connection), ==, "US");
}

/* A region may not know what was planned by what it had seen: the numbers are as good without. */
static void
test_a_comparison_can_do_without_what_a_server_does_not_know (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation;
  GListModel *steps;
  g_autoptr (GError) error = NULL;
  guint n_failed = 0;

  controller_test_open_gates (test);
  controller_test_run (test, "deploy-phase1", NULL);
  operation = controller_test_plan (test, "comparison", NULL);
  steps = eros_operation_get_steps (operation);
  /* After two to warm up, fourteen runs and both sides of the job history. */
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"method\":\"POST\",\"path\":\"/jobs$\",\"skip\":20,\"times\":2,\"action\":\"400:invalidQuery\"}");
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (eros_step_get_state (step) != EROS_STATE_FAILED)
        continue;
      n_failed++;
      g_assert_nonnull (strstr (eros_step_get_title (step), "planned by earlier"));
    }
  g_assert_cmpuint (n_failed, ==, 2);
  controller_test_assert_ticked (test, "deployment.after-phase-2.improvements");
  g_assert_null (strstr (eros_operation_get_message (operation), "by hand"));
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/operations/" name, ControllerTest, NULL, controller_test_set_up, function,        \
              controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("no-deployment-without-a-backup", test_no_deployment_without_a_backup);
  ADD ("a-rollback-wants-a-reason-a-name-and-the-word", test_a_rollback_wants_a_reason_a_name_and_the_word);
  ADD ("an-authority-is-one-line", test_an_authority_is_one_line);
  ADD ("the-forecast-changes-nothing", test_the_forecast_changes_nothing);
  ADD ("a-plan-is-dropped-during-its-forecast", test_a_plan_is_dropped_during_its_forecast);
  ADD ("a-dropped-plan-is-answered", test_a_dropped_plan_is_answered);
  ADD ("a-backup-is-taken-and-proved", test_a_backup_is_taken_and_proved);
  ADD ("a-backup-is-listed-with-what-would-be-lost", test_a_backup_is_listed_with_what_would_be_lost);
  ADD ("what-was-run-is-read-without-a-service", test_what_was_run_is_read_without_a_service);
  ADD ("a-plan-shows-its-sql-and-can-be-dropped", test_a_plan_shows_its_sql_and_can_be_dropped);
  ADD ("a-forecast-finds-out-where-the-data-set-is", test_a_forecast_finds_out_where_the_data_set_is);
  ADD ("a-deployment-and-the-way-back", test_a_deployment_and_the_way_back);
  ADD ("a-comparison-can-do-without-what-a-server-does-not-know",
       test_a_comparison_can_do_without_what_a_server_does_not_know);
  ADD ("what-goes-on-finds-out-where-the-data-set-is", test_what_goes_on_finds_out_where_the_data_set_is);
  g_test_add ("/controller/operations/a-deployment-and-the-way-back-with-a-location-to-learn", ControllerTest,
              "", controller_test_set_up, test_a_deployment_and_the_way_back, controller_test_tear_down);
  return g_test_run ();
}
