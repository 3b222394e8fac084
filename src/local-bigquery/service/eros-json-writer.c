/* eros-json-writer.c: JSON text, written straight down
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-json-writer.h"

#include <string.h>

/**
 * eros_json_writer_init:
 * @writer: a writer
 * @text: what to append to
 *
 * Starts to write.
 */
void
eros_json_writer_init (ErosJsonWriter *writer, GString *text)
{
  writer->text = text;
  writer->comma = FALSE;
}

static void
append_quoted (GString *text, const char *value)
{
  g_string_append_c (text, '"');
  for (const char *p = value; *p != '\0'; p++)
    switch (*p)
      {
      case '"':
        g_string_append (text, "\\\"");
        break;
      case '\\':
        g_string_append (text, "\\\\");
        break;
      case '\n':
        g_string_append (text, "\\n");
        break;
      case '\t':
        g_string_append (text, "\\t");
        break;
      default:
        if ((guchar) *p < 0x20)
          g_string_append_printf (text, "\\u%04x", *p);
        else
          g_string_append_c (text, *p);
      }
  g_string_append_c (text, '"');
}

static void
start (ErosJsonWriter *writer, const char *name)
{
  if (writer->comma)
    g_string_append_c (writer->text, ',');
  writer->comma = TRUE;
  if (name == NULL)
    return;
  append_quoted (writer->text, name);
  g_string_append_c (writer->text, ':');
}

/**
 * eros_json_open:
 * @writer: a writer
 * @name: (nullable): a member's name
 * @bracket: `{` or `[`
 *
 * Begins an object or a list.
 */
void
eros_json_open (ErosJsonWriter *writer, const char *name, char bracket)
{
  start (writer, name);
  g_string_append_c (writer->text, bracket);
  writer->comma = FALSE;
}

/**
 * eros_json_close:
 * @writer: a writer
 * @bracket: `}` or `]`
 *
 * Ends the object or list begun last.
 */
void
eros_json_close (ErosJsonWriter *writer, char bracket)
{
  g_string_append_c (writer->text, bracket);
  writer->comma = TRUE;
}

/**
 * eros_json_string:
 * @writer: a writer
 * @name: (nullable): a member's name
 * @value: (nullable): its value
 */
void
eros_json_string (ErosJsonWriter *writer, const char *name, const char *value)
{
  if (value == NULL)
    return;
  start (writer, name);
  append_quoted (writer->text, value);
}

/**
 * eros_json_int:
 * @writer: a writer
 * @name: (nullable): a member's name
 * @value: a number of 32 bits, which JSON can hold
 */
void
eros_json_int (ErosJsonWriter *writer, const char *name, gint64 value)
{
  start (writer, name);
  g_string_append_printf (writer->text, "%" G_GINT64_FORMAT, value);
}

/**
 * eros_json_int_string:
 * @writer: a writer
 * @name: (nullable): a member's name
 * @value: a number of 64 bits, which Google's APIs write as a string
 */
void
eros_json_int_string (ErosJsonWriter *writer, const char *name, gint64 value)
{
  start (writer, name);
  g_string_append_printf (writer->text, "\"%" G_GINT64_FORMAT "\"", value);
}

/**
 * eros_json_bool:
 * @writer: a writer
 * @name: (nullable): a member's name
 * @value: its value
 */
void
eros_json_bool (ErosJsonWriter *writer, const char *name, gboolean value)
{
  start (writer, name);
  g_string_append (writer->text, value ? "true" : "false");
}

/**
 * eros_json_raw:
 * @writer: a writer
 * @name: (nullable): a member's name
 * @json: (nullable): its value as JSON text
 */
void
eros_json_raw (ErosJsonWriter *writer, const char *name, const char *json)
{
  if (json == NULL)
    return;
  start (writer, name);
  g_string_append (writer->text, json);
}

/**
 * eros_json_node:
 * @writer: a writer
 * @name: (nullable): a member's name
 * @node: (nullable): its value
 */
void
eros_json_node (ErosJsonWriter *writer, const char *name, JsonNode *node)
{
  g_autofree char *json = node != NULL ? json_to_string (node, FALSE) : NULL;

  eros_json_raw (writer, name, json);
}

/**
 * eros_json_labels:
 * @writer: a writer
 * @name: a member's name
 * @labels: (nullable): strings by string; nothing is written when there are none
 */
void
eros_json_labels (ErosJsonWriter *writer, const char *name, GHashTable *labels)
{
  GHashTableIter iter;
  gpointer key, value;

  if (labels == NULL || g_hash_table_size (labels) == 0)
    return;
  eros_json_open (writer, name, '{');
  g_hash_table_iter_init (&iter, labels);
  while (g_hash_table_iter_next (&iter, &key, &value))
    eros_json_string (writer, key, value);
  eros_json_close (writer, '}');
}

/**
 * eros_json_members:
 * @writer: a writer inside an object
 * @json: (nullable): the text of an object, whose members are added to the one being written
 */
void
eros_json_members (ErosJsonWriter *writer, const char *json)
{
  gsize length = json != NULL ? strlen (json) : 0;

  if (length <= 2)
    return;
  if (writer->comma)
    g_string_append_c (writer->text, ',');
  g_string_append_len (writer->text, json + 1, length - 2);
  writer->comma = TRUE;
}
