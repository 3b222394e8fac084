/* eros-native-date.c: DATE, DATETIME and TIME
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"
#include "eros-native-time-private.h"

/**
 * eros_arg_part:
 * @context: a call
 * @value: a part's name
 * @part: (out): the part
 *
 * Returns: whether there is such a part; if not the call has ended
 */
gboolean
eros_arg_part (sqlite3_context *context, sqlite3_value *value, ErosPart *part)
{
  gsize size = 0;
  const char *text = eros_arg_data (value, &size);

  if (eros_part_parse (text, size, part))
    return TRUE;
  eros_native_fail (context, "A valid date part name is required but found %.*s", (int) size, text);
  return FALSE;
}

static void
fail_adding (sqlite3_context *context, gint64 n, ErosPart part, const char *what, gint64 days, gint64 micros)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (strcmp (what, "date") == 0)
    eros_date_append (days, text);
  else
    eros_datetime_append (micros, ' ', text);
  eros_native_fail (context, "Adding %" G_GINT64_FORMAT " %s to %s %s causes overflow", n,
                    eros_part_get_name (part), what, text->str);
}

/* ---- Adding and subtracting: (time, n, part) ----------------------------------------------------------- */

static gboolean
get_addend (sqlite3_context *context, sqlite3_value **values, gboolean negative, gint64 *n, ErosPart *part)
{
  *n = sqlite3_value_int64 (values[1]);
  if (!eros_arg_part (context, values[2], part))
    return FALSE;
  if (!negative || !__builtin_sub_overflow (0, *n, n))
    return TRUE;
  eros_native_fail (context, "Subtracting %" G_GINT64_FORMAT " %s causes overflow", *n,
                    eros_part_get_name (*part));
  return FALSE;
}

static void
date_move (sqlite3_context *context, sqlite3_value **values, gboolean negative)
{
  gint64 days = sqlite3_value_int64 (values[0]);
  gint64 n = 0;
  gint64 result = 0;
  ErosPart part;

  if (!get_addend (context, values, negative, &n, &part))
    return;
  if (eros_part_add (days * EROS_MICROS_PER_DAY, n, part, &result))
    sqlite3_result_int64 (context, eros_floor_divide (result, EROS_MICROS_PER_DAY));
  else
    fail_adding (context, n, part, "date", days, 0);
}

static void
date_add (sqlite3_context *context, int n, sqlite3_value **values)
{
  date_move (context, values, FALSE);
}

static void
date_sub (sqlite3_context *context, int n, sqlite3_value **values)
{
  date_move (context, values, TRUE);
}

static void
date_move_days (sqlite3_context *context, gint64 days, gint64 n)
{
  gint64 result = 0;

  if (!__builtin_add_overflow (days, n, &result) && eros_days_in_range (result))
    sqlite3_result_int64 (context, result);
  else
    fail_adding (context, n, (ErosPart){ EROS_PART_DAY, 0 }, "date", days, 0);
}

static void
date_plus (sqlite3_context *context, int n, sqlite3_value **values)
{
  date_move_days (context, sqlite3_value_int64 (values[0]), sqlite3_value_int64 (values[1]));
}

static void
plus_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  date_move_days (context, sqlite3_value_int64 (values[1]), sqlite3_value_int64 (values[0]));
}

static void
date_minus (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 by = sqlite3_value_int64 (values[1]);

  date_move_days (context, sqlite3_value_int64 (values[0]), by == G_MININT64 ? G_MAXINT64 : -by);
}

static void
datetime_move (sqlite3_context *context, sqlite3_value **values, gboolean negative)
{
  gint64 micros = sqlite3_value_int64 (values[0]);
  gint64 n = 0;
  gint64 result = 0;
  ErosPart part;

  if (!get_addend (context, values, negative, &n, &part))
    return;
  if (eros_part_add (micros, n, part, &result))
    sqlite3_result_int64 (context, result);
  else
    fail_adding (context, n, part, "datetime", 0, micros);
}

static void
datetime_add (sqlite3_context *context, int n, sqlite3_value **values)
{
  datetime_move (context, values, FALSE);
}

static void
datetime_sub (sqlite3_context *context, int n, sqlite3_value **values)
{
  datetime_move (context, values, TRUE);
}

/* A time of day goes round. */
static void
time_move (sqlite3_context *context, sqlite3_value **values, gint64 sign)
{
  gint64 micros = sqlite3_value_int64 (values[0]);
  gint64 n = sqlite3_value_int64 (values[1]);
  ErosPart part;
  gint64 unit = 0;

  if (!eros_arg_part (context, values[2], &part))
    return;
  unit = eros_part_get_micros (part);
  micros += sign * (n % (EROS_MICROS_PER_DAY / unit)) * unit;
  sqlite3_result_int64 (context, (micros % EROS_MICROS_PER_DAY + EROS_MICROS_PER_DAY) % EROS_MICROS_PER_DAY);
}

static void
time_add (sqlite3_context *context, int n, sqlite3_value **values)
{
  time_move (context, values, 1);
}

static void
time_sub (sqlite3_context *context, int n, sqlite3_value **values)
{
  time_move (context, values, -1);
}

/* ---- Differences, truncation, extraction --------------------------------------------------------------- */

static void
date_diff (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosPart part;

  if (eros_arg_part (context, values[2], &part))
    sqlite3_result_int64 (context,
                          eros_part_difference (sqlite3_value_int64 (values[0]) * EROS_MICROS_PER_DAY,
                                                sqlite3_value_int64 (values[1]) * EROS_MICROS_PER_DAY, part));
}

static void
datetime_diff (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosPart part;

  if (eros_arg_part (context, values[2], &part))
    sqlite3_result_int64 (
      context, eros_part_difference (sqlite3_value_int64 (values[0]), sqlite3_value_int64 (values[1]), part));
}

static void
date_trunc (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 days = sqlite3_value_int64 (values[0]);
  gint64 result = 0;
  ErosPart part;
  g_autoptr (GString) text = NULL;

  if (!eros_arg_part (context, values[1], &part))
    return;
  if (eros_part_truncate (days * EROS_MICROS_PER_DAY, part, &result))
    {
      sqlite3_result_int64 (context, eros_floor_divide (result, EROS_MICROS_PER_DAY));
      return;
    }
  text = g_string_new (NULL);
  eros_date_append (days, text);
  eros_native_fail (context,
                    "Truncating date %s to %s resulted in an out of range date value: %" G_GINT64_FORMAT,
                    text->str, eros_part_get_name (part), eros_floor_divide (result, EROS_MICROS_PER_DAY));
}

static void
datetime_trunc (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 micros = sqlite3_value_int64 (values[0]);
  gint64 result = 0;
  ErosPart part;
  g_autoptr (GString) text = NULL;

  if (!eros_arg_part (context, values[1], &part))
    return;
  if (eros_part_truncate (micros, part, &result))
    {
      sqlite3_result_int64 (context, result);
      return;
    }
  text = g_string_new (NULL);
  eros_datetime_append (micros, ' ', text);
  eros_native_fail (context, "Truncating %s to %s resulted in an out of range datetime value", text->str,
                    eros_part_get_name (part));
}

static void
date_extract (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosPart part;

  if (eros_arg_part (context, values[1], &part))
    sqlite3_result_int64 (context,
                          eros_part_extract (sqlite3_value_int64 (values[0]) * EROS_MICROS_PER_DAY, part));
}

static void
datetime_extract (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosPart part;

  if (eros_arg_part (context, values[1], &part))
    sqlite3_result_int64 (context, eros_part_extract (sqlite3_value_int64 (values[0]), part));
}

/* (date or datetime, [part]) */
static void
last_day (sqlite3_context *context, gint64 days, int n, sqlite3_value **values)
{
  ErosPart part = { EROS_PART_MONTH, 0 };
  gint64 result = 0;

  if (n > 1 && !eros_arg_part (context, values[1], &part))
    return;
  if (eros_part_last_day (days, part, &result))
    sqlite3_result_int64 (context, result);
  else
    eros_native_fail (context, "LAST_DAY is out of range");
}

static void
date_last_day (sqlite3_context *context, int n, sqlite3_value **values)
{
  last_day (context, sqlite3_value_int64 (values[0]), n, values);
}

static void
datetime_last_day (sqlite3_context *context, int n, sqlite3_value **values)
{
  last_day (context, eros_floor_divide (sqlite3_value_int64 (values[0]), EROS_MICROS_PER_DAY), n, values);
}

/* ---- Making -------------------------------------------------------------------------------------------- */

static gboolean
get_civil (sqlite3_value **values, guint first, guint n, ErosCivil *civil)
{
  static const gint64 least[] = { 1, 1, 1, 0, 0, 0 };
  static const gint64 most[] = { 9999, 12, 31, 23, 59, 60 };
  gint64 parts[] = { 1970, 1, 1, 0, 0, 0 };

  for (guint i = first; i < first + n; i++)
    {
      parts[i] = sqlite3_value_int64 (values[i - first]);
      if (parts[i] < least[i] || parts[i] > most[i])
        return FALSE;
    }
  *civil = (ErosCivil){
    (int) parts[0], (int) parts[1], (int) parts[2], (int) parts[3], (int) parts[4], (int) parts[5], 0
  };
  return civil->day <= eros_days_in_month (civil->year, civil->month);
}

static void
date_make (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosCivil civil;

  if (get_civil (values, 0, 3, &civil))
    sqlite3_result_int64 (context, eros_days_from_civil (civil.year, civil.month, civil.day));
  else
    eros_native_fail (context, "Input calculates to invalid date: %04d-%02d-%02d",
                      sqlite3_value_int (values[0]), sqlite3_value_int (values[1]),
                      sqlite3_value_int (values[2]));
}

static void
datetime_make (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosCivil civil;

  if (get_civil (values, 0, 6, &civil) && eros_micros_in_range (eros_micros_from_civil (&civil)))
    sqlite3_result_int64 (context, eros_micros_from_civil (&civil));
  else
    eros_native_fail (context, "Input calculates to invalid datetime: %04d-%02d-%02d %02d:%02d:%02d",
                      sqlite3_value_int (values[0]), sqlite3_value_int (values[1]),
                      sqlite3_value_int (values[2]), sqlite3_value_int (values[3]),
                      sqlite3_value_int (values[4]), sqlite3_value_int (values[5]));
}

static void
time_make (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosCivil civil;

  if (get_civil (values, 3, 3, &civil))
    sqlite3_result_int64 (context, eros_micros_from_civil (&civil) % EROS_MICROS_PER_DAY);
  else
    eros_native_fail (context, "Input calculates to invalid time: %02d:%02d:%02d",
                      sqlite3_value_int (values[0]), sqlite3_value_int (values[1]),
                      sqlite3_value_int (values[2]));
}

static void
datetime_to_time (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_int64 (context,
                        eros_part_extract (sqlite3_value_int64 (values[0]), (ErosPart){ EROS_PART_TIME, 0 }));
}

static void
date_from_unix_date (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 days = sqlite3_value_int64 (values[0]);

  if (eros_days_in_range (days))
    sqlite3_result_int64 (context, days);
  else
    eros_native_fail (context, "DATE_FROM_UNIX_DATE range is %d to %d but saw %" G_GINT64_FORMAT,
                      EROS_DAYS_MIN, EROS_DAYS_MAX, days);
}

/* ---- GENERATE_DATE_ARRAY: (start, end, [n, part]) ------------------------------------------------------ */

static void
generate_dates (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 value = sqlite3_value_int64 (values[0]);
  gint64 end = sqlite3_value_int64 (values[1]);
  gint64 step = n > 2 ? sqlite3_value_int64 (values[2]) : 1;
  ErosPart part = { EROS_PART_DAY, 0 };
  ErosSqlBuilder builder;
  gint64 next = 0;

  if (n > 3 && !eros_arg_part (context, values[3], &part))
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
      if (!eros_part_add (value * EROS_MICROS_PER_DAY, step, part, &next))
        break;
      value = eros_floor_divide (next, EROS_MICROS_PER_DAY);
    }
  eros_result_builder (context, &builder);
}

const ErosNative eros_native_date[] = {
  { "$add", "(DATE, INT64) -> DATE", "bq_date_plus", STRICT_FAIL, date_plus, NULL },
  { "$add", "(INT64, DATE) -> DATE", "bq_plus_date", STRICT_FAIL, plus_date, NULL },
  { "$subtract", "(DATE, INT64) -> DATE", "bq_date_minus", STRICT_FAIL, date_minus, NULL },
  { "DATE_ADD", "(DATE, INTERVAL_PART) -> DATE", "bq_date_add", STRICT_FAIL, date_add, NULL },
  { "DATE_ADD", "(DATETIME, INTERVAL_PART) -> DATETIME", "bq_datetime_add", STRICT_FAIL, datetime_add, NULL },
  { "DATE_ADD", "(TIMESTAMP, INTERVAL_PART) -> TIMESTAMP", "bq_timestamp_add", STRICT_FAIL, NULL, NULL },
  { "DATE_SUB", "(DATE, INTERVAL_PART) -> DATE", "bq_date_sub", STRICT_FAIL, date_sub, NULL },
  { "DATE_SUB", "(DATETIME, INTERVAL_PART) -> DATETIME", "bq_datetime_sub", STRICT_FAIL, datetime_sub, NULL },
  { "DATE_SUB", "(TIMESTAMP, INTERVAL_PART) -> TIMESTAMP", "bq_timestamp_sub", STRICT_FAIL, NULL, NULL },
  { "DATETIME_ADD", "(DATETIME, INTERVAL_PART) -> DATETIME", "bq_datetime_add", STRICT_FAIL, NULL, NULL },
  { "DATETIME_SUB", "(DATETIME, INTERVAL_PART) -> DATETIME", "bq_datetime_sub", STRICT_FAIL, NULL, NULL },
  { "TIME_ADD", "(TIME, INTERVAL_PART) -> TIME", "bq_time_add", STRICT_FAIL, time_add, NULL },
  { "TIME_SUB", "(TIME, INTERVAL_PART) -> TIME", "bq_time_sub", STRICT_FAIL, time_sub, NULL },
  { "DATE_DIFF", "(DATE, DATE, PART) -> INT64", "bq_date_diff", STRICT_FAIL, date_diff, NULL },
  { "DATE_DIFF", "(DATETIME, DATETIME, PART) -> INT64", "bq_datetime_diff", STRICT_FAIL, datetime_diff,
    NULL },
  { "DATE_DIFF", "(TIMESTAMP, TIMESTAMP, PART) -> INT64", "bq_timestamp_diff", STRICT_FAIL, NULL, NULL },
  { "DATETIME_DIFF", "(DATETIME, DATETIME, PART) -> INT64", "bq_datetime_diff", STRICT_FAIL, NULL, NULL },
  { "TIME_DIFF", "(TIME, TIME, PART) -> INT64", "bq_datetime_diff", STRICT_FAIL, NULL, NULL },
  { "DATE_TRUNC", "(DATE, PART) -> DATE", "bq_date_trunc", STRICT_FAIL, date_trunc, NULL },
  { "DATE_TRUNC", "(DATETIME, PART) -> DATETIME", "bq_datetime_trunc", STRICT_FAIL, datetime_trunc, NULL },
  { "DATE_TRUNC", "(TIMESTAMP, PART, [STRING]) -> TIMESTAMP", "bq_timestamp_trunc", STRICT_FAIL, NULL, NULL },
  { "DATETIME_TRUNC", "(DATETIME, PART) -> DATETIME", "bq_datetime_trunc", STRICT_FAIL, NULL, NULL },
  { "TIME_TRUNC", "(TIME, PART) -> TIME", "bq_datetime_trunc", STRICT_FAIL, NULL, NULL },
  { "$extract", "(DATE, PART) -> INT64", "bq_date_extract", STRICT_FAIL, date_extract, NULL },
  { "$extract", "(DATETIME, PART) -> INT64", "bq_datetime_extract", STRICT_FAIL, datetime_extract, NULL },
  { "$extract", "(TIME, PART) -> INT64", "bq_datetime_extract", STRICT_FAIL, NULL, NULL },
  { "LAST_DAY", "(DATE, [PART]) -> DATE", "bq_date_last_day", STRICT_FAIL, date_last_day, NULL },
  { "LAST_DAY", "(DATETIME, [PART]) -> DATE", "bq_datetime_last_day", STRICT_FAIL, datetime_last_day, NULL },
  { "DATE", "(INT64, INT64, INT64) -> DATE", "bq_date", STRICT_FAIL, date_make, NULL },
  { "DATE", "(DATE) -> DATE", "(?1)", 0, NULL, NULL },
  { "DATE", "(DATETIME) -> DATE", "bq_datetime_to_date", NULLS_STRICT, NULL, NULL },
  { "DATETIME", "(INT64, INT64, INT64, INT64, INT64, INT64) -> DATETIME", "bq_datetime", STRICT_FAIL,
    datetime_make, NULL },
  { "DATETIME", "(DATE) -> DATETIME", "(?1 * 86400000000)", 0, NULL, NULL },
  { "DATETIME", "(DATE, TIME) -> DATETIME", "(?1 * 86400000000 + ?2)", 0, NULL, NULL },
  { "DATETIME", "(DATETIME) -> DATETIME", "(?1)", 0, NULL, NULL },
  { "TIME", "(INT64, INT64, INT64) -> TIME", "bq_time", STRICT_FAIL, time_make, NULL },
  { "TIME", "(DATETIME) -> TIME", "bq_datetime_to_time", NULLS_STRICT, datetime_to_time, NULL },
  { "TIME", "(TIME) -> TIME", "(?1)", 0, NULL, NULL },
  { "UNIX_DATE", "(DATE) -> INT64", "(?1)", 0, NULL, NULL },
  { "DATE_FROM_UNIX_DATE", "(INT64) -> DATE", "bq_date_from_unix_date", STRICT_FAIL, date_from_unix_date,
    NULL },
  { "GENERATE_DATE_ARRAY", "(DATE, DATE, [INTERVAL_PART]) -> ARRAY<DATE>", "bq_generate_date_array",
    STRICT_FAIL, generate_dates, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
