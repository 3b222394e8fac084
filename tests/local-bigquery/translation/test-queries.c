/* test-queries.c: recorded answers, each query run on a real SQLite database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * queries/NAME.jsonl: one case a line, with
 *   sql       the statement
 *   columns   [[name, type], …] and
 *   rows      [[value, …], …]; compared as a set unless the statement has ORDER BY
 *   error     or else the error's text; true: any error
 *   tables, views, functions, parameters, variables: what there is besides
 * A first line with `tables` alone is for all cases of the file.
 */
#include "eros-query-runner.h"

#include <math.h>
#include <string.h>

static JsonNode *
object_node (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);
  return node;
}

/* A text that is equal for equal values: numbers with 12 digits. */
static void
append_normal (JsonNode *node, GString *text)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      g_string_append_c (text, '[');
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          append_normal (json_array_get_element (array, i), text);
          g_string_append_c (text, ',');
        }
      g_string_append_c (text, ']');
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && (json_node_get_value_type (node) == G_TYPE_DOUBLE ||
                                            json_node_get_value_type (node) == G_TYPE_INT64))
    g_string_append_printf (text, "%.12g", json_node_get_double (node) + 0.0);
  else
    {
      g_autofree char *plain = json_to_string (node, FALSE);

      g_string_append (text, plain);
    }
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
normal_rows (JsonArray *rows, gboolean ordered)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      GString *text = g_string_new (NULL);

      append_normal (json_array_get_element (rows, i), text);
      g_ptr_array_add (texts, g_string_free (text, FALSE));
    }
  if (!ordered)
    g_ptr_array_sort (texts, compare_texts);
  g_ptr_array_add (texts, NULL);
  return g_strjoinv ("\n", (char **) texts->pdata);
}

static void
add_surroundings (ErosQueryRunner *runner, JsonObject *test)
{
  static const struct
  {
    const char *name;
    ErosParameterKind kind;
  } values[] = { { "parameters", EROS_PARAMETER_NAMED },
                 { "positional", EROS_PARAMETER_POSITIONAL },
                 { "variables", EROS_PARAMETER_VARIABLE },
                 { "system", EROS_PARAMETER_SYSTEM } };

  for (guint kind = 0; kind < 2 + G_N_ELEMENTS (values); kind++)
    {
      const char *member = kind == 0 ? "tables" : kind == 1 ? "views" : values[kind - 2].name;
      JsonObject *object =
        json_object_has_member (test, member) ? json_object_get_object_member (test, member) : NULL;
      g_autoptr (GList) names = object != NULL ? json_object_get_members (object) : NULL;

      for (GList *l = names; l != NULL; l = l->next)
        if (kind == 0)
          eros_query_runner_add_table (runner, l->data, json_object_get_object_member (object, l->data));
        else if (kind == 1)
          eros_query_runner_add_view (runner, l->data, json_object_get_string_member (object, l->data));
        else
          {
            JsonArray *pair = json_object_get_array_member (object, l->data);

            eros_query_runner_add_variable (
              runner, values[kind - 2].kind, l->data, json_array_get_string_element (pair, 0),
              json_array_get_null_element (pair, 1) ? NULL : json_array_get_string_element (pair, 1));
          }
    }
  if (json_object_has_member (test, "functions"))
    {
      JsonArray *functions = json_object_get_array_member (test, "functions");

      for (guint i = 0; i < json_array_get_length (functions); i++)
        eros_query_runner_add_routine (runner, json_array_get_string_element (functions, i));
    }
}

static gboolean
same_error (JsonObject *test, JsonObject *result)
{
  JsonNode *wanted = json_object_get_member (test, "error");

  if (!json_object_has_member (result, "error"))
    return FALSE;
  if (json_node_get_value_type (wanted) == G_TYPE_BOOLEAN)
    return !g_str_has_prefix (json_object_get_string_member (result, "error"), "SQLITE");
  return g_str_equal (json_node_get_string (wanted), json_object_get_string_member (result, "error"));
}

static gboolean
same_result (JsonObject *test, JsonObject *result)
{
  const char *sql = json_object_get_string_member (test, "sql");
  g_autofree char *upper = g_ascii_strup (sql, -1);
  gboolean ordered = strstr (upper, "ORDER BY") != NULL;
  g_autofree char *wanted = NULL, *got = NULL, *wanted_columns = NULL, *got_columns = NULL;

  if (json_object_has_member (result, "error"))
    return FALSE;
  wanted = normal_rows (json_object_get_array_member (test, "rows"), ordered);
  got = normal_rows (json_object_get_array_member (result, "rows"), ordered);
  wanted_columns = normal_rows (json_object_get_array_member (test, "columns"), TRUE);
  got_columns = normal_rows (json_object_get_array_member (result, "columns"), TRUE);
  return g_str_equal (wanted, got) && g_str_equal (wanted_columns, got_columns);
}

static void
add_tables (ErosQueryRunner *runner, JsonObject *tables)
{
  g_autoptr (GList) names = json_object_get_members (tables);

  for (GList *l = names; l != NULL; l = l->next)
    eros_query_runner_add_table (runner, l->data, json_object_get_object_member (tables, l->data));
}

static gboolean
check_case (const char *line, JsonObject *shared)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  g_autoptr (ErosQueryRunner) runner = NULL;
  g_autoptr (JsonObject) result = NULL;
  g_autoptr (JsonNode) shown = NULL;
  g_autofree char *text = NULL;
  JsonObject *test = NULL;

  g_assert_nonnull (node);
  test = json_node_get_object (node);
  runner = eros_query_runner_new ();
  add_surroundings (runner, test);
  if (shared != NULL)
    add_tables (runner, shared);
  result = eros_query_runner_run (runner, json_object_get_string_member (test, "sql"));
  if (json_object_has_member (test, "error") ? same_error (test, result) : same_result (test, result))
    return TRUE;
  shown = object_node (result);
  text = json_to_string (shown, FALSE);
  g_test_message ("%s\n  got %s", line, text);
  return FALSE;
}

static void
test_file (gconstpointer data)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("G_TEST_SRCDIR"), "local-bigquery/translation/queries", data, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (JsonNode) first = NULL;
  JsonObject *shared = NULL;
  guint n = 0, failed = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  first = json_from_string (lines[0], NULL);
  if (!json_object_has_member (json_node_get_object (first), "sql"))
    shared = json_object_get_object_member (json_node_get_object (first), "tables");
  for (guint i = shared != NULL ? 1 : 0; lines[i] != NULL; i++)
    {
      if (lines[i][0] != '{')
        continue;
      n++;
      failed += check_case (lines[i], shared) ? 0 : 1;
    }
  g_test_message ("%u cases", n);
  g_assert_cmpuint (n, >, 0);
  g_assert_cmpuint (failed, ==, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name = NULL;

  g_test_init (&argc, &argv, NULL);
  folder = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "local-bigquery/translation/queries", NULL);
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/translation/queries-of-%s-answer-as-recorded", name);

      if (!g_str_has_suffix (name, ".jsonl"))
        continue;
      g_ptr_array_add (names, g_strdup (name));
      g_test_add_data_func (path, names->pdata[names->len - 1], test_file);
    }
  return g_test_run ();
}
