/* eros-sql-set.c: what a runbook's texts say of the operations whose steps the program makes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sql-set.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-controller-error.h"
#include "eros-strict-json.h"

void
eros_sql_clear_free (ErosSqlClear *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->sql);
  g_free (self->source);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosSqlClear, eros_sql_clear_free)

static gboolean
fail (GError **error, ErosStepFiles *files, const char *path, const char *member, const char *what)
{
  g_autofree char *shown = eros_step_files_describe (files, path);

  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, "%s: $.%s: %s", shown, member,
               what);
  return FALSE;
}

/* (transfer full) (nullable): the object in a file that must be there */
static JsonNode *
parse (ErosStepFiles *files, const char *path, GError **error)
{
  const char *text = eros_step_files_get (files, path);
  g_autofree char *shown = eros_step_files_describe (files, path);
  g_autoptr (JsonNode) root =
    text != NULL ? eros_strict_json_parse (text, strlen (text), shown, error) : NULL;

  if (text == NULL)
    fail (error, files, path, "", _ ("is missing"));
  else if (root != NULL && !JSON_NODE_HOLDS_OBJECT (root))
    fail (error, files, path, "", _ ("must be an object"));
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? g_steal_pointer (&root) : NULL;
}

static gboolean
knows_members (ErosStepFiles *files,
               const char *path,
               JsonObject *object,
               const char *const *known,
               GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      return fail (error, files, path, member->data, _ ("is not known"));
  return TRUE;
}

static gboolean
is_text (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* ---- what is cleared ----------------------------------------------------------------------------------- */

static ErosSqlClear *
load_clear (ErosStepFiles *files, const char *folder, const char *sql, GError **error)
{
  static const char *const known[] = { "id", "title", NULL };
  g_autofree char *path = g_strconcat (folder, "/step.json", NULL);
  g_autoptr (JsonNode) root = parse (files, path, error);
  g_autoptr (ErosSqlClear) self = g_new0 (ErosSqlClear, 1);
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;

  if (object == NULL || !knows_members (files, path, object, known, error))
    return NULL;
  for (guint i = 0; known[i] != NULL; i++)
    if (!is_text (json_object_get_member (object, known[i])))
      {
        fail (error, files, path, known[i], _ ("must be a text"));
        return NULL;
      }
  self->id = g_strdup (json_object_get_string_member (object, "id"));
  self->title = g_strdup (json_object_get_string_member (object, "title"));
  self->sql = g_strdup (sql);
  self->source = g_strdup_printf ("sql/%s/clear.sql", folder);
  return g_steal_pointer (&self);
}

GPtrArray *
eros_sql_set_load_clears (ErosStepFiles *files, const char *set, GError **error)
{
  g_autoptr (GPtrArray) clears = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_sql_clear_free);
  g_auto (GStrv) names = eros_step_files_list (files, set);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *folder = g_strdup_printf ("%s/%s", set, names[i]);
      g_autofree char *path = g_strconcat (folder, "/clear.sql", NULL);
      const char *sql = eros_step_files_get (files, path);
      ErosSqlClear *clear = sql != NULL ? load_clear (files, folder, sql, error) : NULL;

      if (sql != NULL && clear == NULL)
        return NULL;
      if (clear != NULL)
        g_ptr_array_add (clears, clear);
    }
  return g_steal_pointer (&clears);
}

/* ---- what is measured ---- */

#define MOST_RUNS 100

void
eros_sql_benchmark_free (ErosSqlBenchmark *self)
{
  ErosSqlWay *ways[] = { &self->before, &self->after, &self->hourly };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_free (ways[i]->title);
      g_free (ways[i]->sql);
      g_free (ways[i]->source);
    }
  g_free (self->id);
  g_free (self->metric);
  g_free (self->name);
  g_free (self->column);
  g_free (self->unit);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosSqlBenchmark, eros_sql_benchmark_free)

/* (transfer full) (nullable) */
static char *
take_text (ErosStepFiles *files, const char *path, JsonObject *object, const char *member, GError **error)
{
  if (is_text (json_object_get_member (object, member)))
    return g_strdup (json_object_get_string_member (object, member));
  fail (error, files, path, member, _ ("must be a text"));
  return NULL;
}

static gboolean
read_file (ErosSqlWay *way,
           ErosStepFiles *files,
           const char *path,
           JsonObject *object,
           const char *member,
           GError **error)
{
  g_autofree char *file = take_text (files, path, object, member, error);

  if (file == NULL)
    return FALSE;
  way->sql = g_strdup (eros_step_files_get (files, file));
  way->source = g_strconcat ("sql/", file, NULL);
  return way->sql != NULL || fail (error, files, path, member, _ ("names a file that is not there"));
}

static gboolean
read_runs (ErosSqlBenchmark *self, ErosStepFiles *files, const char *path, JsonObject *root, GError **error)
{
  JsonNode *node = json_object_get_member (root, "runs");
  gint64 runs =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
      ? json_node_get_int (node)
      : 0;

  self->runs = (guint) CLAMP (runs, 0, MOST_RUNS);
  return (runs >= 1 && runs <= MOST_RUNS) ||
         fail (error, files, path, "runs", _ ("must be a whole number from 1 to 100"));
}

static gboolean
read_way (ErosSqlWay *way, ErosStepFiles *files, const char *path, JsonObject *root, GError **error)
{
  static const char *const known[] = { "title", "sql", NULL };
  JsonNode *node = json_object_get_member (root, way->name);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (object == NULL)
    return fail (error, files, path, way->name, _ ("must be an object"));
  return knows_members (files, path, object, known, error) &&
         (way->title = take_text (files, path, object, "title", error)) != NULL &&
         read_file (way, files, path, object, "sql", error);
}

static gboolean
read_turns (ErosSqlBenchmark *self, ErosStepFiles *files, const char *path, JsonObject *root, GError **error)
{
  static const char *const known[] = { "id", "metric", "name", "runs", "before", "after", NULL };

  self->unit = g_strdup ("ms");
  self->lower_is_better = TRUE;
  return knows_members (files, path, root, known, error) && read_runs (self, files, path, root, error) &&
         read_way (&self->before, files, path, root, error) &&
         read_way (&self->after, files, path, root, error);
}

static gboolean
read_hourly (ErosSqlBenchmark *self, ErosStepFiles *files, const char *path, JsonObject *root, GError **error)
{
  static const char *const known[] = { "id",   "metric",          "name", "hourly", "column",
                                       "unit", "lower_is_better", NULL };
  JsonNode *lower = json_object_get_member (root, "lower_is_better");

  if (!knows_members (files, path, root, known, error) ||
      !read_file (&self->hourly, files, path, root, "hourly", error) ||
      (self->column = take_text (files, path, root, "column", error)) == NULL ||
      (self->unit = take_text (files, path, root, "unit", error)) == NULL)
    return FALSE;
  if (lower == NULL || !JSON_NODE_HOLDS_VALUE (lower) || json_node_get_value_type (lower) != G_TYPE_BOOLEAN)
    return fail (error, files, path, "lower_is_better", _ ("must be true or false"));
  self->lower_is_better = json_node_get_boolean (lower);
  return TRUE;
}
static ErosSqlBenchmark *
load_benchmark (ErosStepFiles *files, const char *path, GError **error)
{
  g_autoptr (JsonNode) root = parse (files, path, error);
  g_autoptr (ErosSqlBenchmark) self = g_new0 (ErosSqlBenchmark, 1);
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;

  self->before.name = "before";
  self->after.name = "after";
  if (object == NULL || (self->id = take_text (files, path, object, "id", error)) == NULL ||
      (self->metric = take_text (files, path, object, "metric", error)) == NULL ||
      (self->name = take_text (files, path, object, "name", error)) == NULL ||
      !(json_object_has_member (object, "hourly") ? read_hourly (self, files, path, object, error)
                                                  : read_turns (self, files, path, object, error)))
    return NULL;
  return g_steal_pointer (&self);
}

GPtrArray *
eros_sql_set_load_benchmarks (ErosStepFiles *files, const char *set, GError **error)
{
  g_autoptr (GPtrArray) benchmarks =
    g_ptr_array_new_with_free_func ((GDestroyNotify) eros_sql_benchmark_free);
  g_auto (GStrv) names = eros_step_files_list (files, set);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s/step.json", set, names[i]);
      ErosSqlBenchmark *benchmark =
        eros_step_files_get (files, path) != NULL ? load_benchmark (files, path, error) : NULL;

      if (benchmark != NULL)
        g_ptr_array_add (benchmarks, benchmark);
      else if (eros_step_files_get (files, path) != NULL)
        return NULL;
    }
  return g_steal_pointer (&benchmarks);
}

/* ---- which boxes --------------------------------------------------------------------------------------- */

/* (transfer full) (nullable) */
static char **
take_texts (JsonNode *node)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (is_text (json_array_get_element (array, i)))
      g_strv_builder_add (builder, json_array_get_string_element (array, i));
    else
      return NULL;
  return array != NULL ? g_strv_builder_end (builder) : NULL;
}

GHashTable *
eros_sql_set_load_boxes (ErosStepFiles *files, const char *set, GError **error)
{
  static const char *const known[] = { "proves", NULL };
  g_autoptr (GHashTable) boxes =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  g_autofree char *path = g_strconcat (set, "/step.json", NULL);
  g_autoptr (JsonNode) root = NULL;
  JsonNode *proves;
  JsonObjectIter iter;
  const char *step;
  JsonNode *ids;

  if (eros_step_files_get (files, path) == NULL)
    return g_steal_pointer (&boxes);
  root = parse (files, path, error);
  if (root == NULL || !knows_members (files, path, json_node_get_object (root), known, error))
    return NULL;
  proves = json_object_get_member (json_node_get_object (root), "proves");
  if (proves == NULL || !JSON_NODE_HOLDS_OBJECT (proves))
    {
      fail (error, files, path, "proves", _ ("must be an object"));
      return NULL;
    }
  json_object_iter_init (&iter, json_node_get_object (proves));
  while (json_object_iter_next (&iter, &step, &ids))
    {
      char **texts = take_texts (ids);

      if (texts == NULL)
        {
          fail (error, files, path, step, _ ("must be a list of texts"));
          return NULL;
        }
      g_hash_table_insert (boxes, g_strdup (step), texts);
    }
  return g_steal_pointer (&boxes);
}

char **
eros_sql_set_find_boxes (GHashTable *boxes, const char *step_id)
{
  g_autofree char *head = g_strndup (step_id, strcspn (step_id, "/"));
  char **found = g_hash_table_lookup (boxes, step_id);

  return found != NULL ? found : g_hash_table_lookup (boxes, head);
}
