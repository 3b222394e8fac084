/* eros-storage-upload.c: making objects of Cloud Storage
 *
 * https://cloud.google.com/storage/docs/performing-resumable-uploads
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-big-query-error.h"
#include "eros-crc32c.h"
#include "eros-json.h"
#include "eros-storage.h"

#define PIECE          (8 * 1024 * 1024) /* a multiple of 256 KiB, as the service wants it */
#define INCOMPLETE     308
#define MOST_LOOKS     7
#define MOST_STALLS    7
#define FIRST_PAUSE_MS 50

typedef struct
{
  ErosHttp *http;
  char *bucket;
  char *name;
  char *content_type;
  GInputStream *content; /* (nullable): of a resumable upload */
  char *buffer;          /* PIECE bytes */
  gsize in_buffer;
  guint64 offset; /* of the buffer in the object */
  gboolean is_last;
  char *session; /* path and query */
  guint32 crc32c;
  guint64 size;
  guint stalls; /* answers in a row that the service has taken nothing */
  guint looks;  /* for what an attempt whose answer was lost has made */
} Upload;

static void
upload_free (Upload *upload)
{
  g_clear_object (&upload->http);
  g_free (upload->bucket);
  g_free (upload->name);
  g_free (upload->content_type);
  g_clear_object (&upload->content);
  g_free (upload->buffer);
  g_free (upload->session);
  g_free (upload);
}

static GTask *
make_task (ErosHttp *http,
           const char *bucket,
           const char *name,
           const char *content_type,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Upload *upload = g_new0 (Upload, 1);

  upload->http = g_object_ref (http);
  upload->bucket = g_strdup (bucket);
  upload->name = g_strdup (name);
  upload->content_type = g_strdup (content_type);
  g_task_set_source_tag (task, make_task);
  g_task_set_task_data (task, upload, (GDestroyNotify) upload_free);
  return task;
}

static ErosRequest *
make_request (Upload *upload, const char *upload_type)
{
  ErosRequest *request =
    eros_request_new (EROS_SERVICE_STORAGE, "POST", "upload/storage/v1/b/%s/o", upload->bucket);

  eros_request_add_query (request, "uploadType", upload_type);
  eros_request_add_query (request, "name", upload->name);
  /* Only when there is none yet: so that sending it again does no harm. */
  eros_request_add_query (request, "ifGenerationMatch", "0");
  return request;
}

/* ---- the end ------------------------------------------------------------------------------------------- */

/* Takes object. */
static void
return_if_right (GTask *task, ErosObject *object, gboolean is_ours)
{
  Upload *upload = g_task_get_task_data (task);

  if (object->size == upload->size && (!object->has_crc32c || object->crc32c == upload->crc32c))
    {
      g_task_return_pointer (task, object, (GDestroyNotify) eros_object_free);
      return;
    }
  if (is_ours)
    g_task_return_new_error (
      task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
      _ ("%s was stored damaged: Cloud Storage's checksum differs from ours. Delete it and "
         "try again."),
      upload->name);
  else
    g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_CHANGED,
                             _ ("gs://%s/%s is there already, with another content. Nothing was changed."),
                             upload->bucket, upload->name);
  eros_object_free (object);
}

static void look_for_it (GTask *task);

static gboolean
look_again_cb (gpointer user_data)
{
  look_for_it (user_data);
  return G_SOURCE_REMOVE;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Upload *upload = g_task_get_task_data (task);
  GError *error = NULL;
  ErosObject *object = eros_storage_get_finish (result, &error);

  if (object != NULL)
    return_if_right (task, object, FALSE);
  else if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND) &&
           upload->looks < MOST_LOOKS)
    {
      /* The earlier attempt may still be at work. */
      g_autoptr (GSource) timer = g_timeout_source_new (FIRST_PAUSE_MS << upload->looks++);

      g_error_free (error);
      g_task_attach_source (task, timer, look_again_cb);
    }
  else
    g_task_return_error (task, error);
}

static void
look_for_it (GTask *task)
{
  Upload *upload = g_task_get_task_data (task);

  eros_storage_get_async (upload->http, upload->bucket, upload->name, g_task_get_cancellable (task), found_cb,
                          g_object_ref (task));
}

/* Takes error: it is there already: ours, from an attempt whose answer was lost, or somebody else's. */
static void
compare_with_what_is_there (GTask *task, GError *error)
{
  g_error_free (error);
  look_for_it (task);
}

static ErosObject *
describe (Upload *upload, JsonObject *resource)
{
  ErosObject *object = g_new0 (ErosObject, 1);

  object->bucket = g_strdup (upload->bucket);
  object->name = g_strdup (upload->name);
  object->content_type = g_strdup (upload->content_type);
  object->size = eros_json_int64 (resource, "size", upload->size);
  object->generation = eros_json_int64 (resource, "generation", 0);
  object->has_crc32c = eros_crc32c_parse (eros_json_string (resource, "crc32c"), &object->crc32c);
  return object;
}

/* Takes error. answer: (nullable) */
static void
stored (GTask *task, JsonNode *answer, GError *error)
{
  Upload *upload = g_task_get_task_data (task);

  /* A session that is over is not found any more: its last answer may have been lost. */
  if (g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_CHANGED) ||
      (upload->is_last && g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND)))
    compare_with_what_is_there (task, error);
  else if (answer == NULL)
    {
      if (upload->session != NULL &&
          g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
        eros_big_query_error_advise (error, _ ("Cloud Storage has given up the upload. Start it again."));
      g_task_return_error (task, error);
    }
  else
    return_if_right (task, describe (upload, json_node_get_object (answer)), TRUE);
}

/* ---- at once ------------------------------------------------------------------------------------------- */

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  stored (task, answer, error);
}

/**
 * eros_storage_write_async:
 * @http: a transport
 * @bucket: a bucket
 * @name: name of the object
 * @content_type: its media type
 * @content: its content
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is stored and its checksum has been compared
 * @user_data: for @callback
 */
void
eros_storage_write_async (ErosHttp *http,
                          const char *bucket,
                          const char *name,
                          const char *content_type,
                          GBytes *content,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = make_task (http, bucket, name, content_type, cancellable, callback, user_data);
  Upload *upload = g_task_get_task_data (task);
  g_autoptr (ErosRequest) request = make_request (upload, "media");

  upload->size = g_bytes_get_size (content);
  upload->crc32c = eros_crc32c (0, g_bytes_get_data (content, NULL), upload->size);
  eros_request_set_body (request, content, content_type);
  eros_http_send_async (http, request, cancellable, stored_cb, g_object_ref (task));
}

/* ---- in pieces ----------------------------------------------------------------------------------------- */

static void send_piece (GTask *task);

static void
filled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Upload *upload = g_task_get_task_data (task);
  GError *error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  upload->in_buffer = length;
  upload->is_last = length < PIECE;
  upload->crc32c = eros_crc32c (upload->crc32c, upload->buffer, length);
  upload->size += length;
  send_piece (task);
}

static void
fill_buffer (GTask *task)
{
  Upload *upload = g_task_get_task_data (task);

  g_input_stream_read_all_async (upload->content, upload->buffer, PIECE, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), filled_cb, g_object_ref (task));
}

/* "bytes=0-262143": how much the service has; 0 without it. */
static guint64
received_by_service (ErosRequest *request)
{
  const char *range = eros_request_get_answer_header (request, "Range");
  const char *dash = range != NULL ? strchr (range, '-') : NULL;

  return dash != NULL ? g_ascii_strtoull (dash + 1, NULL, 10) + 1 : 0;
}

typedef struct
{
  GTask *task;
  ErosRequest *request;
} Sending;

static gboolean
send_again_cb (gpointer user_data)
{
  send_piece (user_data);
  return G_SOURCE_REMOVE;
}

/* The service has so much of it. */
static void
go_on_from (GTask *task, guint64 received)
{
  Upload *upload = g_task_get_task_data (task);
  gsize taken = received - upload->offset;

  memmove (upload->buffer, upload->buffer + taken, upload->in_buffer - taken);
  upload->in_buffer -= taken;
  upload->offset = received;
  if (taken == 0)
    {
      g_autoptr (GSource) timer = g_timeout_source_new (FIRST_PAUSE_MS << upload->stalls++);

      g_task_attach_source (task, timer, send_again_cb);
      return;
    }
  upload->stalls = 0;
  if (upload->in_buffer == 0 && !upload->is_last)
    fill_buffer (task);
  else
    send_piece (task);
}

static void
piece_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Sending *sending = user_data;
  g_autoptr (GTask) task = sending->task;
  g_autoptr (ErosRequest) request = sending->request;
  Upload *upload = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);
  guint64 received;

  if (answer == NULL || eros_request_get_status (request) != INCOMPLETE)
    {
      stored (task, answer, error);
      return;
    }
  received = received_by_service (request);
  if (received < upload->offset || received > upload->offset + upload->in_buffer)
    g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                             _ ("Cloud Storage has lost a part of %s that it had. Try again."), upload->name);
  else if (upload->stalls >= MOST_STALLS)
    g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_UNAVAILABLE,
                             _ ("Cloud Storage takes no more of %s. Try again later."), upload->name);
  else
    go_on_from (task, received);
}

static char *
content_range (Upload *upload)
{
  g_autofree char *total =
    upload->is_last ? g_strdup_printf ("%" G_GUINT64_FORMAT, upload->size) : g_strdup ("*");

  if (upload->in_buffer == 0)
    return g_strdup_printf ("bytes */%s", total);
  return g_strdup_printf ("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%s", upload->offset,
                          upload->offset + upload->in_buffer - 1, total);
}

static void
send_piece (GTask *task)
{
  Upload *upload = g_task_get_task_data (task);
  g_autofree char *range = content_range (upload);
  g_autoptr (GBytes) body = g_bytes_new (upload->buffer, upload->in_buffer);
  Sending *sending = g_new0 (Sending, 1);

  sending->task = g_object_ref (task);
  sending->request = eros_request_new_for_path (EROS_SERVICE_STORAGE, "PUT", upload->session);
  eros_request_set_body (sending->request, body, upload->content_type);
  eros_request_set_header (sending->request, "Content-Range", range);
  eros_request_set_welcome (sending->request, INCOMPLETE);
  eros_http_send_async (upload->http, sending->request, g_task_get_cancellable (task), piece_sent_cb,
                        sending);
}

/* Where the pieces go. Only its path is used: what we send goes to the service that we asked, and nowhere
 * else. */
static char *
session_path (const char *location)
{
  g_autoptr (GUri) uri = location != NULL ? g_uri_parse (location, G_URI_FLAGS_ENCODED, NULL) : NULL;
  const char *path = uri != NULL ? g_uri_get_path (uri) : NULL;
  const char *query = uri != NULL ? g_uri_get_query (uri) : NULL;

  if (path == NULL || *path != '/' || query == NULL)
    return NULL;
  return g_strconcat (path + 1, "?", query, NULL);
}

static void
session_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Sending *sending = user_data;
  g_autoptr (GTask) task = sending->task;
  g_autoptr (ErosRequest) request = sending->request;
  Upload *upload = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) answer = eros_http_send_finish (EROS_HTTP (source), result, &error);

  if (answer == NULL)
    {
      stored (task, NULL, error);
      return;
    }
  upload->session = session_path (eros_request_get_answer_header (request, "Location"));
  if (upload->session == NULL)
    g_task_return_new_error (task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                             _ ("Cloud Storage does not say where to send %s."), upload->name);
  else
    fill_buffer (task);
}

/**
 * eros_storage_write_stream_async:
 * @http: a transport
 * @bucket: a bucket
 * @name: name of the object
 * @content_type: its media type
 * @content: its content, to the end of the stream
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is stored and its checksum has been compared
 * @user_data: for @callback
 *
 * Holds one piece of 8 MiB in memory, whatever the size.
 */
void
eros_storage_write_stream_async (ErosHttp *http,
                                 const char *bucket,
                                 const char *name,
                                 const char *content_type,
                                 GInputStream *content,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = make_task (http, bucket, name, content_type, cancellable, callback, user_data);
  Upload *upload = g_task_get_task_data (task);
  g_autoptr (JsonNode) nothing = json_from_string ("{}", NULL);
  Sending *sending = g_new0 (Sending, 1);

  upload->content = g_object_ref (content);
  upload->buffer = g_malloc (PIECE);
  sending->task = g_object_ref (task);
  sending->request = make_request (upload, "resumable");
  eros_request_set_json (sending->request, nothing);
  eros_request_set_header (sending->request, "X-Upload-Content-Type", content_type);
  eros_http_send_async (http, sending->request, cancellable, session_opened_cb, sending);
}

ErosObject *
eros_storage_write_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, make_task), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
