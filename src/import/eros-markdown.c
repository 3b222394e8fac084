/* eros-markdown.c: Markdown as a tree, in which a blank to be filled in stays one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-markdown.h"

#include <string.h>
#include <cmark-gfm-core-extensions.h>

/* Underscores mean emphasis, and a line of them a rule: a blank is written with another low line while it is
 * parsed. It counts as punctuation as they do, so that what stands around it is read in the same way. */
#define LOW_LINE "﹏"

/* A blank is four of them or more; three when no word touches them; a line of three is a rule. */
static gboolean
is_blank (const GMatchInfo *match, const char *text)
{
  int start, end;

  g_match_info_fetch_pos (match, 0, &start, &end);
  if (end - start > 3)
    return TRUE;
  return (start == 0 || !g_ascii_isalnum (text[start - 1])) && !g_ascii_isalnum (text[end]) &&
         text[end] != '*';
}

static gboolean
protect (const GMatchInfo *match, GString *result, gpointer text)
{
  g_autofree char *run = g_match_info_fetch (match, 0);

  if (!is_blank (match, text))
    g_string_append (result, run);
  else
    for (gsize i = 0; i < strlen (run); i++)
      g_string_append (result, LOW_LINE);
  return FALSE;
}

/* (transfer full) */
static char *
restore (const char *text)
{
  GString *result = g_string_new (text);

  g_string_replace (result, LOW_LINE, "_", 0);
  return g_string_free (result, FALSE);
}

cmark_node *
eros_markdown_parse (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("(?<!_)___++(?!(?<=^___)[ \\t]*\\r?$)", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *safe = g_regex_replace_eval (regex, text, -1, 0, 0, protect, (gpointer) text, NULL);
  cmark_parser *parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  cmark_node *root;

  cmark_gfm_core_extensions_ensure_registered ();
  cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension ("table"));
  cmark_parser_feed (parser, safe, strlen (safe));
  root = cmark_parser_finish (parser);
  cmark_parser_free (parser);
  return root;
}

char *
eros_markdown_get_literal (cmark_node *node)
{
  const char *literal = cmark_node_get_literal (node);

  return restore (literal != NULL ? literal : "");
}

static void append_inlines (GString *text, cmark_node *parent);

static void
append_link (GString *text, cmark_node *node)
{
  const char *address = cmark_node_get_url (node);
  gsize start = text->len;

  append_inlines (text, node);
  if (address != NULL && *address != '\0' && !g_str_equal (text->str + start, address))
    g_string_append_printf (text, " (%s)", address);
}

static void
append_inline (GString *text, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);
  const char *literal = cmark_node_get_literal (node);

  if (type == CMARK_NODE_TEXT)
    g_string_append (text, literal);
  else if (type == CMARK_NODE_CODE)
    g_string_append_printf (text, "`%s`", literal);
  else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
    g_string_append_c (text, '\n');
  else if (type == CMARK_NODE_HTML_INLINE)
    g_string_append (text, g_ascii_strncasecmp (literal, "<br", 3) == 0 ? "\n" : "");
  else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
    append_link (text, node);
  else
    append_inlines (text, node);
}

static void
append_inlines (GString *text, cmark_node *parent)
{
  for (cmark_node *child = cmark_node_first_child (parent); child != NULL; child = cmark_node_next (child))
    append_inline (text, child);
}

char *
eros_markdown_get_text (cmark_node *node)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_inlines (text, node);
  return g_strstrip (restore (text->str));
}

char *
eros_markdown_get_line (cmark_node *node)
{
  return g_strdelimit (eros_markdown_get_text (node), "\n", ' ');
}

gboolean
eros_markdown_is_strong (cmark_node *paragraph)
{
  cmark_node *first = cmark_node_first_child (paragraph);
  cmark_node *next = first != NULL ? cmark_node_next (first) : NULL;

  if (first == NULL || cmark_node_get_type (first) != CMARK_NODE_STRONG)
    return FALSE;
  return next == NULL || (cmark_node_get_type (next) == CMARK_NODE_TEXT && cmark_node_next (next) == NULL &&
                          g_str_equal (cmark_node_get_literal (next), ":"));
}

gboolean
eros_markdown_is_table (cmark_node *node)
{
  return g_str_equal (cmark_node_get_type_string (node), "table");
}
