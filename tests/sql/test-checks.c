/* test-checks.c: the queries that look for trouble find what was planted, and nothing else
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "sql-test.h"

static const char *const files[] = { "health/row-counts.sql",
                                     "health/corruption.sql",
                                     "health/orphans.sql",
                                     "health/foreign-keys.sql",
                                     "baseline/workload.sql",
                                     "baseline/optimizations.sql",
                                     "baseline/distribution-effectiveness.sql",
                                     "monitoring/10-query-performance/verify.sql",
                                     "monitoring/15-running-jobs/verify.sql",
                                     "monitoring/16-query-kinds/verify.sql",
                                     "monitoring/20-caption-availability/verify.sql",
                                     "monitoring/30-caption-locks/verify.sql",
                                     "monitoring/40-caption-performance/verify.sql",
                                     "monitoring/50-cost/verify.sql",
                                     "monitoring/60-data-integrity/verify.sql" };

static GHashTable *
ask (SqlTest *test, const char *file)
{
  g_autofree char *sql = sql_test_file (file);

  return sql_test_row (test, sql);
}

static void
assert_cell (GHashTable *row, const char *file, const char *column, const char *expected)
{
  const char *actual = NULL;

  if (!g_hash_table_lookup_extended (row, column, NULL, (gpointer *) &actual))
    g_error ("%s has no column %s", file, column);
  if (g_strcmp0 (actual, g_str_equal (expected, "NULL") ? NULL : expected) != 0)
    g_error ("%s: %s is %s and not %s", file, column, actual != NULL ? actual : "NULL", expected);
}

/* expected: “column=value column=value”: all that the row must be. */
static void
assert_row (SqlTest *test, const char *file, const char *expected)
{
  g_autoptr (GHashTable) row = ask (test, file);
  g_auto (GStrv) cells = g_strsplit (expected, " ", -1);

  for (guint i = 0; cells[i] != NULL; i++)
    {
      char *equals = strchr (cells[i], '=');

      *equals = '\0';
      assert_cell (row, file, cells[i], equals + 1);
    }
}

static void
set_since (SqlTest *test, const char *when)
{
  g_autofree char *sql = g_strconcat ("SELECT CAST(", when, " AS STRING)", NULL);
  g_autofree char *since = sql_test_rows (test, sql);

  sql_test_set (test, "since", "TIMESTAMP", since);
  sql_test_set (test, "until", "TIMESTAMP", "9999-12-31T00:00:00Z");
  sql_test_set (test, "begun", "TIMESTAMP", since);
  sql_test_set (test, "ended", "TIMESTAMP", since);
  sql_test_set (test, "hours", "INT64", "24");
  sql_test_set (test, "runs_before", "STRING", "");
  sql_test_set (test, "runs_after", "STRING", "");
  sql_test_set (test, "price_per_tib", "NUMERIC", "6.25");
  sql_test_set (test, "deployment_created", "TIMESTAMP", since);
  sql_test_set (test, "expected_caption_bank", "NUMERIC", "10");
  sql_test_set (test, "expected_caption_bandit_stats", "NUMERIC", "10");
  sql_test_set (test, "expected_active_caption_assignments", "NUMERIC", "3");
  sql_test_set (test, "worths", "STRING", "");
}

/* Ten captions, each with statistics, and three of them assigned. */
static SqlTest *
new_sound (void)
{
  SqlTest *test = sql_test_new (NULL, 0);

  set_since (test, "TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)");
  sql_test_deploy (test, NULL);
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.caption_bank`\n"
    "SELECT id, CONCAT('Text ', CAST(id AS STRING)), 'teaser', 'low', FALSE, TRUE, TIMESTAMP '2025-01-01'\n"
    "FROM UNNEST(GENERATE_ARRAY(1, 10)) AS id;\n"
    "INSERT INTO `${project}.${dataset}.caption_bandit_stats`\n"
    "SELECT id, id * 10, id, 0.05, CURRENT_TIMESTAMP() FROM UNNEST(GENERATE_ARRAY(1, 10)) AS id;\n"
    "INSERT INTO `${project}.${dataset}.active_caption_assignments`\n"
    "SELECT id, CONCAT('a', CAST(id AS STRING)), CURRENT_TIMESTAMP(), 's',\n"
    "  TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY) FROM UNNEST([1, 2, 3]) AS id;\n"
    "INSERT INTO `${project}.${dataset}.caption_performance_log`\n"
    "SELECT id, 'a', MOD(id, 2) = 0, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 10 * id MINUTE), FALSE\n"
    "FROM UNNEST(GENERATE_ARRAY(1, 10)) AS id");
  return test;
}

static const char *const sound[][2] = {
  { "health/row-counts.sql",
    "caption_bank_rows=10 caption_bank_unique_captions=10 caption_bandit_stats_rows=10 "
    "caption_bandit_stats_unique_captions=10 active_caption_assignments_rows=3 "
    "active_caption_assignments_unique_accounts=3 differing_tables=0 tables_not_compared=0" },
  { "health/corruption.sql", "checked_rows=33 breaches=0 found=" },
  { "health/orphans.sql", "checked_rows=33 orphans=0 found=" },
  { "health/foreign-keys.sql", "broken_references=0 duplicate_keys=0 found=" },
  { "baseline/distribution-effectiveness.sql", "views=0 hours=0 effectiveness=NULL" },
  { "monitoring/20-caption-availability/verify.sql",
    "free_captions=7 assignments_24h=3 captions_assigned_twice=0" },
  { "monitoring/30-caption-locks/verify.sql",
    "live_locks=0 expired_locks=0 tables_of_locks=1 tables_missing=0" },
  { "monitoring/60-data-integrity/verify.sql",
    "impossible_statistics=0 duplicate_statistics=0 orphaned_assignments=0" },
};

static void
test_sound_data_has_nothing (void)
{
  g_autoptr (SqlTest) test = new_sound ();

  for (guint i = 0; i < G_N_ELEMENTS (sound); i++)
    assert_row (test, sound[i][0], sound[i][1]);
}

/* Each defect alone: what finds it says how many, and what does not look for it says what it says of sound
 * data. */
static const struct
{
  const char *what;
  const char *plant;
  const char *found[8]; /* file, row, file, row … */
} defects[] = {
  { "statistics without a caption",
    "INSERT INTO `${project}.${dataset}.caption_bandit_stats` VALUES (77, 10, 1, 0.1, NULL), (78, 10, 1, "
    "0.1, NULL)",
    { "health/orphans.sql", "orphans=2" } },
  { "an assignment of no caption",
    "INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, expires_at)\n"
    "VALUES (77, 'x', TIMESTAMP '2099-01-01')",
    { "health/orphans.sql", "orphans=1", "monitoring/60-data-integrity/verify.sql",
      "orphaned_assignments=1 impossible_statistics=0 duplicate_statistics=0" } },
  { "a log row of no caption",
    "INSERT INTO `${project}.${dataset}.caption_performance_log` VALUES (77, 'a', TRUE, NULL, TRUE)",
    { "health/foreign-keys.sql", "broken_references=1 duplicate_keys=0", "health/orphans.sql",
      "orphans=1" } },
  { "keys that are missing",
    "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active) VALUES (NULL, TRUE);\n"
    "INSERT INTO `${project}.${dataset}.caption_performance_log` VALUES (NULL, 'a', TRUE, NULL, TRUE);\n"
    "INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, schedule_id, "
    "expires_at)\n"
    "VALUES (4, NULL, 's', TIMESTAMP '2099-01-01')",
    { "health/foreign-keys.sql", "broken_references=3 duplicate_keys=0",
      "monitoring/20-caption-availability/verify.sql",
      "free_captions=6 assignments_24h=3 captions_assigned_twice=0" } },
  { "a caption three times",
    "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active) VALUES (5, FALSE), (5, FALSE)",
    { "health/foreign-keys.sql", "broken_references=0 duplicate_keys=2", "health/row-counts.sql",
      "caption_bank_rows=12 caption_bank_unique_captions=10 differing_tables=1" } },
  { "statistics twice",
    "INSERT INTO `${project}.${dataset}.caption_bandit_stats` VALUES (5, 10, 1, 0.1, NULL)",
    { "health/foreign-keys.sql", "broken_references=0 duplicate_keys=1",
      "monitoring/60-data-integrity/verify.sql", "duplicate_statistics=1 impossible_statistics=0" } },
  { "a negative count",
    "UPDATE `${project}.${dataset}.caption_bandit_stats` SET total_views = -1, engagement_count = -2\n"
    "WHERE caption_id = 1",
    { "health/corruption.sql", "checked_rows=33 breaches=1", "monitoring/60-data-integrity/verify.sql",
      "impossible_statistics=1" } },
  { "more engagements than views",
    "UPDATE `${project}.${dataset}.caption_bandit_stats` SET engagement_count = total_views + 1\n"
    "WHERE caption_id IN (1, 2)",
    { "health/corruption.sql", "breaches=2", "monitoring/60-data-integrity/verify.sql",
      "impossible_statistics=2" } },
  { "bounds outside 0 to 1, one of them no number",
    "UPDATE `${project}.${dataset}.caption_bandit_stats` SET wilson_score_lower_bound = CASE caption_id\n"
    "  WHEN 1 THEN -0.0001 WHEN 2 THEN 1.0001 WHEN 3 THEN CAST('nan' AS FLOAT64) WHEN 4 THEN CAST('inf' AS "
    "FLOAT64)\n"
    "  WHEN 5 THEN 0 WHEN 6 THEN 1 ELSE NULL END WHERE TRUE",
    /* and four that have ten views and no score */
    { "health/corruption.sql", "breaches=8", "monitoring/60-data-integrity/verify.sql",
      "impossible_statistics=4" } },
  { "counts that are missing",
    "UPDATE `${project}.${dataset}.caption_bandit_stats` SET total_views = NULL WHERE caption_id = 1;\n"
    "UPDATE `${project}.${dataset}.caption_bandit_stats` SET engagement_count = NULL WHERE caption_id = 2",
    { "health/corruption.sql", "breaches=2", "monitoring/60-data-integrity/verify.sql",
      "impossible_statistics=2" } },
  { "a caption that two accounts hold",
    "INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, expires_at)\n"
    "VALUES (1, 'x', NULL), (2, 'y', TIMESTAMP '2025-01-01')",
    { "monitoring/20-caption-availability/verify.sql", "captions_assigned_twice=1 free_captions=7" } },
  { "no assignment for a day",
    "UPDATE `${project}.${dataset}.active_caption_assignments` SET assigned_at = TIMESTAMP '2025-01-01' "
    "WHERE TRUE",
    { "monitoring/20-caption-availability/verify.sql", "assignments_24h=0 free_captions=7" } },
  { "captions that run out",
    "UPDATE `${project}.${dataset}.caption_bank` SET is_active = IF(caption_id = 9, NULL, FALSE) WHERE "
    "caption_id > 4",
    { "monitoring/20-caption-availability/verify.sql", "free_captions=1" } },
  { "locks that have run out, one that lives with two rows, one row that nobody held",
    "INSERT INTO `${project}.${dataset}.caption_locks` (caption_id, account_id, locked_at, expires_at, "
    "lock_id)\n"
    "VALUES (1, 'a', TIMESTAMP '2025-01-01', TIMESTAMP '2025-01-01', 'x'),\n"
    "  (2, 'a', TIMESTAMP '2025-01-01', TIMESTAMP '2025-01-01', 'y'),\n"
    "  (3, 'a', TIMESTAMP '2025-01-01', TIMESTAMP '2099-01-01', 'z'),\n"
    "  (3, 'a', TIMESTAMP '2025-01-01', TIMESTAMP '2099-01-01', 'z'),\n"
    "  (4, NULL, TIMESTAMP '2025-01-01', TIMESTAMP '2025-01-01', NULL)",
    { "monitoring/30-caption-locks/verify.sql",
      "live_locks=1 expired_locks=2 tables_of_locks=1 tables_missing=0" } },
};

static void
test_each_defect_is_found_by_what_looks_for_it (void)
{
  g_autoptr (SqlTest) test = new_sound ();

  sql_test_run (
    test, "CREATE SNAPSHOT TABLE `${project}.${dataset}.s1` CLONE `${project}.${dataset}.caption_bank`;\n"
          "CREATE SNAPSHOT TABLE `${project}.${dataset}.s2` CLONE "
          "`${project}.${dataset}.caption_bandit_stats`;\n"
          "CREATE SNAPSHOT TABLE `${project}.${dataset}.s3` CLONE "
          "`${project}.${dataset}.active_caption_assignments`;\n"
          "CREATE SNAPSHOT TABLE `${project}.${dataset}.s4` CLONE "
          "`${project}.${dataset}.caption_performance_log`;\n"
          "CREATE SNAPSHOT TABLE `${project}.${dataset}.s5` CLONE `${project}.${dataset}.caption_locks`");
  for (guint i = 0; i < G_N_ELEMENTS (defects); i++)
    {
      g_test_message ("%s", defects[i].what);
      sql_test_run (test, defects[i].plant);
      for (guint j = 0; j < G_N_ELEMENTS (defects[i].found) && defects[i].found[j] != NULL; j += 2)
        assert_row (test, defects[i].found[j], defects[i].found[j + 1]);
      sql_test_run (
        test,
        "CREATE OR REPLACE TABLE `${project}.${dataset}.caption_bank` CLONE `${project}.${dataset}.s1`;\n"
        "CREATE OR REPLACE TABLE `${project}.${dataset}.caption_bandit_stats` CLONE "
        "`${project}.${dataset}.s2`;\n"
        "CREATE OR REPLACE TABLE `${project}.${dataset}.active_caption_assignments` CLONE "
        "`${project}.${dataset}.s3`;\n"
        "CREATE OR REPLACE TABLE `${project}.${dataset}.caption_performance_log` CLONE "
        "`${project}.${dataset}.s4`;\n"
        "CREATE OR REPLACE TABLE `${project}.${dataset}.caption_locks` CLONE `${project}.${dataset}.s5`");
    }
}

/* The checks run before and after: before phase 1 there is no table of locks, and nothing need be in any
 * table. */
static void
test_empty_tables_have_honest_answers (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  set_since (test, "CURRENT_TIMESTAMP()");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GHashTable) row = ask (test, files[i]);

      g_assert_cmpuint (g_hash_table_size (row), >, 0);
    }
  assert_row (test, "health/row-counts.sql",
              "caption_bank_rows=0 caption_bandit_stats_rows=0 differing_tables=3 tables_not_compared=0");
  assert_row (test, "health/corruption.sql", "checked_rows=0 breaches=0");
  assert_row (test, "baseline/distribution-effectiveness.sql", "views=0 hours=0 effectiveness=NULL");
  /* After the checks themselves, which are queries too. */
  set_since (test, "CURRENT_TIMESTAMP()");
  assert_row (test, "monitoring/10-query-performance/verify.sql",
              "queries_after=0 "
              "error_rate_after=NULL average_seconds_after=NULL slot_ms_after=0 bytes_billed_after=0");
  assert_row (
    test, "monitoring/40-caption-performance/verify.sql",
    "views_after=0 views_before=0 engagement_after=NULL engagement_before=NULL change_percent=NULL");
  assert_row (test, "monitoring/30-caption-locks/verify.sql",
              "live_locks=0 expired_locks=0 tables_of_locks=0 tables_missing=0");
  /* What would lock is there, and nothing to lock in. */
  sql_test_run (test, "CREATE PROCEDURE eros_platform.acquire_caption_lock () BEGIN SELECT 1; END");
  assert_row (test, "monitoring/30-caption-locks/verify.sql",
              "live_locks=0 expired_locks=0 tables_of_locks=0 tables_missing=1");
  assert_row (test, "monitoring/20-caption-availability/verify.sql", "free_captions=0 assignments_24h=0");
}

static void
test_engagement_is_compared_with_the_same_span_before (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  set_since (test, "TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 60 MINUTE)");
  /* minutes ago, engaged: 8 after, 2 of them engaged; 4 in the hour before, 2 of them engaged; others long
   * ago */
  sql_test_run (test,
                "INSERT INTO `${project}.${dataset}.caption_performance_log`\n"
                "SELECT 1, 'a', engaged, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL minutes MINUTE), FALSE\n"
                "FROM UNNEST([STRUCT(1 AS minutes, TRUE AS engaged), (2, TRUE), (3, FALSE), (4, FALSE),\n"
                "  (5, FALSE), (6, CAST(NULL AS BOOL)), (7, FALSE), (50, FALSE), (70, TRUE), (80, TRUE),\n"
                "  (90, FALSE), (110, FALSE), (130, TRUE), (1000, TRUE)])");
  assert_row (test, "monitoring/40-caption-performance/verify.sql",
              "views_after=8 views_before=4 engagement_after=25 engagement_before=50 change_percent=-50");
}

static double
number (GHashTable *row, const char *column)
{
  const char *text = g_hash_table_lookup (row, column);

  return text != NULL ? g_ascii_strtod (text, NULL) : NAN;
}

static void
assert_near (GHashTable *row, const char *column, double expected, double tolerance)
{
  if (!(fabs (number (row, column) - expected) <= tolerance))
    g_error ("%s is %.9g and not %.9g", column, number (row, column), expected);
}

/* Hand computation: before 2 of 4 views at 1, mean 0.5, after 1 of 8 at 3 and 1 at 1, mean 4/8. The variances
 * are 1/3 and 8/7, so that the logarithm of the ratio has the standard error sqrt(8/7/8/0.25 + 1/3/4/0.25) =
 * 0.951. */
static void
test_emv_weighs_an_engagement_by_its_tier (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autoptr (GHashTable) row = NULL;

  set_since (test, "TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 60 MINUTE)");
  sql_test_set (test, "worths", "STRING", "premium\t3\nfree\t0");
  sql_test_run (test,
                "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, price_tier, is_active)\n"
                "VALUES (1, 'premium', TRUE), (2, 'basic', TRUE), (3, 'free', TRUE), (2, 'basic', TRUE)");
  sql_test_run (
    test, "INSERT INTO `${project}.${dataset}.caption_performance_log`\n"
          "SELECT caption, 'a', engaged, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL minutes MINUTE), FALSE\n"
          "FROM UNNEST([STRUCT(1 AS caption, 1 AS minutes, TRUE AS engaged), (2, 2, TRUE), (1, 3, FALSE),\n"
          "  (2, 4, FALSE), (1, 5, FALSE), (3, 6, TRUE), (2, 7, FALSE), (2, 50, FALSE), (2, 70, TRUE),\n"
          "  (2, 80, TRUE), (1, 90, FALSE), (2, 110, FALSE)])");
  assert_row (test, "monitoring/40-caption-performance/verify.sql",
              "views_after=8 views_before=4 emv_after=0.5 emv_before=0.5 emv_change_percent=0");
  row = ask (test, "monitoring/40-caption-performance/verify.sql");
  assert_near (row, "emv_log_variance", 8.0 / 7 / 8 / 0.25 + 1.0 / 3 / 4 / 0.25, 1e-9);
  /* Unless the runbook says otherwise, an engagement is worth 1. */
  sql_test_set (test, "worths", "STRING", "");
  assert_row (test, "monitoring/40-caption-performance/verify.sql",
              "emv_after=0.375 emv_before=0.5 emv_change_percent=-25");
}

/* The old benchmarks divided by what was before, and by whole numbers. */
static void
test_nothing_before_is_no_change_in_percent (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  set_since (test, "TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 60 MINUTE)");
  sql_test_run (test,
                "INSERT INTO `${project}.${dataset}.caption_performance_log`\n"
                "SELECT 1, 'a', engaged, TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL minutes MINUTE), FALSE\n"
                "FROM UNNEST([STRUCT(1 AS minutes, TRUE AS engaged), (2, FALSE), (3, FALSE), (70, FALSE)])");
  assert_row (test, "monitoring/40-caption-performance/verify.sql",
              "engagement_after=33.333333333333336 engagement_before=0 change_percent=NULL");
  sql_test_run (test,
                "DELETE FROM `${project}.${dataset}.caption_performance_log` WHERE observed_at < @since");
  assert_row (test, "monitoring/40-caption-performance/verify.sql",
              "engagement_after=33.333333333333336 engagement_before=NULL change_percent=NULL");
}

/* ---- job history --------------------------------------------------------------------------------------- */

typedef struct
{
  gint64 created, started, ended; /* microseconds */
  gint64 billed, slot_ms;
  gboolean failed, of_dataset;
} Job;

/* The history of the sample, row by row: what the queries add up. */
static GArray *
read_jobs (SqlTest *test)
{
  GArray *jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  g_autoptr (GPtrArray) pages = sql_test_pages (
    test,
    "SELECT UNIX_MICROS(creation_time), UNIX_MICROS(start_time), UNIX_MICROS(end_time), total_bytes_billed,\n"
    "  total_slot_ms, error_result IS NOT NULL,\n"
    "  (SELECT COUNTIF(t.dataset_id = '${dataset}') FROM UNNEST(referenced_tables) AS t) > 0\n"
    "FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS\n"
    "WHERE STARTS_WITH(job_id, 'sample_') AND job_type = 'QUERY' AND statement_type != 'SCRIPT'\n"
    "  AND state = 'DONE' AND NOT cache_hit");

  for (guint i = 0; i < pages->len; i++)
    for (guint row = 0; row < eros_page_get_n_rows (pages->pdata[i]); row++)
      {
        Job job = {
          eros_page_get_int64 (pages->pdata[i], row, 0), eros_page_get_int64 (pages->pdata[i], row, 1),
          eros_page_get_int64 (pages->pdata[i], row, 2), eros_page_get_int64 (pages->pdata[i], row, 3),
          eros_page_get_int64 (pages->pdata[i], row, 4), eros_page_get_int64 (pages->pdata[i], row, 5),
          eros_page_get_int64 (pages->pdata[i], row, 6)
        };

        g_array_append_val (jobs, job);
      }
  return jobs;
}

typedef struct
{
  guint n, failed;
  double seconds, dollars, slot_ms, span_ms;
} Sum;

static void
add_job (Sum *sum, const Job *job)
{
  sum->n++;
  sum->failed += job->failed;
  if (!job->failed)
    sum->seconds += (job->ended - job->started) / 1000 / 1000.0;
  sum->dollars += job->billed / 1099511627776.0 * 6.25;
  sum->slot_ms += job->slot_ms;
  sum->span_ms += (job->ended - job->started) / 1000;
}

/* Numbers of one hour of the day, on both sides. */
typedef struct
{
  double n[2], sum[2], squares[2];
} Hour;

static void
add_number (Hour *hours, gint64 since, const Job *job, double number)
{
  const gint64 hour = 3600 * G_GINT64_CONSTANT (1000000);
  gint64 slot = (job->created - since + 7 * 24 * hour) / hour;
  Hour *stratum = &hours[slot % 24];
  guint side = job->created >= since;

  stratum->n[side]++;
  stratum->sum[side] += number;
  stratum->squares[side] += number * number;
}

/* Each hour of the day beside itself, weighted as it is since; variances within the hours. */
static void
assert_compared (GHashTable *row, const char *what, const Hour *hours)
{
  double n[2] = { 0 }, worth = 0, mean[2] = { 0 }, within[2] = { 0 }, n_hours = 0;

  for (guint i = 0; i < 24; i++)
    {
      const Hour *hour = &hours[i];

      if (hour->n[0] == 0 || hour->n[1] == 0)
        continue;
      n_hours++;
      worth += hour->n[1] * hour->n[1] / hour->n[0];
      for (guint side = 0; side < 2; side++)
        {
          n[side] += hour->n[side];
          mean[side] += hour->n[1] * hour->sum[side] / hour->n[side];
          within[side] += hour->squares[side] - hour->sum[side] * hour->sum[side] / hour->n[side];
        }
    }
  for (guint side = 0; side < 2; side++)
    {
      const char *end = side == 1 ? "after" : "before";
      g_autofree char *count = g_strdup_printf ("%s_n_%s", what, end);
      g_autofree char *log_mean = g_strdup_printf ("%s_log_%s", what, end);
      g_autofree char *variance = g_strdup_printf ("%s_variance_%s", what, end);

      assert_near (row, count, n[side], 0);
      assert_near (row, log_mean, mean[side] / n[1], 1e-9);
      assert_near (row, variance, within[side] / (n[side] - n_hours), 1e-9);
    }
  {
    g_autofree char *worth_before = g_strdup_printf ("%s_worth_before", what);

    assert_near (row, worth_before, n[1] * n[1] / worth, 1e-9);
  }
}

/* The sample has a job every twelve minutes: borders are placed between two of them. */
static void
test_job_history_is_added_up_as_it_says (void)
{
  const gint64 hour = 3600 * G_GINT64_CONSTANT (1000000);
  g_autoptr (SqlTest) test = sql_test_new ("eros:10", 20);
  g_autoptr (GArray) jobs = read_jobs (test);
  g_autoptr (GHashTable) performance = NULL;
  g_autoptr (GHashTable) cost = NULL;
  g_autofree char *since_text = NULL;
  Sum day = { 0 }, after = { 0 }, same_hours = { 0 }, week = { 0 };
  Hour seconds[24] = { 0 }, billed[24] = { 0 };
  gint64 now = 0, since;

  for (guint i = 0; i < jobs->len; i++)
    now = MAX (now, g_array_index (jobs, Job, i).created);
  now += 13 * hour / 60; /* that is how old the sample's last job is */
  since = now - 5 * hour - hour / 12;
  since_text = g_strdup_printf ("TIMESTAMP_MICROS(%" G_GINT64_FORMAT ")", since);
  set_since (test, since_text);
  for (guint i = 0; i < jobs->len; i++)
    {
      const Job *job = &g_array_index (jobs, Job, i);
      gint64 before = since - job->created;

      g_assert_true (job->of_dataset);
      if (job->created >= now - 24 * hour)
        add_job (&day, job);
      if (before <= 7 * 24 * hour && job->billed > 0)
        add_number (billed, since, job, log (job->billed));
      if (!job->failed && before <= 7 * 24 * hour &&
          (before <= 0 || before % (24 * hour) >= 24 * hour - (now - since)))
        add_number (seconds, since, job, log ((job->ended - job->started) / 1000 / 1000.0));
      if (job->created >= since)
        add_job (&after, job);
      else if (before <= 7 * 24 * hour)
        {
          add_job (&week, job);
          if (before % (24 * hour) >= 24 * hour - (now - since))
            add_job (&same_hours, job);
        }
    }
  g_assert_cmpuint (after.n, ==, 25);
  g_assert_cmpuint (week.n, ==, 840);
  performance = ask (test, "monitoring/10-query-performance/verify.sql");
  assert_near (performance, "queries_after", after.n, 0);
  assert_near (performance, "queries_before", same_hours.n, 0);
  assert_near (performance, "failed_after", after.failed, 0);
  assert_near (performance, "failed_before", same_hours.failed, 0);
  assert_near (performance, "error_rate_before", 100.0 * same_hours.failed / same_hours.n, 1e-9);
  assert_near (performance, "average_seconds_after", after.seconds / (after.n - after.failed), 1e-6);
  assert_near (performance, "average_seconds_before", same_hours.seconds / (same_hours.n - same_hours.failed),
               1e-6);
  assert_near (performance, "slot_ms_after", after.slot_ms, 0);
  assert_compared (performance, "seconds", seconds);
  cost = ask (test, "monitoring/50-cost/verify.sql");
  assert_compared (cost, "billed", billed);
  /* Five whole hours since, each with those of seven days. */
  assert_near (cost, "hourly_n_after", 5, 0);
  assert_near (cost, "hourly_n_before", 35, 0);
  assert_near (cost, "cost_24h", day.dollars, 6e-5);
  assert_near (cost, "hours_before", 168, 0);
  assert_near (cost, "hours_after", 5, 0);
  assert_near (cost, "daily_cost_before", week.dollars * 24 / 168, 6e-5);
  /* Five hours are not half a day. */
  g_assert_null (g_hash_table_lookup (cost, "daily_cost_after"));
  assert_near (cost, "jobs_after", after.n, 0);
  assert_near (cost, "jobs_before", week.n, 0);
}

/* A table that is missing, a name that is misspelt, a division by zero, text that is no SQL: all of the data
 * set's failures count, and a script's failure counts once. */
static void
test_every_failed_query_counts_once (void)
{
  static const char *const failing[] = {
    "SELECT 1 FROM `${project}.${dataset}.no_such_table`",
    "SELECT no_such_column FROM `${project}.${dataset}.caption_bank`",
    "SELECT 1 / COUNT(*) FROM `${project}.${dataset}.caption_bank` WHERE FALSE",
    "SELEC 1 FROM `${project}.${dataset}.caption_bank`",
    "BEGIN SELECT 1; SELECT 1 / COUNT(*) FROM `${project}.${dataset}.caption_bank` WHERE FALSE; END",
    "SELECT 1 / 0" /* not the data set's */
  };
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  set_since (test, "CURRENT_TIMESTAMP()");
  sql_test_run (test, "SELECT COUNT(*) FROM `${project}.${dataset}.caption_bank`");
  for (guint i = 0; i < G_N_ELEMENTS (failing); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sql_test_try (test, failing[i], &error));
    }
  assert_row (test, "monitoring/10-query-performance/verify.sql",
              "queries_after=6 failed_after=5 queries_before=0 failed_before=0 error_rate_before=NULL");
}

/* The old file had one query that named a table its FROM did not have, a date in its text, and one column
 * name for counts of different things. */
static void
test_monitoring_runs_whole_and_has_no_date_in_it (void)
{
  g_autoptr (SqlTest) test = new_sound ();
  g_autoptr (GHashTable) columns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *sql = sql_test_file (files[i]);
      g_autoptr (GHashTable) row = NULL;
      GHashTableIter iter;
      gpointer column;

      if (!g_str_has_prefix (files[i], "monitoring/"))
        continue;
      g_assert_false (g_regex_match_simple ("\\b20[0-9][0-9]-[01][0-9]-[0-3][0-9]\\b", sql, 0, 0));
      row = sql_test_row (test, sql);
      g_hash_table_iter_init (&iter, row);
      while (g_hash_table_iter_next (&iter, &column, NULL))
        if (!g_hash_table_add (columns, g_strdup (column)))
          g_error ("%s: %s is a column of another query as well", files[i], (char *) column);
    }
  g_assert_cmpuint (g_hash_table_size (columns), >=, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/checks/sound-data-has-nothing", test_sound_data_has_nothing);
  g_test_add_func ("/sql/checks/each-defect-is-found-by-what-looks-for-it",
                   test_each_defect_is_found_by_what_looks_for_it);
  g_test_add_func ("/sql/checks/empty-tables-have-honest-answers", test_empty_tables_have_honest_answers);
  g_test_add_func ("/sql/checks/emv-weighs-an-engagement-by-its-tier",
                   test_emv_weighs_an_engagement_by_its_tier);
  g_test_add_func ("/sql/checks/engagement-is-compared-with-the-same-span-before",
                   test_engagement_is_compared_with_the_same_span_before);
  g_test_add_func ("/sql/checks/old-failure/nothing-before-is-no-change-in-percent",
                   test_nothing_before_is_no_change_in_percent);
  g_test_add_func ("/sql/checks/job-history-is-added-up-as-it-says", test_job_history_is_added_up_as_it_says);
  g_test_add_func ("/sql/checks/every-failed-query-counts-once", test_every_failed_query_counts_once);
  g_test_add_func ("/sql/checks/old-failure/monitoring-runs-whole-and-has-no-date-in-it",
                   test_monitoring_runs_whole_and_has_no_date_in_it);
  return g_test_run ();
}
