/* eros-register.c: the native functions on a SQLite connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"
#include "eros-register-private.h"

#define MAX_ARGUMENTS 127

const ErosNative *const eros_native_lists[] = { EROS_NATIVE_LISTS, NULL };

/* ---- registration -------------------------------------------------------------------------------------- */

static void
call_scalar (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosNative *native = eros_registration_of (context)->native;

  if (native->flags & EROS_FUNCTION_STRICT)
    for (int i = 0; i < n; i++)
      if (eros_arg_is_null (values[i]))
        return;
  native->scalar (context, n, values);
}

static ErosRegistration *
registration_new (const ErosNative *native, ErosFunctionContext *world, gboolean safe)
{
  ErosRegistration *new = g_new0 (ErosRegistration, 1);

  new->native = native;
  new->world = world;
  new->safe = safe;
  return new;
}

static int
register_scalar (sqlite3 *database, const ErosNative *native, ErosFunctionContext *world)
{
  int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
  g_autofree char *safe_name = NULL;
  int code = SQLITE_OK;

  if (!(native->flags & EROS_FUNCTION_VOLATILE))
    flags |= SQLITE_DETERMINISTIC;
  code =
    sqlite3_create_function_v2 (database, native->native, -1, flags, registration_new (native, world, FALSE),
                                call_scalar, NULL, NULL, g_free);
  if (code != SQLITE_OK || !(native->flags & EROS_FUNCTION_CAN_FAIL))
    return code;
  safe_name = g_strconcat ("bq_safe_", native->native + strlen ("bq_"), NULL);
  return sqlite3_create_function_v2 (database, safe_name, -1, flags, registration_new (native, world, TRUE),
                                     call_scalar, NULL, NULL, g_free);
}

static int
register_native (sqlite3 *database, const ErosNative *native, ErosFunctionContext *world)
{
  if (native->scalar != NULL)
    return register_scalar (database, native, world);
  if (native->aggregate != NULL)
    return eros_register_aggregate (database, registration_new (native, world, FALSE),
                                    registration_new (native, world, FALSE));
  return SQLITE_OK;
}

/**
 * eros_functions_register:
 * @database: a connection
 * @context: what changes from statement to statement; must outlive @database
 * @error: return location for %EROS_SQL_ERROR
 *
 * Makes all native functions known to @database, and the table-valued function `bq_unnest (array)` with the
 * columns `value` and `offset`.
 *
 * Returns: whether SQLite took them all
 */
gboolean
eros_functions_register (sqlite3 *database, ErosFunctionContext *context, GError **error)
{
  int code = eros_register_unnest (database);

  for (guint i = 0; eros_native_lists[i] != NULL && code == SQLITE_OK; i++)
    for (const ErosNative *native = eros_native_lists[i]; native->native != NULL && code == SQLITE_OK;
         native++)
      code = register_native (database, native, context);
  if (code == SQLITE_OK)
    return TRUE;
  g_set_error (error, EROS_SQL_ERROR, EROS_SQL_ERROR_UNSUPPORTED,
               "Could not register the native functions: %s", sqlite3_errmsg (database));
  return FALSE;
}
