/* eros-store-job.h: jobs and the rows they answered with
 *
 * Jobs are rows of `s.jobs`, visible in SQL on every connection of the store. INFORMATION_SCHEMA.JOBS reads
 * its columns:
 *
 *   project, job_id, location, user_email     TEXT
 *   creation_time, start_time, end_time       INTEGER, microseconds; NULL before it is known
 *   job_type                                  TEXT: QUERY, COPY, LOAD, EXTRACT
 *   statement_type, priority, state, query    TEXT; state is PENDING, RUNNING, DONE
 *   parent_job_id                             TEXT
 *   total_bytes_processed, total_bytes_billed INTEGER
 *   total_slot_ms                             INTEGER
 *   cache_hit                                 INTEGER 0/1
 *   error_reason, error_location,
 *   error_debug, error_message                TEXT, all NULL without an error
 *   inserted_rows, updated_rows, deleted_rows INTEGER, NULL for what is not DML
 *   labels                                    TEXT, a JSON object
 *   referenced_tables                         TEXT, a JSON list of {projectId, datasetId, tableId}
 *   destination_table                         TEXT, a JSON object of the same shape, or NULL
 *   transaction_id                            TEXT, or NULL
 *   resource                                  TEXT, the Job resource as the REST API shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-sql-value.h"
#include "eros-store.h"

G_BEGIN_DECLS

/* One job. Strings may be NULL; times are microseconds, 0 before they are known. */
typedef struct
{
  char    *project;
  char    *id;
  char    *location;
  char    *user_email;
  gint64   created, started, ended;
  char    *job_type;
  char    *statement_type;
  char    *priority;
  char    *state;
  char    *query;
  char    *parent_id;
  gint64   bytes_processed;
  gint64   bytes_billed;
  gint64   slot_ms;
  gboolean cache_hit;
  char    *error_reason;
  char    *error_location;
  char    *error_message;
  gint64   inserted_rows, updated_rows, deleted_rows; /* -1: not DML */
  char    *labels;
  char    *referenced_tables;
  char    *destination_table;
  char    *transaction_id;
  char    *resource;
  gint64   result; /* for eros_store_result_load(), 0: it answered with no rows */
} ErosStoreJob;

ErosStoreJob *eros_store_job_new (const char *project, const char *id);
void          eros_store_job_free (ErosStoreJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreJob, eros_store_job_free)

/* What a query answers: rows are appended by one thread; they are kept in memory while few, in service.db
 * when many, and can be read by any thread, and after a restart, once eros_store_result_finish() has
 * returned. */
typedef struct _ErosStoreResult ErosStoreResult;

ErosStoreResult *eros_store_result_new (ErosStore *store, GPtrArray *columns);
ErosStoreResult *eros_store_result_ref (ErosStoreResult *result);
void             eros_store_result_unref (ErosStoreResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreResult, eros_store_result_unref)

/* Column i of @statement, which has just yielded SQLITE_ROW, is of the type of column i. */
gboolean eros_store_result_append (ErosStoreResult *result,
                                   sqlite3_stmt    *statement,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_result_append_values (ErosStoreResult    *result,
                                          const ErosSqlValue *values,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_result_finish (ErosStoreResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

ErosStoreResult *eros_store_result_load (ErosStore *store, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

GPtrArray *eros_store_result_get_columns (ErosStoreResult *result);
gint64     eros_store_result_get_n_rows (ErosStoreResult *result);

/* Rows from @first on, in order, until @func returns FALSE or @n_rows were seen. */
typedef gboolean (*ErosStoreRowFunc) (const ErosSqlValue *values, guint n_values, gpointer user_data);
gboolean eros_store_result_foreach (ErosStoreResult *result,
                                    gint64           first,
                                    gint64           n_rows,
                                    ErosStoreRowFunc func,
                                    gpointer         user_data,
                                    GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads one column of the current row; borrows from @statement until its next step. */
void eros_store_read_column (sqlite3_stmt *statement, int index, const ErosSqlType *type, ErosSqlValue *value);

/* Binds @value to parameter @index as a column of its type holds it; @statement borrows the data. */
int eros_store_bind_value (sqlite3_stmt *statement, int index, const ErosSqlValue *value);

/* Jobs are kept for ever: an id is never free again. */
gboolean eros_store_insert_job (ErosStore *store, const ErosStoreJob *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_save_job (ErosStore *store, ErosStoreJob *job, ErosStoreResult *result, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
ErosStoreJob *eros_store_get_job (ErosStore *store, const char *project, const char *id, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_delete_job (ErosStore *store, const char *project, const char *id, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  const char *project;
  const char *parent_id;                /* children of that job; NULL: jobs without a parent */
  gint64      min_created, max_created; /* 0: any */
  GStrv       states;                   /* NULL: all */
  gint64      before;                   /* creation_time of the last job of the page before, 0 for the first page */
  const char *before_id;                /* and its id */
  guint       n_jobs;                   /* at most */
} ErosStoreJobFilter;

/* Newest first, and of one moment by their ids. @more: whether there are more after the last one. */
GPtrArray *eros_store_list_jobs (ErosStore *store, const ErosStoreJobFilter *filter, gboolean *more, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Jobs that the last process left unfinished */
GPtrArray *eros_store_list_open_jobs (ErosStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a job, or one statement of a script, has committed */
typedef struct
{
  char  *job_id;  /* its own: the statement's */
  gint64 time;    /* microseconds */
  char  *outcome; /* what was given to eros_store_commit(): a JSON object */
} ErosStoreCommit;

void eros_store_commit_free (ErosStoreCommit *commit);

/* Commits of the job, and those whose outcome names it as their `script`; the oldest first. Those whose
 * outcome names another `project` are of a job that happens to have the same id. */
GPtrArray *eros_store_list_commits (ErosStore *store, const char *project, const char *job_id, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Many finished jobs at once: made-up history. */
gboolean eros_store_insert_jobs (ErosStore *store, GPtrArray *jobs, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
