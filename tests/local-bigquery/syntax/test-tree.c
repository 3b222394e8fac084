/* test-tree.c: what the parser makes of a text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include "eros-syntax.h"

static const ErosAstExpr *
parse (ErosScript **script, const char *sql)
{
  g_autoptr (GError) error = NULL;

  *script = eros_syntax_parse_expression (sql, -1, &error);
  g_assert_no_error (error);
  return eros_script_get_expression (*script);
}

/* Shows how operators bind. */
static void
show (GString *out, const ErosAstExpr *expr)
{
  static const char *const binary[] = { "+",  "-", "*",  "/", "||", "&", "|",  "^",    "<<",
                                        ">>", "=", "!=", "<", "<=", ">", ">=", "LIKE", "DISTINCT" };
  static const char *const unary[] = { "NOT ", "-", "+", "~" };

  if (expr->kind == EROS_AST_BINARY)
    {
      g_string_append_c (out, '(');
      show (out, expr->binary.left);
      g_string_append (out, binary[expr->binary.op]);
      show (out, expr->binary.right);
      g_string_append_c (out, ')');
    }
  else if (expr->kind == EROS_AST_UNARY)
    {
      g_string_append_printf (out, "(%s", unary[expr->unary.op]);
      show (out, expr->unary.operand);
      g_string_append_c (out, ')');
    }
  else if (expr->kind == EROS_AST_LOGICAL)
    {
      g_string_append_c (out, '(');
      for (guint i = 0; i < expr->logical.operands.length; i++)
        {
          g_string_append (out, i == 0 ? "" : expr->logical.is_or ? " OR " : " AND ");
          show (out, expr->logical.operands.items[i]);
        }
      g_string_append_c (out, ')');
    }
  else if (expr->kind == EROS_AST_PATH)
    g_string_append (out, expr->path.parts[0].text);
  else
    g_string_append_c (out, '?');
}

static void
test_precedence (void)
{
  static const char *const cases[][2] = {
    { "a + b * c", "(a+(b*c))" },
    { "a - b - c", "((a-b)-c)" },
    { "a || b || c", "((a||b)||c)" },
    { "a || b * c", "((a||b)*c)" },
    { "-a * b", "((-a)*b)" },
    { "a << b + c & d", "((a<<(b+c))&d)" },
    { "a | b ^ c & d", "(a|(b^(c&d)))" },
    { "a = b | c", "(a=(b|c))" },
    { "NOT a = b AND c OR d AND e", "(((NOT (a=b)) AND c) OR (d AND e))" },
    { "a OR b OR c", "(a OR b OR c)" },
    { "a AND (b AND c)", "(a AND (b AND c))" },
    { "(a + b) * c", "((a+b)*c)" },
    { "~a << -b", "((~a)<<(-b))" },
    { "a LIKE b || c", "(aLIKE(b||c))" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ErosScript) script = NULL;
      g_autoptr (GString) out = g_string_new (NULL);

      show (out, parse (&script, cases[i][0]));
      g_assert_cmpstr (out->str, ==, cases[i][1]);
    }
}

static void
assert_literal (const char *sql, ErosAstLiteralKind kind, const char *text, gsize length)
{
  g_autoptr (ErosScript) script = NULL;
  const ErosAstExpr *expr = parse (&script, sql);

  g_assert_cmpint (expr->kind, ==, EROS_AST_LITERAL);
  g_assert_cmpint (expr->literal.kind, ==, kind);
  g_assert_cmpmem (expr->literal.text, expr->literal.length, text, length);
}

static void
test_literals (void)
{
  assert_literal ("'a\\nb\\'c'", EROS_AST_LITERAL_STRING, "a\nb'c", 5);
  assert_literal ("r'a\\nb'", EROS_AST_LITERAL_STRING, "a\\nb", 4);
  assert_literal ("r'a\\'b'", EROS_AST_LITERAL_STRING, "a\\'b", 4);
  assert_literal ("'\\xff\\377'", EROS_AST_LITERAL_STRING, "\xc3\xbf\xc3\xbf", 4);
  assert_literal ("b'\\xff\\377'", EROS_AST_LITERAL_BYTES, "\xff\xff", 2);
  assert_literal ("'a\\000b'", EROS_AST_LITERAL_STRING, "a\0b", 3);
  assert_literal ("'\\u00e4\\U0001F600'", EROS_AST_LITERAL_STRING, "\xc3\xa4\xf0\x9f\x98\x80", 6);
  assert_literal ("'''a\r\nb\rc'd'''", EROS_AST_LITERAL_STRING, "a\nb\nc'd", 7);
  assert_literal ("\"\"\"a\"\"b\"\"\"", EROS_AST_LITERAL_STRING, "a\"\"b", 4);
  assert_literal ("DATE '2025-01-31'", EROS_AST_LITERAL_DATE, "2025-01-31", 10);
  assert_literal ("BIGDECIMAL '1'", EROS_AST_LITERAL_BIGNUMERIC, "1", 1);
  assert_literal ("1e10", EROS_AST_LITERAL_FLOAT, "1e10", 4);
  assert_literal (".5", EROS_AST_LITERAL_FLOAT, ".5", 2);
}

static void
assert_integer (const char *sql, guint64 integer, gboolean too_big)
{
  g_autoptr (ErosScript) script = NULL;
  const ErosAstExpr *expr = parse (&script, sql);

  g_assert_cmpint (expr->literal.kind, ==, EROS_AST_LITERAL_INT);
  g_assert_cmpint (expr->literal.too_big, ==, too_big);
  if (!too_big)
    g_assert_cmpuint (expr->literal.integer, ==, integer);
}

static void
test_integers (void)
{
  assert_integer ("0", 0, FALSE);
  assert_integer ("0xFf", 255, FALSE);
  assert_integer ("9223372036854775808", G_GUINT64_CONSTANT (9223372036854775808), FALSE);
  assert_integer ("18446744073709551615", G_MAXUINT64, FALSE);
  assert_integer ("18446744073709551616", 0, TRUE);
  assert_integer ("0x10000000000000000", 0, TRUE);
}

static const ErosAstStatement *
parse_statement (ErosScript **script, const char *sql)
{
  g_autoptr (GError) error = NULL;

  *script = eros_syntax_parse (sql, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (eros_script_get_statements (*script)->length, >, 0);
  return eros_script_get_statements (*script)->items[0];
}

static void
assert_table_path (const char *sql, const char *expected)
{
  g_autoptr (ErosScript) script = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *query = g_strdup_printf ("SELECT * FROM %s", sql);
  const ErosAstFrom *from = parse_statement (&script, query)->query->body->select.from;

  for (guint i = 0; i < from->table.path.n_parts; i++)
    g_string_append_printf (out, "%s%s", i == 0 ? "" : "|", from->table.path.parts[i].text);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_table_paths (void)
{
  assert_table_path ("t", "t");
  assert_table_path ("a.b.c", "a|b|c");
  assert_table_path ("`a.b.c`", "a|b|c");
  assert_table_path ("`a`.b.`c`", "a|b|c");
  assert_table_path ("`my-project`.`d.t`", "my-project|d|t");
  assert_table_path ("my-project-1.d.t", "my-project-1|d|t");
  assert_table_path ("my-project.d.select", "my-project|d|select");
  assert_table_path ("d.2025_t", "d|2025_t");
  assert_table_path ("`region-us`.INFORMATION_SCHEMA.JOBS", "region-us|INFORMATION_SCHEMA|JOBS");
  assert_table_path ("region-us.INFORMATION_SCHEMA.JOBS", "region-us|INFORMATION_SCHEMA|JOBS");
  assert_table_path ("`p.d.INFORMATION_SCHEMA.TABLES`", "p|d|INFORMATION_SCHEMA|TABLES");
}

static void
test_positions (void)
{
  g_autoptr (ErosScript) script = NULL;
  const ErosAstStatement *statement = parse_statement (&script, "\t-- c\n  SELECT 'ä',\tx /* y */ ;");
  const ErosAstSelect *select = &statement->query->body->select;
  g_autofree char *text = eros_script_dup_span (script, &statement->span);

  g_assert_cmpuint (statement->span.line, ==, 2);
  g_assert_cmpuint (statement->span.column, ==, 3);
  g_assert_cmpstr (text, ==, "SELECT 'ä',\tx");
  g_assert_cmpuint (select->items[0].span.column, ==, 10);
  /* a tab goes on to the next column of 1 + 8 n */
  g_assert_cmpuint (select->items[1].span.column, ==, 17);
}

static void
test_join_conditions (void)
{
  g_autoptr (ErosScript) script = NULL;
  const ErosAstFrom *outer =
    parse_statement (&script, "SELECT * FROM a JOIN b JOIN c ON x ON y LEFT JOIN d USING (e), f")
      ->query->body->select.from;
  const ErosAstFrom *left = outer->join.left;
  const ErosAstFrom *first;

  g_assert_cmpint (outer->join.kind, ==, EROS_AST_JOIN_COMMA);
  g_assert_cmpint (left->join.kind, ==, EROS_AST_JOIN_LEFT);
  g_assert_cmpstr (left->join.using_.items[0].text, ==, "e");
  first = left->join.left;
  g_assert_cmpstr (first->join.on->path.parts[0].text, ==, "y");
  g_assert_cmpstr (first->join.left->table.path.parts[0].text, ==, "a");
  g_assert_cmpstr (first->join.right->join.on->path.parts[0].text, ==, "x");
}

static void
test_script (void)
{
  g_autoptr (ErosScript) script = NULL;
  const ErosAstStatement *statement =
    parse_statement (&script, "CREATE PROCEDURE d.p(IN a INT64, OUT b STRING, c ARRAY<STRUCT<x INT64>>)\n"
                              "BEGIN DECLARE x INT64 DEFAULT 1; l: LOOP LEAVE l; END LOOP; "
                              "EXCEPTION WHEN ERROR THEN RAISE; END");
  const ErosAstCreateProcedure *procedure = &statement->create_procedure;
  const ErosAstBlock *block = &procedure->body->block;

  g_assert_cmpint (statement->kind, ==, EROS_AST_STATEMENT_CREATE_PROCEDURE);
  g_assert_cmpuint (procedure->create.path.n_parts, ==, 2);
  g_assert_cmpuint (procedure->n_parameters, ==, 3);
  g_assert_cmpint (procedure->parameters[1].mode, ==, EROS_AST_PARAMETER_OUT);
  g_assert_cmpint (procedure->parameters[2].type->kind, ==, EROS_AST_TYPE_ARRAY);
  g_assert_cmpuint (block->statements.length, ==, 2);
  g_assert_cmpstr (block->statements.items[1]->loop.label, ==, "l");
  g_assert_true (block->has_handler);
  g_assert_cmpuint (block->handler.length, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/local-syntax/operators-bind-as-bigquery-documents", test_precedence);
  g_test_add_func ("/local-syntax/literals-lose-their-quotes-and-escapes", test_literals);
  g_test_add_func ("/local-syntax/integers-keep-all-their-digits", test_integers);
  g_test_add_func ("/local-syntax/table-paths-may-be-quoted-in-every-form", test_table_paths);
  g_test_add_func ("/local-syntax/positions-count-characters-and-tabs", test_positions);
  g_test_add_func ("/local-syntax/conditions-belong-to-the-latest-open-join", test_join_conditions);
  g_test_add_func ("/local-syntax/a-procedure-holds-its-statements", test_script);

  return g_test_run ();
}
