/* eros-timeline.h: when the deployment started and ended
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* What time it is for the deployment, in microseconds since 1970: a rehearsal's clock can be set ahead. */
gint64 eros_timeline_get_now (ErosDeployment *deployment);
/* By how much, in microseconds. */
gint64 eros_timeline_get_ahead (ErosDeployment *deployment);
/* Sets a rehearsal's clock to TIME, if it is behind; on record. */
gboolean eros_timeline_advance (ErosDeployment *deployment, gint64 time, GError **error);
gint64   eros_timeline_get_start (ErosDeployment *deployment);
gint64   eros_timeline_get_end (ErosDeployment *deployment);
/* The window in which it may be deployed, in microseconds since 1970; 0: not known. */
gint64 eros_timeline_get_window_start (ErosDeployment *deployment);
gint64 eros_timeline_get_window_end (ErosDeployment *deployment);

G_END_DECLS
