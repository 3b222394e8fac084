/* eros-token.h: one access token, asked for with a grant
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "eros-grant.h"

G_BEGIN_DECLS

typedef struct
{
  char  *text;
  gint64 renew; /* from here on another one should be asked for; microseconds since 1970 */
} ErosToken;
void eros_token_free (ErosToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosToken, eros_token_free)

/* scope: space-separated. Errors that may pass by themselves are transient ones of EROS_BIG_QUERY_ERROR or G_IO_ERROR.
 */
void       eros_token_fetch_async (ErosGrant          *grant,
                                   SoupSession        *session,
                                   const char         *scope,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
ErosToken *eros_token_fetch_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The code that a person's browser brought back, for a refresh token: (transfer full), eros_secret_free ()
 * scope: all of it must have been granted */
void  eros_token_exchange_async (SoupSession        *session,
                                 const char         *token_uri,
                                 const char         *scope,
                                 GHashTable         *form,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
char *eros_token_exchange_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How far this computer's clock is ahead of the one that wrote an answer's Date; 0 when it has none. */
gint64 eros_token_clock_ahead_us (SoupMessage *message);

G_END_DECLS
