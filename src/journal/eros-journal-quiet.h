/* eros-journal-quiet.h: a way for SQLite to read a file with its -wal and to leave no trace
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The name of an SQLite VFS, for sqlite3_open_v2 (); NULL when there is no memory for it. A connection through it has
 * to say PRAGMA locking_mode = EXCLUSIVE before it reads: then SQLite keeps the index of a -wal in memory. It takes no
 * locks and is told of no changes, so whoever reads compares the files before and after. */
const char *eros_journal_quiet_get_name (void);

G_END_DECLS
