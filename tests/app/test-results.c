/* test-results.c: the rows of what was run, in a real window on a real service
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <libsoup/soup.h>
#include <stdio.h>
#include <unistd.h>

#include "app-test.h"

#include "eros-big-query.h"
#include "eros-element-rows.h"
#include "eros-result-window.h"
#include "eros-step-row.h"

#define N_JUMPS 50

/* A rehearsal of its own, and a window with the rows that are asked for. */
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
  g_autoptr (ErosJob) job = eros_big_query_run_finish (EROS_BIG_QUERY (source), result, &error);

  g_assert_no_error (error);
  error = eros_job_dup_error (job);
  g_assert_no_error (error);
  ((Fixture *) user_data)->queried = TRUE;
}

static gboolean
is_queried (gpointer data)
{
  return ((Fixture *) data)->queried;
}

/* Past the program, as somebody else would. Returns: (transfer full): the job */
static char *
run_sql (Fixture *fixture, const char *sql)
{
  g_autoptr (ErosBigQuery) client = eros_big_query_new (eros_rehearsal_get_connection (fixture->rehearsal));
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autoptr (ErosJobRequest) request = eros_job_request_new_query (id, sql);

  fixture->queried = FALSE;
  eros_big_query_run_async (client, request, NULL, queried_cb, fixture);
  app_test_wait (is_queried, fixture);
  return g_steal_pointer (&id);
}

/* ---- the window ---------------------------------------------------------------------------------------- */

static GtkWidget *
find_window (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (EROS_IS_RESULT_WINDOW (window))
        return window;
    }
  return NULL;
}

/* (transfer none): the window of a job, presented */
static GtkWidget *
open_window (Fixture *fixture, const char *job_id)
{
  gtk_window_present (
    eros_result_window_new (GTK_WINDOW (fixture->window), fixture->session, job_id, NULL, "Answer"));
  g_assert_nonnull (find_window ());
  return find_window ();
}

static void
close_window (void)
{
  gtk_window_close (GTK_WINDOW (find_window ()));
  app_test_settle ();
  g_assert_null (find_window ());
}

static gboolean
is_label (GtkWidget *label, const char *text)
{
  return gtk_widget_get_mapped (label) && g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text);
}

static gboolean
shows (gpointer text)
{
  return find_window () != NULL && app_test_find (find_window (), GTK_TYPE_LABEL, is_label, text) != NULL;
}

static void
wait_for (const char *text)
{
  app_test_wait (shows, (gpointer) text);
}

static gboolean
is_this_button (GtkWidget *button, const char *label)
{
  return gtk_widget_get_mapped (button) && gtk_widget_is_sensitive (button) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0;
}

static gboolean
has_rows_button (gpointer root)
{
  return app_test_find (root, GTK_TYPE_BUTTON, is_this_button, "Rows…") != NULL;
}

static void
click_rows (GtkWidget *root)
{
  app_test_wait (has_rows_button, root);
  g_signal_emit_by_name (app_test_find (root, GTK_TYPE_BUTTON, is_this_button, "Rows…"), "clicked");
}

static gboolean
is_idle (gpointer session)
{
  return !eros_session_get_busy (session);
}

/* Past the program. Returns: (transfer full): what the server answers */
static char *
call (Fixture *fixture, const char *method, const char *path, const char *body)
{
  ErosConnection *connection = eros_rehearsal_get_connection (fixture->rehearsal);
  g_autoptr (SoupSession) soup = soup_session_new ();
  g_autofree char *address = g_strconcat (eros_connection_get_endpoint (connection), path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, address);
  g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body));
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (*body != '\0')
    soup_message_set_request_body_from_bytes (message, "application/json", sent);
  answer = soup_session_send_and_read (soup, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)));
  return g_bytes_get_size (answer) > 0
           ? g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer))
           : NULL;
}

/* How many pages of rows were asked for. */
static guint
count_pages (Fixture *fixture)
{
  g_autofree char *text = call (fixture, "GET", "/_local/requests", "");
  guint n = 0;

  for (const char *p = strstr (text, "startIndex="); p != NULL; p = strstr (p + 1, "startIndex="))
    n++;
  return n;
}

/* What this program has in memory, in MB. */
static double
measure_memory (void)
{
  g_autofree char *text = NULL;
  long size, resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%ld %ld", &size, &resident), ==, 2);
  return (double) (resident * sysconf (_SC_PAGESIZE)) / 1e6;
}

static GtkColumnView *
get_view (void)
{
  return GTK_COLUMN_VIEW (app_test_find (find_window (), GTK_TYPE_COLUMN_VIEW, NULL, NULL));
}

static GtkAdjustment *
get_height (void)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (get_view ()));
}

/* Scrolls on until there is nothing more below. */
static gboolean
shows_at_the_end (gpointer text)
{
  gtk_adjustment_set_value (get_height (), gtk_adjustment_get_upper (get_height ()));
  return shows (text);
}

static void
select_row (guint row)
{
  gtk_selection_model_select_item (gtk_column_view_get_model (get_view ()), row, TRUE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer text)
{
  *(char **) text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
has_text (gpointer text)
{
  return *(char **) text != NULL;
}

/* ---- tests --------------------------------------------------------------------------------------------- */

static void
test_the_rows_of_a_check_are_shown (Fixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "validation.health.corruption", NULL };
  GtkWidget *evidence = show (fixture, "validation.health.corruption");
  GtkWidget *check = app_test_find_check (fixture->list, "validation.health.corruption");

  eros_session_run_checks (fixture->session, ids);
  app_test_wait (is_idle, fixture->session);
  app_test_settle ();
  g_object_set (check, "expanded", TRUE, NULL);
  app_test_settle ();
  evidence = gtk_widget_get_next_sibling (check);
  click_rows (evidence);
  wait_for ("1 row");
  wait_for ("checked_rows");
  close_window ();
}

static void
test_the_rows_of_a_step_are_shown (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = show (fixture, "monitoring.immediate.run");
  GtkWidget *step;

  gtk_widget_activate_action (row, "operation.plan", NULL);
  while (eros_session_find_operation (fixture->session, "monitoring") == NULL)
    g_main_context_iteration (NULL, TRUE);
  app_test_wait (is_idle, fixture->session);
  gtk_expander_set_expanded (GTK_EXPANDER (app_test_find (row, GTK_TYPE_EXPANDER, NULL, NULL)), TRUE);
  app_test_settle ();
  step = app_test_find (row, EROS_TYPE_STEP_ROW, NULL, NULL);
  g_assert_null (app_test_find (step, GTK_TYPE_BUTTON, is_this_button, "Rows…"));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (step), TRUE);
  app_test_settle ();
  click_rows (step);
  wait_for ("1");
  close_window ();
}

static void
test_every_kind_of_value_is_shown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *job = run_sql (
    fixture, "SELECT 12 AS n, CAST(NULL AS STRING) AS nothing, 'a\tb' AS text, [1, 2] AS list, STRUCT(1 AS "
             "a, 'b' AS b) AS s, "
             "TIMESTAMP '2025-10-31 14:30:00+00' AS moment, CONCAT(REPEAT('long ', 1000), 'end') AS much");
  GtkWidget *label;
  g_autofree char *copied = NULL;

  open_window (fixture, job);
  wait_for ("1 row");
  wait_for ("12");
  wait_for ("2025-10-31 14:30:00 UTC");
  wait_for ("[1, 2]");
  wait_for ("{\"a\": 1, \"b\": \"b\"}");
  label = app_test_find (find_window (), GTK_TYPE_LABEL, is_label, "NULL");
  g_assert_nonnull (label);
  g_assert_true (gtk_widget_has_css_class (label, "dim-label"));
  label = app_test_find (find_window (), GTK_TYPE_LABEL, is_label, "12");
  g_assert_cmpfloat (gtk_label_get_xalign (GTK_LABEL (label)), ==, 1);
  g_assert_false (gtk_widget_has_css_class (label, "dim-label"));

  select_row (0);
  gtk_widget_activate_action (find_window (), "result.copy", NULL);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (find_window ()), NULL, read_cb, &copied);
  app_test_wait (has_text, &copied);
  g_assert_true (g_str_has_prefix (copied, "12\t\t\"a\tb\"\t"));
  g_assert_true (g_str_has_suffix (copied, "long end"));
  close_window ();
}

static void
test_a_million_rows_scroll_in_little_memory (Fixture *fixture, gconstpointer data)
{
  g_autofree char *job = run_sql (
    fixture,
    "SELECT x, CONCAT('row ', CAST(x AS STRING)) AS text FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS x "
    "ORDER BY x");
  g_autofree char *count = g_strdup_printf ("%'u rows", 1000000);
  double before = measure_memory ();
  double grown;
  guint n;

  open_window (fixture, job);
  wait_for (count);
  wait_for ("row 1");
  app_test_wait (shows_at_the_end, (gpointer) "row 1000000");
  n = count_pages (fixture);
  g_test_message ("%u pages of rows asked for to see the last one", n);
  g_assert_cmpuint (n, <=, 6);
  for (guint i = 1; i <= N_JUMPS; i++)
    {
      gtk_adjustment_set_value (get_height (), gtk_adjustment_get_upper (get_height ()) * i / (N_JUMPS + 1));
      app_test_settle ();
    }
  app_test_wait (shows_at_the_end, (gpointer) "row 1000000");
  grown = measure_memory () - before;
  n = count_pages (fixture);
  g_test_message ("%u pages of rows asked for, %.1f MB grown", n, grown);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
  g_assert_cmpfloat (grown, <, 40);
#endif
  g_assert_cmpuint (n, <=, 6 + 2 * N_JUMPS);
  close_window ();
}

static gboolean
says_what_is_missing (gpointer data)
{
  gtk_adjustment_set_value (get_height (), gtk_adjustment_get_upper (get_height ()));
  return app_test_find (find_window (), GTK_TYPE_BUTTON, is_this_button, "_Try Again") != NULL;
}

static void
test_rows_that_do_not_come_are_explained_and_asked_for_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *job = run_sql (fixture, "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS x ORDER BY x");
  g_autofree char *fault = NULL;
  g_autofree char *none = NULL;

  open_window (fixture, job);
  wait_for ("1");
  fault = call (fixture, "POST", "/_local/faults",
                "{\"path\": \"/queries/\", \"action\": \"403:accessDenied\", \"times\": 1000}");
  app_test_wait (says_what_is_missing, NULL);
  g_assert_true (app_test_has_label (find_window (), "Some rows are missing: "));
  wait_for ("…");
  none = call (fixture, "DELETE", "/_local/faults", "");
  g_signal_emit_by_name (app_test_find (find_window (), GTK_TYPE_BUTTON, is_this_button, "_Try Again"),
                         "clicked");
  wait_for ("2");
  g_assert_false (says_what_is_missing (NULL));
  app_test_wait (shows_at_the_end, (gpointer) "100000");
  close_window ();
}

static void
test_who_only_reads_sees_the_rows_while_another_works (Fixture *fixture, gconstpointer data)
{
  g_autofree char *job = run_sql (fixture, "SELECT 'seen' AS word");
  g_autoptr (JsonNode) body =
    json_from_string ("{\"id\": \"11-22\", \"step\": \"bucket\", \"job_id\": \"eros-under-way\"}", NULL);
  g_autoptr (ErosSession) writer = g_steal_pointer (&fixture->session);
  ErosDeployment *written = eros_session_get_deployment (writer);
  g_autoptr (ErosDeployment) read = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (eros_deployment_record (written, "job.planned", body, NULL));
  read = eros_deployment_open (app_test_get_file (writer), EROS_JOURNAL_READ, &error);
  g_assert_no_error (error);
  fixture->session = eros_session_new (read, fixture->rehearsal);
  open_window (fixture, job);
  wait_for ("seen");
  close_window ();
}

static void
test_an_unknown_job_is_explained (Fixture *fixture, gconstpointer data)
{
  open_window (fixture, "eros-nobody-has-sent-this");
  wait_for ("Job Not Found");
  g_assert_true (app_test_has_label (find_window (), "run the check or the step again"));
  g_assert_false (app_test_has_label (find_window (), "expired"));
  g_assert_false (app_test_has_label (find_window (), "about a day"));
  close_window ();
}

static void
test_a_statement_without_rows_says_so (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ddl =
    run_sql (fixture, "CREATE TABLE `eros-rehearsal.eros_platform.made` AS SELECT 1 AS x");
  g_autofree char *nothing = run_sql (fixture, "SELECT x FROM UNNEST([1]) AS x WHERE x > 1");

  open_window (fixture, ddl);
  wait_for ("This Statement Has No Rows");
  close_window ();
  open_window (fixture, nothing);
  wait_for ("No Rows");
  close_window ();
}

static void
gone_cb (gpointer user_data, GObject *object)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_gone (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_closing_at_any_moment_leaves_nothing_behind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *job = run_sql (fixture, "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS x");

  /* After so many turns of the main loop: while it signs in, looks the job up, opens, shows. */
  for (guint turns = 0; turns < 60; turns += 4)
    {
      gboolean gone = FALSE;
      GtkWidget *window = open_window (fixture, job);

      g_object_weak_ref (G_OBJECT (window), gone_cb, &gone);
      for (guint i = 0; i < turns; i++)
        g_main_context_iteration (NULL, FALSE);
      close_window ();
      app_test_wait (is_gone, &gone);
    }
}

#define ADD(name, function) g_test_add ("/app/results/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("the-rows-of-a-check-are-shown", test_the_rows_of_a_check_are_shown);
  ADD ("the-rows-of-a-step-are-shown", test_the_rows_of_a_step_are_shown);
  ADD ("every-kind-of-value-is-shown", test_every_kind_of_value_is_shown);
  ADD ("a-million-rows-scroll-in-little-memory", test_a_million_rows_scroll_in_little_memory);
  ADD ("rows-that-do-not-come-are-explained-and-asked-for-again",
       test_rows_that_do_not_come_are_explained_and_asked_for_again);
  ADD ("who-only-reads-sees-the-rows-while-another-works",
       test_who_only_reads_sees_the_rows_while_another_works);
  ADD ("an-unknown-job-is-explained", test_an_unknown_job_is_explained);
  ADD ("a-statement-without-rows-says-so", test_a_statement_without_rows_says_so);
  ADD ("closing-at-any-moment-leaves-nothing-behind", test_closing_at_any_moment_leaves_nothing_behind);
  return g_test_run ();
}
