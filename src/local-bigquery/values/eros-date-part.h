/* eros-date-part.h: arithmetic with the parts of dates and times
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "eros-civil.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_PART_MICROSECOND,
  EROS_PART_MILLISECOND,
  EROS_PART_SECOND,
  EROS_PART_MINUTE,
  EROS_PART_HOUR,
  EROS_PART_DAY,
  EROS_PART_WEEK, /* begins on Sunday, or on the day in parentheses */
  EROS_PART_ISOWEEK,
  EROS_PART_MONTH,
  EROS_PART_QUARTER,
  EROS_PART_YEAR,
  EROS_PART_ISOYEAR,
  EROS_PART_DAYOFWEEK,
  EROS_PART_DAYOFYEAR,
  EROS_PART_DATE,
  EROS_PART_TIME,
  EROS_PART_DATETIME,
} ErosPartKind;

typedef struct
{
  ErosPartKind kind;
  int          first_weekday; /* of WEEK: 0 for Sunday */
} ErosPart;

gboolean    eros_part_parse (const char *text, gsize size, ErosPart *part);
const char *eros_part_get_name (ErosPart part);
gint64      eros_part_get_micros (ErosPart part);

/* Civil time: microseconds since 1970-01-01 of the calendar; a date is its midnight. FALSE: out of range. */
gboolean eros_part_add (gint64 micros, gint64 n, ErosPart part, gint64 *result);
gint64   eros_part_difference (gint64 a, gint64 b, ErosPart part);
gboolean eros_part_truncate (gint64 micros, ErosPart part, gint64 *result);
gint64   eros_part_extract (gint64 micros, ErosPart part);
gboolean eros_part_last_day (gint64 days, ErosPart part, gint64 *result);

G_END_DECLS
