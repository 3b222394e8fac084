/* eros-jwt.h: a signed assertion that this is the service account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-grant.h"

G_BEGIN_DECLS

/* now: seconds since 1970. (transfer full), eros_secret_free () */
char *eros_jwt_make (ErosGrant *grant, const char *scope, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
