/* eros-cell.c: one value of an answer, from its text and to a text for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-cell.h"

#include "eros-time-text.h"

#include <math.h>
#include <string.h>

gboolean
eros_cell_parse_integer (const char *text, gsize length, gint64 *value)
{
  gboolean negative = length > 0 && *text == '-';
  guint64 limit = negative ? (guint64) G_MAXINT64 + 1 : G_MAXINT64;
  guint64 sum = 0;
  gsize i = negative;

  if (i == length)
    return FALSE;
  /* So few digits cannot be too many. */
  for (gsize stop = MIN (length, 18); i < stop; i++)
    {
      guint digit = (guint8) text[i] - '0';

      if (digit > 9)
        return FALSE;
      sum = sum * 10 + digit;
    }
  for (; i < length; i++)
    {
      guint digit = (guint8) text[i] - '0';

      if (digit > 9 || sum > (limit - digit) / 10)
        return FALSE;
      sum = sum * 10 + digit;
    }
  *value = negative ? -(gint64) (sum - 1) - 1 : (gint64) sum;
  if (negative && sum == 0)
    *value = 0;
  return TRUE;
}

/* Up to 15 digits and powers of ten up to 22 are exact in a double, and so is one product or quotient of them
 * (Clinger 1990, “How to read floating point numbers accurately”); the rest is the C library's. */
static gboolean
parse_short_real (const char *text, gsize length, double *value)
{
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  guint64 mantissa = 0;
  guint digits = 0;
  int exponent = 0;
  gboolean point = FALSE;
  gsize i = length > 0 && *text == '-';

  for (; i < length && (g_ascii_isdigit (text[i]) || (text[i] == '.' && !point)); i++)
    {
      if (text[i] == '.')
        {
          point = TRUE;
          continue;
        }
      mantissa = mantissa * 10 + (text[i] - '0');
      digits++;
      exponent -= point;
      if (digits > 15)
        return FALSE;
    }
  if (digits == 0 || i != length || exponent < -22)
    return FALSE;
  *value = (double) mantissa / powers[-exponent];
  if (*text == '-')
    *value = -*value;
  return TRUE;
}

gboolean
eros_cell_parse_real (const char *text, gsize length, double *value)
{
  char copy[64];
  char *end = NULL;

  if (parse_short_real (text, length, value))
    return TRUE;
  if (length == 0 || length >= sizeof copy || g_ascii_isspace (*text))
    return FALSE;
  memcpy (copy, text, length);
  copy[length] = '\0';
  *value = g_ascii_strtod (copy, &end);
  return end == copy + length;
}

/* Microseconds, or (when the server does not know useInt64Timestamp) seconds in floating form. */
gboolean
eros_cell_parse_timestamp (const char *text, gsize length, gint64 *value)
{
  double seconds;

  if (eros_cell_parse_integer (text, length, value))
    return TRUE;
  if (!eros_cell_parse_real (text, length, &seconds) || !(fabs (seconds) < 1e12))
    return FALSE;
  *value = (gint64) rint (seconds * 1e6);
  return TRUE;
}

gboolean
eros_cell_parse_bool (const char *text, gsize length, gint64 *value)
{
  *value = length == 4;
  return (length == 4 && memcmp (text, "true", 4) == 0) || (length == 5 && memcmp (text, "false", 5) == 0);
}

static guint
hex_value (const char *text)
{
  guint value = 0;

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return G_MAXUINT;
      value = value * 16 + digit;
    }
  return value;
}

/* One \uXXXX, or a pair of them; moves text past it, and to past what it stands for. */
static gboolean
take_unicode (const char **text, const char *end, char **to)
{
  guint code;
  guint low;

  if (end - *text < 4 || (code = hex_value (*text)) == G_MAXUINT)
    return FALSE;
  *text += 4;
  if (code >= 0xd800 && code < 0xdc00)
    {
      if (end - *text < 6 || (*text)[0] != '\\' || (*text)[1] != 'u' ||
          (low = hex_value (*text + 2)) < 0xdc00 || low > 0xdfff)
        return FALSE;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      *text += 6;
    }
  if (code >= 0xdc00 && code <= 0xdfff)
    return FALSE;
  *to += g_unichar_to_utf8 (code, *to);
  return TRUE;
}

/* to: room for length bytes, which is enough: no escape is shorter than what it stands for. Returns: how many
 * were written, or -1: an escape that is none. */
gssize
eros_cell_unescape (const char *text, gsize length, char *to)
{
  static const char from[] = "\"\\/bfnrt";
  static const char meant[] = "\"\\/\b\f\n\r\t";
  const char *end = text + length;
  char *start = to;

  while (text < end)
    {
      const char *stop = memchr (text, '\\', end - text);
      gsize plain = (stop != NULL ? stop : end) - text;
      const char *known;

      memcpy (to, text, plain);
      to += plain;
      if (stop == NULL)
        break;
      text = stop + 2;
      if (text > end)
        return -1;
      if (stop[1] == 'u')
        {
          if (!take_unicode (&text, end, &to))
            return -1;
        }
      else if (stop[1] != '\0' && (known = strchr (from, stop[1])) != NULL)
        *to++ = meant[known - from];
      else
        return -1;
    }
  return to - start;
}

char *
eros_cell_format_timestamp (gint64 micros)
{
  gint64 seconds = micros / G_USEC_PER_SEC - (micros % G_USEC_PER_SEC < 0);
  int rest = (int) (micros - seconds * G_USEC_PER_SEC);
  g_autofree char *text = eros_time_format (micros, EROS_TIME_SECONDS);

  if (text == NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT " µs", micros);
  return rest != 0 ? g_strdup_printf ("%s.%06d UTC", text, rest) : g_strdup_printf ("%s UTC", text);
}

/* The shortest text that reads back as the same number. */
char *
eros_cell_format_real (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    return g_strdup ("NaN");
  if (isinf (value))
    return g_strdup (value > 0 ? "Infinity" : "-Infinity");
  for (int digits = 15; digits <= 17; digits++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  return g_strdup (text);
}
