/* test-start.c: the first window: earlier deployments, and making a new one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "app-test.h"

#include <glib/gstdio.h>

#include "eros-connections.h"
#include "eros-form-row.h"
#include "eros-new-dialog.h"
#include "eros-runbook-dialog.h"
#include "eros-start-view.h"

/* Makes a deployment where the start view looks for it. */
static void
make_deployment (const char *name, ErosEnvironment environment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (&error);
  g_autoptr (GFile) file = eros_deployment_new_file (name);
  g_autoptr (ErosDeployment) deployment = NULL;
  ErosDeploymentSetup setup = {
    .name = (char *) name,
    .window_start = (char *) "",
    .window_end = (char *) "",
    .lead_name = (char *) "",
    .lead_email = (char *) "",
    .lead_phone = (char *) "",
    .environment = environment,
    .project = (char *) "eros-production",
    .dataset = (char *) "eros_platform",
    .location = (char *) "US",
    .bucket = (char *) "",
    .profile = (char *) "",
  };

  deployment = eros_deployment_create (file, runbook, &setup, "Ada", &error);
  g_assert_no_error (error);
}

static GtkWidget *
list_of (GtkWidget *view)
{
  return app_test_find (view, GTK_TYPE_LIST_BOX, NULL, NULL);
}

static guint
count_rows (GtkWidget *view)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (GTK_LIST_BOX (list_of (view)), n) != NULL)
    n++;
  return n;
}

static gboolean
has_three_rows (gpointer view)
{
  return count_rows (view) == 3;
}

static gboolean
has_one_row (gpointer view)
{
  return count_rows (view) == 1;
}

static gboolean
says_that_it_is_empty (gpointer view)
{
  return app_test_has_label (view, "will be listed here");
}

static void
test_an_empty_list_says_what_would_be_here (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = eros_start_view_new ();

  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  app_test_wait (says_that_it_is_empty, view);
  g_assert_cmpuint (count_rows (view), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_earlier_deployments_are_listed_broken_ones_too (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = eros_start_view_new ();
  g_autoptr (GFile) directory = eros_deployment_get_directory ();
  g_autofree char *broken = g_build_filename (g_file_peek_path (directory), "broken.erosdeploy", NULL);
  g_autoptr (GError) error = NULL;

  make_deployment ("Autumn <release>", EROS_ENVIRONMENT_PRODUCTION);
  make_deployment ("A rehearsal", EROS_ENVIRONMENT_REHEARSAL);
  g_file_set_contents (broken, "This is no deployment.", -1, &error);
  g_assert_no_error (error);

  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  app_test_wait (has_three_rows, view);
  g_assert_true (app_test_has_label (view, "Autumn <release>"));
  g_assert_true (app_test_has_label (view, "PRODUCTION"));
  g_assert_true (app_test_has_label (view, "0 of 104 done"));
  g_assert_true (app_test_has_label (view, "broken"));

  gtk_editable_set_text (GTK_EDITABLE (app_test_find (view, GTK_TYPE_SEARCH_ENTRY, NULL, NULL)), "autumn");
  app_test_wait (has_one_row, view);
  g_assert_true (app_test_has_label (list_of (view), "Autumn <release>"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
has_title (GtkWidget *row, const char *title)
{
  return g_str_has_prefix (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), title);
}

static ErosFormRow *
form_row (GtkWindow *dialog, const char *title)
{
  GtkWidget *row = app_test_find (GTK_WIDGET (dialog), EROS_TYPE_FORM_ROW, has_title, title);

  g_assert_nonnull (row);
  return EROS_FORM_ROW (row);
}

static void
fill (GtkWindow *dialog, const char *title, const char *text)
{
  g_object_set (form_row (dialog, title), "text", text, NULL);
}

static gboolean
creates (GtkWidget *button, const char *action)
{
  return g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), action) == 0;
}

static gboolean
create_is_sensitive (GtkWindow *dialog)
{
  GtkWidget *button = app_test_find (GTK_WIDGET (dialog), GTK_TYPE_BUTTON, creates, "dialog.create");

  return gtk_widget_is_sensitive (button);
}

static void
test_a_form_says_what_is_wrong_where_it_is_typed (void)
{
  GtkWindow *dialog = eros_new_dialog_new (NULL);

  gtk_window_present (dialog);
  app_test_settle ();
  g_assert_false (create_is_sensitive (dialog));
  /* What nobody has touched yet is expected, and not wrong. */
  g_assert_nonnull (eros_form_row_get_error (form_row (dialog, "Project")));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (form_row (dialog, "Project")), "eros-invalid"));
  fill (dialog, "Name", "EROS 2.4");
  fill (dialog, "Connection’s name", "staging");
  fill (dialog, "Project", "Not A Project!");
  g_assert_nonnull (eros_form_row_get_error (form_row (dialog, "Project")));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (form_row (dialog, "Project")), "eros-invalid"));
  fill (dialog, "Project", "eros-staging");
  g_assert_null (eros_form_row_get_error (form_row (dialog, "Project")));
  g_assert_true (create_is_sensitive (dialog));

  fill (dialog, "Window starts", "yesterday");
  g_assert_nonnull (eros_form_row_get_error (form_row (dialog, "Window starts")));
  g_assert_false (create_is_sensitive (dialog));
  fill (dialog, "Window starts", "2096-11-25 18:00");
  fill (dialog, "Window ends", "2096-11-25 16:00");
  g_assert_nonnull (eros_form_row_get_error (form_row (dialog, "Window ends")));
  fill (dialog, "Window starts", "2096-11-25 14:00");
  g_assert_null (eros_form_row_get_error (form_row (dialog, "Window ends")));
  fill (dialog, "Window starts", "2020-11-25 14:00");
  g_assert_nonnull (strstr (eros_form_row_get_error (form_row (dialog, "Window starts")), "in the past"));
  g_assert_false (create_is_sensitive (dialog));
  fill (dialog, "Window starts", "2096-11-25 14:00");
  g_assert_true (create_is_sensitive (dialog));
  fill (dialog, "Project", "example.com:team");
  g_assert_true (create_is_sensitive (dialog));
  fill (dialog, "Lead’s phone", "call me maybe");
  g_assert_false (create_is_sensitive (dialog));
  fill (dialog, "Lead’s phone", "+1 555 0100");
  g_assert_true (create_is_sensitive (dialog));
  fill (dialog, "Lead’s e-mail", "kyle");
  g_assert_false (create_is_sensitive (dialog));
  gtk_window_destroy (dialog);
}

static void
created_cb (GtkWindow *dialog, ErosSession *session, ErosSession **created)
{
  *created = g_object_ref (session);
}

/* A name that says another environment than the choice is asked about, and nothing is made before the answer.
 */
static void
test_a_staging_that_is_called_production_is_asked_about (void)
{
  GtkWindow *dialog = eros_new_dialog_new (NULL);
  g_autoptr (ErosSession) session = NULL;
  g_autoptr (ErosConnection) connection = NULL;
  GtkWidget *environment, *sign_in;

  g_signal_connect (dialog, "created", G_CALLBACK (created_cb), &session);
  gtk_window_present (dialog);
  app_test_settle ();
  fill (dialog, "Name", "EROS 2.6");
  fill (dialog, "Connection’s name", "Staging");
  fill (dialog, "Project", "eros-platform");
  environment = app_test_find (GTK_WIDGET (dialog), ADW_TYPE_COMBO_ROW, has_title, "Environment");
  adw_combo_row_set_selected (ADW_COMBO_ROW (environment), EROS_ENVIRONMENT_PRODUCTION);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.create", NULL);
  app_test_settle ();
  g_assert_null (session);
  app_test_answer ("cancel");
  g_assert_null (session);

  /* Without a sign-in there is an address, and it is kept. */
  sign_in = app_test_find (GTK_WIDGET (dialog), ADW_TYPE_COMBO_ROW, has_title, "Sign-in");
  adw_combo_row_set_selected (ADW_COMBO_ROW (sign_in), EROS_SIGN_IN_NONE);
  fill (dialog, "Address", "http://example.com");
  g_assert_false (create_is_sensitive (dialog));
  fill (dialog, "Address", "http://127.0.0.1:9050");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.create", NULL);
  app_test_settle ();
  app_test_answer ("create");
  g_assert_nonnull (session);
  connection = eros_connections_find ("Staging");
  g_assert_cmpstr (eros_connection_get_endpoint (connection), ==, "http://127.0.0.1:9050");
  g_assert_cmpstr (eros_connection_get_environment (connection), ==, "production");
  eros_connections_remove ("Staging");
  app_test_settle ();
}

static void
test_a_deployment_is_made_and_its_connection_remembered (void)
{
  GtkWindow *dialog = eros_new_dialog_new (NULL);
  g_autoptr (ErosSession) session = NULL;
  g_autoptr (ErosConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  const ErosDeploymentSetup *setup;

  g_signal_connect (dialog, "created", G_CALLBACK (created_cb), &session);
  gtk_window_present (dialog);
  fill (dialog, "Name", "EROS 2.5");
  fill (dialog, "Window starts", "2096-11-25 14:00");
  fill (dialog, "Window ends", "2096-11-25T16:30:00Z");
  fill (dialog, "Lead’s name", "Kyle");
  fill (dialog, "Connection’s name", "our staging");
  fill (dialog, "Project", "eros-staging");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.create", NULL);
  app_test_settle ();

  g_assert_nonnull (session);
  setup = eros_deployment_get_setup (eros_session_get_deployment (session));
  g_assert_cmpstr (setup->name, ==, "EROS 2.5");
  g_assert_cmpstr (setup->window_start, ==, "2096-11-25T14:00:00Z");
  g_assert_cmpstr (setup->window_end, ==, "2096-11-25T16:30:00Z");
  g_assert_cmpint (setup->environment, ==, EROS_ENVIRONMENT_STAGING);
  g_assert_cmpstr (setup->project, ==, "eros-staging");
  g_assert_cmpstr (setup->location, ==, "");
  g_assert_cmpstr (setup->profile, ==, "our staging");

  connection = eros_connections_for_setup (setup, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_connection_get_project (connection), ==, "eros-staging");
  g_assert_cmpint (eros_connection_get_sign_in (connection), ==, EROS_SIGN_IN_APPLICATION_DEFAULT);
}

static void
make_through_dialog (GtkWindow *dialog)
{
  fill (dialog, "Name", "EROS 2.6");
  gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.create", NULL);
  app_test_settle ();
}

/* Chosen from the list, or written by its name. */
static void
test_a_known_connection_keeps_its_limits (void)
{
  const gint64 budget = G_GINT64_CONSTANT (123456789);
  g_autoptr (ErosConnection) known =
    g_object_new (EROS_TYPE_CONNECTION, "name", "careful", "environment", "staging", "project",
                  "eros-staging", "dataset", "eros_platform", "location", "", "bucket", "eros-backups",
                  "sign-in", EROS_SIGN_IN_APPLICATION_DEFAULT, "budget-bytes", budget, NULL);

  for (guint written = 0; written < 2; written++)
    {
      g_autoptr (ErosConnection) stored = NULL;
      GtkWindow *dialog;
      GtkWidget *list;

      g_assert_true (eros_connections_store (known));
      dialog = eros_new_dialog_new (NULL);
      gtk_window_present (dialog);
      list = app_test_find (GTK_WIDGET (dialog), ADW_TYPE_COMBO_ROW, has_title, "Connection");
      if (!written)
        adw_combo_row_set_selected (
          ADW_COMBO_ROW (list),
          g_list_model_get_n_items (adw_combo_row_get_model (ADW_COMBO_ROW (list))) - 1);
      else
        {
          fill (dialog, "Connection’s name", "careful");
          fill (dialog, "Project", "eros-staging");
          g_signal_emit_by_name (form_row (dialog, "Connection’s name"), "left");
        }
      /* One of them is changed, the others stay as they are, to the byte. */
      fill (dialog, "Time limit of a job", written ? "120" : "soon");
      if (!written)
        {
          g_assert_false (create_is_sensitive (dialog));
          fill (dialog, "Time limit of a job", "120");
        }
      make_through_dialog (dialog);
      stored = eros_connections_find ("careful");
      g_assert_cmpint (eros_connection_get_timeout_ms (stored), ==, 120000);
      g_assert_cmpint (eros_connection_get_budget_bytes (stored), ==, budget);
    }
}

static void
test_where_a_deployment_goes_is_not_changed_by_its_connection (void)
{
  g_autoptr (ErosConnection) edited =
    g_object_new (EROS_TYPE_CONNECTION, "name", "moved", "project", "elsewhere", NULL);
  g_autoptr (ErosConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  ErosDeploymentSetup setup = { .project = (char *) "eros-staging", .profile = (char *) "moved" };

  g_assert_true (eros_connections_store (edited));
  connection = eros_connections_for_setup (&setup, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (eros_connection_get_project (connection), ==, "eros-staging");
}

static const char checklist[] = "# Monthly Close\n\n"
                                "## Phase 1: Books\n\n"
                                "- [ ] Ledger is balanced\n"
                                "- [ ] Rate: ____\n"
                                "\nAsk `&amp; <b>tell</b>`\r\n";

static char *
in_directory (const char *name)
{
  g_autoptr (GFile) directory = eros_deployment_get_directory ();

  return g_build_filename (g_file_peek_path (directory), name, NULL);
}

static GFile *
write_file (const char *name, const char *text)
{
  g_autofree char *path = in_directory (name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static GtkWindow *
preview (GFile *file)
{
  g_autoptr (GError) error = NULL;
  ErosImport *import = eros_import_load (file, NULL, NULL, &error);
  GtkWindow *dialog;

  g_assert_no_error (error);
  dialog = eros_runbook_dialog_new (NULL, file, import);
  gtk_window_present (dialog);
  app_test_settle ();
  return dialog;
}

static gboolean
is_saved (gpointer dialog)
{
  return app_test_has_label (dialog, "Saved as");
}

static gboolean
is_refused (gpointer nothing)
{
  return app_test_get_question () != NULL;
}

static void
deploy_cb (GtkWindow *dialog, ErosRunbook *runbook, ErosRunbook **chosen)
{
  *chosen = g_object_ref (runbook);
}

/* A checklist is shown line by line before anything is written; what is saved is a runbook that a deployment
 * is made with, and a second time its ids stay. */
static void
test_a_checklist_is_shown_and_saved_as_a_runbook (void)
{
  g_autoptr (GFile) file = write_file ("close.md", checklist);
  g_autofree char *path = in_directory ("close.json");
  g_autoptr (GFile) output = g_file_new_for_path (path);
  g_autoptr (ErosRunbook) chosen = NULL;
  g_autoptr (ErosSession) session = NULL;
  GtkWindow *dialog = preview (file);

  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "5: box: Ledger is balanced"));
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "Ask `&amp; <b>tell</b>`"));
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "Boxes: 2, fields: 1, sign-offs: 0"));
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "Nothing has been written"));
  g_assert_false (g_file_query_exists (output, NULL));

  eros_runbook_dialog_save (EROS_RUNBOOK_DIALOG (dialog), output);
  app_test_wait (is_saved, dialog);
  g_assert_false (app_test_has_label (GTK_WIDGET (dialog), "Ids:"));
  g_signal_connect (dialog, "deploy", G_CALLBACK (deploy_cb), &chosen);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "runbook.deploy", NULL);
  app_test_settle ();
  g_assert_cmpstr (eros_runbook_get_title (chosen), ==, "Monthly Close");

  dialog = preview (file);
  eros_runbook_dialog_save (EROS_RUNBOOK_DIALOG (dialog), output);
  app_test_wait (is_saved, dialog);
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "kept, 0 new, 0 gone"));
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "close.json~"));
  gtk_window_destroy (dialog);

  dialog = eros_new_dialog_new (NULL);
  g_signal_connect (dialog, "created", G_CALLBACK (created_cb), &session);
  gtk_window_present (dialog);
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "comes with the program"));
  eros_new_dialog_set_runbook (EROS_NEW_DIALOG (dialog), chosen);
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "Monthly Close, version"));
  fill (dialog, "Connection’s name", "our staging");
  fill (dialog, "Project", "eros-staging");
  make_through_dialog (dialog);
  g_assert_nonnull (session);
  g_assert_cmpstr (
    eros_runbook_get_title (eros_deployment_get_runbook (eros_session_get_deployment (session))), ==,
    "Monthly Close");
}

/* What is no runbook is neither written over nor taken for one. */
static void
test_what_is_no_runbook_stays_as_it_is (void)
{
  g_autoptr (GFile) file = write_file ("close.md", checklist);
  g_autoptr (GFile) letter = write_file ("letter.json", "Dear Ada");
  g_autofree char *text = NULL;
  GtkWindow *dialog = preview (file);

  eros_runbook_dialog_save (EROS_RUNBOOK_DIALOG (dialog), letter);
  app_test_wait (is_refused, NULL);
  g_assert_true (app_test_has_label (app_test_get_question (), "Choose another file"));
  app_test_answer ("cancel");
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "Nothing has been written"));
  g_assert_true (g_file_load_contents (letter, NULL, &text, NULL, NULL, NULL));
  g_assert_cmpstr (text, ==, "Dear Ada");
  gtk_window_destroy (dialog);

  dialog = eros_new_dialog_new (NULL);
  gtk_window_present (dialog);
  eros_new_dialog_load_runbook (EROS_NEW_DIALOG (dialog), letter);
  app_test_wait (is_refused, NULL);
  app_test_answer ("cancel");
  g_assert_true (app_test_has_label (GTK_WIDGET (dialog), "comes with the program"));
  gtk_window_destroy (dialog);
}

#define ADD(name, function) g_test_add_func ("/app/start/" name, function)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("an-empty-list-says-what-would-be-here", test_an_empty_list_says_what_would_be_here);
  ADD ("earlier-deployments-are-listed-broken-ones-too", test_earlier_deployments_are_listed_broken_ones_too);
  ADD ("a-form-says-what-is-wrong-where-it-is-typed", test_a_form_says_what_is_wrong_where_it_is_typed);
  ADD ("a-staging-that-is-called-production-is-asked-about",
       test_a_staging_that_is_called_production_is_asked_about);
  ADD ("a-deployment-is-made-and-its-connection-remembered",
       test_a_deployment_is_made_and_its_connection_remembered);
  ADD ("a-known-connection-keeps-its-limits", test_a_known_connection_keeps_its_limits);
  ADD ("where-a-deployment-goes-is-not-changed-by-its-connection",
       test_where_a_deployment_goes_is_not_changed_by_its_connection);
  ADD ("a-checklist-is-shown-and-saved-as-a-runbook", test_a_checklist_is_shown_and_saved_as_a_runbook);
  ADD ("what-is-no-runbook-stays-as-it-is", test_what_is_no_runbook_stays_as_it_is);
  return g_test_run ();
}
