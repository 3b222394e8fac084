/* eros-change.c: by how much a number has changed, exactly
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-change.h"

#include <string.h>

/* So many digits leave room to multiply by 1,000 and to align decimals in 128 bits. */
#define MAX_DIGITS 17

/* Canonical decimal text ("-12.340") as digits and a number of decimals. */
static gboolean
parse (const char *text, gint64 *digits, guint *decimals)
{
  const char *p = text;
  gboolean negative = *p == '-';
  gboolean after_point = FALSE;
  guint n = 0;

  *digits = 0;
  *decimals = 0;
  for (p += negative; *p != '\0'; p++)
    {
      if (*p == '.' && !after_point)
        {
          after_point = TRUE;
          continue;
        }
      /* Leading zeros are not significant. */
      n += *digits != 0 || *p != '0';
      if (!g_ascii_isdigit (*p) || n > MAX_DIGITS)
        return FALSE;
      *digits = *digits * 10 + (*p - '0');
      *decimals += after_point;
    }
  if (negative)
    *digits = -*digits;
  return p > text + negative && *decimals <= MAX_DIGITS;
}

static __int128
scale (gint64 digits, guint decimals)
{
  __int128 result = digits;

  for (guint i = 0; i < decimals; i++)
    result *= 10;
  return result;
}

/* Rounds half away from zero. */
static __int128
divide (__int128 numerator, __int128 denominator)
{
  __int128 half = denominator / 2;

  return (numerator < 0 ? numerator - half : numerator + half) / denominator;
}

/**
 * eros_change_compute:
 * @before: decimal text
 * @after: decimal text
 * @lower_is_better: whether a smaller number is the better one
 * @tenths_of_percent: (out): the change in tenths of a percent of @before, rounded half away from zero; 0
 * when unknown
 *
 * Compares two numbers in decimal arithmetic, so that 0.1 s stays 0.1 s. From nothing there is no percentage.
 *
 * Returns: what the change means
 */
ErosChange
eros_change_compute (const char *before,
                     const char *after,
                     gboolean lower_is_better,
                     gint64 *tenths_of_percent)
{
  gint64 b, a;
  guint b_decimals, a_decimals, decimals;
  __int128 scaled_b, difference, tenths;

  *tenths_of_percent = 0;
  if (before == NULL || after == NULL || !parse (before, &b, &b_decimals) || !parse (after, &a, &a_decimals))
    return EROS_CHANGE_UNKNOWN;

  decimals = MAX (a_decimals, b_decimals);
  scaled_b = scale (b, decimals - b_decimals);
  difference = scale (a, decimals - a_decimals) - scaled_b;
  if (difference == 0)
    return EROS_CHANGE_SAME;
  if (scaled_b == 0)
    return EROS_CHANGE_UNKNOWN;

  tenths = divide (difference * 1000, scaled_b < 0 ? -scaled_b : scaled_b);
  if (tenths > G_MAXINT64 || tenths < G_MININT64)
    return EROS_CHANGE_UNKNOWN;
  *tenths_of_percent = tenths;
  return (difference < 0) == lower_is_better ? EROS_CHANGE_BETTER : EROS_CHANGE_WORSE;
}
