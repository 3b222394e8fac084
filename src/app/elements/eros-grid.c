/* eros-grid.c: fills a table of short texts cell by cell
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-grid.h"
#include "eros-compat.h"

struct _ErosGrid
{
  GtkGrid *grid;
  int column;
  int row;
};

/**
 * eros_grid_new:
 *
 * Starts a table. Columns with titles come first, then its rows, each cell after the other.
 *
 * Returns: (transfer full): the table in the making
 */
ErosGrid *
eros_grid_new (void)
{
  ErosGrid *self = g_new0 (ErosGrid, 1);

  /* A role is given when the widget is made, and never changed. */
  self->grid =
    g_object_ref_sink (g_object_new (GTK_TYPE_GRID, "accessible-role", GTK_ACCESSIBLE_ROLE_TABLE, NULL));
  gtk_grid_set_column_spacing (self->grid, 18);
  gtk_grid_set_row_spacing (self->grid, 6);
  return self;
}

/**
 * eros_grid_free:
 * @self: a table in the making
 *
 * Ends the making; the widget lives on where eros_grid_end () put it.
 */
void
eros_grid_free (ErosGrid *self)
{
  g_object_unref (self->grid);
  g_free (self);
}

/**
 * eros_grid_add_widget:
 * @self: a table in the making
 * @widget: (transfer floating): what the next cell holds
 *
 * Fills the next cell of the row.
 */
void
eros_grid_add_widget (ErosGrid *self, GtkWidget *widget)
{
  gtk_grid_attach (self->grid, widget, self->column++, self->row, 1, 1);
}

/**
 * eros_grid_skip:
 * @self: a table in the making
 *
 * Leaves the next cell of the row empty: a label without a text would be heard by the name of its class.
 */
void
eros_grid_skip (ErosGrid *self)
{
  self->column++;
}

static GtkWidget *
add_label (ErosGrid *self, const char *text, const char *style, GtkAccessibleRole role)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "accessible-role", role, NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_valign (label, EROS_COMPAT_ALIGN_BASELINE);
  gtk_widget_add_css_class (label, style);
  eros_grid_add_widget (self, label);
  return label;
}

/**
 * eros_grid_add_column:
 * @self: a table in the making
 * @title: what stands above the column
 *
 * Adds a column.
 */
void
eros_grid_add_column (ErosGrid *self, const char *title)
{
  add_label (self, title, "caption-heading", GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);
}

/**
 * eros_grid_begin_row:
 * @self: a table in the making
 *
 * Starts the next row.
 */
void
eros_grid_begin_row (ErosGrid *self)
{
  if (self->column > 0)
    self->row++;
  self->column = 0;
}

/**
 * eros_grid_add_heading:
 * @self: a table in the making
 * @text: what the row is about
 *
 * Fills the next cell with the name of the row.
 *
 * Returns: (transfer none): the label
 */
GtkWidget *
eros_grid_add_heading (ErosGrid *self, const char *text)
{
  return add_label (self, text, "dim-label", GTK_ACCESSIBLE_ROLE_ROW_HEADER);
}

/**
 * eros_grid_add_text:
 * @self: a table in the making
 * @text: the cell's text
 *
 * Fills the next cell with a text.
 *
 * Returns: (transfer none): the label
 */
GtkWidget *
eros_grid_add_text (ErosGrid *self, const char *text)
{
  return add_label (self, text, "numeric", GTK_ACCESSIBLE_ROLE_CELL);
}

/**
 * eros_grid_end:
 * @self: a table in the making
 *
 * Returns: (transfer none): the table, to be put into a container
 */
GtkWidget *
eros_grid_end (ErosGrid *self)
{
  /* Named by what stands in its first cell, unless its maker knows better. */
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  gtk_grid_get_child_at (self->grid, 0, 0), NULL, -1);
  return GTK_WIDGET (self->grid);
}
