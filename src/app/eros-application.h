/* eros-application.h: the program with its window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define EROS_TYPE_APPLICATION (eros_application_get_type ())
G_DECLARE_FINAL_TYPE (ErosApplication, eros_application, EROS, APPLICATION, AdwApplication)

int eros_app_run (int argc, char **argv);

G_END_DECLS
