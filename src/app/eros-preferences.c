/* eros-preferences.c: what the program should know of the person at the keyboard
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-preferences.h"

#include "eros-accessible.h"
#include "eros-settings.h"

struct _ErosPreferences
{
  AdwWindow parent_instance;

  GtkWidget *name;
  GtkWidget *email;
};

G_DEFINE_FINAL_TYPE (ErosPreferences, eros_preferences, ADW_TYPE_WINDOW)

static void
eros_preferences_class_init (ErosPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosPreferences, name);
  gtk_widget_class_bind_template_child (widget_class, ErosPreferences, email);
}

static void
eros_preferences_init (ErosPreferences *self)
{
  GSettings *settings = eros_settings_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  g_settings_bind (settings, "person-name", self->name, "text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "person-email", self->email, "text", G_SETTINGS_BIND_DEFAULT);
}

/**
 * eros_preferences_new:
 * @parent: the window it belongs to
 *
 * Makes the preferences window.
 *
 * Returns: (transfer none): the window
 */
GtkWindow *
eros_preferences_new (GtkWindow *parent)
{
  return g_object_new (EROS_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
