/* test-keyring.c: GNOME's own keyring, on a private bus and in a folder of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

#include "eros-keyring.h"
#include "eros-secret.h"
#include "fake-keyring.h"

static GAsyncResult *last_result;

static void
keep_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  last_result = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (void)
{
  while (last_result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&last_result);
}

static void
appeared_cb (GDBusConnection *connection, const char *name, const char *owner, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static GSubprocess *
start_daemon (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  GSubprocess *daemon;
  gboolean appeared = FALSE;
  guint watch;

  /* Its warnings are its own. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground", "--unlock",
                                        "--components=secrets", NULL);
  g_assert_no_error (error);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (daemon), "password", 8, NULL, NULL, NULL);
  g_output_stream_close (g_subprocess_get_stdin_pipe (daemon), NULL, NULL);
  watch =
    g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets", 0, appeared_cb, NULL, &appeared, NULL);
  while (!appeared)
    g_main_context_iteration (NULL, TRUE);
  g_bus_unwatch_name (watch);
  return daemon;
}

static gboolean
store (const char *connection, const char *secret, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_keyring_store_async (connection, secret, NULL, keep_result_cb, NULL);
  result = wait_for_result ();
  return eros_keyring_store_finish (result, error);
}

static char *
look_up (const char *connection, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_keyring_lookup_async (connection, NULL, keep_result_cb, NULL);
  result = wait_for_result ();
  return eros_keyring_lookup_finish (result, error);
}

static gboolean
clear (const char *connection, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_keyring_clear_async (connection, NULL, keep_result_cb, NULL);
  result = wait_for_result ();
  return eros_keyring_clear_finish (result, error);
}

static void
lock (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, NULL, &error);
  g_autoptr (SecretCollection) collection = secret_collection_for_alias_sync (
    service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);
  GList list = { collection, NULL, NULL };

  g_assert_no_error (error);
  g_assert_nonnull (collection);
  secret_service_lock_sync (service, &list, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_a_secret_is_kept_replaced_and_removed (void)
{
  g_autoptr (GSubprocess) daemon = start_daemon ();
  g_autoptr (GError) error = NULL;
  char *found;

  g_assert_true (store ("staging", "{\"a\":\"ä\"}", &error));
  g_assert_true (store ("production", "other", &error));
  g_assert_true (store ("staging", "{\"a\":\"ö\"}", &error));
  g_assert_no_error (error);
  found = look_up ("staging", &error);
  g_assert_cmpstr (found, ==, "{\"a\":\"ö\"}");
  eros_secret_free (found);

  lock ();
  g_assert_null (look_up ("staging", &error));
  /* Nobody is there to be asked for the password. */
  g_assert_cmpint (error->domain, ==, EROS_SIGN_IN_ERROR);
  g_assert_cmpint (error->code, !=, EROS_SIGN_IN_ERROR_NEEDED);
  g_clear_error (&error);
  g_assert_false (clear ("staging", &error));
  g_assert_cmpint (error->domain, ==, EROS_SIGN_IN_ERROR);
  g_clear_error (&error);
  g_subprocess_force_exit (daemon);
  g_subprocess_wait (daemon, NULL, NULL);
  secret_service_disconnect ();

  g_clear_object (&daemon);
  daemon = start_daemon ();
  found = look_up ("staging", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, "{\"a\":\"ö\"}");
  eros_secret_free (found);
  g_assert_true (clear ("staging", &error));
  g_assert_null (look_up ("staging", &error));
  g_assert_error (error, EROS_SIGN_IN_ERROR, EROS_SIGN_IN_ERROR_NEEDED);
  g_clear_error (&error);
  found = look_up ("production", &error);
  g_assert_cmpstr (found, ==, "other");
  eros_secret_free (found);
  g_subprocess_force_exit (daemon);
  g_subprocess_wait (daemon, NULL, NULL);
  secret_service_disconnect ();
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("eros-keyring-XXXXXX", NULL);
  g_autofree char *program = g_find_program_in_path ("gnome-keyring-daemon");
  int status;

  /* Before anything asks GLib where things are. */
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  if (program == NULL)
    {
      g_print ("1..0 # SKIP gnome-keyring-daemon is not installed\n");
      return 0;
    }
  fake_keyring_use_private_bus ();
  g_test_add_func ("/bigquery/keyring/a-secret-is-kept-replaced-and-removed",
                   test_a_secret_is_kept_replaced_and_removed);
  status = g_test_run ();
  {
    g_autofree char *command = g_strdup_printf ("rm -rf '%s'", folder);

    g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  }
  return status;
}
