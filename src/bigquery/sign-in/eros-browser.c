/* eros-browser.c: a person agrees in the browser, and the answer comes back over loopback
 *
 * The installed-application flow (RFC 8252) with proof of possession (RFC 7636): the code that comes back is
 * worth nothing to anybody who does not know the verifier, and a request without our state is nobody's
 * answer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-browser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-address.h"
#include "eros-json.h"
#include "eros-secret.h"
#include "eros-token.h"

#define SCOPES                                                                                               \
  "https://www.googleapis.com/auth/bigquery https://www.googleapis.com/auth/devstorage.read_write"
#define PATIENCE_S 300

typedef struct
{
  char *client_id;
  char *client_secret; /* (nullable) */
  char *auth_uri;
  char *token_uri;
  char *redirect_uri;
  char *verifier;
  char *state;
  SoupServer *server;
  SoupSession *session;
  guint timeout; /* keeps the task alive while nobody has answered */
  GSource *stop; /* (nullable): watches the cancellable meanwhile */
  gboolean answered;
} Ask;

/* From here on nothing else can be the answer. The caller holds a reference to the task. */
static void
settle (Ask *ask)
{
  ask->answered = TRUE;
  g_clear_handle_id (&ask->timeout, g_source_remove);
  if (ask->stop != NULL)
    g_source_destroy (ask->stop);
  g_clear_pointer (&ask->stop, g_source_unref);
}

static void
stop_listening (Ask *ask)
{
  if (ask->server != NULL)
    soup_server_disconnect (ask->server);
  g_clear_object (&ask->server);
}

static void
ask_free (Ask *ask)
{
  stop_listening (ask);
  g_free (ask->client_id);
  eros_secret_free (ask->client_secret);
  g_free (ask->auth_uri);
  g_free (ask->token_uri);
  g_free (ask->redirect_uri);
  eros_secret_free (ask->verifier);
  eros_secret_free (ask->state);
  g_clear_object (&ask->session);
  g_free (ask);
}

/* ---- the client's file --------------------------------------------------------------------------------- */

static gboolean
invalid (GError **error, const char *what)
{
  g_set_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_INVALID_FILE,
               _ ("This is not an OAuth client's file: %s. In Google's console make an OAuth client of the "
                  "type “Desktop app” and download its JSON file."),
               what);
  return FALSE;
}

static gboolean
read_client (Ask *ask, const char *text, GError **error)
{
  g_autoptr (JsonNode) root = eros_json_parse (text, -1, NULL);
  JsonObject *client = root != NULL ? eros_json_object (json_node_get_object (root), "installed") : NULL;

  if (client == NULL)
    return invalid (error, _ ("it has no “installed” client"));
  ask->client_id = g_strdup (eros_json_string (client, "client_id"));
  ask->client_secret = g_strdup (eros_json_string (client, "client_secret"));
  ask->auth_uri = g_strdup (eros_json_string (client, "auth_uri"));
  ask->token_uri = g_strdup (eros_json_string (client, "token_uri"));
  if (ask->client_id == NULL || ask->auth_uri == NULL || ask->token_uri == NULL)
    return invalid (error, _ ("it lacks “client_id”, “auth_uri” or “token_uri”"));
  if (!eros_address_is_safe (ask->auth_uri) || !eros_address_is_safe (ask->token_uri))
    return invalid (error, _ ("one of its addresses is not an https address"));
  return TRUE;
}

/* ---- the answer ---------------------------------------------------------------------------------------- */

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Ask *ask = g_task_get_task_data (task);
  GError *error = NULL;
  char *refresh_token = eros_token_exchange_finish (result, &error);

  if (refresh_token == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (
      task, eros_grant_new_user (ask->client_id, ask->client_secret, ask->token_uri, refresh_token),
      (GDestroyNotify) eros_grant_unref);
  eros_secret_free (refresh_token);
}

static void
exchange (GTask *task, const char *code)
{
  Ask *ask = g_task_get_task_data (task);
  g_autoptr (GHashTable) form = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (form, (gpointer) "grant_type", (gpointer) "authorization_code");
  g_hash_table_insert (form, (gpointer) "code", (gpointer) code);
  g_hash_table_insert (form, (gpointer) "code_verifier", ask->verifier);
  g_hash_table_insert (form, (gpointer) "client_id", ask->client_id);
  if (ask->client_secret != NULL)
    g_hash_table_insert (form, (gpointer) "client_secret", ask->client_secret);
  g_hash_table_insert (form, (gpointer) "redirect_uri", ask->redirect_uri);
  eros_token_exchange_async (ask->session, ask->token_uri, SCOPES, form, g_task_get_cancellable (task),
                             exchanged_cb, g_object_ref (task));
}

static void
reply (SoupServerMessage *message, guint status, const char *sentence)
{
  g_autofree char *page = g_strdup_printf (
    "<!doctype html><meta charset=utf-8><title>Eros Deploy</title>"
    "<body style='font:16px sans-serif;margin:20vh auto;max-width:32em;text-align:center'><p>%s</p>",
    sentence);

  soup_server_message_set_status (message, status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "no-store");
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_COPY, page, strlen (page));
}

/* In constant time, though nobody has more than one guess worth making. */
static gboolean
is_our_state (Ask *ask, const char *state)
{
  guchar difference = 0;

  if (state == NULL || strlen (state) != strlen (ask->state))
    return FALSE;
  for (gsize i = 0; ask->state[i] != '\0'; i++)
    difference |= (guchar) state[i] ^ (guchar) ask->state[i];
  return difference == 0;
}

static gboolean
stop_later_cb (gpointer user_data)
{
  stop_listening (g_task_get_task_data (user_data));
  return G_SOURCE_REMOVE;
}

static void
redirected_cb (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Ask *ask = g_task_get_task_data (task);
  const char *code = query != NULL ? g_hash_table_lookup (query, "code") : NULL;
  const char *refusal = query != NULL ? g_hash_table_lookup (query, "error") : NULL;

  if (ask->answered || !g_str_equal (soup_server_message_get_method (message), "GET") ||
      !g_str_equal (path, "/") || query == NULL ||
      !is_our_state (ask, g_hash_table_lookup (query, "state")) || (code == NULL && refusal == NULL))
    {
      reply (message, SOUP_STATUS_NOT_FOUND, _ ("There is nothing here."));
      return;
    }
  settle (ask);
  reply (message, SOUP_STATUS_OK,
         code != NULL ? _ ("You may close this page and go back to Eros Deploy.")
                      : _ ("The sign-in was refused. You may close this page."));
  /* Not before the page is on its way. */
  g_timeout_add_full (G_PRIORITY_LOW, 1000, stop_later_cb, g_object_ref (task), g_object_unref);
  if (code != NULL)
    exchange (task, code);
  else
    g_task_return_new_error (task, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_REFUSED,
                             _ ("The sign-in was refused in the browser. Nothing was changed."));
}

/* ---- asking -------------------------------------------------------------------------------------------- */

static char *
challenge_of (const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return eros_secret_encode (digest, length);
}

static char *
address_to_show (Ask *ask)
{
  g_autofree char *challenge = challenge_of (ask->verifier);
  g_autofree char *query =
    soup_form_encode ("client_id", ask->client_id, "redirect_uri", ask->redirect_uri, "response_type", "code",
                      "scope", SCOPES, "code_challenge", challenge, "code_challenge_method", "S256", "state",
                      ask->state, "access_type", "offline", "prompt", "consent", NULL);

  return g_strconcat (ask->auth_uri, strchr (ask->auth_uri, '?') != NULL ? "&" : "?", query, NULL);
}

static gboolean
listen (Ask *ask, GTask *task, GError **error)
{
  GSList *uris;

  ask->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (ask->server, NULL, redirected_cb, task, NULL);
  if (!soup_server_listen_local (ask->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  uris = soup_server_get_uris (ask->server);
  ask->redirect_uri = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return TRUE;
}

/* Takes error. */
static void
give_up (GTask *task, GError *error)
{
  Ask *ask = g_task_get_task_data (task);

  settle (ask);
  stop_listening (ask);
  g_task_return_error (task, error);
}

static void
launched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Ask *ask = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error) && !ask->answered)
    give_up (task, g_error_new (EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_FAILED,
                                _ ("The browser could not be opened: %s"), error->message));
}

static gboolean
timed_out_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  ((Ask *) g_task_get_task_data (task))->timeout = 0;
  give_up (task, g_error_new_literal (EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_FAILED,
                                      _ ("Nobody has signed in within five minutes. Nothing was changed.")));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    give_up (task, error);
  return G_SOURCE_REMOVE;
}

static void
wait_for_answer (GTask *task)
{
  Ask *ask = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  ask->timeout = g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, PATIENCE_S, timed_out_cb,
                                             g_object_ref (task), g_object_unref);
  if (cancellable == NULL)
    return;
  ask->stop = g_cancellable_source_new (cancellable);
  g_source_set_callback (ask->stop, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task), g_object_unref);
  g_source_attach (ask->stop, g_task_get_context (task));
}

/**
 * eros_browser_ask_async:
 * @client_json: text of the OAuth client's file
 * @browser: (nullable): shows the address to the person; %NULL: the system's browser
 * @browser_data: for @browser
 * @cancellable: (nullable): a cancellable
 * @callback: called when the person has agreed or refused, or after five minutes
 * @user_data: for @callback
 */
void
eros_browser_ask_async (const char *client_json,
                        ErosSignInBrowser browser,
                        gpointer browser_data,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *address = NULL;
  Ask *ask = g_new0 (Ask, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, eros_browser_ask_async);
  g_task_set_task_data (task, ask, (GDestroyNotify) ask_free);
  eros_secret_protect ();
  ask->verifier = eros_secret_random (32);
  ask->state = eros_secret_random (32);
  ask->session =
    soup_session_new_with_options ("user-agent", "eros-deploy/" EROS_VERSION " ", "timeout", 60, NULL);
  if (!read_client (ask, client_json, &error) || !listen (ask, task, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  wait_for_answer (task);
  address = address_to_show (ask);
  if (browser != NULL)
    browser (address, browser_data);
  else
    g_app_info_launch_default_for_uri_async (address, NULL, cancellable, launched_cb, g_object_ref (task));
}

ErosGrant *
eros_browser_ask_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_browser_ask_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
