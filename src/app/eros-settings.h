/* eros-settings.h: what the program remembers of this person and this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

GSettings *eros_settings_get_default (void);
void       eros_settings_restore_window (GtkWindow *window);
void       eros_settings_store_window (GtkWindow *window);
char      *eros_settings_get_actor (void);
void       eros_settings_bind_actor (ErosDeployment *deployment);

G_END_DECLS
