/* eros-new-dialog.h: what a new deployment is called, when it is, who leads it, and where it goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

/* Emits "created" (ErosSession) when the deployment has been made; then it closes. */
#define EROS_TYPE_NEW_DIALOG (eros_new_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ErosNewDialog, eros_new_dialog, EROS, NEW_DIALOG, AdwWindow)

GtkWindow *eros_new_dialog_new (GtkWindow *parent);
void       eros_new_dialog_load_runbook (ErosNewDialog *self, GFile *file);
void       eros_new_dialog_set_runbook (ErosNewDialog *self, ErosRunbook *runbook);

G_END_DECLS
