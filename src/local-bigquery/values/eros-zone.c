/* eros-zone.c: time zones by name and by offset
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-civil.h"

#include <string.h>

struct _ErosZone
{
  char *name;
  GTimeZone *rules; /* NULL: always the same offset */
  int offset;       /* seconds east of Greenwich */
};

#define MAX_OFFSET (14 * 3600)

static GMutex zones_lock;
static GHashTable *zones; /* name → ErosZone; never freed: there are only so many valid names */

/* (+|-)H[H][:M[M]], (+|-)HHMM */
static gboolean
parse_offset (const char *name, int *offset)
{
  const char *p = name;
  int numbers[2] = { 0, 0 };
  int n_digits = 0;

  if (*p != '+' && *p != '-')
    return FALSE;
  p++;
  for (; g_ascii_isdigit (*p) && n_digits < 4; n_digits++)
    numbers[0] = numbers[0] * 10 + (*p++ - '0');
  if (n_digits == 0 || n_digits == 3)
    return FALSE;
  if (n_digits == 4)
    {
      numbers[1] = numbers[0] % 100;
      numbers[0] /= 100;
    }
  else if (*p == ':')
    {
      p++;
      for (n_digits = 0; g_ascii_isdigit (*p) && n_digits < 2; n_digits++)
        numbers[1] = numbers[1] * 10 + (*p++ - '0');
      if (n_digits == 0)
        return FALSE;
    }
  *offset = numbers[0] * 3600 + numbers[1] * 60;
  if (*p != '\0' || numbers[1] > 59 || *offset > MAX_OFFSET)
    return FALSE;
  if (name[0] == '-')
    *offset = -*offset;
  return TRUE;
}

/* The zone files only: GTimeZone also reads rules in POSIX form, which are no zone names in BigQuery. All of
 * those have digits, and few files do. */
static gboolean
is_zone_name (const char *name)
{
  static const char *const with_digits[] = { "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT",
                                             "GMT0",    "GMT+0",   "GMT-0",   NULL };
  gboolean has_digit = FALSE;

  if (!g_ascii_isalpha (name[0]) || strstr (name, "..") != NULL)
    return FALSE;
  for (const char *p = name; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && strchr ("/_+-", *p) == NULL)
        return FALSE;
      has_digit |= g_ascii_isdigit (*p);
    }
  return !has_digit || g_strv_contains (with_digits, name) || g_str_has_prefix (name, "Etc/GMT");
}

static ErosZone *
zone_new (const char *name)
{
  g_autoptr (GTimeZone) rules = NULL;
  ErosZone *zone = NULL;
  int offset = 0;

  if (g_ascii_strcasecmp (name, "UTC") != 0 && g_ascii_strcasecmp (name, "Z") != 0 &&
      !parse_offset (name, &offset))
    {
      if (!is_zone_name (name))
        return NULL;
      rules = g_time_zone_new_identifier (name);
      if (rules == NULL)
        return NULL;
    }
  zone = g_new0 (ErosZone, 1);
  zone->name = g_strdup (name);
  zone->rules = g_steal_pointer (&rules);
  zone->offset = offset;
  return zone;
}

/**
 * eros_zone_find:
 * @name: a zone's name, `UTC`, `Z` or an offset; not NUL-terminated
 * @size: its length
 *
 * Returns: (transfer none) (nullable): the zone, or %NULL if there is none of that name
 */
const ErosZone *
eros_zone_find (const char *name, gsize size)
{
  char key[64];
  ErosZone *zone = NULL;

  if (size == 0 || size >= sizeof key || memchr (name, '\0', size) != NULL)
    return NULL;
  memcpy (key, name, size);
  key[size] = '\0';
  g_mutex_lock (&zones_lock);
  if (zones == NULL)
    zones = g_hash_table_new (g_str_hash, g_str_equal);
  zone = g_hash_table_lookup (zones, key);
  if (zone == NULL)
    {
      zone = zone_new (key);
      if (zone != NULL)
        g_hash_table_insert (zones, zone->name, zone);
    }
  g_mutex_unlock (&zones_lock);
  return zone;
}

const ErosZone *
eros_zone_utc (void)
{
  static const ErosZone utc = { (char *) "UTC", NULL, 0 };

  return &utc;
}

static gint
find_interval (const ErosZone *zone, gint64 micros)
{
  return g_time_zone_find_interval (zone->rules, G_TIME_TYPE_UNIVERSAL,
                                    eros_floor_divide (micros, EROS_MICROS_PER_SECOND));
}

/**
 * eros_zone_get_offset:
 * @zone: a zone
 * @micros: an instant
 *
 * Returns: seconds east of Greenwich at that instant
 */
int
eros_zone_get_offset (const ErosZone *zone, gint64 micros)
{
  if (zone->rules == NULL)
    return zone->offset;
  return g_time_zone_get_offset (zone->rules, find_interval (zone, micros));
}

gint64
eros_zone_to_local (const ErosZone *zone, gint64 micros)
{
  return micros + eros_zone_get_offset (zone, micros) * EROS_MICROS_PER_SECOND;
}

/**
 * eros_zone_from_local:
 * @zone: a zone
 * @local: microseconds of the civil calendar in that zone
 *
 * A time that occurs twice is the earlier one; one that does not occur is read with the offset from before
 * the gap.
 *
 * Returns: the instant
 */
gint64
eros_zone_from_local (const ErosZone *zone, gint64 local)
{
  gint64 before = 0;
  gint64 after = 0;

  if (zone->rules == NULL)
    return local - zone->offset * EROS_MICROS_PER_SECOND;
  before = local - eros_zone_get_offset (zone, local - EROS_MICROS_PER_DAY) * EROS_MICROS_PER_SECOND;
  if (eros_zone_to_local (zone, before) == local)
    return before;
  after = local - eros_zone_get_offset (zone, local + EROS_MICROS_PER_DAY) * EROS_MICROS_PER_SECOND;
  return eros_zone_to_local (zone, after) == local ? after : before;
}

/**
 * eros_zone_append_offset:
 * @seconds: seconds east of Greenwich
 * @colon: whether a colon separates hours and minutes
 * @always_minutes: whether to write minutes that are 0
 * @text: where to append
 */
void
eros_zone_append_offset (int seconds, gboolean colon, gboolean always_minutes, GString *text)
{
  int minutes = ABS (seconds) / 60 % 60;

  g_string_append_printf (text, "%c%02d", seconds < 0 ? '-' : '+', ABS (seconds) / 3600);
  if (minutes != 0 || always_minutes)
    g_string_append_printf (text, colon ? ":%02d" : "%02d", minutes);
}
