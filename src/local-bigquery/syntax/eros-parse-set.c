/* eros-parse-set.c: the words of a set operation: FULL OUTER UNION ALL BY NAME ON (a, b)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-parser-private.h"

#include <string.h>

/* How many words stand before UNION or its like: INNER, LEFT OUTER … */
static guint
count_mode_words (ErosParser *self)
{
  if (eros_parser_is_word (self, EROS_KEYWORD_INNER))
    return 1;
  if (eros_parser_is_word (self, EROS_KEYWORD_LEFT) || eros_parser_is_word (self, EROS_KEYWORD_FULL))
    return eros_parser_is_text_at (self, 1, "OUTER") ? 2 : 1;
  return 0;
}

/* Whether a set operation comes next, and not a join. */
gboolean
eros_parser_set_here (ErosParser *self)
{
  guint n = count_mode_words (self);

  return eros_parser_is_text_at (self, n, "UNION") || eros_parser_is_text_at (self, n, "INTERSECT") ||
         eros_parser_is_text_at (self, n, "EXCEPT");
}

static ErosAstSetMatch
parse_mode (ErosParser *self)
{
  guint n = count_mode_words (self);
  ErosAstSetMatch mode = n == 0                                           ? EROS_AST_MATCH_POSITION
                         : eros_parser_is_word (self, EROS_KEYWORD_INNER) ? EROS_AST_MATCH_INNER
                         : eros_parser_is_word (self, EROS_KEYWORD_LEFT)  ? EROS_AST_MATCH_LEFT
                                                                          : EROS_AST_MATCH_FULL;

  for (; n > 0; n--)
    eros_parser_advance (self);
  return mode;
}

static void
parse_quantifier (ErosParser *self, ErosAstSetOperation *set, const ErosAstSpan *span)
{
  set->distinct = eros_parser_accept (self, EROS_KEYWORD_DISTINCT);
  if (set->op == EROS_AST_EXCEPT && !set->distinct && !eros_parser_is_word (self, EROS_KEYWORD_ALL))
    eros_parser_fail_at (self, span, "EXCEPT must be followed by ALL, DISTINCT, or \"(\"");
  if (!set->distinct && !eros_parser_accept (self, EROS_KEYWORD_ALL))
    eros_parser_expected (self, "keyword ALL or keyword DISTINCT");
}

/* BY NAME [ON (a, b)] or [STRICT] CORRESPONDING [BY (a, b)] */
static void
parse_match (ErosParser *self, ErosAstSetOperation *set, ErosAstSetMatch mode)
{
  gboolean strict = mode == EROS_AST_MATCH_POSITION && eros_parser_accept (self, EROS_KEYWORD_STRICT);

  if (eros_parser_accept (self, EROS_KEYWORD_CORRESPONDING))
    {
      set->match = strict                            ? EROS_AST_MATCH_STRICT
                   : mode == EROS_AST_MATCH_POSITION ? EROS_AST_MATCH_INNER
                                                     : mode;
      if (eros_parser_accept (self, EROS_KEYWORD_BY))
        set->by = eros_parser_name_list (self);
      return;
    }
  if (strict)
    eros_parser_expected (self, "keyword CORRESPONDING");
  if (!eros_parser_accept (self, EROS_KEYWORD_BY))
    {
      if (mode != EROS_AST_MATCH_POSITION)
        eros_parser_expected (self, "keyword BY or keyword CORRESPONDING");
      return;
    }
  if (!eros_parser_is_text_at (self, 0, "NAME"))
    eros_parser_expected (self, "keyword NAME");
  eros_parser_advance (self);
  set->match = mode == EROS_AST_MATCH_POSITION ? EROS_AST_MATCH_STRICT : mode;
  if (eros_parser_accept (self, EROS_KEYWORD_ON))
    set->by = eros_parser_name_list (self);
}

/* Behind it comes the next query. */
void
eros_parser_set_operator (ErosParser *self, ErosAstSetOperation *set)
{
  ErosAstSetMatch mode = parse_mode (self);
  ErosAstSpan span = eros_parser_peek (self)->span;

  if (eros_parser_is_word (self, EROS_KEYWORD_UNION))
    set->op = EROS_AST_UNION;
  else if (eros_parser_is_word (self, EROS_KEYWORD_INTERSECT))
    set->op = EROS_AST_INTERSECT;
  else if (eros_parser_is_word (self, EROS_KEYWORD_EXCEPT))
    set->op = EROS_AST_EXCEPT;
  else
    eros_parser_unexpected (self);
  eros_parser_advance (self);
  parse_quantifier (self, set, &span);
  parse_match (self, set, mode);
}

/* BigQuery lets only equal operators follow one another without parentheses. */
gboolean
eros_parser_same_set (const ErosAstSetOperation *a, const ErosAstSetOperation *b)
{
  gboolean same =
    a->op == b->op && !a->distinct == !b->distinct && a->match == b->match && a->by.length == b->by.length;

  for (guint i = 0; same && i < a->by.length; i++)
    same = g_ascii_strcasecmp (a->by.items[i].text, b->by.items[i].text) == 0;
  return same;
}
