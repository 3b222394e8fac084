/* test-commands.c: every command but the rehearsal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* memmem () */
#include "cli-test.h"

#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <sys/file.h>

#define APPROVAL "preparation.sign-off.product-owner"

static const char *const commands[] = {
  "rehearse", "new",     "list",     "status",       "check",          "tick",
  "untick",   "skip",    "note",     "set",          "sign",           "override",
  "undo",     "report",  "verify",   "runbook",      "backup",         "backups",
  "deploy",   "compare", "monitor",  "rollback",     "resume",         "resume-schedules",
  "revert",   "jobs",    "withdraw", "verify-steps", "pause-schedules"
};

static void
test_help (CliTest *test, gconstpointer data)
{
  cli_test_assert (test, 0, "--help");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_assert_nonnull (strstr (test->output, commands[i]));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      cli_test_assert (test, 0, commands[i], "--help");
      g_assert_nonnull (strstr (test->output, commands[i]));
    }
  cli_test_assert (test, 0, "--version");
  g_assert_true (g_str_has_prefix (test->output, "eros-deploy "));
}

static void
test_wrong_usage (CliTest *test, gconstpointer data)
{
  cli_test_run (test, NULL);
  g_assert_cmpint (test->status, ==, 2);
  g_assert_nonnull (strstr (test->errors, "no display"));
  cli_test_assert (test, 2, "dance");
  g_assert_nonnull (strstr (test->errors, "“dance”"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    cli_test_assert (test, 2, commands[i], "--no-such-option");
  cli_test_assert (test, 2, "status");
  cli_test_assert (test, 2, "status", "a", "b");
  cli_test_assert (test, 2, "status", "nothing");
  g_assert_nonnull (strstr (test->errors, "eros-deploy list"));
  cli_test_assert (test, 2, "new");
  cli_test_assert (test, 2, "new", "--name", "EROS", "--environment", "moon");
  cli_test_assert (test, 2, "new", "--name", "EROS", "--window-start", "soon");
  cli_test_assert (test, 2, "runbook", "--format", "xml");
  cli_test_assert (test, 2, "rehearse", "--captions", "-5");
}

/* What is accepted in one place is accepted in the other, and refused likewise. */
static void
test_one_rule (CliTest *test, gconstpointer data)
{
  static const struct
  {
    const char *option; /* (nullable): of “new” */
    const char *field;  /* (nullable): for “set” */
    const char *good;   /* (nullable) */
    const char *bad;
  } rules[] = {
    { "--project", "preparation.environment.project.id", "eros-production", "p1" },
    { "--project", "preparation.environment.project.id", "example.com:team", "com:team" },
    { "--dataset", "preparation.environment.dataset.name", "eros_platform", "eros-platform" },
    { "--email", "contacts.technical-lead.email", "name@example.com", "name" },
    { "--phone", "contacts.technical-lead.phone", "+1 555 0100", "call me maybe" },
    { "--location", NULL, "europe-west1", "the moon" },
    { "--bucket", NULL, "gs://eros-backups", "Eros" },
    { "--window-start", NULL, "2096-10-31 14:00", "2020-10-31T14:00:00Z" },
    { "--window-end", NULL, "2096-10-31T14:00:00Z", "2020-10-31T14:00:00Z" },
    { NULL, "validation.health.row-counts.expected-caption-bank", "1,250", "-5" },
    { NULL, "validation.health.row-counts.expected-caption-bank", "0", "1.999" },
    { NULL, "details.deployment-date", NULL, "1999-12-31" },
    { NULL, "preparation.notification.sent.at", NULL, "1999-12-31T14:00:00Z" },
    { NULL, "preparation.notification.sent.at", NULL, "2962-11-30 14:00" },
  };
  g_autofree char *file = cli_test_path (test, "fields.erosdeploy");

  cli_test_assert (test, 0, "new", "--name", "Fields", "--file", file);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *name = g_strdup_printf ("rule %u", i);

      if (rules[i].option != NULL)
        {
          cli_test_assert (test, 0, "new", "--name", name, rules[i].option, rules[i].good);
          cli_test_assert (test, 2, "new", "--name", name, rules[i].option, rules[i].bad);
        }
      if (rules[i].field != NULL)
        {
          if (rules[i].good != NULL)
            cli_test_assert (test, 0, "set", file, rules[i].field, rules[i].good);
          cli_test_assert (test, 2, "set", file, rules[i].field, rules[i].bad);
        }
    }
}

/* A number below zero is a value, wherever it stands; what is no option is no value either. */
static void
test_numbers_below_zero (CliTest *test, gconstpointer data)
{
  static const char *const values[] = { "\"-5\"", "\"-0.5\"", "\"-5 rows\"", "\"-1 day\"", "-1 Ada" };
  g_autofree char *file = cli_test_path (test, "below.erosdeploy");
  g_autofree char *written = NULL;
  gsize length;

  cli_test_assert (test, 0, "new", "--name", "-5 °C", "--file", file);
  cli_test_assert (test, 0, "set", file, "deployment.comparison.slot-usage.before", "-5", "--actor",
                   "-1 Ada");
  cli_test_assert (test, 0, "set", "--actor", "Ada", file, "deployment.comparison.slot-usage.before", "-.5");
  cli_test_assert (test, 0, "note", file, "preparation.sign-off.technical-lead", "-5 rows");
  cli_test_assert (test, 0, "skip", file, "preparation.sign-off.technical-lead", "-1 day");
  cli_test_assert (test, 2, "set", file, "deployment.comparison.slot-usage.before", "-x");
  g_assert_nonnull (strstr (test->errors, "-x"));
  g_assert_true (g_file_get_contents (file, &written, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_nonnull (memmem (written, length, values[i], strlen (values[i])));
}

static void
test_runbook (CliTest *test, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "runbook", "check-boxes.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  /* Every box of the paper, its wording and its order. */
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  cli_test_assert (test, 0, "runbook");
  for (const char *at = test->output; lines[n] != NULL; n++)
    {
      g_autofree char *box = g_strdup_printf ("[ ] %s\n", lines[n]);

      at = strstr (at, box);
      if (at == NULL)
        g_error ("Missing or out of order: %s", lines[n]);
      at += strlen (box) - 1;
    }
  g_assert_cmpuint (n, ==, 114);
}

static guint
count_checks (JsonNode *node)
{
  guint n = 0;

  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      n += count_checks (json_array_get_element (json_node_get_array (node), i));
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      JsonObjectIter iter;
      JsonNode *member;

      n += g_strcmp0 (json_object_get_string_member_with_default (object, "kind", ""), "check") == 0;
      json_object_iter_init (&iter, object);
      while (json_object_iter_next (&iter, NULL, &member))
        n += count_checks (member);
    }
  return n;
}

static void
test_runbook_json (CliTest *test, gconstpointer data)
{
  g_autoptr (JsonNode) runbook = NULL;
  g_autofree char *path = cli_test_path (test, "mine.json");
  g_autofree char *printed = NULL;

  cli_test_assert (test, 0, "runbook", "--format", "json");
  runbook = cli_test_json (test);
  g_assert_cmpuint (count_checks (runbook), ==, 114);

  /* What is printed is a runbook itself. */
  printed = g_steal_pointer (&test->output);
  g_assert_true (g_file_set_contents (path, printed, -1, NULL));
  cli_test_assert (test, 0, "runbook", "--json", "--runbook", path);
  g_assert_cmpstr (test->output, ==, printed);

  g_assert_true (g_file_set_contents (path, "{\"format\": 1, \"surprise\": 2}", -1, NULL));
  cli_test_assert (test, 1, "runbook", "--runbook", path);
  g_assert_nonnull (strstr (test->errors, "mine.json"));
}

static char *
make (CliTest *test, const char *name)
{
  g_autoptr (JsonNode) made = NULL;

  cli_test_assert (test, 0, "new", "--json", "--name", name, "--lead", "Kyle", "--email", "kyle@example.com",
                   "--environment", "staging", "--project", "eros-dev", "--dataset", "eros_platform");
  made = cli_test_json (test);
  return g_strdup (json_object_get_string_member (json_node_get_object (made), "id"));
}

static void
test_acting (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");
  g_autoptr (JsonNode) status = NULL;
  JsonObject *object;

  g_assert_true (g_str_has_suffix (id, "-eros-2-4"));
  cli_test_assert (test, 0, "tick", id, APPROVAL);
  g_assert_nonnull (strstr (test->output, "names nobody yet"));
  cli_test_assert (test, 0, "set", id, "preparation.sign-off.people.product-owner", "Grace");
  cli_test_assert (test, 0, "note", id, APPROVAL, "by phone");
  cli_test_assert (test, 0, "escalate", id, "Barbara", "nobody answers");
  cli_test_assert (test, 2, "move", id, "2096-11-02 14:00", "2096-11-02 16:00");
  cli_test_assert (test, 0, "move", id, "2096-11-02 14:00", "2096-11-02 16:00", "--reason", "a feast day");
  cli_test_assert (test, 0, "status", id);
  g_assert_nonnull (strstr (test->output, "Escalated to Barbara"));
  cli_test_assert (test, 0, "skip", id, "preparation.testing.staging", "there is no staging");
  cli_test_assert (test, 0, "set", id, "preparation.environment.project.id", "eros-dev", "--actor", "Ada");
  cli_test_assert (test, 0, "override", id, "gate.final-sign-off", "Grace", "it burns");
  cli_test_assert (test, 0, "set", id, "sign-off.confirmation.deployment-lead.status", "SUCCESS");
  cli_test_assert (test, 3, "sign", id, "sign-off.confirmation.deployment-lead", "Kyle M.");
  g_assert_nonnull (strstr (test->errors, "was overridden by Grace: it burns"));
  g_assert_nonnull (strstr (test->errors, "“All validation tests passed ("));
  g_assert_nonnull (strstr (test->errors, "--anyway REASON"));
  cli_test_assert (test, 0, "sign", id, "sign-off.confirmation.deployment-lead", "Kyle M.", "--anyway",
                   "a fire drill");
  cli_test_assert (test, 0, "status", "--json", id);
  status = cli_test_json (test);
  object = json_node_get_object (status);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, "EROS 2.4");
  g_assert_cmpint (json_object_get_int_member (object, "done"), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (object, "result"), ==, "success");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "phases")), ==, 8);

  cli_test_assert (test, 3, "untick", id, "sign-off.confirmation.deployment-lead");
  cli_test_assert (test, 0, "undo", id);
  g_assert_nonnull (strstr (test->output, "Taken back: Value of “Project ID”"));
  cli_test_assert (test, 0, "status", id);
  g_assert_nonnull (strstr (test->output, "3 of 104 done, result: success"));
  g_assert_nonnull (strstr (test->output, "Signed as SUCCESS by Kyle M.\n"));
  g_assert_nonnull (strstr (test->output, "    recorded by "));
  g_assert_nonnull (strstr (test->output, "⚠ “All validation tests passed ("));
}

static JsonObject *
get_decision (JsonNode *status, guint i)
{
  JsonArray *decisions = json_object_get_array_member (json_node_get_object (status), "decisions");

  g_assert_cmpuint (json_array_get_length (decisions), >, i);
  return json_array_get_object_element (decisions, i);
}

/* Undo does not reach what was decided; what is withdrawn is named for ever, on the terminal and to machines.
 */
static void
test_withdrawing (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");
  g_autoptr (JsonNode) status = NULL;
  JsonObject *object;

  cli_test_assert (test, 0, "tick", id, APPROVAL);
  cli_test_assert (test, 0, "override", id, "gate.backup", "Grace", "it burns");
  /* Nothing has been deployed. */
  cli_test_assert (test, 3, "sign", id, "deployment.phase-1-sign-off.qa", "Quinn");
  g_assert_nonnull (strstr (test->errors, "“Deploy phase 1…” has not been begun"));
  cli_test_assert (test, 0, "sign", id, "deployment.phase-1-sign-off.qa", "Quinn", "--anyway", "a drill");
  cli_test_assert (test, 0, "sign", id, "deployment.phase-1-sign-off.deployment-lead", "quinn", "--anyway",
                   "a drill");
  cli_test_assert (test, 0, "undo", id);
  g_assert_nonnull (strstr (test->output, "Product Owner approval received"));
  cli_test_assert (test, 3, "undo", id);
  g_assert_nonnull (strstr (test->errors, "withdrawn where they stand"));

  cli_test_assert (test, 2, "withdraw", id, "gate.backup");
  g_assert_nonnull (strstr (test->errors, "Say why"));
  cli_test_assert (test, 3, "withdraw", id, APPROVAL, "--reason", "x");
  cli_test_assert (test, 2, "withdraw", id, "no.such", "--reason", "x");
  cli_test_assert (test, 0, "status", id);
  g_assert_nonnull (strstr (test->output, "Quinn has signed for several roles"));
  cli_test_assert (test, 0, "withdraw", id, "gate.backup", "--reason", "there is one", "--actor", "Ada");
  cli_test_assert (test, 0, "withdraw", id, "deployment.phase-1-sign-off.qa", "--reason", "too early");
  cli_test_assert (test, 0, "status", id);
  g_assert_nonnull (strstr (test->output, "Override of “There is a verified backup”, by Grace"));
  g_assert_nonnull (strstr (test->output, "withdrawn by Ada"));
  cli_test_assert (test, 0, "status", "--json", id);
  status = cli_test_json (test);
  object = get_decision (status, 0);
  g_assert_cmpstr (json_object_get_string_member (object, "kind"), ==, "override");
  g_assert_cmpstr (json_object_get_string_member (object, "target"), ==, "gate.backup");
  object = json_object_get_object_member (object, "withdrawn");
  g_assert_cmpstr (json_object_get_string_member (object, "actor"), ==, "Ada");
  g_assert_cmpstr (json_object_get_string_member (object, "reason"), ==, "there is one");
  g_assert_cmpstr (json_object_get_string_member (get_decision (status, 1), "kind"), ==, "signature");
  g_assert_true (json_object_get_null_member (get_decision (status, 2), "withdrawn"));
}

/* A box that is signed with a name is not ticked without one. */
static void
test_blank_sign_off (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");

  cli_test_assert (test, 3, "tick", id, "deployment.phase-1-sign-off.qa");
  g_assert_nonnull (strstr (test->errors, "sign it instead"));
  cli_test_assert (test, 3, "skip", id, "deployment.phase-1-sign-off.qa", "small team");
  cli_test_assert (test, 2, "sign", id, "deployment.phase-1-sign-off.qa", " ");
  cli_test_assert (test, 0, "set", id, "deployment.phase-1-sign-off.qa.name", "Quinn");
  cli_test_assert (test, 0, "tick", id, "deployment.phase-1-sign-off.qa", "--reason", "a drill");
  cli_test_assert (test, 3, "set", id, "deployment.phase-1-sign-off.qa.name", "");
}

static void
test_refusals (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");

  cli_test_assert (test, 3, "tick", id, "deployment.phase-1.execute");
  g_assert_nonnull (strstr (test->errors, "“The stakeholders have approved”"));
  cli_test_assert (test, 3, "sign", id, "sign-off.confirmation.technical-lead", "Grace");
  cli_test_assert (test, 2, "tick", id, "no.such");
  cli_test_assert (test, 2, "set", id, "details.deployment-date", "someday");
  cli_test_assert (test, 2, "set", id, "no.such", "1");
  cli_test_assert (test, 2, "check", id, "no.such");
  cli_test_assert (test, 3, "undo", id);
}

static void
test_list (CliTest *test, gconstpointer data)
{
  g_autofree char *broken = g_build_filename (test->folder, "eros-deploy", "broken.erosdeploy", NULL);
  g_autofree char *id = NULL;
  g_autoptr (JsonNode) list = NULL;
  JsonArray *array;

  cli_test_assert (test, 0, "list");
  g_assert_nonnull (strstr (test->output, "eros-deploy new"));
  id = make (test, "EROS 2.4");
  g_assert_true (g_file_set_contents (broken, "nonsense", -1, NULL));
  cli_test_assert (test, 0, "list");
  g_assert_nonnull (strstr (test->output, id));
  g_assert_nonnull (strstr (test->output, "is not a deployment"));
  cli_test_assert (test, 0, "list", "--json");
  list = cli_test_json (test);
  array = json_node_get_array (list);
  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);
      gboolean is_broken = g_str_equal (json_object_get_string_member (object, "id"), "broken");

      g_assert_cmpint (json_object_get_null_member (object, "error"), ==, !is_broken);
      g_assert_cmpint (json_object_has_member (object, "name"), ==, !is_broken);
    }
}

/* A spreadsheet calculates nothing that somebody has called a deployment. */
static void
test_csv (CliTest *test, gconstpointer data)
{
  static const char *const names[] = { "=1+1", "+1", "-1", "@SUM(A1)" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *option = g_strconcat ("--name=", names[i], NULL);
      g_autofree char *cell = g_strdup_printf (",\"'%s\",", names[i]);

      cli_test_assert (test, 0, "new", option);
      cli_test_assert (test, 0, "changes", "--csv");
      g_assert_nonnull (strstr (test->output, cell));
    }
}

static void
test_names (CliTest *test, gconstpointer data)
{
  g_autofree char *first = make (test, "EROS 2.4");
  g_autofree char *second = make (test, "EROS 2.4");
  g_autofree char *path = g_strdup_printf ("%s/eros-deploy/%s.erosdeploy", test->folder, second);
  g_autofree char *here = cli_test_path (test, "here.erosdeploy");

  g_assert_cmpstr (first, !=, second);
  /* The first's name is the beginning of the second's, and still a name. */
  cli_test_assert (test, 0, "status", first);
  cli_test_assert (test, 0, "status", second);
  cli_test_assert (test, 0, "status", path);
  cli_test_assert (test, 2, "status", "2");
  g_assert_nonnull (strstr (test->errors, "beginning of 2 deployments"));
  cli_test_assert (test, 0, "new", "--name", "Here", "--file", here);
  cli_test_assert (test, 0, "status", "here.erosdeploy");
  cli_test_assert (test, 1, "new", "--name", "Here", "--file", here);
  g_assert_nonnull (strstr (test->errors, "exists already"));
}

static void
flip_byte (const char *path, const char *near)
{
  g_autofree char *content = NULL;
  gsize length = 0;
  char *found;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  found = memmem (content, length, near, strlen (near));
  g_assert_nonnull (found);
  *found ^= 1;
  g_assert_true (g_file_set_contents (path, content, length, NULL));
}

static void
test_verify (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");
  g_autofree char *path = g_strdup_printf ("%s/eros-deploy/%s.erosdeploy", test->folder, id);
  g_autoptr (JsonNode) verdicts = NULL;
  JsonObject *verdict;

  cli_test_assert (test, 0, "note", id, APPROVAL, "unmistakable");
  cli_test_assert (test, 0, "tick", id, APPROVAL);
  cli_test_assert (test, 0, "verify", path);
  g_assert_nonnull (strstr (test->output, "3 events"));
  cli_test_assert (test, 0, "verify", id);
  flip_byte (path, "unmistakable");
  cli_test_assert (test, 1, "verify", path);
  g_assert_nonnull (strstr (test->output, "event 2 does not match its hash"));
  cli_test_assert (test, 1, "verify", "--json", path);
  verdicts = cli_test_json (test);
  verdict = json_array_get_object_element (json_node_get_array (verdicts), 0);
  g_assert_false (json_object_get_boolean_member (verdict, "good"));
  g_assert_cmpint (json_object_get_int_member (verdict, "events"), ==, 1);
  cli_test_assert (test, 1, "verify", "nowhere.erosdeploy");
  cli_test_assert (test, 1, "status", path);
}

/* What another program checks is no broken deployment. */
static void
test_verify_a_statement (CliTest *test, gconstpointer data)
{
  g_autofree char *path = cli_test_path (test, "statement.json");

  g_assert_true (g_file_set_contents (
    path, "{\"payload\":\"e30=\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[]}", -1,
    NULL));
  cli_test_assert (test, 1, "verify", path);
  g_assert_null (strstr (test->output, "is not a deployment"));
  g_assert_nonnull (strstr (test->output, "openssl dgst -sha256 -verify"));
}

static void
test_report (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");
  g_autofree char *path = cli_test_path (test, "out.pdf");

  cli_test_assert (test, 0, "report", id, "--output", "out.pdf", "--actor", "Ada <ada@example.com>");
  g_assert_nonnull (strstr (test->output, path));
  g_assert_nonnull (strstr (test->output, "signed by Ada"));
  cli_test_assert (test, 0, "verify", path);
  g_assert_nonnull (strstr (test->output, "as it was signed"));
  flip_byte (path, "endobj");
  cli_test_assert (test, 1, "verify", path);
  cli_test_assert (test, 0, "report", id, "--unsigned");
  cli_test_assert (test, 1, "report", id, "--output", "/nowhere/out.pdf");
}

static void
test_in_use (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");
  g_autofree char *lock = g_strdup_printf ("%s/eros-deploy/%s.erosdeploy-lock", test->folder, id);
  int fd = open (lock, O_RDWR | O_CREAT, 0600);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  cli_test_assert (test, 1, "tick", id, APPROVAL);
  g_assert_nonnull (strstr (test->errors, "is being written by another program"));
  cli_test_assert (test, 0, "status", id);
  close (fd);
  cli_test_assert (test, 0, "tick", id, APPROVAL);
}

static void
test_unreachable_service (CliTest *test, gconstpointer data)
{
  g_autofree char *id = make (test, "EROS 2.4");

  /* Nobody listens there. */
  cli_test_assert (test, 4, "check", id, "preparation.environment.network", "--endpoint",
                   "http://127.0.0.1:1");
  cli_test_assert (test, 4, "check", id, "preparation.environment.network", "--endpoint",
                   "http://127.0.0.1:1", "--json");
  cli_test_assert (test, 2, "check", id, "--sign-in", "magic");
}

static void
test_check (CliTest *test, gconstpointer data)
{
  g_autoptr (JsonNode) made = NULL;
  g_autoptr (JsonNode) found = NULL;
  g_autoptr (JsonNode) undecided = NULL;
  g_autoptr (JsonNode) status = NULL;
  const char *id;
  JsonObject *item;

  cli_test_assert (test, 0, "new", "--json", "--name", "Small", "--project", "eros-rehearsal", "--dataset",
                   "eros_platform");
  made = cli_test_json (test);
  id = json_object_get_string_member (json_node_get_object (made), "id");
  /* Nobody has said how many are expected: what has been counted matches nothing. */
  cli_test_assert (test, 5, "check", id, "validation.health.row-counts", "--captions", "200", "--json");
  undecided = cli_test_json (test);
  item = json_array_get_object_element (json_node_get_array (undecided), 0);
  g_assert_cmpstr (json_object_get_string_member (item, "outcome"), ==, "not-enough-to-say");
  g_assert_cmpstr (json_object_get_string_member (item, "mark"), ==, "open");
  cli_test_assert (test, 0, "set", id, "validation.health.row-counts.expected-caption-bank", "200");
  cli_test_assert (test, 0, "set", id, "validation.health.row-counts.expected-caption-bandit-stats", "200");
  cli_test_assert (test, 0, "set", id, "validation.health.row-counts.expected-active-caption-assignments",
                   "100");
  cli_test_assert (test, 0, "check", id, "validation.health.row-counts", "--captions", "200", "--json");
  found = cli_test_json (test);
  item = json_array_get_object_element (json_node_get_array (found), 0);
  g_assert_cmpstr (json_object_get_string_member (item, "outcome"), ==, "pass");
  g_assert_cmpstr (json_object_get_string_member (item, "mark"), ==, "ticked");
  g_assert_nonnull (
    strstr (json_object_get_string_member (item, "summary"), "caption_bank 200 (expected 200)"));

  /* What a query may cost is asked of all, and nobody hears of the first alone. */
  cli_test_assert (test, 4, "check", id, "validation.health.row-counts", "validation.health.orphans",
                   "--captions", "200", "--dry-run", "--budget", "0.001 MiB");
  g_assert_nonnull (strstr (test->errors, "2 queries would read more than a query may cost here"));

  /* A check that fails: an expectation that does not hold. */
  cli_test_assert (test, 0, "set", id, "validation.health.row-counts.expected-caption-bank", "7");
  cli_test_assert (test, 1, "check", id, "validation.health.row-counts", "--captions", "200");
  g_assert_nonnull (strstr (test->output, "0 passed, 0 passed with a warning, 1 failed"));
  cli_test_assert (test, 0, "status", id);
  g_assert_nonnull (strstr (test->output, "What is wrong:"));

  /* A tick over it wants a reason, and makes nothing of it good. */
  cli_test_assert (test, 3, "tick", id, "validation.health.row-counts");
  g_assert_nonnull (strstr (test->errors, "--reason REASON"));
  cli_test_assert (test, 0, "tick", id, "validation.health.row-counts", "--reason", "counted by hand");
  cli_test_assert (test, 0, "status", id);
  g_assert_nonnull (strstr (test->output, "What is wrong:"));
  g_assert_nonnull (strstr (test->output, "reason: counted by hand"));
  cli_test_assert (test, 0, "status", "--json", id);
  status = cli_test_json (test);
  g_assert_cmpstr (json_object_get_string_member (get_decision (status, 0), "kind"), ==, "tick");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cli_test_add ("/cli/help-names-every-command", test_help);
  cli_test_add ("/cli/wrong-usage-is-status-2", test_wrong_usage);
  cli_test_add ("/cli/one-rule-for-a-value-wherever-it-is-entered", test_one_rule);
  cli_test_add ("/cli/a-number-below-zero-is-a-value", test_numbers_below_zero);
  cli_test_add ("/cli/runbook-prints-every-box-of-the-paper", test_runbook);
  cli_test_add ("/cli/runbook-prints-json-that-is-a-runbook", test_runbook_json);
  cli_test_add ("/cli/what-a-person-does", test_acting);
  cli_test_add ("/cli/what-was-decided-is-withdrawn-not-undone", test_withdrawing);
  cli_test_add ("/cli/a-phase-is-not-signed-off-without-a-name", test_blank_sign_off);
  cli_test_add ("/cli/what-a-gate-refuses-is-status-3", test_refusals);
  cli_test_add ("/cli/list-shows-broken-files-too", test_list);
  cli_test_add ("/cli/a-deployment-has-several-names", test_names);
  cli_test_add ("/cli/a-table-for-other-programs-holds-no-formula", test_csv);
  cli_test_add ("/cli/verify-names-the-first-bad-event", test_verify);
  cli_test_add ("/cli/verify-says-how-a-statement-is-checked", test_verify_a_statement);
  cli_test_add ("/cli/report-is-signed-and-verified", test_report);
  cli_test_add ("/cli/one-in-use-can-be-read", test_in_use);
  cli_test_add ("/cli/an-unreachable-service-is-status-4", test_unreachable_service);
  cli_test_add ("/cli/check-asks-the-bigquery-in-the-box", test_check);
  return g_test_run ();
}
