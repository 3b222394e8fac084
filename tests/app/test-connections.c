/* test-connections.c: signing in and out, and what is set up, in real widgets with a real keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "app-test.h"

#include "eros-connection-row.h"
#include "eros-connections.h"
#include "eros-form-row.h"
#include "eros-limits-row.h"
#include "eros-preferences.h"
#include "eros-sign-in-row.h"
#include "eros-sign-in.h"
#include "eros-test-row.h"

static gboolean
has_this_label (GtkWidget *button, const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0;
}

static gboolean
shows_button (GtkWidget *root, const char *label)
{
  GtkWidget *button = app_test_find (root, GTK_TYPE_BUTTON, has_this_label, label);

  return button != NULL && gtk_widget_get_visible (button);
}

static void
store (const char *name, const char *environment, ErosSignIn sign_in)
{
  g_autoptr (ErosConnection) connection =
    g_object_new (EROS_TYPE_CONNECTION, "name", name, "environment", environment, "project",
                  "eros-production", "dataset", "eros_platform", "sign-in", sign_in, NULL);

  g_assert_true (eros_connections_store (connection));
}

static GFile *
write_key (const char *key)
{
  g_autofree char *directory = g_dir_make_tmp ("eros-key-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "key.json", NULL);
  g_autofree char *json =
    g_strdup_printf ("{\"type\": \"service_account\", \"project_id\": \"eros-production\",\n"
                     " \"private_key_id\": \"1a2b3c\", \"private_key\": \"%s\",\n"
                     " \"client_email\": \"eros@eros-production.iam.gserviceaccount.com\",\n"
                     " \"token_uri\": \"https://oauth2.googleapis.com/token\"}",
                     key);

  g_assert_true (g_file_set_contents (path, json, -1, NULL));
  return g_file_new_for_path (path);
}

/* A key of this test's own making. */
static char *
make_private_key (void)
{
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  g_spawn_command_line_sync ("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", &pem, NULL, NULL,
                             &error);
  g_assert_no_error (error);
  lines = g_strsplit (pem, "\n", -1);
  return g_strjoinv ("\\n", lines);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
is_done (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

static gboolean
says_who (gpointer window)
{
  return app_test_has_label (window, "eros@eros-production.iam.gserviceaccount.com");
}

static gboolean
says_that_nobody_is (gpointer window)
{
  return !says_who (window);
}

static void
test_nothing_set_up_says_what_would_be_here (void)
{
  GtkWindow *window = eros_preferences_new (NULL);

  gtk_window_present (window);
  app_test_settle ();
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "New Deployment sets up"));
  gtk_window_destroy (window);
}

static void
test_who_is_signed_in_shows_and_signs_out (void)
{
  g_autoptr (ErosConnection) connection = NULL;
  g_autoptr (GListModel) known = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = make_private_key ();
  g_autoptr (GFile) file = write_key (key);
  GtkWindow *window;
  GtkWidget *row;

  store ("production", "production", EROS_SIGN_IN_SERVICE_ACCOUNT);
  known = eros_connections_load ();
  connection = g_list_model_get_item (known, 0);
  eros_sign_in_with_key_async (connection, file, NULL, done_cb, &result);
  app_test_wait (is_done, &result);
  eros_sign_in_with_key_finish (result, NULL, &error);
  g_assert_no_error (error);

  window = eros_preferences_new (NULL);
  gtk_window_present (window);
  app_test_wait (says_who, window);
  row = app_test_find (GTK_WIDGET (window), EROS_TYPE_SIGN_IN_ROW, NULL, NULL);
  g_assert_true (shows_button (row, "Choose _Key File…"));
  g_assert_true (shows_button (row, "Sign _Out"));
  gtk_widget_activate_action (row, "sign-in.sign-out", NULL);
  app_test_wait (says_that_nobody_is, window);
  g_assert_false (shows_button (row, "Sign _Out"));
  gtk_window_destroy (window);
  app_test_settle ();
}

static gboolean
is_removed (gpointer window)
{
  return app_test_find (window, EROS_TYPE_CONNECTION_ROW, NULL, NULL) == NULL;
}

static void
test_a_connection_is_removed_when_that_is_meant (void)
{
  g_autoptr (GListModel) known = NULL;
  GtkWindow *window = eros_preferences_new (NULL);
  GtkWidget *row;

  gtk_window_present (window);
  app_test_settle ();
  row = app_test_find (GTK_WIDGET (window), EROS_TYPE_CONNECTION_ROW, NULL, NULL);
  g_assert_true (app_test_has_label (row, "Production: eros-production.eros_platform"));
  gtk_widget_activate_action (row, "connection.remove", NULL);
  app_test_answer ("cancel");
  g_assert_false (is_removed (window));
  gtk_widget_activate_action (row, "connection.remove", NULL);
  app_test_answer ("remove");
  app_test_wait (is_removed, window);
  known = eros_connections_load ();
  g_assert_cmpuint (g_list_model_get_n_items (known), ==, 0);
  gtk_window_destroy (window);
  app_test_settle ();
}

/* ---- limits -------------------------------------------------------------------------------------------- */

static gboolean
has_this_title (GtkWidget *row, const char *title)
{
  return g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title);
}

static GtkWidget *
find_line (GtkWindow *window, const char *title)
{
  GtkWidget *line = app_test_find (GTK_WIDGET (window), EROS_TYPE_FORM_ROW, has_this_title, title);

  g_assert_nonnull (line);
  return line;
}

#define BUDGET  "Budget of a query"
#define TIMEOUT "Time limit of a job (seconds)"
#define PRICE   "Price of a TiB (US$)"

static void
store_with_limits (const char *name, gint64 budget, gint64 timeout, gint64 cents)
{
  g_autoptr (ErosConnection) connection = g_object_new (
    EROS_TYPE_CONNECTION, "name", name, "environment", "production", "project", "eros-production", "dataset",
    "eros_platform", "location", "", "bucket", "eros-backups", "sign-in", EROS_SIGN_IN_NONE, "budget-bytes",
    budget, "timeout-ms", timeout, "cents-per-tib", cents, NULL);

  g_assert_true (eros_connections_store (connection));
}

static void
assert_limits (const char *name, gint64 budget, gint64 timeout, gint64 cents)
{
  g_autoptr (ErosConnection) stored = eros_connections_find (name);
  gint64 stored_cents;

  g_object_get (stored, "cents-per-tib", &stored_cents, NULL);
  g_assert_cmpint (eros_connection_get_budget_bytes (stored), ==, budget);
  g_assert_cmpint (eros_connection_get_timeout_ms (stored), ==, timeout);
  g_assert_cmpint (stored_cents, ==, cents);
  g_assert_cmpstr (eros_connection_get_bucket (stored), ==, "eros-backups");
}

static gboolean
is_active (gpointer window)
{
  return gtk_window_is_active (window);
}

static GtkWindow *
open_preferences (void)
{
  GtkWindow *window = eros_preferences_new (NULL);
  GtkWidget *row;

  gtk_window_present (window);
  app_test_wait (is_active, window);
  row = app_test_find (GTK_WIDGET (window), EROS_TYPE_CONNECTION_ROW, NULL, NULL);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (app_test_find (row, EROS_TYPE_LIMITS_ROW, NULL, NULL)),
                                 TRUE);
  app_test_settle ();
  return window;
}

static void
test_limits_are_changed_where_they_are_seen (void)
{
  const gint64 gib = G_GINT64_CONSTANT (1) << 30;
  g_autoptr (GListModel) known = NULL;
  g_autoptr (ErosConnection) first = NULL;
  g_autofree char *text = NULL;
  GtkWindow *window;

  store_with_limits ("ours", 50 * gib, 90000, 0);
  store_with_limits ("theirs", 123456789, 60000, 625);
  window = open_preferences ();
  g_assert_true (app_test_has_label (GTK_WIDGET (window),
                                     "A query may bill 50 GiB, a job may take 90 s, a TiB costs US$ 0.00"));
  g_assert_cmpstr (eros_form_row_get_text (EROS_FORM_ROW (find_line (window, BUDGET))), ==, "50 GiB");
  g_assert_cmpstr (eros_form_row_get_text (EROS_FORM_ROW (find_line (window, TIMEOUT))), ==, "90");
  g_assert_cmpstr (eros_form_row_get_text (EROS_FORM_ROW (find_line (window, PRICE))), ==, "0.00");

  gtk_widget_grab_focus (find_line (window, BUDGET));
  g_object_set (find_line (window, BUDGET), "text", "2 tib", NULL);
  assert_limits ("ours", 50 * gib, 90000, 0);
  gtk_widget_grab_focus (find_line (window, TIMEOUT));
  app_test_settle ();
  assert_limits ("ours", 2048 * gib, 90000, 0);
  g_object_get (find_line (window, BUDGET), "text", &text, NULL);
  g_assert_cmpstr (text, ==, "2 TiB");

  /* What will not do is said, and takes nothing away. */
  g_object_set (find_line (window, TIMEOUT), "text", "soon", NULL);
  gtk_widget_grab_focus (find_line (window, PRICE));
  app_test_settle ();
  g_assert_true (app_test_has_label (GTK_WIDGET (window), "Write a number of seconds, such as 60."));
  assert_limits ("ours", 2048 * gib, 90000, 0);

  /* A window that is closed in the middle has been left, too. */
  g_object_set (find_line (window, PRICE), "text", "5", NULL);
  gtk_window_destroy (window);
  app_test_settle ();
  assert_limits ("ours", 2048 * gib, 90000, 500);
  assert_limits ("theirs", 123456789, 60000, 625);

  /* They are still in the order in which they were set up. */
  known = eros_connections_load ();
  first = g_list_model_get_item (known, 0);
  g_assert_cmpstr (eros_connection_get_name (first), ==, "ours");
  eros_connections_remove ("theirs");
}

#define LOCATION "Location"
#define BUCKET   "Bucket for backups"
#define ADDRESS  "Address"

static void
test_where_it_goes_is_changed_where_it_is_seen (void)
{
  g_autoptr (ErosConnection) stored = NULL;
  GtkWindow *window;

  store_with_limits ("ours", 0, 60000, 625);
  window = open_preferences ();
  gtk_widget_grab_focus (find_line (window, BUCKET));
  g_object_set (find_line (window, BUCKET), "text", "other-backups", NULL);
  gtk_widget_grab_focus (find_line (window, LOCATION));
  g_object_set (find_line (window, LOCATION), "text", "nowhere at all", NULL);
  gtk_widget_grab_focus (find_line (window, ADDRESS));
  g_object_set (find_line (window, ADDRESS), "text", "http://127.0.0.1:9050", NULL);
  g_assert_nonnull (eros_form_row_get_error (EROS_FORM_ROW (find_line (window, LOCATION))));
  gtk_window_destroy (window);
  app_test_settle ();
  stored = eros_connections_find ("ours");
  g_assert_cmpstr (eros_connection_get_bucket (stored), ==, "other-backups");
  g_assert_true (eros_connection_get_location (stored) == NULL ||
                 *eros_connection_get_location (stored) == 0);
  g_assert_cmpstr (eros_connection_get_endpoint (stored), ==, "http://127.0.0.1:9050");
  eros_connections_remove ("ours");
}

/* ---- the test ------------------------------------------------------------------------------------------ */

static ErosConnection *
get_nobody (gpointer user_data)
{
  return g_object_new (EROS_TYPE_CONNECTION, "name", "nobody", "environment", "staging", "project",
                       "eros-staging", "dataset", "eros_platform", "sign-in", EROS_SIGN_IN_NONE, "endpoint",
                       user_data, NULL);
}

static gboolean
says_how_many (gpointer row)
{
  return app_test_has_label (row, "0 of ") && app_test_has_label (row, " work.");
}

static gboolean
says_stopped (gpointer row)
{
  return app_test_has_label (row, "Stopped before");
}

/* Nobody listens at the one address, and nobody answers at the other. */
static void
test_a_test_answers_where_it_was_asked (void)
{
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (silent, NULL, NULL);
  g_autofree char *address = g_strdup_printf ("http://127.0.0.1:%u", port);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = eros_test_row_new ();
  GtkWidget *finding;

  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_window_set_child (GTK_WINDOW (window), list);
  gtk_window_present (GTK_WINDOW (window));
  eros_test_row_set_source (EROS_TEST_ROW (row), get_nobody, (gpointer) "http://not-loopback.example");
  gtk_widget_activate_action (row, "test.run", NULL);
  app_test_wait (says_how_many, row);
  finding = app_test_find (row, ADW_TYPE_ACTION_ROW, NULL, NULL);
  g_assert_nonnull (finding);

  /* Where the network fails, nothing else was looked at: that works no better. */
  eros_test_row_set_source (EROS_TEST_ROW (row), get_nobody, (gpointer) "http://127.0.0.1:1");
  gtk_widget_activate_action (row, "test.run", NULL);
  app_test_wait (says_how_many, row);

  /* What was found before does not stand beside another test; and that one is stopped. */
  eros_test_row_set_source (EROS_TEST_ROW (row), get_nobody, address);
  gtk_widget_activate_action (row, "test.run", NULL);
  g_assert_true (app_test_has_label (row, "Testing…"));
  g_assert_null (app_test_find (row, ADW_TYPE_ACTION_ROW, NULL, NULL));
  app_test_settle ();
  gtk_widget_activate_action (row, "test.stop", NULL);
  app_test_wait (says_stopped, row);
  g_assert_true (shows_button (row, "_Test Connection"));
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
}

/* It is not looked for under a name that nobody gave. */
static void
test_a_deployment_without_a_connection_says_so (void)
{
  ErosDeploymentSetup setup = { .project = (char *) "eros-staging", .profile = (char *) "" };
  g_autoptr (GError) error = NULL;

  g_assert_null (eros_connections_for_setup (&setup, &error));
  g_assert_error (error, EROS_CONTROLLER_ERROR, EROS_CONTROLLER_ERROR_UNAVAILABLE);
  g_assert_null (strstr (error->message, "“”"));
}

static void
test_what_is_at_work_takes_new_limits (void)
{
  ErosDeploymentSetup setup = { .project = (char *) "eros-production",
                                .dataset = (char *) "eros_platform",
                                .location = (char *) "EU",
                                .profile = (char *) "ours" };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosConnection) at_work = NULL;
  GtkWindow *window;

  store_with_limits ("ours", 0, 60000, 625);
  at_work = eros_connections_for_setup (&setup, &error);
  g_assert_no_error (error);
  window = open_preferences ();
  gtk_widget_grab_focus (find_line (window, TIMEOUT));
  g_object_set (find_line (window, TIMEOUT), "text", "5", NULL);
  gtk_window_destroy (window);
  app_test_settle ();
  g_assert_cmpint (eros_connection_get_timeout_ms (at_work), ==, 5000);
  g_assert_cmpstr (eros_connection_get_location (at_work), ==, "EU");
  eros_connections_remove ("ours");
}

static void
test_a_connection_without_a_name_cannot_be_signed_in (void)
{
  g_autoptr (GtkWidget) row = g_object_ref_sink (eros_sign_in_row_new ());

  eros_sign_in_row_set_connection (EROS_SIGN_IN_ROW (row), NULL);
  app_test_settle ();
  g_assert_true (app_test_has_label (row, "a name first"));
  g_assert_false (shows_button (row, "Sign _Out"));
}

#define ADD(name, function) g_test_add_func ("/app/connections/" name, function)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("nothing-set-up-says-what-would-be-here", test_nothing_set_up_says_what_would_be_here);
  ADD ("who-is-signed-in-shows-and-signs-out", test_who_is_signed_in_shows_and_signs_out);
  ADD ("a-connection-is-removed-when-that-is-meant", test_a_connection_is_removed_when_that_is_meant);
  ADD ("a-connection-without-a-name-cannot-be-signed-in",
       test_a_connection_without_a_name_cannot_be_signed_in);
  ADD ("limits-are-changed-where-they-are-seen", test_limits_are_changed_where_they_are_seen);
  ADD ("where-it-goes-is-changed-where-it-is-seen", test_where_it_goes_is_changed_where_it_is_seen);
  ADD ("a-test-answers-where-it-was-asked", test_a_test_answers_where_it_was_asked);
  ADD ("what-is-at-work-takes-new-limits", test_what_is_at_work_takes_new_limits);
  ADD ("a-deployment-without-a-connection-says-so", test_a_deployment_without_a_connection_says_so);
  return g_test_run ();
}
