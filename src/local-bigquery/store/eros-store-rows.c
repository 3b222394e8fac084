/* eros-store-rows.c: where rows lie, how the past is read, and how the history is kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-private.h"

static const char *
affinity (const ErosSqlType *type)
{
  if (type == NULL)
    return "";
  switch ((int) eros_sql_type_get_kind (type))
    {
    case EROS_SQL_FLOAT64:
      return " REAL"; /* whole numbers are stored in fewer bytes, and come back as reals */
    case EROS_SQL_STRING:
    case EROS_SQL_JSON:
      return " TEXT";
    case EROS_SQL_BYTES:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_RANGE:
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      return " BLOB";
    default:
      return " INTEGER";
    }
}

/* c0, c1, …: the columns that @table has now. */
static char *
list_columns (ErosStoreTable *table)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      if (column->physical != EROS_STORE_NEW_COLUMN)
        g_string_append_printf (list, "%sc%u", list->len > 0 ? ", " : "", column->physical);
    }
  return g_string_free (list, FALSE);
}

/* A table keeps its columns' numbers when it gets a storage of its own, so there may be gaps. One that is
 * about to be added has no number yet. */
static GPtrArray *
types_by_physical (ErosStoreTable *table)
{
  GPtrArray *types = g_ptr_array_new ();

  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      if (column->physical == EROS_STORE_NEW_COLUMN)
        continue;
      if (column->physical >= types->len)
        g_ptr_array_set_size (types, column->physical + 1);
      g_ptr_array_index (types, column->physical) = (gpointer) column->type;
    }
  return types;
}

gboolean
eros_store_get_storage (ErosStoreConnection *connection, gint64 id, ErosStoreStorage *storage, GError **error)
{
  g_autoptr (ErosStoreStatement) statement = eros_store_statement (
    connection, error, "SELECT changed, time, history FROM storages WHERE id = ?", "i", id);
  ErosStoreTableChange *change = eros_store_find_change (connection, id);
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  if (!row)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED,
                   "The rows of storage %" G_GINT64_FORMAT " are gone", id);
      return FALSE;
    }
  storage->changed = sqlite3_column_int64 (statement, 0);
  storage->time = sqlite3_column_int64 (statement, 1);
  storage->history = sqlite3_column_int (statement, 2) != 0;
  if (change != NULL && change->changed)
    storage->changed = connection->version;
  return TRUE;
}

/* SQLite's limit is lower than BigQuery's 10,000. Two columns are ours: the versions. */
static gboolean
check_width (ErosStoreConnection *connection, guint n_columns, GError **error)
{
  guint limit = sqlite3_limit (connection->db, SQLITE_LIMIT_COLUMN, -1) - 2;

  if (n_columns <= limit)
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
               "Too many columns: %u. The tables of this local server have at most %u", n_columns, limit);
  return FALSE;
}

/* Gives @table a new, empty storage. */
gboolean
eros_store_create_storage (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  g_autoptr (GPtrArray) types = types_by_physical (table);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) bytes = g_string_new (NULL);

  if (!check_width (connection, types->len, error))
    return FALSE;
  for (guint i = 0; i < types->len; i++)
    {
      const ErosSqlType *type = g_ptr_array_index (types, i);

      g_string_append_printf (sql, ", c%u%s", i, affinity (type));
      g_string_append_printf (names, "%s%s", i > 0 ? "\n" : "",
                              type != NULL ? eros_sql_type_get_name (type) : "");
      g_string_append (bytes, i > 0 ? ",0" : "0");
    }
  if (!eros_store_run (connection, error,
                       "INSERT INTO storages (changed, time, columns, rows, bytes) VALUES (?, ?, ?, 0, ?)",
                       "iiss", connection->version, table->modified, names->str, bytes->str))
    return FALSE;
  table->storage = sqlite3_last_insert_rowid (connection->db);
  table->version = 0;
  return eros_store_execf (connection->db, error,
                           "CREATE TABLE t_%" G_GINT64_FORMAT
                           " (_v INTEGER NOT NULL DEFAULT (eros_version())%s)",
                           table->storage, sql->str);
}

/* BigQuery sorts clustered rows; an index serves the same look-ups. */
gboolean
eros_store_create_index (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; table->clustering != NULL && table->clustering[i] != NULL; i++)
    {
      ErosStoreColumn *column = eros_store_table_find_column (table, table->clustering[i], NULL);

      if (column != NULL)
        g_string_append_printf (list, "%sc%u", list->len > 0 ? ", " : "", column->physical);
    }
  if (list->len == 0)
    return TRUE;
  return eros_store_execf (connection->db, error,
                           "CREATE INDEX i_%" G_GINT64_FORMAT " ON t_%" G_GINT64_FORMAT " (%s)",
                           table->storage, table->storage, list->str);
}

static char *
list_all (ErosStoreConnection *connection, gint64 storage, const char *prefix, GError **error)
{
  ErosStoreTableChange *change = eros_store_open_change (connection, storage, error);
  GString *list;

  if (change == NULL)
    return NULL;
  list = g_string_new (NULL);
  for (guint i = 0; i < change->n_columns; i++)
    g_string_append_printf (list, ", %sc%u", prefix, i);
  return g_string_free (list, FALSE);
}

/* Rows that this very version made, or has already put away, leave no history. */
static gboolean
create_triggers (ErosStoreConnection *connection, gint64 storage, GError **error)
{
  g_autofree char *new_names = list_all (connection, storage, "", error);
  g_autofree char *old_names = new_names != NULL ? list_all (connection, storage, "OLD.", error) : NULL;
  g_autofree char *body = NULL;

  if (old_names == NULL)
    return FALSE;
  body = g_strdup_printf ("ON t_%" G_GINT64_FORMAT
                          " WHEN OLD._v < eros_version() BEGIN INSERT INTO h_%" G_GINT64_FORMAT
                          " (_v, _e%s) VALUES (OLD._v, eros_version()%s); END",
                          storage, storage, new_names, old_names);
  return eros_store_execf (connection->db, error,
                           "DROP TRIGGER IF EXISTS u_%" G_GINT64_FORMAT
                           "; DROP TRIGGER IF EXISTS d_%" G_GINT64_FORMAT
                           "; CREATE TRIGGER u_%" G_GINT64_FORMAT
                           " AFTER UPDATE %s; CREATE TRIGGER d_%" G_GINT64_FORMAT " AFTER DELETE %s",
                           storage, storage, storage, body, storage, body);
}

static gboolean
ensure_history (ErosStoreConnection *connection, gint64 id, GError **error)
{
  ErosStoreStorage storage;
  g_autofree char *names = NULL;

  if (!eros_store_get_storage (connection, id, &storage, error))
    return FALSE;
  if (storage.history)
    return TRUE;
  names = list_all (connection, id, "", error);
  return names != NULL &&
         eros_store_execf (connection->db, error, "CREATE TABLE h_%" G_GINT64_FORMAT " (_v, _e%s)", id,
                           names) &&
         create_triggers (connection, id, error) &&
         eros_store_run (connection, error, "UPDATE storages SET history = 1 WHERE id = ?", "i", id);
}

gboolean
eros_store_add_column (ErosStoreConnection *connection,
                       ErosStoreTable *table,
                       ErosStoreColumn *column,
                       GError **error)
{
  ErosStoreTableChange *change = eros_store_open_change (connection, table->storage, error);
  ErosStoreStorage storage;
  guint n;

  if (change == NULL || !eros_store_get_storage (connection, table->storage, &storage, error) ||
      !check_width (connection, change->n_columns + 1, error))
    return FALSE;
  n = change->n_columns++;
  change->bytes = g_renew (gint64, change->bytes, n + 1);
  change->types = g_renew (const ErosSqlType *, change->types, n + 1);
  change->bytes[n] = 0;
  change->types[n] = column->type;
  column->physical = n;
  if (!eros_store_execf (connection->db, error, "ALTER TABLE t_%" G_GINT64_FORMAT " ADD COLUMN c%u%s",
                         table->storage, n, affinity (column->type)) ||
      !eros_store_run (connection, error, "UPDATE storages SET columns = columns || ? WHERE id = ?", "si",
                       n > 0 ? "\n" : "", table->storage) ||
      !eros_store_run (connection, error, "UPDATE storages SET columns = columns || ? WHERE id = ?", "si",
                       eros_sql_type_get_name (column->type), table->storage))
    return FALSE;
  if (!storage.history)
    return TRUE;
  return eros_store_execf (connection->db, error, "ALTER TABLE h_%" G_GINT64_FORMAT " ADD COLUMN c%u",
                           table->storage, n) &&
         create_triggers (connection, table->storage, error);
}

/* Rows as of version @snapshot, and those of the running version when @own is not 0. */
static char *
select_past (ErosStoreTable *table, gboolean history, gint64 snapshot, gint64 own)
{
  g_autofree char *columns = list_columns (table);
  g_autofree char *others = own != 0 ? g_strdup_printf (" OR _v = %" G_GINT64_FORMAT, own) : g_strdup ("");
  g_autofree char *ended = own != 0 ? g_strdup_printf (" AND _e <> %" G_GINT64_FORMAT, own) : g_strdup ("");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "(SELECT _v, %s FROM t_%" G_GINT64_FORMAT " WHERE _v <= %" G_GINT64_FORMAT "%s",
                          columns, table->storage, snapshot, others);
  if (history)
    g_string_append_printf (text,
                            " UNION ALL SELECT _v, %s FROM h_%" G_GINT64_FORMAT
                            " WHERE _v <= %" G_GINT64_FORMAT " AND _e > %" G_GINT64_FORMAT "%s",
                            columns, table->storage, snapshot, snapshot, ended);
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

/**
 * eros_store_table_source:
 * @connection: a connection with a transaction
 * @table: a table or a snapshot
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): SQL text for a FROM clause, with a column cN for each column of
 * @table; a plain table name wherever possible
 */
char *
eros_store_table_source (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  ErosStoreStorage storage;
  gboolean plain;

  g_return_val_if_fail (table->storage != 0, NULL);

  if (!eros_store_get_storage (connection, table->storage, &storage, error))
    return NULL;
  if (table->version != 0)
    plain = storage.changed <= table->version;
  else
    plain = !connection->refreshed || storage.changed <= connection->snapshot;
  if (plain)
    return g_strdup_printf ("t_%" G_GINT64_FORMAT, table->storage);
  if (table->version != 0)
    return select_past (table, storage.history, table->version, 0);
  return select_past (table, storage.history, connection->snapshot, connection->version);
}

/* A clone's first write parts it from its base. */
gboolean
eros_store_own_storage (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  g_autofree char *source = NULL;
  g_autofree char *columns = NULL;

  if (table->version == 0)
    return TRUE;
  source = eros_store_table_source (connection, table, error);
  columns = list_columns (table);
  if (source == NULL || !eros_store_create_storage (connection, table, error) ||
      eros_store_open_change (connection, table->storage, error) == NULL)
    return FALSE;
  if (columns[0] != '\0' &&
      !eros_store_execf (connection->db, error, "INSERT INTO t_%" G_GINT64_FORMAT " (%s) SELECT %s FROM %s",
                         table->storage, columns, columns, source))
    return FALSE;
  return eros_store_create_index (connection, table, error) &&
         eros_store_save_table (connection, table, error);
}

static gboolean
refuse_write (ErosStoreTable *table, GError **error)
{
  g_autofree char *name = eros_store_table_get_full_name (table);
  const char *what = table->kind == EROS_STORE_SNAPSHOT ? "SNAPSHOT"
                     : table->kind == EROS_STORE_VIEW   ? "VIEW"
                                                        : "MATERIALIZED_VIEW";

  if (table->kind == EROS_STORE_TABLE)
    return FALSE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
               "%s is not allowed for this operation because it is currently a %s.", name, what);
  return TRUE;
}

/* Whether @table is still what this transaction has seen, as far as @change cares. */
static gboolean
check_conflict (ErosStoreConnection *connection,
                ErosStoreTable *table,
                ErosStoreChange change,
                GError **error)
{
  g_autoptr (ErosStoreStatement) statement = NULL;
  g_autofree char *name = NULL;
  gboolean row, same;

  if (!connection->refreshed)
    return TRUE;
  statement = eros_store_statement (
    connection, error,
    "SELECT t.storage, t.first, s.changed FROM tables t JOIN storages s ON s.id = t.storage"
    " WHERE t.id = ? AND t.last IS NULL",
    "i", table->id);
  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  same = row && sqlite3_column_int64 (statement, 0) == table->storage &&
         (sqlite3_column_int64 (statement, 1) <= connection->snapshot ||
          sqlite3_column_int64 (statement, 1) == connection->version) &&
         (change == EROS_STORE_INSERT || sqlite3_column_int64 (statement, 2) <= connection->snapshot);
  if (same)
    return TRUE;
  name = eros_store_table_get_full_name (table);
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CONFLICT,
               "Transaction is aborted due to concurrent update against table %s", name);
  return FALSE;
}

/**
 * eros_store_prepare_write:
 * @connection: a connection with a transaction
 * @table: a table
 * @change: what will be done to its rows
 * @cancellable: (nullable): ends the waiting for other writers
 * @error: return location for an #ErosStoreError
 *
 * Makes @table ready to be written to in this transaction, which becomes the only one that writes: waits for
 * its turn, checks for conflicts, gives a clone its own rows, starts the history of changes. Call it before
 * each statement; it costs nothing when there is nothing to do.
 *
 * Returns: (transfer full) (nullable): the name of the SQLite table to write to
 */
char *
eros_store_prepare_write (ErosStoreConnection *connection,
                          ErosStoreTable *table,
                          ErosStoreChange change,
                          GCancellable *cancellable,
                          GError **error)
{
  if (refuse_write (table, error) || !eros_store_start_writing (connection, cancellable, error) ||
      !check_conflict (connection, table, change, error) ||
      !eros_store_own_storage (connection, table, error) ||
      eros_store_open_change (connection, table->storage, error) == NULL)
    return NULL;
  if (change == EROS_STORE_CHANGE && !ensure_history (connection, table->storage, error))
    return NULL;
  return g_strdup_printf ("t_%" G_GINT64_FORMAT, table->storage);
}

/**
 * eros_store_truncate_table:
 * @connection: a connection with a transaction
 * @table: a table
 * @error: return location for an #ErosStoreError
 *
 * Removes all rows at once, by giving @table an empty storage: the old one serves those who read the past.
 *
 * Returns: whether it is empty now
 */
gboolean
eros_store_truncate_table (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  if (refuse_write (table, error) || !eros_store_start_writing (connection, NULL, error) ||
      !check_conflict (connection, table, EROS_STORE_CHANGE, error))
    return FALSE;
  return eros_store_create_storage (connection, table, error) &&
         eros_store_create_index (connection, table, error) &&
         eros_store_save_table (connection, table, error);
}
