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
  char           *folder;
  ErosRehearsal  *rehearsal;
  ErosDeployment *deployment;
  ErosController *controller;
  GAsyncResult   *result; /* of the call that is waited for */
} ControllerTest;

void controller_test_set_up (ControllerTest *test, gconstpointer data);
/* The same, and there have been jobs for twenty days: one every twelve minutes, until 13 minutes ago. */
void controller_test_set_up_with_history (ControllerTest *test, gconstpointer data);
void controller_test_tear_down (ControllerTest *test, gconstpointer data);
/* A callback for calls whose result controller_test_wait () then gives. user_data: &test->result */
void          controller_test_keep_cb (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *controller_test_wait (ControllerTest *test);
/* Runs SQL as somebody else would, past the controller. Returns: (transfer full) (nullable): the first cell */
char *controller_test_query (ControllerTest *test, const char *sql);

/* ---- operations ---------------------------------------------------------------------------------------- */
ErosOperation *controller_test_plan (ControllerTest *test, const char *kind, GHashTable *arguments);
gboolean       controller_test_start (ControllerTest *test, ErosOperation *operation, GError **error);
/* Plans, runs, and says which step failed and why: what a person would look at too. */
ErosOperation *controller_test_run (ControllerTest *test, const char *kind, GHashTable *arguments);
void           controller_test_assert_went_well (ErosOperation *operation);
/* How many rows the rehearsal's tables have: what a person knows. */
void controller_test_expect_rows (ControllerTest *test);
/* Whatever a gate before a deployment asks for, by decision. */
void controller_test_open_gates (ControllerTest *test);
/* "backup_20251031_143022", of the first backup. (transfer full) */
char       *controller_test_backup_suffix (ControllerTest *test);
GHashTable *controller_test_rollback_arguments (const char *backup);
void        controller_test_assert_ticked (ControllerTest *test, const char *id);
/* Of the rows of the three critical tables. (transfer full) */
char *controller_test_fingerprint (ControllerTest *test);
/* All that there is beside the tables' rows: tables with their layout, routines. (transfer full) */
char *controller_test_inventory (ControllerTest *test);
/* Sends to the server itself, past the client: "POST", "/_local/faults", "{…}". */
void controller_test_tell_server (ControllerTest *test, const char *method, const char *path, const char *body);
/* A folder with all steps, and more added to one of the files. It goes with the test. (transfer full) */
char *controller_test_copy_steps (ControllerTest *test, const char *file, const char *more);
/* Opens a deployment that another process has written. */
void controller_test_open (ControllerTest *test, const char *path);
/* Lets go of the deployment and opens it again, as after a crash or a closed window. */
void controller_test_reopen (ControllerTest *test);

G_END_DECLS
