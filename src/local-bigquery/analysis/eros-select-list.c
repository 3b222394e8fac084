/* eros-select-list.c: what stands between SELECT and FROM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static ErosOutput *
add_output (ErosAnalyzer *self, ErosSelect *select, const char *name, ErosExpr *expr)
{
  ErosOutput *output = new_node (self, ErosOutput);

  output->expr = expr;
  output->column = eros_analyzer_column (self, name, expr->type, NULL);
  g_ptr_array_add (select->items, output);
  return output;
}

static gboolean
is_excepted (const ErosAstSelectItem *item, const char *name)
{
  for (guint i = 0; name != NULL && i < item->except.length; i++)
    if (g_ascii_strcasecmp (item->except.items[i].text, name) == 0)
      return TRUE;
  return FALSE;
}

static const ErosAstReplace *
find_replacement (const ErosAstSelectItem *item, const char *name)
{
  for (guint i = 0; name != NULL && i < item->n_replace; i++)
    if (g_ascii_strcasecmp (item->replace[i].name.text, name) == 0)
      return &item->replace[i];
  return NULL;
}

/* The name that a column gets, which may be its own */
static const char *
new_name (const ErosAstSelectItem *item, const char *name)
{
  for (guint i = 0; name != NULL && i < item->n_rename; i++)
    if (g_ascii_strcasecmp (item->rename[i].from.text, name) == 0)
      return item->rename[i].to.text;
  return name;
}

static gboolean
check_renames (const ErosAstSelectItem *item, GPtrArray *names, GError **error)
{
  for (guint i = 0; i < item->n_rename; i++)
    {
      const ErosAstName *name = &item->rename[i].from;
      guint found = 0;

      for (guint j = 0; j < names->len; j++)
        found += names->pdata[j] != NULL && g_ascii_strcasecmp (names->pdata[j], name->text) == 0;
      if (found != 1)
        return !!eros_analyzer_fail (
          &name->span, error,
          found == 0 ? "Column %s in RENAME does not exist" : "Column name %s is ambiguous", name->text);
    }
  return TRUE;
}

/* Each name in EXCEPT and REPLACE must be there, once. */
static gboolean
check_star (const ErosAstSelectItem *item, GPtrArray *names, GError **error)
{
  for (guint list = 0; list < 2; list++)
    for (guint i = 0; i < (list == 0 ? item->except.length : item->n_replace); i++)
      {
        const ErosAstName *name = list == 0 ? &item->except.items[i] : &item->replace[i].name;
        const char *what = list == 0 ? "EXCEPT" : "REPLACE";
        gboolean found = FALSE;

        for (guint j = 0; j < names->len && !found; j++)
          found = names->pdata[j] != NULL && g_ascii_strcasecmp (names->pdata[j], name->text) == 0;
        if (!found && item->lenient)
          continue;
        if (!found)
          return !!eros_analyzer_fail (&name->span, error, "Column %s in SELECT * %s list does not exist",
                                       name->text, what);
        for (guint j = 0; j < i; j++)
          if (g_ascii_strcasecmp (list == 0 ? item->except.items[j].text : item->replace[j].name.text,
                                  name->text) == 0)
            return !!eros_analyzer_fail (&name->span, error, "Duplicate column %s in SELECT * %s list",
                                         name->text, what);
        if (list == 1 && is_excepted (item, name->text))
          return !!eros_analyzer_fail (
            &name->span, error, "Column %s in SELECT * REPLACE list is also in the EXCEPT list", name->text);
      }
  return TRUE;
}

/* @names and @exprs: what the star stands for. */
static gboolean
expand (ErosAnalyzer *self,
        ErosScope *scope,
        const ErosAstSelectItem *item,
        GPtrArray *names,
        GPtrArray *exprs,
        GError **error)
{
  guint before = scope->select->items->len;

  if (!check_star (item, names, error) || !check_renames (item, names, error))
    return FALSE;
  for (guint i = 0; i < exprs->len; i++)
    {
      const char *name = names->pdata[i];
      const ErosAstReplace *replacement = find_replacement (item, name);
      ErosExpr *expr = exprs->pdata[i];

      if (is_excepted (item, name))
        continue;
      if (replacement != NULL)
        {
          expr = eros_analyze_expr (self, scope, replacement->expr, error);
          if (expr == NULL)
            return FALSE;
        }
      add_output (self, scope->select, new_name (item, name), expr)->from_star = replacement == NULL;
    }
  if (scope->select->items->len == before && !item->lenient)
    return !!eros_analyzer_fail (&item->span, error,
                                 item->except.length > 0
                                   ? "SELECT * expands to zero columns after applying EXCEPT"
                                   : "SELECT * expands to zero columns");
  return TRUE;
}

static gboolean
expand_names (ErosAnalyzer *self,
              ErosScope *scope,
              const ErosAstSelectItem *item,
              const ErosNames *from,
              GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) exprs = g_ptr_array_new ();

  for (guint i = 0; i < from->columns->len; i++)
    {
      const ErosNameColumn *column = &g_array_index (from->columns, ErosNameColumn, i);

      g_ptr_array_add (names, (gpointer) column->name);
      g_ptr_array_add (exprs, eros_name_column_expr (self, column, &item->span));
    }
  return expand (self, scope, item, names, exprs, error);
}

static gboolean
expand_struct (ErosAnalyzer *self,
               ErosScope *scope,
               const ErosAstSelectItem *item,
               ErosExpr *value,
               GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) exprs = g_ptr_array_new ();

  if (!eros_sql_type_is (value->type, EROS_SQL_STRUCT))
    return !!eros_analyzer_fail (&item->expr->span, error, "Dot-star is not supported for type %s",
                                 eros_sql_type_get_name (value->type));
  for (guint i = 0; i < eros_sql_type_get_n_fields (value->type); i++)
    {
      const char *name = eros_sql_type_get_field (value->type, i)->name;

      g_ptr_array_add (names, *name != '\0' ? (gpointer) name : NULL);
      g_ptr_array_add (exprs, eros_field_of (self, value, i, &item->span));
    }
  return expand (self, scope, item, names, exprs, error);
}

static gboolean
analyze_star (ErosAnalyzer *self, ErosScope *scope, const ErosAstSelectItem *item, GError **error)
{
  const ErosNames *range = NULL;
  ErosExpr *value = NULL;

  if (item->kind == EROS_AST_SELECT_STAR)
    {
      if (scope->select->from == NULL)
        return !!eros_analyzer_fail (&item->span, error, "SELECT * must have a FROM clause");
      return expand_names (self, scope, item, scope->names, error);
    }
  if (item->expr->kind == EROS_AST_PATH && item->expr->path.n_parts == 1)
    range = eros_find_range (scope, item->expr->path.parts[0].text);
  if (range != NULL && range->value == NULL)
    return expand_names (self, scope, item, range, error);
  value = eros_analyze_expr (self, scope, item->expr, error);
  return value != NULL && expand_struct (self, scope, item, value, error);
}

/* An expression that is a path is named by its last part. */
static const char *
item_name (const ErosAstSelectItem *item)
{
  if (item->alias != NULL)
    return item->alias->text;
  if (item->expr->kind == EROS_AST_PATH)
    return item->expr->path.parts[item->expr->path.n_parts - 1].text;
  if (item->expr->kind == EROS_AST_FIELD)
    return item->expr->field.name.text;
  return NULL;
}

gboolean
eros_analyze_items (ErosAnalyzer *self,
                    ErosScope *scope,
                    const ErosAstSelect *ast,
                    ErosQuery *query,
                    GError **error)
{
  for (guint i = 0; i < ast->n_items; i++)
    {
      const ErosAstSelectItem *item = &ast->items[i];
      ErosExpr *expr = NULL;

      if (item->kind != EROS_AST_SELECT_EXPR)
        {
          if (!analyze_star (self, scope, item, error))
            return FALSE;
          continue;
        }
      expr = eros_analyze_expr (self, scope, item->expr, error);
      if (expr == NULL)
        return FALSE;
      add_output (self, scope->select, item_name (item), expr);
    }
  return TRUE;
}
