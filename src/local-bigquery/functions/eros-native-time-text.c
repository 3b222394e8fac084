/* eros-native-time-text.c: FORMAT_DATE, PARSE_TIMESTAMP …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#include <eros-time-format.h>

/* (format, value, [zone]) */
static void
format (sqlite3_context *context, int n, sqlite3_value **values, ErosSqlKind kind)
{
  const ErosZone *zone =
    kind == EROS_SQL_TIMESTAMP ? eros_arg_zone (context, n, values, 2) : eros_zone_utc ();
  gsize size = 0;
  const char *text = eros_arg_data (values[0], &size);
  g_autoptr (GString) out = NULL;

  if (zone == NULL)
    return;
  out = g_string_sized_new (32);
  eros_time_format (kind, sqlite3_value_int64 (values[1]), zone, text, size, out);
  eros_result_take_text (context, g_steal_pointer (&out));
}

/* (format, text, [zone]) */
static void
parse (sqlite3_context *context, int n, sqlite3_value **values, ErosSqlKind kind)
{
  const ErosZone *zone =
    kind == EROS_SQL_TIMESTAMP ? eros_arg_zone (context, n, values, 2) : eros_zone_utc ();
  gsize format_size = 0;
  gsize size = 0;
  const char *pattern = eros_arg_data (values[0], &format_size);
  const char *text = eros_arg_data (values[1], &size);
  gint64 value = 0;
  g_autoptr (GError) error = NULL;

  if (zone == NULL)
    return;
  if (eros_time_parse_format (kind, pattern, format_size, text, size, zone, &value, &error))
    sqlite3_result_int64 (context, value);
  else
    eros_native_fail_error (context, error);
}

#define DEFINE(name, kind)                                                                                   \
  static void format_##name (sqlite3_context *context, int n, sqlite3_value **values)                        \
  {                                                                                                          \
    format (context, n, values, kind);                                                                       \
  }                                                                                                          \
  static void parse_##name (sqlite3_context *context, int n, sqlite3_value **values)                         \
  {                                                                                                          \
    parse (context, n, values, kind);                                                                        \
  }

DEFINE (date, EROS_SQL_DATE)
DEFINE (time, EROS_SQL_TIME)
DEFINE (datetime, EROS_SQL_DATETIME)
DEFINE (timestamp, EROS_SQL_TIMESTAMP)

const ErosNative eros_native_time_text[] = {
  { "FORMAT_DATE", "(STRING, DATE) -> STRING", "bq_format_date", NULLS_STRICT, format_date, NULL },
  { "FORMAT_DATE", "(STRING, DATETIME) -> STRING", "bq_format_datetime", NULLS_STRICT, format_datetime,
    NULL },
  { "FORMAT_DATE", "(STRING, TIMESTAMP, [STRING]) -> STRING", "bq_format_timestamp", STRICT_FAIL,
    format_timestamp, NULL },
  { "FORMAT_TIME", "(STRING, TIME) -> STRING", "bq_format_time", NULLS_STRICT, format_time, NULL },
  { "FORMAT_DATETIME", "(STRING, DATETIME) -> STRING", "bq_format_datetime", NULLS_STRICT, NULL, NULL },
  { "FORMAT_TIMESTAMP", "(STRING, TIMESTAMP, [STRING]) -> STRING", "bq_format_timestamp", STRICT_FAIL, NULL,
    NULL },
  { "PARSE_DATE", "(STRING, STRING) -> DATE", "bq_parse_date", STRICT_FAIL, parse_date, NULL },
  { "PARSE_TIME", "(STRING, STRING) -> TIME", "bq_parse_time", STRICT_FAIL, parse_time, NULL },
  { "PARSE_DATETIME", "(STRING, STRING) -> DATETIME", "bq_parse_datetime", STRICT_FAIL, parse_datetime,
    NULL },
  { "PARSE_TIMESTAMP", "(STRING, STRING, [STRING]) -> TIMESTAMP", "bq_parse_timestamp", STRICT_FAIL,
    parse_timestamp, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
