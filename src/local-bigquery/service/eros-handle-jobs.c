/* eros-handle-jobs.c: jobs.*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-schema.h"
#include "eros-service-private.h"

/* BigQuery's own cap on timeoutMs of a query; a client asks again. */
#define MAX_WAIT_MS     (200 * 1000)
#define DEFAULT_WAIT_MS (10 * 1000)

/* ---- what may be asked --------------------------------------------------------------------------------- */

static gboolean
is_label_text (const char *text, gboolean key)
{
  glong length = g_utf8_strlen (text, -1);

  if (length > 63 || (key && (length == 0 || !g_unichar_isalpha (g_utf8_get_char (text)))))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!(g_unichar_isalnum (c) && !g_unichar_isupper (c)) && c != '_' && c != '-')
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_labels (ErosCall *call, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "labels");
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value at 'labels': an object is expected");
      return FALSE;
    }
  if (json_object_get_size (json_node_get_object (node)) > 64)
    {
      eros_call_fail (call, 400, "invalid", "Too many labels: at most 64 are allowed");
      return FALSE;
    }
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value))
    {
      gboolean text = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;

      if (text && is_label_text (key, TRUE) && is_label_text (json_node_get_string (value), FALSE))
        continue;
      eros_call_fail (
        call, 400, "invalid",
        "Label \"%s\" has invalid characters: only lower case letters, digits, _ and - are allowed, at"
        " most 63 of them, and a key starts with a letter.",
        key);
      return FALSE;
    }
  return TRUE;
}

/* Every member that is read later has the type that it is read as. */
static const ErosJsonMember MEMBERS[] = {
  { "configuration", 'o' },
  { "jobReference", 'o' },
  { "query", 's' },
  { "useLegacySql", 'b' },
  { "useQueryCache", 'b' },
  { "priority", 's' },
  { "defaultDataset", 'o' },
  { "destinationTable", 'o' },
  { "writeDisposition", 's' },
  { "createDisposition", 's' },
  { "queryParameters", 'a' },
  { "maximumBytesBilled", 'i' },
  { "parameterMode", 's' },
  { "connectionProperties", 'a' },
  { "sourceUris", 'a' },
  { "schema", 'o' },
  { "sourceFormat", 's' },
  { "skipLeadingRows", 'i' },
  { "fieldDelimiter", 's' },
  { "maxBadRecords", 'i' },
  { "autodetect", 'b' },
  { "ignoreUnknownValues", 'b' },
  { "sourceTable", 'o' },
  { "sourceTables", 'a' },
  { "operationType", 's' },
  { "destinationUris", 'a' },
  { "destinationUri", 's' },
  { "destinationFormat", 's' },
  { "compression", 's' },
  { "printHeader", 'b' },
  { "nullMarker", 's' },
  { "allowQuotedNewlines", 'b' },
  { "quote", 's' },
  { "encoding", 's' },
  { "projectId", 's' },
  { "datasetId", 's' },
  { "tableId", 's' },
  { "jobId", 's' },
  { "location", 's' },
  { "dryRun", 'b' },
  { "jobTimeoutMs", 'i' },
  { "labels", 'o' },
  { "requestId", 's' },
  { "maxResults", 'i' },
  { "timeoutMs", 'i' },
  { "formatOptions", 'o' },
  { "createSession", 'b' },
  { "destinationExpirationTime", 's' },
  { "key", 's' },
  { "value", 's' },
};

static gboolean
check_types (ErosCall *call, JsonObject *object)
{
  const char *wrong = eros_json_check (object, MEMBERS, G_N_ELEMENTS (MEMBERS));

  if (wrong != NULL)
    eros_call_fail (call, 400, "invalid", "Invalid value at '%s'", wrong);
  return wrong == NULL;
}

static gboolean
is_legacy (JsonObject *query)
{
  const char *text = json_object_get_string_member_with_default (query, "query", "");

  while (g_ascii_isspace (*text))
    text++;
  if (g_ascii_strncasecmp (text, "#standardSQL", 12) == 0)
    return FALSE;
  return eros_json_get_bool (query, "useLegacySql", TRUE);
}

static gboolean
check_query (ErosCall *call, JsonObject *query)
{
  const char *text = eros_json_get_string (query, "query");

  if (text == NULL || *text == '\0')
    eros_call_fail (call, 400, "required", "Required parameter is missing: query");
  else if (strlen (text) > 1024 * 1024)
    eros_call_fail (call, 400, "invalid",
                    "The query is too large. The maximum standard SQL query length is 1024.00K"
                    " characters, including comments and white space characters.");
  else if (is_legacy (query))
    eros_call_fail (
      call, 400, "invalid",
      "Legacy SQL is not supported by the local server. BigQuery takes a query for legacy SQL unless"
      " useLegacySql is false: set it.");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_configuration (ErosCall *call, JsonObject *configuration)
{
  const char *kinds[] = { "query", "load", "copy", "extract" };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    n += eros_json_get_object (configuration, kinds[i]) != NULL;
  if (n != 1)
    {
      eros_call_fail (
        call, 400, n == 0 ? "required" : "invalid",
        n == 0 ? "Required parameter is missing: configuration needs one of query, load, copy, extract"
               : "Job configuration must contain exactly one job-specific configuration object (e.g.,"
                 " query, load, extract, spreadsheetExtract), but there were %u.",
        n);
      return FALSE;
    }
  if (!check_labels (call, configuration))
    return FALSE;
  return eros_json_get_object (configuration, "query") == NULL ||
         check_query (call, eros_json_get_object (configuration, "query"));
}

/* ---- what a client leaves out -------------------------------------------------------------------------- */

static void
set_default (JsonObject *object, const char *name, const char *value)
{
  if (!json_object_has_member (object, name))
    json_object_set_string_member (object, name, value);
}

/* Writes what BigQuery fills in, so that the resource tells what was really done. */
static JsonNode *
complete (ErosCall *call, const char *job_id, JsonObject *configuration)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), configuration);
  JsonObject *query = eros_json_get_object (configuration, "query");
  const char *kinds[] = { "query", "QUERY", "load", "LOAD", "copy", "COPY", "extract", "EXTRACT" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i += 2)
    if (eros_json_get_object (configuration, kinds[i]) != NULL)
      json_object_set_string_member (configuration, "jobType", kinds[i + 1]);
  if (query == NULL)
    return node;
  set_default (query, "priority", "INTERACTIVE");
  json_object_set_boolean_member (query, "useLegacySql", FALSE);
  if (!json_object_has_member (query, "destinationTable"))
    {
      g_autofree char *name = g_strconcat (EROS_ANONYMOUS_PREFIX, job_id, NULL);
      JsonObject *table = json_object_new ();

      json_object_set_string_member (table, "projectId", eros_call_param (call, "projectId"));
      json_object_set_string_member (table, "datasetId", EROS_ANONYMOUS_DATASET);
      json_object_set_string_member (table, "tableId", name);
      json_object_set_object_member (query, "destinationTable", table);
      set_default (query, "writeDisposition", "WRITE_TRUNCATE");
    }
  return node;
}

static JsonObject *
dataset_reference (JsonObject *configuration)
{
  JsonObject *query = eros_json_get_object (configuration, "query");
  JsonObject *copy = eros_json_get_object (configuration, "copy");
  JsonObject *load = eros_json_get_object (configuration, "load");
  JsonObject *extract = eros_json_get_object (configuration, "extract");

  if (query != NULL)
    return eros_json_get_object (query, "defaultDataset");
  if (copy != NULL)
    return eros_json_get_object (copy, "destinationTable");
  if (load != NULL)
    return eros_json_get_object (load, "destinationTable");
  return extract != NULL ? eros_json_get_object (extract, "sourceTable") : NULL;
}

/* A job runs where its data is. */
static JsonObject *
place (ErosCall *call, JsonObject *reference, JsonObject *configuration)
{
  JsonObject *placed = json_object_new ();
  const char *id = reference != NULL ? eros_json_get_string (reference, "jobId") : NULL;
  const char *location = reference != NULL ? eros_json_get_string (reference, "location") : NULL;
  JsonObject *dataset = dataset_reference (configuration);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *made = g_strconcat ("job_", uuid, NULL);

  json_object_set_string_member (placed, "jobId", id != NULL && *id != '\0' ? id : made);
  if (location == NULL && dataset != NULL)
    {
      g_autoptr (ErosStoreConnection) connection = eros_store_acquire (call->service->store, NULL);
      g_autoptr (ErosStoreDataset) found = NULL;
      const char *project = json_object_get_string_member_with_default (dataset, "projectId",
                                                                        eros_call_param (call, "projectId"));

      if (connection != NULL && eros_store_begin (connection, EROS_STORE_READ, NULL, NULL))
        found = eros_store_get_dataset (
          connection, project, json_object_get_string_member_with_default (dataset, "datasetId", ""), NULL);
      if (found != NULL)
        json_object_set_string_member (placed, "location", found->location);
      return placed;
    }
  if (location != NULL)
    json_object_set_string_member (placed, "location", location);
  return placed;
}

static ErosJob *
insert (ErosCall *call, JsonObject *reference, JsonObject *configuration, GBytes *upload)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) placed = place (call, reference, configuration);
  g_autoptr (JsonNode) node = complete (call, json_object_get_string_member (placed, "jobId"), configuration);
  gboolean dry_run = eros_json_get_bool (configuration, "dryRun", FALSE) &&
                     eros_json_get_object (configuration, "query") != NULL;
  const char *project = eros_call_param (call, "projectId");
  ErosJob *job;

  if (dry_run)
    job = eros_jobs_try (call->service->jobs, placed, node, project, call->user_email, &error);
  else
    job = eros_jobs_insert (call->service->jobs, placed, node, project, call->user_email, upload, &error);
  if (job == NULL)
    eros_call_fail_error (call, error);
  else
    {
      g_free (call->job_id);
      call->job_id = g_strdup (job->record->id);
    }
  return job;
}

static void
fail_job (ErosCall *call, ErosJob *job)
{
  static const struct
  {
    const char *reason;
    guint status;
  } STATUS[] = {
    { "notFound", 404 },     { "accessDenied", 403 },  { "duplicate", 409 },
    { "backendError", 503 }, { "internalError", 500 },
  };
  guint status = job->error_status != 0 ? job->error_status : 400;

  for (guint i = 0; job->error_status == 0 && i < G_N_ELEMENTS (STATUS); i++)
    if (strcmp (job->record->error_reason, STATUS[i].reason) == 0)
      status = STATUS[i].status;
  eros_call_fail (call, status, job->record->error_reason, "%s", job->record->error_message);
}

static void
insert_and_reply (ErosCall *call, JsonObject *body, GBytes *upload)
{
  JsonObject *configuration = eros_json_get_object (body, "configuration");
  g_autoptr (ErosJob) job = NULL;

  if (!check_types (call, body))
    return;
  if (configuration == NULL)
    {
      eros_call_fail (call, 400, "required", "Required parameter is missing: configuration");
      return;
    }
  if (!check_configuration (call, configuration))
    return;
  json_object_ref (configuration);
  job = insert (call, eros_json_get_object (body, "jobReference"), configuration, upload);
  if (job == NULL)
    return;
  if (job->initial != NULL)
    eros_json_raw (eros_call_reply (call), NULL, job->initial);
  else if (job->record->error_reason != NULL) /* a dry run is done at once */
    fail_job (call, job);
  else
    eros_job_write (job, NULL, eros_call_reply (call));
}

void
eros_handle_jobs_insert (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);

  if (body != NULL)
    insert_and_reply (call, body, NULL);
}

void
eros_handle_jobs_upload (ErosCall *call)
{
  g_auto (ErosUpload) upload = { 0 };

  if (eros_upload_receive (call, call->service->uploads, &upload))
    insert_and_reply (call, json_node_get_object (upload.metadata), upload.content);
}

static ErosJob *
find (ErosCall *call)
{
  g_autoptr (GError) error = NULL;
  const char *id = eros_call_param (call, "jobId");
  ErosJob *job = eros_jobs_find (call->service->jobs, eros_call_param (call, "projectId"), id,
                                 eros_call_query (call, "location"), &error);

  g_free (call->job_id);
  call->job_id = g_strdup (id);
  if (job == NULL)
    eros_call_fail_error (call, error);
  return job;
}

void
eros_handle_jobs_get (ErosCall *call)
{
  g_autoptr (ErosJob) job = find (call);

  if (job != NULL)
    eros_job_write (job, NULL, eros_call_reply (call));
}

void
eros_handle_jobs_cancel (ErosCall *call)
{
  g_autoptr (ErosJob) job = find (call);
  ErosJsonWriter *writer;

  if (job == NULL)
    return;
  eros_job_cancel (job);
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#jobCancelResponse");
  eros_job_write (job, "job", writer);
  eros_json_close (writer, '}');
}

void
eros_handle_jobs_delete (ErosCall *call)
{
  g_autoptr (ErosJob) job = find (call);
  g_autoptr (GError) error = NULL;

  if (job == NULL)
    return;
  if (!eros_job_is_done (job))
    eros_call_fail (call, 400, "invalid", "Cannot delete the job %s: it is still running", job->record->id);
  else if (!eros_store_delete_job (call->service->store, job->record->project, job->record->id, &error))
    eros_call_fail_error (call, error);
  else
    {
      eros_jobs_forget (call->service->jobs, job);
      eros_call_reply_nothing (call);
    }
}

/* ---- jobs.list ----------------------------------------------------------------------------------------- */

static GStrv
list_states (ErosCall *call)
{
  GStrv states = eros_call_query_all (call, "stateFilter");

  for (guint i = 0; states != NULL && states[i] != NULL; i++)
    {
      char *upper = g_ascii_strup (states[i], -1);

      g_free (states[i]);
      states[i] = upper;
    }
  return states;
}

/* A listed job is the resource without links, and `state` and `errorResult` at its top. */
static void
write_listed (ErosCall *call, ErosStoreJob *record, ErosJsonWriter *writer)
{
  g_autoptr (ErosJob) job =
    eros_jobs_find (call->service->jobs, record->project, record->id, record->location, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object, *status;
  ErosJsonWriter own;

  if (job == NULL)
    return;
  eros_json_writer_init (&own, text);
  eros_job_write (job, NULL, &own);
  node = json_from_string (text->str, NULL);
  object = json_node_get_object (node);
  status = json_object_get_object_member (object, "status");
  json_object_remove_member (object, "etag");
  json_object_remove_member (object, "selfLink");
  if (g_strcmp0 (eros_call_query (call, "projection"), "full") != 0)
    json_object_remove_member (object, "configuration");
  json_object_set_string_member (object, "state", json_object_get_string_member (status, "state"));
  if (json_object_has_member (status, "errorResult"))
    json_object_set_member (object, "errorResult", json_object_dup_member (status, "errorResult"));
  eros_json_node (writer, NULL, node);
}

void
eros_handle_jobs_list (ErosCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) jobs = NULL;
  g_auto (GStrv) states = list_states (call);
  ErosStoreJobFilter filter = { .project = eros_call_param (call, "projectId"), .states = states };
  const char *token = eros_call_query (call, "pageToken");
  g_autofree char *before_id = NULL;
  gint64 limit, minimum, maximum;
  gboolean more;
  ErosJsonWriter *writer;

  if (!eros_call_query_int (call, "maxResults", 50, &limit) ||
      !eros_call_query_int (call, "minCreationTime", 0, &minimum) ||
      !eros_call_query_int (call, "maxCreationTime", 0, &maximum))
    return;
  if (token != NULL && *token != '\0' && !eros_page_parse_job_token (token, &filter.before, &before_id))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for pageToken: %s is not a valid value", token);
      return;
    }
  filter.before_id = before_id;
  filter.parent_id = eros_call_query (call, "parentJobId");
  filter.min_created = minimum * 1000;
  filter.max_created = maximum != 0 ? maximum * 1000 + 999 : 0;
  filter.n_jobs = CLAMP (limit, 1, 1000);
  jobs = eros_store_list_jobs (call->service->store, &filter, &more, &error);
  if (jobs == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#jobList");
  eros_json_string (writer, "etag", EROS_ETAG_OF_ALL);
  if (more)
    {
      g_autofree char *next = eros_page_job_token (g_ptr_array_index (jobs, jobs->len - 1));

      eros_json_string (writer, "nextPageToken", next);
    }
  if (jobs->len > 0)
    eros_json_open (writer, "jobs", '[');
  for (guint i = 0; i < jobs->len; i++)
    write_listed (call, g_ptr_array_index (jobs, i), writer);
  if (jobs->len > 0)
    eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

/* ---- answers with rows --------------------------------------------------------------------------------- */

typedef struct
{
  const char *kind;
  gboolean query; /* jobs.query, whose answer has a few members more */
  gint64 first;
  gint64 max_rows; /* -1: not said */
  ErosSqlRestFlags flags;
} Answer;

static void
write_query_members (ErosJob *job, ErosJsonWriter *writer)
{
  g_autofree char *members = NULL;

  if (job->query_answer == NULL)
    {
      eros_json_int_string (writer, "totalBytesProcessed", job->record->bytes_processed);
      eros_json_bool (writer, "cacheHit", job->record->cache_hit);
      if (job->record->inserted_rows >= 0)
        eros_json_int_string (writer, "numDmlAffectedRows",
                              job->record->inserted_rows + job->record->updated_rows +
                                job->record->deleted_rows);
      return;
    }
  members = g_strconcat ("{", job->query_answer->str, "}", NULL);
  eros_json_members (writer, members);
}

static gboolean
write_rows (ErosJob *job, Answer *answer, ErosJsonWriter *writer, GError **error)
{
  ErosPage page = { writer, answer->flags, answer->first, MAX (answer->max_rows, 0), 0 };

  if (!eros_job_load_result (job, error))
    return FALSE;
  if (job->columns != NULL)
    eros_schema_write (job->columns, writer);
  if (job->result == NULL)
    {
      if (job->record->inserted_rows < 0 && job->columns != NULL)
        eros_json_int_string (writer, "totalRows", 0);
      return TRUE;
    }
  eros_json_int_string (writer, "totalRows", eros_store_result_get_n_rows (job->result));
  if (answer->max_rows == 0)
    {
      g_autofree char *token =
        answer->first < eros_store_result_get_n_rows (job->result) ? eros_page_token (answer->first) : NULL;

      eros_json_string (writer, "pageToken", token);
      return TRUE;
    }
  return eros_page_write_result (&page, job->result, error);
}

static void
reply (ErosCall *call, ErosJob *job, Answer *answer)
{
  g_autoptr (GError) error = NULL;
  gboolean done = eros_job_is_done (job);
  ErosJsonWriter *writer;

  if (done && job->record->error_reason != NULL)
    {
      fail_job (call, job);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", answer->kind);
  if (!answer->query)
    eros_json_string (writer, "etag", job->record->id);
  eros_job_write_reference (job, writer);
  eros_json_bool (writer, "jobComplete", done);
  if (done && job->session_id != NULL && answer->query)
    eros_job_write_session (job, writer);
  if (done)
    {
      write_query_members (job, writer);
      if (!write_rows (job, answer, writer, &error))
        {
          eros_call_fail_error (call, error);
          return;
        }
    }
  eros_json_close (writer, '}');
}

static gboolean
read_start (ErosCall *call, Answer *answer)
{
  const char *token = eros_call_query (call, "pageToken");

  if (!eros_call_query_int (call, "startIndex", 0, &answer->first) ||
      !eros_call_query_int (call, "maxResults", -1, &answer->max_rows))
    return FALSE;
  if (token == NULL || *token == '\0' || eros_page_parse_token (token, &answer->first))
    return TRUE;
  eros_call_fail (call, 400, "invalid", "Invalid value for pageToken: %s is not a valid value", token);
  return FALSE;
}

void
eros_handle_query_results (ErosCall *call)
{
  Answer answer = { .kind = "bigquery#getQueryResultsResponse" };
  g_autoptr (ErosJob) job = NULL;
  gint64 timeout;

  if (!eros_call_query_int (call, "timeoutMs", DEFAULT_WAIT_MS, &timeout) || !read_start (call, &answer))
    return;
  job = find (call);
  if (job == NULL)
    return;
  if (g_strcmp0 (job->record->job_type, "QUERY") != 0)
    {
      eros_call_fail (call, 400, "invalid", "Cannot get query results of a job of type %s",
                      job->record->job_type);
      return;
    }
  if (eros_call_query_bool (call, "formatOptions.useInt64Timestamp"))
    answer.flags |= EROS_SQL_REST_INT64_TIMESTAMP;
  eros_job_wait (job, MIN (timeout, MAX_WAIT_MS));
  reply (call, job, &answer);
}

/* QueryRequest holds what JobConfiguration and JobConfigurationQuery hold, side by side. */
static JsonObject *
configuration_of (JsonObject *request)
{
  static const char *const QUERY[] = {
    "query",           "defaultDataset",     "useLegacySql",  "useQueryCache",        "parameterMode",
    "queryParameters", "maximumBytesBilled", "createSession", "connectionProperties", "continuous"
  };
  static const char *const OUTER[] = { "labels", "dryRun", "jobTimeoutMs" };
  JsonObject *configuration = json_object_new ();
  JsonObject *query = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (QUERY); i++)
    if (json_object_has_member (request, QUERY[i]))
      json_object_set_member (query, QUERY[i], json_object_dup_member (request, QUERY[i]));
  for (guint i = 0; i < G_N_ELEMENTS (OUTER); i++)
    if (json_object_has_member (request, OUTER[i]))
      json_object_set_member (configuration, OUTER[i], json_object_dup_member (request, OUTER[i]));
  json_object_set_object_member (configuration, "query", query);
  return configuration;
}

/* requestId makes a repeated request find the job of the first one. */
static JsonObject *
reference_of (JsonObject *request)
{
  const char *id = eros_json_get_string (request, "requestId");
  const char *location = eros_json_get_string (request, "location");
  JsonObject *reference = json_object_new ();

  if (id != NULL && *id != '\0')
    {
      g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);
      g_autofree char *job = g_strconcat ("job_", hash, NULL);

      json_object_set_string_member (reference, "jobId", job);
    }
  if (location != NULL)
    json_object_set_string_member (reference, "location", location);
  return reference;
}

/* It has ended with the server, and has changed nothing: who asks again means the statement, not that end. */
static gboolean
has_come_to_nothing (ErosCall *call, ErosJob *job)
{
  g_autoptr (GPtrArray) commits = NULL;

  if (!eros_job_is_done (job) || g_strcmp0 (job->record->error_reason, "backendError") != 0)
    return FALSE;
  commits = eros_store_list_commits (call->service->store, job->record->project, job->record->id, NULL);
  return commits != NULL && commits->len == 0;
}

static ErosJob *
start_query (ErosCall *call, JsonObject *request)
{
  g_autoptr (JsonObject) configuration = configuration_of (request);
  g_autoptr (JsonObject) reference = reference_of (request);
  const char *id = eros_json_get_string (reference, "jobId");

  if (id != NULL)
    {
      ErosJob *job =
        eros_jobs_find (call->service->jobs, eros_call_param (call, "projectId"), id, NULL, NULL);

      if (job != NULL && has_come_to_nothing (call, job))
        {
          json_object_remove_member (reference, "jobId");
          eros_job_unref (job);
        }
      else if (job != NULL)
        {
          g_free (call->job_id);
          call->job_id = g_strdup (id);
          return job;
        }
    }
  return insert (call, reference, configuration, NULL);
}

static void
reply_dry_run (ErosCall *call, ErosJob *job)
{
  ErosJsonWriter *writer;

  if (job->record->error_reason != NULL)
    {
      fail_job (call, job);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#queryResponse");
  eros_json_open (writer, "jobReference", '{');
  eros_json_string (writer, "projectId", job->record->project);
  eros_json_string (writer, "location", job->record->location);
  eros_json_close (writer, '}');
  eros_json_bool (writer, "jobComplete", TRUE);
  write_query_members (job, writer);
  if (job->columns != NULL)
    eros_schema_write (job->columns, writer);
  eros_json_close (writer, '}');
}

void
eros_handle_jobs_query (ErosCall *call)
{
  JsonObject *request = eros_call_body (call);
  Answer answer = { .kind = "bigquery#queryResponse", .query = TRUE };
  JsonObject *options;
  g_autoptr (ErosJob) job = NULL;

  if (request == NULL || !check_types (call, request) || !check_query (call, request) ||
      !check_labels (call, request))
    return;
  answer.max_rows = eros_json_get_int (request, "maxResults", -1);
  options = eros_json_get_object (request, "formatOptions");
  if (options != NULL && eros_json_get_bool (options, "useInt64Timestamp", FALSE))
    answer.flags |= EROS_SQL_REST_INT64_TIMESTAMP;
  job = start_query (call, request);
  if (job == NULL)
    return;
  if (eros_json_get_bool (request, "dryRun", FALSE))
    {
      reply_dry_run (call, job);
      return;
    }
  eros_job_wait (job, CLAMP (eros_json_get_int (request, "timeoutMs", DEFAULT_WAIT_MS), 0, MAX_WAIT_MS));
  reply (call, job, &answer);
}
