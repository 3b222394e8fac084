/* eros-plan-comparison.c: is it better than before?
 *
 * The way captions were selected before and the way they are selected now both still run, so they are
 * measured in turns, with the cache off, by the server's own clock. What cannot be run in both versions is
 * taken from the job history.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "eros-plan-parts.h"
#include "eros-statistics.h"

#define RUNS 7

static const char *
name_of (ErosVerdict verdict)
{
  switch (verdict)
    {
    case EROS_VERDICT_BETTER:
      return _ ("better");
    case EROS_VERDICT_WORSE:
      return _ ("worse");
    case EROS_VERDICT_NOISE:
      return _ ("within the noise");
    case EROS_VERDICT_UNKNOWN:
    default:
      return _ ("not enough data yet");
    }
}

static gboolean
note_time (ErosWork *work, ErosWorkStep *step, ErosJob *job, GError **error)
{
  g_autofree char *ms =
    g_strdup_printf ("%" G_GINT64_FORMAT, (eros_job_get_ended (job) - eros_job_get_started (job)) / 1000);

  eros_work_set_value (work, step, "ms", ms);
  return TRUE;
}

static void
add_run (ErosWork *work,
         guint group,
         const char *version,
         const char *title,
         const char *sql,
         const char *source)
{
  g_autofree char *id = g_strdup_printf ("bench/%s/%u", version, group / 2);
  ErosWorkStep *step = eros_work_add (work, group, id, title);

  step->sql = g_strdup (sql);
  step->sql_source = g_strdup (source);
  step->no_cache = TRUE;
  step->job_done = note_time;
}

static guint
collect_times (ErosWork *work, const char *version, double *times)
{
  guint n = 0;

  for (guint i = 0; i < RUNS; i++)
    {
      g_autofree char *key = g_strdup_printf ("bench/%s/%u.ms", version, i);
      const char *ms = eros_work_get_value (work, key);

      if (ms != NULL)
        times[n++] = g_ascii_strtod (ms, NULL);
    }
  return n;
}

static char *
format_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.3g", value));
}

static char *
judge_selection (ErosWork *work, ErosWorkStep *step)
{
  double before[RUNS];
  double after[RUNS];
  guint n_before = collect_times (work, "before", before);
  guint n_after = collect_times (work, "after", after);
  g_autofree char *median = NULL;
  double p;
  ErosVerdict verdict;

  if (n_before == 0 || n_after == 0)
    return g_strdup (_ ("caption selection: not measured"));
  verdict = eros_statistics_compare (before, n_before, after, n_after, TRUE, &p);
  /* Kept apart from its sentence, for the table that shows it. */
  if (verdict == EROS_VERDICT_NOISE)
    eros_work_set_value (work, step, "caption-selection-time", "noise");
  median = format_number (eros_statistics_median (after, n_after));
  eros_work_set_result (work, "after.caption-selection-time", median);
  return g_strdup_printf (
    /* Translators: medians and half the interquartile ranges, in milliseconds */
    _ ("caption selection: %1$s (%2$.1f ± %3$.1f ms before, %4$.1f ± %5$.1f ms after, permutation test of "
       "%6$u and %7$u "
       "runs, p = %8$.3f)"),
    name_of (verdict), eros_statistics_median (before, n_before), eros_statistics_spread (before, n_before),
    eros_statistics_median (after, n_after), eros_statistics_spread (after, n_after), n_before, n_after, p);
}

static void
judge_all (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  g_autofree char *selection = judge_selection (work, step);
  const char *queries = eros_work_get_value (work, "history.queries");
  g_autofree char *summary = g_strdup_printf (_ ("%1$s; job history since the deployment: %2$s queries"),
                                              selection, queries != NULL ? queries : "0");

  eros_work_set_result (work, "after.query-time", eros_work_get_value (work, "history.average_seconds"));
  eros_work_set_result (work, "after.slot-usage", eros_work_get_value (work, "history.average_slots"));
  eros_work_set_result (work, "after.daily-cost", eros_work_get_value (work, "history.daily_cost"));
  eros_operation_set_message (eros_work_get_operation (work), summary);
  eros_work_step_done (work, step, summary);
}

static void
add_history (ErosWork *work, guint group)
{
  ErosWorkStep *step =
    eros_work_add (work, group, "history", _ ("Read the job history since the deployment"));

  step->sql = g_strdup (
    "SELECT\n"
    "  COUNT(*) AS queries,\n"
    "  ROUND(AVG(TIMESTAMP_DIFF(end_time, start_time, MILLISECOND)) / 1000, 3) AS average_seconds,\n"
    "  ROUND(SAFE_DIVIDE(SUM(total_slot_ms), SUM(TIMESTAMP_DIFF(end_time, start_time, MILLISECOND))), 3) AS "
    "average_slots,\n"
    "  -- a day at the rate of the time since the deployment\n"
    "  ROUND(CAST(SUM(total_bytes_billed) AS NUMERIC) / 1099511627776 * @price_per_tib\n"
    "    * 86400 / GREATEST(TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND), 1), 4) AS daily_cost\n"
    "FROM `${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS\n"
    "WHERE creation_time >= @since\n"
    "  AND job_type = 'QUERY'\n"
    "  AND statement_type <> 'SCRIPT'\n"
    "  AND state = 'DONE'\n"
    "  AND error_result IS NULL\n"
    "  AND cache_hit IS NOT TRUE\n"
    "  AND EXISTS (SELECT 1 FROM UNNEST(referenced_tables) AS referenced WHERE referenced.dataset_id = "
    "'${dataset}')");
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->summary = g_strdup (_ ("${queries} queries, ${average_seconds} s on average"));
  eros_work_step_add_parameter (step, "since", "TIMESTAMP", eros_work_get_argument (work, "since"));
  eros_plan_add_price (work, step);
}

/**
 * eros_plan_comparison:
 * @work: an operation without steps; its argument "since" is when the deployment ended
 * @error: return location for an error of the resources
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_comparison (ErosWork *work, GError **error)
{
  g_autofree char *before = eros_plan_load_sql ("baseline/caption-selection-time.sql", error);
  const char *after = "BEGIN\n"
                      "  DECLARE v_selected INT64 DEFAULT NULL;\n"
                      "  CALL `${project}.${dataset}.select_caption_thompson_sampling`('eros_deploy_check', "
                      "'micro', v_selected);\n"
                      "END;";
  ErosWorkStep *step;
  guint group = 0;

  if (before == NULL)
    return FALSE;
  for (guint run = 0; run < RUNS; run++)
    {
      g_autofree char *before_title = g_strdup_printf (_ ("Select a caption the old way, run %u"), run + 1);
      g_autofree char *after_title = g_strdup_printf (_ ("Select a caption the new way, run %u"), run + 1);

      add_run (work, group++, "before", before_title, before, "sql/baseline/caption-selection-time.sql");
      add_run (work, group++, "after", after_title, after, "select_caption_thompson_sampling");
    }
  add_history (work, group++);
  step = eros_work_add (work, group, "verdict", _ ("Compare"));
  step->call = judge_all;
  step->always = TRUE;
  return TRUE;
}
