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
  const char *type; /* of what is kept or ignored; NULL: refused by name */
  guint objects;    /* of OBJECT_…: what may have it; 0: whatever has such options */
} OptionSpec;

enum
{
  OBJECT_TABLE = 1 << EROS_STORE_TABLE,
  OBJECT_VIEW = 1 << EROS_STORE_VIEW,
  OBJECT_MATERIALIZED_VIEW = 1 << EROS_STORE_MATERIALIZED_VIEW,
};

#define LABELS "ARRAY<STRUCT<STRING, STRING>>"

static const ErosSqlType *
option_type (const OptionSpec *spec)
{
  static const char *const types[] = { "STRING", "FLOAT64", "INT64", "BOOL", "TIMESTAMP", LABELS };

  return eros_sql_type_parse (
    spec->kind == OPTION_KEPT || spec->kind == OPTION_IGNORED ? spec->type : types[spec->kind], NULL);
}

static gboolean fail (const ErosAstOption *option, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static gboolean
fail (const ErosAstOption *option, GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_INVALID, "%s at [%u:%u]", text,
               option->name.span.line, option->name.span.column);
  return FALSE;
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
find_spec (const OptionSpec *specs, guint n_specs, guint object, const ErosAstOption *option, GError **error)
{
  for (guint i = 0; i < n_specs; i++)
    {
      if (g_ascii_strcasecmp (specs[i].name, option->name.text) != 0 ||
          (specs[i].objects != 0 && (specs[i].objects & object) == 0))
        continue;
      if (specs[i].kind < OPTION_KEPT || specs[i].type != NULL)
        return &specs[i];
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
                   "The option %s is not supported by the local BigQuery at [%u:%u]", specs[i].name,
                   option->name.span.line, option->name.span.column);
      return NULL;
    }
  fail (option, error, "Unknown option: %s", option->name.text);
  return NULL;
}

/* Options with few values. What would do something that this server does not is refused by name. */
static gboolean
check_choice (const ErosAstOption *option, const ErosSqlValue *value, GError **error)
{
  static const struct
  {
    const char *option;
    const char *value;
    gboolean refused;
  } choices[] = {
    { "default_rounding_mode", "ROUND_HALF_AWAY_FROM_ZERO", FALSE },
    { "default_rounding_mode", "ROUNDING_MODE_UNSPECIFIED", FALSE },
    { "default_rounding_mode", "ROUND_HALF_EVEN", TRUE },
    { "rounding_mode", "ROUND_HALF_AWAY_FROM_ZERO", FALSE },
    { "rounding_mode", "ROUNDING_MODE_UNSPECIFIED", FALSE },
    { "rounding_mode", "ROUND_HALF_EVEN", TRUE },
    { "storage_billing_model", "LOGICAL", FALSE },
    { "storage_billing_model", "PHYSICAL", FALSE },
    { "is_case_insensitive", "false", FALSE },
    { "is_case_insensitive", "true", TRUE },
  };
  g_autofree char *text = NULL;
  gboolean has_choices = FALSE;

  if (value->is_null)
    return TRUE;
  text = eros_sql_type_is (value->type, EROS_SQL_STRING) ? g_strndup (value->data, value->size)
                                                         : g_strdup (value->integer != 0 ? "true" : "false");
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      if (g_ascii_strcasecmp (choices[i].option, option->name.text) != 0)
        continue;
      has_choices = TRUE;
      if (g_ascii_strcasecmp (choices[i].value, text) != 0)
        continue;
      if (!choices[i].refused)
        return TRUE;
      g_set_error (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_UNSUPPORTED,
                   "The option %s with the value %s is not supported by the local BigQuery at [%u:%u]",
                   choices[i].option, choices[i].value, option->name.span.line, option->name.span.column);
      return FALSE;
    }
  return !has_choices || fail (option, error, "Invalid value for option %s", option->name.text);
}

static gboolean
is_label (ErosSqlReader *pair, gboolean key)
{
  g_autofree char *text = dup_element (pair);
  const char *at = text == NULL ? "" : text;
  gboolean good = !key || g_unichar_islower (g_utf8_get_char (at)) ||
                  g_unichar_type (g_utf8_get_char (at)) == G_UNICODE_OTHER_LETTER;

  for (; good && *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      good =
        (g_unichar_isalnum (c) && !g_unichar_isupper (c)) || c == '_' || c == '-' || g_unichar_ismark (c);
    }
  return good && (text == NULL || g_utf8_strlen (text, -1) <= 63);
}

static gboolean
check_labels (const ErosAstOption *option, const ErosSqlValue *value, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ErosSqlReader list;
  ErosSqlElement element;

  if (value->is_null || !eros_sql_reader_init (&list, value->data, value->size))
    return TRUE;
  while (eros_sql_reader_next (&list, &element))
    {
      ErosSqlReader pair;
      ErosSqlReader again;
      g_autofree char *key = NULL;

      if (element.storage != EROS_SQL_STORAGE_BLOB ||
          !eros_sql_reader_init (&pair, element.data, element.size))
        return fail (option, error, "The option %s has a NULL label", option->name.text);
      again = pair;
      key = dup_element (&again);
      if (!is_label (&pair, TRUE) || !is_label (&pair, FALSE))
        return fail (
          option, error,
          "Invalid label %s. Only lowercase letters, numeric characters, underscores and dashes are "
          "allowed, at most 63; a key begins with a letter",
          key == NULL ? "NULL" : key);
      if (!g_hash_table_add (keys, g_strdup (key)))
        return fail (option, error, "Duplicate label key: %s", key);
    }
  return TRUE;
}

static gboolean
check_value (const OptionSpec *spec, const ErosAstOption *option, const ErosSqlValue *value, GError **error)
{
  if (spec->kind == OPTION_LABELS)
    return check_labels (option, value, error);
  if (spec->kind == OPTION_DAYS && !value->is_null && !(value->real >= 0 && value->real < 1e8))
    return fail (option, error, "Invalid value for %s: it is a number of days and not negative", spec->name);
  if (eros_sql_type_is (value->type, EROS_SQL_STRING) || eros_sql_type_is (value->type, EROS_SQL_BOOL))
    return check_choice (option, value, error);
  return TRUE;
}

gboolean
eros_engine_is_named_before (const ErosAstOptions *options, guint index)
{
  for (guint i = 0; i < index; i++)
    if (g_ascii_strcasecmp (options->items[i].name.text, options->items[index].name.text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_options (ErosRun *run,
              const ErosAstOptions *options,
              const OptionSpec *specs,
              guint n_specs,
              gpointer object,
              guint kind,
              GError **error)
{
  for (guint i = 0; i < options->length; i++)
    {
      const ErosAstOption *option = &options->items[i];
      const OptionSpec *spec = find_spec (specs, n_specs, kind, option, error);
      g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

      if (spec == NULL)
        return FALSE;
      if (eros_engine_is_named_before (options, i))
        return fail (option, error, "Duplicate option specified for '%s'", option->name.text);
      if (!eros_engine_evaluate_here (run, option->value, option_type (spec), &value, error) ||
          !check_value (spec, option, &value, error))
        return FALSE;
      if (spec->kind == OPTION_KEPT)
        keep_option (run, option, &value, (char **) ((char *) object + spec->offset));
      else
        take_value (spec->kind, (char *) object + spec->offset, &value);
    }
  return TRUE;
}

#define TABLE_SLOT(member) G_STRUCT_OFFSET (ErosStoreTable, member)

static const OptionSpec table_options[] = {
  { "description", OPTION_TEXT, TABLE_SLOT (description), NULL, 0 },
  { "friendly_name", OPTION_TEXT, TABLE_SLOT (friendly_name), NULL, 0 },
  { "labels", OPTION_LABELS, TABLE_SLOT (labels), NULL, 0 },
  { "expiration_timestamp", OPTION_TIME, TABLE_SLOT (expiration), NULL, 0 },
  { "tags", OPTION_KEPT, TABLE_SLOT (extra), LABELS, 0 },
  { "partition_expiration_days", OPTION_DAYS, TABLE_SLOT (partition_expiration), NULL,
    OBJECT_TABLE | OBJECT_MATERIALIZED_VIEW },
  { "require_partition_filter", OPTION_BOOL, TABLE_SLOT (require_partition_filter), NULL, OBJECT_TABLE },
  { "kms_key_name", OPTION_KEPT, TABLE_SLOT (extra), "STRING", OBJECT_TABLE | OBJECT_MATERIALIZED_VIEW },
  { "default_rounding_mode", OPTION_KEPT, TABLE_SLOT (extra), "STRING", OBJECT_TABLE },
  { "enable_change_history", OPTION_KEPT, TABLE_SLOT (extra), "BOOL", OBJECT_TABLE },
  { "enable_fine_grained_mutations", OPTION_KEPT, TABLE_SLOT (extra), "BOOL", OBJECT_TABLE },
  { "max_staleness", OPTION_KEPT, TABLE_SLOT (extra), "INTERVAL", OBJECT_TABLE | OBJECT_MATERIALIZED_VIEW },
  { "enable_refresh", OPTION_KEPT, TABLE_SLOT (extra), "BOOL", OBJECT_MATERIALIZED_VIEW },
  { "refresh_interval_minutes", OPTION_KEPT, TABLE_SLOT (extra), "FLOAT64", OBJECT_MATERIALIZED_VIEW },
  { "allow_non_incremental_definition", OPTION_KEPT, TABLE_SLOT (extra), "BOOL", OBJECT_MATERIALIZED_VIEW },
  { "privacy_policy", OPTION_KEPT, 0, NULL, OBJECT_VIEW },
  { "storage_uri", OPTION_KEPT, 0, NULL, OBJECT_TABLE },
  { "file_format", OPTION_KEPT, 0, NULL, OBJECT_TABLE },
  { "table_format", OPTION_KEPT, 0, NULL, OBJECT_TABLE },
};

/* What goes with partitions is no option of a table without. */
static gboolean
check_partitions (const ErosAstOptions *options, const ErosStoreTable *table, GError **error)
{
  for (guint i = 0; i < options->length; i++)
    {
      const ErosAstOption *option = &options->items[i];
      gboolean filter = g_ascii_strcasecmp (option->name.text, "require_partition_filter") == 0;

      if ((filter && table->require_partition_filter) ||
          (g_ascii_strcasecmp (option->name.text, "partition_expiration_days") == 0 &&
           table->partition_expiration != 0))
        return fail (option, error, "The option %s is for partitioned tables only", option->name.text);
    }
  return TRUE;
}

gboolean
eros_engine_table_options (ErosRun *run, const ErosAstOptions *options, ErosStoreTable *table, GError **error)
{
  gint64 expiration = table->expiration;

  if (!read_options (run, options, table_options, G_N_ELEMENTS (table_options), table, 1u << table->kind,
                     error) ||
      (table->partition == EROS_STORE_PARTITION_NONE && table->columns->len > 0 &&
       !check_partitions (options, table, error)))
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
    { "description", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreDataset, description), NULL, 0 },
    { "friendly_name", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreDataset, friendly_name), NULL, 0 },
    { "labels", OPTION_LABELS, G_STRUCT_OFFSET (ErosStoreDataset, labels), NULL, 0 },
    { "location", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreDataset, location), NULL, 0 },
    { "default_table_expiration_days", OPTION_DAYS,
      G_STRUCT_OFFSET (ErosStoreDataset, default_table_expiration), NULL, 0 },
    { "default_partition_expiration_days", OPTION_DAYS,
      G_STRUCT_OFFSET (ErosStoreDataset, default_partition_expiration), NULL, 0 },
    { "max_time_travel_hours", OPTION_INT, G_STRUCT_OFFSET (ErosStoreDataset, max_time_travel_hours), NULL,
      0 },
    { "default_kms_key_name", OPTION_IGNORED, 0, "STRING", 0 },
    { "default_rounding_mode", OPTION_IGNORED, 0, "STRING", 0 },
    { "is_case_insensitive", OPTION_IGNORED, 0, "BOOL", 0 },
    { "storage_billing_model", OPTION_IGNORED, 0, "STRING", 0 },
    { "tags", OPTION_IGNORED, 0, LABELS, 0 },
    { "failover_reservation", OPTION_IGNORED, 0, NULL, 0 },
    { "is_primary", OPTION_IGNORED, 0, NULL, 0 },
    { "primary_replica", OPTION_IGNORED, 0, NULL, 0 },
  };

  if (!read_options (run, options, specs, G_N_ELEMENTS (specs), dataset, 0, error))
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
    { "description", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreColumn, description), NULL, 0 },
    { "rounding_mode", OPTION_IGNORED, 0, "STRING", 0 },
    { "data_policies", OPTION_IGNORED, 0, NULL, 0 },
    { "policy_tags", OPTION_IGNORED, 0, NULL, 0 },
  };

  return read_options (run, options, specs, G_N_ELEMENTS (specs), column, 0, error);
}

gboolean
eros_engine_routine_options (ErosRun *run,
                             const ErosAstOptions *options,
                             ErosStoreRoutine *routine,
                             GError **error)
{
  static const OptionSpec specs[] = {
    { "description", OPTION_TEXT, G_STRUCT_OFFSET (ErosStoreRoutine, description), NULL, 0 },
    { "strict_mode", OPTION_BOOL, G_STRUCT_OFFSET (ErosStoreRoutine, strict_mode), NULL, 0 },
    { "data_governance_type", OPTION_IGNORED, 0, "STRING", 0 },
    { "endpoint", OPTION_IGNORED, 0, NULL, 0 },
    { "user_defined_context", OPTION_IGNORED, 0, NULL, 0 },
    { "max_batching_rows", OPTION_IGNORED, 0, NULL, 0 },
    { "entry_point", OPTION_IGNORED, 0, NULL, 0 },
    { "packages", OPTION_IGNORED, 0, NULL, 0 },
    { "runtime_version", OPTION_IGNORED, 0, NULL, 0 },
    { "engine", OPTION_IGNORED, 0, NULL, 0 },
    { "container_image", OPTION_IGNORED, 0, NULL, 0 },
    { "container_memory", OPTION_IGNORED, 0, NULL, 0 },
    { "container_cpu", OPTION_IGNORED, 0, NULL, 0 },
    { "properties", OPTION_IGNORED, 0, NULL, 0 },
    { "main_file_uri", OPTION_IGNORED, 0, NULL, 0 },
    { "main_class", OPTION_IGNORED, 0, NULL, 0 },
    { "py_file_uris", OPTION_IGNORED, 0, NULL, 0 },
    { "jar_uris", OPTION_IGNORED, 0, NULL, 0 },
    { "file_uris", OPTION_IGNORED, 0, NULL, 0 },
    { "archive_uris", OPTION_IGNORED, 0, NULL, 0 },
    { "library", OPTION_IGNORED, 0, NULL, 0 },
  };

  return read_options (run, options, specs, G_N_ELEMENTS (specs), routine, 0, error);
}
