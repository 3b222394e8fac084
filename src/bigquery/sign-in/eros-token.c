/* eros-token.c: one access token, asked for with a grant
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-token.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-big-query-error.h"
#include "eros-json.h"
#include "eros-jwt.h"
#include "eros-secret.h"
#include "eros-sentences.h"

#define ANSWER_LIMIT       (64 * 1024)
#define LONGEST_TOKEN      (16 * 1024)
#define RENEW_BEFORE_US    (5 * 60 * G_USEC_PER_SEC)
#define CLOCK_TOLERANCE_US (60 * G_USEC_PER_SEC)
#define CLOUD_PLATFORM     "https://www.googleapis.com/auth/cloud-platform"

typedef struct
{
  ErosGrant *grant; /* (nullable): in an exchange */
  SoupSession *session;
  SoupMessage *message;
  char *scope;
  char *buffer;                                       /* ANSWER_LIMIT + 1 and a NUL */
  void (*answered) (GTask *task, JsonObject *answer); /* answer: NULL when it is not JSON */
} Fetch;

void
eros_token_free (ErosToken *token)
{
  eros_secret_free (token->text);
  g_free (token);
}

static void
fetch_free (Fetch *fetch)
{
  g_clear_pointer (&fetch->grant, eros_grant_unref);
  g_clear_object (&fetch->session);
  g_clear_object (&fetch->message);
  g_free (fetch->scope);
  explicit_bzero (fetch->buffer, ANSWER_LIMIT + 1);
  g_free (fetch->buffer);
  g_free (fetch);
}

static Fetch *
fetch_new (ErosGrant *grant, SoupSession *session, const char *scope)
{
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->grant = grant != NULL ? eros_grant_ref (grant) : NULL;
  fetch->session = g_object_ref (session);
  fetch->scope = g_strdup (scope);
  fetch->buffer = g_malloc0 (ANSWER_LIMIT + 2);
  return fetch;
}

/* ---- the clock ----------------------------------------------------------------------------------------- */

/**
 * eros_token_clock_ahead_us:
 * @message: an answered message
 *
 * Returns: how much this computer's clock is ahead of the server's, as near as a Date in seconds tells
 */
gint64
eros_token_clock_ahead_us (SoupMessage *message)
{
  const char *text = soup_message_headers_get_one (soup_message_get_response_headers (message), "Date");
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  if (date == NULL)
    return 0;
  return g_get_real_time () - g_date_time_to_unix (date) * G_USEC_PER_SEC;
}

static char *
eros_token_describe_clock (gint64 ahead_us)
{
  gint64 seconds = ABS (ahead_us) / G_USEC_PER_SEC;
  g_autofree char *amount =
    seconds < 120
      ? g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong) seconds), (int) seconds)
      : g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong) (seconds / 60)), (int) (seconds / 60));

  /* Translators: %s: “12 minutes” */
  return g_strdup_printf (ahead_us > 0 ? _ ("%s ahead") : _ ("%s behind"), amount);
}

/* ---- one request --------------------------------------------------------------------------------------- */

static void
filled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  gsize length = 0;
  g_autoptr (JsonNode) root = NULL;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (length <= ANSWER_LIMIT && g_utf8_validate (fetch->buffer, length, NULL))
    root = eros_json_parse (fetch->buffer, length, NULL);
  fetch->answered (task, root != NULL ? json_node_get_object (root) : NULL);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    g_task_return_error (task, error);
  else
    g_input_stream_read_all_async (stream, fetch->buffer, ANSWER_LIMIT + 1, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), filled_cb, g_object_ref (task));
}

/* Takes message. */
static void
send (GTask *task, SoupMessage *message, void (*answered) (GTask *task, JsonObject *answer))
{
  Fetch *fetch = g_task_get_task_data (task);

  g_set_object (&fetch->message, message);
  g_object_unref (message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  fetch->answered = answered;
  soup_session_send_async (fetch->session, message, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                           sent_cb, g_object_ref (task));
}

static SoupMessage *
form_message (const char *uri, GHashTable *form)
{
  return soup_message_new_from_encoded_form ("POST", uri, soup_form_encode_hash (form));
}

/* ---- answers ------------------------------------------------------------------------------------------- */

static const char *
whose (Fetch *fetch)
{
  return fetch->grant != NULL && fetch->grant->email != NULL ? fetch->grant->email : _ ("the Google account");
}

static GError *
clock_error (gint64 ahead)
{
  g_autofree char *how = eros_token_describe_clock (ahead);

  return g_error_new (EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_CLOCK,
                      /* Translators: %s: “12 minutes ahead” */
                      _ ("Google refused the sign-in because this computer's clock is %s. Set the clock, or "
                         "turn on automatic time."),
                      how);
}

/* Takes what: it ends with what Google said. */
static GError *
refusal (ErosSignInError code, char *what, const char *advice)
{
  g_autofree char *owned = what;
  g_autofree char *message = eros_sentences_join (what, advice);

  return g_error_new_literal (EROS_SIGN_IN_ERROR, code, message);
}

/* RFC 6749, 5.2; IAM Credentials answers as BigQuery does. */
static GError *
oauth_error (Fetch *fetch, JsonObject *answer)
{
  guint status = soup_message_get_status (fetch->message);
  g_autoptr (GError) general =
    eros_big_query_error_of_answer (status, NULL, fetch->buffer, strlen (fetch->buffer));
  const char *said = eros_big_query_error_get_said (general);
  gint64 ahead = eros_token_clock_ahead_us (fetch->message);

  if (eros_big_query_error_is_transient (general) || answer == NULL)
    return g_steal_pointer (&general);
  if (g_strcmp0 (eros_json_string (answer, "error"), "invalid_grant") == 0)
    {
      if (ABS (ahead) > CLOCK_TOLERANCE_US)
        return clock_error (ahead);
      /* Also when the answer does not say what time it is there. */
      if (eros_big_query_error_get_cause (general) == EROS_BIG_QUERY_CAUSE_CLOCK)
        return refusal (EROS_SIGN_IN_ERROR_CLOCK,
                        g_strdup_printf (_ ("Google refused the sign-in: %s"), said),
                        eros_big_query_error_get_advice (general));
      if (fetch->grant == NULL || fetch->grant->kind == EROS_GRANT_USER)
        return refusal (EROS_SIGN_IN_ERROR_NEEDED,
                        /* Translators: %s: what Google said */
                        g_strdup_printf (_ ("The sign-in is not valid any more: %s"), said),
                        _ ("Sign in again."));
    }
  return refusal (EROS_SIGN_IN_ERROR_REFUSED,
                  /* Translators: %1$s: an account, %2$s: what Google said */
                  g_strdup_printf (_ ("Google refused the sign-in of %1$s: %2$s"), whose (fetch), said),
                  eros_json_object (answer, "error") != NULL
                    ? eros_big_query_error_get_advice (general)
                    : _ ("Check in Google's console that the account and its key are still there, then sign "
                         "in again."));
}

static gboolean
is_success (Fetch *fetch)
{
  return SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (fetch->message));
}

/* A token becomes part of a header. */
static gboolean
is_token (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > LONGEST_TOKEN)
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isgraph (*text))
      return FALSE;
  return TRUE;
}

static void
return_malformed (GTask *task)
{
  g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                           _ ("Google's answer to the sign-in holds no token that could be one."));
}

/* seconds: how long it is good. Short-lived ones are renewed when a quarter is left. */
static void
return_token (GTask *task, const char *text, gint64 seconds)
{
  ErosToken *token;
  gint64 life = CLAMP (seconds, 1, 24 * 3600) * G_USEC_PER_SEC;

  if (!is_token (text))
    {
      return_malformed (task);
      return;
    }
  token = g_new0 (ErosToken, 1);
  token->text = g_strdup (text);
  token->renew = g_get_real_time () + life - MIN (RENEW_BEFORE_US, life / 4);
  g_task_return_pointer (task, token, (GDestroyNotify) eros_token_free);
}

static void
token_answered (GTask *task, JsonObject *answer)
{
  Fetch *fetch = g_task_get_task_data (task);

  if (!is_success (fetch))
    g_task_return_error (task, oauth_error (fetch, answer));
  else if (answer == NULL)
    return_malformed (task);
  else
    return_token (task, eros_json_string (answer, "access_token"),
                  eros_json_int64 (answer, "expires_in", 3600));
}

/* ---- impersonation ------------------------------------------------------------------------------------- */

static void
impersonation_answered (GTask *task, JsonObject *answer)
{
  Fetch *fetch = g_task_get_task_data (task);
  const char *until = answer != NULL ? eros_json_string (answer, "expireTime") : NULL;
  g_autoptr (GDateTime) end = until != NULL ? g_date_time_new_from_iso8601 (until, NULL) : NULL;

  if (!is_success (fetch))
    g_task_return_error (task, oauth_error (fetch, answer));
  else if (answer == NULL || end == NULL)
    return_malformed (task);
  else
    return_token (task, eros_json_string (answer, "accessToken"),
                  /* by the server's clock */
                  g_date_time_to_unix (end) -
                    (g_get_real_time () - eros_token_clock_ahead_us (fetch->message)) / G_USEC_PER_SEC);
}

static JsonArray *
array_of_words (char **words)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    json_array_add_string_element (array, words[i]);
  return array;
}

static GBytes *
impersonation_body (Fetch *fetch)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_auto (GStrv) scopes = g_strsplit (fetch->scope, " ", -1);
  char *text;

  json_object_set_array_member (object, "scope", array_of_words (scopes));
  json_object_set_array_member (object, "delegates", array_of_words (fetch->grant->delegates));
  json_object_set_string_member (object, "lifetime", "3600s");
  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static void
source_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (ErosToken) token = eros_token_fetch_finish (result, &error);
  g_autoptr (GBytes) body = NULL;
  g_autofree char *header = NULL;
  SoupMessage *message;

  if (token == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  message = soup_message_new ("POST", fetch->grant->impersonation_uri);
  body = impersonation_body (fetch);
  header = g_strconcat ("Bearer ", token->text, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", header);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  send (task, message, impersonation_answered);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

static void
ask_as_service_account (GTask *task)
{
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GHashTable) form = g_hash_table_new (g_str_hash, g_str_equal);
  GError *error = NULL;
  char *assertion = eros_jwt_make (fetch->grant, fetch->scope, g_get_real_time () / G_USEC_PER_SEC, &error);

  if (assertion == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_hash_table_insert (form, (gpointer) "grant_type",
                       (gpointer) "urn:ietf:params:oauth:grant-type:jwt-bearer");
  g_hash_table_insert (form, (gpointer) "assertion", assertion);
  send (task, form_message (fetch->grant->token_uri, form), token_answered);
  eros_secret_free (assertion);
}

static void
ask_as_user (GTask *task)
{
  Fetch *fetch = g_task_get_task_data (task);
  ErosGrant *grant = fetch->grant;
  g_autoptr (GHashTable) form = g_hash_table_new (g_str_hash, g_str_equal);

  /* Without a scope: all that the person has agreed to. */
  g_hash_table_insert (form, (gpointer) "grant_type", (gpointer) "refresh_token");
  g_hash_table_insert (form, (gpointer) "client_id", grant->client_id);
  if (grant->client_secret != NULL)
    g_hash_table_insert (form, (gpointer) "client_secret", grant->client_secret);
  g_hash_table_insert (form, (gpointer) "refresh_token", grant->refresh_token);
  send (task, form_message (grant->token_uri, form), token_answered);
}

/**
 * eros_token_fetch_async:
 * @grant: what entitles us
 * @session: how to ask
 * @scope: what the token is to be good for
 * @cancellable: (nullable): a cancellable
 * @callback: called with the token
 * @user_data: for @callback
 *
 * Asks once; whoever needs the token decides whether to ask again.
 */
void
eros_token_fetch_async (ErosGrant *grant,
                        SoupSession *session,
                        const char *scope,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, fetch_new (grant, session, scope), (GDestroyNotify) fetch_free);
  switch (grant->kind)
    {
    case EROS_GRANT_SERVICE_ACCOUNT:
      ask_as_service_account (task);
      break;
    case EROS_GRANT_USER:
      ask_as_user (task);
      break;
    case EROS_GRANT_IMPERSONATED:
    default:
      eros_token_fetch_async (grant->source, session, CLOUD_PLATFORM, cancellable, source_fetched_cb,
                              g_object_ref (task));
      break;
    }
}

ErosToken *
eros_token_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* (nullable): what the person has not ticked in the browser. Without a word of it: nothing. */
static char *
find_missing_scope (Fetch *fetch, JsonObject *answer)
{
  const char *granted = eros_json_string (answer, "scope");
  g_auto (GStrv) has = granted != NULL ? g_strsplit (granted, " ", -1) : NULL;
  g_auto (GStrv) wanted = g_strsplit (fetch->scope, " ", -1);

  for (guint i = 0; has != NULL && wanted[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) has, wanted[i]))
      return g_strdup (wanted[i]);
  return NULL;
}

static void
exchange_answered (GTask *task, JsonObject *answer)
{
  Fetch *fetch = g_task_get_task_data (task);
  const char *refresh_token = answer != NULL ? eros_json_string (answer, "refresh_token") : NULL;
  g_autofree char *missing = answer != NULL ? find_missing_scope (fetch, answer) : NULL;

  if (!is_success (fetch))
    g_task_return_error (task, oauth_error (fetch, answer));
  else if (missing != NULL)
    g_task_return_new_error (
      task, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_REFUSED,
      /* Translators: %s: “https://www.googleapis.com/auth/bigquery” */
      _ ("Not everything that is needed was allowed in the browser: %s is missing. Sign "
         "in again, and tick every box."),
      missing);
  else if (!is_token (refresh_token))
    return_malformed (task);
  else
    g_task_return_pointer (task, g_strdup (refresh_token), (GDestroyNotify) eros_secret_free);
}

void
eros_token_exchange_async (SoupSession *session,
                           const char *token_uri,
                           const char *scope,
                           GHashTable *form,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, fetch_new (NULL, session, scope), (GDestroyNotify) fetch_free);
  send (task, form_message (token_uri, form), exchange_answered);
}

char *
eros_token_exchange_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
