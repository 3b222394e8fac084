/* eros-operation-row.c: work that the program does: what it will do, what it is at, what came out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-operation-row.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-feedback.h"
#include "eros-format.h"
#include "eros-plan-dialog.h"
#include "eros-result-window.h"
#include "eros-obstacle-view.h"
#include "eros-step-row.h"
#include "eros-watcher.h"

struct _ErosOperationRow
{
  GtkListBoxRow parent_instance;

  ErosSession *session;
  ErosElement *element;
  ErosOperation *operation; /* (nullable): the newest one that was started */

  GtkLabel *title;
  GtkLabel *hint;
  GtkButton *plan;
  ErosObstacleView *obstacles;
  GtkWidget *result_box;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *result;
  GtkLabel *when;
  GtkProgressBar *progress;
  GtkWidget *actions;
  GtkButton *cancel;
  GtkButton *go_on;
  GtkButton *take_back;
  GtkButton *roll_back;
  GtkButton *resume_schedules;
  GtkExpander *expander;
  GtkListBox *steps;
};

G_DEFINE_FINAL_TYPE (ErosOperationRow, eros_operation_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
kind_of (ErosOperationRow *self)
{
  return eros_element_get_operation (self->element);
}

static gboolean
is_kind (ErosOperationRow *self, ErosOperationKind kind)
{
  return eros_operation_kind_of (kind_of (self)) == kind;
}

/* ---- what came out ------------------------------------------------------------------------------------- */

static void
show_icon (ErosOperationRow *self, ErosState state)
{
  const char *icon = "dialog-error-symbolic";
  const char *classes[] = { "error", NULL };

  if (state == EROS_STATE_SUCCEEDED)
    {
      icon = "emblem-ok-symbolic";
      classes[0] = "success";
    }
  else if (state == EROS_STATE_CANCELLED || eros_operation_is_interrupted (self->operation))
    {
      icon = "process-stop-symbolic";
      classes[0] = "warning";
    }
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
}

/* (transfer full) (nullable): the step that is running */
static char *
current_step (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (eros_step_get_state (step) == EROS_STATE_RUNNING)
        return g_strdup (eros_step_get_title (step));
    }
  return NULL;
}

static char *
describe_result (ErosOperation *operation)
{
  const char *message = eros_operation_get_message (operation);

  if (eros_operation_is_active (operation))
    return current_step (operation);
  if (eros_operation_get_error (operation) != NULL)
    return g_strdup (eros_operation_get_error (operation));
  if (eros_operation_get_state (operation) == EROS_STATE_CANCELLED)
    return g_strdup (_ ("Cancelled. What was done before is on record."));
  return g_strdup (message != NULL ? message : _ ("Done"));
}

static char *
describe_when (ErosOperation *operation)
{
  gint64 started = eros_operation_get_started (operation);
  gint64 ended = eros_operation_get_ended (operation);
  g_autofree char *start = eros_format_time (started);
  g_autofree char *took = ended > started ? eros_format_duration (ended - started) : NULL;

  if (eros_operation_is_active (operation) || took == NULL)
    return g_strdup_printf (_ ("Started %s"), start);
  /* Translators: when something was started, how long it took */
  return g_strdup_printf (_ ("Started %s, took %s"), start, took);
}

static void
show_result (ErosOperationRow *self)
{
  ErosState state = eros_operation_get_state (self->operation);
  gboolean active = eros_operation_is_active (self->operation);
  g_autofree char *result = describe_result (self->operation);
  g_autofree char *when = describe_when (self->operation);
  g_autofree char *local = eros_format_local_time (eros_operation_get_started (self->operation));
  guint n = g_list_model_get_n_items (eros_operation_get_steps (self->operation));
  g_autofree char *steps = g_strdup_printf (ngettext ("%u step", "%u steps", n), n);

  show_icon (self, state);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !active);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), active);
  gtk_spinner_set_spinning (self->spinner, active);
  if (active && eros_session_is_cancelling (self->session))
    {
      g_free (result);
      result = g_strdup (_ ("Cancelling…"));
    }
  gtk_label_set_text (self->result, result != NULL ? result : eros_step_row_get_state_name (state));
  gtk_label_set_text (self->when, when);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->when), local);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), active);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (eros_operation_get_progress (self->operation), 0, 1));
  gtk_expander_set_label (self->expander, steps);
}

/* ---- what can be done ---------------------------------------------------------------------------------- */

static gboolean
can_go_on (ErosOperationRow *self)
{
  return self->operation != NULL && eros_session_can_go_on (self->session, self->operation);
}

static const char *
go_on_label (ErosOperationRow *self)
{
  if (self->operation != NULL && eros_operation_is_interrupted (self->operation))
    return _ ("_Resume");
  if (self->operation != NULL && eros_operation_get_state (self->operation) == EROS_STATE_CANCELLED)
    return _ ("_Go On");
  return _ ("_Retry");
}

/* (transfer full) (nullable): the step at which it has stopped, which can be taken back */
static char *
step_to_take_back (ErosOperationRow *self)
{
  ErosController *controller = eros_session_get_controller (self->session);

  return controller != NULL && can_go_on (self)
           ? eros_controller_get_step_to_revert (controller, self->operation)
           : NULL;
}

static void
update_actions (ErosOperationRow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean ready = eros_session_is_writable (self->session) && !eros_session_get_busy (self->session);
  gboolean active = self->operation != NULL && eros_operation_is_active (self->operation) &&
                    eros_session_is_writable (self->session);
  gboolean go_on = can_go_on (self);
  gboolean deploys = is_kind (self, EROS_OPERATION_KIND_DEPLOY);
  g_autofree char *step = step_to_take_back (self);
  gboolean rolled_back = is_kind (self, EROS_OPERATION_KIND_ROLLBACK) && self->operation != NULL &&
                         eros_operation_get_state (self->operation) == EROS_STATE_SUCCEEDED;

  gtk_widget_action_set_enabled (widget, "operation.plan", ready);
  gtk_widget_action_set_enabled (widget, "operation.go-on", ready && go_on);
  gtk_widget_action_set_enabled (widget, "operation.take-back", ready && step != NULL);
  gtk_widget_action_set_enabled (widget, "operation.roll-back", ready && go_on && deploys);
  gtk_widget_action_set_enabled (widget, "operation.resume-schedules", ready && rolled_back);
  gtk_widget_action_set_enabled (widget, "operation.stop",
                                 active && !eros_session_is_cancelling (self->session));
  gtk_widget_set_visible (GTK_WIDGET (self->cancel), active);
  gtk_widget_set_visible (GTK_WIDGET (self->go_on), go_on);
  gtk_widget_set_visible (GTK_WIDGET (self->take_back), step != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->roll_back), go_on && deploys);
  gtk_widget_set_visible (GTK_WIDGET (self->resume_schedules), rolled_back);
  gtk_widget_set_visible (self->actions, active || go_on || rolled_back);
  gtk_button_set_label (self->go_on, go_on_label (self));
  eros_accessible_name_all (self->actions);
}

/* Why it has to wait, all at once, before anybody presses a button; once it has begun it waits no longer. */
static void
show_obstacles (ErosOperationRow *self)
{
  ErosDeployment *deployment = eros_session_get_deployment (self->session);
  g_autoptr (GPtrArray) obstacles = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  obstacles = self->operation == NULL
                ? eros_deployment_list_obstacles (deployment, eros_element_get_id (self->element))
                : g_ptr_array_new ();
  eros_obstacle_view_show (self->obstacles, deployment, obstacles);
}

static void
update (ErosOperationRow *self)
{
  gtk_widget_set_visible (self->result_box, self->operation != NULL);
  if (self->operation != NULL)
    show_result (self);
  update_actions (self);
}

/* Open while there is something to watch, or something to see to; otherwise as the person left it. */
static void
show_steps (ErosOperationRow *self)
{
  if (self->operation != NULL && eros_operation_get_state (self->operation) != EROS_STATE_SUCCEEDED)
    gtk_expander_set_expanded (self->expander, TRUE);
}

/* After the page has been laid out with what is new in it. */
static gboolean
scroll_cb (gpointer user_data)
{
  GtkWidget *row = user_data;
  GtkWidget *scroller = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *content = scroller != NULL ? gtk_widget_get_ancestor (row, ADW_TYPE_CLAMP) : NULL;
  graphene_point_t top;

  if (content != NULL && gtk_widget_compute_point (row, content, &GRAPHENE_POINT_INIT (0, 0), &top))
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)),
                              top.y - 12);
  return G_SOURCE_REMOVE;
}

/* What somebody has just started is brought into sight, with the way to stop it at hand. */
static void
state_cb (ErosOperationRow *self)
{
  show_steps (self);
  if (!eros_operation_is_active (self->operation) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel));
  g_idle_add_full (G_PRIORITY_LOW, scroll_cb, g_object_ref (self), g_object_unref);
}

static GtkWidget *
make_step_row (gpointer step, gpointer user_data)
{
  return eros_step_row_new (step);
}

static void
expanded_cb (ErosOperationRow *self)
{
  gboolean wanted = gtk_expander_get_expanded (self->expander) && self->operation != NULL;

  gtk_list_box_bind_model (self->steps, wanted ? eros_operation_get_steps (self->operation) : NULL,
                           make_step_row, NULL, NULL);
}

static void
operation_cb (ErosOperationRow *self)
{
  ErosOperation *operation = eros_session_find_operation (self->session, kind_of (self));

  if (operation != self->operation)
    {
      if (self->operation != NULL)
        g_signal_handlers_disconnect_by_data (self->operation, self);
      g_set_object (&self->operation, operation);
      if (operation != NULL)
        {
          g_signal_connect_object (operation, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
          g_signal_connect_object (operation, "notify::state", G_CALLBACK (state_cb), self,
                                   G_CONNECT_SWAPPED);
        }
      expanded_cb (self);
      show_steps (self);
      update (self);
      if (operation != NULL)
        state_cb (self);
      return;
    }
  update (self);
}

/* ---- actions ------------------------------------------------------------------------------------------- */

static void
present_plan (ErosOperationRow *self, const char *kind, GHashTable *arguments, const char *title)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_window_present (eros_plan_dialog_new (GTK_WINDOW (root), self->session, kind, arguments, title));
}

static void
roll_back (ErosOperationRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  gtk_window_present (eros_plan_dialog_new_rollback (GTK_WINDOW (root), self->session));
}

/* What only looks starts at once; before anything else there is its plan. */
static void
plan_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosOperationRow *self = EROS_OPERATION_ROW (widget);

  if (is_kind (self, EROS_OPERATION_KIND_ROLLBACK))
    roll_back (self);
  else if (is_kind (self, EROS_OPERATION_KIND_MONITORING))
    eros_watcher_look (self->session);
  else
    present_plan (self, kind_of (self), NULL, eros_element_get_text (self->element));
}

static void
go_on_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosOperationRow *self = EROS_OPERATION_ROW (widget);

  eros_session_start (self->session, self->operation);
}

static void
stop_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  eros_session_cancel (EROS_OPERATION_ROW (widget)->session);
}

static void
take_back_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosOperationRow *self = EROS_OPERATION_ROW (widget);
  GHashTable *arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  g_hash_table_insert (arguments, (gpointer) "step", step_to_take_back (self));
  present_plan (self, eros_operation_kind_get_name (EROS_OPERATION_KIND_REVERT), arguments,
                _ ("Take back the step that failed"));
}

static void
roll_back_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  roll_back (EROS_OPERATION_ROW (widget));
}

static void
resume_schedules_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  present_plan (EROS_OPERATION_ROW (widget),
                eros_operation_kind_get_name (EROS_OPERATION_KIND_RESUME_SCHEDULES), NULL,
                _ ("Resume scheduled queries"));
}

static void
eros_operation_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (eros_operation_row_parent_class)->map (widget);
  show_obstacles (EROS_OPERATION_ROW (widget));
}

static void
eros_operation_row_dispose (GObject *object)
{
  ErosOperationRow *self = EROS_OPERATION_ROW (object);

  g_clear_object (&self->operation);
  g_clear_object (&self->element);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_operation_row_parent_class)->dispose (object);
}

static void
eros_operation_row_class_init (ErosOperationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = eros_operation_row_dispose;
  widget_class->map = eros_operation_row_map;
  g_type_ensure (EROS_TYPE_OBSTACLE_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/operation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, title);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, hint);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, plan);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, obstacles);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, result_box);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, result);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, when);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, progress);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, actions);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, cancel);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, go_on);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, take_back);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, roll_back);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, resume_schedules);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, expander);
  gtk_widget_class_bind_template_child (widget_class, ErosOperationRow, steps);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
  gtk_widget_class_install_action (widget_class, "operation.plan", NULL, plan_action);
  gtk_widget_class_install_action (widget_class, "operation.go-on", NULL, go_on_action);
  gtk_widget_class_install_action (widget_class, "operation.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "operation.take-back", NULL, take_back_action);
  gtk_widget_class_install_action (widget_class, "operation.roll-back", NULL, roll_back_action);
  gtk_widget_class_install_action (widget_class, "operation.resume-schedules", NULL, resume_schedules_action);
}

static void
eros_operation_row_init (ErosOperationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * eros_operation_row_new:
 * @session: the open deployment
 * @element: an operation of its runbook
 *
 * Makes the card of an operation: what it does, a button that shows its plan, and how its last run went. An
 * operation that this program cannot run has no button, and says so.
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
eros_operation_row_new (ErosSession *session, ErosElement *element)
{
  ErosOperationRow *self = g_object_new (EROS_TYPE_OPERATION_ROW, NULL);
  const char *title = eros_element_get_text (element);
  const char *hint = eros_element_get_hint (element);
  gboolean known = eros_controller_knows (eros_element_get_operation (element));

  self->session = g_object_ref (session);
  self->element = g_object_ref (element);
  eros_result_window_add_action (GTK_WIDGET (self), session);
  if (!known)
    hint = _ ("This version does not run it: do it by hand, then tick the boxes that it would have ticked, "
              "with a note on how.");
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->hint, hint != NULL ? hint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint), hint != NULL);
  gtk_button_set_label (self->plan, eros_element_get_label (element));
  gtk_widget_set_visible (GTK_WIDGET (self->plan), known);
  eros_accessible_set_name (GTK_WIDGET (self), title);
  eros_accessible_describe (GTK_WIDGET (self), hint, FALSE);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "step-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::operation", G_CALLBACK (operation_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eros_deployment_get_journal (eros_session_get_deployment (session)), "appended",
                           G_CALLBACK (show_obstacles), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  operation_cb (self);
  return GTK_WIDGET (self);
}
