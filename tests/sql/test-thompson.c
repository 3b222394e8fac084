/* test-thompson.c: the draws are from Beta, and the caption with the highest of them is selected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "sql-test.h"

/* How often a sampler without fault fails the test of one pair; there are 16 pairs, so that the test fails
 * without a cause less than twice in a million runs. */
#define FALSE_ALARM 1e-7

static const struct
{
  guint engagements; /* alpha is one more */
  guint others;      /* views that were not acted on; beta is one more */
} pairs[] = {
  { 0, 0 },   { 0, 1 },  { 1, 0 },    { 1, 1 },     { 2, 7 },       { 0, 4999 },    { 4999, 0 }, { 9, 0 },
  { 20, 80 }, { 0, 99 }, { 99, 899 }, { 499, 499 }, { 4999, 4999 }, { 2499, 4999 }, { 1, 4999 }, { 49, 2 },
};

static guint draws_a_pair;

/* ---- Beta's distribution function, independent of how the draws are made ------------------------------- */

/* The continued fraction of the incomplete beta function, by Lentz's method
 * (https://dlmf.nist.gov/8.17#v) */
static double
continued_fraction (double a, double b, double x)
{
  const double tiny = 1e-300;
  double c = 1;
  double d = 1 - (a + b) * x / (a + 1);
  double h;

  d = 1 / (fabs (d) < tiny ? tiny : d);
  h = d;
  for (guint m = 1; m < 10000; m++)
    {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      double step;

      d = 1 + even * d;
      c = 1 + even / c;
      d = 1 / (fabs (d) < tiny ? tiny : d);
      c = fabs (c) < tiny ? tiny : c;
      h *= d * c;
      d = 1 + odd * d;
      c = 1 + odd / c;
      d = 1 / (fabs (d) < tiny ? tiny : d);
      c = fabs (c) < tiny ? tiny : c;
      step = d * c;
      h *= step;
      if (fabs (step - 1) < 1e-14)
        return h;
    }
  g_error ("the continued fraction of Beta(%g, %g) at %g does not end", a, b, x);
}

static double
beta_cdf (double a, double b, double x)
{
  double front;

  if (x <= 0)
    return 0;
  if (x >= 1)
    return 1;
  front = exp (lgamma (a + b) - lgamma (a) - lgamma (b) + a * log (x) + b * log1p (-x));
  return x < (a + 1) / (a + b + 2) ? front * continued_fraction (a, b, x) / a
                                   : 1 - front * continued_fraction (b, a, 1 - x) / b;
}

/* For whole a and b it is the chance of at least a successes in a + b - 1 trials. */
static void
test_the_distribution_function_is_right (void)
{
  static const double xs[] = { 0.001, 0.02, 0.2, 0.5, 0.77, 0.999 };
  static const guint shapes[] = { 1, 2, 3, 21, 100 };

  for (guint i = 0; i < G_N_ELEMENTS (xs); i++)
    for (guint j = 0; j < G_N_ELEMENTS (shapes); j++)
      for (guint k = 0; k < G_N_ELEMENTS (shapes); k++)
        {
          guint n = shapes[j] + shapes[k] - 1;
          long double sum = 0;

          for (guint s = shapes[j]; s <= n; s++)
            sum += expl (lgammal (n + 1) - lgammal (s + 1) - lgammal (n - s + 1) + s * logl (xs[i]) +
                         (n - s) * log1pl (-xs[i]));
          g_assert_cmpfloat (fabs ((double) sum - beta_cdf (shapes[j], shapes[k], xs[i])), <, 1e-11);
        }
}

/* ---- the draws ----------------------------------------------------------------------------------------- */

/* The very query of the procedure, which yields each caption's draw and not the caption of the highest. */
static char *
query_of_the_procedure (void)
{
  g_autofree char *deploy = sql_test_file ("phase1/30-thompson-sampling/deploy.sql");
  const char *start = strstr (deploy, "    WITH arms AS (");
  const char *end = strstr (deploy, "    SELECT arm_id FROM draws ");
  g_autofree char *ctes = NULL;

  g_assert_true (start != NULL && end > start);
  ctes = g_strndup (start, end - start);
  return g_strconcat (ctes, "SELECT arm_id, x / (x + y) AS draw FROM draws", NULL);
}

/* A caption for each draw: the first draws_a_pair captions have the first pair's counts. */
static void
plant_arms (SqlTest *test)
{
  g_autoptr (GString) counts = g_string_new (NULL);
  g_autofree char *sql = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_string_append_printf (counts, "%sSTRUCT(%u AS engagements, %u AS others)", i > 0 ? ", " : "",
                            pairs[i].engagements, pairs[i].others);
  sql = g_strdup_printf (
    "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active)\n"
    "SELECT id, TRUE FROM UNNEST(GENERATE_ARRAY(0, %u)) AS id;\n"
    "INSERT INTO `${project}.${dataset}.caption_bandit_stats` (caption_id, total_views, engagement_count)\n"
    "SELECT i * %u + n, engagements + others, engagements\n"
    "FROM UNNEST([%s]) WITH OFFSET AS i CROSS JOIN UNNEST(GENERATE_ARRAY(0, %u)) AS n",
    (guint) G_N_ELEMENTS (pairs) * draws_a_pair - 1, draws_a_pair, counts->str, draws_a_pair - 1);
  sql_test_run (test, sql);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Kolmogorov's and Smirnov's distance, times the root of n, and its asymptotic chance 2·exp (-2 d²). */
static double
chance_of (GArray *draws, double alpha, double beta)
{
  double distance = 0;
  double n = draws->len;

  g_array_sort (draws, compare_doubles);
  for (guint i = 0; i < draws->len; i++)
    {
      double f = beta_cdf (alpha, beta, g_array_index (draws, double, i));

      distance = MAX (distance, MAX (fabs (f - i / n), fabs ((i + 1) / n - f)));
    }
  return MIN (2 * exp (-2 * n * distance * distance), 1);
}

static GArray **
take_draws (SqlTest *test, const char *sql)
{
  GArray **draws = g_new (GArray *, G_N_ELEMENTS (pairs));
  g_autoptr (GPtrArray) pages = sql_test_pages (test, sql);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    draws[i] = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < pages->len; i++)
    for (guint row = 0; row < eros_page_get_n_rows (pages->pdata[i]); row++)
      {
        gint64 arm = eros_page_get_int64 (pages->pdata[i], row, 0);
        double draw = eros_page_get_double (pages->pdata[i], row, 1);

        if (!eros_page_is_null (pages->pdata[i], row, 1))
          g_array_append_val (draws[arm / draws_a_pair], draw);
      }
  return draws;
}

static void
free_draws (GArray **draws)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_array_unref (draws[i]);
  g_free (draws);
}

/* The least likely of the pairs' draws; missing: the most draws that one of them lacks. */
static double
least_chance (SqlTest *test, const char *sql, guint *missing)
{
  GArray **draws = take_draws (test, sql);
  double least = 1;

  *missing = 0;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      double chance = chance_of (draws[i], pairs[i].engagements + 1.0, pairs[i].others + 1.0);

      g_test_message ("Beta(%u, %u): %u draws, chance %.3g", pairs[i].engagements + 1, pairs[i].others + 1,
                      draws[i]->len, chance);
      *missing = MAX (*missing, draws_a_pair - draws[i]->len);
      least = MIN (least, chance);
    }
  free_draws (draws);
  return least;
}

static void
test_the_procedure_draws_from_beta (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *sql = query_of_the_procedure ();

  guint missing;

  draws_a_pair = g_getenv ("EROS_TEST_LONG") != NULL ? 20000 : 8000;
  sql_test_deploy (test, "phase1/30-thompson-sampling");
  plant_arms (test);
  g_assert_cmpfloat (least_chance (test, sql, &missing), >, FALSE_ALARM);
  /* Four attempts fail six times in a million. */
  g_assert_cmpuint (missing, <=, 6);
}

static char *
replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (to, parts);
}

/* Each mistake is one that was made, or that is easily made, in the procedure's text. */
static void
test_a_wrong_sampler_does_not_pass (void)
{
  static const struct
  {
    const char *what;
    const char *from;
    const char *to;
  } mistakes[] = {
    { "the mean and a uniform amount on top", "x / (x + y) AS draw",
      "(d_x + 1.0/3) / (d_x + d_y + 2.0/3) + RAND() * SQRT((d_x + 1.0/3) * (d_y + 1.0/3) / "
      "((d_x + d_y + 2.0/3) * (d_x + d_y + 2.0/3) * (d_x + d_y + 5.0/3))) AS draw" },
    { "no prior", "+ 1 - 1.0 / 3.0", "+ 0.5 - 1.0 / 3.0" },
    { "no third", "- 1.0 / 3.0", "- 0.0" },
    { "alpha and beta exchanged", "x / (x + y) AS draw", "y / (x + y) AS draw" },
    { "one angle for both normals", "SIN(angle_1)", "COS(angle_1)" },
    { "a normal that is too wide", "-2.0 * LN(1.0 - RAND())", "-6.0 * LN(1.0 - RAND())" },
  };
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *sql = query_of_the_procedure ();

  draws_a_pair = 1500;
  sql_test_deploy (test, "phase1/30-thompson-sampling");
  plant_arms (test);
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *with_shapes =
        replace (sql, "        arm_id,\n        COALESCE(", "        arm_id, d_x, d_y,\n        COALESCE(");
      g_autofree char *wrong = replace (with_shapes, mistakes[i].from, mistakes[i].to);
      guint missing;

      if (!(least_chance (test, wrong, &missing) < FALSE_ALARM))
        g_error ("the test did not notice: %s", mistakes[i].what);
    }
}

/* The check that is run after a deployment draws as the procedure does, letter by letter. */
static void
test_the_verification_draws_as_the_procedure (void)
{
  g_autofree char *deploy = sql_test_file ("phase1/30-thompson-sampling/deploy.sql");
  g_autofree char *verify = sql_test_file ("phase1/30-thompson-sampling/verify.sql");
  g_autoptr (GRegex) blanks = g_regex_new ("\\s+", 0, 0, NULL);
  g_autofree char *deployed = g_regex_replace_literal (blanks, deploy, -1, 0, " ", 0, NULL);
  g_autofree char *verified = g_regex_replace_literal (blanks, verify, -1, 0, " ", 0, NULL);
  const char *start = strstr (deployed, "randoms AS (");
  const char *end = strstr (deployed, " SELECT arm_id FROM draws ");
  g_autofree char *drawing = NULL;

  g_assert_true (start != NULL && end > start);
  drawing = g_strndup (start, end - start);
  g_assert_nonnull (strstr (verified, drawing));
}

/* ---- the selection ------------------------------------------------------------------------------------- */

/* That the one of two independent draws is above the other: the mean of the one's distribution function under
 * the other, by the midpoints of equally likely slices. */
static double
chance_above (double a1, double b1, double a2, double b2)
{
  const guint n = 20000;
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum +=
      beta_cdf (a2, b2, (i + 0.5) / n) * (beta_cdf (a1, b1, (i + 1.0) / n) - beta_cdf (a1, b1, i * 1.0 / n));
  return sum;
}

static void
test_the_better_caption_wins_as_often_as_it_should (void)
{
  const guint calls = g_getenv ("EROS_TEST_LONG") != NULL ? 4000 : 150;
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *sql =
    g_strdup_printf ("DECLARE first, n INT64 DEFAULT 0; DECLARE id INT64;\n"
                     "WHILE n < %u DO SET n = n + 1;\n"
                     "  CALL `${project}.${dataset}.select_caption_thompson_sampling`('a', 'micro', id);\n"
                     "  SET first = first + IF(id = 1, 1, 0);\n"
                     "END WHILE; SELECT first",
                     calls);
  double chance = chance_above (21, 81, 11, 51);
  double won, deviation;

  sql_test_deploy (test, "phase1/30-thompson-sampling");
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active) VALUES (1, TRUE), (2, TRUE);\n"
    "INSERT INTO `${project}.${dataset}.caption_bandit_stats` (caption_id, total_views, engagement_count)\n"
    "VALUES (1, 100, 20), (2, 60, 10)");
  won = sql_test_integer (test, sql);
  deviation = (won - calls * chance) / sqrt (calls * chance * (1 - chance));
  g_test_message ("%g of %u, expected %.1f: %.2f standard deviations off", won, calls, calls * chance,
                  deviation);
  g_assert_cmpfloat (fabs (deviation), <, 5.5);
}

/* Of ten captions one only may be handed out: the others are inactive, have no id, are assigned or locked. */
static void
test_only_what_is_free_is_selected (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);
  g_autofree char *selected = NULL;

  sql_test_deploy (test, NULL);
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active)\n"
    "VALUES (1, FALSE), (2, NULL), (NULL, TRUE), (3, TRUE), (4, TRUE), (5, TRUE), (6, TRUE);\n"
    "INSERT INTO `${project}.${dataset}.active_caption_assignments` (caption_id, account_id, expires_at)\n"
    "VALUES (3, 'a', TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)), (4, 'b', NULL),\n"
    "  (6, 'c', TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 SECOND));\n"
    "INSERT INTO `${project}.${dataset}.caption_locks` (caption_id, account_id, locked_at, expires_at, "
    "lock_id)\n"
    "VALUES (5, 'x', CURRENT_TIMESTAMP(), TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY), 'k'),\n"
    "  (6, 'y', TIMESTAMP '2025-01-01', TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 SECOND), 'l')");
  selected = sql_test_rows (
    test, "DECLARE a, b, c INT64; DECLARE ids ARRAY<INT64> DEFAULT []; DECLARE n INT64 DEFAULT 0;\n"
          "WHILE n < 12 DO SET n = n + 1;\n"
          "  CALL `${project}.${dataset}.select_caption_thompson_sampling`('a', 'micro', a);\n"
          "  CALL `${project}.${dataset}.select_caption_safe`('a', 'micro', b);\n"
          "  CALL `${project}.${dataset}.select_caption_for_account`('a', c);\n"
          "  SET ids = ARRAY_CONCAT(ids, [IFNULL(a, 0), IFNULL(b, 0), IFNULL(c, 0)]);\n"
          "END WHILE;\n"
          "SELECT DISTINCT id FROM UNNEST(ids) AS id");
  g_assert_cmpstr (selected, ==, "6");
}

static void
test_counts_that_cannot_be_are_no_error (void)
{
  g_autoptr (SqlTest) test = sql_test_new (NULL, 0);

  sql_test_deploy (test, "phase1/30-thompson-sampling");
  sql_test_run (
    test,
    "INSERT INTO `${project}.${dataset}.caption_bank` (caption_id, is_active)\n"
    "SELECT id, TRUE FROM UNNEST(GENERATE_ARRAY(1, 6)) AS id;\n"
    "INSERT INTO `${project}.${dataset}.caption_bandit_stats` (caption_id, total_views, engagement_count)\n"
    "VALUES (1, -5, -10), (2, 10, 20), (3, NULL, NULL), (4, NULL, 3), (5, 9223372036854775806, 1)");
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (sql_test_integer (
                       test, "DECLARE id INT64;\n"
                             "CALL `${project}.${dataset}.select_caption_thompson_sampling`('a', NULL, id);\n"
                             "SELECT IF(id IN (1, 2, 3, 4, 6), 1, 0)"),
                     ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/thompson/the-distribution-function-is-right",
                   test_the_distribution_function_is_right);
  g_test_add_func ("/sql/thompson/the-procedure-draws-from-beta", test_the_procedure_draws_from_beta);
  g_test_add_func ("/sql/thompson/old-failure/a-wrong-sampler-does-not-pass",
                   test_a_wrong_sampler_does_not_pass);
  g_test_add_func ("/sql/thompson/the-verification-draws-as-the-procedure",
                   test_the_verification_draws_as_the_procedure);
  g_test_add_func ("/sql/thompson/the-better-caption-wins-as-often-as-it-should",
                   test_the_better_caption_wins_as_often_as_it_should);
  g_test_add_func ("/sql/thompson/only-what-is-free-is-selected", test_only_what_is_free_is_selected);
  g_test_add_func ("/sql/thompson/counts-that-cannot-be-are-no-error",
                   test_counts_that_cannot_be_are_no_error);
  return g_test_run ();
}
