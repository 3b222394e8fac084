/* eros-markdown.h: Markdown as a tree, in which a blank to be filled in stays one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <cmark-gfm.h>
#include <glib.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cmark_node, cmark_node_free)

/* CommonMark with GitHub's tables. (transfer full) */
cmark_node *eros_markdown_parse (const char *text);
/* What a code block or HTML holds. (transfer full) */
char *eros_markdown_get_literal (cmark_node *node);
/* The words of a paragraph, a heading or a cell: back-quotes stay, emphasis goes, a link's address stands behind it.
 * A line of the source is a line. (transfer full) */
char *eros_markdown_get_text (cmark_node *node);
/* The same in one line. (transfer full) */
char *eros_markdown_get_line (cmark_node *node);
/* “**Steps:**” */
gboolean eros_markdown_is_strong (cmark_node *paragraph);
gboolean eros_markdown_is_table (cmark_node *node);

G_END_DECLS
