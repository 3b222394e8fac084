/* eros-check-forecast.h: what the queries of checks would read, before any is made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-deployment.h"

G_BEGIN_DECLS

/* By dry runs, which cost nothing and are on no record. ids: elements, sections or phases */
void     eros_check_forecast_async (ErosDeployment     *deployment,
                                    ErosBigQuery       *big_query,
                                    const char *const  *ids,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
gboolean eros_check_forecast_finish (GAsyncResult *result, guint *n_queries, gint64 *bytes, GError **error);

G_END_DECLS
