/* eros-environment.h: the badge that says where a deployment goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

const char *eros_environment_get_name (ErosEnvironment environment);
void        eros_environment_show_badge (ErosEnvironment environment, GtkLabel *badge);

G_END_DECLS
