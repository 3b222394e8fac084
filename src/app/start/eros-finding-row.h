/* eros-finding-row.h: one thing that a connection test looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *eros_finding_row_new (gpointer finding, gpointer user_data);

G_END_DECLS
