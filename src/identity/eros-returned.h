/* eros-returned.h: a report that comes back with signatures that were made elsewhere
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"
#include "eros-report-verify.h"

G_BEGIN_DECLS

typedef struct _ErosReturned ErosReturned;

/* Verifies FILE, which waits for the disk. */
ErosReturned *eros_returned_read (GFile *file, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void          eros_returned_free (ErosReturned *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosReturned, eros_returned_free)
/* In a worker thread. */
void          eros_returned_read_async (GFile              *file,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);
ErosReturned *eros_returned_read_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes each signature in a box the sign-off that the box is for, unless it is that already. REASON: why, although
 * something speaks against it; "". *TAKEN: (out) (transfer container): of const ErosReportSignature, which SELF keeps:
 * those that are new, also when it fails at one. Fails when the report is not of DEPLOYMENT. */
gboolean eros_returned_take (ErosReturned   *self,
                             ErosDeployment *deployment,
                             const char     *reason,
                             GPtrArray     **taken,
                             GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
