/* eros-connection-row.h: a connection that was set up: sign in and out, try it, remove it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-connection.h"

G_BEGIN_DECLS

/* Signal: "removed", when the settings do not hold it any more. */
#define EROS_TYPE_CONNECTION_ROW (eros_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosConnectionRow, eros_connection_row, EROS, CONNECTION_ROW, AdwExpanderRow)

GtkWidget *eros_connection_row_new (ErosConnection *connection);

G_END_DECLS
