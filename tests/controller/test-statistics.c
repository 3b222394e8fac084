/* test-statistics.c: honest answers from few samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "eros-statistics.h"

static void
test_median_and_spread (void)
{
  static const double odd[] = { 9, 1, 5 };
  static const double even[] = { 4, 1, 3, 2 };

  g_assert_cmpfloat (eros_statistics_median (odd, 3), ==, 5);
  g_assert_cmpfloat (eros_statistics_median (even, 4), ==, 2.5);
  g_assert_cmpfloat (eros_statistics_spread (even, 4), ==, 0.75);
  g_assert_cmpfloat (eros_statistics_spread (odd, 1), ==, 0);
}

/* All 70 divisions of eight values: only the observed one and its mirror are as extreme. */
static void
test_a_clear_difference_has_the_smallest_p (void)
{
  static const double low[] = { 1, 2, 3, 4 };
  static const double high[] = { 11, 12, 13, 14 };

  g_assert_cmpfloat_with_epsilon (eros_statistics_permutation (low, 4, high, 4), 2.0 / 70, 1e-12);
  g_assert_cmpfloat_with_epsilon (eros_statistics_permutation (high, 4, low, 4), 2.0 / 70, 1e-12);
}

static void
test_equal_samples_differ_in_nothing (void)
{
  static const double same[] = { 3, 3, 3, 3, 3 };
  double p;

  g_assert_cmpfloat (eros_statistics_permutation (same, 5, same, 5), ==, 1);
  g_assert_cmpint (eros_statistics_compare (same, 5, same, 5, TRUE, &p), ==, EROS_VERDICT_EQUIVALENT);
}

static void
test_few_values_say_nothing (void)
{
  static const double low[] = { 1, 2, 3, 4 };
  static const double high[] = { 11, 12, 13, 14, 15, 16, 17 };
  double p;

  g_assert_cmpint (eros_statistics_compare (low, 4, high, 7, TRUE, &p), ==, EROS_VERDICT_UNKNOWN);
  g_assert_true (isnan (p));
}

/* That no difference is shown does not show that there is none. */
static void
test_the_same_is_said_only_within_the_margin (void)
{
  static const double before[] = { 98, 99, 100, 101, 102, 100, 100 };
  static const double nearly[] = { 101, 102, 103, 104, 105, 103, 103 };
  static const double third[] = { 70, 71, 72, 73, 74, 72, 72 };
  static const double wide[] = { 20, 60, 100, 140, 180, 90, 110 };
  double p;

  g_assert_cmpint (eros_statistics_compare (before, 7, nearly, 7, TRUE, &p), ==, EROS_VERDICT_EQUIVALENT);
  g_assert_cmpfloat (p, <, 0.05);
  g_assert_cmpint (eros_statistics_compare (before, 7, third, 7, TRUE, &p), ==, EROS_VERDICT_BETTER);
  g_assert_cmpint (eros_statistics_compare (before, 7, wide, 7, TRUE, &p), ==, EROS_VERDICT_UNKNOWN);
  g_assert_cmpfloat (p, >, 0.05);
}

static void
test_better_depends_on_the_metric (void)
{
  static const double low[] = { 1, 2, 3, 4, 5, 6, 7 };
  static const double high[] = { 11, 12, 13, 14, 15, 16, 17 };
  double p;

  g_assert_cmpint (eros_statistics_compare (high, 7, low, 7, TRUE, &p), ==, EROS_VERDICT_BETTER);
  g_assert_cmpint (eros_statistics_compare (low, 7, high, 7, TRUE, &p), ==, EROS_VERDICT_WORSE);
  g_assert_cmpint (eros_statistics_compare (low, 7, high, 7, FALSE, &p), ==, EROS_VERDICT_BETTER);
}

/* Where nothing differs, a test at 5 % may be wrong in one of twenty cases, and not much more often. */
static void
test_false_alarms_are_as_rare_as_promised (void)
{
  guint32 seed = g_random_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint alarms = 0;

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 1000; round++)
    {
      double before[7];
      double after[7];
      double p;
      ErosVerdict verdict;

      for (guint i = 0; i < 7; i++)
        {
          before[i] = -log (1 - g_rand_double (random));
          after[i] = -log (1 - g_rand_double (random));
        }
      verdict = eros_statistics_compare (before, 7, after, 7, TRUE, &p);
      alarms += verdict == EROS_VERDICT_BETTER || verdict == EROS_VERDICT_WORSE;
    }
  /* 50 expected, standard deviation 7: six of them away is no accident. */
  g_assert_cmpuint (alarms, <, 50 + 42);
  g_assert_cmpuint (alarms, >, 8);
}

/* Too many divisions to try all: those that are drawn must say nearly the same. */
static void
test_drawing_agrees_with_counting (void)
{
  double before[12];
  double after[12];

  for (guint i = 0; i < 12; i++)
    {
      before[i] = i;
      after[i] = i + 3.5;
    }
  /* 200,000 other random divisions gave 0.0294. */
  g_assert_cmpfloat_with_epsilon (eros_statistics_permutation (before, 12, after, 12), 0.0294, 0.005);
}

/* A median may lie the other way than the mean that was tested. */
static void
test_a_verdict_agrees_with_what_is_shown (void)
{
  static const struct
  {
    ErosVerdict found;
    double before;
    double after;
    ErosVerdict wanted;
  } cases[] = {
    { EROS_VERDICT_BETTER, 10, 8, EROS_VERDICT_BETTER },
    { EROS_VERDICT_BETTER, 10, 12, EROS_VERDICT_UNKNOWN },
    { EROS_VERDICT_BETTER, 10, 10, EROS_VERDICT_UNKNOWN },
    { EROS_VERDICT_WORSE, 10, 12, EROS_VERDICT_WORSE },
    { EROS_VERDICT_WORSE, 10, 8, EROS_VERDICT_UNKNOWN },
    { EROS_VERDICT_EQUIVALENT, 10, 11, EROS_VERDICT_EQUIVALENT },
    { EROS_VERDICT_EQUIVALENT, 10, 11.2, EROS_VERDICT_UNKNOWN },
    { EROS_VERDICT_BETTER, NAN, 8, EROS_VERDICT_UNKNOWN },
    { EROS_VERDICT_EQUIVALENT, 0, 0, EROS_VERDICT_EQUIVALENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (eros_statistics_confirm (cases[i].found, cases[i].before, cases[i].after, TRUE), ==,
                     cases[i].wanted);
  g_assert_cmpint (eros_statistics_confirm (EROS_VERDICT_BETTER, 8, 10, FALSE), ==, EROS_VERDICT_BETTER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/controller/statistics/median-and-spread", test_median_and_spread);
  g_test_add_func ("/controller/statistics/a-clear-difference-has-the-smallest-p",
                   test_a_clear_difference_has_the_smallest_p);
  g_test_add_func ("/controller/statistics/equal-samples-differ-in-nothing",
                   test_equal_samples_differ_in_nothing);
  g_test_add_func ("/controller/statistics/few-values-say-nothing", test_few_values_say_nothing);
  g_test_add_func ("/controller/statistics/the-same-is-said-only-within-the-margin",
                   test_the_same_is_said_only_within_the_margin);
  g_test_add_func ("/controller/statistics/better-depends-on-the-metric", test_better_depends_on_the_metric);
  g_test_add_func ("/controller/statistics/false-alarms-are-as-rare-as-promised",
                   test_false_alarms_are_as_rare_as_promised);
  g_test_add_func ("/controller/statistics/drawing-agrees-with-counting", test_drawing_agrees_with_counting);
  g_test_add_func ("/controller/statistics/a-verdict-agrees-with-what-is-shown",
                   test_a_verdict_agrees_with_what_is_shown);
  return g_test_run ();
}
