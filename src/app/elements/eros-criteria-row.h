/* eros-criteria-row.h: the criteria of success or of a rollback, and whether they are met
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

GtkWidget *eros_criteria_row_new (ErosDeployment *deployment, ErosElement *element);

G_END_DECLS
