/* eros-comparison-row.h: the table of numbers before and after
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

GtkWidget *eros_comparison_row_new (ErosDeployment *deployment, ErosElement *element);

G_END_DECLS
