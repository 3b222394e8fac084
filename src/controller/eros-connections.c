/* eros-connections.c: the connections that this person has set up
 *
 * In the settings stands where to go; how to get in stands in the keyring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-connections.h"

#include <glib/gi18n-lib.h>

#include "eros-user-settings.h"

#define KEY "connections"

/* Property of a connection and name in the settings are the same. */
static const char *const texts[] = { "name",     "environment", "project", "dataset",
                                     "location", "bucket",      "endpoint" };

static const char *const numbers[] = { "budget-bytes", "timeout-ms", "cents-per-tib" };

/* Somebody may have edited the settings by hand. */
static gboolean
is_possible (ErosConnection *connection, const char *property, gint64 number)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (connection), property);

  return number >= G_PARAM_SPEC_INT64 (pspec)->minimum && number <= G_PARAM_SPEC_INT64 (pspec)->maximum;
}

static ErosConnection *
read_connection (GVariant *entry)
{
  ErosConnection *connection = eros_connection_new ();
  g_autoptr (GEnumClass) sign_ins = g_type_class_ref (EROS_TYPE_SIGN_IN);
  const char *nick;
  GEnumValue *sign_in;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text;

      if (g_variant_lookup (entry, texts[i], "&s", &text))
        g_object_set (connection, texts[i], text, NULL);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      gint64 number;

      if (g_variant_lookup (entry, numbers[i], "x", &number) && is_possible (connection, numbers[i], number))
        g_object_set (connection, numbers[i], number, NULL);
    }
  sign_in =
    g_variant_lookup (entry, "sign-in", "&s", &nick) ? g_enum_get_value_by_nick (sign_ins, nick) : NULL;
  if (sign_in != NULL)
    g_object_set (connection, "sign-in", sign_in->value, NULL);
  return connection;
}

static GVariant *
write_connection (ErosConnection *connection)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GEnumClass) sign_ins = g_type_class_ref (EROS_TYPE_SIGN_IN);
  GEnumValue *sign_in = g_enum_get_value (sign_ins, eros_connection_get_sign_in (connection));

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = NULL;

      g_object_get (connection, texts[i], &text, NULL);
      if (text != NULL)
        g_variant_dict_insert (&dict, texts[i], "s", text);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      gint64 number;

      g_object_get (connection, numbers[i], &number, NULL);
      g_variant_dict_insert (&dict, numbers[i], "x", number);
    }
  if (sign_in != NULL)
    g_variant_dict_insert (&dict, "sign-in", "s", sign_in->value_nick);
  return g_variant_dict_end (&dict);
}

/**
 * eros_connections_load:
 *
 * Reads the connections of the settings.
 *
 * Returns: (transfer full): a model of #ErosConnection, in the order in which they were set up
 */
GListModel *
eros_connections_load (void)
{
  GListStore *store = g_list_store_new (EROS_TYPE_CONNECTION);
  GSettings *settings = eros_user_settings_get_default ();
  g_autoptr (GVariant) entries = settings != NULL ? g_settings_get_value (settings, KEY) : NULL;

  for (gsize i = 0; entries != NULL && i < g_variant_n_children (entries); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);
      g_autoptr (ErosConnection) connection = read_connection (entry);

      g_list_store_append (store, connection);
    }
  return G_LIST_MODEL (store);
}

/* Writes all that are known; in place of the one of this name the other one, if there is any. */
static gboolean
replace (const char *name, ErosConnection *by)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GListModel) known = eros_connections_load ();

  for (guint i = 0; i < g_list_model_get_n_items (known); i++)
    {
      g_autoptr (ErosConnection) connection = g_list_model_get_item (known, i);
      gboolean is_this = g_strcmp0 (eros_connection_get_name (connection), name) == 0;

      if (!is_this || by != NULL)
        g_variant_builder_add_value (&builder, write_connection (is_this ? by : connection));
      if (is_this)
        by = NULL;
    }
  if (by != NULL)
    g_variant_builder_add_value (&builder, write_connection (by));
  return g_settings_set_value (eros_user_settings_get_default (), KEY, g_variant_builder_end (&builder));
}

/**
 * eros_connections_find:
 * @name: a connection's name
 *
 * Returns: (transfer full) (nullable): the connection as it is in the settings
 */
ErosConnection *
eros_connections_find (const char *name)
{
  g_autoptr (GListModel) known = eros_connections_load ();

  for (guint i = 0; i < g_list_model_get_n_items (known); i++)
    {
      g_autoptr (ErosConnection) connection = g_list_model_get_item (known, i);

      if (g_strcmp0 (eros_connection_get_name (connection), name) == 0)
        return g_steal_pointer (&connection);
    }
  return NULL;
}

/**
 * eros_connections_remove:
 * @name: a connection's name
 *
 * Forgets where a connection goes. What the keyring has of it is not touched.
 */
void
eros_connections_remove (const char *name)
{
  replace (name, NULL);
}

/**
 * eros_connections_store:
 * @connection: a connection with a name
 *
 * Remembers a connection, in place of an earlier one with the same name.
 *
 * Returns: whether the settings took it
 */
gboolean
eros_connections_store (ErosConnection *connection)
{
  return replace (eros_connection_get_name (connection), connection);
}

/**
 * eros_connections_check_part:
 * @text: what was typed
 * @member: a part of a deployment: "project", "bucket" …
 *
 * Fits eros_form_row_set_check ().
 *
 * Returns: (transfer full) (nullable): what is wrong with it
 */
char *
eros_connections_check_part (const char *text, gpointer member)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *normal = eros_deployment_setup_check_text (member, text, &error);

  return error != NULL ? g_strdup (error->message) : NULL;
}

/**
 * eros_connections_check_address:
 * @text: what was typed
 * @unused: nothing
 *
 * Looks whether @text is the address of a server on this computer, which wants no sign-in. Fits
 * eros_form_row_set_check ().
 *
 * Returns: (transfer full) (nullable): what is wrong with it
 */
char *
eros_connections_check_address (const char *text, gpointer unused)
{
  g_autofree char *address = g_strstrip (g_strdup (text));
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "project", "eros-platform", "dataset", "eros_platform", "sign-in",
                  EROS_SIGN_IN_NONE, "endpoint", *address != '\0' ? address : NULL, NULL);
  g_autoptr (GError) error = NULL;

  return eros_connection_validate (connection, &error) ? NULL : g_strdup (error->message);
}

/* One that is at work keeps where it goes, and takes new limits. */
static void
settings_changed_cb (ErosConnection *connection)
{
  g_autoptr (ErosConnection) known = eros_connections_find (eros_connection_get_name (connection));

  for (gsize i = 0; known != NULL && i < G_N_ELEMENTS (numbers); i++)
    {
      gint64 number;

      g_object_get (known, numbers[i], &number, NULL);
      g_object_set (connection, numbers[i], number, NULL);
    }
}

/**
 * eros_connections_for_setup:
 * @setup: what a deployment was made with
 * @error: return location for an error
 *
 * Finds the way in for a deployment. Where it goes stands in the deployment itself and is never changed by a
 * connection that was edited since; how to sign in and the limits come from the settings, and limits that are
 * changed there later count from then on.
 *
 * Returns: (transfer full): the connection, or %NULL with an error when it is not known on this computer
 */
ErosConnection *
eros_connections_for_setup (const ErosDeploymentSetup *setup, GError **error)
{
  g_autoptr (ErosConnection) connection = eros_connections_find (setup->profile);

  if (connection != NULL)
    {
      g_object_set (connection, "project", setup->project, "dataset", setup->dataset, "location",
                    setup->location, "bucket", setup->bucket, NULL);
      g_signal_connect_object (eros_user_settings_get_default (), "changed::" KEY,
                               G_CALLBACK (settings_changed_cb), connection, G_CONNECT_SWAPPED);
      return g_steal_pointer (&connection);
    }
  if (setup->profile == NULL || *setup->profile == '\0')
    g_set_error_literal (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
                         _ ("This deployment names no connection, so that the window cannot sign in for it. "
                            "Go on with it in the terminal."));
  else
    g_set_error (
      error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE,
      _ ("The connection “%s” that this deployment was made with is not set up on this computer. Set it up "
         "under the same name with New Deployment, then try again."),
      setup->profile);
  return NULL;
}
