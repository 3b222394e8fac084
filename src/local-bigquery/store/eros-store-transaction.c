/* eros-store-transaction.c: snapshots, the queue of writers, versions, and what each transaction changed
 *
 * SQLite lets one connection write at a time and refuses to let a reader write once somebody else has
 * committed. A script's transaction must not notice: when it first writes, and the file has moved on, it
 * silently begins again on the newest version, and reads whatever others changed meanwhile as of its own
 * snapshot (see eros_store_table_source()).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifdef EROS_HAVE_PREUPDATE_HOOK
  #define SQLITE_ENABLE_PREUPDATE_HOOK
#endif

#include "eros-store-private.h"
#include "eros-clock.h"

void
eros_store_change_free (ErosStoreTableChange *change)
{
  if (change == NULL)
    return;
  g_free (change->bytes);
  g_free (change->types);
  g_free (change);
}

static ErosStoreTableChange *
change_copy (const ErosStoreTableChange *change)
{
  ErosStoreTableChange *copy = g_memdup2 (change, sizeof *change);

  copy->bytes = g_memdup2 (change->bytes, change->n_columns * sizeof *change->bytes);
  copy->types = g_memdup2 (change->types, change->n_columns * sizeof *change->types);
  return copy;
}

ErosStoreTableChange *
eros_store_find_change (ErosStoreConnection *connection, gint64 storage)
{
  for (guint i = connection->changes->len; i > 0; i--)
    {
      ErosStoreTableChange *change = g_ptr_array_index (connection->changes, i - 1);

      if (change->storage == storage)
        return change;
    }
  return NULL;
}

static void
parse_types (ErosStoreTableChange *change, const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, "\n", -1);

  change->n_columns = *text == '\0' ? 0 : g_strv_length (names);
  change->bytes = g_new0 (gint64, change->n_columns);
  change->types = g_new0 (const ErosSqlType *, change->n_columns);
  for (guint i = 0; i < change->n_columns; i++)
    change->types[i] = eros_sql_type_parse (names[i], NULL);
}

static void
parse_bytes (ErosStoreTableChange *change, const char *text)
{
  for (guint i = 0; i < change->n_columns && text != NULL && *text != '\0'; i++)
    {
      char *end;

      change->bytes[i] = g_ascii_strtoll (text, &end, 10);
      text = *end == ',' ? end + 1 : end;
    }
}

/* Starts to count what this transaction does to @storage. */
ErosStoreTableChange *
eros_store_open_change (ErosStoreConnection *connection, gint64 storage, GError **error)
{
  g_autoptr (ErosStoreStatement) statement = NULL;
  ErosStoreTableChange *change = eros_store_find_change (connection, storage);
  gboolean row;

  if (change != NULL)
    return change;
  statement = eros_store_statement (connection, error,
                                    "SELECT columns, rows, bytes FROM storages WHERE id = ?", "i", storage);
  if (statement == NULL || !eros_store_step (statement, &row, error))
    return NULL;
  change = g_new0 (ErosStoreTableChange, 1);
  change->storage = storage;
  change->known = row && sqlite3_column_type (statement, 1) != SQLITE_NULL;
  parse_types (change, row ? (const char *) sqlite3_column_text (statement, 0) : "");
  if (change->known)
    {
      change->rows = sqlite3_column_int64 (statement, 1);
      parse_bytes (change, (const char *) sqlite3_column_text (statement, 2));
    }
  g_ptr_array_add (connection->changes, change);
  return change;
}

static gint64
logical_size (sqlite3_value *value, const ErosSqlType *type)
{
  ErosSqlValue whole = EROS_SQL_VALUE_INIT;

  if (type == NULL || sqlite3_value_type (value) == SQLITE_NULL)
    return 0;
  switch ((int) eros_sql_type_get_kind (type))
    {
    case EROS_SQL_BOOL:
      return 1;
    case EROS_SQL_INT64:
    case EROS_SQL_FLOAT64:
    case EROS_SQL_DATE:
    case EROS_SQL_TIME:
    case EROS_SQL_DATETIME:
    case EROS_SQL_TIMESTAMP:
      return 8;
    case EROS_SQL_STRING:
    case EROS_SQL_BYTES:
      return 2 + sqlite3_value_bytes (value);
    default:
      eros_sql_value_set_data (&whole, type, sqlite3_value_blob (value), sqlite3_value_bytes (value));
      return eros_sql_value_get_logical_size (&whole);
    }
}

#ifdef EROS_HAVE_PREUPDATE_HOOK
static void
count_row (ErosStoreTableChange *change,
           sqlite3 *db,
           int (*get) (sqlite3 *db, int index, sqlite3_value **value),
           int sign)
{
  /* column 0 is _v; columns added in this very transaction may be unknown here */
  int n_columns = MIN (sqlite3_preupdate_count (db) - 1, (int) change->n_columns);

  for (int i = 0; i < n_columns; i++)
    {
      sqlite3_value *value;

      if (get (db, i + 1, &value) == SQLITE_OK)
        change->bytes[i] += sign * logical_size (value, change->types[i]);
    }
  change->rows += sign;
}

static void
preupdate_cb (gpointer user_data,
              sqlite3 *db,
              int operation,
              const char *schema,
              const char *table,
              sqlite3_int64 old_row,
              sqlite3_int64 new_row)
{
  ErosStoreConnection *connection = user_data;
  ErosStoreTableChange *change;

  if (table[0] != 't' || table[1] != '_' || schema[0] != 'm' || connection->changes->len == 0)
    return;
  change = eros_store_find_change (connection, g_ascii_strtoll (table + 2, NULL, 10));
  if (change == NULL)
    return;
  change->changed = TRUE;
  if (connection->bulk)
    change->known = FALSE;
  if (!change->known)
    return;
  if (operation != SQLITE_INSERT)
    count_row (change, db, sqlite3_preupdate_old, -1);
  if (operation != SQLITE_DELETE)
    count_row (change, db, sqlite3_preupdate_new, +1);
}
#else
/* Without the hook that shows the rows, all that is known is that there is something to measure. */
static void
update_cb (gpointer user_data, int operation, const char *schema, const char *table, sqlite3_int64 row)
{
  ErosStoreConnection *connection = user_data;
  ErosStoreTableChange *change;

  if (table[0] != 't' || table[1] != '_' || schema[0] != 'm' || connection->changes->len == 0)
    return;
  change = eros_store_find_change (connection, g_ascii_strtoll (table + 2, NULL, 10));
  if (change == NULL)
    return;
  change->changed = TRUE;
  change->known = FALSE;
}
#endif

static void
version_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  ErosStoreConnection *connection = sqlite3_user_data (context);

  sqlite3_result_int64 (context, connection->version);
}

static void
size_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  const ErosSqlType *type = sqlite3_get_auxdata (context, 1);

  if (type == NULL)
    {
      type = eros_sql_type_parse ((const char *) sqlite3_value_text (arguments[1]), NULL);
      sqlite3_set_auxdata (context, 1, (gpointer) type, NULL); /* types live for ever */
    }
  sqlite3_result_int64 (context, logical_size (arguments[0], type));
}

void
eros_store_install_hooks (ErosStoreConnection *connection)
{
  sqlite3_create_function_v2 (connection->db, "eros_version", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, connection,
                              version_func, NULL, NULL, NULL);
  sqlite3_create_function_v2 (connection->db, "eros_logical_size", 2,
                              SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC, NULL, size_func, NULL,
                              NULL, NULL);
#ifdef EROS_HAVE_PREUPDATE_HOOK
  sqlite3_preupdate_hook (connection->db, preupdate_cb, connection);
#else
  sqlite3_update_hook (connection->db, update_cb, connection);
#endif
}

static void
wake_cb (GCancellable *cancellable, ErosStoreConnection *connection)
{
  g_mutex_lock (&connection->store->lock);
  g_cond_signal (&connection->turn);
  g_mutex_unlock (&connection->store->lock);
}

/* With the lock held: only the one whose turn it is wakes up, however many wait. */
static void
wake_next (ErosStore *store)
{
  ErosStoreConnection *next = g_queue_peek_head (&store->writers);

  if (next != NULL)
    g_cond_signal (&next->turn);
}

/* Waits until it is this connection's turn to write; first come, first served. */
static gboolean
wait_for_turn (ErosStoreConnection *connection, GCancellable *cancellable, GError **error)
{
  ErosStore *store = connection->store;
  gboolean mine = FALSE;
  gulong handler = 0;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (wake_cb), connection, NULL);
  g_mutex_lock (&store->lock);
  g_queue_push_tail (&store->writers, connection);
  while (!g_cancellable_is_cancelled (cancellable) && !mine)
    {
      mine = !store->writing && g_queue_peek_head (&store->writers) == connection;
      if (!mine)
        g_cond_wait (&connection->turn, &store->lock);
    }
  g_queue_remove (&store->writers, connection);
  if (mine)
    store->writing = TRUE;
  else
    wake_next (store);
  g_mutex_unlock (&store->lock);
  g_cancellable_disconnect (cancellable, handler);
  if (!mine)
    g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CANCELLED, "Job execution was cancelled");
  return mine;
}

static void
end_turn (ErosStoreConnection *connection)
{
  ErosStore *store = connection->store;

  g_mutex_lock (&store->lock);
  store->writing = FALSE;
  wake_next (store);
  g_mutex_unlock (&store->lock);
  connection->writing = FALSE;
}

static gboolean
read_newest (ErosStoreConnection *connection, gint64 *version, GError **error)
{
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error, "SELECT ifnull(max(version), 0) FROM commits", "");
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  *version = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static void
forget_transaction (ErosStoreConnection *connection)
{
  connection->active = FALSE;
  connection->refreshed = FALSE;
  connection->commit_time = 0;
  connection->bulk = FALSE;
  g_ptr_array_set_size (connection->changes, 0);
  g_ptr_array_set_size (connection->marks, 0);
  if (connection->writing)
    end_turn (connection);
}

/* Turns a reader into the writer. */
gboolean
eros_store_start_writing (ErosStoreConnection *connection, GCancellable *cancellable, GError **error)
{
  gint64 newest;

  if (connection->writing)
    return TRUE;
  if (!connection->active)
    {
      g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED, "Writing needs a transaction");
      return FALSE;
    }
  if (!wait_for_turn (connection, cancellable, error))
    return FALSE;
  connection->writing = TRUE;
  if (!eros_store_exec (connection->db, "COMMIT; BEGIN IMMEDIATE", error) ||
      !read_newest (connection, &newest, error))
    {
      eros_store_rollback (connection);
      return FALSE;
    }
  connection->refreshed = newest != connection->snapshot;
  connection->version = newest + 1;
  return TRUE;
}

/**
 * eros_store_begin:
 * @connection: a connection without a transaction
 * @mode: whether to read a snapshot first, or to write at once
 * @cancellable: (nullable): ends the waiting for other writers
 * @error: return location for an #ErosStoreError
 *
 * Begins a transaction. What it reads from now on is one version of everything.
 *
 * Returns: whether it has begun
 */
gboolean
eros_store_begin (ErosStoreConnection *connection,
                  ErosStoreMode mode,
                  GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (!connection->active, FALSE);

  if (mode == EROS_STORE_WRITE)
    {
      if (!wait_for_turn (connection, cancellable, error))
        return FALSE;
      connection->writing = TRUE;
    }
  connection->active = TRUE;
  if (!eros_store_exec (connection->db, mode == EROS_STORE_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", error) ||
      !read_newest (connection, &connection->snapshot, error))
    {
      eros_store_rollback (connection);
      return FALSE;
    }
  connection->version = connection->snapshot + (connection->writing ? 1 : 0);
  return TRUE;
}

static char *
format_bytes (const ErosStoreTableChange *change)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < change->n_columns; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", change->bytes[i]);
  return g_string_free (text, FALSE);
}

static gboolean
save_changes (ErosStoreConnection *connection, gint64 time, GError **error)
{
  for (guint i = 0; i < connection->changes->len; i++)
    {
      ErosStoreTableChange *change = g_ptr_array_index (connection->changes, i);
      g_autofree char *bytes = format_bytes (change);
      gboolean saved;

      if (!change->changed)
        continue;
      if (change->known)
        saved = eros_store_run (connection, error,
                                "UPDATE storages SET changed = ?, time = ?, rows = ?, bytes = ? WHERE id = ?",
                                "iiisi", connection->version, time, change->rows, bytes, change->storage);
      else
        saved =
          eros_store_run (connection, error,
                          "UPDATE storages SET changed = ?, time = ?, rows = NULL, bytes = NULL WHERE id = ?",
                          "iii", connection->version, time, change->storage);
      if (!saved)
        return FALSE;
    }
  return TRUE;
}

/* Never the same or earlier than the commit before, whatever the clock says. */
static gboolean
save_commit (ErosStoreConnection *connection, const char *job_id, const char *outcome, GError **error)
{
  g_autoptr (ErosStoreStatement) last =
    eros_store_statement (connection, error, "SELECT time FROM commits ORDER BY version DESC LIMIT 1", "");
  gint64 time = connection->commit_time != 0 ? connection->commit_time : eros_clock_get_now ();
  gboolean row;

  if (last == NULL || !eros_store_step (last, &row, error))
    return FALSE;
  if (row)
    time = MAX (time, sqlite3_column_int64 (last, 0) + 1);
  return save_changes (connection, time, error) &&
         eros_store_run (connection, error, "INSERT INTO commits VALUES (?, ?, ?, ?)", "iiss",
                         connection->version, time, job_id, outcome);
}

/**
 * eros_store_commit:
 * @connection: a connection with a transaction
 * @job_id: (nullable): the job that did it
 * @outcome: (nullable): what to tell about @job_id if the process ends before anybody is told
 * @error: return location for an #ErosStoreError
 *
 * Ends the transaction. When it has written, a new version is on disk, and @job_id with it; when this fails,
 * nothing has happened and the transaction is over all the same.
 *
 * Returns: whether everything is stored
 */
gboolean
eros_store_commit (ErosStoreConnection *connection, const char *job_id, const char *outcome, GError **error)
{
  g_return_val_if_fail (connection->active, FALSE);

  if ((connection->writing && !save_commit (connection, job_id, outcome, error)) ||
      !eros_store_exec (connection->db, "COMMIT", error))
    {
      eros_store_rollback (connection);
      return FALSE;
    }
  forget_transaction (connection);
  return TRUE;
}

/**
 * eros_store_rollback:
 * @connection: a connection
 *
 * Ends the transaction, if there is one, as if it had never been.
 */
void
eros_store_rollback (ErosStoreConnection *connection)
{
  if (!connection->active)
    return;
  if (!sqlite3_get_autocommit (connection->db))
    sqlite3_exec (connection->db, "ROLLBACK", NULL, NULL, NULL);
  forget_transaction (connection);
}

/**
 * eros_store_start_load:
 * @connection: a connection with a transaction that writes
 * @time: when it all happened, microseconds
 *
 * Makes the rest of the transaction a load of made-up data: fast, and in the past.
 */
void
eros_store_start_load (ErosStoreConnection *connection, gint64 time)
{
  connection->commit_time = time;
  connection->bulk = TRUE;
}

/**
 * eros_store_end_load:
 * @connection: a connection after eros_store_start_load()
 * @table: a table that has been filled
 * @error: return location for an #ErosStoreError
 *
 * Makes the indexes of @table and counts its rows.
 *
 * Returns: whether that is done
 */
gboolean
eros_store_end_load (ErosStoreConnection *connection, ErosStoreTable *table, GError **error)
{
  g_auto (ErosStoreStats) stats = { 0 };

  return eros_store_create_index (connection, table, error) &&
         eros_store_get_stats (connection, table, &stats, error);
}

/**
 * eros_store_in_transaction:
 * @connection: a connection
 *
 * Returns: whether a transaction is open
 */
gboolean
eros_store_in_transaction (ErosStoreConnection *connection)
{
  return connection->active;
}

/**
 * eros_store_is_writing:
 * @connection: a connection
 *
 * Returns: whether its transaction is the one that writes
 */
gboolean
eros_store_is_writing (ErosStoreConnection *connection)
{
  return connection->writing;
}

/**
 * eros_store_savepoint:
 * @connection: a connection with a transaction
 * @error: return location for an #ErosStoreError
 *
 * Marks a point to which eros_store_rollback_to() returns; every one is ended by that or by
 * eros_store_release_savepoint(), the last one first.
 *
 * Returns: whether it is set
 */
gboolean
eros_store_savepoint (ErosStoreConnection *connection, GError **error)
{
  GPtrArray *mark;

  /* a savepoint before the first write would be lost when the transaction begins again */
  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  if (!eros_store_execf (connection->db, error, "SAVEPOINT p%u", connection->marks->len))
    return FALSE;
  mark = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_change_free);
  for (guint i = 0; i < connection->changes->len; i++)
    g_ptr_array_add (mark, change_copy (g_ptr_array_index (connection->changes, i)));
  g_ptr_array_add (connection->marks, mark);
  return TRUE;
}

/**
 * eros_store_release_savepoint:
 * @connection: a connection
 * @error: return location for an #ErosStoreError
 *
 * Forgets the last savepoint and keeps what was done since; when it cannot, the savepoint is still there.
 *
 * Returns: whether that is kept
 */
gboolean
eros_store_release_savepoint (ErosStoreConnection *connection, GError **error)
{
  g_return_val_if_fail (connection->marks->len > 0, FALSE);

  if (!eros_store_execf (connection->db, error, "RELEASE p%u", connection->marks->len - 1))
    return FALSE;
  g_ptr_array_set_size (connection->marks, connection->marks->len - 1);
  return TRUE;
}

/**
 * eros_store_rollback_to:
 * @connection: a connection
 *
 * Undoes what was done since the last savepoint, and forgets it. When that cannot be undone alone, the whole
 * transaction is.
 */
void
eros_store_rollback_to (ErosStoreConnection *connection)
{
  GPtrArray *mark;
  guint depth;

  /* a full disk makes SQLite roll back the whole transaction by itself, savepoints and all */
  if (connection->marks->len == 0)
    return;
  depth = connection->marks->len - 1;
  mark = g_ptr_array_steal_index (connection->marks, depth);
  g_ptr_array_unref (connection->changes);
  connection->changes = mark;
  if (!eros_store_execf (connection->db, NULL, "ROLLBACK TO p%u; RELEASE p%u", depth, depth))
    eros_store_rollback (connection);
}

/**
 * eros_store_get_version:
 * @connection: a connection with a transaction
 *
 * Returns: the version it reads; while writing, the one it makes
 */
gint64
eros_store_get_version (ErosStoreConnection *connection)
{
  return connection->version;
}

/**
 * eros_store_find_version:
 * @connection: a connection with a transaction
 * @time: microseconds since 1970
 * @version: (out): the newest version committed at or before @time
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether @time can be travelled to: it is not in the future and not older than
 * %EROS_STORE_TIME_TRAVEL
 */
gboolean
eros_store_find_version (ErosStoreConnection *connection, gint64 time, gint64 *version, GError **error)
{
  g_autoptr (ErosStoreStatement) statement = NULL;
  gint64 now = eros_clock_get_now ();
  gboolean row;

  if (time > now)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
                   "Invalid snapshot time %" G_GINT64_FORMAT ": it is in the future", time / 1000);
      return FALSE;
    }
  if (time < now - EROS_STORE_TIME_TRAVEL)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
                   "Invalid time travel timestamp %" G_GINT64_FORMAT ". Cannot read before %" G_GINT64_FORMAT
                   ".",
                   time / 1000, (now - EROS_STORE_TIME_TRAVEL) / 1000);
      return FALSE;
    }
  statement = eros_store_statement (
    connection, error, "SELECT version FROM commits WHERE time <= ? ORDER BY time DESC LIMIT 1", "i", time);
  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  *version = row ? sqlite3_column_int64 (statement, 0) : 0;
  if (*version > connection->snapshot)
    *version = connection->snapshot;
  return TRUE;
}
