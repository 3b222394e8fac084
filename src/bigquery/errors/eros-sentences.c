/* eros-sentences.c: sentences of different people, one after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-sentences.h"

#include <string.h>

/* “… tables.”), “Really?” and “in the console!)” have their stop. */
static gboolean
has_stop (const char *text)
{
  const char *end = text + strlen (text);

  while (end > text)
    {
      gunichar last;

      end = g_utf8_prev_char (end);
      last = g_utf8_get_char (end);
      if (last == ')' || last == ']' || last == '"' || last == '\'' || last == 0x201d || last == 0x2019)
        continue;
      return last == '.' || last == '!' || last == '?' || last == 0x2026 || last == 0x3002;
    }
  return FALSE;
}

/**
 * eros_sentences_join:
 * @first: (nullable): a sentence, with or without its stop, in UTF-8
 * @second: (nullable): a sentence
 *
 * Returns: (transfer full): both, with exactly one stop between them
 */
char *
eros_sentences_join (const char *first, const char *second)
{
  g_autofree char *start = g_strchomp (g_strdup (first != NULL ? first : ""));
  gsize length = strlen (start);

  if (second == NULL || *second == '\0')
    return g_steal_pointer (&start);
  if (length == 0)
    return g_strdup (second);
  /* What was cut off before its end has no sentence to end. */
  if (strchr (",;:", start[length - 1]) != NULL)
    start[length - 1] = '\0';
  return g_strconcat (start, has_stop (start) ? " " : ". ", second, NULL);
}
