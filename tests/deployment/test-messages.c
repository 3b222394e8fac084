/* test-messages.c: when a message is to be sent, to whom, that it was, and what goes on into the next
 * deployment
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <string.h>

#include "eros-carry-over.h"
#include "eros-message.h"
#include "eros-problem.h"
#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-window.h"

#define NOTICE     "preparation.notification.email"
#define BEGUN      "rollback.notification.email"
#define UPDATE     "rollback.notification.update"
#define COMPLETED  "sign-off.confirmation.notice"
#define LESSONS    "follow-up.documentation.lessons"
#define AUTOMATION "follow-up.improvement.automation"

/* What the clock says, for all that is linked into this program: at the window's start, and where a test sets
 * it. */
static gint64 clock_now = G_GINT64_CONSTANT (1795530600) * G_USEC_PER_SEC;

gint64
g_get_real_time (void)
{
  return clock_now;
}

static void
record (DeploymentTest *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  eros_deployment_record (test->deployment, kind, body, &error);
  g_assert_no_error (error);
}

static gboolean
is_due (DeploymentTest *test, const char *id)
{
  g_autoptr (GPtrArray) list = eros_message_list (test->deployment, clock_now);

  for (guint i = 0; i < list->len; i++)
    {
      const ErosMessage *message = list->pdata[i];

      if (g_str_equal (eros_element_get_id (message->element), id))
        return message->is_due;
    }
  g_assert_not_reached ();
}

static gboolean
is_problem (DeploymentTest *test, ErosProblemKind kind, const char *target)
{
  g_autoptr (GPtrArray) list = eros_problem_list (test->deployment, clock_now, NULL);

  for (guint i = 0; i < list->len; i++)
    if (eros_problem_get_kind (list->pdata[i]) == kind &&
        g_strcmp0 (eros_problem_get_target (list->pdata[i]), target) == 0)
      return TRUE;
  return FALSE;
}

static void
send_to (DeploymentTest *test, const char *id, const char *to)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_record_message (test->deployment, id, to, NULL, &error);
  g_assert_no_error (error);
}

/* A day before the window; when it was sent stands in the fields that the runbook has for it. */
static void
test_notice (DeploymentTest *test, gconstpointer data)
{
  gint64 start = clock_now;
  g_autofree char *sent = NULL;

  clock_now = start - G_TIME_SPAN_DAY - G_TIME_SPAN_MINUTE;
  g_assert_false (is_due (test, NOTICE));
  clock_now = start - G_TIME_SPAN_DAY + G_TIME_SPAN_MINUTE;
  g_assert_true (is_due (test, NOTICE));
  send_to (test, NOTICE, "team@example.com");
  g_assert_false (is_due (test, NOTICE));
  sent = eros_time_iso (clock_now);
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "preparation.notification.sent.at"), ==,
                   sent);
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, "preparation.notification.sent.to"), ==,
                   "team@example.com");
  deployment_test_reopen (test);
  g_assert_false (is_due (test, NOTICE));
  clock_now = start;
}

/* What was sent of a window that was moved since was not of this one. */
static void
test_moved (DeploymentTest *test, gconstpointer data)
{
  gint64 start = clock_now;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) window = g_date_time_new_utc (2096, 11, 2, 14, 0, 0);

  g_assert_true (is_due (test, NOTICE));
  send_to (test, NOTICE, "team@example.com");
  g_assert_false (is_due (test, NOTICE));
  clock_now += G_TIME_SPAN_MINUTE;
  eros_window_move (test->deployment, "2096-11-02 14:00", "2096-11-02 16:00", "a feast day", &error);
  g_assert_no_error (error);
  g_assert_false (is_due (test, NOTICE));
  clock_now = g_date_time_to_unix (window) * G_USEC_PER_SEC - G_TIME_SPAN_HOUR;
  g_assert_true (is_due (test, NOTICE));
  send_to (test, NOTICE, "team@example.com");
  g_assert_false (is_due (test, NOTICE));
  clock_now = start;
}

/* At once when a rollback begins, every half an hour while it goes on, and when all is over. */
static void
test_rollback (DeploymentTest *test, gconstpointer data)
{
  gint64 start = clock_now;

  g_assert_false (is_due (test, BEGUN));
  record (test, "operation.started",
          "{\"operation\":\"rollback\",\"id\":\"r\",\"title\":\"Rollback\",\"arguments\":{\"reason\":\"It "
          "failed.\"}}");
  g_assert_true (is_due (test, BEGUN));
  g_assert_false (is_due (test, UPDATE));
  g_assert_true (is_problem (test, EROS_PROBLEM_MESSAGE_DUE, BEGUN));
  clock_now += 5 * G_TIME_SPAN_MINUTE;
  send_to (test, BEGUN, "team@example.com");
  g_assert_false (is_due (test, BEGUN));
  clock_now += 29 * G_TIME_SPAN_MINUTE;
  g_assert_false (is_due (test, UPDATE));
  clock_now += 2 * G_TIME_SPAN_MINUTE;
  g_assert_true (is_due (test, UPDATE));
  send_to (test, UPDATE, "team@example.com");
  g_assert_false (is_due (test, UPDATE));
  clock_now += 31 * G_TIME_SPAN_MINUTE;
  g_assert_true (is_due (test, UPDATE));
  g_assert_false (is_due (test, COMPLETED));
  record (test, "operation.ended", "{\"operation\":\"rollback\",\"id\":\"r\",\"outcome\":\"pass\"}");
  g_assert_false (is_due (test, UPDATE));
  clock_now += G_TIME_SPAN_MINUTE;
  g_assert_true (is_due (test, COMPLETED));
  send_to (test, COMPLETED, "team@example.com");
  deployment_test_reopen (test);
  g_assert_false (is_due (test, COMPLETED));
  g_assert_false (is_problem (test, EROS_PROBLEM_MESSAGE_DUE, COMPLETED));
  clock_now = start;
}

/* Nobody is told of a rehearsal. */
static void
test_rehearsal (DeploymentTest *test, gconstpointer data)
{
  record (test, "operation.started",
          "{\"operation\":\"rollback\",\"id\":\"r\",\"title\":\"Rollback\",\"arguments\":{}}");
  g_assert_false (is_due (test, BEGUN));
}

static void
test_filled_in (DeploymentTest *test, gconstpointer data)
{
  ErosElement *element = eros_runbook_find_element (eros_deployment_get_runbook (test->deployment), BEGUN);
  g_autofree char *recipients = NULL;
  g_autofree char *subject = NULL;
  g_autofree char *text = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (GUri) parsed = NULL;

  g_assert_true (
    eros_deployment_set_value (test->deployment, "contacts.technical-lead.email", "ada@example.com", NULL));
  record (test, "operation.started",
          "{\"operation\":\"rollback\",\"id\":\"r\",\"title\":\"Rollback\",\"arguments\":{\"reason\":\"It "
          "failed & fell.\"}}");
  recipients = eros_message_list_recipients (test->deployment, element);
  g_assert_cmpstr (recipients, ==, "kyle@example.com, ada@example.com");
  text = eros_deployment_fill_template (test->deployment, BEGUN, &subject, NULL);
  g_assert_nonnull (strstr (text, "Reason: It failed & fell."));
  uri = eros_message_make_uri (recipients, subject, text);
  g_assert_true (g_str_has_prefix (uri, "mailto:kyle@example.com,%20ada@example.com?subject=URGENT"));
  g_assert_nonnull (strstr (uri, "It%20failed%20%26%20fell."));
  g_assert_nonnull (strstr (uri, "%0D%0A"));
}

/* A report that is made again an hour later has to say the same. */
static void
test_subject (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *before = eros_deployment_fill_subject (test->deployment, UPDATE);
  g_autofree char *after = NULL;
  g_autofree char *now = NULL;

  clock_now += G_TIME_SPAN_HOUR;
  after = eros_deployment_fill_subject (test->deployment, UPDATE);
  g_free (eros_deployment_fill_template (test->deployment, UPDATE, &now, NULL));
  clock_now -= G_TIME_SPAN_HOUR;
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (now, !=, before);
  g_assert_true (g_str_has_prefix (before, "UPDATE - EROS Scheduling System Rollback - 20"));
}

static void
test_refused (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (eros_deployment_record_message (test->deployment, NOTICE, "  ", NULL, &error));
  g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (eros_deployment_record_message (test->deployment, LESSONS, "team", NULL, &error));
  g_assert_nonnull (error);
}

/* What is to be done until a day is a problem the day after. */
static void
test_overdue (DeploymentTest *test, gconstpointer data)
{
  gint64 start = clock_now;
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_deployment_set_value (test->deployment, AUTOMATION ".owner", "Grace", NULL));
  eros_deployment_set_value (test->deployment, AUTOMATION ".due", "2026-11-25", &error);
  g_assert_no_error (error);
  g_assert_false (is_problem (test, EROS_PROBLEM_OVERDUE, AUTOMATION));
  clock_now += G_TIME_SPAN_DAY;
  g_assert_false (is_problem (test, EROS_PROBLEM_OVERDUE, AUTOMATION));
  clock_now += G_TIME_SPAN_DAY;
  g_assert_true (is_problem (test, EROS_PROBLEM_OVERDUE, AUTOMATION));
  g_assert_true (eros_deployment_tick (test->deployment, AUTOMATION, NULL));
  g_assert_false (is_problem (test, EROS_PROBLEM_OVERDUE, AUTOMATION));
  clock_now = start;
}

/* The next deployment has the settings, the contacts, the lessons and what is still open; nothing that was
 * ticked. */
static void
test_next (DeploymentTest *test, gconstpointer data)
{
  DeploymentTest next = { 0 };
  g_autoptr (ErosDeploymentSetup) setup = g_new0 (ErosDeploymentSetup, 1);
  g_autoptr (GError) error = NULL;
  guint n;

  g_assert_true (
    eros_deployment_set_value (test->deployment, "contacts.technical-lead.email", "ada@example.com", NULL));
  g_assert_true (eros_deployment_set_note (test->deployment, LESSONS, "Count twice.", NULL));
  g_assert_true (eros_deployment_tick (test->deployment, LESSONS, NULL));
  g_assert_true (eros_deployment_set_value (test->deployment, AUTOMATION ".owner", "Grace", NULL));
  eros_carry_over_setup (test->deployment, setup);
  g_assert_cmpstr (setup->project, ==, "eros-dev");
  g_assert_cmpstr (setup->name, ==, NULL);
  g_assert_cmpstr (setup->window_start, ==, NULL);

  deployment_test_set_up (&next, NULL);
  eros_carry_over (test->deployment, next.deployment, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 13);
  g_assert_cmpstr (eros_deployment_get_value (next.deployment, "contacts.technical-lead.email"), ==,
                   "ada@example.com");
  g_assert_cmpstr (eros_item_get_note (eros_deployment_get_item (next.deployment, LESSONS)), ==,
                   "From “EROS 2.4”: Count twice.");
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (next.deployment, LESSONS)), ==,
                   EROS_ITEM_OPEN);
  g_assert_cmpstr (eros_item_get_note (eros_deployment_get_item (next.deployment, AUTOMATION)), ==,
                   "Open since “EROS 2.4”");
  g_assert_cmpstr (eros_deployment_get_value (next.deployment, AUTOMATION ".owner"), ==, "Grace");
  deployment_test_tear_down (&next, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  deployment_test_add ("/deployment/messages/a-day-before-the-window", NULL, test_notice);
  deployment_test_add ("/deployment/messages/anew-once-the-window-is-moved", NULL, test_moved);
  deployment_test_add ("/deployment/messages/while-a-rollback-goes-on", NULL, test_rollback);
  g_test_add ("/deployment/messages/not-in-a-rehearsal", DeploymentTest, NULL,
              deployment_test_set_up_rehearsal, test_rehearsal, deployment_test_tear_down);
  deployment_test_add ("/deployment/messages/filled-in", NULL, test_filled_in);
  deployment_test_add ("/deployment/messages/of-a-report-does-not-go-on-with-the-clock", NULL, test_subject);
  deployment_test_add ("/deployment/messages/refused", NULL, test_refused);
  deployment_test_add ("/deployment/messages/what-is-overdue", NULL, test_overdue);
  deployment_test_add ("/deployment/messages/the-next-deployment", NULL, test_next);

  return g_test_run ();
}
