/* eros-plan-rollback-part.c: back in part: what one set of steps has done, or single objects
 *
 * The rows of the critical tables stay as they are, and so does what depends on them: those come back
 * together, with a rollback. A part proves nothing of the whole, and can be undone in the same way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-plan-rollback-private.h"

static char **
list_sets (ErosWork *work)
{
  g_auto (GStrv) deployments =
    eros_runbook_list_deployments (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; deployments[i] != NULL; i++)
    g_strv_builder_add (builder, eros_operation_kind_get_set (deployments[i]));
  return g_strv_builder_end (builder);
}

const char *
eros_plan_get_only_set (ErosWork *work)
{
  const char *only = eros_work_get_argument (work, EROS_PLAN_ONLY);
  g_auto (GStrv) sets = list_sets (work);

  return g_strv_contains ((const char *const *) sets, only) ? only : NULL;
}

char **
eros_plan_get_only_objects (ErosWork *work)
{
  const char *only = eros_work_get_argument (work, EROS_PLAN_ONLY);

  return g_strsplit (eros_plan_get_only_set (work) == NULL ? only : "", "\n", -1);
}

static gboolean
check_only (ErosWork *work, const char *const *tables, GError **error)
{
  g_auto (GStrv) names = eros_plan_get_only_objects (work);
  g_auto (GStrv) sets = list_sets (work);

  if (*eros_work_get_argument (work, EROS_PLAN_ONLY) == '\0')
    {
      g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                           _ ("Say what shall come back: a set of steps, or objects by their names."));
      return FALSE;
    }
  for (guint i = 0; names[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) sets, names[i]))
      {
        g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                     _ ("A part is one set of steps, or objects: %s with others is neither."), names[i]);
        return FALSE;
      }
    else if (g_strv_contains (tables, names[i]))
      {
        g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                     _ ("%s is a critical table: those come back together, with what depends on them. Roll "
                        "back as a whole."),
                     names[i]);
        return FALSE;
      }
  return TRUE;
}

/* A name that neither the backup nor the data set has is a mistake, and better known before anything is done.
 */
static gboolean
find_objects (ErosWork *work, ErosWorkStep *step, const ErosInventory *now, GError **error)
{
  g_autoptr (ErosInventory) backup = eros_plan_get_inventory (work, EROS_PLAN_BACKUP_RECORD);
  g_auto (GStrv) names = eros_plan_get_only_objects (work);

  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean is_there = FALSE;

      for (guint k = 0; !is_there && k < eros_inventory_get_n_objects (now); k++)
        is_there = g_str_equal (eros_inventory_get_object (now, k)->name, names[i]);
      for (guint k = 0; !is_there && backup != NULL && k < eros_inventory_get_n_objects (backup); k++)
        is_there = g_str_equal (eros_inventory_get_object (backup, k)->name, names[i]);
      if (!is_there)
        {
          g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                       _ ("There is no object %s, neither in the data set nor in the backup. “eros-deploy "
                          "diff” lists those that are different."),
                       names[i]);
          return FALSE;
        }
    }
  eros_plan_watch_rights (work, step);
  return TRUE;
}

/* That it was done is on record; that it is so is not true any more. */
static void
take_boxes_back (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autofree char *deployment = g_strconcat ("deploy-", eros_plan_get_only_set (work), NULL);
  g_autofree char *summary = NULL;
  GError *error = NULL;
  guint n = 0;

  if (!eros_plan_take_set_back (work, deployment, &n, &error))
    {
      eros_work_step_failed (work, step, error);
      return;
    }
  summary = g_strdup_printf (ngettext ("%u box is open again", "%u boxes are open again", n), n);
  eros_work_step_done (work, step, summary);
}

static void
add_reading (ErosWork *work)
{
  ErosWorkStep *step =
    eros_work_add (work, GROUP_BACKUP, EROS_PLAN_BACKUP_RECORD, _ ("Look what the backup says of itself"));

  step->call = eros_plan_read_backup_record;
  step->look = eros_plan_read_backup_record;
  eros_plan_add_clock (work, GROUP_CLOCK);
  step = eros_plan_add_inventory (work, GROUP_BEFORE, EROS_PLAN_INVENTORY_BEFORE,
                                  _ ("Note what the data set is now"), find_objects, NULL);
  step->restored = eros_plan_watch_rights;
  step->look = step->call;
}

/**
 * eros_plan_rollback_part:
 * @work: an operation without steps. Arguments as for eros_plan_rollback (), and "only": a set of steps, or
 * the names of objects, a line each
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Returns: whether the arguments allow it and the plan was made
 */
gboolean
eros_plan_rollback_part (ErosWork *work, GError **error)
{
  const char *const *tables = eros_plan_get_tables (work, error);
  const char *set = eros_plan_get_only_set (work);
  guint group = GROUP_REVERT;

  if (tables == NULL || !eros_plan_check_rollback (work, error) || !check_only (work, tables, error))
    return FALSE;
  eros_work_keep_in_order (work);
  add_reading (work);
  if (!eros_plan_add_before_rollback (work, tables, error) ||
      (set != NULL && !eros_plan_add_reverts (work, set, &group, error)))
    return FALSE;
  eros_plan_add_object_planning (work);
  eros_plan_add_judge (work);
  if (set != NULL)
    eros_work_add (work, GROUP_BOXES, "boxes", _ ("Open the boxes of what is not deployed any more"))->call =
      take_boxes_back;
  return TRUE;
}
