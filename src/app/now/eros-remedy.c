/* eros-remedy.c: the button that does something about what is wrong, or about what is next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-remedy.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-format.h"

static void
set_button (GtkButton *button, const char *label, const char *action, const char *target)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  /* An action never meets the target of another. */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), NULL);
  if (label == NULL)
    return;
  gtk_button_set_use_underline (button, TRUE);
  gtk_button_set_label (button, label);
  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  else
    gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  eros_accessible_name_all (GTK_WIDGET (button));
}

/**
 * eros_remedy_offer:
 * @button: a button
 * @problem: what is wrong
 *
 * Makes @button do what helps; hides it where a person has to look first.
 */
void
eros_remedy_offer (GtkButton *button, ErosProblem *problem)
{
  const char *target = eros_problem_get_target (problem);

  switch (eros_problem_get_kind (problem))
    {
    case EROS_PROBLEM_CRITERION_REACHED:
      set_button (button, _ ("Roll _Back…"), "win.rollback", NULL);
      break;
    case EROS_PROBLEM_ROLLED_BACK:
      set_button (button, _ ("_Resume Queries…"), "win.resume-schedules", NULL);
      break;
    case EROS_PROBLEM_OPERATION_FAILED:
    case EROS_PROBLEM_OPERATION_CUT_OFF:
    case EROS_PROBLEM_OPERATION_OWED:
    case EROS_PROBLEM_OPERATION_STOPPED:
      set_button (button, _ ("_Go On"), "win.go-on", target);
      break;
    case EROS_PROBLEM_CHECK_FAILED:
      set_button (button, _ ("_Check Again"), "win.check", target);
      break;
    case EROS_PROBLEM_ROUND_LATE:
      set_button (button, _ ("_Look Now"), "win.look", NULL);
      break;
    case EROS_PROBLEM_REFUSED:
      set_button (button, _ ("_Sign In…"), "app.preferences", NULL);
      break;
    case EROS_PROBLEM_OFFLINE:
    case EROS_PROBLEM_WINDOW_OVER:
    case EROS_PROBLEM_OUTSIDE_WINDOW:
    case EROS_PROBLEM_NOT_ANNOUNCED:
    case EROS_PROBLEM_NAMES_NOBODY:
    case EROS_PROBLEM_OTHER_PERSON:
    case EROS_PROBLEM_ROUND_MISSED:
    case EROS_PROBLEM_MESSAGE_DUE:
    case EROS_PROBLEM_OVERDUE:
    case EROS_PROBLEM_OVERRIDDEN:
    case EROS_PROBLEM_DECIDED:
    default:
      set_button (button, NULL, NULL, NULL);
      break;
    }
}

/**
 * eros_remedy_offer_other:
 * @button: a button
 * @problem: what is wrong
 *
 * Makes @button decide otherwise than what helps; hides it where there is no such decision.
 */
void
eros_remedy_offer_other (GtkButton *button, ErosProblem *problem)
{
  if (eros_problem_get_kind (problem) == EROS_PROBLEM_CRITERION_REACHED)
    set_button (button, _ ("Continue _Anyway…"), "win.continue", eros_problem_get_target (problem));
  else
    set_button (button, NULL, NULL, NULL);
}

/**
 * eros_remedy_offer_next:
 * @button: a button
 * @next: what is next
 *
 * Makes @button do it, or lead to where a person does it.
 */
void
eros_remedy_offer_next (GtkButton *button, const ErosNext *next)
{
  const char *id = next->element != NULL ? eros_element_get_id (next->element) : NULL;

  switch (next->kind)
    {
    case EROS_NEXT_GO_ON:
      set_button (button, _ ("_Go On"), "win.go-on",
                  next->element != NULL ? eros_element_get_operation (next->element) : "");
      break;
    case EROS_NEXT_LOOK:
      set_button (button, _ ("_Look Now"), "win.look", NULL);
      break;
    case EROS_NEXT_RUN:
      set_button (button, _ ("_Plan…"), "win.plan", id);
      break;
    case EROS_NEXT_CHECK:
      set_button (button, _ ("_Run the Checks"), "win.check", eros_phase_get_id (next->phase));
      break;
    case EROS_NEXT_TICK:
    case EROS_NEXT_SIGN:
    case EROS_NEXT_WAIT:
    default:
      set_button (button, id != NULL ? _ ("_Show") : NULL, "win.show", id);
      break;
    }
}

/**
 * eros_remedy_lead_to:
 * @button: a button
 * @place: (nullable): an element or a phase
 *
 * Makes @button lead to @place; hides it when there is none. One with an icon keeps that.
 */
void
eros_remedy_lead_to (GtkButton *button, const char *place)
{
  const char *icon = gtk_button_get_icon_name (button);
  g_autofree char *kept = g_strdup (icon);

  set_button (button, place != NULL ? _ ("_Show") : NULL, "win.show", place);
  if (kept == NULL || place == NULL)
    return;
  gtk_button_set_icon_name (button, kept);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), _ ("Show"));
  eros_accessible_set_name (GTK_WIDGET (button), _ ("Show"));
}

/**
 * eros_remedy_get_icon:
 * @problem: what is wrong
 *
 * Returns: (transfer none): the icon beside it
 */
const char *
eros_remedy_get_icon (ErosProblem *problem)
{
  if (eros_problem_get_kind (problem) == EROS_PROBLEM_ROLLED_BACK)
    return "edit-undo-symbolic";
  if (eros_problem_get_kind (problem) == EROS_PROBLEM_OFFLINE)
    return "network-offline-symbolic";
  return eros_problem_is_grave (problem) ? "dialog-error-symbolic" : "dialog-warning-symbolic";
}

/**
 * eros_remedy_get_style:
 * @problem: what is wrong
 *
 * Returns: (transfer none): the style class of its icon
 */
const char *
eros_remedy_get_style (ErosProblem *problem)
{
  return eros_problem_is_grave (problem) ? "error" : "warning";
}

/**
 * eros_remedy_describe_next:
 * @next: what is next
 *
 * Returns: (transfer full): a line that says what is to be done
 */
char *
eros_remedy_describe_next (const ErosNext *next)
{
  static const char *const patterns[] = {
    [EROS_NEXT_GO_ON] = N_ ("Go on with “%s”"),
    [EROS_NEXT_LOOK] = N_ ("Look now: %s"),
    [EROS_NEXT_RUN] = N_ ("%s"),
    [EROS_NEXT_CHECK] = N_ ("Check: %s"),
    [EROS_NEXT_TICK] = N_ ("%s"),
    [EROS_NEXT_SIGN] = N_ ("Sign: %s"),
    [EROS_NEXT_WAIT] = N_ ("Wait for: %s"),
  };
  g_autoptr (GString) text = g_string_new (_ (patterns[next->kind]));
  g_autofree char *plain = eros_format_plain (next->text);
  g_autofree char *time = NULL;

  g_string_replace (text, "%s", plain, 1);
  if (next->due != 0)
    {
      time = eros_format_time (next->due);
      g_string_append_printf (text, " (%s)", time);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
