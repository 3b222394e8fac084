/* eros-code-view.h: a command or an SQL text to read and to copy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define EROS_TYPE_CODE_VIEW (eros_code_view_get_type ())
G_DECLARE_FINAL_TYPE (ErosCodeView, eros_code_view, EROS, CODE_VIEW, GtkBox)

GtkWidget *eros_code_view_new (const char *text, const char *language);
void       eros_code_view_mark_line (ErosCodeView *self, guint line);

G_END_DECLS
