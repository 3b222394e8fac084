/* test-operations.c: operations planned, started, stopped and taken up again, in real widgets on a real
 * service
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <gtksourceview/gtksource.h>

#include "app-test.h"

#include "eros-big-query.h"
#include "eros-deployment-view.h"
#include "eros-element-rows.h"
#include "eros-form-row.h"
#include "eros-operation-bar.h"
#include "eros-operation-row.h"
#include "eros-plan-dialog.h"
#include "eros-step-row.h"
#include "eros-window.h"

/* A rehearsal of its own, and a window with the cards that are asked for. */
typedef struct
{
  ErosRehearsal *rehearsal;
  ErosSession *session;
  GtkWidget *window;
  GtkWidget *list;
  gboolean queried;
} Fixture;

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  fixture->rehearsal = eros_rehearsal_start_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_started (gpointer data)
{
  return ((Fixture *) data)->rehearsal != NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("eros-app-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "test.erosdeploy", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (GError) error = NULL;

  eros_rehearsal_start_async (1000, NULL, NULL, NULL, started_cb, fixture);
  app_test_wait (is_started, fixture);
  deployment = eros_rehearsal_create_deployment (fixture->rehearsal, file, "Ada <ada@example.com>", &error);
  g_assert_no_error (error);
  fixture->session = eros_session_new (deployment, fixture->rehearsal);
  fixture->window = gtk_window_new ();
  fixture->list = gtk_list_box_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->list);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  app_test_settle ();
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->rehearsal);
}

static ErosDeployment *
deployment (Fixture *fixture)
{
  return eros_session_get_deployment (fixture->session);
}

static GtkWidget *
show (Fixture *fixture, const char *element_id)
{
  ErosElement *element =
    eros_runbook_find_element (eros_deployment_get_runbook (deployment (fixture)), element_id);

  g_assert_nonnull (element);
  eros_element_rows_append (GTK_LIST_BOX (fixture->list), fixture->session, element);
  app_test_settle ();
  return gtk_widget_get_last_child (fixture->list);
}

static void
queried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosPage) page =
    eros_big_query_query_finish (EROS_BIG_QUERY (source), result, NULL, NULL, &error);

  g_assert_no_error (error);
  ((Fixture *) user_data)->queried = TRUE;
}

static gboolean
is_queried (gpointer data)
{
  return ((Fixture *) data)->queried;
}

/* Past the program, as somebody else would. */
static void
run_sql (Fixture *fixture, const char *sql)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (fixture->rehearsal));
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, sql);

  fixture->queried = FALSE;
  eros_big_query_query_async (client, request, 10, NULL, queried_cb, fixture);
  app_test_wait (is_queried, fixture);
}

/* ---- the dialog ---------------------------------------------------------------------------------------- */

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
is_planned (gpointer data)
{
  return find_dialog () != NULL && app_test_has_label (find_dialog (), "Expected to read");
}

/* Clicks the card's button and waits until the plan and its forecast are there. */
static GtkWidget *
open_plan (GtkWidget *row)
{
  gtk_widget_activate_action (row, "operation.plan", NULL);
  app_test_wait (is_planned, NULL);
  return find_dialog ();
}

static gboolean
has_this_label (GtkWidget *button, const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0;
}

static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  GtkWidget *button = app_test_find (root, GTK_TYPE_BUTTON, has_this_label, label);

  g_assert_nonnull (button);
  return button;
}

static void
click (GtkWidget *root, const char *label)
{
  GtkWidget *button = find_button (root, label);

  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  app_test_settle ();
}

static gboolean
is_idle (gpointer session)
{
  return !eros_session_get_busy (session);
}

static void
wait_for_end (Fixture *fixture)
{
  app_test_wait (is_idle, fixture->session);
  app_test_settle ();
}

static void
override_all_gates (ErosDeployment *self)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (self));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (!eros_deployment_gate_is_open (self, gate, NULL) &&
          !eros_deployment_get_override (self, eros_gate_get_id (gate), NULL))
        g_assert_true (eros_deployment_override (self, eros_gate_get_id (gate), "Ada", "test", NULL));
    }
}

static void
back_up (Fixture *fixture)
{
  GtkWidget *row = show (fixture, "backup.execution.run");

  open_plan (row);
  click (find_dialog (), "_Start");
  wait_for_end (fixture);
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static void
test_a_plan_shows_its_steps_and_their_sql (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "deployment.phase-1.run");
  GtkWidget *dialog = open_plan (row);
  GtkWidget *step = app_test_find (dialog, EROS_TYPE_STEP_ROW, app_test_has_label, "Wilson score");

  g_assert_true (app_test_has_label (dialog, "Wilson score"));
  g_assert_false (app_test_has_label (dialog, "CREATE OR REPLACE"));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (step), TRUE);
  app_test_settle ();
  g_assert_true (app_test_has_label (step, "CREATE"));
  g_assert_true (app_test_has_label (step, "deploy.sql"));
  /* Each statement is checked, or it is said why it could not be. */
  g_assert_true (app_test_has_label (dialog, " statements could not be checked before they run."));
  g_assert_true (app_test_has_label (step, "checked"));
  g_assert_true (app_test_has_label (step, "it uses wilson_score_lower_bound"));
  gtk_window_close (GTK_WINDOW (dialog));
  app_test_settle ();
  g_assert_null (find_dialog ());
  g_assert_null (eros_session_find_operation (fixture->session, "deploy-phase1"));
}

static void
test_a_closed_gate_is_explained_and_overridden (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "deployment.phase-1.run");
  GtkWidget *dialog = open_plan (row);
  GtkWidget *start = find_button (dialog, "_Start");

  g_assert_true (app_test_has_label (dialog, "The stakeholders have approved"));
  g_assert_false (gtk_widget_is_sensitive (start));
  click (dialog, "_Override…");
  g_assert_nonnull (app_test_get_question ());
  gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_last_child (gtk_widget_get_parent (
                           app_test_find (app_test_get_question (), GTK_TYPE_ENTRY, NULL, NULL)))),
                         "a rehearsal");
  app_test_answer ("override");
  g_assert_false (app_test_has_label (dialog, "The stakeholders have approved"));
  g_assert_false (gtk_widget_is_sensitive (start));
  override_all_gates (deployment (fixture));
  app_test_settle ();
  g_assert_true (gtk_widget_is_sensitive (start));
  gtk_window_close (GTK_WINDOW (dialog));
}

static void
test_what_came_out_is_shown_now_and_when_opened_again (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "backup.execution.run");
  g_autoptr (ErosSession) again = NULL;
  GtkWidget *expander;

  g_assert_false (app_test_has_label (row, "Started"));
  open_plan (row);
  click (find_dialog (), "_Start");
  g_assert_null (find_dialog ());
  g_assert_true (eros_operation_is_active (eros_session_find_operation (fixture->session, "backup")));
  wait_for_end (fixture);
  g_assert_true (app_test_has_label (row, "3 tables in gs://"));
  g_assert_true (app_test_has_label (row, ", took "));
  expander = app_test_find (row, GTK_TYPE_EXPANDER, NULL, NULL);
  gtk_expander_set_expanded (GTK_EXPANDER (expander), TRUE);
  app_test_settle ();
  g_assert_true (app_test_has_label (row, "Snapshot of caption_bank"));
  g_assert_true (app_test_has_label (row, "rows, fingerprint"));

  again = fixture->session;
  fixture->session = app_test_reopen (again);
  row = show (fixture, "backup.execution.run");
  g_assert_true (app_test_has_label (row, "3 tables in gs://"));
  g_assert_true (app_test_has_label (row, ", took "));
}

static void
test_cancel_answers_and_the_rest_goes_on (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "backup.execution.run");
  ErosOperation *operation;

  open_plan (row);
  click (find_dialog (), "_Start");
  click (row, "_Cancel");
  /* At once, whatever the server does. */
  g_assert_true (!eros_session_get_busy (fixture->session) || app_test_has_label (row, "Cancelling…"));
  wait_for_end (fixture);
  operation = eros_session_find_operation (fixture->session, "backup");
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_CANCELLED);
  g_assert_true (app_test_has_label (row, "Cancelled"));
  click (row, "_Go On");
  wait_for_end (fixture);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_SUCCEEDED);
  g_assert_false (gtk_widget_get_visible (gtk_widget_get_parent (find_button (row, "_Cancel"))));
}

/* Nothing that is at work ends because a window is closed, unless that is said. */
static void
test_closing_asks_and_work_goes_on (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "backup.execution.run");
  ErosWindow *window = g_object_new (EROS_TYPE_WINDOW, NULL);
  ErosConnection *connection = eros_rehearsal_get_connection (fixture->rehearsal);
  /* A server that hears and never answers. */
  g_autoptr (GSocketListener) deaf = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (deaf, NULL, NULL);
  g_autofree char *endpoint = g_strdup_printf ("http://127.0.0.1:%u", port);

  eros_window_show (window, fixture->session);
  gtk_window_present (GTK_WINDOW (window));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  open_plan (row);
  g_object_set (connection, "endpoint", endpoint, NULL);
  click (find_dialog (), "_Start");
  g_assert_true (eros_session_get_busy (fixture->session));
  gtk_window_close (GTK_WINDOW (window));
  g_assert_nonnull (app_test_get_question ());
  app_test_answer ("stay");
  app_test_settle ();
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
  g_assert_true (eros_session_get_busy (fixture->session));
  gtk_window_close (GTK_WINDOW (window));
  app_test_answer ("keep");
  app_test_settle ();
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (window)));
  g_assert_true (eros_session_get_busy (fixture->session));
  eros_session_cancel (fixture->session);
  g_assert_true (eros_session_is_cancelling (fixture->session));
  g_assert_true (app_test_has_label (row, "Cancelling…"));
  wait_for_end (fixture);
  app_test_settle ();
  g_assert_null (window);
}

/* Which attempt it is goes on while it is looked for. */
static gboolean
says_attempt (gpointer row)
{
  return app_test_has_label (row, "attempt ") && app_test_has_label (row, " UTC, ");
}

static void
test_without_a_server_the_row_says_that_it_waits (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "backup.execution.run");
  ErosConnection *connection = eros_rehearsal_get_connection (fixture->rehearsal);
  g_autofree char *endpoint = g_strdup (eros_connection_get_endpoint (connection));
  ErosOperation *operation;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = eros_deployment_view_new (fixture->session);
  gboolean waits = FALSE;

  gtk_window_set_child (GTK_WINDOW (window), view);
  open_plan (row);
  g_assert_false (app_test_has_label (view, "Offline"));
  /* Nobody listens there. */
  g_object_set (connection, "endpoint", "http://127.0.0.1:1", NULL);
  click (find_dialog (), "_Start");
  gtk_expander_set_expanded (GTK_EXPANDER (app_test_find (row, GTK_TYPE_EXPANDER, NULL, NULL)), TRUE);
  app_test_wait (says_attempt, row);
  g_assert_true (eros_connection_get_offline (connection));
  g_assert_true (app_test_has_label (view, "Offline"));
  operation = eros_session_find_operation (fixture->session, "backup");
  for (guint i = 0; i < g_list_model_get_n_items (eros_operation_get_steps (operation)); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (eros_operation_get_steps (operation), i);

      waits = waits || eros_step_get_state (step) == EROS_STATE_WAITING;
    }
  g_assert_true (waits);

  g_object_set (connection, "endpoint", endpoint, NULL);
  wait_for_end (fixture);
  g_assert_cmpint (eros_operation_get_state (operation), ==, EROS_STATE_SUCCEEDED);
  g_assert_false (eros_connection_get_offline (connection));
  g_assert_false (app_test_has_label (view, "Offline"));
  g_assert_true (app_test_has_label (view, eros_connection_get_project (connection)));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_a_step_that_fails_offers_what_can_be_done (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "deployment.phase-1.run");

  back_up (fixture);
  override_all_gates (deployment (fixture));
  run_sql (fixture, "CREATE TABLE `eros-rehearsal.eros_platform.kept` AS SELECT * FROM "
                    "`eros-rehearsal.eros_platform.caption_bandit_stats`");
  run_sql (fixture, "DROP TABLE `eros-rehearsal.eros_platform.caption_bandit_stats`");
  open_plan (row);
  click (find_dialog (), "_Start");
  wait_for_end (fixture);
  g_assert_true (app_test_has_label (row, "Wilson score: "));
  g_assert_true (gtk_widget_is_sensitive (find_button (row, "Roll _Back…")));
  click (row, "Revert This _Step…");
  app_test_wait (is_planned, NULL);
  g_assert_true (app_test_has_label (find_dialog (), "Take back: Wilson score"));
  gtk_window_close (GTK_WINDOW (find_dialog ()));
  app_test_settle ();
  run_sql (fixture, "CREATE TABLE `eros-rehearsal.eros_platform.caption_bandit_stats` CLONE "
                    "`eros-rehearsal.eros_platform.kept`");
  click (row, "_Retry");
  wait_for_end (fixture);
  g_assert_cmpint (eros_operation_get_state (eros_session_find_operation (fixture->session, "deploy-phase1")),
                   ==, EROS_STATE_SUCCEEDED);
}

static gboolean
is_step (GtkWidget *row, const char *title)
{
  return strstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title) != NULL;
}

/* The row of the step, opened. */
static GtkWidget *
open_step (GtkWidget *root, const char *title)
{
  GtkWidget *step = app_test_find (root, EROS_TYPE_STEP_ROW, is_step, title);

  g_assert_nonnull (step);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (step), TRUE);
  app_test_settle ();
  return step;
}

/* Whether the line with the mark contains this. */
static gboolean
is_marked (GtkWidget *view, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_autofree char *line = NULL;
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_start_iter (buffer, &start);
  if (gtk_source_buffer_get_source_marks_at_iter (GTK_SOURCE_BUFFER (buffer), &start, NULL) == NULL &&
      !gtk_source_buffer_forward_iter_to_source_mark (GTK_SOURCE_BUFFER (buffer), &start, NULL))
    return FALSE;
  end = start;
  gtk_text_iter_forward_to_line_end (&end);
  line = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return strstr (line, text) != NULL;
}

/* The program's own steps, with a mistake at the end of the first. (transfer full) */
static char *
make_mistake (void)
{
  g_autofree char *source = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "sql", NULL);
  g_autofree char *folder = g_dir_make_tmp ("eros-app-XXXXXX", NULL);
  char *copy = g_build_filename (folder, "sql", NULL);
  g_autofree char *script = g_build_filename (copy, "phase1/10-wilson-score/deploy.sql", NULL);
  const char *argv[] = { "cp", "-r", source, copy, NULL };
  g_autofree char *text = NULL;
  g_autofree char *longer = NULL;

  g_assert_true (
    g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (script, &text, NULL, NULL));
  longer = g_strconcat (text, "SELEKT 1;\n", NULL);
  g_assert_true (g_file_set_contents (script, longer, -1, NULL));
  return copy;
}

static void
test_a_mistake_is_shown_before_anything_runs (Fixture *fixture, gconstpointer data)
{
  GHashTable *arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  GtkWindow *dialog;
  GtkWidget *step;

  override_all_gates (deployment (fixture));
  g_hash_table_insert (arguments, (gpointer) "sql", make_mistake ());
  dialog = eros_plan_dialog_new (GTK_WINDOW (fixture->window), fixture->session, "deploy-phase1", arguments,
                                 "Deploy");
  gtk_window_present (dialog);
  app_test_wait (is_planned, NULL);
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "1 step would fail"));
  step = open_step (GTK_WIDGET (dialog), "Wilson score");
  g_assert_true (app_test_has_label (step, "Syntax error"));
  g_assert_true (app_test_has_label (step, ": SELEKT 1;"));
  g_assert_nonnull (app_test_find (step, GTK_SOURCE_TYPE_VIEW, is_marked, "SELEKT"));
  gtk_window_close (dialog);
}

static void
test_a_mistake_is_shown_at_its_line (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "deployment.phase-1.run");
  GtkWidget *step;

  back_up (fixture);
  override_all_gates (deployment (fixture));
  run_sql (fixture, "DROP TABLE `eros-rehearsal.eros_platform.caption_bandit_stats`");

  open_plan (row);
  click (find_dialog (), "_Start");
  wait_for_end (fixture);
  gtk_expander_set_expanded (GTK_EXPANDER (app_test_find (row, GTK_TYPE_EXPANDER, NULL, NULL)), TRUE);
  app_test_settle ();
  step = open_step (row, "Wilson score");
  g_assert_true (app_test_has_label (step, "\nLine "));
  g_assert_true (app_test_has_label (step, "Line 6: CREATE OR REPLACE FUNCTION wilson_score_lower_bound"));
  g_assert_nonnull (app_test_find (step, GTK_SOURCE_TYPE_VIEW, is_marked, "CREATE SNAPSHOT TABLE"));
}

static void
record (Fixture *fixture, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);

  g_assert_nonnull (eros_deployment_record (deployment (fixture), kind, body, NULL));
}

static void
test_what_was_cut_off_is_found_and_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ErosDeployment) kept = g_object_ref (deployment (fixture));
  GtkWidget *bar = g_object_ref_sink (g_object_new (EROS_TYPE_OPERATION_BAR, NULL));
  GtkWidget *row;

  record (fixture, "operation.started",
          "{\"id\": \"11-22\", \"operation\": \"backup\", \"title\": \"Backup\", \"arguments\": {}}");
  record (fixture, "step.started",
          "{\"id\": \"11-22\", \"step\": \"bucket\", \"title\": \"Look at the bucket\"}");
  g_object_unref (fixture->session);
  fixture->session = eros_session_new (kept, fixture->rehearsal);
  row = show (fixture, "backup.execution.run");
  eros_operation_bar_set_session (EROS_OPERATION_BAR (bar), fixture->session);
  g_assert_true (app_test_has_label (row, "cut off before its end"));
  g_assert_true (app_test_has_label (bar, "cut off before its end"));
  g_assert_true (gtk_widget_get_visible (find_button (bar, "_Resume")));
  click (row, "_Resume");
  wait_for_end (fixture);
  g_assert_true (app_test_has_label (row, "3 tables in gs://"));
  g_assert_false (gtk_widget_get_visible (find_button (bar, "_Resume")));
  g_object_unref (bar);
}

static gboolean
is_titled (GtkWidget *row, const char *title)
{
  return strstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title) != NULL;
}

static void
write_into (GtkWidget *dialog, const char *title, const char *text)
{
  g_object_set (app_test_find (dialog, EROS_TYPE_FORM_ROW, is_titled, title), "text", text, NULL);
}

static gboolean
is_weighed (gpointer dialog)
{
  return app_test_has_label (dialog, "rows now, ");
}

static void
test_a_rollback_says_what_is_lost_and_wants_the_word (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "rollback.steps.run");
  GtkWidget *dialog, *start;

  back_up (fixture);
  run_sql (fixture,
           "UPDATE `eros-rehearsal.eros_platform.caption_bank` SET caption_text = 'spoilt' WHERE TRUE");
  dialog = open_plan (row);
  app_test_wait (is_weighed, dialog);
  g_assert_true (app_test_has_label (dialog, "1000 rows that were added or changed since will be lost"));
  start = find_button (dialog, "_Roll Back");
  g_assert_false (gtk_widget_is_sensitive (start));
  write_into (dialog, "Reason", "spoilt captions");
  write_into (dialog, "authority", "Grace Hopper");
  write_into (dialog, "ROLLBACK", "rollback");
  g_assert_true (app_test_has_label (dialog, "in capital letters"));
  g_assert_false (gtk_widget_is_sensitive (start));
  write_into (dialog, "ROLLBACK", "ROLLBACK");
  g_assert_true (gtk_widget_is_sensitive (start));
  click (dialog, "_Roll Back");
  wait_for_end (fixture);
  g_assert_cmpint (eros_operation_get_state (eros_session_find_operation (fixture->session, "rollback")), ==,
                   EROS_STATE_SUCCEEDED);
  g_assert_cmpint (eros_deployment_get_result (deployment (fixture)), ==, EROS_RESULT_ROLLED_BACK);
  g_assert_true (gtk_widget_is_sensitive (find_button (row, "_Resume Scheduled Queries…")));
}

static gboolean
has_steps (gpointer dialog)
{
  return app_test_has_label (dialog, "Look what the backup says of itself");
}

static void
choose_part (GtkWidget *dialog, guint part)
{
  adw_combo_row_set_selected (
    ADW_COMBO_ROW (app_test_find (dialog, ADW_TYPE_COMBO_ROW, is_titled, "What comes back")), part);
  app_test_settle ();
}

static void
name_objects (GtkWidget *dialog, const char *names)
{
  write_into (dialog, "Objects", names);
  g_signal_emit_by_name (app_test_find (dialog, EROS_TYPE_FORM_ROW, is_titled, "Objects"), "left");
  app_test_settle ();
}

/* A view comes back; what was written to the tables since stays. */
static void
test_a_part_comes_back_alone (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "rollback.steps.run");
  GtkWidget *dialog, *start;

  run_sql (fixture, "CREATE VIEW `eros-rehearsal.eros_platform.mine` AS SELECT 1 AS one");
  back_up (fixture);
  run_sql (fixture, "DROP VIEW `eros-rehearsal.eros_platform.mine`");
  dialog = open_plan (row);
  app_test_wait (is_weighed, dialog);
  write_into (dialog, "Reason", "the view is gone");
  write_into (dialog, "authority", "Grace Hopper");
  write_into (dialog, "ROLLBACK", "ROLLBACK");
  start = find_button (dialog, "_Roll Back");
  g_assert_true (gtk_widget_is_sensitive (start));
  choose_part (dialog, 1);
  g_assert_true (app_test_has_label (dialog, "Only what phase1 has done"));
  g_assert_true (app_test_has_label (dialog, "the rows of the critical tables stay as they are"));
  choose_part (dialog, 3);
  g_assert_false (gtk_widget_is_sensitive (start));
  name_objects (dialog, "mine caption_bank");
  g_assert_true (app_test_has_label (dialog, "caption_bank is a critical table"));
  g_assert_false (gtk_widget_is_sensitive (start));
  name_objects (dialog, " mine ");
  app_test_wait (has_steps, dialog);
  g_assert_true (gtk_widget_is_sensitive (start));
  click (dialog, "_Roll Back");
  wait_for_end (fixture);
  g_assert_cmpint (eros_operation_get_state (eros_session_find_operation (fixture->session, "rollback-part")),
                   ==, EROS_STATE_SUCCEEDED);
  g_assert_cmpint (eros_deployment_get_result (deployment (fixture)), !=, EROS_RESULT_ROLLED_BACK);
  run_sql (fixture, "SELECT one FROM `eros-rehearsal.eros_platform.mine`");
}

static gboolean
says_there_is_none (gpointer data)
{
  return find_dialog () != NULL && app_test_has_label (find_dialog (), "no backup to go back to");
}

static void
test_without_a_backup_there_is_no_rollback (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "rollback.steps.run");

  gtk_widget_activate_action (row, "operation.plan", NULL);
  app_test_wait (says_there_is_none, NULL);
  g_assert_false (gtk_widget_is_sensitive (find_button (find_dialog (), "_Roll Back")));
  gtk_window_close (GTK_WINDOW (find_dialog ()));
}

static void
test_looking_starts_at_once (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "monitoring.immediate.run");

  gtk_widget_activate_action (row, "operation.plan", NULL);
  while (eros_session_find_operation (fixture->session, "monitoring") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (find_dialog ());
  wait_for_end (fixture);
  g_assert_true (app_test_has_label (row, ", took "));
}

#define ADD(name, function) g_test_add ("/app/operations/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("a-plan-shows-its-steps-and-their-sql", test_a_plan_shows_its_steps_and_their_sql);
  ADD ("a-closed-gate-is-explained-and-overridden", test_a_closed_gate_is_explained_and_overridden);
  ADD ("what-came-out-is-shown-now-and-when-opened-again",
       test_what_came_out_is_shown_now_and_when_opened_again);
  ADD ("cancel-answers-and-the-rest-goes-on", test_cancel_answers_and_the_rest_goes_on);
  ADD ("closing-asks-and-work-goes-on", test_closing_asks_and_work_goes_on);
  ADD ("without-a-server-the-row-says-that-it-waits", test_without_a_server_the_row_says_that_it_waits);
  ADD ("a-step-that-fails-offers-what-can-be-done", test_a_step_that_fails_offers_what_can_be_done);
  ADD ("a-mistake-is-shown-before-anything-runs", test_a_mistake_is_shown_before_anything_runs);
  ADD ("a-mistake-is-shown-at-its-line", test_a_mistake_is_shown_at_its_line);
  ADD ("what-was-cut-off-is-found-and-goes-on", test_what_was_cut_off_is_found_and_goes_on);
  ADD ("a-rollback-says-what-is-lost-and-wants-the-word",
       test_a_rollback_says_what_is_lost_and_wants_the_word);
  ADD ("a-part-comes-back-alone", test_a_part_comes_back_alone);
  ADD ("without-a-backup-there-is-no-rollback", test_without_a_backup_there_is_no_rollback);
  ADD ("looking-starts-at-once", test_looking_starts_at_once);
  return g_test_run ();
}
