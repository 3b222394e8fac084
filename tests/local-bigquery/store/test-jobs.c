/* test-jobs.c: jobs and the rows they answered with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "eros-store-job.h"

static ErosStore *
open_store (const char *directory)
{
  g_autoptr (GError) error = NULL;
  ErosStore *store = eros_store_open (directory, NULL, NULL, &error);

  g_assert_no_error (error);
  return store;
}

static ErosStoreJob *
describe_job (const char *id, gint64 created)
{
  ErosStoreJob *job = eros_store_job_new ("p", id);

  job->created = created;
  job->state = g_strdup ("RUNNING");
  job->resource = g_strdup ("{}");
  job->job_type = g_strdup ("QUERY");
  return job;
}

static void
test_unique (void)
{
  g_autoptr (ErosStore) store = open_store (NULL);
  g_autoptr (ErosStoreJob) job = describe_job ("j", 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (eros_store_insert_job (store, job, &error));
  g_assert_false (eros_store_insert_job (store, job, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE);
  g_assert_cmpstr (error->message, ==, "Already Exists: Job p:US.j");
  g_clear_error (&error);
  g_assert_true (eros_store_delete_job (store, "p", "j", &error));
  g_assert_null (eros_store_get_job (store, "p", "j", &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (eros_store_insert_job (store, job, &error));
  g_assert_error (error, EROS_STORE_ERROR, EROS_STORE_ERROR_DUPLICATE);
}

static void
test_pages (void)
{
  g_autoptr (ErosStore) store = open_store (NULL);
  g_autoptr (GError) error = NULL;
  ErosStoreJobFilter filter = { .project = "p", .n_jobs = 4 };
  g_autofree char *before_id = NULL;
  guint seen = 0;
  gboolean more = TRUE;

  /* Two to a moment, so that a page ends between them. */
  for (guint i = 0; i < 11; i++)
    {
      g_autofree char *id = g_strdup_printf ("j%02u", i);
      g_autoptr (ErosStoreJob) job = describe_job (id, 100 + (i + 1) / 2);

      g_assert_true (eros_store_insert_job (store, job, &error));
    }
  while (more)
    {
      g_autoptr (GPtrArray) jobs = eros_store_list_jobs (store, &filter, &more, &error);
      ErosStoreJob *last;

      g_assert_no_error (error);
      for (guint i = 0; i < jobs->len; i++, seen++)
        {
          g_autofree char *id = g_strdup_printf ("j%02u", 10 - seen);

          g_assert_cmpstr (((ErosStoreJob *) g_ptr_array_index (jobs, i))->id, ==, id);
        }
      last = g_ptr_array_index (jobs, jobs->len - 1);
      filter.before = last->created;
      g_free (before_id);
      filter.before_id = before_id = g_strdup (last->id);
    }
  g_assert_cmpuint (seen, ==, 11);
}

typedef struct
{
  gint64 next;
  gint64 seen;
} Check;

static gboolean
check_row (const ErosSqlValue *values, guint n_values, gpointer user_data)
{
  Check *check = user_data;
  g_autofree char *text = g_strdup_printf ("row %" G_GINT64_FORMAT, check->next);

  g_assert_cmpuint (n_values, ==, 3);
  g_assert_cmpint (values[0].integer, ==, check->next);
  if (check->next % 7 == 0)
    g_assert_true (values[1].is_null);
  else
    g_assert_cmpmem (values[1].data, values[1].size, text, strlen (text));
  if (check->next % 5 == 0)
    g_assert_true (isnan (values[2].real));
  else
    g_assert_cmpfloat (values[2].real, ==, 0.5);
  check->next++;
  check->seen++;
  return TRUE;
}

static void
check_rows (ErosStoreResult *result, gint64 first, gint64 n_rows, gint64 expected)
{
  g_autoptr (GError) error = NULL;
  Check check = { first, 0 };

  g_assert_true (eros_store_result_foreach (result, first, n_rows, check_row, &check, &error));
  g_assert_no_error (error);
  g_assert_cmpint (check.seen, ==, expected);
}

static ErosStoreResult *
make_result (ErosStore *store, guint n_rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_store_column_free);
  g_autoptr (ErosStoreConnection) connection = eros_store_acquire (store, &error);
  ErosStoreResult *result;
  sqlite3_stmt *statement = NULL;

  g_ptr_array_add (columns, eros_store_column_new ("n", eros_sql_type (EROS_SQL_INT64)));
  g_ptr_array_add (columns, eros_store_column_new ("s", eros_sql_type (EROS_SQL_STRING)));
  g_ptr_array_add (columns, eros_store_column_new ("f", eros_sql_type (EROS_SQL_FLOAT64)));
  result = eros_store_result_new (store, columns);
  sqlite3_prepare_v2 (eros_store_connection_get_db (connection),
                      "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)"
                      " SELECT i, iif(i % 7, 'row ' || i, NULL), iif(i % 5, 0.5, x'4e') FROM n WHERE i < ?1",
                      -1, &statement, NULL);
  sqlite3_bind_int (statement, 1, n_rows);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_assert_true (eros_store_result_append (result, statement, &error));
  sqlite3_finalize (statement);
  g_assert_true (eros_store_result_finish (result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (eros_store_result_get_n_rows (result), ==, n_rows);
  return result;
}

static void
test_result (gconstpointer data)
{
  gint64 n_rows = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("eros-store-XXXXXX", &error);
  g_autofree char *command = g_strdup_printf ("rm -r %s", directory);
  ErosStore *store = open_store (directory);
  ErosStoreResult *result = make_result (store, n_rows);
  ErosStoreJob *job = describe_job ("j", 1);
  gint64 middle = n_rows / 2;

  g_assert_true (eros_store_insert_job (store, job, &error));
  check_rows (result, 0, n_rows, n_rows);
  check_rows (result, middle, 10, MIN (10, n_rows - middle));
  check_rows (result, n_rows, 10, 0);
  g_assert_true (eros_store_save_job (store, job, result, &error));
  g_assert_no_error (error);
  eros_store_result_unref (result);
  eros_store_job_free (job);
  eros_store_close (store);

  store = open_store (directory);
  job = eros_store_get_job (store, "p", "j", &error);
  g_assert_no_error (error);
  result = eros_store_result_load (store, job->result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (eros_store_result_get_n_rows (result), ==, n_rows);
  check_rows (result, 0, n_rows, n_rows);
  check_rows (result, middle, n_rows, n_rows - middle);
  eros_store_result_unref (result);
  eros_store_job_free (job);
  eros_store_close (store);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, &error));
}

static void
test_outcome (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosStore) store = open_store (NULL);
  g_autoptr (ErosStoreDataset) dataset = eros_store_dataset_new ("p", "d");
  ErosStoreConnection *connection = eros_store_acquire (store, &error);
  g_autoptr (GPtrArray) own = NULL;
  g_autoptr (GPtrArray) of_script = NULL;
  g_autoptr (GPtrArray) elsewhere = NULL;
  g_autoptr (GPtrArray) other = NULL;

  g_assert_true (eros_store_begin (connection, EROS_STORE_WRITE, NULL, &error));
  g_assert_true (eros_store_insert_dataset (connection, dataset, &error));
  g_assert_true (eros_store_commit (connection, "j", "{\"project\":\"p\",\"script\":\"s\"}", &error));
  own = eros_store_list_commits (store, "p", "j", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (own->len, ==, 1);
  g_assert_cmpstr (((ErosStoreCommit *) own->pdata[0])->outcome, ==, "{\"project\":\"p\",\"script\":\"s\"}");
  of_script = eros_store_list_commits (store, "p", "s", &error);
  g_assert_cmpuint (of_script->len, ==, 1);
  g_assert_cmpstr (((ErosStoreCommit *) of_script->pdata[0])->job_id, ==, "j");
  /* An id is one project's. */
  elsewhere = eros_store_list_commits (store, "q", "j", &error);
  g_assert_cmpuint (elsewhere->len, ==, 0);
  other = eros_store_list_commits (store, "p", "k", &error);
  g_assert_cmpuint (other->len, ==, 0);
  g_assert_no_error (error);
  eros_store_release (connection);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/jobs/an-id-is-never-free-again", test_unique);
  g_test_add_func ("/jobs/pages-hold-each-job-once", test_pages);
  g_test_add_data_func ("/jobs/an-empty-result-is-kept", GINT_TO_POINTER (0), test_result);
  g_test_add_data_func ("/jobs/a-small-result-is-kept", GINT_TO_POINTER (100), test_result);
  g_test_add_data_func ("/jobs/a-large-result-is-kept", GINT_TO_POINTER (100000), test_result);
  g_test_add_func ("/jobs/a-commit-remembers-its-outcome", test_outcome);
  return g_test_run ();
}
