/* eros-analyzer.c: the analyzer's own state, its memory and its errors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (analysis)

typedef struct
{
  gpointer data;
  GDestroyNotify destroy;
} Owned;

static void
owned_free (gpointer data)
{
  Owned *owned = data;

  owned->destroy (owned->data);
  g_free (owned);
}

void
eros_analyzer_init (ErosAnalyzer *self, ErosCatalog *catalog)
{
  ErosAnalysisPrivate *result = g_new0 (ErosAnalysisPrivate, 1);

  *self = (ErosAnalyzer){ 0 };
  result->arena = eros_arena_new ();
  result->owned = g_ptr_array_new_with_free_func (owned_free);
  self->result = result;
  self->arena = result->arena;
  self->catalog = catalog;
  self->ctes = eros_analyzer_list (self);
  self->routines = eros_analyzer_list (self);
  self->views = eros_analyzer_list (self);
  self->relations = eros_analyzer_list (self);
  result->analysis.parameters = eros_analyzer_list (self);
  result->analysis.tables = eros_analyzer_list (self);
  result->analysis.routines = eros_analyzer_list (self);
  result->analysis.natives = eros_analyzer_list (self);
}

/* Hands out the result, or drops it. */
ErosAnalysis *
eros_analyzer_finish (ErosAnalyzer *self, gboolean success)
{
  if (success)
    {
      eros_mark_used (self);
      return &self->result->analysis;
    }
  eros_analysis_free (&self->result->analysis);
  return NULL;
}

/**
 * eros_analysis_free:
 * @analysis: (nullable): an analysis
 *
 * Frees an analysis with its whole tree.
 */
void
eros_analysis_free (ErosAnalysis *analysis)
{
  ErosAnalysisPrivate *result = (ErosAnalysisPrivate *) analysis;

  if (result == NULL)
    return;
  g_ptr_array_unref (result->owned);
  eros_arena_free (result->arena);
  g_free (result);
}

/* As BigQuery says it. */
gpointer
eros_analyzer_too_complex (const ErosAstSpan *span, GError **error)
{
  g_set_error (error, EROS_ANALYSIS_ERROR, EROS_ANALYSIS_ERROR_TOO_COMPLEX,
               "Resources exceeded during query execution: Not enough resources for query planning - too "
               "many subqueries "
               "or query is too complex at [%u:%u]",
               span->line, span->column);
  return NULL;
}

/* Whoever recurses asks first: a query that is nested too deep ends here, not at the end of the stack. */
gboolean
eros_analyzer_enter (ErosAnalyzer *self, const ErosAstSpan *span, GError **error)
{
  if (++self->depth <= MAX_DEPTH)
    return TRUE;
  self->depth--;
  return !!eros_analyzer_too_complex (span, error);
}

void
eros_analyzer_leave (ErosAnalyzer *self)
{
  self->depth--;
}

static void
fail (const ErosAstSpan *span, GError **error, ErosAnalysisError code, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_set_error (error, EROS_ANALYSIS_ERROR, code, "%s at [%u:%u]", text, span->line, span->column);
}

/* Returns NULL, which is FALSE too, so that callers can return it. */
gpointer
eros_analyzer_fail (const ErosAstSpan *span, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  fail (span, error, EROS_ANALYSIS_ERROR_INVALID, format, arguments);
  va_end (arguments);
  return NULL;
}

gpointer
eros_analyzer_refuse (const ErosAstSpan *span, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  fail (span, error, EROS_ANALYSIS_ERROR_UNSUPPORTED, format, arguments);
  va_end (arguments);
  return NULL;
}

/* Gives a position to an error that came from elsewhere and has none. */
gpointer
eros_analyzer_place (const ErosAstSpan *span, GError **error)
{
  g_autofree char *old = NULL;

  if (error == NULL || *error == NULL || g_strrstr ((*error)->message, " at [") != NULL)
    return NULL;
  old = (*error)->message;
  (*error)->message = g_strdup_printf ("%s at [%u:%u]", old, span->line, span->column);
  return NULL;
}

void
eros_analyzer_own (ErosAnalyzer *self, gpointer data, GDestroyNotify destroy)
{
  Owned *owned = g_new (Owned, 1);

  *owned = (Owned){ data, destroy };
  g_ptr_array_add (self->result->owned, owned);
}

GPtrArray *
eros_analyzer_list (ErosAnalyzer *self)
{
  GPtrArray *list = g_ptr_array_new ();

  eros_analyzer_own (self, list, (GDestroyNotify) g_ptr_array_unref);
  return list;
}

/* A map from texts of the arena. */
GHashTable *
eros_analyzer_map (ErosAnalyzer *self)
{
  GHashTable *map = g_hash_table_new (g_str_hash, g_str_equal);

  eros_analyzer_own (self, map, (GDestroyNotify) g_hash_table_unref);
  return map;
}

const char *
eros_analyzer_text (ErosAnalyzer *self, const char *text)
{
  return text != NULL ? eros_arena_strndup (self->arena, text, strlen (text)) : NULL;
}

const char *
eros_analyzer_lower (ErosAnalyzer *self, const char *text)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);

  return eros_analyzer_text (self, lower);
}

ErosColumn *
eros_analyzer_column (ErosAnalyzer *self, const char *name, const ErosSqlType *type, gconstpointer owner)
{
  ErosColumn *column = new_node (self, ErosColumn);

  column->id = self->next_id++;
  column->name = eros_analyzer_text (self, name);
  column->type = type;
  column->owner = owner;
  return column;
}

ErosExpr *
eros_analyzer_expr (ErosAnalyzer *self, ErosExprKind kind, const ErosSqlType *type, const ErosAstSpan *span)
{
  ErosExpr *expr = new_node (self, ErosExpr);

  expr->kind = kind;
  expr->type = type;
  expr->form = EROS_SQL_FORM_EXPRESSION;
  expr->identity = expr;
  expr->line = span->line;
  expr->column_number = span->column;
  return expr;
}

static void
clone_list (ErosAnalyzer *self, GPtrArray **list)
{
  GPtrArray *copy = eros_analyzer_list (self);

  for (guint i = 0; i < (*list)->len; i++)
    g_ptr_array_add (copy, eros_analyzer_clone (self, (*list)->pdata[i]));
  *list = copy;
}

/* A copy that can be changed without changing the original. Subqueries and LETs are not copied. */
ErosExpr *
eros_analyzer_clone (ErosAnalyzer *self, const ErosExpr *expr)
{
  ErosExpr *copy = NULL;

  if (expr == NULL)
    return NULL;
  copy = new_node (self, ErosExpr);
  *copy = *expr;
  switch (expr->kind)
    {
    case EROS_EXPR_CALL:
      clone_list (self, &copy->call.arguments);
      break;
    case EROS_EXPR_ROUTINE:
      clone_list (self, &copy->routine.arguments);
      break;
    case EROS_EXPR_LOGICAL:
      clone_list (self, &copy->logical.operands);
      break;
    case EROS_EXPR_CASE:
      copy->case_.operand = eros_analyzer_clone (self, expr->case_.operand);
      copy->case_.otherwise = eros_analyzer_clone (self, expr->case_.otherwise);
      clone_list (self, &copy->case_.conditions);
      clone_list (self, &copy->case_.results);
      break;
    case EROS_EXPR_CAST:
      copy->cast.operand = eros_analyzer_clone (self, expr->cast.operand);
      copy->cast.format = eros_analyzer_clone (self, expr->cast.format);
      copy->cast.zone = eros_analyzer_clone (self, expr->cast.zone);
      break;
    case EROS_EXPR_ARRAY:
    case EROS_EXPR_STRUCT:
      clone_list (self, &copy->items);
      break;
    case EROS_EXPR_FIELD:
      copy->field.operand = eros_analyzer_clone (self, expr->field.operand);
      break;
    case EROS_EXPR_INTERVAL:
      copy->interval.value = eros_analyzer_clone (self, expr->interval.value);
      break;
    case EROS_EXPR_LITERAL:
    case EROS_EXPR_PARAMETER:
    case EROS_EXPR_COLUMN:
    case EROS_EXPR_SUBQUERY:
    case EROS_EXPR_LET:
    case EROS_EXPR_PART:
      break;
    }
  return copy;
}

ErosExpr *
eros_analyzer_column_expr (ErosAnalyzer *self, ErosColumn *column, const ErosAstSpan *span)
{
  ErosExpr *expr = eros_analyzer_expr (self, EROS_EXPR_COLUMN, column->type, span);

  expr->column = column;
  return expr;
}

ErosRelation *
eros_analyzer_relation (ErosAnalyzer *self, ErosRelationKind kind)
{
  ErosRelation *relation = new_node (self, ErosRelation);

  relation->kind = kind;
  relation->id = self->next_id++;
  relation->columns = eros_analyzer_list (self);
  return relation;
}

/* The slot of a parameter: one for each name, one for each position. */
const ErosResolvedParameter *
eros_analyzer_parameter (ErosAnalyzer *self,
                         ErosParameterKind kind,
                         const char *name,
                         guint position,
                         const ErosSqlType *type)
{
  GPtrArray *parameters = self->result->analysis.parameters;
  ErosResolvedParameter *parameter = NULL;

  for (guint i = 0; i < parameters->len; i++)
    {
      parameter = parameters->pdata[i];
      if (parameter->kind != kind)
        continue;
      if (kind == EROS_PARAMETER_POSITIONAL ? parameter->position == position
                                            : g_ascii_strcasecmp (parameter->name, name) == 0)
        return parameter;
    }
  parameter = new_node (self, ErosResolvedParameter);
  *parameter =
    (ErosResolvedParameter){ kind, parameters->len, eros_analyzer_text (self, name), position, type };
  g_ptr_array_add (parameters, parameter);
  return parameter;
}
