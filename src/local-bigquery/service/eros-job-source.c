/* eros-job-source.c: the table that a copy or an extract job reads: as it is, or as it was
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-clock.h"
#include "eros-json-reader.h"
#include "eros-service-private.h"
#include "eros-store-partition.h"

/* @table, which is taken over, if the caller sees all of its rows */
static ErosStoreTable *
check_rows (ErosJob *job, ErosStoreTable *table, GError **error)
{
  if (table == NULL || eros_sees_all (table, job->record->user_email, error))
    return table;
  eros_store_table_unref (table);
  return NULL;
}

/**
 * eros_job_find_source:
 * @job: a job
 * @connection: a connection with a transaction
 * @reference: (nullable): a table's reference: `table`, `table$20250101`, `table@1730000000000`
 * (milliseconds), `table@-3600000` (ago)
 * @permission: what its reader must be allowed
 * @partition: (out) (nullable): the partition that it names
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the table
 */
ErosStoreTable *
eros_job_find_source (ErosJob *job,
                      ErosStoreConnection *connection,
                      JsonObject *reference,
                      const char *permission,
                      char **partition,
                      GError **error)
{
  const char *project = eros_json_get_string (reference, "projectId");
  const char *dataset = eros_json_get_string (reference, "datasetId");
  const char *table = eros_json_get_string (reference, "tableId");
  g_auto (GStrv) parts = g_strsplit (table != NULL ? table : "", "@", 2);
  g_autofree char *name = NULL;
  gint64 time;

  g_clear_pointer (partition, g_free);
  if (dataset == NULL || table == NULL)
    {
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_REQUIRED,
                           "Required parameter is missing: sourceTable");
      return NULL;
    }
  if (project == NULL)
    project = job->record->project;
  eros_store_partition_split (parts[0], &name, partition);
  if (!eros_job_check_permission (job, permission, dataset, name, error))
    return NULL;
  if (parts[1] == NULL)
    return check_rows (job, eros_store_get_table (connection, project, dataset, name, error), error);
  if (!g_ascii_string_to_signed (parts[1], 10, G_MININT64, G_MAXINT64, &time, NULL))
    {
      g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID,
                           "Invalid snapshot decorator: a time in milliseconds is expected");
      return NULL;
    }
  time = time <= 0 ? eros_clock_get_now () + time * 1000 : time * 1000;
  return check_rows (job, eros_store_get_table_at (connection, project, dataset, name, time, error), error);
}
