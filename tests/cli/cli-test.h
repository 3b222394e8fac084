/* cli-test.h: the program as a shell sees it: arguments, output, exit status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *folder; /* XDG_DATA_HOME and working directory; removed with what is in it */
  char *output;
  char *errors;
  int   status;
} CliTest;

void cli_test_set_up (CliTest *test, gconstpointer data);
void cli_test_tear_down (CliTest *test, gconstpointer data);
#define cli_test_add(path, function) g_test_add (path, CliTest, NULL, cli_test_set_up, function, cli_test_tear_down)

/* Runs eros-deploy with these arguments (NULL-terminated), without a display, and waits for it. */
void cli_test_run (CliTest *test, ...) G_GNUC_NULL_TERMINATED;
/* The same, started only; its output goes into *OUTPUT. */
GPid cli_test_start (CliTest *test, int *output, ...) G_GNUC_NULL_TERMINATED;
/* (transfer full): its output as JSON */
JsonNode *cli_test_json (CliTest *test);
char     *cli_test_path (CliTest *test, const char *name); /* in the folder */

#define cli_test_assert(test, expected, ...)                                                                           \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    cli_test_run (test, __VA_ARGS__, NULL);                                                                            \
    if ((test)->status != (expected))                                                                                  \
      g_error ("status %d instead of %d\n%s\n%s", (test)->status, expected, (test)->output, (test)->errors);           \
  }                                                                                                                    \
  G_STMT_END

G_END_DECLS
