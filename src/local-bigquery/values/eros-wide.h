/* eros-wide.h: 256-bit integers, the ground under NUMERIC and BIGNUMERIC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sign and magnitude, least significant limb first. Zero is never negative. */
#define EROS_WIDE_LIMBS 4

typedef struct
{
  guint64  limb[EROS_WIDE_LIMBS];
  gboolean negative;
} ErosWide;

extern const ErosWide eros_wide_zero;

void     eros_wide_set_int64 (ErosWide *wide, gint64 value);
void     eros_wide_set_uint64 (ErosWide *wide, guint64 value);
gboolean eros_wide_is_zero (const ErosWide *wide);
int      eros_wide_compare (const ErosWide *a, const ErosWide *b);
int      eros_wide_compare_magnitude (const ErosWide *a, const ErosWide *b);
void     eros_wide_power_of_ten (ErosWide *wide, guint exponent);

/* Each returns FALSE when the result's magnitude needs more than 256 bits. Results may be operands. */
gboolean eros_wide_add (const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_wide_subtract (const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_wide_multiply (const ErosWide *a, const ErosWide *b, ErosWide *result);
gboolean eros_wide_shift_left (const ErosWide *a, guint bits, ErosWide *result);

typedef enum
{
  EROS_WIDE_TRUNCATE,
  EROS_WIDE_HALF_AWAY,
  EROS_WIDE_HALF_EVEN,
  EROS_WIDE_FLOOR,
  EROS_WIDE_CEILING,
} ErosWideRounding;

/* a × b ÷ c, exact until the one rounding at the end; c must not be zero. */
gboolean eros_wide_multiply_divide (const ErosWide  *a,
                                    const ErosWide  *b,
                                    const ErosWide  *c,
                                    ErosWideRounding rounding,
                                    ErosWide        *result);
void     eros_wide_remainder (const ErosWide *a, const ErosWide *b, ErosWide *result);

/* Divides in place, dropping the fraction, and returns the remainder of the magnitude. */
guint32 eros_wide_divide_small (ErosWide *wide, guint32 divisor);
void    eros_wide_shift_right_half_away (ErosWide *wide, guint bits);

G_END_DECLS
