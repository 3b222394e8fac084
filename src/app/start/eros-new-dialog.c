/* eros-new-dialog.c: what a new deployment is called, when it is, who leads it, and where it goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-new-dialog.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-connections.h"
#include "eros-feedback.h"
#include "eros-form-row.h"
#include "eros-limits-row.h"
#include "eros-settings.h"
#include "eros-sign-in-row.h"
#include "eros-sql-check.h"
#include "eros-test-row.h"
#include "eros-time-text.h"

struct _ErosNewDialog
{
  AdwWindow parent_instance;

  GListModel *connections; /* of ErosConnection: the ones that are known */
  char *limits_of;         /* (nullable): the connection whose limits are shown */

  ErosRunbook *runbook; /* (nullable): the one that comes with the program */

  AdwActionRow *source;
  ErosFormRow *name;
  ErosFormRow *start;
  ErosFormRow *end;
  ErosFormRow *lead_name;
  ErosFormRow *lead_email;
  ErosFormRow *lead_phone;
  AdwComboRow *environment;
  AdwComboRow *known;
  ErosFormRow *profile;
  ErosFormRow *project;
  ErosFormRow *dataset;
  ErosFormRow *location;
  ErosFormRow *bucket;
  ErosLimitsRow *limits;
  AdwComboRow *sign_in;
  ErosSignInRow *signed_in;
  GtkWidget *boxed;
  ErosFormRow *address;
  ErosTestRow *test;
};

G_DEFINE_FINAL_TYPE (ErosNewDialog, eros_new_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_rehearsal (ErosNewDialog *self)
{
  return adw_combo_row_get_selected (self->environment) == EROS_ENVIRONMENT_REHEARSAL;
}

/* Without a sign-in only a server on this computer is reached, and that has an address of its own. */
static gboolean
is_on_this_computer (ErosNewDialog *self)
{
  return adw_combo_row_get_selected (self->sign_in) == EROS_SIGN_IN_NONE;
}

static char *
text_of (ErosFormRow *row)
{
  return g_strstrip (g_strdup (eros_form_row_get_text (row)));
}

/* (transfer full): as a deployment stores it; what cannot be one as it was typed, for whoever says so */
static char *
part_of (ErosFormRow *row, const char *member)
{
  char *normal = eros_deployment_setup_check_text (member, eros_form_row_get_text (row), NULL);

  return normal != NULL ? normal : text_of (row);
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t")] == '\0';
}

static char *
check_name (const char *text, gpointer user_data)
{
  return is_blank (text) ? g_strdup (_ ("Give the deployment a name.")) : NULL;
}

static char *
check_window (const char *start, const char *end)
{
  const ErosDeploymentSetup setup = { .window_start = (char *) start, .window_end = (char *) end };
  g_autoptr (GError) error = NULL;

  return eros_deployment_setup_check_ahead (&setup, &error) ? NULL : g_strdup (error->message);
}

static char *
check_start (const char *text, gpointer user_data)
{
  return check_window (text, "");
}

static char *
check_end (const char *text, gpointer user_data)
{
  ErosNewDialog *self = user_data;
  const char *start = eros_form_row_get_text (self->start);
  g_autofree char *other = check_start (start, NULL);

  return check_window (other == NULL ? start : "", text);
}

static char *
check_needed (const char *text, gpointer user_data)
{
  /* A blank is none; it gets the sentence that says what is expected. */
  return eros_connections_check_part (is_blank (text) ? "-" : text, user_data);
}

static char *
check_address (const char *text, gpointer user_data)
{
  return is_on_this_computer (user_data) ? eros_connections_check_address (text, NULL) : NULL;
}

static char *
check_profile (const char *text, gpointer user_data)
{
  return is_blank (text) ? g_strdup (_ ("Give the connection a name.")) : NULL;
}

static void
update_actions (ErosNewDialog *self)
{
  ErosFormRow *always[] = { self->name, self->start, self->end, self->lead_email, self->lead_phone };
  ErosFormRow *remote[] = { self->profile,  self->project, self->dataset,
                            self->location, self->bucket,  self->address };
  gboolean good = TRUE, reachable = eros_limits_row_get_valid (self->limits);

  for (gsize i = 0; i < G_N_ELEMENTS (always); i++)
    good = good && eros_form_row_get_error (always[i]) == NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (remote); i++)
    reachable = reachable && eros_form_row_get_error (remote[i]) == NULL;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.create",
                                 good && (is_rehearsal (self) || reachable));
  eros_test_row_set_allowed (self->test, reachable);
}

static ErosConnection *make_connection (ErosNewDialog *self);

/* A way in is kept under the connection's name: without one there is nothing to show or to give. */
static void
sign_in_cb (ErosNewDialog *self)
{
  gboolean named = eros_form_row_get_error (self->profile) == NULL;
  g_autoptr (ErosConnection) connection = named ? make_connection (self) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->signed_in), !is_rehearsal (self) && !is_on_this_computer (self));
  gtk_widget_set_visible (GTK_WIDGET (self->address), !is_rehearsal (self) && is_on_this_computer (self));
  eros_sign_in_row_set_connection (self->signed_in, connection);
  eros_form_row_check (self->address);
}

/* Whoever writes the name of one that is known means that one: its limits stay as they are. */
static void
profile_left_cb (ErosNewDialog *self)
{
  g_autofree char *name = text_of (self->profile);
  g_autoptr (ErosConnection) known = eros_connections_find (name);

  if (known != NULL && g_strcmp0 (name, self->limits_of) != 0)
    eros_limits_row_show (self->limits, known);
  g_free (self->limits_of);
  self->limits_of = g_steal_pointer (&name);
}

static void
start_changed_cb (ErosNewDialog *self)
{
  eros_form_row_check (self->end);
}

static void
environment_cb (ErosNewDialog *self)
{
  gboolean remote = !is_rehearsal (self);
  GtkWidget *rows[] = {
    GTK_WIDGET (self->known),   GTK_WIDGET (self->profile),  GTK_WIDGET (self->project),
    GTK_WIDGET (self->dataset), GTK_WIDGET (self->location), GTK_WIDGET (self->bucket),
    GTK_WIDGET (self->limits),  GTK_WIDGET (self->sign_in),  GTK_WIDGET (self->test),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_widget_set_visible (rows[i], remote);
  gtk_widget_set_visible (GTK_WIDGET (self->known),
                          remote && g_list_model_get_n_items (self->connections) > 0);
  gtk_widget_set_visible (self->boxed, !remote);
  sign_in_cb (self);
  update_actions (self);
}

static void
known_cb (ErosNewDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->known);
  g_autoptr (ErosConnection) connection = NULL;

  /* The first one stands for a new connection. */
  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return;
  connection = g_list_model_get_item (self->connections, selected - 1);
  g_object_set (self->profile, "text", eros_connection_get_name (connection), NULL);
  g_object_set (self->project, "text", eros_connection_get_project (connection), NULL);
  g_object_set (self->dataset, "text", eros_connection_get_dataset (connection), NULL);
  g_object_set (self->location, "text", eros_connection_get_location (connection), NULL);
  g_object_set (self->bucket, "text", eros_connection_get_bucket (connection), NULL);
  g_object_set (self->address, "text", eros_connection_get_endpoint (connection), NULL);
  profile_left_cb (self);
  adw_combo_row_set_selected (self->sign_in, eros_connection_get_sign_in (connection));
  adw_combo_row_set_selected (self->environment,
                              g_strcmp0 (eros_connection_get_environment (connection), "production") == 0
                                ? EROS_ENVIRONMENT_PRODUCTION
                                : EROS_ENVIRONMENT_STAGING);
}

static ErosConnection *
make_connection (ErosNewDialog *self)
{
  static const char *const environments[] = { "rehearsal", "staging", "production" };
  g_autofree char *profile = text_of (self->profile);
  g_autofree char *project = part_of (self->project, "project");
  g_autofree char *dataset = part_of (self->dataset, "dataset");
  g_autofree char *location = part_of (self->location, "location");
  g_autofree char *bucket = part_of (self->bucket, "bucket");
  g_autofree char *address = text_of (self->address);
  ErosConnection *connection;

  connection = g_object_new (EROS_TYPE_CONNECTION, "name", profile, "environment",
                             environments[adw_combo_row_get_selected (self->environment)], "project", project,
                             "dataset", dataset, "location", location, "bucket", bucket, "sign-in",
                             adw_combo_row_get_selected (self->sign_in), NULL);
  if (is_on_this_computer (self))
    g_object_set (connection, "endpoint", *address != '\0' ? address : NULL, NULL);
  eros_limits_row_apply (self->limits, connection);
  return connection;
}

static ErosConnection *
get_tested (gpointer user_data)
{
  return make_connection (user_data);
}

static ErosDeployment *
create (ErosNewDialog *self, GError **error)
{
  g_autoptr (ErosConnection) connection = make_connection (self);
  g_autoptr (ErosRunbook) runbook =
    self->runbook != NULL ? g_object_ref (self->runbook) : eros_runbook_load_default (error);
  g_autofree char *name = text_of (self->name);
  g_autofree char *start = text_of (self->start);
  g_autofree char *end = text_of (self->end);
  g_autofree char *lead_name = text_of (self->lead_name);
  g_autofree char *lead_email = text_of (self->lead_email);
  g_autofree char *lead_phone = text_of (self->lead_phone);
  g_autofree char *actor = eros_settings_get_actor ();
  g_autoptr (GFile) file = eros_deployment_new_file (name);
  gboolean rehearsal = is_rehearsal (self);
  ErosDeploymentSetup setup = {
    .name = name,
    .window_start = start,
    .window_end = end,
    .lead_name = lead_name,
    .lead_email = lead_email,
    .lead_phone = lead_phone,
    .environment = adw_combo_row_get_selected (self->environment),
    .project = rehearsal ? (char *) "eros-rehearsal" : (char *) eros_connection_get_project (connection),
    .dataset = rehearsal ? (char *) "eros_platform" : (char *) eros_connection_get_dataset (connection),
    .location = rehearsal ? (char *) "US" : (char *) eros_connection_get_location (connection),
    .bucket = rehearsal ? (char *) "eros-platform-backups" : (char *) eros_connection_get_bucket (connection),
    .profile = rehearsal ? (char *) "" : (char *) eros_connection_get_name (connection),
  };

  if (runbook == NULL || !eros_sql_check_runbook (runbook, error) ||
      !eros_deployment_setup_check_ahead (&setup, error))
    return NULL;
  if (!rehearsal)
    eros_connections_store (connection);
  return eros_deployment_create (file, runbook, &setup, actor, error);
}

static void
make (ErosNewDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosDeployment) deployment = create (self, &error);
  g_autoptr (ErosSession) session = NULL;

  if (deployment == NULL)
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("No Deployment Made"), error);
      return;
    }
  session = eros_session_new (deployment, NULL);
  g_signal_emit (self, signals[SIGNAL_CREATED], 0, session);
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
mentions (const char *text, const char *const *words)
{
  g_autofree char *small = g_utf8_strdown (text, -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (small, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* (nullable): what the environment is called by the names, when it was chosen to be another one */
static const char *
find_contradiction (ErosNewDialog *self)
{
  static const char *const not_production[] = { "staging", "test", "dev", "rehears", NULL };
  static const char *const production[] = { "prod", NULL };
  gboolean is_production = adw_combo_row_get_selected (self->environment) == EROS_ENVIRONMENT_PRODUCTION;
  ErosFormRow *rows[] = { self->profile, self->project };

  for (gsize i = 0; !is_rehearsal (self) && i < G_N_ELEMENTS (rows); i++)
    if (mentions (eros_form_row_get_text (rows[i]), is_production ? not_production : production))
      return eros_form_row_get_text (rows[i]);
  return NULL;
}

static gboolean
make_cb (gpointer user_data)
{
  make (user_data);
  return G_SOURCE_REMOVE;
}

/* The question still stands on this window, which goes when the deployment is made. */
static void
answered_cb (GtkWidget *question, const char *response, ErosNewDialog *self)
{
  if (g_str_equal (response, "create"))
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, make_cb, g_object_ref (self), g_object_unref);
}

static void
create_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosNewDialog *self = EROS_NEW_DIALOG (widget);
  const char *name = find_contradiction (self);
  gboolean is_production = adw_combo_row_get_selected (self->environment) == EROS_ENVIRONMENT_PRODUCTION;
  g_autofree char *heading = NULL;
  GtkWidget *question;

  if (name == NULL)
    {
      make (self);
      return;
    }
  heading = g_strdup_printf (is_production ? _ ("Is “%s” Production?") : _ ("Is “%s” Not Production?"), name);
  question = eros_compat_question_new (
    heading,
    _ ("Its name says otherwise. The environment decides which gates a deployment must pass, and what "
       "everybody is shown on each page. It cannot be changed later."));
  eros_compat_question_add (question, "cancel", _ ("_Change It"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "create",
                            is_production ? _ ("It _Is Production") : _ ("It Is _Not Production"),
                            ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (question, "response", G_CALLBACK (answered_cb), self, 0);
  eros_compat_question_present (question, widget);
}

static void
load_thread (GTask *task, gpointer source, gpointer file, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load (file, cancellable, &error);

  if (runbook != NULL && eros_sql_check_runbook (runbook, &error))
    g_task_return_pointer (task, g_steal_pointer (&runbook), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = g_task_propagate_pointer (G_TASK (result), &error);

  if (runbook != NULL)
    eros_new_dialog_set_runbook (EROS_NEW_DIALOG (source), runbook);
  else
    eros_feedback_error (GTK_WIDGET (source), _ ("No Runbook Chosen"), error);
}

/**
 * eros_new_dialog_load_runbook:
 * @self: the dialog
 * @file: a runbook's file
 *
 * Reads the runbook that the deployment is made with, in a thread; what is wrong with it is said, and the one
 * that was chosen before stays.
 */
void
eros_new_dialog_load_runbook (ErosNewDialog *self, GFile *file)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, loaded_cb, NULL);

  g_task_set_source_tag (task, eros_new_dialog_load_runbook);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_thread);
}

static void
runbook_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosNewDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = eros_compat_choose_file_finish (result, &error);

  if (file != NULL)
    eros_new_dialog_load_runbook (self, file);
  else
    eros_feedback_error (GTK_WIDGET (self), _ ("No Runbook Chosen"), error);
}

static void
choose_runbook_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosFileFilter filter = { _ ("Runbooks"), "*.json" };

  eros_compat_open_file_async (GTK_WINDOW (widget), _ ("Choose a Runbook"), &filter, NULL, runbook_chosen_cb,
                               g_object_ref (widget));
}

static void
eros_new_dialog_dispose (GObject *object)
{
  ErosNewDialog *self = EROS_NEW_DIALOG (object);

  g_clear_object (&self->connections);
  g_clear_pointer (&self->limits_of, g_free);
  g_clear_object (&self->runbook);

  G_OBJECT_CLASS (eros_new_dialog_parent_class)->dispose (object);
}

static void
eros_new_dialog_class_init (ErosNewDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_new_dialog_dispose;

  signals[SIGNAL_CREATED] = g_signal_new ("created", EROS_TYPE_NEW_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, EROS_TYPE_SESSION);

  g_type_ensure (EROS_TYPE_FORM_ROW);
  g_type_ensure (EROS_TYPE_LIMITS_ROW);
  g_type_ensure (EROS_TYPE_SIGN_IN_ROW);
  g_type_ensure (EROS_TYPE_TEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/new-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, source);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, name);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, start);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, end);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, lead_name);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, lead_email);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, lead_phone);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, environment);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, known);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, profile);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, project);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, dataset);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, location);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, bucket);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, limits);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, sign_in);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, signed_in);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, boxed);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, address);
  gtk_widget_class_bind_template_child (widget_class, ErosNewDialog, test);
  gtk_widget_class_bind_template_callback (widget_class, environment_cb);
  gtk_widget_class_bind_template_callback (widget_class, known_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_install_action (widget_class, "dialog.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "dialog.choose-runbook", NULL, choose_runbook_action);
}

static void
set_up_checks (ErosNewDialog *self)
{
  ErosFormRow *rows[] = {
    self->name,    self->start,   self->end,      self->lead_email, self->lead_phone, self->profile,
    self->project, self->dataset, self->location, self->bucket,     self->address,
  };

  eros_form_row_set_check (self->name, check_name, NULL);
  eros_form_row_set_check (self->start, check_start, NULL);
  eros_form_row_set_check (self->end, check_end, self);
  eros_form_row_set_check (self->lead_email, eros_connections_check_part, (gpointer) "lead_email");
  eros_form_row_set_check (self->lead_phone, eros_connections_check_part, (gpointer) "lead_phone");
  eros_form_row_set_check (self->profile, check_profile, NULL);
  eros_form_row_set_check (self->project, check_needed, (gpointer) "project");
  eros_form_row_set_check (self->dataset, check_needed, (gpointer) "dataset");
  eros_form_row_set_check (self->location, eros_connections_check_part, (gpointer) "location");
  eros_form_row_set_check (self->bucket, eros_connections_check_part, (gpointer) "bucket");
  eros_form_row_set_check (self->address, check_address, self);
  eros_test_row_set_source (self->test, get_tested, self);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_signal_connect_object (rows[i], "notify::error", G_CALLBACK (update_actions), self,
                               G_CONNECT_SWAPPED);
      eros_form_row_check (rows[i]);
    }
  g_signal_connect_object (self->profile, "left", G_CALLBACK (profile_left_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->limits, "notify::valid", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->start, "notify::text", G_CALLBACK (start_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->profile, "notify::text", G_CALLBACK (sign_in_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/* What is mostly right: tomorrow afternoon, the person at the keyboard, the team's own names. */
static void
propose (ErosNewDialog *self)
{
  GSettings *settings = eros_settings_get_default ();
  gint64 tomorrow = g_get_real_time () + G_TIME_SPAN_DAY;
  g_autofree char *start = eros_time_format (tomorrow, EROS_TIME_DAY " 14:00");
  g_autofree char *end = eros_time_format (tomorrow, EROS_TIME_DAY " 16:00");
  g_autofree char *person = g_settings_get_string (settings, "person-name");
  g_autofree char *email = g_settings_get_string (settings, "person-email");
  const char *project = g_getenv ("EROS_PROJECT_ID");
  const char *dataset = g_getenv ("EROS_DATASET");

  g_object_set (self->start, "text", start, NULL);
  g_object_set (self->end, "text", end, NULL);
  g_object_set (self->lead_name, "text", person, NULL);
  g_object_set (self->lead_email, "text", email, NULL);
  g_object_set (self->project, "text", project, NULL);
  g_object_set (self->dataset, "text", dataset != NULL ? dataset : "eros_platform", NULL);
  g_object_set (self->bucket, "text", "eros-platform-backups", NULL);
}

static void
list_known (ErosNewDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new ((const char *[]){ _ ("A new one"), NULL });

  self->connections = eros_connections_load ();
  for (guint i = 0; i < g_list_model_get_n_items (self->connections); i++)
    {
      g_autoptr (ErosConnection) connection = g_list_model_get_item (self->connections, i);

      gtk_string_list_append (names, eros_connection_get_name (connection));
    }
  adw_combo_row_set_model (self->known, G_LIST_MODEL (names));
}

static void
eros_new_dialog_init (ErosNewDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));

  propose (self);
  list_known (self);
  set_up_checks (self);
  environment_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

/**
 * eros_new_dialog_new:
 * @parent: the window it belongs to
 *
 * Makes the dialog with which a deployment is made.
 *
 * Returns: (transfer none): the dialog
 */
GtkWindow *
eros_new_dialog_new (GtkWindow *parent)
{
  return g_object_new (EROS_TYPE_NEW_DIALOG, "transient-for", parent, NULL);
}

/**
 * eros_new_dialog_set_runbook:
 * @self: the dialog
 * @runbook: a runbook
 *
 * Sets the runbook that the deployment is made with; until then it is the one that comes with the program.
 */
void
eros_new_dialog_set_runbook (ErosNewDialog *self, ErosRunbook *runbook)
{
  g_autofree char *text = NULL;

  g_return_if_fail (EROS_IS_NEW_DIALOG (self));
  g_return_if_fail (EROS_IS_RUNBOOK (runbook));

  g_set_object (&self->runbook, runbook);
  text = g_strdup_printf (_ ("%s, version %s"), eros_runbook_get_title (runbook),
                          eros_runbook_get_version (runbook));
  adw_action_row_set_subtitle (self->source, text);
}
