/* eros-visible.h: no label shows a text that hides something
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on every label of this process shows control and bidirectional characters as eros_text_show () does.
 * Whatever the window says ends in a label: rows, buttons, messages, tooltips. Entries are filled with eros_text_show
 * () by who fills them. */
void eros_visible_watch_labels (void);

G_END_DECLS
