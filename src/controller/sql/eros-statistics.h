/* eros-statistics.h: honest answers from few samples
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-comparison.h"

G_BEGIN_DECLS

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
/* The numbers that are shown beside a verdict may be others than those it was found by: it holds when they say no other
 * thing. before, after: NAN where they are not known */
ErosVerdict eros_statistics_confirm (ErosVerdict verdict, double before, double after, gboolean lower_is_better);

G_END_DECLS
