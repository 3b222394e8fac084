/* test-documented.c: docs/runbook.md and docs/runbook.schema.json promise what the program can do, and no
 * more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "eros-runbook.h"
#include "eros-vocabulary.h"

static char *
read_document (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "docs", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* The `names` between back-quotes in text. (transfer full) */
static char **
list_quoted (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "`", -1);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 1; parts[0] != NULL && parts[i] != NULL && parts[i + 1] != NULL; i += 2)
    g_strv_builder_add (names, parts[i]);
  return g_strv_builder_end (names);
}

static void
assert_same_names (const char *what, const char *const *documented, const char *const *known)
{
  for (guint i = 0; documented[i] != NULL; i++)
    if (!g_strv_contains (known, documented[i]))
      g_error ("%s: the documentation promises “%s”", what, documented[i]);
  for (guint i = 0; known[i] != NULL; i++)
    if (!g_strv_contains (documented, known[i]))
      g_error ("%s: “%s” is not documented", what, known[i]);
}

/* The cells of the rows of the table that begins with head. (transfer full): of char ** */
static GPtrArray *
read_table (const char *text, const char *head)
{
  const char *at = strstr (text, head);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  g_assert_nonnull (at);
  at = strchr (strchr (at, '\n') + 1, '\n') + 1; /* below the line of dashes */
  while (*at == '|')
    {
      const char *end = strchr (at, '\n');
      g_autofree char *line = g_strndup (at, end - at);

      g_ptr_array_add (rows, g_strsplit (line, "|", -1));
      at = end + 1;
    }
  g_assert_cmpuint (rows->len, >, 0);
  return rows;
}

/* The name in the first cell of each row, against all that are known; others in the cells that follow. */
static void
check_table (const char *head, ErosWordKind kind, guint results, guint arguments)
{
  g_autofree char *text = read_document ("runbook.md");
  g_autoptr (GPtrArray) rows = read_table (text, head);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      char **cells = rows->pdata[i];
      g_auto (GStrv) name = list_quoted (cells[1]);

      g_assert_cmpuint (g_strv_length (name), ==, 1);
      g_strv_builder_add (builder, name[0]);
      if (results > 0)
        {
          g_auto (GStrv) listed = list_quoted (cells[results]);

          assert_same_names (name[0], (const char *const *) listed,
                             eros_vocabulary_get_results (kind, name[0]));
        }
      if (arguments > 0)
        {
          g_auto (GStrv) listed = list_quoted (cells[arguments]);

          assert_same_names (name[0], (const char *const *) listed, eros_vocabulary_get_arguments (name[0]));
        }
    }
  names = g_strv_builder_end (builder);
  assert_same_names (head, (const char *const *) names, eros_vocabulary_get_names (kind));
}

static void
test_the_page_promises_what_there_is (void)
{
  check_table ("| builtin |", EROS_WORD_BUILTIN, 3, 0);
  check_table ("| metric |", EROS_WORD_METRIC, 0, 0);
  check_table ("| operation |", EROS_WORD_OPERATION, 2, 3);
}

/* What the program knows of a kind of name, as its own error lists it. (transfer full) */
static char **
ask_for_names (const char *from, const char *to)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "runbook", "minimal.json", NULL);
  g_autofree char *minimal = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) error = NULL;
  const char *list;

  g_file_get_contents (path, &minimal, NULL, &error);
  g_assert_no_error (error);
  text = g_string_new (minimal);
  g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  g_assert_null (eros_runbook_parse (text->str, -1, "minimal.json", &error));
  list = strstr (error->message, "is none of ");
  g_assert_nonnull (list);
  return g_strsplit (list + strlen ("is none of "), ", ", -1);
}

static void
test_kinds_and_types_are_all_documented (void)
{
  g_autofree char *text = read_document ("runbook.md");
  static const struct
  {
    const char *head;
    const char *from;
    const char *to;
  } lists[] = {
    { "| kind | what it is |", "\"kind\": \"list\"", "\"kind\": \"x\"" },
    { "| type | stored as |", "\"type\": \"email\"", "\"type\": \"x\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_auto (GStrv) known = ask_for_names (lists[i].from, lists[i].to);
      g_autoptr (GPtrArray) rows = read_table (text, lists[i].head);
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_auto (GStrv) documented = NULL;

      for (guint k = 0; k < rows->len; k++)
        {
          g_auto (GStrv) names = list_quoted (((char **) rows->pdata[k])[1]);

          g_strv_builder_addv (builder, (const char **) names);
        }
      documented = g_strv_builder_end (builder);
      assert_same_names (lists[i].head, (const char *const *) documented, (const char *const *) known);
    }
}

/* The "enum" of the member of this name, wherever the schema has it. */
static void
find_enum (JsonNode *node, const char *member, JsonArray **found)
{
  g_autoptr (GList) names =
    JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_members (json_node_get_object (node)) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    {
      JsonNode *child = json_object_get_member (json_node_get_object (node), name->data);

      if (g_str_equal (name->data, member) && JSON_NODE_HOLDS_OBJECT (child) &&
          json_object_has_member (json_node_get_object (child), "enum"))
        *found = json_object_get_array_member (json_node_get_object (child), "enum");
      else
        find_enum (child, member, found);
    }
  for (guint i = 0; JSON_NODE_HOLDS_ARRAY (node) && i < json_array_get_length (json_node_get_array (node));
       i++)
    find_enum (json_array_get_element (json_node_get_array (node), i), member, found);
}

static void
test_the_schema_accepts_what_there_is (void)
{
  static const char *const members[] = { "builtin", "metric", "operation" };
  g_autofree char *text = read_document ("runbook.schema.json");
  g_autoptr (JsonNode) schema = json_from_string (text, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonArray *found = NULL;
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_auto (GStrv) names = NULL;

      find_enum (schema, members[i], &found);
      g_assert_nonnull (found);
      for (guint k = 0; k < json_array_get_length (found); k++)
        g_strv_builder_add (builder, json_array_get_string_element (found, k));
      names = g_strv_builder_end (builder);
      assert_same_names (members[i], (const char *const *) names,
                         eros_vocabulary_get_names ((ErosWordKind) i));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runbook/documented/the-page-promises-what-there-is",
                   test_the_page_promises_what_there_is);
  g_test_add_func ("/runbook/documented/kinds-and-types-are-all-documented",
                   test_kinds_and_types_are_all_documented);
  g_test_add_func ("/runbook/documented/the-schema-accepts-what-there-is",
                   test_the_schema_accepts_what_there_is);
  return g_test_run ();
}
