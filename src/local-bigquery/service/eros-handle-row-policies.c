/* eros-handle-row-policies.c: rowAccessPolicies.*
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-schema.h"
#include "eros-service-private.h"
#include "eros-stamp.h"
#include "eros-store-policy.h"
#include "eros-syntax.h"

static ErosStoreTable *
find_table (ErosCall *call, ErosStoreConnection *connection)
{
  g_autoptr (GError) error = NULL;
  ErosStoreTable *table =
    eros_store_get_table (connection, eros_call_param (call, "projectId"),
                          eros_call_param (call, "datasetId"), eros_call_param (call, "tableId"), &error);

  if (table == NULL)
    eros_call_fail_error (call, error);
  return table;
}

static void
write_time (ErosJsonWriter *writer, const char *name, gint64 time)
{
  g_autofree char *text = eros_stamp_text (time, 6);

  eros_json_string (writer, name, text);
}

static void
write_policy (ErosStoreTable *table, const ErosStorePolicy *policy, ErosJsonWriter *writer)
{
  g_autofree char *etag = g_strdup_printf ("%" G_GINT64_MODIFIER "x", policy->modified);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "etag", etag);
  eros_json_open (writer, "rowAccessPolicyReference", '{');
  eros_json_string (writer, "projectId", table->project);
  eros_json_string (writer, "datasetId", table->dataset);
  eros_json_string (writer, "tableId", table->name);
  eros_json_string (writer, "policyId", policy->id);
  eros_json_close (writer, '}');
  eros_json_string (writer, "filterPredicate", policy->filter);
  write_time (writer, "creationTime", policy->created);
  write_time (writer, "lastModifiedTime", policy->modified);
  eros_json_close (writer, '}');
}

/* Whom a policy is for is not told, as at Google's; INSERT and UPDATE say it. */
void
eros_handle_row_policies_list (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreTable) table = connection != NULL ? find_table (call, connection) : NULL;
  g_autoptr (GPtrArray) policies = NULL;
  const char *token = eros_call_query (call, "pageToken");
  gint64 size, first = 0;
  ErosJsonWriter *writer;

  if (table == NULL || !eros_call_query_int (call, "pageSize", 25, &size))
    return;
  if (token != NULL && *token != '\0' && !eros_page_parse_token (token, &first))
    {
      eros_call_fail (call, 400, "invalid", "Invalid value for pageToken: %s is not a valid value", token);
      return;
    }
  policies = eros_store_table_get_policies (table);
  size = CLAMP (size, 1, 100);
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_open (writer, "rowAccessPolicies", '[');
  for (gint64 i = first; i < MIN ((gint64) policies->len, first + size); i++)
    write_policy (table, g_ptr_array_index (policies, i), writer);
  eros_json_close (writer, ']');
  if (first + size < policies->len)
    {
      g_autofree char *next = eros_page_token (first + size);

      eros_json_string (writer, "nextPageToken", next);
    }
  eros_json_close (writer, '}');
}

static void
fail_not_found (ErosCall *call, const char *id)
{
  eros_call_fail (call, 404, "notFound", "Not found: Row access policy %s on table %s:%s.%s", id,
                  eros_call_param (call, "projectId"), eros_call_param (call, "datasetId"),
                  eros_call_param (call, "tableId"));
}

void
eros_handle_row_policies_get (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreTable) table = connection != NULL ? find_table (call, connection) : NULL;
  g_autoptr (GPtrArray) policies = table != NULL ? eros_store_table_get_policies (table) : NULL;
  ErosStorePolicy *policy =
    policies != NULL ? eros_store_find_policy (policies, eros_call_param (call, "policyId"), NULL) : NULL;

  if (policy != NULL)
    write_policy (table, policy, eros_call_reply (call));
  else if (policies != NULL)
    fail_not_found (call, eros_call_param (call, "policyId"));
}

/* Whom it is for, as who lists a policy asks next */
void
eros_handle_row_policy_policy (ErosCall *call)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_READ);
  g_autoptr (ErosStoreTable) table = connection != NULL ? find_table (call, connection) : NULL;
  g_autoptr (GPtrArray) policies = table != NULL ? eros_store_table_get_policies (table) : NULL;
  ErosStorePolicy *policy =
    policies != NULL ? eros_store_find_policy (policies, eros_call_param (call, "policyId"), NULL) : NULL;
  ErosJsonWriter *writer;

  if (policies != NULL && policy == NULL)
    fail_not_found (call, eros_call_param (call, "policyId"));
  if (policy == NULL)
    return;
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_int (writer, "version", 1);
  eros_json_string (writer, "etag", "ACAB");
  eros_json_open (writer, "bindings", '[');
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "role", "roles/bigquery.filteredDataViewer");
  eros_json_open (writer, "members", '[');
  for (guint i = 0; policy->grantees[i] != NULL; i++)
    eros_json_string (writer, NULL, policy->grantees[i]);
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

/* ---- changes ------------------------------------------------------------------------------------------- */

/* The strings of @list; NULL: something else is in it. */
static GStrv
read_strings (JsonArray *list)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *node = json_array_get_element (list, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
      g_strv_builder_add (builder, json_node_get_string (node));
    }
  return g_strv_builder_end (builder);
}

static gboolean
check_id (ErosCall *call, const char *id)
{
  gsize size = strlen (id);

  if (size > 0 && size <= 256 && strspn (id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == size)
    return TRUE;
  eros_call_fail (call, 400, "invalid",
                  "Invalid policy ID \"%s\": letters, digits and underscores are expected, at most 256", id);
  return FALSE;
}

/* The statement that makes the policy @id */
static char *
make_statement (ErosCall *call, const char *id, const char *filter, GStrv grantees)
{
  GString *sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE OR REPLACE ROW ACCESS POLICY `%s` ON `%s`.`%s`.`%s`", id,
                   eros_call_param (call, "projectId"), eros_call_param (call, "datasetId"),
                   eros_call_param (call, "tableId"));
  for (guint i = 0; grantees[i] != NULL; i++)
    {
      ErosSqlValue value = EROS_SQL_VALUE_INIT;

      value.type = eros_sql_type (EROS_SQL_STRING);
      value.is_null = FALSE;
      value.data = grantees[i];
      value.size = strlen (grantees[i]);
      g_string_append (sql, i == 0 ? " GRANT TO (" : ", ");
      eros_sql_value_append_literal (&value, sql);
    }
  g_string_append_printf (sql, "%s FILTER USING (%s\n)", grantees[0] != NULL ? ")" : "", filter);
  return g_string_free (sql, FALSE);
}

/* Whether the engine would make such a policy; if not, the call has failed. */
static gboolean
check_policy (ErosCall *call, const char *id, const char *filter, GStrv grantees)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosScript) script = eros_syntax_parse_expression (filter, -1, &error);
  g_autofree char *sql = make_statement (call, id, filter, grantees);
  ErosEngineRequest request = { .project = eros_call_param (call, "projectId"),
                                .user_email = call->user_email,
                                .query = sql,
                                .dry_run = TRUE };
  g_autoptr (ErosEngineResult) result = NULL;

  if (script == NULL)
    {
      eros_call_fail (call, 400, "invalid", "Invalid filterPredicate: %s", error->message);
      return FALSE;
    }
  result = eros_engine_run (call->service->engine, &request, NULL);
  if (result->error_message != NULL)
    eros_call_fail (call, 400, "invalid", "Invalid row access policy: %s", result->error_message);
  return result->error_message == NULL;
}

static gboolean
keep (ErosCall *call, ErosStoreConnection *connection, ErosStoreTable *table, GPtrArray *policies)
{
  g_autoptr (GError) error = NULL;

  eros_store_table_set_policies (table, policies);
  if (eros_store_update_table (connection, table, &error))
    return eros_call_commit (call, connection);
  eros_call_fail_error (call, error);
  return FALSE;
}

/* Makes the policy @id, or replaces it. */
static void
put (ErosCall *call, JsonObject *body, const char *id, gboolean replace)
{
  const char *filter = eros_json_get_string (body, "filterPredicate");
  g_auto (GStrv) grantees = read_strings (eros_json_get_array (body, "grantees"));
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GPtrArray) policies = NULL;
  ErosStorePolicy *policy, *old;
  guint index;

  if (filter == NULL)
    eros_call_fail (call, 400, "required", "Required parameter is missing: filterPredicate");
  else if (grantees == NULL)
    eros_call_fail (call, 400, "invalid", "Invalid value at 'grantees'");
  else if (check_id (call, id) && check_policy (call, id, filter, grantees))
    connection = eros_call_begin (call, EROS_STORE_WRITE);
  table = connection != NULL ? find_table (call, connection) : NULL;
  if (table == NULL)
    return;
  policies = eros_store_table_get_policies (table);
  old = eros_store_find_policy (policies, id, &index);
  if (replace && old == NULL)
    {
      fail_not_found (call, id);
      return;
    }
  if (!replace && old != NULL)
    {
      eros_call_fail (call, 409, "duplicate", "Already Exists: Row access policy %s on table %s:%s.%s", id,
                      table->project, table->dataset, table->name);
      return;
    }
  policy = eros_store_policy_new (id, filter, (const char *const *) grantees);
  if (old != NULL)
    {
      policy->created = old->created;
      g_ptr_array_remove_index (policies, index);
    }
  g_ptr_array_add (policies, policy);
  if (keep (call, connection, table, policies))
    write_policy (table, policy, eros_call_reply (call));
}

void
eros_handle_row_policies_insert (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  JsonObject *reference = body != NULL ? eros_json_get_object (body, "rowAccessPolicyReference") : NULL;
  const char *id = reference != NULL ? eros_json_get_string (reference, "policyId") : NULL;

  if (body != NULL && id == NULL)
    eros_call_fail (call, 400, "required",
                    "Required parameter is missing: rowAccessPolicyReference.policyId");
  else if (body != NULL)
    put (call, body, id, FALSE);
}

void
eros_handle_row_policies_update (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);

  if (body != NULL)
    put (call, body, eros_call_param (call, "policyId"), TRUE);
}

/* The last policy of a table goes only by force: without any, everybody sees everything. */
static void delete (ErosCall *call, const char *const *ids, gboolean force)
{
  g_autoptr (ErosStoreConnection) connection = eros_call_begin (call, EROS_STORE_WRITE);
  g_autoptr (ErosStoreTable) table = connection != NULL ? find_table (call, connection) : NULL;
  g_autoptr (GPtrArray) policies = table != NULL ? eros_store_table_get_policies (table) : NULL;
  guint index;

  if (policies == NULL)
    return;
  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (eros_store_find_policy (policies, ids[i], &index) == NULL)
        {
          fail_not_found (call, ids[i]);
          return;
        }
      g_ptr_array_remove_index (policies, index);
    }
  if (policies->len == 0 && !force)
    {
      eros_call_fail (
        call, 400, "invalid",
        "The last row access policy of table %s:%s.%s goes only with force=true: without any, everybody "
        "sees all rows.",
        table->project, table->dataset, table->name);
      return;
    }
  if (keep (call, connection, table, policies))
    eros_call_reply_nothing (call);
}

void
eros_handle_row_policies_delete (ErosCall *call)
{
  const char *ids[] = { eros_call_param (call, "policyId"), NULL };

  delete (call, ids, g_strcmp0 (eros_call_query (call, "force"), "true") == 0);
}

void
eros_handle_row_policies_delete_batch (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  JsonArray *list = body != NULL ? eros_json_get_array (body, "policyIds") : NULL;
  g_auto (GStrv) ids = read_strings (list);

  if (ids == NULL)
    eros_call_fail (call, 400, "invalid", "Invalid value at 'policyIds'");
  else if (body != NULL && ids[0] == NULL)
    eros_call_fail (call, 400, "required", "Required parameter is missing: policyIds");
  else if (body != NULL)
    delete (call, (const char *const *) ids, eros_json_get_bool (body, "force", FALSE));
}
