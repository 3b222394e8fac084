/* eros-json-reader.c: members of a request's JSON, of the type they ought to have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-json-reader.h"

#include <string.h>

static GType
value_type (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
}

static JsonNode *
get (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

/**
 * eros_json_get_string:
 * @object: (nullable): an object
 * @name: a member
 *
 * Returns: (transfer none) (nullable): its text
 */
const char *
eros_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = get (object, name);

  return value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/**
 * eros_json_get_int:
 * @object: (nullable): an object
 * @name: a member; Google writes 64-bit numbers as strings
 * @fallback: what to return without it
 *
 * Returns: its number
 */
gint64
eros_json_get_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = get (object, name);
  gint64 value = fallback;

  if (value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (value_type (node) == G_TYPE_STRING)
    g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, &value, NULL);
  return value;
}

/**
 * eros_json_get_bool:
 * @object: (nullable): an object
 * @name: a member
 * @fallback: what to return without it
 *
 * Returns: its value
 */
gboolean
eros_json_get_bool (JsonObject *object, const char *name, gboolean fallback)
{
  JsonNode *node = get (object, name);

  return value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node) : fallback;
}

/**
 * eros_json_get_object:
 * @object: (nullable): an object
 * @name: a member
 *
 * Returns: (transfer none) (nullable): the object in it
 */
JsonObject *
eros_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = get (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * eros_json_get_array:
 * @object: (nullable): an object
 * @name: a member
 *
 * Returns: (transfer none) (nullable): the list in it
 */
JsonArray *
eros_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = get (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * eros_json_is_null:
 * @object: (nullable): an object
 * @name: a member
 *
 * Returns: whether it is there, and null: a patch takes the value away
 */
gboolean
eros_json_is_null (JsonObject *object, const char *name)
{
  JsonNode *node = get (object, name);

  return node != NULL && JSON_NODE_HOLDS_NULL (node);
}

static gboolean
fits (JsonNode *node, char type)
{
  GType value = value_type (node);

  switch (type)
    {
    case 's':
      return value == G_TYPE_STRING;
    case 'b':
      return value == G_TYPE_BOOLEAN;
    case 'i':
      return value == G_TYPE_INT64 ||
             (value == G_TYPE_STRING &&
              g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, NULL, NULL));
    case 'o':
      return JSON_NODE_HOLDS_OBJECT (node);
    default:
      return JSON_NODE_HOLDS_ARRAY (node);
    }
}

static const char *
check (JsonObject *object, const ErosJsonMember *members, guint n_members, guint depth)
{
  JsonObjectIter iter;
  const char *name;
  const char *wrong = NULL;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (wrong == NULL && json_object_iter_next (&iter, &name, &node))
    {
      if (JSON_NODE_HOLDS_NULL (node))
        continue;
      for (guint i = 0; i < n_members; i++)
        if (strcmp (members[i].name, name) == 0 &&
            !fits (node, members[i].type)
            /* configuration.query is an object, configuration.query.query a string */
            && !(strcmp (name, "query") == 0 && JSON_NODE_HOLDS_OBJECT (node)))
          return members[i].name;
      if (JSON_NODE_HOLDS_OBJECT (node) && depth < 4 && strcmp (name, "schema") != 0 &&
          strcmp (name, "labels") != 0)
        wrong = check (json_node_get_object (node), members, n_members, depth + 1);
    }
  return wrong;
}

/**
 * eros_json_check:
 * @object: an object
 * @members: which members must have which type, wherever they are
 * @n_members: how many
 *
 * Returns: (transfer none) (nullable): the name of a member of another type
 */
const char *
eros_json_check (JsonObject *object, const ErosJsonMember *members, guint n_members)
{
  return check (object, members, n_members, 0);
}

/**
 * eros_json_merge:
 * @target: what is there; may get objects out of @patch
 * @patch: what is to be changed: null takes a member away, in objects that are in both the same again
 *
 * A patch as RFC 7396 has it.
 */
void
eros_json_merge (JsonObject *target, JsonObject *patch)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, patch);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (JSON_NODE_HOLDS_NULL (node))
        json_object_remove_member (target, name);
      else if (!JSON_NODE_HOLDS_OBJECT (node))
        json_object_set_member (target, name, json_node_copy (node));
      else
        {
          JsonObject *old = eros_json_get_object (target, name);
          JsonObject *merged = old != NULL ? json_object_ref (old) : json_object_new ();

          eros_json_merge (merged, json_node_get_object (node));
          json_object_set_object_member (target, name, merged);
        }
    }
}
