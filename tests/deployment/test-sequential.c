/* test-sequential.c: how often a verdict is wrong over a whole watch, and how soon it is right
 *
 * Production is made up: queries with a daily rhythm, whose durations and prices have heavy tails, and which
 * fail now and then. It is looked at as the runbook has it, for seven days. EROS_TEST_LONG is what the bars
 * are about.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eros-measure.h"
#include "eros-sequential.h"

/* ---- the formulas -------------------------------------------------------------------------------------- */

/* Beta(1, 9) is the product of what each next query's failure was expected with. */
static double
predict_one_by_one (gint64 hits, gint64 n, double rate)
{
  double sum = 0;

  for (gint64 i = 0; i < n; i++)
    {
      double expected = i < hits ? (1.0 + i) / (10.0 + i) : (9.0 + (i - hits)) / (10.0 + i);

      sum += log (expected) - log (i < hits ? rate : 1 - rate);
    }
  return sum;
}

static void
test_a_ratio_is_that_of_predictions (void)
{
  for (gint64 n = 0; n <= 200; n += 25)
    for (gint64 hits = 0; hits <= n; hits += 25)
      g_assert_cmpfloat_with_epsilon (eros_sequential_log_ratio (hits, n, 0.1),
                                      predict_one_by_one (hits, n, 0.1), 1e-9);
  g_assert_true (isinf (eros_sequential_log_ratio (1, 10, 0)));
  g_assert_true (isfinite (eros_sequential_log_ratio (0, 10, 0)));
}

/* In numbers of 64 bits of precision. */
static void
test_a_ratio_is_stable_for_many (void)
{
  const gint64 n = 1000 * 1000 * 1000;
  const double rates[] = { 0.0999, 0.1, 0.1001 };
  gint64 hits = n / 10 + 12345;

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      long double exact = lgammal (1.0L + hits) + lgammal (9.0L + n - hits) - lgammal (10.0L + n) +
                          logl (9.0L) - hits * logl (rates[i]) -
                          (n - hits) * log1pl (-(long double) rates[i]);

      g_assert_cmpfloat_with_epsilon (eros_sequential_log_ratio (hits, n, rates[i]), (double) exact, 1e-4);
    }
}

static void
test_ends_of_a_rate (void)
{
  ErosInterval none = eros_sequential_rate (0, 0, 0.01);
  ErosInterval some = eros_sequential_rate (12, 480, 0.01);
  ErosInterval all = eros_sequential_rate (30, 30, 0.01);

  g_assert_true (isnan (none.estimate));
  g_assert_cmpfloat (none.low, ==, 0);
  g_assert_cmpfloat (none.high, ==, 1);
  g_assert_cmpfloat (some.estimate, ==, 0.025);
  g_assert_cmpfloat (some.low, <, 0.025);
  g_assert_cmpfloat (some.high, >, 0.025);
  g_assert_cmpfloat_with_epsilon (eros_sequential_log_ratio (12, 480, some.low), log (100), 1e-6);
  g_assert_cmpfloat_with_epsilon (eros_sequential_log_ratio (12, 480, some.high), log (100), 1e-6);
  g_assert_cmpfloat (all.high, ==, 1);
  g_assert_cmpfloat (all.low, >, 0.4);
}

static void
test_few_numbers_say_nothing (void)
{
  ErosSample before = { 1000, 0, 0.1 };
  ErosSample few = { 19, 5, 0.1 };
  ErosSample alike = { 20, 0, 0 };
  ErosInterval change = eros_sequential_difference (&before, &few, 0.01);

  g_assert_true (isinf (change.low) && isinf (change.high));
  /* Twenty that are all the same are no proof that the next one is. */
  change = eros_sequential_difference (&before, &alike, 0.01);
  g_assert_cmpfloat (change.high, >, 0.1);
  g_assert_true (isinf (eros_sequential_margin (NAN, 0.01)));
  g_assert_cmpfloat (eros_sequential_margin (0.0001, 0.01), <, eros_sequential_margin (0.001, 0.01));
}

/* ---- a watch ------------------------------------------------------------------------------------------- */

/* Queries. With fewer all of it takes longer. */
#define PER_DAY 5000

#define HOURS 24
#define DAYS  7

/* Four estimated criteria that stand for the runbook's six share what the six would. */
#define ERROR (EROS_MEASURE_ERROR / 6)

typedef struct
{
  double n, sum, squares;
} Tally;

typedef enum
{
  FAILURES,
  TIME,
  PRICE,
  N_WATCHED,
} Watched;

typedef struct
{
  const char *name;
  double slower, failing, dearer; /* since the deployment */
  Watched ill;                    /* N_WATCHED: nothing is over its limit */
} Scenario;

typedef struct
{
  GRand *random;
  const Scenario *scenario;
  double per_day;
  Tally before[N_WATCHED][HOURS], after[N_WATCHED][HOURS];
  gint64 n, failed;
} Production;

static const double limits[] = { 0.10, 1.5, 1.25 };

/* Two peaks a day, quiet nights; the busier the slower. */
static double
rhythm (double hour)
{
  return 1 + 0.6 * sin (2 * G_PI * (hour - 8) / 24) + 0.25 * sin (4 * G_PI * (hour - 3) / 24);
}

static double
draw_normal (GRand *random)
{
  return sqrt (-2 * log (1 - g_rand_double (random))) * cos (2 * G_PI * g_rand_double (random));
}

static guint
draw_poisson (GRand *random, double mean)
{
  return (guint) MAX (0, floor (mean + sqrt (mean) * draw_normal (random) + 0.5));
}

/* The logarithm of a time: log-normal, one in twenty from a Pareto tail with the index 1.5, which has no
 * variance. */
static double
draw_time (GRand *random, double hour)
{
  double tail = g_rand_double (random) < 0.05 ? -log (1 - g_rand_double (random)) / 1.5 + 1 : 0;

  return 0.3 * rhythm (hour) + 0.7 * draw_normal (random) + tail;
}

/* Never less than the least that is billed. */
static double
draw_price (GRand *random, double factor)
{
  double tail = g_rand_double (random) < 0.05 ? -log (1 - g_rand_double (random)) / 1.5 + 1 : 0;

  return log (factor) + MAX (0, 0.8 + 0.8 * draw_normal (random) + tail);
}

static void
add (Tally *tally, double value)
{
  tally->n++;
  tally->sum += value;
  tally->squares += value * value;
}

static void
run_query (Production *self, double hour, gboolean is_after)
{
  const Scenario *scenario = self->scenario;
  double failing = is_after ? scenario->failing : 0.01;
  guint stratum = (guint) hour % HOURS;
  gboolean fails = g_rand_double (self->random) < failing;

  if (is_after)
    {
      self->n++;
      self->failed += fails;
    }
  if (fails)
    return;
  add (is_after ? &self->after[TIME][stratum] : &self->before[TIME][stratum],
       draw_time (self->random, hour) + (is_after ? log (scenario->slower) : 0));
  add (is_after ? &self->after[PRICE][stratum] : &self->before[PRICE][stratum],
       draw_price (self->random, is_after ? scenario->dearer : 1));
}

static void
produce (Production *self, double from, double to, gboolean is_after)
{
  while (from < to - 1e-9)
    {
      double end = MIN (to, floor (from + 1e-9) + 1);
      double of_day = fmod (from, HOURS);
      guint n = draw_poisson (self->random, self->per_day / HOURS * rhythm (of_day) * (end - from));

      for (guint i = 0; i < n; i++)
        run_query (self, of_day, is_after);
      from = end;
    }
}

static double
squares_within (const Tally *tally)
{
  return tally->squares - tally->sum * tally->sum / tally->n;
}

/* As sql/monitoring does it: hour by hour, weighted as they are since. */
static gboolean
compare (const Tally *before, const Tally *after, ErosSample *left, ErosSample *right)
{
  double n_after = 0, n_before = 0, worth = 0, sum_after = 0, sum_before = 0, in_after = 0, in_before = 0;
  guint hours = 0;

  for (guint hour = 0; hour < HOURS; hour++)
    {
      const Tally *b = &before[hour], *a = &after[hour];

      if (b->n == 0 || a->n == 0)
        continue;
      hours++;
      n_after += a->n;
      n_before += b->n;
      worth += a->n * a->n / b->n;
      sum_after += a->sum;
      sum_before += a->n * b->sum / b->n;
      in_after += squares_within (a);
      in_before += squares_within (b);
    }
  if (n_after <= hours || n_before <= hours)
    return FALSE;
  *right = (ErosSample){ n_after, sum_after / n_after, in_after / (n_after - hours) };
  *left = (ErosSample){ n_after * n_after / worth, sum_before / n_after, in_before / (n_before - hours) };
  return TRUE;
}

/* -1: shown to be under its limit, 1: shown to be over, 0: neither. */
static int
judge (const Production *self, Watched watched)
{
  double limit = watched == FAILURES ? limits[FAILURES] : log (limits[watched]);
  ErosInterval interval;
  ErosSample left, right;

  if (watched == FAILURES)
    interval = eros_sequential_rate (self->failed, self->n, ERROR);
  else if (compare (self->before[watched], self->after[watched], &left, &right))
    interval = eros_sequential_difference (&left, &right, watched == PRICE ? ERROR / 2 : ERROR);
  else
    return 0;
  return interval.low > limit ? 1 : interval.high <= limit ? -1 : 0;
}

/* What one does who looks once: one-sided tests of the sizes that Bonferroni allows, normal approximation. */
static int
judge_fixed (const Production *self, Watched watched)
{
  const double quantile = 2.394; /* of the normal distribution, at 1 − 0.05 / 6 */
  ErosSample left, right;
  double distance, deviation;

  if (watched == FAILURES)
    {
      if (self->n < EROS_SEQUENTIAL_FEWEST)
        return 0;
      distance = (double) self->failed / self->n - limits[FAILURES];
      deviation = sqrt (limits[FAILURES] * (1 - limits[FAILURES]) / self->n);
    }
  else
    {
      if (!compare (self->before[watched], self->after[watched], &left, &right) ||
          right.n < EROS_SEQUENTIAL_FEWEST)
        return 0;
      distance = right.mean - left.mean - log (limits[watched]);
      deviation = sqrt (left.variance / left.n + right.variance / right.n);
    }
  return distance > quantile * deviation ? 1 : distance < -quantile * deviation ? -1 : 0;
}

/* Hours after the deployment: every 15 minutes for 2 hours, every 2 hours to 24, three times a day to the
 * seventh. */
static guint
list_looks (double *looks)
{
  guint n = 0;

  for (guint i = 1; i <= 8; i++)
    looks[n++] = i * 0.25;
  for (guint i = 2; i <= 12; i++)
    looks[n++] = i * 2;
  for (guint i = 4; i <= DAYS * 3; i++)
    looks[n++] = i * 8;
  return n;
}

typedef struct
{
  guint wrong, wrong_fixed, found;
  GArray *delays;
} Outcome;

/* Of one run: what was ever said of a criterion that is not so. A limit that is just kept is no side to be
 * shown. */
typedef struct
{
  gboolean is_wrong, is_wrong_fixed;
  double found; /* hours; NAN: never */
} Run;

static void
look (const Production *production, double hours, Run *run)
{
  for (guint i = 0; i < N_WATCHED; i++)
    {
      int truth = production->scenario->ill == i ? 1 : -1;
      int said = judge (production, i), said_fixed = judge_fixed (production, i);

      run->is_wrong |= said == -truth;
      run->is_wrong_fixed |= said_fixed == -truth;
      if (truth == 1 && said == 1 && isnan (run->found))
        run->found = hours;
    }
}

static Run
watch (guint32 seed, const Scenario *scenario, double per_day)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autofree Production *production = g_new0 (Production, 1);
  Run run = { FALSE, FALSE, NAN };
  double looks[64];
  guint n = list_looks (looks);
  double at = g_rand_int_range (random, 0, HOURS); /* of the day, when it was deployed */

  production->random = random;
  production->scenario = scenario;
  production->per_day = per_day;
  produce (production, at, at + DAYS * HOURS, FALSE);
  for (guint i = 0; i < n; i++)
    {
      produce (production, at + (i > 0 ? looks[i - 1] : 0), at + looks[i], TRUE);
      look (production, looks[i], &run);
    }
  return run;
}

static int
compare_hours (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static Outcome
watch_often (const Scenario *scenario, guint runs, double per_day)
{
  Outcome outcome = { 0 };

  outcome.delays = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < runs; i++)
    {
      Run run = watch (i + 1, scenario, per_day);

      outcome.wrong += run.is_wrong;
      outcome.wrong_fixed += run.is_wrong_fixed;
      if (isnan (run.found))
        continue;
      outcome.found++;
      g_array_append_val (outcome.delays, run.found);
    }
  g_array_sort (outcome.delays, compare_hours);
  return outcome;
}

static void
print_outcome (const Scenario *scenario, const Outcome *outcome, guint runs)
{
  double median = outcome->found > 0 ? g_array_index (outcome->delays, double, outcome->found / 2) : NAN;

  g_test_message (
    "%-34s wrong %5.2f %%, a fixed-sample test as often %5.2f %%, found %6.2f %%, median %.2f h",
    scenario->name, 100.0 * outcome->wrong / runs, 100.0 * outcome->wrong_fixed / runs,
    100.0 * outcome->found / runs, median);
}

static const Scenario scenarios[] = {
  { "no change", 1, 0.01, 1, N_WATCHED },
  { "+60 % latency", 1.6, 0.01, 1, TIME },
  { "15 % failures", 1, 0.15, 1, FAILURES },
  { "+30 % cost", 1, 0.01, 1.3, PRICE },
  /* Where a test is most easily wrong: what it is about is just not over. */
  { "all exactly at their limits", 1.5, 0.10, 1.25, N_WATCHED },
};

static gboolean
is_long (void)
{
  return g_getenv ("EROS_TEST_LONG") != NULL;
}

/* Of the last scenario only that something is said to be over is wrong, for it is on both sides. */
static void
test_a_whole_watch (gconstpointer data)
{
  const Scenario *scenario = data;
  gboolean at_limits = scenario == &scenarios[G_N_ELEMENTS (scenarios) - 1];
  guint runs = is_long () ? 2000 : 60;
  Outcome outcome = watch_often (scenario, runs, PER_DAY);

  print_outcome (scenario, &outcome, runs);
  g_assert_cmpfloat (outcome.wrong, <=, 0.05 * runs);
  if (at_limits)
    g_assert_cmpuint (outcome.wrong_fixed, >, outcome.wrong);
  if (scenario->ill != N_WATCHED)
    g_assert_cmpfloat (outcome.found, >=, 0.95 * runs);
  g_array_unref (outcome.delays);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sequential/a-ratio-is-that-of-predictions", test_a_ratio_is_that_of_predictions);
  g_test_add_func ("/sequential/a-ratio-is-stable-for-many", test_a_ratio_is_stable_for_many);
  g_test_add_func ("/sequential/ends-of-a-rate", test_ends_of_a_rate);
  g_test_add_func ("/sequential/few-numbers-say-nothing", test_few_numbers_say_nothing);
  for (guint i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sequential/watch/%s", scenarios[i].name);

      g_strdelimit (path + strlen ("/sequential/watch/"), " %+", '-');
      g_test_add_data_func (path, &scenarios[i], test_a_whole_watch);
    }
  return g_test_run ();
}
