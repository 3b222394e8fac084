/* test-corpus.c: the engine's answers against those of Google's reference implementation
 *
 * answers/FILE.jsonl is what generate.mjs recorded, documented.jsonl what BigQuery's documentation says of
 * functions that the reference's local service does not have; deviations.txt lists the statements that are
 * known to differ, each with the reason. With arguments, only the named files are compared and every
 * difference is printed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-engine.h"

#include "eros-store.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define SHARE_REQUIRED 0.99

static const char *const files[] = { "expressions", "select",    "join", "group",      "window",
                                     "types",       "format",    "json", "range",      "pivot",
                                     "sets",        "recursion", "pipe", "documented", NULL };
static const char *const rejected_files[] = { "rejected", "wrong-calls", NULL };

typedef struct
{
  ErosEngine *engine;
  GHashTable *deviations; /* statement → reason */
  GHashTable *met;        /* those that did differ */
  guint n_statements;
  guint n_equal;
  gboolean verbose;
} Corpus;

static char *
corpus_path (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "tests/local-bigquery/corpus", folder, name, NULL);
}

static GStrv
read_lines (const char *folder, const char *name)
{
  g_autofree char *path = corpus_path (folder, name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strsplit (text, "\n", -1);
}

static ErosEngineResult *
run (Corpus *corpus, const char *sql)
{
  ErosEngineRequest request = {
    .project = "p", .default_dataset = "d", .user_email = "lead@example.com", .job_id = "job", .query = sql
  };

  return eros_engine_run (corpus->engine, &request, NULL);
}

/* deviations.txt: a line with the reason, "# …", then the statements that it explains, one a line (a line
 * break in one is written \n). */
static void
read_deviations (Corpus *corpus)
{
  g_auto (GStrv) lines = read_lines ("", "deviations.txt");
  const char *reason = NULL;

  corpus->deviations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  corpus->met = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '#')
      reason = lines[i] + 1;
    else if (lines[i][0] != '\0')
      {
        g_assert_nonnull (reason);
        g_hash_table_insert (corpus->deviations, g_strdup (lines[i]), g_strdup (reason));
      }
}

static void
open_corpus (Corpus *corpus)
{
  g_auto (GStrv) setup = read_lines ("", "setup.sql");
  g_autoptr (GError) error = NULL;

  corpus->engine = eros_engine_open (NULL, "p", "US", &error);
  g_assert_no_error (error);
  read_deviations (corpus);
  eros_engine_result_free (run (corpus, "CREATE SCHEMA d"));
  for (guint i = 0; setup[i] != NULL; i++)
    if (setup[i][0] != '\0')
      {
        g_autoptr (ErosEngineResult) result = run (corpus, setup[i]);

        if (result->error_message != NULL)
          g_error ("%s: %s", setup[i], result->error_message);
      }
}

static void
close_corpus (Corpus *corpus)
{
  eros_engine_close (corpus->engine);
  g_hash_table_unref (corpus->deviations);
  g_hash_table_unref (corpus->met);
}

/* ---- Values as JSON, in the form of the answers -------------------------------------------------------- */

static JsonNode *value_to_json (const ErosSqlValue *value);

static JsonNode *
elements_to_json (const ErosSqlValue *value)
{
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  JsonArray *list = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  ErosSqlReader reader;
  ErosSqlValue element;

  eros_sql_reader_init (&reader, value->data, value->size);
  for (guint i = 0; i < reader.n_elements; i++)
    {
      const ErosSqlType *type =
        array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;

      g_assert_true (eros_sql_reader_next_value (&reader, type, &element));
      json_array_add_element (list, value_to_json (&element));
    }
  json_node_take_array (node, list);
  return node;
}

static JsonNode *
string_node (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, text);
  return node;
}

static JsonNode *
value_to_json (const ErosSqlValue *value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *base64 = NULL;

  if (value->is_null)
    {
      json_node_unref (node);
      return json_node_new (JSON_NODE_NULL);
    }
  switch ((guint) eros_sql_type_get_kind (value->type))
    {
    case EROS_SQL_BOOL:
      json_node_set_boolean (node, value->integer != 0);
      return node;
    case EROS_SQL_ARRAY:
    case EROS_SQL_STRUCT:
      json_node_unref (node);
      return elements_to_json (value);
    case EROS_SQL_BYTES:
      base64 = g_base64_encode ((const guchar *) value->data, value->size);
      g_string_append (text, base64);
      break;
    default:
      eros_sql_value_append_cast (value, text);
    }
  json_node_unref (node);
  return string_node (text->str);
}

/* 2024-02-29T12:34:56.789000Z and 2024-02-29 12:34:56.789+00 are the same. */
static char *
normalize_time (const char *text)
{
  GString *plain = g_string_new (text);
  char *point = strrchr (plain->str, '.');

  g_string_replace (plain, "T", " ", 1);
  if (g_str_has_suffix (plain->str, "Z"))
    g_string_truncate (plain, plain->len - 1);
  else if (g_str_has_suffix (plain->str, "+00"))
    g_string_truncate (plain, plain->len - 3);
  if (point != NULL)
    while (plain->str[plain->len - 1] == '0')
      g_string_truncate (plain, plain->len - 1);
  return g_string_free (plain, FALSE);
}

static gboolean
same_number (const char *ours, const char *theirs)
{
  double a = g_ascii_strtod (ours, NULL);
  double b = g_ascii_strtod (theirs, NULL);

  /* sums and elementary functions may differ in their last bits */
  return a == b || (isnan (a) && isnan (b)) || fabs (a - b) <= 4e-15 * MAX (fabs (a), fabs (b));
}

static gboolean
same (JsonNode *ours, JsonNode *theirs, const ErosSqlType *type)
{
  JsonArray *a = NULL;
  JsonArray *b = NULL;
  g_autofree char *x = NULL;
  g_autofree char *y = NULL;

  if (JSON_NODE_HOLDS_NULL (ours) || JSON_NODE_HOLDS_NULL (theirs))
    return JSON_NODE_HOLDS_NULL (ours) && JSON_NODE_HOLDS_NULL (theirs);
  if (eros_sql_type_is (type, EROS_SQL_ARRAY) || eros_sql_type_is (type, EROS_SQL_STRUCT))
    {
      a = json_node_get_array (ours);
      b = json_node_get_array (theirs);
      if (json_array_get_length (a) != json_array_get_length (b))
        return FALSE;
      for (guint i = 0; i < json_array_get_length (a); i++)
        if (!same (json_array_get_element (a, i), json_array_get_element (b, i),
                   eros_sql_type_is (type, EROS_SQL_ARRAY) ? eros_sql_type_get_element (type)
                                                           : eros_sql_type_get_field (type, i)->type))
          return FALSE;
      return TRUE;
    }
  if (eros_sql_type_is (type, EROS_SQL_BOOL))
    return json_node_get_boolean (ours) == json_node_get_boolean (theirs);
  if (json_node_get_value_type (ours) != G_TYPE_STRING || json_node_get_value_type (theirs) != G_TYPE_STRING)
    return FALSE;
  if (eros_sql_type_is (type, EROS_SQL_FLOAT64))
    return same_number (json_node_get_string (ours), json_node_get_string (theirs));
  if (!eros_sql_type_is (type, EROS_SQL_TIMESTAMP) && !eros_sql_type_is (type, EROS_SQL_DATETIME) &&
      !eros_sql_type_is (type, EROS_SQL_TIME))
    return strcmp (json_node_get_string (ours), json_node_get_string (theirs)) == 0;
  x = normalize_time (json_node_get_string (ours));
  y = normalize_time (json_node_get_string (theirs));
  return strcmp (x, y) == 0;
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

static gboolean
collect_row_cb (const ErosSqlValue *values, guint n_values, gpointer rows)
{
  JsonArray *row = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < n_values; i++)
    json_array_add_element (row, value_to_json (&values[i]));
  json_node_take_array (node, row);
  g_ptr_array_add (rows, node);
  return TRUE;
}

static gboolean
same_rows (GPtrArray *ours, JsonArray *theirs, gboolean ordered, const ErosSqlType *row_type)
{
  guint n = json_array_get_length (theirs);
  g_autofree gboolean *taken = g_new0 (gboolean, n + 1);

  if (ours->len != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      guint j = ordered ? i : 0;

      while (j < n && (taken[j] || !same (ours->pdata[i], json_array_get_element (theirs, j), row_type)))
        j = ordered ? n : j + 1;
      if (j == n)
        return FALSE;
      taken[j] = TRUE;
    }
  return TRUE;
}

/* The type of a row as a STRUCT; NULL when the columns are not those of the answer. */
static const ErosSqlType *
check_columns (const ErosEngineResult *result, JsonObject *answer, GString *difference)
{
  JsonArray *types = json_object_get_array_member (answer, "t");
  JsonArray *names = json_object_has_member (answer, "n") ? json_object_get_array_member (answer, "n") : NULL;
  g_autoptr (GArray) fields = g_array_new (FALSE, FALSE, sizeof (ErosSqlField));

  if (result->columns == NULL || result->columns->len != json_array_get_length (types))
    {
      g_string_append_printf (difference, "%u columns", result->columns == NULL ? 0 : result->columns->len);
      return NULL;
    }
  for (guint i = 0; i < result->columns->len; i++)
    {
      const ErosStoreColumn *column = result->columns->pdata[i];
      const char *name = names != NULL ? json_array_get_string_element (names, i) : "";
      const ErosSqlType *type = eros_sql_type_parse (json_array_get_string_element (types, i), NULL);
      ErosSqlField field = { "", type };

      if (type != column->type)
        g_string_append_printf (difference, "column %u is %s, not %s; ", i + 1,
                                eros_sql_type_get_name (column->type),
                                json_array_get_string_element (types, i));
      if (name[0] != '\0' && strcmp (name, column->name) != 0)
        g_string_append_printf (difference, "column %u is named %s, not %s; ", i + 1, column->name, name);
      g_array_append_val (fields, field);
    }
  return difference->len > 0 ? NULL : eros_sql_type_struct ((const ErosSqlField *) fields->data, fields->len);
}

static void
append_rows (GString *text, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *row = json_to_string (rows->pdata[i], FALSE);

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", row);
    }
}

/* Whether a NULL lies in a list within the rows: BigQuery refuses to answer with an array that has one, which
 * the reference does not. */
static gboolean
has_null_element (JsonNode *node, guint depth)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *element = json_array_get_element (list, i);

      if ((depth > 1 && JSON_NODE_HOLDS_NULL (element)) || has_null_element (element, depth + 1))
        return TRUE;
    }
  return FALSE;
}

/* NULL when the answers are equal. */
static char *
difference_of (const ErosEngineResult *result, JsonObject *answer)
{
  g_autoptr (GString) difference = g_string_new (NULL);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_autoptr (GError) error = NULL;
  const ErosSqlType *row_type = NULL;

  if (json_object_has_member (answer, "e"))
    return result->error_message != NULL
             ? NULL
             : g_strdup_printf ("no error, but “%s”", json_object_get_string_member (answer, "e"));
  if (result->error_message != NULL &&
      g_str_has_prefix (result->error_message, "Array cannot have a null element") &&
      has_null_element (json_object_get_member (answer, "r"), 0))
    return NULL;
  if (result->error_message != NULL)
    return g_strdup_printf ("error: %s", result->error_message);
  row_type = check_columns (result, answer, difference);
  if (row_type == NULL)
    return g_string_free (g_steal_pointer (&difference), FALSE);
  if (!eros_store_result_foreach (result->result, 0, G_MAXINT64, collect_row_cb, rows, &error))
    return g_strdup (error->message);
  if (same_rows (rows, json_object_get_array_member (answer, "r"), json_object_has_member (answer, "o"),
                 row_type))
    return NULL;
  append_rows (difference, rows);
  return g_string_free (g_steal_pointer (&difference), FALSE);
}

static void
report (const char *sql, JsonObject *answer, const char *difference)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *expected = NULL;

  if (json_object_has_member (answer, "e"))
    expected = g_strdup (json_object_get_string_member (answer, "e"));
  else
    {
      node = json_node_new (JSON_NODE_ARRAY);
      json_node_set_array (node, json_object_get_array_member (answer, "r"));
      expected = json_to_string (node, FALSE);
    }
  g_printerr ("%s\n    theirs: %s\n    ours:   %s\n", sql, expected, difference);
}

/* One line, whatever the statement. */
static char *
deviation_key (const char *sql)
{
  GString *key = g_string_new (sql);

  g_string_replace (key, "\n", "\\n", 0);
  return g_string_free (key, FALSE);
}

static void
compare (Corpus *corpus, const char *line)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  JsonObject *answer = json_node_get_object (node);
  const char *sql = json_object_get_string_member (answer, "q");
  g_autoptr (ErosEngineResult) result = run (corpus, sql);
  g_autofree char *difference = difference_of (result, answer);
  g_autofree char *key = NULL;
  gpointer known = NULL;

  corpus->n_statements++;
  if (difference == NULL)
    {
      corpus->n_equal++;
      return;
    }
  key = deviation_key (sql);
  if (g_hash_table_lookup_extended (corpus->deviations, key, &known, NULL))
    g_hash_table_add (corpus->met, known);
  else
    g_test_fail ();
  if (corpus->verbose || known == NULL)
    report (sql, answer, difference);
}

static void
compare_file (Corpus *corpus, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".jsonl", NULL);
  g_auto (GStrv) lines = read_lines ("answers", file);

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      compare (corpus, lines[i]);
}

/* ---- Tests --------------------------------------------------------------------------------------------- */

static void
test_answers (void)
{
  Corpus corpus = { 0 };

  open_corpus (&corpus);
  for (guint i = 0; files[i] != NULL; i++)
    compare_file (&corpus, files[i]);
  g_test_message ("%u of %u statements are answered as the reference answers them; %u known deviations",
                  corpus.n_equal, corpus.n_statements, g_hash_table_size (corpus.deviations));
  g_assert_cmpuint (corpus.n_statements, >=, 3000);
  g_assert_cmpfloat (corpus.n_equal, >=, SHARE_REQUIRED * corpus.n_statements);
  /* A deviation that is none any more must be taken off the list. */
  g_assert_cmpuint (g_hash_table_size (corpus.met), ==, g_hash_table_size (corpus.deviations));
  close_corpus (&corpus);
}

static void
test_rejected (void)
{
  Corpus corpus = { 0 };

  open_corpus (&corpus);
  for (guint i = 0; rejected_files[i] != NULL; i++)
    compare_file (&corpus, rejected_files[i]);
  g_test_message ("%u of %u statements are refused as the reference refuses them", corpus.n_equal,
                  corpus.n_statements);
  g_assert_cmpuint (corpus.n_statements, >=, 300);
  g_assert_cmpuint (corpus.n_equal, ==, corpus.n_statements);
  close_corpus (&corpus);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();

  if (argc > 1)
    {
      Corpus corpus = { .verbose = TRUE };

      open_corpus (&corpus);
      for (int i = 1; i < argc; i++)
        compare_file (&corpus, argv[i]);
      g_printerr ("%u of %u\n", corpus.n_equal, corpus.n_statements);
      close_corpus (&corpus);
      return 0;
    }
  g_test_add_func ("/corpus/answers-are-those-of-the-reference", test_answers);
  g_test_add_func ("/corpus/what-the-reference-refuses-is-refused", test_rejected);

  return g_test_run ();
}
