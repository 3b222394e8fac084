/* test-changes.c: what has changed in the data set, and by whom
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-changes.h"

#define D "`eros-rehearsal.eros_platform."

/* (nullable) */
static const ErosObjectChange *
find_change (GPtrArray *list, const char *operation, const char *change, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    {
      const ErosObjectChange *one = list->pdata[i];

      if (g_str_equal (one->operation, operation) && g_str_equal (one->change, change) &&
          g_str_equal (one->name, name))
        return one;
    }
  return NULL;
}

static void
test_changes_are_listed_by_whom (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) none = eros_changes_list (test->deployment);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) rolled_back = NULL;
  g_autofree char *backup = NULL;
  g_autoptr (GHashTable) arguments = NULL;
  const ErosObjectChange *change;

  g_assert_cmpuint (none->len, ==, 0);
  controller_test_open_gates (test);
  g_free (controller_test_query (test, "CREATE VIEW " D "before` AS SELECT 1 AS one"));
  controller_test_run (test, "backup", NULL);
  g_free (controller_test_query (test, "CREATE OR REPLACE VIEW " D "before` AS SELECT 2 AS two"));
  controller_test_run (test, "deploy-phase1", NULL);

  list = eros_changes_list (test->deployment);
  change = find_change (list, "deploy-phase1", "changed", "before");
  g_assert_nonnull (change);
  g_assert_true (change->by_others);
  g_assert_true (g_strv_contains ((const char *const *) change->lines, "-AS SELECT 1 AS one;"));
  g_assert_true (g_strv_contains ((const char *const *) change->lines, "+AS SELECT 2 AS two;"));
  change = find_change (list, "deploy-phase1", "added", "wilson_score_lower_bound");
  g_assert_nonnull (change);
  g_assert_false (change->by_others);
  g_assert_cmpstr (change->kind, ==, "function");

  /* A reopened deployment says the same. */
  controller_test_reopen (test);
  g_ptr_array_unref (list);
  list = eros_changes_list (test->deployment);
  g_assert_nonnull (find_change (list, "deploy-phase1", "added", "wilson_score_lower_bound"));

  backup = controller_test_backup_suffix (test);
  arguments = controller_test_rollback_arguments (backup);
  controller_test_run (test, "rollback", arguments);
  rolled_back = eros_changes_list (test->deployment);
  change = find_change (rolled_back, "rollback", "removed", "wilson_score_lower_bound");
  g_assert_nonnull (change);
  g_assert_false (change->by_others);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/controller/changes/are-listed-by-whom", ControllerTest, NULL, controller_test_set_up,
              test_changes_are_listed_by_whom, controller_test_tear_down);
  return g_test_run ();
}
