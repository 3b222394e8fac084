/* eros-double.c: FLOAT64 and its text forms
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-double.h"

#include <math.h>
#include <string.h>

#define MAX_TEXT 64

/* The shortest of 15, 16 and 17 digits that reads back as @value; -0 is written as 0. */
static void
format_finite (double value, char *buffer)
{
  if (value == 0)
    value = 0;
  for (int digits = 15; digits <= 17; digits += 2)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, MAX_TEXT, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        return;
    }
}

static gboolean
append_non_finite (double value, GString *text)
{
  if (isnan (value))
    g_string_append (text, "nan");
  else if (isinf (value))
    g_string_append (text, value < 0 ? "-inf" : "inf");
  else
    return FALSE;
  return TRUE;
}

/**
 * eros_double_append:
 * @value: a number
 * @text: where to append
 *
 * Appends what CAST (… AS STRING) gives: `1`, `0.1`, `1e+20`, `nan`, `-inf`.
 */
void
eros_double_append (double value, GString *text)
{
  char buffer[MAX_TEXT];

  if (append_non_finite (value, text))
    return;
  format_finite (value, buffer);
  g_string_append (text, buffer);
}

/**
 * eros_double_append_t:
 * @value: a number
 * @text: where to append
 *
 * Appends what FORMAT ('%t') gives: as eros_double_append(), but never like an integer: `1.0`.
 */
void
eros_double_append_t (double value, GString *text)
{
  gsize start = text->len;

  eros_double_append (value, text);
  if (strspn (text->str + start, "-0123456789") == text->len - start)
    g_string_append (text, ".0");
}

/**
 * eros_double_append_json:
 * @value: a finite number
 * @text: where to append
 *
 * Appends a number as the JSON type prints it: plain digits between 1e-5 and 1e15, always marked as a
 * fraction.
 */
void
eros_double_append_json (double value, GString *text)
{
  char digits[MAX_TEXT];
  g_autofree char *mantissa = NULL;
  int n_digits = 0;
  int point = 0;

  if (value == 0)
    {
      g_string_append (text, signbit (value) ? "-0.0" : "0.0");
      return;
    }
  /* The shortest digits that read back: d.ddde±x */
  for (int precision = 0; precision <= 16; precision++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%de", precision);
      g_ascii_formatd (digits, sizeof digits, format, fabs (value));
      if (g_ascii_strtod (digits, NULL) == fabs (value))
        break;
    }
  point = (int) g_ascii_strtoll (strchr (digits, 'e') + 1, NULL, 10) + 1;
  *strchr (digits, 'e') = '\0';
  mantissa =
    digits[1] == '.' ? g_strconcat ((char[]){ digits[0], '\0' }, digits + 2, NULL) : g_strdup (digits);
  n_digits = (int) strlen (mantissa);

  if (value < 0)
    g_string_append_c (text, '-');
  if (point >= n_digits && point <= 15)
    {
      g_string_append (text, mantissa);
      for (int i = n_digits; i < point; i++)
        g_string_append_c (text, '0');
      g_string_append (text, ".0");
    }
  else if (point > 0 && point <= 15)
    g_string_append_printf (text, "%.*s.%s", point, mantissa, mantissa + point);
  else if (point > -4 && point <= 0)
    {
      g_string_append (text, "0.");
      for (int i = point; i < 0; i++)
        g_string_append_c (text, '0');
      g_string_append (text, mantissa);
    }
  else
    {
      g_string_append_c (text, mantissa[0]);
      if (n_digits > 1)
        g_string_append_printf (text, ".%s", mantissa + 1);
      g_string_append_printf (text, "e%c%02d", point - 1 < 0 ? '-' : '+', ABS (point - 1));
    }
}

/**
 * eros_double_append_rest:
 * @value: a number
 * @text: where to append
 *
 * Appends a number as a REST answer's `v` has it: `1.0`, `1.0E20`, `NaN`, `Infinity`.
 */
void
eros_double_append_rest (double value, GString *text)
{
  char buffer[MAX_TEXT];
  char *exponent = NULL;

  if (isnan (value))
    g_string_append (text, "NaN");
  else if (isinf (value))
    g_string_append (text, value < 0 ? "-Infinity" : "Infinity");
  else if (value == 0 || (fabs (value) >= 1e-3 && fabs (value) < 1e7))
    eros_double_append_t (value, text);
  else
    {
      for (int precision = 1; precision <= 16; precision++)
        {
          char format[8];

          g_snprintf (format, sizeof format, "%%.%de", precision);
          g_ascii_formatd (buffer, sizeof buffer, format, value);
          if (g_ascii_strtod (buffer, NULL) == value)
            break;
        }
      exponent = strchr (buffer, 'e');
      *exponent = '\0';
      g_string_append_printf (text, "%sE%d", buffer, (int) g_ascii_strtoll (exponent + 1, NULL, 10));
    }
}

/* Only digits, one point, one exponent (decimal or hexadecimal): strtod() takes more than GoogleSQL does. */
static gboolean
is_number (const char *text)
{
  const char *p = text;
  gboolean hexadecimal = FALSE;
  gsize n_digits = 0;

  if (*p == '+' || *p == '-')
    p++;
  hexadecimal = p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
  if (hexadecimal)
    p += 2;
  for (; hexadecimal ? g_ascii_isxdigit (*p) : g_ascii_isdigit (*p); p++)
    n_digits++;
  if (*p == '.')
    for (p++; hexadecimal ? g_ascii_isxdigit (*p) : g_ascii_isdigit (*p); p++)
      n_digits++;
  if (n_digits == 0)
    return FALSE;
  if (g_ascii_tolower (*p) == (hexadecimal ? 'p' : 'e'))
    {
      p++;
      if (*p == '+' || *p == '-')
        p++;
      if (!g_ascii_isdigit (*p))
        return FALSE;
      while (g_ascii_isdigit (*p))
        p++;
    }
  return *p == '\0';
}

/**
 * eros_double_parse:
 * @text: UTF-8, not NUL-terminated
 * @size: its length
 * @value: (out): the number
 *
 * Reads what CAST (… AS FLOAT64) accepts: space around it, a sign, `inf`, `infinity`, `nan` in any case. What
 * is too large becomes an infinity.
 *
 * Returns: whether @text is a number
 */
gboolean
eros_double_parse (const char *text, gsize size, double *value)
{
  g_autofree char *copy = NULL;
  const char *unsigned_text = NULL;
  gboolean negative = FALSE;

  if (memchr (text, '\0', size) != NULL)
    return FALSE;
  copy = g_strstrip (g_strndup (text, size));
  negative = copy[0] == '-';
  unsigned_text = copy + (copy[0] == '-' || copy[0] == '+');
  if (g_ascii_strcasecmp (unsigned_text, "inf") == 0 || g_ascii_strcasecmp (unsigned_text, "infinity") == 0)
    *value = negative ? -INFINITY : INFINITY;
  else if (g_ascii_strcasecmp (unsigned_text, "nan") == 0)
    *value = NAN;
  else if (is_number (copy))
    *value = g_ascii_strtod (copy, NULL);
  else
    return FALSE;
  return TRUE;
}
