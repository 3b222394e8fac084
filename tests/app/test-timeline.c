/* test-timeline.c: all that happened, found and gone to; and the clock in the header
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "app-test.h"

#include "eros-clock.h"
#include "eros-deployment-view.h"
#include "eros-stand-in.h"
#include "eros-timeline-row.h"
#include "eros-timeline-view.h"

#define OWNER "preparation.sign-off.product-owner"

static GtkWidget *
open_timeline (ErosWindow *window)
{
  GtkWidget *view;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.timeline", NULL);
  app_test_settle ();
  view = app_test_find (GTK_WIDGET (window), EROS_TYPE_TIMELINE_VIEW, NULL, NULL);
  g_assert_nonnull (view);
  return view;
}

static GListModel *
get_shown (GtkWidget *view)
{
  return eros_timeline_view_get_shown (EROS_TIMELINE_VIEW (view));
}

static const char *
kind_at (GtkWidget *view, guint position)
{
  g_autoptr (ErosEvent) event = g_list_model_get_item (get_shown (view), position);

  return EROS_IS_EVENT (event) ? eros_event_get_kind (event) : NULL;
}

static void
tick (ErosSession *session, const char *id)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_tick (eros_session_get_deployment (session), id, &error);
  g_assert_no_error (error);
}

static void
test_what_happens_stands_first (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view = open_timeline (window);
  guint n = g_list_model_get_n_items (get_shown (view));

  tick (session, OWNER);
  app_test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (get_shown (view)), ==, n + 1);
  g_assert_cmpstr (kind_at (view, 0), ==, "item.ticked");
  g_assert_true (app_test_has_label (view, "Ticked: Product Owner approval received"));
  g_assert_true (app_test_has_label (view, "· Ada"));
  app_test_close_window (window);
}

static gboolean
is_undo (GtkWidget *button, const char *detail)
{
  return gtk_widget_get_visible (button) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), "win.undo") == 0;
}

static void
test_only_the_last_act_is_undone_there (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view = open_timeline (window);
  GtkWidget *undo;

  tick (session, OWNER);
  app_test_settle ();
  undo = app_test_find (view, GTK_TYPE_BUTTON, is_undo, NULL);
  g_assert_nonnull (undo);
  g_signal_emit_by_name (undo, "clicked");
  app_test_settle ();
  g_assert_cmpstr (kind_at (view, 0), ==, "event.undone");
  g_assert_null (app_test_find (view, GTK_TYPE_BUTTON, is_undo, NULL));
  app_test_close_window (window);
}

static gboolean
has_one (gpointer model)
{
  return g_list_model_get_n_items (model) == 1;
}

/* A box, and then what happened to it. */
static gboolean
has_both (gpointer model)
{
  g_autoptr (GObject) first = g_list_model_get_item (model, 0);

  return g_list_model_get_n_items (model) == 2 && EROS_IS_ELEMENT (first);
}

/* A choice has a list of its own. */
static gboolean
is_no_choice (GtkWidget *list, const char *detail)
{
  return gtk_widget_get_ancestor (list, GTK_TYPE_POPOVER) == NULL;
}

static void
test_a_search_finds_boxes_and_events_and_leads_to_them (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view;
  GtkWidget *search;
  GtkWidget *list;

  tick (session, OWNER);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.search", NULL);
  app_test_settle ();
  view = app_test_find (GTK_WIDGET (window), EROS_TYPE_TIMELINE_VIEW, NULL, NULL);
  search = app_test_find (view, GTK_TYPE_SEARCH_ENTRY, NULL, NULL);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), search));

  gtk_editable_set_text (GTK_EDITABLE (search), "product owner APPROVAL");
  app_test_wait (has_both, get_shown (view));
  g_assert_cmpstr (kind_at (view, 1), ==, "item.ticked");
  list = app_test_find (view, GTK_TYPE_LIST_VIEW, is_no_choice, NULL);
  g_signal_emit_by_name (list, "activate", 0);
  app_test_settle ();
  g_assert_cmpstr (eros_deployment_view_get_page (EROS_DEPLOYMENT_VIEW (
                     app_test_find (GTK_WIDGET (window), EROS_TYPE_DEPLOYMENT_VIEW, NULL, NULL))),
                   ==, "preparation");
  app_test_close_window (window);
}

static void
test_what_went_wrong_is_chosen (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view = open_timeline (window);
  GtkWidget *choice = app_test_find (view, GTK_TYPE_DROP_DOWN, NULL, NULL);
  g_autoptr (GError) error = NULL;

  tick (session, OWNER);
  eros_deployment_record_check (deployment, "preparation.environment.network", EROS_OUTCOME_FAIL, "no route",
                                NULL, &error);
  g_assert_no_error (error);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), 3);
  app_test_wait (has_one, get_shown (view));
  g_assert_cmpstr (kind_at (view, 0), ==, "check.finished");
  app_test_close_window (window);
}

static gboolean
has_none (gpointer model)
{
  return g_list_model_get_n_items (model) == 0;
}

/* It is nobody: what it does is what the machine does. */
static void
test_a_stand_in_is_not_people (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view = open_timeline (window);
  GtkDropDown *choice = GTK_DROP_DOWN (app_test_find (view, GTK_TYPE_DROP_DOWN, NULL, NULL));
  GtkWidget *search = app_test_find (view, GTK_TYPE_SEARCH_ENTRY, NULL, NULL);

  eros_deployment_set_actor (eros_session_get_deployment (session), EROS_STAND_IN_ACTOR);
  tick (session, "preparation.environment.client");
  gtk_editable_set_text (GTK_EDITABLE (search), "Ticked:");
  app_test_wait (has_one, get_shown (view));
  gtk_drop_down_set_selected (choice, 1);
  app_test_wait (has_none, get_shown (view));
  gtk_drop_down_set_selected (choice, 2);
  app_test_wait (has_one, get_shown (view));
  app_test_close_window (window);
}

/* In KiB. */
static guint64
get_memory (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  line = status != NULL ? strstr (status, "VmRSS:") : NULL;
  return line != NULL ? g_ascii_strtoull (line + strlen ("VmRSS:"), NULL, 10) : 0;
}

static gboolean
is_nothing (GtkWidget *label, const char *text)
{
  return strcmp (gtk_label_get_text (GTK_LABEL (label)), text) == 0;
}

static GtkWidget *
find_nothing (GtkWidget *view)
{
  return app_test_find (view, GTK_TYPE_LABEL, is_nothing, "Nothing like that has happened.");
}

static gboolean
says_nothing (gpointer view)
{
  return gtk_widget_get_mapped (find_nothing (view));
}

static void
never_cb (GtkWidget *nothing)
{
  g_assert_false (gtk_widget_get_visible (nothing));
}

static gboolean
is_found (gpointer view)
{
  return app_test_has_label (view, "the needle");
}

/* Not before all was looked through. */
static void
test_that_there_is_nothing_is_said_at_the_end (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autoptr (JsonNode) body = json_from_string ("{\"why\":\"the network is slow\"}", NULL);
  g_autoptr (JsonNode) needle = json_from_string ("{\"why\":\"the needle\"}", NULL);
  ErosWindow *window;
  GtkWidget *view, *search;
  gulong never;

  g_assert_nonnull (eros_deployment_record (deployment, "service.waited-for", needle, NULL));
  for (guint i = 0; i < 2000; i++)
    g_assert_nonnull (eros_deployment_record (deployment, "service.waited-for", body, NULL));
  window = app_test_open_window (session);
  view = open_timeline (window);
  search = app_test_find (view, GTK_TYPE_SEARCH_ENTRY, NULL, NULL);
  never = g_signal_connect (find_nothing (view), "notify::visible", G_CALLBACK (never_cb), NULL);
  gtk_editable_set_text (GTK_EDITABLE (search), "needle");
  app_test_wait (is_found, view);
  g_signal_handler_disconnect (find_nothing (view), never);
  gtk_editable_set_text (GTK_EDITABLE (search), "no such thing");
  app_test_wait (says_nothing, view);
  app_test_close_window (window);
}

/* Neither copied nor looked through: opening it is a matter of what shows. With EROS_TEST_LONG 100,000
 * events. */
static void
test_a_long_record_opens_at_once (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  guint n = g_getenv ("EROS_TEST_LONG") != NULL ? 100000 : 2000;
  g_autoptr (JsonNode) body = json_from_string ("{\"why\":\"the network is slow\"}", NULL);
  g_autoptr (JsonNode) needle = json_from_string ("{\"why\":\"the needle\"}", NULL);
  g_autoptr (GError) error = NULL;
  guint64 memory;
  ErosWindow *window;
  GtkWidget *view;
  gint64 begun, opened, shown, found;

  g_assert_nonnull (eros_deployment_record (deployment, "service.waited-for", needle, &error));
  for (guint i = 0; i < n; i++)
    g_assert_nonnull (eros_deployment_record (deployment, "service.waited-for", body, &error));
  g_assert_no_error (error);
  memory = get_memory ();
  begun = g_get_monotonic_time ();
  window = app_test_open_window (session);
  opened = g_get_monotonic_time ();
  view = open_timeline (window);
  shown = g_get_monotonic_time ();
  g_assert_cmpuint (g_list_model_get_n_items (get_shown (view)), >, n);
  g_assert_true (app_test_has_label (view, "No answer: the network is slow"));
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (view, GTK_TYPE_SEARCH_ENTRY, NULL, NULL)), "needle");
  app_test_wait (is_found, view);
  found = g_get_monotonic_time ();
  g_test_message (
    "%u events: window %.0f ms, timeline %.0f ms, searched %.0f ms, %" G_GUINT64_FORMAT " KiB more", n,
    (opened - begun) / 1000.0, (shown - opened) / 1000.0, (found - shown) / 1000.0, get_memory () - memory);
  g_assert_cmpuint (g_list_model_get_n_items (get_shown (view)), ==, 1);
  app_test_close_window (window);
}

/* ---- the clock ----------------------------------------------------------------------------------------- */

static ErosWindow *
open_in_window (ErosSession *session, int start_minutes, int end_minutes)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (eros_session_get_deployment (session));
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) start = g_date_time_add_minutes (now, start_minutes);
  g_autoptr (GDateTime) end = g_date_time_add_minutes (now, end_minutes);
  ErosDeploymentSetup *own = (ErosDeploymentSetup *) setup;

  g_free (own->window_start);
  g_free (own->window_end);
  own->window_start = g_date_time_format (start, "%Y-%m-%dT%H:%M:%SZ");
  own->window_end = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");
  return app_test_open_window (session);
}

static void
assert_clock (int start_minutes, int end_minutes, gboolean has_begun, const char *first, const char *last)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GError) error = NULL;
  ErosWindow *window = NULL;
  GtkWidget *clock;

  if (has_begun)
    eros_deployment_record_value (eros_session_get_deployment (session), "deployment.phase-1.start.time",
                                  "2026-01-01T00:00:00Z", NULL, &error);
  g_assert_no_error (error);
  window = open_in_window (session, start_minutes, end_minutes);
  clock = app_test_find (GTK_WIDGET (window), EROS_TYPE_CLOCK, NULL, NULL);
  g_assert_true (gtk_widget_get_mapped (clock));
  g_assert_true (app_test_has_label (clock, first));
  g_assert_true (app_test_has_label (clock, last));
  app_test_close_window (window);
}

static void
test_the_clock_counts_to_the_window_and_to_its_end (void)
{
  assert_clock (60, 180, FALSE, "T−00:5", "ends in 2:59:");
  assert_clock (-60, 60, FALSE, "ends in 59:", "ends in 59:");
  assert_clock (-60, 60, TRUE, "T+", "ends in 59:");
  assert_clock (-60, -1, TRUE, "T+", "window over");
}

#define ADD(name, function) g_test_add_func ("/app/timeline/" name, function)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("what-happens-stands-first", test_what_happens_stands_first);
  ADD ("only-the-last-act-is-undone-there", test_only_the_last_act_is_undone_there);
  ADD ("a-search-finds-boxes-and-events-and-leads-to-them",
       test_a_search_finds_boxes_and_events_and_leads_to_them);
  ADD ("what-went-wrong-is-chosen", test_what_went_wrong_is_chosen);
  ADD ("a-stand-in-is-not-people", test_a_stand_in_is_not_people);
  ADD ("that-there-is-nothing-is-said-at-the-end", test_that_there_is_nothing_is_said_at_the_end);
  ADD ("a-long-record-opens-at-once", test_a_long_record_opens_at_once);
  ADD ("the-clock-counts-to-the-window-and-to-its-end", test_the_clock_counts_to_the_window_and_to_its_end);
  return g_test_run ();
}
