/* test-trouble.c: what is wrong before or during an operation is named, and nothing is left half done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <time.h>

#include "controller-test.h"

#define DATASET "`eros-rehearsal.eros_platform"

static void
run_sql (ControllerTest *test, const char *sql)
{
  g_free (controller_test_query (test, sql));
}

/* Plans and runs; it must fail, and what a person reads must say all of this. */
static void
assert_fails (ControllerTest *test, const char *kind, GHashTable *arguments, const char *const *said)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation = eros_controller_plan (test->controller, kind, arguments, &error);

  g_assert_no_error (error);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_FAILED);
  for (guint i = 0; said[i] != NULL; i++)
    if (strstr (error->message, said[i]) == NULL)
      g_error ("“%s” does not say “%s”", error->message, said[i]);
}

static void
assert_not_ticked (ControllerTest *test, const char *id)
{
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (test->deployment, id)), !=,
                   EROS_ITEM_TICKED);
}

/* A backup that failed is none: no box says that it is complete, and no deployment may rely on it. */
static void
assert_no_backup (ControllerTest *test)
{
  ErosOperation *deploy = controller_test_plan (test, "deploy-phase1", NULL);
  g_autoptr (GError) error = NULL;

  assert_not_ticked (test, "backup.verification.completed");
  g_assert_false (controller_test_start (test, deploy, &error));
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED);
}

static void
test_a_data_set_that_is_not_there (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  const char *said[] = { "eros_platfrom", NULL };

  g_object_set (connection, "dataset", "eros_platfrom", NULL);
  assert_fails (test, "backup", NULL, said);
  assert_no_backup (test);
}

static void
test_no_permission (ControllerTest *test, gconstpointer data)
{
  const char *said[] = { ": A fault on demand: accessDenied", NULL }; /* behind whichever step was first */

  controller_test_tell_server (test, "POST", "/_local/faults",
                               "{\"method\":\"POST\",\"path\":\"/jobs$\",\"skip\":4,\"times\":1000,"
                               "\"action\":\"403:accessDenied\"}");
  assert_fails (test, "backup", NULL, said);
  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  assert_no_backup (test);
}

static void
test_a_table_that_is_missing (ControllerTest *test, gconstpointer data)
{
  const char *said[] = { "missing", NULL };
  g_autofree char *snapshots = NULL;

  run_sql (test, "DROP TABLE " DATASET ".caption_bandit_stats`");
  assert_fails (test, "backup", NULL, said);
  assert_no_backup (test);
  snapshots = controller_test_query (test, "SELECT CAST(COUNT(*) AS STRING) FROM " DATASET
                                           ".__TABLES__` WHERE table_id LIKE '%_backup_%'");
  g_assert_cmpstr (snapshots, ==, "0");
}

/* rollback.sh refused to restore a table that was legitimately empty. */
static void
test_an_empty_table_is_backed_up_and_restored (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) arguments = NULL;
  g_autofree char *backup = NULL;
  g_autofree char *rows = NULL;

  run_sql (test, "TRUNCATE TABLE " DATASET ".active_caption_assignments`");
  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  run_sql (test, "INSERT INTO " DATASET ".active_caption_assignments` (caption_id, account_id, assigned_at) "
                 "VALUES (1, 'a', CURRENT_TIMESTAMP())");
  arguments = controller_test_rollback_arguments (backup);
  controller_test_run (test, "rollback", arguments);
  rows = controller_test_query (test, "SELECT CAST(COUNT(*) AS STRING) FROM " DATASET
                                      ".active_caption_assignments`");
  g_assert_cmpstr (rows, ==, "0");
}

/* The snapshot is of an instant before the change, and is compared with the table of that instant. */
static void
test_a_table_that_changes_meanwhile (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "backup", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *steps = eros_operation_get_steps (operation);
  g_autofree char *lost = NULL;

  eros_controller_start_async (test->controller, operation, NULL, controller_test_keep_cb, &test->result);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (!g_str_has_prefix (eros_step_get_title (step), "Snapshot of caption_bank"))
        continue;
      while (eros_step_get_state (step) < EROS_STATE_SUCCEEDED)
        g_main_context_iteration (NULL, TRUE);
      break;
    }
  g_assert_null (test->result);
  {
    g_autoptr (ErosBigQuery) other = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
    g_autofree char *id = eros_job_request_make_id ("other");
    g_autoptr (ErosJobRequest) request =
      eros_job_request_new_query (id, "DELETE FROM " DATASET ".caption_bank` WHERE MOD(caption_id, 2) = 0");
    GAsyncResult *deleted = NULL;

    eros_big_query_run_async (other, request, NULL, controller_test_keep_cb, &deleted);
    while (deleted == NULL)
      g_main_context_iteration (NULL, TRUE);
    g_object_unref (eros_big_query_run_finish (other, deleted, &error));
    g_object_unref (deleted);
    g_assert_no_error (error);
  }
  result = controller_test_wait (test);
  eros_controller_start_finish (test->controller, result, &error);
  g_assert_no_error (error);
  controller_test_assert_went_well (operation);
  lost = controller_test_query (test, "SELECT CAST(COUNT(*) AS STRING) FROM " DATASET ".caption_bank`");
  g_assert_cmpstr (lost, ==, "1000");
  g_assert_cmpstr (
    eros_deployment_get_value (test->deployment, "backup.verification.metadata.caption-bank-rows"), ==,
    "2000");
}

static void
test_a_snapshot_that_has_expired (ControllerTest *test, gconstpointer data)
{
  g_autofree char *before = controller_test_fingerprint (test);
  g_autofree char *after = NULL;
  g_autofree char *backup = NULL;
  g_autofree char *sql = NULL;
  g_autoptr (GHashTable) arguments = NULL;

  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  sql = g_strdup_printf ("DROP SNAPSHOT TABLE " DATASET ".caption_bank_%s`", backup);
  run_sql (test, sql);
  run_sql (test, "DELETE FROM " DATASET ".caption_bank` WHERE MOD(caption_id, 2) = 0");
  /* What it held is there all the same: time travel knows it. */
  arguments = controller_test_rollback_arguments (backup);
  controller_test_run (test, "rollback", arguments);
  after = controller_test_fingerprint (test);
  g_assert_cmpstr (after, ==, before);
  controller_test_assert_ticked (test, "rollback.steps.execute");
}

static void
test_a_bucket_that_is_gone (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  const char *said[] = { "gs://eros-platform-backup-gone", NULL };
  g_autofree char *snapshots = NULL;

  g_object_set (connection, "bucket", "eros-platform-backup-gone", NULL);
  assert_fails (test, "backup", NULL, said);
  assert_no_backup (test);
  snapshots = controller_test_query (test, "SELECT CAST(COUNT(*) AS STRING) FROM " DATASET
                                           ".__TABLES__` WHERE table_id LIKE '%_backup_%'");
  g_assert_cmpstr (snapshots, ==, "0");
}

/* Takes the place of GLib's for the program under test. */
static GTimeSpan clock_is_wrong_by;

gint64
g_get_real_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_REALTIME, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000 + clock_is_wrong_by;
}

static void
test_a_clock_that_is_an_hour_wrong (ControllerTest *test, gconstpointer data)
{
  const char *said[] = { "This computer's clock says", NULL };

  clock_is_wrong_by = -G_TIME_SPAN_HOUR;
  assert_fails (test, "backup", NULL, said);
  clock_is_wrong_by = 0;
  assert_no_backup (test);
}

static void
test_a_table_with_ten_thousand_columns (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GString) sql =
    g_string_new ("CREATE OR REPLACE TABLE " DATASET ".caption_bank` (caption_id INT64");
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = NULL;
  g_autoptr (GAsyncResult) ran = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = controller_test_fingerprint (test);
  g_autofree char *after = NULL;

  for (guint i = 1; i < 10000; i++)
    g_string_append_printf (sql, ", c%u INT64", i);
  g_string_append (sql, ")");
  request = eros_job_request_new_query (id, sql->str);
  eros_big_query_run_async (client, request, NULL, controller_test_keep_cb, &test->result);
  ran = controller_test_wait (test);
  job = eros_big_query_run_finish (client, ran, &error);
  g_assert_no_error (error);
  error = eros_job_dup_error (job);
  if (error != NULL)
    {
      /* The BigQuery in the box has fewer columns than the real one, says so, and keeps the table as it was.
       */
      g_assert_nonnull (strstr (error->message, "columns"));
      after = controller_test_fingerprint (test);
      g_assert_cmpstr (after, ==, before);
      return;
    }
  controller_test_run (test, "backup", NULL);
}

static void
test_a_bucket_that_forgets_too_early (ControllerTest *test, gconstpointer data)
{
  const char *said[] = { "\"age\":30", "90 days", NULL };

  controller_test_tell_server (
    test, "PATCH", "/storage/v1/b/eros-platform-backups",
    "{\"lifecycle\":{\"rule\":[{\"action\":{\"type\":\"Delete\"},\"condition\":{\"age\":30}}]}}");
  assert_fails (test, "backup", NULL, said);
  assert_no_backup (test);
}

/* What a rule does to backups is said only where it says after how many days. */
static void
test_a_bucket_whose_rules_do_not_tell (ControllerTest *test, gconstpointer data)
{
  static const struct
  {
    const char *condition;
    ErosOutcome outcome;
  } rules[] = {
    { "{\"matchesPrefix\":[\"eros\"]}", EROS_OUTCOME_PASS },
    { "{\"matchesPrefix\":[\"20\"]}", EROS_OUTCOME_FAIL },
    { "{\"daysSinceCustomTime\":1}", EROS_OUTCOME_NOT_ENOUGH },
    { "{\"createdBefore\":\"2099-01-01\"}", EROS_OUTCOME_FAIL },
    { "{\"createdBefore\":\"2020-01-01\"}", EROS_OUTCOME_PASS },
    { "{\"age\":0}", EROS_OUTCOME_FAIL },
    { "{\"numNewerVersions\":3}", EROS_OUTCOME_PASS },
    { "{\"isLive\":false,\"age\":1}", EROS_OUTCOME_PASS },
    { "{\"age\":90,\"matchesPrefix\":[\"eros\"]}", EROS_OUTCOME_PASS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *body =
        g_strdup_printf ("{\"lifecycle\":{\"rule\":[{\"action\":{\"type\":\"Delete\"},\"condition\":%s}]}}",
                         rules[i].condition);
      const char *nothing[] = { NULL };
      ErosItem *item = eros_deployment_get_item (test->deployment, "backup.before.retention");

      controller_test_tell_server (test, "PATCH", "/storage/v1/b/eros-platform-backups", body);
      if (rules[i].outcome == EROS_OUTCOME_FAIL)
        assert_fails (test, "backup", NULL, nothing);
      else
        controller_test_run (test, "backup", NULL);
      g_assert_cmpint (eros_item_get_outcome (item), ==, rules[i].outcome);
      g_assert_true ((eros_item_get_mark (item) == EROS_ITEM_TICKED) ==
                     (rules[i].outcome == EROS_OUTCOME_PASS));
    }
}

/* A table that has lost half of its rows since the last backup: the backup is as good, and somebody has to
 * look. */
static void
test_a_table_that_shrank (ControllerTest *test, gconstpointer data)
{
  ErosItem *item;

  controller_test_run (test, "backup", NULL);
  controller_test_run (test, "backup", NULL);
  controller_test_assert_ticked (test, "backup.verification.sizes");
  controller_test_assert_ticked (test, "backup.before.restorable");
  run_sql (test,
           "DELETE FROM " DATASET ".caption_bank` WHERE caption_id NOT IN (SELECT caption_id FROM " DATASET
           ".caption_bank` ORDER BY caption_id LIMIT 800)");
  controller_test_run (test, "backup", NULL);
  item = eros_deployment_get_item (test->deployment, "backup.verification.sizes");
  g_assert_cmpint (eros_item_get_outcome (item), ==, EROS_OUTCOME_FAIL);
  g_assert_cmpint (eros_item_get_mark (item), ==, EROS_ITEM_OPEN);
  g_assert_nonnull (strstr (eros_item_get_summary (item), "caption_bank: "));
}

static void
close_cb (ErosStep *step, GParamSpec *property, ControllerTest *test)
{
  if (eros_step_get_state (step) != EROS_STATE_RUNNING)
    return;
  eros_operation_cancel (g_object_get_data (G_OBJECT (step), "operation"));
  g_clear_object (&test->controller);
}

/* Each of them, also one that is done the moment it is begun: what is left on the stack then is nobody's. */
static void
test_a_window_that_is_closed_as_a_step_begins (ControllerTest *test, gconstpointer data)
{
  GListModel *steps;
  guint n = 1;

  for (guint i = 0; i < n; i++)
    {
      ErosOperation *operation = g_object_ref (controller_test_plan (test, "monitoring", NULL));
      g_autoptr (ErosStep) step = NULL;

      steps = eros_operation_get_steps (operation);
      n = g_list_model_get_n_items (steps);
      step = g_list_model_get_item (steps, i);
      g_object_set_data (G_OBJECT (step), "operation", operation);
      g_signal_connect (step, "notify::state", G_CALLBACK (close_cb), test);
      eros_controller_start_async (test->controller, operation, NULL, NULL, NULL);
      while (eros_operation_get_state (operation) <= EROS_STATE_RUNNING)
        g_main_context_iteration (NULL, TRUE);
      g_assert_null (test->controller);
      g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_CANCELLED);
      g_object_unref (operation);
      controller_test_reopen (test);
    }
  g_assert_cmpuint (n, >, 3);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/trouble/" name, ControllerTest, NULL, controller_test_set_up, function,           \
              controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-data-set-that-is-not-there", test_a_data_set_that_is_not_there);
  ADD ("no-permission", test_no_permission);
  ADD ("a-table-that-is-missing", test_a_table_that_is_missing);
  ADD ("an-empty-table-is-backed-up-and-restored", test_an_empty_table_is_backed_up_and_restored);
  ADD ("a-table-that-changes-meanwhile", test_a_table_that_changes_meanwhile);
  ADD ("a-snapshot-that-has-expired", test_a_snapshot_that_has_expired);
  ADD ("a-bucket-that-is-gone", test_a_bucket_that_is_gone);
  ADD ("a-bucket-that-forgets-too-early", test_a_bucket_that_forgets_too_early);
  ADD ("a-bucket-whose-rules-do-not-tell", test_a_bucket_whose_rules_do_not_tell);
  ADD ("a-table-that-shrank", test_a_table_that_shrank);
  ADD ("a-table-with-ten-thousand-columns", test_a_table_with_ten_thousand_columns);
  ADD ("a-clock-that-is-an-hour-wrong", test_a_clock_that_is_an_hour_wrong);
  ADD ("a-window-that-is-closed-as-a-step-begins", test_a_window_that_is_closed_as_a_step_begins);
  return g_test_run ();
}
