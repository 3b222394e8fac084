/* eros-cli.h: the program's work from a terminal, without a display
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether these arguments are for the terminal: a command, a plea for help, or anything at all without a display. */
gboolean eros_cli_is_meant (int argc, char **argv);
int      eros_cli_run (int argc, char **argv);

G_END_DECLS
