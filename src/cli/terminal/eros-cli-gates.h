/* eros-cli-gates.h: what keeps an operation from running, and going on by decision
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-service.h"

G_BEGIN_DECLS

/* Every closed gate before this kind of operation with what is missing, a line each; NULL: none. (transfer full) */
char *eros_cli_list_closed_gates (ErosController *controller, const char *kind);
/* After a refusal: opens what is closed in NAME's name, for REASON. Without a name, an error that says all that is
 * missing; REFUSAL is what the controller said. */
gboolean eros_cli_override_gates (ErosController *controller,
                                  const char     *kind,
                                  const char     *name,
                                  const char     *reason,
                                  const GError   *refusal,
                                  GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
