/* test-tables.c: what stands in FROM beside plain tables: wildcards, table functions, partitions, recursion
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

static void
assert_refused (Fixture *fixture, const char *sql)
{
  g_autoptr (ErosEngineResult) result = run_sql (fixture, sql);

  g_test_message ("%s", sql);
  g_assert_nonnull (result->error_message);
}

static void
test_wildcards (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE e_20250101 AS SELECT 1 AS id, 'x' AS kind;"
                     "CREATE TABLE e_20250102 AS SELECT 2 AS id, 'y' AS kind;"
                     "CREATE TABLE f_1 AS SELECT 'other' AS id");
  assert_rows (fixture, "SELECT * FROM `d.e_*` ORDER BY id", "1|x\n2|y\n");
  assert_rows (fixture, "SELECT _TABLE_SUFFIX AS s, id FROM `p.d.e_*` ORDER BY s",
               "20250101|1\n20250102|2\n");
  assert_rows (fixture, "SELECT id FROM `d.e_*` WHERE _TABLE_SUFFIX BETWEEN '20250102' AND '20250131'",
               "2\n");
  assert_rows (fixture, "SELECT id FROM `d.e_2025010*` WHERE _TABLE_SUFFIX = '1'", "1\n");
  assert_rows (fixture,
               "SELECT a.id, b.id FROM `d.e_*` AS a JOIN `d.e_*` AS b ON a._TABLE_SUFFIX < b._TABLE_SUFFIX",
               "1|2\n");
  assert_error (fixture, "SELECT * FROM `d.nothing*`", "invalidQuery",
                "p:d.nothing* does not match any table. at [1:15]");
  assert_refused (fixture, "INSERT INTO `d.e_*` VALUES (1, 'z')");
  /* the newest table tells which columns there are */
  run_fine (fixture, "CREATE TABLE e_20250103 AS SELECT 3 AS id, 'z' AS kind, TRUE AS late");
  assert_rows (fixture, "SELECT * FROM `d.e_*` ORDER BY id", "1|x|NULL\n2|y|NULL\n3|z|true\n");
  run_fine (fixture, "CREATE TABLE e_20250104 AS SELECT 'four' AS id");
  assert_refused (fixture, "SELECT * FROM `d.e_*`");
}

static void
test_partition_columns (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE t (id INT64) PARTITION BY _PARTITIONDATE; INSERT INTO t (id) VALUES (1), (2)");
  assert_rows (fixture, "SELECT * FROM t ORDER BY id", "1\n2\n");
  assert_rows (fixture,
               "SELECT COUNT(*) FROM t WHERE _PARTITIONDATE = CURRENT_DATE() AND _PARTITIONTIME = "
               "TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), DAY)",
               "2\n");
  assert_rows (fixture, "SELECT COUNT(*) FROM t WHERE _PARTITIONTIME < '2000-01-01'", "0\n");
  assert_affected (fixture, "UPDATE t SET id = 20 WHERE id = 2 AND _PARTITIONDATE > '2000-01-01'", 0, 1, 0);
  assert_affected (fixture, "DELETE FROM t WHERE _PARTITIONTIME > '2000-01-01' AND id = 1", 0, 0, 1);
  assert_rows (fixture, "SELECT id FROM t", "20\n");
  assert_refused (fixture, "SELECT _PARTITIONDATE FROM (SELECT * FROM t)");
}

static void
test_table_functions (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE n AS SELECT x, CONCAT('n', x) AS s FROM UNNEST([1, 2, 3]) AS x;"
            "CREATE TABLE FUNCTION d.above(low INT64, prefix STRING) AS "
            "(SELECT x, CONCAT(prefix, s) AS s FROM d.n WHERE x >= low);"
            "CREATE TABLE FUNCTION d.two() RETURNS TABLE<y FLOAT64> AS SELECT x FROM d.above(2, '')");
  assert_rows (fixture, "SELECT * FROM d.above(2, 'the ') ORDER BY x", "2|the n2\n3|the n3\n");
  assert_rows (fixture, "SELECT a.s FROM d.above(1 + 2, 'z') AS a", "zn3\n");
  assert_rows (fixture, "SELECT COUNT(*) FROM d.above(CAST(NULL AS INT64), '')", "0\n");
  assert_rows (fixture, "SELECT y FROM d.two() ORDER BY y", "2.0\n3.0\n");
  assert_refused (fixture, "SELECT * FROM d.above(1)");
  assert_error (fixture, "SELECT * FROM APPENDS(TABLE d.x, NULL, NULL)", "invalidQuery",
                "The table function APPENDS is not supported by the local BigQuery at [1:15]");
  assert_error (fixture, "SELECT * FROM EXTERNAL_QUERY('c', 'SELECT 1')", "invalidQuery",
                "The table function EXTERNAL_QUERY is not supported by the local BigQuery at [1:15]");
  assert_error (fixture, "SELECT * FROM d.nothing(1)", "invalidQuery",
                "Table-valued function not found: nothing at [1:15]");
  assert_error (fixture, "CREATE TABLE FUNCTION d.bad(x INT64) AS SELECT y", "invalidQuery",
                "Unrecognized name: y at [1:48]");
  assert_rows (fixture, "SELECT routine_type FROM d.INFORMATION_SCHEMA.ROUTINES WHERE routine_name = 'two'",
               "TABLE FUNCTION\n");
  run_fine (fixture, "DROP TABLE FUNCTION d.two");
  assert_refused (fixture, "SELECT * FROM d.two()");
}

static void
test_sessions (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE r (k STRING, span RANGE<DATE>);"
            "INSERT INTO r VALUES ('a', RANGE<DATE> '[2025-01-01, 2025-01-03)'),"
            " ('a', RANGE<DATE> '[2025-01-03, 2025-01-05)'), ('a', RANGE<DATE> '[2025-02-01, UNBOUNDED)'),"
            " ('b', RANGE<DATE> '[2025-01-01, 2025-01-09)'), ('b', RANGE<DATE> '[2025-01-02, 2025-01-04)'),"
            " ('c', NULL)");
  assert_rows (fixture, "SELECT * FROM RANGE_SESSIONIZE(TABLE d.r, 'span', ['k']) ORDER BY k, span",
               "a|[2025-01-01, 2025-01-03)|[2025-01-01, 2025-01-05)\n"
               "a|[2025-01-03, 2025-01-05)|[2025-01-01, 2025-01-05)\n"
               "a|[2025-02-01, UNBOUNDED)|[2025-02-01, UNBOUNDED)\n"
               "b|[2025-01-01, 2025-01-09)|[2025-01-01, 2025-01-09)\n"
               "b|[2025-01-02, 2025-01-04)|[2025-01-01, 2025-01-09)\n"
               "c|NULL|NULL\n");
  assert_rows (fixture,
               "SELECT session_range FROM RANGE_SESSIONIZE(TABLE d.r, 'span', ['k'], 'OVERLAPS') WHERE k = "
               "'a' ORDER BY span",
               "[2025-01-01, 2025-01-03)\n[2025-01-03, 2025-01-05)\n[2025-02-01, UNBOUNDED)\n");
  assert_error (fixture, "SELECT * FROM RANGE_SESSIONIZE(TABLE d.r, 'span', ['k'], 'TOUCHES')",
                "invalidQuery", "Could not cast literal \"TOUCHES\" to type RANGE_SESSIONIZE_MODE at [1:58]");
}

static void
test_recursion (Fixture *fixture, gconstpointer data)
{
  run_fine (
    fixture,
    "CREATE TABLE tree AS SELECT * FROM UNNEST([STRUCT(1 AS id, 0 AS parent), (2, 1), (3, 1), (4, 2)])");
  assert_rows (
    fixture,
    "WITH RECURSIVE r AS (SELECT id, 0 AS depth FROM tree WHERE parent = 0 UNION ALL "
    "SELECT t.id, r.depth + 1 FROM tree AS t JOIN r ON t.parent = r.id) SELECT * FROM r ORDER BY id",
    "1|0\n2|1\n3|1\n4|2\n");
  assert_rows (fixture,
               "WITH RECURSIVE c AS (SELECT 1 AS n UNION DISTINCT SELECT MOD(n + 1, 3) FROM c) SELECT n FROM "
               "c ORDER BY n",
               "0\n1\n2\n");
  assert_rows (fixture,
               "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n * 2 FROM c WHERE n < 100), d AS "
               "(SELECT SUM(n) AS s "
               "FROM c) SELECT s FROM d",
               "255\n");
  assert_error (fixture,
                "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n FROM c) SELECT COUNT(*) FROM c",
                "invalidQuery", "A recursive CTE has reached the maximum number of iterations: 500");
  assert_refused (fixture, "WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT 'x' FROM c) SELECT * FROM c");
}

static void
test_javascript (Fixture *fixture, gconstpointer data)
{
#ifdef EROS_HAVE_JAVASCRIPT
  /* INT64 is a string there: + joins, * multiplies */
  assert_rows (fixture,
               "CREATE TEMP FUNCTION f(x INT64) RETURNS STRING LANGUAGE js AS 'return x + 1'; SELECT f(41)",
               "411\n");
  assert_rows (
    fixture,
    "CREATE TEMP FUNCTION f(x INT64) RETURNS INT64 LANGUAGE js AS 'return x * 2'; SELECT f(21), f(NULL)",
    "42|0\n");
  assert_rows (
    fixture,
    "CREATE TEMP FUNCTION f(xs ARRAY<FLOAT64>) RETURNS ARRAY<STRUCT<i INT64, v FLOAT64>> LANGUAGE js AS "
    "'return xs.map((v, i) => ({ i, v: v / 2 }))'; SELECT v FROM UNNEST(f([1.0, 3.0])) ORDER BY i",
    "0.5\n1.5\n");
  assert_rows (
    fixture,
    "CREATE TEMP FUNCTION f(s STRUCT<a DATE, b BOOL>) RETURNS STRUCT<a DATE, b BOOL> LANGUAGE js AS "
    "'return { a: s.a, b: !s.b }'; SELECT f((DATE '2025-01-31', TRUE)).*",
    "2025-01-31|false\n");
  assert_rows (
    fixture,
    "CREATE TEMP FUNCTION f(x STRING) RETURNS FLOAT64 LANGUAGE js AS 'return x === null ? undefined : NaN';"
    " SELECT f('a'), f(NULL)",
    "nan|NULL\n");
  run_fine (fixture, "CREATE FUNCTION d.shout(s STRING) RETURNS STRING LANGUAGE js AS r\"\"\"return "
                     "s.toUpperCase() + '!'\"\"\"");
  assert_rows (fixture, "SELECT d.shout(s) FROM UNNEST(['a', 'b']) AS s ORDER BY 1", "A!\nB!\n");
  assert_rows (fixture, "SELECT external_language FROM d.INFORMATION_SCHEMA.ROUTINES", "JAVASCRIPT\n");
  assert_error (fixture,
                "CREATE TEMP FUNCTION f() RETURNS INT64 LANGUAGE js AS 'throw new Error(\"no\")'; SELECT f()",
                "invalidQuery", "Error: no at UDF$1(1)");
  assert_error (fixture, "CREATE FUNCTION d.f(x INT64) LANGUAGE js AS 'return x'", "invalidQuery",
                "Non-SQL functions must specify a return type at [1:30]");
#else
  assert_error (fixture, "CREATE FUNCTION d.f(x INT64) RETURNS INT64 LANGUAGE js AS 'return x'",
                "invalidQuery", "LANGUAGE js is not supported by the local BigQuery at [1:44]");
#endif
}

static void
test_collations (Fixture *fixture, gconstpointer data)
{
  assert_rows (fixture, "SELECT COLLATE('Apple', 'und:ci') = 'apple', 'b' < COLLATE('A', 'und:ci')",
               "true|false\n");
  assert_rows (fixture, "SELECT x FROM UNNEST(['b', 'A', 'C']) AS x ORDER BY COLLATE(x, 'und:ci') DESC",
               "C\nb\nA\n");
  assert_refused (fixture, "SELECT COLLATE('a', 'und:ci')");
}

#define NO_FILTER                                                                                            \
  "Cannot query over table 'p.d.t' without a filter over column(s) 'day' that can be used for partition "    \
  "elimination"

static void
test_partition_filters (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE t (id INT64, day DATE) PARTITION BY day OPTIONS (require_partition_filter = TRUE);"
            "INSERT INTO t VALUES (1, '2025-01-01'), (2, '2025-01-02')");
  assert_error (fixture, "SELECT * FROM t", "invalidQuery", NO_FILTER);
  assert_error (fixture, "SELECT COUNT(*) FROM t WHERE id = 1", "invalidQuery", NO_FILTER);
  assert_error (fixture, "SELECT * FROM t AS a JOIN t AS b ON a.id = b.id WHERE a.day = '2025-01-01'",
                "invalidQuery", NO_FILTER);
  assert_error (fixture, "DELETE FROM t WHERE id = 1", "invalidQuery", NO_FILTER);
  assert_rows (fixture, "SELECT id FROM t WHERE day = '2025-01-01'", "1\n");
  assert_rows (
    fixture, "SELECT i FROM (SELECT id AS i, day AS x FROM t) WHERE x BETWEEN '2025-01-02' AND '2025-02-01'",
    "2\n");
  assert_rows (
    fixture,
    "WITH q AS (SELECT day, COUNT(*) AS n FROM t GROUP BY day) SELECT n FROM q WHERE day IN ('2025-01-02')",
    "1\n");
  assert_affected (fixture, "DELETE FROM t WHERE day > '2025-01-01' AND id = 2", 0, 0, 1);
  assert_refused (fixture, "CREATE TABLE u (id INT64) PARTITION BY id");
}

static void
test_immediate_sees_no_variables (Fixture *fixture, gconstpointer data)
{
  assert_error (fixture, "DECLARE x INT64 DEFAULT 5; EXECUTE IMMEDIATE 'SELECT x'", "invalidQuery",
                "Query error: Unrecognized name: x at [1:8]");
  assert_rows (fixture,
               "DECLARE x INT64 DEFAULT 5; DECLARE y INT64; EXECUTE IMMEDIATE 'SELECT @a + 1' INTO y USING x "
               "AS a; SELECT y",
               "6\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/local-engine/a-wildcard-is-all-tables-of-its-prefix", test_wildcards);
  add_test ("/local-engine/a-row-knows-its-partition", test_partition_columns);
  add_test ("/local-engine/a-table-function-is-its-query", test_table_functions);
  add_test ("/local-engine/ranges-that-meet-are-a-session", test_sessions);
  add_test ("/local-engine/a-recursion-goes-on-until-nothing-is-new", test_recursion);
  add_test ("/local-engine/a-function-may-be-javascript", test_javascript);
  add_test ("/local-engine/a-collation-compares-without-case", test_collations);
  add_test ("/local-engine/a-partition-filter-that-is-required-is-asked-for", test_partition_filters);
  add_test ("/local-engine/what-is-executed-immediately-sees-no-variables", test_immediate_sees_no_variables);
  return g_test_run ();
}
