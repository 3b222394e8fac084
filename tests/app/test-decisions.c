/* test-decisions.c: ticks over a failure and signatures: asked for a reason, withdrawn, and nothing before
 * its time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>

#include "app-test.h"

#include "eros-check-row.h"
#include "eros-criteria.h"
#include "eros-element-rows.h"
#include "eros-field-entry.h"
#include "eros-problem.h"
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

/* ---- criteria and messages ----------------------------------------------------------------------------- */

static gboolean
acts (GtkWidget *button, const char *action)
{
  return g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (button)), action) == 0;
}

static void
click (GtkWidget *root, const char *action)
{
  GtkWidget *button = app_test_find (root, GTK_TYPE_BUTTON, acts, action);

  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  app_test_settle ();
}

static gboolean
is_blank_entry (GtkWidget *entry, const char *detail)
{
  return *gtk_editable_get_text (GTK_EDITABLE (entry)) == '\0';
}

#define SECURITY "rollback.decision.security"

/* Whoever goes on has a name and a reason; then the alert is gone, and the fact stands. */
static void
test_a_criterion_that_is_reached_is_answered_in_its_place (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *own = eros_session_get_deployment (session);
  ErosWindow *window = app_test_open_window (session);
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *row, *question;
  guint n = 0;

  g_assert_false (eros_criterion_continue (own, SECURITY, "Ada", "no reason", &error));
  g_clear_error (&error);
  eros_criterion_decide (own, SECURITY, TRUE, "a key stands in a log", &error);
  g_assert_no_error (error);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.page", "s", "rollback");
  app_test_settle ();
  row = eros_element_rows_find (GTK_WIDGET (window), "rollback.decision.criteria");
  g_assert_nonnull (row);
  g_assert_true (app_test_has_label (row, "a key stands in a log"));
  g_assert_nonnull (app_test_find (row, GTK_TYPE_BUTTON, acts, "win.rollback"));
  click (row, "win.continue");
  question = app_test_get_question ();
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (question), "override"));
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (question, GTK_TYPE_ENTRY, is_blank_entry, NULL)),
                         "the key was revoked");
  app_test_answer ("override");
  g_assert_null (app_test_find (row, GTK_TYPE_BUTTON, acts, "win.continue"));
  problems = eros_problem_list (own, g_get_real_time (), NULL);
  for (guint i = 0; i < problems->len; i++)
    {
      g_assert_cmpint (eros_problem_get_kind (problems->pdata[i]), !=, EROS_PROBLEM_CRITERION_REACHED);
      n += strstr (eros_problem_get_text (problems->pdata[i]),
                   " goes on all the same: the key was revoked") != NULL;
    }
  g_assert_cmpuint (n, ==, 1);
  app_test_close_window (window);
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer text)
{
  *(char **) text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
is_pasted (gpointer text)
{
  return *(char **) text != NULL;
}

static void
test_a_message_has_recipients_and_a_time_when_it_was_sent (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autofree char *pasted = NULL;
  g_autoptr (GError) error = NULL;
  Fixture fixture;
  GtkWidget *recipients;

  eros_deployment_set_value (eros_session_get_deployment (session), "contacts.technical-lead.email",
                             "tech@example.com", &error);
  g_assert_no_error (error);
  show (&fixture, session, "preparation.notification.email");
  recipients = app_test_find (fixture.list, GTK_TYPE_ENTRY, NULL, NULL);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (recipients)), ==,
                   "kyle@example.com, tech@example.com");
  click (fixture.list, "template.copy");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (fixture.list), NULL, pasted_cb, &pasted);
  app_test_wait (is_pasted, &pasted);
  g_assert_true (g_str_has_prefix (pasted, "Subject: EROS Scheduling System Deployment - 2026-11-24"));
  g_assert_true (app_test_has_label (fixture.list, "Not sent yet"));
  click (fixture.list, "template.sent");
  g_assert_true (app_test_has_label (fixture.list, " to kyle@example.com, tech@example.com"));
  hide (&fixture);
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
  ADD ("a-criterion-that-is-reached-is-answered-in-its-place",
       test_a_criterion_that_is_reached_is_answered_in_its_place);
  ADD ("a-message-has-recipients-and-a-time-when-it-was-sent",
       test_a_message_has_recipients_and_a_time_when_it_was_sent);
  ADD ("a-tick-over-a-failure-wants-a-reason-and-is-withdrawn-with-one",
       test_a_tick_over_a_failure_wants_a_reason_and_is_withdrawn_with_one);
  ADD ("a-sign-off-that-is-cancelled-leaves-nothing", test_a_sign_off_that_is_cancelled_leaves_nothing);
  ADD ("a-phase-is-signed-off-with-a-name", test_a_phase_is_signed_off_with_a_name);
  ADD ("a-sign-off-is-signed-and-withdrawn", test_a_sign_off_is_signed_and_withdrawn);
  return g_test_run ();
}
