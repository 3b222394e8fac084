/* eros-verdict-window.h: what is to be believed of a report or a journal, and signing one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_VERDICT_WINDOW (eros_verdict_window_get_type ())
G_DECLARE_FINAL_TYPE (ErosVerdictWindow, eros_verdict_window, EROS, VERDICT_WINDOW, AdwWindow)

GtkWindow *eros_verdict_window_new (GtkWindow *parent, ErosDeployment *deployment, GFile *file);

G_END_DECLS
