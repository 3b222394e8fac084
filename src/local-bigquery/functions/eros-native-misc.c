/* eros-native-misc.c: GENERATE_UUID, SESSION_USER, TYPEOF
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

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

const ErosNative eros_native_misc[] = {
  { "GROUPING", "(T:groupable) -> INT64", "(0)", 0, NULL,
    NULL }, /* the analysis puts a column in its place */
  { "TYPEOF", "(ANY) -> STRING", "bq_typeof", EROS_FUNCTION_NEEDS_TYPES, type_of, NULL },
  { "GENERATE_UUID", "() -> STRING", "bq_generate_uuid", EROS_FUNCTION_VOLATILE, generate_uuid, NULL },
  { "SESSION_USER", "() -> STRING", "bq_session_user", EROS_FUNCTION_CONTEXT, session_user, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
