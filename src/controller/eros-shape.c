/* eros-shape.c: a rehearsal's data set, made from the inventory of another
 *
 * Each object is made by its own definition; what the local BigQuery refuses is named with its words. Tables
 * are made side by side, what may depend on something else one after the other.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-shape.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-big-query.h"
#include "eros-controller-error.h"
#include "eros-definition.h"
#include "eros-inventory-diff.h"
#include "eros-json-text.h"
#include "eros-plan-objects.h"
#include "eros-plan-parts.h"
#include "eros-proof.h"

#define FILE_NAME "inventory.json"
#define ABREAST   16

typedef struct
{
  ErosBigQuery *big_query;
  ErosInventory *inventory;
  GPtrArray *makes; /* of ErosReturn, in order: tables first */
  guint next;
  guint n_under_way;
  GPtrArray *gaps;
  GError *error; /* the first one */
} Shape;

static void
gap_free (gpointer data)
{
  ErosShapeGap *gap = data;

  g_free (gap->kind);
  g_free (gap->name);
  g_free (gap->why);
  g_free (gap);
}

static void
shape_free (gpointer data)
{
  Shape *shape = data;

  g_object_unref (shape->big_query);
  eros_inventory_unref (shape->inventory);
  g_ptr_array_unref (shape->makes);
  g_clear_pointer (&shape->gaps, g_ptr_array_unref);
  g_clear_error (&shape->error);
  g_free (shape);
}

static ErosConnection *
connection_of (Shape *shape)
{
  return eros_big_query_get_connection (shape->big_query);
}

static void
add_gap (GPtrArray *gaps, const char *kind, const char *name, const char *why, gboolean is_meant)
{
  ErosShapeGap *gap = g_new0 (ErosShapeGap, 1);

  gap->kind = g_strdup (kind);
  gap->name = g_strdup (name);
  gap->why = g_strdup (why);
  gap->is_meant = is_meant;
  g_ptr_array_add (gaps, gap);
}

/* ---- what there is to make ----------------------------------------------------------------------------- */

static gboolean
is_kind (const ErosReturn *one, const char *kind)
{
  return g_str_equal (one->kind, kind);
}

/* What comes in the order in which things depend on each other, as if all of it were missing. */
static void
list_makes (Shape *shape)
{
  static const char *const no_tables[] = { NULL };
  g_autoptr (ErosInventory) empty =
    eros_inventory_new (eros_connection_get_project (connection_of (shape)),
                        eros_connection_get_dataset (connection_of (shape)), 0);
  g_autoptr (GHashTable) touched = g_hash_table_new (g_str_hash, g_str_equal);

  eros_inventory_complete (empty);
  shape->makes =
    eros_plan_returns (shape->inventory, shape->inventory, empty, touched, no_tables, EROS_DATA_SET_THERE);
  for (guint i = shape->makes->len; i > 0; i--)
    {
      const ErosReturn *one = shape->makes->pdata[i - 1];

      if (is_kind (one, EROS_INVENTORY_ACCESS) || is_kind (one, EROS_INVENTORY_SCHEDULE))
        add_gap (shape->gaps, one->kind, one->name, _ ("no rehearsal has it"), TRUE);
      else if (is_kind (one, EROS_INVENTORY_SNAPSHOT))
        add_gap (shape->gaps, one->kind, one->name,
                 _ ("a snapshot is of a time, which the rehearsal has not had"), FALSE);
      else if (!is_kind (one, EROS_INVENTORY_OPTIONS))
        continue;
      g_ptr_array_remove_index (shape->makes, i - 1);
    }
}

/* ---- one after the other ------------------------------------------------------------------------------- */

static void make_next (GTask *task);

typedef struct
{
  GTask *task;
  const ErosReturn *one;
} Making;

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Making *making = user_data;
  g_autoptr (GTask) task = making->task;
  Shape *shape = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &error);

  shape->n_under_way--;
  if (error != NULL && !eros_big_query_error_may_pass (error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    add_gap (shape->gaps, making->one->kind, making->one->name, error->message, FALSE);
  else if (error != NULL && shape->error == NULL)
    shape->error = g_steal_pointer (&error);
  g_clear_error (&error);
  make_next (task);
}

static void
make (GTask *task, const ErosReturn *one)
{
  Shape *shape = g_task_get_task_data (task);
  g_autofree char *id = eros_job_request_make_id ("eros-shape");
  g_autofree char *sql =
    eros_definition_specialize (one->definition, eros_connection_get_project (connection_of (shape)),
                                eros_connection_get_dataset (connection_of (shape)));
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, sql);
  Making *making = g_new (Making, 1);

  making->task = g_object_ref (task);
  making->one = one;
  /* It is this program's, and no workload. */
  eros_job_request_add_label (request, "eros-deployment", "");
  shape->n_under_way++;
  eros_big_query_query_async (shape->big_query, request, 0, g_task_get_cancellable (task), made_cb, making);
}

static void
make_next (GTask *task)
{
  Shape *shape = g_task_get_task_data (task);

  while (shape->error == NULL && shape->next < shape->makes->len)
    {
      const ErosReturn *one = shape->makes->pdata[shape->next];

      if (shape->n_under_way >= (is_kind (one, EROS_INVENTORY_TABLE) ? ABREAST : 1))
        return;
      shape->next++;
      make (task, one);
    }
  if (shape->n_under_way > 0)
    return;
  if (shape->error != NULL)
    g_task_return_error (task, g_steal_pointer (&shape->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&shape->gaps), (GDestroyNotify) g_ptr_array_unref);
}

/* ---- what they are in ---------------------------------------------------------------------------------- */

/* What is there already is as good. */
static gboolean
take_answer (GTask *task, GObject *source, GAsyncResult *result)
{
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer != NULL || g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_DUPLICATE))
    {
      g_clear_error (&error);
      return TRUE;
    }
  g_task_return_error (task, error);
  return FALSE;
}

static void
dataset_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (take_answer (task, source, result))
    make_next (task);
}

static void
make_dataset (GTask *task)
{
  Shape *shape = g_task_get_task_data (task);
  ErosConnection *connection = connection_of (shape);
  const ErosInventoryObject *options = eros_inventory_find (shape->inventory, EROS_INVENTORY_OPTIONS, "");
  g_autoptr (JsonNode) node = options != NULL ? eros_json_text_parse (options->definition) : NULL;
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "POST", "bigquery/v2/projects/%s/datasets",
                      eros_connection_get_project (connection));
  JsonObject *reference = json_object_new ();

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_clear_pointer (&node, json_node_unref);
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (node, json_object_new ());
    }
  json_object_set_string_member (reference, "projectId", eros_connection_get_project (connection));
  json_object_set_string_member (reference, "datasetId", eros_connection_get_dataset (connection));
  json_object_set_object_member (json_node_get_object (node), "datasetReference", reference);
  json_object_set_string_member (json_node_get_object (node), "location",
                                 eros_connection_get_location (connection));
  eros_request_set_json (request, node);
  eros_http_send_async (eros_big_query_get_http (shape->big_query), request, g_task_get_cancellable (task),
                        dataset_cb, g_object_ref (task));
}

static void
bucket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (take_answer (task, source, result))
    make_dataset (task);
}

void
eros_shape_make_async (ErosConnection *connection,
                       const ErosInventory *inventory,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Shape *shape = g_new0 (Shape, 1);
  g_autoptr (ErosRequest) request = eros_request_new (EROS_SERVICE_STORAGE, "POST", "storage/v1/b");
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *bucket = json_object_new ();

  shape->big_query = eros_big_query_new (connection);
  shape->inventory = eros_inventory_ref ((ErosInventory *) inventory);
  shape->gaps = g_ptr_array_new_with_free_func (gap_free);
  g_task_set_source_tag (task, eros_shape_make_async);
  g_task_set_task_data (task, shape, shape_free);
  list_makes (shape);
  json_node_take_object (node, bucket);
  json_object_set_string_member (bucket, "name", eros_connection_get_bucket (connection));
  json_object_set_string_member (bucket, "location", eros_connection_get_location (connection));
  eros_request_add_query (request, "project", eros_connection_get_project (connection));
  eros_request_set_json (request, node);
  eros_http_send_async (eros_big_query_get_http (shape->big_query), request, cancellable, bucket_cb,
                        g_steal_pointer (&task));
}

GPtrArray *
eros_shape_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- on record ----------------------------------------------------------------------------------------- */

gboolean
eros_shape_prepare (GFile *data, const ErosInventory *inventory, GError **error)
{
  g_autoptr (GFile) file = g_file_get_child (data, FILE_NAME);
  g_autofree char *text = eros_inventory_to_text (inventory, error);

  if (text == NULL)
    return FALSE;
  if (g_mkdir_with_parents (g_file_peek_path (data), 0700) != 0)
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   _ ("The folder %s could not be made."), g_file_peek_path (data));
      return FALSE;
    }
  return g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, NULL,
                                  error);
}

gboolean
eros_shape_is_prepared (GFile *data)
{
  g_autoptr (GFile) file = g_file_get_child (data, FILE_NAME);

  return g_file_query_exists (file, NULL);
}

gboolean
eros_shape_record (ErosDeployment *deployment,
                   const ErosInventory *inventory,
                   GPtrArray *gaps,
                   GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = eros_inventory_to_text (inventory, error);
  JsonObject *body = json_object_new ();
  JsonArray *left_out = json_array_new ();

  json_node_take_object (node, body);
  if (text == NULL)
    {
      json_array_unref (left_out);
      return FALSE;
    }
  for (guint i = 0; i < gaps->len; i++)
    {
      const ErosShapeGap *gap = gaps->pdata[i];
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "kind", gap->kind);
      json_object_set_string_member (entry, "name", gap->name);
      json_object_set_string_member (entry, "why", gap->why);
      json_array_add_object_element (left_out, entry);
    }
  json_object_set_string_member (body, EROS_MEMBER_PROJECT, eros_inventory_get_project (inventory));
  json_object_set_string_member (body, EROS_MEMBER_DATASET, eros_inventory_get_dataset (inventory));
  json_object_set_string_member (body, EROS_MEMBER_INVENTORY_DIGEST, eros_inventory_get_digest (inventory));
  json_object_set_string_member (body, EROS_MEMBER_INVENTORY, text);
  json_object_set_string_member (body, EROS_MEMBER_ROWS, "none");
  json_object_set_array_member (body, EROS_MEMBER_LEFT_OUT, left_out);
  return eros_deployment_record (deployment, EROS_EVENT_REHEARSAL_SHAPED, node, error) != NULL;
}

/* ---- drift --------------------------------------------------------------------------------------------- */

/* The newest that the record has of the data set. (transfer full) (nullable) */
static ErosInventory *
find_newest_inventory (GListModel *journal)
{
  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      ErosInventory *inventory =
        eros_event_is (event, EROS_EVENT_STEP_ENDED) ? eros_plan_read_recorded_inventory (event) : NULL;

      if (inventory != NULL)
        return inventory;
    }
  return NULL;
}

/* (transfer full) (nullable) */
static ErosInventory *
find_rehearsed_inventory (GListModel *journal, const char *operation)
{
  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      const char *text;

      if (!eros_event_is (event, EROS_EVENT_REHEARSAL_LOOKED_FOR) ||
          !eros_event_says (event, EROS_MEMBER_OPERATION, operation))
        continue;
      text = eros_event_get_string (event, EROS_MEMBER_INVENTORY);
      return text != NULL ? eros_inventory_new_from_text (text, strlen (text), NULL) : NULL;
    }
  return NULL;
}

char *
eros_shape_describe_drift (ErosDeployment *deployment, const char *operation)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  g_autoptr (ErosInventory) rehearsed = find_rehearsed_inventory (journal, operation);
  g_autoptr (ErosInventory) now = rehearsed != NULL ? find_newest_inventory (journal) : NULL;
  g_autoptr (GPtrArray) changes = now != NULL ? eros_inventory_diff (rehearsed, now) : NULL;
  g_autofree char *summary = NULL;

  if (changes == NULL)
    return NULL;
  if (changes->len == 0)
    return g_strdup_printf (_ ("It was rehearsed on exactly this shape (inventory %.12s)."),
                            eros_inventory_get_digest (rehearsed));
  summary = eros_inventory_summarize_changes (changes);
  /* Translators: “2 added: view a, function b”; the name of a deployment */
  return g_strdup_printf (_ ("The data set is not what it was rehearsed on any more: %1$s. Rehearse it again "
                             "(“eros-deploy rehearse --like %2$s”), or go on by decision."),
                          summary, eros_deployment_get_id (deployment));
}
