/* eros-native-timestamp.c: TIMESTAMP, and the present
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"
#include "eros-native-time-private.h"

#include <eros-cast.h>

#define MAX_GENERATED 1048575

static void
timestamp_move (sqlite3_context *context, sqlite3_value **values, gboolean negative)
{
  gint64 micros = sqlite3_value_int64 (values[0]);
  gint64 n = sqlite3_value_int64 (values[1]);
  gint64 result = 0;
  ErosPart part;
  g_autoptr (GString) text = NULL;

  if (!eros_arg_part (context, values[2], &part))
    return;
  if ((!negative || !__builtin_sub_overflow (0, n, &n)) && eros_part_add (micros, n, part, &result))
    {
      sqlite3_result_int64 (context, result);
      return;
    }
  text = g_string_new (NULL);
  eros_timestamp_append (micros, eros_zone_utc (), text);
  eros_native_fail (context, "Adding %" G_GINT64_FORMAT " %s to timestamp %s causes overflow", n,
                    eros_part_get_name (part), text->str);
}

static void
timestamp_add (sqlite3_context *context, int n, sqlite3_value **values)
{
  timestamp_move (context, values, FALSE);
}

static void
timestamp_sub (sqlite3_context *context, int n, sqlite3_value **values)
{
  timestamp_move (context, values, TRUE);
}

/* Whole units that have passed. */
static void
timestamp_diff (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosPart part;

  if (eros_arg_part (context, values[2], &part))
    sqlite3_result_int64 (context, (sqlite3_value_int64 (values[0]) - sqlite3_value_int64 (values[1])) /
                                     eros_part_get_micros (part));
}

/* Up to an hour the offset of the moment itself counts, so that a doubled hour keeps its half. */
static void
timestamp_trunc (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 micros = sqlite3_value_int64 (values[0]);
  const ErosZone *zone = eros_arg_zone (context, n, values, 2);
  gint64 result = 0;
  ErosPart part;
  gint64 offset = 0;

  if (zone == NULL || !eros_arg_part (context, values[1], &part))
    return;
  offset = eros_zone_get_offset (zone, micros) * EROS_MICROS_PER_SECOND;
  if (!eros_part_truncate (micros + offset, part, &result))
    eros_native_fail (context, "Truncating the timestamp to %s resulted in an out of range value",
                      eros_part_get_name (part));
  else if (part.kind <= EROS_PART_HOUR)
    sqlite3_result_int64 (context, result - offset);
  else
    sqlite3_result_int64 (context, eros_zone_from_local (zone, result));
}

/* (timestamp, [zone]) */
static gboolean
check_local (sqlite3_context *context, gint64 local, const char *what, gint64 micros, const ErosZone *zone)
{
  g_autoptr (GString) text = NULL;

  if (eros_micros_in_range (local))
    return TRUE;
  text = g_string_new (NULL);
  eros_timestamp_append (micros, zone, text);
  eros_native_fail (context, "Invalid %s extracted from timestamp %s", what, text->str);
  return FALSE;
}

static void
timestamp_to (sqlite3_context *context, int n, sqlite3_value **values, ErosPartKind kind)
{
  const ErosZone *zone = eros_arg_zone (context, n, values, 1);
  gint64 micros = sqlite3_value_int64 (values[0]);

  if (zone != NULL &&
      (kind == EROS_PART_TIME || check_local (context, eros_zone_to_local (zone, micros),
                                              kind == EROS_PART_DATE ? "date" : "Datetime", micros, zone)))
    sqlite3_result_int64 (
      context,
      eros_part_extract (eros_zone_to_local (zone, sqlite3_value_int64 (values[0])), (ErosPart){ kind, 0 }));
}

/* (timestamp, part, [zone]) */
static void
timestamp_extract (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosZone *zone = eros_arg_zone (context, n, values, 2);
  gint64 micros = sqlite3_value_int64 (values[0]);
  gint64 local = 0;
  ErosPart part;

  if (zone == NULL || !eros_arg_part (context, values[1], &part))
    return;
  local = eros_zone_to_local (zone, micros);
  if ((part.kind != EROS_PART_DATE && part.kind != EROS_PART_DATETIME) ||
      check_local (context, local, part.kind == EROS_PART_DATE ? "date" : "Datetime", micros, zone))
    sqlite3_result_int64 (context, eros_part_extract (local, part));
}

static void
timestamp_to_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  timestamp_to (context, n, values, EROS_PART_DATE);
}

static void
timestamp_to_datetime (sqlite3_context *context, int n, sqlite3_value **values)
{
  timestamp_to (context, n, values, EROS_PART_DATETIME);
}

static void
timestamp_to_time (sqlite3_context *context, int n, sqlite3_value **values)
{
  timestamp_to (context, n, values, EROS_PART_TIME);
}

static void
from_local (sqlite3_context *context, int n, sqlite3_value **values, gint64 local)
{
  const ErosZone *zone = eros_arg_zone (context, n, values, 1);
  gint64 micros = 0;

  if (zone == NULL)
    return;
  micros = eros_zone_from_local (zone, local);
  if (eros_micros_in_range (micros))
    sqlite3_result_int64 (context, micros);
  else
    eros_native_fail (context, "The timestamp is out of range");
}

static void
timestamp_of_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  from_local (context, n, values, sqlite3_value_int64 (values[0]) * EROS_MICROS_PER_DAY);
}

static void
timestamp_of_datetime (sqlite3_context *context, int n, sqlite3_value **values)
{
  from_local (context, n, values, sqlite3_value_int64 (values[0]));
}

/* Whether a text in canonical form ends in a zone: after the date only digits, ":", "." and the separator are
 * none. */
static gboolean
names_zone (const char *text, gsize size)
{
  for (gsize i = 11; i < size; i++)
    if (!g_ascii_isdigit (text[i]) && text[i] != ':' && text[i] != '.')
      return TRUE;
  return FALSE;
}

static void
timestamp_of_string (sqlite3_context *context, int n, sqlite3_value **values)
{
  gsize size = 0;
  const char *text = eros_arg_data (values[0], &size);
  const ErosZone *zone = eros_arg_zone (context, n, values, 1);
  gint64 micros = 0;
  g_autoptr (GError) error = NULL;

  if (zone == NULL)
    return;
  if (!eros_timestamp_parse (text, size, zone, &micros, &error))
    eros_native_fail_error (context, error);
  else if (n > 1 && names_zone (text, size))
    eros_native_fail (context, "Timezone is not allowed in \"%.*s\"", (int) size, text);
  else
    sqlite3_result_int64 (context, micros);
}

static void
string_of_timestamp (sqlite3_context *context, int n, sqlite3_value **values)
{
  const ErosZone *zone = eros_arg_zone (context, n, values, 1);
  g_autoptr (GString) text = NULL;

  if (zone == NULL)
    return;
  text = g_string_new (NULL);
  eros_timestamp_append (sqlite3_value_int64 (values[0]), zone, text);
  eros_result_take_text (context, g_steal_pointer (&text));
}

static void
string_of (sqlite3_context *context, sqlite3_value *from, ErosSqlKind kind)
{
  GString *text = g_string_new (NULL);
  ErosSqlValue value;

  eros_sql_value_load (&value, eros_sql_type (kind), from);
  eros_sql_value_append_cast (&value, text);
  eros_result_take_text (context, text);
}

static void
string_of_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  string_of (context, values[0], EROS_SQL_DATE);
}

static void
string_of_datetime (sqlite3_context *context, int n, sqlite3_value **values)
{
  string_of (context, values[0], EROS_SQL_DATETIME);
}

static void
string_of_time (sqlite3_context *context, int n, sqlite3_value **values)
{
  string_of (context, values[0], EROS_SQL_TIME);
}

/* ---- Unix time ----------------------------------------------------------------------------------------- */

static void
unix_seconds (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context, eros_floor_divide (sqlite3_value_int64 (values[0]), EROS_MICROS_PER_SECOND));
}

static void
unix_millis (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context, eros_floor_divide (sqlite3_value_int64 (values[0]), 1000));
}

static void
from_unix (sqlite3_context *context, gint64 number, gint64 unit)
{
  gint64 micros = 0;

  if (!__builtin_mul_overflow (number, unit, &micros) && eros_micros_in_range (micros))
    sqlite3_result_int64 (context, micros);
  else
    eros_native_fail (
      context,
      "Input value %" G_GINT64_FORMAT " cannot be converted into a TIMESTAMP, because it would be out "
      "of the allowed range between %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " (microseconds)",
      number, EROS_MICROS_MIN, EROS_MICROS_MAX);
}

static void
timestamp_seconds (sqlite3_context *context, int n, sqlite3_value **values)
{
  from_unix (context, sqlite3_value_int64 (values[0]), EROS_MICROS_PER_SECOND);
}

static void
timestamp_millis (sqlite3_context *context, int n, sqlite3_value **values)
{
  from_unix (context, sqlite3_value_int64 (values[0]), 1000);
}

static void
timestamp_micros (sqlite3_context *context, int n, sqlite3_value **values)
{
  from_unix (context, sqlite3_value_int64 (values[0]), 1);
}

/* ---- The present: one instant for a whole statement ---------------------------------------------------- */

static void
current_timestamp (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context, eros_native_get_world (context)->now);
}

static void
current (sqlite3_context *context, int n, sqlite3_value **values, ErosPartKind kind)
{
  const ErosZone *zone = eros_arg_zone (context, n, values, 0);

  if (zone != NULL)
    sqlite3_result_int64 (context,
                          eros_part_extract (eros_zone_to_local (zone, eros_native_get_world (context)->now),
                                             (ErosPart){ kind, 0 }));
}

static void
current_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  current (context, n, values, EROS_PART_DATE);
}

static void
current_datetime (sqlite3_context *context, int n, sqlite3_value **values)
{
  current (context, n, values, EROS_PART_DATETIME);
}

static void
current_time (sqlite3_context *context, int n, sqlite3_value **values)
{
  current (context, n, values, EROS_PART_TIME);
}

/* (start, end, n, part) */
static void
generate_timestamps (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 value = sqlite3_value_int64 (values[0]);
  gint64 end = sqlite3_value_int64 (values[1]);
  gint64 step = sqlite3_value_int64 (values[2]);
  ErosSqlBuilder builder;
  ErosPart part;

  if (!eros_arg_part (context, values[3], &part))
    return;
  if (step == 0)
    {
      eros_native_fail (context, "Sequence step cannot be 0.");
      return;
    }
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  while (step > 0 ? value <= end : value >= end)
    {
      eros_sql_builder_add_integer (&builder, value);
      if (builder.n_elements > MAX_GENERATED)
        {
          eros_sql_builder_clear (&builder);
          eros_native_fail (context, "Cannot generate arrays with more than %d elements.", MAX_GENERATED);
          return;
        }
      if (!eros_part_add (value, step, part, &value))
        break;
    }
  eros_result_builder (context, &builder);
}

#define PRESENT EROS_FUNCTION_CONTEXT

const ErosNative eros_native_timestamp[] = {
  { "TIMESTAMP_ADD", "(TIMESTAMP, INTERVAL_PART) -> TIMESTAMP", "bq_timestamp_add", STRICT_FAIL,
    timestamp_add, NULL },
  { "TIMESTAMP_SUB", "(TIMESTAMP, INTERVAL_PART) -> TIMESTAMP", "bq_timestamp_sub", STRICT_FAIL,
    timestamp_sub, NULL },
  { "TIMESTAMP_DIFF", "(TIMESTAMP, TIMESTAMP, PART) -> INT64", "bq_timestamp_diff", STRICT_FAIL,
    timestamp_diff, NULL },
  { "TIMESTAMP_TRUNC", "(TIMESTAMP, PART, [STRING]) -> TIMESTAMP", "bq_timestamp_trunc", STRICT_FAIL,
    timestamp_trunc, NULL },
  { "$extract", "(TIMESTAMP, PART, [STRING]) -> INT64", "bq_timestamp_extract", STRICT_FAIL,
    timestamp_extract, NULL },
  { "DATE", "(TIMESTAMP, [STRING]) -> DATE", "bq_timestamp_date", STRICT_FAIL, timestamp_to_date, NULL },
  { "DATETIME", "(TIMESTAMP, [STRING]) -> DATETIME", "bq_timestamp_datetime", STRICT_FAIL,
    timestamp_to_datetime, NULL },
  { "TIME", "(TIMESTAMP, [STRING]) -> TIME", "bq_timestamp_time", STRICT_FAIL, timestamp_to_time, NULL },
  { "TIMESTAMP", "(STRING, [STRING]) -> TIMESTAMP", "bq_timestamp_of_string", STRICT_FAIL,
    timestamp_of_string, NULL },
  { "TIMESTAMP", "(DATE, [STRING]) -> TIMESTAMP", "bq_timestamp_of_date", STRICT_FAIL, timestamp_of_date,
    NULL },
  { "TIMESTAMP", "(DATETIME, [STRING]) -> TIMESTAMP", "bq_timestamp_of_datetime", STRICT_FAIL,
    timestamp_of_datetime, NULL },
  { "TIMESTAMP", "(TIMESTAMP) -> TIMESTAMP", "(?1)", 0, NULL, NULL },
  { "STRING", "(TIMESTAMP, [STRING]) -> STRING", "bq_string_of_timestamp", STRICT_FAIL, string_of_timestamp,
    NULL },
  { "STRING", "(DATE) -> STRING", "bq_string_of_date", NULLS_STRICT, string_of_date, NULL },
  { "STRING", "(DATETIME) -> STRING", "bq_string_of_datetime", NULLS_STRICT, string_of_datetime, NULL },
  { "STRING", "(TIME) -> STRING", "bq_string_of_time", NULLS_STRICT, string_of_time, NULL },
  { "UNIX_SECONDS", "(TIMESTAMP) -> INT64", "bq_unix_seconds", NULLS_STRICT, unix_seconds, NULL },
  { "UNIX_MILLIS", "(TIMESTAMP) -> INT64", "bq_unix_millis", NULLS_STRICT, unix_millis, NULL },
  { "UNIX_MICROS", "(TIMESTAMP) -> INT64", "(?1)", 0, NULL, NULL },
  { "TIMESTAMP_SECONDS", "(INT64) -> TIMESTAMP", "bq_timestamp_seconds", STRICT_FAIL, timestamp_seconds,
    NULL },
  { "TIMESTAMP_MILLIS", "(INT64) -> TIMESTAMP", "bq_timestamp_millis", STRICT_FAIL, timestamp_millis, NULL },
  { "TIMESTAMP_MICROS", "(INT64) -> TIMESTAMP", "bq_timestamp_micros", STRICT_FAIL, timestamp_micros, NULL },
  { "TIMESTAMP_FROM_UNIX_SECONDS", "(INT64) -> TIMESTAMP", "bq_timestamp_seconds", STRICT_FAIL, NULL, NULL },
  { "TIMESTAMP_FROM_UNIX_MILLIS", "(INT64) -> TIMESTAMP", "bq_timestamp_millis", STRICT_FAIL, NULL, NULL },
  { "TIMESTAMP_FROM_UNIX_MICROS", "(INT64) -> TIMESTAMP", "bq_timestamp_micros", STRICT_FAIL, NULL, NULL },
  { "CURRENT_TIMESTAMP", "() -> TIMESTAMP", "bq_current_timestamp", PRESENT, current_timestamp, NULL },
  { "CURRENT_DATE", "([STRING]) -> DATE", "bq_current_date", PRESENT | STRICT_FAIL, current_date, NULL },
  { "CURRENT_DATETIME", "([STRING]) -> DATETIME", "bq_current_datetime", PRESENT | STRICT_FAIL,
    current_datetime, NULL },
  { "CURRENT_TIME", "([STRING]) -> TIME", "bq_current_time", PRESENT | STRICT_FAIL, current_time, NULL },
  { "GENERATE_TIMESTAMP_ARRAY", "(TIMESTAMP, TIMESTAMP, INTERVAL_PART) -> ARRAY<TIMESTAMP>",
    "bq_generate_timestamp_array", STRICT_FAIL, generate_timestamps, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
