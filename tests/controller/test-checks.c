/* test-checks.c: the machine's checks against a real local BigQuery
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"

static gboolean
run_checks (ControllerTest *test, const char *id, GError **error)
{
  const char *ids[] = { id, NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_controller_run_checks_async (test->controller, ids, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  return eros_controller_run_checks_finish (test->controller, result, error);
}

static ErosItem *
item (ControllerTest *test, const char *id)
{
  ErosItem *found = eros_deployment_get_item (test->deployment, id);

  g_assert_nonnull (found);
  return found;
}

static void
assert_passed (ControllerTest *test, const char *id)
{
  ErosItem *checked = item (test, id);

  if (eros_item_get_outcome (checked) != EROS_OUTCOME_PASS)
    g_error ("%s: %s", id, eros_item_get_summary (checked));
  g_assert_cmpint (eros_item_get_mark (checked), ==, EROS_ITEM_TICKED);
  g_assert_nonnull (eros_item_get_evidence (checked));
  g_assert_cmpuint (json_array_get_length (json_node_get_array (eros_item_get_evidence (checked))), >, 0);
}

static void
test_the_environment_is_verified (ControllerTest *test, gconstpointer data)
{
  static const char *items[] = { "project", "dataset", "permissions", "client", "bucket", "network" };
  g_autoptr (GError) error = NULL;

  run_checks (test, "preparation.environment", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *id = g_strconcat ("preparation.environment.", items[i], NULL);

      assert_passed (test, id);
    }
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "preparation.environment.project.id"), ==,
                   "eros-rehearsal");
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "preparation.environment.dataset.name"), ==,
                   "eros_platform");
}

static void
test_health_and_baseline_are_measured (ControllerTest *test, gconstpointer data)
{
  static const char *filled[] = { "query-time", "caption-selection-time", "slot-usage", "daily-cost",
                                  "distribution-effectiveness" };
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  run_checks (test, "validation.health", &error);
  g_assert_no_error (error);
  assert_passed (test, "validation.health.row-counts");
  assert_passed (test, "validation.health.corruption");
  assert_passed (test, "validation.health.orphans");
  assert_passed (test, "validation.health.foreign-keys");
  assert_passed (test, "validation.health.scheduled-queries");
  g_assert_true (run_checks (test, "validation.baseline", &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (filled); i++)
    {
      g_autofree char *id = g_strconcat ("validation.baseline.", filled[i], NULL);
      g_autofree char *field = g_strconcat (id, ".value", NULL);
      gboolean machine = FALSE;

      assert_passed (test, id);
      g_assert_cmpstr (eros_deployment_get_value (test->deployment, field), !=, "");
      eros_deployment_get_value_actor (test->deployment, field, &machine, NULL);
      g_assert_true (machine);
    }
  operation = eros_controller_find_operation (test->controller, "checks");
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpfloat (eros_operation_get_progress (operation), ==, 1);
  g_assert_false (eros_controller_get_busy (test->controller));
}

static void
test_a_tick_that_later_fails_is_taken_back (ControllerTest *test, gconstpointer data)
{
  const char *id = "validation.health.corruption";
  g_autoptr (GError) error = NULL;

  g_assert_true (run_checks (test, id, &error));
  g_assert_no_error (error);
  assert_passed (test, id);
  g_free (controller_test_query (
    test, "UPDATE `eros-rehearsal.eros_platform.caption_bandit_stats` SET total_views = -1 WHERE "
          "caption_id IN (1, 2, 3)"));
  g_assert_false (run_checks (test, id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (test, id)), ==, EROS_OUTCOME_FAIL);
  g_assert_cmpint (eros_item_get_mark (item (test, id)), ==, EROS_ITEM_OPEN);
  g_assert_nonnull (strstr (eros_item_get_summary (item (test, id)), "3 of 2000"));
}

static void
test_what_is_missing_is_named (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_object_set (eros_controller_get_connection (test->controller), "dataset", "not_there", "bucket",
                "not-there", NULL);
  g_assert_false (run_checks (test, "preparation.environment.dataset", &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (test, "preparation.environment.dataset")), ==,
                   EROS_OUTCOME_FAIL);
  g_assert_nonnull (
    strstr (eros_item_get_summary (item (test, "preparation.environment.dataset")), "not_there"));
  g_assert_false (run_checks (test, "preparation.environment.bucket", &error));
  g_assert_no_error (error);
  g_assert_nonnull (
    strstr (eros_item_get_summary (item (test, "preparation.environment.bucket")), "not-there"));
  g_assert_false (run_checks (test, "validation.health.orphans", &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_item_get_outcome (item (test, "validation.health.orphans")), ==, EROS_OUTCOME_ERROR);
  g_assert_cmpint (eros_item_get_mark (item (test, "validation.health.orphans")), ==, EROS_ITEM_OPEN);
}

static guint
count_events (ControllerTest *test, const char *kind, const char *member, const char *value)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
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
test_every_job_is_written_down_before_and_after (ControllerTest *test, gconstpointer data)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
  g_autoptr (GError) error = NULL;
  guint n_planned = 0;

  run_checks (test, "validation.health", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (!g_str_equal (eros_event_get_kind (event), "job.planned"))
        continue;
      n_planned++;
      g_assert_cmpuint (count_events (test, "job.ended", "job_id", eros_event_get_string (event, "job_id")),
                        ==, 1);
    }
  g_assert_cmpuint (n_planned, ==, 4);
  g_assert_cmpuint (count_events (test, "operation.started", NULL, NULL), ==, 1);
  g_assert_cmpuint (count_events (test, "operation.ended", NULL, NULL), ==, 1);
}

static void
test_cancelling_leaves_the_record_true (ControllerTest *test, gconstpointer data)
{
  const char *ids[] = { "validation", NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  eros_controller_run_checks_async (test->controller, ids, NULL, controller_test_keep_cb, &test->result);
  operation = eros_controller_find_operation (test->controller, "checks");
  eros_operation_cancel (operation);
  result = controller_test_wait (test);
  g_assert_false (eros_controller_run_checks_finish (test->controller, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_CANCELLED);
  g_assert_cmpuint (count_events (test, "operation.ended", "outcome", "cancelled"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.planned", NULL, NULL), ==,
                    count_events (test, "job.ended", NULL, NULL));
  g_assert_false (eros_controller_get_busy (test->controller));
}

static void
plan_job (ControllerTest *test, const char *job_id)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (body, "id", "an-operation");
  json_object_set_string_member (body, "step", "a-step");
  json_object_set_string_member (body, "job_id", job_id);
  json_node_take_object (node, body);
  eros_deployment_record (test->deployment, "job.planned", node, &error);
  g_assert_no_error (error);
}

static void
resume (ControllerTest *test)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  eros_controller_resume_async (test->controller, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_assert_true (eros_controller_resume_finish (test->controller, result, &error));
  g_assert_no_error (error);
}

static void
test_resuming_looks_jobs_up (ControllerTest *test, gconstpointer data)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query ("arrived", "SELECT 1");
  g_autoptr (GAsyncResult) ran = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;
  gint64 planned = g_get_monotonic_time ();

  plan_job (test, "arrived");
  plan_job (test, "never-sent");
  eros_big_query_run_async (client, request, NULL, controller_test_keep_cb, &test->result);
  ran = controller_test_wait (test);
  job = eros_big_query_run_finish (client, ran, &error);
  g_assert_no_error (error);

  resume (test);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "arrived"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "never-sent"), ==, 0);
  /* Nothing is on its way as long as that any more. */
  g_object_set (eros_rehearsal_get_connection (test->rehearsal), "patience-ms", (gint64) 500, NULL);
  while (g_get_monotonic_time () < planned + 1050 * 1000)
    g_main_context_iteration (NULL, FALSE);
  resume (test);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "arrived"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "job_id", "never-sent"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "outcome", "pass"), ==, 1);
  g_assert_cmpuint (count_events (test, "job.ended", "outcome", "error"), ==, 1);
}

static void
test_the_connection_is_tested_thing_by_thing (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GListModel) findings = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (connection, "bucket", "not-there", NULL);
  eros_connection_test_async (connection, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
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
test_a_server_that_dies_is_noticed (ControllerTest *test, gconstpointer data)
{
  g_autofree char *message = NULL;

  g_signal_connect (test->rehearsal, "died", G_CALLBACK (died_cb), &message);
  /* The shell's parent is this test, and the server its child. */
  g_assert_cmpint (system ("pkill -KILL -P $PPID eros-bigquery- || true"), ==, 0);
  while (message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (message, "signal 9"));
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/checks/" name, ControllerTest, NULL, controller_test_set_up, function,            \
              controller_test_tear_down)

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
