/* eros-earlier-values.h: expected values that the deployment before has found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* Fills in what the checks of these elements (of ErosElement) compare with and nobody has ever filled in, from the
 * newest other deployment of this computer that has the same project and data set and has made the same check. A
 * rehearsal's data is made anew, so it expects nothing. */
void     eros_expected_take_async (ErosDeployment     *deployment,
                                   GPtrArray          *elements,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);
gboolean eros_expected_take_finish (ErosDeployment *deployment, GAsyncResult *result, GError **error);

G_END_DECLS
