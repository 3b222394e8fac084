/* eros-watcher.c: makes the rounds of the watch when they are due, as long as the deployment is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-watcher.h"

#include <glib/gi18n-lib.h>

#include "eros-timeline.h"
#include "eros-watch.h"

struct _ErosWatcher
{
  GObject parent_instance;

  ErosSession *session;
  char *reason;  /* why a round that went by was missed */
  gint64 looked; /* when the slot was due that was looked at last */
  gint64 tried;  /* when that was */
  guint timer;   /* source id */
  guint idle;    /* likewise */
};

G_DEFINE_FINAL_TYPE (ErosWatcher, eros_watcher, G_TYPE_OBJECT)

static void
set_reason (ErosWatcher *self, const char *reason)
{
  g_free (self->reason);
  self->reason = g_strdup (reason);
}

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosSession *session = EROS_SESSION (source);
  g_autoptr (GError) error = NULL;
  ErosOperation *operation = NULL;

  if (eros_session_prepare_finish (session, result, &error))
    operation =
      eros_controller_plan (eros_session_get_controller (session),
                            eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING), NULL, &error);
  if (operation != NULL)
    eros_session_start (session, operation);
  else
    g_signal_emit_by_name (session, "failed", error->message);
}

/**
 * eros_watcher_look:
 * @session: an open deployment
 *
 * Makes one round now, whether one is due or not. The session says what became of it.
 */
void
eros_watcher_look (ErosSession *session)
{
  g_return_if_fail (EROS_IS_SESSION (session));

  if (!eros_session_get_busy (session) && eros_session_is_writable (session))
    eros_session_prepare_async (session, ready_cb, NULL);
}

static void consider (ErosWatcher *self);

static gboolean
timer_cb (gpointer user_data)
{
  ErosWatcher *self = user_data;

  self->timer = 0;
  consider (self);
  return G_SOURCE_REMOVE;
}

/* At most a minute, so that neither sleep nor a clock that is set is overslept. */
static void
wait_for (ErosWatcher *self, gint64 left)
{
  self->timer =
    g_timeout_add (CLAMP (left, 0, G_TIME_SPAN_MINUTE) / G_TIME_SPAN_MILLISECOND + 1, timer_cb, self);
}

/* One in which it could not look is tried again each minute. */
static void
look_at (ErosWatcher *self, const ErosSlot *slot, gint64 now)
{
  gint64 again = self->looked == slot->due ? self->tried + G_TIME_SPAN_MINUTE : now;

  if (now < again)
    {
      wait_for (self, again - now);
      return;
    }
  self->looked = slot->due;
  self->tried = now;
  wait_for (self, G_TIME_SPAN_MINUTE);
  eros_watcher_look (self->session);
}

/* What has gone by is put on record, what is due is looked at, and what comes is waited for. */
static void
consider (ErosWatcher *self)
{
  ErosDeployment *deployment = eros_session_get_deployment (self->session);
  gint64 now = eros_timeline_get_now (deployment);
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;
  const ErosSlot *next;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (!eros_session_is_writable (self->session) || eros_session_get_busy (self->session))
    return;
  if (!eros_watch_record_missed (deployment, now, self->reason, &error))
    g_signal_emit_by_name (self->session, "failed", error->message);
  slots = eros_watch_list (deployment, NULL, now);
  next = eros_watch_find_next (slots);
  if (next != NULL && next->state != EROS_SLOT_COMING)
    look_at (self, next, now);
  else if (next != NULL)
    {
      set_reason (self, _ ("The window was at work on something else, or this computer slept."));
      wait_for (self, next->due - now);
    }
}

static gboolean
idle_cb (gpointer user_data)
{
  ErosWatcher *self = user_data;

  self->idle = 0;
  consider (self);
  return G_SOURCE_REMOVE;
}

/* After whoever else is told has seen it; never for a window that is closed meanwhile. */
static void
queue (ErosWatcher *self)
{
  if (self->session != NULL && self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, idle_cb, self, NULL);
}

/* What was entered or has ended may give the schedule its start. */
static void
appended_cb (ErosWatcher *self, ErosEvent *event)
{
  const char *kind = eros_event_get_kind (event);

  if (g_str_has_prefix (kind, "field.") || g_str_equal (kind, "operation.ended") ||
      g_str_equal (kind, "clock.advanced"))
    queue (self);
}

static void
failed_cb (ErosWatcher *self, const char *message)
{
  set_reason (self, message);
}

static void
eros_watcher_dispose (GObject *object)
{
  ErosWatcher *self = EROS_WATCHER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_watcher_parent_class)->dispose (object);
}

static void
eros_watcher_finalize (GObject *object)
{
  g_free (EROS_WATCHER (object)->reason);

  G_OBJECT_CLASS (eros_watcher_parent_class)->finalize (object);
}

static void
eros_watcher_class_init (ErosWatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_watcher_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_watcher_finalize;
}

static void
eros_watcher_init (ErosWatcher *self)
{
}

/**
 * eros_watcher_new:
 * @session: an open deployment
 *
 * Makes the rounds of the runbook’s schedules when they are due, for as long as it lives, and puts on record
 * which were missed. Where another program writes it does nothing: that one watches.
 *
 * Returns: (transfer full): the watcher
 */
ErosWatcher *
eros_watcher_new (ErosSession *session)
{
  ErosWatcher *self = g_object_new (EROS_TYPE_WATCHER, NULL);

  self->session = g_object_ref (session);
  set_reason (self, _ ("Nobody watched: the deployment was open in no program."));
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (queue), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eros_deployment_get_journal (eros_session_get_deployment (session)), "appended",
                           G_CALLBACK (appended_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (session, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  queue (self);
  return self;
}
