/* eros-engine-information.c: INFORMATION_SCHEMA and __TABLES__
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each view is a list of rows, made when somebody asks for it, except the job history, which is read where it
 * lies.
 */
#include "eros-engine-information.h"

#include <string.h>
#include "eros-engine-ddl-text.h"

/* The views */

static gboolean
fill_schemata (ErosRows *rows, ErosStoreDataset *dataset, GError **error)
{
  eros_rows_begin (rows);
  eros_rows_add_text (rows, dataset->project);
  eros_rows_add_text (rows, dataset->name);
  eros_rows_add_text (rows, NULL);
  eros_rows_add_time (rows, dataset->created);
  eros_rows_add_time (rows, dataset->modified);
  eros_rows_add_text (rows, dataset->location != NULL ? dataset->location : rows->run->engine->location);
  eros_rows_take_text (rows, eros_engine_dataset_ddl (dataset));
  eros_rows_add_text (rows, NULL);
  eros_rows_end (rows);
  return TRUE;
}

static const char *
table_type (const ErosStoreTable *table)
{
  switch (table->kind)
    {
    case EROS_STORE_VIEW:
      return "VIEW";
    case EROS_STORE_MATERIALIZED_VIEW:
      return "MATERIALIZED VIEW";
    case EROS_STORE_SNAPSHOT:
      return "SNAPSHOT";
    case EROS_STORE_TABLE:
    default:
      return table->base_name != NULL ? "CLONE" : "BASE TABLE";
    }
}

static gboolean
fill_tables (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_text (rows, table_type (table));
  eros_rows_add_text (rows, table->kind == EROS_STORE_TABLE ? "YES" : "NO");
  eros_rows_add_text (rows, "NO");
  eros_rows_add_text (rows, "NO");
  eros_rows_add_time (rows, table->created);
  eros_rows_add_name (rows, table->base_project, table->base_dataset, table->base_name);
  eros_rows_add_time (rows, table->base_time);
  eros_rows_take_text (rows, eros_engine_table_ddl (table));
  eros_rows_add_text (rows, "NULL");
  eros_rows_end (rows);
  return TRUE;
}

static guint
clustering_position (const ErosStoreTable *table, const char *column)
{
  for (guint i = 0; table->clustering != NULL && table->clustering[i] != NULL; i++)
    if (g_ascii_strcasecmp (table->clustering[i], column) == 0)
      return i + 1;
  return 0;
}

static gboolean
fill_columns (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);
      guint position = clustering_position (table, column->name);
      gboolean partitioning =
        table->partition_field != NULL && g_ascii_strcasecmp (table->partition_field, column->name) == 0;

      eros_rows_begin (rows);
      eros_rows_add_name (rows, table->project, table->dataset, table->name);
      eros_rows_add_text (rows, column->name);
      eros_rows_add_integer (rows, i + 1);
      eros_rows_add_text (rows, column->required ? "NO" : "YES");
      eros_rows_take_text (rows, eros_engine_column_type_text (column));
      eros_rows_add_text (rows, "NEVER");
      eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, "NO");
      eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, "NO");
      eros_rows_add_text (rows, partitioning ? "YES" : "NO");
      if (position > 0)
        eros_rows_add_integer (rows, position);
      else
        eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, "NULL");
      eros_rows_add_text (rows, column->default_expression != NULL ? column->default_expression : "NULL");
      eros_rows_add_text (rows, NULL);
      eros_rows_end (rows);
    }
  return TRUE;
}

/* _PARTITIONTIME and _PARTITIONDATE: in no place among the columns */
static void
fill_pseudo_column (ErosRows *rows, ErosStoreTable *table, const char *name, const char *type)
{
  static const char *const rest[] = { "NEVER", NULL, NULL,   "YES",  NULL, "YES",
                                      "YES",   NULL, "NULL", "NULL", NULL };

  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_text (rows, name);
  eros_rows_add_text (rows, NULL);
  eros_rows_add_text (rows, "YES");
  eros_rows_add_text (rows, type);
  for (guint i = 0; i < G_N_ELEMENTS (rest); i++)
    eros_rows_add_text (rows, rest[i]);
  eros_rows_end (rows);
}

static gboolean
fill_all_columns (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  gboolean pseudo = table->partition != EROS_STORE_PARTITION_NONE && table->partition_field == NULL;

  if (pseudo)
    fill_pseudo_column (rows, table, "_PARTITIONTIME", "TIMESTAMP");
  if (pseudo && table->partition == EROS_STORE_PARTITION_DAY)
    fill_pseudo_column (rows, table, "_PARTITIONDATE", "DATE");
  return fill_columns (rows, table, error);
}

static void
fill_field (ErosRows *rows,
            ErosStoreTable *table,
            const char *column,
            const char *path,
            const ErosSqlType *type,
            const char *description)
{
  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_text (rows, column);
  eros_rows_add_text (rows, path);
  eros_rows_add_text (rows, eros_sql_type_get_name (type));
  eros_rows_add_text (rows, description);
  eros_rows_add_text (rows, "NULL");
  eros_rows_add_text (rows, NULL);
  eros_rows_add_text (rows, NULL); /* this server has no policy tags */
  eros_rows_end (rows);
  if (eros_sql_type_is (type, EROS_SQL_ARRAY))
    type = eros_sql_type_get_element (type);
  for (guint i = 0; eros_sql_type_is (type, EROS_SQL_STRUCT) && i < eros_sql_type_get_n_fields (type); i++)
    {
      const ErosSqlField *field = eros_sql_type_get_field (type, i);
      g_autofree char *inner = g_strdup_printf ("%s.%s", path, field->name);

      fill_field (rows, table, column, inner, field->type, NULL);
    }
}

static gboolean
fill_field_paths (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      fill_field (rows, table, column->name, column->name, column->type, column->description);
    }
  return TRUE;
}

static gboolean
fill_views (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  if (table->query == NULL)
    return TRUE;
  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_text (rows, table->query);
  eros_rows_add_text (rows, NULL);
  eros_rows_add_text (rows, "YES");
  eros_rows_end (rows);
  return TRUE;
}

static gboolean
fill_snapshots (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  if (table->kind != EROS_STORE_SNAPSHOT)
    return TRUE;
  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_name (rows, table->base_project, table->base_dataset, table->base_name);
  eros_rows_add_time (rows, table->base_time);
  eros_rows_end (rows);
  return TRUE;
}

static gboolean
has_rows (const ErosStoreTable *table)
{
  return table->storage != 0;
}

static gboolean
fill_storage (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  g_auto (ErosStoreStats) stats = { 0 };

  if (has_rows (table) && !eros_store_get_stats (rows->run->session->connection, table, &stats, error))
    return FALSE;
  eros_rows_begin (rows);
  eros_rows_add_text (rows, table->project);
  eros_rows_add_integer (rows, 0);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_time (rows, table->created);
  eros_rows_add_integer (rows, stats.rows);
  eros_rows_add_integer (rows, table->partition == EROS_STORE_PARTITION_NONE ? 0 : 1);
  for (guint i = 0; i < 2; i++) /* total, active: nothing here is ever 90 days old */
    eros_rows_add_integer (rows, stats.bytes);
  eros_rows_add_integer (rows, 0);
  for (guint i = 0; i < 3; i++) /* current, total, active physical */
    eros_rows_add_integer (rows, stats.bytes);
  for (guint i = 0; i < 3; i++) /* long term, time travel, fail safe */
    eros_rows_add_integer (rows, 0);
  eros_rows_add_time (rows, table->modified);
  eros_rows_add_sql (rows, "0");
  eros_rows_add_text (rows, table_type (table));
  eros_rows_end (rows);
  return TRUE;
}

static gboolean
fill_old_tables (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  g_auto (ErosStoreStats) stats = { 0 };

  if (has_rows (table) && !eros_store_get_stats (rows->run->session->connection, table, &stats, error))
    return FALSE;
  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_integer (rows, table->created / 1000);
  eros_rows_add_integer (rows, table->modified / 1000);
  eros_rows_add_integer (rows, stats.rows);
  eros_rows_add_integer (rows, stats.bytes);
  eros_rows_add_integer (rows, table->kind == EROS_STORE_VIEW                ? 2
                               : table->kind == EROS_STORE_MATERIALIZED_VIEW ? 4
                                                                             : 1);
  eros_rows_end (rows);
  return TRUE;
}

static void
add_partition (ErosRows *rows, ErosStoreTable *table, const char *id, gint64 n_rows, gint64 bytes)
{
  eros_rows_begin (rows);
  eros_rows_add_name (rows, table->project, table->dataset, table->name);
  eros_rows_add_text (rows, id);
  eros_rows_add_integer (rows, n_rows);
  eros_rows_add_integer (rows, bytes);
  eros_rows_add_integer (rows, bytes);
  eros_rows_add_time (rows, table->modified);
  eros_rows_add_text (rows, "ACTIVE");
  eros_rows_end (rows);
}

/* SQL for a row's partition id, NULL when the table is one partition. */
static char *
partition_id_sql (ErosStoreTable *table)
{
  static const char *const formats[] = { NULL, "%Y%m%d%H", "%Y%m%d", "%Y%m", "%Y" };
  ErosStoreColumn *column;

  if (table->partition == EROS_STORE_PARTITION_NONE)
    return NULL;
  if (table->partition_field == NULL)
    return g_strdup_printf ("strftime('%s', " EROS_ENGINE_LOADED " / 1000000, 'unixepoch')",
                            formats[table->partition]);
  column = eros_store_table_find_column (table, table->partition_field, NULL);
  if (column == NULL)
    return NULL;
  if (table->partition == EROS_STORE_PARTITION_RANGE)
    return g_strdup_printf (
      "CASE WHEN c%u IS NULL THEN '__NULL__' WHEN c%u < %" G_GINT64_FORMAT " OR c%u >= %" G_GINT64_FORMAT
      " THEN '__UNPARTITIONED__' ELSE c%u - (c%u - %" G_GINT64_FORMAT ") %% %" G_GINT64_FORMAT " END",
      column->physical, column->physical, table->range_start, column->physical, table->range_end,
      column->physical, column->physical, table->range_start, MAX (table->range_interval, 1));
  return g_strdup_printf ("ifnull(strftime('%s', c%u %s, 'unixepoch'), '__NULL__')",
                          formats[table->partition], column->physical,
                          eros_sql_type_is (column->type, EROS_SQL_DATE) ? "* 86400" : "/ 1000000");
}

static gboolean
fill_by_partition (ErosRows *rows, ErosStoreTable *table, const char *id, GError **error)
{
  g_autofree char *source = eros_store_table_source (rows->run->session->connection, table, error);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (sqlite3_stmt) statement = NULL;
  int code;

  if (source == NULL)
    return FALSE;
  g_string_append_printf (sql, "SELECT %s AS id, count(*), sum(0", id);
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);
      g_autofree char *type = eros_engine_quote_text (eros_sql_type_get_name (column->type));

      g_string_append_printf (sql, " + eros_logical_size(c%u, %s)", column->physical, type);
    }
  g_string_append_printf (sql, ") FROM %s GROUP BY id ORDER BY id", source);
  statement = eros_engine_prepare (rows->run, sql->str, error);
  if (statement == NULL)
    return FALSE;
  while ((code = eros_engine_step (rows->run, statement, error)) == SQLITE_ROW)
    add_partition (rows, table, (const char *) sqlite3_column_text (statement, 0),
                   sqlite3_column_int64 (statement, 1), sqlite3_column_int64 (statement, 2));
  return code == SQLITE_DONE;
}

static gboolean
fill_partitions (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  g_autofree char *id = partition_id_sql (table);
  g_auto (ErosStoreStats) stats = { 0 };

  if (!has_rows (table))
    return TRUE;
  if (id != NULL)
    return fill_by_partition (rows, table, id, error);
  if (!eros_store_get_stats (rows->run->session->connection, table, &stats, error))
    return FALSE;
  add_partition (rows, table, NULL, stats.rows, stats.bytes);
  return TRUE;
}

static gboolean
fill_table_options (ErosRows *rows, ErosStoreTable *table, GError **error)
{
  g_autoptr (GPtrArray) options = eros_engine_table_option_list (table);

  for (guint i = 0; i < options->len; i++)
    {
      ErosEngineOptionText *option = g_ptr_array_index (options, i);

      eros_rows_begin (rows);
      eros_rows_add_name (rows, table->project, table->dataset, table->name);
      eros_rows_add_text (rows, option->name);
      eros_rows_add_text (rows, option->type);
      eros_rows_add_text (rows, option->value);
      eros_rows_end (rows);
    }
  return TRUE;
}

static gboolean
fill_routines (ErosRows *rows, ErosStoreRoutine *routine, GError **error)
{
  eros_rows_begin (rows);
  for (guint i = 0; i < 2; i++)
    eros_rows_add_name (rows, routine->project, routine->dataset, routine->name);
  eros_rows_add_text (rows, routine->kind == EROS_STORE_PROCEDURE        ? "PROCEDURE"
                            : routine->kind == EROS_STORE_TABLE_FUNCTION ? "TABLE FUNCTION"
                                                                         : "FUNCTION");
  eros_rows_add_text (rows,
                      routine->return_type == NULL ? NULL : eros_sql_type_get_name (routine->return_type));
  eros_rows_add_text (rows, routine->language != NULL ? "EXTERNAL" : "SQL");
  eros_rows_add_text (rows, routine->body);
  eros_rows_add_text (rows, routine->language != NULL ? "JAVASCRIPT" : NULL);
  eros_rows_add_text (rows, NULL);
  eros_rows_add_text (rows, NULL);
  eros_rows_add_time (rows, routine->created);
  eros_rows_add_time (rows, routine->modified);
  eros_rows_take_text (rows, eros_engine_routine_ddl (routine));
  eros_rows_end (rows);
  return TRUE;
}

static gboolean
fill_parameters (ErosRows *rows, ErosStoreRoutine *routine, GError **error)
{
  static const char *const modes[] = { "IN", "OUT", "INOUT" };

  if (routine->return_type != NULL)
    {
      eros_rows_begin (rows);
      eros_rows_add_name (rows, routine->project, routine->dataset, routine->name);
      eros_rows_add_integer (rows, 0);
      eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, "YES");
      eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, eros_sql_type_get_name (routine->return_type));
      eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, NULL);
      eros_rows_end (rows);
    }
  for (guint i = 0; i < routine->arguments->len; i++)
    {
      ErosStoreArgument *argument = g_ptr_array_index (routine->arguments, i);

      eros_rows_begin (rows);
      eros_rows_add_name (rows, routine->project, routine->dataset, routine->name);
      eros_rows_add_integer (rows, i + 1);
      eros_rows_add_text (rows, routine->kind == EROS_STORE_PROCEDURE ? modes[argument->mode] : NULL);
      eros_rows_add_text (rows, "NO");
      eros_rows_add_text (rows, argument->name);
      eros_rows_add_text (rows,
                          argument->type == NULL ? "ANY TYPE" : eros_sql_type_get_name (argument->type));
      eros_rows_add_text (rows, NULL);
      eros_rows_add_text (rows, NULL);
      eros_rows_end (rows);
    }
  return TRUE;
}

/* Which views there are */

typedef gboolean (*DatasetFunc) (ErosRows *rows, ErosStoreDataset *dataset, GError **error);
typedef gboolean (*TableFunc) (ErosRows *rows, ErosStoreTable *table, GError **error);
typedef gboolean (*RoutineFunc) (ErosRows *rows, ErosStoreRoutine *routine, GError **error);

typedef struct
{
  const char *name;
  const char *columns;
  DatasetFunc dataset;
  TableFunc table;
  RoutineFunc routine;
  gboolean whole_project; /* never asked of a single data set */
} View;

#define KEY  "constraint_catalog STRING, constraint_schema STRING, constraint_name STRING, "
#define NAME "table_catalog STRING, table_schema STRING, table_name STRING, "

static const View views[] = {
  { .name = "SCHEMATA",
    .columns = "catalog_name STRING, schema_name STRING, schema_owner STRING, creation_time TIMESTAMP, "
               "last_modified_time TIMESTAMP, location STRING, ddl STRING, default_collation_name STRING",
    .dataset = fill_schemata,
    .whole_project = TRUE },
  { .name = "TABLES",
    .columns =
      NAME "table_type STRING, is_insertable_into STRING, is_typed STRING, is_change_history_enabled STRING, "
           "creation_time TIMESTAMP, base_table_catalog STRING, base_table_schema STRING, "
           "base_table_name STRING, snapshot_time_ms TIMESTAMP, ddl STRING, default_collation_name STRING",
    .table = fill_tables },
  { .name = "COLUMNS",
    .columns = NAME "column_name STRING, ordinal_position INT64, is_nullable STRING, data_type STRING, "
                    "is_generated STRING, generation_expression STRING, is_stored STRING, is_hidden STRING, "
                    "is_updatable STRING, is_system_defined STRING, is_partitioning_column STRING, "
                    "clustering_ordinal_position INT64, collation_name STRING, column_default STRING, "
                    "rounding_mode STRING",
    .table = fill_all_columns },
  { .name = "COLUMN_FIELD_PATHS",
    .columns = NAME "column_name STRING, field_path STRING, data_type STRING, description STRING, "
                    "collation_name STRING, rounding_mode STRING, policy_tags ARRAY<STRING>",
    .table = fill_field_paths },
  { .name = "VIEWS",
    .columns = NAME "view_definition STRING, check_option STRING, use_standard_sql STRING",
    .table = fill_views },
  { .name = "TABLE_SNAPSHOTS",
    .columns = NAME "base_table_catalog STRING, base_table_schema STRING, base_table_name STRING, "
                    "snapshot_time TIMESTAMP",
    .table = fill_snapshots },
  { .name = "TABLE_STORAGE",
    .columns =
      "project_id STRING, project_number INT64, " NAME
      "creation_time TIMESTAMP, total_rows INT64, total_partitions INT64, total_logical_bytes INT64, "
      "active_logical_bytes INT64, long_term_logical_bytes INT64, current_physical_bytes INT64, "
      "total_physical_bytes INT64, active_physical_bytes INT64, long_term_physical_bytes INT64, "
      "time_travel_physical_bytes INT64, fail_safe_physical_bytes INT64, storage_last_modified_time "
      "TIMESTAMP, "
      "deleted BOOL, table_type STRING",
    .table = fill_storage },
  { .name = "TABLE_OPTIONS",
    .columns = NAME "option_name STRING, option_type STRING, option_value STRING",
    .table = fill_table_options },
  { .name = "PARTITIONS",
    .columns =
      NAME "partition_id STRING, total_rows INT64, total_logical_bytes INT64, total_billable_bytes INT64, "
           "last_modified_time TIMESTAMP, storage_tier STRING",
    .table = fill_partitions },
  { .name = "ROUTINES",
    .columns =
      "specific_catalog STRING, specific_schema STRING, specific_name STRING, routine_catalog STRING, "
      "routine_schema STRING, routine_name STRING, routine_type STRING, data_type STRING, routine_body "
      "STRING, "
      "routine_definition STRING, external_language STRING, is_deterministic STRING, security_type STRING, "
      "created TIMESTAMP, last_altered TIMESTAMP, ddl STRING",
    .routine = fill_routines },
  { .name = "PARAMETERS",
    .columns =
      "specific_catalog STRING, specific_schema STRING, specific_name STRING, ordinal_position INT64, "
      "parameter_mode STRING, is_result STRING, parameter_name STRING, data_type STRING, "
      "parameter_default STRING, is_aggregate STRING",
    .routine = fill_parameters },
  { .name = "TABLE_CONSTRAINTS",
    .columns =
      KEY NAME "constraint_type STRING, is_deferrable STRING, initially_deferred STRING, enforced STRING",
    .table = eros_engine_fill_constraints },
  { .name = "KEY_COLUMN_USAGE",
    .columns = KEY NAME "column_name STRING, ordinal_position INT64, position_in_unique_constraint INT64",
    .table = eros_engine_fill_keys },
  { .name = "CONSTRAINT_COLUMN_USAGE",
    .columns =
      NAME "column_name STRING, constraint_catalog STRING, constraint_schema STRING, constraint_name STRING",
    .table = eros_engine_fill_key_columns },
  { .name = "OBJECT_PRIVILEGES",
    .columns = "object_catalog STRING, object_schema STRING, object_name STRING, object_type STRING, "
               "privilege_type STRING, grantee STRING",
    .dataset = eros_engine_fill_privileges },
  { .name = "SCHEMATA_OPTIONS",
    .columns =
      "catalog_name STRING, schema_name STRING, option_name STRING, option_type STRING, option_value STRING",
    .dataset = eros_engine_fill_dataset_options,
    .whole_project = TRUE },
  { .name = "ROUTINE_OPTIONS",
    .columns = "specific_catalog STRING, specific_schema STRING, specific_name STRING, option_name STRING, "
               "option_type STRING, option_value STRING",
    .routine = eros_engine_fill_routine_options },
  { .name = "MATERIALIZED_VIEWS",
    .columns = NAME "last_refresh_time TIMESTAMP, refresh_watermark TIMESTAMP, "
                    "last_refresh_status STRUCT<reason STRING, location STRING, message STRING>",
    .table = eros_engine_fill_materialized },
  { .name = "__TABLES__",
    .columns =
      "project_id STRING, dataset_id STRING, table_id STRING, creation_time INT64, last_modified_time INT64, "
      "row_count INT64, size_bytes INT64, type INT64",
    .table = fill_old_tables },
};

static gboolean
fill_dataset (const View *view, ErosRows *rows, ErosStoreDataset *dataset, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  gboolean good = TRUE;

  if (view->dataset != NULL)
    return view->dataset (rows, dataset, error);
  list =
    view->table != NULL
      ? eros_store_list_tables (rows->run->session->connection, dataset->project, dataset->name, error)
      : eros_store_list_routines (rows->run->session->connection, dataset->project, dataset->name, error);
  if (list == NULL)
    return FALSE;
  for (guint i = 0; good && i < list->len; i++)
    good = view->table != NULL ? view->table (rows, g_ptr_array_index (list, i), error)
                               : view->routine (rows, g_ptr_array_index (list, i), error);
  return good;
}

static gboolean
fill_project (const View *view, ErosRows *rows, const char *project, GError **error)
{
  g_autoptr (GPtrArray) datasets = eros_store_list_datasets (rows->run->session->connection, project, error);

  if (datasets == NULL)
    return FALSE;
  for (guint i = 0; i < datasets->len; i++)
    if (!fill_dataset (view, rows, g_ptr_array_index (datasets, i), error))
      return FALSE;
  return TRUE;
}

/* Whose: [project.][dataset or region.]INFORMATION_SCHEMA.VIEW */
typedef struct
{
  const char *project;
  const char *dataset; /* NULL: of the whole project */
  const char *view;
} Scope;

static gboolean
is_region (const char *name)
{
  return g_ascii_strncasecmp (name, "region-", 7) == 0;
}

static gboolean
parse_scope (ErosRun *run, const ErosAstPath *path, Scope *scope, GError **error)
{
  guint n = path->n_parts;
  guint before; /* parts before INFORMATION_SCHEMA, or before __TABLES__ */

  scope->view = path->parts[n - 1].text;
  before = strcmp (scope->view, "__TABLES__") == 0 ? n - 1 : n - 2;
  if (n < 2 || before > 2 ||
      (before == n - 2 && g_ascii_strcasecmp (path->parts[n - 2].text, "INFORMATION_SCHEMA") != 0))
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "Invalid path to INFORMATION_SCHEMA at [%u:%u]", path->span.line, path->span.column);
      return FALSE;
    }
  scope->project = before == 2                             ? path->parts[0].text
                   : run->session->default_project != NULL ? run->session->default_project
                                                           : run->request->project;
  scope->dataset = before == 0 ? run->session->default_dataset : path->parts[before - 1].text;
  if (before > 0 && is_region (scope->dataset))
    scope->dataset = NULL;
  return TRUE;
}

static const View *
find_view (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_ascii_strcasecmp (views[i].name, name) == 0)
      return &views[i];
  return NULL;
}

/* What BigQuery has, and this server has not, is refused by name; there is nothing else of that name. */
static ErosEngineTable *
fail_no_view (ErosRun *run, const Scope *scope, const ErosAstPath *path, GError **error)
{
  static const char *const elsewhere[] = {
    "ASSIGNMENTS",
    "ASSIGNMENT_CHANGES",
    "BI_CAPACITIES",
    "BI_CAPACITY_CHANGES",
    "CAPACITY_COMMITMENTS",
    "EFFECTIVE_PROJECT_OPTIONS",
    "INSIGHTS",
    "JOBS_BY_FOLDER",
    "JOBS_BY_ORGANIZATION",
    "MODELS",
    "MODEL_OPTIONS",
    "ORGANIZATION_OPTIONS",
    "PROJECT_OPTIONS",
    "RECOMMENDATIONS",
    "RESERVATIONS",
    "RESERVATION_CHANGES",
    "RESERVATIONS_TIMELINE",
    "SCHEMATA_LINKS",
    "SCHEMATA_REPLICAS",
    "SEARCH_INDEXES",
    "SEARCH_INDEX_COLUMNS",
    "SESSIONS_BY_PROJECT",
    "SESSIONS_BY_USER",
    "SHARED_DATASET_USAGE",
    "STREAMING_TIMELINE",
    "STREAMING_TIMELINE_BY_PROJECT",
    "TABLE_STORAGE_BY_PROJECT",
    "TABLE_STORAGE_USAGE_TIMELINE",
    "VECTOR_INDEXES",
    "VECTOR_INDEX_COLUMNS",
    "WRITE_API_TIMELINE",
    "WRITE_API_TIMELINE_BY_PROJECT",
  };

  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    if (g_ascii_strcasecmp (elsewhere[i], scope->view) == 0)
      {
        g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
                     "INFORMATION_SCHEMA.%s is not supported by the local BigQuery at [%u:%u]", scope->view,
                     path->span.line, path->span.column);
        return NULL;
      }
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND,
               "Not found: Table %s:%s%sINFORMATION_SCHEMA.%s was not found in location %s", scope->project,
               scope->dataset != NULL ? scope->dataset : "", scope->dataset != NULL ? "." : "", scope->view,
               run->request->location != NULL ? run->request->location : run->engine->location);
  return NULL;
}

ErosEngineTable *
eros_engine_information_table (ErosRun *run, const ErosAstPath *path, GError **error)
{
  Scope scope;
  const View *view;
  ErosEngineTable *table;
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (ErosStoreDataset) dataset = NULL;
  ErosRows rows = { .run = run, .sql = sql };
  gboolean good;

  if (!parse_scope (run, path, &scope, error))
    return NULL;
  table = eros_engine_history_table (run, scope.project, scope.view);
  if (table != NULL)
    return table;
  view = find_view (scope.view);
  if (view == NULL)
    return fail_no_view (run, &scope, path, error);
  if (scope.dataset != NULL && !view->whole_project)
    {
      dataset = eros_store_get_dataset (run->session->connection, scope.project, scope.dataset, error);
      eros_engine_add_location (run, error);
      good = dataset != NULL && fill_dataset (view, &rows, dataset, error);
    }
  else
    good = fill_project (view, &rows, scope.project, error);
  if (!good)
    return NULL;
  table = eros_engine_table_new (scope.project, scope.dataset == NULL ? "" : scope.dataset, view->name);
  eros_rows_finish (table, view->columns, &rows);
  return table;
}
