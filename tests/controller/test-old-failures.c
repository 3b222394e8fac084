/* test-old-failures.c: what the shell scripts got wrong, each by its name
 *
 * Those of the SQL itself are in tests/sql/; that no mix is left by a failure in the middle is test-cuts.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-comparison.h"
#include "eros-expectation.h"
#include "eros-statistics.h"
#include "eros-transfer.h"

#define DATASET "`eros-rehearsal.eros_platform"

static void
run_sql (ControllerTest *test, const char *sql)
{
  g_free (controller_test_query (test, sql));
}

/* deploy_phase1.sh, deploy_phase2.sh: “((n++))” with n = 0 ended the script at its first validation test. */
static void
test_a_phase_does_not_end_at_its_first_validation (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation;
  GListModel *steps;
  guint n = 0;

  controller_test_open_gates (test);
  operation = controller_test_run (test, "deploy-phase1", NULL);
  steps = eros_operation_get_steps (operation);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      n += g_str_has_prefix (eros_step_get_title (step), "Verify ") &&
           eros_step_get_state (step) == EROS_STATE_SUCCEEDED;
    }
  g_assert_cmpuint (n, >=, 4);
}

/* deploy_phase1.sh: 1 matched 10, and “>0” was a text that no answer has. */
static void
test_answers_are_compared_as_numbers (void)
{
  static const struct
  {
    const char *value;
    const char *op;
    const char *wanted;
    gboolean holds;
  } cases[] = {
    { "10", "=", "1", FALSE }, { "1", "=", "1", TRUE }, { "3", ">", "0", TRUE }, { "0", ">", "0", FALSE }
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) answer = g_hash_table_new (g_str_hash, g_str_equal);
      ErosExpectation expectation = { (char *) "n", (char *) cases[i].op, (char *) cases[i].wanted };
      g_autoptr (GError) error = NULL;
      g_autofree char *why = NULL;

      g_hash_table_insert (answer, (gpointer) "n", (gpointer) cases[i].value);
      g_assert_true (
        (eros_expectations_judge ((ErosExpectations){ NULL, 0 }, (ErosExpectations){ &expectation, 1 },
                                  answer, NULL, &why, &error) == EROS_OUTCOME_PASS) == cases[i].holds);
      g_assert_no_error (error);
    }
}

static char *
layout_of (ControllerTest *test)
{
  return controller_test_query (
    test, "SELECT STRING_AGG(entry, '\\n' ORDER BY entry) FROM (\n"
          "  SELECT CONCAT(table_name, '.', column_name, ' ', data_type, ' ', is_nullable, ' ', "
          "is_partitioning_column, ' ',\n"
          "    IFNULL(CAST(clustering_ordinal_position AS STRING), '-')) AS entry\n"
          "  FROM " DATASET ".INFORMATION_SCHEMA.COLUMNS`\n"
          "  WHERE table_name IN ('caption_bank', 'caption_bandit_stats', 'active_caption_assignments')\n"
          "  UNION ALL\n"
          "  SELECT CONCAT(table_name, ' ', option_name, ' ', option_value)\n"
          "  FROM " DATASET ".INFORMATION_SCHEMA.TABLE_OPTIONS`\n"
          "  WHERE table_name IN ('caption_bank', 'caption_bandit_stats', 'active_caption_assignments'))");
}

/* backup_tables.sh: newline JSON lost types and layout, and backups were deleted after 30 days. */
static void
test_a_backup_keeps_types_and_layout_for_90_days (ControllerTest *test, gconstpointer data)
{
  g_autofree char *same = NULL;
  g_autofree char *days = NULL;

  controller_test_run (test, "backup", NULL);
  same = controller_test_query (
    test, "WITH layout AS (\n"
          "  SELECT REGEXP_REPLACE(table_name, r'_backup_[0-9_]+$', '') AS base, table_name LIKE "
          "'%_backup_%' AS copy,\n"
          "    STRING_AGG(CONCAT(column_name, data_type, is_partitioning_column,\n"
          "      IFNULL(CAST(clustering_ordinal_position AS STRING), '-')), ',' ORDER BY ordinal_position) "
          "AS text\n"
          "  FROM " DATASET ".INFORMATION_SCHEMA.COLUMNS`\n"
          "  GROUP BY base, copy, table_name)\n"
          "SELECT CAST(COUNTIF(live.text = saved.text) AS STRING) FROM layout AS live JOIN layout AS saved\n"
          "ON live.base = saved.base AND NOT live.copy AND saved.copy");
  g_assert_cmpstr (same, ==, "3");
  days = controller_test_query (
    test, "SELECT CAST(MIN(TIMESTAMP_DIFF(CAST(REGEXP_EXTRACT(option_value, r'[\"\\']([^\"\\']+)[\"\\']') AS "
          "TIMESTAMP),\n"
          "  CURRENT_TIMESTAMP(), HOUR)) AS STRING) FROM " DATASET ".INFORMATION_SCHEMA.TABLE_OPTIONS`\n"
          "WHERE option_name = 'expiration_timestamp' AND table_name LIKE '%_backup_%'");
  g_assert_nonnull (days);
  g_assert_cmpint (g_ascii_strtoll (days, NULL, 10), >=, 90 * 24 - 1);
}

/* rollback.sh: copied from a temporary table, which dropped partitioning, clustering and descriptions. */
static void
test_a_rollback_keeps_layout_and_descriptions (ControllerTest *test, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *backup = NULL;
  g_autoptr (GHashTable) arguments = NULL;

  run_sql (test, "ALTER TABLE " DATASET
                 ".caption_bandit_stats` SET OPTIONS (description = 'what the bandit knows')");
  before = layout_of (test);
  g_assert_nonnull (strstr (before, "what the bandit knows"));
  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  controller_test_run (test, "rollback", arguments);
  after = layout_of (test);
  g_assert_cmpstr (after, ==, before);
}

static char *
list_schedules (ControllerTest *test)
{
  ErosConnection *connection = eros_rehearsal_get_connection (test->rehearsal);
  g_autoptr (ErosBigQuery) client = eros_big_query_new (connection);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);

  eros_transfer_list_async (client, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  list = eros_transfer_list_finish (result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++)
    {
      const ErosSchedule *schedule = g_ptr_array_index (list, i);

      g_string_append_printf (text, "%s %s\n", schedule->name, schedule->paused ? "paused" : "runs");
    }
  return g_string_free (text, FALSE);
}

static char *
first_schedule (const char *list)
{
  return g_strndup (list, strcspn (list, " "));
}

/* rollback.sh: scheduled queries were “disabled” by asking the person to do it. */
static void
test_scheduled_queries_are_paused_and_only_those_resumed (ControllerTest *test, gconstpointer data)
{
  g_autofree char *at_first = list_schedules (test);
  g_autofree char *one = first_schedule (at_first);
  g_autofree char *path = g_strconcat ("/v1/", one, "?updateMask=disabled", NULL);
  g_autofree char *before = NULL;
  g_autofree char *during = NULL;
  g_autofree char *after = NULL;
  g_autofree char *backup = NULL;
  g_autoptr (GHashTable) arguments = NULL;

  /* One that somebody has paused for reasons of their own stays paused. */
  controller_test_tell_server (test, "PATCH", path, "{\"disabled\":true}");
  before = list_schedules (test);
  g_assert_nonnull (strstr (before, "paused"));
  g_assert_nonnull (strstr (before, "runs"));
  controller_test_run (test, "backup", NULL);
  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  controller_test_run (test, "rollback", arguments);
  during = list_schedules (test);
  g_assert_null (strstr (during, "runs"));
  /* A second rollback finds them paused, and does not forget who paused them. */
  controller_test_run (test, "rollback", arguments);
  controller_test_run (test, "resume-schedules", NULL);
  after = list_schedules (test);
  g_assert_cmpstr (after, ==, before);
}

/* The table shows what was just measured, with the spread of the very runs. */
static void
assert_table (ControllerTest *test)
{
  g_autoptr (GPtrArray) list =
    eros_comparison_list (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
  const ErosComparison *selection =
    eros_comparison_find (list, "deployment.comparison.caption-selection-time");

  g_assert_nonnull (selection);
  g_assert_cmpuint (selection->before.n, ==, 7);
  g_assert_cmpuint (selection->after.n, ==, 7);
  g_assert_cmpfloat (selection->before.spread, >=, 0);
  g_assert_cmpint (selection->before.begun, >, 0);
  g_assert_cmpint (selection->after.ended, >=, selection->before.begun);
  g_assert_true (eros_comparison_is_about (
    selection,
    eros_deployment_get_value (test->deployment, "deployment.comparison.caption-selection-time.before"),
    eros_deployment_get_value (test->deployment, "deployment.comparison.caption-selection-time.after")));
  /* Since a moment ago there is no hour of anything else, and no number either. */
  g_assert_cmpint (eros_comparison_find (list, "daily-cost")->verdict, ==, EROS_VERDICT_UNKNOWN);
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "deployment.comparison.daily-cost.after"), ==,
                   "");
}

/* Benchmarks were one run each, timed with the tool's own start-up, the old way always first. */
static void
test_a_comparison_is_of_many_runs_in_turns (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation;
  GListModel *steps;
  GString *turns = g_string_new (NULL);

  controller_test_open_gates (test);
  controller_test_run (test, "deploy-phase1", NULL);
  operation = controller_test_run (test, "comparison", NULL);
  steps = eros_operation_get_steps (operation);
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (g_str_has_prefix (eros_step_get_title (step), "Select a caption"))
        g_string_append (turns, strstr (eros_step_get_title (step), "old way") != NULL ? "o" : "n");
    }
  g_assert_cmpstr (turns->str, ==, "ononnoonnoonnoon");
  g_assert_nonnull (strstr (eros_operation_get_message (operation), "7 runs; "));
  assert_table (test);
  g_string_free (turns, TRUE);
}

/* A division by zero when “before” was 0. */
static void
test_nothing_before_is_no_division_by_zero (void)
{
  const double none[] = { 0, 0, 0, 0, 0, 0, 0 };
  const double some[] = { 5, 6, 5, 6, 5, 6, 5 };
  double p = -1;

  g_assert_cmpint (eros_statistics_compare (none, G_N_ELEMENTS (none), some, G_N_ELEMENTS (some), TRUE, &p),
                   ==, EROS_VERDICT_WORSE);
  g_assert_cmpfloat (p, >=, 0);
  g_assert_cmpint (eros_statistics_compare (none, G_N_ELEMENTS (none), none, G_N_ELEMENTS (none), TRUE, &p),
                   ==, EROS_VERDICT_UNKNOWN);
}

/* All: a missing backup was a question that could be answered “yes”. */
static void
test_a_missing_backup_takes_a_name_and_a_reason (ControllerTest *test, gconstpointer data)
{
  ErosOperation *operation = controller_test_plan (test, "deploy-phase1", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED);
  g_clear_error (&error);
  g_assert_false (eros_deployment_override (test->deployment, "gate.backup", "Ada", " ", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (eros_deployment_override (test->deployment, "gate.backup", "", "no time", &error));
  g_assert_nonnull (error);
}

/* All: nothing survived the terminal; nobody could tell who ticked what and when. */
static void
test_everything_is_on_record_after_the_program_has_gone (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ErosItem *item;

  controller_test_run (test, "backup", NULL);
  eros_deployment_tick (test->deployment, "preparation.sign-off.product-owner", &error);
  g_assert_no_error (error);
  controller_test_reopen (test);
  item = eros_deployment_get_item (test->deployment, "preparation.sign-off.product-owner");
  g_assert_cmpstr (eros_item_get_actor (item), ==, "Ada <ada@example.com>");
  g_assert_cmpint (g_get_real_time () - eros_item_get_time (item), <, G_TIME_SPAN_HOUR);
  controller_test_assert_ticked (test, "backup.verification.completed");
  item = eros_deployment_get_item (test->deployment, "backup.verification.completed");
  g_assert_nonnull (eros_item_get_evidence (item));
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/old-failure/" name, ControllerTest, NULL, controller_test_set_up, function,       \
              controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-phase-does-not-end-at-its-first-validation", test_a_phase_does_not_end_at_its_first_validation);
  g_test_add_func ("/controller/old-failure/answers-are-compared-as-numbers",
                   test_answers_are_compared_as_numbers);
  ADD ("a-backup-keeps-types-and-layout-for-90-days", test_a_backup_keeps_types_and_layout_for_90_days);
  ADD ("a-rollback-keeps-layout-and-descriptions", test_a_rollback_keeps_layout_and_descriptions);
  ADD ("scheduled-queries-are-paused-and-only-those-resumed",
       test_scheduled_queries_are_paused_and_only_those_resumed);
  ADD ("a-comparison-is-of-many-runs-in-turns", test_a_comparison_is_of_many_runs_in_turns);
  g_test_add_func ("/controller/old-failure/nothing-before-is-no-division-by-zero",
                   test_nothing_before_is_no_division_by_zero);
  ADD ("a-missing-backup-takes-a-name-and-a-reason", test_a_missing_backup_takes_a_name_and_a_reason);
  ADD ("everything-is-on-record-after-the-program-has-gone",
       test_everything_is_on_record_after_the_program_has_gone);
  return g_test_run ();
}
