/* eros-reading-row.h: elements of the runbook that are only read: text, list, table, command
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-element.h"

G_BEGIN_DECLS

GtkWidget *eros_reading_row_new (ErosElement *element);

G_END_DECLS
