/* test-dml.c: rows in, rows changed, rows out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

static void
test_health_queries (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE caption_bank (caption_id INT64, caption_text STRING);"
            "CREATE TABLE caption_bandit_stats (caption_id INT64, total_views INT64, engagement_count INT64, "
            "wilson_score_lower_bound FLOAT64);"
            "INSERT INTO caption_bank VALUES (1, 'a'), (2, 'b'), (2, 'c');"
            "INSERT INTO caption_bandit_stats VALUES (1, 10, 5, 0.2), (2, -1, 0, 0.1), (3, 1, 1, 1.5)");
  assert_rows (fixture,
               "SELECT\n  'caption_bank' as table_name,\n  COUNT(*) as row_count,\n"
               "  COUNT(DISTINCT caption_id) as unique_captions\nFROM `caption_bank`;",
               "caption_bank|3|2\n");
  assert_rows (fixture,
               "SELECT\n  caption_id,\n  total_views,\n  engagement_count,\n  wilson_score_lower_bound\n"
               "FROM `caption_bandit_stats`\nWHERE total_views < 0\n   OR engagement_count < 0\n"
               "   OR wilson_score_lower_bound NOT BETWEEN 0 AND 1\nLIMIT 10;",
               "2|-1|0|0.1\n3|1|1|1.5\n");
}

static void
test_insert (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64 NOT NULL, b STRING DEFAULT 'x', c STRING(3))");
  assert_affected (fixture, "INSERT INTO t (a) VALUES (1), (2)", 2, 0, 0);
  assert_affected (fixture, "INSERT t VALUES (3, DEFAULT, 'abc')", 1, 0, 0);
  assert_affected (fixture, "INSERT INTO t (c, a) SELECT b, a + 10 FROM t WHERE a < 3", 2, 0, 0);
  assert_rows (fixture, "SELECT * FROM t ORDER BY a", "1|x|NULL\n2|x|NULL\n3|x|abc\n11|x|x\n12|x|x\n");
  assert_error (fixture, "INSERT INTO t (b) VALUES ('y')", "invalidQuery", "Required field a cannot be null");
  assert_error (fixture, "INSERT INTO t (a) VALUES (1), (NULL)", "invalidQuery",
                "Required field a cannot be null");
  assert_error (fixture, "INSERT INTO t (a, c) VALUES (1, 'abcd')", "invalidQuery",
                "Field c: STRING(3) has maximum length 3 but got a value with length 4");
  assert_rows (fixture, "SELECT COUNT(*) FROM t", "5\n");
}

static void
test_update (Fixture *fixture, gconstpointer data)
{
  run_fine (
    fixture,
    "CREATE TABLE t (a INT64 NOT NULL, b INT64 DEFAULT 7); INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);"
    "CREATE TABLE s (a INT64, v INT64); INSERT INTO s VALUES (1, 100), (2, 200), (2, 201)");
  assert_affected (fixture, "UPDATE t SET b = b + 1 WHERE a > 1", 0, 2, 0);
  assert_affected (fixture, "UPDATE t SET b = DEFAULT WHERE a = 3", 0, 1, 0);
  assert_affected (fixture, "UPDATE t SET b = s.v FROM s WHERE t.a = s.a AND s.v < 201", 0, 2, 0);
  assert_rows (fixture, "SELECT * FROM t ORDER BY a", "1|100\n2|200\n3|7\n");
  assert_error (fixture, "UPDATE t SET b = s.v FROM s WHERE t.a = s.a", "invalidQuery",
                "UPDATE/MERGE must match at most one source row for each target row");
  assert_error (fixture, "UPDATE t SET a = NULL WHERE true", "invalidQuery",
                "Required field a cannot be null");
  assert_affected (fixture, "UPDATE t SET b = 0 WHERE false", 0, 0, 0);
  assert_rows (fixture, "SELECT * FROM t ORDER BY a", "1|100\n2|200\n3|7\n");
}

static void
test_delete (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1), (2), (3), (NULL)");
  assert_affected (fixture, "DELETE FROM t WHERE a IN (SELECT a + 1 FROM t)", 0, 0, 2);
  assert_affected (fixture, "DELETE t WHERE a IS NULL", 0, 0, 1);
  assert_rows (fixture, "SELECT * FROM t", "1\n");
  assert_affected (fixture, "DELETE FROM t WHERE true", 0, 0, 1);
}

static void
test_merge (Fixture *fixture, gconstpointer data)
{
  run_fine (
    fixture,
    "CREATE TABLE t (id INT64, v STRING); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');"
    "CREATE TABLE s (id INT64, v STRING); INSERT INTO s VALUES (2, 'B'), (3, NULL), (5, 'E'), (6, 'skip')");
  assert_affected (fixture,
                   "MERGE t USING s ON t.id = s.id"
                   " WHEN MATCHED AND s.v IS NULL THEN DELETE"
                   " WHEN MATCHED THEN UPDATE SET v = s.v"
                   " WHEN NOT MATCHED AND s.v <> 'skip' THEN INSERT ROW"
                   " WHEN NOT MATCHED BY SOURCE AND t.id = 4 THEN UPDATE SET v = 'lonely'"
                   " WHEN NOT MATCHED BY SOURCE THEN DELETE",
                   1, 2, 2);
  assert_rows (fixture, "SELECT * FROM t ORDER BY id", "2|B\n4|lonely\n5|E\n");
  assert_error (
    fixture,
    "MERGE t USING (SELECT 2 AS id UNION ALL SELECT 2) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = 'x'",
    "invalidQuery", "UPDATE/MERGE must match at most one source row for each target row");
  assert_affected (fixture,
                   "MERGE t USING s ON FALSE WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)"
                   " WHEN NOT MATCHED BY SOURCE THEN DELETE",
                   4, 0, 3);
}

static void
test_truncate (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1), (2)");
  assert_affected (fixture, "TRUNCATE TABLE t", 0, 0, 2);
  assert_rows (fixture, "SELECT * FROM t", "");
  run_fine (fixture, "INSERT INTO t VALUES (3)");
  assert_rows (fixture, "SELECT * FROM t", "3\n");
}

static void
test_atomic (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (2), (1), (0)");
  assert_error (fixture, "UPDATE t SET a = DIV(10, a) WHERE true", "invalidQuery",
                "division by zero: 10 / 0");
  assert_error (fixture, "INSERT INTO t SELECT DIV(10, a) FROM t", "invalidQuery",
                "division by zero: 10 / 0");
  assert_rows (fixture, "SELECT * FROM t ORDER BY a", "0\n1\n2\n");
}

static void
test_null_elements (Fixture *fixture, gconstpointer data)
{
  static const char *const refused[] = {
    "SELECT [1, NULL] AS a",
    "SELECT STRUCT([NULL] AS b) AS a",
    "SELECT ARRAY_AGG(x) AS a FROM UNNEST([1, NULL]) AS x",
    "CREATE TABLE u AS SELECT [1, NULL] AS a",
    "INSERT INTO t (a) VALUES ([1, NULL])",
    "INSERT INTO t (a) SELECT ARRAY_AGG(x) FROM UNNEST([1, NULL]) AS x",
    "UPDATE t SET a = [NULL] WHERE TRUE",
    "MERGE t USING (SELECT [NULL, 1] AS b) ON FALSE WHEN NOT MATCHED THEN INSERT (a) VALUES (b)",
  };

  run_fine (fixture,
            "CREATE TABLE t (a ARRAY<INT64>, s STRUCT<b ARRAY<STRING>>); INSERT INTO t (a) VALUES ([1])");
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_error (fixture, refused[i], "invalidQuery",
                  "Array cannot have a null element; error in writing field a");
  assert_error (fixture, "INSERT INTO t (s) VALUES (STRUCT(['x', NULL]))", "invalidQuery",
                "Array cannot have a null element; error in writing field s");
  assert_rows (
    fixture,
    "SELECT ARRAY_LENGTH([1, NULL]), TO_JSON_STRING([1, NULL]), ARRAY_TO_STRING(['a', NULL], ',', '?')",
    "2|[1,null]|a,?\n");
  assert_rows (fixture,
               "DECLARE x ARRAY<INT64> DEFAULT [1, NULL]; SELECT COUNT(*), COUNT(y) FROM UNNEST(x) AS y",
               "2|1\n");
  assert_rows (fixture, "SELECT ARRAY_LENGTH(a) FROM t", "1\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/the-health-queries-of-the-checklist-run", test_health_queries);
  add_test ("/local-engine/insert-fills-defaults-and-refuses-nulls", test_insert);
  add_test ("/local-engine/update-matches-each-row-once", test_update);
  add_test ("/local-engine/delete-sees-the-table-as-it-was", test_delete);
  add_test ("/local-engine/merge-does-the-first-clause-that-applies", test_merge);
  add_test ("/local-engine/truncate-empties-a-table", test_truncate);
  add_test ("/local-engine/a-failed-statement-changes-nothing", test_atomic);

  add_test ("/local-engine/an-array-with-a-null-element-is-neither-told-nor-kept", test_null_elements);

  return g_test_run ();
}
