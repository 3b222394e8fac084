/* bench-translation.c: translated queries against the same ones written by hand for SQLite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 1,000,000 rows; the bar is a median of 1.3 and none above 2. Rows as the first argument make it shorter.
 */
#include "eros-query-runner.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  const char *google;
  const char *sqlite;
} Pair;

static const Pair pairs[] = {
  { "SELECT COUNT(*) FROM events", "SELECT count(*) FROM t_0" },
  { "SELECT COUNT(*), SUM(views), MIN(views), MAX(views), AVG(views) FROM events",
    "SELECT count(*), sum(views), min(views), max(views), avg(views) FROM t_0" },
  { "SELECT COUNT(DISTINCT caption) FROM events", "SELECT count(DISTINCT caption) FROM t_0" },
  { "SELECT id, views, score FROM events WHERE views < 0 OR clicks < 0 OR score NOT BETWEEN 0 AND 1 LIMIT 10",
    "SELECT id, views, score FROM t_0 WHERE views < 0 OR clicks < 0 OR score NOT BETWEEN 0 AND 1 LIMIT 10" },
  { "SELECT account, COUNT(*) n, SUM(views) v FROM events GROUP BY account ORDER BY v DESC LIMIT 10",
    "SELECT account, count(*) n, sum(views) v FROM t_0 GROUP BY account ORDER BY v DESC LIMIT 10" },
  { "SELECT account, AVG(score) s FROM events WHERE views > 100 GROUP BY account HAVING COUNT(*) > 10 ORDER "
    "BY s DESC "
    "LIMIT 5",
    "SELECT account, avg(score) s FROM t_0 WHERE views > 100 GROUP BY account HAVING count(*) > 10 ORDER BY "
    "s DESC LIMIT "
    "5" },
  { "SELECT day, SUM(clicks) / SUM(views) ctr FROM events GROUP BY day ORDER BY day",
    "SELECT day, sum(clicks) * 1.0 / sum(views) ctr FROM t_0 GROUP BY day ORDER BY day" },
  { "SELECT SUM(views * clicks), SUM(views + clicks) FROM events",
    "SELECT sum(views * clicks), sum(views + clicks) FROM t_0" },
  { "SELECT SUM(score * 2.5 + 1), MAX(score) FROM events WHERE score > 0.25 AND score < 0.75",
    "SELECT sum(score * 2.5 + 1), max(score) FROM t_0 WHERE score > 0.25 AND score < 0.75" },
  { "SELECT COUNT(*) FROM events WHERE kind LIKE 'open%' OR kind = 'close'",
    "SELECT count(*) FROM t_0 WHERE kind GLOB 'open*' OR kind = 'close'" },
  { "SELECT kind, COUNTIF(ok), COUNTIF(NOT ok) FROM events GROUP BY kind ORDER BY kind",
    "SELECT kind, sum(ok), sum(NOT ok) FROM t_0 GROUP BY kind ORDER BY kind" },
  { "SELECT id, score FROM events ORDER BY score DESC, id LIMIT 20",
    "SELECT id, score FROM t_0 ORDER BY score DESC, id LIMIT 20" },
  { "SELECT a.plan, SUM(e.views) FROM events e JOIN accounts a ON a.id = e.account GROUP BY a.plan ORDER BY "
    "1",
    "SELECT a.plan, sum(e.views) FROM t_0 e JOIN t_1 a ON a.id = e.account GROUP BY a.plan ORDER BY 1" },
  { "SELECT COUNT(*) FROM events WHERE account IN (SELECT id FROM accounts WHERE plan = 'pro')",
    "SELECT count(*) FROM t_0 WHERE account IN (SELECT id FROM t_1 WHERE plan = 'pro')" },
  { "WITH daily AS (SELECT day, account, SUM(views) v FROM events GROUP BY day, account) SELECT day, MAX(v) "
    "FROM daily GROUP "
    "BY day ORDER BY day",
    "WITH daily AS (SELECT day, account, sum(views) v FROM t_0 GROUP BY day, account) SELECT day, max(v) "
    "FROM daily GROUP BY "
    "day ORDER BY day" },
  { "SELECT COUNT(*) FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY account ORDER BY views DESC, id) r "
    "FROM events) WHERE r "
    "<= 3",
    "SELECT count(*) FROM (SELECT id, row_number() OVER (PARTITION BY account ORDER BY views DESC, id) r "
    "FROM t_0) WHERE r "
    "<= 3" },
  { "SELECT account, views FROM events WHERE TRUE QUALIFY RANK() OVER (PARTITION BY account ORDER BY views "
    "DESC) = 1 ORDER BY "
    "account, views LIMIT 10",
    "SELECT account, views FROM (SELECT account, views, rank() OVER (PARTITION BY account ORDER BY views "
    "DESC) r FROM t_0) "
    "WHERE r = 1 ORDER BY account, views LIMIT 10" },
  { "SELECT CASE WHEN views < 100 THEN 'low' WHEN views < 500 THEN 'mid' ELSE 'high' END b, COUNT(*), "
    "AVG(clicks) FROM events "
    "GROUP BY b ORDER BY b",
    "SELECT CASE WHEN views < 100 THEN 'low' WHEN views < 500 THEN 'mid' ELSE 'high' END b, count(*), "
    "avg(clicks) FROM t_0 "
    "GROUP BY b ORDER BY b" },
  { "SELECT COUNT(*) FROM events WHERE created >= '2025-01-10' AND created < '2025-01-20' AND account "
    "BETWEEN 10 AND 500",
    "SELECT count(*) FROM t_0 WHERE created >= 1736467200000000 AND created < 1737331200000000 AND account "
    "BETWEEN 10 AND "
    "500" },
  { "SELECT DISTINCT account, kind FROM events ORDER BY account, kind LIMIT 100",
    "SELECT DISTINCT account, kind FROM t_0 ORDER BY account, kind LIMIT 100" },
};

static const char fill[] = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %u) "
                           "INSERT INTO t_0 SELECT i, (i * 7919) %% "
                           "2003, (i * 104729) %% 50021, (i * 31) %% 997, (i * 17) %% 101, ((i * 48271) %% "
                           "1000003) / 1000003.0, CASE i %% 5 WHEN 0 THEN "
                           "'open' WHEN 1 THEN 'opened' WHEN 2 THEN 'close' ELSE 'view ' || (i %% 50) END, i "
                           "%% 3 = 0, 20089 + i %% 90, "
                           "1735689600000000 + (i %% 90) * 86400000000 FROM n";

static JsonObject *
parse (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_object_ref (json_node_get_object (node));
}

static double
time_once (sqlite3 *database, const char *sql)
{
  gint64 start = g_get_monotonic_time ();
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sqlite3_errmsg (database), sql);
  while (sqlite3_step (statement) == SQLITE_ROW)
    ;
  g_assert_cmpint (sqlite3_finalize (statement), ==, SQLITE_OK);
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

int
main (int argc, char **argv)
{
  guint n_rows = argc > 1 ? (guint) atoi (argv[1]) : 1000000;
  g_autoptr (ErosQueryRunner) runner = eros_query_runner_new ();
  g_autoptr (JsonObject) events = parse ("{\"columns\": [[\"id\", \"INT64\"], [\"account\", \"INT64\"], "
                                         "[\"caption\", \"INT64\"], [\"views\", \"INT64\"], "
                                         "[\"clicks\", \"INT64\"], [\"score\", \"FLOAT64\"], [\"kind\", "
                                         "\"STRING\"], [\"ok\", \"BOOL\"], [\"day\", \"DATE\"], "
                                         "[\"created\", \"TIMESTAMP\"]], \"rows\": []}");
  g_autoptr (JsonObject) accounts =
    parse ("{\"columns\": [[\"id\", \"INT64\"], [\"plan\", \"STRING\"]], \"rows\": []}");
  sqlite3 *database = eros_query_runner_get_database (runner);
  g_autofree char *sql = g_strdup_printf (fill, n_rows);
  double ratios[G_N_ELEMENTS (pairs)];
  double worst = 0;

  eros_query_runner_add_table (runner, "events", events);
  eros_query_runner_add_table (runner, "accounts", accounts);
  time_once (database, sql);
  time_once (
    database,
    "INSERT INTO t_1 SELECT DISTINCT account, CASE account % 3 WHEN 0 THEN 'pro' ELSE 'free' END FROM t_0");
  time_once (database, "CREATE INDEX i_1 ON t_1 (id)");
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *translated = eros_query_runner_translate (runner, pairs[i].google, &error);
      double ours = G_MAXDOUBLE, by_hand = G_MAXDOUBLE;

      g_assert_no_error (error);
      for (guint k = 0; k < 3; k++)
        {
          double ours_once = time_once (database, translated);
          double by_hand_once = time_once (database, pairs[i].sqlite);

          ours = MIN (ours, ours_once);
          by_hand = MIN (by_hand, by_hand_once);
        }
      ratios[i] = ours / by_hand;
      worst = MAX (worst, ratios[i]);
      printf ("%5.2f  %7.1f ms  %7.1f ms  %s\n", ratios[i], ours, by_hand, pairs[i].google);
      if (g_getenv ("SHOW_SQL") != NULL)
        printf ("       %s\n", translated);
    }
  qsort (ratios, G_N_ELEMENTS (ratios), sizeof ratios[0], compare);
  printf ("median %.2f, worst %.2f\n", ratios[G_N_ELEMENTS (ratios) / 2], worst);
  return ratios[G_N_ELEMENTS (ratios) / 2] <= 1.3 && worst <= 2 ? 0 : 1;
}
