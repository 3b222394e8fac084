/* eros-store.c: the files, and the connections to them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "eros-store-private.h"

/* Kept idle; more are made when more jobs run at once. To make one takes milliseconds, to keep it half a
 * megabyte. */
#define MAX_IDLE 64

static const char DATA_SCHEMA[] =
  /* every committed write transaction; job and outcome tell a restarted server what had been done */
  "CREATE TABLE IF NOT EXISTS commits (version INTEGER PRIMARY KEY, time INTEGER NOT NULL, job TEXT, outcome "
  "TEXT);"
  "CREATE INDEX IF NOT EXISTS commits_time ON commits (time);"
  "CREATE INDEX IF NOT EXISTS commits_job ON commits (job) WHERE job IS NOT NULL;"
  "CREATE TABLE IF NOT EXISTS datasets (id INTEGER PRIMARY KEY, project TEXT NOT NULL, name TEXT NOT NULL,"
  "  created INTEGER NOT NULL, modified INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (project, name));"
  /* one row for each state of a table; the present one has no last version */
  "CREATE TABLE IF NOT EXISTS tables (row INTEGER PRIMARY KEY, id INTEGER NOT NULL, project TEXT NOT NULL,"
  "  dataset TEXT NOT NULL, name TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER, kind INTEGER NOT NULL,"
  "  created INTEGER NOT NULL, modified INTEGER NOT NULL, expiration INTEGER, storage INTEGER, version "
  "INTEGER,"
  "  body TEXT NOT NULL);"
  "CREATE UNIQUE INDEX IF NOT EXISTS tables_now ON tables (project, dataset, name) WHERE last IS NULL;"
  "CREATE INDEX IF NOT EXISTS tables_then ON tables (project, dataset, name, first);"
  "CREATE INDEX IF NOT EXISTS tables_id ON tables (id);"
  "CREATE INDEX IF NOT EXISTS tables_storage ON tables (storage);"
  /* rows and bytes (by physical column, comma-separated) are NULL when they have to be measured */
  "CREATE TABLE IF NOT EXISTS storages (id INTEGER PRIMARY KEY, changed INTEGER NOT NULL, time INTEGER NOT "
  "NULL,"
  "  history INTEGER NOT NULL DEFAULT 0, columns TEXT NOT NULL, rows INTEGER, bytes TEXT);"
  "CREATE TABLE IF NOT EXISTS routines (id INTEGER PRIMARY KEY, project TEXT NOT NULL, dataset TEXT NOT NULL,"
  "  name TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, body TEXT NOT NULL,"
  "  UNIQUE (project, dataset, name));"
  /* what a deleted data set was, by the version that deleted it; its tables are those whose last version that
     is */
  "CREATE TABLE IF NOT EXISTS dropped_datasets (version INTEGER NOT NULL, time INTEGER NOT NULL, project "
  "TEXT "
  "NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, body TEXT NOT NULL);"
  "CREATE TABLE IF NOT EXISTS dropped_routines (version INTEGER NOT NULL, project TEXT NOT NULL, dataset "
  "TEXT "
  "NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL, body TEXT NOT NULL);";

static const char SERVICE_SCHEMA[] =
  "CREATE TABLE IF NOT EXISTS jobs (row INTEGER PRIMARY KEY, project TEXT NOT NULL, job_id TEXT NOT NULL,"
  "  location TEXT, user_email TEXT, creation_time INTEGER NOT NULL, start_time INTEGER, end_time INTEGER,"
  "  job_type TEXT, statement_type TEXT, priority TEXT, state TEXT NOT NULL, query TEXT, parent_job_id TEXT,"
  "  total_bytes_processed INTEGER, total_bytes_billed INTEGER, total_slot_ms INTEGER, cache_hit INTEGER,"
  "  error_reason TEXT, error_location TEXT, error_debug TEXT, error_message TEXT,"
  "  inserted_rows INTEGER, updated_rows INTEGER, deleted_rows INTEGER, labels TEXT, referenced_tables TEXT,"
  "  destination_table TEXT, transaction_id TEXT, resource TEXT NOT NULL, result INTEGER, UNIQUE (project, "
  "job_id));"
  "CREATE INDEX IF NOT EXISTS jobs_created ON jobs (creation_time);"
  "CREATE INDEX IF NOT EXISTS jobs_listed ON jobs (project, parent_job_id, creation_time);"
  "CREATE INDEX IF NOT EXISTS jobs_parent ON jobs (parent_job_id) WHERE parent_job_id IS NOT NULL;"
  "CREATE INDEX IF NOT EXISTS jobs_open ON jobs (state) WHERE state <> 'DONE';"
  "CREATE TABLE IF NOT EXISTS results (id INTEGER PRIMARY KEY, columns TEXT NOT NULL, rows INTEGER,"
  "  created INTEGER NOT NULL);"
  "CREATE TABLE IF NOT EXISTS chunks (result INTEGER NOT NULL, first INTEGER NOT NULL, rows INTEGER NOT NULL,"
  "  data BLOB NOT NULL);"
  "CREATE UNIQUE INDEX IF NOT EXISTS chunks_of ON chunks (result, first);"
  "CREATE TABLE IF NOT EXISTS documents (kind TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL,"
  "  created INTEGER NOT NULL, modified INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, name));";

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
close_db (sqlite3 *db, GHashTable *statements)
{
  g_clear_pointer (&statements, g_hash_table_unref);
  sqlite3_close_v2 (db);
}

static void
finalize_cb (gpointer statement)
{
  sqlite3_finalize (statement);
}

static GHashTable *
statements_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_cb);
}

static sqlite3 *
open_file (ErosStore *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autofree char *pragmas = NULL;
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (path, &db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
                       NULL) != SQLITE_OK)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED, "Could not open %s: %s", path,
                   sqlite3_errmsg (db));
      sqlite3_close_v2 (db);
      return NULL;
    }
  /* A killed process loses nothing either way; FULL also loses nothing in a power cut, as little as the
   * record of what was done here; which a folder that is removed at the end need not. */
  pragmas =
    g_strdup_printf ("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = %s;"
                     "PRAGMA secure_delete = OFF; PRAGMA cache_size = -8000; PRAGMA mmap_size = 268435456;"
                     "PRAGMA wal_autocheckpoint = 4000;",
                     self->temporary ? "OFF" : "FULL");
  if (!eros_store_exec (db, pragmas, error))
    {
      g_prefix_error (error, "%s: ", path);
      sqlite3_close_v2 (db);
      return NULL;
    }
  return db;
}

static void
connection_free (ErosStoreConnection *connection)
{
  close_db (connection->db, connection->statements);
  g_cond_clear (&connection->turn);
  g_ptr_array_unref (connection->changes);
  g_ptr_array_unref (connection->marks);
  g_free (connection);
}

/* Read only: a transaction that writes would lock it otherwise, and jobs are written to it all the while. */
static gboolean
attach_service (ErosStoreConnection *connection, GError **error)
{
  g_autofree char *path = g_build_filename (connection->store->directory, "service.db", NULL);
  g_autofree char *file = g_filename_to_uri (path, NULL, error);
  g_autofree char *uri = file != NULL ? g_strconcat (file, "?mode=ro", NULL) : NULL;

  return uri != NULL && eros_store_run (connection, error, "ATTACH ? AS s", "s", uri);
}

static ErosStoreConnection *
connection_new (ErosStore *self, GError **error)
{
  ErosStoreConnection *connection;
  sqlite3 *db = open_file (self, "data.db", error);

  if (db == NULL)
    return NULL;
  connection = g_new0 (ErosStoreConnection, 1);
  connection->store = self;
  connection->db = db;
  g_cond_init (&connection->turn);
  connection->statements = statements_new ();
  connection->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_change_free);
  connection->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  eros_store_install_hooks (connection);
  if (attach_service (connection, error) &&
      (self->connect == NULL || self->connect (db, self->user_data, error)))
    return connection;
  connection_free (connection);
  return NULL;
}

#define LOCK_PATIENCE_US (10 * G_USEC_PER_SEC)
#define LOCK_PAUSE_US    (20 * 1000)

/* Two servers on one folder would not see each other's queue of writers. One that is just ending, as when
 * somebody closes a window and opens it again, is waited for. */
static gboolean
lock_folder (ErosStore *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "lock", NULL);
  gint64 until = g_get_monotonic_time () + LOCK_PATIENCE_US;

  self->lock_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  while (self->lock_fd >= 0 && fchmod (self->lock_fd, 0600) == 0)
    {
      if (flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK || g_get_monotonic_time () > until)
        break;
      g_usleep (LOCK_PAUSE_US);
    }
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED,
               errno == EWOULDBLOCK
                 ? "%s is in use by another local server; stop that one, or choose another folder"
                 : "Could not lock %s",
               self->directory);
  return FALSE;
}

#define PRIVATE_FOLDER "eros-bigquery-"
#define JUST_MADE_S    60

/* Its process was killed: nobody holds its lock, and nobody can open it any more. One that has just been made
 * may not be locked yet. */
static gboolean
is_abandoned (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "lock", NULL);
  int fd = g_open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
  GStatBuf about;
  gboolean abandoned = fd >= 0 && g_lstat (folder, &about) == 0 && S_ISDIR (about.st_mode) &&
                       about.st_uid == getuid () && g_stat (path, &about) == 0 &&
                       g_get_real_time () / G_USEC_PER_SEC - about.st_mtime > JUST_MADE_S &&
                       flock (fd, LOCK_EX | LOCK_NB) == 0;

  if (fd >= 0)
    close (fd);
  return abandoned;
}

static void
remove_abandoned (void)
{
  g_autoptr (GDir) folder = g_dir_open (g_get_tmp_dir (), 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path =
        g_str_has_prefix (name, PRIVATE_FOLDER) ? g_build_filename (g_get_tmp_dir (), name, NULL) : NULL;

      if (path != NULL && is_abandoned (path))
        remove_folder (path);
    }
}

static gboolean
make_folder (ErosStore *self, const char *directory, GError **error)
{
  g_autofree char *objects = NULL;

  self->temporary = directory == NULL;
  if (self->temporary)
    remove_abandoned ();
  self->directory = directory != NULL ? g_canonicalize_filename (directory, NULL)
                                      : g_dir_make_tmp (PRIVATE_FOLDER "XXXXXX", error);
  if (self->directory == NULL)
    return FALSE;
  objects = g_build_filename (self->directory, "objects", NULL);
  if (g_mkdir_with_parents (objects, 0700) != 0 || g_chmod (objects, 0700) != 0)
    {
      g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED, "Could not make the folder %s: %s",
                   objects, g_strerror (errno));
      return FALSE;
    }
  return lock_folder (self, error);
}

/* Its owner's alone, also when an older version has made it; SQLite gives what it makes beside a file the
 * file's permissions. Only before SQLite opens it: closing a descriptor of a file drops the locks that SQLite
 * holds on it. */
static gboolean
make_private (ErosStore *self, const char *name, GError **error)
{
  static const char *const suffixes[] = { "-wal", "-shm" };
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *beside = g_strconcat (path, suffixes[i], NULL);

      g_chmod (beside, 0600);
    }
  if (fd >= 0 && fchmod (fd, 0600) == 0 && g_close (fd, NULL))
    return TRUE;
  g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED, "Could not keep %s from others: %s", path,
               g_strerror (errno));
  return FALSE;
}

static gboolean
open_files (ErosStore *self, GError **error)
{
  ErosStoreConnection *connection;

  if (!make_private (self, "service.db", error) || !make_private (self, "data.db", error))
    return FALSE;
  self->service = open_file (self, "service.db", error);
  if (self->service == NULL || !eros_store_exec (self->service, SERVICE_SCHEMA, error))
    return FALSE;
  connection = connection_new (self, error);
  if (connection == NULL)
    return FALSE;
  g_queue_push_tail (&self->idle, connection);
  return eros_store_exec (connection->db, DATA_SCHEMA, error);
}

/**
 * eros_store_open:
 * @directory: (nullable): where to keep everything; %NULL for a private folder that eros_store_close()
 * removes
 * @connect: (nullable): called for every new SQLite connection, on whichever thread needs it
 * @user_data: for @connect
 * @error: return location for an #ErosStoreError
 *
 * Opens the store in @directory, and makes it when there is none. No other process can open it meanwhile.
 *
 * Returns: (transfer full) (nullable): the store
 */
ErosStore *
eros_store_open (const char *directory, ErosStoreConnectFunc connect, gpointer user_data, GError **error)
{
  ErosStore *self = g_new0 (ErosStore, 1);

  self->connect = connect;
  self->user_data = user_data;
  self->lock_fd = -1;
  g_mutex_init (&self->lock);
  g_mutex_init (&self->service_lock);
  g_queue_init (&self->idle);
  g_queue_init (&self->writers);
  self->stats =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) eros_store_change_free);
  self->service_statements = statements_new ();
  if (make_folder (self, directory, error) && open_files (self, error))
    return self;
  eros_store_close (self);
  return NULL;
}

/**
 * eros_store_close:
 * @store: (transfer full) (nullable): the store
 *
 * Closes every connection; all must have been released. A private folder is removed.
 */
void
eros_store_close (ErosStore *store)
{
  if (store == NULL)
    return;
  g_queue_clear_full (&store->idle, (GDestroyNotify) connection_free);
  close_db (store->service, store->service_statements);
  g_hash_table_unref (store->stats);
  if (store->temporary && store->directory != NULL)
    remove_folder (store->directory);
  if (store->lock_fd >= 0)
    close (store->lock_fd);
  g_mutex_clear (&store->lock);
  g_mutex_clear (&store->service_lock);
  g_free (store->directory);
  g_free (store);
}

/**
 * eros_store_get_directory:
 * @store: the store
 *
 * Returns: where its files lie
 */
const char *
eros_store_get_directory (ErosStore *store)
{
  return store->directory;
}

/**
 * eros_store_acquire:
 * @store: the store
 * @error: return location for an #ErosStoreError
 *
 * Returns: (transfer full) (nullable): a connection for one job, to be given back with eros_store_release()
 */
ErosStoreConnection *
eros_store_acquire (ErosStore *store, GError **error)
{
  ErosStoreConnection *connection;

  g_mutex_lock (&store->lock);
  connection = g_queue_pop_tail (&store->idle);
  g_mutex_unlock (&store->lock);
  return connection != NULL ? connection : connection_new (store, error);
}

/* What a script has left behind in its temporary schema must not be seen by the next job. */
static gboolean
drop_temporary (ErosStoreConnection *connection)
{
  g_autoptr (GString) sql = NULL;
  g_autoptr (ErosStoreStatement) statement = eros_store_statement (
    connection, NULL, "SELECT type, name FROM temp.sqlite_master WHERE type IN ('table', 'view')", "");

  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      if (sql == NULL)
        sql = g_string_new (NULL);
      g_string_append_printf (sql, "DROP %s temp.\"%s\";", sqlite3_column_text (statement, 0),
                              sqlite3_column_text (statement, 1));
    }
  g_clear_pointer (&statement, store_statement_reset);
  return sql == NULL || eros_store_exec (connection->db, sql->str, NULL);
}

/**
 * eros_store_release:
 * @connection: (transfer full) (nullable): a connection
 *
 * Gives it back. A transaction that is still open is rolled back, temporary tables are dropped.
 */
void
eros_store_release (ErosStoreConnection *connection)
{
  ErosStore *store;
  gboolean keep;

  if (connection == NULL)
    return;
  store = connection->store;
  eros_store_rollback (connection);
  sqlite3_progress_handler (connection->db, 0, NULL, NULL);
  keep = drop_temporary (connection);
  g_mutex_lock (&store->lock);
  keep = keep && g_queue_get_length (&store->idle) < MAX_IDLE;
  connection->used = g_get_monotonic_time ();
  if (keep)
    g_queue_push_tail (&store->idle, connection);
  g_mutex_unlock (&store->lock);
  if (!keep)
    connection_free (connection);
}

/* The one that has been idle for longest, if that is long enough, and it is not the last */
static ErosStoreConnection *
take_idle (ErosStore *store, gint64 before)
{
  ErosStoreConnection *connection;

  g_mutex_lock (&store->lock);
  connection = g_queue_get_length (&store->idle) > 1 ? g_queue_peek_head (&store->idle) : NULL;
  if (connection != NULL && connection->used <= before)
    g_queue_pop_head (&store->idle);
  else
    connection = NULL;
  g_mutex_unlock (&store->lock);
  return connection;
}

/**
 * eros_store_close_idle:
 * @store: the store
 * @seconds: for how long nobody has used them
 *
 * Closes idle connections: each holds megabytes of pages in memory.
 */
void
eros_store_close_idle (ErosStore *store, gint64 seconds)
{
  gint64 before = g_get_monotonic_time () - seconds * G_USEC_PER_SEC;
  ErosStoreConnection *connection;

  while ((connection = take_idle (store, before)) != NULL)
    connection_free (connection);
}

/**
 * eros_store_connection_get_db:
 * @connection: a connection
 *
 * Returns: (transfer none): its SQLite connection, for the caller's own statements
 */
sqlite3 *
eros_store_connection_get_db (ErosStoreConnection *connection)
{
  return connection->db;
}
