/* test-time.c: the calendar, zones, and format elements
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <eros-date-part.h>
#include <eros-interval.h>
#include <eros-time-format.h>
#include <string.h>

static void
test_every_day (void)
{
  gint64 days = EROS_DAYS_MIN;
  int weekday = 1; /* 0001-01-01 was a Monday */

  for (int year = 1; year <= 9999; year++)
    for (int month = 1; month <= 12; month++)
      for (int day = 1; day <= eros_days_in_month (year, month); day++)
        {
          ErosCivil civil;

          eros_civil_from_days (days, &civil);
          g_assert_true (civil.year == year && civil.month == month && civil.day == day);
          g_assert_true (eros_days_from_civil (year, month, day) == days && eros_weekday (days) == weekday);
          days++;
          weekday = (weekday + 1) % 7;
        }
  g_assert_cmpint (days, ==, EROS_DAYS_MAX + 1);
}

static gint64
random_micros (void)
{
  guint64 random = ((guint64) (guint32) g_test_rand_int () << 32) | (guint32) g_test_rand_int ();

  return EROS_MICROS_MIN + (gint64) (random % (guint64) (EROS_MICROS_MAX - EROS_MICROS_MIN));
}

/* Against GLib's own calendar. */
static void
test_weeks (void)
{
  for (guint i = 0; i < 5000; i++)
    {
      gint64 micros = random_micros ();
      gint64 seconds = eros_floor_divide (micros, EROS_MICROS_PER_SECOND);
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
      int year = 0;
      int week = 0;

      eros_iso_week (eros_floor_divide (micros, EROS_MICROS_PER_DAY), &year, &week);
      g_assert_cmpint (year, ==, g_date_time_get_week_numbering_year (time));
      g_assert_cmpint (week, ==, g_date_time_get_week_of_year (time));
      g_assert_cmpint (eros_part_extract (micros, (ErosPart){ EROS_PART_DAYOFYEAR, 0 }), ==,
                       g_date_time_get_day_of_year (time));
    }
}

static void
test_zones (void)
{
  static const char *const names[] = { "America/New_York",    "Europe/Berlin",     "Asia/Kathmandu",
                                       "Australia/Lord_Howe", "Africa/Casablanca", "UTC" };

  for (guint i = 0; i < 3000; i++)
    {
      const char *name = names[g_test_rand_int_range (0, G_N_ELEMENTS (names))];
      const ErosZone *zone = eros_zone_find (name, strlen (name));
      gint64 micros = random_micros () / 10;
      gint64 back = 0;

      g_assert_nonnull (zone);
      back = eros_zone_from_local (zone, eros_zone_to_local (zone, micros));
      /* A doubled hour has two readings; the earlier one is taken. */
      g_assert_true (back == micros || eros_zone_to_local (zone, back) == eros_zone_to_local (zone, micros));
      g_assert_cmpint (back, <=, micros);
    }
}

static void
assert_timestamp (const char *text, gint64 expected)
{
  g_autoptr (GError) error = NULL;
  gint64 micros = 0;

  g_assert_true (eros_timestamp_parse (text, strlen (text), eros_zone_utc (), &micros, &error));
  g_assert_no_error (error);
  g_assert_cmpint (micros, ==, expected * EROS_MICROS_PER_SECOND);
}

static void
test_gaps (void)
{
  /* 02:30 did not occur: read with the offset of before. 01:30 occurred twice: the first. */
  assert_timestamp ("2024-03-10 02:30:00 America/New_York", 1710055800);
  assert_timestamp ("2024-11-03 01:30:00 America/New_York", 1730611800);
  assert_timestamp ("2024-03-31 02:30:00 Europe/Berlin", 1711848600);
  assert_timestamp ("2500-07-01 00:00:00 Europe/Berlin", 16740856800);
  assert_timestamp ("2024-01-01 00:00:00+05:30", 1704047400);
  assert_timestamp ("2024-01-01T00:00:60Z", 1704067260);
}

static void
test_bad_zones (void)
{
  static const char *const names[] = {
    "",     "Foo/Bar", "../etc/passwd", "/etc/passwd", "EST5EDT,M3.2.0,M11.1.0", "+15", "+5:60", "+", "UTC+1",
    "EST5", "America", "America/",      "Etc/GMT+99",  "Europe/Berlin ",         "+123"
  };
  gint64 micros = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (eros_zone_find (names[i], strlen (names[i])));
  g_assert_false (eros_timestamp_parse ("2024-01-01 00:00:00.1234567", 27, eros_zone_utc (), &micros, NULL));
  g_assert_false (eros_date_parse ("2024-02-30", 10, &micros));
}

static void
test_formats_read_back (void)
{
  static const char *const formats[] = {
    "%Y-%m-%d %H:%M:%E6S",  "%c %E*S", "%F %T %j",       "%G-W%V-%u %H:%M:%S",
    "%B %d %Y %I:%M:%S %p", "%s",      "%E4Y%m%d%H%M%S", "%Y-%W-%w %T",
    "%Y-%U-%w %T",          "%D %C %T"
  };

  for (guint i = 0; i < 5000; i++)
    {
      const char *format = formats[g_test_rand_int_range (0, G_N_ELEMENTS (formats))];
      gint64 value = random_micros ();
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) again = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      gint64 parsed = 0;

      /* four digits for each year, so that they are not run together */
      value = MAX (value, eros_days_from_civil (1000, 1, 10) * EROS_MICROS_PER_DAY);
      eros_time_format (EROS_SQL_DATETIME, value, eros_zone_utc (), format, strlen (format), text);
      if (!eros_time_parse_format (EROS_SQL_DATETIME, format, strlen (format), text->str, text->len,
                                   eros_zone_utc (), &parsed, &error))
        g_test_message ("%s: %s", format, text->str);
      g_assert_no_error (error);
      eros_time_format (EROS_SQL_DATETIME, parsed, eros_zone_utc (), format, strlen (format), again);
      g_assert_cmpstr (again->str, ==, text->str);
    }
}

/* Nothing but a clean no, whatever the bytes. */
static void
test_hostile_formats (void)
{
  static const char alphabet[] = "%%%%EO*#0149YmdHIMSpZzsGVujUWwyCbBaATDFRc -_^:/x\xc3\xa9";

  for (guint i = 0; i < 20000; i++)
    {
      char format[16];
      char text[24];
      gsize format_size = (gsize) g_test_rand_int_range (0, sizeof format);
      gsize size = (gsize) g_test_rand_int_range (0, sizeof text);
      g_autoptr (GString) out = g_string_new (NULL);
      gint64 value = 0;

      for (gsize j = 0; j < format_size; j++)
        format[j] = alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      for (gsize j = 0; j < size; j++)
        text[j] = "0123456789:-+ ZapmMonJan\0"[g_test_rand_int_range (0, 25)];
      for (ErosSqlKind kind = EROS_SQL_DATE; kind <= EROS_SQL_TIMESTAMP; kind++)
        {
          g_autoptr (GError) error = NULL;
          gboolean parsed =
            eros_time_parse_format (kind, format, format_size, text, size, eros_zone_utc (), &value, &error);

          g_assert_true (parsed == (error == NULL));
          eros_time_format (kind, kind == EROS_SQL_DATE ? 0 : 12345, eros_zone_utc (), format, format_size,
                            out);
        }
    }
}

static void
test_intervals (void)
{
  static const char *const texts[] = { "0-0 0 0:0:0", "1-2 3 4:5:6.789", "-1-2 -3 -4:5:6",
                                       "10000-0 3660000 87840000:0:0", "0-11 -29 0:0:0.000001" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ErosInterval interval, again;
      g_autoptr (GString) text = g_string_new (NULL);
      char data[EROS_INTERVAL_SIZE];

      g_assert_true (eros_interval_parse (texts[i], strlen (texts[i]), &interval));
      eros_interval_store (&interval, data);
      g_assert_true (eros_interval_load (data, sizeof data, &again));
      eros_interval_append (&again, text);
      g_assert_cmpstr (text->str, ==, texts[i]);
    }
}

static void
test_parts (void)
{
  gint64 result = 0;
  gint64 leap = eros_days_from_civil (2024, 2, 29) * EROS_MICROS_PER_DAY;

  g_assert_true (eros_part_add (leap, 1, (ErosPart){ EROS_PART_YEAR, 0 }, &result));
  g_assert_cmpint (result, ==, eros_days_from_civil (2025, 2, 28) * EROS_MICROS_PER_DAY);
  g_assert_false (eros_part_add (leap, G_MAXINT64, (ErosPart){ EROS_PART_MONTH, 0 }, &result));
  g_assert_false (eros_part_add (leap, G_MININT64, (ErosPart){ EROS_PART_WEEK, 0 }, &result));
  g_assert_false (eros_part_truncate (EROS_MICROS_MIN, (ErosPart){ EROS_PART_WEEK, 0 }, &result));
  for (guint i = 0; i < 3000; i++)
    {
      gint64 micros = random_micros ();
      ErosPart part = { (ErosPartKind) g_test_rand_int_range (EROS_PART_MICROSECOND, EROS_PART_DAYOFWEEK),
                        0 };
      gint64 start = 0;

      part.first_weekday = part.kind == EROS_PART_WEEK ? g_test_rand_int_range (0, 7) : 0;
      if (!eros_part_truncate (micros, part, &start))
        continue;
      g_assert_cmpint (start, <=, micros);
      g_assert_cmpint (eros_part_difference (micros, start, part), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/values/every-day-of-9999-years-is-counted-once", test_every_day);
  g_test_add_func ("/values/weeks-are-those-of-another-calendar", test_weeks);
  g_test_add_func ("/values/an-instant-comes-back-from-its-local-time", test_zones);
  g_test_add_func ("/values/gaps-and-doubled-hours-are-read-one-way", test_gaps);
  g_test_add_func ("/values/what-is-no-zone-is-none", test_bad_zones);
  g_test_add_func ("/values/formats-read-what-they-wrote", test_formats_read_back);
  g_test_add_func ("/values/hostile-formats-do-no-harm", test_hostile_formats);
  g_test_add_func ("/values/intervals-come-back-from-their-bytes", test_intervals);
  g_test_add_func ("/values/a-part-begins-before-what-is-in-it", test_parts);

  return g_test_run ();
}
