/* eros-engine-information-jobs.c: the job history as INFORMATION_SCHEMA tells it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-information.h"

static const char jobs_columns[] =
  "creation_time TIMESTAMP, project_id STRING, project_number INT64, user_email STRING, job_id STRING, "
  "job_type STRING, statement_type STRING, priority STRING, start_time TIMESTAMP, end_time TIMESTAMP, query "
  "STRING, "
  "state STRING, reservation_id STRING, total_bytes_processed INT64, total_slot_ms INT64, "
  "error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>, cache_hit BOOL, "
  "destination_table STRUCT<project_id STRING, dataset_id STRING, table_id STRING>, "
  "referenced_tables ARRAY<STRUCT<project_id STRING, dataset_id STRING, table_id STRING>>, "
  "labels ARRAY<STRUCT<key STRING, value STRING>>, total_bytes_billed INT64, transaction_id STRING, "
  "parent_job_id STRING, dml_statistics STRUCT<inserted_row_count INT64, deleted_row_count INT64, "
  "updated_row_count INT64>, query_info STRUCT<resource_warning STRING, optimization_details JSON, "
  "query_hashes "
  "STRUCT<normalized_literals STRING>>";

static const char jobs_source[] =
  "(SELECT creation_time, project AS project_id, 0 AS project_number, user_email, job_id, job_type, "
  "statement_type, "
  "priority, start_time, end_time, query, state, NULL AS reservation_id, total_bytes_processed, "
  "total_slot_ms, "
  "CASE WHEN error_reason IS NOT NULL THEN eros_struct(error_reason, error_location, error_debug, "
  "error_message) END "
  "AS error_result, cache_hit, eros_job_tables(destination_table) AS destination_table, "
  "eros_job_tables(ifnull(referenced_tables, '[]')) AS referenced_tables, eros_job_labels(ifnull(labels, "
  "'{}')) AS labels, "
  "total_bytes_billed, transaction_id, parent_job_id, "
  "CASE WHEN inserted_rows IS NOT NULL THEN eros_struct(inserted_rows, deleted_rows, updated_rows) END AS "
  "dml_statistics, NULL AS query_info "
  "FROM s.jobs WHERE project = %s%s)";

/* A row for each second of a job; its slots are spread evenly over them. */
static const char timeline_columns[] =
  "period_start TIMESTAMP, period_slot_ms INT64, project_id STRING, project_number INT64, user_email STRING, "
  "job_id STRING, job_type STRING, statement_type STRING, priority STRING, parent_job_id STRING, "
  "job_creation_time TIMESTAMP, job_start_time TIMESTAMP, job_end_time TIMESTAMP, state STRING, "
  "reservation_id STRING, edition STRING, total_bytes_billed INT64, total_bytes_processed INT64, "
  "error_result STRUCT<reason STRING, location STRING, debug_info STRING, message STRING>, cache_hit BOOL, "
  "period_shuffle_ram_usage_ratio FLOAT64, period_estimated_runnable_units INT64, transaction_id STRING";

static const char timeline_source[] =
  "(WITH RECURSIVE p (job, second, last) AS (SELECT rowid, start_time / 1000000, ifnull(end_time, "
  "start_time) / "
  "1000000 FROM s.jobs WHERE project = %1$s AND start_time > 0%2$s UNION ALL SELECT job, second + 1, last "
  "FROM p "
  "WHERE second < last) SELECT second * 1000000 AS period_start, total_slot_ms / (last - start_time / "
  "1000000 + 1) + "
  "(second - start_time / 1000000 < total_slot_ms %% (last - start_time / 1000000 + 1)) AS period_slot_ms, "
  "project AS project_id, 0 AS project_number, user_email, job_id, job_type, statement_type, priority, "
  "parent_job_id, "
  "creation_time AS job_creation_time, start_time AS job_start_time, end_time AS job_end_time, state, NULL "
  "AS "
  "reservation_id, NULL AS edition, total_bytes_billed, total_bytes_processed, CASE WHEN error_reason IS NOT "
  "NULL THEN "
  "eros_struct(error_reason, error_location, error_debug, error_message) END AS error_result, cache_hit, "
  "NULL AS "
  "period_shuffle_ram_usage_ratio, 0 AS period_estimated_runnable_units, transaction_id FROM p JOIN s.jobs "
  "ON "
  "jobs.rowid = p.job)";

/* SQLite text by way of the project and of what else is asked for */
static ErosEngineTable *
history_table (ErosRun *run,
               const char *project_id,
               const char *view,
               const char *columns,
               const char *format)
{
  gboolean by_user = g_str_has_suffix (view, "_BY_USER") || g_str_has_suffix (view, "_by_user");
  ErosEngineTable *table = eros_engine_table_new (project_id, "INFORMATION_SCHEMA", view);
  g_autofree char *project = eros_engine_quote_text (project_id);
  g_autofree char *user =
    eros_engine_quote_text (run->request->user_email == NULL ? "" : run->request->user_email);
  g_autofree char *only = by_user ? g_strconcat (" AND user_email = ", user, NULL) : g_strdup ("");
  ErosRows none = { .run = run };

  eros_rows_finish (table, columns, &none);
  g_free (table->source);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  table->source = g_strdup_printf (format, project, only);
#pragma GCC diagnostic pop
  table->table.source = table->source;
  return table;
}

/* What may follow JOBS and JOBS_TIMELINE; there is one project, and no folder or organization. */
static gboolean
is_jobs_view (const char *suffix)
{
  return *suffix == '\0' || g_ascii_strcasecmp (suffix, "_BY_PROJECT") == 0 ||
         g_ascii_strcasecmp (suffix, "_BY_USER") == 0;
}

/*
 * eros_engine_history_table:
 * @view: JOBS, JOBS_TIMELINE, or these with _BY_PROJECT or _BY_USER
 *
 * Returns: (transfer full) (nullable): the job history, read where it lies; %NULL when @view is none of it
 */
ErosEngineTable *
eros_engine_history_table (ErosRun *run, const char *project, const char *view)
{
  if (g_ascii_strncasecmp (view, "JOBS_TIMELINE", 13) == 0 && is_jobs_view (view + 13))
    return history_table (run, project, view, timeline_columns, timeline_source);
  if (g_ascii_strncasecmp (view, "JOBS", 4) == 0 && is_jobs_view (view + 4))
    return history_table (run, project, view, jobs_columns, jobs_source);
  return NULL;
}
