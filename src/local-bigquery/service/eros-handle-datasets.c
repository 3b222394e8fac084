/* eros-handle-datasets.c: datasets.*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-store-policy.h"
#include "eros-table-resource.h"

static const ErosJsonMember MEMBERS[] = {
  { "datasetReference", 'o' },
  { "datasetId", 's' },
  { "projectId", 's' },
  { "location", 's' },
  { "friendlyName", 's' },
  { "description", 's' },
  { "labels", 'o' },
  { "access", 'a' },
  { "defaultTableExpirationMs", 'i' },
  { "defaultPartitionExpirationMs", 'i' },
  { "maxTimeTravelHours", 'i' },
  { "isCaseInsensitive", 'b' },
  { "defaultCollation", 's' },
  { "storageBillingModel", 's' },
};

/* Kept as they come and given back. */
static const char *const EXTRA[] = { "access", "isCaseInsensitive", "defaultCollation",
                                     "storageBillingModel" };

static const char DEFAULT_ACCESS[] = "[{\"role\":\"WRITER\",\"specialGroup\":\"projectWriters\"},{\"role\":"
                                     "\"OWNER\",\"specialGroup\":\"projectOwners\"},"
                                     "{\"role\":\"READER\",\"specialGroup\":\"projectReaders\"}]";

/**
 * eros_call_begin:
 * @call: a call
 * @mode: whether it will write
 *
 * Returns: (transfer full) (nullable): a connection with a transaction; when %NULL the call has failed
 */
ErosStoreConnection *
eros_call_begin (ErosCall *call, ErosStoreMode mode)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (call->service->store, &error);

  if (connection != NULL && eros_store_begin (connection, mode, NULL, &error))
    return g_steal_pointer (&connection);
  eros_call_fail_error (call, error);
  return NULL;
}

/**
 * eros_call_commit:
 * @call: a call
 * @connection: its connection
 *
 * Returns: whether everything is stored; otherwise the call has failed
 */
gboolean
eros_call_commit (ErosCall *call, ErosStoreConnection *connection)
{
  g_autoptr (GError) error = NULL;

  if (eros_store_commit (connection, NULL, NULL, &error))
    return TRUE;
  eros_call_fail_error (call, error);
  return FALSE;
}

static void
write_reference (ErosStoreDataset *dataset, ErosJsonWriter *writer)
{
  g_autofree char *id = g_strconcat (dataset->project, ":", dataset->name, NULL);

  eros_json_string (writer, "kind", "bigquery#dataset");
  eros_json_string (writer, "id", id);
  eros_json_open (writer, "datasetReference", '{');
  eros_json_string (writer, "projectId", dataset->project);
  eros_json_string (writer, "datasetId", dataset->name);
  eros_json_close (writer, '}');
  eros_json_string (writer, "location", dataset->location);
  eros_json_string (writer, "friendlyName", dataset->friendly_name);
  eros_json_labels (writer, "labels", dataset->labels);
}

static void
reply (ErosCall *call, ErosStoreDataset *dataset)
{
  g_autofree char *extra = eros_store_without_bindings (dataset->extra);
  ErosJsonWriter *writer = eros_call_reply (call);
  g_autofree char *link = g_strdup_printf ("%s/bigquery/v2/projects/%s/datasets/%s", call->service->url,
                                           dataset->project, dataset->name);

  eros_call_set_etag (call, dataset->etag);
  eros_json_open (writer, NULL, '{');
  write_reference (dataset, writer);
  eros_json_string (writer, "type", "DEFAULT");
  eros_json_string (writer, "etag", dataset->etag);
  eros_json_string (writer, "selfLink", link);
  eros_json_string (writer, "description", dataset->description);
  if (dataset->default_table_expiration != 0)
    eros_json_int_string (writer, "defaultTableExpirationMs", dataset->default_table_expiration);
  if (dataset->default_partition_expiration != 0)
    eros_json_int_string (writer, "defaultPartitionExpirationMs", dataset->default_partition_expiration);
  eros_json_int_string (writer, "maxTimeTravelHours", dataset->max_time_travel_hours);
  eros_json_int_string (writer, "creationTime", dataset->created / 1000);
  eros_json_int_string (writer, "lastModifiedTime", dataset->modified / 1000);
  eros_json_members (writer, extra);
  if (g_strcmp0 (eros_call_query (call, "datasetView"), "METADATA") != 0 &&
      (dataset->extra == NULL || strstr (dataset->extra, "\"access\":") == NULL))
    eros_json_raw (writer, "access", DEFAULT_ACCESS);
  eros_json_close (writer, '}');
}

/* filter=labels.team:captions labels.env */
static gboolean
keep_labelled (ErosCall *call, GPtrArray *datasets)
{
  const char *filter = eros_call_query (call, "filter");
  g_auto (GStrv) terms = g_strsplit_set (filter != NULL ? filter : "", " \t", -1);

  for (guint t = 0; terms[t] != NULL; t++)
    {
      g_auto (GStrv) parts = g_strsplit (terms[t], ":", 2);
      const char *key = g_str_has_prefix (terms[t], "labels.") ? parts[0] + strlen ("labels.") : NULL;

      if (*terms[t] == '\0' || strcmp (terms[t], "AND") == 0)
        continue;
      if (key == NULL || *key == '\0')
        {
          eros_call_fail (call, 400, "invalid",
                          "Invalid value for filter: %s is not of the form labels.NAME[:VALUE]", terms[t]);
          return FALSE;
        }
      for (guint i = datasets->len; i > 0; i--)
        {
          ErosStoreDataset *dataset = g_ptr_array_index (datasets, i - 1);
          const char *value = g_hash_table_lookup (dataset->labels, key);

          if (value == NULL || (parts[1] != NULL && *parts[1] != '\0' && strcmp (value, parts[1]) != 0))
            g_ptr_array_remove_index (datasets, i - 1);
        }
    }
  return TRUE;
}

void
eros_handle_datasets_list (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (GPtrArray) datasets = NULL;
  g_autoptr (GError) error = NULL;
  const char *token = eros_call_query (call, "pageToken");
  gint64 limit, first = 0;
  ErosJsonWriter *writer;

  if (!eros_call_query_int (call, "maxResults", 1000, &limit))
    return;
  if (token != NULL && *token != '\0' && !eros_page_parse_token (token, &first))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for pageToken: %s is not a valid value", token);
      return;
    }
  connection = eros_call_begin (call, EROS_STORE_READ);
  if (connection == NULL)
    return;
  datasets = eros_store_list_datasets (connection, eros_call_param (call, "projectId"), &error);
  if (datasets == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  if (!keep_labelled (call, datasets))
    return;
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#datasetList");
  eros_json_string (writer, "etag", EROS_ETAG_OF_ALL);
  if (datasets->len > 0)
    eros_json_open (writer, "datasets", '[');
  for (gint64 i = first; i < datasets->len && i < first + limit; i++)
    {
      eros_json_open (writer, NULL, '{');
      write_reference (g_ptr_array_index (datasets, i), writer);
      eros_json_close (writer, '}');
    }
  if (datasets->len > 0)
    eros_json_close (writer, ']');
  if (first + limit < datasets->len)
    {
      g_autofree char *next = eros_page_token (first + limit);

      eros_json_string (writer, "nextPageToken", next);
    }
  eros_json_close (writer, '}');
}

static ErosStoreDataset *
find (ErosCall *call, ErosStoreConnection *connection)
{
  g_autoptr (GError) error = NULL;
  ErosStoreDataset *dataset = eros_store_get_dataset (connection, eros_call_param (call, "projectId"),
                                                      eros_call_param (call, "datasetId"), &error);

  if (dataset == NULL)
    eros_call_fail_error (call, error);
  return dataset;
}

void
eros_handle_datasets_get (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreDataset) dataset = connection != NULL ? find (call, connection) : NULL;

  if (dataset != NULL)
    reply (call, dataset);
}

static void
take_text (JsonObject *body, const char *name, gboolean replace, char **text)
{
  const char *value = eros_json_get_string (body, name);

  if (value == NULL && !replace && !eros_json_is_null (body, name))
    return;
  g_free (*text);
  *text = g_strdup (value);
}

static void
take_int (JsonObject *body, const char *name, gboolean replace, gint64 fallback, gint64 *number)
{
  if (replace || json_object_has_member (body, name))
    *number = eros_json_get_int (body, name, fallback);
}

/**
 * eros_labels_take:
 * @body: a resource or a patch of one
 * @replace: whether labels that @body does not have go away
 * @labels: the labels to change
 */
void
eros_labels_take (JsonObject *body, gboolean replace, GHashTable *labels)
{
  JsonObject *given = eros_json_get_object (body, "labels");
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (replace || eros_json_is_null (body, "labels"))
    g_hash_table_remove_all (labels);
  if (given == NULL)
    return;
  json_object_iter_init (&iter, given);
  while (json_object_iter_next (&iter, &key, &value))
    if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
      g_hash_table_insert (labels, g_strdup (key), g_strdup (json_node_get_string (value)));
    else
      g_hash_table_remove (labels, key);
}

/* @extra is the text of an object; with @replace what @body does not have goes away. */
static void
take_extra (JsonObject *body, const char *const *names, guint n_names, gboolean replace, char **extra)
{
  g_autoptr (JsonNode) old = *extra != NULL ? json_from_string (*extra, NULL) : NULL;
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  for (guint i = 0; i < n_names; i++)
    {
      JsonObject *from = json_object_has_member (body, names[i]) ? body
                         : !replace && old != NULL && JSON_NODE_HOLDS_OBJECT (old)
                           ? json_node_get_object (old)
                           : NULL;

      if (from != NULL && json_object_has_member (from, names[i]) &&
          !json_object_get_null_member (from, names[i]))
        json_object_set_member (object, names[i], json_object_dup_member (from, names[i]));
    }
  g_free (*extra);
  *extra = json_object_get_size (object) > 0 ? json_to_string (node, FALSE) : NULL;
}

static void
take_members (ErosStoreDataset *dataset, JsonObject *body, gboolean replace)
{
  take_text (body, "friendlyName", replace, &dataset->friendly_name);
  take_text (body, "description", replace, &dataset->description);
  take_int (body, "defaultTableExpirationMs", replace, 0, &dataset->default_table_expiration);
  take_int (body, "defaultPartitionExpirationMs", replace, 0, &dataset->default_partition_expiration);
  take_int (body, "maxTimeTravelHours", replace, 168, &dataset->max_time_travel_hours);
  eros_labels_take (body, replace, dataset->labels);
  take_extra (body, EXTRA, G_N_ELEMENTS (EXTRA), replace, &dataset->extra);
}

static JsonObject *
read_body (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  const char *wrong = body != NULL ? eros_json_check (body, MEMBERS, G_N_ELEMENTS (MEMBERS)) : NULL;

  if (wrong == NULL)
    return body;
  eros_call_fail (call, 400, "invalid", "Invalid value at 'dataset.%s'", wrong);
  return NULL;
}

static gboolean
is_dataset_id (const char *id)
{
  gsize length = strlen (id);

  return length >= 1 && length <= 1024 &&
         strspn (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == length;
}

void
eros_handle_datasets_insert (ErosCall *call)
{
  JsonObject *body = read_body (call);
  JsonObject *reference = body != NULL ? eros_json_get_object (body, "datasetReference") : NULL;
  const char *id = eros_json_get_string (reference, "datasetId");
  const char *location = body != NULL ? eros_json_get_string (body, "location") : NULL;
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL)
    return;
  if (id == NULL)
    {
      eros_call_fail (call, 400, "required", "Required parameter is missing: datasetReference.datasetId");
      return;
    }
  if (!is_dataset_id (id))
    {
      eros_call_fail (
        call, 400, "invalid",
        "Invalid dataset ID \"%s\". Dataset IDs must be alphanumeric (plus underscores) and must be at most"
        " 1024 characters long.",
        id);
      return;
    }
  dataset = eros_store_dataset_new (eros_call_param (call, "projectId"), id);
  if (location != NULL && *location != '\0')
    {
      g_free (dataset->location);
      dataset->location =
        strlen (location) <= 2 ? g_ascii_strup (location, -1) : g_ascii_strdown (location, -1);
    }
  take_members (dataset, body, TRUE);
  connection = eros_call_begin (call, EROS_STORE_WRITE);
  if (connection == NULL)
    return;
  if (!eros_store_insert_dataset (connection, dataset, &error))
    eros_call_fail_error (call, error);
  else if (eros_call_commit (call, connection))
    reply (call, dataset);
}

/**
 * eros_call_check_etag:
 * @call: a call
 * @etag: the resource's
 *
 * Returns: whether the caller's If-Match allows to go on; otherwise the call has failed
 */
gboolean
eros_call_check_etag (ErosCall *call, const char *etag)
{
  const char *wanted = eros_call_header (call, "If-Match");

  if (wanted == NULL || strcmp (wanted, "*") == 0 || strcmp (wanted, etag) == 0)
    return TRUE;
  eros_call_fail (call, 412, "conditionNotMet", "Precondition check failed.");
  return FALSE;
}

static void
change (ErosCall *call, gboolean replace)
{
  JsonObject *body = read_body (call);
  g_autoptr (ErosStoreConnection) connection = body != NULL ? eros_call_begin (call, EROS_STORE_WRITE) : NULL;
  g_autoptr (ErosStoreDataset) dataset = connection != NULL ? find (call, connection) : NULL;
  g_autoptr (GError) error = NULL;

  if (dataset == NULL || !eros_call_check_etag (call, dataset->etag))
    return;
  take_members (dataset, body, replace);
  if (!eros_store_update_dataset (connection, dataset, &error))
    eros_call_fail_error (call, error);
  else if (eros_call_commit (call, connection))
    reply (call, dataset);
}

void
eros_handle_datasets_patch (ErosCall *call)
{
  change (call, FALSE);
}

void
eros_handle_datasets_update (ErosCall *call)
{
  change (call, TRUE);
}

void
eros_handle_datasets_delete (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_WRITE);
  g_autoptr (ErosStoreDataset) dataset = connection != NULL ? find (call, connection) : NULL;
  g_autoptr (GError) error = NULL;

  if (dataset == NULL || !eros_call_check_etag (call, dataset->etag))
    return;
  if (!eros_store_delete_dataset (connection, dataset->project, dataset->name,
                                  eros_call_query_bool (call, "deleteContents"), &error))
    eros_call_fail_error (call, error);
  else if (eros_call_commit (call, connection))
    eros_call_reply_nothing (call);
}

/**
 * eros_handle_datasets_undelete:
 * @call: POST `…/datasets/{datasetId}:undelete`
 *
 * Brings back the newest one of that name that was deleted within the time travel.
 */
void
eros_handle_datasets_undelete (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  const char *project = eros_call_param (call, "projectId");
  const char *name = eros_call_param (call, "datasetId");
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL)
    return;
  if (json_object_has_member (body, "deletionTime"))
    {
      eros_call_fail (call, 400, "invalid",
                      "The local server does not have deletionTime: it brings back the newest one.");
      return;
    }
  connection = eros_call_begin (call, EROS_STORE_WRITE);
  if (connection == NULL)
    return;
  if (eros_store_undrop_dataset (connection, project, name, &error))
    dataset = eros_store_get_dataset (connection, project, name, &error);
  if (dataset == NULL)
    eros_call_fail_error (call, error);
  else if (eros_call_commit (call, connection))
    reply (call, dataset);
}
