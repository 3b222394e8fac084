/* eros-keyring.c: one secret a connection, and one key a person, in the person's keyring
 *
 * libsecret speaks to the Secret Service of the session, and inside Flatpak to the portal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-keyring.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "eros-secret.h"

#define BUS_SECONDS     5
#define KEYRING_SECONDS 10 /* it may have to be started first */

/* A kind of secret, and what is said about it. */
typedef struct
{
  SecretSchema schema; /* with one attribute: the secret's name */
  const char *label;
  const char *nothing;
  const char *no_keyring;
  const char *denied;
} Kind;

static const Kind sign_in = {
  .schema = { .name = EROS_APPLICATION_ID ".Connection",
              .flags = SECRET_SCHEMA_NONE,
              .attributes = { { "connection", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } } },
  .label = N_ ("Eros Deploy: sign-in of “%s”"),
  .nothing = N_ ("Nobody is signed in for the connection “%s” on this computer. Sign in first."),
  /* Translators: %s: what the system said */
  .no_keyring =
    N_ ("There is no keyring to keep the sign-in in (%s). Start one, such as GNOME Keyring or KeePassXC, or "
        "choose application default credentials."),
  .denied = N_ ("The keyring does not let this program in (%s). Allow it in the keyring's settings, or "
                "choose application "
                "default credentials."),
};

static const Kind signing_key = {
  .schema = { .name = EROS_APPLICATION_ID ".SigningKey",
              .flags = SECRET_SCHEMA_NONE,
              .attributes = { { "person", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } } },
  /* Translators: name of an entry in the keyring; whose key */
  .label = N_ ("Eros Deploy: key with which %s signs reports"),
  .nothing = N_ ("The keyring on this computer has no key with which %s signs reports."),
  .no_keyring =
    N_ ("There is no keyring that has the key (%s). Start one, such as GNOME Keyring or KeePassXC."),
  .denied = N_ ("The keyring does not let this program in (%s). Allow it in the keyring's settings."),
};

typedef struct
{
  const Kind *kind;
  char *name;
  char *secret; /* (nullable): to be stored */
  void (*act) (GTask *task);
  GCancellable *patience; /* with the bus */
  gulong follows;         /* handler id: whoever cancels the task */
  guint timer;            /* source id */
} Access;

static void
access_free (Access *access)
{
  g_free (access->name);
  eros_secret_free (access->secret);
  g_object_unref (access->patience);
  g_free (access);
}

static GHashTable *
attributes_of (Access *access)
{
  const SecretSchema *schema = &access->kind->schema;

  return secret_attributes_build (schema, schema->attributes[0].name, access->name, NULL);
}

static const Kind *
kind_of (GTask *task)
{
  return ((Access *) g_task_get_task_data (task))->kind;
}

/* FORMAT has one %s, for WHAT. */
static void
return_text (GTask *task, int code, const char *format, const char *what)
{
  g_auto (GStrv) around = g_strsplit (_ (format), "%s", 2);
  g_autofree char *message = g_strjoin (what, around[0], around[1], NULL);

  g_task_return_error (task, g_error_new_literal (EROS_SIGN_IN_ERROR, code, message));
}

static void
return_no_keyring (GTask *task, const char *why)
{
  return_text (task, EROS_SIGN_IN_ERROR_NO_KEYRING, kind_of (task)->no_keyring, why);
}

static void
return_locked (GTask *task)
{
  g_task_return_new_error (task, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_KEYRING_LOCKED,
                           _ ("The keyring is locked. Unlock it with its password, then try again."));
}

static gboolean
is_absence (const GError *error)
{
  static const GDBusError absent[] = { G_DBUS_ERROR_SERVICE_UNKNOWN,    G_DBUS_ERROR_NAME_HAS_NO_OWNER,
                                       G_DBUS_ERROR_NO_REPLY,           G_DBUS_ERROR_DISCONNECTED,
                                       G_DBUS_ERROR_UNKNOWN_INTERFACE,  G_DBUS_ERROR_SPAWN_EXEC_FAILED,
                                       G_DBUS_ERROR_SPAWN_CHILD_EXITED, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND,
                                       G_DBUS_ERROR_SPAWN_FAILED };

  for (guint i = 0; i < G_N_ELEMENTS (absent); i++)
    if (g_error_matches (error, G_DBUS_ERROR, absent[i]))
      return TRUE;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* What libsecret says, in words that help; takes error. */
static void
return_failure (GTask *task, GError *error)
{
  g_autoptr (GError) owned = error;
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_dbus_error_strip_remote_error (error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && g_cancellable_is_cancelled (cancellable))
    g_task_return_error (task, g_steal_pointer (&owned));
  else if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
           /* the person closed the question for the password */
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return_locked (task);
  else if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED) ||
           g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_AUTH_FAILED))
    return_text (task, EROS_SIGN_IN_ERROR_KEYRING_DENIED, kind_of (task)->denied, error->message);
  else if (is_absence (error))
    return_no_keyring (task, error->message);
  else
    g_task_return_new_error (task, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_FAILED,
                             _ ("The keyring could not be used: %s"), error->message);
}

static void
cancelled_cb (GCancellable *cancellable, GCancellable *patience)
{
  g_cancellable_cancel (patience);
}

static gboolean
patience_cb (gpointer user_data)
{
  Access *access = user_data;

  access->timer = 0;
  g_cancellable_cancel (access->patience);
  return G_SOURCE_REMOVE;
}

/* Who listens and never answers would be waited for without an end. */
static void
be_patient (GTask *task, Access *access)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  access->patience = g_cancellable_new ();
  access->timer = g_timeout_add_seconds (BUS_SECONDS, patience_cb, access);
  if (cancellable != NULL)
    access->follows = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), access->patience, NULL);
}

static void
end_patience (GTask *task, Access *access)
{
  g_clear_handle_id (&access->timer, g_source_remove);
  g_cancellable_disconnect (g_task_get_cancellable (task), access->follows);
  access->follows = 0;
}

/* Only whether it answers at all counts: what is wrong otherwise, libsecret meets again. */
static void
pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Access *access = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) alias = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree char *silence = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      access->act (task);
      return;
    }
  silence = g_strdup_printf (
    ngettext ("it has not answered for %d second", "it has not answered for %d seconds", KEYRING_SECONDS),
    KEYRING_SECONDS);
  return_no_keyring (task, silence);
}

/* One that hears and never answers would be waited for at each of its calls. What it is asked here needs no
 * password: for that a person is waited for, as long as it takes. */
static void
ping (GTask *task, GDBusConnection *bus)
{
  g_dbus_connection_call (bus, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                          "org.freedesktop.Secret.Service", "ReadAlias", g_variant_new ("(s)", "default"),
                          G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, KEYRING_SECONDS * 1000,
                          g_task_get_cancellable (task), pinged_cb, g_object_ref (task));
}

/* Without a bus libsecret's own error says little. */
static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Access *access = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  g_autofree char *silence = NULL;

  end_patience (task, access);
  if (bus != NULL)
    ping (task, bus);
  else if (g_task_return_error_if_cancelled (task))
    return;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      silence =
        g_strdup_printf (ngettext ("the session's message bus has not answered for %d second",
                                   "the session's message bus has not answered for %d seconds", BUS_SECONDS),
                         BUS_SECONDS);
      return_no_keyring (task, silence);
    }
  else
    return_no_keyring (task, error->message);
}

/* Takes task. */
static void
begin (GTask *owned, const Kind *kind, const char *name, const char *secret, void (*act) (GTask *task))
{
  g_autoptr (GTask) task = owned;
  Access *access = g_new0 (Access, 1);

  access->kind = kind;
  access->name = g_strdup (name != NULL ? name : "");
  access->secret = g_strdup (secret);
  access->act = act;
  g_task_set_task_data (task, access, (GDestroyNotify) access_free);
  be_patient (task, access);
  g_bus_get (G_BUS_TYPE_SESSION, access->patience, bus_cb, g_object_ref (task));
}

/* ---- store --------------------------------------------------------------------------------------------- */

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else if (error != NULL)
    return_failure (task, error);
  else
    return_locked (task);
}

static void
store (GTask *task)
{
  Access *access = g_task_get_task_data (task);
  g_autoptr (GHashTable) attributes = attributes_of (access);
  g_auto (GStrv) around = g_strsplit (_ (access->kind->label), "%s", 2);
  g_autofree char *label = g_strjoin (access->name, around[0], around[1], NULL);

  secret_password_storev (&access->kind->schema, attributes, SECRET_COLLECTION_DEFAULT, label, access->secret,
                          g_task_get_cancellable (task), stored_cb, g_object_ref (task));
}

/**
 * eros_keyring_store_async:
 * @connection: name of a connection
 * @secret: what to keep, in place of what was kept before
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is in the keyring
 * @user_data: for @callback
 */
void
eros_keyring_store_async (const char *connection,
                          const char *secret,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_keyring_store_async);
  eros_secret_protect ();
  begin (task, &sign_in, connection, secret, store);
}

/**
 * eros_keyring_store_key_async:
 * @person: who signs with it
 * @key: a private key, in place of what was kept before
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is in the keyring: eros_keyring_store_finish()
 * @user_data: for @callback
 */
void
eros_keyring_store_key_async (const char *person,
                              const char *key,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_keyring_store_async);
  eros_secret_protect ();
  begin (task, &signing_key, person, key, store);
}

gboolean
eros_keyring_store_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_keyring_store_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- look up ------------------------------------------------------------------------------------------- */

static void
return_nothing (GTask *task)
{
  Access *access = g_task_get_task_data (task);

  return_text (task, EROS_SIGN_IN_ERROR_NEEDED, access->kind->nothing, access->name);
}

static void
retrieved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (SecretValue) value =
    secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  const char *text = value != NULL ? secret_value_get_text (value) : NULL;

  if (error != NULL && (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) ||
                        g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
                        g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)))
    {
      /* It was deleted between the search and now. */
      g_error_free (error);
      return_nothing (task);
    }
  else if (error != NULL)
    return_failure (task, error);
  else if (text == NULL)
    return_nothing (task);
  else
    g_task_return_pointer (task, g_strdup (text), (GDestroyNotify) eros_secret_free);
}

static gboolean
is_locked (SecretRetrievable *item)
{
  return SECRET_IS_ITEM (item) && secret_item_get_locked (SECRET_ITEM (item));
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  if (error != NULL)
    return_failure (task, error);
  else if (items == NULL)
    return_nothing (task);
  else if (is_locked (items->data))
    return_locked (task);
  else
    secret_retrievable_retrieve_secret (items->data, g_task_get_cancellable (task), retrieved_cb,
                                        g_object_ref (task));
  g_list_free_full (items, g_object_unref);
}

/* A search, and no look-up: that would not tell a locked item from one that is not there. */
static void
look_up (GTask *task)
{
  g_autoptr (GHashTable) attributes = attributes_of (g_task_get_task_data (task));

  secret_password_searchv (&kind_of (task)->schema, attributes, SECRET_SEARCH_UNLOCK,
                           g_task_get_cancellable (task), found_cb, g_object_ref (task));
}

/**
 * eros_keyring_lookup_async:
 * @connection: name of a connection
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * The person may be asked for the keyring's password.
 */
void
eros_keyring_lookup_async (const char *connection,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_keyring_lookup_async);
  eros_secret_protect ();
  begin (task, &sign_in, connection, NULL, look_up);
}

/**
 * eros_keyring_lookup_key_async:
 * @person: who signs with it
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer: eros_keyring_lookup_finish()
 * @user_data: for @callback
 *
 * Only %EROS_SIGN_IN_ERROR_NEEDED says that there is none; every other error, that the keyring could not be
 * asked.
 */
void
eros_keyring_lookup_key_async (const char *person,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_keyring_lookup_async);
  eros_secret_protect ();
  begin (task, &signing_key, person, NULL, look_up);
}

char *
eros_keyring_lookup_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_keyring_lookup_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- clear --------------------------------------------------------------------------------------------- */

static void
still_there_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  if (error != NULL)
    return_failure (task, error);
  else if (items != NULL)
    return_locked (task);
  else
    g_task_return_boolean (task, TRUE);
  g_list_free_full (items, g_object_unref);
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GHashTable) attributes = attributes_of (g_task_get_task_data (task));
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    return_failure (task, error);
  else
    /* “Nothing removed” may also mean that it is locked. */
    secret_password_searchv (&kind_of (task)->schema, attributes, SECRET_SEARCH_ALL,
                             g_task_get_cancellable (task), still_there_cb, g_object_ref (task));
}

static void
clear (GTask *task)
{
  g_autoptr (GHashTable) attributes = attributes_of (g_task_get_task_data (task));

  secret_password_clearv (&kind_of (task)->schema, attributes, g_task_get_cancellable (task), cleared_cb,
                          g_object_ref (task));
}

void
eros_keyring_clear_async (const char *connection,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_keyring_clear_async);
  begin (task, &sign_in, connection, NULL, clear);
}

gboolean
eros_keyring_clear_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_keyring_clear_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
