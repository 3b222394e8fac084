/* eros-plan-revert.c: one step of a deployment, taken back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-plan-parts.h"

char *
eros_plan_revert_id (const char *sql_step_id)
{
  return g_strdup_printf ("%s/revert", sql_step_id);
}

GPtrArray *
eros_plan_load_steps (ErosWork *work, const char *set, GError **error)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_work_get_deployment (work));
  const char *given = eros_work_get_argument (work, "sql");
  g_autofree char *of_set = g_strconcat ("sql_", set, NULL);
  const char *path = *given != '\0' ? given : eros_work_get_argument (work, of_set);
  g_autoptr (GFile) folder = *path != '\0' ? g_file_new_for_path (path) : NULL;
  g_autoptr (ErosStepFiles) files = folder != NULL ? eros_step_files_load (folder, NULL, error)
                                                   : eros_step_files_ref (eros_runbook_get_steps (runbook));

  return files != NULL ? eros_sql_steps_load (files, set, error) : NULL;
}

ErosWorkStep *
eros_plan_add_revert (ErosWork *work, guint group, const ErosSqlStep *sql_step)
{
  g_autofree char *id = eros_plan_revert_id (sql_step->id);
  g_autofree char *title = g_strdup_printf (_ ("Take back: %s"), sql_step->title);
  ErosWorkStep *step = eros_work_add (work, group, id, title);

  step->sql = g_strdup (sql_step->revert);
  step->sql_source = g_strdup_printf ("sql/%s/revert.sql", sql_step->id);
  step->timeout_ms = sql_step->timeout_ms;
  return step;
}

/**
 * eros_plan_revert:
 * @work: an operation without steps. Arguments: "step" ("phase1/10-wilson-score"), and "sql", the folder of
 * the steps if it is not the program's own
 * @error: return location for %EROS_CONTROLLER_ERROR or an I/O error
 *
 * Undoes exactly what that step did. The deployment it belongs to does the step again when it goes on.
 *
 * Returns: whether there is such a step
 */
gboolean
eros_plan_revert (ErosWork *work, GError **error)
{
  const char *id = eros_work_get_argument (work, "step");
  g_autofree char *phase = g_path_get_dirname (id);
  g_autoptr (GPtrArray) steps = NULL;

  if (!g_regex_match_simple ("^[A-Za-z0-9_-]+/[A-Za-z0-9_-]+$", id, G_REGEX_DOLLAR_ENDONLY, 0))
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   _ ("“%s” is not the name of a step: that is its set and its folder, SET/STEP."), id);
      return FALSE;
    }
  steps = eros_plan_load_steps (work, phase, error);
  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      const ErosSqlStep *step = g_ptr_array_index (steps, i);

      if (!g_str_equal (step->id, id))
        continue;
      eros_plan_add_revert (work, 0, step);
      return TRUE;
    }
  if (steps != NULL)
    g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, _ ("There is no step “%s”."),
                 id);
  return FALSE;
}
