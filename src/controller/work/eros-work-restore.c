/* eros-work-restore.c: brings back what the journal says about an operation's steps, after a crash
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-history.h"
#include "eros-work-private.h"

static WorkStep *
find_step (ErosWork *work, const char *id)
{
  for (guint i = 0; id != NULL && i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (g_str_equal (step->step.id, id))
        return step;
    }
  return NULL;
}

static WorkStep *
find_step_of_job (ErosWork *work, const char *job_id)
{
  for (guint i = 0; job_id != NULL && i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      if (g_strcmp0 (step->job_id, job_id) == 0)
        return step;
    }
  return NULL;
}

static void
restore_values (ErosWork *work, WorkStep *step, JsonObject *body)
{
  JsonNode *node = json_object_get_member (body, "values");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    eros_work_set_value (work, &step->step, name, json_node_get_string (value));
}

/* One that has failed is over; one that has not can still be asked for its answer. */
static void
restore_job_ended (ErosWork *work, ErosEvent *event)
{
  WorkStep *step = find_step_of_job (work, eros_event_get_string (event, EROS_MEMBER_JOB_ID));

  if (step != NULL && !eros_event_has_passed (event))
    step->job_is_open = FALSE;
  else if (step != NULL)
    step->job_has_ended = TRUE;
}

/* The boxes that it proves may still have to be recorded, and must say the same. */
static void
restore_verdict (WorkStep *step, ErosEvent *event)
{
  const char *verdict = step->passed ? eros_event_get_string (event, EROS_MEMBER_VERDICT) : NULL;

  step->undecided = g_strcmp0 (verdict, eros_outcome_to_text (EROS_OUTCOME_NOT_ENOUGH)) == 0;
  step->warned = g_strcmp0 (verdict, eros_outcome_to_text (EROS_OUTCOME_WARNING)) == 0;
}

static void
restore_event (ErosWork *work, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);
  const char *job_id = eros_event_get_string (event, EROS_MEMBER_JOB_ID);
  WorkStep *step;

  if (g_str_equal (kind, EROS_EVENT_JOB_ENDED))
    {
      restore_job_ended (work, event);
      return;
    }
  if (!eros_event_says (event, EROS_MEMBER_ID, eros_operation_get_id (work->operation)))
    return;
  step = find_step (work, eros_event_get_string (event, EROS_MEMBER_STEP));
  if (step == NULL)
    return;
  if (g_str_equal (kind, EROS_EVENT_JOB_PLANNED))
    {
      g_free (step->job_id);
      step->job_id = g_strdup (job_id);
      step->job_is_open = TRUE;
      step->job_has_ended = FALSE;
    }
  else if (g_str_equal (kind, EROS_EVENT_STEP_NOTED))
    restore_values (work, step, eros_event_get_body (event));
  else if (g_str_equal (kind, EROS_EVENT_STEP_ENDED))
    {
      const char *outcome = eros_event_get_string (event, EROS_MEMBER_OUTCOME);

      /* The steps after it have gone on without what may fail. */
      step->passed = g_strcmp0 (outcome, "pass") == 0 ||
                     (step->step.may_fail && !step->step.is_owed && g_strcmp0 (outcome, "fail") == 0 &&
                      !json_object_get_boolean_member_with_default (eros_event_get_body (event),
                                                                    EROS_MEMBER_AGAIN, FALSE));
      /* Nobody knows what became of the job, or what it answered. */
      step->job_is_open =
        !step->passed && step->job_is_open &&
        (!step->job_has_ended || eros_event_get_string (event, EROS_MEMBER_UNREAD_JOB) != NULL);
      restore_values (work, step, eros_event_get_body (event));
      restore_verdict (step, event);
      g_free (step->found);
      step->found = g_strdup (eros_event_get_string (event, EROS_MEMBER_SUMMARY));
      if (g_strcmp0 (outcome, "pass") == 0 && step->step.restored != NULL)
        step->step.restored (work, &step->step);
    }
}

/* More may have come, when a step has found them. */
static void
know_steps (ErosWork *work, ErosHistory *history, guint *n_known)
{
  for (guint i = 0; *n_known < work->steps->len && i < work->steps->len; i++)
    {
      WorkStep *step = g_ptr_array_index (work->steps, i);

      eros_history_know_step (history, step->step.id, step->row);
    }
  *n_known = work->steps->len;
}

void
eros_work_restore (ErosWork *work)
{
  ErosJournal *journal = eros_deployment_get_journal (eros_work_get_deployment (work));
  g_autoptr (ErosHistory) history = eros_history_new (work->operation);
  guint n_known = 0;

  know_steps (work, history, &n_known);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (journal)); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (G_LIST_MODEL (journal), i);

      restore_event (work, event);
      know_steps (work, history, &n_known);
      eros_history_fold (history, event);
    }
  eros_history_end (history, eros_journal_is_writable (journal));
}

void
eros_work_restore_jobs (ErosWork *work)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (eros_work_get_deployment (work)));

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      if (eros_event_is (event, EROS_EVENT_JOB_ENDED))
        restore_job_ended (work, event);
    }
}
