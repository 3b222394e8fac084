/* eros-plan-deploy.c: a phase's steps, each deployed and then verified
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-inventory-diff.h"
#include "eros-plan-parts.h"
#include "eros-sql-step.h"

static ErosWorkStep *
add_verify (ErosWork *work, guint group, ErosSqlStep *sql_step, ErosSqlVerify *verify)
{
  g_autofree char *id = g_strdup_printf ("%s/verify/%s", sql_step->id, verify->name);
  /* Translators: %1$s: a step, as “Recompute the scores”, %2$s: one of its queries */
  g_autofree char *title = g_strdup_printf (_ ("Verify %1$s: %2$s"), sql_step->title, verify->name);
  ErosWorkStep *step = eros_work_add (work, group, id, title);

  step->sql = g_strdup (verify->sql);
  step->sql_source = g_strdup_printf ("sql/%s/verify.sql", sql_step->id);
  step->timeout_ms = sql_step->timeout_ms;
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->expectations = verify->expectations;
  step->n_expectations = verify->n_expectations;
  step->enough = verify->enough;
  step->n_enough = verify->n_enough;
  step->summary = g_strdup (verify->summary);
  step->taken_back_by = eros_plan_revert_id (sql_step->id);
  step->is_repeatable = TRUE;
  for (guint i = 0; sql_step->proves[i] != NULL; i++)
    eros_work_step_prove (step, sql_step->proves[i]);
  return step;
}

static void
add_deploy (ErosWork *work, guint group, ErosSqlStep *sql_step)
{
  g_autofree char *id = g_strdup_printf ("%s/deploy", sql_step->id);
  ErosWorkStep *step = eros_work_add (work, group, id, sql_step->title);

  step->sql = g_strdup (sql_step->deploy);
  step->sql_source = g_strdup_printf ("sql/%s/deploy.sql", sql_step->id);
  step->timeout_ms = sql_step->timeout_ms;
  step->summary = g_strdup (sql_step->changes);
  step->taken_back_by = eros_plan_revert_id (sql_step->id);
  step->is_repeatable = TRUE;
}

/* One value for the texts of all steps: what “proven with this very SQL” compares. */
static char *
digest (GPtrArray *steps)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < steps->len; i++)
    {
      const ErosSqlStep *step = g_ptr_array_index (steps, i);
      g_autofree char *line = g_strdup_printf ("%s %s\n", step->id, step->sha256);

      g_checksum_update (checksum, (const guchar *) line, -1);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/* What was begun with other steps cannot go on with these. */
static gboolean
note_digest (ErosWork *work, GPtrArray *steps, GError **error)
{
  g_autofree char *sha256 = digest (steps);
  const char *noted = eros_work_get_argument (work, "sql_sha256");

  if (*noted == '\0')
    json_object_set_string_member (eros_work_get_arguments (work), "sql_sha256", sha256);
  else if (!g_str_equal (noted, sha256))
    {
      g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
                           _ ("The SQL of these steps has changed since the deployment began. Go on with the "
                              "version it began with, or begin anew."));
      return FALSE;
    }
  return TRUE;
}

static char *
say_changes (ErosWork *work, const ErosInventory *after)
{
  g_autoptr (ErosInventory) before = eros_plan_get_inventory (work, EROS_PLAN_INVENTORY_BEFORE);
  g_autoptr (GPtrArray) changes = before != NULL ? eros_inventory_diff (before, after) : NULL;

  return changes != NULL ? eros_inventory_summarize_changes (changes) : NULL;
}

static gboolean
note_rights (ErosWork *work, ErosWorkStep *step, const ErosInventory *before, GError **error)
{
  eros_plan_watch_rights (work, step);
  return TRUE;
}

/**
 * eros_plan_deploy:
 * @work: an operation without steps; its argument "sql", if there is one, is the folder of the steps, and
 *   "sql_sha256", which is filled in, says which texts they are
 * @error: return location for %EROS_CONTROLLER_ERROR or an I/O error
 *
 * One step after the other: deploy, verify; the first that fails ends it.
 *
 * Returns: whether the steps could be read
 */
gboolean
eros_plan_deploy (ErosWork *work, GError **error)
{
  const char *set = eros_operation_kind_get_set (eros_operation_get_kind (eros_work_get_operation (work)));
  GPtrArray *steps = eros_plan_load_steps (work, set, error);
  guint group = 0;

  if (steps == NULL)
    return FALSE;
  /* The expectations are borrowed from the steps, which live as long as the operation. */
  eros_work_keep (work, steps, (GDestroyNotify) g_ptr_array_unref);
  if (!note_digest (work, steps, error))
    return FALSE;
  eros_work_keep_in_order (work);
  eros_plan_add_inventory (work, group++, EROS_PLAN_INVENTORY_BEFORE, _ ("Note what the data set is before"),
                           note_rights, NULL)
    ->restored = eros_plan_watch_rights;
  for (guint i = 0; i < steps->len; i++)
    {
      ErosSqlStep *sql_step = g_ptr_array_index (steps, i);

      add_deploy (work, group, sql_step);
      group += 2; /* one for a look at the rights */
      for (guint j = 0; j < sql_step->verifies->len; j++)
        add_verify (work, group++, sql_step, g_ptr_array_index (sql_step->verifies, j));
    }
  eros_plan_add_inventory (work, group, EROS_PLAN_INVENTORY_AFTER, _ ("Note what has changed"), NULL,
                           say_changes)
    ->always = TRUE;
  return TRUE;
}

/* What was deployed stays so, unless a rollback came after it. */
static gboolean
is_deployed (ErosWork *work, const char *operation)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (work)));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      const char *ended = eros_event_is (event, EROS_EVENT_OPERATION_ENDED)
                            ? eros_event_get_string (event, EROS_MEMBER_OPERATION)
                            : NULL;
      gboolean passed = eros_event_has_passed (event);

      if (ended != NULL && passed && eros_operation_kind_of (ended) == EROS_OPERATION_KIND_ROLLBACK)
        return FALSE;
      if (ended != NULL && passed && g_str_equal (ended, operation))
        return TRUE;
    }
  return FALSE;
}

static gboolean
verify_set (ErosWork *work, const char *set, guint *group, GError **error)
{
  GPtrArray *steps = eros_plan_load_steps (work, set, error);

  if (steps == NULL)
    return FALSE;
  eros_work_keep (work, steps, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < steps->len; i++)
    {
      ErosSqlStep *sql_step = g_ptr_array_index (steps, i);

      for (guint j = 0; j < sql_step->verifies->len; j++)
        {
          ErosWorkStep *step =
            add_verify (work, (*group)++, sql_step, g_ptr_array_index (sql_step->verifies, j));

          step->keeps_going = TRUE;
        }
    }
  return TRUE;
}

/**
 * eros_plan_verify_steps:
 * @work: an operation without steps; its arguments "sql" or "sql_SET", if they are there, are the folders of
 * the steps
 * @error: return location for %EROS_CONTROLLER_ERROR or an I/O error
 *
 * Every verification of all that was deployed, again, one after the other and to the end, whatever fails:
 * after an incident, before the final sign-off. It proves the boxes that it proved after the deployment.
 *
 * Returns: whether there is something to verify
 */
gboolean
eros_plan_verify_steps (ErosWork *work, GError **error)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_work_get_deployment (work));
  g_auto (GStrv) operations = eros_runbook_list_deployments (runbook);
  guint group = 0;

  for (guint i = 0; operations[i] != NULL; i++)
    if (is_deployed (work, operations[i]) &&
        !verify_set (work, eros_operation_kind_get_set (operations[i]), &group, error))
      return FALSE;
  if (group > 0)
    return TRUE;
  g_set_error_literal (
    error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_NOT_ALLOWED,
    _ ("Nothing is deployed that could be verified: no deployment of a phase has ended well, "
       "or it was rolled back."));
  return FALSE;
}
