/* eros-event-private.h: how the journal makes its events
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-event.h"

G_BEGIN_DECLS

/* What stands before the first event. */
#define EROS_EVENT_NO_PREVIOUS "0000000000000000000000000000000000000000000000000000000000000000"

/* An event's content as bytes; texts need not end in NUL. */
typedef struct
{
  gint64      sequence;
  gint64      time;
  const char *actor;
  gsize       actor_length;
  const char *kind;
  gsize       kind_length;
  const char *body;
  gsize       body_length;
  const char *previous;
  gsize       previous_length;
} ErosEventContent;

/* Fills in 64 lower-case hex digits and a NUL. */
void       eros_event_content_hash (const ErosEventContent *content, char hash[65]);
ErosEvent *eros_event_new (const ErosEventContent *content, const char *hash);

G_END_DECLS
