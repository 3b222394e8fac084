/* eros-stamp.c: times as the services' JSON has them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-stamp.h"

char *
eros_stamp_format (gint64 time, const char *pattern)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_format (utc, pattern) : NULL;
}

char *
eros_stamp_text (gint64 time, guint digits)
{
  g_autofree char *seconds = eros_stamp_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *rest = g_strdup_printf ("%06d", (int) (time % G_USEC_PER_SEC));

  if (digits == 0)
    return g_strconcat (seconds, "Z", NULL);
  return g_strdup_printf ("%s.%.*sZ", seconds, (int) digits, rest);
}
