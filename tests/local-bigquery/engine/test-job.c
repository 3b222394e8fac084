/* test-job.c: what a job costs, and how it ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

static void
test_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosEngineResult) result = NULL;

  run_fine (
    fixture,
    "CREATE TABLE t (a INT64, b STRING, c BOOL); INSERT INTO t VALUES (1, 'ab', TRUE), (2, 'äö', NULL)");
  /* INT64 is 8 bytes, STRING 2 and its UTF-8, BOOL 1, NULL nothing */
  result = run_sql (fixture, "SELECT a FROM t WHERE b IS NOT NULL");
  g_assert_cmpint (result->bytes_processed, ==, 16 + 4 + 6);
  g_assert_cmpint (result->bytes_billed, ==, 10 * 1024 * 1024);
  g_assert_cmpuint (result->referenced_tables->len, ==, 1);
  g_clear_pointer (&result, eros_engine_result_free);

  result = run_sql (fixture, "SELECT COUNT(*) FROM t");
  g_assert_cmpint (result->bytes_processed, ==, 0);
  g_clear_pointer (&result, eros_engine_result_free);

  result = run_sql (fixture, "UPDATE t SET c = TRUE WHERE a = 1");
  g_assert_cmpint (result->bytes_processed, ==, 16 + 10 + 1);
  g_clear_pointer (&result, eros_engine_result_free);

  result = run_sql (fixture, "CREATE TABLE u (a INT64)");
  g_assert_cmpint (result->bytes_billed, ==, 0);
}

static void
test_bytes_limit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosEngineResult) result = NULL;

  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1)");
  result = run_request (
    fixture, &(ErosEngineRequest){ .query = "DELETE FROM t WHERE a = 1", .maximum_bytes_billed = 1000000 });
  g_assert_cmpstr (result->error_reason, ==, "bytesBilledLimitExceeded");
  g_assert_cmpstr (result->error_message, ==,
                   "Query exceeded limit for bytes billed: 1000000. 10485760 or higher required.");
  assert_rows (fixture, "SELECT * FROM t", "1\n");
}

static void
test_dry_run (Fixture *fixture, gconstpointer data)
{
  static const char *const statements[] = {
    "SELECT a FROM t",
    "UPDATE t SET a = 2 WHERE TRUE",
    "CREATE TABLE u AS SELECT a FROM t",
    "DROP TABLE t",
    "DECLARE x INT64; SET x = (SELECT MAX(a) FROM t); INSERT INTO t VALUES (x)",
    "TRUNCATE TABLE t",
    "MERGE t USING t AS s ON t.a = s.a WHEN MATCHED THEN DELETE",
    "CREATE TABLE v AS SELECT a FROM t; SELECT a FROM v",
    "SELECT a FROM t; EXECUTE IMMEDIATE 'SELECT a FROM t'",
    "WHILE FALSE DO SELECT a FROM t; END WHILE",
  };
  static const gint64 bytes[] = { 8, 8, 8, 0, 8, 0, 8, 8, 8, 8 };
  /* What reads a table that the script makes, or text, cannot be known; how often a loop runs neither. */
  static const gboolean reads_more[] = { FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, TRUE, TRUE, TRUE };

  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1)");
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (ErosEngineResult) result =
        run_request (fixture, &(ErosEngineRequest){ .query = statements[i], .dry_run = TRUE });

      g_test_message ("%s", statements[i]);
      g_assert_cmpstr (result->error_message, ==, NULL);
      g_assert_cmpint (result->bytes_processed, ==, bytes[i]);
      g_assert_cmpint (result->reads_more, ==, reads_more[i]);
      g_assert_null (result->result);
    }
  {
    g_autoptr (ErosEngineResult) result = run_request (
      fixture, &(ErosEngineRequest){ .query = "DECLARE x INT64; SELECT nope FROM t", .dry_run = TRUE });

    g_assert_cmpstr (result->error_message, ==, "Unrecognized name: nope at [1:25]");
  }
  assert_rows (fixture, "SELECT * FROM t", "1\n");
  assert_rows (fixture, "SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES", "t\n");
}

static ErosEngineResult *
run_cached (Fixture *fixture, const char *sql)
{
  return run_request (fixture, &(ErosEngineRequest){ .query = sql, .use_cache = TRUE });
}

static void
test_cache (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    gboolean hit;
  } steps[] = {
    { "SELECT SUM(a) AS s FROM t", FALSE },
    { "SELECT SUM(a) AS s FROM t", TRUE },
    { "SELECT  SUM(a) AS s FROM  t -- the same", TRUE },
    { "SELECT SUM(a) AS z FROM t", FALSE },
    { "INSERT INTO t VALUES (2)", FALSE },
    { "SELECT SUM(a) AS s FROM t", FALSE },
    { "SELECT RAND() AS r FROM t", FALSE },
    { "SELECT RAND() AS r FROM t", FALSE },
    { "SELECT 1 AS one", FALSE },
    { "SELECT 1 AS one", FALSE },
  };

  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1)");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (ErosEngineResult) result = run_cached (fixture, steps[i].sql);

      g_test_message ("%u: %s", i, steps[i].sql);
      g_assert_cmpstr (result->error_message, ==, NULL);
      g_assert_cmpint (result->cache_hit, ==, steps[i].hit);
      if (steps[i].hit)
        g_assert_cmpint (result->bytes_billed, ==, 0);
    }
}

#define FOREVER                                                                                              \
  "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 30000)) a, UNNEST(GENERATE_ARRAY(1, 30000)) b WHERE a * b " \
  "= -1"

static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  static const char *const statements[] = {
    FOREVER, "LOOP SELECT 1; END LOOP",
    "BEGIN LOOP SELECT 1; END LOOP; EXCEPTION WHEN ERROR THEN SELECT 'caught'; END"
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (ErosEngineResult) result =
        run_request (fixture, &(ErosEngineRequest){ .query = statements[i], .timeout_ms = 50 });

      g_assert_cmpstr (result->error_reason, ==, "timeout");
      g_assert_cmpint (result->ended - result->started, <, 10 * G_USEC_PER_SEC);
    }
}

static gpointer
cancel_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  ErosEngineRequest request = { .project = "p", .default_dataset = "d", .query = FOREVER, .job_id = "job" };
  GThread *thread = g_thread_new ("cancel", cancel_thread, cancellable);
  g_autoptr (ErosEngineResult) result = eros_engine_run (fixture->engine, &request, cancellable);

  g_thread_join (thread);
  g_assert_cmpstr (result->error_reason, ==, "stopped");
  g_assert_cmpstr (result->error_message, ==, "Job execution was cancelled: User requested cancellation");
}

/* A job that waits for its turn to write can be stopped too. */
static void
test_timeout_while_waiting (Fixture *fixture, gconstpointer data)
{
  ErosEngineSession *session = eros_engine_session_new (fixture->engine);
  g_autoptr (ErosEngineResult) first = NULL;
  g_autoptr (ErosEngineResult) second = NULL;

  run_fine (fixture, "CREATE TABLE t (a INT64)");
  first = run_request (fixture, &(ErosEngineRequest){ .query = "BEGIN TRANSACTION; INSERT INTO t VALUES (1)",
                                                      .session = session });
  g_assert_cmpstr (first->error_message, ==, NULL);
  second =
    run_request (fixture, &(ErosEngineRequest){ .query = "INSERT INTO t VALUES (2)", .timeout_ms = 50 });
  g_assert_cmpstr (second->error_reason, ==, "timeout");
  eros_engine_session_free (session);
  assert_rows (fixture, "SELECT COUNT(*) FROM t", "0\n");
}

static ErosEngineResult *
run_into (Fixture *fixture, const char *sql, const char *table, ErosEngineDisposition disposition)
{
  ErosEngineName name = { (char *) "p", (char *) "d", (char *) table };

  return run_request (fixture,
                      &(ErosEngineRequest){ .query = sql, .destination = &name, .disposition = disposition });
}

static void
assert_into (Fixture *fixture,
             const char *sql,
             ErosEngineDisposition disposition,
             const char *rows,
             const char *message)
{
  g_autoptr (ErosEngineResult) result = run_into (fixture, sql, "out", disposition);
  g_autofree char *got = rows_of (result);

  g_assert_cmpstr (result->error_message, ==, message);
  g_assert_cmpstr (got, ==, rows);
}

static void
test_destination (Fixture *fixture, gconstpointer data)
{
  assert_into (fixture, "SELECT x AS a FROM UNNEST([3, 1, 2]) AS x ORDER BY x", EROS_ENGINE_WRITE_EMPTY,
               "1\n2\n3\n", NULL);
  assert_into (fixture, "SELECT 1 AS a", EROS_ENGINE_WRITE_EMPTY, "", "Already Exists: Table p:d.out");
  assert_into (fixture, "SELECT 9 AS a", EROS_ENGINE_WRITE_APPEND, "1\n2\n3\n9\n", NULL);
  assert_into (fixture, "SELECT 'x' AS a", EROS_ENGINE_WRITE_APPEND, "",
               "Provided Schema does not match Table p:d.out.");
  assert_rows (fixture, "SELECT a FROM `out` ORDER BY a", "1\n2\n3\n9\n");
  assert_into (fixture, "SELECT 'x' AS b", EROS_ENGINE_WRITE_TRUNCATE, "x\n", NULL);
  assert_rows (fixture, "SELECT * FROM `out`", "x\n");
}

static void
test_parameters (Fixture *fixture, gconstpointer data)
{
  ErosEngineParameter named[] = { { .name = "a" }, { .name = "b" } };
  ErosEngineParameter positional[2] = { 0 };
  g_autoptr (ErosEngineResult) first = NULL;
  g_autoptr (ErosEngineResult) second = NULL;
  g_autofree char *rows = NULL;
  g_autofree char *more = NULL;

  eros_sql_value_set_integer (&named[0].value, eros_sql_type (EROS_SQL_INT64), 5);
  eros_sql_value_set_data (&named[1].value, eros_sql_type (EROS_SQL_STRING), "x", 1);
  first = run_request (
    fixture,
    &(ErosEngineRequest){ .query = "SELECT @a + 1, @B || 'y'", .parameters = named, .n_parameters = 2 });
  rows = rows_of (first);
  g_assert_cmpstr (rows, ==, "6|xy\n");
  eros_sql_value_set_integer (&positional[0].value, eros_sql_type (EROS_SQL_INT64), 7);
  eros_sql_value_set_null (&positional[1].value, eros_sql_type (EROS_SQL_INT64));
  second = run_request (
    fixture,
    &(ErosEngineRequest){ .query = "SELECT ?, ? IS NULL", .parameters = positional, .n_parameters = 2 });
  more = rows_of (second);
  g_assert_cmpstr (more, ==, "7|true\n");
  assert_error (fixture, "SELECT @nobody", "invalidQuery", "Query parameter 'nobody' not found at [1:8]");
}

static void
test_bad_text (Fixture *fixture, gconstpointer data)
{
  g_autofree char *deep = NULL;
  GString *text = g_string_new ("SELECT ");

  assert_error (fixture, "", "invalidQuery", "Syntax error: Unexpected end of script at [1:1]");
  assert_error (fixture, "-- nothing", "invalidQuery", "Syntax error: Unexpected end of script at [1:1]");
  assert_error (fixture, "SELECT 'x", "invalidQuery", "Syntax error: Unclosed string literal at [1:8]");
  assert_error (fixture, "SELECT * FROM a.b.c.d", "invalidQuery",
                "Invalid path \"a.b.c.d\": at most a project, a dataset and a name at [1:15]");
  for (guint i = 0; i < 10000; i++)
    g_string_append_c (text, '(');
  deep = g_string_free (text, FALSE);
  {
    g_autoptr (ErosEngineResult) result = run_sql (fixture, deep);

    g_assert_cmpstr (result->error_reason, ==, "resourcesExceeded");
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/bytes-are-those-of-the-columns-that-are-read", test_bytes);
  add_test ("/local-engine/a-job-that-would-cost-too-much-does-nothing", test_bytes_limit);
  add_test ("/local-engine/a-dry-run-does-nothing-and-tells-what-it-would-cost", test_dry_run);
  add_test ("/local-engine/a-result-is-cached-until-its-tables-change", test_cache);
  add_test ("/local-engine/a-job-ends-at-its-time-limit", test_timeout);
  add_test ("/local-engine/a-job-ends-when-it-is-cancelled", test_cancel);
  add_test ("/local-engine/a-job-that-waits-ends-at-its-time-limit", test_timeout_while_waiting);
  add_test ("/local-engine/rows-go-where-they-are-sent", test_destination);
  add_test ("/local-engine/parameters-have-values-and-types", test_parameters);
  add_test ("/local-engine/bad-text-is-an-error-of-its-kind", test_bad_text);

  return g_test_run ();
}
