/* main.c: eros-bigquery-local, a BigQuery on this machine
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "eros-config.h"
#include "eros-sample.h"
#include "eros-service.h"

/* Whoever asks it to end waits no longer than this. */
#define END_WITHIN_S 15

static int port = 0;
static char *directory = NULL;
static char *project = NULL;
static char *sample = NULL;
static int history = 0;
static char *key_file = NULL;
static gboolean until_eof = FALSE;
static gboolean show_version = FALSE;
static int wake[2];

static const GOptionEntry OPTIONS[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "Listen on port N of 127.0.0.1 (default: any that is free)", "N" },
  { "data", 0, 0, G_OPTION_ARG_FILENAME, &directory, "Keep everything in DIR (default: nothing is kept)",
    "DIR" },
  { "project", 0, 0, G_OPTION_ARG_STRING, &project, "The project's name (default: eros-rehearsal)", "NAME" },
  { "sample", 0, 0, G_OPTION_ARG_STRING, &sample, "Load sample data: eros, or eros:CAPTIONS", "SAMPLE" },
  { "history", 0, 0, G_OPTION_ARG_INT, &history, "With the sample, DAYS days of job history", "DAYS" },
  { "issue-key", 0, 0, G_OPTION_ARG_FILENAME, &key_file,
    "Write a service account's key to FILE, and ask for tokens", "FILE" },
  { "until-eof", 0, 0, G_OPTION_ARG_NONE, &until_eof, "End when standard input is closed", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Show the version", NULL },
  { NULL },
};

/* Work is given up, and what is on disk is as after a kill: whole. */
static void
cut_off (int number)
{
  _exit (1);
}

static gboolean
woken_cb (int fd, GIOCondition condition, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* Without memory or threads the loop may not get as far as quit_cb (). */
static void
ask_to_end (int number)
{
  alarm (END_WITHIN_S);
  if (write (wake[1], "", 1) < 0)
    _exit (1);
}

/* Signals are asked for by the kernel alone: that needs no thread and no memory. */
static gboolean
watch_signals (GMainLoop *loop, GError **error)
{
  struct sigaction ask = { .sa_handler = ask_to_end, .sa_flags = SA_RESTART };
  struct sigaction cut = { .sa_handler = cut_off };

  if (!g_unix_open_pipe (wake, FD_CLOEXEC, error) || !g_unix_set_fd_nonblocking (wake[1], TRUE, error))
    return FALSE;
  g_unix_fd_add (wake[0], G_IO_IN, woken_cb, loop);
  sigaction (SIGTERM, &ask, NULL);
  sigaction (SIGINT, &ask, NULL);
  sigaction (SIGALRM, &cut, NULL);
  return TRUE;
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer loop)
{
  char buffer[256];

  if ((condition & (G_IO_HUP | G_IO_ERR)) == 0 && read (fd, buffer, sizeof buffer) > 0)
    return G_SOURCE_CONTINUE;
  alarm (END_WITHIN_S);
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static gboolean
parse_options (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                "A BigQuery on this machine, with Cloud Storage and scheduled queries.");
  g_option_context_add_main_entries (context, OPTIONS, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (project == NULL)
    project = g_strdup ("eros-rehearsal");
  if (*argc > 1 || port < 0 || port > 65535 || history < 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s; see --help",
                   *argc > 1                  ? "Too many arguments"
                   : port < 0 || port > 65535 ? "--port is a number from 0 to 65535"
                                              : "--history is a number of days");
      return FALSE;
    }
  return TRUE;
}

static gboolean
load_sample (ErosEngine *engine, GError **error)
{
  ErosSampleOptions options = EROS_SAMPLE_OPTIONS_INIT;

  if (sample == NULL)
    return TRUE;
  options.project = project;
  options.history_days = history;
  return eros_sample_parse (sample, &options, error) &&
         eros_sample_load (eros_engine_get_store (engine), &options, error);
}

static gboolean
serve (ErosEngine *engine, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (ErosService) service = NULL;

  if (!load_sample (engine, error))
    return FALSE;
  service = eros_service_new (engine, project, port, error);
  if (service == NULL || (key_file != NULL && !eros_service_issue_key (service, key_file, error)))
    return FALSE;
  if (!watch_signals (loop, error))
    return FALSE;
  if (until_eof)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_cb, loop);
  g_print ("listening on %s\n", eros_service_get_url (service));
  fflush (stdout);
  g_main_loop_run (loop);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosEngine) engine = NULL;
  gboolean served = FALSE;

  setlocale (LC_ALL, "");
  if (!parse_options (&argc, &argv, &error))
    {
      g_printerr ("eros-bigquery-local: %s\n", error->message);
      return 2;
    }
  if (show_version)
    {
      g_print ("eros-bigquery-local %s\n", EROS_VERSION);
      return 0;
    }
  engine = eros_engine_open (directory, project, "US", &error);
  if (engine != NULL)
    served = serve (engine, &error);
  if (served)
    return 0;
  g_printerr ("eros-bigquery-local: %s\n", error->message);
  return 1;
}
