/* eros-event-hash.h: the hash of an event that stands elsewhere than in a journal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As docs/journal.md says; 64 lower-case hex digits and a NUL. */
void eros_event_hash (gint64      sequence,
                      gint64      time,
                      const char *actor,
                      const char *kind,
                      const char *body,
                      const char *previous,
                      char        hash[65]);

G_END_DECLS
