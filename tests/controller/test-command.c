/* test-command.c: the command of Google's that a runbook names, looked for on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "eros-probe-private.h"

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static ErosOutcome
look_for_bq (const char *folder, const char *script, char **summary)
{
  g_autofree char *command = g_build_filename (folder, "bq", NULL);
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "project", "eros-production", "dataset", "eros_platform", NULL);
  g_autoptr (ErosBigQuery) big_query = eros_big_query_new (connection);
  g_autoptr (ErosProbeResult) found = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, found_cb, &result);
  g_autoptr (GError) error = NULL;
  Probe probe = { .big_query = big_query, .result = eros_probe_result_new () };

  g_remove (command);
  if (script != NULL)
    {
      g_file_set_contents (command, script, -1, &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_chmod (command, 0755), ==, 0);
    }
  g_task_set_task_data (task, &probe, NULL);
  eros_probe_look_for_command (task);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  found = g_task_propagate_pointer (G_TASK (result), &error);
  g_assert_no_error (error);
  return eros_probe_result_summarize (found, summary);
}

static void
test_bq_is_looked_for_before_its_box_is_ticked (void)
{
  g_autofree char *folder = g_dir_make_tmp ("eros-bq-XXXXXX", NULL);
  g_autofree char *path = g_strdup (g_getenv ("PATH"));
  g_autofree char *none = NULL;
  g_autofree char *good = NULL;
  g_autofree char *bad = NULL;

  g_setenv ("PATH", folder, TRUE);
  g_assert_cmpint (look_for_bq (folder, NULL, &none), ==, EROS_OUTCOME_NOT_ENOUGH);
  g_assert_nonnull (strstr (none, "no bq command"));
  g_assert_cmpint (
    look_for_bq (folder, "#!/bin/sh\ntest \"$*\" = '--headless show eros-production:eros_platform'\n", &good),
    ==, EROS_OUTCOME_PASS);
  g_assert_nonnull (strstr (good, folder));
  g_assert_cmpint (look_for_bq (folder, "#!/bin/sh\necho 'not signed in' >&2\nexit 1\n", &bad), ==,
                   EROS_OUTCOME_FAIL);
  g_assert_nonnull (strstr (bad, "not signed in"));
  g_setenv ("PATH", path, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/controller/command/bq-is-looked-for-before-its-box-is-ticked",
                   test_bq_is_looked_for_before_its_box_is_ticked);
  return g_test_run ();
}
