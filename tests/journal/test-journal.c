/* test-journal.c: what is stored, and what comes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "journal-test.h"

#include <sqlite3.h>
#include <string.h>

#include "eros-canonical-json.h"
#include "eros-canonical-scan.h"
#include "eros-event-private.h"

static void
assert_canonical (const char *given, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = journal_test_body (given);
  g_autofree char *text = eros_canonical_json_write (value, &error);
  g_autoptr (JsonNode) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  again = eros_canonical_json_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_true (json_node_equal (value, again));
}

static void
test_canonical_form (void)
{
  assert_canonical (" { \"b\" : 1 , \"a\" : [ true , false , null , -7 ] } ",
                    "{\"a\":[true,false,null,-7],\"b\":1}");
  assert_canonical ("{\"\":{},\"A\":[],\"a\":\"\"}", "{\"\":{},\"A\":[],\"a\":\"\"}");
  assert_canonical ("\"\\u0001\\u001f\\b\\f\\n\\r\\t\\\"\\\\\\/\\u00e9\\u007f\\u2028\"",
                    "\"\\u0001\\u001f\\b\\f\\n\\r\\t\\\"\\\\/é\x7f\xe2\x80\xa8\"");
  assert_canonical ("[9223372036854775807,-9223372036854775808,0]",
                    "[9223372036854775807,-9223372036854775808,0]");
  /* By code point, not by UTF-16 unit: U+FB33 comes before U+1F600. */
  assert_canonical ("{\"\\ud83d\\ude00\":1,\"\\ufb33\":2}", "{\"\xef\xac\xb3\":2,\"\xf0\x9f\x98\x80\":1}");
}

static void
test_other_forms (void)
{
  static const char *const texts[] = {
    "",
    " {}",
    "{} ",
    "{\"b\":1,\"a\":2}",
    "{\"a\":1,\"a\":1}",
    "[1, 2]",
    "1.0",
    "1e3",
    "-0",
    "01",
    "+1",
    "0x10",
    "9223372036854775808",
    "-9223372036854775809",
    "\"\\u0041\"",
    "\"\\/\"",
    "\"\\u000A\"",
    "\"\\u000a\"",
    "'a'",
    "\"\\u0000\"",
    "\"\xff\"",
    "\"\xed\xa0\x80\"",
    "\"\\ud800\"",
    "/* */{}",
    "{}//",
    "[1,]",
    "{\"a\":1,}",
    "nul",
    "True",
    "NaN",
    "[",
    "{",
    "\"",
    "\"\n\"",
    "{a:1}",
    "var a={};",
    "[1][2]",
    "1 2",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) value = eros_canonical_json_parse (texts[i], strlen (texts[i]), &error);

      if (value != NULL)
        g_test_message ("accepted: %s", texts[i]);
      g_assert_null (value);
      g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT);
    }
}

static char *
nest (guint depth)
{
  g_autofree char *left = g_strnfill (depth, '[');
  g_autofree char *right = g_strnfill (depth, ']');

  return g_strconcat (left, right, NULL);
}

static void
test_deep_nesting (void)
{
  g_autofree char *most = nest (EROS_CANONICAL_JSON_MAX_DEPTH);
  g_autofree char *more = nest (EROS_CANONICAL_JSON_MAX_DEPTH + 1);
  g_autofree char *hostile = nest (1000 * 1000);
  g_autoptr (JsonNode) value = eros_canonical_json_parse (most, strlen (most), NULL);

  g_assert_nonnull (value);
  g_assert_null (eros_canonical_json_parse (more, strlen (more), NULL));
  g_assert_null (eros_canonical_json_parse (hostile, strlen (hostile), NULL));
}

static void
test_damaged_json (void)
{
  const char *text = "{\"a\":[1,-22,{\"é\":\"x\\ny\\u0001\"},null,true],\"b\":\"\\\"\\\\\"}";
  g_autoptr (JsonNode) whole = eros_canonical_json_parse (text, strlen (text), NULL);
  guint n_accepted = 0;

  g_assert_nonnull (whole);
  /* Any text that is accepted must be its value's one form: writing what was read gives it back. */
  for (gsize at = 0; at < strlen (text); at++)
    for (guint byte = 0; byte < 256; byte++)
      {
        g_autofree char *damaged = g_strdup (text);
        g_autoptr (JsonNode) value = NULL;
        g_autofree char *again = NULL;

        damaged[at] = (char) byte;
        value = eros_canonical_json_parse (damaged, strlen (text), NULL);
        if (value == NULL)
          continue;
        again = eros_canonical_json_write (value, NULL);
        g_assert_cmpstr (again, ==, damaged);
        n_accepted++;
      }
  g_assert_cmpuint (n_accepted, >, strlen (text));
}

/* The slow way: built, written again, compared. */
static gboolean
is_written_so (const char *text, gsize length)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *again = NULL;

  if (!g_utf8_validate_len (text, length, NULL) || !json_parser_load_from_data (parser, text, length, NULL) ||
      json_parser_get_root (parser) == NULL)
    return FALSE;
  again = eros_canonical_json_write (json_parser_get_root (parser), NULL);
  return again != NULL && strlen (again) == length && memcmp (again, text, length) == 0;
}

/* The eye that only looks over a text sees what building it would. */
static void
test_scan (void)
{
  static const char alphabet[] = "{}[]\",:\\ubfnrt0019-aAeE. \x01\x1f\x7f\xc3\xa9\xff/";
  static const char *const seeds[] = {
    "{\"a\":[1,-22,{\"\xc3\xa9\":\"x\\ny\\u0001\"},null,true],\"b\":\"\\\"\\\\\"}",
    "{\"\":0,\"\\t\":false,\"\\u000b\":9223372036854775807,\"\\\"\":-9223372036854775808,\"ab\":{},\"abc\":[]"
    "}",
    "{\"\\\\\":\"\\b\\f\\r\",\"\xf0\x9f\x98\x80\":[[\"\"],{\"z\":1}]}",
  };
  guint n_good = 0;

  for (guint i = 0; i < 60000; i++)
    {
      g_autoptr (GString) text = g_string_new (seeds[i % G_N_ELEMENTS (seeds)]);

      for (int n = g_test_rand_int_range (0, 3); n > 0; n--)
        {
          gsize at = (gsize) g_test_rand_int_range (0, (int) text->len);
          char byte = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];

          if (g_test_rand_bit ())
            text->str[at] = byte;
          else if (g_test_rand_bit ())
            g_string_erase (text, (gssize) at, 1);
          else
            g_string_insert_c (text, (gssize) at, byte);
        }
      if (eros_canonical_scan_check (text->str, text->len) != is_written_so (text->str, text->len))
        g_error ("the two do not agree on %s", text->str);
      n_good += eros_canonical_scan_check (text->str, text->len);
    }
  g_assert_cmpuint (n_good, >, 20000);
}

static void
assert_refused (ErosJournal *journal, const char *actor, const char *kind, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = journal_test_body (body);

  g_assert_null (eros_journal_append (journal, actor, kind, node, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT);
}

static void
test_invalid_events (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) journal = eros_journal_create (test->file, NULL);

  assert_refused (journal, "", "note.set", "{}");
  assert_refused (journal, "Ada\nBob", "note.set", "{}");
  assert_refused (journal, "Ada", "", "{}");
  assert_refused (journal, "Ada", "note.set", "[]");
  assert_refused (journal, "Ada", "note.set", "\"text\"");
  assert_refused (journal, "Ada", "note.set", "{\"a\":{\"b\":[0.5]}}");
  assert_refused (journal, "Ada\xff", "note.set", "{}");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, 0);
  journal_test_append (journal, "{}");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, 1);
}

static void
assert_event (ErosJournal *journal, guint position, const char *body, const char *previous)
{
  g_autoptr (ErosEvent) event = g_list_model_get_item (G_LIST_MODEL (journal), position);
  g_autofree char *text = eros_event_dup_body_text (event);
  g_autofree char *before = eros_journal_dup_head_of (journal, position);
  g_autofree char *hash = eros_event_dup_hash (event);

  g_assert_cmpint (eros_event_get_sequence (event), ==, position + 1);
  g_assert_cmpstr (eros_event_get_actor (event), ==, "Ada <ada@example.com>");
  g_assert_cmpstr (eros_event_get_kind (event), ==, "note.set");
  g_assert_cmpstr (text, ==, body);
  g_assert_cmpstr (before, ==, previous);
  g_assert_cmpuint (strlen (hash), ==, 64);
}

static void
test_round_trip (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = eros_journal_create (test->file, &error);
  g_autofree char *zeros = g_strnfill (64, '0');
  g_autofree char *first = NULL;
  g_autofree char *head = NULL;
  g_autofree char *verified = NULL;
  g_autofree char *names = NULL;
  guint64 n = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (eros_journal_get_head (journal), ==, zeros);
  journal_test_append (journal, "{\"text\": \"é\", \"at\": 5}");
  first = g_strdup (eros_journal_get_head (journal));
  journal_test_append (journal, "{}");
  head = g_strdup (eros_journal_get_head (journal));
  g_clear_object (&journal);

  names = journal_test_list (test);
  g_assert_cmpstr (names, ==, "one.erosdeploy");
  journal = eros_journal_open (test->file, EROS_JOURNAL_READ, &error);
  g_assert_no_error (error);
  g_assert_false (eros_journal_is_writable (journal));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, 2);
  assert_event (journal, 0, "{\"at\":5,\"text\":\"é\"}", zeros);
  assert_event (journal, 1, "{}", first);
  g_assert_cmpstr (eros_journal_get_head (journal), ==, head);

  g_assert_true (eros_journal_verify (test->file, &n, &verified, NULL, &error));
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (verified, ==, head);
}

static void
test_shorthands (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) journal = eros_journal_create (test->file, NULL);
  g_autoptr (ErosEvent) event = NULL;

  journal_test_append (journal, "{\"text\": \"é\", \"at\": 5, \"list\": []}");
  event = g_list_model_get_item (G_LIST_MODEL (journal), 0);
  g_assert_cmpstr (eros_event_get_string (event, "text"), ==, "é");
  g_assert_null (eros_event_get_string (event, "at"));
  g_assert_null (eros_event_get_string (event, "list"));
  g_assert_null (eros_event_get_string (event, "nothing"));
  g_assert_cmpint (eros_event_get_int (event, "at"), ==, 5);
  g_assert_cmpint (eros_event_get_int (event, "text"), ==, 0);
  g_assert_false (eros_event_has (event, "nothing"));
  g_assert_true (eros_event_has (event, "list"));
}

static void
check_object (ErosEvent *event)
{
  g_autoptr (JsonObject) object = eros_event_dup_object (event, "b");

  g_assert_cmpstr (json_object_get_string_member (object, "a"), ==, "x");
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (object, "z")), ==, 2);
  g_assert_null (eros_event_dup_object (event, "c"));
  g_assert_null (eros_event_dup_object (event, "nothing"));
}

/* Texts are handed out where they stand in the body, and it stays whole. */
static void
test_reading_changes_nothing (JournalTest *test, gconstpointer data)
{
  const char *body =
    "{\"a\":\"\",\"b\":{\"a\":\"x\",\"z\":[1,{\"c\":\"}\"}]},\"c\":\"q\\\"\\n\",\"d\":\"é\",\"e\":-12,"
    "\"f\":null,\"g\":[],\"h\":\"last\",\"i\":\"\\\\\",\"j\":\"\\\"\\\\\\\"\",\"k\":\"behind\"}";
  g_autoptr (ErosJournal) journal = eros_journal_create (test->file, NULL);
  g_autoptr (ErosEvent) event = NULL;

  journal_test_append (journal, body);
  event = g_list_model_get_item (G_LIST_MODEL (journal), 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *text = NULL;

      g_assert_cmpstr (eros_event_get_string (event, "h"), ==, "last");
      g_assert_cmpstr (eros_event_get_string (event, "a"), ==, "");
      g_assert_cmpstr (eros_event_get_string (event, "d"), ==, "é");
      g_assert_cmpstr (eros_event_get_string (event, "c"), ==, "q\"\n");
      g_assert_cmpstr (eros_event_get_string (event, "i"), ==, "\\");
      g_assert_cmpstr (eros_event_get_string (event, "j"), ==, "\"\\\"");
      g_assert_cmpstr (eros_event_get_string (event, "k"), ==, "behind");
      g_assert_cmpint (eros_event_get_int (event, "e"), ==, -12);
      check_object (event);
      g_assert_null (eros_event_get_string (event, "b"));
      g_assert_null (eros_event_get_string (event, "z"));
      g_assert_true (eros_event_has (event, "f") && eros_event_has (event, "g"));
      text = eros_event_dup_body_text (event);
      g_assert_cmpstr (text, ==, body);
      g_assert_cmpstr (json_object_get_string_member (eros_event_get_body (event), "h"), ==, "last");
    }
}

static void
test_hash_of_documentation (JournalTest *test, gconstpointer data)
{
  g_autoptr (ErosJournal) journal = eros_journal_create (test->file, NULL);
  g_autoptr (ErosEvent) event = NULL;
  g_autofree char *content = NULL;
  g_autofree char *hash = NULL;

  journal_test_append (journal, "{\"text\":\"é\"}");
  event = g_list_model_get_item (G_LIST_MODEL (journal), 0);
  content = g_strdup_printf (
    "12:eros-event-1,1:1,16:%" G_GINT64_FORMAT
    ",21:Ada <ada@example.com>,8:note.set,13:{\"text\":\"é\"},64:" EROS_EVENT_NO_PREVIOUS ",",
    eros_event_get_time (event));
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);
  g_assert_cmpstr (eros_journal_get_head (journal), ==, hash);
}

static char *
read_documentation (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "docs", "journal.md", NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_documented_schema (JournalTest *test, gconstpointer data)
{
  g_autofree char *text = read_documentation ();
  sqlite3 *db = NULL;
  sqlite3_stmt *select = NULL;
  guint n = 0;

  journal_test_fill (test, 1);
  g_assert_cmpint (sqlite3_open (test->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT sql FROM sqlite_schema", -1, &select, NULL);
  for (; sqlite3_step (select) == SQLITE_ROW; n++)
    {
      g_autofree char *block = g_strdup_printf ("```sql\n%s\n```\n", sqlite3_column_text (select, 0));

      g_assert_nonnull (strstr (text, block));
    }
  g_assert_cmpuint (n, ==, 4);
  sqlite3_finalize (select);
  sqlite3_close (db);
}

static void
test_documented_example (void)
{
  g_autofree char *text = read_documentation ();
  const char *body = "{\"text\":\"é\"}";
  ErosEventContent content = { 1,    1795500000000000, "Ada <ada@example.com>", 21, "note.set", 8,
                               body, strlen (body),    EROS_EVENT_NO_PREVIOUS,  64 };
  g_autofree char *sentence = NULL;
  char hash[65];

  eros_event_content_hash (&content, hash);
  sentence = g_strdup_printf ("the hash is `%s`", hash);
  g_assert_nonnull (strstr (text, sentence));
}

typedef struct
{
  guint n_items;
  guint n_events;
  gint64 last;
} Seen;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Seen *seen = user_data;

  g_assert_cmpuint (removed, ==, 0);
  g_assert_cmpuint (position, ==, seen->n_items);
  seen->n_items += added;
}

static void
appended_cb (ErosJournal *journal, ErosEvent *event, gpointer user_data)
{
  Seen *seen = user_data;

  seen->n_events++;
  seen->last = eros_event_get_sequence (event);
}

static void
watch (ErosJournal *journal, Seen *seen)
{
  seen->n_items = g_list_model_get_n_items (G_LIST_MODEL (journal));
  g_signal_connect (journal, "items-changed", G_CALLBACK (items_changed_cb), seen);
  g_signal_connect (journal, "appended", G_CALLBACK (appended_cb), seen);
}

static void
test_reader_follows (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) writer = eros_journal_create (test->file, NULL);
  g_autoptr (ErosJournal) reader = NULL;
  Seen seen = { 0 };

  journal_test_append (writer, "{}");
  reader = eros_journal_open (test->file, EROS_JOURNAL_READ, &error);
  g_assert_no_error (error);
  watch (reader, &seen);

  g_assert_true (eros_journal_reload (reader, &error));
  g_assert_cmpuint (seen.n_items, ==, 1);
  journal_test_append (writer, "{\"a\":1}");
  journal_test_append (writer, "{\"a\":2}");
  g_assert_true (eros_journal_reload (reader, &error));
  g_assert_cmpuint (seen.n_items, ==, 3);
  g_assert_cmpuint (seen.n_events, ==, 2);
  g_assert_cmpint (seen.last, ==, 3);

  /* … also when the writer has closed the file, and another has opened it. */
  journal_test_append (writer, "{\"a\":3}");
  g_clear_object (&writer);
  g_assert_true (eros_journal_reload (reader, &error));
  g_assert_cmpuint (seen.n_items, ==, 4);
  writer = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  journal_test_append (writer, "{\"a\":4}");
  g_assert_true (eros_journal_reload (reader, &error));
  g_assert_cmpuint (seen.n_items, ==, 5);
  g_assert_cmpstr (eros_journal_get_head (reader), ==, eros_journal_get_head (writer));
}

static void
test_reader_notices_replacement (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) reader = NULL;
  g_autoptr (GBytes) shorter = NULL;

  journal_test_fill (test, 3);
  shorter = journal_test_read (test->path);
  {
    g_autoptr (ErosJournal) writer = eros_journal_open (test->file, EROS_JOURNAL_WRITE, NULL);

    journal_test_append (writer, "{}");
  }
  reader = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  journal_test_write (test->path, shorter);
  g_assert_false (eros_journal_reload (reader, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_CHAIN_BROKEN);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (reader)), ==, 4);
}

static void
test_reader_cannot_append (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) body = journal_test_body ("{}");
  g_autoptr (ErosJournal) reader = NULL;

  journal_test_fill (test, 1);
  reader = eros_journal_open (test->file, EROS_JOURNAL_READ, NULL);
  g_assert_null (eros_journal_append (reader, "Ada", "note.set", body, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_READ_ONLY);
}

/* An event as this program would have stored it with a clock that is a year ahead. */
static void
append_from_the_future (JournalTest *test, ErosJournal *reader, gint64 time)
{
  g_autofree char *content =
    g_strdup_printf ("12:eros-event-1,1:2,16:%" G_GINT64_FORMAT ",3:Bob,1:k,2:{},64:%s,", time,
                     eros_journal_get_head (reader));
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, content, -1);
  g_autofree char *sql =
    g_strdup_printf ("DROP TRIGGER event_is_next; INSERT INTO event VALUES (2, %" G_GINT64_FORMAT
                     ", 'Bob', 'k', '{}', '%s', '%s')",
                     time, eros_journal_get_head (reader), hash);
  sqlite3 *db = NULL;
  sqlite3_stmt *trigger = NULL;
  g_autofree char *again = NULL;

  g_assert_cmpint (sqlite3_open (test->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (
    sqlite3_prepare_v2 (db, "SELECT sql FROM sqlite_schema WHERE name = 'event_is_next'", -1, &trigger, NULL),
    ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (trigger), ==, SQLITE_ROW);
  again = g_strdup ((const char *) sqlite3_column_text (trigger, 0));
  sqlite3_finalize (trigger);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, again, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_time_never_goes_back (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJournal) journal = NULL;
  g_autoptr (ErosEvent) event = NULL;
  gint64 future = g_get_real_time () + 365 * G_TIME_SPAN_DAY;

  journal_test_fill (test, 1);
  journal = eros_journal_open (test->file, EROS_JOURNAL_READ, &error);
  g_assert_no_error (error);
  append_from_the_future (test, journal, future);
  g_clear_object (&journal);

  journal = eros_journal_open (test->file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  journal_test_append (journal, "{}");
  event = g_list_model_get_item (G_LIST_MODEL (journal), 2);
  g_assert_cmpint (eros_event_get_time (event), ==, future);
}

static void
test_create_with_event (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) body = journal_test_body ("{\"name\":\"EROS 2.4\"}");
  g_autoptr (JsonNode) bad = journal_test_body ("{\"name\":2.4}");
  g_autoptr (ErosJournal) journal = NULL;
  g_autofree char *names = NULL;

  g_assert_null (eros_journal_create_with_event (test->file, "Ada", "deployment.created", bad, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT);
  g_clear_error (&error);
  names = journal_test_list (test);
  g_assert_cmpstr (names, ==, "");

  journal = eros_journal_create_with_event (test->file, "Ada", "deployment.created", body, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (journal)), ==, 1);
  g_assert_true (eros_journal_is_writable (journal));
}

static void
test_create_replaces_nothing (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("precious", 8);
  g_autoptr (GBytes) after = NULL;
  g_autofree char *names = NULL;

  journal_test_write (test->path, text);
  g_assert_null (eros_journal_create (test->file, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_EXISTS);
  after = journal_test_read (test->path);
  g_assert_true (g_bytes_equal (text, after));
  names = journal_test_list (test);
  g_assert_cmpstr (names, ==, "one.erosdeploy");
}

static void
test_create_without_folder (JournalTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) nowhere = g_file_get_child (test->file, "nowhere/two.erosdeploy");

  g_assert_null (eros_journal_create (nowhere, &error));
  g_assert_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/canonical/one-form-for-a-value", test_canonical_form);
  g_test_add_func ("/journal/canonical/other-forms-are-refused", test_other_forms);
  g_test_add_func ("/journal/canonical/deep-nesting-is-refused", test_deep_nesting);
  g_test_add_func ("/journal/canonical/a-damaged-text-is-refused-or-another-value", test_damaged_json);
  g_test_add_func ("/journal/canonical/what-is-only-looked-over-is-judged-as-what-is-built", test_scan);
  journal_test_add ("/journal/an-invalid-event-is-refused", test_invalid_events);
  journal_test_add ("/journal/what-was-appended-comes-back", test_round_trip);
  journal_test_add ("/journal/shorthands-mind-the-type", test_shorthands);
  journal_test_add ("/journal/texts-are-read-where-they-stand", test_reading_changes_nothing);
  journal_test_add ("/journal/the-hash-is-the-documented-one", test_hash_of_documentation);
  journal_test_add ("/journal/the-schema-is-the-documented-one", test_documented_schema);
  g_test_add_func ("/journal/the-documented-example-is-right", test_documented_example);
  journal_test_add ("/journal/a-reader-follows-a-writer", test_reader_follows);
  journal_test_add ("/journal/a-reader-notices-a-replaced-file", test_reader_notices_replacement);
  journal_test_add ("/journal/a-reader-cannot-append", test_reader_cannot_append);
  journal_test_add ("/journal/time-never-goes-back", test_time_never_goes_back);
  journal_test_add ("/journal/a-first-event-comes-with-the-file", test_create_with_event);
  journal_test_add ("/journal/creating-replaces-nothing", test_create_replaces_nothing);
  journal_test_add ("/journal/creating-without-a-folder-says-so", test_create_without_folder);
  return g_test_run ();
}
