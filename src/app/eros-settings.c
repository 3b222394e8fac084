/* eros-settings.c: what the program remembers of this person and this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-settings.h"

#include "eros-user-settings.h"

/**
 * eros_settings_get_default:
 *
 * Returns: (transfer none): the program's settings
 */
GSettings *
eros_settings_get_default (void)
{
  GSettings *settings = eros_user_settings_get_default ();

  if (settings == NULL)
    g_error (
      "The settings schema %s is not installed. Install the program again, or set GSETTINGS_SCHEMA_DIR.",
      EROS_APPLICATION_ID);
  return settings;
}

/**
 * eros_settings_restore_window:
 * @window: a window
 *
 * Gives @window the size that the last one had.
 */
void
eros_settings_restore_window (GtkWindow *window)
{
  GSettings *settings = eros_settings_get_default ();

  gtk_window_set_default_size (window, g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (window);
}

/**
 * eros_settings_store_window:
 * @window: a window that is about to close
 *
 * Remembers the size of @window.
 */
void
eros_settings_store_window (GtkWindow *window)
{
  GSettings *settings = eros_settings_get_default ();
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
}

/**
 * eros_settings_get_actor:
 *
 * Returns: (transfer full): the person at the keyboard as the journal writes it, "Kyle <kyle@example.com>";
 * without a name in the settings, the name of the user account
 */
char *
eros_settings_get_actor (void)
{
  GSettings *settings = eros_settings_get_default ();
  g_autofree char *name = g_strstrip (g_settings_get_string (settings, "person-name"));
  g_autofree char *email = g_strstrip (g_settings_get_string (settings, "person-email"));

  if (name[0] == '\0')
    {
      const char *real_name = g_get_real_name ();

      g_free (name);
      name = g_strdup (g_str_equal (real_name, "Unknown") ? g_get_user_name () : real_name);
    }
  return email[0] != '\0' ? g_strdup_printf ("%s <%s>", name, email) : g_steal_pointer (&name);
}

static void
update_actor (ErosDeployment *deployment)
{
  g_autofree char *actor = eros_settings_get_actor ();

  eros_deployment_set_actor (deployment, actor);
}

/**
 * eros_settings_bind_actor:
 * @deployment: a deployment
 *
 * Lets everything that is done in @deployment from here on stand in the name of the person at the keyboard,
 * also when that changes in the preferences while it is open.
 */
void
eros_settings_bind_actor (ErosDeployment *deployment)
{
  GSettings *settings = eros_settings_get_default ();

  g_signal_handlers_disconnect_by_func (settings, update_actor, deployment);
  g_signal_connect_object (settings, "changed::person-name", G_CALLBACK (update_actor), deployment,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::person-email", G_CALLBACK (update_actor), deployment,
                           G_CONNECT_SWAPPED);
  update_actor (deployment);
}
