/* eros-civil.h: the civil calendar and named time zones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Years 0001 to 9999. Days are counted from 1970-01-01, microseconds from its midnight. */
#define EROS_DAYS_MIN          (-719162)
#define EROS_DAYS_MAX          2932896
#define EROS_MICROS_PER_SECOND G_GINT64_CONSTANT (1000000)
#define EROS_MICROS_PER_MINUTE (60 * EROS_MICROS_PER_SECOND)
#define EROS_MICROS_PER_HOUR   (60 * EROS_MICROS_PER_MINUTE)
#define EROS_MICROS_PER_DAY    (24 * EROS_MICROS_PER_HOUR)
#define EROS_MICROS_MIN        (EROS_DAYS_MIN * EROS_MICROS_PER_DAY)
#define EROS_MICROS_MAX        ((EROS_DAYS_MAX + 1) * EROS_MICROS_PER_DAY - 1)

typedef struct
{
  int year;
  int month; /* 1 … 12 */
  int day;   /* 1 … 31 */
  int hour;
  int minute;
  int second;
  int micro;
} ErosCivil;

gint64 eros_floor_divide (gint64 a, gint64 b);
gint64 eros_days_from_civil (gint64 year, int month, int day);
void   eros_civil_from_days (gint64 days, ErosCivil *civil);
gint64 eros_micros_from_civil (const ErosCivil *civil);
void   eros_civil_from_micros (gint64 micros, ErosCivil *civil);
int    eros_days_in_month (int year, int month);
int    eros_weekday (gint64 days);
int    eros_day_of_year (const ErosCivil *civil);
int    eros_week_of_year (gint64 days, int first_weekday);
void   eros_iso_week (gint64 days, int *iso_year, int *iso_week);
gint64 eros_iso_year_start (int iso_year);

static inline gboolean
eros_days_in_range (gint64 days)
{
  return days >= EROS_DAYS_MIN && days <= EROS_DAYS_MAX;
}

static inline gboolean
eros_micros_in_range (gint64 micros)
{
  return micros >= EROS_MICROS_MIN && micros <= EROS_MICROS_MAX;
}

/* Zones live as long as the process. */
typedef struct _ErosZone ErosZone;

const ErosZone *eros_zone_utc (void);
const ErosZone *eros_zone_find (const char *name, gsize size);
int             eros_zone_get_offset (const ErosZone *zone, gint64 micros);
gint64          eros_zone_to_local (const ErosZone *zone, gint64 micros);
gint64          eros_zone_from_local (const ErosZone *zone, gint64 local);
void            eros_zone_append_offset (int seconds, gboolean colon, gboolean always_minutes, GString *text);

void eros_date_append (gint64 days, GString *text);
void eros_time_append (gint64 micros, GString *text);
void eros_datetime_append (gint64 micros, char separator, GString *text);
void eros_timestamp_append (gint64 micros, const ErosZone *zone, GString *text);

/* Canonical text forms: 2025-01-31[ T]12:00:00.123456[zone] */
gboolean eros_date_parse (const char *text, gsize size, gint64 *days);
gboolean eros_time_parse (const char *text, gsize size, gint64 *micros);
gboolean eros_datetime_parse (const char *text, gsize size, gint64 *micros);
gboolean eros_timestamp_parse (const char *text, gsize size, const ErosZone *zone, gint64 *micros, GError **error);

G_END_DECLS
