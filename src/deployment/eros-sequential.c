/* eros-sequential.c: intervals that hold however often one looks
 *
 * A test for one sample of fixed size errs more often each time that it is looked at. What is computed here
 * errs with at most the stated probability over all looks together, and it does not matter when or why one
 * looks, or stops.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sequential.h"

#include <math.h>

/* What is taken of a rate before anything has been seen: it weighs as much as ten queries of which one
 * failed. */
#define PRIOR_HITS   1.0
#define PRIOR_MISSES 9.0

/* An interval of a mean is tightest, for its error, when the mean is known this well (the inverse of its
 * variance): as after 500 queries whose logarithms have the variance 0.5. */
#define INFORMATION 1000.0

/* What is taken of a variance before anything has been seen: it weighs as much as ten numbers. Few that
 * happen to be alike, or all at the same lowest price, are no proof that the next one is like them. */
#define PRIOR_VARIANCE 0.25
#define PRIOR_WEIGHT   10.0

/* lgamma() writes a global variable. */
static double
log_gamma (double x)
{
  int sign;

  return lgamma_r (x, &sign);
}

static double
log_beta (double a, double b)
{
  return log_gamma (a) + log_gamma (b) - log_gamma (a + b);
}

static double
log_mixture (gint64 hits, gint64 n)
{
  return log_beta (PRIOR_HITS + hits, PRIOR_MISSES + (n - hits)) - log_beta (PRIOR_HITS, PRIOR_MISSES);
}

/* 0 · log 0 is 0: what cannot happen did not. */
static double
log_likelihood (double hits, double misses, double rate)
{
  return (hits > 0 ? hits * log (rate) : 0) + (misses > 0 ? misses * log1p (-rate) : 0);
}

/**
 * eros_sequential_log_ratio:
 * @hits: how many of them did, from 0 to @n
 * @n: how many there were
 * @rate: the rate that is doubted, from 0 to 1
 *
 * The natural logarithm of the beta-binomial mixture's likelihood over that of @rate: of
 * B(a + x, b + n − x) / (B(a, b) · p^x · (1 − p)^(n − x)) with a = 1, b = 9. If @rate is the true one, the
 * ratio ever reaches 1/α with a probability of at most α, over all n together (Ville 1939; Robbins 1970).
 *
 * For n up to 10⁹ the result is off by less than 10⁻⁴: lgamma()'s rounding is 4·10⁻⁶ there.
 *
 * Returns: the logarithm; infinite when @rate cannot be
 */
double
eros_sequential_log_ratio (gint64 hits, gint64 n, double rate)
{
  g_return_val_if_fail (hits >= 0 && hits <= n && rate >= 0 && rate <= 1, NAN);

  return log_mixture (hits, n) - log_likelihood (hits, n - hits, rate);
}

/* Where the ratio falls to the bound between OUT, where it is above, and IN, where it is below. */
static double
find_end (gint64 hits, gint64 n, double bound, double in, double out)
{
  double mixture = log_mixture (hits, n);

  for (int i = 0; i < 60; i++)
    {
      double middle = (in + out) / 2;

      if (mixture - log_likelihood (hits, n - hits, middle) >= bound)
        out = middle;
      else
        in = middle;
    }
  return out;
}

/**
 * eros_sequential_rate:
 * @hits: how many of them did
 * @n: how many there were
 * @error: the probability α that the interval ever misses, above 0 and below 1
 *
 * The rates that eros_sequential_log_ratio() does not refute at 1/α: the likelihood has one peak, so they are
 * an interval. It takes for granted that the true rate is the same all the time, and that one query's failure
 * does not bring another's.
 *
 * Returns: shares from 0 to 1; the estimate is NAN, and the interval all of it, when there were none
 */
ErosInterval
eros_sequential_rate (gint64 hits, gint64 n, double error)
{
  double bound = -log (error);
  double estimate;

  g_return_val_if_fail (hits >= 0 && hits <= n, ((ErosInterval){ NAN, 0, 1 }));

  if (n == 0)
    return (ErosInterval){ NAN, 0, 1 };
  estimate = (double) hits / (double) n;
  return (ErosInterval){ estimate, hits > 0 ? find_end (hits, n, bound, estimate, 0) : 0,
                         hits < n ? find_end (hits, n, bound, estimate, 1) : 1 };
}

/**
 * eros_sequential_margin:
 * @variance: of the estimate, in the square of its unit; it falls as more is seen
 * @error: the probability α that the interval ever misses
 *
 * Half the width of a normal-mixture confidence sequence around an estimate that is known with the
 * information I = 1 / @variance: √((I + ρ) · ln((I + ρ) / (ρ·α²))) / I. It is exact for sums of normal
 * numbers of known variance (Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021, Ann. Statist. 49, eq. 14),
 * and the limit for other numbers whose variance is estimated (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas
 * 2024, Ann. Statist. 52). ρ is fixed before anything is seen, so that it is tightest at I = 1000 when read
 * from a logarithm.
 *
 * Returns: how far the truth may lie from the estimate, in its unit; infinite when @variance is not known
 */
double
eros_sequential_margin (double variance, double error)
{
  double doubt = -2 * log (error); /* ln 1/α² */
  double rho = INFORMATION / (doubt + log1p (doubt));
  double information;

  if (isnan (variance) || variance < 0)
    return INFINITY;
  if (variance == 0)
    return 0;
  information = 1 / variance;
  return sqrt ((information + rho) * (log1p (information / rho) + doubt)) / information;
}

static double
variance_of_mean (const ErosSample *sample)
{
  double seen = isnan (sample->variance) ? 0 : (sample->n - 1) * sample->variance;
  double weight = isnan (sample->variance) ? 0 : sample->n - 1;

  return (PRIOR_WEIGHT * PRIOR_VARIANCE + seen) / (PRIOR_WEIGHT + weight) / sample->n;
}

/**
 * eros_sequential_difference:
 * @before: the numbers of before
 * @after: the numbers since
 * @error: the probability α that the interval ever misses
 *
 * How much higher the mean is since: of logarithms it is the logarithm of a ratio, so that ten times as long
 * and a tenth as long weigh the same and no single long one decides. Both sides may grow from look to look.
 *
 * Returns: the difference in the unit of the means; the interval is all of them when a side has fewer numbers
 * than %EROS_SEQUENTIAL_FEWEST
 */
ErosInterval
eros_sequential_difference (const ErosSample *before, const ErosSample *after, double error)
{
  double estimate = after->mean - before->mean;
  double margin;

  if (!(before->n >= EROS_SEQUENTIAL_FEWEST && after->n >= EROS_SEQUENTIAL_FEWEST) || isnan (estimate))
    return (ErosInterval){ estimate, -INFINITY, INFINITY };
  margin = eros_sequential_margin (variance_of_mean (before) + variance_of_mean (after), error);
  return (ErosInterval){ estimate, estimate - margin, estimate + margin };
}
