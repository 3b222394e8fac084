/* eros-clock.h: what time it is for the data
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Microseconds since 1970: this computer's clock, and as much more as it was set ahead. Tokens and keys do not go by
 * it: they are somebody else's. */
gint64 eros_clock_get_now (void);
/* By how many microseconds it is ahead; it only ever goes forward. Returns: what it is now. */
gint64 eros_clock_get_ahead (void);
gint64 eros_clock_advance (gint64 ahead);

G_END_DECLS
