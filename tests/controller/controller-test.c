/* controller-test.c: a controller with a rehearsal of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "controller-test.h"

#include <glib/gstdio.h>

void
controller_test_keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

GAsyncResult *
controller_test_wait (ControllerTest *test)
{
  while (test->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (&test->result);
}

void
controller_test_set_up (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  test->folder = g_dir_make_tmp ("eros-checks-XXXXXX", &error);
  g_assert_no_error (error);
  eros_rehearsal_start_async (2000, NULL, NULL, NULL, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  test->rehearsal = eros_rehearsal_start_finish (result, &error);
  g_assert_no_error (error);
  path = g_build_filename (test->folder, "test.erosdeploy", NULL);
  file = g_file_new_for_path (path);
  test->deployment =
    eros_rehearsal_create_deployment (test->rehearsal, file, "Ada <ada@example.com>", &error);
  g_assert_no_error (error);
  test->controller = eros_controller_new (test->deployment, eros_rehearsal_get_connection (test->rehearsal));
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
controller_test_tear_down (ControllerTest *test, gconstpointer data)
{
  g_clear_object (&test->controller);
  g_clear_object (&test->deployment);
  g_clear_object (&test->rehearsal);
  remove_folder (test->folder);
  g_clear_pointer (&test->folder, g_free);
}

char *
controller_test_query (ControllerTest *test, const char *sql)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (test->rehearsal));
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, sql);
  g_autoptr (GAsyncResult) ran = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (ErosPage) page = NULL;
  g_autoptr (GError) error = NULL;

  eros_big_query_run_async (client, request, NULL, controller_test_keep_cb, &test->result);
  ran = controller_test_wait (test);
  job = eros_big_query_run_finish (client, ran, &error);
  g_assert_no_error (error);
  error = eros_job_dup_error (job);
  g_assert_no_error (error);
  eros_big_query_read_page_async (client, job, NULL, NULL, 1, NULL, controller_test_keep_cb, &test->result);
  read = controller_test_wait (test);
  page = eros_big_query_read_page_finish (client, read, NULL, NULL, &error);
  g_assert_no_error (error);
  return page != NULL && eros_page_get_n_rows (page) > 0 ? eros_page_dup_text (page, 0, 0) : NULL;
}
