/* eros-timeline-row.h: an event as a sentence, or a box that was searched for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_TIMELINE_ROW (eros_timeline_row_get_type ())
G_DECLARE_FINAL_TYPE (ErosTimelineRow, eros_timeline_row, EROS, TIMELINE_ROW, GtkBox)

GtkWidget *eros_timeline_row_new (ErosDeployment *deployment);
/* thing: (nullable): an ErosEvent or an ErosElement */
void eros_timeline_row_show (ErosTimelineRow *self, GObject *thing);

G_END_DECLS
