/* eros-criteria-row.c: the criteria of success or of a rollback, and whether they are met
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-criteria-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-criteria-charts.h"
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

static gboolean
changes_criteria (ErosEvent *event)
{
  static const char *const kinds[] = { EROS_EVENT_STEP_ENDED,          EROS_EVENT_CRITERION_DECIDED,
                                       EROS_EVENT_CRITERION_CONTINUED, EROS_EVENT_OPERATION_ENDED,
                                       EROS_EVENT_OPERATION_RESUMED,   NULL };

  return g_strv_contains (kinds, eros_event_get_kind (event));
}

static void
appended_cb (ErosJournal *journal, ErosEvent *event, Row *row)
{
  if (changes_criteria (event))
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

/* ---- what is reached ----------------------------------------------------------------------------------- */

/* An alert a criterion that is reached, until somebody rolls back or goes on. */
typedef struct
{
  ErosDeployment *deployment;
  ErosElement *element;
  GtkBox *box;
} Alerts;

static void
alerts_free (gpointer data, GClosure *closure)
{
  Alerts *alerts = data;

  g_object_unref (alerts->deployment);
  g_object_unref (alerts->element);
  g_free (alerts);
}

static void
add_button (GtkWidget *line, const char *label, const char *action, const char *target)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  eros_accessible_name_all (button);
  gtk_box_append (GTK_BOX (line), button);
}

static void
add_alert (Alerts *alerts, const ErosCriterionState *state)
{
  GtkWidget *alert = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *text =
    /* Translators: a criterion; what is known of it */
    g_strdup_printf (_ ("Reached: %s (%s)"), state->criterion->text, state->text);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (alert), label);
  add_button (buttons, _ ("Roll _Back…"), "win.rollback", NULL);
  add_button (buttons, _ ("Continue _Anyway…"), "win.continue", state->criterion->id);
  gtk_box_append (GTK_BOX (alert), buttons);
  gtk_widget_add_css_class (alert, "eros-banner");
  eros_accessible_set_name (alert, text);
  gtk_box_append (alerts->box, alert);
}

static void
show_alerts (Alerts *alerts)
{
  guint n;
  const ErosCriterion *criteria = eros_element_get_criteria (alerts->element, &n);
  gboolean is_over = eros_deployment_get_result (alerts->deployment) == EROS_RESULT_ROLLED_BACK;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (alerts->box))) != NULL)
    gtk_box_remove (alerts->box, child);
  for (guint i = 0; i < n && !is_over; i++)
    {
      g_autoptr (ErosCriterionState) state = eros_criterion_state_new (alerts->deployment, &criteria[i]);

      if (state->verdict == EROS_CRITERION_REACHED && state->continued == NULL)
        add_alert (alerts, state);
    }
  gtk_widget_set_visible (GTK_WIDGET (alerts->box),
                          gtk_widget_get_first_child (GTK_WIDGET (alerts->box)) != NULL);
}

static void
alerts_appended_cb (ErosJournal *journal, ErosEvent *event, Alerts *alerts)
{
  if (changes_criteria (event))
    show_alerts (alerts);
}

static GtkWidget *
make_alerts (ErosDeployment *deployment, ErosElement *element)
{
  Alerts *alerts = g_new0 (Alerts, 1);
  GClosure *closure = g_cclosure_new (G_CALLBACK (alerts_appended_cb), alerts, alerts_free);

  alerts->deployment = g_object_ref (deployment);
  alerts->element = g_object_ref (element);
  alerts->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  g_object_watch_closure (G_OBJECT (alerts->box), closure);
  g_signal_connect_closure (eros_deployment_get_journal (deployment), "appended", closure, TRUE);
  show_alerts (alerts);
  return GTK_WIDGET (alerts->box);
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
  gtk_box_append (GTK_BOX (box), make_alerts (deployment, element));
  gtk_box_append (GTK_BOX (box), eros_grid_end (grid));
  gtk_box_append (GTK_BOX (box), eros_criteria_charts_new (deployment, element));
  gtk_widget_add_css_class (box, "eros-content");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  eros_accessible_set_name (row, eros_element_get_label (element));
  return row;
}
