/* eros-journal-beside.h: the files that lie beside a journal, and what kind of files they may be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-journal.h"

G_BEGIN_DECLS

/* Where the file really is, links followed: SQLite names -wal after that, and so must the lock. (nullable) */
char *eros_journal_beside_resolve (GFile *file);
/* Whether the file and what lies beside it are files that can be read, and none of them is one that would change the
 * others: nothing is opened to find that out. */
gboolean eros_journal_beside_check (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean eros_journal_beside_has (const char *path, const char *suffix);
/* Makes them their owner's alone, as far as this is the owner. */
void eros_journal_beside_narrow (const char *path);

G_END_DECLS
