/* eros-objects.c: buckets and objects
 *
 * An object's contents are a file named after its generation, written and closed before its description is
 * stored, so that a description never lacks its contents.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-objects.h"

#include <glib/gstdio.h>
#include <string.h>

#include "eros-call.h"
#include "eros-json-reader.h"

static char *
kind_of (const char *bucket)
{
  return g_strconcat ("object:", bucket, NULL);
}

/**
 * eros_bucket_exists:
 * @store: the store
 * @bucket: a bucket's name
 *
 * Returns: whether there is one
 */
gboolean
eros_bucket_exists (ErosStore *store, const char *bucket)
{
  g_autoptr (ErosStoreDocument) document = eros_store_get_document (store, "bucket", bucket, NULL);

  return document != NULL;
}

static gboolean
check_bucket (ErosStore *store, const char *bucket, GError **error)
{
  if (eros_bucket_exists (store, bucket))
    return TRUE;
  g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND,
                       "The specified bucket does not exist.");
  return FALSE;
}

/* Castagnoli's polynomial, bit by bit into a table; RFC 3720 */
static guint32
crc32c (const guint8 *data, gsize size)
{
  static guint32 table[256];
  static gsize ready = 0;
  guint32 crc = 0xffffffff;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < 256; i++)
        {
          guint32 value = i;

          for (guint bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0x82f63b78 : 0);
          table[i] = value;
        }
      g_once_init_leave (&ready, 1);
    }
  for (gsize i = 0; i < size; i++)
    crc = (crc >> 8) ^ table[(crc ^ data[i]) & 0xff];
  return ~crc;
}

/**
 * eros_object_is_type:
 * @content_type: (nullable): what somebody says that contents are
 *
 * Returns: whether it is one line of plain text
 */
gboolean
eros_object_is_type (const char *content_type)
{
  for (const char *at = content_type != NULL ? content_type : ""; *at != '\0'; at++)
    if (*at < ' ' || *at > '~')
      return FALSE;
  return TRUE;
}

/* What a client says of an object, and gets back. */
static const char *const KEPT[] = { "contentType",     "contentEncoding", "contentDisposition",
                                    "contentLanguage", "cacheControl",    "customTime",
                                    "metadata",        "storageClass",    "componentCount" };

/**
 * eros_object_keep:
 * @resource: an object's resource, or a part of one
 *
 * Returns: (transfer full): what of it is kept
 */
JsonObject *
eros_object_keep (JsonObject *resource)
{
  JsonObject *kept = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (KEPT); i++)
    if (json_object_has_member (resource, KEPT[i]))
      json_object_set_member (kept, KEPT[i], json_object_dup_member (resource, KEPT[i]));
  json_object_remove_member (kept, "componentCount");
  return kept;
}

/**
 * eros_object_forget:
 * @resource: what is stored of an object
 *
 * Takes away what a client has said of it.
 */
void
eros_object_forget (JsonObject *resource)
{
  for (guint i = 0; i < G_N_ELEMENTS (KEPT); i++)
    json_object_remove_member (resource, KEPT[i]);
}

/**
 * eros_object_set_components:
 * @description: of an object that is joined from others
 * @n: how many they are
 *
 * Lets it be told as such: it has no MD5.
 */
void
eros_object_set_components (JsonObject *description, guint n)
{
  json_object_set_int_member (description, "componentCount", n);
}

/**
 * eros_object_crc32c:
 * @content: contents
 *
 * Returns: (transfer full): their checksum as the API writes it
 */
char *
eros_object_crc32c (GBytes *content)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);
  guint32 crc = GUINT32_TO_BE (crc32c (data, size));

  return g_base64_encode ((const guchar *) &crc, sizeof crc);
}

/**
 * eros_object_md5:
 * @content: contents
 *
 * Returns: (transfer full): their checksum as the API writes it
 */
char *
eros_object_md5 (GBytes *content)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);
  guint8 digest[16];
  gsize digest_size = sizeof digest;

  g_checksum_update (checksum, data, size);
  g_checksum_get_digest (checksum, digest, &digest_size);
  return g_base64_encode (digest, digest_size);
}

static char *
describe (JsonObject *description, GBytes *content)
{
  g_autofree char *crc = eros_object_crc32c (content);
  g_autofree char *md5 = eros_object_md5 (content);
  g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (content));
  g_autoptr (JsonObject) body = eros_object_keep (description);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);

  if (eros_json_get_string (body, "contentType") == NULL)
    json_object_set_string_member (body, "contentType", "application/octet-stream");
  json_object_set_string_member (body, "size", size);
  json_object_set_string_member (body, "crc32c", crc);
  if (json_object_has_member (description, "componentCount"))
    json_object_set_member (body, "componentCount", json_object_dup_member (description, "componentCount"));
  else
    json_object_set_string_member (body, "md5Hash", md5);
  return json_to_string (node, FALSE);
}

static void
remove_contents (ErosStore *store, gint64 generation)
{
  g_autofree char *path = eros_store_get_object_path (store, generation);

  g_unlink (path);
}

/**
 * eros_object_put:
 * @store: the store
 * @bucket: the bucket's name
 * @name: the object's name
 * @description: what is said of it
 * @content: the contents
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the object
 */
ErosStoreDocument *
eros_object_put (ErosStore *store,
                 const char *bucket,
                 const char *name,
                 JsonObject *description,
                 GBytes *content,
                 GError **error)
{
  g_autofree char *kind = kind_of (bucket);
  g_autofree char *body = NULL;
  g_autofree char *path = NULL;
  g_autoptr (ErosStoreDocument) old = NULL;
  g_autoptr (ErosStoreDocument) document = NULL;
  gsize size;
  const char *data = g_bytes_get_data (content, &size);

  if (!check_bucket (store, bucket, error))
    return NULL;
  body = describe (description, content);
  old = eros_store_get_document (store, kind, name, NULL);
  document = eros_store_document_new (kind, name, body);
  document->generation = eros_store_next_generation (store);
  path = eros_store_get_object_path (store, document->generation);
  if (!g_file_set_contents_full (path, data != NULL ? data : "", size, G_FILE_SET_CONTENTS_NONE, 0600, error))
    return NULL;
  if (!eros_store_put_document (store, document, EROS_STORE_ANY_GENERATION, error))
    {
      g_unlink (path);
      return NULL;
    }
  if (old != NULL)
    remove_contents (store, old->generation);
  return g_steal_pointer (&document);
}

/**
 * eros_object_get:
 * @store: the store
 * @bucket: the bucket's name
 * @name: the object's name
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the object
 */
ErosStoreDocument *
eros_object_get (ErosStore *store, const char *bucket, const char *name, GError **error)
{
  g_autofree char *kind = kind_of (bucket);
  g_autoptr (ErosStoreDocument) document = NULL;

  if (!check_bucket (store, bucket, error))
    return NULL;
  document = eros_store_get_document (store, kind, name, NULL);
  if (document == NULL)
    g_set_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND, "No such object: %s/%s", bucket, name);
  return g_steal_pointer (&document);
}

/**
 * eros_object_read:
 * @store: the store
 * @object: an object
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): its contents
 */
GBytes *
eros_object_read (ErosStore *store, const ErosStoreDocument *object, GError **error)
{
  g_autofree char *path = eros_store_get_object_path (store, object->generation);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  return file != NULL ? g_mapped_file_get_bytes (file) : NULL;
}

/**
 * eros_object_delete:
 * @store: the store
 * @bucket: the bucket's name
 * @name: the object's name
 * @generation: what must be there now
 * @error: return location for a #GError
 *
 * Returns: whether it was there and is gone
 */
gboolean
eros_object_delete (ErosStore *store, const char *bucket, const char *name, gint64 generation, GError **error)
{
  g_autoptr (ErosStoreDocument) object = eros_object_get (store, bucket, name, error);

  if (object == NULL || !eros_store_delete_document (store, object->kind, name, generation, error))
    return FALSE;
  remove_contents (store, object->generation);
  return TRUE;
}

/**
 * eros_object_list:
 * @store: the store
 * @bucket: the bucket's name
 * @prefix: (nullable): how the names begin
 * @after: (nullable): the name after which to begin
 * @n_objects: how many at most
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable) (element-type ErosStoreDocument): the objects by name
 */
GPtrArray *
eros_object_list (ErosStore *store,
                  const char *bucket,
                  const char *prefix,
                  const char *after,
                  guint n_objects,
                  GError **error)
{
  g_autofree char *kind = kind_of (bucket);

  if (!check_bucket (store, bucket, error))
    return NULL;
  return eros_store_list_documents (store, kind, prefix, after, n_objects, error);
}

/**
 * eros_object_parse_uri:
 * @uri: `gs://bucket/name`
 * @bucket: (out): the bucket's name
 * @name: (out): the object's name, which may have a `*`
 *
 * Returns: whether @uri is one
 */
gboolean
eros_object_parse_uri (const char *uri, char **bucket, char **name)
{
  const char *slash;

  if (!g_str_has_prefix (uri, "gs://"))
    return FALSE;
  slash = strchr (uri + 5, '/');
  if (slash == NULL || slash == uri + 5 || slash[1] == '\0')
    return FALSE;
  *bucket = g_strndup (uri + 5, slash - uri - 5);
  *name = g_strdup (slash + 1);
  return TRUE;
}
