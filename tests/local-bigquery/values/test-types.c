/* test-types.c: types, their text form, and what coerces to what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-sql-type.h>

static const ErosSqlType *
type (const char *text)
{
  g_autoptr (GError) error = NULL;
  const ErosSqlType *result = eros_sql_type_parse (text, &error);

  g_assert_no_error (error);
  return result;
}

static void
test_text (void)
{
  static const char *const texts[] = {
    "INT64",
    "BIGNUMERIC",
    "ARRAY<STRING>",
    "STRUCT<>",
    "STRUCT<INT64, STRING>",
    "STRUCT<a INT64, b ARRAY<STRING>>",
    "ARRAY<STRUCT<x ARRAY<INT64>, y STRUCT<z JSON>>>",
    "STRUCT<`a b` INT64, `int64` STRING, `x\\`y\\\\` BOOL>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpstr (eros_sql_type_get_name (type (texts[i])), ==, texts[i]);
  g_assert_true (type (" struct < A int64 ,b Array<string(10)> > ") ==
                 type ("STRUCT<A INT64, b ARRAY<STRING>>"));
  g_assert_true (type ("DECIMAL(10, 2)") == eros_sql_type (EROS_SQL_NUMERIC));
  g_assert_true (type ("STRUCT<a INT64>") != type ("STRUCT<b INT64>"));
}

static void
test_malformed (void)
{
  static const char *const texts[] = { "",
                                       "FLOAT",
                                       "ARRAY",
                                       "ARRAY<>",
                                       "ARRAY<INT64",
                                       "STRUCT<",
                                       "STRUCT<a>",
                                       "ARRAY<ARRAY<INT64>>",
                                       "INT64 INT64",
                                       "STRUCT<a INT64,>",
                                       "INT64>",
                                       "STRUCT<`a INT64>",
                                       "STRING(10",
                                       "STRUCT<a INT64 b INT64>" };
  GString *deep = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (eros_sql_type_parse (texts[i], &error));
      g_assert_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_TYPE);
    }
  for (guint i = 0; i < 10000; i++)
    g_string_append (deep, "STRUCT<");
  g_assert_null (eros_sql_type_parse (deep->str, NULL));
  g_string_free (deep, TRUE);
}

static void
test_fields (void)
{
  const ErosSqlType *s = type ("STRUCT<Name STRING, id INT64, ID BOOL>");
  gboolean ambiguous = FALSE;
  guint index = 9;

  g_assert_true (eros_sql_type_find_field (s, "NAME", &index, &ambiguous));
  g_assert_cmpuint (index, ==, 0);
  g_assert_false (ambiguous);
  g_assert_true (eros_sql_type_find_field (s, "id", &index, &ambiguous));
  g_assert_true (ambiguous);
  g_assert_false (eros_sql_type_find_field (s, "nope", NULL, NULL));
}

static void
test_predicates (void)
{
  g_assert_true (eros_sql_type_is_orderable (type ("TIMESTAMP")));
  g_assert_false (eros_sql_type_is_orderable (type ("JSON")));
  g_assert_false (eros_sql_type_is_orderable (type ("ARRAY<INT64>")));
  g_assert_false (eros_sql_type_is_comparable (type ("STRUCT<a JSON>")));
  g_assert_true (eros_sql_type_is_comparable (type ("STRUCT<a INT64, b ARRAY<STRING>>")));
}

static void
assert_coerces (const char *from, ErosSqlForm form, const char *to, gboolean expected)
{
  if (eros_sql_type_coerces (type (from), form, type (to)) != expected)
    g_test_message ("%s to %s", from, to);
  g_assert_true (eros_sql_type_coerces (type (from), form, type (to)) == expected);
}

static void
test_coercion (void)
{
  assert_coerces ("INT64", EROS_SQL_FORM_EXPRESSION, "FLOAT64", TRUE);
  assert_coerces ("FLOAT64", EROS_SQL_FORM_EXPRESSION, "NUMERIC", FALSE);
  assert_coerces ("FLOAT64", EROS_SQL_FORM_LITERAL, "NUMERIC", TRUE);
  assert_coerces ("NUMERIC", EROS_SQL_FORM_EXPRESSION, "INT64", FALSE);
  assert_coerces ("STRING", EROS_SQL_FORM_EXPRESSION, "DATE", FALSE);
  assert_coerces ("STRING", EROS_SQL_FORM_LITERAL, "TIMESTAMP", TRUE);
  assert_coerces ("STRING", EROS_SQL_FORM_LITERAL, "BYTES", FALSE);
  assert_coerces ("DATE", EROS_SQL_FORM_EXPRESSION, "DATETIME", TRUE);
  assert_coerces ("DATE", EROS_SQL_FORM_EXPRESSION, "TIMESTAMP", FALSE);
  assert_coerces ("INT64", EROS_SQL_FORM_NULL, "STRUCT<a INT64>", TRUE);
  assert_coerces ("STRUCT<INT64, DATE>", EROS_SQL_FORM_EXPRESSION, "STRUCT<a FLOAT64, b DATETIME>", TRUE);
  assert_coerces ("ARRAY<INT64>", EROS_SQL_FORM_EXPRESSION, "ARRAY<FLOAT64>", FALSE);
  assert_coerces ("ARRAY<INT64>", EROS_SQL_FORM_EMPTY_ARRAY, "ARRAY<STRING>", TRUE);
  g_assert_true (eros_sql_type_casts (type ("ARRAY<INT64>"), type ("ARRAY<STRING>")));
  g_assert_false (eros_sql_type_casts (type ("DATE"), type ("TIME")));
  g_assert_false (eros_sql_type_casts (type ("BOOL"), type ("FLOAT64")));
}

static const char *
supertype (const char *texts)
{
  g_auto (GStrv) names = g_strsplit (texts, ";", -1);
  guint n = g_strv_length (names);
  g_autofree ErosSqlArgument *arguments = g_new0 (ErosSqlArgument, n);
  const ErosSqlType *result = NULL;

  for (guint i = 0; i < n; i++)
    {
      gboolean literal = names[i][0] == '=';
      gboolean null = names[i][0] == '?';

      arguments[i].type = type (names[i] + (literal || null));
      arguments[i].form = literal ? EROS_SQL_FORM_LITERAL
                          : null  ? EROS_SQL_FORM_NULL
                                  : EROS_SQL_FORM_EXPRESSION;
    }
  result = eros_sql_type_supertype (arguments, n);
  return result != NULL ? eros_sql_type_get_name (result) : NULL;
}

static void
test_supertype (void)
{
  g_assert_cmpstr (supertype ("INT64;FLOAT64"), ==, "FLOAT64");
  g_assert_cmpstr (supertype ("=FLOAT64;NUMERIC"), ==, "NUMERIC");
  g_assert_cmpstr (supertype ("FLOAT64;NUMERIC"), ==, "FLOAT64");
  g_assert_cmpstr (supertype ("=STRING;DATE"), ==, "DATE");
  g_assert_cmpstr (supertype ("STRING;DATE"), ==, NULL);
  g_assert_cmpstr (supertype ("?INT64;STRING"), ==, "STRING");
  g_assert_cmpstr (supertype ("?INT64;?INT64"), ==, "INT64");
  g_assert_cmpstr (supertype ("DATE;DATETIME"), ==, "DATETIME");
  g_assert_cmpstr (supertype ("STRUCT<a INT64, b FLOAT64>;STRUCT<FLOAT64, INT64>"), ==,
                   "STRUCT<a FLOAT64, b FLOAT64>");
  g_assert_cmpstr (supertype ("=STRUCT<a INT64>;STRUCT<b FLOAT64>"), ==, "STRUCT<a FLOAT64>");
  g_assert_cmpstr (supertype ("INT64;BOOL"), ==, NULL);
}

static gpointer
parse_many (gpointer data)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *text = g_strdup_printf ("STRUCT<f%u INT64, g ARRAY<STRING>>", i % 100);

      g_assert_cmpstr (eros_sql_type_get_name (type (text)), ==, text);
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("types", parse_many, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/values/a-type-is-read-from-its-own-text", test_text);
  g_test_add_func ("/values/a-malformed-type-is-refused", test_malformed);
  g_test_add_func ("/values/fields-are-found-in-any-case", test_fields);
  g_test_add_func ("/values/types-know-what-they-can-be-used-for", test_predicates);
  g_test_add_func ("/values/literals-coerce-to-more-than-expressions", test_coercion);
  g_test_add_func ("/values/the-supertype-is-the-one-that-all-coerce-to", test_supertype);
  g_test_add_func ("/values/equal-types-are-one-pointer-in-all-threads", test_threads);

  return g_test_run ();
}
