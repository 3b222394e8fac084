/* eros-statistics.c: honest answers from few samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-statistics.h"

#include <math.h>
#include <string.h>

#define LEVEL       0.05
#define EXACT_UP_TO 200000 /* ways to divide the values, beyond which they are drawn at random */
#define DRAWS       10000

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

static double *
sorted_copy (const double *values, guint n)
{
  double *copy = g_memdup2 (values, n * sizeof (double));

  qsort (copy, n, sizeof (double), compare_doubles);
  return copy;
}

/* Linear interpolation between the closest ranks (R's type 7). */
static double
quantile (const double *sorted, guint n, double q)
{
  double position = q * (n - 1);
  guint low = (guint) position;
  guint high = MIN (low + 1, n - 1);

  return sorted[low] + (position - low) * (sorted[high] - sorted[low]);
}

/**
 * eros_statistics_median:
 * @values: (array length=n): numbers, none of them NaN
 * @n: how many, at least one
 *
 * Returns: the middle one, or the mean of the two in the middle
 */
double
eros_statistics_median (const double *values, guint n)
{
  g_autofree double *sorted = sorted_copy (values, n);

  return quantile (sorted, n, 0.5);
}

double
eros_statistics_spread (const double *values, guint n)
{
  g_autofree double *sorted = sorted_copy (values, n);

  return (quantile (sorted, n, 0.75) - quantile (sorted, n, 0.25)) / 2;
}

static double
sum_of (const double *values, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += values[i];
  return sum;
}

/* Which differences of the means are at least as extreme: those in either direction, or in one. */
typedef enum
{
  BOTH_SIDES,
  SECOND_IS_HIGHER,
  SECOND_IS_LOWER,
} Side;

/* The difference of means, given the sum of the first group. */
static double
difference (double first, double total, guint n_first, guint n_second, Side side)
{
  double higher = (total - first) / n_second - first / n_first;

  return side == BOTH_SIDES ? fabs (higher) : side == SECOND_IS_HIGHER ? higher : -higher;
}

/* The observed division must count itself, whatever the rounding. */
static double
rounded_down (double observed)
{
  return observed - fabs (observed) * 1e-12;
}

static double
count_exactly (const double *all, guint n_first, guint n, double observed, Side side)
{
  double total = sum_of (all, n);
  double extreme = 0;
  double ways = 0;
  g_autofree guint *chosen = g_new (guint, n_first);
  guint i = n_first;

  for (guint j = 0; j < n_first; j++)
    chosen[j] = j;
  while (i > 0 || ways == 0)
    {
      double first = 0;

      for (guint j = 0; j < n_first; j++)
        first += all[chosen[j]];
      ways++;
      if (difference (first, total, n_first, n - n_first, side) >= rounded_down (observed))
        extreme++;
      for (i = n_first; i > 0 && chosen[i - 1] == n - n_first + i - 1; i--)
        ;
      if (i == 0)
        break;
      chosen[i - 1]++;
      for (guint j = i; j < n_first; j++)
        chosen[j] = chosen[j - 1] + 1;
    }
  return extreme / ways;
}

static double
count_by_drawing (double *all, guint n_first, guint n, double observed, Side side)
{
  /* The same data must give the same answer. */
  g_autoptr (GRand) random = g_rand_new_with_seed (n);
  double total = sum_of (all, n);
  guint extreme = 1; /* the observed division is one of them */

  for (guint draw = 0; draw < DRAWS; draw++)
    {
      for (guint i = 0; i < n_first; i++)
        {
          guint other = g_rand_int_range (random, i, n);
          double kept = all[i];

          all[i] = all[other];
          all[other] = kept;
        }
      if (difference (sum_of (all, n_first), total, n_first, n - n_first, side) >= rounded_down (observed))
        extreme++;
    }
  return (double) extreme / (DRAWS + 1);
}

static double
ways_to_choose (guint k, guint n)
{
  double ways = 1;

  for (guint i = 1; i <= k; i++)
    ways = ways * (n - k + i) / i;
  return ways;
}

/* Of the first group times FACTOR, and the second. */
static double
permute (const double *before, guint n_before, const double *after, guint n_after, double factor, Side side)
{
  guint n = n_before + n_after;
  g_autofree double *all = g_new (double, n);
  double observed;

  for (guint i = 0; i < n_before; i++)
    all[i] = before[i] * factor;
  memcpy (all + n_before, after, n_after * sizeof (double));
  observed = difference (sum_of (all, n_before), sum_of (all, n), n_before, n_after, side);
  return ways_to_choose (n_before, n) <= EXACT_UP_TO ? count_exactly (all, n_before, n, observed, side)
                                                     : count_by_drawing (all, n_before, n, observed, side);
}

/**
 * eros_statistics_permutation:
 * @before: (array length=n_before): numbers
 * @n_before: how many, at least one
 * @after: (array length=n_after): numbers
 * @n_after: how many, at least one
 *
 * If both came from the same source, every division of all values into two such groups would be equally
 * likely: the p value is the share of divisions whose means differ at least as much (Fisher 1935; all of them
 * when they are few, 10,000 drawn at random otherwise).
 *
 * Returns: the two-sided p value
 */
double
eros_statistics_permutation (const double *before, guint n_before, const double *after, guint n_after)
{
  return permute (before, n_before, after, n_after, 1, BOTH_SIDES);
}

/* Two one-sided tests (Schuirmann 1987): both that it is lower than the margin allows, and that it is higher,
 * must be refuted. */
static gboolean
is_equivalent (const double *before, guint n_before, const double *after, guint n_after)
{
  const double margin = EROS_COMPARISON_MARGIN_PERCENT / 100.0;

  return permute (before, n_before, after, n_after, 1 - margin, SECOND_IS_HIGHER) <= LEVEL &&
         permute (before, n_before, after, n_after, 1 + margin, SECOND_IS_LOWER) <= LEVEL;
}

/**
 * eros_statistics_compare:
 * @before: (array length=n_before): numbers, not negative
 * @n_before: how many
 * @after: (array length=n_after): numbers
 * @n_after: how many
 * @lower_is_better: which way is better
 * @p: (out): the two-sided p value of the difference; NaN when there are too few numbers for it
 *
 * A difference that is shown to be within the margin is none, whether or not it is more than chance. What
 * shows neither that nor a difference shows nothing: that two things are the same does not follow from too
 * few numbers.
 *
 * Returns: what the numbers show
 */
ErosVerdict
eros_statistics_compare (const double *before,
                         guint n_before,
                         const double *after,
                         guint n_after,
                         gboolean lower_is_better,
                         double *p)
{
  gboolean is_lower;

  *p = NAN;
  if (n_before < EROS_COMPARISON_FEWEST || n_after < EROS_COMPARISON_FEWEST)
    return EROS_VERDICT_UNKNOWN;
  *p = eros_statistics_permutation (before, n_before, after, n_after);
  if (is_equivalent (before, n_before, after, n_after))
    return EROS_VERDICT_EQUIVALENT;
  if (*p > LEVEL)
    return EROS_VERDICT_UNKNOWN;
  is_lower = sum_of (after, n_after) / n_after < sum_of (before, n_before) / n_before;
  return is_lower == lower_is_better ? EROS_VERDICT_BETTER : EROS_VERDICT_WORSE;
}

/**
 * eros_statistics_confirm:
 * @verdict: what was found
 * @before: the number that is shown of before; NAN where it is not known
 * @after: that of after
 * @lower_is_better: which way is better
 *
 * A median may lie the other way than the mean.
 *
 * Returns: @verdict, or %EROS_VERDICT_UNKNOWN where the two numbers say another thing
 */
ErosVerdict
eros_statistics_confirm (ErosVerdict verdict, double before, double after, gboolean lower_is_better)
{
  gboolean agrees;

  if (verdict == EROS_VERDICT_UNKNOWN || isnan (before) || isnan (after))
    return EROS_VERDICT_UNKNOWN;
  if (verdict == EROS_VERDICT_EQUIVALENT)
    agrees = fabs (after - before) <= fabs (before) * EROS_COMPARISON_MARGIN_PERCENT / 100.0;
  else
    agrees = after != before && (after < before) == (lower_is_better == (verdict == EROS_VERDICT_BETTER));
  return agrees ? verdict : EROS_VERDICT_UNKNOWN;
}
