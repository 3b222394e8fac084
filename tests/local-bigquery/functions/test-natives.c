/* test-natives.c: native functions on a bare SQLite connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-function.h>
#include <math.h>

typedef struct
{
  sqlite3 *database;
  ErosFunctionContext context;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sqlite3_open (":memory:", &fixture->database), ==, SQLITE_OK);
  fixture->context = (ErosFunctionContext){ G_GINT64_CONSTANT (1735689600000000), NULL, "lead@example.com" };
  g_assert_true (eros_functions_register (fixture->database, &fixture->context, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_assert_cmpint (sqlite3_close (fixture->database), ==, SQLITE_OK);
}

/* The first row's columns as SQLite prints them, joined by "|"; or the error. */
static char *
run (Fixture *fixture, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  int code = sqlite3_prepare_v2 (fixture->database, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (statement); i++)
      {
        if (i > 0)
          g_string_append_c (text, '|');
        if (sqlite3_column_type (statement, i) == SQLITE_NULL)
          g_string_append (text, "NULL");
        else
          g_string_append (text, (const char *) sqlite3_column_text (statement, i));
      }
  else if (code != SQLITE_DONE)
    g_string_append_printf (text, "error: %s", sqlite3_errmsg (fixture->database));
  sqlite3_finalize (statement);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_sql (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *text = run (fixture, sql);

  if (g_strcmp0 (text, expected) != 0)
    g_test_message ("%s", sql);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_arithmetic (Fixture *fixture, gconstpointer user_data)
{
  assert_sql (fixture, "SELECT bq_int64_add(9223372036854775807, 1)",
              "error: int64 overflow: 9223372036854775807 + 1");
  assert_sql (fixture, "SELECT bq_safe_int64_add(9223372036854775807, 1)", "NULL");
  assert_sql (fixture, "SELECT bq_float64_divide(1.0, 0.0)", "error: division by zero: 1 / 0");
  assert_sql (fixture, "SELECT bq_safe_float64_divide(1.0, 4.0)", "0.25");
  assert_sql (fixture, "SELECT bq_ieee_divide(0.0, 0.0) = x'4e', bq_is_nan(x'4e')", "1|1");
  assert_sql (
    fixture,
    "SELECT bq_float64_less(x'4e', 1.0), bq_float64_less(1.0, x'4e'), bq_float64_equal(x'4e', x'4e')",
    "0|0|0");
  assert_sql (fixture, "SELECT bq_int64_mod(-7, 2), bq_int64_div(-7, 2)", "-1|-3");
}

#define ROWS                                                                                                 \
  "WITH t (i, f, s) AS (VALUES (1, 1.5, 'a'), (2, NULL, 'b'), (NULL, 2.5, NULL), (2, -1.0, 'a'), (5, 0.0, "  \
  "'é')) "

static void
test_aggregates (Fixture *fixture, gconstpointer user_data)
{
  assert_sql (fixture,
              ROWS "SELECT bq_sum_int64(i), bq_avg_int64(i), bq_sum_float64(f), bq_countif(i > 1) FROM t",
              "10|2.5|3.0|3");
  assert_sql (fixture, ROWS "SELECT bq_with_string_agg('l2 odl ', s, '-', s) FROM t", "é-b");
  assert_sql (fixture, ROWS "SELECT bq_with_string_agg('d oaf ', s, ',', s) FROM t", "a,b,é");
  assert_sql (fixture, ROWS "SELECT bq_with_any_value('h+ ', s, i) FROM t", "é");
  assert_sql (fixture, ROWS "SELECT group_concat(value) FROM bq_unnest((SELECT bq_array_agg(i) FROM t))",
              "1,2,2,5");
  assert_sql (fixture, ROWS "SELECT bq_sum_int64(i), bq_string_agg(s) FROM t WHERE i > 9", "NULL|NULL");
  assert_sql (fixture, "WITH t (i) AS (VALUES (9223372036854775807), (1)) SELECT bq_sum_int64(i) FROM t",
              "error: int64 overflow");
  assert_sql (fixture, ROWS "SELECT bq_stddev_samp_float64(i), bq_var_pop_float64(i) FROM t",
              "1.73205080756888|2.25");
}

static void
test_windows (Fixture *fixture, gconstpointer user_data)
{
  assert_sql (
    fixture,
    ROWS
    "SELECT group_concat(x, ' ') FROM (SELECT bq_with_string_agg('', s, ',') OVER (ORDER BY i ROWS BETWEEN "
    "1 PRECEDING AND CURRENT ROW) AS x FROM t WHERE s IS NOT NULL)",
    "a a,b b,a a,é");
  assert_sql (
    fixture,
    ROWS "SELECT group_concat(x, ' ') FROM (SELECT bq_sum_int64(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING "
         "AND CURRENT ROW) AS x FROM t)",
    "1 3 4 7");
  assert_sql (
    fixture,
    ROWS "SELECT group_concat(x, ' ') FROM (SELECT bq_with_percentile_cont('', f, 0.5) OVER () AS x FROM t)",
    "0.75 0.75 0.75 0.75 0.75");
}

/* ---- Looking up ---------------------------------------------------------------------------------------- */

static void
assert_resolves (const char *name, const char *types, const char *result, const char *native)
{
  const ErosFunction *function = eros_function_lookup (name);
  g_auto (GStrv) names = g_strsplit (types, ";", -1);
  g_autofree ErosSqlArgument *arguments = g_new0 (ErosSqlArgument, g_strv_length (names) + 1);
  g_auto (ErosFunctionCall) call = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (function);
  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean literal = names[i][0] == '=';

      arguments[i].type = eros_sql_type_parse (names[i] + literal, &error);
      g_assert_no_error (error);
      arguments[i].form = literal ? EROS_SQL_FORM_LITERAL : EROS_SQL_FORM_EXPRESSION;
    }
  if (!eros_function_resolve (function, arguments, g_strv_length (names), &call, &error))
    {
      g_assert_cmpstr (error->message, ==, result);
      return;
    }
  g_assert_cmpstr (eros_sql_type_get_name (call.result), ==, result);
  g_assert_cmpstr (call.native, ==, native);
}

static void
test_resolve (void)
{
  assert_resolves ("$add", "INT64;INT64", "INT64", "bq_int64_add");
  assert_resolves ("$add", "INT64;FLOAT64", "FLOAT64", "bq_float64_add");
  assert_resolves ("sqrt", "INT64", "FLOAT64", "bq_float64_sqrt");
  assert_resolves ("$equal", "DATE;=STRING", "BOOL", "(?1 = ?2)");
  assert_resolves ("array_agg", "STRING", "ARRAY<STRING>", "bq_array_agg");
  assert_resolves ("array_concat_agg", "ARRAY<STRUCT<a INT64>>", "ARRAY<STRUCT<a INT64>>",
                   "bq_array_concat_agg");
  assert_resolves (
    "COUNTIF", "STRING",
    "No matching signature for aggregate function COUNTIF for argument types: STRING. Supported "
    "signature: COUNTIF(BOOL)",
    NULL);
}

static void
test_missing (void)
{
  g_autoptr (GError) misspelt = eros_function_missing ("SQTR");
  g_autoptr (GError) unsupported = eros_function_missing ("ST_GEOGPOINT");

  g_assert_null (eros_function_lookup ("SQTR"));
  g_assert_error (misspelt, EROS_SQL_ERROR, EROS_SQL_ERROR_NO_FUNCTION);
  g_assert_error (unsupported, EROS_SQL_ERROR, EROS_SQL_ERROR_UNSUPPORTED);
}

/* Every native name in the catalogue must be one that the connection knows. */
static void
check_native (gpointer data, gpointer user_data)
{
  Fixture *fixture = user_data;

  for (guint i = 0; i < eros_function_get_n_signatures (data); i++)
    {
      const char *native = eros_signature_get_native (eros_function_get_signature (data, i));
      g_autofree char *sql =
        g_strdup_printf ("SELECT count(*) > 0 FROM pragma_function_list WHERE name = '%s'", native);

      if (native[0] != '(')
        assert_sql (fixture, sql, "1");
    }
}

static void
test_all_registered (Fixture *fixture, gconstpointer user_data)
{
  eros_function_foreach (check_native, fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/functions/arithmetic-overflows-and-NaN-are-as-in-googlesql", Fixture, NULL, set_up,
              test_arithmetic, tear_down);
  g_test_add ("/functions/aggregates-take-distinct-order-limit-and-having", Fixture, NULL, set_up,
              test_aggregates, tear_down);
  g_test_add ("/functions/aggregates-work-over-moving-windows", Fixture, NULL, set_up, test_windows,
              tear_down);
  g_test_add_func ("/functions/a-call-resolves-to-the-cheapest-signature", test_resolve);
  g_test_add_func ("/functions/a-missing-function-is-named", test_missing);
  g_test_add ("/functions/every-signature-has-its-native-function", Fixture, NULL, set_up,
              test_all_registered, tear_down);

  return g_test_run ();
}
