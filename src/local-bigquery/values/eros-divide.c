/* eros-divide.c: division that rounds down
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-civil.h"

/**
 * eros_floor_divide:
 * @a: dividend
 * @b: divisor, positive
 *
 * Returns: @a ÷ @b rounded down
 */
gint64
eros_floor_divide (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}
