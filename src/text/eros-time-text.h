/* eros-time-text.h: the texts of a time: one for people, one for machines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* time: microseconds since 1970. (transfer full): "2026-11-24 14:30:00 UTC"; "" for 0 and what is no time */
char *eros_time_text (gint64 time);
/* The same of a time stamp, "2026-11-24T14:30:00Z", (nullable). (transfer full): what is none stays as it is */
char *eros_time_text_of (const char *timestamp);
/* The same; (transfer full) (nullable): "2026-11-24T14:30:00Z"; NULL for 0 and what is no time */
char *eros_time_iso (gint64 time);

G_END_DECLS
