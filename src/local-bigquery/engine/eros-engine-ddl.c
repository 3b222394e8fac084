/* eros-engine-ddl.c: DDL statements: which one, whether it may run here, DROP
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

/* DROP */

static ErosStoreTableKind
kind_of (ErosAstObject object)
{
  switch ((int) object)
    {
    case EROS_AST_OBJECT_VIEW:
      return EROS_STORE_VIEW;
    case EROS_AST_OBJECT_MATERIALIZED_VIEW:
      return EROS_STORE_MATERIALIZED_VIEW;
    case EROS_AST_OBJECT_SNAPSHOT_TABLE:
      return EROS_STORE_SNAPSHOT;
    default:
      return EROS_STORE_TABLE;
    }
}

static const char *
kind_name (ErosStoreTableKind kind)
{
  static const char *const names[] = { "TABLE", "VIEW", "MATERIALIZED_VIEW", "SNAPSHOT" };

  return names[kind];
}

static gboolean
drop_temp_table (ErosRun *run, const ErosAstPath *path, GError **error)
{
  ErosEngineTempTable *table =
    eros_engine_find_temp_table (run->session, path->parts[path->n_parts - 1].text);

  if (table == NULL)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Table %s",
                   path->parts[path->n_parts - 1].text);
      return FALSE;
    }
  if (!eros_engine_exec (run, error, "DROP TABLE %s", table->source))
    return FALSE;
  g_ptr_array_remove (run->session->temp_tables, table);
  return TRUE;
}

static gboolean
drop_table (ErosRun *run, const ErosAstDrop *drop, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreTable) table = NULL;

  if (eros_engine_is_temp_path (run, &drop->path))
    return drop_temp_table (run, &drop->path, error);
  if (!eros_engine_resolve_name (run, &drop->path, FALSE, &name, error))
    return FALSE;
  run->current->ddl_table = eros_engine_name_new (name.project, name.dataset, name.name);
  table = eros_engine_get_table (run, &name, error);
  if (table == NULL)
    return FALSE;
  if (table->kind != kind_of (drop->object))
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "%s:%s.%s is not allowed for this operation because it is currently a %s.", name.project,
                   name.dataset, name.name, kind_name (table->kind));
      return FALSE;
    }
  return eros_store_drop_table (run->session->connection, table, error);
}

static gboolean
drop_schema (ErosRun *run, const ErosAstDrop *drop, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (!eros_engine_resolve_name (run, &drop->path, TRUE, &name, error))
    return FALSE;
  run->current->ddl_dataset = eros_engine_name_new (name.project, name.dataset, NULL);
  dataset = eros_store_get_dataset (run->session->connection, name.project, name.dataset, error);
  return dataset != NULL && eros_store_delete_dataset (run->session->connection, name.project, name.dataset,
                                                       drop->cascade, error);
}

static gboolean
drop_routine (ErosRun *run, const ErosAstDrop *drop, GError **error)
{
  gboolean procedure = drop->object == EROS_AST_OBJECT_PROCEDURE;
  ErosEngineTempFunction *temp =
    drop->path.n_parts == 1 ? eros_engine_find_temp_function (run->session, drop->path.parts[0].text) : NULL;
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreRoutine) routine = NULL;

  if (temp != NULL && !procedure)
    {
      g_ptr_array_remove (run->session->temp_functions, temp);
      return TRUE;
    }
  if (!eros_engine_resolve_name (run, &drop->path, FALSE, &name, error))
    return FALSE;
  run->current->ddl_routine = eros_engine_name_new (name.project, name.dataset, name.name);
  routine = eros_store_get_routine (run->session->connection, name.project, name.dataset, name.name, error);
  if (routine == NULL)
    return FALSE;
  if ((routine->kind == EROS_STORE_PROCEDURE) != procedure)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "%s:%s.%s is not a %s", name.project,
                   name.dataset, name.name, procedure ? "procedure" : "function");
      return FALSE;
    }
  return eros_store_drop_routine (run->session->connection, routine, error);
}

static gboolean
eros_engine_drop (ErosRun *run, const ErosAstDrop *drop, GError **error)
{
  GError *failure = NULL;
  gboolean good;

  if (drop->object == EROS_AST_OBJECT_SCHEMA)
    good = drop_schema (run, drop, &failure);
  else if (drop->object == EROS_AST_OBJECT_FUNCTION || drop->object == EROS_AST_OBJECT_PROCEDURE)
    good = drop_routine (run, drop, &failure);
  else
    good = drop_table (run, drop, &failure);
  if (!good && drop->if_exists && eros_engine_is_not_found (failure))
    {
      g_clear_error (&failure);
      run->current->ddl_operation = "SKIP";
      return TRUE;
    }
  if (!good)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  run->current->ddl_operation = "DROP";
  return TRUE;
}

/* UNDROP */

static gboolean
undrop (ErosRun *run, const ErosAstUndrop *statement, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreDataset) present = NULL;

  if (!eros_engine_resolve_name (run, &statement->path, TRUE, &name, error))
    return FALSE;
  run->current->ddl_dataset = eros_engine_name_new (name.project, name.dataset, NULL);
  present = eros_store_get_dataset (run->session->connection, name.project, name.dataset, NULL);
  run->current->ddl_operation = present != NULL && statement->if_not_exists ? "SKIP" : "UNDROP";
  return (present != NULL && statement->if_not_exists) ||
         eros_store_undrop_dataset (run->session->connection, name.project, name.dataset, error);
}

/* All of DDL */

static gboolean
dispatch (ErosRun *run, const ErosAstStatement *statement, GError **error)
{
  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_CREATE_SCHEMA:
      return eros_engine_create_schema (run, &statement->create_schema, error);
    case EROS_AST_STATEMENT_CREATE_TABLE:
    case EROS_AST_STATEMENT_CREATE_SNAPSHOT_TABLE:
      return eros_engine_create_table (run, statement, error);
    case EROS_AST_STATEMENT_CREATE_VIEW:
      return eros_engine_create_view (run, &statement->create_view, error);
    case EROS_AST_STATEMENT_CREATE_FUNCTION:
      return eros_engine_create_function (run, &statement->create_function, error);
    case EROS_AST_STATEMENT_CREATE_PROCEDURE:
      return eros_engine_create_procedure (run, &statement->create_procedure, error);
    case EROS_AST_STATEMENT_DROP:
      return eros_engine_drop (run, &statement->drop, error);
    case EROS_AST_STATEMENT_UNDROP:
      return undrop (run, &statement->undrop, error);
    case EROS_AST_STATEMENT_CREATE_POLICY:
      return eros_engine_create_policy (run, statement, error);
    case EROS_AST_STATEMENT_DROP_POLICY:
      return eros_engine_drop_policy (run, &statement->drop_policy, error);
    case EROS_AST_STATEMENT_GRANT:
    case EROS_AST_STATEMENT_REVOKE:
      return eros_engine_grant (run, &statement->grant, statement->kind == EROS_AST_STATEMENT_REVOKE, error);
    default:
      return eros_engine_alter (run, &statement->alter, error);
    }
}

/* What is answered has the columns of the table or view that has been made. */
static gboolean
take_columns (ErosRun *run, GError **error)
{
  const ErosEngineName *name = run->current->ddl_table;
  g_autoptr (ErosStoreTable) table = NULL;

  if (name == NULL || run->current->ddl_policy != NULL ||
      !g_str_has_prefix (run->current->statement_type, "CREATE_"))
    return TRUE;
  table = eros_store_get_table (run->session->connection, name->project, name->dataset, name->name, error);
  if (table != NULL)
    run->current->columns = g_ptr_array_ref (table->columns);
  return table != NULL;
}

/* A dry run does everything and keeps nothing. */
gboolean
eros_engine_run_ddl (ErosRun *run, const ErosAstStatement *statement, GError **error)
{
  gboolean temporary = eros_engine_is_temporary (run, statement);
  gboolean good;

  if (run->session->in_transaction && !temporary)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "%s statements on permanent entities are not supported inside a transaction at [%u:%u]",
                   eros_engine_statement_type (statement), statement->span.line, statement->span.column);
      return FALSE;
    }
  if (!eros_engine_begin_statement (run, temporary ? EROS_STORE_READ : EROS_STORE_WRITE, error))
    return FALSE;
  good = dispatch (run, statement, error) && eros_engine_permits (run, error) &&
         (temporary || take_columns (run, error));
  /* the job of a query with functions of its own is a query */
  if (temporary && statement->kind == EROS_AST_STATEMENT_CREATE_FUNCTION && !run->is_script)
    run->current->ddl_operation = NULL;
  if (good && run->request->dry_run)
    return eros_engine_end_statement (run, FALSE, NULL), TRUE;
  return eros_engine_end_statement (run, good, good ? error : NULL) && good;
}
