/* test-foreign-texts.c: nothing that comes from elsewhere stands in the PDF as it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <glib/gstdio.h>

#include "eros-report.h"
#include "foreign-texts.h"
#include "report-test-utils.h"

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_report_write_finish (result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
test_pages (void)
{
  g_autofree char *folder = g_dir_make_tmp ("report-XXXXXX", NULL);
  g_autoptr (ErosDeployment) deployment = foreign_deployment (folder);
  g_autofree char *path = g_build_filename (folder, "report.pdf", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *journal = g_build_filename (folder, "foreign.erosdeploy", NULL);
  g_autofree char *text = NULL;
  g_autofree char *about = NULL;
  gboolean done = FALSE;
  GStatBuf info;

  eros_report_write_async (deployment, file, NULL, EROS_PAPER_A4, NULL, written_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  if (test_has_program ("pdftotext") && test_has_program ("pdfinfo"))
    {
      g_auto (GStrv) pages = NULL;

      text = test_run ("pdftotext", "-layout", path, "-", NULL);
      about = test_run ("pdfinfo", path, NULL);
      pages = g_strsplit (text, "\f", -1);
      for (guint i = 0; pages[i] != NULL; i++)
        if (foreign_find_raw (pages[i], TRUE) != NULL)
          g_error ("U+%04X on page %u", g_utf8_get_char (foreign_find_raw (pages[i], TRUE)), i + 1);
      g_assert_null (foreign_find_raw (about, TRUE));
      /* They are there, to be seen. */
      g_assert_nonnull (strstr (text, "‹U+202E›"));
    }
  else
    g_test_skip ("poppler-utils is not installed");
  g_clear_object (&deployment);
  g_unlink (path);
  g_unlink (journal);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/foreign-texts-are-shown", test_pages);
  return g_test_run ();
}
