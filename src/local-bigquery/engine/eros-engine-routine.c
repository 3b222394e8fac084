/* eros-engine-routine.c: CREATE SCHEMA, VIEW, FUNCTION, PROCEDURE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-script.h"

#include <string.h>

/* CREATE, SKIP or REPLACE, by what there is already; FALSE when it is an error that there is something. */
static gboolean
choose_operation (ErosRun *run, const ErosAstCreate *create, gboolean taken)
{
  run->current->ddl_operation = !taken ? "CREATE" : create->if_not_exists ? "SKIP" : "REPLACE";
  return !taken || create->if_not_exists || create->or_replace;
}

static gboolean
is_skipped (ErosRun *run)
{
  return strcmp (run->current->ddl_operation, "SKIP") == 0;
}

/* SCHEMA */

static gboolean
check_dataset_id (const char *id, const ErosAstSpan *span, GError **error)
{
  gsize good = 0;

  while (g_ascii_isalnum (id[good]) || id[good] == '_')
    good++;
  if (good > 0 && good <= 1024 && id[good] == '\0')
    return TRUE;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
               "Invalid dataset ID \"%s\". Dataset IDs must be alphanumeric (plus underscores and dashes) "
               "and must be at most "
               "1024 characters long at [%u:%u]",
               id, span->line, span->column);
  return FALSE;
}

gboolean
eros_engine_create_schema (ErosRun *run, const ErosAstCreateSchema *create, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreDataset) former = NULL;
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (create->create.or_replace)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "CREATE OR REPLACE SCHEMA is not supported at [%u:%u]", create->create.path.span.line,
                   create->create.path.span.column);
      return FALSE;
    }
  if (!eros_engine_resolve_name (run, &create->create.path, TRUE, &name, error))
    return FALSE;
  if (!check_dataset_id (name.dataset, &create->create.path.span, error))
    return FALSE;
  run->current->ddl_dataset = eros_engine_name_new (name.project, name.dataset, NULL);
  former = eros_store_get_dataset (run->session->connection, name.project, name.dataset, NULL);
  if (!choose_operation (run, &create->create, former != NULL))
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Dataset %s:%s",
                   name.project, name.dataset);
      return FALSE;
    }
  if (is_skipped (run))
    return TRUE;
  dataset = eros_store_dataset_new (name.project, name.dataset);
  g_free (dataset->location);
  dataset->location =
    g_strdup (run->request->location != NULL ? run->request->location : run->engine->location);
  return eros_engine_schema_options (run, &create->options, dataset, error) &&
         eros_store_insert_dataset (run->session->connection, dataset, error);
}

/* VIEW */

/* Looks through the query; its columns become the view's. */
static gboolean
describe_view (ErosRun *run, const ErosAstCreateView *create, ErosStoreTable *view, GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  g_autoptr (ErosAnalysis) analysis = eros_analyze_query (create->query, &catalog->catalog, error);
  g_autoptr (GPtrArray) columns = NULL;

  if (analysis == NULL)
    return FALSE;
  columns = eros_engine_columns_of_query (
    analysis, create->n_columns == 0 ? EROS_ENGINE_DUPLICATES_REFUSED : EROS_ENGINE_DUPLICATES_KEPT, error);
  if (columns == NULL)
    return FALSE;
  if (create->n_columns > 0 && create->n_columns != columns->len)
    {
      g_set_error (
        error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
        "The number of columns in the column list does not match the number of columns produced by the query "
        "at [%u:%u]",
        create->query->span.line, create->query->span.column);
      return FALSE;
    }
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = eros_store_column_copy (g_ptr_array_index (columns, i));

      g_ptr_array_add (view->columns, column);
      if (create->n_columns == 0)
        continue;
      g_free (column->name);
      column->name = g_strdup (create->columns[i].name.text);
      if (!eros_engine_column_options (run, &create->columns[i].options, column, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
eros_engine_create_view (ErosRun *run, const ErosAstCreateView *create, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreTable) former = NULL;
  g_autoptr (ErosStoreTable) view = NULL;
  GError *failure = NULL;

  if (!eros_engine_resolve_name (run, &create->create.path, FALSE, &name, error))
    return FALSE;
  run->current->ddl_table = eros_engine_name_new (name.project, name.dataset, name.name);
  former = eros_engine_get_table (run, &name, &failure);
  if (former == NULL && (!eros_engine_is_not_found (failure) || strstr (failure->message, "Dataset") != NULL))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  if (!choose_operation (run, &create->create, former != NULL))
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Table %s:%s.%s",
                   name.project, name.dataset, name.name);
      return FALSE;
    }
  if (is_skipped (run))
    return TRUE;
  view = eros_store_table_new (name.project, name.dataset, name.name,
                               create->materialized ? EROS_STORE_MATERIALIZED_VIEW : EROS_STORE_VIEW);
  view->query = eros_script_dup_span (run->frame->script, &create->query->span);
  view->has_column_list = create->n_columns > 0;
  return describe_view (run, create, view, error) &&
         eros_engine_take_layout (run, create->partition_by, &create->cluster_by, view, error) &&
         eros_engine_table_options (run, &create->options, view, error) &&
         eros_store_insert_table (run->session->connection, view, create->create.or_replace, error);
}

/* FUNCTION */

static ErosStoreArgument *
new_argument (const ErosAstRoutineParameter *parameter, GError **error)
{
  const ErosSqlType *type = parameter->type == NULL ? NULL : eros_analyze_type (parameter->type, error);
  ErosStoreArgument *argument;

  if (type == NULL && parameter->type != NULL)
    return NULL;
  argument = g_new0 (ErosStoreArgument, 1);
  argument->name = g_strdup (parameter->name.text);
  argument->type = type;
  argument->mode = (ErosStoreArgumentMode) parameter->mode;
  return argument;
}

static GPtrArray *
new_arguments (const ErosAstRoutineParameter *parameters, guint n_parameters, GError **error)
{
  g_autoptr (GPtrArray) arguments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_argument_free);

  for (guint i = 0; i < n_parameters; i++)
    {
      ErosStoreArgument *argument = new_argument (&parameters[i], error);

      if (argument == NULL)
        return NULL;
      g_ptr_array_add (arguments, argument);
    }
  return g_steal_pointer (&arguments);
}

static gboolean
has_any_type (GPtrArray *arguments)
{
  for (guint i = 0; i < arguments->len; i++)
    if (((ErosStoreArgument *) g_ptr_array_index (arguments, i))->type == NULL)
      return TRUE;
  return FALSE;
}

static gboolean
create_temp_function (ErosRun *run,
                      const ErosAstCreateFunction *create,
                      GPtrArray *arguments,
                      const ErosSqlType *returns,
                      GError **error)
{
  const ErosAstPath *path = &create->create.path;
  ErosEngineTempFunction *former =
    eros_engine_find_temp_function (run->session, path->parts[path->n_parts - 1].text);
  ErosEngineTempFunction *function;

  if (!choose_operation (run, &create->create, former != NULL))
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Routine %s",
                   path->parts[0].text);
      return FALSE;
    }
  if (is_skipped (run))
    return TRUE;
  if (former != NULL)
    g_ptr_array_remove (run->session->temp_functions, former);
  function = g_new0 (ErosEngineTempFunction, 1);
  function->name = g_strdup (path->parts[path->n_parts - 1].text);
  function->arguments = g_ptr_array_ref (arguments);
  function->returns = returns;
  function->body = create->code != NULL ? g_strdup (create->code)
                                        : eros_script_dup_span (run->frame->script, &create->body_span);
  function->is_javascript = create->language != NULL;
  g_ptr_array_add (run->session->temp_functions, function);
  return TRUE;
}

static gboolean
store_routine (ErosRun *run,
               const ErosAstCreate *create,
               const ErosAstOptions *options,
               ErosStoreRoutine *routine,
               GError **error)
{
  g_autoptr (ErosStoreRoutine) former = eros_store_get_routine (run->session->connection, routine->project,
                                                                routine->dataset, routine->name, NULL);

  run->current->ddl_routine = eros_engine_name_new (routine->project, routine->dataset, routine->name);
  if (!choose_operation (run, create, former != NULL))
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Routine %s:%s.%s",
                   routine->project, routine->dataset, routine->name);
      return FALSE;
    }
  return is_skipped (run) ||
         (eros_engine_routine_options (run, options, routine, error) &&
          eros_store_insert_routine (run->session->connection, routine, create->or_replace, error));
}

/* JavaScript has no types of its own: all of them must be declared. */
static gboolean
check_javascript (const ErosAstCreateFunction *create, GPtrArray *arguments, GError **error)
{
  const ErosAstSpan *span = &create->language_span;

#ifndef EROS_HAVE_JAVASCRIPT
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
               "LANGUAGE js is not supported by the local BigQuery at [%u:%u]", span->line, span->column);
  return FALSE;
#endif
  for (guint i = 0; i < create->options.length; i++)
    if (g_ascii_strcasecmp (create->options.items[i].name.text, "library") == 0)
      {
        g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                     "Libraries of JavaScript functions are not supported by the local BigQuery at [%u:%u]",
                     create->options.items[i].name.span.line, create->options.items[i].name.span.column);
        return FALSE;
      }
  if (create->returns != NULL && !has_any_type (arguments))
    return TRUE;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
               create->returns == NULL
                 ? "Non-SQL functions must specify a return type at [%u:%u]"
                 : "Functions with arguments of ANY TYPE must be SQL functions at [%u:%u]",
               span->line, span->column);
  return FALSE;
}

static gboolean
declare_table_columns (const ErosAstCreateFunction *create, ErosStoreRoutine *routine, GError **error)
{
  if (create->n_table_columns == 0)
    return TRUE;
  routine->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_argument_free);
  for (guint i = 0; i < create->n_table_columns; i++)
    {
      ErosStoreArgument *column = g_new0 (ErosStoreArgument, 1);

      g_ptr_array_add (routine->columns, column);
      column->name = g_strdup (create->table_columns[i].name->text);
      column->type = eros_analyze_type (create->table_columns[i].type, error);
      if (column->type == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
create_table_function (ErosRun *run,
                       const ErosAstCreateFunction *create,
                       GPtrArray *arguments,
                       GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  g_autoptr (ErosStoreRoutine) routine = NULL;
  g_auto (ErosEngineName) name = { 0 };

  if (!has_any_type (arguments) && !eros_analyze_table_routine (create, &catalog->catalog, error))
    return FALSE;
  if (!eros_engine_resolve_name (run, &create->create.path, FALSE, &name, error))
    return FALSE;
  routine = eros_store_routine_new (name.project, name.dataset, name.name);
  routine->kind = EROS_STORE_TABLE_FUNCTION;
  g_ptr_array_unref (routine->arguments);
  routine->arguments = g_ptr_array_ref (arguments);
  routine->body = eros_script_dup_span (run->frame->script, &create->body_span);
  return declare_table_columns (create, routine, error) &&
         store_routine (run, &create->create, &create->options, routine, error);
}

gboolean
eros_engine_create_function (ErosRun *run, const ErosAstCreateFunction *create, GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  g_autoptr (GPtrArray) arguments = new_arguments (create->parameters, create->n_parameters, error);
  g_autoptr (ErosStoreRoutine) routine = NULL;
  g_auto (ErosEngineName) name = { 0 };
  const ErosSqlType *declared;
  const ErosSqlType *returns;

  if (arguments == NULL)
    return FALSE;
  if (create->is_table)
    return create_table_function (run, create, arguments, error);
  if (create->language != NULL && !check_javascript (create, arguments, error))
    return FALSE;
  declared = create->returns == NULL ? NULL : eros_analyze_type (create->returns, error);
  if (create->returns != NULL && declared == NULL)
    return FALSE;
  returns = has_any_type (arguments) || create->language != NULL
              ? declared
              : eros_analyze_routine (create, &catalog->catalog, error);
  if (returns == NULL && !has_any_type (arguments))
    return FALSE;
  if (create->create.temporary)
    return create_temp_function (run, create, arguments, returns, error);
  if (!eros_engine_resolve_name (run, &create->create.path, FALSE, &name, error))
    return FALSE;
  routine = eros_store_routine_new (name.project, name.dataset, name.name);
  routine->kind = EROS_STORE_FUNCTION;
  g_ptr_array_unref (routine->arguments);
  routine->arguments = g_steal_pointer (&arguments);
  routine->return_type = create->returns == NULL ? NULL : returns;
  routine->language = g_strdup (create->language);
  routine->body = create->code != NULL ? g_strdup (create->code)
                                       : eros_script_dup_span (run->frame->script, &create->body_span);
  return store_routine (run, &create->create, &create->options, routine, error);
}

/* PROCEDURE */

/* strict_mode: what the body says must make sense now, not only when somebody calls it. */
static gboolean
check_body (ErosRun *run, const ErosAstCreateProcedure *create, GPtrArray *arguments, GError **error)
{
  g_autoptr (GPtrArray) scopes = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_scope_free);
  ErosEngineResult *current = run->current;
  const ErosAstStatement *body = create->body;
  ErosAstStatements list = { (ErosAstStatement *const *) &body, 1 };
  ErosRunFrame frame = { .caller = run->frame, .script = run->frame->script, .scopes = scopes };
  gboolean good;

  g_ptr_array_add (scopes, eros_engine_scope_new ());
  run->frame = &frame;
  run->current = eros_engine_result_new ();
  for (guint i = 0; i < arguments->len; i++)
    {
      ErosStoreArgument *argument = g_ptr_array_index (arguments, i);

      if (argument->type != NULL)
        eros_engine_add_variable (run, argument->name, argument->type);
    }
  good = has_any_type (arguments) || eros_engine_check_statements (run, &list, error);
  eros_engine_result_free (run->current);
  run->current = current;
  run->frame = frame.caller;
  return good;
}

gboolean
eros_engine_create_procedure (ErosRun *run, const ErosAstCreateProcedure *create, GError **error)
{
  g_autoptr (GPtrArray) arguments = new_arguments (create->parameters, create->n_parameters, error);
  g_autoptr (ErosStoreRoutine) routine = NULL;
  g_auto (ErosEngineName) name = { 0 };

  if (arguments == NULL || !eros_engine_resolve_name (run, &create->create.path, FALSE, &name, error))
    return FALSE;
  routine = eros_store_routine_new (name.project, name.dataset, name.name);
  routine->kind = EROS_STORE_PROCEDURE;
  g_ptr_array_unref (routine->arguments);
  routine->arguments = g_steal_pointer (&arguments);
  routine->strict_mode = TRUE;
  routine->body = eros_script_dup_span (run->frame->script, &create->body->span);
  return store_routine (run, &create->create, &create->options, routine, error) &&
         (!routine->strict_mode || is_skipped (run) || check_body (run, create, routine->arguments, error));
}
