/* eros-field-value.c: what a person may write into a blank, and how a stored value is shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-runbook-private.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-decimal.h"
#include "eros-name-rules.h"
#include "eros-time-text.h"

#define MAX_LENGTH 10000

static char *
invalid (GError **error, const char *reason)
{
  g_set_error_literal (error, EROS_RUNBOOK_ERROR, EROS_RUNBOOK_ERROR_INVALID, reason);
  return NULL;
}

static char *
parse_decimal (const char *text)
{
  return eros_decimal_parse (text, g_str_equal (localeconv ()->decimal_point, ","));
}

static char *
without_prefix (const char *text, const char *prefix)
{
  if (prefix != NULL && g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0)
    text += strlen (prefix);
  return g_strstrip (g_strdup (text));
}

static char *
without_suffix (const char *text, const char *suffix)
{
  gsize length = strlen (text), n = suffix != NULL ? strlen (suffix) : 0;

  if (n > 0 && n <= length && g_ascii_strcasecmp (text + length - n, suffix) == 0)
    length -= n;
  return g_strstrip (g_strndup (text, length));
}

/* g_strstrip () knows ASCII only; what was copied from a page often ends in a no-break space. */
static char *
strip (const char *text)
{
  const char *end = text + strlen (text);

  while (*text != '\0' && g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  while (end > text && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  return g_strndup (text, (gsize) (end - text));
}

static char *
normalize_number (const char *text, GError **error)
{
  char *decimal = parse_decimal (text);

  return decimal != NULL ? decimal : invalid (error, _ ("Please enter a number, such as 12.5."));
}

/* Things are counted in whole ones, and there are never fewer than none. */
static char *
normalize_count (const char *text, GError **error)
{
  g_autofree char *decimal = parse_decimal (text);
  char *point = decimal != NULL ? strchr (decimal, '.') : NULL;

  if (decimal == NULL || *decimal == '-' || (point != NULL && strspn (point, ".0") != strlen (point)))
    return invalid (error, _ ("Please enter a whole number, 0 or more, such as 1250."));
  if (point != NULL)
    *point = '\0';
  return g_steal_pointer (&decimal);
}

static char *
normalize_money (const char *text, GError **error)
{
  g_autofree char *a = without_prefix (text, "US");
  g_autofree char *b = without_prefix (a, "$");
  g_autofree char *c = without_suffix (b, "USD");
  g_autofree char *bare = without_suffix (c, "$");
  g_autofree char *decimal = parse_decimal (bare);

  /* What something costs. */
  if (decimal == NULL || *decimal == '-')
    return invalid (error, _ ("Please enter an amount in US dollars, such as 12.50."));
  return g_steal_pointer (&decimal);
}

static char *
normalize_percentage (const char *text, GError **error)
{
  g_autofree char *bare = without_suffix (text, "%");
  g_autofree char *decimal = parse_decimal (bare);
  gsize whole = decimal != NULL ? strcspn (decimal, ".") : 0;

  if (decimal == NULL || *decimal == '-' || whole > 3 ||
      (whole == 3 && (!g_str_has_prefix (decimal, "100") || strpbrk (decimal + 3, "123456789") != NULL)))
    return invalid (error, _ ("Please enter a percentage from 0 to 100."));
  return g_steal_pointer (&decimal);
}

/* "1.5 GB", "12 MiB", "1024": whole bytes. */
static char *
normalize_bytes (const char *text, GError **error)
{
  static const char prefixes[] = "kMGTPE";
  gsize number = strcspn (text, "bBkKmMgGtTpPeE");
  g_autofree char *bare = g_strstrip (g_strndup (text, number));
  g_autofree char *unit = g_strstrip (g_strdup (text + number));
  g_autofree char *decimal = parse_decimal (bare);
  const char *prefix = NULL, *rest = unit;
  guint64 thousandths;
  guint power = 0;

  for (guint i = 0; i < strlen (prefixes) && *unit != '\0' && prefix == NULL; i++)
    {
      if (g_ascii_tolower (*unit) == g_ascii_tolower (prefixes[i]))
        prefix = &prefixes[i], power = i + 1, rest = unit + 1;
    }
  if (decimal != NULL && *decimal != '-' &&
      (*rest == '\0' || !g_ascii_strcasecmp (rest, "B") ||
       (prefix != NULL && !g_ascii_strcasecmp (rest, "iB"))))
    {
      g_autofree char *shifted = eros_decimal_shift (decimal, 3);
      guint64 factor = g_ascii_tolower (*rest) == 'i' ? 1024 : 1000;
      gboolean fits;

      shifted[strcspn (shifted, ".")] = '\0';
      fits = g_ascii_string_to_unsigned (shifted, 10, 0, G_MAXUINT64 - 500, &thousandths, NULL);
      for (; power > 0 && fits; power--)
        fits = g_uint64_checked_mul (&thousandths, thousandths, factor);
      if (fits && thousandths <= G_MAXUINT64 - 500 && (prefix != NULL || thousandths % 1000 == 0))
        return g_strdup_printf ("%" G_GUINT64_FORMAT, (thousandths + 500) / 1000);
    }
  return invalid (error, _ ("Please enter a size, such as 1.5 GB or a number of bytes."));
}

static gboolean
parse_date (const char *text, int *year, int *month, int *day)
{
  int n = 0;

  if (!g_regex_match_simple ("^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$", text, G_REGEX_DOLLAR_ENDONLY, 0))
    return FALSE;
  n = sscanf (text, "%d-%d-%d", year, month, day);
  return n == 3 && *year > 0 && g_date_valid_dmy ((GDateDay) *day, *month, (GDateYear) *year);
}

static gboolean
parse_time (const char *text, int *hour, int *minute, int *second)
{
  *second = 0;
  if (!g_regex_match_simple ("^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$", text, G_REGEX_DOLLAR_ENDONLY, 0))
    return FALSE;
  return sscanf (text, "%d:%d:%d", hour, minute, second) >= 2 && *hour < 24 && *minute < 60 && *second < 60;
}

static char *
without_zone (const char *text)
{
  g_autofree char *bare = without_suffix (text, "UTC");

  return without_suffix (bare, "Z");
}

static char *
normalize_date (const char *text, GError **error)
{
  int year, month, day;

  if (!parse_date (text, &year, &month, &day))
    return invalid (error, _ ("Please enter a date as year-month-day, such as 2025-10-31."));
  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}

static char *
normalize_time (const char *text, GError **error)
{
  g_autofree char *bare = without_zone (text);
  int hour, minute, second;

  if (!parse_time (bare, &hour, &minute, &second))
    return invalid (error, _ ("Please enter a time in UTC, such as 14:30."));
  return g_strdup_printf ("%02d:%02d:%02d", hour, minute, second);
}

/* A local offset is turned into UTC; without one the time is UTC. */
static char *
normalize_timestamp (const char *text, GError **error)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *bare = without_zone (text);
  g_auto (GStrv) parts = g_strsplit_set (bare, " T", 2);
  g_autoptr (GDateTime) time = NULL;

  if (g_strv_length (parts) == 2)
    {
      gsize length = strcspn (parts[1], "+-");
      g_autofree char *clock = g_strndup (parts[1], length);
      g_autofree char *date = normalize_date (parts[0], NULL);
      const char *seconds =
        g_regex_match_simple ("^[0-9]{2}:[0-9]{2}$", clock, G_REGEX_DOLLAR_ENDONLY, 0) ? ":00" : "";
      g_autofree char *iso =
        g_strdup_printf ("%sT%s%s%s", date != NULL ? date : "", clock, seconds, parts[1] + length);

      time = g_date_time_new_from_iso8601 (iso, utc);
    }
  if (time == NULL)
    return invalid (error, _ ("Please enter date and time in UTC, such as 2025-10-31 14:30."));
  else
    {
      int micros = g_date_time_get_microsecond (time);
      gint64 moment = g_date_time_to_unix (time) * G_USEC_PER_SEC + micros;

      return micros != 0 ? eros_time_iso_exact (moment) : eros_time_format (moment, EROS_TIME_ISO);
    }
}

static char *
normalize_choice (ErosField *self, const char *text, GError **error)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *all = NULL;
  g_autofree char *reason = NULL;

  for (guint i = 0; self->choices[i] != NULL; i++)
    {
      g_autofree char *choice = g_utf8_casefold (self->choices[i], -1);

      if (g_str_equal (choice, folded))
        return g_strdup (self->choices[i]);
    }
  all = g_strjoinv (", ", self->choices);
  reason = g_strdup_printf (_ ("Please choose one of: %s."), all);
  return invalid (error, reason);
}

/* What the names of things may be; BigQuery itself says whether there is one of this name. */
static const struct
{
  ErosFieldType type;
  const char *pattern;
  const char *expected;
} names[] = {
  { EROS_FIELD_IDENTIFIER, "^[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_.:-]{0,1023}\\z",
    N_ ("Please enter a name of letters, digits, “_” and “-”, such as eros_platform.") },
  { EROS_FIELD_PROJECT, EROS_PROJECT_PATTERN,
    N_ ("Please enter a project id of 6 to 30 lower-case letters, digits and hyphens that begins with a "
        "letter, "
        "such as eros-production, or one with its domain, such as example.com:team.") },
  { EROS_FIELD_DATASET, EROS_DATASET_PATTERN,
    N_ ("Please enter a data set's name of letters, digits and “_”, such as eros_platform.") },
  { EROS_FIELD_TABLE, EROS_TABLE_PATTERN,
    N_ ("Please enter a table's name of letters, digits, “_”, “-” and spaces, such as events.") },
  { EROS_FIELD_LOCATION, EROS_LOCATION_PATTERN,
    N_ ("Please enter a location, such as US, EU or europe-west1.") },
  { EROS_FIELD_BUCKET, EROS_BUCKET_PATTERN,
    N_ ("Please enter a bucket's name of 3 to 222 lower-case letters, digits, “-”, “_” and “.”, such as "
        "eros-platform-backups.") },
};

static char *
normalize_name (ErosFieldType type, const char *text, GError **error)
{
  g_autofree char *a = without_prefix (text, type == EROS_FIELD_BUCKET ? "gs://" : "`");
  g_autofree char *bare = without_suffix (a, type == EROS_FIELD_BUCKET ? "/" : "`");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].type == type)
      return eros_name_is (bare, names[i].pattern) ? g_steal_pointer (&bare)
                                                   : invalid (error, _ (names[i].expected));
  g_return_val_if_reached (NULL);
}

static char *
normalize_email (const char *text, GError **error)
{
  if (!g_regex_match_simple ("^[^\\s@<>,;\"]+@[^\\s@<>,;\".]+(\\.[^\\s@<>,;\".]+)*$", text,
                             G_REGEX_DOLLAR_ENDONLY, 0))
    return invalid (error, _ ("Please enter an e-mail address, such as name@example.com."));
  return g_strdup (text);
}

static char *
normalize_phone (const char *text, GError **error)
{
  if (!g_regex_match_simple ("^\\+?[(]?[0-9][0-9 ().\\/-]{2,30}(\\s?(ext|x)\\.?\\s?[0-9]{1,8})?$", text,
                             G_REGEX_CASELESS | G_REGEX_DOLLAR_ENDONLY, 0))
    return invalid (error, _ ("Please enter a phone number, such as +1 555 0100."));
  return g_strdup (text);
}

static char *
normalize_text (const char *text, GError **error)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      GUnicodeType type = g_unichar_type (g_utf8_get_char (p));

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
          type == G_UNICODE_PARAGRAPH_SEPARATOR)
        return invalid (error, _ ("Please enter one line of text."));
    }
  return g_strdup (text);
}

/* (transfer full) (nullable): without blanks at its ends */
static char *
take_text (const char *text, GError **error)
{
  g_autofree char *bare = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    return invalid (error, _ ("The text is not valid UTF-8."));
  bare = strip (text);
  if (strlen (bare) > MAX_LENGTH)
    return invalid (error, _ ("The text is too long (more than 10,000 bytes)."));
  return g_steal_pointer (&bare);
}

static char *
normalize_type (ErosFieldType type, const char *text, GError **error)
{
  switch (type)
    {
    case EROS_FIELD_IDENTIFIER:
    case EROS_FIELD_PROJECT:
    case EROS_FIELD_DATASET:
    case EROS_FIELD_TABLE:
    case EROS_FIELD_LOCATION:
    case EROS_FIELD_BUCKET:
      return normalize_name (type, text, error);
    case EROS_FIELD_NUMBER:
      return normalize_number (text, error);
    case EROS_FIELD_COUNT:
      return normalize_count (text, error);
    case EROS_FIELD_BYTES:
      return normalize_bytes (text, error);
    case EROS_FIELD_MONEY:
      return normalize_money (text, error);
    case EROS_FIELD_PERCENTAGE:
      return normalize_percentage (text, error);
    case EROS_FIELD_DATE:
      return normalize_date (text, error);
    case EROS_FIELD_TIME:
      return normalize_time (text, error);
    case EROS_FIELD_TIMESTAMP:
      return normalize_timestamp (text, error);
    case EROS_FIELD_EMAIL:
      return normalize_email (text, error);
    case EROS_FIELD_PHONE:
      return normalize_phone (text, error);
    case EROS_FIELD_CHOICE:
    case EROS_FIELD_TEXT:
    default:
      return normalize_text (text, error);
    }
}

/**
 * eros_field_normalize:
 * @self: a field
 * @text: what a person typed, or a machine measured
 * @error: return location for %EROS_RUNBOOK_ERROR_INVALID: a sentence that says what is expected
 *
 * Turns @text into the canonical text that is stored: numbers with “.” and no grouping, times in UTC. Spaces
 * at the ends and the field’s unit are taken off. An empty text is valid and means “blank”. Normalizing a
 * canonical text gives that text, in every locale.
 *
 * Returns: (transfer full): the canonical text, or %NULL
 */
char *
eros_field_normalize (ErosField *self, const char *text, GError **error)
{
  g_autofree char *bare = NULL;

  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  bare = take_text (text, error);
  if (bare == NULL || *bare == '\0')
    return g_steal_pointer (&bare);
  if (self->type == EROS_FIELD_CHOICE)
    return normalize_choice (self, bare, error);
  if (self->unit != NULL)
    {
      g_autofree char *with_unit = g_steal_pointer (&bare);

      bare = without_suffix (with_unit, self->unit);
    }
  return normalize_type (self->type, bare, error);
}

/**
 * eros_field_type_normalize:
 * @type: what kind of value it is, but no %EROS_FIELD_CHOICE
 * @text: what a person typed
 * @error: return location for %EROS_RUNBOOK_ERROR_INVALID
 *
 * As eros_field_normalize(), for what is asked outside of a runbook: a deployment's own details.
 *
 * Returns: (transfer full): the canonical text, or %NULL
 */
char *
eros_field_type_normalize (ErosFieldType type, const char *text, GError **error)
{
  g_autofree char *bare = NULL;

  g_return_val_if_fail (type != EROS_FIELD_CHOICE, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  bare = take_text (text, error);
  return bare == NULL || *bare == '\0' ? g_steal_pointer (&bare) : normalize_type (type, bare, error);
}

static char *
format_decimal (const char *value, guint places, const char *pattern, const char *unit)
{
  g_autofree char *number = eros_decimal_format (value, places);
  g_autoptr (GString) text = g_string_new (pattern);

  g_string_replace (text, "{number}", number, 1);
  g_string_replace (text, "{unit}", unit, 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
format_time (const char *iso, const char *pattern)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso, utc);

  return time != NULL ? eros_time_format (g_date_time_to_unix (time) * G_USEC_PER_SEC, pattern)
                      : g_strdup (iso);
}

static char *
format_date (const char *value)
{
  g_autofree char *iso = g_strdup_printf ("%sT00:00:00Z", value);

  /* Translators: how a date is written out, see g_date_time_format () */
  return format_time (iso, _ ("%-d %B %Y"));
}

/**
 * eros_field_format:
 * @self: a field
 * @value: a stored value
 *
 * Returns: (transfer full): @value as a person of this locale reads it, unit included; times say that they
 * are UTC. A value that is not canonical is returned as it is.
 */
char *
eros_field_format (ErosField *self, const char *value)
{
  g_autofree char *canonical = NULL;

  g_return_val_if_fail (EROS_IS_FIELD (self), NULL);
  g_return_val_if_fail (value != NULL, NULL);

  canonical = eros_field_normalize (self, value, NULL);
  if (*value == '\0' || g_strcmp0 (canonical, value) != 0)
    return g_strdup (value);
  switch (self->type)
    {
    case EROS_FIELD_NUMBER:
    case EROS_FIELD_COUNT:
      /* Translators: a number with its unit */
      return format_decimal (value, 0, self->unit != NULL ? _ ("{number} {unit}") : "{number}",
                             self->unit != NULL ? self->unit : "");
    case EROS_FIELD_BYTES:
      return g_format_size (g_ascii_strtoull (value, NULL, 10));
    case EROS_FIELD_MONEY:
      /* Translators: US dollars */
      return format_decimal (value, 2, _ ("${number}"), "");
    case EROS_FIELD_PERCENTAGE:
      /* Translators: a percentage */
      return format_decimal (value, 0, _ ("{number}%"), "");
    case EROS_FIELD_DATE:
      return format_date (value);
    case EROS_FIELD_TIME:
      /* Translators: a time in UTC */
      return g_strdup_printf (_ ("%s UTC"), value);
    case EROS_FIELD_TIMESTAMP:
      /* Translators: date and time in UTC, see g_date_time_format () */
      return format_time (value, _ ("%-d %B %Y, %H:%M:%S UTC"));
    case EROS_FIELD_TEXT:
    case EROS_FIELD_IDENTIFIER:
    case EROS_FIELD_PROJECT:
    case EROS_FIELD_DATASET:
    case EROS_FIELD_TABLE:
    case EROS_FIELD_LOCATION:
    case EROS_FIELD_BUCKET:
    case EROS_FIELD_CHOICE:
    case EROS_FIELD_EMAIL:
    case EROS_FIELD_PHONE:
    default:
      return g_strdup (value);
    }
}
