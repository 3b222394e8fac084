/* sql-test.c: the SQL that is deployed, run on a local BigQuery as the product runs it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "sql-test.h"

#include "eros-expectation.h"
#include "eros-sql-text.h"
#include "local-server.h"

#define N_OTHERS 4

typedef struct
{
  const char *name;
  const char *type;
  char *value;
} Parameter;

struct _SqlTest
{
  LocalServer *server;
  ErosConnection *connection;
  ErosBigQuery *client;
  ErosBigQuery *others[N_OTHERS]; /* for many calls at once: a client has 16 connections */
  GArray *parameters;             /* of Parameter */
};

static void
keep_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
clear_parameter (gpointer parameter)
{
  g_free (((Parameter *) parameter)->value);
}

SqlTest *
sql_test_new (const char *sample, guint history_days)
{
  SqlTest *self = g_new0 (SqlTest, 1);
  g_autofree char *sample_argument = g_strconcat ("--sample=", sample != NULL ? sample : "eros:1", NULL);
  g_autofree char *history_argument = g_strdup_printf ("--history=%u", history_days);
  const char *arguments[] = { sample_argument, history_argument, NULL };

  self->server = local_server_new (arguments);
  self->connection = local_server_connect (self->server);
  /* on a machine that is busy with other tests */
  g_object_set (self->connection, "patience-ms", (gint64) 120000, NULL);
  self->client = eros_big_query_new (self->connection);
  for (guint i = 0; i < N_OTHERS; i++)
    self->others[i] = eros_big_query_new (self->connection);
  self->parameters = g_array_new (FALSE, FALSE, sizeof (Parameter));
  g_array_set_clear_func (self->parameters, clear_parameter);
  if (sample == NULL)
    sql_test_run (self, "TRUNCATE TABLE `${project}.${dataset}.caption_bank`;\n"
                        "TRUNCATE TABLE `${project}.${dataset}.caption_bandit_stats`;\n"
                        "TRUNCATE TABLE `${project}.${dataset}.active_caption_assignments`;\n"
                        "TRUNCATE TABLE `${project}.${dataset}.caption_performance_log`;");
  return self;
}

void
sql_test_free (SqlTest *self)
{
  g_array_unref (self->parameters);
  g_object_unref (self->client);
  for (guint i = 0; i < N_OTHERS; i++)
    g_object_unref (self->others[i]);
  g_object_unref (self->connection);
  local_server_free (self->server);
  g_free (self);
}

void
sql_test_set (SqlTest *self, const char *name, const char *type, const char *value)
{
  Parameter parameter = { name, type, g_strdup (value) };

  for (guint i = 0; i < self->parameters->len; i++)
    if (g_str_equal (g_array_index (self->parameters, Parameter, i).name, name))
      {
        g_array_remove_index (self->parameters, i);
        break;
      }
  g_array_append_val (self->parameters, parameter);
}

/* Without the label that the program gives to what is its own. (transfer full) */
static ErosJobRequest *
make_foreign_query (const char *id, const char *sql)
{
  g_autoptr (JsonObject) configuration = json_object_new ();
  JsonObject *query = json_object_new ();

  json_object_set_string_member (query, "query", sql);
  json_object_set_boolean_member (query, "useLegacySql", FALSE);
  json_object_set_object_member (configuration, "query", query);
  json_object_set_object_member (configuration, "labels", json_object_new ());
  return eros_job_request_new (id, configuration);
}

static ErosJobRequest *
make_request (SqlTest *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = eros_job_request_make_id ("test");
  g_autofree char *text = eros_sql_text_fill (sql, "a test", self->connection, &error);
  ErosJobRequest *request;

  g_assert_no_error (error);
  request = make_foreign_query (id, text);
  eros_job_request_set_use_cache (request, FALSE);
  for (guint i = 0; i < self->parameters->len; i++)
    {
      Parameter *parameter = &g_array_index (self->parameters, Parameter, i);
      g_autofree char *mark = g_strconcat ("@", parameter->name, NULL);

      if (strstr (text, mark) != NULL)
        eros_job_request_add_parameter (request, parameter->name, parameter->type, parameter->value);
    }
  return request;
}

/* Returns: a job that succeeded */
static ErosJob *
run (SqlTest *self, const char *sql, GError **error)
{
  g_autoptr (ErosJobRequest) request = make_request (self, sql);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ErosJob) job = NULL;
  g_autoptr (GError) failed = NULL;

  eros_big_query_run_async (self->client, request, NULL, keep_cb, &result);
  wait_for (&result);
  job = eros_big_query_run_finish (self->client, result, error);
  if (job == NULL)
    return NULL;
  failed = eros_job_dup_error (job);
  if (failed == NULL)
    return g_steal_pointer (&job);
  g_propagate_error (error, g_steal_pointer (&failed));
  return NULL;
}

gboolean
sql_test_try (SqlTest *self, const char *sql, GError **error)
{
  g_autoptr (ErosJob) job = run (self, sql, error);

  return job != NULL;
}

static ErosJob *
run_well (SqlTest *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  ErosJob *job = run (self, sql, &error);

  if (job == NULL)
    g_error ("%s\n%s", error->message, sql);
  return job;
}

void
sql_test_run (SqlTest *self, const char *sql)
{
  g_autoptr (ErosJob) job = run_well (self, sql);
}

static GPtrArray *
read_pages (SqlTest *self, ErosJob *job)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *token = NULL;

  do
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *next = NULL;
      ErosPage *page;

      eros_big_query_read_page_async (self->client, job, token,
                                      pages->len > 0 ? eros_page_get_schema (pages->pdata[0]) : NULL, 0, NULL,
                                      keep_cb, &result);
      wait_for (&result);
      page = eros_big_query_read_page_finish (self->client, result, &next, NULL, &error);
      g_assert_no_error (error);
      if (page != NULL)
        g_ptr_array_add (pages, page);
      g_free (token);
      token = g_steal_pointer (&next);
    }
  while (token != NULL);
  return pages;
}

GPtrArray *
sql_test_pages (SqlTest *self, const char *sql)
{
  g_autoptr (ErosJob) job = run_well (self, sql);

  return read_pages (self, job);
}

static guint
count_columns (ErosPage *page)
{
  return eros_schema_get_n_columns (eros_page_get_schema (page));
}

char *
sql_test_rows (SqlTest *self, const char *sql)
{
  g_autoptr (GPtrArray) pages = sql_test_pages (self, sql);
  GString *rows = g_string_new (NULL);

  for (guint i = 0; i < pages->len; i++)
    for (guint row = 0; row < eros_page_get_n_rows (pages->pdata[i]); row++)
      for (guint column = 0; column < count_columns (pages->pdata[i]); column++)
        {
          g_autofree char *cell = eros_page_dup_text (pages->pdata[i], row, column);

          if (column > 0)
            g_string_append_c (rows, '|');
          else if (rows->len > 0)
            g_string_append_c (rows, '\n');
          g_string_append (rows, cell != NULL ? cell : "NULL");
        }
  return g_string_free (rows, FALSE);
}

GHashTable *
sql_test_row (SqlTest *self, const char *sql)
{
  g_autoptr (GPtrArray) pages = sql_test_pages (self, sql);

  g_assert_cmpuint (pages->len, ==, 1);
  g_assert_cmpuint (eros_page_get_n_rows (pages->pdata[0]), ==, 1);
  return eros_page_dup_row (pages->pdata[0], 0);
}

gint64
sql_test_integer (SqlTest *self, const char *sql)
{
  g_autofree char *text = sql_test_rows (self, sql);
  gint64 value = 0;
  g_autoptr (GError) error = NULL;

  g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, &error);
  g_assert_no_error (error);
  return value;
}

GPtrArray *
sql_test_run_at_once (SqlTest *self, const char *const *sqls)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_strv_length ((char **) sqls);
  g_autofree GAsyncResult **results = g_new0 (GAsyncResult *, n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ErosJobRequest) request = make_request (self, sqls[i]);

      eros_big_query_run_async (self->others[i % N_OTHERS], request, NULL, keep_cb, &results[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      wait_for (&results[i]);
      result = results[i];
      g_ptr_array_add (jobs, eros_big_query_run_finish (self->others[i % N_OTHERS], result, &error));
      g_assert_no_error (error);
    }
  return jobs;
}

char *
sql_test_job_cell (SqlTest *self, ErosJob *job)
{
  g_autoptr (GPtrArray) pages = read_pages (self, job);

  return pages->len > 0 && eros_page_get_n_rows (pages->pdata[0]) > 0
           ? eros_page_dup_text (pages->pdata[0], 0, 0)
           : NULL;
}

char *
sql_test_file (const char *path)
{
  g_autofree char *file = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "sql", path, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (file, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

char *
sql_test_plant_jobs (const char *file, const char *rows)
{
  g_autofree char *sql = sql_test_file (file);
  g_auto (GStrv) parts = g_strsplit (sql, "`${project}`.`region-${location}`.INFORMATION_SCHEMA.JOBS", -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (rows, parts);
}

GPtrArray *
sql_test_steps (void)
{
  static const char *const phases[] = { "phase1", "phase2" };
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_sql_step_free);
  g_autofree char *path = g_build_filename (g_getenv ("EROS_SOURCE_ROOT"), "sql", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (ErosStepFiles) files = eros_step_files_load (folder, NULL, NULL);

  g_assert_nonnull (files);
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr (GError) error = NULL;
      GPtrArray *steps = eros_sql_steps_load (files, phases[i], &error);

      g_assert_no_error (error);
      g_ptr_array_extend_and_steal (all, steps);
    }
  return all;
}

void
sql_test_deploy (SqlTest *self, const char *last_id)
{
  g_autoptr (GPtrArray) steps = sql_test_steps ();

  for (guint i = 0; i < steps->len; i++)
    {
      ErosSqlStep *step = steps->pdata[i];

      sql_test_run (self, step->deploy);
      if (g_strcmp0 (step->id, last_id) == 0)
        return;
    }
  g_assert_null (last_id);
}

ErosOutcome
sql_test_verify (SqlTest *self, ErosSqlStep *step, char **why)
{
  for (guint i = 0; i < step->verifies->len; i++)
    {
      ErosSqlVerify *verify = step->verifies->pdata[i];
      g_autoptr (GHashTable) row = sql_test_row (self, verify->sql);
      g_autoptr (GError) error = NULL;
      g_autofree char *why_not = NULL;
      ErosOutcome outcome = eros_expectations_judge (
        (ErosExpectations){ verify->enough, verify->n_enough },
        (ErosExpectations){ verify->expectations, verify->n_expectations }, row, NULL, &why_not, &error);

      g_assert_no_error (error);
      if (outcome == EROS_OUTCOME_PASS)
        continue;
      *why = g_strdup_printf ("%s, %s: %s", step->id, verify->name, why_not);
      return outcome;
    }
  return EROS_OUTCOME_PASS;
}
