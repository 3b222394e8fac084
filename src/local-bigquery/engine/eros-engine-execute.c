/* eros-engine-execute.c: SQLite statements of a job: bound, stepped, stopped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

/* So many instructions of SQLite's machine are done between two looks at the clock. */
#define INSTRUCTIONS_PER_LOOK 10000

sqlite3 *
engine_db (ErosRun *run)
{
  return eros_store_connection_get_db (run->session->connection);
}

/* The statement's one instant, and what else the functions know of the world. */
gboolean
engine_begin_clock (ErosRun *run)
{
  ErosFunctionContext *context = run->session->context;

  context->now = g_get_real_time ();
  context->time_zone = run->session->time_zone;
  context->session_user = run->request->user_email;
  return TRUE;
}

gboolean
engine_check_cancelled (ErosRun *run, GError **error)
{
  gint64 now = run->deadline != 0 ? g_get_monotonic_time () : 0;

  if (run->deadline != 0 && now > run->deadline)
    {
      g_set_error (
        error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_TIMEOUT,
        "Operation timed out after %.1f seconds. Consider reducing the amount of work performed by your "
        "operation so that it can complete within this limit.",
        run->request->timeout_ms / 1000.0);
      return FALSE;
    }
  if (g_cancellable_is_cancelled (run->cancellable))
    {
      g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_STOPPED,
                           "Job execution was cancelled: User requested cancellation");
      return FALSE;
    }
  return TRUE;
}

static int
progress_cb (gpointer user_data)
{
  return !engine_check_cancelled (user_data, NULL);
}

static gboolean
is_too_complex (const char *message)
{
  return strstr (message, "parser stack overflow") != NULL ||
         strstr (message, "Expression tree is too large") != NULL || strstr (message, "too many ") != NULL ||
         strstr (message, "at most 64 tables") != NULL;
}

void
engine_set_sqlite_error (ErosRun *run, GError **error)
{
  sqlite3 *db = engine_db (run);
  int code = sqlite3_errcode (db) & 0xff;
  const char *message = sqlite3_errmsg (db);

  if (code == SQLITE_INTERRUPT && !engine_check_cancelled (run, error))
    return;
  if (code == SQLITE_NOMEM || code == SQLITE_TOOBIG || (code == SQLITE_ERROR && is_too_complex (message)))
    g_set_error (
      error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_TOO_COMPLEX,
      "Resources exceeded during query execution: Not enough resources for query planning - too many "
      "subqueries or query is too complex");
  else if (code == SQLITE_ERROR || code == SQLITE_CONSTRAINT)
    g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, message);
  else
    g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_FAILED, "An internal error occurred: %s",
                 message);
}

sqlite3_stmt *
engine_prepare (ErosRun *run, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  g_debug ("%s", sql);
  sqlite3_progress_handler (engine_db (run), INSTRUCTIONS_PER_LOOK, progress_cb, run);
  if (!engine_check_cancelled (run, error))
    return NULL;
  if (sqlite3_prepare_v2 (engine_db (run), sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  engine_set_sqlite_error (run, error);
  return NULL;
}

/* SQLITE_ROW, SQLITE_DONE, or SQLITE_ERROR with @error set. */
int
engine_step (ErosRun *run, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return code;
  engine_set_sqlite_error (run, error);
  return SQLITE_ERROR;
}

gboolean
engine_exec (ErosRun *run, GError **error, const char *format, ...)
{
  g_autofree char *sql = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  statement = engine_prepare (run, sql, error);
  return statement != NULL && engine_step (run, statement, error) != SQLITE_ERROR;
}

/* Parameters */

static const ErosEngineParameter *
find_parameter (ErosRun *run, const ErosParameter *wanted)
{
  guint position = 0;

  for (guint i = 0; i < run->frame->n_parameters; i++)
    {
      const ErosEngineParameter *parameter = &run->frame->parameters[i];

      if (wanted->kind == EROS_PARAMETER_NAMED && parameter->name != NULL &&
          g_ascii_strcasecmp (parameter->name, wanted->name) == 0)
        return parameter;
      if (wanted->kind == EROS_PARAMETER_POSITIONAL && parameter->name == NULL &&
          position++ == wanted->position)
        return parameter;
    }
  return NULL;
}

static gboolean
bind_parameter (ErosRun *run, sqlite3_stmt *statement, const ErosParameter *wanted, GError **error)
{
  const ErosEngineParameter *parameter;
  EngineVariable *variable;
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

  if (wanted->kind == EROS_PARAMETER_VARIABLE)
    {
      variable = engine_find_variable (run, wanted->name);
      if (variable == NULL)
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Undeclared variable: %s",
                       wanted->name);
          return FALSE;
        }
      eros_sql_value_bind (&variable->value, statement, wanted->slot + 1);
      return TRUE;
    }
  if (wanted->kind == EROS_PARAMETER_SYSTEM)
    {
      if (engine_system_variable_get (run, wanted->name, &value))
        eros_sql_value_bind (&value, statement, wanted->slot + 1);
      return TRUE;
    }
  parameter = find_parameter (run, wanted);
  if (parameter != NULL)
    eros_sql_value_bind (&parameter->value, statement, wanted->slot + 1);
  return TRUE;
}

/* Prepares @sql, which @analysis was translated to or became a part of, with its parameters bound. */
sqlite3_stmt *
engine_prepare_analysis (ErosRun *run, const ErosAnalysis *analysis, const char *sql, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = engine_prepare (run, sql, error);

  if (statement == NULL)
    return NULL;
  for (guint i = 0; analysis->parameters != NULL && i < analysis->parameters->len; i++)
    if (!bind_parameter (run, statement, g_ptr_array_index (analysis->parameters, i), error))
      return NULL;
  return g_steal_pointer (&statement);
}

/* Expressions */

gboolean
engine_evaluate_analysis (ErosRun *run, const ErosAnalysis *analysis, ErosSqlValue *value, GError **error)
{
  g_autofree char *sql = eros_translate (analysis, error);
  g_autoptr (sqlite3_stmt) statement = NULL;
  ErosSqlValue borrowed = EROS_SQL_VALUE_INIT;
  int code;

  if (sql == NULL)
    return FALSE;
  statement = engine_prepare_analysis (run, analysis, sql, error);
  if (statement == NULL)
    return FALSE;
  code = engine_step (run, statement, error);
  if (code == SQLITE_ERROR)
    return FALSE;
  eros_sql_value_clear (value);
  if (code == SQLITE_DONE)
    {
      eros_sql_value_set_null (value, analysis->expression->type);
      return TRUE;
    }
  eros_sql_value_load_column (&borrowed, analysis->expression->type, statement, 0);
  eros_sql_value_copy (&borrowed, value);
  return TRUE;
}

/* As engine_evaluate(), in the middle of a statement. */
gboolean
engine_evaluate_here (ErosRun *run,
                      const ErosAstExpr *expr,
                      const ErosSqlType *wanted,
                      ErosSqlValue *value,
                      GError **error)
{
  g_autoptr (EngineCatalog) catalog = engine_catalog_new (run);
  g_autoptr (ErosAnalysis) analysis = engine_analyze_expression (run, catalog, expr, wanted, error);

  return analysis != NULL && engine_evaluate_analysis (run, analysis, value, error) &&
         engine_account (run, analysis, NULL, error);
}

/*
 * engine_evaluate:
 * @wanted: (nullable): what it has to be, or may be coerced to
 * @value: (out): owned by the caller; cleared first
 *
 * The value of an expression of a script, with whatever it reads of tables accounted for.
 */
gboolean
engine_evaluate (ErosRun *run,
                 const ErosAstExpr *expr,
                 const ErosSqlType *wanted,
                 ErosSqlValue *value,
                 GError **error)
{
  gboolean good;

  if (!engine_begin_statement (run, EROS_STORE_READ, error))
    return FALSE;
  good = engine_evaluate_here (run, expr, wanted, value, error);
  return engine_end_statement (run, good, good ? error : NULL) && good;
}

/* Coerces @value to what @variable holds. */
gboolean
engine_convert (ErosRun *run, const ErosSqlValue *value, EngineVariable *variable, GError **error)
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
  statement = engine_prepare (run, sql->str, error);
  if (statement == NULL)
    return FALSE;
  eros_sql_value_bind (value, statement, 1);
  if (engine_step (run, statement, error) != SQLITE_ROW)
    return FALSE;
  eros_sql_value_load_column (&result, variable->type, statement, 0);
  engine_variable_set (variable, &result);
  return TRUE;
}

/* 'text', as SQLite reads it */
char *
engine_quote_text (const char *text)
{
  GString *out = g_string_new ("'");

  for (; *text != '\0'; text++)
    {
      if (*text == '\'')
        g_string_append_c (out, '\'');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '\'');
  return g_string_free (out, FALSE);
}
