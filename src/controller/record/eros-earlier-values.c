/* eros-earlier-values.c: expected values that the deployment before has found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-earlier-values.h"

#include <string.h>

#include "eros-deployment-list.h"

/* A field that is blank, and the column of the check whose answer it is compared with. */
typedef struct
{
  char *element;
  char *column;
  char *field;
  char *value; /* (nullable) as it was found */
  char *deployment;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->element);
  g_free (wanted->column);
  g_free (wanted->field);
  g_free (wanted->value);
  g_free (wanted->deployment);
  g_free (wanted);
}

/* What the thread reads; none of it is the deployment, which is the main thread's. */
typedef struct
{
  GPtrArray *wanted; /* of Wanted */
  char *id;
  char *project;
  char *dataset;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_ptr_array_unref (search->wanted);
  g_free (search->id);
  g_free (search->project);
  g_free (search->dataset);
  g_free (search);
}

static void
want (ErosDeployment *deployment, ErosElement *element, GPtrArray *wanted)
{
  const ErosCheckBinding *binding = eros_element_get_check_binding (element);

  for (guint i = 0; binding != NULL && i < binding->n_expectations; i++)
    {
      const ErosExpectation *expectation = &binding->expectations[i];
      const char *value = expectation->value;
      g_autofree char *field = NULL;
      Wanted *one;

      if (!g_str_has_prefix (value, "${") || !g_str_equal (expectation->op, "="))
        continue;
      field = g_strndup (value + 2, strlen (value) - 3);
      if (eros_deployment_get_value_actor (deployment, field, NULL, NULL) != NULL ||
          *eros_deployment_get_value (deployment, field) != '\0')
        continue;
      one = g_new0 (Wanted, 1);
      one->element = g_strdup (eros_element_get_id (element));
      one->column = g_strdup (expectation->column);
      one->field = g_steal_pointer (&field);
      g_ptr_array_add (wanted, one);
    }
}

/* ---- in the thread ------------------------------------------------------------------------------------- */

/* (transfer full) (nullable) */
static char *
find_value (JsonNode *evidence, const char *column)
{
  JsonArray *array =
    evidence != NULL && JSON_NODE_HOLDS_ARRAY (evidence) ? json_node_get_array (evidence) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonNode *values = JSON_NODE_HOLDS_OBJECT (element)
                           ? json_object_get_member (json_node_get_object (element), "values")
                           : NULL;
      JsonNode *value = values != NULL && JSON_NODE_HOLDS_OBJECT (values)
                          ? json_object_get_member (json_node_get_object (values), column)
                          : NULL;

      if (value != NULL && JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
        return g_strdup (json_node_get_string (value));
    }
  return NULL;
}

static void
look_into (Search *search, ErosDeployment *before)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (before);

  if (g_strcmp0 (setup->project, search->project) != 0 || g_strcmp0 (setup->dataset, search->dataset) != 0)
    return;
  for (guint i = 0; i < search->wanted->len; i++)
    {
      Wanted *wanted = g_ptr_array_index (search->wanted, i);
      ErosItem *item = eros_deployment_get_item (before, wanted->element);

      if (wanted->value != NULL || item == NULL)
        continue;
      wanted->value = find_value (eros_item_get_evidence (item), wanted->column);
      if (wanted->value != NULL)
        wanted->deployment = g_strdup (eros_deployment_get_id (before));
    }
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  gint64 one = eros_deployment_summary_get_created (*(ErosDeploymentSummary *const *) a);
  gint64 other = eros_deployment_summary_get_created (*(ErosDeploymentSummary *const *) b);

  return one < other ? 1 : one > other ? -1 : 0;
}

static GPtrArray *
list_newest_first (GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) folder = eros_deployment_get_directory ();
  g_autoptr (GListModel) list = eros_deployment_list (folder, cancellable, error);
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; list != NULL && i < g_list_model_get_n_items (list); i++)
    g_ptr_array_add (sorted, g_list_model_get_item (list, i));
  g_ptr_array_sort (sorted, compare_newest_first);
  return sorted;
}

static void
search_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Search *search = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) list = list_newest_first (cancellable, &error);

  for (guint i = 0; error == NULL && i < list->len; i++)
    {
      ErosDeploymentSummary *summary = g_ptr_array_index (list, i);
      g_autoptr (ErosDeployment) before = NULL;

      if (eros_deployment_summary_get_error (summary) != NULL ||
          g_strcmp0 (eros_deployment_summary_get_id (summary), search->id) == 0)
        continue;
      /* What cannot be read says nothing. */
      before = eros_deployment_open (eros_deployment_summary_get_file (summary), EROS_JOURNAL_READ, NULL);
      if (before != NULL)
        look_into (search, before);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* ---- on record ----------------------------------------------------------------------------------------- */

static gboolean
record (ErosDeployment *deployment, const Wanted *wanted, GError **error)
{
  JsonObject *source = json_object_new ();
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) evidence = json_node_init_array (json_node_alloc (), array);

  json_object_set_string_member (source, "deployment", wanted->deployment);
  json_object_set_string_member (source, "element", wanted->element);
  json_object_set_string_member (source, "column", wanted->column);
  json_array_add_object_element (array, source);
  json_array_unref (array);
  return eros_deployment_record_value (deployment, wanted->field, wanted->value, evidence, error);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Search *search = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  gboolean good = g_task_propagate_boolean (G_TASK (result), &error);

  for (guint i = 0; good && i < search->wanted->len; i++)
    {
      const Wanted *wanted = g_ptr_array_index (search->wanted, i);

      good = wanted->value == NULL || record ((gpointer) source, wanted, &error);
    }
  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
eros_expected_take_async (ErosDeployment *deployment,
                          GPtrArray *elements,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (deployment, cancellable, callback, user_data);
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func (wanted_free);
  g_autoptr (GTask) thread = NULL;
  Search *search;

  g_task_set_source_tag (task, eros_expected_take_async);
  for (guint i = 0; setup->environment != EROS_ENVIRONMENT_REHEARSAL && i < elements->len; i++)
    want (deployment, g_ptr_array_index (elements, i), wanted);
  if (wanted->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  search = g_new0 (Search, 1);
  search->wanted = g_steal_pointer (&wanted);
  search->id = g_strdup (eros_deployment_get_id (deployment));
  search->project = g_strdup (setup->project);
  search->dataset = g_strdup (setup->dataset);
  thread = g_task_new (deployment, cancellable, searched_cb, g_steal_pointer (&task));
  g_task_set_task_data (thread, search, search_free);
  g_task_run_in_thread (thread, search_in_thread);
}

gboolean
eros_expected_take_finish (ErosDeployment *deployment, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, deployment), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
