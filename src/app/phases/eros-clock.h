/* eros-clock.h: the time to the window and since the deployment started, and what is left of the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_CLOCK (eros_clock_get_type ())
G_DECLARE_FINAL_TYPE (ErosClock, eros_clock, EROS, CLOCK, AdwBin)

void     eros_clock_set_deployment (ErosClock *self, ErosDeployment *deployment);
gboolean eros_clock_is_ticking (ErosClock *self);

G_END_DECLS
