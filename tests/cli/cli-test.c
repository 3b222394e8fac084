/* cli-test.c: the program as a shell sees it: arguments, output, exit status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli-test.h"

#include <string.h>
#include <sys/wait.h>
#include <glib/gstdio.h>

void
cli_test_set_up (CliTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test->folder = g_dir_make_tmp ("eros-cli-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

void
cli_test_tear_down (CliTest *test, gconstpointer data)
{
  remove_all (test->folder);
  g_free (test->folder);
  g_free (test->output);
  g_free (test->errors);
}

static char **
make_environment (CliTest *test)
{
  char **environment = g_get_environ ();

  environment = g_environ_setenv (environment, "XDG_DATA_HOME", test->folder, TRUE);
  environment = g_environ_unsetenv (environment, "DISPLAY");
  environment = g_environ_unsetenv (environment, "WAYLAND_DISPLAY");
  environment = g_environ_unsetenv (environment, "BIGQUERY_EMULATOR_HOST");
  return environment;
}

static GPtrArray *
make_command (va_list arguments)
{
  GPtrArray *command = g_ptr_array_new ();
  char *argument;

  g_ptr_array_add (command, (gpointer) g_getenv ("EROS_DEPLOY"));
  while ((argument = va_arg (arguments, char *)) != NULL)
    g_ptr_array_add (command, argument);
  g_ptr_array_add (command, NULL);
  return command;
}

void
cli_test_run (CliTest *test, ...)
{
  g_auto (GStrv) environment = make_environment (test);
  g_autoptr (GPtrArray) command = NULL;
  g_autoptr (GError) error = NULL;
  va_list arguments;
  int status = 0;

  va_start (arguments, test);
  command = make_command (arguments);
  va_end (arguments);
  g_clear_pointer (&test->output, g_free);
  g_clear_pointer (&test->errors, g_free);
  g_spawn_sync (test->folder, (char **) command->pdata, environment, G_SPAWN_DEFAULT, NULL, NULL,
                &test->output, &test->errors, &status, &error);
  g_assert_no_error (error);
  if (!WIFEXITED (status))
    g_error ("eros-deploy %s was stopped by signal %d: %s", (char *) command->pdata[1], WTERMSIG (status),
             test->errors);
  test->status = WEXITSTATUS (status);
}

GPid
cli_test_start (CliTest *test, int *output, ...)
{
  g_auto (GStrv) environment = make_environment (test);
  g_autoptr (GPtrArray) command = NULL;
  g_autoptr (GError) error = NULL;
  va_list arguments;
  GPid child = 0;

  va_start (arguments, output);
  command = make_command (arguments);
  va_end (arguments);
  g_spawn_async_with_pipes (test->folder, (char **) command->pdata, environment, G_SPAWN_DO_NOT_REAP_CHILD,
                            NULL, NULL, &child, NULL, output, NULL, &error);
  g_assert_no_error (error);
  return child;
}

JsonNode *
cli_test_json (CliTest *test)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (test->output, &error);

  g_assert_no_error (error);
  return node;
}

char *
cli_test_path (CliTest *test, const char *name)
{
  return g_build_filename (test->folder, name, NULL);
}
