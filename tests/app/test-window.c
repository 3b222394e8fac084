/* test-window.c: the window of one deployment: every page, shortcuts' actions, the clock, closing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <unistd.h>

#include "app-test.h"

#include "eros-application.h"
#include "eros-check-row.h"
#include "eros-decisions-view.h"
#include "eros-clock.h"
#include "eros-deployment-view.h"
#include "eros-field-entry.h"
#include "eros-reader-bar.h"
#include "eros-report-view.h"
#include "eros-settings.h"
#include "eros-sidebar-row.h"
#include "eros-sign-off-row.h"
#include "eros-window.h"

#define COST "validation.baseline.daily-cost.value"

static ErosDeploymentView *
view_of (ErosWindow *window)
{
  return EROS_DEPLOYMENT_VIEW (app_test_find (GTK_WIDGET (window), EROS_TYPE_DEPLOYMENT_VIEW, NULL, NULL));
}

static void
open_page (ErosWindow *window, const char *page)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", page);
  app_test_settle ();
  g_assert_cmpstr (eros_deployment_view_get_page (view_of (window)), ==, page);
}

static gboolean
has_pages (gpointer view)
{
  return eros_report_view_get_n_pages (view) > 0;
}

/* Warnings and criticals are fatal here. */
static void
test_every_page_opens_without_a_warning (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  GListModel *phases =
    eros_runbook_get_phases (eros_deployment_get_runbook (eros_session_get_deployment (session)));
  ErosWindow *window = app_test_open_window (session);

  open_page (window, "overview");
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      gtk_widget_activate_action (GTK_WIDGET (window), "win.phase", "i", i);
      app_test_settle ();
      g_assert_cmpstr (eros_deployment_view_get_page (view_of (window)), ==, eros_phase_get_id (phase));
    }
  gtk_widget_activate_action (GTK_WIDGET (window), "win.contacts", NULL);
  app_test_settle ();
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "Escalation Path"));
  open_page (window, "report");
  app_test_wait (has_pages, app_test_find (GTK_WIDGET (window), EROS_TYPE_REPORT_VIEW, NULL, NULL));
  app_test_settle ();
  app_test_close_window (window);
}

static guint
count_checks (GtkWidget *widget)
{
  guint n = EROS_IS_CHECK_ROW (widget) || EROS_IS_SIGN_OFF_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_checks (child);
  return n;
}

static gboolean
is_sidebar (GtkWidget *list, const char *detail)
{
  return EROS_IS_SIDEBAR_ROW (gtk_widget_get_first_child (list));
}

/* The keyboard goes through the list of phases; the page stays, and so does what shows which one it is. */
static void
test_the_open_page_is_the_one_that_is_selected (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkListBox *sidebar =
    GTK_LIST_BOX (app_test_find (GTK_WIDGET (window), GTK_TYPE_LIST_BOX, is_sidebar, NULL));
  GtkListBoxRow *row;

  open_page (window, "backup");
  gtk_list_box_select_row (sidebar, gtk_list_box_get_row_at_index (sidebar, 5));
  row = gtk_list_box_get_selected_row (sidebar);
  g_assert_cmpstr (eros_sidebar_row_get_page (EROS_SIDEBAR_ROW (row)), ==, "backup");
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (sidebar, 5), "activate");
  app_test_settle ();
  row = gtk_list_box_get_selected_row (sidebar);
  g_assert_cmpstr (eros_sidebar_row_get_page (EROS_SIDEBAR_ROW (row)), ==,
                   eros_deployment_view_get_page (view_of (window)));
  g_assert_cmpstr (eros_sidebar_row_get_page (EROS_SIDEBAR_ROW (row)), !=, "backup");
  app_test_close_window (window);
}

static void
test_all_114_boxes_are_there (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);

  for (int i = 0; i < 8; i++)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.phase", "i", i);
  app_test_settle ();
  /* The boxes of the paper, of which those that are signed are cards, and its three sign-offs. */
  g_assert_cmpuint (count_checks (GTK_WIDGET (window)), ==, 114 + 3);
  app_test_close_window (window);
}

static void
test_the_sidebar_follows_what_is_done (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *row;

  open_page (window, "preparation");
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "0/16"));
  row = app_test_find_check (GTK_WIDGET (window), "preparation.sign-off.product-owner");
  gtk_widget_activate_action (row, "item.ticked", NULL);
  /* Ticked, it is not done before it says who. */
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "0/16"));
  g_assert_true (eros_deployment_set_value (eros_session_get_deployment (session),
                                            "preparation.sign-off.people.product-owner", "Grace", NULL));
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "1/16"));
  app_test_close_window (window);
}

static void
test_the_environment_is_said_in_words (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);

  g_assert_true (app_test_has_label (GTK_WIDGET (window), "STAGING"));
  app_test_close_window (window);
}

static void
test_undo_takes_back_the_last_tick_and_says_so (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  ErosDeployment *deployment = eros_session_get_deployment (session);
  GtkWidget *row;
  const char *id = "preparation.sign-off.product-owner";

  open_page (window, "preparation");
  row = app_test_find_check (GTK_WIDGET (window), id);
  gtk_widget_activate_action (row, "item.ticked", NULL);
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (deployment, id)), ==, EROS_ITEM_TICKED);
  app_test_settle ();
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "Ticked “Product Owner"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (deployment, id)), ==, EROS_ITEM_OPEN);
  app_test_settle ();
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "Taken back: Tick “Product Owner"));
  app_test_close_window (window);
}

/* What was decided is passed by, shows in the sidebar and on the first page, and is withdrawn there. */
static void
test_undo_passes_decisions_by_and_they_are_listed (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view;
  const char *id = "preparation.environment.network";

  eros_deployment_record_check (deployment, id, EROS_OUTCOME_FAIL, "no answer", NULL, NULL);
  g_assert_true (eros_deployment_tick_by_decision (deployment, id, "known", NULL));
  g_assert_true (eros_deployment_override (deployment, "gate.backup", "Grace", "it burns", NULL));
  app_test_settle ();
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_true (eros_deployment_get_override (deployment, "gate.backup", NULL));
  g_assert_true (eros_item_is_decided (eros_deployment_get_item (deployment, id)));
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "1 by decision"));

  open_page (window, "overview");
  view = app_test_find (GTK_WIDGET (window), EROS_TYPE_DECISIONS_VIEW, NULL, NULL);
  g_assert_true (app_test_has_label (view, "Override of “There is a verified backup”"));
  g_assert_true (app_test_has_label (view, "it burns"));
  g_assert_true (eros_deployment_withdraw (deployment, "gate.backup", "a slip", NULL));
  app_test_settle ();
  g_assert_true (app_test_has_label (view, "Withdrawn: Override of “There is a verified backup”"));
  g_assert_true (app_test_has_label (view, ": a slip"));
  app_test_close_window (window);
}

static void
test_a_name_changed_in_the_preferences_reaches_what_is_open (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  GSettings *settings = eros_settings_get_default ();
  ErosWindow *window = app_test_open_window (session);

  g_settings_set_string (settings, "person-name", "Grace");
  g_assert_cmpstr (eros_deployment_get_actor (deployment), ==, "Grace");
  g_settings_set_string (settings, "person-email", "grace@example.com");
  g_assert_true (eros_deployment_tick (deployment, "preparation.sign-off.product-owner", NULL));
  g_assert_cmpstr (
    eros_item_get_actor (eros_deployment_get_item (deployment, "preparation.sign-off.product-owner")), ==,
    "Grace <grace@example.com>");
  g_settings_reset (settings, "person-name");
  g_settings_reset (settings, "person-email");
  app_test_close_window (window);
}

static gboolean
elapsed_cb (gpointer elapsed)
{
  *(gboolean *) elapsed = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_set (gpointer flag)
{
  return *(gboolean *) flag;
}

/* Lets animations run for that long. */
static void
run_for (guint milliseconds)
{
  gboolean elapsed = FALSE;

  g_timeout_add (milliseconds, elapsed_cb, &elapsed);
  app_test_wait (is_set, &elapsed);
}

/* Messages follow each other faster than they slide in and out. */
static void
test_somebody_in_a_hurry_is_survived (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *row;

  open_page (window, "preparation");
  row = app_test_find_check (GTK_WIDGET (window), "preparation.sign-off.product-owner");
  for (int i = 0; i < 5; i++)
    {
      gtk_widget_activate_action (row, "item.ticked", NULL);
      run_for (120);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
      run_for (120);
    }
  run_for (1000);
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "Taken back: Tick “Product Owner"));
  app_test_close_window (window);
}

static void
test_the_clock_ticks_only_while_it_shows_and_counts (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  ErosDeploymentSetup *setup = (ErosDeploymentSetup *) eros_deployment_get_setup (deployment);
  ErosWindow *window = NULL;
  ErosClock *clock = NULL;
  g_autoptr (GError) error = NULL;

  /* Its window is over, whatever the day is. */
  strcpy (setup->window_end, "2020-01-01T00:00:00Z");
  window = app_test_open_window (session);
  clock = EROS_CLOCK (app_test_find (GTK_WIDGET (window), EROS_TYPE_CLOCK, NULL, NULL));
  g_assert_false (eros_clock_is_ticking (clock));
  eros_deployment_record_value (deployment, "deployment.phase-1.start.time", "2026-01-01T00:00:00Z", NULL,
                                &error);
  g_assert_no_error (error);
  app_test_settle ();
  g_assert_true (eros_clock_is_ticking (clock));
  g_assert_true (app_test_has_label (GTK_WIDGET (clock), "T+"));
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  g_assert_false (eros_clock_is_ticking (clock));
  gtk_widget_set_visible (GTK_WIDGET (window), TRUE);
  app_test_settle ();
  g_assert_true (eros_clock_is_ticking (clock));
  app_test_close_window (window);
}

static void
type_cost (ErosWindow *window, const char *text)
{
  GtkWidget *entry;

  open_page (window, "validation");
  entry = app_test_find_field (GTK_WIDGET (window), COST);
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (entry, GTK_TYPE_ENTRY, NULL, NULL)), text);
}

static void
test_closing_stores_what_was_typed (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);

  type_cost (window, "4.20");
  gtk_window_close (GTK_WINDOW (window));
  app_test_settle ();
  g_assert_cmpstr (eros_deployment_get_value (eros_session_get_deployment (session), COST), ==, "4.20");
  g_assert_null (app_test_get_question ());
}

static void
test_closing_asks_before_it_loses_what_was_typed (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);

  type_cost (window, "a lot");
  gtk_window_close (GTK_WINDOW (window));
  app_test_settle ();
  g_assert_true (app_test_has_label (app_test_get_question (), "Daily query cost"));
  app_test_answer ("cancel");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  gtk_window_close (GTK_WINDOW (window));
  app_test_settle ();
  app_test_answer ("close");
  app_test_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (gtk_window_get_toplevels ()), ==, 0);
  g_assert_cmpstr (eros_deployment_get_value (eros_session_get_deployment (session), COST), ==, "");
}

static gboolean
is_gone (gpointer deployment)
{
  return *(gpointer *) deployment == NULL;
}

/* Otherwise its file would stay locked, and could not be opened again. */
static void
test_a_closed_window_lets_go_of_its_deployment (void)
{
  ErosSession *session = app_test_new_session ();
  g_autoptr (GFile) file = g_object_ref (app_test_get_file (session));
  g_autoptr (ErosDeployment) again = NULL;
  g_autoptr (GError) error = NULL;
  ErosDeployment *deployment = eros_session_get_deployment (session);
  ErosWindow *window = app_test_open_window (session);

  g_object_add_weak_pointer (G_OBJECT (deployment), (gpointer *) &deployment);
  g_object_unref (session);
  for (int i = 0; i < 8; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.phase", "i", i);
      app_test_settle ();
    }
  gtk_widget_activate_action (app_test_find_check (GTK_WIDGET (window), "preparation.sign-off.product-owner"),
                              "item.ticked", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.contacts", NULL);
  open_page (window, "overview");
  open_page (window, "report");
  app_test_wait (has_pages, app_test_find (GTK_WIDGET (window), EROS_TYPE_REPORT_VIEW, NULL, NULL));
  app_test_close_window (window);
  app_test_wait (is_gone, &deployment);
  again = eros_deployment_open (file, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
}

static gboolean
reader_is_ticked (gpointer session)
{
  ErosItem *item =
    eros_deployment_get_item (eros_session_get_deployment (session), "preparation.sign-off.product-owner");

  return eros_item_get_mark (item) == EROS_ITEM_TICKED;
}

static gboolean
is_take_over (GtkWidget *button, const char *detail)
{
  return gtk_widget_get_mapped (button) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), "win.take-over") == 0;
}

static gboolean
offers_to_take_over (gpointer window)
{
  return app_test_find (window, GTK_TYPE_BUTTON, is_take_over, NULL) != NULL;
}

static void
test_a_reader_says_who_writes_and_follows (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (ErosSession) reader = app_test_reopen (session);
  g_autofree char *writer = g_strdup_printf ("process %d on host %s", getpid (), g_get_host_name ());
  g_autoptr (GError) error = NULL;
  ErosWindow *window = app_test_open_window (reader);

  g_assert_true (app_test_has_label (GTK_WIDGET (window), writer));
  g_assert_false (offers_to_take_over (window));
  eros_deployment_tick (eros_session_get_deployment (session), "preparation.sign-off.product-owner", &error);
  g_assert_no_error (error);
  app_test_wait (reader_is_ticked, reader);
  app_test_close_window (window);
}

/* With the page that is open, and the banner gone. */
static void
test_a_reader_takes_over_when_the_writer_has_gone (void)
{
  ErosSession *session = app_test_new_session ();
  g_autoptr (ErosSession) reader = app_test_reopen (session);
  ErosWindow *window = app_test_open_window (reader);

  open_page (window, "validation");
  g_object_unref (session);
  app_test_wait (offers_to_take_over, window);
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "Nobody writes this deployment any more"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.take-over", NULL);
  app_test_settle ();
  g_assert_true (
    eros_journal_is_writable (eros_deployment_get_journal (eros_window_get_deployment (window))));
  g_assert_cmpstr (eros_window_get_page (window), ==, "validation");
  g_assert_false (offers_to_take_over (window));
  g_assert_false (
    gtk_widget_get_visible (app_test_find (GTK_WIDGET (window), EROS_TYPE_READER_BAR, NULL, NULL)));
  app_test_close_window (window);
}

static gboolean
is_revealed (GtkWidget *widget, const char *detail)
{
  return gtk_revealer_get_reveal_child (GTK_REVEALER (widget)) && app_test_has_label (widget, detail);
}

static void
test_a_connection_that_is_not_set_up_here_is_explained (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);

  open_page (window, "validation");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.run-checks", NULL);
  app_test_settle ();
  g_assert_nonnull (app_test_find (GTK_WIDGET (window), GTK_TYPE_REVEALER, is_revealed,
                                   "“nowhere” that this deployment was made with"));
  g_assert_false (eros_session_get_busy (session));
  app_test_close_window (window);
}

static void
test_it_works_from_right_to_left (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  window = app_test_open_window (session);
  for (int i = 0; i < 8; i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.phase", "i", i);
      app_test_settle ();
    }
  app_test_close_window (window);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

#define ADD(name, function) g_test_add_func ("/app/window/" name, function)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("every-page-opens-without-a-warning", test_every_page_opens_without_a_warning);
  ADD ("the-open-page-is-the-one-that-is-selected", test_the_open_page_is_the_one_that_is_selected);
  ADD ("all-114-boxes-are-there", test_all_114_boxes_are_there);
  ADD ("the-sidebar-follows-what-is-done", test_the_sidebar_follows_what_is_done);
  ADD ("the-environment-is-said-in-words", test_the_environment_is_said_in_words);
  ADD ("undo-takes-back-the-last-tick-and-says-so", test_undo_takes_back_the_last_tick_and_says_so);
  ADD ("undo-passes-decisions-by-and-they-are-listed", test_undo_passes_decisions_by_and_they_are_listed);
  ADD ("a-name-changed-in-the-preferences-reaches-what-is-open",
       test_a_name_changed_in_the_preferences_reaches_what_is_open);
  ADD ("somebody-in-a-hurry-is-survived", test_somebody_in_a_hurry_is_survived);
  ADD ("the-clock-ticks-only-while-it-shows-and-counts", test_the_clock_ticks_only_while_it_shows_and_counts);
  ADD ("closing-stores-what-was-typed", test_closing_stores_what_was_typed);
  ADD ("closing-asks-before-it-loses-what-was-typed", test_closing_asks_before_it_loses_what_was_typed);
  ADD ("a-closed-window-lets-go-of-its-deployment", test_a_closed_window_lets_go_of_its_deployment);
  ADD ("a-reader-says-who-writes-and-follows", test_a_reader_says_who_writes_and_follows);
  ADD ("a-reader-takes-over-when-the-writer-has-gone", test_a_reader_takes_over_when_the_writer_has_gone);
  ADD ("a-connection-that-is-not-set-up-here-is-explained",
       test_a_connection_that_is_not_set_up_here_is_explained);
  ADD ("it-works-from-right-to-left", test_it_works_from_right_to_left);
  return g_test_run ();
}
