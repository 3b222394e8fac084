/* test-watch.c: which rounds of the monitoring are due, done and missed, and what they let be ticked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <string.h>

#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define END        "deployment.phase-2.end.time"
#define ERROR_RATE "monitoring.immediate.error-rate"
#define MORNING    "monitoring.daily.morning"
#define DAY_1      "monitoring.long-term.day-1"
#define DAY_7      "monitoring.long-term.day-7"
#define NETWORK    "preparation.environment.network"

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR   G_TIME_SPAN_HOUR
#define DAY    G_TIME_SPAN_DAY

/* The deployment has ended at a full second of its clock, which is returned. */
static gint64
end (DeploymentTest *test)
{
  gint64 now = eros_timeline_get_now (test->deployment) / G_USEC_PER_SEC * G_USEC_PER_SEC;
  g_autofree char *text = eros_time_iso (now);
  g_autoptr (GError) error = NULL;

  eros_deployment_set_value (test->deployment, END, text, &error);
  g_assert_no_error (error);
  return now;
}

static void
record (DeploymentTest *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  eros_deployment_record (test->deployment, kind, body, &error);
  g_assert_no_error (error);
}

static void
advance (DeploymentTest *test, gint64 time)
{
  g_autoptr (GError) error = NULL;

  eros_timeline_advance (test->deployment, time, &error);
  g_assert_no_error (error);
}

static void
look (DeploymentTest *test, const char *outcome)
{
  g_autofree char *ended = g_strdup_printf ("{\"operation\":\"monitoring\",\"outcome\":\"%s\"}", outcome);

  record (test, "operation.started", "{\"operation\":\"monitoring\"}");
  record (test, "operation.ended", ended);
}

/* "dddlc…": the states of all slots, by their first letters; missed is “m”, dropped “x”. */
static char *
states_at (DeploymentTest *test, gint64 now)
{
  g_autoptr (GPtrArray) slots = eros_watch_list (test->deployment, NULL, now);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < slots->len; i++)
    g_string_append_c (text, "culdmx"[((const ErosSlot *) slots->pdata[i])->state]);
  return g_string_free (text, FALSE);
}

static guint
count (const char *text, char letter)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == letter;
  return n;
}

static void
assert_states (DeploymentTest *test, gint64 now, const char *expected)
{
  g_autofree char *states = states_at (test, now);

  g_assert_cmpstr (states, ==, expected);
}

static ErosElement *
element_of (DeploymentTest *test, const char *id)
{
  return eros_runbook_find_element (eros_deployment_get_runbook (test->deployment), id);
}

static void
assert_untimely (DeploymentTest *test, const char *id, gint64 now, const char *words)
{
  g_autofree char *why = eros_watch_describe_untimely (test->deployment, element_of (test, id), now);

  if (words == NULL)
    g_assert_cmpstr (why, ==, NULL);
  else if (why == NULL || strstr (why, words) == NULL)
    g_error ("“%s” is not in “%s”", words, why);
}

static ErosOutcome
judge (DeploymentTest *test, const char *id)
{
  g_autofree char *progress = NULL;

  return eros_watch_judge (test->deployment, element_of (test, id), eros_timeline_get_now (test->deployment),
                           &progress);
}

/* Before there is an end there is nothing to watch, and nothing of it can be ticked in passing. */
static void
test_no_end (DeploymentTest *test, gconstpointer data)
{
  gint64 now = eros_timeline_get_now (test->deployment);

  assert_states (test, now, "");
  assert_untimely (test, DAY_1, now, "counted from something that has not ended");
  assert_untimely (test, NETWORK, now, NULL);
}

/* 9 of the first two hours, 12 of the day, 3 by the clock, 4 reviews: each where the paper has it. */
static void
test_slots (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GDateTime) start = g_date_time_new_utc (2026, 11, 24, 15, 0, 0);
  gint64 ended = g_date_time_to_unix (start) * G_USEC_PER_SEC;
  guint by_clock = 0;

  g_assert_true (eros_deployment_set_value (test->deployment, END, "2026-11-24T15:00:00Z", NULL));
  slots = eros_watch_list (test->deployment, NULL, ended);
  g_assert_cmpuint (slots->len, ==, 9 + 12 + 3 + 4);
  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = slots->pdata[i];
      g_autofree char *due = eros_time_iso (slot->due);

      g_assert_cmpint (slot->due, <, slot->over);
      g_assert_true (i == 0 || ((const ErosSlot *) slots->pdata[i - 1])->due <= slot->due);
      if (slot->entry->time_of_day_s < 0)
        continue;
      by_clock++;
      g_assert_true (g_str_equal (due, "2026-11-24T21:00:00Z") || g_str_equal (due, "2026-11-25T09:00:00Z") ||
                     g_str_equal (due, "2026-11-25T15:00:00Z"));
    }
  g_assert_cmpuint (by_clock, ==, 3);
  g_assert_cmpint (((const ErosSlot *) slots->pdata[slots->len - 1])->due, ==, ended + 7 * DAY);
}

/* A round belongs to the slot in whose time it was begun; one that could not look belongs to none. */
static void
test_states (DeploymentTest *test, gconstpointer data)
{
  gint64 ended = end (test);
  g_autofree char *states = NULL;

  states = states_at (test, ended + MINUTE);
  g_assert_true (g_str_has_prefix (states, "uc"));
  g_clear_pointer (&states, g_free);
  states = states_at (test, ended + 6 * MINUTE);
  g_assert_true (g_str_has_prefix (states, "lc"));
  look (test, "pass");
  look (test, "pass");
  advance (test, ended + 16 * MINUTE);
  look (test, "error");
  look (test, "cancelled");
  g_clear_pointer (&states, g_free);
  states = states_at (test, ended + 17 * MINUTE);
  g_assert_true (g_str_has_prefix (states, "duc"));
  look (test, "fail");
  g_clear_pointer (&states, g_free);
  states = states_at (test, ended + 31 * MINUTE);
  g_assert_true (g_str_has_prefix (states, "dduc"));
  g_clear_pointer (&states, g_free);
  states = states_at (test, ended + 46 * MINUTE);
  g_assert_true (g_str_has_prefix (states, "ddmuc"));
}

/* One round ticks nothing that is to be seen in nine. */
static void
test_all_rounds (DeploymentTest *test, gconstpointer data)
{
  gint64 ended = end (test);

  for (guint i = 0; i < 9; i++)
    {
      advance (test, ended + i * 15 * MINUTE);
      assert_untimely (test, ERROR_RATE, eros_timeline_get_now (test->deployment), "its time comes at");
      record (test, "operation.started", "{\"operation\":\"monitoring\"}");
      g_assert_cmpint (judge (test, ERROR_RATE), ==, i < 8 ? EROS_OUTCOME_NOT_ENOUGH : EROS_OUTCOME_PASS);
      g_assert_cmpint (judge (test, DAY_7), ==, EROS_OUTCOME_NONE);
      record (test, "operation.ended", "{\"operation\":\"monitoring\",\"outcome\":\"pass\"}");
    }
  assert_untimely (test, ERROR_RATE, eros_timeline_get_now (test->deployment), NULL);
  g_assert_cmpint (judge (test, NETWORK), ==, EROS_OUTCOME_PASS);
}

/* The computer slept for a day: what went by is missed, on record once, and no tick passes over it. */
static void
test_sleep (DeploymentTest *test, gconstpointer data)
{
  gint64 ended = end (test);
  guint n;
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GError) error = NULL;

  look (test, "pass");
  advance (test, ended + DAY + HOUR);
  n = g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
  g_assert_true (eros_watch_record_missed (test->deployment, ended + DAY + HOUR, "It slept.", &error));
  g_assert_true (eros_watch_record_missed (test->deployment, ended + DAY + HOUR, "It slept again.", &error));
  deployment_test_reopen (test);
  slots = eros_watch_list (test->deployment, NULL, eros_timeline_get_now (test->deployment));
  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = slots->pdata[i];

      if (slot->state != EROS_SLOT_MISSED)
        continue;
      n++;
      g_assert_cmpstr (slot->reason, ==, "It slept.");
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment))),
                    ==, n);
  assert_untimely (test, ERROR_RATE, ended + DAY + HOUR, "8 rounds were missed");
  record (test, "operation.started", "{\"operation\":\"monitoring\"}");
  g_assert_cmpint (judge (test, DAY_1), ==, EROS_OUTCOME_PASS);
}

/* Day 7 is not ticked 56 seconds after the deployment, except by decision, which stays one. */
static void
test_too_early (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *decisions;
  g_autofree char *described = NULL;

  end (test);
  g_assert_false (eros_deployment_tick (test->deployment, DAY_7, &error));
  g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NEEDS_REASON);
  g_clear_error (&error);
  g_assert_true (
    eros_deployment_tick_by_decision (test->deployment, DAY_7, "The board could not wait.", &error));
  deployment_test_reopen (test);
  g_assert_true (eros_item_is_decided (eros_deployment_get_item (test->deployment, DAY_7)));
  decisions = eros_deployment_get_decisions (test->deployment);
  g_assert_cmpuint (decisions->len, ==, 1);
  described = eros_deployment_describe_decision (test->deployment, decisions->pdata[0]);
  g_assert_nonnull (strstr (described, "before all of its rounds were made"));
  g_assert_true (eros_deployment_withdraw (test->deployment, DAY_7, "She can.", &error));
}

/* When its moment has come, whoever has looked may say so. */
static void
test_by_hand (DeploymentTest *test, gconstpointer data)
{
  gint64 ended = end (test);
  g_autoptr (GError) error = NULL;

  advance (test, ended + DAY + MINUTE);
  g_assert_true (eros_deployment_tick (test->deployment, DAY_1, &error));
  g_assert_no_error (error);
  g_assert_false (eros_item_is_decided (eros_deployment_get_item (test->deployment, DAY_1)));
}

/* What was rolled back is not watched any longer; the way back is, for two hours. */
static void
test_rolled_back (DeploymentTest *test, gconstpointer data)
{
  gint64 ended = end (test);
  g_autofree char *states = NULL;
  g_autofree char *again = NULL;

  look (test, "pass");
  advance (test, ended + 20 * MINUTE);
  record (test, "operation.started", "{\"operation\":\"rollback\"}");
  record (test, "operation.ended", "{\"operation\":\"rollback\",\"outcome\":\"pass\"}");
  states = states_at (test, eros_timeline_get_now (test->deployment));
  g_assert_cmpuint (count (states, 'd'), ==, 1);
  g_assert_cmpuint (count (states, 'x'), ==, 27);
  g_assert_cmpuint (count (states, 'u'), ==, 1);
  g_assert_cmpuint (count (states, 'c'), ==, 8);

  /* Deployed again, it is that which is seen from then on, and no longer the way back. */
  advance (test, ended + 21 * MINUTE);
  record (test, "operation.ended", "{\"operation\":\"deploy-phase1\",\"outcome\":\"pass\"}");
  end (test);
  look (test, "pass");
  again = states_at (test, eros_timeline_get_now (test->deployment));
  g_assert_cmpuint (count (again, 'd'), ==, 1);
  g_assert_cmpuint (count (again, 'x'), ==, 9);
}

/* Only a rehearsal passes over time, and only forward; what it has passed over is on record. */
static void
test_clock (DeploymentTest *test, gconstpointer data)
{
  gint64 later = g_get_real_time () + 3 * DAY;

  advance (test, later);
  advance (test, later - DAY);
  g_assert_cmpint (eros_timeline_get_now (test->deployment), >=, later);
  deployment_test_reopen (test);
  g_assert_cmpint (eros_timeline_get_now (test->deployment), >=, later);
  look (test, "pass");
  {
    GListModel *journal = G_LIST_MODEL (eros_deployment_get_journal (test->deployment));
    g_autoptr (ErosEvent) last = g_list_model_get_item (journal, g_list_model_get_n_items (journal) - 1);

    g_assert_cmpint (eros_event_get_time (last), >=, later);
    g_assert_cmpint (eros_event_get_time (last), <, later + HOUR);
  }
}

static void
test_clock_refused (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (eros_timeline_advance (test->deployment, g_get_real_time () + DAY, &error));
  g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED);
  /* Nor does an event that somebody has put there. */
  record (test, "clock.advanced", "{\"ahead_s\":86400}");
  g_assert_cmpint (eros_timeline_get_ahead (test->deployment), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define add(path, function)                                                                                  \
  g_test_add (path, DeploymentTest, NULL, deployment_test_set_up_rehearsal, function,                        \
              deployment_test_tear_down)
  add ("/deployment/watch/no-end", test_no_end);
  add ("/deployment/watch/slots", test_slots);
  add ("/deployment/watch/states", test_states);
  add ("/deployment/watch/all-rounds", test_all_rounds);
  add ("/deployment/watch/sleep", test_sleep);
  add ("/deployment/watch/too-early", test_too_early);
  add ("/deployment/watch/by-hand", test_by_hand);
  add ("/deployment/watch/rolled-back", test_rolled_back);
  add ("/deployment/watch/clock", test_clock);
  deployment_test_add ("/deployment/watch/clock-refused", NULL, test_clock_refused);

  return g_test_run ();
}
