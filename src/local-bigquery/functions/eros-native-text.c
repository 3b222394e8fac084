/* eros-native-text.c: searching, splitting and rewriting STRING and BYTES
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-text-private.h"

/* ---- Searching ----------------------------------------------------------------------------------------- */

static gint64
chars_before (ErosText text, const char *position)
{
  return eros_text_length ((ErosText){ text.data, (gsize) (position - text.data), text.bytes });
}

static void
strpos (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText needle = eros_arg_text (values[1]);
  const char *found = eros_text_find (text.data, text.size, needle.data, needle.size);

  sqlite3_result_int64 (context, found == NULL ? 0 : chars_before (text, found) + 1);
}

/* The @occurrence-th place at or after character @from (0: first), or NULL. */
static const char *
find_forward (ErosText text, ErosText needle, gint64 from, gint64 occurrence)
{
  const char *end = text.data + text.size;
  const char *next = text.data + eros_text_offset (text, from);

  if (from > eros_text_length (text))
    return NULL;
  for (;;)
    {
      const char *found = eros_text_find (next, (gsize) (end - next), needle.data, needle.size);

      if (found == NULL || --occurrence == 0)
        return found;
      if (found == end)
        return NULL;
      next = found + (text.bytes ? 1 : eros_char_size ((guchar) *found));
    }
}

/* Backwards from the place where the needle's first character is @from_end characters from the end (1: last).
 */
static const char *
find_backward (ErosText text, ErosText needle, gint64 from_end, gint64 occurrence)
{
  gint64 length = eros_text_length (text);
  const char *position = NULL;

  if (from_end > length)
    return NULL;
  position = text.data + eros_text_offset (text, length - from_end);
  for (;; position--)
    {
      gsize left = (gsize) (text.data + text.size - position);
      gboolean start = text.bytes || left == 0 || eros_is_char_start (*position);

      if (start && left >= needle.size && memcmp (position, needle.data, needle.size) == 0 &&
          --occurrence == 0)
        return position;
      if (position == text.data)
        return NULL;
    }
}

/* (text, needle, [position, [occurrence]]) */
static void
instr (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText needle = eros_arg_text (values[1]);
  gint64 position = n > 2 ? sqlite3_value_int64 (values[2]) : 1;
  gint64 occurrence = n > 3 ? sqlite3_value_int64 (values[3]) : 1;
  const char *found = NULL;

  if (position == 0)
    eros_native_fail (context, "Position must be non-zero");
  else if (occurrence < 1)
    eros_native_fail (context, "Occurrence must be positive");
  else
    {
      found = position > 0
                ? find_forward (text, needle, position - 1, occurrence)
                : find_backward (text, needle, position == G_MININT64 ? G_MAXINT64 : -position, occurrence);
      sqlite3_result_int64 (context, found == NULL ? 0 : chars_before (text, found) + 1);
    }
}

static void
starts_with (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText prefix = eros_arg_text (values[1]);

  sqlite3_result_int (context, text.size >= prefix.size && memcmp (text.data, prefix.data, prefix.size) == 0);
}

static void
ends_with (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText suffix = eros_arg_text (values[1]);

  sqlite3_result_int (context, text.size >= suffix.size &&
                                 memcmp (text.data + text.size - suffix.size, suffix.data, suffix.size) == 0);
}

/* LIKE: % any characters, _ one, a backslash takes the next one as it is. Linear but for a % that goes back.
 */

static gboolean
like (ErosText text, ErosText pattern)
{
  const char *t = text.data;
  const char *t_end = text.data + text.size;
  const char *p = pattern.data;
  const char *p_end = pattern.data + pattern.size;
  const char *retry_t = NULL;
  const char *retry_p = NULL;

  while (t < t_end || p < p_end)
    {
      if (p < p_end && *p == '%')
        {
          retry_p = ++p;
          retry_t = t;
          continue;
        }
      if (p < p_end && t < t_end)
        {
          const char *literal = *p == '\\' && p + 1 < p_end ? p + 1 : p;

          if (literal == p && *p == '_')
            {
              t += text.bytes ? 1 : MIN (eros_char_size ((guchar) *t), (gsize) (t_end - t));
              p++;
              continue;
            }
          if (*literal == *t)
            {
              t++;
              p = literal + 1;
              continue;
            }
        }
      if (retry_p == NULL || retry_t == t_end)
        return FALSE;
      retry_t += text.bytes ? 1 : MIN (eros_char_size ((guchar) *retry_t), (gsize) (t_end - retry_t));
      t = retry_t;
      p = retry_p;
    }
  return TRUE;
}

/* FALSE when the call has ended. */
static gboolean
check_pattern (sqlite3_context *context, ErosText pattern)
{
  gsize n = 0;

  while (n < pattern.size && pattern.data[pattern.size - 1 - n] == '\\')
    n++;
  if (n % 2 == 0)
    return TRUE;
  eros_native_fail (context, "LIKE pattern ends with a backslash");
  return FALSE;
}

static void
is_like (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText pattern = eros_arg_text (values[1]);

  if (check_pattern (context, pattern))
    sqlite3_result_int (context, like (eros_arg_text (values[0]), pattern));
}

static void
is_not_like (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText pattern = eros_arg_text (values[1]);

  if (check_pattern (context, pattern))
    sqlite3_result_int (context, !like (eros_arg_text (values[0]), pattern));
}

/* ---- SPLIT --------------------------------------------------------------------------------------------- */

static void
add_piece (ErosSqlBuilder *builder, ErosText text, const char *start, const char *end)
{
  if (text.bytes)
    eros_sql_builder_add_blob (builder, start, (gsize) (end - start));
  else
    eros_sql_builder_add_text (builder, start, (gsize) (end - start));
}

/* (text, [separator]); an empty separator splits into characters */
static void
split (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText separator = n > 1 ? eros_arg_text (values[1]) : (ErosText){ ",", 1, FALSE };
  const char *next = text.data;
  const char *end = text.data + text.size;
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  if (text.size == 0)
    add_piece (&builder, text, next, next);
  else if (separator.size == 0)
    while (next < end)
      {
        gsize size = text.bytes ? 1 : MIN (eros_char_size ((guchar) *next), (gsize) (end - next));

        add_piece (&builder, text, next, next + size);
        next += size;
      }
  else
    for (;;)
      {
        const char *found = eros_text_find (next, (gsize) (end - next), separator.data, separator.size);

        add_piece (&builder, text, next, found != NULL ? found : end);
        if (found == NULL)
          break;
        next = found + separator.size;
      }
  eros_result_builder (context, &builder);
}

/* ---- Code points --------------------------------------------------------------------------------------- */

static void
ascii (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);

  if (text.size > 0 && (guchar) text.data[0] >= 0x80)
    eros_native_fail (context, "Argument to ASCII is not a structurally valid ASCII string: '%.*s'",
                      (int) text.size, text.data);
  else
    sqlite3_result_int64 (context, text.size == 0 ? 0 : text.data[0]);
}

static void
unicode (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  const char *next = text.data;

  sqlite3_result_int64 (context, text.size == 0 ? 0 : eros_text_next (&next, text.data + text.size));
}

static gboolean
append_code_point (sqlite3_context *context, gint64 code, GString *out)
{
  if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
    {
      eros_native_fail (context, "Invalid codepoint %" G_GINT64_FORMAT, code);
      return FALSE;
    }
  if (code == 0)
    g_string_append_c (out, '\0');
  else
    g_string_append_unichar (out, (gunichar) code);
  return TRUE;
}

static void
chr (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (append_code_point (context, sqlite3_value_int64 (values[0]), out))
    eros_result_take_text (context, g_steal_pointer (&out));
}

static void
to_code_points (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  const char *end = text.data + text.size;
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (const char *next = text.data; next < end;)
    eros_sql_builder_add_integer (&builder, text.bytes ? (guchar) *next++ : eros_text_next (&next, end));
  eros_result_builder (context, &builder);
}

static void
from_code_points (sqlite3_context *context, sqlite3_value *value, gboolean bytes)
{
  g_autoptr (GString) out = g_string_new (NULL);
  ErosSqlReader reader;
  ErosSqlElement element;
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  eros_sql_reader_init (&reader, data, size);
  while (eros_sql_reader_next (&reader, &element))
    {
      if (element.storage == EROS_SQL_STORAGE_NULL)
        return;
      if (!bytes)
        {
          if (!append_code_point (context, element.integer, out))
            return;
        }
      else if (element.integer < 0 || element.integer > 255)
        {
          eros_native_fail (context, "Invalid ASCII value %" G_GINT64_FORMAT, element.integer);
          return;
        }
      else
        g_string_append_c (out, (char) element.integer);
    }
  eros_result_take_like (context, (ErosText){ NULL, 0, bytes }, g_steal_pointer (&out));
}

static void
code_points_to_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  from_code_points (context, values[0], FALSE);
}

static void
code_points_to_bytes (sqlite3_context *context, int n, sqlite3_value **values)
{
  from_code_points (context, values[0], TRUE);
}

/* ---- TRANSLATE ----------------------------------------------------------------------------------------- */

/* Characters of @from become those at the same place in @to, or nothing where @to is shorter. */
static void
translate (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText text = eros_arg_text (values[0]);
  ErosText from = eros_arg_text (values[1]);
  ErosText to = eros_arg_text (values[2]);
  g_autoptr (GHashTable) map = g_hash_table_new (NULL, NULL);
  const char *to_next = to.data;
  const char *end = from.data + from.size;
  GString *out = NULL;

  for (const char *next = from.data; next < end;)
    {
      const char *start = next;
      gunichar c = text.bytes ? (guchar) *next++ : eros_text_next (&next, end);
      gunichar replacement = G_MAXUINT;

      if (to_next < to.data + to.size)
        replacement = text.bytes ? (guchar) *to_next++ : eros_text_next (&to_next, to.data + to.size);
      if (!g_hash_table_insert (map, GUINT_TO_POINTER (c), GUINT_TO_POINTER (replacement)))
        {
          eros_native_fail (context, "Duplicate character \"%.*s\" in TRANSLATE source characters",
                            (int) (next - start), start);
          return;
        }
    }
  out = g_string_sized_new (text.size);
  end = text.data + text.size;
  for (const char *next = text.data; next < end;)
    {
      const char *start = next;
      gunichar c = text.bytes ? (guchar) *next++ : eros_text_next (&next, end);
      gpointer replacement = NULL;

      if (!g_hash_table_lookup_extended (map, GUINT_TO_POINTER (c), NULL, &replacement))
        g_string_append_len (out, start, next - start);
      else if (GPOINTER_TO_UINT (replacement) != G_MAXUINT)
        {
          if (text.bytes)
            g_string_append_c (out, (char) GPOINTER_TO_UINT (replacement));
          else
            g_string_append_unichar (out, GPOINTER_TO_UINT (replacement));
        }
    }
  eros_result_take_like (context, text, out);
}

const ErosNative eros_native_text[] = {
  { "STRPOS", "(STRING, STRING) -> INT64", "bq_strpos", NULLS_STRICT, strpos, NULL },
  { "STRPOS", "(BYTES, BYTES) -> INT64", "bq_strpos", NULLS_STRICT, NULL, NULL },
  { "INSTR", "(STRING, STRING, [INT64], [INT64]) -> INT64", "bq_instr", STRICT_FAIL, instr, NULL },
  { "INSTR", "(BYTES, BYTES, [INT64], [INT64]) -> INT64", "bq_instr", STRICT_FAIL, NULL, NULL },
  { "STARTS_WITH", "(STRING, STRING) -> BOOL", "bq_starts_with", NULLS_STRICT, starts_with, NULL },
  { "STARTS_WITH", "(BYTES, BYTES) -> BOOL", "bq_starts_with", NULLS_STRICT, NULL, NULL },
  { "ENDS_WITH", "(STRING, STRING) -> BOOL", "bq_ends_with", NULLS_STRICT, ends_with, NULL },
  { "ENDS_WITH", "(BYTES, BYTES) -> BOOL", "bq_ends_with", NULLS_STRICT, NULL, NULL },
  { "$like", "(STRING, STRING) -> BOOL", "bq_like", STRICT_FAIL, is_like, NULL },
  { "$like", "(BYTES, BYTES) -> BOOL", "bq_like", STRICT_FAIL, NULL, NULL },
  { "$not_like", "(STRING, STRING) -> BOOL", "bq_not_like", STRICT_FAIL, is_not_like, NULL },
  { "$not_like", "(BYTES, BYTES) -> BOOL", "bq_not_like", STRICT_FAIL, NULL, NULL },
  { "SPLIT", "(STRING, [STRING]) -> ARRAY<STRING>", "bq_split", NULLS_STRICT, split, NULL },
  { "SPLIT", "(BYTES, BYTES) -> ARRAY<BYTES>", "bq_split", NULLS_STRICT, NULL, NULL },
  { "ASCII", "(STRING) -> INT64", "bq_ascii", STRICT_FAIL, ascii, NULL },
  { "UNICODE", "(STRING) -> INT64", "bq_unicode", NULLS_STRICT, unicode, NULL },
  { "CHR", "(INT64) -> STRING", "bq_chr", STRICT_FAIL, chr, NULL },
  { "TO_CODE_POINTS", "(STRING) -> ARRAY<INT64>", "bq_to_code_points", NULLS_STRICT, to_code_points, NULL },
  { "TO_CODE_POINTS", "(BYTES) -> ARRAY<INT64>", "bq_to_code_points", NULLS_STRICT, NULL, NULL },
  { "CODE_POINTS_TO_STRING", "(ARRAY<INT64>) -> STRING", "bq_code_points_to_string", STRICT_FAIL,
    code_points_to_string, NULL },
  { "CODE_POINTS_TO_BYTES", "(ARRAY<INT64>) -> BYTES", "bq_code_points_to_bytes", STRICT_FAIL,
    code_points_to_bytes, NULL },
  { "TRANSLATE", "(STRING, STRING, STRING) -> STRING", "bq_translate", STRICT_FAIL, translate, NULL },
  { "TRANSLATE", "(BYTES, BYTES, BYTES) -> BYTES", "bq_translate", STRICT_FAIL, NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
