/* eros-conductor-watch.c: the days after: every slot that is still to come, with the clock set ahead to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-conductor-private.h"

#include <glib/gi18n-lib.h>

#include "eros-rehearsal-clock.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

/* Whatever keeps this one from being made keeps the others as well. */
static gboolean
has_looked (ErosConductor *self)
{
  g_autoptr (GPtrArray) slots =
    eros_watch_list (self->deployment, NULL, eros_timeline_get_now (self->deployment));

  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = g_ptr_array_index (slots, i);

      if (slot->due == self->due && slot->state == EROS_SLOT_DONE)
        return TRUE;
    }
  return FALSE;
}

static void
leave_watch (ErosConductor *self)
{
  self->due = 0;
  self->has_watched = TRUE;
}

/* What a round finds stands in the record. */
static void
round_ended (ErosConductor *self, GError *error)
{
  if (eros_conductor_is_stopped (self, error))
    return;
  if (error != NULL)
    eros_conductor_tell (self, EROS_CONDUCTED_WARNING, error->message, NULL);
  g_clear_error (&error);
  if (!has_looked (self))
    leave_watch (self);
  eros_conductor_go_on (self);
}

static void
round_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  eros_controller_start_finish (EROS_CONTROLLER (source), result, &error);
  round_ended (self, error);
}

static void
look (ErosConductor *self)
{
  GError *error = NULL;
  ErosOperation *operation = eros_controller_take_up (
    self->controller, eros_operation_kind_get_name (EROS_OPERATION_KIND_MONITORING), &error);

  if (operation != NULL)
    eros_controller_start_async (self->controller, operation, g_task_get_cancellable (self->task),
                                 round_ended_cb, g_object_ref (self));
  else
    round_ended (self, error);
}

static void
tell_time (ErosConductor *self)
{
  g_autofree char *time = eros_time_text (self->due);

  eros_conductor_tell (self, EROS_CONDUCTED_CLOCK, time, NULL);
}

/* Not every server has a clock that can be set: then nobody waits. */
static void
advanced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosConductor) self = user_data;
  GError *error = NULL;

  if (eros_rehearsal_advance_finish (EROS_REHEARSAL (source), result, &error))
    {
      tell_time (self);
      look (self);
    }
  else if (g_error_matches (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE))
    {
      eros_conductor_tell (self, EROS_CONDUCTED_LEFT_OUT, error->message, NULL);
      g_error_free (error);
      leave_watch (self);
      eros_conductor_go_on (self);
    }
  else
    eros_conductor_end (self, error);
}

/* Once it is rolled back, production fares as it did before. */
static const char *
get_scenario (ErosConductor *self)
{
  return self->course == EROS_CONDUCTOR_ONWARD ? self->scenario : eros_conductor_list_scenarios ()[0];
}

/* What is reached is not watched any longer. */
static void
go_back (ErosConductor *self)
{
  g_free (self->missing);
  self->missing = g_strdup_printf (_ ("It is rolled back: %s"), self->reason);
  eros_conductor_tell (self, EROS_CONDUCTED_WARNING, self->reason, NULL);
  eros_conductor_tell (self, EROS_CONDUCTED_OPEN, eros_phase_get_title (self->phase), self->missing);
  self->due = 0;
  eros_conductor_begin_way_back (self, EROS_CONDUCTOR_BACK);
}

ErosConductorAct
eros_conductor_watch (ErosConductor *self)
{
  gint64 now = eros_timeline_get_now (self->deployment);
  g_autoptr (GPtrArray) slots = eros_watch_list (self->deployment, NULL, now);
  const ErosSlot *next = eros_watch_find_next (slots);

  if (eros_conductor_has_to_go_back (self))
    {
      go_back (self);
      return EROS_CONDUCTOR_DONE;
    }
  if (next == NULL)
    {
      leave_watch (self);
      return EROS_CONDUCTOR_DONE;
    }
  self->due = next->due;
  if (next->due <= now)
    {
      tell_time (self);
      look (self);
    }
  else
    eros_rehearsal_advance_async (self->rehearsal, self->deployment, next->due, get_scenario (self),
                                  g_task_get_cancellable (self->task), advanced_cb, g_object_ref (self));
  return EROS_CONDUCTOR_BEGUN;
}
