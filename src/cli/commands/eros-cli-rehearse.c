/* eros-cli-rehearse.c: eros-deploy rehearse
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-commands.h"
#include "eros-cli-operation.h"
#include "eros-cli-progress.h"
#include "eros-cli-rehearse-like.h"
#include "eros-cli-report.h"
#include "eros-cli-service.h"
#include "eros-conductor.h"
#include "eros-shape.h"
#include "eros-stand-in.h"

typedef struct
{
  char *file;
  char *output;
  char *endpoint;
  char *sign_in;
  char *scenario;
  char *like;
  char *sql;
  gboolean leave_out;
  char *limits[3];
  double patience_s;
  int captions;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->file);
  g_free (options->output);
  g_free (options->endpoint);
  g_free (options->sign_in);
  g_free (options->scenario);
  g_free (options->like);
  g_free (options->sql);
  for (guint i = 0; i < G_N_ELEMENTS (options->limits); i++)
    g_free (options->limits[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* ---- what is said on the way --------------------------------------------------------------------------- */

static void
phase_cb (ErosConductor *conductor, ErosPhase *phase, gpointer user_data)
{
  eros_cli_print (_ ("\nPhase %u: %s\n"), eros_phase_get_number (phase), eros_phase_get_title (phase));
}

static void
told_cb (ErosConductor *conductor, int what, const char *text, const char *detail, gpointer user_data)
{
  static const char *const symbols[] = { [EROS_CONDUCTED_OPEN] = "☐",
                                         [EROS_CONDUCTED_LEFT_OUT] = "–",
                                         [EROS_CONDUCTED_CLOCK] = "◷",
                                         [EROS_CONDUCTED_WARNING] = "⚠" };

  eros_cli_progress_line (symbols[what], text, detail);
}

static gboolean
conduct (ErosController *controller,
         ErosRehearsal *server,
         const Options *options,
         ErosConductorTally *tally,
         GError **error)
{
  g_autoptr (ErosConductor) conductor = eros_conductor_new (controller, server, options->scenario);
  ErosCliWait wait = { NULL };
  g_autoptr (GAsyncResult) result = NULL;

  eros_conductor_set_sql (conductor, options->sql);
  g_signal_connect (conductor, "phase", G_CALLBACK (phase_cb), NULL);
  g_signal_connect (conductor, "told", G_CALLBACK (told_cb), NULL);
  eros_cli_watch_operations (controller);
  eros_conductor_run_async (conductor, eros_cli_get_interruption (), eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  eros_cli_set_waiting (NULL, NULL);
  return eros_conductor_run_finish (conductor, result, tally, error);
}

/* ---- the command --------------------------------------------------------------------------------------- */

/* Reads back what was written, from the disk. */
static gboolean
write_and_verify (ErosDeployment *deployment, GFile *output, GError **error)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (deployment));
  g_autoptr (GPtrArray) signatures = NULL;
  g_autofree char *head = NULL;
  guint64 n = 0;

  eros_cli_print (_ ("\nReport\n"));
  signatures = eros_cli_write_report (deployment, output, FALSE, error);
  if (signatures == NULL)
    return FALSE;
  eros_cli_progress_line ("✔", g_file_peek_path (output), NULL);
  eros_cli_print_signatures (signatures);
  if (!eros_journal_verify (file, &n, &head, NULL, error))
    return FALSE;
  eros_cli_progress_line ("✔", g_file_peek_path (file), NULL);
  eros_cli_print (_ ("  the chain of its %" PRIu64 " events is whole; head %s\n"), n, head);
  return TRUE;
}

/* What is open then is what was taken back, or would have come after it. */
static gboolean
is_rolled_back_as_asked (ErosDeployment *deployment, const Options *options)
{
  return eros_deployment_get_result (deployment) == EROS_RESULT_ROLLED_BACK &&
         !g_str_equal (options->scenario, eros_conductor_list_scenarios ()[0]);
}

static ErosExit
rehearse (ErosDeployment *deployment,
          ErosRehearsal *server,
          const Options *options,
          GFile *output,
          gint64 started,
          GError **error)
{
  g_autoptr (ErosController) controller =
    eros_controller_new (deployment, eros_rehearsal_get_connection (server));
  ErosConductorTally tally;
  g_autofree char *text = NULL;

  eros_cli_progress_watch (deployment);
  if (!conduct (controller, server, options, &tally, error) || !write_and_verify (deployment, output, error))
    {
      g_prefix_error (
        error, _ ("The rehearsal has ended before its end; “eros-deploy status %s” says how far it came. "),
        eros_deployment_get_id (deployment));
      return EROS_EXIT_FAILED;
    }
  text = eros_conductor_tally_to_text (&tally);
  /* Translators: how many boxes were done by whom; how long it took */
  eros_cli_print (_ ("\n%s; %.1f s\n"), text, (g_get_monotonic_time () - started) / (double) G_USEC_PER_SEC);
  return tally.open == 0 || is_rolled_back_as_asked (deployment, options) ? EROS_EXIT_DONE : EROS_EXIT_FAILED;
}

static gboolean
set_up_connection (ErosConnection *connection, Options *options, GError **error)
{
  ErosSignIn sign_in = EROS_SIGN_IN_NONE;

  if (options->sign_in != NULL && !eros_cli_parse_sign_in (options->sign_in, &sign_in, error))
    return FALSE;
  g_object_set (connection, "sign-in", sign_in, NULL);
  if (options->patience_s > 0)
    g_object_set (connection, "patience-ms", (gint64) (options->patience_s * 1000), NULL);
  return eros_cli_set_limits (connection, options->limits, error);
}

static ErosDeployment *
open_rehearsal (GFile *file, GError **error)
{
  g_autoptr (ErosDeployment) deployment = eros_deployment_open (file, EROS_JOURNAL_WRITE, error);

  if (deployment == NULL)
    return NULL;
  if (eros_deployment_get_setup (deployment)->environment == EROS_ENVIRONMENT_REHEARSAL)
    return g_steal_pointer (&deployment);
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("%s is no rehearsal, so no stand-in may act for people in it. Name another file."),
               g_file_peek_path (file));
  return NULL;
}

/* Data without their deployment are nobody's to go on with. */
static gboolean
check_no_data (GFile *file, GError **error)
{
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  if (!g_file_query_exists (data, NULL))
    return TRUE;
  g_set_error (
    error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
    _ ("%s holds the data of a rehearsal whose deployment is gone. Remove that folder, or name another "
       "file."),
    g_file_peek_path (data));
  return FALSE;
}

/* One that was cut off goes on where it was: so it is on record before anything is done for it. */
static ErosDeployment *
open_or_create (GFile *file, ErosCliLike *like, gboolean *is_new, GError **error)
{
  ErosRunbook *runbook = eros_cli_like_get_runbook (like);

  *is_new = file == NULL || !g_file_query_exists (file, NULL);
  if (!*is_new && like->inventory != NULL)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("%s is there already. Go on with it without --like, or name another file."),
                   g_file_peek_path (file));
      return NULL;
    }
  if (!*is_new)
    return open_rehearsal (file, error);
  if (file != NULL && !check_no_data (file, error))
    return NULL;
  return runbook != NULL
           ? eros_rehearsal_create_deployment_by (NULL, runbook, file, EROS_STAND_IN_ACTOR, error)
           : eros_rehearsal_create_deployment (NULL, file, EROS_STAND_IN_ACTOR, error);
}

static gboolean
start_server (ErosRehearsal **rehearsal,
              ErosDeployment *deployment,
              Options *options,
              ErosCliLike *like,
              const char *endpoint,
              GError **error)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (deployment));
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  if (like->inventory != NULL && !eros_shape_prepare (data, like->inventory, error))
    return FALSE;
  if (endpoint == NULL)
    eros_cli_progress_line ("…", _ ("Starting the BigQuery in the box"), NULL);
  *rehearsal = eros_cli_start_rehearsal (options->captions, endpoint, data, error);
  if (*rehearsal == NULL || !set_up_connection (eros_rehearsal_get_connection (*rehearsal), options, error))
    return FALSE;
  eros_cli_watch_connection (eros_rehearsal_get_connection (*rehearsal));
  eros_cli_progress_line ("✔", eros_connection_get_endpoint (eros_rehearsal_get_connection (*rehearsal)),
                          NULL);
  if (like->inventory != NULL)
    return eros_cli_like_make (like, deployment, eros_rehearsal_get_connection (*rehearsal),
                               options->leave_out, error);
  return eros_cli_check_rehearsal (*rehearsal, deployment, error);
}

/* A server that has never run has left nothing to go on with. Takes the deployment: a file that is open when
 * it is deleted leaves its -wal behind. */
static void
forget (ErosDeployment *deployment)
{
  g_autoptr (GFile) file = g_object_ref (eros_journal_get_file (eros_deployment_get_journal (deployment)));
  g_autoptr (GFile) data = eros_rehearsal_get_data_folder (file);

  g_object_unref (deployment);
  if (!g_file_query_exists (data, NULL))
    g_file_delete (file, NULL, NULL);
}

static ErosDeployment *
start (ErosRehearsal **rehearsal, Options *options, ErosCliLike *like, const char *endpoint, GError **error)
{
  g_autoptr (GFile) file = options->file != NULL ? g_file_new_for_commandline_arg (options->file) : NULL;
  gboolean is_new;
  g_autoptr (ErosDeployment) deployment = open_or_create (file, like, &is_new, error);

  if (deployment == NULL)
    return NULL;
  eros_deployment_set_actor (deployment, EROS_STAND_IN_ACTOR);
  if (!start_server (rehearsal, deployment, options, like, endpoint, error))
    {
      if (is_new)
        forget (g_steal_pointer (&deployment));
      return NULL;
    }
  eros_cli_progress_line ("✔", eros_deployment_get_setup (deployment)->name,
                          eros_deployment_get_id (deployment));
  return g_steal_pointer (&deployment);
}

/* The server of the rehearsal itself is one of its own. */
static gboolean
read_like (ErosCliLike *like, Options *options, GError **error)
{
  like->service.endpoint = g_strdup (options->endpoint);
  like->service.sign_in = g_strdup (options->sign_in);
  g_clear_pointer (&options->sign_in, g_free);
  eros_cli_progress_line ("…", _ ("Reading what the data set is to be like"), options->like);
  return eros_cli_like_read (like, options->like, error);
}

static gboolean
check_options (Options *options, GError **error)
{
  if (options->scenario == NULL)
    options->scenario = g_strdup (eros_conductor_list_scenarios ()[0]);
  if (!g_strv_contains (eros_conductor_list_scenarios (), options->scenario))
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                   _ ("“%s” is no scenario. Say “healthy”, “slow”, “failing”, “dear” or “corrupt”."),
                   options->scenario);
      return FALSE;
    }
  if (options->patience_s < 0)
    {
      g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE, _ ("--patience must be a number above 0."));
      return FALSE;
    }
  return TRUE;
}

int
eros_cli_rehearse (int argc, char **argv, GError **error)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Where to write the report (rehearsal-report.pdf)"), N_ ("PDF") },
    { "captions", 'n', 0, G_OPTION_ARG_INT, &options.captions, N_ ("Size of the sample data (100,000)"),
      N_ ("N") },
    { "endpoint", 0, 0, G_OPTION_ARG_STRING, &options.endpoint,
      N_ ("Use this server instead of starting one; also BIGQUERY_EMULATOR_HOST"), N_ ("URL") },
    { "sign-in", 0, 0, G_OPTION_ARG_STRING, &options.sign_in,
      N_ ("How to sign in to that server: “none”, “default” (application default credentials)"), N_ ("HOW") },
    { "patience", 0, 0, G_OPTION_ARG_DOUBLE, &options.patience_s,
      N_ ("How long that server may be silent before it is asked again (30)"), N_ ("SECONDS") },
    { "scenario", 0, 0, G_OPTION_ARG_STRING, &options.scenario,
      N_ ("How production fares after the deployment: “healthy”, “slow”, “failing”, “dear”, “corrupt”"),
      N_ ("HOW") },
    { "like", 0, 0, G_OPTION_ARG_STRING, &options.like,
      N_ ("Make the data set like that of a deployment, of a connection that was set up in the window, or of "
          "an inventory, without rows; --endpoint and --sign-in then say how to reach that"),
      N_ ("ID|CONNECTION|FILE") },
    { "leave-out", 0, 0, G_OPTION_ARG_NONE, &options.leave_out,
      N_ ("With --like: go on without what the BigQuery in the box cannot hold"), NULL },
    { "sql", 0, 0, G_OPTION_ARG_FILENAME, &options.sql,
      N_ ("Folder of the steps, with a folder a phase; the program brings its own"), N_ ("FOLDER") },
    EROS_CLI_LIMITS_ENTRIES (options.limits),
    { "file", 'f', 0, G_OPTION_ARG_FILENAME, &options.file,
      N_ ("Where to keep the deployment, if not among the others; a rehearsal that is there goes on"),
      N_ ("FILE") },
    G_OPTION_ENTRY_NULL,
  };
  gint64 started = g_get_monotonic_time ();
  g_autofree char *endpoint = NULL;
  g_auto (ErosCliLike) like = { 0 };
  g_autoptr (ErosRehearsal) rehearsal = NULL;
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (GFile) output = NULL;

  if (!eros_cli_parse (
        &argc, &argv, entries, NULL,
        _ ("Conducts a whole deployment against the BigQuery in the box and writes its signed report. The "
           "machine’s checks are real; what a person would do is done by a stand-in who says so."),
        0, 0, error) ||
      !eros_cli_make_absolute (&options.sql, error))
    return EROS_EXIT_USAGE;
  if (!eros_cli_check_captions (options.captions, error) ||
      !eros_cli_set_limits (NULL, options.limits, error) || !check_options (&options, error))
    return EROS_EXIT_USAGE;
  endpoint = eros_cli_find_endpoint (options.endpoint);
  output = g_file_new_for_commandline_arg (options.output != NULL ? options.output : "rehearsal-report.pdf");
  if (options.like != NULL && !read_like (&like, &options, error))
    return EROS_EXIT_FAILED;
  deployment = start (&rehearsal, &options, &like, options.like != NULL ? NULL : endpoint, error);
  if (deployment == NULL)
    return EROS_EXIT_FAILED;
  return rehearse (deployment, rehearsal, &options, output, started, error);
}
