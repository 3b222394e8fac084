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

static char *
describe (const char *content_type, const char *metadata, GBytes *content)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);
  guint32 crc = GUINT32_TO_BE (crc32c (data, size));
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree char *crc_text = g_base64_encode ((const guchar *) &crc, sizeof crc);
  g_autofree char *md5_text = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  guint8 digest[16];
  gsize digest_size = sizeof digest;
  ErosJsonWriter writer;

  g_checksum_update (checksum, data, size);
  g_checksum_get_digest (checksum, digest, &digest_size);
  md5_text = g_base64_encode (digest, digest_size);
  eros_json_writer_init (&writer, text);
  eros_json_open (&writer, NULL, '{');
  eros_json_string (&writer, "contentType", content_type != NULL ? content_type : "application/octet-stream");
  eros_json_int_string (&writer, "size", size);
  eros_json_string (&writer, "md5Hash", md5_text);
  eros_json_string (&writer, "crc32c", crc_text);
  eros_json_raw (&writer, "metadata", metadata);
  eros_json_close (&writer, '}');
  return g_strdup (text->str);
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
 * @content_type: (nullable): what the contents are
 * @metadata: (nullable): the text of a JSON object: the client's own metadata
 * @content: the contents
 * @generation: what must be there now; see eros_store_put_document()
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the object
 */
ErosStoreDocument *
eros_object_put (ErosStore *store,
                 const char *bucket,
                 const char *name,
                 const char *content_type,
                 const char *metadata,
                 GBytes *content,
                 gint64 generation,
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
  if (!eros_object_is_type (content_type))
    {
      g_set_error_literal (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID,
                           "Invalid value for contentType: it is one line of plain text.");
      return NULL;
    }
  body = describe (content_type, metadata, content);
  old = eros_store_get_document (store, kind, name, NULL);
  document = eros_store_document_new (kind, name, body);
  document->generation = eros_store_next_generation (store);
  path = eros_store_get_object_path (store, document->generation);
  if (!g_file_set_contents_full (path, data != NULL ? data : "", size, G_FILE_SET_CONTENTS_NONE, 0600, error))
    return NULL;
  if (!eros_store_put_document (store, document, generation, error))
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
