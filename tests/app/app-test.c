/* app-test.c: a deployment to show, and waiting for what a window does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "app-test.h"

#include "eros-app-resources.h"
#include "eros-check-row.h"
#include "eros-field-entry.h"

#define DEADLINE_S 120 /* for a machine that has much else to do */

void
app_test_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  eros_app_get_resource ();
  adw_init ();
}

ErosSession *
app_test_new_session (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (&error);
  g_autofree char *directory = g_dir_make_tmp ("eros-app-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "test.erosdeploy", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (ErosDeployment) deployment = NULL;
  ErosDeploymentSetup setup = {
    .name = (char *) "EROS 2.4",
    .window_start = (char *) "2026-11-24T14:00:00Z",
    .window_end = (char *) "2026-11-24T16:00:00Z",
    .lead_name = (char *) "Kyle Merriman",
    .lead_email = (char *) "kyle@example.com",
    .lead_phone = (char *) "",
    .environment = EROS_ENVIRONMENT_STAGING,
    .project = (char *) "eros-staging",
    .dataset = (char *) "eros_platform",
    .location = (char *) "US",
    .bucket = (char *) "eros-platform-backups",
    .profile = (char *) "nowhere",
  };

  g_assert_no_error (error);
  deployment = eros_deployment_create (file, runbook, &setup, "Ada <ada@example.com>", &error);
  g_assert_no_error (error);
  eros_deployment_set_actor (deployment, "Ada <ada@example.com>");
  return eros_session_new (deployment, NULL);
}

GFile *
app_test_get_file (ErosSession *session)
{
  return eros_journal_get_file (eros_deployment_get_journal (eros_session_get_deployment (session)));
}

/* Another look at the same file, as another process would have it. */
ErosSession *
app_test_reopen (ErosSession *session)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosDeployment) deployment =
    eros_deployment_open (app_test_get_file (session), EROS_JOURNAL_READ, &error);

  g_assert_no_error (error);
  return eros_session_new (deployment, NULL);
}

void
app_test_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
expired_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
app_test_wait (AppTestCondition condition, gpointer data)
{
  gboolean expired = FALSE;
  guint deadline = g_timeout_add_seconds (DEADLINE_S, expired_cb, &expired);

  while (!condition (data) && !expired)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (expired);
  g_source_remove (deadline);
}

GtkWidget *
app_test_find (GtkWidget *root, GType type, AppTestMatch matches, const char *detail)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (matches == NULL || matches (root, detail)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = app_test_find (child, type, matches, detail);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_check (GtkWidget *widget, const char *element_id)
{
  ErosItem *item = eros_check_row_get_item (EROS_CHECK_ROW (widget));

  return g_str_equal (eros_element_get_id (eros_item_get_element (item)), element_id);
}

GtkWidget *
app_test_find_check (GtkWidget *root, const char *element_id)
{
  GtkWidget *row = app_test_find (root, EROS_TYPE_CHECK_ROW, is_check, element_id);

  g_assert_nonnull (row);
  return row;
}

static gboolean
is_field (GtkWidget *widget, const char *field_id)
{
  return g_str_equal (eros_field_get_id (eros_field_entry_get_field (EROS_FIELD_ENTRY (widget))), field_id);
}

GtkWidget *
app_test_find_field (GtkWidget *root, const char *field_id)
{
  GtkWidget *entry = app_test_find (root, EROS_TYPE_FIELD_ENTRY, is_field, field_id);

  g_assert_nonnull (entry);
  return entry;
}

static gboolean
shows_text (GtkWidget *widget, const char *text)
{
  return strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

static gboolean
holds_text (GtkWidget *widget, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget));
  g_autofree char *shown = NULL;
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  shown = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return strstr (shown, text) != NULL;
}

gboolean
app_test_has_label (GtkWidget *root, const char *text)
{
  return app_test_find (root, GTK_TYPE_LABEL, shows_text, text) != NULL ||
         app_test_find (root, GTK_TYPE_TEXT_VIEW, holds_text, text) != NULL;
}

GtkWidget *
app_test_get_question (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (window))
        return window;
    }
  return NULL;
}

static gboolean
has_this_label (GtkWidget *button, const char *label)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0;
}

void
app_test_answer (const char *response)
{
  GtkWidget *question = app_test_get_question ();
  const char *label;
  GtkWidget *button;

  g_assert_nonnull (question);
  label = adw_message_dialog_get_response_label (ADW_MESSAGE_DIALOG (question), response);
  button = app_test_find (question, GTK_TYPE_BUTTON, has_this_label, label);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  app_test_settle ();
}

ErosWindow *
app_test_open_window (ErosSession *session)
{
  ErosWindow *window = g_object_new (EROS_TYPE_WINDOW, NULL);

  eros_window_show (window, session);
  gtk_window_present (GTK_WINDOW (window));
  app_test_settle ();
  return window;
}

void
app_test_close_window (ErosWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
}
