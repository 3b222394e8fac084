/* test-verdict.c: a report is verified, signed elsewhere and taken back, without a terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "app-test.h"

#include <string.h>
#include <unistd.h>
#include <gio/gunixfdlist.h>

#include "eros-application.h"
#include "eros-report.h"
#include "eros-take-back.h"
#include "eros-verdict-window.h"

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

static ErosSigner *
make_signer (const char *name)
{
  g_autoptr (GError) error = NULL;
  ErosSigner *signer = eros_signer_new_self_made (name, &error);

  g_assert_no_error (error);
  return signer;
}

/* Signed by whoever writes it, beside the journal. (transfer full) */
static GFile *
write_report (ErosSession *session)
{
  g_autoptr (GFile) folder = g_file_get_parent (app_test_get_file (session));
  GFile *file = g_file_get_child (folder, "report.pdf");
  g_autoptr (ErosSigner) signer = make_signer ("Kyle Merriman");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean written;

  eros_report_write_async (eros_session_get_deployment (session), file, signer, EROS_PAPER_A4, NULL, done_cb,
                           &result);
  app_test_wait (is_done, &result);
  written = eros_report_write_finish (result, &error);
  g_assert_no_error (error);
  g_assert_true (written);
  return file;
}

static const char *
page_of (gpointer window)
{
  GtkWidget *stack = app_test_find (window, GTK_TYPE_STACK, NULL, NULL);

  return gtk_stack_get_visible_child_name (GTK_STACK (stack));
}

static gboolean
is_verified (gpointer window)
{
  return !g_str_equal (page_of (window), "busy");
}

static GtkWidget *
open_verdict (ErosDeployment *deployment, GFile *file)
{
  GtkWindow *window = eros_verdict_window_new (NULL, deployment, file);

  gtk_window_present (window);
  app_test_wait (is_verified, window);
  app_test_settle ();
  return GTK_WIDGET (window);
}

static gboolean
has_action (GtkWidget *button, const char *action)
{
  return g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), action) == 0;
}

static GtkWidget *
button_of (GtkWidget *window, const char *action)
{
  GtkWidget *button = app_test_find (window, GTK_TYPE_BUTTON, has_action, action);

  g_assert_nonnull (button);
  return button;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

/* All that it says, as its button copies it. */
static char *
copy_all (GtkWidget *window)
{
  char *text = NULL;

  g_signal_emit_by_name (button_of (window, "verdict.copy"), "clicked");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (window), NULL, read_cb, &text);
  app_test_wait (is_done, &text);
  return text;
}

/* What the terminal says, run where the files are. */
static char *
run_verify (GFile *file, const char *other)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *name = g_file_get_basename (file);
  const char *const words[] = { g_getenv ("EROS_DEPLOY"), "verify", name, other, NULL };
  char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (g_file_peek_path (folder), (char **) words, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                NULL, &error);
  g_assert_no_error (error);
  return output;
}

static void
test_says_what_the_terminal_says (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GFile) report = write_report (session);
  GtkWidget *window = open_verdict (NULL, report);
  GtkWidget *journal;
  g_autofree char *shown = copy_all (window);
  g_autofree char *said = run_verify (report, NULL);
  g_autofree char *shown_journal = NULL;
  g_autofree char *said_journal = NULL;

  g_assert_cmpstr (shown, ==, said);
  g_assert_nonnull (strstr (shown, "signed by Kyle Merriman"));
  g_assert_true (app_test_has_label (window, "made again of them, pages and attachments come out the same"));
  g_assert_true (gtk_widget_is_sensitive (button_of (window, "verdict.countersign")));
  g_assert_false (gtk_widget_is_sensitive (button_of (window, "verdict.take"))); /* no deployment is open */

  journal = open_verdict (NULL, app_test_get_file (session));
  shown_journal = copy_all (journal);
  said_journal = run_verify (app_test_get_file (session), NULL);
  g_assert_cmpstr (shown_journal, ==, said_journal);
  g_assert_nonnull (strstr (shown_journal, "whole: "));
  g_assert_false (gtk_widget_is_sensitive (button_of (journal, "verdict.countersign")));
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (journal));
}

static void
test_what_was_changed_is_not_signed (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GFile) report = write_report (session);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window;
  gsize length;

  g_file_load_contents (report, NULL, &bytes, &length, NULL, &error);
  g_assert_no_error (error);
  bytes[length / 2] ^= 1;
  g_assert_true (g_file_set_contents (g_file_peek_path (report), bytes, (gssize) length, NULL));
  window = open_verdict (eros_session_get_deployment (session), report);
  g_assert_cmpstr (page_of (window), ==, "verdict");
  g_assert_false (app_test_has_label (window, "as it was signed"));
  g_assert_false (gtk_widget_is_sensitive (button_of (window, "verdict.countersign")));
  g_assert_false (gtk_widget_is_sensitive (button_of (window, "verdict.take")));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Nothing is lost by it: it is begun again. */
static void
test_is_stopped (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GFile) report = write_report (session);
  GtkWidget *window = GTK_WIDGET (eros_verdict_window_new (NULL, NULL, report));

  g_assert_cmpstr (page_of (window), ==, "busy");
  g_signal_emit_by_name (button_of (window, "verdict.stop"), "clicked");
  app_test_wait (is_verified, window);
  g_assert_cmpstr (page_of (window), ==, "failed");
  g_signal_emit_by_name (button_of (window, "verdict.again"), "clicked");
  app_test_wait (is_verified, window);
  g_assert_cmpstr (page_of (window), ==, "verdict");
  gtk_window_destroy (GTK_WINDOW (window));
  /* Closed while it is at work. */
  window = GTK_WIDGET (eros_verdict_window_new (NULL, NULL, report));
  gtk_window_destroy (GTK_WINDOW (window));
  app_test_settle ();
}

/* ---- signing, and taking back ---- */

static GtkWidget *
find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (window), type) && gtk_widget_get_visible (window))
        return window;
    }
  return NULL;
}

static gboolean
chooser_is_open (gpointer data)
{
  return find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL;
}

/* Also when it has settled: it reads a folder of its own choice first. */
static gboolean
is_chosen (gpointer file)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG));
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autoptr (GFile) shown = NULL;
  g_autoptr (GFile) chosen = NULL;

  app_test_settle ();
  shown = gtk_file_chooser_get_current_folder (chooser);
  if (shown == NULL || !g_file_equal (shown, folder))
    {
      gtk_file_chooser_set_current_folder (chooser, folder, NULL);
      return FALSE;
    }
  chosen = gtk_file_chooser_get_file (chooser);
  return chosen != NULL && g_file_equal (chosen, file);
}

static void
choose (GFile *file)
{
  GtkWidget *chooser;

  app_test_wait (chooser_is_open, NULL);
  chooser = find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);
  if (gtk_file_chooser_get_action (GTK_FILE_CHOOSER (chooser)) == GTK_FILE_CHOOSER_ACTION_SAVE)
    {
      g_autoptr (GFile) folder = g_file_get_parent (file);
      g_autofree char *name = g_file_get_basename (file);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder, NULL);
      gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
    }
  else
    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (chooser), file, NULL);
  app_test_wait (is_chosen, file);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  app_test_settle ();
}

static gboolean
question_is_open (gpointer data)
{
  return app_test_get_question () != NULL;
}

static gboolean
shows (gpointer window)
{
  return app_test_has_label (window, "signed by Ada Lovelace");
}

/* A key in PKCS #12, as authorities hand them out. */
static GFile *
make_key_file (GFile *beside)
{
  g_autoptr (GFile) folder = g_file_get_parent (beside);
  g_autofree char *script =
    g_strdup ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=Ada Lovelace' "
              "-days 30 -keyout key.pem -out certificate.pem 2>/dev/null && "
              "openssl pkcs12 -export -inkey key.pem -in certificate.pem -passout pass:secret -out ada.p12");
  const char *const words[] = { "sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (g_file_peek_path (folder), (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return g_file_get_child (folder, "ada.p12");
}

static guint
index_of (GtkDropDown *roles, const char *title)
{
  GListModel *titles = gtk_drop_down_get_model (roles);

  for (guint i = 0; i < g_list_model_get_n_items (titles); i++)
    {
      g_autoptr (GtkStringObject) item = g_list_model_get_item (titles, i);

      if (g_str_equal (gtk_string_object_get_string (item), title))
        return i;
    }
  g_assert_not_reached ();
}

static gboolean
is_last (GtkWidget *widget, const char *detail)
{
  GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (widget));

  return g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (model), 1), "A key in a file");
}

/* As technical lead, with the key in the file, whose password is once mistaken. */
static void
countersign (GtkWidget *window, GFile *key, GFile *output)
{
  GtkWidget *question, *roles;

  g_signal_emit_by_name (button_of (window, "verdict.countersign"), "clicked");
  app_test_settle ();
  question = app_test_get_question ();
  roles = app_test_find (question, GTK_TYPE_DROP_DOWN, NULL, NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (roles), index_of (GTK_DROP_DOWN (roles), "Technical Lead"));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (app_test_find (question, GTK_TYPE_DROP_DOWN, is_last, NULL)), 1);
  app_test_answer ("sign");
  choose (key);
  for (const char *const *word = (const char *const[]){ "mistaken", "secret", NULL }; *word != NULL; word++)
    {
      app_test_wait (question_is_open, NULL);
      question = app_test_get_question ();
      g_assert_true (app_test_has_label (question, "the password is wrong"));
      gtk_editable_set_text (GTK_EDITABLE (app_test_find (question, GTK_TYPE_ENTRY, NULL, NULL)), *word);
      app_test_answer ("open");
    }
  choose (output);
  app_test_wait (shows, window);
}

static gboolean
is_empty (GtkWidget *entry, const char *detail)
{
  return *gtk_editable_get_text (GTK_EDITABLE (entry)) == '\0';
}

static gboolean
says_that_there_is_none (gpointer window)
{
  GtkWidget *question = app_test_get_question ();

  return question != NULL && app_test_has_label (question, "No token that is plugged in");
}

static void
test_token_that_is_missing_is_said (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GFile) report = NULL;
  GtkWidget *window, *question, *name;

  report = write_report (session);
  window = open_verdict (eros_session_get_deployment (session), report);
  g_signal_emit_by_name (button_of (window, "verdict.countersign"), "clicked");
  app_test_settle ();
  question = app_test_get_question ();
  name = app_test_find (question, GTK_TYPE_ENTRY, is_empty, NULL);
  g_assert_false (gtk_widget_is_visible (name));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (app_test_find (question, GTK_TYPE_DROP_DOWN, is_last, NULL)), 2);
  g_assert_true (gtk_widget_is_visible (name));
  gtk_editable_set_text (GTK_EDITABLE (name), "no such key");
  app_test_answer ("sign");
  app_test_wait (says_that_there_is_none, window);
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
is_signed (gpointer deployment)
{
  ErosItem *item = eros_deployment_get_item (deployment, "sign-off.confirmation.technical-lead");

  return eros_item_is_signed (item);
}

static void
override_gates (ErosDeployment *deployment)
{
  g_autoptr (GError) error = NULL;
  gboolean done = eros_deployment_override (deployment, "gate.final-sign-off", "Ada", "A test", &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
test_is_countersigned_and_taken_back (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autoptr (GFile) report = NULL;
  g_autoptr (GFile) folder = g_file_get_parent (app_test_get_file (session));
  g_autoptr (GFile) output = g_file_get_child (folder, "signed.pdf");
  g_autoptr (GFile) key = make_key_file (output);
  g_autofree char *said = NULL;
  GtkWidget *window;

  override_gates (deployment);
  report = write_report (session);
  window = open_verdict (deployment, report);
  countersign (window, key, output);
  said = run_verify (output, "test.erosdeploy");
  g_test_message ("%s", said);
  g_assert_nonnull (strstr (said, "signed by Ada Lovelace"));

  g_assert_false (is_signed (deployment));
  app_test_wait (is_verified, window);
  g_signal_emit_by_name (button_of (window, "verdict.take"), "clicked");
  app_test_wait (is_signed, deployment);
  g_assert_cmpstr (
    eros_item_get_actor (eros_deployment_get_item (deployment, "sign-off.confirmation.technical-lead")), ==,
    "Ada Lovelace");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- asking ---- */

static const char PORTAL[] =
  "<node><interface name='org.freedesktop.portal.Email'><method name='ComposeEmail'>"
  "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='o' direction='out'/></method></interface></node>";

typedef struct
{
  char *subject;
  char *body;
  char start[5]; /* of what is attached */
} Letter;

static void
compose_cb (GDBusConnection *connection,
            const char *sender,
            const char *path,
            const char *interface,
            const char *method,
            GVariant *parameters,
            GDBusMethodInvocation *invocation,
            gpointer user_data)
{
  Letter *letter = user_data;
  GUnixFDList *list = g_dbus_message_get_unix_fd_list (g_dbus_method_invocation_get_message (invocation));
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autoptr (GError) error = NULL;
  int fd;

  g_variant_lookup (options, "subject", "s", &letter->subject);
  g_variant_lookup (options, "body", "s", &letter->body);
  g_assert_nonnull (list);
  fd = g_unix_fd_list_get (list, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pread (fd, letter->start, sizeof letter->start, 0), ==, sizeof letter->start);
  close (fd);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", "/request"));
}

static gboolean
has_come (gpointer letter)
{
  return ((Letter *) letter)->subject != NULL;
}

/* A desktop that has the portal, with a connection of its own. */
static GDBusConnection *
offer_portal (Letter *letter)
{
  static const GDBusInterfaceVTable vtable = { compose_cb, NULL, NULL, { NULL } };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (PORTAL, &error);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, &error);
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
    address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_autoptr (GVariant) answer = NULL;

  g_assert_no_error (error);
  g_dbus_connection_register_object (bus, "/org/freedesktop/portal/desktop", node->interfaces[0], &vtable,
                                     letter, NULL, &error);
  g_assert_no_error (error);
  answer =
    g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                 "RequestName", g_variant_new ("(su)", "org.freedesktop.portal.Desktop", 4u),
                                 NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return bus;
}

static void
test_asks_by_mail (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosWindow *window = app_test_open_window (session);
  g_autoptr (GFile) folder = g_file_get_parent (app_test_get_file (session));
  g_autoptr (GFile) output = g_file_get_child (folder, "to-sign.pdf");
  Letter letter = { NULL };
  g_autoptr (GDBusConnection) bus = offer_portal (&letter);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.ask-to-sign", NULL));
  app_test_settle ();
  app_test_answer ("mail");
  choose (output);
  app_test_wait (has_come, &letter);
  g_assert_nonnull (strstr (letter.subject, "EROS 2.4"));
  g_assert_nonnull (strstr (letter.body, "eros-deploy sign to-sign.pdf --as ROLE"));
  g_assert_cmpmem (letter.start, 5, "%PDF-", 5);
  g_free (letter.subject);
  g_free (letter.body);
  app_test_close_window (window);
}

/* ---- the program is given a PDF ---- */

static gboolean
verdict_is_there (gpointer data)
{
  GtkWidget *window = find_toplevel (EROS_TYPE_VERDICT_WINDOW);

  return window != NULL && is_verified (window);
}

static void
test_opens_a_pdf (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GFile) report = write_report (session);
  g_autoptr (GApplication) application =
    g_object_new (EROS_TYPE_APPLICATION, "application-id", "com.example.Test", "flags",
                  G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE, NULL);
  g_autoptr (GError) error = NULL;
  GtkWidget *window;

  g_application_register (application, NULL, &error);
  g_assert_no_error (error);
  g_application_open (application, &report, 1, "");
  app_test_wait (verdict_is_there, NULL);
  window = find_toplevel (EROS_TYPE_VERDICT_WINDOW);
  g_assert_true (app_test_has_label (window, "signed by Kyle Merriman"));
  gtk_window_destroy (gtk_window_get_transient_for (GTK_WINDOW (window)));
  app_test_settle ();
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  g_test_add_func ("/verdict/says-what-the-terminal-says", test_says_what_the_terminal_says);
  g_test_add_func ("/verdict/what-was-changed-is-not-signed", test_what_was_changed_is_not_signed);
  g_test_add_func ("/verdict/is-stopped-and-begun-again", test_is_stopped);
  g_test_add_func ("/verdict/token-that-is-missing-is-said", test_token_that_is_missing_is_said);
  g_test_add_func ("/verdict/is-countersigned-and-taken-back", test_is_countersigned_and_taken_back);
  g_test_add_func ("/verdict/asks-by-mail-with-the-report-attached", test_asks_by_mail);
  g_test_add_func ("/verdict/a-pdf-that-the-program-is-given-is-verified", test_opens_a_pdf);
  return g_test_run ();
}
