/* test-list.c: the folder of deployments, and messages made from templates
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"
#include "eros-deployment-list.h"

#include <string.h>
#include <glib/gstdio.h>

static void
create (DeploymentTest *test, const char *file_name, const char *name)
{
  g_autoptr (GFile) file = g_file_new_build_filename (test->folder, file_name, NULL);
  g_autoptr (GError) error = NULL;
  ErosDeploymentSetup setup = { 0 };
  ErosDeployment *made;

  setup.name = (char *) name;
  setup.environment = EROS_ENVIRONMENT_PRODUCTION;
  made = eros_deployment_create (file, eros_deployment_get_runbook (test->deployment), &setup, "Ada", &error);
  g_assert_no_error (error);
  g_object_unref (made);
}

static void
write_file (DeploymentTest *test, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (test->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static ErosDeploymentSummary *
find (GListModel *list, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (list, i);

      if (g_str_equal (eros_deployment_summary_get_id (summary), id))
        return summary;
    }
  return NULL;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GListModel **list = user_data;

  *list = eros_deployment_list_finish (result, &error);
  g_assert_no_error (error);
}

static GListModel *
list_now (DeploymentTest *test)
{
  g_autoptr (GFile) folder = g_file_new_for_path (test->folder);
  GListModel *list = NULL;

  eros_deployment_list_async (folder, NULL, listed_cb, &list);
  while (list == NULL)
    g_main_context_iteration (NULL, TRUE);
  return list;
}

static void
test_list (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GListModel) list = NULL;
  g_autoptr (ErosDeploymentSummary) newest = NULL;
  ErosDeploymentSummary *summary;

  create (test, "two.erosdeploy", "EROS 2.5");
  write_file (test, "broken.erosdeploy", "nonsense");
  write_file (test, ".half.erosdeploy-1234", "nonsense");
  write_file (test, ".half.erosdeploy", "nonsense");
  write_file (test, "notes.txt", "nonsense");
  g_assert_true (
    eros_deployment_set_value (test->deployment, "preparation.sign-off.people.product-owner", "Grace", NULL));
  g_assert_true (eros_deployment_tick (test->deployment, "preparation.sign-off.product-owner", NULL));
  g_assert_true (eros_deployment_tick (test->deployment, "backup.before.quota", NULL));

  list = list_now (test);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 3);
  /* The one that is open for writing here, seen as it is on the disk; the others are older. */
  newest = g_list_model_get_item (list, 0);
  summary = find (list, "one");
  g_assert_true (newest == summary || find (list, "broken") == newest);
  g_assert_cmpstr (eros_deployment_summary_get_name (summary), ==, "EROS 2.4");
  g_assert_cmpint (eros_deployment_summary_get_environment (summary), ==, EROS_ENVIRONMENT_STAGING);
  g_assert_cmpstr (eros_deployment_summary_get_phase (summary), ==, "Backup");
  g_assert_cmpuint (eros_deployment_summary_get_done (summary), ==, 2);
  g_assert_cmpuint (eros_deployment_summary_get_total (summary), ==, 104);
  g_assert_cmpint (eros_deployment_summary_get_result (summary), ==, EROS_RESULT_UNDECIDED);
  g_assert_cmpint (eros_deployment_summary_get_created (summary), <,
                   eros_deployment_summary_get_modified (summary));
  g_assert_null (eros_deployment_summary_get_error (summary));

  summary = find (list, "broken");
  g_assert_nonnull (strstr (eros_deployment_summary_get_error (summary), "is not a deployment"));
  g_assert_cmpstr (eros_deployment_summary_get_name (summary), ==, "broken");
  g_assert_cmpint (eros_deployment_summary_get_created (summary), ==, 0);
  g_assert_cmpint (eros_deployment_summary_get_modified (summary), >, 0);
  g_assert_cmpstr (eros_deployment_summary_get_phase (find (list, "two")), ==, "Preparation");
}

static void
test_newest_first (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GListModel) list = NULL;
  gint64 last = G_MAXINT64;

  create (test, "a.erosdeploy", "A");
  create (test, "z.erosdeploy", "Z");
  g_assert_true (eros_deployment_tick (test->deployment, "backup.before.quota", NULL));
  create (test, "m.erosdeploy", "M");
  list = list_now (test);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ErosDeploymentSummary) summary = g_list_model_get_item (list, i);

      g_assert_cmpint (eros_deployment_summary_get_modified (summary), <=, last);
      last = eros_deployment_summary_get_modified (summary);
    }
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 4);
}

static void
test_no_folder (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GFile) nowhere = g_file_new_build_filename (test->folder, "nowhere", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) list = eros_deployment_list (nowhere, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  g_assert_null (eros_deployment_list (test->file, NULL, &error));
  g_assert_nonnull (error);
}

static void
test_folder_is_private (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GFile) directory = eros_deployment_get_directory ();
  g_autoptr (GFile) again = NULL;
  const char *path = g_file_peek_path (directory);
  GStatBuf about;

  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  again = eros_deployment_get_directory ();
  g_assert_cmpint (g_stat (path, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 07777, ==, 0700);
}

static void
test_new_file (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GFile) directory = eros_deployment_get_directory ();
  g_autoptr (GFile) first = eros_deployment_new_file ("EROS 2.4: «größer»");
  g_autoptr (GFile) nameless = eros_deployment_new_file ("…");
  g_autoptr (GFile) second = NULL;
  g_autofree char *path = g_file_get_path (first);
  g_autofree char *name = g_file_get_basename (first);
  g_autofree char *second_name = NULL;
  g_autofree char *nameless_name = g_file_get_basename (nameless);

  g_assert_true (g_file_query_exists (directory, NULL));
  g_assert_true (g_str_has_prefix (path, g_get_user_data_dir ()));
  g_assert_cmpstr (name + 10, ==, "-eros-2-4-grosser.erosdeploy");
  g_assert_cmpstr (nameless_name + 10, ==, "-deployment.erosdeploy");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  second = eros_deployment_new_file ("EROS 2.4: «größer»");
  second_name = g_file_get_basename (second);
  g_assert_cmpstr (second_name + 10, ==, "-eros-2-4-grosser-2.erosdeploy");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_template (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *subject = NULL;
  g_auto (GStrv) unfilled = NULL;
  g_autofree char *text =
    eros_deployment_fill_template (test->deployment, "preparation.notification.email", &subject, &unfilled);

  g_assert_cmpstr (subject, ==, "EROS Scheduling System Deployment - 2026-11-24 at 14:30 UTC");
  g_assert_nonnull (strstr (text, "on 2026-11-24 at 14:30 UTC."));
  g_assert_nonnull (strstr (text, "Deployment Window: 14:30 UTC - 16:30 UTC"));
  g_assert_nonnull (strstr (text, "Point of Contact: Kyle - kyle@example.com - [PHONE]"));
  g_assert_cmpuint (g_strv_length (unfilled), ==, 1);
  g_assert_cmpstr (unfilled[0], ==, "PHONE");
  g_assert_null (eros_deployment_fill_template (test->deployment, "backup.before.quota", NULL, NULL));
}

static void
test_template_of_field (DeploymentTest *test, gconstpointer data)
{
  g_auto (GStrv) unfilled = NULL;
  g_autofree char *blank = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;

  blank = eros_deployment_fill_template (test->deployment, "rollback.notification.email", NULL, NULL);
  g_assert_nonnull (strstr (blank, "Rollback Time: [TIME]"));
  eros_deployment_set_value (test->deployment, "rollback.steps.declare.time", "17:05:00", &error);
  g_assert_no_error (error);
  text = eros_deployment_fill_template (test->deployment, "rollback.notification.email", NULL, &unfilled);
  g_assert_nonnull (strstr (text, "Rollback Time: 17:05"));
  g_assert_false (g_strv_contains ((const char *const *) unfilled, "TIME"));
  g_assert_true (g_strv_contains ((const char *const *) unfilled, "BRIEF_REASON"));
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("eros-home-XXXXXX", NULL);
  g_autofree char *directory = g_build_filename (home, "eros-deploy", NULL);
  int status;

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  deployment_test_add ("/deployment/list/shows-every-file-and-the-broken-one-s-error", NULL, test_list);
  deployment_test_add ("/deployment/list/has-the-newest-first", NULL, test_newest_first);
  deployment_test_add ("/deployment/list/of-a-missing-folder-is-empty", NULL, test_no_folder);
  deployment_test_add ("/deployment/list/the-folder-is-its-owner-s-alone", NULL, test_folder_is_private);
  deployment_test_add ("/deployment/list/a-new-file-has-a-name-of-its-own", NULL, test_new_file);
  deployment_test_add ("/deployment/template/known-placeholders-are-filled-in", NULL, test_template);
  deployment_test_add ("/deployment/template/a-field-s-value-is-filled-in", NULL, test_template_of_field);
  status = g_test_run ();
  g_rmdir (directory);
  g_rmdir (home);
  return status;
}
