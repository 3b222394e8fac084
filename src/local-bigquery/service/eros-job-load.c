/* eros-job-load.c: load jobs: rows from newline-delimited JSON or CSV
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-defaults.h"
#include "eros-json-reader.h"
#include "eros-objects.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-table-resource.h"

typedef struct
{
  ErosJob *job;
  ErosStoreConnection *connection;
  JsonObject *configuration;
  ErosStoreTable *table;
  ErosRowWriter writer;
  ErosSqlValue *values;
  const char *source; /* what is being read, for messages */
  gboolean json;
  char delimiter;
  const char *null_marker;
  gint64 skip;
  gint64 max_bad;
  gboolean lax;
  gint64 n_files, n_bytes, n_rows, n_bad;
  ErosDefaults *defaults;
  GArray *columns; /* of guint: which column each field of a CSV file is for */
} Load;

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, message);
  return FALSE;
}

static void
clear_values (Load *load)
{
  for (guint i = 0; i < load->table->columns->len; i++)
    eros_sql_value_clear (&load->values[i]);
}

/* A row that cannot be read is counted, until there are too many. */
static gboolean
bad_row (Load *load, gint64 line, const char *message, GError **error)
{
  load->n_bad++;
  if (load->n_bad <= load->max_bad)
    return TRUE;
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
               "Error while reading data, error message: %s; line_number: %" G_GINT64_FORMAT " File: %s",
               message, line, load->source);
  return FALSE;
}

static gboolean
check_required (Load *load, GError **error)
{
  for (guint i = 0; i < load->table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (load->table->columns, i);

      if (!column->required || !load->values[i].is_null)
        continue;
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, "Missing required field: %s.",
                   column->name);
      return FALSE;
    }
  return TRUE;
}

/* Every column is what it is where the row does not name it. */
static gboolean
fill_defaults (Load *load, GError **error)
{
  if (!eros_defaults_next (load->defaults, error))
    return FALSE;
  for (guint i = 0; i < load->table->columns->len; i++)
    eros_defaults_fill (load->defaults, i, &load->values[i]);
  return TRUE;
}

static gboolean
read_json_line (Load *load, const char *line, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = eros_json_parse (line, size, error);
  JsonObject *object;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "JSON table encountered a line that is no object.");
  object = json_node_get_object (node);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    {
      guint index;
      ErosStoreColumn *column = eros_store_table_find_column (load->table, name, &index);

      if (column != NULL)
        {
          eros_sql_value_clear (&load->values[index]);
          if (!eros_schema_read_value (value, column, &load->values[index], error))
            return FALSE;
        }
      else if (!load->lax)
        {
          g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, "No such field: %s.", name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
take_csv_field (Load *load, guint index, GString *field, gboolean quoted, GError **error)
{
  ErosStoreColumn *column;

  if (index >= load->columns->len)
    {
      if (load->lax)
        return TRUE;
      return fail (error, "Too many values in row.");
    }
  index = g_array_index (load->columns, guint, index);
  eros_sql_value_clear (&load->values[index]);
  column = g_ptr_array_index (load->table->columns, index);
  if (!quoted && strcmp (field->str, load->null_marker) == 0 &&
      (*load->null_marker != '\0' || !eros_sql_type_is (column->type, EROS_SQL_STRING) || !quoted))
    {
      eros_sql_value_set_null (&load->values[index], column->type);
      return TRUE;
    }
  if (eros_sql_type_is (column->type, EROS_SQL_STRING))
    {
      char *copy = g_strndup (field->str, field->len);

      if (!g_utf8_validate_len (copy, field->len, NULL))
        {
          g_free (copy);
          return fail (error, "Invalid UTF-8.");
        }
      eros_sql_value_take_data (&load->values[index], column->type, copy, field->len);
      return TRUE;
    }
  if (eros_sql_value_from_text (column->type, field->str, field->len, &load->values[index], NULL))
    return TRUE;
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
               "Unable to parse; field: %s, type: %s, value: \"%s\"", column->name,
               eros_sql_type_get_name (column->type), field->str);
  return FALSE;
}

/* Reads one record from *@text, which may go over several lines, and moves on. */
static gboolean
read_csv_record (Load *load, const char **text, const char *end, gint64 *line, GError **error)
{
  g_autoptr (GString) field = g_string_new (NULL);
  g_autoptr (GError) first = NULL;
  const char *p = *text;
  guint index = 0;
  gboolean over = FALSE;

  while (!over)
    {
      gboolean quoted = p < end && *p == '"';

      g_string_truncate (field, 0);
      for (p += quoted; p < end; p++)
        if (quoted && *p == '"' && p + 1 < end && p[1] == '"')
          g_string_append_c (field, *p++);
        else if (quoted ? *p == '"' : *p == load->delimiter || *p == '\n' || *p == '\r')
          break;
        else
          {
            *line += *p == '\n';
            g_string_append_c (field, *p);
          }
      if (quoted && p < end)
        p++;
      if (first == NULL)
        take_csv_field (load, index, field, quoted, &first);
      index++;
      over = p >= end || *p != load->delimiter;
      p += !over;
    }
  if (p < end && *p == '\r')
    p++;
  if (p < end && *p == '\n')
    p++;
  else if (p < end && p == *text)
    p++;
  (*line)++;
  *text = p;
  if (first == NULL && index < load->columns->len)
    fail (&first, "Too few values in row.");
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
add_row (Load *load, gboolean good, gint64 line, GError *reason, GError **error)
{
  g_autoptr (GError) missing = NULL;

  if (good && !check_required (load, &missing))
    reason = missing;
  if (reason != NULL)
    return bad_row (load, line, reason->message, error);
  load->n_rows++;
  return eros_row_writer_add (&load->writer, load->values, error);
}

static gboolean
read_text (Load *load, const char *text, gsize size, GError **error)
{
  const char *end = text + size;
  gint64 line = 1;

  while (text < end)
    {
      g_autoptr (GError) reason = NULL;
      const char *stop = memchr (text, '\n', end - text);
      gint64 number = line;
      gboolean good;

      stop = stop != NULL ? stop : end;
      if (load->json && (stop == text || (stop - text == 1 && *text == '\r')))
        {
          text = stop + 1;
          line++;
          continue;
        }
      if (!fill_defaults (load, error))
        return FALSE;
      if (load->json)
        {
          good = read_json_line (load, text, stop - text, &reason);
          text = stop + 1;
          line++;
        }
      else
        good = read_csv_record (load, &text, end, &line, &reason);
      if (load->json || number > load->skip)
        {
          if (!add_row (load, good, number, reason, error))
            return FALSE;
        }
      clear_values (load);
      if (g_cancellable_set_error_if_cancelled (load->job->cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static GBytes *
decompress (GBytes *bytes, GError **error)
{
  g_autoptr (GConverter) converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, converter);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (output, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

static gboolean
read_bytes (Load *load, GBytes *bytes, const char *source, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GBytes) plain = NULL;

  load->source = source;
  load->n_files++;
  load->n_bytes += size;
  if (size < 2 || data[0] != 0x1f || data[1] != 0x8b)
    return read_text (load, (const char *) data, size, error);
  plain = decompress (bytes, error);
  return plain != NULL && read_text (load, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), error);
}

/* gs://bucket/part-*.json stands for every object that fits. */
static gboolean
read_uri (Load *load, const char *uri, GError **error)
{
  ErosStore *store = load->job->service->store;
  g_autofree char *bucket = NULL;
  g_autofree char *pattern = NULL;
  g_autofree char *prefix = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  gint64 n_files = load->n_files;

  if (!eros_object_parse_uri (uri, &bucket, &pattern))
    return fail (error, "Invalid source URI: one of the form gs://bucket/object is needed");
  if (!eros_job_check_permission (load->job, "storage.objects.get", bucket, NULL, error))
    return FALSE;
  prefix = g_strndup (pattern, strcspn (pattern, "*"));
  objects = eros_object_list (store, bucket, prefix, NULL, G_MAXINT, error);
  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      ErosStoreDocument *object = g_ptr_array_index (objects, i);
      g_autofree char *name = g_strdup_printf ("gs://%s/%s", bucket, object->name);
      g_autoptr (GBytes) bytes = NULL;

      if (!g_pattern_match_simple (pattern, object->name))
        continue;
      bytes = eros_object_read (store, object, error);
      if (bytes == NULL || !read_bytes (load, bytes, name, error))
        return FALSE;
    }
  if (objects == NULL || load->n_files > n_files)
    return objects != NULL;
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_NOT_FOUND, "Not found: URI %s", uri);
  return FALSE;
}

static gboolean
read_all (Load *load, GError **error)
{
  JsonArray *uris = eros_json_get_array (load->configuration, "sourceUris");

  if (load->job->upload != NULL)
    return read_bytes (load, load->job->upload, "(uploaded)", error);
  if (uris == NULL || json_array_get_length (uris) == 0)
    return fail (error, "Load configuration must specify at least one source URI");
  for (guint i = 0; i < json_array_get_length (uris); i++)
    {
      JsonNode *node = json_array_get_element (uris, i);
      const char *uri = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                          ? json_node_get_string (node)
                          : "";

      if (!read_uri (load, uri, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- the table ----------------------------------------------------------------------------------------- */

static gboolean
make_table (Load *load, JsonObject *reference, JsonObject *schema, GError **error)
{
  const char *project = eros_json_get_string (reference, "projectId");
  const char *create = eros_json_get_string (load->configuration, "createDisposition");
  g_autoptr (ErosStoreTable) table = eros_store_table_new (
    project != NULL ? project : load->job->record->project, eros_json_get_string (reference, "datasetId"),
    eros_json_get_string (reference, "tableId"), EROS_STORE_TABLE);
  g_autoptr (GPtrArray) columns = NULL;
  gboolean replace = load->table != NULL;

  if (load->table == NULL && g_strcmp0 (create, "CREATE_NEVER") == 0)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Table %s:%s.%s",
                   table->project, table->dataset, table->name);
      return FALSE;
    }
  if (!eros_job_check_permission (load->job, "bigquery.tables.create", table->dataset, table->name, error))
    return FALSE;
  columns = schema != NULL ? eros_schema_read (schema, error) : NULL;
  if (schema == NULL && load->table != NULL)
    columns = g_ptr_array_ref (load->table->columns);
  if (columns == NULL)
    return schema == NULL ? fail (error, "Schema has no fields.") : FALSE;
  g_ptr_array_unref (table->columns);
  table->columns = g_steal_pointer (&columns);
  if (load->table != NULL && load->table->partition != EROS_STORE_PARTITION_NONE)
    {
      table->partition = load->table->partition;
      table->partition_field = g_strdup (load->table->partition_field);
    }
  if (load->table != NULL)
    table->clustering = g_strdupv (load->table->clustering);
  if (!eros_table_take (table, load->configuration, FALSE, error) ||
      !eros_table_check_layout (table, error) ||
      !eros_store_insert_table (load->connection, table, replace, error))
    return FALSE;
  g_clear_pointer (&load->table, eros_store_table_unref);
  load->table = g_steal_pointer (&table);
  return TRUE;
}

static gboolean
open_table (Load *load, GError **error)
{
  JsonObject *reference = eros_json_get_object (load->configuration, "destinationTable");
  JsonObject *schema = eros_json_get_object (load->configuration, "schema");
  const char *disposition = eros_json_get_string (load->configuration, "writeDisposition");
  const char *project = eros_json_get_string (reference, "projectId");
  const char *dataset = eros_json_get_string (reference, "datasetId");
  const char *name = eros_json_get_string (reference, "tableId");
  g_auto (ErosStoreStats) stats = { 0 };

  if (dataset == NULL || name == NULL)
    return fail (error, "Required parameter is missing: destinationTable");
  load->table = eros_store_get_table (
    load->connection, project != NULL ? project : load->job->record->project, dataset, name, NULL);
  if (load->table == NULL || g_strcmp0 (disposition, "WRITE_TRUNCATE") == 0)
    return make_table (load, reference, schema, error);
  if (!eros_job_check_permission (load->job, "bigquery.tables.updateData", dataset, name, error))
    return FALSE;
  if (g_strcmp0 (disposition, "WRITE_EMPTY") == 0)
    {
      if (!eros_store_get_stats (load->connection, load->table, &stats, error))
        return FALSE;
      if (stats.rows > 0)
        {
          g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Table %s:%s.%s",
                       load->table->project, dataset, name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_options (Load *load, GError **error)
{
  const char *format = eros_json_get_string (load->configuration, "sourceFormat");
  const char *delimiter = eros_json_get_string (load->configuration, "fieldDelimiter");

  load->json = g_strcmp0 (format, "NEWLINE_DELIMITED_JSON") == 0 || g_strcmp0 (format, "JSON") == 0;
  if (!load->json && format != NULL && *format != '\0' && strcmp (format, "CSV") != 0)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "The local server cannot load %s; it can load NEWLINE_DELIMITED_JSON and CSV.", format);
      return FALSE;
    }
  if (eros_json_get_bool (load->configuration, "autodetect", FALSE) &&
      eros_json_get_object (load->configuration, "schema") == NULL)
    return fail (error, "The local server does not detect schemas (autodetect); give the schema.");
  load->delimiter = delimiter == NULL || *delimiter == '\0'                            ? ','
                    : strcmp (delimiter, "\\t") == 0 || strcmp (delimiter, "tab") == 0 ? '\t'
                                                                                       : *delimiter;
  load->null_marker = eros_json_get_string (load->configuration, "nullMarker");
  if (load->null_marker == NULL)
    load->null_marker = "";
  load->skip = eros_json_get_int (load->configuration, "skipLeadingRows", 0);
  load->max_bad = eros_json_get_int (load->configuration, "maxBadRecords", 0);
  load->lax = eros_json_get_bool (load->configuration, "ignoreUnknownValues", FALSE);
  return TRUE;
}

/* Which column a CSV file's fields are for: those of the job's schema, or the table's, in order. */
static gboolean
map_columns (Load *load, GError **error)
{
  JsonArray *fields = eros_json_get_array (eros_json_get_object (load->configuration, "schema"), "fields");

  load->columns = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; fields == NULL && i < load->table->columns->len; i++)
    g_array_append_val (load->columns, i);
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *field = json_array_get_element (fields, i);
      const char *name =
        JSON_NODE_HOLDS_OBJECT (field) ? eros_json_get_string (json_node_get_object (field), "name") : NULL;
      guint index = 0;

      if (name == NULL || eros_store_table_find_column (load->table, name, &index) == NULL)
        {
          g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                       "Provided Schema does not match Table %s:%s.%s. Cannot add fields (field: %s)",
                       load->table->project, load->table->dataset, load->table->name,
                       name != NULL ? name : "");
          return FALSE;
        }
      g_array_append_val (load->columns, index);
    }
  return TRUE;
}

static gboolean
run (Load *load, GError **error)
{
  if (!read_options (load, error) ||
      !eros_store_begin (load->connection, EROS_STORE_WRITE, load->job->cancellable, error) ||
      !open_table (load, error))
    return FALSE;
  load->values = g_new0 (ErosSqlValue, load->table->columns->len + 1);
  load->defaults = eros_defaults_new (load->job->service->engine, load->job->record->user_email, load->table);
  return map_columns (load, error) &&
         eros_row_writer_init (&load->writer, load->connection, load->table, load->job->cancellable, error) &&
         read_all (load, error);
}

/**
 * eros_job_run_load:
 * @job: a load job, in its thread
 *
 * Runs it: either all good rows are in the table, or the table is as it was.
 */
void
eros_job_run_load (ErosJob *job)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (job->service->store, &error);
  Load load = { .job = job,
                .connection = connection,
                .configuration = eros_job_get_configuration (job, "load") };
  gboolean loaded = connection != NULL && run (&load, &error);
  GString *statistics = NULL;

  eros_row_writer_clear (&load.writer);
  if (load.values != NULL)
    clear_values (&load);
  if (loaded)
    {
      statistics = g_string_new (NULL);
      g_string_printf (statistics,
                       "\"load\":{\"inputFiles\":\"%" G_GINT64_FORMAT
                       "\",\"inputFileBytes\":\"%" G_GINT64_FORMAT "\",\"outputRows\":\"%" G_GINT64_FORMAT
                       "\",\"outputBytes\":\"%" G_GINT64_FORMAT "\",\"badRecords\":\"%" G_GINT64_FORMAT "\"}",
                       load.n_files, load.n_bytes, load.n_rows, load.n_bytes, load.n_bad);
    }
  if (!loaded || !eros_job_commit (job, connection, statistics, &error))
    eros_job_set_error (job, error);
  g_free (load.values);
  g_clear_pointer (&load.defaults, eros_defaults_free);
  g_clear_pointer (&load.columns, g_array_unref);
  g_clear_pointer (&load.table, eros_store_table_unref);
}
