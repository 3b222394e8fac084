/* test-numbers.c: exact decimals and FLOAT64 texts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-double.h>
#include <eros-numeric-math.h>
#include <math.h>
#include <string.h>

static void
parse (ErosSqlKind kind, const char *text, ErosWide *number)
{
  g_assert_true (eros_numeric_parse (kind, text, strlen (text), number));
}

static void
assert_number (ErosSqlKind kind, const ErosWide *number, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  eros_numeric_append (kind, number, text);
  g_assert_cmpstr (text->str, ==, expected);
}

#define N  EROS_SQL_NUMERIC
#define BN EROS_SQL_BIGNUMERIC

static void
test_texts (void)
{
  static const struct
  {
    ErosSqlKind kind;
    const char *text;
    const char *expected; /* NULL: no number */
  } cases[] = {
    { N, "0", "0" },
    { N, "-0", "0" },
    { N, "1.50", "1.5" },
    { N, ".5", "0.5" },
    { N, "5.", "5" },
    { N, " 1e3 ", "1000" },
    { N, "1e-9", "0.000000001" },
    { N, "5e-10", "0.000000001" },
    { N, "4.9e-10", "0" },
    { N, "-5e-10", "-0.000000001" },
    { N, "99999999999999999999999999999.999999999", "99999999999999999999999999999.999999999" },
    { N, "99999999999999999999999999999.9999999995", NULL },
    { N, "1e29", NULL },
    { N, "", NULL },
    { N, ".", NULL },
    { N, "1e", NULL },
    { N, "1.2.3", NULL },
    { N, "0x1", NULL },
    { N, "1e99999999999", NULL },
    { N, "0e99999999999", "0" },
    { BN, "1e-38", "0.00000000000000000000000000000000000001" },
    { BN, "578960446186580977117854925043439539266.34992332820282019728792003956564819967",
      "578960446186580977117854925043439539266.34992332820282019728792003956564819967" },
    { BN, "578960446186580977117854925043439539266.34992332820282019728792003956564819968", NULL },
    { BN, "-578960446186580977117854925043439539266.34992332820282019728792003956564819968",
      "-578960446186580977117854925043439539266.34992332820282019728792003956564819968" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ErosWide number;
      gboolean valid = eros_numeric_parse (cases[i].kind, cases[i].text, strlen (cases[i].text), &number);

      if (valid != (cases[i].expected != NULL))
        g_test_message ("%s", cases[i].text);
      g_assert_true (valid == (cases[i].expected != NULL));
      if (valid)
        assert_number (cases[i].kind, &number, cases[i].expected);
    }
}

static void
random_wide (ErosWide *wide, guint n_limbs)
{
  *wide = eros_wide_zero;
  for (guint i = 0; i < n_limbs; i++)
    {
      guint64 random = ((guint64) (guint32) g_test_rand_int () << 32) | (guint32) g_test_rand_int ();

      /* the ends of the range as often as its middle */
      wide->limb[i] = g_test_rand_bit ()   ? random
                      : g_test_rand_bit () ? G_MAXUINT64
                      : g_test_rand_bit () ? 0
                                           : random >> 33;
    }
  wide->negative = g_test_rand_bit () && !eros_wide_is_zero (wide);
}

static void
test_division (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      ErosWide a, b, one, quotient, remainder, product, sum;

      random_wide (&a, (guint) g_test_rand_int_range (1, 5));
      random_wide (&b, (guint) g_test_rand_int_range (1, 5));
      eros_wide_set_uint64 (&one, 1);
      if (eros_wide_is_zero (&b))
        continue;
      g_assert_true (eros_wide_multiply_divide (&a, &one, &b, EROS_WIDE_TRUNCATE, &quotient));
      eros_wide_remainder (&a, &b, &remainder);
      g_assert_cmpint (eros_wide_compare_magnitude (&remainder, &b), <, 0);
      g_assert_true (eros_wide_multiply (&quotient, &b, &product));
      g_assert_true (eros_wide_add (&product, &remainder, &sum));
      g_assert_cmpint (eros_wide_compare (&sum, &a), ==, 0);
    }
}

static void
test_product_over_divisor (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      ErosWide a, b, result;

      random_wide (&a, 4);
      random_wide (&b, 4);
      if (eros_wide_is_zero (&b))
        continue;
      g_assert_true (eros_wide_multiply_divide (&a, &b, &b, EROS_WIDE_HALF_AWAY, &result));
      g_assert_cmpint (eros_wide_compare (&result, &a), ==, 0);
    }
}

static void
test_order_of_bytes (void)
{
  for (guint i = 0; i < 10000; i++)
    {
      ErosSqlKind kind = g_test_rand_bit () ? N : BN;
      ErosWide a, b, again;
      char x[EROS_NUMERIC_MAX_SIZE], y[EROS_NUMERIC_MAX_SIZE];
      int order = 0;

      random_wide (&a, kind == N ? 2 : 4);
      random_wide (&b, kind == N ? 2 : 4);
      if (!eros_numeric_in_range (kind, &a) || !eros_numeric_in_range (kind, &b))
        continue;
      eros_numeric_store (kind, &a, x);
      eros_numeric_store (kind, &b, y);
      g_assert_true (eros_numeric_load (kind, x, eros_numeric_get_size (kind), &again));
      g_assert_cmpint (eros_wide_compare (&a, &again), ==, 0);
      order = memcmp (x, y, eros_numeric_get_size (kind));
      g_assert_cmpint ((order > 0) - (order < 0), ==, eros_wide_compare (&a, &b));
    }
}

static void
test_arithmetic (void)
{
  ErosWide a, b, result;
  gint64 integer = 0;

  parse (N, "2.5", &a);
  parse (N, "-0.3", &b);
  g_assert_true (eros_numeric_multiply (N, &a, &b, &result));
  assert_number (N, &result, "-0.75");
  g_assert_true (eros_numeric_divide (N, &a, &b, &result));
  assert_number (N, &result, "-8.333333333");
  g_assert_true (eros_numeric_divide_integer (N, &a, &b, &result));
  assert_number (N, &result, "-8");
  g_assert_true (eros_numeric_round (N, &a, 0, EROS_WIDE_HALF_AWAY, &result));
  assert_number (N, &result, "3");
  g_assert_true (eros_numeric_round (N, &a, 0, EROS_WIDE_HALF_EVEN, &result));
  assert_number (N, &result, "2");
  g_assert_true (eros_numeric_round (N, &b, 0, EROS_WIDE_FLOOR, &result));
  assert_number (N, &result, "-1");
  g_assert_true (eros_numeric_round (N, &a, G_MININT64, EROS_WIDE_HALF_AWAY, &result));
  assert_number (N, &result, "0");
  g_assert_true (eros_numeric_to_int64 (N, &a, &integer));
  g_assert_cmpint (integer, ==, 3);
  parse (N, "99999999999999999999999999999", &a);
  g_assert_false (eros_numeric_add (N, &a, &a, &result));
  g_assert_false (eros_numeric_to_int64 (N, &a, &integer));
  g_assert_false (eros_numeric_from_double (N, 1e30, &result));
  g_assert_false (eros_numeric_from_double (BN, (double) NAN, &result));
  g_assert_true (eros_numeric_from_double (N, 0.1, &result));
  assert_number (N, &result, "0.1");
  g_assert_true (eros_numeric_from_double (BN, 5e-324, &result));
  assert_number (BN, &result, "0");
}

static void
test_functions (void)
{
  ErosWide a, b, result;

  parse (BN, "2", &a);
  g_assert_true (eros_numeric_sqrt (BN, &a, &result));
  assert_number (BN, &result, "1.41421356237309504880168872420969807857");
  g_assert_true (eros_numeric_exp (BN, &a, &result));
  assert_number (BN, &result, "7.38905609893065022723042746057500781318");
  g_assert_true (eros_numeric_ln (BN, &a, &result));
  assert_number (BN, &result, "0.69314718055994530941723212145817656808");
  parse (N, "1000", &a);
  parse (N, "10", &b);
  g_assert_true (eros_numeric_log (N, &a, &b, &result));
  assert_number (N, &result, "3");
  g_assert_false (eros_numeric_pow (N, &a, &b, &result));
  parse (N, "-2", &a);
  parse (N, "-3", &b);
  g_assert_true (eros_numeric_pow (N, &a, &b, &result));
  assert_number (N, &result, "-0.125");
  parse (N, "0.5", &b);
  g_assert_false (eros_numeric_pow (N, &a, &b, &result));
  g_assert_false (eros_numeric_sqrt (N, &a, &result));
  parse (N, "27", &a);
  g_assert_true (eros_numeric_cbrt (N, &a, &result));
  assert_number (N, &result, "3");
  parse (N, "-100000", &a);
  g_assert_true (eros_numeric_exp (N, &a, &result));
  assert_number (N, &result, "0");
}

static void
test_double_texts (void)
{
  static const struct
  {
    double value;
    const char *cast;
    const char *t;
    const char *rest;
  } cases[] = {
    { 0, "0", "0.0", "0.0" },
    { -0.0, "0", "0.0", "0.0" },
    { 1, "1", "1.0", "1.0" },
    { 0.1, "0.1", "0.1", "0.1" },
    { 1e20, "1e+20", "1e+20", "1.0E20" },
    { 123456789, "123456789", "123456789.0", "1.23456789E8" },
    { 1e-7, "1e-07", "1e-07", "1.0E-7" },
    { 0.1 + 0.2, "0.30000000000000004", "0.30000000000000004", "0.30000000000000004" },
    { INFINITY, "inf", "inf", "Infinity" },
    { -INFINITY, "-inf", "-inf", "-Infinity" },
    { NAN, "nan", "nan", "NaN" },
    { 1735689600, "1735689600", "1735689600.0", "1.7356896E9" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      eros_double_append (cases[i].value, text);
      g_assert_cmpstr (text->str, ==, cases[i].cast);
      g_string_truncate (text, 0);
      eros_double_append_t (cases[i].value, text);
      g_assert_cmpstr (text->str, ==, cases[i].t);
      g_string_truncate (text, 0);
      eros_double_append_rest (cases[i].value, text);
      g_assert_cmpstr (text->str, ==, cases[i].rest);
    }
}

static void
test_doubles_read_back (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      guint64 bits = ((guint64) (guint32) g_test_rand_int () << 32) | (guint32) g_test_rand_int ();
      double value = 0;
      double again = 0;
      void (*const forms[]) (double, GString *) = { eros_double_append, eros_double_append_t,
                                                    eros_double_append_rest, eros_double_append_json };

      memcpy (&value, &bits, sizeof value);
      for (guint f = 0; f < G_N_ELEMENTS (forms); f++)
        {
          g_autoptr (GString) text = g_string_new (NULL);

          if (!isfinite (value))
            continue;
          forms[f](value, text);
          g_assert_true (eros_double_parse (text->str, text->len, &again));
          g_assert_true (again == value);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/values/decimals-are-read-and-written-exactly", test_texts);
  g_test_add_func ("/values/quotient-times-divisor-plus-rest-is-the-dividend", test_division);
  g_test_add_func ("/values/a-product-divided-by-a-factor-is-the-other", test_product_over_divisor);
  g_test_add_func ("/values/decimals-sort-as-bytes", test_order_of_bytes);
  g_test_add_func ("/values/decimals-round-and-overflow-where-they-must", test_arithmetic);
  g_test_add_func ("/values/roots-powers-and-logarithms-are-exact-to-the-last-place", test_functions);
  g_test_add_func ("/values/floats-are-written-as-short-as-they-read-back", test_double_texts);
  g_test_add_func ("/values/any-float-reads-back-from-its-texts", test_doubles_read_back);

  return g_test_run ();
}
