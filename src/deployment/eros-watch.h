/* eros-watch.h: the rounds that a deployment is watched in: which are due, done, missed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_SLOT_COMING,
  EROS_SLOT_DUE,
  EROS_SLOT_LATE,    /* a third of its time is over, and nobody has looked */
  EROS_SLOT_DONE,    /* a round was begun in its time, and could look */
  EROS_SLOT_MISSED,  /* its time is over */
  EROS_SLOT_DROPPED, /* what it would have watched was rolled back, or deployed again */
} ErosSlotState;

/* One moment of a schedule. All times in microseconds since 1970. */
typedef struct
{
  ErosElement             *element; /* the schedule */
  const ErosScheduleEntry *entry;   /* of it */
  gint64                   due;
  gint64                   over; /* from here on it is missed */
  ErosSlotState            state;
  ErosEvent               *round;  /* (nullable) DONE: the end of its first round */
  const char              *reason; /* (nullable) MISSED: why, where that is on record */
  ErosEvent *filled; /* (nullable) MISSED: the end of what was read afterwards of the job history up to DUE */
} ErosSlot;

/* schedule: (nullable): of this one only. (transfer full) (element-type ErosSlot): by the time when they are due */
GPtrArray *eros_watch_list (ErosDeployment *deployment, ErosElement *schedule, gint64 now);
/* The one to look at now or next, of those that LIST holds. (transfer none) (nullable) */
const ErosSlot *eros_watch_find_next (GPtrArray *list);
/* The earliest that was missed and that nobody has filled in from the job history. (transfer none) (nullable) */
const ErosSlot *eros_watch_find_to_fill (GPtrArray *list);
/* "due", "late" …, for other programs */
const char *eros_slot_state_to_text (ErosSlotState state);
/* “7 of 9 rounds made, 1 missed; the next is due at …”: of those of LIST that belong to ENTRY, or of all.
 * (transfer full) (nullable): NULL when there are none */
char *eros_watch_describe (GPtrArray *list, const ErosScheduleEntry *entry);
/* Whether a person may tick ELEMENT without giving a reason, as far as its rounds are concerned. Otherwise why not.
 * (transfer full) (nullable) */
char *eros_watch_describe_untimely (ErosDeployment *deployment, ErosElement *element, gint64 now);
/* What a round that has found nothing wrong says of a check box; PROGRESS: how many rounds there were. */
ErosOutcome eros_watch_judge (ErosDeployment *deployment, ErosElement *element, gint64 now, char **progress);
/* Rounds that another machine made, out of its copy of the deployment, each once. */
gboolean eros_watch_take_rounds (ErosDeployment *deployment, GFile *file, guint *n_taken, GError **error);
/* On record that slots went by, and why. REASON: for people. */
gboolean eros_watch_record_missed (ErosDeployment *deployment, gint64 now, const char *reason, GError **error);

G_END_DECLS
