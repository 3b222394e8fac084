/* eros-parameters.c: query parameters
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-parameters.h"

#include <string.h>

#include "eros-call.h"
#include "eros-json-reader.h"
#include "eros-schema.h"

static void
clear_parameter (gpointer data)
{
  ErosEngineParameter *parameter = data;

  g_free ((char *) parameter->name);
  eros_sql_value_clear (&parameter->value);
}

static gboolean
fail (GError **error, const char *what, const char *detail)
{
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, "Invalid query parameter: %s%s%s", what,
               detail != NULL ? ": " : "", detail != NULL ? detail : "");
  return FALSE;
}

static const ErosSqlType *
read_range_type (JsonObject *object, GError **error)
{
  JsonObject *element = eros_json_get_object (object, "rangeElementType");
  const char *name = element != NULL ? eros_json_get_string (element, "type") : NULL;
  const ErosSqlType *type = NULL;
  ErosSqlKind kind;

  if (name != NULL && eros_sql_kind_from_name (name, &kind) && kind < EROS_SQL_N_SCALAR_KINDS)
    type = eros_sql_type_range (eros_sql_type (kind));
  if (type == NULL)
    fail (error, "rangeElementType must be DATE, DATETIME or TIMESTAMP", name);
  return type;
}

static const ErosSqlType *
read_type (JsonObject *object, GError **error)
{
  const char *name = eros_json_get_string (object, "type");
  const ErosSqlType *element;
  JsonNode *members;
  ErosSqlKind kind;

  if (name == NULL)
    {
      fail (error, "the type is missing", NULL);
      return NULL;
    }
  if (g_ascii_strcasecmp (name, "ARRAY") == 0)
    {
      element = read_type (eros_json_get_object (object, "arrayType"), error);
      return element != NULL ? eros_sql_type_array (element) : NULL;
    }
  members = json_object_get_member (object, "structTypes");
  if (g_ascii_strcasecmp (name, "STRUCT") == 0 && members != NULL && JSON_NODE_HOLDS_ARRAY (members))
    {
      JsonArray *array = json_node_get_array (members);
      guint n = json_array_get_length (array);
      g_autofree ErosSqlField *fields = g_new0 (ErosSqlField, n + 1);

      for (guint i = 0; i < n; i++)
        {
          JsonNode *node = json_array_get_element (array, i);
          JsonObject *member = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
          const char *field = eros_json_get_string (member, "name");

          fields[i].name = field != NULL ? field : "";
          fields[i].type = read_type (eros_json_get_object (member, "type"), error);
          if (fields[i].type == NULL)
            return NULL;
        }
      return eros_sql_type_struct (fields, n);
    }
  if (g_ascii_strcasecmp (name, "RANGE") == 0)
    return read_range_type (object, error);
  if (eros_sql_kind_from_name (name, &kind) && kind < EROS_SQL_N_SCALAR_KINDS)
    return eros_sql_type (kind);
  fail (error, "unknown type", name);
  return NULL;
}

static gboolean read_value (JsonObject *object, const ErosSqlType *type, ErosSqlValue *value, GError **error);

static gboolean
read_array (JsonObject *object, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, "arrayValues");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_auto (ErosSqlValue) item = EROS_SQL_VALUE_INIT;

      if (!JSON_NODE_HOLDS_OBJECT (element) ||
          !read_value (json_node_get_object (element), eros_sql_type_get_element (type), &item, error))
        {
          eros_sql_builder_clear (&builder);
          return error == NULL || *error != NULL ? FALSE : fail (error, "arrayValues is malformed", NULL);
        }
      eros_sql_builder_add (&builder, &item);
    }
  eros_sql_builder_end_value (&builder, type, value);
  return TRUE;
}

static gboolean
read_struct (JsonObject *object, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  JsonObject *values = eros_json_get_object (object, "structValues");
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  for (guint i = 0; i < eros_sql_type_get_n_fields (type); i++)
    {
      const ErosSqlField *field = eros_sql_type_get_field (type, i);
      g_auto (ErosSqlValue) item = EROS_SQL_VALUE_INIT;
      JsonObject *member = eros_json_get_object (values, field->name);

      if (member == NULL)
        eros_sql_value_set_null (&item, field->type);
      else if (!read_value (member, field->type, &item, error))
        {
          eros_sql_builder_clear (&builder);
          return FALSE;
        }
      eros_sql_builder_add (&builder, &item);
    }
  eros_sql_builder_end_value (&builder, type, value);
  return TRUE;
}

/* An end that is missing or NULL is open. */
static void
append_bound (JsonObject *range, const char *member, GString *text)
{
  JsonObject *bound = eros_json_get_object (range, member);
  const char *value = bound != NULL ? eros_json_get_string (bound, "value") : NULL;

  g_string_append (text, value != NULL ? value : "UNBOUNDED");
}

static gboolean
read_range (JsonObject *range, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  g_autoptr (GString) text = g_string_new ("[");
  g_autoptr (GError) failure = NULL;

  append_bound (range, "start", text);
  g_string_append (text, ", ");
  append_bound (range, "end", text);
  g_string_append_c (text, ')');
  return eros_schema_read_text (type, g_strdup (text->str), value, &failure) ||
         fail (error, failure->message, text->str);
}

static gboolean
read_value (JsonObject *object, const ErosSqlType *type, ErosSqlValue *value, GError **error)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, "value") : NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) failure = NULL;

  if (object != NULL && eros_sql_type_is (type, EROS_SQL_ARRAY))
    return read_array (object, type, value, error);
  if (object != NULL && eros_sql_type_is (type, EROS_SQL_STRUCT) &&
      json_object_has_member (object, "structValues"))
    return read_struct (object, type, value, error);
  if (object != NULL && eros_sql_type_is (type, EROS_SQL_RANGE) &&
      eros_json_get_object (object, "rangeValue") != NULL)
    return read_range (eros_json_get_object (object, "rangeValue"), type, value, error);
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    {
      eros_sql_value_set_null (value, type);
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return fail (error, "the value must be a string", NULL);
  text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                          : json_to_string (node, FALSE);
  if (eros_schema_read_text (type, g_strdup (text), value, &failure))
    return TRUE;
  return fail (error, failure->message, text);
}

/**
 * eros_parameters_read:
 * @parameters: list of QueryParameter
 * @error: return location for an #ErosServiceError
 *
 * Returns: (transfer full) (nullable) (element-type ErosEngineParameter): the parameters
 */
GArray *
eros_parameters_read (JsonArray *parameters, GError **error)
{
  g_autoptr (GArray) result = g_array_new (FALSE, TRUE, sizeof (ErosEngineParameter));

  g_array_set_clear_func (result, clear_parameter);
  for (guint i = 0; i < json_array_get_length (parameters); i++)
    {
      JsonNode *node = json_array_get_element (parameters, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = eros_json_get_string (object, "name");
      const ErosSqlType *type = read_type (eros_json_get_object (object, "parameterType"), error);
      ErosEngineParameter *parameter;

      if (type == NULL)
        return NULL;
      g_array_set_size (result, i + 1);
      parameter = &g_array_index (result, ErosEngineParameter, i);
      parameter->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
      if (!read_value (eros_json_get_object (object, "parameterValue"), type, &parameter->value, error))
        return NULL;
    }
  return g_steal_pointer (&result);
}
