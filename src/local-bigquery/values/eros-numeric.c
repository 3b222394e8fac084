/* eros-numeric.c: NUMERIC and BIGNUMERIC, exact decimals
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-numeric.h"

#include <math.h>
#include <string.h>

#define MAX_DIGITS 96 /* of a 256-bit number and its exponent's zeros */

guint
eros_numeric_get_scale (ErosSqlKind kind)
{
  return kind == EROS_SQL_NUMERIC ? 9 : 38;
}

/**
 * eros_numeric_get_size:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 *
 * Returns: the size in bytes of the stored form
 */
gsize
eros_numeric_get_size (ErosSqlKind kind)
{
  return kind == EROS_SQL_NUMERIC ? 16 : 32;
}

/**
 * eros_numeric_in_range:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @number: a scaled number
 *
 * Returns: whether @number is one of @kind: 38 digits, or 256 bits in two's complement
 */
gboolean
eros_numeric_in_range (ErosSqlKind kind, const ErosWide *number)
{
  /* 10^38 */
  static const guint64 limit_high = G_GUINT64_CONSTANT (0x4b3b4ca85a86c47a);
  static const guint64 limit_low = G_GUINT64_CONSTANT (0x098a224000000000);
  const guint64 *limb = number->limb;
  const guint64 sign = G_GUINT64_CONSTANT (1) << 63;

  if (kind == EROS_SQL_NUMERIC)
    return limb[3] == 0 && limb[2] == 0 &&
           (limb[1] < limit_high || (limb[1] == limit_high && limb[0] < limit_low));
  if ((limb[3] & sign) == 0)
    return TRUE;
  return number->negative && limb[3] == sign && limb[2] == 0 && limb[1] == 0 && limb[0] == 0;
}

static void
negate_limbs (guint64 *limb)
{
  guint64 carry = 1;

  for (guint i = 0; i < EROS_WIDE_LIMBS; i++)
    {
      limb[i] = ~limb[i] + carry;
      carry = carry != 0 && limb[i] == 0;
    }
}

/**
 * eros_numeric_load:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @data: big-endian two's complement with the sign bit flipped
 * @size: its size
 * @number: (out): the number
 *
 * Returns: whether @data is of the right size and in range
 */
gboolean
eros_numeric_load (ErosSqlKind kind, const char *data, gsize size, ErosWide *number)
{
  guint n_limbs = (guint) eros_numeric_get_size (kind) / 8;

  if (size != eros_numeric_get_size (kind))
    return FALSE;
  *number = eros_wide_zero;
  for (guint i = 0; i < n_limbs; i++)
    {
      guint64 limb;

      memcpy (&limb, data + 8 * (n_limbs - 1 - i), 8);
      number->limb[i] = GUINT64_FROM_BE (limb);
    }
  number->limb[n_limbs - 1] ^= G_GUINT64_CONSTANT (1) << 63;
  if (number->limb[n_limbs - 1] >> 63)
    {
      for (guint i = n_limbs; i < EROS_WIDE_LIMBS; i++)
        number->limb[i] = G_MAXUINT64;
      negate_limbs (number->limb);
      number->negative = TRUE;
    }
  return eros_numeric_in_range (kind, number);
}

/**
 * eros_numeric_store:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @number: a number in range
 * @data: (out): eros_numeric_get_size() bytes, whose memcmp() order is the numbers' order
 */
void
eros_numeric_store (ErosSqlKind kind, const ErosWide *number, char *data)
{
  guint n_limbs = (guint) eros_numeric_get_size (kind) / 8;
  ErosWide complement = *number;

  if (number->negative)
    negate_limbs (complement.limb);
  complement.limb[n_limbs - 1] ^= G_GUINT64_CONSTANT (1) << 63;
  for (guint i = 0; i < n_limbs; i++)
    {
      guint64 limb = GUINT64_TO_BE (complement.limb[n_limbs - 1 - i]);

      memcpy (data + 8 * i, &limb, 8);
    }
}

/* ---- Text ---------------------------------------------------------------------------------------------- */

/* Adds a digit; FALSE when the number no longer fits. */
static gboolean
push_digit (ErosWide *number, guint digit)
{
  ErosWide ten, wide;

  eros_wide_set_uint64 (&ten, 10);
  eros_wide_set_uint64 (&wide, digit);
  return eros_wide_multiply (number, &ten, number) && eros_wide_add (number, &wide, number);
}

/* The exponent after an 'e'; FALSE if malformed. What is absurdly large stops at ±10,000. */
static gboolean
parse_exponent (const char **next, const char *end, int *exponent)
{
  const char *p = *next;
  gboolean negative = FALSE;

  if (p < end && (*p == '+' || *p == '-'))
    negative = *p++ == '-';
  if (p >= end || !g_ascii_isdigit (*p))
    return FALSE;
  *exponent = 0;
  for (; p < end && g_ascii_isdigit (*p); p++)
    *exponent = MIN (*exponent * 10 + (*p - '0'), 10000);
  if (negative)
    *exponent = -*exponent;
  *next = p;
  return TRUE;
}

typedef struct
{
  const char *digits; /* with a point somewhere */
  const char *end;
  int point; /* digits before the point */
  int n_digits;
  int exponent;
  gboolean negative;
} Decimal;

static gboolean
scan_decimal (const char *text, gsize size, Decimal *decimal)
{
  const char *p = text;
  const char *end = text + size;

  while (p < end && g_ascii_isspace (*p))
    p++;
  while (end > p && g_ascii_isspace (end[-1]))
    end--;
  if (p < end && (*p == '+' || *p == '-'))
    decimal->negative = *p++ == '-';
  decimal->digits = p;
  decimal->point = -1;
  for (; p < end && (g_ascii_isdigit (*p) || (*p == '.' && decimal->point < 0)); p++)
    if (*p == '.')
      decimal->point = decimal->n_digits;
    else
      decimal->n_digits++;
  decimal->end = p;
  if (decimal->n_digits == 0)
    return FALSE;
  if (decimal->point < 0)
    decimal->point = decimal->n_digits;
  if (p < end && (*p == 'e' || *p == 'E'))
    {
      p++;
      if (!parse_exponent (&p, end, &decimal->exponent))
        return FALSE;
    }
  return p == end;
}

/**
 * eros_numeric_parse:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @text: UTF-8, not NUL-terminated
 * @size: its length
 * @number: (out): the number
 *
 * Reads a decimal with an optional exponent, space around it allowed, and rounds what is beyond the scale
 * half away from zero.
 *
 * Returns: whether @text is a number in range
 */
gboolean
eros_numeric_parse (ErosSqlKind kind, const char *text, gsize size, ErosWide *number)
{
  Decimal decimal = { 0 };
  int position = 0;
  int wanted = 0; /* how many digits, from the first, are before the last place of the scale */
  gboolean half = FALSE;
  ErosWide one;

  if (!scan_decimal (text, size, &decimal))
    return FALSE;
  *number = eros_wide_zero;
  wanted = decimal.point + decimal.exponent + (int) eros_numeric_get_scale (kind);
  for (const char *p = decimal.digits; p < decimal.end; p++)
    {
      if (*p == '.')
        continue;
      if (position < wanted && !push_digit (number, (guint) (*p - '0')))
        return FALSE;
      if (position == wanted)
        half = *p >= '5';
      position++;
    }
  for (; position < wanted && !eros_wide_is_zero (number); position++)
    if (!push_digit (number, 0))
      return FALSE;
  if (half)
    {
      eros_wide_set_uint64 (&one, 1);
      if (!eros_wide_add (number, &one, number))
        return FALSE;
    }
  number->negative = decimal.negative && !eros_wide_is_zero (number);
  return eros_numeric_in_range (kind, number);
}

/**
 * eros_numeric_append:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @number: a number
 * @text: where to append
 *
 * Appends the shortest decimal: no exponent, no zeros at the end, `-0.5`, `12`.
 */
void
eros_numeric_append (ErosSqlKind kind, const ErosWide *number, GString *text)
{
  char digits[MAX_DIGITS];
  guint scale = eros_numeric_get_scale (kind);
  ErosWide rest = *number;
  guint n = 0;
  guint last = 0;

  rest.negative = FALSE;
  while (!eros_wide_is_zero (&rest))
    {
      guint32 group = eros_wide_divide_small (&rest, 1000000000);

      for (guint i = 0; i < 9; i++, group /= 10)
        digits[n++] = (char) ('0' + group % 10);
    }
  while (n > 0 && digits[n - 1] == '0')
    n--;
  while (n <= scale)
    digits[n++] = '0';
  while (last < scale && digits[last] == '0')
    last++;
  if (number->negative)
    g_string_append_c (text, '-');
  for (guint i = n; i-- > last;)
    {
      if (i + 1 == scale)
        g_string_append_c (text, '.');
      g_string_append_c (text, digits[i]);
    }
}

/* ---- Conversions --------------------------------------------------------------------------------------- */

static void
scale_factor (ErosSqlKind kind, ErosWide *factor)
{
  eros_wide_power_of_ten (factor, eros_numeric_get_scale (kind));
}

gboolean
eros_numeric_from_int64 (ErosSqlKind kind, gint64 value, ErosWide *number)
{
  ErosWide factor, wide;

  scale_factor (kind, &factor);
  eros_wide_set_int64 (&wide, value);
  return eros_wide_multiply (&wide, &factor, number) && eros_numeric_in_range (kind, number);
}

/**
 * eros_numeric_from_double:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @value: a number
 * @number: (out): the nearest decimal, half away from zero, of @value's exact binary value
 *
 * Returns: whether @value is finite and in range
 */
gboolean
eros_numeric_from_double (ErosSqlKind kind, double value, ErosWide *number)
{
  ErosWide factor;
  int exponent = 0;
  gint64 mantissa = 0;

  if (!isfinite (value))
    return FALSE;
  mantissa = (gint64) ldexp (frexp (value, &exponent), 53);
  exponent -= 53;
  scale_factor (kind, &factor);
  eros_wide_set_int64 (number, mantissa);
  if (!eros_wide_multiply (number, &factor, number))
    return FALSE;
  if (exponent < 0)
    eros_wide_shift_right_half_away (number, (guint) -exponent);
  else if (!eros_wide_shift_left (number, (guint) exponent, number))
    return FALSE;
  return eros_numeric_in_range (kind, number);
}

/**
 * eros_numeric_convert:
 * @from: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @number: a number of kind @from
 * @to: the other, or the same
 * @result: (out): the number, rounded half away from zero where places are lost
 *
 * Returns: whether @number is in the range of @to
 */
gboolean
eros_numeric_convert (ErosSqlKind from, const ErosWide *number, ErosSqlKind to, ErosWide *result)
{
  ErosWide numerator, denominator;

  scale_factor (to, &numerator);
  scale_factor (from, &denominator);
  return eros_wide_multiply_divide (number, &numerator, &denominator, EROS_WIDE_HALF_AWAY, result) &&
         eros_numeric_in_range (to, result);
}

gboolean
eros_numeric_to_int64 (ErosSqlKind kind, const ErosWide *number, gint64 *value)
{
  const guint64 limit = G_GUINT64_CONSTANT (1) << 63;
  ErosWide one, factor, whole;

  eros_wide_set_uint64 (&one, 1);
  scale_factor (kind, &factor);
  if (!eros_wide_multiply_divide (number, &one, &factor, EROS_WIDE_HALF_AWAY, &whole))
    return FALSE;
  if (whole.limb[1] != 0 || whole.limb[2] != 0 || whole.limb[3] != 0)
    return FALSE;
  if (whole.limb[0] > limit || (whole.limb[0] == limit && !whole.negative))
    return FALSE;
  *value = whole.negative ? (gint64) -whole.limb[0] : (gint64) whole.limb[0];
  return TRUE;
}

double
eros_numeric_to_double (ErosSqlKind kind, const ErosWide *number)
{
  g_autoptr (GString) text = g_string_sized_new (MAX_DIGITS);

  /* Exact through 2^53 places of a quotient of exact doubles; beyond that strtod() rounds correctly. */
  if (kind == EROS_SQL_NUMERIC && number->limb[1] == 0 && number->limb[0] < G_GUINT64_CONSTANT (1) << 53)
    return (number->negative ? -1.0 : 1.0) * ((double) number->limb[0] / 1e9);
  eros_numeric_append (kind, number, text);
  return g_ascii_strtod (text->str, NULL);
}

/* ---- Arithmetic. Each returns FALSE where the result is out of range ----------------------------------- */

gboolean
eros_numeric_add (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  return eros_wide_add (a, b, result) && eros_numeric_in_range (kind, result);
}

gboolean
eros_numeric_subtract (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  return eros_wide_subtract (a, b, result) && eros_numeric_in_range (kind, result);
}

gboolean
eros_numeric_multiply (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  ErosWide factor;

  scale_factor (kind, &factor);
  return eros_wide_multiply_divide (a, b, &factor, EROS_WIDE_HALF_AWAY, result) &&
         eros_numeric_in_range (kind, result);
}

/* @b is not zero. */
gboolean
eros_numeric_divide (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  ErosWide factor;

  scale_factor (kind, &factor);
  return eros_wide_multiply_divide (a, &factor, b, EROS_WIDE_HALF_AWAY, result) &&
         eros_numeric_in_range (kind, result);
}

/**
 * eros_numeric_divide_integer:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @a: dividend
 * @b: divisor, not zero
 * @result: (out): the quotient without its fraction, as DIV() gives it
 *
 * Returns: whether the result is in range
 */
gboolean
eros_numeric_divide_integer (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  ErosWide one, factor, quotient;

  eros_wide_set_uint64 (&one, 1);
  scale_factor (kind, &factor);
  return eros_wide_multiply_divide (a, &one, b, EROS_WIDE_TRUNCATE, &quotient) &&
         eros_wide_multiply (&quotient, &factor, result) && eros_numeric_in_range (kind, result);
}

/**
 * eros_numeric_round:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @number: a number
 * @digits: decimal places to keep, negative for tens, hundreds …
 * @rounding: how
 * @result: (out): the rounded number
 *
 * Returns: whether the result is in range
 */
gboolean
eros_numeric_round (ErosSqlKind kind,
                    const ErosWide *number,
                    gint64 digits,
                    ErosWideRounding rounding,
                    ErosWide *result)
{
  gint64 scale = eros_numeric_get_scale (kind);
  ErosWide one, step, quotient;

  if (digits >= scale)
    {
      *result = *number;
      return TRUE;
    }
  eros_wide_set_uint64 (&one, 1);
  if (digits < scale - 76)
    {
      *result = eros_wide_zero;
      return eros_wide_is_zero (number) || rounding == EROS_WIDE_HALF_AWAY ||
             rounding == EROS_WIDE_HALF_EVEN || rounding == EROS_WIDE_TRUNCATE;
    }
  eros_wide_power_of_ten (&step, (guint) (scale - digits));
  return eros_wide_multiply_divide (number, &one, &step, rounding, &quotient) &&
         eros_wide_multiply (&quotient, &step, result) && eros_numeric_in_range (kind, result);
}
