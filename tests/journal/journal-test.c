/* journal-test.c: a folder for journals, and entries to put in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <sqlite3.h>
#include <string.h>
#include <glib/gstdio.h>

void
journal_test_set_up (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test->folder = g_dir_make_tmp ("eros-journal-XXXXXX", &error);
  g_assert_no_error (error);
  test->path = g_build_filename (test->folder, "one.erosdeploy", NULL);
  test->file = g_file_new_for_path (test->path);
}

void
journal_test_tear_down (JournalTest *test, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (test->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (test->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (test->folder);
  g_free (test->folder);
  g_free (test->path);
  g_object_unref (test->file);
}

JsonNode *
journal_test_body (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

void
journal_test_append (ErosJournal *journal, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = journal_test_body (body);

  g_assert_nonnull (eros_journal_append (journal, "Ada <ada@example.com>", "note.set", node, &error));
  g_assert_no_error (error);
}

void
journal_test_fill (JournalTest *test, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = eros_journal_create (test->file, &error);

  g_assert_no_error (error);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *filler = g_strnfill (i % 10 == 1 ? 9000 : 5 + i * 7 % 300, 'a' + i % 26);
      g_autofree char *body =
        g_strdup_printf ("{\"element\":\"step-%u\",\"ok\":true,\"text\":\"%s é ✔\"}", i, filler);

      journal_test_append (journal, body);
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
journal_test_list (JournalTest *test)
{
  g_autoptr (GDir) dir = g_dir_open (test->folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, (gpointer) g_intern_string (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

GBytes *
journal_test_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *content = NULL;
  gsize length = 0;

  g_file_get_contents (path, &content, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (content, length);
}

void
journal_test_write (const char *path, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
}

int
journal_test_sql (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  int code;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  code = sqlite3_exec (db, sql, NULL, NULL, NULL);
  sqlite3_close (db);
  return code;
}
