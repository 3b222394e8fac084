/* eros-operation-row.h: work that the program does, or says what it needs for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-session.h"

G_BEGIN_DECLS

GtkWidget *eros_operation_row_new (ErosSession *session,
                                   ErosElement *element);

G_END_DECLS
