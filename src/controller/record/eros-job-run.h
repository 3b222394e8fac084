/* eros-job-run.h: a job of a step or of a check: planned on record, sent, ended on record, its row read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-deployment.h"
#include "eros-operation.h"

G_BEGIN_DECLS

/* What a job is for; all of it is borrowed. */
typedef struct
{
  ErosDeployment *deployment;
  ErosBigQuery   *big_query;
  ErosOperation  *operation;
  ErosStep       *row;
  const char     *step;       /* its name on record */
  ErosPhase      *phase;      /* (nullable): where in the runbook it belongs */
  const char     *sql;        /* (nullable): as it is sent */
  const char     *sha256;     /* (nullable): of the text before identifiers were filled in */
  const char     *sql_source; /* (nullable): where that comes from */
} ErosJobPlace;

/* The id of a new job, which is on record: (transfer full) (nullable) */
char *eros_job_run_plan (const ErosJobPlace *place, const char *prefix, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Says what the request is for, in the service's own lists, and in the row when it has to be sent again. */
void eros_job_run_label (const ErosJobPlace *place, ErosJobRequest *request);
void eros_job_run_retry_cb (guint attempt, const GError *why, guint wait_ms, gpointer row);
/* Takes request. */
void eros_job_run_async (const ErosJobPlace *place,
                         ErosJobRequest     *request,
                         const char         *job_id,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
/* failure: (out) (nullable): why the job has not ended well. error: its end could not be put on record; both are
 * possible. (transfer full) (nullable) */
ErosJob *eros_job_run_finish (GAsyncResult *result, GError **failure, GError **error);
/* The one row that a query must answer with: column → text, NULL for SQL NULL. */
void        eros_job_run_read_row_async (const ErosJobPlace *place,
                                         ErosJob            *job,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
GHashTable *eros_job_run_read_row_finish (GAsyncResult *result, GError **error);
/* As evidence: numbers, text, and the row: (nullable). (transfer full) */
JsonObject *eros_job_run_describe (const ErosJobPlace *place, ErosJob *job, GHashTable *row);

G_END_DECLS
