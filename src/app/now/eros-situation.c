/* eros-situation.c: what is wrong with an open deployment and what is next, kept up to date
 *
 * What the record says is listed by the deployment; here it is asked again when the record grows, when work
 * begins or ends, and when a round's time comes. Whether anybody can be reached only the session knows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-situation.h"

#include <glib/gi18n-lib.h>

#include "eros-timeline.h"

#define N_NEXT 5 /* things to do that are named */

struct _ErosSituation
{
  GObject parent_instance;

  ErosSession *session;
  GPtrArray *problems;
  GPtrArray *next;
  char *shown; /* what both lists say, to tell whether anything has changed */
  guint idle;  /* source ids */
  guint timer;
};

G_DEFINE_FINAL_TYPE (ErosSituation, eros_situation, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* (nullable): what is at work in this window */
static const char *
get_running (ErosSituation *self)
{
  ErosOperation *operation = eros_session_get_operation (self->session);

  return eros_session_get_busy (self->session) && operation != NULL ? eros_operation_get_id (operation)
                                                                    : NULL;
}

static void
add_connection (ErosSituation *self)
{
  ErosProblem *problem;

  if (!eros_session_get_offline (self->session))
    return;
  problem = eros_problem_new (EROS_PROBLEM_OFFLINE, NULL, NULL,
                              _ ("No server can be reached. Work waits, and goes on when one can."));
  g_ptr_array_add (self->problems, problem);
}

/* (transfer full) */
static char *
describe (ErosSituation *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->problems->len; i++)
    g_string_append_printf (text, "%d %s\n", eros_problem_get_kind (self->problems->pdata[i]),
                            eros_problem_get_text (self->problems->pdata[i]));
  for (guint i = 0; i < self->next->len; i++)
    {
      const ErosNext *next = self->next->pdata[i];

      g_string_append_printf (text, "%d %s %s %s %" G_GINT64_FORMAT "\n", next->kind, next->text,
                              next->element != NULL ? eros_element_get_id (next->element) : "",
                              next->operation != NULL ? next->operation : "", next->due);
      for (guint k = 0; k < next->obstacles->len; k++)
        g_string_append_printf (text, "%s\n", ((ErosObstacle *) next->obstacles->pdata[k])->missing);
    }
  return g_string_free (text, FALSE);
}

static gboolean timer_cb (gpointer user_data);

/* Until the next round's time comes; at least once a minute, because clocks are set and computers sleep. */
static void
set_timer (ErosSituation *self, gint64 now)
{
  gint64 left = G_TIME_SPAN_MINUTE;

  for (guint i = 0; i < self->next->len; i++)
    {
      const ErosNext *next = self->next->pdata[i];

      if (next->kind == EROS_NEXT_WAIT)
        left = CLAMP (next->due - now, G_TIME_SPAN_MILLISECOND, left);
    }
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (left / G_TIME_SPAN_MILLISECOND, timer_cb, self);
}

static void
update (ErosSituation *self)
{
  ErosDeployment *deployment = eros_session_get_deployment (self->session);
  gint64 now = eros_timeline_get_now (deployment);
  g_autofree char *shown = NULL;

  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->next, g_ptr_array_unref);
  self->problems = eros_problem_list (deployment, now, get_running (self));
  self->next = eros_next_list (deployment, now, N_NEXT);
  add_connection (self);
  set_timer (self, now);
  shown = describe (self);
  if (g_strcmp0 (shown, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&shown);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
timer_cb (gpointer user_data)
{
  ErosSituation *self = user_data;

  self->timer = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static gboolean
idle_cb (gpointer user_data)
{
  ErosSituation *self = user_data;

  self->idle = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* A round of checks appends many events: they are looked at together. */
static void
queue_update (ErosSituation *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT, idle_cb, self, NULL);
}

static void
eros_situation_dispose (GObject *object)
{
  ErosSituation *self = EROS_SITUATION (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_situation_parent_class)->dispose (object);
}

static void
eros_situation_finalize (GObject *object)
{
  ErosSituation *self = EROS_SITUATION (object);

  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->next, g_ptr_array_unref);
  g_free (self->shown);

  G_OBJECT_CLASS (eros_situation_parent_class)->finalize (object);
}

static void
eros_situation_class_init (ErosSituationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = eros_situation_dispose;
  object_class->finalize = eros_situation_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", EROS_TYPE_SITUATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
eros_situation_init (ErosSituation *self)
{
}

/**
 * eros_situation_new:
 * @session: an open deployment
 *
 * Returns: (transfer full): what is wrong with it and what is next; “changed” is emitted when that is not the
 * same any more
 */
ErosSituation *
eros_situation_new (ErosSession *session)
{
  ErosSituation *self = g_object_new (EROS_TYPE_SITUATION, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (eros_deployment_get_journal (eros_session_get_deployment (session)), "appended",
                           G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::operation", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::offline", G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}

/**
 * eros_situation_get_session:
 * @self: a situation
 *
 * Returns: (transfer none): the open deployment
 */
ErosSession *
eros_situation_get_session (ErosSituation *self)
{
  return self->session;
}

/**
 * eros_situation_get_problems:
 * @self: a situation
 *
 * Returns: (transfer none) (element-type ErosProblem): what is wrong, the worst first
 */
GPtrArray *
eros_situation_get_problems (ErosSituation *self)
{
  return self->problems;
}

/**
 * eros_situation_get_next:
 * @self: a situation
 *
 * Returns: (transfer none) (element-type ErosNext): what is next, the first first
 */
GPtrArray *
eros_situation_get_next (ErosSituation *self)
{
  return self->next;
}
