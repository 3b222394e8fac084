/* test-random.c: whatever is done, closing and opening comes to the same state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"

#include <string.h>

#define N_ROUNDS 3
#define N_ACTS   100

typedef struct
{
  GPtrArray *elements; /* ids */
  GPtrArray *fields;   /* ids */
  GPtrArray *gates;    /* ids */
} Ids;

static void
collect_fields (GListModel *fields, Ids *ids)
{
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr (ErosField) field = g_list_model_get_item (fields, i);

      g_ptr_array_add (ids->fields, (gpointer) eros_field_get_id (field));
    }
}

static void
collect_sections (GListModel *sections, Ids *ids)
{
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (ErosSection) section = g_list_model_get_item (sections, i);
      GListModel *elements = eros_section_get_elements (section);

      for (guint j = 0; j < g_list_model_get_n_items (elements); j++)
        {
          g_autoptr (ErosElement) element = g_list_model_get_item (elements, j);

          g_ptr_array_add (ids->elements, (gpointer) eros_element_get_id (element));
          collect_fields (eros_element_get_fields (element), ids);
        }
    }
}

static void
collect (ErosRunbook *runbook, Ids *ids)
{
  GListModel *phases = eros_runbook_get_phases (runbook);
  GListModel *gates = eros_runbook_get_gates (runbook);

  ids->elements = g_ptr_array_new ();
  ids->fields = g_ptr_array_new ();
  ids->gates = g_ptr_array_new ();
  collect_fields (eros_runbook_get_details (runbook), ids);
  collect_sections (eros_runbook_get_appendix (runbook), ids);
  for (guint i = 0; i < g_list_model_get_n_items (phases); i++)
    {
      g_autoptr (ErosPhase) phase = g_list_model_get_item (phases, i);

      collect_sections (eros_phase_get_sections (phase), ids);
    }
  for (guint i = 0; i < g_list_model_get_n_items (gates); i++)
    {
      g_autoptr (ErosGate) gate = g_list_model_get_item (gates, i);

      g_ptr_array_add (ids->gates, (gpointer) eros_gate_get_id (gate));
    }
}

/* A few are taken again and again, so that things have a past. */
static const char *
pick (GPtrArray *ids)
{
  guint n = g_test_rand_bit () ? MIN (ids->len, 12) : ids->len;

  return ids->pdata[g_test_rand_int_range (0, n)];
}

static const char *
pick_value (ErosDeployment *deployment, const char *field_id)
{
  static const char *const values[] = { "",
                                        "1",
                                        "17.5",
                                        "eros-dev",
                                        "2026-11-24",
                                        "12:30",
                                        "2026-11-24T12:30:00Z",
                                        "SUCCESS",
                                        "a@example.com",
                                        "+49 30 123",
                                        "text" };

  return values[g_test_rand_int_range (0, G_N_ELEMENTS (values))];
}

static gboolean
act (ErosDeployment *d, Ids *ids, guint kind)
{
  const char *element = pick (ids->elements);
  const char *field = pick (ids->fields);
  g_autofree char *text = g_strdup_printf ("%d", g_test_rand_int_range (0, 5));
  g_autoptr (JsonNode) evidence = json_from_string ("[{\"rows\":1}]", NULL);

  switch (kind)
    {
    case 0:
    case 1:
      return eros_deployment_tick (d, element, NULL);
    case 2:
      return eros_deployment_untick (d, element, NULL);
    case 3:
      return eros_deployment_set_not_applicable (d, element, text, NULL);
    case 4:
      return eros_deployment_set_note (d, element, text, NULL);
    case 5:
      return eros_deployment_set_value (d, field, pick_value (d, field), NULL);
    case 6:
      return eros_deployment_sign (d, element, text, NULL);
    case 7:
      return eros_deployment_override (d, pick (ids->gates), text, text, NULL);
    case 8:
      return eros_deployment_undo (d, NULL);
    case 9:
      return eros_deployment_tick_by_decision (d, element, text, NULL);
    case 10:
      return eros_deployment_withdraw (d, g_test_rand_bit () ? element : pick (ids->gates), text, NULL);
    case 11:
      return eros_deployment_record_value (d, field, pick_value (d, field), NULL, NULL);
    default:
      return eros_deployment_record_check (
        d, element, g_test_rand_int_range (EROS_OUTCOME_PASS, EROS_OUTCOME_WARNING + 1), text, evidence,
        NULL);
    }
}

static void
sign_something (ErosDeployment *d)
{
  eros_deployment_override (d, "gate.final-sign-off", "Grace", "test", NULL);
  eros_deployment_set_value (d, "sign-off.confirmation.deployment-lead.status", "SUCCESS", NULL);
  eros_deployment_sign_with (d, "sign-off.confirmation.deployment-lead", "Kyle", NULL, "test", NULL);
}

static void
test_reopening (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (ErosDeployment) reader = eros_deployment_open (test->file, EROS_JOURNAL_READ, NULL);
  guint n_done = 0;

  for (guint i = 0; i < N_ACTS; i++)
    {
      Ids ids;
      g_autofree char *live = NULL;
      g_autofree char *reopened = NULL;
      g_autofree char *followed = NULL;
      g_autofree char *undo = NULL;

      collect (eros_deployment_get_runbook (test->deployment), &ids);
      n_done += act (test->deployment, &ids, g_test_rand_int_range (0, 16));
      if (i % 25 == 7)
        sign_something (test->deployment);

      live = deployment_test_describe (test->deployment);
      deployment_test_reopen (test);
      reopened = deployment_test_describe (test->deployment);
      g_assert_cmpstr (live, ==, reopened);

      g_assert_true (eros_deployment_reload (reader, NULL));
      followed = deployment_test_describe (reader);
      /* A reader has nothing that it could undo. */
      *strstr (live, " undo: ") = '\0';
      *strstr (followed, " undo: ") = '\0';
      g_assert_cmpstr (live, ==, followed);

      g_ptr_array_unref (ids.elements);
      g_ptr_array_unref (ids.fields);
      g_ptr_array_unref (ids.gates);
    }
  g_assert_cmpuint (n_done, >, N_ACTS / 5);
}

static guint
count_held (ErosDeployment *d)
{
  GPtrArray *decisions = eros_deployment_get_decisions (d);
  guint n = 0;

  for (guint i = 0; i < decisions->len; i++)
    n += ((ErosDecision *) decisions->pdata[i])->withdrawal == NULL;
  return n;
}

/* Undoing everything that people did leaves what the machine did alone, and what they decided. */
static void
test_undoing_everything (DeploymentTest *test, gconstpointer data)
{
  GPtrArray *decisions = eros_deployment_get_decisions (test->deployment);
  g_autofree char *after = NULL;
  g_autofree char *first = NULL;
  guint n_held, n_decisions;
  Ids ids;

  collect (eros_deployment_get_runbook (test->deployment), &ids);
  for (guint i = 0; i < N_ACTS; i++)
    act (test->deployment, &ids, g_test_rand_int_range (0, 16));
  sign_something (test->deployment);
  n_held = count_held (test->deployment);
  n_decisions = decisions->len;
  while (eros_deployment_can_undo (test->deployment, NULL))
    g_assert_true (eros_deployment_undo (test->deployment, NULL));
  g_assert_cmpuint (count_held (test->deployment), ==, n_held);
  g_assert_cmpuint (decisions->len, ==, n_decisions);
  after = deployment_test_describe (test->deployment);
  deployment_test_reopen (test);
  first = deployment_test_describe (test->deployment);
  g_assert_cmpstr (first, ==, after);
  g_ptr_array_unref (ids.elements);
  g_ptr_array_unref (ids.fields);
  g_ptr_array_unref (ids.gates);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 1; i <= N_ROUNDS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/deployment/random/reopening-comes-to-the-same-state/%u", i);

      deployment_test_add (path, NULL, test_reopening);
    }
  deployment_test_add ("/deployment/random/undoing-everything-leaves-what-was-decided", NULL,
                       test_undoing_everything);
  return g_test_run ();
}
