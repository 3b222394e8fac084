/* eros-job-extract.c: extract jobs: a table's rows as text in a bucket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "eros-export.h"
#include "eros-json-reader.h"
#include "eros-service-private.h"
#include "eros-store-partition.h"

typedef struct
{
  ErosJob *job;
  ErosStoreTable *table;
  char *partition; /* (nullable) of the table */
  ErosExport export;
} Extract;

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, EROS_SERVICE_ERROR, EROS_SERVICE_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
write_rows (Extract *extract, sqlite3_stmt *statement, GError **error)
{
  guint n = extract->table->columns->len;
  g_autofree ErosSqlValue *values = g_new0 (ErosSqlValue, n + 1);
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      for (guint i = 0; i < n; i++)
        eros_store_read_column (statement, i,
                                ((ErosStoreColumn *) g_ptr_array_index (extract->table->columns, i))->type,
                                &values[i]);
      if (!eros_export_row (&extract->export, values, error) ||
          g_cancellable_set_error_if_cancelled (extract->job->cancellable, error))
        return FALSE;
    }
  if (code != SQLITE_DONE)
    return fail (error, sqlite3_errmsg (sqlite3_db_handle (statement)));
  return eros_export_end (&extract->export, error);
}

static gboolean
write_table (Extract *extract, ErosStoreConnection *connection, GError **error)
{
  g_autofree char *source = eros_store_table_source (connection, extract->table, error);
  g_autofree char *condition = NULL;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  sqlite3 *db = eros_store_connection_get_db (connection);
  sqlite3_stmt *statement = NULL;
  gboolean written;

  if (source != NULL)
    condition = extract->partition != NULL
                  ? eros_store_partition_condition (extract->table, extract->partition, error)
                  : g_strdup ("TRUE");
  if (condition == NULL || !eros_export_begin (&extract->export, extract->table->columns, error))
    return FALSE;
  for (guint i = 0; i < extract->table->columns->len; i++)
    {
      ErosStoreColumn *column = g_ptr_array_index (extract->table->columns, i);
      g_string_append_printf (sql, "%sc%u", i > 0 ? ", " : "", column->physical);
    }
  g_string_append_printf (sql, "%s FROM %s WHERE %s", extract->table->columns->len == 0 ? "NULL" : "", source,
                          condition);
  if (sqlite3_prepare_v2 (db, sql->str, -1, &statement, NULL) != SQLITE_OK)
    {
      eros_store_set_error (error, db);
      return FALSE;
    }
  written = write_rows (extract, statement, error);
  sqlite3_finalize (statement);
  return written;
}

static gboolean
run (Extract *extract,
     ErosStoreConnection *connection,
     JsonObject *configuration,
     gint64 *bytes,
     GError **error)
{
  g_auto (ErosStoreStats) stats = { 0 };

  if (!eros_export_init (&extract->export, extract->job, configuration, error) ||
      !eros_store_begin (connection, EROS_STORE_READ, NULL, error))
    return FALSE;
  extract->table =
    eros_job_find_source (extract->job, connection, eros_json_get_object (configuration, "sourceTable"),
                          "bigquery.tables.export", &extract->partition, error);
  if (extract->table == NULL)
    return FALSE;
  if (extract->table->storage == 0)
    return fail (error, "Cannot extract a view.");
  if (!eros_store_get_stats (connection, extract->table, &stats, error))
    return FALSE;
  *bytes = stats.bytes;
  return write_table (extract, connection, error);
}

/**
 * eros_job_run_extract:
 * @job: an extract job, in its thread
 *
 * Runs it.
 */
void
eros_job_run_extract (ErosJob *job)
{
  JsonObject *configuration = eros_job_get_configuration (job, "extract");
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (job->service->store, &error);
  Extract extract = { .job = job };
  gint64 bytes = 0;

  if (connection == NULL || !run (&extract, connection, configuration, &bytes, &error))
    eros_job_set_error (job, error);
  else
    {
      job->statistics = g_string_new (NULL);
      g_string_printf (job->statistics,
                       "\"extract\":{\"destinationUriFileCounts\":[\"%u\"],\"inputBytes\":\"%" G_GINT64_FORMAT
                       "\"}",
                       extract.export.n_files, bytes);
    }
  g_clear_pointer (&extract.table, eros_store_table_unref);
  g_free (extract.partition);
  eros_export_clear (&extract.export);
}
