/* eros-engine-dml.c: INSERT, UPDATE, DELETE, MERGE, TRUNCATE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The analysis makes a query of each statement that says which rows become what. An INSERT writes its rows as
 * they come. For the others they are put down first: only when all of them are known, and no row is meant
 * twice, is the table touched.
 */
#include "eros-engine-private.h"

#include <string.h>

/* The table that a statement changes */
typedef struct
{
  GPtrArray *columns; /* of ErosStoreColumn; borrowed */
  char *name;         /* of the SQLite table */
  gboolean versioned;
  ErosStoreTable *store; /* (nullable); borrowed from the catalogue */
} Target;

static void
target_clear (Target *target)
{
  g_clear_pointer (&target->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static const ErosAstPath *
target_path (const ErosAstStatement *statement)
{
  switch ((int) statement->kind)
    {
    case EROS_AST_STATEMENT_INSERT:
      return &statement->insert.table;
    case EROS_AST_STATEMENT_UPDATE:
      return &statement->update.table;
    case EROS_AST_STATEMENT_DELETE:
      return &statement->delete.table;
    case EROS_AST_STATEMENT_MERGE:
      return &statement->merge.table;
    default:
      return &statement->truncate.table;
    }
}

static gboolean
is_temporary (ErosRun *run, const ErosAstPath *path)
{
  return (path->n_parts == 1 && eros_engine_find_temp_table (run->session, path->parts[0].text) != NULL) ||
         (path->n_parts == 2 && g_ascii_strcasecmp (path->parts[0].text, "_SESSION") == 0);
}

/* Finds the table and makes it ready to be written to, before anything is read of it. */
static gboolean
prepare_target (ErosRun *run, ErosEngineCatalog *catalog, const ErosAstStatement *statement, GError **error)
{
  const ErosAstPath *path = target_path (statement);
  g_auto (ErosEngineName) name = { 0 };

  if (is_temporary (run, path))
    return TRUE;
  if (!eros_engine_resolve_name (run, path, FALSE, &name, error))
    return FALSE;
  catalog->target = eros_engine_get_table (run, &name, error);
  if (catalog->target == NULL)
    return FALSE;
  if (statement->kind != EROS_AST_STATEMENT_INSERT && !eros_engine_sees_all (run, catalog->target, error))
    return FALSE;
  if (run->request->dry_run || catalog->target->kind != EROS_STORE_TABLE)
    return TRUE;
  if (statement->kind == EROS_AST_STATEMENT_INSERT)
    return TRUE;
  catalog->target_source = eros_store_prepare_write (run->session->connection, catalog->target,
                                                     EROS_STORE_CHANGE, run->cancellable, error);
  return catalog->target_source != NULL;
}

static gboolean
open_target (ErosRun *run, ErosEngineCatalog *catalog, const ErosDml *dml, Target *target, GError **error)
{
  ErosEngineTable *table = dml->table->data;

  target->store = table->store;
  if (table->temp != NULL)
    {
      target->columns = table->temp->table->columns;
      target->name = g_strdup (table->temp->source);
      return TRUE;
    }
  target->columns = table->store->columns;
  target->versioned = TRUE;
  if (catalog->target_source != NULL)
    target->name = g_strdup (catalog->target_source);
  else
    target->name = eros_store_prepare_write (run->session->connection, table->store, EROS_STORE_INSERT,
                                             run->cancellable, error);
  return target->name != NULL;
}

/* Actions */

/* c0, c1 … and a2, eros_required(a3, …) …: what an INSERT sets, with NULL checked where nothing is said */
static void
list_insert (const Target *target, const ErosDmlAction *action, GString *names, GString *values)
{
  for (guint i = 0; i < target->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (target->columns, i);
      g_autofree char *plain = NULL;
      g_autofree char *value = NULL;

      for (guint j = 0; j < action->n_columns; j++)
        if (action->columns[j] == i)
          plain = g_strdup_printf ("a%u", action->first + j);
      if (plain == NULL && !column->required)
        continue;
      value = eros_engine_fresh_value (column, plain == NULL ? "NULL" : plain);
      g_string_append_printf (names, "%sc%u", names->len == 0 ? "" : ", ", column->physical);
      g_string_append_printf (values, "%s%s", values->len == 0 ? "" : ", ", value);
    }
}

static char *
list_update (const Target *target, const ErosDmlAction *action)
{
  GString *sets = g_string_new (target->versioned ? "_v = eros_version()" : NULL);

  for (guint j = 0; j < action->n_columns; j++)
    {
      ErosStoreColumn *column = g_ptr_array_index (target->columns, action->columns[j]);
      g_autofree char *plain = g_strdup_printf ("m.a%u", action->first + j);
      g_autofree char *value = eros_engine_fresh_value (column, plain);

      g_string_append_printf (sets, "%sc%u = %s", sets->len == 0 ? "" : ", ", column->physical, value);
    }
  return g_string_free (sets, FALSE);
}

static gboolean
apply_action (ErosRun *run, const Target *target, const ErosDmlAction *action, guint index, GError **error)
{
  ErosEngineResult *current = run->current;
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autofree char *sets = NULL;
  gint64 *count;
  gboolean good;

  if (action->kind == EROS_DML_ACTION_DELETE)
    {
      count = &current->deleted_rows;
      good = eros_engine_exec (run, error,
                               "DELETE FROM %s WHERE rowid IN (SELECT a0 FROM temp.eros_dml WHERE a1 = %u)",
                               target->name, index);
    }
  else if (action->kind == EROS_DML_ACTION_UPDATE)
    {
      count = &current->updated_rows;
      sets = list_update (target, action);
      good = eros_engine_exec (
        run, error, "UPDATE %s AS t SET %s FROM temp.eros_dml AS m WHERE t.rowid = m.a0 AND m.a1 = %u",
        target->name, sets, index);
    }
  else
    {
      count = &current->inserted_rows;
      list_insert (target, action, names, values);
      good = eros_engine_exec (run, error, "INSERT INTO %s (%s) SELECT %s FROM temp.eros_dml WHERE a1 = %u",
                               target->name, names->str, values->str, index);
    }
  if (good)
    *count += sqlite3_changes64 (eros_engine_db (run));
  return good;
}

/* All rows that are to be changed, put down: temp.eros_dml (a0, a1, …) */
static gboolean
stage (ErosRun *run, const ErosAnalysis *analysis, GError **error)
{
  g_autofree char *text = eros_translate (analysis, error);
  g_autoptr (GString) sql = g_string_new ("CREATE TEMP TABLE eros_dml (");
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (text == NULL)
    return FALSE;
  for (guint i = 0; i < analysis->query->columns->len; i++)
    g_string_append_printf (sql, "%sa%u", i == 0 ? "" : ", ", i);
  g_string_append_c (sql, ')');
  if (!eros_engine_exec (run, error, "DROP TABLE IF EXISTS temp.eros_dml") ||
      !eros_engine_exec (run, error, "%s", sql->str))
    return FALSE;
  g_string_printf (sql, "INSERT INTO temp.eros_dml %s", text);
  statement = eros_engine_prepare_analysis (run, analysis, sql->str, error);
  return statement != NULL && eros_engine_step (run, statement, error) != SQLITE_ERROR;
}

static gboolean
check_twice (ErosRun *run, ErosDmlKind kind, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int code;

  if (kind == EROS_DML_DELETE)
    return TRUE;
  statement = eros_engine_prepare (
    run, "SELECT 1 FROM temp.eros_dml WHERE a0 IS NOT NULL GROUP BY a0 HAVING count(*) > 1 LIMIT 1", error);
  if (statement == NULL)
    return FALSE;
  code = eros_engine_step (run, statement, error);
  if (code == SQLITE_ROW)
    g_propagate_error (error, eros_dml_duplicate_error (kind));
  return code == SQLITE_DONE;
}

/* Rows go before others come: what a MERGE inserts is not what it deletes. */
static gboolean
apply_all (ErosRun *run, const Target *target, const ErosDml *dml, GError **error)
{
  static const ErosDmlActionKind order[] = { EROS_DML_ACTION_DELETE, EROS_DML_ACTION_UPDATE,
                                             EROS_DML_ACTION_INSERT };

  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < dml->n_actions; i++)
      if (dml->actions[i].kind == order[k] && !apply_action (run, target, &dml->actions[i], i, error))
        return FALSE;
  return eros_engine_exec (run, error, "DROP TABLE temp.eros_dml");
}

static gboolean
insert_directly (ErosRun *run, const Target *target, const ErosAnalysis *analysis, GError **error)
{
  g_autofree char *text = eros_translate (analysis, error);
  g_autofree char *rows = text == NULL ? NULL : eros_engine_query_as_rows (analysis, text);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autofree char *sql = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (rows == NULL)
    return FALSE;
  list_insert (target, &analysis->dml->actions[0], names, values);
  sql =
    g_strdup_printf ("%sINSERT INTO %s (%s) SELECT %s FROM q", rows, target->name, names->str, values->str);
  statement = eros_engine_prepare_analysis (run, analysis, sql, error);
  if (statement == NULL || eros_engine_step (run, statement, error) == SQLITE_ERROR)
    return FALSE;
  run->current->inserted_rows = sqlite3_changes64 (eros_engine_db (run));
  return TRUE;
}

static gboolean
change (ErosRun *run, ErosEngineCatalog *catalog, const ErosAnalysis *analysis, GError **error)
{
  const ErosDml *dml = analysis->dml;
  ErosEngineResult *current = run->current;
  g_auto (Target) target = { 0 };
  gboolean good;

  if (!open_target (run, catalog, dml, &target, error))
    return FALSE;
  current->inserted_rows = current->updated_rows = current->deleted_rows = 0;
  if (dml->kind == EROS_DML_INSERT)
    good = insert_directly (run, &target, analysis, error);
  else
    good = stage (run, analysis, error) && check_twice (run, dml->kind, error) &&
           apply_all (run, &target, dml, error);
  if (!good)
    return FALSE;
  current->affected_rows = current->inserted_rows + current->updated_rows + current->deleted_rows;
  run->row_count = current->affected_rows;
  return TRUE;
}

/* UPDATE and DELETE count their whole table, MERGE too unless it only inserts. */
const ErosStoreTable *
eros_engine_changed_table (const ErosDml *dml)
{
  ErosEngineTable *table = dml->table->data;

  for (guint i = 0; i < dml->n_actions; i++)
    if (dml->actions[i].kind != EROS_DML_ACTION_INSERT)
      return table->store;
  return NULL;
}

static gboolean
run_in_transaction (ErosRun *run,
                    const ErosAstStatement *statement,
                    ErosEngineCatalog *catalog,
                    GError **error)
{
  g_autoptr (ErosAnalysis) analysis = NULL;

  if (!prepare_target (run, catalog, statement, error))
    return FALSE;
  analysis = eros_engine_analyze_dml (run, catalog, statement, error);
  if (analysis == NULL ||
      !eros_engine_account (run, analysis, eros_engine_changed_table (analysis->dml), error))
    return FALSE;
  return run->request->dry_run || change (run, catalog, analysis, error);
}

static gboolean
begin (ErosRun *run, const ErosAstPath *path, GError **error)
{
  gboolean writes = !run->request->dry_run && !is_temporary (run, path);

  return eros_engine_begin_statement (run, writes ? EROS_STORE_WRITE : EROS_STORE_READ, error);
}

gboolean
eros_engine_run_dml (ErosRun *run, const ErosAstStatement *statement, GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  gboolean good;

  if (!begin (run, target_path (statement), error))
    return FALSE;
  good = run_in_transaction (run, statement, catalog, error);
  return eros_engine_end_statement (run, good, good ? error : NULL) && good;
}

/* TRUNCATE */

static gboolean
truncate_temp (ErosRun *run, ErosEngineTempTable *table, GError **error)
{
  if (!eros_engine_exec (run, error, "DELETE FROM %s", table->source))
    return FALSE;
  run->current->deleted_rows = sqlite3_changes64 (eros_engine_db (run));
  return TRUE;
}

static gboolean
truncate_table (ErosRun *run, const ErosAstTruncate *truncate, GError **error)
{
  ErosEngineTempTable *temp = truncate->table.n_parts == 1
                                ? eros_engine_find_temp_table (run->session, truncate->table.parts[0].text)
                                : NULL;
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreTable) table = NULL;
  g_auto (ErosStoreStats) stats = { 0 };

  if (temp != NULL)
    return run->request->dry_run || truncate_temp (run, temp, error);
  if (!eros_engine_resolve_name (run, &truncate->table, FALSE, &name, error))
    return FALSE;
  table = eros_engine_get_table (run, &name, error);
  if (table == NULL || !eros_engine_sees_all (run, table, error))
    return FALSE;
  g_ptr_array_add (run->current->referenced_tables,
                   eros_engine_name_new (name.project, name.dataset, name.name));
  if (run->request->dry_run)
    return TRUE;
  if (table->storage != 0 && !eros_store_get_stats (run->session->connection, table, &stats, error))
    return FALSE;
  run->current->deleted_rows = stats.rows;
  return eros_store_truncate_table (run->session->connection, table, error);
}

gboolean
eros_engine_run_truncate (ErosRun *run, const ErosAstTruncate *truncate, GError **error)
{
  gboolean good;

  if (truncate->where != NULL)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "TRUNCATE TABLE does not support a WHERE clause at [%u:%u]", truncate->where->span.line,
                   truncate->where->span.column);
      return FALSE;
    }
  if (!begin (run, &truncate->table, error))
    return FALSE;
  good = truncate_table (run, truncate, error);
  if (good)
    {
      run->current->inserted_rows = run->current->updated_rows = 0;
      run->current->affected_rows = MAX (run->current->deleted_rows, 0);
      run->row_count = run->current->affected_rows;
    }
  return eros_engine_end_statement (run, good, good ? error : NULL) && good;
}
