/* test-journal-files.c: files that cannot be opened, are in use, or cannot be written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <glib/gstdio.h>

typedef int (*InChild) (JournalTest *test);

/* Runs the function of that name in a process of its own (fork () alone would pass on what SQLite believes of
 * its locks); its return value is the exit status. */
static int
run_child (const char *function, JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *parent = g_strdup_printf ("%ld", (long) getpid ());
  const char *argv[] = { self, "--child", function, test->folder, parent, NULL };
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* Both ways of opening must fail with CODE, a sentence that has WORDS, and leave all as it was. */
static void
assert_not_opened (JournalTest *test, int code, const char *words)
{
  g_autoptr (GBytes) before = journal_test_read (test->path);
  g_autofree char *names_before = journal_test_list (test);

  for (int mode = EROS_JOURNAL_READ; mode <= EROS_JOURNAL_WRITE; mode++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) after = NULL;
      g_autofree char *names_after = NULL;

      g_assert_null (eros_journal_open (test->file, mode, &error));
      g_assert_error (error, EROS_JOURNAL_ERROR, code);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, words));
      after = journal_test_read (test->path);
      g_assert_true (g_bytes_equal (before, after));
      names_after = journal_test_list (test);
      g_assert_cmpstr (names_before, ==, names_after);
    }
}

static void
write_text (JournalTest *test, const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);

  journal_test_write (test->path, bytes);
}

static void
test_empty (JournalTest *test, gconstpointer data)
{
  write_text (test, "", 0);
  assert_not_opened (test, EROS_JOURNAL_ERROR_NOT_A_JOURNAL, "is empty");
}

static void
test_text (JournalTest *test, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (10000, 'x');

  write_text (test, "hello", 5);
  assert_not_opened (test, EROS_JOURNAL_ERROR_NOT_A_JOURNAL, "is not a deployment");
  write_text (test, long_text, strlen (long_text));
  assert_not_opened (test, EROS_JOURNAL_ERROR_NOT_A_JOURNAL, "is not a deployment");
}

static void
test_other_database (JournalTest *test, gconstpointer data)
{
  write_text (test, "", 0);
  g_assert_cmpint (journal_test_sql (test->path, "CREATE TABLE event (sequence)"), ==, 0);
  assert_not_opened (test, EROS_JOURNAL_ERROR_NOT_A_JOURNAL, "another program");
}

static void
test_newer_version (JournalTest *test, gconstpointer data)
{
  journal_test_fill (test, 3);
  g_assert_cmpint (journal_test_sql (test->path, "PRAGMA user_version = 2003"), ==, 0);
  assert_not_opened (test, EROS_JOURNAL_ERROR_NEWER_VERSION, "format 2.3");
}

static void
test_newer_minor_version (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = NULL;

  journal_test_fill (test, 3);
  g_assert_cmpint (journal_test_sql (test->path, "PRAGMA user_version = 1007"), ==, 0);
  journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
}

static void
test_cut_short (JournalTest *test, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  gsize size;

  journal_test_fill (test, 30);
  whole = journal_test_read (test->path);
  size = g_bytes_get_size (whole);
  for (gsize length = 1; length < size; length += 1 + length / 3)
    {
      write_text (test, g_bytes_get_data (whole, NULL), length);
      assert_not_opened (test, EROS_JOURNAL_ERROR_DAMAGED, "is cut short");
    }
  write_text (test, g_bytes_get_data (whole, NULL), size - 1);
  assert_not_opened (test, EROS_JOURNAL_ERROR_DAMAGED, "is cut short");
}

static void
test_longer (JournalTest *test, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  g_autofree char *longer = NULL;

  journal_test_fill (test, 3);
  whole = journal_test_read (test->path);
  longer = g_malloc0 (g_bytes_get_size (whole) + 4096);
  memcpy (longer, g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
  write_text (test, longer, g_bytes_get_size (whole) + 4096);
  assert_not_opened (test, EROS_JOURNAL_ERROR_DAMAGED, "bytes where");
}

static void
test_garbage_page (JournalTest *test, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  g_autofree char *bytes = NULL;
  gsize size;

  journal_test_fill (test, 30);
  whole = journal_test_read (test->path);
  size = g_bytes_get_size (whole);
  for (gsize page = 4096; page < size; page += 4096)
    {
      g_free (bytes);
      bytes = g_memdup2 (g_bytes_get_data (whole, NULL), size);
      memset (bytes + page, 0xa5, 4096);
      write_text (test, bytes, size);
      for (int mode = EROS_JOURNAL_READ; mode <= EROS_JOURNAL_WRITE; mode++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GBytes) after = NULL;
          g_autofree char *names = NULL;

          g_assert_null (eros_journal_open (test->file, mode, &error));
          g_assert_true (g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED) ||
                         g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_CHAIN_BROKEN));
          after = journal_test_read (test->path);
          g_assert_cmpmem (bytes, size, g_bytes_get_data (after, NULL), g_bytes_get_size (after));
          names = journal_test_list (test);
          g_assert_cmpstr (names, ==, "one.erosdeploy");
        }
    }
}

static void
test_other_schema (JournalTest *test, gconstpointer data)
{
  journal_test_fill (test, 3);
  g_assert_cmpint (journal_test_sql (test->path, "CREATE TABLE extra (x)"), ==, 0);
  assert_not_opened (test, EROS_JOURNAL_ERROR_DAMAGED, "“extra”");
  g_assert_cmpint (journal_test_sql (test->path, "DROP TABLE extra; ALTER TABLE event RENAME TO e;"
                                                 "CREATE VIEW event AS SELECT * FROM e"),
                   ==, 0);
  assert_not_opened (test, EROS_JOURNAL_ERROR_DAMAGED, "table of its events");
}

static void
test_missing (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *names = NULL;

  g_assert_null (eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  names = journal_test_list (test);
  g_assert_cmpstr (names, ==, "");
}

static void
test_not_a_file (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) folder = g_file_new_for_path (test->folder);
  g_autoptr (GFile) device = g_file_new_for_path ("/dev/null");
  g_autoptr (GFile) remote = g_file_new_for_uri ("http://127.0.0.1/one.erosdeploy");

  g_assert_null (eros_journal_open (folder, EROS_JOURNAL_WRITE, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_NOT_A_JOURNAL);
  g_clear_error (&error);
  g_assert_null (eros_journal_open (device, EROS_JOURNAL_READ, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_NOT_A_JOURNAL);
  g_clear_error (&error);
  g_assert_null (eros_journal_open (remote, EROS_JOURNAL_READ, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED);
}

/* The superuser may do anything: become somebody else for what permissions forbid. */
static void
drop_rights (void)
{
  if (geteuid () == 0 && (setegid (65534) != 0 || seteuid (65534) != 0))
    _exit (99);
}

static const char *parent_process;

static int
open_unreadable (JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = NULL;

  drop_rights ();
  /* access () asks for the real user. */
  if (setreuid (geteuid (), geteuid ()) != 0)
    return 98;
  journal = eros_journal_open (test->file, EROS_JOURNAL_READ, &error);
  return journal == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ? 0 : 1;
}

static void
test_unreadable (JournalTest *test, gconstpointer data)
{
  journal_test_fill (test, 2);
  g_chmod (test->folder, 0755);
  g_chmod (test->path, 0);
  g_assert_cmpint (run_child ("open_unreadable", test), ==, 0);
}

static int
write_read_only (JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = NULL;
  g_autoptr (ErosJournal) reader = NULL;

  drop_rights ();
  if (setreuid (geteuid (), geteuid ()) != 0)
    return 98;
  journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
  if (journal != NULL || !g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY))
    return 1;
  g_clear_error (&error);
  reader = eros_journal_open (test->file, EROS_JOURNAL_READ, &error);
  return reader != NULL ? 0 : 2;
}

static int
create_in_read_only (JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_build_filename (test->folder, "two.erosdeploy", NULL);
  g_autoptr (ErosJournal) journal = NULL;

  drop_rights ();
  journal = eros_journal_create (file, &error);
  return journal == NULL && error != NULL && error->domain == EROS_JOURNAL_ERROR ? 0 : 1;
}

static void
test_read_only (JournalTest *test, gconstpointer data)
{
  g_autofree char *names = NULL;

  journal_test_fill (test, 2);
  /* The folder … */
  g_chmod (test->path, 0666);
  g_chmod (test->folder, 0555);
  g_assert_cmpint (run_child ("write_read_only", test), ==, 0);
  g_assert_cmpint (run_child ("create_in_read_only", test), ==, 0);
  /* … and the file. */
  g_chmod (test->folder, 0777);
  g_chmod (test->path, 0444);
  g_assert_cmpint (run_child ("write_read_only", test), ==, 0);
  names = journal_test_list (test);
  g_assert_cmpstr (names, ==, "one.erosdeploy");
}

static int
open_in_use (JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) writer = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
  g_autoptr (ErosJournal) reader = NULL;
  g_autofree char *parent = g_strdup_printf ("process %s ", parent_process);

  if (writer != NULL || !g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE))
    return 1;
  if (strstr (error->message, parent) == NULL || strstr (error->message, g_get_host_name ()) == NULL ||
      strstr (error->message, " UTC") == NULL)
    return 2;
  reader = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  if (reader == NULL)
    return 3;
  return g_list_model_get_n_items (G_LIST_MODEL (reader)) == 2 ? 0 : 4;
}

static void
test_one_writer (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) writer = eros_journal_create (test->file, NULL);

  journal_test_append (writer, "{}");
  journal_test_append (writer, "{}");
  g_assert_cmpint (run_child ("open_in_use", test), ==, 0);

  /* A second one in this process is refused alike, and does the first no harm. */
  g_assert_null (eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE);
  g_assert_true (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));
  g_assert_cmpint (run_child ("open_in_use", test), ==, 0);
  journal_test_append (writer, "{}");
}

static int
open_in_use_without_name (JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);

  return g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE) ? 0 : 1;
}

static int
is_locked (JournalTest *test)
{
  /* As SQLite sees it: closing the last connection elsewhere would take the -wal away if our locks were gone.
   */
  return journal_test_sql (test->path, "SELECT count(*) FROM event");
}

static void
test_reading_keeps_locks (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) writer = eros_journal_create (test->file, NULL);
  g_autofree char *names = NULL;
  guint64 n = 0;

  journal_test_append (writer, "{}");
  g_assert_true (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));
  g_assert_cmpint (run_child ("is_locked", test), ==, 0);
  names = journal_test_list (test);
  g_assert_cmpstr (names, ==, "one.erosdeploy one.erosdeploy-lock one.erosdeploy-shm one.erosdeploy-wal");
  journal_test_append (writer, "{}");
  g_clear_object (&writer);
  g_assert_true (eros_journal_verify (test->file, &n, NULL, NULL, NULL));
  g_assert_cmpuint (n, ==, 2);
}

static int
append_until_full (JournalTest *test)
{
  g_autoptr (ErosJournal) journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, NULL);
  g_autofree char *text = g_strnfill (5000, 'x');
  g_autofree char *json = g_strdup_printf ("{\"text\":\"%s\"}", text);
  g_autoptr (JsonNode) body = journal_test_body (json);
  struct rlimit limit = { 60000, RLIM_INFINITY };
  guint n = 0;

  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
  for (;;)
    {
      g_autoptr (GError) error = NULL;

      if (eros_journal_append (journal, "Ada", "note.set", body, &error) == NULL)
        {
          if (!g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED) || n == 0)
            return 100;
          break;
        }
      n++;
    }

  /* With room again, it goes on where it was. */
  limit.rlim_cur = RLIM_INFINITY;
  setrlimit (RLIMIT_FSIZE, &limit);
  if (g_list_model_get_n_items (G_LIST_MODEL (journal)) != n + 2)
    return 101;
  return eros_journal_append (journal, "Ada", "note.set", body, NULL) != NULL ? (int) n + 1 : 102;
}

static void
test_disk_full (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 n = 0;
  int n_appended;

  journal_test_fill (test, 2);
  n_appended = run_child ("append_until_full", test);
  g_assert_cmpint (n_appended, <, 100);
  g_assert_true (eros_journal_verify (test->file, &n, NULL, NULL, &error));
  g_assert_cmpuint (n, ==, 2 + n_appended);
}

static int
create_on_full_disk (JournalTest *test)
{
  g_autoptr (GError) error = NULL;
  struct rlimit limit = { 6000, 6000 };

  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &limit);
  if (eros_journal_create (test->file, &error) != NULL)
    return 1;
  return g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED) ? 0 : 2;
}

static void
test_create_on_full_disk (JournalTest *test, gconstpointer data)
{
  g_autofree char *names = NULL;

  g_assert_cmpint (run_child ("create_on_full_disk", test), ==, 0);
  names = journal_test_list (test);
  g_assert_cmpstr (names, ==, "");
}

/* Somebody deletes the file beside the journal: the journal itself is still locked. */
static void
test_rival_writer (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) first = eros_journal_create (test->file, NULL);
  g_autofree char *lock = g_strconcat (test->path, "-lock", NULL);

  journal_test_append (first, "{}");
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (run_child ("open_in_use_without_name", test), ==, 0);
  journal_test_append (first, "{}");
  g_assert_true (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));
}

/* Whoever knows nothing of locks: the trigger keeps the chain whole. */
static void
test_rival_program (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) first = eros_journal_create (test->file, NULL);

  journal_test_append (first, "{}");
  g_assert_cmpint (journal_test_sql (test->path,
                                     "INSERT INTO event SELECT 2, time, actor, kind, body, hash, hash"
                                     " FROM event"),
                   !=, 0);
  journal_test_append (first, "{}");
  g_assert_true (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));
}

static void
test_symbolic_link (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) writer = eros_journal_create (test->file, NULL);
  g_autofree char *path = g_build_filename (test->folder, "link.erosdeploy", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_cmpint (symlink (test->path, path), ==, 0);
  g_assert_null (eros_journal_open (file, EROS_JOURNAL_WRITE, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE);
}

static int
be_child (char **argv)
{
  static const struct
  {
    const char *name;
    InChild function;
  } functions[] = {
    { "open_unreadable", open_unreadable },
    { "write_read_only", write_read_only },
    { "create_in_read_only", create_in_read_only },
    { "open_in_use", open_in_use },
    { "is_locked", is_locked },
    { "open_in_use_without_name", open_in_use_without_name },
    { "append_until_full", append_until_full },
    { "create_on_full_disk", create_on_full_disk },
  };
  JournalTest test = { argv[2], g_build_filename (argv[2], "one.erosdeploy", NULL), NULL };

  test.file = g_file_new_for_path (test.path);
  parent_process = argv[3];
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_str_equal (functions[i].name, argv[1]))
      return functions[i].function (&test);
  return 97;
}

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], "--child"))
    _exit (be_child (argv + 1)); /* a leak checker cannot look at a process that gave up its rights */
  g_test_init (&argc, &argv, NULL);
  journal_test_add ("/journal/files/an-empty-file-is-none", test_empty);
  journal_test_add ("/journal/files/a-text-is-none", test_text);
  journal_test_add ("/journal/files/another-program-s-database-is-none", test_other_database);
  journal_test_add ("/journal/files/a-newer-version-says-so", test_newer_version);
  journal_test_add ("/journal/files/a-newer-minor-version-opens", test_newer_minor_version);
  journal_test_add ("/journal/files/one-cut-short-says-so", test_cut_short);
  journal_test_add ("/journal/files/one-with-bytes-after-its-end-says-so", test_longer);
  journal_test_add ("/journal/files/a-garbage-page-is-damage", test_garbage_page);
  journal_test_add ("/journal/files/another-schema-is-damage", test_other_schema);
  journal_test_add ("/journal/files/a-missing-file-stays-missing", test_missing);
  journal_test_add ("/journal/files/a-folder-a-device-a-server-are-none", test_not_a_file);
  journal_test_add ("/journal/files/an-unreadable-file-says-so", test_unreadable);
  journal_test_add ("/journal/files/a-read-only-one-can-be-read", test_read_only);
  journal_test_add ("/journal/files/one-writer-at-a-time-and-its-name", test_one_writer);
  journal_test_add ("/journal/files/reading-beside-writing-keeps-the-locks", test_reading_keeps_locks);
  journal_test_add ("/journal/files/a-full-disk-loses-nothing", test_disk_full);
  journal_test_add ("/journal/files/a-full-disk-leaves-no-half-journal", test_create_on_full_disk);
  journal_test_add ("/journal/files/a-rival-writer-is-kept-out-without-the-lock-file", test_rival_writer);
  journal_test_add ("/journal/files/a-rival-program-cannot-fork-the-chain", test_rival_program);
  journal_test_add ("/journal/files/a-link-leads-to-the-same-lock", test_symbolic_link);
  return g_test_run ();
}
