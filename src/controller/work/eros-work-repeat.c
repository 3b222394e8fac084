/* eros-work-repeat.c: a step whose statement has lost to somebody else's, done again
 *
 * BigQuery serializes what changes a table; of two at the same moment one is aborted, and of that nothing was
 * done. https://cloud.google.com/bigquery/docs/transactions#transaction_concurrency
 * A table's layout may be changed five times in ten seconds; what comes sooner is refused, and passes a
 * little later. https://cloud.google.com/bigquery/quotas#standard_tables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-script.h"
#include "eros-work-private.h"

#define MOST_REPEATS     5
#define FIRST_WAIT_SHARE 30 /* of the connection's patience, as between the attempts of a request */

/* One statement is done whole or not at all. Of a script what came before the loser stays done: it is run
 * again only where that does no harm. */
static gboolean
may_be_repeated (WorkStep *step)
{
  gboolean is_script =
    step->job != NULL && (eros_job_get_n_children (step->job) > 0 ||
                          (step->filled_sql != NULL && eros_script_is_one (step->filled_sql)));

  return step->job != NULL && (!is_script || step->step.is_repeatable);
}

static gboolean
wait_over_cb (gpointer user_data)
{
  WorkStep *step = user_data;
  GError *error = NULL;

  g_clear_pointer (&step->repeat_source, g_source_unref);
  g_clear_pointer (&step->statements, json_array_unref);
  if (g_cancellable_set_error_if_cancelled (eros_operation_get_cancellable (step->work->operation), &error))
    eros_work_step_ended (step, error);
  else
    eros_work_step_run (step);
  return G_SOURCE_REMOVE;
}

static guint
choose_wait (WorkStep *step)
{
  ErosConnection *connection = eros_big_query_get_connection (step->work->big_query);
  gint64 first = MAX (1, eros_connection_get_patience_ms (connection) / FIRST_WAIT_SHARE);

  return (guint) g_random_int_range (1, (gint32) MIN (first << step->n_repeats, 60000) + 1);
}

static void
wait_and_repeat (WorkStep *step, guint wait_ms)
{
  g_autoptr (GSource) stop =
    g_cancellable_source_new (eros_operation_get_cancellable (step->work->operation));

  step->repeat_source = g_timeout_source_new (wait_ms);
  g_source_set_dummy_callback (stop);
  g_source_add_child_source (step->repeat_source, stop);
  g_source_set_callback (step->repeat_source, wait_over_cb, step, NULL);
  g_source_attach (step->repeat_source, g_main_context_get_thread_default ());
}

/**
 * eros_work_step_repeat:
 * @step: a step whose job has failed, which is on record
 * @failure: why
 *
 * Does it again after a while, as another job, if it has only lost to somebody else's change, or came sooner
 * than a table may be changed again, and may be done again; that is on record before it waits.
 *
 * Returns: whether it will be; otherwise it has to be ended
 */
gboolean
eros_work_step_repeat (WorkStep *step, const GError *failure)
{
  guint wait_ms;

  if (!eros_big_query_error_was_too_soon (failure) || !may_be_repeated (step) ||
      step->n_repeats >= MOST_REPEATS || !eros_work_record_step_repeated (step, failure, NULL))
    return FALSE;
  wait_ms = choose_wait (step);
  step->n_repeats++;
  eros_job_run_retry_cb (step->n_repeats + 1, failure, wait_ms, step->row);
  wait_and_repeat (step, wait_ms);
  return TRUE;
}
