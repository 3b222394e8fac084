/* eros-window.c: the window: the start view, or one deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-window.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-criteria.h"
#include "eros-deployment-view.h"
#include "eros-export.h"
#include "eros-environment.h"
#include "eros-feedback.h"
#include "eros-plan-dialog.h"
#include "eros-refusal.h"
#include "eros-settings.h"
#include "eros-start-view.h"
#include "eros-take-back.h"
#include "eros-text.h"
#include "eros-visible.h"
#include "eros-watcher.h"

struct _ErosWindow
{
  AdwApplicationWindow parent_instance;

  ErosDeploymentView *view; /* (nullable): no deployment is open */
  gboolean closing;         /* the person said to close in spite of what cannot be stored */

  GFile *rehearsal;       /* (nullable): of the deployment that is made when its BigQuery runs */
  GCancellable *starting; /* (nullable): of a rehearsal that is being started */

  GtkStack *stack;
  GHashTable *enabled; /* action → whether it is */
};

G_DEFINE_FINAL_TYPE (ErosWindow, eros_window, ADW_TYPE_APPLICATION_WINDOW)

/* To tell GTK costs time for each button and menu that has the action; the record grows often. */
static void
enable (ErosWindow *self, const char *action, gboolean is_enabled)
{
  gpointer before = GINT_TO_POINTER (-1);

  if (g_hash_table_lookup_extended (self->enabled, action, NULL, &before) &&
      GPOINTER_TO_INT (before) == is_enabled)
    return;
  g_hash_table_insert (self->enabled, (gpointer) action, GINT_TO_POINTER (is_enabled));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, is_enabled);
}

static void
update_actions (ErosWindow *self)
{
  ErosDeployment *deployment = eros_window_get_deployment (self);
  ErosSession *session = self->view != NULL ? eros_deployment_view_get_session (self->view) : NULL;
  gboolean open = deployment != NULL;
  gboolean writable = open && eros_session_is_writable (session);
  gboolean ready = writable && !eros_session_get_busy (session);

  enable (self, "win.undo", writable && eros_deployment_can_undo (deployment, NULL));
  enable (self, "win.run-checks", ready);
  enable (self, "win.rehearse-all", open && eros_session_can_rehearse (session));
  enable (self, "win.phase", open);
  enable (self, "win.page", open);
  enable (self, "win.rollback", writable);
  enable (self, "win.resume-schedules", ready);
  enable (self, "win.go-on", ready);
  enable (self, "win.look", ready);
  enable (self, "win.continue", writable);
  enable (self, "win.check", ready);
  enable (self, "win.plan", ready);
  enable (self, "win.show", open);
  enable (self, "win.contacts", open);
  enable (self, "win.timeline", open);
  enable (self, "win.search", open);
  enable (self, "win.export", open);
  enable (self, "win.ask-to-sign", open);
  enable (self, "win.take-back", writable);
  enable (self, "win.start", open);
  enable (self, "win.take-over", open && !writable);
}

static void
rehearsed_cb (ErosWindow *self, const char *message)
{
  if (self->view != NULL)
    eros_feedback_toast (GTK_WIDGET (self->view), message);
}

static void
show_start (ErosWindow *self)
{
  if (self->view != NULL)
    {
      ErosSession *session = eros_deployment_view_get_session (self->view);

      g_signal_handlers_disconnect_by_func (session, update_actions, self);
      g_signal_handlers_disconnect_by_func (session, rehearsed_cb, self);
      g_signal_handlers_disconnect_by_func (
        eros_deployment_get_journal (eros_session_get_deployment (session)), update_actions, self);
      gtk_stack_remove (self->stack, GTK_WIDGET (self->view));
      self->view = NULL;
    }
  eros_accessible_show_page (self->stack, gtk_stack_get_child_by_name (self->stack, "start"));
  gtk_window_set_title (GTK_WINDOW (self), _ ("Eros Deploy"));
  update_actions (self);
}

static void
undo_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosDeployment *deployment = eros_window_get_deployment (EROS_WINDOW (widget));
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!eros_deployment_can_undo (deployment, &what))
    return;
  if (!eros_deployment_undo (deployment, &error))
    {
      eros_feedback_error (widget, _ ("Not Undone"), error);
      return;
    }
  /* Translators: what was taken back: “Tick …” */
  text = g_strdup_printf (_ ("Taken back: %s"), what);
  eros_feedback_toast (GTK_WIDGET (EROS_WINDOW (widget)->view), text);
}

static void
phase_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_deployment_view_set_phase (EROS_WINDOW (widget)->view, g_variant_get_int32 (parameter));
}

static void
page_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_deployment_view_set_page (EROS_WINDOW (widget)->view, g_variant_get_string (parameter, NULL));
}

static void
contacts_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_deployment_view_set_page (EROS_WINDOW (widget)->view, "contacts");
}

static void
timeline_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_deployment_view_toggle_timeline (EROS_WINDOW (widget)->view);
}

static void
search_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_deployment_view_search (EROS_WINDOW (widget)->view);
}

static void
show_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_deployment_view_show_place (EROS_WINDOW (widget)->view, g_variant_get_string (parameter, NULL));
}

static ErosSession *
get_session (GtkWidget *widget)
{
  return eros_deployment_view_get_session (EROS_WINDOW (widget)->view);
}

static void
plan (GtkWidget *widget, const char *kind, const char *title)
{
  gtk_window_present (eros_plan_dialog_new (GTK_WINDOW (widget), get_session (widget), kind, NULL, title));
}

/* From everywhere, whatever page is open. */
static void
rollback_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_window_present (eros_plan_dialog_new_rollback (GTK_WINDOW (widget), get_session (widget)));
}

static void
resume_schedules_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *kind = eros_operation_kind_get_name (EROS_OPERATION_KIND_RESUME_SCHEDULES);

  plan (widget, kind, _ ("Resume scheduled queries"));
}

static void
plan_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_window_get_deployment (EROS_WINDOW (widget)));
  ErosElement *element = eros_runbook_find_element (runbook, g_variant_get_string (parameter, NULL));

  if (element != NULL && eros_element_get_operation (element) != NULL)
    plan (widget, eros_element_get_operation (element), eros_element_get_text (element));
}

static void
go_on_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosSession *session = get_session (widget);
  ErosOperation *operation = eros_session_find_operation (session, g_variant_get_string (parameter, NULL));

  if (operation != NULL && eros_session_can_go_on (session, operation))
    eros_session_start (session, operation);
}

static void
continue_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const ErosDecisionForm form = {
    .body = N_ (
      "A criterion to roll back by is reached. Who decides to go on and why is recorded and stands in the "
      "report for ever. The criterion stays reached."),
    .label = N_ ("_Continue Anyway"),
    .done = N_ ("Going on: it stands in the report"),
    .not_done = N_ ("Not Decided"),
    .decide = eros_criterion_continue,
  };

  eros_refusal_decide (widget, eros_window_get_deployment (EROS_WINDOW (widget)),
                       g_variant_get_string (parameter, NULL), _ ("Continue Anyway?"), &form);
}

static void
look_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_watcher_look (get_session (widget));
}

static void
check_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);

  eros_session_run_checks (get_session (widget), (const char *[]){ id, NULL });
}

static void
rehearse_all_cb (GtkWidget *question, const char *response, ErosWindow *self)
{
  if (self->view != NULL && g_str_equal (response, "rehearse"))
    eros_session_rehearse (get_session (GTK_WIDGET (self)));
}

static void
rehearse_all_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkWidget *question = eros_compat_question_new (
    _ ("Rehearse All of It?"),
    _ (
      "The machine’s checks and operations are real, against the BigQuery in the box. What only a person can "
      "do is ticked and signed by a stand-in, who says so on record. The rehearsal’s clock is set ahead "
      "where "
      "somebody would have to wait."));

  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "rehearse", _ ("_Rehearse"), ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (question, "response", G_CALLBACK (rehearse_all_cb), widget, 0);
  eros_compat_question_present (question, widget);
}

static gboolean
close_cb (gpointer user_data)
{
  gtk_window_close (user_data);
  return G_SOURCE_REMOVE;
}

static void
close_anyway_cb (GtkWidget *question, const char *response, ErosWindow *self)
{
  if (!g_str_equal (response, "close"))
    return;
  self->closing = TRUE;
  /* The question still stands on this window: it goes first. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, close_cb, g_object_ref (self), g_object_unref);
}

/* Whether everything that was typed is stored; otherwise asks whether to let it go. */
static gboolean
may_leave (ErosWindow *self)
{
  g_autoptr (GPtrArray) unsaved = NULL;
  g_autofree char *body = NULL;
  GtkWidget *question;

  if (self->view == NULL || self->closing)
    return TRUE;
  unsaved = eros_deployment_view_save (self->view);
  if (unsaved->len == 0)
    return TRUE;

  body = g_strdup_printf (
    _ ("What stands in “%s” is not valid and cannot be stored. Correct it, or close and lose it."),
    eros_field_get_label (g_ptr_array_index (unsaved, 0)));
  question = eros_compat_question_new (_ ("Close Without Storing a Field?"), body);
  eros_compat_question_add (question, "cancel", _ ("_Keep Open"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "close", _ ("_Close Anyway"), ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (question, "response", G_CALLBACK (close_anyway_cb), self, 0);
  eros_compat_question_present (question, GTK_WIDGET (self));
  return FALSE;
}

/* What the machine does goes on, or comes to its end, without the window. */
static void
close_when_idle (ErosWindow *self)
{
  if (!eros_session_get_busy (eros_deployment_view_get_session (self->view)))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
leave_running_cb (GtkWidget *question, const char *response, ErosWindow *self)
{
  ErosSession *session = self->view != NULL ? eros_deployment_view_get_session (self->view) : NULL;

  if (session == NULL || g_str_equal (response, "stay"))
    return;
  eros_settings_store_window (GTK_WINDOW (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (close_when_idle), self, G_CONNECT_SWAPPED);
  if (g_str_equal (response, "stop"))
    eros_session_cancel (session);
  close_when_idle (self);
}

/* Whether nothing is at work; otherwise asks what is to become of it. */
static gboolean
may_stop (ErosWindow *self)
{
  ErosSession *session = self->view != NULL ? eros_deployment_view_get_session (self->view) : NULL;
  ErosOperation *operation = session != NULL ? eros_session_get_operation (session) : NULL;
  g_autofree char *heading = NULL;
  GtkWidget *question;

  if (session == NULL || !eros_session_get_busy (session))
    return TRUE;
  heading = operation != NULL ? g_strdup_printf (_ ("“%s” Is at Work"), eros_operation_get_title (operation))
                              : g_strdup (_ ("Something Is at Work"));
  question = eros_compat_question_new (
    heading,
    _ ("It can keep running without the window, which comes back when the deployment is opened again. "
       "Or stop it: what was done before is on record, and it can be gone on with."));
  eros_compat_question_add (question, "stay", _ ("_Stay"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "stop", _ ("S_top"), ADW_RESPONSE_DESTRUCTIVE);
  eros_compat_question_add (question, "keep", _ ("_Keep Running"), ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (question, "response", G_CALLBACK (leave_running_cb), self, 0);
  eros_compat_question_present (question, GTK_WIDGET (self));
  return FALSE;
}

static void
start_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosWindow *self = EROS_WINDOW (widget);
  g_autoptr (GPtrArray) unsaved = NULL;

  /* What is at work here keeps its window. */
  if (eros_session_get_busy (get_session (widget)))
    {
      gtk_window_present (GTK_WINDOW (eros_window_new (gtk_window_get_application (GTK_WINDOW (self)))));
      return;
    }
  unsaved = eros_deployment_view_save (self->view);
  if (unsaved->len > 0)
    {
      eros_feedback_toast (GTK_WIDGET (self->view), _ ("A field is not valid yet: correct it first"));
      return;
    }
  show_start (self);
}

static void
export_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosWindow *self = EROS_WINDOW (widget);
  g_autoptr (GPtrArray) unsaved = eros_deployment_view_save (self->view);

  eros_export_ask (GTK_WIDGET (self->view), eros_window_get_deployment (self));
}

static void
ask_to_sign_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosWindow *self = EROS_WINDOW (widget);
  g_autoptr (GPtrArray) unsaved = eros_deployment_view_save (self->view);

  eros_export_ask_to_sign (GTK_WIDGET (self->view), eros_window_get_deployment (self));
}

static void
take_back_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosWindow *self = EROS_WINDOW (widget);

  eros_take_back_ask (GTK_WIDGET (self->view), eros_window_get_deployment (self));
}

static void
run_checks_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_deployment_view_run_checks (EROS_WINDOW (widget)->view);
}

static void
rehearsal_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRehearsal) rehearsal = eros_rehearsal_start_finish (result, &error);
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autofree char *actor = eros_settings_get_actor ();

  if (rehearsal != NULL)
    deployment = eros_rehearsal_create_deployment (rehearsal, self->rehearsal, actor, &error);
  g_clear_object (&self->rehearsal);
  g_clear_object (&self->starting);
  if (deployment != NULL)
    {
      g_autoptr (ErosSession) session = eros_session_new (deployment, rehearsal);

      eros_window_show (self, session);
      return;
    }
  show_start (self);
  eros_feedback_error (GTK_WIDGET (self), _ ("No Rehearsal"), error);
}

static void
rehearse_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_window_rehearse (EROS_WINDOW (widget), 0, NULL);
}

static void
cancel_start_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_cancellable_cancel (EROS_WINDOW (widget)->starting);
}

static void
take_over_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosWindow *self = EROS_WINDOW (widget);
  ErosJournal *journal = eros_deployment_get_journal (eros_window_get_deployment (self));
  g_autoptr (GFile) file = g_object_ref (eros_journal_get_file (journal));
  g_autofree char *page = g_strdup (eros_window_get_page (self));

  eros_window_open_file (self, file);
  eros_deployment_view_set_page (self->view, page);
}

static void
close_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static gboolean
eros_window_close_request (GtkWindow *window)
{
  ErosWindow *self = EROS_WINDOW (window);

  if (!may_leave (self) || !may_stop (self))
    return TRUE;
  eros_settings_store_window (window);
  return GTK_WINDOW_CLASS (eros_window_parent_class)->close_request (window);
}

static void
eros_window_dispose (GObject *object)
{
  ErosWindow *self = EROS_WINDOW (object);

  g_cancellable_cancel (self->starting);
  g_clear_object (&self->starting);
  g_clear_object (&self->rehearsal);

  G_OBJECT_CLASS (eros_window_parent_class)->dispose (object);
}

static void
eros_window_finalize (GObject *object)
{
  g_hash_table_unref (EROS_WINDOW (object)->enabled);
  G_OBJECT_CLASS (eros_window_parent_class)->finalize (object);
}

static void
eros_window_class_init (ErosWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  eros_visible_watch_labels ();
  G_OBJECT_CLASS (klass)->dispose = eros_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = eros_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = eros_window_close_request;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/window.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosWindow, stack);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.phase", "i", phase_action);
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_action);
  gtk_widget_class_install_action (widget_class, "win.contacts", NULL, contacts_action);
  gtk_widget_class_install_action (widget_class, "win.rollback", NULL, rollback_action);
  gtk_widget_class_install_action (widget_class, "win.resume-schedules", NULL, resume_schedules_action);
  gtk_widget_class_install_action (widget_class, "win.timeline", NULL, timeline_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.show", "s", show_action);
  gtk_widget_class_install_action (widget_class, "win.plan", "s", plan_action);
  gtk_widget_class_install_action (widget_class, "win.go-on", "s", go_on_action);
  gtk_widget_class_install_action (widget_class, "win.continue", "s", continue_action);
  gtk_widget_class_install_action (widget_class, "win.look", NULL, look_action);
  gtk_widget_class_install_action (widget_class, "win.check", "s", check_action);
  gtk_widget_class_install_action (widget_class, "win.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.ask-to-sign", NULL, ask_to_sign_action);
  gtk_widget_class_install_action (widget_class, "win.take-back", NULL, take_back_action);
  gtk_widget_class_install_action (widget_class, "win.run-checks", NULL, run_checks_action);
  gtk_widget_class_install_action (widget_class, "win.rehearse", NULL, rehearse_action);
  gtk_widget_class_install_action (widget_class, "win.rehearse-all", NULL, rehearse_all_action);
  gtk_widget_class_install_action (widget_class, "win.cancel-start", NULL, cancel_start_action);
  gtk_widget_class_install_action (widget_class, "win.take-over", NULL, take_over_action);
  gtk_widget_class_install_action (widget_class, "win.close", NULL, close_action);
}

static void
eros_window_init (ErosWindow *self)
{
  self->enabled = g_hash_table_new (g_str_hash, g_str_equal);
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));

  gtk_stack_add_named (self->stack, eros_start_view_new (), "start");
  show_start (self);
  eros_settings_restore_window (GTK_WINDOW (self));
}

/**
 * eros_window_new:
 * @application: the application
 *
 * Makes a window with the start view.
 *
 * Returns: (transfer none): the window
 */
ErosWindow *
eros_window_new (GtkApplication *application)
{
  return g_object_new (EROS_TYPE_WINDOW, "application", application, NULL);
}

/**
 * eros_window_get_deployment:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the deployment that is open
 */
ErosDeployment *
eros_window_get_deployment (ErosWindow *self)
{
  g_return_val_if_fail (EROS_IS_WINDOW (self), NULL);

  return self->view != NULL ? eros_session_get_deployment (eros_deployment_view_get_session (self->view))
                            : NULL;
}

/**
 * eros_window_get_page:
 * @self: a window
 *
 * Returns: (transfer none): the page of the deployment that is open; “start” when none is
 */
const char *
eros_window_get_page (ErosWindow *self)
{
  g_return_val_if_fail (EROS_IS_WINDOW (self), NULL);

  return self->view != NULL ? eros_deployment_view_get_page (self->view) : "start";
}

/**
 * eros_window_show:
 * @self: a window
 * @session: a deployment that is open
 *
 * Shows @session in place of the start view.
 */
void
eros_window_show (ErosWindow *self, ErosSession *session)
{
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autofree char *title = NULL;

  g_return_if_fail (EROS_IS_WINDOW (self));

  show_start (self);
  eros_settings_bind_actor (deployment);
  self->view = EROS_DEPLOYMENT_VIEW (eros_deployment_view_new (session));
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->view));
  eros_accessible_show_page (self->stack, GTK_WIDGET (self->view));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
  /* Translators: the window's title: an environment, a deployment's name */
  title = eros_text_format (_ ("%s: %s – Eros Deploy"),
                            eros_environment_get_name (eros_deployment_get_setup (deployment)->environment),
                            eros_deployment_get_setup (deployment)->name);
  gtk_window_set_title (GTK_WINDOW (self), title);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "rehearsed", G_CALLBACK (rehearsed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eros_deployment_get_journal (deployment), "appended", G_CALLBACK (update_actions),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update_actions (self);
}

/* Among the files that this person used last, as the desktop and other programs show them. */
static void
note_recent (GFile *file)
{
  g_autofree char *uri = g_file_get_uri (file);

  gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}

/**
 * eros_window_open_file:
 * @self: a window
 * @file: an .erosdeploy file
 *
 * Opens a deployment; for reading only when another process writes it.
 */
void
eros_window_open_file (ErosWindow *self, GFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosDeployment) deployment = NULL;
  g_autoptr (ErosSession) session = NULL;

  g_return_if_fail (EROS_IS_WINDOW (self));

  deployment = eros_deployment_open (file, EROS_JOURNAL_WRITE, &error);
  if (g_error_matches (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_IN_USE))
    {
      g_clear_error (&error);
      deployment = eros_deployment_open (file, EROS_JOURNAL_READ, &error);
    }
  if (deployment == NULL)
    {
      eros_feedback_error (GTK_WIDGET (self), _ ("Deployment Not Opened"), error);
      return;
    }
  note_recent (file);
  session = eros_session_new (deployment, NULL);
  eros_window_show (self, session);
}

/**
 * eros_window_rehearse:
 * @self: a window
 * @captions: how large the sample is; 0 for the usual size
 * @endpoint: (nullable): a server to use instead of starting one
 *
 * Starts the BigQuery in the box and opens a fresh rehearsal deployment on it.
 */
void
eros_window_rehearse (ErosWindow *self, guint captions, const char *endpoint)
{
  g_autoptr (GFile) data = NULL;

  g_return_if_fail (EROS_IS_WINDOW (self));

  if (self->starting != NULL)
    return;
  self->starting = g_cancellable_new ();
  self->rehearsal = eros_rehearsal_new_file ();
  data = endpoint == NULL ? eros_rehearsal_get_data_folder (self->rehearsal) : NULL;
  eros_accessible_show_page (self->stack, gtk_stack_get_child_by_name (self->stack, "starting"));
  eros_rehearsal_start_async (captions, endpoint, data, self->starting, rehearsal_started_cb,
                              g_object_ref (self));
}
