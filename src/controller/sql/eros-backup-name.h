/* eros-backup-name.h: what backups are called
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "backup_20251031_143022", "before_rollback_20251031_143022" */
gboolean eros_backup_name_is_valid (const char *name);
/* "2025-10-31_143022" of "20251031_143022": where its export is in the bucket. (transfer full) */
char *eros_backup_name_get_folder (const char *stamp);
/* "20251031_143022" of an object in such a folder, or in one of the form of before, "20251031_143022/…". (transfer
 * full) (nullable): it is of no backup */
char *eros_backup_name_read_object (const char *object);

G_END_DECLS
