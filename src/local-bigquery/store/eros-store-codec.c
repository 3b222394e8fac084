/* eros-store-codec.c: descriptions as JSON text in the catalogue
 *
 * Only what is set is written, so that a newer version's members are simply absent in an older file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-private.h"

static void
put_string (JsonObject *object, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

static void
put_int (JsonObject *object, const char *member, gint64 value)
{
  if (value != 0)
    json_object_set_int_member (object, member, value);
}

static char *
get_string (JsonObject *object, const char *member)
{
  return g_strdup (json_object_get_string_member_with_default (object, member, NULL));
}

static gint64
get_int (JsonObject *object, const char *member)
{
  return json_object_get_int_member_with_default (object, member, 0);
}

static void
put_labels (JsonObject *object, GHashTable *labels)
{
  GHashTableIter iter;
  gpointer key, value;
  JsonObject *members;

  if (g_hash_table_size (labels) == 0)
    return;
  members = json_object_new ();
  g_hash_table_iter_init (&iter, labels);
  while (g_hash_table_iter_next (&iter, &key, &value))
    json_object_set_string_member (members, key, value);
  json_object_set_object_member (object, "labels", members);
}

static void
get_labels (JsonObject *object, GHashTable *labels)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_hash_table_remove_all (labels);
  if (!json_object_has_member (object, "labels"))
    return;
  json_object_iter_init (&iter, json_object_get_object_member (object, "labels"));
  while (json_object_iter_next (&iter, &name, &node))
    g_hash_table_insert (labels, g_strdup (name), g_strdup (json_node_get_string (node)));
}

static char *
to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  char *text = json_to_string (node, FALSE);

  json_object_unref (object);
  return text;
}

static JsonObject *
from_text (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return json_object_new ();
  return json_object_ref (json_node_get_object (node));
}

static JsonArray *columns_to_array (GPtrArray *columns);
static GPtrArray *columns_from_array (JsonArray *array);

static JsonObject *
column_to_object (const ErosStoreColumn *column)
{
  JsonObject *object = json_object_new ();

  put_string (object, "name", column->name);
  put_string (object, "type", eros_sql_type_get_name (column->type));
  put_int (object, "required", column->required);
  put_string (object, "description", column->description);
  put_string (object, "default", column->default_expression);
  put_int (object, "maxLength", column->max_length);
  put_int (object, "precision", column->precision);
  put_int (object, "scale", column->scale);
  put_int (object, "physical", column->physical);
  if (column->fields != NULL)
    json_object_set_array_member (object, "fields", columns_to_array (column->fields));
  return object;
}

static JsonArray *
columns_to_array (GPtrArray *columns)
{
  JsonArray *array = json_array_sized_new (columns->len);

  for (guint i = 0; i < columns->len; i++)
    json_array_add_object_element (array, column_to_object (g_ptr_array_index (columns, i)));
  return array;
}

static ErosStoreColumn *
column_from_object (JsonObject *object)
{
  const char *type = json_object_get_string_member_with_default (object, "type", "STRING");
  ErosStoreColumn *column =
    eros_store_column_new (json_object_get_string_member (object, "name"), eros_sql_type_parse (type, NULL));

  column->required = get_int (object, "required") != 0;
  column->description = get_string (object, "description");
  column->default_expression = get_string (object, "default");
  column->max_length = get_int (object, "maxLength");
  column->precision = get_int (object, "precision");
  column->scale = get_int (object, "scale");
  column->physical = get_int (object, "physical");
  if (json_object_has_member (object, "fields"))
    column->fields = columns_from_array (json_object_get_array_member (object, "fields"));
  return column;
}

static GPtrArray *
columns_from_array (JsonArray *array)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (columns, column_from_object (json_array_get_object_element (array, i)));
  return columns;
}

char *
eros_store_columns_to_json (GPtrArray *columns)
{
  JsonObject *object = json_object_new ();

  json_object_set_array_member (object, "columns", columns_to_array (columns));
  return to_text (object);
}

GPtrArray *
eros_store_columns_from_json (const char *json)
{
  g_autoptr (JsonObject) object = from_text (json);

  if (!json_object_has_member (object, "columns"))
    return g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  return columns_from_array (json_object_get_array_member (object, "columns"));
}

char *
eros_store_dataset_to_json (const ErosStoreDataset *dataset)
{
  JsonObject *object = json_object_new ();

  put_string (object, "location", dataset->location);
  put_string (object, "friendlyName", dataset->friendly_name);
  put_string (object, "description", dataset->description);
  put_labels (object, dataset->labels);
  put_int (object, "tableExpiration", dataset->default_table_expiration);
  put_int (object, "partitionExpiration", dataset->default_partition_expiration);
  put_int (object, "timeTravelHours", dataset->max_time_travel_hours);
  put_string (object, "extra", dataset->extra);
  return to_text (object);
}

void
eros_store_dataset_from_json (ErosStoreDataset *dataset, const char *json)
{
  g_autoptr (JsonObject) object = from_text (json);

  g_free (dataset->location);
  dataset->location = get_string (object, "location");
  dataset->friendly_name = get_string (object, "friendlyName");
  dataset->description = get_string (object, "description");
  get_labels (object, dataset->labels);
  dataset->default_table_expiration = get_int (object, "tableExpiration");
  dataset->default_partition_expiration = get_int (object, "partitionExpiration");
  dataset->max_time_travel_hours = get_int (object, "timeTravelHours");
  dataset->extra = get_string (object, "extra");
}

static void
put_layout (JsonObject *object, const ErosStoreTable *table)
{
  put_int (object, "partition", table->partition);
  put_string (object, "partitionField", table->partition_field);
  put_int (object, "partitionExpiration", table->partition_expiration);
  put_int (object, "rangeStart", table->range_start);
  put_int (object, "rangeEnd", table->range_end);
  put_int (object, "rangeInterval", table->range_interval);
  put_int (object, "requireFilter", table->require_partition_filter);
  if (table->clustering != NULL)
    {
      JsonArray *names = json_array_new ();

      for (guint i = 0; table->clustering[i] != NULL; i++)
        json_array_add_string_element (names, table->clustering[i]);
      json_object_set_array_member (object, "clustering", names);
    }
}

char *
eros_store_table_to_json (const ErosStoreTable *table)
{
  JsonObject *object = json_object_new ();

  json_object_set_array_member (object, "columns", columns_to_array (table->columns));
  put_string (object, "query", table->query);
  put_int (object, "hasColumnList", table->has_column_list);
  put_layout (object, table);
  put_string (object, "friendlyName", table->friendly_name);
  put_string (object, "description", table->description);
  put_labels (object, table->labels);
  put_string (object, "extra", table->extra);
  put_string (object, "baseProject", table->base_project);
  put_string (object, "baseDataset", table->base_dataset);
  put_string (object, "baseName", table->base_name);
  put_int (object, "baseTime", table->base_time);
  return to_text (object);
}

static void
get_layout (JsonObject *object, ErosStoreTable *table)
{
  table->partition = get_int (object, "partition");
  table->partition_field = get_string (object, "partitionField");
  table->partition_expiration = get_int (object, "partitionExpiration");
  table->range_start = get_int (object, "rangeStart");
  table->range_end = get_int (object, "rangeEnd");
  table->range_interval = get_int (object, "rangeInterval");
  table->require_partition_filter = get_int (object, "requireFilter") != 0;
  if (json_object_has_member (object, "clustering"))
    {
      JsonArray *names = json_object_get_array_member (object, "clustering");
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

      for (guint i = 0; i < json_array_get_length (names); i++)
        g_strv_builder_add (builder, json_array_get_string_element (names, i));
      table->clustering = g_strv_builder_end (builder);
    }
}

void
eros_store_table_from_json (ErosStoreTable *table, const char *json)
{
  g_autoptr (JsonObject) object = from_text (json);

  if (json_object_has_member (object, "columns"))
    {
      g_ptr_array_unref (table->columns);
      table->columns = columns_from_array (json_object_get_array_member (object, "columns"));
    }
  table->query = get_string (object, "query");
  table->has_column_list = get_int (object, "hasColumnList") != 0;
  get_layout (object, table);
  table->friendly_name = get_string (object, "friendlyName");
  table->description = get_string (object, "description");
  get_labels (object, table->labels);
  table->extra = get_string (object, "extra");
  table->base_project = get_string (object, "baseProject");
  table->base_dataset = get_string (object, "baseDataset");
  table->base_name = get_string (object, "baseName");
  table->base_time = get_int (object, "baseTime");
}

static JsonObject *
argument_to_object (const ErosStoreArgument *argument)
{
  JsonObject *object = json_object_new ();

  put_string (object, "name", argument->name);
  put_string (object, "type", argument->type != NULL ? eros_sql_type_get_name (argument->type) : NULL);
  put_int (object, "mode", argument->mode);
  return object;
}

char *
eros_store_routine_to_json (const ErosStoreRoutine *routine)
{
  JsonObject *object = json_object_new ();
  JsonArray *arguments = json_array_new ();

  for (guint i = 0; i < routine->arguments->len; i++)
    json_array_add_object_element (arguments, argument_to_object (g_ptr_array_index (routine->arguments, i)));
  put_int (object, "kind", routine->kind);
  json_object_set_array_member (object, "arguments", arguments);
  put_string (object, "returns",
              routine->return_type != NULL ? eros_sql_type_get_name (routine->return_type) : NULL);
  put_string (object, "language", routine->language);
  if (routine->columns != NULL)
    {
      JsonArray *columns = json_array_new ();

      for (guint i = 0; i < routine->columns->len; i++)
        json_array_add_object_element (columns, argument_to_object (g_ptr_array_index (routine->columns, i)));
      json_object_set_array_member (object, "columns", columns);
    }
  put_string (object, "body", routine->body);
  put_string (object, "description", routine->description);
  put_int (object, "strictMode", routine->strict_mode);
  put_string (object, "extra", routine->extra);
  return to_text (object);
}

static const ErosSqlType *
get_type (JsonObject *object, const char *member)
{
  const char *name = json_object_get_string_member_with_default (object, member, NULL);

  return name != NULL ? eros_sql_type_parse (name, NULL) : NULL;
}

static void
get_routine_columns (ErosStoreRoutine *routine, JsonArray *columns)
{
  routine->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_argument_free);
  for (guint i = 0; i < json_array_get_length (columns); i++)
    {
      JsonObject *object = json_array_get_object_element (columns, i);
      ErosStoreArgument *column = g_new0 (ErosStoreArgument, 1);

      column->name = get_string (object, "name");
      column->type = get_type (object, "type");
      g_ptr_array_add (routine->columns, column);
    }
}

void
eros_store_routine_from_json (ErosStoreRoutine *routine, const char *json)
{
  g_autoptr (JsonObject) object = from_text (json);
  JsonArray *arguments = json_object_get_array_member (object, "arguments");

  routine->kind = get_int (object, "kind");
  for (guint i = 0; arguments != NULL && i < json_array_get_length (arguments); i++)
    {
      JsonObject *argument = json_array_get_object_element (arguments, i);

      eros_store_routine_add_argument (routine, json_object_get_string_member (argument, "name"),
                                       get_type (argument, "type"), get_int (argument, "mode"));
    }
  routine->return_type = get_type (object, "returns");
  routine->language = get_string (object, "language");
  if (json_object_has_member (object, "columns"))
    get_routine_columns (routine, json_object_get_array_member (object, "columns"));
  routine->body = get_string (object, "body");
  routine->description = get_string (object, "description");
  routine->strict_mode = get_int (object, "strictMode") != 0;
  routine->extra = get_string (object, "extra");
}
