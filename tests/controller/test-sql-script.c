/* test-sql-script.c: a script is divided where BigQuery divides it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "eros-sql-script.h"

/* Kinds, one letter each. */
static char *
kinds_of (const char *sql)
{
  static const char letters[] = { 'p', 'd', 'c', 'x', 't', 'a', '?' };
  g_autoptr (ErosSqlScript) script = eros_sql_script_new (sql);
  GString *kinds = g_string_new (NULL);

  for (guint i = 0; script != NULL && i < eros_sql_script_get_n_statements (script); i++)
    g_string_append_c (kinds, letters[eros_sql_script_get_statement (script, i)->kind]);
  return script != NULL ? g_string_free (kinds, FALSE) : (g_string_free (kinds, TRUE), NULL);
}

static const struct
{
  const char *sql;
  const char *kinds; /* NULL: it does not close */
} scripts[] = {
  { "", "" },
  { " -- nothing; at all\n", "" },
  { "SELECT 1", "p" },
  { "SELECT 1;;\nSELECT 2;", "pp" },
  { "SELECT ';', \"a;b\", `x;y`, r'\\;', '''it's; one''', \"\"\"a \"quoted\"; b\"\"\";\nSELECT 2", "pp" },
  { "SELECT 'it\\'s; one'; # a comment; yes\nSELECT /* ; */ 2", "pp" },
  { "SELECT CASE WHEN TRUE THEN 1 ELSE 2 END, IF(a, b, c);", "p" },
  { "DECLARE v INT64; SET v = 1; CALL p.d.f(v); EXECUTE IMMEDIATE 'SELECT 1';", "dpcx" },
  { "CREATE TEMP TABLE t (a INT64); CREATE OR REPLACE TEMPORARY FUNCTION f() AS (1); CREATE TABLE u (b "
    "INT64)",
    "ttp" },
  { "BEGIN TRANSACTION; DELETE FROM t WHERE TRUE; COMMIT TRANSACTION;", "apa" },
  { "BEGIN; INSERT t VALUES (1); ROLLBACK;", "apa" },
  { "BEGIN DECLARE v INT64; SELECT v; EXCEPTION WHEN ERROR THEN SELECT @@error.message; RAISE; END;",
    "dpp?" },
  { "IF (SELECT CASE a WHEN 1 THEN TRUE END FROM t) THEN SELECT 1; ELSEIF b THEN SELECT 2; ELSE SELECT 3; "
    "END IF; SELECT 4;",
    "?p?ppp" },
  { "CASE x WHEN 1 THEN SELECT 1; WHEN 2 THEN SELECT 2; ELSE SELECT 3; END CASE;", "?p?pp" },
  { "LOOP SELECT 1; BREAK; END LOOP; WHILE a < 3 DO SET a = a + 1; END WHILE;", "p??p" },
  { "outer_one: REPEAT SELECT 1; LEAVE outer_one; UNTIL a END REPEAT; FOR r IN (SELECT 1) DO SELECT r; END "
    "FOR;",
    "p???p" },
  { "CREATE OR REPLACE PROCEDURE p.d.f(x INT64)\nOPTIONS (strict_mode = FALSE)\nBEGIN\n  IF x > 1 THEN "
    "SELECT 1; "
    "END IF;\n  BEGIN SELECT CASE WHEN x = 1 THEN 2 END; END;\nEND;\nSELECT 2;",
    "pp" },
  { "CREATE FUNCTION d.f(x INT64) AS (CASE WHEN x > 1 THEN 1 ELSE 2 END); SELECT 1", "pp" },
  { "SELECT s.end, s.`begin` FROM s; SELECT 1", "pp" },
  { "BEGIN SELECT 1;", NULL },
  { "SELECT 1; END;", NULL },
  { "IF a THEN SELECT 1; END;", NULL },
};

static void
test_a_script_is_divided_into_its_statements (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *kinds = kinds_of (scripts[i].sql);

      g_test_message ("%s", scripts[i].sql);
      g_assert_cmpstr (kinds, ==, scripts[i].kinds);
    }
}

static void
test_a_statement_stands_alone_where_it_stood (void)
{
  g_autoptr (ErosSqlScript) script =
    eros_sql_script_new ("DECLARE a INT64;\nSELECT 'ä';\nBEGIN\n  DECLARE b INT64;\n  SELECT a, b;\nEND;\n"
                         "SELECT a;");
  g_autofree char *inner = NULL;
  g_autofree char *outer = NULL;

  g_assert_nonnull (script);
  g_assert_cmpuint (eros_sql_script_get_n_statements (script), ==, 5);
  g_assert_cmpuint (eros_sql_script_get_statement (script, 3)->line, ==, 5);
  inner = eros_sql_script_isolate (script, 3);
  outer = eros_sql_script_isolate (script, 4);
  g_assert_cmpstr (inner, ==, "DECLARE a INT64;\n           \n     \n  DECLARE b INT64;\n  SELECT a, b;");
  g_assert_cmpstr (
    outer, ==, "DECLARE a INT64;\n           \n     \n                  \n              \n    \nSELECT a;");
}

static void
test_what_a_statement_makes_is_known_by_name (void)
{
  static const struct
  {
    const char *sql;
    const char *name; /* NULL: nothing */
  } statements[] = {
    { "CREATE TABLE t (a INT64)", "t" },
    { "create or replace table `p-1.d.t1` as select 1", "t1" },
    { "CREATE TABLE IF NOT EXISTS my-project.d.t2 (a INT64)", "t2" },
    { "CREATE OR REPLACE TABLE FUNCTION `p`.`d`.`f`(x INT64) AS SELECT 1", "f" },
    { "CREATE MATERIALIZED VIEW d.v AS SELECT 1", "v" },
    { "ALTER TABLE d.t ADD COLUMN b INT64", "t" },
    { "DROP PROCEDURE IF EXISTS d.p", "p" },
    { "CREATE OR REPLACE PROCEDURE d.q() BEGIN SELECT 1; END", "q" },
    { "INSERT INTO d.t VALUES (1)", NULL },
    { "CREATE", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (ErosSqlScript) script = eros_sql_script_new (statements[i].sql);

      g_test_message ("%s", statements[i].sql);
      g_assert_nonnull (script);
      g_assert_cmpstr (eros_sql_script_get_statement (script, 0)->makes, ==, statements[i].name);
    }
}

static void
test_a_name_is_found_as_a_whole_word (void)
{
  g_autoptr (ErosSqlScript) script = eros_sql_script_new ("SELECT 1 FROM `p.d.Captions_2`, d.t");

  g_assert_true (eros_sql_script_mentions (script, 0, "captions_2"));
  g_assert_true (eros_sql_script_mentions (script, 0, "t"));
  g_assert_false (eros_sql_script_mentions (script, 0, "captions"));
  g_assert_false (eros_sql_script_mentions (script, 0, "p.D.x"));
}

/* Whatever it is given, it ends. */
static void
test_any_text_is_divided_or_refused (void)
{
  static const char *const parts[] = { "BEGIN ", "END ",    "IF ",        "THEN ",  "CASE ", ";",
                                       "(",      ")",       "'",          "\"\"\"", "`",     "/*",
                                       "--",     "LOOP ",   "FOR ",       "DO ",    "a",     ".",
                                       "@@b ",   "CREATE ", "PROCEDURE ", "\\",     "\xff",  ": " };
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GString) sql = g_string_new (NULL);
      g_autoptr (ErosSqlScript) script = NULL;

      for (int i = g_rand_int_range (random, 0, 30); i > 0; i--)
        g_string_append (sql, parts[g_rand_int_range (random, 0, G_N_ELEMENTS (parts))]);
      script = eros_sql_script_new (sql->str);
      for (guint i = 0; script != NULL && i < eros_sql_script_get_n_statements (script); i++)
        g_free (eros_sql_script_isolate (script, i));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql-script/a-script-is-divided-into-its-statements",
                   test_a_script_is_divided_into_its_statements);
  g_test_add_func ("/sql-script/a-statement-stands-alone-where-it-stood",
                   test_a_statement_stands_alone_where_it_stood);
  g_test_add_func ("/sql-script/what-a-statement-makes-is-known-by-name",
                   test_what_a_statement_makes_is_known_by_name);
  g_test_add_func ("/sql-script/a-name-is-found-as-a-whole-word", test_a_name_is_found_as_a_whole_word);
  g_test_add_func ("/sql-script/any-text-is-divided-or-refused", test_any_text_is_divided_or_refused);
  return g_test_run ();
}
