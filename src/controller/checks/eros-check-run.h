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
  ErosCauses     *causes; /* what has kept others of them from looking; lives longer than any */
} ErosCheckSetting;

/* Runs the check of element, shows it in step, and records its outcome, its evidence and the fields it fills in.
 * Finish returns the outcome that is on record; it fails when the check was cancelled or the record cannot be written.
 */
void     eros_check_run_async (const ErosCheckSetting *setting,
                               ErosStep               *step,
                               ErosElement            *element,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data);
gboolean eros_check_run_finish (GAsyncResult *result, ErosOutcome *outcome, GError **error);

G_END_DECLS
