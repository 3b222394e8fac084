/* test-foreign-texts.c: nothing that comes from elsewhere stands in the window as it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "app-test.h"

#include <glib/gstdio.h>

#include "eros-feedback.h"
#include "eros-report-view.h"
#include "eros-window.h"
#include "foreign-texts.h"

/* What one widget says by itself; its children are looked at in their turn. */
static void
check_widget (GtkWidget *widget, const char *where)
{
  const char *text = NULL;
  g_autofree char *owned = NULL;

  if (GTK_IS_LABEL (widget))
    text = gtk_label_get_text (GTK_LABEL (widget));
  else if (GTK_IS_EDITABLE (widget))
    text = gtk_editable_get_text (GTK_EDITABLE (widget));
  else if (GTK_IS_WINDOW (widget))
    text = gtk_window_get_title (GTK_WINDOW (widget));
  else if (GTK_IS_TEXT_VIEW (widget))
    {
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget));

      g_object_get (buffer, "text", &owned, NULL);
      text = owned;
    }
  if (text != NULL && foreign_find_raw (text, TRUE) != NULL)
    g_error ("%s: a %s says U+%04X: %s", where, G_OBJECT_TYPE_NAME (widget),
             g_utf8_get_char (foreign_find_raw (text, TRUE)), text);
}

static guint
check_all (GtkWidget *widget, const char *where)
{
  guint n = 1;

  if (!gtk_widget_get_mapped (widget))
    return 0;
  check_widget (widget, where);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += check_all (child, where);
  return n;
}

static ErosSession *
new_session (char **folder)
{
  g_autoptr (ErosDeployment) deployment = NULL;

  *folder = g_dir_make_tmp ("eros-app-XXXXXX", NULL);
  deployment = foreign_deployment (*folder);
  return eros_session_new (deployment, NULL);
}

static void
test_pages (void)
{
  g_autofree char *folder = NULL;
  g_autoptr (ErosSession) session = new_session (&folder);
  GListModel *phases =
    eros_runbook_get_phases (eros_deployment_get_runbook (eros_session_get_deployment (session)));
  ErosWindow *window = g_object_new (EROS_TYPE_WINDOW, NULL);

  eros_window_show (window, session);
  gtk_window_present (GTK_WINDOW (window));
  app_test_settle ();
  g_assert_cmpuint (check_all (GTK_WIDGET (window), "overview"), >, 50);
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      gtk_widget_activate_action (GTK_WIDGET (window), "win.phase", "i", i);
      app_test_settle ();
      check_all (GTK_WIDGET (window), eros_phase_get_id (phase));
    }
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
}

/* A server's message, a table's name: in plain labels, with markup, in a dialog, however it gets there. */
static void
test_labels (void)
{
  GtkWidget *window = g_object_new (EROS_TYPE_WINDOW, NULL);
  GtkWidget *plain = gtk_label_new ("");
  GtkWidget *marked = gtk_label_new (NULL);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *sheet = gtk_window_new ();

  gtk_box_append (GTK_BOX (box), plain);
  gtk_box_append (GTK_BOX (box), marked);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_box_append (GTK_BOX (box), list);
  gtk_window_set_child (GTK_WINDOW (sheet), box);
  gtk_window_present (GTK_WINDOW (sheet));
  app_test_settle ();
  for (guint i = 0; i < N_FOREIGN_TEXTS; i++)
    {
      g_autofree char *text = foreign_text (i);
      g_autofree char *escaped = g_markup_escape_text (text, -1);
      g_autofree char *markup = g_strdup_printf ("<b>%s</b>", escaped);
      g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "%s", text);
      GtkWidget *question;

      gtk_label_set_text (GTK_LABEL (plain), text);
      gtk_label_set_markup (GTK_LABEL (marked), markup);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
      app_test_settle ();
      g_assert_cmpuint (check_all (sheet, text), >, 3);
      eros_feedback_error (sheet, text, error);
      app_test_settle ();
      question = app_test_get_question ();
      g_assert_nonnull (question);
      check_all (question, text);
      gtk_window_destroy (GTK_WINDOW (question));
    }
  gtk_window_destroy (GTK_WINDOW (sheet));
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  g_test_add_func ("/app/foreign-texts/on-every-page-are-shown", test_pages);
  g_test_add_func ("/app/foreign-texts/in-every-label-are-shown", test_labels);
  return g_test_run ();
}
