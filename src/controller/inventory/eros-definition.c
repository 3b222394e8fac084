/* eros-definition.c: an object's definition, whatever its data set is called
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-definition.h"

#include <string.h>

/* What stands for a “${” that was in the text before. */
#define LITERAL "${$}{"

static char *
replace_all (const char *text, const char *what, const char *by)
{
  g_autoptr (GString) result = g_string_new (text);

  g_string_replace (result, what, by, 0);
  return g_string_free (g_steal_pointer (&result), FALSE);
}

static char *
replace_pattern (const char *text, const char *pattern, const char *by)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_RAW, 0, NULL);
  char *result = regex != NULL ? g_regex_replace (regex, text, -1, 0, by, 0, NULL) : NULL;

  return result != NULL ? result : g_strdup (text);
}

/**
 * eros_definition_generalize:
 * @text: a definition, as the server has it
 * @project: the project that the object is in
 * @dataset: its data set
 *
 * eros_definition_specialize() with the same names gives @text back, byte by byte.
 *
 * Returns: (transfer full): @text with placeholders for its own project and data set
 */
char *
eros_definition_generalize (const char *text, const char *project, const char *dataset)
{
  g_autofree char *escaped = replace_all (text, "${", LITERAL);
  g_autofree char *project_pattern = g_regex_escape_string (project, -1);
  g_autofree char *dataset_pattern = g_regex_escape_string (dataset, -1);
  g_autofree char *both =
    g_strdup_printf ("(?<![A-Za-z0-9_.-])%s(`?[.:]`?)%s(?![A-Za-z0-9_-])", project_pattern, dataset_pattern);
  g_autofree char *alone = g_strdup_printf ("(?<![A-Za-z0-9_.{$-])(`?)%s(?=`?\\.)", dataset_pattern);
  g_autofree char *half = replace_pattern (escaped, both, "${project}\\1${dataset}");

  return replace_pattern (half, alone, "\\1${dataset}");
}

/**
 * eros_definition_specialize:
 * @definition: as eros_definition_generalize() has made it
 * @project: a project
 * @dataset: a data set
 *
 * Returns: (transfer full): the definition of the same object there
 */
char *
eros_definition_specialize (const char *definition, const char *project, const char *dataset)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *at = definition;

  while (*at != '\0')
    {
      if (g_str_has_prefix (at, "${project}"))
        g_string_append (text, project);
      else if (g_str_has_prefix (at, "${dataset}"))
        g_string_append (text, dataset);
      else if (g_str_has_prefix (at, LITERAL))
        {
          g_string_append (text, "${");
          at += strlen (LITERAL);
          continue;
        }
      else
        {
          g_string_append_c (text, *at++);
          continue;
        }
      at = strchr (at, '}') + 1;
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
