/* eros-backup-name.h: what backups are called
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "backup_20251031_143022", "before_rollback_20251031_143022" */
gboolean eros_backup_name_is_valid (const char *name);

G_END_DECLS
