/* eros-criteria-row.c: the criteria of success or of a rollback, and whether they are met
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-criteria-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-criteria.h"
#include "eros-format.h"
#include "eros-grid.h"

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

static const char *
style_of (ErosCriterionVerdict verdict)
{
  switch (verdict)
    {
    case EROS_CRITERION_MET:
    case EROS_CRITERION_NOT_REACHED:
      return "success";
    case EROS_CRITERION_NOT_MET:
    case EROS_CRITERION_NOT_MET_THOUGH_MARKED:
    case EROS_CRITERION_REACHED:
      return "error";
    case EROS_CRITERION_NOT_ENOUGH:
    case EROS_CRITERION_NOT_DECIDED:
    case EROS_CRITERION_NOT_APPLICABLE:
    default:
      return "dim-label";
    }
}

static char *
describe (const ErosCriterionState *state)
{
  if (state->text != NULL && state->fact != NULL)
    return g_strdup_printf ("%s\n%s", state->text, state->fact);
  return g_strdup (state->text != NULL ? state->text : state->fact != NULL ? state->fact : "–");
}

static void
show_row (Row *row)
{
  g_autoptr (ErosCriterionState) state = eros_criterion_state_new (row->deployment, row->criterion);
  g_autofree char *text = describe (state);
  g_autofree char *verdict = g_strconcat (eros_criterion_verdict_get_symbol (state->verdict),
                                          eros_criterion_verdict_to_label (state->verdict), NULL);
  g_autofree char *time = state->is_measured ? eros_format_time (state->reading.when) : NULL;
  g_autofree char *tooltip = time != NULL ? g_strdup_printf (_ ("Measured %s"), time) : NULL;

  gtk_label_set_text (row->now, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->now), tooltip);
  set_verdict (row->verdict, verdict, style_of (state->verdict));
}

static void
appended_cb (ErosJournal *journal, ErosEvent *event, Row *row)
{
  static const char *const kinds[] = { "step.ended", "criterion.decided", "operation.ended",
                                       "operation.resumed", NULL };

  if (g_strv_contains (kinds, eros_event_get_kind (event)))
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
  ErosItem *box = criterion->check != NULL ? eros_deployment_get_item (deployment, criterion->check) : NULL;
  GClosure *closure;

  row->deployment = g_object_ref (deployment);
  row->criterion = criterion;
  row->now = GTK_LABEL (eros_grid_add_text (grid, ""));
  row->verdict = GTK_LABEL (eros_grid_add_text (grid, ""));
  closure = g_cclosure_new (G_CALLBACK (appended_cb), row, row_free);
  g_object_watch_closure (G_OBJECT (row->verdict), closure);
  g_signal_connect_closure (eros_deployment_get_journal (deployment), "appended", closure, TRUE);
  if (box != NULL)
    {
      closure = g_cclosure_new (G_CALLBACK (item_cb), row, NULL);
      g_object_watch_closure (G_OBJECT (row->verdict), closure);
      g_signal_connect_closure (box, "notify", closure, FALSE);
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
