/* eros-manual-page.c: a page of the manual, written in Markdown, as widgets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE /* strchrnul () */
#include "eros-config.h"

#include "eros-manual-page.h"

#include <cmark-gfm-core-extensions.h>
#include <string.h>

#include "eros-code-view.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cmark_node, cmark_node_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (cmark_parser, cmark_parser_free)

static void add_blocks (GtkBox *box, cmark_node *parent);

static cmark_node *
parse (const char *markdown)
{
  g_autoptr (cmark_parser) parser = NULL;

  cmark_gfm_core_extensions_ensure_registered ();
  parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension ("table"));
  cmark_parser_feed (parser, markdown, strlen (markdown));
  return cmark_parser_finish (parser);
}

/* ---- words --------------------------------------------------------------------------------------------- */

static void
append_escaped (GString *markup, const char *before, const char *text, const char *after)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (markup, "%s%s%s", before, escaped, after);
}

static void
append_tag (GString *markup, cmark_node *node, cmark_event_type event, const char *tag)
{
  if (event == CMARK_EVENT_EXIT)
    g_string_append_printf (markup, "</%s>", tag);
  else if (cmark_node_get_type (node) == CMARK_NODE_LINK)
    append_escaped (markup, "<a href=\"", cmark_node_get_url (node), "\">");
  else
    g_string_append_printf (markup, "<%s>", tag);
}

static void
append_inline (GString *markup, cmark_node *node, cmark_event_type event)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_TEXT)
    append_escaped (markup, "", cmark_node_get_literal (node), "");
  else if (type == CMARK_NODE_CODE)
    append_escaped (markup, "<tt>", cmark_node_get_literal (node), "</tt>");
  else if (type == CMARK_NODE_SOFTBREAK)
    g_string_append_c (markup, ' ');
  else if (type == CMARK_NODE_LINEBREAK)
    g_string_append_c (markup, '\n');
  else if (type == CMARK_NODE_STRONG)
    append_tag (markup, node, event, "b");
  else if (type == CMARK_NODE_EMPH)
    append_tag (markup, node, event, "i");
  else if (type == CMARK_NODE_LINK)
    append_tag (markup, node, event, "a");
}

/* (transfer full) */
static char *
make_markup (cmark_node *block)
{
  GString *markup = g_string_new (NULL);
  cmark_iter *iter = cmark_iter_new (block);
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    append_inline (markup, cmark_iter_get_node (iter), event);
  cmark_iter_free (iter);
  return g_string_free (markup, FALSE);
}

/* ---- blocks -------------------------------------------------------------------------------------------- */

static GtkWidget *
add_label (GtkBox *box, cmark_node *block, GtkAccessibleRole role, const char *style)
{
  g_autofree char *markup = make_markup (block);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", role, "label", markup, "use-markup",
                                   TRUE, "wrap", TRUE, "xalign", 0.0, "hexpand", TRUE, NULL);

  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (box, label);
  return label;
}

static void
add_heading (GtkBox *box, cmark_node *heading)
{
  static const char *const styles[] = { "title-1", "title-3", "heading" };
  int level = CLAMP (cmark_node_get_heading_level (heading), 1, (int) G_N_ELEMENTS (styles));
  GtkWidget *label = add_label (box, heading, GTK_ACCESSIBLE_ROLE_HEADING, styles[level - 1]);

  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL, level, -1);
  if (level > 1)
    gtk_widget_set_margin_top (label, 12);
}

static void
add_code (GtkBox *box, cmark_node *code)
{
  g_autofree char *text = g_strchomp (g_strdup (cmark_node_get_literal (code)));
  const char *language = cmark_node_get_fence_info (code);

  gtk_box_append (box, eros_code_view_new (text, *language != '\0' ? language : "sh"));
}

static void
add_list (GtkBox *box, cmark_node *list)
{
  gboolean is_numbered = cmark_node_get_list_type (list) == CMARK_ORDERED_LIST;
  GtkWidget *items = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  int number = cmark_node_get_list_start (list);

  for (cmark_node *item = cmark_node_first_child (list); item != NULL; item = cmark_node_next (item))
    {
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
      GtkWidget *blocks = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
      g_autofree char *mark = is_numbered ? g_strdup_printf ("%d.", number++) : g_strdup ("•");
      GtkWidget *label = gtk_label_new (mark);

      gtk_widget_set_valign (label, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (row), label);
      gtk_box_append (GTK_BOX (row), blocks);
      add_blocks (GTK_BOX (blocks), item);
      gtk_box_append (GTK_BOX (items), row);
    }
  gtk_widget_set_margin_start (items, 6);
  gtk_box_append (box, items);
}

static void
add_row (GtkGrid *grid, cmark_node *row, int y)
{
  int x = 0;

  for (cmark_node *cell = cmark_node_first_child (row); cell != NULL; cell = cmark_node_next (cell))
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *label =
        add_label (GTK_BOX (box), cell, GTK_ACCESSIBLE_ROLE_LABEL, y == 0 ? "heading" : NULL);

      gtk_label_set_yalign (GTK_LABEL (label), 0);
      gtk_widget_set_hexpand (box, x > 0);
      gtk_grid_attach (grid, box, x++, y, 1, 1);
    }
}

static void
add_table (GtkBox *box, cmark_node *table)
{
  GtkWidget *grid = gtk_grid_new ();
  int y = 0;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  for (cmark_node *row = cmark_node_first_child (table); row != NULL; row = cmark_node_next (row))
    add_row (GTK_GRID (grid), row, y++);
  gtk_box_append (box, grid);
}

static void
add_blocks (GtkBox *box, cmark_node *parent)
{
  for (cmark_node *block = cmark_node_first_child (parent); block != NULL; block = cmark_node_next (block))
    {
      cmark_node_type type = cmark_node_get_type (block);

      if (type == CMARK_NODE_HEADING)
        add_heading (box, block);
      else if (type == CMARK_NODE_CODE_BLOCK)
        add_code (box, block);
      else if (type == CMARK_NODE_LIST)
        add_list (box, block);
      else if (g_str_equal (cmark_node_get_type_string (block), "table"))
        add_table (box, block);
      else
        add_label (box, block, GTK_ACCESSIBLE_ROLE_LABEL, NULL);
    }
}

/**
 * eros_manual_page_new:
 * @markdown: headings, paragraphs, lists, tables and code
 *
 * Returns: (transfer floating): a box with all of it; links are labels’ own, for whoever listens to
 *   #GtkLabel::activate-link
 */
GtkWidget *
eros_manual_page_new (const char *markdown)
{
  g_autoptr (cmark_node) document = parse (markdown);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  add_blocks (GTK_BOX (box), document);
  return box;
}

char *
eros_manual_page_find_title (const char *markdown)
{
  const char *end = strchrnul (markdown, '\n');

  return g_strndup (markdown + strspn (markdown, "# "), (gsize) (end - markdown) - strspn (markdown, "# "));
}
