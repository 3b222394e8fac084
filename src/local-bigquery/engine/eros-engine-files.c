/* eros-engine-files.c: EXPORT DATA and LOAD DATA: what they ask of Cloud Storage
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-private.h"

#include <string.h>

/* An option and the member of a job's configuration that says the same */
typedef struct
{
  const char *name;
  const char *member; /* NULL: refused by name */
  char kind;          /* s: STRING, u: STRING that is one of several, b: BOOL, i: INT64, a: ARRAY<STRING> */
} FileOption;

static const FileOption export_options[] = {
  { "uri", "destinationUris", 'u' },
  { "format", "destinationFormat", 's' },
  { "compression", "compression", 's' },
  { "header", "printHeader", 'b' },
  { "field_delimiter", "fieldDelimiter", 's' },
  { "overwrite", "overwrite", 'b' },
  { "use_avro_logical_types", NULL, 'b' },
};

static const FileOption load_options[] = {
  { "uris", "sourceUris", 'a' },
  { "format", "sourceFormat", 's' },
  { "allow_jagged_rows", "allowJaggedRows", 'b' },
  { "allow_quoted_newlines", "allowQuotedNewlines", 'b' },
  { "encoding", "encoding", 's' },
  { "field_delimiter", "fieldDelimiter", 's' },
  { "ignore_unknown_values", "ignoreUnknownValues", 'b' },
  { "max_bad_records", "maxBadRecords", 'i' },
  { "null_marker", "nullMarker", 's' },
  { "null_markers", "nullMarkers", 'a' },
  { "quote", "quote", 's' },
  { "skip_leading_rows", "skipLeadingRows", 'i' },
  { "column_name_character_map", NULL, 's' },
  { "date_format", NULL, 's' },
  { "datetime_format", NULL, 's' },
  { "decimal_target_types", NULL, 'a' },
  { "enable_list_inference", NULL, 'b' },
  { "enable_logical_types", NULL, 'b' },
  { "enum_as_string", NULL, 'b' },
  { "file_set_spec_type", NULL, 's' },
  { "hive_partition_uri_prefix", NULL, 's' },
  { "json_extension", NULL, 's' },
  { "parquet_map_target_type", NULL, 's' },
  { "preserve_ascii_control_characters", NULL, 'b' },
  { "projection_fields", NULL, 's' },
  { "reference_file_schema_uri", NULL, 's' },
  { "require_hive_partition_filter", NULL, 'b' },
  { "source_column_match", NULL, 's' },
  { "time_format", NULL, 's' },
  { "time_zone", NULL, 's' },
  { "timestamp_format", NULL, 's' },
};

static const FileOption *
find_option (const FileOption *list, guint n, const ErosAstOption *option, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (list[i].name, option->name.text) == 0 && list[i].member != NULL)
      return &list[i];
    else if (g_ascii_strcasecmp (list[i].name, option->name.text) == 0)
      {
        g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
                     "The option %s is not supported by the local BigQuery at [%u:%u]", list[i].name,
                     option->name.span.line, option->name.span.column);
        return NULL;
      }
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Unknown option: %s at [%u:%u]",
               option->name.text, option->name.span.line, option->name.span.column);
  return NULL;
}

static JsonArray *
strings_of (const ErosSqlValue *value, gboolean is_list)
{
  JsonArray *list = json_array_new ();
  ErosSqlReader reader;
  ErosSqlValue item = EROS_SQL_VALUE_INIT;

  if (!is_list)
    {
      g_autofree char *text = g_strndup (value->data, value->size);

      json_array_add_string_element (list, text);
      return list;
    }
  eros_sql_reader_init (&reader, value->data, value->size);
  while (eros_sql_reader_next_value (&reader, eros_sql_type (EROS_SQL_STRING), &item))
    {
      g_autofree char *text = g_strndup (item.data, item.size);

      json_array_add_string_element (list, text);
    }
  return list;
}

static void
keep_value (JsonObject *options, const FileOption *option, const ErosSqlValue *value)
{
  g_autofree char *text = NULL;

  if (value->is_null)
    return;
  if (option->kind == 'b')
    json_object_set_boolean_member (options, option->member, value->integer != 0);
  else if (option->kind == 'i')
    json_object_set_int_member (options, option->member, value->integer);
  else if (option->kind == 's')
    json_object_set_string_member (options, option->member, text = g_strndup (value->data, value->size));
  else
    json_object_set_array_member (options, option->member, strings_of (value, option->kind == 'a'));
}

static JsonObject *
read_options (ErosRun *run, const ErosAstOptions *list, gboolean is_export, GError **error)
{
  g_autoptr (JsonObject) options = json_object_new ();

  for (guint i = 0; i < list->length; i++)
    {
      const FileOption *option =
        is_export ? find_option (export_options, G_N_ELEMENTS (export_options), &list->items[i], error)
                  : find_option (load_options, G_N_ELEMENTS (load_options), &list->items[i], error);
      g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
      const char *type;

      if (option == NULL)
        return NULL;
      if (eros_engine_is_named_before (list, i))
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                       "Duplicate option specified for '%s' at [%u:%u]", option->name,
                       list->items[i].name.span.line, list->items[i].name.span.column);
          return NULL;
        }
      type = option->kind == 'a'   ? "ARRAY<STRING>"
             : option->kind == 'b' ? "BOOL"
             : option->kind == 'i' ? "INT64"
                                   : "STRING";
      if (!eros_engine_evaluate (run, list->items[i].value, eros_sql_type_parse (type, NULL), &value, error))
        return NULL;
      keep_value (options, option, &value);
    }
  return g_steal_pointer (&options);
}

/* Whether the format is one of @known; what BigQuery has and this server has not is refused by name. */
static gboolean
check_format (JsonObject *options, const char *member, gboolean is_export, GError **error)
{
  static const char *const elsewhere[] = {
    "AVRO",          "PARQUET",        "ORC",          "DATASTORE_BACKUP", "DELTA_LAKE",
    "CLOUD_SPANNER", "CLOUD_BIGTABLE", "CLOUD_PUBSUB", "ALLOYDB"
  };
  const char *given = json_object_get_string_member_with_default (options, member, "");
  g_autofree char *format = g_ascii_strup (given, -1);

  if (strcmp (format, "CSV") == 0)
    json_object_set_string_member (options, member, format);
  else if (strcmp (format, "JSON") == 0 || strcmp (format, "NEWLINE_DELIMITED_JSON") == 0)
    json_object_set_string_member (options, member, "NEWLINE_DELIMITED_JSON");
  else
    {
      gboolean known = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
        known = known || (strcmp (format, elsewhere[i]) == 0 && !(is_export && strcmp (format, "ORC") == 0));
      if (known)
        g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
                     "The format %s is not supported by the local BigQuery: it has CSV and JSON", format);
      else if (*format == '\0')
        g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                     "Option 'format' is missing or empty.");
      else
        g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                     "'%s' is not a valid value; failed to set 'format' in %s OPTIONS", given,
                     is_export ? "EXPORT DATA" : "LOAD DATA");
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_export (JsonObject *options, GError **error)
{
  JsonArray *uris = json_object_has_member (options, "destinationUris")
                      ? json_object_get_array_member (options, "destinationUris")
                      : NULL;
  const char *uri = uris != NULL ? json_array_get_string_element (uris, 0) : "";

  if (*uri == '\0')
    g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Option 'uri' is missing or empty.");
  else if (!check_format (options, "destinationFormat", TRUE, error))
    return FALSE;
  else if (!g_str_has_prefix (uri, "gs://"))
    g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                 "Option 'uri' must begin with gs:// here: %s", uri);
  else if (strchr (uri, '*') == NULL || strchr (uri, '*') != strrchr (uri, '*'))
    g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                 "Option 'uri' value must be a wildcard URI: one * is needed, for several files. uri: %s",
                 uri);
  else
    return TRUE;
  return FALSE;
}

static gboolean
ask (ErosRun *run, ErosEngineFiles *files, GError **error)
{
  if (run->request->files_func != NULL)
    return run->request->files_func (files, run->request->files_data, error);
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED, "There is no Cloud Storage here");
  return FALSE;
}

gboolean
eros_engine_export_data (ErosRun *run, const ErosAstExportData *export, GError **error)
{
  g_autoptr (JsonObject) options = read_options (run, &export->options, TRUE, error);
  ErosEngineFiles files = { .options = options };
  gboolean good;

  if (options == NULL || !check_export (options, error) || !eros_engine_run_query (run, export->query, error))
    return FALSE;
  files.rows = run->current->result;
  good = run->request->dry_run || ask (run, &files, error);
  g_clear_pointer (&run->current->result, eros_store_result_unref);
  g_clear_pointer (&run->current->columns, g_ptr_array_unref);
  run->current->exported_files = files.n_files;
  run->current->exported_rows = files.n_rows;
  return good;
}

/* What it says of the table, looked at in a transaction that is over before the files are read. */
static ErosStoreTable *
describe (ErosRun *run, const ErosAstLoadData *load, gboolean *exists, GError **error)
{
  g_auto (ErosEngineName) name = { 0 };
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (ErosStoreTable) present = NULL;
  gboolean good;

  if (!eros_engine_resolve_name (run, &load->table.create.path, FALSE, &name, error) ||
      !eros_engine_begin_statement (run, EROS_STORE_READ, error))
    return NULL;
  table = eros_store_table_new (name.project, name.dataset, name.name, EROS_STORE_TABLE);
  present = eros_store_get_table (run->session->connection, name.project, name.dataset, name.name, NULL);
  *exists = present != NULL;
  good = eros_engine_describe_load (run, &load->table, table, error);
  if (!eros_engine_end_statement (run, good, good ? error : NULL) || !good)
    return NULL;
  if (table->expiration == 0 && table->partition_expiration == 0 && !table->require_partition_filter &&
      table->extra == NULL)
    return g_steal_pointer (&table);
  g_set_error (
    error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
    "LOAD DATA with options other than description, friendly_name and labels is not supported by the "
    "local BigQuery: create the table first");
  return NULL;
}

gboolean
eros_engine_load_data (ErosRun *run, const ErosAstLoadData *load, GError **error)
{
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (JsonObject) options = NULL;
  g_autofree char *outcome = NULL;
  ErosEngineFiles files = { .job_id = run->running_job_id };

  if (run->session->in_transaction)
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "LOAD DATA is not supported inside a transaction");
      return FALSE;
    }
  options = read_options (run, &load->files, FALSE, error);
  if (options == NULL || !check_format (options, "sourceFormat", FALSE, error))
    return FALSE;
  if (!json_object_has_member (options, "sourceUris"))
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Option 'uris' is missing or empty.");
      return FALSE;
    }
  table = describe (run, load, &files.exists, error);
  if (table == NULL)
    return FALSE;
  json_object_set_string_member (options, "writeDisposition",
                                 load->overwrite ? "WRITE_TRUNCATE" : "WRITE_APPEND");
  g_ptr_array_add (run->current->referenced_tables,
                   eros_engine_name_new (table->project, table->dataset, table->name));
  if (run->request->outcome_func != NULL)
    outcome = run->request->outcome_func (run->current, run->child, run->request->outcome_data);
  files.outcome = outcome;
  files.options = options;
  files.table = table;
  return run->request->dry_run || ask (run, &files, error);
}
