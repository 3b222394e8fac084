/* eros-list-private.h: a list that comes in pages of JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-http.h"

G_BEGIN_DECLS

/* What one element of the list is; NULL: it is left out. */
typedef gpointer (*ErosListRead) (JsonObject *element, gpointer user_data);

/* path: percent-encoded; name and value: (nullable): of a query parameter; member: the answer's array. */
void       eros_list_read_async (ErosHttp           *http,
                                 ErosService         service,
                                 const char         *path,
                                 const char         *name,
                                 const char         *value,
                                 const char         *member,
                                 ErosListRead        read,
                                 gpointer            read_data,
                                 GDestroyNotify      free_element,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
GPtrArray *eros_list_read_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
