/* eros-schedule-row.c: when to look after the deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-schedule-row.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-grid.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define DAY_S (24 * 60 * 60)
/* More moments than this are not listed one by one. */
#define MAX_LISTED 16

/* The moments of an entry in seconds since 1970, for a deployment that ended at END_S. */
static GArray *
moments (const ErosScheduleEntry *entry, gint64 end_s)
{
  GArray *result = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 first = end_s + entry->start_s;
  gint64 last = entry->end_s > 0 ? end_s + entry->end_s : first;
  gint64 step = entry->every_s;

  if (entry->time_of_day_s >= 0)
    {
      step = DAY_S;
      first =
        first - first % DAY_S + entry->time_of_day_s + (first % DAY_S > entry->time_of_day_s ? DAY_S : 0);
    }
  for (gint64 t = first; t <= last; t += step)
    {
      g_array_append_val (result, t);
      if (step <= 0)
        break;
    }
  return result;
}

static void
append_moment (GString *text, gint64 moment_s, gint64 *day)
{
  /* Translators: a time with and without its day, for g_date_time_format () */
  const char *format = *day == moment_s / DAY_S ? _ ("%H:%M") : _ ("%-d %b %H:%M");
  g_autofree char *formatted = eros_time_format (moment_s * G_USEC_PER_SEC, format);

  *day = moment_s / DAY_S;
  if (text->len > 0)
    g_string_append (text, ", ");
  g_string_append (text, formatted);
}

static char *
list_moments (const ErosScheduleEntry *entry, gint64 end_s)
{
  g_autoptr (GArray) times = moments (entry, end_s);
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 day = -1;

  if (times->len == 0)
    return g_strdup (_ ("Not in the time that is watched"));
  for (guint i = 0; i < MIN (times->len, MAX_LISTED); i++)
    append_moment (text, g_array_index (times, gint64, i), &day);
  if (times->len > MAX_LISTED)
    {
      g_string_append (text, " … ");
      append_moment (text, g_array_index (times, gint64, times->len - 1), &day);
    }
  g_string_append (text, " UTC");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
relative (gint64 seconds)
{
  if (seconds % DAY_S == 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day", "%d days", seconds / DAY_S),
                            (int) (seconds / DAY_S));
  if (seconds % 3600 == 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d hour", "%d hours", seconds / 3600),
                            (int) (seconds / 3600));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d minute", "%d minutes", seconds / 60),
                          (int) (seconds / 60));
}

/* The same while nobody knows yet when the deployment ends. */
static char *
describe_relative (const ErosScheduleEntry *entry, gboolean after_deployment)
{
  g_autofree char *start = relative (entry->start_s);
  g_autofree char *end = relative (entry->end_s);

  if (!after_deployment)
    return g_strdup_printf (_ ("For %s after it has ended"), end);
  if (entry->time_of_day_s >= 0)
    return g_strdup_printf (_ ("Daily at %02d:%02d UTC, until %s after the deployment’s end"),
                            entry->time_of_day_s / 3600, entry->time_of_day_s / 60 % 60, end);
  if (entry->every_s == 0)
    return g_strdup_printf (_ ("%s after the deployment’s end"), start);
  if (entry->start_s == 0)
    return g_strdup_printf (_ ("From the deployment’s end until %s after it"), end);
  return g_strdup_printf (_ ("From %s until %s after the deployment’s end"), start, end);
}

static char *
title (const ErosScheduleEntry *entry)
{
  g_autofree char *every = NULL;

  if (entry->text != NULL)
    return g_strdup (entry->text);
  every = relative (entry->every_s);
  return g_strdup_printf (_ ("Every %s"), every);
}

/* In microseconds since 1970; 0: not yet. */
static gint64
find_start (ErosDeployment *deployment, ErosElement *element)
{
  const char *after = eros_element_get_after (element);

  return after != NULL ? eros_deployment_get_operation_end (deployment, after)
                       : eros_timeline_get_end (deployment);
}

/* How they went, as far as they did. */
static void
add_rounds (ErosGrid *grid, GPtrArray *slots, const ErosScheduleEntry *entry)
{
  g_autofree char *made = eros_watch_describe (slots, entry);

  if (made == NULL)
    return;
  eros_grid_begin_row (grid);
  eros_grid_skip (grid);
  gtk_label_set_max_width_chars (GTK_LABEL (eros_grid_add_heading (grid, made)), 42);
}

static void
fill (GtkListBoxRow *row)
{
  ErosDeployment *deployment = g_object_get_data (G_OBJECT (row), "deployment");
  ErosElement *element = g_object_get_data (G_OBJECT (row), "element");
  gint64 end = find_start (deployment, element) / G_USEC_PER_SEC;
  g_autoptr (ErosGrid) grid = eros_grid_new ();
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, element, eros_timeline_get_now (deployment));
  GtkWidget *table;
  guint n;
  const ErosScheduleEntry *entries = eros_element_get_schedule (element, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *what = title (&entries[i]);
      g_autofree char *when = end != 0
                                ? list_moments (&entries[i], end)
                                : describe_relative (&entries[i], eros_element_get_after (element) == NULL);

      eros_grid_begin_row (grid);
      gtk_widget_set_hexpand (eros_grid_add_text (grid, what), TRUE);
      gtk_label_set_max_width_chars (GTK_LABEL (eros_grid_add_heading (grid, when)), 42);
      add_rounds (grid, slots, &entries[i]);
    }
  table = eros_grid_end (grid);
  gtk_widget_add_css_class (table, "eros-content");
  gtk_list_box_row_set_child (row, table);
}

/* (transfer full) (nullable): how all rounds went */
static char *
describe_all (GtkListBoxRow *row)
{
  ErosDeployment *deployment = g_object_get_data (G_OBJECT (row), "deployment");
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, g_object_get_data (G_OBJECT (row), "element"),
                                                 eros_timeline_get_now (deployment));

  return eros_watch_describe (slots, NULL);
}

static void
update (GtkListBoxRow *row)
{
  gint64 end = find_start (g_object_get_data (G_OBJECT (row), "deployment"),
                           g_object_get_data (G_OBJECT (row), "element"));
  gint64 *shown = g_object_get_data (G_OBJECT (row), "end");
  char *made = describe_all (row);

  if (*shown == end && g_strcmp0 (made, g_object_get_data (G_OBJECT (row), "made")) == 0)
    {
      g_free (made);
      return;
    }
  *shown = end;
  g_object_set_data_full (G_OBJECT (row), "made", made, g_free);
  fill (row);
}

static void
field_changed_cb (ErosDeployment *deployment, const char *field_id, GtkListBoxRow *row)
{
  update (row);
}

static void
journal_changed_cb (GListModel *journal, guint position, guint removed, guint added, GtkListBoxRow *row)
{
  update (row);
}

/**
 * eros_schedule_row_new:
 * @deployment: the deployment
 * @element: its schedule
 *
 * Makes the list of when to look: as times of day once the deployment's end is known, relative to it before.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_schedule_row_new (ErosDeployment *deployment, ErosElement *element)
{
  GtkWidget *row = gtk_list_box_row_new ();
  gint64 *shown = g_new (gint64, 1);

  *shown = find_start (deployment, element);
  g_object_set_data_full (G_OBJECT (row), "end", shown, g_free);
  g_object_set_data_full (G_OBJECT (row), "deployment", g_object_ref (deployment), g_object_unref);
  g_object_set_data_full (G_OBJECT (row), "element", g_object_ref (element), g_object_unref);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  eros_accessible_set_name (row, eros_element_get_label (element));
  g_signal_connect_object (deployment, "field-changed", G_CALLBACK (field_changed_cb), row, 0);
  if (eros_element_get_after (element) != NULL)
    g_signal_connect_object (eros_deployment_get_journal (deployment), "items-changed",
                             G_CALLBACK (journal_changed_cb), row, 0);
  fill (GTK_LIST_BOX_ROW (row));
  return row;
}
