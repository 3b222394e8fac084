/* test-transaction.c: BEGIN TRANSACTION, and who wins
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

static void
test_commit_and_rollback (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1)");
  assert_rows (
    fixture,
    "BEGIN TRANSACTION; INSERT INTO t VALUES (2); UPDATE t SET a = a * 10 WHERE TRUE; SELECT SUM(a) FROM t;"
    "ROLLBACK TRANSACTION; SELECT SUM(a) FROM t",
    "1\n");
  run_fine (
    fixture,
    "BEGIN TRANSACTION; INSERT INTO t VALUES (2); UPDATE t SET a = a * 10 WHERE TRUE; COMMIT TRANSACTION");
  assert_rows (fixture, "SELECT a FROM t ORDER BY a", "10\n20\n");
}

static void
test_forgotten_transaction (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64)");
  run_fine (fixture, "BEGIN TRANSACTION; INSERT INTO t VALUES (1)");
  assert_rows (fixture, "SELECT COUNT(*) FROM t", "0\n");
  assert_error (fixture, "BEGIN TRANSACTION; INSERT INTO t VALUES (2); SELECT 1/0; COMMIT TRANSACTION",
                "invalidQuery", "Query error: division by zero: 1 / 0 at [1:46]");
  assert_rows (fixture, "SELECT COUNT(*) FROM t", "0\n");
}

static void
test_failed_statement_in_transaction (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (0), (1)");
  run_fine (
    fixture,
    "BEGIN TRANSACTION; INSERT INTO t VALUES (5);"
    "BEGIN UPDATE t SET a = DIV(1, a) WHERE TRUE; EXCEPTION WHEN ERROR THEN INSERT INTO t VALUES (7); END;"
    "COMMIT TRANSACTION");
  assert_rows (fixture, "SELECT a FROM t ORDER BY a", "0\n1\n5\n7\n");
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  assert_error (
    fixture, "BEGIN TRANSACTION; BEGIN TRANSACTION", "invalidQuery",
    "Query error: Transactions cannot be nested: there is already an active transaction at [1:20]");
  assert_error (fixture, "SELECT 1; COMMIT TRANSACTION", "invalidQuery",
                "Query error: There is no active transaction to commit at [1:11]");
  assert_error (fixture, "SELECT 1; ROLLBACK", "invalidQuery",
                "Query error: There is no active transaction to roll back at [1:11]");
  assert_error (fixture, "BEGIN TRANSACTION; CREATE TABLE x (a INT64); COMMIT TRANSACTION", "invalidQuery",
                "Query error: CREATE_TABLE statements on permanent entities are not supported inside a "
                "transaction at [1:20]");
  assert_error (fixture, "SELECT * FROM x", "notFound",
                "Not found: Table p:d.x was not found in location US at [1:15]");
}

static void
test_temporary_tables (Fixture *fixture, gconstpointer data)
{
  assert_rows (
    fixture,
    "CREATE TEMP TABLE k AS SELECT 1 AS a;"
    "BEGIN TRANSACTION; CREATE TEMP TABLE l AS SELECT 2 AS a; INSERT INTO k VALUES (2); ROLLBACK TRANSACTION;"
    "SELECT COUNT(*) FROM k",
    "1\n");
  assert_error (
    fixture, "BEGIN TRANSACTION; CREATE TEMP TABLE l AS SELECT 2 AS a; ROLLBACK TRANSACTION; SELECT * FROM l",
    "notFound", "Query error: Not found: Table p:d.l was not found in location US at [1:94]");
  assert_rows (fixture,
               "BEGIN TRANSACTION; CREATE TEMP TABLE l AS SELECT 2 AS a; COMMIT TRANSACTION; SELECT * FROM l",
               "2\n");
}

/* Two sessions, statement by statement */

typedef struct
{
  Fixture *fixture;
  ErosEngineSession *session;
} Client;

static ErosEngineResult *
client_run (Client *client, const char *sql)
{
  return run_request (client->fixture, &(ErosEngineRequest){ .query = sql, .session = client->session });
}

static void
client_fine (Client *client, const char *sql)
{
  g_autoptr (ErosEngineResult) result = client_run (client, sql);

  if (result->error_message != NULL)
    g_error ("%s\n%s", sql, result->error_message);
}

static void
client_error (Client *client, const char *sql, const char *message)
{
  g_autoptr (ErosEngineResult) result = client_run (client, sql);

  g_assert_cmpstr (result->error_message, ==, message);
}

static void
client_rows (Client *client, const char *sql, const char *expected)
{
  g_autoptr (ErosEngineResult) result = client_run (client, sql);
  g_autofree char *rows = NULL;

  if (result->error_message != NULL)
    g_error ("%s\n%s", sql, result->error_message);
  rows = rows_of (result);
  g_assert_cmpstr (rows, ==, expected);
}

static void
test_snapshot (Fixture *fixture, gconstpointer data)
{
  Client a = { fixture, eros_engine_session_new (fixture->engine) };

  run_fine (
    fixture,
    "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1); CREATE TABLE u (a INT64); INSERT INTO u VALUES (1)");
  client_fine (&a, "BEGIN TRANSACTION");
  client_rows (&a, "SELECT COUNT(*) FROM t", "1\n");
  run_fine (fixture, "INSERT INTO t VALUES (2); INSERT INTO u VALUES (2)");
  client_rows (&a, "SELECT COUNT(*) FROM t", "1\n");
  client_rows (&a, "SELECT COUNT(*) FROM u", "1\n");
  /* its own write makes it the writer; what it reads is still its snapshot */
  client_fine (&a, "INSERT INTO t VALUES (3), (4)");
  client_rows (&a, "SELECT COUNT(*) FROM t", "3\n");
  client_rows (&a, "SELECT COUNT(*) FROM u", "1\n");
  client_fine (&a, "COMMIT TRANSACTION");
  client_rows (&a, "SELECT COUNT(*) FROM t", "4\n");
  eros_engine_session_free (a.session);
}

static void
test_conflict (Fixture *fixture, gconstpointer data)
{
  Client a = { fixture, eros_engine_session_new (fixture->engine) };

  run_fine (fixture, "CREATE TABLE t (a INT64, b INT64); INSERT INTO t VALUES (1, 0), (2, 0)");
  client_fine (&a, "BEGIN TRANSACTION");
  client_rows (&a, "SELECT SUM(b) FROM t", "0\n");
  run_fine (fixture, "UPDATE t SET b = 1 WHERE a = 1");
  client_error (&a, "UPDATE t SET b = 2 WHERE a = 2",
                "Transaction is aborted due to concurrent update against table p:d.t");
  client_error (&a, "UPDATE t SET b = 2 WHERE a = 2",
                "The transaction has been aborted; end it with ROLLBACK TRANSACTION");
  client_error (&a, "COMMIT TRANSACTION",
                "The transaction has been aborted; end it with ROLLBACK TRANSACTION");
  client_fine (&a, "ROLLBACK TRANSACTION");
  client_rows (&a, "SELECT a, b FROM t ORDER BY a", "1|1\n2|0\n");
  eros_engine_session_free (a.session);
}

static void
test_conflict_in_handler (Fixture *fixture, gconstpointer data)
{
  Client a = { fixture, eros_engine_session_new (fixture->engine) };

  run_fine (fixture, "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1)");
  client_fine (&a, "BEGIN TRANSACTION");
  client_rows (&a, "SELECT COUNT(*) FROM t", "1\n");
  run_fine (fixture, "DELETE FROM t WHERE TRUE");
  client_rows (&a,
               "BEGIN UPDATE t SET a = 2 WHERE TRUE; COMMIT TRANSACTION;"
               " EXCEPTION WHEN ERROR THEN SELECT @@error.message; ROLLBACK TRANSACTION; END;",
               "Query error: Transaction is aborted due to concurrent update against table p:d.t at [1:7]\n");
  client_rows (&a, "SELECT COUNT(*) FROM t", "0\n");
  eros_engine_session_free (a.session);
}

static void
test_inserts_do_not_conflict (Fixture *fixture, gconstpointer data)
{
  Client a = { fixture, eros_engine_session_new (fixture->engine) };

  run_fine (fixture, "CREATE TABLE t (a INT64)");
  client_fine (&a, "BEGIN TRANSACTION; SELECT COUNT(*) FROM t");
  run_fine (fixture, "INSERT INTO t VALUES (1)");
  client_fine (&a, "INSERT INTO t VALUES (2)");
  client_fine (&a, "COMMIT TRANSACTION");
  client_rows (&a, "SELECT a FROM t ORDER BY a", "1\n2\n");
  eros_engine_session_free (a.session);
}

static void
test_other_tables_do_not_conflict (Fixture *fixture, gconstpointer data)
{
  Client a = { fixture, eros_engine_session_new (fixture->engine) };

  run_fine (
    fixture,
    "CREATE TABLE t (a INT64); INSERT INTO t VALUES (1); CREATE TABLE u (a INT64); INSERT INTO u VALUES (1)");
  client_fine (&a, "BEGIN TRANSACTION; SELECT COUNT(*) FROM t");
  run_fine (fixture, "UPDATE u SET a = 2 WHERE TRUE");
  client_fine (&a, "UPDATE t SET a = (SELECT a FROM u) + 10 WHERE TRUE");
  client_fine (&a, "COMMIT TRANSACTION");
  client_rows (&a, "SELECT a FROM t", "11\n");
  eros_engine_session_free (a.session);
}

static void
test_session_keeps (Fixture *fixture, gconstpointer data)
{
  Client a = { fixture, eros_engine_session_new (fixture->engine) };

  client_fine (&a, "DECLARE x INT64 DEFAULT 5; CREATE TEMP TABLE k AS SELECT 1 AS a; CREATE TEMP FUNCTION "
                   "f(a INT64) AS (a + 1)");
  client_rows (&a, "SELECT a, f(a) FROM k", "1|2\n");
  eros_engine_session_free (a.session);
  assert_error (fixture, "SELECT a FROM k", "notFound",
                "Not found: Table p:d.k was not found in location US at [1:15]");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/a-transaction-is-all-or-nothing", test_commit_and_rollback);
  add_test ("/local-engine/a-transaction-that-nobody-commits-is-rolled-back", test_forgotten_transaction);
  add_test ("/local-engine/a-failed-statement-leaves-the-transaction-as-it-was",
            test_failed_statement_in_transaction);
  add_test ("/local-engine/what-a-transaction-does-not-allow-is-refused", test_refusals);
  add_test ("/local-engine/temporary-tables-follow-the-transaction", test_temporary_tables);
  add_test ("/local-engine/a-transaction-sees-one-snapshot", test_snapshot);
  add_test ("/local-engine/the-second-writer-is-aborted", test_conflict);
  add_test ("/local-engine/an-aborted-transaction-reaches-the-handler", test_conflict_in_handler);
  add_test ("/local-engine/inserts-do-not-conflict", test_inserts_do_not_conflict);
  add_test ("/local-engine/other-tables-do-not-conflict", test_other_tables_do_not_conflict);
  add_test ("/local-engine/a-session-keeps-its-temporary-objects", test_session_keeps);

  return g_test_run ();
}
