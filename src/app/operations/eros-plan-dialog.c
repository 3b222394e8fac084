/* eros-plan-dialog.c: what an operation will do, before it does it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-plan-dialog.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-criteria.h"
#include "eros-environment.h"
#include "eros-feedback.h"
#include "eros-obstacle-view.h"
#include "eros-refusal.h"
#include "eros-rollback-form.h"
#include "eros-shape.h"
#include "eros-step-row.h"
#include "eros-text.h"
#include "eros-way-back.h"

struct _ErosPlanDialog
{
  AdwWindow parent_instance;

  ErosSession *session;
  char *kind;
  GHashTable *arguments;     /* (nullable) */
  ErosOperation *operation;  /* (nullable): the plan that shows */
  ErosRollbackForm *form;    /* (nullable): only of a rollback */
  char *choice;              /* (nullable): in the form, of which the plan is */
  GCancellable *cancellable; /* of the forecast under way */

  GtkButton *start;
  GtkStack *stack;
  GtkWidget *waiting;
  GtkLabel *status;
  AdwStatusPage *failed;
  GtkWidget *plan;
  GtkLabel *title;
  GtkLabel *badge;
  GtkLabel *project;
  GtkWidget *refusal;
  ErosObstacleView *obstacles;
  GtkLabel *refusal_label;
  GtkButton *override;
  GtkWidget *mistakes;
  GtkLabel *mistakes_label;
  GtkBox *form_box;
  AdwPreferencesGroup *steps_group;
  GtkLabel *forecast;
  GtkSpinner *spinner;
  GtkListBox *steps;
};

G_DEFINE_FINAL_TYPE (ErosPlanDialog, eros_plan_dialog, ADW_TYPE_WINDOW)

static ErosDeployment *
deployment (ErosPlanDialog *self)
{
  return eros_session_get_deployment (self->session);
}

/* ---- whether it may be started ------------------------------------------------------------------------- */

static void
update_start (ErosPlanDialog *self)
{
  ErosController *controller = eros_session_get_controller (self->session);
  ErosGate *gate = NULL;
  g_autoptr (GPtrArray) obstacles = eros_deployment_list_obstacles (deployment (self), self->kind);
  g_autofree char *reason = NULL;
  gboolean allowed =
    eros_deployment_allows (deployment (self), "run", self->kind, &reason, &gate) && controller != NULL;

  /* All of it at once, with where it is done. */
  if (gate != NULL)
    {
      g_free (reason);
      reason = g_strdup (_ ("This has to wait until all of this is done:"));
    }
  else if (reason == NULL && controller != NULL && eros_session_get_busy (self->session))
    reason = g_strdup (_ ("Something else is at work. Wait until it has ended, or cancel it."));
  eros_obstacle_view_show (self->obstacles, deployment (self), obstacles);

  gtk_widget_set_visible (self->refusal, reason != NULL);
  gtk_label_set_text (self->refusal_label, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->override), gate != NULL && eros_gate_may_override (gate));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "plan.start",
                                 allowed && self->operation != NULL &&
                                   !eros_session_get_busy (self->session) &&
                                   (self->form == NULL || eros_rollback_form_is_complete (self->form)));
}

static void
override_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosPlanDialog *self = EROS_PLAN_DIALOG (widget);
  g_autofree char *reason = NULL;
  ErosGate *gate = NULL;

  if (!eros_deployment_allows (deployment (self), "run", self->kind, &reason, &gate) && gate != NULL)
    eros_refusal_override (GTK_WIDGET (self->stack), deployment (self), gate);
}

/* ---- what it is expected to read ----------------------------------------------------------------------- */

/* (transfer full): empty when all could be checked */
static char *
describe_unchecked (ErosOperation *operation)
{
  guint n = eros_operation_count_forecasts (operation, EROS_FORECAST_UNCHECKED);

  if (n == 0)
    return g_strdup ("");
  return g_strdup_printf (ngettext (" %u statement could not be checked before it runs.",
                                    " %u statements could not be checked before they run.", n),
                          n);
}

/* In part, it takes another time than what was proved. */
static gboolean
is_whole (ErosPlanDialog *self)
{
  return g_str_equal (eros_rollback_form_get_kind (self->form), self->kind);
}

static void
show_forecast (ErosPlanDialog *self, gint64 bytes)
{
  ErosController *controller = eros_session_get_controller (self->session);
  g_autofree char *size = g_format_size (bytes);
  g_autofree char *unchecked = describe_unchecked (self->operation);
  g_autofree char *text = NULL;
  g_autofree char *known = NULL;
  g_autofree char *all = NULL;
  guint n_mistakes;

  if (eros_deployment_get_setup (deployment (self))->environment == EROS_ENVIRONMENT_REHEARSAL)
    text = g_strdup_printf (
      _ ("Expected to read %s, without what a step before makes first. A rehearsal costs nothing."), size);
  else
    /* Translators: a size, an amount of US dollars */
    text =
      g_strdup_printf (_ ("Expected to read %1$s, without what a step before makes first: about $%2$.2f "
                          "when billed on demand."),
                       size, eros_connection_get_cost (eros_controller_get_connection (controller), bytes));
  known = self->form != NULL && !is_whole (self) ? NULL
          : self->form != NULL                   ? eros_way_back_describe (deployment (self))
                                                 : eros_shape_describe_drift (deployment (self), self->kind);
  all = g_strconcat (text, unchecked, known != NULL ? " " : NULL, known, NULL);
  gtk_label_set_text (self->forecast, all);
  n_mistakes = eros_operation_count_failing (self->operation);
  gtk_widget_set_visible (self->mistakes, n_mistakes > 0);
  if (n_mistakes > 0)
    {
      g_autofree char *warning = g_strdup_printf (
        ngettext ("%u step would fail, says the server. It is marked below, with the line.",
                  "%u steps would fail, says the server. They are marked below, with the line.", n_mistakes),
        n_mistakes);

      gtk_label_set_text (self->mistakes_label, warning);
    }
}

static void
forecast_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosPlanDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 bytes;

  if (eros_controller_forecast_finish (EROS_CONTROLLER (source), result, &bytes, &error))
    show_forecast (self, bytes);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else
    {
      g_autofree char *text = g_strdup_printf (_ ("What it will read is not known: %s"), error->message);

      gtk_label_set_text (self->forecast, text);
    }
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
}

/* ---- the plan ------------------------------------------------------------------------------------------ */

static void
forget_plan (ErosPlanDialog *self)
{
  ErosController *controller = eros_session_get_controller (self->session);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->operation == NULL)
    return;
  gtk_list_box_bind_model (self->steps, NULL, NULL, NULL, NULL);
  if (controller != NULL)
    eros_controller_forget (controller, self->operation);
  g_clear_object (&self->operation);
}

static GtkWidget *
make_step_row (gpointer step, gpointer user_data)
{
  return eros_step_row_new (step);
}

/* (transfer none) (nullable) */
static ErosOperation *
make_plan (ErosPlanDialog *self, GError **error)
{
  ErosController *controller = eros_session_get_controller (self->session);
  g_autoptr (GHashTable) filled_in = NULL;

  if (self->form == NULL)
    return eros_controller_plan (controller, self->kind, self->arguments, error);
  filled_in = eros_rollback_form_get_arguments (self->form);
  return eros_controller_plan (controller, eros_rollback_form_get_kind (self->form), filled_in, error);
}

static void
show_failure (ErosPlanDialog *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->failed, escaped);
  eros_accessible_show_page (self->stack, GTK_WIDGET (self->failed));
  update_start (self);
}

static void
show_plan (ErosPlanDialog *self)
{
  ErosController *controller = eros_session_get_controller (self->session);
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;
  g_autofree char *title = NULL;
  guint n;

  forget_plan (self);
  operation = make_plan (self, &error);
  if (operation == NULL)
    {
      show_failure (self, error);
      return;
    }
  self->operation = g_object_ref (operation);
  n = g_list_model_get_n_items (eros_operation_get_steps (operation));
  title = g_strdup_printf (ngettext ("%u Step", "%u Steps", n), n);
  adw_preferences_group_set_title (self->steps_group, title);
  gtk_list_box_bind_model (self->steps, eros_operation_get_steps (operation), make_step_row, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->steps_group), TRUE);
  eros_accessible_show_page (self->stack, self->plan);
  gtk_widget_set_visible (self->mistakes, FALSE);
  gtk_label_set_text (self->forecast, _ ("Asking the server what this will read…"));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
  gtk_spinner_start (self->spinner);
  self->cancellable = g_cancellable_new ();
  eros_controller_forecast_async (controller, operation, self->cancellable, forecast_cb, g_object_ref (self));
  update_start (self);
}

/* Another backup or part is another plan; what else is in the form does not change a step. */
static void
form_changed_cb (ErosPlanDialog *self)
{
  g_autofree char *choice = eros_rollback_form_dup_choice (self->form);
  gboolean is_other = g_strcmp0 (choice, self->choice) != 0;

  g_free (self->choice);
  self->choice = g_steal_pointer (&choice);
  if (is_other && self->choice != NULL)
    show_plan (self);
  else if (is_other)
    {
      forget_plan (self);
      gtk_widget_set_visible (GTK_WIDGET (self->steps_group), FALSE);
    }
  update_start (self);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ErosPlanDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!eros_session_prepare_finish (EROS_SESSION (source), result, &error))
    {
      show_failure (self, error);
      return;
    }
  if (self->form == NULL)
    {
      show_plan (self);
      return;
    }
  eros_accessible_show_page (self->stack, self->plan);
  eros_rollback_form_load (self->form, eros_session_get_controller (self->session));
  update_start (self);
}

static void
prepare (ErosPlanDialog *self)
{
  eros_accessible_show_page (self->stack, self->waiting);
  eros_session_prepare_async (self->session, prepared_cb, g_object_ref (self));
}

static void
again_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  prepare (EROS_PLAN_DIALOG (widget));
}

static void
status_cb (ErosPlanDialog *self)
{
  const char *status = eros_session_get_status (self->session);

  gtk_label_set_text (self->status, status != NULL ? status : _ ("Making the plan…"));
}

/* ---- start --------------------------------------------------------------------------------------------- */

static gboolean
has_operation (ErosPhase *phase, const char *kind)
{
  GListModel *sections = eros_phase_get_sections (phase);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          if (eros_element_get_kind (element) == EROS_ELEMENT_OPERATION &&
              g_strcmp0 (eros_element_get_operation (element), kind) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

/* A rollback can be started from where something failed; its progress is where its card is. */
static void
show_page (ErosPlanDialog *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (deployment (self)));

  for (guint i = 0; parent != NULL && i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      if (has_operation (phase, self->kind))
        gtk_widget_activate_action (GTK_WIDGET (parent), "win.page", "s", eros_phase_get_id (phase));
    }
}

static void
start_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ErosPlanDialog *self = EROS_PLAN_DIALOG (widget);
  g_autoptr (ErosOperation) operation = NULL;

  /* What was shown while the form was being filled in did not have its words. */
  if (self->form != NULL)
    {
      g_autoptr (GError) error = NULL;
      ErosOperation *with_words = make_plan (self, &error);

      if (with_words == NULL)
        {
          eros_feedback_error (widget, _ ("Not Started"), error);
          return;
        }
      forget_plan (self);
      self->operation = g_object_ref (with_words);
    }
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  operation = g_steal_pointer (&self->operation);
  show_page (self);
  eros_session_start (self->session, operation);
  gtk_window_close (GTK_WINDOW (self));
}

static void
eros_plan_dialog_dispose (GObject *object)
{
  ErosPlanDialog *self = EROS_PLAN_DIALOG (object);

  if (self->session != NULL)
    forget_plan (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (eros_plan_dialog_parent_class)->dispose (object);
}

static void
eros_plan_dialog_finalize (GObject *object)
{
  g_free (EROS_PLAN_DIALOG (object)->kind);
  g_free (EROS_PLAN_DIALOG (object)->choice);
  g_clear_pointer (&EROS_PLAN_DIALOG (object)->arguments, g_hash_table_unref);

  G_OBJECT_CLASS (eros_plan_dialog_parent_class)->finalize (object);
}

static void
eros_plan_dialog_class_init (ErosPlanDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = eros_plan_dialog_dispose;
  object_class->finalize = eros_plan_dialog_finalize;

  g_type_ensure (EROS_TYPE_OBSTACLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, EROS_RESOURCE_BASE "/plan-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, start);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, waiting);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, status);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, failed);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, plan);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, title);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, badge);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, project);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, refusal);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, obstacles);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, refusal_label);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, override);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, mistakes);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, mistakes_label);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, form_box);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, steps_group);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, forecast);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, ErosPlanDialog, steps);
  gtk_widget_class_install_action (widget_class, "plan.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "plan.override", NULL, override_action);
  gtk_widget_class_install_action (widget_class, "plan.again", NULL, again_action);
}

static void
eros_plan_dialog_init (ErosPlanDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  eros_accessible_name_all (GTK_WIDGET (self));
}

/* Where it will act, on top of whatever it will do. */
static void
show_where (ErosPlanDialog *self, const char *title)
{
  const ErosDeploymentSetup *setup = eros_deployment_get_setup (deployment (self));
  g_autofree char *where = NULL;

  gtk_label_set_text (self->title, title);
  eros_environment_show_badge (setup->environment, self->badge);
  gtk_label_set_text (self->project, setup->project);
  /* Translators: an environment, a project */
  where = g_strdup_printf (_ ("Environment: %s, project %s"), eros_environment_get_name (setup->environment),
                           setup->project);
  eros_accessible_set_description (GTK_WIDGET (self), where);
}

/* What speaks for it already is proposed. */
static void
propose_reason (ErosPlanDialog *self)
{
  g_auto (GStrv) reached = eros_criteria_list_reached (deployment (self));

  if (reached[0] != NULL)
    eros_rollback_form_propose_reason (self->form, reached[0]);
}

static void
add_form (ErosPlanDialog *self)
{
  self->form = EROS_ROLLBACK_FORM (eros_rollback_form_new ());
  gtk_box_append (self->form_box, GTK_WIDGET (self->form));
  gtk_widget_set_visible (GTK_WIDGET (self->form_box), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->steps_group), FALSE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->start), "suggested-action");
  gtk_widget_add_css_class (GTK_WIDGET (self->start), "destructive-action");
  gtk_button_set_label (self->start, _ ("_Roll Back"));
  eros_accessible_name_all (GTK_WIDGET (self->start));
  g_signal_connect_object (self->form, "changed", G_CALLBACK (form_changed_cb), self, G_CONNECT_SWAPPED);
  propose_reason (self);
}

/**
 * eros_plan_dialog_new:
 * @parent: the window of the deployment
 * @session: the open deployment, not busy
 * @kind: of the operation
 * @arguments: (nullable) (transfer full) (element-type utf8 utf8): for eros_controller_plan ()
 * @title: what it is called
 *
 * Makes the dialog that shows what an operation will do, step by step with its SQL, and what it is expected
 * to read; for a rollback also to what, and asks for what that needs. Its button starts the operation.
 *
 * Returns: (transfer none): the dialog
 */
GtkWindow *
eros_plan_dialog_new (GtkWindow *parent,
                      ErosSession *session,
                      const char *kind,
                      GHashTable *arguments,
                      const char *title)
{
  g_autofree char *shown = eros_text_show_line (title);
  ErosPlanDialog *self = g_object_new (EROS_TYPE_PLAN_DIALOG, "transient-for", parent, "title", shown, NULL);

  self->session = g_object_ref (session);
  self->kind = g_strdup (kind);
  /* Not higher than what it is in front of. */
  if (gtk_widget_get_height (GTK_WIDGET (parent)) > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), MIN (720, gtk_widget_get_width (GTK_WIDGET (parent))),
                                 MIN (720, gtk_widget_get_height (GTK_WIDGET (parent))));
  show_where (self, shown);
  self->arguments = arguments;
  if (eros_operation_kind_of (kind) == EROS_OPERATION_KIND_ROLLBACK)
    add_form (self);
  g_signal_connect_object (session, "notify::status", G_CALLBACK (status_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::busy", G_CALLBACK (update_start), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (eros_deployment_get_journal (deployment (self)), "appended",
                           G_CALLBACK (update_start), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  status_cb (self);
  update_start (self);
  prepare (self);
  return GTK_WINDOW (self);
}

/**
 * eros_plan_dialog_new_rollback:
 * @parent: the window of the deployment
 * @session: the open deployment
 *
 * Makes the one dialog that rolls back, from wherever it is opened.
 *
 * Returns: (transfer none): the dialog
 */
GtkWindow *
eros_plan_dialog_new_rollback (GtkWindow *parent, ErosSession *session)
{
  return eros_plan_dialog_new (parent, session, eros_operation_kind_get_name (EROS_OPERATION_KIND_ROLLBACK),
                               NULL, _ ("Roll Back"));
}
