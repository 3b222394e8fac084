/* eros-criteria-row.c: the criteria of success or of a rollback, and whether they are met
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-criteria-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-grid.h"

static void
set_verdict (GtkLabel *label, const char *text, const char *style)
{
  const char *classes[] = { style, NULL };

  gtk_label_set_text (label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (label), classes);
}

/* A criterion that a check box of the runbook repeats is met when that box is ticked. */
static void
show_verdict (ErosItem *item, GParamSpec *pspec, GtkLabel *label)
{
  if (eros_item_is_failing (item))
    set_verdict (label, _ ("✘ Not met"), "error");
  else if (eros_item_get_mark (item) == EROS_ITEM_TICKED)
    set_verdict (label, _ ("✔ Met"), "success");
  else if (eros_item_get_mark (item) == EROS_ITEM_NOT_APPLICABLE)
    set_verdict (label, _ ("Not applicable"), "dim-label");
  else
    set_verdict (label, _ ("Not decided yet"), "dim-label");
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
  GtkWidget *label = eros_grid_add_text (grid, "");
  ErosItem *item = criterion->check != NULL ? eros_deployment_get_item (deployment, criterion->check) : NULL;

  if (item == NULL)
    {
      set_verdict (GTK_LABEL (label),
                   criterion->metric != NULL ? _ ("Not measured yet") : _ ("Not decided yet"), "dim-label");
      return;
    }
  g_signal_connect_object (item, "notify", G_CALLBACK (show_verdict), label, 0);
  show_verdict (item, NULL, GTK_LABEL (label));
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
