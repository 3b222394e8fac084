/* test-people.c: an approval names somebody, who signs is who was expected to, and who was called in is on
 * record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "deployment-test.h"
#include "eros-escalation.h"
#include "eros-problem.h"

#include <string.h>

#define APPROVAL      "preparation.sign-off.technical-lead"
#define APPROVAL_NAME "preparation.sign-off.people.technical-lead"
#define APPROVAL_TIME "preparation.sign-off.people.technical-lead-at"
#define CONTACT       "contacts.technical-lead.name"

/* (transfer full): what the stakeholders' gate lacks */
static char *
list_missing (DeploymentTest *test)
{
  ErosGate *gate = eros_runbook_find_gate (eros_deployment_get_runbook (test->deployment), "gate.approvals");
  char *missing = NULL;

  eros_deployment_gate_is_open (test->deployment, gate, &missing);
  return missing;
}

static void
test_named (DeploymentTest *test, gconstpointer data)
{
  g_autofree char *nameless = NULL;
  g_autofree char *named = NULL;

  must (eros_deployment_tick (test->deployment, APPROVAL, error));
  nameless = list_missing (test);
  g_assert_nonnull (strstr (nameless, "“Technical Lead approval received”, which names nobody"));
  g_assert_true (
    deployment_test_warns (test, 0, EROS_PROBLEM_NAMES_NOBODY, "Technical Lead approval received"));

  /* The contacts have it. */
  must (eros_deployment_set_value (test->deployment, CONTACT, "Grace", error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, APPROVAL_NAME), ==, "Grace");
  named = list_missing (test);
  g_assert_null (strstr (named, "Technical Lead approval received"));
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_NAMES_NOBODY, ""));
  deployment_test_reopen (test);
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_NAMES_NOBODY, ""));
}

static void
test_into_contacts (DeploymentTest *test, gconstpointer data)
{
  must (eros_deployment_set_value (test->deployment, APPROVAL_NAME, "Grace", error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, CONTACT), ==, "Grace");
  must (eros_deployment_set_value (test->deployment, APPROVAL_NAME, "", error));
  must (eros_deployment_set_value (test->deployment, CONTACT, "Barbara", error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, CONTACT), ==, "Barbara");
}

static void
test_time (DeploymentTest *test, gconstpointer data)
{
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, APPROVAL_TIME), ==, "");
  must (eros_deployment_tick (test->deployment, APPROVAL, error));
  g_assert_true (g_str_has_suffix (eros_deployment_get_value (test->deployment, APPROVAL_TIME), "Z"));
  must (eros_deployment_set_value (test->deployment, APPROVAL_TIME, "2026-11-01T10:00:00Z", error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, APPROVAL_TIME), ==, "2026-11-01T10:00:00Z");
  must (eros_deployment_set_value (test->deployment, APPROVAL_TIME, "", error));
  must (eros_deployment_untick (test->deployment, APPROVAL, error));
  g_assert_cmpstr (eros_deployment_get_value (test->deployment, APPROVAL_TIME), ==, "");
}

static void
test_expected (DeploymentTest *test, gconstpointer data)
{
  must (eros_deployment_override (test->deployment, "gate.final-sign-off", "Ada", "a test", error));
  must (eros_deployment_set_value (test->deployment, CONTACT, "Grace", error));
  must (eros_deployment_sign (test->deployment, "sign-off.confirmation.technical-lead", "grace", error));
  g_assert_false (deployment_test_warns (test, 0, EROS_PROBLEM_OTHER_PERSON, ""));
  must (eros_deployment_set_value (test->deployment, CONTACT, "Barbara", error));
  g_assert_true (
    deployment_test_warns (test, 0, EROS_PROBLEM_OTHER_PERSON, "signed by grace; Barbara was expected to"));
}

static void
test_escalation (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) refusal = NULL;
  g_auto (GStrv) list = NULL;

  g_assert_false (eros_escalation_make (test->deployment, "", "all is slow", &refusal));
  g_assert_error (refusal, EROS_DEPLOYMENT_ERROR, EROS_DEPLOYMENT_ERROR_INVALID);
  must (eros_escalation_make (test->deployment, "Grace", "all is slow", error));
  must (eros_escalation_make (test->deployment, "Barbara", "it is still slow", error));
  deployment_test_reopen (test);
  list = eros_escalation_list (test->deployment);
  g_assert_cmpuint (g_strv_length (list), ==, 2);
  g_assert_nonnull (strstr (list[1], "Barbara"));
  g_assert_nonnull (strstr (list[1], "it is still slow"));
  g_assert_false (eros_deployment_can_undo (test->deployment, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  deployment_test_add ("/deployment/people/an-approval-names-somebody", NULL, test_named);
  deployment_test_add ("/deployment/people/a-new-name-goes-into-the-contacts", NULL, test_into_contacts);
  deployment_test_add ("/deployment/people/an-approval-has-a-time", NULL, test_time);
  deployment_test_add ("/deployment/people/somebody-else-than-expected-is-said", NULL, test_expected);
  deployment_test_add ("/deployment/people/an-escalation-is-on-record-for-good", NULL, test_escalation);
  return g_test_run ();
}
