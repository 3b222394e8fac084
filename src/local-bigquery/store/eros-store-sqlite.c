/* eros-store-sqlite.c: prepared statements, kept and reused
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>

#include "eros-store-private.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (store)

/**
 * eros_store_set_error:
 * @error: return location for an #ErosStoreError
 * @db: a connection on which something has just failed
 *
 * Says why. SQLite calls many things a disk I/O error of which the system knows better.
 */
void
eros_store_set_error (GError **error, sqlite3 *db)
{
  int code = sqlite3_errcode (db) & 0xff;
  int number = code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? sqlite3_system_errno (db) : 0;

  if (code == SQLITE_FULL || number == ENOSPC || number == EDQUOT)
    g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FULL,
                         "The disk of the local server is full. Make room there, and try again.");
  else if (code == SQLITE_INTERRUPT)
    g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CANCELLED,
                         "Job execution was cancelled: User requested cancellation");
  else
    g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED, "The local server's file failed: %s",
                 number != 0 ? g_strerror (number) : sqlite3_errmsg (db));
}

gboolean
eros_store_exec (sqlite3 *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  eros_store_set_error (error, db);
  return FALSE;
}

gboolean
eros_store_execf (sqlite3 *db, GError **error, const char *format, ...)
{
  g_autofree char *sql = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return eros_store_exec (db, sql, error);
}

static void
bind (ErosStoreStatement *statement, const char *format, va_list arguments)
{
  for (int i = 0; format[i] != '\0'; i++)
    {
      gint64 number;

      if (format[i] == 's')
        {
          sqlite3_bind_text (statement, i + 1, va_arg (arguments, const char *), -1, SQLITE_STATIC);
          continue;
        }
      number = va_arg (arguments, gint64);
      if (format[i] == 'z' && number == 0)
        sqlite3_bind_null (statement, i + 1);
      else
        sqlite3_bind_int64 (statement, i + 1, number);
    }
}

static ErosStoreStatement *
eros_store_statement_in (sqlite3 *db,
                         GHashTable *cache,
                         GError **error,
                         const char *sql,
                         const char *format,
                         va_list arguments)
{
  sqlite3_stmt *statement = g_hash_table_lookup (cache, sql);

  if (statement == NULL)
    {
      if (sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        {
          eros_store_set_error (error, db);
          return NULL;
        }
      g_hash_table_insert (cache, g_strdup (sql), statement);
    }
  bind (statement, format, arguments);
  return statement;
}

ErosStoreStatement *
eros_store_statement (ErosStoreConnection *connection,
                      GError **error,
                      const char *sql,
                      const char *format,
                      ...)
{
  ErosStoreStatement *statement;
  va_list arguments;

  va_start (arguments, format);
  statement = eros_store_statement_in (connection->db, connection->statements, error, sql, format, arguments);
  va_end (arguments);
  return statement;
}

gboolean
eros_store_step (ErosStoreStatement *statement, gboolean *row, GError **error)
{
  int result = sqlite3_step (statement);

  *row = result == SQLITE_ROW;
  if (result == SQLITE_ROW || result == SQLITE_DONE)
    return TRUE;
  eros_store_set_error (error, sqlite3_db_handle (statement));
  return FALSE;
}

gboolean
eros_store_run (ErosStoreConnection *connection, GError **error, const char *sql, const char *format, ...)
{
  g_autoptr (ErosStoreStatement) statement = NULL;
  va_list arguments;
  gboolean row;

  va_start (arguments, format);
  statement = eros_store_statement_in (connection->db, connection->statements, error, sql, format, arguments);
  va_end (arguments);
  return statement != NULL && eros_store_step (statement, &row, error);
}

ErosStoreStatement *
eros_store_service_statement (ErosStore *store, GError **error, const char *sql, const char *format, ...)
{
  ErosStoreStatement *statement;
  va_list arguments;

  va_start (arguments, format);
  statement =
    eros_store_statement_in (store->service, store->service_statements, error, sql, format, arguments);
  va_end (arguments);
  return statement;
}

gboolean
eros_store_service_run (ErosStore *store, GError **error, const char *sql, const char *format, ...)
{
  g_autoptr (ErosStoreStatement) statement = NULL;
  va_list arguments;
  gboolean row;

  va_start (arguments, format);
  statement =
    eros_store_statement_in (store->service, store->service_statements, error, sql, format, arguments);
  va_end (arguments);
  return statement != NULL && eros_store_step (statement, &row, error);
}
