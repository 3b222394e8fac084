/* eros-sessions.c: what outlives a job: temporary tables, variables and open transactions of those who ask
 * for that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sessions.h"

#include "eros-call.h"

/* As BigQuery does: a session ends after a day without a job. An open transaction keeps others from writing
 * here: it is rolled back, and its session ended, sooner. */
#define IDLE_S             (24 * 3600)
#define IDLE_TRANSACTION_S (10 * 60)
/* Each has a connection of its own, with files and pages in memory: of more than so many, the one that nobody
 * has used for longest goes. */
#define MAX_SESSIONS 100

struct _ErosSession
{
  char *id;
  ErosEngineSession *session;
  gboolean taken;
  gint64 used; /* monotonic */
};

struct _ErosSessions
{
  ErosEngine *engine;
  GMutex lock;
  GCond changed;
  GHashTable *sessions; /* by id */
};

static void
session_free (ErosSession *session)
{
  eros_engine_session_free (session->session);
  g_free (session->id);
  g_free (session);
}

/**
 * eros_sessions_new:
 * @engine: the engine; must outlive them
 *
 * Returns: (transfer full): no sessions yet
 */
ErosSessions *
eros_sessions_new (ErosEngine *engine)
{
  ErosSessions *sessions = g_new0 (ErosSessions, 1);

  sessions->engine = engine;
  g_mutex_init (&sessions->lock);
  g_cond_init (&sessions->changed);
  sessions->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) session_free);
  return sessions;
}

/**
 * eros_sessions_free:
 * @sessions: (transfer full) (nullable): sessions that nobody has taken
 */
void
eros_sessions_free (ErosSessions *sessions)
{
  if (sessions == NULL)
    return;
  g_hash_table_unref (sessions->sessions);
  g_mutex_clear (&sessions->lock);
  g_cond_clear (&sessions->changed);
  g_free (sessions);
}

static void
make_room (ErosSessions *sessions)
{
  ErosSession *oldest = NULL;
  GHashTableIter iter;
  gpointer value;

  if (g_hash_table_size (sessions->sessions) < MAX_SESSIONS)
    return;
  g_hash_table_iter_init (&iter, sessions->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ErosSession *session = value;

      if (!session->taken && (oldest == NULL || session->used < oldest->used))
        oldest = session;
    }
  if (oldest != NULL)
    g_hash_table_remove (sessions->sessions, oldest->id);
}

/**
 * eros_sessions_create:
 * @sessions: the sessions
 *
 * Returns: (transfer none): a new one, taken
 */
ErosSession *
eros_sessions_create (ErosSessions *sessions)
{
  ErosSession *session = g_new0 (ErosSession, 1);
  g_autofree char *uuid = g_uuid_string_random ();

  session->id = g_base64_encode ((const guchar *) uuid, strlen (uuid));
  session->session = eros_engine_session_new (sessions->engine);
  eros_engine_session_set_id (session->session, session->id);
  session->taken = TRUE;
  g_mutex_lock (&sessions->lock);
  make_room (sessions);
  g_hash_table_insert (sessions->sessions, session->id, session);
  g_mutex_unlock (&sessions->lock);
  return session;
}

/**
 * eros_sessions_take:
 * @sessions: the sessions
 * @id: which
 * @cancellable: ends the wait for another job
 * @error: return location for an #ErosServiceError
 *
 * Returns: (transfer none) (nullable): the session, for one job
 */
ErosSession *
eros_sessions_take (ErosSessions *sessions, const char *id, GCancellable *cancellable, GError **error)
{
  ErosSession *session;

  g_mutex_lock (&sessions->lock);
  while ((session = g_hash_table_lookup (sessions->sessions, id)) != NULL && session->taken &&
         !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&sessions->changed, &sessions->lock,
                       g_get_monotonic_time () + G_TIME_SPAN_SECOND / 10);
  if (session == NULL)
    g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, "Invalid input session id.");
  else if (g_cancellable_is_cancelled (cancellable))
    g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_STOPPED,
                         "Job execution was cancelled: User requested cancellation");
  else
    session->taken = TRUE;
  if (session != NULL && g_cancellable_is_cancelled (cancellable))
    session = NULL;
  g_mutex_unlock (&sessions->lock);
  return session;
}

/**
 * eros_sessions_give_back:
 * @sessions: the sessions
 * @session: one that was taken
 *
 * Leaves it to the next job, or ends it if its job has asked for that.
 */
void
eros_sessions_give_back (ErosSessions *sessions, ErosSession *session)
{
  g_mutex_lock (&sessions->lock);
  session->taken = FALSE;
  session->used = g_get_monotonic_time ();
  if (eros_engine_session_is_over (session->session))
    g_hash_table_remove (sessions->sessions, session->id);
  g_cond_broadcast (&sessions->changed);
  g_mutex_unlock (&sessions->lock);
}

static gboolean
is_idle (gpointer key, gpointer value, gpointer user_data)
{
  ErosSession *session = value;
  gint64 limit = eros_engine_session_in_transaction (session->session) ? IDLE_TRANSACTION_S : IDLE_S;

  return !session->taken && g_get_monotonic_time () - session->used > limit * G_USEC_PER_SEC;
}

/**
 * eros_sessions_forget_idle:
 * @sessions: the sessions
 *
 * Ends those that nobody has used for long.
 */
void
eros_sessions_forget_idle (ErosSessions *sessions)
{
  g_mutex_lock (&sessions->lock);
  g_hash_table_foreach_remove (sessions->sessions, is_idle, NULL);
  g_mutex_unlock (&sessions->lock);
}

/**
 * eros_session_get_id:
 * @session: a session
 *
 * Returns: its id
 */
const char *
eros_session_get_id (ErosSession *session)
{
  return session->id;
}

/**
 * eros_session_get_engine_session:
 * @session: a session that was taken
 *
 * Returns: (transfer none): what the engine keeps of it
 */
ErosEngineSession *
eros_session_get_engine_session (ErosSession *session)
{
  return session->session;
}
