/* eros-comparison-row.c: the table of numbers before and after
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-comparison-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-change.h"
#include "eros-comparison.h"
#include "eros-criteria-charts.h"
#include "eros-field-entry.h"
#include "eros-grid.h"

/* What the labels of a row show: computed from the two fields and the record whenever one of them changes. */
typedef struct
{
  ErosDeployment *deployment;
  char *metric; /* the row's id */
  char *before;
  char *after;
  gboolean lower_is_better;
  GtkLabel *before_span;
  GtkLabel *after_span;
  GtkLabel *label;
} Change;

static void
change_free (gpointer data, GClosure *closure)
{
  Change *change = data;

  g_object_unref (change->deployment);
  g_free (change->metric);
  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

static void
set_label (GtkLabel *label, const char *style, const char *text)
{
  const char *classes[] = { style, "numeric", NULL };

  gtk_label_set_text (label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (label), classes);
}

/* COMPARISON: (nullable): nothing is known */
static void
show_span (GtkLabel *label, const ErosComparison *comparison, const ErosComparedSide *side)
{
  static const char *const classes[] = { "caption", "dim-label", NULL };
  g_autofree char *value = comparison != NULL ? eros_comparison_describe_value (comparison, side) : NULL;
  g_autofree char *span = comparison != NULL ? eros_comparison_describe_span (comparison, side) : NULL;
  g_autofree char *text = comparison != NULL ? g_strdup_printf ("%s\n%s", value, span) : g_strdup ("");

  gtk_label_set_text (label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (label), (const char **) classes);
  gtk_widget_set_visible (GTK_WIDGET (label), comparison != NULL);
}

/* What was measured together, with its verdict. */
static void
show_verdict (Change *change, const ErosComparison *comparison)
{
  static const struct
  {
    const char *symbol;
    const char *style;
  } looks[] = {
    [EROS_VERDICT_UNKNOWN] = { "–", "dim-label" },
    [EROS_VERDICT_BETTER] = { "✔", "success" },
    [EROS_VERDICT_WORSE] = { "✘", "error" },
    [EROS_VERDICT_EQUIVALENT] = { "=", "dim-label" },
  };
  g_autofree char *verdict = eros_comparison_describe_verdict (comparison);
  g_autofree char *text = g_strdup_printf ("%s %s", looks[comparison->verdict].symbol, verdict);

  show_span (change->before_span, comparison, &comparison->before);
  show_span (change->after_span, comparison, &comparison->after);
  set_label (change->label, looks[comparison->verdict].style, text);
}

/* Numbers of which nobody knows how they spread: their difference may be chance. */
static void
show_difference (Change *change, const char *before, const char *after)
{
  gint64 tenths;
  ErosChange kind = eros_change_compute (before, after, change->lower_is_better, &tenths);
  /* Translators: a change in percent */
  g_autofree char *text = kind != EROS_CHANGE_UNKNOWN
                            ? g_strdup_printf (_ ("%+.1f %%, not measured together"), tenths / 10.0)
                            : g_strdup ("–");

  show_span (change->before_span, NULL, NULL);
  show_span (change->after_span, NULL, NULL);
  set_label (change->label, "dim-label", text);
}

static void
show_change (Change *change)
{
  const char *before = eros_deployment_get_value (change->deployment, change->before);
  const char *after = eros_deployment_get_value (change->deployment, change->after);
  g_autoptr (GPtrArray) list =
    eros_comparison_list (G_LIST_MODEL (eros_deployment_get_journal (change->deployment)));
  const ErosComparison *comparison = eros_comparison_find (list, change->metric);

  if (comparison != NULL && eros_comparison_is_about (comparison, before, after))
    show_verdict (change, comparison);
  else
    show_difference (change, before, after);
}

static void
value_changed_cb (ErosDeployment *deployment, const char *field_id, Change *change)
{
  if (g_str_equal (field_id, change->before) || g_str_equal (field_id, change->after))
    show_change (change);
}

/* What the comparison has found goes on record beside the numbers. */
static void
appended_cb (ErosJournal *journal, ErosEvent *event, Change *change)
{
  if (eros_event_is (event, EROS_EVENT_STEP_ENDED))
    show_change (change);
}

static void
follow (Change *change, GtkWidget *label)
{
  GClosure *closure = g_cclosure_new (G_CALLBACK (value_changed_cb), change, change_free);

  g_object_watch_closure (G_OBJECT (label), closure);
  g_signal_connect_closure (change->deployment, "field-changed", closure, FALSE);
  closure = g_cclosure_new (G_CALLBACK (appended_cb), change, NULL);
  g_object_watch_closure (G_OBJECT (label), closure);
  g_signal_connect_closure (eros_deployment_get_journal (change->deployment), "appended", closure, TRUE);
  show_change (change);
}

/* The field, and below it what is known of the number. */
static GtkLabel *
add_entry (ErosGrid *grid, ErosDeployment *deployment, const char *field_id, const char *name)
{
  ErosField *field = eros_runbook_find_field (eros_deployment_get_runbook (deployment), field_id);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *entry = field != NULL ? eros_field_entry_new (deployment, field) : gtk_label_new ("–");
  GtkWidget *label = gtk_label_new (NULL);

  if (field != NULL)
    {
      eros_field_entry_set_name (EROS_FIELD_ENTRY (entry), name);
      g_object_bind_property (entry, "message", entry, "tooltip-text", G_BINDING_SYNC_CREATE);
    }
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), label);
  eros_grid_add_widget (grid, box);
  return GTK_LABEL (label);
}

static void
add_row (ErosGrid *grid, ErosDeployment *deployment, const ErosMetricRow *metric)
{
  g_autofree char *before = g_strdup_printf (_ ("%s, before"), metric->title);
  g_autofree char *after = g_strdup_printf (_ ("%s, after"), metric->title);
  Change *change = g_new0 (Change, 1);
  GtkWidget *label;

  eros_grid_begin_row (grid);
  gtk_widget_set_hexpand (eros_grid_add_heading (grid, metric->title), TRUE);
  change->deployment = g_object_ref (deployment);
  change->metric = g_strdup (metric->id);
  change->before = g_strdup (metric->before);
  change->after = g_strdup (metric->after);
  change->lower_is_better = metric->lower_is_better;
  change->before_span = add_entry (grid, deployment, metric->before, before);
  change->after_span = add_entry (grid, deployment, metric->after, after);
  label = eros_grid_add_text (grid, "");
  change->label = GTK_LABEL (label);
  follow (change, label);
}

/**
 * eros_comparison_row_new:
 * @deployment: the deployment
 * @element: its table of numbers before and after
 *
 * Makes the table: what is measured, before, after, each with its spread and its span of time, and the
 * verdict, which shows in a symbol, words and a colour.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_comparison_row_new (ErosDeployment *deployment, ErosElement *element)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autoptr (ErosGrid) grid = eros_grid_new ();
  guint n;
  const ErosMetricRow *metrics = eros_element_get_metrics (element, &n);

  eros_grid_add_column (grid, _ ("Metric"));
  eros_grid_add_column (grid, _ ("Before"));
  eros_grid_add_column (grid, _ ("After"));
  eros_grid_add_column (grid, _ ("Change"));
  for (guint i = 0; i < n; i++)
    add_row (grid, deployment, &metrics[i]);
  gtk_box_append (GTK_BOX (box), eros_grid_end (grid));
  gtk_box_append (GTK_BOX (box), eros_comparison_charts_new (deployment, element));
  gtk_widget_add_css_class (box, "eros-content");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  eros_accessible_set_name (row, eros_element_get_label (element));
  return row;
}
