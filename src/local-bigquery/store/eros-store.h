/* eros-store.h: the SQLite files behind the local BigQuery
 *
 * DIR/data.db     catalogue (data sets, tables, routines) and rows, all versioned
 * DIR/service.db  jobs, their results, buckets, transfer configurations; attached to every connection as `s`
 * DIR/objects/    the contents of Cloud Storage objects, a file each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "eros-store-table.h"

G_BEGIN_DECLS

#define EROS_STORE_ERROR (eros_store_error_quark ())

/* Messages are BigQuery's own, ready for the client. */
typedef enum
{
  EROS_STORE_ERROR_NOT_FOUND,         /* 404 notFound */
  EROS_STORE_ERROR_DUPLICATE,         /* 409 duplicate */
  EROS_STORE_ERROR_INVALID,           /* 400 invalid */
  EROS_STORE_ERROR_CONDITION_NOT_MET, /* 412 conditionNotMet */
  EROS_STORE_ERROR_IN_USE,            /* 400 resourceInUse */
  EROS_STORE_ERROR_CONFLICT,          /* a transaction is aborted due to concurrent update */
  EROS_STORE_ERROR_CANCELLED,         /* while waiting for the turn to write */
  EROS_STORE_ERROR_FAILED,            /* the disk, or SQLite: 500 internalError */
  EROS_STORE_ERROR_FULL,              /* no room on the disk: 403 quotaExceeded, which nobody sends again */
} ErosStoreError;

GQuark eros_store_error_quark (void);
void   eros_store_set_error (GError **error, sqlite3 *db);

#define EROS_STORE_TIME_TRAVEL (7 * G_TIME_SPAN_DAY)

/* One store a process; may be used from every thread. */
typedef struct _ErosStore ErosStore;

/* One job at a time, one thread at a time. Its transaction sees one version of everything. */
typedef struct _ErosStoreConnection ErosStoreConnection;

/* Called once for each new SQLite connection: registers functions. */
typedef gboolean (*ErosStoreConnectFunc) (sqlite3 *db, gpointer user_data, GError **error);

ErosStore *eros_store_open (const char *directory, ErosStoreConnectFunc connect, gpointer user_data, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_store_close (ErosStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStore, eros_store_close)

const char *eros_store_get_directory (ErosStore *store);
gboolean    eros_store_prune (ErosStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

ErosStoreConnection *eros_store_acquire (ErosStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void                 eros_store_release (ErosStoreConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreConnection, eros_store_release)

sqlite3 *eros_store_connection_get_db (ErosStoreConnection *connection);

/* Transactions
 *
 * READ   a snapshot; becomes a writer at the first eros_store_prepare_write() or change of the catalogue,
 * which waits for its turn. This is BEGIN TRANSACTION in a script, and every query. WRITE  waits for its turn
 * first, sees the newest state: a DML or DDL statement by itself. Never conflicts. */
typedef enum
{
  EROS_STORE_READ,
  EROS_STORE_WRITE,
} ErosStoreMode;

gboolean eros_store_begin (ErosStoreConnection *connection,
                           ErosStoreMode        mode,
                           GCancellable        *cancellable,
                           GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_commit (ErosStoreConnection *connection, const char *job_id, const char *outcome, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void eros_store_rollback (ErosStoreConnection *connection);

/* Closes connections that nobody has used for @seconds, with their caches; one stays. */
void eros_store_close_idle (ErosStore *store, gint64 seconds);

/* For made-up data: the transaction, and what it makes, happened at @time; tables are made without indexes
 * and rows are not counted until eros_store_end_load(). */
void     eros_store_start_load (ErosStoreConnection *connection, gint64 time);
gboolean eros_store_end_load (ErosStoreConnection *connection,
                              ErosStoreTable      *table,
                              GError             **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean eros_store_in_transaction (ErosStoreConnection *connection);
gboolean eros_store_is_writing (ErosStoreConnection *connection);

/* Around each statement that writes: when it fails, eros_store_rollback_to() undoes it alone. They nest. */
gboolean eros_store_savepoint (ErosStoreConnection *connection, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_release_savepoint (ErosStoreConnection *connection, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_store_rollback_to (ErosStoreConnection *connection);

/* Versions: every committed write transaction is one; in SQL the running one is eros_version(). */
gint64   eros_store_get_version (ErosStoreConnection *connection);
gboolean eros_store_find_version (ErosStoreConnection *connection, gint64 time, gint64 *version, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Data sets. @project is NULL for all; names are case-sensitive. */
ErosStoreDataset *eros_store_get_dataset (ErosStoreConnection *connection,
                                          const char          *project,
                                          const char          *name,
                                          GError             **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray        *eros_store_list_datasets (ErosStoreConnection *connection,
                                            const char          *project,
                                            GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          eros_store_insert_dataset (ErosStoreConnection *connection,
                                             ErosStoreDataset    *dataset,
                                             GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          eros_store_update_dataset (ErosStoreConnection *connection,
                                             ErosStoreDataset    *dataset,
                                             GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          eros_store_delete_dataset (ErosStoreConnection *connection,
                                             const char          *project,
                                             const char          *name,
                                             gboolean             contents,
                                             GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest one of that name that was deleted within the time travel, with all that was in it then. */
gboolean eros_store_undrop_dataset (ErosStoreConnection *connection,
                                    const char          *project,
                                    const char          *name,
                                    GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* Tables, views and snapshots. A table that has expired is not found. */
ErosStoreTable *eros_store_get_table (ErosStoreConnection *connection,
                                      const char          *project,
                                      const char          *dataset,
                                      const char          *name,
                                      GError             **error) G_GNUC_WARN_UNUSED_RESULT;
ErosStoreTable *eros_store_get_table_at (ErosStoreConnection *connection,
                                         const char          *project,
                                         const char          *dataset,
                                         const char          *name,
                                         gint64               time,
                                         GError             **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray      *eros_store_list_tables (ErosStoreConnection *connection,
                                        const char          *project,
                                        const char          *dataset,
                                        GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* With @replace, whatever has the name gives way, and can still be read as of an earlier time. */
gboolean eros_store_insert_table (ErosStoreConnection *connection,
                                  ErosStoreTable      *table,
                                  gboolean             replace,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_clone_table (ErosStoreConnection *connection,
                                 ErosStoreTable      *source,
                                 ErosStoreTable      *table,
                                 gboolean             replace,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_update_table (ErosStoreConnection *connection,
                                  ErosStoreTable      *table,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_rename_table (ErosStoreConnection *connection,
                                  ErosStoreTable      *table,
                                  const char          *name,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_drop_table (ErosStoreConnection *connection,
                                ErosStoreTable      *table,
                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_truncate_table (ErosStoreConnection *connection,
                                    ErosStoreTable      *table,
                                    GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reading: what goes behind FROM, with a column cN for each ErosStoreColumn.physical N (no others may be
 * named, but rowid where eros_store_prepare_write() gave the name). Ask anew in each transaction, and after
 * each prepare_write. */
char *eros_store_table_source (ErosStoreConnection *connection,
                               ErosStoreTable      *table,
                               GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writing.
 *
 *   INSERT INTO t_5 (c0, c1) …             leaves _v out: its default is the running version
 *   UPDATE t_5 SET c1 = …, _v = eros_version() WHERE …
 *   DELETE FROM t_5 WHERE …
 *
 * Old rows go to the history by themselves (triggers), row counts and sizes follow (update hook). */
typedef enum
{
  EROS_STORE_INSERT, /* never conflicts */
  EROS_STORE_CHANGE, /* UPDATE, DELETE, MERGE, TRUNCATE: fails with EROS_STORE_ERROR_CONFLICT when another
                        transaction has written to the table since this one's snapshot */
} ErosStoreChange;

char *eros_store_prepare_write (ErosStoreConnection *connection,
                                ErosStoreTable      *table,
                                ErosStoreChange      change,
                                GCancellable        *cancellable,
                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* Logical sizes as BigQuery documents them. */
typedef struct
{
  gint64  rows;
  gint64  bytes;
  gint64 *column_bytes; /* one for each of the table's columns */
} ErosStoreStats;

gboolean eros_store_get_stats (ErosStoreConnection *connection,
                               ErosStoreTable      *table,
                               ErosStoreStats      *stats,
                               GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void     eros_store_stats_clear (ErosStoreStats *stats);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosStoreStats, eros_store_stats_clear)

/* Functions and procedures */
ErosStoreRoutine *eros_store_get_routine (ErosStoreConnection *connection,
                                          const char          *project,
                                          const char          *dataset,
                                          const char          *name,
                                          GError             **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray        *eros_store_list_routines (ErosStoreConnection *connection,
                                            const char          *project,
                                            const char          *dataset,
                                            GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          eros_store_insert_routine (ErosStoreConnection *connection,
                                             ErosStoreRoutine    *routine,
                                             gboolean             replace,
                                             GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          eros_store_drop_routine (ErosStoreConnection *connection,
                                           ErosStoreRoutine    *routine,
                                           GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
