/* eros-stamp.h: times as the services' JSON has them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* time: microseconds since 1970, UTC; (transfer full) (nullable): NULL for what is no time */
char *eros_stamp_format (gint64 time, const char *pattern);
/* With 0, 3 or 6 digits of a second: "2026-11-24T14:30:00.123Z". (transfer full) */
char *eros_stamp_text (gint64 time, guint digits);

G_END_DECLS
