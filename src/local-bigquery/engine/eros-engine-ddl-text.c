/* eros-engine-ddl-text.c: the CREATE statement that would make an object
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-ddl-text.h"

#include <string.h>
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

  return g_strdup (g_ascii_dtostr (text, sizeof text, milliseconds / (24.0 * 3600 * 1000)));
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

static void
append_column (GString *out, const ErosStoreColumn *column)
{
  g_autofree char *type = eros_engine_column_type_text (column);

  g_string_append_printf (out, "  %s %s", column->name, type);
  if (column->default_expression != NULL)
    g_string_append_printf (out, " DEFAULT %s", column->default_expression);
  if (column->required)
    g_string_append (out, " NOT NULL");
  if (column->description != NULL)
    {
      g_autofree char *text = quote (column->description);

      g_string_append_printf (out, " OPTIONS(description=%s)", text);
    }
}

static void
append_columns (GString *out, GPtrArray *columns)
{
  if (columns->len == 0)
    return;
  g_string_append (out, "\n(\n");
  for (guint i = 0; i < columns->len; i++)
    {
      append_column (out, g_ptr_array_index (columns, i));
      g_string_append (out, i + 1 < columns->len ? ",\n" : "\n");
    }
  g_string_append_c (out, ')');
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

  if (table->partition == EROS_STORE_PARTITION_NONE)
    return;
  if (table->partition == EROS_STORE_PARTITION_RANGE)
    g_string_append_printf (out,
                            "\nPARTITION BY RANGE_BUCKET(%s, GENERATE_ARRAY(%" G_GINT64_FORMAT
                            ", %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT "))",
                            table->partition_field, table->range_start, table->range_end,
                            table->range_interval);
  else if (column == NULL && table->partition == EROS_STORE_PARTITION_DAY)
    g_string_append (out, "\nPARTITION BY DATE(_PARTITIONTIME)");
  else if (column == NULL)
    g_string_append_printf (out, "\nPARTITION BY TIMESTAMP_TRUNC(_PARTITIONTIME, %s)",
                            units[table->partition]);
  else if (strcmp (kind, "DATE") == 0 && table->partition == EROS_STORE_PARTITION_DAY)
    g_string_append_printf (out, "\nPARTITION BY %s", column->name);
  else if (table->partition == EROS_STORE_PARTITION_DAY)
    g_string_append_printf (out, "\nPARTITION BY DATE(%s)", column->name);
  else
    g_string_append_printf (out, "\nPARTITION BY %s_TRUNC(%s, %s)", kind, column->name,
                            units[table->partition]);
}

static void
append_clustering (GString *out, const ErosStoreTable *table)
{
  g_autofree char *list = NULL;

  if (table->clustering == NULL || table->clustering[0] == NULL)
    return;
  list = g_strjoinv (", ", table->clustering);
  g_string_append_printf (out, "\nCLUSTER BY %s", list);
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
    g_string_append_printf (out, "\nCLONE `%s.%s.%s`", table->base_project, table->base_dataset,
                            table->base_name);
  else if (table->query == NULL)
    {
      append_columns (out, table->columns);
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
  g_string_append_printf (out, "CREATE SCHEMA `%s.%s`", dataset->project, dataset->name);
  if (options->len > 0)
    g_string_append_c (out, '\n');
  append_options (out, options);
  g_string_append_c (out, ';');
  return g_string_free (out, FALSE);
}

/* Returns: (transfer full): the statement that would make @routine */
char *
eros_engine_routine_ddl (const ErosStoreRoutine *routine)
{
  static const char *const modes[] = { "", "OUT ", "INOUT " };
  gboolean procedure = routine->kind == EROS_STORE_PROCEDURE;
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "CREATE %s `%s.%s`.%s(", procedure ? "PROCEDURE" : "FUNCTION",
                          routine->project, routine->dataset, routine->name);
  for (guint i = 0; i < routine->arguments->len; i++)
    {
      ErosStoreArgument *argument = g_ptr_array_index (routine->arguments, i);

      g_string_append_printf (out, "%s%s%s %s", i == 0 ? "" : ", ", procedure ? modes[argument->mode] : "",
                              argument->name,
                              argument->type == NULL ? "ANY TYPE" : eros_sql_type_get_name (argument->type));
    }
  g_string_append_c (out, ')');
  if (routine->return_type != NULL)
    g_string_append_printf (out, " RETURNS %s", eros_sql_type_get_name (routine->return_type));
  if (procedure)
    g_string_append_printf (out, "\n%s;", routine->body);
  else
    g_string_append_printf (out, "\nAS (\n%s\n);", routine->body);
  return g_string_free (out, FALSE);
}
