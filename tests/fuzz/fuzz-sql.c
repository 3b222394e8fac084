/* fuzz-sql.c: any bytes as GoogleSQL: parsed, analyzed, and run where they are a query
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdint.h>
#include <string.h>

#include "eros-engine.h"
#include "eros-syntax.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char SETUP[] =
  "CREATE SCHEMA d;"
  "CREATE TABLE d.t (id INT64 NOT NULL, s STRING, f FLOAT64, n NUMERIC, b BYTES, d DATE, ts TIMESTAMP,"
  " a ARRAY<INT64>, st STRUCT<x INT64, y STRING>, j JSON, ok BOOL);"
  "INSERT INTO d.t VALUES (1, 'é', 1.5, 2.5, b'x', DATE '2025-01-01', TIMESTAMP '2025-01-01 00:00:00+00',"
  " [1, 2], (1, 'y'), JSON '{\"a\":1}', TRUE), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
  "NULL);"
  "CREATE TABLE d.u (id INT64, v INT64); INSERT INTO d.u VALUES (1, 10), (3, 30);"
  "CREATE VIEW d.w AS SELECT id, s FROM d.t;"
  "CREATE FUNCTION d.f(x INT64) AS (x + x);"
  "CREATE PROCEDURE d.p(x INT64, OUT y INT64) BEGIN SET y = x; END";

static void
check_tree (ErosScript *script, const GError *error)
{
  if (script == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  else
    {
      g_assert_null (error);
      for (guint i = 0; i < eros_script_get_statements (script)->length; i++)
        {
          const ErosAstSpan *span = &eros_script_get_statements (script)->items[i]->span;

          g_assert_cmpuint (span->start, <=, span->end);
        }
      eros_script_unref (script);
    }
}

static ErosEngineResult *
run (ErosEngine *engine, const char *sql, gsize length, gboolean dry_run)
{
  ErosEngineRequest request = {
    .project = "p",
    .default_dataset = "d",
    .user_email = "lead@example.com",
    .job_id = "job",
    .query = sql,
    .query_length = (gssize) length,
    .dry_run = dry_run,
    .timeout_ms = 2000,
  };

  return eros_engine_run (engine, &request, NULL);
}

static ErosEngine *
get_engine (void)
{
  static ErosEngine *engine = NULL;
  g_autoptr (GError) error = NULL;

  if (engine == NULL)
    {
      g_autoptr (ErosEngineResult) result = NULL;

      engine = eros_engine_open (NULL, "p", "US", &error);
      g_assert_no_error (error);
      result = run (engine, SETUP, strlen (SETUP), FALSE);
      g_assert_cmpstr (result->error_message, ==, NULL);
    }
  return engine;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (ErosEngineResult) result = NULL;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GError) error = NULL;
      ErosScript *script = i == 0   ? eros_syntax_parse ((const char *) data, size, &error)
                           : i == 1 ? eros_syntax_parse_expression ((const char *) data, size, &error)
                           : i == 2 ? eros_syntax_parse_type ((const char *) data, size, &error)
                                    : eros_syntax_parse_path ((const char *) data, size, &error);

      check_tree (script, error);
    }
  /* a length of 0 would mean: up to the NUL */
  if (size == 0)
    return 0;
  result = run (get_engine (), text, size, TRUE);
  if (result->error_message == NULL && g_strcmp0 (result->statement_type, "SELECT") == 0)
    {
      g_autoptr (ErosEngineResult) rows = run (get_engine (), text, size, FALSE);

      g_assert_cmpstr (rows->error_reason, !=, "internalError");
    }
  g_assert_cmpstr (result->error_reason, !=, "internalError");
  return 0;
}
