/* eros-plan-rollback.c: back to a backup: the critical tables together, then every object that the deployment
 * has touched
 *
 * Before anything is overwritten there is a snapshot of what is: a rollback can itself be undone. The rows
 * are replaced inside the tables, in one transaction, so that partitioning, clustering, descriptions and
 * options stay, and nobody ever sees some tables restored and others not. A table whose columns are no longer
 * those of the backup is made anew, from its definition in the backup's inventory and the rows of its
 * snapshot.
 *
 * The steps take back what they know of themselves. What is different from the backup's inventory after that
 * is planned then, object by object. That inventory is the judge: the rollback has ended well when nothing is
 * left of the deployment.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-backup-name.h"
#include "eros-plan-rollback-private.h"
#include "eros-sql-set.h"

/* ---- arguments ----------------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED, message);
  return FALSE;
}

gboolean
eros_plan_check_rollback (ErosWork *work, GError **error)
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
  g_autoptr (ErosInventory) before = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);

  g_free (step->sql);
  step->sql = NULL;
  if (before != NULL && eros_inventory_find (before, EROS_INVENTORY_TABLE, table) == NULL)
    {
      step->sql = g_strdup ("SELECT 1"); /* there is nothing that could be overwritten */
      g_free (step->summary);
      step->summary = g_strdup_printf (_ ("%s is not there"), table);
      return TRUE;
    }
  step->sql =
    g_strdup_printf ("CREATE SNAPSHOT TABLE IF NOT EXISTS `${project}.${dataset}.%s_before_rollback_%s`\n"
                     "CLONE `${project}.${dataset}.%s` FOR SYSTEM_TIME AS OF TIMESTAMP '%s'\n"
                     "OPTIONS (expiration_timestamp = TIMESTAMP_ADD(TIMESTAMP '%s', INTERVAL 90 DAY))",
                     table, stamp, table, now, now);
  g_free (step->summary);
  step->summary = g_strdup_printf ("%s_before_rollback_%s", table, stamp);
  return TRUE;
}

gboolean
eros_plan_add_before_rollback (ErosWork *work, const char *const *tables, GError **error)
{
  for (guint i = 0; tables[i] != NULL; i++)
    {
      ErosWorkStep *step = eros_plan_add_for_table (work, GROUP_SNAPSHOT, "snapshot",
                                                    _ ("Snapshot of %s as it is now"), tables[i]);

      step->prepare = prepare_snapshot;
      step->is_foreseeable = TRUE;
    }
  return eros_plan_add_keeps (work, GROUP_SNAPSHOT, error);
}

/* Whether the table has the rows that are on record of the backup, or nobody has written them down. found:
 * (out) (transfer full), recorded: (out) (transfer none) (nullable): rows and fingerprints */
static gboolean
is_as_recorded (ErosWork *work, ErosWorkStep *step, GHashTable *answer, char **found, const char **recorded)
{
  g_autofree char *name =
    g_strdup_printf (EROS_PLAN_BACKUP_RECORD ".fingerprint/%s", (const char *) step->data);

  *recorded = eros_work_get_value (work, name);
  *found = g_strdup_printf ("%s %s %s", (const char *) g_hash_table_lookup (answer, "n_rows"),
                            (const char *) g_hash_table_lookup (answer, "checksum"),
                            (const char *) g_hash_table_lookup (answer, "total"));
  return *recorded == NULL || g_str_equal (*recorded, *found);
}

/* Somebody may have put another snapshot in its place, … */
static gboolean
compare_with_record (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  g_autofree char *found = NULL;
  const char *recorded;

  if (is_as_recorded (work, step, answer, &found, &recorded))
    return TRUE;
  g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
               /* Translators: a table; rows and fingerprints, twice */
               _ ("The snapshot of %s is not the one that was taken: it was compared as %s, and is %s now. "
                  "Nothing has been changed. Choose another backup."),
               (const char *) step->data, recorded, found);
  return FALSE;
}

/* … also since it was looked at: then the table has what the snapshot has, and not what was backed up. */
static gboolean
compare_restored (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  g_autofree char *found = NULL;
  const char *recorded;

  if (is_as_recorded (work, step, answer, &found, &recorded) ||
      g_strcmp0 (g_hash_table_lookup (answer, "same"), "true") != 0)
    return TRUE;
  g_set_error (
    error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
    /* Translators: a table; rows and fingerprints, twice; “before_rollback_…” */
    _ ("%1$s does not have the rows that were backed up: on record are %2$s, and it has %3$s. Its "
       "snapshot was changed after it had been looked at. Roll back to another backup; as it was before "
       "it stands in before_rollback_%4$s."),
    (const char *) step->data, recorded, found, eros_work_get_value (work, "clock.stamp"));
  return FALSE;
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
  step->answered = compare_with_record;
}

/* ---- what has to be done ------------------------------------------------------------------------------- */

static gboolean
is_made_anew (GPtrArray *returns, const char *table)
{
  for (guint i = 0; i < returns->len; i++)
    {
      const ErosReturn *one = returns->pdata[i];

      if (one->way == EROS_WAY_SNAPSHOT && g_str_equal (one->name, table))
        return TRUE;
    }
  return FALSE;
}

static gboolean
prepare_restore (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *const *tables = step->data;
  g_autoptr (GPtrArray) returns = eros_plan_get_returns (work);
  g_autoptr (GString) sql = g_string_new ("BEGIN TRANSACTION;\n");
  guint n = 0;

  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_autofree char *backup = backup_of (work, tables[i]);

      if (is_made_anew (returns, tables[i]))
        continue;
      n++;
      g_string_append_printf (sql,
                              "DELETE FROM `${project}.${dataset}.%s` WHERE TRUE;\n"
                              "INSERT INTO `${project}.${dataset}.%s` SELECT * FROM %s;\n",
                              tables[i], tables[i], backup);
    }
  g_string_append (sql, "COMMIT TRANSACTION;\n");
  g_free (step->sql);
  step->sql = n > 0 ? g_string_free (g_steal_pointer (&sql), FALSE) : g_strdup ("SELECT 1");
  g_free (step->summary);
  step->summary = g_strdup (n == g_strv_length ((char **) tables)
                              ? _ ("all tables in one transaction")
                              : _ ("the others are made anew: their columns have changed, or they are gone"));
  return TRUE;
}

static void
add_restore (ErosWork *work, const char *const *tables)
{
  ErosWorkStep *step = eros_work_add (work, GROUP_RESTORE, "restore", _ ("Restore the tables, together"));

  step->data = (gpointer) tables;
  step->prepare = prepare_restore;
  step->is_foreseeable = TRUE;
  step->timeout_ms = 600000;
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

  step->answered = compare_restored;
  step->sql = g_strdup_printf ("SELECT live.n_rows, live.checksum, live.total,\n"
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

gboolean
eros_plan_add_reverts (ErosWork *work, const char *set, guint *group, GError **error)
{
  g_autoptr (GPtrArray) steps = eros_plan_load_steps (work, set, error);

  if (steps == NULL)
    return FALSE;
  for (guint i = steps->len; i > 0; i--)
    {
      ErosWorkStep *step = eros_plan_add_revert (work, *group, g_ptr_array_index (steps, i - 1));

      *group += 2; /* one for a look at the rights */
      /* What it leaves is found by comparing; it does not keep the tables from coming back. */
      step->may_fail = TRUE;
    }
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

/* ---- the boxes of the deployment ----------------------------------------------------------------------- */

static gboolean
take_box_back (ErosWork *work, const char *id, guint *n, GError **error)
{
  ErosDeployment *deployment = eros_work_get_deployment (work);
  ErosItem *item = eros_deployment_get_item (deployment, id);
  g_autofree char *summary = NULL;

  if (item == NULL || eros_item_get_mark (item) != EROS_ITEM_TICKED ||
      eros_item_get_outcome (item) != EROS_OUTCOME_PASS)
    return TRUE;
  (*n)++;
  summary = g_strdup_printf (_ ("what it says was taken back by the rollback to %s"),
                             eros_work_get_argument (work, "backup"));
  return eros_deployment_record_check (deployment, id, EROS_OUTCOME_NOT_ENOUGH, summary, NULL, error);
}

static gboolean
take_boxes_back (ErosWork *work, const char *const *ids, guint *n, GError **error)
{
  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    if (!take_box_back (work, ids[i], n, error))
      return FALSE;
  return TRUE;
}

static gboolean
take_boxes_of_set_back (ErosWork *work, const char *set, guint *n, GError **error)
{
  g_autoptr (GPtrArray) steps = eros_plan_load_steps (work, set, error);

  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const ErosSqlStep *step = steps->pdata[i];

      if (!take_boxes_back (work, (const char *const *) step->proves, n, error))
        return FALSE;
      for (guint k = 0; k < step->verifies->len; k++)
        if (!take_boxes_back (
              work, (const char *const *) ((ErosSqlVerify *) step->verifies->pdata[k])->proves, n, error))
          return FALSE;
    }
  return steps != NULL;
}

gboolean
eros_plan_take_set_back (ErosWork *work, const char *deployment, guint *n, GError **error)
{
  ErosElement *element =
    eros_runbook_find_operation (eros_deployment_get_runbook (eros_work_get_deployment (work)), deployment);

  return (element == NULL || take_boxes_back (work, eros_element_get_proves (element), n, error)) &&
         take_boxes_of_set_back (work, eros_operation_kind_get_set (deployment), n, error);
}

/* That it was done is on record; that it is so is not true any more. A person's word stays that person's. */
static void
take_all_boxes_back (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_work_get_deployment (work));
  g_auto (GStrv) deployments = eros_runbook_list_deployments (runbook);
  g_autofree char *summary = NULL;
  GError *error = NULL;
  guint n = 0;

  for (guint i = 0; deployments[i] != NULL && error == NULL; i++)
    eros_plan_take_set_back (work, deployments[i], &n, &error);
  if (error != NULL)
    {
      eros_work_step_failed (work, step, error);
      return;
    }
  summary = g_strdup_printf (ngettext ("%u box is open again", "%u boxes are open again", n), n);
  eros_work_step_done (work, step, summary);
}

static gboolean
note_rights (ErosWork *work, ErosWorkStep *step, const ErosInventory *before, GError **error)
{
  eros_plan_watch_rights (work, step);
  return TRUE;
}

static void
add_reading (ErosWork *work, const char *const *tables)
{
  ErosWorkStep *step =
    eros_work_add (work, GROUP_BACKUP, EROS_PLAN_BACKUP_RECORD, _ ("Look what the backup says of itself"));

  step->call = eros_plan_read_backup_record;
  step->look = eros_plan_read_backup_record;
  eros_plan_add_sources (work, GROUP_SOURCES);
  eros_plan_add_clock (work, GROUP_CLOCK);
  for (guint i = 0; tables[i] != NULL; i++)
    add_backup_check (work, tables[i]);
  step = eros_plan_add_inventory (work, GROUP_BEFORE, EROS_PLAN_INVENTORY_BEFORE,
                                  _ ("Note what the data set is now"), note_rights, NULL);
  step->restored = eros_plan_watch_rights;
  step->look = step->call;
}

/**
 * eros_plan_rollback:
 * @work: an operation without steps. Arguments: "backup" (the snapshots' suffix), "reason", "authority",
 * "confirm" (the word ROLLBACK), and "sql", the folder of the steps if it is not the program's own
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Going back to a “before_rollback” snapshot undoes a rollback: it takes no step back, and brings back what
 * that rollback has changed.
 *
 * Returns: whether the arguments allow it and the plan was made
 */
gboolean
eros_plan_rollback (ErosWork *work, GError **error)
{
  const char *const *tables = eros_plan_get_tables (work, error);
  gboolean is_undo = g_str_has_prefix (eros_work_get_argument (work, "backup"), "before_rollback_");
  guint group = GROUP_REVERT;
  g_auto (GStrv) deployments =
    eros_runbook_list_deployments (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  ErosWorkStep *step;

  if (tables == NULL || !eros_plan_check_rollback (work, error))
    return FALSE;
  eros_work_keep_in_order (work);
  add_reading (work, tables);
  eros_plan_add_pause (work, GROUP_PAUSE);
  if (!eros_plan_add_before_rollback (work, tables, error) || !add_clears (work, error))
    return FALSE;
  for (guint i = is_undo ? 0 : g_strv_length (deployments); i > 0; i--)
    if (!eros_plan_add_reverts (work, eros_operation_kind_get_set (deployments[i - 1]), &group, error))
      return FALSE;
  eros_plan_add_object_planning (work);
  add_restore (work, tables);
  if (!eros_plan_add_restored (work, GROUP_RESTORED, error))
    return FALSE;
  for (guint i = 0; tables[i] != NULL; i++)
    add_compare (work, tables[i]);
  eros_plan_add_judge (work);
  if (!is_undo)
    {
      step =
        eros_work_add (work, GROUP_BOXES, "boxes", _ ("Open the boxes of what is not deployed any more"));
      step->call = take_all_boxes_back;
    }
  return TRUE;
}
