/* eros-handle-other.c: projects, permissions, tokens, faults
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-json-reader.h"
#include "eros-service-private.h"

void
eros_handle_projects_list (ErosCall *call)
{
  const char *project = call->service->project;
  ErosJsonWriter *writer = eros_call_reply (call);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#projectList");
  eros_json_string (writer, "etag", EROS_ETAG_OF_ALL);
  eros_json_int (writer, "totalItems", 1);
  eros_json_open (writer, "projects", '[');
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#project");
  eros_json_string (writer, "id", project);
  eros_json_string (writer, "numericId", EROS_PROJECT_NUMBER);
  eros_json_string (writer, "friendlyName", project);
  eros_json_open (writer, "projectReference", '{');
  eros_json_string (writer, "projectId", project);
  eros_json_close (writer, '}');
  eros_json_close (writer, '}');
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

void
eros_handle_project_get (ErosCall *call)
{
  ErosJsonWriter *writer;

  if (strcmp (eros_call_param (call, "projectId"), call->service->project) != 0)
    {
      eros_call_fail (call, 403, "forbidden", "The caller does not have permission on project %s.",
                      eros_call_param (call, "projectId"));
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "projectId", call->service->project);
  eros_json_string (writer, "projectNumber", EROS_PROJECT_NUMBER);
  eros_json_string (writer, "name", call->service->project);
  eros_json_string (writer, "lifecycleState", "ACTIVE");
  eros_json_close (writer, '}');
}

void
eros_handle_service_account (ErosCall *call)
{
  ErosJsonWriter *writer = eros_call_reply (call);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", "bigquery#getServiceAccountResponse");
  eros_json_string (writer, "email",
                    "bq-" EROS_PROJECT_NUMBER "@bigquery-encryption.iam.gserviceaccount.com");
  eros_json_close (writer, '}');
}

static const char *const ANY[] = { NULL };
static const char *const OF_TABLE[] = { "bigquery.tables.", "bigquery.rowAccessPolicies.", NULL };
static const char *const OF_BUCKET[] = { "storage.", NULL };

/* A permission is service.resource.verb, and of a service that the resource belongs to. */
static gboolean
are_suitable (ErosCall *call, const char *const *wanted, const char *const *prefixes)
{
  for (guint i = 0; wanted[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (wanted[i], ".", -1);
      gboolean good = g_strv_length (parts) >= 3;

      for (guint k = 0; good && prefixes[0] != NULL; k++)
        if (prefixes[k] == NULL)
          good = FALSE;
        else if (g_str_has_prefix (wanted[i], prefixes[k]))
          break;
      if (good)
        continue;
      eros_call_fail (call, 400, "badRequest", "Permission %s is not valid for this resource.", wanted[i]);
      return FALSE;
    }
  return TRUE;
}

/* Those of the permissions asked for that the caller has. */
static void
reply_permissions (ErosCall *call,
                   const char *kind,
                   const char *const *wanted,
                   const char *const *prefixes,
                   const char *resource)
{
  ErosJsonWriter *writer;

  if (!are_suitable (call, wanted, prefixes))
    return;
  writer = eros_call_reply (call);

  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "kind", kind);
  eros_json_open (writer, "permissions", '[');
  for (guint i = 0; wanted[i] != NULL; i++)
    if (eros_permissions_allow (call->service->permissions, wanted[i], resource))
      eros_json_string (writer, NULL, wanted[i]);
  eros_json_close (writer, ']');
  eros_json_close (writer, '}');
}

static GStrv
wanted_permissions (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  JsonArray *array = body != NULL ? eros_json_get_array (body, "permissions") : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (body == NULL)
    return NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }
  return g_strv_builder_end (builder);
}

void
eros_handle_test_project_permissions (ErosCall *call)
{
  g_auto (GStrv) wanted = wanted_permissions (call);
  g_autofree char *resource = g_strconcat ("projects/", eros_call_param (call, "projectId"), NULL);

  if (wanted != NULL)
    reply_permissions (call, NULL, (const char *const *) wanted, ANY, resource);
}

void
eros_handle_test_table_permissions (ErosCall *call)
{
  g_auto (GStrv) wanted = wanted_permissions (call);
  g_autoptr (ErosStoreConnection) connection = NULL;
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *resource = NULL;

  if (wanted == NULL)
    return;
  connection = eros_call_begin (call, EROS_STORE_READ);
  if (connection == NULL)
    return;
  table =
    eros_store_get_table (connection, eros_call_param (call, "projectId"),
                          eros_call_param (call, "datasetId"), eros_call_param (call, "tableId"), &error);
  if (table == NULL)
    {
      eros_call_fail_error (call, error);
      return;
    }
  resource = g_strconcat (table->dataset, ".", table->name, NULL);
  reply_permissions (call, NULL, (const char *const *) wanted, OF_TABLE, resource);
}

void
eros_handle_bucket_permissions (ErosCall *call)
{
  g_auto (GStrv) wanted = eros_call_query_all (call, "permissions");
  static const char *const none[] = { NULL };

  reply_permissions (call, "storage#testIamPermissionsResponse",
                     wanted != NULL ? (const char *const *) wanted : none, OF_BUCKET,
                     eros_call_param (call, "bucket"));
}

/* ---- OAuth: errors have a shape of their own ----------------------------------------------------------- */

static void
fail_token (ErosCall *call, const char *reason, const char *description)
{
  ErosJsonWriter *writer = eros_call_reply (call);

  call->status = 400;
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "error", reason);
  eros_json_string (writer, "error_description", description);
  eros_json_close (writer, '}');
}

static GHashTable *
read_form (ErosCall *call)
{
  gsize size;
  const char *data = g_bytes_get_data (call->body, &size);
  g_autofree char *text = g_strndup (data, size);
  const char *type = eros_call_header (call, "Content-Type");
  GHashTable *form;

  if (type == NULL || strstr (type, "json") == NULL)
    return soup_form_decode (text);
  form = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (eros_call_body (call) != NULL)
    {
      const char *names[] = { "grant_type", "assertion", "refresh_token", "client_id", "client_secret" };

      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (eros_json_get_string (eros_call_body (call), names[i]) != NULL)
          g_hash_table_insert (form, g_strdup (names[i]),
                               g_strdup (eros_json_get_string (eros_call_body (call), names[i])));
    }
  return form;
}

void
eros_handle_token (ErosCall *call)
{
  g_autoptr (GHashTable) form = read_form (call);
  const char *grant = g_hash_table_lookup (form, "grant_type");
  const char *assertion = g_hash_table_lookup (form, "assertion");
  const char *refresh = g_hash_table_lookup (form, "refresh_token");
  const char *reason = "unsupported_grant_type";
  g_autofree char *description = NULL;
  g_autofree char *token = NULL;
  ErosJsonWriter *writer;

  if (g_strcmp0 (grant, "urn:ietf:params:oauth:grant-type:jwt-bearer") == 0 && assertion != NULL)
    token = eros_auth_grant_jwt (call->service->auth, assertion, &reason, &description);
  else if (g_strcmp0 (grant, "refresh_token") == 0 && refresh != NULL)
    token = eros_auth_grant_refresh (call->service->auth, refresh, &reason, &description);
  if (token == NULL)
    {
      fail_token (call, reason, description != NULL ? description : "Invalid grant_type.");
      return;
    }
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_json_string (writer, "access_token", token);
  eros_json_int (writer, "expires_in", EROS_AUTH_LIFETIME);
  eros_json_string (writer, "token_type", "Bearer");
  eros_json_close (writer, '}');
}

/* ---- for tests of clients ------------------------------------------------------------------------------ */

void
eros_handle_faults_post (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  g_autoptr (GError) error = NULL;

  if (body == NULL)
    return;
  if (eros_faults_add (call->service->faults, body, &error))
    eros_call_reply_nothing (call);
  else
    eros_call_fail (call, 400, "invalid", "%s", error->message);
}

void
eros_handle_faults_delete (ErosCall *call)
{
  eros_faults_clear (call->service->faults);
  eros_call_reply_nothing (call);
}

void
eros_handle_requests (ErosCall *call)
{
  gint64 since;
  ErosJsonWriter *writer;

  if (!eros_call_query_int (call, "since", 0, &since))
    return;
  writer = eros_call_reply (call);
  eros_json_open (writer, NULL, '{');
  eros_faults_write_requests (call->service->faults, since, writer);
  eros_json_close (writer, '}');
}

void
eros_handle_permissions_post (ErosCall *call)
{
  JsonObject *body = eros_call_body (call);
  JsonArray *denied = body != NULL ? eros_json_get_array (body, "deny") : NULL;

  if (body == NULL)
    return;
  if (denied == NULL)
    {
      eros_call_fail (call, 400, "required", "Required parameter is missing: deny, a list of permissions");
      return;
    }
  for (guint i = 0; i < json_array_get_length (denied); i++)
    {
      JsonNode *node = json_array_get_element (denied, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        eros_permissions_deny (call->service->permissions, json_node_get_string (node),
                               eros_json_get_string (body, "resource"));
    }
  eros_call_reply_nothing (call);
}

void
eros_handle_permissions_delete (ErosCall *call)
{
  eros_permissions_clear (call->service->permissions);
  eros_call_reply_nothing (call);
}
