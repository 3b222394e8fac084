/* eros-keywords.c: GoogleSQL's keywords
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-keywords.h"

#include <stdlib.h>
#include <string.h>

typedef struct
{
  const char *name;
  gboolean reserved;
} Keyword;

static const Keyword keywords[] = { { NULL, FALSE },
#define X(name, reserved) { #name, reserved },
                                    EROS_KEYWORDS (X)
#undef X
};

#define LONGEST 24

static int
compare (const void *word, const void *keyword)
{
  return strcmp (word, ((const Keyword *) keyword)->name);
}

ErosKeyword
eros_keyword_lookup (const char *word, gsize length)
{
  char upper[LONGEST + 1];
  const Keyword *found;

  if (length > LONGEST)
    return EROS_KEYWORD_NONE;
  for (gsize i = 0; i < length; i++)
    upper[i] = g_ascii_toupper (word[i]);
  upper[length] = '\0';

  found = bsearch (upper, keywords + 1, G_N_ELEMENTS (keywords) - 1, sizeof (Keyword), compare);
  return found == NULL ? EROS_KEYWORD_NONE : (ErosKeyword) (found - keywords);
}

const char *
eros_keyword_name (ErosKeyword keyword)
{
  return keywords[keyword].name;
}

gboolean
eros_keyword_is_reserved (ErosKeyword keyword)
{
  return keywords[keyword].reserved;
}
