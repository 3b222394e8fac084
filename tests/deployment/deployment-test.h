/* deployment-test.h: a deployment of the shipped runbook, or of a small one, in a folder of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"
#include "eros-problem.h"

G_BEGIN_DECLS

typedef struct
{
  char           *folder; /* removed with what is in it */
  GFile          *file;
  ErosDeployment *deployment;
} DeploymentTest;

/* DATA: NULL for the shipped runbook, or a runbook’s JSON. */
void deployment_test_set_up (DeploymentTest *test, gconstpointer data);
/* The same of a rehearsal. */
void deployment_test_set_up_rehearsal (DeploymentTest *test, gconstpointer data);
void deployment_test_set_up_production (DeploymentTest *test, gconstpointer data);
void deployment_test_tear_down (DeploymentTest *test, gconstpointer data);
#define deployment_test_add(path, runbook, function)                                                                   \
  g_test_add (path, DeploymentTest, runbook, deployment_test_set_up, function, deployment_test_tear_down)

/* Closes it and opens it again. */
void deployment_test_reopen (DeploymentTest *test);
/* Everything that can be seen of a deployment, as text. */
char *deployment_test_describe (ErosDeployment *deployment);

/* What is called takes “error”, and succeeds. */
#define must(call)                                                                                                     \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autoptr (GError) e = NULL;                                                                                       \
    GError **error = &e;                                                                                               \
    gboolean done = (call);                                                                                            \
    g_assert_no_error (e);                                                                                             \
    g_assert_true (done);                                                                                              \
  }                                                                                                                    \
  G_STMT_END

/* Whether a problem of KIND says WORDS, so many minutes from now. */
gboolean deployment_test_warns (DeploymentTest *test, int minutes, ErosProblemKind kind, const char *words);

#define DEPLOYMENT_TEST_ACTOR "Ada <ada@example.com>"

G_END_DECLS
