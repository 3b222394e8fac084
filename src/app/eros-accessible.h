/* eros-accessible.h: names for those who hear the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void eros_accessible_set_name (GtkWidget *widget, const char *name);
void eros_accessible_set_description (GtkWidget *widget, const char *text);
void eros_accessible_describe (GtkWidget *widget, const char *text, gboolean invalid);
void eros_accessible_show_page (GtkStack *stack, GtkWidget *page);
void eros_accessible_name_all (GtkWidget *widget);

G_END_DECLS
