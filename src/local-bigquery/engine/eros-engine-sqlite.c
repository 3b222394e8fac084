/* eros-engine-sqlite.c: SQLite as a job uses it: prepared, stepped, stopped, and what its errors mean
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"
#include "eros-clock.h"

#include <string.h>
#include <time.h>

/* So many instructions of SQLite's machine are done between two looks at the clock. */
#define INSTRUCTIONS_PER_LOOK 10000

sqlite3 *
eros_engine_db (ErosRun *run)
{
  return eros_store_connection_get_db (run->session->connection);
}

/* The statement's one instant, and what else the functions know of the world. */
gboolean
eros_engine_begin_clock (ErosRun *run)
{
  ErosFunctionContext *context = run->session->context;

  context->now = eros_clock_get_now ();
  context->time_zone = run->session->time_zone;
  context->session_user = run->request->user_email;
  return TRUE;
}

gboolean
eros_engine_check_cancelled (ErosRun *run, GError **error)
{
  gint64 now = run->deadline != 0 ? g_get_monotonic_time () : 0;

  if (run->deadline != 0 && now > run->deadline)
    {
      g_set_error (
        error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_TIMEOUT,
        "Operation timed out after %.1f seconds. Consider reducing the amount of work performed by your "
        "operation so that it can complete within this limit.",
        run->request->timeout_ms / 1000.0);
      return FALSE;
    }
  if (g_cancellable_is_cancelled (run->cancellable))
    {
      g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_STOPPED,
                           "Job execution was cancelled: User requested cancellation");
      return FALSE;
    }
  return TRUE;
}

static int
progress_cb (gpointer user_data)
{
  return !eros_engine_check_cancelled (user_data, NULL);
}

static gboolean
is_too_complex (const char *message)
{
  return strstr (message, "parser stack overflow") != NULL ||
         strstr (message, "Expression tree is too large") != NULL || strstr (message, "too many ") != NULL ||
         strstr (message, "at most 64 tables") != NULL;
}

void
eros_engine_set_sqlite_error (ErosRun *run, GError **error)
{
  sqlite3 *db = eros_engine_db (run);
  int code = sqlite3_errcode (db) & 0xff;
  const char *message = sqlite3_errmsg (db);

  if (code == SQLITE_INTERRUPT && !eros_engine_check_cancelled (run, error))
    return;
  if (code == SQLITE_NOMEM || code == SQLITE_TOOBIG || (code == SQLITE_ERROR && is_too_complex (message)))
    g_set_error (
      error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_TOO_COMPLEX,
      "Resources exceeded during query execution: Not enough resources for query planning - too many "
      "subqueries or query is too complex");
  else if (code == SQLITE_ERROR || code == SQLITE_CONSTRAINT)
    g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, message);
  else
    eros_store_set_error (error, db);
}

sqlite3_stmt *
eros_engine_prepare (ErosRun *run, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  g_debug ("%s", sql);
  sqlite3_progress_handler (eros_engine_db (run), INSTRUCTIONS_PER_LOOK, progress_cb, run);
  if (!eros_engine_check_cancelled (run, error))
    return NULL;
  if (sqlite3_prepare_v2 (eros_engine_db (run), sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;
  eros_engine_set_sqlite_error (run, error);
  return NULL;
}

/* SQLITE_ROW, SQLITE_DONE, or SQLITE_ERROR with @error set. */
int
eros_engine_step (ErosRun *run, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return code;
  eros_engine_set_sqlite_error (run, error);
  return SQLITE_ERROR;
}

gboolean
eros_engine_exec (ErosRun *run, GError **error, const char *format, ...)
{
  g_autofree char *sql = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  statement = eros_engine_prepare (run, sql, error);
  return statement != NULL && eros_engine_step (run, statement, error) != SQLITE_ERROR;
}

/* 'text', as SQLite reads it */
char *
eros_engine_quote_text (const char *text)
{
  GString *out = g_string_new ("'");

  for (; *text != '\0'; text++)
    {
      if (*text == '\'')
        g_string_append_c (out, '\'');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '\'');
  return g_string_free (out, FALSE);
}

/* Microseconds of processor time that this thread has used. */
gint64
eros_engine_thread_cpu (void)
{
  struct timespec used;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &used);
  return used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}
