/* eros-engine-bind.c: an analysed statement with its parameters and variables bound
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

static const ErosEngineParameter *
find_parameter (ErosRun *run, const ErosResolvedParameter *wanted)
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
bind_parameter (ErosRun *run, sqlite3_stmt *statement, const ErosResolvedParameter *wanted, GError **error)
{
  const ErosEngineParameter *parameter;
  ErosEngineVariable *variable;
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

  if (wanted->kind == EROS_PARAMETER_VARIABLE)
    {
      variable = eros_engine_find_variable (run, wanted->name);
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
      if (eros_engine_system_variable_get (run, wanted->name, &value))
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
eros_engine_prepare_analysis (ErosRun *run, const ErosAnalysis *analysis, const char *sql, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = eros_engine_prepare (run, sql, error);

  if (statement == NULL)
    return NULL;
  for (guint i = 0; analysis->parameters != NULL && i < analysis->parameters->len; i++)
    if (!bind_parameter (run, statement, g_ptr_array_index (analysis->parameters, i), error))
      return NULL;
  return g_steal_pointer (&statement);
}

gboolean
eros_engine_evaluate_analysis (ErosRun *run,
                               const ErosAnalysis *analysis,
                               ErosSqlValue *value,
                               GError **error)
{
  g_autofree char *sql = eros_translate (analysis, error);
  g_autoptr (sqlite3_stmt) statement = NULL;
  ErosSqlValue borrowed = EROS_SQL_VALUE_INIT;
  int code;

  if (sql == NULL)
    return FALSE;
  statement = eros_engine_prepare_analysis (run, analysis, sql, error);
  if (statement == NULL)
    return FALSE;
  code = eros_engine_step (run, statement, error);
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
