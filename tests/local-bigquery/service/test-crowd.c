/* test-crowd.c: fifty clients at once, who read and write the same rows
 *
 * Five seconds, or EROS_CROWD_SECONDS.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "test-utils.h"

#define CLIENTS  50
#define ACCOUNTS 10
#define MONEY    100

typedef struct
{
  Server own;
  guint number;
  gint64 until;
  guint n_updates; /* that were answered with 200 */
  guint n_inserts;
  guint n_transfers;
  guint n_conflicts; /* transactions that lost against another writer */
  guint n_reads;
} Client;

static void
fail (const char *query, guint status, const char *answer)
{
  g_error ("%s\n%u %s", query, status, answer);
}

/* TRUE when it has been done, FALSE when another writer was faster. */
static gboolean
run (Client *client, const char *query, char **answer)
{
  g_autofree char *escaped = g_strescape (query, NULL);
  g_autofree char *body =
    g_strdup_printf ("{\"query\":\"%s\",\"useLegacySql\":false,\"timeoutMs\":60000}", escaped);
  guint status = 0;

  *answer = server_call (&client->own, "POST", PROJECT "/queries", body, &status);
  if (status == 400 && strstr (*answer, "aborted due to concurrent update") != NULL)
    return FALSE;
  if (status != 200 || strstr (*answer, "\"jobComplete\":true") == NULL)
    fail (query, status, *answer);
  return TRUE;
}

static void
update (Client *client)
{
  g_autofree char *query =
    g_strdup_printf ("UPDATE d.counters SET n = n + 1 WHERE id = %u", client->number % 3);
  g_autofree char *answer = NULL;

  client->n_updates += run (client, query, &answer);
}

static void
insert (Client *client)
{
  g_autofree char *body = g_strdup_printf ("{\"rows\":[{\"json\":{\"id\":%u}}]}", client->number);
  guint status = 0;
  g_autofree char *answer =
    server_call (&client->own, "POST", PROJECT "/datasets/d/tables/log/insertAll", body, &status);

  if (status != 200 || strstr (answer, "insertErrors") != NULL)
    fail ("insertAll", status, answer);
  client->n_inserts++;
}

static void
transfer (Client *client)
{
  guint from = (guint) g_random_int_range (0, ACCOUNTS), to = (guint) g_random_int_range (0, ACCOUNTS);
  g_autofree char *query =
    g_strdup_printf ("BEGIN TRANSACTION; UPDATE d.accounts SET money = money - 1 WHERE id = %u; "
                     "UPDATE d.accounts SET money = money + 1 WHERE id = %u; COMMIT TRANSACTION;",
                     from, to);
  g_autofree char *answer = NULL;

  if (run (client, query, &answer))
    client->n_transfers++;
  else
    client->n_conflicts++;
}

/* No reader sees half of a transfer. */
static void
read_all (Client *client)
{
  g_autofree char *answer = NULL;

  g_assert_true (run (client, "SELECT SUM(money) FROM d.accounts", &answer));
  g_assert_nonnull (strstr (answer, "\"rows\":[{\"f\":[{\"v\":\"1000\"}]}]"));
  client->n_reads++;
}

static gpointer
client_thread (gpointer data)
{
  Client *client = data;

  client->own.session = soup_session_new ();
  for (guint i = client->number; g_get_monotonic_time () < client->until; i++)
    switch (i % 5)
      {
      case 0:
        update (client);
        break;
      case 1:
        insert (client);
        break;
      case 2:
        transfer (client);
        break;
      default:
        read_all (client);
      }
  g_clear_object (&client->own.session);
  return NULL;
}

static void
assert_value (Server *server, const char *query, guint expected)
{
  g_autofree char *value = server_query_value (server, query);
  g_autofree char *text = g_strdup_printf ("%u", expected);

  g_assert_cmpstr (value, ==, text);
}

static void
make_tables (Server *server)
{
  g_autoptr (JsonObject) made = server_query (
    server,
    "CREATE SCHEMA d; CREATE TABLE d.log (id INT64);"
    "CREATE TABLE d.counters AS SELECT id, 0 AS n FROM UNNEST([0, 1, 2]) AS id;"
    "CREATE TABLE d.accounts AS SELECT id, 100 AS money FROM UNNEST(GENERATE_ARRAY(0, 9)) AS id",
    200);
}

static void
test_crowd (void)
{
  g_autofree char *folder = make_folder ();
  const char *arguments[] = { "--data", folder, NULL };
  Server *server = server_start (arguments);
  const char *seconds = g_getenv ("EROS_CROWD_SECONDS");
  gint64 until = 0;
  GThread *threads[CLIENTS];
  Client clients[CLIENTS] = { 0 };
  Client sum = { 0 };

  make_tables (server);
  until = g_get_monotonic_time () + (seconds != NULL ? atoi (seconds) : 5) * G_USEC_PER_SEC;
  for (guint i = 0; i < CLIENTS; i++)
    {
      clients[i] = (Client){ .own = *server, .number = i, .until = until };
      threads[i] = g_thread_new ("client", client_thread, &clients[i]);
    }
  for (guint i = 0; i < CLIENTS; i++)
    {
      g_thread_join (threads[i]);
      sum.n_updates += clients[i].n_updates;
      sum.n_inserts += clients[i].n_inserts;
      sum.n_transfers += clients[i].n_transfers;
      sum.n_conflicts += clients[i].n_conflicts;
      sum.n_reads += clients[i].n_reads;
    }
  g_test_message ("%u updates, %u inserts, %u transfers, %u lost against another writer, %u reads",
                  sum.n_updates, sum.n_inserts, sum.n_transfers, sum.n_conflicts, sum.n_reads);
  g_assert_cmpuint (sum.n_updates, >, 0);
  g_assert_cmpuint (sum.n_transfers, >, 0);
  assert_value (server, "SELECT SUM(n) FROM d.counters", sum.n_updates);
  assert_value (server, "SELECT COUNT(*) FROM d.log", sum.n_inserts);
  assert_value (server, "SELECT SUM(money) FROM d.accounts", ACCOUNTS * MONEY);
  g_assert_cmpint (server_stop (server), ==, 0);
  server_free (server);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crowd/fifty-clients-lose-no-update-and-see-no-half-transfer", test_crowd);
  return g_test_run ();
}
