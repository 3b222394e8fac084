/* eros-store-job.c: jobs, for ever
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-job.h"
#include "eros-store-private.h"

#define JOB_COLUMNS                                                                                          \
  "project, job_id, location, user_email, creation_time, start_time, end_time, job_type, statement_type, "   \
  "priority,"                                                                                                \
  " state, query, parent_job_id, total_bytes_processed, total_bytes_billed, total_slot_ms, cache_hit, "      \
  "error_reason,"                                                                                            \
  " error_location, error_message, inserted_rows, updated_rows, deleted_rows, labels, referenced_tables,"    \
  " destination_table, transaction_id, resource, result"

/**
 * eros_store_job_new:
 * @project: the project that pays
 * @id: the job's id
 *
 * Returns: (transfer full): a job, not stored yet
 */
ErosStoreJob *
eros_store_job_new (const char *project, const char *id)
{
  ErosStoreJob *job = g_new0 (ErosStoreJob, 1);

  job->project = g_strdup (project);
  job->id = g_strdup (id);
  job->inserted_rows = job->updated_rows = job->deleted_rows = -1;
  return job;
}

/**
 * eros_store_job_free:
 * @job: (transfer full) (nullable): a job
 */
void
eros_store_job_free (ErosStoreJob *job)
{
  if (job == NULL)
    return;
  g_free (job->project);
  g_free (job->id);
  g_free (job->location);
  g_free (job->user_email);
  g_free (job->job_type);
  g_free (job->statement_type);
  g_free (job->priority);
  g_free (job->state);
  g_free (job->query);
  g_free (job->parent_id);
  g_free (job->error_reason);
  g_free (job->error_location);
  g_free (job->error_message);
  g_free (job->labels);
  g_free (job->referenced_tables);
  g_free (job->destination_table);
  g_free (job->transaction_id);
  g_free (job->resource);
  g_free (job);
}

static void
bind_count (ErosStoreStatement *statement, int index, gint64 count)
{
  if (count >= 0)
    sqlite3_bind_int64 (statement, index, count);
}

static ErosStoreStatement *
bind_job (ErosStore *store, const char *sql, const ErosStoreJob *job, GError **error)
{
  ErosStoreStatement *statement = eros_store_service_statement (
    store, error, sql, "ssssizzsssssszzzi", job->project, job->id, job->location, job->user_email,
    job->created, job->started, job->ended, job->job_type, job->statement_type, job->priority, job->state,
    job->query, job->parent_id, job->bytes_processed, job->bytes_billed, job->slot_ms,
    (gint64) job->cache_hit);
  const char *texts[] = { job->error_reason, job->error_location, job->error_message };
  const char *more[] = { job->labels, job->referenced_tables, job->destination_table, job->transaction_id,
                         job->resource };

  if (statement == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    sqlite3_bind_text (statement, 18 + i, texts[i], -1, SQLITE_STATIC);
  bind_count (statement, 21, job->inserted_rows);
  bind_count (statement, 22, job->updated_rows);
  bind_count (statement, 23, job->deleted_rows);
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    sqlite3_bind_text (statement, 24 + i, more[i], -1, SQLITE_STATIC);
  if (job->result != 0)
    sqlite3_bind_int64 (statement, 29, job->result);
  return statement;
}

static gboolean
write_job (ErosStore *store, const char *verb, const ErosStoreJob *job, GError **error)
{
  g_autofree char *sql = g_strconcat (verb,
                                      " INTO jobs (" JOB_COLUMNS ") VALUES "
                                      "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                                      NULL);
  g_autoptr (ErosStoreStatement) statement = bind_job (store, sql, job, error);

  if (statement == NULL)
    return FALSE;
  switch (sqlite3_step (statement))
    {
    case SQLITE_DONE:
      return TRUE;
    case SQLITE_CONSTRAINT:
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Job %s:%s.%s",
                   job->project, job->location != NULL ? job->location : "US", job->id);
      return FALSE;
    default:
      eros_store_set_error (error, store->service);
      return FALSE;
    }
}

/**
 * eros_store_insert_job:
 * @store: the store
 * @job: a job with an id of its own
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is stored; %EROS_STORE_ERROR_DUPLICATE when there has ever been one of that id
 */
gboolean
eros_store_insert_job (ErosStore *store, const ErosStoreJob *job, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);

  return write_job (store, "INSERT", job, error);
}

static gboolean
update_job (ErosStore *store, ErosStoreJob *job, ErosStoreResult *result, GError **error)
{
  if (result != NULL && !eros_store_result_save (result, &job->result, error))
    return FALSE;
  return write_job (store, "INSERT OR REPLACE", job, error);
}

/**
 * eros_store_save_job:
 * @store: the store
 * @job: a job as it is now; stored before or not
 * @result: (nullable): a finished result, to be kept with it
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether both are stored
 */
gboolean
eros_store_save_job (ErosStore *store, ErosStoreJob *job, ErosStoreResult *result, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  gint64 id = result != NULL ? eros_store_result_get_id (result) : 0;
  gboolean saved;

  if (!eros_store_service_run (store, error, "BEGIN IMMEDIATE", ""))
    return FALSE;
  saved = update_job (store, job, result, error);
  saved = eros_store_service_run (store, saved ? error : NULL, saved ? "COMMIT" : "ROLLBACK", "") && saved;
  if (!saved && result != NULL)
    eros_store_result_unsave (result, id);
  return saved;
}

static gint64
read_count (ErosStoreStatement *statement, int index)
{
  return sqlite3_column_type (statement, index) == SQLITE_NULL ? -1 : sqlite3_column_int64 (statement, index);
}

static ErosStoreJob *
read_job (ErosStoreStatement *statement)
{
  ErosStoreJob *job = eros_store_job_new ((const char *) sqlite3_column_text (statement, 0),
                                          (const char *) sqlite3_column_text (statement, 1));

  job->location = store_column_text (statement, 2);
  job->user_email = store_column_text (statement, 3);
  job->created = sqlite3_column_int64 (statement, 4);
  job->started = sqlite3_column_int64 (statement, 5);
  job->ended = sqlite3_column_int64 (statement, 6);
  job->job_type = store_column_text (statement, 7);
  job->statement_type = store_column_text (statement, 8);
  job->priority = store_column_text (statement, 9);
  job->state = store_column_text (statement, 10);
  job->query = store_column_text (statement, 11);
  job->parent_id = store_column_text (statement, 12);
  job->bytes_processed = sqlite3_column_int64 (statement, 13);
  job->bytes_billed = sqlite3_column_int64 (statement, 14);
  job->slot_ms = sqlite3_column_int64 (statement, 15);
  job->cache_hit = sqlite3_column_int (statement, 16) != 0;
  job->error_reason = store_column_text (statement, 17);
  job->error_location = store_column_text (statement, 18);
  job->error_message = store_column_text (statement, 19);
  job->inserted_rows = read_count (statement, 20);
  job->updated_rows = read_count (statement, 21);
  job->deleted_rows = read_count (statement, 22);
  job->labels = store_column_text (statement, 23);
  job->referenced_tables = store_column_text (statement, 24);
  job->destination_table = store_column_text (statement, 25);
  job->transaction_id = store_column_text (statement, 26);
  job->resource = store_column_text (statement, 27);
  job->result = sqlite3_column_int64 (statement, 28);
  return job;
}

/**
 * eros_store_get_job:
 * @store: the store
 * @project: the project
 * @id: the job's id
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): the job
 */
ErosStoreJob *
eros_store_get_job (ErosStore *store, const char *project, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  g_autoptr (ErosStoreStatement) statement = eros_store_service_statement (
    store, error, "SELECT " JOB_COLUMNS " FROM jobs WHERE project = ? AND job_id = ? AND resource <> ''",
    "ss", project, id);
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return NULL;
  if (row)
    return read_job (statement);
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Job %s:%s", project, id);
  return NULL;
}

/**
 * eros_store_delete_job:
 * @store: the store
 * @project: the project
 * @id: the job's id
 * @error: return location for an #ErosStoreError
 *
 * Removes what can be asked about a job. Its id stays taken.
 *
 * Returns: whether there was no error
 */
gboolean
eros_store_delete_job (ErosStore *store, const char *project, const char *id, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);

  return eros_store_service_run (
    store, error, "UPDATE jobs SET resource = '' WHERE project = ? AND job_id = ?", "ss", project, id);
}

static gboolean
collect (ErosStoreStatement *statement, GPtrArray *jobs, GError **error)
{
  gboolean row = TRUE;

  while (row)
    {
      if (!eros_store_step (statement, &row, error))
        return FALSE;
      if (row)
        g_ptr_array_add (jobs, read_job (statement));
    }
  return TRUE;
}

/* One text, so that one statement serves every filter. */
static char *
list_states (GStrv states)
{
  g_autofree char *joined = states != NULL ? g_strjoinv (",", states) : NULL;

  return joined != NULL ? g_strdup_printf (",%s,", joined) : NULL;
}

/**
 * eros_store_list_jobs:
 * @store: the store
 * @filter: which jobs
 * @more: (out): whether there are more after the last of them
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreJob): jobs, the newest first
 */
GPtrArray *
eros_store_list_jobs (ErosStore *store, const ErosStoreJobFilter *filter, gboolean *more, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_job_free);
  g_autofree char *states = list_states (filter->states);
  g_autoptr (ErosStoreStatement) statement = NULL;
  gint64 last = filter->max_created != 0 ? filter->max_created : G_MAXINT64;

  /* Bounds without an "or" are looked up in the index, however many jobs lie beyond them. */
  statement = eros_store_service_statement (
    store, error,
    "SELECT " JOB_COLUMNS " FROM jobs WHERE project = ?1 AND parent_job_id IS ?2 AND resource <> ''"
    " AND creation_time >= ?3 AND creation_time <= ?4 AND (?5 = 0 OR creation_time < ?5 OR job_id < ?6)"
    " AND (?7 IS NULL OR instr(?7, ',' || state || ',') > 0) ORDER BY creation_time DESC, job_id DESC LIMIT "
    "?8",
    "ssiiissi", filter->project, filter->parent_id, filter->min_created,
    filter->before != 0 ? MIN (last, filter->before) : last, filter->before, filter->before_id, states,
    (gint64) filter->n_jobs + 1);
  if (statement == NULL || !collect (statement, jobs, error))
    return NULL;
  *more = jobs->len > filter->n_jobs;
  if (*more)
    g_ptr_array_set_size (jobs, filter->n_jobs);
  return g_steal_pointer (&jobs);
}

/**
 * eros_store_list_open_jobs:
 * @store: the store
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreJob): jobs that are not done
 */
GPtrArray *
eros_store_list_open_jobs (ErosStore *store, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_job_free);
  g_autoptr (ErosStoreStatement) statement =
    eros_store_service_statement (store, error, "SELECT " JOB_COLUMNS " FROM jobs WHERE state <> 'DONE'", "");

  if (statement == NULL || !collect (statement, jobs, error))
    return NULL;
  return g_steal_pointer (&jobs);
}

/**
 * eros_store_commit_free:
 * @commit: (transfer full): a commit
 */
void
eros_store_commit_free (ErosStoreCommit *commit)
{
  g_free (commit->job_id);
  g_free (commit->outcome);
  g_free (commit);
}

static gboolean
read_commits (ErosStoreStatement *statement, GPtrArray *commits, GError **error)
{
  gboolean row = TRUE;

  while (eros_store_step (statement, &row, error) && row)
    {
      ErosStoreCommit *commit = g_new0 (ErosStoreCommit, 1);

      commit->job_id = store_column_text (statement, 0);
      commit->time = sqlite3_column_int64 (statement, 1);
      commit->outcome = store_column_text (statement, 2);
      g_ptr_array_add (commits, commit);
    }
  return !row;
}

/**
 * eros_store_list_commits:
 * @store: the store
 * @project: the job's project
 * @job_id: the id that was given to eros_store_commit()
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreCommit): what the job and, if it is a script,
 * its statements have committed, the oldest first; empty when that is nothing
 */
GPtrArray *
eros_store_list_commits (ErosStore *store, const char *project, const char *job_id, GError **error)
{
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (store, error);
  g_autoptr (GPtrArray) commits = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_commit_free);
  g_autoptr (ErosStoreStatement) statement = NULL;
  gboolean read;

  if (connection == NULL)
    return NULL;
  statement =
    eros_store_statement (connection, error,
                          "SELECT job, time, ifnull(outcome, '{}') FROM commits"
                          " WHERE job IS NOT NULL AND (job = ?2 OR json_extract(outcome, '$.script') = ?2)"
                          " AND ifnull(json_extract(outcome, '$.project'), ?1) = ?1 ORDER BY version",
                          "ss", project, job_id);
  read = statement != NULL && read_commits (statement, commits, error);
  g_clear_pointer (&statement, store_statement_reset);
  return read ? g_steal_pointer (&commits) : NULL;
}

/**
 * eros_store_insert_jobs:
 * @store: the store
 * @jobs: (element-type ErosStoreJob): finished jobs
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether all of them are stored
 */
gboolean
eros_store_insert_jobs (ErosStore *store, GPtrArray *jobs, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  gboolean stored = eros_store_service_run (store, error, "BEGIN IMMEDIATE", "");

  if (!stored)
    return FALSE;
  for (guint i = 0; stored && i < jobs->len; i++)
    stored = write_job (store, "INSERT OR IGNORE", g_ptr_array_index (jobs, i), error);
  return eros_store_service_run (store, stored ? error : NULL, stored ? "COMMIT" : "ROLLBACK", "") && stored;
}
