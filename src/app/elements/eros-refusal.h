/* eros-refusal.h: something is not allowed: why, and the way around it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

void eros_refusal_show (GtkWidget      *widget,
                        ErosDeployment *deployment,
                        const char     *action,
                        const char     *target_id,
                        const char     *heading,
                        const GError   *error);
void eros_refusal_override (GtkWidget *widget, ErosDeployment *deployment, ErosGate *gate);

G_END_DECLS
