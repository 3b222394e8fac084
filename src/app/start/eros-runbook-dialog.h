/* eros-runbook-dialog.h: what a checklist makes, line by line, before it is a runbook
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-import.h"

G_BEGIN_DECLS

/* Emits "deploy" (ErosRunbook) when a deployment is to be made with what was saved; then it closes. */
#define EROS_TYPE_RUNBOOK_DIALOG (eros_runbook_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ErosRunbookDialog, eros_runbook_dialog, EROS, RUNBOOK_DIALOG, AdwWindow)

GtkWindow *eros_runbook_dialog_new (GtkWindow *parent, GFile *checklist, ErosImport *import);
void       eros_runbook_dialog_save (ErosRunbookDialog *self, GFile *output);

G_END_DECLS
