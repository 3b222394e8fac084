/* eros-engine-call.c: CALL and EXECUTE IMMEDIATE: texts within texts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-script.h"

#include <string.h>

/* BigQuery's own limit of nested procedures */
#define MAX_DEPTH 50

void
eros_engine_frame_free (gpointer data)
{
  ErosRunFrame *frame = data;

  g_clear_pointer (&frame->script, eros_script_unref);
  g_free (frame->procedure);
  g_free (frame);
}

static gboolean
enter (ErosRun *run, ErosRunFrame *frame, GError **error)
{
  if (run->depth >= MAX_DEPTH)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Out of stack space due to deeply-nested procedure call to %s",
                   frame->procedure == NULL ? "EXECUTE IMMEDIATE" : frame->procedure);
      return FALSE;
    }
  run->depth++;
  frame->caller = run->frame;
  run->frame = frame;
  return TRUE;
}

static void
leave (ErosRun *run)
{
  run->frame = run->frame->caller;
  run->depth--;
}

/* CALL */

static ErosStoreRoutine *
find_procedure (ErosRun *run, const ErosAstPath *path, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreRoutine) routine = NULL;

  if (path->n_parts == 1 && run->session->default_dataset == NULL)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Procedure \"%s\" must be qualified with a dataset (e.g. dataset.procedure) at [%u:%u]",
                   path->parts[0].text, path->span.line, path->span.column);
      return NULL;
    }
  if (!eros_engine_resolve_name (run, path, FALSE, &name, error) ||
      !eros_engine_begin_statement (run, EROS_STORE_READ, error))
    return NULL;
  routine = eros_store_get_routine (run->session->connection, name.project, name.dataset, name.name, NULL);
  if (!eros_engine_end_statement (run, TRUE, error))
    return NULL;
  if (routine == NULL || routine->kind != EROS_STORE_PROCEDURE)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_NOT_FOUND,
                   "Procedure is not found: %s.%s.%s at [%u:%u]", name.project, name.dataset, name.name,
                   path->span.line, path->span.column);
      return NULL;
    }
  return g_steal_pointer (&routine);
}

/* The caller's variable that an OUT argument names */
static ErosEngineVariable *
variable_of (ErosRun *run, const ErosAstExpr *expr)
{
  if (expr->kind != EROS_AST_PATH || expr->path.n_parts != 1)
    return NULL;
  return eros_engine_find_variable (run, expr->path.parts[0].text);
}

static gboolean
add_argument (ErosRun *run,
              ErosEngineScope *scope,
              const ErosStoreArgument *argument,
              const ErosAstExpr *expr,
              GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  ErosEngineVariable *variable;

  if (argument->mode != EROS_STORE_ARGUMENT_IN && variable_of (run, expr) == NULL)
    {
      g_set_error (
        error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
        "Procedure OUT and INOUT arguments must be variables; the argument for %s is not at [%u:%u]",
        argument->name, expr->span.line, expr->span.column);
      return FALSE;
    }
  if (argument->mode != EROS_STORE_ARGUMENT_OUT &&
      !eros_engine_script_value (run, expr, argument->type, &value, error))
    return FALSE;
  variable = g_new0 (ErosEngineVariable, 1);
  variable->name = g_strdup (argument->name);
  variable->type = argument->type != NULL                      ? argument->type
                   : argument->mode == EROS_STORE_ARGUMENT_OUT ? variable_of (run, expr)->type
                                                               : value.type;
  eros_sql_value_set_null (&variable->value, variable->type);
  if (argument->mode != EROS_STORE_ARGUMENT_OUT)
    eros_engine_variable_set (variable, &value);
  g_ptr_array_add (scope->variables, variable);
  return TRUE;
}

static gboolean
check_out_types (ErosRun *run,
                 const ErosStoreRoutine *routine,
                 const ErosAstCallStatement *call,
                 GError **error)
{
  for (guint i = 0; i < routine->arguments->len; i++)
    {
      const ErosStoreArgument *argument = g_ptr_array_index (routine->arguments, i);
      const ErosAstExpr *expr = call->arguments.items[i];
      ErosEngineVariable *variable =
        argument->mode == EROS_STORE_ARGUMENT_IN ? NULL : variable_of (run, expr);

      if (variable == NULL || argument->type == NULL || argument->type == variable->type)
        continue;
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Argument %s of type %s cannot be assigned to variable %s of type %s at [%u:%u]",
                   argument->name, eros_sql_type_get_name (argument->type), variable->name,
                   eros_sql_type_get_name (variable->type), expr->span.line, expr->span.column);
      return FALSE;
    }
  return TRUE;
}

static void
return_arguments (ErosRun *run,
                  ErosEngineScope *scope,
                  const ErosStoreRoutine *routine,
                  const ErosAstCallStatement *call)
{
  for (guint i = 0; i < routine->arguments->len; i++)
    {
      const ErosStoreArgument *argument = g_ptr_array_index (routine->arguments, i);
      ErosEngineVariable *inner = g_ptr_array_index (scope->variables, i);

      if (argument->mode != EROS_STORE_ARGUMENT_IN)
        eros_engine_variable_set (variable_of (run, call->arguments.items[i]), &inner->value);
    }
}

static gboolean
run_body (ErosRun *run, ErosRunFrame *frame, ErosEngineScope *scope, GError **error)
{
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_scope_free);
  const char *label = NULL;
  ErosEngineFlow flow;
  const ErosAstStatements *statements = eros_script_get_statements (frame->script);

  g_ptr_array_add (scopes, scope);
  frame->scopes = scopes;
  flow = enter (run, frame, error) ? ENGINE_NEXT : ENGINE_FAILED;
  if (flow == ENGINE_NEXT)
    {
      flow = eros_engine_run_list (run, statements, &label, error);
      leave (run);
    }
  g_ptr_array_steal_index (scopes, 0); /* the arguments are the caller's */
  return flow != ENGINE_FAILED;
}

/* ---- BQ.…: procedures of BigQuery's own --------------------------------------------------------------- */

static gboolean
is_system (const ErosAstPath *path)
{
  return path->n_parts == 2 && g_ascii_strcasecmp (path->parts[0].text, "BQ") == 0;
}

/* A materialized view is computed when it is read, so it is always fresh. */
static gboolean
refresh_view (ErosRun *run, const ErosAstCallStatement *call, GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreTable) table = NULL;
  g_auto (GStrv) parts = NULL;
  ErosAstName names[3] = { 0 };
  ErosAstPath path = { .span = call->procedure.span, .parts = names };
  g_autofree char *text = NULL;

  if (!eros_engine_script_value (run, call->arguments.items[0], eros_sql_type (EROS_SQL_STRING), &value,
                                 error))
    return FALSE;
  text = value.is_null ? g_strdup ("") : g_strndup (value.data, value.size);
  parts = g_strsplit (text, ".", 3);
  for (path.n_parts = 0; parts[path.n_parts] != NULL; path.n_parts++)
    names[path.n_parts].text = parts[path.n_parts];
  if (path.n_parts < 2)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Invalid table name: %s", text);
      return FALSE;
    }
  if (!eros_engine_resolve_name (run, &path, FALSE, &name, error) ||
      !eros_engine_begin_statement (run, EROS_STORE_READ, error))
    return FALSE;
  table = eros_engine_get_table (run, &name, error);
  if (table != NULL && table->kind != EROS_STORE_MATERIALIZED_VIEW)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "%s:%s.%s is not a materialized view",
                   name.project, name.dataset, name.name);
      g_clear_pointer (&table, eros_store_table_unref);
    }
  return eros_engine_end_statement (run, table != NULL, table != NULL ? error : NULL) && table != NULL;
}

/* The session of the job that asks; its id may be given. */
static gboolean
abort_session (ErosRun *run, const ErosAstCallStatement *call, GError **error)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  g_autofree char *id = NULL;

  if (call->arguments.length == 1)
    {
      if (!eros_engine_script_value (run, call->arguments.items[0], eros_sql_type (EROS_SQL_STRING), &value,
                                     error))
        return FALSE;
      id = value.is_null ? NULL : g_strndup (value.data, value.size);
    }
  if (run->session->id == NULL || (id != NULL && strcmp (id, run->session->id) != 0))
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
                   id != NULL
                     ? "BQ.ABORT_SESSION of a session that the job does not run in is not supported by the "
                       "local BigQuery"
                     : "BQ.ABORT_SESSION needs a session: the job runs in none");
      return FALSE;
    }
  run->session->over = TRUE;
  return TRUE;
}

static gboolean
run_system_call (ErosRun *run, const ErosAstCallStatement *call, GError **error)
{
  const ErosAstName *name = &call->procedure.parts[1];

  if (g_ascii_strcasecmp (name->text, "REFRESH_MATERIALIZED_VIEW") == 0 && call->arguments.length == 1)
    return refresh_view (run, call, error);
  if (g_ascii_strcasecmp (name->text, "ABORT_SESSION") == 0 && call->arguments.length <= 1)
    return abort_session (run, call, error);
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
               "The procedure BQ.%s is not supported by the local BigQuery at [%u:%u]", name->text,
               name->span.line, name->span.column);
  return FALSE;
}

gboolean
eros_engine_run_call (ErosRun *run, const ErosAstCallStatement *call, GError **error)
{
  g_autoptr (ErosStoreRoutine) routine =
    is_system (&call->procedure) ? NULL : find_procedure (run, &call->procedure, error);
  ErosRunFrame *frame;
  ErosEngineScope *scope;
  gboolean good = TRUE;

  if (is_system (&call->procedure))
    return run_system_call (run, call, error);
  if (routine == NULL)
    return FALSE;
  if (routine->arguments->len != call->arguments.length)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Procedure %s.%s.%s takes %u arguments, but %u were given at [%u:%u]", routine->project,
                   routine->dataset, routine->name, routine->arguments->len, call->arguments.length,
                   call->procedure.span.line, call->procedure.span.column);
      return FALSE;
    }
  frame = g_new0 (ErosRunFrame, 1);
  scope = eros_engine_scope_new ();
  frame->procedure = g_strdup_printf ("%s.%s.%s", routine->project, routine->dataset, routine->name);
  for (guint i = 0; good && i < routine->arguments->len; i++)
    good =
      add_argument (run, scope, g_ptr_array_index (routine->arguments, i), call->arguments.items[i], error);
  good = good && check_out_types (run, routine, call, error);
  if (good)
    frame->script = eros_syntax_parse (routine->body, -1, error);
  good = good && frame->script != NULL && run_body (run, frame, scope, error);
  if (good)
    return_arguments (run, scope, routine, call);
  eros_engine_scope_free (scope);
  eros_engine_frame_free (frame);
  return good;
}

/* EXECUTE IMMEDIATE */

static void
free_parameters (ErosEngineParameter *parameters, guint n)
{
  for (guint i = 0; i < n; i++)
    eros_sql_value_clear (&parameters[i].value);
  g_free (parameters);
}

static gboolean
read_parameters (ErosRun *run,
                 const ErosAstExecuteImmediate *execute,
                 ErosEngineParameter *parameters,
                 GError **error)
{
  for (guint i = 0; i < execute->n_using; i++)
    {
      parameters[i].name = execute->using_[i].alias == NULL ? NULL : execute->using_[i].alias->text;
      if (!eros_engine_script_value (run, execute->using_[i].expr, NULL, &parameters[i].value, error))
        return FALSE;
    }
  return TRUE;
}

static ErosScript *
parse_dynamic (ErosRun *run, const ErosAstExecuteImmediate *execute, GError **error)
{
  g_auto (ErosSqlValue) text = EROS_SQL_VALUE_INIT;
  g_autoptr (ErosScript) script = NULL;
  GError *failure = NULL;
  const ErosAstStatements *statements;

  if (!eros_engine_script_value (run, execute->sql, eros_sql_type (EROS_SQL_STRING), &text, error))
    return NULL;
  if (text.is_null)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "SQL cannot be NULL in EXECUTE IMMEDIATE at [%u:%u]", execute->sql->span.line,
                   execute->sql->span.column);
      return NULL;
    }
  script = eros_syntax_parse (text.data, text.size, &failure);
  if (script == NULL)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Invalid EXECUTE IMMEDIATE sql string `%.*s`, %s", (int) text.size, text.data,
                   failure->message);
      g_clear_error (&failure);
      return NULL;
    }
  statements = eros_script_get_statements (script);
  if (statements->length == 1 && (statements->items[0]->kind < EROS_AST_STATEMENT_DECLARE ||
                                  statements->items[0]->kind == EROS_AST_STATEMENT_ASSERT))
    return g_steal_pointer (&script);
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
               "Invalid EXECUTE IMMEDIATE sql string `%.*s`, Expected a single SQL statement that is not a "
               "control statement",
               (int) text.size, text.data);
  return NULL;
}

typedef struct
{
  GArray *values; /* of ErosSqlValue */
} FirstRow;

static gboolean
first_row_cb (const ErosSqlValue *values, guint n_values, gpointer user_data)
{
  FirstRow *row = user_data;

  for (guint i = 0; i < n_values; i++)
    {
      ErosSqlValue copy = EROS_SQL_VALUE_INIT;

      eros_sql_value_copy (&values[i], &copy);
      g_array_append_val (row->values, copy);
    }
  return FALSE;
}

static gboolean
assign (ErosRun *run, const ErosAstName *name, const ErosSqlValue *value, GError **error)
{
  ErosEngineVariable *variable = eros_engine_find_variable (run, name->text);
  ErosSqlValue null = EROS_SQL_VALUE_INIT;

  if (variable == NULL)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Undeclared variable: %s at [%u:%u]",
                   name->text, name->span.line, name->span.column);
      return FALSE;
    }
  eros_sql_value_set_null (&null, variable->type);
  if (value == NULL || value->is_null)
    eros_engine_variable_set (variable, &null);
  else if (value->type == variable->type)
    eros_engine_variable_set (variable, value);
  else if (!eros_engine_convert (run, value, variable, error))
    {
      g_prefix_error (
        error, "Cannot assign a value of type %s to %s of type %s: ", eros_sql_type_get_name (value->type),
        variable->name, eros_sql_type_get_name (variable->type));
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_into (ErosRun *run, const ErosAstExecuteImmediate *execute, GError **error)
{
  ErosStoreResult *result = run->job->result;
  gint64 n_rows = result == NULL ? 0 : eros_store_result_get_n_rows (result);
  guint n_columns = result == NULL ? 0 : eros_store_result_get_columns (result)->len;
  FirstRow row = { g_array_new (FALSE, FALSE, sizeof (ErosSqlValue)) };
  gboolean good;

  g_array_set_clear_func (row.values, (GDestroyNotify) eros_sql_value_clear);
  good = n_rows <= 1 && n_columns == execute->into.length;
  if (!good)
    g_set_error (
      error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
      n_rows > 1 ? "EXECUTE IMMEDIATE INTO clause cannot be used with a query that returns more than one row"
                 : "EXECUTE IMMEDIATE INTO clause expects %u columns, but the query returns %u",
      execute->into.length, n_columns);
  good = good && (n_rows == 0 || eros_store_result_foreach (result, 0, 1, first_row_cb, &row, error));
  for (guint i = 0; good && i < execute->into.length; i++)
    good = assign (run, &execute->into.items[i],
                   row.values->len > i ? &g_array_index (row.values, ErosSqlValue, i) : NULL, error);
  g_array_unref (row.values);
  return good;
}

static gboolean
run_dynamic (ErosRun *run, const ErosAstExecuteImmediate *execute, ErosRunFrame *frame, GError **error)
{
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_scope_free);
  const ErosAstStatement *statement = eros_script_get_statements (frame->script)->items[0];
  gboolean good;

  g_ptr_array_add (scopes, eros_engine_scope_new ());
  frame->scopes = scopes;
  frame->dynamic = TRUE;
  frame->statement = statement;
  if (!enter (run, frame, error))
    return FALSE;
  good = eros_engine_run_statement (run, statement, error);
  leave (run);
  if (good && execute->into.length > 0 && statement->kind != EROS_AST_STATEMENT_QUERY)
    {
      g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                           "EXECUTE IMMEDIATE INTO clause needs a statement that is a query");
      return FALSE;
    }
  return good && (execute->into.length == 0 || take_into (run, execute, error));
}

gboolean
eros_engine_run_execute (ErosRun *run, const ErosAstExecuteImmediate *execute, GError **error)
{
  ErosRunFrame *frame = g_new0 (ErosRunFrame, 1);
  ErosEngineParameter *parameters = g_new0 (ErosEngineParameter, MAX (execute->n_using, 1));
  gboolean good;

  frame->script = parse_dynamic (run, execute, error);
  good = frame->script != NULL && read_parameters (run, execute, parameters, error);
  frame->parameters = parameters;
  frame->n_parameters = execute->n_using;
  good = good && run_dynamic (run, execute, frame, error);
  free_parameters (parameters, execute->n_using);
  eros_engine_frame_free (frame);
  return good;
}
