/* eros-handle-object-writes.c: the Cloud Storage JSON API: objects that come to be: uploads, copies, joined
 * ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-storage.h"

#define MAX_SOURCES 32

/* ---- uploads ------------------------------------------------------------------------------------------- */

/* What the sender says that the contents add up to: in the description, or in a header. */
static gboolean
check_hash (ErosCall *call, JsonObject *description, const char *member, const char *header, const char *real)
{
  const char *said = eros_json_get_string (description, member);
  const char *hashes = eros_call_header (call, "X-Goog-Hash");
  g_autofree char *found = NULL;

  if (said == NULL && hashes != NULL && strstr (hashes, header) != NULL)
    {
      const char *at = strstr (hashes, header) + strlen (header);

      said = found = g_strndup (at, strcspn (at, ", "));
    }
  if (said == NULL && strcmp (member, "md5Hash") == 0)
    said = eros_call_header (call, "Content-MD5");
  if (said == NULL || strcmp (said, real) == 0)
    return TRUE;
  eros_call_fail (call, 400, "invalid", "Provided %s \"%s\" doesn't match calculated %s \"%s\".",
                  strcmp (member, "md5Hash") == 0 ? "MD5 hash" : "CRC32C", said,
                  strcmp (member, "md5Hash") == 0 ? "MD5 hash" : "CRC32C", real);
  return FALSE;
}

static gboolean
check_upload (ErosCall *call, ErosUpload *upload, const char *name, JsonObject *description)
{
  g_autofree char *crc = eros_object_crc32c (upload->content);
  g_autofree char *md5 = eros_object_md5 (upload->content);

  if (name == NULL || *name == '\0')
    eros_call_fail (call, 400, "required", "Required object name");
  else if (strlen (name) > 1024 || !g_utf8_validate (name, -1, NULL) || strpbrk (name, "\r\n") != NULL ||
           strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
    eros_call_fail (call, 400, "invalid",
                    "Invalid object name: it has from 1 to 1024 bytes of UTF-8 and no line breaks.");
  else
    return eros_storage_check_description (call, description) &&
           check_hash (call, description, "crc32c", "crc32c=", crc) &&
           check_hash (call, description, "md5Hash", "md5=", md5);
  return FALSE;
}

/* With the lock: what is there must be as the caller expects. */
static ErosStoreDocument *
put (ErosCall *call,
     const char *bucket,
     const char *name,
     JsonObject *description,
     GBytes *content,
     const ErosConditions *conditions)
{
  g_autoptr (ErosStoreDocument) present = NULL;
  g_autoptr (GError) error = NULL;
  ErosStoreDocument *object;

  if (!eros_bucket_exists (call->service->store, bucket))
    {
      eros_call_fail (call, 404, "notFound", "The specified bucket does not exist.");
      return NULL;
    }
  present = eros_object_get (call->service->store, bucket, name, NULL);
  if (!eros_conditions_check (call, conditions, present))
    return NULL;
  object = eros_object_put (call->service->store, bucket, name, description, content, &error);
  if (object == NULL)
    eros_call_fail_error (call, error);
  return object;
}

void
eros_handle_objects_upload (ErosCall *call)
{
  g_auto (ErosUpload) upload = { 0 };
  g_autoptr (ErosStoreDocument) object = NULL;
  ErosConditions conditions;
  JsonObject *description;
  const char *name, *encoding;

  if (!eros_upload_receive (call, call->service->uploads, &upload))
    return;
  description = json_node_get_object (upload.metadata);
  name = g_hash_table_lookup (upload.query, "name");
  if (name == NULL || *name == '\0')
    name = eros_json_get_string (description, "name");
  encoding = g_hash_table_lookup (upload.query, "contentEncoding");
  if (encoding != NULL)
    json_object_set_string_member (description, "contentEncoding", encoding);
  if (eros_json_get_string (description, "contentType") == NULL && upload.content_type != NULL)
    json_object_set_string_member (description, "contentType", upload.content_type);
  if (!eros_conditions_read (call, upload.query, "if", &conditions) ||
      !check_upload (call, &upload, name, description))
    return;
  eros_storage_lock ();
  object = put (call, eros_call_param (call, "bucket"), name, description, upload.content, &conditions);
  eros_storage_unlock ();
  if (object != NULL)
    eros_storage_reply_object (call, object);
}

/* ---- copies -------------------------------------------------------------------------------------------- */

/* A body replaces what is said of the source; without one it goes along. */
static JsonObject *
describe_copy (ErosCall *call, ErosStoreDocument *source, JsonObject *given)
{
  g_autoptr (JsonObject) body = eros_storage_body (source);
  JsonObject *kept;

  if (json_object_get_size (given) == 0)
    return eros_object_keep (body);
  kept = eros_object_keep (given);
  if (!json_object_has_member (kept, "contentType") && json_object_has_member (body, "contentType"))
    json_object_set_member (kept, "contentType", json_object_dup_member (body, "contentType"));
  return kept;
}

static ErosStoreDocument *
copy_with_lock (ErosCall *call, JsonObject *given, const char *bucket, const char *name)
{
  g_autoptr (ErosStoreDocument) source = eros_storage_find_object (call, "sourceGeneration", "ifSource");
  g_autoptr (JsonObject) description = source != NULL ? describe_copy (call, source, given) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  ErosConditions conditions;

  if (source == NULL || !eros_conditions_read (call, call->query, "if", &conditions))
    return NULL;
  bytes = eros_object_read (call->service->store, source, &error);
  if (bytes != NULL)
    return put (call, bucket, name, description, bytes, &conditions);
  eros_call_fail_error (call, error);
  return NULL;
}

/* Reading is the route's own permission; what is made somewhere wants another one there. */
static ErosStoreDocument *
copy (ErosCall *call)
{
  JsonObject *given = eros_call_body (call);
  const char *to = eros_call_param (call, "toBucket");
  ErosStoreDocument *object = NULL;

  if (given == NULL || !eros_call_may (call, "storage.objects.create", "Bucket", to) ||
      !eros_storage_check_description (call, given))
    return NULL;
  eros_storage_lock ();
  object = copy_with_lock (call, given, to, eros_call_param (call, "toObject"));
  eros_storage_unlock ();
  return object;
}

void
eros_handle_objects_copy (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) object = copy (call);

  if (object != NULL)
    eros_storage_reply_object (call, object);
}

void
eros_handle_objects_rewrite (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) object = copy (call);
  g_autoptr (JsonObject) body = object != NULL ? eros_storage_body (object) : NULL;
  ErosJsonWriter *writer;
  gint64 size;

  if (object == NULL)
    return;
  size = eros_json_get_int (body, "size", 0);
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#rewriteResponse");
  eros_json_int_string (writer, "totalBytesRewritten", size);
  eros_json_int_string (writer, "objectSize", size);
  eros_json_bool (writer, "done", TRUE);
  eros_storage_write_object (call, "resource", object, writer);
  eros_json_close (writer, '}');
}

void
eros_handle_objects_move (ErosCall *call)
{
  const char *bucket = eros_call_param (call, "bucket");
  const char *name = eros_call_param (call, "object");
  JsonObject *given = eros_call_body (call);
  g_autoptr (ErosStoreDocument) object = NULL;
  g_autoptr (GError) error = NULL;

  if (given == NULL || !eros_call_may (call, "storage.objects.create", "Bucket", bucket) ||
      !eros_call_may (call, "storage.objects.delete", "Bucket", bucket))
    return;
  if (strcmp (name, eros_call_param (call, "toObject")) == 0)
    {
      eros_call_fail (call, 400, "invalid", "An object cannot be moved to its own name.");
      return;
    }
  eros_storage_lock ();
  object = copy_with_lock (call, given, bucket, eros_call_param (call, "toObject"));
  if (object != NULL &&
      !eros_object_delete (call->service->store, bucket, name, EROS_STORE_ANY_GENERATION, &error))
    eros_call_fail_error (call, error);
  else if (object != NULL)
    eros_storage_reply_object (call, object);
  eros_storage_unlock ();
}

/* ---- joined -------------------------------------------------------------------------------------------- */

static gboolean
append_source (ErosCall *call, JsonObject *source, GByteArray *joined)
{
  const char *bucket = eros_call_param (call, "bucket");
  const char *name = eros_json_get_string (source, "name");
  gint64 wanted =
    eros_json_get_int (eros_json_get_object (source, "objectPreconditions"), "ifGenerationMatch", -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreDocument) part =
    eros_object_get (call->service->store, bucket, name != NULL ? name : "", &error);
  g_autoptr (GBytes) content = NULL;
  gint64 generation;

  if (part == NULL)
    {
      eros_call_fail_error (call, error);
      return FALSE;
    }
  generation = eros_json_get_int (source, "generation", part->generation);
  if (generation != part->generation)
    eros_call_fail (call, 404, "notFound", "No such object: %s/%s#%" G_GINT64_FORMAT, bucket, name,
                    generation);
  else if (wanted >= 0 && wanted != part->generation)
    eros_call_fail (call, 412, "conditionNotMet",
                    "At least one of the pre-conditions you specified did not hold.");
  else if ((content = eros_object_read (call->service->store, part, &error)) == NULL)
    eros_call_fail_error (call, error);
  else
    g_byte_array_append (joined, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  return content != NULL;
}

static gboolean
append_all (ErosCall *call, JsonArray *sources, GByteArray *joined)
{
  for (guint i = 0; i < json_array_get_length (sources); i++)
    {
      JsonNode *node = json_array_get_element (sources, i);

      if (!append_source (call, JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL, joined))
        return FALSE;
    }
  return TRUE;
}

void
eros_handle_objects_compose (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  JsonArray *sources = body != NULL ? eros_json_get_array (body, "sourceObjects") : NULL;
  JsonObject *destination = body != NULL ? eros_json_get_object (body, "destination") : NULL;
  g_autoptr (JsonObject) description =
    destination != NULL ? eros_object_keep (destination) : json_object_new ();
  g_autoptr (GByteArray) joined = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ErosStoreDocument) whole = NULL;
  ErosConditions conditions;
  guint n = sources != NULL ? json_array_get_length (sources) : 0;

  if (body == NULL ||
      !eros_call_may (call, "storage.objects.get", "Bucket", eros_call_param (call, "bucket")) ||
      !eros_conditions_read (call, call->query, "if", &conditions) ||
      !eros_storage_check_description (call, description))
    return;
  if (n == 0 || n > MAX_SOURCES)
    {
      eros_call_fail (call, 400, n == 0 ? "required" : "invalid",
                      "The number of source components provided (%u) is not from 1 to %d.", n, MAX_SOURCES);
      return;
    }
  eros_storage_lock ();
  if (append_all (call, sources, joined))
    {
      bytes = g_bytes_new (joined->data, joined->len);
      eros_object_set_components (description, n);
      whole = put (call, eros_call_param (call, "bucket"), eros_call_param (call, "object"), description,
                   bytes, &conditions);
    }
  eros_storage_unlock ();
  if (whole != NULL)
    eros_storage_reply_object (call, whole);
}
