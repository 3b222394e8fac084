/* eros-server.c: HTTP in the main thread, handlers in others
 *
 * The main thread reads requests and writes answers, nothing else. Each call is handled by a thread of its
 * own, which may wait for a job; the message is paused meanwhile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>
#ifdef __GLIBC__
  #include <malloc.h>
#endif
#include <sys/socket.h>

#include "eros-connections.h"
#include "eros-gate.h"
#include "eros-service-private.h"

#define MAX_JSON_BODY   (10 * 1024 * 1024)
#define MAX_UPLOAD_BODY (256 * 1024 * 1024)
/* Connections that nobody has used for so long are closed, and looked for as often. */
#define IDLE_S      20
#define MAX_THREADS 256
#define MAX_WAITING 1024

typedef struct
{
  ErosCall *call;
  ErosFault fault;
  gint64 number;
  const ErosRoute *route;
} Work;

static void
work_free (Work *work)
{
  eros_call_free (work->call);
  g_free (work);
}

/* As if the network had gone: the peer gets a reset, not an end. */
static void
cut_connection (SoupServerMessage *message, gboolean reset)
{
  struct linger now = { 1, 0 };
  GSocket *socket = soup_server_message_get_socket (message);
  g_autoptr (GIOStream) stream = NULL;

  if (reset && socket != NULL)
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  stream = soup_server_message_steal_connection (message);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
}

/* Promises the whole answer and sends half of it. */
static void
send_half (ErosCall *call)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (call->message);
  gsize length = call->text != NULL ? call->text->len : 0;
  g_autofree char *head =
    g_strdup_printf ("HTTP/1.1 %u OK\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                     call->status, call->content_type, length + 2);
  GOutputStream *output = stream != NULL ? g_io_stream_get_output_stream (stream) : NULL;

  if (output == NULL)
    return;
  if (g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL) && length > 0)
    g_output_stream_write_all (output, call->text->str, length / 2, NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
send_answer (ErosCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);

  eros_gate_seal (headers);
  soup_message_headers_replace (headers, "Vary", "Origin, X-Origin, Referer, Accept-Encoding");
  if (call->status < 400)
    soup_message_headers_replace (headers, "Cache-Control",
                                  strcmp (call->method, "GET") == 0
                                    ? "private, max-age=0, must-revalidate, no-transform"
                                    : "no-cache, no-store, max-age=0, must-revalidate");
  for (guint i = 0; i + 1 < call->headers->len; i += 2)
    soup_message_headers_append (headers, g_ptr_array_index (call->headers, i),
                                 g_ptr_array_index (call->headers, i + 1));
  if (call->bytes != NULL)
    {
      soup_message_headers_replace (headers, "Content-Type", call->content_type);
      if (g_bytes_get_size (call->bytes) > 0) /* of an empty object */
        soup_message_body_append_bytes (soup_server_message_get_response_body (call->message), call->bytes);
    }
  else if (call->text != NULL && call->text->len > 0)
    {
      GBytes *bytes = g_string_free_to_bytes (g_steal_pointer (&call->text));

      soup_message_headers_replace (headers, "Content-Type", call->content_type);
      soup_message_body_append_bytes (soup_server_message_get_response_body (call->message), bytes);
      g_bytes_unref (bytes);
    }
  /* libsoup closes the connection then, and would not say so. */
  if (call->status == 204)
    soup_message_headers_replace (headers, "Connection", "close");
  soup_server_message_set_status (call->message, call->status,
                                  call->status == 499 ? "Client Closed Request" : NULL);
}

static gboolean
finish_cb (gpointer user_data)
{
  Work *work = user_data;
  ErosService *service = work->call->service;
  gboolean silent = work->fault.kind == EROS_FAULT_DROP_RESPONSE || work->fault.kind == EROS_FAULT_TRUNCATE;

  eros_faults_record_end (service->faults, work->number, silent ? 0 : work->call->status, work->call->job_id);
  if (work->fault.kind == EROS_FAULT_DROP_RESPONSE)
    cut_connection (work->call->message, FALSE);
  else if (work->fault.kind == EROS_FAULT_TRUNCATE)
    send_half (work->call);
  else
    {
      send_answer (work->call);
      soup_server_message_unpause (work->call->message);
    }
  service->n_calls--;
  work_free (work);
  return G_SOURCE_REMOVE;
}

static void
handle_cb (gpointer data, gpointer user_data)
{
  Work *work = data;
  ErosService *service = user_data;

  if (data == user_data) /* the first thread's: see start_threads () */
    return;
  if (eros_call_decode (work->call) && eros_call_check_parameters (work->call, work->route) &&
      eros_call_is_permitted (work->call, work->route->permission))
    work->route->handler (work->call);
  eros_call_finish (work->call);
  g_main_context_invoke_full (service->context, G_PRIORITY_DEFAULT, finish_cb, work, NULL);
}

static void
start (Work *work)
{
  g_thread_pool_push (work->call->service->threads, work, NULL);
}

static gboolean
start_cb (gpointer user_data)
{
  start (user_data);
  return G_SOURCE_REMOVE;
}

static void
answer_now (Work *work)
{
  eros_faults_record_end (work->call->service->faults, work->number, work->call->status, NULL);
  send_answer (work->call);
  work_free (work);
}

static gboolean
fail_without_route (ErosCall *call, gboolean path_exists)
{
  if (path_exists)
    eros_call_fail (call, 405, "httpMethodNotAllowed", "The method %s is not allowed on %s.", call->method,
                    call->path);
  else
    eros_call_fail (call, 404, "notFound", "The requested URL %s was not found on this server.", call->path);
  return FALSE;
}

/* FALSE when the call has been answered. */
static gboolean
admit (Work *work)
{
  ErosCall *call = work->call;
  gboolean path_exists = FALSE;

  if (!eros_gate_admit (call))
    return FALSE;
  if (work->fault.kind == EROS_FAULT_STATUS)
    eros_call_fail (call, work->fault.number, work->fault.reason, "A fault on demand: %s",
                    work->fault.reason);
  else if (work->fault.kind == EROS_FAULT_EXPIRE_TOKEN)
    eros_gate_refuse_token (call);
  if (call->status != 0)
    return FALSE;
  work->route = eros_route_find (call, &path_exists);
  if (!eros_gate_identify (call, work->route))
    return FALSE;
  if (work->route == NULL)
    return fail_without_route (call, path_exists);
  call->schema = work->route->schema;
  return eros_gate_check_body (call, work->route);
}

static void
request_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  ErosService *service = user_data;
  Work *work;

  eros_connection_watch (message);
  if (soup_server_message_get_status (message) != 0) /* refused when the head arrived */
    return;
  if (service->stopping)
    {
      cut_connection (message, FALSE);
      return;
    }
  work = g_new0 (Work, 1);
  work->call = eros_call_new (service, message);
  work->number = eros_faults_record (service->faults, work->call->method, work->call->path,
                                     g_uri_get_query (soup_server_message_get_uri (message)));
  if (!g_str_has_prefix (work->call->path, "/_local/"))
    work->fault = eros_faults_meet (service->faults, work->call->method, work->call->path);
  if (work->fault.kind == EROS_FAULT_RESET)
    {
      cut_connection (message, TRUE);
      work_free (work);
      return;
    }
  if (work->fault.kind == EROS_FAULT_HANG)
    {
      soup_server_message_pause (message);
      work_free (work);
      return;
    }
  if (!admit (work))
    {
      answer_now (work);
      return;
    }
  service->n_calls++;
  soup_server_message_pause (message);
  if (work->fault.kind == EROS_FAULT_DELAY)
    g_timeout_add (work->fault.number, start_cb, work);
  else
    start (work);
}

static void
refuse_large (ErosService *service, SoupServerMessage *message, goffset limit)
{
  ErosCall *call;

  call = eros_call_new (service, message);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  eros_call_fail (call, 413, "uploadTooLarge",
                  "Request payload size exceeds the limit: %" G_GOFFSET_FORMAT " bytes.", limit);
  send_answer (call);
  eros_call_free (call);
}

static goffset
body_limit (SoupServerMessage *message)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  return strstr (path, "/upload/") != NULL ? MAX_UPLOAD_BODY : MAX_JSON_BODY;
}

/* A body without a length is counted as it comes. */
static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (soup_server_message_get_status (message) == 0 && body->length > body_limit (message))
    refuse_large (user_data, message, body_limit (message));
}

static void
head_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length (headers) > body_limit (message))
    refuse_large (user_data, message, body_limit (message));
  else if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), user_data);
}

/* On 127.0.0.1 only. Many may knock at once: GIO's ten waiting connections are too few, and whoever is turned
 * away is cut off in the middle of a request. */
static GSocket *
make_socket (guint port, GError **error)
{
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);

  if (socket == NULL)
    return NULL;
  g_socket_set_listen_backlog (socket, MAX_WAITING);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

static gboolean
listen_local (ErosService *service, guint port, GError **error)
{
  g_autoslist (GUri) uris = NULL;
  g_autoptr (GSocket) socket = make_socket (port, error);

  if (socket == NULL)
    return FALSE;

  service->server =
    g_object_new (SOUP_TYPE_SERVER, "server-header", "eros-bigquery-local", "raw-paths", TRUE, NULL);
  soup_server_add_early_handler (service->server, NULL, head_cb, service, NULL);
  soup_server_add_handler (service->server, NULL, request_cb, service, NULL);
  if (!soup_server_listen_socket (service->server, socket, 0, error))
    return FALSE;
  uris = soup_server_get_uris (service->server);
  service->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  return TRUE;
}

static void
prune_thread (GTask *task, gpointer source, gpointer store, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (!eros_store_prune (store, &error))
    g_printerr ("Could not tidy up: %s\n", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
pruned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosService *service = user_data;

  service->n_calls--;
}

/* Half a minute after the start, and then every hour */
static gboolean
prune_cb (gpointer user_data)
{
  ErosService *service = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, pruned_cb, service);

  service->n_calls++;
  g_task_set_task_data (task, service->store, NULL);
  g_task_run_in_thread (task, prune_thread);
  service->prune_source = g_timeout_add_seconds (3600, prune_cb, service);
  return G_SOURCE_REMOVE;
}

/* What a burst of work has needed is given back when it is over. */
static gboolean
idle_cb (gpointer user_data)
{
  ErosService *service = user_data;

  eros_sessions_forget_idle (service->sessions);
  eros_store_close_idle (service->store, IDLE_S);
#ifdef __GLIBC__
  malloc_trim (0);
#endif
  return G_SOURCE_CONTINUE;
}

/* One thread at least is there before anybody calls, and stays: it may be the last that the system gives. */
static gboolean
start_threads (ErosService *service, GError **error)
{
  service->threads = g_thread_pool_new (handle_cb, service, MAX_THREADS, FALSE, NULL);
  g_thread_pool_set_max_idle_time (0);
  if (g_thread_pool_push (service->threads, service, error))
    return TRUE;
  /* Not waited for: what was pushed would have to be done by a thread. */
  g_thread_pool_free (g_steal_pointer (&service->threads), TRUE, FALSE);
  g_prefix_error (error, "The local server could not start a thread: ");
  return FALSE;
}

/**
 * eros_service_new:
 * @engine: the engine; must outlive the service
 * @project: the project that callers work in
 * @port: the port, 0 for any that is free
 * @error: return location for a #GError
 *
 * Starts to serve on 127.0.0.1.
 *
 * Returns: (transfer full) (nullable): the service
 */
ErosService *
eros_service_new (ErosEngine *engine, const char *project, guint port, GError **error)
{
  ErosService *service = g_new0 (ErosService, 1);
  g_autofree char *token_uri = NULL;

  service->engine = engine;
  service->store = eros_engine_get_store (engine);
  service->project = g_strdup (project);
  service->user = g_strdup (EROS_GATE_NOBODY);
  service->context = g_main_context_ref_thread_default ();
  service->faults = eros_faults_new ();
  service->permissions = eros_permissions_new ();
  service->uploads = eros_uploads_new ();
  service->sessions = eros_sessions_new (engine);
  service->jobs = start_threads (service, error) ? eros_jobs_new (service, error) : NULL;
  if (service->jobs == NULL || !listen_local (service, port, error))
    {
      eros_service_free (service);
      return NULL;
    }
  token_uri = g_strconcat (service->url, "/token", NULL);
  service->auth = eros_auth_new (project, token_uri);
  service->prune_source = g_timeout_add_seconds (30, prune_cb, service);
  service->idle_source = g_timeout_add_seconds (IDLE_S, idle_cb, service);
  return service;
}

/**
 * eros_service_set_user:
 * @service: a service that nobody has called yet
 * @email: who it is that calls without a token
 */
void
eros_service_set_user (ErosService *service, const char *email)
{
  g_free (service->user);
  service->user = g_strdup (email);
}

/**
 * eros_service_free:
 * @service: (transfer full) (nullable): the service
 *
 * Cancels running jobs, waits until every call has been answered, and stops to listen.
 */
void
eros_service_free (ErosService *service)
{
  if (service == NULL)
    return;
  g_clear_handle_id (&service->prune_source, g_source_remove);
  g_clear_handle_id (&service->idle_source, g_source_remove);
  service->stopping = TRUE;
  if (service->jobs != NULL)
    eros_jobs_cancel_all (service->jobs);
  while (service->n_calls > 0)
    g_main_context_iteration (service->context, TRUE);
  /* Their threads find it here until the last of them has ended. */
  if (service->jobs != NULL)
    eros_jobs_stop (service->jobs);
  service->jobs = NULL;
  g_clear_pointer (&service->sessions, eros_sessions_free);
  if (service->server != NULL)
    soup_server_disconnect (service->server);
  g_clear_object (&service->server);
  if (service->threads != NULL)
    g_thread_pool_free (service->threads, FALSE, TRUE);
  g_clear_pointer (&service->auth, eros_auth_free);
  eros_faults_free (service->faults);
  eros_permissions_free (service->permissions);
  eros_uploads_free (service->uploads);
  g_main_context_unref (service->context);
  g_free (service->url);
  g_free (service->project);
  g_free (service->user);
  g_free (service);
}

/**
 * eros_service_get_url:
 * @service: the service
 *
 * Returns: `http://127.0.0.1:PORT`
 */
const char *
eros_service_get_url (ErosService *service)
{
  return service->url;
}

/**
 * eros_service_issue_key:
 * @service: the service
 * @path: where to write the key file
 * @error: return location for a #GError
 *
 * Makes a service account with a key of its own and writes the key in the form in which Google hands them
 * out. From now on every call needs a token.
 *
 * Returns: whether the file is written
 */
gboolean
eros_service_issue_key (ErosService *service, const char *path, GError **error)
{
  return eros_auth_issue_key (service->auth, path, error);
}
