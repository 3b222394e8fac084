/* eros-store-catalogue.c: data sets and routines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-private.h"
#include "eros-clock.h"

/* Names a state of a resource; shaped like BigQuery's own. */
char *
eros_store_make_etag (gint64 id, gint64 modified)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  guint8 digest[16];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) &id, sizeof id);
  g_checksum_update (checksum, (const guchar *) &modified, sizeof modified);
  g_checksum_get_digest (checksum, digest, &size);
  return g_base64_encode (digest, size);
}

static ErosStoreDataset *
read_dataset (ErosStoreStatement *statement)
{
  g_autofree char *project = store_column_text (statement, 1);
  g_autofree char *name = store_column_text (statement, 2);
  ErosStoreDataset *dataset = eros_store_dataset_new (project, name);

  dataset->id = sqlite3_column_int64 (statement, 0);
  dataset->created = sqlite3_column_int64 (statement, 3);
  dataset->modified = sqlite3_column_int64 (statement, 4);
  eros_store_dataset_from_json (dataset, (const char *) sqlite3_column_text (statement, 5));
  dataset->etag = eros_store_make_etag (dataset->id, dataset->modified);
  return dataset;
}

/**
 * eros_store_get_dataset:
 * @connection: a connection with a transaction
 * @project: the project
 * @name: the data set's id
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): the data set
 */
ErosStoreDataset *
eros_store_get_dataset (ErosStoreConnection *connection,
                        const char *project,
                        const char *name,
                        GError **error)
{
  g_autoptr (ErosStoreStatement) statement = eros_store_statement (
    connection, error,
    "SELECT id, project, name, created, modified, body FROM datasets WHERE project = ? AND name = ?", "ss",
    project, name);
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return NULL;
  if (row)
    return read_dataset (statement);
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Dataset %s:%s", project,
               name);
  return NULL;
}

/**
 * eros_store_list_datasets:
 * @connection: a connection with a transaction
 * @project: (nullable): the project, or %NULL for all
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreDataset): the data sets by name
 */
GPtrArray *
eros_store_list_datasets (ErosStoreConnection *connection, const char *project, GError **error)
{
  g_autoptr (GPtrArray) datasets = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_dataset_free);
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error,
                          "SELECT id, project, name, created, modified, body FROM datasets"
                          " WHERE ?1 IS NULL OR project = ?1 ORDER BY project, name",
                          "s", project);
  gboolean row = statement != NULL;

  while (row)
    {
      if (!eros_store_step (statement, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (datasets, read_dataset (statement));
    }
  return statement != NULL ? g_steal_pointer (&datasets) : NULL;
}

static gboolean
dataset_exists (ErosStoreConnection *connection, const char *project, const char *name)
{
  g_autoptr (ErosStoreDataset) dataset = eros_store_get_dataset (connection, project, name, NULL);

  return dataset != NULL;
}

/**
 * eros_store_insert_dataset:
 * @connection: a connection with a transaction
 * @dataset: what to make; its id, times and etag are filled in
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it was made
 */
gboolean
eros_store_insert_dataset (ErosStoreConnection *connection, ErosStoreDataset *dataset, GError **error)
{
  g_autofree char *body = eros_store_dataset_to_json (dataset);

  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  if (dataset_exists (connection, dataset->project, dataset->name))
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Dataset %s:%s",
                   dataset->project, dataset->name);
      return FALSE;
    }
  dataset->created = dataset->modified =
    connection->commit_time != 0 ? connection->commit_time : eros_clock_get_now ();
  if (!eros_store_run (connection, error,
                       "INSERT INTO datasets (project, name, created, modified, body) VALUES (?, ?, ?, ?, ?)",
                       "ssiis", dataset->project, dataset->name, dataset->created, dataset->modified, body))
    return FALSE;
  dataset->id = sqlite3_last_insert_rowid (connection->db);
  g_free (dataset->etag);
  dataset->etag = eros_store_make_etag (dataset->id, dataset->modified);
  return TRUE;
}

/**
 * eros_store_update_dataset:
 * @connection: a connection with a transaction
 * @dataset: the data set as it shall be; its time and etag are filled in
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is stored
 */
gboolean
eros_store_update_dataset (ErosStoreConnection *connection, ErosStoreDataset *dataset, GError **error)
{
  g_autofree char *body = eros_store_dataset_to_json (dataset);

  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  dataset->modified = MAX (eros_clock_get_now (), dataset->modified + 1);
  g_free (dataset->etag);
  dataset->etag = eros_store_make_etag (dataset->id, dataset->modified);
  return eros_store_run (connection, error, "UPDATE datasets SET modified = ?, body = ? WHERE id = ?", "isi",
                         dataset->modified, body, dataset->id);
}

static gboolean
is_empty (ErosStoreConnection *connection, const char *project, const char *name, GError **error)
{
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error,
                          "SELECT 1 FROM tables WHERE project = ?1 AND dataset = ?2 AND last IS NULL"
                          " AND (expiration IS NULL OR expiration > ?3)"
                          " UNION ALL SELECT 1 FROM routines WHERE project = ?1 AND dataset = ?2",
                          "ssi", project, name, eros_clock_get_now ());
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  if (!row)
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_IN_USE, "Dataset %s:%s is still in use", project,
               name);
  return FALSE;
}

static gboolean
keep_what_is_dropped (ErosStoreConnection *connection, const char *project, const char *name, GError **error)
{
  return eros_store_run (
           connection, error,
           "INSERT INTO dropped_datasets (version, time, project, name, created, modified, body)"
           " SELECT ?, ?, project, name, created, modified, body FROM datasets"
           " WHERE project = ? AND name = ?",
           "iiss", connection->version, eros_clock_get_now (), project, name) &&
         eros_store_run (
           connection, error,
           "INSERT INTO dropped_routines (version, project, dataset, name, created, modified, body)"
           " SELECT ?, project, dataset, name, created, modified, body FROM routines"
           " WHERE project = ? AND dataset = ?",
           "iss", connection->version, project, name);
}

/**
 * eros_store_delete_dataset:
 * @connection: a connection with a transaction
 * @project: the project
 * @name: the data set's id
 * @contents: whether the tables and routines in it go too; otherwise it must be empty
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is gone
 */
gboolean
eros_store_delete_dataset (ErosStoreConnection *connection,
                           const char *project,
                           const char *name,
                           gboolean contents,
                           GError **error)
{
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  dataset = eros_store_get_dataset (connection, project, name, error);
  if (dataset == NULL || (!contents && !is_empty (connection, project, name, error)))
    return FALSE;
  return keep_what_is_dropped (connection, project, name, error) &&
         eros_store_run (connection, error,
                         "UPDATE tables SET last = ? WHERE project = ? AND dataset = ? AND last IS NULL",
                         "iss", connection->version, project, name) &&
         eros_store_run (connection, error, "DELETE FROM routines WHERE project = ? AND dataset = ?", "ss",
                         project, name) &&
         eros_store_run (connection, error, "DELETE FROM datasets WHERE id = ?", "i", dataset->id);
}

static gboolean
find_dropped (ErosStoreConnection *connection,
              const char *project,
              const char *name,
              gint64 *version,
              GError **error)
{
  g_autoptr (ErosStoreStatement) statement = eros_store_statement (
    connection, error,
    "SELECT max(version) FROM dropped_datasets WHERE project = ? AND name = ? AND time > ?", "ssi", project,
    name, eros_clock_get_now () - EROS_STORE_TIME_TRAVEL);
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return FALSE;
  *version = sqlite3_column_int64 (statement, 0);
  if (*version != 0)
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Dataset %s:%s", project,
               name);
  return FALSE;
}

/**
 * eros_store_undrop_dataset:
 * @connection: a connection with a transaction
 * @project: the project
 * @name: the data set's id
 * @error: return location for an #ErosStoreError
 *
 * Brings back the data set of that name that was deleted last, with the tables, views and routines that went
 * with it, their rows and their past.
 *
 * Returns: whether it is there again
 */
gboolean
eros_store_undrop_dataset (ErosStoreConnection *connection,
                           const char *project,
                           const char *name,
                           GError **error)
{
  g_autoptr (ErosStoreDataset) present = NULL;
  gint64 version;

  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  present = eros_store_get_dataset (connection, project, name, NULL);
  if (present != NULL)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Dataset %s:%s",
                   project, name);
      return FALSE;
    }
  return find_dropped (connection, project, name, &version, error) &&
         eros_store_run (
           connection, error,
           "INSERT INTO datasets (project, name, created, modified, body)"
           " SELECT project, name, created, modified, body FROM dropped_datasets WHERE version = ?",
           "i", version) &&
         eros_store_run (connection, error,
                         "INSERT INTO routines (project, dataset, name, created, modified, body)"
                         " SELECT project, dataset, name, created, modified, body FROM dropped_routines"
                         " WHERE version = ?",
                         "i", version) &&
         eros_store_run (
           connection, error,
           "INSERT INTO tables (id, project, dataset, name, first, kind, created, modified,"
           " expiration, storage, version, body) SELECT id, project, dataset, name, ?, kind, created,"
           " modified, expiration, storage, version, body FROM tables"
           " WHERE project = ? AND dataset = ? AND last = ?",
           "issi", connection->version, project, name, version) &&
         eros_store_run (connection, error, "DELETE FROM dropped_datasets WHERE version = ?", "i", version) &&
         eros_store_run (connection, error, "DELETE FROM dropped_routines WHERE version = ?", "i", version);
}

static ErosStoreRoutine *
read_routine (ErosStoreStatement *statement)
{
  ErosStoreRoutine *routine = eros_store_routine_new ((const char *) sqlite3_column_text (statement, 1),
                                                      (const char *) sqlite3_column_text (statement, 2),
                                                      (const char *) sqlite3_column_text (statement, 3));

  routine->id = sqlite3_column_int64 (statement, 0);
  routine->created = sqlite3_column_int64 (statement, 4);
  routine->modified = sqlite3_column_int64 (statement, 5);
  eros_store_routine_from_json (routine, (const char *) sqlite3_column_text (statement, 6));
  routine->etag = eros_store_make_etag (routine->id, routine->modified);
  return routine;
}

/**
 * eros_store_get_routine:
 * @connection: a connection with a transaction
 * @project: the project
 * @dataset: the data set's id
 * @name: the routine's id
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): the function or procedure
 */
ErosStoreRoutine *
eros_store_get_routine (ErosStoreConnection *connection,
                        const char *project,
                        const char *dataset,
                        const char *name,
                        GError **error)
{
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error,
                          "SELECT id, project, dataset, name, created, modified, body FROM routines"
                          " WHERE project = ? AND dataset = ? AND name = ?",
                          "sss", project, dataset, name);
  gboolean row;

  if (statement == NULL || !eros_store_step (statement, &row, error))
    return NULL;
  if (row)
    return read_routine (statement);
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "Not found: Routine %s:%s.%s", project,
               dataset, name);
  return NULL;
}

/**
 * eros_store_list_routines:
 * @connection: a connection with a transaction
 * @project: the project
 * @dataset: (nullable): the data set's id, or %NULL for all
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreRoutine): the routines by name
 */
GPtrArray *
eros_store_list_routines (ErosStoreConnection *connection,
                          const char *project,
                          const char *dataset,
                          GError **error)
{
  g_autoptr (GPtrArray) routines = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_routine_free);
  g_autoptr (ErosStoreStatement) statement =
    eros_store_statement (connection, error,
                          "SELECT id, project, dataset, name, created, modified, body FROM routines"
                          " WHERE project = ?1 AND (?2 IS NULL OR dataset = ?2) ORDER BY dataset, name",
                          "ss", project, dataset);
  gboolean row = statement != NULL;

  while (row)
    {
      if (!eros_store_step (statement, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (routines, read_routine (statement));
    }
  return statement != NULL ? g_steal_pointer (&routines) : NULL;
}

/* TRUE when the name is free, or was taken by what @replace allows to go. */
static gboolean
make_room (ErosStoreConnection *connection, ErosStoreRoutine *routine, gboolean replace, GError **error)
{
  g_autoptr (ErosStoreRoutine) former =
    eros_store_get_routine (connection, routine->project, routine->dataset, routine->name, NULL);

  if (former == NULL)
    return TRUE;
  if (!replace)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE, "Already Exists: Routine %s:%s.%s",
                   routine->project, routine->dataset, routine->name);
      return FALSE;
    }
  routine->created = former->created;
  return eros_store_run (connection, error, "DELETE FROM routines WHERE id = ?", "i", former->id);
}

/**
 * eros_store_insert_routine:
 * @connection: a connection with a transaction
 * @routine: what to make; its id, times and etag are filled in
 * @replace: whether a routine of that name gives way
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is stored
 */
gboolean
eros_store_insert_routine (ErosStoreConnection *connection,
                           ErosStoreRoutine *routine,
                           gboolean replace,
                           GError **error)
{
  g_autofree char *body = eros_store_routine_to_json (routine);
  g_autoptr (ErosStoreDataset) dataset = NULL;

  if (!eros_store_start_writing (connection, NULL, error))
    return FALSE;
  dataset = eros_store_get_dataset (connection, routine->project, routine->dataset, error);
  if (dataset == NULL)
    return FALSE;
  routine->modified = eros_clock_get_now ();
  routine->created = routine->modified;
  if (!make_room (connection, routine, replace, error) ||
      !eros_store_run (connection, error,
                       "INSERT INTO routines (project, dataset, name, created, modified, body)"
                       " VALUES (?, ?, ?, ?, ?, ?)",
                       "sssiis", routine->project, routine->dataset, routine->name, routine->created,
                       routine->modified, body))
    return FALSE;
  routine->id = sqlite3_last_insert_rowid (connection->db);
  g_free (routine->etag);
  routine->etag = eros_store_make_etag (routine->id, routine->modified);
  return TRUE;
}

/**
 * eros_store_drop_routine:
 * @connection: a connection with a transaction
 * @routine: a stored routine
 * @error: return location for an #ErosStoreError
 *
 * Returns: whether it is gone
 */
gboolean
eros_store_drop_routine (ErosStoreConnection *connection, ErosStoreRoutine *routine, GError **error)
{
  return eros_store_start_writing (connection, NULL, error) &&
         eros_store_run (connection, error, "DELETE FROM routines WHERE id = ?", "i", routine->id);
}
