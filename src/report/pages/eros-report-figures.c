/* eros-report-figures.c: numbers: before and after, over the time of the watch, and what was to be met
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <math.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#define BARS_HEIGHT  40
#define CURVE_HEIGHT 58

/* ---- before and after ---------------------------------------------------------------------------------- */

/* Numbers of which nobody knows how they spread; only for people, nothing is computed from it. */
static char *
describe_difference (const char *before, const char *after)
{
  double b = g_ascii_strtod (before, NULL), a = g_ascii_strtod (after, NULL);

  if (*before == '\0' || *after == '\0')
    return g_strdup (_ ("not measured"));
  if (b == 0)
    return g_strdup (a == 0 ? _ ("no change") : _ ("cannot be given: it was 0 before"));
  return g_strdup_printf (_ ("%+.1f %%, not measured together"), (a - b) / fabs (b) * 100);
}

/* The number, and what is known of it. SIDE: (nullable) */
static char *
describe_cell (const ErosReportValue *value, const ErosComparison *comparison, const ErosComparedSide *side)
{
  g_autofree char *measured = side != NULL ? eros_comparison_describe_value (comparison, side) : NULL;
  g_autofree char *span = side != NULL ? eros_comparison_describe_span (comparison, side) : NULL;

  if (span != NULL)
    return g_strdup_printf ("%s\n%s", measured, span);
  return g_strdup (*value->shown != '\0' ? value->shown : "–");
}

typedef struct
{
  const ErosMetricRow *row;
  const ErosReportValue *before, *after;
  const ErosComparison *comparison; /* (nullable) */
} Compared;

static Compared
find_compared (ErosReportState *state, const ErosMetricRow *row)
{
  Compared compared = { row, eros_report_state_value (state, row->before),
                        eros_report_state_value (state, row->after),
                        eros_comparison_find (state->comparisons, row->id) };

  if (compared.comparison != NULL &&
      !eros_comparison_is_about (compared.comparison, compared.before->text, compared.after->text))
    compared.comparison = NULL;
  return compared;
}

static char *
describe_compared (const Compared *compared)
{
  return compared->comparison != NULL ? eros_comparison_describe_verdict (compared->comparison)
                                      : describe_difference (compared->before->text, compared->after->text);
}

static void
add_compared_row (ErosLayout *layout, const Compared *compared)
{
  const ErosComparison *comparison = compared->comparison;
  g_autofree char *change = describe_compared (compared);
  g_autofree char *left =
    describe_cell (compared->before, comparison, comparison != NULL ? &comparison->before : NULL);
  g_autofree char *right =
    describe_cell (compared->after, comparison, comparison != NULL ? &comparison->after : NULL);
  const char *cells[] = { compared->row->title, left, right, change, NULL };

  eros_layout_table_row (layout, cells);
}

static ErosChartPoint
point_of (const ErosReportValue *value, const ErosComparedSide *side)
{
  double measured = side != NULL           ? side->value
                    : *value->text != '\0' ? g_ascii_strtod (value->text, NULL)
                                           : NAN;
  double spread = side != NULL ? side->spread : NAN;

  return (ErosChartPoint){ NAN, measured, measured - spread, measured + spread };
}

/* Only where both are known there is something to see. */
static void
add_bars (GPtrArray *charts, const Compared *compared)
{
  const ErosComparison *comparison = compared->comparison;
  ErosChartPoint before = point_of (compared->before, comparison != NULL ? &comparison->before : NULL);
  ErosChartPoint after = point_of (compared->after, comparison != NULL ? &comparison->after : NULL);
  g_autofree char *change = describe_compared (compared);
  g_autofree char *before_text = NULL;
  g_autofree char *after_text = NULL;

  if (!isfinite (before.value) || !isfinite (after.value))
    return;
  /* Translators: a number and its unit */
  before_text = g_strdup_printf (_ ("before %.4g %s"), before.value, compared->row->unit);
  after_text = g_strdup_printf (_ ("after %.4g %s"), after.value, compared->row->unit);
  g_ptr_array_add (
    charts, eros_chart_new_bars (compared->row->title, change, &before, before_text, &after, after_text));
}

typedef struct
{
  ErosLayout *layout;
  guint n;
} Place;

static void
add_comparison (ErosReportState *state, ErosElement *element, gpointer user_data)
{
  static const double weights[] = { 2, 3, 3, 3 };
  const char *titles[] = { _ ("Metric"), _ ("Before"), _ ("After"), _ ("Change"), NULL };
  Place *place = user_data;
  g_autoptr (GPtrArray) charts = g_ptr_array_new ();
  guint n;
  const ErosMetricRow *rows = eros_element_get_metrics (element, &n);

  if (eros_element_get_kind (element) != EROS_ELEMENT_COMPARISON)
    return;
  if (place->n++ == 0)
    eros_layout_heading (place->layout, EROS_TEXT_HEADING_1, _ ("Before and after"), "comparison");
  eros_layout_table_begin (place->layout, weights, titles, 4);
  for (guint i = 0; i < n; i++)
    {
      Compared compared = find_compared (state, &rows[i]);

      add_compared_row (place->layout, &compared);
      add_bars (charts, &compared);
    }
  eros_layout_table_end (place->layout);
  eros_layout_charts (place->layout, g_steal_pointer (&charts), 2, BARS_HEIGHT);
}

void
eros_report_compose_comparisons (ErosReportState *state, ErosLayout *layout)
{
  Place place = { layout, 0 };

  eros_report_foreach_element (state, add_comparison, &place);
}

/* ---- criteria ------------------------------------------------------------------------------------------ */

static char *
describe_threshold (const ErosCriterion *criterion)
{
  if (criterion->metric == NULL)
    return g_strdup (_ ("judged by a person"));
  return g_strdup_printf ("%s %s%s%s", criterion->op, criterion->threshold,
                          criterion->unit != NULL && !g_str_equal (criterion->unit, "%") ? " " : "",
                          criterion->unit != NULL ? criterion->unit : "");
}

static char *
describe_criterion (ErosReportState *state, const ErosCriterion *criterion)
{
  for (guint i = 0; i < state->criteria->len; i++)
    {
      const ErosCriterionState *found = state->criteria->pdata[i];
      const char *verdict = eros_criterion_verdict_to_label (found->verdict);

      if (g_str_equal (found->criterion->id, criterion->id))
        return g_strdup_printf ("%s%s%s%s%s", verdict, found->text != NULL ? ". " : "",
                                found->text != NULL ? found->text : "", found->fact != NULL ? ". " : "",
                                found->fact != NULL ? found->fact : "");
    }
  return g_strdup ("–");
}

static void
add_criteria (ErosReportState *state, ErosElement *element, gpointer user_data)
{
  static const double weights[] = { 4, 1.8, 6 };
  const char *titles[] = { _ ("Criterion"), _ ("Threshold"), _ ("Verdict"), NULL };
  Place *place = user_data;
  guint n;
  const ErosCriterion *criteria = eros_element_get_criteria (element, &n);

  if (eros_element_get_kind (element) != EROS_ELEMENT_CRITERIA)
    return;
  if (place->n++ == 0)
    eros_layout_heading (place->layout, EROS_TEXT_HEADING_1, _ ("Criteria, and what monitoring has found"),
                         "criteria");
  eros_layout_keep (place->layout, 70);
  eros_layout_text (place->layout, EROS_TEXT_BODY, eros_element_get_text (element));
  eros_layout_space (place->layout, 2);
  eros_layout_table_begin (place->layout, weights, titles, 3);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *threshold = describe_threshold (&criteria[i]);
      g_autofree char *verdict = describe_criterion (state, &criteria[i]);
      const char *cells[] = { criteria[i].text, threshold, verdict, NULL };

      eros_layout_table_row (place->layout, cells);
    }
  eros_layout_table_end (place->layout);
}

static guint
count_known (const ErosReportCurve *curve)
{
  guint n = 0;

  for (guint i = 0; i < curve->points->len; i++)
    n += isfinite (g_array_index (curve->points, ErosChartPoint, i).value);
  return n;
}

static char *
time_of (const ErosReportCurve *curve, guint i)
{
  g_autofree char *time =
    eros_time_text ((gint64) g_array_index (curve->points, ErosChartPoint, i).x * G_USEC_PER_SEC);

  /* Without seconds and zone: the axis of a chart is short. */
  return g_strndup (time, 16);
}

static ErosChart *
draw_curve (const ErosReportCurve *curve)
{
  const ErosCriterion *criterion = curve->criterion;
  g_autofree char *threshold = describe_threshold (criterion);
  /* Translators: “< 10 %” */
  g_autofree char *limit = g_strdup_printf (_ ("limit %s"), threshold);
  g_autofree char *first = time_of (curve, 0);
  g_autofree char *last = time_of (curve, curve->points->len - 1);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (ErosChartPoint));
  g_autofree char *remark = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%u round", "%u rounds", curve->points->len), curve->points->len);

  /* One place a round: those of the first hours are as well seen as those of the last day. */
  for (guint i = 0; i < curve->points->len; i++)
    {
      ErosChartPoint point = g_array_index (curve->points, ErosChartPoint, i);

      point.x = i;
      g_array_append_val (points, point);
    }
  return eros_chart_new_curve (criterion->text, remark, g_ascii_strtod (criterion->threshold, NULL), limit,
                               first, last, (const ErosChartPoint *) (gpointer) points->data, points->len);
}

void
eros_report_compose_criteria (ErosReportState *state, ErosLayout *layout)
{
  Place place = { layout, 0 };
  g_autoptr (GPtrArray) charts = g_ptr_array_new ();

  eros_report_foreach_element (state, add_criteria, &place);
  for (guint i = 0; i < state->story->curves->len; i++)
    {
      const ErosReportCurve *curve = state->story->curves->pdata[i];

      if (count_known (curve) > 1)
        g_ptr_array_add (charts, draw_curve (curve));
    }
  if (charts->len == 0)
    return;
  eros_layout_keep (layout, CURVE_HEIGHT + 30);
  eros_layout_text (
    layout, EROS_TEXT_SMALL,
    _ ("Each round’s number (a dot each), the interval that holds however often one looks (band), and "
       "the limit (dashed line). The last one of each stands in the table."));
  eros_layout_space (layout, 4);
  eros_layout_charts (layout, g_steal_pointer (&charts), 2, CURVE_HEIGHT);
}
