/* eros-interval.c: INTERVAL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-interval.h"

#include "eros-civil.h"

#include <string.h>

#define MAX_MONTHS (10000 * 12)
#define MAX_DAYS   3660000
#define MAX_MICROS (MAX_DAYS * EROS_MICROS_PER_DAY)

gboolean
eros_interval_is_valid (const ErosInterval *interval)
{
  return ABS (interval->months) <= MAX_MONTHS && ABS (interval->days) <= MAX_DAYS &&
         interval->micros >= -MAX_MICROS && interval->micros <= MAX_MICROS;
}

static gint64
eros_interval_get_total (const ErosInterval *interval)
{
  return (interval->months * 30 + interval->days) * EROS_MICROS_PER_DAY + interval->micros;
}

/**
 * eros_interval_store:
 * @interval: a valid interval
 * @data: (out): %EROS_INTERVAL_SIZE bytes: total, months, days, so that memcmp() orders them
 */
void
eros_interval_store (const ErosInterval *interval, char *data)
{
  guint64 total =
    GUINT64_TO_BE ((guint64) eros_interval_get_total (interval) ^ (G_GUINT64_CONSTANT (1) << 63));
  guint32 months = GUINT32_TO_BE ((guint32) interval->months ^ (1u << 31));
  guint32 days = GUINT32_TO_BE ((guint32) interval->days ^ (1u << 31));

  memcpy (data, &total, 8);
  memcpy (data + 8, &months, 4);
  memcpy (data + 12, &days, 4);
}

gboolean
eros_interval_load (const char *data, gsize size, ErosInterval *interval)
{
  guint64 total;
  guint32 months, days;

  if (size != EROS_INTERVAL_SIZE)
    return FALSE;
  memcpy (&total, data, 8);
  memcpy (&months, data + 8, 4);
  memcpy (&days, data + 12, 4);
  interval->months = (gint32) (GUINT32_FROM_BE (months) ^ (1u << 31));
  interval->days = (gint32) (GUINT32_FROM_BE (days) ^ (1u << 31));
  interval->micros = 0;
  if (!eros_interval_is_valid (interval))
    return FALSE;
  interval->micros = (gint64) ((GUINT64_FROM_BE (total) ^ (G_GUINT64_CONSTANT (1) << 63)) -
                               (guint64) eros_interval_get_total (interval));
  return eros_interval_is_valid (interval);
}

/* A sign and a number of at most 12 digits. */
static gboolean
scan (const char **next, const char *end, gboolean *negative, gint64 *number)
{
  int n = 0;

  if (*next < end && (**next == '-' || **next == '+'))
    *negative = *(*next)++ == '-';
  for (*number = 0; *next < end && g_ascii_isdigit (**next) && n < 12; (*next)++, n++)
    *number = *number * 10 + (**next - '0');
  return n > 0;
}

static gboolean
scan_char (const char **next, const char *end, char c)
{
  if (*next == end || **next != c)
    return FALSE;
  (*next)++;
  return TRUE;
}

/**
 * eros_interval_parse:
 * @text: `[sign]Y-M [sign]D [sign]H:M:S[.F]`
 * @size: its length
 * @interval: (out): the interval
 *
 * Returns: whether @text is a valid interval
 */
gboolean
eros_interval_parse (const char *text, gsize size, ErosInterval *interval)
{
  const char *p = text;
  const char *end = text + size;
  gboolean negative[3] = { FALSE, FALSE, FALSE };
  gint64 n[6] = { 0 };
  gint64 micro = 0;
  gboolean ignored = FALSE;

  if (!scan (&p, end, &negative[0], &n[0]) || !scan_char (&p, end, '-') || !scan (&p, end, &ignored, &n[1]) ||
      !scan_char (&p, end, ' ') || !scan (&p, end, &negative[1], &n[2]) || !scan_char (&p, end, ' ') ||
      !scan (&p, end, &negative[2], &n[3]) || !scan_char (&p, end, ':') || !scan (&p, end, &ignored, &n[4]) ||
      !scan_char (&p, end, ':') || !scan (&p, end, &ignored, &n[5]))
    return FALSE;
  if (scan_char (&p, end, '.'))
    for (gint64 unit = 100000; p < end && g_ascii_isdigit (*p) && unit > 0; unit /= 10)
      micro += unit * (*p++ - '0');
  if (p != end || n[0] > 10000 || n[2] > MAX_DAYS || n[3] > MAX_DAYS * 24 || n[4] > MAX_DAYS ||
      n[5] > MAX_DAYS)
    return FALSE;
  interval->months = (n[0] * 12 + n[1]) * (negative[0] ? -1 : 1);
  interval->days = n[2] * (negative[1] ? -1 : 1);
  interval->micros =
    (n[3] * EROS_MICROS_PER_HOUR + n[4] * EROS_MICROS_PER_MINUTE + n[5] * EROS_MICROS_PER_SECOND + micro) *
    (negative[2] ? -1 : 1);
  return eros_interval_is_valid (interval);
}

/**
 * eros_interval_append:
 * @interval: a valid interval
 * @text: where to append
 *
 * Appends `Y-M D H:M:S[.F]`, each of the three parts with its own sign.
 */
void
eros_interval_append (const ErosInterval *interval, GString *text)
{
  gint64 months = ABS (interval->months);
  gint64 micros = ABS (interval->micros);

  g_string_append_printf (text, "%s%" G_GINT64_FORMAT "-%d %" G_GINT64_FORMAT " ",
                          interval->months < 0 ? "-" : "", months / 12, (int) (months % 12), interval->days);
  g_string_append_printf (text, "%s%" G_GINT64_FORMAT ":%d:%d", interval->micros < 0 ? "-" : "",
                          micros / EROS_MICROS_PER_HOUR, (int) (micros / EROS_MICROS_PER_MINUTE % 60),
                          (int) (micros / EROS_MICROS_PER_SECOND % 60));
  micros %= EROS_MICROS_PER_SECOND;
  if (micros % 1000 != 0)
    g_string_append_printf (text, ".%06d", (int) micros);
  else if (micros != 0)
    g_string_append_printf (text, ".%03d", (int) (micros / 1000));
}
