/* test-injection.c: what validate_input lets through, and that a value never becomes SQL
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "sql-test.h"

/* The lines of a list, as GoogleSQL string literals. */
static GPtrArray *
read_list (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "tests/sql", name, NULL);
  GPtrArray *literals = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      const char *end = strrchr (lines[i], '|');
      GString *literal = g_string_new ("'");

      if (end == NULL)
        {
          g_assert_cmpstr (lines[i], ==, "");
          g_string_free (literal, TRUE);
          continue;
        }
      for (const char *c = lines[i] + 1; c < end; c++)
        {
          if (*c == '\'')
            g_string_append_c (literal, '\\');
          else if (*c == '\\')
            g_string_append_c (literal, *c++);
          if (*c == '$') /* no placeholder of ours */
            g_string_append (literal, "\\x24");
          else
            g_string_append_c (literal, *c);
        }
      g_string_append_c (literal, '\'');
      g_ptr_array_add (literals, g_string_free (literal, FALSE));
    }
  g_ptr_array_add (literals, NULL);
  return literals;
}

static guint
count (GPtrArray *literals)
{
  return literals->len - 1;
}

/* Those that validate_input judges so, one a line. */
static char *
judged (SqlTest *test, GPtrArray *literals, const char *verdict)
{
  g_autofree char *list = g_strjoinv (", ", (char **) literals->pdata);
  g_autofree char *sql =
    g_strdup_printf ("SELECT TO_JSON_STRING(input) FROM UNNEST([%s]) AS input\n"
                     "WHERE `${project}.${dataset}.validate_input`(input, 1000) IS NOT DISTINCT FROM %s",
                     list, verdict);

  return sql_test_rows (test, sql);
}

static void
test_no_hostile_text_passes (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:20", 0);
  g_autoptr (GPtrArray) hostile = read_list ("hostile.txt");
  g_autofree char *passed = NULL;
  g_autofree char *undecided = NULL;

  g_assert_cmpuint (count (hostile), >=, 200);
  sql_test_deploy (test, "phase1/40-injection-protection");
  passed = judged (test, hostile, "TRUE");
  g_assert_cmpstr (passed, ==, "");
  undecided = judged (test, hostile, "NULL");
  g_assert_cmpstr (undecided, ==, "");
}

static void
test_identifiers_pass_whatever_they_spell (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:20", 0);
  g_autoptr (GPtrArray) harmless = read_list ("harmless.txt");
  g_autofree char *refused = NULL;

  g_assert_cmpuint (count (harmless), >=, 30);
  sql_test_deploy (test, "phase1/40-injection-protection");
  refused = judged (test, harmless, "FALSE");
  g_assert_cmpstr (refused, ==, "");
}

static void
test_length_counts_and_nothing_is_no_identifier (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:20", 0);
  g_autofree char *verdicts = NULL;

  sql_test_deploy (test, "phase1/40-injection-protection");
  verdicts = sql_test_rows (
    test,
    "SELECT `${project}.${dataset}.validate_input`(input, most)\n"
    "FROM UNNEST([STRUCT(REPEAT('a', 64) AS input, 64 AS most), (REPEAT('a', 65), 64), ('a', 1), ('a', 0),\n"
    "  ('a', -1), ('', 10), ('', 0), (CAST(NULL AS STRING), 10), ('a', CAST(NULL AS INT64)), (CAST(NULL AS "
    "STRING), CAST(NULL AS INT64)),\n"
    "  (REPEAT('a', 1000000), 9223372036854775807)]) WITH OFFSET AS i ORDER BY i");
  g_assert_cmpstr (verdicts, ==, "true\nfalse\ntrue\nfalse\nfalse\nfalse\nfalse\nfalse\nfalse\nfalse\ntrue");
}

static char *
everything (SqlTest *test)
{
  return sql_test_rows (
    test,
    "SELECT (SELECT BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))) FROM `${project}.${dataset}.caption_bank` "
    "AS t),\n"
    "  (SELECT BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))) FROM "
    "`${project}.${dataset}.caption_bandit_stats` AS t),\n"
    "  (SELECT COUNT(*) FROM `${project}.${dataset}.active_caption_assignments`),\n"
    "  (SELECT COUNT(*) FROM `${project}.${dataset}.INFORMATION_SCHEMA.TABLES`),\n"
    "  (SELECT BIT_XOR(FARM_FINGERPRINT(ddl)) FROM `${project}.${dataset}.INFORMATION_SCHEMA.ROUTINES`)");
}

/* Each as a program would send it: a parameter. */
static void
test_each_hostile_account_is_refused_whoever_asks (void)
{
  static const char *const calls[] = {
    "DECLARE id INT64; CALL `${project}.${dataset}.select_caption_safe`(@input, "
    "'micro', id); SELECT id",
    "DECLARE id INT64; CALL `${project}.${dataset}.select_caption_safe`('a', "
    "@input, id); SELECT id",
    "DECLARE id INT64; CALL "
    "`${project}.${dataset}.select_caption_for_account`(@input, id); SELECT id"
  };
  g_autoptr (SqlTest) test = sql_test_new ("eros:20", 0);
  g_autoptr (GPtrArray) hostile = read_list ("hostile.txt");
  g_autofree char *list = g_strjoinv (", ", (char **) hostile->pdata);
  g_autofree char *sql =
    g_strdup_printf ("SELECT input FROM UNNEST([%s]) AS input WHERE STRPOS(input, '\\x00') = 0", list);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GPtrArray) pages = NULL;
  guint refused = 0;

  sql_test_deploy (test, NULL);
  before = everything (test);
  pages = sql_test_pages (test, sql);
  for (guint row = 0; row < eros_page_get_n_rows (pages->pdata[0]); row++)
    for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
      {
        const char *input = eros_page_get_text (pages->pdata[0], row, 0);
        g_autoptr (GError) error = NULL;

        sql_test_set (test, "input", "STRING", input);
        if (sql_test_try (test, calls[i], &error))
          g_error ("%s was not refused by %s", input, calls[i]);
        g_assert_nonnull (strstr (error->message, "may only have letters, digits, underscores and hyphens"));
        refused++;
      }
  g_assert_cmpuint (refused, >=, 600);
  after = everything (test);
  g_assert_cmpstr (after, ==, before);
}

/* Names of people are no identifiers, and no attack either: as values they are stored letter by letter. */
static void
test_names_of_people_stay_what_they_are (void)
{
  g_autoptr (SqlTest) test = sql_test_new ("eros:20", 0);
  g_autoptr (GPtrArray) names = read_list ("values.txt");
  g_autoptr (GPtrArray) hostile = read_list ("hostile.txt");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  sql_test_deploy (test, NULL);
  before = everything (test);
  for (guint i = 0; i < count (names) + count (hostile); i++)
    {
      const char *literal = i < count (names) ? names->pdata[i] : hostile->pdata[i - count (names)];
      g_autofree char *sql =
        g_strdup_printf ("DECLARE account STRING DEFAULT %s;\n"
                         "DECLARE id STRING; DECLARE released BOOL; DECLARE same INT64;\n"
                         "CALL `${project}.${dataset}.acquire_caption_lock`(%u, account, 60, id);\n"
                         "SET same = (SELECT COUNT(*) FROM `${project}.${dataset}.caption_locks` WHERE "
                         "account_id = account AND\n"
                         "  lock_id = id AND TO_HEX(SHA256(account_id)) = TO_HEX(SHA256(%s)));\n"
                         "CALL `${project}.${dataset}.release_caption_lock`(account, released);\n"
                         "IF released THEN RAISE USING MESSAGE = 'a text released a lock'; END IF;\n"
                         "CALL `${project}.${dataset}.release_caption_lock`(id, released);\n"
                         "SELECT same",
                         literal, i + 1, literal);

      if (sql_test_integer (test, sql) != 1)
        g_error ("%s was changed on its way", literal);
    }
  after = everything (test);
  g_assert_cmpstr (after, ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/injection/no-hostile-text-passes", test_no_hostile_text_passes);
  g_test_add_func ("/sql/injection/identifiers-pass-whatever-they-spell",
                   test_identifiers_pass_whatever_they_spell);
  g_test_add_func ("/sql/injection/length-counts-and-nothing-is-no-identifier",
                   test_length_counts_and_nothing_is_no_identifier);
  g_test_add_func ("/sql/injection/each-hostile-account-is-refused-whoever-asks",
                   test_each_hostile_account_is_refused_whoever_asks);
  g_test_add_func ("/sql/injection/names-of-people-stay-what-they-are",
                   test_names_of_people_stay_what_they_are);
  return g_test_run ();
}
