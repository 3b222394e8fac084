/* eros-measure.c: what monitoring has last measured of the numbers that criteria are about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-measure.h"

#include <math.h>

/* What EVENT answers, if it is the end of that step of the monitoring and answers something. (nullable) */
static JsonObject *
get_values (ErosEvent *event, const char *step)
{
  JsonNode *values;

  if (!g_str_equal (eros_event_get_kind (event), "step.ended") ||
      g_strcmp0 (eros_event_get_string (event, "step"), step) != 0)
    return NULL;
  values = json_object_get_member (eros_event_get_body (event), "values");
  return values != NULL && JSON_NODE_HOLDS_OBJECT (values) &&
             json_object_get_size (json_node_get_object (values)) > 0
           ? json_node_get_object (values)
           : NULL;
}

/* NAN where there is no number. */
static double
number (JsonObject *values, const char *name)
{
  const char *text = json_object_get_string_member_with_default (values, name, NULL);
  char *end;
  double value;

  if (text == NULL || *text == '\0')
    return NAN;
  value = g_ascii_strtod (text, &end);
  return *end == '\0' ? value : NAN;
}

static double
failure_rate (JsonObject *values)
{
  return number (values, "error_rate");
}

static double
success_rate (JsonObject *values)
{
  return 100 - number (values, "error_rate");
}

static double
degradation (JsonObject *values)
{
  return number (values, "slowdown_percent");
}

/* Where no row was looked at, none is wrong and none is right. */
static double
corrupted_rows (JsonObject *values)
{
  if (number (values, "checked_rows") == 0)
    return NAN;
  return number (values, "impossible_statistics") + number (values, "duplicate_statistics");
}

static double
integrity_issues (JsonObject *values)
{
  return corrupted_rows (values) + number (values, "orphaned_assignments");
}

static double
emv_improvement (JsonObject *values)
{
  return number (values, "emv_change_percent");
}

/* Less than this in a day is the price of looking, not of the work: there is nothing to compare with. */
#define CENT 0.01

static double
cost_increase (JsonObject *values)
{
  double before = number (values, "daily_cost_before");

  return before >= CENT ? 100 * (number (values, "daily_cost_after") / before - 1) : NAN;
}

static const struct
{
  const char *metric;
  const char *step;
  double (*compute) (JsonObject *values);
} measures[] = {
  { "emv-improvement", "caption-performance", emv_improvement },
  { "query-failure-rate", "query-performance", failure_rate },
  { "query-success-rate", "query-performance", success_rate },
  { "performance-degradation", "query-performance", degradation },
  { "corrupted-rows", "data-integrity", corrupted_rows },
  { "data-integrity-issues", "data-integrity", integrity_issues },
  { "cost-increase", "cost", cost_increase },
};

/* The ends of the interval that a number comes with: "NAME_low", "NAME_high"; itself where there is none. */
static gboolean
read_ends (JsonObject *values, const char *metric, double value, double *low, double *high)
{
  *low = *high = value;
  if (!g_str_equal (metric, "emv-improvement"))
    return TRUE;
  *low = number (values, "emv_change_percent_low");
  *high = number (values, "emv_change_percent_high");
  return !isnan (*low) && !isnan (*high);
}

/* Whether the number is on that side of the threshold. */
static gboolean
holds (double value, const ErosCriterion *criterion)
{
  double limit = g_ascii_strtod (criterion->threshold, NULL);

  if (g_str_equal (criterion->op, ">="))
    return value >= limit;
  if (g_str_equal (criterion->op, "<="))
    return value <= limit;
  if (g_str_equal (criterion->op, ">"))
    return value > limit;
  if (g_str_equal (criterion->op, "<"))
    return value < limit;
  return value == limit;
}

static ErosOutcome
judge (JsonObject *values, const ErosCriterion *criterion, double value)
{
  double low;
  double high;

  if (!read_ends (values, criterion->metric, value, &low, &high) ||
      holds (low, criterion) != holds (high, criterion))
    return EROS_OUTCOME_NOT_ENOUGH;
  return holds (low, criterion) ? EROS_OUTCOME_PASS : EROS_OUTCOME_FAIL;
}

/* (nullable): what EVENT answers of what the criterion is about */
static JsonObject *
find_answer (ErosEvent *event, const ErosCriterion *criterion, double *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      JsonObject *values =
        g_str_equal (measures[i].metric, criterion->metric) ? get_values (event, measures[i].step) : NULL;

      if (values == NULL)
        continue;
      *value = measures[i].compute (values);
      return values;
    }
  return NULL;
}

/**
 * eros_measure_judge_event:
 * @event: any event
 * @criterion: of the runbook, with a metric, an operator and a threshold
 * @value: (out): what was measured; not set when nothing was
 *
 * A number with an interval is on one side of the threshold when both ends are.
 *
 * Returns: %EROS_OUTCOME_PASS when the criterion holds, %EROS_OUTCOME_FAIL when it does not,
 * %EROS_OUTCOME_NOT_ENOUGH when what was measured may be on either side, %EROS_OUTCOME_NONE when @event
 * measures nothing of it
 */
ErosOutcome
eros_measure_judge_event (ErosEvent *event, const ErosCriterion *criterion, double *value)
{
  JsonObject *values = find_answer (event, criterion, value);

  return values == NULL || isnan (*value) ? EROS_OUTCOME_NONE : judge (values, criterion, *value);
}

/**
 * eros_measure_judge:
 * @deployment: a deployment
 * @criterion: of its runbook, with a metric, an operator and a threshold
 * @value: (out): what was measured last; not set when nothing was
 * @when: (out): when it was measured, in microseconds since 1970
 *
 * Returns: what eros_measure_judge_event() says of the last round of the monitoring
 */
ErosOutcome
eros_measure_judge (ErosDeployment *deployment, const ErosCriterion *criterion, double *value, gint64 *when)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);

      if (find_answer (event, criterion, value) == NULL)
        continue;
      *when = eros_event_get_time (event);
      return eros_measure_judge_event (event, criterion, value);
    }
  return EROS_OUTCOME_NONE;
}
