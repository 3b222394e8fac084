/* eros-timeline.h: when the deployment started and ended
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

gint64 eros_timeline_get_start (ErosDeployment *deployment);
gint64 eros_timeline_get_end (ErosDeployment *deployment);

G_END_DECLS
