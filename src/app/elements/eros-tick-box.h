/* eros-tick-box.h: a check box that a screen reader can tick
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EROS_TYPE_TICK_BOX (eros_tick_box_get_type ())
G_DECLARE_FINAL_TYPE (ErosTickBox, eros_tick_box, EROS, TICK_BOX, GtkCheckButton)

G_END_DECLS
