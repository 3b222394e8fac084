/* eros-probe-command.c: is the bq command on this computer, and signed in?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <glib/gi18n-lib.h>

#include "eros-probe-private.h"

#define PATIENCE_S 30

typedef struct
{
  GTask *task;
  GSubprocess *process;
  char *path;
  guint timeout;
} Command;

static void
command_free (Command *command)
{
  g_clear_handle_id (&command->timeout, g_source_remove);
  g_clear_object (&command->task);
  g_clear_object (&command->process);
  g_free (command->path);
  g_free (command);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Command, command_free)

static gboolean
timeout_cb (gpointer user_data)
{
  Command *command = user_data;

  command->timeout = 0;
  g_subprocess_force_exit (command->process);
  return G_SOURCE_REMOVE;
}

/* (transfer full): what it said last, which is where such a command puts its reason */
static char *
last_line (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_utf8_make_valid (text != NULL ? text : "", -1));
  const char *newline = strrchr (stripped, '\n');

  return g_strdup (newline != NULL ? newline + 1 : stripped);
}

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Command) command = user_data;
  GTask *task = command->task;
  GError *error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *reason = NULL;
  gboolean answered;

  if (!g_subprocess_communicate_utf8_finish (command->process, result, &output, &problem, &error))
    {
      g_subprocess_force_exit (command->process);
      eros_probe_answered (task, "bq", NULL, error);
      return;
    }
  answered = command->timeout != 0;
  reason = last_line (problem != NULL && *problem != '\0' ? problem : output);
  if (answered && g_subprocess_get_successful (command->process))
    eros_probe_add (task, "bq", EROS_OUTCOME_PASS,
                    g_strdup_printf (_ ("“bq show” of the data set, by %s, ended well"), command->path),
                    NULL);
  else if (!answered)
    eros_probe_add (task, "bq", EROS_OUTCOME_ERROR,
                    g_strdup_printf (_ ("“bq show” of the data set, by %1$s, had not ended after %2$d s"),
                                     command->path, PATIENCE_S),
                    g_strdup (_ ("Run it in a terminal to see what it waits for.")));
  else
    eros_probe_add (
      task, "bq", EROS_OUTCOME_FAIL,
      g_strdup_printf (_ ("“bq show” of the data set, by %1$s, failed: %2$s"), command->path, reason),
      g_strdup (_ ("Sign it in with “gcloud auth login”, and try “bq show” in a terminal.")));
  eros_probe_done (task);
}

static void
show (GTask *task, const char *path)
{
  ErosConnection *connection = eros_probe_connection (task);
  g_autofree char *dataset = g_strdup_printf ("%s:%s", eros_connection_get_project (connection),
                                              eros_connection_get_dataset (connection));
  const char *arguments[] = { path, "--headless", "show", dataset, NULL };
  Command *command = g_new0 (Command, 1);
  GError *error = NULL;

  command->task = g_object_ref (task);
  command->path = g_strdup (path);
  command->process =
    g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  if (command->process == NULL)
    {
      eros_probe_answered (task, "bq", NULL, error);
      command_free (command);
      return;
    }
  command->timeout = g_timeout_add_seconds (PATIENCE_S, timeout_cb, command);
  g_subprocess_communicate_utf8_async (command->process, NULL, g_task_get_cancellable (task), shown_cb,
                                       command);
}

/* The program's own client needs no bq: where there is none, the box that asks for it stays a person's. */
void
eros_probe_look_for_command (GTask *task)
{
  g_autofree char *path = g_find_program_in_path ("bq");

  const char *endpoint = eros_connection_get_endpoint (eros_probe_connection (task));

  json_object_set_string_member (eros_probe_of (task)->result->evidence, "bq", path != NULL ? path : "");
  if (path != NULL && endpoint == NULL)
    {
      show (task, path);
      return;
    }
  if (path != NULL)
    {
      eros_probe_add (
        task, "bq", EROS_OUTCOME_NOT_ENOUGH,
        g_strdup_printf (_ ("%1$s is there, and is not asked: it would look at Google's BigQuery, and not at "
                            "%2$s"),
                         path, endpoint),
        NULL);
      eros_probe_done (task);
      return;
    }
  eros_probe_add (
    task, "bq", EROS_OUTCOME_NOT_ENOUGH,
    g_strdup (
      _ ("There is no bq command on this computer; the program's own client is signed in, and nothing "
         "here needs bq")),
    g_strdup (_ ("Install it and check again, or say that it does not apply.")));
  eros_probe_done (task);
}
