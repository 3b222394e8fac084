/* test-checks.c: the machine's checks against a real local BigQuery
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "eros-big-query.h"
#include "eros-controller.h"
#include "eros-rehearsal.h"

typedef struct
{
  char *folder;
  ErosRehearsal *rehearsal;
  ErosDeployment *deployment;
  ErosController *controller;
  GAsyncResult *result; /* of the call that is waited for */
} Fixture;

static void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&fixture->result);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("eros-checks-XXXXXX", &error);
  g_assert_no_error (error);
  eros_rehearsal_start_async (2000, NULL, NULL, NULL, keep_result_cb, &fixture->result);
  result = wait_for (fixture);
  fixture->rehearsal = eros_rehearsal_start_finish (result, &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->folder, "test.erosdeploy", NULL);
  file = g_file_new_for_path (path);
  fixture->deployment =
    eros_rehearsal_create_deployment (fixture->rehearsal, file, "Ada <ada@example.com>", &error);
  g_assert_no_error (error);
  fixture->controller =
    eros_controller_new (fixture->deployment, eros_rehearsal_get_connection (fixture->rehearsal));
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->controller);
  g_clear_object (&fixture->deployment);
  g_clear_object (&fixture->rehearsal);
  remove_folder (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
}

static gboolean
run_checks (Fixture *fixture, const char *id, GError **error)
{
  const char *ids[] = { id, NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_controller_run_checks_async (fixture->controller, ids, NULL, keep_result_cb, &fixture->result);
  result = wait_for (fixture);
  return eros_controller_run_checks_finish (fixture->controller, result, error);
}

/* Runs SQL as somebody else would, past the controller. */
static void
run_sql (Fixture *fixture, const char *sql)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (fixture->rehearsal));
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, sql);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;

  eros_big_query_run_async (client, request, NULL, keep_result_cb, &fixture->result);
  result = wait_for (fixture);
  job = eros_big_query_run_finish (client, result, &error);
  g_assert_no_error (error);
  error = eros_job_dup_error (job);
  g_assert_no_error (error);
}

static ErosItem *
item (Fixture *fixture, const char *id)
{
  ErosItem *found = eros_deployment_get_item (fixture->deployment, id);

  g_assert_nonnull (found);
  return found;
}

static void
assert_passed (Fixture *fixture, const char *id)
{
  ErosItem *checked = item (fixture, id);

  if (eros_item_get_outcome (checked) != EROS_OUTCOME_PASS)
    g_error ("%s: %s", id, eros_item_get_summary (checked));
  g_assert_cmpint (eros_item_get_mark (checked), ==, EROS_ITEM_TICKED);
  g_assert_nonnull (eros_item_get_evidence (checked));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (eros_item_get_evidence (checked))), >, 0);
}

static void
test_the_environment_is_verified (Fixture *fixture, gconstpointer data)
{
  static const char *items[] = { "project", "dataset", "permissions", "client", "bucket", "network" };
  g_autoptr (GError) error = NULL;

  run_checks (fixture, "preparation.environment", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *id = g_strconcat ("preparation.environment.", items[i], NULL);

      assert_passed (fixture, id);
    }
  g_assert_cmpstr (eros_deployment_get_value (fixture->deployment, "preparation.environment.project.id"), ==,
                   "eros-rehearsal");
  g_assert_cmpstr (eros_deployment_get_value (fixture->deployment, "preparation.environment.dataset.name"),
                   ==, "eros_platform");
}

static void
test_health_and_baseline_are_measured (Fixture *fixture, gconstpointer data)
{
  static const char *filled[] = { "query-time", "caption-selection-time", "slot-usage", "daily-cost",
                                  "distribution-effectiveness" };
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  run_checks (fixture, "validation.health", &error);
  g_assert_no_error (error);
  assert_passed (fixture, "validation.health.row-counts");
  assert_passed (fixture, "validation.health.corruption");
  assert_passed (fixture, "validation.health.orphans");
  assert_passed (fixture, "validation.health.foreign-keys");
  assert_passed (fixture, "validation.health.scheduled-queries");
  g_assert_true (run_checks (fixture, "validation.baseline", &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (filled); i++)
    {
      g_autofree char *id = g_strconcat ("validation.baseline.", filled[i], NULL);
      g_autofree char *field = g_strconcat (id, ".value", NULL);
      gboolean machine = FALSE;

      assert_passed (fixture, id);
      g_assert_cmpstr (eros_deployment_get_value (fixture->deployment, field), !=, "");
      eros_deployment_get_value_actor (fixture->deployment, field, &machine, NULL);
      g_assert_true (machine);
    }
  operation = eros_controller_find_operation (fixture->controller, "checks");
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpfloat (eros_operation_get_progress (operation), ==, 1);
  g_assert_false (eros_controller_get_busy (fixture->controller));
}

static void
test_a_tick_that_later_fails_is_taken_back (Fixture *fixture, gconstpointer data)
{
  const char *id = "validation.health.corruption";
  g_autoptr (GError) error = NULL;

  g_assert_true (run_checks (fixture, id, &error));
  g_assert_no_error (error);
  assert_passed (fixture, id);
  run_sql (fixture, "UPDATE `eros-rehearsal.eros_platform.caption_bandit_stats` SET total_views = -1 WHERE "
                    "caption_id IN (1, 2, 3)");
  g_assert_false (run_checks (fixture, id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (fixture, id)), ==, EROS_OUTCOME_FAIL);
  g_assert_cmpint (eros_item_get_mark (item (fixture, id)), ==, EROS_ITEM_OPEN);
  g_assert_nonnull (strstr (eros_item_get_summary (item (fixture, id)), "3 of 2000"));
}

static void
test_what_is_missing_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_object_set (eros_controller_get_connection (fixture->controller), "dataset", "not_there", "bucket",
                "not-there", NULL);
  g_assert_false (run_checks (fixture, "preparation.environment.dataset", &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (fixture, "preparation.environment.dataset")), ==,
                   EROS_OUTCOME_FAIL);
  g_assert_nonnull (
    strstr (eros_item_get_summary (item (fixture, "preparation.environment.dataset")), "not_there"));
  g_assert_false (run_checks (fixture, "preparation.environment.bucket", &error));
  g_assert_no_error (error);
  g_assert_nonnull (
    strstr (eros_item_get_summary (item (fixture, "preparation.environment.bucket")), "not-there"));
  g_assert_false (run_checks (fixture, "validation.health.orphans", &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (fixture, "validation.health.orphans")), ==,
                   EROS_OUTCOME_ERROR);
  g_assert_cmpint (eros_item_get_mark (item (fixture, "validation.health.orphans")), ==, EROS_ITEM_OPEN);
}

static guint
count_events (Fixture *fixture, const char *kind, const char *member, const char *value)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (fixture->deployment));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (g_str_equal (eros_event_get_kind (event), kind) &&
          (member == NULL || g_strcmp0 (eros_event_get_string (event, member), value) == 0))
        n++;
    }
  return n;
}

static void
test_every_job_is_written_down_before_and_after (Fixture *fixture, gconstpointer data)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (fixture->deployment));
  g_autoptr (GError) error = NULL;
  guint n_planned = 0;

  run_checks (fixture, "validation.health", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (!g_str_equal (eros_event_get_kind (event), "job.planned"))
        continue;
      n_planned++;
      g_assert_cmpuint (
        count_events (fixture, "job.ended", "job_id", eros_event_get_string (event, "job_id")), ==, 1);
    }
  g_assert_cmpuint (n_planned, ==, 4);
  g_assert_cmpuint (count_events (fixture, "operation.started", NULL, NULL), ==, 1);
  g_assert_cmpuint (count_events (fixture, "operation.ended", NULL, NULL), ==, 1);
}

static void
test_cancelling_leaves_the_record_true (Fixture *fixture, gconstpointer data)
{
  const char *ids[] = { "validation", NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  eros_controller_run_checks_async (fixture->controller, ids, NULL, keep_result_cb, &fixture->result);
  operation = eros_controller_find_operation (fixture->controller, "checks");
  eros_operation_cancel (operation);
  result = wait_for (fixture);
  g_assert_false (eros_controller_run_checks_finish (fixture->controller, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_CANCELLED);
  g_assert_cmpuint (count_events (fixture, "operation.ended", "outcome", "cancelled"), ==, 1);
  g_assert_cmpuint (count_events (fixture, "job.planned", NULL, NULL), ==,
                    count_events (fixture, "job.ended", NULL, NULL));
  g_assert_false (eros_controller_get_busy (fixture->controller));
}

static void
plan_job (Fixture *fixture, const char *job_id)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (body, "id", "an-operation");
  json_object_set_string_member (body, "step", "a-step");
  json_object_set_string_member (body, "job_id", job_id);
  json_node_take_object (node, body);
  eros_deployment_record (fixture->deployment, "job.planned", node, &error);
  g_assert_no_error (error);
}

static void
test_resuming_looks_jobs_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (fixture->rehearsal));
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("arrived", "SELECT 1");
  g_autoptr (GAsyncResult) ran = NULL;
  g_autoptr (GAsyncResult) resumed = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;

  plan_job (fixture, "arrived");
  plan_job (fixture, "never-sent");
  eros_big_query_run_async (client, request, NULL, keep_result_cb, &fixture->result);
  ran = wait_for (fixture);
  job = eros_big_query_run_finish (client, ran, &error);
  g_assert_no_error (error);

  eros_controller_resume_async (fixture->controller, NULL, keep_result_cb, &fixture->result);
  resumed = wait_for (fixture);
  g_assert_true (eros_controller_resume_finish (fixture->controller, resumed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_events (fixture, "job.ended", "job_id", "arrived"), ==, 1);
  g_assert_cmpuint (count_events (fixture, "job.ended", "job_id", "never-sent"), ==, 1);
  g_assert_cmpuint (count_events (fixture, "job.ended", "outcome", "pass"), ==, 1);
  g_assert_cmpuint (count_events (fixture, "job.ended", "outcome", "error"), ==, 1);
}

static void
test_the_connection_is_tested_thing_by_thing (Fixture *fixture, gconstpointer data)
{
  ErosConnection *connection = eros_rehearsal_get_connection (fixture->rehearsal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GListModel) findings = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (connection, "bucket", "not-there", NULL);
  eros_connection_test_async (connection, NULL, keep_result_cb, &fixture->result);
  result = wait_for (fixture);
  findings = eros_connection_test_finish (connection, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (findings), ==, 7);
  for (guint i = 0; i < 7; i++)
    {
      g_autoptr (ErosFinding) finding = g_list_model_get_item (findings, i);
      gboolean is_bucket = g_str_has_prefix (eros_finding_get_what (finding), "Bucket");

      g_assert_cmpint (eros_finding_get_outcome (finding), ==,
                       is_bucket ? EROS_OUTCOME_FAIL : EROS_OUTCOME_PASS);
      g_assert_cmpint (eros_finding_get_advice (finding) != NULL, ==, is_bucket);
    }
}

static void
died_cb (ErosRehearsal *rehearsal, const char *message, gpointer user_data)
{
  *(char **) user_data = g_strdup (message);
}

static void
test_a_server_that_dies_is_noticed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = NULL;

  g_signal_connect (fixture->rehearsal, "died", G_CALLBACK (died_cb), &message);
  /* The shell's parent is this test, and the server its child. */
  g_assert_cmpint (system ("pkill -KILL -P $PPID eros-bigquery- || true"), ==, 0);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (message, "signal 9"));
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/checks/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-environment-is-verified", test_the_environment_is_verified);
  ADD ("health-and-baseline-are-measured", test_health_and_baseline_are_measured);
  ADD ("a-tick-that-later-fails-is-taken-back", test_a_tick_that_later_fails_is_taken_back);
  ADD ("what-is-missing-is-named", test_what_is_missing_is_named);
  ADD ("every-job-is-written-down-before-and-after", test_every_job_is_written_down_before_and_after);
  ADD ("cancelling-leaves-the-record-true", test_cancelling_leaves_the_record_true);
  ADD ("resuming-looks-jobs-up", test_resuming_looks_jobs_up);
  ADD ("the-connection-is-tested-thing-by-thing", test_the_connection_is_tested_thing_by_thing);
  ADD ("a-server-that-dies-is-noticed", test_a_server_that_dies_is_noticed);
  return g_test_run ();
}
