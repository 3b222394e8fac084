/* eros-sign-in-row.h: who a connection is signed in as, and how to change that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-connection.h"

G_BEGIN_DECLS

#define EROS_TYPE_SIGN_IN_ROW (eros_sign_in_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosSignInRow, eros_sign_in_row, EROS, SIGN_IN_ROW, AdwActionRow)

GtkWidget *eros_sign_in_row_new (void);
void       eros_sign_in_row_set_connection (ErosSignInRow *self, ErosConnection *connection);

G_END_DECLS
