/* eros-cli-loud.c: who else is told what is wrong: a command of the user's, and whoever reads a file of
 * numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* memfd_create () */
#include "eros-config.h"

#include "eros-cli-loud.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>

#include "eros-cli-metrics.h"
#include "eros-cli-private.h"
#include "eros-cli-progress.h"
#include "eros-problem.h"
#include "eros-text.h"
#include "eros-timeline.h"

#define LIMIT_S 30

void
eros_cli_loud_clear (ErosCliLoud *self)
{
  g_clear_pointer (&self->command, g_free);
  g_clear_pointer (&self->prometheus, g_free);
  g_clear_pointer (&self->told, g_hash_table_unref);
}

/* ---- the command --------------------------------------------------------------------------------------- */

/* What a command needs to run and to reach whoever it tells; nothing that may hold a secret. */
static gboolean
is_harmless (const char *variable)
{
  static const char *const names[] = { "PATH=",     "HOME=",   "USER=", "LOGNAME=",
                                       "SHELL=",    "LANG=",   "TZ=",   "XDG_RUNTIME_DIR=",
                                       "LANGUAGE=", "TMPDIR=", "LC_",   "DBUS_SESSION_BUS_ADDRESS=" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (variable, names[i]))
      return TRUE;
  return FALSE;
}

/* (transfer full) */
static GStrv
make_environment (void)
{
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new ();
  g_auto (GStrv) all = g_get_environ ();

  for (guint i = 0; all[i] != NULL; i++)
    if (is_harmless (all[i]))
      g_strv_builder_add (kept, all[i]);
  return g_strv_builder_end (kept);
}

/* So that what the shell has started ends with it. */
static void
lead_group (gpointer user_data)
{
  setpgid (0, 0);
}

static gboolean
overdue_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

static void
interrupted_cb (GCancellable *interruption, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* Whoever wants the program to end does not wait for a command of its. */
static gboolean
is_interrupted (void)
{
  return g_cancellable_is_cancelled (eros_cli_get_interruption ());
}

static void
end_group (GSubprocess *process)
{
  const char *id = g_subprocess_get_identifier (process);

  if (id != NULL)
    kill (-(pid_t) g_ascii_strtoll (id, NULL, 10), SIGKILL);
}

/* A file in memory holds INPUT: whoever does not read it keeps nobody waiting. -1: there is no room. */
static int
hold (const char *input, GError **error)
{
  int fd = memfd_create ("problem", MFD_CLOEXEC);
  gssize length = (gssize) strlen (input);

  if (fd >= 0 && write (fd, input, length) == length && lseek (fd, 0, SEEK_SET) == 0)
    return fd;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static GSubprocess *
start (const char *command, const char *input, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_auto (GStrv) environment = make_environment ();
  int fd = hold (input, error);

  if (fd < 0)
    return NULL;
  g_subprocess_launcher_take_stdin_fd (launcher, fd);
  g_subprocess_launcher_set_environ (launcher, environment);
  g_subprocess_launcher_set_child_setup (launcher, lead_group, NULL, NULL);
  return g_subprocess_launcher_spawn (launcher, error, "/bin/sh", "-c", command, NULL);
}

/* Whether it has ended well in its time. */
static gboolean
run (const ErosCliLoud *self, const char *input, GError **error)
{
  g_autoptr (GSubprocess) process = start (self->command, input, error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  ErosCliWait wait = { NULL };
  int limit = self->limit_s != 0 ? (int) self->limit_s : LIMIT_S;
  gboolean has_ended;
  gulong interrupted;
  guint timer;

  if (process == NULL)
    return FALSE;
  interrupted =
    g_cancellable_connect (eros_cli_get_interruption (), G_CALLBACK (interrupted_cb), cancellable, NULL);
  timer = g_timeout_add_seconds (limit, overdue_cb, cancellable);
  g_subprocess_wait_check_async (process, cancellable, eros_cli_wait_cb, &wait);
  result = eros_cli_wait (&wait);
  has_ended = g_subprocess_wait_check_finish (process, result, error);
  g_source_remove (timer);
  g_cancellable_disconnect (eros_cli_get_interruption (), interrupted);
  if (has_ended || !g_cancellable_is_cancelled (cancellable))
    return has_ended;
  end_group (process);
  if (is_interrupted ())
    return FALSE;
  g_clear_error (error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _ ("it had not ended after %d seconds"), limit);
  return FALSE;
}

/* The same for the same problem, so that a pager takes it for one. */
static char *
make_key (ErosDeployment *deployment, ErosProblem *problem)
{
  const char *target = eros_problem_get_target (problem);

  return g_strjoin (":", eros_deployment_get_id (deployment),
                    eros_problem_kind_to_text (eros_problem_get_kind (problem)), target != NULL ? target : "",
                    NULL);
}

static void
add_deployment (JsonBuilder *builder, ErosDeployment *deployment)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment);
  const struct
  {
    const char *name, *value;
  } members[] = { { "id", eros_deployment_get_id (deployment) },
                  { "name", setup->name },
                  { "environment", eros_cli_environment_text (setup->environment) },
                  { "project", setup->project },
                  { "dataset", setup->dataset } };

  json_builder_set_member_name (builder, "deployment");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      json_builder_set_member_name (builder, members[i].name);
      json_builder_add_string_value (builder, members[i].value != NULL ? members[i].value : "");
    }
  json_builder_end_object (builder);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* (transfer full): one line */
static char *
describe (ErosDeployment *deployment, ErosProblem *problem, const char *key, gboolean is_over)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = eros_text_show_line (eros_problem_get_text (problem));
  g_autofree char *time = eros_time_iso (eros_timeline_get_now (deployment));
  g_autofree char *json = NULL;

  json_builder_begin_object (builder);
  add_text (builder, "state", is_over ? "over" : "begun");
  add_text (builder, "key", key);
  add_text (builder, "kind", eros_problem_kind_to_text (eros_problem_get_kind (problem)));
  json_builder_set_member_name (builder, "grave");
  json_builder_add_boolean_value (builder, eros_problem_is_grave (problem));
  add_text (builder, "text", text);
  add_text (builder, "time", time);
  add_deployment (builder, deployment);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json = json_to_string (root, FALSE);
  return g_strconcat (json, "\n", NULL);
}

static gboolean
tell_one (ErosCliLoud *self,
          ErosDeployment *deployment,
          ErosProblem *problem,
          const char *key,
          gboolean is_over)
{
  g_autofree char *input = describe (deployment, problem, key, is_over);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (run (self, input, &error))
    return TRUE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  message = g_strdup_printf (
    /* Translators: why a command of the user’s did not work */
    self->once ? _ ("The command of --notify did not work: %s.")
               : _ ("The command of --notify did not work: %s. It is tried again."),
    error->message);
  eros_cli_progress_line ("⚠", message, NULL);
  return FALSE;
}

/* (transfer full) (element-type ErosProblem) */
static GPtrArray *
list_problems (ErosDeployment *deployment, const char *unreached)
{
  GPtrArray *list = eros_problem_list (deployment, eros_timeline_get_now (deployment), NULL);

  if (unreached != NULL)
    g_ptr_array_add (list, eros_problem_new (EROS_PROBLEM_OFFLINE, NULL, NULL, unreached));
  return list;
}

/* (transfer full): key → ErosProblem */
static GHashTable *
find_present (ErosDeployment *deployment, GPtrArray *list)
{
  GHashTable *present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  for (guint i = 0; i < list->len; i++)
    g_hash_table_replace (present, make_key (deployment, list->pdata[i]), g_object_ref (list->pdata[i]));
  return present;
}

/* Whether all of it was told. */
static gboolean
tell_begun (ErosCliLoud *self, ErosDeployment *deployment, GHashTable *present)
{
  GHashTableIter iter;
  gpointer key, problem;
  gboolean is_told = TRUE;

  g_hash_table_iter_init (&iter, present);
  while (g_hash_table_iter_next (&iter, &key, &problem))
    if (g_hash_table_contains (self->told, key))
      continue;
    else if (!is_interrupted () && tell_one (self, deployment, problem, key, FALSE))
      g_hash_table_insert (self->told, g_strdup (key), g_object_ref (problem));
    else
      is_told = FALSE;
  return is_told;
}

static void
tell_over (ErosCliLoud *self, ErosDeployment *deployment, GHashTable *present)
{
  GHashTableIter iter;
  gpointer key, problem;

  g_hash_table_iter_init (&iter, self->told);
  while (g_hash_table_iter_next (&iter, &key, &problem))
    if (!g_hash_table_contains (present, key) && !is_interrupted () &&
        tell_one (self, deployment, problem, key, TRUE))
      g_hash_table_iter_remove (&iter);
}

/* What a command is told while another runs waits: both would go through the same table. */
static gboolean
tell_command (ErosCliLoud *self, ErosDeployment *deployment, GPtrArray *problems)
{
  g_autoptr (GHashTable) present = NULL;
  gboolean is_told;

  if (self->command == NULL || self->is_telling)
    return TRUE;
  if (self->told == NULL)
    self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->is_telling = TRUE;
  present = find_present (deployment, problems);
  is_told = tell_begun (self, deployment, present);
  tell_over (self, deployment, present);
  self->is_telling = FALSE;
  return is_told;
}

gboolean
eros_cli_loud_tell (ErosCliLoud *self, ErosDeployment *deployment, const char *unreached)
{
  g_autoptr (GPtrArray) problems = list_problems (deployment, unreached);
  g_autoptr (GError) error = NULL;

  if (self->prometheus != NULL && !eros_cli_metrics_write (deployment, problems, self->prometheus, &error))
    eros_cli_progress_line ("⚠", error->message, NULL);
  return (tell_command (self, deployment, problems) || !self->once) && error == NULL;
}
