/* eros-export.h: writes the signed report to where the person wants it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

void eros_export_ask (GtkWidget *widget, ErosDeployment *deployment);
void eros_export_ask_to_sign (GtkWidget *widget, ErosDeployment *deployment);

G_END_DECLS
