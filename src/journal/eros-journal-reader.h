/* eros-journal-reader.h: reading a journal's file without touching it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-journal-schema.h"

G_BEGIN_DECLS

/* The canonical path of a file that is there, readable, and a journal of a version that we know, by its first bytes. */
char *eros_journal_reader_find (GFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads and verifies the events after TIP, moves TIP along, and adds to EVENTS (nullable) each that is good. From the
 * start of the chain, the rest of the file is verified as well. */
gboolean eros_journal_reader_read (const char     *path,
                                   ErosJournalTip *tip,
                                   GPtrArray      *events,
                                   GCancellable   *cancellable,
                                   GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
