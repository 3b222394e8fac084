/* eros-decisions-view.c: what was decided and signed, as rows, each to be withdrawn where it holds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-decisions-view.h"

#include <glib/gi18n-lib.h>

#include "eros-accessible.h"
#include "eros-feedback.h"
#include "eros-format.h"
#include "eros-reason.h"
#include "eros-text.h"

struct _ErosDecisionsView
{
  AdwBin parent_instance;

  ErosDeployment *deployment;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ErosDecisionsView, eros_decisions_view, ADW_TYPE_BIN)

/* Takes over WORDS. */
static void
append (GString *text, char *words)
{
  g_autofree char *taken = words;

  g_string_append (text, taken);
}

static char *
describe (ErosDeployment *deployment, const ErosDecision *decision)
{
  g_autofree char *when = eros_format_time (eros_event_get_time (decision->event));
  g_auto (GStrv) through = eros_deployment_list_done_through (deployment, decision);
  GString *text = g_string_new (NULL);

  /* Translators: who has decided; when */
  append (text, eros_text_format (_ ("%s, %s"), eros_decision_get_name (decision), when));
  if (*eros_decision_get_reason (decision) != '\0')
    append (text, eros_text_format ("\n%s", eros_decision_get_reason (decision)));
  for (guint i = 0; through[i] != NULL; i++)
    append (text, eros_text_format (_ ("\nDone while it held: %s"), through[i]));
  if (decision->withdrawal != NULL)
    {
      g_autofree char *then = eros_format_time (eros_event_get_time (decision->withdrawal));
      g_autofree char *who = eros_format_actor (eros_event_get_actor (decision->withdrawal));

      /* Translators: who has withdrawn it; when; why */
      append (text, eros_text_format (_ ("\nWithdrawn by %s, %s: %s"), who, then,
                                      eros_decision_get_withdrawal_reason (decision)));
    }
  return g_string_free (text, FALSE);
}

static void
withdrawn (GtkWidget *widget, const char *reason)
{
  ErosDecisionsView *self = EROS_DECISIONS_VIEW (gtk_widget_get_ancestor (widget, EROS_TYPE_DECISIONS_VIEW));
  g_autoptr (GError) error = NULL;

  if (eros_deployment_withdraw (self->deployment, g_object_get_data (G_OBJECT (widget), "target"), reason,
                                &error))
    eros_feedback_toast (GTK_WIDGET (self), _ ("Withdrawn: both stand in the report"));
  else
    eros_feedback_error (GTK_WIDGET (self), _ ("Not Withdrawn"), error);
}

static void
withdraw_cb (GtkWidget *button)
{
  eros_reason_ask (button, _ ("Withdraw It?"),
                   _ ("The decision and its withdrawal both stay in the journal and in the report."),
                   "withdraw", _ ("_Withdraw"), withdrawn);
}

static void
add_button (AdwActionRow *row, const ErosDecision *decision, const char *title)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Withdraw…"));
  g_autofree char *name = g_strdup_printf (_ ("Withdraw: %s"), title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  eros_accessible_set_name (button, name);
  g_object_set_data_full (G_OBJECT (button), "target", g_strdup (eros_decision_get_target (decision)),
                          g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (withdraw_cb), NULL);
  adw_action_row_add_suffix (row, button);
}

static GtkWidget *
make_row (ErosDecisionsView *self, const ErosDecision *decision)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = eros_deployment_describe_decision (self->deployment, decision);
  g_autofree char *title =
    decision->withdrawal != NULL ? g_strdup_printf (_ ("Withdrawn: %s"), text) : g_strdup (text);
  g_autofree char *subtitle = describe (self->deployment, decision);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  eros_accessible_set_name (row, title);
  eros_accessible_set_description (row, subtitle);
  if (decision->withdrawal == NULL &&
      eros_deployment_allows (self->deployment, "withdraw", eros_decision_get_target (decision), NULL, NULL))
    add_button (ADW_ACTION_ROW (row), decision, title);
  return row;
}

static void
append_sentence (ErosDecisionsView *self, const char *sentence)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sentence);
  gtk_list_box_append (self->list, row);
}

static void
show (ErosDecisionsView *self)
{
  GPtrArray *decisions = eros_deployment_get_decisions (self->deployment);
  g_auto (GStrv) shared = eros_deployment_list_shared_signatures (self->deployment);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < decisions->len; i++)
    gtk_list_box_append (self->list, make_row (self, decisions->pdata[i]));
  for (guint i = 0; shared[i] != NULL; i++)
    append_sentence (self, shared[i]);
  gtk_widget_set_visible (GTK_WIDGET (self), decisions->len > 0);
}

/* What is done behind a gate shows at its override. */
static void
appended_cb (ErosJournal *journal, ErosEvent *event, ErosDecisionsView *self)
{
  const char *kind = eros_event_get_kind (event);

  if (g_str_has_prefix (kind, EROS_EVENTS_GATE) || g_str_has_prefix (kind, EROS_EVENTS_SIGN_OFF) ||
      g_str_has_prefix (kind, EROS_EVENTS_ITEM) || g_str_has_suffix (kind, ".withdrawn") ||
      g_str_equal (kind, EROS_EVENT_OPERATION_STARTED))
    show (self);
}

static void
eros_decisions_view_dispose (GObject *object)
{
  g_clear_object (&EROS_DECISIONS_VIEW (object)->deployment);

  G_OBJECT_CLASS (eros_decisions_view_parent_class)->dispose (object);
}

static void
eros_decisions_view_class_init (ErosDecisionsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = eros_decisions_view_dispose;
}

static void
eros_decisions_view_init (ErosDecisionsView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *heading = gtk_label_new (_ ("Decided and Signed"));

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "title-4");
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  eros_accessible_set_name (GTK_WIDGET (self->list), _ ("Decided and Signed"));
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * eros_decisions_view_new:
 * @deployment: the deployment
 *
 * Makes the list of all overrides, signatures and marks over checks that failed, with those that were
 * withdrawn. What holds can be withdrawn there. Hidden while there is none.
 *
 * Returns: (transfer floating): the widget
 */
GtkWidget *
eros_decisions_view_new (ErosDeployment *deployment)
{
  ErosDecisionsView *self = g_object_new (EROS_TYPE_DECISIONS_VIEW, NULL);

  self->deployment = g_object_ref (deployment);
  g_signal_connect_object (eros_deployment_get_journal (deployment), "appended", G_CALLBACK (appended_cb),
                           self, G_CONNECT_AFTER);
  show (self);
  return GTK_WIDGET (self);
}
