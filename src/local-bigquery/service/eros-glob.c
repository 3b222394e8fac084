/* eros-glob.c: names of objects with wildcards
 *
 * https://cloud.google.com/storage/docs/json_api/v1/objects/list#list-objects-and-prefixes-using-glob:
 * `*` and `?` do not go beyond a slash, `**` does, `[a-z]`, `[!a]` and `{one,other}` are as in a shell.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-glob.h"

#include <string.h>

/* Behind a `[`; returns where it goes on. */
static const char *
append_class (const char *at, GString *regex)
{
  const char *end = strchr (*at == ']' || ((*at == '!' || *at == '^') && at[1] == ']') ? at + 2 : at, ']');

  if (end == NULL)
    {
      g_string_append (regex, "\\[");
      return at;
    }
  g_string_append_c (regex, '[');
  if (*at == '!' || *at == '^')
    {
      g_string_append_c (regex, '^');
      at++;
    }
  for (; at < end; at++)
    {
      if (*at == '\\' || *at == '[' || *at == '^' || *at == ']')
        g_string_append_c (regex, '\\');
      g_string_append_c (regex, *at);
    }
  g_string_append_c (regex, ']');
  return end + 1;
}

static void
append_text (const char *at, gsize length, GString *regex)
{
  g_autofree char *quoted = g_regex_escape_string (at, length);

  g_string_append (regex, quoted);
}

/**
 * eros_glob_compile:
 * @glob: text with wildcards
 * @error: return location for a #GRegexError
 *
 * Returns: (transfer full) (nullable): what matches the names that @glob stands for
 */
GRegex *
eros_glob_compile (const char *glob, GError **error)
{
  g_autoptr (GString) regex = g_string_new ("^");
  const char *at = glob;
  guint depth = 0;

  while (*at != '\0')
    {
      if (g_str_has_prefix (at, "**/"))
        g_string_append (regex, "(?:.*/)?");
      else if (g_str_has_prefix (at, "**"))
        g_string_append (regex, ".*");
      else if (*at == '*')
        g_string_append (regex, "[^/]*");
      else if (*at == '?')
        g_string_append (regex, "[^/]");
      else if (*at == '{')
        g_string_append (regex, "(?:");
      else if (depth > 0 && (*at == ',' || *at == '}'))
        g_string_append_c (regex, *at == ',' ? '|' : ')');
      else if (*at == '[')
        {
          at = append_class (at + 1, regex);
          continue;
        }
      else if (*at == '\\' && at[1] != '\0')
        append_text (++at, 1, regex);
      else
        append_text (at, g_utf8_next_char (at) - at, regex);
      depth += *at == '{';
      depth -= depth > 0 && *at == '}';
      at += g_str_has_prefix (at, "**/") ? 3 : g_str_has_prefix (at, "**") ? 2 : g_utf8_next_char (at) - at;
    }
  g_string_append_c (regex, '$');
  return g_regex_new (regex->str, G_REGEX_DOTALL | G_REGEX_DOLLAR_ENDONLY, 0, error);
}
