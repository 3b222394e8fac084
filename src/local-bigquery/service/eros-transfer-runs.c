/* eros-transfer-runs.c: Data Transfer: scheduled queries that somebody starts, and what comes of them
 *
 * The local server runs no scheduled query by itself. One that is started by hand is a query job; the run is
 * what that job is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-service-private.h"
#include "eros-stamp.h"
#include "eros-transfer.h"

#define KIND "transfer-run"

static const char *
state_of (ErosJob *job)
{
  if (job == NULL)
    return "CANCELLED";
  if (!eros_job_is_done (job))
    return "RUNNING";
  return job->record->error_reason == NULL                    ? "SUCCEEDED"
         : strcmp (job->record->error_reason, "stopped") == 0 ? "CANCELLED"
                                                              : "FAILED";
}

static void
write_run (ErosCall *call, ErosStoreDocument *document, ErosJsonWriter *writer)
{
  g_autoptr (JsonNode) node = json_from_string (document->body, NULL);
  JsonObject *body = json_node_get_object (node);
  g_autoptr (ErosJob) job = eros_jobs_find (call->service->jobs, call->service->project,
                                            eros_json_get_string (body, "jobId"), NULL, NULL);
  g_autofree char *created = eros_stamp_text (document->created, 0);

  json_object_remove_member (body, "jobId");
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "name", document->name);
  eros_json_string (writer, "state", state_of (job));
  eros_json_string (writer, "startTime", created);
  eros_json_string (writer, "userId", EROS_PROJECT_NUMBER);
  if (job != NULL && eros_job_is_done (job))
    {
      g_autofree char *ended = eros_stamp_text (job->record->ended, 0);

      eros_json_string (writer, "endTime", ended);
      eros_json_string (writer, "updateTime", ended);
    }
  if (job != NULL && eros_job_is_done (job) && job->record->error_message != NULL)
    {
      eros_json_open (writer, "errorStatus", '{');
      eros_json_int (writer, "code", 3);
      eros_json_string (writer, "message", job->record->error_message);
      eros_json_close (writer, '}');
    }
  else
    eros_json_raw (writer, "errorStatus", "{}");
  {
    g_autofree char *rest = json_to_string (node, FALSE);

    eros_json_members (writer, rest);
  }
  eros_json_close (writer, '}');
}

/* ---- starting ------------------------------------------------------------------------------------------ */

static void
set_parameter (JsonArray *parameters, const char *name, const char *type, const char *value)
{
  JsonObject *parameter = json_object_new ();
  JsonObject *of_type = json_object_new ();
  JsonObject *of_value = json_object_new ();

  json_object_set_string_member (of_type, "type", type);
  json_object_set_string_member (of_value, "value", value);
  json_object_set_string_member (parameter, "name", name);
  json_object_set_object_member (parameter, "parameterType", of_type);
  json_object_set_object_member (parameter, "parameterValue", of_value);
  json_array_add_object_element (parameters, parameter);
}

/* {run_date} and {run_time|"%Y%m%d"}, of the time that the run is for */
static char *
fill_template (const char *template, gint64 time)
{
  GString *name = g_string_new (NULL);

  for (const char *at = template; *at != '\0'; at++)
    {
      const char *end = *at == '{' ? strchr (at, '}') : NULL;
      const char *format = end != NULL ? memchr (at, '"', end - at) : NULL;
      g_autofree char *pattern = NULL;
      g_autofree char *text = NULL;

      if (end == NULL)
        {
          g_string_append_c (name, *at);
          continue;
        }
      pattern = format != NULL ? g_strndup (format + 1, strcspn (format + 1, "\"")) : g_strdup ("%Y%m%d");
      text = eros_stamp_format (time, pattern);
      g_string_append (name, text != NULL ? text : "");
      at = end;
    }
  return g_string_free (name, FALSE);
}

static JsonNode *
make_configuration (ErosCall *call, JsonObject *config, gint64 time)
{
  JsonObject *params = eros_json_get_object (config, "params");
  const char *template = eros_json_get_string (params, "destination_table_name_template");
  const char *disposition = eros_json_get_string (params, "write_disposition");
  g_autofree char *stamp = eros_stamp_format (time, "%Y-%m-%d %H:%M:%S+00");
  g_autofree char *day = eros_stamp_format (time, "%Y-%m-%d");
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *configuration = json_object_new ();
  JsonObject *query = json_object_new ();
  JsonArray *parameters = json_array_new ();

  set_parameter (parameters, "run_time", "TIMESTAMP", stamp);
  set_parameter (parameters, "run_date", "DATE", day);
  json_object_set_string_member (query, "query", eros_json_get_string (params, "query"));
  json_object_set_boolean_member (query, "useLegacySql", FALSE);
  json_object_set_string_member (query, "priority", "BATCH");
  json_object_set_array_member (query, "queryParameters", parameters);
  if (template != NULL && *template != '\0')
    {
      JsonObject *table = json_object_new ();
      g_autofree char *name = fill_template (template, time);

      json_object_set_string_member (table, "projectId", call->service->project);
      json_object_set_string_member (
        table, "datasetId", json_object_get_string_member_with_default (config, "destinationDatasetId", ""));
      json_object_set_string_member (table, "tableId", name);
      json_object_set_object_member (query, "destinationTable", table);
      json_object_set_string_member (query, "writeDisposition",
                                     disposition != NULL ? disposition : "WRITE_APPEND");
    }
  json_object_set_object_member (configuration, "query", query);
  json_object_set_string_member (configuration, "jobType", "QUERY");
  json_node_take_object (node, configuration);
  return node;
}

static ErosStoreDocument *
start_run (ErosCall *call, ErosStoreDocument *config, gint64 time, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (config->body, NULL);
  JsonObject *body = json_node_get_object (node);
  g_autoptr (JsonNode) configuration = make_configuration (call, body, time);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *id = g_strconcat ("scheduled_query_", uuid, NULL);
  g_autofree char *name = g_strconcat (config->name, "/runs/", uuid, NULL);
  g_autofree char *run_time = eros_stamp_text (time, 0);
  g_autoptr (JsonObject) reference = json_object_new ();
  g_autoptr (JsonObject) run = json_object_new ();
  g_autoptr (JsonNode) run_node = json_node_init_object (json_node_alloc (), run);
  g_autofree char *text = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (ErosStoreDocument) document = NULL;

  json_object_set_string_member (reference, "jobId", id);
  json_object_set_string_member (run, "jobId", id);
  json_object_set_string_member (run, "runTime", run_time);
  json_object_set_string_member (run, "scheduleTime", run_time);
  json_object_set_string_member (run, "dataSourceId", "scheduled_query");
  if (eros_json_get_object (body, "params") != NULL)
    json_object_set_member (run, "params", json_object_dup_member (body, "params"));
  if (eros_json_get_string (body, "destinationDatasetId") != NULL)
    json_object_set_member (run, "destinationDatasetId",
                            json_object_dup_member (body, "destinationDatasetId"));
  text = json_to_string (run_node, FALSE);
  document = eros_store_document_new (KIND, name, text);
  job = eros_jobs_insert (call->service->jobs, reference, configuration, call->service->project,
                          call->user_email, NULL, error);
  if (job == NULL || !eros_store_put_document (call->service->store, document, 0, error))
    return NULL;
  return g_steal_pointer (&document);
}

/* Now, or for a time that is said. */
static gboolean
read_time (ErosCall *call, JsonObject *body, gint64 *time)
{
  const char *text = eros_json_get_string (body, "requestedRunTime");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) given = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  if (json_object_has_member (body, "requestedTimeRange"))
    {
      eros_call_fail (
        call, 400, "invalid",
        "The local server does not have requestedTimeRange: start each run with requestedRunTime.");
      return FALSE;
    }
  if (text != NULL && given == NULL)
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for requestedRunTime: %s", text);
      return FALSE;
    }
  *time = given != NULL ? g_date_time_to_unix (given) * G_USEC_PER_SEC : g_get_real_time ();
  return TRUE;
}

void
eros_handle_transfer_start (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  g_autoptr (ErosStoreDocument) config = body != NULL ? eros_transfer_find (call) : NULL;
  gint64 time;
  g_autoptr (ErosStoreDocument) run = NULL;
  g_autoptr (GError) error = NULL;
  ErosJsonWriter *writer;

  if (config == NULL || !read_time (call, body, &time))
    return;
  run = start_run (call, config, time, &error);
  if (run == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_open (writer, "runs", '[');
  write_run (call, run, writer);
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

void
eros_handle_transfer_schedule (ErosCall *call)
{
  eros_call_fail (call, 400, "invalid",
                  "The local server does not have scheduleRuns: start each run with startManualRuns.");
}

/* ---- runs ---------------------------------------------------------------------------------------------- */

static gboolean
is_wanted (ErosCall *call, ErosStoreDocument *document)
{
  g_auto (GStrv) states = eros_call_query_all (call, "states");
  g_autoptr (JsonNode) node = json_from_string (document->body, NULL);
  g_autoptr (ErosJob) job =
    eros_jobs_find (call->service->jobs, call->service->project,
                    eros_json_get_string (json_node_get_object (node), "jobId"), NULL, NULL);

  return states == NULL || g_strv_contains ((const char *const *) states, state_of (job));
}

void
eros_handle_transfer_runs_list (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) config = eros_transfer_find (call);
  g_autofree char *prefix = config != NULL ? g_strconcat (config->name, "/runs/", NULL) : NULL;
  const char *token = eros_call_query (call, "pageToken");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  ErosJsonWriter *writer;
  gint64 limit;

  if (config == NULL || !eros_call_query_int (call, "pageSize", 1000, &limit))
    return;
  limit = limit > 0 ? MIN (limit, 1000) : 1000;
  runs = eros_store_list_documents (call->service->store, KIND, prefix,
                                    token != NULL && *token != '\0' ? token : NULL, limit + 1, &error);
  if (runs == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_open (writer, "transferRuns", '[');
  for (guint i = 0; i < runs->len && i < limit; i++)
    if (is_wanted (call, g_ptr_array_index (runs, i)))
      write_run (call, g_ptr_array_index (runs, i), writer);
  eros_json_close (writer, ']');
  if (runs->len > limit)
    eros_json_string (writer, "nextPageToken",
                      ((ErosStoreDocument *) g_ptr_array_index (runs, limit - 1))->name);
  eros_json_close (writer, '}');
}

static ErosStoreDocument *
find_run (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) config = eros_transfer_find (call);
  g_autofree char *name =
    config != NULL ? g_strconcat (config->name, "/runs/", eros_call_param (call, "runId"), NULL) : NULL;
  ErosStoreDocument *run =
    config != NULL ? eros_store_get_document (call->service->store, KIND, name, NULL) : NULL;

  if (config != NULL && run == NULL)
    eros_call_fail (call, 404, "notFound", "Not found: Transfer run %s", name);
  return run;
}

void
eros_handle_transfer_runs_get (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) run = find_run (call);

  if (run != NULL)
    write_run (call, run, eros_call_reply (call));
}

void
eros_handle_transfer_runs_delete (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) run = find_run (call);
  g_autoptr (GError) error = NULL;

  if (run == NULL)
    return;
  if (eros_store_delete_document (call->service->store, KIND, run->name, EROS_STORE_ANY_GENERATION, &error))
    eros_transfer_reply_empty (call);
  else
    eros_call_fail_error (call, error);
}

/* A query has nothing to tell but what its job tells. */
void
eros_handle_transfer_logs (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) run = find_run (call);

  if (run != NULL)
    eros_transfer_reply_empty (call);
}
