/* eros-proof.h: have these very steps been run before, where it is no production?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* The event that says what a rehearsal's data set was made like. */

/* Looks through the deployments of this computer for one, in rehearsal or staging, where OPERATION has ended well with
 * steps of this SHA-256, and writes down what it finds. Returns whether DEPLOYMENT has such a proof on record now. */
void     eros_proof_look_for_async (ErosDeployment     *deployment,
                                    const char         *operation,
                                    const char         *sql_sha256,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
gboolean eros_proof_look_for_finish (ErosDeployment *deployment, GAsyncResult *result, GError **error);

G_END_DECLS
