/* eros-event.h: one entry of a journal, immutable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "eros-event-words.h"

#include "eros-event-words.h"

G_BEGIN_DECLS

#define EROS_TYPE_EVENT (eros_event_get_type ())
G_DECLARE_FINAL_TYPE (ErosEvent, eros_event, EROS, EVENT, GObject)

gint64 eros_event_get_sequence (ErosEvent *self);   /* from 1 */
gint64 eros_event_get_time (ErosEvent *self);       /* microseconds since 1970, UTC; never less than the one before */
gint64 eros_event_get_happened (ErosEvent *self);   /* when what it tells of was; its time unless it says otherwise */
const char *eros_event_get_actor (ErosEvent *self); /* "Kyle <kyle@example.com>", "machine", "rehearsal" */
const char *eros_event_get_kind (ErosEvent *self);  /* EROS_EVENT_ITEM_TICKED */
gboolean    eros_event_is (ErosEvent *self, const char *kind);
JsonObject *eros_event_get_body (ErosEvent *self);
char       *eros_event_dup_body_text (ErosEvent *self); /* canonical JSON */
char       *eros_event_dup_hash (ErosEvent *self);
/* Without building the body. */
gboolean    eros_event_mentions (ErosEvent *self, const char *word);
JsonObject *eros_event_dup_object (ErosEvent *self, const char *member) G_GNUC_WARN_UNUSED_RESULT;
gboolean    eros_event_has (ErosEvent *self, const char *member);
/* Shorthands; NULL or 0 when absent or of another type. */
const char *eros_event_get_string (ErosEvent *self, const char *member);
/* The same of a name: what breaks a line in it is shown, so that it stays one. */
const char *eros_event_get_line (ErosEvent *self, const char *member);
gint64      eros_event_get_int (ErosEvent *self, const char *member);
gboolean    eros_event_says (ErosEvent *self, const char *member, const char *text); /* @text: (nullable) */
gboolean    eros_event_has_passed (ErosEvent *self);
gboolean    eros_event_says (ErosEvent *self, const char *member, const char *text); /* @text: (nullable): nothing */
gboolean    eros_event_has_passed (ErosEvent *self);                                 /* its outcome is "pass" */

G_END_DECLS
