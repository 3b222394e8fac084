/* eros-numeric-math.c: roots, powers and logarithms of NUMERIC and BIGNUMERIC
 *
 * Fixed point in OpenSSL's big integers: a number is value × 2^PRECISION. That is 120 decimal places, where a
 * result shows at most 38, so that what is exact comes out exact after rounding.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-numeric-math.h"

#include <openssl/bn.h>

#define PRECISION 400 /* bits after the point */
#define MAX_BITS  200 /* before the point: more is out of range for all kinds */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BN_CTX, BN_CTX_free)

static void
set_wide (BIGNUM *number, const ErosWide *wide)
{
  guint8 bytes[8 * EROS_WIDE_LIMBS];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) (wide->limb[i / 8] >> (8 * (i % 8)));
  BN_lebin2bn (bytes, sizeof bytes, number);
  BN_set_negative (number, wide->negative);
}

static gboolean
get_wide (const BIGNUM *number, ErosWide *wide)
{
  guint8 bytes[8 * EROS_WIDE_LIMBS];

  if (BN_num_bytes (number) > (int) sizeof bytes)
    return FALSE;
  BN_bn2lebinpad (number, bytes, sizeof bytes);
  *wide = eros_wide_zero;
  for (guint i = 0; i < sizeof bytes; i++)
    wide->limb[i / 8] |= (guint64) bytes[i] << (8 * (i % 8));
  wide->negative = BN_is_negative (number) != 0;
  return TRUE;
}

static void
set_power_of_ten (BIGNUM *number, guint exponent)
{
  ErosWide wide;

  eros_wide_power_of_ten (&wide, exponent);
  set_wide (number, &wide);
}

/* value × 10^scale → value × 2^PRECISION */
static void
to_fixed (ErosSqlKind kind, const ErosWide *wide, BIGNUM *fixed, BN_CTX *context)
{
  g_autoptr (BIGNUM) scale = BN_new ();

  set_wide (fixed, wide);
  set_power_of_ten (scale, eros_numeric_get_scale (kind));
  BN_lshift (fixed, fixed, PRECISION);
  BN_div (fixed, NULL, fixed, scale, context);
}

static gboolean
from_fixed (ErosSqlKind kind, const BIGNUM *fixed, ErosWide *wide, BN_CTX *context)
{
  g_autoptr (BIGNUM) number = BN_new ();
  g_autoptr (BIGNUM) half = BN_new ();
  gboolean negative = BN_is_negative (fixed) != 0;

  set_power_of_ten (number, eros_numeric_get_scale (kind));
  BN_mul (number, number, fixed, context);
  BN_set_negative (number, 0);
  BN_one (half);
  BN_lshift (half, half, PRECISION - 1);
  BN_add (number, number, half);
  BN_rshift (number, number, PRECISION);
  BN_set_negative (number, negative && !BN_is_zero (number));
  return get_wide (number, wide) && eros_numeric_in_range (kind, wide);
}

static void
multiply (BIGNUM *result, const BIGNUM *a, const BIGNUM *b, BN_CTX *context)
{
  BN_mul (result, a, b, context);
  BN_rshift (result, result, PRECISION);
}

static void
divide (BIGNUM *result, const BIGNUM *a, const BIGNUM *b, BN_CTX *context)
{
  g_autoptr (BIGNUM) numerator = BN_new ();

  BN_lshift (numerator, a, PRECISION);
  BN_div (result, NULL, numerator, b, context);
}

static void
set_one (BIGNUM *number)
{
  BN_one (number);
  BN_lshift (number, number, PRECISION);
}

/* 2 × artanh (z) = 2 (z + z³/3 + z⁵/5 …) */
static void
twice_artanh (BIGNUM *result, const BIGNUM *z, BN_CTX *context)
{
  g_autoptr (BIGNUM) power = BN_dup (z);
  g_autoptr (BIGNUM) square = BN_new ();
  g_autoptr (BIGNUM) term = BN_new ();

  multiply (square, z, z, context);
  BN_zero (result);
  for (BN_ULONG n = 1; !BN_is_zero (power); n += 2)
    {
      gboolean negative = BN_is_negative (power) != 0;

      BN_copy (term, power);
      BN_div_word (term, n);
      BN_set_negative (term, negative && !BN_is_zero (term));
      BN_add (result, result, term);
      multiply (power, power, square, context);
    }
  BN_lshift1 (result, result);
}

/* ln 2 = 2 × artanh (1/3) */
static void
set_ln_2 (BIGNUM *result, BN_CTX *context)
{
  g_autoptr (BIGNUM) third = BN_new ();

  set_one (third);
  BN_div_word (third, 3);
  twice_artanh (result, third, context);
}

/* ln x = k ln 2 + 2 artanh ((m - 1) / (m + 1)), x = m 2^k, 1 ≤ m < 2; x > 0 */
static void
fixed_ln (BIGNUM *result, const BIGNUM *x, BN_CTX *context)
{
  int k = BN_num_bits (x) - 1 - PRECISION;
  g_autoptr (BIGNUM) m = BN_new ();
  g_autoptr (BIGNUM) one = BN_new ();
  g_autoptr (BIGNUM) sum = BN_new ();
  g_autoptr (BIGNUM) ln_2 = BN_new ();

  if (k >= 0)
    BN_rshift (m, x, k);
  else
    BN_lshift (m, x, -k);
  set_one (one);
  BN_add (sum, m, one);
  BN_sub (m, m, one);
  divide (m, m, sum, context);
  twice_artanh (result, m, context);
  set_ln_2 (ln_2, context);
  BN_mul_word (ln_2, (BN_ULONG) ABS (k));
  BN_set_negative (ln_2, k < 0 && !BN_is_zero (ln_2));
  BN_add (result, result, ln_2);
}

/* e^x = 2^k e^r, x = k ln 2 + r, 0 ≤ r < ln 2. FALSE when it is certainly too large. */
static gboolean
fixed_exp (BIGNUM *result, const BIGNUM *x, BN_CTX *context)
{
  g_autoptr (BIGNUM) ln_2 = BN_new ();
  g_autoptr (BIGNUM) quotient = BN_new ();
  g_autoptr (BIGNUM) rest = BN_new ();
  g_autoptr (BIGNUM) term = BN_new ();
  int k = 0;

  set_ln_2 (ln_2, context);
  BN_div (quotient, rest, x, ln_2, context);
  if (BN_is_negative (rest))
    {
      BN_add (rest, rest, ln_2);
      BN_sub_word (quotient, 1);
    }
  if (BN_num_bits (quotient) > 16)
    {
      BN_zero (result);
      return BN_is_negative (quotient) != 0;
    }
  k = (int) BN_get_word (quotient) * (BN_is_negative (quotient) ? -1 : 1);
  if (k > MAX_BITS)
    return FALSE;
  set_one (result);
  set_one (term);
  for (BN_ULONG n = 1; !BN_is_zero (term); n++)
    {
      multiply (term, term, rest, context);
      BN_div_word (term, n);
      BN_add (result, result, term);
    }
  if (k >= 0)
    BN_lshift (result, result, k);
  else
    BN_rshift (result, result, -k);
  return TRUE;
}

/* ---- Public -------------------------------------------------------------------------------------------- */

/* The integer root of @number of @degree 2 or 3, rounded down, by Newton from above. */
static void
integer_root (BIGNUM *root, const BIGNUM *number, guint degree, BN_CTX *context)
{
  g_autoptr (BIGNUM) next = BN_new ();
  g_autoptr (BIGNUM) power = BN_new ();

  BN_zero (root);
  if (BN_is_zero (number))
    return;
  BN_one (next);
  BN_lshift (next, next, (BN_num_bits (number) + (int) degree - 1) / (int) degree + 1);
  do
    {
      BN_copy (root, next);
      if (degree == 3)
        BN_sqr (power, root, context);
      else
        BN_copy (power, root);
      BN_div (next, NULL, number, power, context);
      BN_copy (power, root);
      BN_mul_word (power, degree - 1);
      BN_add (next, next, power);
      BN_div_word (next, degree);
    }
  while (BN_cmp (next, root) < 0);
}

static gboolean
root_of (ErosSqlKind kind, const ErosWide *a, guint degree, ErosWide *result)
{
  g_autoptr (BN_CTX) context = BN_CTX_new ();
  g_autoptr (BIGNUM) number = BN_new ();
  g_autoptr (BIGNUM) scale = BN_new ();
  g_autoptr (BIGNUM) root = BN_new ();

  /* Twice the root, so that its last bit is the half to round by. */
  set_wide (number, a);
  BN_set_negative (number, 0);
  set_power_of_ten (scale, eros_numeric_get_scale (kind));
  for (guint i = 1; i < degree; i++)
    BN_mul (number, number, scale, context);
  BN_lshift (number, number, (int) degree);
  integer_root (root, number, degree, context);
  BN_add_word (root, 1);
  BN_rshift1 (root, root);
  BN_set_negative (root, a->negative && !BN_is_zero (root));
  return get_wide (root, result) && eros_numeric_in_range (kind, result);
}

gboolean
eros_numeric_sqrt (ErosSqlKind kind, const ErosWide *a, ErosWide *result)
{
  return !a->negative && root_of (kind, a, 2, result);
}

gboolean
eros_numeric_cbrt (ErosSqlKind kind, const ErosWide *a, ErosWide *result)
{
  return root_of (kind, a, 3, result);
}

gboolean
eros_numeric_exp (ErosSqlKind kind, const ErosWide *a, ErosWide *result)
{
  g_autoptr (BN_CTX) context = BN_CTX_new ();
  g_autoptr (BIGNUM) x = BN_new ();
  g_autoptr (BIGNUM) y = BN_new ();

  to_fixed (kind, a, x, context);
  return fixed_exp (y, x, context) && from_fixed (kind, y, result, context);
}

gboolean
eros_numeric_ln (ErosSqlKind kind, const ErosWide *a, ErosWide *result)
{
  g_autoptr (BN_CTX) context = BN_CTX_new ();
  g_autoptr (BIGNUM) x = BN_new ();
  g_autoptr (BIGNUM) y = BN_new ();

  if (a->negative || eros_wide_is_zero (a))
    return FALSE;
  to_fixed (kind, a, x, context);
  fixed_ln (y, x, context);
  return from_fixed (kind, y, result, context);
}

gboolean
eros_numeric_log (ErosSqlKind kind, const ErosWide *a, const ErosWide *base, ErosWide *result)
{
  g_autoptr (BN_CTX) context = BN_CTX_new ();
  g_autoptr (BIGNUM) x = BN_new ();
  g_autoptr (BIGNUM) y = BN_new ();
  g_autoptr (BIGNUM) z = BN_new ();

  if (a->negative || eros_wide_is_zero (a) || base->negative || eros_wide_is_zero (base))
    return FALSE;
  to_fixed (kind, a, x, context);
  fixed_ln (y, x, context);
  to_fixed (kind, base, x, context);
  fixed_ln (z, x, context);
  if (BN_is_zero (z))
    return FALSE;
  divide (x, y, z, context);
  return from_fixed (kind, x, result, context);
}

/* x^n by repeated squaring, n ≥ 0. FALSE when it is certainly too large. */
static gboolean
fixed_power (BIGNUM *result, const BIGNUM *x, guint64 n, BN_CTX *context)
{
  g_autoptr (BIGNUM) square = BN_dup (x);

  set_one (result);
  for (; n > 0; n >>= 1)
    {
      if (n & 1)
        multiply (result, result, square, context);
      if (BN_num_bits (result) > PRECISION + 2 * MAX_BITS)
        return FALSE;
      if (n > 1)
        multiply (square, square, square, context);
      if (BN_num_bits (square) > 2 * PRECISION + 4 * MAX_BITS)
        return FALSE;
    }
  return TRUE;
}

/**
 * eros_numeric_pow:
 * @kind: EROS_SQL_NUMERIC or EROS_SQL_BIGNUMERIC
 * @a: base; a negative one needs a whole exponent
 * @b: exponent
 * @result: (out): @a to the power of @b
 *
 * Returns: whether that is defined and in range
 */
gboolean
eros_numeric_pow (ErosSqlKind kind, const ErosWide *a, const ErosWide *b, ErosWide *result)
{
  g_autoptr (BN_CTX) context = BN_CTX_new ();
  g_autoptr (BIGNUM) x = BN_new ();
  g_autoptr (BIGNUM) y = BN_new ();
  g_autoptr (BIGNUM) z = BN_new ();
  ErosWide whole;
  gint64 exponent = 0;

  to_fixed (kind, a, x, context);
  if (eros_numeric_round (kind, b, 0, EROS_WIDE_TRUNCATE, &whole) && eros_wide_compare (&whole, b) == 0 &&
      eros_numeric_to_int64 (kind, b, &exponent) && ABS (exponent) <= 100000)
    {
      if (exponent < 0)
        {
          if (BN_is_zero (x))
            return FALSE;
          set_one (z);
          divide (x, z, x, context);
        }
      return fixed_power (y, x, (guint64) ABS (exponent), context) && from_fixed (kind, y, result, context);
    }
  if (a->negative)
    return FALSE;
  if (eros_wide_is_zero (a))
    {
      *result = eros_wide_zero;
      return !b->negative;
    }
  fixed_ln (y, x, context);
  to_fixed (kind, b, x, context);
  multiply (z, x, y, context);
  return fixed_exp (y, z, context) && from_fixed (kind, y, result, context);
}
