/* test-journal-attacks.c: whatever somebody puts in a journal's place or beside it is found or harmless
 *
 * Each edit is made to a fresh copy, at rest or as a killed writer leaves it. Verifying it ends within 5 s,
 * changes nothing in the folder, and either says what is wrong or finds the honest chain. Only taking the
 * -wal away gives a shorter one, which nobody can tell from the file alone: then nothing lies beside it, and
 * that is said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <glib/gstdio.h>

#define N_STORED      12 /* events in the file */
#define N_IN_WAL      5  /* and more of them in the -wal */
#define N_MOST        (N_STORED + N_IN_WAL)
#define LIMIT_S       5
#define FILE_NAME     "one.erosdeploy"
#define N_LEAST_EDITS 140

typedef struct
{
  GBytes *file;        /* at rest, N_STORED events */
  GBytes *killed_file; /* the same with … */
  GBytes *killed_wal;  /* … N_IN_WAL more in here */
  GBytes *other_wal;   /* of another deployment */
  char hashes[N_MOST + 1][65];
  guint n_edits;
} Honest;

static Honest honest;
static char *current; /* the edit that is being tried */

static void
too_slow (int number)
{
  static const char words[] = "hangs: ";

  if (write (2, words, sizeof words - 1) > 0 && write (2, current, strlen (current)) > 0)
    _exit (1);
  _exit (2);
}

static GBytes *
read_beside (JournalTest *test, const char *suffix)
{
  g_autofree char *path = g_strconcat (test->path, suffix, NULL);

  return journal_test_read (path);
}

static void
write_beside (JournalTest *test, const char *suffix, GBytes *bytes)
{
  g_autofree char *path = g_strconcat (test->path, suffix, NULL);

  journal_test_write (path, bytes);
}

static void
note_hashes (ErosJournal *journal)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (journal)); i++)
    {
      g_autofree char *hash = eros_journal_dup_head_of (journal, i + 1);

      g_strlcpy (honest.hashes[i + 1], hash, 65);
    }
}

static void
make_honest (void)
{
  JournalTest one, other;
  g_autoptr (ErosJournal) journal = NULL;
  g_autoptr (ErosJournal) stranger = NULL;

  journal_test_set_up (&one, NULL);
  journal_test_fill (&one, N_STORED);
  honest.file = journal_test_read (one.path);
  journal = eros_journal_open (one.file, EROS_JOURNAL_WRITE, NULL);
  for (guint i = 0; i < N_IN_WAL; i++)
    journal_test_append (journal, "{\"element\":\"late\"}");
  honest.killed_file = journal_test_read (one.path);
  honest.killed_wal = read_beside (&one, "-wal");
  note_hashes (journal);
  g_clear_object (&journal);
  journal_test_tear_down (&one, NULL);

  journal_test_set_up (&other, NULL);
  stranger = eros_journal_create (other.file, NULL);
  journal_test_append (stranger, "{\"element\":\"forged\"}");
  honest.other_wal = read_beside (&other, "-wal");
  g_clear_object (&stranger);
  journal_test_tear_down (&other, NULL);
}

/* Everything about the folder but when it was read. */
static char *
describe_folder (JournalTest *test)
{
  g_autofree char *list = journal_test_list (test);
  g_auto (GStrv) names = g_strsplit (list, " ", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL && *names[i] != '\0'; i++)
    {
      g_autofree char *path = g_build_filename (test->folder, names[i], NULL);
      g_autofree char *sum = NULL;
      struct stat info = { 0 };

      g_assert_cmpint (lstat (path, &info), ==, 0);
      if (S_ISREG (info.st_mode))
        {
          g_autoptr (GBytes) bytes = journal_test_read (path);

          sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
        }
      g_string_append_printf (text, "%s %o %ld.%09ld %s\n", names[i], info.st_mode,
                              (long) info.st_mtim.tv_sec, (long) info.st_mtim.tv_nsec,
                              sum != NULL ? sum : "");
    }
  return g_string_free (text, FALSE);
}

/* What verifying, reading and writing say of it. n_honest: as many events as there are. */
static void
try_it (JournalTest *test, guint n_honest, gboolean is_hidden)
{
  g_autofree char *before = describe_folder (test);
  g_autofree char *after = NULL;
  g_autofree char *head = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) reader = NULL;
  guint64 n = 0;
  gboolean good;

  alarm (LIMIT_S);
  good = eros_journal_verify (test->file, &n, &head, NULL, &error);
  reader = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  alarm (0);
  after = describe_folder (test);
  if (!g_str_equal (before, after))
    g_error ("%s: verifying has touched it:\n%s\n%s", current, before, after);
  if (good != (reader != NULL))
    g_error ("%s: verifying and opening disagree", current);
  if (!good)
    {
      g_assert_nonnull (error);
      if (strchr (error->message, '\n') != NULL || !g_utf8_validate (error->message, -1, NULL))
        g_error ("%s: says %s", current, error->message);
    }
  else if (n > N_MOST || (n != n_honest && !is_hidden) || !g_str_equal (head, honest.hashes[n]))
    g_error ("%s: is believed, with %d events", current, (int) n);
  honest.n_edits++;
}

/* Whoever wants to write gets a journal that keeps what it is told, or none, and then nothing has changed. */
static void
try_to_write (JournalTest *test)
{
  g_autofree char *before = describe_folder (test);
  g_autoptr (ErosJournal) writer = NULL;
  g_autoptr (ErosJournal) again = NULL;
  g_autoptr (JsonNode) body = journal_test_body ("{}");
  guint n = 0;

  alarm (LIMIT_S);
  writer = eros_journal_open (test->file, EROS_JOURNAL_WRITE, NULL);
  if (writer == NULL)
    {
      g_autofree char *after = describe_folder (test);

      alarm (0);
      if (!g_str_equal (before, after))
        g_error ("%s: not being opened has touched it:\n%s\n%s", current, before, after);
      return;
    }
  n = g_list_model_get_n_items (G_LIST_MODEL (writer));
  if (eros_journal_append (writer, "Ada", "note.set", body, NULL) != NULL)
    n++;
  g_clear_object (&writer);
  again = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  alarm (0);
  if (again == NULL || g_list_model_get_n_items (G_LIST_MODEL (again)) != n)
    g_error ("%s: an event was said to be stored, and is not", current);
}

typedef void (*Edit) (JournalTest *test, gconstpointer data);

static void
clear (JournalTest *test)
{
  g_autofree char *list = journal_test_list (test);
  g_auto (GStrv) names = g_strsplit (list, " ", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (test->folder, names[i], NULL);

      if (*names[i] != '\0')
        g_assert_cmpint (g_remove (path), ==, 0);
    }
}

static void
try_edit (JournalTest *test, gboolean killed, gboolean is_hidden, Edit edit, gconstpointer data)
{
  clear (test);
  journal_test_write (test->path, killed ? honest.killed_file : honest.file);
  if (killed)
    write_beside (test, "-wal", honest.killed_wal);
  edit (test, data);
  try_it (test, killed ? N_MOST : N_STORED, is_hidden);
  try_to_write (test);
}

/* ---- types of file ------------------------------------------------------------------------------------- */

typedef struct
{
  const char *suffix;
  const char *type;
} Place;

static void
make_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  close (fd);
}

static void
put_type (JournalTest *test, gconstpointer data)
{
  const Place *place = data;
  g_autofree char *path = g_strconcat (test->path, place->suffix, NULL);
  g_autofree char *elsewhere = g_build_filename (test->folder, "elsewhere", NULL);
  int code = 0;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_assert_cmpint (g_rename (path, elsewhere), ==, 0);
  if (g_str_equal (place->type, "pipe"))
    code = mkfifo (path, 0600);
  else if (g_str_equal (place->type, "folder"))
    code = g_mkdir (path, 0700);
  else if (g_str_equal (place->type, "socket"))
    make_socket (path);
  else if (g_str_equal (place->type, "link to itself"))
    code = symlink (path, path);
  else if (g_str_equal (place->type, "link to what was there"))
    code = symlink (elsewhere, path);
  else if (g_str_equal (place->type, "link to a pipe"))
    code = mkfifo (elsewhere, 0600) == 0 || errno == EEXIST ? symlink (elsewhere, path) : -1;
  else
    code = symlink (place->type, path);
  g_assert_cmpint (code, ==, 0);
}

static void
test_types (JournalTest *test, gconstpointer data)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal", "-lock" };
  static const char *const types[] = { "pipe",          "folder",         "socket",
                                       "/dev/zero",     "/dev/null",      "/nowhere/at/all",
                                       "/etc/passwd",   "link to itself", "link to what was there",
                                       "link to a pipe" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (types); j++)
      for (guint killed = 0; killed < 2; killed++)
        {
          Place place = { suffixes[i], types[j] };

          g_free (current);
          current = g_strdup_printf ("%s: %s%s", types[j], *suffixes[i] != '\0' ? suffixes[i] : "the file",
                                     killed ? ", its writer was killed" : "");
          /* A link to the journal itself leads to it, but to no -wal: that lies beside the real file. */
          try_edit (test, killed, *suffixes[i] == '\0', put_type, &place);
        }
}

/* ---- what lies beside ---------------------------------------------------------------------------------- */

typedef struct
{
  const char *suffix;
  GBytes *bytes; /* NULL: nothing lies there */
} Content;

static void
put_content (JournalTest *test, gconstpointer data)
{
  const Content *content = data;
  g_autofree char *path = g_strconcat (test->path, content->suffix, NULL);

  if (content->bytes != NULL)
    journal_test_write (path, content->bytes);
  else
    g_unlink (path);
}

static GBytes *
draw_bytes (gsize n)
{
  guint8 *bytes = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    bytes[i] = g_test_rand_int_range (0, 256);
  return g_bytes_new_take (bytes, n);
}

static void
test_what_lies_beside (JournalTest *test, gconstpointer data)
{
  static const char *const suffixes[] = { "-wal", "-shm", "-journal", "-lock" };
  g_autoptr (GBytes) few = draw_bytes (900);
  g_autoptr (GBytes) many = draw_bytes (70000);
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) zeros = g_bytes_new_take (g_malloc0 (32768), 32768);
  g_autoptr (GBytes) header = g_bytes_new_from_bytes (honest.killed_wal, 0, 32);
  GBytes *contents[] = {
    NULL, none, few, many, zeros, header, honest.file, honest.killed_wal, honest.other_wal
  };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (contents); j++)
      for (guint killed = 0; killed < 2; killed++)
        {
          Content content = { suffixes[i], contents[j] };
          /* Events that only a -wal has are gone with it. */
          gboolean is_hidden = i == 0 && (killed || contents[j] == honest.killed_wal);

          g_free (current);
          current =
            g_strdup_printf ("content %u as %s%s", j, suffixes[i], killed ? ", its writer was killed" : "");
          try_edit (test, killed, is_hidden, put_content, &content);
        }
}

typedef struct
{
  const char *suffix;
  gsize offset;
  guint8 mask; /* 0: cut off there */
} Change;

static void
put_change (JournalTest *test, gconstpointer data)
{
  const Change *change = data;
  g_autofree char *path = g_strconcat (test->path, change->suffix, NULL);
  int fd = open (path, O_RDWR);
  guint8 byte = 0;

  if (change->mask == 0)
    g_assert_cmpint (ftruncate (fd, (off_t) change->offset), ==, 0);
  else
    {
      g_assert_cmpint (pread (fd, &byte, 1, (off_t) change->offset), ==, 1);
      byte ^= change->mask;
      g_assert_cmpint (pwrite (fd, &byte, 1, (off_t) change->offset), ==, 1);
    }
  close (fd);
}

/* A -wal ends where its checksums end: what is changed in it, or cut off, takes what comes after with it. */
static void
test_changed_wal (JournalTest *test, gconstpointer data)
{
  gsize size = g_bytes_get_size (honest.killed_wal);

  for (guint i = 0; i < 80; i++)
    {
      Change change = { "-wal", g_test_rand_int_range (0, (int) size), 0 };

      if (i < 32)
        change = (Change){ "-wal", i, 1 << i % 8 };
      else if (i % 2 == 0)
        change.mask = 1 << g_test_rand_int_range (0, 8);
      g_free (current);
      current = g_strdup_printf ("byte %u of the -wal ^ %u", (guint) change.offset, change.mask);
      try_edit (test, TRUE, TRUE, put_change, &change);
    }
}

static void
test_changed_header (JournalTest *test, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    for (guint killed = 0; killed < 2; killed++)
      {
        Change change = { "", i, 1 << g_test_rand_int_range (0, 8) };

        g_free (current);
        current = g_strdup_printf ("byte %u ^ %u%s", i, change.mask, killed ? ", its writer was killed" : "");
        try_edit (test, killed, killed, put_change, &change);
      }
}

/* ---- what is inside ------------------------------------------------------------------------------------ */

static void
put_sql (JournalTest *test, gconstpointer data)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (test->path, &db), ==, SQLITE_OK);
  sqlite3_db_config (db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
  if (sqlite3_exec (db, data, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", (const char *) data, sqlite3_errmsg (db));
  sqlite3_close (db);
}

#define TRIGGER(name, when, what)                                                                            \
  "INSERT INTO sqlite_schema VALUES ('trigger', '" name "', 'event', 0, 'CREATE TRIGGER \"" name "\" " when  \
  " ON event "                                                                                               \
  "BEGIN SELECT " what "; END')"

static const char *const schemas[] = {
  TRIGGER ("sqlite_quiet", "BEFORE INSERT", "RAISE(IGNORE)"),
  TRIGGER ("sqlite_stat1", "BEFORE INSERT", "RAISE(IGNORE)"),
  TRIGGER ("sqlite_autoindex_event_1", "BEFORE INSERT", "RAISE(IGNORE)"),
  TRIGGER ("SQLITE_x", "AFTER INSERT", "1"),
  TRIGGER ("quiet", "BEFORE INSERT", "RAISE(IGNORE)"),
  TRIGGER ("", "BEFORE INSERT", "RAISE(IGNORE)"),
  "UPDATE sqlite_schema SET name = 'sqlite_' || name WHERE type = 'trigger'",
  "UPDATE sqlite_schema SET tbl_name = 'sqlite_event' WHERE name = 'event_stays'",
  "UPDATE sqlite_schema SET sql = replace (sql, 'RAISE(ABORT', 'RAISE(IGNORE') WHERE name = 'event_is_next'",
  "UPDATE sqlite_schema SET sql = sql || ' ' WHERE type = 'trigger'",
  "UPDATE sqlite_schema SET sql = replace (sql, 'STRICT, ', '') WHERE name = 'event'",
  "UPDATE sqlite_schema SET sql = sql || ' -- ' WHERE name = 'event'",
  "DELETE FROM sqlite_schema WHERE name = 'event_is_next'",
  "DELETE FROM sqlite_schema WHERE type = 'trigger'",
  "INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = 'event_stays'",
  "INSERT INTO sqlite_schema VALUES (NULL, NULL, NULL, NULL, NULL)",
  "INSERT INTO sqlite_schema VALUES ('view', 'sqlite_v', 'sqlite_v', 0, 'CREATE VIEW sqlite_v AS SELECT 1')",
  "CREATE TABLE extra (x)",
  "CREATE VIEW extra AS SELECT * FROM event",
  "CREATE INDEX extra ON event (actor)",
  "ANALYZE",
  "CREATE TABLE counted (x INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE counted",
  "CREATE TRIGGER extra AFTER INSERT ON event BEGIN SELECT 1; END",
  "DROP TRIGGER event_stays",
  "ALTER TABLE event ADD COLUMN more TEXT",
  "PRAGMA user_version = 999",
  "PRAGMA user_version = 2000",
  "PRAGMA application_id = 1",
};

static void
test_inside (JournalTest *test, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemas); i++)
    {
      g_free (current);
      current = g_strdup (schemas[i]);
      try_edit (test, FALSE, FALSE, put_sql, schemas[i]);
      /* None of these is harmless. */
      clear (test);
      journal_test_write (test->path, honest.file);
      put_sql (test, schemas[i]);
      if (eros_journal_verify (test->file, NULL, NULL, NULL, NULL))
        g_error ("%s: is believed", schemas[i]);
    }
}

/* A trigger that comes in while the journal is open: an event that it swallows is not said to be stored. */
static void
test_swallowed_event (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) body = journal_test_body ("{}");

  journal_test_fill (test, 3);
  journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  put_sql (test, TRIGGER ("sqlite_quiet", "BEFORE INSERT", "RAISE(IGNORE)"));
  g_assert_null (eros_journal_append (journal, "Ada", "note.set", body, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, 3);
  put_sql (test, "DELETE FROM sqlite_schema WHERE name = 'sqlite_quiet'");
  g_assert_nonnull (eros_journal_append (journal, "Ada", "note.set", body, NULL));
}

static void
test_names_what_lies_beside (JournalTest *test, gconstpointer data)
{
  g_auto (GStrv) alone = NULL;
  g_auto (GStrv) beside = NULL;
  g_autofree char *names = NULL;
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);

  journal_test_fill (test, 3);
  alone = eros_journal_find_beside (test->file);
  g_assert_cmpuint (g_strv_length (alone), ==, 0);
  write_beside (test, "-wal", honest.killed_wal);
  write_beside (test, "-lock", none);
  beside = eros_journal_find_beside (test->file);
  names = g_strjoinv (" ", beside);
  g_assert_cmpstr (names, ==, FILE_NAME "-wal " FILE_NAME "-lock");
}

static mode_t
mode_of (JournalTest *test, const char *suffix)
{
  g_autofree char *path = g_strconcat (test->path, suffix, NULL);
  struct stat info = { 0 };

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static void
test_owner_alone (JournalTest *test, gconstpointer data)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-lock" };
  static const mode_t masks[] = { 0, 0002, 0022 };

  for (guint i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      mode_t old = umask (masks[i]);
      g_autoptr (ErosJournal) journal = eros_journal_create (test->file, NULL);

      journal_test_append (journal, "{}");
      for (guint j = 0; j < G_N_ELEMENTS (suffixes); j++)
        g_assert_cmpint (mode_of (test, suffixes[j]), ==, 0600);
      umask (old);
      g_clear_object (&journal);

      /* One that is wider is narrowed when it is written again; reading it touches nothing. */
      g_chmod (test->path, 0666);
      g_assert_true (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));
      g_assert_cmpint (mode_of (test, ""), ==, 0666);
      journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, NULL);
      g_assert_cmpint (mode_of (test, ""), ==, 0600);
      g_clear_object (&journal);
      clear (test);
    }
}

/* Whoever writes into one of them writes into the file of the other name. */
static void
test_second_name (JournalTest *test, gconstpointer data)
{
  static const char *const suffixes[] = { "-wal", "-shm", "-lock" };
  g_autofree char *mine = g_build_filename (test->folder, "mine", NULL);

  g_object_unref (eros_journal_create (test->file, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *beside = g_strconcat (test->path, suffixes[i], NULL);
      g_autofree char *kept = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (mine, "my own", -1, NULL));
      g_assert_cmpint (link (mine, beside), ==, 0);
      g_assert_null (eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error));
      g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, "a hard link"));
      g_assert_true (g_file_get_contents (mine, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, "my own");
      g_assert_cmpint (g_unlink (beside), ==, 0);
    }
  g_assert_cmpint (g_unlink (mine), ==, 0);
}

static void
test_enough (JournalTest *test, gconstpointer data)
{
  g_test_message ("%u edits", honest.n_edits);
  g_assert_cmpuint (honest.n_edits, >=, N_LEAST_EDITS);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  signal (SIGALRM, too_slow);
  make_honest ();
  journal_test_add ("/journal/attacks/other-types-of-files", test_types);
  journal_test_add ("/journal/attacks/other-files-beside-it", test_what_lies_beside);
  journal_test_add ("/journal/attacks/a-changed-wal", test_changed_wal);
  journal_test_add ("/journal/attacks/a-changed-header", test_changed_header);
  journal_test_add ("/journal/attacks/another-schema", test_inside);
  journal_test_add ("/journal/attacks/at-least-140-edits-were-tried", test_enough);
  journal_test_add ("/journal/attacks/a-swallowed-event-is-not-stored", test_swallowed_event);
  journal_test_add ("/journal/attacks/what-lies-beside-is-named", test_names_what_lies_beside);
  journal_test_add ("/journal/attacks/a-second-name-beside-it-is-not-written", test_second_name);
  journal_test_add ("/journal/files/are-their-owner-s-alone", test_owner_alone);
  status = g_test_run ();
  g_bytes_unref (honest.file);
  g_bytes_unref (honest.killed_file);
  g_bytes_unref (honest.killed_wal);
  g_bytes_unref (honest.other_wal);
  g_free (current);
  return status;
}
