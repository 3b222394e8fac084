/* eros-handle-storage.c: the Cloud Storage JSON API
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-objects.h"
#include "eros-service-private.h"
#include "eros-table-resource.h"

#define MAX_LISTED 1000

static const char *const BUCKET_EXTRA[] = { "location",   "storageClass",     "labels", "lifecycle",
                                            "versioning", "iamConfiguration", "website" };

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03dZ", seconds, (int) (time % G_USEC_PER_SEC / 1000));
}

/* ---- buckets ------------------------------------------------------------------------------------------- */

static void
write_bucket (ErosCall *call, ErosStoreDocument *bucket, ErosJsonWriter *writer)
{
  g_autofree char *created = format_time (bucket->created);
  g_autofree char *updated = format_time (bucket->modified);
  g_autofree char *link = g_strdup_printf ("%s/storage/v1/b/%s", call->service->url, bucket->name);
  g_autofree char *etag = g_strdup_printf ("%" G_GINT64_FORMAT, bucket->generation);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#bucket");
  eros_json_string (writer, "id", bucket->name);
  eros_json_string (writer, "selfLink", link);
  eros_json_string (writer, "name", bucket->name);
  eros_json_string (writer, "projectNumber", EROS_PROJECT_NUMBER);
  eros_json_string (writer, "metageneration", "1");
  eros_json_string (writer, "locationType", "multi-region");
  eros_json_string (writer, "timeCreated", created);
  eros_json_string (writer, "updated", updated);
  eros_json_string (writer, "etag", etag);
  eros_json_members (writer, bucket->body);
  eros_json_close (writer, '}');
}

static ErosStoreDocument *
find_bucket (ErosCall *call)
{
  ErosStoreDocument *bucket =
    eros_store_get_document (call->service->store, "bucket", eros_call_param (call, "bucket"), NULL);

  if (bucket == NULL)
    eros_call_fail (call, 404, "notFound", "The specified bucket does not exist.");
  return bucket;
}

void
eros_handle_buckets_get (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) bucket = find_bucket (call);

  if (bucket != NULL)
    write_bucket (call, bucket, eros_call_reply (call));
}

void
eros_handle_buckets_list (ErosCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) buckets = eros_store_list_documents (
    call->service->store, "bucket", eros_call_query (call, "prefix"), NULL, MAX_LISTED, &error);
  ErosJsonWriter *writer;

  if (buckets == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#buckets");
  eros_json_open (writer, "items", '[');
  for (guint i = 0; i < buckets->len; i++)
    write_bucket (call, g_ptr_array_index (buckets, i), writer);
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

static gboolean
is_bucket_name (const char *name)
{
  gsize length = strlen (name);

  return length >= 3 && length <= 222 && g_ascii_isalnum (name[0]) && g_ascii_isalnum (name[length - 1]) &&
         strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == length;
}

void
eros_handle_buckets_insert (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  const char *name = body != NULL ? eros_json_get_string (body, "name") : NULL;
  g_autofree char *extra = g_strdup ("{\"location\":\"US\",\"storageClass\":\"STANDARD\"}");
  g_autoptr (ErosStoreDocument) bucket = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL)
    return;
  if (name == NULL || !is_bucket_name (name))
    {
      eros_call_fail (call, 400, name == NULL ? "required" : "invalid",
                      name == NULL ? "Required%s" : "Invalid bucket name: '%s'", name == NULL ? "" : name);
      return;
    }
  eros_extra_take (body, BUCKET_EXTRA, G_N_ELEMENTS (BUCKET_EXTRA), FALSE, &extra);
  bucket = eros_store_document_new ("bucket", name, extra);
  if (!eros_store_put_document (call->service->store, bucket, 0, &error))
    {
      if (g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CONDITION_NOT_MET))
        eros_call_fail (call, 409, "conflict",
                        "Your previous request to create the named bucket succeeded and you already own it.");
      else
        eros_call_fail_error (call, error);
      return;
    }
  write_bucket (call, bucket, eros_call_reply (call));
}

void
eros_handle_buckets_patch (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  g_autoptr (ErosStoreDocument) bucket = body != NULL ? find_bucket (call) : NULL;
  g_autoptr (GError) error = NULL;

  if (bucket == NULL)
    return;
  eros_extra_take (body, BUCKET_EXTRA, G_N_ELEMENTS (BUCKET_EXTRA), FALSE, &bucket->body);
  if (!eros_store_put_document (call->service->store, bucket, EROS_STORE_ANY_GENERATION, &error))
    eros_call_fail_error (call, error);
  else
    write_bucket (call, bucket, eros_call_reply (call));
}

void
eros_handle_buckets_delete (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) bucket = find_bucket (call);
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  if (bucket == NULL)
    return;
  objects = eros_object_list (call->service->store, bucket->name, NULL, NULL, 1, &error);
  if (objects != NULL && objects->len > 0)
    eros_call_fail (call, 409, "conflict", "The bucket you tried to delete is not empty.");
  else if (objects == NULL || !eros_store_delete_document (call->service->store, "bucket", bucket->name,
                                                           EROS_STORE_ANY_GENERATION, &error))
    eros_call_fail_error (call, error);
  else
    eros_call_reply_nothing (call);
}

/* ---- objects ------------------------------------------------------------------------------------------- */

static const char *
bucket_of (const ErosStoreDocument *object)
{
  return object->kind + strlen ("object:");
}

static void
write_object (ErosCall *call, const char *member, ErosStoreDocument *object, ErosJsonWriter *writer)
{
  const char *bucket = bucket_of (object);
  g_autofree char *created = format_time (object->generation);
  g_autofree char *updated = format_time (object->modified);
  g_autofree char *escaped = g_uri_escape_string (object->name, NULL, FALSE);
  g_autofree char *link = g_strdup_printf ("%s/storage/v1/b/%s/o/%s", call->service->url, bucket, escaped);
  g_autofree char *id = g_strdup_printf ("%s/%s/%" G_GINT64_FORMAT, bucket, object->name, object->generation);
  g_autofree char *media =
    g_strdup_printf ("%s/download/storage/v1/b/%s/o/%s?generation=%" G_GINT64_FORMAT "&alt=media",
                     call->service->url, bucket, escaped, object->generation);
  g_autofree char *etag = g_base64_encode ((const guchar *) &object->generation, sizeof object->generation);

  eros_json_open (writer, member, '{');
  eros_json_string (writer, "kind", "storage#object");
  eros_json_string (writer, "id", id);
  eros_json_string (writer, "selfLink", link);
  eros_json_string (writer, "mediaLink", media);
  eros_json_string (writer, "name", object->name);
  eros_json_string (writer, "bucket", bucket);
  eros_json_int_string (writer, "generation", object->generation);
  eros_json_string (writer, "metageneration", "1");
  eros_json_string (writer, "storageClass", "STANDARD");
  eros_json_string (writer, "timeCreated", created);
  eros_json_string (writer, "updated", updated);
  eros_json_string (writer, "timeStorageClassUpdated", created);
  eros_json_string (writer, "etag", etag);
  eros_json_members (writer, object->body);
  eros_json_close (writer, '}');
}

static ErosStoreDocument *
find_object (ErosCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreDocument) object = eros_object_get (
    call->service->store, eros_call_param (call, "bucket"), eros_call_param (call, "object"), &error);
  gint64 generation;

  if (object == NULL)
    {
      eros_call_fail_error (call, error);
      return NULL;
    }
  if (!eros_call_query_int (call, "generation", object->generation, &generation))
    return NULL;
  if (generation != object->generation)
    {
      eros_call_fail (call, 404, "notFound", "No such object: %s/%s#%" G_GINT64_FORMAT, bucket_of (object),
                      object->name, generation);
      return NULL;
    }
  if (!eros_call_query_int (call, "ifGenerationMatch", object->generation, &generation))
    return NULL;
  if (generation == object->generation)
    return g_steal_pointer (&object);
  eros_call_fail (call, 412, "conditionNotMet",
                  "At least one of the pre-conditions you specified did not hold.");
  return NULL;
}

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

static void
send_contents (ErosCall *call, ErosStoreDocument *object)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = eros_object_read (call->service->store, object, &error);
  g_autoptr (JsonNode) node = json_from_string (object->body, NULL);
  JsonObject *body = json_node_get_object (node);
  g_autofree char *hash = g_strdup_printf ("crc32c=%s,md5=%s", eros_json_get_string (body, "crc32c"),
                                           eros_json_get_string (body, "md5Hash"));
  g_autofree char *generation = g_strdup_printf ("%" G_GINT64_FORMAT, object->generation);

  if (bytes == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  /* a Range is cut out by libsoup */
  eros_call_reply_bytes (call, 200, passive_type (eros_json_get_string (body, "contentType")), bytes);
  eros_call_add_header (call, "Content-Disposition", "attachment");
  eros_call_add_header (call, "x-goog-hash", hash);
  eros_call_add_header (call, "x-goog-generation", generation);
  eros_call_add_header (call, "x-goog-stored-content-length", eros_json_get_string (body, "size"));
  eros_call_add_header (call, "x-goog-stored-content-encoding", "identity");
}

void
eros_handle_objects_get (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) object = find_object (call);

  if (object == NULL)
    return;
  if (g_strcmp0 (eros_call_query (call, "alt"), "media") == 0 || g_str_has_prefix (call->path, "/download/"))
    send_contents (call, object);
  else
    write_object (call, NULL, object, eros_call_reply (call));
}

void
eros_handle_objects_patch (ErosCall *call)
{
  static const char *const PATCHED[] = { "contentType", "metadata", "size", "md5Hash", "crc32c" };
  JsonObject *body = eros_call_body (call);
  g_autoptr (ErosStoreDocument) object = body != NULL ? find_object (call) : NULL;
  g_autoptr (GError) error = NULL;

  if (object == NULL)
    return;
  if (!eros_object_is_type (eros_json_get_string (body, "contentType")))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for contentType: it is one line of plain text.");
      return;
    }
  json_object_remove_member (body, "size");
  json_object_remove_member (body, "md5Hash");
  json_object_remove_member (body, "crc32c");
  eros_extra_take (body, PATCHED, G_N_ELEMENTS (PATCHED), FALSE, &object->body);
  if (!eros_store_put_document (call->service->store, object, object->generation, &error))
    eros_call_fail_error (call, error);
  else
    write_object (call, NULL, object, eros_call_reply (call));
}

void
eros_handle_objects_delete (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) object = find_object (call);
  g_autoptr (GError) error = NULL;

  if (object == NULL)
    return;
  if (eros_object_delete (call->service->store, bucket_of (object), object->name, object->generation, &error))
    eros_call_reply_nothing (call);
  else
    eros_call_fail_error (call, error);
}

/* With a delimiter, names that go on after it are told once, as a prefix. */
static void
write_listing (ErosCall *call, GPtrArray *objects, const char *prefix, const char *delimiter, guint limit)
{
  g_autoptr (GPtrArray) prefixes = g_ptr_array_new_with_free_func (g_free);
  ErosJsonWriter *writer = eros_call_reply (call);
  const char *last = NULL;
  guint n = 0, i;

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#objects");
  eros_json_open (writer, "items", '[');
  for (i = 0; i < objects->len && n < limit; i++)
    {
      ErosStoreDocument *object = g_ptr_array_index (objects, i);
      const char *rest = object->name + strlen (prefix);
      const char *end = delimiter != NULL && *delimiter != '\0' ? strstr (rest, delimiter) : NULL;
      char *common = end != NULL ? g_strndup (object->name, end - object->name + strlen (delimiter)) : NULL;

      last = object->name;
      if (common == NULL)
        write_object (call, NULL, object, writer);
      else if (prefixes->len > 0 && strcmp (g_ptr_array_index (prefixes, prefixes->len - 1), common) == 0)
        {
          g_free (common);
          continue;
        }
      else
        g_ptr_array_add (prefixes, common);
      n++;
    }
  eros_json_close (writer, ']');
  if (prefixes->len > 0)
    {
      eros_json_open (writer, "prefixes", '[');
      for (guint k = 0; k < prefixes->len; k++)
        eros_json_string (writer, NULL, g_ptr_array_index (prefixes, k));
      eros_json_close (writer, ']');
    }
  if (i < objects->len && last != NULL)
    {
      g_autofree char *token = g_base64_encode ((const guchar *) last, strlen (last));

      eros_json_string (writer, "nextPageToken", token);
    }
  eros_json_close (writer, '}');
}

void
eros_handle_objects_list (ErosCall *call)
{
  const char *prefix = eros_call_query (call, "prefix");
  const char *token = eros_call_query (call, "pageToken");
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  gint64 limit;

  if (!eros_call_query_int (call, "maxResults", MAX_LISTED, &limit))
    return;
  if (token != NULL && *token != '\0')
    {
      gsize size;
      g_autofree guchar *bytes = g_base64_decode (token, &size);

      after = g_strndup ((const char *) bytes, size);
    }
  limit = limit > 0 ? MIN (limit, MAX_LISTED) : MAX_LISTED;
  objects = eros_object_list (call->service->store, eros_call_param (call, "bucket"), prefix, after,
                              eros_call_query (call, "delimiter") != NULL ? G_MAXINT : limit + 1, &error);
  if (objects == NULL)
    eros_call_fail_error (call, error);
  else
    write_listing (call, objects, prefix != NULL ? prefix : "", eros_call_query (call, "delimiter"), limit);
}

void
eros_handle_objects_upload (ErosCall *call)
{
  g_auto (ErosUpload) upload = { 0 };
  g_autoptr (ErosStoreDocument) object = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *metadata = NULL;
  JsonObject *description;
  const char *name, *type, *match;
  gint64 generation = EROS_STORE_ANY_GENERATION;

  if (!eros_upload_receive (call, call->service->uploads, &upload))
    return;
  description = json_node_get_object (upload.metadata);
  name = g_hash_table_lookup (upload.query, "name");
  if (name == NULL || *name == '\0')
    name = eros_json_get_string (description, "name");
  type = eros_json_get_string (description, "contentType");
  match = g_hash_table_lookup (upload.query, "ifGenerationMatch");
  if (name == NULL || *name == '\0' || strlen (name) > 1024 || !g_utf8_validate (name, -1, NULL))
    {
      eros_call_fail (call, 400, "required", "Required object name");
      return;
    }
  if (match != NULL && !g_ascii_string_to_signed (match, 10, 0, G_MAXINT64, &generation, NULL))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for ifGenerationMatch: %s", match);
      return;
    }
  if (eros_json_get_object (description, "metadata") != NULL)
    metadata = json_to_string (json_object_get_member (description, "metadata"), FALSE);
  object =
    eros_object_put (call->service->store, eros_call_param (call, "bucket"), name,
                     type != NULL ? type : upload.content_type, metadata, upload.content, generation, &error);
  if (object == NULL)
    eros_call_fail_error (call, error);
  else
    write_object (call, NULL, object, eros_call_reply (call));
}

static ErosStoreDocument *
copy_object (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) object = find_object (call);
  g_autoptr (JsonNode) node = object != NULL ? json_from_string (object->body, NULL) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *metadata = NULL;
  ErosStoreDocument *copy = NULL;

  if (object == NULL)
    return NULL;
  if (json_object_has_member (json_node_get_object (node), "metadata"))
    metadata = json_to_string (json_object_get_member (json_node_get_object (node), "metadata"), FALSE);
  bytes = eros_object_read (call->service->store, object, &error);
  if (bytes != NULL)
    copy = eros_object_put (call->service->store, eros_call_param (call, "toBucket"),
                            eros_call_param (call, "toObject"),
                            eros_json_get_string (json_node_get_object (node), "contentType"), metadata,
                            bytes, EROS_STORE_ANY_GENERATION, &error);
  if (copy == NULL)
    eros_call_fail_error (call, error);
  return copy;
}

void
eros_handle_objects_copy (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) copy = copy_object (call);

  if (copy != NULL)
    write_object (call, NULL, copy, eros_call_reply (call));
}

void
eros_handle_objects_rewrite (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) copy = copy_object (call);
  g_autoptr (JsonNode) node = NULL;
  ErosJsonWriter *writer;
  gint64 size;

  if (copy == NULL)
    return;
  node = json_from_string (copy->body, NULL);
  size = eros_json_get_int (json_node_get_object (node), "size", 0);
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#rewriteResponse");
  eros_json_int_string (writer, "totalBytesRewritten", size);
  eros_json_int_string (writer, "objectSize", size);
  eros_json_bool (writer, "done", TRUE);
  write_object (call, "resource", copy, writer);
  eros_json_close (writer, '}');
}

void
eros_handle_objects_compose (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  JsonArray *sources = body != NULL ? eros_json_get_array (body, "sourceObjects") : NULL;
  const char *bucket = eros_call_param (call, "bucket");
  g_autoptr (GByteArray) joined = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ErosStoreDocument) whole = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL)
    return;
  for (guint i = 0; sources != NULL && i < json_array_get_length (sources); i++)
    {
      JsonNode *node = json_array_get_element (sources, i);
      const char *name =
        JSON_NODE_HOLDS_OBJECT (node) ? eros_json_get_string (json_node_get_object (node), "name") : NULL;
      g_autoptr (ErosStoreDocument) part =
        eros_object_get (call->service->store, bucket, name != NULL ? name : "", &error);
      g_autoptr (GBytes) content =
        part != NULL ? eros_object_read (call->service->store, part, &error) : NULL;

      if (content == NULL)
        {
          eros_call_fail_error (call, error);
          return;
        }
      g_byte_array_append (joined, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
    }
  bytes = g_bytes_new (joined->data, joined->len);
  whole = eros_object_put (call->service->store, bucket, eros_call_param (call, "object"),
                           eros_json_get_string (eros_json_get_object (body, "destination"), "contentType"),
                           NULL, bytes, EROS_STORE_ANY_GENERATION, &error);
  if (whole == NULL)
    eros_call_fail_error (call, error);
  else
    write_object (call, NULL, whole, eros_call_reply (call));
}
