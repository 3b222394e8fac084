/* eros-criteria-charts.c: what monitoring has read of each criterion, and what was measured before and after
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-criteria-charts.h"

#include <math.h>
#include <glib/gi18n-lib.h>

#include "eros-chart-view.h"
#include "eros-comparison.h"
#include "eros-format.h"
#include "eros-measure.h"
#include "eros-timeline.h"

typedef struct Charts Charts;
struct Charts
{
  ErosDeployment *deployment;
  ErosElement *element;
  GtkFlowBox *box;
  int n; /* shown so far, while they are filled in */
  void (*fill) (Charts *charts);
};

static void
charts_free (gpointer data, GClosure *closure)
{
  Charts *charts = data;

  g_object_unref (charts->deployment);
  g_object_unref (charts->element);
  g_free (charts);
}

/* The next one. Where it shows already it stays: the keyboard's focus may be in it. */
static ErosChartView *
get_view (Charts *charts, const char *title)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (charts->box, charts->n);

  if (child == NULL || g_strcmp0 (gtk_widget_get_name (GTK_WIDGET (child)), title) != 0)
    {
      child = GTK_FLOW_BOX_CHILD (gtk_flow_box_child_new ());
      gtk_widget_set_name (GTK_WIDGET (child), title);
      gtk_flow_box_child_set_child (child, eros_chart_view_new (title));
      gtk_widget_set_focusable (GTK_WIDGET (child), FALSE);
      gtk_flow_box_insert (charts->box, GTK_WIDGET (child), charts->n);
    }
  charts->n++;
  return EROS_CHART_VIEW (gtk_flow_box_child_get_child (child));
}

static void
refill (Charts *charts)
{
  GtkFlowBoxChild *child;

  charts->n = 0;
  charts->fill (charts);
  while ((child = gtk_flow_box_get_child_at_index (charts->box, charts->n)) != NULL)
    gtk_flow_box_remove (charts->box, GTK_WIDGET (child));
  gtk_widget_set_visible (GTK_WIDGET (charts->box), charts->n > 0);
}

/* What is measured together is on record when its operation has ended. */
static void
appended_cb (ErosJournal *journal, ErosEvent *event, Charts *charts)
{
  if (eros_event_is (event, EROS_EVENT_OPERATION_ENDED))
    refill (charts);
}

static GtkWidget *
make_box (ErosDeployment *deployment, ErosElement *element, void (*fill) (Charts *charts))
{
  Charts *charts = g_new0 (Charts, 1);
  GClosure *closure = g_cclosure_new (G_CALLBACK (appended_cb), charts, charts_free);

  charts->deployment = g_object_ref (deployment);
  charts->element = g_object_ref (element);
  charts->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  charts->fill = fill;
  gtk_flow_box_set_selection_mode (charts->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (charts->box, 2);
  gtk_flow_box_set_homogeneous (charts->box, TRUE);
  gtk_flow_box_set_column_spacing (charts->box, 12);
  gtk_flow_box_set_row_spacing (charts->box, 12);
  g_object_watch_closure (G_OBJECT (charts->box), closure);
  g_signal_connect_closure (eros_deployment_get_journal (deployment), "appended", closure, TRUE);
  refill (charts);
  return GTK_WIDGET (charts->box);
}

/* ---- criteria ------------------------------------------------------------------------------------------ */

static GArray *
list_points (ErosDeployment *deployment, const ErosCriterion *criterion)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (ErosChartPoint));
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  double error = eros_measure_get_error (deployment);

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);
      ErosReading reading;

      if (eros_event_is (event, EROS_EVENT_STEP_ENDED) &&
          eros_measure_judge_event (event, criterion, error, &reading) != EROS_OUTCOME_NONE)
        g_array_append_vals (points,
                             &(ErosChartPoint){ (double) reading.when / G_USEC_PER_SEC, reading.value,
                                                reading.low, reading.high },
                             1);
    }
  return points;
}

static char *
time_of (const GArray *points, guint i)
{
  return eros_format_time ((gint64) g_array_index (points, ErosChartPoint, i).x * G_USEC_PER_SEC);
}

/* Between the rounds before and after it. */
static void
add_mark (ErosChart *chart, const GArray *points, gint64 time, const char *text)
{
  double seconds = (double) time / G_USEC_PER_SEC;
  guint i = 0;

  if (time == 0)
    return;
  while (i < points->len && g_array_index (points, ErosChartPoint, i).x < seconds)
    i++;
  eros_chart_add_mark (chart, CLAMP (i - 0.5, 0, points->len - 1), text);
}

static gboolean
is_change (const ErosCriterion *criterion)
{
  static const char *const metrics[] = { "performance-degradation", "cost-increase", "emv-improvement",
                                         NULL };

  return g_strv_contains (metrics, criterion->metric);
}

/* One place a round, as in the report: those of the first hours are as well seen as those of the last day. */
static ErosChart *
draw_curve (ErosDeployment *deployment, const ErosCriterion *criterion, const GArray *points)
{
  g_autofree char *limit =
    /* Translators: “< 10 %” */
    g_strdup_printf (_ ("limit %s %s %s"), criterion->op, criterion->threshold,
                     criterion->unit != NULL ? criterion->unit : "");
  g_autofree char *first = time_of (points, 0);
  g_autofree char *last = time_of (points, points->len - 1);
  g_autofree char *remark = g_strdup_printf (ngettext ("%u round", "%u rounds", points->len), points->len);
  g_autoptr (GArray) places = g_array_copy ((GArray *) points);
  ErosChart *chart;

  for (guint i = 0; i < places->len; i++)
    g_array_index (places, ErosChartPoint, i).x = i;
  chart = eros_chart_new_curve (criterion->text, remark, g_ascii_strtod (criterion->threshold, NULL), limit,
                                first, last, (const ErosChartPoint *) (gpointer) places->data, places->len);
  if (is_change (criterion))
    eros_chart_set_band (chart, -EROS_COMPARISON_MARGIN_PERCENT, EROS_COMPARISON_MARGIN_PERCENT);
  add_mark (chart, points, eros_timeline_get_end (deployment), _ ("deployed"));
  add_mark (chart, points, eros_deployment_get_operation_end (deployment, "rollback"), _ ("rolled back"));
  return chart;
}

static void
fill_criteria (Charts *charts)
{
  guint n;
  const ErosCriterion *criteria = eros_element_get_criteria (charts->element, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GArray) points = NULL;

      if (criteria[i].metric == NULL || criteria[i].threshold == NULL)
        continue;
      points = list_points (charts->deployment, &criteria[i]);
      if (points->len > 0)
        eros_chart_view_show (get_view (charts, criteria[i].text),
                              draw_curve (charts->deployment, &criteria[i], points), points,
                              criteria[i].unit);
    }
}

/**
 * eros_criteria_charts_new:
 * @deployment: the deployment
 * @element: its criteria
 *
 * Makes a chart for each criterion of @element that monitoring has read, and keeps them up to date.
 *
 * Returns: (transfer floating): the charts
 */
GtkWidget *
eros_criteria_charts_new (ErosDeployment *deployment, ErosElement *element)
{
  return make_box (deployment, element, fill_criteria);
}

/* ---- before and after ---------------------------------------------------------------------------------- */

static ErosChartPoint
point_of (const ErosComparedSide *side)
{
  return (ErosChartPoint){ NAN, side->value, side->value - side->spread, side->value + side->spread };
}

static void
add_bars (Charts *charts, const ErosMetricRow *metric, const ErosComparison *comparison)
{
  ErosChartPoint before = point_of (&comparison->before);
  ErosChartPoint after = point_of (&comparison->after);
  g_autofree char *verdict = eros_comparison_describe_verdict (comparison);
  g_autofree char *before_text = NULL;
  g_autofree char *after_text = NULL;
  g_autofree char *spoken = NULL;
  ErosChartView *view;

  if (!isfinite (before.value) || !isfinite (after.value))
    return;
  /* Translators: a number and its unit */
  before_text = g_strdup_printf (_ ("before %.4g %s"), before.value, metric->unit);
  after_text = g_strdup_printf (_ ("after %.4g %s"), after.value, metric->unit);
  spoken = g_strdup_printf ("%s: %s, %s, %s", metric->title, before_text, after_text, verdict);
  view = get_view (charts, metric->title);
  eros_chart_view_set_title (view, spoken);
  eros_chart_view_show (
    view, eros_chart_new_bars (metric->title, verdict, &before, before_text, &after, after_text), NULL,
    metric->unit);
}

/* Their numbers stand in the table above. */
static void
fill_comparison (Charts *charts)
{
  guint n;
  const ErosMetricRow *metrics = eros_element_get_metrics (charts->element, &n);
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (charts->deployment));
  g_autoptr (GPtrArray) list = eros_comparison_list (journal);

  for (guint i = 0; i < n; i++)
    {
      const ErosComparison *comparison = eros_comparison_find (list, metrics[i].id);

      if (comparison != NULL)
        add_bars (charts, &metrics[i], comparison);
    }
}

/**
 * eros_comparison_charts_new:
 * @deployment: the deployment
 * @element: its table of numbers before and after
 *
 * Makes a chart for each metric of @element that was measured before and after, and keeps them up to date.
 *
 * Returns: (transfer floating): the charts
 */
GtkWidget *
eros_comparison_charts_new (ErosDeployment *deployment, ErosElement *element)
{
  return make_box (deployment, element, fill_comparison);
}
