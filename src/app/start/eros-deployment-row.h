/* eros-deployment-row.h: an earlier deployment in the start view
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment-list.h"

G_BEGIN_DECLS

#define EROS_TYPE_DEPLOYMENT_ROW (eros_deployment_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosDeploymentRow, eros_deployment_row, EROS, DEPLOYMENT_ROW, AdwActionRow)

GtkWidget *eros_deployment_row_new (ErosDeploymentSummary *summary);
char      *eros_deployment_row_describe (ErosDeploymentSummary *summary);

G_END_DECLS
