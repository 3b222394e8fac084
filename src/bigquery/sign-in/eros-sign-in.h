/* eros-sign-in.h: how a person gives a connection the right to speak for them, and takes it back
 *
 * What is secret lies in the keyring, under the connection's name, and nowhere else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"
#include "eros-sign-in-error.h"

G_BEGIN_DECLS

/* A service account's key file: read, checked, put into the keyring; the file is not needed from then on. */
void eros_sign_in_with_key_async (ErosConnection     *connection,
                                  GFile              *key_file,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
/* account: (out) (optional): its e-mail address */
gboolean eros_sign_in_with_key_finish (GAsyncResult *result, char **account, GError **error);

/* Shows the address to the person; NULL: the system's browser. */
typedef void (*ErosSignInBrowser) (const char *address, gpointer user_data);
/* A Google account, in the browser. client_file: the OAuth client (“Desktop app”) as downloaded from Google's console.
 * The result is there when the person has agreed or refused, or after five minutes. */
void     eros_sign_in_with_google_async (ErosConnection     *connection,
                                         GFile              *client_file,
                                         ErosSignInBrowser   browser,
                                         gpointer            browser_data,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean eros_sign_in_with_google_finish (GAsyncResult *result, GError **error);

/* Removes all that the keyring has of this connection, revokes a Google account's token, and forgets what is in memory.
 */
void     eros_sign_out_async (ErosConnection     *connection,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);
gboolean eros_sign_out_finish (GAsyncResult *result, GError **error);

/* Who this connection is signed in as: “eros@x.iam.gserviceaccount.com (key 1a2b3c)”. Asks nobody but the keyring or
 * the file system. Returns: (transfer full); NULL with an error that says what to do. */
void  eros_sign_in_describe_async (ErosConnection     *connection,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
char *eros_sign_in_describe_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
