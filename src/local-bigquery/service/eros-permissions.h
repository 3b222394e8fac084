/* eros-permissions.h: who may what
 *
 * Everybody who is signed in may do everything, but for what has been taken away (POST /_local/permissions):
 * enough to see how a client copes with a missing permission.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _ErosPermissions ErosPermissions;

ErosPermissions *eros_permissions_new (void);
void             eros_permissions_free (ErosPermissions *permissions);
void             eros_permissions_deny (ErosPermissions *permissions, const char *permission, const char *resource);
void             eros_permissions_clear (ErosPermissions *permissions);
gboolean         eros_permissions_is_everything (ErosPermissions *permissions);
gboolean         eros_permissions_allow (ErosPermissions *permissions, const char *permission, const char *resource);

G_END_DECLS
