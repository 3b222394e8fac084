/* eros-upload.c: bodies that come in one piece, with their description, or bit by bit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-upload.h"

#include <stdio.h>
#include <string.h>

#include "eros-json-reader.h"
#include "eros-multipart.h"
#include "eros-service-private.h"

/* Of the sessions that clients begin and never end, the oldest go. */
#define MAX_SESSIONS 100
#define MAX_SIZE     (1024 * 1024 * 1024)

typedef struct
{
  char *id;
  JsonNode *metadata;
  char *content_type;
  GHashTable *query;
  GByteArray *content;
} Session;

struct _ErosUploads
{
  GMutex lock;
  GQueue sessions; /* the newest first */
};

static void
session_free (Session *session)
{
  g_free (session->id);
  json_node_unref (session->metadata);
  g_free (session->content_type);
  g_hash_table_unref (session->query);
  g_byte_array_unref (session->content);
  g_free (session);
}

/**
 * eros_uploads_new:
 *
 * Returns: (transfer full): no uploads
 */
ErosUploads *
eros_uploads_new (void)
{
  ErosUploads *uploads = g_new0 (ErosUploads, 1);

  g_mutex_init (&uploads->lock);
  g_queue_init (&uploads->sessions);
  return uploads;
}

/**
 * eros_uploads_free:
 * @uploads: (transfer full): the uploads
 */
void
eros_uploads_free (ErosUploads *uploads)
{
  g_queue_clear_full (&uploads->sessions, (GDestroyNotify) session_free);
  g_mutex_clear (&uploads->lock);
  g_free (uploads);
}

/**
 * eros_upload_clear:
 * @upload: an upload
 */
void
eros_upload_clear (ErosUpload *upload)
{
  g_clear_pointer (&upload->metadata, json_node_unref);
  g_clear_pointer (&upload->content, g_bytes_unref);
  g_clear_pointer (&upload->content_type, g_free);
  g_clear_pointer (&upload->query, g_hash_table_unref);
}

static JsonNode *
empty_object (void)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, json_object_new ());
  return node;
}

static JsonNode *
read_metadata (ErosCall *call, const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = size > 0 ? eros_json_parse (data, size, &error) : empty_object ();

  if (node == NULL)
    eros_call_fail_error (call, error);
  else if (!JSON_NODE_HOLDS_OBJECT (node))
    eros_call_fail (call, 400, "parseError", "The description of an upload must be a JSON object.");
  else if (eros_call_check_members (call, json_node_get_object (node)))
    return g_steal_pointer (&node);
  return NULL;
}

static gboolean
receive_multipart (ErosCall *call, ErosUpload *upload)
{
  g_autoptr (GPtrArray) parts = eros_multipart_split (call->request_headers, call->body);
  ErosBodyPart *part;
  gsize size;
  const char *data;

  if (parts == NULL || parts->len != 2)
    {
      eros_call_fail (call, 400, "badContent",
                      "A multipart upload has two parts: a description and the content.");
      return FALSE;
    }
  part = g_ptr_array_index (parts, 0);
  data = g_bytes_get_data (part->content, &size);
  upload->metadata = read_metadata (call, data, size);
  if (upload->metadata == NULL)
    return FALSE;
  part = g_ptr_array_index (parts, 1);
  upload->content = g_bytes_ref (part->content);
  upload->content_type = g_strdup (soup_message_headers_get_one (part->headers, "Content-Type"));
  return TRUE;
}

static void
begin_session (ErosCall *call, ErosUploads *uploads)
{
  gsize size;
  const char *data = g_bytes_get_data (call->body, &size);
  JsonNode *metadata = read_metadata (call, data, size);
  const char *query = call->query_text;
  g_autofree char *location = NULL;
  Session *session;

  if (metadata == NULL)
    return;
  session = g_new0 (Session, 1);
  session->id = g_uuid_string_random ();
  session->metadata = metadata;
  session->content_type = g_strdup (eros_call_header (call, "X-Upload-Content-Type"));
  session->query = g_hash_table_ref (call->query);
  session->content = g_byte_array_new ();
  location = g_strdup_printf ("%s%s?%s&upload_id=%s", call->service->url, call->path, query, session->id);
  g_mutex_lock (&uploads->lock);
  g_queue_push_head (&uploads->sessions, session);
  if (uploads->sessions.length > MAX_SESSIONS)
    session_free (g_queue_pop_tail (&uploads->sessions));
  g_mutex_unlock (&uploads->lock);
  eros_call_reply (call);
  eros_call_add_header (call, "Location", location);
  eros_call_add_header (call, "X-GUploader-UploadID", session->id);
}

/* bytes 0-9/20, bytes 0-9/\*, bytes \*\/20, bytes 0-\*\/\* */
static gboolean
parse_range (const char *header, gsize body, gint64 *first, gint64 *total)
{
  gint64 last;

  *first = -1;
  *total = -1;
  if (header == NULL)
    {
      *first = 0;
      *total = body;
      return TRUE;
    }
  if (sscanf (header, "bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, first, &last,
              total) == 3)
    return *first >= 0 && last - *first + 1 == (gint64) body;
  if (sscanf (header, "bytes */%" G_GINT64_FORMAT, total) == 1)
    return body == 0;
  if (g_str_has_prefix (header, "bytes */*"))
    return body == 0;
  if (sscanf (header, "bytes %" G_GINT64_FORMAT "-", first) != 1 || *first < 0)
    return FALSE;
  if (strstr (header, "-*/*") != NULL) /* everything that is left, however much it is */
    *total = *first + body;
  else if (strstr (header, "-*/") != NULL)
    *total = g_ascii_strtoll (strstr (header, "-*/") + 3, NULL, 10);
  return TRUE;
}

static void
reply_incomplete (ErosCall *call, Session *session)
{
  eros_call_reply (call);
  call->status = 308;
  if (session->content->len > 0)
    {
      g_autofree char *range = g_strdup_printf ("bytes=0-%u", session->content->len - 1);

      eros_call_add_header (call, "Range", range);
    }
}

static void
take_session (ErosUploads *uploads, Session *session, ErosUpload *upload)
{
  g_queue_remove (&uploads->sessions, session);
  upload->metadata = json_node_ref (session->metadata);
  upload->content_type = g_strdup (session->content_type);
  upload->query = g_hash_table_ref (session->query);
  upload->content = g_byte_array_free_to_bytes (g_byte_array_ref (session->content));
  session->content = g_byte_array_new ();
  session_free (session);
}

static Session *
find_session (ErosUploads *uploads, const char *id)
{
  for (GList *l = uploads->sessions.head; l != NULL; l = l->next)
    if (strcmp (((Session *) l->data)->id, id) == 0)
      return l->data;
  return NULL;
}

static gboolean
continue_session (ErosCall *call, ErosUploads *uploads, ErosUpload *upload)
{
  const char *id = eros_call_query (call, "upload_id");
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&uploads->lock);
  Session *session = id != NULL ? find_session (uploads, id) : NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (call->body, &size);
  gint64 first, total;

  if (session == NULL)
    eros_call_fail (call, 404, "notFound", "There is no such upload; begin it again.");
  else if (strcmp (call->method, "DELETE") == 0)
    {
      g_queue_remove (&uploads->sessions, session);
      session_free (session);
      eros_call_reply_nothing (call);
    }
  else if (!parse_range (eros_call_header (call, "Content-Range"), size, &first, &total) ||
           (first >= 0 && first > session->content->len))
    eros_call_fail (call, 400, "badRequest", "Invalid Content-Range; %u bytes have arrived so far.",
                    session->content->len);
  else if (session->content->len + size > MAX_SIZE)
    eros_call_fail (call, 413, "uploadTooLarge",
                    "The upload is larger than the local server's limit of 1 GiB.");
  else
    {
      if (first >= 0) /* a client may send again what had arrived */
        {
          g_byte_array_set_size (session->content, first);
          if (size > 0)
            g_byte_array_append (session->content, data, size);
        }
      if (total >= 0 && (gint64) session->content->len >= total)
        {
          take_session (uploads, session, upload);
          return TRUE;
        }
      reply_incomplete (call, session);
    }
  return FALSE;
}

/**
 * eros_upload_receive:
 * @call: a call to an upload path
 * @uploads: those that come bit by bit
 * @upload: (out): what has arrived
 *
 * Returns: whether it is complete; otherwise the call has been answered
 */
gboolean
eros_upload_receive (ErosCall *call, ErosUploads *uploads, ErosUpload *upload)
{
  const char *type = eros_call_query (call, "uploadType");
  const char *id = eros_call_query (call, "upload_id");

  if (id != NULL)
    return continue_session (call, uploads, upload);
  if (g_strcmp0 (type, "resumable") == 0)
    {
      begin_session (call, uploads);
      return FALSE;
    }
  upload->query = g_hash_table_ref (call->query);
  if (g_strcmp0 (type, "multipart") == 0)
    return receive_multipart (call, upload);
  if (g_strcmp0 (type, "media") == 0)
    {
      upload->metadata = empty_object ();
      upload->content = g_bytes_ref (call->body);
      upload->content_type = g_strdup (eros_call_header (call, "Content-Type"));
      return TRUE;
    }
  eros_call_fail (call, 400, "invalid", "Invalid value for uploadType: %s", type != NULL ? type : "(none)");
  return FALSE;
}
