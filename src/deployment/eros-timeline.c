/* eros-timeline.c: when the deployment started and ended, and what time it is for it
 *
 * The runbook says it: an operation fills in a field with the moment it started or ended, and a person may do
 * so in its place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-timeline.h"

#include "eros-deployment-private.h"

#include <glib/gi18n-lib.h>

static gint64
parse_time (const char *value)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time =
    value != NULL && *value != '\0' ? g_date_time_new_from_iso8601 (value, utc) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}

static gint64
read_time (ErosDeployment *deployment, const char *field_id)
{
  return parse_time (eros_deployment_get_value (deployment, field_id));
}

/* The first "started" (or last "ended") that any operation of the runbook has filled in, or was filled in for
 * it. */
static gint64
find_time (ErosDeployment *deployment, const char *result)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (deployment));
  gboolean want_last = g_str_equal (result, "ended");
  gint64 found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint j = 0; j < g_list_model_get_n_items (sections); j++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, j);
          GListModel *elements = eros_section_get_elements (section);

          for (guint k = 0; k < g_list_model_get_n_items (elements); k++)
            {
              g_autoptr (ErosElement) element = g_list_model_get_item (elements, k);
              const char *const *fills = eros_element_get_fills (element);

              for (guint m = 0; fills != NULL && fills[m] != NULL && fills[m + 1] != NULL; m += 2)
                {
                  gint64 time = g_str_equal (fills[m + 1], result) ? read_time (deployment, fills[m]) : 0;

                  if (time != 0 && (found == 0 || (want_last ? time > found : time < found)))
                    found = time;
                }
            }
        }
    }
  return found;
}

/**
 * eros_timeline_get_start:
 * @deployment: a deployment
 *
 * Returns: when its first operation started, in microseconds since 1970; 0 when none has
 */
gint64
eros_timeline_get_start (ErosDeployment *deployment)
{
  return find_time (deployment, "started");
}

/**
 * eros_timeline_get_end:
 * @deployment: a deployment
 *
 * Returns: when its last operation ended, in microseconds since 1970; 0 when none has
 */
gint64
eros_timeline_get_end (ErosDeployment *deployment)
{
  return find_time (deployment, "ended");
}

/**
 * eros_timeline_get_window_start:
 * @deployment: a deployment
 *
 * Returns: from when on it may be deployed, in microseconds since 1970; 0 when that is not known
 */
gint64
eros_timeline_get_window_start (ErosDeployment *deployment)
{
  return parse_time (deployment->setup->window_start);
}

/**
 * eros_timeline_get_window_end:
 * @deployment: a deployment
 *
 * Returns: until when it may be deployed, in microseconds since 1970; 0 when that is not known
 */
gint64
eros_timeline_get_window_end (ErosDeployment *deployment)
{
  return parse_time (deployment->setup->window_end);
}

/**
 * eros_timeline_get_ahead:
 * @deployment: a deployment
 *
 * Returns: by how many microseconds its clock is ahead of this computer’s; 0 except in a rehearsal
 */
gint64
eros_timeline_get_ahead (ErosDeployment *deployment)
{
  return deployment->ahead;
}

/**
 * eros_timeline_get_now:
 * @deployment: a deployment
 *
 * Returns: what time it is for the deployment, in microseconds since 1970
 */
gint64
eros_timeline_get_now (ErosDeployment *deployment)
{
  return g_get_real_time () + deployment->ahead;
}

/**
 * eros_timeline_advance:
 * @deployment: a rehearsal open for writing
 * @time: in microseconds since 1970
 * @error: return location for %EROS_DEPLOYMENT_ERROR or %EROS_JOURNAL_ERROR
 *
 * Sets the clock of a rehearsal ahead, so that nobody has to wait for what comes days later. It stands in the
 * record, whose events have the times of that clock from here on. A clock that is past @time stays.
 *
 * Returns: whether the clock is at @time or past it
 */
gboolean
eros_timeline_advance (ErosDeployment *deployment, gint64 time, GError **error)
{
  g_autoptr (JsonNode) body = json_node_new (JSON_NODE_OBJECT);
  gint64 seconds;

  if (eros_timeline_get_now (deployment) >= time)
    return TRUE;
  if (deployment->setup->environment != EROS_ENVIRONMENT_REHEARSAL)
    return eros_deployment_refuse (error, _ ("Only the clock of a rehearsal can be set."));
  seconds = (time - g_get_real_time () + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  json_node_take_object (body, json_object_new ());
  json_object_set_int_member (json_node_get_object (body), EROS_MEMBER_AHEAD_S, seconds);
  return eros_deployment_record (deployment, EROS_EVENT_CLOCK_ADVANCED, body, error) != NULL;
}

void
eros_deployment_note_clock (ErosDeployment *self, ErosEvent *event)
{
  gint64 seconds;

  if (!eros_event_is (event, EROS_EVENT_CLOCK_ADVANCED) ||
      self->setup->environment != EROS_ENVIRONMENT_REHEARSAL)
    return;
  seconds = eros_event_get_int (event, EROS_MEMBER_AHEAD_S);
  if (seconds < 0 || seconds > G_MAXINT64 / 4 / G_USEC_PER_SEC)
    return;
  self->ahead = seconds * G_USEC_PER_SEC;
  eros_journal_set_ahead (self->journal, self->ahead);
}
