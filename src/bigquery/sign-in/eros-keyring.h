/* eros-keyring.h: one secret a connection, in the person's keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-sign-in.h"

G_BEGIN_DECLS

void     eros_keyring_store_async (const char         *connection,
                                   const char         *secret,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean eros_keyring_store_finish (GAsyncResult *result, GError **error);
/* NULL with EROS_SIGN_IN_ERROR_NEEDED: there is none. Free with eros_secret_free (). */
void  eros_keyring_lookup_async (const char         *connection,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
char *eros_keyring_lookup_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for the key with which a person signs reports. */
void eros_keyring_store_key_async (const char         *person,
                                   const char         *key,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
void eros_keyring_lookup_key_async (const char         *person,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
/* TRUE also when there was none. */
void     eros_keyring_clear_async (const char         *connection,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean eros_keyring_clear_finish (GAsyncResult *result, GError **error);

G_END_DECLS
