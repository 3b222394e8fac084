/* eros-engine-information-rows.c: rows of a view of INFORMATION_SCHEMA, as SQLite text: VALUES (…), (…)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-information.h"

/* SQLite's time for one list grows with the square of its length; it takes 500 parts, so this is for half a
 * million rows. */
#define ROWS_OF_A_PART 1000

void
eros_rows_begin (ErosRows *rows)
{
  guint place = rows->n_rows++;

  if (place % ROWS_OF_A_PART != 0)
    g_string_append (rows->sql, ", (");
  else
    g_string_append_printf (rows->sql, "%sSELECT * FROM (VALUES (", place > 0 ? ") UNION ALL " : "");
  rows->in_row = FALSE;
}

void
eros_rows_end (ErosRows *rows)
{
  g_string_append_c (rows->sql, ')');
}

void
eros_rows_add_sql (ErosRows *rows, const char *sql)
{
  if (rows->in_row)
    g_string_append_c (rows->sql, ',');
  rows->in_row = TRUE;
  g_string_append (rows->sql, sql);
}

void
eros_rows_add_text (ErosRows *rows, const char *text)
{
  g_autofree char *quoted = text == NULL ? g_strdup ("NULL") : eros_engine_quote_text (text);

  eros_rows_add_sql (rows, quoted);
}

void
eros_rows_take_text (ErosRows *rows, char *text)
{
  eros_rows_add_text (rows, text);
  g_free (text);
}

void
eros_rows_add_integer (ErosRows *rows, gint64 integer)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, integer);

  eros_rows_add_sql (rows, text);
}

void
eros_rows_add_time (ErosRows *rows, gint64 time)
{
  if (time == 0)
    eros_rows_add_sql (rows, "NULL");
  else
    eros_rows_add_integer (rows, time);
}

void
eros_rows_add_name (ErosRows *rows, const char *project, const char *dataset, const char *name)
{
  eros_rows_add_text (rows, project);
  eros_rows_add_text (rows, dataset);
  eros_rows_add_text (rows, name);
}

/* The columns, and SQLite text that selects them from @rows. */
void
eros_rows_finish (ErosEngineTable *table, const char *spec, ErosRows *rows)
{
  g_autofree char *text = g_strdup_printf ("STRUCT<%s>", spec);
  const ErosSqlType *type = eros_sql_type_parse (text, NULL);
  guint n = eros_sql_type_get_n_fields (type);
  ErosCatalogColumn *columns = g_new0 (ErosCatalogColumn, n);
  GString *source = g_string_new ("(SELECT ");

  for (guint i = 0; i < n; i++)
    {
      columns[i].name = eros_sql_type_get_field (type, i)->name;
      columns[i].type = eros_sql_type_get_field (type, i)->type;
      if (rows->n_rows > 0)
        g_string_append_printf (source, "%scolumn%u AS \"%s\"", i == 0 ? "" : ", ", i + 1, columns[i].name);
      else
        g_string_append_printf (source, "%sNULL AS \"%s\"", i == 0 ? "" : ", ", columns[i].name);
    }
  if (rows->n_rows > 0)
    g_string_append_printf (source, " FROM (%s)))", rows->sql->str);
  else
    g_string_append (source, " WHERE 0)");
  table->source = g_string_free (source, FALSE);
  table->table.source = table->source;
  table->table.columns = columns;
  table->table.n_columns = n;
  table->table.read_only = TRUE;
}
