/* eros-user-settings.h: where what the program remembers of this person is kept, for window and terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSettings *eros_user_settings_get_default (void);

G_END_DECLS
