/* eros-credentials.c: a connection's tokens, fetched when they are needed and shared by all who need them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-credentials.h"

#include <glib/gi18n-lib.h>

#include "eros-keyring.h"
#include "eros-secret.h"
#include "eros-token.h"

struct _ErosCredentials
{
  GObject parent_instance;

  char *connection; /* its name */
  ErosSignIn sign_in;
  SoupSession *session;
  ErosGrant *grant;  /* (nullable): not read yet */
  GHashTable *slots; /* scope → Slot */
};

G_DEFINE_FINAL_TYPE (ErosCredentials, eros_credentials, G_TYPE_OBJECT)

/* The token of one scope, and who waits for it. */
typedef struct
{
  char *scope;
  ErosToken *token;   /* (nullable) */
  GPtrArray *waiting; /* of GTask */
  gboolean is_asking;
} Slot;

typedef struct
{
  char *token;
  char *quota_project;
} Answer;

static void
slot_free (Slot *slot)
{
  g_free (slot->scope);
  g_clear_pointer (&slot->token, eros_token_free);
  g_ptr_array_unref (slot->waiting);
  g_free (slot);
}

static void
answer_free (Answer *answer)
{
  eros_secret_free (answer->token);
  g_free (answer->quota_project);
  g_free (answer);
}

static void
eros_credentials_finalize (GObject *object)
{
  ErosCredentials *self = EROS_CREDENTIALS (object);

  g_free (self->connection);
  g_clear_object (&self->session);
  g_clear_pointer (&self->grant, eros_grant_unref);
  g_hash_table_unref (self->slots);
  G_OBJECT_CLASS (eros_credentials_parent_class)->finalize (object);
}

static void
eros_credentials_class_init (ErosCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = eros_credentials_finalize;
}

static void
eros_credentials_init (ErosCredentials *self)
{
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) slot_free);
  self->session =
    soup_session_new_with_options ("user-agent", "eros-deploy/" EROS_VERSION " ", "idle-timeout", 60, NULL);
}

#define KEY "eros-credentials"

static void
connection_changed_cb (ErosConnection *connection, GParamSpec *pspec, gpointer user_data)
{
  eros_credentials_forget (connection);
}

/**
 * eros_credentials_get:
 * @connection: a connection
 *
 * Returns: (transfer none): the credentials that all users of @connection share
 */
ErosCredentials *
eros_credentials_get (ErosConnection *connection)
{
  ErosCredentials *self = g_object_get_data (G_OBJECT (connection), KEY);

  if (self != NULL)
    return self;
  self = g_object_new (EROS_TYPE_CREDENTIALS, NULL);
  self->connection = g_strdup (eros_connection_get_name (connection));
  self->sign_in = eros_connection_get_sign_in (connection);
  soup_session_set_timeout (self->session, (eros_connection_get_patience_ms (connection) + 999) / 1000);
  g_object_set_data_full (G_OBJECT (connection), KEY, self, g_object_unref);
  g_signal_connect_object (connection, "notify::sign-in", G_CALLBACK (connection_changed_cb), self, 0);
  g_signal_connect_object (connection, "notify::name", G_CALLBACK (connection_changed_cb), self, 0);
  return self;
}

void
eros_credentials_forget (ErosConnection *connection)
{
  g_object_set_data (G_OBJECT (connection), KEY, NULL);
}

/* ---- the grant ----------------------------------------------------------------------------------------- */

/* Takes text, and error. */
static void
grant_read (GTask *task, char *text, const char *name, GError *error)
{
  ErosCredentials *self = g_task_get_source_object (task);
  ErosGrant *grant = text != NULL ? eros_grant_parse (text, name, &error) : NULL;

  eros_secret_free (text);
  if (grant == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_pointer (&self->grant, eros_grant_unref);
  self->grant = eros_grant_ref (grant);
  g_task_return_pointer (task, grant, (GDestroyNotify) eros_grant_unref);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *text = eros_keyring_lookup_finish (result, &error);

  grant_read (task, text, _ ("What the keyring holds"), error);
}

static void
file_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *path = g_task_get_task_data (task);
  GError *error = NULL;
  char *text = eros_grant_read_file_finish (result, &error);

  /* Nothing that another attempt would cure, as an I/O error of the network is. */
  if (error != NULL && error->domain == G_IO_ERROR && error->code != G_IO_ERROR_CANCELLED)
    {
      GError *why = error;

      error = g_error_new (EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED,
                           /* Translators: %1$s: a file, %2$s: what the system said */
                           _ ("%1$s cannot be read (%2$s). Correct GOOGLE_APPLICATION_CREDENTIALS, or run "
                              "“gcloud auth application-default login”."),
                           path, why->message);
      g_error_free (why);
    }
  grant_read (task, text, path, error);
}

static void
read_default_file (GTask *task)
{
  GError *error = NULL;
  g_autoptr (GFile) file = eros_grant_find_default_file (&error);

  if (file == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, g_file_get_path (file), g_free);
  eros_grant_read_file_async (file, g_task_get_cancellable (task), file_read_cb, g_object_ref (task));
}

/**
 * eros_credentials_get_grant_async:
 * @self: credentials
 * @cancellable: (nullable): a cancellable
 * @callback: called with the grant
 * @user_data: for @callback
 *
 * From the keyring, or from the file that application default credentials lie in.
 */
void
eros_credentials_get_grant_async (ErosCredentials *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_credentials_get_grant_async);
  if (self->grant != NULL)
    g_task_return_pointer (task, eros_grant_ref (self->grant), (GDestroyNotify) eros_grant_unref);
  else if (self->sign_in == EROS_SIGN_IN_APPLICATION_DEFAULT)
    read_default_file (task);
  else
    eros_keyring_lookup_async (self->connection, cancellable, looked_up_cb, g_object_ref (task));
}

ErosGrant *
eros_credentials_get_grant_finish (ErosCredentials *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

static void
give (ErosCredentials *self, Slot *slot, GTask *task)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->token = g_strdup (slot->token->text);
  answer->quota_project = self->grant != NULL ? g_strdup (self->grant->quota_project) : NULL;
  g_task_return_pointer (task, answer, (GDestroyNotify) answer_free);
}

/* error: (nullable): for all who wait */
static void
asked (ErosCredentials *self, Slot *slot, const GError *error)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&slot->waiting);

  slot->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  slot->is_asking = FALSE;
  for (guint i = 0; i < waiting->len; i++)
    {
      GTask *task = g_ptr_array_index (waiting, i);

      GSource *stop = g_task_get_task_data (task);

      if (!g_task_get_completed (task) && !g_task_return_error_if_cancelled (task))
        {
          if (error != NULL)
            g_task_return_error (task, g_error_copy (error));
          else
            give (self, slot, task);
        }
      if (stop != NULL)
        g_source_destroy (stop);
    }
}

/* The request for a token is nobody's own: it goes on when a caller is cancelled. */
static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) asking = user_data;
  ErosCredentials *self = g_task_get_source_object (asking);
  Slot *slot = g_task_get_task_data (asking);
  g_autoptr (GError) error = NULL;
  ErosToken *token = eros_token_fetch_finish (result, &error);

  if (token != NULL)
    {
      g_clear_pointer (&slot->token, eros_token_free);
      slot->token = token;
    }
  else if (error->domain == EROS_SIGN_IN_ERROR)
    /* Whoever signs in again does so in the keyring. */
    g_clear_pointer (&self->grant, eros_grant_unref);
  asked (self, slot, error);
}

static void
granted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) asking = user_data;
  ErosCredentials *self = g_task_get_source_object (asking);
  Slot *slot = g_task_get_task_data (asking);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosGrant) grant = eros_credentials_get_grant_finish (self, result, &error);

  if (grant == NULL)
    asked (self, slot, error);
  else
    eros_token_fetch_async (grant, self->session, slot->scope, NULL, fetched_cb, g_object_ref (asking));
}

static void
ask (ErosCredentials *self, Slot *slot)
{
  /* Only holds the reference: the slot lives as long as the credentials. */
  g_autoptr (GTask) asking = g_task_new (self, NULL, NULL, NULL);

  slot->is_asking = TRUE;
  g_task_set_task_data (asking, slot, NULL);
  eros_credentials_get_grant_async (self, NULL, granted_cb, g_object_ref (asking));
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_task_return_error_if_cancelled (user_data);
  return G_SOURCE_REMOVE;
}

/* A caller that is cancelled does not wait for the others' answer. */
static void
wait (Slot *slot, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_ptr_array_add (slot->waiting, g_object_ref (task));
  if (cancellable != NULL)
    {
      g_autoptr (GSource) stop = g_cancellable_source_new (cancellable);

      g_source_set_callback (stop, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task), g_object_unref);
      g_source_attach (stop, g_task_get_context (task));
      g_task_set_task_data (task, g_source_ref (stop), (GDestroyNotify) g_source_unref);
    }
}

static Slot *
slot_of (ErosCredentials *self, const char *scope)
{
  Slot *slot = g_hash_table_lookup (self->slots, scope);

  if (slot != NULL)
    return slot;
  slot = g_new0 (Slot, 1);
  slot->scope = g_strdup (scope);
  slot->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_insert (self->slots, slot->scope, slot);
  return slot;
}

/**
 * eros_credentials_get_token_async:
 * @self: credentials
 * @scope: what the token is to be good for, space-separated
 * @cancellable: (nullable): a cancellable
 * @callback: called with the token
 * @user_data: for @callback
 *
 * A token that ends within five minutes is renewed first.
 */
void
eros_credentials_get_token_async (ErosCredentials *self,
                                  const char *scope,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Slot *slot = slot_of (self, scope);

  g_task_set_source_tag (task, eros_credentials_get_token_async);
  if (slot->token != NULL && g_get_real_time () < slot->token->renew)
    {
      give (self, slot, task);
      return;
    }
  wait (slot, task);
  if (!slot->is_asking)
    ask (self, slot);
}

char *
eros_credentials_get_token_finish (ErosCredentials *self,
                                   GAsyncResult *result,
                                   char **quota_project,
                                   GError **error)
{
  Answer *answer;
  char *token;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  answer = g_task_propagate_pointer (G_TASK (result), error);
  if (answer == NULL)
    return NULL;
  token = g_steal_pointer (&answer->token);
  if (quota_project != NULL)
    *quota_project = g_steal_pointer (&answer->quota_project);
  answer_free (answer);
  return token;
}

void
eros_credentials_reject (ErosCredentials *self, const char *token)
{
  GHashTableIter iter;
  Slot *slot;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &slot))
    if (slot->token != NULL && g_str_equal (slot->token->text, token))
      g_clear_pointer (&slot->token, eros_token_free);
}
