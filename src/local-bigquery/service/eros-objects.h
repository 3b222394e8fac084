/* eros-objects.h: buckets and objects, for the Cloud Storage API and for load and extract jobs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "eros-store-document.h"

G_BEGIN_DECLS

gboolean eros_bucket_exists (ErosStore *store, const char *bucket);

/* Stores contents and description; a document with the resource's members comes back. */
ErosStoreDocument *eros_object_put (ErosStore  *store,
                                    const char *bucket,
                                    const char *name,
                                    JsonObject *description,
                                    GBytes     *content,
                                    GError    **error) G_GNUC_WARN_UNUSED_RESULT;
ErosStoreDocument *eros_object_get (ErosStore *store, const char *bucket, const char *name, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
GBytes  *eros_object_read (ErosStore *store, const ErosStoreDocument *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_object_delete (ErosStore *store, const char *bucket, const char *name, gint64 generation, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *eros_object_list (ErosStore  *store,
                             const char *bucket,
                             const char *prefix,
                             const char *after,
                             guint       n_objects,
                             GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a client says of an object; the rest is what the object is. */
JsonObject *eros_object_keep (JsonObject *resource);
void        eros_object_forget (JsonObject *resource);
void        eros_object_set_components (JsonObject *description, guint n);

/* Of contents, in base64 */
char *eros_object_crc32c (GBytes *content);
char *eros_object_md5 (GBytes *content);

/* gs://bucket/name */
gboolean eros_object_parse_uri (const char *uri, char **bucket, char **name);

/* Whether it can stand in a header; NULL can. */
gboolean eros_object_is_type (const char *content_type);

G_END_DECLS
