/* eros-field-row.h: a blank of the runbook in a boxed list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

GtkWidget *eros_field_row_new (ErosDeployment *deployment, ErosField *field, gboolean nested);

G_END_DECLS
