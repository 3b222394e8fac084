/* eros-field-row.c: a blank of the runbook in a boxed list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-field-row.h"

#include "eros-accessible.h"
#include "eros-field-entry.h"

static void
update (ErosFieldEntry *entry, GParamSpec *pspec, AdwActionRow *row)
{
  const char *message = eros_field_entry_get_message (entry);
  g_autofree char *escaped = g_markup_escape_text (message != NULL ? message : "", -1);

  adw_action_row_set_subtitle (row, escaped);
  if (eros_field_entry_is_invalid (entry))
    gtk_widget_add_css_class (GTK_WIDGET (row), "eros-invalid");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "eros-invalid");
}

/**
 * eros_field_row_new:
 * @deployment: the deployment
 * @field: one of its fields
 * @nested: whether it belongs to the check box in the row above
 *
 * Makes a row with the field's label, its entry, and under them what is wrong with the text or who filled it
 * in.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_field_row_new (ErosDeployment *deployment, ErosField *field, gboolean nested)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *entry = eros_field_entry_new (deployment, field);
  const char *label = eros_field_get_label (field);
  g_autofree char *title = g_markup_escape_text (label, -1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), entry);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), entry);
  eros_accessible_set_name (row, label);
  if (nested)
    gtk_widget_add_css_class (row, "eros-nested");
  g_signal_connect_object (entry, "notify::message", G_CALLBACK (update), row, 0);
  g_signal_connect_object (entry, "notify::invalid", G_CALLBACK (update), row, 0);
  update (EROS_FIELD_ENTRY (entry), NULL, ADW_ACTION_ROW (row));
  return row;
}
