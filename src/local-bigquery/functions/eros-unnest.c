/* eros-unnest.c: bq_unnest (array), a table-valued function
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-register-private.h"

enum
{
  COLUMN_VALUE,
  COLUMN_OFFSET,
  COLUMN_ARRAY,
};

typedef struct
{
  sqlite3_vtab_cursor base;
  char *bytes; /* a copy: the row that it came from may move on */
  ErosSqlReader reader;
  ErosSqlElement element;
  gint64 offset;
  gboolean at_end;
} Cursor;

static int
connect_cb (sqlite3 *database,
            void *data,
            int argc,
            const char *const *argv,
            sqlite3_vtab **vtab,
            char **message)
{
  int code = sqlite3_declare_vtab (database, "CREATE TABLE unnest (value, offset, array HIDDEN)");

  if (code != SQLITE_OK)
    return code;
  sqlite3_vtab_config (database, SQLITE_VTAB_INNOCUOUS);
  *vtab = sqlite3_malloc (sizeof **vtab);
  if (*vtab == NULL)
    return SQLITE_NOMEM;
  memset (*vtab, 0, sizeof **vtab);
  return SQLITE_OK;
}

static int
disconnect_cb (sqlite3_vtab *vtab)
{
  sqlite3_free (vtab);
  return SQLITE_OK;
}

static int
best_index_cb (sqlite3_vtab *vtab, sqlite3_index_info *info)
{
  for (int i = 0; i < info->nConstraint; i++)
    {
      if (info->aConstraint[i].iColumn != COLUMN_ARRAY ||
          info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
        continue;
      if (!info->aConstraint[i].usable)
        return SQLITE_CONSTRAINT;
      info->aConstraintUsage[i].argvIndex = 1;
      info->aConstraintUsage[i].omit = 1;
      info->estimatedCost = 10;
      info->estimatedRows = 10;
      if (info->nOrderBy == 1 && info->aOrderBy[0].iColumn == COLUMN_OFFSET && !info->aOrderBy[0].desc)
        info->orderByConsumed = 1;
      return SQLITE_OK;
    }
  return SQLITE_CONSTRAINT;
}

static int
open_cb (sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor)
{
  *cursor = (sqlite3_vtab_cursor *) g_new0 (Cursor, 1);
  return SQLITE_OK;
}

static int
close_cb (sqlite3_vtab_cursor *base)
{
  Cursor *cursor = (Cursor *) base;

  g_free (cursor->bytes);
  g_free (cursor);
  return SQLITE_OK;
}

static int
next_cb (sqlite3_vtab_cursor *base)
{
  Cursor *cursor = (Cursor *) base;

  cursor->offset++;
  cursor->at_end = !eros_sql_reader_next (&cursor->reader, &cursor->element);
  return SQLITE_OK;
}

static int
filter_cb (sqlite3_vtab_cursor *base, int index, const char *text, int argc, sqlite3_value **argv)
{
  Cursor *cursor = (Cursor *) base;
  gsize size = 0;
  const char *data = eros_arg_data (argv[0], &size);

  g_free (cursor->bytes);
  cursor->bytes = g_memdup2 (data, size);
  cursor->offset = -1;
  cursor->at_end = TRUE;
  if (size == 0 || !eros_sql_reader_init (&cursor->reader, cursor->bytes, size))
    return SQLITE_OK;
  return next_cb (base);
}

static int
eof_cb (sqlite3_vtab_cursor *base)
{
  return ((Cursor *) base)->at_end;
}

static int
column_cb (sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
  Cursor *cursor = (Cursor *) base;

  if (column == COLUMN_VALUE)
    eros_result_element (context, &cursor->element);
  else if (column == COLUMN_OFFSET)
    sqlite3_result_int64 (context, cursor->offset);
  return SQLITE_OK;
}

static int
rowid_cb (sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
  *rowid = ((Cursor *) base)->offset;
  return SQLITE_OK;
}

static const sqlite3_module module = {
  .xConnect = connect_cb,
  .xBestIndex = best_index_cb,
  .xDisconnect = disconnect_cb,
  .xOpen = open_cb,
  .xClose = close_cb,
  .xFilter = filter_cb,
  .xNext = next_cb,
  .xEof = eof_cb,
  .xColumn = column_cb,
  .xRowid = rowid_cb,
};

int
eros_register_unnest (sqlite3 *database)
{
  return sqlite3_create_module_v2 (database, "bq_unnest", &module, NULL, NULL);
}
