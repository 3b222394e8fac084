/* eros-plan-copy-data.c: the data set of a copy: made, and removed whatever became of the work
 *
 * Its name is on record before it is made, and the operation that it belongs to stands in its labels: so it
 * is found again after a crash, and what has the name and is not ours is left alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-json.h"
#include "eros-json-text.h"
#include "eros-plan-copy-private.h"
#include "eros-plan-copy.h"

#define OWNER_LABEL "eros-copy"
#define LIFETIME_MS "86400000" /* of its tables, should nobody come back */
#define DATASETS    "bigquery/v2/projects/%s/datasets"

static ErosConnection *
connection_of (ErosBigQuery *big_query)
{
  return eros_big_query_get_connection (big_query);
}

/* ---- made ---------------------------------------------------------------------------------------------- */

/* What the statements of a deployment may do differently without. */
static void
take_options (JsonObject *resource, const ErosInventory *source)
{
  static const char *const taken[] = { "defaultCollation",    "defaultPartitionExpirationMs",
                                       "defaultRoundingMode", "isCaseInsensitive",
                                       "maxTimeTravelHours",  "storageBillingModel" };
  const ErosInventoryObject *options = eros_inventory_find (source, EROS_INVENTORY_OPTIONS, "");
  g_autoptr (JsonNode) node = options != NULL ? eros_json_text_parse (options->definition) : NULL;
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  for (guint i = 0; object != NULL && i < G_N_ELEMENTS (taken); i++)
    if (json_object_has_member (object, taken[i]))
      json_object_set_member (resource, taken[i], json_node_copy (json_object_get_member (object, taken[i])));
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
eros_copy_create_async (ErosBigQuery *big_query,
                        const ErosInventory *source,
                        const char *dataset,
                        const char *owner,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  const char *project = eros_connection_get_project (connection_of (big_query));
  const char *location = eros_connection_get_location (connection_of (big_query));
  g_autoptr (ErosRequest) request = eros_request_new (EROS_SERVICE_BIG_QUERY, "POST", DATASETS, project);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *resource = json_object_new ();
  JsonObject *reference = json_object_new ();
  JsonObject *labels = json_object_new ();

  json_node_take_object (node, resource);
  take_options (resource, source);
  json_object_set_string_member (reference, "projectId", project);
  json_object_set_string_member (reference, "datasetId", dataset);
  json_object_set_object_member (resource, "datasetReference", reference);
  json_object_set_string_member (labels, OWNER_LABEL, owner);
  json_object_set_object_member (resource, "labels", labels);
  json_object_set_string_member (resource, "defaultTableExpirationMs", LIFETIME_MS);
  if (location != NULL)
    json_object_set_string_member (resource, "location", location);
  eros_request_set_json (request, node);
  eros_http_send_async (eros_big_query_get_http (big_query), request, cancellable, created_cb,
                        g_task_new (NULL, cancellable, callback, user_data));
}

gboolean
eros_copy_create_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- what there is ------------------------------------------------------------------------------------- */

typedef struct
{
  char *dataset;
  char *owner;
} Left;

static void
left_free (gpointer data)
{
  Left *left = data;

  g_free (left->dataset);
  g_free (left->owner);
  g_free (left);
}

static gboolean
has_name (gconstpointer left, gconstpointer dataset)
{
  return g_strcmp0 (((const Left *) left)->dataset, dataset) == 0;
}

static void
take_noted (GPtrArray *list, ErosEvent *event)
{
  JsonNode *values = json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES);
  const char *dataset =
    values != NULL && JSON_NODE_HOLDS_OBJECT (values)
      ? json_object_get_string_member_with_default (json_node_get_object (values), "dataset", NULL)
      : NULL;
  Left *left;

  if (dataset == NULL || g_ptr_array_find_with_equal_func (list, dataset, has_name, NULL))
    return;
  left = g_new0 (Left, 1);
  left->dataset = g_strdup (dataset);
  left->owner = g_strdup (eros_event_get_string (event, EROS_MEMBER_ID));
  g_ptr_array_add (list, left);
}

static GPtrArray *
list_left (ErosDeployment *deployment)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  GPtrArray *list = g_ptr_array_new_with_free_func (left_free);

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      guint place;

      if (eros_event_is (event, EROS_EVENT_STEP_NOTED) &&
          eros_event_says (event, EROS_MEMBER_STEP, EROS_PLAN_COPY_CREATE))
        take_noted (list, event);
      else if (eros_event_is (event, EROS_EVENT_COPY_REMOVED) &&
               g_ptr_array_find_with_equal_func (list, eros_event_get_string (event, EROS_MEMBER_DATASET),
                                                 has_name, &place))
        g_ptr_array_remove_index (list, place);
    }
  return list;
}

gboolean
eros_copy_is_left (ErosDeployment *deployment)
{
  g_autoptr (GPtrArray) list = list_left (deployment);

  return list->len > 0;
}

/* ---- removed ------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosDeployment *deployment;
  ErosBigQuery *big_query;
  GPtrArray *list;
  guint n_removed;
} Removal;

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_object_unref (removal->deployment);
  g_object_unref (removal->big_query);
  g_ptr_array_unref (removal->list);
  g_free (removal);
}

static void remove_next (GTask *task);

static const Left *
current (GTask *task)
{
  return ((Removal *) g_task_get_task_data (task))->list->pdata[0];
}

/* Takes error. */
static void
give_up (GTask *task, GError *error)
{
  g_prefix_error (&error, _ ("The copy %s is still there: "), current (task)->dataset);
  g_task_return_error (task, error);
}

/* It is gone, or was never ours. */
static void
is_gone (GTask *task)
{
  Removal *removal = g_task_get_task_data (task);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  GError *error = NULL;

  json_node_take_object (node, json_object_new ());
  json_object_set_string_member (json_node_get_object (node), "dataset", current (task)->dataset);
  if (eros_deployment_record (removal->deployment, EROS_EVENT_COPY_REMOVED, node, &error) == NULL)
    {
      give_up (task, error);
      return;
    }
  eros_copy_remove_file (current (task)->dataset);
  g_ptr_array_remove_index (removal->list, 0);
  remove_next (task);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) answer = eros_http_send_finish (EROS_HTTP (source), result, &error);

  if (answer == NULL && !g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      give_up (task, error);
      return;
    }
  g_clear_error (&error);
  ((Removal *) g_task_get_task_data (task))->n_removed++;
  is_gone (task);
}

static ErosRequest *
make_request (GTask *task, const char *method)
{
  Removal *removal = g_task_get_task_data (task);

  return eros_request_new (EROS_SERVICE_BIG_QUERY, method, DATASETS "/%s",
                           eros_connection_get_project (connection_of (removal->big_query)),
                           current (task)->dataset);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  JsonObject *labels = answer != NULL ? eros_json_object (json_node_get_object (answer), "labels") : NULL;
  g_autoptr (ErosRequest) request = NULL;

  if (error != NULL && !g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      give_up (task, error);
      return;
    }
  g_clear_error (&error);
  if (labels == NULL || g_strcmp0 (eros_json_string (labels, OWNER_LABEL), current (task)->owner) != 0)
    {
      is_gone (task);
      return;
    }
  request = make_request (task, "DELETE");
  eros_request_add_query (request, "deleteContents", "true");
  eros_http_send_async (EROS_HTTP (source), request, g_task_get_cancellable (task), deleted_cb,
                        g_object_ref (task));
}

static void
remove_next (GTask *task)
{
  Removal *removal = g_task_get_task_data (task);
  g_autoptr (ErosRequest) request = NULL;

  if (removal->list->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  request = make_request (task, "GET");
  eros_http_send_async (eros_big_query_get_http (removal->big_query), request, g_task_get_cancellable (task),
                        found_cb, g_object_ref (task));
}

void
eros_copy_remove_all_async (ErosDeployment *deployment,
                            ErosBigQuery *big_query,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Removal *removal = g_new0 (Removal, 1);

  removal->deployment = g_object_ref (deployment);
  removal->big_query = g_object_ref (big_query);
  removal->list = list_left (deployment);
  g_task_set_source_tag (task, eros_copy_remove_all_async);
  g_task_set_task_data (task, removal, removal_free);
  remove_next (task);
}

gboolean
eros_copy_remove_all_finish (GAsyncResult *result, guint *n_removed, GError **error)
{
  *n_removed = ((Removal *) g_task_get_task_data (G_TASK (result)))->n_removed;
  return g_task_propagate_boolean (G_TASK (result), error);
}
