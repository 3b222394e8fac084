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
