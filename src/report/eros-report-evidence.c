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

static char *
value_text (const char *name, JsonNode *value)
{
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (value));
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_INT64)
    {
      gint64 number = json_node_get_int (value);

      if (number >= FIRST_TIME &&
          (g_str_equal (name, "started") || g_str_equal (name, "ended") || g_str_has_suffix (name, "time")))
        return eros_report_format_time (number);
      if (g_str_has_prefix (name, "bytes"))
        {
          g_autofree char *size = g_format_size ((guint64) MAX (number, 0));

          return g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", size, number);
        }
      return g_strdup_printf ("%" G_GINT64_FORMAT, number);
    }
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

/* Short values share a line; the query comes last. */
static void
add_object (ErosLayout *layout, JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);
  g_autoptr (GString) line = g_string_new (NULL);
  const char *sql = NULL;

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *name = l->data;
      JsonNode *value = json_object_get_member (object, name);
      g_autofree char *text = NULL;

      if (JSON_NODE_HOLDS_NULL (value))
        continue;
      text = value_text (name, value);
      if (g_str_equal (name, "sql"))
        {
          sql = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;
          continue;
        }
      g_string_append_printf (line, "%s%s: %s", line->len > 0 ? "; " : "", member_title (name), text);
    }
  if (line->len > 0)
    eros_layout_text (layout, EROS_TEXT_SMALL, line->str);
  if (sql != NULL)
    add_query (layout, sql);
}

void
eros_report_compose_evidence (ErosLayout *layout, JsonNode *evidence)
{
  JsonArray *array;

  if (JSON_NODE_HOLDS_OBJECT (evidence))
    add_object (layout, json_node_get_object (evidence));
  if (!JSON_NODE_HOLDS_ARRAY (evidence))
    return;
  array = json_node_get_array (evidence);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        add_object (layout, json_node_get_object (item));
      else
        {
          g_autofree char *text = value_text ("", item);

          eros_layout_text (layout, EROS_TEXT_SMALL, text);
        }
    }
}
