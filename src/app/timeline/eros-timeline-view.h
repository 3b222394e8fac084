/* eros-timeline-view.h: all that happened, newest first, and a search for events and boxes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_TIMELINE_VIEW (eros_timeline_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosTimelineView, eros_timeline_view, EROS, TIMELINE_VIEW, AdwBin)

GtkWidget  *eros_timeline_view_new (ErosDeployment *deployment);
void        eros_timeline_view_search (ErosTimelineView *self);
GListModel *eros_timeline_view_get_shown (ErosTimelineView *self);

G_END_DECLS
