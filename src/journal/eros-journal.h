/* eros-journal.h: the append-only, hash-chained record of one deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include "eros-event.h"

G_BEGIN_DECLS

#define EROS_JOURNAL_ERROR (eros_journal_error_quark ())
typedef enum
{
  EROS_JOURNAL_ERROR_NOT_A_JOURNAL,
  EROS_JOURNAL_ERROR_NEWER_VERSION,
  EROS_JOURNAL_ERROR_DAMAGED,
  EROS_JOURNAL_ERROR_CHAIN_BROKEN, /* message names the first bad event */
  EROS_JOURNAL_ERROR_IN_USE,       /* message names who writes */
  EROS_JOURNAL_ERROR_READ_ONLY,
  EROS_JOURNAL_ERROR_INVALID_EVENT,
  EROS_JOURNAL_ERROR_EXISTS,
  EROS_JOURNAL_ERROR_FAILED, /* disk full and the like */
} ErosJournalError;
GQuark eros_journal_error_quark (void);

typedef enum
{
  EROS_JOURNAL_READ,
  EROS_JOURNAL_WRITE, /* fails with IN_USE while another process writes */
} ErosJournalMode;

#define EROS_TYPE_JOURNAL (eros_journal_get_type ())
G_DECLARE_FINAL_TYPE (ErosJournal, eros_journal, EROS, JOURNAL, GObject)

/* While a journal is open, this process must not open and close its file by other means (g_file_load_contents (),
 * fopen () …): that would drop SQLite's locks on it. docs/journal.md, “Locks”. */

/* Makes FILE, empty; fails with EXISTS rather than replace anything. */
ErosJournal *eros_journal_create (GFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with a first event, both or neither: FILE never exists without it. */
ErosJournal *eros_journal_create_with_event (GFile      *file,
                                             const char *actor,
                                             const char *kind,
                                             JsonNode   *body,
                                             GError    **error) G_GNUC_WARN_UNUSED_RESULT;
/* An event as a journal holds it. */
typedef struct
{
  gint64      sequence;
  gint64      time;
  const char *actor, *kind, *body, *previous, *hash;
} ErosJournalRow;
/* Makes FILE of what another journal held, and opens it for reading, which verifies it. */
ErosJournal *eros_journal_restore (GFile *file, const ErosJournalRow *rows, guint n_rows, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Opening reads and verifies the whole chain. */
ErosJournal *eros_journal_open (GFile *file, ErosJournalMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds an event at the end of the chain, time and hashes filled in. When this returns an event, it is on disk; when
 * it returns NULL, the file is as it was. body: canonical JSON is made of it; only objects, arrays, strings,
 * integers, booleans and null (decimals are strings). Emits "appended" and items-changed.
 * Returns: (transfer none) */
ErosEvent *eros_journal_append (ErosJournal *self, const char *actor, const char *kind, JsonNode *body, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The time of what is appended from now on is that of this computer's clock and so many microseconds more. */
void eros_journal_set_ahead (ErosJournal *self, gint64 ahead);
/* ErosJournal is a GListModel of ErosEvent, in sequence. Another process's appends are picked up by this. */
gboolean eros_journal_reload (ErosJournal *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GFile   *eros_journal_get_file (ErosJournal *self);
gboolean eros_journal_is_writable (ErosJournal *self);
/* Which program writes it, as a person is told; NULL: none at this moment. (transfer full) */
char       *eros_journal_find_writer (ErosJournal *self);
const char *eros_journal_get_head (ErosJournal *self); /* hash of the last event, lower-case hex */
/* That of the first N events, as eros_journal_get_head () was then. (transfer full) */
char *eros_journal_dup_head_of (ErosJournal *self, guint n_events);
/* Recomputes the chain of a file from its bytes on disk, for somebody who does not trust us.
 * n_events: (out): how many events are good. */
gboolean eros_journal_verify (GFile *file, guint64 *n_events, char **head, GCancellable *cancellable, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The names of the files that lie beside it and belong to it: "one.erosdeploy-wal" … (transfer full) */
char **eros_journal_find_beside (GFile *file);

G_END_DECLS
