/* eros-handle-tables.c: tables.*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-store-partition.h"
#include "eros-table-resource.h"

static ErosStoreTable *
find_named (ErosCall *call, ErosStoreConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  ErosStoreTable *table = eros_store_get_table (connection, eros_call_param (call, "projectId"),
                                                eros_call_param (call, "datasetId"), name, &error);

  if (table == NULL)
    eros_call_fail_error (call, error);
  return table;
}

/* What a table is, none of its partitions is in part. */
static ErosStoreTable *
find (ErosCall *call, ErosStoreConnection *connection)
{
  g_autofree char *name = NULL;
  g_autofree char *partition = NULL;

  if (!eros_store_partition_split (eros_call_param (call, "tableId"), &name, &partition))
    return find_named (call, connection, name);
  eros_call_fail (call, 400, "invalid",
                  "Cannot tell or change the partition %s of a table by itself: name the table.", partition);
  return NULL;
}

static ErosStoreDataset *
find_dataset (ErosCall *call, ErosStoreConnection *connection)
{
  g_autoptr (GError) error = NULL;
  ErosStoreDataset *dataset = eros_store_get_dataset (connection, eros_call_param (call, "projectId"),
                                                      eros_call_param (call, "datasetId"), &error);

  if (dataset == NULL)
    eros_call_fail_error (call, error);
  return dataset;
}

/* selectedFields: the schema has only these columns. */
static gboolean
select_columns (ErosCall *call, ErosStoreTable *table)
{
  const char *selected = eros_call_query (call, "selectedFields");
  g_auto (GStrv) names = g_strsplit (selected != NULL ? selected : "", ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      names[i][strcspn (names[i], ".")] = '\0';
      if (eros_store_table_find_column (table, names[i], NULL) == NULL)
        {
          eros_call_fail (call, 400, "invalid", "No such field: %s", names[i]);
          return FALSE;
        }
    }
  for (guint i = table->columns->len; names[0] != NULL && i > 0; i--)
    {
      gboolean wanted = FALSE;

      for (guint k = 0; names[k] != NULL && !wanted; k++)
        wanted = g_ascii_strcasecmp (
                   names[k], ((ErosStoreColumn *) g_ptr_array_index (table->columns, i - 1))->name) == 0;
      if (!wanted)
        g_ptr_array_remove_index (table->columns, i - 1);
    }
  return TRUE;
}

/* Needs a transaction: measures what has not been counted. */
static void
reply (ErosCall *call, ErosStoreConnection *connection, ErosStoreTable *table)
{
  g_autoptr (ErosStoreDataset) dataset = find_dataset (call, connection);
  g_auto (ErosStoreStats) stats = { 0 };
  g_autoptr (GError) error = NULL;

  if (dataset == NULL)
    return;
  if (!eros_store_get_stats (connection, table, &stats, &error))
    eros_call_fail_error (call, error);
  else if (select_columns (call, table))
    {
      eros_table_write (call, table, &stats, dataset->location, eros_call_reply (call));
      eros_call_set_etag (call, table->etag);
    }
}

static void
commit_and_reply (ErosCall *call, ErosStoreConnection *connection, ErosStoreTable *table)
{
  g_autoptr (ErosStoreTable) stored = NULL;
  g_autoptr (GError) error = NULL;

  if (!eros_call_commit (call, connection))
    return;
  if (!eros_store_begin (connection, EROS_STORE_READ, NULL, &error))
    {
      eros_call_fail_error (call, error);
      return;
    }
  stored = eros_store_get_table (connection, table->project, table->dataset, table->name, &error);
  if (stored == NULL)
    eros_call_fail_error (call, error);
  else
    reply (call, connection, stored);
}

/* The table in which a query's rows are said to lie */
static void
reply_result (ErosCall *call)
{
  const char *name = eros_call_param (call, "tableId");
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJob) job = eros_jobs_find (call->service->jobs, eros_call_param (call, "projectId"),
                                            name + strlen (EROS_ANONYMOUS_PREFIX), NULL, &error);
  g_autoptr (ErosStoreTable) table = eros_store_table_new (eros_call_param (call, "projectId"),
                                                           EROS_ANONYMOUS_DATASET, name, EROS_STORE_TABLE);
  ErosStoreStats stats = { 0 };

  if (job == NULL || !eros_job_is_done (job) || !eros_job_load_result (job, &error) || job->result == NULL)
    {
      eros_call_fail (call, 404, "notFound", "Not found: Table %s:%s.%s", table->project, table->dataset,
                      table->name);
      return;
    }
  for (guint i = 0; job->columns != NULL && i < job->columns->len; i++)
    g_ptr_array_add (table->columns, eros_store_column_copy (g_ptr_array_index (job->columns, i)));
  table->created = table->modified = job->record->created;
  table->etag = g_strdup (job->record->id);
  stats.rows = eros_store_result_get_n_rows (job->result);
  if (select_columns (call, table))
    eros_table_write (call, table, &stats, job->record->location, eros_call_reply (call));
}

static void
reply_table (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreTable) table = connection != NULL ? find (call, connection) : NULL;

  if (table != NULL)
    reply (call, connection, table);
}

void
eros_handle_tables_get (ErosCall *call)
{
  if (eros_job_is_anonymous (eros_call_param (call, "datasetId")) &&
      g_str_has_prefix (eros_call_param (call, "tableId"), EROS_ANONYMOUS_PREFIX))
    reply_result (call);
  else
    reply_table (call);
}

void
eros_handle_tables_list (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreDataset) dataset = connection != NULL ? find_dataset (call, connection) : NULL;
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (GError) error = NULL;
  const char *token = eros_call_query (call, "pageToken");
  gint64 limit, first = 0;
  ErosJsonWriter *writer;

  if (dataset == NULL || !eros_call_query_int (call, "maxResults", 1000, &limit))
    return;
  if (token != NULL && *token != '\0' && !eros_page_parse_token (token, &first))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for pageToken: %s is not a valid value", token);
      return;
    }
  tables = eros_store_list_tables (connection, dataset->project, dataset->name, &error);
  if (tables == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#tableList");
  eros_json_string (writer, "etag", EROS_ETAG_OF_ALL);
  eros_json_int (writer, "totalItems", tables->len);
  if (tables->len > 0)
    eros_json_open (writer, "tables", '[');
  for (gint64 i = first; i < tables->len && i < first + limit; i++)
    eros_table_write_listed (g_ptr_array_index (tables, i), writer);
  if (tables->len > 0)
    eros_json_close (writer, ']');
  if (first + limit < tables->len)
    {
      g_autofree char *next = eros_page_token (first + limit);

      eros_json_string (writer, "nextPageToken", next);
    }
  eros_json_close (writer, '}');
}

static gboolean
is_table_id (const char *id)
{
  glong length = g_utf8_strlen (id, -1);

  if (length < 1 || strlen (id) > 1024)
    return FALSE;
  for (const char *p = id; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isalnum (c) && !g_unichar_ismark (c) && c != '_' && c != '-' && c != ' ')
        return FALSE;
    }
  return TRUE;
}

/* A view's columns are those of its query. */
static gboolean
resolve_view (ErosCall *call, ErosStoreTable *table)
{
  ErosEngineRequest request = { 0 };
  g_autoptr (ErosEngineResult) result = NULL;

  request.project = table->project;
  request.query = table->query;
  request.user_email = call->user_email;
  request.dry_run = TRUE;
  result = eros_engine_run (call->service->engine, &request, NULL);
  if (result->error_reason != NULL)
    {
      eros_call_fail (call, 400, result->error_reason, "%s", result->error_message);
      return FALSE;
    }
  g_ptr_array_set_size (table->columns, 0);
  for (guint i = 0; result->columns != NULL && i < result->columns->len; i++)
    g_ptr_array_add (table->columns, eros_store_column_copy (g_ptr_array_index (result->columns, i)));
  return TRUE;
}

static ErosStoreTable *
read_new_table (ErosCall *call, JsonObject *body)
{
  JsonObject *schema = eros_json_get_object (body, "schema");
  const char *id = eros_json_get_string (eros_json_get_object (body, "tableReference"), "tableId");
  ErosStoreTableKind kind = json_object_has_member (body, "view")               ? EROS_STORE_VIEW
                            : json_object_has_member (body, "materializedView") ? EROS_STORE_MATERIALIZED_VIEW
                                                                                : EROS_STORE_TABLE;
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GError) error = NULL;

  if (id == NULL || !is_table_id (id))
    {
      eros_call_fail (call, 400, id == NULL ? "required" : "invalid",
                      id == NULL ? "Required parameter is missing: tableReference.tableId%s"
                                 : "Invalid table ID \"%s\".",
                      id == NULL ? "" : id);
      return NULL;
    }
  table =
    eros_store_table_new (eros_call_param (call, "projectId"), eros_call_param (call, "datasetId"), id, kind);
  if (schema != NULL)
    {
      g_autoptr (GPtrArray) columns = eros_schema_read (schema, &error);

      if (columns != NULL)
        {
          g_ptr_array_unref (table->columns);
          table->columns = g_steal_pointer (&columns);
        }
    }
  if (error != NULL || !eros_table_take (table, body, TRUE, &error) ||
      (kind == EROS_STORE_TABLE && !eros_table_check_layout (table, &error)))
    {
      eros_call_fail_error (call, error);
      return NULL;
    }
  if (kind != EROS_STORE_TABLE && table->query == NULL)
    {
      eros_call_fail (call, 400, "required", "Required parameter is missing: view.query");
      return NULL;
    }
  return kind == EROS_STORE_TABLE || resolve_view (call, table) ? g_steal_pointer (&table) : NULL;
}

void
eros_handle_tables_insert (ErosCall *call)
{
  JsonObject *body = eros_call_table_body (call);
  g_autoptr (ErosStoreTable) table = body != NULL ? read_new_table (call, body) : NULL;
  g_autoptr (ErosStoreConnection) connection =
    table != NULL ? eros_call_begin (call, EROS_STORE_WRITE) : NULL;
  g_autoptr (GError) error = NULL;

  if (connection == NULL)
    return;
  if (!eros_store_insert_table (connection, table, FALSE, &error))
    eros_call_fail_error (call, error);
  else
    commit_and_reply (call, connection, table);
}

/* How a table is partitioned stays as it is. */
static gboolean
check_same_partitioning (ErosStoreTable *old, ErosStoreTable *table, GError **error)
{
  if (old->partition == table->partition && g_strcmp0 (old->partition_field, table->partition_field) == 0 &&
      old->range_start == table->range_start && old->range_end == table->range_end &&
      old->range_interval == table->range_interval)
    return TRUE;
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                       old->partition == EROS_STORE_PARTITION_NONE
                         ? "Cannot convert non partitioned/clustered table to partitioned/clustered table."
                         : "Cannot change partitioning spec of a partitioned table.");
  return FALSE;
}

/* Only what describes a view's columns can be changed: the rest is the query's. */
static gboolean
describe_columns (ErosStoreTable *table, JsonObject *schema, GError **error)
{
  g_autoptr (GPtrArray) columns = eros_schema_read (schema, error);

  for (guint i = 0; columns != NULL && i < columns->len; i++)
    {
      ErosStoreColumn *given = g_ptr_array_index (columns, i);
      ErosStoreColumn *column = eros_store_table_find_column (table, given->name, NULL);

      if (column == NULL || column->type != given->type || columns->len != table->columns->len)
        {
          g_set_error (
            error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
            "Provided Schema does not match Table %s:%s.%s: a view has the columns of its query (field: %s)",
            table->project, table->dataset, table->name, given->name);
          return FALSE;
        }
      g_free (column->description);
      column->description = g_strdup (given->description);
    }
  return columns != NULL;
}

static gboolean
take_changes (ErosStoreTable *table, JsonObject *body, gboolean replace, GError **error)
{
  g_autoptr (ErosStoreTable) old = eros_store_table_copy (table);
  JsonObject *schema = eros_json_get_object (body, "schema");
  gboolean is_table = table->kind == EROS_STORE_TABLE;

  if (table->kind == EROS_STORE_SNAPSHOT && schema != NULL)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "The schema of the table snapshot %s:%s.%s cannot be changed.", table->project,
                   table->dataset, table->name);
      return FALSE;
    }
  if (!eros_table_take (table, body, replace, error) || !check_same_partitioning (old, table, error))
    return FALSE;
  if (schema != NULL && json_object_has_member (schema, "fields") &&
      !(is_table ? eros_table_change_schema (table, schema, error) : describe_columns (table, schema, error)))
    return FALSE;
  return !is_table || eros_table_check_layout (table, error);
}

static void
change (ErosCall *call, gboolean replace)
{
  JsonObject *body = eros_call_table_body (call);
  g_autoptr (ErosStoreConnection) connection = body != NULL ? eros_call_begin (call, EROS_STORE_WRITE) : NULL;
  g_autoptr (ErosStoreTable) table = connection != NULL ? find (call, connection) : NULL;
  g_autoptr (JsonObject) whole = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *old_query = NULL;

  if (table == NULL || !eros_call_check_etag (call, table->etag))
    return;
  whole = eros_table_complete (table, body);
  old_query = g_strdup (table->query != NULL ? table->query : "");
  if (!take_changes (table, whole, replace, &error))
    {
      eros_call_fail_error (call, error);
      return;
    }
  if (table->query != NULL && strcmp (table->query, old_query) != 0 && !resolve_view (call, table))
    return;
  if (!eros_store_update_table (connection, table, &error))
    eros_call_fail_error (call, error);
  else
    commit_and_reply (call, connection, table);
}

void
eros_handle_tables_patch (ErosCall *call)
{
  change (call, FALSE);
}

void
eros_handle_tables_update (ErosCall *call)
{
  change (call, TRUE);
}

void
eros_handle_tables_delete (ErosCall *call)
{
  g_autofree char *name = NULL;
  g_autofree char *partition = NULL;
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_WRITE);
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GError) error = NULL;
  gboolean gone;

  eros_store_partition_split (eros_call_param (call, "tableId"), &name, &partition);
  table = connection != NULL ? find_named (call, connection, name) : NULL;
  if (table == NULL || !eros_call_check_etag (call, table->etag))
    return;
  gone = partition != NULL ? eros_store_partition_delete (connection, table, partition, NULL, &error)
                           : eros_store_drop_table (connection, table, &error);
  if (!gone)
    eros_call_fail_error (call, error);
  else if (eros_call_commit (call, connection))
    eros_call_reply_nothing (call);
}
