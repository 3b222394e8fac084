/* eros-backup-loss.h: the backups that there are, and what going back to one would undo
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-backup-store.h"

G_BEGIN_DECLS

/* Snapshots of all critical tables, taken together. */
#define EROS_TYPE_BACKUP (eros_backup_get_type ())
G_DECLARE_FINAL_TYPE (ErosBackup, eros_backup, EROS, BACKUP, GObject)
const char *eros_backup_get_name (ErosBackup *self);   /* "backup_20251031_143022", as the rollback wants it */
gint64      eros_backup_get_time (ErosBackup *self);   /* when, microseconds since 1970 */
gint64      eros_backup_get_n_rows (ErosBackup *self); /* of all its tables */
gint64      eros_backup_get_bytes (ErosBackup *self);
gboolean    eros_backup_is_verified (ErosBackup *self); /* compared with its tables when it was taken */
gboolean    eros_backup_is_unread (ErosBackup *self);   /* whether it was could not be read */
/* (nullable): why it is the one to go back to, for people; NULL: it has to be chosen by a person. */
const char *eros_backup_get_why_chosen (ErosBackup *self);
/* Whether it is what a rollback overwrote: going back to it undoes that rollback. */
gboolean eros_backup_is_before_rollback (ErosBackup *self);

/* What going back would do to one table. */
#define EROS_TYPE_LOSS (eros_loss_get_type ())
G_DECLARE_FINAL_TYPE (ErosLoss, eros_loss, EROS, LOSS, GObject)
const char *eros_loss_get_table (ErosLoss *self);
gint64      eros_loss_get_n_now (ErosLoss *self); /* rows */
gint64      eros_loss_get_n_then (ErosLoss *self);
gint64      eros_loss_get_n_lost (ErosLoss *self); /* rows that are there now, and not so in the backup */

/* Those of which every critical table of the runbook's rollback is there, newest first. */
void        eros_backup_store_list_usable_async (ErosBackupStore    *self,
                                                 GCancellable       *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer            user_data);
GListModel *eros_backup_store_list_usable_finish (ErosBackupStore *self,
                                                  GAsyncResult    *result,
                                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the tables and the backup, and changes nothing. Returns: (transfer full) of ErosLoss */
void        eros_backup_store_weigh_async (ErosBackupStore    *self,
                                           const char         *backup,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
GListModel *eros_backup_store_weigh_finish (ErosBackupStore *self,
                                            GAsyncResult    *result,
                                            GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
