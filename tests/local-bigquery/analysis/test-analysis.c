/* test-analysis.c: what the analysis tells besides the tree
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-query-runner.h"

static ErosQueryRunner *
runner_new (void)
{
  ErosQueryRunner *runner = eros_query_runner_new ();
  g_autoptr (JsonNode) node = json_from_string (
    "{\"columns\": [[\"a\", \"INT64\"], [\"b\", \"STRING\"], [\"c\", \"ARRAY<INT64>\"], [\"d\", \"DATE\"]], "
    "\"rows\": []}",
    NULL);

  eros_query_runner_add_table (runner, "t", json_node_get_object (node));
  eros_query_runner_add_table (runner, "u", json_node_get_object (node));
  eros_query_runner_add_view (runner, "v", "SELECT a, b FROM t WHERE d IS NOT NULL");
  return runner;
}

/* "t: a c; u: b" of the columns that a statement reads */
static char *
columns_read (const char *sql)
{
  g_autoptr (ErosQueryRunner) runner = runner_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosScript) script = eros_syntax_parse (sql, -1, &error);
  const ErosAstStatement *statement = NULL;
  g_autoptr (ErosAnalysis) analysis = NULL;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  statement = eros_script_get_statements (script)->items[0];
  if (statement->kind == EROS_AST_STATEMENT_QUERY)
    analysis = eros_analyze_query (statement->query, eros_query_runner_get_catalog (runner), &error);
  else
    analysis = eros_analyze_dml (statement, eros_query_runner_get_catalog (runner), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < analysis->tables->len; i++)
    {
      const ErosTableUse *use = analysis->tables->pdata[i];

      g_string_append_printf (text, "%s%s:", i > 0 ? "; " : "", use->table->name);
      for (guint j = 0; j < use->table->n_columns; j++)
        if (use->columns[j])
          g_string_append_printf (text, " %s", use->table->columns[j].name);
    }
  return g_string_free (text, FALSE);
}

static void
assert_reads (const char *sql, const char *wanted)
{
  g_autofree char *got = columns_read (sql);

  g_assert_cmpstr (got, ==, wanted);
}

static void
test_columns_read (void)
{
  assert_reads ("SELECT a FROM t", "t: a");
  assert_reads ("SELECT COUNT(*) FROM t", "t:");
  assert_reads ("SELECT * FROM t", "t: a b c d");
  assert_reads ("SELECT a FROM (SELECT * FROM t)", "t: a");
  assert_reads ("SELECT a FROM (SELECT *, b AS e FROM t WHERE d > '2025-01-01')", "t: a d");
  assert_reads (
    "WITH q AS (SELECT * FROM t) SELECT a FROM q UNION ALL SELECT x.a FROM q AS x JOIN q AS y ON x.b = y.b",
    "t: a b");
  assert_reads ("SELECT t.a FROM t JOIN u USING (b)", "t: a b; u: b");
  assert_reads ("SELECT a FROM t WHERE EXISTS (SELECT * FROM u WHERE u.b = t.b)", "t: a b; u: b");
  assert_reads ("SELECT (SELECT MAX(u.a) FROM u) FROM t", "t:; u: a");
  assert_reads ("SELECT x FROM t, UNNEST(c) AS x", "t: c");
  assert_reads ("SELECT COUNT(*) FROM t GROUP BY b", "t: b");
  assert_reads ("SELECT a FROM t ORDER BY d", "t: a d");
  assert_reads ("SELECT a FROM (SELECT a, SUM(a) OVER (PARTITION BY b) AS s FROM t)", "t: a");
  assert_reads ("SELECT s FROM (SELECT a, SUM(a) OVER (PARTITION BY b) AS s FROM t)", "t: a b");
  assert_reads ("SELECT a FROM t WHERE TRUE QUALIFY ROW_NUMBER() OVER (ORDER BY d) = 1", "t: a d");
  assert_reads ("SELECT a FROM v", "t: a d; v:");
}

static void
test_columns_read_by_dml (void)
{
  assert_reads ("DELETE FROM t WHERE b = 'x'", "t: b");
  assert_reads ("UPDATE t SET a = a + 1 WHERE d IS NULL", "t: a d");
  assert_reads ("UPDATE t SET a = u.a FROM u WHERE u.b = t.b", "t: b; u: a b");
  assert_reads ("INSERT INTO t (a) SELECT a FROM u WHERE b = 'x'", "t:; u: a b");
  assert_reads ("MERGE t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = u.b WHEN NOT MATCHED THEN "
                "INSERT (a) VALUES "
                "(u.a)",
                "t: a; u: a b");
}

static ErosAnalysis *
analyze_text (ErosQueryRunner *runner, const char *sql, const char *wanted, GError **error)
{
  g_autoptr (ErosScript) script = eros_syntax_parse_expression (sql, -1, error);

  g_assert_nonnull (script);
  return eros_analyze_expression (eros_script_get_expression (script),
                                  wanted != NULL ? eros_sql_type_parse (wanted, NULL) : NULL,
                                  eros_query_runner_get_catalog (runner), error);
}

static void
test_expressions_become_what_is_wanted (void)
{
  g_autoptr (ErosQueryRunner) runner = runner_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosAnalysis) date = analyze_text (runner, "'2025-01-31'", "DATE", &error);
  g_autoptr (ErosAnalysis) empty = analyze_text (runner, "[]", "ARRAY<STRING>", &error);
  g_autoptr (ErosAnalysis) null = analyze_text (runner, "NULL", "STRUCT<a INT64>", &error);
  g_autoptr (ErosAnalysis) wrong = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (eros_sql_type_get_name (date->expression->type), ==, "DATE");
  g_assert_cmpint (date->expression->literal.integer, ==, 20119);
  g_assert_cmpstr (eros_sql_type_get_name (empty->expression->type), ==, "ARRAY<STRING>");
  g_assert_cmpstr (eros_sql_type_get_name (null->expression->type), ==, "STRUCT<a INT64>");
  wrong = analyze_text (runner, "'x'", "INT64", &error);
  g_assert_null (wrong);
  g_assert_error (error, EROS_ANALYSIS_ERROR, EROS_ANALYSIS_ERROR_INVALID);
}

static void
test_row_expressions_name_columns_plainly (void)
{
  static const ErosCatalogColumn columns[] = { { .name = "created" }, { .name = "id" } };
  ErosCatalogColumn typed[2];
  g_autoptr (ErosQueryRunner) runner = runner_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosScript) script = eros_syntax_parse_expression ("id + 1", -1, &error);
  g_autoptr (ErosAnalysis) analysis = NULL;
  g_autofree char *sql = NULL;

  memcpy (typed, columns, sizeof typed);
  typed[0].type = eros_sql_type (EROS_SQL_TIMESTAMP);
  typed[1].type = eros_sql_type (EROS_SQL_INT64);
  analysis = eros_analyze_row_expression (eros_script_get_expression (script), typed, 2,
                                          eros_query_runner_get_catalog (runner), &error);
  g_assert_no_error (error);
  sql = eros_translate (analysis, &error);
  g_assert_cmpstr (sql, ==, "bq_int64_add(\"id\", 1)");
}

static const ErosSqlType *
routine_type (const char *sql, GError **error)
{
  g_autoptr (ErosQueryRunner) runner = runner_new ();
  g_autoptr (ErosScript) script = eros_syntax_parse (sql, -1, error);

  g_assert_nonnull (script);
  return eros_analyze_routine (&eros_script_get_statements (script)->items[0]->create_function,
                               eros_query_runner_get_catalog (runner), error);
}

static void
test_routines_are_checked_when_made (void)
{
  g_autoptr (GError) error = NULL;
  const ErosSqlType *type = routine_type ("CREATE FUNCTION f(x INT64) AS (x / 2)", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (eros_sql_type_get_name (type), ==, "FLOAT64");
  g_assert_null (routine_type ("CREATE FUNCTION f(x ANY TYPE) AS (x)", &error));
  g_assert_no_error (error);
  g_assert_null (routine_type ("CREATE FUNCTION f(x INT64) AS (y)", &error));
  g_assert_cmpstr (error->message, ==, "Unrecognized name: y at [1:32]");
  g_clear_error (&error);
  g_assert_null (routine_type ("CREATE FUNCTION f(x INT64) RETURNS DATE AS (x)", &error));
  g_assert_cmpstr (
    error->message, ==,
    "Function declared to return DATE but the function body produces incompatible type INT64 at [1:45]");
}

static void
test_deep_nesting_is_an_error (void)
{
  g_autoptr (ErosQueryRunner) runner = runner_new ();

  for (guint n = 100; n <= 100000; n *= 10)
    {
      g_autoptr (GString) sql = g_string_new ("SELECT 1");
      g_autoptr (JsonObject) result = NULL;

      for (guint i = 0; i < n; i++)
        g_string_append (sql, " + 1");
      result = eros_query_runner_run (runner, sql->str);
      g_assert_true (json_object_has_member (result, "rows") || json_object_has_member (result, "error"));
      if (json_object_has_member (result, "error"))
        g_assert_false (g_str_has_prefix (json_object_get_string_member (result, "error"), "SQLITE"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/columns-read-are-those-the-result-depends-on", test_columns_read);
  g_test_add_func ("/analysis/columns-read-by-dml", test_columns_read_by_dml);
  g_test_add_func ("/analysis/an-expression-becomes-what-is-wanted", test_expressions_become_what_is_wanted);
  g_test_add_func ("/analysis/a-row-expression-names-columns-plainly",
                   test_row_expressions_name_columns_plainly);
  g_test_add_func ("/analysis/a-routine-is-checked-when-it-is-made", test_routines_are_checked_when_made);
  g_test_add_func ("/analysis/deep-nesting-is-an-error-at-worst", test_deep_nesting_is_an_error);
  return g_test_run ();
}
