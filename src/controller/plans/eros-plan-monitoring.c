/* eros-plan-monitoring.c: one look at how the deployment does, by the runbook's queries
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-measure.h"
#include "eros-plan-parts.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define UNTIL   "@until" /* a query that has it can be asked of what is over */
#define FOREVER "9999-12-31T00:00:00Z"

/* What C adds to an answer: the interval, over the whole watch, of each metric that it measures. There being
 * an answer, what is wrong with it keeps nobody from looking at the rest. */
static gboolean
add_intervals (ErosWork *work, ErosWorkStep *step, GHashTable *answer, GError **error)
{
  step->keeps_going = TRUE;
  eros_measure_add_intervals (answer, eros_measure_get_error (eros_work_get_deployment (work)));
  return TRUE;
}

/* The row of another step's query once more. */
static void
judge_again (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autoptr (GHashTable) answer = eros_work_get_answer (work, step->data);

  step->keeps_going = TRUE;
  eros_work_step_judged (work, step, answer);
}

/* Whether it reads what was missed of the job history, in place of what is there now. */
static gboolean
is_filling_in (ErosWork *work)
{
  return *eros_work_get_argument (work, "until") != '\0';
}

/* Before a deployment there is nothing that its boxes could be about, and what was read afterwards was not
 * looked at in its time. */
static void
prove (ErosWork *work, ErosWorkStep *step, char **boxes)
{
  for (guint i = 0;
       *eros_work_get_argument (work, "deployed") != '\0' && !is_filling_in (work) && boxes[i] != NULL; i++)
    eros_work_step_prove (step, boxes[i]);
}

static void
add_parameters (ErosWork *work, ErosWorkStep *step, const char *sql)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_work_get_deployment (work));

  if (strstr (sql, "@since") != NULL)
    eros_work_step_add_parameter (step, "since", "TIMESTAMP", eros_work_get_argument (work, "since"));
  if (strstr (sql, UNTIL) != NULL)
    eros_work_step_add_parameter (step, "until", "TIMESTAMP",
                                  is_filling_in (work) ? eros_work_get_argument (work, "until") : FOREVER);
  if (strstr (sql, "@price_per_tib") != NULL)
    eros_plan_add_price (work, step);
  if (strstr (sql, "@worths") != NULL)
    eros_work_step_add_parameter (step, "worths", "STRING", eros_runbook_get_worths (runbook));
}

static void
set_query (ErosWork *work, ErosWorkStep *step, const ErosSqlStep *look, const ErosSqlVerify *verify)
{
  add_parameters (work, step, verify->sql);
  step->sql = g_strdup (verify->sql);
  step->sql_source = g_strdup_printf ("sql/%s/verify.sql", look->id);
  step->timeout_ms = look->timeout_ms;
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->answered = add_intervals;
}

static void
add_look (ErosWork *work, const ErosSqlStep *look, const ErosSqlVerify *verify, gboolean is_only)
{
  g_autofree char *title = verify->title != NULL ? g_strdup (verify->title)
                           : is_only             ? g_strdup (look->title)
                                                 : g_strdup_printf ("%s: %s", look->title, verify->name);
  ErosWorkStep *step = eros_work_add (work, verify->of != NULL, verify->name, title);

  if (verify->of == NULL)
    set_query (work, step, look, verify);
  else
    {
      step->call = judge_again;
      step->data = verify->of;
    }
  step->summary = g_strdup (verify->summary);
  step->enough = verify->enough;
  step->n_enough = verify->n_enough;
  step->expectations = verify->expectations;
  step->n_expectations = verify->n_expectations;
  prove (work, step, verify->of != NULL ? verify->proves : look->proves);
}

static guint
count_queries (const ErosSqlStep *look)
{
  guint n = 0;

  for (guint i = 0; i < look->verifies->len; i++)
    n += ((ErosSqlVerify *) g_ptr_array_index (look->verifies, i))->of == NULL;
  return n;
}

/* (nullable): the SQL whose row VERIFY judges */
static const char *
find_sql (const ErosSqlStep *look, const ErosSqlVerify *verify)
{
  for (guint i = 0; verify->of != NULL && i < look->verifies->len; i++)
    {
      const ErosSqlVerify *other = look->verifies->pdata[i];

      if (g_str_equal (other->name, verify->of))
        return other->sql;
    }
  return verify->sql;
}

static void
add_looks (ErosWork *work, GPtrArray *looks)
{
  for (guint i = 0; i < looks->len; i++)
    {
      const ErosSqlStep *look = g_ptr_array_index (looks, i);

      for (guint k = 0; k < look->verifies->len; k++)
        {
          const ErosSqlVerify *verify = g_ptr_array_index (look->verifies, k);
          const char *sql = find_sql (look, verify);

          if (!is_filling_in (work) || (sql != NULL && strstr (sql, UNTIL) != NULL))
            add_look (work, look, verify, count_queries (look) == 1);
        }
    }
}

/* "15:00": when a slot is due, as a title has it */
static char *
name_moment (const ErosSlot *slot)
{
  return eros_time_format (slot->due, EROS_TIME_MINUTES " UTC");
}

/* It comes after all others. When one has found something wrong that is said there, and nothing is proved. */
static void
pass_round (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  if (!eros_work_has_failed (work))
    {
      eros_work_step_done (work, step, step->data);
      return;
    }
  g_clear_pointer (&step->proves, g_strfreev);
  eros_work_step_failed (work, step,
                         g_error_new_literal (EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                                              _ ("something was found wrong")));
}

/* What is seen by whoever looks in these minutes, and by the round as a whole. */
static void
add_round (ErosWork *work)
{
  ErosDeployment *deployment = eros_work_get_deployment (work);
  gint64 now = eros_timeline_get_now (deployment);
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, now);
  ErosWorkStep *step = NULL;
  g_autoptr (GString) moments = g_string_new (NULL);

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (slots, i);
      g_autofree char *moment = name_moment (slot);

      if (slot->state != EROS_SLOT_DUE && slot->state != EROS_SLOT_LATE)
        continue;
      g_string_append_printf (moments, "%s%s", moments->len > 0 ? ", " : "", moment);
      if (step == NULL)
        step = eros_work_add (work, 2, "round", _ ("The round as a whole"));
      if (slot->entry->check != NULL)
        eros_work_step_prove (step, slot->entry->check);
    }
  if (step == NULL)
    return;
  step->call = pass_round;
  step->keeps_going = TRUE;
  step->is_echo = TRUE;
  step->data = g_strdup_printf (_ ("nothing was found wrong in the round that was due at %s"), moments->str);
  step->data_free = g_free;
}

/**
 * eros_plan_monitoring:
 * @work: an operation without steps; its argument "since" is when the deployment ended, "deployed" is empty
 * when none has, "until" is given when a round that was missed is read of the job history
 * @error: return location for an error of the resources
 *
 * One round of the runbook's monitoring queries, each with the team's thresholds. What is read afterwards of
 * a time that is over proves no box: it shows what happened meanwhile.
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_monitoring (ErosWork *work, GError **error)
{
  ErosStepFiles *files =
    eros_runbook_get_steps (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  GPtrArray *looks =
    eros_sql_looks_load (files, eros_operation_get_kind (eros_work_get_operation (work)), error);

  if (looks == NULL)
    return FALSE;
  /* The expectations are borrowed from them. */
  eros_work_keep (work, looks, (GDestroyNotify) g_ptr_array_unref);
  if (looks->len == 0)
    {
      g_autofree char *shown = eros_step_files_describe (files, "monitoring");

      g_set_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
                   _ ("There is nothing to look at: the runbook has no query in %s."), shown);
      return FALSE;
    }
  add_looks (work, looks);
  if (!is_filling_in (work))
    add_round (work);
  else if (eros_work_get_step (work, 0) == NULL)
    {
      g_set_error (
        error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED,
        _ ("What was missed cannot be filled in: none of the runbook’s monitoring queries has “%s”."), UNTIL);
      return FALSE;
    }
  return TRUE;
}
