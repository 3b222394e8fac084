/* eros-engine-options.c: OPTIONS (…)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-script.h"
#include "eros-clock.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MILLISECONDS_PER_DAY (24.0 * 3600 * 1000)

/* Where an option's value goes. An option that this server has no use for is known by name, and kept as text,
 * so that INFORMATION_SCHEMA still has it. */
typedef enum
{
  OPTION_TEXT,    /* char * */
  OPTION_DAYS,    /* gint64, milliseconds */
  OPTION_INT,     /* gint64 */
  OPTION_BOOL,    /* gboolean */
  OPTION_TIME,    /* gint64, microseconds */
  OPTION_LABELS,  /* GHashTable * */
  OPTION_KEPT,    /* char *: a JSON object in which it is kept as text, whatever its type */
  OPTION_IGNORED, /* any type */
} OptionKind;

typedef struct
{
  const char *name;
  OptionKind kind;
  gsize offset;
} OptionSpec;

static const ErosSqlType *
option_type (OptionKind kind)
{
  static const char *const types[] = { "STRING", "FLOAT64",   "INT64",
                                       "BOOL",   "TIMESTAMP", "ARRAY<STRUCT<STRING, STRING>>" };

  return kind == OPTION_KEPT || kind == OPTION_IGNORED ? NULL : eros_sql_type_parse (types[kind], NULL);
}

static char *
dup_element (ErosSqlReader *reader)
{
  ErosSqlElement element = { .storage = EROS_SQL_STORAGE_NULL };

  if (!eros_sql_reader_next (reader, &element) || element.storage != EROS_SQL_STORAGE_TEXT)
    return NULL;
  return g_strndup (element.data, element.size);
}

static void
take_labels (GHashTable *labels, const ErosSqlValue *value)
{
  ErosSqlReader list;
  ErosSqlElement element;

  g_hash_table_remove_all (labels);
  if (value->is_null || !eros_sql_reader_init (&list, value->data, value->size))
    return;
  while (eros_sql_reader_next (&list, &element))
    {
      ErosSqlReader pair;
      g_autofree char *key = NULL;
      g_autofree char *text = NULL;

      if (element.storage != EROS_SQL_STORAGE_BLOB ||
          !eros_sql_reader_init (&pair, element.data, element.size))
        continue;
      key = dup_element (&pair);
      text = dup_element (&pair);
      if (key != NULL)
        g_hash_table_replace (labels, g_steal_pointer (&key),
                              text == NULL ? g_strdup ("") : g_steal_pointer (&text));
    }
}

static JsonObject *
read_object (const char *text)
{
  g_autoptr (JsonNode) node = text == NULL ? NULL : json_from_string (text, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node))
                                                       : json_object_new ();
}

/* NULL takes it back. */
static void
keep_option (ErosRun *run, const ErosAstOption *option, const ErosSqlValue *value, char **extra)
{
  g_autoptr (JsonObject) all = read_object (*extra);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *name = g_ascii_strdown (option->name.text, -1);
  JsonObject *options;

  if (!json_object_has_member (all, "options"))
    json_object_set_object_member (all, "options", json_object_new ());
  options = json_object_get_object_member (all, "options");
  if (value->is_null)
    json_object_remove_member (options, name);
  else
    {
      g_autofree char *text = eros_script_dup_span (run->frame->script, &option->value->span);
      JsonObject *kept = json_object_new ();

      json_object_set_string_member (kept, "type", eros_sql_type_get_name (value->type));
      json_object_set_string_member (kept, "value", text);
      json_object_set_object_member (options, name, kept);
    }
  if (json_object_get_size (options) == 0)
    json_object_remove_member (all, "options");
  json_node_set_object (node, all);
  g_free (*extra);
  *extra = json_object_get_size (all) > 0 ? json_to_string (node, FALSE) : NULL;
}

static void
take_value (OptionKind kind, gpointer slot, const ErosSqlValue *value)
{
  switch (kind)
    {
    case OPTION_TEXT:
      g_free (*(char **) slot);
      *(char **) slot = value->is_null ? NULL : g_strndup (value->data, value->size);
      break;
    case OPTION_DAYS:
      *(gint64 *) slot = value->is_null ? 0 : (gint64) (value->real * MILLISECONDS_PER_DAY);
      break;
    case OPTION_INT:
    case OPTION_TIME:
      *(gint64 *) slot = value->is_null ? 0 : value->integer;
      break;
    case OPTION_BOOL:
      *(gboolean *) slot = !value->is_null && value->integer != 0;
      break;
    case OPTION_LABELS:
      take_labels (*(GHashTable **) slot, value);
      break;
    case OPTION_KEPT:
    case OPTION_IGNORED:
    default:
      break;
    }
}

static const OptionSpec *
find_spec (const OptionSpec *specs, guint n_specs, const char *name)
{
  for (guint i = 0; i < n_specs; i++)
    if (g_ascii_strcasecmp (specs[i].name, name) == 0)
      return &specs[i];
  return NULL;
}

static gboolean
read_options (ErosRun *run,
              const ErosAstOptions *options,
              const OptionSpec *specs,
              guint n_specs,
              gpointer object,
              GError **error)
{
  for (guint i = 0; i < options->length; i++)
    {
      const ErosAstOption *option = &options->items[i];
      const OptionSpec *spec = find_spec (specs, n_specs, option->name.text);
      g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

      if (spec == NULL)
        {
          g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "Unknown option: %s at [%u:%u]",
                       option->name.text, option->name.span.line, option->name.span.column);
          return FALSE;
        }
      if (!eros_engine_evaluate_here (run, option->value, option_type (spec->kind), &value, error))
        return FALSE;
      if (spec->kind == OPTION_KEPT)
        keep_option (run, option, &value, (char **) ((char *) object + spec->offset));
      else
        take_value (spec->kind, (char *) object + spec->offset, &value);
    }
  return TRUE;
}

gboolean
eros_engine_table_options (ErosRun *run, const ErosAstOptions *options, ErosStoreTable *table, GError **error)
{
  static const OptionSpec specs[] = {
    { "description", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreTable, description) },
    { "friendly_name", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreTable, friendly_name) },
    { "labels", OPTION_LABELS, G_STRUCT_OFFSET (ErosStoreTable, labels) },
    { "expiration_timestamp", OPTION_TIME, G_STRUCT_OFFSET (ErosStoreTable, expiration) },
    { "partition_expiration_days", OPTION_DAYS, G_STRUCT_OFFSET (ErosStoreTable, partition_expiration) },
    { "require_partition_filter", OPTION_BOOL, G_STRUCT_OFFSET (ErosStoreTable, require_partition_filter) },
    { "kms_key_name", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
    { "default_rounding_mode", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
    { "enable_change_history", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
    { "max_staleness", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
    { "enable_refresh", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
    { "refresh_interval_minutes", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
    { "allow_non_incremental_definition", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
    { "tags", OPTION_KEPT, G_STRUCT_OFFSET (ErosStoreTable, extra) },
  };
  gint64 expiration = table->expiration;

  if (!read_options (run, options, specs, G_N_ELEMENTS (specs), table, error))
    return FALSE;
  if (table->expiration != expiration && table->expiration != 0 && table->expiration <= eros_clock_get_now ())
    {
      g_set_error (
        error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
        "Invalid value for expiration_timestamp: the expiration time must be in the future at [%u:%u]",
        options->span.line, options->span.column);
      return FALSE;
    }
  return TRUE;
}

gboolean
eros_engine_schema_options (ErosRun *run,
                            const ErosAstOptions *options,
                            ErosStoreDataset *dataset,
                            GError **error)
{
  static const OptionSpec specs[] = {
    { "description", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreDataset, description) },
    { "friendly_name", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreDataset, friendly_name) },
    { "labels", OPTION_LABELS, G_STRUCT_OFFSET (ErosStoreDataset, labels) },
    { "location", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreDataset, location) },
    { "default_table_expiration_days", OPTION_DAYS,
      G_STRUCT_OFFSET (ErosStoreDataset, default_table_expiration) },
    { "default_partition_expiration_days", OPTION_DAYS,
      G_STRUCT_OFFSET (ErosStoreDataset, default_partition_expiration) },
    { "max_time_travel_hours", OPTION_INT, G_STRUCT_OFFSET (ErosStoreDataset, max_time_travel_hours) },
    { "default_kms_key_name", OPTION_IGNORED, 0 },
    { "default_rounding_mode", OPTION_IGNORED, 0 },
    { "is_case_insensitive", OPTION_IGNORED, 0 },
    { "storage_billing_model", OPTION_IGNORED, 0 },
    { "is_primary", OPTION_IGNORED, 0 },
    { "tags", OPTION_IGNORED, 0 },
  };

  if (!read_options (run, options, specs, G_N_ELEMENTS (specs), dataset, error))
    return FALSE;
  if (dataset->max_time_travel_hours != 0 &&
      (dataset->max_time_travel_hours < 48 || dataset->max_time_travel_hours > 168 ||
       dataset->max_time_travel_hours % 24 != 0))
    {
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID,
                   "max_time_travel_hours must be a multiple of 24 between 48 and 168 at [%u:%u]",
                   options->span.line, options->span.column);
      return FALSE;
    }
  return TRUE;
}

gboolean
eros_engine_column_options (ErosRun *run,
                            const ErosAstOptions *options,
                            ErosStoreColumn *column,
                            GError **error)
{
  static const OptionSpec specs[] = {
    { "description", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreColumn, description) },
    { "rounding_mode", OPTION_IGNORED, 0 },
  };

  return read_options (run, options, specs, G_N_ELEMENTS (specs), column, error);
}

gboolean
eros_engine_routine_options (ErosRun *run,
                             const ErosAstOptions *options,
                             ErosStoreRoutine *routine,
                             GError **error)
{
  static const OptionSpec specs[] = {
    { "description", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreRoutine, description) },
    { "strict_mode", OPTION_BOOL, G_STRUCT_OFFSET (ErosStoreRoutine, strict_mode) },
    { "data_governance_type", OPTION_IGNORED, 0 },
  };

  return read_options (run, options, specs, G_N_ELEMENTS (specs), routine, error);
}
