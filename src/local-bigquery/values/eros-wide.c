/* eros-wide.c: 256-bit integers, the ground under NUMERIC and BIGNUMERIC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-wide.h"

#include <string.h>

__extension__ typedef unsigned __int128 guint128;

#define LIMBS  EROS_WIDE_LIMBS
#define DIGITS (4 * LIMBS) /* 32-bit digits of a product */

const ErosWide eros_wide_zero = { { 0 }, FALSE };

static gboolean
all_zero (const guint64 *limb, guint n)
{
  guint64 all = 0;

  for (guint i = 0; i < n; i++)
    all |= limb[i];
  return all == 0;
}

void
eros_wide_set_uint64 (ErosWide *wide, guint64 value)
{
  *wide = eros_wide_zero;
  wide->limb[0] = value;
}

void
eros_wide_set_int64 (ErosWide *wide, gint64 value)
{
  eros_wide_set_uint64 (wide, value < 0 ? -(guint64) value : (guint64) value);
  wide->negative = value < 0;
}

gboolean
eros_wide_is_zero (const ErosWide *wide)
{
  return all_zero (wide->limb, LIMBS);
}

int
eros_wide_compare_magnitude (const ErosWide *a, const ErosWide *b)
{
  for (int i = LIMBS - 1; i >= 0; i--)
    if (a->limb[i] != b->limb[i])
      return a->limb[i] < b->limb[i] ? -1 : 1;
  return 0;
}

/**
 * eros_wide_compare:
 * @a: a number
 * @b: another
 *
 * Returns: negative, 0 or positive as @a is less than, equal to or greater than @b
 */
int
eros_wide_compare (const ErosWide *a, const ErosWide *b)
{
  if (a->negative != b->negative)
    return a->negative ? -1 : 1;
  return a->negative ? eros_wide_compare_magnitude (b, a) : eros_wide_compare_magnitude (a, b);
}

static gboolean
add_magnitudes (const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  guint64 carry = 0;

  for (guint i = 0; i < LIMBS; i++)
    {
      guint128 sum = (guint128) a->limb[i] + b->limb[i] + carry;

      result->limb[i] = (guint64) sum;
      carry = (guint64) (sum >> 64);
    }
  return carry == 0;
}

/* |a| ≥ |b| */
static void
subtract_magnitudes (const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  guint64 borrow = 0;

  for (guint i = 0; i < LIMBS; i++)
    {
      guint128 difference = (guint128) a->limb[i] - b->limb[i] - borrow;

      result->limb[i] = (guint64) difference;
      borrow = (guint64) (difference >> 64) != 0;
    }
}

gboolean
eros_wide_add (const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  gboolean negative = a->negative;

  if (a->negative == b->negative)
    {
      if (!add_magnitudes (a, b, result))
        return FALSE;
    }
  else if (eros_wide_compare_magnitude (a, b) >= 0)
    subtract_magnitudes (a, b, result);
  else
    {
      negative = b->negative;
      subtract_magnitudes (b, a, result);
    }
  result->negative = negative && !eros_wide_is_zero (result);
  return TRUE;
}

gboolean
eros_wide_subtract (const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  ErosWide negated = *b;

  negated.negative = !b->negative && !eros_wide_is_zero (b);
  return eros_wide_add (a, &negated, result);
}

static void
multiply_magnitudes (const ErosWide *a, const ErosWide *b, guint64 product[2 * LIMBS])
{
  memset (product, 0, 2 * LIMBS * sizeof *product);
  for (guint i = 0; i < LIMBS; i++)
    {
      guint64 carry = 0;

      for (guint j = 0; j < LIMBS; j++)
        {
          guint128 t = (guint128) a->limb[i] * b->limb[j] + product[i + j] + carry;

          product[i + j] = (guint64) t;
          carry = (guint64) (t >> 64);
        }
      product[i + LIMBS] = carry;
    }
}

gboolean
eros_wide_multiply (const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  guint64 product[2 * LIMBS];
  gboolean negative = a->negative != b->negative;

  multiply_magnitudes (a, b, product);
  if (!all_zero (product + LIMBS, LIMBS))
    return FALSE;
  memcpy (result->limb, product, sizeof result->limb);
  result->negative = negative && !eros_wide_is_zero (result);
  return TRUE;
}

gboolean
eros_wide_shift_left (const ErosWide *a, guint bits, ErosWide *result)
{
  ErosWide factor = eros_wide_zero;

  if (eros_wide_is_zero (a))
    {
      *result = *a;
      return TRUE;
    }
  if (bits >= 64 * LIMBS)
    return FALSE;
  factor.limb[bits / 64] = G_GUINT64_CONSTANT (1) << (bits % 64);
  return eros_wide_multiply (a, &factor, result);
}

/**
 * eros_wide_shift_right_half_away:
 * @wide: a number
 * @bits: how many bits to drop
 *
 * Divides by 2^@bits, rounding half away from zero.
 */
void
eros_wide_shift_right_half_away (ErosWide *wide, guint bits)
{
  ErosWide shifted = eros_wide_zero;
  ErosWide one = eros_wide_zero;
  gboolean half = FALSE;

  if (bits == 0)
    return;
  half = bits <= 64 * LIMBS && (wide->limb[(bits - 1) / 64] >> ((bits - 1) % 64) & 1) != 0;
  for (guint i = 0; i + bits / 64 < LIMBS; i++)
    {
      guint from = i + bits / 64;
      guint64 high = from + 1 < LIMBS ? wide->limb[from + 1] : 0;

      shifted.limb[i] =
        bits % 64 == 0 ? wide->limb[from] : (wide->limb[from] >> (bits % 64)) | (high << (64 - bits % 64));
    }
  one.limb[0] = half;
  add_magnitudes (&shifted, &one, &shifted);
  shifted.negative = wide->negative && !eros_wide_is_zero (&shifted);
  *wide = shifted;
}

/**
 * eros_wide_power_of_ten:
 * @wide: (out): 10^@exponent
 * @exponent: at most 76
 */
void
eros_wide_power_of_ten (ErosWide *wide, guint exponent)
{
  ErosWide factor = eros_wide_zero;

  g_return_if_fail (exponent <= 76);
  eros_wide_set_uint64 (wide, 1);
  for (; exponent >= 19; exponent -= 19)
    {
      eros_wide_set_uint64 (&factor, G_GUINT64_CONSTANT (10000000000000000000));
      (void) eros_wide_multiply (wide, &factor, wide);
    }
  factor = eros_wide_zero;
  factor.limb[0] = 1;
  for (guint i = 0; i < exponent; i++)
    factor.limb[0] *= 10;
  (void) eros_wide_multiply (wide, &factor, wide);
}

guint32
eros_wide_divide_small (ErosWide *wide, guint32 divisor)
{
  guint64 remainder = 0;

  for (int i = LIMBS - 1; i >= 0; i--)
    {
      guint128 t = ((guint128) remainder << 64) | wide->limb[i];

      wide->limb[i] = (guint64) (t / divisor);
      remainder = (guint64) (t % divisor);
    }
  wide->negative = wide->negative && !eros_wide_is_zero (wide);
  return (guint32) remainder;
}

/* Long division (Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithm D) on 32-bit digits. */

static guint
split (const guint64 *limb, guint n_limbs, guint32 *digit)
{
  guint n = 2 * n_limbs;

  for (guint i = 0; i < n_limbs; i++)
    {
      digit[2 * i] = (guint32) limb[i];
      digit[2 * i + 1] = (guint32) (limb[i] >> 32);
    }
  while (n > 0 && digit[n - 1] == 0)
    n--;
  return n;
}

static void
divide_by_digit (const guint32 *u, guint n, guint32 divisor, guint32 *quotient, guint32 *remainder)
{
  guint64 rest = 0;

  for (int i = (int) n - 1; i >= 0; i--)
    {
      guint64 t = (rest << 32) | u[i];

      quotient[i] = (guint32) (t / divisor);
      rest = t % divisor;
    }
  remainder[0] = (guint32) rest;
}

/* Subtracts q × v from the digits u[0..n]; TRUE if that went below zero. */
static gboolean
subtract_product (guint32 *u, const guint32 *v, guint n, guint64 q)
{
  gint64 borrow = 0;
  gint64 t = 0;

  for (guint i = 0; i < n; i++)
    {
      guint64 p = q * v[i];

      t = (gint64) u[i] - borrow - (gint64) (p & G_MAXUINT32);
      u[i] = (guint32) t;
      borrow = (gint64) (p >> 32) - (t >> 32);
    }
  t = (gint64) u[n] - borrow;
  u[n] = (guint32) t;
  return t < 0;
}

static void
add_back (guint32 *u, const guint32 *v, guint n)
{
  guint64 carry = 0;

  for (guint i = 0; i < n; i++)
    {
      guint64 t = (guint64) u[i] + v[i] + carry;

      u[i] = (guint32) t;
      carry = t >> 32;
    }
  u[n] += (guint32) carry;
}

static guint64
estimate_digit (const guint32 *u, const guint32 *v, guint n)
{
  guint64 top = ((guint64) u[n] << 32) | u[n - 1];
  guint64 q = top / v[n - 1];
  guint64 rest = top % v[n - 1];

  while (q > G_MAXUINT32 || q * v[n - 2] > ((rest << 32) | u[n - 2]))
    {
      q--;
      rest += v[n - 1];
      if (rest > G_MAXUINT32)
        break;
    }
  return q;
}

static void
shift_digits_left (const guint32 *from, guint n, guint bits, guint32 *to)
{
  guint32 carry = 0;

  for (guint i = 0; i < n; i++)
    {
      to[i] = (from[i] << bits) | carry;
      carry = bits == 0 ? 0 : from[i] >> (32 - bits);
    }
  to[n] = carry;
}

/* u (m digits) ÷ v (n digits, the last not zero); quotient has DIGITS digits, remainder 2 × LIMBS. */
static void
divide_digits (const guint32 *u, guint m, const guint32 *v, guint n, guint32 *quotient, guint32 *remainder)
{
  guint32 un[DIGITS + 1] = { 0 };
  guint32 vn[DIGITS + 1] = { 0 };
  guint bits = (guint) __builtin_clz (v[n - 1]);

  memset (quotient, 0, DIGITS * sizeof *quotient);
  memset (remainder, 0, 2 * LIMBS * sizeof *remainder);
  if (m < n)
    {
      memcpy (remainder, u, m * sizeof *remainder);
      return;
    }
  if (n == 1)
    {
      divide_by_digit (u, m, v[0], quotient, remainder);
      return;
    }
  shift_digits_left (u, m, bits, un);
  shift_digits_left (v, n, bits, vn);
  for (int j = (int) (m - n); j >= 0; j--)
    {
      guint64 q = estimate_digit (un + j, vn, n);

      if (subtract_product (un + j, vn, n, q))
        {
          q--;
          add_back (un + j, vn, n);
        }
      quotient[j] = (guint32) q;
    }
  for (guint i = 0; i < n; i++)
    remainder[i] = bits == 0 ? un[i] : (un[i] >> bits) | (un[i + 1] << (32 - bits));
}

static void
join (const guint32 *digit, guint n_limbs, guint64 *limb)
{
  for (guint i = 0; i < n_limbs; i++)
    limb[i] = digit[2 * i] | ((guint64) digit[2 * i + 1] << 32);
}

static gboolean
rounds_up (const ErosWide *remainder,
           const ErosWide *divisor,
           gboolean odd,
           gboolean negative,
           ErosWideRounding rounding)
{
  ErosWide rest = eros_wide_zero;
  int half = 0;

  if (eros_wide_is_zero (remainder))
    return FALSE;
  /* remainder against divisor − remainder: no bit is lost by doubling */
  subtract_magnitudes (divisor, remainder, &rest);
  half = eros_wide_compare_magnitude (remainder, &rest);
  switch (rounding)
    {
    case EROS_WIDE_HALF_AWAY:
      return half >= 0;
    case EROS_WIDE_HALF_EVEN:
      return half > 0 || (half == 0 && odd);
    case EROS_WIDE_FLOOR:
      return negative;
    case EROS_WIDE_CEILING:
      return !negative;
    case EROS_WIDE_TRUNCATE:
    default:
      return FALSE;
    }
}

gboolean
eros_wide_multiply_divide (const ErosWide *a,
                           const ErosWide *b,
                           const ErosWide *c,
                           ErosWideRounding rounding,
                           ErosWide *result)
{
  guint64 product[2 * LIMBS];
  guint64 quotient_limbs[2 * LIMBS];
  guint32 u[DIGITS], v[2 * LIMBS], quotient[DIGITS], remainder[2 * LIMBS];
  ErosWide divisor = *c;
  ErosWide rest = eros_wide_zero;
  ErosWide one = eros_wide_zero;
  gboolean negative = (a->negative != b->negative) != c->negative;
  guint m = 0;
  guint n = 0;

  multiply_magnitudes (a, b, product);
  m = split (product, 2 * LIMBS, u);
  n = split (c->limb, LIMBS, v);
  g_return_val_if_fail (n > 0, FALSE);
  divide_digits (u, m, v, n, quotient, remainder);
  join (quotient, 2 * LIMBS, quotient_limbs);
  join (remainder, LIMBS, rest.limb);
  if (!all_zero (quotient_limbs + LIMBS, LIMBS))
    return FALSE;
  *result = eros_wide_zero;
  memcpy (result->limb, quotient_limbs, sizeof result->limb);
  if (rounds_up (&rest, &divisor, result->limb[0] & 1, negative, rounding))
    {
      one.limb[0] = 1;
      if (!add_magnitudes (result, &one, result))
        return FALSE;
    }
  result->negative = negative && !eros_wide_is_zero (result);
  return TRUE;
}

/**
 * eros_wide_remainder:
 * @a: dividend
 * @b: divisor, not zero
 * @result: (out): what is left, with the sign of @a
 */
void
eros_wide_remainder (const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  guint32 u[DIGITS], v[2 * LIMBS], quotient[DIGITS], remainder[2 * LIMBS];
  gboolean negative = a->negative;
  guint m = split (a->limb, LIMBS, u);
  guint n = split (b->limb, LIMBS, v);

  g_return_if_fail (n > 0);
  divide_digits (u, m, v, n, quotient, remainder);
  join (remainder, LIMBS, result->limb);
  result->negative = negative && !eros_wide_is_zero (result);
}
