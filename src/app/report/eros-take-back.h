/* eros-take-back.h: a report that was signed elsewhere comes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

void eros_take_back_ask (GtkWidget *widget, ErosDeployment *deployment);
void eros_take_back_file (GtkWidget *widget, ErosDeployment *deployment, GFile *file);

G_END_DECLS
