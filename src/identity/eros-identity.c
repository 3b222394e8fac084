/* eros-identity.c: the key with which a person signs reports, found, made and put on record
 *
 * A report is believed because its signer is known by a fingerprint. So “there is no key” and “nobody could
 * be asked for it” are different answers, a key never takes another's place unasked, and another key than
 * before goes on record.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-identity.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-keyring.h"
#include "eros-secret.h"

char *
eros_identity_get_person (const char *actor)
{
  const char *address = strstr (actor, " <");

  return address != NULL ? g_strndup (actor, (gsize) (address - actor)) : g_strdup (actor);
}

/* ---- finding ---- */

typedef struct
{
  ErosIdentityState state;
  ErosSigner *signer;
  char *why;
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_clear_object (&found->signer);
  g_free (found->why);
  g_free (found);
}

static ErosIdentityState
state_after (const GError *error)
{
  if (g_error_matches (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED))
    return EROS_IDENTITY_NONE;
  return g_error_matches (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NO_KEYRING) ? EROS_IDENTITY_NO_KEYRING
                                                                                    : EROS_IDENTITY_UNKNOWN;
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Found *found = g_new0 (Found, 1);
  char *pem = eros_keyring_lookup_finish (result, &error);

  if (pem != NULL)
    {
      found->signer = eros_signer_new_from_pem (pem, &error);
      found->state = found->signer != NULL ? EROS_IDENTITY_KEPT : EROS_IDENTITY_UNUSABLE;
    }
  else
    found->state = state_after (error);
  eros_secret_free (pem);
  found->why = error != NULL ? g_strdup (error->message) : NULL;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      found_free (found);
      g_task_return_error (task, g_steal_pointer (&error));
    }
  else
    g_task_return_pointer (task, found, found_free);
}

void
eros_identity_find_async (const char *person,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, eros_identity_find_async);
  eros_keyring_lookup_key_async (person, cancellable, looked_up_cb, task);
}

gboolean
eros_identity_find_finish (GAsyncResult *result,
                           ErosIdentityState *state,
                           ErosSigner **signer,
                           char **why,
                           GError **error)
{
  Found *found = g_task_propagate_pointer (G_TASK (result), error);

  if (found == NULL)
    return FALSE;
  *state = found->state;
  *signer = g_steal_pointer (&found->signer);
  *why = g_steal_pointer (&found->why);
  found_free (found);
  return TRUE;
}

/* ---- making ---- */

typedef struct
{
  char *person;
  gboolean keep;
  ErosSigner *signer;
} Making;

static void
making_free (gpointer data)
{
  Making *making = data;

  g_free (making->person);
  g_clear_object (&making->signer);
  g_free (making);
}

static void
return_signer (GTask *task)
{
  Making *making = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&making->signer), g_object_unref);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (eros_keyring_store_finish (result, &error))
    {
      return_signer (task);
      return;
    }
  g_prefix_error (&error, _ ("The new key could not be kept, so nothing was signed with it: "));
  g_task_return_error (task, error);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Making *making = g_task_get_task_data (task);
  GError *error = NULL;
  char *pem = NULL;

  making->signer = eros_signer_new_self_made_finish (result, &error);
  if (making->signer != NULL && making->keep)
    pem = eros_signer_to_pem (making->signer, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (pem == NULL)
    return_signer (task);
  else
    eros_keyring_store_key_async (making->person, pem, g_task_get_cancellable (task), stored_cb,
                                  g_object_ref (task));
  eros_signer_free_pem (pem);
}

void
eros_identity_make_async (const char *person,
                          gboolean keep,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Making *making = g_new0 (Making, 1);

  making->person = g_strdup (person);
  making->keep = keep;
  g_task_set_source_tag (task, eros_identity_make_async);
  g_task_set_task_data (task, making, making_free);
  eros_signer_new_self_made_async (person, cancellable, made_cb, task);
}

ErosSigner *
eros_identity_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- on record ---- */

const char *
eros_identity_get_recorded (ErosDeployment *deployment, const char *person)
{
  GListModel *events = G_LIST_MODEL (eros_deployment_get_journal (deployment));

  for (guint i = g_list_model_get_n_items (events); i > 0; i--)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (events, i - 1);

      if (eros_event_is (event, EROS_EVENT_SIGNER_CHANGED) &&
          eros_event_says (event, EROS_MEMBER_PERSON, person))
        return eros_event_get_string (event, EROS_MEMBER_FINGERPRINT); /* the journal keeps it */
    }
  return NULL;
}

gboolean
eros_identity_is_new (ErosDeployment *deployment, const char *person, ErosSigner *signer, gboolean kept)
{
  const char *recorded = eros_identity_get_recorded (deployment, person);

  return recorded != NULL ? !g_str_equal (recorded, eros_signer_get_fingerprint (signer)) : kept;
}

gboolean
eros_identity_record (ErosDeployment *deployment, const char *person, ErosSigner *signer, GError **error)
{
  const char *recorded = eros_identity_get_recorded (deployment, person);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, EROS_MEMBER_PERSON, person);
  json_object_set_string_member (body, EROS_MEMBER_FINGERPRINT, eros_signer_get_fingerprint (signer));
  if (recorded != NULL)
    json_object_set_string_member (body, EROS_MEMBER_PREVIOUS, recorded);
  json_node_take_object (node, body);
  return eros_deployment_record (deployment, EROS_EVENT_SIGNER_CHANGED, node, error) != NULL;
}
