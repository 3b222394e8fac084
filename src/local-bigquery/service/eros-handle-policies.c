/* eros-handle-policies.c: policies, and the models that there are not
 *
 * The server has one caller, who may do everything but what /_local/permissions denies: nobody has been given
 * anything beside.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-service-private.h"

static void
reply_policy (ErosCall *call, gboolean is_there, const GError *error)
{
  if (is_there)
    eros_json_raw (eros_call_reply (call), NULL, "{\"version\":1,\"etag\":\"ACAB\"}");
  else
    eros_call_fail_error (call, error);
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
    reply_policy (call, dataset != NULL, error);
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
  reply_policy (call, table != NULL, error);
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
  reply_policy (call, routine != NULL, error);
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
