/* test-native.c: SQL functions in statements that would be too complex with their bodies in place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

/* Each call nests the body's expressions into those of the calls around it. */
static void
make_functions (Fixture *fixture)
{
  run_fine (
    fixture,
    "CREATE TABLE d.t (id INT64, v INT64); INSERT INTO d.t VALUES (1, 7), (2, 8), (3, NULL);"
    "CREATE FUNCTION d.step(x INT64, k INT64) AS (IF(x IS NULL, k, IF(MOD(x, 2) = 0, DIV(x, 2), 3 * x + k)));"
    "CREATE FUNCTION d.steps(x INT64) AS (d.step(d.step(d.step(d.step(x, 1), 1), 1), 1));"
    "CREATE FUNCTION d.total() AS ((SELECT SUM(v) FROM d.t));"
    "CREATE FUNCTION d.fails(x INT64) AS (IF(x > 20, ERROR(CONCAT('too high: ', CAST(x AS STRING))), x));"
    "CREATE FUNCTION d.noise(x FLOAT64) AS (x + RAND())");
}

static char *
nest (const char *function, guint depth, const char *argument)
{
  GString *text = g_string_new (argument);

  for (guint i = 0; i < depth; i++)
    {
      g_string_prepend (text, function);
      g_string_append_c (text, ')');
    }
  return g_string_free (text, FALSE);
}

static gint64
steps (gint64 x, guint n)
{
  for (guint i = 0; i < n; i++)
    x = x % 2 == 0 ? x / 2 : 3 * x + 1;
  return x;
}

static void
test_select (Fixture *fixture, gconstpointer data)
{
  make_functions (fixture);
  for (guint depth = 1; depth <= 24; depth++)
    {
      g_autofree char *calls = nest ("d.steps(", depth, "v");
      g_autofree char *sql =
        g_strdup_printf ("SELECT id, %s FROM d.t WHERE v IS NOT NULL ORDER BY id", calls);
      g_autofree char *rows = g_strdup_printf ("1|%" G_GINT64_FORMAT "\n2|%" G_GINT64_FORMAT "\n",
                                               steps (7, 4 * depth), steps (8, 4 * depth));

      assert_rows (fixture, sql, rows);
    }
}

static void
test_merge (Fixture *fixture, gconstpointer data)
{
  g_autofree char *source = nest ("d.steps(", 9, "v");
  g_autofree char *target = nest ("d.steps(", 7, "s.v");
  g_autofree char *sql = NULL;
  g_autofree char *rows = NULL;

  make_functions (fixture);
  sql = g_strdup_printf (
    "MERGE d.t AS t USING (SELECT id + 1 AS id, %s AS v FROM d.t) AS s ON t.id = s.id"
    " WHEN MATCHED THEN UPDATE SET v = %s + d.total() WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, "
    "%s)",
    source, target, target);
  assert_affected (fixture, sql, 1, 2, 0);
  rows = g_strdup_printf ("1|7\n2|%" G_GINT64_FORMAT "\n3|%" G_GINT64_FORMAT "\n4|1\n", steps (7, 64) + 15,
                          steps (8, 64) + 15);
  /* a NULL becomes 1 at the first step, and 4, 2, 1, 4 … after it */
  assert_rows (fixture, "SELECT * FROM d.t WHERE id < 4 UNION ALL SELECT 4, 1 ORDER BY id", rows);
  assert_rows (fixture, "SELECT v IN (1, 2, 4) FROM d.t WHERE id = 4", "true\n");
}

static void
test_expression (Fixture *fixture, gconstpointer data)
{
  g_autofree char *calls = nest ("d.steps(", 20, "x");
  g_autofree char *sql = g_strdup_printf ("DECLARE x INT64 DEFAULT 27; SET x = %s; SELECT x", calls);
  g_autofree char *rows = g_strdup_printf ("%" G_GINT64_FORMAT "\n", steps (27, 80));

  make_functions (fixture);
  assert_rows (fixture, sql, rows);
}

/* What the body says of a row is the statement's error, and the next statement is as if nothing had been. */
static void
test_error (Fixture *fixture, gconstpointer data)
{
  g_autofree char *calls = nest ("d.steps(", 20, "27");
  g_autofree char *sql = g_strdup_printf ("SELECT d.fails(%s + 20)", calls);
  g_autofree char *message = g_strdup_printf ("too high: %" G_GINT64_FORMAT, steps (27, 80) + 20);

  make_functions (fixture);
  assert_error (fixture, sql, "invalidQuery", message);
  assert_rows (fixture, "SELECT d.fails(20), d.steps(7)", "20|17\n");
}

static void
test_volatile (Fixture *fixture, gconstpointer data)
{
  g_autofree char *calls = nest ("d.noise(", 5, "0.0");
  g_autofree char *sql = g_strdup_printf (
    "SELECT COUNT(DISTINCT x) > 900 FROM (SELECT %s AS x FROM UNNEST(GENERATE_ARRAY(1, 1000)))", calls);

  make_functions (fixture);
  assert_rows (fixture, sql, "true\n");
  run_fine (fixture, "CREATE FUNCTION d.twice(x FLOAT64) AS (x - x)");
  assert_rows (
    fixture,
    "SELECT COUNT(DISTINCT y) > 900, MAX(x) FROM (SELECT d.twice(RAND()) AS x, d.noise(RAND()) AS y"
    " FROM UNNEST(GENERATE_ARRAY(1, 1000)))",
    "true|0.0\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/nested-calls-of-any-depth-are-selected", test_select);
  add_test ("/local-engine/merge-calls-functions-that-do-not-fit-in-place", test_merge);
  add_test ("/local-engine/a-variable-is-set-to-deeply-nested-calls", test_expression);
  add_test ("/local-engine/a-called-body-fails-with-its-own-words", test_error);
  add_test ("/local-engine/a-called-body-draws-anew-for-each-row", test_volatile);

  return g_test_run ();
}
