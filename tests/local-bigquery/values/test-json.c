/* test-json.c: JSON text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-json.h>
#include <eros-sql-type.h>
#include <string.h>

static ErosJsonText
json (const char *text)
{
  return (ErosJsonText){ text, strlen (text) };
}

static char *
canonical (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (!eros_json_append_canonical (json (text), FALSE, out, NULL))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_canonical (void)
{
  static const char *const cases[][2] = {
    { " { \"b\" : 1 , \"a\" : [ 1.10 , 1e2 , -0 , true ] } ", "{\"a\":[1.1,100.0,0,true],\"b\":1}" },
    { "{\"a\":1,\"a\":2}", "{\"a\":1}" },
    { "\"\\u00e9\\/\\ud83d\\ude00\\u0001\"", "\"é/😀\\u0001\"" },
    { "\"\\ud83d x\"", "\"\xef\xbf\xbd x\"" },
    { "18446744073709551615", "18446744073709551615" },
    { "-9223372036854775808", "-9223372036854775808" },
    { "1E400", NULL },
    { "18446744073709551616", NULL },
    { "0.1234567890123456789", NULL },
    { "", NULL },
    { "[1,]", NULL },
    { "{\"a\"}", NULL },
    { "{'a':1}", NULL },
    { "01", NULL },
    { "1.", NULL },
    { "+1", NULL },
    { "nul", NULL },
    { "[1] x", NULL },
    { "\"a\nb\"", NULL },
    { "\"\\x\"", NULL },
    { "\"\\u12\"", NULL },
    { "\"abc", NULL },
    { "[", NULL },
    { "{\"a\":", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = canonical (cases[i][0]);

      if (g_strcmp0 (text, cases[i][1]) != 0)
        g_test_message ("%s", cases[i][0]);
      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

static void
test_depth (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GString) fine = g_string_new (NULL);
  g_autofree char *text = NULL;

  g_assert_null (canonical (deep));
  for (guint i = 0; i < 400; i++)
    g_string_prepend (fine, "[");
  for (guint i = 0; i < 400; i++)
    g_string_append (fine, "]");
  text = canonical (fine->str);
  g_assert_cmpstr (text, ==, fine->str);
}

static char *
find (const char *text, const char *path, gboolean legacy)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosJsonPath) compiled = eros_json_path_new (path, strlen (path), legacy, &error);
  g_autoptr (GString) out = g_string_new (NULL);
  ErosJsonText found;

  if (compiled == NULL)
    return g_strdup (error->message);
  if (!eros_json_find (json (text), compiled, &found))
    return NULL;
  eros_json_append_compact (found, out);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_paths (void)
{
  static const struct
  {
    const char *text;
    const char *path;
    gboolean legacy;
    const char *expected;
  } cases[] = {
    { "{\"a\":{\"b\":[1, {\"c\": 2.50}]}}", "$.a.b[1].c", FALSE, "2.50" },
    { "{\"a.b\":1}", "$.\"a.b\"", FALSE, "1" },
    { "{\"a.b\":1}", "$['a.b']", TRUE, "1" },
    { "{\"a.b\":1}", "$['a.b']", FALSE, "Invalid token in JSONPath at: ['a.b']" },
    { "{\"\\u0061\":1}", "$.a", FALSE, "1" },
    { "[1,2]", "$[5]", FALSE, NULL },
    { "[1,2]", "$.a", FALSE, NULL },
    { "{\"a\":1", "$.a", FALSE, "1" },
    { "{\"a\":1, x", "$.b", FALSE, NULL },
    { "{}", "a", FALSE, "JSONPath must start with '$'" },
    { "{}", "$.", FALSE, "Invalid token in JSONPath at: ." },
    { "{}", "$[", FALSE, "Invalid token in JSONPath at: [" },
    { "{}", "$[99999999999999999999]", FALSE, "Invalid token in JSONPath at: [99999999999999999999]" },
    { " 5 ", "$", FALSE, "5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = find (cases[i].text, cases[i].path, cases[i].legacy);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_pretty (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  eros_json_append_pretty (json ("{\"a\":[1,{\"b\":{}}],\"c\":[]}"), 0, out);
  g_assert_cmpstr (out->str, ==,
                   "{\n  \"a\": [\n    1,\n    {\n      \"b\": {}\n    }\n  ],\n  \"c\": []\n}");
}

/* Valid texts with bytes changed, dropped and doubled: whatever is accepted must be accepted again as it was
 * written. */
static void
test_mutations (void)
{
  static const char *const seeds[] = { "{\"b\":[1,2.5e3,{\"a\":null}],\"a\":\"x\\u00e9\\n\"}",
                                       "[true,false,[],{}]", "\"\\ud83d\\ude00\"", "-12.5E-3" };

  for (guint i = 0; i < 30000; i++)
    {
      g_autoptr (GString) text = g_string_new (seeds[g_test_rand_int_range (0, G_N_ELEMENTS (seeds))]);
      g_autoptr (GString) first = g_string_new (NULL);
      g_autoptr (GString) second = g_string_new (NULL);
      g_autoptr (ErosJsonPath) path = eros_json_path_new ("$.b[2].a", 8, FALSE, NULL);
      ErosJsonText found;

      for (int n = g_test_rand_int_range (0, 4); n > 0 && text->len > 0; n--)
        {
          gssize at = g_test_rand_int_range (0, (gint32) text->len);

          if (g_test_rand_bit ())
            g_string_erase (text, at, 1);
          else if (g_test_rand_bit ())
            text->str[at] = (char) g_test_rand_int_range (0, 256);
          else
            g_string_insert_c (text, at, text->str[g_test_rand_int_range (0, (gint32) text->len)]);
        }
      (void) eros_json_find ((ErosJsonText){ text->str, text->len }, path, &found);
      if (!eros_json_append_canonical ((ErosJsonText){ text->str, text->len }, TRUE, first, NULL))
        continue;
      g_assert_true (
        eros_json_append_canonical ((ErosJsonText){ first->str, first->len }, TRUE, second, NULL));
      g_assert_cmpstr (first->str, ==, second->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/values/json-has-one-form", test_canonical);
  g_test_add_func ("/values/json-is-as-deep-as-it-may-be", test_depth);
  g_test_add_func ("/values/paths-find-what-they-name", test_paths);
  g_test_add_func ("/values/json-is-broken-into-lines", test_pretty);
  g_test_add_func ("/values/damaged-json-does-no-harm", test_mutations);

  return g_test_run ();
}
