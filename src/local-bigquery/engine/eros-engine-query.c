/* eros-engine-query.c: SELECT: rows, schema, bytes, destination
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

#define MEBIBYTE       (G_GINT64_CONSTANT (1) << 20)
#define MINIMUM_BILLED (10 * MEBIBYTE)

/* Schema */

static void
append_column (GPtrArray *columns, const char *name, const ErosSqlType *type, guint *n_anonymous)
{
  g_autofree char *invented = NULL;

  if (name == NULL || *name == '\0')
    name = invented = g_strdup_printf ("f%u_", (*n_anonymous)++);
  g_ptr_array_add (columns, eros_store_column_new (name, type));
}

static gboolean
check_unique (GPtrArray *columns, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      if (!g_hash_table_add (seen, g_utf8_casefold (column->name, -1)))
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                       "Duplicate column names in the result are not supported. Found duplicate(s): %s",
                       column->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
has_name (GPtrArray *columns, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (((ErosStoreColumn *) columns->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* a, a, a are shown as a, a_1, a_2. */
static void
number_duplicates (GPtrArray *columns)
{
  for (guint i = 1; i < columns->len; i++)
    {
      ErosStoreColumn *column = columns->pdata[i];
      g_autofree char *plain = g_strdup (column->name);

      for (guint number = 1; has_name (columns, i, column->name); number++)
        {
          g_free (column->name);
          column->name = g_strdup_printf ("%s_%u", plain, number);
        }
    }
}

static gboolean
is_struct_value (const ErosAnalysis *analysis)
{
  GPtrArray *columns = analysis->query->columns;

  return analysis->query->is_value && columns->len == 1 &&
         eros_sql_type_is (((ErosColumn *) g_ptr_array_index (columns, 0))->type, EROS_SQL_STRUCT);
}

/*
 * eros_engine_columns_of_query:
 * @duplicates: what becomes of columns of the same name
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreColumn): the result's columns; those of a value
 * table of structs are its fields
 */
GPtrArray *
eros_engine_columns_of_query (const ErosAnalysis *analysis, ErosEngineDuplicates duplicates, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  guint n_anonymous = 0;

  if (is_struct_value (analysis))
    {
      const ErosSqlType *type = ((ErosColumn *) g_ptr_array_index (analysis->query->columns, 0))->type;

      for (guint i = 0; i < eros_sql_type_get_n_fields (type); i++)
        append_column (columns, eros_sql_type_get_field (type, i)->name,
                       eros_sql_type_get_field (type, i)->type, &n_anonymous);
    }
  else
    for (guint i = 0; i < analysis->query->columns->len; i++)
      {
        ErosColumn *column = g_ptr_array_index (analysis->query->columns, i);

        append_column (columns, column->name, column->type, &n_anonymous);
      }
  if (duplicates == EROS_ENGINE_DUPLICATES_NUMBERED)
    number_duplicates (columns);
  if (duplicates == EROS_ENGINE_DUPLICATES_REFUSED && !check_unique (columns, error))
    return NULL;
  return g_steal_pointer (&columns);
}

/* Accounting */

static gboolean
same_name (const ErosEngineName *name, const ErosEngineTable *table)
{
  return strcmp (name->project, table->table.project) == 0 &&
         strcmp (name->dataset, table->table.dataset) == 0 && strcmp (name->name, table->table.name) == 0;
}

static void
add_reference (GPtrArray *list, const ErosEngineTable *table)
{
  for (guint i = 0; i < list->len; i++)
    if (same_name (g_ptr_array_index (list, i), table))
      return;
  g_ptr_array_add (list,
                   eros_engine_name_new (table->table.project, table->table.dataset, table->table.name));
}

/* Of each table that a wildcard stands for, the columns that are read. */
static gboolean
add_member_bytes (ErosRun *run, const ErosTableUse *use, GError **error)
{
  const ErosEngineTable *table = use->table->data;

  for (guint i = 0; i < table->members->len; i++)
    {
      ErosStoreTable *member = table->members->pdata[i];
      g_auto (ErosStoreStats) stats = { 0 };

      if (!eros_store_get_stats (run->session->connection, member, &stats, error))
        return FALSE;
      for (guint j = 0; j + 1 < table->table.n_columns; j++)
        {
          guint at = 0;

          if (use->columns[j] &&
              eros_store_table_find_column (member, table->table.columns[j].name, &at) != NULL)
            run->current->bytes_processed += stats.column_bytes[at];
        }
    }
  add_reference (run->current->referenced_tables, table);
  return TRUE;
}

/* Whether one of the columns by which a table that demands it is partitioned is filtered. */
static gboolean
check_partition_filter (const ErosTableUse *use, GError **error)
{
  const ErosEngineTable *table = use->table->data;
  const ErosStoreTable *store = table->store;
  const char *field = store->partition_field;
  gboolean filtered = FALSE;

  if (!store->require_partition_filter || store->partition == EROS_STORE_PARTITION_NONE)
    return TRUE;
  for (guint i = 0; i < table->table.n_columns; i++)
    if (field != NULL ? g_ascii_strcasecmp (table->table.columns[i].name, field) == 0
                      : table->table.columns[i].hidden)
      filtered = filtered || !use->unfiltered[i];
  if (filtered)
    return TRUE;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
               "Cannot query over table '%s.%s.%s' without a filter over column(s) %s%s%s that can be used "
               "for partition "
               "elimination",
               store->project, store->dataset, store->name, field != NULL ? "'" : "",
               field != NULL ? field : "'_PARTITION_LOAD_TIME', '_PARTITIONDATE', '_PARTITIONTIME'",
               field != NULL ? "'" : "");
  return FALSE;
}

static gboolean
add_bytes (ErosRun *run, const ErosTableUse *use, const ErosStoreTable *changed, GError **error)
{
  ErosEngineTable *table = use->table->data;
  g_auto (ErosStoreStats) stats = { 0 };

  if (table->members != NULL)
    return add_member_bytes (run, use, error);
  if (table->store == NULL)
    return TRUE;
  if (!check_partition_filter (use, error))
    return FALSE;
  add_reference (run->current->referenced_tables, table);
  if (table->store->storage == 0)
    return TRUE;
  if (!eros_store_get_stats (run->session->connection, table->store, &stats, error))
    return FALSE;
  if (changed != NULL && changed->id == table->store->id)
    return TRUE;
  for (guint i = 0; i < table->table.n_columns && i < table->store->columns->len; i++)
    if (use->columns[i])
      run->current->bytes_processed += stats.column_bytes[i];
  return TRUE;
}

static gboolean
check_limit (ErosRun *run, GError **error)
{
  gint64 limit = run->request->maximum_bytes_billed;
  gint64 billed = run->current->bytes_billed + run->job->bytes_billed;

  if (run->current == run->job)
    billed = run->current->bytes_billed;
  if (limit <= 0 || billed <= limit)
    return TRUE;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_BYTES_BILLED,
               "Query exceeded limit for bytes billed: %" G_GINT64_FORMAT ". %" G_GINT64_FORMAT
               " or higher required.",
               limit, billed);
  return FALSE;
}

/*
 * eros_engine_account:
 * @changed: (nullable): the table whose rows UPDATE, DELETE or MERGE change: all of it counts
 *
 * Adds what a statement reads to its statistics, by the logical sizes of the columns, and refuses what would
 * cost more than the job may.
 */
gboolean
eros_engine_account (ErosRun *run,
                     const ErosAnalysis *analysis,
                     const ErosStoreTable *changed,
                     GError **error)
{
  ErosEngineResult *current = run->current;
  gint64 processed;

  for (guint i = 0; i < analysis->tables->len; i++)
    if (!add_bytes (run, g_ptr_array_index (analysis->tables, i), changed, error))
      return FALSE;
  if (changed != NULL)
    {
      g_auto (ErosStoreStats) stats = { 0 };

      if (!eros_store_get_stats (run->session->connection, (ErosStoreTable *) changed, &stats, error))
        return FALSE;
      current->bytes_processed += stats.bytes;
    }
  for (guint i = 0; analysis->routines != NULL && i < analysis->routines->len; i++)
    {
      const ErosCatalogRoutine *routine = g_ptr_array_index (analysis->routines, i);
      const char *last = strrchr (routine->name, '.');
      /* A project may have dots in its domain; data sets and routines have none. */
      const char *middle = last != NULL ? g_strrstr_len (routine->name, last - routine->name, ".") : NULL;
      g_autofree char *project = middle != NULL ? g_strndup (routine->name, middle - routine->name) : NULL;
      g_autofree char *dataset = middle != NULL ? g_strndup (middle + 1, last - middle - 1) : NULL;

      if (middle != NULL)
        g_ptr_array_add (current->referenced_routines, eros_engine_name_new (project, dataset, last + 1));
    }
  processed = current->bytes_processed;
  if (processed > 0)
    current->bytes_billed = MAX (MINIMUM_BILLED, (processed + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE);
  return check_limit (run, error);
}

/* Rows */

static gboolean
append_struct (ErosStoreResult *result, const ErosSqlType *type, sqlite3_stmt *statement, GError **error)
{
  guint n = eros_sql_type_get_n_fields (type);
  g_autofree ErosSqlValue *values = g_new0 (ErosSqlValue, n);
  ErosSqlReader reader;
  ErosSqlValue whole = EROS_SQL_VALUE_INIT;

  eros_sql_value_load_column (&whole, type, statement, 0);
  for (guint i = 0; i < n; i++)
    eros_sql_value_set_null (&values[i], eros_sql_type_get_field (type, i)->type);
  if (!whole.is_null && eros_sql_reader_init (&reader, whole.data, whole.size))
    for (guint i = 0; i < n && eros_sql_reader_next_value (&reader, values[i].type, &values[i]); i++)
      ;
  return eros_store_result_append_values (result, values, error);
}

/* The columns of @columns that have an array in them, by number: a NULL in one cannot be told. */
static GArray *
columns_with_arrays (GPtrArray *columns)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < columns->len; i++)
    if (eros_sql_type_has_array (((ErosStoreColumn *) g_ptr_array_index (columns, i))->type))
      g_array_append_val (numbers, i);
  return numbers;
}

static gboolean
check_arrays (ErosRun *run, GArray *numbers, gboolean as_struct, sqlite3_stmt *statement, GError **error)
{
  for (guint i = 0; i < numbers->len; i++)
    {
      guint number = g_array_index (numbers, guint, i);
      const ErosStoreColumn *column = g_ptr_array_index (run->current->columns, number);
      ErosSqlValue value = EROS_SQL_VALUE_INIT;

      if (as_struct)
        continue;
      eros_sql_value_load_column (&value, column->type, statement, (int) number);
      if (!eros_sql_value_has_null_element (&value))
        continue;
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Array cannot have a null element; error in writing field %s", column->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
collect_rows (ErosRun *run,
              const ErosAnalysis *analysis,
              sqlite3_stmt *statement,
              ErosStoreResult *result,
              GError **error)
{
  gboolean as_struct = is_struct_value (analysis);
  const ErosSqlType *type = ((ErosColumn *) g_ptr_array_index (analysis->query->columns, 0))->type;
  g_autoptr (GArray) arrays = columns_with_arrays (run->current->columns);
  int code;

  while ((code = eros_engine_step (run, statement, error)) == SQLITE_ROW)
    if (!check_arrays (run, arrays, as_struct, statement, error) ||
        !(as_struct ? append_struct (result, type, statement, error)
                    : eros_store_result_append (result, statement, error)))
      return FALSE;
  return code == SQLITE_DONE && eros_store_result_finish (result, error);
}

static gboolean
may_cache (ErosRun *run, const ErosAnalysis *analysis)
{
  if (!run->request->use_cache || analysis->is_volatile || run->session->in_transaction ||
      run->request->destination != NULL || analysis->tables->len == 0)
    return FALSE;
  for (guint i = 0; i < analysis->tables->len; i++)
    if (((ErosEngineTable *) ((ErosTableUse *) g_ptr_array_index (analysis->tables, i))->table->data)
          ->store == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
take_cached (ErosRun *run, const char *key)
{
  ErosStoreResult *cached = key == NULL ? NULL : eros_engine_cache_lookup (run->engine, key);

  if (cached == NULL)
    return FALSE;
  run->current->result = cached;
  run->current->cache_hit = TRUE;
  run->current->bytes_processed = 0;
  run->current->bytes_billed = 0;
  return TRUE;
}

static gboolean
fetch (ErosRun *run, const ErosAnalysis *analysis, GError **error)
{
  g_autofree char *sql = eros_translate (analysis, error);
  g_autofree char *key = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (ErosStoreResult) result = NULL;

  if (sql == NULL)
    return FALSE;
  if (may_cache (run, analysis))
    key = eros_engine_cache_key (run, sql, analysis);
  if (take_cached (run, key))
    return TRUE;
  statement = eros_engine_prepare_analysis (run, analysis, sql, error);
  if (statement == NULL)
    return FALSE;
  result = eros_store_result_new (run->engine->store, run->current->columns);
  if (!collect_rows (run, analysis, statement, result, error))
    return FALSE;
  if (key != NULL)
    eros_engine_cache_insert (run->engine, key, result);
  run->current->result = g_steal_pointer (&result);
  return TRUE;
}

/* Destination */

/* WITH q (a0, a1, …) AS (the query) */
char *
eros_engine_query_as_rows (const ErosAnalysis *analysis, const char *text)
{
  GString *sql = g_string_new ("WITH q (");

  for (guint i = 0; i < analysis->query->columns->len; i++)
    g_string_append_printf (sql, "%sa%u", i == 0 ? "" : ", ", i);
  g_string_append_printf (sql, ") AS (%s) ", text);
  return g_string_free (sql, FALSE);
}

/* @sql, with what @column demands of a new value. */
char *
eros_engine_fresh_value (const ErosStoreColumn *column, const char *sql)
{
  g_autofree char *name = eros_engine_quote_text (column->name);
  g_autofree char *inner = NULL;

  if (column->max_length > 0)
    inner = g_strdup_printf ("eros_max_length(%s, %" G_GINT64_FORMAT ", %s)", sql, column->max_length, name);
  else if (column->precision > 0)
    inner = g_strdup_printf ("eros_max_numeric(%s, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", %s)", sql,
                             column->precision, column->scale, name);
  else if (eros_sql_type_has_array (column->type))
    {
      g_autofree char *type = eros_engine_quote_text (eros_sql_type_get_name (column->type));

      inner = g_strdup_printf ("eros_whole_array(%s, %s, %s)", sql, name, type);
    }
  else
    inner = g_strdup (sql);
  return column->required ? g_strdup_printf ("eros_required(%s, %s)", inner, name) : g_steal_pointer (&inner);
}

/* The text of value @index of a row of the query, as @column holds it. */
static char *
value_for_column (const ErosAnalysis *analysis, guint index, const ErosStoreColumn *column)
{
  gboolean as_struct = is_struct_value (analysis);
  const ErosColumn *from = g_ptr_array_index (analysis->query->columns, as_struct ? 0 : index);
  const ErosSqlType *type = as_struct ? eros_sql_type_get_field (from->type, index)->type : from->type;
  g_autofree char *plain =
    as_struct ? g_strdup_printf ("eros_field(a0, %u)", index) : g_strdup_printf ("a%u", index);
  g_autoptr (GString) cast = g_string_new (NULL);

  if (type == column->type)
    return eros_engine_fresh_value (column, plain);
  eros_function_append_cast (plain, type, column->type, FALSE, NULL, NULL, cast);
  return eros_engine_fresh_value (column, cast->str);
}

/*
 * eros_engine_write_rows:
 * @target: the name of a SQLite table
 * @columns: (element-type ErosStoreColumn): its columns, one for each of the query's
 *
 * Writes the rows of a query to a table.
 */
gboolean
eros_engine_write_rows (ErosRun *run,
                        const char *target,
                        GPtrArray *columns,
                        const ErosAnalysis *analysis,
                        GError **error)
{
  g_autofree char *text = eros_translate (analysis, error);
  g_autofree char *rows = text == NULL ? NULL : eros_engine_query_as_rows (analysis, text);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);
  g_autofree char *sql = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);
      g_autofree char *value = value_for_column (analysis, i, column);

      g_string_append_printf (names, "%sc%u", i == 0 ? "" : ", ", column->physical);
      g_string_append_printf (values, "%s%s", i == 0 ? "" : ", ", value);
    }
  sql = g_strdup_printf ("%sINSERT INTO %s (%s) SELECT %s FROM q", rows, target, names->str, values->str);
  statement = eros_engine_prepare_analysis (run, analysis, sql, error);
  if (statement == NULL || eros_engine_step (run, statement, error) == SQLITE_ERROR)
    return FALSE;
  return TRUE;
}

gboolean
eros_engine_store_rows (ErosRun *run, ErosStoreTable *table, const ErosAnalysis *analysis, GError **error)
{
  g_autofree char *target =
    eros_store_prepare_write (run->session->connection, table, EROS_STORE_INSERT, run->cancellable, error);

  return target != NULL && eros_engine_write_rows (run, target, table->columns, analysis, error);
}

static ErosStoreTable *
make_destination (ErosRun *run, const ErosEngineName *name, gboolean replace, GError **error)
{
  g_autoptr (ErosStoreTable) table =
    eros_store_table_new (name->project, name->dataset, name->name, EROS_STORE_TABLE);

  for (guint i = 0; i < run->current->columns->len; i++)
    g_ptr_array_add (table->columns, eros_store_column_copy (g_ptr_array_index (run->current->columns, i)));
  if (!eros_store_insert_table (run->session->connection, table, replace, error))
    return NULL;
  return g_steal_pointer (&table);
}

static gboolean
check_schemas_match (ErosRun *run, ErosStoreTable *table, GError **error)
{
  gboolean same = table->columns->len == run->current->columns->len;

  for (guint i = 0; same && i < table->columns->len; i++)
    {
      ErosStoreColumn *have = g_ptr_array_index (table->columns, i);
      ErosStoreColumn *got = g_ptr_array_index (run->current->columns, i);

      same = have->type == got->type && g_ascii_strcasecmp (have->name, got->name) == 0;
    }
  if (!same)
    g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
                 "Provided Schema does not match Table %s:%s.%s.", table->project, table->dataset,
                 table->name);
  return same;
}

/* The table that a query's rows go to, by the job's write and create dispositions. */
static ErosStoreTable *
open_destination (ErosRun *run, GError **error)
{
  const ErosEngineName *name = run->request->destination;
  GError *failure = NULL;
  g_autoptr (ErosStoreTable) table = eros_engine_get_table (run, name, &failure);
  g_auto (ErosStoreStats) stats = { 0 };

  if (run->request->open_func != NULL)
    {
      g_autoptr (ErosStoreTable) opened = NULL;

      g_clear_error (&failure);
      opened = run->request->open_func (run->session->connection, run->current->columns,
                                        run->request->open_data, error);
      return opened != NULL && check_schemas_match (run, opened, error) ? g_steal_pointer (&opened) : NULL;
    }
  if (table == NULL)
    {
      if (!eros_engine_is_not_found (failure) || run->request->create_never)
        {
          g_propagate_error (error, failure);
          return NULL;
        }
      g_clear_error (&failure);
      return make_destination (run, name, FALSE, error);
    }
  if (run->request->disposition == EROS_ENGINE_WRITE_TRUNCATE)
    return make_destination (run, name, TRUE, error);
  if (run->request->disposition == EROS_ENGINE_WRITE_EMPTY)
    {
      if (!eros_store_get_stats (run->session->connection, table, &stats, error))
        return NULL;
      if (stats.rows > 0)
        {
          g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Table %s:%s.%s",
                       name->project, name->dataset, name->name);
          return NULL;
        }
    }
  return check_schemas_match (run, table, error) ? g_steal_pointer (&table) : NULL;
}

/* The result is the destination as it is now, of a partition what has been written: a query with RAND () is
 * not asked twice. */
static gboolean
fetch_written (ErosRun *run, ErosStoreTable *table, GError **error)
{
  g_autofree char *source =
    eros_store_prepare_write (run->session->connection, table, EROS_STORE_INSERT, run->cancellable, error);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (ErosStoreResult) result = NULL;
  int code;

  if (source == NULL)
    return FALSE;
  for (guint i = 0; i < table->columns->len; i++)
    g_string_append_printf (sql, "%sc%u", i == 0 ? "" : ", ",
                            ((ErosStoreColumn *) g_ptr_array_index (table->columns, i))->physical);
  g_string_append_printf (sql, " FROM %s%s ORDER BY rowid", source,
                          !eros_engine_sees_all (run, table, NULL) || run->request->destination_is_partition
                            ? " WHERE _v = eros_version()"
                            : "");
  statement = eros_engine_prepare (run, sql->str, error);
  if (statement == NULL)
    return FALSE;
  result = eros_store_result_new (run->engine->store, run->current->columns);
  while ((code = eros_engine_step (run, statement, error)) == SQLITE_ROW)
    if (!eros_store_result_append (result, statement, error))
      return FALSE;
  if (code != SQLITE_DONE || !eros_store_result_finish (result, error))
    return FALSE;
  run->current->result = g_steal_pointer (&result);
  return TRUE;
}

static gboolean
write_destination (ErosRun *run, const ErosAnalysis *analysis, GError **error)
{
  g_autoptr (ErosStoreTable) table = open_destination (run, error);

  return table != NULL && eros_engine_store_rows (run, table, analysis, error) &&
         (run->request->close_func == NULL ||
          run->request->close_func (run->session->connection, table, run->request->open_data, error)) &&
         fetch_written (run, table, error);
}

/* One query */

static gboolean
run_in_transaction (ErosRun *run, const ErosAstQuery *query, ErosEngineCatalog *catalog, GError **error)
{
  g_autoptr (ErosAnalysis) analysis = eros_engine_analyze_query (run, catalog, query, error);

  if (analysis == NULL)
    return FALSE;
  run->current->columns = eros_engine_columns_of_query (analysis,
                                                        run->request->destination != NULL && !run->is_script
                                                          ? EROS_ENGINE_DUPLICATES_REFUSED
                                                          : EROS_ENGINE_DUPLICATES_NUMBERED,
                                                        error);
  if (run->current->columns == NULL || !eros_engine_account (run, analysis, NULL, error))
    return FALSE;
  if (run->request->dry_run)
    return TRUE;
  if (run->request->destination != NULL && !run->is_script)
    return write_destination (run, analysis, error);
  return fetch (run, analysis, error);
}

gboolean
eros_engine_run_query (ErosRun *run, const ErosAstQuery *query, GError **error)
{
  g_autoptr (ErosEngineCatalog) catalog = eros_engine_catalog_new (run);
  gboolean writes = run->request->destination != NULL && !run->is_script && !run->request->dry_run;
  gboolean good;

  if (!eros_engine_begin_statement (run, writes ? EROS_STORE_WRITE : EROS_STORE_READ, error))
    return FALSE;
  good = run_in_transaction (run, query, catalog, error);
  return eros_engine_end_statement (run, good, good ? error : NULL) && good;
}
