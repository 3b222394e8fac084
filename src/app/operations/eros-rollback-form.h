/* eros-rollback-form.h: back to which backup, what that costs, and who decides it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "eros-backup-loss.h"
#include "eros-controller.h"

G_BEGIN_DECLS

/* Signal: "changed", when a backup is chosen or an entry is edited. */
#define EROS_TYPE_ROLLBACK_FORM (eros_rollback_form_get_type ())
G_DECLARE_FINAL_TYPE (ErosRollbackForm, eros_rollback_form, EROS, ROLLBACK_FORM, GtkBox)

GtkWidget  *eros_rollback_form_new (void);
void        eros_rollback_form_load (ErosRollbackForm *self, ErosController *controller);
gboolean    eros_rollback_form_is_complete (ErosRollbackForm *self);
GHashTable *eros_rollback_form_get_arguments (ErosRollbackForm *self);
/* "rollback", or of what comes back in part: (transfer none) */
const char *eros_rollback_form_get_kind (ErosRollbackForm *self);
/* Backup and part, of which a plan is made: (transfer full) (nullable): not chosen yet */
char *eros_rollback_form_dup_choice (ErosRollbackForm *self);

void eros_rollback_form_propose_reason (ErosRollbackForm *self, const char *reason);

G_END_DECLS
