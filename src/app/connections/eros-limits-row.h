/* eros-limits-row.h: what the jobs of a connection may cost and take
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-connection.h"

G_BEGIN_DECLS

/* Properties: valid (read only). Signals: left: a line that has been changed, and will do, has been left. */
#define EROS_TYPE_LIMITS_ROW (eros_limits_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosLimitsRow, eros_limits_row, EROS, LIMITS_ROW, AdwExpanderRow)

void     eros_limits_row_show (ErosLimitsRow *self, ErosConnection *connection);
void     eros_limits_row_apply (ErosLimitsRow *self, ErosConnection *connection);
gboolean eros_limits_row_get_valid (ErosLimitsRow *self);

G_END_DECLS
