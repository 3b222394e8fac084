/* eros-plan-dialog.h: what an operation will do, before it does it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-session.h"

G_BEGIN_DECLS

#define EROS_TYPE_PLAN_DIALOG (eros_plan_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ErosPlanDialog, eros_plan_dialog, EROS, PLAN_DIALOG, AdwWindow)

GtkWindow *eros_plan_dialog_new (GtkWindow   *parent,
                                 ErosSession *session,
                                 const char  *kind,
                                 GHashTable  *arguments,
                                 const char  *title);

GtkWindow *eros_plan_dialog_new_rollback (GtkWindow *parent, ErosSession *session);

G_END_DECLS
