/* eros-store-stats.c: how many rows and logical bytes a table has
 *
 * Kept up to date by the update hook while rows are written; measured once, and remembered, for what the hook
 * has not seen and for the past.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-private.h"

/**
 * eros_store_stats_clear:
 * @stats: statistics
 *
 * Frees what @stats holds.
 */
void
eros_store_stats_clear (ErosStoreStats *stats)
{
  g_clear_pointer (&stats->column_bytes, g_free);
}

/* https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes */
static void
append_measure (GString *sql, const ErosStoreColumn *column)
{
  switch ((int) eros_sql_type_get_kind (column->type))
    {
    case EROS_SQL_BOOL:
      g_string_append_printf (sql, ", count(c%u)", column->physical);
      return;
    case EROS_SQL_INT64:
    case EROS_SQL_FLOAT64:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
      g_string_append_printf (sql, ", 8 * count(c%u)", column->physical);
      return;
    case EROS_SQL_STRING:
    case EROS_SQL_BYTES:
      g_string_append_printf (sql, ", ifnull(sum(2 + length(CAST(c%u AS BLOB))), 0)", column->physical);
      return;
    default:
      g_string_append_printf (sql, ", ifnull(sum(eros_logical_size(c%u, '%s')), 0)", column->physical,
                              eros_sql_type_get_name (column->type));
    }
}

static gboolean
run_measure (ErosStoreConnection *connection,
             const char *sql,
             ErosStoreTable *table,
             ErosStoreTableChange *measured,
             GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (connection->db, sql, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step (statement) != SQLITE_ROW)
    {
      eros_store_set_error (error, connection->db);
      sqlite3_finalize (statement);
      return FALSE;
    }
  measured->rows = sqlite3_column_int64 (statement, 0);
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      measured->bytes[column->physical] = sqlite3_column_int64 (statement, i + 1);
    }
  sqlite3_finalize (statement);
  return TRUE;
}

static ErosStoreTableChange *
measure (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  g_autofree char *source = eros_store_table_source (connection, table, error);
  g_autoptr (GString) sql = g_string_new ("SELECT count(*)");
  ErosStoreTableChange *measured;
  guint n_columns = 0;

  if (source == NULL)
    return NULL;
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      append_measure (sql, column);
      n_columns = MAX (n_columns, column->physical + 1);
    }
  g_string_append_printf (sql, " FROM %s", source);
  measured = g_new0 (ErosStoreTableChange, 1);
  measured->storage = table->storage;
  measured->known = TRUE;
  measured->n_columns = n_columns;
  measured->bytes = g_new0 (gint64, n_columns);
  if (run_measure (connection, sql->str, table, measured, error))
    return measured;
  eros_store_change_free (measured);
  return NULL;
}

static void
copy_stats (const ErosStoreTableChange *from, ErosStoreTable *table, ErosStoreStats *stats)
{
  stats->rows = from->rows;
  stats->bytes = 0;
  stats->column_bytes = g_new0 (gint64, MAX (table->columns->len, 1));
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      if (column->physical < from->n_columns)
        stats->column_bytes[i] = from->bytes[column->physical];
      stats->bytes += stats->column_bytes[i];
    }
}

/* Takes the totals of the storage itself, as far as they are known, and keeps no trace of having asked. */
static gboolean
copy_present (ErosStoreConnection *connection, ErosStoreTable *table, ErosStoreStats *stats, GError **error)
{
  gboolean asked = eros_store_find_change (connection, table->storage) == NULL;
  ErosStoreTableChange *change = eros_store_open_change (connection, table->storage, error);
  gboolean known = change != NULL && change->known;

  if (known)
    copy_stats (change, table, stats);
  if (asked && change != NULL)
    g_ptr_array_remove (connection->changes, change);
  return known;
}

static gboolean
recall (ErosStore *store, const char *key, ErosStoreTable *table, ErosStoreStats *stats)
{
  ErosStoreTableChange *measured;

  g_mutex_lock (&store->lock);
  measured = g_hash_table_lookup (store->stats, key);
  if (measured != NULL)
    copy_stats (measured, table, stats);
  g_mutex_unlock (&store->lock);
  return measured != NULL;
}

/* What a writer has measured in the middle of its transaction is a start to count from, not a fact for
 * others. */
static void
remember (ErosStoreConnection *connection, ErosStoreTableChange *measured, ErosStoreTable *table, char *key)
{
  ErosStoreTableChange *change = eros_store_find_change (connection, table->storage);

  if (change == NULL || !change->changed)
    {
      g_mutex_lock (&connection->store->lock);
      g_hash_table_insert (connection->store->stats, key, measured);
      g_mutex_unlock (&connection->store->lock);
      return;
    }
  if (table->version == 0 && measured->n_columns == change->n_columns)
    {
      change->known = TRUE;
      change->rows = measured->rows;
      for (guint i = 0; i < change->n_columns; i++)
        change->bytes[i] = measured->bytes[i];
    }
  eros_store_change_free (measured);
  g_free (key);
}

/**
 * eros_store_get_stats:
 * @connection: a connection with a transaction
 * @table: a table, view or snapshot
 * @stats: (out caller-allocates): filled in; a view has no rows of its own
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether the numbers are known
 */
gboolean
eros_store_get_stats (ErosStoreConnection *connection,
                      ErosStoreTable *table,
                      ErosStoreStats *stats,
                      GError **error)
{
  g_autofree char *key = NULL;
  ErosStoreStorage storage;
  ErosStoreTableChange *measured;
  gboolean present;

  *stats = (ErosStoreStats){ 0, 0, NULL };
  if (table->storage == 0)
    {
      stats->column_bytes = g_new0 (gint64, MAX (table->columns->len, 1));
      return TRUE;
    }
  if (!eros_store_get_storage (connection, table->storage, &storage, error))
    return FALSE;
  present = table->version == 0 ? !connection->refreshed || storage.changed <= connection->snapshot
                                : storage.changed <= table->version;
  if (present && copy_present (connection, table, stats, NULL))
    return TRUE;
  /* what a transaction sees of a table that others have changed meanwhile is its own affair */
  if (present || table->version != 0)
    key = g_strdup_printf ("%" G_GINT64_FORMAT "@%" G_GINT64_FORMAT, table->storage,
                           present ? storage.changed : table->version);
  if (key != NULL && recall (connection->store, key, table, stats))
    return TRUE;
  measured = measure (connection, table, error);
  if (measured == NULL)
    return FALSE;
  copy_stats (measured, table, stats);
  if (key != NULL)
    remember (connection, measured, table, g_steal_pointer (&key));
  else
    eros_store_change_free (measured);
  return TRUE;
}
