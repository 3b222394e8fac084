/* test-unfinished.c: what was begun and has not ended well: the window and the terminal say the same of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "app-test.h"

static void
record (ErosDeployment *deployment, const char *kind, const char *id, const char *member, const char *value)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *body = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (body, "id", id);
  if (member != NULL)
    json_object_set_string_member (body, member, value);
  if (g_str_equal (kind, "operation.started"))
    {
      json_object_set_string_member (body, "title", value);
      json_object_set_object_member (body, "arguments", json_object_new ());
    }
  json_node_take_object (node, body);
  g_assert_nonnull (eros_deployment_record (deployment, kind, node, &error));
  g_assert_no_error (error);
}

static void
begin (ErosDeployment *deployment, const char *id, const char *operation)
{
  record (deployment, "operation.started", id, "operation", operation);
}

static void
go_on (ErosDeployment *deployment, const char *id)
{
  record (deployment, "operation.resumed", id, NULL, NULL);
}

static void
end (ErosDeployment *deployment, const char *id, const char *outcome)
{
  record (deployment, "operation.ended", id, "outcome", outcome);
}

/* (transfer full) (nullable): what “eros-deploy resume” would go on with */
static char *
ask_terminal (ErosDeployment *deployment)
{
  GFile *file = eros_journal_get_file (eros_deployment_get_journal (deployment));
  const char *arguments[] = { g_getenv ("EROS_DEPLOY"), "status", "--json", g_file_peek_path (file), NULL };
  g_autofree char *output = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *id;
  int status = 0;

  g_spawn_sync (NULL, (char **) arguments, NULL, 0, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  node = json_from_string (output, &error);
  g_assert_no_error (error);
  id = json_object_get_member (json_node_get_object (node), "resume");
  return JSON_NODE_HOLDS_NULL (id) ? NULL : json_node_dup_string (id);
}

/* expected: (nullable) */
static void
assert_both_say (ErosDeployment *deployment, const char *expected)
{
  g_autoptr (ErosSession) session = eros_session_new (deployment, NULL);
  ErosOperation *found = eros_session_find_unfinished (session);
  g_autofree char *told = ask_terminal (deployment);

  g_assert_cmpstr (found != NULL ? eros_operation_get_id (found) : NULL, ==, expected);
  g_assert_cmpstr (told, ==, expected);
  if (found != NULL)
    g_assert_true (eros_session_can_go_on (session, found));
}

static void
test_one_goes_on_until_it_has_ended_well (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);

  assert_both_say (deployment, NULL);
  begin (deployment, "a", "backup");
  assert_both_say (deployment, "a");
  end (deployment, "a", "fail");
  assert_both_say (deployment, "a");
  go_on (deployment, "a");
  assert_both_say (deployment, "a");
  end (deployment, "a", "cancelled");
  assert_both_say (deployment, "a");
  go_on (deployment, "a");
  end (deployment, "a", "pass");
  assert_both_say (deployment, NULL);
}

static void
test_of_several_the_newest_goes_on_first (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);

  begin (deployment, "a", "deploy-phase1");
  end (deployment, "a", "fail");
  begin (deployment, "b", "comparison");
  assert_both_say (deployment, "b");
  end (deployment, "b", "pass");
  assert_both_say (deployment, "a");
  /* Of what is made anew nobody goes on with an old round. */
  begin (deployment, "c", "monitoring");
  assert_both_say (deployment, "a");
  end (deployment, "c", "fail");
  assert_both_say (deployment, "a");
  begin (deployment, "d", "backup");
  end (deployment, "d", "pass");
  assert_both_say (deployment, "a");
}

static void
test_what_was_begun_anew_is_given_up (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);

  begin (deployment, "a", "deploy-phase1");
  end (deployment, "a", "fail");
  begin (deployment, "b", "deploy-phase1");
  assert_both_say (deployment, "b");
  end (deployment, "b", "pass");
  assert_both_say (deployment, NULL);
}

static void
test_a_rollback_takes_back_what_came_before_it (void)
{
  g_autoptr (ErosSession) session = app_test_new_session ();
  ErosDeployment *deployment = eros_session_get_deployment (session);
  g_autoptr (ErosSession) later = NULL;

  begin (deployment, "a", "backup");
  end (deployment, "a", "fail");
  begin (deployment, "b", "deploy-phase1");
  end (deployment, "b", "fail");
  begin (deployment, "c", "rollback");
  assert_both_say (deployment, "c");
  end (deployment, "c", "pass");
  /* A backup is of the time before, and may still be wanted. */
  assert_both_say (deployment, "a");
  later = eros_session_new (deployment, NULL);
  g_assert_false (eros_session_can_go_on (later, eros_session_find_operation (later, "deploy-phase1")));
  begin (deployment, "d", "deploy-phase1");
  assert_both_say (deployment, "d");
}

int
main (int argc, char **argv)
{
  app_test_init (&argc, &argv);
  g_test_add_func ("/app/unfinished/one-goes-on-until-it-has-ended-well",
                   test_one_goes_on_until_it_has_ended_well);
  g_test_add_func ("/app/unfinished/of-several-the-newest-goes-on-first",
                   test_of_several_the_newest_goes_on_first);
  g_test_add_func ("/app/unfinished/what-was-begun-anew-is-given-up", test_what_was_begun_anew_is_given_up);
  g_test_add_func ("/app/unfinished/a-rollback-takes-back-what-came-before-it",
                   test_a_rollback_takes_back_what_came_before_it);
  return g_test_run ();
}
