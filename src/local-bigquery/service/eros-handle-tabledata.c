/* eros-handle-tabledata.c: tabledata.*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-schema.h"
#include "eros-defaults.h"
#include "eros-service-private.h"
#include "eros-store-partition.h"
#include "eros-table-resource.h"

/* (out) (nullable): the partition that is meant. */
static ErosStoreTable *
find (ErosCall *call, ErosStoreConnection *connection, char **partition)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  ErosStoreTable *table;

  eros_store_partition_split (eros_call_param (call, "tableId"), &name, partition);
  table = eros_store_get_table (connection, eros_call_param (call, "projectId"),
                                eros_call_param (call, "datasetId"), name, &error);
  if (table == NULL)
    eros_call_fail_error (call, error);
  return table;
}

/* ---- list ---------------------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *columns; /* borrowed from the table: those that were asked for */
  char *partition;    /* (nullable) */
  ErosPage page;
} Listing;

static GPtrArray *
select_columns (ErosCall *call, ErosStoreTable *table)
{
  const char *selected = eros_call_query (call, "selectedFields");
  g_auto (GStrv) names = g_strsplit (selected != NULL ? selected : "", ",", -1);
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();

  for (guint i = 0; names[i] != NULL; i++)
    if (eros_store_table_find_column (table, names[i], NULL) == NULL)
      {
        eros_call_fail (call, 400, "invalid", "No such field: %s", names[i]);
        return NULL;
      }
  /* in the table's order, whatever the order of the names */
  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);
      gboolean wanted = names[0] == NULL;

      for (guint k = 0; names[k] != NULL && !wanted; k++)
        wanted = g_ascii_strcasecmp (names[k], column->name) == 0;
      if (wanted)
        g_ptr_array_add (columns, column);
    }
  return g_steal_pointer (&columns);
}

static sqlite3_stmt *
prepare (ErosStoreConnection *connection, ErosStoreTable *table, Listing *listing, GError **error)
{
  g_autofree char *source = eros_store_table_source (connection, table, error);
  g_autofree char *condition = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  sqlite3 *db = eros_store_connection_get_db (connection);
  sqlite3_stmt *statement = NULL;

  if (source != NULL)
    condition = listing->partition != NULL ? eros_store_partition_condition (table, listing->partition, error)
                                           : g_strdup ("TRUE");
  if (condition == NULL)
    return NULL;
  for (guint i = 0; i < listing->columns->len; i++)
    g_string_append_printf (sql, "%sc%u", i > 0 ? ", " : "",
                            ((ErosStoreColumn *) g_ptr_array_index (listing->columns, i))->physical);
  if (listing->columns->len == 0)
    g_string_append (sql, "NULL");
  g_string_append_printf (sql, " FROM %s WHERE %s LIMIT -1 OFFSET ?", source, condition);
  if (sqlite3_prepare_v2 (db, sql->str, -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, listing->page.first);
      return statement;
    }
  eros_store_set_error (error, db);
  return NULL;
}

static void
write_rows (Listing *listing, sqlite3_stmt *statement)
{
  g_autofree ErosSqlValue *values = g_new0 (ErosSqlValue, listing->columns->len + 1);
  gboolean more = TRUE;

  eros_json_open (listing->page.writer, "rows", '[');
  while (more && sqlite3_step (statement) == SQLITE_ROW)
    {
      for (guint i = 0; i < listing->columns->len; i++)
        eros_store_read_column (
          statement, i, ((ErosStoreColumn *) g_ptr_array_index (listing->columns, i))->type, &values[i]);
      more = eros_page_write_row (values, listing->columns->len, &listing->page);
    }
  eros_json_close (listing->page.writer, ']');
}

static void
write_list (ErosCall *call, ErosStoreConnection *connection, ErosStoreTable *table, Listing *listing)
{
  g_autoptr (GError) error = NULL;
  g_auto (ErosStoreStats) stats = { 0 };
  sqlite3_stmt *statement = NULL;

  if (!eros_store_get_stats (connection, table, &stats, &error) ||
      (listing->partition != NULL &&
       !eros_store_partition_count (connection, table, listing->partition, &stats.rows, &error)) ||
      (statement = prepare (connection, table, listing, &error)) == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  listing->page.writer = eros_call_reply (call);
  eros_json_open (listing->page.writer, NULL, '{');
  eros_json_string (listing->page.writer, "kind", "bigquery#tableDataList");
  eros_json_string (listing->page.writer, "etag", table->etag);
  eros_json_int_string (listing->page.writer, "totalRows", stats.rows);
  if (listing->page.first < stats.rows && listing->page.max_rows != 0)
    {
      listing->page.max_rows = MAX (listing->page.max_rows, 0);
      write_rows (listing, statement);
    }
  if (listing->page.first + listing->page.n_written < stats.rows)
    {
      g_autofree char *token = eros_page_token (listing->page.first + listing->page.n_written);

      eros_json_string (listing->page.writer, "pageToken", token);
    }
  eros_json_close (listing->page.writer, '}');
  sqlite3_finalize (statement);
}

/* The rows of a query without a destination table of its own */
static void
list_result (ErosCall *call, Listing *listing)
{
  const char *id = eros_call_param (call, "tableId") + strlen (EROS_ANONYMOUS_PREFIX);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJob) job =
    eros_jobs_find (call->service->jobs, eros_call_param (call, "projectId"), id, NULL, &error);
  gboolean all = listing->page.max_rows != 0;

  if (job == NULL || !eros_job_is_done (job) || !eros_job_load_result (job, &error) || job->result == NULL)
    {
      eros_call_fail (call, 404, "notFound", "Not found: Table %s:%s.%s", eros_call_param (call, "projectId"),
                      EROS_ANONYMOUS_DATASET, eros_call_param (call, "tableId"));
      return;
    }
  listing->page.writer = eros_call_reply (call);
  listing->page.max_rows = MAX (listing->page.max_rows, 0);
  eros_json_open (listing->page.writer, NULL, '{');
  eros_json_string (listing->page.writer, "kind", "bigquery#tableDataList");
  eros_json_string (listing->page.writer, "etag", id);
  eros_json_int_string (listing->page.writer, "totalRows", eros_store_result_get_n_rows (job->result));
  if (all && !eros_page_write_result (&listing->page, job->result, &error))
    eros_call_fail_error (call, error);
  else
    eros_json_close (listing->page.writer, '}');
}

void
eros_handle_tabledata_list (ErosCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GPtrArray) columns = NULL;
  const char *token = eros_call_query (call, "pageToken");
  g_autofree char *partition = NULL;
  Listing listing = { 0 };

  if (!eros_call_query_int (call, "maxResults", -1, &listing.page.max_rows) ||
      !eros_call_query_int (call, "startIndex", 0, &listing.page.first))
    return;
  if (token != NULL && *token != '\0' && !eros_page_parse_token (token, &listing.page.first))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for pageToken: %s is not a valid value", token);
      return;
    }
  if (eros_call_query_bool (call, "formatOptions.useInt64Timestamp"))
    listing.page.flags |= EROS_SQL_REST_INT64_TIMESTAMP;
  if (eros_job_is_anonymous (eros_call_param (call, "datasetId")) &&
      g_str_has_prefix (eros_call_param (call, "tableId"), EROS_ANONYMOUS_PREFIX))
    {
      list_result (call, &listing);
      return;
    }
  connection = eros_call_begin (call, EROS_STORE_READ);
  table = connection != NULL ? find (call, connection, &partition) : NULL;
  if (table == NULL)
    return;
  listing.partition = partition;
  if (table->storage == 0)
    {
      eros_call_fail (call, 400, "invalid", "Cannot list a table of type %s.",
                      eros_table_kind_name (table->kind));
      return;
    }
  if (!eros_sees_all (table, call->user_email, &error))
    {
      eros_call_fail_error (call, error);
      return;
    }
  columns = select_columns (call, table);
  if (columns == NULL)
    return;
  listing.columns = columns;
  write_list (call, connection, table, &listing);
}

/* ---- insertAll ----------------------------------------------------------------------------------------- */

typedef struct
{
  gint64 index;
  char *location;
  char *message;
} RowError;

static void
row_error_free (RowError *error)
{
  g_free (error->location);
  g_free (error->message);
  g_free (error);
}

static void
add_error (GPtrArray *errors, gint64 index, const char *location, const char *message)
{
  RowError *error = g_new0 (RowError, 1);

  error->index = index;
  error->location = g_strdup (location);
  error->message = g_strdup (message);
  g_ptr_array_add (errors, error);
}

static void
clear_row (ErosSqlValue *values, guint n)
{
  for (guint i = 0; i < n; i++)
    eros_sql_value_clear (&values[i]);
}

static JsonNode *
find_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  if (node != NULL)
    return node;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &member, &value))
    if (g_ascii_strcasecmp (member, name) == 0)
      return value;
  return NULL;
}

/* Adds what is wrong with the row to @errors. */
static void
read_row (ErosStoreTable *table,
          ErosDefaults *defaults,
          JsonObject *json,
          gint64 index,
          gboolean lax,
          ErosSqlValue *values,
          GPtrArray *errors)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);
      JsonNode *member = find_member (json, column->name);
      g_autoptr (GError) error = NULL;

      if (member == NULL)
        eros_defaults_fill (defaults, i, &values[i]);
      else if (JSON_NODE_HOLDS_NULL (member))
        eros_sql_value_set_null (&values[i], column->type);
      else if (!eros_schema_read_value (member, column, &values[i], &error))
        add_error (errors, index, column->name, error->message);
      if (error == NULL && values[i].is_null && column->required)
        {
          g_autofree char *message = g_strdup_printf ("Missing required field: %s.", column->name);

          add_error (errors, index, column->name, message);
        }
    }
  json_object_iter_init (&iter, json);
  while (!lax && json_object_iter_next (&iter, &name, &node))
    if (eros_store_table_find_column (table, name, NULL) == NULL)
      {
        g_autofree char *message = g_strdup_printf ("no such field: %s.", name);

        add_error (errors, index, name, message);
      }
}

static void
reply_errors (ErosCall *call, GPtrArray *errors, gint64 n_rows, gboolean stopped)
{
  ErosJsonWriter *writer = eros_call_reply (call);
  guint next = 0;

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#tableDataInsertAllResponse");
  if (errors->len > 0)
    eros_json_open (writer, "insertErrors", '[');
  for (gint64 i = 0; errors->len > 0 && i < n_rows; i++)
    {
      gboolean wrong = next < errors->len && ((RowError *) g_ptr_array_index (errors, next))->index == i;

      if (!wrong && !stopped)
        continue;
      eros_json_open (writer, NULL, '{');
      eros_json_int (writer, "index", i);
      eros_json_open (writer, "errors", '[');
      while (next < errors->len && ((RowError *) g_ptr_array_index (errors, next))->index == i)
        {
          RowError *error = g_ptr_array_index (errors, next++);

          eros_json_open (writer, NULL, '{');
          eros_json_string (writer, "reason", "invalid");
          eros_json_string (writer, "location", error->location);
          eros_json_string (writer, "debugInfo", "");
          eros_json_string (writer, "message", error->message);
          eros_json_close (writer, '}');
        }
      if (!wrong)
        {
          eros_json_open (writer, NULL, '{');
          eros_json_string (writer, "reason", "stopped");
          eros_json_string (writer, "location", "");
          eros_json_string (writer, "debugInfo", "");
          eros_json_string (writer, "message", "");
          eros_json_close (writer, '}');
        }
      eros_json_close (writer, ']');
      eros_json_close (writer, '}');
    }
  if (errors->len > 0)
    eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

typedef struct
{
  ErosStoreTable *table;
  JsonArray *rows;
  gboolean skip_invalid;
  gboolean lax;
  GPtrArray *errors;
} Insertion;

/* Rows whose insertId has arrived a moment ago are taken as sent again. */
static gboolean
is_repeated (ErosCall *call, ErosStoreTable *table, JsonObject *row)
{
  const char *id = eros_json_get_string (row, "insertId");
  g_autofree char *key = NULL;

  if (id == NULL || *id == '\0')
    return FALSE;
  key = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", table->id, id);
  return !eros_jobs_remember (call->service->jobs, key);
}

static gboolean
insert_rows (ErosCall *call, ErosStoreConnection *connection, Insertion *insertion, GError **error)
{
  guint n_columns = insertion->table->columns->len;
  g_autofree ErosSqlValue *values = g_new0 (ErosSqlValue, n_columns + 1);
  g_auto (ErosRowWriter) writer = { 0 };
  g_autoptr (ErosDefaults) defaults =
    eros_defaults_new (call->service->engine, call->user_email, insertion->table);
  gboolean done = eros_row_writer_init (&writer, connection, insertion->table, NULL, error);

  for (guint i = 0; done && i < json_array_get_length (insertion->rows); i++)
    {
      JsonNode *node = json_array_get_element (insertion->rows, i);
      JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonObject *json = eros_json_get_object (row, "json");
      guint n_errors = insertion->errors->len;

      if (json == NULL)
        {
          add_error (insertion->errors, i, "", "Missing required field: json.");
          continue;
        }
      if (!eros_defaults_next (defaults, error))
        return FALSE;
      read_row (insertion->table, defaults, json, i, insertion->lax, values, insertion->errors);
      if (insertion->errors->len == n_errors && (insertion->skip_invalid || n_errors == 0) &&
          !is_repeated (call, insertion->table, row))
        done = eros_row_writer_add (&writer, values, error);
      clear_row (values, n_columns);
    }
  return done;
}

void
eros_handle_tabledata_insert_all (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) row_error_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *partition = NULL;
  Insertion insertion = { .errors = errors };

  if (body == NULL)
    return;
  insertion.rows = eros_json_get_array (body, "rows");
  if (insertion.rows == NULL || json_array_get_length (insertion.rows) == 0)
    {
      eros_call_fail (call, 400, "invalid", "No rows present in the request.");
      return;
    }
  connection = eros_call_begin (call, EROS_STORE_WRITE);
  table = connection != NULL ? find (call, connection, &partition) : NULL;
  if (table == NULL)
    return;
  if (table->kind != EROS_STORE_TABLE)
    {
      eros_call_fail (call, 400, "invalid", "Cannot add rows to a table of type %s.",
                      eros_table_kind_name (table->kind));
      return;
    }
  insertion.table = table;
  insertion.skip_invalid = eros_json_get_bool (body, "skipInvalidRows", FALSE);
  insertion.lax = eros_json_get_bool (body, "ignoreUnknownValues", FALSE);
  if (!insert_rows (call, connection, &insertion, &error) ||
      (partition != NULL && !eros_store_partition_check (connection, table, partition, &error)))
    {
      eros_call_fail_error (call, error);
      return;
    }
  if (errors->len > 0 && !insertion.skip_invalid)
    eros_store_rollback (connection);
  else if (!eros_call_commit (call, connection))
    return;
  reply_errors (call, errors, json_array_get_length (insertion.rows), !insertion.skip_invalid);
}
