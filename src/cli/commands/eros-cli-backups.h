/* eros-cli-backups.h: which backups there are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-backup-store.h"
#include "eros-cli-service.h"

G_BEGIN_DECLS

/* (transfer full): of ErosStoredBackup, newest first; a bucket that cannot be looked at is a warning on standard error.
 */
/* trouble: (out) (transfer full): what could not be looked at, which the terminal is told already */
GPtrArray *eros_cli_list_backups (ErosController *controller,
                                  GError        **trouble,
                                  GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes 20251031_143022, 2025-10-31_143022 and both with “backup_” or “before_rollback_” before it. (transfer full):
 * the name of a backup, or an error when it cannot be one. */
char *eros_cli_parse_backup (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer none); an error when there is none of that name. */
ErosStoredBackup *eros_cli_find_backup (GPtrArray *backups, const char *name, const GError *trouble, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* How old it is, and for each table its rows, then and now. */
void eros_cli_print_backup (const ErosStoredBackup *backup);

G_END_DECLS
