/* test-statements.c: which statements are accepted, and how the others are refused
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * statements.tsv: one statement a line, as `ok<TAB>statement` or `error<TAB>message<TAB>statement`, with C
 * escapes. The verdicts were compared with those of Google's reference parser.
 */
#include <string.h>
#include "eros-syntax.h"

static char *
verdict_of (const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosScript) script = eros_syntax_parse (sql, -1, &error);

  if (script != NULL)
    return g_strdup ("ok");
  g_assert_error (error, EROS_SYNTAX_ERROR, error->code);
  return g_strdup (error->message);
}

static void
test_corpus (void)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "local-bigquery", "syntax", "statements.tsv", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  guint wrong = 0;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (content, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 500);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);
      gboolean ok = strcmp (fields[0], "ok") == 0;
      g_autofree char *expected = g_strcompress (ok ? fields[0] : fields[1]);
      g_autofree char *sql = g_strcompress (ok ? fields[1] : fields[2]);
      g_autofree char *actual = verdict_of (sql);

      if (g_strcmp0 (expected, actual) == 0)
        continue;
      g_test_message ("line %u: %s\n  expected: %s\n  got:      %s", i + 1, sql, expected, actual);
      wrong++;
    }
  g_assert_cmpuint (wrong, ==, 0);
}

static void
assert_refused (const char *sql, gssize length, ErosSyntaxError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosScript) script = eros_syntax_parse (sql, length, &error);

  g_assert_null (script);
  g_assert_error (error, EROS_SYNTAX_ERROR, (int) code);
}

static void
assert_accepted (const char *sql)
{
  g_autofree char *verdict = verdict_of (sql);

  g_assert_cmpstr (verdict, ==, "ok");
}

static char *
repeat (const char *before, const char *text, const char *middle, const char *after, guint n)
{
  GString *out = g_string_new (before);

  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
  g_string_append (out, middle);
  for (guint i = 0; i < n; i++)
    g_string_append (out, after);
  return g_string_free (out, FALSE);
}

static void
test_deep_nesting (void)
{
  static const struct
  {
    const char *before;
    const char *text;
    const char *middle;
    const char *after;
  } shapes[] = {
    { "SELECT ", "(", "1", ")" },
    { "SELECT ", "[", "1", "]" },
    { "SELECT ", "NOT ", "true", "" },
    { "SELECT ", "- ", "1", "" },
    { "SELECT ", "f(", "1", ")" },
    { "SELECT ", "CASE WHEN ", "true", " THEN 1 END" },
    { "SELECT ", "CAST(", "1", " AS INT64)" },
    { "SELECT ", "STRUCT(", "1", ")" },
    { "SELECT ", "(SELECT ", "1", ")" },
    { "SELECT ", "x IN (", "1", ")" },
    { "SELECT * FROM ", "(", "a", " JOIN b ON c)" },
    { "SELECT * FROM ", "(SELECT * FROM ", "a", ")" },
    { "SELECT * FROM ", "a JOIN ", "b", " ON c" },
    { "", "(", "SELECT 1", ")" },
    { "", "BEGIN ", "SELECT 1; ", "END; " },
    { "", "IF a THEN ", "SELECT 1; ", "END IF; " },
    { "", "LOOP ", "BREAK; ", "END LOOP; " },
    { "", "WITH a AS (", "SELECT 1", ") SELECT 1" },
    { "DECLARE x ", "ARRAY<", "INT64", ">" },
    { "DECLARE x ", "STRUCT<a ", "INT64", ">" },
    { "SELECT a", "[0]", "", "" },
    { "SELECT f(1)", ".a", "", "" },
    { "SELECT 1", " + 1", "", "" },
    { "SELECT 1 FROM a", ", b", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *sql =
        repeat (shapes[i].before, shapes[i].text, shapes[i].middle, shapes[i].after, 10000);

      g_test_message ("%s%s…", shapes[i].before, shapes[i].text);
      assert_refused (sql, -1, EROS_SYNTAX_ERROR_TOO_LARGE);
    }
}

static void
test_wide_is_not_deep (void)
{
  g_autofree char *list = repeat ("SELECT [1", ", 1", "]", "", 50000);
  g_autofree char *logic = repeat ("SELECT a", " AND a", "", "", 50000);
  g_autofree char *unions = repeat ("SELECT 1", " UNION ALL SELECT 1", "", "", 20000);
  g_autofree char *script = repeat ("", "SELECT 1; ", "", "", 50000);

  assert_accepted (list);
  assert_accepted (logic);
  assert_accepted (unions);
  assert_accepted (script);
}

static void
test_long_text (void)
{
  g_autofree char *most = repeat ("SELECT 1", " ", "", "", EROS_SYNTAX_MAX_LENGTH - 8);
  g_autofree char *more = repeat ("SELECT 1", " ", "", "", EROS_SYNTAX_MAX_LENGTH - 7);

  assert_accepted (most);
  assert_refused (more, -1, EROS_SYNTAX_ERROR_TOO_LARGE);
}

static void
test_bad_bytes (void)
{
  assert_refused ("SELECT '\xff'", -1, EROS_SYNTAX_ERROR_INVALID);
  assert_refused ("SELECT '\xed\xa0\x80'", -1, EROS_SYNTAX_ERROR_INVALID);
  assert_refused ("SELECT 'a\0b'", 12, EROS_SYNTAX_ERROR_INVALID);
  assert_refused ("SELECT 1 \x01", -1, EROS_SYNTAX_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/local-syntax/statements-are-accepted-or-refused-as-bigquery-does", test_corpus);
  g_test_add_func ("/local-syntax/deep-nesting-is-an-error", test_deep_nesting);
  g_test_add_func ("/local-syntax/long-lists-are-fine", test_wide_is_not_deep);
  g_test_add_func ("/local-syntax/too-long-a-text-is-an-error", test_long_text);
  g_test_add_func ("/local-syntax/bytes-that-are-no-text-are-an-error", test_bad_bytes);

  return g_test_run ();
}
