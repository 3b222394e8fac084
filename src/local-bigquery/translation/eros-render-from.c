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
render_table (Translator *self, ErosRelation *relation, GString *out)
{
  guint alias = self->next_alias++;

  for (guint i = 0; i < relation->columns->len; i++)
    {
      const ErosCatalogColumn *column = &relation->table->columns[i];
      g_autoptr (GString) name = g_string_new (column->sql);

      if (column->sql == NULL)
        render_name (column->name, name);
      set_column (self, relation->columns->pdata[i], "r%u.%s", alias, name->str);
    }
  if (relation->rowid != NULL)
    set_column (self, relation->rowid, "r%u.%s", alias, rowid_name (relation->table));
  g_string_append_printf (out, "%s AS r%u", relation->table->source, alias);
}

/* @inner: the columns of what is read */
static void
name_columns (Translator *self, ErosRelation *relation, GPtrArray *inner, guint alias)
{
  for (guint i = 0; i < relation->columns->len; i++)
    set_column (self, relation->columns->pdata[i], "r%u.c%u", alias, ((ErosColumn *) inner->pdata[i])->id);
}

static void
render_unnest (Translator *self, ErosRelation *relation, GString *out)
{
  guint alias = self->next_alias++;

  g_string_append (out, "bq_unnest(");
  render_root (self, relation->unnest.array, out);
  g_string_append_printf (out, ") AS r%u", alias);
  set_column (self, relation->columns->pdata[0], "r%u.value", alias);
  if (relation->unnest.with_offset)
    set_column (self, relation->columns->pdata[1], "r%u.\"offset\"", alias);
}

/* ---- left of RIGHT and FULL JOIN ---- */

static gboolean
is_partly_constant (ErosExpr *on)
{
  if (on->kind != EROS_EXPR_LOGICAL || on->logical.is_or)
    return is_constant (on);
  for (guint i = 0; i < on->logical.operands->len; i++)
    if (is_partly_constant (on->logical.operands->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
has_constant_condition (const ErosRelation *relation)
{
  if (relation->kind != EROS_RELATION_JOIN)
    return FALSE;
  return (relation->join.on != NULL && is_partly_constant (relation->join.on)) ||
         has_constant_condition (relation->join.left) || has_constant_condition (relation->join.right);
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

/* SQLite 3.40 applies a constant in an inner join's ON also to the rows that a RIGHT or FULL JOIN after it
 * adds, unless the inner join is a subquery. */
static void
render_closed (Translator *self, ErosRelation *relation, GString *out)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autoptr (GString) from = g_string_new (NULL);
  guint alias = 0;

  render_relation (self, relation, from);
  if (!has_constant_condition (relation))
    {
      g_string_append (out, from->str);
      return;
    }
  collect_columns (relation, columns);
  g_string_append (out, "(SELECT 1");
  alias = self->next_alias++;
  for (guint i = 0; i < columns->len; i++)
    {
      const ErosColumn *column = columns->pdata[i];

      g_string_append_printf (out, ", %s AS c%u", (const char *) g_hash_table_lookup (self->columns, column),
                              column->id);
      set_column (self, column, "r%u.c%u", alias, column->id);
    }
  g_string_append_printf (out, " FROM %s) AS r%u", from->str, alias);
}

static void
render_join (Translator *self, ErosRelation *relation, GString *out)
{
  static const char *const words[] = {
    [EROS_AST_JOIN_COMMA] = " JOIN ",       [EROS_AST_JOIN_CROSS] = " JOIN ",
    [EROS_AST_JOIN_INNER] = " JOIN ",       [EROS_AST_JOIN_LEFT] = " LEFT JOIN ",
    [EROS_AST_JOIN_RIGHT] = " RIGHT JOIN ", [EROS_AST_JOIN_FULL] = " FULL JOIN ",
  };
  gboolean nested = relation->join.right->kind == EROS_RELATION_JOIN;

  if (relation->join.kind == EROS_AST_JOIN_RIGHT || relation->join.kind == EROS_AST_JOIN_FULL)
    render_closed (self, relation->join.left, out);
  else
    render_relation (self, relation->join.left, out);
  g_string_append (out, words[relation->join.kind]);
  if (nested)
    g_string_append_c (out, '(');
  render_relation (self, relation->join.right, out);
  if (nested)
    g_string_append_c (out, ')');
  if (relation->join.on != NULL)
    {
      g_string_append (out, " ON ");
      render_root (self, relation->join.on, out);
    }
  else if (relation->join.kind == EROS_AST_JOIN_LEFT)
    g_string_append (out, " ON 1");
  for (guint i = 0; i < relation->columns->len; i++)
    {
      g_autofree char *value = render_text (self, relation->join.using_values->pdata[i]);

      set_column (self, relation->columns->pdata[i], "%s", value);
    }
}

void
render_relation (Translator *self, ErosRelation *relation, GString *out)
{
  guint alias = 0;

  switch (relation->kind)
    {
    case EROS_RELATION_TABLE:
      render_table (self, relation, out);
      break;
    case EROS_RELATION_QUERY:
      render_derived (self, relation->query, relation->query->columns, out);
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
