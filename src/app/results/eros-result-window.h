/* eros-result-window.h: the rows of a query that was run
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_RESULT_WINDOW (eros_result_window_get_type ())
G_DECLARE_FINAL_TYPE (ErosResultWindow, eros_result_window, EROS, RESULT_WINDOW, AdwWindow)

GtkWindow *eros_result_window_new (GtkWindow   *parent,
                                   ErosSession *session,
                                   const char  *job_id,
                                   const char  *location,
                                   const char  *title);
void       eros_result_window_add_action (GtkWidget *widget, ErosSession *session);
GtkWidget *eros_result_window_make_button (const char *job_id, const char *location, const char *title);

G_END_DECLS
