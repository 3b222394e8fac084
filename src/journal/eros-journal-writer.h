/* eros-journal-writer.h: making a journal's file and adding to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-event-private.h"
#include "eros-journal-schema.h"

G_BEGIN_DECLS

typedef struct _ErosJournalWriter ErosJournalWriter;

/* What is to be stored; the body is canonical JSON. */
typedef struct
{
  const char *actor;
  const char *kind;
  const char *body;
} ErosJournalEntry;

/* Makes PATH, with ENTRY (nullable) as its first event: whole and on disk, or not at all. */
gboolean eros_journal_writer_create (const char             *path,
                                     const ErosJournalEntry *entry,
                                     GError                **error) G_GNUC_WARN_UNUSED_RESULT;
/* The caller holds the lock, and has verified the file. */
ErosJournalWriter *eros_journal_writer_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores the event that follows TIP, and moves TIP to it. */
ErosEvent *eros_journal_writer_append (ErosJournalWriter      *self,
                                       ErosJournalTip         *tip,
                                       const ErosJournalEntry *entry,
                                       GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void       eros_journal_writer_close (ErosJournalWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosJournalWriter, eros_journal_writer_close)

/* Makes PATH with these events, whose chain whoever opens it verifies. */
gboolean eros_journal_writer_restore (const char *path, const ErosJournalRow *rows, guint n_rows, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Removes a file that was made, with what lies beside it. */
void eros_journal_writer_discard (const char *path);

G_END_DECLS
