/* eros-render-from.c: FROM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-translator-private.h"

/* One of the names that SQLite has for a row's number, which is no column's. */
static const char *
rowid_name (const ErosCatalogTable *table)
{
  static const char *const names[] = { "rowid", "_rowid_", "oid" };

  for (guint i = 0; table->rowid == NULL && i < G_N_ELEMENTS (names); i++)
    {
      gboolean taken = FALSE;

      for (guint j = 0; j < table->n_columns && !taken; j++)
        taken = g_ascii_strcasecmp (table->columns[j].name, names[i]) == 0;
      if (!taken)
        return names[i];
    }
  return table->rowid != NULL ? table->rowid : "rowid";
}

static void
render_table (ErosTranslator *self, ErosRelation *relation, GString *out)
{
  guint alias = self->next_alias++;

  for (guint i = 0; i < relation->columns->len; i++)
    {
      const ErosCatalogColumn *column = &relation->table->columns[i];
      g_autoptr (GString) name = g_string_new (column->sql);

      if (column->sql == NULL)
        eros_render_name (column->name, name);
      /* a table has no NULL for an array: a row without one has an empty one */
      eros_set_column (self, relation->columns->pdata[i],
                       eros_sql_type_is (column->type, EROS_SQL_ARRAY) ? "ifnull(r%u.%s, x'4100')" : "r%u.%s",
                       alias, name->str);
    }
  if (relation->rowid != NULL)
    eros_set_column (self, relation->rowid, "r%u.%s", alias, rowid_name (relation->table));
  g_string_append_printf (out, "%s AS r%u", relation->table->source, alias);
}

/* @inner: the columns of what is read */
static void
name_columns (ErosTranslator *self, ErosRelation *relation, GPtrArray *inner, guint alias)
{
  for (guint i = 0; i < relation->columns->len; i++)
    eros_set_column (self, relation->columns->pdata[i], "r%u.c%u", alias,
                     ((ErosColumn *) inner->pdata[i])->id);
}

static void
render_unnest (ErosTranslator *self, ErosRelation *relation, GString *out)
{
  guint alias = self->next_alias++;

  g_string_append (out, "bq_unnest(");
  eros_render_root (self, relation->unnest.array, out);
  g_string_append_printf (out, ") AS r%u", alias);
  eros_set_column (self, relation->columns->pdata[0], "r%u.value", alias);
  if (relation->unnest.with_offset)
    eros_set_column (self, relation->columns->pdata[1], "r%u.\"offset\"", alias);
}

/* ---- joins --------------------------------------------------------------------------------------------- */

static void
render_on (ErosTranslator *self, ErosRelation *relation, gboolean outer, GString *out)
{
  if (relation->join.on != NULL)
    {
      g_string_append (out, " ON ");
      eros_render_root (self, relation->join.on, out);
    }
  else if (outer)
    g_string_append (out, " ON 1");
}

/* The right side of a join; a FULL JOIN is a subquery already */
static void
render_second (ErosTranslator *self, ErosRelation *relation, GString *out)
{
  gboolean nested = relation->kind == EROS_RELATION_JOIN && relation->join.kind != EROS_AST_JOIN_FULL;

  if (nested)
    g_string_append_c (out, '(');
  eros_render_relation (self, relation, out);
  if (nested)
    g_string_append_c (out, ')');
}

static void
collect_columns (const ErosRelation *relation, GPtrArray *columns)
{
  for (guint i = 0; i < relation->columns->len; i++)
    if (((ErosColumn *) relation->columns->pdata[i])->used)
      g_ptr_array_add (columns, relation->columns->pdata[i]);
  if (relation->rowid != NULL)
    g_ptr_array_add (columns, relation->rowid);
  if (relation->kind != EROS_RELATION_JOIN)
    return;
  collect_columns (relation->join.left, columns);
  collect_columns (relation->join.right, columns);
}

/* ", text AS cID" for each column; NULL instead of its text when the row has no such side. */
static void
append_outputs (ErosTranslator *self, GPtrArray *columns, gboolean is_null, GString *out)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const ErosColumn *column = columns->pdata[i];
      const char *text = is_null ? "NULL" : g_hash_table_lookup (self->columns, column);

      g_string_append_printf (out, ", %s AS c%u", text, column->id);
    }
}

static void
rename_columns (ErosTranslator *self, GPtrArray *columns, guint alias)
{
  for (guint i = 0; i < columns->len; i++)
    eros_set_column (self, columns->pdata[i], "r%u.c%u", alias, ((ErosColumn *) columns->pdata[i])->id);
}

/* @relation as a subquery with a column m, which is NULL only where a LEFT JOIN finds no row. */
static void
render_marked (ErosTranslator *self, ErosRelation *relation, GPtrArray *columns, guint alias, GString *out)
{
  g_autoptr (GString) from = g_string_new (NULL);

  eros_render_relation (self, relation, from);
  g_string_append (out, "(SELECT 1 AS m");
  append_outputs (self, columns, FALSE, out);
  g_string_append_printf (out, " FROM %s) AS r%u", from->str, alias);
  rename_columns (self, columns, alias);
}

/* SQLite looks through every row of one side for every row of the other in a FULL JOIN, and has no index made
 * for it; of a LEFT JOIN it makes one. So a FULL JOIN is a LEFT JOIN, and what the LEFT JOIN the other way
 * round adds. */
static void
render_full_join (ErosTranslator *self, ErosRelation *relation, GString *out)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  g_autoptr (GPtrArray) right = g_ptr_array_new ();
  g_autoptr (GString) from = g_string_new (NULL);
  guint marked = 0, alias = 0;

  collect_columns (relation->join.left, left);
  collect_columns (relation->join.right, right);
  eros_render_relation (self, relation->join.left, from);
  g_string_append (from, " LEFT JOIN ");
  render_second (self, relation->join.right, from);
  render_on (self, relation, TRUE, from);
  g_string_append (out, "(SELECT 1");
  append_outputs (self, left, FALSE, out);
  append_outputs (self, right, FALSE, out);
  g_string_append_printf (out, " FROM %s UNION ALL SELECT 1", from->str);

  g_string_truncate (from, 0);
  eros_render_relation (self, relation->join.right, from);
  g_string_append (from, " LEFT JOIN ");
  marked = self->next_alias++;
  render_marked (self, relation->join.left, left, marked, from);
  render_on (self, relation, TRUE, from);
  append_outputs (self, left, TRUE, out);
  append_outputs (self, right, FALSE, out);
  alias = self->next_alias++;
  g_string_append_printf (out, " FROM %s WHERE r%u.m IS NULL) AS r%u", from->str, marked, alias);
  rename_columns (self, left, alias);
  rename_columns (self, right, alias);
}

static void
render_join_itself (ErosTranslator *self, ErosRelation *relation, GString *out)
{
  gboolean is_right = relation->join.kind == EROS_AST_JOIN_RIGHT;
  gboolean outer = is_right || relation->join.kind == EROS_AST_JOIN_LEFT;

  if (relation->join.kind == EROS_AST_JOIN_FULL)
    {
      render_full_join (self, relation, out);
      return;
    }
  eros_render_relation (self, is_right ? relation->join.right : relation->join.left, out);
  g_string_append (out, outer ? " LEFT JOIN " : " JOIN ");
  render_second (self, is_right ? relation->join.left : relation->join.right, out);
  render_on (self, relation, outer, out);
}

static void
render_join (ErosTranslator *self, ErosRelation *relation, GString *out)
{
  render_join_itself (self, relation, out);
  for (guint i = 0; i < relation->columns->len; i++)
    {
      g_autofree char *value = eros_render_text (self, relation->join.using_values->pdata[i]);

      eros_set_column (self, relation->columns->pdata[i], "%s", value);
    }
}

void
eros_render_relation (ErosTranslator *self, ErosRelation *relation, GString *out)
{
  guint alias = 0;

  switch (relation->kind)
    {
    case EROS_RELATION_TABLE:
      render_table (self, relation, out);
      break;
    case EROS_RELATION_QUERY:
      eros_render_derived (self, relation->query, relation->query->columns, out);
      alias = self->next_alias++;
      g_string_append_printf (out, " AS r%u", alias);
      name_columns (self, relation, relation->query->columns, alias);
      break;
    case EROS_RELATION_CTE:
      alias = self->next_alias++;
      g_string_append_printf (out, "q%u AS r%u", relation->cte->id, alias);
      name_columns (self, relation, relation->cte->query->columns, alias);
      break;
    case EROS_RELATION_UNNEST:
      render_unnest (self, relation, out);
      break;
    case EROS_RELATION_JOIN:
      render_join (self, relation, out);
      break;
    }
}
