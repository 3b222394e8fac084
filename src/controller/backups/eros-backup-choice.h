/* eros-backup-choice.h: which backup a rollback goes back to when nobody names one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-backup-store.h"

G_BEGIN_DECLS

ErosStoredBackup *eros_backup_store_choose (ErosBackupStore *store, GPtrArray *backups, char **why);

G_END_DECLS
