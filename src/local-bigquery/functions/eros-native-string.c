/* eros-native-string.c: lengths, pieces, case, padding of STRING and BYTES
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* memmem() */
#include "eros-native-text-private.h"

#define MAX_OUTPUT (100 * 1024 * 1024)

/* ---- Text ---------------------------------------------------------------------------------------------- */

gint64
eros_text_length (ErosText text)
{
  gint64 length = 0;

  if (text.bytes)
    return (gint64) text.size;
  for (gsize i = 0; i < text.size; i++)
    length += eros_is_char_start (text.data[i]);
  return length;
}

/**
 * eros_text_offset:
 * @text: a text
 * @n_chars: how many characters
 *
 * Returns: where the first @n_chars characters end, in bytes; the text's end if it has fewer
 */
gsize
eros_text_offset (ErosText text, gint64 n_chars)
{
  gsize offset = 0;

  if (text.bytes)
    return (gsize) CLAMP (n_chars, 0, (gint64) text.size);
  for (; n_chars > 0 && offset < text.size; n_chars--)
    offset += eros_char_size ((guchar) text.data[offset]);
  return MIN (offset, text.size);
}

gunichar
eros_text_next (const char **next, const char *end)
{
  gunichar c = g_utf8_get_char_validated (*next, end - *next);
  gsize size = eros_char_size ((guchar) * *next);

  /* GLib takes NUL for an end */
  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      c = (guchar) * *next;
      size = 1;
    }
  *next += MIN (size, (gsize) (end - *next));
  return c;
}

const char *
eros_text_find (const char *data, gsize size, const char *needle, gsize needle_size)
{
  return memmem (data, size, needle, needle_size);
}

void
eros_result_like (sqlite3_context *context, ErosText like, const char *data, gsize size)
{
  if (like.bytes)
    eros_result_blob (context, data, size);
  else
    eros_result_text (context, data, size);
}

void
eros_result_take_like (sqlite3_context *context, ErosText like, GString *text)
{
  if (like.bytes)
    eros_result_take_blob (context, text);
  else
    eros_result_take_text (context, text);
}

/* ---- Lengths and pieces -------------------------------------------------------------------------------- */

static void
length (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context, eros_text_length (eros_arg_text (values[0])));
}

static void
byte_length (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context, (gint64) eros_arg_text (values[0]).size);
}

/* From 1, 0 as 1, negative from the end; what is before the beginning still counts for the length. */
static void
substr (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  gint64 position = sqlite3_value_int64 (values[1]);
  gint64 wanted = n > 2 ? sqlite3_value_int64 (values[2]) : G_MAXINT64;
  gsize start = 0;
  ErosText rest;

  if (wanted < 0)
    {
      eros_native_fail (context, "Third argument in SUBSTR() cannot be negative");
      return;
    }
  if (position < 0)
    {
      gint64 all = eros_text_length (text);

      position = position < -all ? 1 : all + position + 1;
    }
  start = eros_text_offset (text, MAX (position, 1) - 1);
  rest = (ErosText){ text.data + start, text.size - start, text.bytes };
  eros_result_like (context, text, rest.data, eros_text_offset (rest, wanted));
}

static void
left (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  gint64 wanted = sqlite3_value_int64 (values[1]);

  if (wanted < 0)
    eros_native_fail (context, "Second argument in LEFT() cannot be negative");
  else
    eros_result_like (context, text, text.data, eros_text_offset (text, wanted));
}

static void
right (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  gint64 wanted = sqlite3_value_int64 (values[1]);
  gint64 all = eros_text_length (text);
  gsize start = 0;

  if (wanted < 0)
    {
      eros_native_fail (context, "Second argument in RIGHT() cannot be negative");
      return;
    }
  start = eros_text_offset (text, MAX (all - wanted, 0));
  eros_result_like (context, text, text.data + start, text.size - start);
}

static void
reverse (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  GString *out = g_string_sized_new (text.size);
  gsize end = text.size;

  while (end > 0)
    {
      gsize start = end - 1;

      while (!text.bytes && start > 0 && !eros_is_char_start (text.data[start]))
        start--;
      g_string_append_len (out, text.data + start, (gssize) (end - start));
      end = start;
    }
  eros_result_take_like (context, text, out);
}

/* ---- Case ---------------------------------------------------------------------------------------------- */

static gboolean
is_ascii (ErosText text)
{
  for (gsize i = 0; i < text.size; i++)
    if ((guchar) text.data[i] >= 0x80)
      return FALSE;
  return TRUE;
}

/* Beyond ASCII by GLib's Unicode tables, one character at a time, since NUL is one too. */
static void
change_case (sqlite3_context *context, sqlite3_value *value, gboolean up)
{
  ErosText text = eros_arg_text (value);
  GString *out = g_string_sized_new (text.size);

  if (text.bytes || is_ascii (text))
    for (gsize i = 0; i < text.size; i++)
      g_string_append_c (out, up ? g_ascii_toupper (text.data[i]) : g_ascii_tolower (text.data[i]));
  else
    for (gsize i = 0; i < text.size;)
      {
        gsize size = MIN (eros_char_size ((guchar) text.data[i]), text.size - i);
        g_autofree char *changed = NULL;

        if (size == 1)
          g_string_append_c (out, up ? g_ascii_toupper (text.data[i]) : g_ascii_tolower (text.data[i]));
        else
          {
            changed = up ? g_utf8_strup (text.data + i, (gssize) size)
                         : g_utf8_strdown (text.data + i, (gssize) size);
            g_string_append (out, changed);
          }
        i += size;
      }
  eros_result_take_like (context, text, out);
}

static void
upper (sqlite3_context *context, int n, sqlite3_value **values)
{
  change_case (context, values[0], TRUE);
}

static void
lower (sqlite3_context *context, int n, sqlite3_value **values)
{
  change_case (context, values[0], FALSE);
}

static gboolean
contains_char (ErosText set, gunichar wanted)
{
  const char *next = set.data;
  const char *end = set.data + set.size;

  while (next < end)
    if (eros_text_next (&next, end) == wanted)
      return TRUE;
  return FALSE;
}

/* (text, [delimiters]) */
static void
initcap (sqlite3_context *context, int n, sqlite3_value **values)
{
  static const char default_delimiters[] = " \t\n\v\f\r[](){}/|\\<>!?@\"^#$&~_,.:;*%+-";
  ErosText text = eros_arg_text (values[0]);
  ErosText delimiters = n > 1 ? eros_arg_text (values[1])
                              : (ErosText){ default_delimiters, sizeof default_delimiters - 1, FALSE };
  GString *out = g_string_sized_new (text.size);
  const char *end = text.data + text.size;
  gboolean begins = TRUE;

  for (const char *next = text.data; next < end;)
    {
      gunichar c = eros_text_next (&next, end);
      gboolean delimits = contains_char (delimiters, c);

      g_string_append_unichar (out, delimits ? c : begins ? g_unichar_toupper (c) : g_unichar_tolower (c));
      begins = delimits;
    }
  eros_result_take_text (context, out);
}

/* ---- Trimming and padding ------------------------------------------------------------------------------ */

/* (text, [set]) without a set white space is meant */
static gboolean
is_trimmed (gunichar c, int n, ErosText set)
{
  return n > 1 ? contains_char (set, c) : g_unichar_isspace (c) || c == 0x85 || (c >= 9 && c <= 13);
}

static void
trim (sqlite3_context *context, int n, sqlite3_value **values, gboolean at_start, gboolean at_end)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText set = n > 1 ? eros_arg_text (values[1]) : (ErosText){ NULL, 0, FALSE };
  const char *start = text.data;
  const char *end = text.data + text.size;

  while (at_start && start < end)
    {
      const char *next = start;
      gboolean trims = text.bytes ? memchr (set.data, *next++, set.size) != NULL
                                  : is_trimmed (eros_text_next (&next, end), n, set);

      if (!trims)
        break;
      start = next;
    }
  while (at_end && end > start)
    {
      const char *last = end - 1;
      const char *next = NULL;
      gboolean trims = FALSE;

      while (!text.bytes && last > start && !eros_is_char_start (*last))
        last--;
      next = last;
      trims = text.bytes ? memchr (set.data, *last, set.size) != NULL
                         : is_trimmed (eros_text_next (&next, end), n, set);
      if (!trims)
        break;
      end = last;
    }
  eros_result_like (context, text, start, (gsize) (end - start));
}

static void
trim_both (sqlite3_context *context, int n, sqlite3_value **values)
{
  trim (context, n, values, TRUE, TRUE);
}

static void
trim_left (sqlite3_context *context, int n, sqlite3_value **values)
{
  trim (context, n, values, TRUE, FALSE);
}

static void
trim_right (sqlite3_context *context, int n, sqlite3_value **values)
{
  trim (context, n, values, FALSE, TRUE);
}

static gboolean
check_size (sqlite3_context *context, const char *name, gint64 size)
{
  if (size <= MAX_OUTPUT)
    return TRUE;
  eros_native_fail (context, "Output of %s exceeds max allowed output size of 100MB", name);
  return FALSE;
}

/* (text, length, [pattern]) */
static void
pad (sqlite3_context *context, int n, sqlite3_value **values, gboolean at_start)
{
  ErosText text = eros_arg_text (values[0]);
  gint64 wanted = sqlite3_value_int64 (values[1]);
  ErosText pattern = n > 2 ? eros_arg_text (values[2]) : (ErosText){ " ", 1, text.bytes };
  gint64 missing = 0;
  gint64 pattern_length = eros_text_length (pattern);
  GString *out = NULL;
  GString *padding = NULL;

  if (wanted < 0)
    {
      eros_native_fail (context, "Second argument (output size) for LPAD/RPAD cannot be negative");
      return;
    }
  if (pattern_length == 0)
    {
      eros_native_fail (context, "Third argument (pad pattern) for LPAD/RPAD cannot be empty");
      return;
    }
  if (!check_size (context, "LPAD/RPAD", wanted))
    return;
  missing = wanted - eros_text_length (text);
  if (missing <= 0)
    {
      eros_result_like (context, text, text.data, eros_text_offset (text, wanted));
      return;
    }
  padding = g_string_new (NULL);
  for (; missing >= pattern_length; missing -= pattern_length)
    g_string_append_len (padding, pattern.data, (gssize) pattern.size);
  g_string_append_len (padding, pattern.data, (gssize) eros_text_offset (pattern, missing));
  out = g_string_new_len (text.data, (gssize) text.size);
  g_string_insert_len (out, at_start ? 0 : -1, padding->str, (gssize) padding->len);
  g_string_free (padding, TRUE);
  eros_result_take_like (context, text, out);
}

static void
pad_left (sqlite3_context *context, int n, sqlite3_value **values)
{
  pad (context, n, values, TRUE);
}

static void
pad_right (sqlite3_context *context, int n, sqlite3_value **values)
{
  pad (context, n, values, FALSE);
}

static void
repeat (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  gint64 times = sqlite3_value_int64 (values[1]);
  gint64 total = 0;
  GString *out = NULL;

  if (times < 0)
    {
      eros_native_fail (context, "Second argument (repeat count) for REPEAT cannot be negative");
      return;
    }
  if (text.size > 0 && __builtin_mul_overflow (times, (gint64) text.size, &total))
    total = G_MAXINT64;
  if (!check_size (context, "REPEAT", total))
    return;
  out = g_string_sized_new ((gsize) total);
  for (gint64 i = 0; i < times && text.size > 0; i++)
    g_string_append_len (out, text.data, (gssize) text.size);
  eros_result_take_like (context, text, out);
}

/* ---- Joining and replacing ----------------------------------------------------------------------------- */

static void
concat (sqlite3_context *context, int n, sqlite3_value **values)
{
  GString *out = g_string_new (NULL);
  ErosText text = { "", 0, FALSE };

  for (int i = 0; i < n; i++)
    {
      text = eros_arg_text (values[i]);
      g_string_append_len (out, text.data, (gssize) text.size);
    }
  eros_result_take_like (context, text, out);
}

/* CONCAT of other types than STRING: (values …, types …) */
static void
concat_any (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (int i = 0; i < n / 2; i++)
    {
      const ErosSqlType *type = eros_arg_type (context, values, n / 2 + i);
      ErosSqlValue value;

      if (type == NULL || eros_arg_is_null (values[i]))
        return;
      eros_sql_value_load (&value, type, values[i]);
      eros_sql_value_append_cast (&value, out);
    }
  eros_result_take_text (context, g_steal_pointer (&out));
}

static void
replace (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText from = eros_arg_text (values[1]);
  ErosText to = eros_arg_text (values[2]);
  GString *out = g_string_sized_new (text.size);
  const char *next = text.data;
  const char *end = text.data + text.size;

  while (from.size > 0)
    {
      const char *found = eros_text_find (next, (gsize) (end - next), from.data, from.size);

      if (found == NULL)
        break;
      g_string_append_len (out, next, found - next);
      g_string_append_len (out, to.data, (gssize) to.size);
      next = found + from.size;
    }
  g_string_append_len (out, next, end - next);
  eros_result_take_like (context, text, out);
}

/* One native function serves STRING and BYTES: it sees which of the two it got. */
const ErosNative eros_native_string[] = {
  { "LENGTH", "(STRING) -> INT64", "bq_length", NULLS_STRICT, length, NULL },
  { "LENGTH", "(BYTES) -> INT64", "bq_length", NULLS_STRICT, NULL, NULL },
  { "CHAR_LENGTH", "(STRING) -> INT64", "bq_length", NULLS_STRICT, NULL, NULL },
  { "CHARACTER_LENGTH", "(STRING) -> INT64", "bq_length", NULLS_STRICT, NULL, NULL },
  { "BYTE_LENGTH", "(STRING) -> INT64", "bq_byte_length", NULLS_STRICT, byte_length, NULL },
  { "BYTE_LENGTH", "(BYTES) -> INT64", "bq_byte_length", NULLS_STRICT, NULL, NULL },
  { "OCTET_LENGTH", "(STRING) -> INT64", "bq_byte_length", NULLS_STRICT, NULL, NULL },
  { "OCTET_LENGTH", "(BYTES) -> INT64", "bq_byte_length", NULLS_STRICT, NULL, NULL },
  { "SUBSTR", "(STRING, INT64, [INT64]) -> STRING", "bq_substr", STRICT_FAIL, substr, NULL },
  { "SUBSTR", "(BYTES, INT64, [INT64]) -> BYTES", "bq_substr", STRICT_FAIL, NULL, NULL },
  { "SUBSTRING", "(STRING, INT64, [INT64]) -> STRING", "bq_substr", STRICT_FAIL, NULL, NULL },
  { "SUBSTRING", "(BYTES, INT64, [INT64]) -> BYTES", "bq_substr", STRICT_FAIL, NULL, NULL },
  { "LEFT", "(STRING, INT64) -> STRING", "bq_left", STRICT_FAIL, left, NULL },
  { "LEFT", "(BYTES, INT64) -> BYTES", "bq_left", STRICT_FAIL, NULL, NULL },
  { "RIGHT", "(STRING, INT64) -> STRING", "bq_right", STRICT_FAIL, right, NULL },
  { "RIGHT", "(BYTES, INT64) -> BYTES", "bq_right", STRICT_FAIL, NULL, NULL },
  { "REVERSE", "(STRING) -> STRING", "bq_reverse", NULLS_STRICT, reverse, NULL },
  { "REVERSE", "(BYTES) -> BYTES", "bq_reverse", NULLS_STRICT, NULL, NULL },
  { "UPPER", "(STRING) -> STRING", "bq_upper", NULLS_STRICT, upper, NULL },
  { "UPPER", "(BYTES) -> BYTES", "bq_upper", NULLS_STRICT, NULL, NULL },
  { "LOWER", "(STRING) -> STRING", "bq_lower", NULLS_STRICT, lower, NULL },
  { "LOWER", "(BYTES) -> BYTES", "bq_lower", NULLS_STRICT, NULL, NULL },
  { "INITCAP", "(STRING, [STRING]) -> STRING", "bq_initcap", NULLS_STRICT, initcap, NULL },
  { "TRIM", "(STRING, [STRING]) -> STRING", "bq_trim", NULLS_STRICT, trim_both, NULL },
  { "TRIM", "(BYTES, BYTES) -> BYTES", "bq_trim", NULLS_STRICT, NULL, NULL },
  { "LTRIM", "(STRING, [STRING]) -> STRING", "bq_ltrim", NULLS_STRICT, trim_left, NULL },
  { "LTRIM", "(BYTES, BYTES) -> BYTES", "bq_ltrim", NULLS_STRICT, NULL, NULL },
  { "RTRIM", "(STRING, [STRING]) -> STRING", "bq_rtrim", NULLS_STRICT, trim_right, NULL },
  { "RTRIM", "(BYTES, BYTES) -> BYTES", "bq_rtrim", NULLS_STRICT, NULL, NULL },
  { "LPAD", "(STRING, INT64, [STRING]) -> STRING", "bq_lpad", STRICT_FAIL, pad_left, NULL },
  { "LPAD", "(BYTES, INT64, [BYTES]) -> BYTES", "bq_lpad", STRICT_FAIL, NULL, NULL },
  { "RPAD", "(STRING, INT64, [STRING]) -> STRING", "bq_rpad", STRICT_FAIL, pad_right, NULL },
  { "RPAD", "(BYTES, INT64, [BYTES]) -> BYTES", "bq_rpad", STRICT_FAIL, NULL, NULL },
  { "REPEAT", "(STRING, INT64) -> STRING", "bq_repeat", STRICT_FAIL, repeat, NULL },
  { "REPEAT", "(BYTES, INT64) -> BYTES", "bq_repeat", STRICT_FAIL, NULL, NULL },
  { "CONCAT", "(STRING, STRING...) -> STRING", "bq_concat", NULLS_STRICT | EROS_FUNCTION_ASSOCIATIVE, concat,
    NULL },
  { "CONCAT", "(BYTES, BYTES...) -> BYTES", "bq_concat", NULLS_STRICT | EROS_FUNCTION_ASSOCIATIVE, NULL,
    NULL },
  { "CONCAT", "(TEXTUAL, TEXTUAL...) -> STRING", "bq_concat_any",
    EROS_FUNCTION_NEEDS_TYPES | EROS_FUNCTION_ASSOCIATIVE, concat_any, NULL },
  { "$concat", "(STRING, STRING) -> STRING", "(?1 || ?2)", 0, NULL, NULL },
  { "$concat", "(BYTES, BYTES) -> BYTES", "bq_concat", NULLS_STRICT, NULL, NULL },
  { "$concat", "(ARRAY<T>, ARRAY<T>) -> ARRAY<T>", "bq_array_concat", NULLS_STRICT, NULL, NULL },
  { "REPLACE", "(STRING, STRING, STRING) -> STRING", "bq_replace", NULLS_STRICT, replace, NULL },
  { "REPLACE", "(BYTES, BYTES, BYTES) -> BYTES", "bq_replace", NULLS_STRICT, NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
