/* eros-cli.c: the commands, and which is meant
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli.h"

#include <stdio.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-private.h"
#include "eros-cli-witness.h"
#include "eros-controller.h"
#include "eros-threads.h"

typedef struct
{
  const char *name;
  const char *parameters;
  const char *summary;
  ErosCliCommand run;
} Command;

static const Command commands[] = {
  { "rehearse", "", N_ ("conduct a whole deployment against the BigQuery in the box"), eros_cli_rehearse },
  { "new", "", N_ ("make a deployment"), eros_cli_new },
  { "list", "", N_ ("list the deployments"), eros_cli_list },
  { "status", "ID", N_ ("how far a deployment is, and what is next"), eros_cli_status },
  { "check", "ID [ITEM…]", N_ ("run the machine’s checks"), eros_cli_check },
  { "backup", "ID", N_ ("back up the critical tables"), eros_cli_backup },
  { "backups", "ID [TIMESTAMP]", N_ ("which backups there are; --prune removes old ones"), eros_cli_backups },
  { "prove", "ID", N_ ("prove the way back on a copy of the data set"), eros_cli_prove },
  { "deploy", "ID PHASE", N_ ("deploy a phase, verifying each step"), eros_cli_deploy },
  { "verify-steps", "ID", N_ ("verify again what was deployed"), eros_cli_verify_steps },
  { "compare", "ID", N_ ("is it better than before?"), eros_cli_compare },
  { "monitor", "ID", N_ ("watch the deployment; --once looks once"), eros_cli_monitor },
  { "rollback", "ID [TIMESTAMP]", N_ ("restore the critical tables from a backup"), eros_cli_rollback },
  { "restore", "ID", N_ ("load an exported backup into another data set, and compare"), eros_cli_restore },
  { "resume", "ID", N_ ("go on with what was cut off"), eros_cli_resume },
  { "pause-schedules", "ID", N_ ("pause the scheduled queries"), eros_cli_pause_schedules },
  { "resume-schedules", "ID", N_ ("resume the scheduled queries that were paused"),
    eros_cli_resume_schedules },
  { "revert", "ID [STEP]", N_ ("take one step of a deployment back"), eros_cli_revert },
  { "inventory", "ID", N_ ("what the data set is: every object, with a digest"), eros_cli_inventory },
  { "diff", "ID|FILE ID|FILE", N_ ("compare two data sets, object by object"), eros_cli_diff },
  { "jobs", "ID", N_ ("the newest jobs; --failed: only those that failed"), eros_cli_jobs },
  { "tick", "ID ITEM", N_ ("tick a box"), eros_cli_tick },
  { "untick", "ID ITEM", N_ ("open a box again"), eros_cli_untick },
  { "skip", "ID ITEM REASON", N_ ("say that a box does not apply"), eros_cli_skip },
  { "note", "ID ITEM TEXT", N_ ("write a note beside an item"), eros_cli_note },
  { "set", "ID FIELD VALUE", N_ ("fill in a field"), eros_cli_set },
  { "sign", "ID ITEM NAME", N_ ("sign a sign-off; “sign REPORT.pdf --as ROLE” signs a report"),
    eros_cli_sign },
  { "countersigned", "ID REPORT.pdf…", N_ ("take back reports that were signed elsewhere"),
    eros_cli_countersigned },
  { "override", "ID GATE NAME REASON", N_ ("open a gate by decision"), eros_cli_override },
  { "withdraw", "ID ITEM|GATE", N_ ("withdraw an override, a signature, a mark over a failed check"),
    eros_cli_withdraw },
  { "move", "ID START END", N_ ("move the window to another time"), eros_cli_move },
  { "escalate", "ID WHO WHY", N_ ("put an escalation on record"), eros_cli_escalate },
  { "criterion", "ID CRITERION ANSWER", N_ ("say whether a criterion that nobody measures is reached"),
    eros_cli_criterion },
  { "message", "ID [MESSAGE]", N_ ("the messages to send, filled in; --sent records one"), eros_cli_message },
  { "undo", "ID", N_ ("take back the last tick, note or field"), eros_cli_undo },
  { "changes", "", N_ ("all deployments of a period, by number"), eros_cli_changes },
  { "attest", "ID", N_ ("write a signed statement for other programs"), eros_cli_attest },
  { "report", "ID", N_ ("write the signed PDF"), eros_cli_report },
  { "verify", "FILE…", N_ ("verify a journal’s chain, or a report’s signatures"), eros_cli_verify },
  { "runbook", "", N_ ("print the runbook"), eros_cli_runbook },
  { "runbook import", "CHECKLIST.md", N_ ("make a runbook of a checklist in Markdown"),
    eros_cli_runbook_import },
};

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}

/* (transfer full) */
static char *
make_help (void)
{
  GString *help = g_string_new (_ ("Usage:\n"
                                   "  eros-deploy [FILE]                the window\n"
                                   "  eros-deploy --rehearse            the window, with a fresh rehearsal\n"
                                   "  eros-deploy COMMAND [OPTION…]     on the terminal\n"
                                   "\n"
                                   "Commands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *usage = g_strdup_printf ("%s %s", commands[i].name, commands[i].parameters);
      /* Not printf’s padding, which counts bytes. */
      int padding = MAX (1, 32 - (int) g_utf8_strlen (usage, -1));

      g_string_append_printf (help, "  %s%*s%s\n", usage, padding, "", _ (commands[i].summary));
    }
  g_string_append (
    help,
    _ ("\n"
       "“eros-deploy COMMAND --help” explains a command. ID is a deployment’s, as “eros-deploy list”\n"
       "shows it, its beginning, or the path of its file.\n"
       "\n"
       "Exit status: 0 done, 1 a check or verification failed, 2 wrong usage, 3 not allowed by a gate,\n"
       "4 could not reach or use a service, 5 nothing failed, but a check had not enough to say.\n"));
  return g_string_free (help, FALSE);
}

static int
report_unknown (const char *name)
{
  g_autoptr (GError) error =
    g_error_new (EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                 *name == '-' ? _ ("There is no option “%s”. “eros-deploy --help” lists the commands.")
                              : _ ("There is no command “%s”. “eros-deploy --help” lists them."),
                 name);

  eros_cli_complain_of (error, EROS_EXIT_USAGE);
  return EROS_EXIT_USAGE;
}

static gboolean
wants_json (int argc, char **argv)
{
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    if (g_str_equal (argv[i], "--json"))
      return TRUE;
  return FALSE;
}

static int
run_command (const Command *command, int argc, char **argv)
{
  g_autofree char *program = g_strdup_printf ("eros-deploy %s", command->name);
  g_autoptr (GError) error = NULL;
  int status = EROS_EXIT_FAILED;

  g_set_prgname (program);
  if (eros_threads_can_start (&error))
    status = command->run (argc, argv, &error);
  eros_cli_witness ();
  if (error != NULL)
    status = (int) eros_cli_exit_of_error (error);
  /* That it was stopped because nobody reads is said at the end. */
  if (error != NULL && (eros_cli_output_lost () == 0 || status != EROS_EXIT_INTERRUPTED))
    eros_cli_complain_of (error, status);
  return status;
}

static gboolean
has_display (void)
{
  const char *wayland = g_getenv ("WAYLAND_DISPLAY");
  const char *x11 = g_getenv ("DISPLAY");

  return (wayland != NULL && *wayland != '\0') || (x11 != NULL && *x11 != '\0');
}

static gboolean
is_help (const char *argument)
{
  return g_str_equal (argument, "--help") || g_str_equal (argument, "-h") || g_str_equal (argument, "help");
}

/* A word that is neither a file nor an address can only be a mistyped command. */
static gboolean
is_word (const char *argument)
{
  return *argument != '-' && strpbrk (argument, "/.:") == NULL && !g_file_test (argument, G_FILE_TEST_EXISTS);
}

/**
 * eros_cli_is_meant:
 * @argc: number of arguments
 * @argv: the program’s arguments, its name first
 *
 * Returns: whether eros_cli_run() is to be called rather than the window to be
 *   shown
 */
gboolean
eros_cli_is_meant (int argc, char **argv)
{
  if (!has_display ())
    return TRUE;
  return argc > 1 && (is_help (argv[1]) || g_str_equal (argv[1], "--version") || is_word (argv[1]));
}

static int
run (int argc, char **argv)
{
  g_autofree char *help = make_help ();
  g_autofree char *longer = NULL;
  const Command *command;

  if (argc < 2)
    {
      fputs (
        _ ("eros-deploy: There is no display to show the window on. These commands work without one:\n\n"),
        stderr);
      fputs (help, stderr);
      return EROS_EXIT_USAGE;
    }
  if (is_help (argv[1]))
    {
      eros_cli_print_lines (help);
      return EROS_EXIT_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      eros_cli_print ("eros-deploy %s\n", EROS_VERSION);
      return EROS_EXIT_DONE;
    }

  /* The window’s own option; without a display the terminal does the same. */
  command = find_command (g_str_equal (argv[1], "--rehearse") ? "rehearse" : argv[1]);
  longer = argc > 2 ? g_strdup_printf ("%s %s", argv[1], argv[2]) : NULL;
  if (longer != NULL && find_command (longer) != NULL)
    return run_command (find_command (longer), argc - 2, argv + 2);
  return command != NULL ? run_command (command, argc - 1, argv + 1) : report_unknown (argv[1]);
}

/**
 * eros_cli_run:
 * @argc: number of arguments
 * @argv: the program’s arguments, its name first
 *
 * Does what the arguments say, and prints to standard output; errors go to
 * standard error.
 *
 * Returns: the exit status, an #ErosExit
 */
int
eros_cli_run (int argc, char **argv)
{
  int status;

  eros_cli_output_begin (wants_json (argc, argv));
  status = run (argc, argv);
  if (!eros_cli_output_end () && (status == EROS_EXIT_DONE || status == EROS_EXIT_INTERRUPTED))
    status = EROS_EXIT_FAILED;
  return status;
}
