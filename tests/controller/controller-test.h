/* controller-test.h: a controller with a rehearsal of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-big-query.h"
#include "eros-controller.h"
#include "eros-rehearsal.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;
  ErosRehearsal *rehearsal;
  ErosDeployment *deployment;
  ErosController *controller;
  GAsyncResult *result; /* of the call that is waited for */
} ControllerTest;

void          controller_test_set_up    (ControllerTest *test, gconstpointer data);
void          controller_test_tear_down (ControllerTest *test, gconstpointer data);
/* A callback for calls whose result controller_test_wait () then gives. user_data: &test->result */
void          controller_test_keep_cb   (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *controller_test_wait      (ControllerTest *test);
/* Runs SQL as somebody else would, past the controller. Returns: (transfer full) (nullable): the first cell */
char         *controller_test_query     (ControllerTest *test, const char *sql);

G_END_DECLS
