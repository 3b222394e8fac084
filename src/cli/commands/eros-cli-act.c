/* eros-cli-act.c: what a person does to a deployment, one command each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-commands.h"
#include "eros-cli-private.h"
#include "eros-criteria.h"
#include "eros-escalation.h"
#include "eros-window.h"

#include <glib/gi18n-lib.h>

/* REASON: "" when none was given. */
typedef gboolean (*Act) (ErosDeployment *deployment, char **arguments, const char *reason, GError **error);

/* An option by which a command is given a reason; without a name: it has none. */
typedef struct
{
  const char *name;
  const char *description;
} ReasonOption;

/* What a command that acts says of itself, and what it does. */
typedef struct
{
  const char *parameters;
  int n_parameters;
  const char *summary;
  Act act;
  ReasonOption option; /* its name may be NULL: none */
} Command;

/* Opens the deployment that the first argument names and does what the command does with the others. */
static int
act_on (const Command *command, int argc, char **argv, GError **error)
{
  g_autofree char *actor = NULL;
  g_autofree char *reason = NULL;
  const GOptionEntry entries[] = {
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &actor, N_ ("Who does it: “Ada <ada@example.com>”, if not you"),
      N_ ("WHO") },
    { command->option.name, 0, 0, G_OPTION_ARG_STRING, &reason, command->option.description, N_ ("REASON") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosDeployment) deployment = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, command->parameters, command->summary, command->n_parameters,
                       command->n_parameters, error))
    return EROS_EXIT_USAGE;
  deployment = eros_cli_open (argv[1], EROS_JOURNAL_WRITE, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  if (actor != NULL)
    eros_deployment_set_actor (deployment, actor);
  if (command->act (deployment, argv + 2, reason != NULL ? reason : "", error))
    return EROS_EXIT_DONE;
  if (command->option.name != NULL)
    eros_cli_name_option (command->option.name, error);
  return EROS_EXIT_FAILED;
}

static gboolean
tick (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  ErosElement *element = eros_runbook_find_element (eros_deployment_get_runbook (deployment), arguments[0]);
  const char *person = element != NULL ? eros_element_get_person (element) : NULL;

  if (!eros_deployment_tick_by_decision (deployment, arguments[0], reason, error))
    return FALSE;
  if (person != NULL && *eros_deployment_get_value (deployment, person) == '\0')
    eros_cli_print (_ ("It names nobody yet: eros-deploy set %s %s NAME\n"),
                    eros_deployment_get_id (deployment), person);
  return TRUE;
}

int
eros_cli_tick (int argc, char **argv, GError **error)
{
  const Command command = { "ID ITEM",
                            2,
                            _ ("Ticks a box. “eros-deploy status” shows the items’ names."),
                            tick,
                            { "reason", N_ ("Why it is ticked although something speaks against it") } };

  return act_on (&command, argc, argv, error);
}

static gboolean
move (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_window_move (deployment, arguments[0], arguments[1], reason, error);
}

int
eros_cli_move (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID START END",
    3,
    _ ("Moves the window to another time, in UTC: “2025-10-31 14:00”. It has to be announced "
       "anew; the messages have the new times."),
    move,
    { "reason", N_ ("Why it is moved; required") }
  };

  return act_on (&command, argc, argv, error);
}

static gboolean
escalate (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_escalation_make (deployment, arguments[0], arguments[1], error);
}

int
eros_cli_escalate (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID WHO WHY",
    3,
    _ ("Puts on record that somebody was called in, whether of the escalation path or not, and why. "
       "The time is that of the command."),
    escalate,
    { NULL, NULL }
  };

  return act_on (&command, argc, argv, error);
}

static gboolean
untick (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_deployment_untick (deployment, arguments[0], error);
}

int
eros_cli_untick (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID ITEM", 2, _ ("Opens a box again, whether it was ticked or did not apply."), untick, { NULL, NULL }
  };

  return act_on (&command, argc, argv, error);
}

static gboolean
skip (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_deployment_set_not_applicable (deployment, arguments[0], arguments[1], error);
}

int
eros_cli_skip (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID ITEM REASON", 3, _ ("Says that a box does not apply, and why."), skip, { NULL, NULL }
  };

  return act_on (&command, argc, argv, error);
}

static gboolean
note (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_deployment_set_note (deployment, arguments[0], arguments[1], error);
}

int
eros_cli_note (int argc, char **argv, GError **error)
{
  const Command command = { "ID ITEM TEXT",
                            3,
                            _ ("Writes a note beside an item, in place of the one that is there."),
                            note,
                            { NULL, NULL } };

  return act_on (&command, argc, argv, error);
}

static gboolean
set (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_deployment_set_value_by_decision (deployment, arguments[0], arguments[1], reason, error);
}

int
eros_cli_set (int argc, char **argv, GError **error)
{
  const Command command = { "ID FIELD VALUE",
                            3,
                            _ ("Fills in a field; \"\" makes it blank."),
                            set,
                            { "reason", N_ ("Why it stands in the place of what was measured") } };

  return act_on (&command, argc, argv, error);
}

static gboolean
override (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_deployment_override (deployment, arguments[0], arguments[1], arguments[2], error);
}

int
eros_cli_override (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID GATE NAME REASON",
    4,
    _ ("Opens a gate although not all is done that it requires. Name and reason stand in the report."),
    override,
    { NULL, NULL }
  };

  return act_on (&command, argc, argv, error);
}

static gboolean
withdraw (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  return eros_deployment_withdraw (deployment, arguments[0], reason, error);
}

int
eros_cli_withdraw (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID ITEM|GATE",
    2,
    _ ("Withdraws an override, a signature, or a mark over a check that failed. It and its "
       "withdrawal both stay in the report."),
    withdraw,
    { "reason", N_ ("Why it is withdrawn; required") }
  };

  return act_on (&command, argc, argv, error);
}

static gboolean
decide (ErosDeployment *deployment, char **arguments, const char *note, GError **error)
{
  gboolean is_reached = g_str_equal (arguments[1], "yes");

  if (is_reached || g_str_equal (arguments[1], "no"))
    return eros_criterion_decide (deployment, arguments[0], is_reached, note, error);
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("“%s” is neither “yes”, it is reached, nor “no”."), arguments[1]);
  return FALSE;
}

int
eros_cli_criterion (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID CRITERION ANSWER",
    3,
    _ ("Says, by “yes” or “no”, whether a criterion to roll back by is reached that no monitoring measures. "
       "“eros-deploy status” shows their names."),
    decide,
    { "note", N_ ("What was found; required with “yes”") }
  };

  return act_on (&command, argc, argv, error);
}

static gboolean
undo (ErosDeployment *deployment, char **arguments, const char *reason, GError **error)
{
  g_autofree char *what = NULL;

  eros_deployment_can_undo (deployment, &what);
  if (!eros_deployment_undo (deployment, error))
    return FALSE;
  eros_cli_print (_ ("Taken back: %s\n"), what);
  return TRUE;
}

int
eros_cli_undo (int argc, char **argv, GError **error)
{
  const Command command = {
    "ID",
    1,
    _ ("Takes back the last tick, note or field. What was decided is withdrawn instead."),
    undo,
    { NULL, NULL }
  };

  return act_on (&command, argc, argv, error);
}
