/* eros-store-prune.c: forgets what nobody can ask for any more
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "eros-store-document.h"
#include "eros-clock.h"
#include "eros-store-private.h"

/* BigQuery keeps the rows of a query for about a day. */
#define RESULT_LIFETIME G_TIME_SPAN_DAY

static gboolean
collect_ids (ErosStoreConnection *connection, const char *sql, GArray *ids, GError **error)
{
  g_autoptr (ErosStoreStatement) statement = eros_store_statement (connection, error, sql, "");
  gboolean row = statement != NULL;

  while (row)
    {
      gint64 id;

      if (!eros_store_step (statement, &row, error))
        return FALSE;
      id = row ? sqlite3_column_int64 (statement, 0) : 0;
      if (row)
        g_array_append_val (ids, id);
    }
  return statement != NULL;
}

/* Storages that no state of any table refers to */
static gboolean
drop_storages (ErosStoreConnection *connection, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!collect_ids (
        connection,
        "SELECT id FROM storages WHERE id NOT IN (SELECT storage FROM tables WHERE storage IS NOT NULL)", ids,
        error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (!eros_store_execf (connection->db, error,
                             "DROP TABLE IF EXISTS t_%" G_GINT64_FORMAT
                             "; DROP TABLE IF EXISTS h_%" G_GINT64_FORMAT
                             "; DELETE FROM storages WHERE id = %" G_GINT64_FORMAT,
                             id, id, id))
        return FALSE;
    }
  return TRUE;
}

/* Old rows, but for those that a snapshot or a clone still shows */
static gboolean
drop_history (ErosStoreConnection *connection, gint64 oldest, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!collect_ids (connection, "SELECT id FROM storages WHERE history", ids, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (!eros_store_execf (connection->db, error,
                             "DELETE FROM h_%" G_GINT64_FORMAT " WHERE _e <= min(%" G_GINT64_FORMAT
                             ", ifnull((SELECT min(version) FROM tables WHERE storage = %" G_GINT64_FORMAT
                             " AND version <> 0), %" G_GINT64_FORMAT "))",
                             id, oldest, id, oldest))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_oldest (ErosStoreConnection *connection, gint64 *oldest, GError **error)
{
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error, "SELECT ifnull(max(version), 0) FROM commits WHERE time <= ?",
                          "i", eros_clock_get_now () - EROS_STORE_TIME_TRAVEL);
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  *oldest = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
prune_data (ErosStoreConnection *connection, GError **error)
{
  gint64 now = eros_clock_get_now ();
  gint64 oldest;

  return find_oldest (connection, &oldest, error) &&
         eros_store_run (
           connection, error,
           "UPDATE tables SET last = ? WHERE last IS NULL AND expiration IS NOT NULL AND expiration <= ?",
           "ii", connection->version, now) &&
         eros_store_run (connection, error, "DELETE FROM tables WHERE last <= ?", "i", oldest) &&
         eros_store_run (connection, error, "DELETE FROM dropped_datasets WHERE version <= ?", "i", oldest) &&
         eros_store_run (connection, error, "DELETE FROM dropped_routines WHERE version <= ?", "i", oldest) &&
         drop_storages (connection, error) && drop_history (connection, oldest, error) &&
         eros_store_run (connection, error, "DELETE FROM commits WHERE version < ?", "i", oldest);
}

static gboolean
prune_results (ErosStore *store, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
  gint64 limit = eros_clock_get_now () - RESULT_LIFETIME;

  return eros_store_service_run (store, error, "DELETE FROM results WHERE created < ?", "i", limit) &&
         eros_store_service_run (store, error,
                                 "DELETE FROM chunks WHERE result NOT IN (SELECT id FROM results)", "");
}

/* Files that a killed process has left without a description */
static gboolean
prune_objects (ErosStore *store, GError **error)
{
  g_autofree char *path = g_build_filename (store->directory, "objects", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, error);
  gint64 recent = eros_clock_get_now () - G_TIME_SPAN_HOUR; /* they are named after the time */
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->service_lock);
      gint64 generation = g_ascii_strtoll (name, NULL, 10);
      g_autoptr (ErosStoreStatement) statement = eros_store_service_statement (
        store, error, "SELECT 1 FROM documents WHERE kind GLOB 'object:*' AND generation = ?", "i",
        generation);
      g_autofree char *file = NULL;
      gboolean row;

      if (statement == NULL || !eros_store_step (statement, &row, error))
        return FALSE;
      file = g_build_filename (path, name, NULL);
      if (!row && generation < recent)
        g_unlink (file);
    }
  return folder != NULL;
}

/**
 * eros_store_prune:
 * @store: the store
 * @error: return location for an #ErosStoreError
 *
 * Forgets rows that are older than %EROS_STORE_TIME_TRAVEL and that no snapshot shows, tables that were
 * dropped before that, results of yesterday's queries, and files of objects that are gone. May be called at
 * any time, on any thread.
 *
 * Returns: whether all of it could be done
 */
gboolean
eros_store_prune (ErosStore *store, GError **error)
{
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (store, error);

  return connection != NULL && eros_store_begin (connection, EROS_STORE_WRITE, NULL, error) &&
         prune_data (connection, error) && eros_store_commit (connection, NULL, NULL, error) &&
         prune_results (store, error) && prune_objects (store, error);
}
