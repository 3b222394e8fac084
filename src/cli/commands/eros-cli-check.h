/* eros-cli-check.h: running checks from the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-connect.h"

G_BEGIN_DECLS

/* Waits for them. FALSE with an error when they could not be made or were cancelled; what they found is in the record.
 */
gboolean eros_cli_run_checks (ErosController    *controller,
                              const char *const *ids,
                              GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
