/* fake-keyring.c: a Secret Service of our own on a private bus, which misbehaves as told
 *
 * https://specifications.freedesktop.org/secret-service/latest/: one collection, one item at most, secrets
 * in plain.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fake-keyring.h"

#include <libsecret/secret.h>
#include <string.h>

#define ROOT       "/org/freedesktop/secrets"
#define COLLECTION ROOT "/collection/login"
#define ALIAS      ROOT "/aliases/default"
#define ITEM       COLLECTION "/1"
#define SESSION    ROOT "/session/1"
#define PROMPT     ROOT "/prompt/1"

static const char xml[] =
  "<node>"
  "<interface name='org.freedesktop.Secret.Service'>"
  "<method name='OpenSession'><arg type='s' direction='in'/><arg type='v' direction='in'/>"
  "<arg type='v' direction='out'/><arg type='o' direction='out'/></method>"
  "<method name='SearchItems'><arg type='a{ss}' direction='in'/>"
  "<arg type='ao' direction='out'/><arg type='ao' direction='out'/></method>"
  "<method name='Unlock'><arg type='ao' direction='in'/>"
  "<arg type='ao' direction='out'/><arg type='o' direction='out'/></method>"
  "<method name='GetSecrets'><arg type='ao' direction='in'/><arg type='o' direction='in'/>"
  "<arg type='a{o(oayays)}' direction='out'/></method>"
  "<method name='ReadAlias'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>"
  "<property name='Collections' type='ao' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Collection'>"
  "<method name='CreateItem'><arg type='a{sv}' direction='in'/><arg type='(oayays)' direction='in'/>"
  "<arg type='b' direction='in'/><arg type='o' direction='out'/><arg type='o' direction='out'/></method>"
  "<property name='Items' type='ao' access='read'/>"
  "<property name='Label' type='s' access='read'/>"
  "<property name='Locked' type='b' access='read'/>"
  "<property name='Created' type='t' access='read'/>"
  "<property name='Modified' type='t' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Item'>"
  "<method name='Delete'><arg type='o' direction='out'/></method>"
  "<method name='GetSecret'><arg type='o' direction='in'/><arg type='(oayays)' direction='out'/></method>"
  "<property name='Locked' type='b' access='read'/>"
  "<property name='Attributes' type='a{ss}' access='read'/>"
  "<property name='Label' type='s' access='read'/>"
  "<property name='Created' type='t' access='read'/>"
  "<property name='Modified' type='t' access='read'/>"
  "</interface>"
  "<interface name='org.freedesktop.Secret.Prompt'>"
  "<method name='Prompt'><arg type='s' direction='in'/></method>"
  "<method name='Dismiss'/>"
  "<signal name='Completed'><arg type='b'/><arg type='v'/></signal>"
  "</interface>"
  "</node>";

struct _FakeKeyring
{
  GDBusConnection *connection;
  GDBusNodeInfo *info;
  FakeKeyringMood mood;
  GVariant *attributes; /* of the item; NULL: there is none */
  char *secret;
  gboolean delete_after_search;
  guint item_registration;
};

static gboolean
is_locked (FakeKeyring *self)
{
  return self->mood == FAKE_KEYRING_LOCKED || self->mood == FAKE_KEYRING_DISMISSED;
}

static GVariant *
paths (const char *path)
{
  return path != NULL ? g_variant_new_objv (&path, 1) : g_variant_new_objv (NULL, 0);
}

static GVariant *
secret_struct (FakeKeyring *self)
{
  return g_variant_new (
    "(o@ay@ays)", SESSION, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1),
    g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, self->secret, strlen (self->secret), 1), "text/plain");
}

static gboolean
matches (FakeKeyring *self, GVariant *wanted)
{
  GVariantIter iter;
  const char *name, *value, *have;

  if (self->attributes == NULL)
    return FALSE;
  g_variant_iter_init (&iter, wanted);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &value))
    if (!g_variant_lookup (self->attributes, name, "&s", &have) || strcmp (have, value) != 0)
      return FALSE;
  return TRUE;
}

static void register_item (FakeKeyring *self);

static void
drop_item (FakeKeyring *self)
{
  g_clear_pointer (&self->attributes, g_variant_unref);
  g_clear_pointer (&self->secret, g_free);
  if (self->item_registration != 0)
    g_dbus_connection_unregister_object (self->connection, self->item_registration);
  self->item_registration = 0;
}

static void
search (FakeKeyring *self, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) wanted = g_variant_get_child_value (parameters, 0);
  const char *found = matches (self, wanted) ? ITEM : NULL;

  g_dbus_method_invocation_return_value (invocation,
                                         g_variant_new ("(@ao@ao)", paths (is_locked (self) ? NULL : found),
                                                        paths (is_locked (self) ? found : NULL)));
}

static void
create_item (FakeKeyring *self, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) properties = g_variant_get_child_value (parameters, 0);
  g_autoptr (GVariant) secret = g_variant_get_child_value (parameters, 1);
  g_autoptr (GVariant) value = g_variant_get_child_value (secret, 2);
  gsize length;
  const char *bytes = g_variant_get_fixed_array (value, &length, 1);

  if (is_locked (self))
    {
      g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.Secret.Error.IsLocked",
                                                  "locked");
      return;
    }
  drop_item (self);
  self->attributes =
    g_variant_lookup_value (properties, "org.freedesktop.Secret.Item.Attributes", G_VARIANT_TYPE ("a{ss}"));
  self->secret = g_strndup (bytes, length);
  register_item (self);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(oo)", ITEM, "/"));
}

static void
get_secrets (FakeKeyring *self, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{o(oayays)}"));

  if (self->delete_after_search)
    drop_item (self);
  if (self->attributes != NULL && !is_locked (self))
    g_variant_builder_add (&builder, "{o@(oayays)}", ITEM, secret_struct (self));
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a{o(oayays)})", &builder));
}

static void
announce_unlocked (FakeKeyring *self, const char *path, const char *interface)
{
  g_auto (GVariantBuilder) changed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sv}"));

  g_variant_builder_add (&changed, "{sv}", "Locked", g_variant_new_boolean (FALSE));
  g_dbus_connection_emit_signal (
    self->connection, NULL, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
    g_variant_new ("(sa{sv}@as)", interface, &changed, g_variant_new_strv (NULL, 0)), NULL);
}

static void
prompt (FakeKeyring *self, GDBusMethodInvocation *invocation)
{
  gboolean dismissed = self->mood == FAKE_KEYRING_DISMISSED;

  if (!dismissed)
    {
      self->mood = FAKE_KEYRING_OPEN;
      announce_unlocked (self, COLLECTION, "org.freedesktop.Secret.Collection");
      announce_unlocked (self, ITEM, "org.freedesktop.Secret.Item");
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
  g_dbus_connection_emit_signal (self->connection, NULL, PROMPT, "org.freedesktop.Secret.Prompt", "Completed",
                                 g_variant_new ("(bv)", dismissed, paths (dismissed ? NULL : COLLECTION)),
                                 NULL);
}

static void
method_cb (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  FakeKeyring *self = user_data;

  if (self->mood == FAKE_KEYRING_MUTE)
    g_object_unref (invocation);
  else if (self->mood == FAKE_KEYRING_DENIED)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED, "not you");
  else if (g_str_equal (method, "OpenSession"))
    {
      g_autoptr (GVariant) algorithm = g_variant_get_child_value (parameters, 0);

      if (g_strcmp0 (g_variant_get_string (algorithm, NULL), "plain") == 0)
        g_dbus_method_invocation_return_value (invocation,
                                               g_variant_new ("(vo)", g_variant_new_string (""), SESSION));
      else
        g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
                                               "plain only");
    }
  else if (g_str_equal (method, "SearchItems"))
    search (self, parameters, invocation);
  else if (g_str_equal (method, "Unlock"))
    g_dbus_method_invocation_return_value (
      invocation, is_locked (self)
                    ? g_variant_new ("(@aoo)", paths (NULL), PROMPT)
                    : g_variant_new ("(@aoo)", g_variant_get_child_value (parameters, 0), "/"));
  else if (g_str_equal (method, "GetSecrets"))
    get_secrets (self, parameters, invocation);
  else if (g_str_equal (method, "GetSecret") && self->delete_after_search)
    {
      drop_item (self);
      g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.Secret.Error.NoSuchObject",
                                                  "gone");
    }
  else if (g_str_equal (method, "GetSecret"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@(oayays))", secret_struct (self)));
  else if (g_str_equal (method, "ReadAlias"))
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", COLLECTION));
  else if (g_str_equal (method, "CreateItem"))
    create_item (self, parameters, invocation);
  else if (g_str_equal (method, "Delete"))
    {
      drop_item (self);
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", "/"));
    }
  else if (g_str_equal (method, "Prompt"))
    prompt (self, invocation);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static GVariant *
property_cb (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *property,
             GError **error,
             gpointer user_data)
{
  FakeKeyring *self = user_data;

  if (g_str_equal (property, "Collections"))
    return paths (COLLECTION);
  if (g_str_equal (property, "Items"))
    return paths (self->attributes != NULL ? ITEM : NULL);
  if (g_str_equal (property, "Label"))
    return g_variant_new_string ("Login");
  if (g_str_equal (property, "Locked"))
    return g_variant_new_boolean (is_locked (self));
  if (g_str_equal (property, "Attributes"))
    return g_variant_ref (self->attributes);
  return g_variant_new_uint64 (1);
}

static guint
register_object (FakeKeyring *self, const char *path, guint interface)
{
  static const GDBusInterfaceVTable vtable = { method_cb, property_cb, NULL, { 0 } };
  g_autoptr (GError) error = NULL;
  guint id = g_dbus_connection_register_object (self->connection, path, self->info->interfaces[interface],
                                                &vtable, self, NULL, &error);

  g_assert_no_error (error);
  return id;
}

static void
register_item (FakeKeyring *self)
{
  self->item_registration = register_object (self, ITEM, 2);
}

/* One for the whole program: GLib's own connection to it lives as long. */
void
fake_keyring_use_private_bus (void)
{
  static GTestDBus *bus = NULL;

  if (bus != NULL)
    return;
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
}

FakeKeyring *
fake_keyring_new (void)
{
  FakeKeyring *self = g_new0 (FakeKeyring, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) owned = NULL;

  fake_keyring_use_private_bus ();
  self->connection = g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
                                                             G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                               G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                             NULL, NULL, &error);
  g_assert_no_error (error);
  self->info = g_dbus_node_info_new_for_xml (xml, &error);
  g_assert_no_error (error);
  register_object (self, ROOT, 0);
  register_object (self, COLLECTION, 1);
  register_object (self, ALIAS, 1);
  register_object (self, PROMPT, 3);
  owned = g_dbus_connection_call_sync (
    self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
    g_variant_new ("(su)", "org.freedesktop.secrets", 0), NULL, 0, -1, NULL, &error);
  g_assert_no_error (error);
  return self;
}

void
fake_keyring_free (FakeKeyring *self)
{
  secret_service_disconnect ();
  drop_item (self);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  g_dbus_node_info_unref (self->info);
  g_free (self);
}

void
fake_keyring_set_mood (FakeKeyring *self, FakeKeyringMood mood)
{
  self->mood = mood;
}

guint
fake_keyring_count (FakeKeyring *self)
{
  return self->attributes != NULL;
}

const char *
fake_keyring_secret (FakeKeyring *self)
{
  return self->secret;
}

void
fake_keyring_delete (FakeKeyring *self, gboolean after_search)
{
  if (after_search)
    self->delete_after_search = TRUE;
  else
    drop_item (self);
}
