/* eros-application.c: the program with its window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-application.h"

#include <glib/gi18n-lib.h>

#include "eros-app-resources.h"
#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-manual.h"
#include "eros-new-dialog.h"
#include "eros-runbook-dialog.h"
#include "eros-preferences.h"
#include "eros-threads.h"
#include "eros-verdict-window.h"
#include "eros-file-verdict.h"
#include "eros-window.h"
#include "eros-visible.h"

struct _ErosApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (ErosApplication, eros_application, ADW_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *accels[3];
} shortcuts[] = {
  { "app.help", { "F1" } },
  { "app.new", { "<Control>n" } },
  { "app.open", { "<Control>o" } },
  { "app.open-report", { "<Control><Shift>o" } },
  { "app.verify", { "<Control><Shift>v" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.quit", { "<Control>q" } },
  { "win.close", { "<Control>w" } },
  { "win.export", { "<Control>e" } },
  { "win.run-checks", { "<Control>r" } },
  { "app.shortcuts", { "<Control>question", "<Control>slash" } },
  { "win.undo", { "<Control>z" } },
  { "win.page('now')", { "<Control>j" } },
  { "win.timeline", { "F9" } },
  { "win.search", { "<Control>f" } },
  { "win.rollback", { "<Control><Shift>b" } },
  { "win.phase(0)", { "<Control>0" } },
  { "win.phase(1)", { "<Control>1" } },
  { "win.phase(2)", { "<Control>2" } },
  { "win.phase(3)", { "<Control>3" } },
  { "win.phase(4)", { "<Control>4" } },
  { "win.phase(5)", { "<Control>5" } },
  { "win.phase(6)", { "<Control>6" } },
  { "win.phase(7)", { "<Control>7" } },
  { "win.phase(8)", { "<Control>8" } },
  { "win.phase(9)", { "<Control>9" } },
};

static ErosWindow *
get_window (ErosApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  while (window != NULL && !EROS_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);
  return window != NULL ? EROS_WINDOW (window) : eros_window_new (GTK_APPLICATION (self));
}

/* A window on the start view if there is one: a deployment that is open stays open. */
static ErosWindow *
get_free_window (ErosApplication *self)
{
  ErosWindow *window = get_window (self);

  return eros_window_get_deployment (window) == NULL ? window : eros_window_new (GTK_APPLICATION (self));
}

static ErosWindow *
find_window (ErosApplication *self, GFile *file)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    {
      ErosDeployment *deployment = EROS_IS_WINDOW (l->data) ? eros_window_get_deployment (l->data) : NULL;

      if (deployment != NULL &&
          g_file_equal (eros_journal_get_file (eros_deployment_get_journal (deployment)), file))
        return l->data;
    }
  return NULL;
}

/* Above the window that is in front, whose deployment may take signatures back. */
static void
show_verdict (ErosApplication *self, GFile *file)
{
  ErosWindow *window = get_window (self);

  gtk_window_present (GTK_WINDOW (window));
  gtk_window_present (
    eros_verdict_window_new (GTK_WINDOW (window), eros_window_get_deployment (window), file));
}

static void
open_file (ErosApplication *self, GFile *file)
{
  ErosWindow *window = find_window (self, file);

  if (window == NULL && eros_file_verdict_is_pdf (file))
    {
      show_verdict (self, file);
      return;
    }
  if (window == NULL)
    {
      window = get_free_window (self);
      gtk_window_present (GTK_WINDOW (window));
      eros_window_open_file (window, file);
    }
  gtk_window_present (GTK_WINDOW (window));
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file != NULL)
    open_file (self, file);
  else
    eros_feedback_error (GTK_WIDGET (source), _ ("No File Opened"), error);
}

static void
verified_file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file != NULL)
    show_verdict (self, file);
  else
    eros_feedback_error (GTK_WIDGET (source), _ ("No File Opened"), error);
}

static void
verify_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ErosFileFilter filter = { _ ("Deployments and reports"), "*.erosdeploy *.pdf" };

  eros_compat_open_file_async (GTK_WINDOW (get_window (user_data)), _ ("Verify a Report or a Deployment"),
                               &filter, NULL, verified_file_chosen_cb, g_object_ref (user_data));
}

static void
open_report_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ErosFileFilter filter = { _ ("PDF documents"), "*.pdf" };

  eros_compat_open_file_async (GTK_WINDOW (get_window (user_data)), _ ("Open a Report"), &filter, NULL,
                               verified_file_chosen_cb, g_object_ref (user_data));
}

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ErosFileFilter filter = { _ ("Deployments"), "*.erosdeploy" };

  eros_compat_open_file_async (GTK_WINDOW (get_window (user_data)), _ ("Open a Deployment"), &filter, NULL,
                               file_chosen_cb, g_object_ref (user_data));
}

static void
created_cb (ErosApplication *self, ErosSession *session)
{
  ErosWindow *window = get_free_window (self);

  eros_window_show (window, session);
  gtk_window_present (GTK_WINDOW (window));
}

/* RUNBOOK: (nullable): with the one that comes with the program */
static void
ask_for_deployment (ErosApplication *self, ErosRunbook *runbook)
{
  GtkWindow *dialog = eros_new_dialog_new (GTK_WINDOW (get_window (self)));

  if (runbook != NULL)
    eros_new_dialog_set_runbook (EROS_NEW_DIALOG (dialog), runbook);
  g_signal_connect_object (dialog, "created", G_CALLBACK (created_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
new_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ask_for_deployment (user_data, NULL);
}

typedef struct
{
  ErosApplication *self;
  GFile *checklist;
} Reading;

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (ErosApplication) self = reading->self;
  g_autoptr (GFile) checklist = reading->checklist;
  g_autoptr (GError) error = NULL;
  ErosImport *import = eros_import_load_finish (result, &error);
  GtkWindow *parent = GTK_WINDOW (get_window (self)), *dialog;

  g_free (reading);
  if (import == NULL)
    {
      gtk_window_present (parent);
      eros_feedback_error (GTK_WIDGET (parent), _ ("No Runbook Made"), error);
      return;
    }
  dialog = eros_runbook_dialog_new (parent, checklist, import);
  g_signal_connect_object (dialog, "deploy", G_CALLBACK (ask_for_deployment), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
checklist_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);
  Reading *reading;

  if (file == NULL)
    {
      eros_feedback_error (GTK_WIDGET (source), _ ("No File Opened"), error);
      return;
    }
  reading = g_new0 (Reading, 1);
  reading->self = g_steal_pointer (&self);
  reading->checklist = g_object_ref (file);
  eros_import_load_async (file, NULL, NULL, read_cb, reading);
}

static void
new_runbook_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ErosFileFilter filter = { _ ("Checklists in Markdown"), "*.md" };

  eros_compat_open_file_async (GTK_WINDOW (get_window (user_data)), _ ("Make a Runbook of a Checklist"),
                               &filter, NULL, checklist_chosen_cb, g_object_ref (user_data));
}

static void
open_file_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  open_file (user_data, file);
}

/* What a notification offers: its deployment is opened, and the rest is asked in its window. Nothing that
 * works without being asked first may be named here: anybody on the session bus can. */
static void
act_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  /* And whether it is about something, which anybody on the bus may leave out. */
  static const struct
  {
    const char *name;
    gboolean has_target;
  } allowed[] = {
    { "win.rollback", FALSE }, { "win.look", FALSE }, { "win.continue", TRUE }, { "win.show", TRUE }
  };
  g_autoptr (GFile) file = NULL;
  const char *uri, *name, *target;
  ErosWindow *window;

  g_variant_get (parameter, "(&s&s&s)", &uri, &name, &target);
  file = g_file_new_for_uri (uri);
  window = find_window (user_data, file);
  if (window == NULL)
    {
      open_file (user_data, file);
      return;
    }
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (g_str_equal (allowed[i].name, name) && allowed[i].has_target == (*target != '\0'))
      gtk_widget_activate_action_variant (GTK_WIDGET (window), name,
                                          *target != '\0' ? g_variant_new_string (target) : NULL);
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ErosWindow *window = get_window (user_data);

  gtk_window_present (eros_manual_new (GTK_WINDOW (window), eros_window_get_page (window)));
}

/* Made when it is asked for: GTK would make one for every window, which costs time at the start, and which
 * the accessibility bridge of GTK 4.8 stumbles over while it does not show. */
static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (EROS_RESOURCE_BASE "/shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, GTK_WINDOW (get_window (user_data)));
  gtk_window_present (window);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (eros_preferences_new (GTK_WINDOW (get_window (user_data))));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *developers[] = { _ ("The EROS platform team"), NULL };
  g_autofree char *debug_info = g_strdup_printf (
    "GTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u", gtk_get_major_version (), gtk_get_minor_version (),
    gtk_get_micro_version (), adw_get_major_version (), adw_get_minor_version (), adw_get_micro_version (),
    glib_major_version, glib_minor_version, glib_micro_version);
  ErosAbout about = {
    .name = _ ("Eros Deploy"),
    .icon = EROS_APPLICATION_ID,
    .version = EROS_VERSION,
    .developer = _ ("The EROS platform team"),
    .comments = _ ("Conducts a database deployment on BigQuery from preparation to the final signature."),
    .debug_info = debug_info,
    .developers = developers,
  };

  eros_compat_show_about (GTK_WINDOW (get_window (user_data)), &about);
}

/* Each window may still hold something that was typed: it is asked, not killed. */
static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static void
eros_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (EROS_APPLICATION (application))));
}

static void
eros_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    open_file (EROS_APPLICATION (application), files[i]);
}

static int
eros_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  ErosApplication *self = EROS_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  g_auto (GStrv) arguments = NULL;
  const char *endpoint = NULL;
  gint32 captions = 0;
  int n;

  g_variant_dict_lookup (options, "captions", "i", &captions);
  g_variant_dict_lookup (options, "endpoint", "&s", &endpoint);
  if (g_variant_dict_contains (options, "rehearse"))
    {
      ErosWindow *window = get_free_window (self);

      gtk_window_present (GTK_WINDOW (window));
      eros_window_rehearse (window, MAX (captions, 0), endpoint);
      return 0;
    }
  arguments = g_application_command_line_get_arguments (command_line, &n);
  for (int i = 1; i < n; i++)
    {
      g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (command_line, arguments[i]);

      open_file (self, file);
    }
  if (n <= 1)
    g_application_activate (application);
  return 0;
}

static void
eros_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { "new", new_action },
    { "new-runbook", new_runbook_action },
    { "open", open_action },
    { "open-report", open_report_action },
    { "verify", verify_action },
    { "help", help_action },
    { "shortcuts", shortcuts_action },
    { "preferences", preferences_action },
    { "about", about_action },
    { "quit", quit_action },
    { "open-file", open_file_action, "s" },
    { "act", act_action, "(sss)" },
  };

  G_APPLICATION_CLASS (eros_application_parent_class)->startup (application);
  eros_visible_watch_labels ();

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), shortcuts[i].action,
                                           shortcuts[i].accels);
  gtk_window_set_default_icon_name (EROS_APPLICATION_ID);
}

static void
eros_application_class_init (ErosApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = eros_application_activate;
  application_class->open = eros_application_open;
  application_class->command_line = eros_application_command_line;
  application_class->startup = eros_application_startup;
}

static void
eros_application_init (ErosApplication *self)
{
  static const GOptionEntry options[] = {
    { "rehearse", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Open a window with a fresh rehearsal"), NULL },
    { "captions", 0, 0, G_OPTION_ARG_INT, NULL, N_ ("Captions in the rehearsal’s sample data"), N_ ("N") },
    { "endpoint", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Rehearse on this server"), N_ ("URL") },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/* Makes the application; only one runs in a session, a second start hands its files over to the first. */
static ErosApplication *
eros_application_new (void)
{
  /* A static library's constructor is only linked in when something in its object is asked for. */
  eros_app_get_resource ();
  return g_object_new (EROS_TYPE_APPLICATION, "application-id", EROS_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE, NULL);
}

/**
 * eros_app_run:
 * @argc: number of arguments
 * @argv: the program's arguments, its name first
 *
 * Runs the program with its window until the last window is closed.
 *
 * Returns: the exit status
 */
int
eros_app_run (int argc, char **argv)
{
  g_autoptr (ErosApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  if (!eros_threads_can_start (&error))
    {
      g_printerr ("eros-deploy: %s\n", error->message);
      return 1;
    }
  application = eros_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
