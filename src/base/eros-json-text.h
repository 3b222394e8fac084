/* eros-json-text.h: JSON that somebody else may have written, read without being brought down by it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#define EROS_JSON_TEXT_DEEPEST 128

/* json-glib 1.6 recurses without a limit. */
static inline gboolean
eros_json_text_is_shallow (const char *text)
{
  gboolean in_text = FALSE;
  guint    depth = 0;

  for (const char *at = text; *at != '\0' && depth <= EROS_JSON_TEXT_DEEPEST; at++)
    if (*at == '"')
      in_text = !in_text;
    else if (in_text && *at == '\\' && at[1] != '\0')
      at++;
    else if (!in_text && (*at == '{' || *at == '['))
      depth++;
    else if (!in_text && (*at == '}' || *at == ']'))
      depth -= depth > 0;
  return depth <= EROS_JSON_TEXT_DEEPEST;
}

/* (transfer full) (nullable): what it says; NULL when it is no JSON, or nested as nobody means it */
static inline JsonNode *
eros_json_text_parse (const char *text)
{
  return eros_json_text_is_shallow (text) ? json_from_string (text, NULL) : NULL;
}
