/* test-elements.c: one widget for each kind of element: shown, used, stored, shown again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include <string.h>
#include <gtksourceview/gtksource.h>

#include "app-test.h"

#include "eros-check-row.h"
#include "eros-code-view.h"
#include "eros-element-rows.h"
#include "eros-field-entry.h"
#include "eros-template-row.h"

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

static void
test_a_tick_is_stored_and_shown_again (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (ErosSession) again = NULL;
  Fixture fixture, second;
  GtkWidget *row;

  show (&fixture, session, APPROVAL);
  row = app_test_find_check (fixture.list, APPROVAL);
  g_assert_false (box_is_active (row));
  gtk_widget_activate_action (row, "item.ticked", NULL);
  g_assert_true (box_is_active (row));
  g_assert_true (app_test_has_label (row, "Ticked by Ada"));

  again = app_test_reopen (session);
  show (&second, again, APPROVAL);
  g_assert_true (box_is_active (app_test_find_check (second.list, APPROVAL)));
  hide (&second);
  hide (&fixture);
}

static void
test_a_second_click_unticks_and_undo_takes_it_back (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;
  GtkWidget *row;

  show (&fixture, session, APPROVAL);
  row = app_test_find_check (fixture.list, APPROVAL);
  gtk_widget_activate (app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL));
  g_assert_true (box_is_active (row));
  gtk_widget_activate (app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL));
  g_assert_false (box_is_active (row));
  eros_deployment_undo (deployment (&fixture), &error);
  g_assert_no_error (error);
  g_assert_true (box_is_active (row));
  hide (&fixture);
}

static void
test_a_refused_tick_does_not_show_and_says_why (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *row;

  show (&fixture, session, "deployment.phase-1.execute");
  row = app_test_find_check (fixture.list, "deployment.phase-1.execute");
  gtk_widget_activate (app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL));
  g_assert_false (box_is_active (row));
  g_assert_true (app_test_has_label (app_test_get_question (), "has to wait"));
  app_test_answer ("cancel");
  hide (&fixture);
}

/* Every gate in the way is overridden, one after the other, with a name and a reason. */
static void
test_a_gate_opens_with_a_name_and_a_reason (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *row, *box;
  guint overridden = 0;

  show (&fixture, session, "deployment.phase-1.execute");
  row = app_test_find_check (fixture.list, "deployment.phase-1.execute");
  box = app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL);
  for (gtk_widget_activate (box); app_test_get_question () != NULL; gtk_widget_activate (box))
    {
      GtkWidget *question = app_test_get_question (), *name, *reason;

      /* The gates are open; that the program has not done it is another question. */
      if (adw_message_dialog_has_response (ADW_MESSAGE_DIALOG (question), "tick"))
        {
          gtk_editable_set_text (GTK_EDITABLE (app_test_find (question, GTK_TYPE_ENTRY, NULL, NULL)),
                                 "By hand");
          app_test_answer ("tick");
          break;
        }

      g_assert_cmpuint (overridden++, <, 10);
      app_test_answer ("override");
      question = app_test_get_question ();
      name = app_test_find (question, GTK_TYPE_ENTRY, NULL, NULL);
      reason = gtk_widget_get_next_sibling (gtk_widget_get_next_sibling (name));
      g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), ==, "Ada");
      g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (question), "override"));
      gtk_editable_set_text (GTK_EDITABLE (reason), "It is an emergency");
      app_test_answer ("override");
    }
  g_assert_cmpuint (overridden, >, 0);
  g_assert_true (box_is_active (row));
  hide (&fixture);
}

static void
test_not_applicable_needs_a_reason (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *row, *question;
  GtkCheckButton *box;

  show (&fixture, session, APPROVAL);
  row = app_test_find_check (fixture.list, APPROVAL);
  box = GTK_CHECK_BUTTON (app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL));
  gtk_widget_activate_action (row, "item.not-applicable", NULL);
  question = app_test_get_question ();
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (question), "set"));
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (question, GTK_TYPE_ENTRY, NULL, NULL)), "No owner");
  app_test_answer ("set");
  g_assert_true (gtk_check_button_get_inconsistent (box));
  g_assert_true (app_test_has_label (row, "Not applicable: No owner"));

  gtk_widget_activate_action (row, "item.applicable", NULL);
  g_assert_false (gtk_check_button_get_inconsistent (box));
  hide (&fixture);
}

static void
test_a_note_is_stored_when_its_bubble_closes (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (ErosSession) again = NULL;
  Fixture fixture;
  GtkWidget *row, *text, *popover;

  show (&fixture, session, APPROVAL);
  row = app_test_find_check (fixture.list, APPROVAL);
  gtk_widget_activate_action (row, "item.note", NULL);
  app_test_settle ();
  text = app_test_find (row, GTK_TYPE_TEXT_VIEW, NULL, NULL);
  g_assert_nonnull (text);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (text)), "By phone", -1);
  popover = gtk_widget_get_ancestor (text, GTK_TYPE_POPOVER);
  gtk_popover_popdown (GTK_POPOVER (popover));
  app_test_settle ();
  g_assert_true (app_test_has_label (row, "Note: By phone"));

  again = app_test_reopen (session);
  g_assert_cmpstr (
    eros_item_get_note (eros_deployment_get_item (eros_session_get_deployment (again), APPROVAL)), ==,
    "By phone");
  hide (&fixture);
}

#define COST_CHECK "validation.baseline.daily-cost"
#define COST       "validation.baseline.daily-cost.value"

static void
type (GtkWidget *entry, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (app_test_find (entry, GTK_TYPE_ENTRY, NULL, NULL)), text);
}

static gboolean
is_stored (gpointer session)
{
  return g_str_equal (stored_value (session, COST), "12.50");
}

static void
test_a_field_is_stored_after_a_pause (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (ErosSession) again = NULL;
  Fixture fixture;

  show (&fixture, session, COST_CHECK);
  type (app_test_find_field (fixture.list, COST), "12.50");
  g_assert_cmpstr (stored_value (session, COST), ==, "");
  app_test_wait (is_stored, session);
  again = app_test_reopen (session);
  g_assert_cmpstr (stored_value (again, COST), ==, "12.50");
  hide (&fixture);
}

static void
test_a_field_is_stored_when_its_page_goes_away (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;

  show (&fixture, session, COST_CHECK);
  type (app_test_find_field (fixture.list, COST), "12.50");
  hide (&fixture);
  g_assert_cmpstr (stored_value (session, COST), ==, "12.50");
}

static void
test_what_is_not_valid_stays_and_says_so (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *entry;

  show (&fixture, session, COST_CHECK);
  entry = app_test_find_field (fixture.list, COST);
  type (entry, "much");
  g_assert_true (eros_field_entry_is_invalid (EROS_FIELD_ENTRY (entry)));
  g_assert_cmpstr (eros_field_entry_get_message (EROS_FIELD_ENTRY (entry)), !=, "");
  g_assert_false (eros_field_entry_save (EROS_FIELD_ENTRY (entry)));
  g_assert_cmpstr (stored_value (session, COST), ==, "");
  type (entry, "3");
  g_assert_false (eros_field_entry_is_invalid (EROS_FIELD_ENTRY (entry)));
  g_assert_true (eros_field_entry_save (EROS_FIELD_ENTRY (entry)));
  hide (&fixture);
}

static void
test_a_field_says_that_the_machine_filled_it_in (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;
  GtkWidget *entry;

  show (&fixture, session, COST_CHECK);
  entry = app_test_find_field (fixture.list, COST);
  eros_deployment_record_value (deployment (&fixture), COST, "7.25", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (app_test_find (entry, GTK_TYPE_ENTRY, NULL, NULL))),
                   ==, "7.25");
  g_assert_nonnull (strstr (eros_field_entry_get_message (EROS_FIELD_ENTRY (entry)), "by the machine"));
  hide (&fixture);
}

static void
test_a_time_field_can_be_set_to_now (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *entry;

  show (&fixture, session, "rollback.steps.declare");
  entry = app_test_find_field (fixture.list, "rollback.steps.declare.time");
  gtk_widget_activate_action (entry, "field.now", NULL);
  g_assert_cmpuint (strlen (stored_value (session, "rollback.steps.declare.time")), ==, strlen ("14:30:00"));
  hide (&fixture);
}

static JsonNode *
make_evidence (void)
{
  return json_from_string ("[{\"sql\": \"SELECT 0 AS bad_rows\", \"job_id\": \"job-17\", \"bytes\": 4100000,"
                           "\"rows\": [{\"bad_rows\": 0, \"checked_rows\": 100000}]}]",
                           NULL);
}

static void
test_the_machine_ticks_and_shows_its_evidence (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (JsonNode) evidence = make_evidence ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;
  GtkWidget *row;

  show (&fixture, session, "validation.health.corruption");
  row = app_test_find_check (fixture.list, "validation.health.corruption");
  eros_deployment_record_check (deployment (&fixture), "validation.health.corruption", EROS_OUTCOME_PASS,
                                "0 of 100,000 rows", evidence, &error);
  g_assert_no_error (error);
  g_assert_true (box_is_active (row));
  g_assert_true (app_test_has_label (row, "0 of 100,000 rows"));
  g_assert_true (app_test_has_label (row, "Ticked by the machine"));
  g_assert_null (app_test_find (fixture.list, EROS_TYPE_CODE_VIEW, NULL, NULL));

  gtk_widget_activate_action (row, "item.expanded", NULL);
  app_test_settle ();
  g_assert_nonnull (app_test_find (fixture.list, EROS_TYPE_CODE_VIEW, NULL, NULL));
  g_assert_true (app_test_has_label (fixture.list, "SELECT 0 AS bad_rows"));
  g_assert_true (app_test_has_label (fixture.list, "job-17"));
  g_assert_true (app_test_has_label (fixture.list, "checked_rows"));
  hide (&fixture);
}

static void
test_a_failed_check_takes_the_machine_s_tick_back (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;
  GtkWidget *row;

  show (&fixture, session, "validation.health.corruption");
  row = app_test_find_check (fixture.list, "validation.health.corruption");
  eros_deployment_record_check (deployment (&fixture), "validation.health.corruption", EROS_OUTCOME_PASS,
                                "fine", NULL, &error);
  eros_deployment_record_check (deployment (&fixture), "validation.health.corruption", EROS_OUTCOME_FAIL,
                                "3 of 100,000 rows", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (box_is_active (row));
  g_assert_true (app_test_has_label (row, "took its tick back"));
  g_assert_true (app_test_has_label (row, "3 of 100,000 rows"));
  hide (&fixture);
}

static void
test_a_message_is_filled_in_and_asks_for_the_rest (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  Fixture fixture;
  ErosTemplateRow *row;

  show (&fixture, session, "rollback.notification.email");
  row = EROS_TEMPLATE_ROW (app_test_find (fixture.list, EROS_TYPE_TEMPLATE_ROW, NULL, NULL));
  before = eros_template_row_get_text (row, NULL);
  g_assert_nonnull (strstr (before, "Kyle Merriman"));
  g_assert_nonnull (strstr (before, "[BRIEF_REASON]"));
  g_assert_true (app_test_has_label (fixture.list, "Still to fill in:"));

  gtk_editable_set_text (GTK_EDITABLE (app_test_find (GTK_WIDGET (row), GTK_TYPE_ENTRY, NULL, NULL)),
                         "Bad <data>");
  after = eros_template_row_get_text (row, NULL);
  g_assert_nonnull (strstr (after, "Reason: Bad <data>"));
  g_assert_true (app_test_has_label (fixture.list, "Reason: Bad <data>"));
  hide (&fixture);
}

static void
record_round (ErosDeployment *self, const char *step, const char *values)
{
  g_autofree char *json = g_strdup_printf (
    "{\"id\": \"1\", \"step\": \"%s\", \"outcome\": \"pass\", \"values\": {%s}}", step, values);
  g_autoptr (JsonNode) body = json_from_string (json, NULL);

  g_assert_nonnull (eros_deployment_record (self, "step.ended", body, NULL));
}

/* What the last comparison has measured of a number, in words of the record. */
#define MEASURED(before, after, verdict)                                                                     \
  "\"metrics\": \"daily-cost\", \"daily-cost.unit\": \"$\", \"daily-cost.of\": \"hours\", "                  \
  "\"daily-cost.before\": \"" before                                                                         \
  "\", \"daily-cost.before_spread\": \"0.5\", \"daily-cost.before_n\": \"120\", "                            \
  "\"daily-cost.after\": \"" after                                                                           \
  "\", \"daily-cost.after_spread\": \"0.25\", \"daily-cost.after_n\": \"24\", "                              \
  "\"daily-cost.after_begun\": \"2026-11-01T00:00:00Z\", \"daily-cost.after_ended\": "                       \
  "\"2026-11-02T00:00:00Z\", "                                                                               \
  "\"daily-cost.after_optimized\": \"7\", \"daily-cost.verdict\": \"" verdict                                \
  "\", \"daily-cost.p\": \"0.012\""

static void
enter (Fixture *fixture, const char *field, const char *text)
{
  GtkWidget *entry = app_test_find_field (fixture->list, field);

  type (entry, text);
  g_assert_true (eros_field_entry_save (EROS_FIELD_ENTRY (entry)));
}

static void
test_the_comparison_follows_its_numbers (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;

  show (&fixture, session, "deployment.comparison.table");
  g_assert_false (app_test_has_label (fixture.list, "better"));
  enter (&fixture, "deployment.comparison.daily-cost.before", "10");
  enter (&fixture, "deployment.comparison.daily-cost.after", "8.5");
  /* Two numbers show no improvement: nobody knows how they spread. */
  g_assert_true (app_test_has_label (fixture.list, "-15.0 %, not measured together"));
  g_assert_false (app_test_has_label (fixture.list, "better"));

  record_round (deployment (&fixture), "verdict", MEASURED ("10", "8.5", "better"));
  g_assert_true (app_test_has_label (fixture.list, "✔ better: -15.0 %, p = 0.012"));
  g_assert_true (
    app_test_has_label (fixture.list, "planned 7 jobs after by what it had seen of them, and none before"));
  g_assert_true (
    app_test_has_label (fixture.list, "US$ 8.5 ± 0.25\n24 hours, 2026-11-01 00:00:00 UTC to 2026-11-02"));
  g_assert_true (app_test_has_label (fixture.list, "US$ 10 ± 0.5\n120 hours"));

  record_round (deployment (&fixture), "verdict", MEASURED ("10", "8.5", "equivalent"));
  g_assert_true (app_test_has_label (fixture.list, "= the same within 10 %: -15.0 %"));
  record_round (deployment (&fixture), "verdict", MEASURED ("10", "8.5", "not-enough-data"));
  g_assert_true (
    app_test_has_label (fixture.list, "– not enough data to say: what differs is within the noise"));
  record_round (deployment (&fixture), "verdict", MEASURED ("10", "8.5", "worse"));
  g_assert_true (app_test_has_label (fixture.list, "✘ worse"));

  /* What a person enters was not measured. */
  enter (&fixture, "deployment.comparison.daily-cost.after", "11.5");
  g_assert_false (app_test_has_label (fixture.list, "worse"));
  g_assert_true (app_test_has_label (fixture.list, "+15.0 %, not measured together"));
  hide (&fixture);
}

static void
test_a_schedule_has_times_when_the_end_is_known (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  show (&fixture, session, "monitoring.immediate.schedule");
  g_assert_true (app_test_has_label (fixture.list, "after it"));
  eros_deployment_record_value (deployment (&fixture), "deployment.phase-2.end.time", "2026-11-24T23:50:00Z",
                                NULL, &error);
  g_assert_no_error (error);
  g_assert_true (app_test_has_label (fixture.list, "24 Nov 23:50, 25 Nov 00:05, 00:20"));
  g_assert_true (app_test_has_label (fixture.list, "01:50 UTC"));
  hide (&fixture);
}

static void
test_a_daily_round_is_found_in_its_window (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  eros_deployment_record_value (eros_session_get_deployment (session), "deployment.phase-2.end.time",
                                "2026-11-24T16:00:00Z", NULL, &error);
  g_assert_no_error (error);
  show (&fixture, session, "monitoring.daily.schedule");
  g_assert_true (app_test_has_label (fixture.list, "25 Nov 09:00 UTC"));
  g_assert_true (app_test_has_label (fixture.list, "24 Nov 21:00 UTC"));
  hide (&fixture);
}

static void
test_a_criterion_is_met_when_its_box_is_ticked (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  show (&fixture, session, "monitoring.success.criteria");
  g_assert_true (app_test_has_label (fixture.list, "≥ 95 %"));
  g_assert_false (app_test_has_label (fixture.list, "✔ Met"));
  eros_deployment_tick_by_decision (deployment (&fixture), "monitoring.success.critical-bugs",
                                    "Nobody waits for a test.", &error);
  g_assert_no_error (error);
  g_assert_true (app_test_has_label (fixture.list, "✔ Met"));
  hide (&fixture);
}

static void
test_a_rollback_criterion_says_what_was_measured (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;

  show (&fixture, session, "rollback.decision.criteria");
  g_assert_true (app_test_has_label (fixture.list, "Not enough data yet"));
  g_assert_false (app_test_has_label (fixture.list, "Reached"));
  record_round (deployment (&fixture), "query-performance",
                "\"queries_after\": \"1000\", \"failed_after\": \"200\"");
  g_assert_true (app_test_has_label (fixture.list, "200 of 1000 queries failed: 20.0 %"));
  g_assert_true (app_test_has_label (fixture.list, "✘ Reached: roll back"));
  record_round (deployment (&fixture), "query-performance",
                "\"queries_after\": \"1000\", \"failed_after\": \"0\"");
  g_assert_false (app_test_has_label (fixture.list, "✘ Reached: roll back"));
  g_assert_true (app_test_has_label (fixture.list, "✔ Not reached"));
  /* Nothing was paid before: there is nothing to compare with. */
  record_round (deployment (&fixture), "cost", "\"cost_24h\": \"1\", \"daily_cost_before\": \"0\"");
  g_assert_true (app_test_has_label (fixture.list, "Not enough data yet"));
  hide (&fixture);
}

static void
test_sql_shows_where_it_fails (void)
{
  g_autoptr (GtkWidget) code =
    g_object_ref_sink (eros_code_view_new ("SELECT 1;\nSELECT nothing\nFROM x; -- \xe2\x80\xae"
                                           "turned around",
                                           "sql"));
  GtkSourceView *view;
  GtkSourceBuffer *buffer;
  GtkTextIter iter;
  GSList *marks;

  eros_code_view_mark_line (EROS_CODE_VIEW (code), 2);
  view = GTK_SOURCE_VIEW (app_test_find (code, GTK_SOURCE_TYPE_VIEW, NULL, NULL));
  buffer = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)));
  g_assert_true (gtk_source_view_get_show_line_numbers (view));
  g_assert_cmpstr (gtk_source_language_get_id (gtk_source_buffer_get_language (buffer)), ==, "sql");
  for (int line = 0; line < 3; line++)
    {
      marks = gtk_source_buffer_get_source_marks_at_line (buffer, line, NULL);
      g_assert_cmpuint (g_slist_length (marks), ==, line == 1 ? 1 : 0);
      g_slist_free (marks);
    }
  gtk_text_buffer_get_iter_at_line (GTK_TEXT_BUFFER (buffer), &iter, 0);
  gtk_source_buffer_ensure_highlight (buffer, &iter, &iter);
  g_assert_true (app_test_has_label (code, "\xe2\x80\xb9U+202E\xe2\x80\xba"
                                           "turned around"));
  /* A line that there is not, is not marked. */
  eros_code_view_mark_line (EROS_CODE_VIEW (code), 9);
  g_assert_null (gtk_source_buffer_get_source_marks_at_line (buffer, 2, NULL));
}

static void
test_a_command_can_be_copied (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *view;
  GdkContentProvider *content;
  g_auto (GValue) value = G_VALUE_INIT;

  show (&fixture, session, "quick-reference.backup");
  view = app_test_find (fixture.list, EROS_TYPE_CODE_VIEW, NULL, NULL);
  gtk_widget_activate_action (view, "code.copy", NULL);
  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (view));
  g_assert_nonnull (content);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_nonnull (strstr (g_value_get_string (&value), "./backup_tables.sh"));
  hide (&fixture);
}

static void
test_what_is_only_read_is_shown (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;

  show (&fixture, session, "backup.tables.list");
  g_assert_true (app_test_has_label (fixture.list, "caption_bandit_stats - Performance tracking data"));
  g_assert_true (app_test_has_label (fixture.list, "2."));
  hide (&fixture);
  show (&fixture, session, "revision-history.table");
  g_assert_true (app_test_has_label (fixture.list, "Initial deployment checklist"));
  g_assert_true (app_test_has_label (fixture.list, "Author"));
  hide (&fixture);
}

static void
test_a_contact_is_stored (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  Fixture fixture;
  GtkWidget *entry;

  show (&fixture, session, "contacts.database-admin");
  entry = app_test_find_field (fixture.list, "contacts.database-admin.email");
  type (entry, "not an address");
  g_assert_true (eros_field_entry_is_invalid (EROS_FIELD_ENTRY (entry)));
  type (entry, "dba@example.com");
  g_assert_true (eros_field_entry_save (EROS_FIELD_ENTRY (entry)));
  g_assert_cmpstr (stored_value (session, "contacts.database-admin.email"), ==, "dba@example.com");
  hide (&fixture);
}

static void
test_nothing_can_be_changed_while_another_writes (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  g_autoptr (ErosSession) reader = app_test_reopen (session);
  Fixture fixture;
  GtkWidget *row, *entry;

  g_assert_false (eros_session_is_writable (reader));
  show (&fixture, reader, COST_CHECK);
  row = app_test_find_check (fixture.list, COST_CHECK);
  gtk_widget_activate (app_test_find (row, GTK_TYPE_CHECK_BUTTON, NULL, NULL));
  g_assert_false (box_is_active (row));
  entry = app_test_find (app_test_find_field (fixture.list, COST), GTK_TYPE_ENTRY, NULL, NULL);
  g_assert_false (gtk_editable_get_editable (GTK_EDITABLE (entry)));
  hide (&fixture);
}

#define ADD(name, function) g_test_add_func ("/app/elements/" name, function)

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);

  ADD ("a-tick-is-stored-and-shown-again", test_a_tick_is_stored_and_shown_again);
  ADD ("a-second-click-unticks-and-undo-takes-it-back", test_a_second_click_unticks_and_undo_takes_it_back);
  ADD ("a-refused-tick-does-not-show-and-says-why", test_a_refused_tick_does_not_show_and_says_why);
  ADD ("a-gate-opens-with-a-name-and-a-reason", test_a_gate_opens_with_a_name_and_a_reason);
  ADD ("not-applicable-needs-a-reason", test_not_applicable_needs_a_reason);
  ADD ("a-note-is-stored-when-its-bubble-closes", test_a_note_is_stored_when_its_bubble_closes);
  ADD ("a-field-is-stored-after-a-pause", test_a_field_is_stored_after_a_pause);
  ADD ("a-field-is-stored-when-its-page-goes-away", test_a_field_is_stored_when_its_page_goes_away);
  ADD ("what-is-not-valid-stays-and-says-so", test_what_is_not_valid_stays_and_says_so);
  ADD ("a-field-says-that-the-machine-filled-it-in", test_a_field_says_that_the_machine_filled_it_in);
  ADD ("a-time-field-can-be-set-to-now", test_a_time_field_can_be_set_to_now);
  ADD ("the-machine-ticks-and-shows-its-evidence", test_the_machine_ticks_and_shows_its_evidence);
  ADD ("a-failed-check-takes-the-machine-s-tick-back", test_a_failed_check_takes_the_machine_s_tick_back);
  ADD ("a-message-is-filled-in-and-asks-for-the-rest", test_a_message_is_filled_in_and_asks_for_the_rest);
  ADD ("the-comparison-follows-its-numbers", test_the_comparison_follows_its_numbers);
  ADD ("a-schedule-has-times-when-the-end-is-known", test_a_schedule_has_times_when_the_end_is_known);
  ADD ("a-daily-round-is-found-in-its-window", test_a_daily_round_is_found_in_its_window);
  ADD ("a-criterion-is-met-when-its-box-is-ticked", test_a_criterion_is_met_when_its_box_is_ticked);
  ADD ("a-rollback-criterion-says-what-was-measured", test_a_rollback_criterion_says_what_was_measured);
  ADD ("a-command-can-be-copied", test_a_command_can_be_copied);
  ADD ("sql-shows-where-it-fails", test_sql_shows_where_it_fails);
  ADD ("what-is-only-read-is-shown", test_what_is_only_read_is_shown);
  ADD ("a-contact-is-stored", test_a_contact_is_stored);
  ADD ("nothing-can-be-changed-while-another-writes", test_nothing_can_be_changed_while_another_writes);
  return g_test_run ();
}
