/* eros-backup-removal.c: deletes a backup, its snapshots and its objects, and records it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-backup-store-private.h"

#include <glib/gi18n-lib.h>

#include "eros-controller-error.h"
#include "eros-storage.h"

typedef struct
{
  ErosBackupStore *store;
  char *name;
  char *location;
  char *bucket;
  GPtrArray *snapshots; /* of char *, still to be deleted */
  GPtrArray *objects;
  guint n_snapshots;
  guint n_objects;
} Removal;

static void
removal_free (Removal *removal)
{
  g_free (removal->name);
  g_free (removal->location);
  g_free (removal->bucket);
  g_ptr_array_unref (removal->snapshots);
  g_ptr_array_unref (removal->objects);
  g_free (removal);
}

static void remove_next (GTask *task);

static void
end_removal (GTask *task, Removal *removal)
{
  JsonObject *body = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);
  GError *error = NULL;

  json_object_unref (body);
  json_object_set_string_member (body, EROS_MEMBER_BACKUP, removal->name);
  if (removal->location != NULL)
    json_object_set_string_member (body, EROS_MEMBER_LOCATION, removal->location);
  json_object_set_int_member (body, EROS_MEMBER_SNAPSHOTS, removal->n_snapshots);
  json_object_set_int_member (body, EROS_MEMBER_OBJECTS, removal->n_objects);
  if (eros_deployment_record (removal->store->deployment, EROS_EVENT_BACKUP_REMOVED, node, &error) != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
snapshot_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Removal *removal = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = eros_http_send_finish (EROS_HTTP (source), result, &error);

  /* It has gone by itself in the meantime. */
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    g_clear_error (&error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_remove_index (removal->snapshots, 0);
  removal->n_snapshots++;
  remove_next (task);
}

static void
object_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Removal *removal = g_task_get_task_data (task);
  GError *error = NULL;

  if (!eros_storage_delete_finish (result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_remove_index (removal->objects, 0);
  removal->n_objects++;
  remove_next (task);
}

/* Snapshots first, the description last: what is left half-way is still known for what it is. */
static void
remove_next (GTask *task)
{
  Removal *removal = g_task_get_task_data (task);
  ErosConnection *connection = removal->store->connection;
  ErosHttp *http = eros_big_query_get_http (removal->store->big_query);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (removal->snapshots->len > 0)
    {
      g_autoptr (ErosRequest) request =
        eros_request_new (EROS_SERVICE_BIG_QUERY, "DELETE", "bigquery/v2/projects/%s/datasets/%s/tables/%s",
                          eros_connection_get_project (connection), eros_connection_get_dataset (connection),
                          (const char *) removal->snapshots->pdata[0]);

      eros_http_send_async (http, request, cancellable, snapshot_removed_cb, g_object_ref (task));
    }
  else if (removal->objects->len > 0)
    eros_storage_delete_async (http, removal->bucket, removal->objects->pdata[0], cancellable,
                               object_removed_cb, g_object_ref (task));
  else
    end_removal (task, removal);
}

static void
add_objects (Removal *removal, const ErosStoredBackup *backup)
{
  const char *description = NULL;

  for (guint i = 0; i < backup->objects->len; i++)
    if (g_str_equal (strchr (backup->objects->pdata[i], '/'), "/metadata.json"))
      description = backup->objects->pdata[i];
    else
      g_ptr_array_add (removal->objects, g_strdup (backup->objects->pdata[i]));
  if (description != NULL)
    g_ptr_array_add (removal->objects, g_strdup (description));
}

/**
 * eros_backup_store_remove_async:
 * @store: of a deployment that is open for writing
 * @backup: one of those that eros_backup_store_list_finish () gave
 * @cancellable: (nullable): a cancellable
 * @callback: called when nothing of it is left
 * @user_data: for @callback
 *
 * Deletes a backup's snapshots and its export, if it has expired; whatever it is asked for, no other.
 */
void
eros_backup_store_remove_async (ErosBackupStore *store,
                                const ErosStoredBackup *backup,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Removal *removal;

  g_task_set_source_tag (task, eros_backup_store_remove_async);
  if (!eros_stored_backup_is_expired (backup, g_get_real_time ()))
    {
      g_task_return_new_error (
        task, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
        _ ("%s is to be kept: only a backup that is past its retention can be removed."), backup->name);
      return;
    }
  removal = g_new0 (Removal, 1);
  removal->store = store;
  removal->name = g_strdup (backup->name);
  removal->location = g_strdup (backup->location);
  removal->bucket = g_strdup (eros_connection_get_bucket (store->connection));
  removal->snapshots = g_ptr_array_new_with_free_func (g_free);
  removal->objects = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, removal, (GDestroyNotify) removal_free);
  for (guint i = 0; i < backup->tables->len; i++)
    {
      const ErosStoredTable *table = backup->tables->pdata[i];

      if (table->snapshot != NULL)
        g_ptr_array_add (removal->snapshots, g_strdup (table->snapshot));
    }
  add_objects (removal, backup);
  remove_next (task);
}

gboolean
eros_backup_store_remove_finish (ErosBackupStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
