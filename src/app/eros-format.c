/* eros-format.c: times, durations and wording as people read them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-format.h"

#include "eros-time-text.h"

#include <glib/gi18n-lib.h>

/**
 * eros_format_time:
 * @time_us: microseconds since 1970, UTC
 *
 * Writes a moment the way it stands everywhere in the program: in UTC, and marked as such. The date is left
 * out when it is today's.
 *
 * Returns: (transfer full): the text
 */
char *
eros_format_time (gint64 time_us)
{
  g_autofree char *day = eros_time_format (time_us, EROS_TIME_DAY);
  g_autofree char *today = eros_time_format (g_get_real_time (), EROS_TIME_DAY);

  if (day == NULL)
    return g_strdup ("");
  if (g_str_equal (day, today))
    /* Translators: a time of today, for g_date_time_format () */
    return eros_time_format (time_us, _ ("%H:%M:%S UTC"));
  /* Translators: date and time, for g_date_time_format () */
  return eros_time_format (time_us, _ ("%-d %b %Y, %H:%M:%S UTC"));
}

/**
 * eros_format_local_time:
 * @time_us: microseconds since 1970, UTC
 *
 * Writes a moment in this computer's time zone, for the tooltip beside a time in UTC.
 *
 * Returns: (transfer full): the text
 */
char *
eros_format_local_time (gint64 time_us)
{
  /* Translators: date and time in the computer's own time zone, for g_date_time_format (); %Z is the zone */
  char *text = eros_time_format_here (time_us, _ ("%-d %b %Y, %H:%M:%S %Z"));

  return text != NULL ? text : g_strdup ("");
}

/**
 * eros_format_clock:
 * @elapsed_us: microseconds since the deployment started; negative before that
 *
 * Writes the deployment's clock: "T+00:14:07", "T−01:30:00".
 *
 * Returns: (transfer full): the text
 */
char *
eros_format_clock (gint64 elapsed_us)
{
  const char *sign = elapsed_us < 0 ? "−" : "+";
  gint64 seconds = ABS (elapsed_us) / G_USEC_PER_SEC;

  return g_strdup_printf ("T%s%02" G_GINT64_FORMAT ":%02d:%02d", sign, seconds / 3600,
                          (int) (seconds / 60 % 60), (int) (seconds % 60));
}

/**
 * eros_format_countdown:
 * @left_us: microseconds until something, or since then
 *
 * Writes it as a clock that counts down: "14:07", "1:12:07".
 *
 * Returns: (transfer full): the text
 */
char *
eros_format_countdown (gint64 left_us)
{
  gint64 seconds = ABS (left_us) / G_USEC_PER_SEC;

  if (seconds < 3600)
    return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600, (int) (seconds / 60 % 60),
                          (int) (seconds % 60));
}

/**
 * eros_format_duration:
 * @duration_us: a duration in microseconds, not negative
 *
 * Writes how long something took, with the precision that matters: "320 ms", "1.2 s", "14 min 7 s", "2 h 5
 * min".
 *
 * Returns: (transfer full): the text
 */
char *
eros_format_duration (gint64 duration_us)
{
  gint64 seconds = duration_us / G_USEC_PER_SEC;

  if (duration_us < G_USEC_PER_SEC)
    return g_strdup_printf (_ ("%d ms"), (int) (duration_us / 1000));
  if (seconds < 60)
    return g_strdup_printf (_ ("%.1f s"), (double) duration_us / G_USEC_PER_SEC);
  if (seconds < 3600)
    return g_strdup_printf (_ ("%d min %d s"), (int) (seconds / 60), (int) (seconds % 60));
  return g_strdup_printf (_ ("%d h %d min"), (int) (seconds / 3600), (int) (seconds / 60 % 60));
}

/**
 * eros_format_code_markup:
 * @text: wording with `code` between back-quotes
 *
 * Makes Pango markup of a runbook's wording: code in a fixed-width font, everything else escaped.
 *
 * Returns: (transfer full): the markup
 */
char *
eros_format_code_markup (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "`", -1);
  guint n = g_strv_length (parts);
  g_autoptr (GString) markup = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *escaped = g_markup_escape_text (parts[i], -1);
      /* A back-quote without its partner stays what it is. */
      gboolean opens = i % 2 == 1;

      if (opens && i + 1 < n)
        g_string_append_printf (markup, "<tt>%s</tt>", escaped);
      else
        g_string_append_printf (markup, "%s%s", opens ? "`" : "", escaped);
    }
  return g_string_free (g_steal_pointer (&markup), FALSE);
}

/**
 * eros_format_plain:
 * @text: a text of the runbook, in which code stands between backticks
 *
 * Returns: (transfer full): it without backticks, for where there is no markup
 */
char *
eros_format_plain (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "`", -1);

  return g_strjoinv (NULL, parts);
}

/**
 * eros_format_actor:
 * @actor: (nullable): an event's actor: "Kyle <kyle@example.com>", "machine"
 *
 * Writes who did something, without the address.
 *
 * Returns: (transfer full): the text
 */
char *
eros_format_actor (const char *actor)
{
  const char *address = actor != NULL ? strstr (actor, " <") : NULL;

  if (actor == NULL)
    return g_strdup (_ ("somebody"));
  if (g_str_equal (actor, "machine"))
    return g_strdup (_ ("the machine"));
  return address != NULL ? g_strndup (actor, address - actor) : g_strdup (actor);
}
