/* eros-check-round.h: machine checks, several at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-deployment.h"
#include "eros-operation.h"

G_BEGIN_DECLS

typedef struct _ErosCheckRound ErosCheckRound;

gboolean eros_check_round_knows (const ErosCheckBinding *binding);
/* The elements among them that have a check. (transfer full) (element-type ErosElement) */
GPtrArray      *eros_check_round_collect (ErosDeployment *deployment, const char *const *ids);
ErosCheckRound *eros_check_round_begin (ErosDeployment    *deployment,
                                        ErosBigQuery      *big_query,
                                        const char *const *ids,
                                        GError           **error) G_GNUC_WARN_UNUSED_RESULT;
/* Of kind "checks". (transfer none) */
ErosOperation *eros_check_round_get_operation (ErosCheckRound *round);
/* Takes round. */
void eros_check_round_run_async (ErosCheckRound     *round,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
/* Whether all passed; an error when the work could not be done or was cancelled. */
gboolean eros_check_round_run_finish (GAsyncResult *result, GError **error);

G_END_DECLS
