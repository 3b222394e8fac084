/* eros-watch.c: the rounds that a deployment is watched in: which are due, done, missed
 *
 * A schedule of the runbook counts from the end of something. Each of its moments is a slot, with a time in
 * which a round belongs to it. Slots are not stored: they follow from the runbook, from the end that they
 * count from and from the rounds on record, whatever clock, time zone or sleep lay between.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-watch.h"

#include "eros-deployment-private.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch-private.h"

#include <glib/gi18n-lib.h>

#define DAY          G_TIME_SPAN_DAY
#define TIME_OF_DAY  (6 * G_TIME_SPAN_HOUR) /* how long after its time of day a round still is that round */
#define LATE_DIVISOR 3

static const char *const states[] = { "coming", "due", "late", "done", "missed", "dropped" };

const char *
eros_slot_state_to_text (ErosSlotState state)
{
  return states[state];
}

/* What SCHEDULE counts from may be over: it was taken back, or done again. G_MAXINT64: it is not. */
static gint64
find_end (ErosDeployment *self, ErosElement *schedule, gint64 start)
{
  ErosEvent *event = eros_element_get_after (schedule) == NULL ? self->rollback : self->deployed;
  gint64 time = event != NULL ? eros_event_get_time (event) : 0;

  return time > start ? time : G_MAXINT64;
}

/* When that ended which SCHEDULE counts from; 0: it has not. */
static gint64
get_start (ErosDeployment *deployment, ErosElement *schedule)
{
  const char *after = eros_element_get_after (schedule);

  return after != NULL ? eros_deployment_get_operation_end (deployment, after)
                       : eros_timeline_get_end (deployment);
}

/* The first round that was begun from FROM on. */
static const ErosRound *
find_round (ErosDeployment *self, gint64 from)
{
  guint low = 0;
  guint high = self->rounds->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->rounds, ErosRound, middle).started < from)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->rounds->len ? &g_array_index (self->rounds, ErosRound, low) : NULL;
}

static void
find_state (ErosDeployment *self, ErosSlot *slot, gint64 end, gint64 now)
{
  const ErosRound *round = find_round (self, slot->due);

  /* What is seen after the end is seen of something else. */
  if (round != NULL && round->started < MIN (slot->over, end))
    {
      slot->state = EROS_SLOT_DONE;
      slot->round = round->ended;
    }
  else if (slot->due >= end || (end <= now && end < slot->over))
    slot->state = EROS_SLOT_DROPPED;
  else if (now < slot->due)
    slot->state = EROS_SLOT_COMING;
  else if (now < slot->due + (slot->over - slot->due) / LATE_DIVISOR)
    slot->state = EROS_SLOT_DUE;
  else
    slot->state = now < slot->over ? EROS_SLOT_LATE : EROS_SLOT_MISSED;
}

static char *
make_key (const ErosSlot *slot)
{
  return g_strdup_printf ("%s@%" G_GINT64_FORMAT, slot->entry->id, slot->due / G_USEC_PER_SEC);
}

static void
add_slot (ErosDeployment *self,
          GPtrArray *list,
          ErosElement *schedule,
          const ErosScheduleEntry *entry,
          gint64 due)
{
  ErosSlot *slot = g_new0 (ErosSlot, 1);

  slot->element = schedule;
  slot->entry = entry;
  slot->due = due;
  slot->over = due + (entry->every_s > 0          ? entry->every_s * G_USEC_PER_SEC
                      : entry->time_of_day_s >= 0 ? TIME_OF_DAY
                                                  : DAY);
  g_ptr_array_add (list, slot);
}

/* Times of day are UTC, so no time zone and no daylight saving moves them. */
static void
add_entry (ErosDeployment *self,
           GPtrArray *list,
           ErosElement *schedule,
           const ErosScheduleEntry *entry,
           gint64 start)
{
  gint64 first = start + entry->start_s * G_USEC_PER_SEC;
  gint64 last = entry->end_s > 0 ? start + entry->end_s * G_USEC_PER_SEC : first;
  gint64 step = entry->every_s * G_USEC_PER_SEC;

  if (entry->time_of_day_s >= 0)
    {
      gint64 time_of_day = (gint64) entry->time_of_day_s * G_USEC_PER_SEC;

      step = DAY;
      first = first - first % DAY + time_of_day + (first % DAY > time_of_day ? DAY : 0);
    }
  for (gint64 due = first; due <= last; due += step)
    {
      add_slot (self, list, schedule, entry, due);
      if (step <= 0)
        break;
    }
}

static void
add_schedule (ErosDeployment *self, GPtrArray *list, ErosElement *schedule, gint64 now)
{
  gint64 start = get_start (self, schedule);
  gint64 end = find_end (self, schedule, start);
  guint first = list->len;
  guint n;
  const ErosScheduleEntry *entries = eros_element_get_schedule (schedule, &n);

  for (guint i = 0; start != 0 && i < n; i++)
    add_entry (self, list, schedule, &entries[i], start);
  for (guint i = first; i < list->len; i++)
    {
      ErosSlot *slot = g_ptr_array_index (list, i);
      g_autofree char *key = make_key (slot);

      find_state (self, slot, end, now);
      if (slot->state != EROS_SLOT_MISSED)
        continue;
      slot->reason = g_hash_table_lookup (self->missed, key);
      slot->filled = g_hash_table_lookup (self->filled, &slot->due);
    }
}

static int
compare_due (gconstpointer a, gconstpointer b)
{
  const ErosSlot *first = *(const ErosSlot *const *) a;
  const ErosSlot *second = *(const ErosSlot *const *) b;

  return first->due < second->due ? -1 : first->due > second->due;
}

/**
 * eros_watch_list:
 * @deployment: a deployment
 * @schedule: (nullable): a schedule of its runbook; %NULL for all of them
 * @now: the present, in microseconds since 1970
 *
 * Returns: (transfer full) (element-type ErosSlot): the slots of what has a start, by the time when they are
 *   due; they borrow from @deployment
 */
GPtrArray *
eros_watch_list (ErosDeployment *deployment, ErosElement *schedule, gint64 now)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);

  if (schedule != NULL)
    add_schedule (deployment, list, schedule, now);
  for (guint i = 0; schedule == NULL && i < deployment->schedules->len; i++)
    add_schedule (deployment, list, deployment->schedules->pdata[i], now);
  g_ptr_array_sort (list, compare_due);
  return list;
}

/**
 * eros_watch_find_next:
 * @list: of eros_watch_list()
 *
 * Returns: (transfer none) (nullable): the slot whose time is there, the earliest; otherwise the next to
 * come; %NULL when all are over
 */
const ErosSlot *
eros_watch_find_next (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (list, i);

      if (slot->state <= EROS_SLOT_LATE)
        return slot;
    }
  return NULL;
}

/**
 * eros_watch_find_to_fill:
 * @list: of eros_watch_list()
 *
 * Returns: (transfer none) (nullable): the earliest that was missed and is not filled in yet
 */
const ErosSlot *
eros_watch_find_to_fill (GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (list, i);

      if (slot->state == EROS_SLOT_MISSED && slot->filled == NULL)
        return slot;
    }
  return NULL;
}

/* (nullable): the first that was missed for a reason on record, or at all */
static const ErosSlot *
find_missed (GPtrArray *list, const ErosScheduleEntry *entry)
{
  for (guint i = 0; i < list->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (list, i);

      if ((entry == NULL || slot->entry == entry) && slot->state == EROS_SLOT_MISSED)
        return slot;
    }
  return NULL;
}

static void
describe_missed (GString *text, const ErosSlot *slot, guint n, guint n_filled)
{
  g_autofree char *time = eros_time_text (slot->due);

  /* Translators: of rounds of monitoring; the time of the first that was missed */
  g_string_append_printf (text, ngettext ("; %u missed, that of %s", "; %u missed, the first at %s", n), n,
                          time);
  if (slot->reason != NULL)
    g_string_append_printf (text, " (%s)", slot->reason);
  if (n_filled > 0)
    g_string_append_printf (text,
                            /* Translators: of rounds of monitoring that were missed */
                            ngettext (", %u filled in afterwards from the job history",
                                      ", %u filled in afterwards from the job history", n_filled),
                            n_filled);
}

static void
describe_next (GString *text, const ErosSlot *slot)
{
  g_autofree char *time = eros_time_text (slot->due);

  if (slot->state == EROS_SLOT_COMING)
    g_string_append_printf (text, _ ("; the next is due at %s"), time);
  else
    g_string_append_printf (
      text, slot->state == EROS_SLOT_LATE ? _ ("; late is that of %s") : _ ("; due now is that of %s"), time);
}

/**
 * eros_watch_describe:
 * @list: of eros_watch_list()
 * @entry: (nullable): an entry of a schedule
 *
 * Returns: (transfer full) (nullable): how many rounds of @entry, or of all, were made and missed, and which
 * is next; %NULL when there are none, or none that still counts
 */
char *
eros_watch_describe (GPtrArray *list, const ErosScheduleEntry *entry)
{
  guint n[EROS_SLOT_DROPPED + 1] = { 0 };
  const ErosSlot *next = NULL;
  const ErosSlot *missed = find_missed (list, entry);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_filled = 0;
  guint all;

  for (guint i = 0; i < list->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (list, i);

      if (entry != NULL && slot->entry != entry)
        continue;
      n[slot->state]++;
      n_filled += slot->filled != NULL;
      if (next == NULL && slot->state <= EROS_SLOT_LATE)
        next = slot;
    }
  all = n[EROS_SLOT_COMING] + n[EROS_SLOT_DUE] + n[EROS_SLOT_LATE] + n[EROS_SLOT_DONE] + n[EROS_SLOT_MISSED];
  if (all == 0)
    return NULL;
  g_string_append_printf (text, ngettext ("%u of %u round made", "%u of %u rounds made", all),
                          n[EROS_SLOT_DONE], all);
  if (missed != NULL)
    describe_missed (text, missed, n[EROS_SLOT_MISSED], n_filled);
  if (next != NULL)
    describe_next (text, next);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Whether SLOT is one of those that ELEMENT is about. */
static gboolean
concerns (const ErosSlot *slot, ErosElement *element)
{
  const char *const *watched = eros_element_get_watched (element);

  return g_strcmp0 (slot->entry->check, eros_element_get_id (element)) == 0 ||
         (watched != NULL && g_strv_contains (watched, slot->entry->id));
}

gboolean
eros_watch_knows (ErosDeployment *self, ErosElement *element)
{
  if (eros_element_get_watched (element) != NULL)
    return TRUE;
  for (guint i = 0; i < self->schedules->len; i++)
    {
      guint n;
      const ErosScheduleEntry *entries = eros_element_get_schedule (self->schedules->pdata[i], &n);

      for (guint k = 0; k < n; k++)
        if (g_strcmp0 (entries[k].check, eros_element_get_id (element)) == 0)
          return TRUE;
    }
  return FALSE;
}

typedef struct
{
  guint n; /* dropped ones left out */
  guint n_done;
  guint n_missed;
  const ErosSlot *missed;  /* the first one */
  const ErosSlot *waiting; /* the last one whose time is not over */
  gboolean is_now;         /* the time of one is there */
} Count;

static Count
count_slots (GPtrArray *list, ErosElement *element, gint64 now, gint64 running)
{
  Count count = { 0 };

  for (guint i = 0; i < list->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (list, i);
      gboolean is_running = running >= slot->due && running < slot->over;

      if (!concerns (slot, element) || slot->state == EROS_SLOT_DROPPED)
        continue;
      count.n++;
      count.is_now |= is_running || (now >= slot->due && now < slot->over);
      if (is_running || slot->state == EROS_SLOT_DONE)
        count.n_done++;
      else if (slot->state != EROS_SLOT_MISSED)
        count.waiting = slot;
      else if (count.n_missed++ == 0)
        count.missed = slot;
    }
  return count;
}

/* When its moment has come, whoever looks may say so; what is seen in several rounds is said after the last.
 */
static gboolean
has_begun (const ErosSlot *slot, ErosElement *element)
{
  return slot->state != EROS_SLOT_COMING &&
         g_strcmp0 (slot->entry->check, eros_element_get_id (element)) == 0;
}

/**
 * eros_watch_describe_untimely:
 * @deployment: a deployment
 * @element: a check box
 * @now: the present, in microseconds since 1970
 *
 * Whoever ticks a box of a schedule before its time, or although rounds were missed, decides.
 *
 * Returns: (transfer full) (nullable): why it is not yet time, a sentence; %NULL when it is, or when @element
 *   belongs to no schedule
 */
char *
eros_watch_describe_untimely (ErosDeployment *deployment, ErosElement *element, gint64 now)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *time = NULL;
  Count count;

  if (!eros_watch_knows (deployment, element))
    return NULL;
  list = eros_watch_list (deployment, NULL, now);
  count = count_slots (list, element, now, 0);
  if (count.n == 0)
    return g_strdup (_ ("its time is counted from something that has not ended"));
  if (count.waiting != NULL && !has_begun (count.waiting, element))
    {
      time = eros_time_text (count.waiting->due);
      return g_strdup_printf (_ ("its time comes at %s"), time);
    }
  if (count.n_missed == 0)
    return NULL;
  time = eros_time_text (count.missed->due);
  return g_strdup_printf (
    /* Translators: of rounds of monitoring; the time of the first that was missed */
    ngettext ("%u round was missed, that of %s", "%u rounds were missed, the first at %s", count.n_missed),
    count.n_missed, time);
}

static char *
describe_progress (const Count *count)
{
  g_autofree char *time = NULL;

  if (count->waiting != NULL)
    {
      time = eros_time_text (count->waiting->due);
      return g_strdup_printf (_ ("%u of %u rounds so far; the last is due at %s"), count->n_done, count->n,
                              time);
    }
  if (count->n_missed == 0)
    return g_strdup_printf (ngettext ("%u round in all", "all %u rounds", count->n), count->n);
  time = eros_time_text (count->missed->due);
  return g_strdup_printf (_ ("%u of %u rounds; the first that was missed was due at %s"), count->n_done,
                          count->n, time);
}

ErosOutcome
eros_watch_judge_all (ErosDeployment *deployment, ErosElement *element, gint64 now, char **progress)
{
  g_autoptr (GPtrArray) list = eros_watch_list (deployment, NULL, now);
  Count count = count_slots (list, element, now, 0);

  *progress = count.n > 0 ? describe_progress (&count) : NULL;
  return count.n_done == count.n ? EROS_OUTCOME_PASS : EROS_OUTCOME_NOT_ENOUGH;
}

/**
 * eros_watch_judge:
 * @deployment: a deployment
 * @element: a check box that a round under way would tick
 * @now: the present, in microseconds since 1970
 * @progress: (out) (transfer full) (nullable): which rounds there were, for the box’s sentence
 *
 * One round does not make what is to be seen in all of them.
 *
 * Returns: %EROS_OUTCOME_PASS when @element belongs to no schedule or all of its rounds were made,
 *   %EROS_OUTCOME_NOT_ENOUGH when some are still to come or were missed, %EROS_OUTCOME_NONE when the time is
 *   not there in which a round says anything of it
 */
ErosOutcome
eros_watch_judge (ErosDeployment *deployment, ErosElement *element, gint64 now, char **progress)
{
  g_autoptr (GPtrArray) list = NULL;
  Count count;

  *progress = NULL;
  if (!eros_watch_knows (deployment, element))
    return EROS_OUTCOME_PASS;
  list = eros_watch_list (deployment, NULL, now);
  count = count_slots (list, element, now, deployment->round_started);
  if (!count.is_now)
    return EROS_OUTCOME_NONE;
  *progress = describe_progress (&count);
  return count.n_done == count.n ? EROS_OUTCOME_PASS : EROS_OUTCOME_NOT_ENOUGH;
}

/**
 * eros_watch_record_missed:
 * @deployment: a deployment open for writing
 * @now: the present, in microseconds since 1970
 * @reason: why, for people
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Puts the slots that were missed on record, each once.
 *
 * Returns: whether all are stored
 */
gboolean
eros_watch_record_missed (ErosDeployment *deployment, gint64 now, const char *reason, GError **error)
{
  g_autoptr (GPtrArray) list = eros_watch_list (deployment, NULL, now);

  for (guint i = 0; i < list->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (list, i);
      g_autofree char *key = make_key (slot);
      g_autoptr (JsonNode) body = json_node_new (JSON_NODE_OBJECT);

      if (slot->state != EROS_SLOT_MISSED || slot->reason != NULL)
        continue;
      json_node_take_object (
        body, eros_deployment_body_new (EROS_MEMBER_SLOT, key, EROS_MEMBER_REASON, reason, NULL));
      if (eros_deployment_record (deployment, EROS_EVENT_WATCH_MISSED, body, error) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Those that others made are taken in later than they were. */
static void
add_round (ErosDeployment *self, gint64 started, ErosEvent *ended)
{
  ErosRound round = { started, ended };
  guint place = self->rounds->len;

  while (place > 0 && g_array_index (self->rounds, ErosRound, place - 1).started > started)
    place--;
  g_array_insert_val (self->rounds, place, round);
}

static void
round_started (ErosDeployment *self, ErosEvent *event)
{
  g_autoptr (JsonObject) arguments = eros_event_dup_object (event, EROS_MEMBER_ARGUMENTS);
  const char *until =
    arguments != NULL ? json_object_get_string_member_with_default (arguments, "until", NULL) : NULL;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = until != NULL ? g_date_time_new_from_iso8601 (until, utc) : NULL;

  self->round_started = until == NULL ? eros_event_get_happened (event) : 0;
  self->round_until =
    time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}

/* One that was cut off, or found nobody to ask, has seen nothing. */
static void
round_ended (ErosDeployment *self, ErosEvent *event)
{
  const char *outcome = eros_event_get_string (event, EROS_MEMBER_OUTCOME);
  gboolean has_seen = g_strcmp0 (outcome, "error") != 0 && g_strcmp0 (outcome, "cancelled") != 0;

  if (has_seen && self->round_started != 0)
    add_round (self, self->round_started, event);
  else if (has_seen && self->round_until != 0)
    g_hash_table_insert (self->filled, g_memdup2 (&self->round_until, sizeof self->round_until), event);
  self->round_started = self->round_until = 0;
}

void
eros_deployment_note_round (ErosDeployment *self, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);

  if (g_str_equal (kind, EROS_EVENT_WATCH_MISSED) && eros_event_get_string (event, EROS_MEMBER_SLOT) != NULL)
    g_hash_table_insert (self->missed, (gpointer) eros_event_get_string (event, EROS_MEMBER_SLOT),
                         (gpointer) eros_event_get_line (event, EROS_MEMBER_REASON));
  if (!g_str_has_prefix (kind, EROS_EVENTS_OPERATION) ||
      eros_operation_kind_of (eros_event_get_string (event, EROS_MEMBER_OPERATION)) !=
        EROS_OPERATION_KIND_MONITORING)
    return;
  if (g_str_equal (kind, EROS_EVENT_OPERATION_STARTED))
    round_started (self, event);
  else if (g_str_equal (kind, EROS_EVENT_OPERATION_ENDED))
    round_ended (self, event);
}
