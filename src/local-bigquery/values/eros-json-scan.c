/* eros-json-scan.c: JSON text, one value after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-json-private.h"

#include <string.h>

#define MAX_DEPTH 500

static gboolean
fail (ErosJsonScanner *scanner, const char *problem)
{
  if (scanner->problem == NULL)
    scanner->problem = problem;
  return FALSE;
}

void
eros_json_skip_space (ErosJsonScanner *scanner)
{
  while (scanner->next < scanner->end && memchr (" \t\n\r", *scanner->next, 4) != NULL)
    scanner->next++;
}

gboolean
eros_json_accept (ErosJsonScanner *scanner, char c)
{
  eros_json_skip_space (scanner);
  if (scanner->next == scanner->end || *scanner->next != c)
    return FALSE;
  scanner->next++;
  return TRUE;
}

static gboolean
scan_hex (ErosJsonScanner *scanner)
{
  for (int i = 0; i < 4; i++, scanner->next++)
    if (scanner->next == scanner->end || !g_ascii_isxdigit (*scanner->next))
      return fail (scanner, "invalid string: '\\u' must be followed by 4 hex digits");
  return TRUE;
}

/* A string with its quotes. */
gboolean
eros_json_scan_string (ErosJsonScanner *scanner, ErosJsonText *string)
{
  const char *start = NULL;

  eros_json_skip_space (scanner);
  start = scanner->next;
  if (scanner->next == scanner->end || *scanner->next != '"')
    return fail (scanner, "expected string literal");
  for (scanner->next++; scanner->next < scanner->end && *scanner->next != '"';)
    {
      guchar c = (guchar) *scanner->next++;

      if (c < 0x20)
        return fail (scanner, "invalid string: control character must be escaped");
      if (c != '\\')
        continue;
      if (scanner->next == scanner->end || memchr ("\"\\/bfnrtu", *scanner->next, 9) == NULL)
        return fail (scanner, "invalid string: forbidden character after backslash");
      if (*scanner->next++ == 'u' && !scan_hex (scanner))
        return FALSE;
    }
  if (scanner->next == scanner->end)
    return fail (scanner, "invalid string: missing closing quote");
  scanner->next++;
  string->data = start;
  string->size = (gsize) (scanner->next - start);
  return TRUE;
}

static gsize
scan_digits (ErosJsonScanner *scanner)
{
  const char *start = scanner->next;

  while (scanner->next < scanner->end && g_ascii_isdigit (*scanner->next))
    scanner->next++;
  return (gsize) (scanner->next - start);
}

static gboolean
scan_number (ErosJsonScanner *scanner)
{
  if (*scanner->next == '-')
    scanner->next++;
  if (scanner->next < scanner->end && *scanner->next == '0')
    scanner->next++;
  else if (scan_digits (scanner) == 0)
    return fail (scanner, "invalid number; expected digit after '-'");
  if (scanner->next < scanner->end && *scanner->next == '.')
    {
      scanner->next++;
      if (scan_digits (scanner) == 0)
        return fail (scanner, "invalid number; expected digit after '.'");
    }
  if (scanner->next < scanner->end && (*scanner->next == 'e' || *scanner->next == 'E'))
    {
      scanner->next++;
      if (scanner->next < scanner->end && (*scanner->next == '+' || *scanner->next == '-'))
        scanner->next++;
      if (scan_digits (scanner) == 0)
        return fail (scanner, "invalid number; expected digit after exponent sign");
    }
  return TRUE;
}

static gboolean
scan_word (ErosJsonScanner *scanner, const char *word)
{
  gsize size = strlen (word);

  if ((gsize) (scanner->end - scanner->next) < size || memcmp (scanner->next, word, size) != 0)
    return fail (scanner, "invalid literal");
  scanner->next += size;
  return TRUE;
}

static gboolean
scan_members (ErosJsonScanner *scanner, gboolean object)
{
  char close = object ? '}' : ']';
  ErosJsonText text;

  scanner->next++;
  if (eros_json_accept (scanner, close))
    return TRUE;
  do
    {
      if (object && (!eros_json_scan_string (scanner, &text) || !eros_json_accept (scanner, ':')))
        return fail (scanner, "unexpected token while parsing object; expected ':'");
      if (!eros_json_scan_value (scanner, &text))
        return FALSE;
    }
  while (eros_json_accept (scanner, ','));
  return eros_json_accept (scanner, close) ||
         fail (scanner, object ? "unexpected token while parsing object; expected '}'"
                               : "unexpected token while parsing array; expected ']'");
}

/* Any value, checked as a whole. */
gboolean
eros_json_scan_value (ErosJsonScanner *scanner, ErosJsonText *value)
{
  gboolean valid = FALSE;

  eros_json_skip_space (scanner);
  value->data = scanner->next;
  if (scanner->next == scanner->end)
    return fail (scanner, "unexpected end of input; expected '[', '{', or a literal");
  switch (*scanner->next)
    {
    case '{':
    case '[':
      if (scanner->depth >= MAX_DEPTH)
        return fail (scanner, "too deeply nested");
      scanner->depth++;
      valid = scan_members (scanner, *scanner->next == '{');
      scanner->depth--;
      break;
    case '"':
      {
        ErosJsonText string;

        valid = eros_json_scan_string (scanner, &string);
        break;
      }
    case 't':
      valid = scan_word (scanner, "true");
      break;
    case 'f':
      valid = scan_word (scanner, "false");
      break;
    case 'n':
      valid = scan_word (scanner, "null");
      break;
    default:
      valid = *scanner->next == '-' || g_ascii_isdigit (*scanner->next) ? scan_number (scanner)
                                                                        : fail (scanner, "invalid literal");
    }
  value->size = (gsize) (scanner->next - value->data);
  return valid;
}

static gunichar
hex4 (const char *p)
{
  gunichar value = 0;

  for (int i = 0; i < 4; i++)
    value = value * 16 + (gunichar) g_ascii_xdigit_value (p[i]);
  return value;
}

/* The code point of a \uXXXX whose digits begin at *next; a half of a pair alone is U+FFFD. */
static gunichar
unescape_unicode (const char **next, const char *end)
{
  gunichar c = hex4 (*next);

  *next += 4;
  if (c < 0xd800 || c > 0xdfff)
    return c;
  if (c < 0xdc00 && end - *next >= 6 && (*next)[0] == '\\' && (*next)[1] == 'u')
    {
      gunichar low = hex4 (*next + 2);

      if (low >= 0xdc00 && low <= 0xdfff)
        {
          *next += 6;
          return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
    }
  return 0xfffd;
}

/**
 * eros_json_append_unescaped:
 * @string: a JSON string with its quotes, as the scanner found it
 * @out: where to append
 *
 * Appends what the string means.
 *
 * Returns: whether it was a string
 */
gboolean
eros_json_append_unescaped (ErosJsonText string, GString *out)
{
  const char *p = string.data + 1;
  const char *end = string.data + string.size - 1;

  if (string.size < 2 || string.data[0] != '"')
    return FALSE;
  while (p < end)
    {
      const char *backslash = memchr (p, '\\', (gsize) (end - p));

      g_string_append_len (out, p, (backslash != NULL ? backslash : end) - p);
      if (backslash == NULL)
        break;
      p = backslash + 2;
      switch (backslash[1])
        {
        case 'b':
          g_string_append_c (out, '\b');
          break;
        case 'f':
          g_string_append_c (out, '\f');
          break;
        case 'n':
          g_string_append_c (out, '\n');
          break;
        case 'r':
          g_string_append_c (out, '\r');
          break;
        case 't':
          g_string_append_c (out, '\t');
          break;
        case 'u':
          g_string_append_unichar (out, unescape_unicode (&p, end));
          break;
        default:
          g_string_append_c (out, backslash[1]);
        }
    }
  return TRUE;
}
