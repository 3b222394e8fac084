/* eros-json.c: reading answers that may lack anything and may lie about types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-json.h"

#include <string.h>

static JsonNode *
find (JsonObject *object, const char *path)
{
  const char *dot;
  JsonNode *node;

  while (object != NULL && (dot = strchr (path, '.')) != NULL)
    {
      g_autofree char *member = g_strndup (path, dot - path);

      node = json_object_get_member (object, member);
      object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      path = dot + 1;
    }
  return object != NULL ? json_object_get_member (object, path) : NULL;
}

JsonObject *
eros_json_object (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
eros_json_array (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

const char *
eros_json_string (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

gint64
eros_json_int64 (JsonObject *object, const char *path, gint64 otherwise)
{
  JsonNode *node = find (object, path);
  const char *text = eros_json_string (object, path);
  gint64 value;

  if (text != NULL)
    return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL) ? value : otherwise;
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  return otherwise;
}

gboolean
eros_json_bool (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);
  const char *text = eros_json_string (object, path);

  if (text != NULL)
    return g_str_equal (text, "true");
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}
