/* test-texts.c: times, durations, wording and changes as people read them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-change.h"
#include "eros-format.h"

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_code_stands_between_back_quotes (void)
{
  assert_text (eros_format_code_markup ("see `bq show`"), "see <tt>bq show</tt>");
  assert_text (eros_format_code_markup ("`a` and `b`"), "<tt>a</tt> and <tt>b</tt>");
  assert_text (eros_format_code_markup ("1 < 2 & `x<y`"), "1 &lt; 2 &amp; <tt>x&lt;y</tt>");
  assert_text (eros_format_code_markup ("a lone ` stays"), "a lone ` stays");
  assert_text (eros_format_code_markup (""), "");
}

static void
test_the_clock_counts_from_the_start (void)
{
  assert_text (eros_format_clock (847 * G_USEC_PER_SEC), "T+00:14:07");
  assert_text (eros_format_clock (G_GINT64_CONSTANT (604800) * G_USEC_PER_SEC), "T+168:00:00");
  assert_text (eros_format_clock (G_GINT64_CONSTANT (-5400) * G_USEC_PER_SEC), "T−01:30:00");
  assert_text (eros_format_clock (0), "T+00:00:00");
  assert_text (eros_format_countdown (847 * G_USEC_PER_SEC), "14:07");
  assert_text (eros_format_countdown (G_GINT64_CONSTANT (-4327) * G_USEC_PER_SEC), "1:12:07");
}

static void
test_a_time_says_that_it_is_utc (void)
{
  assert_text (eros_format_time (G_GINT64_CONSTANT (1761921022) * G_USEC_PER_SEC),
               "31 Oct 2025, 14:30:22 UTC");
}

static void
test_durations_have_the_precision_that_matters (void)
{
  assert_text (eros_format_duration (320 * 1000), "320 ms");
  assert_text (eros_format_duration (1250 * 1000), "1.2 s");
  assert_text (eros_format_duration (847 * G_USEC_PER_SEC), "14 min 7 s");
  assert_text (eros_format_duration (G_GINT64_CONSTANT (7500) * G_USEC_PER_SEC), "2 h 5 min");
}

static void
test_a_person_is_named_without_the_address (void)
{
  assert_text (eros_format_actor ("Ada Lovelace <ada@example.com>"), "Ada Lovelace");
  assert_text (eros_format_actor ("machine"), "the machine");
  assert_text (eros_format_actor (NULL), "somebody");
}

static void
assert_change (const char *before, const char *after, ErosChange kind, gint64 tenths)
{
  gint64 actual;

  g_assert_cmpint (eros_change_compute (before, after, TRUE, &actual), ==, kind);
  g_assert_cmpint (actual, ==, tenths);
}

static void
test_a_change_is_computed_in_decimals (void)
{
  assert_change ("0.3", "0.1", EROS_CHANGE_BETTER, -667);
  assert_change ("1.5", "1.2", EROS_CHANGE_BETTER, -200);
  assert_change ("10.00", "11.5", EROS_CHANGE_WORSE, 150);
  assert_change ("3", "3.000", EROS_CHANGE_SAME, 0);
  /* 0.05 % of a change is rounded away from zero, less is none that shows. */
  assert_change ("2000", "2001", EROS_CHANGE_WORSE, 1);
  assert_change ("2000", "1999", EROS_CHANGE_BETTER, -1);
  assert_change ("100000", "100001", EROS_CHANGE_WORSE, 0);
  assert_change ("-2", "-1", EROS_CHANGE_WORSE, 500);
}

static void
test_what_is_missing_has_no_change (void)
{
  assert_change ("", "1", EROS_CHANGE_UNKNOWN, 0);
  assert_change ("1", "", EROS_CHANGE_UNKNOWN, 0);
  assert_change (NULL, "1", EROS_CHANGE_UNKNOWN, 0);
  assert_change ("0", "5", EROS_CHANGE_UNKNOWN, 0);
  assert_change ("0", "0.0", EROS_CHANGE_SAME, 0);
  assert_change ("1e3", "5", EROS_CHANGE_UNKNOWN, 0);
  assert_change ("123456789012345678", "5", EROS_CHANGE_UNKNOWN, 0);
}

static void
test_more_may_be_better (void)
{
  gint64 tenths;

  g_assert_cmpint (eros_change_compute ("50", "60", FALSE, &tenths), ==, EROS_CHANGE_BETTER);
  g_assert_cmpint (tenths, ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/texts/code-stands-between-back-quotes", test_code_stands_between_back_quotes);
  g_test_add_func ("/app/texts/the-clock-counts-from-the-start", test_the_clock_counts_from_the_start);
  g_test_add_func ("/app/texts/a-time-says-that-it-is-utc", test_a_time_says_that_it_is_utc);
  g_test_add_func ("/app/texts/durations-have-the-precision-that-matters",
                   test_durations_have_the_precision_that_matters);
  g_test_add_func ("/app/texts/a-person-is-named-without-the-address",
                   test_a_person_is_named_without_the_address);
  g_test_add_func ("/app/texts/a-change-is-computed-in-decimals", test_a_change_is_computed_in_decimals);
  g_test_add_func ("/app/texts/what-is-missing-has-no-change", test_what_is_missing_has_no_change);
  g_test_add_func ("/app/texts/more-may-be-better", test_more_may_be_better);
  return g_test_run ();
}
