/* eros-criteria-row.c: the criteria of success or of a rollback, and whether they are met
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-criteria-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-format.h"
#include "eros-grid.h"
#include "eros-measure.h"

static void
set_verdict (GtkLabel *label, const char *text, const char *style)
{
  const char *classes[] = { style, NULL };

  gtk_label_set_text (label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (label), classes);
}

/* What the two last cells of a row are made of. */
typedef struct
{
  ErosDeployment *deployment;
  const ErosCriterion *criterion; /* the runbook's, which the deployment keeps alive */
  ErosItem *item;                 /* (nullable): the box that repeats it */
  GtkLabel *now;
  GtkLabel *verdict;
} Row;

static void
row_free (gpointer data, GClosure *closure)
{
  Row *row = data;

  g_object_unref (row->deployment);
  g_free (row);
}

/* A criterion that no box repeats is one to roll back by; the others are to be met. */
static void
judge (Row *row, gboolean holds)
{
  if (row->item != NULL)
    set_verdict (row->verdict, holds ? _ ("✔ Met") : _ ("✘ Not met"), holds ? "success" : "error");
  else
    set_verdict (row->verdict, holds ? _ ("✘ Reached: roll back") : _ ("✔ Not reached"),
                 holds ? "error" : "success");
}

static void
show_now (Row *row, gboolean known, double value, gint64 when)
{
  const char *unit = row->criterion->unit != NULL ? row->criterion->unit : "";
  g_autofree char *text = known ? g_strdup_printf ("%'.4g %s", value, unit) : g_strdup ("–");
  g_autofree char *time = known ? eros_format_time (when) : NULL;
  g_autofree char *tooltip = known ? g_strdup_printf (_ ("Measured %s"), time) : NULL;

  gtk_label_set_text (row->now, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->now), tooltip);
}

/* Nobody's mark makes what the machine has measured good; where it has not, a person's counts. */
static void
show_row (Row *row)
{
  const char *metric =
    row->criterion->op != NULL && row->criterion->threshold != NULL ? row->criterion->metric : NULL;
  double value = 0;
  gint64 when = 0;
  ErosOutcome outcome =
    metric != NULL ? eros_measure_judge (row->deployment, row->criterion, &value, &when) : EROS_OUTCOME_NONE;
  gboolean known = outcome != EROS_OUTCOME_NONE;

  show_now (row, known, value, when);
  if (row->item != NULL && eros_item_get_mark (row->item) != EROS_ITEM_OPEN &&
      (eros_item_is_failing (row->item) || outcome == EROS_OUTCOME_FAIL))
    set_verdict (row->verdict, _ ("✘ Not met, although it is marked"), "error");
  else if (row->item != NULL && eros_item_is_failing (row->item))
    set_verdict (row->verdict, _ ("✘ Not met"), "error");
  else if (row->item != NULL && eros_item_get_mark (row->item) == EROS_ITEM_TICKED)
    set_verdict (row->verdict, _ ("✔ Met"), "success");
  else if (row->item != NULL && eros_item_get_mark (row->item) == EROS_ITEM_NOT_APPLICABLE)
    set_verdict (row->verdict, _ ("Not applicable"), "dim-label");
  else if (outcome == EROS_OUTCOME_NOT_ENOUGH)
    set_verdict (row->verdict, _ ("Not enough to say"), "dim-label");
  else if (known)
    judge (row, outcome == EROS_OUTCOME_PASS);
  else
    set_verdict (row->verdict, metric != NULL ? _ ("Not enough data yet") : _ ("Not decided yet"),
                 "dim-label");
}

static void
appended_cb (ErosJournal *journal, ErosEvent *event, Row *row)
{
  if (g_str_equal (eros_event_get_kind (event), "step.ended"))
    show_row (row);
}

static void
item_cb (ErosItem *item, GParamSpec *pspec, Row *row)
{
  show_row (row);
}

static char *
limit (const ErosCriterion *criterion)
{
  const char *op = criterion->op;

  if (op == NULL || criterion->threshold == NULL)
    return g_strdup (_ ("A person judges"));
  if (g_str_equal (op, ">="))
    op = "≥";
  else if (g_str_equal (op, "<="))
    op = "≤";
  return g_strdup_printf ("%s %s %s", op, criterion->threshold,
                          criterion->unit != NULL ? criterion->unit : "");
}

static void
add_verdict (ErosGrid *grid, ErosDeployment *deployment, const ErosCriterion *criterion)
{
  Row *row = g_new0 (Row, 1);
  GClosure *closure;

  row->deployment = g_object_ref (deployment);
  row->criterion = criterion;
  row->item = criterion->check != NULL ? eros_deployment_get_item (deployment, criterion->check) : NULL;
  row->now = GTK_LABEL (eros_grid_add_text (grid, ""));
  row->verdict = GTK_LABEL (eros_grid_add_text (grid, ""));
  closure = g_cclosure_new (G_CALLBACK (appended_cb), row, row_free);
  g_object_watch_closure (G_OBJECT (row->verdict), closure);
  g_signal_connect_closure (eros_deployment_get_journal (deployment), "appended", closure, TRUE);
  if (row->item != NULL)
    {
      closure = g_cclosure_new (G_CALLBACK (item_cb), row, NULL);
      g_object_watch_closure (G_OBJECT (row->verdict), closure);
      g_signal_connect_closure (row->item, "notify", closure, FALSE);
    }
  show_row (row);
}

/**
 * eros_criteria_row_new:
 * @deployment: the deployment
 * @element: its criteria
 *
 * Makes the table of criteria with their limits and verdicts.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_criteria_row_new (ErosDeployment *deployment, ErosElement *element)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *heading = gtk_label_new (eros_element_get_label (element));
  g_autoptr (ErosGrid) grid = eros_grid_new ();
  guint n;
  const ErosCriterion *criteria = eros_element_get_criteria (element, &n);

  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_label_set_wrap (GTK_LABEL (heading), TRUE);
  gtk_widget_add_css_class (heading, "heading");
  eros_grid_add_column (grid, _ ("Criterion"));
  eros_grid_add_column (grid, _ ("Limit"));
  eros_grid_add_column (grid, _ ("Now"));
  eros_grid_add_column (grid, _ ("Verdict"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = limit (&criteria[i]);

      eros_grid_begin_row (grid);
      gtk_widget_set_hexpand (eros_grid_add_text (grid, criteria[i].text), TRUE);
      eros_grid_add_text (grid, number);
      add_verdict (grid, deployment, &criteria[i]);
    }
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), eros_grid_end (grid));
  gtk_widget_add_css_class (box, "eros-content");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  eros_accessible_set_name (row, eros_element_get_label (element));
  return row;
}
