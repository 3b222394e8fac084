/* eros-translation.c: the room's front door
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (translation)

void
eros_translation_fail (ErosTranslator *self, const char *format, ...)
{
  va_list arguments;

  if (self->error != NULL)
    return;
  va_start (arguments, format);
  self->error =
    g_error_new_valist (EROS_TRANSLATION_ERROR, EROS_TRANSLATION_ERROR_TOO_COMPLEX, format, arguments);
  va_end (arguments);
}

void
eros_set_column (ErosTranslator *self, const ErosColumn *column, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_hash_table_insert (self->columns, (gpointer) column, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* A name in double quotes. */
void
eros_render_name (const char *name, GString *out)
{
  g_string_append_c (out, '"');
  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

static gboolean
name_plain_columns (ErosExpr **slot, gpointer user_data)
{
  ErosTranslator *self = user_data;
  const ErosColumn *column = (*slot)->kind == EROS_EXPR_COLUMN ? (*slot)->column : NULL;
  const ErosCatalogColumn *plain = NULL;
  g_autoptr (GString) name = NULL;

  if (column == NULL || column->relation == NULL || column->relation->kind != EROS_RELATION_TABLE ||
      g_hash_table_contains (self->columns, column))
    return TRUE;
  plain = &column->relation->table->columns[column->index];
  name = g_string_new (plain->sql);
  if (plain->sql == NULL)
    eros_render_name (plain->name, name);
  eros_set_column (self, column, "%s", name->str);
  return TRUE;
}

/* SQLite merges a subquery into the query around it, and then computes a column of it wherever it is used.
 * What is computed by this many native calls, and used this often, is better computed once. */
#define HEAVY_CALLS 3
#define HEAVY_USES  3

typedef struct
{
  ErosTranslator *translator;
  GHashTable *uses; /* ErosOutput to how often it is used */
} Uses;

static gboolean
count_calls (ErosExpr **slot, gpointer user_data)
{
  guint *n = user_data;

  if ((*slot)->kind == EROS_EXPR_CALL && (*slot)->call.call.native != NULL &&
      *(*slot)->call.call.native != '(')
    (*n)++;
  return TRUE;
}

/* (nullable) */
static ErosQuery *
source_of (const ErosColumn *column)
{
  const ErosRelation *relation = column->relation;
  ErosQuery *query = NULL;

  if (relation != NULL && relation->kind == EROS_RELATION_QUERY)
    query = relation->query;
  else if (relation != NULL && relation->kind == EROS_RELATION_CTE)
    query = relation->cte->query;
  return query != NULL && query->kind == EROS_QUERY_SELECT && column->index < query->select->items->len
           ? query
           : NULL;
}

static gboolean
count_use (ErosExpr **slot, gpointer user_data)
{
  Uses *uses = user_data;
  ErosQuery *query = (*slot)->kind == EROS_EXPR_COLUMN ? source_of ((*slot)->column) : NULL;
  ErosOutput *output = NULL;
  guint n_uses = 0;
  guint n_calls = 0;

  if (query == NULL || g_hash_table_contains (uses->translator->barriers, query))
    return TRUE;
  output = query->select->items->pdata[(*slot)->column->index];
  n_uses = GPOINTER_TO_UINT (g_hash_table_lookup (uses->uses, output)) + 1;
  g_hash_table_insert (uses->uses, output, GUINT_TO_POINTER (n_uses));
  if (n_uses < HEAVY_USES)
    return TRUE;
  eros_resolved_walk_expr (&output->expr, count_calls, &n_calls);
  if (n_calls >= HEAVY_CALLS)
    g_hash_table_add (uses->translator->barriers, query);
  return TRUE;
}

static void
note_heavy_queries (ErosTranslator *self, const ErosAnalysis *analysis)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  Uses uses = { self, counts };
  ErosExpr *expression = analysis->expression;

  if (analysis->query != NULL)
    eros_resolved_walk_query (analysis->query, count_use, &uses);
  else
    eros_resolved_walk_expr (&expression, count_use, &uses);
}

/**
 * eros_translate:
 * @analysis: a resolved query or expression
 * @error: return location for an #ErosTranslationError
 *
 * An expression that was analyzed with eros_analyze_row_expression() gives the expression's text alone, in
 * which columns go by their own names; any other one gives a SELECT without FROM.
 *
 * Returns: (transfer full): SQLite text, or %NULL
 */
char *
eros_translate (const ErosAnalysis *analysis, GError **error)
{
  g_autoptr (GHashTable) columns = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GHashTable) calls = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) barriers = g_hash_table_new (NULL, NULL);
  ErosTranslator self = { .columns = columns, .calls = calls, .barriers = barriers };
  ErosExpr *expression = analysis->expression;

  note_heavy_queries (&self, analysis);
  if (analysis->query != NULL)
    eros_render_hosted (&self, analysis->query, sql);
  else
    {
      if (analysis->of_row)
        eros_resolved_walk_expr (&expression, name_plain_columns, &self);
      else
        g_string_append (sql, "SELECT ");
      eros_render_root (&self, expression, sql);
    }
  if (self.error == NULL)
    return g_string_free (g_steal_pointer (&sql), FALSE);
  g_propagate_error (error, self.error);
  return NULL;
}
