/* test-another-person.c: who prepared a deployment does not approve it alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "deployment-test.h"

#define SIGN_OFF "sign-off.confirmation.technical-lead"

/* The shipped runbook with a gate of two persons before phase 1. */
static char *
make_runbook (void)
{
  static const char gate[] =
    "{\"id\": \"gate.four-eyes\", \"kind\": \"another-person\", \"title\": \"Somebody else has "
    "approved\", \"guards\": [\"deploy-phase1\"], \"requires\": [\"" SIGN_OFF "\"], "
    "\"may_override\": true}";
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) shipped = eros_runbook_load_default (&error);
  g_autoptr (JsonNode) node = NULL;
  JsonArray *gates;

  g_assert_no_error (error);
  node = json_from_string (eros_runbook_get_json (shipped), NULL);
  gates = json_object_get_array_member (json_node_get_object (node), "gates");
  json_array_add_element (gates, json_from_string (gate, NULL));
  return json_to_string (node, FALSE);
}

static ErosGate *
find_gate (DeploymentTest *test)
{
  return eros_runbook_find_gate (eros_deployment_get_runbook (test->deployment), "gate.four-eyes");
}

static void
sign (DeploymentTest *test, const char *name)
{
  g_autoptr (GError) error = NULL;

  eros_deployment_override (test->deployment, "gate.final-sign-off", "Ada", "A test", &error);
  g_clear_error (&error);
  eros_deployment_sign (test->deployment, SIGN_OFF, name, &error);
  g_assert_no_error (error);
}

static void
assert_open (DeploymentTest *test, gboolean expected, const char *said)
{
  g_autofree char *missing = NULL;

  g_assert_cmpint (eros_deployment_gate_is_open (test->deployment, find_gate (test), &missing), ==, expected);
  if (said != NULL)
    g_assert_nonnull (strstr (missing, said));
}

static void
test_another (DeploymentTest *test, gconstpointer data)
{
  assert_open (test, FALSE, "who has not prepared");
  sign (test, "Grace");
  assert_open (test, TRUE, NULL);
}

/* In whatever spelling. */
static void
test_the_same (DeploymentTest *test, gconstpointer data)
{
  sign (test, " ADA ");
  assert_open (test, FALSE, "somebody else than");
}

static void
record (DeploymentTest *test, const char *kind, const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autoptr (GError) error = NULL;

  eros_deployment_record (test->deployment, kind, node, &error);
  g_assert_no_error (error);
}

/* With their own key under somebody else's name. */
static void
test_the_same_key (DeploymentTest *test, gconstpointer data)
{
  record (test, "signer.changed", "{\"person\": \"Ada\", \"fingerprint\": \"abc\"}");
  sign (test, "Grace");
  assert_open (test, TRUE, NULL);
  record (test, "signer.countersigned",
          "{\"element\": \"" SIGN_OFF "\", \"name\": \"Grace\", \"fingerprint\": \"abc\"}");
  assert_open (test, FALSE, "somebody else than Grace");
}

static void
assert_reviews (DeploymentTest *test, guint expected)
{
  g_auto (GStrv) reviews = eros_deployment_list_reviews (test->deployment);

  g_assert_cmpuint (g_strv_length (reviews), ==, expected);
}

static void
test_emergency (DeploymentTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_reviews (test, 0);
  eros_deployment_override (test->deployment, "gate.four-eyes", "Ada", "Captions are lost by the minute",
                            &error);
  g_assert_no_error (error);
  assert_reviews (test, 1);
  sign (test, "Ada");
  assert_reviews (test, 1);
  eros_deployment_withdraw (test->deployment, SIGN_OFF, "A mistake", &error);
  g_assert_no_error (error);
  sign (test, "Grace");
  assert_reviews (test, 0);
}

int
main (int argc, char **argv)
{
  g_autofree char *runbook = NULL;

  g_test_init (&argc, &argv, NULL);
  runbook = make_runbook ();
  deployment_test_add ("/deployment/another-person/opens-the-gate", runbook, test_another);
  deployment_test_add ("/deployment/another-person/is-not-who-prepared-it", runbook, test_the_same);
  deployment_test_add ("/deployment/another-person/is-not-another-name-with-the-same-key", runbook,
                       test_the_same_key);
  deployment_test_add ("/deployment/another-person/is-made-up-for-after-an-emergency", runbook,
                       test_emergency);
  return g_test_run ();
}
