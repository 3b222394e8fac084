/* test-script.c: control flow, variables, procedures, errors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

static void
test_variables (Fixture *fixture, gconstpointer data)
{
  assert_rows (
    fixture,
    "DECLARE a, b INT64 DEFAULT 3; DECLARE c STRING; DECLARE d DEFAULT [1, 2]; DECLARE e NUMERIC DEFAULT 1;"
    "SET (a, c) = (10, 'z'); SET b = (SELECT MAX(x) FROM UNNEST(d) AS x) + a; SELECT a, b, c, d, e",
    "10|12|z|[1, 2]|1\n");
  assert_rows (fixture, "DECLARE a, b INT64; SET (a, b) = (SELECT AS STRUCT 1, 2); SELECT a + b", "3\n");
  assert_rows (fixture,
               "DECLARE x INT64 DEFAULT 1; BEGIN DECLARE x STRING DEFAULT 'inner'; SELECT x; END; SELECT x",
               "1\n");
  /* a column wins over a variable */
  assert_rows (fixture, "DECLARE x INT64 DEFAULT 1; SELECT x FROM (SELECT 5 AS x)", "5\n");
  assert_error (fixture, "DECLARE x INT64; DECLARE X STRING", "invalidQuery",
                "Query error: Variable 'X' redeclaration at [1:26]");
  assert_error (fixture, "SET nope = 1", "invalidQuery", "Query error: Undeclared variable: nope at [1:5]");
  assert_error (fixture, "DECLARE x INT64; SET x = 'a'", "invalidQuery",
                "Query error: Cannot coerce expression of type STRING to type INT64 at [1:26]");
  assert_error (fixture, "BEGIN DECLARE z INT64; END; SELECT z", "invalidQuery",
                "Query error: Unrecognized name: z at [1:36]");
  assert_error (fixture, "DECLARE a, b INT64; SET (a, b) = (1, 2, 3)", "invalidQuery",
                "Query error: Number of values does not match the number of variables at [1:34]");
}

static void
test_branches (Fixture *fixture, gconstpointer data)
{
  static const char script[] = "DECLARE x INT64 DEFAULT %s; IF x > 5 THEN SELECT 'big'; ELSEIF x > 2 THEN "
                               "SELECT 'middle'; ELSE SELECT 'small'; END IF";

  for (guint i = 0; i < 4; i++)
    {
      static const char *const values[] = { "6", "3", "1", "NULL" };
      static const char *const answers[] = { "big\n", "middle\n", "small\n", "small\n" };
      g_auto (GStrv) parts = g_strsplit (script, "%s", 2);
      g_autofree char *sql = g_strconcat (parts[0], values[i], parts[1], NULL);

      assert_rows (fixture, sql, answers[i]);
    }
  assert_rows (fixture, "CASE 2 WHEN 1 THEN SELECT 'one'; WHEN 2 THEN SELECT 'two'; END CASE", "two\n");
  assert_rows (fixture, "CASE WHEN FALSE THEN SELECT 1; ELSE SELECT 2; END CASE", "2\n");
  assert_rows (fixture, "CASE 5 WHEN 1 THEN SELECT 1; END CASE; SELECT 'on'", "on\n");
  assert_rows (
    fixture,
    "IF EXISTS (SELECT 1 FROM d.INFORMATION_SCHEMA.TABLES) THEN SELECT 'some'; ELSE SELECT 'none'; END IF",
    "none\n");
}

static void
test_loops (Fixture *fixture, gconstpointer data)
{
  assert_rows (fixture,
               "DECLARE i, s INT64 DEFAULT 0; WHILE i < 5 DO SET i = i + 1; IF i = 3 THEN CONTINUE; END IF; "
               "SET s = s + i; END WHILE; SELECT s",
               "12\n");
  assert_rows (
    fixture,
    "DECLARE i INT64 DEFAULT 0; LOOP SET i = i + 1; IF i >= 7 THEN BREAK; END IF; END LOOP; SELECT i", "7\n");
  assert_rows (fixture, "DECLARE i INT64 DEFAULT 0; REPEAT SET i = i + 1; UNTIL i >= 3 END REPEAT; SELECT i",
               "3\n");
  assert_rows (fixture,
               "DECLARE s STRING DEFAULT ''; FOR r IN (SELECT a, b FROM UNNEST([STRUCT(1 AS a, 'x' AS b), "
               "(2, 'y'), (3, 'z')]) ORDER BY a DESC)"
               " DO SET s = s || r.b || CAST(r.a AS STRING); END FOR; SELECT s",
               "z3y2x1\n");
  assert_rows (
    fixture,
    "DECLARE i INT64 DEFAULT 0; outside: LOOP LOOP SET i = i + 1; IF i = 2 THEN CONTINUE outside; END IF;"
    " IF i > 4 THEN LEAVE outside; END IF; END LOOP; END LOOP outside; SELECT i",
    "5\n");
  assert_rows (fixture, "DECLARE i INT64 DEFAULT 1; b: BEGIN SET i = 2; LEAVE b; SET i = 3; END b; SELECT i",
               "2\n");
  assert_rows (fixture, "SELECT 1; RETURN; SELECT 2", "1\n");
  assert_rows (fixture,
               "DECLARE n INT64 DEFAULT 0; FOR r IN (SELECT x FROM UNNEST(GENERATE_ARRAY(1, 1000)) AS x) DO "
               "SET n = n + r.x; END FOR; SELECT n",
               "500500\n");
}

static void
test_exceptions (Fixture *fixture, gconstpointer data)
{
  assert_rows (fixture,
               "BEGIN SELECT 1/0; SELECT 'not reached'; EXCEPTION WHEN ERROR THEN SELECT @@error.message, "
               "@@error.statement_text; END",
               "Query error: division by zero: 1 / 0 at [1:7]|SELECT 1/0\n");
  assert_rows (
    fixture,
    "BEGIN RAISE USING MESSAGE = 'my ' || 'own'; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END",
    "my own\n");
  assert_error (fixture, "BEGIN RAISE USING MESSAGE = 'again'; EXCEPTION WHEN ERROR THEN RAISE; END",
                "invalidQuery", "again at [1:7]");
  assert_error (fixture, "SELECT 1;\nRAISE USING MESSAGE = 'x'", "invalidQuery", "x at [2:1]");
  assert_error (fixture, "SELECT 1;\n  SELECT nope;", "invalidQuery",
                "Query error: Unrecognized name: nope at [2:10]");
  assert_error (fixture, "SELECT 1;\n  SELECT 1/0;", "invalidQuery",
                "Query error: division by zero: 1 / 0 at [2:3]");
  assert_rows (fixture,
               "BEGIN BEGIN SELECT 1/0; EXCEPTION WHEN ERROR THEN SELECT ERROR('second'); END;"
               " EXCEPTION WHEN ERROR THEN SELECT @@error.message; END; SELECT 'after'",
               "after\n");
  assert_error (fixture, "ASSERT 1 = 2 AS 'one is two'", "invalidQuery", "Assertion failed: one is two");
  assert_error (fixture, "SELECT 1; ASSERT NULL", "invalidQuery", "Query error: Assertion failed at [1:11]");
  run_fine (fixture, "ASSERT EXISTS (SELECT 1) AS 'there is one'");
}

static void
test_procedures (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE PROCEDURE d.p(IN a INT64, OUT b INT64, INOUT c STRING, x ANY TYPE)\n"
                     "BEGIN\n  SET b = a * 2;\n  SET c = c || '!' || CAST(x AS STRING);\nEND");
  assert_rows (fixture, "DECLARE x INT64; DECLARE y STRING DEFAULT 'hi'; CALL d.p(4, x, y, 1.5); SELECT x, y",
               "8|hi!1.5\n");
  assert_error (fixture, "DECLARE x INT64; CALL d.p(4, x)", "invalidQuery",
                "Query error: Procedure p.d.p takes 4 arguments, but 2 were given at [1:23]");
  assert_error (
    fixture, "CALL d.p(4, 5, 'x', 1)", "invalidQuery",
    "Query error: Procedure OUT and INOUT arguments must be variables; the argument for b is not at [1:13]");
  assert_error (fixture, "CALL d.q()", "notFound", "Query error: Procedure is not found: p.d.q at [1:6]");

  run_fine (fixture, "CREATE PROCEDURE d.fails()\nBEGIN\n  SELECT 1/0;\nEND;");
  assert_error (fixture, "SELECT 1;\nCALL d.fails()", "invalidQuery",
                "Query error: division by zero: 1 / 0 at [p.d.fails:2:3]");
  assert_rows (fixture,
               "BEGIN\n  CALL d.fails();\nEXCEPTION WHEN ERROR THEN SELECT @@error.formatted_stack_trace, "
               "@@error.stack_trace; END",
               "At p.d.fails[2:3]\nAt [2:3]|[(2, 3, NULL, p.d.fails), (2, 3, NULL, NULL)]\n");
  /* a caller's variables are not the procedure's */
  assert_error (fixture, "CREATE PROCEDURE d.blind() BEGIN SELECT outside; END", "invalidQuery",
                "Unrecognized name: outside at [1:41]");
  run_fine (fixture, "CREATE PROCEDURE d.down(n INT64) BEGIN IF n > 0 THEN CALL d.down(n - 1); END IF; END");
  run_fine (fixture, "CALL d.down(20)");
  assert_error (
    fixture, "CALL d.down(100)", "invalidQuery",
    "Query error: Out of stack space due to deeply-nested procedure call to p.d.down at [p.d.down:1:21]");
  run_fine (fixture, "DROP PROCEDURE d.down");
}

static void
test_strict_mode (Fixture *fixture, gconstpointer data)
{
  assert_error (fixture, "CREATE PROCEDURE d.p() BEGIN SELECT * FROM nothing; END", "notFound",
                "Not found: Table p:d.nothing was not found in location US at [1:44]");
  run_fine (fixture, "CREATE PROCEDURE d.p() OPTIONS (strict_mode = FALSE) BEGIN SELECT * FROM nothing; END");
  run_fine (
    fixture,
    "CREATE PROCEDURE d.q() BEGIN CREATE TEMP TABLE nothing AS SELECT 1 AS a; SELECT * FROM nothing; END");
  assert_rows (fixture, "CALL d.q()", "1\n");
}

static void
test_execute_immediate (Fixture *fixture, gconstpointer data)
{
  assert_rows (fixture, "EXECUTE IMMEDIATE 'SELECT ' || '1 + 1'", "2\n");
  assert_rows (
    fixture,
    "DECLARE r, q INT64; EXECUTE IMMEDIATE 'SELECT @a + @b, @a' INTO r, q USING 1 AS b, 2 AS a; SELECT r, q",
    "3|2\n");
  assert_rows (fixture, "EXECUTE IMMEDIATE 'SELECT ? - ?' USING 5, 3", "2\n");
  assert_rows (fixture,
               "DECLARE r INT64 DEFAULT 5; EXECUTE IMMEDIATE 'SELECT x FROM UNNEST(CAST([] AS ARRAY<INT64>)) "
               "AS x' INTO r; SELECT r",
               "NULL\n");
  assert_rows (fixture, "EXECUTE IMMEDIATE 'CREATE TEMP TABLE k AS SELECT 7 AS a'; SELECT a FROM k", "7\n");
  assert_error (fixture, "EXECUTE IMMEDIATE 'SELEC 1'", "invalidQuery",
                "Query error: Invalid EXECUTE IMMEDIATE sql string `SELEC 1`, Syntax error: Expected end of "
                "input but got "
                "identifier \"SELEC\" at [1:1]");
  assert_error (fixture, "DECLARE r INT64; EXECUTE IMMEDIATE 'SELECT x FROM UNNEST([1, 2]) AS x' INTO r",
                "invalidQuery",
                "Query error: EXECUTE IMMEDIATE INTO clause cannot be used with a query that returns more "
                "than one row at [1:18]");
  assert_error (fixture, "EXECUTE IMMEDIATE 'DECLARE x INT64'", "invalidQuery",
                "Query error: Invalid EXECUTE IMMEDIATE sql string `DECLARE x INT64`, Expected a single SQL "
                "statement that is not "
                "a control statement at [1:1]");
  assert_error (fixture, "EXECUTE IMMEDIATE CAST(NULL AS STRING)", "invalidQuery",
                "Query error: SQL cannot be NULL in EXECUTE IMMEDIATE at [1:19]");
}

static void
test_system_variables (Fixture *fixture, gconstpointer data)
{
  assert_rows (fixture, "SELECT @@project_id, @@dataset_id, @@time_zone, @@row_count, @@error.message",
               "p|d|UTC|NULL|NULL\n");
  assert_rows (fixture,
               "CREATE TEMP TABLE k (a INT64); INSERT INTO k VALUES (1), (2), (3); UPDATE k SET a = 0 WHERE "
               "a > 1; SELECT @@row_count",
               "2\n");
  assert_rows (
    fixture,
    "SET @@time_zone = 'America/New_York'; SELECT CAST(TIMESTAMP '2025-01-01 00:00:00+00' AS STRING)",
    "2024-12-31 19:00:00-05\n");
  assert_rows (fixture,
               "CREATE SCHEMA e; CREATE TABLE e.only_here AS SELECT 1 AS a; SET @@dataset_id = 'e'; SELECT a "
               "FROM only_here",
               "1\n");
  assert_error (fixture, "SET @@project_id = 'x'", "invalidQuery",
                "Query error: System variable @@project_id is not assignable at [1:7]");
  assert_error (fixture, "SET @@time_zone = 'Nowhere/City'", "invalidQuery",
                "Query error: Invalid time zone: Nowhere/City at [1:1]");
  assert_error (fixture, "SELECT @@nonsense", "invalidQuery", "Unrecognized name: @@nonsense at [1:8]");
}

static void
test_temporary_tables (Fixture *fixture, gconstpointer data)
{
  assert_rows (
    fixture,
    "CREATE TEMP TABLE k (a INT64 NOT NULL, b STRING DEFAULT 'x'); INSERT INTO k (a) VALUES (1), (2);"
    "UPDATE k SET b = 'y' WHERE a = 2; DELETE FROM k WHERE a = 1;"
    "MERGE k USING (SELECT 2 AS a UNION ALL SELECT 3) s ON k.a = s.a WHEN MATCHED THEN UPDATE SET b = 'm'"
    " WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a); SELECT * FROM _SESSION.k ORDER BY a",
    "2|m\n3|x\n");
  assert_error (fixture, "CREATE TEMP TABLE k (a INT64); DROP TABLE k; SELECT * FROM k", "notFound",
                "Query error: Not found: Table p:d.k was not found in location US at [1:60]");
  /* it hides the table of the same name */
  run_fine (fixture, "CREATE TABLE k AS SELECT 'permanent' AS a");
  assert_rows (fixture, "CREATE TEMP TABLE k AS SELECT 'temporary' AS a; SELECT a FROM k", "temporary\n");
  assert_rows (fixture, "SELECT a FROM k", "permanent\n");
}

static void
test_children (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosEngineResult) result = run_sql (
    fixture, "DECLARE x INT64 DEFAULT 1;\nCREATE TEMP TABLE k (a INT64);\nINSERT INTO k VALUES (x);\n"
             "IF (SELECT COUNT(*) FROM k) = 1 THEN\n  SELECT a FROM k;\nEND IF;");
  static const char *const types[] = { "CREATE_TABLE", "INSERT", "SELECT", "SELECT" };
  static const guint lines[] = { 2, 3, 4, 5 };

  g_assert_cmpstr (result->error_message, ==, NULL);
  g_assert_cmpstr (result->statement_type, ==, "SCRIPT");
  g_assert_cmpuint (result->children->len, ==, 4);
  for (guint i = 0; i < result->children->len; i++)
    {
      ErosEngineChild *child = g_ptr_array_index (result->children, i);
      ErosEngineFrame *frame = g_ptr_array_index (child->frames, 0);

      g_assert_cmpstr (child->result->statement_type, ==, types[i]);
      g_assert_cmpuint (frame->start_line, ==, lines[i]);
      g_assert_cmpint (child->is_expression, ==, i == 2);
      g_assert_true (g_str_has_prefix (child->job_id, "script_job_"));
      g_assert_cmpint (child->result->started, <=, child->result->ended);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/variables-have-types-and-scopes", test_variables);
  add_test ("/local-engine/the-first-true-branch-runs", test_branches);
  add_test ("/local-engine/loops-end-where-they-are-told", test_loops);
  add_test ("/local-engine/errors-reach-the-nearest-handler", test_exceptions);
  add_test ("/local-engine/procedures-take-and-give-back", test_procedures);
  add_test ("/local-engine/strict-mode-looks-at-a-body-when-it-is-made", test_strict_mode);
  add_test ("/local-engine/text-can-be-executed", test_execute_immediate);
  add_test ("/local-engine/system-variables-tell-and-can-be-set", test_system_variables);
  add_test ("/local-engine/temporary-tables-are-tables", test_temporary_tables);
  add_test ("/local-engine/each-statement-of-a-script-is-a-job", test_children);

  return g_test_run ();
}
