/* eros-check-row.h: a check box of the runbook, with what is known about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_CHECK_ROW (eros_check_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosCheckRow, eros_check_row, EROS, CHECK_ROW, AdwActionRow)

GtkWidget *eros_check_row_new (ErosDeployment *deployment, ErosItem *item);
ErosItem  *eros_check_row_get_item (ErosCheckRow *self);

G_END_DECLS
