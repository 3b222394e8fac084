/* eros-comparison-row.c: the table of numbers before and after
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-comparison-row.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-change.h"
#include "eros-field-entry.h"
#include "eros-grid.h"
#include "eros-measure.h"

/* What the last cell of a row shows: computed from the two fields whenever one of them changes. */
typedef struct
{
  ErosDeployment *deployment;
  char *metric; /* as the comparison names it */
  char *before;
  char *after;
  gboolean lower_is_better;
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
show_change (Change *change)
{
  static const struct
  {
    const char *symbol;
    const char *style;
    const char *text;
  } looks[] = {
    [EROS_CHANGE_UNKNOWN] = { "–", "dim-label", N_ ("not known") },
    [EROS_CHANGE_BETTER] = { "✔", "success", N_ ("better") },
    [EROS_CHANGE_WORSE] = { "✘", "error", N_ ("worse") },
    [EROS_CHANGE_SAME] = { "=", "dim-label", N_ ("the same") },
  };
  const char *before = eros_deployment_get_value (change->deployment, change->before);
  const char *after = eros_deployment_get_value (change->deployment, change->after);
  gint64 tenths;
  ErosChange kind = eros_change_compute (before, after, change->lower_is_better, &tenths);
  const char *classes[] = { looks[kind].style, "numeric", NULL };
  g_autofree char *text = NULL;

  if (kind == EROS_CHANGE_UNKNOWN)
    text = g_strdup (looks[kind].symbol);
  else if (eros_measure_is_noise (change->deployment, change->metric))
    {
      classes[0] = "dim-label";
      /* Translators: a change in percent that chance explains */
      text = g_strdup_printf (_ ("≈ %+.1f %% within the noise"), tenths / 10.0);
    }
  else
    /* Translators: symbol, change in percent, “better” or “worse” */
    text = g_strdup_printf (_ ("%s %+.1f %% %s"), looks[kind].symbol, tenths / 10.0, _ (looks[kind].text));
  gtk_label_set_text (change->label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (change->label), classes);
}

static void
value_changed_cb (ErosDeployment *deployment, const char *field_id, Change *change)
{
  if (g_str_equal (field_id, change->before) || g_str_equal (field_id, change->after))
    show_change (change);
}

/* What the comparison has found goes on record after the numbers. */
static void
appended_cb (ErosJournal *journal, ErosEvent *event, Change *change)
{
  if (g_str_equal (eros_event_get_kind (event), "step.ended"))
    show_change (change);
}

static void
add_change (ErosGrid *grid, ErosDeployment *deployment, const ErosMetricRow *metric)
{
  Change *change = g_new0 (Change, 1);
  GtkWidget *label = eros_grid_add_text (grid, "");
  GClosure *closure;

  change->deployment = g_object_ref (deployment);
  change->metric = g_strdup (strrchr (metric->id, '.') != NULL ? strrchr (metric->id, '.') + 1 : metric->id);
  change->before = g_strdup (metric->before);
  change->after = g_strdup (metric->after);
  change->lower_is_better = metric->lower_is_better;
  change->label = GTK_LABEL (label);
  closure = g_cclosure_new (G_CALLBACK (value_changed_cb), change, change_free);
  g_object_watch_closure (G_OBJECT (label), closure);
  g_signal_connect_closure (deployment, "field-changed", closure, FALSE);
  closure = g_cclosure_new (G_CALLBACK (appended_cb), change, NULL);
  g_object_watch_closure (G_OBJECT (label), closure);
  g_signal_connect_closure (eros_deployment_get_journal (deployment), "appended", closure, TRUE);
  show_change (change);
}

static void
add_entry (ErosGrid *grid, ErosDeployment *deployment, const char *field_id, const char *name)
{
  ErosField *field = eros_runbook_find_field (eros_deployment_get_runbook (deployment), field_id);
  GtkWidget *entry;

  if (field == NULL)
    {
      eros_grid_add_text (grid, "–");
      return;
    }
  entry = eros_field_entry_new (deployment, field);
  eros_field_entry_set_name (EROS_FIELD_ENTRY (entry), name);
  g_object_bind_property (entry, "message", entry, "tooltip-text", G_BINDING_SYNC_CREATE);
  eros_grid_add_widget (grid, entry);
}

/**
 * eros_comparison_row_new:
 * @deployment: the deployment
 * @element: its table of numbers before and after
 *
 * Makes the table: what is measured, before, after, and the change, whose direction shows in a symbol, a word
 * and a colour.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_comparison_row_new (ErosDeployment *deployment, ErosElement *element)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *table;
  g_autoptr (ErosGrid) grid = eros_grid_new ();
  guint n;
  const ErosMetricRow *metrics = eros_element_get_metrics (element, &n);

  eros_grid_add_column (grid, _ ("Metric"));
  eros_grid_add_column (grid, _ ("Before"));
  eros_grid_add_column (grid, _ ("After"));
  eros_grid_add_column (grid, _ ("Change"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *before = g_strdup_printf (_ ("%s, before"), metrics[i].title);
      g_autofree char *after = g_strdup_printf (_ ("%s, after"), metrics[i].title);

      eros_grid_begin_row (grid);
      gtk_widget_set_hexpand (eros_grid_add_heading (grid, metrics[i].title), TRUE);
      add_entry (grid, deployment, metrics[i].before, before);
      add_entry (grid, deployment, metrics[i].after, after);
      add_change (grid, deployment, &metrics[i]);
    }
  table = eros_grid_end (grid);
  gtk_widget_add_css_class (table, "eros-content");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), table);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  eros_accessible_set_name (row, eros_element_get_label (element));
  return row;
}
