/* eros-element-rows.h: the widgets of one element of the runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-session.h"

G_BEGIN_DECLS

void eros_element_rows_append (GtkListBox *list, ErosSession *session, ErosElement *element);

GtkWidget *eros_element_rows_find (GtkWidget *root, const char *id);

G_END_DECLS
