/* eros-engine-native.c: SQL functions as functions of SQLite's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A SQL function's body is put in place of its call, which is fastest. Where that makes more of a statement
 * than SQLite can parse, the statement is analyzed again with calls: each runs a statement that selects the
 * body.
 */
#include "eros-engine-private.h"

typedef struct
{
  sqlite3 *db;
  char *sql;
  sqlite3_stmt *statement; /* (nullable) made at the first call */
} Routine;

static void
routine_free (gpointer data)
{
  Routine *routine = data;

  sqlite3_finalize (routine->statement);
  g_free (routine->sql);
  g_free (routine);
}

static void
fail (sqlite3_context *context, Routine *routine)
{
  if (sqlite3_errcode (routine->db) == SQLITE_INTERRUPT)
    sqlite3_result_error_code (context, SQLITE_INTERRUPT);
  else
    sqlite3_result_error (context, sqlite3_errmsg (routine->db), -1);
}

static void
call_func (sqlite3_context *context, int n_arguments, sqlite3_value **arguments)
{
  Routine *routine = sqlite3_user_data (context);
  int code;

  if (routine->statement == NULL &&
      sqlite3_prepare_v3 (routine->db, routine->sql, -1, SQLITE_PREPARE_PERSISTENT, &routine->statement,
                          NULL) != SQLITE_OK)
    {
      fail (context, routine);
      return;
    }
  for (int i = 0; i < n_arguments; i++)
    sqlite3_bind_value (routine->statement, i + 1, arguments[i]);
  code = sqlite3_step (routine->statement);
  if (code == SQLITE_ROW)
    sqlite3_result_value (context, sqlite3_column_value (routine->statement, 0));
  else if (code != SQLITE_DONE)
    fail (context, routine);
  sqlite3_reset (routine->statement);
}

static gboolean
register_one (ErosRun *run, const ErosNativeRoutine *native, GError **error)
{
  int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (native->is_volatile ? 0 : SQLITE_DETERMINISTIC);
  char *sql = eros_translate (native->body, error);
  Routine *routine;

  if (sql == NULL)
    return FALSE;
  g_debug ("%s: %s", native->native, sql);
  routine = g_new0 (Routine, 1);
  routine->db = eros_engine_db (run);
  routine->sql = sql;
  if (sqlite3_create_function_v2 (routine->db, native->native, native->n_arguments, flags, routine, call_func,
                                  NULL, NULL, routine_free) == SQLITE_OK)
    return TRUE;
  eros_engine_set_sqlite_error (run, error);
  return FALSE;
}

/* A function that is to be taken away again */
typedef struct
{
  char *name;
  guint n_arguments;
} Made;

static void
made_free (gpointer data)
{
  Made *made = data;

  g_free (made->name);
  g_free (made);
}

static void
note (ErosRun *run, const ErosNativeRoutine *native)
{
  Made *made = g_new0 (Made, 1);

  made->name = g_strdup (native->native);
  made->n_arguments = native->n_arguments;
  if (run->natives == NULL)
    run->natives = g_ptr_array_new_with_free_func (made_free);
  g_ptr_array_add (run->natives, made);
}

/* Makes the functions that the translation of @analysis calls; eros_engine_forget_natives() takes them away.
 */
static gboolean
register_all (ErosRun *run, const ErosAnalysis *analysis, GError **error)
{
  for (guint i = 0; i < analysis->natives->len; i++)
    {
      const ErosNativeRoutine *native = g_ptr_array_index (analysis->natives, i);

      if (!register_all (run, native->body, error) || !register_one (run, native, error))
        return FALSE;
      note (run, native);
    }
  return TRUE;
}

void
eros_engine_forget_natives (ErosRun *run)
{
  for (guint i = 0; run->natives != NULL && i < run->natives->len; i++)
    {
      Made *made = g_ptr_array_index (run->natives, i);

      sqlite3_create_function_v2 (eros_engine_db (run), made->name, made->n_arguments, SQLITE_UTF8, NULL,
                                  NULL, NULL, NULL, NULL);
    }
  g_clear_pointer (&run->natives, g_ptr_array_unref);
  run->n_natives = 0;
}

/* Which way a statement is analyzed */

static gboolean
is_too_complex (const GError *error)
{
  return g_error_matches (error, EROS_ANALYSIS_ERROR, EROS_ANALYSIS_ERROR_TOO_COMPLEX) ||
         g_error_matches (error, EROS_TRANSLATION_ERROR, EROS_TRANSLATION_ERROR_TOO_COMPLEX) ||
         g_error_matches (error, EROS_ENGINE_ERROR, EROS_ENGINE_ERROR_TOO_COMPLEX);
}

/* Whether SQLite can do it as it is; TRUE for whatever else may be wrong with it. */
static gboolean
fits (ErosRun *run, const ErosAnalysis *analysis, const GError *failure)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sql = NULL;
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (analysis == NULL)
    return !is_too_complex (failure);
  if (analysis->routines->len == 0)
    return TRUE;
  sql = eros_translate (analysis, &error);
  if (sql != NULL)
    statement = eros_engine_prepare (run, sql, &error);
  return statement != NULL || !is_too_complex (error);
}

typedef ErosAnalysis *(*AnalyzeFunc) (gconstpointer ast,
                                      const ErosSqlType *wanted,
                                      ErosCatalog *catalog,
                                      GError **error);

static ErosAnalysis *
analyze (ErosRun *run,
         ErosEngineCatalog *catalog,
         AnalyzeFunc func,
         gconstpointer ast,
         const ErosSqlType *wanted,
         GError **error)
{
  GError *failure = NULL;
  g_autoptr (ErosAnalysis) analysis = func (ast, wanted, &catalog->catalog, &failure);

  if (!fits (run, analysis, failure))
    {
      g_clear_error (&failure);
      g_clear_pointer (&analysis, eros_analysis_free);
      catalog->catalog.native_routines = TRUE;
      catalog->catalog.n_natives = run->n_natives;
      analysis = func (ast, wanted, &catalog->catalog, &failure);
      run->n_natives = catalog->catalog.n_natives;
      if (analysis != NULL && !register_all (run, analysis, &failure))
        g_clear_pointer (&analysis, eros_analysis_free);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return g_steal_pointer (&analysis);
}

static ErosAnalysis *
query_func (gconstpointer ast, const ErosSqlType *wanted, ErosCatalog *catalog, GError **error)
{
  return eros_analyze_query (ast, catalog, error);
}

static ErosAnalysis *
expression_func (gconstpointer ast, const ErosSqlType *wanted, ErosCatalog *catalog, GError **error)
{
  return eros_analyze_expression (ast, wanted, catalog, error);
}

static ErosAnalysis *
dml_func (gconstpointer ast, const ErosSqlType *wanted, ErosCatalog *catalog, GError **error)
{
  return eros_analyze_dml (ast, catalog, error);
}

/* As eros_analyze_query(), for what will be run: in the middle of a statement. */
ErosAnalysis *
eros_engine_analyze_query (ErosRun *run,
                           ErosEngineCatalog *catalog,
                           const ErosAstQuery *query,
                           GError **error)
{
  return analyze (run, catalog, query_func, query, NULL, error);
}

ErosAnalysis *
eros_engine_analyze_expression (ErosRun *run,
                                ErosEngineCatalog *catalog,
                                const ErosAstExpr *expr,
                                const ErosSqlType *wanted,
                                GError **error)
{
  return analyze (run, catalog, expression_func, expr, wanted, error);
}

ErosAnalysis *
eros_engine_analyze_dml (ErosRun *run,
                         ErosEngineCatalog *catalog,
                         const ErosAstStatement *statement,
                         GError **error)
{
  return analyze (run, catalog, dml_func, statement, NULL, error);
}
