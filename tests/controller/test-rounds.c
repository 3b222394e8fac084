/* test-rounds.c: who watches is told of each round when it is due, and of none twice
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include "eros-rounds.h"
#include "eros-time-text.h"
#include "eros-timeline.h"

#define END    "deployment.phase-2.end.time"
#define MINUTE G_TIME_SPAN_MINUTE

typedef struct
{
  DeploymentTest deployment;
  ErosRounds *rounds;
  guint due;
  guint waiting;
  guint over;
} Fixture;

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
set_up (Fixture *test, gconstpointer data)
{
  deployment_test_set_up_rehearsal (&test->deployment, NULL);
}

static void
tear_down (Fixture *test, gconstpointer data)
{
  g_clear_object (&test->rounds);
  deployment_test_tear_down (&test->deployment, NULL);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
end (Fixture *test, gint64 ago)
{
  ErosDeployment *deployment = test->deployment.deployment;
  g_autofree char *text = eros_time_iso (eros_timeline_get_now (deployment) - ago);

  g_assert_true (eros_deployment_set_value (deployment, END, text, NULL));
}

static void
watch (Fixture *test)
{
  test->rounds = eros_rounds_new (test->deployment.deployment, "Nobody was there.");
  g_signal_connect_swapped (test->rounds, "due", G_CALLBACK (count_cb), &test->due);
  g_signal_connect_swapped (test->rounds, "waiting", G_CALLBACK (count_cb), &test->waiting);
  g_signal_connect_swapped (test->rounds, "over", G_CALLBACK (count_cb), &test->over);
}

static void
record (Fixture *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) body = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  eros_deployment_record (test->deployment.deployment, kind, body, &error);
  g_assert_no_error (error);
}

/* How many slots were missed for REASON. */
static guint
count_missed (Fixture *test, const char *reason)
{
  ErosDeployment *deployment = test->deployment.deployment;
  g_autoptr (GPtrArray) slots = eros_watch_list (deployment, NULL, eros_timeline_get_now (deployment));
  guint n = 0;

  for (guint i = 0; i < slots->len; i++)
    n += g_strcmp0 (((const ErosSlot *) slots->pdata[i])->reason, reason) == 0;
  return n;
}

/* Of the end itself, and of 15 and 30 minutes after it, nobody made one; that of 45 minutes is made now. */
static void
test_due (Fixture *test, gconstpointer data)
{
  end (test, 50 * MINUTE);
  watch (test);
  settle ();
  g_assert_cmpuint (test->due, ==, 1);
  g_assert_cmpuint (count_missed (test, "Nobody was there."), ==, 3);
  /* Whoever could not look is not asked again at once. */
  eros_rounds_set_held (test->rounds, TRUE);
  eros_rounds_set_held (test->rounds, FALSE);
  settle ();
  g_assert_cmpuint (test->due, ==, 1);
  /* Who has looked waits for the next. */
  record (test, "operation.started", "{\"operation\":\"monitoring\"}");
  record (test, "operation.ended", "{\"operation\":\"monitoring\",\"outcome\":\"pass\"}");
  settle ();
  record (test, "operation.ended", "{\"operation\":\"backup\",\"outcome\":\"pass\"}");
  settle ();
  g_assert_cmpuint (test->due, ==, 1);
  g_assert_cmpuint (test->waiting, ==, 1);
  g_assert_cmpuint (test->over, ==, 0);
}

static void
test_held (Fixture *test, gconstpointer data)
{
  end (test, 50 * MINUTE);
  watch (test);
  eros_rounds_set_held (test->rounds, TRUE);
  settle ();
  g_assert_cmpuint (test->due, ==, 0);
  g_assert_cmpuint (count_missed (test, "Nobody was there."), ==, 0);
  eros_rounds_set_held (test->rounds, FALSE);
  settle ();
  g_assert_cmpuint (test->due, ==, 1);
}

static void
test_end (Fixture *test, gconstpointer data)
{
  ErosDeployment *deployment = test->deployment.deployment;

  watch (test);
  settle ();
  g_assert_cmpuint (test->due, ==, 0);
  /* The end is entered while somebody watches: the first round is due with it. */
  end (test, 0);
  settle ();
  g_assert_cmpuint (test->due, ==, 1);
  test->over = 0;
  eros_rounds_set_reason (test->rounds, "It was busy.");
  g_assert_true (
    eros_timeline_advance (deployment, eros_timeline_get_now (deployment) + 60 * G_TIME_SPAN_DAY, NULL));
  settle ();
  g_assert_cmpuint (test->over, ==, 1);
  g_assert_cmpuint (test->due, ==, 1);
  g_assert_cmpuint (count_missed (test, "It was busy."), ==, 28);
}

static void
test_reader (Fixture *test, gconstpointer data)
{
  g_autoptr (ErosDeployment) reader = NULL;

  end (test, 50 * MINUTE);
  reader = eros_deployment_open (test->deployment.file, EROS_JOURNAL_READ, NULL);
  test->rounds = eros_rounds_new (reader, "Nobody was there.");
  g_signal_connect_swapped (test->rounds, "due", G_CALLBACK (count_cb), &test->due);
  settle ();
  g_assert_cmpuint (test->due, ==, 0);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/controller/rounds/what-is-due-is-said-once-and-what-went-by-is-on-record", test_due);
  ADD ("/controller/rounds/nothing-is-due-while-other-work-is-under-way", test_held);
  ADD ("/controller/rounds/they-begin-with-the-end-and-have-one", test_end);
  ADD ("/controller/rounds/who-only-reads-makes-none", test_reader);
  return g_test_run ();
}
