/* eros-preferences.h: what the program should know of the person at the keyboard
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define EROS_TYPE_PREFERENCES (eros_preferences_get_type ())
G_DECLARE_FINAL_TYPE (ErosPreferences, eros_preferences, EROS, PREFERENCES, AdwWindow)

GtkWindow *eros_preferences_new (GtkWindow *parent);

G_END_DECLS
