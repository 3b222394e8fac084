/* eros-preferences.c: what the program should know of the person at the keyboard
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-preferences.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-connection-row.h"
#include "eros-connections.h"
#include "eros-settings.h"

struct _ErosPreferences
{
  AdwWindow parent_instance;

  GtkWidget *name;
  GtkWidget *email;
  AdwPreferencesGroup *connections_group;
  GtkListBox *connections;
};

G_DEFINE_FINAL_TYPE (ErosPreferences, eros_preferences, ADW_TYPE_WINDOW)

static void
show_connections (ErosPreferences *self)
{
  g_autoptr (GListModel) known = eros_connections_load ();
  guint n = g_list_model_get_n_items (known);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->connections))) != NULL)
    gtk_list_box_remove (self->connections, row);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosConnection) connection = g_list_model_get_item (known, i);

      row = eros_connection_row_new (connection);
      g_signal_connect_object (row, "removed", G_CALLBACK (show_connections), self, G_CONNECT_SWAPPED);
      gtk_list_box_append (self->connections, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->connections), n > 0);
  adw_preferences_group_set_description (
    self->connections_group,
    n > 0 ? _ ("What is secret lies in the keyring and nowhere else.")
          : _ ("Here will be the connections to staging and production that New Deployment "
               "sets up. A rehearsal needs none."));
}

static void
eros_preferences_class_init (ErosPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosPreferences, name);
  gtk_widget_class_bind_template_child (widget_class, ErosPreferences, email);
  gtk_widget_class_bind_template_child (widget_class, ErosPreferences, connections_group);
  gtk_widget_class_bind_template_child (widget_class, ErosPreferences, connections);
}

static void
eros_preferences_init (ErosPreferences *self)
{
  GSettings *settings = eros_settings_get_default ();

  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
  g_settings_bind (settings, "person-name", self->name, "text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "person-email", self->email, "text", G_SETTINGS_BIND_DEFAULT);
  show_connections (self);
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
