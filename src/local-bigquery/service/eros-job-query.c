/* eros-job-query.c: query jobs: the engine asked, its answer told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-destination.h"
#include "eros-json-reader.h"
#include "eros-clock.h"
#include "eros-parameters.h"
#include "eros-schema.h"
#include "eros-service-private.h"

static void
write_name (ErosJsonWriter *writer, const char *member, const ErosEngineName *name, const char *third)
{
  eros_json_open (writer, member, '{');
  eros_json_string (writer, "projectId", name->project);
  eros_json_string (writer, "datasetId", name->dataset);
  if (name->name != NULL)
    eros_json_string (writer, third, name->name);
  eros_json_close (writer, '}');
}

static void
write_names (ErosJsonWriter *writer, const char *member, GPtrArray *names, const char *third)
{
  if (names == NULL || names->len == 0)
    return;
  eros_json_open (writer, member, '[');
  for (guint i = 0; i < names->len; i++)
    write_name (writer, NULL, g_ptr_array_index (names, i), third);
  eros_json_close (writer, ']');
}

static void
write_dml (const ErosEngineResult *result, ErosJsonWriter *writer)
{
  if (result->affected_rows < 0)
    return;
  eros_json_int_string (writer, "numDmlAffectedRows", result->affected_rows);
  eros_json_open (writer, "dmlStats", '{');
  if (result->inserted_rows >= 0)
    eros_json_int_string (writer, "insertedRowCount", result->inserted_rows);
  if (result->updated_rows >= 0)
    eros_json_int_string (writer, "updatedRowCount", result->updated_rows);
  if (result->deleted_rows >= 0)
    eros_json_int_string (writer, "deletedRowCount", result->deleted_rows);
  eros_json_close (writer, '}');
}

static void
write_ddl (const ErosEngineResult *result, ErosJsonWriter *writer)
{
  eros_json_string (writer, "ddlOperationPerformed", result->ddl_operation);
  if (result->n_policies >= 0)
    eros_json_int_string (writer, "ddlAffectedRowAccessPolicyCount", result->n_policies);
  if (result->ddl_policy != NULL)
    {
      eros_json_open (writer, "ddlTargetRowAccessPolicy", '{');
      eros_json_string (writer, "projectId", result->ddl_table->project);
      eros_json_string (writer, "datasetId", result->ddl_table->dataset);
      eros_json_string (writer, "tableId", result->ddl_table->name);
      eros_json_string (writer, "policyId", result->ddl_policy);
      eros_json_close (writer, '}');
    }
  else if (result->ddl_table != NULL)
    write_name (writer, "ddlTargetTable", result->ddl_table, "tableId");
  if (result->ddl_routine != NULL)
    write_name (writer, "ddlTargetRoutine", result->ddl_routine, "routineId");
  if (result->ddl_dataset != NULL)
    write_name (writer, "ddlTargetDataset", result->ddl_dataset, NULL);
}

static void
write_query_statistics (const ErosEngineResult *result, gboolean dry_run, ErosJsonWriter *writer)
{
  gboolean reads_more;

  eros_json_open (writer, "query", '{');
  eros_json_string (writer, "statementType", result->statement_type);
  eros_json_int_string (writer, "totalBytesProcessed", result->bytes_processed);
  eros_json_int_string (writer, "totalBytesBilled", result->bytes_billed);
  eros_json_bool (writer, "cacheHit", result->cache_hit);
  /* The body of a procedure that is being created is looked at, too, and reads nothing. */
  reads_more = result->reads_more && g_strcmp0 (result->statement_type, "SCRIPT") == 0;
  if (dry_run)
    eros_json_string (writer, "totalBytesProcessedAccuracy", reads_more ? "LOWER_BOUND" : "PRECISE");
  else
    {
      eros_json_int_string (writer, "totalSlotMs", result->slot_ms);
      eros_json_int (writer, "billingTier", 1);
    }
  write_dml (result, writer);
  write_ddl (result, writer);
  if (result->exported_files >= 0)
    {
      eros_json_open (writer, "exportDataStatistics", '{');
      eros_json_int_string (writer, "fileCount", result->exported_files);
      eros_json_int_string (writer, "rowCount", result->exported_rows);
      eros_json_close (writer, '}');
    }
  write_names (writer, "referencedTables", result->referenced_tables, "tableId");
  write_names (writer, "referencedRoutines", result->referenced_routines, "routineId");
  if (dry_run && result->columns != NULL)
    eros_schema_write (result->columns, writer);
  eros_json_close (writer, '}');
}

static void
write_frames (const ErosEngineChild *child, ErosJsonWriter *writer)
{
  eros_json_open (writer, "scriptStatistics", '{');
  eros_json_string (writer, "evaluationKind", child->is_expression ? "EXPRESSION" : "STATEMENT");
  eros_json_open (writer, "stackFrames", '[');
  for (guint i = 0; child->frames != NULL && i < child->frames->len; i++)
    {
      ErosEngineFrame *frame = g_ptr_array_index (child->frames, i);

      eros_json_open (writer, NULL, '{');
      eros_json_int (writer, "startLine", frame->start_line);
      eros_json_int (writer, "startColumn", frame->start_column);
      eros_json_int (writer, "endLine", frame->end_line);
      eros_json_int (writer, "endColumn", frame->end_column);
      eros_json_string (writer, "procedureId", frame->procedure);
      eros_json_string (writer, "text", frame->text);
      eros_json_close (writer, '}');
    }
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

/* Members of `statistics` of the Job resource */
static GString *
describe_statistics (const ErosEngineResult *result, const ErosEngineChild *child, gboolean dry_run)
{
  GString *statistics = g_string_new (NULL);
  ErosJsonWriter writer;

  eros_json_writer_init (&writer, statistics);
  eros_json_int_string (&writer, "totalBytesProcessed", result->bytes_processed);
  if (!dry_run)
    eros_json_int_string (&writer, "totalSlotMs", result->slot_ms);
  if (result->transaction_id != NULL)
    {
      eros_json_open (&writer, "transactionInfo", '{');
      eros_json_string (&writer, "transactionId", result->transaction_id);
      eros_json_close (&writer, '}');
    }
  if (child != NULL)
    write_frames (child, &writer);
  write_query_statistics (result, dry_run, &writer);
  return statistics;
}

static char *
name_to_json (const ErosEngineName *name)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ErosJsonWriter writer;

  eros_json_writer_init (&writer, text);
  write_name (&writer, NULL, name, "tableId");
  return g_strdup (text->str);
}

static void
fill_record (ErosStoreJob *record, const ErosEngineResult *result)
{
  g_autoptr (GString) tables = g_string_new (NULL);
  ErosJsonWriter writer;

  g_free (record->statement_type);
  record->statement_type = g_strdup (result->statement_type);
  record->bytes_processed = result->bytes_processed;
  record->bytes_billed = result->bytes_billed;
  record->slot_ms = result->slot_ms;
  record->cache_hit = result->cache_hit;
  record->inserted_rows = result->affected_rows < 0 ? -1 : MAX (result->inserted_rows, 0);
  record->updated_rows = result->affected_rows < 0 ? -1 : MAX (result->updated_rows, 0);
  record->deleted_rows = result->affected_rows < 0 ? -1 : MAX (result->deleted_rows, 0);
  record->transaction_id = g_strdup (result->transaction_id);
  if (result->ddl_table != NULL && record->destination_table == NULL)
    record->destination_table = name_to_json (result->ddl_table);
  if (result->referenced_tables == NULL)
    return;
  eros_json_writer_init (&writer, tables);
  eros_json_open (&writer, NULL, '[');
  for (guint i = 0; i < result->referenced_tables->len; i++)
    write_name (&writer, NULL, g_ptr_array_index (result->referenced_tables, i), "tableId");
  eros_json_close (&writer, ']');
  record->referenced_tables = g_strdup (tables->str);
}

/* BigQuery answers a failed query with the status that belongs to the reason. */
static guint
status_of (const char *reason)
{
  static const struct
  {
    const char *reason;
    guint status;
  } STATUS[] = {
    { "accessDenied", 403 },    { "notFound", 404 },          { "duplicate", 409 },
    { "conditionNotMet", 412 }, { "stopped", 499 },           { "internalError", 500 },
    { "backendError", 503 },    { "notImplemented", 501 },    { "rateLimitExceeded", 403 },
    { "quotaExceeded", 403 },   { "billingNotEnabled", 403 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (STATUS); i++)
    if (strcmp (reason, STATUS[i].reason) == 0)
      return STATUS[i].status;
  return 400;
}

static void
write_answer (ErosJob *job, const ErosEngineResult *result)
{
  ErosJsonWriter writer;

  job->query_answer = g_string_new (NULL);
  eros_json_writer_init (&writer, job->query_answer);
  eros_json_int_string (&writer, "totalBytesProcessed", result->bytes_processed);
  eros_json_bool (&writer, "cacheHit", result->cache_hit);
  if (result->affected_rows >= 0)
    eros_json_int_string (&writer, "numDmlAffectedRows", result->affected_rows);
}

static void
take_result (ErosJob *job, const ErosEngineResult *result, const ErosEngineChild *child, gboolean dry_run)
{
  job->statistics = describe_statistics (result, child, dry_run);
  write_answer (job, result);
  fill_record (job->record, result);
  if (result->children != NULL)
    job->n_children = result->children->len;
  if (result->result != NULL)
    job->result = eros_store_result_ref (result->result);
  if (result->columns != NULL)
    job->columns = g_ptr_array_ref (result->columns);
  if (result->error_reason != NULL)
    eros_job_set_error_text (job, status_of (result->error_reason), result->error_reason,
                             result->error_location, result->error_message);
}

/* ---- a script's children ------------------------------------------------------------------------------- */

/**
 * eros_job_child_configuration:
 * @query: (nullable): the statement
 *
 * Returns: (transfer full): the JobConfiguration of a statement of a script
 */
JsonNode *
eros_job_child_configuration (const char *query)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "jobType");
  json_builder_add_string_value (builder, "QUERY");
  json_builder_set_member_name (builder, "query");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "query");
  json_builder_add_string_value (builder, query != NULL ? query : "");
  json_builder_set_member_name (builder, "priority");
  json_builder_add_string_value (builder, "INTERACTIVE");
  json_builder_set_member_name (builder, "useLegacySql");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
describe_child (ErosJob *job, const ErosEngineChild *child)
{
  job->configuration = eros_job_child_configuration (child->query);
  job->record->query = g_strdup (child->query);
  job->record->job_type = g_strdup ("QUERY");
  job->record->priority = g_strdup ("INTERACTIVE");
  job->record->created = job->record->started = child->result->started;
  job->record->ended = child->result->ended;
  take_result (job, child->result, child, FALSE);
}

static void
child_cb (const ErosEngineChild *child, gpointer user_data)
{
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) error = NULL;

  if (child->result == NULL)
    return;
  job = eros_job_new_child (user_data, child->job_id);
  describe_child (job, child);
  if (!eros_job_store_child (job, &error))
    g_printerr ("Could not store the job %s: %s\n", job->record->id, error->message);
}

/* What the next process finds with the commit if this one is killed now: see eros-jobs-settle.c. */
static char *
outcome_cb (const ErosEngineResult *done, const ErosEngineChild *child, gpointer user_data)
{
  ErosJob *job = user_data;
  g_autoptr (GString) statistics = describe_statistics (done, child, FALSE);
  g_autofree char *members = g_strconcat ("{", statistics->str, "}", NULL);
  GString *text = g_string_new (NULL);
  ErosJsonWriter writer;

  eros_json_writer_init (&writer, text);
  eros_json_open (&writer, NULL, '{');
  eros_json_string (&writer, "project", job->record->project);
  if (child != NULL)
    {
      eros_json_string (&writer, "script", job->record->id);
      eros_json_string (&writer, "query", child->query);
      eros_json_int (&writer, "started", done->started);
    }
  eros_json_raw (&writer, "statistics", members);
  eros_json_close (&writer, '}');
  return g_string_free (text, FALSE);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosJob *job;
  ErosEngineRequest request;
  GArray *parameters;
  ErosEngineName name;
  ErosDestination destination;
  ErosSession *session; /* (nullable) taken */
  GError *failure;      /* (nullable) of what the engine does not know the reason: the destination, files */
} Question;

static ErosStoreTable *
open_cb (ErosStoreConnection *connection, GPtrArray *columns, gpointer user_data, GError **error)
{
  Question *question = user_data;
  ErosStoreTable *table =
    eros_destination_open (&question->destination, connection, columns, &question->failure);

  if (table == NULL)
    g_propagate_error (error, g_error_copy (question->failure));
  return table;
}

static gboolean
close_cb (ErosStoreConnection *connection, ErosStoreTable *table, gpointer user_data, GError **error)
{
  Question *question = user_data;

  if (eros_destination_close (&question->destination, connection, table, &question->failure))
    return TRUE;
  g_propagate_error (error, g_error_copy (question->failure));
  return FALSE;
}

static gboolean
files_cb (ErosEngineFiles *files, gpointer user_data, GError **error)
{
  Question *question = user_data;

  g_clear_error (&question->failure);
  if (eros_job_files (files, question->job, &question->failure))
    return TRUE;
  g_propagate_error (error, g_error_copy (question->failure));
  return FALSE;
}

static gboolean
read_destination (ErosJob *job, JsonObject *query, Question *question, GError **error)
{
  JsonObject *table = eros_json_get_object (query, "destinationTable");
  ErosEngineRequest *request = &question->request;
  ErosDestination *destination = &question->destination;

  request->has_create_disposition = eros_json_get_string (query, "createDisposition") != NULL;
  if (table == NULL || eros_job_is_anonymous (eros_json_get_string (table, "datasetId")))
    return TRUE;
  if (!eros_destination_init (destination, job, query, "WRITE_EMPTY", error))
    return FALSE;
  question->name.project = destination->project;
  question->name.dataset = destination->dataset;
  question->name.name = destination->name;
  request->destination = &question->name;
  request->destination_is_partition = destination->partition != NULL;
  request->open_func = open_cb;
  request->close_func = close_cb;
  request->open_data = question;
  return TRUE;
}

static const char *
find_property (JsonObject *query, const char *name)
{
  JsonArray *properties = eros_json_get_array (query, "connectionProperties");

  for (guint i = 0; properties != NULL && i < json_array_get_length (properties); i++)
    {
      JsonNode *element = json_array_get_element (properties, i);

      if (JSON_NODE_HOLDS_OBJECT (element) &&
          g_strcmp0 (eros_json_get_string (json_node_get_object (element), "key"), name) == 0)
        return eros_json_get_string (json_node_get_object (element), "value");
    }
  return NULL;
}

/* Nothing else that a connection could have is known here. */
static gboolean
check_properties (JsonObject *query, GError **error)
{
  JsonArray *properties = eros_json_get_array (query, "connectionProperties");

  for (guint i = 0; properties != NULL && i < json_array_get_length (properties); i++)
    {
      JsonNode *element = json_array_get_element (properties, i);
      const char *key = JSON_NODE_HOLDS_OBJECT (element)
                          ? eros_json_get_string (json_node_get_object (element), "key")
                          : NULL;

      if (g_strcmp0 (key, "time_zone") == 0 || g_strcmp0 (key, "session_id") == 0)
        continue;
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "The local server does not have the connection property %s: leave it out.",
                   key != NULL ? key : "without a key");
      return FALSE;
    }
  return TRUE;
}

/* A dry run leaves nothing behind: it makes no session. */
static gboolean
find_session (ErosJob *job, JsonObject *query, Question *question, GError **error)
{
  const char *id = find_property (query, "session_id");
  gboolean create = eros_json_get_bool (query, "createSession", FALSE);
  ErosSessions *sessions = job->service->sessions;

  if (id != NULL && create)
    {
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                           "createSession and the connection property session_id cannot be set both.");
      return FALSE;
    }
  if (id != NULL)
    question->session = eros_sessions_take (sessions, id, job->cancellable, error);
  else if (create && !question->request.dry_run)
    question->session = eros_sessions_create (sessions);
  if (id != NULL && question->session == NULL)
    return FALSE;
  if (question->session != NULL)
    {
      question->request.session = eros_session_get_engine_session (question->session);
      job->session_id = g_strdup (eros_session_get_id (question->session));
    }
  return TRUE;
}

static gboolean
read_question (ErosJob *job, Question *question, GError **error)
{
  JsonObject *configuration = json_node_get_object (job->configuration);
  JsonObject *query = eros_json_get_object (configuration, "query");
  JsonObject *dataset = eros_json_get_object (query, "defaultDataset");
  JsonNode *parameters = json_object_get_member (query, "queryParameters");
  ErosEngineRequest *request = &question->request;

  request->project = job->record->project;
  request->location = job->record->location;
  request->job_id = job->record->id;
  request->user_email = job->record->user_email;
  request->query = eros_json_get_string (query, "query");
  request->default_project = eros_json_get_string (dataset, "projectId");
  request->default_dataset = eros_json_get_string (dataset, "datasetId");
  request->dry_run = eros_json_get_bool (configuration, "dryRun", FALSE);
  request->use_cache = eros_json_get_bool (query, "useQueryCache", TRUE);
  request->maximum_bytes_billed = eros_json_get_int (query, "maximumBytesBilled", 0);
  request->timeout_ms = eros_json_get_int (configuration, "jobTimeoutMs", 0);
  request->time_zone = find_property (query, "time_zone");
  request->child_func = child_cb;
  request->child_data = job;
  request->files_func = files_cb;
  request->files_data = question;
  request->outcome_func = outcome_cb;
  request->outcome_data = job;
  if (!check_properties (query, error) || !find_session (job, query, question, error) ||
      !read_destination (job, query, question, error))
    return FALSE;
  if (parameters == NULL || !JSON_NODE_HOLDS_ARRAY (parameters))
    return TRUE;
  question->parameters = eros_parameters_read (json_node_get_array (parameters), error);
  if (question->parameters == NULL)
    return FALSE;
  request->parameters = (const ErosEngineParameter *) question->parameters->data;
  request->n_parameters = question->parameters->len;
  return TRUE;
}

/* What a statement needs on the table or routine that it makes, changes or drops */
static const struct
{
  const char *prefix;
  const char *permission;
} NEEDS[] = {
  { "CREATE_SNAPSHOT", "bigquery.tables.createSnapshot" },
  { "DROP_SNAPSHOT", "bigquery.tables.deleteSnapshot" },
  { "CREATE_FUNCTION", "bigquery.routines.create" },
  { "CREATE_PROCEDURE", "bigquery.routines.create" },
  { "CREATE_SCHEMA", "bigquery.datasets.create" },
  { "CREATE_", "bigquery.tables.create" },
  { "DROP_FUNCTION", "bigquery.routines.delete" },
  { "DROP_PROCEDURE", "bigquery.routines.delete" },
  { "DROP_SCHEMA", "bigquery.datasets.delete" },
  { "DROP_", "bigquery.tables.delete" },
  { "ALTER_SCHEMA", "bigquery.datasets.update" },
  { "ALTER_", "bigquery.tables.update" },
  { "INSERT", "bigquery.tables.updateData" },
  { "UPDATE", "bigquery.tables.updateData" },
  { "DELETE", "bigquery.tables.updateData" },
  { "MERGE", "bigquery.tables.updateData" },
  { "TRUNCATE", "bigquery.tables.updateData" },
};

static gboolean
check_target (ErosJob *job, const ErosEngineResult *result, GError **error)
{
  const ErosEngineName *target = result->ddl_table != NULL     ? result->ddl_table
                                 : result->ddl_routine != NULL ? result->ddl_routine
                                                               : result->ddl_dataset;

  for (guint i = 0; result->statement_type != NULL && i < G_N_ELEMENTS (NEEDS); i++)
    {
      if (!g_str_has_prefix (result->statement_type, NEEDS[i].prefix))
        continue;
      if (target != NULL)
        return eros_job_check_permission (job, NEEDS[i].permission, target->dataset, target->name, error);
      for (guint k = 0; k < result->referenced_tables->len; k++)
        {
          const ErosEngineName *name = g_ptr_array_index (result->referenced_tables, k);

          if (!eros_job_check_permission (job, NEEDS[i].permission, name->dataset, name->name, error))
            return FALSE;
        }
      return TRUE;
    }
  return TRUE;
}

/* A statement has been done and is not kept yet: whether the caller may do that, and read what it has read.
 */
static char *
refuse_cb (const ErosEngineResult *done, gpointer user_data)
{
  ErosJob *job = user_data;
  g_autoptr (GError) error = NULL;

  if (eros_permissions_is_everything (job->service->permissions))
    return NULL;
  for (guint i = 0; i < done->referenced_tables->len; i++)
    {
      const ErosEngineName *name = g_ptr_array_index (done->referenced_tables, i);

      if (!eros_job_check_permission (job, "bigquery.tables.getData", name->dataset, name->name, &error))
        return g_strdup (error->message);
    }
  return check_target (job, done, &error) ? NULL : g_strdup (error->message);
}

static void
run (ErosJob *job, gboolean dry_run)
{
  Question question = { .job = job };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosEngineResult) result = NULL;

  if (!read_question (job, &question, &error))
    eros_job_set_error (job, error);
  else
    {
      question.request.dry_run = dry_run;
      question.request.refuse_func = refuse_cb;
      question.request.refuse_data = job;
      result = eros_engine_run (job->service->engine, &question.request, job->cancellable);
      take_result (job, result, NULL, dry_run);
      if (question.failure != NULL && result->error_message != NULL &&
          strcmp (question.failure->message, result->error_message) == 0)
        eros_job_set_error (job, question.failure);
    }
  if (question.session != NULL)
    eros_sessions_give_back (job->service->sessions, question.session);
  g_clear_error (&question.failure);
  eros_destination_clear (&question.destination);
  g_clear_pointer (&question.parameters, g_array_unref);
}

/**
 * eros_job_run_query:
 * @job: a query job, in its thread
 *
 * Runs it.
 */
void
eros_job_run_query (ErosJob *job)
{
  run (job, FALSE);
}

/**
 * eros_job_dry_run:
 * @job: a query job that is not stored
 *
 * Finds out what it would do.
 */
void
eros_job_dry_run (ErosJob *job)
{
  job->record->started = eros_clock_get_now ();
  run (job, TRUE);
}
