/* on-call.c: the program as whoever is on call uses it: from a terminal, against a server of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "on-call.h"

#include <string.h>

void
on_call_set_up (OnCall *test, gconstpointer data)
{
  static const char *const arguments[] = { "--sample=eros:" CAPTIONS, NULL };
  g_autoptr (JsonNode) made = NULL;

  cli_test_set_up (&test->cli, NULL);
  test->server = local_server_new (arguments);
  test->endpoint = g_strdup (local_server_endpoint (test->server));
  cli_test_assert (&test->cli, 0, "new", "--json", "--name", "EROS 2.4", "--lead", "Kyle", "--environment",
                   "staging", "--project", "eros-rehearsal", "--dataset", "eros_platform", "--bucket",
                   "eros-platform-backups");
  made = cli_test_json (&test->cli);
  test->id = g_strdup (json_object_get_string_member (json_node_get_object (made), "id"));
}

void
on_call_tear_down (OnCall *test, gconstpointer data)
{
  g_clear_pointer (&test->server, local_server_free);
  cli_test_tear_down (&test->cli, NULL);
  g_free (test->endpoint);
  g_free (test->id);
}

void
on_call_assert_says (OnCall *test, const char *where, const char *words)
{
  if (strstr (where, words) == NULL)
    g_error ("No “%s” in: %s\n%s", words, test->cli.output, test->cli.errors);
}

void
on_call_query (OnCall *test, const char *sql)
{
  g_autofree char *body = g_strdup_printf ("{\"query\": \"%s\", \"useLegacySql\": false}", sql);
  g_autoptr (JsonNode) answer =
    local_server_call (test->server, "POST", "/bigquery/v2/projects/eros-rehearsal/queries", body);

  g_assert_false (json_object_has_member (json_node_get_object (answer), "errors"));
}
