/* test-steps.c: a step twice is a step once, and reverting it leaves what was there before
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "sql-test.h"

/* All there is in the data set: tables with layout, options, descriptions and rows, views, routines. Times at
 * which something was made are left out, and so is the text of a snapshot, which has its time in it. */
static const char objects[] = "SELECT STRING_AGG(entry, '\\n' ORDER BY entry) FROM (\n"
                              "  SELECT CONCAT('table ', table_name, ' ', table_type, ' ',\n"
                              "    IF(table_type = 'SNAPSHOT', '', IFNULL(ddl, ''))) AS entry\n"
                              "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`\n"
                              "  UNION ALL SELECT CONCAT('column ', TO_JSON_STRING(t))\n"
                              "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.COLUMNS` AS t\n"
                              "  UNION ALL SELECT CONCAT('field ', TO_JSON_STRING(t))\n"
                              "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS` AS t\n"
                              "  UNION ALL SELECT CONCAT('option ', TO_JSON_STRING(t))\n"
                              "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLE_OPTIONS` AS t\n"
                              "  WHERE option_name != 'expiration_timestamp'\n"
                              "  UNION ALL SELECT CONCAT('view ', TO_JSON_STRING(t))\n"
                              "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.VIEWS` AS t\n"
                              "  UNION ALL SELECT CONCAT('routine ', routine_name, ' ', routine_type, ' ', "
                              "IFNULL(ddl, routine_definition))\n"
                              "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`\n"
                              "  UNION ALL SELECT CONCAT('parameter ', TO_JSON_STRING(t))\n"
                              "  FROM `${project}.${dataset}.INFORMATION_SCHEMA.PARAMETERS` AS t\n"
                              "  UNION ALL SELECT CONCAT('rows ', table_id, ' ', row_count)\n"
                              "  FROM `${project}.${dataset}.__TABLES__` WHERE type = 1)";

static char *
rows_of_tables (SqlTest *test)
{
  g_autofree char *names = sql_test_rows (
    test,
    "SELECT table_name FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES` WHERE table_type != 'VIEW'\n"
    "ORDER BY table_name");
  g_auto (GStrv) list = g_strsplit (names, "\n", -1);
  GString *all = g_string_new (NULL);

  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT STRING_AGG(TO_JSON_STRING(t), '\\n' ORDER BY "
                                              "TO_JSON_STRING(t)) FROM `${project}.${dataset}.%s` AS t",
                                              list[i]);
      g_autofree char *rows = sql_test_rows (test, sql);

      g_string_append_printf (all, "%s:\n%s\n", list[i], rows);
    }
  return g_string_free (all, FALSE);
}

static char *
state (SqlTest *test)
{
  g_autofree char *inventory = sql_test_rows (test, objects);
  g_autofree char *rows = rows_of_tables (test);

  return g_strconcat (inventory, "\n", rows, NULL);
}

/* Of two long texts that should be the same, the first line that is not. */
static void
assert_same_state (const char *id, const char *what, const char *actual, const char *expected)
{
  g_auto (GStrv) left = g_strsplit (actual, "\n", -1);
  g_auto (GStrv) right = g_strsplit (expected, "\n", -1);
  guint i = 0;

  while (left[i] != NULL && right[i] != NULL && g_str_equal (left[i], right[i]))
    i++;
  if (left[i] != NULL || right[i] != NULL)
    g_error ("%s, %s:\n%s\nand not\n%s", id, what, left[i] != NULL ? left[i] : "the end",
             right[i] != NULL ? right[i] : "the end");
}

static void
assert_verified (SqlTest *test, ErosSqlStep *step)
{
  g_autofree char *why = NULL;

  /* Nobody has said yet how big any account is. */
  if (sql_test_verify (test, step, &why) != (g_str_equal (step->id, "phase2/20-account-classification")
                                               ? EROS_OUTCOME_NOT_ENOUGH
                                               : EROS_OUTCOME_PASS))
    g_error ("%s", why);
}

/* Rows that no sound data set has, which a revert must leave as it found them all the same. */
static void
plant_damage (SqlTest *test)
{
  sql_test_run (
    test, "INSERT INTO `${project}.${dataset}.caption_bandit_stats`\n"
          "  (caption_id, total_views, engagement_count, wilson_score_lower_bound, last_updated)\n"
          "VALUES (NULL, 50, 10, 0.9, TIMESTAMP '2025-01-01'), (7, 100, 60, 0.123, TIMESTAMP '2025-01-02'),\n"
          "  (7, 100, 60, 0.123, TIMESTAMP '2025-01-02'), (8, NULL, 5, NULL, NULL),\n"
          "  (9, 10, 20, CAST('NaN' AS FLOAT64), TIMESTAMP '2025-01-03'), (9999999, -1, -1, 17, NULL)");
}

static void
test_each_step_twice_is_once_and_its_revert_leaves_no_trace (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:300", 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();

  plant_damage (test);
  for (guint i = 0; i < steps->len; i++)
    {
      ErosSqlStep *step = steps->pdata[i];
      g_autofree char *before = state (test);
      g_autofree char *once = NULL;
      g_autofree char *twice = NULL;
      g_autofree char *reverted = NULL;
      g_autofree char *reverted_twice = NULL;
      g_autofree char *again = NULL;
      g_autofree char *verified = NULL;

      sql_test_run (test, step->deploy);
      once = state (test);
      g_assert_cmpstr (once, !=, before);
      sql_test_run (test, step->deploy);
      twice = state (test);
      assert_same_state (step->id, "deployed twice", twice, once);
      assert_verified (test, step);
      verified = state (test);
      assert_same_state (step->id, "after its verification", verified, once);
      sql_test_run (test, step->revert);
      reverted = state (test);
      assert_same_state (step->id, "reverted", reverted, before);
      sql_test_run (test, step->revert);
      reverted_twice = state (test);
      assert_same_state (step->id, "reverted twice", reverted_twice, before);
      sql_test_run (test, step->deploy);
      again = state (test);
      if (g_str_equal (step->id, "phase2/30-query-timeouts"))
        continue; /* its rows say when they were made */
      assert_same_state (step->id, "deployed again", again, once);
    }
}

static void
test_all_steps_together_and_back (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:300", 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();
  g_autofree char *before = state (test);
  g_autofree char *deployed = NULL;
  g_autofree char *reverted = NULL;
  g_autofree char *again = NULL;

  sql_test_deploy (test, NULL);
  for (guint i = 0; i < steps->len; i++)
    assert_verified (test, steps->pdata[i]);
  /* Not a time of its own, so that the second deployment can be compared. */
  sql_test_run (test,
                "UPDATE `${project}.${dataset}.query_timeout_config` SET last_updated = NULL WHERE TRUE");
  deployed = state (test);
  for (guint i = steps->len; i > 0; i--)
    sql_test_run (test, ((ErosSqlStep *) steps->pdata[i - 1])->revert);
  reverted = state (test);
  assert_same_state ("all", "reverted", reverted, before);
  sql_test_deploy (test, NULL);
  sql_test_run (test,
                "UPDATE `${project}.${dataset}.query_timeout_config` SET last_updated = NULL WHERE TRUE");
  again = state (test);
  assert_same_state ("all", "deployed again", again, deployed);
}

/* A table that was there already is somebody's, with its rows and its own columns' order. */
static void
test_a_table_that_was_there_before_stays (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:100", 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  sql_test_run (
    test,
    "CREATE TABLE `${project}.${dataset}.account_metrics` (account_id STRING, follower_count INT64,\n"
    "  avg_engagement_rate FLOAT64, total_posts INT64, account_age_days INT64, account_size_category "
    "STRING,\n"
    "  last_updated TIMESTAMP) OPTIONS (labels = [('owner', 'analytics')]);\n"
    "INSERT INTO `${project}.${dataset}.account_metrics` (account_id, follower_count) VALUES ('a', 5);\n"
    "CREATE TABLE `${project}.${dataset}.query_timeout_config` (query_type STRING, timeout_seconds INT64,\n"
    "  max_retries INT64, description STRING, last_updated TIMESTAMP);\n"
    "INSERT INTO `${project}.${dataset}.query_timeout_config` VALUES ('default', 60, 9, 'ours', NULL)");
  before = state (test);
  sql_test_deploy (test, NULL);
  g_assert_cmpint (
    sql_test_integer (test, "SELECT COUNT(*) FROM `${project}.${dataset}.query_timeout_config`"), ==, 6);
  for (guint i = steps->len; i > 0; i--)
    sql_test_run (test, ((ErosSqlStep *) steps->pdata[i - 1])->revert);
  after = state (test);
  assert_same_state ("all", "reverted", after, before);
}

/* What was observed between deployment and revert is not the deployment's doing: only scores go back. */
static void
test_counts_that_came_later_survive_the_revert (void)
{
  static const char *const rows =
    "SELECT caption_id, total_views, engagement_count, wilson_score_lower_bound FROM "
    "`${project}.${dataset}.caption_bandit_stats` ORDER BY caption_id";
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();
  g_autofree char *after = NULL;

  sql_test_run (
    test, "INSERT INTO `${project}.${dataset}.caption_bandit_stats`\n"
          "VALUES (1, 100, 50, 0.25, TIMESTAMP '2025-01-01'), (2, 20, 5, NULL, TIMESTAMP '2025-01-01')");
  sql_test_deploy (test, NULL);
  sql_test_run (test, "CALL `${project}.${dataset}.incremental_caption_update`(1, 10, 10);\n"
                      "CALL `${project}.${dataset}.incremental_caption_update`(3, 10, 10)");
  for (guint i = steps->len; i > 0; i--)
    sql_test_run (test, ((ErosSqlStep *) steps->pdata[i - 1])->revert);
  after = sql_test_rows (test, rows);
  g_assert_cmpstr (after, ==, "1|110|60|0.25\n2|20|5|NULL\n3|10|10|0.7224598312333834");
}

/* The first deployment's snapshot is the way back; a second run must not take the corrected scores for the
 * old. */
static void
test_a_second_deployment_keeps_the_way_back (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:500", 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();
  ErosSqlStep *step = steps->pdata[0];
  g_autofree char *before = state (test);
  g_autofree char *after = NULL;

  for (guint i = 0; i < 3; i++)
    sql_test_run (test, step->deploy);
  sql_test_run (test, step->revert);
  after = state (test);
  assert_same_state (step->id, "reverted after three deployments", after, before);
}

/* Nothing to score and nothing to select: what is there is not wrong, and what is said of rows is not proved.
 */
static void
test_empty_tables_deploy_verify_and_revert (void)
{
  static const char *const about_rows[] = { "phase1/10-wilson-score", "phase1/30-thompson-sampling",
                                            "phase2/20-account-classification", NULL };
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autoptr (GPtrArray) steps = sql_test_steps ();
  g_autofree char *before = state (test);
  g_autofree char *after = NULL;

  sql_test_deploy (test, NULL);
  for (guint i = 0; i < steps->len; i++)
    {
      ErosSqlStep *step = steps->pdata[i];
      g_autofree char *why = NULL;
      ErosOutcome outcome = sql_test_verify (test, step, &why);

      if (outcome != (g_strv_contains (about_rows, step->id) ? EROS_OUTCOME_NOT_ENOUGH : EROS_OUTCOME_PASS))
        g_error ("%s: %d: %s", step->id, outcome, why);
    }
  for (guint i = steps->len; i > 0; i--)
    sql_test_run (test, ((ErosSqlStep *) steps->pdata[i - 1])->revert);
  after = state (test);
  assert_same_state ("all", "reverted", after, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/steps/each-step-twice-is-once-and-its-revert-leaves-no-trace",
                   test_each_step_twice_is_once_and_its_revert_leaves_no_trace);
  g_test_add_func ("/sql/steps/all-steps-together-and-back", test_all_steps_together_and_back);
  g_test_add_func ("/sql/steps/a-table-that-was-there-before-stays",
                   test_a_table_that_was_there_before_stays);
  g_test_add_func ("/sql/steps/counts-that-came-later-survive-the-revert",
                   test_counts_that_came_later_survive_the_revert);
  g_test_add_func ("/sql/steps/a-second-deployment-keeps-the-way-back",
                   test_a_second_deployment_keeps_the_way_back);
  g_test_add_func ("/sql/steps/empty-tables-deploy-verify-and-revert",
                   test_empty_tables_deploy_verify_and_revert);
  return g_test_run ();
}
