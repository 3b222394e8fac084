/* eros-decimal.c: decimal numbers as exact text, never as binary floating point
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-decimal.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* Longer than any number that is measured; NUMERIC has 38. */
#define MAX_DIGITS   60
#define MAX_EXPONENT 40

/* Group separators that are neither "." nor ",": spaces of all kinds and apostrophes, as one sign. */
#define GROUP '_'

static gboolean
is_group_mark (gunichar c)
{
  return g_unichar_isspace (c) || c == '\'' || c == 0x2019 || c == 0x202f;
}

/* Digits of any script, separators reduced to ".", "," and GROUP, "-" and an exponent; NULL for anything
 * else. */
static char *
to_ascii (const char *text)
{
  g_autoptr (GString) ascii = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      int digit = g_unichar_digit_value (c);

      if (digit >= 0)
        g_string_append_c (ascii, (char) ('0' + digit));
      else if (c == '.' || c == 0x066b)
        g_string_append_c (ascii, '.');
      else if (c == ',' || c == 0x066c)
        g_string_append_c (ascii, ',');
      else if (is_group_mark (c))
        g_string_append_c (ascii, GROUP);
      else if (c == '-' || c == 0x2212)
        g_string_append_c (ascii, '-');
      else if (c == '+' || c == 'e' || c == 'E')
        g_string_append_c (ascii, (char) g_unichar_tolower (c));
      else
        return NULL;
    }
  return g_string_free (g_steal_pointer (&ascii), FALSE);
}

static guint
count (const char *text, char c)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == c;
  return n;
}

/* The sign that is the decimal point in NUMBER, '\0' when there is none; FALSE when nobody can say. */
static gboolean
find_point (const char *number, gboolean comma_is_point, char *point)
{
  guint dots = count (number, '.'), commas = count (number, ',');
  const char *comma = strchr (number, ',');

  *point = '\0';
  if (dots > 0 && commas > 0)
    *point = strrchr (number, '.') > strrchr (number, ',') ? '.' : ',';
  else if (dots == 1)
    *point = '.';
  else if (commas == 1 && (comma_is_point || count (number, GROUP) > 0))
    *point = ',';
  else if (commas == 1)
    return strlen (comma + 1) == 3 && comma > number && comma - number <= 3 && *number != '0';
  return *point == '\0' || count (number, *point) == 1;
}

/* The digits of INTEGER without its group separators, which must be of one kind and stand before each three
 * digits. */
static gboolean
append_integer (GString *digits, const char *integer, gsize length)
{
  char mark = '\0';
  gsize group = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (g_ascii_isdigit (integer[i]))
        {
          g_string_append_c (digits, integer[i]);
          group++;
          continue;
        }
      if (mark == '\0' ? (group < 1 || group > 3) : (integer[i] != mark || group != 3))
        return FALSE;
      mark = integer[i];
      group = 0;
    }
  return mark == '\0' || group == 3;
}

static gboolean
parse_exponent (const char *text, int *exponent)
{
  const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
  gsize n = strspn (digits, "0123456789");

  if (n == 0 || n > 3 || digits[n] != '\0')
    return FALSE;
  *exponent = atoi (text);
  return ABS (*exponent) <= MAX_EXPONENT;
}

/* Sign, digits and the number of digits after the point, as the one text for this number. */
static char *
compose (gboolean negative, const char *digits, gssize places)
{
  GString *text = g_string_new (digits);

  for (; places < 0; places++)
    g_string_append_c (text, '0');
  while ((gssize) text->len <= places)
    g_string_prepend_c (text, '0');
  if (places > 0)
    g_string_insert_c (text, (gssize) text->len - places, '.');
  while (text->len > 1 && text->str[0] == '0' && text->str[1] != '.')
    g_string_erase (text, 0, 1);
  if (negative && strpbrk (text->str, "123456789") != NULL)
    g_string_prepend_c (text, '-');
  return g_string_free (text, FALSE);
}

/**
 * eros_decimal_parse:
 * @text: what a person typed or a machine wrote, without its unit
 * @comma_is_point: whether the locale writes its decimals after a comma
 *
 * Reads a decimal number in any usual notation: “1234.5”, “1,234.5”, “1.234,5”, “1 234,5”, “1.5e-4”, digits
 * of any script. A single “.” is always the decimal point, in every locale, so that reading the result again
 * gives the result.
 *
 * Returns: (transfer full) (nullable): “-?digits[.digits]” with no superfluous zero in front; %NULL when
 * @text is no number, or could be two different ones
 */
char *
eros_decimal_parse (const char *text, gboolean comma_is_point)
{
  g_autofree char *ascii = to_ascii (text);
  g_autoptr (GString) digits = g_string_new (NULL);
  gboolean negative;
  char *number, *fraction;
  char point;
  int exponent = 0;

  if (ascii == NULL)
    return NULL;
  negative = *ascii == '-';
  number = *ascii == '-' || *ascii == '+' ? ascii + 1 : ascii;
  if (strchr (number, 'e') != NULL)
    {
      char *e = strchr (number, 'e');

      if (!parse_exponent (e + 1, &exponent))
        return NULL;
      *e = '\0';
    }
  if (strspn (number, "0123456789.,_") != strlen (number) || !find_point (number, comma_is_point, &point))
    return NULL;

  fraction = point != '\0' ? strchr (number, point) : NULL;
  if (!append_integer (digits, number, fraction != NULL ? (gsize) (fraction - number) : strlen (number)))
    return NULL;
  if (fraction != NULL)
    {
      if (strspn (fraction + 1, "0123456789") != strlen (fraction + 1))
        return NULL;
      g_string_append (digits, fraction + 1);
    }
  if (digits->len == 0 || digits->len > MAX_DIGITS)
    return NULL;
  return compose (negative, digits->str, (fraction != NULL ? (gssize) strlen (fraction + 1) : 0) - exponent);
}

/**
 * eros_decimal_shift:
 * @decimal: as eros_decimal_parse() writes it
 * @places: how many places to move the decimal point to the right
 *
 * Returns: (transfer full): @decimal × 10^@places
 */
char *
eros_decimal_shift (const char *decimal, int places)
{
  const char *number = *decimal == '-' ? decimal + 1 : decimal;
  const char *point = strchr (number, '.');
  g_autoptr (GString) digits = g_string_new (number);
  gssize after = 0;

  if (point != NULL)
    {
      g_string_erase (digits, point - number, 1);
      after = (gssize) strlen (point + 1);
    }
  return compose (*decimal == '-', digits->str, after - places);
}

static char *
in_utf8 (const char *sign, const char *fallback)
{
  char *utf8 = g_locale_to_utf8 (sign, -1, NULL, NULL, NULL);

  return utf8 != NULL ? utf8 : g_strdup (fallback);
}

/**
 * eros_decimal_format:
 * @decimal: as eros_decimal_parse() writes it
 * @minimum_places: how many digits there are after the point at least
 *
 * Groups the digits and sets the decimal point as the locale does; digit for digit, nothing is rounded.
 *
 * Returns: (transfer full): for people
 */
char *
eros_decimal_format (const char *decimal, guint minimum_places)
{
  const struct lconv *locale = localeconv ();
  g_autofree char *point = in_utf8 (locale->decimal_point, ".");
  g_autofree char *separator = in_utf8 (locale->thousands_sep, "");
  const char *grouping = locale->grouping;
  gboolean negative = *decimal == '-';
  const char *number = negative ? decimal + 1 : decimal;
  gsize length = strcspn (number, ".");
  GString *text = g_string_new_len (number, (gssize) length);
  gssize at = (gssize) length;
  guint places = 0;

  while (*separator != '\0' && *grouping != '\0' && *grouping != CHAR_MAX && at > *grouping)
    {
      at -= *grouping;
      g_string_insert (text, at, separator);
      if (grouping[1] != '\0')
        grouping++;
    }
  if (negative)
    g_string_prepend (text, "\342\210\222");
  if (number[length] == '.' || minimum_places > 0)
    g_string_append (text, point);
  for (const char *p = number[length] == '.' ? number + length + 1 : ""; *p != '\0'; p++, places++)
    g_string_append_c (text, *p);
  for (; places < minimum_places; places++)
    g_string_append_c (text, '0');
  return g_string_free (text, FALSE);
}
