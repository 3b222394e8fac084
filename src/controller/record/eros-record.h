/* eros-record.h: what the controller writes into the journal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"
#include "eros-deployment.h"
#include "eros-job.h"
#include "eros-operation.h"

G_BEGIN_DECLS

/* Each returns whether it is on disk. */
gboolean eros_record_operation_started (ErosDeployment *deployment, ErosOperation *operation, GError **error);
/* owed: (nullable): what is left to do although it has ended */
gboolean eros_record_operation_ended (ErosDeployment *deployment,
                                      ErosOperation  *operation,
                                      ErosOutcome     outcome,
                                      const char     *owed,
                                      GError        **error);
/* job: (nullable) when it never came to be one; failure: (nullable) */
gboolean eros_record_job_ended (ErosDeployment *deployment,
                                const char     *job_id,
                                ErosJob        *job,
                                const GError   *failure,
                                GError        **error);
/* Numbers of a finished job, as evidence (transfer full). */
JsonObject *eros_record_job_evidence (ErosJob *job);

G_END_DECLS
