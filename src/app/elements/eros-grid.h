/* eros-grid.h: fills a table of short texts cell by cell
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _ErosGrid ErosGrid;

ErosGrid  *eros_grid_new (void);
void       eros_grid_free (ErosGrid *self);
void       eros_grid_add_column (ErosGrid *self, const char *title);
void       eros_grid_begin_row (ErosGrid *self);
GtkWidget *eros_grid_add_heading (ErosGrid *self, const char *text);
GtkWidget *eros_grid_add_text (ErosGrid *self, const char *text);
void       eros_grid_skip (ErosGrid *self);
void       eros_grid_add_widget (ErosGrid *self, GtkWidget *widget);
GtkWidget *eros_grid_end (ErosGrid *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosGrid, eros_grid_free)

G_END_DECLS
