/* eros-report-evidence.c: what a machine check rests on: query, job, times, numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include "eros-config.h"
#include <inttypes.h>
#include <glib/gi18n-lib.h>

/* Microseconds since 1970 of any year from 2001 on: what a journal calls a time. */
#define FIRST_TIME G_GINT64_CONSTANT (1000000000000000)

static const char *member_title (const char *name);
static char *value_text (const char *name, JsonNode *value);

static char *
number_text (const char *name, gint64 number)
{
  if (number >= FIRST_TIME &&
      (g_str_equal (name, "started") || g_str_equal (name, "ended") || g_str_has_suffix (name, "time")))
    return eros_time_text (number);
  if (g_str_has_prefix (name, "bytes") && number >= 0)
    return g_format_size ((guint64) number);
  return g_strdup_printf ("%'" G_GINT64_FORMAT, number);
}

/* A time or a size that was stored as text is shown as one; any other text is as it was found. */
static char *
text_text (const char *name, const char *text)
{
  g_autoptr (GDateTime) time =
    g_str_equal (name, "started") || g_str_equal (name, "ended") || g_str_equal (name, "timestamp")
      ? g_date_time_new_from_iso8601 (text, NULL)
      : NULL;
  guint64 size;

  if (time != NULL)
    return eros_time_text (g_date_time_to_unix (time) * G_USEC_PER_SEC);
  if (g_str_equal (name, "bytes") && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &size, NULL))
    return g_format_size (size);
  return g_strdup (text);
}

static char *
array_text (JsonArray *array)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      g_autofree char *part = value_text ("", item);

      g_string_append_printf (text, JSON_NODE_HOLDS_OBJECT (item) ? "%s(%s)" : "%s%s", i > 0 ? ", " : "",
                              part);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
object_text (JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);
  g_autoptr (GString) text = g_string_new (NULL);

  for (GList *l = members; l != NULL; l = l->next)
    {
      g_autofree char *part = value_text (l->data, json_object_get_member (object, l->data));

      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", member_title (l->data), part);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
value_text (const char *name, JsonNode *value)
{
  if (JSON_NODE_HOLDS_OBJECT (value))
    return object_text (json_node_get_object (value));
  if (JSON_NODE_HOLDS_ARRAY (value))
    return array_text (json_node_get_array (value));
  if (JSON_NODE_HOLDS_NULL (value))
    return g_strdup ("–");
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return text_text (name, json_node_get_string (value));
  if (json_node_get_value_type (value) == G_TYPE_INT64)
    return number_text (name, json_node_get_int (value));
  return json_to_string (value, FALSE);
}

static const char *
member_title (const char *name)
{
  static const struct
  {
    const char *name, *title;
  } titles[] = {
    { "bytes", N_ ("Bytes") },         { "check", N_ ("Built-in check") },
    { "operation", N_ ("Operation") }, { "duration_ms", N_ ("Milliseconds") },
    { "rows", N_ ("Answer") },         { "row", N_ ("Answer") },
    { "values", N_ ("Answer") },       { "affected_rows", N_ ("Rows changed") },
    { "error", N_ ("Error") },         { "expected", N_ ("Expected") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      if (g_str_equal (titles[i].name, name))
        return _ (titles[i].title);
    }
  return name;
}

/* More than so many characters of one answer stand in the attached journal only. */
#define MOST_OF_ANSWER 150

/* A text of any length is cut where it says so. SEQUENCE: of the event that has it all. */
static void
append_cut (GString *text, const char *value, gint64 sequence)
{
  if (g_utf8_strlen (value, -1) <= MOST_OF_ANSWER || sequence == 0)
    {
      g_string_append (text, value);
      return;
    }
  else
    {
      g_autofree char *start = g_utf8_substring (value, 0, MOST_OF_ANSWER);

      /* Translators: the number of an event */
      g_string_append_printf (text, _ ("%s … (in full: event %" PRId64 ")"), start, sequence);
    }
}

static void
begin_sentence (GString *text)
{
  if (text->len > 0)
    g_string_append (text, g_str_has_suffix (text->str, ".") ? " " : ". ");
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

/* What the sentence about its job says, or the appendix of its query; of an operation what the fields say
 * that it fills in. */
static gboolean
is_said_elsewhere (const char *name)
{
  static const char *const names[] = {
    "sql",   "sql_sha256", "sql_source",   "step",         "location",   "job_id",          "started",
    "ended", "slot_ms",    "bytes_billed", "started-time", "ended-time", "bytes_processed", "timestamp",
    "stamp", NULL
  };

  return g_strv_contains (names, name);
}

static gint64
get_time (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr (GDateTime) time = NULL;

  if (node != NULL && json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  time =
    get_text (object, name) != NULL ? g_date_time_new_from_iso8601 (get_text (object, name), NULL) : NULL;
  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time) : 0;
}

static void
append_size (JsonObject *object, const char *name, const char *format, GString *text)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 && json_node_get_int (node) > 0)
    {
      g_autofree char *size = g_format_size ((guint64) json_node_get_int (node));

      g_string_append (text, ", ");
      g_string_append (text, size);
      g_string_append (text, format);
    }
}

/* "Job: …, 2025-10-31 14:30:00 UTC, 0.13 s, 2.6 MB read, 10.5 MB billed, 91 slot ms": as far as it is known.
 */
static void
describe_job (JsonObject *object, GString *text)
{
  const char *job = get_text (object, "job_id");
  gint64 started = get_time (object, "started"), ended = get_time (object, "ended");
  g_autofree char *time = eros_time_text (started);

  if (job == NULL && started == 0)
    return;
  begin_sentence (text);
  if (job != NULL)
    g_string_append_printf (text, _ ("Job: %s"), job);
  if (started != 0)
    g_string_append_printf (text, job != NULL ? ", %s" : "%s", time);
  if (started != 0 && ended >= started)
    g_string_append_printf (text, ", %.3g s", (double) (ended - started) / G_USEC_PER_SEC);
  /* Translators: follow a size */
  append_size (object, "bytes_processed", _ (" read"), text);
  append_size (object, "bytes_billed", _ (" billed"), text);
}

static void
describe_members (JsonObject *object, gint64 sequence, GString *text)
{
  g_autoptr (GList) members = json_object_get_members (object);
  g_autoptr (GString) line = g_string_new (NULL);

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *name = l->data;
      JsonNode *value = json_object_get_member (object, name);
      g_autofree char *shown = NULL;

      if (JSON_NODE_HOLDS_NULL (value) || is_said_elsewhere (name))
        continue;
      shown = value_text (name, value);
      g_string_append_printf (line, "%s%s: ", line->len > 0 ? "; " : "", member_title (name));
      append_cut (line, shown, sequence);
    }
  if (line->len == 0)
    return;
  begin_sentence (text);
  g_string_append (text, line->str);
}

/* One query may have been sent again and again, as a benchmark is: the others are counted. */
static guint
count_alike (JsonArray *array, guint i, const char *sql)
{
  guint n = 0;

  for (guint k = i + 1; k < json_array_get_length (array); k++, n++)
    {
      JsonNode *node = json_array_get_element (array, k);

      if (!JSON_NODE_HOLDS_OBJECT (node) ||
          g_strcmp0 (get_text (json_node_get_object (node), "sql"), sql) != 0)
        break;
    }
  return n;
}

static void
describe_query (ErosReportStory *story, const char *sql, GString *text)
{
  const ErosReportSql *known = eros_report_story_find_sql (story, sql);

  begin_sentence (text);
  if (known != NULL)
    /* Translators: a number; a file or step; a SHA-256’s beginning */
    g_string_append_printf (text, _ ("Query %u (%s, SHA-256 %.12s…)"), known->number, known->name,
                            known->sha256);
}

/* (nullable): the box before ELEMENT at which this job is told of */
static ErosElement *
find_earlier (ErosReportState *state, ErosElement *element, JsonObject *object)
{
  const char *job = get_text (object, "job_id");
  ErosElement *first = job != NULL ? g_hash_table_lookup (state->jobs, job) : NULL;

  return first != element ? first : NULL;
}

/* 0: none */
static gint64
find_event (ErosReportState *state, ErosElement *element)
{
  const gint64 *sequence = g_hash_table_lookup (state->story->found, eros_element_get_id (element));

  return sequence != NULL ? *sequence : 0;
}

static void
describe_object (ErosReportState *state, ErosElement *element, JsonArray *array, guint *i, GString *text)
{
  gint64 sequence = find_event (state, element);
  JsonObject *object = json_node_get_object (json_array_get_element (array, *i));
  ErosElement *earlier = find_earlier (state, element, object);
  const char *sql = get_text (object, "sql");
  guint n = sql != NULL ? count_alike (array, *i, sql) : 0;

  *i += n;
  if (sql != NULL)
    describe_query (state->story, sql, text);
  if (earlier != NULL)
    {
      begin_sentence (text);
      /* Translators: a check box, further up */
      g_string_append_printf (text, _ ("Job as at “%s”"), eros_element_get_label (earlier));
      return;
    }
  describe_job (object, text);
  describe_members (object, sequence, text);
  if (n > 0)
    {
      begin_sentence (text);
      g_string_append_printf (text,
                              g_dngettext (GETTEXT_PACKAGE, "%u more job of this query: event %" PRId64,
                                           "%u more jobs of this query: event %" PRId64, n),
                              n, sequence);
    }
}

void
eros_report_describe_evidence (ErosReportState *state,
                               ErosElement *element,
                               JsonNode *evidence,
                               GString *text)
{
  g_autoptr (JsonArray) alone = NULL;
  JsonArray *array;

  if (JSON_NODE_HOLDS_OBJECT (evidence))
    {
      alone = json_array_new ();
      json_array_add_element (alone, json_node_copy (evidence));
    }
  else if (!JSON_NODE_HOLDS_ARRAY (evidence))
    return;
  array = alone != NULL ? alone : json_node_get_array (evidence);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        describe_object (state, element, array, &i, text);
      else
        {
          g_autofree char *shown = value_text ("", item);

          begin_sentence (text);
          append_cut (text, shown, find_event (state, element));
        }
    }
}
