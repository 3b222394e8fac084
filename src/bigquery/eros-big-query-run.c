/* eros-big-query-run.c: a job sent once, waited for and, when it is no longer wanted, stopped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-big-query-private.h"

#include <glib/gi18n-lib.h>

#include "eros-connection-private.h"
#include "eros-job-private.h"
#include "eros-job-request-private.h"
#include "eros-json.h"

#define FIRST_PAUSE_MS     50 /* between two looks at a job that has no answer to wait for */
#define LONGEST_PAUSE_MS   2000
#define CANCEL_PATIENCE_US (30 * G_USEC_PER_SEC)
/* “Not found” need not be the last word so soon after a job was accepted, or may have been sent. */
#define ARRIVAL_US (5 * G_USEC_PER_SEC)

typedef struct
{
  ErosJobRequest *request;
  ErosRequest *insert; /* (nullable) */
  char *job_id;        /* (nullable): the server has not said yet */
  char *location;
  guint pause_ms;
  gint64 arrived;    /* when the server has said that it has the job; 0: not yet */
  GError *cancelled; /* set once we have asked the server to stop it */
  gint64 cancel_begun;
  GCancellable
    *patience; /* of a request about a job that is being cancelled: whoever cancels wants an answer */
  GSource *patience_ends;
  ErosBigQueryReading *reading; /* (nullable): the answer's first page is wanted, and not the job */
  guint max_rows;
  gboolean
    has_succeeded; /* the job whose answer is wanted: what its answer is asked for may be asked again */
  void (*start) (GTask *task);
  void (*next) (GTask *task); /* after a pause */
  GError *not_found;          /* while the data set is asked whether it is elsewhere: the error, … */
  ErosJob *failed;            /* … or the job with it */
} Run;

static void
forget_patience (Run *run)
{
  if (run->patience_ends != NULL)
    g_source_destroy (run->patience_ends);
  g_clear_pointer (&run->patience_ends, g_source_unref);
  g_clear_object (&run->patience);
}

static void
run_free (Run *run)
{
  forget_patience (run);
  g_clear_object (&run->request);
  g_clear_object (&run->insert);
  g_free (run->job_id);
  g_free (run->location);
  g_clear_error (&run->cancelled);
  g_clear_error (&run->not_found);
  g_clear_object (&run->failed);
  g_clear_pointer (&run->reading, eros_reading_free);
  g_free (run);
}

static void look_at_job (GTask *task);
static void fail_run (GTask *task, GError *error);
static void pause_before (GTask *task, void (*next) (GTask *task));
static void wait_for_answer (GTask *task);

/* While it is being cancelled, the task's own cancellable is no use. */
static GCancellable *
cancellable_of (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  return run->cancelled == NULL ? g_task_get_cancellable (task) : NULL;
}

static gboolean
patience_ends_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* Without a network a request waits for as long as it takes, but not one that is to stop something: all of
 * them together have half a minute, and each half of the connection's patience, for as long as the job's own
 * answer was waited for before. */
static GCancellable *
begin_patience (GTask *task)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  gint64 left = MAX (run->cancel_begun + CANCEL_PATIENCE_US - g_get_monotonic_time (), 0) / 1000;

  forget_patience (run);
  run->patience = g_cancellable_new ();
  run->patience_ends =
    g_timeout_source_new ((guint) MIN (left, eros_connection_get_patience_ms (self->connection) / 2));
  g_source_set_callback (run->patience_ends, patience_ends_cb, g_object_ref (run->patience), g_object_unref);
  g_source_attach (run->patience_ends, g_task_get_context (task));
  return run->patience;
}

static void
send_request (GTask *task, ErosRequest *request, GAsyncReadyCallback callback)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  GCancellable *cancellable = run->cancelled == NULL ? cancellable_of (task) : begin_patience (task);

  eros_request_set_retry (request, run->request->retry, run->request->retry_data);
  eros_http_send_async (self->http, request, cancellable, callback, g_object_ref (task));
}

/* Only who has been told that it is over may think so: G_IO_ERROR_CANCELLED would say that. */
static void
return_not_stopped (GTask *task, const char *why)
{
  g_task_return_new_error (
    task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE,
    /* Translators: %s: “the server has not done so yet” */
    _ ("The job should have been stopped, and may still run: %s. Try again to see what "
       "has become of it; it does not run a second time."),
    why);
}

static void ask_to_stop (GTask *task);

/* The connection may have broken while the server was at work on the job, in this attempt or in an earlier
 * one that has given up. */
static gboolean
may_be_arriving (Run *run)
{
  return run->arrived == 0 && g_get_monotonic_time () - run->cancel_begun < ARRIVAL_US;
}

static void
cancel_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  /* Not found: it was never sent, or never arrived. Anything else: what has become of it is said by the job
   * itself. */
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      if (may_be_arriving (run))
        pause_before (task, ask_to_stop);
      else
        g_task_return_error (task, g_steal_pointer (&run->cancelled));
    }
  else if (answer == NULL)
    fail_run (task, g_steal_pointer (&error));
  else
    look_at_job (task);
}

static void
ask_to_stop (GTask *task)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "POST", "bigquery/v2/projects/%s/jobs/%s/cancel",
                      eros_big_query_project (self), run->job_id);

  eros_request_add_query (request, "location", run->location);
  send_request (task, request, cancel_answered_cb);
}

/* Takes error, which is G_IO_ERROR_CANCELLED. */
static void
cancel_on_server (GTask *task, GError *error)
{
  Run *run = g_task_get_task_data (task);

  g_task_set_check_cancellable (task, FALSE);
  run->cancelled = error;
  run->cancel_begun = g_get_monotonic_time ();
  run->pause_ms = FIRST_PAUSE_MS;
  ask_to_stop (task);
}

/* What is not found may be in another place than the one where it was looked for. */
static gboolean
may_be_elsewhere (GTask *task, const GError *error)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  const char *learned = eros_connection_get_learned_location (self->connection);

  return g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) &&
         run->cancelled == NULL && run->location != NULL &&
         (learned == NULL || g_ascii_strcasecmp (learned, run->location) != 0);
}

/* Whatever came of asking, the work has failed; it may now be known better why. */
static void
asked_elsewhere_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  gboolean known = eros_locator_ask_finish (EROS_LOCATOR (source), result, NULL);
  const char *learned = eros_connection_get_learned_location (self->connection);
  g_autofree char *advice = NULL;

  if (known && learned != NULL && g_ascii_strcasecmp (learned, run->location) != 0)
    /* Translators: %1$s: the data set, %2$s, %3$s: “EU”, “US” */
    advice = g_strdup_printf (_ ("The data set %1$s is in %2$s, and the connection says %3$s. Correct the "
                                 "connection's location, or leave it empty; from now on %2$s is used: try "
                                 "again."),
                              eros_connection_get_dataset (self->connection), learned, run->location);
  if (run->failed != NULL)
    {
      eros_job_set_advice (run->failed, g_steal_pointer (&advice));
      g_task_return_pointer (task, g_steal_pointer (&run->failed), g_object_unref);
      return;
    }
  if (advice != NULL)
    eros_big_query_error_advise (run->not_found, advice);
  g_task_return_error (task, g_steal_pointer (&run->not_found));
}

static void
ask_elsewhere (GTask *task)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  g_task_set_check_cancellable (task, FALSE);
  eros_locator_ask_async (self->locator, run->request->retry, run->request->retry_data,
                          g_task_get_cancellable (task), asked_elsewhere_cb, g_object_ref (task));
}

/* Whether the server may have the job. */
static gboolean
may_be_there (Run *run)
{
  return run->request->sent_before || run->insert == NULL || eros_request_get_heard (run->insert);
}

/* Takes error. */
static void
fail_run (GTask *task, GError *error)
{
  Run *run = g_task_get_task_data (task);

  if (run->cancelled != NULL)
    {
      g_autoptr (GError) why = error;
      gboolean no_answer = g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      return_not_stopped (task, no_answer ? _ ("no server has answered") : why->message);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && run->job_id != NULL &&
           may_be_there (run))
    cancel_on_server (task, error);
  else if (may_be_elsewhere (task, error))
    {
      run->not_found = error;
      ask_elsewhere (task);
    }
  else
    g_task_return_error (task, error);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  GTask *task = user_data;
  GCancellable *cancellable = cancellable_of (task);
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    fail_run (task, error);
  else
    run->next (task);
  return G_SOURCE_REMOVE;
}

static void
pause_before (GTask *task, void (*next) (GTask *task))
{
  Run *run = g_task_get_task_data (task);
  g_autoptr (GSource) timer = g_timeout_source_new (run->pause_ms);
  GCancellable *cancellable = cancellable_of (task);

  run->next = next;
  run->pause_ms = MIN (run->pause_ms * 2, LONGEST_PAUSE_MS);
  if (cancellable != NULL)
    {
      g_autoptr (GSource) stop = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (stop);
      g_source_add_child_source (timer, stop);
    }
  g_task_attach_source (task, timer, pause_over_cb);
}

/* A job that is done although it was cancelled: it was faster, or it was stopped. */
static void
return_done (GTask *task, ErosJob *job)
{
  Run *run = g_task_get_task_data (task);
  g_autoptr (GError) error = eros_job_dup_error (job);

  if (run->cancelled != NULL && g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_STOPPED))
    g_task_return_error (task, g_steal_pointer (&run->cancelled));
  else if (may_be_elsewhere (task, error))
    {
      if (run->reading != NULL)
        run->not_found = g_steal_pointer (&error);
      else
        run->failed = g_object_ref (job);
      ask_elsewhere (task);
    }
  else if (run->reading == NULL)
    g_task_return_pointer (task, g_object_ref (job), g_object_unref);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (run->cancelled != NULL)
    g_task_return_error (task, g_steal_pointer (&run->cancelled));
  else
    {
      run->has_succeeded = TRUE;
      wait_for_answer (task);
    }
}

static void
job_seen (GTask *task, JsonNode *resource)
{
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ErosJob) job = eros_job_new_from_json (resource, &error);

  if (job == NULL)
    {
      fail_run (task, error);
      return;
    }
  if (run->location == NULL)
    run->location = g_strdup (eros_job_get_location (job));
  if (eros_job_is_done (job))
    return_done (task, job);
  else if (run->cancelled != NULL && g_get_monotonic_time () - run->cancel_begun > CANCEL_PATIENCE_US)
    return_not_stopped (task, _ ("the server has not done so yet"));
  else if (run->cancelled == NULL && g_strcmp0 (eros_job_get_job_type (job), "QUERY") == 0)
    wait_for_answer (task);
  else
    pause_before (task, look_at_job);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Run *run = g_task_get_task_data (task);
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer != NULL)
    job_seen (task, answer);
  else if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) &&
           run->arrived != 0 && g_get_monotonic_time () - run->arrived < ARRIVAL_US)
    {
      g_error_free (error);
      pause_before (task, look_at_job);
    }
  else
    fail_run (task, error);
}

static void
look_at_job (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  g_autoptr (ErosRequest) request =
    eros_big_query_job_request (g_task_get_source_object (task), run->job_id, run->location);

  send_request (task, request, looked_cb);
}

/* The head says whether this is the answer, or that the job is not done yet. */
static void
page_waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) rest = eros_http_send_finish (EROS_HTTP (source), result, &error);
  g_autoptr (JsonNode) head = NULL;
  ErosPage *page = NULL;
  JsonObject *object;

  if (rest == NULL && run->job_id != NULL && !run->has_succeeded && eros_big_query_error_may_pass (error))
    {
      /* The fault is this request's, or the job's. The job says which. */
      g_error_free (error);
      pause_before (task, look_at_job);
      return;
    }
  if (rest == NULL || !eros_reading_finish (run->reading, &page, &head, &error))
    {
      fail_run (task, error);
      return;
    }
  object = json_node_get_object (head);
  if (run->job_id == NULL)
    {
      run->job_id = g_strdup (eros_json_string (object, "jobReference.jobId"));
      if (eros_json_string (object, "jobReference.location") != NULL)
        {
          g_free (run->location);
          run->location = g_strdup (eros_json_string (object, "jobReference.location"));
        }
    }
  if (eros_json_bool (object, "jobComplete"))
    g_task_return_pointer (task, page, g_object_unref);
  else if (run->job_id != NULL)
    pause_before (task, wait_for_answer);
  else
    g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                             _ ("the server has started a job and does not say which"));
}

static void
answer_waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail_run (task, g_steal_pointer (&error));
  else if (answer != NULL && eros_json_bool (json_node_get_object (answer), "jobComplete"))
    look_at_job (task);
  else
    /* Not yet, and perhaps said at once; or the error is this request's, or the job's. The job says which. */
    pause_before (task, answer != NULL ? wait_for_answer : look_at_job);
}

/* A query's answer can be waited for on the server, which is quicker and quieter than looking again and
 * again. */
static void
wait_for_answer (GTask *task)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autoptr (ErosRequest) request =
    eros_big_query_answer_request (self, run->job_id, run->location, run->max_rows);
  g_autofree char *patience = g_strdup_printf ("%u", eros_job_request_poll_ms (self->connection));

  if (run->reading == NULL)
    eros_request_add_query (request, "maxResults", "0");
  else
    {
      eros_page_decoder_reset (run->reading->decoder);
      eros_request_set_sink (request, eros_reading_push_cb, eros_reading_reset_cb, run->reading->decoder);
    }
  /* What looks like a passing fault may be how the job has ended, for good. */
  if (!run->has_succeeded)
    eros_request_set_once (request);
  eros_request_add_query (request, "timeoutMs", patience);
  send_request (task, request, run->reading != NULL ? page_waited_cb : answer_waited_cb);
}

/* Whatever became of the bytes on their way, the server says what it has taken them for. */
static gboolean
was_understood (Run *run, JsonNode *answer, GError **error)
{
  g_autofree char *member = eros_job_request_find_difference (
    run->request, eros_json_object (json_node_get_object (answer), "configuration"));

  if (member == NULL)
    return TRUE;
  g_set_error (
    error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
    /* Translators: %1$s: a job's id, %2$s: a member's name, such as “query” */
    _ ("the server has taken job %1$s for another than was sent: “%2$s” is not the same. Look at what it has "
       "done before you try again"),
    run->job_id, member);
  return FALSE;
}

static void
inserted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Run *run = g_task_get_task_data (task);
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  gboolean is_there = g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DUPLICATE);

  if (answer != NULL || is_there)
    run->arrived = g_get_monotonic_time ();
  if (answer != NULL && was_understood (run, answer, &error))
    job_seen (task, answer);
  else if (is_there)
    {
      /* It got there before: an earlier attempt whose answer was lost, or an earlier run of this program. */
      g_error_free (error);
      look_at_job (task);
    }
  else
    fail_run (task, error);
}

/* Takes error. Unless an earlier attempt has sent the job there is nothing to stop on the server. */
static void
fail_start (GTask *task, GError *error)
{
  Run *run = g_task_get_task_data (task);

  if (!run->request->sent_before || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, error);
  else if (run->location != NULL)
    cancel_on_server (task, error);
  else
    {
      /* It cannot even be asked for. */
      return_not_stopped (task, error->message);
      g_error_free (error);
    }
}

static void
place_known_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;

  if (!eros_locator_ask_finish (EROS_LOCATOR (source), result, &error))
    {
      fail_start (task, error);
      return;
    }
  run->location = g_strdup (eros_connection_get_location (self->connection));
  run->start (task);
}

static void
place_and_start (GTask *task, void (*start) (GTask *task))
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  run->start = start;
  if (run->location != NULL)
    start (task);
  else
    eros_locator_ask_async (self->locator, run->request->retry, run->request->retry_data,
                            g_task_get_cancellable (task), place_known_cb, g_object_ref (task));
}

static Run *
run_new (ErosBigQuery *self, ErosJobRequest *request)
{
  Run *run = g_new0 (Run, 1);

  run->request = g_object_ref (request);
  run->location = g_strdup (eros_connection_get_location (self->connection));
  run->pause_ms = FIRST_PAUSE_MS;
  return run;
}

static void
insert_job (GTask *task)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = eros_job_request_to_json (run->request, self->connection);
  g_autoptr (ErosRequest) insert = eros_request_new (
    EROS_SERVICE_BIG_QUERY, "POST", "bigquery/v2/projects/%s/jobs", eros_big_query_project (self));

  eros_request_set_json (insert, body);
  /* A job that arrives after it was cancelled would run, and nobody would know. */
  eros_request_set_lasting (insert);
  run->insert = g_object_ref (insert);
  send_request (task, insert, inserted_cb);
}

/**
 * eros_big_query_run_async:
 * @self: a client
 * @request: a job whose id has been written down
 * @cancellable: (nullable): asks the server to stop the job
 * @callback: called when it is done, stopped, or could not be followed any further
 * @user_data: for @callback
 *
 * Runs a job at most once, however often this is called with the same id. %G_IO_ERROR_CANCELLED means that
 * the server has stopped it, or that it has never got there.
 */
void
eros_big_query_run_async (ErosBigQuery *self,
                          ErosJobRequest *request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Run *run = run_new (self, request);
  GError *error = NULL;

  g_task_set_source_tag (task, eros_big_query_run_async);
  run->job_id = g_strdup (request->id);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  /* A job that was faster than its cancellation has run: that counts. */
  g_task_set_check_cancellable (task, FALSE);
  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    fail_start (task, error);
  else
    place_and_start (task, insert_job);
}

/**
 * eros_big_query_run_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for %EROS_BIG_QUERY_ERROR, %G_IO_ERROR or %G_TLS_ERROR
 *
 * Returns: (transfer full): the job, done, with or without success
 */
ErosJob *
eros_big_query_run_finish (ErosBigQuery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
post_query (GTask *task)
{
  ErosBigQuery *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = eros_job_request_to_query_json (run->request, self->connection, run->max_rows);
  g_autoptr (ErosRequest) post = eros_request_new (
    EROS_SERVICE_BIG_QUERY, "POST", "bigquery/v2/projects/%s/queries", eros_big_query_project (self));

  eros_request_set_json (post, body);
  eros_request_set_sink (post, eros_reading_push_cb, eros_reading_reset_cb, run->reading->decoder);
  send_request (task, post, page_waited_cb);
}

/**
 * eros_big_query_query_async:
 * @self: a client
 * @request: a query that changes nothing; its id is not used
 * @max_rows: at most this many at once; 0: as many as the server likes
 * @cancellable: (nullable): asks the server to stop the job
 * @callback: called when the first page is there
 * @user_data: for @callback
 *
 * Runs a query and reads the beginning of its answer: one request, where eros_big_query_run_async () and
 * reading take four. The server chooses the job's id, so that nobody can look the job up after a crash: only
 * for what may as well run again. A lost answer is asked for again, and does not make the query run twice.
 */
void
eros_big_query_query_async (ErosBigQuery *self,
                            ErosJobRequest *request,
                            guint max_rows,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Run *run = run_new (self, request);

  g_task_set_source_tag (task, eros_big_query_query_async);
  run->reading = g_new0 (ErosBigQueryReading, 1);
  run->reading->decoder = eros_page_decoder_new (NULL);
  run->max_rows = max_rows;
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  place_and_start (task, post_query);
}

ErosPage *
eros_big_query_query_finish (ErosBigQuery *self,
                             GAsyncResult *result,
                             char **next_token,
                             guint64 *total_rows,
                             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  Run *run;
  ErosPage *page;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  run = g_task_get_task_data (G_TASK (result));
  page = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (next_token != NULL)
    *next_token = g_steal_pointer (&run->reading->next_token);
  if (total_rows != NULL)
    *total_rows = run->reading->total_rows;
  return page;
}
