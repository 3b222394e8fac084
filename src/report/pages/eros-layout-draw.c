/* eros-layout-draw.c: what has been placed, drawn and tagged for screen readers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-layout-private.h"

#include "eros-config.h"
#include <glib/gi18n-lib.h>

static const char *
tag_of (const ErosPiece *piece)
{
  if (piece->row != 0)
    return piece->is_title ? "TH" : "TD";
  switch (piece->style)
    {
    case EROS_TEXT_TITLE:
    case EROS_TEXT_HEADING_1:
      return "H1";
    case EROS_TEXT_HEADING_2:
      return "H2";
    case EROS_TEXT_CODE:
      return "Code";
    case EROS_TEXT_BODY:
    case EROS_TEXT_STRONG:
    case EROS_TEXT_SMALL:
    case EROS_TEXT_SMALL_STRONG:
    default:
      return "P";
    }
}

/* The lines of a piece, each where Pango wants it within its layout. */
static void
draw_lines (cairo_t *cr, const ErosPiece *piece)
{
  PangoLayoutIter *iter = pango_layout_get_iter (piece->layout);
  double y = piece->y;
  guint line = 0;

  do
    {
      PangoRectangle in_layout, logical;
      PangoLayoutLine *text = pango_layout_iter_get_line_readonly (iter);

      if (line >= piece->first_line + piece->n_lines)
        break;
      if (line++ < piece->first_line)
        continue;
      pango_layout_iter_get_line_extents (iter, NULL, &in_layout);
      pango_layout_line_get_extents (text, NULL, &logical);
      cairo_move_to (cr, piece->x + in_layout.x / (double) PANGO_SCALE, y - logical.y / (double) PANGO_SCALE);
      pango_cairo_show_layout_line (cr, text);
      y += logical.height * eros_layout_get_line_spacing (piece->style) / PANGO_SCALE;
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

static void
draw_text (ErosLayout *self, cairo_t *cr, const ErosPiece *piece, gboolean tagged)
{
  double gray = piece->style == EROS_TEXT_SMALL ? 0.15 : 0;
  const ErosLayoutHeading *target =
    tagged && piece->anchor != NULL ? eros_layout_find_anchor (self, piece->anchor) : NULL;

  cairo_set_source_rgb (cr, gray, gray, target != NULL ? 0.6 : gray);
  if (tagged)
    cairo_tag_begin (cr, tag_of (piece), NULL);
  if (target != NULL)
    {
      g_autofree char *place = g_strdup_printf ("page=%u pos=[0 %d]", target->page + 1, (int) target->y);

      cairo_tag_begin (cr, CAIRO_TAG_LINK, place);
    }
  draw_lines (cr, piece);
  if (target != NULL)
    cairo_tag_end (cr, CAIRO_TAG_LINK);
  if (tagged)
    cairo_tag_end (cr, tag_of (piece));
}

/* Drawn, not set: a font without the sign would show something else. */
static void
draw_mark (cairo_t *cr, const ErosPiece *piece)
{
  double x = piece->x, y = piece->y, s = piece->width;

  cairo_set_line_width (cr, 0.7);
  cairo_set_source_rgb (cr, 0.35, 0.35, 0.35);
  cairo_rectangle (cr, x, y, s, s);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 1.3);
  if (piece->mark == EROS_MARK_TICKED)
    {
      cairo_set_source_rgb (cr, 0.1, 0.45, 0.2);
      cairo_move_to (cr, x + s * 0.2, y + s * 0.5);
      cairo_line_to (cr, x + s * 0.42, y + s * 0.75);
      cairo_line_to (cr, x + s * 0.82, y + s * 0.22);
    }
  else if (piece->mark == EROS_MARK_FAILED)
    {
      cairo_set_source_rgb (cr, 0.75, 0.1, 0.1);
      cairo_move_to (cr, x + s * 0.25, y + s * 0.25);
      cairo_line_to (cr, x + s * 0.75, y + s * 0.75);
      cairo_move_to (cr, x + s * 0.75, y + s * 0.25);
      cairo_line_to (cr, x + s * 0.25, y + s * 0.75);
    }
  else if (piece->mark == EROS_MARK_NOT_APPLICABLE)
    {
      cairo_move_to (cr, x + s * 0.25, y + s * 0.5);
      cairo_line_to (cr, x + s * 0.75, y + s * 0.5);
    }
  cairo_stroke (cr);
}

static void
draw_fill (cairo_t *cr, const ErosPiece *piece)
{
  static const double colours[][3] = {
    [EROS_TONE_NONE] = { 0.93, 0.93, 0.93 },   [EROS_TONE_CALM] = { 0.84, 0.91, 0.98 },
    [EROS_TONE_GOOD] = { 0.86, 0.95, 0.86 },   [EROS_TONE_CAUTION] = { 0.99, 0.94, 0.75 },
    [EROS_TONE_DANGER] = { 0.98, 0.84, 0.83 },
  };
  const double *c = colours[piece->tone];

  cairo_set_source_rgb (cr, c[0], c[1], c[2]);
  cairo_rectangle (cr, piece->x, piece->y, piece->width, piece->height);
  cairo_fill (cr);
}

static void
draw_frame (cairo_t *cr, const ErosPiece *piece)
{
  cairo_set_line_width (cr, 0.5);
  cairo_set_source_rgb (cr, 0.6, 0.6, 0.6);
  cairo_rectangle (cr, piece->x, piece->y, piece->width, piece->height);
  cairo_stroke (cr);
}

static void
draw_chart (ErosLayout *self, cairo_t *cr, const ErosPiece *piece, gboolean tagged)
{
  if (tagged)
    cairo_tag_begin (cr, "Figure", NULL);
  cairo_save (cr);
  cairo_translate (cr, piece->x, piece->y);
  eros_chart_draw (piece->chart, cr, self->context, piece->width, piece->height);
  cairo_restore (cr);
  if (tagged)
    cairo_tag_end (cr, "Figure");
}

static void
draw_rule (cairo_t *cr, double x, double y, double width)
{
  cairo_set_line_width (cr, 0.35);
  cairo_set_source_rgb (cr, 0.75, 0.75, 0.75);
  cairo_move_to (cr, x, y);
  cairo_rel_line_to (cr, width, 0);
  cairo_stroke (cr);
}

static void
draw_running (ErosLayout *self, cairo_t *cr, guint page)
{
  double width = self->page_width - 2 * EROS_LAYOUT_MARGIN;
  double foot = self->page_height - EROS_LAYOUT_MARGIN;
  /* Translators: the number of this page and of all pages */
  g_autofree char *text = g_strdup_printf (_ ("Page %u of %u"), page + 1, self->pages->len);
  g_autoptr (PangoLayout) number = eros_layout_new_text (self, EROS_TEXT_SMALL, text, 100);

  cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
  pango_layout_set_alignment (number, PANGO_ALIGN_RIGHT);
  if (page > 0 && self->head != NULL)
    {
      cairo_move_to (cr, EROS_LAYOUT_MARGIN, EROS_LAYOUT_MARGIN - 18);
      pango_cairo_show_layout (cr, self->head);
      draw_rule (cr, EROS_LAYOUT_MARGIN, EROS_LAYOUT_MARGIN - 5, width);
    }
  draw_rule (cr, EROS_LAYOUT_MARGIN, foot, width);
  cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
  cairo_move_to (cr, EROS_LAYOUT_MARGIN + width - 100, foot + 5);
  pango_cairo_show_layout (cr, number);
  if (self->foot == NULL)
    return;
  cairo_move_to (cr, EROS_LAYOUT_MARGIN, foot + 5);
  pango_cairo_show_layout (cr, self->foot);
}

typedef struct
{
  guint table, row; /* that are open */
} Structure;

/* Closes and opens tables and their rows, so that the next piece belongs to TABLE and ROW; 0: to none. */
static void
go_to (cairo_t *cr, Structure *open, guint table, guint row)
{
  if (open->row != 0 && (open->row != row || open->table != table))
    cairo_tag_end (cr, "TR");
  if (open->table != 0 && open->table != table)
    cairo_tag_end (cr, "Table");
  if (table != 0 && open->table != table)
    cairo_tag_begin (cr, "Table", NULL);
  if (row != 0 && (open->row != row || open->table != table))
    cairo_tag_begin (cr, "TR", NULL);
  *open = (Structure){ table, row };
}

void
eros_layout_draw_page (ErosLayout *self, cairo_t *cr, guint page, gboolean tagged)
{
  const GArray *pieces;
  Structure open = { 0 };

  g_return_if_fail (page < self->pages->len);

  pieces = g_ptr_array_index (self->pages, page);
  for (guint i = 0; i < pieces->len; i++)
    {
      const ErosPiece *piece = &g_array_index (pieces, ErosPiece, i);

      if (tagged && (piece->kind == EROS_PIECE_TEXT || piece->kind == EROS_PIECE_CHART))
        go_to (cr, &open, piece->table, piece->row);
      if (piece->kind == EROS_PIECE_TEXT)
        draw_text (self, cr, piece, tagged);
      else if (piece->kind == EROS_PIECE_MARK)
        draw_mark (cr, piece);
      else if (piece->kind == EROS_PIECE_FILL)
        draw_fill (cr, piece);
      else if (piece->kind == EROS_PIECE_FRAME)
        draw_frame (cr, piece);
      else if (piece->kind == EROS_PIECE_CHART)
        draw_chart (self, cr, piece, tagged);
      else
        draw_rule (cr, piece->x, piece->y, piece->width);
    }
  if (tagged)
    go_to (cr, &open, 0, 0);
  draw_running (self, cr, page);
}
