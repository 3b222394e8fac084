/* eros-native-statistics.c: variances, covariances, correlation
 *
 * Welford's update (Knuth, The Art of Computer Programming, volume 2, 4.2.2): no difference of large sums.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

typedef struct
{
  gint64 n;
  ErosLongReal mean_x;
  ErosLongReal mean_y;
  ErosLongReal xx;
  ErosLongReal yy;
  ErosLongReal xy;
} Moments;

static void
moments_add (Moments *state, double x, double y)
{
  long double dx = x - state->mean_x;
  long double dy = y - state->mean_y;

  state->n++;
  state->mean_x += dx / state->n;
  state->mean_y += dy / state->n;
  state->xx += dx * (x - state->mean_x);
  state->yy += dy * (y - state->mean_y);
  state->xy += dx * (y - state->mean_y);
}

static void
one_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  if (!eros_arg_is_null (values[0]))
    moments_add (state, eros_arg_real (values[0]), 0);
}

static void
numeric_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  ErosWide number;

  if (!eros_arg_is_null (values[0]) && eros_arg_numeric (values[0], EROS_SQL_NUMERIC, &number))
    moments_add (state, eros_numeric_to_double (EROS_SQL_NUMERIC, &number), 0);
}

static void
bignumeric_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  ErosWide number;

  if (!eros_arg_is_null (values[0]) && eros_arg_numeric (values[0], EROS_SQL_BIGNUMERIC, &number))
    moments_add (state, eros_numeric_to_double (EROS_SQL_BIGNUMERIC, &number), 0);
}

static void
two_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  if (!eros_arg_is_null (values[0]) && !eros_arg_is_null (values[1]))
    moments_add (state, eros_arg_real (values[0]), eros_arg_real (values[1]));
}

/* NULL with fewer than @minimum values. */
#define DEFINE_RESULT(name, minimum, expression)                                                             \
  static void name##_result (sqlite3_context *context, gpointer data)                                        \
  {                                                                                                          \
    const Moments *s = data;                                                                                 \
                                                                                                             \
    if (s->n < minimum)                                                                                      \
      sqlite3_result_null (context);                                                                         \
    else                                                                                                     \
      eros_result_real (context, (double) (expression));                                                     \
  }

DEFINE_RESULT (var_pop, 1, s->xx / s->n)
DEFINE_RESULT (var_samp, 2, s->xx / (s->n - 1))
DEFINE_RESULT (stddev_pop, 1, sqrtl (s->xx / s->n))
DEFINE_RESULT (stddev_samp, 2, sqrtl (s->xx / (s->n - 1)))
DEFINE_RESULT (covar_pop, 1, s->xy / s->n)
DEFINE_RESULT (covar_samp, 2, s->xy / (s->n - 1))
DEFINE_RESULT (corr, 2, s->xy / sqrtl (s->xx * s->yy))

#define DEFINE_AGGREGATE(name, step)                                                                         \
  static const ErosAggregate name##_##step = { sizeof (Moments), step, NULL, name##_result, NULL };
#define DEFINE_ONE(name)                                                                                     \
  DEFINE_AGGREGATE (name, one_step)                                                                          \
  DEFINE_AGGREGATE (name, numeric_step)                                                                      \
  DEFINE_AGGREGATE (name, bignumeric_step)

DEFINE_ONE (var_pop)
DEFINE_ONE (var_samp)
DEFINE_ONE (stddev_pop)
DEFINE_ONE (stddev_samp)
DEFINE_AGGREGATE (covar_pop, two_step)
DEFINE_AGGREGATE (covar_samp, two_step)
DEFINE_AGGREGATE (corr, two_step)

#define FLAGS                                                                                                \
  (EROS_FUNCTION_IS_AGGREGATE | EROS_FUNCTION_DISTINCT | EROS_FUNCTION_HAVING | EROS_FUNCTION_WINDOW |       \
   EROS_FUNCTION_FRAME)
#define ONE(text, name)                                                                                      \
  { text, "(FLOAT64) -> FLOAT64", "bq_" #name "_float64", FLAGS, NULL, &name##_one_step },                   \
    { text, "(NUMERIC) -> FLOAT64", "bq_" #name "_numeric", FLAGS, NULL, &name##_numeric_step },             \
  {                                                                                                          \
    text, "(BIGNUMERIC) -> FLOAT64", "bq_" #name "_bignumeric", FLAGS, NULL, &name##_bignumeric_step         \
  }
#define TWO(text, name)                                                                                      \
  {                                                                                                          \
    text, "(FLOAT64, FLOAT64) -> FLOAT64", "bq_" #name, FLAGS, NULL, &name##_two_step                        \
  }

const ErosNative eros_native_statistics[] = {
  ONE ("VAR_POP", var_pop),
  ONE ("VAR_SAMP", var_samp),
  ONE ("VARIANCE", var_samp),
  ONE ("STDDEV_POP", stddev_pop),
  ONE ("STDDEV_SAMP", stddev_samp),
  ONE ("STDDEV", stddev_samp),
  TWO ("COVAR_POP", covar_pop),
  TWO ("COVAR_SAMP", covar_samp),
  TWO ("CORR", corr),
  { NULL, NULL, NULL, 0, NULL, NULL },
};
