/* eros-deployment-view.h: one deployment: its phases, and the page that is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_DEPLOYMENT_VIEW (eros_deployment_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosDeploymentView, eros_deployment_view, EROS, DEPLOYMENT_VIEW, AdwBin)

GtkWidget   *eros_deployment_view_new (ErosSession *session);
ErosSession *eros_deployment_view_get_session (ErosDeploymentView *self);
const char  *eros_deployment_view_get_page (ErosDeploymentView *self);
void         eros_deployment_view_set_page (ErosDeploymentView *self, const char *page);
void         eros_deployment_view_set_phase (ErosDeploymentView *self, guint number);
GPtrArray   *eros_deployment_view_save (ErosDeploymentView *self);
void         eros_deployment_view_run_checks (ErosDeploymentView *self);

void eros_deployment_view_show_place (ErosDeploymentView *self, const char *place);

void eros_deployment_view_toggle_timeline (ErosDeploymentView *self);
void eros_deployment_view_search (ErosDeploymentView *self);

G_END_DECLS
