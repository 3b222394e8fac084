/* eros-operation-row.h: work that the program does: what it will do, what it is at, what came out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_OPERATION_ROW (eros_operation_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosOperationRow, eros_operation_row, EROS, OPERATION_ROW, GtkListBoxRow)

GtkWidget *eros_operation_row_new (ErosSession *session, ErosElement *element);

G_END_DECLS
