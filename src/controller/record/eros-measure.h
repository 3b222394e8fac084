/* eros-measure.h: what monitoring has last measured of the numbers that criteria are about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Whether the last comparison found that this number's change is within the noise. metric: "caption-selection-time" */
ErosOutcome eros_measure_judge (ErosDeployment      *deployment,
                                const ErosCriterion *criterion,
                                double              *value,
                                gint64              *when);
gboolean    eros_measure_is_noise (ErosDeployment *deployment, const char *metric);

G_END_DECLS
