/* eros-measure.h: what monitoring has last measured of the numbers that criteria are about
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* What the last round of the monitoring says of a criterion that has a metric, an operator and a threshold. NONE: it
 * was not measured yet, or there is nothing to compare with. value, when: (out): microseconds; not set when NONE. */
ErosOutcome eros_measure_judge (ErosDeployment      *deployment,
                                const ErosCriterion *criterion,
                                double              *value,
                                gint64              *when);
/* What one event says of it; NONE: nothing. */
ErosOutcome eros_measure_judge_event (ErosEvent *event, const ErosCriterion *criterion, double *value);

G_END_DECLS
