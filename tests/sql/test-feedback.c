/* test-feedback.c: each row of the log is counted exactly once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "sql-test.h"

/* What the statistics must be when what is marked in the log, and nothing else, has been counted on top of
 * what was there before: captions where they are not. */
static const char differing[] =
  "SELECT COUNT(*) FROM (\n"
  "  SELECT caption_id, COUNTIF(processed) AS views, COUNTIF(processed AND engaged) AS engagements\n"
  "  FROM `${project}.${dataset}.caption_performance_log` GROUP BY caption_id) AS log\n"
  "FULL JOIN `${project}.${dataset}.caption_bandit_stats` AS stats ON stats.caption_id = log.caption_id\n"
  "WHERE IFNULL(log.views, 0) != IFNULL(stats.total_views, 0)\n"
  "  OR IFNULL(log.engagements, 0) != IFNULL(stats.engagement_count, 0)\n"
  "  OR IFNULL(stats.wilson_score_lower_bound, 0) != `${project}.${dataset}.wilson_score_lower_bound`(\n"
  "    IFNULL(log.engagements, 0), IFNULL(log.views, 0))";

static const char uncounted[] = "SELECT COUNTIF(processed IS NOT TRUE) FROM "
                                "`${project}.${dataset}.caption_performance_log`";

/* 5,000 rows of 40 captions, ten at each second. */
static SqlTest *
new_log (void)
{
  SqlTest *test = sql_test_new (NULL, 0);

  sql_test_deploy (test, "phase2/10-feedback-loop");
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.caption_performance_log`\n"
    "SELECT MOD(n * n, 41) + 1, CONCAT('a', CAST(n AS STRING)), MOD(n, 7) < 3,\n"
    "  TIMESTAMP_ADD(TIMESTAMP '2025-01-01', INTERVAL DIV(n, 10) SECOND), IF(MOD(n, 2) = 0, FALSE, NULL)\n"
    "FROM UNNEST(GENERATE_ARRAY(1, 5000)) AS n");
  return test;
}

static char *
call (const char *batch)
{
  return g_strdup_printf (
    "DECLARE n INT64; CALL `${project}.${dataset}.update_caption_stats_batch`(%s, n); SELECT n", batch);
}

static void
test_run_twice_it_counts_once (void)
{
  g_autoptr (SqlTest) test = new_log ();
  g_autofree char *all = call ("1000000");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  static const char *const stats =
    "SELECT * FROM `${project}.${dataset}.caption_bandit_stats` ORDER BY caption_id";

  g_assert_cmpint (sql_test_integer (test, all), ==, 5000);
  g_assert_cmpint (sql_test_integer (test, differing), ==, 0);
  before = sql_test_rows (test, stats);
  g_assert_cmpint (sql_test_integer (test, all), ==, 0);
  after = sql_test_rows (test, stats);
  /* with last_updated: nothing was touched */
  g_assert_cmpstr (after, ==, before);
}

static void
test_batches_count_the_oldest_first_and_all_in_the_end (void)
{
  g_autoptr (SqlTest) test = new_log ();
  g_autofree char *batch = call ("95");
  gint64 counted = 0;
  gint64 n;

  /* 95 rows, and those of the same second as the last: the first second has nine rows. */
  n = sql_test_integer (test, batch);
  g_assert_cmpint (n, ==, 99);
  g_assert_cmpint (
    sql_test_integer (test,
                      "SELECT COUNTIF(processed) - COUNTIF(observed_at <= TIMESTAMP '2025-01-01 00:00:09')\n"
                      "FROM `${project}.${dataset}.caption_performance_log`"),
    ==, 0);
  g_assert_cmpint (sql_test_integer (test, differing), ==, 0);
  for (counted = n; n > 0; counted += n)
    n = sql_test_integer (test, batch);
  g_assert_cmpint (counted, ==, 5000);
  g_assert_cmpint (sql_test_integer (test, differing), ==, 0);
  g_assert_cmpint (sql_test_integer (test, uncounted), ==, 0);
}

static void
assert_turned_away (const GError *error)
{
  g_assert_nonnull (strstr (error->message, "changed nothing"));
  g_assert_nonnull (strstr (error->message, "concurrent update"));
}

/* A batch at once with others, and with rows that arrive: of two that conflict one is turned away whole. */
static void
test_two_at_once_count_each_row_once (void)
{
  const guint rounds = g_getenv ("EROS_TEST_LONG") != NULL ? 100 : 6;
  g_autoptr (SqlTest) test = new_log ();
  gint64 counted = 0;
  guint turned_away = 0;
  guint arrived = 0;

  for (guint round = 0; round < rounds; round++)
    {
      g_autofree char *batch = call ("400");
      const char *insert =
        "INSERT INTO `${project}.${dataset}.caption_performance_log`\n"
        "SELECT n, 'late', TRUE, TIMESTAMP '2025-01-01', FALSE FROM UNNEST([1, 2, 77]) AS n;\n"
        "SELECT 0";
      const char *sqls[] = { batch, batch, insert, batch, insert, batch, NULL };
      g_autoptr (GPtrArray) jobs = sql_test_run_at_once (test, sqls);

      for (guint i = 0; i < jobs->len; i++)
        {
          g_autoptr (GError) error = eros_job_dup_error (jobs->pdata[i]);

          if (error != NULL)
            {
              assert_turned_away (error);
              turned_away++;
            }
          else
            {
              g_autofree char *cell = sql_test_job_cell (test, jobs->pdata[i]);

              counted += g_ascii_strtoll (cell, NULL, 10);
            }
        }
      arrived += 6;
      g_assert_cmpint (sql_test_integer (test, differing), ==, 0);
    }
  for (gint64 n = 1; n > 0; counted += n)
    {
      g_autofree char *rest = call ("1000000");

      n = sql_test_integer (test, rest);
    }
  g_test_message ("%" G_GINT64_FORMAT " rows counted, %u runs of %u turned away", counted, turned_away,
                  rounds * 4);
  g_assert_cmpint (counted, ==, 5000 + arrived);
  g_assert_cmpint (sql_test_integer (test, differing), ==, 0);
  g_assert_cmpint (sql_test_integer (test, uncounted), ==, 0);
}

/* The old loop counted first and marked whatever was there afterwards: what arrived in between was lost. */
static void
test_a_row_that_arrives_meanwhile_is_neither_lost_nor_counted_twice (void)
{
  g_autoptr (SqlTest) test = new_log ();
  g_autofree char *deploy = sql_test_file ("phase2/10-feedback-loop/deploy.sql");
  g_auto (GStrv) parts =
    g_strsplit (deploy, "      UPDATE `${project}.${dataset}.caption_performance_log`", -1);
  g_autofree char *slow = NULL;
  g_autofree char *all = call ("1000000");

  /* The procedure's text, with a second's work between counting and marking. */
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  slow = g_strconcat (parts[0],
                      "      SELECT COUNTIF(MOD(a * b, 3) = 1) FROM UNNEST(GENERATE_ARRAY(1, 1500)) AS a\n"
                      "      CROSS JOIN UNNEST(GENERATE_ARRAY(1, 1500)) AS b;\n"
                      "      UPDATE `${project}.${dataset}.caption_performance_log`",
                      parts[1], NULL);
  sql_test_run (test, slow);
  {
    const char *insert = "DECLARE i INT64 DEFAULT 0; WHILE i < 30 DO SET i = i + 1;\n"
                         "  INSERT INTO `${project}.${dataset}.caption_performance_log`\n"
                         "  VALUES (i, 'late', TRUE, TIMESTAMP '2025-01-01', FALSE);\nEND WHILE";
    const char *sqls[] = { all, insert, NULL };
    g_autoptr (GPtrArray) jobs = sql_test_run_at_once (test, sqls);

    g_autoptr (GError) batch_error = eros_job_dup_error (jobs->pdata[0]);
    g_autoptr (GError) insert_error = eros_job_dup_error (jobs->pdata[1]);

    /* Rows that arrive do not conflict in BigQuery; a server that is stricter turns the batch away, whole. */
    if (batch_error != NULL)
      assert_turned_away (batch_error);
    g_assert_no_error (insert_error);
  }
  g_assert_cmpint (sql_test_integer (test, differing), ==, 0);
  sql_test_integer (test, all);
  g_assert_cmpint (sql_test_integer (test, uncounted), ==, 0);
  g_assert_cmpint (sql_test_integer (test, differing), ==, 0);
  g_assert_cmpint (
    sql_test_integer (test, "SELECT SUM(total_views) FROM `${project}.${dataset}.caption_bandit_stats`"), ==,
    5030);
}

/* The parameter had a column's name: one update changed every row. */
static void
test_an_incremental_update_changes_one_caption (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *rows = NULL;

  sql_test_deploy (test, "phase2/10-feedback-loop");
  sql_test_run (test,
                "INSERT INTO `${project}.${dataset}.caption_bandit_stats` VALUES\n"
                "  (1, 100, 50, 0.1, TIMESTAMP '2025-01-01'), (2, 100, 50, 0.1, TIMESTAMP '2025-01-01'),\n"
                "  (3, NULL, NULL, NULL, NULL), (NULL, 7, 7, 0.7, NULL);\n"
                "CALL `${project}.${dataset}.incremental_caption_update`(1, 0, 0);\n"
                "CALL `${project}.${dataset}.incremental_caption_update`(2, 10, 5);\n"
                "CALL `${project}.${dataset}.incremental_caption_update`(3, 10, 10);\n"
                "CALL `${project}.${dataset}.incremental_caption_update`(4, 9, 9)");
  rows = sql_test_rows (test, "SELECT caption_id, total_views, engagement_count,\n"
                              "  ROUND(wilson_score_lower_bound, 6), last_updated > TIMESTAMP '2025-01-02'\n"
                              "FROM `${project}.${dataset}.caption_bandit_stats` ORDER BY caption_id");
  g_assert_cmpstr (rows, ==,
                   "NULL|7|7|0.7|NULL\n1|100|50|0.40383|true\n2|110|55|0.408151|true\n3|10|10|0.72246|true\n"
                   "4|9|9|0|true");
}

static void
test_only_touched_captions_are_rescored (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *all = call ("10");
  g_autofree char *rows = NULL;

  sql_test_deploy (test, "phase2/10-feedback-loop");
  sql_test_run (
    test, "INSERT INTO `${project}.${dataset}.caption_bandit_stats` VALUES\n"
          "  (1, 100, 50, 0.1, TIMESTAMP '2025-01-01'), (2, 100, 50, 0.1, TIMESTAMP '2025-01-01');\n"
          "INSERT INTO `${project}.${dataset}.caption_performance_log` VALUES\n"
          "  (2, 'a', NULL, TIMESTAMP '2025-01-01', FALSE), (2, 'a', TRUE, TIMESTAMP '2025-01-01', TRUE),\n"
          "  (NULL, 'a', TRUE, TIMESTAMP '2025-01-01', FALSE), (2, 'a', TRUE, NULL, NULL)");
  g_assert_cmpint (sql_test_integer (test, all), ==, 1);
  rows =
    sql_test_rows (test, "SELECT caption_id, total_views, engagement_count, wilson_score_lower_bound = 0.1,\n"
                         "  last_updated = TIMESTAMP '2025-01-01'\n"
                         "FROM `${project}.${dataset}.caption_bandit_stats` ORDER BY caption_id");
  g_assert_cmpstr (rows, ==, "1|100|50|true|true\n2|101|50|false|false");
}

static void
test_a_senseless_call_changes_nothing (void)
{
  static const char *const calls[] = {
    "update_caption_stats_batch`(0, n)",       "update_caption_stats_batch`(-5, n)",
    "update_caption_stats_batch`(NULL, n)",    "incremental_caption_update`(1, -1, 0)",
    "incremental_caption_update`(1, 1, 2)",    "incremental_caption_update`(1, 5, -1)",
    "incremental_caption_update`(NULL, 1, 1)", "incremental_caption_update`(1, NULL, 1)"
  };
  g_autoptr (SqlTest) test = new_log ();

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *sql = g_strconcat ("DECLARE n INT64; CALL `${project}.${dataset}.", calls[i], NULL);

      g_assert_false (sql_test_try (test, sql, &error));
      g_assert_nonnull (strstr (error->message, " needs a "));
    }
  g_assert_cmpint (
    sql_test_integer (test, "SELECT COUNT(*) FROM `${project}.${dataset}.caption_bandit_stats`"), ==, 0);
  g_assert_cmpint (sql_test_integer (test, uncounted), ==, 5000);
}

static void
test_the_views_say_what_is_there (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *none = NULL;
  g_autofree char *summary = NULL;
  g_autofree char *top = NULL;

  sql_test_deploy (test, "phase2/10-feedback-loop");
  none = sql_test_rows (test, "SELECT * FROM `${project}.${dataset}.caption_stats_summary`");
  g_assert_cmpstr (none, ==, "0|0|0|NULL|0|0|0|NULL");
  sql_test_run (
    test, "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active)\n"
          "SELECT id, id != 3 FROM UNNEST(GENERATE_ARRAY(1, 150)) AS id;\n"
          "INSERT INTO `${project}.${dataset}.caption_bandit_stats` VALUES\n"
          "  (1, 10, 5, 0.4, NULL), (2, 10, 5, 0.7, NULL), (3, 10, 5, 0.9, NULL), (4, 10, 5, 0.39, NULL),\n"
          "  (5, 0, 0, NULL, NULL), (6, NULL, NULL, 0.69, NULL), (999, 5, 5, 0.95, NULL);\n"
          "INSERT INTO `${project}.${dataset}.caption_bandit_stats` (caption_id, wilson_score_lower_bound)\n"
          "SELECT id, 0 FROM UNNEST(GENERATE_ARRAY(7, 150)) AS id");
  summary = sql_test_rows (
    test, "SELECT captions, total_views, engagements, engagement_rate, high_tier, medium_tier,\n"
          "  low_tier FROM `${project}.${dataset}.caption_stats_summary`");
  g_assert_cmpstr (summary, ==, "151|45|25|0.5555555555555556|3|2|146");
  top = sql_test_rows (
    test, "SELECT COUNT(*), MIN(`rank`), MAX(`rank`),\n"
          "  STRING_AGG(IF(`rank` <= 5, CAST(caption_id AS STRING), NULL), ',' ORDER BY `rank`)\n"
          "FROM `${project}.${dataset}.top_performing_captions`");
  g_assert_cmpstr (top, ==, "100|1|100|2,6,1,4,7");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/feedback/run-twice-it-counts-once", test_run_twice_it_counts_once);
  g_test_add_func ("/sql/feedback/batches-count-the-oldest-first-and-all-in-the-end",
                   test_batches_count_the_oldest_first_and_all_in_the_end);
  g_test_add_func ("/sql/feedback/two-at-once-count-each-row-once", test_two_at_once_count_each_row_once);
  g_test_add_func ("/sql/feedback/old-failure/a-row-that-arrives-meanwhile-is-neither-lost-nor-counted-twice",
                   test_a_row_that_arrives_meanwhile_is_neither_lost_nor_counted_twice);
  g_test_add_func ("/sql/feedback/old-failure/an-incremental-update-changes-one-caption",
                   test_an_incremental_update_changes_one_caption);
  g_test_add_func ("/sql/feedback/only-touched-captions-are-rescored",
                   test_only_touched_captions_are_rescored);
  g_test_add_func ("/sql/feedback/a-senseless-call-changes-nothing", test_a_senseless_call_changes_nothing);
  g_test_add_func ("/sql/feedback/the-views-say-what-is-there", test_the_views_say_what_is_there);
  return g_test_run ();
}
