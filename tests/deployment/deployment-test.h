/* deployment-test.h: a deployment of the shipped runbook, or of a small one, in a folder of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

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

#define DEPLOYMENT_TEST_ACTOR "Ada <ada@example.com>"

G_END_DECLS
