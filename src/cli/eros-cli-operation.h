/* eros-cli-operation.h: running an operation from the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-cli-connect.h"

G_BEGIN_DECLS

/* Plans it, runs it, and prints a line for each step as it ends. FALSE with an error when it has not ended well. */
gboolean eros_cli_run_operation (ErosController  *controller,
                                 const char      *kind,
                                 GHashTable      *arguments,
                                 GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
