/* eros-step-row.h: one step of an operation, planned, under way or done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-operation.h"

G_BEGIN_DECLS

#define EROS_TYPE_STEP_ROW (eros_step_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosStepRow, eros_step_row, EROS, STEP_ROW, AdwExpanderRow)

GtkWidget  *eros_step_row_new (ErosStep *step);
const char *eros_step_row_get_state_name (ErosState state);

G_END_DECLS
