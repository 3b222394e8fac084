/* eros-backup-name.c: what backups are called
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-backup-name.h"

#include <string.h>

gboolean
eros_backup_name_is_valid (const char *name)
{
  return g_regex_match_simple ("^(backup|before_rollback)_[0-9]{8}_[0-9]{6}$", name, G_REGEX_DOLLAR_ENDONLY,
                               0);
}

char *
eros_backup_name_get_folder (const char *stamp)
{
  return g_strdup_printf ("%.4s-%.2s-%.2s%s", stamp, stamp + 4, stamp + 6, stamp + 8);
}

char *
eros_backup_name_read_object (const char *object)
{
  if (g_regex_match_simple ("^[0-9]{8}_[0-9]{6}/", object, 0, 0))
    return g_strndup (object, strlen ("20251031_143022"));
  if (g_regex_match_simple ("^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{6}/", object, 0, 0))
    return g_strdup_printf ("%.4s%.2s%.2s%.7s", object, object + 5, object + 8, object + 10);
  return NULL;
}
