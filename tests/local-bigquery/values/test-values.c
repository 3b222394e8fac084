/* test-values.c: values, their texts, and the binary form of ARRAY and STRUCT
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-cast.h>
#include <eros-sql-value.h>
#include <math.h>
#include <string.h>

static const ErosSqlType *
type (const char *text)
{
  return eros_sql_type_parse (text, NULL);
}

/* STRUCT<a INT64, b ARRAY<STRING>, c FLOAT64, d TIMESTAMP> */
static void
make_struct (ErosSqlValue *value)
{
  const ErosSqlType *whole = type ("STRUCT<a INT64, b ARRAY<STRING>, c FLOAT64, d TIMESTAMP>");
  g_auto (ErosSqlValue) array = EROS_SQL_VALUE_INIT;
  ErosSqlBuilder builder;

  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  eros_sql_builder_add_text (&builder, "x\"y", 3);
  eros_sql_builder_add_null (&builder);
  eros_sql_builder_end_value (&builder, type ("ARRAY<STRING>"), &array);
  eros_sql_builder_init (&builder, EROS_SQL_STRUCT);
  eros_sql_builder_add_integer (&builder, 7);
  eros_sql_builder_add (&builder, &array);
  eros_sql_builder_add_real (&builder, NAN);
  eros_sql_builder_add_integer (&builder, 1735689600500000);
  eros_sql_builder_end_value (&builder, whole, value);
}

static void
assert_text (void (*append) (const ErosSqlValue *value, GString *text),
             const ErosSqlValue *value,
             const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append (value, text);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
append_json (const ErosSqlValue *value, GString *text)
{
  eros_sql_value_append_json (value, FALSE, 0, text);
}

static void
append_rest (const ErosSqlValue *value, GString *text)
{
  eros_sql_value_append_rest (value, EROS_SQL_REST_DEFAULT, text);
}

static void
append_rest_int64 (const ErosSqlValue *value, GString *text)
{
  eros_sql_value_append_rest (value, EROS_SQL_REST_INT64_TIMESTAMP, text);
}

static void
test_texts (void)
{
  g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;

  make_struct (&value);
  assert_text (eros_sql_value_append_t, &value, "(7, [x\"y, NULL], nan, 2025-01-01 00:00:00.500+00)");
  assert_text (eros_sql_value_append_literal, &value,
               "(7, ['x\"y', NULL], CAST(\"nan\" AS FLOAT64), TIMESTAMP \"2025-01-01 00:00:00.500+00\")");
  assert_text (append_json, &value,
               "{\"a\":7,\"b\":[\"x\\\"y\",null],\"c\":\"NaN\",\"d\":\"2025-01-01T00:00:00.500Z\"}");
  assert_text (append_rest, &value,
               "{\"f\":[{\"v\":\"7\"},{\"v\":[{\"v\":\"x\\\"y\"},{\"v\":null}]},{\"v\":\"NaN\"},{\"v\":\"1."
               "7356896005E9\"}]}");
  assert_text (append_rest_int64, &value,
               "{\"f\":[{\"v\":\"7\"},{\"v\":[{\"v\":\"x\\\"y\"},{\"v\":null}]},{\"v\":\"NaN\"},{\"v\":"
               "\"1735689600500000\"}]}");
  /* 8 + (2 + 3) + 0 + 8 + 8 */
  g_assert_cmpuint (eros_sql_value_get_logical_size (&value), ==, 29);
}

static void
test_equality (void)
{
  g_auto (ErosSqlValue) a = EROS_SQL_VALUE_INIT;
  g_auto (ErosSqlValue) b = EROS_SQL_VALUE_INIT;
  ErosSqlValue nan, one, null;

  make_struct (&a);
  make_struct (&b);
  eros_sql_value_set_real (&nan, NAN);
  eros_sql_value_set_real (&one, 1);
  eros_sql_value_set_null (&null, type ("FLOAT64"));
  g_assert_true (eros_sql_value_equal (&a, &b));
  g_assert_cmpmem (a.data, a.size, b.data, b.size);
  g_assert_true (eros_sql_value_equal (&nan, &nan));
  g_assert_cmpint (eros_sql_value_compare (&nan, &one), <, 0);
  g_assert_cmpint (eros_sql_value_compare (&null, &nan), <, 0);
}

static void
test_from_text (void)
{
  static const struct
  {
    const char *type;
    const char *text;
    const char *expected; /* NULL: refused */
  } cases[] = {
    { "INT64", " -12 ", "-12" },
    { "INT64", "9223372036854775808", NULL },
    { "INT64", "1.0", NULL },
    { "INT64", "", NULL },
    { "BOOL", "TRUE", "true" },
    { "BOOL", "1", NULL },
    { "FLOAT64", "1e3", "1000" },
    { "FLOAT64", "1,5", NULL },
    { "NUMERIC", "1.50", "1.5" },
    { "BYTES", "YWI=", "ab" },
    { "DATE", "2024-2-9", "2024-02-09" },
    { "DATE", "2024-02-30", NULL },
    { "TIME", "1:2:3", "01:02:03" },
    { "DATETIME", "2024-02-29T01:02:03.5", "2024-02-29 01:02:03.500" },
    { "TIMESTAMP", "2024-02-29 01:02:03+01", "2024-02-29 00:02:03+00" },
    { "TIMESTAMP", "now", NULL },
    { "JSON", "{\"b\": 1}", "{\"b\":1}" },
    { "JSON", "{", NULL },
    { "STRING", "\xff", NULL },
    { "ARRAY<INT64>", "[1]", NULL },
    { "INTERVAL", "1-0 0 0:0:0", "1-0 0 0:0:0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (ErosSqlValue) value = EROS_SQL_VALUE_INIT;
      g_autoptr (GError) error = NULL;
      gboolean valid = eros_sql_value_from_text (type (cases[i].type), cases[i].text, -1, &value, &error);

      if (valid != (cases[i].expected != NULL))
        g_test_message ("%s %s", cases[i].type, cases[i].text);
      g_assert_true (valid == (cases[i].expected != NULL));
      if (valid)
        assert_text (eros_sql_value_append_cast, &value, cases[i].expected);
      else
        g_assert_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_INVALID_VALUE);
    }
}

/* What BigQuery words so. */
static void
test_cast_errors (void)
{
  static const char *const cases[][3] = {
    { "INT64", "x", "Bad int64 value: x" },
    { "BOOL", "x", "Bad bool value: x" },
    { "NUMERIC", "x", "Invalid NUMERIC value: x" },
    { "DATE", "x", "Invalid date: 'x'" },
    { "TIMESTAMP", "2024-01-01 00:00:00 X/Y", "Invalid time zone: X/Y" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ErosSqlValue text;
      g_auto (ErosSqlValue) result = EROS_SQL_VALUE_INIT;
      g_auto (ErosSqlValue) safe = EROS_SQL_VALUE_INIT;
      g_autoptr (GError) error = NULL;

      eros_sql_value_set_data (&text, type ("STRING"), cases[i][1], -1);
      g_assert_false (
        eros_sql_value_cast (&text, type (cases[i][0]), eros_zone_utc (), FALSE, &result, &error));
      g_assert_cmpstr (error->message, ==, cases[i][2]);
      g_assert_true (eros_sql_value_cast (&text, type (cases[i][0]), eros_zone_utc (), TRUE, &safe, NULL));
      g_assert_true (safe.is_null);
    }
}

/* A reader takes any bytes: nothing outside them is read, and the texts of what it finds come to an end. */
static void
test_hostile_bytes (void)
{
  static const char *const types[] = { "ARRAY<INT64>",
                                       "ARRAY<STRING>",
                                       "ARRAY<NUMERIC>",
                                       "STRUCT<a INT64, b ARRAY<STRING>>",
                                       "ARRAY<STRUCT<x FLOAT64, y INTERVAL, z ARRAY<BYTES>>>",
                                       "STRUCT<d DATE, t TIMESTAMP>" };

  for (guint i = 0; i < 30000; i++)
    {
      gsize size = (gsize) g_test_rand_int_range (0, 48);
      g_autofree char *bytes = g_malloc (size + 1);
      g_autoptr (GString) text = g_string_new (NULL);
      ErosSqlValue value;

      for (gsize j = 0; j < size; j++)
        bytes[j] = g_test_rand_bit () ? (char) g_test_rand_int_range (0, 6) : (char) g_test_rand_int ();
      if (size > 0)
        bytes[0] = g_test_rand_bit () ? 'A' : 'S';
      eros_sql_value_set_data (&value, type (types[g_test_rand_int_range (0, G_N_ELEMENTS (types))]), bytes,
                               (gssize) size);
      eros_sql_value_append_t (&value, text);
      eros_sql_value_append_literal (&value, text);
      append_json (&value, text);
      append_rest (&value, text);
      g_assert_true (eros_sql_value_equal (&value, &value));
      (void) eros_sql_value_get_logical_size (&value);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/values/a-value-has-a-text-for-each-reader", test_texts);
  g_test_add_func ("/values/equal-values-have-equal-bytes", test_equality);
  g_test_add_func ("/values/a-text-becomes-a-value-or-is-refused", test_from_text);
  g_test_add_func ("/values/a-failed-cast-says-what-and-why", test_cast_errors);
  g_test_add_func ("/values/hostile-bytes-do-no-harm", test_hostile_bytes);

  return g_test_run ();
}
