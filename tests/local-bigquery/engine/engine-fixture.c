/* engine-fixture.c: an engine with an empty data set d in project p, and short ways to ask it things
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "engine-fixture.h"

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->engine = eros_engine_open (NULL, "p", "US", &error);
  g_assert_no_error (error);
  run_fine (fixture, "CREATE SCHEMA d");
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->engine, eros_engine_close);
}

ErosEngineResult *
run_request (Fixture *fixture, const ErosEngineRequest *request)
{
  ErosEngineRequest full = *request;

  full.project = "p";
  full.default_dataset = "d";
  full.user_email = "lead@example.com";
  if (full.job_id == NULL)
    full.job_id = "job";
  return eros_engine_run (fixture->engine, &full, NULL);
}

ErosEngineResult *
run_sql (Fixture *fixture, const char *sql)
{
  return run_request (fixture, &(ErosEngineRequest){ .query = sql });
}

void
run_fine (Fixture *fixture, const char *sql)
{
  g_autoptr (ErosEngineResult) result = run_sql (fixture, sql);

  if (result->error_message != NULL)
    g_error ("%s\n%s", sql, result->error_message);
}

static gboolean
append_row_cb (const ErosSqlValue *values, guint n_values, gpointer text)
{
  for (guint i = 0; i < n_values; i++)
    {
      g_string_append (text, i == 0 ? "" : "|");
      if (values[i].is_null)
        g_string_append (text, "NULL");
      else
        eros_sql_value_append_t (&values[i], text);
    }
  g_string_append_c (text, '\n');
  return TRUE;
}

/* One line a row, values with "|" between them */
char *
rows_of (ErosEngineResult *result)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (result->result != NULL)
    {
      gboolean good = eros_store_result_foreach (result->result, 0, G_MAXINT64, append_row_cb, text, &error);

      g_assert_no_error (error);
      g_assert_true (good);
    }
  return g_string_free (text, FALSE);
}

void
assert_rows (Fixture *fixture, const char *sql, const char *expected)
{
  g_autoptr (ErosEngineResult) result = run_sql (fixture, sql);
  g_autofree char *rows = NULL;

  if (result->error_message != NULL)
    g_error ("%s\n%s", sql, result->error_message);
  rows = rows_of (result);
  if (g_strcmp0 (rows, expected) != 0)
    g_error ("%s\nexpected:\n%s\ngot:\n%s", sql, expected, rows);
}

void
assert_error (Fixture *fixture, const char *sql, const char *reason, const char *message)
{
  g_autoptr (ErosEngineResult) result = run_sql (fixture, sql);

  g_test_message ("%s", sql);
  g_assert_cmpstr (result->error_message, ==, message);
  g_assert_cmpstr (result->error_reason, ==, reason);
}

void
assert_affected (Fixture *fixture, const char *sql, gint64 inserted, gint64 updated, gint64 deleted)
{
  g_autoptr (ErosEngineResult) result = run_sql (fixture, sql);

  if (result->error_message != NULL)
    g_error ("%s\n%s", sql, result->error_message);
  g_assert_cmpint (result->inserted_rows, ==, inserted);
  g_assert_cmpint (result->updated_rows, ==, updated);
  g_assert_cmpint (result->deleted_rows, ==, deleted);
  g_assert_cmpint (result->affected_rows, ==, inserted + updated + deleted);
}
