/* eros-obstacle-view.h: all that stands in the way of something, with where it is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_OBSTACLE_VIEW (eros_obstacle_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosObstacleView, eros_obstacle_view, EROS, OBSTACLE_VIEW, GtkBox)

GtkWidget *eros_obstacle_view_new (void);
/* obstacles: of ErosObstacle */
void eros_obstacle_view_show (ErosObstacleView *self, ErosDeployment *deployment, GPtrArray *obstacles);

G_END_DECLS
