/* test-ddl.c: what there is, and what becomes of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

static void
assert_operation (Fixture *fixture, const char *sql, const char *type, const char *operation)
{
  g_autoptr (ErosEngineResult) result = run_sql (fixture, sql);

  if (result->error_message != NULL)
    g_error ("%s\n%s", sql, result->error_message);
  g_assert_cmpstr (result->statement_type, ==, type);
  g_assert_cmpstr (result->ddl_operation, ==, operation);
}

static void
test_create (Fixture *fixture, gconstpointer data)
{
  assert_operation (fixture, "CREATE TABLE t (a INT64)", "CREATE_TABLE", "CREATE");
  assert_operation (fixture, "CREATE TABLE IF NOT EXISTS t (b INT64)", "CREATE_TABLE", "SKIP");
  assert_operation (fixture, "CREATE OR REPLACE TABLE t AS SELECT 1 AS b, 'x' AS c", "CREATE_TABLE_AS_SELECT",
                    "REPLACE");
  assert_rows (fixture, "SELECT * FROM t", "1|x\n");
  assert_error (fixture, "CREATE TABLE t (a INT64)", "duplicate", "Already Exists: Table p:d.t");
  assert_error (fixture, "CREATE TABLE nowhere.t (a INT64)", "notFound",
                "Not found: Dataset p:nowhere was not found in location US");
  assert_error (fixture, "CREATE TABLE u (a INT64, A STRING)", "invalidQuery",
                "Duplicate column name A in CREATE TABLE at [1:26]");
  assert_error (fixture, "CREATE TABLE u AS SELECT 1", "invalidQuery",
                "CREATE TABLE columns must be named, but column 1 has no name at [1:19]");
  assert_error (fixture, "CREATE TABLE u (a INT64 DEFAULT 'x')", "invalidQuery",
                "Cannot coerce expression of type STRING to type INT64 at [1:33]");
  assert_operation (fixture, "CREATE TABLE u (a FLOAT64, b STRING) AS SELECT 1, 'y'",
                    "CREATE_TABLE_AS_SELECT", "CREATE");
  assert_rows (fixture, "SELECT * FROM u", "1.0|y\n");
  assert_operation (fixture, "DROP TABLE u", "DROP_TABLE", "DROP");
  assert_operation (fixture, "DROP TABLE IF EXISTS u", "DROP_TABLE", "SKIP");
  assert_error (fixture, "DROP TABLE u", "notFound", "Not found: Table p:d.u was not found in location US");
}

static void
test_like_copy_clone (Fixture *fixture, gconstpointer data)
{
  run_fine (
    fixture,
    "CREATE TABLE t (a INT64 NOT NULL, d DATE) PARTITION BY d CLUSTER BY a OPTIONS (description = 'T');"
    "INSERT INTO t VALUES (1, DATE '2025-01-01'), (2, NULL);"
    "CREATE TABLE l LIKE t; CREATE TABLE c COPY t; CREATE TABLE k CLONE t; CREATE SNAPSHOT TABLE s CLONE t");
  assert_rows (
    fixture,
    "SELECT table_name, table_type, base_table_name FROM d.INFORMATION_SCHEMA.TABLES ORDER BY table_name",
    "c|BASE TABLE|NULL\nk|CLONE|t\nl|BASE TABLE|NULL\ns|SNAPSHOT|t\nt|BASE TABLE|NULL\n");
  assert_affected (fixture, "UPDATE t SET a = 10 WHERE a = 1", 0, 1, 0);
  assert_affected (fixture, "DELETE FROM k WHERE a = 2", 0, 0, 1);
  assert_rows (
    fixture,
    "SELECT (SELECT SUM(a) FROM t), (SELECT COUNT(*) FROM l), (SELECT SUM(a) FROM c), (SELECT SUM(a) FROM k),"
    " (SELECT SUM(a) FROM s)",
    "12|0|3|1|3\n");
  assert_error (fixture, "INSERT INTO l (d) VALUES (NULL)", "invalidQuery",
                "Required field a cannot be null");
  assert_error (fixture, "DELETE FROM s WHERE TRUE", "invalidQuery",
                "DML over read-only table p:d.s is not allowed at [1:13]");
  run_fine (fixture, "CREATE OR REPLACE TABLE t CLONE s");
  assert_rows (fixture, "SELECT a, d FROM t ORDER BY a", "1|2025-01-01\n2|NULL\n");
  run_fine (fixture, "DROP SNAPSHOT TABLE s");
  assert_rows (fixture, "SELECT SUM(a) FROM t", "3\n");

  /* A column is added to rows that another table has as well. */
  run_fine (fixture, "CREATE SNAPSHOT TABLE s CLONE t; CREATE OR REPLACE TABLE t CLONE s");
  run_fine (fixture, "ALTER TABLE t ADD COLUMN e INT64; UPDATE t SET e = 7 WHERE a = 1");
  assert_rows (fixture, "SELECT a, e FROM t ORDER BY a", "1|7\n2|NULL\n");
  assert_rows (fixture, "SELECT * FROM s ORDER BY a", "1|2025-01-01\n2|NULL\n");
}

static void
test_time_travel (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1), (2)");
  assert_rows (fixture,
               "DECLARE before TIMESTAMP DEFAULT CURRENT_TIMESTAMP(); UPDATE t SET a = a + 10 WHERE TRUE;"
               "INSERT INTO t VALUES (3); SELECT SUM(a) FROM t FOR SYSTEM_TIME AS OF before",
               "3\n");
  assert_rows (fixture, "SELECT SUM(a) FROM t", "26\n");
  assert_rows (fixture,
               "DECLARE before TIMESTAMP DEFAULT CURRENT_TIMESTAMP(); DROP TABLE t;"
               "CREATE TABLE t CLONE t FOR SYSTEM_TIME AS OF before; SELECT SUM(a) FROM t",
               "26\n");
  assert_rows (fixture,
               "DECLARE before TIMESTAMP DEFAULT CURRENT_TIMESTAMP(); TRUNCATE TABLE t;"
               "CREATE SNAPSHOT TABLE s CLONE t FOR SYSTEM_TIME AS OF before; SELECT SUM(a) FROM s",
               "26\n");
}

static void
test_alter (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64 NOT NULL, b STRING); INSERT INTO t VALUES (1, 'x')");
  run_fine (fixture,
            "ALTER TABLE t ADD COLUMN c FLOAT64, ADD COLUMN IF NOT EXISTS b STRING, RENAME COLUMN b TO bb");
  run_fine (fixture,
            "ALTER TABLE t ALTER COLUMN a DROP NOT NULL; ALTER TABLE t ALTER COLUMN c SET DEFAULT 1.5;"
            "INSERT INTO t (bb) VALUES ('y')");
  assert_rows (fixture, "SELECT * FROM t ORDER BY bb", "1|x|NULL\nNULL|y|1.5\n");
  run_fine (fixture, "ALTER TABLE t ALTER COLUMN a SET DATA TYPE NUMERIC; INSERT INTO t (a) VALUES (2.5);"
                     "ALTER TABLE t DROP COLUMN bb, DROP COLUMN IF EXISTS zz");
  assert_rows (fixture, "SELECT * FROM t ORDER BY a", "NULL|1.5\n1|NULL\n2.5|1.5\n");
  run_fine (fixture, "ALTER TABLE t RENAME TO u");
  assert_rows (fixture, "SELECT COUNT(*) FROM u", "3\n");
  assert_error (fixture, "SELECT * FROM t", "notFound",
                "Not found: Table p:d.t was not found in location US at [1:15]");
  assert_error (fixture, "ALTER TABLE u ALTER COLUMN a SET DATA TYPE STRING", "invalidQuery",
                "ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (NUMERIC) is "
                "assignable to "
                "the new type (STRING) at [1:15]");
  assert_error (fixture, "ALTER TABLE u DROP COLUMN zz", "invalidQuery",
                "Column zz was not found in table p:d.u at [1:15]");
  assert_error (fixture, "ALTER TABLE u SET OPTIONS (nonsense = 1)", "invalidQuery",
                "Unknown option: nonsense at [1:28]");
  run_fine (fixture, "ALTER TABLE IF EXISTS t SET OPTIONS (description = 'x')");
}

static void
test_options (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE t (a INT64 OPTIONS (description = 'the a')) OPTIONS (description = 'it is', "
            "labels = [('team', 'eros'), ('env', 'test')], expiration_timestamp = TIMESTAMP '2100-01-01')");
  assert_rows (fixture, "SELECT option_name, option_value FROM d.INFORMATION_SCHEMA.TABLE_OPTIONS ORDER BY 1",
               "description|\"it is\"\nexpiration_timestamp|TIMESTAMP \"2100-01-01 00:00:00+00\"\n"
               "labels|[(\"env\", \"test\"), (\"team\", \"eros\")]\n");
  run_fine (fixture,
            "ALTER TABLE t SET OPTIONS (description = NULL, labels = [], expiration_timestamp = NULL)");
  assert_rows (fixture, "SELECT COUNT(*) FROM d.INFORMATION_SCHEMA.TABLE_OPTIONS", "0\n");
  assert_error (
    fixture, "ALTER TABLE t SET OPTIONS (expiration_timestamp = TIMESTAMP '2000-01-01')", "invalidQuery",
    "Invalid value for expiration_timestamp: the expiration time must be in the future at [1:19]");
  assert_error (fixture, "ALTER TABLE t SET OPTIONS (description = 5)", "invalidQuery",
                "Cannot coerce expression of type INT64 to type STRING at [1:42]");
}

static void
test_views (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64, b STRING); INSERT INTO t VALUES (1, 'x'), (2, 'y')");
  assert_operation (fixture, "CREATE VIEW v AS SELECT a * 2 AS twice, b FROM t", "CREATE_VIEW", "CREATE");
  assert_operation (fixture, "CREATE OR REPLACE VIEW v (two, bee) AS SELECT a * 2, b FROM t WHERE a > 1",
                    "CREATE_VIEW", "REPLACE");
  assert_rows (fixture, "SELECT * FROM v", "4|y\n");
  assert_operation (fixture, "CREATE MATERIALIZED VIEW m AS SELECT COUNT(*) AS n FROM t",
                    "CREATE_MATERIALIZED_VIEW", "CREATE");
  run_fine (fixture, "INSERT INTO t VALUES (3, 'z')");
  assert_rows (fixture, "SELECT n, (SELECT COUNT(*) FROM v) FROM m", "3|2\n");
  assert_error (fixture, "CREATE VIEW w AS SELECT nope FROM t", "invalidQuery",
                "Unrecognized name: nope at [1:25]");
  assert_error (fixture, "DROP TABLE v", "invalidQuery",
                "p:d.v is not allowed for this operation because it is currently a VIEW.");
  run_fine (fixture, "DROP VIEW v; DROP MATERIALIZED VIEW m");
}

static void
test_functions (Fixture *fixture, gconstpointer data)
{
  assert_operation (fixture, "CREATE FUNCTION d.add(x INT64, y INT64) RETURNS INT64 AS (x + y)",
                    "CREATE_FUNCTION", "CREATE");
  assert_operation (fixture, "CREATE FUNCTION IF NOT EXISTS d.add(x INT64) AS (x)", "CREATE_FUNCTION",
                    "SKIP");
  run_fine (fixture, "CREATE FUNCTION d.first(x ANY TYPE, y ANY TYPE) AS (IF(x IS NULL, y, x))");
  assert_rows (fixture, "SELECT d.add(1, 2), `p.d.add`(3, 4), p.d.first(NULL, 'z'), d.first(1.5, 2)",
               "3|7|z|1.5\n");
  assert_rows (fixture, "CREATE TEMP FUNCTION twice(x INT64) AS (x * 2); SELECT twice(d.add(1, 1))", "4\n");
  assert_error (fixture, "SELECT twice(1)", "invalidQuery", "Function not found: twice at [1:8]");
  assert_error (fixture, "CREATE FUNCTION d.bad(x INT64) AS (y)", "invalidQuery",
                "Unrecognized name: y at [1:36]");
  assert_error (fixture, "CREATE FUNCTION d.bad(x INT64) RETURNS STRING LANGUAGE python AS 'return x'",
                "invalidQuery", "LANGUAGE python is not supported by the local BigQuery at [1:47]");
  assert_operation (fixture, "DROP FUNCTION d.add", "DROP_FUNCTION", "DROP");
  assert_error (fixture, "SELECT d.add(1, 2)", "invalidQuery", "Function not found: d.add at [1:8]");
}

static void
test_schemas (Fixture *fixture, gconstpointer data)
{
  assert_operation (fixture, "CREATE SCHEMA e OPTIONS (description = 'another', location = 'EU')",
                    "CREATE_SCHEMA", "CREATE");
  assert_operation (fixture, "CREATE SCHEMA IF NOT EXISTS e", "CREATE_SCHEMA", "SKIP");
  assert_error (fixture, "CREATE SCHEMA e", "duplicate", "Already Exists: Dataset p:e");
  run_fine (fixture,
            "ALTER SCHEMA e SET OPTIONS (default_table_expiration_days = 1); CREATE TABLE e.t (a INT64)");
  assert_error (fixture, "DROP SCHEMA e", "resourceInUse", "Dataset p:e is still in use");
  assert_operation (fixture, "DROP SCHEMA e CASCADE", "DROP_SCHEMA", "DROP");
  assert_operation (fixture, "DROP SCHEMA IF EXISTS e", "DROP_SCHEMA", "SKIP");
  assert_error (fixture, "SELECT 1 FROM e.t", "notFound",
                "Not found: Dataset p:e was not found in location US at [1:15]");
}

static void
test_limits_of_types (Fixture *fixture, gconstpointer data)
{
  run_fine (
    fixture,
    "CREATE TABLE t (s STRING(3), b BYTES(2), n NUMERIC(5, 2)); INSERT INTO t VALUES ('äöü', b'ab', 1.235)");
  assert_rows (fixture, "SELECT s, n FROM t", "äöü|1.24\n");
  assert_error (fixture, "INSERT INTO t (s) VALUES ('abcd')", "invalidQuery",
                "Field s: STRING(3) has maximum length 3 but got a value with length 4");
  assert_error (fixture, "UPDATE t SET b = b'abc' WHERE TRUE", "invalidQuery",
                "Field b: BYTES(2) has maximum length 2 but got a value with length 3");
  assert_error (
    fixture, "INSERT INTO t (n) VALUES (1000)", "invalidQuery",
    "Field n: NUMERIC(5, 2) has precision 5 and scale 2 but got a value that is not in range: 1000");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/tables-are-made-replaced-and-dropped", test_create);
  add_test ("/local-engine/copies-clones-and-snapshots-part-at-the-first-write", test_like_copy_clone);
  add_test ("/local-engine/the-past-can-be-read-and-brought-back", test_time_travel);
  add_test ("/local-engine/columns-change-under-their-rows", test_alter);
  add_test ("/local-engine/options-are-checked-and-kept", test_options);
  add_test ("/local-engine/views-show-the-present", test_views);
  add_test ("/local-engine/functions-are-sql-in-sql", test_functions);
  add_test ("/local-engine/data-sets-come-and-go", test_schemas);
  add_test ("/local-engine/types-with-parameters-limit-their-values", test_limits_of_types);

  return g_test_run ();
}
