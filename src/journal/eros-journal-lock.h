/* eros-journal-lock.h: who may write a journal, one process at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ErosJournalLock ErosJournalLock;

/* Errors: EROS_JOURNAL_ERROR_IN_USE, which names the holder, and EROS_JOURNAL_ERROR_READ_ONLY. */
ErosJournalLock *eros_journal_lock_take (const char *journal_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char            *eros_journal_lock_find_holder (const char *journal_path);
gboolean         eros_journal_lock_check (ErosJournalLock *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void             eros_journal_lock_release (ErosJournalLock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosJournalLock, eros_journal_lock_release)

G_END_DECLS
