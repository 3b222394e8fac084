/* eros-routine.c: calls of SQL functions, which become the function's body
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static char *
signature_text (const ErosCatalogRoutine *routine)
{
  GString *text = g_string_new (routine->name);

  g_string_append_c (text, '(');
  for (guint i = 0; i < routine->n_arguments; i++)
    g_string_append_printf (
      text, "%s%s", i > 0 ? ", " : "",
      routine->arguments[i].type != NULL ? eros_sql_type_get_name (routine->arguments[i].type) : "ANY TYPE");
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

static gpointer
fail_signature (const ErosCatalogRoutine *routine, GPtrArray *values, const ErosAstSpan *span, GError **error)
{
  g_autofree char *supported = signature_text (routine);
  g_autoptr (GString) types = g_string_new (NULL);

  for (guint i = 0; i < values->len; i++)
    {
      const ErosExpr *value = values->pdata[i];

      g_string_append_printf (types, "%s%s", i > 0 ? ", " : "",
                              value->form == EROS_SQL_FORM_NULL ? "NULL"
                                                                : eros_sql_type_get_name (value->type));
    }
  if (values->len == 0)
    return eros_analyzer_fail (
      span, error, "No matching signature for function %s with no arguments. Supported signature: %s",
      routine->name, supported);
  return eros_analyzer_fail (
    span, error, "No matching signature for function %s for argument types: %s. Supported signature: %s",
    routine->name, types->str, supported);
}

static gboolean
analyze_values (ErosAnalyzer *self,
                ErosScope *scope,
                const ErosCatalogRoutine *routine,
                const ErosAstExpr *ast,
                GPtrArray *values,
                GError **error)
{
  for (guint i = 0; i < ast->call.n_arguments; i++)
    {
      const ErosAstArgument *argument = &ast->call.arguments[i];
      ErosExpr *value = NULL;

      if (argument->kind == EROS_AST_ARGUMENT_STAR)
        return !!eros_analyzer_fail (&ast->span, error, "Argument * can only be used in COUNT(*)");
      if (argument->kind == EROS_AST_ARGUMENT_TABLE)
        return !!eros_analyzer_refuse (
          &ast->span, error,
          "A table as an argument of a table function is not supported by the local BigQuery");
      if (argument->name != NULL)
        return !!eros_analyzer_refuse (&argument->name->span, error,
                                       "Named arguments are not supported for SQL function %s",
                                       routine->name);
      value = eros_analyze_expr (self, scope, argument->expr, error);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (values, value);
    }
  if (values->len != routine->n_arguments)
    return !!fail_signature (routine, values, &ast->span, error);
  for (guint i = 0; i < values->len; i++)
    {
      ErosExpr *value = values->pdata[i];
      const ErosSqlType *type = routine->arguments[i].type;

      if (type == NULL)
        continue;
      if (!eros_expr_assignable (value, type))
        return !!fail_signature (routine, values, &ast->span, error);
      values->pdata[i] = eros_coerce (self, value, type, error);
      if (values->pdata[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_simple (const ErosExpr *expr)
{
  return expr->kind == EROS_EXPR_COLUMN || expr->kind == EROS_EXPR_LITERAL ||
         expr->kind == EROS_EXPR_PARAMETER;
}

/* How often a column is used, and what it is to be replaced by. */
typedef struct
{
  const ErosColumn *column;
  ErosExpr *value; /* (nullable) */
  guint n_uses;
} Substitution;

static gboolean
substitute (ErosExpr **slot, gpointer user_data)
{
  Substitution *substitution = user_data;

  if ((*slot)->kind != EROS_EXPR_COLUMN || (*slot)->column != substitution->column)
    return TRUE;
  substitution->n_uses++;
  if (substitution->value == NULL)
    return TRUE;
  *slot = substitution->value;
  return FALSE;
}

static gboolean
find_volatile (ErosExpr **slot, gpointer user_data)
{
  const ErosExpr *expr = *slot;
  gboolean *found = user_data;

  *found = *found ||
           (expr->kind == EROS_EXPR_CALL && (expr->call.call.flags & EROS_FUNCTION_VOLATILE) != 0) ||
           (expr->kind == EROS_EXPR_ROUTINE && expr->routine.is_volatile);
  return !*found;
}

/* Arguments that are used more than once are computed once. Not so RAND (): SQLite would compute a subquery
 * that looks at no row once for all rows, so such a function has to be called. */
static ErosExpr *
bind_values (ErosAnalyzer *self,
             ErosExpr *body,
             GPtrArray *columns,
             GPtrArray *values,
             const ErosAstSpan *span,
             GError **error)
{
  ErosExpr *let = eros_analyzer_expr (self, EROS_EXPR_LET, body->type, span);

  let->let.columns = eros_analyzer_list (self);
  let->let.values = eros_analyzer_list (self);
  let->let.body = body;
  for (guint i = 0; i < values->len; i++)
    {
      Substitution substitution = { columns->pdata[i], NULL, 0 };
      gboolean is_volatile = FALSE;

      if (columns->pdata[i] == NULL)
        continue;
      eros_resolved_walk_expr (&let->let.body, substitute, &substitution);
      substitution.value = values->pdata[i];
      if (substitution.n_uses <= 1)
        {
          eros_resolved_walk_expr (&let->let.body, substitute, &substitution);
          continue;
        }
      eros_resolved_walk_expr (&substitution.value, find_volatile, &is_volatile);
      if (is_volatile)
        return eros_analyzer_too_complex (span, error);
      g_ptr_array_add (let->let.columns, columns->pdata[i]);
      g_ptr_array_add (let->let.values, values->pdata[i]);
    }
  return let->let.columns->len > 0 ? let : let->let.body;
}

/* The body sees the arguments, and nothing of where it is called from. */
static ErosExpr *
analyze_routine_body (ErosAnalyzer *self,
                      const ErosCatalogRoutine *routine,
                      GHashTable *arguments,
                      GError **error)
{
  g_autoptr (GError) reason = NULL;
  ErosAnalyzer saved = *self;
  ErosScript *script = eros_syntax_parse_expression (routine->body, -1, &reason);
  ErosExpr *body = NULL;
  ErosScope scope = { .clause = "a SQL function's body" };

  if (script == NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&reason),
                                  "In the body of function %s: ", routine->name);
      return NULL;
    }
  eros_analyzer_own (self, script, (GDestroyNotify) eros_script_unref);
  self->ctes = eros_analyzer_list (self);
  self->arguments = arguments;
  self->in_view = TRUE;
  g_ptr_array_add (self->routines, (gpointer) routine);
  body = eros_analyze_expr (self, &scope, eros_script_get_expression (script), error);
  if (body != NULL && routine->returns != NULL)
    body = eros_coerce (self, body, routine->returns, error);
  g_ptr_array_set_size (self->routines, (int) self->routines->len - 1);
  self->ctes = saved.ctes;
  self->arguments = saved.arguments;
  self->in_view = saved.in_view;
  if (body == NULL)
    g_prefix_error (error, "In the body of function %s: ", routine->name);
  return body;
}

static void
note_routine (ErosAnalyzer *self, const ErosCatalogRoutine *routine)
{
  GPtrArray *routines = self->result->analysis.routines;

  if (!g_ptr_array_find (routines, routine, NULL))
    g_ptr_array_add (routines, (gpointer) routine);
}

/* ---- functions of SQLite's own ------------------------------------------------------------------------- */

/* The arguments are parameters of the body's own. */
static GHashTable *
declare_parameters (ErosAnalyzer *inner,
                    const ErosCatalogRoutine *routine,
                    GPtrArray *values,
                    const ErosAstSpan *span)
{
  GHashTable *arguments = eros_analyzer_map (inner);

  for (guint i = 0; i < values->len; i++)
    {
      const ErosExpr *value = values->pdata[i];
      ErosExpr *argument = eros_analyzer_expr (inner, EROS_EXPR_PARAMETER, value->type, span);
      ErosResolvedParameter *parameter = new_node (inner, ErosResolvedParameter);

      parameter->slot = i;
      parameter->name = routine->arguments[i].name;
      parameter->type = value->type;
      argument->parameter = parameter;
      g_hash_table_insert (arguments, (char *) eros_analyzer_lower (inner, routine->arguments[i].name),
                           argument);
    }
  return arguments;
}

/* What the body reads and calls is read and called by whoever calls it. */
static void
take_over (ErosAnalyzer *self, const ErosAnalysis *body)
{
  ErosAnalysis *analysis = &self->result->analysis;

  for (guint i = 0; i < body->tables->len; i++)
    g_ptr_array_add (analysis->tables, body->tables->pdata[i]);
  for (guint i = 0; i < body->routines->len; i++)
    note_routine (self, body->routines->pdata[i]);
  analysis->is_volatile = analysis->is_volatile || body->is_volatile;
}

static ErosAnalysis *
analyze_native_body (ErosAnalyzer *self,
                     const ErosCatalogRoutine *routine,
                     GPtrArray *values,
                     const ErosAstSpan *span,
                     GError **error)
{
  ErosAnalyzer inner;
  ErosAnalysis *body = NULL;

  eros_analyzer_init (&inner, self->catalog);
  inner.depth = self->depth;
  for (guint i = 0; i < self->routines->len; i++)
    g_ptr_array_add (inner.routines, self->routines->pdata[i]);
  inner.result->analysis.expression =
    analyze_routine_body (&inner, routine, declare_parameters (&inner, routine, values, span), error);
  body = eros_analyzer_finish (&inner, inner.result->analysis.expression != NULL);
  if (body == NULL)
    return NULL;
  eros_analyzer_own (self, body, (GDestroyNotify) eros_analysis_free);
  /* its slots are the arguments' */
  if (body->parameters->len > 0)
    return eros_analyzer_too_complex (span, error);
  return body;
}

static ErosNativeRoutine *
find_native (ErosAnalyzer *self, const ErosCatalogRoutine *routine, GPtrArray *values)
{
  GPtrArray *natives = self->result->analysis.natives;

  for (guint i = 0; i < natives->len; i++)
    {
      ErosNativeRoutine *native = natives->pdata[i];
      gboolean same = native->routine == routine;

      for (guint j = 0; same && j < values->len; j++)
        same = native->types[j] == ((ErosExpr *) values->pdata[j])->type;
      if (same)
        return native;
    }
  return NULL;
}

static ErosNativeRoutine *
add_native (ErosAnalyzer *self,
            const ErosCatalogRoutine *routine,
            GPtrArray *values,
            const ErosAstSpan *span,
            GError **error)
{
  ErosAnalysis *body = analyze_native_body (self, routine, values, span, error);
  ErosNativeRoutine *native = NULL;
  g_autofree char *name = NULL;

  if (body == NULL)
    return NULL;
  take_over (self, body);
  name = g_strdup_printf ("eros_routine_%u", self->catalog->n_natives++);
  native = new_node (self, ErosNativeRoutine);
  native->native = eros_analyzer_text (self, name);
  native->routine = routine;
  native->n_arguments = values->len;
  native->types = eros_arena_alloc (self->arena, (values->len + 1) * sizeof *native->types);
  for (guint i = 0; i < values->len; i++)
    native->types[i] = ((ErosExpr *) values->pdata[i])->type;
  native->body = body;
  eros_resolved_walk_expr (&body->expression, find_volatile, &native->is_volatile);
  g_ptr_array_add (self->result->analysis.natives, native);
  return native;
}

static ErosExpr *
call_native (ErosAnalyzer *self,
             const ErosCatalogRoutine *routine,
             GPtrArray *values,
             const ErosAstSpan *span,
             GError **error)
{
  ErosNativeRoutine *native = find_native (self, routine, values);
  ErosExpr *call = NULL;

  if (native == NULL)
    native = add_native (self, routine, values, span, error);
  if (native == NULL)
    return NULL;
  call = eros_analyzer_expr (self, EROS_EXPR_ROUTINE, native->body->expression->type, span);
  call->routine.native = native->native;
  call->routine.arguments = values;
  call->routine.is_volatile = native->is_volatile;
  return call;
}

static ErosExpr *
text_literal (ErosAnalyzer *self, const char *text, const ErosAstSpan *span)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_LITERAL, eros_sql_type (EROS_SQL_STRING), span);

  eros_sql_value_set_data (&expr->literal, expr->type, eros_analyzer_text (self, text), -1);
  return expr;
}

/* See EROS_JAVASCRIPT_NATIVE. */
static ErosExpr *
call_javascript (ErosAnalyzer *self,
                 const ErosCatalogRoutine *routine,
                 GPtrArray *values,
                 const ErosAstSpan *span)
{
  ErosExpr *call = eros_analyzer_expr (self, EROS_EXPR_ROUTINE, routine->returns, span);

  call->routine.native = EROS_JAVASCRIPT_NATIVE;
  call->routine.arguments = eros_analyzer_list (self);
  g_ptr_array_add (call->routine.arguments, text_literal (self, routine->body, span));
  g_ptr_array_add (call->routine.arguments,
                   text_literal (self, eros_sql_type_get_name (routine->returns), span));
  for (guint i = 0; i < values->len; i++)
    {
      const ErosExpr *value = values->pdata[i];
      g_autofree char *parameter =
        g_strdup_printf ("%s %s", routine->arguments[i].name, eros_sql_type_get_name (value->type));

      g_ptr_array_add (call->routine.arguments, text_literal (self, parameter, span));
      g_ptr_array_add (call->routine.arguments, values->pdata[i]);
    }
  return call;
}

/* The arguments of a table function's call, coerced, by lower-case name; NULL on error. */
GHashTable *
eros_table_function_arguments (ErosAnalyzer *self,
                               const ErosCatalogRoutine *routine,
                               const ErosAstTableRef *table,
                               GError **error)
{
  ErosAstExpr ast = { .kind = EROS_AST_CALL, .span = table->path.span };
  ErosScope scope = { .clause = "table function arguments" };
  GPtrArray *values = eros_analyzer_list (self);
  GHashTable *arguments = eros_analyzer_map (self);

  ast.call.function = table->path;
  ast.call.arguments = table->arguments;
  ast.call.n_arguments = table->n_arguments;
  if (!analyze_values (self, &scope, routine, &ast, values, error))
    return NULL;
  for (guint i = 0; i < values->len; i++)
    g_hash_table_insert (arguments, (char *) eros_analyzer_lower (self, routine->arguments[i].name),
                         values->pdata[i]);
  note_routine (self, routine);
  return arguments;
}

/* @found tells whether there is such a function at all. */
ErosExpr *
eros_analyze_routine_call (ErosAnalyzer *self,
                           ErosScope *scope,
                           const ErosAstExpr *ast,
                           gboolean *found,
                           GError **error)
{
  const ErosCatalogClass *class = self->catalog->class_;
  g_autoptr (GError) reason = NULL;
  const ErosCatalogRoutine *routine = NULL;
  GPtrArray *values = NULL, *columns = NULL;
  GHashTable *arguments = NULL;
  ErosExpr *body = NULL;

  if (class->find_routine != NULL)
    routine = class->find_routine (self->catalog, &ast->call.function, &reason);
  *found = routine != NULL || reason != NULL;
  if (routine == NULL)
    {
      if (reason != NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
      return eros_analyzer_place (&ast->span, error);
    }
  if (ast->call.over != NULL)
    return eros_analyzer_fail (&ast->span, error, "Function %s does not support an OVER clause",
                               routine->name);
  if (ast->call.distinct || ast->call.order_by.length > 0 || ast->call.limit != NULL)
    return eros_analyzer_fail (&ast->span, error,
                               "Non-aggregate function %s cannot be called with DISTINCT, ORDER BY or LIMIT",
                               routine->name);
  if (ast->call.safe)
    return eros_analyzer_refuse (&ast->span, error, "The SAFE. prefix is not supported for SQL function %s",
                                 routine->name);
  if (g_ptr_array_find (self->routines, routine, NULL))
    return eros_analyzer_fail (&ast->span, error, "Function %s calls itself, which is not allowed",
                               routine->name);
  values = eros_analyzer_list (self);
  if (!analyze_values (self, scope, routine, ast, values, error))
    return NULL;
  note_routine (self, routine);
  if (routine->is_javascript)
    return call_javascript (self, routine, values, &ast->span);
  if (self->catalog->native_routines)
    return call_native (self, routine, values, &ast->span, error);
  columns = eros_analyzer_list (self);
  arguments = eros_analyzer_map (self);
  for (guint i = 0; i < values->len; i++)
    {
      ErosExpr *value = values->pdata[i];
      ErosColumn *column = NULL;

      if (!is_simple (value))
        {
          column = eros_analyzer_column (self, routine->arguments[i].name, value->type, NULL);
          value = eros_analyzer_column_expr (self, column, &ast->span);
        }
      g_ptr_array_add (columns, column);
      g_hash_table_insert (arguments, (char *) eros_analyzer_lower (self, routine->arguments[i].name), value);
    }
  body = analyze_routine_body (self, routine, arguments, error);
  return body != NULL ? bind_values (self, body, columns, values, &ast->span, error) : NULL;
}
