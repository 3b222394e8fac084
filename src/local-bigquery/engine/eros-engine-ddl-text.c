/* eros-engine-ddl-text.c: the CREATE statement that would make an object
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-ddl-text.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "eros-keywords.h"
#include "eros-sql-value.h"

static void
option_free (ErosEngineOptionText *option)
{
  g_free (option->name);
  g_free (option->type);
  g_free (option->value);
  g_free (option);
}

static void
add_option (GPtrArray *options, const char *name, const char *type, char *value)
{
  ErosEngineOptionText *option = g_new0 (ErosEngineOptionText, 1);

  option->name = g_strdup (name);
  option->type = g_strdup (type);
  option->value = value;
  g_ptr_array_add (options, option);
}

static char *
quote (const char *text)
{
  GString *out = g_string_new (NULL);
  ErosSqlValue value = EROS_SQL_VALUE_INIT;

  eros_sql_value_set_data (&value, eros_sql_type (EROS_SQL_STRING), text, strlen (text));
  eros_sql_value_append_literal (&value, out);
  return g_string_free (out, FALSE);
}

static char *
quote_time (gint64 time)
{
  GString *out = g_string_new (NULL);
  ErosSqlValue value = EROS_SQL_VALUE_INIT;

  eros_sql_value_set_integer (&value, eros_sql_type (EROS_SQL_TIMESTAMP), time);
  eros_sql_value_append_literal (&value, out);
  return g_string_free (out, FALSE);
}

/* With back-quotes where it would not be read as a name without. */
static void
append_name (GString *out, const char *name)
{
  gsize length = strlen (name);
  gboolean plain = g_ascii_isalpha (*name) || *name == '_';

  for (gsize i = 0; plain && i < length; i++)
    plain = g_ascii_isalnum (name[i]) || name[i] == '_';
  if (plain && !eros_keyword_is_reserved (eros_keyword_lookup (name, length)))
    g_string_append (out, name);
  else
    g_string_append_printf (out, "`%s`", name);
}

static int
compare_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
quote_labels (GHashTable *labels)
{
  g_autofree gpointer *keys = NULL;
  guint n;
  GString *out = g_string_new ("[");

  keys = g_hash_table_get_keys_as_array (labels, &n);
  qsort (keys, n, sizeof (gpointer), compare_text);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = quote (keys[i]);
      g_autofree char *value = quote (g_hash_table_lookup (labels, keys[i]));

      g_string_append_printf (out, "%s(%s, %s)", i == 0 ? "" : ", ", key, value);
    }
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static char *
days (gint64 milliseconds)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (text, sizeof text, milliseconds / (24.0 * 3600 * 1000));
  return g_strconcat (text, strpbrk (text, ".e") == NULL ? ".0" : "", NULL);
}

/* Options that this server has no use for: {"options": {NAME: {"type": …, "value": …}}} */
static void
add_kept_options (GPtrArray *options, const char *extra)
{
  g_autoptr (JsonNode) node = extra == NULL ? NULL : json_from_string (extra, NULL);
  JsonObject *kept = node != NULL && json_object_has_member (json_node_get_object (node), "options")
                       ? json_object_get_object_member (json_node_get_object (node), "options")
                       : NULL;
  g_autoptr (GList) names = kept != NULL ? json_object_get_members (kept) : NULL;

  names = g_list_sort (names, (GCompareFunc) strcmp);
  for (GList *at = names; at != NULL; at = at->next)
    {
      JsonObject *option = json_object_get_object_member (kept, at->data);

      add_option (options, at->data, json_object_get_string_member (option, "type"),
                  g_strdup (json_object_get_string_member (option, "value")));
    }
}

/* Returns: (element-type EngineOptionText): what OPTIONS would say of @table */
GPtrArray *
eros_engine_table_option_list (const ErosStoreTable *table)
{
  GPtrArray *options = g_ptr_array_new_with_free_func ((GDestroyNotify) option_free);

  if (table->description != NULL)
    add_option (options, "description", "STRING", quote (table->description));
  if (table->friendly_name != NULL)
    add_option (options, "friendly_name", "STRING", quote (table->friendly_name));
  if (table->expiration != 0)
    add_option (options, "expiration_timestamp", "TIMESTAMP", quote_time (table->expiration));
  if (g_hash_table_size (table->labels) > 0)
    add_option (options, "labels", "ARRAY<STRUCT<STRING, STRING>>", quote_labels (table->labels));
  if (table->partition_expiration != 0)
    add_option (options, "partition_expiration_days", "FLOAT64", days (table->partition_expiration));
  if (table->require_partition_filter)
    add_option (options, "require_partition_filter", "BOOL", g_strdup ("true"));
  add_kept_options (options, table->extra);
  return options;
}

static void
append_options (GString *out, GPtrArray *options)
{
  if (options->len == 0)
    return;
  g_string_append (out, "OPTIONS(\n");
  for (guint i = 0; i < options->len; i++)
    {
      ErosEngineOptionText *option = g_ptr_array_index (options, i);

      g_string_append_printf (out, "  %s=%s%s\n", option->name, option->value,
                              i + 1 < options->len ? "," : "");
    }
  g_string_append_c (out, ')');
}

/* With what the type itself does not say: STRING(10), NUMERIC(10, 2) */
char *
eros_engine_column_type_text (const ErosStoreColumn *column)
{
  const char *name = eros_sql_type_get_name (column->type);

  if (column->max_length > 0)
    return g_strdup_printf ("%s(%" G_GINT64_FORMAT ")", name, column->max_length);
  if (column->precision > 0 && column->scale > 0)
    return g_strdup_printf ("%s(%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ")", name, column->precision,
                            column->scale);
  if (column->precision > 0)
    return g_strdup_printf ("%s(%" G_GINT64_FORMAT ")", name, column->precision);
  return g_strdup (name);
}

static void append_field (GString *out, const ErosStoreColumn *field);

/* A STRUCT's fields as the catalogue describes them, or as its type alone has them. */
static void
append_struct (GString *out, const ErosSqlType *type, GPtrArray *fields)
{
  g_string_append (out, "STRUCT<");
  for (guint i = 0; i < eros_sql_type_get_n_fields (type); i++)
    {
      const ErosSqlField *member = eros_sql_type_get_field (type, i);
      ErosStoreColumn plain = { .name = (char *) member->name, .type = member->type };

      g_string_append (out, i == 0 ? "" : ", ");
      append_field (out, fields != NULL && i < fields->len ? g_ptr_array_index (fields, i) : &plain);
    }
  g_string_append_c (out, '>');
}

static void
append_type (GString *out, const ErosStoreColumn *column)
{
  gboolean is_array = eros_sql_type_is (column->type, EROS_SQL_ARRAY);
  ErosStoreColumn element = *column;

  element.type = is_array ? eros_sql_type_get_element (column->type) : column->type;
  if (is_array)
    g_string_append (out, "ARRAY<");
  if (eros_sql_type_is (element.type, EROS_SQL_STRUCT))
    append_struct (out, element.type, column->fields);
  else
    {
      g_autofree char *text = eros_engine_column_type_text (&element);

      g_string_append (out, text);
    }
  if (is_array)
    g_string_append_c (out, '>');
}

static void
append_attributes (GString *out, const ErosStoreColumn *column)
{
  if (column->required)
    g_string_append (out, " NOT NULL");
  if (column->description != NULL)
    {
      g_autofree char *text = quote (column->description);

      g_string_append_printf (out, " OPTIONS(description=%s)", text);
    }
}

static void
append_field (GString *out, const ErosStoreColumn *field)
{
  if (*field->name != '\0')
    {
      append_name (out, field->name);
      g_string_append_c (out, ' ');
    }
  append_type (out, field);
  append_attributes (out, field);
}

static void
append_column (GString *out, const ErosStoreColumn *column)
{
  g_string_append (out, "  ");
  append_name (out, column->name);
  g_string_append_c (out, ' ');
  append_type (out, column);
  if (column->default_expression != NULL)
    g_string_append_printf (out, " DEFAULT %s", column->default_expression);
  append_attributes (out, column);
}

/* ---- keys, as eros-engine-constraints.c keeps them */

static void
append_key_columns (GString *out, JsonArray *references, const char *member)
{
  g_string_append_c (out, '(');
  for (guint i = 0; i < json_array_get_length (references); i++)
    {
      g_string_append (out, i == 0 ? "" : ", ");
      append_name (out, member == NULL ? json_array_get_string_element (references, i)
                                       : json_object_get_string_member (
                                           json_array_get_object_element (references, i), member));
    }
  g_string_append_c (out, ')');
}

static void
append_foreign_key (GString *out, JsonObject *key)
{
  JsonObject *table = json_object_get_object_member (key, "referencedTable");
  JsonArray *references = json_object_get_array_member (key, "columnReferences");

  g_string_append (out, ",\n  CONSTRAINT ");
  g_string_append_printf (out, "`%s`", json_object_get_string_member (key, "name"));
  g_string_append (out, " FOREIGN KEY ");
  append_key_columns (out, references, "referencingColumn");
  g_string_append_printf (out, "\n  REFERENCES `%s.%s.%s`",
                          json_object_get_string_member_with_default (table, "projectId", ""),
                          json_object_get_string_member_with_default (table, "datasetId", ""),
                          json_object_get_string_member_with_default (table, "tableId", ""));
  append_key_columns (out, references, "referencedColumn");
  g_string_append (out, " NOT ENFORCED");
}

static void
append_keys (GString *out, const char *extra)
{
  g_autoptr (JsonNode) node = extra == NULL ? NULL : json_from_string (extra, NULL);
  JsonObject *keys = node != NULL && json_object_has_member (json_node_get_object (node), "tableConstraints")
                       ? json_object_get_object_member (json_node_get_object (node), "tableConstraints")
                       : NULL;

  if (keys != NULL && json_object_has_member (keys, "primaryKey"))
    {
      g_string_append (out, ",\n  PRIMARY KEY ");
      append_key_columns (
        out, json_object_get_array_member (json_object_get_object_member (keys, "primaryKey"), "columns"),
        NULL);
      g_string_append (out, " NOT ENFORCED");
    }
  if (keys != NULL && json_object_has_member (keys, "foreignKeys"))
    for (guint i = 0; i < json_array_get_length (json_object_get_array_member (keys, "foreignKeys")); i++)
      append_foreign_key (
        out, json_array_get_object_element (json_object_get_array_member (keys, "foreignKeys"), i));
}

static void
append_columns (GString *out, const ErosStoreTable *table)
{
  if (table->columns->len == 0)
    return;
  g_string_append (out, "\n(\n");
  for (guint i = 0; i < table->columns->len; i++)
    {
      g_string_append (out, i == 0 ? "" : ",\n");
      append_column (out, g_ptr_array_index (table->columns, i));
    }
  append_keys (out, table->extra);
  g_string_append (out, "\n)");
}

/* Of a view: only where they say more than its query does. */
static void
append_view_columns (GString *out, const ErosStoreTable *view)
{
  gboolean described = FALSE;

  for (guint i = 0; i < view->columns->len; i++)
    described |= ((ErosStoreColumn *) g_ptr_array_index (view->columns, i))->description != NULL;
  if (!described && !view->has_column_list)
    return;
  g_string_append (out, "\n(\n");
  for (guint i = 0; i < view->columns->len; i++)
    {
      const ErosStoreColumn *column = g_ptr_array_index (view->columns, i);

      g_string_append (out, i == 0 ? "  " : ",\n  ");
      append_name (out, column->name);
      append_attributes (out, column);
    }
  g_string_append (out, "\n)");
}

static void
append_partitioning (GString *out, const ErosStoreTable *table)
{
  static const char *const units[] = { "", "HOUR", "DAY", "MONTH", "YEAR" };
  ErosStoreColumn *column =
    table->partition_field == NULL
      ? NULL
      : eros_store_table_find_column ((ErosStoreTable *) table, table->partition_field, NULL);
  const char *kind = column == NULL ? "" : eros_sql_type_get_name (column->type);
  g_autoptr (GString) name = g_string_new (NULL);

  if (table->partition == EROS_STORE_PARTITION_NONE)
    return;
  if (column != NULL)
    append_name (name, column->name);
  if (table->partition == EROS_STORE_PARTITION_RANGE)
    g_string_append_printf (out,
                            "\nPARTITION BY RANGE_BUCKET(%s, GENERATE_ARRAY(%" G_GINT64_FORMAT
                            ", %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT "))",
                            name->str, table->range_start, table->range_end, table->range_interval);
  else if (column == NULL && table->partition == EROS_STORE_PARTITION_DAY)
    g_string_append (out, "\nPARTITION BY DATE(_PARTITIONTIME)");
  else if (column == NULL)
    g_string_append_printf (out, "\nPARTITION BY TIMESTAMP_TRUNC(_PARTITIONTIME, %s)",
                            units[table->partition]);
  else if (strcmp (kind, "DATE") == 0 && table->partition == EROS_STORE_PARTITION_DAY)
    g_string_append_printf (out, "\nPARTITION BY %s", name->str);
  else if (table->partition == EROS_STORE_PARTITION_DAY)
    g_string_append_printf (out, "\nPARTITION BY DATE(%s)", name->str);
  else
    g_string_append_printf (out, "\nPARTITION BY %s_TRUNC(%s, %s)", kind, name->str, units[table->partition]);
}

static void
append_clustering (GString *out, const ErosStoreTable *table)
{
  for (guint i = 0; table->clustering != NULL && table->clustering[i] != NULL; i++)
    {
      g_string_append (out, i == 0 ? "\nCLUSTER BY " : ", ");
      append_name (out, table->clustering[i]);
    }
}

/* Returns: (transfer full): the statement that would make @table */
char *
eros_engine_table_ddl (const ErosStoreTable *table)
{
  static const char *const kinds[] = { "TABLE", "VIEW", "MATERIALIZED VIEW", "SNAPSHOT TABLE" };
  g_autoptr (GPtrArray) options = eros_engine_table_option_list (table);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "CREATE %s `%s.%s.%s`", kinds[table->kind], table->project, table->dataset,
                          table->name);
  if (table->kind == EROS_STORE_SNAPSHOT)
    {
      g_autofree char *time = quote_time (table->base_time);

      g_string_append_printf (out, "\nCLONE `%s.%s.%s`\nFOR SYSTEM_TIME AS OF %s", table->base_project,
                              table->base_dataset, table->base_name, time);
    }
  else
    {
      if (table->query == NULL)
        append_columns (out, table);
      else
        append_view_columns (out, table);
      append_partitioning (out, table);
      append_clustering (out, table);
    }
  if (options->len > 0)
    g_string_append_c (out, '\n');
  append_options (out, options);
  if (table->query != NULL)
    g_string_append_printf (out, "\nAS %s", table->query);
  g_string_append_c (out, ';');
  return g_string_free (out, FALSE);
}

/* Returns: (transfer full): the statement that would make @dataset */
char *
eros_engine_dataset_ddl (const ErosStoreDataset *dataset)
{
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func ((GDestroyNotify) option_free);
  GString *out = g_string_new (NULL);

  if (dataset->description != NULL)
    add_option (options, "description", "STRING", quote (dataset->description));
  if (dataset->friendly_name != NULL)
    add_option (options, "friendly_name", "STRING", quote (dataset->friendly_name));
  if (dataset->location != NULL)
    add_option (options, "location", "STRING", quote (dataset->location));
  if (g_hash_table_size (dataset->labels) > 0)
    add_option (options, "labels", "ARRAY<STRUCT<STRING, STRING>>", quote_labels (dataset->labels));
  if (dataset->default_table_expiration != 0)
    add_option (options, "default_table_expiration_days", "FLOAT64",
                days (dataset->default_table_expiration));
  if (dataset->default_partition_expiration != 0)
    add_option (options, "default_partition_expiration_days", "FLOAT64",
                days (dataset->default_partition_expiration));
  if (dataset->max_time_travel_hours != 0)
    add_option (options, "max_time_travel_hours", "INT64",
                g_strdup_printf ("%" G_GINT64_FORMAT, dataset->max_time_travel_hours));
  g_string_append_printf (out, "CREATE SCHEMA `%s.%s`", dataset->project, dataset->name);
  if (options->len > 0)
    g_string_append_c (out, '\n');
  append_options (out, options);
  g_string_append_c (out, ';');
  return g_string_free (out, FALSE);
}

static void
append_argument (GString *out, const ErosStoreArgument *argument, gboolean procedure)
{
  static const char *const modes[] = { "", "OUT ", "INOUT " };
  ErosStoreColumn plain = { .name = argument->name, .type = argument->type };

  if (procedure)
    g_string_append (out, modes[argument->mode]);
  append_name (out, argument->name);
  g_string_append_c (out, ' ');
  if (argument->type == NULL)
    g_string_append (out, "ANY TYPE");
  else
    append_type (out, &plain);
}

/* Returns: (transfer full): the statement that would make @routine */
char *
eros_engine_routine_ddl (const ErosStoreRoutine *routine)
{
  gboolean procedure = routine->kind == EROS_STORE_PROCEDURE;
  g_autoptr (GPtrArray) options = g_ptr_array_new_with_free_func ((GDestroyNotify) option_free);
  GString *out = g_string_new (NULL);

  if (routine->description != NULL)
    add_option (options, "description", "STRING", quote (routine->description));
  if (procedure && !routine->strict_mode)
    add_option (options, "strict_mode", "BOOL", g_strdup ("false"));
  g_string_append_printf (out, "CREATE %s `%s.%s`.",
                          procedure                                    ? "PROCEDURE"
                          : routine->kind == EROS_STORE_TABLE_FUNCTION ? "TABLE FUNCTION"
                                                                       : "FUNCTION",
                          routine->project, routine->dataset);
  append_name (out, routine->name);
  g_string_append_c (out, '(');
  for (guint i = 0; i < routine->arguments->len; i++)
    {
      g_string_append (out, i == 0 ? "" : ", ");
      append_argument (out, g_ptr_array_index (routine->arguments, i), procedure);
    }
  g_string_append_c (out, ')');
  if (routine->return_type != NULL)
    {
      ErosStoreColumn plain = { .type = routine->return_type };

      g_string_append (out, " RETURNS ");
      append_type (out, &plain);
    }
  if (procedure && options->len > 0)
    g_string_append_c (out, '\n');
  if (procedure)
    append_options (out, options);
  if (procedure)
    g_string_append_printf (out, "\n%s;", routine->body);
  else if (routine->language != NULL)
    {
      g_autofree char *body = quote (routine->body);

      g_string_append_printf (out, "\nLANGUAGE %s\nAS %s", routine->language, body);
    }
  else
    g_string_append_printf (out, "\nAS (\n%s\n)", routine->body);
  if (!procedure && options->len > 0)
    g_string_append_c (out, '\n');
  if (!procedure)
    {
      append_options (out, options);
      g_string_append_c (out, ';');
    }
  return g_string_free (out, FALSE);
}
