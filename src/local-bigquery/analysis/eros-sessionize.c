/* eros-sessionize.c: RANGE_SESSIONIZE in other words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static void
append_name (GString *text, const char *name)
{
  g_string_append_c (text, '`');
  for (; *name != '\0'; name++)
    {
      if (*name == '`' || *name == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *name);
    }
  g_string_append_c (text, '`');
}

static const char *
string_of (const ErosAstExpr *expr)
{
  return expr != NULL && expr->kind == EROS_AST_LITERAL && expr->literal.kind == EROS_AST_LITERAL_STRING
           ? expr->literal.text
           : NULL;
}

/* PARTITION BY the columns that the third argument names; NULL on error. */
static char *
partition_of (const ErosAstExpr *list, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (list->kind != EROS_AST_ARRAY)
    return eros_analyzer_fail (&list->span, error,
                               "RANGE_SESSIONIZE: the partitioning columns must be an array of literals");
  for (guint i = 0; i < list->array.items.length; i++)
    {
      const char *name = string_of (list->array.items.items[i]);

      if (name == NULL)
        return eros_analyzer_fail (&list->span, error,
                                   "RANGE_SESSIONIZE: the partitioning columns must be an array of literals");
      g_string_append (text, i == 0 ? "PARTITION BY " : ", ");
      append_name (text, name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* MEETS: a session goes on where a range begins no later than it ends; OVERLAPS: where it begins before that.
 */
static const char *
comparison_of (const ErosAstTableRef *table, GError **error)
{
  const ErosAstExpr *mode = table->n_arguments > 3 ? table->arguments[3].expr : NULL;
  const char *text = string_of (mode);

  if (mode == NULL || (text != NULL && g_ascii_strcasecmp (text, "MEETS") == 0))
    return "<=";
  if (text != NULL && g_ascii_strcasecmp (text, "OVERLAPS") == 0)
    return "<";
  return eros_analyzer_fail (&mode->span, error,
                             "Could not cast literal \"%s\" to type RANGE_SESSIONIZE_MODE",
                             text != NULL ? text : "");
}

/* The sessions as window functions; @r is the range, @t the table, @o PARTITION BY columns, @p the same with
 * a comma, @c the comparison. A NULL counts as a range without an end, by which BigQuery joins all that stand
 * after it. */
static const char template[] =
  "SELECT * EXCEPT (`$open`, `$end`, `$session`), IF(@r IS NULL, NULL, RANGE("
  "IF(COUNTIF(@r IS NOT NULL AND RANGE_START(@r) IS NULL) OVER (@p `$session`) > 0, NULL, "
  "MIN(RANGE_START(@r)) OVER (@p `$session`)), "
  "IF(COUNTIF(@r IS NOT NULL AND RANGE_END(@r) IS NULL) OVER (@p `$session`) > 0, NULL, "
  "MAX(RANGE_END(@r)) OVER (@p `$session`)))) AS session_range "
  "FROM (SELECT *, COUNTIF(`$open` IS NULL OR NOT (`$open` OR RANGE_START(@r) IS NULL OR RANGE_START(@r) @c "
  "`$end`)) "
  "OVER (@o ORDER BY @r ROWS UNBOUNDED PRECEDING) AS `$session` "
  "FROM (SELECT *, LOGICAL_OR(RANGE_END(@r) IS NULL) OVER (@o ORDER BY @r ROWS BETWEEN UNBOUNDED PRECEDING "
  "AND 1 "
  "PRECEDING) AS `$open`, MAX(RANGE_END(@r)) OVER (@o ORDER BY @r ROWS BETWEEN UNBOUNDED PRECEDING AND 1 "
  "PRECEDING) AS "
  "`$end` FROM @t))";

/**
 * eros_sessionize_text:
 * @table: a call of RANGE_SESSIONIZE
 * @error: return location for an #ErosAnalysisError
 *
 * Returns: (transfer full) (nullable): a query that yields the same
 */
char *
eros_sessionize_text (const ErosAstTableRef *table, GError **error)
{
  const ErosAstExpr *source = table->n_arguments > 0 ? table->arguments[0].expr : NULL;
  const char *column = table->n_arguments > 1 ? string_of (table->arguments[1].expr) : NULL;
  const char *comparison = NULL;
  g_autofree char *partition = NULL;
  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *by = NULL;

  if (table->n_arguments < 3 || table->n_arguments > 4 || column == NULL)
    return eros_analyzer_fail (
      &table->path.span, error,
      "RANGE_SESSIONIZE takes a table, a column, an array of columns and optionally a mode");
  if (table->arguments[0].kind != EROS_AST_ARGUMENT_TABLE)
    return eros_analyzer_refuse (
      &source->span, error,
      "RANGE_SESSIONIZE of anything but TABLE name is not supported by the local BigQuery");
  comparison = comparison_of (table, error);
  partition = comparison != NULL ? partition_of (table->arguments[2].expr, error) : NULL;
  if (partition == NULL)
    return NULL;
  for (guint i = 0; i < source->path.n_parts; i++)
    {
      if (i > 0)
        g_string_append_c (path, '.');
      append_name (path, source->path.parts[i].text);
    }
  append_name (name, column);
  by = *partition != '\0' ? g_strconcat (partition, ",", NULL) : g_strdup ("PARTITION BY ");
  for (const char *p = template; *p != '\0'; p++)
    if (*p != '@')
      g_string_append_c (text, *p);
    else
      {
        p++;
        g_string_append (text, *p == 'r'   ? name->str
                               : *p == 'p' ? by
                               : *p == 'o' ? partition
                               : *p == 'c' ? comparison
                                           : path->str);
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
