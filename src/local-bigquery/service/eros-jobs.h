/* eros-jobs.h: jobs, running and done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-call.h"
#include "eros-engine.h"

G_BEGIN_DECLS

typedef struct _ErosJobs ErosJobs;

/* The configuration is fixed; everything else belongs to the job's thread until `done`, and never changes
 * afterwards. */
typedef struct
{
  gint          ref_count;
  ErosService  *service;
  ErosStoreJob *record;
  JsonNode     *configuration; /* JobConfiguration */
  GCancellable *cancellable;
  GBytes       *upload; /* what a load job reads instead of objects */
  gboolean      done;   /* under the lock of all jobs */
  gboolean      timed_out;
  gint          begun;     /* atomic: some thread has taken it */
  gboolean      cancelled; /* somebody has asked for that */
  gint64        n_children;
  char         *session_id; /* (nullable) of the session that it runs in; set before it has begun */
  char         *initial;    /* the resource as it was when the job began: what jobs.insert answers */

  /* what came of it */
  GString *statistics;   /* members of JobStatistics, without the braces and the times; NULL when `record` tells all */
  GString *query_answer; /* members that jobs.query and getQueryResults add */
  ErosStoreResult *result;       /* or NULL */
  GPtrArray       *columns;      /* of ErosStoreColumn, or NULL */
  guint            error_status; /* HTTP; 0 when it went well */
} ErosJob;

/* What the last process left unfinished is settled by what its commits say. */
gboolean eros_jobs_settle (ErosService *service, GError **error) G_GNUC_WARN_UNUSED_RESULT;

ErosJobs *eros_jobs_new (ErosService *service, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void      eros_jobs_cancel_all (ErosJobs *jobs);
void      eros_jobs_stop (ErosJobs *jobs);

ErosJob *eros_jobs_insert (ErosJobs   *jobs,
                           JsonObject *reference,
                           JsonNode   *configuration,
                           const char *project,
                           const char *user_email,
                           GBytes     *upload,
                           GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_jobs_forget (ErosJobs *jobs, ErosJob *job);

/* Whether @id is new: ids of the last few minutes are known. */
gboolean eros_jobs_remember (ErosJobs *jobs, const char *id);

/* A dry run: answered at once, stored nowhere. */
ErosJob *eros_jobs_try (ErosJobs   *jobs,
                        JsonObject *reference,
                        JsonNode   *configuration,
                        const char *project,
                        const char *user_email,
                        GError    **error) G_GNUC_WARN_UNUSED_RESULT;
ErosJob *eros_jobs_find (ErosJobs *jobs, const char *project, const char *id, const char *location, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

ErosJob *eros_job_ref (ErosJob *job);
void     eros_job_unref (ErosJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosJob, eros_job_unref)

gboolean eros_job_wait (ErosJob *job, gint64 timeout_ms);
gboolean eros_job_is_done (ErosJob *job);
void     eros_job_cancel (ErosJob *job);
gboolean eros_job_load_result (ErosJob *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_job_write (ErosJob *job, const char *name, ErosJsonWriter *writer);
void     eros_job_write_resource (ErosJob *job, gboolean done, const char *name, ErosJsonWriter *writer);
void     eros_job_render (ErosJob *job, gboolean done);
void     eros_job_write_session (ErosJob *job, ErosJsonWriter *writer);
void     eros_job_write_reference (ErosJob *job, ErosJsonWriter *writer);

/* For those who do the work of one kind of job, in the job's thread. */
void     eros_job_set_error (ErosJob *job, const GError *error);
void     eros_job_set_error_text (ErosJob    *job,
                                  guint       status,
                                  const char *reason,
                                  const char *location,
                                  const char *message);
void     eros_job_run_query (ErosJob *job);
void     eros_job_run_copy (ErosJob *job);
void     eros_job_run_load (ErosJob *job);
void     eros_job_run_extract (ErosJob *job);
gboolean eros_job_load_files (ErosJob *job, JsonObject *configuration, ErosEngineFiles *files, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean        eros_job_files (ErosEngineFiles *files, gpointer job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void            eros_job_dry_run (ErosJob *job);
gboolean        eros_job_check_permission (ErosJob    *job,
                                           const char *permission,
                                           const char *dataset,
                                           const char *table,
                                           GError    **error) G_GNUC_WARN_UNUSED_RESULT;
ErosStoreTable *eros_job_find_source (ErosJob             *job,
                                      ErosStoreConnection *connection,
                                      JsonObject          *reference,
                                      const char          *permission,
                                      char               **partition,
                                      GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* A job and its children, as they are made and stored; what is found after a kill takes the same way. */
ErosJob  *eros_job_new (ErosService *service, ErosStoreJob *record);
ErosJob  *eros_job_new_child (ErosJob *parent, const char *id);
JsonNode *eros_job_child_configuration (const char *query);
gboolean  eros_job_store_child (ErosJob *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  eros_job_commit (ErosJob *job, ErosStoreConnection *connection, GString *statistics, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_job_store_end (ErosJob *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Results without a table of their own are said to lie in a hidden data set. */
#define EROS_ANONYMOUS_DATASET "_eros_results"
#define EROS_ANONYMOUS_PREFIX  "anon_" /* and the job's id */
gboolean eros_job_is_anonymous (const char *dataset);

JsonObject *eros_job_get_configuration (ErosJob *job, const char *kind);

G_END_DECLS
