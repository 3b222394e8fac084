/* eros-rehearsal-clock.h: a rehearsal's days, which nobody waits for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-rehearsal.h"

G_BEGIN_DECLS

/* Sets the clock of DEPLOYMENT and of its BigQuery to TIME (microseconds since 1970). SCENARIO: (nullable): how those
 * fare who work with the data meanwhile; NULL: nobody does. */
void     eros_rehearsal_advance_async (ErosRehearsal      *self,
                                       ErosDeployment     *deployment,
                                       gint64              time,
                                       const char         *scenario,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean eros_rehearsal_advance_finish (ErosRehearsal *self,
                                        GAsyncResult  *result,
                                        GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
