/* eros-manual.h: the manual, in a window of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define EROS_TYPE_MANUAL (eros_manual_get_type ())
G_DECLARE_FINAL_TYPE (ErosManual, eros_manual, EROS, MANUAL, AdwWindow)

GtkWindow *eros_manual_new (GtkWindow *parent, const char *about);

G_END_DECLS
