/* test-watch.c: what a round of monitoring notices beside failures and times: silence, queries that hang, one
 * slow kind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-expectation.h"
#include "eros-sql-step.h"
#include "sql-test.h"

#define QUERIES      "monitoring/10-query-performance/verify.sql"
#define KINDS        "monitoring/16-query-kinds/verify.sql"
#define RUNNING      "monitoring/15-running-jobs/verify.sql"
#define PERFORMANCE  "monitoring/10-query-performance"
#define AVAILABILITY "monitoring/20-caption-availability"

/* Seven days and six hours, a query every four minutes, each with another number in it. The format takes the
 * number of the first query, that of the last, and what a query takes (ms). The deployment ended six hours
 * ago. */
#define JOBS                                                                                                 \
  "(SELECT CAST(n AS STRING) AS job_id, '' AS parent_job_id, 'QUERY' AS job_type, 'SELECT' AS "              \
  "statement_type,\n"                                                                                        \
  "FALSE AS cache_hit, 'DONE' AS state, %s AS query, STRUCT(STRUCT(CAST(NULL AS STRING) AS "                 \
  "normalized_literals) AS query_hashes) AS query_info,\n"                                                   \
  "TIMESTAMP_ADD(@since, INTERVAL n * 4 + 1 MINUTE) AS creation_time,\n"                                     \
  "TIMESTAMP_ADD(@since, INTERVAL n * 4 + 1 MINUTE) AS start_time,\n"                                        \
  "TIMESTAMP_ADD(TIMESTAMP_ADD(@since, INTERVAL n * 4 + 1 MINUTE), INTERVAL %s MILLISECOND) AS end_time,\n"  \
  "10 AS total_slot_ms, 1 AS total_bytes_billed,\n"                                                          \
  "IF(n > 1000000, STRUCT('invalid' AS reason), NULL) AS error_result,\n"                                    \
  "IF(n > 1000000, [STRUCT('eros-deployment' AS key, 'x' AS value)], []) AS labels,\n"                       \
  "[STRUCT('${dataset}' AS dataset_id)] AS referenced_tables\n"                                              \
  "FROM UNNEST(GENERATE_ARRAY(%d, %d)) AS n WHERE n * 4 + 1 < TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, "  \
  "MINUTE))"

#define BEGIN (-7 * 24 * 15)
#define END   (6 * 15)

static SqlTest *
begin (void)
{
  SqlTest *test = sql_test_new (NULL, 0);
  g_autofree char *since =
    sql_test_rows (test, "SELECT CAST(TIMESTAMP_TRUNC(TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 6 * 60 + 1 "
                         "MINUTE), SECOND) AS STRING)");

  sql_test_set (test, "since", "TIMESTAMP", since);
  sql_test_set (test, "until", "TIMESTAMP", "9999-12-31T00:00:00Z");
  return test;
}

static GHashTable *
ask (SqlTest *test, const char *file, const char *query, const char *ms, int last)
{
  g_autofree char *rows = g_strdup_printf (JOBS, query, ms, BEGIN, last);
  g_autofree char *sql = sql_test_plant_jobs (file, rows);

  return sql_test_row (test, sql);
}

static void
assert_cell (GHashTable *row, const char *column, const char *expected)
{
  g_assert_cmpstr (g_hash_table_lookup (row, column), ==, expected);
}

/* What a round says of ROW by one of the judgements in step.json. */
static ErosOutcome
judge (const char *id, const char *name, GHashTable *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) looks = eros_sql_looks_load (eros_step_files_get_default (), "monitoring", &error);
  g_autofree char *why = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < looks->len; i++)
    {
      const ErosSqlStep *look = looks->pdata[i];

      for (guint k = 0; g_str_equal (look->id, id) && k < look->verifies->len; k++)
        {
          const ErosSqlVerify *verify = look->verifies->pdata[k];
          ErosOutcome outcome;

          if (!g_str_equal (verify->name, name))
            continue;
          outcome = eros_expectations_judge (
            (ErosExpectations){ verify->enough, verify->n_enough },
            (ErosExpectations){ verify->expectations, verify->n_expectations }, row, NULL, &why, &error);
          g_assert_no_error (error);
          return outcome;
        }
    }
  g_assert_not_reached ();
}

/* Nothing since, or nothing lately, where fifteen an hour are usual. */
static void
test_silence (void)
{
  g_autoptr (SqlTest) test = begin ();
  static const struct
  {
    int last;
    const char *silent, *lately;
  } cases[] = { { END, "0", "30" }, { END - 35, "1", "0" }, { -1, "1", "0" }, { END - 20, "0", "11" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) row = ask (test, QUERIES, "'SELECT 1'", "100", cases[i].last);

      assert_cell (row, "is_silent", cases[i].silent);
      assert_cell (row, "queries_lately", cases[i].lately);
      assert_cell (row, "queries_usual", "30");
      g_assert_cmpint (judge (PERFORMANCE, "query-silence", row), ==,
                       *cases[i].silent == '1' ? EROS_OUTCOME_FAIL : EROS_OUTCOME_PASS);
    }
}

/* Where nothing is usual, nothing asked is no news, and no good news either. */
static void
test_silence_of_the_first_hours (void)
{
  g_autoptr (SqlTest) test = begin ();
  g_autofree char *rows = g_strdup_printf (JOBS, "'SELECT 1'", "100", 1, 2);
  g_autofree char *captions = sql_test_file ("monitoring/20-caption-availability/verify.sql");
  g_autofree char *some = sql_test_plant_jobs (QUERIES, rows);
  g_autoptr (GHashTable) asked = sql_test_row (test, some);
  g_autoptr (GHashTable) none = ask (test, QUERIES, "'SELECT 1'", "100", BEGIN + 2);
  g_autoptr (GHashTable) assigned = sql_test_row (test, captions);

  g_assert_cmpint (judge (PERFORMANCE, "query-silence", none), ==, EROS_OUTCOME_NOT_ENOUGH);
  g_assert_cmpint (judge (PERFORMANCE, "query-silence", asked), ==, EROS_OUTCOME_PASS);
  g_assert_cmpint (judge (AVAILABILITY, "assignment-silence", assigned), ==, EROS_OUTCOME_NOT_ENOUGH);
}

/* A box says no more than its own line: many errors do not make queries slow, nor slow ones errors. */
static void
test_each_box_by_its_own (void)
{
  static const struct
  {
    const char *low, *seconds, *slower;
    gboolean errors, times;
  } cases[] = { { "1", "2", "3", TRUE, TRUE },
                { "30", "2", "3", FALSE, TRUE },
                { "1", "90", "70", TRUE, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) row = g_hash_table_new (g_str_hash, g_str_equal);
      ErosOutcome errors = cases[i].errors ? EROS_OUTCOME_PASS : EROS_OUTCOME_FAIL;
      ErosOutcome times = cases[i].times ? EROS_OUTCOME_PASS : EROS_OUTCOME_FAIL;

      g_hash_table_insert (row, (gpointer) "queries_after", (gpointer) "100");
      g_hash_table_insert (row, (gpointer) "queries_before", (gpointer) "100");
      g_hash_table_insert (row, (gpointer) "tolerated_error_rate", (gpointer) "2");
      g_hash_table_insert (row, (gpointer) "query_failure_rate_low", (gpointer) cases[i].low);
      g_hash_table_insert (row, (gpointer) "seconds", (gpointer) cases[i].seconds);
      g_hash_table_insert (row, (gpointer) "performance_degradation_low", (gpointer) cases[i].slower);
      g_assert_cmpint (judge (PERFORMANCE, "query-performance", row), ==, errors);
      g_assert_cmpint (judge (PERFORMANCE, "query-trend", row), ==, errors);
      g_assert_cmpint (judge (PERFORMANCE, "query-times", row), ==, times);
      g_assert_cmpint (judge (PERFORMANCE, "query-times-trend", row), ==, times);
    }
}

/* What is read afterwards is as it was then. */
static void
test_as_of_then (void)
{
  g_autoptr (SqlTest) test = begin ();
  g_autofree char *until =
    sql_test_rows (test, "SELECT CAST(TIMESTAMP_ADD(@since, INTERVAL 119 MINUTE) AS STRING)");
  g_autoptr (GHashTable) row = NULL;

  sql_test_set (test, "until", "TIMESTAMP", until);
  row = ask (test, QUERIES, "'SELECT 1'", "100", END);
  assert_cell (row, "queries_after", "30");
  /* Of each of the seven days the same two hours. */
  assert_cell (row, "queries_before", "210");
  assert_cell (row, "is_silent", "0");
}

/* One query in ten takes three times as long: the mean of all hardly shows it. */
static void
test_slow_kind (void)
{
  static const char query[] = "IF(MOD(n, 10) = 0, FORMAT(\"SELECT a FROM t WHERE id = %d\", ABS(n)), "
                              "FORMAT(\"SELECT b FROM t WHERE id = '%d'\", n))";
  g_autoptr (SqlTest) test = begin ();
  g_autoptr (GHashTable) same = NULL;
  g_autoptr (GHashTable) slow = NULL;
  g_autoptr (GHashTable) all = NULL;

  sql_test_set (test, "since", "TIMESTAMP", "2026-01-08T00:00:00Z");
  sql_test_set (test, "until", "TIMESTAMP", "2026-01-15T00:00:00Z");
  same = ask (test, KINDS, query, "100 + MOD(ABS(n) * 7, 11)", 7 * 24 * 15);
  assert_cell (same, "kinds", "2");
  assert_cell (same, "kinds_compared", "2");
  assert_cell (same, "slower_kinds", "0");
  slow =
    ask (test, KINDS, query, "IF(MOD(n, 10) = 0 AND n > 0, 3, 1) * (100 + MOD(ABS(n) * 7, 11))", 7 * 24 * 15);
  assert_cell (slow, "slower_kinds", "1");
  g_assert_true (
    g_str_has_prefix (g_hash_table_lookup (slow, "slowest_query"), "SELECT a FROM t WHERE id = "));
  all = ask (test, QUERIES, query, "IF(MOD(n, 10) = 0 AND n > 0, 3, 1) * (100 + MOD(ABS(n) * 7, 11))",
             7 * 24 * 15);
  g_assert_cmpfloat (g_ascii_strtod (g_hash_table_lookup (all, "slowdown_percent"), NULL), <, 25);
}

static void
test_hanging (void)
{
  static const char rows[] =
    "(SELECT job_id, 'QUERY' AS job_type, state, 'SELECT 1 FROM ${dataset}.t' AS query,\n"
    "TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL minutes MINUTE) AS creation_time,\n"
    "IF(label, [STRUCT('eros-deployment' AS key, 'x' AS value)], []) AS labels,\n"
    "IF(FALSE, [STRUCT('' AS dataset_id)], []) AS referenced_tables\n"
    "FROM UNNEST([STRUCT('hangs' AS job_id, 'RUNNING' AS state, 40 AS minutes, FALSE AS label),\n"
    "('waits', 'PENDING', 20, FALSE), ('young', 'RUNNING', 2, FALSE), ('done', 'DONE', 40, FALSE),\n"
    "('ours', 'RUNNING', 40, TRUE)]))";
  g_autoptr (SqlTest) test = begin ();
  g_autofree char *sql = sql_test_plant_jobs (RUNNING, rows);
  g_autofree char *file = sql_test_file (RUNNING);
  g_autoptr (GHashTable) row = sql_test_row (test, sql);
  g_autoptr (GHashTable) none = sql_test_row (test, file);

  assert_cell (row, "running", "3");
  assert_cell (row, "hanging", "2");
  assert_cell (row, "hanging_ids", "hangs, waits");
  assert_cell (none, "hanging", "0");
  assert_cell (none, "hanging_ids", "none");
}

/* Assignments of before do not hide that there are none since. */
static void
test_no_assignments (void)
{
  g_autoptr (SqlTest) test = begin ();
  g_autofree char *sql = sql_test_file ("monitoring/20-caption-availability/verify.sql");
  g_autoptr (GHashTable) silent = NULL;
  g_autoptr (GHashTable) row = NULL;

  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, assigned_at)\n"
    "SELECT n, 'a', TIMESTAMP_SUB(@since, INTERVAL n MINUTE) FROM UNNEST(GENERATE_ARRAY(1, 80)) AS n");
  silent = sql_test_row (test, sql);
  assert_cell (silent, "assignments_24h", "80");
  assert_cell (silent, "assigned_after", "0");
  assert_cell (silent, "assigned_usual", "20");
  assert_cell (silent, "assignments_missing", "1");
  g_assert_cmpint (judge (AVAILABILITY, "assignment-silence", silent), ==, EROS_OUTCOME_FAIL);
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, assigned_at)\n"
    "SELECT 99, 'a', TIMESTAMP_ADD(@since, INTERVAL 1 MINUTE)");
  row = sql_test_row (test, sql);
  assert_cell (row, "assignments_missing", "0");
  /* One where twenty are usual is not as usual. */
  g_assert_cmpint (judge (AVAILABILITY, "assignment-silence", row), ==, EROS_OUTCOME_NOT_ENOUGH);
  g_clear_pointer (&row, g_hash_table_unref);
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, assigned_at)\n"
    "SELECT 100 + n, 'a', TIMESTAMP_ADD(@since, INTERVAL n MINUTE) FROM UNNEST(GENERATE_ARRAY(1, 9)) AS n");
  row = sql_test_row (test, sql);
  assert_cell (row, "assigned_after", "10");
  g_assert_cmpint (judge (AVAILABILITY, "assignment-silence", row), ==, EROS_OUTCOME_PASS);
}

/* That a caption is assigned twice says nothing about whether any is assigned, and the other way round. */
static void
test_assignments_by_their_own (void)
{
  g_autoptr (GHashTable) row = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (row, (gpointer) "free_captions", (gpointer) "500");
  g_hash_table_insert (row, (gpointer) "assignments_24h", (gpointer) "7");
  g_hash_table_insert (row, (gpointer) "captions_assigned_twice", (gpointer) "1");
  g_assert_cmpint (judge (AVAILABILITY, "assignments", row), ==, EROS_OUTCOME_PASS);
  g_assert_cmpint (judge (AVAILABILITY, "caption-availability", row), ==, EROS_OUTCOME_FAIL);
  g_hash_table_insert (row, (gpointer) "assignments_24h", (gpointer) "0");
  g_hash_table_insert (row, (gpointer) "captions_assigned_twice", (gpointer) "0");
  g_assert_cmpint (judge (AVAILABILITY, "assignments", row), ==, EROS_OUTCOME_FAIL);
  g_assert_cmpint (judge (AVAILABILITY, "caption-availability", row), ==, EROS_OUTCOME_PASS);
}

/* What was there before expires: after a day it is no measure any longer. */
static void
test_usual_is_forgotten (void)
{
  g_autoptr (SqlTest) test = begin ();
  g_autofree char *sql = sql_test_file ("monitoring/20-caption-availability/verify.sql");
  g_autofree char *since =
    sql_test_rows (test, "SELECT CAST(TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 25 HOUR) AS STRING)");
  g_autoptr (GHashTable) row = NULL;

  sql_test_set (test, "since", "TIMESTAMP", since);
  row = sql_test_row (test, sql);
  g_assert_null (g_hash_table_lookup (row, "assigned_usual"));
  assert_cell (row, "assignments_missing", "0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/sql/watch/silence-is-noticed", test_silence);
  g_test_add_func ("/sql/watch/silence-of-the-first-hours", test_silence_of_the_first_hours);
  g_test_add_func ("/sql/watch/each-box-by-its-own", test_each_box_by_its_own);
  g_test_add_func ("/sql/watch/what-is-read-afterwards-is-as-it-was-then", test_as_of_then);
  g_test_add_func ("/sql/watch/a-slow-kind-behind-a-fast-mean", test_slow_kind);
  g_test_add_func ("/sql/watch/queries-that-hang", test_hanging);
  g_test_add_func ("/sql/watch/no-assignment-since", test_no_assignments);
  g_test_add_func ("/sql/watch/assignments-by-their-own", test_assignments_by_their_own);
  g_test_add_func ("/sql/watch/what-was-usual-is-forgotten", test_usual_is_forgotten);

  return g_test_run ();
}
