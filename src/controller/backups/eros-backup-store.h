/* eros-backup-store.h: the backups that there are, and removing those that need not be kept any longer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-deployment.h"

G_BEGIN_DECLS

/* The data set and the bucket of a deployment, as far as backups are in them. */
#define EROS_TYPE_BACKUP_STORE (eros_backup_store_get_type ())
G_DECLARE_FINAL_TYPE (ErosBackupStore, eros_backup_store, EROS, BACKUP_STORE, GObject)
ErosBackupStore *eros_backup_store_new (ErosDeployment *deployment, ErosBigQuery *big_query);

/* One table of a backup. */
typedef struct
{
  char  *table;     /* "caption_bank" */
  char  *snapshot;  /* (nullable): NULL: it has gone, and only the export is left */
  gint64 n_rows;    /* -1: not known */
  gint64 bytes;     /* -1: not known */
  gint64 live_rows; /* of the table as it is now; -1: not known */
  char  *checksum;  /* (nullable): as it was compared */
} ErosStoredTable;

typedef struct
{
  char      *name;            /* "backup_20251031_143022", "before_rollback_…": what a rollback is given */
  gint64     taken;           /* µs since 1970 */
  gint64     expires;         /* when it need not be kept any longer; 0: never */
  gboolean   before_rollback; /* taken by a rollback of what it overwrote */
  gboolean   verified;        /* each snapshot was compared with its table when it was taken */
  gboolean   unread;   /* what was written down about it could not be read: whether it was compared is not known */
  gboolean   complete; /* a snapshot of each table is there: a rollback can go back to it */
  char      *location; /* (nullable) "gs://BUCKET/2025-10-31_143022/"; NULL: there is no export */
  gint64     export_bytes;
  GPtrArray *tables;  /* of ErosStoredTable, by name */
  GPtrArray *objects; /* of char *: of the export, in the bucket */
} ErosStoredBackup;
void eros_stored_backup_free (ErosStoredBackup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStoredBackup, eros_stored_backup_free)
gboolean eros_stored_backup_is_expired (const ErosStoredBackup *self, gint64 now);

/* From the data set and the bucket, newest first. Changes nothing. */
void eros_backup_store_list_async (ErosBackupStore    *store,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
/* Returns: (transfer full) (element-type ErosStoredBackup). trouble: (out) (optional) (nullable) (transfer full): why
 * the data set, the bucket or what was written down there could not be looked at; %NULL before. */
GPtrArray *eros_backup_store_list_finish (ErosBackupStore *store,
                                          GAsyncResult    *result,
                                          GError         **trouble,
                                          GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest one that a rollback can go back to and that was compared; (nullable) (transfer none). */
ErosStoredBackup *eros_backup_store_find_newest (GPtrArray *backups);

/* Deletes what is left of a backup that has expired, and puts that on record. Any other is refused. */
void     eros_backup_store_remove_async (ErosBackupStore        *store,
                                         const ErosStoredBackup *backup,
                                         GCancellable           *cancellable,
                                         GAsyncReadyCallback     callback,
                                         gpointer                user_data);
gboolean eros_backup_store_remove_finish (ErosBackupStore *store,
                                          GAsyncResult    *result,
                                          GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
