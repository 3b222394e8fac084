/* eros-native-similar.c: normal forms, and texts that are alike: SOUNDEX, EDIT_DISTANCE, CONTAINS_SUBSTR
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-text-private.h"

/* ---- Normal forms, SOUNDEX, EDIT_DISTANCE -------------------------------------------------------------- */

static void
normalize_text (sqlite3_context *context, int n, sqlite3_value **values, gboolean fold)
{
  static const struct
  {
    const char *name;
    GNormalizeMode mode;
  } modes[] = { { "NFC", G_NORMALIZE_NFC },
                { "NFKC", G_NORMALIZE_NFKC },
                { "NFD", G_NORMALIZE_NFD },
                { "NFKD", G_NORMALIZE_NFKD } };
  ErosText text = eros_arg_text (values[0]);
  ErosText wanted = n > 1 ? eros_arg_text (values[1]) : (ErosText){ "NFC", 3, FALSE };
  g_autofree char *folded = fold ? g_utf8_casefold (text.data, (gssize) text.size) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (strlen (modes[i].name) == wanted.size &&
        g_ascii_strncasecmp (modes[i].name, wanted.data, wanted.size) == 0)
      {
        g_autofree char *normal =
          g_utf8_normalize (fold ? folded : text.data, fold ? -1 : (gssize) text.size, modes[i].mode);

        if (normal != NULL)
          eros_result_text (context, normal, strlen (normal));
        return;
      }
  eros_native_fail (context, "Invalid normalize mode: %.*s", (int) wanted.size, wanted.data);
}

static void
normalize (sqlite3_context *context, int n, sqlite3_value **values)
{
  normalize_text (context, n, values, FALSE);
}

static void
normalize_and_casefold (sqlite3_context *context, int n, sqlite3_value **values)
{
  normalize_text (context, n, values, TRUE);
}

static void
soundex (sqlite3_context *context, int n, sqlite3_value **values)
{
  /* By letter from A; 0 has no code. Unlike elsewhere, a vowel between equal codes does not separate them. */
  static const char codes[] = "01230120022455012623010202";
  ErosText text = eros_arg_text (values[0]);
  char out[5] = "";
  int length = 0;
  char last = '\0';

  for (gsize i = 0; i < text.size && length < 4; i++)
    {
      char code = '\0';

      if (!g_ascii_isalpha (text.data[i]))
        continue;
      code = codes[g_ascii_toupper (text.data[i]) - 'A'];
      if (length == 0)
        out[length++] = text.data[i];
      else if (code != '0' && code != last)
        out[length++] = code;
      if (code != '0')
        last = code;
    }
  while (length > 0 && length < 4)
    out[length++] = '0';
  eros_result_text (context, out, (gsize) length);
}

/* Levenshtein's distance: (a, b, [max_distance]) */
static void
edit_distance (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosText a = eros_arg_text (values[0]);
  ErosText b = eros_arg_text (values[1]);
  gint64 most = n > 2 ? sqlite3_value_int64 (values[2]) : G_MAXINT64;
  g_autoptr (GArray) row = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) chars = g_array_new (FALSE, FALSE, sizeof (gunichar));
  const char *end = b.data + b.size;
  gint64 result = 0;

  if (most < 0)
    {
      eros_native_fail (context, "EDIT_DISTANCE max_distance must be non-negative");
      return;
    }
  for (const char *next = b.data; next < end;)
    {
      gunichar c = b.bytes ? (guchar) *next++ : eros_text_next (&next, end);

      g_array_append_val (chars, c);
    }
  for (gint64 j = 0; j <= chars->len; j++)
    g_array_append_val (row, j);
  end = a.data + a.size;
  for (const char *next = a.data; next < end;)
    {
      gunichar c = a.bytes ? (guchar) *next++ : eros_text_next (&next, end);
      gint64 diagonal = g_array_index (row, gint64, 0);

      g_array_index (row, gint64, 0)++;
      for (guint j = 0; j < chars->len; j++)
        {
          gint64 above = g_array_index (row, gint64, j + 1);
          gint64 replaced = diagonal + (g_array_index (chars, gunichar, j) != c);

          g_array_index (row, gint64, j + 1) =
            MIN (replaced, MIN (above, g_array_index (row, gint64, j)) + 1);
          diagonal = above;
        }
    }
  result = g_array_index (row, gint64, chars->len);
  sqlite3_result_int64 (context, MIN (result, most));
}

/* CONTAINS_SUBSTR: (value, text, type, type): any part of a value, without regard to case */

static char *
fold (const char *data, gsize size)
{
  g_autofree char *normal = g_utf8_normalize (data, (gssize) size, G_NORMALIZE_NFKC);
  g_autofree char *folded = g_utf8_casefold (normal != NULL ? normal : "", -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_NFKC);
}

static int
contains_folded (const ErosSqlValue *value, const char *needle)
{
  g_autoptr (GString) text = NULL;
  g_autofree char *folded = NULL;
  gboolean array = eros_sql_type_is (value->type, EROS_SQL_ARRAY);
  int found = 0;

  if (value->is_null)
    return -1;
  if (array || eros_sql_type_is (value->type, EROS_SQL_STRUCT))
    {
      ErosSqlReader reader;
      ErosSqlValue element;

      eros_sql_reader_init (&reader, value->data, value->size);
      for (guint i = 0; i < reader.n_elements && found < 1; i++)
        {
          const ErosSqlType *type =
            array ? eros_sql_type_get_element (value->type) : eros_sql_type_get_field (value->type, i)->type;

          if (!eros_sql_reader_next_value (&reader, type, &element))
            break;
          found = contains_folded (&element, needle) > 0 ? 1 : element.is_null && found == 0 ? -1 : found;
        }
      return found;
    }
  text = g_string_new (NULL);
  eros_sql_value_append_cast (value, text);
  folded = fold (text->str, text->len);
  return strstr (folded, needle) != NULL;
}

static void
contains_substr (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *type = eros_arg_type (context, values, n / 2);
  ErosText needle = eros_arg_text (values[1]);
  g_autofree char *folded = NULL;
  ErosSqlValue value;
  int found = 0;

  if (type == NULL)
    return;
  if (eros_arg_is_null (values[1]))
    {
      eros_native_fail (context, "CONTAINS_SUBSTR: the second argument must not be NULL");
      return;
    }
  folded = fold (needle.data, needle.size);
  eros_sql_value_load (&value, type, values[0]);
  found = contains_folded (&value, folded);
  if (found >= 0)
    sqlite3_result_int (context, found);
}

const ErosNative eros_native_similar[] = {
  { "NORMALIZE", "(STRING, [PART]) -> STRING", "bq_normalize", STRICT_FAIL, normalize, NULL },
  { "NORMALIZE_AND_CASEFOLD", "(STRING, [PART]) -> STRING", "bq_normalize_and_casefold", STRICT_FAIL,
    normalize_and_casefold, NULL },
  { "SOUNDEX", "(STRING) -> STRING", "bq_soundex", NULLS_STRICT, soundex, NULL },
  { "EDIT_DISTANCE", "(STRING, STRING, [max_distance => INT64]) -> INT64", "bq_edit_distance", STRICT_FAIL,
    edit_distance, NULL },
  { "EDIT_DISTANCE", "(BYTES, BYTES, [max_distance => INT64]) -> INT64", "bq_edit_distance", STRICT_FAIL,
    NULL, NULL },
  { "CONTAINS_SUBSTR", "(ANY, STRING) -> BOOL", "bq_contains_substr", CAN_FAIL | EROS_FUNCTION_NEEDS_TYPES,
    contains_substr, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
