/* eros-native-range.c: RANGE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-date-part.h>
#include <eros-range.h>

#include "eros-native-private.h"
#include "eros-native-time-private.h"

#define MAX_RANGES 1000000

static gboolean
load (sqlite3_context *context, sqlite3_value *value, ErosRange *range)
{
  gsize size = 0;
  const char *data = eros_arg_data (value, &size);

  if (eros_range_load (data, size, range))
    return TRUE;
  eros_native_fail (context, "Invalid RANGE value");
  return FALSE;
}

static void
result_range (sqlite3_context *context, const ErosRange *range)
{
  char data[EROS_RANGE_SIZE];

  eros_range_store (range, data);
  eros_result_blob (context, data, sizeof data);
}

/* Bounds as numbers, for comparing. */
static gint64
low (const ErosRange *range)
{
  return range->has_start ? range->start : G_MININT64;
}

static gint64
high (const ErosRange *range)
{
  return range->has_end ? range->end : G_MAXINT64;
}

/* (start, end): NULL is without a bound */
static void
make_range (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosRange range = { !eros_arg_is_null (values[0]), !eros_arg_is_null (values[1]),
                      sqlite3_value_int64 (values[0]), sqlite3_value_int64 (values[1]) };

  if (range.has_start && range.has_end && range.start >= range.end)
    eros_native_fail (context, "Range start element must be smaller than range end element");
  else
    result_range (context, &range);
}

static void
range_start (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosRange range;

  if (load (context, values[0], &range) && range.has_start)
    sqlite3_result_int64 (context, range.start);
}

static void
range_end (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosRange range;

  if (load (context, values[0], &range) && range.has_end)
    sqlite3_result_int64 (context, range.end);
}

static void
contains_range (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosRange outer, inner;

  if (load (context, values[0], &outer) && load (context, values[1], &inner))
    sqlite3_result_int (context, low (&outer) <= low (&inner) && high (&inner) <= high (&outer));
}

static void
contains_value (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosRange range;
  gint64 value = sqlite3_value_int64 (values[1]);

  if (load (context, values[0], &range))
    sqlite3_result_int (context, low (&range) <= value && value < high (&range));
}

static gboolean
overlap (const ErosRange *a, const ErosRange *b)
{
  return low (a) < high (b) && low (b) < high (a);
}

static void
overlaps (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosRange a, b;

  if (load (context, values[0], &a) && load (context, values[1], &b))
    sqlite3_result_int (context, overlap (&a, &b));
}

static void
intersect (sqlite3_context *context, int n, sqlite3_value **values)
{
  ErosRange a, b;

  if (!load (context, values[0], &a) || !load (context, values[1], &b))
    return;
  if (!overlap (&a, &b))
    {
      eros_native_fail (
        context, "Provided RANGE inputs do not overlap. Please use RANGE_OVERLAPS to check whether two "
                 "ranges overlap before calling RANGE_INTERSECT");
      return;
    }
  if (low (&b) > low (&a))
    {
      a.has_start = b.has_start;
      a.start = b.start;
    }
  if (high (&b) < high (&a))
    {
      a.has_end = b.has_end;
      a.end = b.end;
    }
  result_range (context, &a);
}

static void
add_range (ErosSqlBuilder *builder, gint64 start, gint64 end)
{
  ErosRange range = { TRUE, TRUE, start, end };
  char data[EROS_RANGE_SIZE];

  eros_range_store (&range, data);
  eros_sql_builder_add_blob (builder, data, sizeof data);
}

/* (range, step, part, [whether to keep a last one that is shorter]); @unit: microseconds in what the bounds
 * count */
static void
generate (sqlite3_context *context, int n, sqlite3_value **values, gint64 unit)
{
  gint64 step = sqlite3_value_int64 (values[1]);
  gboolean keep_last = n < 4 || sqlite3_value_int (values[3]) != 0;
  ErosSqlBuilder builder;
  ErosRange range;
  ErosPart part;
  gint64 start = 0;

  if (!load (context, values[0], &range) || !eros_arg_part (context, values[2], &part))
    return;
  if (!range.has_start || !range.has_end || step <= 0)
    {
      eros_native_fail (context, step <= 0 ? "GENERATE_RANGE_ARRAY requires a step that is positive"
                                           : "Cannot generate ranges of a RANGE that is unbounded");
      return;
    }
  eros_sql_builder_init (&builder, EROS_SQL_ARRAY);
  start = range.start;
  for (gint64 i = 1; start < range.end && i <= MAX_RANGES; i++)
    {
      gint64 next = 0;

      if (!eros_part_add (range.start * unit, i * step, part, &next))
        break;
      next = eros_floor_divide (next, unit);
      if (next <= range.end || keep_last)
        add_range (&builder, start, MIN (next, range.end));
      start = next;
    }
  eros_result_builder (context, &builder);
}

static void
generate_of_dates (sqlite3_context *context, int n, sqlite3_value **values)
{
  generate (context, n, values, EROS_MICROS_PER_DAY);
}

static void
generate_of_times (sqlite3_context *context, int n, sqlite3_value **values)
{
  generate (context, n, values, 1);
}

const ErosNative eros_native_range[] = {
  { "RANGE", "(DATE, DATE) -> RANGE<DATE>", "bq_range", CAN_FAIL, make_range, NULL },
  { "RANGE", "(DATETIME, DATETIME) -> RANGE<DATETIME>", "bq_range", CAN_FAIL, NULL, NULL },
  { "RANGE", "(TIMESTAMP, TIMESTAMP) -> RANGE<TIMESTAMP>", "bq_range", CAN_FAIL, NULL, NULL },
  { "RANGE_START", "(RANGE<DATE>) -> DATE", "bq_range_start", NULLS_STRICT, range_start, NULL },
  { "RANGE_START", "(RANGE<DATETIME>) -> DATETIME", "bq_range_start", NULLS_STRICT, NULL, NULL },
  { "RANGE_START", "(RANGE<TIMESTAMP>) -> TIMESTAMP", "bq_range_start", NULLS_STRICT, NULL, NULL },
  { "RANGE_END", "(RANGE<DATE>) -> DATE", "bq_range_end", NULLS_STRICT, range_end, NULL },
  { "RANGE_END", "(RANGE<DATETIME>) -> DATETIME", "bq_range_end", NULLS_STRICT, NULL, NULL },
  { "RANGE_END", "(RANGE<TIMESTAMP>) -> TIMESTAMP", "bq_range_end", NULLS_STRICT, NULL, NULL },
  { "RANGE_CONTAINS", "(RANGE<DATE>, RANGE<DATE>) -> BOOL", "bq_range_contains_range", NULLS_STRICT,
    contains_range, NULL },
  { "RANGE_CONTAINS", "(RANGE<DATETIME>, RANGE<DATETIME>) -> BOOL", "bq_range_contains_range", NULLS_STRICT,
    NULL, NULL },
  { "RANGE_CONTAINS", "(RANGE<TIMESTAMP>, RANGE<TIMESTAMP>) -> BOOL", "bq_range_contains_range", NULLS_STRICT,
    NULL, NULL },
  { "RANGE_CONTAINS", "(RANGE<DATE>, DATE) -> BOOL", "bq_range_contains", NULLS_STRICT, contains_value,
    NULL },
  { "RANGE_CONTAINS", "(RANGE<DATETIME>, DATETIME) -> BOOL", "bq_range_contains", NULLS_STRICT, NULL, NULL },
  { "RANGE_CONTAINS", "(RANGE<TIMESTAMP>, TIMESTAMP) -> BOOL", "bq_range_contains", NULLS_STRICT, NULL,
    NULL },
  { "RANGE_OVERLAPS", "(RANGE<DATE>, RANGE<DATE>) -> BOOL", "bq_range_overlaps", NULLS_STRICT, overlaps,
    NULL },
  { "RANGE_OVERLAPS", "(RANGE<DATETIME>, RANGE<DATETIME>) -> BOOL", "bq_range_overlaps", NULLS_STRICT, NULL,
    NULL },
  { "RANGE_OVERLAPS", "(RANGE<TIMESTAMP>, RANGE<TIMESTAMP>) -> BOOL", "bq_range_overlaps", NULLS_STRICT, NULL,
    NULL },
  { "RANGE_INTERSECT", "(RANGE<DATE>, RANGE<DATE>) -> RANGE<DATE>", "bq_range_intersect", STRICT_FAIL,
    intersect, NULL },
  { "RANGE_INTERSECT", "(RANGE<DATETIME>, RANGE<DATETIME>) -> RANGE<DATETIME>", "bq_range_intersect",
    STRICT_FAIL, NULL, NULL },
  { "RANGE_INTERSECT", "(RANGE<TIMESTAMP>, RANGE<TIMESTAMP>) -> RANGE<TIMESTAMP>", "bq_range_intersect",
    STRICT_FAIL, NULL, NULL },
  { "GENERATE_RANGE_ARRAY",
    "(RANGE<DATE>, INTERVAL_PART, [include_last_partial_range => BOOL]) -> ARRAY<RANGE<DATE>>",
    "bq_generate_range_array_of_dates", STRICT_FAIL, generate_of_dates, NULL },
  { "GENERATE_RANGE_ARRAY",
    "(RANGE<DATETIME>, INTERVAL_PART, [include_last_partial_range => BOOL]) -> ARRAY<RANGE<DATETIME>>",
    "bq_generate_range_array", STRICT_FAIL, generate_of_times, NULL },
  { "GENERATE_RANGE_ARRAY",
    "(RANGE<TIMESTAMP>, INTERVAL_PART, [include_last_partial_range => BOOL]) -> ARRAY<RANGE<TIMESTAMP>>",
    "bq_generate_range_array", STRICT_FAIL, NULL, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
