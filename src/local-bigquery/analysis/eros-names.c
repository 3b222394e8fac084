/* eros-names.c: the names that a FROM clause brings into view
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-analyzer-private.h"

Names *
names_new (Analyzer *self)
{
  Names *names = new_node (self, Names);

  names->columns = g_array_new (FALSE, FALSE, sizeof (NameColumn));
  analyzer_own (self, names->columns, (GDestroyNotify) g_array_unref);
  names->targets = analyzer_map (self);
  return names;
}

const NameTarget *
names_find (Names *names, const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);

  return g_hash_table_lookup (names->targets, lower);
}

/* A range variable wins over a column of its name; two of the same kind make the name ambiguous. */
static void
add_target (Analyzer *self, Names *names, NameTarget target)
{
  const char *lower = analyzer_lower (self, target.name);
  NameTarget *known = g_hash_table_lookup (names->targets, lower);

  if (known == NULL)
    {
      known = new_node (self, NameTarget);
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
names_add_hidden (Analyzer *self, Names *names, const char *name, ErosColumn *column)
{
  NameTarget target = { NAME_COLUMN, name, { name, column, -1 }, NULL };

  add_target (self, names, target);
}

void
names_add_column (Analyzer *self, Names *names, const char *name, ErosColumn *column, int field)
{
  NameTarget target = { NAME_COLUMN, name, { name, column, field }, NULL };

  g_array_append_val (names->columns, target.column);
  if (name != NULL)
    add_target (self, names, target);
}

/* A row that is one value: the fields of a STRUCT are seen as columns. */
void
names_add_value (Analyzer *self, Names *names, const char *name, ErosColumn *column)
{
  const ErosSqlType *type = column->type;

  names->value = column;
  if (!eros_sql_type_is (type, EROS_SQL_STRUCT))
    {
      names_add_column (self, names, name, column, -1);
      return;
    }
  for (guint i = 0; i < eros_sql_type_get_n_fields (type); i++)
    {
      const char *field = eros_sql_type_get_field (type, i)->name;

      names_add_column (self, names, *field != '\0' ? field : NULL, column, (int) i);
    }
}

void
names_add_range (Analyzer *self, Names *names, const char *name, Names *range)
{
  NameTarget target = { NAME_RANGE, name, { NULL, NULL, -1 }, range };

  add_target (self, names, target);
}

/* Adds what @other brings, as a join does. */
void
names_merge (Analyzer *self, Names *names, Names *other)
{
  GHashTableIter iter;
  gpointer target;

  g_array_append_vals (names->columns, other->columns->data, other->columns->len);
  g_hash_table_iter_init (&iter, other->targets);
  while (g_hash_table_iter_next (&iter, NULL, &target))
    add_target (self, names, *(NameTarget *) target);
}

const ErosSqlType *
name_column_type (const NameColumn *column)
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
name_suggestion (const char *name, GPtrArray *candidates)
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
