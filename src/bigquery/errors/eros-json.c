/* eros-json.c: reading answers that may lack anything and may lie about types
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-big-query-error.h"

#define DEEPEST     100
#define MOST_VALUES 400000

/* Whether the text is too deep or too full. What is no JSON is left to the parser. */
static const char *
find_excess (const char *text, gsize length)
{
  const char *end = text + length;
  gboolean in_string = FALSE;
  guint depth = 0;
  guint values = 0;

  for (const char *at = text; at < end; at++)
    {
      if (in_string)
        {
          if (*at == '\\')
            at++;
          else if (*at == '"')
            in_string = FALSE;
        }
      else if (*at == '"')
        in_string = TRUE;
      else if (*at == '{' || *at == '[')
        {
          if (++depth > DEEPEST)
            return _ ("it is nested too deeply");
          values++;
        }
      else if (*at == '}' || *at == ']')
        depth -= depth > 0;
      else if (*at == ',')
        values++;
      if (values > MOST_VALUES)
        return _ ("it has more values than any answer should have");
    }
  return NULL;
}

JsonNode *
eros_json_parse (const char *text, gssize length, GError **error)
{
  gsize size = length >= 0 ? (gsize) length : strlen (text);
  const char *excess = find_excess (text, size);
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) broken = NULL;
  JsonNode *root = NULL;

  if (excess == NULL)
    {
      parser = json_parser_new_immutable ();
      if (json_parser_load_from_data (parser, text, size, &broken))
        root = json_parser_get_root (parser);
      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        return json_parser_steal_root (parser);
    }
  g_set_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
               /* Translators: %s: what is wrong with it */
               _ ("the server's answer cannot be read: %s"),
               excess != NULL   ? excess
               : broken != NULL ? broken->message
                                : _ ("it is not a JSON object"));
  return NULL;
}

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
