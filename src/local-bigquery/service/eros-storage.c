/* eros-storage.c: what the handlers of the Cloud Storage API share: preconditions, resources, contents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-storage.h"

#include <string.h>

#include "eros-json-reader.h"
#include "eros-stamp.h"

#define NOT_GIVEN G_MININT64

static GMutex changes;

/**
 * eros_storage_lock:
 *
 * Lets nobody else change buckets and objects until eros_storage_unlock().
 */
void
eros_storage_lock (void)
{
  g_mutex_lock (&changes);
}

/**
 * eros_storage_unlock:
 *
 * Lets others go on.
 */
void
eros_storage_unlock (void)
{
  g_mutex_unlock (&changes);
}

/**
 * eros_storage_body:
 * @document: a bucket or an object
 *
 * Returns: (transfer full): what is stored of it
 */
JsonObject *
eros_storage_body (ErosStoreDocument *document)
{
  g_autoptr (JsonNode) node = json_from_string (document->body, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

/**
 * eros_storage_metageneration:
 * @document: a bucket or an object
 *
 * Returns: how often its description has been changed, and one
 */
gint64
eros_storage_metageneration (ErosStoreDocument *document)
{
  g_autoptr (JsonObject) body = eros_storage_body (document);

  return eros_json_get_int (body, "metageneration", 1);
}

/**
 * eros_storage_change:
 * @call: a call; with the lock
 * @document: a bucket or an object
 * @body: what is to be stored of it
 *
 * Stores another description.
 *
 * Returns: whether it is stored; if not, the call has failed
 */
gboolean
eros_storage_change (ErosCall *call, ErosStoreDocument *document, JsonObject *body)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, eros_storage_metageneration (document) + 1);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (body, "metageneration", number);
  g_free (document->body);
  document->body = json_to_string (node, FALSE);
  if (eros_store_put_document (call->service->store, document, document->generation, &error))
    return TRUE;
  eros_call_fail_error (call, error);
  return FALSE;
}

/* ---- preconditions ------------------------------------------------------------------------------------- */

static gboolean
read_condition (ErosCall *call, GHashTable *query, const char *prefix, const char *name, gint64 *value)
{
  g_autofree char *parameter = g_strconcat (prefix, name, NULL);
  const char *text = g_hash_table_lookup (query, parameter);

  *value = NOT_GIVEN;
  if (text == NULL || g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, value, NULL))
    return TRUE;
  eros_call_fail (call, 400, "invalid", "Invalid value for %s: %s", parameter, text);
  return FALSE;
}

/**
 * eros_conditions_read:
 * @call: a call
 * @query: its query parameters, or those of the request that began the upload
 * @prefix: `if`, or `ifSource`
 * @conditions: (out): what must hold
 *
 * Returns: whether they are numbers; if not, the call has failed
 */
gboolean
eros_conditions_read (ErosCall *call, GHashTable *query, const char *prefix, ErosConditions *conditions)
{
  return read_condition (call, query, prefix, "GenerationMatch", &conditions->generation) &&
         read_condition (call, query, prefix, "GenerationNotMatch", &conditions->not_generation) &&
         read_condition (call, query, prefix, "MetagenerationMatch", &conditions->metageneration) &&
         read_condition (call, query, prefix, "MetagenerationNotMatch", &conditions->not_metageneration);
}

/**
 * eros_conditions_check:
 * @call: a call
 * @conditions: what must hold
 * @present: (nullable): what is there now
 *
 * A generation of 0 means that nothing is there.
 *
 * Returns: whether they hold; if not, the call has failed
 */
gboolean
eros_conditions_check (ErosCall *call, const ErosConditions *conditions, ErosStoreDocument *present)
{
  gint64 generation = present != NULL ? present->generation : 0;
  gint64 metageneration = present != NULL ? eros_storage_metageneration (present) : 0;
  gboolean is_other =
    (conditions->generation != NOT_GIVEN && conditions->generation != generation) ||
    (conditions->metageneration != NOT_GIVEN && conditions->metageneration != metageneration);
  gboolean is_same =
    (conditions->not_generation != NOT_GIVEN && conditions->not_generation == generation) ||
    (conditions->not_metageneration != NOT_GIVEN && conditions->not_metageneration == metageneration);

  if (is_same && !is_other && strcmp (call->method, "GET") == 0)
    {
      eros_call_reply (call);
      call->status = 304;
      return FALSE;
    }
  if (!is_same && !is_other)
    return TRUE;
  eros_call_fail (call, 412, "conditionNotMet",
                  "At least one of the pre-conditions you specified did not hold.");
  return FALSE;
}

/* ---- finding ------------------------------------------------------------------------------------------- */

/**
 * eros_storage_find_bucket:
 * @call: a call
 * @name: a bucket's name
 *
 * Returns: (transfer full) (nullable): the bucket; when %NULL the call has failed
 */
ErosStoreDocument *
eros_storage_find_bucket (ErosCall *call, const char *name)
{
  g_autoptr (ErosStoreDocument) bucket = eros_store_get_document (call->service->store, "bucket", name, NULL);

  if (bucket == NULL)
    eros_call_fail (call, 404, "notFound", "The specified bucket does not exist.");
  return g_steal_pointer (&bucket);
}

/**
 * eros_storage_find_object:
 * @call: a call
 * @generation_parameter: `generation`, or `sourceGeneration`
 * @prefix: of the preconditions that are about it
 *
 * Returns: (transfer full) (nullable): the object that the path names; when %NULL the call has been answered
 */
ErosStoreDocument *
eros_storage_find_object (ErosCall *call, const char *generation_parameter, const char *prefix)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreDocument) object = eros_object_get (
    call->service->store, eros_call_param (call, "bucket"), eros_call_param (call, "object"), &error);
  ErosConditions conditions;
  gint64 generation;

  if (object == NULL)
    {
      eros_call_fail_error (call, error);
      return NULL;
    }
  if (!eros_call_query_int (call, generation_parameter, object->generation, &generation) ||
      !eros_conditions_read (call, call->query, prefix, &conditions))
    return NULL;
  if (generation != object->generation)
    {
      eros_call_fail (call, 404, "notFound", "No such object: %s/%s#%" G_GINT64_FORMAT,
                      eros_storage_bucket_of (object), object->name, generation);
      return NULL;
    }
  return eros_conditions_check (call, &conditions, object) ? g_steal_pointer (&object) : NULL;
}

/* ---- objects as they are told -------------------------------------------------------------------------- */

/**
 * eros_storage_bucket_of:
 * @object: an object
 *
 * Returns: its bucket's name
 */
const char *
eros_storage_bucket_of (const ErosStoreDocument *object)
{
  return object->kind + strlen ("object:");
}

static char *
etag_of (ErosStoreDocument *object)
{
  gint64 state[2] = { object->generation, eros_storage_metageneration (object) };

  return g_base64_encode ((const guchar *) state, sizeof state);
}

/**
 * eros_storage_write_object:
 * @call: a call
 * @member: (nullable): the member's name
 * @object: an object
 * @writer: where to write its resource
 */
void
eros_storage_write_object (ErosCall *call,
                           const char *member,
                           ErosStoreDocument *object,
                           ErosJsonWriter *writer)
{
  const char *bucket = eros_storage_bucket_of (object);
  g_autofree char *created = eros_stamp_text (object->generation, 3);
  g_autofree char *updated = eros_stamp_text (object->modified, 3);
  g_autofree char *escaped = g_uri_escape_string (object->name, NULL, FALSE);
  g_autofree char *link = g_strdup_printf ("%s/storage/v1/b/%s/o/%s", call->service->url, bucket, escaped);
  g_autofree char *id = g_strdup_printf ("%s/%s/%" G_GINT64_FORMAT, bucket, object->name, object->generation);
  g_autofree char *media =
    g_strdup_printf ("%s/download/storage/v1/b/%s/o/%s?generation=%" G_GINT64_FORMAT "&alt=media",
                     call->service->url, bucket, escaped, object->generation);
  g_autofree char *etag = etag_of (object);
  g_autoptr (JsonObject) body = eros_storage_body (object);

  eros_json_open (writer, member, '{');
  eros_json_string (writer, "kind", "storage#object");
  eros_json_string (writer, "id", id);
  eros_json_string (writer, "selfLink", link);
  eros_json_string (writer, "mediaLink", media);
  eros_json_string (writer, "name", object->name);
  eros_json_string (writer, "bucket", bucket);
  eros_json_int_string (writer, "generation", object->generation);
  if (!json_object_has_member (body, "metageneration"))
    eros_json_string (writer, "metageneration", "1");
  if (!json_object_has_member (body, "storageClass"))
    eros_json_string (writer, "storageClass", "STANDARD");
  eros_json_string (writer, "timeCreated", created);
  eros_json_string (writer, "updated", updated);
  eros_json_string (writer, "timeStorageClassUpdated", created);
  eros_json_string (writer, "etag", etag);
  eros_json_members (writer, object->body);
  eros_json_close (writer, '}');
}

/**
 * eros_storage_reply_object:
 * @call: a call
 * @object: an object
 *
 * Answers with its resource.
 */
void
eros_storage_reply_object (ErosCall *call, ErosStoreDocument *object)
{
  g_autofree char *etag = etag_of (object);

  eros_storage_write_object (call, NULL, object, eros_call_reply (call));
  eros_call_set_etag (call, etag);
}

/**
 * eros_storage_check_description:
 * @call: a call
 * @description: what somebody says of an object
 *
 * Returns: whether all of it can stand in a header; if not, the call has failed
 */
gboolean
eros_storage_check_description (ErosCall *call, JsonObject *description)
{
  static const char *const LINES[] = { "contentType", "cacheControl", "contentDisposition", "contentEncoding",
                                       "contentLanguage" };
  static const char *const CLASSES[] = { "STANDARD",
                                         "NEARLINE",
                                         "COLDLINE",
                                         "ARCHIVE",
                                         "MULTI_REGIONAL",
                                         "REGIONAL",
                                         "DURABLE_REDUCED_AVAILABILITY",
                                         NULL };
  const char *storage_class = eros_json_get_string (description, "storageClass");

  for (guint i = 0; i < G_N_ELEMENTS (LINES); i++)
    if (!eros_object_is_type (eros_json_get_string (description, LINES[i])))
      {
        eros_call_fail (call, 400, "invalid", "Invalid value for %s: it is one line of plain text.",
                        LINES[i]);
        return FALSE;
      }
  if (storage_class == NULL || g_strv_contains (CLASSES, storage_class))
    return TRUE;
  eros_call_fail (call, 400, "invalid", "Invalid value for storageClass: %s", storage_class);
  return FALSE;
}

/* ---- contents ------------------------------------------------------------------------------------------ */

/* What a browser may be told: nothing that it would show as a page or run. Whoever wants to know what was
 * stored reads it in the object's description. */
static const char *
passive_type (const char *type)
{
  static const char *const passive[] = {
    "application/avro",
    "application/gzip",
    "application/json",
    "application/octet-stream",
    "application/x-gzip",
    "application/x-ndjson",
    "application/zip",
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/vnd.apache.parquet",
    NULL,
  };
  g_autofree char *bare = g_ascii_strdown (type != NULL ? type : "", -1);

  bare[strcspn (bare, "; \t")] = '\0';
  return g_strv_contains (passive, bare) ? type : "application/octet-stream";
}

/* Who does not take gzip gets what was packed: https://cloud.google.com/storage/docs/transcoding */
static gboolean
unpack (ErosCall *call, JsonObject *body, GBytes **bytes)
{
  const char *accepted = eros_call_header (call, "Accept-Encoding");
  const char *cache = eros_json_get_string (body, "cacheControl");
  g_autoptr (GConverter) converter = NULL;
  GBytes *plain;

  if ((accepted != NULL && strstr (accepted, "gzip") != NULL) ||
      (cache != NULL && strstr (cache, "no-transform")))
    return FALSE;
  converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  plain = eros_bytes_convert (*bytes, converter);
  if (plain == NULL) /* it is said to be gzip, and is not */
    return FALSE;
  g_bytes_unref (*bytes);
  *bytes = plain;
  return TRUE;
}

static void
add_headers (ErosCall *call, ErosStoreDocument *object, JsonObject *body, gboolean unpacked)
{
  const char *encoding = eros_json_get_string (body, "contentEncoding");
  g_autofree char *crc = g_strconcat ("crc32c=", eros_json_get_string (body, "crc32c"), NULL);
  g_autofree char *md5 = eros_json_get_string (body, "md5Hash") != NULL
                           ? g_strconcat (",md5=", eros_json_get_string (body, "md5Hash"), NULL)
                           : g_strdup ("");
  g_autofree char *hash = g_strconcat (crc, md5, NULL);
  g_autofree char *generation = g_strdup_printf ("%" G_GINT64_FORMAT, object->generation);
  g_autofree char *metageneration =
    g_strdup_printf ("%" G_GINT64_FORMAT, eros_storage_metageneration (object));
  g_autofree char *etag = etag_of (object);

  eros_call_add_header (call, "Content-Disposition", "attachment");
  if (encoding != NULL && !unpacked)
    eros_call_add_header (call, "Content-Encoding", encoding);
  if (eros_json_get_string (body, "contentLanguage") != NULL)
    eros_call_add_header (call, "Content-Language", eros_json_get_string (body, "contentLanguage"));
  eros_call_add_header (call, "x-goog-hash", hash);
  eros_call_add_header (call, "x-goog-generation", generation);
  eros_call_add_header (call, "x-goog-metageneration", metageneration);
  eros_call_add_header (call, "x-goog-storage-class",
                        json_object_get_string_member_with_default (body, "storageClass", "STANDARD"));
  eros_call_add_header (call, "x-goog-stored-content-length", eros_json_get_string (body, "size"));
  eros_call_add_header (call, "x-goog-stored-content-encoding", encoding != NULL ? encoding : "identity");
  if (unpacked)
    eros_call_add_header (call, "Warning", "214 UploadServer gunzipped");
  eros_call_set_etag (call, etag);
}

/**
 * eros_storage_send_contents:
 * @call: a call
 * @object: an object
 *
 * Answers with its contents; a Range is cut out by libsoup.
 */
void
eros_storage_send_contents (ErosCall *call, ErosStoreDocument *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = eros_object_read (call->service->store, object, &error);
  g_autoptr (JsonObject) body = eros_storage_body (object);
  gboolean unpacked;

  if (bytes == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  unpacked =
    g_strcmp0 (eros_json_get_string (body, "contentEncoding"), "gzip") == 0 && unpack (call, body, &bytes);
  eros_call_reply_bytes (call, 200, passive_type (eros_json_get_string (body, "contentType")), bytes);
  add_headers (call, object, body, unpacked);
}
