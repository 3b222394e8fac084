/* eros-engine-transaction.c: a statement's transaction, and those of BEGIN TRANSACTION
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Outside BEGIN TRANSACTION each statement has a transaction of its own. Inside, it has a savepoint. A
 * transaction that has lost to a concurrent one is over, but the script goes on to its exception handler and
 * must be able to say ROLLBACK.
 */
#include "eros-engine-private.h"

#define SAVEPOINT "eros_statement"

/* Whether the statement's own transaction is that of the script. */
static gboolean
inside (ErosRun *run)
{
  return run->session->in_transaction && !run->session->transaction_failed;
}

static gboolean
begin_inside (ErosRun *run, ErosStoreMode mode, GError **error)
{
  run->statement_writes = mode == EROS_STORE_WRITE;
  if (mode == EROS_STORE_WRITE)
    return eros_store_savepoint (run->session->connection, error);
  return eros_engine_exec (run, error, "SAVEPOINT " SAVEPOINT);
}

gboolean
eros_engine_begin_statement (ErosRun *run, ErosStoreMode mode, GError **error)
{
  ErosEngineSession *session = run->session;

  eros_engine_begin_clock (run);
  if (!eros_engine_check_cancelled (run, error))
    return FALSE;
  if (session->transaction_failed && mode == EROS_STORE_WRITE)
    {
      g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                           "The transaction has been aborted; end it with ROLLBACK TRANSACTION");
      return FALSE;
    }
  session->statement_temp_tables = eros_engine_copy_temp_tables (session);
  if (inside (run) ? begin_inside (run, mode, error)
                   : eros_store_begin (session->connection, mode, run->cancellable, error))
    return TRUE;
  g_clear_pointer (&session->statement_temp_tables, g_ptr_array_unref);
  return FALSE;
}

static void
undo (ErosRun *run)
{
  ErosEngineSession *session = run->session;

  if (!inside (run))
    eros_store_rollback (session->connection);
  else if (run->statement_writes)
    eros_store_rollback_to (session->connection);
  else if (sqlite3_exec (eros_engine_db (run), "ROLLBACK TO " SAVEPOINT "; RELEASE " SAVEPOINT, NULL, NULL,
                         NULL) != SQLITE_OK)
    eros_store_rollback (session->connection);
  eros_engine_restore_temp_tables (session, g_steal_pointer (&session->statement_temp_tables));
  if (inside (run) && !eros_store_in_transaction (session->connection))
    session->transaction_failed = TRUE;
}

/* Who did it, and what came of it, is on disk with it. */
static gboolean
commit (ErosRun *run, GError **error)
{
  const ErosEngineRequest *request = run->request;
  ErosStoreConnection *connection = run->session->connection;
  g_autofree char *outcome = NULL;

  if (request->outcome_func != NULL && eros_store_is_writing (connection))
    outcome = request->outcome_func (run->current, run->child, request->outcome_data);
  return eros_store_commit (connection, run->running_job_id, outcome, error);
}

static gboolean
keep (ErosRun *run, GError **error)
{
  ErosEngineSession *session = run->session;

  if (!inside (run))
    return commit (run, error);
  if (run->statement_writes)
    return eros_store_release_savepoint (session->connection, error);
  if (sqlite3_exec (eros_engine_db (run), "RELEASE " SAVEPOINT, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  eros_engine_set_sqlite_error (run, error);
  return FALSE;
}

/* Whether the caller may do what the statement has done. */
gboolean
eros_engine_permits (ErosRun *run, GError **error)
{
  const ErosEngineRequest *request = run->request;
  g_autofree char *refusal = NULL;

  if (request->refuse_func != NULL)
    refusal = request->refuse_func (run->current, request->refuse_data);
  if (refusal != NULL)
    g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_DENIED, refusal);
  return refusal == NULL;
}

/* Keeps what the statement has done, or undoes it. */
gboolean
eros_engine_end_statement (ErosRun *run, gboolean good, GError **error)
{
  gboolean permitted = !good || eros_engine_permits (run, error);

  eros_engine_forget_natives (run);
  if (!good || !permitted)
    {
      undo (run);
      return permitted;
    }
  if (!keep (run, error))
    {
      undo (run);
      return FALSE;
    }
  g_clear_pointer (&run->session->statement_temp_tables, g_ptr_array_unref);
  return TRUE;
}

/* After a statement has failed: a lost conflict is the end of the whole transaction. */
void
eros_engine_note_conflict (ErosRun *run, const GError *error)
{
  ErosEngineSession *session = run->session;

  if (!inside (run) || !g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CONFLICT))
    return;
  eros_store_rollback (session->connection);
  eros_engine_restore_temp_tables (session, g_steal_pointer (&session->saved_temp_tables));
  session->transaction_failed = TRUE;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, message);
  return FALSE;
}

static void
forget (ErosEngineSession *session)
{
  session->in_transaction = FALSE;
  session->transaction_failed = FALSE;
  g_clear_pointer (&session->transaction_id, g_free);
  g_clear_pointer (&session->saved_temp_tables, g_ptr_array_unref);
}

gboolean
eros_engine_begin_transaction (ErosRun *run, GError **error)
{
  ErosEngineSession *session = run->session;

  if (session->in_transaction)
    return refuse (error, "Transactions cannot be nested: there is already an active transaction");
  if (run->request->dry_run)
    return TRUE;
  if (!eros_store_begin (session->connection, EROS_STORE_READ, run->cancellable, error))
    return FALSE;
  session->in_transaction = TRUE;
  session->transaction_id = g_uuid_string_random ();
  session->saved_temp_tables = eros_engine_copy_temp_tables (session);
  return TRUE;
}

gboolean
eros_engine_commit_transaction (ErosRun *run, GError **error)
{
  ErosEngineSession *session = run->session;
  gboolean good;

  if (!session->in_transaction)
    return refuse (error, "There is no active transaction to commit");
  if (session->transaction_failed)
    return refuse (error, "The transaction has been aborted; end it with ROLLBACK TRANSACTION");
  good = commit (run, error);
  if (!good)
    eros_engine_restore_temp_tables (session, g_steal_pointer (&session->saved_temp_tables));
  forget (session);
  return good;
}

/* Ends an open transaction as if it had never been. */
void
eros_engine_abort_transaction (ErosEngineSession *session)
{
  if (!session->in_transaction)
    return;
  eros_store_rollback (session->connection);
  if (session->saved_temp_tables != NULL)
    eros_engine_restore_temp_tables (session, g_steal_pointer (&session->saved_temp_tables));
  forget (session);
}

gboolean
eros_engine_rollback_transaction (ErosRun *run, GError **error)
{
  if (!run->session->in_transaction)
    return refuse (error, "There is no active transaction to roll back");
  eros_engine_abort_transaction (run->session);
  return TRUE;
}
