/* eros-cli.h: the program's work from a terminal, without a display
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a command returns to the shell. */
typedef enum
{
  EROS_EXIT_DONE = 0,
  EROS_EXIT_FAILED = 1,      /* a check or a verification failed, or something could not be read or written */
  EROS_EXIT_USAGE = 2,       /* wrong usage */
  EROS_EXIT_NOT_ALLOWED = 3, /* by a gate or another rule of the deployment */
  EROS_EXIT_UNAVAILABLE = 4, /* a service could not be reached or used */
  EROS_EXIT_INTERRUPTED = 130,
} ErosExit;

/* Whether these arguments are for the terminal: a command, a plea for help, or anything at all without a display. */
gboolean eros_cli_is_meant (int argc, char **argv);
int      eros_cli_run (int argc, char **argv);

G_END_DECLS
