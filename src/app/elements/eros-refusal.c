/* eros-refusal.c: something is not allowed: why, and the way around it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-refusal.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-compat.h"
#include "eros-feedback.h"
#include "eros-format.h"

/* What an override needs to know while its two questions are open. */
typedef struct
{
  ErosDeployment *deployment;
  char *target;
  char *heading;
  const ErosDecisionForm *form;
  GtkWidget *widget;
  GtkWidget *question;
  GtkEditable *name;
  GtkEditable *reason;
} Override;

static void
override_free (gpointer data)
{
  Override *override = data;

  g_object_unref (override->deployment);
  g_free (override->target);
  g_free (override->heading);
  g_object_unref (override->widget);
  g_free (override);
}

static char *
text_of (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
overridden_cb (GtkWidget *question, const char *response, Override *override)
{
  g_autofree char *name = text_of (override->name);
  g_autofree char *reason = text_of (override->reason);
  g_autoptr (GError) error = NULL;

  if (!g_str_equal (response, "override"))
    return;
  if (override->form->decide (override->deployment, override->target, name, reason, &error))
    eros_feedback_toast (override->widget, _ (override->form->done));
  else
    eros_feedback_error (override->widget, _ (override->form->not_done), error);
}

static void
entry_changed_cb (GtkEditable *entry, Override *override)
{
  g_autofree char *name = text_of (override->name);
  g_autofree char *reason = text_of (override->reason);

  eros_compat_question_set_enabled (override->question, "override", name[0] != '\0' && reason[0] != '\0');
}

static GtkEditable *
add_entry (GtkBox *box, const char *label, Override *override)
{
  GtkWidget *caption = gtk_label_new (label);
  GtkWidget *entry = gtk_entry_new ();

  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_widget_add_css_class (caption, "caption-heading");
  eros_accessible_set_name (entry, label);
  gtk_box_append (box, caption);
  gtk_box_append (box, entry);
  g_signal_connect (entry, "changed", G_CALLBACK (entry_changed_cb), override);
  return GTK_EDITABLE (entry);
}

static void
ask_for_reason (Override *override)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *actor = eros_format_actor (eros_deployment_get_actor (override->deployment));
  GtkWidget *question = eros_compat_question_new (override->heading, _ (override->form->body));

  override->question = question;
  eros_compat_question_add (question, "cancel", _ ("_Cancel"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "override", _ (override->form->label), ADW_RESPONSE_DESTRUCTIVE);
  override->name = add_entry (GTK_BOX (box), _ ("Name of who decides"), override);
  override->reason = add_entry (GTK_BOX (box), _ ("Reason"), override);
  gtk_editable_set_text (override->name, actor);
  eros_compat_question_set_child (question, box);
  g_object_set_data_full (G_OBJECT (question), "override", override, override_free);
  g_signal_connect (question, "response", G_CALLBACK (overridden_cb), override);
  eros_compat_question_present (question, override->widget);
}

static void
refused_cb (GtkWidget *question, const char *response, gpointer user_data)
{
  if (g_str_equal (response, "override"))
    ask_for_reason (g_object_steal_data (G_OBJECT (question), "override"));
}

static Override *
override_new (GtkWidget *widget, ErosDeployment *deployment, const char *target, const ErosDecisionForm *form)
{
  Override *override = g_new0 (Override, 1);

  override->deployment = g_object_ref (deployment);
  override->target = g_strdup (target);
  override->form = form;
  override->widget = g_object_ref (widget);
  return override;
}

static Override *
override_new_for_gate (GtkWidget *widget, ErosDeployment *deployment, ErosGate *gate)
{
  static const ErosDecisionForm form = {
    .body = N_ (
      "Who decides this and why is recorded and stands in the report for ever, also when it is withdrawn."),
    .label = N_ ("_Override"),
    .done = N_ ("Overridden: it stands in the report"),
    .not_done = N_ ("Not Overridden"),
    .decide = eros_deployment_override,
  };
  Override *override = override_new (widget, deployment, eros_gate_get_id (gate), &form);

  override->heading = g_strdup_printf (_ ("Override “%s”"), eros_gate_get_title (gate));
  return override;
}

/**
 * eros_refusal_decide:
 * @widget: where it is asked
 * @deployment: the deployment
 * @target: what is decided on
 * @heading: what is asked
 * @form: how it is asked and recorded
 *
 * Asks for the name and the reason of a decision, and records it.
 */
void
eros_refusal_decide (GtkWidget *widget,
                     ErosDeployment *deployment,
                     const char *target,
                     const char *heading,
                     const ErosDecisionForm *form)
{
  Override *override = override_new (widget, deployment, target, form);

  override->heading = g_strdup (heading);
  ask_for_reason (override);
}

/**
 * eros_refusal_override:
 * @widget: where it is asked
 * @deployment: the deployment
 * @gate: one that may be overridden
 *
 * Asks for the name and the reason of an override, and records it.
 */
void
eros_refusal_override (GtkWidget *widget, ErosDeployment *deployment, ErosGate *gate)
{
  ask_for_reason (override_new_for_gate (widget, deployment, gate));
}

/**
 * eros_refusal_show:
 * @widget: where it was tried
 * @deployment: the deployment
 * @action: what was tried, as for eros_deployment_allows ()
 * @target_id: on what
 * @heading: what was not done
 * @error: why
 *
 * Says why something was not done. Where a gate is in the way that may be overridden, offers that: with a
 * name and a reason, which are recorded.
 */
void
eros_refusal_show (GtkWidget *widget,
                   ErosDeployment *deployment,
                   const char *action,
                   const char *target_id,
                   const char *heading,
                   const GError *error)
{
  ErosGate *gate = NULL;
  Override *override;
  GtkWidget *question;

  if (eros_deployment_allows (deployment, action, target_id, NULL, &gate) || gate == NULL ||
      !eros_gate_may_override (gate))
    {
      eros_feedback_error (widget, heading, error);
      return;
    }
  override = override_new_for_gate (widget, deployment, gate);
  question = eros_compat_question_new (heading, error->message);
  eros_compat_question_add (question, "cancel", _ ("_Close"), ADW_RESPONSE_DEFAULT);
  eros_compat_question_add (question, "override", _ ("_Override…"), ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (question), "override", override, override_free);
  g_signal_connect (question, "response", G_CALLBACK (refused_cb), NULL);
  eros_compat_question_present (question, widget);
}
