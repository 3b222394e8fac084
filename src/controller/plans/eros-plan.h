/* eros-plan.h: which steps an operation has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-work.h"

G_BEGIN_DECLS

/* id: (nullable): of an operation on record. The arguments are checked; a wrong one is an error and nothing is made. */
ErosWork *eros_plan_make (ErosDeployment *deployment,
                          ErosBigQuery   *big_query,
                          const char     *id,
                          const char     *name,
                          JsonObject     *arguments,
                          GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean  eros_plan_is_known (const char *name);

G_END_DECLS
