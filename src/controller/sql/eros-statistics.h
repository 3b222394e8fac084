/* eros-statistics.h: honest answers from few samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  EROS_VERDICT_UNKNOWN, /* not enough data */
  EROS_VERDICT_BETTER,
  EROS_VERDICT_WORSE,
  EROS_VERDICT_EQUIVALENT, /* the same within the margin */
} ErosVerdict;

/* What is that near to before is as good: in percent of the mean before. */
#define EROS_STATISTICS_MARGIN_PERCENT 10

double eros_statistics_median (const double *values, guint n);
/* Half the range in which the middle half of the values lies. */
double eros_statistics_spread (const double *values, guint n);
/* Two-sided p value of the difference of means, by permutation. */
double eros_statistics_permutation (const double *before, guint n_before, const double *after, guint n_after);
/* At the 5 % level; fewer than five values on a side say nothing. */
ErosVerdict eros_statistics_compare (const double *before,
                                     guint         n_before,
                                     const double *after,
                                     guint         n_after,
                                     gboolean      lower_is_better,
                                     double       *p);

G_END_DECLS
