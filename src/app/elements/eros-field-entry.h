/* eros-field-entry.h: a blank of the runbook as something to type into
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "eros-deployment.h"

G_BEGIN_DECLS

#define EROS_TYPE_FIELD_ENTRY (eros_field_entry_get_type ())
G_DECLARE_FINAL_TYPE (ErosFieldEntry, eros_field_entry, EROS, FIELD_ENTRY, GtkBox)

GtkWidget  *eros_field_entry_new (ErosDeployment *deployment, ErosField *field);
GtkWidget  *eros_field_entry_new_draft (ErosDeployment *deployment, ErosField *field);
const char *eros_field_entry_get_text (ErosFieldEntry *self);
ErosField  *eros_field_entry_get_field (ErosFieldEntry *self);
const char *eros_field_entry_get_message (ErosFieldEntry *self);
gboolean    eros_field_entry_is_invalid (ErosFieldEntry *self);
gboolean    eros_field_entry_save (ErosFieldEntry *self);
void        eros_field_entry_set_name (ErosFieldEntry *self, const char *name);

G_END_DECLS
