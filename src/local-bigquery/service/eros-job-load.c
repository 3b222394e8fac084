/* eros-job-load.c: load jobs: rows from newline-delimited JSON or CSV
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-csv.h"
#include "eros-defaults.h"
#include "eros-destination.h"
#include "eros-detect.h"
#include "eros-json-reader.h"
#include "eros-json.h"
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
  const ErosSqlType *row_type; /* when lines have JSON in them */
  const char *source;          /* what is being read, for messages */
  gboolean json;
  ErosCsvFormat csv;
  ErosCsvRecord record;
  GStrv null_markers;
  const char *charset; /* NULL: UTF-8 */
  gboolean jagged;     /* a record may have too few fields */
  gboolean detect;     /* the columns are those of the data */
  ErosDestination destination;
  ErosDetector *detector; /* while the data are only looked at */
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

static void append_raw (ErosJsonText json, const ErosSqlType *type, GString *out);

/* The members of an object, or the elements of an array, each of its own type. */
static void
append_raw_parts (ErosJsonText json, const ErosSqlType *type, GString *out)
{
  ErosJsonIter iter;
  ErosJsonText key;
  ErosJsonText value;
  guint n = 0;

  g_string_append_c (out, *json.data);
  for (gboolean more = eros_json_iter_init (&iter, json); more && eros_json_iter_next (&iter, &key, &value);)
    {
      g_string_append (out, n++ > 0 ? "," : "");
      if (iter.object)
        {
          g_autofree char *name = g_strndup (key.data + 1, key.size - 2); /* without its quotes */
          guint index = 0;
          gboolean known = eros_sql_type_find_field (type, name, &index, NULL);

          g_string_append_printf (out, "\"%s\":", name);
          append_raw (value, known ? eros_sql_type_get_field (type, index)->type : NULL, out);
        }
      else
        append_raw (value, eros_sql_type_get_element (type), out);
    }
  g_string_append_c (out, *json.data == '{' ? '}' : ']');
}

/* The value of a JSON column is the text as it stands in the line, of which a parser would lose digits. */
static void
append_raw (ErosJsonText json, const ErosSqlType *type, GString *out)
{
  ErosJsonKind kind = eros_json_get_kind (json);

  if (type != NULL && eros_sql_type_is (type, EROS_SQL_JSON) && kind != EROS_JSON_NULL)
    eros_json_append_string (json.data, json.size, FALSE, out);
  else if (type != NULL && ((eros_sql_type_is (type, EROS_SQL_STRUCT) && kind == EROS_JSON_OBJECT) ||
                            (eros_sql_type_is (type, EROS_SQL_ARRAY) && kind == EROS_JSON_ARRAY)))
    append_raw_parts (json, type, out);
  else
    g_string_append_len (out, json.data, (gssize) json.size);
}

/* NULL: no column has JSON in it. */
static const ErosSqlType *
find_row_type (ErosStoreTable *table)
{
  g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, table->columns->len + 1);
  gboolean has_json = FALSE;

  for (guint i = 0; i < table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (table->columns, i);

      fields[i] = (ErosSqlField){ column->name, column->type };
      has_json |= strstr (eros_sql_type_get_name (column->type), "JSON") != NULL;
    }
  return has_json ? eros_sql_type_struct (fields, table->columns->len) : NULL;
}

static JsonNode *
parse_line (Load *load, const char *line, gsize size, GError **error)
{
  g_autoptr (JsonNode) checked = eros_json_parse (line, size, error);
  g_autoptr (GString) raw = NULL;

  if (checked == NULL || load->row_type == NULL || !JSON_NODE_HOLDS_OBJECT (checked))
    return g_steal_pointer (&checked);
  for (; size > 0 && *line != '{'; size--)
    line++;
  raw = g_string_new (NULL);
  append_raw ((ErosJsonText){ line, size }, load->row_type, raw);
  return eros_json_parse (raw->str, raw->len, error);
}

static gboolean
read_json_line (Load *load, const char *line, gsize size, GError **error)
{
  g_autoptr (JsonNode) node = parse_line (load, line, size, error);
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
is_null_marker (Load *load, const ErosCsvField *field)
{
  for (guint i = 0; !field->quoted && load->null_markers[i] != NULL; i++)
    if (strcmp (field->text->str, load->null_markers[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
take_csv_field (Load *load, guint index, const ErosCsvField *field, GError **error)
{
  ErosStoreColumn *column = g_ptr_array_index (load->table->columns, index);

  eros_sql_value_clear (&load->values[index]);
  if (is_null_marker (load, field))
    {
      eros_sql_value_set_null (&load->values[index], column->type);
      return TRUE;
    }
  if (eros_sql_type_is (column->type, EROS_SQL_STRING))
    {
      char *copy = g_strndup (field->text->str, field->text->len);

      if (!g_utf8_validate_len (copy, field->text->len, NULL))
        {
          g_free (copy);
          return fail (error, "Invalid UTF-8.");
        }
      eros_sql_value_take_data (&load->values[index], column->type, copy, field->text->len);
      return TRUE;
    }
  if (eros_sql_value_from_text (column->type, field->text->str, field->text->len, &load->values[index], NULL))
    return TRUE;
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
               "Unable to parse; field: %s, type: %s, value: \"%s\"", column->name,
               eros_sql_type_get_name (column->type), field->text->str);
  return FALSE;
}

/* Reads one record from *@text, which may go over several lines, and moves on. */
static gboolean
read_csv_record (Load *load, const char **text, const char *end, gint64 *line, GError **error)
{
  const char *wrong = eros_csv_read (&load->csv, text, end, line, &load->record);
  guint n = load->columns->len;

  if (wrong != NULL)
    return fail (error, wrong);
  if (load->record.n > n && !load->lax)
    return fail (error, "Too many values in row.");
  if (load->record.n < n && !load->jagged)
    return fail (error, "Too few values in row.");
  for (guint i = 0; i < MIN (load->record.n, n); i++)
    if (!take_csv_field (load, g_array_index (load->columns, guint, i),
                         g_ptr_array_index (load->record.fields, i), error))
      return FALSE;
  return TRUE;
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

/* Looks at the first rows only. */
static gboolean
detect_text (Load *load, const char *text, gsize size, GError **error)
{
  const char *end = text + size;
  gint64 line = 0;
  gboolean more = TRUE;

  while (text < end && more)
    {
      const char *stop = memchr (text, '\n', end - text);
      g_autoptr (JsonNode) node = NULL;

      if (!load->json)
        {
          const char *wrong = eros_csv_read (&load->csv, &text, end, &line, &load->record);

          /* With a number of lines to leave out, the last of them may name the columns. */
          if (wrong == NULL && line >= load->skip)
            more = eros_detector_add_record (load->detector, &load->record);
          continue;
        }
      stop = stop != NULL ? stop : end;
      if (stop > text && *text != '\r')
        {
          node = eros_json_parse (text, stop - text, error);
          if (node == NULL)
            return FALSE;
          if (!JSON_NODE_HOLDS_OBJECT (node))
            return fail (error, "JSON table encountered a line that is no object.");
          more = eros_detector_add_object (load->detector, json_node_get_object (node));
        }
      text = stop < end ? stop + 1 : end;
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

/* In UTF-8, unpacked */
static GBytes *
read_plain (Load *load, GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GBytes) plain =
    size < 2 || data[0] != 0x1f || data[1] != 0x8b ? g_bytes_ref (bytes) : decompress (bytes, error);
  char *text;

  if (plain == NULL || load->charset == NULL)
    return g_steal_pointer (&plain);
  text = g_convert (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), "UTF-8", load->charset, NULL,
                    &size, error);
  return text != NULL ? g_bytes_new_take (text, size) : NULL;
}

static gboolean
read_bytes (Load *load, GBytes *bytes, const char *source, GError **error)
{
  g_autoptr (GBytes) plain = NULL;
  gsize size;
  const char *text;

  load->source = source;
  load->n_files++;
  load->n_bytes += g_bytes_get_size (bytes);
  plain = read_plain (load, bytes, error);
  if (plain == NULL)
    return FALSE;
  text = g_bytes_get_data (plain, &size);
  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
    {
      text += 3;
      size -= 3;
    }
  return load->detector != NULL ? detect_text (load, text, size, error) : read_text (load, text, size, error);
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

static GPtrArray *
detect_columns (Load *load, GError **error)
{
  g_autoptr (ErosDetector) detector = eros_detector_new ();
  GPtrArray *columns;
  gboolean good;

  load->detector = detector;
  good = read_all (load, error);
  load->detector = NULL;
  load->n_files = load->n_bytes = 0;
  if (!good)
    return NULL;
  columns = eros_detector_get_columns (detector);
  if (!load->json && load->skip == 0 && eros_detector_has_header (detector))
    load->skip = 1;
  return columns;
}

/* The columns of the job's schema, of the data, or of the table. */
static GPtrArray *
read_columns (Load *load, GError **error)
{
  JsonObject *schema = eros_json_get_object (load->configuration, "schema");
  g_autoptr (ErosStoreTable) table = NULL;

  if (schema != NULL && json_object_has_member (schema, "fields"))
    return eros_schema_read (schema, error);
  table = eros_destination_find (&load->destination, load->connection);
  if (load->detect && (table == NULL || strcmp (load->destination.disposition, "WRITE_TRUNCATE") == 0))
    return detect_columns (load, error);
  if (table != NULL)
    return g_ptr_array_ref (table->columns);
  fail (error, "No schema specified on job or table.");
  return NULL;
}

static gboolean
open_table (Load *load, GError **error)
{
  g_autoptr (GPtrArray) columns = NULL;

  if (!eros_destination_init (&load->destination, load->job, load->configuration, "WRITE_APPEND", error))
    return FALSE;
  columns = read_columns (load, error);
  if (columns == NULL)
    return FALSE;
  load->table = eros_destination_open (&load->destination, load->connection, columns, error);
  return load->table != NULL;
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
read_encoding (Load *load, GError **error)
{
  static const char *const ENCODINGS[] = { "ISO-8859-1", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE" };
  const char *encoding = eros_json_get_string (load->configuration, "encoding");

  if (encoding == NULL || *encoding == '\0' || strcmp (encoding, "UTF-8") == 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (ENCODINGS); i++)
    if (strcmp (encoding, ENCODINGS[i]) == 0)
      load->charset = ENCODINGS[i];
  return load->charset != NULL ||
         fail (error, "Invalid value for encoding: it is not one that BigQuery knows.");
}

static gboolean
read_csv_options (Load *load, GError **error)
{
  JsonObject *configuration = load->configuration;
  JsonArray *markers = eros_json_get_array (configuration, "nullMarkers");
  const char *marker = eros_json_get_string (configuration, "nullMarker");
  const char *quote = eros_json_get_string (configuration, "quote");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (marker != NULL && markers != NULL && json_array_get_length (markers) > 0)
    return fail (error, "Only one of nullMarker and nullMarkers can be set.");
  if (quote != NULL && strlen (quote) > 1)
    return fail (error, "Invalid value for quote: it is one character, or none.");
  if (!eros_csv_read_delimiter (eros_json_get_string (configuration, "fieldDelimiter"), &load->csv.delimiter))
    return fail (error, EROS_CSV_NO_DELIMITER);
  load->csv.quote = quote != NULL ? *quote : '"';
  if (load->csv.quote == load->csv.delimiter)
    return fail (error, "Invalid value for quote: it is the fieldDelimiter.");
  load->csv.quoted_newlines = eros_json_get_bool (configuration, "allowQuotedNewlines", FALSE);
  load->jagged = eros_json_get_bool (configuration, "allowJaggedRows", FALSE);
  for (guint i = 0; markers != NULL && i < json_array_get_length (markers); i++)
    g_strv_builder_add (builder, json_array_get_string_element (markers, i));
  if (markers == NULL || json_array_get_length (markers) == 0)
    g_strv_builder_add (builder, marker != NULL ? marker : "");
  load->null_markers = g_strv_builder_end (builder);
  return read_encoding (load, error);
}

/* What only CSV has is not asked for with anything else. */
static gboolean
check_json_options (Load *load, GError **error)
{
  static const char *const CSV_ONLY[] = { "fieldDelimiter",      "quote",      "allowJaggedRows",
                                          "allowQuotedNewlines", "nullMarker", "nullMarkers",
                                          "skipLeadingRows" };

  for (guint i = 0; i < G_N_ELEMENTS (CSV_ONLY); i++)
    {
      JsonNode *node = json_object_get_member (load->configuration, CSV_ONLY[i]);
      gboolean is_set = node != NULL && !JSON_NODE_HOLDS_NULL (node);

      if (is_set && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
        is_set = json_node_get_boolean (node);
      else if (is_set && JSON_NODE_HOLDS_VALUE (node))
        is_set = eros_json_get_int (load->configuration, CSV_ONLY[i], 1) != 0;
      else if (is_set && JSON_NODE_HOLDS_ARRAY (node))
        is_set = json_array_get_length (json_node_get_array (node)) > 0;
      if (!is_set)
        continue;
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "%s is an option of CSV: it does not go with NEWLINE_DELIMITED_JSON.", CSV_ONLY[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_options (Load *load, GError **error)
{
  const char *format = eros_json_get_string (load->configuration, "sourceFormat");

  load->json = g_strcmp0 (format, "NEWLINE_DELIMITED_JSON") == 0 || g_strcmp0 (format, "JSON") == 0;
  if (!load->json && format != NULL && *format != '\0' && strcmp (format, "CSV") != 0)
    {
      g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                   "The local server cannot load %s; it can load NEWLINE_DELIMITED_JSON and CSV.", format);
      return FALSE;
    }
  load->detect = eros_json_get_bool (load->configuration, "autodetect", FALSE);
  load->skip = eros_json_get_int (load->configuration, "skipLeadingRows", 0);
  load->max_bad = eros_json_get_int (load->configuration, "maxBadRecords", 0);
  load->lax = eros_json_get_bool (load->configuration, "ignoreUnknownValues", FALSE);
  eros_csv_record_init (&load->record);
  if (load->skip < 0 || load->max_bad < 0)
    return fail (error, load->skip < 0 ? "Invalid value for skipLeadingRows: it is negative."
                                       : "Invalid value for maxBadRecords: it is negative.");
  return (!load->json || check_json_options (load, error)) && read_csv_options (load, error);
}

static gboolean
run (Load *load, GError **error)
{
  if (!read_options (load, error) ||
      !eros_store_begin (load->connection, EROS_STORE_WRITE, load->job->cancellable, error) ||
      !open_table (load, error))
    return FALSE;
  load->values = g_new0 (ErosSqlValue, load->table->columns->len + 1);
  load->row_type = load->json ? find_row_type (load->table) : NULL;
  load->defaults = eros_defaults_new (load->job->service->engine, load->job->record->user_email, load->table);
  return map_columns (load, error) &&
         eros_row_writer_init (&load->writer, load->connection, load->table, load->job->cancellable, error) &&
         read_all (load, error) &&
         eros_destination_close (&load->destination, load->connection, load->table, error);
}

static void
clear (Load *load)
{
  eros_row_writer_clear (&load->writer);
  if (load->values != NULL)
    clear_values (load);
  g_free (load->values);
  eros_csv_record_clear (&load->record);
  eros_destination_clear (&load->destination);
  g_strfreev (load->null_markers);
  g_clear_pointer (&load->defaults, eros_defaults_free);
  g_clear_pointer (&load->columns, g_array_unref);
  g_clear_pointer (&load->table, eros_store_table_unref);
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
  clear (&load);
}

/**
 * eros_job_load_files:
 * @job: a query job, in its thread
 * @configuration: as that of a load job
 * @files: of LOAD DATA; its counts are filled in
 * @error: return location for a #GError
 *
 * Runs LOAD DATA: either all good rows are in the table, or the table is as it was.
 *
 * Returns: whether they are
 */
gboolean
eros_job_load_files (ErosJob *job, JsonObject *configuration, ErosEngineFiles *files, GError **error)
{
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (job->service->store, error);
  Load load = { .job = job, .connection = connection, .configuration = configuration };
  gboolean loaded = connection != NULL && run (&load, error) &&
                    eros_store_commit (connection, files->job_id, files->outcome, error);

  files->n_files = load.n_files;
  files->n_rows = load.n_rows;
  clear (&load);
  return loaded;
}
