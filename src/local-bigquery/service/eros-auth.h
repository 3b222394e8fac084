/* eros-auth.h: service accounts, tokens, and the OAuth token endpoint
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ErosAuth ErosAuth;

ErosAuth *eros_auth_new (const char *project, const char *token_uri);
void      eros_auth_free (ErosAuth *auth);

/* From now on calls need a token. */
gboolean eros_auth_issue_key (ErosAuth *auth, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_auth_is_required (ErosAuth *auth);

/* The owner of @token, or NULL. */
const char *eros_auth_check (ErosAuth *auth, const char *token);
void        eros_auth_expire (ErosAuth *auth, const char *token);

/* Returns the token, or sets @reason (invalid_grant …) and @description. */
char *eros_auth_grant_jwt (ErosAuth *auth, const char *assertion, const char **reason, char **description);
char *eros_auth_grant_refresh (ErosAuth *auth, const char *refresh_token, const char **reason, char **description);

#define EROS_AUTH_LIFETIME 3600 /* seconds */

G_END_DECLS
