/* eros-help.h: how the program works, in a page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define EROS_TYPE_HELP (eros_help_get_type ())
G_DECLARE_FINAL_TYPE (ErosHelp, eros_help, EROS, HELP, AdwWindow)

GtkWindow *eros_help_new (GtkWindow *parent);

G_END_DECLS
