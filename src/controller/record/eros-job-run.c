/* eros-job-run.c: a job of a step or of a check: planned on record, sent, ended on record, its row read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-job-run.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-controller-error.h"
#include "eros-operation-private.h"
#include "eros-record.h"

typedef struct
{
  ErosDeployment *deployment;
  ErosStep *row;
  char *job_id;
  ErosJob *job;
  GError *failure;
} JobRun;

static void
job_run_free (JobRun *run)
{
  g_object_unref (run->deployment);
  g_object_unref (run->row);
  g_free (run->job_id);
  g_clear_object (&run->job);
  g_clear_error (&run->failure);
  g_free (run);
}

/* Before it is sent, and where to. */
static gboolean
record_planned (const ErosJobPlace *place, const char *job_id, GError **error)
{
  ErosConnection *connection = eros_big_query_get_connection (place->big_query);
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), body);

  json_object_set_string_member (body, EROS_MEMBER_ID, eros_operation_get_id (place->operation));
  json_object_set_string_member (body, EROS_MEMBER_STEP, place->step);
  json_object_set_string_member (body, EROS_MEMBER_JOB_ID, job_id);
  if (place->sha256 != NULL)
    json_object_set_string_member (body, EROS_MEMBER_SQL_SHA256, place->sha256);
  json_object_set_string_member (body, EROS_MEMBER_PROJECT, eros_connection_get_project (connection));
  if (eros_connection_get_location (connection) != NULL)
    json_object_set_string_member (body, EROS_MEMBER_LOCATION, eros_connection_get_location (connection));
  return eros_deployment_record (place->deployment, EROS_EVENT_JOB_PLANNED, node, error) != NULL;
}

char *
eros_job_run_plan (const ErosJobPlace *place, const char *prefix, GError **error)
{
  g_autofree char *job_id = eros_job_request_make_id (prefix);

  return record_planned (place, job_id, error) ? g_steal_pointer (&job_id) : NULL;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JobRun *run = g_task_get_task_data (task);
  GError *error = NULL;

  run->job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &run->failure);
  if (run->job != NULL)
    {
      run->failure = eros_job_dup_error (run->job);
      eros_step_set_statistics (run->row, eros_job_get_bytes_processed (run->job),
                                eros_job_get_bytes_billed (run->job), eros_job_get_slot_ms (run->job),
                                eros_job_get_affected_rows (run->job));
    }
  /* Without an answer nobody knows what became of the job: it stays open in the record, to be looked up. */
  if ((run->job != NULL || g_error_matches (run->failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)) &&
      !eros_record_job_ended (run->deployment, run->job_id, run->job, run->failure, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
eros_job_run_retry_cb (guint attempt, const GError *why, guint wait_ms, gpointer row)
{
  eros_step_note_attempt (row, attempt, why, wait_ms);
}

void
eros_job_run_label (const ErosJobPlace *place, ErosJobRequest *request)
{
  eros_job_request_add_label (request, "eros-deployment", eros_deployment_get_id (place->deployment));
  eros_job_request_add_label (request, "eros-operation", eros_operation_get_kind (place->operation));
  eros_job_request_add_label (request, "eros-step", place->step);
  if (place->phase != NULL)
    eros_job_request_add_label (request, "eros-phase", eros_phase_get_id (place->phase));
  eros_job_request_set_retry (request, eros_job_run_retry_cb, place->row);
}

/**
 * eros_job_run_async:
 * @place: what the job is for
 * @request: (transfer full): what is sent
 * @job_id: its id, which is on record as planned
 * @callback: called when the job has ended, or nobody can say whether it has
 * @user_data: for @callback
 *
 * Sends the job, waits for its end, and puts that on record. The operation’s cancellable ends it.
 */
void
eros_job_run_async (const ErosJobPlace *place,
                    ErosJobRequest *request,
                    const char *job_id,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (ErosJobRequest) owned = request;
  JobRun *run = g_new0 (JobRun, 1);

  g_task_set_source_tag (task, eros_job_run_async);
  run->deployment = g_object_ref (place->deployment);
  run->row = g_object_ref (place->row);
  run->job_id = g_strdup (job_id);
  g_task_set_task_data (task, run, (GDestroyNotify) job_run_free);

  eros_step_set_job_id (place->row, job_id);
  eros_big_query_run_async (place->big_query, request, eros_operation_get_cancellable (place->operation),
                            done_cb, g_steal_pointer (&task));
}

ErosJob *
eros_job_run_finish (GAsyncResult *result, GError **failure, GError **error)
{
  JobRun *run = g_task_get_task_data (G_TASK (result));

  g_return_val_if_fail (g_async_result_is_tagged (result, eros_job_run_async), NULL);

  *failure = g_steal_pointer (&run->failure);
  g_task_propagate_boolean (G_TASK (result), error);
  return g_steal_pointer (&run->job);
}

/* ---- the answer ---------------------------------------------------------------------------------------- */

static void
page_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  guint64 rows = 0;
  g_autoptr (ErosPage) page =
    eros_big_query_read_page_finish (EROS_BIG_QUERY (source), result, NULL, &rows, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (page == NULL || eros_page_get_n_rows (page) != 1)
    g_task_return_new_error (
      task, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_FAILED,
      _ ("The query must answer with one row, and gave %" PRIu64 ". Correct the query or the runbook."),
      rows);
  else
    g_task_return_pointer (task, eros_page_dup_row (page, 0), (GDestroyNotify) g_hash_table_unref);
}

void
eros_job_run_read_row_async (const ErosJobPlace *place,
                             ErosJob *job,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, eros_job_run_read_row_async);
  eros_big_query_read_page_async (place->big_query, job, NULL, NULL, 2,
                                  eros_operation_get_cancellable (place->operation), page_read_cb,
                                  g_steal_pointer (&task));
}

GHashTable *
eros_job_run_read_row_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static JsonObject *
describe_row (GHashTable *row)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (row), (GCompareFunc) g_strcmp0);
  JsonObject *values = json_object_new ();

  for (GList *name = names; name != NULL; name = name->next)
    {
      const char *value = g_hash_table_lookup (row, name->data);

      if (value != NULL)
        json_object_set_string_member (values, name->data, value);
      else
        json_object_set_null_member (values, name->data);
    }
  return values;
}

JsonObject *
eros_job_run_describe (const ErosJobPlace *place, ErosJob *job, GHashTable *row)
{
  JsonObject *evidence = eros_record_job_evidence (job);

  if (place->sql != NULL)
    {
      json_object_set_string_member (evidence, "sql", place->sql);
      json_object_set_string_member (evidence, "sql_sha256", place->sha256);
    }
  if (place->sql_source != NULL)
    json_object_set_string_member (evidence, "sql_source", place->sql_source);
  if (row != NULL)
    json_object_set_object_member (evidence, "values", describe_row (row));
  return evidence;
}
