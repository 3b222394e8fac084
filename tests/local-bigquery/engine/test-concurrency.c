/* test-concurrency.c: many at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "engine-fixture.h"

#define CALLERS 64
#define CLIENTS 50

typedef struct
{
  Fixture *fixture;
  const char *sql;
  guint number;
  gint64 affected;
  char *error;
} Caller;

static gpointer
call_thread (gpointer data)
{
  Caller *caller = data;
  g_autofree char *id = g_strdup_printf ("caller-%u", caller->number);
  ErosSqlValue me = EROS_SQL_VALUE_INIT;
  ErosEngineParameter parameter = { .name = "me" };
  g_autoptr (ErosEngineResult) result = NULL;

  eros_sql_value_set_integer (&me, eros_sql_type (EROS_SQL_INT64), caller->number);
  parameter.value = me;
  result = run_request (
    caller->fixture,
    &(ErosEngineRequest){ .query = caller->sql, .job_id = id, .parameters = &parameter, .n_parameters = 1 });
  caller->affected = result->affected_rows;
  caller->error = g_strdup (result->error_message);
  return NULL;
}

/* Returns: how many callers have changed a row */
static guint
race (Fixture *fixture, const char *sql)
{
  Caller callers[CALLERS] = { 0 };
  GThread *threads[CALLERS];
  guint winners = 0;

  for (guint i = 0; i < CALLERS; i++)
    {
      callers[i] = (Caller){ .fixture = fixture, .sql = sql, .number = i };
      threads[i] = g_thread_new ("caller", call_thread, &callers[i]);
    }
  for (guint i = 0; i < CALLERS; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpstr (callers[i].error, ==, NULL);
      winners += callers[i].affected == 1;
    }
  return winners;
}

static void
test_conditional_update (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture,
            "CREATE TABLE locks (id INT64, owner INT64); INSERT INTO locks VALUES (1, NULL), (2, NULL)");
  g_assert_cmpuint (race (fixture, "UPDATE locks SET owner = @me WHERE id = 1 AND owner IS NULL"), ==, 1);
  assert_rows (fixture, "SELECT COUNT(*), COUNT(owner) FROM locks", "2|1\n");
}

static void
test_conditional_merge (Fixture *fixture, gconstpointer data)
{
  run_fine (fixture, "CREATE TABLE assignments (caption INT64, account INT64)");
  g_assert_cmpuint (
    race (fixture,
          "MERGE assignments AS t USING (SELECT 7 AS caption, @me AS account) AS s ON t.caption = s.caption"
          " WHEN NOT MATCHED THEN INSERT ROW"),
    ==, 1);
  assert_rows (fixture, "SELECT COUNT(*) FROM assignments", "1\n");
}

/* Each client adds 1 to a counter, in a transaction that it repeats until it has not lost. */

#define ROUNDS 6

static gpointer
count_thread (gpointer data)
{
  Caller *caller = data;

  for (guint done = 0; done < ROUNDS;)
    {
      g_autofree char *sql =
        g_strdup_printf ("BEGIN TRANSACTION; UPDATE counters SET n = n + 1 WHERE id = %u;"
                         " INSERT INTO log (who) VALUES (%u); COMMIT TRANSACTION",
                         caller->number % 3, caller->number);
      g_autoptr (ErosEngineResult) result = run_sql (caller->fixture, sql);

      if (result->error_message == NULL)
        done++;
      else if (strstr (result->error_message, "aborted due to concurrent update") == NULL)
        {
          caller->error = g_strdup (result->error_message);
          break;
        }
    }
  return NULL;
}

static void
test_no_lost_updates (Fixture *fixture, gconstpointer data)
{
  Caller callers[CLIENTS] = { 0 };
  GThread *threads[CLIENTS];

  run_fine (fixture,
            "CREATE TABLE counters (id INT64, n INT64); INSERT INTO counters VALUES (0, 0), (1, 0), (2, 0);"
            "CREATE TABLE log (who INT64)");
  for (guint i = 0; i < CLIENTS; i++)
    {
      callers[i] = (Caller){ .fixture = fixture, .number = i };
      threads[i] = g_thread_new ("client", count_thread, &callers[i]);
    }
  for (guint i = 0; i < CLIENTS; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpstr (callers[i].error, ==, NULL);
    }
  assert_rows (fixture, "SELECT SUM(n), (SELECT COUNT(*) FROM log) FROM counters", "300|300\n");
}

/* Readers see the sum that every transaction keeps. */

static gpointer
read_thread (gpointer data)
{
  Caller *caller = data;

  for (guint i = 0; i < 20 && caller->error == NULL; i++)
    {
      g_autoptr (ErosEngineResult) result = run_sql (caller->fixture, "SELECT SUM(balance) FROM accounts");
      g_autofree char *rows = rows_of (result);

      if (result->error_message != NULL || g_strcmp0 (rows, "1000\n") != 0)
        caller->error = g_strdup (result->error_message != NULL ? result->error_message : rows);
    }
  return NULL;
}

static gpointer
move_thread (gpointer data)
{
  Caller *caller = data;

  for (guint i = 0; i < 10 && caller->error == NULL; i++)
    {
      g_autofree char *sql = g_strdup_printf (
        "UPDATE accounts SET balance = balance + IF(id = %u, 1, IF(id = %u, -1, 0)) WHERE TRUE",
        (caller->number + i) % 10, (caller->number + i + 3) % 10);
      g_autoptr (ErosEngineResult) result = run_sql (caller->fixture, sql);

      caller->error = g_strdup (result->error_message);
    }
  return NULL;
}

static void
test_readers_see_whole_states (Fixture *fixture, gconstpointer data)
{
  Caller callers[16] = { 0 };
  GThread *threads[16];

  run_fine (fixture,
            "CREATE TABLE accounts AS SELECT id, 100 AS balance FROM UNNEST(GENERATE_ARRAY(0, 9)) AS id");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      callers[i] = (Caller){ .fixture = fixture, .number = i };
      threads[i] = g_thread_new ("client", i % 2 == 0 ? read_thread : move_thread, &callers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpstr (callers[i].error, ==, NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("/local-engine/of-64-conditional-updates-one-wins", test_conditional_update);
  add_test ("/local-engine/of-64-conditional-merges-one-wins", test_conditional_merge);
  add_test ("/local-engine/no-update-of-50-clients-is-lost", test_no_lost_updates);
  add_test ("/local-engine/readers-see-no-half-done-statement", test_readers_see_whole_states);

  return g_test_run ();
}
