/* eros-locator.h: asks a data set where it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-http.h"

G_BEGIN_DECLS

/* Asks at most once at a time, however many want to know; the connection keeps the answer. */
#define EROS_TYPE_LOCATOR (eros_locator_get_type ())
G_DECLARE_FINAL_TYPE (ErosLocator, eros_locator, EROS, LOCATOR, GObject)

ErosLocator *eros_locator_new (ErosHttp *http, ErosConnection *connection);
/* retry: (nullable): told of each further attempt until the callback is called */
void eros_locator_ask_async (ErosLocator        *self,
                             ErosHttpRetry       retry,
                             gpointer            retry_data,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);
/* TRUE: eros_connection_get_learned_location () says it. */
gboolean eros_locator_ask_finish (ErosLocator *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
