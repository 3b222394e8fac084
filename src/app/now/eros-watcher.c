/* eros-watcher.c: makes the rounds of the watch when they are due, as long as the deployment is open
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-watcher.h"

#include <glib/gi18n-lib.h>

#include "eros-rounds.h"
#include "eros-time-text.h"

struct _ErosWatcher
{
  GObject parent_instance;

  ErosSession *session;
  ErosRounds *rounds;
};

G_DEFINE_FINAL_TYPE (ErosWatcher, eros_watcher, G_TYPE_OBJECT)

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ErosSession *session = EROS_SESSION (source);
  g_autofree char *until = user_data;
  g_autoptr (GHashTable) arguments = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  ErosOperation *operation = NULL;

  if (until != NULL)
    g_hash_table_insert (arguments, (gpointer) "until", until);
  if (eros_session_prepare_finish (session, result, &error))
    operation =
      eros_controller_plan (eros_session_get_controller (session),
                            eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING), arguments, &error);
  if (operation != NULL)
    eros_session_start (session, operation);
  /* A runbook need not have a query that can be asked of what is over. */
  else if (until == NULL ||
           !g_error_matches (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNSUPPORTED))
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

static void
due_cb (ErosWatcher *self)
{
  eros_watcher_look (self->session);
}

/* Nobody is asked to sign in for what is over. */
static void
missed_cb (ErosWatcher *self, const ErosSlot *slot)
{
  if (eros_session_get_controller (self->session) != NULL && !eros_session_get_busy (self->session))
    eros_session_prepare_async (self->session, ready_cb, eros_time_iso (slot->due));
}

static void
busy_changed_cb (ErosWatcher *self)
{
  eros_rounds_set_held (self->rounds, eros_session_get_busy (self->session));
}

static void
not_recorded_cb (ErosWatcher *self, const GError *error)
{
  g_signal_emit_by_name (self->session, "failed", error->message);
}

static void
failed_cb (ErosWatcher *self, const char *message)
{
  eros_rounds_set_reason (self->rounds, message);
}

static void
eros_watcher_dispose (GObject *object)
{
  ErosWatcher *self = EROS_WATCHER (object);

  g_clear_object (&self->rounds);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_watcher_parent_class)->dispose (object);
}

static void
eros_watcher_class_init (ErosWatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_watcher_dispose;
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
  self->rounds = eros_rounds_new (eros_session_get_deployment (session),
                                  _ ("Nobody watched: the deployment was open in no program."));
  busy_changed_cb (self);
  g_signal_connect_object (self->rounds, "due", G_CALLBACK (due_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rounds, "missed", G_CALLBACK (missed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rounds, "failed", G_CALLBACK (not_recorded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (busy_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
