/* eros-work-job.c: one step of an operation: a job, its answer, its verdict
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-expectation.h"
#include "eros-script.h"
#include "eros-work-private.h"

/* ---- the verdict --------------------------------------------------------------------------------------- */

static void
replace_found (WorkStep *step, char *found)
{
  g_free (step->found);
  step->found = found;
}

static gboolean
may_be_undecided (WorkStep *step)
{
  return step->step.n_enough > 0 || step->step.may_be_undecided;
}

/* What cannot be judged is no success where nothing says that it may stay open. */
static gboolean
settle (WorkStep *step, ErosOutcome outcome, GError **error)
{
  if (outcome == EROS_OUTCOME_PASS)
    return TRUE;
  step->warned = outcome == EROS_OUTCOME_FAIL && step->step.goes_on;
  step->undecided = outcome == EROS_OUTCOME_NOT_ENOUGH && may_be_undecided (step);
  if (!step->warned && !step->undecided)
    g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED, step->found);
  return step->warned || step->undecided;
}

gboolean
eros_work_step_judge (WorkStep *step, GHashTable *answer, GError **error)
{
  g_autofree char *why = NULL;
  GError *problem = NULL;
  ErosOutcome outcome =
    eros_expectations_judge ((ErosExpectations){ step->step.enough, step->step.n_enough },
                             (ErosExpectations){ step->step.expectations, step->step.n_expectations }, answer,
                             eros_work_get_deployment (step->work), &why, &problem);

  replace_found (step,
                 step->step.summary != NULL ? eros_expectation_summary (step->step.summary, answer) : NULL);
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (outcome == EROS_OUTCOME_NOT_ENOUGH && may_be_undecided (step))
    /* Translators: a sentence with numbers, and why they prove nothing: “0 queries; not enough to say:
     * queries is 0, …” */
    replace_found (step,
                   g_strdup_printf (_ ("%s%snot enough to say: %s"), step->found != NULL ? step->found : "",
                                    step->found != NULL ? "; " : "", why));
  else if (*why != '\0')
    replace_found (step, g_strdup_printf ("%s%s%s", step->found != NULL ? step->found : "",
                                          step->found != NULL ? "; " : "", why));
  return settle (step, outcome, error);
}

void
eros_work_step_keep (WorkStep *step, GHashTable *answer)
{
  GHashTableIter iter;
  const char *name;
  const char *value;

  g_hash_table_iter_init (&iter, answer);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    eros_work_set_value (step->work, &step->step, name, value);
}

/* answer: (nullable) */
static void
note_evidence (WorkStep *step, GHashTable *answer)
{
  const ErosJobPlace place = eros_work_place_of (step);
  JsonObject *evidence = eros_job_run_describe (&place, step->job, answer);

  if (answer != NULL)
    eros_expectations_note (evidence, (ErosExpectations){ step->step.enough, step->step.n_enough },
                            (ErosExpectations){ step->step.expectations, step->step.n_expectations }, answer,
                            eros_work_get_deployment (step->work));
  json_object_set_string_member (evidence, "step", step->step.id);
  json_array_add_object_element (step->evidence, evidence);
}

static void
row_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WorkStep *step = user_data;
  GError *error = NULL;
  g_autoptr (GHashTable) answer = eros_job_run_read_row_finish (result, &error);

  /* The statement has run: the next attempt asks for its answer again, while there is one. */
  step->job_is_open = error != NULL && error->domain != EROS_CONTROLLER_ERROR &&
                      !g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND);
  if (answer == NULL)
    {
      note_evidence (step, NULL);
      eros_work_step_ended (step, error);
      return;
    }
  if (step->step.answered != NULL && !step->step.answered (step->work, &step->step, answer, &error))
    {
      eros_work_step_ended (step, error);
      return;
    }
  note_evidence (step, answer);
  eros_work_step_keep (step, answer);
  eros_work_step_judge (step, answer, &error);
  eros_work_step_ended (step, error);
}

/* ---- the job ------------------------------------------------------------------------------------------- */

static void
job_succeeded (WorkStep *step)
{
  const ErosJobPlace place = eros_work_place_of (step);
  GError *error = NULL;

  if (step->step.job_done != NULL && !step->step.job_done (step->work, &step->step, step->job, &error))
    {
      eros_work_step_ended (step, error);
      return;
    }
  if (step->step.one_row)
    {
      eros_job_run_read_row_async (&place, step->job, row_read_cb, step);
      return;
    }
  note_evidence (step, NULL);
  if (step->found == NULL && step->step.summary != NULL)
    step->found = g_strdup (step->step.summary);
  eros_work_step_ended (step, NULL);
}

/* Its job is done, and on record; takes failure: (nullable): why it did not end well. */
static void
job_settled (WorkStep *step, GError *failure)
{
  guint line;
  guint column;
  g_autofree char *text = NULL;

  if (failure == NULL)
    {
      job_succeeded (step);
      return;
    }
  if (step->job != NULL)
    note_evidence (step, NULL);
  if (eros_work_step_repeat (step, failure))
    {
      g_error_free (failure);
      return;
    }
  if (eros_script_find_trouble (step->filled_sql, failure, step->statements, &line, &column, &text))
    eros_step_set_trouble (step->row, line, column, text);
  if (step->step.not_found != NULL &&
      g_error_matches (failure, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    eros_big_query_error_advise (failure, step->step.not_found);
  eros_work_step_ended (step, failure);
}

/* The script has ended, whatever can be said about its statements. */
static void
looked_into_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WorkStep *step = user_data;

  step->statements = eros_script_look_into_finish (result, NULL);
  if (step->statements != NULL)
    eros_script_show (step->row, step->statements);
  job_settled (step, g_steal_pointer (&step->failure));
}

/* A job of an earlier attempt that the service has ended, and nobody stopped: to go on is to send another. */
static gboolean
is_to_be_sent_anew (WorkStep *step, const GError *failure)
{
  return step->job_is_earlier && step->job != NULL && failure != NULL &&
         eros_big_query_error_may_pass (failure);
}

static void
job_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WorkStep *step = user_data;
  GError *failure = NULL;
  GError *error = NULL;

  g_clear_pointer (&step->watch, eros_script_watch_free);
  g_clear_object (&step->job);
  step->job = eros_job_run_finish (result, &failure, &error);
  /* Without an answer nobody knows what became of the job: the next attempt asks for it by its id. */
  if (step->job != NULL || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      step->job_is_open = FALSE;
      step->job_has_ended = failure == NULL;
    }
  if (error != NULL)
    {
      g_clear_error (&failure);
      failure = error;
    }
  if (error == NULL && is_to_be_sent_anew (step, failure))
    {
      g_error_free (failure);
      eros_work_step_run (step);
    }
  else if (step->job != NULL && eros_job_get_n_children (step->job) > 0)
    {
      step->failure = failure;
      eros_script_look_into_async (step->work->big_query, step->job,
                                   eros_operation_get_cancellable (step->work->operation), looked_into_cb,
                                   step);
    }
  else
    job_settled (step, failure);
}

/* How often to look how far a script is. */
static guint
peek_ms (ErosWork *work)
{
  gint64 patience = eros_connection_get_patience_ms (eros_big_query_get_connection (work->big_query));

  return (guint) CLAMP (patience / 10, 50, 3000);
}

/* FALSE when it cannot be put on record. */
static gboolean
plan_job (WorkStep *step, const ErosJobPlace *place, GError **error)
{
  g_autofree char *prefix = g_strdup_printf ("eros-%s", step->step.id);

  g_free (step->job_id);
  step->job_id = eros_job_run_plan (place, prefix, error);
  step->job_is_open = step->job_id != NULL;
  step->job_has_ended = FALSE;
  return step->job_is_open;
}

void
eros_work_step_run (WorkStep *step)
{
  ErosWork *work = step->work;
  const ErosJobPlace place = eros_work_place_of (step);
  ErosJobRequest *request;
  GError *error = NULL;

  if (step->step.call != NULL)
    {
      step->step.call (work, &step->step,
                       step->step.at_end ? NULL : eros_operation_get_cancellable (work->operation));
      return;
    }
  step->job_is_earlier = step->job_is_open;
  if (!step->job_is_open && !plan_job (step, &place, &error))
    {
      eros_work_step_ended (step, error);
      return;
    }
  request = eros_work_make_request (step, step->job_id);
  if (step->job_is_earlier)
    eros_job_request_set_sent_before (request);
  if (step->filled_sql != NULL && eros_script_is_one (step->filled_sql))
    step->watch = eros_script_watch_new (work->big_query, step->job_id, step->row, peek_ms (work));
  eros_job_run_async (&place, request, step->job_id, job_done_cb, step);
}
