/* eros-engine-session.c: variables, temporary objects, system variables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

/* Variables */

static void
variable_free (ErosEngineVariable *variable)
{
  eros_sql_value_clear (&variable->value);
  g_free (variable->name);
  g_free (variable);
}

ErosEngineScope *
eros_engine_scope_new (void)
{
  ErosEngineScope *scope = g_new0 (ErosEngineScope, 1);

  scope->variables = g_ptr_array_new_with_free_func ((GDestroyNotify) variable_free);
  return scope;
}

void
eros_engine_scope_free (ErosEngineScope *scope)
{
  g_ptr_array_unref (scope->variables);
  g_free (scope);
}

/* The innermost one of that name that the running text can see. */
ErosEngineVariable *
eros_engine_find_variable (ErosRun *run, const char *name)
{
  GPtrArray *scopes = run->frame->scopes;

  for (guint i = scopes->len; i > 0; i--)
    {
      ErosEngineScope *scope = g_ptr_array_index (scopes, i - 1);

      for (guint j = 0; j < scope->variables->len; j++)
        {
          ErosEngineVariable *variable = g_ptr_array_index (scope->variables, j);

          if (g_ascii_strcasecmp (variable->name, name) == 0)
            return variable;
        }
    }
  return NULL;
}

/* The one of the innermost scope. */
ErosEngineVariable *
eros_engine_find_in_scope (ErosRun *run, const char *name)
{
  ErosEngineScope *scope = g_ptr_array_index (run->frame->scopes, run->frame->scopes->len - 1);

  for (guint i = 0; i < scope->variables->len; i++)
    if (g_ascii_strcasecmp (((ErosEngineVariable *) g_ptr_array_index (scope->variables, i))->name, name) ==
        0)
      return g_ptr_array_index (scope->variables, i);
  return NULL;
}

/* In the innermost scope. */
ErosEngineVariable *
eros_engine_add_variable (ErosRun *run, const char *name, const ErosSqlType *type)
{
  ErosEngineScope *scope = g_ptr_array_index (run->frame->scopes, run->frame->scopes->len - 1);
  ErosEngineVariable *variable;

  variable = g_new0 (ErosEngineVariable, 1);
  variable->name = g_strdup (name);
  variable->type = type;
  eros_sql_value_set_null (&variable->value, type);
  g_ptr_array_add (scope->variables, variable);
  return variable;
}

void
eros_engine_variable_set (ErosEngineVariable *variable, const ErosSqlValue *value)
{
  ErosSqlValue copy = EROS_SQL_VALUE_INIT;

  eros_sql_value_copy (value, &copy);
  eros_sql_value_clear (&variable->value);
  variable->value = copy;
}

/* Temporary tables and functions */

void
eros_engine_temp_function_free (ErosEngineTempFunction *function)
{
  g_ptr_array_unref (function->arguments);
  g_free (function->name);
  g_free (function->body);
  g_free (function);
}

ErosEngineTempTable *
eros_engine_find_temp_table (ErosEngineSession *session, const char *name)
{
  for (guint i = 0; i < session->temp_tables->len; i++)
    {
      ErosEngineTempTable *table = g_ptr_array_index (session->temp_tables, i);

      if (strcmp (table->table->name, name) == 0)
        return table;
    }
  return NULL;
}

ErosEngineTempFunction *
eros_engine_find_temp_function (ErosEngineSession *session, const char *name)
{
  for (guint i = 0; i < session->temp_functions->len; i++)
    {
      ErosEngineTempFunction *function = g_ptr_array_index (session->temp_functions, i);

      if (strcmp (function->name, name) == 0)
        return function;
    }
  return NULL;
}

/* Sessions */

/**
 * eros_engine_session_new:
 * @engine: the engine
 *
 * Makes a session: what a job leaves in it, temporary tables, variables, an open transaction, the next one
 * finds.
 *
 * Returns: (transfer full): a session
 */
ErosEngineSession *
eros_engine_session_new (ErosEngine *engine)
{
  ErosEngineSession *session = g_new0 (ErosEngineSession, 1);

  session->engine = engine;
  session->temp_tables = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_temp_table_free);
  session->temp_functions = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_temp_function_free);
  session->scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_scope_free);
  g_ptr_array_add (session->scopes, eros_engine_scope_new ());
  return session;
}

/**
 * eros_engine_session_free:
 * @session: (transfer full): a session that runs no job
 *
 * Ends it. An open transaction is rolled back, temporary tables are gone.
 */
void
eros_engine_session_free (ErosEngineSession *session)
{
  eros_engine_abort_transaction (session);
  g_ptr_array_unref (session->temp_tables);
  g_ptr_array_unref (session->temp_functions);
  g_ptr_array_unref (session->scopes);
  eros_store_release (session->connection);
  g_free (session->time_zone);
  g_free (session->default_project);
  g_free (session->default_dataset);
  g_free (session->query_label);
  g_free (session->id);
  g_free (session);
}

/**
 * eros_engine_session_set_id:
 * @session: a session
 * @id: what it is called: \@\@session_id
 */
void
eros_engine_session_set_id (ErosEngineSession *session, const char *id)
{
  g_free (session->id);
  session->id = g_strdup (id);
}

/**
 * eros_engine_session_in_transaction:
 * @session: a session that runs no job
 *
 * Returns: whether a transaction is open in it
 */
gboolean
eros_engine_session_in_transaction (ErosEngineSession *session)
{
  return session->in_transaction;
}

/**
 * eros_engine_session_is_over:
 * @session: a session that runs no job
 *
 * Returns: whether a job has asked for its end
 */
gboolean
eros_engine_session_is_over (ErosEngineSession *session)
{
  return session->over;
}

/* System variables */

static const struct
{
  const char *name;
  const char *type;
} system_variables[] = {
  { "dataset_id", "STRING" },
  { "dataset_project_id", "STRING" },
  { "error.formatted_stack_trace", "STRING" },
  { "error.message", "STRING" },
  { "error.stack_trace", "ARRAY<STRUCT<line INT64, column INT64, filename STRING, location STRING>>" },
  { "error.statement_text", "STRING" },
  { "last_job_id", "STRING" },
  { "current_job_id", "STRING" },
  { "location", "STRING" },
  { "project_id", "STRING" },
  { "query_label", "STRING" },
  { "row_count", "INT64" },
  { "script.bytes_billed", "INT64" },
  { "script.bytes_processed", "INT64" },
  { "script.creation_time", "TIMESTAMP" },
  { "script.job_id", "STRING" },
  { "script.num_child_jobs", "INT64" },
  { "script.slot_ms", "INT64" },
  { "session_id", "STRING" },
  { "time_zone", "STRING" },
  { "transaction_id", "STRING" },
};

/* NULL when there is none of that name. */
const ErosSqlType *
eros_engine_system_variable_type (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (system_variables); i++)
    if (g_ascii_strcasecmp (system_variables[i].name, name) == 0)
      return eros_sql_type_parse (system_variables[i].type, NULL);
  return NULL;
}

static void
set_text (ErosSqlValue *value, const char *text)
{
  if (text != NULL)
    eros_sql_value_take_data (value, eros_sql_type (EROS_SQL_STRING), g_strdup (text), strlen (text));
}

static void
set_integer (ErosSqlValue *value, gint64 integer)
{
  eros_sql_value_set_integer (value, eros_sql_type (EROS_SQL_INT64), integer);
}

static char *
format_stack (GPtrArray *frames)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < frames->len; i++)
    {
      ErosEngineFrame *frame = g_ptr_array_index (frames, i);

      g_string_append_printf (text, "%sAt %s[%u:%u]", i == 0 ? "" : "\n",
                              frame->procedure == NULL ? "" : frame->procedure, frame->start_line,
                              frame->start_column);
    }
  return g_string_free (text, FALSE);
}

static void
set_stack (ErosSqlValue *value, GPtrArray *frames)
{
  const ErosSqlType *type = eros_engine_system_variable_type ("error.stack_trace");
  ErosSqlBuilder list;

  eros_sql_builder_init (&list, EROS_SQL_ARRAY);
  for (guint i = 0; i < frames->len; i++)
    {
      ErosEngineFrame *frame = g_ptr_array_index (frames, i);
      ErosSqlBuilder row;
      g_auto (ErosSqlValue) item = EROS_SQL_VALUE_INIT;

      eros_sql_builder_init (&row, EROS_SQL_STRUCT);
      eros_sql_builder_add_integer (&row, frame->start_line);
      eros_sql_builder_add_integer (&row, frame->start_column);
      eros_sql_builder_add_null (&row);
      if (frame->procedure != NULL)
        eros_sql_builder_add_text (&row, frame->procedure, strlen (frame->procedure));
      else
        eros_sql_builder_add_null (&row);
      eros_sql_builder_end_value (&row, eros_sql_type_get_element (type), &item);
      eros_sql_builder_add (&list, &item);
    }
  eros_sql_builder_end_value (&list, type, value);
}

static void
get_error_variable (ErosRun *run, const char *name, ErosSqlValue *value)
{
  ErosEngineFailure *failure;
  g_autofree char *stack = NULL;

  if (run->handled->len == 0)
    return;
  failure = g_ptr_array_index (run->handled, run->handled->len - 1);
  if (strcmp (name, "message") == 0)
    set_text (value, failure->message);
  else if (strcmp (name, "statement_text") == 0)
    set_text (value, failure->statement_text);
  else if (strcmp (name, "formatted_stack_trace") == 0)
    set_text (value, stack = format_stack (failure->frames));
  else
    set_stack (value, failure->frames);
}

static void
get_script_variable (ErosRun *run, const char *name, ErosSqlValue *value)
{
  if (strcmp (name, "bytes_billed") == 0)
    set_integer (value, run->job->bytes_billed);
  else if (strcmp (name, "bytes_processed") == 0)
    set_integer (value, run->job->bytes_processed);
  else if (strcmp (name, "slot_ms") == 0)
    set_integer (value, run->job->slot_ms);
  else if (strcmp (name, "num_child_jobs") == 0)
    set_integer (value, run->n_children);
  else if (strcmp (name, "creation_time") == 0)
    eros_sql_value_set_integer (value, eros_sql_type (EROS_SQL_TIMESTAMP), run->job->started);
  else
    set_text (value, run->request->job_id);
}

/* FALSE when its value is NULL. */
gboolean
eros_engine_system_variable_get (ErosRun *run, const char *name, ErosSqlValue *value)
{
  ErosEngineSession *session = run->session;
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (g_str_has_prefix (lower, "error."))
    get_error_variable (run, lower + 6, value);
  else if (g_str_has_prefix (lower, "script."))
    get_script_variable (run, lower + 7, value);
  else if (strcmp (lower, "row_count") == 0 && run->row_count >= 0)
    set_integer (value, run->row_count);
  else if (strcmp (lower, "project_id") == 0)
    set_text (value, run->request->project);
  else if (strcmp (lower, "dataset_id") == 0)
    set_text (value, session->default_dataset);
  else if (strcmp (lower, "dataset_project_id") == 0)
    set_text (value, session->default_project);
  else if (strcmp (lower, "time_zone") == 0)
    set_text (value, session->time_zone == NULL ? "UTC" : session->time_zone);
  else if (strcmp (lower, "query_label") == 0)
    set_text (value, session->query_label);
  else if (strcmp (lower, "transaction_id") == 0)
    set_text (value, session->transaction_id);
  else if (strcmp (lower, "session_id") == 0)
    set_text (value, session->id);
  else if (strcmp (lower, "location") == 0)
    set_text (value, run->engine->location);
  else if (strcmp (lower, "current_job_id") == 0)
    set_text (value, run->running_job_id);
  else if (strcmp (lower, "last_job_id") == 0)
    set_text (value, run->last_job_id);
  return value->type != NULL && !value->is_null;
}

static void
take (char **slot, const ErosSqlValue *value)
{
  g_free (*slot);
  *slot = value->is_null ? NULL : g_strndup (value->data, value->size);
}

static gboolean
set_time_zone (ErosEngineSession *session, const ErosSqlValue *value, GError **error)
{
  g_autofree char *name = value->is_null ? g_strdup ("UTC") : g_strndup (value->data, value->size);
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (name);

  if (zone == NULL)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Invalid time zone: %s", name);
      return FALSE;
    }
  take (&session->time_zone, value);
  return TRUE;
}

gboolean
eros_engine_system_variable_set (ErosRun *run,
                                 const ErosAstPath *path,
                                 const ErosSqlValue *value,
                                 GError **error)
{
  ErosEngineSession *session = run->session;
  const char *name = path->n_parts == 1 ? path->parts[0].text : "";

  if (g_ascii_strcasecmp (name, "time_zone") == 0)
    return set_time_zone (session, value, error);
  if (g_ascii_strcasecmp (name, "dataset_id") == 0)
    take (&session->default_dataset, value);
  else if (g_ascii_strcasecmp (name, "dataset_project_id") == 0)
    take (&session->default_project, value);
  else if (g_ascii_strcasecmp (name, "query_label") == 0)
    take (&session->query_label, value);
  else
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "System variable @@%s is not assignable at [%u:%u]", name, path->span.line,
                   path->span.column);
      return FALSE;
    }
  return TRUE;
}
