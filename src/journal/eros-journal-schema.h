/* eros-journal-schema.h: what is inside a journal's SQLite file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <sqlite3.h>

#include "eros-journal.h"

G_BEGIN_DECLS

#define EROS_JOURNAL_APPLICATION_ID 0x45524f53 /* “EROS” */
#define EROS_JOURNAL_MAJOR          1
#define EROS_JOURNAL_MINOR          0
/* user_version = major × 1,000 + minor */
#define EROS_JOURNAL_VERSION (EROS_JOURNAL_MAJOR * 1000 + EROS_JOURNAL_MINOR)

/* How far a chain has been read and found good; all zero before the first event. */
typedef struct
{
  gint64 sequence;
  gint64 time;
  char   hash[65];
  gint64 ahead; /* by how many microseconds the record's clock is ahead of this computer's; 0 after reading */
} ErosJournalTip;

void eros_journal_tip_init (ErosJournalTip *tip);

gboolean eros_journal_schema_create (sqlite3 *db);
/* Registers the function that the trigger on INSERT calls. */
gboolean eros_journal_schema_add_hash (sqlite3 *db);
/* Whether the events stand in the table that this program made. */
gboolean eros_journal_schema_has_table (sqlite3 *db);
/* Whether the table and the triggers are there, and nothing else is. problem: (out): what is wrong. */
gboolean eros_journal_schema_is_intact (sqlite3 *db, char **problem);

G_END_DECLS
