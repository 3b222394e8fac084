/* eros-journal-quiet.c: a way for SQLite to read a file with its -wal and to leave no trace
 *
 * SQLite reads a file that has a -wal beside it through an index in a -shm, which it makes when there is none
 * and writes to when there is one. Here every file is opened for reading only and there is no shared memory,
 * so nothing is made, written, locked or removed. The rest is SQLite's own file layer: a descriptor of ours
 * would drop the locks that SQLite may hold on the same file for another connection of this process.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-journal-quiet.h"

#include <sqlite3.h>

static sqlite3_vfs *real;

static int
refuse_write (sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset)
{
  return SQLITE_READONLY;
}

static int
refuse_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return SQLITE_READONLY;
}

static int
do_nothing (sqlite3_file *file, int how)
{
  return SQLITE_OK;
}

static int
is_not_reserved (sqlite3_file *file, int *answer)
{
  *answer = 0;
  return SQLITE_OK;
}

static int
know_no_control (sqlite3_file *file, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

/* SQLite's own methods for a database and for what lies beside it, which it does not lock, but for what we
 * forbid. */
static const sqlite3_io_methods *
get_methods (const sqlite3_io_methods *own, gboolean is_database)
{
  static sqlite3_io_methods methods[2];
  static gsize done[2] = { 0, 0 };
  sqlite3_io_methods *ours = &methods[is_database];

  if (g_once_init_enter (&done[is_database]))
    {
      *ours = *own;
      ours->iVersion = 1; /* no shared memory */
      ours->xWrite = refuse_write;
      ours->xTruncate = refuse_truncate;
      ours->xSync = do_nothing;
      ours->xLock = do_nothing;
      ours->xUnlock = do_nothing;
      ours->xCheckReservedLock = is_not_reserved;
      ours->xFileControl = know_no_control;
      g_once_init_leave (&done[is_database], 1);
    }
  return ours;
}

static int
open_for_reading (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
  int kind = flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_DELETEONCLOSE);
  int code;

  file->pMethods = NULL;
  /* A sorter's file and the like: there is none in what we ask. */
  if (name == NULL)
    return SQLITE_CANTOPEN;
  code = real->xOpen (real, name, file, kind | SQLITE_OPEN_READONLY, out_flags);
  if (code == SQLITE_OK)
    file->pMethods = get_methods (file->pMethods, (flags & SQLITE_OPEN_MAIN_DB) != 0);
  return code;
}

static int
keep (sqlite3_vfs *vfs, const char *name, int sync_folder)
{
  return SQLITE_OK;
}

const char *
eros_journal_quiet_get_name (void)
{
  static sqlite3_vfs quiet;
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      real = sqlite3_vfs_find (NULL);
      quiet = *real;
      quiet.pNext = NULL;
      quiet.zName = "eros-quiet";
      quiet.xOpen = open_for_reading;
      quiet.xDelete = keep;
      g_once_init_leave (&done, sqlite3_vfs_register (&quiet, 0) == SQLITE_OK ? 1 : 2);
    }
  return done == 1 ? quiet.zName : NULL;
}
