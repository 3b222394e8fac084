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

/* (transfer full): "STATE DETAIL" of each look, a line each */
static char *
looks_of (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      if (g_str_has_prefix (eros_step_get_title (step), "Look who may see what after"))
        g_string_append_printf (text, "%s\n", eros_step_get_detail (step));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static guint
count_warned (ErosOperation *operation)
{
  GListModel *steps = eros_operation_get_steps (operation);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (steps, i);

      n += eros_step_is_warned (step);
    }
  return n;
}

/* What a step has silently lost is said of that step, and of no other; what its SQL names is meant. */
static void
test_rights_are_looked_at_after_each_step (ControllerTest *test, gconstpointer data)
{
  g_autofree char *folder = controller_test_copy_steps (
    test, "phase1/10-wilson-score/deploy.sql",
    "\nCREATE OR REPLACE TABLE `${project}.${dataset}.guarded` AS SELECT 1 AS id;\n"
    "DROP ROW ACCESS POLICY meant ON `${project}.${dataset}.other`;\n");
  g_autoptr (GHashTable) arguments = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autofree char *looks = NULL;
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;
  const char *found;

  g_free (controller_test_query (test, "CREATE TABLE " D "guarded` AS SELECT 1 AS id;"
                                       "CREATE TABLE " D "other` AS SELECT 1 AS id;"
                                       "CREATE ROW ACCESS POLICY own ON " D "guarded` GRANT TO "
                                       "('user:ada@example.com') FILTER USING (TRUE);"
                                       "CREATE ROW ACCESS POLICY stays ON " D "other` GRANT TO "
                                       "('user:ada@example.com') FILTER USING (TRUE);"
                                       "CREATE ROW ACCESS POLICY meant ON " D "other` GRANT TO "
                                       "('user:ada@example.com') FILTER USING (TRUE)"));
  controller_test_open_gates (test);
  controller_test_run (test, "backup", NULL);
  g_hash_table_insert (arguments, (gpointer) "sql", g_steal_pointer (&folder));
  operation = controller_test_plan (test, "deploy-phase1", arguments);
  controller_test_start (test, operation, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_warned (operation), ==, 1);
  controller_test_reopen (test);
  operation = eros_controller_find_operation (test->controller, "deploy-phase1");
  g_assert_cmpuint (count_warned (operation), ==, 1);
  looks = looks_of (operation);
  found = strstr (looks, "row access policy guarded.own");
  g_assert_nonnull (found);
  g_assert_null (strstr (found + 1, "row access policy guarded.own"));
  g_assert_null (strstr (looks, "other.meant"));
  g_assert_nonnull (strstr (looks, "all are as they were"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/controller/changes/are-listed-by-whom", ControllerTest, NULL, controller_test_set_up,
              test_changes_are_listed_by_whom, controller_test_tear_down);
  g_test_add ("/controller/changes/rights-are-looked-at-after-each-step", ControllerTest, NULL,
              controller_test_set_up, test_rights_are_looked_at_after_each_step, controller_test_tear_down);
  return g_test_run ();
}
