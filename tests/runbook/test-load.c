/* test-load.c: a runbook's files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "eros-runbook.h"

typedef struct
{
  char *folder;
  char *path;
  char *minimal;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "runbook", "minimal.json", NULL);

  f->folder = g_dir_make_tmp ("runbook-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "mine.json", NULL);
  g_assert_true (g_file_get_contents (source, &f->minimal, NULL, NULL));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *sql = g_build_filename (f->folder, "mine.sql", NULL);

  g_unlink (sql);
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->minimal);
}

static char *
with_sql_file (const char *text, const char *path)
{
  g_autoptr (GString) changed = g_string_new (text);
  g_autofree char *member = g_strdup_printf ("\"sql_file\": \"%s\"", path);

  g_assert_cmpuint (g_string_replace (changed, "\"sql\": \"SELECT 1 AS n\"", member, 0), ==, 1);
  return g_string_free (g_steal_pointer (&changed), FALSE);
}

static ErosRunbook *
load (Fixture *f, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (f->path);

  return eros_runbook_load (file, NULL, error);
}

static void
test_layout_is_no_difference (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) a = NULL;
  g_autoptr (ErosRunbook) b = NULL;
  g_autoptr (GString) spread = g_string_new (f->minimal);

  g_assert_cmpuint (g_string_replace (spread, "\",\n", "\" ,\n\n\t", 0), >, 0);
  a = eros_runbook_parse (f->minimal, -1, "a", &error);
  g_assert_no_error (error);
  b = eros_runbook_parse (spread->str, -1, "b", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_runbook_get_sha256 (a), ==, eros_runbook_get_sha256 (b));
}

static void
test_sql_beside_it (Fixture *f, gconstpointer data)
{
  g_autofree char *text = with_sql_file (f->minimal, "mine.sql");
  g_autofree char *sql = g_build_filename (f->folder, "mine.sql", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = NULL;
  const ErosCheckBinding *check;

  g_file_set_contents (f->path, text, -1, NULL);
  g_file_set_contents (sql, "SELECT 2 AS n\n", -1, NULL);
  runbook = load (f, &error);
  g_assert_no_error (error);
  check = eros_element_get_check_binding (eros_runbook_find_element (runbook, "first.measured"));
  g_assert_cmpstr (check->sql, ==, "SELECT 2 AS n\n");
  g_assert_cmpstr (check->sql_source, ==, "mine.sql");
  g_assert_cmpuint (check->runs, ==, 3);
  g_assert_nonnull (strstr (eros_runbook_get_json (runbook), "SELECT 2 AS n"));
}

static void
test_own_sql_else (Fixture *f, gconstpointer data)
{
  g_autofree char *text = with_sql_file (f->minimal, "sql/health/orphans.sql");
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = NULL;

  g_file_set_contents (f->path, text, -1, NULL);
  runbook = load (f, &error);
  g_assert_no_error (error);
  g_assert_nonnull (
    strstr (eros_element_get_check_binding (eros_runbook_find_element (runbook, "first.measured"))->sql,
            "caption_performance_log"));
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = load (f, &error);

  g_assert_null (runbook);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, f->path));
}

static void
test_folder (Fixture *f, gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (f->folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load (file, NULL, &error);

  g_assert_null (runbook);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

static gsize
peak_memory (void)
{
  g_autofree char *status = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  return (gsize) g_ascii_strtoull (strstr (status, "VmHWM:") + strlen ("VmHWM:"), NULL, 10) * 1024;
}

/* 100 MB: the hole in the file costs the disk nothing, reading it would cost 100 MB. */
static void
test_huge (Fixture *f, gconstpointer data)
{
  gsize before = peak_memory ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = NULL;
  int fd = g_open (f->path, O_CREAT | O_WRONLY, 0600);

  g_assert_cmpint (ftruncate (fd, 100 * 1000 * 1000), ==, 0);
  g_close (fd, NULL);
  runbook = load (f, &error);
  g_assert_null (runbook);
  g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, f->path));
  g_assert_cmpuint (peak_memory () - before, <, 20 * 1000 * 1000);
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
load_async (Fixture *f, GCancellable *cancellable)
{
  g_autoptr (GFile) file = g_file_new_for_path (f->path);
  GAsyncResult *result = NULL;

  eros_runbook_load_async (file, cancellable, finished_cb, &result);
  g_assert_null (result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return result;
}

static void
test_async (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosRunbook) runbook = NULL;

  g_file_set_contents (f->path, f->minimal, -1, NULL);
  result = load_async (f, NULL);
  runbook = eros_runbook_load_finish (result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_runbook_get_title (runbook), ==, "A small runbook");
}

static void
test_async_error (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *place = g_strdup_printf ("%s:1:2: ", f->path);

  g_file_set_contents (f->path, "{]", -1, NULL);
  result = load_async (f, NULL);
  g_assert_null (eros_runbook_load_finish (result, &error));
  g_assert_error (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_NOT_JSON);
  g_assert_true (g_str_has_prefix (error->message, place));
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_file_set_contents (f->path, f->minimal, -1, NULL);
  g_cancellable_cancel (cancellable);
  result = load_async (f, cancellable);
  g_assert_null (eros_runbook_load_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Nobody writes into the pipe: without cancelling this would wait for ever. */
static gboolean
cancel_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancel_while_waiting (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  int fd;

  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  g_idle_add (cancel_cb, cancellable);
  result = load_async (f, cancellable);
  g_assert_null (eros_runbook_load_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fd = g_open (f->path, O_RDWR, 0); /* lets the thread go */
  g_close (fd, NULL);
}

#define add(path, func) g_test_add ("/runbook/load/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("layout-makes-no-difference", test_layout_is_no_difference);
  add ("sql-beside-the-runbook-is-taken-in", test_sql_beside_it);
  add ("sql-that-is-not-beside-it-is-the-programs", test_own_sql_else);
  add ("a-missing-file-is-named", test_missing);
  add ("a-folder-is-no-runbook", test_folder);
  add ("a-huge-file-is-not-read", test_huge);
  add ("in-a-thread", test_async);
  add ("an-error-in-a-thread", test_async_error);
  add ("cancelled-before-it-starts", test_cancel);
  add ("cancelled-while-it-waits", test_cancel_while_waiting);
  return g_test_run ();
}
