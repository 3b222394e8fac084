/* test-journal-crash.c: a process that is killed loses nothing that it has called stored
 *
 * EROS_CRASH_ROUNDS says how often (40).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>

/* Appends for ever; says each number once it is stored. */
G_NORETURN static void
append_and_say (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) first = journal_test_body ("{\"name\":\"EROS 2.4\"}");
  g_autoptr (ErosJournal) journal =
    g_file_query_exists (file, NULL)
      ? eros_journal_open (file, EROS_JOURNAL_WRITE, &error)
      : eros_journal_create_with_event (file, "Ada", "deployment.created", first, &error);

  g_assert_no_error (error);
  for (guint i = 0;; i++)
    {
      g_autofree char *filler = g_strnfill (i % 7 == 0 ? 6000 : 50, 'x');
      g_autofree char *json = g_strdup_printf ("{\"i\":%u,\"text\":\"%s\"}", i, filler);

      journal_test_append (journal, json);
      printf ("%u\n", g_list_model_get_n_items (G_LIST_MODEL (journal)));
      fflush (stdout);
    }
}

/* Lets a child append until it has said N_LINES numbers and a little more. Returns the last number said. */
static guint
run_and_kill (JournalTest *test, guint n_lines)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *argv[] = { self, "--append", test->path, NULL };
  GPid child = 0;
  int output = -1;
  char line[32] = "0";
  guint last = 0;
  FILE *said;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, NULL,
                            &output, NULL, &error);
  g_assert_no_error (error);
  said = fdopen (output, "r");
  for (guint i = 0; i < n_lines && fgets (line, sizeof line, said) != NULL; i++)
    last = atoi (line);
  /* Any moment: no condition to wait for. */
  g_usleep (g_test_rand_int_range (0, n_lines == 0 ? 12000 : 3000));
  kill (child, SIGKILL);
  while (fgets (line, sizeof line, said) != NULL && strchr (line, '\n') != NULL)
    last = atoi (line);
  fclose (said);
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  return last;
}

static void
test_killed_writer (JournalTest *test, gconstpointer data)
{
  const char *rounds = g_getenv ("EROS_CRASH_ROUNDS");
  guint n_rounds = rounds != NULL ? atoi (rounds) : 40;
  guint n_in_wal = 0;
  guint n_unborn = 0;

  for (guint round = 0; round < n_rounds; round++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ErosJournal) journal = NULL;
      g_autofree char *wal = g_strconcat (test->path, "-wal", NULL);
      guint said = run_and_kill (test, g_test_rand_int_range (0, 3) == 0 ? 0 : g_test_rand_int_range (1, 60));
      guint64 n = 0;

      /* Killed before the file was there: then it must not be there at all. */
      if (said == 0 && !g_file_query_exists (test->file, NULL))
        {
          n_unborn++;
          continue;
        }
      n_in_wal += g_file_test (wal, G_FILE_TEST_EXISTS);
      g_assert_true (eros_journal_verify (test->file, &n, NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (n, >=, MAX (said, 1));
      journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, n);
      journal_test_append (journal, "{}");
      g_clear_object (&journal);
      g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
      if (round % 4 == 3)
        g_assert_cmpint (g_unlink (test->path), ==, 0);
    }
  g_test_message ("%u rounds, %u with events left in the log, %u before the file was made", n_rounds,
                  n_in_wal, n_unborn);
  g_assert_cmpuint (n_in_wal, >, n_rounds / 4);
}

/* The log of a killed writer, as a reader finds it, is read and left as it is. */
static void
test_reading_after_a_crash (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) reader = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;
  g_autofree char *wal = g_strconcat (test->path, "-wal", NULL);
  guint said = run_and_kill (test, 20);

  before = journal_test_read (wal);
  g_assert_cmpuint (g_bytes_get_size (before), >, 0);
  reader = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  g_assert_nonnull (reader);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (reader)), >=, said);
  g_clear_object (&reader);
  after = journal_test_read (wal);
  g_assert_true (g_bytes_equal (before, after));
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--append"))
    append_and_say (argv[2]);
  g_test_init (&argc, &argv, NULL);
  journal_test_add ("/journal/crash/nothing-that-was-called-stored-is-lost", test_killed_writer);
  journal_test_add ("/journal/crash/reading-leaves-the-log-to-the-next-writer", test_reading_after_a_crash);
  return g_test_run ();
}
