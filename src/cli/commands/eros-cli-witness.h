/* eros-cli-witness.h: what a command has written is witnessed before it ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of the deployment that a command has opened for writing, if any. */
void eros_cli_witness (void);

G_END_DECLS
