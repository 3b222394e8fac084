/* eros-sequential.h: intervals that hold however often one looks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is estimated, and the ends of its interval; infinite where nothing can be said. */
typedef struct
{
  double estimate;
  double low;
  double high;
} ErosInterval;

/* One side of a comparison: numbers of which only these are kept. */
typedef struct
{
  double n; /* may be a broken number: as many as it is worth when its parts weigh differently */
  double mean;
  double variance; /* of one number, not of the mean; NAN when there are too few for it */
} ErosSample;

/* Fewer numbers on a side than this say nothing about how they spread. */
#define EROS_SEQUENTIAL_FEWEST 20

double       eros_sequential_log_ratio (gint64 hits, gint64 n, double rate);
ErosInterval eros_sequential_rate (gint64 hits, gint64 n, double error);
double       eros_sequential_margin (double variance, double error);
ErosInterval eros_sequential_difference (const ErosSample *before, const ErosSample *after, double error);

G_END_DECLS
