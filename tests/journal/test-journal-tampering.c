/* test-journal-tampering.c: whatever is changed in a stored event is found
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define N_EVENTS 60
#define N_TRIALS 1000
#define N_AGREED 150

/* Where the bytes of the event rows are in the file, from the format of SQLite’s b-trees: the length of a
 * row, its record, and the links to and content of its overflow pages. */
typedef struct
{
  const guint8 *file;
  gsize page_size;
  gsize usable;
  GArray *offsets; /* of gsize */
} Rows;

static guint
get_uint16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static guint
get_uint32 (const guint8 *bytes)
{
  return (guint) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static void
add_range (Rows *rows, gsize start, gsize length)
{
  for (gsize i = start; i < start + length; i++)
    g_array_append_val (rows->offsets, i);
}

static void
add_overflow (Rows *rows, guint page, gsize left)
{
  while (left > 0)
    {
      gsize start = (gsize) (page - 1) * rows->page_size;
      gsize here = MIN (left, rows->usable - 4);

      add_range (rows, start, 4 + here);
      left -= here;
      page = get_uint32 (rows->file + start);
    }
}

static void
add_cell (Rows *rows, gsize start)
{
  gsize at = start;
  gsize payload = 0;
  gsize most = (rows->usable - 12) * 64 / 255 - 23;
  gsize least = (rows->usable - 12) * 32 / 255 - 23;
  gsize local;

  do
    payload = payload << 7 | (rows->file[at] & 0x7f);
  while (rows->file[at++] & 0x80);

  local = payload;
  if (payload > most)
    {
      local = least + (payload - least) % (rows->usable - 4);
      local = local <= most ? local : least;
    }
  add_range (rows, start, at - start + local + (local < payload ? 4 : 0));
  if (local < payload)
    add_overflow (rows, get_uint32 (rows->file + at + local), payload - local);
}

static void
add_page (Rows *rows, guint page)
{
  gsize start = (gsize) (page - 1) * rows->page_size;
  const guint8 *header = rows->file + start;
  gboolean inner = header[0] == 2;
  guint n_cells = get_uint16 (header + 3);

  g_assert_true (inner || header[0] == 10);
  for (guint i = 0; i < n_cells; i++)
    {
      gsize cell = start + get_uint16 (header + (inner ? 12 : 8) + 2 * i);

      if (inner)
        add_page (rows, get_uint32 (rows->file + cell));
      add_cell (rows, inner ? cell + 4 : cell);
    }
  if (inner)
    add_page (rows, get_uint32 (header + 8));
}

static GArray *
find_row_bytes (JournalTest *test)
{
  g_autoptr (GBytes) bytes = journal_test_read (test->path);
  Rows rows = { g_bytes_get_data (bytes, NULL), 0, 0, g_array_new (FALSE, FALSE, sizeof (gsize)) };
  sqlite3 *db = NULL;
  sqlite3_stmt *select = NULL;
  guint root;

  rows.page_size = get_uint16 (rows.file + 16);
  rows.usable = rows.page_size - rows.file[20];
  g_assert_cmpint (sqlite3_open (test->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT rootpage FROM sqlite_schema WHERE name = 'event'", -1, &select, NULL);
  g_assert_cmpint (sqlite3_step (select), ==, SQLITE_ROW);
  root = sqlite3_column_int (select, 0);
  sqlite3_finalize (select);
  sqlite3_close (db);
  add_page (&rows, root);
  return rows.offsets;
}

static void
flip (const char *path, gsize offset, guint bit)
{
  int fd = open (path, O_RDWR);
  guint8 byte = 0;

  g_assert_cmpint (pread (fd, &byte, 1, offset), ==, 1);
  byte ^= 1 << bit;
  g_assert_cmpint (pwrite (fd, &byte, 1, offset), ==, 1);
  close (fd);
}

static void
test_flipped_bits (JournalTest *test, gconstpointer data)
{
  g_autoptr (GArray) offsets = NULL;
  guint n_named = 0;

  journal_test_fill (test, N_EVENTS);
  offsets = find_row_bytes (test);
  /* The rows fill most of the file, so the walk has found them. */
  g_assert_cmpuint (offsets->len, >, 50000);
  g_assert_true (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));

  for (guint i = 0; i < N_TRIALS; i++)
    {
      g_autoptr (GError) error = NULL;
      gsize offset = g_array_index (offsets, gsize, g_test_rand_int_range (0, offsets->len));
      guint bit = g_test_rand_int_range (0, 8);
      guint64 n = 0;

      flip (test->path, offset, bit);
      if (eros_journal_verify (test->file, &n, NULL, NULL, &error))
        g_error ("Flipping bit %u of byte %" G_GSIZE_FORMAT " was not found", bit, offset);
      n_named += g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_CHAIN_BROKEN);
      /* The link after a row's last overflow page is no content, only damage. */
      if (n == N_EVENTS)
        g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED);
      flip (test->path, offset, bit);
    }
  g_assert_true (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));
  /* Nearly all bytes are content; only what SQLite itself cannot read is damage instead. */
  g_assert_cmpuint (n_named, >, N_TRIALS * 9 / 10);
}

/* The bytes that are not content: lengths and types. There are few, so all of their bits. */
static void
test_flipped_lengths (JournalTest *test, gconstpointer data)
{
  g_autoptr (GArray) offsets = NULL;
  gsize last = 0;

  journal_test_fill (test, 12);
  offsets = find_row_bytes (test);
  for (guint i = 0; i < offsets->len; i++)
    {
      gsize offset = g_array_index (offsets, gsize, i);
      gboolean starts = i == 0 || offset != last + 1;

      last = offset;
      if (!starts)
        continue;
      for (guint bit = 0; bit < 8 * 24; bit++)
        {
          flip (test->path, offset + bit / 8, bit % 8);
          g_assert_false (eros_journal_verify (test->file, NULL, NULL, NULL, NULL));
          flip (test->path, offset + bit / 8, bit % 8);
        }
    }
}

static const char drop_triggers[] =
  "DROP TRIGGER event_is_next; DROP TRIGGER event_stays_as_it_is; DROP TRIGGER event_stays";

/* Puts the triggers back, so that only the chain can tell. */
static void
change (JournalTest *test, const char *sql)
{
  g_autoptr (GString) again = g_string_new (NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *select = NULL;

  g_assert_cmpint (sqlite3_open (test->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT sql FROM sqlite_schema WHERE type = 'trigger'", -1, &select, NULL);
  while (sqlite3_step (select) == SQLITE_ROW)
    g_string_append_printf (again, "%s;", sqlite3_column_text (select, 0));
  sqlite3_finalize (select);
  g_assert_cmpint (sqlite3_exec (db, drop_triggers, NULL, NULL, NULL), ==, SQLITE_OK);
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  g_assert_cmpint (sqlite3_exec (db, again->str, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
assert_named (JournalTest *test, guint sequence, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("event %u ", sequence);
  guint64 n = 0;

  g_assert_false (eros_journal_verify (test->file, &n, NULL, NULL, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_CHAIN_BROKEN);
  g_assert_nonnull (strstr (error->message, name));
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in: %s", words, error->message);
  g_assert_cmpuint (n, ==, sequence - 1);
}

/* One bit of one character, put in place as it is. */
static void
flip_column_bit (JournalTest *test, const char *column, guint sequence)
{
  g_autofree char *select =
    g_strdup_printf ("SELECT CAST(%s AS BLOB) FROM event WHERE sequence = %u", column, sequence);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autofree guint8 *bytes = NULL;
  sqlite3 *db = NULL;
  sqlite3_stmt *row = NULL;
  guint n;

  g_assert_cmpint (sqlite3_open (test->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, select, -1, &row, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  n = sqlite3_column_bytes (row, 0);
  bytes = g_memdup2 (sqlite3_column_blob (row, 0), n);
  sqlite3_finalize (row);
  sqlite3_close (db);

  bytes[g_test_rand_int_range (0, n)] ^= 1 << g_test_rand_int_range (0, 8);
  g_string_append_printf (sql, "UPDATE event SET %s = CAST(X'", column);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (sql, "%02x", bytes[i]);
  g_string_append_printf (sql, "' AS TEXT) WHERE sequence = %u", sequence);
  change (test, sql->str);
}

static void
flip_integer_bit (JournalTest *test, const char *column, guint sequence)
{
  guint bit = g_test_rand_int_range (5, 63);
  g_autofree char *sql =
    g_strdup_printf ("UPDATE event SET %s = (%s | (1 << %u)) - (%s & (1 << %u)) WHERE sequence = %u", column,
                     column, bit, column, bit, sequence);

  change (test, sql);
}

static void
test_flipped_column_bits (JournalTest *test, gconstpointer data)
{
  static const char *const columns[] = { "sequence", "time", "actor", "kind", "body", "previous", "hash" };
  g_autoptr (GBytes) good = NULL;

  journal_test_fill (test, 20);
  good = journal_test_read (test->path);
  for (guint i = 0; i < 300; i++)
    {
      guint sequence = g_test_rand_int_range (1, 21);
      guint column = g_test_rand_int_range (0, G_N_ELEMENTS (columns));
      guint64 n = 0;

      journal_test_write (test->path, good);
      if (column < 2)
        flip_integer_bit (test, columns[column], sequence);
      else
        flip_column_bit (test, columns[column], sequence);
      g_assert_false (eros_journal_verify (test->file, &n, NULL, NULL, NULL));
      g_assert_cmpuint (n, ==, sequence - 1);
    }
}

static void
test_changed_events (JournalTest *test, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    guint first_bad;
    const char *words;
  } changes[] = {
    { "UPDATE event SET body = '{}' WHERE sequence = 7", 7, "hash" },
    { "UPDATE event SET body = body || ' ' WHERE sequence = 20", 20, "hash" },
    { "UPDATE event SET body = CAST(CAST(body AS BLOB) || X'00' AS TEXT) WHERE sequence = 5", 5, "hash" },
    { "UPDATE event SET actor = 'Bob' WHERE sequence = 1", 1, "hash" },
    { "UPDATE event SET actor = upper(actor) WHERE sequence = 9", 9, "hash" },
    { "UPDATE event SET kind = 'note.sets' WHERE sequence = 9", 9, "hash" },
    { "UPDATE event SET time = time + 1 WHERE sequence = 9", 9, "hash" },
    { "UPDATE event SET hash = upper(hash) WHERE sequence = 20", 20, "hash" },
    { "UPDATE event SET previous = upper(previous) WHERE sequence = 3", 3, "continue" },
    { "UPDATE event SET previous = hash WHERE sequence = 1", 1, "continue" },
    { "DELETE FROM event WHERE sequence = 1", 1, "missing" },
    { "DELETE FROM event WHERE sequence = 12", 12, "missing" },
    { "INSERT INTO event SELECT 0, time, actor, kind, body, previous, hash FROM event WHERE sequence = 1", 1,
      "number" },
    { "INSERT INTO event SELECT 21, time, actor, kind, body, hash, hash FROM event WHERE sequence = 20", 21,
      "hash" },
    { "UPDATE event SET sequence = 99 WHERE sequence = 20", 20, "missing" },
    /* Two events exchanged: every row is whole, the chain is not. */
    { "UPDATE event SET sequence = CASE sequence WHEN 4 THEN -5 ELSE -4 END WHERE sequence IN (4, 5);"
      "UPDATE event SET sequence = -sequence WHERE sequence < 0",
      4, "continue" },
  };
  g_autoptr (GBytes) good = NULL;

  journal_test_fill (test, 20);
  good = journal_test_read (test->path);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      journal_test_write (test->path, good);
      change (test, changes[i].sql);
      assert_named (test, changes[i].first_bad, changes[i].words);
    }
}

/* Somebody who knows how the hash is made can change one event, but then the next does not continue it. */
static void
test_rehashed_event (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) journal = NULL;
  g_autoptr (ErosEvent) event = NULL;
  g_autofree char *previous = NULL;
  g_autofree char *content = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *sql = NULL;

  journal_test_fill (test, 20);
  journal = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  event = g_list_model_get_item (G_LIST_MODEL (journal), 6);
  previous = eros_journal_dup_head_of (journal, 6);
  content = g_strdup_printf ("12:eros-event-1,1:7,16:%" G_GINT64_FORMAT ",3:Bob,8:note.set,2:{},64:%s,",
                             eros_event_get_time (event), previous);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);
  sql = g_strdup_printf ("UPDATE event SET actor = 'Bob', body = '{}', hash = '%s' WHERE sequence = 7", hash);
  change (test, sql);
  assert_named (test, 8, "continue");
}

static void
test_hostile_bodies (JournalTest *test, gconstpointer data)
{
  static const char *const bodies[] = { "[]",          "{} ",
                                        "{\"a\":1.5}", "{\"b\":1,\"a\":2}",
                                        "nonsense",    "{\"a\":\"\\u0000\"}" };
  g_autoptr (GBytes) good = NULL;
  g_autoptr (ErosJournal) journal = NULL;
  g_autoptr (ErosEvent) event = NULL;
  g_autofree char *previous = NULL;

  journal_test_fill (test, 3);
  good = journal_test_read (test->path);
  journal = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  event = g_list_model_get_item (G_LIST_MODEL (journal), 2);
  previous = eros_journal_dup_head_of (journal, 2);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *content = g_strdup_printf (
        "12:eros-event-1,1:3,16:%" G_GINT64_FORMAT ",3:Bob,8:note.set,%" G_GSIZE_FORMAT ":%s,64:%s,",
        eros_event_get_time (event), strlen (bodies[i]), bodies[i], previous);
      g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);
      g_autofree char *sql = g_strdup_printf (
        "UPDATE event SET actor = 'Bob', body = '%s', hash = '%s' WHERE sequence = 3", bodies[i], hash);

      journal_test_write (test->path, good);
      change (test, sql);
      assert_named (test, 3, "canonical");
    }
}

static void
test_triggers (JournalTest *test, gconstpointer data)
{
  static const char *const statements[] = {
    "UPDATE event SET body = '{}'",
    "UPDATE event SET body = body WHERE sequence = 1",
    "UPDATE OR REPLACE event SET sequence = 2 WHERE sequence = 1",
    "DELETE FROM event",
    "DELETE FROM event WHERE sequence = 3",
    "INSERT INTO event SELECT * FROM event WHERE sequence = 3",
    "INSERT OR REPLACE INTO event SELECT * FROM event WHERE sequence = 3",
    "INSERT INTO event SELECT 4, time, actor, kind, body, previous, hash FROM event WHERE sequence = 3",
    "INSERT INTO event SELECT 4, time, actor, kind, body, hash, hash FROM event WHERE sequence = 3",
    "INSERT INTO event SELECT 9, time, actor, kind, body, hash, hash FROM event WHERE sequence = 3",
    "INSERT INTO event VALUES (4, 0, 'a', 'k', '{}', '', '')",
  };
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  journal_test_fill (test, 3);
  before = journal_test_read (test->path);
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    g_assert_cmpint (journal_test_sql (test->path, statements[i]), !=, SQLITE_OK);
  after = journal_test_read (test->path);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_missing_trigger (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 n = 0;

  journal_test_fill (test, 3);
  g_assert_cmpint (journal_test_sql (test->path, "DROP TRIGGER event_stays"), ==, SQLITE_OK);
  g_assert_false (eros_journal_verify (test->file, &n, NULL, NULL, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_DAMAGED);
  g_assert_cmpuint (n, ==, 3);
}

/* The verifier that was written from the documentation alone says the same of every file. */
static JsonArray *
ask_other_verifier (GPtrArray *paths)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  JsonArray *answers = json_array_new ();

  g_ptr_array_add (command, (gpointer) PYTHON);
  g_ptr_array_add (command, (gpointer) VERIFIER);
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (command, paths->pdata[i]);
  g_ptr_array_add (command, NULL);
  g_spawn_sync (NULL, (char **) command->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL,
                &error);
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (output), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    json_array_add_element (answers, json_from_string (lines[i], NULL));
  return answers;
}

static void
assert_agreement (GPtrArray *paths, guint n_good)
{
  g_autoptr (JsonArray) answers = ask_other_verifier (paths);

  g_assert_cmpuint (json_array_get_length (answers), ==, paths->len);
  for (guint i = 0; i < paths->len; i++)
    {
      JsonObject *answer = json_array_get_object_element (answers, i);
      g_autoptr (GFile) file = g_file_new_for_path (paths->pdata[i]);
      g_autofree char *head = NULL;
      guint64 n = 0;
      gboolean good = eros_journal_verify (file, &n, &head, NULL, NULL);

      g_assert_cmpint (good, ==, i < n_good);
      g_assert_cmpint (json_object_get_boolean_member (answer, "good"), ==, good);
      g_assert_cmpint (json_object_get_int_member (answer, "events"), ==, n);
      g_assert_cmpstr (json_object_get_string_member (answer, "head"), ==, head);
    }
}

static void
test_other_verifier (JournalTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes) good = NULL;
  g_autoptr (GArray) offsets = NULL;

  journal_test_fill (test, N_EVENTS);
  good = journal_test_read (test->path);
  offsets = find_row_bytes (test);
  g_ptr_array_add (paths, g_strdup (test->path));
  for (guint i = 0; i < N_AGREED; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/damaged-%u.erosdeploy", test->folder, i);

      journal_test_write (path, good);
      flip (path, g_array_index (offsets, gsize, g_test_rand_int_range (0, offsets->len)),
            g_test_rand_int_range (0, 8));
      g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  assert_agreement (paths, 1);
}

static void
test_other_verifier_on_a_live_file (JournalTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autoptr (ErosJournal) writer = eros_journal_create (test->file, NULL);

  g_ptr_array_add (paths, test->path);
  assert_agreement (paths, 1);
  journal_test_append (writer, "{\"a\":[\"\\u0001\\\"\\\\é\",-5,null,{\"ﬀ\":true,\"😀\":[]}]}");
  assert_agreement (paths, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  journal_test_add ("/journal/tampering/a-flipped-bit-is-found", test_flipped_bits);
  journal_test_add ("/journal/tampering/a-flipped-bit-in-lengths-and-types-is-found", test_flipped_lengths);
  journal_test_add ("/journal/tampering/a-flipped-bit-in-a-column-is-found", test_flipped_column_bits);
  journal_test_add ("/journal/tampering/a-changed-event-is-named", test_changed_events);
  journal_test_add ("/journal/tampering/the-event-after-a-rehashed-one-is-named", test_rehashed_event);
  journal_test_add ("/journal/tampering/a-body-in-another-form-is-named", test_hostile_bodies);
  journal_test_add ("/journal/tampering/the-triggers-refuse-any-change", test_triggers);
  journal_test_add ("/journal/tampering/a-missing-trigger-is-damage", test_missing_trigger);
  journal_test_add ("/journal/tampering/another-verifier-agrees", test_other_verifier);
  journal_test_add ("/journal/tampering/another-verifier-reads-a-live-file",
                    test_other_verifier_on_a_live_file);
  return g_test_run ();
}
