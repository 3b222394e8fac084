/* eros-plan-comparison.c: is it better than before?
 *
 * What can be run in the old way and in the new one is measured in turns, with the cache off, by the server's
 * own clock; the runbook says what that is. What cannot be run in both ways is taken from the job history:
 * the same measurement (sql/baseline/workload.sql) of the hours since the deployment and of the same hours of
 * the week before it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "eros-comparison.h"
#include "eros-plan-parts.h"
#include "eros-record.h"
#include "eros-sql-set.h"
#include "eros-statistics.h"
#include "eros-time-text.h"

#define HOUR          G_TIME_SPAN_HOUR
#define HOURS_PER_DAY 24
#define MOST_HOURS    (7 * HOURS_PER_DAY)

/* What is measured by the hour. */
typedef struct
{
  const char *step; /* STEP/before and STEP/after answer */
  const char *metric;
  const char *column; /* of the answer */
  const char *name;
  const char *unit;
  gboolean lower_is_better;
  gboolean counts_failed; /* what failed is paid for */
} Hourly;

static const Hourly workload[] = {
  { "workload", "query-time", "query_time", N_ ("query time"), "s", TRUE, FALSE },
  { "workload", "slot-usage", "slot_usage", N_ ("slot usage"), "slots", TRUE, FALSE },
  { "workload", "daily-cost", "daily_cost", N_ ("daily cost"), "$", TRUE, TRUE },
};

static const ErosExpectation conclusive[] = { { (char *) "conclusive", (char *) ">", (char *) "0" } };

/* ---- runs in turns ------------------------------------------------------------------------------------- */

static gboolean
note_run (ErosWork *work, ErosWorkStep *step, ErosJob *job, GError **error)
{
  g_autofree char *ms =
    g_strdup_printf ("%" G_GINT64_FORMAT, (eros_job_get_ended (job) - eros_job_get_started (job)) / 1000);
  g_autofree char *started = eros_time_iso_exact (eros_job_get_started (job));
  g_autofree char *ended = eros_time_iso_exact (eros_job_get_ended (job));

  eros_work_set_value (work, step, "ms", ms);
  eros_work_set_value (work, step, "started", started);
  eros_work_set_value (work, step, "ended", ended);
  eros_work_set_value (work, step, "job", eros_job_get_id (job));
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
  step->job_done = note_run;
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
  if (benchmark->runs == 0)
    return group;
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

/* What a run of it has noted. (nullable) */
static const char *
value_of_run (ErosWork *work,
              const ErosSqlBenchmark *benchmark,
              const ErosSqlWay *way,
              guint run,
              const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s/%s/%u.%s", benchmark->id, way->name, run, name);

  return eros_work_get_value (work, key);
}

/* ---- what BigQuery has planned by what it had seen ------------------------------------------------------ */

typedef struct
{
  const ErosSqlBenchmark *benchmark; /* (nullable): of the job history alone */
} Optimizations;

/* (transfer full): separated by blanks */
static char *
list_jobs (ErosWork *work, const ErosSqlBenchmark *benchmark, gboolean before)
{
  GString *ids = g_string_new (NULL);

  for (guint i = 0; benchmark != NULL && i < benchmark->runs; i++)
    {
      const char *id =
        value_of_run (work, benchmark, before ? &benchmark->before : &benchmark->after, i, "job");

      if (id != NULL)
        g_string_append_printf (ids, "%s%s", ids->len > 0 ? " " : "", id);
    }
  return g_string_free (ids, FALSE);
}

static gboolean
name_runs (ErosWork *work, ErosWorkStep *step, GError **error)
{
  Optimizations *optimizations = step->data;
  g_autofree char *before = list_jobs (work, optimizations->benchmark, TRUE);
  g_autofree char *after = list_jobs (work, optimizations->benchmark, FALSE);

  eros_work_step_add_parameter (step, "runs_before", "STRING", before);
  eros_work_step_add_parameter (step, "runs_after", "STRING", after);
  return TRUE;
}

/* The hours that are compared. */
typedef struct
{
  gint64 since; /* when the deployment ended */
  gint64 until; /* when it began */
  gint64 hours; /* whole ones that have passed since */
} Span;

static void
add_time (ErosWorkStep *step, const char *name, gint64 time)
{
  g_autofree char *text = eros_time_iso_exact (time);

  eros_work_step_add_parameter (step, name, "TIMESTAMP", text);
}

/* A region may not tell: the numbers are as good without. */
static gboolean
add_optimizations (ErosWork *work,
                   guint group,
                   const Span *span,
                   const ErosSqlBenchmark *benchmark,
                   GError **error)
{
  g_autofree char *sql = eros_plan_load_sql ("baseline/optimizations.sql", error);
  g_autofree char *id = g_strdup_printf ("%s/optimizations", benchmark != NULL ? benchmark->id : "workload");
  Optimizations *optimizations;
  ErosWorkStep *step;

  if (sql == NULL)
    return FALSE;
  optimizations = g_new0 (Optimizations, 1);
  optimizations->benchmark = benchmark;
  step = eros_work_add (work, group, id,
                        benchmark != NULL ? _ ("Ask what was planned by earlier runs")
                                          : _ ("Ask which queries were planned by earlier ones"));
  step->sql = g_steal_pointer (&sql);
  step->sql_source = g_strdup ("sql/baseline/optimizations.sql");
  step->one_row = TRUE;
  step->no_cache = TRUE;
  step->is_optional = TRUE;
  step->prepare = name_runs;
  step->data = optimizations;
  step->data_free = g_free;
  add_time (step, "begun", span->since - MOST_HOURS * HOUR);
  add_time (step, "until", span->until);
  add_time (step, "since", span->since);
  return TRUE;
}

static guint
count_optimized (ErosWork *work, const char *id, const char *column)
{
  g_autofree char *key = g_strdup_printf ("%s/optimizations.%s", id, column);
  const char *text = eros_work_get_value (work, key);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

/* ---- by the hour --------------------------------------------------------------------------------------- */

/* The hours since, or the same hours of the week before. */
static void
add_span (ErosWork *work, ErosWorkStep *step, const Span *span, gboolean before)
{
  gint64 n = MIN (span->hours, MOST_HOURS);
  gint64 begun = before ? span->since - MOST_HOURS * HOUR : span->since + (span->hours - n) * HOUR;
  g_autofree char *hours =
    g_strdup_printf ("%d", (int) (before ? MIN (span->hours, HOURS_PER_DAY) : HOURS_PER_DAY));

  step->one_row = TRUE;
  step->no_cache = TRUE;
  eros_work_step_add_parameter (step, "hours", "INT64", hours);
  add_time (step, "begun", begun);
  add_time (step, "ended", before ? span->until : begun + n * HOUR);
}

static gboolean
add_workload (ErosWork *work, guint group, const Span *span, gboolean before, GError **error)
{
  g_autofree char *sql = eros_plan_load_sql ("baseline/workload.sql", error);
  ErosWorkStep *step;

  if (sql == NULL)
    return FALSE;
  step = eros_work_add (work, group, before ? "workload/before" : "workload/after",
                        before ? _ ("Read the job history of the same hours before")
                               : _ ("Read the job history since the deployment"));
  step->sql = g_steal_pointer (&sql);
  step->sql_source = g_strdup ("sql/baseline/workload.sql");
  step->summary = g_strdup (_ ("${queries} queries in ${hours} hours, and ${failed} that failed"));
  add_span (work, step, span, before);
  eros_plan_add_price (work, step);
  return TRUE;
}

static void
add_hourly (ErosWork *work, guint group, const Span *span, const ErosSqlBenchmark *measured, gboolean before)
{
  g_autofree char *id = g_strdup_printf ("%s/%s", measured->id, before ? "before" : "after");
  /* Translators: what is measured, “distribution effectiveness” */
  g_autofree char *title = g_strdup_printf (before ? _ ("Measure %s in the same hours before")
                                                   : _ ("Measure %s since the deployment"),
                                            measured->name);
  ErosWorkStep *step = eros_work_add (work, group, id, title);

  step->sql = g_strdup (measured->hourly.sql);
  step->sql_source = g_strdup (measured->hourly.source);
  step->summary = g_strdup (_ ("${hours} hours"));
  add_span (work, step, span, before);
}

/* ---- the verdict --------------------------------------------------------------------------------------- */

/* (transfer full) (element-type double) */
static GArray *
split_numbers (const char *text)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      double number = g_ascii_strtod (parts[i], NULL);

      if (*parts[i] != '\0')
        g_array_append_val (numbers, number);
    }
  return numbers;
}

static void
judge (ErosComparison *comparison, GArray *before, GArray *after, gboolean lower_is_better)
{
  ErosVerdict verdict =
    eros_statistics_compare ((double *) (gpointer) before->data, before->len,
                             (double *) (gpointer) after->data, after->len, lower_is_better, &comparison->p);

  comparison->before.n = before->len;
  comparison->after.n = after->len;
  comparison->verdict =
    eros_statistics_confirm (verdict, comparison->before.value, comparison->after.value, lower_is_better);
}

/* (nullable): of the answer for one side */
static const char *
value_of_side (ErosWork *work, const Hourly *hourly, gboolean before, const char *column, const char *suffix)
{
  g_autofree char *key = g_strconcat (hourly->step, before ? "/before." : "/after.", column, suffix, NULL);

  return eros_work_get_value (work, key);
}

static double
number_of_side (ErosWork *work, const Hourly *hourly, gboolean before, const char *column, const char *suffix)
{
  const char *text = value_of_side (work, hourly, before, column, suffix);

  return text != NULL ? g_ascii_strtod (text, NULL) : NAN;
}

static ErosComparedSide
read_side (ErosWork *work, const Hourly *hourly, gboolean before)
{
  double failed = number_of_side (work, hourly, before, "failed", "");

  return (ErosComparedSide){
    .value = number_of_side (work, hourly, before, hourly->column, ""),
    .spread = number_of_side (work, hourly, before, hourly->column, "_spread"),
    .failed = hourly->counts_failed || isnan (failed) ? 0 : (guint) failed,
    .begun = eros_time_parse (value_of_side (work, hourly, before, "first_time", "")),
    .ended = eros_time_parse (value_of_side (work, hourly, before, "last_time", "")),
    .optimized = count_optimized (work, hourly->step, before ? "workload_before" : "workload_after"),
  };
}

/* (transfer full) */
static ErosComparison *
compare_hours (ErosWork *work, const Hourly *hourly)
{
  ErosComparison *comparison = g_new0 (ErosComparison, 1);
  g_autoptr (GArray) before = split_numbers (value_of_side (work, hourly, TRUE, hourly->column, "_hours"));
  g_autoptr (GArray) after = split_numbers (value_of_side (work, hourly, FALSE, hourly->column, "_hours"));

  comparison->metric = g_strdup (hourly->metric);
  comparison->name = g_strdup (_ (hourly->name));
  comparison->unit = g_strdup (hourly->unit);
  comparison->before = read_side (work, hourly, TRUE);
  comparison->after = read_side (work, hourly, FALSE);
  judge (comparison, before, after, hourly->lower_is_better);
  return comparison;
}

/* (transfer full) (element-type double): the milliseconds of the runs that are done */
static GArray *
collect_times (ErosWork *work, const ErosSqlBenchmark *benchmark, const ErosSqlWay *way)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < benchmark->runs; i++)
    {
      const char *ms = value_of_run (work, benchmark, way, i, "ms");
      double time = ms != NULL ? g_ascii_strtod (ms, NULL) : 0;

      if (ms != NULL)
        g_array_append_val (times, time);
    }
  return times;
}

static ErosComparedSide
read_runs (ErosWork *work, const ErosSqlBenchmark *benchmark, const ErosSqlWay *way, GArray *times)
{
  const double *values = (gpointer) times->data;
  gboolean is_before = way == &benchmark->before;

  return (ErosComparedSide){
    .value = times->len > 0 ? eros_statistics_median (values, times->len) : NAN,
    .spread = times->len > 0 ? eros_statistics_spread (values, times->len) : NAN,
    .begun = eros_time_parse (value_of_run (work, benchmark, way, 0, "started")),
    .ended = eros_time_parse (value_of_run (work, benchmark, way, benchmark->runs - 1, "ended")),
    .optimized = count_optimized (work, benchmark->id, is_before ? "runs_before" : "runs_after"),
  };
}

/* (transfer full) */
static ErosComparison *
compare_runs (ErosWork *work, const ErosSqlBenchmark *benchmark)
{
  ErosComparison *comparison = g_new0 (ErosComparison, 1);
  g_autoptr (GArray) before = collect_times (work, benchmark, &benchmark->before);
  g_autoptr (GArray) after = collect_times (work, benchmark, &benchmark->after);

  comparison->metric = g_strdup (benchmark->metric);
  comparison->name = g_strdup (benchmark->name);
  comparison->unit = g_strdup (benchmark->unit);
  comparison->is_of_runs = TRUE;
  comparison->before = read_runs (work, benchmark, &benchmark->before, before);
  comparison->after = read_runs (work, benchmark, &benchmark->after, after);
  judge (comparison, before, after, benchmark->lower_is_better);
  return comparison;
}

/* (transfer full): what can be run in two ways, or is counted by the hour */
static ErosComparison *
compare_measured (ErosWork *work, const ErosSqlBenchmark *measured)
{
  const Hourly hourly = { .step = measured->id,
                          .metric = measured->metric,
                          .column = measured->column,
                          .name = measured->name,
                          .unit = measured->unit,
                          .lower_is_better = measured->lower_is_better };

  return measured->runs > 0 ? compare_runs (work, measured) : compare_hours (work, &hourly);
}

/* Nothing: what an earlier comparison has filled in is no longer what was measured. */
static void
set_result (ErosWork *work, const char *side, const char *metric, double value)
{
  g_autofree char *name = g_strconcat (side, ".", metric, NULL);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  eros_work_set_result (work, name, isnan (value) ? "" : g_ascii_formatd (text, sizeof text, "%.6g", value));
}

static void
note (ErosWork *work, ErosComparison *comparison, GHashTable *values, GString *sentences, guint *n_conclusive)
{
  g_autofree char *sentence = eros_comparison_describe (comparison);

  eros_comparison_store (comparison, values);
  set_result (work, "before", comparison->metric, comparison->before.value);
  set_result (work, "after", comparison->metric, comparison->after.value);
  g_string_append_printf (sentences, "%s%s", sentences->len > 0 ? "; " : "", sentence);
  *n_conclusive += comparison->verdict != EROS_VERDICT_UNKNOWN;
  eros_comparison_free (comparison);
}

static void
keep (ErosWork *work, ErosWorkStep *step, GHashTable *values)
{
  GHashTableIter iter;
  const char *name;
  const char *value;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    eros_work_set_value (work, step, name, value);
}

static void
judge_all (ErosWork *work, ErosWorkStep *step, GCancellable *cancellable)
{
  GPtrArray *benchmarks = step->data;
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GString) sentences = g_string_new (NULL);
  guint n_conclusive = 0;

  for (guint i = 0; i < benchmarks->len; i++)
    note (work, compare_measured (work, g_ptr_array_index (benchmarks, i)), values, sentences, &n_conclusive);
  for (guint i = 0; i < G_N_ELEMENTS (workload); i++)
    note (work, compare_hours (work, &workload[i]), values, sentences, &n_conclusive);
  g_hash_table_insert (values, g_strdup ("conclusive"), g_strdup_printf ("%u", n_conclusive));
  keep (work, step, values);
  eros_operation_set_message (eros_work_get_operation (work), sentences->str);
  g_free (step->summary);
  step->summary = g_strdup (sentences->str);
  eros_work_step_judged (work, step, values);
}

static void
add_verdict (ErosWork *work, guint group, GPtrArray *benchmarks)
{
  ErosWorkStep *step = eros_work_add (work, group, "verdict", _ ("Compare"));
  ErosElement *element =
    eros_runbook_find_operation (eros_deployment_get_runbook (eros_work_get_deployment (work)),
                                 eros_operation_get_kind (eros_work_get_operation (work)));
  const char *const *boxes = element != NULL ? eros_element_get_proves (element) : NULL;

  step->call = judge_all;
  step->always = TRUE;
  step->data = benchmarks;
  step->data_free = (GDestroyNotify) g_ptr_array_unref;
  step->enough = (ErosExpectation *) conclusive;
  step->n_enough = G_N_ELEMENTS (conclusive);
  /* Nothing is proved where nothing could be said. */
  for (guint i = 0; boxes != NULL && boxes[i] != NULL; i++)
    eros_work_step_prove (step, boxes[i]);
}

/* Of what has been run in turns, what was planned by earlier runs; of what has not, the hours. */
static gboolean
add_by_the_hour (ErosWork *work,
                 guint group,
                 const Span *span,
                 const ErosSqlBenchmark *measured,
                 GError **error)
{
  if (measured->runs > 0)
    return add_optimizations (work, group + 1, span, measured, error);
  add_hourly (work, group, span, measured, TRUE);
  add_hourly (work, group, span, measured, FALSE);
  return TRUE;
}

/* What goes on later compares the same hours. */
static Span
read_span (ErosWork *work)
{
  const char *noted = eros_work_get_argument (work, "measured");
  g_autofree char *now = eros_time_iso_exact (g_get_real_time ());
  Span span = { .since = eros_time_parse (eros_work_get_argument (work, "since")),
                .until = eros_time_parse (eros_work_get_argument (work, "until")) };

  if (*noted == '\0')
    json_object_set_string_member (eros_work_get_arguments (work), "measured", now);
  span.hours = MAX (0, eros_time_parse (eros_work_get_argument (work, "measured")) - span.since) / HOUR;
  if (span.until == 0 || span.until > span.since)
    span.until = span.since;
  return span;
}

/**
 * eros_plan_comparison:
 * @work: an operation without steps; its argument "since" is when the deployment ended, "until", if there is
 * one, when it began; "measured", which is filled in, up to when
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
  Span span = read_span (work);
  guint group = 0;
  gboolean good;

  if (benchmarks == NULL)
    return FALSE;
  for (guint i = 0; i < benchmarks->len; i++)
    group = add_benchmark (work, group, g_ptr_array_index (benchmarks, i));
  good = add_workload (work, group, &span, TRUE, error) && add_workload (work, group, &span, FALSE, error);
  for (guint i = 0; good && i < benchmarks->len; i++)
    good = add_by_the_hour (work, group, &span, g_ptr_array_index (benchmarks, i), error);
  good = good && add_optimizations (work, group + 1, &span, NULL, error);
  add_verdict (work, group + 2, benchmarks);
  return good;
}
