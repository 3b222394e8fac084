/* eros-collate.c: COLLATE (text, 'und:ci')
 *
 * What is compared or sorted by without regard to case is compared by its folded text. A collation is no part
 * of a type here, so that COLLATE stands only where that is known: beside a comparison, and in ORDER BY.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

#include <string.h>

static gboolean
is_call_of (const ErosAstExpr *ast)
{
  return ast->kind == EROS_AST_CALL && ast->call.function.n_parts == 1 && ast->call.n_arguments == 2 &&
         g_ascii_strcasecmp (ast->call.function.parts[0].text, "COLLATE") == 0;
}

static const char *
collation_of (const ErosAstExpr *ast)
{
  const ErosAstExpr *collation = ast->call.arguments[1].expr;

  return collation != NULL && collation->kind == EROS_AST_LITERAL &&
             collation->literal.kind == EROS_AST_LITERAL_STRING
           ? collation->literal.text
           : NULL;
}

gboolean
eros_is_collated (const ErosAstExpr *ast)
{
  return is_call_of (ast) && g_strcmp0 (collation_of (ast), "und:ci") == 0;
}

/* @expr in upper and lower case alike. */
ErosExpr *
eros_fold_case (ErosAnalyzer *self, ErosExpr *expr, const ErosAstSpan *span, GError **error)
{
  GPtrArray *arguments = eros_analyzer_list (self);

  g_ptr_array_add (arguments, expr);
  return eros_build_call (self, "NORMALIZE_AND_CASEFOLD", arguments, FALSE, span, error);
}

/* The text inside a COLLATE, or @ast itself where there is none. */
const ErosAstExpr *
eros_collated_text (const ErosAstExpr *ast)
{
  return eros_is_collated (ast) ? ast->call.arguments[0].expr : ast;
}

/* COLLATE anywhere else: without a collation it is its text. */
ErosExpr *
eros_analyze_collate (ErosAnalyzer *self, ErosScope *scope, const ErosAstExpr *ast, GError **error)
{
  const char *collation = is_call_of (ast) ? collation_of (ast) : NULL;

  if (!is_call_of (ast))
    return eros_analyzer_fail (&ast->span, error, "COLLATE takes a STRING and a collation");
  if (collation == NULL)
    return eros_analyzer_fail (&ast->span, error, "The second argument of COLLATE must be a string literal");
  if (*collation == '\0')
    return eros_analyze_expr (self, scope, ast->call.arguments[0].expr, error);
  if (strcmp (collation, "und:ci") != 0)
    return eros_analyzer_fail (&ast->span, error, "Unsupported collation: %s", collation);
  return eros_analyzer_refuse (
    &ast->span, error,
    "COLLATE elsewhere than beside a comparison or in ORDER BY is not supported by the local BigQuery");
}
