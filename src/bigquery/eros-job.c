/* eros-job.c: a job as the server describes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-job-private.h"

#include <glib/gi18n-lib.h>

#include "eros-big-query-error.h"
#include "eros-json.h"

struct _ErosJob
{
  GObject parent_instance;

  JsonNode *resource;
  JsonObject *object;
  char *advice; /* (nullable): somebody knows better than the error's kind */
};

G_DEFINE_FINAL_TYPE (ErosJob, eros_job, G_TYPE_OBJECT)

static void
eros_job_finalize (GObject *object)
{
  g_clear_pointer (&EROS_JOB (object)->resource, json_node_unref);
  g_free (EROS_JOB (object)->advice);
  G_OBJECT_CLASS (eros_job_parent_class)->finalize (object);
}

static void
eros_job_class_init (ErosJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_job_finalize;
}

static void
eros_job_init (ErosJob *self)
{
}

/**
 * eros_job_new_from_json:
 * @resource: a Job of the REST contract
 * @error: return location for %EROS_BIG_QUERY_ERROR_MALFORMED
 *
 * Returns: (transfer full): the job
 */
ErosJob *
eros_job_new_from_json (JsonNode *resource, GError **error)
{
  g_autoptr (ErosJob) self = g_object_new (EROS_TYPE_JOB, NULL);

  self->resource = json_node_ref (resource);
  self->object = json_node_get_object (resource);
  if (eros_json_string (self->object, "status.state") == NULL)
    {
      g_set_error_literal (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                           _ ("the server's answer is not a job: it has no state"));
      return NULL;
    }
  return g_steal_pointer (&self);
}

const char *
eros_job_get_id (ErosJob *self)
{
  return eros_json_string (self->object, "jobReference.jobId");
}

static const char *
eros_job_get_project (ErosJob *self)
{
  return eros_json_string (self->object, "jobReference.projectId");
}

const char *
eros_job_get_location (ErosJob *self)
{
  return eros_json_string (self->object, "jobReference.location");
}

gboolean
eros_job_is_done (ErosJob *self)
{
  return g_strcmp0 (eros_json_string (self->object, "status.state"), "DONE") == 0;
}

GError *
eros_job_dup_error (ErosJob *self)
{
  JsonObject *error = eros_json_object (self->object, "status.errorResult");
  const char *message = error != NULL ? eros_json_string (error, "message") : NULL;
  GError *failure;

  if (error == NULL)
    return NULL;
  failure = eros_big_query_error_new (0, eros_json_string (error, "reason"),
                                      message != NULL ? message : _ ("the server gave no reason"));
  if (self->advice != NULL)
    eros_big_query_error_advise (failure, self->advice);
  return failure;
}

void
eros_job_set_advice (ErosJob *self, char *advice)
{
  g_free (self->advice);
  self->advice = advice;
}

const char *
eros_job_get_job_type (ErosJob *self)
{
  return eros_json_string (self->object, "configuration.jobType");
}

const char *
eros_job_get_statement_type (ErosJob *self)
{
  return eros_json_string (self->object, "statistics.query.statementType");
}

guint
eros_job_get_n_children (ErosJob *self)
{
  return CLAMP (eros_json_int64 (self->object, "statistics.numChildJobs", 0), 0, G_MAXUINT);
}

static gint64
time_of (ErosJob *self, const char *path)
{
  gint64 ms = eros_json_int64 (self->object, path, 0);

  return ms > 0 && ms < G_MAXINT64 / 1000 ? ms * 1000 : 0;
}

gint64
eros_job_get_created (ErosJob *self)
{
  return time_of (self, "statistics.creationTime");
}

gint64
eros_job_get_started (ErosJob *self)
{
  return time_of (self, "statistics.startTime");
}

gint64
eros_job_get_ended (ErosJob *self)
{
  return time_of (self, "statistics.endTime");
}

gint64
eros_job_get_bytes_processed (ErosJob *self)
{
  return eros_json_int64 (self->object, "statistics.totalBytesProcessed", -1);
}

gint64
eros_job_get_bytes_billed (ErosJob *self)
{
  return eros_json_int64 (self->object, "statistics.query.totalBytesBilled", -1);
}

gint64
eros_job_get_slot_ms (ErosJob *self)
{
  return eros_json_int64 (self->object, "statistics.totalSlotMs", -1);
}

gint64
eros_job_get_affected_rows (ErosJob *self)
{
  return eros_json_int64 (self->object, "statistics.query.numDmlAffectedRows", -1);
}

/* https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#ScriptStackFrame: the leaf frame is first, the
 * primary script last. */
static JsonObject *
frame_of (ErosJob *self, gboolean outermost)
{
  JsonArray *frames = eros_json_array (self->object, "statistics.scriptStatistics.stackFrames");
  guint n = frames != NULL ? json_array_get_length (frames) : 0;
  JsonNode *frame = n > 0 ? json_array_get_element (frames, outermost ? n - 1 : 0) : NULL;

  return frame != NULL && JSON_NODE_HOLDS_OBJECT (frame) ? json_node_get_object (frame) : NULL;
}

void
eros_job_get_position (ErosJob *self, guint *line, guint *column)
{
  JsonObject *frame = frame_of (self, TRUE);

  *line = frame != NULL ? CLAMP (eros_json_int64 (frame, "startLine", 0), 0, G_MAXUINT) : 0;
  *column = frame != NULL ? CLAMP (eros_json_int64 (frame, "startColumn", 0), 0, G_MAXUINT) : 0;
}

const char *
eros_job_get_statement (ErosJob *self)
{
  JsonObject *frame = frame_of (self, FALSE);
  const char *text = frame != NULL ? eros_json_string (frame, "text") : NULL;

  return text != NULL ? text : eros_json_string (self->object, "configuration.query.query");
}

const char *
eros_job_get_procedure (ErosJob *self)
{
  JsonObject *frame = frame_of (self, FALSE);

  return frame != NULL ? eros_json_string (frame, "procedureId") : NULL;
}

/**
 * eros_job_dup_referenced_tables:
 * @self: a job that is done, or the answer to a dry run
 *
 * Returns: (transfer full) (array zero-terminated=1): the tables that the statement reads
 */
GStrv
eros_job_dup_referenced_tables (ErosJob *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *tables = eros_json_array (self->object, "statistics.query.referencedTables");
  const char *own = eros_job_get_project (self);

  for (guint i = 0; tables != NULL && i < json_array_get_length (tables); i++)
    {
      JsonNode *node = json_array_get_element (tables, i);
      JsonObject *table = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *project = table != NULL ? eros_json_string (table, "projectId") : NULL;
      const char *dataset = table != NULL ? eros_json_string (table, "datasetId") : NULL;
      const char *name = table != NULL ? eros_json_string (table, "tableId") : NULL;
      g_autofree char *whole = NULL;

      if (dataset == NULL || name == NULL)
        continue;
      if (own == NULL || project == NULL || g_str_equal (own, project))
        whole = g_strdup_printf ("%s.%s", dataset, name);
      else
        whole = g_strdup_printf ("%s.%s.%s", project, dataset, name);
      g_strv_builder_add (builder, whole);
    }
  return g_strv_builder_end (builder);
}

JsonObject *
eros_job_get_resource (ErosJob *self)
{
  return self->object;
}
