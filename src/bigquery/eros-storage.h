/* eros-storage.h: objects of Cloud Storage, verified by their checksum
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-http.h"

G_BEGIN_DECLS

typedef struct
{
  char    *bucket;
  char    *name;
  char    *content_type; /* (nullable) */
  guint64  size;
  gint64   generation; /* of the content: another one after each change; 0: not known */
  gboolean has_crc32c;
  guint32  crc32c;
  gint64   updated; /* microseconds since 1970; 0: not known */
} ErosObject;
void eros_object_free (ErosObject *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosObject, eros_object_free)

/* Objects whose name begins with prefix, by name; all pages. Returns: (element-type ErosObject) (transfer full) */
void       eros_storage_list_async (ErosHttp           *http,
                                    const char         *bucket,
                                    const char         *prefix,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
GPtrArray *eros_storage_list_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void        eros_storage_get_async (ErosHttp           *http,
                                    const char         *bucket,
                                    const char         *name,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
ErosObject *eros_storage_get_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the content to sink piece by piece, each byte once and in order, also when the connection breaks in between.
 * What sink was given counts only when finish returns TRUE: then its checksum was right. */
void     eros_storage_read_async (ErosHttp           *http,
                                  ErosObject         *object,
                                  ErosHttpSink        sink,
                                  gpointer            sink_data,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean eros_storage_read_finish (GAsyncResult *result, GError **error);

/* Makes an object that must not be there yet: an object of this name with the same content is as good (an earlier
 * attempt's), one with another content is EROS_BIG_QUERY_ERROR_CHANGED. */
void eros_storage_write_async (ErosHttp           *http,
                               const char         *bucket,
                               const char         *name,
                               const char         *content_type,
                               GBytes             *content,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data);
/* The same from a stream that can be read once: in pieces of 8 MiB, each sent again where that is needed. */
void        eros_storage_write_stream_async (ErosHttp           *http,
                                             const char         *bucket,
                                             const char         *name,
                                             const char         *content_type,
                                             GInputStream       *content,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
ErosObject *eros_storage_write_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE also when it was not there. */
void     eros_storage_delete_async (ErosHttp           *http,
                                    const char         *bucket,
                                    const char         *name,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
gboolean eros_storage_delete_finish (GAsyncResult *result, GError **error);

G_END_DECLS
