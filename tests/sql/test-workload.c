/* test-workload.c: what is compared before and after is one measurement of whole hours
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "sql-test.h"

#define HOUR G_TIME_SPAN_HOUR

static GHashTable *
ask (SqlTest *test, const char *file)
{
  g_autofree char *sql = sql_test_file (file);

  return sql_test_row (test, sql);
}

static void
assert_cell (GHashTable *row, const char *column, const char *expected)
{
  g_assert_true (g_hash_table_contains (row, column));
  g_assert_cmpstr (g_hash_table_lookup (row, column), ==, expected);
}

static void
assert_near (GHashTable *row, const char *column, double expected, double tolerance)
{
  const char *text = g_hash_table_lookup (row, column);

  g_assert_nonnull (text);
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (text, NULL), expected, tolerance + 1e-12);
}

/* expected: “column=value column=value” */
static void
assert_row (SqlTest *test, const char *file, const char *expected)
{
  g_autoptr (GHashTable) row = ask (test, file);
  g_auto (GStrv) cells = g_strsplit (expected, " ", -1);

  for (guint i = 0; cells[i] != NULL; i++)
    {
      char *equals = strchr (cells[i], '=');

      *equals = '\0';
      assert_cell (row, cells[i], equals + 1);
    }
}

static void
set_up (SqlTest *test)
{
  sql_test_set (test, "price_per_tib", "NUMERIC", "6.25");
  sql_test_set (test, "hours", "INT64", "24");
  sql_test_set (test, "until", "TIMESTAMP", "9999-12-31T00:00:00Z");
}

static void
set_time (SqlTest *test, const char *name, gint64 time)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT CAST(TIMESTAMP_MICROS(%" G_GINT64_FORMAT ") AS STRING)", time);
  g_autofree char *text = sql_test_rows (test, sql);

  sql_test_set (test, name, "TIMESTAMP", text);
}

typedef struct
{
  gint64 created; /* microseconds */
  double ms, slot_ms, dollars;
  gboolean failed;
} Job;

/* The history of the sample, row by row: what the measurement adds up. */
static GArray *
read_jobs (SqlTest *test)
{
  GArray *jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  g_autoptr (GPtrArray) pages = sql_test_pages (
    test,
    "SELECT UNIX_MICROS(creation_time), TIMESTAMP_DIFF(end_time, start_time, MILLISECOND), total_slot_ms,\n"
    "  total_bytes_billed, error_result IS NOT NULL\n"
    "FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS\n"
    "WHERE STARTS_WITH(job_id, 'sample_') AND job_type = 'QUERY' AND state = 'DONE' AND NOT cache_hit");

  for (guint i = 0; i < pages->len; i++)
    for (guint row = 0; row < eros_page_get_n_rows (pages->pdata[i]); row++)
      {
        Job job = { eros_page_get_int64 (pages->pdata[i], row, 0),
                    eros_page_get_int64 (pages->pdata[i], row, 1),
                    eros_page_get_int64 (pages->pdata[i], row, 2),
                    eros_page_get_int64 (pages->pdata[i], row, 3) / 1099511627776.0 * 6.25,
                    eros_page_get_int64 (pages->pdata[i], row, 4) };

        g_array_append_val (jobs, job);
      }
  return jobs;
}

typedef struct
{
  guint hours, queries, failed;
  double ms, slot_ms, dollars;
} Sum;

static void
add_job (Sum *sum, const Job *job)
{
  sum->dollars += job->dollars;
  sum->failed += job->failed;
  if (job->failed)
    return;
  sum->queries++;
  sum->ms += job->ms;
  sum->slot_ms += job->slot_ms;
}

/* The jobs of the first HOURS of each day from BEGUN to ENDED, whole hours. */
static Sum
add_up (GArray *jobs, gint64 begun, gint64 ended, guint hours)
{
  Sum sum = { 0 };

  for (gint64 start = begun; start + HOUR <= ended; start += HOUR)
    {
      if ((start - begun) / HOUR % 24 >= hours)
        continue;
      sum.hours++;
      for (guint i = 0; i < jobs->len; i++)
        {
          const Job *job = &g_array_index (jobs, Job, i);

          if (job->created >= start && job->created < start + HOUR)
            add_job (&sum, job);
        }
    }
  return sum;
}

static void
assert_workload (SqlTest *test,
                 GArray *jobs,
                 gint64 begun,
                 gint64 ended,
                 guint hours,
                 const char *wanted_hours)
{
  g_autofree char *hours_text = g_strdup_printf ("%u", hours);
  g_autoptr (GHashTable) row = NULL;
  Sum sum = add_up (jobs, begun, ended, hours);
  g_auto (GStrv) values = NULL;

  set_time (test, "begun", begun);
  set_time (test, "ended", ended);
  sql_test_set (test, "hours", "INT64", hours_text);
  row = ask (test, "baseline/workload.sql");
  assert_cell (row, "hours", wanted_hours);
  assert_near (row, "hours", sum.hours, 0);
  assert_near (row, "queries", sum.queries, 0);
  assert_near (row, "failed", sum.failed, 0);
  assert_near (row, "query_time", sum.ms / sum.queries / 1000, 6e-4);
  assert_near (row, "slot_usage", sum.slot_ms / sum.ms, 6e-4);
  values = g_strsplit (g_hash_table_lookup (row, "daily_cost_hours"), " ", -1);
  g_assert_cmpuint (g_strv_length (values), ==, sum.hours);
  if (sum.hours >= 12)
    assert_near (row, "daily_cost", sum.dollars / sum.hours * 24, 6e-5);
  else
    g_assert_null (g_hash_table_lookup (row, "daily_cost"));
}

/* Baseline, before and after are one measurement: of the same jobs, of whole hours, of the same hours of the
 * day. */
static void
test_the_workload_is_measured_by_whole_hours (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:10", 20);
  g_autoptr (GArray) jobs = read_jobs (test);
  gint64 now = 0, since;

  for (guint i = 0; i < jobs->len; i++)
    now = MAX (now, g_array_index (jobs, Job, i).created);
  now += 12 * HOUR / 60;
  /* TIMESTAMP_DIFF counts whole seconds. */
  now -= now % 1000000;
  since = now - 5 * HOUR - HOUR / 2;
  set_up (test);
  assert_workload (test, jobs, now - 24 * HOUR, now, 24, "24");
  assert_workload (test, jobs, since, since + 5 * HOUR, 24, "5");
  assert_workload (test, jobs, since - 7 * 24 * HOUR, since, 5, "35");
  /* What is not over yet is not counted, and neither is what was before the first query. */
  set_time (test, "begun", now - 2 * HOUR);
  set_time (test, "ended", now + 9 * HOUR);
  sql_test_set (test, "hours", "INT64", "24");
  assert_row (test, "baseline/workload.sql", "hours=2");
  set_time (test, "begun", now - 30 * 24 * HOUR);
  set_time (test, "ended", now - 19 * 24 * HOUR);
  assert_row (test, "baseline/workload.sql", "hours=24");
}

/* Evenness, whatever the number of views; an hour with one view is none. */
static void
test_distribution_is_how_evenly_captions_are_shown (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  set_up (test);
  set_time (test, "begun", g_get_real_time () - 290 * G_TIME_SPAN_MINUTE);
  set_time (test, "ended", g_get_real_time () + G_TIME_SPAN_DAY);
  sql_test_run (test, "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active)\n"
                      "SELECT id, id <= 4 FROM UNNEST(GENERATE_ARRAY(1, 9)) AS id");
  /* Hours 0 to 3 are over: four captions once each; two of four, of eight views; one of four; one view. Hour
   * 4 is not. */
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.caption_performance_log` (caption_id, account_id, observed_at)\n"
    "SELECT caption, 'a', TIMESTAMP_ADD(@begun, INTERVAL 60 * hour + minute MINUTE)\n"
    "FROM UNNEST([STRUCT(1 AS caption, 0 AS hour, 1 AS minute), (2, 0, 2), (3, 0, 3), (4, 0, 4),\n"
    "  (1, 1, 1), (1, 1, 2), (1, 1, 3), (1, 1, 4), (2, 1, 5), (2, 1, 6), (2, 1, 7), (2, 1, 8),\n"
    "  (3, 2, 1), (3, 2, 2), (3, 2, 3), (3, 2, 4), (3, 2, 5), (4, 3, 1), (1, 4, 1), (2, 4, 2)])");
  assert_row (test, "baseline/distribution-effectiveness.sql", "hours=3 views=17 effectiveness=58.33");
  sql_test_set (test, "hours", "INT64", "2");
  assert_row (test, "baseline/distribution-effectiveness.sql", "hours=2 effectiveness=75");
}

/* Of a dozen jobs of one hour only the three that somebody else has sent to the data set, and that were
 * worked on, count, and one that failed before its tables were known. */
static const char jobs_of_all_kinds[] =
  "(SELECT job_id, parent_job_id, 'QUERY' AS job_type, statement_type, state, cache_hit,\n"
  "IF(set_id = '', 'SELECT 1 FROM ${dataset}.missing', 'a text') AS query,\n"
  "TIMESTAMP_ADD(@begun, INTERVAL minute MINUTE) AS creation_time,\n"
  "TIMESTAMP_ADD(@begun, INTERVAL minute MINUTE) AS start_time,\n"
  "TIMESTAMP_ADD(@begun, INTERVAL minute * 60 + seconds SECOND) AS end_time,\n"
  "1000 * seconds AS total_slot_ms, 1099511627776 AS total_bytes_billed,\n"
  "IF(failed, STRUCT('invalid' AS reason), NULL) AS error_result,\n"
  "IF(label, [STRUCT('eros-deployment' AS key, 'x' AS value)], []) AS labels,\n"
  "IF(set_id = '', [], [STRUCT(set_id AS dataset_id)]) AS referenced_tables\n"
  "FROM UNNEST([\n"
  "STRUCT('before' AS job_id, '' AS parent_job_id, 'SELECT' AS statement_type, 'DONE' AS state, FALSE AS "
  "cache_hit,\n"
  "  -60 AS minute, 1 AS seconds, FALSE AS failed, FALSE AS label, '${dataset}' AS set_id),\n"
  "('theirs', '', 'SELECT', 'DONE', FALSE, 1, 2, FALSE, FALSE, '${dataset}'),\n"
  "('theirs_2', 'a_script', 'UPDATE', 'DONE', FALSE, 2, 4, FALSE, FALSE, '${dataset}'),\n"
  "('failed', '', 'SELECT', 'DONE', FALSE, 3, 50, TRUE, FALSE, '${dataset}'),\n"
  "('failed_early', '', 'SELECT', 'DONE', FALSE, 3, 50, TRUE, FALSE, ''),\n"
  "('a_script', '', 'SCRIPT', 'DONE', FALSE, 2, 50, FALSE, FALSE, '${dataset}'),\n"
  "('other', '', 'SELECT', 'DONE', FALSE, 4, 50, FALSE, FALSE, 'another'),\n"
  "('running', '', 'SELECT', 'RUNNING', FALSE, 5, 50, FALSE, FALSE, '${dataset}'),\n"
  "('cached', '', 'SELECT', 'DONE', TRUE, 6, 50, FALSE, FALSE, '${dataset}'),\n"
  "('own', '', 'SELECT', 'DONE', FALSE, 7, 50, FALSE, TRUE, '${dataset}'),\n"
  "('own_script', '', 'SCRIPT', 'DONE', FALSE, 8, 50, FALSE, TRUE, '${dataset}'),\n"
  "('own_child', 'own_script', 'SELECT', 'DONE', FALSE, 8, 50, FALSE, FALSE, '${dataset}'),\n"
  "('own_unread', 'own_script', 'SELECT', 'DONE', FALSE, 8, 50, TRUE, FALSE, ''),\n"
  "('later', '', 'SELECT', 'DONE', FALSE, 61, 50, FALSE, FALSE, '${dataset}')]))";

static void
test_only_the_workload_is_measured (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *planted = sql_test_plant_jobs ("baseline/workload.sql", jobs_of_all_kinds);
  g_autoptr (GHashTable) row = NULL;

  set_up (test);
  set_time (test, "begun", g_get_real_time () - 100 * G_TIME_SPAN_MINUTE);
  set_time (test, "ended", g_get_real_time ());
  row = sql_test_row (test, planted);
  assert_cell (row, "hours", "1");
  assert_cell (row, "queries", "2");
  assert_cell (row, "failed", "2");
  assert_cell (row, "query_time", "3");
  assert_cell (row, "slot_usage", "1");
  /* What failed was paid for. */
  assert_near (row, "daily_cost_hours", 4 * 6.25 * 24, 1e-9);
}

/* What a round of monitoring looks at are the same queries, and the one that came later. */
static void
test_monitoring_measures_the_same_workload (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *performance_sql =
    sql_test_plant_jobs ("monitoring/10-query-performance/verify.sql", jobs_of_all_kinds);
  g_autofree char *cost_sql = sql_test_plant_jobs ("monitoring/50-cost/verify.sql", jobs_of_all_kinds);
  g_autoptr (GHashTable) performance = NULL;
  g_autoptr (GHashTable) cost = NULL;

  set_up (test);
  set_time (test, "begun", g_get_real_time () - 100 * G_TIME_SPAN_MINUTE);
  set_time (test, "since", g_get_real_time () - 100 * G_TIME_SPAN_MINUTE);
  performance = sql_test_row (test, performance_sql);
  assert_cell (performance, "queries_after", "5");
  assert_cell (performance, "failed_after", "2");
  cost = sql_test_row (test, cost_sql);
  assert_cell (cost, "jobs_after", "5");
  assert_cell (cost, "jobs_before", "1");
  assert_cell (cost, "jobs_24h", "6");
  assert_near (cost, "cost_24h", 6 * 6.25, 1e-9);
}

/* A day's cost is one number, wherever it is read: also where the history begins in the middle of the week.
 */
static void
test_a_days_cost_is_one_number (void)
{
  static const int days_of_history[] = { 20, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (days_of_history); i++)
    {
      g_autoptr (SqlTest) test = sql_test_new ("eros:10", days_of_history[i]);
      gint64 now = g_get_real_time () / 1000000 * 1000000;
      gint64 since = now - 15 * HOUR - HOUR / 2;
      g_autoptr (GHashTable) cost = NULL;
      g_autoptr (GHashTable) before = NULL;
      g_autoptr (GHashTable) after = NULL;

      set_up (test);
      set_time (test, "since", since);
      cost = ask (test, "monitoring/50-cost/verify.sql");
      set_time (test, "begun", since);
      set_time (test, "ended", now);
      after = ask (test, "baseline/workload.sql");
      set_time (test, "begun", since - 7 * 24 * HOUR);
      set_time (test, "ended", since);
      before = ask (test, "baseline/workload.sql");
      g_assert_nonnull (g_hash_table_lookup (after, "daily_cost"));
      g_assert_nonnull (g_hash_table_lookup (before, "daily_cost"));
      assert_cell (cost, "hours_after", "15");
      assert_cell (cost, "daily_cost_after", g_hash_table_lookup (after, "daily_cost"));
      assert_cell (cost, "hours_before", g_hash_table_lookup (before, "hours"));
      assert_cell (cost, "daily_cost_before", g_hash_table_lookup (before, "daily_cost"));
      g_assert_true (days_of_history[i] > 7 ||
                     g_ascii_strtoll (g_hash_table_lookup (before, "hours"), NULL, 10) < 72);
    }
}

/* The view of the jobs, as somebody else's server answers it: the local one plans nothing by what it has
 * seen. */
static void
test_what_was_planned_by_earlier_runs_is_counted (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *planted = NULL;
  g_autoptr (GHashTable) row = NULL;

  set_up (test);
  set_time (test, "since", g_get_real_time () - HOUR);
  set_time (test, "until", g_get_real_time () - HOUR);
  set_time (test, "begun", g_get_real_time () - 10 * G_TIME_SPAN_HOUR);
  sql_test_set (test, "runs_before", "STRING", "old_1 old_2");
  sql_test_set (test, "runs_after", "STRING", "new_1 new_2");
  planted = sql_test_plant_jobs (
    "baseline/optimizations.sql",
    "(SELECT TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL minutes MINUTE) AS creation_time, job_id, "
    "parent_job_id,\n"
    "'QUERY' AS job_type, IF(label, [STRUCT('eros-deployment' AS key, 'x' AS value)], []) AS labels,\n"
    "[STRUCT(set_id AS dataset_id)] AS referenced_tables,\n"
    "STRUCT(PARSE_JSON(details) AS optimization_details) AS query_info\n"
    "FROM UNNEST([\n"
    "STRUCT(5 AS minutes, 'old_1' AS job_id, '' AS parent_job_id, TRUE AS label, 'd' AS set_id,\n"
    "  '{\"optimizations\": [{\"join_commutation\": \"a\"}]}' AS details),\n"
    "(5, 'child', 'old_2', TRUE, 'd', '{\"optimizations\": [{\"parallelism_adjustment\": \"applied\"}]}'),\n"
    "(5, 'new_1', '', TRUE, 'd', '{\"optimizations\": []}'),\n"
    "(5, 'new_2', '', TRUE, 'd', 'null'),\n"
    "(5, 'theirs', '', FALSE, '${dataset}', '{\"optimizations\": [{\"join_commutation\": \"a\"}]}'),\n"
    "(90, 'theirs', '', FALSE, '${dataset}', '{}'),\n"
    "(5, 'other', '', FALSE, 'd', '{\"optimizations\": [{\"join_commutation\": \"a\"}]}')]))");
  row = sql_test_row (test, planted);
  assert_cell (row, "runs_before", "2");
  assert_cell (row, "runs_after", "0");
  assert_cell (row, "workload_before", "0");
  assert_cell (row, "workload_after", "1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/workload/it-is-measured-by-whole-hours",
                   test_the_workload_is_measured_by_whole_hours);
  g_test_add_func ("/sql/workload/only-it-is-measured", test_only_the_workload_is_measured);
  g_test_add_func ("/sql/workload/monitoring-measures-the-same", test_monitoring_measures_the_same_workload);
  g_test_add_func ("/sql/workload/a-days-cost-is-one-number", test_a_days_cost_is_one_number);
  g_test_add_func ("/sql/workload/what-was-planned-by-earlier-runs-is-counted",
                   test_what_was_planned_by_earlier_runs_is_counted);
  g_test_add_func ("/sql/workload/distribution-is-how-evenly-captions-are-shown",
                   test_distribution_is_how_evenly_captions_are_shown);
  return g_test_run ();
}
