/* eros-json.c: JSON text: checking, compacting
 *
 * One strict scanner reads everything; nothing is built in memory but what is written. It takes hostile
 * input: depth is limited, and it never reads past the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-json.h"
#include "eros-json-private.h"

#include "eros-double.h"
#include "eros-sql-type.h"

#include <math.h>
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

/* ---- Strings ------------------------------------------------------------------------------------------- */

/**
 * eros_json_append_string:
 * @data: UTF-8
 * @size: its length
 * @line_separators: whether to escape U+2028 and U+2029, as TO_JSON_STRING does
 * @out: where to append
 *
 * Appends a JSON string, quotes included.
 */
void
eros_json_append_string (const char *data, gsize size, gboolean line_separators, GString *out)
{
  gsize start = 0;

  g_string_append_c (out, '"');
  for (gsize i = 0; i < size; i++)
    {
      guchar c = (guchar) data[i];
      const char *at = NULL;

      if (c == 0xe2 && line_separators && i + 2 < size && (guchar) data[i + 1] == 0x80 &&
          ((guchar) data[i + 2] & 0xfe) == 0xa8)
        {
          g_string_append_len (out, data + start, (gssize) (i - start));
          g_string_append (out, (guchar) data[i + 2] == 0xa8 ? "\\u2028" : "\\u2029");
          i += 2;
          start = i + 1;
          continue;
        }
      if (c >= 0x20 && c != '"' && c != '\\')
        continue;
      g_string_append_len (out, data + start, (gssize) (i - start));
      start = i + 1;
      at = c == 0 ? NULL : strchr ("\bb\ff\nn\rr\tt\"\"\\\\", c);
      if (at != NULL)
        g_string_append_printf (out, "\\%c", at[1]);
      else
        g_string_append_printf (out, "\\u%04x", c);
    }
  g_string_append_len (out, data + start, (gssize) (size - start));
  g_string_append_c (out, '"');
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

static void
append_string_again (ErosJsonText string, GString *out)
{
  g_autoptr (GString) plain = NULL;

  if (memchr (string.data, '\\', string.size) == NULL)
    {
      g_string_append_len (out, string.data, (gssize) string.size);
      return;
    }
  plain = g_string_new (NULL);
  eros_json_append_unescaped (string, plain);
  eros_json_append_string (plain->str, plain->len, FALSE, out);
}

/* ---- Compact form -------------------------------------------------------------------------------------- */

static void
append_compact (ErosJsonText value, GString *out)
{
  ErosJsonIter iter;
  ErosJsonText key, element;
  gboolean first = TRUE;

  if (!eros_json_iter_init (&iter, value))
    {
      if (value.data[0] == '"')
        append_string_again (value, out);
      else
        g_string_append_len (out, value.data, (gssize) value.size);
      return;
    }
  g_string_append_c (out, iter.object ? '{' : '[');
  for (; eros_json_iter_next (&iter, &key, &element); first = FALSE)
    {
      if (!first)
        g_string_append_c (out, ',');
      if (iter.object)
        {
          append_string_again (key, out);
          g_string_append_c (out, ':');
        }
      append_compact (element, out);
    }
  g_string_append_c (out, iter.object ? '}' : ']');
}

gboolean
eros_json_append_compact (ErosJsonText json, GString *out)
{
  ErosJsonScanner scanner = { json.data, json.data + json.size, 0, NULL };
  ErosJsonText value;

  if (!eros_json_scan_value (&scanner, &value))
    return FALSE;
  append_compact (value, out);
  return TRUE;
}

/**
 * eros_json_append_pretty:
 * @canonical: JSON that was checked before
 * @indent: levels of two spaces that the value itself is indented by
 * @out: where to append
 */
void
eros_json_append_pretty (ErosJsonText canonical, guint indent, GString *out)
{
  ErosJsonIter iter;
  ErosJsonText key, element;
  gboolean first = TRUE;

  if (!eros_json_iter_init (&iter, canonical))
    {
      g_string_append_len (out, canonical.data, (gssize) canonical.size);
      return;
    }
  g_string_append_c (out, iter.object ? '{' : '[');
  for (; eros_json_iter_next (&iter, &key, &element); first = FALSE)
    {
      g_string_append_printf (out, "%s\n%*s", first ? "" : ",", (int) (2 * (indent + 1)), "");
      if (iter.object)
        {
          g_string_append_len (out, key.data, (gssize) key.size);
          g_string_append (out, ": ");
        }
      eros_json_append_pretty (element, indent + 1, out);
    }
  if (!first)
    g_string_append_printf (out, "\n%*s", (int) (2 * indent), "");
  g_string_append_c (out, iter.object ? '}' : ']');
}

/* ---- Canonical form ------------------------------------------------------------------------------------ */

typedef struct
{
  GString *key;
  ErosJsonText value;
  guint position;
} Member;

static void
member_clear (gpointer data)
{
  Member *member = data;

  g_string_free (member->key, TRUE);
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  const Member *x = a;
  const Member *y = b;
  int order = memcmp (x->key->str, y->key->str, MIN (x->key->len, y->key->len));

  if (order == 0 && x->key->len != y->key->len)
    order = x->key->len < y->key->len ? -1 : 1;
  return order != 0 ? order : (x->position > y->position) - (x->position < y->position);
}

/* Digits without sign, point and zeros at either end, and where the point is: for comparing two texts of one
 * number. */
static void
normalize_number (const char *text, gsize size, GString *digits, gint64 *point)
{
  gsize i = text[0] == '-';
  gint64 places = 0;
  gboolean fraction = FALSE;

  *point = 0;
  for (; i < size && text[i] != 'e' && text[i] != 'E'; i++)
    {
      if (text[i] == '.')
        {
          fraction = TRUE;
          continue;
        }
      if (digits->len > 0 || text[i] != '0')
        g_string_append_c (digits, text[i]);
      places += fraction;
    }
  if (i < size)
    *point = CLAMP (g_ascii_strtoll (text + i + 1, NULL, 10), -100000, 100000);
  *point += (gint64) digits->len - places;
  while (digits->len > 0 && digits->str[digits->len - 1] == '0')
    g_string_truncate (digits, digits->len - 1);
  if (digits->len == 0)
    *point = 0;
}

static gboolean
same_number (const char *a, gsize a_size, const char *b, gsize b_size)
{
  g_autoptr (GString) x = g_string_new (NULL);
  g_autoptr (GString) y = g_string_new (NULL);
  gint64 x_point, y_point;

  normalize_number (a, a_size, x, &x_point);
  normalize_number (b, b_size, y, &y_point);
  return x_point == y_point && g_string_equal (x, y);
}

static gboolean
append_number (ErosJsonText number, gboolean round, GString *out, GError **error)
{
  g_autofree char *text = g_strndup (number.data, number.size);
  gsize start = out->len;
  double value = 0;

  if (strpbrk (text, ".eE") == NULL)
    {
      guint64 integer = 0;

      if (text[0] == '-'
            ? g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, (gint64 *) &integer, NULL)
            : g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &integer, NULL))
        {
          g_string_append (out, strcmp (text, "-0") == 0 ? "0" : text);
          return TRUE;
        }
    }
  value = g_ascii_strtod (text, NULL);
  if (!isfinite (value))
    {
      g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE, "number overflow parsing '%s'", text);
      return FALSE;
    }
  eros_double_append_json (value, out);
  if (!round && !same_number (text, number.size, out->str + start, out->len - start))
    {
      g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE,
                   "Input number: %s cannot round-trip through string representation", text);
      return FALSE;
    }
  return TRUE;
}

static gboolean append_canonical (ErosJsonText value, gboolean round, GString *out, GError **error);

static gboolean
append_object (ErosJsonIter *iter, gboolean round, GString *out, GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, TRUE, sizeof (Member));
  const Member *previous = NULL;
  ErosJsonText key, value;

  g_array_set_clear_func (members, member_clear);
  while (eros_json_iter_next (iter, &key, &value))
    {
      Member member = { g_string_new (NULL), value, members->len };

      eros_json_append_unescaped (key, member.key);
      g_array_append_val (members, member);
    }
  g_array_sort (members, compare_members);
  g_string_append_c (out, '{');
  for (guint i = 0; i < members->len; i++)
    {
      const Member *member = &g_array_index (members, Member, i);

      if (previous != NULL && g_string_equal (previous->key, member->key))
        continue;
      if (previous != NULL)
        g_string_append_c (out, ',');
      eros_json_append_string (member->key->str, member->key->len, FALSE, out);
      g_string_append_c (out, ':');
      if (!append_canonical (member->value, round, out, error))
        return FALSE;
      previous = member;
    }
  g_string_append_c (out, '}');
  return TRUE;
}

static gboolean
append_canonical (ErosJsonText value, gboolean round, GString *out, GError **error)
{
  ErosJsonIter iter;
  ErosJsonText key, element;
  gboolean first = TRUE;

  if (!eros_json_iter_init (&iter, value))
    {
      if (value.data[0] == '-' || g_ascii_isdigit (value.data[0]))
        return append_number (value, round, out, error);
      append_compact (value, out);
      return TRUE;
    }
  if (iter.object)
    return append_object (&iter, round, out, error);
  g_string_append_c (out, '[');
  for (; eros_json_iter_next (&iter, &key, &element); first = FALSE)
    {
      if (!first)
        g_string_append_c (out, ',');
      if (!append_canonical (element, round, out, error))
        return FALSE;
    }
  g_string_append_c (out, ']');
  return TRUE;
}

/**
 * eros_json_append_canonical:
 * @json: any text
 * @round_numbers: whether a number that FLOAT64 cannot hold is rounded (otherwise it is an error)
 * @out: where to append; has something undefined appended on error
 * @error: return location for %EROS_SQL_ERROR_INVALID_VALUE
 *
 * Returns: whether @json is one valid JSON value and nothing else
 */
gboolean
eros_json_append_canonical (ErosJsonText json, gboolean round_numbers, GString *out, GError **error)
{
  ErosJsonScanner scanner = { json.data, json.data + json.size, 0, NULL };
  ErosJsonText value;

  if (eros_json_scan_value (&scanner, &value))
    {
      eros_json_skip_space (&scanner);
      if (scanner.next < scanner.end)
        scanner.problem = "unexpected token; expected end of input";
    }
  if (scanner.problem != NULL)
    {
      g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE,
                   "syntax error while parsing value - %s", scanner.problem);
      return FALSE;
    }
  return append_canonical (value, round_numbers, out, error);
}
