/* eros-window.h: the window: the start view, or one deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_WINDOW (eros_window_get_type ())
G_DECLARE_FINAL_TYPE (ErosWindow, eros_window, EROS, WINDOW, AdwApplicationWindow)

ErosWindow     *eros_window_new (GtkApplication *application);
void            eros_window_open_file (ErosWindow *self, GFile *file);
void            eros_window_show (ErosWindow *self, ErosSession *session);
void            eros_window_rehearse (ErosWindow *self, guint captions, const char *endpoint);
ErosDeployment *eros_window_get_deployment (ErosWindow *self);
const char     *eros_window_get_page (ErosWindow *self);

G_END_DECLS
