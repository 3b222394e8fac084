/* eros-render-formula.c: trees of FLOAT64 operations as one call each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

#include <math.h>

/* SQLite allows 127 arguments; a formula's stack is higher than its tree may be. Parts beyond these are
 * formulas of their own. */
#define MAX_STEPS 80
#define MAX_DEPTH 30

typedef struct
{
  ErosTranslator *translator;
  GString *steps;
  GPtrArray *values; /* of char *: SQL */
  guint n_steps;
  guint depth;
  gboolean is_volatile;
} Formula;

/* Whether @expr is an operation of a formula; a comparison can only be the last one. */
static const char *
formula_code (const ErosExpr *expr, gboolean *is_comparison)
{
  *is_comparison = FALSE;
  return expr->kind == EROS_EXPR_CALL ? eros_function_get_formula_code (expr->call.call.native, is_comparison)
                                      : NULL;
}

static gboolean
is_arithmetic (const ErosExpr *expr)
{
  gboolean is_comparison = FALSE;

  return formula_code (expr, &is_comparison) != NULL && !is_comparison;
}

static void
add_word (Formula *self, const char *format, const char *word)
{
  g_string_append (self->steps, self->n_steps++ > 0 ? " " : "");
  g_string_append (self->steps, format);
  g_string_append (self->steps, word);
}

/* SQLite makes a number of an INTEGER itself. */
static const ErosExpr *
without_cast (const ErosExpr *expr)
{
  return expr->kind == EROS_EXPR_CAST && expr->cast.format == NULL &&
             eros_sql_type_is (expr->type, EROS_SQL_FLOAT64) &&
             eros_sql_type_is (expr->cast.operand->type, EROS_SQL_INT64)
           ? expr->cast.operand
           : expr;
}

static void
add_value (Formula *self, const ErosExpr *expr)
{
  g_autofree char *text = eros_render_text (self->translator, without_cast (expr));
  g_autofree char *number = NULL;
  guint index = self->values->len;
  gboolean is_plain = expr->kind == EROS_EXPR_COLUMN || expr->kind == EROS_EXPR_PARAMETER;

  for (guint i = 0; is_plain && i < self->values->len && index == self->values->len; i++)
    if (g_str_equal (self->values->pdata[i], text))
      index = i;
  if (index == self->values->len)
    g_ptr_array_add (self->values, g_steal_pointer (&text));
  number = g_strdup_printf ("%u", index);
  add_word (self, "a", number);
}

static void
add_expr (Formula *self, const ErosExpr *expr)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (expr->kind == EROS_EXPR_LITERAL && !expr->literal.is_null && isfinite (expr->literal.real) &&
      eros_sql_type_is (expr->type, EROS_SQL_FLOAT64))
    {
      add_word (self, "c", g_ascii_formatd (number, sizeof number, "%.17g", expr->literal.real));
      return;
    }
  if (!is_arithmetic (expr) || self->n_steps > MAX_STEPS || self->depth > MAX_DEPTH)
    {
      add_value (self, expr);
      return;
    }
  self->depth++;
  for (guint i = 0; i < expr->call.arguments->len; i++)
    add_expr (self, expr->call.arguments->pdata[i]);
  self->depth--;
  self->is_volatile = self->is_volatile || (expr->call.call.flags & EROS_FUNCTION_VOLATILE) != 0;
  add_word (self, expr->call.safe ? "?" : "",
            eros_function_get_formula_code (expr->call.call.native, &(gboolean){ FALSE }));
}

/* Whether @expr has become one call of bq_formula; FALSE when it is not worth it. */
gboolean
eros_render_formula (ErosTranslator *self, const ErosExpr *expr, GString *out)
{
  g_autoptr (GString) steps = g_string_new (NULL);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  Formula formula = { self, steps, values, 0, 0, FALSE };
  gboolean is_comparison = FALSE;
  gboolean is_tree = FALSE;
  const char *code = formula_code (expr, &is_comparison);

  if (code == NULL)
    return FALSE;
  for (guint i = 0; i < expr->call.arguments->len; i++)
    is_tree = is_tree || is_arithmetic (expr->call.arguments->pdata[i]);
  if (!is_tree)
    return FALSE;
  for (guint i = 0; i < expr->call.arguments->len; i++)
    add_expr (&formula, expr->call.arguments->pdata[i]);
  formula.is_volatile = formula.is_volatile || (expr->call.call.flags & EROS_FUNCTION_VOLATILE) != 0;
  add_word (&formula, expr->call.safe ? "?" : "", code);
  g_string_append_printf (out, "bq_formula%s('%s'", formula.is_volatile ? "_volatile" : "", steps->str);
  for (guint i = 0; i < values->len; i++)
    g_string_append_printf (out, ", %s", (char *) values->pdata[i]);
  g_string_append_c (out, ')');
  return TRUE;
}
