/* eros-engine-evaluate.c: an expression's value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

/* Expressions */

/* As eros_engine_evaluate(), in the middle of a statement. */
gboolean
eros_engine_evaluate_here (ErosRun *run,
                           const ErosAstExpr *expr,
                           const ErosSqlType *wanted,
                           ErosSqlValue *value,
                           GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  g_autoptr (ErosAnalysis) analysis = eros_engine_analyze_expression (run, catalog, expr, wanted, error);

  return analysis != NULL && eros_engine_evaluate_analysis (run, analysis, value, error) &&
         eros_engine_account (run, analysis, NULL, error);
}

/*
 * eros_engine_evaluate:
 * @wanted: (nullable): what it has to be, or may be coerced to
 * @value: (out): owned by the caller; cleared first
 *
 * The value of an expression of a script, with whatever it reads of tables accounted for.
 */
gboolean
eros_engine_evaluate (ErosRun *run,
                      const ErosAstExpr *expr,
                      const ErosSqlType *wanted,
                      ErosSqlValue *value,
                      GError **error)
{
  gboolean good;

  if (!eros_engine_begin_statement (run, EROS_STORE_READ, error))
    return FALSE;
  good = eros_engine_evaluate_here (run, expr, wanted, value, error);
  return eros_engine_end_statement (run, good, good ? error : NULL) && good;
}

/* Coerces @value to what @variable holds. */
gboolean
eros_engine_convert (ErosRun *run, const ErosSqlValue *value, ErosEngineVariable *variable, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (sqlite3_stmt) statement = NULL;
  ErosSqlValue result = EROS_SQL_VALUE_INIT;

  if (!eros_sql_type_coerces (value->type, EROS_SQL_FORM_LITERAL, variable->type))
    {
      g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "the types do not match");
      return FALSE;
    }
  eros_function_append_cast ("?1", value->type, variable->type, FALSE, NULL, NULL, sql);
  statement = eros_engine_prepare (run, sql->str, error);
  if (statement == NULL)
    return FALSE;
  eros_sql_value_bind (value, statement, 1);
  if (eros_engine_step (run, statement, error) != SQLITE_ROW)
    return FALSE;
  eros_sql_value_load_column (&result, variable->type, statement, 0);
  eros_engine_variable_set (variable, &result);
  return TRUE;
}
