/* test-decisions.c: ticks over a failure and signatures: asked for a reason, withdrawn, and nothing before
 * its time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "app-test.h"

#include "eros-check-row.h"
#include "eros-element-rows.h"
#include "eros-field-entry.h"
#include "eros-sign-off-row.h"

#define APPROVAL "preparation.sign-off.product-owner"

/* A window with the widgets of one element. */
typedef struct
{
  ErosSession *session;
  GtkWidget *window;
  GtkWidget *list;
} Fixture;

static void
show (Fixture *fixture, ErosSession *session, const char *element_id)
{
  ErosRunbook *runbook = eros_deployment_get_runbook (eros_session_get_deployment (session));
  ErosElement *element = eros_runbook_find_element (runbook, element_id);

  g_assert_nonnull (element);
  fixture->session = g_object_ref (session);
  fixture->window = gtk_window_new ();
  fixture->list = gtk_list_box_new ();
  eros_element_rows_append (GTK_LIST_BOX (fixture->list), session, element);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->list);
  gtk_window_present (GTK_WINDOW (fixture->window));
  app_test_settle ();
}

static void
hide (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  app_test_settle ();
  g_clear_object (&fixture->session);
}

static ErosDeployment *
deployment (Fixture *fixture)
{
  return eros_session_get_deployment (fixture->session);
}

static const char *
stored_value (ErosSession *session, const char *field_id)
{
  return eros_deployment_get_value (eros_session_get_deployment (session), field_id);
}

static gboolean
box_is_active (GtkWidget *row)
{
  return gtk_check_button_get_active (
    GTK_CHECK_BUTTON (app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL)));
}

#define CORRUPTION "validation.health.corruption"

static gboolean
label_says (GtkWidget *label, const char *text)
{
  return g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text);
}

static guint
count_events (ErosSession *session)
{
  return g_list_model_get_n_items (
    G_LIST_MODEL (eros_deployment_get_journal (eros_session_get_deployment (session))));
}

static void
give_reason (const char *response, const char *reason)
{
  GtkWidget *question = app_test_get_question ();
  GtkWidget *entry = app_test_find (question, GTK_TYPE_ENTRY, NULL, NULL);

  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (question), response));
  gtk_editable_set_text (GTK_EDITABLE (entry), reason);
  app_test_answer (response);
}

/* A click on the row, or Enter on it, is no tick. */
static void
test_only_the_box_ticks (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  guint before = count_events (session);
  Fixture fixture;
  GtkWidget *row;

  show (&fixture, session, APPROVAL);
  row = app_test_find_check (fixture.list, APPROVAL);
  g_assert_null (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row)));
  adw_action_row_activate (ADW_ACTION_ROW (row));
  g_signal_emit_by_name (fixture.list, "row-activated", row);
  g_signal_emit_by_name (row, "activate");
  g_assert_false (box_is_active (row));
  g_assert_cmpuint (count_events (session), ==, before);
  hide (&fixture);
}

static void
test_a_tick_over_a_failure_wants_a_reason_and_is_withdrawn_with_one (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *row, *box;
  guint before;

  show (&fixture, session, CORRUPTION);
  row = app_test_find_check (fixture.list, CORRUPTION);
  box = app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL);
  eros_deployment_record_check (deployment (&fixture), CORRUPTION, EROS_OUTCOME_FAIL, "3 bad rows", NULL,
                                NULL);
  before = count_events (session);
  gtk_widget_activate (box);
  g_assert_true (app_test_has_label (app_test_get_question (), "3 bad rows"));
  app_test_answer ("cancel");
  g_assert_false (box_is_active (row));
  g_assert_cmpuint (count_events (session), ==, before);

  gtk_widget_activate (box);
  give_reason ("tick", "They are known");
  g_assert_true (box_is_active (row));
  g_assert_true (app_test_has_label (row, "By decision: ticked although the check fails, by Ada"));
  g_assert_true (app_test_has_label (row, "Reason: They are known"));
  g_assert_true (eros_item_is_failing (eros_deployment_get_item (deployment (&fixture), CORRUPTION)));

  gtk_widget_activate (box);
  g_assert_true (box_is_active (row));
  give_reason ("withdraw", "A slip");
  g_assert_false (box_is_active (row));

  gtk_widget_activate_action (row, "item.not-applicable", NULL);
  give_reason ("set", "Not ours");
  g_assert_true (app_test_has_label (row, "By decision: not applicable although the check fails: Not ours"));
  gtk_widget_activate_action (row, "item.applicable", NULL);
  give_reason ("withdraw", "It is");
  g_assert_false (app_test_has_label (row, "By decision"));
  hide (&fixture);
}

#define LEAD "sign-off.confirmation.deployment-lead"

static void
override_all_gates (ErosDeployment *self)
{
  GListModel *gates = eros_runbook_get_gates (eros_deployment_get_runbook (self));

  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      if (!eros_deployment_gate_is_open (self, gate, NULL))
        g_assert_true (eros_deployment_override (self, eros_gate_get_id (gate), "Ada", "test", NULL));
    }
}

#define TECHNICAL "sign-off.confirmation.technical-lead"
#define QA        "deployment.phase-1-sign-off.qa"

/* The reason is the last thing that is asked. */
static void
give_reason_to_sign (const char *reason)
{
  GtkWidget *question = app_test_get_question ();
  GtkWidget *caption = app_test_find (question, GTK_TYPE_LABEL, label_says, "Why it is signed all the same");

  g_assert_nonnull (caption);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (question), "sign"));
  gtk_editable_set_text (GTK_EDITABLE (gtk_widget_get_next_sibling (caption)), reason);
  app_test_answer ("sign");
}

static void
test_a_sign_off_is_signed_and_withdrawn (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (ErosSession) again = NULL;
  Fixture fixture;
  GtkWidget *row, *status;

  override_all_gates (eros_session_get_deployment (session));
  show (&fixture, session, LEAD);
  row = app_test_find (fixture.list, EROS_TYPE_SIGN_OFF_ROW, NULL, NULL);
  g_assert_true (app_test_has_label (row, "Not signed"));
  gtk_widget_activate_action (row, "item.sign", NULL);
  status = app_test_find_field (app_test_get_question (), LEAD ".status");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (app_test_find (status, GTK_TYPE_DROP_DOWN, NULL, NULL)), 1);
  g_assert_true (app_test_has_label (app_test_get_question (), "“All validation tests passed ("));
  give_reason_to_sign ("Only a test");
  g_assert_true (app_test_has_label (row, "Signed by Ada"));
  g_assert_false (app_test_has_label (row, "Recorded by"));
  g_assert_true (app_test_has_label (row, "contradicts it: Only a test"));
  g_assert_cmpstr (stored_value (session, LEAD ".name"), ==, "Ada");
  g_assert_cmpstr (stored_value (session, LEAD ".status"), ==, "SUCCESS");
  again = app_test_reopen (session);
  g_assert_true (eros_item_is_signed (eros_deployment_get_item (eros_session_get_deployment (again), LEAD)));

  gtk_widget_activate_action (row, "item.withdraw", NULL);
  give_reason ("withdraw", "Too early");
  g_assert_true (app_test_has_label (row, "Not signed"));
  g_assert_true (app_test_has_label (row, "Signed by Ada, withdrawn: Too early"));
  hide (&fixture);
}

static void
test_a_sign_off_that_is_cancelled_leaves_nothing (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *row, *status;
  guint before;

  override_all_gates (eros_session_get_deployment (session));
  show (&fixture, session, LEAD);
  row = app_test_find (fixture.list, EROS_TYPE_SIGN_OFF_ROW, NULL, NULL);
  before = count_events (session);
  gtk_widget_activate_action (row, "item.sign", NULL);
  status = app_test_find_field (app_test_get_question (), LEAD ".status");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (app_test_find (status, GTK_TYPE_DROP_DOWN, NULL, NULL)), 2);
  app_test_settle ();
  app_test_answer ("cancel");
  g_assert_cmpuint (count_events (session), ==, before);
  g_assert_cmpstr (stored_value (session, LEAD ".status"), ==, "");
  hide (&fixture);

  /* And what is typed, longer than an entry waits before it stores. */
  show (&fixture, session, TECHNICAL);
  row = app_test_find (fixture.list, EROS_TYPE_SIGN_OFF_ROW, NULL, NULL);
  gtk_widget_activate_action (row, "item.sign", NULL);
  status = app_test_find_field (app_test_get_question (), TECHNICAL ".notes");
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (status, GTK_TYPE_ENTRY, NULL, NULL)), "Not so sure");
  gtk_widget_activate (app_test_find (status, GTK_TYPE_ENTRY, NULL, NULL));
  app_test_settle ();
  app_test_answer ("cancel");
  g_assert_cmpuint (count_events (session), ==, before);
  g_assert_cmpstr (stored_value (session, TECHNICAL ".notes"), ==, "");
  hide (&fixture);
}

static void
test_a_phase_is_signed_off_with_a_name (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *row, *name;

  show (&fixture, session, QA);
  g_assert_null (app_test_find (fixture.list, EROS_TYPE_CHECK_ROW, NULL, NULL));
  row = app_test_find (fixture.list, EROS_TYPE_SIGN_OFF_ROW, NULL, NULL);
  gtk_widget_activate_action (row, "item.sign", NULL);
  name = app_test_find (app_test_get_question (), GTK_TYPE_ENTRY, NULL, NULL);
  gtk_editable_set_text (GTK_EDITABLE (name), " ");
  g_assert_false (
    adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (app_test_get_question ()), "sign"));
  gtk_editable_set_text (GTK_EDITABLE (name), "Quinn");
  /* Nothing has been deployed. */
  give_reason_to_sign ("Only a test");
  g_assert_true (eros_item_is_signed (eros_deployment_get_item (deployment (&fixture), QA)));
  g_assert_cmpstr (stored_value (session, QA ".name"), ==, "Quinn");
  g_assert_true (app_test_has_label (row, "Signed by Quinn"));
  g_assert_true (app_test_has_label (row, "Recorded by Ada"));
  hide (&fixture);
}

#define ADD(name, function) g_test_add_func ("/app/decisions/" name, function)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("only-the-box-ticks", test_only_the_box_ticks);
  ADD ("a-tick-over-a-failure-wants-a-reason-and-is-withdrawn-with-one",
       test_a_tick_over_a_failure_wants_a_reason_and_is_withdrawn_with_one);
  ADD ("a-sign-off-that-is-cancelled-leaves-nothing", test_a_sign_off_that_is_cancelled_leaves_nothing);
  ADD ("a-phase-is-signed-off-with-a-name", test_a_phase_is_signed_off_with_a_name);
  ADD ("a-sign-off-is-signed-and-withdrawn", test_a_sign_off_is_signed_and_withdrawn);
  return g_test_run ();
}
