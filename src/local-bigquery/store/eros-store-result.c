/* eros-store-result.c: the rows a query answered with
 *
 * Rows are packed one after another, each as a STRUCT in the binary form of values/ with its length before
 * it, into chunks. The last chunk waits in memory; whatever is more goes to service.db, so that a result of
 * any size costs the memory of one chunk, and a page is found by its first row.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "eros-store-job.h"
#include "eros-clock.h"
#include "eros-store-private.h"

#define CHUNK_SIZE (256 * 1024)

struct _ErosStoreResult
{
  gint ref_count;
  ErosStore *store;
  GPtrArray *columns;
  gint64 id;         /* 0 as long as nothing is stored */
  gboolean finished; /* nothing more comes */
  gint64 n_rows;
  gint64 first;   /* of the chunk in memory */
  GString *chunk; /* NULL for a result from the disk */
};

static ErosStoreResult *
result_new (ErosStore *store, GPtrArray *columns)
{
  ErosStoreResult *result = g_new0 (ErosStoreResult, 1);

  result->ref_count = 1;
  result->store = store;
  result->columns = g_ptr_array_ref (columns);
  return result;
}

/**
 * eros_store_result_new:
 * @store: the store
 * @columns: (element-type ErosStoreColumn): names and types
 *
 * Returns: (transfer full): a result without rows
 */
ErosStoreResult *
eros_store_result_new (ErosStore *store, GPtrArray *columns)
{
  ErosStoreResult *result = result_new (store, columns);

  result->chunk = g_string_new (NULL);
  return result;
}

/**
 * eros_store_result_ref:
 * @result: a result
 *
 * Returns: (transfer full): @result
 */
ErosStoreResult *
eros_store_result_ref (ErosStoreResult *result)
{
  g_atomic_int_inc (&result->ref_count);
  return result;
}

/**
 * eros_store_result_unref:
 * @result: (transfer full) (nullable): a result
 */
void
eros_store_result_unref (ErosStoreResult *result)
{
  if (result == NULL || !g_atomic_int_dec_and_test (&result->ref_count))
    return;
  if (result->chunk != NULL)
    g_string_free (result->chunk, TRUE);
  g_ptr_array_unref (result->columns);
  g_free (result);
}

static void
add_column (ErosSqlBuilder *builder, sqlite3_stmt *statement, int index)
{
  switch (sqlite3_column_type (statement, index))
    {
    case SQLITE_NULL:
      eros_sql_builder_add_null (builder);
      break;
    case SQLITE_INTEGER:
      eros_sql_builder_add_integer (builder, sqlite3_column_int64 (statement, index));
      break;
    case SQLITE_FLOAT:
      eros_sql_builder_add_real (builder, sqlite3_column_double (statement, index));
      break;
    case SQLITE_TEXT:
      eros_sql_builder_add_text (builder, (const char *) sqlite3_column_text (statement, index),
                                 sqlite3_column_bytes (statement, index));
      break;
    default:
      eros_sql_builder_add_blob (builder, sqlite3_column_blob (statement, index),
                                 sqlite3_column_bytes (statement, index));
    }
}

/* Makes the row of the results table that chunks hang on. */
static gboolean
store_header (ErosStoreResult *result, GError **error)
{
  g_autofree char *columns = eros_store_columns_to_json (result->columns);

  if (result->id != 0)
    return TRUE;
  if (!eros_store_service_run (result->store, error, "INSERT INTO results (columns, created) VALUES (?, ?)",
                               "si", columns, eros_clock_get_now ()))
    return FALSE;
  result->id = sqlite3_last_insert_rowid (result->store->service);
  return TRUE;
}

static gboolean
store_chunk (ErosStoreResult *result, GError **error)
{
  g_autoptr (ErosStoreStatement) statement = eros_store_service_statement (
    result->store, error, "INSERT INTO chunks (result, first, rows, data) VALUES (?, ?, ?, ?)", "iii",
    result->id, result->first, result->n_rows - result->first);
  gboolean row;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_blob64 (statement, 4, result->chunk->str, result->chunk->len, SQLITE_STATIC);
  return eros_store_step (statement, &row, error);
}

static gboolean
flush (ErosStoreResult *result, GError **error)
{
  gint64 id = result->id;
  gboolean stored;

  g_mutex_lock (&result->store->service_lock);
  stored = eros_store_service_run (result->store, error, "BEGIN IMMEDIATE", "");
  if (stored)
    {
      stored = store_header (result, error) && store_chunk (result, error);
      stored =
        eros_store_service_run (result->store, stored ? error : NULL, stored ? "COMMIT" : "ROLLBACK", "") &&
        stored;
    }
  if (!stored)
    result->id = id;
  g_mutex_unlock (&result->store->service_lock);
  result->first = result->n_rows;
  g_string_truncate (result->chunk, 0);
  return stored;
}

static gboolean
take_row (ErosStoreResult *result, ErosSqlBuilder *builder, GError **error)
{
  gsize size;
  g_autofree char *bytes = eros_sql_builder_end (builder, &size);
  guint32 length = size;

  g_string_append_len (result->chunk, (const char *) &length, sizeof length);
  g_string_append_len (result->chunk, bytes, size);
  result->n_rows++;
  return result->chunk->len < CHUNK_SIZE || flush (result, error);
}

/**
 * eros_store_result_append:
 * @result: a result that is not finished
 * @statement: a statement that has just yielded SQLITE_ROW
 * @error: return location for an #ErosStoreError
 *
 * Adds the current row of @statement, whose columns are those of @result.
 *
 * Returns: whether it was kept
 */
gboolean
eros_store_result_append (ErosStoreResult *result, sqlite3_stmt *statement, GError **error)
{
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; i < result->columns->len; i++)
    add_column (&builder, statement, i);
  return take_row (result, &builder, error);
}

/**
 * eros_store_result_append_values:
 * @result: a result that is not finished
 * @values: one value for each column
 * @error: return location for an #ErosStoreError
 *
 * Adds a row that does not come from SQLite.
 *
 * Returns: whether it was kept
 */
gboolean
eros_store_result_append_values (ErosStoreResult *result, const ErosSqlValue *values, GError **error)
{
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; i < result->columns->len; i++)
    eros_sql_builder_add (&builder, &values[i]);
  return take_row (result, &builder, error);
}

/**
 * eros_store_result_finish:
 * @result: a result
 * @error: return location for an #ErosStoreError
 *
 * Ends the rows. From now on every thread may read them; they are stored with the job
 * (eros_store_save_job()). A result that answers several jobs, out of the cache, is finished once: while one
 * job is being stored with it, another must not look at what is left in memory.
 *
 * Returns: whether all of them can be read
 */
gboolean
eros_store_result_finish (ErosStoreResult *result, GError **error)
{
  if (!result->finished)
    result->finished = result->id == 0 || result->chunk->len == 0 || flush (result, error);
  return result->finished;
}

/* With the service's lock held, inside the transaction that stores the job. */
gboolean
eros_store_result_save (ErosStoreResult *result, gint64 *id, GError **error)
{
  gboolean whole = result->id == 0 && result->n_rows > 0;

  if (!store_header (result, error) || (whole && !store_chunk (result, error)))
    return FALSE;
  *id = result->id;
  result->finished = TRUE;
  return eros_store_service_run (result->store, error, "UPDATE results SET rows = ? WHERE id = ?", "ii",
                                 result->n_rows, result->id);
}

/* The transaction that has called eros_store_result_save () was rolled back. */
void
eros_store_result_unsave (ErosStoreResult *result, gint64 id)
{
  result->id = id;
}

gint64
eros_store_result_get_id (ErosStoreResult *result)
{
  return result->id;
}

/**
 * eros_store_result_load:
 * @store: the store
 * @id: the result's number, as in #ErosStoreJob
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): a stored result
 */
ErosStoreResult *
eros_store_result_load (ErosStore *store, gint64 id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  g_autoptr (ErosStoreStatement) statement =
    eros_store_service_statement (store, error, "SELECT columns, rows FROM results WHERE id = ?", "i", id);
  g_autoptr (GPtrArray) columns = NULL;
  ErosStoreResult *result;
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND,
                           "Not found: the results have expired; run the query again");
      return NULL;
    }
  columns = eros_store_columns_from_json ((const char *) sqlite3_column_text (statement, 0));
  result = result_new (store, columns);
  result->id = id;
  result->finished = TRUE;
  result->n_rows = sqlite3_column_int64 (statement, 1);
  return result;
}

/**
 * eros_store_result_get_columns:
 * @result: a result
 *
 * Returns: (transfer none) (element-type ErosStoreColumn): names and types
 */
GPtrArray *
eros_store_result_get_columns (ErosStoreResult *result)
{
  return result->columns;
}

/**
 * eros_store_result_get_n_rows:
 * @result: a result
 *
 * Returns: how many rows it has so far
 */
gint64
eros_store_result_get_n_rows (ErosStoreResult *result)
{
  return result->n_rows;
}

typedef struct
{
  ErosStoreResult *result;
  ErosSqlValue *row;
  gint64 skip;
  gint64 n_rows;
  ErosStoreRowFunc func;
  gpointer user_data;
} Walk;

static gboolean
show_row (Walk *walk, const char *data, gsize size)
{
  GPtrArray *columns = walk->result->columns;
  ErosSqlReader reader;

  eros_sql_reader_init (&reader, data, size);
  for (guint i = 0; i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      if (!eros_sql_reader_next_value (&reader, column->type, &walk->row[i]))
        eros_sql_value_set_null (&walk->row[i], column->type);
    }
  walk->n_rows--;
  return walk->func (walk->row, columns->len, walk->user_data) && walk->n_rows > 0;
}

/* Returns: whether to go on with the next chunk */
static gboolean
walk_chunk (Walk *walk, const char *data, gsize size)
{
  gsize offset = 0;
  guint32 length;

  while (offset + sizeof length <= size)
    {
      memcpy (&length, data + offset, sizeof length);
      offset += sizeof length;
      if (walk->skip > 0)
        walk->skip--;
      else if (!show_row (walk, data + offset, length))
        return FALSE;
      offset += length;
    }
  return TRUE;
}

static gboolean
walk_stored (Walk *walk, gint64 first, GError **error)
{
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (walk->result->store, error);
  g_autoptr (ErosStoreStatement) statement = NULL;
  gboolean row = TRUE, started = FALSE;

  if (connection == NULL)
    return FALSE;
  statement = eros_store_statement (
    connection, error,
    "SELECT first, data FROM s.chunks WHERE result = ?1 AND first >="
    " (SELECT max(first) FROM s.chunks WHERE result = ?1 AND first <= ?2) ORDER BY first",
    "ii", walk->result->id, first);
  while (statement != NULL && row)
    {
      if (!eros_store_step (statement, &row, error))
        return FALSE;
      if (row && !started)
        walk->skip = first - sqlite3_column_int64 (statement, 0);
      started = TRUE;
      if (row && !walk_chunk (walk, sqlite3_column_blob (statement, 1), sqlite3_column_bytes (statement, 1)))
        row = FALSE;
    }
  g_clear_pointer (&statement, store_statement_reset);
  return TRUE;
}

/**
 * eros_store_result_foreach:
 * @result: a finished result
 * @first: the first row wanted, from 0
 * @n_rows: how many rows at most
 * @func: called with each row; its values are borrowed for the call
 * @user_data: for @func
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether there was no error
 */
gboolean
eros_store_result_foreach (ErosStoreResult *result,
                           gint64 first,
                           gint64 n_rows,
                           ErosStoreRowFunc func,
                           gpointer user_data,
                           GError **error)
{
  g_autofree ErosSqlValue *row = g_new0 (ErosSqlValue, result->columns->len + 1);
  Walk walk = { result, row, first, n_rows, func, user_data };

  if (n_rows <= 0 || first >= result->n_rows)
    return TRUE;
  if (result->chunk == NULL || result->first > 0)
    return walk_stored (&walk, first, error);
  walk_chunk (&walk, result->chunk->str, result->chunk->len);
  return TRUE;
}

/**
 * eros_store_read_column:
 * @statement: a statement that has just yielded SQLITE_ROW
 * @index: which column
 * @type: its type
 * @value: (out): filled in; borrows from @statement until its next step
 */
void
eros_store_read_column (sqlite3_stmt *statement, int index, const ErosSqlType *type, ErosSqlValue *value)
{
  switch (sqlite3_column_type (statement, index))
    {
    case SQLITE_NULL:
      eros_sql_value_set_null (value, type);
      return;
    case SQLITE_INTEGER:
      eros_sql_value_set_integer (value, type, sqlite3_column_int64 (statement, index));
      return;
    case SQLITE_FLOAT:
      eros_sql_value_set_real (value, sqlite3_column_double (statement, index));
      return;
    default:
      break;
    }
  if (eros_sql_type_is (type, EROS_SQL_FLOAT64)) /* x'4e' stands for what SQLite cannot hold */
    eros_sql_value_set_real (value, NAN);
  else
    eros_sql_value_set_data (value, type, sqlite3_column_blob (statement, index),
                             sqlite3_column_bytes (statement, index));
}

/**
 * eros_store_bind_value:
 * @statement: a statement
 * @index: which parameter, from 1
 * @value: a value; its data must outlive the next step of @statement
 *
 * Returns: an SQLite result code
 */
int
eros_store_bind_value (sqlite3_stmt *statement, int index, const ErosSqlValue *value)
{
  if (value->is_null)
    return sqlite3_bind_null (statement, index);
  switch ((int) eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_FLOAT64:
      if (isnan (value->real))
        return sqlite3_bind_blob (statement, index, "N", 1, SQLITE_STATIC);
      return sqlite3_bind_double (statement, index, value->real);
    case EROS_SQL_STRING:
    case EROS_SQL_JSON:
      return sqlite3_bind_text64 (statement, index, value->data, value->size, SQLITE_STATIC, SQLITE_UTF8);
    case EROS_SQL_BYTES:
    case EROS_SQL_NUMERIC:
    case EROS_SQL_BIGNUMERIC:
    case EROS_SQL_INTERVAL:
    case EROS_SQL_GEOGRAPHY:
    case EROS_SQL_RANGE:
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      return sqlite3_bind_blob64 (statement, index, value->data, value->size, SQLITE_STATIC);
    default:
      return sqlite3_bind_int64 (statement, index, value->integer);
    }
}
