/* eros-rounds.c: when the rounds of the watch are due, for whoever makes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-rounds.h"

#include <glib/gi18n-lib.h>

#include "eros-timeline.h"

enum
{
  SIGNAL_DUE,
  SIGNAL_MISSED,
  SIGNAL_WAITING,
  SIGNAL_OVER,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _ErosRounds
{
  GObject parent_instance;

  ErosDeployment *deployment;
  char *reason;     /* why a round that goes by is missed */
  gint64 looked;    /* when the slot was due that was looked at last */
  gint64 tried;     /* when that was, of the monotonic clock */
  gint64 filling;   /* when the slot was due that was to be filled in last */
  gint64 announced; /* when the slot is due that was waited for last */
  gint64 expected;  /* when the timer was to go off, of the deployment's clock */
  guint timer;      /* source id */
  guint idle;       /* likewise */
  gboolean is_held;
};

G_DEFINE_FINAL_TYPE (ErosRounds, eros_rounds, G_TYPE_OBJECT)

void
eros_rounds_set_reason (ErosRounds *self, const char *reason)
{
  char *copy = g_strdup (reason);

  g_free (self->reason);
  self->reason = copy;
}

static void consider (ErosRounds *self);
static void queue (ErosRounds *self);

static gboolean
timer_cb (gpointer user_data)
{
  ErosRounds *self = user_data;

  self->timer = 0;
  if (eros_timeline_get_now (self->deployment) > self->expected + G_TIME_SPAN_MINUTE)
    eros_rounds_set_reason (self, _ ("This computer slept, or its clock was set ahead."));
  consider (self);
  return G_SOURCE_REMOVE;
}

/* At most a minute, so that neither sleep nor a clock that is set is overslept. */
static void
wait_for (ErosRounds *self, gint64 left)
{
  left = CLAMP (left, 0, G_TIME_SPAN_MINUTE);
  self->expected = eros_timeline_get_now (self->deployment) + left;
  self->timer = g_timeout_add (left / G_TIME_SPAN_MILLISECOND + 1, timer_cb, self);
}

/* One in which whoever looks could not is tried again each minute. */
static void
look_at (ErosRounds *self, const ErosSlot *slot)
{
  gint64 now = g_get_monotonic_time ();

  if (self->looked == slot->due && now < self->tried + G_TIME_SPAN_MINUTE)
    {
      wait_for (self, self->tried + G_TIME_SPAN_MINUTE - now);
      return;
    }
  self->looked = slot->due;
  self->tried = now;
  self->filling = 0;
  wait_for (self, G_TIME_SPAN_MINUTE);
  g_signal_emit (self, signals[SIGNAL_DUE], 0);
}

static void
wait_for_slot (ErosRounds *self, const ErosSlot *slot)
{
  eros_rounds_set_reason (self, _ ("The watch was at work on something else."));
  wait_for (self, slot->due - eros_timeline_get_now (self->deployment));
  if (self->announced == slot->due)
    return;
  self->announced = slot->due;
  g_signal_emit (self, signals[SIGNAL_WAITING], 0, slot);
}

/* While nothing is due. What could not be filled in is tried again after the next round. */
static gboolean
fill_in (ErosRounds *self, GPtrArray *slots)
{
  const ErosSlot *slot = eros_watch_find_to_fill (slots);

  if (slot == NULL || slot->due == self->filling)
    return FALSE;
  self->filling = slot->due;
  g_signal_emit (self, signals[SIGNAL_MISSED], 0, slot);
  queue (self);
  return TRUE;
}

/* What has gone by is put on record, what is due is looked at, and what comes is waited for. */
static void
consider (ErosRounds *self)
{
  gint64 now = eros_timeline_get_now (self->deployment);
  g_autoptr (ErosRounds) kept = g_object_ref (self);
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;
  const ErosSlot *next;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->is_held || !eros_journal_is_writable (eros_deployment_get_journal (self->deployment)))
    return;
  if (!eros_watch_record_missed (self->deployment, now, self->reason, &error))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  slots = eros_watch_list (self->deployment, NULL, now);
  next = eros_watch_find_next (slots);
  if ((next == NULL || next->state == EROS_SLOT_COMING) && fill_in (self, slots))
    return;
  if (next == NULL)
    g_signal_emit (self, signals[SIGNAL_OVER], 0);
  else if (next->state == EROS_SLOT_COMING)
    wait_for_slot (self, next);
  else
    look_at (self, next);
}

static gboolean
idle_cb (gpointer user_data)
{
  ErosRounds *self = user_data;

  self->idle = 0;
  consider (self);
  return G_SOURCE_REMOVE;
}

/* After whoever else is told has seen it; never for somebody who has gone meanwhile. */
static void
queue (ErosRounds *self)
{
  if (self->deployment != NULL && self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, idle_cb, self, NULL);
}

void
eros_rounds_set_held (ErosRounds *self, gboolean is_held)
{
  self->is_held = is_held;
  queue (self);
}

/* What was entered or has ended may give the schedule its start. */
static void
appended_cb (ErosRounds *self, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);

  if (g_str_has_prefix (kind, EROS_EVENTS_FIELD) || g_str_equal (kind, EROS_EVENT_OPERATION_ENDED) ||
      g_str_equal (kind, EROS_EVENT_CLOCK_ADVANCED))
    queue (self);
}

static void
eros_rounds_dispose (GObject *object)
{
  ErosRounds *self = EROS_ROUNDS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->deployment);
  G_OBJECT_CLASS (eros_rounds_parent_class)->dispose (object);
}

static void
eros_rounds_finalize (GObject *object)
{
  g_free (EROS_ROUNDS (object)->reason);
  G_OBJECT_CLASS (eros_rounds_parent_class)->finalize (object);
}

static void
eros_rounds_class_init (ErosRoundsClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_rounds_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_rounds_finalize;
  signals[SIGNAL_DUE] = g_signal_new ("due", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MISSED] =
    g_signal_new ("missed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_WAITING] =
    g_signal_new ("waiting", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_OVER] = g_signal_new ("over", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
eros_rounds_init (ErosRounds *self)
{
}

/**
 * eros_rounds_new:
 * @deployment: what is watched
 * @reason: why nobody has made the rounds that have gone by, for people
 *
 * Looks from now on at the runbook’s schedules and at the clock, for as long as it lives, says which round is
 * to be made, and puts on record which were missed. Where another program writes it does nothing: that one
 * watches.
 *
 * Returns: (transfer full): it
 */
ErosRounds *
eros_rounds_new (ErosDeployment *deployment, const char *reason)
{
  ErosRounds *self;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (deployment), NULL);

  self = g_object_new (EROS_TYPE_ROUNDS, NULL);
  self->deployment = g_object_ref (deployment);
  eros_rounds_set_reason (self, reason);
  g_signal_connect_object (eros_deployment_get_journal (deployment), "appended", G_CALLBACK (appended_cb),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  queue (self);
  return self;
}
