/* test-compare.c: what the terminal says of before and after
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "cli-test.h"
#include "eros-deployment.h"
#include "local-server.h"

typedef struct
{
  CliTest cli;
  LocalServer *server;
  char *id;
} Compare;

static const char *const with_history[] = { "--sample=eros:2000", "--history=20", NULL };
static const char *const without_history[] = { "--sample=eros:50", NULL };

static void
take_out (GString *text, const char *words)
{
  g_assert_cmpuint (g_string_replace (text, words, "", 0), ==, 1);
}

/* The program's own runbook without what runs in two ways: what is left is the job history. (transfer full):
 * its path */
static char *
write_runbook (Compare *test)
{
  const char *root = g_getenv ("EROS_SOURCE_ROOT");
  g_autofree char *shipped = g_build_filename (root, "data", "runbook", "eros-scheduling.json", NULL);
  g_autofree char *sql = g_build_filename (root, "sql", NULL);
  g_autofree char *copy = g_build_filename (test->cli.folder, "sql", NULL);
  g_autofree char *comparison = g_build_filename (copy, "comparison", "10-caption-selection", NULL);
  const char *copying[] = { "cp", "-r", sql, copy, NULL };
  const char *removing[] = { "rm", "-r", comparison, NULL };
  g_autofree char *text = NULL;
  GString *edited;
  char *path = g_build_filename (test->cli.folder, "runbook.json", NULL);

  g_assert_true (
    g_spawn_sync (NULL, (char **) copying, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_assert_true (
    g_spawn_sync (NULL, (char **) removing, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (shipped, &text, NULL, NULL));
  edited = g_string_new (text);
  take_out (edited, "                \"deployment.comparison.caption-selection-time.before\": "
                    "\"before.caption-selection-time\",\n");
  take_out (edited, "                \"deployment.comparison.caption-selection-time.after\": "
                    "\"after.caption-selection-time\",\n");
  g_assert_cmpuint (
    g_string_replace (edited, "\"format\": 1,", "\"format\": 1,\n  \"steps_folder\": \"sql\",", 1), ==, 1);
  g_assert_true (g_file_set_contents (path, edited->str, -1, NULL));
  g_string_free (edited, TRUE);
  return path;
}

static void
set_up (Compare *test, gconstpointer data)
{
  g_autofree char *runbook = NULL;
  g_autoptr (JsonNode) made = NULL;

  cli_test_set_up (&test->cli, NULL);
  test->server = local_server_new (data);
  runbook = write_runbook (test);
  cli_test_assert (&test->cli, 0, "new", "--json", "--name", "EROS 2.4", "--lead", "Kyle", "--environment",
                   "staging", "--project", "eros-rehearsal", "--dataset", "eros_platform", "--bucket",
                   "eros-platform-backups", "--runbook", runbook);
  made = cli_test_json (&test->cli);
  test->id = g_strdup (json_object_get_string_member (json_node_get_object (made), "id"));
}

static void
tear_down (Compare *test, gconstpointer data)
{
  g_clear_pointer (&test->server, local_server_free);
  cli_test_tear_down (&test->cli, NULL);
  g_free (test->id);
}

static char *
hours_ago (double hours)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) then = g_date_time_add_seconds (now, -hours * 3600);

  return g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");
}

static const char *
verdict_of (JsonObject *metric)
{
  return json_object_get_string_member (metric, "verdict");
}

/* Compares as if the deployment had ended so long ago; the status says whether that was enough to say
 * anything. (transfer full): the answer */
static JsonNode *
compare (Compare *test, double hours)
{
  g_autofree char *since = hours_ago (hours);
  JsonNode *answer;
  JsonArray *all;
  guint n_conclusive = 0;

  cli_test_run (&test->cli, "compare", "--json", "--endpoint", local_server_endpoint (test->server),
                "--since", since, test->id, NULL);
  answer = cli_test_json (&test->cli);
  all = json_object_get_array_member (json_node_get_object (answer), "comparison");
  for (guint i = 0; i < json_array_get_length (all); i++)
    n_conclusive += !g_str_equal (verdict_of (json_array_get_object_element (all, i)), "not-enough-data");
  g_assert_cmpint (test->cli.status, ==, n_conclusive > 0 ? 0 : 5);
  return answer;
}

/* (transfer none) */
static JsonObject *
find_metric (JsonNode *answer, const char *metric)
{
  JsonArray *all = json_object_get_array_member (json_node_get_object (answer), "comparison");

  for (guint i = 0; i < json_array_get_length (all); i++)
    {
      JsonObject *one = json_array_get_object_element (all, i);

      if (g_str_equal (json_object_get_string_member (one, "metric"), metric))
        return one;
    }
  g_error ("no metric %s in %s", metric, json_to_string (answer, TRUE));
}

static void
assert_hours (JsonObject *metric, const char *side, int wanted)
{
  JsonObject *object = json_object_get_object_member (metric, side);

  g_assert_cmpint (json_object_get_int_member (object, "hours"), ==, wanted);
  g_assert_nonnull (json_object_get_string_member (object, "from"));
  g_assert_nonnull (json_object_get_string_member (object, "to"));
}

/* The field of the table holds the number that the comparison says. */
static void
assert_field (Compare *test, const char *metric, const char *side, JsonObject *found)
{
  g_autofree char *path = g_strdup_printf ("%s/eros-deploy/%s.erosdeploy", test->cli.folder, test->id);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *field = g_strdup_printf ("deployment.comparison.%s.%s", metric, side);
  JsonNode *value = json_object_get_member (json_object_get_object_member (found, side), "value");
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosDeployment) deployment = eros_deployment_open (file, EROS_JOURNAL_READ, &error);
  const char *text;

  g_assert_no_error (error);
  text = eros_deployment_get_value (deployment, field);
  if (json_node_is_null (value))
    g_assert_cmpstr (text, ==, "");
  else
    g_assert_cmpfloat_with_epsilon (g_ascii_strtod (text, NULL), json_node_get_double (value), 1e-4);
}

/* Each number of the same measurement, of the same hours, beside its spread and its span; a day's cost from
 * half a day. */
static void
test_numbers_are_of_the_same_hours (Compare *test, gconstpointer data)
{
  static const char *const metrics[] = { "query-time", "slot-usage", "daily-cost" };
  g_autoptr (JsonNode) answer = compare (test, 13.1);
  JsonObject *cost = find_metric (answer, "daily-cost");
  JsonObject *distribution = find_metric (answer, "distribution-effectiveness");

  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++)
    {
      JsonObject *metric = find_metric (answer, metrics[i]);

      assert_hours (metric, "after", 13);
      assert_hours (metric, "before", 7 * 13);
      g_assert_cmpfloat (
        json_object_get_double_member (json_object_get_object_member (metric, "after"), "spread"), >=, 0);
      assert_field (test, metrics[i], "before", metric);
      assert_field (test, metrics[i], "after", metric);
    }
  /* What a runbook measures by the hour is of the same hours. */
  g_assert_cmpint (
    json_object_get_int_member (json_object_get_object_member (distribution, "after"), "hours"), >, 5);
  g_assert_cmpfloat (
    json_object_get_double_member (json_object_get_object_member (distribution, "after"), "value"), <=, 100);
  g_assert_cmpstr (json_object_get_string_member (distribution, "unit"), ==, "%");
  assert_field (test, "distribution-effectiveness", "before", distribution);
  assert_field (test, "distribution-effectiveness", "after", distribution);
  /* The sample's queries bill the same in every hour, nearly. */
  g_assert_cmpstr (verdict_of (cost), ==, "equivalent");
  g_assert_cmpint (json_object_get_int_member (cost, "margin_percent"), ==, 10);
  /* What failed is left out of times, and was paid for. */
  g_assert_cmpint (json_object_get_int_member (
                     json_object_get_object_member (find_metric (answer, "query-time"), "before"), "failed"),
                   >, 0);
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (cost, "before"), "failed"), ==,
                   0);
  cli_test_assert (&test->cli, 5, "compare", "--endpoint", local_server_endpoint (test->server), "--since",
                   "2026-01-01T00:00:00Z", test->id);
  g_assert_nonnull (strstr (test->cli.output, "168 hours"));
}

static void
assert_box (Compare *test, const char *symbol)
{
  g_autofree char *words = g_strdup_printf ("%s Performance improvements measured and documented", symbol);

  if (strstr (test->cli.output, words) == NULL)
    g_error ("no “%s” in %s", words, test->cli.output);
}

/* From six hours nobody knows what a day costs, and the number of an earlier comparison does not stand in for
 * it. */
static void
test_no_day_is_worked_out_from_less_than_half (Compare *test, gconstpointer data)
{
  g_autoptr (JsonNode) longer = compare (test, 13.1);
  g_autoptr (JsonNode) answer = compare (test, 6.1);
  JsonObject *cost = find_metric (answer, "daily-cost");

  g_assert_true (json_object_get_null_member (json_object_get_object_member (cost, "after"), "value"));
  g_assert_true (json_object_get_null_member (cost, "change_percent"));
  g_assert_cmpstr (verdict_of (cost), ==, "not-enough-data");
  assert_field (test, "daily-cost", "after", cost);
  assert_hours (find_metric (answer, "query-time"), "after", 6);
}

/* Two hours are not enough for a verdict on anything: nothing is proved, and an earlier tick is taken back.
 */
static void
test_two_hours_prove_nothing (Compare *test, gconstpointer data)
{
  static const char *const metrics[] = { "query-time", "slot-usage", "daily-cost" };
  g_autofree char *long_ago = hours_ago (13.1);
  g_autofree char *since = hours_ago (2.1);
  g_autoptr (JsonNode) answer = NULL;

  cli_test_assert (&test->cli, 0, "compare", "--endpoint", local_server_endpoint (test->server), "--since",
                   long_ago, test->id);
  assert_box (test, "✔");
  cli_test_assert (&test->cli, 5, "compare", "--endpoint", local_server_endpoint (test->server), "--since",
                   since, test->id);
  assert_box (test, "–");
  g_assert_nonnull (strstr (test->cli.output, "2 hours after, and at least 5 are needed"));
  answer = compare (test, 2.1);
  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++)
    g_assert_cmpstr (verdict_of (find_metric (answer, metrics[i])), ==, "not-enough-data");
}

/* With nothing before there is nothing to compare with, and no percentage of it. */
static void
test_without_a_before_nothing_is_said (Compare *test, gconstpointer data)
{
  g_autoptr (JsonNode) answer = compare (test, 13.1);
  JsonObject *cost = find_metric (answer, "daily-cost");

  g_assert_cmpstr (verdict_of (cost), ==, "not-enough-data");
  g_assert_true (json_object_get_null_member (cost, "change_percent"));
  g_assert_true (json_object_get_null_member (cost, "p"));
}

#define add(path, arguments, function) g_test_add (path, Compare, arguments, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/cli/compare/numbers-are-of-the-same-hours", with_history, test_numbers_are_of_the_same_hours);
  add ("/cli/compare/no-day-is-worked-out-from-less-than-half", with_history,
       test_no_day_is_worked_out_from_less_than_half);
  add ("/cli/compare/two-hours-prove-nothing", with_history, test_two_hours_prove_nothing);
  add ("/cli/compare/without-a-before-nothing-is-said", without_history,
       test_without_a_before_nothing_is_said);
  return g_test_run ();
}
