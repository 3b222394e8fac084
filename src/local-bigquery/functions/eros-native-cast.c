/* eros-native-cast.c: CAST and SAFE_CAST
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#include <eros-cast.h>

/* (value, from type, to type, [format, [zone]]): a NULL format gives NULL */
static void
cast (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosSqlType *from = eros_arg_type (context, values, 1);
  const ErosSqlType *to = eros_arg_type (context, values, 2);
  const ErosZone *zone = NULL;
  ErosSqlValue value;
  g_auto (ErosSqlValue) result = EROS_SQL_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  gboolean safe = eros_native_is_safe (context);
  gboolean done = FALSE;

  if (from == NULL || to == NULL || eros_arg_is_null (values[0]))
    return;
  zone = eros_arg_zone (context, n, values, 4);
  if (zone == NULL)
    return;
  eros_sql_value_load (&value, from, values[0]);
  if (n > 3 && eros_arg_is_null (values[3]))
    return;
  if (n > 3)
    {
      gsize size = 0;
      const char *format = eros_arg_data (values[3], &size);

      done = eros_sql_value_cast_format (&value, to, zone, eros_native_get_world (context)->now, format, size,
                                         &result, &error);
    }
  else
    done = eros_sql_value_cast (&value, to, zone, safe, &result, &error);
  if (done)
    eros_result_value (context, &result);
  else
    eros_native_fail_error (context, error);
}

static void
datetime_to_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context, eros_floor_divide (sqlite3_value_int64 (values[0]), EROS_MICROS_PER_DAY));
}

/* In the default zone: the one to group by */
static void
timestamp_to_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 local = eros_zone_to_local (eros_native_get_default_zone (context), sqlite3_value_int64 (values[0]));

  sqlite3_result_int64 (context, eros_floor_divide (local, EROS_MICROS_PER_DAY));
}

const ErosNative eros_native_cast[] = {
  { NULL, NULL, "bq_cast", CAN_FAIL, cast, NULL },
  { NULL, NULL, "bq_datetime_to_date", NULLS_STRICT, datetime_to_date, NULL },
  { NULL, NULL, "bq_timestamp_to_date", NULLS_STRICT, timestamp_to_date, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
