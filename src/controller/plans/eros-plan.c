/* eros-plan.c: which steps an operation has, and what its end proves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan.h"

#include <glib/gi18n-lib.h>

#include "eros-criteria.h"
#include "eros-plan-parts.h"
#include "eros-sql-set.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

/* Which steps each kind has. */
static gboolean (*const plans[]) (ErosWork *work, GError **error) = {
  [EROS_OPERATION_KIND_BACKUP] = eros_plan_backup,
  [EROS_OPERATION_KIND_DEPLOY] = eros_plan_deploy,
  [EROS_OPERATION_KIND_COMPARISON] = eros_plan_comparison,
  [EROS_OPERATION_KIND_MONITORING] = eros_plan_monitoring,
  [EROS_OPERATION_KIND_REVERT] = eros_plan_revert,
  [EROS_OPERATION_KIND_ROLLBACK] = eros_plan_rollback,
  [EROS_OPERATION_KIND_RESUME_SCHEDULES] = eros_plan_resume_schedules,
  [EROS_OPERATION_KIND_PROVE] = eros_plan_prove,
  [EROS_OPERATION_KIND_VERIFY_STEPS] = eros_plan_verify_steps,
  [EROS_OPERATION_KIND_PAUSE_SCHEDULES] = eros_plan_pause_schedules,
  [EROS_OPERATION_KIND_RESTORE] = eros_plan_restore,
  [EROS_OPERATION_KIND_ROLLBACK_PART] = eros_plan_rollback_part,
};

gboolean
eros_plan_is_known (const char *name)
{
  ErosOperationKind kind = eros_operation_kind_of (name);

  return kind < G_N_ELEMENTS (plans) && plans[kind] != NULL;
}

static void
set_times (ErosWork *work)
{
  ErosOperation *operation = eros_work_get_operation (work);
  ErosDeployment *deployment = eros_work_get_deployment (work);
  g_autofree char *started =
    eros_time_iso (eros_operation_get_started (operation) + eros_timeline_get_ahead (deployment));
  g_autofree char *ended = eros_time_iso (eros_timeline_get_now (deployment));
  g_autofree char *time_of_day = g_strndup (started + 11, 8);

  eros_work_set_result (work, "started", started);
  eros_work_set_result (work, "ended", ended);
  eros_work_set_result (work, "started-time", time_of_day);
}

static JsonNode *
evidence_of (ErosWork *work)
{
  JsonObject *evidence = json_object_new ();
  g_autoptr (JsonArray) array = json_array_new ();
  GHashTableIter iter;
  const char *name;
  const char *value;

  json_object_set_string_member (evidence, "operation",
                                 eros_operation_get_id (eros_work_get_operation (work)));
  g_hash_table_iter_init (&iter, eros_work_get_results (work));
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    json_object_set_string_member (evidence, name, value);
  json_array_add_object_element (array, evidence);
  return json_node_init_array (json_node_alloc (), array);
}

/* What a measurement has filled in is blanked when the next one could not be made; what a person has entered
 * stays. */
static gboolean
fill (ErosWork *work, const char *field, const char *value, JsonNode *evidence, GError **error)
{
  ErosDeployment *deployment = eros_work_get_deployment (work);
  const char *now = eros_deployment_get_value (deployment, field);
  gboolean by_machine = FALSE;

  if (*value != '\0')
    return eros_deployment_record_value (deployment, field, value, evidence, error);
  eros_deployment_get_value_actor (deployment, field, &by_machine, NULL);
  return !by_machine || now == NULL || *now == '\0' ||
         eros_deployment_record_value (deployment, field, value, evidence, error);
}

/* Its own evidence says more than that the operation has ended. */
static gboolean
is_proved_by_a_step (ErosWork *work, const char *element_id)
{
  ErosWorkStep *step;

  for (guint i = 0; (step = eros_work_get_step (work, i)) != NULL; i++)
    if (step->proves != NULL && g_strv_contains ((const char *const *) step->proves, element_id))
      return TRUE;
  return FALSE;
}

/* What is seen in several rounds is not yet seen in one. */
static gboolean
record_box (ErosWork *work, const char *id, const char *found, JsonNode *evidence, GError **error)
{
  ErosDeployment *deployment = eros_work_get_deployment (work);
  g_autofree char *progress = NULL;
  ErosElement *element = eros_runbook_find_element (eros_deployment_get_runbook (deployment), id);
  ErosOutcome outcome = eros_watch_judge (deployment, element, eros_timeline_get_now (deployment), &progress);
  g_autofree char *summary = NULL;

  if (outcome == EROS_OUTCOME_NONE)
    return TRUE;
  summary = g_strjoin (progress != NULL ? "; " : NULL, found, progress, NULL);
  return eros_deployment_record_check (deployment, id, outcome, summary, evidence, error);
}

/* What the rounds have measured of the criteria, when the time has come to say it. */
static gboolean
record_criteria (ErosWork *work, JsonNode *evidence, GError **error)
{
  ErosOperationKind kind = eros_operation_kind_of (eros_operation_get_kind (eros_work_get_operation (work)));
  g_autoptr (GPtrArray) states =
    kind == EROS_OPERATION_KIND_MONITORING && *eros_work_get_argument (work, "deployed") != '\0'
      ? eros_criteria_list (eros_work_get_deployment (work))
      : NULL;

  for (guint i = 0; states != NULL && i < states->len; i++)
    {
      const ErosCriterionState *state = g_ptr_array_index (states, i);

      if (state->criterion->check != NULL && state->is_measured && state->verdict == EROS_CRITERION_MET &&
          !record_box (work, state->criterion->check, state->text, evidence, error))
        return FALSE;
    }
  return TRUE;
}

/* Fills in the fields and ticks the boxes that the runbook binds to the operation. */
static gboolean
conclude (ErosWork *work, GError **error)
{
  ErosDeployment *deployment = eros_work_get_deployment (work);
  ErosOperation *operation = eros_work_get_operation (work);
  ErosElement *element = eros_runbook_find_operation (eros_deployment_get_runbook (deployment),
                                                      eros_operation_get_kind (operation));
  const char *const *fills = element != NULL ? eros_element_get_fills (element) : NULL;
  const char *const *proves = element != NULL ? eros_element_get_proves (element) : NULL;
  const char *message = eros_operation_get_message (operation);
  g_autoptr (JsonNode) evidence = NULL;

  set_times (work);
  evidence = evidence_of (work);
  for (guint i = 0; fills != NULL && fills[i] != NULL; i += 2)
    {
      const char *value = g_hash_table_lookup (eros_work_get_results (work), fills[i + 1]);

      if (value != NULL && !fill (work, fills[i], value, evidence, error))
        return FALSE;
    }
  for (guint i = 0; proves != NULL && proves[i] != NULL; i++)
    if (!is_proved_by_a_step (work, proves[i]) &&
        !record_box (work, proves[i], message != NULL ? message : eros_operation_get_title (operation),
                     evidence, error))
      return FALSE;
  return record_criteria (work, evidence, error);
}

/* A set of steps has its name from the runbook's page. (transfer full) */
static char *
title_of (ErosRunbook *runbook, const char *name)
{
  const char *title = eros_operation_kind_get_title (eros_operation_kind_of (name));
  ErosElement *element = eros_runbook_find_operation (runbook, name);

  if (*title != '\0')
    return g_strdup (title);
  /* Translators: a set of steps, such as “phase1” */
  return element != NULL ? g_strdup (eros_element_get_text (element))
                         : g_strdup_printf (_ ("Deploy %s"), eros_operation_kind_get_set (name));
}

/* Which boxes the steps prove is the runbook's to say. */
static gboolean
prove_boxes (ErosWork *work, GError **error)
{
  ErosStepFiles *files =
    eros_runbook_get_steps (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  const char *set = eros_operation_get_kind (eros_work_get_operation (work));
  g_autoptr (GHashTable) boxes = eros_sql_set_load_boxes (files, set, error);
  ErosWorkStep *step;

  for (guint i = 0; boxes != NULL && (step = eros_work_get_step (work, i)) != NULL; i++)
    {
      char **ids = eros_sql_set_find_boxes (boxes, step->id);

      for (guint k = 0; ids != NULL && ids[k] != NULL; k++)
        eros_work_step_prove (step, ids[k]);
    }
  return boxes != NULL;
}

ErosWork *
eros_plan_make (ErosDeployment *deployment,
                ErosBigQuery *big_query,
                const char *id,
                const char *name,
                JsonObject *arguments,
                GError **error)
{
  g_autoptr (ErosWork) work = NULL;
  g_autofree char *title = NULL;

  if (!eros_plan_is_known (name))
    {
      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
                   _ ("This version does not do “%s” by itself yet: do it by hand, and tick what is done."),
                   name);
      return NULL;
    }
  title = title_of (eros_deployment_get_runbook (deployment), name);
  work = eros_work_new (deployment, big_query, id, name, title, arguments);
  eros_work_set_conclusion (work, conclude);
  return plans[eros_operation_kind_of (name)](work, error) && prove_boxes (work, error)
           ? g_steal_pointer (&work)
           : NULL;
}
