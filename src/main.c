/* main.c: the window, unless a command is given
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <locale.h>
#include <glib/gi18n-lib.h>

#include "eros-application.h"
#include "eros-cli.h"

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, EROS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  return eros_cli_is_meant (argc, argv) ? eros_cli_run (argc, argv) : eros_app_run (argc, argv);
}
