/* eros-native-math.c: mathematical functions of INT64 and FLOAT64
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#include <openssl/rand.h>

/* ---- INT64 --------------------------------------------------------------------------------------------- */

static void
int64_abs (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 a = sqlite3_value_int64 (values[0]);

  if (a == G_MININT64)
    eros_native_fail (context, "int64 overflow: -%" G_GINT64_FORMAT, a);
  else
    sqlite3_result_int64 (context, ABS (a));
}

static void
int64_sign (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 a = sqlite3_value_int64 (values[0]);

  sqlite3_result_int64 (context, (a > 0) - (a < 0));
}

static void
int64_div (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 a = sqlite3_value_int64 (values[0]);
  gint64 b = sqlite3_value_int64 (values[1]);

  if (b == 0)
    eros_native_fail (context, "division by zero: %" G_GINT64_FORMAT " / 0", a);
  else if (a == G_MININT64 && b == -1)
    eros_native_fail (context, "int64 overflow: %" G_GINT64_FORMAT " / -1", a);
  else
    sqlite3_result_int64 (context, a / b);
}

static void
int64_mod (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 a = sqlite3_value_int64 (values[0]);
  gint64 b = sqlite3_value_int64 (values[1]);

  if (b == 0)
    eros_native_fail (context, "division by zero: MOD(%" G_GINT64_FORMAT ", 0)", a);
  else
    sqlite3_result_int64 (context, b == -1 ? 0 : a % b);
}

static void
int64_bit_count (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int (context, __builtin_popcountll ((guint64) sqlite3_value_int64 (values[0])));
}

static void
bytes_bit_count (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *data = eros_arg_data (values[0], &size);
  gint64 count = 0;

  for (gsize i = 0; i < size; i++)
    count += __builtin_popcount ((guchar) data[i]);
  sqlite3_result_int64 (context, count);
}

/* ---- FLOAT64 of one argument --------------------------------------------------------------------------- */

/* A finite argument must not give something that is no number. */
static void
finish (sqlite3_context *context, const char *name, double x, double result)
{
  if (isfinite (x) && !isfinite (result))
    eros_native_fail (context, "Floating point error in function: %s(%g)", name, x);
  else
    eros_result_real (context, result);
}

#define DEFINE_UNARY(name, text, expression)                                                                 \
  static void float64_##name (sqlite3_context *context, int n, sqlite3_value **values)                       \
  {                                                                                                          \
    double x = eros_arg_real (values[0]);                                                                    \
                                                                                                             \
    finish (context, text, x, expression);                                                                   \
  }

DEFINE_UNARY (abs, "ABS", fabs (x))
DEFINE_UNARY (sign, "SIGN", isnan (x) ? x : (x > 0) - (x < 0))
DEFINE_UNARY (exp, "EXP", exp (x))
DEFINE_UNARY (ln, "LN", x < 0 ? (double) NAN : log (x))
DEFINE_UNARY (log10, "LOG10", x < 0 ? (double) NAN : log10 (x))
DEFINE_UNARY (cbrt, "CBRT", cbrt (x))
DEFINE_UNARY (sin, "SIN", sin (x))
DEFINE_UNARY (cos, "COS", cos (x))
DEFINE_UNARY (tan, "TAN", tan (x))
DEFINE_UNARY (asin, "ASIN", asin (x))
DEFINE_UNARY (acos, "ACOS", acos (x))
DEFINE_UNARY (atan, "ATAN", atan (x))
DEFINE_UNARY (sinh, "SINH", sinh (x))
DEFINE_UNARY (cosh, "COSH", cosh (x))
DEFINE_UNARY (tanh, "TANH", tanh (x))
DEFINE_UNARY (asinh, "ASINH", asinh (x))
DEFINE_UNARY (acosh, "ACOSH", acosh (x))
DEFINE_UNARY (atanh, "ATANH", atanh (x))
DEFINE_UNARY (cot, "COT", 1 / tan (x))
DEFINE_UNARY (csc, "CSC", 1 / sin (x))
DEFINE_UNARY (sec, "SEC", 1 / cos (x))
DEFINE_UNARY (coth, "COTH", 1 / tanh (x))
DEFINE_UNARY (csch, "CSCH", 1 / sinh (x))
DEFINE_UNARY (sech, "SECH", 1 / cosh (x))
DEFINE_UNARY (ceil, "CEIL", ceil (x))
DEFINE_UNARY (floor, "FLOOR", floor (x))

static void
float64_sqrt (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);

  if (x < 0)
    eros_native_fail (context, "Argument to SQRT cannot be negative: %g", x);
  else
    eros_result_real (context, sqrt (x));
}

static void
float64_is_nan (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int (context, isnan (eros_arg_real (values[0])) != 0);
}

static void
float64_is_inf (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int (context, isinf (eros_arg_real (values[0])) != 0);
}

/* ---- Rounding ------------------------------------------------------------------------------------------ */

/* Rounds q, which stands for q + error: where q is a half or a whole number the error decides. */
static double
round_exactly (double q, double error, gboolean half_away)
{
  double whole = trunc (q);
  double sign = copysign (1, q);

  if (half_away && fabs (q - whole) == 0.5)
    return error * sign < 0 ? whole : whole + sign;
  if (half_away)
    return round (q);
  return q == whole && error * sign < 0 ? whole - sign : whole;
}

/* Rounds the exact value at 10^-digits, half away from zero or towards it. */
static double
round_at (double x, gint64 digits, gboolean half_away)
{
  double scale = 0;
  double scaled = 0;

  if (!isfinite (x) || x == 0 || digits > 340)
    return x;
  if (digits < -310)
    return 0;
  if (digits > 0)
    {
      /* x has no places beyond these */
      if (digits >= 17 - (gint64) floor (log10 (fabs (x))))
        return x;
      if (digits > 300)
        return 0;
      scale = pow (10, (double) digits);
      scaled = x * scale;
      return isfinite (scaled) ? round_exactly (scaled, fma (x, scale, -scaled), half_away) / scale : x;
    }
  scale = pow (10, (double) -digits);
  if (isinf (scale))
    return 0;
  scaled = x / scale;
  return round_exactly (scaled, -fma (scaled, scale, -x), half_away) * scale;
}

static void
finish_rounding (sqlite3_context *context, const char *name, double x, gint64 digits, double result)
{
  if (isfinite (x) && !isfinite (result))
    eros_native_fail (context, "Floating point overflow in function: %s(%g, %" G_GINT64_FORMAT ")", name, x,
                      digits);
  else
    eros_result_real (context, result);
}

static void
float64_round (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);
  gint64 digits = n > 1 ? sqlite3_value_int64 (values[1]) : 0;

  finish_rounding (context, "ROUND", x, digits, n > 1 ? round_at (x, digits, TRUE) : round (x));
}

static void
float64_trunc (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);
  gint64 digits = n > 1 ? sqlite3_value_int64 (values[1]) : 0;

  finish_rounding (context, "TRUNC", x, digits, n > 1 ? round_at (x, digits, FALSE) : trunc (x));
}

/* ---- FLOAT64 of two arguments -------------------------------------------------------------------------- */

static void
finish_two (sqlite3_context *context, const char *name, double x, double y, double result)
{
  if (isfinite (x) && isfinite (y) && !isfinite (result))
    eros_native_fail (context, "Floating point error in function: %s(%g, %g)", name, x, y);
  else
    eros_result_real (context, result);
}

static void
float64_pow (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);
  double y = eros_arg_real (values[1]);

  finish_two (context, "POW", x, y, pow (x, y));
}

static void
float64_atan2 (sqlite3_context *context, int n, sqlite3_value **values)
{
  eros_result_real (context, atan2 (eros_arg_real (values[0]), eros_arg_real (values[1])));
}

static void
float64_log (sqlite3_context *context, int n, sqlite3_value **values)
{
  double x = eros_arg_real (values[0]);
  double base = 0;

  if (n == 1)
    {
      float64_ln (context, n, values);
      return;
    }
  base = eros_arg_real (values[1]);
  if (!isfinite (base) || isnan (x) || (isinf (x) && x < 0))
    eros_result_real (context, NAN);
  else if (x <= 0 || base <= 0 || base == 1)
    eros_native_fail (context, "Floating point error in function: LOG(%g, %g)", x, base);
  else
    finish_two (context, "LOG", x, base,
                base == 2    ? log2 (x)
                : base == 10 ? log10 (x)
                             : log (x) / log (base));
}

static void
float64_ieee_divide (sqlite3_context *context, int n, sqlite3_value **values)
{
  eros_result_real (context, eros_arg_real (values[0]) / eros_arg_real (values[1]));
}

/* ---- RAND ---------------------------------------------------------------------------------------------- */

/* xoshiro256++ (Blackman and Vigna, https://prng.di.unimi.it), a state a thread, seeded from the system. */
static guint64
next_random (void)
{
  static _Thread_local guint64 s[4];
  static _Thread_local gboolean seeded;
  guint64 result = 0;
  guint64 t = 0;

  if (!seeded)
    {
      if (RAND_bytes ((guchar *) s, sizeof s) != 1)
        for (guint i = 0; i < 4; i++)
          s[i] = ((guint64) g_random_int () << 32) | g_random_int ();
      seeded = TRUE;
    }
  result = s[0] + s[3];
  result = ((result << 23) | (result >> 41)) + s[0];
  t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = (s[3] << 45) | (s[3] >> 19);
  return result;
}

double
eros_native_next_rand (void)
{
  return (double) (next_random () >> 11) * 0x1.0p-53;
}

static void
float64_rand (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_double (context, eros_native_next_rand ());
}

#define UNARY(text, name)                                                                                    \
  {                                                                                                          \
    text, "(FLOAT64) -> FLOAT64", "bq_float64_" #name, STRICT_FAIL, float64_##name, NULL                     \
  }

const ErosNative eros_native_math[] = {
  { "ABS", "(INT64) -> INT64", "bq_int64_abs", STRICT_FAIL, int64_abs, NULL },
  UNARY ("ABS", abs),
  { "SIGN", "(INT64) -> INT64", "bq_int64_sign", NULLS_STRICT, int64_sign, NULL },
  UNARY ("SIGN", sign),
  { "DIV", "(INT64, INT64) -> INT64", "bq_int64_div", STRICT_FAIL, int64_div, NULL },
  { "MOD", "(INT64, INT64) -> INT64", "bq_int64_mod", STRICT_FAIL, int64_mod, NULL },
  { "BIT_COUNT", "(INT64) -> INT64", "bq_int64_bit_count", NULLS_STRICT, int64_bit_count, NULL },
  { "BIT_COUNT", "(BYTES) -> INT64", "bq_bytes_bit_count", NULLS_STRICT, bytes_bit_count, NULL },
  { "IEEE_DIVIDE", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_ieee_divide", NULLS_STRICT, float64_ieee_divide,
    NULL },
  { "SAFE_DIVIDE", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_safe_float64_divide", NULLS_STRICT, NULL, NULL },
  { "SAFE_ADD", "(INT64, INT64) -> INT64", "bq_safe_int64_add", NULLS_STRICT, NULL, NULL },
  { "SAFE_ADD", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_safe_float64_add", NULLS_STRICT, NULL, NULL },
  { "SAFE_SUBTRACT", "(INT64, INT64) -> INT64", "bq_safe_int64_subtract", NULLS_STRICT, NULL, NULL },
  { "SAFE_SUBTRACT", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_safe_float64_subtract", NULLS_STRICT, NULL, NULL },
  { "SAFE_MULTIPLY", "(INT64, INT64) -> INT64", "bq_safe_int64_multiply", NULLS_STRICT, NULL, NULL },
  { "SAFE_MULTIPLY", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_safe_float64_multiply", NULLS_STRICT, NULL, NULL },
  { "SAFE_NEGATE", "(INT64) -> INT64", "bq_safe_int64_negate", NULLS_STRICT, NULL, NULL },
  { "SAFE_NEGATE", "(FLOAT64) -> FLOAT64", "bq_float64_negate", NULLS_STRICT, NULL, NULL },
  { "IS_NAN", "(FLOAT64) -> BOOL", "bq_is_nan", NULLS_STRICT, float64_is_nan, NULL },
  { "IS_INF", "(FLOAT64) -> BOOL", "bq_is_inf", NULLS_STRICT, float64_is_inf, NULL },
  UNARY ("SQRT", sqrt),
  { "POW", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_float64_pow", STRICT_FAIL, float64_pow, NULL },
  { "POWER", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_float64_pow", STRICT_FAIL, NULL, NULL },
  UNARY ("EXP", exp),
  UNARY ("LN", ln),
  { "LOG", "(FLOAT64, [FLOAT64]) -> FLOAT64", "bq_float64_log", STRICT_FAIL, float64_log, NULL },
  UNARY ("LOG10", log10),
  { "ROUND", "(FLOAT64, [INT64]) -> FLOAT64", "bq_float64_round", STRICT_FAIL, float64_round, NULL },
  { "TRUNC", "(FLOAT64, [INT64]) -> FLOAT64", "bq_float64_trunc", STRICT_FAIL, float64_trunc, NULL },
  UNARY ("CEIL", ceil),
  { "CEILING", "(FLOAT64) -> FLOAT64", "bq_float64_ceil", STRICT_FAIL, NULL, NULL },
  UNARY ("FLOOR", floor),
  UNARY ("CBRT", cbrt),
  UNARY ("SIN", sin),
  UNARY ("COS", cos),
  UNARY ("TAN", tan),
  UNARY ("ASIN", asin),
  UNARY ("ACOS", acos),
  UNARY ("ATAN", atan),
  { "ATAN2", "(FLOAT64, FLOAT64) -> FLOAT64", "bq_atan2", NULLS_STRICT, float64_atan2, NULL },
  UNARY ("SINH", sinh),
  UNARY ("COSH", cosh),
  UNARY ("TANH", tanh),
  UNARY ("ASINH", asinh),
  UNARY ("ACOSH", acosh),
  UNARY ("ATANH", atanh),
  UNARY ("COT", cot),
  UNARY ("CSC", csc),
  UNARY ("SEC", sec),
  UNARY ("COTH", coth),
  UNARY ("CSCH", csch),
  UNARY ("SECH", sech),
  { "RAND", "() -> FLOAT64", "bq_rand", EROS_FUNCTION_VOLATILE, float64_rand, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
