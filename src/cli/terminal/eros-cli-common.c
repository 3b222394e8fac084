/* eros-cli-common.c: options, files, printing and waiting
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cli-private.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "eros-text.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (cli)

/* Whether the value of an option is expected after WORD: “--budget”, “-n”. */
static gboolean
takes_next (const GOptionEntry *entries, const char *word)
{
  const char *name = g_str_has_prefix (word, "--") ? word + 2 : NULL;

  for (const GOptionEntry *entry = entries; entry != NULL && entry->long_name != NULL; entry++)
    if (entry->arg != G_OPTION_ARG_NONE && entry->arg != G_OPTION_ARG_CALLBACK &&
        (name != NULL ? g_str_equal (entry->long_name, name)
                      : *word == '-' && word[1] == entry->short_name && word[1] != '\0' && word[2] == '\0'))
      return TRUE;
  return FALSE;
}

/* A number below zero is no option: its sign is hidden from who looks for options, here and then shown again.
 * Returns: (transfer container): what is hidden */
static GPtrArray *
hide_signs (int argc, char **argv, const GOptionEntry *entries)
{
  GPtrArray *hidden = g_ptr_array_new ();

  for (int i = 1; i < argc && strcmp (argv[i], "--") != 0; i++)
    if (takes_next (entries, argv[i]))
      i++;
    else if (argv[i][0] == '-' && g_ascii_isdigit (argv[i][argv[i][1] == '.' || argv[i][1] == '$' ? 2 : 1]))
      {
        argv[i][0] = '\x1f';
        g_ptr_array_add (hidden, argv[i]);
      }
  return hidden;
}

static void
show_sign (gpointer word, gpointer user_data)
{
  *(char *) word = '-';
}

gboolean
eros_cli_parse (int *argc,
                char ***argv,
                const GOptionEntry *entries,
                const char *parameters,
                const char *summary,
                int n_least,
                int n_most,
                GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GPtrArray) hidden = hide_signs (*argc, *argv, entries);
  gboolean is_parsed;
  int n;

  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  is_parsed = g_option_context_parse (context, argc, argv, &problem);
  g_ptr_array_foreach (hidden, show_sign, NULL);
  if (!is_parsed)
    {
      if (problem->domain == G_CONVERT_ERROR)
        g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                     _ ("The value of an option is not valid UTF-8. Type it again."));
      else
        g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  n = *argc - 1;
  if (n >= n_least && (n_most < 0 || n <= n_most))
    return TRUE;
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               n < n_least ? _ ("Something is missing. Usage: %s [OPTION…] %s")
                           : _ ("There is something too much. Usage: %s [OPTION…] %s"),
               g_get_prgname (), parameters != NULL ? parameters : "");
  return FALSE;
}

gboolean
eros_cli_check_time (const char *text, GError **error)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  if (time != NULL)
    return TRUE;
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("“%s” is not a time: write it as 2025-10-31T14:00:00Z."), text);
  return FALSE;
}

gboolean
eros_cli_make_absolute (char **path, GError **error)
{
  g_autofree char *given = g_steal_pointer (path);

  if (given == NULL)
    return TRUE;
  *path = g_canonicalize_filename (given, NULL);
  if (g_utf8_validate (*path, -1, NULL))
    return TRUE;
  g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
               _ ("A path that goes on record has to be UTF-8, and “%s” is not. Rename the folder."), given);
  return FALSE;
}

static gboolean
is_path (const char *id)
{
  return strchr (id, G_DIR_SEPARATOR) != NULL || g_str_has_suffix (id, ".erosdeploy");
}

/* The ids in DIRECTORY that begin with ID. */
static GPtrArray *
find_ids (GFile *directory, const char *id)
{
  g_autoptr (GDir) dir = g_dir_open (g_file_peek_path (directory), 0, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, id) && g_str_has_suffix (name, ".erosdeploy"))
      g_ptr_array_add (found, g_strndup (name, strlen (name) - strlen (".erosdeploy")));
  return found;
}

GFile *
eros_cli_find_file (const char *id, GError **error)
{
  g_autoptr (GFile) directory = eros_deployment_get_directory ();
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *whole = NULL;

  if (is_path (id) || g_file_test (id, G_FILE_TEST_IS_REGULAR))
    return g_file_new_for_commandline_arg (id);

  whole = g_strconcat (id, ".erosdeploy", NULL);
  found = find_ids (directory, id);
  if (*id != '\0' && found->len > 0 &&
      (found->len == 1 || g_ptr_array_find_with_equal_func (found, id, g_str_equal, NULL)))
    {
      g_autofree char *name =
        found->len == 1 ? g_strconcat (found->pdata[0], ".erosdeploy", NULL) : g_strdup (whole);

      return g_file_get_child (directory, name);
    }
  if (found->len > 1)
    g_set_error (
      error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
      _ ("“%s” is the beginning of %u deployments. “eros-deploy list” shows them: give more of its name."),
      id, found->len);
  else
    g_set_error (error, EROS_CLI_ERROR, EROS_CLI_ERROR_USAGE,
                 _ ("There is no deployment “%s”. “eros-deploy list” shows those that there are."), id);
  return NULL;
}

static ErosDeployment *written;

void
eros_cli_keep_written (ErosDeployment *deployment)
{
  g_set_object (&written, deployment);
}

ErosDeployment *
eros_cli_take_written (void)
{
  return g_steal_pointer (&written);
}

ErosDeployment *
eros_cli_open (const char *id, ErosJournalMode mode, GError **error)
{
  g_autoptr (GFile) file = eros_cli_find_file (id, error);
  ErosDeployment *deployment = file != NULL ? eros_deployment_open (file, mode, error) : NULL;

  if (deployment != NULL && mode == EROS_JOURNAL_WRITE)
    eros_cli_keep_written (deployment);
  return deployment;
}

void
eros_cli_set_text (JsonObject *object, const char *name, const char *text)
{
  /* A file's name need not be UTF-8, and JSON is. */
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  if (valid != NULL)
    json_object_set_string_member (object, name, valid);
  else
    json_object_set_null_member (object, name);
}

ErosExit
eros_cli_exit_of (gboolean has_failed, gboolean has_error, gboolean is_undecided)
{
  if (has_failed)
    return EROS_EXIT_FAILED;
  if (has_error)
    return EROS_EXIT_UNAVAILABLE;
  return is_undecided ? EROS_EXIT_UNDECIDED : EROS_EXIT_DONE;
}

const char *
eros_cli_environment_text (ErosEnvironment environment)
{
  static const char *const texts[] = { "rehearsal", "staging", "production" };

  return texts[environment];
}

const char *
eros_cli_result_text (ErosResult result)
{
  static const char *const texts[] = { "undecided", "success", "rolled-back", "rollback-required" };

  return texts[result];
}

const char *
eros_cli_phase_state_text (ErosPhaseState state)
{
  static const char *const texts[] = { "not-started", "in-progress", "complete", "failed" };

  return texts[state];
}

const char *
eros_cli_mark_text (ErosItemMark mark)
{
  static const char *const texts[] = { "open", "ticked", "not-applicable" };

  return texts[mark];
}

void
eros_cli_wait_cb (GObject *source, GAsyncResult *result, gpointer wait)
{
  ((ErosCliWait *) wait)->result = g_object_ref (result);
}

static gboolean
tick_cb (gpointer user_data)
{
  eros_cli_tell_waiting ();
  return G_SOURCE_CONTINUE;
}

GAsyncResult *
eros_cli_wait (ErosCliWait *wait)
{
  guint tick = g_timeout_add (500, tick_cb, NULL);

  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
  return g_steal_pointer (&wait->result);
}

static gboolean
interrupted_cb (gpointer user_data)
{
  GCancellable *interruption = G_CANCELLABLE (user_data);

  /* Whoever asks twice does not want to wait for the server's word. What is in the journal is true either
   * way. */
  if (g_cancellable_is_cancelled (interruption))
    _exit (EROS_EXIT_INTERRUPTED);
  fputs (_ ("\nStopping … (once more to stop without waiting)\n"), stderr);
  g_cancellable_cancel (interruption);
  return G_SOURCE_CONTINUE;
}

GCancellable *
eros_cli_get_interruption (void)
{
  static GCancellable *interruption = NULL;

  if (interruption == NULL)
    {
      interruption = g_cancellable_new ();
      g_unix_signal_add (SIGINT, interrupted_cb, interruption);
      g_unix_signal_add (SIGTERM, interrupted_cb, interruption);
    }
  return interruption;
}

void
eros_cli_name_option (const char *option, GError **error)
{
  g_autofree char *said = NULL;

  if (error == NULL || !g_error_matches (*error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON))
    return;
  said = g_strdup ((*error)->message);
  g_clear_error (error);
  /* Translators: sentences; the option of a command */
  g_set_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON,
               _ ("%s\nThe reason is given with --%s REASON."), said, option);
}
