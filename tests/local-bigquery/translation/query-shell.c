/* query-shell.c: JSON lines {"id", "sql", "tables"?, "translate"?} in, answers out; for trying things
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-query-runner.h"

#include <stdio.h>

static void
answer (const char *line)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *request = node != NULL ? json_node_get_object (node) : NULL;
  g_autoptr (ErosQueryRunner) runner = NULL;
  g_autoptr (JsonObject) result = NULL;
  g_autoptr (JsonNode) out = NULL;
  g_autofree char *text = NULL;
  const char *sql = NULL;

  if (request == NULL)
    return;
  runner = eros_query_runner_new ();
  sql = json_object_get_string_member (request, "sql");
  if (json_object_has_member (request, "tables"))
    {
      JsonObject *tables = json_object_get_object_member (request, "tables");
      g_autoptr (GList) names = json_object_get_members (tables);

      for (GList *l = names; l != NULL; l = l->next)
        eros_query_runner_add_table (runner, l->data, json_object_get_object_member (tables, l->data));
    }
  if (json_object_has_member (request, "translate"))
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *translated = eros_query_runner_translate (runner, sql, &error);

      printf ("%s\n", translated != NULL ? translated : error->message);
      return;
    }
  result = eros_query_runner_run (runner, sql);
  if (json_object_has_member (request, "id"))
    json_object_set_member (result, "id", json_node_copy (json_object_get_member (request, "id")));
  out = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (out, result);
  text = json_to_string (out, FALSE);
  printf ("%s\n", text);
}

int
main (void)
{
  char *line = NULL;
  size_t capacity = 0;

  while (getline (&line, &capacity, stdin) > 0)
    answer (line);
  free (line);
  return 0;
}
