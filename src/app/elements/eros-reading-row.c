/* eros-reading-row.c: elements of the runbook that are only read: text, list, table, command
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-reading-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-code-view.h"
#include "eros-format.h"
#include "eros-grid.h"

static GtkWidget *
make_label (const char *text)
{
  g_autofree char *markup = eros_format_code_markup (text);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  return label;
}

static void
add_heading (GtkBox *box, ErosElement *element)
{
  const char *text = eros_element_get_label (element);
  GtkWidget *label;

  if (text == NULL || text[0] == '\0')
    return;
  label = make_label (text);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (box, label);
}

static void
add_list (GtkBox *box, ErosElement *element)
{
  const char *const *items = eros_element_get_items (element);
  gboolean numbered = eros_element_get_is_numbered (element);
  g_autoptr (ErosGrid) grid = eros_grid_new ();

  add_heading (box, element);
  for (guint i = 0; items != NULL && items[i] != NULL; i++)
    {
      g_autofree char *mark = numbered ? g_strdup_printf ("%u.", i + 1) : g_strdup ("•");
      GtkWidget *label = make_label (items[i]);

      gtk_widget_set_hexpand (label, TRUE);
      eros_grid_begin_row (grid);
      eros_grid_add_heading (grid, mark);
      eros_grid_add_widget (grid, label);
    }
  gtk_box_append (box, eros_grid_end (grid));
}

static void
add_table (GtkBox *box, ErosElement *element)
{
  const char *const *columns = eros_element_get_columns (element);
  GPtrArray *rows = eros_element_get_rows (element);
  g_autoptr (ErosGrid) grid = eros_grid_new ();

  add_heading (box, element);
  for (guint i = 0; columns != NULL && columns[i] != NULL; i++)
    eros_grid_add_column (grid, columns[i]);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      char **cells = g_ptr_array_index (rows, i);

      eros_grid_begin_row (grid);
      for (guint j = 0; cells[j] != NULL; j++)
        if (*cells[j] != '\0')
          eros_grid_add_text (grid, cells[j]);
        else
          eros_grid_skip (grid);
    }
  gtk_box_append (box, eros_grid_end (grid));
}

static void
add_command (GtkBox *box, ErosElement *element)
{
  const char *text = eros_element_get_text (element);
  const char *label = eros_element_get_label (element);

  if (g_strcmp0 (text, label) != 0)
    add_heading (box, element);
  gtk_box_append (box, eros_code_view_new (text, eros_element_get_language (element)));
}

static void
add_hint (GtkBox *box, ErosElement *element)
{
  const char *hint = eros_element_get_hint (element);
  GtkWidget *label;

  if (hint == NULL)
    return;
  label = make_label (hint);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (box, label);
}

/**
 * eros_reading_row_new:
 * @element: a text, list, table or command
 *
 * Makes the row of an element that there is nothing to do with but to read it, or to copy it.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_reading_row_new (ErosElement *element)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  const char *label = eros_element_get_label (element);

  switch ((int) eros_element_get_kind (element))
    {
    case EROS_ELEMENT_LIST:
      add_list (GTK_BOX (box), element);
      break;
    case EROS_ELEMENT_TABLE:
      add_table (GTK_BOX (box), element);
      break;
    case EROS_ELEMENT_COMMAND:
      add_command (GTK_BOX (box), element);
      break;
    case EROS_ELEMENT_FORM:
      add_heading (GTK_BOX (box), element);
      break;
    default:
      gtk_box_append (GTK_BOX (box), make_label (eros_element_get_text (element)));
    }
  add_hint (GTK_BOX (box), element);
  gtk_widget_add_css_class (box, "eros-content");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  eros_accessible_set_name (row, label != NULL && label[0] != '\0' ? label : eros_element_get_text (element));
  return row;
}
