/* test-sample.c: the sample is healthy, the same every time, and quick to load
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-sample.h"

#define NOW G_GINT64_CONSTANT (1761919200000000) /* 2025-10-31 14:00:00 UTC */

typedef struct
{
  ErosStore *store;
  ErosStoreConnection *connection;
} Loaded;

static Loaded
load (guint captions, guint history_days)
{
  g_autoptr (GError) error = NULL;
  ErosSampleOptions options = EROS_SAMPLE_OPTIONS_INIT;
  Loaded loaded = { eros_store_open (NULL, NULL, NULL, &error), NULL };

  g_assert_no_error (error);
  options.project = "p";
  options.captions = captions;
  options.history_days = history_days;
  options.now = NOW;
  g_assert_true (eros_sample_load (loaded.store, &options, &error));
  g_assert_true (eros_sample_load (loaded.store, &options, &error)); /* a second time changes nothing */
  g_assert_no_error (error);
  loaded.connection = eros_store_acquire (loaded.store, &error);
  g_assert_true (eros_store_begin (loaded.connection, EROS_STORE_READ, NULL, &error));
  return loaded;
}

static void
unload (Loaded *loaded)
{
  eros_store_release (loaded->connection);
  eros_store_close (loaded->store);
}

static ErosStoreTable *
get_table (Loaded *loaded, const char *name)
{
  g_autoptr (GError) error = NULL;
  ErosStoreTable *table = eros_store_get_table (loaded->connection, "p", "eros_platform", name, &error);

  g_assert_no_error (error);
  return table;
}

/* {bank}, {stats}, {assigned} and {log} stand for the tables. */
static gint64
ask (Loaded *loaded, const char *query)
{
  static const char *const TABLES[] = { "{bank}",     "caption_bank",
                                        "{stats}",    "caption_bandit_stats",
                                        "{assigned}", "active_caption_assignments",
                                        "{log}",      "caption_performance_log" };
  g_autoptr (GString) sql = g_string_new (query);
  sqlite3_stmt *statement = NULL;
  gint64 value;

  for (guint i = 0; i < G_N_ELEMENTS (TABLES); i += 2)
    {
      g_autoptr (ErosStoreTable) table = get_table (loaded, TABLES[i + 1]);
      g_autofree char *source = eros_store_table_source (loaded->connection, table, NULL);

      g_string_replace (sql, TABLES[i], source, 0);
    }
  g_assert_cmpint (
    sqlite3_prepare_v2 (eros_store_connection_get_db (loaded->connection), sql->str, -1, &statement, NULL),
    ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

static void
test_healthy (void)
{
  Loaded loaded = load (5000, 0);

  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {bank}"), ==, 5000);
  g_assert_cmpint (ask (&loaded, "SELECT count(DISTINCT c0) FROM {bank}"), ==, 5000);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {stats}"), ==, 5000);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {log}"), ==, 10000);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {stats} WHERE c0 NOT IN (SELECT c0 FROM {bank})"), ==,
                   0);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {log} WHERE c0 NOT IN (SELECT c0 FROM {bank})"), ==,
                   0);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {stats} WHERE c1 < 0 OR c2 < 0 OR c2 > c1"), ==, 0);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {stats} WHERE c3 < 0 OR c3 > 1 OR c3 IS NULL"), ==, 0);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {assigned}"), >, 1000);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) - count(DISTINCT c0) FROM {assigned}"), ==, 0);
  unload (&loaded);
}

static void
test_needs_deployment (void)
{
  Loaded loaded = load (5000, 0);
  /* the lower bound of the Wilson interval at z = 1.96 */
  gint64 wrong =
    ask (&loaded, "SELECT count(*) FROM {stats} WHERE c1 > 0 AND abs(c3 - ((c2 * 1.0 / c1 + 1.9208 / c1"
                  " - 1.96 * sqrt((c2 * 1.0 / c1 * (1 - c2 * 1.0 / c1) + 0.9604 / c1) / c1))"
                  " / (1 + 3.8416 / c1))) > 0.001");

  g_assert_cmpint (wrong, >, 1000);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {stats} WHERE c1 < 10 AND c3 > 0"), >, 100);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM {log} WHERE NOT c4"), >, 0);
  unload (&loaded);
}

static void
test_times (void)
{
  Loaded loaded = load (5000, 0);
  g_autofree char *future =
    g_strdup_printf ("SELECT (SELECT count(*) FROM {stats} WHERE c4 > %" G_GINT64_FORMAT
                     ") + (SELECT count(*) FROM {log} WHERE c3 > %" G_GINT64_FORMAT
                     ") + (SELECT count(*) FROM {assigned} WHERE c2 > %" G_GINT64_FORMAT ")",
                     NOW, NOW, NOW);
  g_autofree char *last_day =
    g_strdup_printf ("SELECT count(*) FROM {assigned} WHERE c2 > %" G_GINT64_FORMAT, NOW - G_TIME_SPAN_DAY);
  g_autofree char *expired =
    g_strdup_printf ("SELECT count(*) FROM {assigned} WHERE c4 < %" G_GINT64_FORMAT, NOW);

  g_assert_cmpint (ask (&loaded, future), ==, 0);
  /* Each lasts a week: a seventh of them is a day's. */
  g_assert_cmpint (ask (&loaded, last_day), >, 300);
  g_assert_cmpint (ask (&loaded, last_day), <, 420);
  g_assert_cmpint (ask (&loaded, expired), ==, 0);
  unload (&loaded);
}

static void
test_layout (void)
{
  Loaded loaded = load (100, 0);
  g_autoptr (ErosStoreTable) stats = get_table (&loaded, "caption_bandit_stats");
  g_autoptr (ErosStoreTable) assigned = get_table (&loaded, "active_caption_assignments");

  g_assert_cmpint (stats->partition, ==, EROS_STORE_PARTITION_DAY);
  g_assert_cmpstr (stats->partition_field, ==, "last_updated");
  g_assert_cmpstr (stats->clustering[0], ==, "caption_id");
  g_assert_cmpstr (assigned->clustering[1], ==, "caption_id");
  g_assert_nonnull (stats->description);
  unload (&loaded);
}

static void
test_same (void)
{
  Loaded one = load (1000, 0);
  Loaded two = load (1000, 0);
  const char *sums[] = { "SELECT sum(c0 * length(c1) + c6 % 1000003) FROM {bank}",
                         "SELECT sum(c0 * c1 + c2 + c4 % 1000003) FROM {stats}",
                         "SELECT sum(c0 * length(c1) + c2 % 1000003) FROM {assigned}",
                         "SELECT sum(c0 + c2 + c3 % 1000003) FROM {log}" };

  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    g_assert_cmpint (ask (&one, sums[i]), ==, ask (&two, sums[i]));
  unload (&one);
  unload (&two);
}

static void
test_surroundings (void)
{
  Loaded loaded = load (100, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStoreDocument) bucket =
    eros_store_get_document (loaded.store, "bucket", "eros-platform-backups", &error);
  g_autoptr (GPtrArray) schedules =
    eros_store_list_documents (loaded.store, "transfer", "projects/p/", NULL, 10, &error);

  g_assert_no_error (error);
  g_assert_nonnull (bucket);
  g_assert_cmpuint (schedules->len, ==, 3);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM s.jobs"), ==, 360);
  g_assert_cmpint (
    ask (&loaded, "SELECT count(*) FROM s.jobs WHERE start_time < creation_time OR end_time < start_time"
                  " OR json_valid(resource) = 0"),
    ==, 0);
  g_assert_cmpint (ask (&loaded, "SELECT count(*) FROM s.jobs WHERE error_reason IS NOT NULL"), <, 20);
  unload (&loaded);
}

static void
test_options (void)
{
  const char *bad[] = { "", "eros:", "eros:0", "eros:x", "eros:-5", "other", "eros:99999999999" };
  g_autoptr (GError) error = NULL;
  ErosSampleOptions options = EROS_SAMPLE_OPTIONS_INIT;

  g_assert_true (eros_sample_parse ("eros", &options, &error));
  g_assert_cmpuint (options.captions, ==, 100000);
  g_assert_true (eros_sample_parse ("eros:123", &options, &error));
  g_assert_cmpuint (options.captions, ==, 123);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (eros_sample_parse (bad[i], &options, &error));
      g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_INVALID);
      g_clear_error (&error);
    }
  g_assert_cmpuint (options.captions, ==, 123);
}

static void
test_quick (void)
{
  gint64 start = g_get_monotonic_time ();
  Loaded loaded = load (100000, 90);
  double seconds = (g_get_monotonic_time () - start) / 1e6;

  g_test_message ("100000 captions and 90 days of jobs in %.2f s", seconds);
  g_assert_cmpfloat (seconds, <, 20); /* a bound for the slowest machine; the figure is above */
  unload (&loaded);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample/every-row-belongs-to-a-caption", test_healthy);
  g_test_add_func ("/sample/there-is-something-to-correct", test_needs_deployment);
  g_test_add_func ("/sample/times-are-told-from-the-start", test_times);
  g_test_add_func ("/sample/tables-are-partitioned-and-clustered", test_layout);
  g_test_add_func ("/sample/the-same-rows-come-every-time", test_same);
  g_test_add_func ("/sample/bucket-schedules-and-history-are-there", test_surroundings);
  g_test_add_func ("/sample/options-are-read-strictly", test_options);
  g_test_add_func ("/sample/loading-is-quick", test_quick);
  return g_test_run ();
}
