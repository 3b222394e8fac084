/* eros-feedback.h: how a page tells a person what happened
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void eros_feedback_toast (GtkWidget *widget, const char *text);
void eros_feedback_undo_toast (GtkWidget *widget, const char *text);
void eros_feedback_error (GtkWidget *widget, const char *heading, const GError *error);
void eros_feedback_copy (GtkWidget *widget, const char *text, const char *what);

GtkWidget *eros_feedback_make_copy_button (const char *text, const char *name);

G_END_DECLS
