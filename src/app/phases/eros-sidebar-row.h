/* eros-sidebar-row.h: a page in the sidebar, with its state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-situation.h"

G_BEGIN_DECLS

#define EROS_TYPE_SIDEBAR_ROW (eros_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosSidebarRow, eros_sidebar_row, EROS, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget  *eros_sidebar_row_new (const char *page, const char *title, const char *icon_name);
GtkWidget  *eros_sidebar_row_new_phase (ErosSituation *situation, ErosPhaseProgress *progress);
const char *eros_sidebar_row_get_page (ErosSidebarRow *self);

G_END_DECLS
