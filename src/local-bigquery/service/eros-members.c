/* eros-members.c: a body is refused for a member that nobody knows
 *
 * Google refuses a body with a member that it does not know. Who ignores one, and answers 200, has let a
 * mistyped or mangled request do something else. The table is made of Google's own descriptions: see
 * make-members.py.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-members.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  const char *schema;
  const char *name;
  const char *target; /* (nullable): the schema of its value, or of each element */
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
  Member wanted = { schema, name, NULL };

  return bsearch (&wanted, MEMBERS, G_N_ELEMENTS (MEMBERS), sizeof (Member), compare);
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

      if (member != NULL && member->target != NULL)
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

char *
eros_members_check (const char *schema, JsonObject *body)
{
  return check (schema, body, "");
}
