/* eros-backup-name.c: what backups are called
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-backup-name.h"

gboolean
eros_backup_name_is_valid (const char *name)
{
  return g_regex_match_simple ("^(backup|before_rollback)_[0-9]{8}_[0-9]{6}$", name, G_REGEX_DOLLAR_ENDONLY,
                               0);
}
