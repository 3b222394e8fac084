/* eros-report-evidence.c: what a machine check rests on: query, job, times, numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-report-content.h"

#include <string.h>

#include "eros-config.h"
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
    {
      g_autofree char *size = g_format_size ((guint64) number);

      return g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", size, number);
    }
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
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
    return g_strdup (json_node_get_string (value));
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
    { "job_id", N_ ("Job") },
    { "started", N_ ("Started") },
    { "ended", N_ ("Ended") },
    { "bytes", N_ ("Bytes") },
    { "bytes_processed", N_ ("Bytes processed") },
    { "bytes_billed", N_ ("Bytes billed") },
    { "slot_ms", N_ ("Slot milliseconds") },
    { "duration_ms", N_ ("Milliseconds") },
    { "rows", N_ ("Answer") },
    { "row", N_ ("Answer") },
    { "values", N_ ("Answer") },
    { "affected_rows", N_ ("Rows changed") },
    { "location", N_ ("Location") },
    { "sql_source", N_ ("Query of") },
    { "sql_sha256", N_ ("SHA-256 of the query before names were filled in") },
    { "error", N_ ("Error") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      if (g_str_equal (titles[i].name, name))
        return _ (titles[i].title);
    }
  return name;
}

static void
add_query (ErosLayout *layout, const char *sql)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, sql, -1);
  g_autofree char *title = g_strdup_printf (_ ("Query, SHA-256 %s:"), sha256);
  g_autofree char *text = g_strchomp (g_strdup (sql));

  eros_layout_text (layout, EROS_TEXT_SMALL, title);
  eros_layout_indent (layout, 10);
  eros_layout_text (layout, EROS_TEXT_CODE, text);
  eros_layout_indent (layout, -10);
}

/* Short values share a line. LAST: the query that was written last, which a benchmark repeats; it is written
 * once. */
static void
add_object (ErosLayout *layout, JsonObject *object, const char **last)
{
  g_autoptr (GList) members = json_object_get_members (object);
  g_autoptr (GString) line = g_string_new (NULL);
  JsonNode *query = json_object_get_member (object, "sql");
  const char *sql = query != NULL && JSON_NODE_HOLDS_VALUE (query) ? json_node_get_string (query) : NULL;
  gboolean is_known = g_strcmp0 (sql, *last) == 0;

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *name = l->data;
      JsonNode *value = json_object_get_member (object, name);
      g_autofree char *text = NULL;

      if (JSON_NODE_HOLDS_NULL (value) || g_str_equal (name, "sql") ||
          (is_known && g_str_has_prefix (name, "sql_")))
        continue;
      text = value_text (name, value);
      g_string_append_printf (line, "%s%s: %s", line->len > 0 ? "; " : "", member_title (name), text);
    }
  if (line->len > 0)
    eros_layout_text (layout, EROS_TEXT_SMALL, line->str);
  if (sql != NULL && !is_known)
    add_query (layout, sql);
  *last = sql;
}

void
eros_report_compose_evidence (ErosLayout *layout, JsonNode *evidence)
{
  JsonArray *array;
  const char *last = NULL;

  if (JSON_NODE_HOLDS_OBJECT (evidence))
    add_object (layout, json_node_get_object (evidence), &last);
  if (!JSON_NODE_HOLDS_ARRAY (evidence))
    return;
  array = json_node_get_array (evidence);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        add_object (layout, json_node_get_object (item), &last);
      else
        {
          g_autofree char *text = value_text ("", item);

          eros_layout_text (layout, EROS_TEXT_SMALL, text);
        }
    }
}
