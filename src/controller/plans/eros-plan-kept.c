/* eros-plan-kept.c: what depends on the critical tables, kept with them and brought back after them
 *
 * A step of the deployment may have marked, counted or locked things elsewhere. Its restored.sql brings them
 * to where they were at the backup's instant; what it reads for that is kept with the backup, as time travel
 * forgets after a week.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-plan-parts.h"

/* The steps of all sets that the runbook deploys, in order. (transfer full) (element-type ErosSqlStep) */
static GPtrArray *
load_all (ErosWork *work, GError **error)
{
  g_auto (GStrv) deployments =
    eros_runbook_list_deployments (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_sql_step_free);

  for (guint i = 0; deployments[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) steps =
        eros_plan_load_steps (work, eros_operation_kind_get_set (deployments[i]), error);

      if (steps == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (all, g_steal_pointer (&steps));
    }
  return g_steal_pointer (&all);
}

/* ---- kept ---------------------------------------------------------------------------------------------- */

/* A table that is not there yet has nothing to keep. */
static gboolean
prepare_keep (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *table = step->data;
  const char *now = eros_work_get_value (work, "clock.now");
  gint64 days = eros_plan_get_retention_days (work);

  g_free (step->sql);
  step->sql = g_strdup_printf (
    "IF EXISTS (\n"
    "  SELECT 1 FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`\n"
    "  WHERE table_name = '%1$s' AND creation_time <= TIMESTAMP '%3$s'\n"
    ") THEN\n"
    "  CREATE SNAPSHOT TABLE IF NOT EXISTS `${project}.${dataset}.%1$s_kept_%2$s`\n"
    "  CLONE `${project}.${dataset}.%1$s` FOR SYSTEM_TIME AS OF TIMESTAMP '%3$s'\n"
    "  OPTIONS (expiration_timestamp = TIMESTAMP_ADD(TIMESTAMP '%3$s', INTERVAL %4$" G_GINT64_FORMAT
    " DAY));\n"
    "END IF;",
    table, eros_work_get_value (work, "clock.stamp"), now, days);
  return TRUE;
}

/* A backup without it is none. Before a rollback it can still be taken later, as time travel has it: the
 * tables do not wait for it. */
static void
add_keep (ErosWork *work, guint group, const char *table)
{
  gboolean is_backup = eros_operation_kind_of (eros_operation_get_kind (eros_work_get_operation (work))) ==
                       EROS_OPERATION_KIND_BACKUP;
  ErosWorkStep *step =
    eros_plan_add_for_table (work, group, "keep", _ ("Keep %s, which comes back with the tables"), table);

  step->prepare = prepare_keep;
  step->is_foreseeable = TRUE;
  step->is_repeatable = TRUE;
  step->may_fail = !is_backup;
  step->is_owed = !is_backup;
}

gboolean
eros_plan_add_keeps (ErosWork *work, guint group, GError **error)
{
  g_autoptr (GPtrArray) steps = load_all (work, error);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; steps != NULL && i < steps->len; i++)
    for (char **table = ((const ErosSqlStep *) steps->pdata[i])->keeps; *table != NULL; table++)
      if (g_hash_table_add (seen, *table))
        add_keep (work, group, *table);
  return steps != NULL;
}

/* ---- brought back -------------------------------------------------------------------------------------- */

static gboolean
prepare_restored (ErosWork *work, ErosWorkStep *step, GError **error)
{
  const char *backup = eros_work_get_argument (work, "backup");
  const char *stamp = backup + strlen (backup) - strlen ("20251031_143022");
  const char *exact = eros_work_get_value (work, EROS_PLAN_BACKUP_RECORD ".time");
  g_autofree char *time = exact != NULL
                            ? g_strdup (exact)
                            : g_strdup_printf ("%.4s-%.2s-%.2s %.2s:%.2s:%.2s+00", stamp, stamp + 4,
                                               stamp + 6, stamp + 9, stamp + 11, stamp + 13);

  g_ptr_array_set_size (step->parameters, 0);
  eros_work_step_add_parameter (step, "backup_time", "TIMESTAMP", time);
  return TRUE;
}

static void
add_restored_step (ErosWork *work, guint group, const ErosSqlStep *sql_step)
{
  const char *backup = eros_work_get_argument (work, "backup");
  g_autofree char *id = g_strdup_printf ("%s/restored", sql_step->id);
  g_autofree char *title = g_strdup_printf (_ ("What depends on the tables: %s"), sql_step->title);
  ErosWorkStep *step = eros_work_add (work, group, id, title);
  g_autoptr (GString) sql = g_string_new (sql_step->restored);

  g_string_replace (sql, "${stamp}", backup + strlen (backup) - strlen ("20251031_143022"), 0);
  step->sql = g_string_free (g_steal_pointer (&sql), FALSE);
  step->sql_source = g_strdup_printf ("sql/%s/restored.sql", sql_step->id);
  step->timeout_ms = sql_step->timeout_ms;
  step->prepare = prepare_restored;
  step->is_foreseeable = TRUE;
  step->is_repeatable = TRUE;
  step->may_fail = TRUE;
  step->is_owed = TRUE;
}

gboolean
eros_plan_add_restored (ErosWork *work, guint group, GError **error)
{
  g_autoptr (GPtrArray) steps = load_all (work, error);

  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const ErosSqlStep *sql_step = steps->pdata[i];

      if (sql_step->restored != NULL)
        add_restored_step (work, group, sql_step);
    }
  return steps != NULL;
}
