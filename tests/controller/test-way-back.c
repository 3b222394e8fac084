/* test-way-back.c: what a rollback does when something that it needs is missing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-inventory.h"
#include "eros-rehearsal-clock.h"
#include "eros-timeline.h"
#include "eros-unfinished.h"

#define D "`eros-rehearsal.eros_platform`."

/* The tables do not wait for a service that they do not need. */
static void
test_no_transfer_service (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_controller_get_connection (test->controller);
  g_autofree char *before = controller_test_fingerprint (test);
  g_autofree char *backup = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  g_autoptr (ErosUnfinished) owed = NULL;
  g_autoptr (ErosUnfinished) over = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;
  gint64 begun;
  gint64 ended;

  controller_test_run (test, "backup", NULL);
  g_free (controller_test_query (test, "DELETE FROM " D "caption_bank WHERE caption_id > 100"));
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  g_object_set (connection, "patience-ms", (gint64) 1000, NULL);
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"path\": \"transferConfigs\", \"times\": -1, \"action\": \"503:backendError\"}");
  operation = controller_test_plan (test, "rollback", arguments);
  begun = g_get_monotonic_time ();
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, 15 * G_TIME_SPAN_SECOND);
  after = controller_test_fingerprint (test);
  g_assert_cmpstr (after, ==, before);
  controller_test_assert_ticked (test, "rollback.verification.tables");
  owed = eros_unfinished_find (test->deployment, "rollback");
  g_assert_cmpstr (owed->owed, ==, "Pause the scheduled queries");
  ended = eros_deployment_get_operation_end (test->deployment, "rollback");
  g_assert_cmpint (ended, >, 0);

  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  controller_test_reopen (test);
  operation = eros_controller_get_operation (test->controller, owed->id);
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  over = eros_unfinished_find (test->deployment, "rollback");
  g_assert_null (over);
  /* What is counted from the rollback is counted from when the tables were back. */
  g_assert_cmpint (eros_deployment_get_operation_end (test->deployment, "rollback"), ==, ended);
  controller_test_run (test, "resume-schedules", NULL);
}

/* That nobody has answered about the bucket does not say what is in it. */
static void
test_no_bucket_service (ControllerTest *test, gconstpointer data)
{
  static const char no_undrop[] =
    "{\"method\": \"POST\", \"path\": \"/jobs$\", \"action\": \"404:notFound\"}";
  ErosConnection *connection = eros_controller_get_connection (test->controller);
  g_autofree char *backup = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  g_free (controller_test_query (test, "DROP SCHEMA `eros-rehearsal.eros_platform` CASCADE"));
  g_object_set (connection, "patience-ms", (gint64) 50, NULL);
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"path\": \"/storage/v1/b/[^/]*/o$\", \"times\": -1, \"action\": \"503:backendError\"}");
  controller_test_tell_server (test, "POST", "/_local/faults", no_undrop);
  operation = controller_test_plan (test, "rollback", arguments);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_null (strstr (error->message, "has no export"));
  g_assert_nonnull (strstr (error->message, "backendError"));
  g_clear_error (&error);

  controller_test_tell_server (test, "DELETE", "/_local/faults", NULL);
  controller_test_tell_server (test, "POST", "/_local/faults", no_undrop);
  g_object_set (connection, "patience-ms", (gint64) 30000, NULL);
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
}

/* Nor that a backup of another journal has no inventory. */
static void
test_no_record_service (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) arguments = controller_test_rollback_arguments ("backup_20200131_120000");
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  g_object_set (eros_controller_get_connection (test->controller), "patience-ms", (gint64) 50, NULL);
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"path\": \"/storage/v1/b/\", \"times\": -1, \"action\": \"503:backendError\"}");
  operation = controller_test_plan (test, "rollback", arguments);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "backendError"));
}

static void
fault (ControllerTest *test, const char *method, const char *path, const char *action)
{
  g_autofree char *rule = g_strdup_printf (
    "{\"method\": \"%s\", \"path\": \"%s\", \"times\": -1, \"action\": \"%s\"}", method, path, action);

  controller_test_tell_server (test, "POST", "/_local/faults", rule);
}

/* A bucket that may not be read is not one without an export. */
static void
test_a_bucket_that_may_not_be_read (ControllerTest *test, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  g_autoptr (GHashTable) foreign = controller_test_rollback_arguments ("backup_20200131_120000");
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  fault (test, "GET", "/storage/v1/b/", "403:forbidden");
  operation = controller_test_plan (test, "rollback", foreign);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "gs://eros-platform-backups may not be read"));
  g_assert_null (strstr (error->message, "no export"));
  g_clear_error (&error);

  g_free (controller_test_query (test, "DROP SCHEMA `eros-rehearsal.eros_platform` CASCADE"));
  fault (test, "POST", "/jobs$", "404:notFound");
  operation = controller_test_plan (test, "rollback", arguments);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "gs://eros-platform-backups may not be read"));
  g_assert_null (strstr (error->message, "no export"));
}

/* (transfer full): what the step has found */
static char *
found_by (ErosOperation *operation, const char *title)
{
  GListModel *steps = eros_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (g_str_equal (eros_step_get_title (step), title))
        return g_strdup (eros_step_get_detail (step));
    }
  g_error ("There is no step “%s”", title);
}

/* Whoever may write into the bucket may write definitions there, which would be run. */
static void
test_a_foreign_inventory (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosInventory) inventory =
    eros_inventory_new ("eros-rehearsal", "eros_platform", 1580472000000000);
  g_autoptr (GHashTable) arguments = controller_test_rollback_arguments ("backup_20200131_120000");
  g_autofree char *text = NULL;
  g_autofree char *found = NULL;
  g_autofree char *trusted = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  eros_inventory_add (inventory, EROS_INVENTORY_FUNCTION, "other",
                      "CREATE FUNCTION `eros-rehearsal.eros_platform.other`() AS (1);");
  eros_inventory_complete (inventory);
  text = eros_inventory_to_text (inventory, NULL);
  controller_test_tell_server (test, "POST",
                               "/upload/storage/v1/b/eros-platform-backups/o?uploadType=media&name="
                               "2020-01-31_120000%2Finventory.json",
                               text);
  controller_test_tell_server (test, "POST",
                               "/upload/storage/v1/b/eros-platform-backups/o?uploadType=media&name="
                               "2020-01-31_120000%2Fmetadata.json",
                               "{}");
  operation = controller_test_plan (test, "rollback", arguments);
  g_assert_false (controller_test_start (test, operation, &error)); /* there are no snapshots */
  found = found_by (operation, "Look what the backup says of itself");
  g_assert_nonnull (strstr (found, "is not on record here"));
  g_assert_nonnull (strstr (found, eros_inventory_get_digest (inventory)));
  g_clear_error (&error);

  g_hash_table_insert (arguments, (gpointer) "inventory", g_strdup (eros_inventory_get_digest (inventory)));
  operation = controller_test_plan (test, "rollback", arguments);
  g_assert_false (controller_test_start (test, operation, &error));
  trusted = found_by (operation, "Look what the backup says of itself");
  g_assert_cmpstr (trusted, ==, "1 object in its inventory");
}

/* The tables do not wait for what is only kept beside them. */
static void
test_what_cannot_be_kept (ControllerTest *test, gconstpointer data)
{
  g_autofree char *before = controller_test_fingerprint (test);
  g_autofree char *backup = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  g_autoptr (ErosUnfinished) owed = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  g_free (controller_test_query (test, "DELETE FROM " D "caption_bank WHERE caption_id > 100"));
  g_free (controller_test_query (test, "DROP TABLE " D "caption_performance_log"));
  g_free (controller_test_query (test, "CREATE VIEW " D "caption_performance_log AS SELECT 1 AS caption_id"));
  arguments = controller_test_rollback_arguments (backup);
  operation = controller_test_plan (test, "rollback", arguments);
  g_assert_true (controller_test_start (test, operation, &error));
  g_assert_no_error (error);
  after = controller_test_fingerprint (test);
  g_assert_cmpstr (after, ==, before);
  owed = eros_unfinished_find (test->deployment, "rollback");
  g_assert_nonnull (strstr (owed->owed, "Keep caption_performance_log"));
}

static void
cancel_cb (ErosStep *step, GParamSpec *property, gpointer user_data)
{
  if (eros_step_get_state (step) == EROS_STATE_SUCCEEDED)
    eros_operation_cancel (user_data);
}

static void
cancel_after (ErosOperation *operation, const char *title)
{
  GListModel *steps = eros_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (g_str_equal (eros_step_get_title (step), title))
        g_signal_connect_object (step, "notify::state", G_CALLBACK (cancel_cb), operation, 0);
    }
}

/* What was backed up is what is on record, and not what a snapshot of that name has. */
static void
test_a_snapshot_that_is_swapped (ControllerTest *test, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autofree char *sql = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  g_free (controller_test_query (test, "DELETE FROM " D "caption_bank WHERE caption_id > 100"));
  operation = controller_test_plan (test, "rollback", arguments);
  cancel_after (operation, "Snapshot of caption_bank as it is now");
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  sql = g_strdup_printf ("DROP SNAPSHOT TABLE " D "caption_bank_%s; CREATE SNAPSHOT TABLE " D
                         "caption_bank_%s CLONE " D "caption_bank",
                         backup, backup);
  g_free (controller_test_query (test, sql));
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "caption_bank does not have the rows that were backed up"));
}

static gint64
number (ControllerTest *test, const char *sql)
{
  g_autofree char *text = controller_test_query (test, sql);

  return g_ascii_strtoll (text, NULL, 10);
}

static gint64
count_views (ControllerTest *test)
{
  return number (test, "SELECT SUM(total_views) FROM " D "caption_bandit_stats");
}

static gint64
count_counted (ControllerTest *test)
{
  return number (test, "SELECT COUNTIF(processed) FROM " D "caption_performance_log");
}

static void
count_all (ControllerTest *test)
{
  g_free (controller_test_query (test, "BEGIN DECLARE n INT64; CALL " D
                                       "update_caption_stats_batch(100000, n); END;"));
}

static void
deploy (ControllerTest *test)
{
  controller_test_open_gates (test);
  controller_test_run (test, "deploy-phase1", NULL);
  controller_test_run (test, "deploy-phase2", NULL);
}

static void
roll_back (ControllerTest *test, const char *backup)
{
  g_autoptr (GHashTable) arguments = controller_test_rollback_arguments (backup);
  ErosOperation *operation = controller_test_run (test, "rollback", arguments);
  const char *message = eros_operation_get_message (operation);

  if (message != NULL && strstr (message, "see to this") != NULL)
    g_error ("%s", message);
}

/* Two are alike but for being counted, one is counted, one is not. */
static const char observations[] =
  "INSERT INTO " D
  "caption_performance_log (caption_id, account_id, engaged, observed_at, processed) VALUES\n"
  "(1, 'a', TRUE, TIMESTAMP '2026-01-01 00:00:00+00', TRUE), (1, 'a', TRUE, TIMESTAMP '2026-01-01 "
  "00:00:00+00', FALSE),\n"
  "(2, 'b', FALSE, TIMESTAMP '2026-01-02 00:00:00+00', TRUE), (3, 'c', NULL, TIMESTAMP '2026-01-03 "
  "00:00:00+00', NULL)";

/* Both clocks: nobody waits. */
static void
let_days_pass (ControllerTest *test, guint days)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_rehearsal_advance_async (test->rehearsal, test->deployment,
                                eros_timeline_get_now (test->deployment) + days * G_TIME_SPAN_DAY, NULL, NULL,
                                controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_true (eros_rehearsal_advance_finish (test->rehearsal, result, &error));
  g_assert_no_error (error);
}

/* What the loop has counted since the backup waits to be counted again, and nothing is counted twice. */
static void
test_observations (ControllerTest *test, gconstpointer data)
{
  g_autofree char *backup = NULL;
  gint64 views;
  gint64 counted;
  gint64 all;

  g_free (controller_test_query (test, observations));
  views = count_views (test);
  counted = count_counted (test);
  all = number (test, "SELECT COUNT(*) FROM " D "caption_performance_log");
  g_assert_cmpint (counted, >=, 2);
  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  deploy (test);
  count_all (test);
  g_assert_cmpint (count_counted (test), ==, all);
  g_assert_cmpint (count_views (test), ==, views + all - counted);
  g_free (controller_test_query (test,
                                 "INSERT INTO " D "caption_performance_log (caption_id, account_id, engaged, "
                                 "observed_at, processed) VALUES (4, 'd', TRUE, CURRENT_TIMESTAMP(), TRUE)"));
  let_days_pass (test, GPOINTER_TO_UINT (data));
  roll_back (test, backup);
  g_assert_cmpint (count_views (test), ==, views);
  g_assert_cmpint (count_counted (test), ==, counted);
  g_assert_cmpint (number (test, "SELECT COUNT(*) FROM " D "caption_performance_log"), ==, all + 1);

  /* And when it is deployed again, each is counted once. */
  deploy (test);
  count_all (test);
  g_assert_cmpint (count_counted (test), ==, all + 1);
  g_assert_cmpint (count_views (test), ==, views + all + 1 - counted);
}

static void
test_locks (ControllerTest *test, gconstpointer data)
{
  g_autofree char *backup = NULL;
  g_autofree char *held = NULL;

  g_free (controller_test_query (
    test, "CREATE TABLE " D
          "caption_locks (caption_id INT64 NOT NULL, account_id STRING, locked_at TIMESTAMP NOT NULL, "
          "expires_at TIMESTAMP NOT NULL, lock_id STRING) PARTITION BY DATE(locked_at);\n"
          "INSERT INTO " D
          "caption_locks VALUES (7, 'a', CURRENT_TIMESTAMP(), TIMESTAMP '2100-01-01 00:00:00+00', 'x'), "
          "(8, 'b', TIMESTAMP '2026-01-01 00:00:00+00', TIMESTAMP '2026-01-01 00:01:00+00', 'y')"));
  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  deploy (test);
  g_free (controller_test_query (test, "BEGIN DECLARE v STRING; DECLARE r BOOL; CALL " D
                                       "acquire_caption_lock(9, 'c', 3600, v); CALL " D
                                       "release_caption_lock('x', r); END;"));
  let_days_pass (test, GPOINTER_TO_UINT (data));
  roll_back (test, backup);
  held = controller_test_query (test, "SELECT STRING_AGG(lock_id) FROM " D "caption_locks");
  g_assert_cmpstr (held, ==, "x");
}

#define add(path, function)                                                                                  \
  g_test_add (path, ControllerTest, NULL, controller_test_set_up, function, controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/way-back/without-the-transfer-service", test_no_transfer_service);
  add ("/way-back/without-the-bucket-service", test_no_bucket_service);
  add ("/way-back/without-the-service-that-has-the-record", test_no_record_service);
  add ("/way-back/a-bucket-that-may-not-be-read-is-not-empty", test_a_bucket_that_may_not_be_read);
  add ("/way-back/definitions-that-are-not-on-record-are-not-run", test_a_foreign_inventory);
  add ("/way-back/the-tables-do-not-wait-for-what-is-kept-beside-them", test_what_cannot_be_kept);
  add ("/way-back/a-snapshot-that-is-swapped-meanwhile-is-found", test_a_snapshot_that_is_swapped);
  add ("/way-back/observations-are-counted-once", test_observations);
  add ("/way-back/locks-of-then-are-held-again", test_locks);
  g_test_add ("/way-back/observations-are-counted-once-after-a-week", ControllerTest, GUINT_TO_POINTER (8),
              controller_test_set_up, test_observations, controller_test_tear_down);
  g_test_add ("/way-back/locks-of-then-are-held-again-after-a-week", ControllerTest, GUINT_TO_POINTER (8),
              controller_test_set_up, test_locks, controller_test_tear_down);
  return g_test_run ();
}
