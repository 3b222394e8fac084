/* eros-backup-store.c: the backups that there are, and removing those that need not be kept any longer
 *
 * A backup is what the names say that belongs together: the snapshots TABLE_backup_STAMP of a data set, and
 * the objects below its folder in the bucket. The export's metadata.json is written last, after every
 * snapshot has been compared: where it is, the backup was verified.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-backup-store-private.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-backup-name.h"
#include "eros-controller-error.h"
#include "eros-json.h"
#include "eros-storage.h"

#define MOST_ROWS       10000
#define RETENTION_DAYS  90 /* where nobody has said how long */
#define STAMP_LENGTH    15 /* 20251031_143022 */
#define METADATA_FORMAT "eros-backup-1"

G_DEFINE_FINAL_TYPE (ErosBackupStore, eros_backup_store, G_TYPE_OBJECT)

static void
eros_backup_store_dispose (GObject *object)
{
  ErosBackupStore *self = EROS_BACKUP_STORE (object);

  g_clear_object (&self->deployment);
  g_clear_object (&self->big_query);
  G_OBJECT_CLASS (eros_backup_store_parent_class)->dispose (object);
}

static void
eros_backup_store_class_init (ErosBackupStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_backup_store_dispose;
}

static void
eros_backup_store_init (ErosBackupStore *self)
{
}

/**
 * eros_backup_store_new:
 * @deployment: whose runbook says which tables a backup has; what is removed is recorded there
 * @big_query: where the backups are
 *
 * Returns: (transfer full): the backups of a data set and its bucket
 */
ErosBackupStore *
eros_backup_store_new (ErosDeployment *deployment, ErosBigQuery *big_query)
{
  ErosBackupStore *self = g_object_new (EROS_TYPE_BACKUP_STORE, NULL);

  self->deployment = g_object_ref (deployment);
  self->big_query = g_object_ref (big_query);
  self->connection = eros_big_query_get_connection (big_query);
  return self;
}

static void
table_free (ErosStoredTable *table)
{
  g_free (table->table);
  g_free (table->snapshot);
  g_free (table->checksum);
  g_free (table);
}

void
eros_stored_backup_free (ErosStoredBackup *self)
{
  g_free (self->name);
  g_free (self->location);
  g_ptr_array_unref (self->tables);
  g_ptr_array_unref (self->objects);
  g_free (self);
}

gboolean
eros_stored_backup_is_expired (const ErosStoredBackup *self, gint64 now)
{
  return self->expires > 0 && self->expires <= now;
}

/* ---- what belongs together ----------------------------------------------------------------------------- */

typedef struct
{
  ErosBackupStore *store;
  GHashTable *backups; /* name → ErosStoredBackup */
  GHashTable *live;    /* table → gint64 *: its rows */
  GPtrArray *metadata; /* of ErosStoredBackup: whose metadata.json is still to be read */
  char *token;         /* of the next page of tables */
  GError *trouble;
  gboolean no_objects;       /* the bucket could not be looked at */
  const char *const *tables; /* that a backup has */
} Listing;

static void
listing_free (Listing *listing)
{
  g_hash_table_unref (listing->backups);
  g_hash_table_unref (listing->live);
  g_ptr_array_unref (listing->metadata);
  g_free (listing->token);
  g_clear_error (&listing->trouble);
  g_free (listing);
}

/* µs; 0: no stamp. */
static gint64
parse_stamp (const char *stamp)
{
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) time = NULL;

  if (!g_regex_match_simple ("^[0-9]{8}_[0-9]{6}$", stamp, G_REGEX_DOLLAR_ENDONLY, 0))
    return 0;
  text = g_strdup_printf ("%.8sT%.6sZ", stamp, stamp + 9);
  time = g_date_time_new_from_iso8601 (text, NULL);
  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

static ErosStoredBackup *
get_backup (Listing *listing, const char *name)
{
  ErosStoredBackup *backup = g_hash_table_lookup (listing->backups, name);
  gint64 taken = parse_stamp (name + strlen (name) - STAMP_LENGTH);

  if (backup != NULL || taken == 0)
    return backup;
  backup = g_new0 (ErosStoredBackup, 1);
  backup->name = g_strdup (name);
  backup->taken = taken;
  backup->before_rollback = g_str_has_prefix (name, "before_rollback_");
  backup->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) table_free);
  backup->objects = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (listing->backups, backup->name, backup);
  return backup;
}

static ErosStoredTable *
get_table (ErosStoredBackup *backup, const char *name)
{
  ErosStoredTable *table;

  for (guint i = 0; i < backup->tables->len; i++)
    {
      table = backup->tables->pdata[i];
      if (g_str_equal (table->table, name))
        return table;
    }
  table = g_new0 (ErosStoredTable, 1);
  table->table = g_strdup (name);
  table->n_rows = table->bytes = table->live_rows = -1;
  g_ptr_array_add (backup->tables, table);
  return table;
}

/* "caption_bank_backup_20251031_143022" is of the table caption_bank. (transfer none) (nullable) */
static ErosStoredTable *
find_by_snapshot (Listing *listing, const char *id, ErosStoredBackup **backup)
{
  static const char *const kinds[] = { "_before_rollback_", "_backup_" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize suffix = strlen (kinds[i]) + STAMP_LENGTH;
      gsize length = strlen (id);
      g_autofree char *table = NULL;

      if (length <= suffix || strncmp (id + length - suffix, kinds[i], strlen (kinds[i])) != 0)
        continue;
      *backup = get_backup (listing, id + length - suffix + 1);
      table = g_strndup (id, length - suffix);
      return *backup != NULL ? get_table (*backup, table) : NULL;
    }
  return NULL;
}

/* ---- the data set: which snapshots there are, and until when ------------------------------------------- */

static void ask_for_tables (GTask *task);
static void ask_for_rows (GTask *task);
static void ask_for_objects (GTask *task);
static void read_next_metadata (GTask *task);

static void
take_snapshot (Listing *listing, JsonObject *entry)
{
  const char *id = eros_json_string (entry, "tableReference.tableId");
  gint64 expires = eros_json_int64 (entry, "expirationTime", 0) * 1000;
  ErosStoredBackup *backup = NULL;
  ErosStoredTable *table;

  if (id == NULL || g_strcmp0 (eros_json_string (entry, "type"), "SNAPSHOT") != 0)
    return;
  table = find_by_snapshot (listing, id, &backup);
  if (table == NULL)
    return;
  g_free (table->snapshot);
  table->snapshot = g_strdup (id);
  backup->expires = MAX (backup->expires, expires);
}

static void
tables_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  JsonArray *entries;
  const char *token;

  /* Without the data set there may still be exports. */
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    {
      g_prefix_error (&error, _ ("The data set is not there, and neither are its snapshots: "));
      listing->trouble = error;
      ask_for_objects (task);
      return;
    }
  if (answer == NULL)
    {
      g_prefix_error (&error, _ ("The backups in the data set %s could not be listed: "),
                      eros_connection_get_dataset (listing->store->connection));
      g_task_return_error (task, error);
      return;
    }
  entries = eros_json_array (json_node_get_object (answer), "tables");
  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (entries, i)))
      take_snapshot (listing, json_array_get_object_element (entries, i));
  token = eros_json_string (json_node_get_object (answer), "nextPageToken");
  /* A server that gives the same page for ever does not keep us for ever. */
  if (token == NULL || *token == '\0' || g_strcmp0 (token, listing->token) == 0)
    {
      ask_for_rows (task);
      return;
    }
  g_free (listing->token);
  listing->token = g_strdup (token);
  ask_for_tables (task);
}

static void
ask_for_tables (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  ErosConnection *connection = listing->store->connection;
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_BIG_QUERY, "GET", "bigquery/v2/projects/%s/datasets/%s/tables",
                      eros_connection_get_project (connection), eros_connection_get_dataset (connection));

  eros_request_add_query (request, "maxResults", "1000");
  eros_request_add_query (request, "pageToken", listing->token);
  eros_http_send_async (eros_big_query_get_http (listing->store->big_query), request,
                        g_task_get_cancellable (task), tables_cb, g_object_ref (task));
}

/* ---- how many rows they have --------------------------------------------------------------------------- */

static void
take_rows (Listing *listing, ErosPage *page)
{
  for (guint i = 0; i < eros_page_get_n_rows (page); i++)
    {
      const char *id = eros_page_get_text (page, i, 0);
      ErosStoredBackup *backup = NULL;
      ErosStoredTable *table = find_by_snapshot (listing, id, &backup);
      gint64 n_rows = eros_page_get_int64 (page, i, 1);

      if (id == NULL)
        continue;
      if (table != NULL && table->snapshot != NULL)
        {
          table->n_rows = n_rows;
          table->bytes = eros_page_get_int64 (page, i, 2);
        }
      else if (table == NULL)
        g_hash_table_insert (listing->live, g_strdup (id), g_memdup2 (&n_rows, sizeof n_rows));
    }
}

static void
rows_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &error);

  if (error != NULL)
    {
      g_prefix_error (&error, _ ("The sizes of the backups could not be read: "));
      g_task_return_error (task, error);
      return;
    }
  if (page != NULL)
    take_rows (listing, page);
  ask_for_objects (task);
}

static void
ask_for_rows (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  ErosConnection *connection = listing->store->connection;
  g_autofree char *sql =
    g_strdup_printf ("SELECT table_id, row_count, size_bytes FROM `%s.%s.__TABLES__` ORDER BY table_id",
                     eros_connection_get_project (connection), eros_connection_get_dataset (connection));
  g_autofree char *id = eros_job_request_make_id ("eros-backups");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, sql);

  eros_job_request_set_use_cache (request, FALSE);
  eros_big_query_query_async (listing->store->big_query, request, MOST_ROWS, g_task_get_cancellable (task),
                              rows_cb, g_object_ref (task));
}

/* ---- the bucket: what was exported --------------------------------------------------------------------- */

static void
take_object (Listing *listing, const ErosObject *object)
{
  const char *slash = strchr (object->name, '/');
  g_autofree char *stamp = eros_backup_name_read_object (object->name);
  g_autofree char *name = stamp != NULL ? g_strconcat ("backup_", stamp, NULL) : NULL;
  ErosStoredBackup *backup = stamp != NULL && parse_stamp (stamp) != 0 ? get_backup (listing, name) : NULL;

  if (backup == NULL)
    return;
  if (backup->location == NULL)
    backup->location =
      g_strdup_printf ("gs://%s/%.*s/", object->bucket, (int) (slash - object->name), object->name);
  backup->export_bytes += object->size;
  g_ptr_array_add (backup->objects, g_strdup (object->name));
  if (g_str_equal (slash, "/metadata.json"))
    g_ptr_array_add (listing->metadata, backup);
}

static void
objects_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = eros_storage_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* Snapshots alone are still a way back: whoever needs them now is not kept from them. */
  if (objects == NULL)
    {
      listing->no_objects = TRUE;
      g_clear_error (&listing->trouble);
      g_prefix_error (&error, _ ("The bucket could not be looked at, so exports are missing here: "));
      listing->trouble = g_steal_pointer (&error);
    }
  for (guint i = 0; objects != NULL && i < objects->len; i++)
    take_object (listing, objects->pdata[i]);
  read_next_metadata (task);
}

static void
ask_for_objects (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  const char *bucket = eros_connection_get_bucket (listing->store->connection);

  if (bucket == NULL || *bucket == '\0')
    {
      g_clear_error (&listing->trouble);
      g_set_error_literal (&listing->trouble, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                           _ ("The deployment names no bucket for backups."));
      read_next_metadata (task);
      return;
    }
  eros_storage_list_async (eros_big_query_get_http (listing->store->big_query), bucket, "",
                           g_task_get_cancellable (task), objects_cb, g_object_ref (task));
}

/* ---- what was written down about them ------------------------------------------------------------------ */

static void
take_metadata (ErosStoredBackup *backup, JsonObject *metadata)
{
  JsonArray *tables = eros_json_array (metadata, "tables");
  gint64 days = eros_json_int64 (metadata, "retention_days", RETENTION_DAYS);

  if (g_strcmp0 (eros_json_string (metadata, "format"), METADATA_FORMAT) != 0)
    return;
  backup->verified = TRUE;
  if (backup->expires == 0 && days > 0 && days < 36500)
    backup->expires = backup->taken + days * G_TIME_SPAN_DAY;
  for (guint i = 0; tables != NULL && i < json_array_get_length (tables); i++)
    {
      JsonNode *node = json_array_get_element (tables, i);
      JsonObject *entry = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = entry != NULL ? eros_json_string (entry, "table") : NULL;
      ErosStoredTable *table = name != NULL ? get_table (backup, name) : NULL;

      if (table == NULL)
        continue;
      if (table->n_rows < 0)
        table->n_rows = eros_json_int64 (entry, "rows", -1);
      if (table->bytes < 0)
        table->bytes = eros_json_int64 (entry, "bytes", -1);
      g_free (table->checksum);
      table->checksum = g_strdup (eros_json_string (entry, "checksum"));
    }
}

static void
metadata_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  ErosStoredBackup *backup = g_ptr_array_steal_index (listing->metadata, listing->metadata->len - 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) metadata = eros_http_json_finish (EROS_HTTP (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (metadata != NULL)
    take_metadata (backup, json_node_get_object (metadata));
  else
    {
      backup->unread = TRUE;
      if (listing->trouble == NULL)
        listing->trouble = g_steal_pointer (&error);
    }
  read_next_metadata (task);
}

static int
compare_tables (gconstpointer a, gconstpointer b)
{
  const ErosStoredTable *const *first = a;
  const ErosStoredTable *const *second = b;

  return g_strcmp0 ((*first)->table, (*second)->table);
}

static int
compare_backups (gconstpointer a, gconstpointer b)
{
  const ErosStoredBackup *const *first = a;
  const ErosStoredBackup *const *second = b;

  if ((*first)->taken != (*second)->taken)
    return (*first)->taken > (*second)->taken ? -1 : 1;
  return g_strcmp0 ((*first)->name, (*second)->name);
}

static void
conclude (Listing *listing, ErosStoredBackup *backup)
{
  guint n_snapshots = 0;

  backup->unread = backup->unread || listing->no_objects;
  g_ptr_array_sort (backup->tables, compare_tables);
  for (guint i = 0; i < backup->tables->len; i++)
    {
      ErosStoredTable *table = backup->tables->pdata[i];
      const gint64 *live = g_hash_table_lookup (listing->live, table->table);

      table->live_rows = live != NULL ? *live : -1;
      n_snapshots += table->snapshot != NULL &&
                     (listing->tables == NULL || g_strv_contains (listing->tables, table->table));
    }
  backup->complete = n_snapshots == (listing->tables != NULL ? g_strv_length ((char **) listing->tables)
                                                             : backup->tables->len);
}

static void
end_listing (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_stored_backup_free);
  GHashTableIter iter;
  gpointer backup;

  g_hash_table_iter_init (&iter, listing->backups);
  while (g_hash_table_iter_next (&iter, NULL, &backup))
    {
      conclude (listing, backup);
      g_ptr_array_add (list, backup);
    }
  /* They are the list's from here on. */
  g_hash_table_steal_all (listing->backups);
  g_ptr_array_sort (list, compare_backups);
  g_task_return_pointer (task, list, (GDestroyNotify) g_ptr_array_unref);
}

static void
read_next_metadata (GTask *task)
{
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (ErosRequest) request = NULL;
  g_autofree char *name = NULL;
  const char *bucket;
  ErosStoredBackup *backup;

  if (listing->metadata->len == 0)
    {
      end_listing (task);
      return;
    }
  backup = listing->metadata->pdata[listing->metadata->len - 1];
  bucket = eros_connection_get_bucket (listing->store->connection);
  name = g_strdup_printf ("%smetadata.json", backup->location + strlen ("gs://") + strlen (bucket) + 1);
  request = eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s/o/%s", bucket, name);
  eros_request_add_query (request, "alt", "media");
  eros_http_send_async (eros_big_query_get_http (listing->store->big_query), request,
                        g_task_get_cancellable (task), metadata_cb, g_object_ref (task));
}

/**
 * eros_backup_store_list_async:
 * @store: a store of backups
 * @cancellable: (nullable): a cancellable
 * @callback: called when the data set and the bucket have been looked at
 * @user_data: for @callback
 *
 * Lists the backups of the connection's data set and bucket, whichever deployment took them. Only reads: one
 * list of tables, one query of __TABLES__, which costs nothing, one list of objects, and the description of
 * each backup.
 */
void
eros_backup_store_list_async (ErosBackupStore *store,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);
  ErosElement *element =
    eros_runbook_find_operation (eros_deployment_get_runbook (store->deployment),
                                 eros_operation_kind_get_name (EROS_OPERATION_KIND_BACKUP));

  g_task_set_source_tag (task, eros_backup_store_list_async);
  listing->store = store;
  listing->backups =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) eros_stored_backup_free);
  listing->live = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  listing->metadata = g_ptr_array_new ();
  listing->tables = element != NULL ? eros_element_get_tables (element) : NULL;
  g_task_set_task_data (task, listing, (GDestroyNotify) listing_free);
  ask_for_tables (task);
}

GPtrArray *
eros_backup_store_list_finish (ErosBackupStore *store, GAsyncResult *result, GError **trouble, GError **error)
{
  Listing *listing;

  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  listing = g_task_get_task_data (G_TASK (result));
  if (trouble != NULL && listing->trouble != NULL)
    *trouble = g_error_copy (listing->trouble);
  return g_task_propagate_pointer (G_TASK (result), error);
}

ErosStoredBackup *
eros_backup_store_find_newest (GPtrArray *backups)
{
  for (guint i = 0; i < backups->len; i++)
    {
      ErosStoredBackup *backup = backups->pdata[i];

      if (backup->complete && backup->verified && !backup->before_rollback)
        return backup;
    }
  return NULL;
}
