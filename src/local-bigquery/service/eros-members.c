/* eros-members.c: a body or a query is refused for what nobody knows, and for what this server has not got
 *
 * Google refuses a body with a member that it does not know. Who ignores one, and answers 200, has let a
 * mistyped or mangled request do something else. The tables are made of Google's own descriptions and of
 * members.txt, which says of each member and parameter what comes of it: see make-members.py.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-members.h"

#include <stdlib.h>
#include <string.h>

typedef enum
{
  READ,
  NOTHING,
  REFUSED,
} Kind;

typedef struct
{
  const char *schema; /* or a method and its path */
  const char *name;
  const char *target; /* (nullable): the schema of its value, or of each element */
  Kind kind;
  const char *harmless; /* (nullable): what is refused may be asked for with these values */
} Member;

#include "eros-members-table.h"

static int
compare (const void *one, const void *other)
{
  const Member *a = one;
  const Member *b = other;
  int order = strcmp (a->schema, b->schema);

  return order != 0 ? order : strcmp (a->name, b->name);
}

static const Member *
find_member (const char *schema, const char *name)
{
  Member wanted = { .schema = schema, .name = name };

  return bsearch (&wanted, MEMBERS, G_N_ELEMENTS (MEMBERS), sizeof (Member), compare);
}

static gboolean
is_among (const char *list, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (list != NULL ? list : "", ",", -1);

  return g_strv_contains ((const char *const *) parts, text);
}

static gboolean is_harmless (JsonNode *node, const char *harmless);

static gboolean
is_harmless_object (JsonObject *object, const char *harmless)
{
  g_autoptr (GList) values = json_object_get_values (object);

  for (GList *l = values; l != NULL; l = l->next)
    if (!is_harmless (l->data, harmless))
      return FALSE;
  return TRUE;
}

/* Nothing is asked for: null, false, 0, "", or a list or an object of nothing else. */
static gboolean
is_harmless (JsonNode *node, const char *harmless)
{
  GType type;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return is_harmless_object (json_node_get_object (node), harmless);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_get_length (json_node_get_array (node)) == 0;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_BOOLEAN)
    return !json_node_get_boolean (node);
  if (type == G_TYPE_INT64)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

      return json_node_get_int (node) == 0 || is_among (harmless, text);
    }
  return type == G_TYPE_STRING &&
         (*json_node_get_string (node) == '\0' || strcmp (json_node_get_string (node), "0") == 0 ||
          is_among (harmless, json_node_get_string (node)));
}

static char *check (const char *schema, JsonObject *object, const char *path);

static char *
check_value (const Member *member, JsonNode *node, const char *path)
{
  char *wrong = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return check (member->target, json_node_get_object (node), path);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  for (guint i = 0; wrong == NULL && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      g_autofree char *element = g_strdup_printf ("%s[%u]", path, i);

      wrong = check_value (member, json_array_get_element (json_node_get_array (node), i), element);
    }
  return wrong;
}

static char *
check (const char *schema, JsonObject *object, const char *path)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  char *wrong = NULL;

  json_object_iter_init (&iter, object);
  while (wrong == NULL && json_object_iter_next (&iter, &name, &node))
    {
      const Member *member = find_member (schema, name);
      g_autofree char *inner = *path != '\0' ? g_strdup_printf ("%s.%s", path, name) : g_strdup (name);

      if (member != NULL && member->kind == REFUSED && !is_harmless (node, member->harmless))
        wrong = g_strdup_printf ("The local server does not have %s: leave it out.", inner);
      else if (member != NULL && member->target != NULL)
        wrong = check_value (member, node, inner);
      else if (member == NULL && *path != '\0')
        wrong = g_strdup_printf (
          "Invalid JSON payload received. Unknown name \"%s\" at '%s': Cannot find field.", name, path);
      else if (member == NULL)
        wrong =
          g_strdup_printf ("Invalid JSON payload received. Unknown name \"%s\": Cannot find field.", name);
    }
  return wrong;
}

/**
 * eros_members_check:
 * @schema: what @body is to be
 * @body: a request's body
 *
 * Returns: (transfer full) (nullable): what is wrong with it; %NULL when each member of it is done
 */
char *
eros_members_check (const char *schema, JsonObject *body)
{
  return check (schema, body, "");
}

static const Member *
find_parameter (const char *place, const char *name)
{
  Member wanted = { .schema = place, .name = name };

  return bsearch (&wanted, PARAMETERS, G_N_ELEMENTS (PARAMETERS), sizeof (Member), compare);
}

/**
 * eros_parameters_check:
 * @place: a method and a path, `GET projects/{}/datasets`
 * @query: the parameters of a query
 *
 * Returns: (transfer full) (nullable): what is wrong with them; %NULL when each of them is heeded
 */
char *
eros_parameters_check (const char *place, GHashTable *query)
{
  GHashTableIter iter;
  gpointer name, value;

  if (find_parameter (place, "fields") == NULL) /* none of Google's */
    return NULL;
  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const Member *parameter = find_parameter (place, name);
      const char *text = value;

      if (parameter == NULL)
        return g_strdup_printf (
          "Invalid JSON payload received. Unknown name \"%s\": Cannot bind query parameter. Field '%s' could "
          "not be found in request message.",
          (char *) name, (char *) name);
      if (parameter->kind == REFUSED && *text != '\0' && g_ascii_strcasecmp (text, "false") != 0 &&
          !is_among (parameter->harmless, text))
        return g_strdup_printf ("The local server does not have the parameter %s: leave it out.",
                                (char *) name);
    }
  return NULL;
}
