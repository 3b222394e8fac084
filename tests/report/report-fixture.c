/* report-fixture.c: a deployment in a folder of its own, and its report as others read it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report-fixture.h"

#include <string.h>
#include <glib/gstdio.h>

void
report_fixture_set_up (ReportFixture *f, gconstpointer data)
{
  const ErosDeploymentSetup setup = {
    .name = (char *) "EROS 2.4 – Größe, 大きさ, حجم",
    .window_start = (char *) "2025-10-31T14:00:00Z",
    .window_end = (char *) "2025-10-31T16:00:00Z",
    .lead_name = (char *) "Grace Hopper",
    .lead_email = (char *) "grace@example.com",
    .lead_phone = (char *) "+1 555 0100",
    .environment = EROS_ENVIRONMENT_STAGING,
    .project = (char *) "eros-staging",
    .dataset = (char *) "eros_platform",
    .location = (char *) "US",
    .bucket = (char *) "eros-platform-backups",
    .profile = (char *) "",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (&error);
  g_autofree char *path = NULL;
  g_autofree char *pdf = NULL;
  g_autoptr (GFile) file = NULL;

  g_assert_no_error (error);
  f->folder = g_dir_make_tmp ("report-XXXXXX", NULL);
  path = g_build_filename (f->folder, "test.erosdeploy", NULL);
  pdf = g_build_filename (f->folder, "report.pdf", NULL);
  file = g_file_new_for_path (path);
  f->output = g_file_new_for_path (pdf);
  f->deployment = eros_deployment_create (file, runbook, &setup, "Grace Hopper <grace@example.com>", &error);
  g_assert_no_error (error);
  eros_deployment_set_actor (f->deployment, "Grace Hopper <grace@example.com>");
}

void
report_fixture_tear_down (ReportFixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_clear_object (&f->deployment);
  g_clear_object (&f->output);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

gboolean
report_fixture_write (ReportFixture *f, ErosSigner *signer, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  eros_report_write_async (f->deployment, f->output, signer, EROS_PAPER_A4, cancellable, finished_cb,
                           &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return eros_report_write_finish (result, error);
}

/* The text as poppler reads it, lines joined. */
char *
report_fixture_extract (ReportFixture *f)
{
  g_autofree char *text = test_run ("pdftotext", "-layout", g_file_peek_path (f->output), "-", NULL);
  g_auto (GStrv) words = g_strsplit_set (text, " \n\f", -1);
  GString *joined = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        g_string_append_printf (joined, "%s ", words[i]);
    }
  return g_string_free (joined, FALSE);
}

void
report_assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_test_message ("missing: %s, in: %s", part, text);
  g_assert_nonnull (strstr (text, part));
}

gboolean
report_has_poppler (void)
{
  if (test_has_program ("pdftotext") && test_has_program ("pdffonts") && test_has_program ("pdfinfo"))
    return TRUE;
  g_test_skip ("poppler-utils is not installed");
  return FALSE;
}

/* As the controller and older programs wrote it. */
void
report_fixture_append (ReportFixture *f, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);

  must (eros_journal_append (eros_deployment_get_journal (f->deployment), "Bob", kind, body, e) != NULL);
}

char *
report_fixture_text (ReportFixture *f)
{
  must (report_fixture_write (f, NULL, NULL, e));
  return report_fixture_extract (f);
}
