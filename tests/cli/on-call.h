/* on-call.h: the program as whoever is on call uses it: from a terminal, against a server of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "cli-test.h"
#include "local-server.h"

G_BEGIN_DECLS

#define CAPTIONS "600"

typedef struct
{
  CliTest      cli;
  LocalServer *server;
  char        *endpoint;
  char        *id; /* of a deployment in staging */
} OnCall;

void on_call_set_up (OnCall *test, gconstpointer data);
void on_call_tear_down (OnCall *test, gconstpointer data);

#define on_call(test, status, command, ...)                                                                            \
  cli_test_assert (&(test)->cli, status, command, "--endpoint", (test)->endpoint, (test)->id, ##__VA_ARGS__)

void on_call_assert_says (OnCall *test, const char *where, const char *words);
/* Runs SQL as an application would. */
void on_call_query (OnCall *test, const char *sql);

G_END_DECLS
