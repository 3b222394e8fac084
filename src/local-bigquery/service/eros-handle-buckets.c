/* eros-handle-buckets.c: the Cloud Storage JSON API: buckets.*, and what is told of them beside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-stamp.h"
#include "eros-storage.h"

#define MAX_LISTED 1000

/* Kept as they come and given back. */
static const char *const KEPT[] = { "location",   "storageClass",     "labels",  "lifecycle",
                                    "versioning", "iamConfiguration", "website", "cors" };

static char *
etag_of (ErosStoreDocument *bucket)
{
  gint64 state[2] = { bucket->created, eros_storage_metageneration (bucket) };

  return g_base64_encode ((const guchar *) state, sizeof state);
}

static void
write_bucket (ErosCall *call, ErosStoreDocument *bucket, ErosJsonWriter *writer)
{
  g_autofree char *created = eros_stamp_text (bucket->created, 3);
  g_autofree char *updated = eros_stamp_text (bucket->modified, 3);
  g_autofree char *link = g_strdup_printf ("%s/storage/v1/b/%s", call->service->url, bucket->name);
  g_autofree char *etag = etag_of (bucket);
  g_autoptr (JsonObject) body = eros_storage_body (bucket);
  const char *location = json_object_get_string_member_with_default (body, "location", "US");

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#bucket");
  eros_json_string (writer, "id", bucket->name);
  eros_json_string (writer, "selfLink", link);
  eros_json_string (writer, "name", bucket->name);
  eros_json_string (writer, "projectNumber", EROS_PROJECT_NUMBER);
  if (!json_object_has_member (body, "metageneration"))
    eros_json_string (writer, "metageneration", "1");
  eros_json_string (writer, "locationType", strchr (location, '-') != NULL ? "region" : "multi-region");
  eros_json_string (writer, "timeCreated", created);
  eros_json_string (writer, "updated", updated);
  eros_json_string (writer, "etag", etag);
  /* There are no access control lists here. */
  if (!json_object_has_member (body, "iamConfiguration"))
    eros_json_raw (
      writer, "iamConfiguration",
      "{\"uniformBucketLevelAccess\":{\"enabled\":true},\"publicAccessPrevention\":\"inherited\"}");
  eros_json_members (writer, bucket->body);
  eros_json_close (writer, '}');
}

static void
reply (ErosCall *call, ErosStoreDocument *bucket)
{
  g_autofree char *etag = etag_of (bucket);

  write_bucket (call, bucket, eros_call_reply (call));
  eros_call_set_etag (call, etag);
}

static ErosStoreDocument *
find (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) bucket = eros_storage_find_bucket (call, eros_call_param (call, "bucket"));
  ErosConditions conditions;

  return bucket != NULL && eros_conditions_read (call, call->query, "if", &conditions) &&
             eros_conditions_check (call, &conditions, bucket)
           ? g_steal_pointer (&bucket)
           : NULL;
}

void
eros_handle_buckets_get (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) bucket = find (call);

  if (bucket != NULL)
    reply (call, bucket);
}

void
eros_handle_buckets_list (ErosCall *call)
{
  const char *token = eros_call_query (call, "pageToken");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) buckets = NULL;
  ErosJsonWriter *writer;
  gint64 limit;

  if (!eros_call_query_int (call, "maxResults", MAX_LISTED, &limit))
    return;
  limit = limit > 0 ? MIN (limit, MAX_LISTED) : MAX_LISTED;
  buckets = eros_store_list_documents (call->service->store, "bucket", eros_call_query (call, "prefix"),
                                       token != NULL && *token != '\0' ? token : NULL, limit + 1, &error);
  if (buckets == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#buckets");
  if (buckets->len > 0)
    eros_json_open (writer, "items", '[');
  for (guint i = 0; i < buckets->len && i < limit; i++)
    write_bucket (call, g_ptr_array_index (buckets, i), writer);
  if (buckets->len > 0)
    eros_json_close (writer, ']');
  if (buckets->len > limit)
    eros_json_string (writer, "nextPageToken",
                      ((ErosStoreDocument *) g_ptr_array_index (buckets, limit - 1))->name);
  eros_json_close (writer, '}');
}

static gboolean
is_bucket_name (const char *name)
{
  gsize length = strlen (name);

  return length >= 3 && length <= 222 && g_ascii_isalnum (name[0]) && g_ascii_isalnum (name[length - 1]) &&
         strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == length;
}

/* What of @body is kept, in an object of its own. */
static JsonObject *
keep (JsonObject *body)
{
  JsonObject *kept = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (KEPT); i++)
    if (json_object_has_member (body, KEPT[i]))
      json_object_set_member (kept, KEPT[i], json_object_dup_member (body, KEPT[i]));
  return kept;
}

static void
set_default (JsonObject *body, const char *name, const char *value)
{
  if (eros_json_get_string (body, name) == NULL)
    json_object_set_string_member (body, name, value);
}

/* Objects that have been replaced are gone here. */
static gboolean
check (ErosCall *call, JsonObject *body)
{
  if (eros_json_get_bool (eros_json_get_object (body, "versioning"), "enabled", FALSE))
    eros_call_fail (call, 400, "invalid",
                    "The local server keeps no noncurrent objects: versioning cannot be enabled.");
  else
    return eros_storage_check_description (call, body);
  return FALSE;
}

void
eros_handle_buckets_insert (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  const char *name = body != NULL ? eros_json_get_string (body, "name") : NULL;
  g_autoptr (JsonObject) kept = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  g_autofree char *location = NULL;
  g_autoptr (ErosStoreDocument) bucket = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL || !check (call, body))
    return;
  if (name == NULL || !is_bucket_name (name))
    {
      eros_call_fail (call, 400, name == NULL ? "required" : "invalid",
                      name == NULL ? "Required%s" : "Invalid bucket name: '%s'", name == NULL ? "" : name);
      return;
    }
  kept = keep (body);
  set_default (kept, "location", "US");
  set_default (kept, "storageClass", "STANDARD");
  location = g_ascii_strup (eros_json_get_string (kept, "location"), -1);
  json_object_set_string_member (kept, "location", location);
  node = json_node_init_object (json_node_alloc (), kept);
  text = json_to_string (node, FALSE);
  bucket = eros_store_document_new ("bucket", name, text);
  if (eros_store_put_document (call->service->store, bucket, 0, &error))
    reply (call, bucket);
  else if (g_error_matches (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CONDITION_NOT_MET))
    eros_call_fail (call, 409, "conflict",
                    "Your previous request to create the named bucket succeeded and you already own it.");
  else
    eros_call_fail_error (call, error);
}

static void
change (ErosCall *call, gboolean replace)
{
  JsonObject *given = eros_call_body (call);
  g_autoptr (ErosStoreDocument) bucket = NULL;
  g_autoptr (JsonObject) kept = given != NULL ? keep (given) : NULL;
  g_autoptr (JsonObject) body = NULL;

  if (given == NULL || !check (call, given))
    return;
  eros_storage_lock ();
  bucket = find (call);
  if (bucket != NULL)
    {
      body = replace ? json_object_new () : eros_storage_body (bucket);
      if (replace)
        set_default (kept, "storageClass", "STANDARD");
      eros_json_merge (body, kept);
      if (replace)
        {
          g_autoptr (JsonObject) old = eros_storage_body (bucket);

          json_object_set_member (body, "location", json_object_dup_member (old, "location"));
        }
      if (eros_storage_change (call, bucket, body))
        reply (call, bucket);
    }
  eros_storage_unlock ();
}

void
eros_handle_buckets_patch (ErosCall *call)
{
  change (call, FALSE);
}

void
eros_handle_buckets_update (ErosCall *call)
{
  change (call, TRUE);
}

void
eros_handle_buckets_delete (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) bucket = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GError) error = NULL;

  eros_storage_lock ();
  bucket = find (call);
  if (bucket != NULL)
    {
      objects = eros_object_list (call->service->store, bucket->name, NULL, NULL, 1, &error);
      if (objects != NULL && objects->len > 0)
        eros_call_fail (call, 409, "conflict", "The bucket you tried to delete is not empty.");
      else if (objects == NULL || !eros_store_delete_document (call->service->store, "bucket", bucket->name,
                                                               EROS_STORE_ANY_GENERATION, &error))
        eros_call_fail_error (call, error);
      else
        eros_call_reply_nothing (call);
    }
  eros_storage_unlock ();
}

/* ---- what else a bucket has ---------------------------------------------------------------------------- */

void
eros_handle_bucket_layout (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) bucket = eros_storage_find_bucket (call, eros_call_param (call, "bucket"));
  g_autoptr (JsonObject) body = bucket != NULL ? eros_storage_body (bucket) : NULL;
  const char *location;
  ErosJsonWriter *writer;

  if (bucket == NULL)
    return;
  location = json_object_get_string_member_with_default (body, "location", "US");
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#storageLayout");
  eros_json_string (writer, "bucket", bucket->name);
  eros_json_string (writer, "location", location);
  eros_json_string (writer, "locationType", strchr (location, '-') != NULL ? "region" : "multi-region");
  eros_json_raw (writer, "hierarchicalNamespace", "{\"enabled\":false}");
  eros_json_close (writer, '}');
}

/* The project's own people, as in a bucket that nobody has given to others. */
void
eros_handle_bucket_policy (ErosCall *call)
{
  static const char *const BINDINGS[][2] = {
    { "roles/storage.legacyBucketOwner", "[\"projectEditor:%s\",\"projectOwner:%s\"]" },
    { "roles/storage.legacyBucketReader", "[\"projectViewer:%s\"]" },
  };
  g_autoptr (ErosStoreDocument) bucket = eros_storage_find_bucket (call, eros_call_param (call, "bucket"));
  g_autofree char *resource = NULL;
  ErosJsonWriter *writer;

  if (bucket == NULL)
    return;
  resource = g_strconcat ("projects/_/buckets/", bucket->name, NULL);
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#policy");
  eros_json_string (writer, "resourceId", resource);
  eros_json_int (writer, "version", 1);
  eros_json_string (writer, "etag", "CAE=");
  eros_json_open (writer, "bindings", '[');
  for (guint i = 0; i < G_N_ELEMENTS (BINDINGS); i++)
    {
      g_autoptr (GString) members = g_string_new (BINDINGS[i][1]);

      g_string_replace (members, "%s", call->service->project, 0);
      eros_json_open (writer, NULL, '{');
      eros_json_string (writer, "role", BINDINGS[i][0]);
      eros_json_raw (writer, "members", members->str);
      eros_json_close (writer, '}');
    }
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

void
eros_handle_set_policy (ErosCall *call)
{
  eros_call_fail (
    call, 400, "invalid",
    "The local server has one caller, who may do everything: a policy cannot be set. For tests, "
    "POST /_local/permissions takes permissions away.");
}

/* As Google answers where access is uniform, as it is here. */
void
eros_handle_acl (ErosCall *call)
{
  eros_call_fail (call, 400, "invalid",
                  "Cannot use ACL API to update bucket policy or read it when uniform bucket-level access is "
                  "enabled. Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access");
}

/* A bucket has none of them: who tries to make one is told that this server has none. */
void
eros_handle_bucket_empty_list (ErosCall *call)
{
  g_autoptr (ErosStoreDocument) bucket = eros_storage_find_bucket (call, eros_call_param (call, "bucket"));
  const char *last = strrchr (call->path, '/') + 1;
  ErosJsonWriter *writer;

  if (bucket == NULL)
    return;
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind",
                    strcmp (last, "notificationConfigs") == 0 ? "storage#notifications"
                    : strcmp (last, "folders") == 0           ? "storage#folders"
                    : strcmp (last, "managedFolders") == 0    ? "storage#managedFolders"
                                                              : "storage#anywhereCaches");
  eros_json_close (writer, '}');
}

void
eros_handle_bucket_refused (ErosCall *call)
{
  eros_call_fail (call, 400, "invalid", "The local server has no %s.", strrchr (call->path, '/') + 1);
}

void
eros_handle_storage_account (ErosCall *call)
{
  ErosJsonWriter *writer = eros_call_reply (call);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "storage#serviceAccount");
  eros_json_string (writer, "email_address",
                    "service-" EROS_PROJECT_NUMBER "@gs-project-accounts.iam.gserviceaccount.com");
  eros_json_close (writer, '}');
}
