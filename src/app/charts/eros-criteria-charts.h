/* eros-criteria-charts.h: what monitoring has read of each criterion, and what was measured before and after
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

GtkWidget *eros_criteria_charts_new (ErosDeployment *deployment, ErosElement *element);
GtkWidget *eros_comparison_charts_new (ErosDeployment *deployment, ErosElement *element);

G_END_DECLS
