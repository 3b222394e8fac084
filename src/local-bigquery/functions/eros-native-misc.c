/* eros-native-misc.c: GENERATE_UUID, SESSION_USER, TYPEOF
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#define MAX_RECURSIVE_ROWS 1000000
#define MAX_ITERATIONS     500 /* BigQuery's own bound; rows are what is counted here */

static void
generate_uuid (sqlite3_context *context, int n, sqlite3_value **values)
{
  g_autofree char *uuid = g_uuid_string_random ();

  eros_result_text (context, uuid, strlen (uuid));
}

static void
session_user (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *user = eros_native_get_world (context)->session_user;

  if (user != NULL)
    eros_result_text (context, user, strlen (user));
}

/* (value, type) */
static void
type_of (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_value (context, values[1]);
}

/* (which recursion): TRUE until there have been too many rows for one that ends */
static void
recursion (sqlite3_context *context, int n, sqlite3_value **values)
{
  guint *n_rows = sqlite3_get_auxdata (context, 0);

  if (n_rows == NULL)
    {
      n_rows = g_new0 (guint, 1);
      sqlite3_set_auxdata (context, 0, n_rows, g_free);
      n_rows = sqlite3_get_auxdata (context, 0);
    }
  if (n_rows != NULL && ++*n_rows > MAX_RECURSIVE_ROWS)
    eros_native_fail (context, "A recursive CTE has reached the maximum number of iterations: %d",
                      MAX_ITERATIONS);
  else
    sqlite3_result_int (context, 1);
}

const ErosNative eros_native_misc[] = {
  { "$recursion", "(INT64) -> BOOL", "bq_recursion", EROS_FUNCTION_VOLATILE, recursion, NULL },
  { "GROUPING", "(T:groupable) -> INT64", "(0)", 0, NULL,
    NULL }, /* the analysis puts a column in its place */
  { "TYPEOF", "(ANY) -> STRING", "bq_typeof", EROS_FUNCTION_NEEDS_TYPES, type_of, NULL },
  { "GENERATE_UUID", "() -> STRING", "bq_generate_uuid", EROS_FUNCTION_VOLATILE, generate_uuid, NULL },
  { "SESSION_USER", "() -> STRING", "bq_session_user", EROS_FUNCTION_CONTEXT, session_user, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
