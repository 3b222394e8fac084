/* eros-time-text.c: the texts of a time: one for people, one for machines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-time-text.h"

static char *
format (gint64 time, const char *pattern)
{
  g_autoptr (GDateTime) utc = time != 0 ? g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC) : NULL;

  return utc != NULL ? g_date_time_format (utc, pattern) : NULL;
}

char *
eros_time_text (gint64 time)
{
  char *text = format (time, "%Y-%m-%d %H:%M:%S UTC");

  return text != NULL ? text : g_strdup ("");
}

char *
eros_time_text_of (const char *timestamp)
{
  g_autoptr (GDateTime) time = timestamp != NULL ? g_date_time_new_from_iso8601 (timestamp, NULL) : NULL;

  if (time == NULL)
    return g_strdup (timestamp != NULL ? timestamp : "");
  return eros_time_text (g_date_time_to_unix (time) * G_USEC_PER_SEC);
}

char *
eros_time_iso (gint64 time)
{
  return format (time, "%Y-%m-%dT%H:%M:%SZ");
}
