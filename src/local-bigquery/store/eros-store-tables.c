/* eros-store-tables.c: tables, views and snapshots by name, now and at earlier times
 *
 * Each state of a table is a row of the catalogue, valid from one version on and until another: what an
 * earlier version looked like is a look-up, not a reconstruction.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-private.h"
#include "eros-clock.h"
#include "eros-store-policy.h"

#define TABLE_COLUMNS                                                                                        \
  "t.id, t.project, t.dataset, t.name, t.kind, t.created, t.modified, t.expiration, t.storage, t.version, "  \
  "t.body,"                                                                                                  \
  " t.last, s.time FROM tables t LEFT JOIN storages s ON s.id = t.storage "

static ErosStoreTable *
read_table (ErosStoreStatement *statement)
{
  ErosStoreTable *table = eros_store_table_new (
    (const char *) sqlite3_column_text (statement, 1), (const char *) sqlite3_column_text (statement, 2),
    (const char *) sqlite3_column_text (statement, 3), sqlite3_column_int (statement, 4));

  table->id = sqlite3_column_int64 (statement, 0);
  table->created = sqlite3_column_int64 (statement, 5);
  table->modified = sqlite3_column_int64 (statement, 6);
  table->expiration = sqlite3_column_int64 (statement, 7);
  table->storage = sqlite3_column_int64 (statement, 8);
  table->version = sqlite3_column_int64 (statement, 9);
  eros_store_table_from_json (table, (const char *) sqlite3_column_text (statement, 10));
  if (table->version == 0)
    table->modified = MAX (table->modified, sqlite3_column_int64 (statement, 12));
  table->etag = eros_store_make_etag (table->id, table->modified);
  return table;
}

/* The state that @connection's transaction sees. A transaction that had to begin again sees its own changes
 * and, of what others did since its snapshot, nothing. */
static ErosStoreStatement *
find_present (ErosStoreConnection *connection,
              const char *project,
              const char *dataset,
              const char *name,
              GError **error)
{
  if (!connection->refreshed)
    return eros_store_statement (connection, error,
                                 "SELECT " TABLE_COLUMNS
                                 "WHERE t.project = ? AND t.dataset = ? AND t.name = ? AND t.last IS NULL",
                                 "sss", project, dataset, name);
  return eros_store_statement (connection, error,
                               "SELECT " TABLE_COLUMNS "WHERE t.project = ? AND t.dataset = ? AND t.name = ?"
                               " AND ((t.first = ?4 AND t.last IS NULL)"
                               " OR (t.first <= ?5 AND (t.last IS NULL OR (t.last > ?5 AND t.last <> ?4))))"
                               " ORDER BY t.first DESC LIMIT 1",
                               "sssii", project, dataset, name, connection->version, connection->snapshot);
}

static ErosStoreTable *
look_up (ErosStoreConnection *connection,
         const char *project,
         const char *dataset,
         const char *name,
         GError **error)
{
  g_autoptr (ErosStoreStatement) statement = find_present (connection, project, dataset, name, error);
  ErosStoreTable *table;
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error) || !row)
    return NULL;
  table = read_table (statement);
  if (sqlite3_column_type (statement, 11) != SQLITE_NULL && table->version == 0)
    table->version = connection->snapshot;
  return table;
}

static gboolean
has_expired (const ErosStoreTable *table)
{
  return table->expiration != 0 && table->expiration <= eros_clock_get_now ();
}

static void
set_not_found (GError **error, const char *project, const char *dataset, const char *name)
{
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Table %s:%s.%s", project,
               dataset, name);
}

/**
 * eros_store_get_table:
 * @connection: a connection with a transaction
 * @project: the project
 * @dataset: the data set's id
 * @name: the table's id
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): the table, view or snapshot
 */
ErosStoreTable *
eros_store_get_table (ErosStoreConnection *connection,
                      const char *project,
                      const char *dataset,
                      const char *name,
                      GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (ErosStoreDataset) parent = NULL;
  g_autoptr (ErosStoreTable) table = look_up (connection, project, dataset, name, &failure);

  if (table != NULL && !has_expired (table))
    return g_steal_pointer (&table);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  parent = eros_store_get_dataset (connection, project, dataset, error);
  if (parent != NULL)
    set_not_found (error, project, dataset, name);
  return NULL;
}

static void
set_too_early (GError **error,
               const char *project,
               const char *dataset,
               const char *name,
               gint64 time,
               gint64 created)
{
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
               "Invalid time travel timestamp %" G_GINT64_FORMAT " for table %s:%s.%s@%" G_GINT64_FORMAT
               ". Cannot read before %" G_GINT64_FORMAT ".",
               time / 1000, project, dataset, name, time / 1000, created / 1000);
}

/* Who may see which rows is a matter of today: what was allowed at the time of @table counts no more. */
static gboolean
take_present_policies (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  g_autoptr (ErosStoreStatement) statement = eros_store_statement (
    connection, error, "SELECT " TABLE_COLUMNS "WHERE t.id = ? ORDER BY t.first DESC LIMIT 1", "i",
    table->id);
  g_autoptr (ErosStoreTable) latest = NULL;
  g_autoptr (GPtrArray) policies = NULL;
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  latest = read_table (statement);
  policies = eros_store_table_get_policies (latest);
  eros_store_table_set_policies (table, policies);
  return TRUE;
}

/**
 * eros_store_get_table_at:
 * @connection: a connection with a transaction
 * @project: the project
 * @dataset: the data set's id
 * @name: the table's id
 * @time: microseconds since 1970, not older than %EROS_STORE_TIME_TRAVEL
 * @error: return location for an #ErosStoreError
 *
 * Finds a table as it was, also when it has been dropped or replaced since. It can only be read, and with the
 * row access policies that it had last.
 *
 * Returns: (transfer full) (nullable): the table
 */
ErosStoreTable *
eros_store_get_table_at (ErosStoreConnection *connection,
                         const char *project,
                         const char *dataset,
                         const char *name,
                         gint64 time,
                         GError **error)
{
  g_autoptr (ErosStoreStatement) statement = NULL;
  g_autoptr (ErosStoreTable) present = NULL;
  g_autoptr (ErosStoreTable) table = NULL;
  gint64 version;
  gboolean row;

  if (!eros_store_find_version (connection, time, &version, error))
    return NULL;
  statement =
    eros_store_statement (connection, error,
                          "SELECT " TABLE_COLUMNS "WHERE t.project = ? AND t.dataset = ? AND t.name = ?"
                          " AND t.first <= ?4 AND (t.last IS NULL OR t.last > ?4)",
                          "sssi", project, dataset, name, version);
  if (statement == NULL || !eros_store_step (statement, &row, error))
    return NULL;
  if (row)
    {
      table = read_table (statement);
      if (table->version == 0 && table->storage != 0)
        table->version = version;
      return take_present_policies (connection, table, error) ? g_steal_pointer (&table) : NULL;
    }
  present = eros_store_get_table (connection, project, dataset, name, error);
  if (present != NULL)
    set_too_early (error, project, dataset, name, time, present->created);
  return NULL;
}

/**
 * eros_store_list_tables:
 * @connection: a connection with a transaction
 * @project: the project
 * @dataset: the data set's id
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreTable): tables, views and snapshots by name
 */
GPtrArray *
eros_store_list_tables (ErosStoreConnection *connection,
                        const char *project,
                        const char *dataset,
                        GError **error)
{
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_table_unref);
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error,
                          "SELECT " TABLE_COLUMNS "WHERE t.project = ? AND t.dataset = ? AND t.last IS NULL"
                          " AND (t.expiration IS NULL OR t.expiration > ?) ORDER BY t.name",
                          "ssi", project, dataset, eros_clock_get_now ());
  gboolean row = statement != NULL;

  while (row)
    {
      if (!eros_store_step (statement, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (tables, read_table (statement));
    }
  return statement != NULL ? g_steal_pointer (&tables) : NULL;
}

static gint64
now (ErosStoreConnection *connection)
{
  return connection->commit_time != 0 ? connection->commit_time : eros_clock_get_now ();
}

static gboolean
add_state (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  g_autofree char *body = eros_store_table_to_json (table);

  return eros_store_run (
    connection, error,
    "INSERT INTO tables (id, project, dataset, name, first, kind, created, modified, expiration,"
    " storage, version, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "isssiiiizzzs", table->id, table->project, table->dataset, table->name, connection->version,
    (gint64) table->kind, table->created, table->modified, table->expiration, table->storage, table->version,
    body);
}

/* Ends the present state, which is forgotten altogether when this very transaction made it. */
static gboolean
end_state (ErosStoreConnection *connection, gint64 id, GError **error)
{
  return eros_store_run (connection, error, "DELETE FROM tables WHERE id = ? AND last IS NULL AND first = ?",
                         "ii", id, connection->version) &&
         eros_store_run (connection, error, "UPDATE tables SET last = ? WHERE id = ? AND last IS NULL", "ii",
                         connection->version, id);
}

/* Makes @table, which has an id, the present state. */
gboolean
eros_store_save_table (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  table->modified = MAX (now (connection), table->modified);
  g_free (table->etag);
  table->etag = eros_store_make_etag (table->id, table->modified);
  return end_state (connection, table->id, error) && add_state (connection, table, error);
}

static gboolean
next_id (ErosStoreConnection *connection, gint64 *id, GError **error)
{
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error, "SELECT ifnull(max(id), 0) + 1 FROM tables", "");
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  *id = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* Frees the name, when it may be. */
static gboolean
make_room (ErosStoreConnection *connection, ErosStoreTable *table, gboolean replace, GError **error)
{
  g_autoptr (ErosStoreTable) former = look_up (connection, table->project, table->dataset, table->name, NULL);

  if (former == NULL)
    return TRUE;
  if (!replace && !has_expired (former))
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Table %s:%s.%s",
                   table->project, table->dataset, table->name);
      return FALSE;
    }
  return end_state (connection, former->id, error);
}

/* What every new table needs, whatever it is: a parent, a free name, an id, times. */
static gboolean
start_table (ErosStoreConnection *connection, ErosStoreTable *table, gboolean replace, GError **error)
{
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  dataset = eros_store_get_dataset (connection, table->project, table->dataset, error);
  if (dataset == NULL)
    return FALSE;
  if (!make_room (connection, table, replace, error) || !next_id (connection, &table->id, error))
    return FALSE;
  table->created = table->modified = now (connection);
  if (table->partition != EROS_STORE_PARTITION_NONE && table->partition != EROS_STORE_PARTITION_RANGE &&
      table->partition_expiration == 0)
    table->partition_expiration = dataset->default_partition_expiration;
  /* Where partitions expire, the table does not. */
  if (table->expiration == 0 && dataset->default_table_expiration != 0 &&
      (dataset->default_partition_expiration == 0 || table->partition_expiration == 0))
    table->expiration = table->created + dataset->default_table_expiration * 1000;
  g_free (table->etag);
  table->etag = eros_store_make_etag (table->id, table->modified);
  return TRUE;
}

/**
 * eros_store_insert_table:
 * @connection: a connection with a transaction
 * @table: what to make: a table without rows, or a view; what the store gives is filled in
 * @replace: whether whatever has the name gives way
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it was made
 */
gboolean
eros_store_insert_table (ErosStoreConnection *connection,
                         ErosStoreTable *table,
                         gboolean replace,
                         GError **error)
{
  if (!start_table (connection, table, replace, error))
    return FALSE;
  table->storage = 0;
  table->version = 0;
  for (guint i = 0; i < table->columns->len; i++)
    ((ErosStoreColumn *) g_ptr_array_index (table->columns, i))->physical = i;
  if (table->kind == EROS_STORE_TABLE &&
      (!eros_store_create_storage (connection, table, error) ||
       (!connection->bulk && !eros_store_create_index (connection, table, error))))
    return FALSE;
  return add_state (connection, table, error);
}

static void
inherit (ErosStoreTable *table, ErosStoreTable *source)
{
  GHashTableIter iter;
  gpointer key, value;

  g_ptr_array_set_size (table->columns, 0);
  for (guint i = 0; i < source->columns->len; i++)
    g_ptr_array_add (table->columns, eros_store_column_copy (g_ptr_array_index (source->columns, i)));
  table->partition = source->partition;
  g_free (table->partition_field);
  table->partition_field = g_strdup (source->partition_field);
  table->partition_expiration = source->partition_expiration;
  table->range_start = source->range_start;
  table->range_end = source->range_end;
  table->range_interval = source->range_interval;
  table->require_partition_filter = source->require_partition_filter;
  g_strfreev (table->clustering);
  table->clustering = g_strdupv (source->clustering);
  if (table->friendly_name == NULL)
    table->friendly_name = g_strdup (source->friendly_name);
  if (table->description == NULL)
    table->description = g_strdup (source->description);
  if (g_hash_table_size (table->labels) > 0)
    return;
  g_hash_table_iter_init (&iter, source->labels);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (table->labels, g_strdup (key), g_strdup (value));
}

/**
 * eros_store_clone_table:
 * @connection: a connection with a transaction
 * @source: a table or snapshot, of now or of an earlier time
 * @table: what to make of it: an %EROS_STORE_TABLE or an %EROS_STORE_SNAPSHOT; columns, partitioning,
 * clustering, and what it does not say itself, come from @source
 * @replace: whether whatever has the name gives way; it may be @source
 * @error: return location for an #ErosStoreError
 *
 * Makes a snapshot, a clone, a copy or a restored table. No row is touched, so it takes the same time at any
 * size: the first write to either side parts them.
 *
 * Returns: whether it was made
 */
gboolean
eros_store_clone_table (ErosStoreConnection *connection,
                        ErosStoreTable *source,
                        ErosStoreTable *table,
                        gboolean replace,
                        GError **error)
{
  g_return_val_if_fail (source->storage != 0, FALSE);

  inherit (table, source);
  if (table->kind == EROS_STORE_SNAPSHOT && table->base_name == NULL)
    eros_store_table_set_base (table, source, eros_clock_get_now ());
  if (!start_table (connection, table, replace, error))
    return FALSE;
  table->storage = source->storage;
  table->version = source->version != 0 ? source->version : connection->version;
  return add_state (connection, table, error);
}

/**
 * eros_store_update_table:
 * @connection: a connection with a transaction
 * @table: the table as it shall be: descriptions, labels, times, and its columns in their order; one with
 *   %EROS_STORE_NEW_COLUMN is added, one that is missing is dropped
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is stored
 */
gboolean
eros_store_update_table (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      if (column->physical != EROS_STORE_NEW_COLUMN)
        continue;
      if (table->kind != EROS_STORE_TABLE)
        column->physical = i;
      else if (!eros_store_own_storage (connection, table, error) ||
               !eros_store_add_column (connection, table, column, error))
        return FALSE;
    }
  table->modified++;
  return eros_store_save_table (connection, table, error);
}

/**
 * eros_store_rename_table:
 * @connection: a connection with a transaction
 * @table: a stored table
 * @name: what it shall be called
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is called @name now
 */
gboolean
eros_store_rename_table (ErosStoreConnection *connection,
                         ErosStoreTable *table,
                         const char *name,
                         GError **error)
{
  g_autoptr (ErosStoreTable) target =
    eros_store_table_new (table->project, table->dataset, name, table->kind);

  if (!eros_store_start_writing (connection, NULL, error) || !make_room (connection, target, FALSE, error))
    return FALSE;
  g_free (table->name);
  table->name = g_strdup (name);
  return eros_store_save_table (connection, table, error);
}

/**
 * eros_store_drop_table:
 * @connection: a connection with a transaction
 * @table: a stored table, view or snapshot
 * @error: return location for an #ErosStoreError
 *
 * Drops it; for %EROS_STORE_TIME_TRAVEL it can still be read as of an earlier time.
 *
 * Returns: whether it is gone
 */
gboolean
eros_store_drop_table (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  return eros_store_start_writing (connection, NULL, error) && end_state (connection, table->id, error);
}
