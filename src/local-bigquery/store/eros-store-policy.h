/* eros-store-policy.h: who may see which rows of a table, and who has been given which role on it
 *
 * Both lie in what is kept of a table or a data set beside its columns, as JSON: {"rowAccessPolicies": [{"policyId",
 * "filterPredicate", "grantees", "creationTime", "lastModifiedTime"}], "bindings": [{"role", "members"}]}.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "eros-store-table.h"

G_BEGIN_DECLS

typedef struct
{
  char  *id;
  char  *filter; /* GoogleSQL text of a condition */
  GStrv  grantees;
  gint64 created; /* microseconds since 1970 */
  gint64 modified;
} ErosStorePolicy;

ErosStorePolicy *eros_store_policy_new (const char *id, const char *filter, const char *const *grantees);
void             eros_store_policy_free (ErosStorePolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosStorePolicy, eros_store_policy_free)

GPtrArray       *eros_store_table_get_policies (const ErosStoreTable *table);
void             eros_store_table_set_policies (ErosStoreTable *table, GPtrArray *policies);
ErosStorePolicy *eros_store_find_policy (GPtrArray *policies, const char *id, guint *index);

/* Which rows of @table @email sees: a condition; NULL: all of them. */
char *eros_store_table_get_filter (const ErosStoreTable *table, const char *email);

/* What is told to who needs all rows and does not see them; NULL: he does. */
char *eros_store_table_get_refusal (const ErosStoreTable *table, const char *email);

/* Roles that were given: an array of {"role", "members"} in @extra, of a table or a data set */
JsonArray *eros_store_get_bindings (const char *extra);
char      *eros_store_without_bindings (const char *extra);
void       eros_store_bind_role (char **extra, const char *role, const char *member, gboolean revoke);

G_END_DECLS
