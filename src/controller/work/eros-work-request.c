/* eros-work-request.c: what a step sends to the server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sql-text.h"
#include "eros-work-private.h"

gboolean
eros_work_fill_sql (WorkStep *step, GError **error)
{
  g_clear_pointer (&step->filled_sql, g_free);
  g_clear_pointer (&step->sha256, g_free);
  if (step->step.sql == NULL)
    return TRUE;
  step->sha256 = eros_sql_text_sha256 (step->step.sql);
  step->filled_sql =
    step->step.is_verbatim
      ? g_strdup (step->step.sql)
      : eros_sql_text_fill (step->step.sql,
                            step->step.sql_source != NULL ? step->step.sql_source : step->step.id,
                            eros_big_query_get_connection (step->work->big_query), error);
  if (step->filled_sql != NULL)
    eros_step_set_sql (step->row, step->filled_sql, step->step.sql_source);
  return step->filled_sql != NULL;
}

/* Where in the runbook the step belongs. (nullable) */
static ErosPhase *
phase_of (WorkStep *step)
{
  ErosWork *work = step->work;
  ErosRunbook *runbook = eros_deployment_get_runbook (work->deployment);
  ErosElement *element = eros_runbook_find_operation (runbook, eros_operation_get_kind (work->operation));
  const char *id = step->step.element != NULL ? step->step.element
                   : element != NULL          ? eros_element_get_id (element)
                                              : NULL;

  return id != NULL ? eros_runbook_phase_of (runbook, id) : NULL;
}

/* What the step's jobs are for. */
ErosJobPlace
eros_work_place_of (WorkStep *step)
{
  ErosWork *work = step->work;

  return (ErosJobPlace){ .deployment = work->deployment,
                         .big_query = work->big_query,
                         .operation = work->operation,
                         .row = step->row,
                         .step = step->step.id,
                         .phase = phase_of (step),
                         .sql = step->filled_sql,
                         .sha256 = step->sha256,
                         .sql_source = step->step.sql_source };
}

ErosJobRequest *
eros_work_make_request (WorkStep *step, const char *job_id)
{
  const ErosJobPlace place = eros_work_place_of (step);
  GPtrArray *parameters = step->step.parameters;
  ErosJobRequest *request = step->filled_sql != NULL
                              ? eros_job_request_new_query (job_id, step->filled_sql)
                              : eros_job_request_new (job_id, step->step.configuration);

  for (guint i = 0; i + 2 < parameters->len; i += 3)
    eros_job_request_add_parameter (request, parameters->pdata[i], parameters->pdata[i + 1],
                                    parameters->pdata[i + 2]);
  eros_job_run_label (&place, request);
  eros_job_request_set_timeout (request, step->step.timeout_ms);
  if (step->step.no_cache)
    eros_job_request_set_use_cache (request, FALSE);
  return request;
}
