/* eros-native-regexp.c: REGEXP_…, with RE2
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-text-private.h"

#include "eros-re2-private.h"

static void
free_re2 (gpointer data)
{
  eros_re2_free (data);
}

/* The compiled pattern, which SQLite keeps for the statement's other rows when the text is a constant. NULL:
 * the call has ended. */
static const ErosRe2 *
get_pattern (sqlite3_context *context, sqlite3_value **values)
{
  ErosRe2 *pattern = sqlite3_get_auxdata (context, 1);
  ErosText text = eros_arg_text (values[1]);
  g_autofree char *problem = NULL;

  if (pattern != NULL)
    return pattern;
  pattern = eros_re2_new (text.data, text.size, text.bytes, &problem);
  if (pattern == NULL)
    {
      eros_native_fail (context, "Cannot parse regular expression: %s", problem);
      return NULL;
    }
  sqlite3_set_auxdata (context, 1, pattern, free_re2);
  pattern = sqlite3_get_auxdata (context, 1);
  if (pattern == NULL)
    sqlite3_result_error_nomem (context);
  return pattern;
}

static void
contains (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosRe2 *pattern = get_pattern (context, values);
  ErosText text = eros_arg_text (values[0]);

  if (pattern != NULL)
    sqlite3_result_int (context, eros_re2_match (pattern, text.data, text.size, 0, NULL, 0));
}

static gboolean
check_groups (sqlite3_context *context, const ErosRe2 *pattern)
{
  if (eros_re2_get_n_groups (pattern) <= 1)
    return TRUE;
  eros_native_fail (
    context,
    "Regular expressions passed into extraction functions must not have more than 1 capturing group");
  return FALSE;
}

/* After a match: where to look for the next. An empty match moves on by one character. */
static gsize
next_start (ErosText text, const gssize *match)
{
  if (match[1] > match[0])
    return (gsize) match[1];
  if ((gsize) match[1] >= text.size)
    return text.size + 1;
  return (gsize) match[1] + (text.bytes ? 1 : eros_char_size ((guchar) text.data[match[1]]));
}

/* (text, pattern, [position, [occurrence]]): the @occurrence-th match from character @position on. FALSE:
 * none, or the call has ended, which *failed tells. */
static gboolean
find (sqlite3_context *context,
      const ErosRe2 *pattern,
      int n,
      sqlite3_value **values,
      gssize match[4],
      gboolean *failed)
{
  ErosText text = eros_arg_text (values[0]);
  gint64 position = n > 2 ? sqlite3_value_int64 (values[2]) : 1;
  gint64 occurrence = n > 3 ? sqlite3_value_int64 (values[3]) : 1;
  int n_groups = eros_re2_get_n_groups (pattern) + 1;
  gsize from = 0;

  *failed = TRUE;
  if (position < 1 || occurrence < 1)
    {
      eros_native_fail (context, position < 1 ? "Position must be positive" : "Occurrence must be positive");
      return FALSE;
    }
  *failed = FALSE;
  if (position > eros_text_length (text) + 1)
    return FALSE;
  from = eros_text_offset (text, position - 1);
  while (from <= text.size && eros_re2_match (pattern, text.data, text.size, from, match, n_groups))
    {
      if (--occurrence == 0)
        return TRUE;
      from = next_start (text, match);
    }
  return FALSE;
}

static void
extract (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosRe2 *pattern = get_pattern (context, values);
  ErosText text = eros_arg_text (values[0]);
  gssize match[4];
  gboolean failed = FALSE;
  const gssize *part = NULL;

  if (pattern == NULL || !check_groups (context, pattern) ||
      !find (context, pattern, n, values, match, &failed))
    return;
  part = eros_re2_get_n_groups (pattern) == 1 ? match + 2 : match;
  if (part[0] >= 0)
    eros_result_like (context, text, text.data + part[0], (gsize) (part[1] - part[0]));
}

/* (text, pattern, [position, [occurrence, [1: where it ends]]]) */
static void
instr (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosRe2 *pattern = get_pattern (context, values);
  ErosText text = eros_arg_text (values[0]);
  gint64 after = n > 4 ? sqlite3_value_int64 (values[4]) : 0;
  gssize match[4];
  const gssize *part = NULL;
  gboolean failed = FALSE;

  if (pattern == NULL || !check_groups (context, pattern))
    return;
  if (after != 0 && after != 1)
    {
      eros_native_fail (context, "Invalid return_position_after_match.");
      return;
    }
  if (!find (context, pattern, n, values, match, &failed))
    {
      if (!failed)
        sqlite3_result_int64 (context, 0);
      return;
    }
  part = eros_re2_get_n_groups (pattern) == 1 ? match + 2 : match;
  /* So the reference: an empty match is where the next one may begin, and an empty pattern is nowhere. */
  if (match[0] == match[1] && (gsize) match[0] < text.size)
    match[0] = match[1] = (gssize) next_start (text, match);
  if (eros_arg_text (values[1]).size == 0)
    {
      sqlite3_result_int64 (context, 0);
      return;
    }
  sqlite3_result_int64 (
    context,
    part[0] < 0 ? 0 : eros_text_length ((ErosText){ text.data, (gsize) part[after != 0], text.bytes }) + 1);
}

static void
extract_all (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosRe2 *pattern = get_pattern (context, values);
  ErosText text = eros_arg_text (values[0]);
  ErosSqlBuilder builder;
  gssize match[4];
  gsize from = 0;
  int n_groups = 0;

  if (pattern == NULL || !check_groups (context, pattern))
    return;
  n_groups = eros_re2_get_n_groups (pattern) + 1;
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  for (; from <= text.size && eros_re2_match (pattern, text.data, text.size, from, match, n_groups);
       from = next_start (text, match))
    {
      const gssize *part = match + 2 * (n_groups - 1);

      if (from == text.size && text.size > 0 && match[0] == match[1])
        break;
      if (part[0] < 0)
        eros_sql_builder_add_null (&builder);
      else if (text.bytes)
        eros_sql_builder_add_blob (&builder, text.data + part[0], (gsize) (part[1] - part[0]));
      else
        eros_sql_builder_add_text (&builder, text.data + part[0], (gsize) (part[1] - part[0]));
    }
  eros_result_builder (context, &builder);
}

static void
append_rewrite (GString *out, ErosText rewrite, ErosText text, const gssize *match)
{
  for (gsize i = 0; i < rewrite.size; i++)
    {
      if (rewrite.data[i] == '\\' && i + 1 < rewrite.size)
        {
          i++;
          if (g_ascii_isdigit (rewrite.data[i]))
            {
              const gssize *part = match + 2 * (rewrite.data[i] - '0');

              if (part[0] >= 0)
                g_string_append_len (out, text.data + part[0], part[1] - part[0]);
              continue;
            }
        }
      g_string_append_c (out, rewrite.data[i]);
    }
}

/* (text, pattern, rewrite) */
static void
replace (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosRe2 *pattern = get_pattern (context, values);
  ErosText text = eros_arg_text (values[0]);
  ErosText rewrite = eros_arg_text (values[2]);
  g_autofree char *problem = NULL;
  gssize match[2 * EROS_RE2_MAX_GROUPS];
  int n_groups = 0;
  gsize from = 0;
  gsize copied = 0;
  gssize last_end = -1;
  GString *out = NULL;

  if (pattern == NULL)
    return;
  if (!eros_re2_check_rewrite (pattern, rewrite.data, rewrite.size, &problem))
    {
      eros_native_fail (context, "Invalid REGEXP_REPLACE pattern: %s", problem);
      return;
    }
  n_groups = MIN (eros_re2_get_n_groups (pattern) + 1, EROS_RE2_MAX_GROUPS);
  out = g_string_sized_new (text.size);
  while (from <= text.size && eros_re2_match (pattern, text.data, text.size, from, match, n_groups))
    {
      /* An empty match right after another match is none. */
      if (match[0] != match[1] || match[0] != last_end)
        {
          g_string_append_len (out, text.data + copied, match[0] - (gssize) copied);
          append_rewrite (out, rewrite, text, match);
          copied = (gsize) match[1];
          last_end = match[1];
        }
      from = next_start (text, match);
    }
  g_string_append_len (out, text.data + copied, (gssize) (text.size - copied));
  eros_result_take_like (context, text, out);
}

const ErosNative eros_native_regexp[] = {
  { "REGEXP_CONTAINS", "(STRING, STRING) -> BOOL", "bq_regexp_contains", STRICT_FAIL, contains, NULL },
  { "REGEXP_CONTAINS", "(BYTES, BYTES) -> BOOL", "bq_regexp_contains", STRICT_FAIL, NULL, NULL },
  { "REGEXP_EXTRACT", "(STRING, STRING, [INT64], [INT64]) -> STRING", "bq_regexp_extract", STRICT_FAIL,
    extract, NULL },
  { "REGEXP_EXTRACT", "(BYTES, BYTES, [INT64], [INT64]) -> BYTES", "bq_regexp_extract", STRICT_FAIL, NULL,
    NULL },
  { "REGEXP_SUBSTR", "(STRING, STRING, [INT64], [INT64]) -> STRING", "bq_regexp_extract", STRICT_FAIL, NULL,
    NULL },
  { "REGEXP_SUBSTR", "(BYTES, BYTES, [INT64], [INT64]) -> BYTES", "bq_regexp_extract", STRICT_FAIL, NULL,
    NULL },
  { "REGEXP_INSTR", "(STRING, STRING, [INT64], [INT64], [INT64]) -> INT64", "bq_regexp_instr", STRICT_FAIL,
    instr, NULL },
  { "REGEXP_INSTR", "(BYTES, BYTES, [INT64], [INT64], [INT64]) -> INT64", "bq_regexp_instr", STRICT_FAIL,
    NULL, NULL },
  { "REGEXP_EXTRACT_ALL", "(STRING, STRING) -> ARRAY<STRING>", "bq_regexp_extract_all", STRICT_FAIL,
    extract_all, NULL },
  { "REGEXP_EXTRACT_ALL", "(BYTES, BYTES) -> ARRAY<BYTES>", "bq_regexp_extract_all", STRICT_FAIL, NULL,
    NULL },
  { "REGEXP_REPLACE", "(STRING, STRING, STRING) -> STRING", "bq_regexp_replace", STRICT_FAIL, replace, NULL },
  { "REGEXP_REPLACE", "(BYTES, BYTES, BYTES) -> BYTES", "bq_regexp_replace", STRICT_FAIL, NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
