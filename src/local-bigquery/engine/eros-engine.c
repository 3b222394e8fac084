/* eros-engine.c: a job from its text to its result
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-script.h"
#include "eros-clock.h"

#include <string.h>
#include <time.h>

/* The engine */

static gboolean
connect_cb (sqlite3 *db, gpointer user_data, GError **error)
{
  ErosEngine *engine = user_data;
  ErosFunctionContext *context = g_new0 (ErosFunctionContext, 1);

  g_mutex_lock (&engine->lock);
  g_hash_table_replace (engine->contexts, db, context);
  g_mutex_unlock (&engine->lock);
  if (!eros_functions_register (db, context, error))
    return FALSE;
  if (eros_engine_register_functions (db))
    return TRUE;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_FAILED, "Could not register functions: %s",
               sqlite3_errmsg (db));
  return FALSE;
}

/**
 * eros_engine_open:
 * @directory: (nullable): where to keep everything; %NULL for a folder that eros_engine_close() removes
 * @project: the project that is meant when none is said
 * @location: where data sets are: "US"
 * @error: return location for an #ErosStoreError
 *
 * Opens the engine and its store.
 *
 * Returns: (transfer full) (nullable): the engine
 */
ErosEngine *
eros_engine_open (const char *directory, const char *project, const char *location, GError **error)
{
  ErosEngine *engine = g_new0 (ErosEngine, 1);

  g_mutex_init (&engine->lock);
  g_queue_init (&engine->cache_order);
  engine->project = g_strdup (project);
  engine->location = g_strdup (location != NULL ? location : "US");
  engine->contexts = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  engine->cache =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) eros_store_result_unref);
  engine->store = eros_store_open (directory, connect_cb, engine, error);
  if (engine->store != NULL)
    return engine;
  eros_engine_close (engine);
  return NULL;
}

/**
 * eros_engine_close:
 * @engine: (transfer full): an engine that runs nothing
 *
 * Closes the engine and its store.
 */
void
eros_engine_close (ErosEngine *engine)
{
  g_hash_table_unref (engine->cache);
  g_queue_clear (&engine->cache_order);
  eros_store_close (engine->store);
  g_hash_table_unref (engine->contexts);
  g_mutex_clear (&engine->lock);
  g_free (engine->project);
  g_free (engine->location);
  g_free (engine->time_zone);
  g_free (engine);
}

/**
 * eros_engine_get_store:
 * @engine: the engine
 *
 * Returns: (transfer none): its store
 */
ErosStore *
eros_engine_get_store (ErosEngine *engine)
{
  return engine->store;
}

static void
child_free (ErosEngineChild *child)
{
  g_clear_pointer (&child->frames, g_ptr_array_unref);
  g_clear_pointer (&child->result, eros_engine_result_free);
  g_free (child->job_id);
  g_free (child->query);
  g_free (child);
}

/* A job's time limit, while it waits for its turn to write, which nothing else interrupts */

typedef struct
{
  GMutex lock;
  GCond changed;
  gboolean done;
  gint64 deadline;
  GCancellable *cancellable;
} Watch;

static gpointer
watch_thread (gpointer data)
{
  Watch *watch = data;

  g_mutex_lock (&watch->lock);
  while (!watch->done && g_cond_wait_until (&watch->changed, &watch->lock, watch->deadline))
    ;
  if (!watch->done)
    g_cancellable_cancel (watch->cancellable);
  g_mutex_unlock (&watch->lock);
  return NULL;
}

static void
watch_end (Watch *watch, GThread *thread)
{
  g_mutex_lock (&watch->lock);
  watch->done = TRUE;
  g_cond_signal (&watch->changed);
  g_mutex_unlock (&watch->lock);
  g_thread_join (thread);
  g_mutex_clear (&watch->lock);
  g_cond_clear (&watch->changed);
}

/* One job */

static gboolean
open_session (ErosRun *run, GError **error)
{
  ErosEngineSession *session = run->session;

  if (session->connection == NULL)
    {
      session->connection = eros_store_acquire (run->engine->store, error);
      if (session->connection == NULL)
        return FALSE;
      g_mutex_lock (&run->engine->lock);
      session->context =
        g_hash_table_lookup (run->engine->contexts, eros_store_connection_get_db (session->connection));
      if (session->time_zone == NULL)
        session->time_zone =
          g_strdup (run->request->time_zone != NULL ? run->request->time_zone : run->engine->time_zone);
      g_mutex_unlock (&run->engine->lock);
    }
  if (run->request->default_dataset != NULL)
    {
      g_free (session->default_dataset);
      g_free (session->default_project);
      session->default_dataset = g_strdup (run->request->default_dataset);
      session->default_project = g_strdup (run->request->default_project);
    }
  return TRUE;
}

/* What a script would read, as far as it can be known before it has run. */
static gboolean
dry_run_script (ErosRun *run, const ErosAstStatements *statements, GError **error)
{
  gboolean good;

  if (!eros_engine_begin_statement (run, EROS_STORE_READ, error))
    return FALSE;
  good = eros_engine_check_statements (run, statements, error);
  return eros_engine_end_statement (run, good, good ? error : NULL) && good;
}

/* Only a query has rows that can go somewhere. */
static gboolean
check_destination (ErosRun *run, const ErosAstStatements *statements, GError **error)
{
  const ErosAstStatement *statement = statements->items[0];
  gboolean is_query = !run->is_script && statement->kind == EROS_AST_STATEMENT_QUERY;
  const char *kind = run->is_script                   ? "scripts"
                     : eros_engine_is_ddl (statement) ? "DDL statements"
                                                      : "DML statements";

  if (is_query || (run->request->destination == NULL && !run->request->has_create_disposition))
    return TRUE;
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Cannot set %s in jobs with %s",
               run->request->destination != NULL ? "destination table" : "create disposition", kind);
  return FALSE;
}

static gboolean
run_statements (ErosRun *run, ErosScript *script, GError **error)
{
  const ErosAstStatements *statements = eros_script_get_statements (script);
  ErosRunFrame frame = { .script = script,
                         .scopes = run->session->scopes,
                         .parameters = run->request->parameters,
                         .n_parameters = run->request->n_parameters };
  const char *label = NULL;
  ErosEngineFlow flow;

  if (statements->length == 0)
    {
      g_set_error_literal (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                           "Syntax error: Unexpected end of script at [1:1]");
      return FALSE;
    }
  run->is_script = eros_engine_is_script (statements);
  run->job->statement_type =
    run->is_script ? "SCRIPT" : eros_engine_statement_type (statements->items[statements->length - 1]);
  if (run->is_script)
    run->job->children = g_ptr_array_new_with_free_func ((GDestroyNotify) child_free);
  if (!check_destination (run, statements, error))
    return FALSE;
  run->frame = &frame;
  if (run->is_script && run->request->dry_run)
    flow = dry_run_script (run, statements, error) ? ENGINE_NEXT : ENGINE_FAILED;
  else
    flow = eros_engine_run_list (run, statements, &label, error);
  run->frame = NULL;
  return flow != ENGINE_FAILED;
}

static gboolean
run_text (ErosRun *run, GError **error)
{
  const ErosEngineRequest *request = run->request;
  g_autoptr (ErosScript) script = NULL;

  if (!open_session (run, error))
    return FALSE;
  script = eros_syntax_parse (request->query, request->query_length == 0 ? -1 : request->query_length, error);
  return script != NULL && run_statements (run, script, error);
}

/* What the whole job says of an error in one of its statements. */
static void
take_failure (ErosRun *run, GError *error)
{
  g_autofree char *message = NULL;
  GError *why = NULL;

  if (run->is_script && run->failure != NULL &&
      !g_error_matches (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_RAISED))
    {
      message = g_strdup_printf ("Query error: %s", error->message);
      g_free (error->message);
      error->message = g_steal_pointer (&message);
    }
  if (g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CANCELLED) &&
      !eros_engine_check_cancelled (run, &why))
    {
      g_error_free (error);
      error = why;
    }
  eros_engine_result_set_error (run->job, error);
  g_error_free (error);
}

static void
run_job (ErosRun *run)
{
  GError *error = NULL;
  gint64 cpu = eros_engine_thread_cpu ();

  run->job->started = eros_clock_get_now ();
  if (!run_text (run, &error))
    take_failure (run, error);
  if (run->request->session == NULL)
    eros_engine_abort_transaction (run->session);
  if (run->session->connection != NULL)
    sqlite3_progress_handler (eros_engine_db (run), 0, NULL, NULL);
  if (run->is_script)
    run->job->slot_ms = MAX (run->job->slot_ms, (eros_engine_thread_cpu () - cpu + 999) / 1000);
  run->job->ended = eros_clock_get_now ();
}

static char *
child_prefix (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  GString *text = g_string_new ("script_job_");

  for (const char *c = uuid; *c != '\0'; c++)
    if (*c != '-')
      g_string_append_c (text, *c);
  return g_string_free (text, FALSE);
}

static void
forward_cb (GCancellable *cancellable, GCancellable *stop)
{
  g_cancellable_cancel (stop);
}

/**
 * eros_engine_run:
 * @engine: the engine
 * @request: what to run; borrowed for the call
 * @cancellable: (nullable): ends the job from another thread
 *
 * Runs a job to its end, in the calling thread. Each statement outside a transaction of its own is atomic:
 * when it fails, it has done nothing.
 *
 * Returns: (transfer full): what came of it; look at its error_reason first
 */
ErosEngineResult *
eros_engine_run (ErosEngine *engine, const ErosEngineRequest *request, GCancellable *cancellable)
{
  ErosRun run = { .engine = engine, .request = request, .running_job_id = request->job_id, .row_count = -1 };
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  Watch watch = { .cancellable = stop };
  GThread *thread = NULL;
  gulong handler = 0;

  run.cancellable = stop;
  run.session = request->session != NULL ? request->session : eros_engine_session_new (engine);
  run.job = run.current = eros_engine_result_new ();
  run.handled = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_engine_failure_free);
  run.child_prefix = child_prefix ();
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (forward_cb), stop, NULL);
  if (request->timeout_ms > 0)
    {
      run.deadline = watch.deadline = g_get_monotonic_time () + request->timeout_ms * 1000;
      g_mutex_init (&watch.lock);
      g_cond_init (&watch.changed);
      /* It only ends waits; whoever computes looks at the time himself. */
      thread = g_thread_try_new ("deadline", watch_thread, &watch, NULL);
    }

  run_job (&run);

  if (thread != NULL)
    watch_end (&watch, thread);
  g_cancellable_disconnect (cancellable, handler);
  if (request->session == NULL)
    eros_engine_session_free (run.session);
  g_ptr_array_unref (run.handled);
  g_clear_pointer (&run.failure, eros_engine_failure_free);
  g_free (run.child_prefix);
  g_free (run.last_job_id);
  return run.job;
}
