/* eros-permit.c: whether a caller may do what it asks for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-service-private.h"
#include "eros-store-policy.h"

/**
 * eros_call_may:
 * @call: a call
 * @permission: what the caller needs
 * @kind: of what: "Table", "Dataset", "Bucket", "Project"
 * @resource: (nullable): which; %NULL for the project
 *
 * Returns: whether the caller has it there; if not, the call has failed
 */
gboolean
eros_call_may (ErosCall *call, const char *permission, const char *kind, const char *resource)
{
  if (eros_permissions_allow (call->service->permissions, permission, resource))
    return TRUE;
  eros_call_fail (call, 403, "accessDenied",
                  "Access Denied: %s %s:%s: Permission %s denied on %s (or it may not exist).", kind,
                  call->service->project, resource != NULL ? resource : "", permission,
                  resource != NULL ? resource : call->service->project);
  return FALSE;
}

/**
 * eros_call_is_permitted:
 * @call: a call; its route is known
 * @permission: (nullable): what the caller needs
 *
 * Returns: whether the caller has it; if not, the call has failed
 */
gboolean
eros_call_is_permitted (ErosCall *call, const char *permission)
{
  const char *dataset = eros_call_param (call, "datasetId");
  const char *table = eros_call_param (call, "tableId");
  const char *bucket = eros_call_param (call, "bucket");
  g_autofree char *resource = NULL;

  if (permission == NULL)
    return TRUE;
  if (table == NULL)
    table = eros_call_param (call, "routineId");
  resource =
    table != NULL ? g_strconcat (dataset, ".", table, NULL) : g_strdup (dataset != NULL ? dataset : bucket);
  return eros_call_may (call, permission,
                        table != NULL     ? "Table"
                        : dataset != NULL ? "Dataset"
                        : bucket != NULL  ? "Bucket"
                                          : "Project",
                        resource);
}

/**
 * eros_job_check_permission:
 * @job: a job, in its thread
 * @permission: as Google names it
 * @dataset: the data set's id
 * @table: (nullable): the table's id
 * @error: return location for a #GError
 *
 * Returns: whether the job may do it
 */
gboolean
eros_job_check_permission (ErosJob *job,
                           const char *permission,
                           const char *dataset,
                           const char *table,
                           GError **error)
{
  g_autofree char *resource = table != NULL ? g_strconcat (dataset, ".", table, NULL) : g_strdup (dataset);

  if (eros_permissions_allow (job->service->permissions, permission, resource))
    return TRUE;
  g_set_error (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_ACCESS_DENIED,
               "Access Denied: %s %s:%s: Permission %s denied on %s %s:%s (or it may not exist).",
               table != NULL ? "Table" : "Dataset", job->record->project, resource, permission,
               table != NULL ? "table" : "dataset", job->record->project, resource);
  return FALSE;
}

/**
 * eros_sees_all:
 * @table: a table
 * @email: (nullable): who wants all of its rows
 * @error: return location for an #ErosServiceError
 *
 * Returns: whether no row access policy hides rows of it
 */
gboolean
eros_sees_all (ErosStoreTable *table, const char *email, GError **error)
{
  g_autofree char *refusal = eros_store_table_get_refusal (table, email);

  if (refusal != NULL)
    g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_ACCESS_DENIED, refusal);
  return refusal == NULL;
}
