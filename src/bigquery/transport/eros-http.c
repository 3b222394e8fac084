/* eros-http.c: requests to Google's services, signed in, sent again where that helps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "eros-big-query-error.h"
#include "eros-connection-private.h"
#include "eros-credentials.h"
#include "eros-json.h"
#include "eros-request-private.h"
#include "eros-secret.h"
#include "eros-time-text.h"
#include "eros-token.h"

#define CHUNK            (64 * 1024)
#define AT_ONCE          4
#define MOST_STALE       16 /* as many connections as may be kept open */
#define COLLECT_LIMIT    (32 * 1024 * 1024)
#define ERROR_LIMIT      (64 * 1024)
#define FIRST_WAIT_SHARE 30    /* of the connection's patience */
#define DEADLINE         20    /* times the connection's patience: ten minutes, usually */
#define NOBODY_HOME_MS   10000 /* how long a server on this machine may take to start */
#define LONGEST_ASKED_S  (24 * 3600)
#define FOR_EVER_MS      (G_MAXINT64 / 1000)

#define SCOPE "https://www.googleapis.com/auth/bigquery https://www.googleapis.com/auth/devstorage.read_write"
/* testIamPermissions of a project accepts no narrower one */
#define SCOPE_PROJECT "https://www.googleapis.com/auth/cloud-platform.read-only"

struct _ErosHttp
{
  GObject parent_instance;

  ErosConnection *connection;
  SoupSession *session;
  guint deadline_ms; /* 0: by the connection's patience, and for ever while offline */
  gint64 clock_ahead_us;
};

G_DEFINE_FINAL_TYPE (ErosHttp, eros_http, G_TYPE_OBJECT)

/* One request under way, over all of its attempts. */
typedef struct
{
  ErosRequest *request;
  SoupMessage *message;
  GInputStream *stream;
  char *buffer; /* CHUNK bytes */
  GByteArray *collected;
  char *token;               /* (nullable): sent along */
  gboolean renewed;          /* a token was refused, and this is the second one */
  GCancellable *cancellable; /* (nullable): the task's */
  GCancellable *stop;        /* of the attempt: follows the task's */
  gulong stop_handler;
  guint linger_ms;     /* how long an attempt that lasts is waited for when it is not wanted any more */
  gboolean went_stale; /* the connection of the attempt was closed before it was used */
  guint n_stale;
  GSource *timer; /* (nullable): while it waits for another attempt */
  gulong network_handler;
  guint attempt;
  gboolean has_waited; /* whoever is told of attempts has not heard yet that this one got an answer */
  gint64 begun;
  gint64 sent;               /* the last attempt */
  ErosConnection *waits_for; /* (nullable): that has been told that this request waits */
} Exchange;

static void
stop_waiting (Exchange *exchange)
{
  if (exchange->network_handler != 0)
    g_signal_handler_disconnect (g_network_monitor_get_default (), exchange->network_handler);
  exchange->network_handler = 0;
  g_clear_pointer (&exchange->timer, g_source_unref);
}

static void
tell_wait_ended (Exchange *exchange)
{
  if (exchange->waits_for != NULL)
    eros_connection_wait_ended (exchange->waits_for);
  g_clear_object (&exchange->waits_for);
}

static void
end_attempt (Exchange *exchange)
{
  if (exchange->message != NULL)
    g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  if (exchange->stop_handler != 0)
    g_cancellable_disconnect (exchange->cancellable, exchange->stop_handler);
  exchange->stop_handler = 0;
  g_clear_object (&exchange->stop);
}

static void
exchange_free (Exchange *exchange)
{
  stop_waiting (exchange);
  tell_wait_ended (exchange);
  end_attempt (exchange);
  g_clear_object (&exchange->cancellable);
  eros_secret_free (exchange->token);
  g_clear_object (&exchange->request);
  g_clear_object (&exchange->message);
  g_clear_object (&exchange->stream);
  g_byte_array_unref (exchange->collected);
  g_free (exchange->buffer);
  g_free (exchange);
}

static void
eros_http_dispose (GObject *object)
{
  ErosHttp *self = EROS_HTTP (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (eros_http_parent_class)->dispose (object);
}

static void
eros_http_class_init (ErosHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_http_dispose;
}

static void
eros_http_init (ErosHttp *self)
{
  /* Google compresses only for who says “gzip” here, too. */
  self->session =
    soup_session_new_with_options ("user-agent", "eros-deploy/" EROS_VERSION " (gzip) ", "idle-timeout", 60,
                                   "max-conns", 64, "max-conns-per-host", 64, NULL);
}

/**
 * eros_http_new:
 * @connection: where to, and how to sign in
 *
 * Returns: (transfer full): a transport; its connections are kept open between requests
 */
ErosHttp *
eros_http_new (ErosConnection *connection)
{
  ErosHttp *self = g_object_new (EROS_TYPE_HTTP, NULL);

  self->connection = g_object_ref (connection);
  soup_session_set_timeout (self->session, (eros_connection_get_patience_ms (connection) + 999) / 1000);
  /* Asking the system for a proxy takes a thread and reads files, each time; this machine needs none. */
  if (eros_connection_is_loopback (connection))
    soup_session_set_proxy_resolver (self->session, NULL);
  return self;
}

/**
 * eros_http_set_deadline:
 * @self: a transport
 * @deadline_ms: how long a request is tried again, also while there is no network; 0 for 20 times
 *   the connection's patience, and for as long as it takes while there is no network
 */
void
eros_http_set_deadline (ErosHttp *self, guint deadline_ms)
{
  self->deadline_ms = deadline_ms;
}

static const char *
google_address (ErosService service)
{
  switch (service)
    {
    case EROS_SERVICE_STORAGE:
      return "https://storage.googleapis.com";
    case EROS_SERVICE_TRANSFER:
      return "https://bigquerydatatransfer.googleapis.com";
    case EROS_SERVICE_RESOURCE_MANAGER:
      return "https://cloudresourcemanager.googleapis.com";
    case EROS_SERVICE_BIG_QUERY:
    default:
      return "https://bigquery.googleapis.com";
    }
}

static void
copy_header (const char *name, const char *value, gpointer headers)
{
  soup_message_headers_replace (headers, name, value);
}

static SoupMessage *
make_message (ErosHttp *self, ErosRequest *request, GError **error)
{
  const char *endpoint = eros_connection_get_endpoint (self->connection);
  const char *base = endpoint != NULL ? endpoint : google_address (request->service);
  g_autofree char *url = NULL;
  SoupMessage *message;

  if (!eros_connection_validate (self->connection, error))
    return NULL;
  url = g_strconcat (base, g_str_has_suffix (base, "/") ? "" : "/", request->target->str, NULL);
  /* Otherwise Google indents its JSON, which is a third more to send and to read. */
  if (!request->raw && request->service == EROS_SERVICE_BIG_QUERY)
    {
      g_autofree char *plain = g_steal_pointer (&url);

      url = g_strconcat (plain, request->has_query ? "&" : "?", "prettyPrint=false", NULL);
    }
  message = soup_message_new (request->method, url);
  if (message == NULL)
    {
      g_set_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_FAILED, _ ("“%s” is not an address"),
                   url);
      return NULL;
    }
  /* An answer that sends us elsewhere would take the sign-in along. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  /* Job ids and preconditions make a POST repeatable, which lets it go over a connection that is open
   * already. */
  if (!request->once)
    soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message, request->content_type, request->body);
  if (request->raw)
    soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_foreach (request->headers, copy_header, soup_message_get_request_headers (message));
  return message;
}

static GError *
error_of_answer (Exchange *exchange)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);

  return eros_big_query_error_of_answer (soup_message_get_status (exchange->message),
                                         soup_message_headers_get_list (headers, "WWW-Authenticate"),
                                         (const char *) exchange->collected->data, exchange->collected->len);
}

/* ---- another attempt ----------------------------------------------------------------------------------- */

static void send_attempt (GTask *task);

static gboolean
wait_over_cb (gpointer user_data)
{
  GTask *task = user_data;

  stop_waiting (g_task_get_task_data (task));
  if (!g_task_return_error_if_cancelled (task))
    send_attempt (g_object_ref (task));
  return G_SOURCE_REMOVE;
}

/* Retry-After: seconds, or a date (RFC 9110, 10.2.3) by the server's own clock. */
static guint
asked_wait_s (SoupMessage *message)
{
  const char *asked =
    message != NULL
      ? soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After")
      : NULL;
  g_autoptr (GDateTime) date = NULL;
  gint64 now;

  if (asked == NULL)
    return 0;
  if (g_ascii_isdigit (*asked))
    return MIN (g_ascii_strtoull (asked, NULL, 10), LONGEST_ASKED_S);
  date = soup_date_time_new_from_http_string (asked);
  now = (g_get_real_time () - eros_token_clock_ahead_us (message)) / G_USEC_PER_SEC;
  return date != NULL ? CLAMP (g_date_time_to_unix (date) - now, 0, LONGEST_ASKED_S) : 0;
}

/* Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), as Google advises
 * too, from one second to half a minute for a connection of usual patience; what the server asks for in
 * Retry-After is waited in any case. */
static guint
choose_wait (ErosHttp *self, Exchange *exchange)
{
  guint longest = eros_connection_get_patience_ms (self->connection);
  guint first = MAX (1, longest / FIRST_WAIT_SHARE);
  guint ceiling = MIN (first << MIN (exchange->attempt - 1, 5), MAX (1, longest));

  return MAX ((guint) g_random_int_range (1, ceiling + 1), asked_wait_s (exchange->message) * 1000);
}

/* Without a network there is nothing wrong with the work: it waits. */
static gint64
patience_ms (ErosHttp *self, const GError *error)
{
  if (eros_big_query_error_is_offline (error) && eros_connection_is_loopback (self->connection))
    return self->deadline_ms > 0 ? MIN (self->deadline_ms, NOBODY_HOME_MS) : NOBODY_HOME_MS;
  if (self->deadline_ms > 0)
    return self->deadline_ms;
  return eros_big_query_error_is_offline (error)
           ? FOR_EVER_MS
           : DEADLINE * (gint64) eros_connection_get_patience_ms (self->connection);
}

/* Whether the request, which has failed with error, may be sent again, and when. */
static gboolean
plan_retry (ErosHttp *self, Exchange *exchange, const GError *error, guint *wait)
{
  if (!eros_big_query_error_is_transient (error) ||
      (exchange->request->once && !eros_big_query_error_is_offline (error)))
    return FALSE;
  *wait = choose_wait (self, exchange);
  return (g_get_monotonic_time () - exchange->begun) / 1000 + *wait < patience_ms (self, error);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  Exchange *exchange = user_data;

  if (available && exchange->timer != NULL)
    g_source_set_ready_time (exchange->timer, 0);
}

/* no_answer: a network that comes back ends the wait. */
static void
wait_and_send (GTask *task, guint wait_ms, gboolean no_answer)
{
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  exchange->timer = g_timeout_source_new (wait_ms);
  if (no_answer)
    exchange->network_handler = g_signal_connect (g_network_monitor_get_default (), "network-changed",
                                                  G_CALLBACK (network_changed_cb), exchange);
  if (cancellable != NULL)
    {
      g_autoptr (GSource) stop = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (stop);
      g_source_add_child_source (exchange->timer, stop);
    }
  g_task_attach_source (task, exchange->timer, wait_over_cb);
}

/* (transfer full): a time of today, of the monotonic clock's */
static char *
say_time (gint64 monotonic)
{
  return eros_time_format (g_get_real_time () + monotonic - g_get_monotonic_time (), EROS_TIME_CLOCK " UTC");
}

/* Whoever waits for the work is told what the work waits for, in times that stay true while that is shown. */
static void
tell_wait (ErosHttp *self, Exchange *exchange, const GError *error, guint wait_ms)
{
  gint64 patience = patience_ms (self, error);
  g_autofree char *next = say_time (g_get_monotonic_time () + 1000 * (gint64) wait_ms);
  g_autofree char *end = patience == FOR_EVER_MS ? NULL : say_time (exchange->begun + 1000 * patience);
  g_autofree char *text = patience == FOR_EVER_MS
                            /* Translators: %1$u: number of an attempt, %2$s: a time, %3$s: what went wrong */
                            ? g_strdup_printf (_ ("attempt %1$u at %2$s, for as long as it takes: %3$s"),
                                               exchange->attempt, next, error->message)
                            /* Translators: the same; %3$s: a time, %4$s: what went wrong */
                            : g_strdup_printf (_ ("attempt %1$u at %2$s, until %3$s: %4$s"),
                                               exchange->attempt, next, end, error->message);

  eros_connection_wait_for (self->connection, text, exchange->waits_for == NULL);
  g_set_object (&exchange->waits_for, self->connection);
}

/* Takes error. */
static void
fail (GTask *task, GError *error)
{
  g_autoptr (GError) owned = error;
  ErosHttp *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  gboolean offline = eros_big_query_error_is_offline (error);
  guint wait;

  if (offline)
    eros_connection_set_offline (self->connection, TRUE);
  /* The time without a network is not the server's. */
  if (offline && patience_ms (self, error) == FOR_EVER_MS)
    exchange->begun = g_get_monotonic_time ();
  if (!plan_retry (self, exchange, error, &wait))
    {
      g_task_return_error (task, g_steal_pointer (&owned));
      return;
    }
  exchange->attempt++;
  exchange->has_waited = TRUE;
  tell_wait (self, exchange, error, wait);
  if (exchange->request->retry != NULL)
    exchange->request->retry (exchange->attempt, error, wait, exchange->request->retry_data);
  wait_and_send (task, wait, error->domain != EROS_BIG_QUERY_ERROR);
}

/* ---- the answer ---------------------------------------------------------------------------------------- */

static gboolean
is_success (Exchange *exchange)
{
  guint status = soup_message_get_status (exchange->message);

  return SOUP_STATUS_IS_SUCCESSFUL (status) || status == exchange->request->welcome;
}

static gboolean
take (Exchange *exchange, gsize length, GError **error)
{
  ErosRequest *request = exchange->request;

  if (is_success (exchange) && request->sink != NULL)
    return request->sink (exchange->buffer, length, request->sink_data, error);
  if (!is_success (exchange))
    length = MIN (length, ERROR_LIMIT - exchange->collected->len);
  else if (exchange->collected->len + length > COLLECT_LIMIT)
    {
      g_set_error_literal (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                           _ ("the server's answer is larger than any it should give"));
      return FALSE;
    }
  g_byte_array_append (exchange->collected, (const guint8 *) exchange->buffer, length);
  return TRUE;
}

static void
answer_is_whole (GTask *task)
{
  ErosHttp *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);

  if (is_success (exchange))
    {
      GByteArray *body = g_steal_pointer (&exchange->collected);

      exchange->collected = g_byte_array_new ();
      g_task_return_pointer (task, g_byte_array_free_to_bytes (body), (GDestroyNotify) g_bytes_unref);
    }
  else if (soup_message_get_status (exchange->message) == SOUP_STATUS_UNAUTHORIZED &&
           exchange->token != NULL && !exchange->renewed)
    {
      /* It may have been revoked or have ended early: one other token is tried. */
      exchange->renewed = TRUE;
      eros_credentials_reject (eros_credentials_get (self->connection), exchange->token);
      send_attempt (g_object_ref (task));
    }
  else
    fail (task, error_of_answer (exchange));
}

/* Of what says no, a page of any length, its beginning is enough. */
static gboolean
is_enough (Exchange *exchange)
{
  return !is_success (exchange) && exchange->collected->len >= ERROR_LIMIT;
}

/* Whether there may be more. length: of what has been read; -1: error (taken) */
static gboolean
have_read (GTask *task, gssize length, GError *error)
{
  Exchange *exchange = g_task_get_task_data (task);

  if (length < 0)
    fail (task, error);
  else if (length == 0)
    answer_is_whole (task);
  else if (!take (exchange, length, &error))
    g_task_return_error (task, error);
  else if (is_enough (exchange))
    answer_is_whole (task);
  else
    return TRUE;
  return FALSE;
}

static void read_on (GTask *task);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (have_read (task, length, error))
    read_on (task);
}

/* (nullable) */
static GCancellable *
cancellable_of_attempt (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  return exchange->request->lasting ? NULL : exchange->cancellable;
}

/* What is there already is taken at once, which spares a small answer two rounds of the main loop; a large
 * one gives way to others in between. */
static void
read_on (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *cancellable = cancellable_of_attempt (task);

  for (guint i = 0; i < AT_ONCE && G_IS_POLLABLE_INPUT_STREAM (exchange->stream); i++)
    {
      GError *error = NULL;
      gssize length = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (exchange->stream),
                                                                exchange->buffer, CHUNK, cancellable, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_error_free (error);
          break;
        }
      if (!have_read (task, length, error))
        return;
    }
  g_input_stream_read_async (exchange->stream, exchange->buffer, CHUNK, G_PRIORITY_DEFAULT, cancellable,
                             read_cb, g_object_ref (task));
}

/* Takes error: says what was wrong with the certificate, and what to do about it. */
static GError *
explain_certificate (Exchange *exchange, GError *error)
{
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (exchange->message);
  const char *host = g_uri_get_host (soup_message_get_uri (exchange->message));
  const char *why = (flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0
                      ? _ ("nobody whom this computer trusts vouches for it")
                    : (flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0 ? _ ("it is for somebody else")
                    : (flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) != 0
                      ? _ ("it is not valid today; is this computer's clock right?")
                      : _ ("it is not sound");

  if (!g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return error;
  g_error_free (error);
  return g_error_new (
    G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
    /* Translators: %1$s: a server, %2$s: “it is for somebody else” */
    _ ("The certificate of %1$s is refused: %2$s. Nothing was sent. Somebody may stand in between: "
       "ask whoever runs the network."),
    host, why);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ErosHttp *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  exchange->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  end_attempt (exchange);
  if (exchange->stream == NULL && exchange->went_stale && !g_cancellable_is_cancelled (exchange->cancellable))
    {
      g_error_free (error);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                   _ ("the server closes every connection before it answers"));
      if (exchange->n_stale++ < MOST_STALE)
        {
          g_error_free (error);
          exchange->attempt++;
          send_attempt (g_object_ref (task));
          return;
        }
    }
  if (exchange->stream == NULL)
    {
      fail (task, explain_certificate (exchange, error));
      return;
    }
  g_set_object (&exchange->request->answered, exchange->message);
  if (exchange->has_waited && exchange->request->retry != NULL)
    exchange->request->retry (exchange->attempt, NULL, 0, exchange->request->retry_data);
  exchange->has_waited = FALSE;
  eros_connection_set_offline (self->connection, FALSE);
  eros_connection_set_latency (self->connection, g_get_monotonic_time () - exchange->sent);
  if (soup_message_get_status (exchange->message) < 500)
    tell_wait_ended (exchange);
  self->clock_ahead_us = eros_token_clock_ahead_us (exchange->message);
  if (exchange->buffer == NULL)
    exchange->buffer = g_malloc (CHUNK);
  read_on (task);
}

/* ---- sending ------------------------------------------------------------------------------------------- */

static void
stop_attempt_cb (GCancellable *cancellable, gpointer stop)
{
  g_cancellable_cancel (stop);
}

static gboolean
linger_over_cb (gpointer stop)
{
  g_cancellable_cancel (stop);
  return G_SOURCE_REMOVE;
}

static void
linger_cb (GCancellable *cancellable, Exchange *exchange)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, exchange->linger_ms, linger_over_cb, g_object_ref (exchange->stop),
                      g_object_unref);
}

/* Of what has left and lasts, the answer says whether it was done: it is waited for a while. */
static void
follow_cancellable (ErosHttp *self, Exchange *exchange)
{
  if (exchange->cancellable == NULL)
    return;
  exchange->linger_ms = (guint) (eros_connection_get_patience_ms (self->connection) / 2);
  exchange->stop_handler =
    exchange->request->lasting
      ? g_cancellable_connect (exchange->cancellable, G_CALLBACK (linger_cb), exchange, NULL)
      : g_cancellable_connect (exchange->cancellable, G_CALLBACK (stop_attempt_cb),
                               g_object_ref (exchange->stop), g_object_unref);
}

/* A connection that was kept open and has been closed meanwhile makes libsoup send the message again by
 * itself, and now and then (3.2) tell two ends of it, the second after what it belongs to has gone. So it is
 * stopped here, and we send it again. */
static void
restarted_cb (SoupMessage *message, gpointer user_data)
{
  Exchange *exchange = user_data;

  /* Another connection that is open already would be used at once, before the first end is told. */
  soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  exchange->went_stale = TRUE;
  g_cancellable_cancel (exchange->stop);
}

static void
wrote_headers_cb (SoupMessage *message, gpointer user_data)
{
  ((Exchange *) user_data)->request->heard = TRUE;
}

static void
send_message (GTask *task)
{
  ErosHttp *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);

  exchange->went_stale = FALSE;
  exchange->stop = g_cancellable_new ();
  follow_cancellable (self, exchange);
  g_signal_connect (exchange->message, "restarted", G_CALLBACK (restarted_cb), exchange);
  g_signal_connect (exchange->message, "wrote-headers", G_CALLBACK (wrote_headers_cb), exchange);
  exchange->sent = g_get_monotonic_time ();
  soup_session_send_async (self->session, exchange->message, G_PRIORITY_DEFAULT, exchange->stop, sent_cb,
                           g_object_ref (task));
}

static void
token_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autofree char *quota_project = NULL;
  GError *error = NULL;
  char *token = eros_credentials_get_token_finish (EROS_CREDENTIALS (source), result, &quota_project, &error);
  SoupMessageHeaders *headers;
  char *header;

  if (token == NULL)
    {
      fail (task, error);
      return;
    }
  eros_secret_free (exchange->token);
  exchange->token = token;
  headers = soup_message_get_request_headers (exchange->message);
  header = g_strconcat ("Bearer ", token, NULL);
  soup_message_headers_replace (headers, "Authorization", header);
  eros_secret_free (header);
  if (quota_project != NULL)
    soup_message_headers_replace (headers, "X-Goog-User-Project", quota_project);
  send_message (task);
}

/* Takes the task. */
static void
send_attempt (GTask *owned)
{
  g_autoptr (GTask) task = owned;
  ErosHttp *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  gboolean about_project = exchange->request->service == EROS_SERVICE_RESOURCE_MANAGER;
  GError *error = NULL;

  g_clear_object (&exchange->stream);
  g_clear_object (&exchange->message);
  g_byte_array_set_size (exchange->collected, 0);
  if (exchange->attempt > 1 && exchange->request->reset != NULL)
    exchange->request->reset (exchange->request->sink_data);
  exchange->message = make_message (self, exchange->request, &error);
  if (exchange->message == NULL)
    g_task_return_error (task, error);
  else if (exchange->request->anonymous ||
           eros_connection_get_sign_in (self->connection) == EROS_SIGN_IN_NONE)
    send_message (task);
  else
    eros_credentials_get_token_async (eros_credentials_get (self->connection),
                                      about_project ? SCOPE_PROJECT : SCOPE, g_task_get_cancellable (task),
                                      token_cb, g_object_ref (task));
}

/**
 * eros_http_send_async:
 * @self: a transport
 * @request: what to send; may not be changed until it is answered
 * @cancellable: (nullable): ends it, also while it waits for another attempt
 * @callback: called when the whole answer is there
 * @user_data: for @callback
 *
 * Sends a request, and sends it again after what Google calls transient: 408, 429, 5xx, rate limits, no
 * answer at all. Waits 1 s to 32 s in between, each with full jitter, until the deadline.
 */
void
eros_http_send_async (ErosHttp *self,
                      ErosRequest *request,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, eros_http_send_async);
  /* The answer to an attempt that was waited for counts, too. */
  g_task_set_check_cancellable (task, !request->lasting);
  exchange->request = g_object_ref (request);
  exchange->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  exchange->collected = g_byte_array_new ();
  exchange->attempt = 1;
  exchange->begun = g_get_monotonic_time ();
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  send_attempt (g_steal_pointer (&task));
}

GBytes *
eros_http_send_finish (ErosHttp *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * eros_http_json_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for %EROS_BIG_QUERY_ERROR, %G_IO_ERROR or %G_TLS_ERROR
 *
 * Returns: (transfer full): the answer, which is a JSON object (an empty one for an empty answer)
 */
JsonNode *
eros_http_json_finish (ErosHttp *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GBytes) body = eros_http_send_finish (self, result, error);

  if (body == NULL)
    return NULL;
  if (g_bytes_get_size (body) == 0)
    return json_from_string ("{}", NULL);
  return eros_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), error);
}
