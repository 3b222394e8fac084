/* eros-countersign.h: signs a report in one of its boxes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* BOXES: of ErosPdfBox, one of which at least is free. */
void eros_countersign_ask (GtkWidget *widget, GFile *report, GPtrArray *boxes);

G_END_DECLS
