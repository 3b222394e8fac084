/* eros-names.c: the names that a FROM clause brings into view
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

ErosNames *
eros_names_new (ErosAnalyzer *self)
{
  ErosNames *names = new_node (self, ErosNames);

  names->columns = g_array_new (FALSE, FALSE, sizeof (ErosNameColumn));
  eros_analyzer_own (self, names->columns, (GDestroyNotify) g_array_unref);
  names->targets = eros_analyzer_map (self);
  return names;
}

const ErosNameTarget *
eros_names_find (ErosNames *names, const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);

  return g_hash_table_lookup (names->targets, lower);
}

/* A range variable wins over a column of its name; two of the same kind make the name ambiguous. */
static void
add_target (ErosAnalyzer *self, ErosNames *names, ErosNameTarget target)
{
  const char *lower = eros_analyzer_lower (self, target.name);
  ErosNameTarget *known = g_hash_table_lookup (names->targets, lower);

  if (known == NULL)
    {
      known = new_node (self, ErosNameTarget);
      *known = target;
      g_hash_table_insert (names->targets, (char *) lower, known);
    }
  else if (known->kind == NAME_RANGE && target.kind != NAME_RANGE)
    return;
  else if (target.kind == NAME_RANGE && known->kind != NAME_RANGE)
    *known = target;
  else if (target.kind == NAME_COLUMN && known->kind == NAME_COLUMN &&
           known->column.column == target.column.column && known->column.field == target.column.field)
    return;
  else
    known->kind = NAME_AMBIGUOUS;
}

void
eros_names_add_hidden (ErosAnalyzer *self, ErosNames *names, const char *name, ErosColumn *column)
{
  ErosNameTarget target = { NAME_COLUMN, name, { name, column, -1 }, NULL };

  add_target (self, names, target);
}

void
eros_names_add_column (ErosAnalyzer *self, ErosNames *names, const char *name, ErosColumn *column, int field)
{
  ErosNameTarget target = { NAME_COLUMN, name, { name, column, field }, NULL };

  g_array_append_val (names->columns, target.column);
  if (name != NULL)
    add_target (self, names, target);
}

/* A row that is one value: the fields of a STRUCT are seen as columns. */
void
eros_names_add_value (ErosAnalyzer *self, ErosNames *names, const char *name, ErosColumn *column)
{
  const ErosSqlType *type = column->type;

  names->value = column;
  if (!eros_sql_type_is (type, EROS_SQL_STRUCT))
    {
      eros_names_add_column (self, names, name, column, -1);
      return;
    }
  for (guint i = 0; i < eros_sql_type_get_n_fields (type); i++)
    {
      const char *field = eros_sql_type_get_field (type, i)->name;

      eros_names_add_column (self, names, *field != '\0' ? field : NULL, column, (int) i);
    }
}

void
eros_names_add_range (ErosAnalyzer *self, ErosNames *names, const char *name, ErosNames *range)
{
  ErosNameTarget target = { NAME_RANGE, name, { NULL, NULL, -1 }, range };

  add_target (self, names, target);
}

/* Adds what @other brings, as a join does. */
void
eros_names_merge (ErosAnalyzer *self, ErosNames *names, ErosNames *other)
{
  GHashTableIter iter;
  gpointer target;

  g_array_append_vals (names->columns, other->columns->data, other->columns->len);
  g_hash_table_iter_init (&iter, other->targets);
  while (g_hash_table_iter_next (&iter, NULL, &target))
    add_target (self, names, *(ErosNameTarget *) target);
}

const ErosSqlType *
eros_name_column_type (const ErosNameColumn *column)
{
  if (column->field < 0)
    return column->column->type;
  return eros_sql_type_get_field (column->column->type, (guint) column->field)->type;
}

static guint
edit_distance (const char *a, const char *b, guint limit)
{
  gsize n = strlen (a), m = strlen (b);
  g_autofree guint *row = NULL;

  if (n > 200 || m > 200 || (n > m ? n - m : m - n) > limit)
    return limit + 1;
  row = g_new (guint, m + 1);
  for (gsize j = 0; j <= m; j++)
    row[j] = (guint) j;
  for (gsize i = 1; i <= n; i++)
    {
      guint diagonal = row[0];

      row[0] = (guint) i;
      for (gsize j = 1; j <= m; j++)
        {
          guint above = row[j];
          guint change = diagonal + (a[i - 1] != b[j - 1]);

          row[j] = MIN (change, MIN (above, row[j - 1]) + 1);
          diagonal = above;
        }
    }
  return row[m];
}

/* The candidate most like @name, or NULL: off by no more than about a fifth of its length. */
char *
eros_name_suggestion (const char *name, GPtrArray *candidates)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  guint best = ((guint) strlen (name) + 2) / 5 + 1;
  const char *found = NULL;

  for (guint i = 0; i < candidates->len; i++)
    {
      g_autofree char *candidate = g_utf8_strdown (candidates->pdata[i], -1);
      guint distance = edit_distance (lower, candidate, best - 1);

      if (distance >= best)
        continue;
      best = distance;
      found = candidates->pdata[i];
    }
  return g_strdup (found);
}
