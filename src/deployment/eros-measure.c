/* eros-measure.c: what monitoring has measured of the numbers that criteria are about, and what that proves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-measure.h"

#include <math.h>
#include <glib/gi18n-lib.h>

#include "eros-comparison.h"
#include "eros-deployment-private.h"

/* The answer of a step of the monitoring, and how often what is said of it may ever be wrong. */
typedef const char *(*Lookup) (gpointer answer, const char *column);

typedef struct
{
  Lookup lookup; /* of a column; (nullable) */
  gpointer answer;
  double error;
} Look;

/* NAN where there is no number. */
static double
number (const Look *look, const char *name)
{
  const char *text = look->lookup (look->answer, name);
  char *end;
  double value;

  if (text == NULL || *text == '\0')
    return NAN;
  value = g_ascii_strtod (text, &end);
  return *end == '\0' ? value : NAN;
}

static gint64
count (const Look *look, const char *name)
{
  double value = number (look, name);

  return isnan (value) ? 0 : (gint64) value;
}

static double
to_percent (double logarithm)
{
  return 100 * expm1 (logarithm);
}

static void
set_ends (ErosReading *reading, double value, double low, double high)
{
  reading->value = value;
  reading->low = low;
  reading->high = high;
}

/* Where no query was run, none failed and none succeeded. */
static void
read_failures (const Look *look, ErosReading *reading)
{
  gint64 n = count (look, "queries_after");
  gint64 failed = CLAMP (count (look, "failed_after"), 0, n);
  ErosInterval rate = eros_sequential_rate (failed, n, look->error);

  reading->kind = EROS_READING_FAILURES;
  reading->hits = failed;
  reading->n = n;
  set_ends (reading, 100 * rate.estimate, 100 * rate.low, 100 * rate.high);
}

static void
read_successes (const Look *look, ErosReading *reading)
{
  read_failures (look, reading);
  reading->kind = EROS_READING_SUCCESSES;
  reading->hits = reading->n - reading->hits;
  set_ends (reading, 100 - reading->value, 100 - reading->high, 100 - reading->low);
}

/* The columns of a comparison of logarithms, hour by hour: their names begin with what is compared. */
static void
read_comparison (const Look *look, const char *what, ErosReading *reading)
{
  g_autofree char *n_after = g_strconcat (what, "_n_after", NULL);
  g_autofree char *n_before = g_strconcat (what, "_n_before", NULL);
  g_autofree char *worth_before = g_strconcat (what, "_worth_before", NULL);
  g_autofree char *log_after = g_strconcat (what, "_log_after", NULL);
  g_autofree char *log_before = g_strconcat (what, "_log_before", NULL);
  g_autofree char *variance_after = g_strconcat (what, "_variance_after", NULL);
  g_autofree char *variance_before = g_strconcat (what, "_variance_before", NULL);
  ErosSample after = { number (look, n_after), number (look, log_after), number (look, variance_after) };
  ErosSample before = { number (look, worth_before), number (look, log_before),
                        number (look, variance_before) };
  ErosInterval change = eros_sequential_difference (&before, &after, look->error);

  reading->n = count (look, n_after);
  reading->n_before = count (look, n_before);
  set_ends (reading, to_percent (change.estimate), to_percent (change.low), to_percent (change.high));
}

static void
read_time (const Look *look, ErosReading *reading)
{
  read_comparison (look, "seconds", reading);
  reading->kind = EROS_READING_TIME;
}

/* It has two intervals to be wrong with. */
static void
read_price (const Look *look, ErosReading *reading)
{
  Look half = { look->lookup, look->answer, look->error / 2 };

  read_comparison (&half, "billed", reading);
  reading->kind = EROS_READING_PRICE;
}

static void
read_spending (const Look *look, ErosReading *reading)
{
  Look half = { look->lookup, look->answer, look->error / 2 };

  read_comparison (&half, "hourly", reading);
  reading->kind = EROS_READING_SPENDING;
}

static void
read_emv (const Look *look, ErosReading *reading)
{
  double ratio = log1p (number (look, "emv_change_percent") / 100);
  double margin = eros_sequential_margin (number (look, "emv_log_variance"), look->error);

  reading->kind = EROS_READING_EMV;
  reading->n = count (look, "views_after");
  reading->n_before = count (look, "views_before");
  if (MIN (reading->n, reading->n_before) < EROS_SEQUENTIAL_FEWEST || isinf (margin))
    set_ends (reading, to_percent (ratio), to_percent (-INFINITY), INFINITY);
  else
    set_ends (reading, to_percent (ratio), to_percent (ratio - margin), to_percent (ratio + margin));
}

static void
read_count (const Look *look, const char *column, ErosReading *reading)
{
  double wrong = number (look, column);

  reading->kind = EROS_READING_COUNT;
  reading->n = count (look, "checked_rows");
  /* Where no row was looked at, none is wrong and none is right. */
  if (reading->n == 0)
    wrong = NAN;
  reading->hits = isnan (wrong) ? 0 : (gint64) wrong;
  set_ends (reading, wrong, wrong, wrong);
}

static void
read_corrupted (const Look *look, ErosReading *reading)
{
  read_count (look, "corrupted_rows", reading);
}

static void
read_integrity (const Look *look, ErosReading *reading)
{
  read_count (look, "integrity_issues", reading);
}

/* Who measures a metric is whoever answers with its column: docs/runbook.md has the others. */
typedef struct
{
  const char *metric;
  const char *column;
  void (*read) (const Look *look, ErosReading *reading);
  void (*read_all) (const Look *look, ErosReading *reading); /* (nullable): of which this is one part */
  gboolean is_estimated;
} Measure;

static const Measure measures[] = {
  { "emv-improvement", "emv_change_percent", read_emv, NULL, TRUE },
  { "query-failure-rate", "failed_after", read_failures, NULL, TRUE },
  { "query-success-rate", "failed_after", read_successes, NULL, TRUE },
  { "performance-degradation", "seconds_n_after", read_time, NULL, TRUE },
  { "corrupted-rows", "corrupted_rows", read_corrupted, NULL, FALSE },
  { "data-integrity-issues", "integrity_issues", read_integrity, NULL, FALSE },
  { "cost-increase", "billed_n_after", read_price, read_spending, TRUE },
};

static const Measure *
find_measure (const char *metric)
{
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    if (g_strcmp0 (measures[i].metric, metric) == 0)
      return &measures[i];
  return NULL;
}

/**
 * eros_measure_get_error:
 * @deployment: a deployment
 *
 * %EROS_MEASURE_ERROR, shared among the criteria of its runbook that are estimated (Bonferroni).
 *
 * Returns: the probability that a verdict on one of them is ever wrong
 */
double
eros_measure_get_error (ErosDeployment *deployment)
{
  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), EROS_MEASURE_ERROR);
  return deployment->error;
}

/**
 * eros_measure_is_estimated:
 * @metric: (nullable): of a criterion
 *
 * Returns: whether it is known from samples only, so that a verdict on it may be wrong; rows are counted
 */
gboolean
eros_measure_is_estimated (const char *metric)
{
  const Measure *measure = find_measure (metric);

  return measure != NULL && measure->is_estimated;
}

/* Whether the number is on that side of the threshold. */
static gboolean
holds (double value, double limit, const char *op)
{
  if (g_str_equal (op, ">="))
    return value >= limit;
  if (g_str_equal (op, "<="))
    return value <= limit;
  if (g_str_equal (op, ">"))
    return value > limit;
  if (g_str_equal (op, "<"))
    return value < limit;
  return (value == limit) == g_str_equal (op, "=");
}

/* An interval is on one side of the threshold when both of its ends are, and all between. */
static ErosOutcome
judge (const ErosReading *reading, const ErosCriterion *criterion)
{
  double limit = g_ascii_strtod (criterion->threshold, NULL);
  gboolean low = holds (reading->low, limit, criterion->op);

  if (isnan (reading->value))
    return EROS_OUTCOME_NONE;
  if (low != holds (reading->high, limit, criterion->op) ||
      (reading->low < reading->high && reading->low < limit && limit < reading->high))
    return EROS_OUTCOME_NOT_ENOUGH;
  return low ? EROS_OUTCOME_PASS : EROS_OUTCOME_FAIL;
}

static void
read_and_judge (const Measure *measure,
                const Look *look,
                const ErosCriterion *criterion,
                ErosReading *reading)
{
  double limit = g_ascii_strtod (criterion->threshold, NULL);
  ErosReading all = { 0 };

  measure->read (look, reading);
  reading->outcome = judge (reading, criterion);
  if (measure->read_all == NULL)
    return;
  /* Each may be as before, and there are more of them. */
  measure->read_all (look, &all);
  if (!isnan (all.value) && !isinf (all.high) && all.value > limit && !(reading->low > limit))
    {
      *reading = all;
      reading->outcome = judge (reading, criterion);
    }
}

/* Of a step's values. */
static const char *
look_up (gpointer values, const char *column)
{
  JsonNode *node = json_object_get_member (values, column);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* What EVENT answers, if it is the end of a step that has this column. (nullable) */
static JsonObject *
get_values (ErosEvent *event, const char *column)
{
  JsonNode *values = eros_event_is (event, EROS_EVENT_STEP_ENDED) && eros_event_mentions (event, column)
                       ? json_object_get_member (eros_event_get_body (event), EROS_MEMBER_VALUES)
                       : NULL;

  return values != NULL && JSON_NODE_HOLDS_OBJECT (values) &&
             json_object_has_member (json_node_get_object (values), column)
           ? json_node_get_object (values)
           : NULL;
}

static const char *
look_up_column (gpointer answer, const char *column)
{
  return g_hash_table_lookup (answer, column);
}

/* What has no end is not known. */
static void
put_end (GHashTable *answer, const Measure *measure, const char *which, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  char *column = g_strconcat (measure->metric, which, NULL);

  g_hash_table_insert (answer, g_strdelimit (column, "-", '_'),
                       isfinite (value) ? g_strdup (g_ascii_formatd (text, sizeof text, "%.2f", value))
                                        : NULL);
}

/**
 * eros_measure_add_intervals:
 * @answer: column → text (nullable), of a query
 * @error: the probability that an interval ever misses: eros_measure_get_error()
 *
 * Adds, for each metric that is estimated from columns which @answer has, both ends of its interval over the
 * whole watch, in percent: “query_failure_rate_low”, “query_failure_rate_high”. Without an end: %NULL.
 */
void
eros_measure_add_intervals (GHashTable *answer, double error)
{
  Look look = { look_up_column, answer, error };

  g_return_if_fail (answer != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      ErosReading reading = { 0 };

      if (!measures[i].is_estimated || !g_hash_table_contains (answer, measures[i].column))
        continue;
      measures[i].read (&look, &reading);
      put_end (answer, &measures[i], "_low", reading.low);
      put_end (answer, &measures[i], "_high", reading.high);
    }
}

/**
 * eros_measure_judge_event:
 * @event: any event
 * @criterion: of the runbook, with a metric, an operator and a threshold
 * @error: the probability that a verdict on it is ever wrong: eros_measure_get_error()
 * @reading: (out): what was measured; not set when @event measures nothing of it
 *
 * Returns: %EROS_OUTCOME_PASS when the criterion holds, %EROS_OUTCOME_FAIL when it does not,
 * %EROS_OUTCOME_NOT_ENOUGH when what was measured may be on either side, %EROS_OUTCOME_NONE when @event
 * measures nothing of it
 */
ErosOutcome
eros_measure_judge_event (ErosEvent *event,
                          const ErosCriterion *criterion,
                          double error,
                          ErosReading *reading)
{
  const Measure *measure = find_measure (criterion->metric);
  JsonObject *values = measure != NULL ? get_values (event, measure->column) : NULL;
  Look look = { look_up, values, error };

  if (values == NULL)
    return EROS_OUTCOME_NONE;
  *reading = (ErosReading){ 0 };
  read_and_judge (measure, &look, criterion, reading);
  reading->when = eros_event_get_happened (event);
  return reading->outcome;
}

/**
 * eros_measure_judge:
 * @deployment: a deployment
 * @criterion: of its runbook
 * @reading: (out): what was measured last; not set when nothing was
 *
 * Nothing that was measured before the last deployment of a phase says anything of what is deployed now.
 *
 * Returns: what eros_measure_judge_event() says of the last round of the monitoring; %EROS_OUTCOME_NONE for a
 * criterion that is not measured
 */
ErosOutcome
eros_measure_judge (ErosDeployment *deployment, const ErosCriterion *criterion, ErosReading *reading)
{
  const Measure *measure = find_measure (criterion->metric);

  for (guint i = measure != NULL ? deployment->ends->len : 0; i > 0; i--)
    {
      ErosEvent *event = deployment->ends->pdata[i - 1];

      if (deployment->deployed != NULL &&
          eros_event_get_sequence (event) < eros_event_get_sequence (deployment->deployed))
        break;
      if (deployment->deployed != NULL &&
          eros_event_get_happened (event) < eros_event_get_time (deployment->deployed))
        continue;
      if (get_values (event, measure->column) != NULL)
        return eros_measure_judge_event (event, criterion, deployment->error, reading);
    }
  return EROS_OUTCOME_NONE;
}

/* ---- for people ---------------------------------------------------------------------------------------- */

static char *
show_count (gint64 value)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, value);
}

static char *
describe_rate (const ErosReading *reading)
{
  g_autofree char *hits = show_count (reading->hits);
  g_autofree char *n = show_count (reading->n);

  if (reading->kind == EROS_READING_COUNT)
    /* Translators: two numbers */
    return g_strdup_printf (_ ("%s wrong in %s rows"), hits, n);
  if (reading->kind == EROS_READING_FAILURES)
    /* Translators: two numbers; percent */
    return g_strdup_printf (_ ("%s of %s queries failed: %.1f %%"), hits, n, reading->value);
  /* Translators: two numbers; percent */
  return g_strdup_printf (_ ("%s of %s queries succeeded: %.1f %%"), hits, n, reading->value);
}

static char *
describe_comparison (const ErosReading *reading)
{
  g_autofree char *n = show_count (reading->n);
  g_autofree char *n_before = show_count (reading->n_before);

  if (reading->kind == EROS_READING_TIME)
    return g_strdup_printf (
      /* Translators: percent, with its sign; two numbers */
      _ ("time of a query %+.1f %% beside the same hours of the days before (%s queries, %s before)"),
      reading->value, n, n_before);
  if (reading->kind == EROS_READING_PRICE)
    return g_strdup_printf (
      /* Translators: percent, with its sign; two numbers */
      _ (
        "bytes billed for a query %+.1f %% beside the same hours of the days before (%s queries, %s before)"),
      reading->value, n, n_before);
  if (reading->kind == EROS_READING_SPENDING)
    return g_strdup_printf (
      /* Translators: percent, with its sign; two numbers */
      _ ("bytes billed in an hour %+.1f %% beside the same hours of the days before (%s hours, %s before)"),
      reading->value, n, n_before);
  return g_strdup_printf (
    /* Translators: percent, with its sign; two numbers */
    _ ("EMV of a view %+.1f %% beside the same span before (%s views, %s before)"), reading->value, n,
    n_before);
}

/* (transfer full) */
static char *
describe_interval (const ErosReading *reading)
{
  const double margin = EROS_COMPARISON_MARGIN_PERCENT;

  if (reading->kind == EROS_READING_COUNT)
    return g_strdup ("");
  if (isinf (reading->low) || isinf (reading->high))
    return g_strdup_printf (_ (", fewer than %d on a side"), EROS_SEQUENTIAL_FEWEST);
  if (reading->n_before > 0 && reading->low >= -margin && reading->high <= margin)
    /* Translators: percents */
    return g_strdup_printf (
      _ (", 95 %% interval over the whole watch %.1f to %.1f %%: the same within %d %%"), reading->low,
      reading->high, EROS_COMPARISON_MARGIN_PERCENT);
  /* Translators: percents */
  return g_strdup_printf (_ (", 95 %% interval over the whole watch %.1f to %.1f %%"), reading->low,
                          reading->high);
}

/**
 * eros_measure_describe:
 * @reading: what was measured
 * @criterion: of the runbook
 *
 * Returns: (transfer full): how much of how many, the interval, and the limit, without a verdict: “12 of 480
 * queries failed: 2.5 %, 95 % interval over the whole watch 1.1 to 5.0 %; limit > 10 %”
 */
char *
eros_measure_describe (const ErosReading *reading, const ErosCriterion *criterion)
{
  const char *unit = criterion->unit != NULL ? criterion->unit : "";
  g_autofree char *what =
    reading->kind >= EROS_READING_TIME ? describe_comparison (reading) : describe_rate (reading);
  g_autofree char *interval = describe_interval (reading);

  /* Translators: what was measured; its interval; “>” and the like; a number; its unit */
  return g_strdup_printf (_ ("%s%s; limit %s %s%s%s"), what, interval, criterion->op, criterion->threshold,
                          *unit != '\0' ? " " : "", unit);
}
