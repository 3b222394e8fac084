/* eros-blank.c: the blanks of a text, “Started at: ____”, as fields with a label and a type
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-blank.h"

#include <string.h>
#include <glib/gi18n-lib.h>

/* Three are one only when no word touches them. */
#define BLANK "_{4,}|(?<![A-Za-z0-9_])___(?![A-Za-z0-9_])"
/* What follows a number on paper. */
#define UNIT                                                                                                 \
  "(?:%|ms|milliseconds?|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|rows?|records?|slots?|users?|"  \
  "requests?|errors?|[KMGT]i?B|qps|rps|/s)(?![A-Za-z])"

/* A type, and the labels it is read from. The first that matches counts. */
static const struct
{
  const char *pattern;
  const char *type;
} types[] = {
  { "\\be-?mail(?: address)?$", "email" },
  { "\\b(?:tele)?phone(?: number)?$|\\bmobile$", "phone" },
  { "\\btime ?stamp(?: \\(utc\\))?$|\\bdate(?: and |[ /&]+)time$", "timestamp" },
  { "\\bdate$", "date" },
  { "(?:^|\\b(?:start|end|finish|begin|stop|decision|completion|local|utc) )time(?: \\(utc\\))?$|[-–:] time$",
    "time" },
  { "\\b(?:rows|row count|record count|records)$|^number of |^# of ", "number" },
  { "\\b(?:backup|dump|snapshot|archive|file|table|database|total|disk) size$", "bytes" },
  { "\\b(?:project|project id|data ?set|data ?set name|table name)(?: confirmed| verified)?$", "identifier" },
};

static GRegex *
get_blanks (void)
{
  static GRegex *regex;

  /* 1: currency, 2: the blank, 3: unit */
  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new ("`?((?:\\$|US\\$|USD)\\s*)?(" BLANK ")\\s?(" UNIT ")?`?",
                                            G_REGEX_OPTIMIZE, 0, NULL));
  return regex;
}

guint
eros_blank_count (const char *text)
{
  g_autoptr (GMatchInfo) match = NULL;
  guint n = 0;

  for (g_regex_match (get_blanks (), text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    n++;
  return n;
}

char *
eros_blank_trim (const char *text)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("^[\\s:;,.|/()\\[\\]=–—-]+|[\\s:;,|/(\\[=–—-]+$|^\\W*(?:and|or)\\s+", 0, 0, NULL);
  g_autofree char *line = g_strdelimit (g_strdup (text), "\n\t`", ' ');

  return g_regex_replace_literal (regex, line, -1, 0, "", 0, NULL);
}

const char *
eros_blank_guess_type (const char *label)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_regex_match_simple (types[i].pattern, label, G_REGEX_CASELESS, 0))
      return types[i].type;
  return "text";
}

static gboolean
has_label (JsonArray *fields, const char *label)
{
  for (guint i = 0; i < json_array_get_length (fields); i++)
    if (g_strcmp0 (json_object_get_string_member (json_array_get_object_element (fields, i), "label"),
                   label) == 0)
      return TRUE;
  return FALSE;
}

void
eros_blank_add (JsonArray *fields, const char *label, const char *type, const char *const *choices)
{
  JsonObject *field = json_object_new ();
  g_autofree char *unique = g_strdup (label);
  JsonArray *array;

  for (guint n = 2; has_label (fields, unique); n++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s (%u)", label, n);
    }
  json_object_set_string_member (field, "id", "");
  json_object_set_string_member (field, "label", unique);
  json_object_set_string_member (field, "type", type);
  if (choices != NULL)
    {
      array = json_array_new ();
      for (guint i = 0; choices[i] != NULL; i++)
        json_array_add_string_element (array, choices[i]);
      json_object_set_array_member (field, "choices", array);
    }
  json_array_add_object_element (fields, field);
}

/* The type of one blank: what is printed before and behind it says more than its label. */
static void
add_field (JsonArray *fields, const char *label, const char *currency, const char *unit)
{
  const char *type = eros_blank_guess_type (label);
  gboolean has_unit = unit != NULL && *unit != '\0';

  if (currency != NULL && *currency != '\0')
    type = "money";
  else if (has_unit)
    type = g_str_equal (unit, "%") ? "percentage" : "number";
  eros_blank_add (fields, label, type, NULL);
  if (has_unit && g_str_equal (type, "number"))
    json_object_set_string_member (json_array_get_object_element (fields, json_array_get_length (fields) - 1),
                                   "unit", unit);
}

void
eros_blank_read (const char *text, const char *fallback, JsonArray *fields)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *last_label = g_strdup ("");
  int last = 0;

  for (g_regex_match (get_blanks (), text, 0, &match); g_match_info_matches (match);)
    {
      g_autofree char *currency = g_match_info_fetch (match, 1);
      g_autofree char *unit = g_match_info_fetch (match, 3);
      g_autofree char *before = NULL, *label = NULL, *after = NULL, *behind = NULL;
      int start, end;

      g_match_info_fetch_pos (match, 0, &start, &end);
      before = g_strndup (text + last, start - last);
      label = eros_blank_trim (before);
      last = end;
      g_match_info_next (match, NULL);
      if (*label == '\0')
        {
          int next = (int) strlen (text);

          if (g_match_info_matches (match))
            g_match_info_fetch_pos (match, 0, &next, NULL);
          after = g_strndup (text + end, next - end);
          behind = eros_blank_trim (after);
        }
      if (*label == '\0')
        {
          g_free (label);
          label = fallback != NULL ? g_strdup (fallback) : g_steal_pointer (&behind);
        }
      if (*label == '\0')
        {
          g_free (label);
          label = g_strdup (*last_label != '\0' ? last_label : _ ("Value"));
        }
      add_field (fields, label, currency, unit);
      g_free (last_label);
      last_label = g_steal_pointer (&label);
    }
}

char *
eros_blank_get_label (const char *text)
{
  g_autofree char *shown = g_regex_replace_literal (get_blanks (), text, -1, 0, "…", 0, NULL);
  const char *first = strstr (shown, "…");
  const char *last = g_strrstr (shown, "…");
  g_autofree char *head = NULL, *tail = NULL, *label = NULL;

  if (first == NULL)
    return g_strdup (text);
  head = g_strndup (shown, first - shown);
  label = eros_blank_trim (head);
  tail = eros_blank_trim (last + strlen ("…"));
  /* “Tell ____ of the outage” means nothing without its end. */
  if (*label != '\0' && *tail == '\0')
    return g_steal_pointer (&label);
  if (*label == '\0' && *tail == '\0')
    return g_strdup ("…");
  return *label == '\0' && first == last ? g_steal_pointer (&tail) : g_strstrip (g_steal_pointer (&shown));
}
