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
/* How a decision is asked for, in words that are still to be translated, and recorded with a name and a reason. */
typedef struct
{
  const char *body, *label, *done, *not_done;
  gboolean (
    *decide) (ErosDeployment *deployment, const char *target, const char *name, const char *reason, GError **error);
} ErosDecisionForm;

void eros_refusal_decide (GtkWidget              *widget,
                          ErosDeployment         *deployment,
                          const char             *target,
                          const char             *heading,
                          const ErosDecisionForm *form);
void eros_refusal_override (GtkWidget *widget, ErosDeployment *deployment, ErosGate *gate);

G_END_DECLS
