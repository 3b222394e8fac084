/* eros-sign-in.c: how a person gives a connection the right to speak for them, and takes it back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sign-in.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "eros-browser.h"
#include "eros-credentials.h"
#include "eros-keyring.h"
#include "eros-secret.h"

typedef struct
{
  ErosConnection *connection;
  GFile *file;
  ErosSignInBrowser browser;
  gpointer browser_data;
  ErosGrant *grant;
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  g_clear_object (&sign_in->connection);
  g_clear_object (&sign_in->file);
  g_clear_pointer (&sign_in->grant, eros_grant_unref);
  g_free (sign_in);
}

static SignIn *
sign_in_of (GTask *task)
{
  return g_task_get_task_data (task);
}

static GTask *
make_task (ErosConnection *connection,
           GFile *file,
           gpointer tag,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  SignIn *sign_in = g_new0 (SignIn, 1);

  sign_in->connection = g_object_ref (connection);
  g_set_object (&sign_in->file, file);
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, sign_in, (GDestroyNotify) sign_in_free);
  return task;
}

static const char *
name_of (GTask *task)
{
  return eros_connection_get_name (sign_in_of (task)->connection);
}

/* ---- into the keyring ---------------------------------------------------------------------------------- */

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!eros_keyring_store_finish (result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  eros_credentials_forget (sign_in_of (task)->connection);
  g_task_return_pointer (task, g_strdup (sign_in_of (task)->grant->email),
                         g_free); /* NULL: a Google account */
}

/* Takes grant. */
static void
keep (GTask *task, ErosGrant *grant)
{
  const char *name = name_of (task);
  char *text;

  sign_in_of (task)->grant = grant;
  if (name == NULL || *name == '\0')
    {
      g_task_return_new_error (task, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_FAILED,
                               _ ("Give the connection a name first: the sign-in is kept under it."));
      return;
    }
  text = eros_grant_to_json (grant);
  eros_keyring_store_async (name, text, g_task_get_cancellable (task), stored_cb, g_object_ref (task));
  eros_secret_free (text);
}

/* ---- with a key ---------------------------------------------------------------------------------------- */

static void
key_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *name = g_file_get_parse_name (sign_in_of (task)->file);
  GError *error = NULL;
  char *text = eros_grant_read_file_finish (result, &error);
  ErosGrant *grant = text != NULL ? eros_grant_parse (text, name, &error) : NULL;

  eros_secret_free (text);
  if (grant == NULL)
    g_task_return_error (task, error);
  else if (grant->kind != EROS_GRANT_SERVICE_ACCOUNT)
    {
      eros_grant_unref (grant);
      g_task_return_new_error (task, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_INVALID_FILE,
                               _ ("%s is not the key of a service account. In Google's console open the "
                                  "service account, and add a key of the type JSON."),
                               name);
    }
  else
    keep (task, grant);
}

/**
 * eros_sign_in_with_key_async:
 * @connection: a connection with a name
 * @key_file: a service account's key, as Google's console gives it out
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is in the keyring
 * @user_data: for @callback
 *
 * What was kept for the connection before is replaced only when the file is good.
 */
void
eros_sign_in_with_key_async (ErosConnection *connection,
                             GFile *key_file,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task =
    make_task (connection, key_file, eros_sign_in_with_key_async, cancellable, callback, user_data);

  eros_grant_read_file_async (key_file, cancellable, key_read_cb, g_object_ref (task));
}

gboolean
eros_sign_in_with_key_finish (GAsyncResult *result, char **account, GError **error)
{
  g_autofree char *email = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, eros_sign_in_with_key_async), FALSE);
  email = g_task_propagate_pointer (G_TASK (result), error);
  if (email == NULL)
    return FALSE;
  if (account != NULL)
    *account = g_steal_pointer (&email);
  return TRUE;
}

/* ---- with a Google account ----------------------------------------------------------------------------- */

static void
agreed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  ErosGrant *grant = eros_browser_ask_finish (result, &error);

  if (grant == NULL)
    g_task_return_error (task, error);
  else
    keep (task, grant);
}

static void
client_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SignIn *sign_in = sign_in_of (task);
  GError *error = NULL;
  char *text = eros_grant_read_file_finish (result, &error);

  if (text == NULL)
    g_task_return_error (task, error);
  else
    eros_browser_ask_async (text, sign_in->browser, sign_in->browser_data, g_task_get_cancellable (task),
                            agreed_cb, g_object_ref (task));
  eros_secret_free (text);
}

void
eros_sign_in_with_google_async (ErosConnection *connection,
                                GFile *client_file,
                                ErosSignInBrowser browser,
                                gpointer browser_data,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task =
    make_task (connection, client_file, eros_sign_in_with_google_async, cancellable, callback, user_data);

  sign_in_of (task)->browser = browser;
  sign_in_of (task)->browser_data = browser_data;
  eros_grant_read_file_async (client_file, cancellable, client_read_cb, g_object_ref (task));
}

gboolean
eros_sign_in_with_google_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, eros_sign_in_with_google_async), FALSE);
  /* A Google account's grant has no address to return. */
  g_free (g_task_propagate_pointer (G_TASK (result), &local_error));
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* ---- out ----------------------------------------------------------------------------------------------- */

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (eros_keyring_clear_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
clear (GTask *task)
{
  eros_credentials_forget (sign_in_of (task)->connection);
  eros_keyring_clear_async (name_of (task), g_task_get_cancellable (task), cleared_cb, g_object_ref (task));
}

/* Whatever Google says: what we have is removed in any case. */
static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GInputStream) answer = soup_session_send_finish (SOUP_SESSION (source), result, NULL);

  clear (task);
}

/* https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke */
static gboolean
revoke_token (GTask *task, ErosGrant *grant)
{
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *base = NULL;
  g_autofree char *address = NULL;

  if (grant->kind != EROS_GRANT_USER || !g_str_has_suffix (grant->token_uri, "/token"))
    return FALSE;
  base = g_strndup (grant->token_uri, strlen (grant->token_uri) - strlen ("/token"));
  address = g_strconcat (base, "/revoke", NULL);
  session = soup_session_new_with_options ("timeout", 15, NULL);
  message = soup_message_new_from_encoded_form ("POST", address,
                                                soup_form_encode ("token", grant->refresh_token, NULL));
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, g_task_get_cancellable (task), revoked_cb,
                           g_object_ref (task));
  return TRUE;
}

static void
granted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosGrant) grant = eros_credentials_get_grant_finish (EROS_CREDENTIALS (source), result, &error);

  if (grant == NULL || !revoke_token (task, grant))
    clear (task);
}

/**
 * eros_sign_out_async:
 * @connection: a connection with a name
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is nothing left
 * @user_data: for @callback
 *
 * Application default credentials belong to gcloud and stay.
 */
void
eros_sign_out_async (ErosConnection *connection,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task =
    make_task (connection, NULL, eros_sign_out_async, cancellable, callback, user_data);

  if (eros_connection_get_sign_in (connection) == EROS_SIGN_IN_GOOGLE_ACCOUNT)
    eros_credentials_get_grant_async (eros_credentials_get (connection), cancellable, granted_cb,
                                      g_object_ref (task));
  else
    clear (task);
}

gboolean
eros_sign_out_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_sign_out_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- who ----------------------------------------------------------------------------------------------- */

static void
described_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ErosGrant) grant = eros_credentials_get_grant_finish (EROS_CREDENTIALS (source), result, &error);

  if (grant == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, eros_grant_describe (grant), g_free);
}

void
eros_sign_in_describe_async (ErosConnection *connection,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task =
    make_task (connection, NULL, eros_sign_in_describe_async, cancellable, callback, user_data);

  if (eros_connection_get_sign_in (connection) == EROS_SIGN_IN_NONE)
    g_task_return_pointer (task, g_strdup (_ ("nobody: this server needs no sign-in")), g_free);
  else
    eros_credentials_get_grant_async (eros_credentials_get (connection), cancellable, described_cb,
                                      g_object_ref (task));
}

char *
eros_sign_in_describe_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_sign_in_describe_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
