/* eros-native-aggregates.c: COUNT, SUM, AVG, MIN, MAX, LOGICAL_…, BIT_…, ANY_VALUE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

__extension__ typedef __int128 gint128;

/* ---- COUNT, COUNTIF ------------------------------------------------------------------------------------ */

typedef struct
{
  gint64 n;
} Count;

static void
count_add (Count *state, int n, sqlite3_value **values, gint64 by)
{
  if (n == 0 || !eros_arg_is_null (values[0]))
    state->n += by;
}

static void
count_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  count_add (state, n, values, 1);
}

static void
count_inverse (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  count_add (state, n, values, -1);
}

static void
count_result (sqlite3_context *context, gpointer state)
{
  sqlite3_result_int64 (context, ((Count *) state)->n);
}

static void
countif_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  ((Count *) state)->n += sqlite3_value_int (values[0]) != 0;
}

static void
countif_inverse (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  ((Count *) state)->n -= sqlite3_value_int (values[0]) != 0;
}

static const ErosAggregate count = { sizeof (Count), count_step, count_inverse, count_result, NULL };
static const ErosAggregate countif = { sizeof (Count), countif_step, countif_inverse, count_result, NULL };

/* ---- SUM and AVG of INT64: exact in 128 bits ----------------------------------------------------------- */

typedef struct
{
  gint64 n;
  guint64 low;
  gint64 high;
} IntegerSum;

static gint128
get_sum (const IntegerSum *state)
{
  return (gint128) (((unsigned __int128) (guint64) state->high << 64) | state->low);
}

static void
integer_add (IntegerSum *state, sqlite3_value *value, gint64 sign)
{
  gint128 sum = 0;

  if (eros_arg_is_null (value))
    return;
  sum = get_sum (state) + (gint128) sign * sqlite3_value_int64 (value);
  state->low = (guint64) sum;
  state->high = (gint64) (sum >> 64);
  state->n += sign;
}

static void
integer_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  integer_add (state, values[0], 1);
}

static void
integer_inverse (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  integer_add (state, values[0], -1);
}

static void
integer_sum_result (sqlite3_context *context, gpointer state)
{
  gint128 sum = get_sum (state);

  if (((IntegerSum *) state)->n == 0)
    sqlite3_result_null (context);
  else if (sum > G_MAXINT64 || sum < G_MININT64)
    eros_native_fail (context, "int64 overflow");
  else
    sqlite3_result_int64 (context, (gint64) sum);
}

static void
integer_average_result (sqlite3_context *context, gpointer state)
{
  const IntegerSum *sum = state;

  if (sum->n == 0)
    sqlite3_result_null (context);
  else
    sqlite3_result_double (context, (double) ((long double) get_sum (sum) / (long double) sum->n));
}

static const ErosAggregate integer_sum = { sizeof (IntegerSum), integer_step, integer_inverse,
                                           integer_sum_result, NULL };
static const ErosAggregate integer_average = { sizeof (IntegerSum), integer_step, integer_inverse,
                                               integer_average_result, NULL };

/* SUM and AVG of FLOAT64. A window is summed again when it shrinks: ∞ and rounding cannot be taken back. */

typedef struct
{
  gint64 n;
  ErosLongReal sum;
  gboolean infinite; /* one of the numbers is no finite number */
} RealSum;

static void
real_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  RealSum *state = data;
  double x = 0;

  if (eros_arg_is_null (values[0]))
    return;
  x = eros_arg_real (values[0]);
  state->n++;
  state->sum += x;
  state->infinite |= !isfinite (x);
}

static void
real_sum_result (sqlite3_context *context, gpointer data)
{
  const RealSum *state = data;
  double sum = (double) state->sum;

  if (state->n == 0)
    sqlite3_result_null (context);
  else if (isinf (sum) && !state->infinite)
    eros_native_fail (context, "double overflow");
  else
    eros_result_real (context, sum);
}

static void
real_average_result (sqlite3_context *context, gpointer data)
{
  const RealSum *state = data;

  if (state->n == 0)
    sqlite3_result_null (context);
  else
    eros_result_real (context, (double) (state->sum / (long double) state->n));
}

static const ErosAggregate real_sum = { sizeof (RealSum), real_step, NULL, real_sum_result, NULL };
static const ErosAggregate real_average = { sizeof (RealSum), real_step, NULL, real_average_result, NULL };

/* ---- SUM and AVG of NUMERIC and BIGNUMERIC ------------------------------------------------------------- */

typedef struct
{
  gint64 n;
  ErosWide sum;
  gboolean overflow;
} DecimalSum;

static void
decimal_add (DecimalSum *state, sqlite3_value *value, ErosSqlKind kind, gboolean negative)
{
  ErosWide number;

  if (eros_arg_is_null (value) || !eros_arg_numeric (value, kind, &number))
    return;
  state->n += negative ? -1 : 1;
  if (!(negative ? eros_wide_subtract (&state->sum, &number, &state->sum)
                 : eros_wide_add (&state->sum, &number, &state->sum)))
    state->overflow = TRUE;
}

static void
decimal_sum_result (sqlite3_context *context, const DecimalSum *state, ErosSqlKind kind)
{
  if (state->n == 0)
    sqlite3_result_null (context);
  else if (state->overflow || !eros_numeric_in_range (kind, &state->sum))
    eros_native_fail (context, "%s overflow", kind == EROS_SQL_NUMERIC ? "numeric" : "BIGNUMERIC");
  else
    eros_result_numeric (context, kind, &state->sum);
}

static void
decimal_average_result (sqlite3_context *context, const DecimalSum *state, ErosSqlKind kind)
{
  ErosWide one, divisor, average;

  if (state->n == 0)
    {
      sqlite3_result_null (context);
      return;
    }
  eros_wide_set_uint64 (&one, 1);
  eros_wide_set_int64 (&divisor, state->n);
  if (state->overflow ||
      !eros_wide_multiply_divide (&state->sum, &one, &divisor, EROS_WIDE_HALF_AWAY, &average) ||
      !eros_numeric_in_range (kind, &average))
    eros_native_fail (context, "%s overflow", kind == EROS_SQL_NUMERIC ? "numeric" : "BIGNUMERIC");
  else
    eros_result_numeric (context, kind, &average);
}

#define DEFINE_DECIMAL(prefix, kind)                                                                         \
  static void prefix##_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)        \
  {                                                                                                          \
    decimal_add (state, values[0], kind, FALSE);                                                             \
  }                                                                                                          \
  static void prefix##_inverse (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)     \
  {                                                                                                          \
    decimal_add (state, values[0], kind, TRUE);                                                              \
  }                                                                                                          \
  static void prefix##_sum_result (sqlite3_context *context, gpointer state)                                 \
  {                                                                                                          \
    decimal_sum_result (context, state, kind);                                                               \
  }                                                                                                          \
  static void prefix##_average_result (sqlite3_context *context, gpointer state)                             \
  {                                                                                                          \
    decimal_average_result (context, state, kind);                                                           \
  }                                                                                                          \
  static const ErosAggregate prefix##_sum = { sizeof (DecimalSum), prefix##_step, prefix##_inverse,          \
                                              prefix##_sum_result, NULL };                                   \
  static const ErosAggregate prefix##_average = { sizeof (DecimalSum), prefix##_step, prefix##_inverse,      \
                                                  prefix##_average_result, NULL };

DEFINE_DECIMAL (numeric, EROS_SQL_NUMERIC)
DEFINE_DECIMAL (bignumeric, EROS_SQL_BIGNUMERIC)

/* ---- MIN, MAX, ANY_VALUE: one value is kept ------------------------------------------------------------ */

typedef struct
{
  sqlite3_value *value;
  gboolean seen;
} Kept;

static void
keep (Kept *state, sqlite3_value *value)
{
  sqlite3_value_free (state->value);
  state->value = sqlite3_value_dup (value);
  state->seen = TRUE;
}

static void
kept_result (sqlite3_context *context, gpointer data)
{
  const Kept *state = data;

  if (state->seen)
    sqlite3_result_value (context, state->value);
  else
    sqlite3_result_null (context);
}

static void
kept_clear (gpointer data)
{
  Kept *state = data;

  g_clear_pointer (&state->value, sqlite3_value_free);
}

/* The first value, NULL or not. */
static void
any_value_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Kept *state = data;

  if (!state->seen)
    keep (state, values[0]);
}

static void
extreme_step (Kept *state, sqlite3_value *value, int wanted)
{
  int order = 0;

  if (eros_arg_is_null (value))
    return;
  order = state->seen ? eros_compare_args (value, state->value) : wanted;
  if (order * wanted > 0)
    keep (state, value);
}

static void
min_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  extreme_step (state, values[0], -1);
}

static gboolean
is_nan (sqlite3_value *value)
{
  return sqlite3_value_type (value) == SQLITE_BLOB;
}

/* NaN is greater than all here, though it sorts first. */
static void
max_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Kept *state = data;
  gboolean number = state->seen && !is_nan (state->value);

  if (number && is_nan (values[0]) && sqlite3_value_type (state->value) != SQLITE_TEXT)
    keep (state, values[0]);
  else if (!(state->seen && is_nan (state->value) && !is_nan (values[0])))
    extreme_step (state, values[0], 1);
}

static const ErosAggregate any_value = { sizeof (Kept), any_value_step, NULL, kept_result, kept_clear };
static const ErosAggregate minimum = { sizeof (Kept), min_step, NULL, kept_result, kept_clear };
static const ErosAggregate maximum = { sizeof (Kept), max_step, NULL, kept_result, kept_clear };

/* MIN of FLOAT64: NaN, a blob, would be the greatest for SQLite. */
typedef struct
{
  gint64 n;
  double least;
} RealMinimum;

static void
real_minimum_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  RealMinimum *state = data;
  double x = 0;

  if (eros_arg_is_null (values[0]))
    return;
  x = eros_arg_real (values[0]);
  if (state->n++ == 0 || isnan (x) || x < state->least)
    state->least = state->n > 1 && isnan (state->least) ? state->least : x;
}

static void
real_minimum_result (sqlite3_context *context, gpointer data)
{
  const RealMinimum *state = data;

  if (state->n == 0)
    sqlite3_result_null (context);
  else
    eros_result_real (context, state->least);
}

static const ErosAggregate real_minimum = { sizeof (RealMinimum), real_minimum_step, NULL,
                                            real_minimum_result, NULL };

/* ---- LOGICAL_AND, LOGICAL_OR --------------------------------------------------------------------------- */

typedef struct
{
  gint64 n_true;
  gint64 n_false;
} Truths;

static void
truths_add (Truths *state, sqlite3_value *value, gint64 by)
{
  if (eros_arg_is_null (value))
    return;
  if (sqlite3_value_int (value) != 0)
    state->n_true += by;
  else
    state->n_false += by;
}

static void
truths_step (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  truths_add (state, values[0], 1);
}

static void
truths_inverse (sqlite3_context *context, gpointer state, int n, sqlite3_value **values)
{
  truths_add (state, values[0], -1);
}

static void
logical_and_result (sqlite3_context *context, gpointer data)
{
  const Truths *state = data;

  if (state->n_true + state->n_false == 0)
    sqlite3_result_null (context);
  else
    sqlite3_result_int (context, state->n_false == 0);
}

static void
logical_or_result (sqlite3_context *context, gpointer data)
{
  const Truths *state = data;

  if (state->n_true + state->n_false == 0)
    sqlite3_result_null (context);
  else
    sqlite3_result_int (context, state->n_true > 0);
}

static const ErosAggregate logical_and = { sizeof (Truths), truths_step, truths_inverse, logical_and_result,
                                           NULL };
static const ErosAggregate logical_or = { sizeof (Truths), truths_step, truths_inverse, logical_or_result,
                                          NULL };

/* ---- BIT_AND, BIT_OR, BIT_XOR -------------------------------------------------------------------------- */

typedef struct
{
  gint64 n;
  guint64 all_and; /* kept inverted, so that the state begins as zeros */
  guint64 all_or;
  guint64 all_xor;
} Bits;

static void
bits_step (sqlite3_context *context, gpointer data, int n, sqlite3_value **values)
{
  Bits *state = data;
  guint64 bits = (guint64) sqlite3_value_int64 (values[0]);

  if (eros_arg_is_null (values[0]))
    return;
  state->n++;
  state->all_and |= ~bits;
  state->all_or |= bits;
  state->all_xor ^= bits;
}

#define DEFINE_BITS(name, expression)                                                                        \
  static void name##_result (sqlite3_context *context, gpointer data)                                        \
  {                                                                                                          \
    const Bits *state = data;                                                                                \
                                                                                                             \
    if (state->n == 0)                                                                                       \
      sqlite3_result_null (context);                                                                         \
    else                                                                                                     \
      sqlite3_result_int64 (context, (gint64) (expression));                                                 \
  }                                                                                                          \
  static const ErosAggregate name = { sizeof (Bits), bits_step, NULL, name##_result, NULL };

DEFINE_BITS (bit_and, ~state->all_and)
DEFINE_BITS (bit_or, state->all_or)
DEFINE_BITS (bit_xor, state->all_xor)

#define FLAGS                                                                                                \
  (EROS_FUNCTION_IS_AGGREGATE | EROS_FUNCTION_DISTINCT | EROS_FUNCTION_HAVING | EROS_FUNCTION_WINDOW |       \
   EROS_FUNCTION_FRAME)
#define BUILTIN (FLAGS | EROS_FUNCTION_BUILTIN)

const ErosNative eros_native_aggregates[] = {
  { "COUNT", "() -> INT64", "count", BUILTIN, NULL, &count },
  { "COUNT", "(ANY) -> INT64", "count", BUILTIN, NULL, &count },
  { "COUNTIF", "(BOOL) -> INT64", "bq_countif", FLAGS, NULL, &countif },
  { "SUM", "(INT64) -> INT64", "bq_sum_int64", FLAGS, NULL, &integer_sum },
  { "SUM", "(FLOAT64) -> FLOAT64", "bq_sum_float64", FLAGS, NULL, &real_sum },
  { "SUM", "(NUMERIC) -> NUMERIC", "bq_sum_numeric", FLAGS, NULL, &numeric_sum },
  { "SUM", "(BIGNUMERIC) -> BIGNUMERIC", "bq_sum_bignumeric", FLAGS, NULL, &bignumeric_sum },
  { "AVG", "(INT64) -> FLOAT64", "bq_avg_int64", FLAGS, NULL, &integer_average },
  { "AVG", "(FLOAT64) -> FLOAT64", "bq_avg_float64", FLAGS, NULL, &real_average },
  { "AVG", "(NUMERIC) -> NUMERIC", "bq_avg_numeric", FLAGS, NULL, &numeric_average },
  { "AVG", "(BIGNUMERIC) -> BIGNUMERIC", "bq_avg_bignumeric", FLAGS, NULL, &bignumeric_average },
  { "MIN", "(FLOAT64) -> FLOAT64", "bq_min_float64", FLAGS, NULL, &real_minimum },
  { "MIN", "(T:orderable) -> T", "min", BUILTIN, NULL, &minimum },
  { "MAX", "(T:orderable) -> T", "max", BUILTIN, NULL, &maximum },
  { "ANY_VALUE", "(T) -> T", "bq_any_value", FLAGS, NULL, &any_value },
  { "LOGICAL_AND", "(BOOL) -> BOOL", "bq_logical_and", FLAGS, NULL, &logical_and },
  { "LOGICAL_OR", "(BOOL) -> BOOL", "bq_logical_or", FLAGS, NULL, &logical_or },
  { "BIT_AND", "(INT64) -> INT64", "bq_bit_and", FLAGS, NULL, &bit_and },
  { "BIT_OR", "(INT64) -> INT64", "bq_bit_or", FLAGS, NULL, &bit_or },
  { "BIT_XOR", "(INT64) -> INT64", "bq_bit_xor", FLAGS, NULL, &bit_xor },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
