/* eros-engine-information-rows.c: rows of a view of INFORMATION_SCHEMA, as SQLite text: VALUES (…), (…)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-engine-information.h"

void
eros_rows_begin (ErosRows *rows)
{
  g_string_append (rows->sql, rows->n_rows++ == 0 ? "VALUES (" : ", (");
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
