/* main.c: the window, unless a command is given
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <locale.h>
#include <stdio.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "eros-application.h"
#include "eros-cli.h"

/* A thread may still be making a key, or writing a report that nobody waits for any more. Whoever returns
 * from main () takes away beneath it what libraries clean up then. What is on disk is whole at any moment. */
static void
leave (int status)
{
  fflush (NULL);
  _exit (status);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, EROS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  leave (eros_cli_is_meant (argc, argv) ? eros_cli_run (argc, argv) : eros_app_run (argc, argv));
  return 0;
}
