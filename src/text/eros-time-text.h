/* eros-time-text.h: the texts of a time: for people, and for machines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a time is written. Sentences have patterns of their own, which are translated. */
#define EROS_TIME_DAY     "%Y-%m-%d"
#define EROS_TIME_CLOCK   "%H:%M:%S"
#define EROS_TIME_MINUTES "%Y-%m-%d %H:%M"
#define EROS_TIME_SECONDS "%Y-%m-%d %H:%M:%S"
#define EROS_TIME_ISO     "%Y-%m-%dT%H:%M:%SZ"

/* time: microseconds since 1970, UTC; (transfer full) (nullable): NULL for what is no time */
char *eros_time_format (gint64 time, const char *pattern);
char *eros_time_format_here (gint64 time, const char *pattern); /* in the time zone of this computer */
/* (transfer full): "2026-11-24 14:30:00 UTC"; "" for 0 and what is no time */
char *eros_time_text (gint64 time);
/* The same of a time stamp, "2026-11-24T14:30:00Z", (nullable). (transfer full): what is none stays as it is */
char *eros_time_text_of (const char *timestamp);
/* (transfer full) (nullable): "2026-11-24T14:30:00Z"; NULL for 0 and what is no time */
char *eros_time_iso (gint64 time);
/* (transfer full): "2026-11-24T14:30:00.123456Z" */
char *eros_time_iso_exact (gint64 time);
/* timestamp: (nullable). Returns: microseconds since 1970; 0: no such time */
gint64 eros_time_parse (const char *timestamp);

G_END_DECLS
