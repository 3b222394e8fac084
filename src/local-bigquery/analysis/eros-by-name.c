/* eros-by-name.c: set operations that match columns by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

static int
find (const ErosQuery *query, const char *name)
{
  for (guint i = 0; i < query->columns->len; i++)
    if (g_ascii_strcasecmp (((ErosColumn *) query->columns->pdata[i])->name, name) == 0)
      return (int) i;
  return -1;
}

static guint
count_with (GPtrArray *inputs, const char *name)
{
  guint n = 0;

  for (guint i = 0; i < inputs->len; i++)
    n += find (inputs->pdata[i], name) >= 0;
  return n;
}

/* Each column has a name of its own. */
static gboolean
check_names (const ErosAstSetOperation *ast, const char *operation, GPtrArray *inputs, GError **error)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      const ErosQuery *query = inputs->pdata[i];

      for (guint j = 0; j < query->columns->len; j++)
        if (((ErosColumn *) query->columns->pdata[j])->name == NULL)
          return !!eros_analyzer_fail (
            &ast->inputs[i]->span, error,
            "Query %u of %s matches columns by name, but its column %u has no name", i + 1, operation, j + 1);
      for (guint j = 0; j < query->columns->len; j++)
        if (find (query, ((ErosColumn *) query->columns->pdata[j])->name) != (int) j)
          return !!eros_analyzer_fail (&ast->inputs[i]->span, error,
                                       "Query %u of %s matches columns by name, but has several named %s",
                                       i + 1, operation, ((ErosColumn *) query->columns->pdata[j])->name);
    }
  return TRUE;
}

/* Those of BY NAME ON (…), each of which must be where it is wanted */
static gboolean
list_given (const ErosAstSetOperation *ast,
            const char *operation,
            GPtrArray *inputs,
            GPtrArray *names,
            GError **error)
{
  for (guint i = 0; i < ast->by.length; i++)
    {
      const ErosAstName *name = &ast->by.items[i];
      gboolean found = ast->match == EROS_AST_MATCH_LEFT   ? find (inputs->pdata[0], name->text) >= 0
                       : ast->match == EROS_AST_MATCH_FULL ? count_with (inputs, name->text) > 0
                                                           : count_with (inputs, name->text) == inputs->len;

      if (!found)
        return !!eros_analyzer_fail (&name->span, error, "Column %s in the list of %s is not in its queries",
                                     name->text, operation);
      for (guint j = 0; j < names->len; j++)
        if (g_ascii_strcasecmp (names->pdata[j], name->text) == 0)
          return !!eros_analyzer_fail (&name->span, error, "Duplicate column %s in the list of %s",
                                       name->text, operation);
      g_ptr_array_add (names, (gpointer) name->text);
    }
  return TRUE;
}

/* The first query's, and with FULL what the others have besides */
static void
list_found (const ErosAstSetOperation *ast, GPtrArray *inputs, GPtrArray *names)
{
  for (guint i = 0; i < (ast->match == EROS_AST_MATCH_FULL ? inputs->len : 1); i++)
    {
      const ErosQuery *query = inputs->pdata[i];

      for (guint j = 0; j < query->columns->len; j++)
        {
          char *name = (char *) ((ErosColumn *) query->columns->pdata[j])->name;
          gboolean wanted = ast->match != EROS_AST_MATCH_INNER || count_with (inputs, name) == inputs->len;

          for (guint k = 0; k < i; k++)
            wanted = wanted && find (inputs->pdata[k], name) < 0;
          if (wanted)
            g_ptr_array_add (names, name);
        }
    }
}

static gboolean
check_strict (const ErosAstSetOperation *ast,
              const char *operation,
              GPtrArray *inputs,
              GPtrArray *names,
              GError **error)
{
  for (guint i = 1; i < inputs->len; i++)
    {
      const ErosQuery *query = inputs->pdata[i];
      gboolean same = query->columns->len == names->len;

      for (guint j = 0; same && j < names->len; j++)
        same = find (query, names->pdata[j]) >= 0;
      if (!same)
        return !!eros_analyzer_fail (
          &ast->inputs[i]->span, error,
          "%s BY NAME requires all queries to have the same column names: query %u has "
          "others than query 1",
          operation, i + 1);
    }
  return TRUE;
}

/* Puts a query that has the columns that are wanted, in one order, in place of each of @inputs. */
gboolean
eros_match_by_name (ErosAnalyzer *self,
                    const ErosAstSetOperation *ast,
                    const char *operation,
                    GPtrArray *inputs,
                    GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree ErosQueryColumn *columns = NULL;

  if (!check_names (ast, operation, inputs, error))
    return FALSE;
  if (ast->by.length == 0)
    list_found (ast, inputs, names);
  else if (!list_given (ast, operation, inputs, names, error))
    return FALSE;
  if (ast->match == EROS_AST_MATCH_STRICT && ast->by.length == 0 &&
      !check_strict (ast, operation, inputs, names, error))
    return FALSE;
  if (names->len == 0)
    return !!eros_analyzer_fail (&ast->op_span, error, "The queries of %s have no column name in common",
                                 operation);
  columns = g_new0 (ErosQueryColumn, names->len);
  for (guint i = 0; i < inputs->len; i++)
    {
      for (guint j = 0; j < names->len; j++)
        columns[j] = (ErosQueryColumn){ names->pdata[j], find (inputs->pdata[i], names->pdata[j]) };
      inputs->pdata[i] =
        eros_query_around (self, inputs->pdata[i], columns, names->len, &ast->inputs[i]->span);
    }
  return TRUE;
}
