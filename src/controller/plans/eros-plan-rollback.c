/* eros-plan-rollback.c: back to a backup, all critical tables together
 *
 * Before anything is overwritten there is a snapshot of what is: a rollback can itself be undone. The rows
 * are replaced inside the tables, in one transaction, so that partitioning, clustering, descriptions and
 * options stay, and nobody ever sees some tables restored and others not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-backup-name.h"
#include "eros-plan-parts.h"
#include "eros-sql-set.h"

enum
{
  GROUP_BEFORE,
  GROUP_PAUSE,
  GROUP_SNAPSHOT,
  GROUP_CLEAR,
  GROUP_RESTORE = 100, /* after the steps that are reverted, one group each */
  GROUP_COMPARE,
};

/* ---- arguments ----------------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED, message);
  return FALSE;
}

static gboolean
check_arguments (ErosWork *work, GError **error)
{
  g_autofree char *reason = g_strstrip (g_strdup (eros_work_get_argument (work, "reason")));
  g_autofree char *authority = g_strstrip (g_strdup (eros_work_get_argument (work, "authority")));

  if (!eros_backup_name_is_valid (eros_work_get_argument (work, "backup")))
    return refuse (error, _ ("Choose the backup to go back to, such as backup_20251031_143022. “eros-deploy "
                             "backups” lists them."));
  if (*reason == '\0')
    return refuse (error, _ ("A rollback needs a reason, which goes on record."));
  if (*authority == '\0')
    return refuse (
      error, _ ("A rollback needs the name of the person with rollback authority, which goes on record."));
  if (!eros_deployment_check_name (authority, error))
    return FALSE;
  if (!g_str_equal (eros_work_get_argument (work, "confirm"), "ROLLBACK"))
    return refuse (error, _ ("To overwrite the tables, confirm with the word ROLLBACK."));
  return TRUE;
}

static char *
backup_of (ErosWork *work, const char *table)
{
  return g_strdup_printf ("`${project}.${dataset}.%s_%s`", table, eros_work_get_argument (work, "backup"));
}

/* ---- the tables ---------------------------------------------------------------------------------------- */

static gboolean
prepare_snapshot (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = step->data;
  const char *now = eros_work_get_value (work, "clock.now");
  const char *stamp = eros_work_get_value (work, "clock.stamp");

  g_free (step->sql);
  step->sql =
    g_strdup_printf ("CREATE SNAPSHOT TABLE IF NOT EXISTS `${project}.${dataset}.%s_before_rollback_%s`\n"
                     "CLONE `${project}.${dataset}.%s` FOR SYSTEM_TIME AS OF TIMESTAMP '%s'\n"
                     "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(TIMESTAMP '%s', INTERVAL 90 DAY))",
                     table, stamp, table, now, now);
  g_free (step->summary);
  step->summary = g_strdup_printf ("%s_before_rollback_%s", table, stamp);
  return TRUE;
}

static void
add_backup_check (ErosWork *work, const char *table)
{
  ErosWorkStep *step =
    eros_plan_add_for_table (work, GROUP_BEFORE, "backup", _ ("Read the backup of %s"), table);
  g_autofree char *reference = backup_of (work, table);

  step->sql = eros_fingerprint_sql (reference, NULL);
  step->sql_source = g_strdup (step->id);
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->timeout_ms = 600000;
  step->summary = g_strdup (_ ("${n_rows} rows, fingerprint ${checksum}"));
  step->not_found = _ ("The snapshot has expired or was deleted. Choose another backup.");
}

static void
add_restore (ErosWork *work, const char *const *tables)
{
  ErosWorkStep *step = eros_work_add (work, GROUP_RESTORE, "restore", _ ("Restore the tables, together"));
  g_autoptr (GString) sql = g_string_new ("BEGIN TRANSACTION;\n");

  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_autofree char *backup = backup_of (work, tables[i]);

      g_string_append_printf (sql,
                              "DELETE FROM `${project}.${dataset}.%s` WHERE TRUE;\n"
                              "INSERT INTO `${project}.${dataset}.%s` SELECT * FROM %s;\n",
                              tables[i], tables[i], backup);
    }
  g_string_append (sql, "COMMIT TRANSACTION;\n");
  step->sql = g_string_free (g_steal_pointer (&sql), FALSE);
  step->timeout_ms = 600000;
  step->summary = g_strdup (_ ("all tables in one transaction"));
}

static void
add_compare (ErosWork *work, const char *table)
{
  ErosWorkStep *step =
    eros_plan_add_for_table (work, GROUP_COMPARE, "compare", _ ("Compare %s with the backup"), table);
  g_autofree char *backup = backup_of (work, table);
  g_autofree char *live = g_strdup_printf ("`${project}.${dataset}.%s`", table);
  g_autofree char *backup_sql = eros_fingerprint_sql (backup, NULL);
  g_autofree char *live_sql = eros_fingerprint_sql (live, NULL);

  step->sql = g_strdup_printf ("SELECT live.n_rows, live.checksum,\n"
                               "  live.n_rows = backup.n_rows AND live.checksum = backup.checksum\n"
                               "    AND live.total = backup.total AS same\n"
                               "FROM (%s) AS live\n"
                               "CROSS JOIN (%s) AS backup",
                               live_sql, backup_sql);
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->timeout_ms = 600000;
  step->expectations = (ErosExpectation *) eros_plan_expect_same ();
  step->n_expectations = 1;
  step->summary = g_strdup_printf (_ ("%s: ${n_rows} rows, same fingerprint as the backup: ${same}"), table);
}

/* ---- the steps of the deployment ----------------------------------------------------------------------- */

static gboolean
add_reverts (ErosWork *work, const char *set, guint *group, GError **error)
{
  g_autoptr (GPtrArray) steps = eros_plan_load_steps (work, set, error);

  if (steps == NULL)
    return FALSE;
  for (guint i = steps->len; i > 0; i--)
    eros_plan_add_revert (work, (*group)++, g_ptr_array_index (steps, i - 1));
  return TRUE;
}

/* What the restored tables must not find as it is. */
static gboolean
add_clears (ErosWork *work, GError **error)
{
  const char *set = eros_operation_get_kind (eros_work_get_operation (work));
  g_autoptr (GPtrArray) clears = eros_sql_set_load_clears (
    eros_runbook_get_steps (eros_deployment_get_runbook (eros_work_get_deployment (work))), set, error);

  for (guint i = 0; clears != NULL && i < clears->len; i++)
    {
      const ErosSqlClear *clear = g_ptr_array_index (clears, i);
      ErosWorkStep *step = eros_work_add (work, GROUP_CLEAR, clear->id, clear->title);

      step->sql = g_strdup (clear->sql);
      step->sql_source = g_strdup (clear->source);
    }
  return clears != NULL;
}

/**
 * eros_plan_rollback:
 * @work: an operation without steps. Arguments: "backup" (the snapshots' suffix), "reason", "authority",
 * "confirm" (the word ROLLBACK), and "sql", the folder of the steps if it is not the program's own
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Going back to a “before_rollback” snapshot undoes a rollback: it restores rows only, and takes no step
 * back.
 *
 * Returns: whether the arguments allow it and the plan was made
 */
gboolean
eros_plan_rollback (ErosWork *work, GError **error)
{
  const char *const *tables = eros_plan_get_tables (work, error);
  gboolean is_undo = g_str_has_prefix (eros_work_get_argument (work, "backup"), "before_rollback_");
  guint group = GROUP_CLEAR + 1;
  g_auto (GStrv) deployments =
    eros_runbook_list_deployments (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  ErosWorkStep *step;

  if (tables == NULL || !check_arguments (work, error))
    return FALSE;
  eros_plan_add_clock (work, GROUP_BEFORE);
  for (guint i = 0; tables[i] != NULL; i++)
    add_backup_check (work, tables[i]);
  eros_plan_add_pause (work, GROUP_PAUSE);
  for (guint i = 0; tables[i] != NULL; i++)
    {
      step = eros_plan_add_for_table (work, GROUP_SNAPSHOT, "snapshot", _ ("Snapshot of %s as it is now"),
                                      tables[i]);
      step->prepare = prepare_snapshot;
    }
  if (!add_clears (work, error))
    return FALSE;
  for (guint i = is_undo ? 0 : g_strv_length (deployments); i > 0; i--)
    if (!add_reverts (work, eros_operation_kind_get_set (deployments[i - 1]), &group, error))
      return FALSE;
  add_restore (work, tables);
  for (guint i = 0; tables[i] != NULL; i++)
    add_compare (work, tables[i]);
  return TRUE;
}
