/* test-week.c: seven days of the watch by a clock of the test’s own: sleep, an outage, clocks that are set,
 * two machines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <string.h>
#include <time.h>

#include "eros-time-text.h"
#include "eros-timeline.h"
#include "eros-watch.h"

#define END "deployment.phase-2.end.time"

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR   G_TIME_SPAN_HOUR
#define DAY    G_TIME_SPAN_DAY

/* 2026-10-24 15:00 UTC: the night after, clocks in Europe are set back. */
#define DEPLOYED (G_GINT64_CONSTANT (1792854000) * G_USEC_PER_SEC)

static gint64 clock_now = DEPLOYED - DAY;

/* What time it is, for all that is linked into this program. */
gint64
g_get_real_time (void)
{
  return clock_now;
}

typedef struct
{
  gint64 from; /* since the deployment */
  gint64 to;
  gint64 ahead; /* by how much its clock is wrong meanwhile; 0: it sleeps */
} Trouble;

typedef struct
{
  ErosDeployment *deployment;
  const char *name;
  const Trouble *troubles;
  guint n_troubles;
  gboolean has_slept;
  guint n_rounds;
} Watcher;

/* Three hours of sleep, a clock that is set ahead and back, and one that is behind. */
static const Trouble leads[] = {
  { 40 * MINUTE, 3 * HOUR, 0 },
  { 9 * HOUR, 10 * HOUR, 5 * HOUR },
  { 30 * HOUR, 40 * HOUR, -2 * HOUR },
  { 2 * DAY + 20 * HOUR, 3 * DAY + 20 * HOUR, 0 },
};

/* A day’s outage, and the lead’s last day. */
static const Trouble servers[] = {
  { 5 * HOUR, 29 * HOUR, 0 },
  { 50 * HOUR, 51 * HOUR, HOUR / 2 },
};

static void
record (ErosDeployment *deployment, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  eros_deployment_record (deployment, kind, body, &error);
  g_assert_no_error (error);
}

/* As no program of ours would write it. */
static void
append (ErosDeployment *deployment, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (eros_journal_append (eros_deployment_get_journal (deployment), "machine",
                                         "check.finished", body, &error));
  g_assert_no_error (error);
}

static void
look (Watcher *watcher)
{
  g_autofree char *started =
    g_strdup_printf ("{\"operation\":\"monitoring\",\"id\":\"%s-%u\",\"title\":\"Round\",\"arguments\":{}}",
                     watcher->name, watcher->n_rounds);
  g_autofree char *ended = g_strdup_printf (
    "{\"operation\":\"monitoring\",\"id\":\"%s-%u\",\"outcome\":\"pass\"}", watcher->name, watcher->n_rounds);

  record (watcher->deployment, "operation.started", started);
  record (watcher->deployment, "operation.ended", ended);
  watcher->n_rounds++;
}

/* What every watch does when it wakes up. */
static void
wake (Watcher *watcher)
{
  g_autoptr (GError) error = NULL;
  gint64 now = eros_timeline_get_now (watcher->deployment);
  g_autoptr (GPtrArray) slots = NULL;
  const ErosSlot *next;

  g_assert_true (eros_watch_record_missed (watcher->deployment, now,
                                           watcher->has_slept ? "It slept." : "Its clock was set.", &error));
  g_assert_no_error (error);
  slots = eros_watch_list (watcher->deployment, NULL, now);
  next = eros_watch_find_next (slots);
  if (next != NULL && next->state != EROS_SLOT_COMING)
    look (watcher);
  watcher->has_slept = FALSE;
}

static void
pass_minute (Watcher *watcher, gint64 since)
{
  clock_now = DEPLOYED + since;
  for (guint i = 0; i < watcher->n_troubles; i++)
    if (since >= watcher->troubles[i].from && since < watcher->troubles[i].to)
      {
        clock_now += watcher->troubles[i].ahead;
        if (watcher->troubles[i].ahead == 0)
          {
            watcher->has_slept = TRUE;
            return;
          }
      }
  wake (watcher);
}

/* Each slot is done or missed with its reason; and no slot was looked at twice by the same machine. */
static guint
check (ErosDeployment *deployment, guint n_rounds, gboolean by_itself)
{
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (GHashTable) rounds = g_hash_table_new (NULL, NULL);
  guint n_done = 0;

  clock_now = DEPLOYED + 9 * DAY;
  slots = eros_watch_list (deployment, NULL, clock_now);
  g_assert_cmpuint (slots->len, ==, 28);
  for (guint i = 0; i < slots->len; i++)
    {
      const ErosSlot *slot = slots->pdata[i];

      n_done += slot->state == EROS_SLOT_DONE;
      if (slot->state == EROS_SLOT_DONE)
        g_hash_table_add (rounds, slot->round);
      else
        {
          g_assert_cmpint (slot->state, ==, EROS_SLOT_MISSED);
          g_assert_cmpstr (slot->reason, !=, NULL);
        }
    }
  /* Two slots of two entries may share a round; a round that serves none was one too many. */
  if (by_itself)
    g_assert_cmpuint (g_hash_table_size (rounds), ==, n_rounds);
  return n_done;
}

static void
watch_week (Watcher *lead, Watcher *server)
{
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  tzset ();
  for (gint64 since = 0; since <= 8 * DAY + HOUR; since += MINUTE)
    {
      pass_minute (lead, since);
      if (server != NULL)
        pass_minute (server, since);
    }
}

static void
set_end (DeploymentTest *test)
{
  g_autofree char *text = eros_time_iso (DEPLOYED);
  g_autoptr (GError) error = NULL;

  clock_now = DEPLOYED;
  eros_deployment_set_value (test->deployment, END, text, &error);
  g_assert_no_error (error);
}

static void
test_one (DeploymentTest *test, gconstpointer data)
{
  Watcher lead = { NULL, "lead", leads, G_N_ELEMENTS (leads), FALSE, 0 };

  set_end (test);
  lead.deployment = test->deployment;
  watch_week (&lead, NULL);
  /* It slept through the slots of one hour to three hours, and through day 3. */
  g_assert_cmpuint (check (test->deployment, lead.n_rounds, TRUE), <, 28);
  deployment_test_reopen (test);
  check (test->deployment, lead.n_rounds, TRUE);
}

/* What both have seen counts once, what only one has counts too, and taking it over again changes nothing. */
static void
test_two (DeploymentTest *test, gconstpointer data)
{
  Watcher lead = { NULL, "lead", leads, G_N_ELEMENTS (leads), FALSE, 0 };
  Watcher server = { NULL, "server", servers, G_N_ELEMENTS (servers), FALSE, 0 };
  g_autoptr (GFile) copy = g_file_new_build_filename (test->folder, "copy.erosdeploy", NULL);
  g_autoptr (GError) error = NULL;
  guint by_lead, by_server, by_both, n_taken, n_events;

  set_end (test);
  g_clear_object (&test->deployment);
  g_assert_true (g_file_copy (test->file, copy, G_FILE_COPY_NONE, NULL, NULL, NULL, &error));
  deployment_test_reopen (test);
  lead.deployment = test->deployment;
  server.deployment = eros_deployment_open (copy, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  eros_deployment_set_actor (server.deployment, "Server <server@example.com>");
  watch_week (&lead, &server);
  by_lead = check (lead.deployment, lead.n_rounds, TRUE);
  by_server = check (server.deployment, server.n_rounds, TRUE);
  g_clear_object (&server.deployment);

  g_assert_true (eros_watch_take_rounds (test->deployment, copy, &n_taken, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_taken, ==, server.n_rounds);
  by_both = check (test->deployment, 0, FALSE);
  g_test_message ("of 28 slots: %u by the lead, %u by the server, %u by both", by_lead, by_server, by_both);
  g_assert_cmpuint (by_both, >, MAX (by_lead, by_server));
  g_assert_cmpuint (by_both, <, by_lead + by_server);

  n_events = g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
  g_assert_true (eros_watch_take_rounds (test->deployment, copy, &n_taken, &error));
  g_assert_cmpuint (n_taken, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment))),
                    ==, n_events);
  deployment_test_reopen (test);
  g_assert_cmpuint (check (test->deployment, 0, FALSE), ==, by_both);
}

/* Killed in the middle of a round that it took over: that one is taken over anew. */
static void
test_cut_off (DeploymentTest *test, gconstpointer data)
{
  Watcher server = { NULL, "server", NULL, 0, FALSE, 0 };
  g_autoptr (GFile) copy = g_file_new_build_filename (test->folder, "copy.erosdeploy", NULL);
  g_autoptr (GError) error = NULL;
  guint n_taken;

  set_end (test);
  g_clear_object (&test->deployment);
  g_assert_true (g_file_copy (test->file, copy, G_FILE_COPY_NONE, NULL, NULL, NULL, &error));
  deployment_test_reopen (test);
  server.deployment = eros_deployment_open (copy, EROS_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  clock_now = DEPLOYED + 5 * MINUTE;
  look (&server);
  g_clear_object (&server.deployment);
  record (test->deployment, "operation.started",
          "{\"operation\":\"monitoring\",\"id\":\"server-0\",\"title\":\"Round\",\"arguments\":{},"
          "\"seen_as\":\"0\",\"seen_by\":\"Server\"}");
  deployment_test_reopen (test);

  g_assert_true (eros_watch_take_rounds (test->deployment, copy, &n_taken, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_taken, ==, 1);
  g_assert_true (eros_watch_take_rounds (test->deployment, copy, &n_taken, &error));
  g_assert_cmpuint (n_taken, ==, 0);
}

/* Somebody has made a round that says more than a round can. Not even the honest one before it is taken over.
 */
static void
test_forged (DeploymentTest *test, gconstpointer data)
{
  static const struct
  {
    const char *found;
    const char *why;
  } rows[] = {
    { "{\"element\":\"preparation.environment.network\",\"outcome\":\"pass\",\"summary\":\"fine\"}",
      "“Network connectivity to BigQuery verified”, which no round looks at" },
    { "{\"element\":\"nowhere\",\"outcome\":\"pass\",\"summary\":\"fine\"}", "“nowhere”, which no round" },
    { "{\"element\":\"monitoring.long-term.day-1\",\"outcome\":\"pass\"}",
      "does not say what a round has found" },
  };
  g_autoptr (GFile) copy = g_file_new_build_filename (test->folder, "copy.erosdeploy", NULL);
  g_autoptr (GError) error = NULL;

  set_end (test);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Watcher server = { NULL, "server", NULL, 0, FALSE, 0 };
      guint n_taken;
      guint n_events;

      g_clear_object (&test->deployment);
      g_assert_true (g_file_copy (test->file, copy, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error));
      deployment_test_reopen (test);
      server.deployment = eros_deployment_open (copy, EROS_JOURNAL_WRITE, &error);
      g_assert_no_error (error);
      clock_now = DEPLOYED + 5 * MINUTE;
      look (&server);
      record (server.deployment, "operation.started",
              "{\"operation\":\"monitoring\",\"id\":\"forged\",\"title\":\"Round\",\"arguments\":{}}");
      append (server.deployment, rows[i].found);
      record (server.deployment, "operation.ended",
              "{\"operation\":\"monitoring\",\"id\":\"forged\",\"outcome\":\"pass\"}");
      g_clear_object (&server.deployment);

      n_events = g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
      g_assert_false (eros_watch_take_rounds (test->deployment, copy, &n_taken, &error));
      g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED);
      if (strstr (error->message, rows[i].why) == NULL)
        g_error ("%s", error->message);
      g_clear_error (&error);
      g_assert_cmpuint (
        g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment))), ==,
        n_events);
    }
}

/* A file of another deployment is refused, whatever it holds. */
static void
test_another (DeploymentTest *test, gconstpointer data)
{
  DeploymentTest other = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_taken;

  clock_now++;
  deployment_test_set_up (&other, NULL);
  look (&(Watcher){ other.deployment, "other", NULL, 0, FALSE, 0 });
  g_assert_false (eros_watch_take_rounds (test->deployment, other.file, &n_taken, &error));
  g_assert_error (error, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_NOT_ALLOWED);
  deployment_test_tear_down (&other, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  deployment_test_add ("/deployment/week/one-machine", NULL, test_one);
  deployment_test_add ("/deployment/week/two-machines", NULL, test_two);
  deployment_test_add ("/deployment/week/cut-off-it-is-taken-over-anew", NULL, test_cut_off);
  deployment_test_add ("/deployment/week/what-no-round-can-say-is-refused", NULL, test_forged);
  deployment_test_add ("/deployment/week/another-deployment", NULL, test_another);

  return g_test_run ();
}
