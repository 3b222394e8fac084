/* eros-storage.c: objects of Cloud Storage, verified by their checksum
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-storage.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "eros-big-query-error.h"
#include "eros-crc32c.h"
#include "eros-json.h"
#include "eros-list-private.h"

void
eros_object_free (ErosObject *self)
{
  g_free (self->bucket);
  g_free (self->name);
  g_free (self->content_type);
  g_free (self);
}

/* user_data: the bucket's name */
static gpointer
read_object (JsonObject *resource, gpointer user_data)
{
  const char *name = eros_json_string (resource, "name");
  const char *updated = eros_json_string (resource, "updated");
  g_autoptr (GDateTime) time = updated != NULL ? g_date_time_new_from_iso8601 (updated, NULL) : NULL;
  ErosObject *object;

  if (name == NULL)
    return NULL;
  object = g_new0 (ErosObject, 1);
  object->bucket = g_strdup (user_data);
  object->name = g_strdup (name);
  object->content_type = g_strdup (eros_json_string (resource, "contentType"));
  object->size = MAX (0, eros_json_int64 (resource, "size", 0));
  object->generation = eros_json_int64 (resource, "generation", 0);
  object->has_crc32c = eros_crc32c_parse (eros_json_string (resource, "crc32c"), &object->crc32c);
  if (time != NULL)
    object->updated = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return object;
}

/* ---- what there is ------------------------------------------------------------------------------------- */

typedef struct
{
  ErosHttp *http;
  char *bucket;
  char *name;
} Place;

static void
place_free (Place *place)
{
  g_clear_object (&place->http);
  g_free (place->bucket);
  g_free (place->name);
  g_free (place);
}

static Place *
place_new (ErosHttp *http, const char *bucket, const char *name)
{
  Place *place = g_new0 (Place, 1);

  place->http = g_object_ref (http);
  place->bucket = g_strdup (bucket);
  place->name = g_strdup (name);
  return place;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *objects = eros_list_read_finish (result, &error);

  if (objects == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, objects, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * eros_storage_list_async:
 * @http: a transport
 * @bucket: a bucket
 * @prefix: what the names begin with; "" for all
 * @cancellable: (nullable): a cancellable
 * @callback: called when all pages are there
 * @user_data: for @callback
 */
void
eros_storage_list_async (ErosHttp *http,
                         const char *bucket,
                         const char *prefix,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Place *place = place_new (http, bucket, NULL);
  g_autofree char *escaped = g_uri_escape_string (bucket, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("storage/v1/b/%s/o", escaped);

  g_task_set_source_tag (task, eros_storage_list_async);
  g_task_set_task_data (task, place, (GDestroyNotify) place_free);
  eros_list_read_async (http, EROS_SERVICE_STORAGE, path, "prefix", prefix, "items", read_object,
                        place->bucket, (GDestroyNotify) eros_object_free, cancellable, listed_cb,
                        g_object_ref (task));
}

GPtrArray *
eros_storage_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_storage_list_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Takes error. */
static void
return_object (GTask *task, const char *bucket, JsonNode *answer, GError *error)
{
  ErosObject *object = answer != NULL ? read_object (json_node_get_object (answer), (gpointer) bucket) : NULL;

  if (answer != NULL && object == NULL)
    error = g_error_new (EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                         _ ("Cloud Storage's answer is not the description of an object."));
  if (object == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, object, (GDestroyNotify) eros_object_free);
}

static void
got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Place *place = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer = eros_http_json_finish (EROS_HTTP (source), result, &error);

  return_object (task, place->bucket, answer, error);
}

void
eros_storage_get_async (ErosHttp *http,
                        const char *bucket,
                        const char *name,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s/o/%s", bucket, name);

  g_task_set_source_tag (task, eros_storage_get_async);
  g_task_set_task_data (task, place_new (http, bucket, name), (GDestroyNotify) place_free);
  eros_http_send_async (http, request, cancellable, got_cb, g_object_ref (task));
}

ErosObject *
eros_storage_get_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_storage_get_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) answer = eros_http_send_finish (EROS_HTTP (source), result, &error);

  /* An earlier attempt whose answer was lost has removed it. */
  if (answer == NULL && g_error_matches (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_NOT_FOUND))
    g_clear_error (&error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
eros_storage_delete_async (ErosHttp *http,
                           const char *bucket,
                           const char *name,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (ErosRequest) request =
    eros_request_new (EROS_SERVICE_STORAGE, "DELETE", "storage/v1/b/%s/o/%s", bucket, name);

  g_task_set_source_tag (task, eros_storage_delete_async);
  eros_http_send_async (http, request, cancellable, deleted_cb, g_object_ref (task));
}

gboolean
eros_storage_delete_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_storage_delete_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- reading ------------------------------------------------------------------------------------------- */

typedef struct
{
  ErosRequest *request;
  ErosObject object;
  ErosHttpSink sink;
  gpointer sink_data;
  guint64 received;
  guint64 skip;   /* of what comes, when the server sends it all once more */
  gboolean begun; /* some of this attempt has come */
  guint32 crc32c;
} Download;

static void
download_free (Download *download)
{
  g_clear_object (&download->request);
  g_free (download->object.name);
  g_free (download);
}

static gboolean
download_sink (const char *data, gsize length, gpointer user_data, GError **error)
{
  Download *download = user_data;
  gsize passed;

  if (!download->begun)
    download->skip = eros_request_get_status (download->request) == 206 ? 0 : download->received;
  download->begun = TRUE;
  passed = MIN (download->skip, length);
  download->skip -= passed;
  data += passed;
  length -= passed;
  if (length == 0)
    return TRUE;
  if (download->received + length > download->object.size)
    {
      g_set_error (error, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
                   _ ("%s is longer than Cloud Storage says"), download->object.name);
      return FALSE;
    }
  if (!download->sink (data, length, download->sink_data, error))
    return FALSE;
  download->received += length;
  download->crc32c = eros_crc32c (download->crc32c, data, length);
  return TRUE;
}

/* Before the request is sent again: only what is still missing. */
static void
download_reset (gpointer user_data)
{
  Download *download = user_data;
  g_autofree char *range = g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-", download->received);

  download->begun = FALSE;
  eros_request_set_header (download->request, "Range", download->received > 0 ? range : NULL);
}

static void
downloaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Download *download = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) rest = eros_http_send_finish (EROS_HTTP (source), result, &error);

  /* What is whole is not made worse by how the connection has ended. */
  if (rest == NULL && (download->object.size == 0 || download->received < download->object.size))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  if (download->received != download->object.size ||
      (download->object.has_crc32c && download->crc32c != download->object.crc32c))
    g_task_return_new_error (
      task, EROS_BIG_QUERY_ERROR, EROS_BIG_QUERY_ERROR_MALFORMED,
      _ ("%s has arrived damaged: its checksum differs from Cloud Storage's. Try again."),
      download->object.name);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * eros_storage_read_async:
 * @http: a transport
 * @object: as Cloud Storage has described it
 * @sink: takes each byte once
 * @sink_data: for @sink
 * @cancellable: (nullable): a cancellable
 * @callback: called when everything has been given to @sink and its checksum is known to be right or wrong
 * @user_data: for @callback
 *
 * When the connection breaks, only what is missing is asked for again.
 */
void
eros_storage_read_async (ErosHttp *http,
                         ErosObject *object,
                         ErosHttpSink sink,
                         gpointer sink_data,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *generation = g_strdup_printf ("%" G_GINT64_FORMAT, object->generation);
  Download *download = g_new0 (Download, 1);

  g_task_set_source_tag (task, eros_storage_read_async);
  download->request =
    eros_request_new (EROS_SERVICE_STORAGE, "GET", "storage/v1/b/%s/o/%s", object->bucket, object->name);
  download->object = *object;
  download->object.name = g_strdup (object->name);
  download->sink = sink;
  download->sink_data = sink_data;
  g_task_set_task_data (task, download, (GDestroyNotify) download_free);
  eros_request_add_query (download->request, "alt", "media");
  eros_request_add_query (download->request, "generation", object->generation > 0 ? generation : NULL);
  /* The checksum is of what is stored, which a server may otherwise unpack on the way. */
  eros_request_set_header (download->request, "Accept-Encoding", "gzip");
  eros_request_set_raw (download->request);
  eros_request_set_sink (download->request, download_sink, download_reset, download);
  eros_http_send_async (http, download->request, cancellable, downloaded_cb, g_object_ref (task));
}

gboolean
eros_storage_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, eros_storage_read_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
