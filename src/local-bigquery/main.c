/* main.c: eros-bigquery-local, a BigQuery on this machine
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gunixinputstream.h>
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <locale.h>
#ifdef __GLIBC__
  #include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eros-config.h"
#include "eros-environment.h"
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
static char *user = NULL;
static gboolean until_eof = FALSE;
static gboolean print_environment = FALSE;
static char **command = NULL; /* of `run`: runs, and the server ends with it */
static GPid command_pid = 0;
static int command_status = 0;
static int answer_fd = -1; /* of --print-environment: who waits for the text */
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
  { "user", 0, 0, G_OPTION_ARG_STRING, &user,
    "Who it is that asks without a token, for SESSION_USER () and row access policies", "EMAIL" },
  { "until-eof", 0, 0, G_OPTION_ARG_NONE, &until_eof, "End when standard input is closed", NULL },
  { "print-environment", 0, 0, G_OPTION_ARG_NONE, &print_environment,
    "Stay in the background, and print what a shell must be told: eval \"$(… --print-environment)\"", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Show the version", NULL },
  { NULL },
};

/* Work is given up, and what is on disk is as after a kill: whole. */
static void
cut_off (int number)
{
  _exit (1);
}

/* The command of `run` is asked first, and the server ends with it. */
static gboolean
woken_cb (int fd, GIOCondition condition, gpointer loop)
{
  if (command_pid != 0)
    kill (command_pid, SIGTERM);
  else
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

/* `run -- COMMAND…`: what is behind the two dashes is not ours, and taken away before options are looked for.
 */
static void
take_command (int *argc, char **argv)
{
  for (int i = 1; i < *argc; i++)
    if (strcmp (argv[i], "--") == 0)
      {
        command = g_strdupv (argv + i + 1);
        *argc = i;
      }
}

static gboolean
check_command (int *argc, char **argv, GError **error)
{
  gboolean run = *argc == 2 && strcmp (argv[1], "run") == 0;

  if (run == (command != NULL && command[0] != NULL))
    {
      *argc -= run;
      return TRUE;
    }
  if (!run && command == NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "a command stands behind two dashes: run [OPTION…] -- COMMAND…; see --help");
  return FALSE;
}

static gboolean
parse_options (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (
    context, "A BigQuery on this machine, with Cloud Storage and scheduled queries.\n"
             "  eros-bigquery-local [OPTION…]                    serves until it is ended\n"
             "  eros-bigquery-local run [OPTION…] -- COMMAND…    serves COMMAND, and ends with it");
  g_option_context_add_main_entries (context, OPTIONS, NULL);
  take_command (argc, *argv);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (project == NULL)
    project = g_strdup ("eros-rehearsal");
  if (!check_command (argc, *argv, error))
    return FALSE;
  if (*argc > 1 || port < 0 || port > 65535 || history < 0 || (command != NULL && print_environment))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s; see --help",
                   *argc > 1 ? "Too many arguments"
                   : command != NULL && print_environment
                     ? "run sets the variables itself; --print-environment is for a shell"
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

static void
command_ended_cb (GPid pid, int status, gpointer loop)
{
  command_pid = 0;
  command_status = WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
  g_spawn_close_pid (pid);
  g_main_loop_quit (loop);
}

static gboolean
start_command (ErosEnvironment *environment, GMainLoop *loop, GError **error)
{
  g_auto (GStrv) variables = eros_environment_apply (environment, g_get_environ ());

  if (!g_spawn_async (NULL, command, variables,
                      G_SPAWN_SEARCH_PATH_FROM_ENVP | G_SPAWN_DO_NOT_REAP_CHILD |
                        G_SPAWN_CHILD_INHERITS_STDIN,
                      NULL, NULL, &command_pid, error))
    return FALSE;
  g_child_watch_add (command_pid, command_ended_cb, loop);
  return TRUE;
}

/* The shell goes on as soon as it has read everything; nobody reads what is printed after that. */
static gboolean
hand_over (ErosEnvironment *environment, GError **error)
{
  g_autofree char *text = eros_environment_to_shell (environment);
  gsize length = strlen (text);
  int nothing = open ("/dev/null", O_RDWR | O_CLOEXEC);

  if (nothing < 0 || write (answer_fd, text, length) != (gssize) length)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   "Could not hand over the variables: %s", g_strerror (errno));
      return FALSE;
    }
  close (answer_fd);
  for (int fd = 0; fd <= 2; fd++)
    dup2 (nothing, fd);
  close (nothing);
  return TRUE;
}

/* Tells whoever is to know where the server is. */
static gboolean
announce (const char *url, ErosEnvironment **environment, GMainLoop *loop, GError **error)
{
  if (command == NULL && !print_environment)
    {
      g_print ("listening on %s\n", url);
      fflush (stdout);
      return TRUE;
    }
  *environment = eros_environment_new (url, project, key_file, error);
  if (*environment == NULL)
    return FALSE;
  return command != NULL ? start_command (*environment, loop, error) : hand_over (*environment, error);
}

static gboolean
serve (ErosEngine *engine, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (ErosEnvironment) environment = NULL;
  g_autoptr (ErosService) service = NULL;

  if (!load_sample (engine, error))
    return FALSE;
  service = eros_service_new (engine, project, port, error);
  if (service == NULL || (key_file != NULL && !eros_service_issue_key (service, key_file, error)))
    return FALSE;
  if (user != NULL)
    eros_service_set_user (service, user);
  if (!watch_signals (loop, error))
    return FALSE;
  if (until_eof)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_cb, loop);
  if (!announce (eros_service_get_url (service), &environment, loop, error))
    return FALSE;
  g_main_loop_run (loop);
  return TRUE;
}

/* The process that was called copies what the other one says, and ends; the other one stays. Before there are
 * threads. Returns the status to end with, or -1 in the one that stays. */
static int
go_into_background (void)
{
  char text[4096];
  gboolean told = FALSE;
  int ends[2], status = 0;
  gssize n;
  pid_t child;

  if (pipe (ends) < 0 || (child = fork ()) < 0)
    {
      g_printerr ("eros-bigquery-local: %s\n", g_strerror (errno));
      return 1;
    }
  if (child == 0)
    {
      close (ends[0]);
      answer_fd = ends[1];
      setsid ();
      return -1;
    }
  close (ends[1]);
  while ((n = read (ends[0], text, sizeof text)) > 0)
    told = fwrite (text, 1, n, stdout) == (gsize) n;
  if (told)
    return 0;
  waitpid (child, &status, 0);
  return WIFEXITED (status) && WEXITSTATUS (status) != 0 ? WEXITSTATUS (status) : 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosEngine) engine = NULL;
  gboolean served = FALSE;
  int status = -1;

  setlocale (LC_ALL, "");
#ifdef __GLIBC__
  /* A heap for each of many threads would keep what each of them needed once. */
  mallopt (M_ARENA_MAX, 4);
#endif
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
  if (print_environment)
    status = go_into_background ();
  if (status >= 0)
    return status;
  engine = eros_engine_open (directory, project, "US", &error);
  if (engine != NULL)
    served = serve (engine, &error);
  if (served)
    return command_status;
  g_printerr ("eros-bigquery-local: %s\n", error->message);
  return 1;
}
