/* eros-sign-off-row.h: the signature of one role
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_SIGN_OFF_ROW (eros_sign_off_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosSignOffRow, eros_sign_off_row, EROS, SIGN_OFF_ROW, AdwActionRow)

GtkWidget *eros_sign_off_row_new (ErosDeployment *deployment, ErosItem *item);

G_END_DECLS
