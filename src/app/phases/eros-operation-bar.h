/* eros-operation-bar.h: what the machine is doing, and what came out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_OPERATION_BAR (eros_operation_bar_get_type ())
G_DECLARE_FINAL_TYPE (ErosOperationBar, eros_operation_bar, EROS, OPERATION_BAR, AdwBin)

void eros_operation_bar_set_session (ErosOperationBar *self, ErosSession *session);

G_END_DECLS
