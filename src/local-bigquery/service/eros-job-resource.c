/* eros-job-resource.c: a job as the API tells it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-jobs.h"

#include "eros-json-reader.h"
#include "eros-service-private.h"

/* Nobody can ask for it later: it has no id. */
static gboolean
is_dry_run (ErosJob *job)
{
  JsonObject *configuration = job->configuration != NULL ? json_node_get_object (job->configuration) : NULL;

  return eros_json_get_bool (configuration, "dryRun", FALSE) &&
         eros_json_get_object (configuration, "query") != NULL;
}

/**
 * eros_job_write_reference:
 * @job: a job
 * @writer: inside an object
 *
 * Writes the member `jobReference`.
 */
void
eros_job_write_reference (ErosJob *job, ErosJsonWriter *writer)
{
  eros_json_open (writer, "jobReference", '{');
  eros_json_string (writer, "projectId", job->record->project);
  if (!is_dry_run (job))
    eros_json_string (writer, "jobId", job->record->id);
  eros_json_string (writer, "location", job->record->location);
  eros_json_close (writer, '}');
}

static void
write_error (ErosJob *job, const char *name, ErosJsonWriter *writer)
{
  eros_json_open (writer, name, '{');
  eros_json_string (writer, "reason", job->record->error_reason);
  eros_json_string (writer, "location", job->record->error_location);
  eros_json_string (writer, "message", job->record->error_message);
  eros_json_close (writer, '}');
}

/* Until a job is done, what has come of it belongs to its thread, which may be writing it. */
static void
write_status (ErosJob *job, gboolean done, ErosJsonWriter *writer)
{
  eros_json_open (writer, "status", '{');
  eros_json_string (writer, "state", done ? "DONE" : job->record->started != 0 ? "RUNNING" : "PENDING");
  if (done && job->record->error_reason != NULL)
    {
      write_error (job, "errorResult", writer);
      eros_json_open (writer, "errors", '[');
      write_error (job, NULL, writer);
      eros_json_close (writer, ']');
    }
  eros_json_close (writer, '}');
}

/**
 * eros_job_write_session:
 * @job: a job that runs in a session
 * @writer: inside an object
 *
 * Writes the member `sessionInfo`.
 */
void
eros_job_write_session (ErosJob *job, ErosJsonWriter *writer)
{
  eros_json_open (writer, "sessionInfo", '{');
  eros_json_string (writer, "sessionId", job->session_id);
  eros_json_close (writer, '}');
}

static void
write_outcome (ErosJob *job, ErosJsonWriter *writer)
{
  ErosStoreJob *record = job->record;

  if (record->ended != 0)
    {
      eros_json_int_string (writer, "endTime", record->ended / 1000);
      eros_json_int_string (writer, "finalExecutionDurationMs", (record->ended - record->started) / 1000);
    }
  if (job->session_id != NULL)
    eros_job_write_session (job, writer);
  if (job->n_children > 0)
    eros_json_int_string (writer, "numChildJobs", job->n_children);
  if (job->statistics != NULL && job->statistics->len > 0)
    {
      g_autofree char *members = g_strconcat ("{", job->statistics->str, "}", NULL);

      eros_json_members (writer, members);
    }
}

static void
write_statistics (ErosJob *job, gboolean done, ErosJsonWriter *writer)
{
  ErosStoreJob *record = job->record;

  eros_json_open (writer, "statistics", '{');
  eros_json_int_string (writer, "creationTime", record->created / 1000);
  if (record->started != 0)
    eros_json_int_string (writer, "startTime", record->started / 1000);
  eros_json_string (writer, "parentJobId", record->parent_id);
  if (done)
    write_outcome (job, writer);
  eros_json_close (writer, '}');
}

/**
 * eros_job_write_resource:
 * @job: a job
 * @done: whether it is told as done; until it is, what has come of it belongs to its thread
 * @name: (nullable): a member's name
 * @writer: where to write the Job resource
 */
void
eros_job_write_resource (ErosJob *job, gboolean done, const char *name, ErosJsonWriter *writer)
{
  ErosStoreJob *record = job->record;
  g_autofree char *id = g_strdup_printf ("%s:%s.%s", record->project, record->location, record->id);
  g_autofree char *link = g_strdup_printf ("%s/bigquery/v2/projects/%s/jobs/%s?location=%s",
                                           job->service->url, record->project, record->id, record->location);
  gint64 stamp[2] = { record->created, done ? record->ended : 0 };
  g_autofree char *etag = g_base64_encode ((const guchar *) stamp, sizeof stamp);

  eros_json_open (writer, name, '{');
  eros_json_string (writer, "kind", "bigquery#job");
  eros_json_string (writer, "etag", etag);
  if (!is_dry_run (job))
    {
      eros_json_string (writer, "id", id);
      eros_json_string (writer, "selfLink", link);
    }
  eros_json_string (writer, "user_email", record->user_email);
  eros_json_node (writer, "configuration", job->configuration);
  eros_job_write_reference (job, writer);
  write_statistics (job, done, writer);
  write_status (job, done, writer);
  eros_json_close (writer, '}');
}

/**
 * eros_job_render:
 * @job: a job
 * @done: whether it is told as done
 *
 * Keeps the Job resource in the job's record, to be stored and to be told from then on.
 */
void
eros_job_render (ErosJob *job, gboolean done)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ErosJsonWriter writer;

  eros_json_writer_init (&writer, text);
  eros_job_write_resource (job, done, NULL, &writer);
  g_free (job->record->resource);
  job->record->resource = g_strdup (text->str);
}
