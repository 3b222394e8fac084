/* eros-store-partition.c: one partition of a table, as `table$20251031` names it
 *
 * A table is stored in one piece; a partition is a condition on its column.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-partition.h"

#include <string.h>

/* How many digits name a partition */
static const gsize DIGITS[] = { 0, 10, 8, 6, 4 };

/**
 * eros_store_partition_split:
 * @name: what a client calls a table
 * @table: (out): the table's own name
 * @id: (out) (nullable): which partition of it; %NULL for the whole table
 *
 * Returns: whether a partition is named
 */
gboolean
eros_store_partition_split (const char *name, char **table, char **id)
{
  const char *dollar = strchr (name, '$');

  *table = dollar != NULL ? g_strndup (name, dollar - name) : g_strdup (name);
  *id = dollar != NULL ? g_strdup (dollar + 1) : NULL;
  return dollar != NULL;
}

static gboolean
invalid (GError **error, const char *id, ErosStoreTable *table)
{
  g_set_error (
    error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
    "Invalid partition id '%s' of the table %s:%s.%s: it is not of the kind that the table's partitioning"
    " has.",
    id, table->project, table->dataset, table->name);
  return FALSE;
}

static GDateTime *
add_one (GDateTime *time, ErosStorePartition kind)
{
  switch ((int) kind)
    {
    case EROS_STORE_PARTITION_HOUR:
      return g_date_time_add_hours (time, 1);
    case EROS_STORE_PARTITION_DAY:
      return g_date_time_add_days (time, 1);
    case EROS_STORE_PARTITION_MONTH:
      return g_date_time_add_months (time, 1);
    default:
      return g_date_time_add_years (time, 1);
    }
}

/* In microseconds since 1970, from inclusive, to exclusive. */
static gboolean
read_time_range (ErosStoreTable *table, const char *id, gint64 *from, gint64 *to)
{
  int part[4] = { 0, 1, 1, 0 };
  static const int WIDTH[] = { 4, 2, 2, 2 };
  const char *at = id;
  g_autoptr (GDateTime) begin = NULL;
  g_autoptr (GDateTime) end = NULL;

  if (strlen (id) != DIGITS[table->partition] || strspn (id, "0123456789") != strlen (id))
    return FALSE;
  for (guint i = 0; *at != '\0'; at += WIDTH[i], i++)
    {
      g_autofree char *text = g_strndup (at, WIDTH[i]);

      part[i] = (int) g_ascii_strtoll (text, NULL, 10);
    }
  begin = g_date_time_new_utc (part[0], part[1], part[2], part[3], 0, 0);
  end = begin != NULL ? add_one (begin, table->partition) : NULL;
  if (end == NULL)
    return FALSE;
  *from = g_date_time_to_unix (begin) * G_USEC_PER_SEC;
  *to = g_date_time_to_unix (end) * G_USEC_PER_SEC;
  return TRUE;
}

static gboolean
read_range (ErosStoreTable *table, const char *id, gint64 *from, gint64 *to)
{
  if (table->range_interval <= 0 || !g_ascii_string_to_signed (id, 10, G_MININT64, G_MAXINT64, from, NULL) ||
      *from < table->range_start || *from >= table->range_end ||
      (*from - table->range_start) % table->range_interval != 0)
    return FALSE;
  *to = MIN (*from + table->range_interval, table->range_end);
  return TRUE;
}

/* Of a table that is partitioned by the time of loading: that of the commit; what is not committed comes now.
 */
static char *
loaded_condition (ErosStoreTable *table, const char *id, GError **error)
{
  gint64 from, to;

  if (read_time_range (table, id, &from, &to))
    return g_strdup_printf ("(COALESCE((SELECT time FROM commits WHERE version = _v), %" G_GINT64_FORMAT
                            ") BETWEEN %" G_GINT64_FORMAT " AND %" G_GINT64_FORMAT ")",
                            g_get_real_time (), from, to - 1);
  invalid (error, id, table);
  return NULL;
}

/**
 * eros_store_partition_condition:
 * @table: a table
 * @id: one of its partitions
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): SQL that is true of its rows
 */
char *
eros_store_partition_condition (ErosStoreTable *table, const char *id, GError **error)
{
  ErosStoreColumn *column = table->partition_field != NULL
                              ? eros_store_table_find_column (table, table->partition_field, NULL)
                              : NULL;
  gint64 from, to;
  gboolean good;

  if (column == NULL && table->partition == EROS_STORE_PARTITION_NONE)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
                   "The table %s:%s.%s is not partitioned: there is no partition %s of it.", table->project,
                   table->dataset, table->name, id);
      return NULL;
    }
  if (column == NULL)
    return loaded_condition (table, id, error);
  if (strcmp (id, "__NULL__") == 0)
    return g_strdup_printf ("c%u IS NULL", column->physical);
  good = table->partition == EROS_STORE_PARTITION_RANGE ? read_range (table, id, &from, &to)
                                                        : read_time_range (table, id, &from, &to);
  if (!good)
    {
      invalid (error, id, table);
      return NULL;
    }
  if (eros_sql_type_is (column->type, EROS_SQL_DATE))
    {
      from /= G_TIME_SPAN_DAY;
      to /= G_TIME_SPAN_DAY;
    }
  return g_strdup_printf ("(c%u >= %" G_GINT64_FORMAT " AND c%u < %" G_GINT64_FORMAT ")", column->physical,
                          from, column->physical, to);
}

static gboolean
query_int (ErosStoreConnection *connection, const char *sql, gint64 *value, GError **error)
{
  sqlite3 *db = eros_store_connection_get_db (connection);
  sqlite3_stmt *statement = NULL;
  gboolean good =
    sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW;

  if (good)
    *value = sqlite3_column_int64 (statement, 0);
  else
    eros_store_set_error (error, db);
  sqlite3_finalize (statement);
  return good;
}

/**
 * eros_store_partition_count:
 * @connection: a connection with a transaction
 * @table: a table
 * @id: one of its partitions
 * @n_rows: (out): how many rows it has
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether there is such a partition, perhaps without rows
 */
gboolean
eros_store_partition_count (ErosStoreConnection *connection,
                            ErosStoreTable *table,
                            const char *id,
                            gint64 *n_rows,
                            GError **error)
{
  g_autofree char *condition = eros_store_partition_condition (table, id, error);
  g_autofree char *source = condition != NULL ? eros_store_table_source (connection, table, error) : NULL;
  g_autofree char *sql =
    source != NULL ? g_strdup_printf ("SELECT COUNT(*) FROM %s WHERE %s", source, condition) : NULL;

  return sql != NULL && query_int (connection, sql, n_rows, error);
}

/**
 * eros_store_partition_delete:
 * @connection: a connection with a transaction
 * @table: a table
 * @id: one of its partitions
 * @cancellable: (nullable): ends the waiting for other writers
 * @error: return location for an #ErosStoreError
 *
 * Takes its rows away.
 *
 * Returns: whether they are gone
 */
gboolean
eros_store_partition_delete (ErosStoreConnection *connection,
                             ErosStoreTable *table,
                             const char *id,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autofree char *condition = eros_store_partition_condition (table, id, error);
  g_autofree char *name =
    condition != NULL ? eros_store_prepare_write (connection, table, EROS_STORE_CHANGE, cancellable, error)
                      : NULL;
  g_autofree char *sql = name != NULL ? g_strdup_printf ("DELETE FROM %s WHERE %s", name, condition) : NULL;
  sqlite3 *db = eros_store_connection_get_db (connection);

  if (sql == NULL)
    return FALSE;
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  eros_store_set_error (error, db);
  return FALSE;
}

/**
 * eros_store_partition_check:
 * @connection: a connection with a transaction that has written to @table
 * @table: a table
 * @id: one of its partitions
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether all that has been written lies in it
 */
gboolean
eros_store_partition_check (ErosStoreConnection *connection,
                            ErosStoreTable *table,
                            const char *id,
                            GError **error)
{
  g_autofree char *condition = eros_store_partition_condition (table, id, error);
  g_autofree char *name =
    condition != NULL ? eros_store_prepare_write (connection, table, EROS_STORE_INSERT, NULL, error) : NULL;
  g_autofree char *sql =
    name != NULL
      ? g_strdup_printf ("SELECT EXISTS (SELECT 1 FROM %s WHERE _v = eros_version() AND (%s) IS NOT TRUE)",
                         name, condition)
      : NULL;
  gint64 outside = 0;

  if (sql == NULL || !query_int (connection, sql, &outside, error))
    return FALSE;
  if (outside == 0)
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
               "Some rows belong to different partitions rather than destination partition %s", id);
  return FALSE;
}
