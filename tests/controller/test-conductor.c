/* test-conductor.c: a rehearsal is conducted from its first phase to its last, also when it was cut off
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "controller-test.h"
#include "eros-conductor.h"
#include "eros-criteria.h"

typedef struct
{
  ErosConductorTally tally;
  const char *scenario; /* NULL: healthy */
  guint n_phases;
  guint n_acts;    /* seen by the main loop's other sources */
  guint cancel_at; /* how many of them; 0: never */
  guint n_acts_of_phase;
  guint cancel_in_phase; /* that many begun, and a while; 0: in none */
  GCancellable *cancellable;
} Watch;

static void
phase_cb (ErosConductor *conductor, ErosPhase *phase, gpointer watch)
{
  ((Watch *) watch)->n_phases++;
  ((Watch *) watch)->n_acts_of_phase = 0;
}

static void
told_cb (ErosConductor *conductor, int what, const char *text, const char *detail, gpointer watch)
{
  g_test_message ("%d %s: %s", what, text, detail);
}

static gboolean
count_cb (gpointer user_data)
{
  Watch *watch = user_data;

  if (++watch->n_acts == watch->cancel_at ||
      (watch->n_phases == watch->cancel_in_phase && ++watch->n_acts_of_phase == 20))
    g_cancellable_cancel (watch->cancellable);
  return G_SOURCE_CONTINUE;
}

static gboolean
conduct (ControllerTest *test, Watch *watch, GError **error)
{
  g_autoptr (ErosConductor) conductor = eros_conductor_new (
    test->controller, test->rehearsal, watch->scenario != NULL ? watch->scenario : "healthy");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint source = g_timeout_add (10, count_cb, watch);

  watch->cancellable = cancellable;
  g_signal_connect (conductor, "phase", G_CALLBACK (phase_cb), watch);
  g_signal_connect (conductor, "told", G_CALLBACK (told_cb), watch);
  eros_conductor_run_async (conductor, cancellable, controller_test_keep_cb, &test->result);
  result = controller_test_wait (test);
  g_source_remove (source);
  return eros_conductor_run_finish (conductor, result, &watch->tally, error);
}

static guint
count_phases (ControllerTest *test)
{
  return g_list_model_get_n_items (eros_runbook_get_phases (eros_deployment_get_runbook (test->deployment)));
}

/* How many operations of this kind have ended well. */
static guint
count_done (ControllerTest *test, const char *kind)
{
  GListModel *operations = eros_controller_get_operations (test->controller);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr (ErosOperation) operation = g_list_model_get_item (operations, i);

      n += g_str_equal (eros_operation_get_kind (operation), kind) &&
           eros_operation_get_state (operation) == EROS_STATE_SUCCEEDED;
    }
  return n;
}

/* It went back once, and what it takes to rely on that is done. */
static void
assert_practised (ControllerTest *test)
{
  g_assert_cmpuint (count_done (test, "rollback"), ==, 1);
  g_assert_cmpuint (count_done (test, "resume-schedules"), ==, 1);
  g_assert_cmpuint (count_done (test, "deploy-phase1"), ==, 2);
  g_assert_cmpuint (count_done (test, "deploy-phase2"), ==, 2);
  g_assert_cmpuint (count_done (test, "comparison"), ==, 1);
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_SUCCESS);
  controller_test_assert_ticked (test, "rollback.verification.tables");
  controller_test_assert_ticked (test, "preparation.testing.rollback");
  /* What was watched is what is deployed now, and no rollback. */
  g_assert_cmpint (eros_item_get_mark (eros_deployment_get_item (test->deployment, "rollback.steps.monitor")),
                   ==, EROS_ITEM_NOT_APPLICABLE);
}

static void
assert_undecided (ErosDeployment *deployment, ErosSection *section)
{
  GListModel *elements = eros_section_get_elements (section);

  for (guint i = 0; i < g_list_model_get_n_items (elements); i++)
    {
      g_autoptr (ErosElement) element = g_list_model_get_item (elements, i);
      ErosItem *item = eros_deployment_get_item (deployment, eros_element_get_id (element));

      if (item == NULL || eros_element_get_sum (element) == NULL || eros_element_wants_signature (element))
        continue;
      g_test_message ("%s: %s", eros_element_get_id (element), eros_item_get_summary (item));
      g_assert_true (eros_item_get_mark (item) != EROS_ITEM_TICKED ||
                     eros_item_get_outcome (item) == EROS_OUTCOME_PASS);
    }
}

/* No box that follows from others is ticked where they do not say so. */
static void
assert_nothing_decided (ControllerTest *test)
{
  GListModel *phases = eros_runbook_get_phases (eros_deployment_get_runbook (test->deployment));

  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);
      GListModel *sections = eros_phase_get_sections (phase);

      for (guint k = 0; k < g_list_model_get_n_items (sections); k++)
        {
          g_autoptr (ErosSection) section = g_list_model_get_item (sections, k);

          assert_undecided (test->deployment, section);
        }
    }
}

static void
assert_whole (ControllerTest *test, const Watch *watch)
{
  g_assert_cmpuint (watch->tally.open, ==, 0);
  /* Sums that do not say yes: nobody ticks them. */
  g_assert_cmpuint (watch->tally.left_out, >=, 1);
  assert_nothing_decided (test);
  assert_practised (test);
  g_assert_cmpuint (watch->tally.machine, >, 40);
  g_assert_cmpuint (watch->tally.stand_ins, >, 40);
  controller_test_assert_ticked (test, "deployment.after-phase-1.wilson-score");
  controller_test_assert_ticked (test, "monitoring.immediate.error-rate");
}

static void
test_it_comes_to_its_end (ControllerTest *test, gconstpointer data)
{
  Watch watch = { 0 };
  Watch again = { 0 };
  g_autoptr (GError) error = NULL;
  guint n_events;

  g_assert_true (conduct (test, &watch, &error));
  g_assert_no_error (error);
  assert_whole (test, &watch);
  g_assert_cmpuint (watch.n_phases, ==, count_phases (test) + 2);
  /* Whoever else has a source has had his turn all the while. */
  g_assert_cmpuint (watch.n_acts, >, 20);

  /* What is done is passed over. */
  n_events = g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
  g_assert_true (conduct (test, &again, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (&again.tally, sizeof again.tally, &watch.tally, sizeof watch.tally);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment))),
                    ==, n_events);
}

static void
test_it_goes_on_where_it_was_cut_off (ControllerTest *test, gconstpointer data)
{
  /* The fifth phase that is begun is the way back, the sixth is deployed again. */
  static const Watch moments[] = { { .cancel_at = 10 },
                                   { .cancel_at = 60 },
                                   { .cancel_in_phase = 5 },
                                   { .cancel_in_phase = 6 },
                                   { .cancel_at = 0 } };
  Watch watch;

  for (guint i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autoptr (GError) error = NULL;

      watch = moments[i];
      if (conduct (test, &watch, &error))
        break;
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
  assert_whole (test, &watch);
}

/* Nobody has looked, but somebody has said that it goes wrong. */
static void
test_no_stand_in_against_evidence (ControllerTest *test, gconstpointer data)
{
  Watch watch = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (
    eros_criterion_decide (test->deployment, "rollback.decision.security", TRUE, "many", &error));
  g_assert_no_error (error);
  g_assert_true (conduct (test, &watch, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (watch.tally.machine, >, 0);
  g_assert_cmpuint (watch.tally.stand_ins, ==, 0);
  g_assert_cmpuint (watch.tally.open, >, 40);
}

/* Rows are broken before anything is deployed: no criterion is about it yet, and a check is. */
static void
test_no_stand_in_against_checks (ControllerTest *test, gconstpointer data)
{
  Watch watch = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_deployment_record_check (test->deployment, "validation.health.orphans",
                                               EROS_OUTCOME_FAIL, "3 orphans", NULL, &error));
  g_assert_no_error (error);
  g_assert_true (conduct (test, &watch, &error));
  g_assert_no_error (error);
  /* When the check has its turn it passes: what is asked only then has its stand-in. */
  g_assert_cmpuint (watch.tally.stand_ins, <, 5);
  g_assert_cmpuint (watch.tally.open, >, 40);
}

/* A criterion is reached: rolled back with its words, watched, and signed as what it is. */
static void
test_it_rolls_back_what_fares_badly (ControllerTest *test, gconstpointer data)
{
  Watch watch = { .scenario = "corrupt" };
  Watch again = { .scenario = "corrupt" };
  g_autoptr (GError) error = NULL;
  const char *status = NULL;
  guint n_events;

  g_assert_true (conduct (test, &watch, &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_deployment_get_result (test->deployment), ==, EROS_RESULT_ROLLED_BACK);
  g_assert_nonnull (eros_deployment_get_verdict (test->deployment, &status));
  g_assert_cmpstr (status, ==, "ROLLBACK REQUIRED");
  g_assert_cmpuint (count_done (test, "rollback"), ==, 1);
  g_assert_cmpuint (count_done (test, "deploy-phase1"), ==, 1);
  g_assert_cmpuint (count_done (test, "resume-schedules"), ==, 1);
  controller_test_assert_ticked (test, "rollback.steps.monitor");
  g_assert_cmpuint (watch.tally.open, >, 20);

  n_events = g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment)));
  g_assert_true (conduct (test, &again, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (eros_deployment_get_journal (test->deployment))),
                    ==, n_events);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/controller/conductor/" name, ControllerTest, NULL, controller_test_set_up_with_history,      \
              function, controller_test_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("it-comes-to-its-end", test_it_comes_to_its_end);
  ADD ("it-goes-on-where-it-was-cut-off", test_it_goes_on_where_it_was_cut_off);
  ADD ("no-stand-in-vouches-against-evidence", test_no_stand_in_against_evidence);
  ADD ("no-stand-in-vouches-while-a-check-fails", test_no_stand_in_against_checks);
  ADD ("it-rolls-back-what-fares-badly", test_it_rolls_back_what_fares_badly);
  return g_test_run ();
}
