/* eros-time-text.c: the texts of a time: for people, and for machines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-time-text.h"

/* Whole seconds, also before 1970. */
static gint64
seconds_of (gint64 time)
{
  return time / G_USEC_PER_SEC - (time % G_USEC_PER_SEC < 0);
}

char *
eros_time_format (gint64 time, const char *pattern)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds_of (time));

  return utc != NULL ? g_date_time_format (utc, pattern) : NULL;
}

char *
eros_time_format_here (gint64 time, const char *pattern)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (seconds_of (time));

  return local != NULL ? g_date_time_format (local, pattern) : NULL;
}

char *
eros_time_text (gint64 time)
{
  char *text = time != 0 ? eros_time_format (time, EROS_TIME_SECONDS " UTC") : NULL;

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
  return time != 0 ? eros_time_format (time, EROS_TIME_ISO) : NULL;
}

char *
eros_time_iso_exact (gint64 time)
{
  g_autofree char *text = eros_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%06dZ", text, (int) (time - seconds_of (time) * G_USEC_PER_SEC));
}

gint64
eros_time_parse (const char *timestamp)
{
  g_autoptr (GDateTime) time = timestamp != NULL ? g_date_time_new_from_iso8601 (timestamp, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}
