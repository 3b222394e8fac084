/* eros-handle-policies.c: policies, and the models that there are not
 *
 * The server has one caller, who may do everything but what /_local/permissions denies: what
 * GRANT has given to others is kept and told, and changes nothing for him.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-service-private.h"
#include "eros-store-policy.h"

/* @extra: (nullable): where GRANT has put what it gave */
static void
reply_policy (ErosCall *call, gboolean is_there, const char *extra, const GError *error)
{
  g_autoptr (JsonArray) bindings = NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;
  ErosJsonWriter *writer;

  if (!is_there)
    {
      eros_call_fail_error (call, error);
      return;
    }
  bindings = eros_store_get_bindings (extra);
  json_node_set_array (node, bindings);
  text = json_to_string (node, FALSE);
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_int (writer, "version", 1);
  eros_json_string (writer, "etag", "ACAB");
  if (json_array_get_length (bindings) > 0)
    eros_json_raw (writer, "bindings", text);
  eros_json_close (writer, '}');
}

static ErosStoreDataset *
find_dataset (ErosCall *call, ErosStoreConnection *connection, GError **error)
{
  return eros_store_get_dataset (connection, eros_call_param (call, "projectId"),
                                 eros_call_param (call, "datasetId"), error);
}

void
eros_handle_dataset_policy (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreDataset) dataset = connection != NULL ? find_dataset (call, connection, &error) : NULL;

  if (connection != NULL)
    reply_policy (call, dataset != NULL, dataset != NULL ? dataset->extra : NULL, error);
}

void
eros_handle_table_policy (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GError) error = NULL;

  if (connection == NULL)
    return;
  table =
    eros_store_get_table (connection, eros_call_param (call, "projectId"),
                          eros_call_param (call, "datasetId"), eros_call_param (call, "tableId"), &error);
  reply_policy (call, table != NULL, table != NULL ? table->extra : NULL, error);
}

void
eros_handle_routine_policy (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreRoutine) routine = NULL;
  g_autoptr (GError) error = NULL;

  if (connection == NULL)
    return;
  routine =
    eros_store_get_routine (connection, eros_call_param (call, "projectId"),
                            eros_call_param (call, "datasetId"), eros_call_param (call, "routineId"), &error);
  reply_policy (call, routine != NULL, NULL, error);
}

/* Nothing here makes one: CREATE MODEL is refused. */
void
eros_handle_models_list (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreDataset) dataset = connection != NULL ? find_dataset (call, connection, &error) : NULL;

  if (dataset != NULL)
    eros_json_raw (eros_call_reply (call), NULL, "{}");
  else if (connection != NULL)
    eros_call_fail_error (call, error);
}

void
eros_handle_models_get (ErosCall *call)
{
  eros_call_fail (call, 404, "notFound", "Not found: Model %s:%s.%s", eros_call_param (call, "projectId"),
                  eros_call_param (call, "datasetId"), eros_call_param (call, "modelId"));
}
