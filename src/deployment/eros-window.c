/* eros-window.c: the deployment's window: what has to be announced before it, and what lies outside of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-window.h"

#include "eros-deployment-private.h"
#include "eros-problem.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-unfinished.h"

#include <glib/gi18n-lib.h>

#define RUNNING_OUT (30 * G_TIME_SPAN_MINUTE)

/* In microseconds since 1970; 0: it is none. */
static gint64
read_moment (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time =
    text != NULL && *text != '\0' ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

/* (transfer full) (nullable): why what stands in the field is no announcement in time */
static char *
describe_unannounced (ErosDeployment *self, ErosGate *gate, ErosField *field, gint64 now)
{
  const char *value = eros_deployment_get_value (self, eros_field_get_id (field));
  gint64 start = eros_timeline_get_window_start (self);
  gint64 due = start - eros_gate_get_hours_ahead (gate) * G_TIME_SPAN_HOUR;
  gint64 at = read_moment (value);
  g_autofree char *due_text = eros_time_text (due);
  g_autofree char *at_text = eros_time_text (at);
  g_autofree char *moved_text = eros_time_text (self->window_moved);

  if (start == 0)
    return g_strdup (_ ("the window, which nobody has set"));
  if (*value == '\0')
    /* Translators: a blank, such as “Sent at”; a time */
    return g_strdup_printf (_ ("“%1$s”, which was due at %2$s"), eros_field_get_label (field), due_text);
  if (eros_field_get_field_type (field) != EROS_FIELD_TIMESTAMP)
    return NULL;
  if (at > now)
    return g_strdup_printf (_ ("“%1$s”, which is %2$s and has not come yet"), eros_field_get_label (field),
                            at_text);
  if (at < self->window_moved)
    return g_strdup_printf (_ ("“%1$s”: that was before the window was moved at %2$s"),
                            eros_field_get_label (field), moved_text);
  if (at > due)
    return g_strdup_printf (_ ("“%1$s”, which was due at %2$s and is %3$s"), eros_field_get_label (field),
                            due_text, at_text);
  return NULL;
}

/**
 * eros_window_add_unannounced:
 * @self: a deployment
 * @gate: a gate that wants it to be announced
 * @field: what it requires
 * @missing: (element-type utf8): gets what is missing
 *
 * Only where it is for real does anybody wait for an announcement.
 */
void
eros_window_add_unannounced (ErosDeployment *self, ErosGate *gate, const char *field, GPtrArray *missing)
{
  char *text = self->setup->environment == EROS_ENVIRONMENT_PRODUCTION
                 ? describe_unannounced (self, gate, eros_runbook_find_field (self->runbook, field),
                                         eros_timeline_get_now (self))
                 : NULL;

  if (text != NULL)
    g_ptr_array_add (missing, text);
}

/**
 * eros_window_add_outside:
 * @self: a deployment
 * @missing: (element-type utf8): gets why it is not within the window, if it is not
 */
void
eros_window_add_outside (ErosDeployment *self, GPtrArray *missing)
{
  gint64 now = eros_timeline_get_now (self);
  gint64 start = eros_timeline_get_window_start (self);
  gint64 end = eros_timeline_get_window_end (self);
  g_autofree char *start_text = eros_time_text (start);
  g_autofree char *end_text = eros_time_text (end);

  if (self->setup->environment != EROS_ENVIRONMENT_PRODUCTION)
    return;
  if (start == 0 || end == 0)
    g_ptr_array_add (missing, g_strdup (_ ("a window with a start and an end")));
  else if (now < start)
    g_ptr_array_add (missing, g_strdup_printf (_ ("the window begins at %s"), start_text));
  else if (now >= end)
    g_ptr_array_add (missing, g_strdup_printf (_ ("the window ended at %s"), end_text));
}

/* ---- what is to be said of it -------------------------------------------------------------------------- */

/* (nullable): the gate that wants it to be announced */
static ErosGate *
find_announcement (ErosDeployment *self)
{
  GListModel *gates = eros_runbook_get_gates (self->runbook);

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (eros_gate_get_kind (gate) == EROS_GATE_ANNOUNCED)
        return gate; /* the runbook keeps it */
    }
  return NULL;
}

/* From a day before it is due until the window is over or somebody has begun. */
static void
add_announcement (ErosDeployment *self, gint64 now, GPtrArray *list)
{
  ErosGate *gate = find_announcement (self);
  gint64 due = gate != NULL
                 ? eros_timeline_get_window_start (self) - eros_gate_get_hours_ahead (gate) * G_TIME_SPAN_HOUR
                 : 0;
  const char *const *required = gate != NULL ? eros_gate_get_requires (gate) : NULL;

  if (gate == NULL || eros_timeline_get_window_start (self) == 0 || now < due - G_TIME_SPAN_DAY ||
      now >= eros_timeline_get_window_end (self) || eros_timeline_get_start (self) != 0)
    return;
  for (guint i = 0; required[i] != NULL; i++)
    {
      ErosField *field = eros_runbook_find_field (self->runbook, required[i]);
      ErosItem *owner = g_hash_table_lookup (self->owners, required[i]);
      g_autofree char *why = describe_unannounced (self, gate, field, now);
      g_autofree char *due_text = eros_time_text (due);
      g_autofree char *text = NULL;

      if (why == NULL)
        continue;
      text = now < due
               /* Translators: a time */
               ? g_strdup_printf (_ ("The deployment has to be announced until %s"), due_text)
               /* Translators: what is missing: “Sent at”, which was due at … */
               : g_strdup_printf (_ ("The deployment was not announced in time: %s"), why);
      g_ptr_array_add (
        list,
        eros_problem_new (EROS_PROBLEM_NOT_ANNOUNCED, required[i],
                          owner != NULL ? eros_element_get_id (eros_item_get_element (owner)) : NULL, text));
      return;
    }
}

/* While something is still to be deployed; watching goes on for days. */
static void
add_end (ErosDeployment *self, gint64 now, GPtrArray *list)
{
  gint64 end = eros_timeline_get_window_end (self);
  g_autofree char *time = eros_time_text (end);
  g_autofree char *text = NULL;

  if (end == 0 || eros_timeline_get_end (self) != 0 ||
      eros_deployment_get_result (self) != EROS_RESULT_UNDECIDED ||
      now < MAX (eros_timeline_get_window_start (self), end - RUNNING_OUT))
    return;
  text =
    now >= end
      ? g_strdup_printf (_ ("The deployment’s window ended at %s, and the deployment has not ended"), time)
      : g_strdup_printf (_ ("The deployment’s window ends at %s, and the deployment has not ended"), time);
  g_ptr_array_add (list, eros_problem_new (EROS_PROBLEM_WINDOW_OVER, NULL, NULL, text));
}

static ErosWindowTimes
get_window (ErosDeployment *self, gint64 since)
{
  return (ErosWindowTimes){ since, eros_timeline_get_window_start (self),
                            eros_timeline_get_window_end (self) };
}

/* The window that held at a moment, which is known to the second. */
static ErosWindowTimes
find_window (ErosDeployment *self, gint64 moment)
{
  ErosWindowTimes found = get_window (self, 0);

  for (guint i = 0; i < self->windows->len; i++)
    {
      const ErosWindowTimes *window = &g_array_index (self->windows, ErosWindowTimes, i);

      if (i == 0 || window->since - window->since % G_USEC_PER_SEC <= moment)
        found = *window;
    }
  return found;
}

static char *
describe_outside (gint64 begun, const ErosWindowTimes *window)
{
  g_autofree char *start_text = eros_time_text (window->start);
  g_autofree char *end_text = eros_time_text (window->end);
  g_autofree char *begun_text = eros_time_text (begun);

  return g_strdup_printf (_ ("It was deployed at %1$s, outside of the window from %2$s to %3$s"), begun_text,
                          start_text, end_text);
}

static char *
describe_late (gint64 ended, gint64 end)
{
  g_autofree char *end_text = eros_time_text (end);
  g_autofree char *ended_text = eros_time_text (ended);

  return g_strdup_printf (_ ("The deployment ended at %1$s, after the window, which ended at %2$s"),
                          ended_text, end_text);
}

/* What was deployed before the window began, or after it had ended: the one that held at that moment,
 * wherever it was moved later. */
static void
add_deployed_outside (ErosDeployment *self, GPtrArray *list)
{
  gint64 begun = eros_timeline_get_start (self);
  gint64 ended = eros_timeline_get_end (self);
  const ErosWindowTimes first = find_window (self, begun);
  const ErosWindowTimes last = find_window (self, ended);
  g_autofree char *text = NULL;

  if (first.start == 0 || first.end == 0 || begun == 0)
    return;
  if (begun < first.start || begun >= first.end)
    text = describe_outside (begun, &first);
  else if (last.end != 0 && ended > last.end)
    text = describe_late (ended, last.end);
  if (text != NULL)
    g_ptr_array_add (list, eros_problem_new (EROS_PROBLEM_OUTSIDE_WINDOW, NULL, NULL, text));
}

/**
 * eros_window_list_problems:
 * @self: a deployment
 * @now: the present, in microseconds since 1970
 * @list: (element-type ErosProblem): gets what is wrong with window and announcement
 */
void
eros_window_list_problems (ErosDeployment *self, gint64 now, GPtrArray *list)
{
  /* A rehearsal has a window in name only. */
  if (self->setup->environment != EROS_ENVIRONMENT_REHEARSAL)
    {
      add_announcement (self, now, list);
      add_deployed_outside (self, list);
    }
  add_end (self, now, list);
}

/* ---- moved --------------------------------------------------------------------------------------------- */

void
eros_window_note (ErosDeployment *self, ErosEvent *event)
{
  const char *start = eros_event_get_string (event, EROS_MEMBER_WINDOW_START);
  const char *end = eros_event_get_string (event, EROS_MEMBER_WINDOW_END);

  if (!eros_event_is (event, EROS_EVENT_WINDOW_MOVED) || start == NULL || end == NULL)
    return;
  if (self->windows->len == 0)
    g_array_append_vals (self->windows, &(ErosWindowTimes[]){ get_window (self, 0) }, 1);
  g_free (self->setup->window_start);
  g_free (self->setup->window_end);
  self->setup->window_start = g_strdup (start);
  self->setup->window_end = g_strdup (end);
  self->window_moved = eros_event_get_time (event);
  g_array_append_vals (self->windows, &(ErosWindowTimes[]){ get_window (self, self->window_moved) }, 1);
  eros_deployment_update_all_sourced (self);
}

static gboolean
is_begun (ErosDeployment *self)
{
  for (guint i = 0; i < self->begun->len; i++)
    if (eros_operation_kind_of (((const ErosUnfinished *) self->begun->pdata[i])->kind) ==
        EROS_OPERATION_KIND_DEPLOY)
      return TRUE;
  return eros_timeline_get_start (self) != 0;
}

/* Whether it is another window, and not one that has begun without anybody: both as they are stored. */
static gboolean
check_move (ErosDeployment *self, const char *start, const char *end, GError **error)
{
  if (read_moment (start) == eros_timeline_get_window_start (self) &&
      read_moment (end) == eros_timeline_get_window_end (self))
    return eros_deployment_refuse_value (error, _ ("That is the window already: enter another time."));
  /* One that is open already may end later than was meant. */
  if (read_moment (start) < eros_timeline_get_now (self) &&
      read_moment (start) != eros_timeline_get_window_start (self) && !is_begun (self))
    return eros_deployment_refuse_value (
      error, _ ("The window’s start is in the past. Please enter the time that is meant, in UTC."));
  return TRUE;
}

/* What the setup does not say is left out. */
static void
add_previous (ErosDeployment *self, JsonObject *body)
{
  const char *start = self->setup->window_start;
  const char *end = self->setup->window_end;

  if (start != NULL && *start != '\0')
    json_object_set_string_member (body, EROS_MEMBER_FROM_START, start);
  if (end != NULL && *end != '\0')
    json_object_set_string_member (body, EROS_MEMBER_FROM_END, end);
}

static gboolean
store_move (ErosDeployment *self, const char *start, const char *end, const char *reason, GError **error)
{
  JsonObject *body = eros_deployment_body_new (EROS_MEMBER_WINDOW_START, start, EROS_MEMBER_WINDOW_END, end,
                                               EROS_MEMBER_REASON, reason, NULL);

  add_previous (self, body);
  return eros_deployment_act (self, EROS_EVENT_WINDOW_MOVED, body, error);
}

/**
 * eros_window_move:
 * @self: a deployment
 * @start: when the window begins, as a person types it
 * @end: when it ends
 * @reason: why
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Sets the window to another time. What was announced before counts no more: it was of the other one. Until
 * something is deployed it has to begin in the future.
 *
 * Returns: whether it is stored
 */
gboolean
eros_window_move (ErosDeployment *self,
                  const char *start,
                  const char *end,
                  const char *reason,
                  GError **error)
{
  const ErosDeploymentSetup setup = { .window_start = (char *) start, .window_end = (char *) end };
  g_autofree char *normal_start = NULL;
  g_autofree char *normal_end = NULL;
  g_autofree char *tidied = NULL;

  g_return_val_if_fail (EROS_IS_DEPLOYMENT (self), FALSE);
  g_return_val_if_fail (start != NULL && end != NULL && reason != NULL, FALSE);

  tidied = eros_deployment_tidy (reason);
  if (*start == '\0' || *end == '\0')
    return eros_deployment_refuse_value (error, _ ("A window has a start and an end: enter both."));
  if (*tidied == '\0')
    return eros_deployment_refuse_value (error, _ ("Say why the window is moved: it stands in the report."));
  if (!eros_deployment_check_text (tidied, error) || !eros_deployment_setup_check_ahead (&setup, error))
    return FALSE;
  normal_start = eros_deployment_setup_check_text ("window_start", start, error);
  normal_end = normal_start != NULL ? eros_deployment_setup_check_text ("window_end", end, error) : NULL;
  return normal_end != NULL && check_move (self, normal_start, normal_end, error) &&
         store_move (self, normal_start, normal_end, tidied, error);
}
