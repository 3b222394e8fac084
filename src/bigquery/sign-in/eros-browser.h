/* eros-browser.h: a person agrees in the browser, and the answer comes back over loopback
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-grant.h"

G_BEGIN_DECLS

/* client_json: text of the OAuth client's file. Returns: what it entitles to. */
void       eros_browser_ask_async (const char         *client_json,
                                   ErosSignInBrowser   browser,
                                   gpointer            browser_data,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
ErosGrant *eros_browser_ask_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
