/* test-store.c: tables, their past, and who may write when
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sys/stat.h>
#include <glib/gstdio.h>

#include "eros-store.h"

typedef struct
{
  ErosStore *store;
  ErosStoreConnection *connection;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreDataset) dataset = eros_store_dataset_new ("p", "d");

  fixture->store = eros_store_open (NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->connection = eros_store_acquire (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_true (eros_store_begin (fixture->connection, EROS_STORE_WRITE, NULL, &error));
  g_assert_true (eros_store_insert_dataset (fixture->connection, dataset, &error));
  g_assert_true (eros_store_commit (fixture->connection, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *directory = g_strdup (eros_store_get_directory (fixture->store));

  eros_store_release (fixture->connection);
  eros_store_close (fixture->store);
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
}

static void
begin (ErosStoreConnection *connection, ErosStoreMode mode)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_store_begin (connection, mode, NULL, &error));
  g_assert_no_error (error);
}

static void
commit (ErosStoreConnection *connection)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_store_commit (connection, NULL, NULL, &error));
  g_assert_no_error (error);
}

static ErosStoreTable *
get_table (ErosStoreConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  ErosStoreTable *table = eros_store_get_table (connection, "p", "d", name, &error);

  g_assert_no_error (error);
  return table;
}

static void
run (ErosStoreConnection *connection, const char *text, const char *table)
{
  g_auto (GStrv) parts = g_strsplit (text, "%s", 2);
  g_autofree char *sql = g_strjoinv (table, parts);
  char *message = NULL;

  sqlite3_exec (eros_store_connection_get_db (connection), sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
}

/* Runs a statement on the rows of @name inside the transaction that is open. */
static void
change (ErosStoreConnection *connection, const char *name, ErosStoreChange kind, const char *format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreTable) table = get_table (connection, name);
  g_autofree char *physical = eros_store_prepare_write (connection, table, kind, NULL, &error);

  g_assert_no_error (error);
  run (connection, format, physical);
}

static char *
read_rows (ErosStoreConnection *connection, ErosStoreTable *table)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *source = eros_store_table_source (connection, table, &error);
  g_autofree char *sql = NULL;
  GString *text = g_string_new (NULL);
  sqlite3_stmt *statement = NULL;

  g_assert_no_error (error);
  sql = g_strdup_printf ("SELECT c0, c1 FROM %s ORDER BY c0", source);
  g_assert_cmpint (sqlite3_prepare_v2 (eros_store_connection_get_db (connection), sql, -1, &statement, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? " " : "", sqlite3_column_text (statement, 0),
                            sqlite3_column_text (statement, 1));
  sqlite3_finalize (statement);
  return g_string_free (text, FALSE);
}

static void
assert_rows (ErosStoreConnection *connection, const char *name, const char *expected)
{
  g_autoptr (ErosStoreTable) table = get_table (connection, name);
  g_autofree char *rows = read_rows (connection, table);
  g_autoptr (GError) error = NULL;
  g_auto (ErosStoreStats) stats = { 0 };
  g_auto (GStrv) parts = g_strsplit (expected, " ", -1);
  gsize bytes = 0;

  g_assert_cmpstr (rows, ==, expected);
  g_assert_true (eros_store_get_stats (connection, table, &stats, &error));
  g_assert_cmpint (stats.rows, ==, *expected == '\0' ? 0 : g_strv_length (parts));
  for (guint i = 0; *expected != '\0' && parts[i] != NULL; i++)
    bytes += 2 + strlen (strchr (parts[i], '=') + 1);
  g_assert_cmpint (stats.column_bytes[0], ==, 8 * stats.rows);
  g_assert_cmpint (stats.column_bytes[1], ==, bytes);
  g_assert_cmpint (stats.bytes, ==, stats.column_bytes[0] + stats.column_bytes[1]);
}

static void
assert_rows_at (ErosStoreConnection *connection, const char *name, gint64 time, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreTable) table = eros_store_get_table_at (connection, "p", "d", name, time, &error);
  g_autofree char *rows = NULL;

  g_assert_no_error (error);
  rows = read_rows (connection, table);
  g_assert_cmpstr (rows, ==, expected);
}

static ErosStoreTable *
describe_table (const char *name)
{
  ErosStoreTable *table = eros_store_table_new ("p", "d", name, EROS_STORE_TABLE);
  const char *clustering[] = { "id", NULL };

  g_ptr_array_add (table->columns, eros_store_column_new ("id", eros_sql_type (EROS_SQL_INT64)));
  g_ptr_array_add (table->columns, eros_store_column_new ("text", eros_sql_type (EROS_SQL_STRING)));
  table->clustering = g_strdupv ((char **) clustering);
  return table;
}

static void
make_table (ErosStoreConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreTable) table = describe_table (name);

  begin (connection, EROS_STORE_WRITE);
  g_assert_true (eros_store_insert_table (connection, table, FALSE, &error));
  g_assert_no_error (error);
  change (connection, name, EROS_STORE_INSERT,
          "INSERT INTO %s (c0, c1) VALUES (1, 'one'), (2, 'two'), (3, 'three')");
  commit (connection);
}

static void
change_alone (ErosStoreConnection *connection, const char *name, ErosStoreChange kind, const char *format)
{
  begin (connection, EROS_STORE_WRITE);
  change (connection, name, kind, format);
  commit (connection);
}

#define SET_TWO "UPDATE %s SET c1 = 'zwei', _v = eros_version() WHERE c0 = 2"

static void
test_past (Fixture *fixture, gconstpointer unused)
{
  gint64 first, second;

  make_table (fixture->connection, "t");
  first = g_get_real_time ();
  change_alone (fixture->connection, "t", EROS_STORE_CHANGE, SET_TWO);
  second = g_get_real_time ();
  change_alone (fixture->connection, "t", EROS_STORE_CHANGE, "DELETE FROM %s WHERE c0 < 3");
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "3=three");
  assert_rows_at (fixture->connection, "t", second, "1=one 2=zwei 3=three");
  assert_rows_at (fixture->connection, "t", first, "1=one 2=two 3=three");
}

static void
test_past_limits (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  gint64 before = g_get_real_time ();

  make_table (fixture->connection, "t");
  begin (fixture->connection, EROS_STORE_READ);
  g_assert_null (eros_store_get_table_at (fixture->connection, "p", "d", "t", before, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (
    eros_store_get_table_at (fixture->connection, "p", "d", "t", before - 8 * G_TIME_SPAN_DAY, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (eros_store_get_table_at (fixture->connection, "p", "d", "t",
                                          g_get_real_time () + G_TIME_SPAN_HOUR, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID);
}

static void
test_one_version_changes_twice (Fixture *fixture, gconstpointer unused)
{
  gint64 before;

  make_table (fixture->connection, "t");
  before = g_get_real_time ();
  begin (fixture->connection, EROS_STORE_WRITE);
  change (fixture->connection, "t", EROS_STORE_CHANGE, SET_TWO);
  change (fixture->connection, "t", EROS_STORE_CHANGE,
          "UPDATE %s SET c1 = 'deux', _v = eros_version() WHERE c0 = 2");
  change (fixture->connection, "t", EROS_STORE_INSERT, "INSERT INTO %s (c0, c1) VALUES (4, 'four')");
  change (fixture->connection, "t", EROS_STORE_CHANGE, "DELETE FROM %s WHERE c0 = 4");
  commit (fixture->connection);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=deux 3=three");
  assert_rows_at (fixture->connection, "t", before, "1=one 2=two 3=three");
}

static void
clone (ErosStoreConnection *connection,
       const char *from,
       const char *to,
       ErosStoreTableKind kind,
       gboolean replace)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreTable) source = NULL;
  g_autoptr (ErosStoreTable) table = eros_store_table_new ("p", "d", to, kind);

  begin (connection, EROS_STORE_WRITE);
  source = get_table (connection, from);
  g_assert_true (eros_store_clone_table (connection, source, table, replace, &error));
  g_assert_no_error (error);
  commit (connection);
}

static void
test_snapshot (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (ErosStoreTable) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  make_table (fixture->connection, "t");
  clone (fixture->connection, "t", "s", EROS_STORE_SNAPSHOT, FALSE);
  change_alone (fixture->connection, "t", EROS_STORE_CHANGE, SET_TWO);
  change_alone (fixture->connection, "t", EROS_STORE_CHANGE, "DELETE FROM %s WHERE c0 = 1");
  change_alone (fixture->connection, "t", EROS_STORE_INSERT, "INSERT INTO %s (c0, c1) VALUES (4, 'four')");
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "2=zwei 3=three 4=four");
  assert_rows (fixture->connection, "s", "1=one 2=two 3=three");
  snapshot = get_table (fixture->connection, "s");
  g_assert_cmpstr (snapshot->base_name, ==, "t");
  g_assert_cmpstr (snapshot->clustering[0], ==, "id");
  g_assert_null (eros_store_prepare_write (fixture->connection, snapshot, EROS_STORE_INSERT, NULL, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID);
  eros_store_rollback (fixture->connection);

  clone (fixture->connection, "s", "t", EROS_STORE_TABLE, TRUE);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three");
}

static void
test_clone_parts (Fixture *fixture, gconstpointer unused)
{
  gint64 before;

  make_table (fixture->connection, "t");
  clone (fixture->connection, "t", "c", EROS_STORE_TABLE, FALSE);
  before = g_get_real_time ();
  change_alone (fixture->connection, "c", EROS_STORE_CHANGE, SET_TWO);
  change_alone (fixture->connection, "t", EROS_STORE_CHANGE, "DELETE FROM %s WHERE c0 = 3");
  change_alone (fixture->connection, "c", EROS_STORE_CHANGE, "DELETE FROM %s WHERE c0 = 1");
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=two");
  assert_rows (fixture->connection, "c", "2=zwei 3=three");
  assert_rows_at (fixture->connection, "c", before, "1=one 2=two 3=three");
}

static void
test_truncate (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  make_table (fixture->connection, "t");
  before = g_get_real_time ();
  begin (fixture->connection, EROS_STORE_WRITE);
  table = get_table (fixture->connection, "t");
  g_assert_true (eros_store_truncate_table (fixture->connection, table, &error));
  commit (fixture->connection);
  change_alone (fixture->connection, "t", EROS_STORE_INSERT, "INSERT INTO %s (c0, c1) VALUES (9, 'nine')");
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "9=nine");
  assert_rows_at (fixture->connection, "t", before, "1=one 2=two 3=three");
}

static void
test_replace_and_drop (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (ErosStoreTable) table = describe_table ("t");
  g_autoptr (GError) error = NULL;
  gint64 before, replaced;

  make_table (fixture->connection, "t");
  before = g_get_real_time ();
  begin (fixture->connection, EROS_STORE_WRITE);
  g_assert_false (eros_store_insert_table (fixture->connection, table, FALSE, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE);
  g_clear_error (&error);
  g_assert_true (eros_store_insert_table (fixture->connection, table, TRUE, &error));
  commit (fixture->connection);
  replaced = g_get_real_time ();
  begin (fixture->connection, EROS_STORE_WRITE);
  g_assert_true (eros_store_drop_table (fixture->connection, table, &error));
  commit (fixture->connection);
  begin (fixture->connection, EROS_STORE_READ);
  g_assert_null (eros_store_get_table (fixture->connection, "p", "d", "t", &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "Not found: Table p:d.t");
  assert_rows_at (fixture->connection, "t", before, "1=one 2=two 3=three");
  assert_rows_at (fixture->connection, "t", replaced, "");
}

static void
test_add_and_drop_column (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (ErosStoreTable) table = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  make_table (fixture->connection, "t");
  change_alone (fixture->connection, "t", EROS_STORE_CHANGE, SET_TWO);
  before = g_get_real_time ();
  begin (fixture->connection, EROS_STORE_WRITE);
  table = get_table (fixture->connection, "t");
  g_ptr_array_add (table->columns, eros_store_column_new ("flag", eros_sql_type (EROS_SQL_BOOL)));
  g_assert_true (eros_store_update_table (fixture->connection, table, &error));
  g_assert_no_error (error);
  change (fixture->connection, "t", EROS_STORE_CHANGE,
          "UPDATE %s SET c2 = 1, _v = eros_version() WHERE c0 = 1");
  change (fixture->connection, "t", EROS_STORE_CHANGE, "DELETE FROM %s WHERE c0 = 3");
  g_ptr_array_remove_index (table->columns, 1);
  g_assert_true (eros_store_update_table (fixture->connection, table, &error));
  commit (fixture->connection);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows_at (fixture->connection, "t", before, "1=one 2=zwei 3=three");
  g_clear_pointer (&table, eros_store_table_unref);
  table = get_table (fixture->connection, "t");
  g_assert_cmpuint (table->columns->len, ==, 2);
  g_assert_cmpuint (((ErosStoreColumn *) g_ptr_array_index (table->columns, 1))->physical, ==, 2);
}

static void
test_savepoint (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  make_table (fixture->connection, "t");
  begin (fixture->connection, EROS_STORE_READ);
  change (fixture->connection, "t", EROS_STORE_CHANGE, SET_TWO);
  g_assert_true (eros_store_savepoint (fixture->connection, &error));
  change (fixture->connection, "t", EROS_STORE_CHANGE, "DELETE FROM %s");
  assert_rows (fixture->connection, "t", "");
  eros_store_rollback_to (fixture->connection);
  assert_rows (fixture->connection, "t", "1=one 2=zwei 3=three");
  commit (fixture->connection);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=zwei 3=three");
}

/* Somebody has taken the savepoint away under it: nothing is kept as if it were there, and nothing half
 * undone. */
static void
test_a_lost_savepoint (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  make_table (fixture->connection, "t");
  begin (fixture->connection, EROS_STORE_READ);
  change (fixture->connection, "t", EROS_STORE_CHANGE, SET_TWO);
  g_assert_true (eros_store_savepoint (fixture->connection, &error));
  g_assert_cmpint (
    sqlite3_exec (eros_store_connection_get_db (fixture->connection), "RELEASE p0", NULL, NULL, NULL), ==,
    SQLITE_OK);
  g_assert_false (eros_store_release_savepoint (fixture->connection, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED);
  eros_store_rollback_to (fixture->connection);
  g_assert_false (eros_store_in_transaction (fixture->connection));
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three");
}

static void
test_rollback (Fixture *fixture, gconstpointer unused)
{
  make_table (fixture->connection, "t");
  begin (fixture->connection, EROS_STORE_READ);
  change (fixture->connection, "t", EROS_STORE_CHANGE, "DELETE FROM %s");
  eros_store_rollback (fixture->connection);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three");
}

static int
stop_cb (gpointer unused)
{
  return 1;
}

/* A job that is cancelled takes what the store does for it along: that is no failure of a file. */
static void
test_stopped (Fixture *fixture, gconstpointer unused)
{
  sqlite3 *db = eros_store_connection_get_db (fixture->connection);
  g_autoptr (GError) error = NULL;

  sqlite3_progress_handler (db, 10, stop_cb, NULL);
  g_assert_cmpint (sqlite3_exec (db,
                                 "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                                 "9999) SELECT SUM (i) FROM n",
                                 NULL, NULL, NULL),
                   ==, SQLITE_INTERRUPT);
  eros_store_set_error (&error, db);
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CANCELLED);
  sqlite3_progress_handler (db, 0, NULL, NULL);
}

static void
test_conflict (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) other = eros_store_acquire (fixture->store, &error);
  g_autoptr (ErosStoreTable) table = NULL;

  make_table (fixture->connection, "t");
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three");
  change_alone (other, "t", EROS_STORE_CHANGE, SET_TWO);
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three");
  table = get_table (fixture->connection, "t");
  g_assert_null (eros_store_prepare_write (fixture->connection, table, EROS_STORE_CHANGE, NULL, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "Transaction is aborted due to concurrent update against table p:d.t");
  eros_store_rollback (fixture->connection);
}

static void
test_inserts_do_not_conflict (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreConnection) other = eros_store_acquire (fixture->store, &error);

  make_table (fixture->connection, "t");
  make_table (fixture->connection, "u");
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three");
  change_alone (other, "t", EROS_STORE_INSERT, "INSERT INTO %s (c0, c1) VALUES (4, 'theirs')");
  change (fixture->connection, "t", EROS_STORE_INSERT, "INSERT INTO %s (c0, c1) VALUES (5, 'mine')");
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three 5=mine");
  change (fixture->connection, "u", EROS_STORE_CHANGE, SET_TWO);
  assert_rows (fixture->connection, "u", "1=one 2=zwei 3=three");
  commit (fixture->connection);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=one 2=two 3=three 4=theirs 5=mine");
}

static void
test_expired (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreTable) table = describe_table ("t");

  table->expiration = g_get_real_time () - 1;
  begin (fixture->connection, EROS_STORE_WRITE);
  g_assert_true (eros_store_insert_table (fixture->connection, table, FALSE, &error));
  g_assert_null (eros_store_get_table (fixture->connection, "p", "d", "t", &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  table->expiration = 0;
  g_assert_true (eros_store_insert_table (fixture->connection, table, FALSE, &error));
  g_assert_no_error (error);
  commit (fixture->connection);
}

/* A commit as it would have been @days days ago */
static void
change_long_ago (ErosStoreConnection *connection, gint64 days, ErosStoreChange kind, const char *format)
{
  begin (connection, EROS_STORE_WRITE);
  eros_store_start_load (connection, g_get_real_time () - days * G_TIME_SPAN_DAY);
  change (connection, "t", kind, format);
  commit (connection);
}

static int
count_rows (ErosStoreConnection *connection, const char *table)
{
  g_autofree char *sql = g_strconcat ("SELECT count(*) FROM ", table, NULL);
  sqlite3_stmt *statement = NULL;
  int rows;

  g_assert_cmpint (sqlite3_prepare_v2 (eros_store_connection_get_db (connection), sql, -1, &statement, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  rows = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  return rows;
}

static void
test_prune (Fixture *fixture, gconstpointer kept)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreTable) table = describe_table ("t");
  g_autoptr (ErosStoreTable) source = NULL;
  g_autoptr (ErosStoreTable) snapshot = eros_store_table_new ("p", "e", "s", EROS_STORE_SNAPSHOT);
  g_autoptr (ErosStoreDataset) dataset = eros_store_dataset_new ("p", "e");

  /* versions go with time, so this needs a store whose first commit is old */
  run (fixture->connection, "UPDATE commits SET time = time - 1000000000000", "");
  begin (fixture->connection, EROS_STORE_WRITE);
  eros_store_start_load (fixture->connection, g_get_real_time () - 10 * G_TIME_SPAN_DAY);
  g_assert_true (eros_store_insert_dataset (fixture->connection, dataset, &error));
  g_assert_true (eros_store_insert_table (fixture->connection, table, FALSE, &error));
  change (fixture->connection, "t", EROS_STORE_INSERT,
          "INSERT INTO %s (c0, c1) VALUES (1, 'one'), (2, 'two')");
  commit (fixture->connection);
  if (kept != NULL)
    {
      begin (fixture->connection, EROS_STORE_WRITE);
      eros_store_start_load (fixture->connection, g_get_real_time () - 9 * G_TIME_SPAN_DAY);
      source = get_table (fixture->connection, "t");
      g_assert_true (eros_store_clone_table (fixture->connection, source, snapshot, FALSE, &error));
      commit (fixture->connection);
    }
  change_long_ago (fixture->connection, 8, EROS_STORE_CHANGE, "DELETE FROM %s WHERE c0 = 1");
  change_long_ago (fixture->connection, 2, EROS_STORE_CHANGE, SET_TWO);
  g_assert_cmpint (count_rows (fixture->connection, "h_1"), ==, 2);
  g_assert_true (eros_store_prune (fixture->store, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_rows (fixture->connection, "h_1"), ==, kept != NULL ? 2 : 1);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "2=zwei");
  assert_rows_at (fixture->connection, "t", g_get_real_time () - 3 * G_TIME_SPAN_DAY, "2=two");
  if (kept != NULL)
    {
      g_autoptr (ErosStoreTable) stored = eros_store_get_table (fixture->connection, "p", "e", "s", &error);
      g_autofree char *rows = read_rows (fixture->connection, stored);

      g_assert_cmpstr (rows, ==, "1=one 2=two");
    }
}

static void
test_prune_dropped (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreTable) table = describe_table ("t");

  run (fixture->connection, "UPDATE commits SET time = time - 1000000000000", "");
  begin (fixture->connection, EROS_STORE_WRITE);
  eros_store_start_load (fixture->connection, g_get_real_time () - 10 * G_TIME_SPAN_DAY);
  g_assert_true (eros_store_insert_table (fixture->connection, table, FALSE, &error));
  commit (fixture->connection);
  begin (fixture->connection, EROS_STORE_WRITE);
  eros_store_start_load (fixture->connection, g_get_real_time () - 9 * G_TIME_SPAN_DAY);
  g_assert_true (eros_store_drop_table (fixture->connection, table, &error));
  commit (fixture->connection);
  g_assert_cmpint (count_rows (fixture->connection, "storages"), ==, 1);
  g_assert_true (eros_store_prune (fixture->store, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_rows (fixture->connection, "storages"), ==, 0);
  g_assert_cmpint (count_rows (fixture->connection, "sqlite_master WHERE name = 't_1'"), ==, 0);
}

static gpointer
write_in_turn (gpointer data)
{
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (data, NULL);

  for (guint i = 0; i < 50; i++)
    change_alone (connection, "t", EROS_STORE_CHANGE,
                  "UPDATE %s SET c1 = CAST(c1 AS INTEGER) + 1, _v = eros_version() WHERE c0 = 2");
  return NULL;
}

static void
test_writers_queue (Fixture *fixture, gconstpointer unused)
{
  GThread *threads[8];

  make_table (fixture->connection, "t");
  change_alone (fixture->connection, "t", EROS_STORE_CHANGE, "UPDATE %s SET c1 = '0', _v = eros_version()");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("writer", write_in_turn, fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  begin (fixture->connection, EROS_STORE_READ);
  assert_rows (fixture->connection, "t", "1=0 2=400 3=0");
}

static void
test_waiting_is_cancelled (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ErosStoreConnection) other = eros_store_acquire (fixture->store, &error);

  begin (fixture->connection, EROS_STORE_WRITE);
  g_cancellable_cancel (cancellable);
  g_assert_false (eros_store_begin (other, EROS_STORE_WRITE, cancellable, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_CANCELLED);
  commit (fixture->connection);
}

static void
test_dataset_in_use (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  make_table (fixture->connection, "t");
  begin (fixture->connection, EROS_STORE_WRITE);
  g_assert_false (eros_store_delete_dataset (fixture->connection, "p", "d", FALSE, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_IN_USE);
  g_clear_error (&error);
  g_assert_true (eros_store_delete_dataset (fixture->connection, "p", "d", TRUE, &error));
  g_assert_null (eros_store_get_table (fixture->connection, "p", "d", "t", &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "Not found: Dataset p:d");
  commit (fixture->connection);
}

static void
test_routine (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreRoutine) routine = eros_store_routine_new ("p", "d", "lock");
  g_autoptr (ErosStoreRoutine) stored = NULL;
  ErosStoreArgument *argument;

  routine->kind = EROS_STORE_PROCEDURE;
  routine->body = g_strdup ("BEGIN SELECT 1; END");
  eros_store_routine_add_argument (routine, "any", NULL, EROS_STORE_ARGUMENT_IN);
  eros_store_routine_add_argument (routine, "won", eros_sql_type (EROS_SQL_BOOL), EROS_STORE_ARGUMENT_OUT);
  begin (fixture->connection, EROS_STORE_WRITE);
  g_assert_true (eros_store_insert_routine (fixture->connection, routine, FALSE, &error));
  g_assert_false (eros_store_insert_routine (fixture->connection, routine, FALSE, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE);
  g_clear_error (&error);
  g_assert_true (eros_store_insert_routine (fixture->connection, routine, TRUE, &error));
  stored = eros_store_get_routine (fixture->connection, "p", "d", "lock", &error);
  g_assert_cmpstr (stored->body, ==, routine->body);
  g_assert_cmpuint (stored->arguments->len, ==, 2);
  argument = g_ptr_array_index (stored->arguments, 0);
  g_assert_null (argument->type);
  argument = g_ptr_array_index (stored->arguments, 1);
  g_assert_cmpint (argument->mode, ==, EROS_STORE_ARGUMENT_OUT);
  commit (fixture->connection);
}

static void
test_restart (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("eros-store-XXXXXX", &error);
  g_autoptr (ErosStoreDataset) dataset = eros_store_dataset_new ("p", "d");
  g_autofree char *command = g_strdup_printf ("rm -r %s", directory);

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (ErosStore) store = eros_store_open (directory, NULL, NULL, &error);
      ErosStoreConnection *connection = eros_store_acquire (store, &error);

      g_assert_no_error (error);
      g_assert_null (eros_store_open (directory, NULL, NULL, &error));
      g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_FAILED);
      g_clear_error (&error);
      if (round == 0)
        {
          begin (connection, EROS_STORE_WRITE);
          g_assert_true (eros_store_insert_dataset (connection, dataset, &error));
          commit (connection);
          make_table (connection, "t");
        }
      begin (connection, EROS_STORE_READ);
      assert_rows (connection, "t", "1=one 2=two 3=three");
      eros_store_release (connection);
    }
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, &error));
}

#define TEST(path, func) g_test_add ("/store/" path, Fixture, NULL, set_up, func, tear_down)

static int
mode_of (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  GStatBuf about;

  g_assert_cmpint (g_stat (path, &about), ==, 0);
  return about.st_mode & 07777;
}

/* Whatever the umask, and also what an older version has left wider. */
static void
test_owner_alone (void)
{
  static const char *const names[] = { "data.db",        "data.db-wal",    "data.db-shm", "service.db",
                                       "service.db-wal", "service.db-shm", "lock" };
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("eros-store-XXXXXX", &error);
  g_autofree char *command = g_strdup_printf ("rm -r %s", directory);
  mode_t old = umask (0);

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (ErosStore) store = eros_store_open (directory, NULL, NULL, &error);
      ErosStoreConnection *connection = eros_store_acquire (store, &error);

      g_assert_no_error (error);
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        g_assert_cmpint (mode_of (directory, names[i]), ==, 0600);
      g_assert_cmpint (mode_of (directory, "objects"), ==, 0700);
      eros_store_release (connection);
      eros_store_close (g_steal_pointer (&store));
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autofree char *path = g_build_filename (directory, names[i], NULL);

          g_chmod (path, 0644);
        }
    }
  umask (old);
  g_assert_cmpint (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL), ==, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("the-past-can-be-read", test_past);
  TEST ("the-past-has-limits", test_past_limits);
  TEST ("a-row-changed-twice-in-one-version-has-one-past", test_one_version_changes_twice);
  TEST ("a-snapshot-keeps-its-rows-and-restores-them", test_snapshot);
  TEST ("a-clone-parts-from-its-base-at-the-first-write", test_clone_parts);
  TEST ("truncate-leaves-the-past", test_truncate);
  TEST ("replaced-and-dropped-tables-have-a-past", test_replace_and_drop);
  TEST ("columns-come-and-go", test_add_and_drop_column);
  TEST ("a-savepoint-undoes-rows-and-sizes", test_savepoint);
  TEST ("a-savepoint-that-is-lost-is-told-and-undoes-all", test_a_lost_savepoint);
  TEST ("rollback-undoes-everything", test_rollback);
  TEST ("a-transaction-on-a-changed-table-is-aborted", test_conflict);
  TEST ("inserts-and-other-tables-do-not-conflict", test_inserts_do_not_conflict);
  TEST ("an-expired-table-is-gone", test_expired);
  TEST ("writers-queue-and-lose-nothing", test_writers_queue);
  TEST ("waiting-for-a-turn-can-be-cancelled", test_waiting_is_cancelled);
  TEST ("rows-older-than-a-week-are-forgotten", test_prune);
  TEST ("what-is-cancelled-is-no-failure", test_stopped);
  g_test_add ("/store/rows-that-a-snapshot-shows-are-kept", Fixture, "kept", set_up, test_prune, tear_down);
  TEST ("tables-dropped-long-ago-are-forgotten", test_prune_dropped);
  TEST ("a-data-set-with-tables-is-in-use", test_dataset_in_use);
  TEST ("a-routine-keeps-its-arguments", test_routine);
  g_test_add_func ("/store/a-restart-finds-everything", test_restart);
  g_test_add_func ("/store/its-files-are-their-owner-s-alone", test_owner_alone);
  return g_test_run ();
}
