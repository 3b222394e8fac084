/* eros-inventory-lists.c: the parts of an inventory that no query gives
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-inventory-lists.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-controller-error.h"
#include "eros-definition.h"
#include "eros-json.h"
#include "eros-transfer.h"

/* A service beside BigQuery that does not answer is a gap, and not ten minutes. */
#define MOST_PATIENCE_S 20

typedef struct
{
  ErosBigQuery *big_query;
  ErosInventory *inventory;
  const char *gap;
  GCancellable *own; /* cancelled with the caller's, or when it takes too long */
  gboolean took_too_long;
  guint timeout;
  guint n_under_way; /* of the tables whose policies are asked for */
  GError *error;
} List;

static void
list_free (List *list)
{
  g_clear_handle_id (&list->timeout, g_source_remove);
  g_object_unref (list->big_query);
  eros_inventory_unref (list->inventory);
  g_clear_object (&list->own);
  g_clear_error (&list->error);
  g_free (list);
}

static GTask *
list_new (ErosBigQuery *big_query,
          ErosInventory *inventory,
          const char *gap,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  List *list = g_new0 (List, 1);

  list->big_query = g_object_ref (big_query);
  list->inventory = eros_inventory_ref (inventory);
  list->gap = gap;
  g_task_set_source_tag (task, list_new);
  g_task_set_task_data (task, list, (GDestroyNotify) list_free);
  return task;
}

gboolean
eros_inventory_list_finish (GAsyncResult *result, const char **gap, GError **error)
{
  *gap = ((List *) g_task_get_task_data (G_TASK (result)))->gap;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- JSON as lines ------------------------------------------------------------------------------------- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The same value with its members in order, so that it is the same text. */
static JsonNode *
in_order (JsonNode *node)
{
  g_autoptr (GList) members = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  JsonNode *result;
  JsonObject *object;

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
        json_array_add_element (array, in_order (json_array_get_element (json_node_get_array (node), i)));
      result = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (result, array);
      return result;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return json_node_copy (node);
  members = json_object_get_members (json_node_get_object (node));
  for (GList *at = members; at != NULL; at = at->next)
    g_ptr_array_add (names, at->data);
  g_ptr_array_sort (names, compare_names);
  object = json_object_new ();
  for (guint i = 0; i < names->len; i++)
    json_object_set_member (object, names->pdata[i],
                            in_order (json_object_get_member (json_node_get_object (node), names->pdata[i])));
  result = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (result, object);
  return result;
}

static char *
to_lines (JsonNode *node)
{
  g_autoptr (JsonNode) ordered = in_order (node);

  return json_to_string (ordered, TRUE);
}

/* ---- the data set -------------------------------------------------------------------------------------- */

/* What somebody has chosen, and not what is so by itself. */
static const char *const options[] = {
  "defaultCollation",
  "defaultEncryptionConfiguration",
  "defaultPartitionExpirationMs",
  "defaultRoundingMode",
  "defaultTableExpirationMs",
  "description",
  "friendlyName",
  "isCaseInsensitive",
  "labels",
  "location",
  "maxTimeTravelHours",
  "resourceTags",
  "storageBillingModel",
};

static void
add_options (ErosInventory *inventory, JsonObject *dataset)
{
  JsonObject *chosen = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (json_object_has_member (dataset, options[i]))
      json_object_set_member (chosen, options[i],
                              json_node_copy (json_object_get_member (dataset, options[i])));
  json_node_take_object (node, chosen);
  text = to_lines (node);
  eros_inventory_add (inventory, EROS_INVENTORY_OPTIONS, "", text);
}

static void
append_value (GString *name, JsonNode *value)
{
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    g_string_append_printf (name, " %s", json_node_get_string (value));
  else
    {
      g_autofree char *text = json_to_string (value, FALSE);

      g_string_append_printf (name, " %s", text);
    }
}

/* "READER userByEmail ada@example.com" */
static char *
name_of_entry (JsonObject *entry)
{
  const char *role = eros_json_string (entry, "role");
  GString *name = g_string_new (role != NULL ? role : "");
  g_autoptr (GList) members = json_object_get_members (entry);

  members = g_list_sort (members, (GCompareFunc) strcmp);
  for (GList *at = members; at != NULL; at = at->next)
    if (!g_str_equal (at->data, "role"))
      {
        g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", (const char *) at->data);
        append_value (name, json_object_get_member (entry, at->data));
      }
  return g_string_free (name, FALSE);
}

char *
eros_inventory_name_access (JsonNode *entry, const char *project, const char *dataset)
{
  g_autoptr (JsonNode) ordered = in_order (entry);
  g_autofree char *name =
    JSON_NODE_HOLDS_OBJECT (ordered) ? name_of_entry (json_node_get_object (ordered)) : g_strdup ("");

  return eros_definition_generalize (name, project, dataset);
}

static void
add_access (ErosInventory *inventory, JsonObject *dataset)
{
  JsonArray *access = eros_json_array (dataset, "access");

  for (guint i = 0; access != NULL && i < json_array_get_length (access); i++)
    {
      JsonNode *node = json_array_get_element (access, i);
      g_autoptr (JsonNode) ordered = NULL;
      g_autofree char *name = NULL;
      g_autofree char *text = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      ordered = in_order (node);
      name = eros_inventory_name_access (node, eros_inventory_get_project (inventory),
                                         eros_inventory_get_dataset (inventory));
      text = to_lines (ordered);
      if (eros_inventory_find (inventory, EROS_INVENTORY_ACCESS, name) == NULL)
        eros_inventory_add (inventory, EROS_INVENTORY_ACCESS, name, text);
    }
}

static void
dataset_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  List *list = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  add_options (list->inventory, json_node_get_object (answer));
  add_access (list->inventory, json_node_get_object (answer));
  g_task_return_boolean (task, TRUE);
}

void
eros_inventory_list_dataset_async (ErosBigQuery *big_query,
                                   ErosInventory *inventory,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = list_new (big_query, inventory, EROS_INVENTORY_GAP_DATASET, cancellable, callback, user_data);
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s",
                      eros_inventory_get_project (inventory), eros_inventory_get_dataset (inventory));

  eros_http_send_async (eros_big_query_get_http (big_query), request, cancellable, dataset_cb, task);
}

/* ---- row access policies ------------------------------------------------------------------------------- */

static void
add_policy (ErosInventory *inventory, JsonObject *policy)
{
  const char *table = eros_json_string (policy, "rowAccessPolicyReference.tableId");
  const char *id = eros_json_string (policy, "rowAccessPolicyReference.policyId");
  const char *filter = eros_json_string (policy, "filterPredicate");
  JsonArray *grantees = eros_json_array (policy, "grantees");
  g_autofree char *name = NULL;
  g_autoptr (GString) text = NULL;

  if (table == NULL || id == NULL)
    return;
  name = g_strdup_printf ("%s.%s", table, id);
  text = g_string_new (NULL);
  g_string_append_printf (text, "CREATE ROW ACCESS POLICY `%s`\nON `%s.%s.%s`\n", id,
                          eros_inventory_get_project (inventory), eros_inventory_get_dataset (inventory),
                          table);
  for (guint i = 0; grantees != NULL && i < json_array_get_length (grantees); i++)
    g_string_append_printf (text, "%s'%s'%s", i == 0 ? "GRANT TO (" : ", ",
                            json_array_get_string_element (grantees, i),
                            i + 1 == json_array_get_length (grantees) ? ")\n" : "");
  g_string_append_printf (text, "FILTER USING (%s);", filter != NULL ? filter : "TRUE");
  eros_inventory_add (inventory, EROS_INVENTORY_ROW_POLICY, name, text->str);
}

static void
policies_ended (GTask *task, GError *error)
{
  List *list = g_task_get_task_data (task);

  if (error != NULL && list->error == NULL)
    {
      list->error = error;
      g_cancellable_cancel (list->own); /* the others would say the same */
    }
  else
    g_clear_error (&error);
  if (--list->n_under_way > 0)
    return;
  if (list->error != NULL)
    g_task_return_error (task, g_steal_pointer (&list->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
policies_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  List *list = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  JsonArray *policies =
    answer != NULL ? eros_json_array (json_node_get_object (answer), "rowAccessPolicies") : NULL;

  for (guint i = 0; policies != NULL && i < json_array_get_length (policies); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (policies, i)))
      add_policy (list->inventory, json_array_get_object_element (policies, i));
  if (answer != NULL && eros_json_string (json_node_get_object (answer), "nextPageToken") != NULL)
    error = g_error_new (EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                         _ ("a table has more of them than fit on a page"));
  policies_ended (task, error);
}

static void
cancelled_cb (GCancellable *callers, GCancellable *own)
{
  g_cancellable_cancel (own);
}

void
eros_inventory_list_policies_async (ErosBigQuery *big_query,
                                    ErosInventory *inventory,
                                    GPtrArray *names,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task =
    list_new (big_query, inventory, EROS_INVENTORY_GAP_POLICIES, cancellable, callback, user_data);
  List *list = g_task_get_task_data (task);

  list->own = g_cancellable_new ();
  if (cancellable != NULL)
    g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (list->own), g_object_unref);
  list->n_under_way = 1;
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (ErosRequest) request = eros_request_new (
        EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s/tables/%s/rowAccessPolicies",
        eros_inventory_get_project (inventory), eros_inventory_get_dataset (inventory),
        (const char *) names->pdata[i]);

      eros_request_add_query (request, "pageSize", "100");
      list->n_under_way++;
      eros_http_send_async (eros_big_query_get_http (big_query), request, list->own, policies_cb,
                            g_object_ref (task));
    }
  policies_ended (task, NULL);
}

/* ---- scheduled queries --------------------------------------------------------------------------------- */

static gboolean
names_dataset (const ErosSchedule *schedule, const char *dataset)
{
  g_autofree char *escaped = g_regex_escape_string (dataset, -1);
  g_autofree char *pattern = g_strdup_printf ("(?<![A-Za-z0-9_])%s(?![A-Za-z0-9_])", escaped);

  return schedule->query != NULL && g_regex_match_simple (pattern, schedule->query, G_REGEX_RAW, 0);
}

/* Whether it is paused just now is nothing that it is: a rollback pauses them, and says so elsewhere. */
static void
add_schedule (ErosInventory *inventory, const ErosSchedule *schedule)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  gboolean is_second = eros_inventory_find (inventory, EROS_INVENTORY_SCHEDULE, schedule->title) != NULL;

  json_object_set_string_member (object, "title", schedule->title);
  json_object_set_string_member (object, "schedule", schedule->schedule != NULL ? schedule->schedule : "");
  json_object_set_string_member (object, "query", schedule->query);
  json_node_take_object (node, object);
  text = to_lines (node);
  eros_inventory_add (inventory, EROS_INVENTORY_SCHEDULE, is_second ? schedule->name : schedule->title, text);
}

static guint
patience_s (ErosBigQuery *big_query)
{
  guint patience = eros_connection_get_patience_ms (eros_big_query_get_connection (big_query)) / 1000;

  return CLAMP (patience, 1, MOST_PATIENCE_S);
}

static void
schedules_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  List *list = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) schedules = eros_transfer_list_finish (result, &error);

  if (schedules == NULL)
    {
      if (list->took_too_long)
        {
          g_clear_error (&error);
          error = g_error_new (EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
                               _ ("the Data Transfer service has not answered within %u s"),
                               patience_s (list->big_query));
        }
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < schedules->len; i++)
    if (names_dataset (schedules->pdata[i], eros_inventory_get_dataset (list->inventory)))
      add_schedule (list->inventory, schedules->pdata[i]);
  g_task_return_boolean (task, TRUE);
}

static gboolean
timeout_cb (gpointer user_data)
{
  List *list = user_data;

  list->timeout = 0;
  list->took_too_long = TRUE;
  g_cancellable_cancel (list->own);
  return G_SOURCE_REMOVE;
}

void
eros_inventory_list_schedules_async (ErosBigQuery *big_query,
                                     ErosInventory *inventory,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task =
    list_new (big_query, inventory, EROS_INVENTORY_GAP_SCHEDULES, cancellable, callback, user_data);
  List *list = g_task_get_task_data (task);

  list->own = g_cancellable_new ();
  list->timeout = g_timeout_add_seconds (patience_s (big_query), timeout_cb, list);
  if (cancellable != NULL)
    g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), g_object_ref (list->own), g_object_unref);
  eros_transfer_list_async (big_query, list->own, schedules_cb, task);
}
