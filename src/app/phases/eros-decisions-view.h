/* eros-decisions-view.h: what was decided and signed, whether it holds or was withdrawn
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_DECISIONS_VIEW (eros_decisions_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosDecisionsView, eros_decisions_view, EROS, DECISIONS_VIEW, AdwBin)

GtkWidget *eros_decisions_view_new (ErosDeployment *deployment);

G_END_DECLS
