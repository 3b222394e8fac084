/* eros-canonical-json.c: the one text of a JSON value that is hashed (docs/journal.md)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-canonical-json.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "eros-canonical-scan.h"
#include "eros-journal.h"

static gboolean write_value (GString *text, JsonNode *value, guint depth, GError **error);

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, EROS_JOURNAL_ERROR, EROS_JOURNAL_ERROR_INVALID_EVENT,
               _ ("The event’s body cannot be stored: %s."), reason);
  return FALSE;
}

static void
write_character (GString *text, char character)
{
  static const char named[] = "\b\f\n\r\t\"\\";
  static const char letters[] = "bfnrt\"\\";
  const char *found = character != '\0' ? strchr (named, character) : NULL;

  if (found != NULL)
    {
      g_string_append_c (text, '\\');
      g_string_append_c (text, letters[found - named]);
    }
  else if ((guchar) character < 0x20)
    g_string_append_printf (text, "\\u%04x", (guint) (guchar) character);
  else
    g_string_append_c (text, character);
}

static gboolean
write_string (GString *text, const char *string, GError **error)
{
  if (string == NULL || !g_utf8_validate (string, -1, NULL))
    return refuse (error, _ ("a text in it is not valid UTF-8"));

  g_string_append_c (text, '"');
  for (const char *at = string; *at != '\0'; at++)
    write_character (text, *at);
  g_string_append_c (text, '"');
  return TRUE;
}

static gboolean
write_array (GString *text, JsonArray *array, guint depth, GError **error)
{
  guint n = json_array_get_length (array);

  g_string_append_c (text, '[');
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      if (!write_value (text, json_array_get_element (array, i), depth + 1, error))
        return FALSE;
    }
  g_string_append_c (text, ']');
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  /* The order of UTF-8 bytes is the order of code points. */
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
write_object (GString *text, JsonObject *object, guint depth, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, (gpointer) name);
  g_ptr_array_sort (names, compare_names);

  g_string_append_c (text, '{');
  for (guint i = 0; i < names->len; i++)
    {
      name = names->pdata[i];
      if (i > 0)
        g_string_append_c (text, ',');
      if (!write_string (text, name, error))
        return FALSE;
      g_string_append_c (text, ':');
      if (!write_value (text, json_object_get_member (object, name), depth + 1, error))
        return FALSE;
    }
  g_string_append_c (text, '}');
  return TRUE;
}

static gboolean
write_scalar (GString *text, JsonNode *value, GError **error)
{
  switch (json_node_get_value_type (value))
    {
    case G_TYPE_STRING:
      return write_string (text, json_node_get_string (value), error);
    case G_TYPE_BOOLEAN:
      g_string_append (text, json_node_get_boolean (value) ? "true" : "false");
      return TRUE;
    case G_TYPE_INT64:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (value));
      return TRUE;
    default:
      /* Two programs may print one floating-point number differently, and the hash would break. */
      return refuse (error, _ ("it holds a floating-point number; decimals are stored as texts"));
    }
}

static gboolean
write_value (GString *text, JsonNode *value, guint depth, GError **error)
{
  if (depth > EROS_CANONICAL_JSON_MAX_DEPTH)
    return refuse (error, _ ("it is nested too deeply"));
  if (text->len > EROS_CANONICAL_JSON_MAX_LENGTH)
    return refuse (error, _ ("it is too long"));

  switch (json_node_get_node_type (value))
    {
    case JSON_NODE_OBJECT:
      return write_object (text, json_node_get_object (value), depth, error);
    case JSON_NODE_ARRAY:
      return write_array (text, json_node_get_array (value), depth, error);
    case JSON_NODE_VALUE:
      return write_scalar (text, value, error);
    case JSON_NODE_NULL:
    default:
      g_string_append (text, "null");
      return TRUE;
    }
}

/**
 * eros_canonical_json_write:
 * @value: an object, array, text, integer, boolean or null
 * @error: return location for %EROS_JOURNAL_ERROR_INVALID_EVENT
 *
 * Writes @value in the only form in which a journal stores it: names sorted by
 * code point, no white space, only the escapes that JSON demands.
 *
 * Returns: (transfer full): the text
 */
char *
eros_canonical_json_write (JsonNode *value, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (value != NULL, NULL);

  if (!write_value (text, value, 1, error))
    return NULL;
  if (text->len > EROS_CANONICAL_JSON_MAX_LENGTH)
    {
      refuse (error, _ ("it is too long"));
      return NULL;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * eros_canonical_json_parse:
 * @text: (array length=length): what was stored
 * @length: its length in bytes
 * @error: return location for %EROS_JOURNAL_ERROR_INVALID_EVENT
 *
 * Reads a text that must be exactly what eros_canonical_json_write() makes of
 * its value.
 *
 * Returns: (transfer full): the value
 */
JsonNode *
eros_canonical_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  /* First of all: json-glib 1.6 recurses without a limit. */
  if (eros_canonical_scan_check (text, length))
    {
      parser = json_parser_new_immutable ();
      if (json_parser_load_from_data (parser, text, length, NULL))
        return json_parser_steal_root (parser);
    }
  refuse (error, _ ("it is not JSON in the canonical form"));
  return NULL;
}
