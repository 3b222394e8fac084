/* eros-operation-bar.c: what the machine is doing, and what came out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-operation-bar.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-format.h"

struct _ErosOperationBar
{
  AdwBin parent_instance;

  ErosSession *session;
  ErosOperation *operation; /* (nullable): the one whose changes are shown */
  char *failure;            /* (nullable): why the last work could not be done */
  guint tick;               /* source id: the time that a step takes goes by */
  gboolean closed;          /* the person has seen what came out */

  GtkRevealer *revealer;
  GtkSpinner *spinner;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *message;
  GtkProgressBar *progress;
  GtkButton *cancel;
  GtkButton *resume;
  GtkButton *close;
};

G_DEFINE_FINAL_TYPE (ErosOperationBar, eros_operation_bar, ADW_TYPE_BIN)

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && text[0] != '\0');
}

static void
show_icon (ErosOperationBar *self, ErosState state)
{
  const char *icon = "dialog-error-symbolic";
  const char *classes[] = { "error", NULL };

  if (state == EROS_STATE_CANCELLED)
    {
      icon = "process-stop-symbolic";
      classes[0] = "dim-label";
    }
  else if (state == EROS_STATE_SUCCEEDED && self->failure == NULL)
    {
      gboolean passed = eros_session_get_all_passed (self->session);

      icon = passed ? "emblem-ok-symbolic" : "dialog-warning-symbolic";
      classes[0] = passed ? "success" : "warning";
    }
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
}

static void
show_result (ErosOperationBar *self)
{
  const char *error = eros_operation_get_error (self->operation);
  ErosState state = eros_operation_get_state (self->operation);

  show_icon (self, state);
  show_text (self->title, eros_operation_get_title (self->operation));
  if (self->failure != NULL)
    show_text (self->message, self->failure);
  else if (error != NULL)
    show_text (self->message, error);
  else if (state == EROS_STATE_CANCELLED)
    show_text (self->message, _ ("Cancelled"));
  else
    show_text (self->message, eros_operation_get_message (self->operation));
}

/* A step and how long it takes already, and what it waits for. */
static char *
describe_step (ErosStep *step)
{
  g_autofree char *retry = eros_step_describe_retry (step);
  gint64 started = eros_step_get_started (step);
  g_autofree char *elapsed =
    started > 0 ? eros_format_countdown (MAX (0, g_get_real_time () - started)) : g_strdup ("");

  if (retry != NULL)
    /* Translators: a step; how long it takes already; what it waits for */
    return g_strdup_printf (_ ("%s, %s: %s"), eros_step_get_title (step), elapsed, retry);
  /* Translators: a step; how long it takes already */
  return started > 0 ? g_strdup_printf (_ ("%s, %s"), eros_step_get_title (step), elapsed)
                     : g_strdup (eros_step_get_title (step));
}

/* (transfer full) (nullable): what it says itself, or else what it is at */
static char *
describe_current (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);

  if (eros_operation_get_message (operation) != NULL)
    return g_strdup (eros_operation_get_message (operation));
  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);
      ErosState state = eros_step_get_state (step);

      if (state == EROS_STATE_RUNNING || state == EROS_STATE_WAITING)
        return describe_step (step);
    }
  return NULL;
}

/* What was cut off, stopped or has failed before: one click goes on with it. */
static void
show_unfinished (ErosOperationBar *self, ErosOperation *unfinished)
{
  gtk_image_set_from_icon_name (self->icon, "dialog-warning-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char *[]){ "warning", NULL });
  show_text (self->title, eros_operation_get_title (unfinished));
  show_text (self->message,
             eros_operation_get_error (unfinished) != NULL ? eros_operation_get_error (unfinished)
             : eros_operation_get_state (unfinished) == EROS_STATE_SUCCEEDED /* but for what is owed */
               ? eros_operation_get_message (unfinished)
               : _ ("Cancelled. What was done before is on record."));
}

static void
update (ErosOperationBar *self)
{
  gboolean busy = eros_session_get_busy (self->session);
  ErosOperation *unfinished =
    busy || self->failure != NULL ? NULL : eros_session_find_unfinished (self->session);
  const char *status = eros_session_get_status (self->session);
  gboolean cancelling = eros_session_is_cancelling (self->session);
  gboolean is_running = busy && self->operation != NULL &&
                        (status == NULL || eros_operation_get_state (self->operation) == EROS_STATE_RUNNING);
  g_autofree char *current = is_running ? describe_current (self->operation) : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "operation.cancel", busy && !cancelling);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), busy);
  gtk_widget_set_visible (GTK_WIDGET (self->close), !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->resume), unfinished != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), is_running);
  if (is_running)
    gtk_progress_bar_set_fraction (self->progress,
                                   CLAMP (eros_operation_get_progress (self->operation), 0, 1));

  if (status != NULL)
    {
      show_text (self->title, status);
      show_text (self->message, cancelling ? _ ("Cancelling…") : current);
    }
  else if (busy && self->operation != NULL)
    {
      show_text (self->title, eros_operation_get_title (self->operation));
      show_text (self->message, cancelling ? _ ("Cancelling…") : current);
    }
  else if (!busy && self->operation != NULL)
    show_result (self);
  else if (self->failure != NULL)
    {
      show_icon (self, EROS_STATE_FAILED);
      show_text (self->title, _ ("Not Possible Now"));
      show_text (self->message, self->failure);
    }
  else if (unfinished != NULL)
    show_unfinished (self, unfinished);
  gtk_revealer_set_reveal_child (
    self->revealer,
    busy || (!self->closed && (self->operation != NULL || self->failure != NULL || unfinished != NULL)));
}

static gboolean
tick_cb (gpointer user_data)
{
  update (user_data);
  return G_SOURCE_CONTINUE;
}

static void
busy_cb (ErosOperationBar *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  if (eros_session_get_busy (self->session))
    self->tick = g_timeout_add_seconds (1, tick_cb, self);
  if (eros_session_get_busy (self->session))
    {
      self->closed = FALSE;
      g_clear_pointer (&self->failure, g_free);
    }
  update (self);
}

static void
operation_cb (ErosOperationBar *self)
{
  ErosOperation *operation = eros_session_get_operation (self->session);

  if (self->operation != NULL)
    g_signal_handlers_disconnect_by_func (self->operation, update, self);
  g_set_object (&self->operation, operation);
  if (operation != NULL)
    g_signal_connect_object (operation, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
step_cb (ErosOperationBar *self)
{
  update (self);
}

static void
failed_cb (ErosSession *session, const char *message, ErosOperationBar *self)
{
  g_free (self->failure);
  self->failure = g_strdup (message);
  update (self);
}

static void
cancel_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_session_cancel (EROS_OPERATION_BAR (widget)->session);
}

static void
resume_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosOperationBar *self = EROS_OPERATION_BAR (widget);
  ErosOperation *unfinished = eros_session_find_unfinished (self->session);

  if (unfinished != NULL)
    eros_session_start (self->session, unfinished);
}

static void
close_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosOperationBar *self = EROS_OPERATION_BAR (widget);

  self->closed = TRUE;
  update (self);
}

static void
eros_operation_bar_dispose (GObject *object)
{
  ErosOperationBar *self = EROS_OPERATION_BAR (object);

  g_clear_handle_id (&self->tick, g_source_remove);
  g_clear_object (&self->operation);
  g_clear_object (&self->session);
  g_clear_pointer (&self->failure, g_free);

  G_OBJECT_CLASS (eros_operation_bar_parent_class)->dispose (object);
}

static void
eros_operation_bar_class_init (ErosOperationBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_operation_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/operation-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, icon);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, title);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, message);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, progress);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, cancel);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, resume);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationBar, close);
  gtk_widget_class_install_action (widget_class, "operation.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "operation.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "operation.close", NULL, close_action);
}

static void
eros_operation_bar_init (ErosOperationBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/**
 * eros_operation_bar_set_session:
 * @self: a bar
 * @session: whose work it shows
 *
 * Shows the newest operation of @session: while it runs with its progress, afterwards with what came out
 * until it is closed.
 */
void
eros_operation_bar_set_session (ErosOperationBar *self, ErosSession *session)
{
  g_return_if_fail (EROS_IS_OPERATION_BAR (self));

  if (!g_set_object (&self->session, session))
    return;
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (busy_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::status", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::operation", G_CALLBACK (operation_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "step-changed", G_CALLBACK (step_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "failed", G_CALLBACK (failed_cb), self, 0);
  operation_cb (self);
}
