/* eros-native-interval.c: INTERVAL, and dates and times with it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"
#include "eros-native-time-private.h"

#include <eros-interval.h>

static gboolean
get_interval (sqlite3_value *value, ErosInterval *interval)
{
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  return eros_interval_load (data, size, interval);
}

static void
result_interval (sqlite3_context *context, const ErosInterval *interval)
{
  char data[EROS_INTERVAL_SIZE];

  if (!eros_interval_is_valid (interval))
    {
      eros_native_fail (context, "Interval overflow");
      return;
    }
  eros_interval_store (interval, data);
  eros_result_blob (context, data, sizeof data);
}

/* n × part; FALSE when it does not fit. */
static gboolean
add_part (ErosInterval *interval, gint64 n, ErosPart part)
{
  gint64 months = part.kind == EROS_PART_YEAR ? 12 : part.kind == EROS_PART_QUARTER ? 3 : 1;
  gint64 unit = eros_part_get_micros (part);
  gint64 *target = &interval->micros;

  if (unit == 0)
    {
      target = &interval->months;
      unit = months;
    }
  else if (unit >= EROS_MICROS_PER_DAY)
    {
      target = &interval->days;
      unit /= EROS_MICROS_PER_DAY;
    }
  return !__builtin_mul_overflow (n, unit, &n) && !__builtin_add_overflow (*target, n, target);
}

/* INTERVAL n DAY: (n, part) */
static void
interval_of_part (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosInterval interval = { 0, 0, 0 };
  ErosPart part;

  if (!eros_arg_part (context, values[1], &part))
    return;
  if (add_part (&interval, sqlite3_value_int64 (values[0]), part))
    result_interval (context, &interval);
  else
    eros_native_fail (context, "Interval overflow");
}

/* The places of a text between @from and @to, such as '1:2' HOUR TO MINUTE, filled up to the canonical form.
 */
static char *
canonical_text (const char *text, gsize size, ErosPart from, ErosPart to)
{
  g_autofree char *trimmed = g_strstrip (g_strndup (text, size));
  gboolean date_from = from.kind == EROS_PART_YEAR || from.kind == EROS_PART_MONTH;
  gboolean date_to = to.kind == EROS_PART_YEAR || to.kind == EROS_PART_MONTH;
  const char *before = from.kind == EROS_PART_YEAR    ? ""
                       : from.kind == EROS_PART_MONTH ? "0-"
                       : from.kind == EROS_PART_DAY   ? "0-0 "
                       : from.kind == EROS_PART_HOUR  ? "0-0 0 "
                                                      : "0-0 0 0:";
  const char *after = to.kind == EROS_PART_MONTH    ? " 0 0:0:0"
                      : to.kind == EROS_PART_DAY    ? " 0:0:0"
                      : to.kind == EROS_PART_HOUR   ? ":0:0"
                      : to.kind == EROS_PART_MINUTE ? ":0"
                                                    : "";
  gboolean negative = trimmed[0] == '-' && !date_from && from.kind != EROS_PART_DAY;

  if (date_from && date_to && to.kind == EROS_PART_YEAR)
    after = "-0 0 0:0:0";
  return g_strdup_printf (
    "%.*s%s%s%s%s", (int) (negative && from.kind == EROS_PART_MINUTE ? strlen (before) - 2 : strlen (before)),
    before, negative ? "-" : "", negative && from.kind == EROS_PART_MINUTE ? "0:" : "", trimmed + negative,
    after);
}

/* INTERVAL '…' YEAR TO SECOND: (text, from, to) */
static void
interval_of_text (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosInterval interval;
  ErosPart from, to;
  gsize size = 0;
  const char *text = eros_arg_data (values[0], &size);
  g_autofree char *canonical = NULL;

  if (!eros_arg_part (context, values[1], &from) || !eros_arg_part (context, values[2], &to))
    return;
  canonical = canonical_text (text, size, from, to);
  if (eros_interval_parse (canonical, strlen (canonical), &interval))
    result_interval (context, &interval);
  else
    eros_native_fail (context, "Invalid INTERVAL value '%.*s'", (int) size, text);
}

/* MAKE_INTERVAL (year, month, day, hour, minute, second) */
static void
make_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  static const ErosPartKind parts[] = { EROS_PART_YEAR, EROS_PART_MONTH,  EROS_PART_DAY,
                                        EROS_PART_HOUR, EROS_PART_MINUTE, EROS_PART_SECOND };
  ErosInterval interval = { 0, 0, 0 };

  for (int i = 0; i < n; i++)
    if (!add_part (&interval, sqlite3_value_int64 (values[i]), (ErosPart){ parts[i], 0 }))
      {
        eros_native_fail (context, "Interval overflow");
        return;
      }
  result_interval (context, &interval);
}

/* ---- Arithmetic of intervals --------------------------------------------------------------------------- */

static void
combine (sqlite3_context *context, sqlite3_value **values, gint64 sign)
{
  ErosInterval a, b;

  if (!get_interval (values[0], &a) || !get_interval (values[1], &b))
    return;
  a.months += sign * b.months;
  a.days += sign * b.days;
  a.micros += sign * b.micros;
  result_interval (context, &a);
}

static void
interval_add (sqlite3_context *context, int n, sqlite3_value **values)
{
  combine (context, values, 1);
}

static void
interval_subtract (sqlite3_context *context, int n, sqlite3_value **values)
{
  combine (context, values, -1);
}

static void
interval_multiply (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 factor = sqlite3_value_int64 (values[1]);
  ErosInterval a;

  if (!get_interval (values[0], &a))
    return;
  if (__builtin_mul_overflow (a.months, factor, &a.months) ||
      __builtin_mul_overflow (a.days, factor, &a.days) ||
      __builtin_mul_overflow (a.micros, factor, &a.micros))
    eros_native_fail (context, "Interval overflow");
  else
    result_interval (context, &a);
}

static void
multiply_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_value *swapped[] = { values[1], values[0] };

  interval_multiply (context, n, swapped);
}

/* What a whole month or day leaves over goes to the next smaller part. */
static void
interval_divide (sqlite3_context *context, int n, sqlite3_value **values)
{
  gint64 divisor = sqlite3_value_int64 (values[1]);
  ErosInterval a, result;
  gint64 days = 0;

  if (!get_interval (values[0], &a))
    return;
  if (divisor == 0)
    {
      eros_native_fail (context, "Interval division by zero");
      return;
    }
  result.months = a.months / divisor;
  days = a.days + a.months % divisor * 30;
  result.days = days / divisor;
  result.micros = (days % divisor * EROS_MICROS_PER_DAY + a.micros) / divisor;
  result_interval (context, &result);
}

static void
interval_negate (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosInterval a;

  if (!get_interval (values[0], &a))
    return;
  a = (ErosInterval){ -a.months, -a.days, -a.micros };
  result_interval (context, &a);
}

/* ---- Dates and times ± intervals ----------------------------------------------------------------------- */

/* Civil time ± an interval: months, then days, then the rest. */
static gboolean
move (gint64 *micros, const ErosInterval *interval, gint64 sign)
{
  return eros_part_add (*micros, sign * interval->months, (ErosPart){ EROS_PART_MONTH, 0 }, micros) &&
         eros_part_add (*micros, sign * interval->days, (ErosPart){ EROS_PART_DAY, 0 }, micros) &&
         eros_part_add (*micros, sign * interval->micros, (ErosPart){ EROS_PART_MICROSECOND, 0 }, micros);
}

static void
civil_move (sqlite3_context *context, sqlite3_value **values, gint64 unit, gint64 sign)
{
  gint64 micros = sqlite3_value_int64 (values[0]) * unit;
  ErosInterval interval;

  if (!get_interval (values[1], &interval))
    return;
  if (move (&micros, &interval, sign))
    sqlite3_result_int64 (context, micros);
  else
    eros_native_fail (context, "Adding the interval causes overflow");
}

static void
date_plus_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  civil_move (context, values, EROS_MICROS_PER_DAY, 1);
}

static void
date_minus_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  civil_move (context, values, EROS_MICROS_PER_DAY, -1);
}

static void
datetime_plus_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  civil_move (context, values, 1, 1);
}

static void
datetime_minus_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  civil_move (context, values, 1, -1);
}

static void
timestamp_move (sqlite3_context *context, sqlite3_value **values, gint64 sign)
{
  gint64 micros = sqlite3_value_int64 (values[0]);
  ErosInterval interval;

  if (!get_interval (values[1], &interval))
    return;
  if (interval.months != 0)
    eros_native_fail (
      context, "TIMESTAMP +/- INTERVAL is not supported for intervals with non-zero MONTH or YEAR part.");
  else if (move (&micros, &interval, sign))
    sqlite3_result_int64 (context, micros);
  else
    eros_native_fail (context, "Adding the interval causes overflow");
}

static void
timestamp_plus_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  timestamp_move (context, values, 1);
}

static void
timestamp_minus_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  timestamp_move (context, values, -1);
}

static void
date_difference (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosInterval interval = { 0, sqlite3_value_int64 (values[0]) - sqlite3_value_int64 (values[1]), 0 };

  result_interval (context, &interval);
}

static void
time_difference (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosInterval interval = { 0, 0, sqlite3_value_int64 (values[0]) - sqlite3_value_int64 (values[1]) };

  result_interval (context, &interval);
}

/* ---- Taking apart -------------------------------------------------------------------------------------- */

/* EXTRACT: (interval, part) */
static void
interval_extract (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosInterval a;
  ErosPart part;
  gint64 result = 0;

  if (!get_interval (values[0], &a) || !eros_arg_part (context, values[1], &part))
    return;
  switch ((guint) part.kind)
    {
    case EROS_PART_YEAR:
      result = a.months / 12;
      break;
    case EROS_PART_MONTH:
      result = a.months % 12;
      break;
    case EROS_PART_DAY:
      result = a.days;
      break;
    case EROS_PART_HOUR:
      result = a.micros / EROS_MICROS_PER_HOUR;
      break;
    case EROS_PART_MINUTE:
      result = a.micros / EROS_MICROS_PER_MINUTE % 60;
      break;
    case EROS_PART_SECOND:
      result = a.micros / EROS_MICROS_PER_SECOND % 60;
      break;
    case EROS_PART_MILLISECOND:
      result = a.micros / 1000 % 1000;
      break;
    case EROS_PART_MICROSECOND:
    default:
      result = a.micros % EROS_MICROS_PER_SECOND;
    }
  sqlite3_result_int64 (context, result);
}

/* Hours beyond a day become days, days beyond 30 months; all parts get the same sign. */
static void
justify (sqlite3_context *context, sqlite3_value *value, gboolean hours, gboolean days)
{
  ErosInterval a;

  if (!get_interval (value, &a))
    return;
  if (hours)
    {
      a.days += a.micros / EROS_MICROS_PER_DAY;
      a.micros %= EROS_MICROS_PER_DAY;
    }
  if (days)
    {
      a.months += a.days / 30;
      a.days %= 30;
    }
  if (days && a.months > 0 && (a.days < 0 || (a.days == 0 && hours && a.micros < 0)))
    {
      a.months--;
      a.days += 30;
    }
  else if (days && a.months < 0 && (a.days > 0 || (a.days == 0 && hours && a.micros > 0)))
    {
      a.months++;
      a.days -= 30;
    }
  if (hours && a.days > 0 && a.micros < 0)
    {
      a.days--;
      a.micros += EROS_MICROS_PER_DAY;
    }
  else if (hours && a.days < 0 && a.micros > 0)
    {
      a.days++;
      a.micros -= EROS_MICROS_PER_DAY;
    }
  result_interval (context, &a);
}

static void
justify_hours (sqlite3_context *context, int n, sqlite3_value **values)
{
  justify (context, values[0], TRUE, FALSE);
}

static void
justify_days (sqlite3_context *context, int n, sqlite3_value **values)
{
  justify (context, values[0], FALSE, TRUE);
}

static void
justify_interval (sqlite3_context *context, int n, sqlite3_value **values)
{
  justify (context, values[0], TRUE, TRUE);
}

const ErosNative eros_native_interval[] = {
  { "$interval", "(INT64, PART) -> INTERVAL", "bq_interval", STRICT_FAIL, interval_of_part, NULL },
  { "$interval", "(STRING, PART, PART) -> INTERVAL", "bq_interval_of_text", STRICT_FAIL, interval_of_text,
    NULL },
  { "MAKE_INTERVAL",
    "([year => INT64], [month => INT64], [day => INT64], [hour => INT64], [minute => INT64], [second => "
    "INT64]) -> INTERVAL",
    "bq_make_interval", STRICT_FAIL, make_interval, NULL },
  { "$add", "(INTERVAL, INTERVAL) -> INTERVAL", "bq_interval_add", STRICT_FAIL, interval_add, NULL },
  { "$add", "(DATE, INTERVAL) -> DATETIME", "bq_date_plus_interval", STRICT_FAIL, date_plus_interval, NULL },
  { "$add", "(DATETIME, INTERVAL) -> DATETIME", "bq_datetime_plus_interval", STRICT_FAIL,
    datetime_plus_interval, NULL },
  { "$add", "(TIMESTAMP, INTERVAL) -> TIMESTAMP", "bq_timestamp_plus_interval", STRICT_FAIL,
    timestamp_plus_interval, NULL },
  { "$subtract", "(INTERVAL, INTERVAL) -> INTERVAL", "bq_interval_subtract", STRICT_FAIL, interval_subtract,
    NULL },
  { "$subtract", "(DATE, INTERVAL) -> DATETIME", "bq_date_minus_interval", STRICT_FAIL, date_minus_interval,
    NULL },
  { "$subtract", "(DATETIME, INTERVAL) -> DATETIME", "bq_datetime_minus_interval", STRICT_FAIL,
    datetime_minus_interval, NULL },
  { "$subtract", "(TIMESTAMP, INTERVAL) -> TIMESTAMP", "bq_timestamp_minus_interval", STRICT_FAIL,
    timestamp_minus_interval, NULL },
  { "$subtract", "(DATE, DATE) -> INTERVAL", "bq_date_difference", STRICT_FAIL, date_difference, NULL },
  { "$subtract", "(DATETIME, DATETIME) -> INTERVAL", "bq_time_difference", STRICT_FAIL, time_difference,
    NULL },
  { "$subtract", "(TIMESTAMP, TIMESTAMP) -> INTERVAL", "bq_time_difference", STRICT_FAIL, NULL, NULL },
  { "$subtract", "(TIME, TIME) -> INTERVAL", "bq_time_difference", STRICT_FAIL, NULL, NULL },
  { "$multiply", "(INTERVAL, INT64) -> INTERVAL", "bq_interval_multiply", STRICT_FAIL, interval_multiply,
    NULL },
  { "$multiply", "(INT64, INTERVAL) -> INTERVAL", "bq_multiply_interval", STRICT_FAIL, multiply_interval,
    NULL },
  { "$divide", "(INTERVAL, INT64) -> INTERVAL", "bq_interval_divide", STRICT_FAIL, interval_divide, NULL },
  { "$unary_minus", "(INTERVAL) -> INTERVAL", "bq_interval_negate", STRICT_FAIL, interval_negate, NULL },
  { "$extract", "(INTERVAL, PART) -> INT64", "bq_interval_extract", STRICT_FAIL, interval_extract, NULL },
  { "JUSTIFY_HOURS", "(INTERVAL) -> INTERVAL", "bq_justify_hours", STRICT_FAIL, justify_hours, NULL },
  { "JUSTIFY_DAYS", "(INTERVAL) -> INTERVAL", "bq_justify_days", STRICT_FAIL, justify_days, NULL },
  { "JUSTIFY_INTERVAL", "(INTERVAL) -> INTERVAL", "bq_justify_interval", STRICT_FAIL, justify_interval,
    NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
