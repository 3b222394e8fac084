/* eros-format.h: times, durations and wording as people read them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *eros_format_time (gint64 time_us);
char *eros_format_local_time (gint64 time_us);
char *eros_format_clock (gint64 elapsed_us);
char *eros_format_countdown (gint64 left_us);
char *eros_format_duration (gint64 duration_us);
char *eros_format_code_markup (const char *text);
char *eros_format_plain (const char *text);
char *eros_format_actor (const char *actor);

G_END_DECLS
