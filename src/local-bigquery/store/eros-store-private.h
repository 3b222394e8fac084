/* eros-store-private.h: what the store's own files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "eros-sql-value.h"
#include "eros-store-job.h"
#include "eros-store.h"

G_BEGIN_DECLS

struct _ErosStore
{
  char                *directory;
  gboolean             temporary;
  int                  lock_fd;
  ErosStoreConnectFunc connect;
  gpointer             user_data;

  GMutex      lock;    /* of all below */
  GQueue      idle;    /* of ErosStoreConnection */
  GQueue      writers; /* who waits to write, first come first served */
  gboolean    writing;
  GHashTable *stats; /* "storage@version" to StoreStats: measured, and never different again */

  GMutex      service_lock; /* of the one connection that writes to service.db */
  sqlite3    *service;
  GHashTable *service_statements;
};

/* What one transaction does to one storage. */
typedef struct
{
  gint64              storage;
  gboolean            known; /* rows and bytes are totals that can be relied upon */
  gboolean            changed;
  gint64              rows;
  guint               n_columns;
  gint64             *bytes; /* by physical column */
  const ErosSqlType **types; /* by physical column; NULL where nobody knows it any more */
} ErosStoreTableChange;

struct _ErosStoreConnection
{
  ErosStore  *store;
  sqlite3    *db;
  GCond       turn;       /* it is this connection's turn to write, or it need not wait any more */
  GHashTable *statements; /* SQL text to sqlite3_stmt */
  gboolean    active;
  gboolean    writing;
  gboolean    refreshed;   /* began to write on a newer version than it had read */
  gint64      snapshot;    /* newest version at the beginning */
  gint64      version;     /* the running one when writing */
  gint64      commit_time; /* 0: now */
  gboolean    bulk;        /* no indexes yet, no counting: whoever loads does both at the end */
  GPtrArray  *changes;     /* of ErosStoreTableChange */
  gint64      used;        /* monotonic: when it was given back */
  GPtrArray  *marks;       /* of GPtrArray of ErosStoreTableChange: one a savepoint */
};

/* A cached statement: reset when it goes out of scope, never finalized. */
typedef sqlite3_stmt ErosStoreStatement;
static inline void
store_statement_reset (ErosStoreStatement *statement)
{
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoreStatement, store_statement_reset)

/* @format: s text, i gint64, z gint64 with 0 for NULL */
ErosStoreStatement *eros_store_statement (ErosStoreConnection *connection,
                                          GError             **error,
                                          const char          *sql,
                                          const char          *format,
                                          ...);
/* One row and TRUE in @row, or none; FALSE and an error when SQLite fails. */
gboolean eros_store_step (ErosStoreStatement *statement, gboolean *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_run (ErosStoreConnection *connection, GError **error, const char *sql, const char *format, ...)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_exec (sqlite3 *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_execf (sqlite3 *db, GError **error, const char *format, ...)
  G_GNUC_PRINTF (3, 4) G_GNUC_WARN_UNUSED_RESULT;
static inline char *
store_column_text (ErosStoreStatement *statement, int index)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, index));
}

/* service.db: with store->service_lock held */
ErosStoreStatement *eros_store_service_statement (ErosStore  *store,
                                                  GError    **error,
                                                  const char *sql,
                                                  const char *format,
                                                  ...);
gboolean            eros_store_service_run (ErosStore *store, GError **error, const char *sql, const char *format, ...)
  G_GNUC_WARN_UNUSED_RESULT;

gint64   eros_store_result_get_id (ErosStoreResult *result); /* 0: not stored */
void     eros_store_result_unsave (ErosStoreResult *result, gint64 id);
gboolean eros_store_result_save (ErosStoreResult *result, gint64 *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Transactions */
gboolean              eros_store_start_writing (ErosStoreConnection *connection,
                                                GCancellable        *cancellable,
                                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
ErosStoreTableChange *eros_store_find_change (ErosStoreConnection *connection, gint64 storage);
ErosStoreTableChange *eros_store_open_change (ErosStoreConnection *connection, gint64 storage, GError **error);
void                  eros_store_change_free (ErosStoreTableChange *change);
void                  eros_store_install_hooks (ErosStoreConnection *connection);

/* Catalogue */
gboolean eros_store_save_table (ErosStoreConnection *connection,
                                ErosStoreTable      *table,
                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;
char    *eros_store_make_etag (gint64 id, gint64 modified);

/* Rows. A storage is the pair of t_ID and h_ID; h_ID is made when a row is first changed. */
typedef struct
{
  gint64   changed; /* version */
  gint64   time;
  gboolean history;
} ErosStoreStorage;

gboolean eros_store_get_storage (ErosStoreConnection *connection, gint64 id, ErosStoreStorage *storage, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_create_storage (ErosStoreConnection *connection,
                                    ErosStoreTable      *table,
                                    GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_create_index (ErosStoreConnection *connection,
                                  ErosStoreTable      *table,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_own_storage (ErosStoreConnection *connection,
                                 ErosStoreTable      *table,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_store_add_column (ErosStoreConnection *connection,
                                ErosStoreTable      *table,
                                ErosStoreColumn     *column,
                                GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* JSON in the catalogue */
char      *eros_store_dataset_to_json (const ErosStoreDataset *dataset);
void       eros_store_dataset_from_json (ErosStoreDataset *dataset, const char *json);
char      *eros_store_table_to_json (const ErosStoreTable *table);
void       eros_store_table_from_json (ErosStoreTable *table, const char *json);
char      *eros_store_routine_to_json (const ErosStoreRoutine *routine);
void       eros_store_routine_from_json (ErosStoreRoutine *routine, const char *json);
char      *eros_store_columns_to_json (GPtrArray *columns);
GPtrArray *eros_store_columns_from_json (const char *json);

G_END_DECLS
