/* eros-native-numeric.c: operators and mathematical functions of NUMERIC and BIGNUMERIC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#include <eros-numeric-math.h>

/* ---- Texts for errors ---------------------------------------------------------------------------------- */

static char *
text_of (ErosSqlKind kind, const ErosWide *number)
{
  GString *text = g_string_new (NULL);

  eros_numeric_append (kind, number, text);
  return g_string_free (text, FALSE);
}

static const char *
kind_name (ErosSqlKind kind)
{
  return kind == EROS_SQL_NUMERIC ? "numeric" : "BIGNUMERIC";
}

static void
fail_two (sqlite3_context *context,
          ErosSqlKind kind,
          const ErosWide *a,
          const char *symbol,
          const ErosWide *b)
{
  g_autofree char *left = text_of (kind, a);
  g_autofree char *right = text_of (kind, b);

  eros_native_fail (context, "%s overflow: %s %s %s", kind_name (kind), left, symbol, right);
}

static void
fail_function (sqlite3_context *context,
               ErosSqlKind kind,
               const char *problem,
               const char *name,
               const ErosWide *a,
               const ErosWide *b)
{
  g_autofree char *left = text_of (kind, a);
  g_autofree char *right = b != NULL ? text_of (kind, b) : NULL;

  eros_native_fail (context, "%s: %s(%s%s%s)", problem, name, left, b != NULL ? ", " : "",
                    b != NULL ? right : "");
}

static void
fail_overflow (sqlite3_context *context,
               ErosSqlKind kind,
               const char *name,
               const ErosWide *a,
               const ErosWide *b)
{
  fail_function (context, kind, kind == EROS_SQL_NUMERIC ? "numeric overflow" : "BIGNUMERIC overflow", name,
                 a, b);
}

/* ---- Operators ----------------------------------------------------------------------------------------- */

typedef gboolean (*BinaryFunc) (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result);

static gboolean
load_two (sqlite3_value **values, ErosSqlKind kind, ErosWide *a, ErosWide *b)
{
  return eros_arg_numeric (values[0], kind, a) && eros_arg_numeric (values[1], kind, b);
}

static void
binary (sqlite3_context *context,
        sqlite3_value **values,
        ErosSqlKind kind,
        BinaryFunc function,
        const char *symbol)
{
  ErosWide a, b, result;

  if (!load_two (values, kind, &a, &b))
    return;
  if (function (kind, &a, &b, &result))
    eros_result_numeric (context, kind, &result);
  else
    fail_two (context, kind, &a, symbol, &b);
}

static void
quotient (sqlite3_context *context,
          sqlite3_value **values,
          ErosSqlKind kind,
          BinaryFunc function,
          const char *name)
{
  ErosWide a, b, result;

  if (!load_two (values, kind, &a, &b))
    return;
  if (eros_wide_is_zero (&b))
    {
      g_autofree char *left = text_of (kind, &a);

      eros_native_fail (context, name != NULL ? "division by zero: %s(%s, 0)" : "division by zero: %s%s / 0",
                        name != NULL ? name : "", left);
    }
  else if (function (kind, &a, &b, &result))
    eros_result_numeric (context, kind, &result);
  else
    fail_two (context, kind, &a, "/", &b);
}

static gboolean
remainder_of (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  eros_wide_remainder (a, b, result);
  return TRUE;
}

static void
negate (sqlite3_context *context, sqlite3_value **values, ErosSqlKind kind)
{
  ErosWide a;

  if (!eros_arg_numeric (values[0], kind, &a))
    return;
  a.negative = !a.negative && !eros_wide_is_zero (&a);
  if (eros_numeric_in_range (kind, &a))
    eros_result_numeric (context, kind, &a);
  else
    eros_native_fail (context, "%s overflow", kind_name (kind));
}

/* ---- Functions ----------------------------------------------------------------------------------------- */

static void
absolute (sqlite3_context *context, sqlite3_value **values, ErosSqlKind kind)
{
  ErosWide a;

  if (!eros_arg_numeric (values[0], kind, &a))
    return;
  a.negative = FALSE;
  if (eros_numeric_in_range (kind, &a))
    eros_result_numeric (context, kind, &a);
  else
    eros_native_fail (context, "%s overflow", kind_name (kind));
}

static void
sign (sqlite3_context *context, sqlite3_value **values, ErosSqlKind kind)
{
  ErosWide a, result;

  if (!eros_arg_numeric (values[0], kind, &a))
    return;
  (void) eros_numeric_from_int64 (kind, eros_wide_is_zero (&a) ? 0 : a.negative ? -1 : 1, &result);
  eros_result_numeric (context, kind, &result);
}

/* (number, [digits, [mode]]) */
static void
rounded (sqlite3_context *context,
         int n,
         sqlite3_value **values,
         ErosSqlKind kind,
         const char *name,
         ErosWideRounding rounding)
{
  gint64 digits = n > 1 ? sqlite3_value_int64 (values[1]) : 0;
  gsize size = 0;
  const char *mode = n > 2 ? eros_arg_data (values[2], &size) : NULL;
  ErosWide a, result;
  g_autofree char *left = NULL;

  if (!eros_arg_numeric (values[0], kind, &a))
    return;
  if (mode != NULL && size == strlen ("ROUND_HALF_EVEN") && memcmp (mode, "ROUND_HALF_EVEN", size) == 0)
    rounding = EROS_WIDE_HALF_EVEN;
  else if (mode != NULL && (size != strlen ("ROUND_HALF_AWAY_FROM_ZERO") ||
                            memcmp (mode, "ROUND_HALF_AWAY_FROM_ZERO", size) != 0))
    {
      eros_native_fail (context, "Could not cast literal \"%.*s\" to type ROUNDING_MODE", (int) size, mode);
      return;
    }
  if (eros_numeric_round (kind, &a, digits, rounding, &result))
    {
      eros_result_numeric (context, kind, &result);
      return;
    }
  if (strcmp (name, "CEIL") == 0 || strcmp (name, "FLOOR") == 0)
    {
      fail_overflow (context, kind, name, &a, NULL);
      return;
    }
  left = text_of (kind, &a);
  eros_native_fail (context, "%s overflow: %s(%s, %" G_GINT64_FORMAT ")", kind_name (kind), name, left,
                    digits);
}

typedef gboolean (*UnaryFunc) (ErosSqlKind kind, const ErosWide *a, ErosWide *result);

static void
transcendental (sqlite3_context *context,
                sqlite3_value **values,
                ErosSqlKind kind,
                const char *name,
                UnaryFunc function)
{
  ErosWide a, result;

  if (!eros_arg_numeric (values[0], kind, &a))
    return;
  if (strcmp (name, "SQRT") == 0 && a.negative)
    fail_function (context, kind, "SQRT is undefined for negative value", name, &a, NULL);
  else if (strcmp (name, "LN") == 0 && (a.negative || eros_wide_is_zero (&a)))
    fail_function (context, kind, "LN is undefined for zero or negative value", name, &a, NULL);
  else if (function (kind, &a, &result))
    eros_result_numeric (context, kind, &result);
  else
    fail_overflow (context, kind, name, &a, NULL);
}

static void
power (sqlite3_context *context, sqlite3_value **values, ErosSqlKind kind)
{
  ErosWide a, b, whole, result;

  if (!load_two (values, kind, &a, &b))
    return;
  if (eros_numeric_pow (kind, &a, &b, &result))
    eros_result_numeric (context, kind, &result);
  else if (eros_wide_is_zero (&a))
    fail_function (context, kind, "division by zero", "POW", &a, &b);
  else if (a.negative && eros_numeric_round (kind, &b, 0, EROS_WIDE_TRUNCATE, &whole) &&
           eros_wide_compare (&whole, &b) != 0)
    fail_function (context, kind, "Negative NUMERIC value cannot be raised to a fractional power", "POW", &a,
                   &b);
  else
    fail_overflow (context, kind, "POW", &a, &b);
}

/* (number, base) */
static void
logarithm (sqlite3_context *context, sqlite3_value **values, ErosSqlKind kind, const char *name)
{
  ErosWide a, base, result;

  if (!eros_arg_numeric (values[0], kind, &a))
    return;
  if (strcmp (name, "LOG10") == 0)
    (void) eros_numeric_from_int64 (kind, 10, &base);
  else if (!eros_arg_numeric (values[1], kind, &base))
    return;
  if (eros_numeric_log (kind, &a, &base, &result))
    eros_result_numeric (context, kind, &result);
  else if (strcmp (name, "LOG10") == 0)
    fail_function (context, kind, "LOG10 is undefined for zero or negative value", name, &a, NULL);
  else
    fail_function (context, kind, "LOG is undefined for zero or negative value, or when base equals 1", name,
                   &a, &base);
}

static void
ieee_divide (sqlite3_context *context, sqlite3_value **values, ErosSqlKind kind)
{
  ErosWide a, b;

  if (load_two (values, kind, &a, &b))
    eros_result_real (context, eros_numeric_to_double (kind, &a) / eros_numeric_to_double (kind, &b));
}

/* PARSE_NUMERIC: signs, commas and spaces are looser than in CAST. */
static void
parse (sqlite3_context *context, sqlite3_value **values, ErosSqlKind kind, const char *name)
{
  gsize size = 0;
  const char *text = eros_arg_data (values[0], &size);
  g_autoptr (GString) plain = g_string_new (NULL);
  gboolean signed_already = FALSE;
  gboolean valid = TRUE;
  char sign_char = '\0';
  ErosWide number;

  for (gsize i = 0; i < size; i++)
    {
      gboolean exponent_sign = plain->len > 0 && g_ascii_tolower (plain->str[plain->len - 1]) == 'e';

      if (g_ascii_isspace (text[i]) || text[i] == ',')
        continue;
      if ((text[i] == '-' || text[i] == '+') && !exponent_sign)
        {
          valid &= !signed_already;
          signed_already = TRUE;
          sign_char = text[i];
        }
      else
        g_string_append_c (plain, text[i]);
    }
  if (sign_char == '-')
    g_string_prepend_c (plain, '-');
  if (valid && eros_numeric_parse (kind, plain->str, plain->len, &number))
    eros_result_numeric (context, kind, &number);
  else
    eros_native_fail (context, "Invalid input to %s: \"%.*s\"", name, (int) size, text);
}

/* ---- Both kinds ---------------------------------------------------------------------------------------- */

#define WRAP(prefix, name, call)                                                                             \
  static void prefix##_##name (sqlite3_context *context, int n, sqlite3_value **values)                      \
  {                                                                                                          \
    call;                                                                                                    \
  }

#define WRAP_ALL(p, kind, parse_name)                                                                        \
  WRAP (p, add, binary (context, values, kind, eros_numeric_add, "+"))                                       \
  WRAP (p, subtract, binary (context, values, kind, eros_numeric_subtract, "-"))                             \
  WRAP (p, multiply, binary (context, values, kind, eros_numeric_multiply, "*"))                             \
  WRAP (p, divide, quotient (context, values, kind, eros_numeric_divide, NULL))                              \
  WRAP (p, div, quotient (context, values, kind, eros_numeric_divide_integer, "DIV"))                        \
  WRAP (p, mod, quotient (context, values, kind, remainder_of, "MOD"))                                       \
  WRAP (p, negate, negate (context, values, kind))                                                           \
  WRAP (p, abs, absolute (context, values, kind))                                                            \
  WRAP (p, sign, sign (context, values, kind))                                                               \
  WRAP (p, round, rounded (context, n, values, kind, "ROUND", EROS_WIDE_HALF_AWAY))                          \
  WRAP (p, trunc, rounded (context, n, values, kind, "TRUNC", EROS_WIDE_TRUNCATE))                           \
  WRAP (p, ceil, rounded (context, 1, values, kind, "CEIL", EROS_WIDE_CEILING))                              \
  WRAP (p, floor, rounded (context, 1, values, kind, "FLOOR", EROS_WIDE_FLOOR))                              \
  WRAP (p, sqrt, transcendental (context, values, kind, "SQRT", eros_numeric_sqrt))                          \
  WRAP (p, cbrt, transcendental (context, values, kind, "CBRT", eros_numeric_cbrt))                          \
  WRAP (p, exp, transcendental (context, values, kind, "EXP", eros_numeric_exp))                             \
  WRAP (p, ln, transcendental (context, values, kind, "LN", eros_numeric_ln))                                \
  WRAP (p, log10, logarithm (context, values, kind, "LOG10"))                                                \
  WRAP (p, log, logarithm (context, values, kind, "LOG"))                                                    \
  WRAP (p, pow, power (context, values, kind))                                                               \
  WRAP (p, ieee_divide, ieee_divide (context, values, kind))                                                 \
  WRAP (p, parse, parse (context, values, kind, parse_name))

WRAP_ALL (numeric, EROS_SQL_NUMERIC, "PARSE_NUMERIC")
WRAP_ALL (bignumeric, EROS_SQL_BIGNUMERIC, "PARSE_BIGNUMERIC")

#define LINES(T, p)                                                                                               \
  { "$add", "(" T ", " T ") -> " T, "bq_" #p "_add", STRICT_FAIL, p##_add, NULL },                                \
    { "$subtract", "(" T ", " T ") -> " T, "bq_" #p "_subtract", STRICT_FAIL, p##_subtract, NULL },               \
    { "$multiply", "(" T ", " T ") -> " T, "bq_" #p "_multiply", STRICT_FAIL, p##_multiply, NULL },               \
    { "$divide", "(" T ", " T ") -> " T, "bq_" #p "_divide", STRICT_FAIL, p##_divide, NULL },                     \
    { "$unary_minus", "(" T ") -> " T, "bq_" #p "_negate", STRICT_FAIL, p##_negate, NULL },                       \
    { "SAFE_ADD", "(" T ", " T ") -> " T, "bq_safe_" #p "_add", NULLS_STRICT, NULL, NULL },                       \
    { "SAFE_SUBTRACT", "(" T ", " T ") -> " T, "bq_safe_" #p "_subtract", NULLS_STRICT, NULL, NULL },             \
    { "SAFE_MULTIPLY", "(" T ", " T ") -> " T, "bq_safe_" #p "_multiply", NULLS_STRICT, NULL, NULL },             \
    { "SAFE_DIVIDE", "(" T ", " T ") -> " T, "bq_safe_" #p "_divide", NULLS_STRICT, NULL, NULL },                 \
    { "SAFE_NEGATE", "(" T ") -> " T, "bq_safe_" #p "_negate", NULLS_STRICT, NULL, NULL },                        \
    { "IEEE_DIVIDE", "(" T ", " T ") -> FLOAT64", "bq_" #p "_ieee_divide", NULLS_STRICT, p##_ieee_divide, NULL }, \
    { "DIV", "(" T ", " T ") -> " T, "bq_" #p "_div", STRICT_FAIL, p##_div, NULL },                               \
    { "MOD", "(" T ", " T ") -> " T, "bq_" #p "_mod", STRICT_FAIL, p##_mod, NULL },                               \
    { "ABS", "(" T ") -> " T, "bq_" #p "_abs", STRICT_FAIL, p##_abs, NULL },                                      \
    { "SIGN", "(" T ") -> " T, "bq_" #p "_sign", NULLS_STRICT, p##_sign, NULL },                                  \
    { "ROUND", "(" T ", [INT64], [STRING]) -> " T, "bq_" #p "_round", STRICT_FAIL, p##_round, NULL },             \
    { "TRUNC", "(" T ", [INT64]) -> " T, "bq_" #p "_trunc", STRICT_FAIL, p##_trunc, NULL },                       \
    { "CEIL", "(" T ") -> " T, "bq_" #p "_ceil", STRICT_FAIL, p##_ceil, NULL },                                   \
    { "CEILING", "(" T ") -> " T, "bq_" #p "_ceil", STRICT_FAIL, NULL, NULL },                                    \
    { "FLOOR", "(" T ") -> " T, "bq_" #p "_floor", STRICT_FAIL, p##_floor, NULL },                                \
    { "SQRT", "(" T ") -> " T, "bq_" #p "_sqrt", STRICT_FAIL, p##_sqrt, NULL },                                   \
    { "CBRT", "(" T ") -> " T, "bq_" #p "_cbrt", STRICT_FAIL, p##_cbrt, NULL },                                   \
    { "EXP", "(" T ") -> " T, "bq_" #p "_exp", STRICT_FAIL, p##_exp, NULL },                                      \
    { "LN", "(" T ") -> " T, "bq_" #p "_ln", STRICT_FAIL, p##_ln, NULL },                                         \
    { "LOG", "(" T ") -> " T, "bq_" #p "_ln", STRICT_FAIL, NULL, NULL },                                          \
    { "LOG", "(" T ", " T ") -> " T, "bq_" #p "_log", STRICT_FAIL, p##_log, NULL },                               \
    { "LOG10", "(" T ") -> " T, "bq_" #p "_log10", STRICT_FAIL, p##_log10, NULL },                                \
    { "POW", "(" T ", " T ") -> " T, "bq_" #p "_pow", STRICT_FAIL, p##_pow, NULL },                               \
    { "POWER", "(" T ", " T ") -> " T, "bq_" #p "_pow", STRICT_FAIL, NULL, NULL },                                \
  {                                                                                                               \
    "PARSE_" T, "(STRING) -> " T, "bq_parse_" #p, STRICT_FAIL, p##_parse, NULL                                    \
  }

const ErosNative eros_native_numeric[] = {
  LINES ("NUMERIC", numeric),
  LINES ("BIGNUMERIC", bignumeric),
  { NULL, NULL, NULL, 0, NULL, NULL },
};
