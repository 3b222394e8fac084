/* test-journal-place.c: what is stored goes into the file that has the journal's name, and into no other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>

static ErosJournal *
open_for_writing (JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  ErosJournal *journal = NULL;

  journal_test_fill (test, 3);
  journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  return journal;
}

static void
assert_refuses (ErosJournal *journal, const char *words)
{
  g_autoptr (JsonNode) body = journal_test_body ("{}");
  g_autoptr (GError) error = NULL;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (journal));

  g_assert_null (eros_journal_append (journal, "Ada", "note.set", body, &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, "Nothing was stored in "));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, n);
}

static void
test_removed (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) journal = open_for_writing (test);

  journal_test_append (journal, "{}");
  g_assert_cmpint (g_unlink (test->path), ==, 0);
  assert_refuses (journal, "was removed, replaced or moved");
}

static void
test_replaced (JournalTest *test, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) after = NULL;
  g_autofree char *aside = g_strconcat (test->path, ".aside", NULL);
  g_autoptr (ErosJournal) journal = open_for_writing (test);

  whole = journal_test_read (test->path);
  g_assert_cmpint (g_rename (test->path, aside), ==, 0);
  journal_test_write (test->path, whole);
  assert_refuses (journal, "was removed, replaced or moved");
  /* Nobody knows what has been done to it meanwhile: it has to be read again. */
  g_assert_cmpint (g_rename (aside, test->path), ==, 0);
  assert_refuses (journal, "open it again");
  after = journal_test_read (test->path);
  g_assert_true (g_bytes_equal (whole, after));
}

static void
test_log_removed (JournalTest *test, gconstpointer data)
{
  g_autofree char *wal = g_strconcat (test->path, "-wal", NULL);
  g_autoptr (ErosJournal) journal = open_for_writing (test);

  journal_test_append (journal, "{}");
  g_assert_cmpint (g_unlink (wal), ==, 0);
  assert_refuses (journal, "was removed, replaced or moved");
}

static void
test_second_name (JournalTest *test, gconstpointer data)
{
  g_autofree char *other = g_strconcat (test->path, ".other", NULL);
  g_autoptr (GFile) other_file = g_file_new_for_path (other);
  g_autoptr (ErosJournal) journal = open_for_writing (test);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (link (test->path, other), ==, 0);
  assert_refuses (journal, "a second name");
  g_assert_cmpint (g_unlink (other), ==, 0);
  journal_test_append (journal, "{}");
  g_clear_object (&journal);

  g_assert_cmpint (link (test->path, other), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (eros_journal_open (i == 0 ? test->file : other_file, EROS_JOURNAL_WRITE, &error));
      g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY);
      g_clear_error (&error);
      /* Reading loses nothing. */
      journal = eros_journal_open (i == 0 ? test->file : other_file, EROS_JOURNAL_READ, &error);
      g_assert_no_error (error);
      g_clear_object (&journal);
    }
}

static int
open_renamed (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = eros_journal_open (file, EROS_JOURNAL_WRITE, &error);

  return g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE) ? 0 : 1;
}

/* The lock beside it has stayed behind, under the old name. */
static void
test_renamed (JournalTest *test, gconstpointer data)
{
  g_autofree char *other = g_strconcat (test->path, ".other", NULL);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, "--open-renamed", other, NULL };
  g_autoptr (ErosJournal) journal = open_for_writing (test);
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_assert_cmpint (g_rename (test->path, other), ==, 0);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--open-renamed"))
    return open_renamed (argv[2]);
  g_test_init (&argc, &argv, NULL);
  journal_test_add ("/journal/place/a-removed-file-takes-no-more-events", test_removed);
  journal_test_add ("/journal/place/a-replaced-file-takes-no-more-events", test_replaced);
  journal_test_add ("/journal/place/a-file-whose-log-was-removed-takes-no-more-events", test_log_removed);
  journal_test_add ("/journal/place/a-file-with-two-names-takes-no-events", test_second_name);
  journal_test_add ("/journal/place/a-renamed-file-is-still-locked", test_renamed);
  return g_test_run ();
}
