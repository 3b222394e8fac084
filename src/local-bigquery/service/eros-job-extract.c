/* eros-job-extract.c: extract jobs: a table's rows as text in a bucket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-json.h"
#include "eros-objects.h"
#include "eros-service-private.h"
#include "eros-store-partition.h"

/* BigQuery writes no file larger than this, and needs a `*` to write several. */
#define MAX_FILE   (1024 * 1024 * 1024)
#define SHARD_SIZE (64 * 1024 * 1024)

typedef struct
{
  ErosJob *job;
  ErosStoreTable *table;
  char *partition; /* (nullable) of the table */
  gboolean csv;
  gboolean gzip;
  gboolean header;
  char delimiter;
  char *bucket;
  char *name; /* with one `*`, or none */
  GString *text;
  guint n_files;
} Extract;

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, message);
  return FALSE;
}

/* A TIMESTAMP is exported as `2025-10-31 14:00:00 UTC`. */
static void
append_text (const ErosSqlValue *value, GString *text)
{
  gsize start = text->len;

  eros_sql_value_append_cast (value, text);
  if (eros_sql_type_is (value->type, EROS_SQL_TIMESTAMP) && text->len - start > 3 &&
      strcmp (text->str + text->len - 3, "+00") == 0)
    {
      g_string_truncate (text, text->len - 3);
      g_string_append (text, " UTC");
    }
}

static void append_json (const ErosSqlValue *value, GString *text);

static void
append_parts (const ErosSqlValue *value, gboolean is_struct, GString *text)
{
  ErosSqlReader reader;
  gboolean comma = FALSE;

  g_string_append_c (text, is_struct ? '{' : '[');
  eros_sql_reader_init (&reader, value->data, value->size);
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlField *field =
        is_struct
          ? eros_sql_type_get_field (value->type, MIN (i, eros_sql_type_get_n_fields (value->type) - 1))
          : NULL;
      const ErosSqlType *type = is_struct ? field->type : eros_sql_type_get_element (value->type);
      ErosSqlValue part = EROS_SQL_VALUE_INIT;

      if (!eros_sql_reader_next_value (&reader, type, &part))
        break;
      if (is_struct && part.is_null)
        continue;
      if (comma)
        g_string_append_c (text, ',');
      comma = TRUE;
      if (is_struct)
        {
          eros_json_append_string (field->name, strlen (field->name), FALSE, text);
          g_string_append_c (text, ':');
        }
      append_json (&part, text);
    }
  g_string_append_c (text, is_struct ? '}' : ']');
}

/* As BigQuery exports it: INT64 and NUMERIC as strings, NULL left out. */
static void
append_json (const ErosSqlValue *value, GString *text)
{
  g_autoptr (GString) plain = NULL;

  switch ((int) eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_ARRAY:
      append_parts (value, FALSE, text);
      return;
    case EROS_SQL_STRUCT:
      append_parts (value, TRUE, text);
      return;
    case EROS_SQL_BOOL:
    case EROS_SQL_FLOAT64:
    case EROS_SQL_BYTES:
    case EROS_SQL_JSON:
      eros_sql_value_append_json (value, FALSE, 0, text);
      return;
    case EROS_SQL_STRING:
      eros_json_append_string (value->data, value->size, FALSE, text);
      return;
    default:
      plain = g_string_new (NULL);
      append_text (value, plain);
      eros_json_append_string (plain->str, plain->len, FALSE, text);
    }
}

static void
append_json_row (Extract *extract, const ErosSqlValue *values)
{
  gboolean comma = FALSE;

  g_string_append_c (extract->text, '{');
  for (guint i = 0; i < extract->table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (extract->table->columns, i);

      if (values[i].is_null)
        continue;
      if (comma)
        g_string_append_c (extract->text, ',');
      comma = TRUE;
      eros_json_append_string (column->name, strlen (column->name), FALSE, extract->text);
      g_string_append_c (extract->text, ':');
      append_json (&values[i], extract->text);
    }
  g_string_append (extract->text, "}\n");
}

static void
append_csv_field (Extract *extract, const char *text, gsize size)
{
  gboolean quote = size == 0;

  for (gsize i = 0; i < size && !quote; i++)
    quote = text[i] == extract->delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
  if (!quote)
    {
      g_string_append_len (extract->text, text, size);
      return;
    }
  g_string_append_c (extract->text, '"');
  for (gsize i = 0; i < size; i++)
    {
      if (text[i] == '"')
        g_string_append_c (extract->text, '"');
      g_string_append_c (extract->text, text[i]);
    }
  g_string_append_c (extract->text, '"');
}

static void
append_csv_row (Extract *extract, const ErosSqlValue *values)
{
  g_autoptr (GString) field = g_string_new (NULL);

  for (guint i = 0; i < extract->table->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (extract->text, extract->delimiter);
      if (values[i].is_null)
        continue;
      g_string_truncate (field, 0);
      if (eros_sql_type_is (values[i].type, EROS_SQL_BYTES))
        {
          g_autofree char *base64 = g_base64_encode ((const guchar *) values[i].data, values[i].size);

          g_string_append (field, base64);
        }
      else
        append_text (&values[i], field);
      append_csv_field (extract, field->str, field->len);
    }
  g_string_append_c (extract->text, '\n');
}

static void
start_file (Extract *extract)
{
  g_string_truncate (extract->text, 0);
  if (!extract->csv || !extract->header)
    return;
  for (guint i = 0; i < extract->table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (extract->table->columns, i);

      if (i > 0)
        g_string_append_c (extract->text, extract->delimiter);
      append_csv_field (extract, column->name, strlen (column->name));
    }
  g_string_append_c (extract->text, '\n');
}

static GBytes *
compress (GString *text, GError **error)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, compressor);

  if (!g_output_stream_write_all (stream, text->str, text->len, NULL, NULL, error) ||
      !g_output_stream_close (stream, NULL, error))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static gboolean
end_file (Extract *extract, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%012u", extract->n_files);
  g_autoptr (GString) name = g_string_new (extract->name);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonObject) description = json_object_new ();
  g_autoptr (ErosStoreDocument) object = NULL;

  g_string_replace (name, "*", number, 1);
  bytes =
    extract->gzip ? compress (extract->text, error) : g_bytes_new (extract->text->str, extract->text->len);
  if (bytes == NULL)
    return FALSE;
  json_object_set_string_member (description, "contentType",
                                 extract->gzip  ? "application/gzip"
                                 : extract->csv ? "text/csv"
                                                : "application/json");
  object =
    eros_object_put (extract->job->service->store, extract->bucket, name->str, description, bytes, error);
  extract->n_files++;
  return object != NULL;
}

static gboolean
write_rows (Extract *extract, sqlite3_stmt *statement, GError **error)
{
  guint n = extract->table->columns->len;
  g_autofree ErosSqlValue *values = g_new0 (ErosSqlValue, n + 1);
  gboolean sharded = strchr (extract->name, '*') != NULL;
  int code;

  start_file (extract);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      for (guint i = 0; i < n; i++)
        eros_store_read_column (statement, i,
                                ((ErosStoreColumn *) g_ptr_array_index (extract->table->columns, i))->type,
                                &values[i]);
      if (extract->csv)
        append_csv_row (extract, values);
      else
        append_json_row (extract, values);
      if (g_cancellable_set_error_if_cancelled (extract->job->cancellable, error))
        return FALSE;
      if (!sharded && extract->text->len > MAX_FILE)
        return fail (
          error, "Table is too large to be exported to a single file. Specify a uri including a * to shard"
                 " export. See 'Exporting data into one or more files'.");
      if (sharded && extract->text->len > SHARD_SIZE)
        {
          if (!end_file (extract, error))
            return FALSE;
          start_file (extract);
        }
    }
  if (code != SQLITE_DONE)
    return fail (error, sqlite3_errmsg (sqlite3_db_handle (statement)));
  return end_file (extract, error);
}

static gboolean
write_table (Extract *extract, ErosStoreConnection *connection, GError **error)
{
  g_autofree char *source = eros_store_table_source (connection, extract->table, error);
  g_autofree char *condition = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  sqlite3 *db = eros_store_connection_get_db (connection);
  sqlite3_stmt *statement = NULL;
  gboolean written;

  if (source != NULL)
    condition = extract->partition != NULL
                  ? eros_store_partition_condition (extract->table, extract->partition, error)
                  : g_strdup ("TRUE");
  if (condition == NULL)
    return FALSE;
  for (guint i = 0; i < extract->table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (extract->table->columns, i);
      gboolean nested =
        eros_sql_type_is (column->type, EROS_SQL_ARRAY) || eros_sql_type_is (column->type, EROS_SQL_STRUCT);

      if (nested && extract->csv)
        {
          g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                       "Operation cannot be performed on a nested schema. Field: %s", column->name);
          return FALSE;
        }
      g_string_append_printf (sql, "%sc%u", i > 0 ? ", " : "", column->physical);
    }
  g_string_append_printf (sql, "%s FROM %s WHERE %s", extract->table->columns->len == 0 ? "NULL" : "", source,
                          condition);
  if (sqlite3_prepare_v2 (db, sql->str, -1, &statement, NULL) != SQLITE_OK)
    {
      eros_store_set_error (error, db);
      return FALSE;
    }
  written = write_rows (extract, statement, error);
  sqlite3_finalize (statement);
  return written;
}

static const char *
first_uri (JsonObject *configuration)
{
  JsonArray *uris = eros_json_get_array (configuration, "destinationUris");
  JsonNode *node =
    uris != NULL && json_array_get_length (uris) == 1 ? json_array_get_element (uris, 0) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  return eros_json_get_string (configuration, "destinationUri");
}

static gboolean
read_options (Extract *extract, JsonObject *configuration, GError **error)
{
  const char *format = eros_json_get_string (configuration, "destinationFormat");
  const char *compression = eros_json_get_string (configuration, "compression");
  const char *delimiter = eros_json_get_string (configuration, "fieldDelimiter");
  const char *uri = first_uri (configuration);

  extract->csv = format == NULL || strcmp (format, "CSV") == 0;
  if (!extract->csv && strcmp (format, "NEWLINE_DELIMITED_JSON") != 0)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "The local server cannot export %s; it can export NEWLINE_DELIMITED_JSON and CSV.",
                   format);
      return FALSE;
    }
  if (!extract->csv && delimiter != NULL && *delimiter != '\0')
    return fail (error, "fieldDelimiter is an option of CSV: it does not go with NEWLINE_DELIMITED_JSON.");
  extract->gzip = g_strcmp0 (compression, "GZIP") == 0;
  if (compression != NULL && !extract->gzip && strcmp (compression, "NONE") != 0)
    return fail (error, "Invalid value for compression: only NONE and GZIP go with CSV and JSON");
  extract->header = eros_json_get_bool (configuration, "printHeader", TRUE);
  extract->delimiter = delimiter == NULL || *delimiter == '\0'                            ? ','
                       : strcmp (delimiter, "\\t") == 0 || strcmp (delimiter, "tab") == 0 ? '\t'
                                                                                          : *delimiter;
  if (uri == NULL || !eros_object_parse_uri (uri, &extract->bucket, &extract->name))
    return fail (error, "Invalid extract destination URI: one of the form gs://bucket/object is needed");
  if (strchr (extract->name, '*') != strrchr (extract->name, '*'))
    return fail (error, "Invalid extract destination URI: only one * is allowed");
  if (!eros_bucket_exists (extract->job->service->store, extract->bucket))
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_NOT_FOUND, "Not found: Bucket %s",
                   extract->bucket);
      return FALSE;
    }
  return eros_job_check_permission (extract->job, "storage.objects.create", extract->bucket, NULL, error);
}

static gboolean
run (Extract *extract,
     ErosStoreConnection *connection,
     JsonObject *configuration,
     gint64 *bytes,
     GError **error)
{
  g_auto (ErosStoreStats) stats = { 0 };

  if (!read_options (extract, configuration, error) ||
      !eros_store_begin (connection, EROS_STORE_READ, NULL, error))
    return FALSE;
  extract->table =
    eros_job_find_source (extract->job, connection, eros_json_get_object (configuration, "sourceTable"),
                          "bigquery.tables.export", &extract->partition, error);
  if (extract->table == NULL)
    return FALSE;
  if (extract->table->storage == 0)
    return fail (error, "Cannot extract a view.");
  if (!eros_store_get_stats (connection, extract->table, &stats, error))
    return FALSE;
  *bytes = stats.bytes;
  return write_table (extract, connection, error);
}

/**
 * eros_job_run_extract:
 * @job: an extract job, in its thread
 *
 * Runs it.
 */
void
eros_job_run_extract (ErosJob *job)
{
  JsonObject *configuration = eros_job_get_configuration (job, "extract");
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (job->service->store, &error);
  g_autoptr (GString) text = g_string_new (NULL);
  Extract extract = { .job = job, .text = text };
  gint64 bytes = 0;

  if (connection == NULL || !run (&extract, connection, configuration, &bytes, &error))
    eros_job_set_error (job, error);
  else
    {
      job->statistics = g_string_new (NULL);
      g_string_printf (job->statistics,
                       "\"extract\":{\"destinationUriFileCounts\":[\"%u\"],\"inputBytes\":\"%" G_GINT64_FORMAT
                       "\"}",
                       extract.n_files, bytes);
    }
  g_clear_pointer (&extract.table, eros_store_table_unref);
  g_free (extract.partition);
  g_free (extract.bucket);
  g_free (extract.name);
}
