/* eros-clock.c: what time it is for the data
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-clock.h"

/* Read by the threads of all jobs. */
static gsize clock_ahead;

/**
 * eros_clock_get_now:
 *
 * Returns: the time for all that happens to the data, in microseconds since 1970
 */
gint64
eros_clock_get_now (void)
{
  return g_get_real_time () + eros_clock_get_ahead ();
}

/**
 * eros_clock_get_ahead:
 *
 * Returns: by how many microseconds the clock is ahead of this computer’s
 */
gint64
eros_clock_get_ahead (void)
{
  return (gint64) (gsize) g_atomic_pointer_get (&clock_ahead);
}

/**
 * eros_clock_advance:
 * @ahead: microseconds by which the clock is to be ahead of this computer’s
 *
 * Sets the clock ahead. It is never set back: what has happened would be to come.
 *
 * Returns: by how much it is ahead now
 */
gint64
eros_clock_advance (gint64 ahead)
{
  gint64 known = eros_clock_get_ahead ();

  while (known < ahead && !g_atomic_pointer_compare_and_exchange (&clock_ahead, (gsize) known, (gsize) ahead))
    known = eros_clock_get_ahead ();
  return eros_clock_get_ahead ();
}
