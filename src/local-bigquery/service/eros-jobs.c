/* eros-jobs.c: jobs, running and done
 *
 * A job is on disk before its id is told to anybody, and once more when it is done; in between it lives here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-jobs.h"
#include "eros-clock.h"

#include <string.h>

#include "eros-json-reader.h"
#include "eros-service-private.h"

#define MAX_RUNNING 100
/* Done jobs whose small results are still in memory: most are asked for at once. */
#define MAX_RECENT 64

struct _ErosJobs
{
  ErosService *service;
  GMutex lock;
  GCond changed;
  GThreadPool *threads;
  GHashTable *live; /* "project:id" to ErosJob, running or recent */
  GHashTable *seen; /* ids of inserted rows */
  gint64 seen_since;
  GQueue recent; /* of ErosJob, done, the newest first */
  gboolean stopping;
};

/**
 * eros_job_ref:
 * @job: a job
 *
 * Returns: (transfer full): @job
 */
ErosJob *
eros_job_ref (ErosJob *job)
{
  g_atomic_int_inc (&job->ref_count);
  return job;
}

/**
 * eros_job_unref:
 * @job: (transfer full) (nullable): a job
 */
void
eros_job_unref (ErosJob *job)
{
  if (job == NULL || !g_atomic_int_dec_and_test (&job->ref_count))
    return;
  eros_store_job_free (job->record);
  g_clear_pointer (&job->configuration, json_node_unref);
  g_clear_object (&job->cancellable);
  g_clear_pointer (&job->upload, g_bytes_unref);
  g_free (job->session_id);
  g_free (job->initial);
  if (job->statistics != NULL)
    g_string_free (job->statistics, TRUE);
  if (job->query_answer != NULL)
    g_string_free (job->query_answer, TRUE);
  eros_store_result_unref (job->result);
  g_clear_pointer (&job->columns, g_ptr_array_unref);
  g_free (job);
}

/**
 * eros_job_new:
 * @service: the service
 * @record: (transfer full): what is stored of it
 *
 * Returns: (transfer full): a job that nobody can find yet
 */
ErosJob *
eros_job_new (ErosService *service, ErosStoreJob *record)
{
  ErosJob *job = g_new0 (ErosJob, 1);

  job->ref_count = 1;
  job->service = service;
  job->record = record;
  job->cancellable = g_cancellable_new ();
  return job;
}

static char *
key_of (const char *project, const char *id)
{
  return g_strconcat (project, ":", id, NULL);
}

/**
 * eros_job_set_error_text:
 * @job: a job, in its thread
 * @status: the HTTP status with which BigQuery answers who asks for its rows
 * @reason: BigQuery's reason
 * @location: (nullable): what is wrong, `query`
 * @message: the message
 *
 * Lets the job fail.
 */
void
eros_job_set_error_text (ErosJob *job,
                         guint status,
                         const char *reason,
                         const char *location,
                         const char *message)
{
  g_free (job->record->error_reason);
  g_free (job->record->error_location);
  g_free (job->record->error_message);
  job->record->error_reason = g_strdup (reason);
  job->record->error_location = g_strdup (location);
  job->record->error_message = g_utf8_make_valid (message != NULL ? message : "", -1);
  job->error_status = status;
}

/**
 * eros_job_set_error:
 * @job: a job, in its thread
 * @error: what went wrong
 *
 * Lets the job fail.
 */
void
eros_job_set_error (ErosJob *job, const GError *error)
{
  ErosReason reason = eros_reason_of (error);

  eros_job_set_error_text (job, reason.status, reason.reason, NULL, error->message);
}

/**
 * eros_job_get_configuration:
 * @job: a job
 * @kind: `query`, `load`, `copy` or `extract`
 *
 * Returns: (transfer none) (nullable): that part of its configuration
 */
JsonObject *
eros_job_get_configuration (ErosJob *job, const char *kind)
{
  return eros_json_get_object (json_node_get_object (job->configuration), kind);
}

/**
 * eros_job_write:
 * @job: a job
 * @name: (nullable): a member's name
 * @writer: where to write the Job resource
 */
void
eros_job_write (ErosJob *job, const char *name, ErosJsonWriter *writer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->service->jobs->lock);

  if (job->done && job->record->resource != NULL && job->record->resource[0] == '{' &&
      job->record->resource[1] != '}')
    eros_json_raw (writer, name, job->record->resource);
  else
    eros_job_write_resource (job, job->done, name, writer);
}

static void
retire (ErosJobs *jobs, ErosJob *job)
{
  g_queue_push_head (&jobs->recent, job);
  while (jobs->recent.length > MAX_RECENT)
    {
      ErosJob *old = g_queue_pop_tail (&jobs->recent);
      g_autofree char *key = key_of (old->record->project, old->record->id);

      g_hash_table_remove (jobs->live, key);
      eros_job_unref (old);
    }
}

/**
 * eros_job_commit:
 * @job: a job that is no query, in its thread
 * @connection: with the transaction in which all of it was done
 * @statistics: (transfer full): members of JobStatistics
 * @error: return location for an #ErosStoreError
 *
 * Keeps what the job has done, and with it what is to be told of it, also by the next process.
 *
 * Returns: whether it is kept
 */
gboolean
eros_job_commit (ErosJob *job, ErosStoreConnection *connection, GString *statistics, GError **error)
{
  g_autoptr (GString) outcome = g_string_new (NULL);
  g_autofree char *members = g_strconcat ("{", statistics->str, "}", NULL);
  ErosJsonWriter writer;

  job->statistics = statistics;
  eros_json_writer_init (&writer, outcome);
  eros_json_open (&writer, NULL, '{');
  eros_json_string (&writer, "project", job->record->project);
  eros_json_raw (&writer, "statistics", members);
  eros_json_close (&writer, '}');
  return eros_store_commit (connection, job->record->id, outcome->str, error);
}

/**
 * eros_job_store_end:
 * @job: a job of which everything is known but its end
 * @error: return location for an #ErosStoreError
 *
 * Stores that it is done, with its rows.
 *
 * Returns: whether that is on disk
 */
gboolean
eros_job_store_end (ErosJob *job, GError **error)
{
  ErosJobs *jobs = job->service->jobs;

  g_mutex_lock (&jobs->lock);
  job->record->ended = MAX (eros_clock_get_now (), job->record->started);
  g_free (job->record->state);
  job->record->state = g_strdup ("DONE");
  eros_job_render (job, TRUE);
  g_mutex_unlock (&jobs->lock);
  return eros_store_save_job (job->service->store, job->record,
                              job->record->error_reason == NULL ? job->result : NULL, error);
}

/* Who reads that a user has cancelled a job looks for that user. */
static void
blame_server (ErosJobs *jobs, ErosJob *job)
{
  if (jobs->stopping && !job->cancelled && g_strcmp0 (job->record->error_reason, "stopped") == 0)
    eros_job_set_error_text (job, 503, "backendError", NULL,
                             "The local server was asked to end, and has stopped this job.");
}

/* The job's result and state go to disk before anybody hears of them. */
static void
finish (ErosJobs *jobs, ErosJob *job)
{
  g_autoptr (GError) error = NULL;

  if (job->result != NULL && !eros_store_result_finish (job->result, &error))
    eros_job_set_error (job, error);
  g_clear_error (&error);
  blame_server (jobs, job);
  if (!eros_job_store_end (job, &error))
    g_printerr ("Could not store the end of job %s: %s\n", job->record->id, error->message);
  g_mutex_lock (&jobs->lock);
  job->done = TRUE;
  retire (jobs, job);
  g_cond_broadcast (&jobs->changed);
  g_mutex_unlock (&jobs->lock);
}

static void
run_cb (gpointer data, gpointer user_data)
{
  g_autoptr (ErosJob) job = data;
  ErosJobs *jobs = user_data;

  if (!g_atomic_int_compare_and_exchange (&job->begun, FALSE, TRUE))
    return;
  g_mutex_lock (&jobs->lock);
  job->record->started = eros_clock_get_now ();
  g_mutex_unlock (&jobs->lock);
  if (g_cancellable_is_cancelled (job->cancellable))
    eros_job_set_error_text (job, 499, "stopped", NULL,
                             "Job execution was cancelled: User requested cancellation");
  else if (eros_job_get_configuration (job, "query") != NULL)
    eros_job_run_query (job);
  else if (eros_job_get_configuration (job, "copy") != NULL)
    eros_job_run_copy (job);
  else if (eros_job_get_configuration (job, "load") != NULL)
    eros_job_run_load (job);
  else
    eros_job_run_extract (job);
  /* Nobody else reads it, and it may be large. */
  g_clear_pointer (&job->upload, g_bytes_unref);
  finish (jobs, job);
}

/**
 * eros_jobs_new:
 * @service: the service
 * @error: return location for a #GError
 *
 * Settles what the last process left unfinished.
 *
 * Returns: (transfer full) (nullable): the jobs
 */
ErosJobs *
eros_jobs_new (ErosService *service, GError **error)
{
  ErosJobs *jobs = g_new0 (ErosJobs, 1);

  jobs->service = service;
  service->jobs = jobs;
  g_mutex_init (&jobs->lock);
  g_cond_init (&jobs->changed);
  g_queue_init (&jobs->recent);
  jobs->live = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  jobs->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  jobs->threads =
    g_thread_pool_new_full (run_cb, jobs, (GDestroyNotify) eros_job_unref, MAX_RUNNING, FALSE, NULL);
  if (eros_jobs_settle (service, error))
    return jobs;
  eros_jobs_stop (jobs);
  service->jobs = NULL;
  return NULL;
}

/**
 * eros_jobs_cancel_all:
 * @jobs: the jobs
 *
 * Cancels what runs, and what is inserted from now on.
 */
void
eros_jobs_cancel_all (ErosJobs *jobs)
{
  GHashTableIter iter;
  gpointer job;

  g_mutex_lock (&jobs->lock);
  jobs->stopping = TRUE;
  g_hash_table_iter_init (&iter, jobs->live);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    g_cancellable_cancel (((ErosJob *) job)->cancellable);
  g_mutex_unlock (&jobs->lock);
}

/**
 * eros_jobs_stop:
 * @jobs: (transfer full): the jobs
 *
 * Cancels what runs and waits for it.
 */
void
eros_jobs_stop (ErosJobs *jobs)
{
  eros_jobs_cancel_all (jobs);
  g_thread_pool_free (jobs->threads, FALSE, TRUE);
  g_queue_clear_full (&jobs->recent, (GDestroyNotify) eros_job_unref);
  g_hash_table_unref (jobs->live);
  g_hash_table_unref (jobs->seen);
  g_mutex_clear (&jobs->lock);
  g_cond_clear (&jobs->changed);
  g_free (jobs);
}

static gboolean
is_valid_id (const char *id)
{
  gsize length = strlen (id);

  return length >= 1 && length <= 1024 &&
         strspn (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == length;
}

static char *
make_id (void)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strconcat ("job_", uuid, NULL);
}

static void
set_kind (ErosStoreJob *record, JsonObject *configuration)
{
  const char *kinds[] = { "query", "QUERY", "copy", "COPY", "load", "LOAD", "extract", "EXTRACT" };
  JsonObject *query;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i += 2)
    if (json_object_has_member (configuration, kinds[i]))
      record->job_type = g_strdup (kinds[i + 1]);
  if (g_strcmp0 (record->job_type, "QUERY") != 0)
    return;
  query = json_object_get_object_member (configuration, "query");
  record->query = g_strdup (eros_json_get_string (query, "query"));
  record->priority = g_strdup (json_object_get_string_member_with_default (query, "priority", "INTERACTIVE"));
}

static ErosStoreJob *
make_record (JsonObject *reference, JsonNode *configuration, const char *project, GError **error)
{
  JsonObject *object = json_node_get_object (configuration);
  const char *id = eros_json_get_string (reference, "jobId");
  const char *location = eros_json_get_string (reference, "location");
  g_autofree char *made = id == NULL || *id == '\0' ? make_id () : NULL;
  ErosStoreJob *record;

  if (made == NULL && !is_valid_id (id))
    {
      g_set_error (
        error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
        "Invalid job ID \"%s\". Job IDs must be alphanumeric (plus underscores and dashes) and must be at"
        " most 1024 characters long.",
        id);
      return NULL;
    }
  record = eros_store_job_new (project, made != NULL ? made : id);
  record->location = location != NULL && *location != '\0' ? g_ascii_strdown (location, -1) : g_strdup ("US");
  if (strlen (record->location) <= 2) /* the multi-regions are written in capitals */
    {
      char *upper = g_ascii_strup (record->location, -1);

      g_free (record->location);
      record->location = upper;
    }
  record->created = eros_clock_get_now ();
  record->state = g_strdup ("RUNNING");
  set_kind (record, object);
  if (json_object_has_member (object, "labels"))
    record->labels = json_to_string (json_object_get_member (object, "labels"), FALSE);
  return record;
}

/**
 * eros_jobs_insert:
 * @jobs: the jobs
 * @reference: (nullable): JobReference; an id is made when it has none
 * @configuration: JobConfiguration, checked
 * @project: the project that pays
 * @user_email: who asks
 * @upload: (nullable): what a load job reads
 * @error: return location for a #GError; %EROS_STORE_ERROR_DUPLICATE when the id has been used before
 *
 * Stores a job and starts it.
 *
 * Returns: (transfer full) (nullable): the job
 */
ErosJob *
eros_jobs_insert (ErosJobs *jobs,
                  JsonObject *reference,
                  JsonNode *configuration,
                  const char *project,
                  const char *user_email,
                  GBytes *upload,
                  GError **error)
{
  ErosStoreJob *record = make_record (reference, configuration, project, error);
  g_autoptr (ErosJob) job = NULL;

  if (record == NULL)
    return NULL;
  record->user_email = g_strdup (user_email);
  job = eros_job_new (jobs->service, record);
  job->configuration = json_node_ref (configuration);
  job->upload = upload != NULL ? g_bytes_ref (upload) : NULL;
  eros_job_render (job, FALSE);
  job->initial = g_strdup (record->resource);
  g_mutex_lock (&jobs->lock);
  if (!eros_store_insert_job (jobs->service->store, record, error))
    {
      g_mutex_unlock (&jobs->lock);
      return NULL;
    }
  g_hash_table_insert (jobs->live, key_of (project, record->id), eros_job_ref (job));
  if (jobs->stopping)
    g_cancellable_cancel (job->cancellable);
  g_mutex_unlock (&jobs->lock);
  /* Where no other thread can be started, this one does it; the pool may come to it later, and finds it
   * begun. */
  if (!g_thread_pool_push (jobs->threads, eros_job_ref (job), NULL))
    run_cb (eros_job_ref (job), jobs);
  return g_steal_pointer (&job);
}

/**
 * eros_jobs_try:
 * @jobs: the jobs
 * @reference: (nullable): JobReference
 * @configuration: JobConfiguration of a query, checked
 * @project: the project that would pay
 * @user_email: who asks
 * @error: return location for a #GError
 *
 * Does a dry run.
 *
 * Returns: (transfer full) (nullable): a job that is done and not stored
 */
ErosJob *
eros_jobs_try (ErosJobs *jobs,
               JsonObject *reference,
               JsonNode *configuration,
               const char *project,
               const char *user_email,
               GError **error)
{
  ErosStoreJob *record = make_record (reference, configuration, project, error);
  ErosJob *job;

  if (record == NULL)
    return NULL;
  record->user_email = g_strdup (user_email);
  job = eros_job_new (jobs->service, record);
  job->configuration = json_node_ref (configuration);
  eros_job_dry_run (job);
  g_free (record->state);
  record->state = g_strdup ("DONE");
  job->done = TRUE;
  return job;
}

/**
 * eros_job_new_child:
 * @parent: a script
 * @id: the child's id
 *
 * Returns: (transfer full): one of its statements, that is done and not stored
 */
ErosJob *
eros_job_new_child (ErosJob *parent, const char *id)
{
  ErosStoreJob *record = eros_store_job_new (parent->record->project, id);

  record->location = g_strdup (parent->record->location);
  record->user_email = g_strdup (parent->record->user_email);
  record->parent_id = g_strdup (parent->record->id);
  record->labels = g_strdup (parent->record->labels);
  record->state = g_strdup ("DONE");
  return eros_job_new (parent->service, record);
}

/**
 * eros_job_store_child:
 * @job: a statement of a script that has ended, and is described
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is stored as a job of its own
 */
gboolean
eros_job_store_child (ErosJob *job, GError **error)
{
  eros_job_render (job, TRUE);
  return eros_store_save_job (job->service->store, job->record,
                              job->record->error_reason == NULL ? job->result : NULL, error);
}

/**
 * eros_jobs_remember:
 * @jobs: the jobs
 * @id: what a client calls a row, so that it can send it twice and have it once
 *
 * Returns: whether @id is new, as far as the last minutes are concerned
 */
gboolean
eros_jobs_remember (ErosJobs *jobs, const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&jobs->lock);
  gint64 now = g_get_monotonic_time ();

  if (now - jobs->seen_since > 5 * G_TIME_SPAN_MINUTE)
    {
      g_hash_table_remove_all (jobs->seen);
      jobs->seen_since = now;
    }
  return g_hash_table_add (jobs->seen, g_strdup (id));
}

/**
 * eros_jobs_forget:
 * @jobs: the jobs
 * @job: a job that is done
 *
 * Lets nobody find it any more.
 */
void
eros_jobs_forget (ErosJobs *jobs, ErosJob *job)
{
  g_autofree char *key = key_of (job->record->project, job->record->id);
  g_autoptr (ErosJob) owned = NULL;

  g_mutex_lock (&jobs->lock);
  if (g_queue_remove (&jobs->recent, job))
    {
      g_hash_table_remove (jobs->live, key);
      owned = job;
    }
  g_mutex_unlock (&jobs->lock);
}

/**
 * eros_job_is_anonymous:
 * @dataset: (nullable): a data set's id
 *
 * Returns: whether it is the hidden one that results are said to lie in
 */
gboolean
eros_job_is_anonymous (const char *dataset)
{
  return g_strcmp0 (dataset, EROS_ANONYMOUS_DATASET) == 0;
}

static ErosJob *
find_live (ErosJobs *jobs, const char *project, const char *id)
{
  g_autofree char *key = key_of (project, id);
  ErosJob *job;

  g_mutex_lock (&jobs->lock);
  job = g_hash_table_lookup (jobs->live, key);
  if (job != NULL)
    eros_job_ref (job);
  g_mutex_unlock (&jobs->lock);
  return job;
}

/* A job of a region is found only by who names the region; those of US and EU are found anyhow. */
static gboolean
is_there (ErosJob *job, const char *location)
{
  const char *own = job->record->location;

  if (location == NULL || *location == '\0')
    return own == NULL || strlen (own) <= 2;
  return own != NULL && g_ascii_strcasecmp (own, location) == 0;
}

/**
 * eros_jobs_find:
 * @jobs: the jobs
 * @project: the project
 * @id: the job's id
 * @location: (nullable): where to look
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the job
 */
ErosJob *
eros_jobs_find (ErosJobs *jobs, const char *project, const char *id, const char *location, GError **error)
{
  g_autoptr (ErosJob) job = find_live (jobs, project, id);
  ErosStoreJob *record = NULL;

  if (job == NULL)
    {
      record = eros_store_get_job (jobs->service->store, project, id, NULL);
      if (record != NULL)
        job = eros_job_new (jobs->service, record);
      if (job != NULL)
        job->done = TRUE;
    }
  if (job != NULL && is_there (job, location))
    return g_steal_pointer (&job);
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Job %s:%s%s%s", project,
               location != NULL ? location : "", location != NULL && *location != '\0' ? "." : "", id);
  return NULL;
}

/**
 * eros_job_wait:
 * @job: a job
 * @timeout_ms: how long to wait at most
 *
 * Returns: whether it is done
 */
gboolean
eros_job_wait (ErosJob *job, gint64 timeout_ms)
{
  ErosJobs *jobs = job->service->jobs;
  gint64 end = g_get_monotonic_time () + timeout_ms * 1000;
  gboolean done;

  g_mutex_lock (&jobs->lock);
  while (!job->done && g_cond_wait_until (&jobs->changed, &jobs->lock, end))
    continue;
  done = job->done;
  g_mutex_unlock (&jobs->lock);
  return done;
}

/**
 * eros_job_is_done:
 * @job: a job
 *
 * Returns: whether it is done
 */
gboolean
eros_job_is_done (ErosJob *job)
{
  return eros_job_wait (job, 0);
}

/**
 * eros_job_cancel:
 * @job: a job
 *
 * Asks the job to stop; it is done a little later.
 */
void
eros_job_cancel (ErosJob *job)
{
  job->cancelled = TRUE;
  g_cancellable_cancel (job->cancellable);
}

/**
 * eros_job_load_result:
 * @job: a job that is done
 * @error: return location for a #GError
 *
 * Reads what is needed to show the rows of a job that this process may not have run.
 *
 * Returns: whether it is there
 */
gboolean
eros_job_load_result (ErosJob *job, GError **error)
{
  if (job->result != NULL || job->record->result == 0)
    return TRUE;
  job->result = eros_store_result_load (job->service->store, job->record->result, error);
  if (job->result != NULL && job->columns == NULL)
    job->columns = g_ptr_array_ref (eros_store_result_get_columns (job->result));
  return job->result != NULL;
}
