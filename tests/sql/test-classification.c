/* test-classification.c: an account's size at every border, what follows from it, and the time limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "sql-test.h"

static const struct
{
  const char *followers;
  const char *rate;
  const char *size;
} cases[] = {
  { "NULL", "0.5", "unknown" },
  { "NULL", "NULL", "unknown" },
  { "-1", "0.5", "unknown" },
  { "-9223372036854775808", "0", "unknown" },
  { "500", "-0.000001", "unknown" },
  { "5000", "-1", "unknown" },
  { "2000000", "CAST('-inf' AS FLOAT64)", "unknown" },
  { "0", "0", "nano" },
  { "0", "0.06", "nano_high_engagement" },
  { "1", "NULL", "nano" },
  { "999", "0", "nano" },
  { "999", "0.05", "nano" },
  { "999", "0.04999999999999999", "nano" },
  { "999", "0.05000000000000001", "nano_high_engagement" },
  { "999", "1", "nano_high_engagement" },
  { "999", "CAST('nan' AS FLOAT64)", "nano" },
  { "1000", "0.9", "micro" },
  { "1000", "NULL", "micro" },
  { "1001", "0", "micro" },
  { "9999", "0", "micro" },
  { "10000", "0", "micro" },
  { "10001", "0", "mid_tier" },
  { "99999", "0", "mid_tier" },
  { "100000", "0.9", "mid_tier" },
  { "100001", "0", "macro" },
  { "999999", "0", "macro" },
  { "1000000", "0", "macro" },
  { "1000001", "0", "mega" },
  { "9223372036854775807", "NULL", "mega" },
};

static void
test_every_border_is_where_it_should_be (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:50", 0);

  sql_test_deploy (test, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sql = g_strdup_printf (
        "SELECT `${project}.${dataset}.classify_account_size`(CAST(%s AS INT64), CAST(%s AS FLOAT64))",
        cases[i].followers, cases[i].rate);
      g_autofree char *size = sql_test_rows (test, sql);

      if (g_strcmp0 (size, cases[i].size) != 0)
        g_error ("%s followers, rate %s: %s and not %s", cases[i].followers, cases[i].rate, size,
                 cases[i].size);
    }
}

static void
test_each_size_has_its_exploration_rate (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:50", 0);
  g_autofree char *rates = NULL;

  sql_test_deploy (test, NULL);
  rates = sql_test_rows (
    test,
    "SELECT size, `${project}.${dataset}.exploration_rate`(size) FROM UNNEST(['nano', "
    "'nano_high_engagement',\n"
    "  'micro', 'mid_tier', 'macro', 'mega', 'unknown', CAST(NULL AS STRING)]) AS size WITH OFFSET AS i\n"
    "ORDER BY i");
  g_assert_cmpstr (rates, ==,
                   "nano|0.3\nnano_high_engagement|0.25\nmicro|0.2\nmid_tier|0.15\nmacro|0.1\nmega|0.05\n"
                   "unknown|0.2\nNULL|0.2");
}

/* Caption 1 always wins the draw: it has been acted on each of ten million times, the nine others never. A
 * selection of another one is exploration, and of ten captions nine are others. */
static void
test_an_account_explores_as_often_as_its_size_says (void)
{
  const guint calls = g_getenv ("EROS_TEST_LONG") != NULL ? 4000 : 150;
  static const double rates[] = { 0.30, 0.05 };
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  sql_test_deploy (test, NULL);
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active) SELECT id, TRUE FROM "
    "UNNEST(GENERATE_ARRAY(1, 10)) AS id;\n"
    "INSERT INTO `${project}.${dataset}.caption_bandit_stats` (caption_id, total_views, engagement_count)\n"
    "SELECT id, 10000000, IF(id = 1, 10000000, 0) FROM UNNEST(GENERATE_ARRAY(1, 10)) AS id;\n"
    "INSERT INTO `${project}.${dataset}.account_metrics` (account_id, follower_count, avg_engagement_rate, "
    "last_updated)\n"
    /* the newest row of an account counts */
    "VALUES ('small', 5000000, 0.0, TIMESTAMP '2025-01-01'), ('small', 10, 0.0, TIMESTAMP '2025-06-01'),\n"
    "  ('large', 5000000, 0.0, TIMESTAMP '2025-01-01')");
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("DECLARE others, n INT64 DEFAULT 0; DECLARE id INT64;\n"
                         "WHILE n < %u DO SET n = n + 1;\n"
                         "  CALL `${project}.${dataset}.select_caption_for_account`('%s', id);\n"
                         "  SET others = others + IF(id = 1, 0, 1);\n"
                         "END WHILE; SELECT others",
                         calls, i == 0 ? "small" : "large");
      double others = sql_test_integer (test, sql);
      double expected = rates[i] * 0.9;
      double deviation = (others - calls * expected) / sqrt (calls * expected * (1 - expected));

      /* 5.5 standard deviations: false alarm four times in a hundred million */
      g_test_message ("%s: %g of %u, %.2f standard deviations off", i == 0 ? "nano" : "mega", others, calls,
                      deviation);
      g_assert_cmpfloat (fabs (deviation), <, 5.5);
    }
}

static void
test_the_limits_are_the_team_s (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:50", 0);
  g_autofree char *limits = NULL;

  sql_test_deploy (test, NULL);
  limits =
    sql_test_rows (test, "SELECT query_type, timeout_seconds, max_retries >= 0, last_updated IS NOT NULL\n"
                         "FROM `${project}.${dataset}.query_timeout_config` ORDER BY timeout_seconds, 1");
  g_assert_cmpstr (limits, ==,
                   "caption_selection|30|true|true\nwilson_score|45|true|true\ndefault|60|true|true\n"
                   "reporting|120|true|true\nbatch_update|300|true|true\nbackup|600|true|true");
}

/* INSERT … ON CONFLICT is no GoogleSQL: what should have been an upsert failed. A limit that somebody set
 * stays. */
static void
test_the_timeout_table_takes_a_second_deployment (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:50", 0);
  g_autofree char *limits = NULL;

  sql_test_deploy (test, NULL);
  sql_test_run (test, "UPDATE `${project}.${dataset}.query_timeout_config` SET timeout_seconds = 240\n"
                      "WHERE query_type = 'reporting';\n"
                      "DELETE FROM `${project}.${dataset}.query_timeout_config` WHERE query_type = 'backup'");
  sql_test_deploy (test, NULL);
  limits = sql_test_rows (test, "SELECT query_type, timeout_seconds FROM "
                                "`${project}.${dataset}.query_timeout_config` ORDER BY timeout_seconds");
  g_assert_cmpstr (
    limits, ==,
    "caption_selection|30\nwilson_score|45\ndefault|60\nreporting|240\nbatch_update|300\nbackup|600");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/classification/every-border-is-where-it-should-be",
                   test_every_border_is_where_it_should_be);
  g_test_add_func ("/sql/classification/each-size-has-its-exploration-rate",
                   test_each_size_has_its_exploration_rate);
  g_test_add_func ("/sql/classification/an-account-explores-as-often-as-its-size-says",
                   test_an_account_explores_as_often_as_its_size_says);
  g_test_add_func ("/sql/timeouts/the-limits-are-the-team-s", test_the_limits_are_the_team_s);
  g_test_add_func ("/sql/timeouts/old-failure/insert-on-conflict-in-the-timeout-table",
                   test_the_timeout_table_takes_a_second_deployment);
  return g_test_run ();
}
