/* test-now.c: what is next, what is wrong and the way back, on every page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "app-test.h"

#include "eros-code-view.h"
#include "eros-deployment-view.h"
#include "eros-now-bar.h"
#include "eros-now-page.h"
#include "eros-obstacle-view.h"
#include "eros-plan-dialog.h"
#include "eros-sidebar-row.h"
#include "eros-situation.h"
#include "eros-watch.h"
#include "eros-watcher.h"
#include "eros-window.h"

#define NETWORK "preparation.environment.network"

static void
record (ErosSession *session, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (body);
  eros_deployment_record (eros_session_get_deployment (session), kind, body, &error);
  g_assert_no_error (error);
}

static void
operate (ErosSession *session, const char *operation, const char *outcome)
{
  g_autofree char *begun = g_strdup_printf (
    "{\"id\":\"%s\",\"operation\":\"%s\",\"title\":\"Work\",\"arguments\":{}}", operation, operation);
  g_autofree char *ended = g_strdup_printf ("{\"id\":\"%s\",\"operation\":\"%s\",\"outcome\":\"%s\"}",
                                            operation, operation, outcome);

  record (session, "operation.started", begun);
  record (session, "operation.ended", ended);
}

static GtkWidget *
bar_of (ErosWindow *window)
{
  return app_test_find (GTK_WIDGET (window), EROS_TYPE_NOW_BAR, NULL, NULL);
}

static ErosDeploymentView *
view_of (ErosWindow *window)
{
  return EROS_DEPLOYMENT_VIEW (app_test_find (GTK_WIDGET (window), EROS_TYPE_DEPLOYMENT_VIEW, NULL, NULL));
}

static GtkWidget *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (EROS_IS_PLAN_DIALOG (window))
        return window;
    }
  return NULL;
}

static gboolean
is_labelled (GtkWidget *button, const char *label)
{
  return gtk_widget_get_mapped (button) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0;
}

static void
click (GtkWidget *root, const char *label)
{
  GtkWidget *button = app_test_find (root, GTK_TYPE_BUTTON, is_labelled, label);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  app_test_settle ();
}

static gboolean
is_of_page (GtkWidget *row, const char *page)
{
  return g_str_equal (eros_sidebar_row_get_page (EROS_SIDEBAR_ROW (row)), page);
}

static void
assert_phase_says (ErosWindow *window, const char *page, const char *words)
{
  GtkWidget *row = app_test_find (GTK_WIDGET (window), EROS_TYPE_SIDEBAR_ROW, is_of_page, page);
  const char *text = gtk_widget_get_tooltip_text (row);

  if (text == NULL || strstr (text, words) == NULL)
    g_error ("“%s” says “%s”, not “%s”", page, text, words);
}

static void
test_it_opens_on_what_is_now (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window;

  eros_deployment_tick (eros_session_get_deployment (session), "follow-up.documentation.api", NULL);
  window = app_test_open_window (session);
  g_assert_cmpstr (eros_deployment_view_get_page (view_of (window)), ==, "now");
  g_assert_true (app_test_has_label (bar_of (window), "Next: Product Owner approval"));
  g_assert_nonnull (strstr (gtk_window_get_title (GTK_WINDOW (window)), "Staging"));
  click (bar_of (window), "_Show");
  g_assert_cmpstr (eros_deployment_view_get_page (view_of (window)), ==, "preparation");
  app_test_close_window (window);
}

static gboolean
has_icon (GtkWidget *button, const char *icon)
{
  return gtk_widget_get_mapped (button) &&
         g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (button)), icon) == 0;
}

static void
test_a_failure_is_said_on_every_page_and_leads_to_its_box (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *row, *show;

  g_assert_false (app_test_has_label (bar_of (window), "no route"));
  eros_deployment_record_check (deployment, NETWORK, EROS_OUTCOME_FAIL, "no route", NULL, NULL);
  app_test_settle ();
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "monitoring");
  app_test_settle ();
  g_assert_true (app_test_has_label (bar_of (window), "no route"));
  assert_phase_says (window, "preparation", "a check has failed");
  show = app_test_find (bar_of (window), GTK_TYPE_BUTTON, has_icon, "go-next-symbolic");
  g_assert_nonnull (show);
  g_signal_emit_by_name (show, "clicked");
  app_test_settle ();
  g_assert_cmpstr (eros_deployment_view_get_page (view_of (window)), ==, "preparation");
  row = app_test_find_check (GTK_WIDGET (window), NETWORK);
  g_assert_true (gtk_widget_get_mapped (row));
  eros_deployment_record_check (deployment, NETWORK, EROS_OUTCOME_PASS, "it answers", NULL, NULL);
  app_test_settle ();
  g_assert_false (app_test_has_label (bar_of (window), "no route"));
  app_test_close_window (window);
}

static void
test_the_sidebar_tells_how_work_went (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);

  operate (session, "backup", "error");
  operate (session, "deploy-phase1", "cancelled");
  app_test_settle ();
  assert_phase_says (window, "backup", "an operation has failed");
  assert_phase_says (window, "deployment", "an operation was stopped");
  operate (session, "deploy-phase1", "pass");
  operate (session, "rollback", "pass");
  app_test_settle ();
  assert_phase_says (window, "deployment", "taken back by the rollback");
  g_assert_true (app_test_has_label (bar_of (window), "Rolled back at ") ||
                 app_test_has_label (bar_of (window), "“Work” failed"));
  app_test_close_window (window);
}

/* From every page, with one click; where it will act stands on top of it. */
static void
test_one_dialog_rolls_back_from_everywhere (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  static const char *const pages[] = { "now", "overview", "deployment", "rollback", "contacts" };

  eros_deployment_view_set_page (view_of (window), "monitoring");
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", pages[i]);
      app_test_settle ();
      click (bar_of (window), "Roll _Back…");
      g_assert_nonnull (find_dialog ());
      g_assert_true (app_test_has_label (find_dialog (), "STAGING"));
      g_assert_true (app_test_has_label (find_dialog (), "eros-staging"));
      gtk_window_close (GTK_WINDOW (find_dialog ()));
      app_test_settle ();
      g_assert_null (find_dialog ());
    }
  app_test_close_window (window);
}

static gboolean
is_shown (GtkWidget *view, const char *detail)
{
  return gtk_widget_get_mapped (view);
}

static guint
count_links (GtkWidget *view)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (view); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += GTK_IS_BUTTON (child);
  return n;
}

static gboolean
leads_to (GtkWidget *button, const char *label)
{
  GtkWidget *child = gtk_button_get_child (GTK_BUTTON (button));

  return GTK_IS_LABEL (child) && strstr (gtk_label_get_text (GTK_LABEL (child)), label) != NULL;
}

/* All at once, before any button is pressed. */
static void
test_what_has_to_wait_says_why_with_links (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  GtkWidget *view, *link;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "deployment");
  app_test_settle ();
  view = app_test_find (GTK_WIDGET (window), EROS_TYPE_OBSTACLE_VIEW, is_shown, NULL);
  g_assert_nonnull (view);
  g_assert_true (app_test_has_label (view, "The stakeholders have approved"));
  g_assert_cmpuint (count_links (view), >, 10);
  link = app_test_find (view, GTK_TYPE_BUTTON, leads_to, "Technical Lead approval");
  g_assert_nonnull (link);
  g_signal_emit_by_name (link, "clicked");
  app_test_settle ();
  g_assert_cmpstr (eros_deployment_view_get_page (view_of (window)), ==, "preparation");
  app_test_close_window (window);
}

/* (transfer full) (nullable) */
static GtkEventController *
find_wheel (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
        return g_steal_pointer (&controller);
    }
  return NULL;
}

static void
test_the_wheel_scrolls_the_page_over_code_too (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  g_autoptr (GtkEventController) wheel = NULL;
  GtkAdjustment *adjustment;
  GtkWidget *code, *page;
  gboolean handled = FALSE;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "validation");
  app_test_settle ();
  code = app_test_find (GTK_WIDGET (window), EROS_TYPE_CODE_VIEW, NULL, NULL);
  g_assert_nonnull (code);
  page = gtk_widget_get_ancestor (code, GTK_TYPE_SCROLLED_WINDOW);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));
  wheel = find_wheel (code);
  g_assert_nonnull (wheel);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==, 0);
  g_signal_emit_by_name (wheel, "scroll", 0.0, 1.0, &handled);
  g_assert_true (handled);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), >, 10);
  /* Sideways it is the code's. */
  g_signal_emit_by_name (wheel, "scroll", 1.0, 0.0, &handled);
  g_assert_false (handled);
  app_test_close_window (window);
}

static guint
count_missed (ErosDeployment *deployment)
{
  GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (deployment));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (journal); i++)
    {
      g_autoptr (ErosEvent) event = g_list_model_get_item (journal, i);

      n += g_str_equal (eros_event_get_kind (event), "watch.missed");
    }
  return n;
}

static void
failed_cb (ErosSession *session, const char *message, guint *n)
{
  (*n)++;
}

static gboolean
has_failed (gpointer n)
{
  return *(guint *) n > 0;
}

/* The window watches by itself: what went by is on record, and what is due is looked at, here without success
 * because there is no such connection. */
static void
test_the_window_makes_the_rounds_that_are_due (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) ended = g_date_time_add_minutes (now, -50);
  g_autofree char *text = g_date_time_format (ended, "%Y-%m-%dT%H:%M:%SZ");
  ErosWindow *window;
  guint n_failed = 0;

  g_assert_true (eros_deployment_set_value (deployment, "deployment.phase-2.end.time", text, NULL));
  g_assert_cmpuint (count_missed (deployment), ==, 0);
  g_signal_connect (session, "failed", G_CALLBACK (failed_cb), &n_failed);
  window = app_test_open_window (session);
  app_test_wait (has_failed, &n_failed);
  /* Of the end itself, and of 15 and 30 minutes after it. */
  g_assert_cmpuint (count_missed (deployment), ==, 3);
  app_test_settle ();
  /* Not again at once. */
  g_assert_cmpuint (n_failed, ==, 1);
  app_test_close_window (window);
}

/* The round that was due is then another's. */
static void
test_a_window_that_is_closed_at_once_makes_no_round (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) ended = g_date_time_add_minutes (now, -50);
  g_autofree char *text = g_date_time_format (ended, "%Y-%m-%dT%H:%M:%SZ");
  guint n_failed = 0;

  g_assert_true (eros_deployment_set_value (deployment, "deployment.phase-2.end.time", text, NULL));
  g_signal_connect (session, "failed", G_CALLBACK (failed_cb), &n_failed);
  g_object_unref (eros_watcher_new (session));
  app_test_settle ();
  g_assert_cmpuint (n_failed, ==, 0);
  g_assert_cmpuint (count_missed (deployment), ==, 0);
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  g_test_add_func ("/app/now/it-opens-on-what-is-now", test_it_opens_on_what_is_now);
  g_test_add_func ("/app/now/a-failure-is-said-on-every-page-and-leads-to-its-box",
                   test_a_failure_is_said_on_every_page_and_leads_to_its_box);
  g_test_add_func ("/app/now/the-sidebar-tells-how-work-went", test_the_sidebar_tells_how_work_went);
  g_test_add_func ("/app/now/one-dialog-rolls-back-from-everywhere",
                   test_one_dialog_rolls_back_from_everywhere);
  g_test_add_func ("/app/now/what-has-to-wait-says-why-with-links",
                   test_what_has_to_wait_says_why_with_links);
  g_test_add_func ("/app/now/the-wheel-scrolls-the-page-over-code-too",
                   test_the_wheel_scrolls_the_page_over_code_too);
  g_test_add_func ("/app/now/the-window-makes-the-rounds-that-are-due",
                   test_the_window_makes_the_rounds_that_are_due);
  g_test_add_func ("/app/now/a-window-that-is-closed-at-once-makes-no-round",
                   test_a_window_that_is_closed_at_once_makes_no_round);
  return g_test_run ();
}
