/* eros-check-run.h: one machine check, from its binding in the runbook to the record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-causes.h"
#include "eros-deployment.h"
#include "eros-operation.h"

G_BEGIN_DECLS

/* What the checks of one round share. */
typedef struct
{
  ErosDeployment *deployment;
  ErosBigQuery   *big_query;
  ErosOperation  *operation;
  ErosCauses     *causes;  /* what has kept others of them from looking; lives longer than any */
  GHashTable     *cut_off; /* eros_check_run_find_cut_off () before the round was begun */
} ErosCheckSetting;

/* What checks have sent and not told, because the program was killed a moment ago: element → GPtrArray of ErosEvent
 * with which the jobs were planned, in their order. (transfer full) */
GHashTable *eros_check_run_find_cut_off (ErosDeployment *deployment);

/* Runs the check of element, shows it in step, and records its outcome, its evidence and the fields it fills in.
 * Finish returns the outcome that is on record; it fails when the check was cancelled or the record cannot be written.
 */
void     eros_check_run_async (const ErosCheckSetting *setting,
                               ErosStep               *step,
                               ErosElement            *element,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data);
gboolean eros_check_run_finish (GAsyncResult *result, ErosOutcome *outcome, GError **error);

/* The request of the query of a check, whose names are filled in, with its parameters. (transfer full) */
ErosJobRequest *eros_check_run_new_request (ErosDeployment         *deployment,
                                            ErosBigQuery           *big_query,
                                            const ErosCheckBinding *binding,
                                            const char             *sql,
                                            const char             *job_id);

G_END_DECLS
