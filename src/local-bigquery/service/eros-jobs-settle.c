/* eros-jobs-settle.c: what became of the jobs that the last process left unfinished
 *
 * A commit names the job, or the statement of a script, that made it, and carries its statistics: what the
 * data hold is what a job is said to have done. An export's files are no commit; they are looked for by their
 * names.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-jobs.h"
#include "eros-objects.h"
#include "eros-service-private.h"

/* More than anybody would read. */
#define MAX_NAMED 20

static JsonObject *
outcome_of (const ErosStoreCommit *commit, JsonNode **node)
{
  *node = json_from_string (commit->outcome, NULL);
  return *node != NULL && JSON_NODE_HOLDS_OBJECT (*node) ? json_node_get_object (*node) : NULL;
}

/* Fills in of @job what its commit says of it. */
static void
restore (ErosJob *job, JsonObject *outcome)
{
  JsonObject *statistics = eros_json_get_object (outcome, "statistics");
  JsonObject *query = eros_json_get_object (statistics, "query");
  JsonObject *dml = eros_json_get_object (query, "dmlStats");
  g_autofree char *text = NULL;

  if (statistics == NULL)
    return;
  text = json_to_string (json_object_get_member (outcome, "statistics"), FALSE);
  job->statistics = g_string_new_len (text + 1, strlen (text) - 2); /* without the braces */
  job->record->statement_type = g_strdup (eros_json_get_string (query, "statementType"));
  job->record->bytes_processed = eros_json_get_int (query, "totalBytesProcessed", 0);
  job->record->bytes_billed = eros_json_get_int (query, "totalBytesBilled", 0);
  job->record->slot_ms = eros_json_get_int (query, "totalSlotMs", 0);
  job->record->inserted_rows = eros_json_get_int (dml, "insertedRowCount", -1);
  job->record->updated_rows = eros_json_get_int (dml, "updatedRowCount", -1);
  job->record->deleted_rows = eros_json_get_int (dml, "deletedRowCount", -1);
}

/* Its statement has committed, and may have been stored as a job before the end came. */
static gboolean
restore_child (ErosJob *script, const ErosStoreCommit *commit, JsonObject *outcome, GError **error)
{
  const char *query = eros_json_get_string (outcome, "query");
  ErosStoreJob *stored =
    eros_store_get_job (script->service->store, script->record->project, commit->job_id, NULL);
  g_autoptr (ErosJob) child = NULL;

  if (stored != NULL)
    {
      eros_store_job_free (stored);
      return TRUE;
    }
  child = eros_job_new_child (script, commit->job_id);
  child->configuration = eros_job_child_configuration (query);
  child->record->query = g_strdup (query);
  child->record->job_type = g_strdup ("QUERY");
  child->record->priority = g_strdup ("INTERACTIVE");
  child->record->created = child->record->started = eros_json_get_int (outcome, "started", commit->time);
  child->record->ended = MAX (commit->time, child->record->started);
  restore (child, outcome);
  return eros_job_store_child (child, error);
}

static void
name_statement (GString *named, guint n, const ErosStoreCommit *commit, JsonObject *outcome)
{
  JsonObject *statistics = eros_json_get_object (outcome, "statistics");
  const char *type = eros_json_get_string (eros_json_get_object (statistics, "query"), "statementType");

  if (n < MAX_NAMED)
    g_string_append_printf (named, "%s%s (job %s)", n > 0 ? ", " : "", type != NULL ? type : "a statement",
                            commit->job_id);
  else if (n == MAX_NAMED)
    g_string_append (named, " …");
}

static gboolean
settle_script (ErosJob *job, GPtrArray *commits, GError **error)
{
  g_autoptr (GString) named = g_string_new (NULL);
  g_autofree char *message = NULL;

  for (guint i = 0; i < commits->len; i++)
    {
      const ErosStoreCommit *commit = g_ptr_array_index (commits, i);
      g_autoptr (JsonNode) node = NULL;
      JsonObject *outcome = outcome_of (commit, &node);

      if (!restore_child (job, commit, outcome, error))
        return FALSE;
      name_statement (named, i, commit, outcome);
    }
  job->n_children = commits->len;
  message = g_strdup_printf (
    "The local server ended before the end of this script was known. What %u of its statements"
    " have changed is done and stays: %s. Whatever else it says has not been done.",
    commits->len, named->str);
  /* Nobody has stopped it. Who sends it again knows by the message what is done already. */
  eros_job_set_error_text (job, 400, "jobBackendError", NULL, message);
  return TRUE;
}

/* How many files of an export have been written since the job was made. */
static gboolean
count_files (ErosJob *job, guint *n_files, GError **error)
{
  JsonObject *extract = eros_job_get_configuration (job, "extract");
  JsonArray *uris = eros_json_get_array (extract, "destinationUris");
  const char *uri =
    uris != NULL ? json_array_get_string_element (uris, 0) : eros_json_get_string (extract, "destinationUri");
  g_autofree char *bucket = NULL;
  g_autofree char *name = NULL;
  g_autofree char *prefix = NULL;
  g_autoptr (GPtrArray) objects = NULL;

  *n_files = 0;
  if (uri == NULL || !eros_object_parse_uri (uri, &bucket, &name))
    return TRUE;
  prefix = g_strndup (name, strcspn (name, "*"));
  objects = eros_object_list (job->service->store, bucket, prefix, NULL, G_MAXINT32, error);
  for (guint i = 0; objects != NULL && i < objects->len; i++)
    *n_files += ((ErosStoreDocument *) g_ptr_array_index (objects, i))->generation >= job->record->created;
  return objects != NULL;
}

/* Whether its statements may have written files, of which nobody but they knew the names */
static gboolean
may_have_exported (ErosJob *job)
{
  return job->record->query != NULL &&
         g_regex_match_simple ("\\b(EXPORT|CALL)\\b", job->record->query, G_REGEX_CASELESS, 0);
}

static gboolean
settle_without_commit (ErosJob *job, GError **error)
{
  g_autofree char *message = NULL;
  guint n_files = 0;

  if (eros_job_get_configuration (job, "extract") != NULL && !count_files (job, &n_files, error))
    return FALSE;
  if (n_files > 0)
    message =
      g_strdup_printf ("The local server ended before this job did. It has changed no table; %u of the"
                       " files that it was to write have been written.",
                       n_files);
  else if (may_have_exported (job))
    message =
      g_strdup ("The local server ended before this job did. It has changed no table; files that it was"
                " to write may have been written.");
  eros_job_set_error_text (
    job, 500, "backendError", NULL,
    message != NULL ? message : "The local server ended before this job did; it has changed nothing.");
  return TRUE;
}

static gboolean
settle_job (ErosJob *job, GError **error)
{
  ErosStoreJob *record = job->record;
  g_autoptr (GPtrArray) commits =
    eros_store_list_commits (job->service->store, record->project, record->id, error);
  g_autoptr (JsonNode) node = NULL;
  const ErosStoreCommit *last;

  if (commits == NULL)
    return FALSE;
  if (commits->len == 0)
    return settle_without_commit (job, error);
  last = g_ptr_array_index (commits, commits->len - 1);
  if (strcmp (last->job_id, record->id) != 0)
    return settle_script (job, commits, error);
  restore (job, outcome_of (last, &node));
  return TRUE;
}

static gboolean
settle (ErosJob *job, GError **error)
{
  g_autoptr (JsonNode) resource = json_from_string (job->record->resource, NULL);

  if (resource != NULL && JSON_NODE_HOLDS_OBJECT (resource))
    job->configuration = json_object_dup_member (json_node_get_object (resource), "configuration");
  if (job->configuration == NULL)
    job->configuration = json_from_string ("{}", NULL);
  if (job->record->started == 0)
    job->record->started = job->record->created;
  return settle_job (job, error) && eros_job_store_end (job, error);
}

/**
 * eros_jobs_settle:
 * @service: the service of a process that begins, with its jobs
 * @error: return location for an #ErosStoreError
 *
 * Ends every job that the last process has left open as the data prove: it is done if it has committed, and
 * has failed otherwise. Of a script that has failed so, each statement that has committed is a job that is
 * done.
 *
 * Returns: whether that is known of each, and on disk
 */
gboolean
eros_jobs_settle (ErosService *service, GError **error)
{
  g_autoptr (GPtrArray) open = eros_store_list_open_jobs (service->store, error);

  if (open == NULL)
    return FALSE;
  g_ptr_array_set_free_func (open, NULL);
  for (guint i = 0; i < open->len; i++)
    {
      g_autoptr (ErosJob) job = eros_job_new (service, g_ptr_array_index (open, i));

      if (!settle (job, error))
        return FALSE;
    }
  return TRUE;
}
