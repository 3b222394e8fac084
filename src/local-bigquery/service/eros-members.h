/* eros-members.h: which members a request's body may have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): what Google says of the first member that a @schema does not have */
char *eros_members_check (const char *schema, JsonObject *body) G_GNUC_WARN_UNUSED_RESULT;
char *eros_parameters_check (const char *place, GHashTable *query) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
