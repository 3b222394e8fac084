/* eros-plan-comparison.c: is it better than before?
 *
 * What can be run in the old way and in the new one is measured in turns, with the cache off, by the server's
 * own clock; the runbook says what that is. What cannot be run in both ways is taken from the job history.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "eros-plan-parts.h"
#include "eros-sql-set.h"
#include "eros-statistics.h"

/* (transfer full) */
static char *
name_of (ErosVerdict verdict)
{
  switch (verdict)
    {
    case EROS_VERDICT_BETTER:
      return g_strdup (_ ("better"));
    case EROS_VERDICT_WORSE:
      return g_strdup (_ ("worse"));
    case EROS_VERDICT_EQUIVALENT:
      /* Translators: a number of percent */
      return g_strdup_printf (_ ("the same within %d %%"), EROS_STATISTICS_MARGIN_PERCENT);
    case EROS_VERDICT_UNKNOWN:
    default:
      return g_strdup (_ ("not enough data to say"));
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
add_run (ErosWork *work, guint group, const ErosSqlBenchmark *benchmark, const ErosSqlWay *way, guint run)
{
  g_autofree char *id = g_strdup_printf ("%s/%s/%u", benchmark->id, way->name, run);
  /* Translators: %1$s: what is measured, such as “Close the month the old way” */
  g_autofree char *title = g_strdup_printf (_ ("%1$s, run %2$u"), way->title, run + 1);
  ErosWorkStep *step = eros_work_add (work, group, id, title);

  step->sql = g_strdup (way->sql);
  step->sql_source = g_strdup (way->source);
  step->no_cache = TRUE;
  step->job_done = note_time;
}

/* BigQuery plans by what it has seen before: whatever is new would be measured at its worst. */
static void
add_warm_up (ErosWork *work, guint group, const ErosSqlBenchmark *benchmark, const ErosSqlWay *way)
{
  g_autofree char *id = g_strdup_printf ("%s/%s/warm-up", benchmark->id, way->name);
  /* Translators: what is measured afterwards, such as “Close the month the old way” */
  g_autofree char *title = g_strdup_printf (_ ("%s, to warm up"), way->title);
  ErosWorkStep *step = eros_work_add (work, group, id, title);

  step->sql = g_strdup (way->sql);
  step->sql_source = g_strdup (way->source);
  step->no_cache = TRUE;
}

/* Old, new, new, old: what drifts meanwhile falls on both. Returns: the group after it. */
static guint
add_benchmark (ErosWork *work, guint group, const ErosSqlBenchmark *benchmark)
{
  add_warm_up (work, group++, benchmark, &benchmark->before);
  add_warm_up (work, group++, benchmark, &benchmark->after);
  for (guint run = 0; run < benchmark->runs; run++)
    {
      gboolean old_first = run % 2 == 0;

      add_run (work, group++, benchmark, old_first ? &benchmark->before : &benchmark->after, run);
      add_run (work, group++, benchmark, old_first ? &benchmark->after : &benchmark->before, run);
    }
  return group;
}

/* (transfer full) (element-type double): the milliseconds of the runs that are done */
static GArray *
collect_times (ErosWork *work, const ErosSqlBenchmark *benchmark, const ErosSqlWay *way)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < benchmark->runs; i++)
    {
      g_autofree char *key = g_strdup_printf ("%s/%s/%u.ms", benchmark->id, way->name, i);
      const char *ms = eros_work_get_value (work, key);
      double time = ms != NULL ? g_ascii_strtod (ms, NULL) : 0;

      if (ms != NULL)
        g_array_append_val (times, time);
    }
  return times;
}

static char *
format_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, "%.3g", value));
}

static char *
judge (ErosWork *work, ErosWorkStep *step, const ErosSqlBenchmark *benchmark)
{
  g_autoptr (GArray) old_times = collect_times (work, benchmark, &benchmark->before);
  g_autoptr (GArray) new_times = collect_times (work, benchmark, &benchmark->after);
  const double *before = (gpointer) old_times->data;
  const double *after = (gpointer) new_times->data;
  g_autofree char *median = NULL;
  g_autofree char *name = NULL;
  g_autofree char *result = g_strconcat ("after.", benchmark->metric, NULL);
  double p;
  ErosVerdict verdict;

  if (old_times->len == 0 || new_times->len == 0)
    return g_strdup_printf (_ ("%s: not measured"), benchmark->name);
  verdict = eros_statistics_compare (before, old_times->len, after, new_times->len, TRUE, &p);
  /* Kept apart from its sentence, for the table that shows it. */
  if (verdict == EROS_VERDICT_EQUIVALENT || verdict == EROS_VERDICT_UNKNOWN)
    eros_work_set_value (work, step, benchmark->metric, "noise");
  name = name_of (verdict);
  median = format_number (eros_statistics_median (after, new_times->len));
  eros_work_set_result (work, result, median);
  return g_strdup_printf (
    /* Translators: what was measured; medians and half the interquartile ranges, in milliseconds */
    _ ("%1$s: %2$s (%3$.1f ± %4$.1f ms before, %5$.1f ± %6$.1f ms after, permutation test of "
       "%7$u and %8$u runs, p = %9$.3f)"),
    benchmark->name, name, eros_statistics_median (before, old_times->len),
    eros_statistics_spread (before, old_times->len), eros_statistics_median (after, new_times->len),
    eros_statistics_spread (after, new_times->len), old_times->len, new_times->len, p);
}

static void
judge_all (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  GPtrArray *benchmarks = step->data;
  g_autoptr (GString) verdicts = g_string_new (NULL);
  const char *queries = eros_work_get_value (work, "history.queries");

  for (guint i = 0; i < benchmarks->len; i++)
    {
      g_autofree char *verdict = judge (work, step, g_ptr_array_index (benchmarks, i));

      g_string_append_printf (verdicts, "%s; ", verdict);
    }
  g_string_append_printf (verdicts, _ ("job history since the deployment: %s queries"),
                          queries != NULL ? queries : "0");
  eros_work_set_result (work, "after.query-time", eros_work_get_value (work, "history.average_seconds"));
  eros_work_set_result (work, "after.slot-usage", eros_work_get_value (work, "history.average_slots"));
  eros_work_set_result (work, "after.daily-cost", eros_work_get_value (work, "history.daily_cost"));
  eros_operation_set_message (eros_work_get_operation (work), verdicts->str);
  eros_work_step_done (work, step, verdicts->str);
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
    "  -- a day at the rate of the time since the deployment, which says so from half a day on\n"
    "  IF(TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND) >= 43200,\n"
    "    ROUND(CAST(SUM(total_bytes_billed) AS NUMERIC) / 1099511627776 * @price_per_tib\n"
    "      * 86400 / TIMESTAMP_DIFF(CURRENT_TIMESTAMP(), @since, SECOND), 4), NULL) AS daily_cost\n"
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
 * @error: return location for %EROS_CONTROLLER_ERROR
 *
 * Returns: whether the plan was made
 */
gboolean
eros_plan_comparison (ErosWork *work, GError **error)
{
  ErosStepFiles *files =
    eros_runbook_get_steps (eros_deployment_get_runbook (eros_work_get_deployment (work)));
  GPtrArray *benchmarks =
    eros_sql_set_load_benchmarks (files, eros_operation_get_kind (eros_work_get_operation (work)), error);
  ErosWorkStep *step;
  guint group = 0;

  if (benchmarks == NULL)
    return FALSE;
  for (guint i = 0; i < benchmarks->len; i++)
    group = add_benchmark (work, group, g_ptr_array_index (benchmarks, i));
  add_history (work, group++);
  step = eros_work_add (work, group, "verdict", _ ("Compare"));
  step->call = judge_all;
  step->always = TRUE;
  step->data = benchmarks;
  step->data_free = (GDestroyNotify) g_ptr_array_unref;
  return TRUE;
}
