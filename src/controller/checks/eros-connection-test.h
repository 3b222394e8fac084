/* eros-connection-test.h: everything a deployment needs of a connection, looked at one by one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-connection.h"
#include "eros-finding.h"

G_BEGIN_DECLS

/* Looks at everything a deployment needs: sign-in, project, data set, location, each permission by name, bucket,
 * scheduled queries. A thing that does not work is a finding, not an error. Returns: (transfer full) of ErosFinding */
void        eros_connection_test_async (ErosConnection     *connection,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
GListModel *eros_connection_test_finish (ErosConnection *connection,
                                         GAsyncResult   *result,
                                         GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
