/* eros-probe-schedules.c: which scheduled queries are there, do they run well, and where?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-probe-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "eros-transfer.h"

/* What of a scheduled query goes on record. */
static JsonObject *
note_schedule (const ErosSchedule *schedule)
{
  const struct
  {
    const char *name;
    const char *value;
  } others[] = { { "state", schedule->state },
                 { "query", schedule->query },
                 { "owner", schedule->owner },
                 { "destinationDatasetId", schedule->destination } };
  JsonObject *noted = json_object_new ();

  json_object_set_string_member (noted, "name", schedule->name);
  json_object_set_string_member (noted, "displayName", schedule->title);
  if (schedule->schedule != NULL)
    json_object_set_string_member (noted, "schedule", schedule->schedule);
  json_object_set_boolean_member (noted, "disabled", schedule->paused);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i].value != NULL)
      json_object_set_string_member (noted, others[i].name, others[i].value);
  return noted;
}

/* The place of a name: "projects/P/locations/us/transferConfigs/ID". (transfer full) (nullable): it does not
 * say */
static char *
place_of (const ErosSchedule *schedule)
{
  g_auto (GStrv) parts = g_strsplit (schedule->name, "/", -1);

  return g_strv_length (parts) > 3 && g_str_equal (parts[2], "locations") ? g_strdup (parts[3]) : NULL;
}

static gboolean
is_elsewhere (GTask *task, const ErosSchedule *schedule)
{
  g_autofree char *place = place_of (schedule);

  return place != NULL &&
         g_ascii_strcasecmp (place, eros_connection_get_location (eros_probe_connection (task))) != 0;
}

/* Whether it has to do with the data set, as far as its text and its destination tell. */
static gboolean
is_about_data_set (GTask *task, const ErosSchedule *schedule)
{
  const char *dataset = eros_connection_get_dataset (eros_probe_connection (task));

  return g_strcmp0 (schedule->destination, dataset) == 0 ||
         (schedule->query != NULL && strstr (schedule->query, dataset) != NULL);
}

/* What speaks against leaving it as it is; one that is paused does no harm. */
static void
add_trouble (GTask *task, const ErosSchedule *schedule)
{
  g_autofree char *place = place_of (schedule);

  if (!schedule->paused && g_strcmp0 (schedule->state, "FAILED") == 0)
    eros_probe_add (
      task, schedule->title, EROS_OUTCOME_FAIL,
      /* Translators: %s: a scheduled query */
      g_strdup_printf (_ ("The last run of the scheduled query “%s” has failed."), schedule->title),
      g_strdup (_ ("Look at its run in the Google Cloud console; mend it, or pause it.")));
  if (!schedule->paused && is_elsewhere (task, schedule) && is_about_data_set (task, schedule))
    eros_probe_add (
      task, schedule->title, EROS_OUTCOME_FAIL,
      /* Translators: %1$s: a scheduled query, %2$s: a location */
      g_strdup_printf (_ ("The scheduled query “%1$s” is in %2$s and uses the data set; a rollback "
                          "would not pause it."),
                       schedule->title, place),
      g_strdup (_ ("Move it to the location of the data set, or pause it before deploying.")));
}

/* Each with where it is when that is elsewhere, and whether it is paused. (transfer full) */
static char *
list_names (GTask *task, GPtrArray *schedules)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < schedules->len; i++)
    {
      const ErosSchedule *schedule = g_ptr_array_index (schedules, i);
      g_autofree char *place = place_of (schedule);

      g_string_append_printf (names, "%s%s%s", i > 0 ? ", " : "", schedule->title,
                              schedule->paused ? _ (" (paused)") : "");
      if (is_elsewhere (task, schedule))
        /* Translators: a location */
        g_string_append_printf (names, _ (" (in %s)"), place);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
schedules_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *location = eros_connection_get_location (eros_probe_connection (task));
  GError *error = NULL;
  g_autoptr (GPtrArray) schedules = eros_transfer_list_finish (result, &error);
  g_autofree char *names = NULL;
  g_autofree char *count = NULL;
  JsonArray *seen;

  if (schedules == NULL)
    {
      eros_probe_answered (task, _ ("Scheduled queries"), NULL, error);
      return;
    }
  seen = json_array_new ();
  for (guint i = 0; i < schedules->len; i++)
    {
      const ErosSchedule *schedule = g_ptr_array_index (schedules, i);

      add_trouble (task, schedule);
      json_array_add_object_element (seen, note_schedule (schedule));
    }
  names = list_names (task, schedules);
  count = g_strdup_printf ("%u", schedules->len);
  eros_probe_remember (task, "count", count);
  json_object_set_array_member (eros_probe_of (task)->result->evidence, "scheduled_queries", seen);
  eros_probe_add (task, _ ("Scheduled queries"), EROS_OUTCOME_PASS,
                  schedules->len > 0
                    /* Translators: number, location, names */
                    ? g_strdup_printf (ngettext ("%1$u scheduled query in %2$s: %3$s",
                                                 "%1$u scheduled queries in %2$s: %3$s", schedules->len),
                                       schedules->len, location, names)
                    /* Translators: a location */
                    : g_strdup_printf (_ ("No scheduled queries in %s"), location),
                  NULL);
  eros_probe_done (task);
}

void
eros_probe_start_schedules (GTask *task)
{
  eros_transfer_list_everywhere_async (eros_probe_of (task)->big_query, g_task_get_cancellable (task),
                                       schedules_cb, g_object_ref (task));
}
