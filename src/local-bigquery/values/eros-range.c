/* eros-range.c: RANGE
 *
 *   start (8 bytes), end (8 bytes), both big-endian with the sign bit flipped, so that memcmp() orders ranges
 * as BigQuery does: by start, then by end. No start is all zeros, no end all ones: neither is a date or a
 * time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-range.h"

#include <string.h>

#define SIGN_BIT (G_GUINT64_CONSTANT (1) << 63)

/**
 * eros_range_store:
 * @range: a range
 * @data: (out): %EROS_RANGE_SIZE bytes
 */
void
eros_range_store (const ErosRange *range, char *data)
{
  guint64 start = range->has_start ? GUINT64_TO_BE ((guint64) range->start ^ SIGN_BIT) : 0;
  guint64 end = range->has_end ? GUINT64_TO_BE ((guint64) range->end ^ SIGN_BIT) : G_MAXUINT64;

  memcpy (data, &start, 8);
  memcpy (data + 8, &end, 8);
}

/**
 * eros_range_load:
 * @data: bytes
 * @size: how many
 * @range: (out): the range
 *
 * Returns: whether they are a range
 */
gboolean
eros_range_load (const char *data, gsize size, ErosRange *range)
{
  guint64 start = 0;
  guint64 end = 0;

  if (size != EROS_RANGE_SIZE)
    return FALSE;
  memcpy (&start, data, 8);
  memcpy (&end, data + 8, 8);
  range->has_start = start != 0;
  range->has_end = end != G_MAXUINT64;
  range->start = range->has_start ? (gint64) (GUINT64_FROM_BE (start) ^ SIGN_BIT) : 0;
  range->end = range->has_end ? (gint64) (GUINT64_FROM_BE (end) ^ SIGN_BIT) : 0;
  return TRUE;
}

void
eros_range_set_value (ErosSqlValue *value, const ErosSqlType *type, const ErosRange *range)
{
  eros_sql_value_take_data (value, type, g_malloc (EROS_RANGE_SIZE), EROS_RANGE_SIZE);
  eros_range_store (range, value->owned);
}

/**
 * eros_range_get_bounds:
 * @value: a RANGE
 * @start: (out): its start, NULL if it has none
 * @end: (out): its end, NULL if it has none
 */
void
eros_range_get_bounds (const ErosSqlValue *value, ErosSqlValue *start, ErosSqlValue *end)
{
  const ErosSqlType *element = eros_sql_type_get_element (value->type);
  ErosRange range = { 0 };

  eros_sql_value_set_null (start, element);
  eros_sql_value_set_null (end, element);
  if (value->is_null || !eros_range_load (value->data, value->size, &range))
    return;
  if (range.has_start)
    eros_sql_value_set_integer (start, element, range.start);
  if (range.has_end)
    eros_sql_value_set_integer (end, element, range.end);
}
