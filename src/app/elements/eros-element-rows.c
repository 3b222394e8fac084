/* eros-element-rows.c: the widgets of one element of the runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-element-rows.h"

#include "eros-check-row.h"
#include "eros-comparison-row.h"
#include "eros-criteria-row.h"
#include "eros-evidence-row.h"
#include "eros-field-row.h"
#include "eros-operation-row.h"
#include "eros-reading-row.h"
#include "eros-schedule-row.h"
#include "eros-sign-off-row.h"
#include "eros-template-row.h"

static void
append_fields (GtkListBox *list, ErosDeployment *deployment, ErosElement *element, gboolean nested)
{
  GListModel *fields = eros_element_get_fields (element);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);

      gtk_list_box_append (list, eros_field_row_new (deployment, field, nested));
    }
}

static void
append_check (GtkListBox *list, ErosSession *session, ErosElement *element)
{
  ErosDeployment *deployment = eros_session_get_deployment (session);
  ErosItem *item = eros_deployment_get_item (deployment, eros_element_get_id (element));
  GtkWidget *row = eros_check_row_new (deployment, item);

  gtk_list_box_append (list, row);
  gtk_list_box_append (list, eros_evidence_row_new (session, EROS_CHECK_ROW (row)));
  append_fields (list, deployment, element, TRUE);
}

static void
append_form (GtkListBox *list, ErosDeployment *deployment, ErosElement *element)
{
  gtk_list_box_append (list, eros_reading_row_new (element));
  append_fields (list, deployment, element, TRUE);
}

static void
append_sign_off (GtkListBox *list, ErosDeployment *deployment, ErosElement *element)
{
  ErosItem *item = eros_deployment_get_item (deployment, eros_element_get_id (element));

  gtk_list_box_append (list, eros_sign_off_row_new (deployment, item));
}

#define PLACE "eros-place" /* of a row: the id of its element */

/* The first row after BEFORE shows ELEMENT. */
static void
mark_rows (GtkListBox *list, GtkWidget *before, ErosElement *element)
{
  GtkWidget *row =
    before != NULL ? gtk_widget_get_next_sibling (before) : gtk_widget_get_first_child (GTK_WIDGET (list));

  if (row != NULL)
    g_object_set_data_full (G_OBJECT (row), PLACE, g_strdup (eros_element_get_id (element)), g_free);
}

/**
 * eros_element_rows_find:
 * @root: a page, or what is on it
 * @id: an element
 *
 * Returns: (transfer none) (nullable): the row that shows the element
 */
GtkWidget *
eros_element_rows_find (GtkWidget *root, const char *id)
{
  if (g_strcmp0 (g_object_get_data (G_OBJECT (root), PLACE), id) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = eros_element_rows_find (child, id);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/**
 * eros_element_rows_append:
 * @list: a boxed list
 * @session: the open deployment
 * @element: an element of its runbook
 *
 * Appends what shows @element: one widget for each kind of element, and a row for each of its fields.
 */
void
eros_element_rows_append (GtkListBox *list, ErosSession *session, ErosElement *element)
{
  ErosDeployment *deployment = eros_session_get_deployment (session);
  GtkWidget *before = gtk_widget_get_last_child (GTK_WIDGET (list));

  switch (eros_element_get_kind (element))
    {
    case EROS_ELEMENT_CHECK:
      if (eros_element_wants_signature (element))
        append_sign_off (list, deployment, element);
      else
        append_check (list, session, element);
      break;
    case EROS_ELEMENT_FORM:
      append_form (list, deployment, element);
      break;
    case EROS_ELEMENT_SIGN_OFF:
      append_sign_off (list, deployment, element);
      break;
    case EROS_ELEMENT_TEMPLATE:
      gtk_list_box_append (list, eros_template_row_new (deployment, element));
      break;
    case EROS_ELEMENT_COMPARISON:
      gtk_list_box_append (list, eros_comparison_row_new (deployment, element));
      break;
    case EROS_ELEMENT_SCHEDULE:
      gtk_list_box_append (list, eros_schedule_row_new (deployment, element));
      break;
    case EROS_ELEMENT_CRITERIA:
      gtk_list_box_append (list, eros_criteria_row_new (deployment, element));
      break;
    case EROS_ELEMENT_OPERATION:
      gtk_list_box_append (list, eros_operation_row_new (session, element));
      break;
    case EROS_ELEMENT_TEXT:
    case EROS_ELEMENT_LIST:
    case EROS_ELEMENT_COMMAND:
    case EROS_ELEMENT_TABLE:
    default:
      gtk_list_box_append (list, eros_reading_row_new (element));
      break;
    }
  mark_rows (list, before, element);
}
