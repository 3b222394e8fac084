/* eros-cli-new.c: eros-deploy new
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-carry-over.h"
#include "eros-cli-commands.h"
#include "eros-cli-private.h"

#include <glib/gi18n-lib.h>

#include "eros-sql-check.h"

static gboolean
parse_environment (const char *text, ErosEnvironment *environment, GError **error)
{
  for (guint i = EROS_ENVIRONMENT_REHEARSAL; i <= EROS_ENVIRONMENT_PRODUCTION; i++)
    if (g_str_equal (eros_cli_environment_text (i), text))
      {
        *environment = i;
        return TRUE;
      }
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("There is no environment “%s”: use “rehearsal”, “staging” or “production”."), text);
  return FALSE;
}

static ErosRunbook *
load_runbook (const char *path, GError **error)
{
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_commandline_arg (path) : NULL;

  return file != NULL ? eros_runbook_load (file, NULL, error) : eros_runbook_load_default (error);
}

static void
print_made (ErosDeployment *deployment, gboolean json)
{
  const char *path = g_file_peek_path (eros_journal_get_file (eros_deployment_get_journal (deployment)));
  JsonObject *object;
  JsonNode *node;

  if (!json)
    {
      eros_cli_print ("%s\n  %s\n", eros_deployment_get_id (deployment), path);
      return;
    }
  object = json_object_new ();
  node = json_node_new (JSON_NODE_OBJECT);
  eros_cli_set_text (object, "id", eros_deployment_get_id (deployment));
  eros_cli_set_text (object, "file", path);
  json_node_take_object (node, object);
  eros_cli_print_json (node);
}

static char *
get_actor (const char *actor, const ErosDeploymentSetup *setup)
{
  if (actor != NULL)
    return g_strdup (actor);
  if (setup->lead_name != NULL && setup->lead_email != NULL)
    return g_strdup_printf ("%s <%s>", setup->lead_name, setup->lead_email);
  return g_strdup (setup->lead_name != NULL ? setup->lead_name : g_get_user_name ());
}

/* The settings of the deployment that the new one follows. (transfer full) (nullable) */
static ErosDeployment *
open_earlier (const char *id, ErosDeploymentSetup *setup, gboolean keeps_environment, GError **error)
{
  ErosDeployment *from = eros_cli_open (id, EROS_JOURNAL_READ, error);

  if (from == NULL)
    return NULL;
  eros_carry_over_setup (from, setup);
  if (keeps_environment)
    setup->environment = eros_deployment_get_setup (from)->environment;
  return from;
}

/* FROM: (nullable): the one that it follows */
static ErosDeployment *
make (ErosDeploymentSetup *setup,
      const char *path,
      const char *runbook_path,
      const char *given_actor,
      ErosDeployment *from,
      GError **error)
{
  g_autoptr (ErosRunbook) runbook = from != NULL && runbook_path == NULL
                                      ? g_object_ref (eros_deployment_get_runbook (from))
                                      : load_runbook (runbook_path, error);
  g_autoptr (GFile) file =
    path != NULL ? g_file_new_for_commandline_arg (path) : eros_deployment_new_file (setup->name);
  g_autofree char *actor = get_actor (given_actor, setup);
  g_autoptr (ErosDeployment) deployment = NULL;
  guint n;

  if (runbook == NULL || !eros_sql_check_runbook (runbook, error))
    return NULL;
  deployment = eros_deployment_create (file, runbook, setup, actor, error);
  if (deployment == NULL || (from != NULL && !eros_carry_over (from, deployment, &n, error)))
    return NULL;
  return g_steal_pointer (&deployment);
}

int
eros_cli_new (int argc, char **argv, GError **error)
{
  g_autoptr (ErosDeploymentSetup) setup = g_new0 (ErosDeploymentSetup, 1);
  g_autofree char *environment = NULL;
  g_autofree char *path = NULL;
  g_autofree char *runbook_path = NULL;
  g_autofree char *given_actor = NULL;
  g_autofree char *earlier = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "name", 'n', 0, G_OPTION_ARG_STRING, &setup->name, N_ ("What it is called: “EROS 2.4”"), N_ ("NAME") },
    { "environment", 'e', 0, G_OPTION_ARG_STRING, &environment,
      N_ ("“rehearsal” (unless it is given), “staging” or “production”"), N_ ("WHICH") },
    { "project", 0, 0, G_OPTION_ARG_STRING, &setup->project, N_ ("BigQuery project"), N_ ("PROJECT") },
    { "dataset", 0, 0, G_OPTION_ARG_STRING, &setup->dataset, N_ ("Data set in it"), N_ ("DATASET") },
    { "location", 0, 0, G_OPTION_ARG_STRING, &setup->location,
      N_ ("Where that is: “US”; without it the data set is asked"), N_ ("LOCATION") },
    { "bucket", 0, 0, G_OPTION_ARG_STRING, &setup->bucket, N_ ("Cloud Storage bucket for backups"),
      N_ ("BUCKET") },
    { "window-start", 0, 0, G_OPTION_ARG_STRING, &setup->window_start,
      N_ ("When it starts: 2025-10-31T14:00:00Z"), N_ ("TIME") },
    { "window-end", 0, 0, G_OPTION_ARG_STRING, &setup->window_end, N_ ("When it ends"), N_ ("TIME") },
    { "lead", 0, 0, G_OPTION_ARG_STRING, &setup->lead_name, N_ ("The deployment lead’s name"), N_ ("NAME") },
    { "email", 0, 0, G_OPTION_ARG_STRING, &setup->lead_email, N_ ("… e-mail address"), N_ ("ADDRESS") },
    { "phone", 0, 0, G_OPTION_ARG_STRING, &setup->lead_phone, N_ ("… phone number"), N_ ("NUMBER") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &earlier,
      N_ ("The deployment that it follows: its settings, runbook, contacts, lessons and open follow-ups"),
      N_ ("ID") },
    { "runbook", 'r', 0, G_OPTION_ARG_FILENAME, &runbook_path,
      N_ ("Another runbook than the one that comes with the program"), N_ ("FILE") },
    { "file", 'f', 0, G_OPTION_ARG_FILENAME, &path, N_ ("Where to keep it, if not among the others"),
      N_ ("FILE") },
    { "actor", 'a', 0, G_OPTION_ARG_STRING, &given_actor, N_ ("Who makes it, if not the lead"), N_ ("WHO") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (ErosDeployment) from = NULL;

  if (!eros_cli_parse (&argc, &argv, entries, NULL, _ ("Makes a deployment and prints its ID."), 0, 0, error))
    return EROS_EXIT_USAGE;
  if (environment != NULL && !parse_environment (environment, &setup->environment, error))
    return EROS_EXIT_USAGE;
  if (setup->name == NULL)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("A deployment needs a name: add --name \"EROS 2.4\"."));
      return EROS_EXIT_USAGE;
    }

  from = earlier != NULL ? open_earlier (earlier, setup, environment == NULL, error) : NULL;
  if ((earlier != NULL && from == NULL) || !eros_deployment_setup_check_ahead (setup, error))
    return EROS_EXIT_FAILED;
  deployment = make (setup, path, runbook_path, given_actor, from, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  eros_cli_keep_written (deployment);
  print_made (deployment, json);
  return EROS_EXIT_DONE;
}
