/* eros-cli-rehearse-watch.h: the days after a rehearsed deployment, in seconds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-controller.h"
#include "eros-rehearsal.h"

G_BEGIN_DECLS

/* FALSE with an error: the rehearsal cannot go on. */
gboolean eros_cli_rehearse_watch (ErosController *controller,
                                  ErosRehearsal  *rehearsal,
                                  ErosDeployment *deployment,
                                  const char     *scenario,
                                  GError        **error);

G_END_DECLS
