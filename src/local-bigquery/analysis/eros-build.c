/* eros-build.c: calls of functions that are known by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

ErosExpr *
eros_part_expr (ErosAnalyzer *self, const char *name, const char *argument, const ErosAstSpan *span)
{
  g_autofree char *text = argument != NULL ? g_strdup_printf ("%s(%s)", name, argument) : g_strdup (name);
  g_autofree char *upper = g_ascii_strup (text, -1);
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_PART, NULL, span);

  expr->form = EROS_SQL_FORM_PART;
  expr->part = eros_analyzer_text (self, upper);
  return expr;
}

/* A wrong date part is pointed at itself. */
static gpointer
place_resolve_error (GPtrArray *arguments, const ErosAstSpan *span, GError **error)
{
  for (guint i = 0;
       error != NULL && g_str_has_prefix ((*error)->message, "A valid date part") && i < arguments->len; i++)
    {
      const ErosExpr *argument = arguments->pdata[i];
      ErosAstSpan at = eros_expr_span (argument);

      if (argument->kind == EROS_EXPR_PART || argument->kind == EROS_EXPR_INTERVAL)
        return eros_analyzer_place (&at, error);
    }
  return eros_analyzer_place (span, error);
}

static void
clear_call (gpointer call)
{
  eros_function_call_clear (call);
}

/* Chooses the signature and coerces the arguments. @names, if given, are those of name => value. */
gboolean
eros_resolve_function (ErosAnalyzer *self,
                       const ErosFunction *function,
                       GPtrArray *arguments,
                       const ErosAstCall *names,
                       ErosFunctionCall *call,
                       const ErosAstSpan *span,
                       GError **error)
{
  g_autofree ErosSqlArgument *plain = g_new0 (ErosSqlArgument, MAX (arguments->len, 1));

  for (guint i = 0; i < arguments->len; i++)
    {
      eros_expr_argument (arguments->pdata[i], &plain[i]);
      if (names != NULL && i < names->n_arguments && names->arguments[i].name != NULL)
        plain[i].name = names->arguments[i].name->text;
    }
  if (!eros_function_resolve (function, plain, arguments->len, call, error))
    return !!place_resolve_error (arguments, span, error);
  eros_analyzer_own (self, call, clear_call);
  if (call->flags & (EROS_FUNCTION_VOLATILE | EROS_FUNCTION_CONTEXT))
    self->result->analysis.is_volatile = TRUE;
  for (guint i = 0; i < arguments->len && i < call->argument_types->len; i++)
    {
      ErosExpr *argument = arguments->pdata[i];

      if (call->argument_types->pdata[i] == NULL || argument->kind == EROS_EXPR_PART ||
          argument->kind == EROS_EXPR_INTERVAL)
        continue;
      arguments->pdata[i] = eros_coerce (self, argument, call->argument_types->pdata[i], error);
      if (arguments->pdata[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

ErosExpr *
eros_build_function (ErosAnalyzer *self,
                     const ErosFunction *function,
                     GPtrArray *arguments,
                     const ErosAstCall *names,
                     gboolean safe,
                     const ErosAstSpan *span,
                     GError **error)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_CALL, NULL, span);

  if (!eros_resolve_function (self, function, arguments, names, &expr->call.call, span, error))
    return NULL;
  expr->type = expr->call.call.result;
  expr->call.arguments = arguments;
  expr->call.safe = safe;
  return expr;
}

/* An operator or function of the catalogue by its name. */
ErosExpr *
eros_build_call (ErosAnalyzer *self,
                 const char *name,
                 GPtrArray *arguments,
                 gboolean safe,
                 const ErosAstSpan *span,
                 GError **error)
{
  const ErosFunction *function = eros_function_lookup (name);

  if (function == NULL)
    {
      if (error != NULL)
        *error = eros_function_missing (name);
      return eros_analyzer_place (span, error);
    }
  return eros_build_function (self, function, arguments, NULL, safe, span, error);
}
