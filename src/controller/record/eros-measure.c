/* eros-measure.c: what monitoring has last measured of the numbers that criteria are about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-measure.h"

#include <math.h>

/* The newest answer of a step of the monitoring. (nullable): the event keeps it alive */
static JsonObject *
find_values (ErosDeployment *deployment, const char *step, ErosEvent **event)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) candidate = g_list_model_get_item (journal, i - 1);
      JsonNode *values;

      if (!g_str_equal (eros_event_get_kind (candidate), "step.ended") ||
          g_strcmp0 (eros_event_get_string (candidate, "step"), step) != 0)
        continue;
      values = json_object_get_member (eros_event_get_body (candidate), "values");
      if (values == NULL || !JSON_NODE_HOLDS_OBJECT (values) ||
          json_object_get_size (json_node_get_object (values)) == 0)
        continue;
      *event = g_steal_pointer (&candidate);
      return json_node_get_object (values);
    }
  return NULL;
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

/* Reads from the record what the last monitoring round found. */
static gboolean
eros_measure_read (ErosDeployment *deployment, const char *metric, double *value, gint64 *when)
{
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      g_autoptr (ErosEvent) event = NULL;
      JsonObject *values;

      if (!g_str_equal (measures[i].metric, metric))
        continue;
      values = find_values (deployment, measures[i].step, &event);
      if (values == NULL)
        return FALSE;
      *value = measures[i].compute (values);
      if (when != NULL)
        *when = eros_event_get_time (event);
      return !isnan (*value);
    }
  return FALSE;
}

/* The ends of the interval that a number comes with: "NAME_low", "NAME_high"; itself where there is none. */
static gboolean
read_ends (ErosDeployment *deployment, const char *metric, double value, double *low, double *high)
{
  g_autoptr (ErosEvent) event = NULL;
  JsonObject *values = find_values (deployment, "caption-performance", &event);

  *low = *high = value;
  if (!g_str_equal (metric, "emv-improvement"))
    return TRUE;
  *low = values != NULL ? number (values, "emv_change_percent_low") : NAN;
  *high = values != NULL ? number (values, "emv_change_percent_high") : NAN;
  return !isnan (*low) && !isnan (*high);
}

static gboolean
eros_measure_holds (double value, const char *op, const char *threshold)
{
  double limit = g_ascii_strtod (threshold, NULL);

  if (g_str_equal (op, ">="))
    return value >= limit;
  if (g_str_equal (op, "<="))
    return value <= limit;
  if (g_str_equal (op, ">"))
    return value > limit;
  if (g_str_equal (op, "<"))
    return value < limit;
  return value == limit;
}

/**
 * eros_measure_judge:
 * @deployment: a deployment
 * @criterion: of its runbook, with a metric
 * @value: (out): what was measured last; not set when nothing was
 * @when: (out): when it was measured, in microseconds since 1970
 *
 * A number with an interval is on one side of the threshold when both ends are.
 *
 * Returns: %EROS_OUTCOME_PASS when the criterion holds, %EROS_OUTCOME_FAIL when it does not,
 * %EROS_OUTCOME_NOT_ENOUGH when what was measured may be on either side, %EROS_OUTCOME_NONE when nothing was
 * measured
 */
ErosOutcome
eros_measure_judge (ErosDeployment *deployment, const ErosCriterion *criterion, double *value, gint64 *when)
{
  double low;
  double high;
  gboolean holds;

  if (!eros_measure_read (deployment, criterion->metric, value, when))
    return EROS_OUTCOME_NONE;
  if (!read_ends (deployment, criterion->metric, *value, &low, &high))
    return EROS_OUTCOME_NOT_ENOUGH;
  holds = eros_measure_holds (low, criterion->op, criterion->threshold);
  if (holds != eros_measure_holds (high, criterion->op, criterion->threshold))
    return EROS_OUTCOME_NOT_ENOUGH;
  return holds ? EROS_OUTCOME_PASS : EROS_OUTCOME_FAIL;
}

/**
 * eros_measure_is_noise:
 * @deployment: a deployment
 * @metric: what was compared
 *
 * Returns: whether the last comparison found no difference that is more than chance
 */
gboolean
eros_measure_is_noise (ErosDeployment *deployment, const char *metric)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (journal); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i - 1);
      JsonNode *values;

      if (!g_str_equal (eros_event_get_kind (event), "step.ended") ||
          g_strcmp0 (eros_event_get_string (event, "step"), "verdict") != 0)
        continue;
      values = json_object_get_member (eros_event_get_body (event), "values");
      return values != NULL && JSON_NODE_HOLDS_OBJECT (values) &&
             g_str_equal (
               json_object_get_string_member_with_default (json_node_get_object (values), metric, ""),
               "noise");
    }
  return FALSE;
}
