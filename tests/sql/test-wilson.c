/* test-wilson.c: the Wilson bound against the formula in more digits, and the table that is rescored
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "sql-test.h"

#define TOLERANCE 1e-12L

/* The textbook's form of the bound, in 113 bits, so that what it loses by cancellation does not matter here.
 */
static _Float128
exact_sqrt (_Float128 x)
{
  _Float128 root = sqrtl ((long double) x);

  /* Newton: from 64 bits to 113 in one step; the second is for safety. */
  for (guint i = 0; i < 2 && root > 0; i++)
    root = (root + x / root) / 2;
  return root;
}

static _Float128
exact_bound (gint64 engagements, gint64 views)
{
  const _Float128 z = (_Float128) 196 / 100;
  _Float128 n = views;
  _Float128 p = (_Float128) engagements / n;

  return (p + z * z / (2 * n) - z * exact_sqrt ((p * (1 - p) + z * z / (4 * n)) / n)) / (1 + z * z / n);
}

static long double
expected_bound (gint64 engagements, gint64 views)
{
  if (views < 10 || engagements < 0 || engagements > views)
    return 0;
  /* The exact value of none is 0, which the formula's rounding would miss. */
  return engagements == 0 ? 0 : (long double) exact_bound (engagements, views);
}

/* Numbers from 10 views to the largest there are; every number of engagements for few views, for many those
 * where it matters. */
static const char grid[] =
  "SELECT engagements, views, `${project}.${dataset}.wilson_score_lower_bound`(engagements, views) AS score\n"
  "FROM (\n"
  "  SELECT engagements, views FROM UNNEST(GENERATE_ARRAY(-1, 150)) AS views\n"
  "    CROSS JOIN UNNEST(GENERATE_ARRAY(-1, 152)) AS engagements\n"
  "  UNION ALL\n"
  "  SELECT CASE place\n"
  "      WHEN 0 THEN 0 WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN DIV(views, 1000) WHEN 4 THEN DIV(views, 20)\n"
  "      WHEN 5 THEN DIV(views, 3) WHEN 6 THEN DIV(views, 2) WHEN 7 THEN views - DIV(views, 20)\n"
  "      WHEN 8 THEN views - 2 WHEN 9 THEN views - 1 WHEN 10 THEN views ELSE views + 1 END AS engagements,\n"
  "    views\n"
  "  FROM UNNEST([200, 999, 1000, 12345, 999999, 1000000, 123456789, 1000000000000, 4503599627370497,\n"
  "    9007199254740993, 1000000000000000003, 9223372036854775806]) AS views\n"
  "    CROSS JOIN UNNEST(GENERATE_ARRAY(0, 11)) AS place)";

static void
test_every_bound_is_exact_to_twelve_digits (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autoptr (GPtrArray) pages = NULL;
  long double worst = 0;
  guint cases = 0;

  sql_test_deploy (test, "phase1/10-wilson-score");
  pages = sql_test_pages (test, grid);
  for (guint i = 0; i < pages->len; i++)
    for (guint row = 0; row < eros_page_get_n_rows (pages->pdata[i]); row++, cases++)
      {
        gint64 engagements = eros_page_get_int64 (pages->pdata[i], row, 0);
        gint64 views = eros_page_get_int64 (pages->pdata[i], row, 1);
        double score = eros_page_get_double (pages->pdata[i], row, 2);
        long double error = fabsl (score - expected_bound (engagements, views));

        g_assert_false (eros_page_is_null (pages->pdata[i], row, 2));
        g_assert_true (score >= 0 && score <= 1);
        if (!(error <= TOLERANCE))
          g_error ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ": %.17g is off by %Lg", engagements, views,
                   score, error);
        worst = MAX (worst, error);
      }
  g_assert_cmpuint (cases, ==, 152 * 154 + 12 * 12);
  g_test_message ("%u cases, the worst is off by %Lg", cases, worst);
}

static void
test_what_is_missing_or_impossible_scores_0 (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *scores = NULL;

  sql_test_deploy (test, "phase1/10-wilson-score");
  scores = sql_test_rows (
    test, "SELECT `${project}.${dataset}.wilson_score_lower_bound`(e, v)\n"
          "FROM UNNEST([STRUCT(CAST(NULL AS INT64) AS e, CAST(NULL AS INT64) AS v), (NULL, 100), (5, NULL),\n"
          "  (0, 0), (0, 9), (9, 9), (-1, 100), (5, -100), (-5, -10), (101, 100),\n"
          "  (9223372036854775807, 9223372036854775806), (-9223372036854775807 - 1, 9223372036854775807),\n"
          "  (5, -9223372036854775807 - 1)])");
  g_assert_cmpstr (scores, ==, "0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0");
}

/* More views of the same rate are more certain, and one engagement more is better. */
static void
test_the_bound_rises_with_evidence (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  sql_test_deploy (test, "phase1/10-wilson-score");
  g_assert_cmpint (
    sql_test_integer (test, "SELECT COUNTIF(`${project}.${dataset}.wilson_score_lower_bound`(e, v)\n"
                            "    >= `${project}.${dataset}.wilson_score_lower_bound`(e + 1, v))\n"
                            "  + COUNTIF(e > 0 AND `${project}.${dataset}.wilson_score_lower_bound`(e, v)\n"
                            "    >= `${project}.${dataset}.wilson_score_lower_bound`(e * 2, v * 2))\n"
                            "FROM UNNEST([10, 11, 50, 1000, 65536]) AS v CROSS JOIN UNNEST(GENERATE_ARRAY(0, "
                            "1000)) AS e WHERE e < v"),
    ==, 0);
}

static void
test_the_table_is_rescored_and_nothing_else_of_it (void)
{
  static const char *const rest =
    "SELECT BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(STRUCT(caption_id, total_views, "
    "engagement_count, last_updated)))) FROM "
    "`${project}.${dataset}.caption_bandit_stats`";
  g_autoptr (SqlTest) test = sql_test_new ("eros:3000", 0);
  gint64 before = sql_test_integer (test, rest);

  sql_test_deploy (test, "phase1/10-wilson-score");
  g_assert_cmpint (sql_test_integer (test, rest), ==, before);
  g_assert_cmpint (
    sql_test_integer (test,
                      "SELECT COUNTIF(wilson_score_lower_bound\n"
                      "  IS DISTINCT FROM `${project}.${dataset}.wilson_score_lower_bound`(engagement_count, "
                      "total_views)) FROM `${project}.${dataset}.caption_bandit_stats`"),
    ==, 0);
  g_assert_cmpint (sql_test_integer (test, "SELECT COUNTIF(corrected_score IS DISTINCT FROM stored_score OR\n"
                                           "  (performance_tier = 'high') != (corrected_score >= 0.7) OR\n"
                                           "  (performance_tier = 'low') != (corrected_score < 0.4))\n"
                                           "FROM `${project}.${dataset}.caption_scores_corrected`"),
                   ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/wilson/every-bound-is-exact-to-twelve-digits",
                   test_every_bound_is_exact_to_twelve_digits);
  g_test_add_func ("/sql/wilson/what-is-missing-or-impossible-scores-0",
                   test_what_is_missing_or_impossible_scores_0);
  g_test_add_func ("/sql/wilson/the-bound-rises-with-evidence", test_the_bound_rises_with_evidence);
  g_test_add_func ("/sql/wilson/the-table-is-rescored-and-nothing-else-of-it",
                   test_the_table_is_rescored_and_nothing_else_of_it);
  return g_test_run ();
}
