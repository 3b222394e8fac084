/* eros-cli-commands.h: the commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A command’s own arguments, its name first, as GOption leaves them. Returns an exit status; if ERROR is set, that
 * decides instead. */
typedef int (*ErosCliCommand) (int argc, char **argv, GError **error);

int eros_cli_attest (int argc, char **argv, GError **error);
int eros_cli_changes (int argc, char **argv, GError **error);
int eros_cli_backup (int argc, char **argv, GError **error);
int eros_cli_backups (int argc, char **argv, GError **error);
int eros_cli_check (int argc, char **argv, GError **error);
int eros_cli_compare (int argc, char **argv, GError **error);
int eros_cli_countersigned (int argc, char **argv, GError **error);
int eros_cli_criterion (int argc, char **argv, GError **error);
int eros_cli_deploy (int argc, char **argv, GError **error);
int eros_cli_diff (int argc, char **argv, GError **error);
int eros_cli_escalate (int argc, char **argv, GError **error);
int eros_cli_move (int argc, char **argv, GError **error);
int eros_cli_inventory (int argc, char **argv, GError **error);
int eros_cli_jobs (int argc, char **argv, GError **error);
int eros_cli_list (int argc, char **argv, GError **error);
int eros_cli_message (int argc, char **argv, GError **error);
int eros_cli_monitor (int argc, char **argv, GError **error);
int eros_cli_new (int argc, char **argv, GError **error);
int eros_cli_note (int argc, char **argv, GError **error);
int eros_cli_override (int argc, char **argv, GError **error);
int eros_cli_rehearse (int argc, char **argv, GError **error);
int eros_cli_prove (int argc, char **argv, GError **error);
int eros_cli_report (int argc, char **argv, GError **error);
int eros_cli_restore (int argc, char **argv, GError **error);
int eros_cli_resume (int argc, char **argv, GError **error);
int eros_cli_resume_schedules (int argc, char **argv, GError **error);
int eros_cli_pause_schedules (int argc, char **argv, GError **error);
int eros_cli_verify_steps (int argc, char **argv, GError **error);
int eros_cli_revert (int argc, char **argv, GError **error);
int eros_cli_rollback (int argc, char **argv, GError **error);
int eros_cli_runbook (int argc, char **argv, GError **error);
int eros_cli_runbook_import (int argc, char **argv, GError **error);
int eros_cli_set (int argc, char **argv, GError **error);
int eros_cli_sign (int argc, char **argv, GError **error);
int eros_cli_skip (int argc, char **argv, GError **error);
int eros_cli_status (int argc, char **argv, GError **error);
int eros_cli_tick (int argc, char **argv, GError **error);
int eros_cli_undo (int argc, char **argv, GError **error);
int eros_cli_untick (int argc, char **argv, GError **error);
int eros_cli_verify (int argc, char **argv, GError **error);
int eros_cli_withdraw (int argc, char **argv, GError **error);

G_END_DECLS
