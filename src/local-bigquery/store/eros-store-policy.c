/* eros-store-policy.c: who may see which rows of a table, and who has been given which role on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-store-policy.h"

#include <string.h>

#include "eros-clock.h"

/* ---- JSON beside the columns --------------------------------------------------------------------------- */

static JsonObject *
read_extra (const char *extra)
{
  g_autoptr (JsonNode) node = extra != NULL ? json_from_string (extra, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static void
write_extra (char **extra, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);

  g_free (*extra);
  *extra = json_object_get_size (object) > 0 ? json_to_string (node, FALSE) : NULL;
}

/* Sets @name of @extra to @list, or takes it away when that is empty. */
static void
set_list (char **extra, const char *name, JsonArray *list)
{
  g_autoptr (JsonObject) object = read_extra (*extra);

  if (json_array_get_length (list) > 0)
    json_object_set_array_member (object, name, json_array_ref (list));
  else
    json_object_remove_member (object, name);
  write_extra (extra, object);
}

static JsonArray *
get_list (const char *extra, const char *name)
{
  g_autoptr (JsonObject) object = NULL;

  if (extra == NULL || strstr (extra, name) == NULL)
    return json_array_new ();
  object = read_extra (extra);
  return json_object_has_member (object, name) ? json_array_ref (json_object_get_array_member (object, name))
                                               : json_array_new ();
}

/* ---- row access policies ------------------------------------------------------------------------------- */

/**
 * eros_store_policy_new:
 * @id: its name
 * @filter: GoogleSQL text of a condition
 * @grantees: (array zero-terminated=1): for whom it holds, such as user:a@example.com
 *
 * Returns: (transfer full): a policy of now
 */
ErosStorePolicy *
eros_store_policy_new (const char *id, const char *filter, const char *const *grantees)
{
  ErosStorePolicy *policy = g_new0 (ErosStorePolicy, 1);

  policy->id = g_strdup (id);
  policy->filter = g_strdup (filter);
  policy->grantees = g_strdupv ((GStrv) grantees);
  policy->created = policy->modified = eros_clock_get_now ();
  return policy;
}

/**
 * eros_store_policy_free:
 * @policy: (transfer full): a policy
 */
void
eros_store_policy_free (ErosStorePolicy *policy)
{
  g_free (policy->id);
  g_free (policy->filter);
  g_strfreev (policy->grantees);
  g_free (policy);
}

static ErosStorePolicy *
policy_from_json (JsonObject *object)
{
  ErosStorePolicy *policy = g_new0 (ErosStorePolicy, 1);
  JsonArray *list = json_object_get_array_member (object, "grantees");
  g_autoptr (GStrvBuilder) grantees = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (list); i++)
    g_strv_builder_add (grantees, json_array_get_string_element (list, i));
  policy->id = g_strdup (json_object_get_string_member (object, "policyId"));
  policy->filter = g_strdup (json_object_get_string_member (object, "filterPredicate"));
  policy->grantees = g_strv_builder_end (grantees);
  policy->created = json_object_get_int_member (object, "creationTime");
  policy->modified = json_object_get_int_member (object, "lastModifiedTime");
  return policy;
}

static JsonObject *
policy_to_json (const ErosStorePolicy *policy)
{
  JsonObject *object = json_object_new ();
  JsonArray *grantees = json_array_new ();

  for (guint i = 0; policy->grantees[i] != NULL; i++)
    json_array_add_string_element (grantees, policy->grantees[i]);
  json_object_set_string_member (object, "policyId", policy->id);
  json_object_set_string_member (object, "filterPredicate", policy->filter);
  json_object_set_array_member (object, "grantees", grantees);
  json_object_set_int_member (object, "creationTime", policy->created);
  json_object_set_int_member (object, "lastModifiedTime", policy->modified);
  return object;
}

/**
 * eros_store_table_get_policies:
 * @table: a table
 *
 * Returns: (transfer full) (element-type ErosStorePolicy): its row access policies
 */
GPtrArray *
eros_store_table_get_policies (const ErosStoreTable *table)
{
  g_autoptr (JsonArray) list = get_list (table->extra, "rowAccessPolicies");
  GPtrArray *policies = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_policy_free);

  for (guint i = 0; i < json_array_get_length (list); i++)
    g_ptr_array_add (policies, policy_from_json (json_array_get_object_element (list, i)));
  return policies;
}

/**
 * eros_store_table_set_policies:
 * @table: a table, to be stored afterwards
 * @policies: (element-type ErosStorePolicy): all of its row access policies
 */
void
eros_store_table_set_policies (ErosStoreTable *table, GPtrArray *policies)
{
  g_autoptr (JsonArray) list = json_array_new ();

  for (guint i = 0; i < policies->len; i++)
    json_array_add_object_element (list, policy_to_json (g_ptr_array_index (policies, i)));
  set_list (&table->extra, "rowAccessPolicies", list);
}

/**
 * eros_store_find_policy:
 * @policies: (element-type ErosStorePolicy): row access policies
 * @id: a name
 * @index: (out) (optional): its place
 *
 * Returns: (transfer none) (nullable): the policy of that name
 */
ErosStorePolicy *
eros_store_find_policy (GPtrArray *policies, const char *id, guint *index)
{
  for (guint i = 0; i < policies->len; i++)
    {
      ErosStorePolicy *policy = g_ptr_array_index (policies, i);

      if (strcmp (policy->id, id) != 0)
        continue;
      if (index != NULL)
        *index = i;
      return policy;
    }
  return NULL;
}

/* A group's members are not known here: nobody is one. */
static gboolean
is_granted (const ErosStorePolicy *policy, const char *email)
{
  const char *at = strrchr (email, '@');

  for (guint i = 0; policy->grantees[i] != NULL; i++)
    {
      const char *grantee = policy->grantees[i];
      const char *colon = strchr (grantee, ':');

      if (strcmp (grantee, "allUsers") == 0 || strcmp (grantee, "allAuthenticatedUsers") == 0)
        return TRUE;
      if (colon == NULL)
        continue;
      if ((g_str_has_prefix (grantee, "user:") || g_str_has_prefix (grantee, "serviceAccount:")) &&
          g_ascii_strcasecmp (colon + 1, email) == 0)
        return TRUE;
      if (g_str_has_prefix (grantee, "domain:") && at != NULL && g_ascii_strcasecmp (colon + 1, at + 1) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * eros_store_table_get_filter:
 * @table: a table
 * @email: (nullable): who wants to read it
 *
 * Returns: (transfer full) (nullable): GoogleSQL text of the condition that a row must meet to be seen; %NULL
 * when all rows are
 */
char *
eros_store_table_get_filter (const ErosStoreTable *table, const char *email)
{
  g_autoptr (GPtrArray) policies = NULL;
  GString *filter;

  if (table->extra == NULL || strstr (table->extra, "\"rowAccessPolicies\"") == NULL)
    return NULL;
  policies = eros_store_table_get_policies (table);
  if (policies->len == 0)
    return NULL;
  filter = g_string_new (NULL);
  for (guint i = 0; i < policies->len; i++)
    {
      ErosStorePolicy *policy = g_ptr_array_index (policies, i);

      if (!is_granted (policy, email != NULL ? email : ""))
        continue;
      if (g_ascii_strcasecmp (policy->filter, "TRUE") == 0)
        {
          g_string_free (filter, TRUE);
          return NULL;
        }
      g_string_append_printf (filter, "%s(%s\n)", filter->len > 0 ? " OR " : "", policy->filter);
    }
  if (filter->len == 0)
    g_string_append (filter, "FALSE");
  return g_string_free (filter, FALSE);
}

/**
 * eros_store_table_get_refusal:
 * @table: a table
 * @email: (nullable): who wants all of its rows: to copy them, to change them, to list them unasked
 *
 * Returns: (transfer full) (nullable): a message; %NULL when no row access policy hides rows from @email
 */
char *
eros_store_table_get_refusal (const ErosStoreTable *table, const char *email)
{
  g_autofree char *filter = eros_store_table_get_filter (table, email);

  if (filter == NULL)
    return NULL;
  return g_strdup_printf (
    "Access Denied: Table %s:%s.%s: row access policies hide rows of it from %s. This needs all "
    "of them: a policy with FILTER USING (TRUE).",
    table->project, table->dataset, table->name, email != NULL ? email : "the caller");
}

/* ---- roles --------------------------------------------------------------------------------------------- */

/**
 * eros_store_get_bindings:
 * @extra: (nullable): what is kept of a table or a data set
 *
 * Returns: (transfer full): who has been given which role: objects with role and members
 */
JsonArray *
eros_store_get_bindings (const char *extra)
{
  return get_list (extra, "bindings");
}

/**
 * eros_store_without_bindings:
 * @extra: (nullable): what is kept of a data set
 *
 * Returns: (transfer full) (nullable): the rest of it
 */
char *
eros_store_without_bindings (const char *extra)
{
  g_autoptr (JsonArray) none = json_array_new ();
  char *copy = g_strdup (extra);

  if (copy != NULL)
    set_list (&copy, "bindings", none);
  return copy;
}

/* The binding of @role, made when there is none */
static JsonObject *
find_binding (JsonArray *bindings, const char *role)
{
  JsonObject *binding;

  for (guint i = 0; i < json_array_get_length (bindings); i++)
    {
      binding = json_array_get_object_element (bindings, i);
      if (strcmp (json_object_get_string_member (binding, "role"), role) == 0)
        return binding;
    }
  binding = json_object_new ();
  json_object_set_string_member (binding, "role", role);
  json_object_set_array_member (binding, "members", json_array_new ());
  json_array_add_object_element (bindings, binding);
  return binding;
}

/**
 * eros_store_bind_role:
 * @extra: (inout): what is kept of a table or a data set
 * @role: a role
 * @member: who gets it, or loses it
 * @revoke: whether it is taken back
 *
 * Changes who has which role.
 */
void
eros_store_bind_role (char **extra, const char *role, const char *member, gboolean revoke)
{
  g_autoptr (JsonArray) bindings = eros_store_get_bindings (*extra);
  JsonArray *members = json_object_get_array_member (find_binding (bindings, role), "members");

  for (guint i = json_array_get_length (members); i > 0; i--)
    if (strcmp (json_array_get_string_element (members, i - 1), member) == 0)
      json_array_remove_element (members, i - 1);
  if (!revoke)
    json_array_add_string_element (members, member);
  for (guint i = json_array_get_length (bindings); i > 0; i--)
    if (json_array_get_length (
          json_object_get_array_member (json_array_get_object_element (bindings, i - 1), "members")) == 0)
      json_array_remove_element (bindings, i - 1);
  set_list (extra, "bindings", bindings);
}
