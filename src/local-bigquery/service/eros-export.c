/* eros-export.c: rows as text in a bucket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-csv.h"
#include "eros-export.h"
#include "eros-json-reader.h"
#include "eros-json.h"
#include "eros-objects.h"
#include "eros-service-private.h"

/* BigQuery writes no file larger than this, and needs a `*` to write several. */
#define MAX_FILE   (1024 * 1024 * 1024)
#define SHARD_SIZE (64 * 1024 * 1024)

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, message);
  return FALSE;
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

/**
 * eros_export_init:
 * @self: (out): an export
 * @job: the job; must outlive it
 * @configuration: destinationUris, destinationFormat, compression, fieldDelimiter, printHeader
 * @error: return location for a #GError
 *
 * Returns: whether what it says can be done
 */
gboolean
eros_export_init (ErosExport *self, ErosJob *job, JsonObject *configuration, GError **error)
{
  const char *format = eros_json_get_string (configuration, "destinationFormat");
  const char *compression = eros_json_get_string (configuration, "compression");
  const char *delimiter = eros_json_get_string (configuration, "fieldDelimiter");
  const char *uri = first_uri (configuration);

  self->store = job->service->store;
  self->text = g_string_new (NULL);
  self->csv = format == NULL || strcmp (format, "CSV") == 0;
  if (!self->csv && strcmp (format, "NEWLINE_DELIMITED_JSON") != 0)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "The local server cannot export %s; it can export NEWLINE_DELIMITED_JSON and CSV.",
                   format);
      return FALSE;
    }
  if (!self->csv && delimiter != NULL && *delimiter != '\0')
    return fail (error, "fieldDelimiter is an option of CSV: it does not go with NEWLINE_DELIMITED_JSON.");
  self->gzip = g_strcmp0 (compression, "GZIP") == 0;
  if (compression != NULL && !self->gzip && strcmp (compression, "NONE") != 0)
    return fail (error, "Invalid value for compression: only NONE and GZIP go with CSV and JSON");
  self->header = eros_json_get_bool (configuration, "printHeader", TRUE);
  if (!eros_csv_read_delimiter (delimiter, &self->delimiter))
    return fail (error, EROS_CSV_NO_DELIMITER);
  if (uri == NULL || !eros_object_parse_uri (uri, &self->bucket, &self->name))
    return fail (error, "Invalid extract destination URI: one of the form gs://bucket/object is needed");
  if (strchr (self->name, '*') != strrchr (self->name, '*'))
    return fail (error, "Invalid extract destination URI: only one * is allowed");
  if (!eros_bucket_exists (self->store, self->bucket))
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_NOT_FOUND, "Not found: Bucket %s",
                   self->bucket);
      return FALSE;
    }
  return eros_job_check_permission (job, "storage.objects.create", self->bucket, NULL, error);
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
append_json_row (ErosExport *self, const ErosSqlValue *values)
{
  gboolean comma = FALSE;

  g_string_append_c (self->text, '{');
  for (guint i = 0; i < self->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (self->columns, i);

      if (values[i].is_null)
        continue;
      if (comma)
        g_string_append_c (self->text, ',');
      comma = TRUE;
      eros_json_append_string (column->name, strlen (column->name), FALSE, self->text);
      g_string_append_c (self->text, ':');
      append_json (&values[i], self->text);
    }
  g_string_append (self->text, "}\n");
}

static void
append_csv_field (ErosExport *self, const char *text, gsize size)
{
  gboolean quote = size == 0;

  for (gsize i = 0; i < size && !quote; i++)
    quote = text[i] == self->delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
  if (!quote)
    {
      g_string_append_len (self->text, text, size);
      return;
    }
  g_string_append_c (self->text, '"');
  for (gsize i = 0; i < size; i++)
    {
      if (text[i] == '"')
        g_string_append_c (self->text, '"');
      g_string_append_c (self->text, text[i]);
    }
  g_string_append_c (self->text, '"');
}

static void
append_csv_row (ErosExport *self, const ErosSqlValue *values)
{
  g_autoptr (GString) field = g_string_new (NULL);

  for (guint i = 0; i < self->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (self->text, self->delimiter);
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
      append_csv_field (self, field->str, field->len);
    }
  g_string_append_c (self->text, '\n');
}

static void
start_file (ErosExport *self)
{
  g_string_truncate (self->text, 0);
  if (!self->csv || !self->header)
    return;
  for (guint i = 0; i < self->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (self->columns, i);

      if (i > 0)
        g_string_append_c (self->text, self->delimiter);
      append_csv_field (self, column->name, strlen (column->name));
    }
  g_string_append_c (self->text, '\n');
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
end_file (ErosExport *self, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%012u", self->n_files);
  g_autoptr (GString) name = g_string_new (self->name);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonObject) description = json_object_new ();
  g_autoptr (ErosStoreDocument) object = NULL;

  g_string_replace (name, "*", number, 1);
  bytes = self->gzip ? compress (self->text, error) : g_bytes_new (self->text->str, self->text->len);
  if (bytes == NULL)
    return FALSE;
  json_object_set_string_member (description, "contentType",
                                 self->gzip  ? "application/gzip"
                                 : self->csv ? "text/csv"
                                             : "application/json");
  object = eros_object_put (self->store, self->bucket, name->str, description, bytes, error);
  self->n_files++;
  return object != NULL;
}

/**
 * eros_export_begin:
 * @self: an export
 * @columns: (element-type ErosStoreColumn): of the rows
 * @error: return location for a #GError
 *
 * Returns: whether such rows can be written
 */
gboolean
eros_export_begin (ErosExport *self, GPtrArray *columns, GError **error)
{
  for (guint i = 0; self->csv && i < columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (columns, i);

      if (!eros_sql_type_is (column->type, EROS_SQL_ARRAY) &&
          !eros_sql_type_is (column->type, EROS_SQL_STRUCT))
        continue;
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "Operation cannot be performed on a nested schema. Field: %s", column->name);
      return FALSE;
    }
  self->columns = g_ptr_array_ref (columns);
  start_file (self);
  return TRUE;
}

/**
 * eros_export_row:
 * @self: an export that has begun
 * @values: one for each column
 * @error: return location for a #GError
 *
 * Returns: whether the row is written
 */
gboolean
eros_export_row (ErosExport *self, const ErosSqlValue *values, GError **error)
{
  gboolean sharded = strchr (self->name, '*') != NULL;

  self->n_rows++;
  if (self->csv)
    append_csv_row (self, values);
  else
    append_json_row (self, values);
  if (!sharded && self->text->len > MAX_FILE)
    return fail (error,
                 "Table is too large to be exported to a single file. Specify a uri including a * to shard"
                 " export. See 'Exporting data into one or more files'.");
  if (!sharded || self->text->len <= SHARD_SIZE)
    return TRUE;
  if (!end_file (self, error))
    return FALSE;
  start_file (self);
  return TRUE;
}

/**
 * eros_export_end:
 * @self: an export that has begun
 * @error: return location for a #GError
 *
 * Returns: whether all is written
 */
gboolean
eros_export_end (ErosExport *self, GError **error)
{
  return end_file (self, error);
}

/**
 * eros_export_clear:
 * @self: an export
 */
void
eros_export_clear (ErosExport *self)
{
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self->bucket);
  g_free (self->name);
}
