/* eros-routes.c: which path and method is answered by whom
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-members.h"
#include "eros-service-private.h"

/* Clients differ in what they put before the path; the first that fits is taken off. */
static const char *const BIGQUERY[] = { "/bigquery/v2/", "/v2/", "/", NULL };
static const char *const STORAGE[] = { "/storage/v1/", "/download/storage/v1/", "/", NULL };
static const char *const ROOT[] = { "/", NULL };
static const char *const ONLY_STORAGE[] = { "/storage/v1/", NULL };

#define DATASET  "projects/{projectId}/datasets/{datasetId}"
#define TABLE    DATASET "/tables/{tableId}"
#define POLICIES TABLE "/rowAccessPolicies"
#define ROUTINE  DATASET "/routines/{routineId}"
#define JOBS     "projects/{projectId}/jobs"
#define OBJECT   "b/{bucket}/o/{object}"
#define SOURCES  "v1/projects/{projectId}/locations/{location}/dataSources"
#define CONFIG   "projects/{projectId}/locations/{location}/transferConfigs"

static const ErosRoute BIGQUERY_ROUTES[] = {
  { "GET", "projects", eros_handle_projects_list, NULL },
  { "GET", "projects/{projectId}/serviceAccount", eros_handle_service_account, NULL },
  { "GET", "projects/{projectId}/datasets", eros_handle_datasets_list, NULL },
  { "POST", "projects/{projectId}/datasets", eros_handle_datasets_insert, "bigquery.datasets.create",
    "Dataset" },
  { "GET", DATASET, eros_handle_datasets_get, "bigquery.datasets.get" },
  { "PATCH", DATASET, eros_handle_datasets_patch, "bigquery.datasets.update", "Dataset" },
  { "PUT", DATASET, eros_handle_datasets_update, "bigquery.datasets.update", "Dataset" },
  { "DELETE", DATASET, eros_handle_datasets_delete, "bigquery.datasets.delete" },
  { "GET", DATASET "/tables", eros_handle_tables_list, "bigquery.tables.list" },
  { "POST", DATASET "/tables", eros_handle_tables_insert, "bigquery.tables.create", "Table" },
  { "POST", TABLE ":testIamPermissions", eros_handle_test_table_permissions, NULL,
    "TestIamPermissionsRequest" },
  { "POST", DATASET ":undelete", eros_handle_datasets_undelete, "bigquery.datasets.create" },
  { "POST", DATASET ":getIamPolicy", eros_handle_dataset_policy, "bigquery.datasets.getIamPolicy" },
  { "POST", DATASET ":setIamPolicy", eros_handle_set_policy, NULL },
  { "POST", TABLE ":getIamPolicy", eros_handle_table_policy, "bigquery.tables.getIamPolicy" },
  { "POST", TABLE ":setIamPolicy", eros_handle_set_policy, NULL },
  { "POST", ROUTINE ":getIamPolicy", eros_handle_routine_policy, "bigquery.routines.getIamPolicy" },
  { "POST", ROUTINE ":setIamPolicy", eros_handle_set_policy, NULL },
  { "GET", DATASET "/models", eros_handle_models_list, "bigquery.models.list" },
  { "GET", DATASET "/models/{modelId}", eros_handle_models_get, NULL },
  { "PATCH", DATASET "/models/{modelId}", eros_handle_models_get, NULL },
  { "DELETE", DATASET "/models/{modelId}", eros_handle_models_get, NULL },
  { "GET", TABLE, eros_handle_tables_get, "bigquery.tables.get" },
  { "PATCH", TABLE, eros_handle_tables_patch, "bigquery.tables.update", "Table" },
  { "PUT", TABLE, eros_handle_tables_update, "bigquery.tables.update", "Table" },
  { "DELETE", TABLE, eros_handle_tables_delete, "bigquery.tables.delete" },
  { "GET", TABLE "/data", eros_handle_tabledata_list, "bigquery.tables.getData" },
  { "POST", TABLE "/insertAll", eros_handle_tabledata_insert_all, "bigquery.tables.updateData",
    "TableDataInsertAllRequest" },
  { "GET", POLICIES, eros_handle_row_policies_list, "bigquery.rowAccessPolicies.list" },
  { "POST", POLICIES, eros_handle_row_policies_insert, "bigquery.rowAccessPolicies.create",
    "RowAccessPolicy" },
  { "POST", POLICIES ":batchDelete", eros_handle_row_policies_delete_batch,
    "bigquery.rowAccessPolicies.delete", "BatchDeleteRowAccessPoliciesRequest" },
  { "POST", POLICIES "/{policyId}:getIamPolicy", eros_handle_row_policy_policy,
    "bigquery.rowAccessPolicies.getIamPolicy" },
  { "GET", POLICIES "/{policyId}", eros_handle_row_policies_get, "bigquery.rowAccessPolicies.get" },
  { "PUT", POLICIES "/{policyId}", eros_handle_row_policies_update, "bigquery.rowAccessPolicies.update",
    "RowAccessPolicy" },
  { "DELETE", POLICIES "/{policyId}", eros_handle_row_policies_delete, "bigquery.rowAccessPolicies.delete" },
  { "GET", DATASET "/routines", eros_handle_routines_list, "bigquery.routines.list" },
  { "POST", DATASET "/routines", eros_handle_routines_insert, "bigquery.routines.create", "Routine" },
  { "GET", ROUTINE, eros_handle_routines_get, "bigquery.routines.get" },
  { "PUT", ROUTINE, eros_handle_routines_update, "bigquery.routines.update", "Routine" },
  { "DELETE", ROUTINE, eros_handle_routines_delete, "bigquery.routines.delete" },
  { "GET", JOBS, eros_handle_jobs_list, "bigquery.jobs.list" },
  { "POST", JOBS, eros_handle_jobs_insert, "bigquery.jobs.create", "Job" },
  { "GET", JOBS "/{jobId}", eros_handle_jobs_get, "bigquery.jobs.get" },
  { "POST", JOBS "/{jobId}/cancel", eros_handle_jobs_cancel, "bigquery.jobs.update" },
  { "DELETE", JOBS "/{jobId}/delete", eros_handle_jobs_delete, "bigquery.jobs.delete" },
  { "POST", "projects/{projectId}/queries", eros_handle_jobs_query, "bigquery.jobs.create", "QueryRequest" },
  { "GET", "projects/{projectId}/queries/{jobId}", eros_handle_query_results, "bigquery.jobs.get" },
  { NULL },
};

static const ErosRoute STORAGE_ROUTES[] = {
  { "GET", "b", eros_handle_buckets_list, "storage.buckets.list" },
  { "POST", "b", eros_handle_buckets_insert, "storage.buckets.create", "Bucket" },
  { "GET", "b/{bucket}", eros_handle_buckets_get, "storage.buckets.get" },
  { "PATCH", "b/{bucket}", eros_handle_buckets_patch, "storage.buckets.update", "Bucket" },
  { "PUT", "b/{bucket}", eros_handle_buckets_update, "storage.buckets.update", "Bucket" },
  { "DELETE", "b/{bucket}", eros_handle_buckets_delete, "storage.buckets.delete" },
  { "GET", "b/{bucket}/iam", eros_handle_bucket_policy, "storage.buckets.getIamPolicy" },
  { "PUT", "b/{bucket}/iam", eros_handle_set_policy, NULL },
  { "GET", "b/{bucket}/iam/testPermissions", eros_handle_bucket_permissions, NULL },
  { "GET", "b/{bucket}/storageLayout", eros_handle_bucket_layout, "storage.buckets.get" },
  { "GET", "b/{bucket}/acl", eros_handle_acl, NULL },
  { "POST", "b/{bucket}/acl", eros_handle_acl, NULL },
  { "GET", "b/{bucket}/defaultObjectAcl", eros_handle_acl, NULL },
  { "POST", "b/{bucket}/defaultObjectAcl", eros_handle_acl, NULL },
  { "GET", OBJECT "/acl", eros_handle_acl, NULL },
  { "POST", OBJECT "/acl", eros_handle_acl, NULL },
  { "GET", "b/{bucket}/notificationConfigs", eros_handle_bucket_empty_list, "storage.buckets.get" },
  { "POST", "b/{bucket}/notificationConfigs", eros_handle_bucket_refused, NULL },
  { "GET", "b/{bucket}/managedFolders", eros_handle_bucket_empty_list, "storage.buckets.get" },
  { "POST", "b/{bucket}/managedFolders", eros_handle_bucket_refused, NULL },
  { "GET", "b/{bucket}/folders", eros_handle_bucket_empty_list, "storage.buckets.get" },
  { "POST", "b/{bucket}/folders", eros_handle_bucket_refused, NULL },
  { "GET", "b/{bucket}/o", eros_handle_objects_list, "storage.objects.list" },
  { "GET", OBJECT, eros_handle_objects_get, "storage.objects.get" },
  { "PATCH", OBJECT, eros_handle_objects_patch, "storage.objects.update", "Object" },
  { "PUT", OBJECT, eros_handle_objects_update, "storage.objects.update", "Object" },
  { "DELETE", OBJECT, eros_handle_objects_delete, "storage.objects.delete" },
  { "POST", OBJECT "/copyTo/b/{toBucket}/o/{toObject}", eros_handle_objects_copy, "storage.objects.get",
    "Object" },
  { "POST", OBJECT "/rewriteTo/b/{toBucket}/o/{toObject}", eros_handle_objects_rewrite, "storage.objects.get",
    "Object" },
  { "POST", OBJECT "/moveTo/o/{toObject}", eros_handle_objects_move, "storage.objects.get" },
  { "POST", OBJECT "/compose", eros_handle_objects_compose, "storage.objects.create", "ComposeRequest" },
  { NULL },
};

/* Where BigQuery has another one */
static const ErosRoute ONLY_STORAGE_ROUTES[] = {
  { "GET", "projects/{projectId}/serviceAccount", eros_handle_storage_account, NULL },
  { NULL },
};

/* The XML API: what is nothing else may be an object. */
static const ErosRoute XML_ROUTES[] = {
  { "GET", "{bucket}/{object*}", eros_handle_objects_xml, "storage.objects.get" },
  { NULL },
};

static const ErosRoute ROOT_ROUTES[] = {
  { "POST", "upload/storage/v1/b/{bucket}/o", eros_handle_objects_upload, "storage.objects.create",
    "Object" },
  { "PUT", "upload/storage/v1/b/{bucket}/o", eros_handle_objects_upload, NULL },
  { "DELETE", "upload/storage/v1/b/{bucket}/o", eros_handle_objects_upload, NULL },
  { "POST", "resumable/upload/storage/v1/b/{bucket}/o", eros_handle_objects_upload,
    "storage.objects.create" },
  { "PUT", "resumable/upload/storage/v1/b/{bucket}/o", eros_handle_objects_upload, NULL },
  { "DELETE", "resumable/upload/storage/v1/b/{bucket}/o", eros_handle_objects_upload, NULL },
  { "POST", "upload/bigquery/v2/" JOBS, eros_handle_jobs_upload, "bigquery.jobs.create", "Job" },
  { "PUT", "upload/bigquery/v2/" JOBS, eros_handle_jobs_upload, NULL },
  { "POST", "resumable/upload/bigquery/v2/" JOBS, eros_handle_jobs_upload, "bigquery.jobs.create", "Job" },
  { "PUT", "resumable/upload/bigquery/v2/" JOBS, eros_handle_jobs_upload, NULL },
  { "POST", "upload/" JOBS, eros_handle_jobs_upload, "bigquery.jobs.create", "Job" },
  { "PUT", "upload/" JOBS, eros_handle_jobs_upload, NULL },
  { "POST", "resumable/upload/" JOBS, eros_handle_jobs_upload, "bigquery.jobs.create", "Job" },
  { "PUT", "resumable/upload/" JOBS, eros_handle_jobs_upload, NULL },
  { "GET", "v1/" CONFIG, eros_handle_transfers_list, "bigquery.transfers.get" },
  { "POST", "v1/" CONFIG, eros_handle_transfers_create, "bigquery.transfers.update", "TransferConfig" },
  { "GET", "v1/" CONFIG "/{configId}", eros_handle_transfers_get, "bigquery.transfers.get" },
  { "PATCH", "v1/" CONFIG "/{configId}", eros_handle_transfers_patch, "bigquery.transfers.update",
    "TransferConfig" },
  { "DELETE", "v1/" CONFIG "/{configId}", eros_handle_transfers_delete, "bigquery.transfers.update" },
  { "POST", "v1/" CONFIG "/{configId}:startManualRuns", eros_handle_transfer_start,
    "bigquery.transfers.update" },
  { "GET", "v1/" CONFIG "/{configId}/runs", eros_handle_transfer_runs_list, "bigquery.transfers.get" },
  { "GET", "v1/" CONFIG "/{configId}/runs/{runId}", eros_handle_transfer_runs_get, "bigquery.transfers.get" },
  { "DELETE", "v1/" CONFIG "/{configId}/runs/{runId}", eros_handle_transfer_runs_delete,
    "bigquery.transfers.update" },
  { "GET", "v1/" CONFIG "/{configId}/runs/{runId}/transferLogs", eros_handle_transfer_logs,
    "bigquery.transfers.get" },
  { "POST", "v1/projects/{projectId}/transferConfigs", eros_handle_transfers_create,
    "bigquery.transfers.update", "TransferConfig" },
  { "GET", SOURCES, eros_handle_sources_list, "bigquery.transfers.get" },
  { "GET", SOURCES "/{sourceId}", eros_handle_sources_get, "bigquery.transfers.get" },
  { "POST", SOURCES "/{sourceId}:checkValidCreds", eros_handle_sources_check, "bigquery.transfers.get" },
  { "GET", "v1/projects/{projectId}/dataSources", eros_handle_sources_list, "bigquery.transfers.get" },
  { "GET", "v1/projects/{projectId}/dataSources/{sourceId}", eros_handle_sources_get,
    "bigquery.transfers.get" },
  { "POST", "v1/projects/{projectId}/dataSources/{sourceId}:checkValidCreds", eros_handle_sources_check,
    "bigquery.transfers.get" },
  { "POST", "v1/" CONFIG "/{configId}:scheduleRuns", eros_handle_transfer_schedule, NULL },
  { "GET", "v1/projects/{projectId}/transferConfigs", eros_handle_transfers_list, "bigquery.transfers.get" },
  { "POST", "v1/projects/{projectId}:testIamPermissions", eros_handle_test_project_permissions, NULL,
    "TestIamPermissionsRequest" },
  { "POST", "v3/projects/{projectId}:testIamPermissions", eros_handle_test_project_permissions, NULL,
    "TestIamPermissionsRequest" },
  { "GET", "v1/projects/{projectId}", eros_handle_project_get, "resourcemanager.projects.get" },
  { "GET", "v3/projects/{projectId}", eros_handle_project_get, "resourcemanager.projects.get" },
  { "POST", "batch", eros_handle_batch, NULL },
  { "POST", "batch/", eros_handle_batch, NULL },
  { "POST", "batch/bigquery/v2", eros_handle_batch, NULL },
  { "POST", "batch/storage/v1", eros_handle_batch, NULL },
  { "GET", "$discovery/rest", eros_handle_discovery, NULL },
  { "GET", "discovery/v1/apis", eros_handle_discovery_list, NULL },
  { "GET", "discovery/v1/apis/{api}/{version}/rest", eros_handle_discovery, NULL },
  { "GET", "", eros_handle_root, NULL },
  { "GET", "computeMetadata/v1", eros_handle_metadata, NULL },
  { "GET", "computeMetadata/v1/{path*}", eros_handle_metadata, NULL },
  { "POST", "token", eros_handle_token, NULL },
  { "POST", "oauth2/v4/token", eros_handle_token, NULL },
  { "GET", "_local/clock", eros_handle_clock_get, NULL },
  { "POST", "_local/clock", eros_handle_clock_post, NULL },
  { "POST", "_local/faults", eros_handle_faults_post, NULL },
  { "DELETE", "_local/faults", eros_handle_faults_delete, NULL },
  { "GET", "_local/requests", eros_handle_requests, NULL },
  { "POST", "_local/permissions", eros_handle_permissions_post, NULL },
  { "DELETE", "_local/permissions", eros_handle_permissions_delete, NULL },
  { NULL },
};

/* One segment of a pattern: text, {variable}, or {variable}:verb. As the last one, {variable*} is all that is
 * left. */
static gboolean
match_segment (const char *pattern, gsize length, const char *segment, GHashTable *params)
{
  const char *brace = length > 0 && pattern[0] == '{' ? memchr (pattern, '}', length) : NULL;
  g_autofree char *decoded = g_uri_unescape_string (segment, NULL);
  g_autofree char *name = NULL;
  gsize verb, whole;

  if (decoded == NULL)
    return FALSE;
  if (brace == NULL)
    return strlen (decoded) == length && memcmp (decoded, pattern, length) == 0;
  verb = length - (brace + 1 - pattern);
  whole = strlen (decoded);
  if (whole <= verb || memcmp (decoded + whole - verb, brace + 1, verb) != 0)
    return FALSE;
  decoded[whole - verb] = '\0';
  if (!g_utf8_validate (decoded, -1, NULL))
    return FALSE;
  name = g_strndup (pattern + 1, brace - pattern - 1 - (brace[-1] == '*'));
  g_hash_table_insert (params, (gpointer) g_intern_string (name), g_steal_pointer (&decoded));
  return TRUE;
}

static gboolean
match (const char *pattern, char **segments, GHashTable *params)
{
  g_hash_table_remove_all (params);
  for (guint i = 0; segments[i] != NULL; i++)
    {
      const char *end = pattern + strcspn (pattern, "/");

      if (g_str_has_suffix (pattern, "*}") && *end == '\0')
        {
          g_autofree char *rest = g_strjoinv ("/", segments + i);

          return match_segment (pattern, strlen (pattern), rest, params);
        }
      if (!match_segment (pattern, end - pattern, segments[i], params))
        return FALSE;
      if (*end == '\0')
        return segments[i + 1] == NULL;
      pattern = end + 1;
    }
  return segments[0] == NULL && *pattern == '\0';
}

static const ErosRoute *
find_in (const char *method,
         const char *path,
         GHashTable *params,
         const char *const *prefixes,
         const ErosRoute *routes,
         gboolean *found)
{
  g_auto (GStrv) segments = NULL;
  guint p = 0;

  while (prefixes[p] != NULL && !g_str_has_prefix (path, prefixes[p]))
    p++;
  if (prefixes[p] == NULL)
    return NULL;
  segments = g_strsplit (path + strlen (prefixes[p]), "/", -1);
  for (guint i = 0; routes[i].method != NULL; i++)
    {
      if (!match (routes[i].pattern, segments, params))
        continue;
      *found = TRUE;
      if (strcmp (routes[i].method, method) != 0)
        continue;
      return &routes[i];
    }
  return NULL;
}

static const ErosRoute *
find (const char *method, const char *path, GHashTable *params, gboolean *found)
{
  const ErosRoute *route;
  gboolean ignored;

  if (strcmp (method, "HEAD") == 0) /* libsoup leaves out the body */
    method = "GET";
  route = find_in (method, path, params, ROOT, ROOT_ROUTES, found);
  if (route == NULL)
    route = find_in (method, path, params, ONLY_STORAGE, ONLY_STORAGE_ROUTES, found);

  if (route == NULL)
    route = find_in (method, path, params, STORAGE, STORAGE_ROUTES, found);
  if (route == NULL)
    route = find_in (method, path, params, BIGQUERY, BIGQUERY_ROUTES, found);
  if (route == NULL && !*found)
    route = find_in (method, path, params, ROOT, XML_ROUTES, &ignored);
  return route;
}

/**
 * eros_route_find:
 * @call: a call; its parameters are filled in
 * @found: (out): whether the path exists, with whatever method
 *
 * Returns: (transfer none) (nullable): who answers it
 */
const ErosRoute *
eros_route_find (ErosCall *call, gboolean *found)
{
  const ErosRoute *route = find (call->method, call->path, call->params, found);

  /* A project may be called by its number. */
  if (g_strcmp0 (eros_call_param (call, "projectId"), EROS_PROJECT_NUMBER) == 0)
    g_hash_table_insert (call->params, (gpointer) g_intern_static_string ("projectId"),
                         g_strdup (call->service->project));
  return route;
}

/* `GET storage/v1/b/{}`, as Google's descriptions have it */
static char *
place_of (ErosCall *call, const ErosRoute *route)
{
  const char *pattern = route->pattern;
  gboolean storage = strcmp (pattern, "b") == 0 || g_str_has_prefix (pattern, "b/");
  GString *place = g_string_new (strcmp (call->method, "HEAD") == 0 ? "GET" : call->method);

  if (g_str_has_prefix (pattern, "resumable/"))
    pattern += strlen ("resumable/");
  g_string_append (place, storage ? " storage/v1/" : " ");
  for (const char *at = pattern; *at != '\0'; at++)
    {
      g_string_append_c (place, *at);
      if (*at == '{')
        at = strchr (at, '}') - 1;
    }
  return g_string_free (place, FALSE);
}

/**
 * eros_call_check_parameters:
 * @call: a call
 * @route: who answers it
 *
 * Returns: whether each parameter of its query is heeded; if not, the call has failed
 */
gboolean
eros_call_check_parameters (ErosCall *call, const ErosRoute *route)
{
  g_autofree char *place = place_of (call, route);
  g_autofree char *wrong = eros_parameters_check (place, call->query);

  if (wrong != NULL)
    eros_call_fail (call, 400, "badRequest", "%s", wrong);
  return wrong == NULL;
}

/**
 * eros_route_exists:
 * @method: an HTTP method
 * @path: a path
 *
 * Returns: whether somebody answers it
 */
gboolean
eros_route_exists (const char *method, const char *path)
{
  g_autoptr (GHashTable) params = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  gboolean found = FALSE;
  const ErosRoute *route = find (method, path, params, &found);

  return route != NULL && route->handler != eros_handle_objects_xml;
}
