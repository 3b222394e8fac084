/* test-fitness.c: what a snapshot would not hold, and a transaction not bring back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "controller-test.h"
#include "eros-controller-error.h"
#include "eros-plan-fitness.h"

#define NAMED "\"tableReference\": {\"tableId\": \"caption_bank\"}, "

static const struct
{
  const char *table;
  const char *refusal; /* NULL: none */
  const char *remark;  /* NULL: none */
} tables[] = {
  { "{" NAMED "\"type\": \"TABLE\", \"numRows\": \"3\"}", NULL, NULL },
  { "{" NAMED
    "\"type\": \"TABLE\", \"streamingBuffer\": {\"estimatedRows\": \"120\", \"estimatedBytes\": \"9\"}}",
    "About 120 rows of caption_bank are still in its streaming buffer", NULL },
  { "{" NAMED "\"type\": \"TABLE\", \"streamingBuffer\": {}}", "streaming buffer", NULL },
  { "{" NAMED "\"type\": \"VIEW\"}", "caption_bank is no table but a VIEW", NULL },
  { "{" NAMED "\"type\": \"EXTERNAL\"}", "no table but a EXTERNAL", NULL },
  { "{" NAMED
    "\"type\": \"TABLE\", \"timePartitioning\": {\"type\": \"DAY\", \"requirePartitionFilter\": true}}",
    "require_partition_filter = FALSE", NULL },
  { "{" NAMED "\"type\": \"TABLE\", \"requirePartitionFilter\": true}", "require_partition_filter = FALSE",
    NULL },
  { "{" NAMED
    "\"type\": \"TABLE\", \"timePartitioning\": {\"type\": \"DAY\", \"expirationMs\": \"5184000000\"}}",
    NULL, "its partitions expire after 60 days" },
};

static void
test_tables (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (tables[i].table, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *remark = NULL;
      gboolean fits = eros_fitness_judge_table (json_node_get_object (node), &remark, &error);

      g_test_message ("%s", tables[i].table);
      g_assert_cmpint (fits, ==, tables[i].refusal == NULL);
      if (!fits)
        g_assert_nonnull (strstr (error->message, tables[i].refusal));
      g_assert_cmpint (remark != NULL, ==, tables[i].remark != NULL);
      if (remark != NULL)
        g_assert_nonnull (strstr (remark, tables[i].remark));
    }
}

static void
test_limits (void)
{
  static const struct
  {
    gint64 n_partitions;
    gint64 most;
    const char *fine_grained;
    const char *refusal;
  } cases[] = {
    { 0, 0, "", NULL },
    { 50000, 4000, "", NULL },
    { 50001, 4000, "", "which can change 50000" },
    { 4001, 4001, "", "a statement can change 4000" },
    { 1, 1, "caption_bank", "fine-grained DML" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean fits =
        eros_fitness_judge_all (cases[i].n_partitions, cases[i].most, cases[i].fine_grained, &error);

      g_assert_cmpint (fits, ==, cases[i].refusal == NULL);
      if (!fits)
        g_assert_nonnull (strstr (error->message, cases[i].refusal));
    }
}

/* It ends before a snapshot is there. */
static void
test_backup (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *n = NULL;
  ErosOperation *operation;

  g_free (controller_test_query (
    test, "CREATE OR REPLACE TABLE `eros-rehearsal.eros_platform.caption_bank` (id INT64, day "
          "DATE) PARTITION BY day OPTIONS (require_partition_filter = TRUE)"));
  operation = controller_test_plan (test, "backup", NULL);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "require_partition_filter = FALSE"));
  n = controller_test_query (
    test, "SELECT COUNT(*) FROM `eros-rehearsal.eros_platform.__TABLES__` WHERE table_id LIKE "
          "'%_backup_%'");
  g_assert_cmpstr (n, ==, "0");
}

/* A text with U+0000 cannot be loaded again: it is looked for before anything is made. */
static void
test_texts (ControllerTest *test, gconstpointer data)
{
  ErosConnection *connection = eros_controller_get_connection (test->controller);
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  g_autofree char *n = NULL;
  ErosOperation *operation;

  g_free (controller_test_query (test, "UPDATE `eros-rehearsal.eros_platform.caption_bank` SET caption_text "
                                       "= CONCAT('a\\\\u0000', IF(caption_id = "
                                       "2, CODE_POINTS_TO_STRING([0]), '')) WHERE caption_id IN (1, 2)"));
  operation = controller_test_plan (test, "backup", NULL);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "1 rows of caption_bank have a text with the character U+0000"));
  n = controller_test_query (
    test, "SELECT COUNT(*) FROM `eros-rehearsal.eros_platform.__TABLES__` WHERE table_id LIKE "
          "'%_backup_%'");
  g_assert_cmpstr (n, ==, "0");
  g_clear_error (&error);

  /* What costs more than a query may is not looked at, and that is said. */
  g_object_set (connection, "budget-bytes", (gint64) 1000, NULL);
  operation = controller_test_plan (test, "backup", NULL);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_null (strstr (error->message, "U+0000"));
  for (guint i = 0; i < g_list_model_get_n_items (eros_operation_get_steps (operation)); i++)
    {
      g_autoptr (ErosStep) step = g_list_model_get_item (eros_operation_get_steps (operation), i);

      if (g_str_has_suffix (eros_step_get_title (step), "texts of caption_bank"))
        found = g_strdup (eros_step_get_detail (step));
    }
  g_assert_nonnull (strstr (found, "not checked whether texts have U+0000"));
}

/* Only what is seen is compared. */
static void
test_seen_rows (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_fitness_judge_rows ("caption_bank", "2000", "2000", NULL));
  g_assert_true (eros_fitness_judge_rows ("caption_bank", "2001", "2000", NULL));
  g_assert_true (eros_fitness_judge_rows ("caption_bank", "7", NULL, NULL));
  g_assert_false (eros_fitness_judge_rows ("caption_bank", "99", "2000", &error));
  g_assert_nonnull (strstr (error->message, "caption_bank: 99 of 2000 are seen"));
}

static void
test_hidden_rows (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  g_free (controller_test_query (
    test, "CREATE ROW ACCESS POLICY others ON `eros-rehearsal.eros_platform.caption_bank` GRANT "
          "TO ('user:nobody@example.com') FILTER USING (caption_id < 100)"));
  operation = controller_test_plan (test, "backup", NULL);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "row access policies hide rows of it"));
  g_assert_nonnull (strstr (error->message, "FILTER USING (TRUE)"));
}

/* Where nobody has answered whether rows are hidden, none are taken to be there. */
static void
test_no_answer (ControllerTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ErosOperation *operation;

  g_object_set (eros_controller_get_connection (test->controller), "patience-ms", (gint64) 100, NULL);
  controller_test_tell_server (
    test, "POST", "/_local/faults",
    "{\"path\": \"/rowAccessPolicies$\", \"times\": -1, \"action\": \"503:backendError\"}");
  operation = controller_test_plan (test, "backup", NULL);
  g_assert_false (controller_test_start (test, operation, &error));
  g_assert_nonnull (strstr (error->message, "Look whether a snapshot can hold"));
  g_assert_nonnull (strstr (error->message, "backendError"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fitness/a-table-that-a-snapshot-would-not-hold-is-named", test_tables);
  g_test_add_func ("/fitness/more-than-a-transaction-can-change-is-named", test_limits);
  g_test_add ("/fitness/it-is-looked-for-before-a-backup-makes-anything", ControllerTest, NULL,
              controller_test_set_up, test_backup, controller_test_tear_down);
  g_test_add ("/fitness/a-text-that-no-export-carries-is-named-before", ControllerTest, NULL,
              controller_test_set_up, test_texts, controller_test_tear_down);
  g_test_add_func ("/fitness/rows-that-are-not-seen-are-counted", test_seen_rows);
  g_test_add ("/fitness/hidden-rows-are-no-backup", ControllerTest, NULL, controller_test_set_up,
              test_hidden_rows, controller_test_tear_down);
  g_test_add ("/fitness/policies-that-nobody-names-may-be-there", ControllerTest, NULL,
              controller_test_set_up, test_no_answer, controller_test_tear_down);
  return g_test_run ();
}
