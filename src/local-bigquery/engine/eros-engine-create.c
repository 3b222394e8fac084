/* eros-engine-create.c: CREATE TABLE in all its forms
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-constraints.h"
#include "eros-clock.h"

#include <string.h>

/* Columns */

static void
take_parameters (ErosStoreColumn *column, const ErosAstType *type)
{
  const ErosSqlType *plain =
    eros_sql_type_is (column->type, EROS_SQL_ARRAY) ? eros_sql_type_get_element (column->type) : column->type;
  gint64 numbers[2] = { 0, 0 };

  for (guint i = 0; i < MIN (type->parameters.length, 2u); i++)
    if (type->parameters.items[i]->kind == EROS_AST_LITERAL)
      numbers[i] = type->parameters.items[i]->literal.integer;
  if (type->parameters.length == 0)
    return;
  if (eros_sql_type_is (plain, EROS_SQL_STRING) || eros_sql_type_is (plain, EROS_SQL_BYTES))
    column->max_length = numbers[0];
  else
    {
      column->precision = numbers[0];
      column->scale = numbers[1];
    }
}

static gboolean take_fields (ErosRun *run, const ErosAstType *type, ErosStoreColumn *column, GError **error);

static ErosStoreColumn *
field_from_ast (ErosRun *run, const ErosAstField *ast, const ErosSqlField *member, GError **error)
{
  g_autoptr (ErosStoreColumn) field = eros_store_column_new (member->name, member->type);

  field->required = ast->not_null;
  take_parameters (field, ast->type);
  if (!take_fields (run, ast->type, field, error) ||
      !eros_engine_column_options (run, &ast->options, field, error))
    return NULL;
  return g_steal_pointer (&field);
}

/* What is said of the fields inside a STRUCT, or of those of an ARRAY of STRUCTs. */
static gboolean
take_fields (ErosRun *run, const ErosAstType *type, ErosStoreColumn *column, GError **error)
{
  const ErosSqlType *eros_sql_type = column->type;

  if (type->kind == EROS_AST_TYPE_ARRAY && eros_sql_type_is (eros_sql_type, EROS_SQL_ARRAY))
    {
      type = type->element;
      eros_sql_type = eros_sql_type_get_element (eros_sql_type);
      take_parameters (column, type);
    }
  if (type->kind != EROS_AST_TYPE_STRUCT)
    return TRUE;
  column->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  for (guint i = 0; i < type->n_fields; i++)
    {
      ErosStoreColumn *field =
        field_from_ast (run, &type->fields[i], eros_sql_type_get_field (eros_sql_type, i), error);

      if (field == NULL)
        return FALSE;
      g_ptr_array_add (column->fields, field);
    }
  return TRUE;
}

static gboolean
take_default (ErosRun *run, const ErosAstColumn *ast, ErosStoreColumn *column, GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = NULL;
  g_autoptr (ErosAnalysis) analysis = NULL;

  if (ast->default_ == NULL)
    return TRUE;
  catalog = eros_engine_catalog_new (run);
  analysis = eros_analyze_expression (ast->default_, column->type, &catalog->catalog, error);
  if (analysis == NULL)
    return FALSE;
  column->default_expression = eros_script_dup_span (run->frame->script, &ast->default_->span);
  return TRUE;
}

/* Returns: (transfer full) (nullable): what the column list of CREATE or ALTER TABLE says */
ErosStoreColumn *
eros_engine_column_from_ast (ErosRun *run, const ErosAstColumn *ast, GError **error)
{
  const ErosSqlType *type = eros_analyze_type (ast->type, error);
  g_autoptr (ErosStoreColumn) column = NULL;

  if (type == NULL)
    return NULL;
  column = eros_store_column_new (ast->name.text, type);
  column->physical = EROS_STORE_NEW_COLUMN;
  column->required = ast->not_null;
  take_parameters (column, ast->type);
  if (!take_fields (run, ast->type, column, error))
    return NULL;
  if (ast->not_null && eros_sql_type_is (type, EROS_SQL_ARRAY))
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "NOT NULL constraint is not allowed on column %s, an ARRAY is never NULL at [%u:%u]",
                   ast->name.text, ast->span.line, ast->span.column);
      return NULL;
    }
  if (!take_default (run, ast, column, error) ||
      !eros_engine_column_options (run, &ast->options, column, error))
    return NULL;
  return g_steal_pointer (&column);
}

static gboolean
add_columns (ErosRun *run, const ErosAstCreateTable *create, ErosStoreTable *table, GError **error)
{
  for (guint i = 0; i < create->n_columns; i++)
    {
      ErosStoreColumn *column = eros_engine_column_from_ast (run, &create->columns[i], error);

      if (column == NULL)
        return FALSE;
      if (eros_store_table_find_column (table, column->name, NULL) != NULL)
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                       "Duplicate column name %s in CREATE TABLE at [%u:%u]", column->name,
                       create->columns[i].span.line, create->columns[i].span.column);
          eros_store_column_free (column);
          return FALSE;
        }
      g_ptr_array_add (table->columns, column);
    }
  return TRUE;
}

/* PARTITION BY */

static gboolean
partition_error (const ErosAstExpr *expr, GError **error)
{
  g_set_error (
    error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
    "PARTITION BY expression must be _PARTITIONDATE, DATE(<timestamp_column>), DATE(<datetime_column>), "
    "DATETIME_TRUNC(<datetime_column>, DAY/HOUR/MONTH/YEAR), a DATE column, "
    "TIMESTAMP_TRUNC(<timestamp_column>, "
    "DAY/HOUR/MONTH/YEAR), DATE_TRUNC(<date_column>, MONTH/YEAR), or RANGE_BUCKET(<int64_column>, "
    "GENERATE_ARRAY(<int64_value>, <int64_value>[, <int64_value>])) at [%u:%u]",
    expr->span.line, expr->span.column);
  return FALSE;
}

static const char *
single_name (const ErosAstExpr *expr)
{
  return expr->kind == EROS_AST_PATH && expr->path.n_parts == 1 ? expr->path.parts[0].text : NULL;
}

static gboolean
take_unit (ErosStoreTable *table, const char *unit)
{
  static const char *const units[] = { NULL, "HOUR", "DAY", "MONTH", "YEAR" };

  for (guint i = 1; unit != NULL && i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i], unit) == 0)
      {
        table->partition = i;
        return TRUE;
      }
  return FALSE;
}

/* Ingestion time when the name is that of the pseudo column. */
static gboolean
take_field (ErosStoreTable *table, const char *name, const ErosAstExpr *expr, GError **error)
{
  if (name == NULL)
    return partition_error (expr, error);
  if (g_ascii_strcasecmp (name, "_PARTITIONTIME") == 0 || g_ascii_strcasecmp (name, "_PARTITIONDATE") == 0)
    return TRUE;
  if (eros_store_table_find_column (table, name, NULL) == NULL)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Unrecognized name: %s at [%u:%u]",
                   name, expr->span.line, expr->span.column);
      return FALSE;
    }
  table->partition_field = g_strdup (name);
  return TRUE;
}

static gboolean
take_range (ErosRun *run,
            ErosStoreTable *table,
            const ErosAstCall *call,
            const ErosAstExpr *expr,
            GError **error)
{
  const ErosAstExpr *array = call->n_arguments == 2 ? call->arguments[1].expr : NULL;
  gint64 numbers[3] = { 0, 0, 1 };

  if (array == NULL || array->kind != EROS_AST_CALL ||
      g_ascii_strcasecmp (array->call.function.parts[0].text, "GENERATE_ARRAY") != 0 ||
      array->call.n_arguments < 2 || array->call.n_arguments > 3)
    return partition_error (expr, error);
  for (guint i = 0; i < array->call.n_arguments; i++)
    {
      g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

      if (!eros_engine_evaluate_here (run, array->call.arguments[i].expr, eros_sql_type (EROS_SQL_INT64),
                                      &value, error))
        return FALSE;
      numbers[i] = value.integer;
    }
  table->partition = EROS_STORE_PARTITION_RANGE;
  table->range_start = numbers[0];
  table->range_end = numbers[1];
  table->range_interval = numbers[2];
  return take_field (table, single_name (call->arguments[0].expr), expr, error);
}

static gboolean
take_partition (ErosRun *run, const ErosAstExpr *expr, ErosStoreTable *table, GError **error)
{
  const ErosAstCall *call = &expr->call;
  const char *function;

  if (expr->kind == EROS_AST_PATH)
    {
      const char *name = single_name (expr);
      const ErosStoreColumn *column = name != NULL ? eros_store_table_find_column (table, name, NULL) : NULL;

      table->partition = EROS_STORE_PARTITION_DAY;
      if (column != NULL && !eros_sql_type_is (column->type, EROS_SQL_DATE))
        return partition_error (expr, error);
      return take_field (table, name, expr, error);
    }
  if (expr->kind != EROS_AST_CALL || call->function.n_parts != 1 || call->n_arguments < 1 ||
      call->n_arguments > 2 || call->arguments[0].expr == NULL)
    return partition_error (expr, error);
  function = call->function.parts[0].text;
  if (g_ascii_strcasecmp (function, "RANGE_BUCKET") == 0)
    return take_range (run, table, call, expr, error);
  if (g_ascii_strcasecmp (function, "DATE") == 0 && call->n_arguments == 1)
    table->partition = EROS_STORE_PARTITION_DAY;
  else if (call->n_arguments != 2 || strlen (function) < 6 ||
           g_ascii_strcasecmp (function + strlen (function) - 6, "_TRUNC") != 0 ||
           !take_unit (table, single_name (call->arguments[1].expr)))
    return partition_error (expr, error);
  return take_field (table, single_name (call->arguments[0].expr), expr, error);
}

static gboolean
take_clustering (const ErosAstExprs *list, ErosStoreTable *table, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (list->length == 0)
    return TRUE;
  if (list->length > 4)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "CLUSTER BY may have at most 4 columns at [%u:%u]", list->items[4]->span.line,
                   list->items[4]->span.column);
      return FALSE;
    }
  for (guint i = 0; i < list->length; i++)
    {
      const char *name = single_name (list->items[i]);

      if (name == NULL || eros_store_table_find_column (table, name, NULL) == NULL)
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                       "Entries in the CLUSTER BY clause must be columns of the table at [%u:%u]",
                       list->items[i]->span.line, list->items[i]->span.column);
          return FALSE;
        }
      g_strv_builder_add (names, name);
    }
  g_strfreev (table->clustering);
  table->clustering = g_strv_builder_end (names);
  return TRUE;
}

/* PARTITION BY and CLUSTER BY, of a table or a materialized view whose columns are known. */
gboolean
eros_engine_take_layout (ErosRun *run,
                         const ErosAstExpr *partition_by,
                         const ErosAstExprs *cluster_by,
                         ErosStoreTable *table,
                         GError **error)
{
  return (partition_by == NULL || take_partition (run, partition_by, table, error)) &&
         take_clustering (cluster_by, table, error);
}

/* Rows from a query */

static gboolean
take_columns_of_query (ErosRun *run,
                       const ErosAnalysis *analysis,
                       ErosStoreTable *table,
                       const ErosAstSpan *span,
                       GError **error)
{
  g_autoptr (GPtrArray) columns =
    eros_engine_columns_of_query (analysis, EROS_ENGINE_DUPLICATES_REFUSED, error);

  if (columns == NULL)
    return FALSE;
  if (table->columns->len == 0)
    {
      for (guint i = 0; i < analysis->query->columns->len; i++)
        if (!analysis->query->is_value &&
            ((ErosColumn *) g_ptr_array_index (analysis->query->columns, i))->name == NULL)
          {
            g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                         "CREATE TABLE columns must be named, but column %u has no name at [%u:%u]", i + 1,
                         span->line, span->column);
            return FALSE;
          }
      for (guint i = 0; i < columns->len; i++)
        g_ptr_array_add (table->columns, eros_store_column_copy (g_ptr_array_index (columns, i)));
      return TRUE;
    }
  if (table->columns->len != columns->len)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "The number of columns in the column definition list does not match the number of columns "
                   "produced by the "
                   "query at [%u:%u]",
                   span->line, span->column);
      return FALSE;
    }
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *have = g_ptr_array_index (table->columns, i);
      ErosStoreColumn *got = g_ptr_array_index (columns, i);

      if (!eros_sql_type_coerces (got->type, EROS_SQL_FORM_EXPRESSION, have->type))
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                       "Column %s of type %s cannot be assigned a value of type %s at [%u:%u]", have->name,
                       eros_sql_type_get_name (have->type), eros_sql_type_get_name (got->type), span->line,
                       span->column);
          return FALSE;
        }
    }
  return TRUE;
}

/* Temporary tables */

/* Makes the SQLite table of a temporary one. */
static gboolean
eros_engine_create_temp_rows (ErosRun *run, ErosStoreTable *table, gboolean replace, GError **error)
{
  ErosEngineSession *session = run->session;
  ErosEngineTempTable *former = eros_engine_find_temp_table (session, table->name);
  ErosEngineTempTable *temp;
  g_autoptr (GString) sql = g_string_new (NULL);

  if (former != NULL && !replace)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Table %s",
                   table->name);
      return FALSE;
    }
  temp = g_rc_box_new0 (ErosEngineTempTable);
  temp->table = eros_store_table_ref (table);
  temp->source = g_strdup_printf ("temp.x_%u", ++session->n_temp);
  g_string_append_printf (sql, "CREATE TEMP TABLE x_%u (", session->n_temp);
  for (guint i = 0; i < table->columns->len; i++)
    {
      ((ErosStoreColumn *) g_ptr_array_index (table->columns, i))->physical = i;
      g_string_append_printf (sql, "%sc%u", i == 0 ? "" : ", ", i);
    }
  g_string_append_c (sql, ')');
  if (!eros_engine_exec (run, error, "%s", sql->str))
    {
      eros_engine_temp_table_free (temp);
      return FALSE;
    }
  if (former != NULL)
    g_ptr_array_remove (session->temp_tables, former);
  g_ptr_array_add (session->temp_tables, temp);
  return TRUE;
}

static gboolean
fill_temp (ErosRun *run, ErosStoreTable *table, const ErosAnalysis *analysis, GError **error)
{
  ErosEngineTempTable *temp = eros_engine_find_temp_table (run->session, table->name);

  return eros_engine_write_rows (run, temp->source, table->columns, analysis, error);
}

/* CREATE TABLE */

/* What there is of that name already. */
static gboolean
name_is_taken (ErosRun *run, const ErosEngineName *name, gboolean temporary, gboolean *taken, GError **error)
{
  g_autoptr (ErosStoreTable) table = NULL;
  GError *failure = NULL;

  if (temporary)
    {
      *taken = eros_engine_find_temp_table (run->session, name->name) != NULL;
      return TRUE;
    }
  table = eros_engine_get_table (run, name, &failure);
  *taken = table != NULL;
  if (table == NULL && (!eros_engine_is_not_found (failure) || strstr (failure->message, "Dataset") != NULL))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  return TRUE;
}

static ErosStoreTable *
source_table (ErosRun *run, const ErosAstPath *path, const ErosAstExpr *time, gint64 *instant, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
  ErosStoreTable *source;

  if (!eros_engine_resolve_name (run, path, FALSE, &name, error))
    return NULL;
  *instant = eros_clock_get_now ();
  if (time == NULL)
    source = eros_engine_get_table (run, &name, error);
  else
    {
      if (!eros_engine_evaluate_here (run, time, eros_sql_type (EROS_SQL_TIMESTAMP), &value, error))
        return NULL;
      *instant = value.integer;
      source = eros_engine_get_table_at (run, &name, value.integer, error);
    }
  if (source != NULL)
    g_ptr_array_add (run->current->referenced_tables,
                     eros_engine_name_new (name.project, name.dataset, name.name));
  return source;
}

static gboolean
clone_table (ErosRun *run, const ErosAstStatement *statement, ErosStoreTable *table, GError **error)
{
  const ErosAstCreateTable *create = &statement->create_table;
  const ErosAstPath *path = create->clone != NULL ? create->clone : create->copy;
  gint64 instant;
  g_autoptr (ErosStoreTable) source = source_table (run, path, create->system_time, &instant, error);

  if (source == NULL || !eros_engine_sees_all (run, source, error))
    return FALSE;
  if (source->storage == 0)
    {
      g_autofree char *name = eros_store_table_get_full_name (source);

      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "%s is not allowed for this operation because it is currently a VIEW.", name);
      return FALSE;
    }
  if (!eros_engine_table_options (run, &create->options, table, error))
    return FALSE;
  /* what is made of a snapshot is an ordinary table */
  if (statement->kind == EROS_AST_STATEMENT_CREATE_SNAPSHOT_TABLE ||
      (create->clone != NULL && source->kind == EROS_STORE_TABLE))
    eros_store_table_set_base (table, source, instant);
  return eros_store_clone_table (run->session->connection, source, table, create->create.or_replace, error);
}

static gboolean
take_like (ErosRun *run, const ErosAstCreateTable *create, ErosStoreTable *table, GError **error)
{
  gint64 instant;
  g_autoptr (ErosStoreTable) source = NULL;

  if (create->like == NULL)
    return TRUE;
  source = source_table (run, create->like, NULL, &instant, error);
  if (source == NULL)
    return FALSE;
  for (guint i = 0; i < source->columns->len; i++)
    g_ptr_array_add (table->columns, eros_store_column_copy (g_ptr_array_index (source->columns, i)));
  table->partition = source->partition;
  table->partition_field = g_strdup (source->partition_field);
  table->partition_expiration = source->partition_expiration;
  table->require_partition_filter = source->require_partition_filter;
  table->range_start = source->range_start;
  table->range_end = source->range_end;
  table->range_interval = source->range_interval;
  table->clustering = g_strdupv (source->clustering);
  table->description = g_strdup (source->description);
  table->friendly_name = g_strdup (source->friendly_name);
  return TRUE;
}

static gboolean
describe (ErosRun *run,
          const ErosAstCreateTable *create,
          const ErosAnalysis *analysis,
          ErosStoreTable *table,
          GError **error)
{
  if (!take_like (run, create, table, error) || !add_columns (run, create, table, error) ||
      (analysis != NULL && !take_columns_of_query (run, analysis, table, &create->query->span, error)))
    return FALSE;
  if (table->columns->len == 0)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "No column definition in CREATE TABLE at [%u:%u]", create->create.path.span.line,
                   create->create.path.span.column);
      return FALSE;
    }
  eros_engine_take_constraints (run, create, table);
  return eros_engine_take_layout (run, create->partition_by, &create->cluster_by, table, error) &&
         eros_engine_table_options (run, &create->options, table, error);
}

/*
 * eros_engine_describe_load:
 * @table: without columns
 *
 * What LOAD DATA says of the table that it may make: columns, layout, options.
 */
gboolean
eros_engine_describe_load (ErosRun *run,
                           const ErosAstCreateTable *create,
                           ErosStoreTable *table,
                           GError **error)
{
  return add_columns (run, create, table, error) &&
         eros_engine_take_layout (run, create->partition_by, &create->cluster_by, table, error) &&
         eros_engine_table_options (run, &create->options, table, error);
}

static gboolean
make_table (ErosRun *run,
            const ErosAstStatement *statement,
            ErosStoreTable *table,
            gboolean temporary,
            GError **error)
{
  const ErosAstCreateTable *create = &statement->create_table;
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  g_autoptr (ErosAnalysis) analysis = NULL;

  if (create->clone != NULL || create->copy != NULL)
    return clone_table (run, statement, table, error);
  if (create->query != NULL)
    {
      analysis = eros_engine_analyze_query (run, catalog, create->query, error);
      if (analysis == NULL || !eros_engine_account (run, analysis, NULL, error))
        return FALSE;
    }
  if (!describe (run, create, analysis, table, error))
    return FALSE;
  if (temporary)
    return eros_engine_create_temp_rows (run, table, create->create.or_replace, error) &&
           (analysis == NULL || fill_temp (run, table, analysis, error));
  return eros_store_insert_table (run->session->connection, table, create->create.or_replace, error) &&
         (analysis == NULL || eros_engine_store_rows (run, table, analysis, error));
}

static gboolean
resolve_target (ErosRun *run,
                const ErosAstCreate *create,
                gboolean temporary,
                ErosEngineName *name,
                GError **error)
{
  if (!temporary)
    return eros_engine_resolve_name (run, &create->path, FALSE, name, error);
  if (create->path.n_parts > 1 && g_ascii_strcasecmp (create->path.parts[0].text, "_SESSION") != 0)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Temporary tables must not be qualified with a dataset at [%u:%u]", create->path.span.line,
                   create->path.span.column);
      return FALSE;
    }
  name->project = g_strdup (run->request->project);
  name->dataset = g_strdup ("_SESSION");
  name->name = g_strdup (create->path.parts[create->path.n_parts - 1].text);
  return TRUE;
}

gboolean
eros_engine_create_table (ErosRun *run, const ErosAstStatement *statement, GError **error)
{
  const ErosAstCreate *create = &statement->create_table.create;
  gboolean temporary = eros_engine_is_temporary (run, statement);
  gboolean taken;
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreTable) table = NULL;

  if (!resolve_target (run, create, temporary, &name, error) ||
      !name_is_taken (run, &name, temporary, &taken, error))
    return FALSE;
  if (create->or_replace && create->if_not_exists)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "CREATE TABLE cannot have both OR REPLACE and IF NOT EXISTS at [%u:%u]",
                   statement->span.line, statement->span.column);
      return FALSE;
    }
  run->current->ddl_table = eros_engine_name_new (name.project, name.dataset, name.name);
  run->current->ddl_operation = taken && create->if_not_exists ? "SKIP"
                                : taken && create->or_replace  ? "REPLACE"
                                                               : "CREATE";
  if (taken && create->if_not_exists)
    return TRUE;
  table = eros_store_table_new (
    name.project, name.dataset, name.name,
    statement->kind == EROS_AST_STATEMENT_CREATE_SNAPSHOT_TABLE ? EROS_STORE_SNAPSHOT : EROS_STORE_TABLE);
  return make_table (run, statement, table, temporary, error);
}
