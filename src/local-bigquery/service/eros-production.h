/* eros-production.h: what the users of the sample do while its clock goes on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-engine.h"

G_BEGIN_DECLS

/* Between two moments, in microseconds since 1970. scenario: "healthy", "slow", "failing", "dear", "corrupt" */
gboolean eros_production_go_on (ErosEngine *engine,
                                const char *project,
                                const char *scenario,
                                gint64      from,
                                gint64      to,
                                GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
