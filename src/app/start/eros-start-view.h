/* eros-start-view.h: no deployment is open: begin one, or go on with an earlier one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define EROS_TYPE_START_VIEW (eros_start_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosStartView, eros_start_view, EROS, START_VIEW, AdwBin)

GtkWidget *eros_start_view_new (void);

G_END_DECLS
