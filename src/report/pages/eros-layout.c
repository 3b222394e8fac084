/* eros-layout.c: text of any length and script on pages of A4; knows nothing of deployments
 *
 * Everything is a row of cells; a cell is a Pango layout, which breaks lines, shapes any script and sets
 * right-to-left text. A row that does not fit goes to the next page; one that is longer than a page is
 * continued there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-layout.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "eros-config.h"
#include "eros-text.h"
#include <glib/gi18n-lib.h>

#define MARGIN      56.7 /* 2 cm */
#define TOP         (MARGIN + 14)
#define BOTTOM      (EROS_PAGE_HEIGHT - MARGIN - 14)
#define LABEL_WIDTH 120
#define MARK_WIDTH  16
#define COLUMN_GAP  8
#define MAX_CELLS   8
/* A heading needs this much room for what follows it. */
#define KEEP_WITH_HEADING 60

typedef enum
{
  PIECE_TEXT,
  PIECE_MARK,
  PIECE_RULE,
  PIECE_FILL,
} PieceKind;

typedef struct
{
  PieceKind kind;
  double x, y, width, height;
  PangoLayout *layout;
  guint first_line, n_lines;
  ErosTextStyle style;
  ErosMark mark;
  ErosTone tone;
} Piece;

typedef struct
{
  char *text;
  guint level, page;
  double y;
} Heading;

typedef struct
{
  PangoLayout *layout;
  double x;
  double drop; /* to the row's common base line */
  ErosTextStyle style;
  guint next_line;
} Cell;

struct _ErosLayout
{
  PangoContext *context;
  PangoFontDescription *fonts[EROS_TEXT_HEADING_2 + 1];
  GPtrArray *pages; /* of GArray of Piece */
  GArray *headings;
  PangoLayout *head, *foot;
  double y, indent;
  double weights[MAX_CELLS];
  char **titles; /* of the table that has begun */
  guint n_columns;
};

static const struct
{
  const char *font;
  const char *tag;
  double line_spacing;
} styles[] = {
  [EROS_TEXT_BODY] = { "Sans 9.5", "P", 1.15 },
  [EROS_TEXT_STRONG] = { "Sans Bold 9.5", "P", 1.15 },
  [EROS_TEXT_SMALL] = { "Sans 8", "P", 1.1 },
  [EROS_TEXT_CODE] = { "Monospace 7.5", "P", 1.1 },
  [EROS_TEXT_TITLE] = { "Sans Bold 22", "H1", 1.1 },
  [EROS_TEXT_HEADING_1] = { "Sans Bold 15", "H1", 1.1 },
  [EROS_TEXT_HEADING_2] = { "Sans Bold 11", "H2", 1.1 },
};

static void
clear_piece (gpointer data)
{
  g_clear_object (&((Piece *) data)->layout);
}

static void
clear_heading (gpointer data)
{
  g_free (((Heading *) data)->text);
}

static void
add_page (ErosLayout *self)
{
  GArray *pieces = g_array_new (FALSE, TRUE, sizeof (Piece));

  g_array_set_clear_func (pieces, clear_piece);
  g_ptr_array_add (self->pages, pieces);
  self->y = TOP;
}

/* A context that measures the same wherever the pages are drawn: no hinting, one unit a point. */
static PangoContext *
new_context (void)
{
  g_autoptr (PangoFontMap) map = pango_cairo_font_map_new ();
  PangoContext *context;
  cairo_font_options_t *options = cairo_font_options_create ();

  pango_cairo_font_map_set_resolution (PANGO_CAIRO_FONT_MAP (map), 72);
  context = pango_font_map_create_context (map);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, FALSE);
  cairo_font_options_destroy (options);
  return context;
}

ErosLayout *
eros_layout_new (void)
{
  ErosLayout *self = g_new0 (ErosLayout, 1);

  self->context = new_context ();
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->headings = g_array_new (FALSE, TRUE, sizeof (Heading));
  g_array_set_clear_func (self->headings, clear_heading);
  for (guint i = 0; i < G_N_ELEMENTS (self->fonts); i++)
    self->fonts[i] = pango_font_description_from_string (styles[i].font);
  add_page (self);
  return self;
}

void
eros_layout_free (ErosLayout *self)
{
  g_ptr_array_unref (self->pages);
  g_array_unref (self->headings);
  g_clear_object (&self->head);
  g_clear_object (&self->foot);
  g_strfreev (self->titles);
  for (guint i = 0; i < G_N_ELEMENTS (self->fonts); i++)
    pango_font_description_free (self->fonts[i]);
  g_object_unref (self->context);
  g_free (self);
}

static PangoLayout *
new_text (ErosLayout *self, ErosTextStyle style, const char *text, double width)
{
  PangoLayout *layout = pango_layout_new (self->context);
  g_autofree char *shown = eros_text_show (text);

  pango_layout_set_font_description (layout, self->fonts[style]);
  pango_layout_set_width (layout, (int) (MAX (width, 20) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, shown, -1);
  return layout;
}

static double
left (ErosLayout *self)
{
  return MARGIN + self->indent;
}

static double
body_width (ErosLayout *self)
{
  return EROS_PAGE_WIDTH - MARGIN - left (self);
}

static void
add_piece (ErosLayout *self, Piece piece)
{
  g_array_append_val (g_ptr_array_index (self->pages, self->pages->len - 1), piece);
}

static double
line_height (const Cell *cell, guint line)
{
  PangoRectangle logical;

  pango_layout_line_get_extents (pango_layout_get_line_readonly (cell->layout, (int) line), NULL, &logical);
  return logical.height * styles[cell->style].line_spacing / PANGO_SCALE;
}

/* How many of the cell's next lines fit into HEIGHT, and how high they are. */
static guint
fitting_lines (const Cell *cell, double height, double *used)
{
  guint n = 0;

  *used = 0;
  for (guint line = cell->next_line; line < (guint) pango_layout_get_line_count (cell->layout); line++, n++)
    {
      double h = line_height (cell, line);

      if (*used + h > height)
        break;
      *used += h;
    }
  return n;
}

static void write_table_titles (ErosLayout *self);

static void
break_page (ErosLayout *self)
{
  add_page (self);
  if (self->titles != NULL)
    write_table_titles (self);
}

/* As much of the cells as this page holds. Returns whether something is left. */
static gboolean
place_part (ErosLayout *self, Cell *cells, guint n, gboolean is_fresh)
{
  double highest = 0;
  gboolean more = FALSE;

  for (guint i = 0; i < n; i++)
    {
      double used;
      double drop = cells[i].next_line == 0 ? cells[i].drop : 0;
      guint lines = fitting_lines (&cells[i], BOTTOM - self->y - drop, &used);

      /* A line that is higher than a page must still go somewhere. */
      if (lines == 0 && is_fresh &&
          cells[i].next_line < (guint) pango_layout_get_line_count (cells[i].layout))
        lines = 1;
      if (lines > 0)
        add_piece (self, (Piece){ .kind = PIECE_TEXT,
                                  .x = cells[i].x,
                                  .y = self->y + drop,
                                  .layout = g_object_ref (cells[i].layout),
                                  .first_line = cells[i].next_line,
                                  .n_lines = lines,
                                  .style = cells[i].style });
      cells[i].next_line += lines;
      highest = MAX (highest, used + drop);
      more = more || cells[i].next_line < (guint) pango_layout_get_line_count (cells[i].layout);
    }
  self->y += highest;
  return more;
}

/* Small print beside large stands on the same line. */
static void
align_base_lines (Cell *cells, guint n)
{
  int lowest = 0;

  for (guint i = 0; i < n; i++)
    lowest = MAX (lowest, pango_layout_get_baseline (cells[i].layout));
  for (guint i = 0; i < n; i++)
    cells[i].drop = (lowest - pango_layout_get_baseline (cells[i].layout)) / (double) PANGO_SCALE;
}

static double
row_height (const Cell *cells, guint n)
{
  double highest = 0;

  for (guint i = 0; i < n; i++)
    {
      double used;

      fitting_lines (&cells[i], G_MAXDOUBLE, &used);
      highest = MAX (highest, used + cells[i].drop);
    }
  return highest;
}

/* Takes the cells' layouts. A row that fits on a page is not torn apart, unless it is long. */
static void
place_row (ErosLayout *self, Cell *cells, guint n)
{
  double height;
  gboolean more = TRUE;

  align_base_lines (cells, n);
  height = row_height (cells, n);
  if (self->y + height > BOTTOM && (height < (BOTTOM - TOP) / 4 || self->y + 30 > BOTTOM))
    break_page (self);
  for (gboolean is_fresh = FALSE; more; is_fresh = TRUE)
    {
      more = place_part (self, cells, n, is_fresh);
      if (more)
        break_page (self);
    }
  for (guint i = 0; i < n; i++)
    g_object_unref (cells[i].layout);
}

static Cell
new_cell (ErosLayout *self, ErosTextStyle style, const char *text, double x, double width)
{
  return (Cell){ .layout = new_text (self, style, text, width), .x = x, .style = style };
}

void
eros_layout_set_running (ErosLayout *self, const char *head, const char *foot)
{
  g_clear_object (&self->head);
  g_clear_object (&self->foot);
  self->head = new_text (self, EROS_TEXT_SMALL, head, EROS_PAGE_WIDTH - 2 * MARGIN);
  pango_layout_set_height (self->head, 0);
  pango_layout_set_ellipsize (self->head, PANGO_ELLIPSIZE_END);
  self->foot = new_text (self, EROS_TEXT_SMALL, foot, EROS_PAGE_WIDTH - 2 * MARGIN - 100);
  pango_layout_set_height (self->foot, 0);
  pango_layout_set_ellipsize (self->foot, PANGO_ELLIPSIZE_END);
}

void
eros_layout_space (ErosLayout *self, double points)
{
  if (self->y > TOP)
    self->y += points;
}

void
eros_layout_indent (ErosLayout *self, double points)
{
  self->indent += points;
}

void
eros_layout_text (ErosLayout *self, ErosTextStyle style, const char *text)
{
  Cell cell = new_cell (self, style, text, left (self), body_width (self));

  place_row (self, &cell, 1);
}

void
eros_layout_heading (ErosLayout *self, ErosTextStyle style, const char *text)
{
  Cell cell = new_cell (self, style, text, left (self), body_width (self));
  Heading heading = { .text = g_strdup (text), .level = style == EROS_TEXT_HEADING_2 ? 2 : 1 };

  eros_layout_space (self, style == EROS_TEXT_HEADING_2 ? 10 : 18);
  if (self->y + row_height (&cell, 1) + KEEP_WITH_HEADING > BOTTOM)
    break_page (self);
  heading.page = self->pages->len - 1;
  heading.y = self->y;
  g_array_append_val (self->headings, heading);
  place_row (self, &cell, 1);
  eros_layout_space (self, 3);
}

void
eros_layout_banner (ErosLayout *self, ErosTone tone, const char *text)
{
  Cell cell = new_cell (self, EROS_TEXT_STRONG, text, left (self) + 8, body_width (self) - 16);
  double height = row_height (&cell, 1) + 10;

  if (self->y + height > BOTTOM)
    break_page (self);
  add_piece (self, (Piece){ .kind = PIECE_FILL,
                            .x = left (self),
                            .y = self->y,
                            .width = body_width (self),
                            .height = MIN (height, BOTTOM - self->y),
                            .tone = tone });
  self->y += 5;
  place_row (self, &cell, 1);
  self->y += 8;
}

void
eros_layout_marked (ErosLayout *self, ErosMark mark, const char *text)
{
  Cell cell = new_cell (self, EROS_TEXT_BODY, text, left (self) + MARK_WIDTH, body_width (self) - MARK_WIDTH);

  eros_layout_space (self, 4);
  if (self->y + MIN (row_height (&cell, 1), 40) + 12 > BOTTOM)
    break_page (self);
  add_piece (
    self,
    (Piece){
      .kind = PIECE_MARK, .x = left (self), .y = self->y + 1.5, .width = 9, .height = 9, .mark = mark });
  place_row (self, &cell, 1);
}

static void
add_pair (ErosLayout *self, const char *label, ErosTextStyle style, const char *value)
{
  Cell cells[2] = { new_cell (self, EROS_TEXT_SMALL, label, left (self), LABEL_WIDTH - COLUMN_GAP),
                    new_cell (self, style, value, left (self) + LABEL_WIDTH,
                              body_width (self) - LABEL_WIDTH) };

  place_row (self, cells, 2);
  eros_layout_space (self, 1);
}

void
eros_layout_pair (ErosLayout *self, const char *label, const char *value)
{
  add_pair (self, label, EROS_TEXT_BODY, value);
}

void
eros_layout_code_pair (ErosLayout *self, const char *label, const char *value)
{
  add_pair (self, label, EROS_TEXT_CODE, value);
}

static void
place_table_row (ErosLayout *self, const char *const *texts, ErosTextStyle style)
{
  Cell cells[MAX_CELLS];
  double total = 0, x = left (self), width = body_width (self);

  for (guint i = 0; i < self->n_columns; i++)
    total += self->weights[i];
  for (guint i = 0; i < self->n_columns; i++)
    {
      double column = width * self->weights[i] / total;

      cells[i] = new_cell (self, style, texts[i] != NULL ? texts[i] : "", x, column - COLUMN_GAP);
      x += column;
    }
  place_row (self, cells, self->n_columns);
}

static void
add_rule (ErosLayout *self)
{
  add_piece (self,
             (Piece){ .kind = PIECE_RULE, .x = left (self), .y = self->y + 1.5, .width = body_width (self) });
  self->y += 3;
}

static void
write_table_titles (ErosLayout *self)
{
  g_auto (GStrv) titles = g_steal_pointer (&self->titles);

  place_table_row (self, (const char *const *) titles, EROS_TEXT_STRONG);
  add_rule (self);
  self->titles = g_steal_pointer (&titles);
}

void
eros_layout_table_begin (ErosLayout *self, const double *weights, const char *const *titles, guint n)
{
  g_return_if_fail (n > 0 && n <= MAX_CELLS);

  self->n_columns = n;
  for (guint i = 0; i < n; i++)
    self->weights[i] = weights[i];
  self->titles = g_strdupv ((char **) titles);
  if (self->y + KEEP_WITH_HEADING > BOTTOM)
    break_page (self);
  else
    write_table_titles (self);
}

static void
add_table_row (ErosLayout *self, const char *const *cells, ErosTextStyle style)
{
  place_table_row (self, cells, style);
  self->y += 1;
  if (self->y + 3 < BOTTOM)
    add_rule (self);
}

void
eros_layout_table_row (ErosLayout *self, const char *const *cells)
{
  add_table_row (self, cells, EROS_TEXT_BODY);
}

void
eros_layout_table_small_row (ErosLayout *self, const char *const *cells)
{
  add_table_row (self, cells, EROS_TEXT_SMALL);
}

void
eros_layout_table_end (ErosLayout *self)
{
  g_clear_pointer (&self->titles, g_strfreev);
  eros_layout_space (self, 6);
}

guint
eros_layout_n_pages (ErosLayout *self)
{
  return self->pages->len;
}

void
eros_layout_foreach_heading (ErosLayout *self, ErosHeadingFunc func, gpointer user_data)
{
  for (guint i = 0; i < self->headings->len; i++)
    {
      const Heading *heading = &g_array_index (self->headings, Heading, i);

      func (heading->text, heading->level, heading->page, heading->y, user_data);
    }
}

/* The lines of a piece, each where Pango wants it within its layout. */
static void
draw_lines (cairo_t *cr, const Piece *piece)
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
      y += logical.height * styles[piece->style].line_spacing / PANGO_SCALE;
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

static void
draw_text (cairo_t *cr, const Piece *piece, gboolean tagged)
{
  double gray = piece->style == EROS_TEXT_SMALL ? 0.3 : 0;
  const char *tag = styles[piece->style].tag;

  cairo_set_source_rgb (cr, gray, gray, gray);
  if (tagged)
    cairo_tag_begin (cr, tag, NULL);
  draw_lines (cr, piece);
  if (tagged)
    cairo_tag_end (cr, tag);
}

/* Drawn, not set: a font without the sign would show something else. */
static void
draw_mark (cairo_t *cr, const Piece *piece)
{
  double x = piece->x, y = piece->y, s = piece->width;

  cairo_set_line_width (cr, 0.8);
  cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
  cairo_rectangle (cr, x, y, s, s);
  cairo_stroke (cr);
  cairo_set_line_width (cr, 1.4);
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
draw_fill (cairo_t *cr, const Piece *piece)
{
  static const double colours[][3] = {
    [EROS_TONE_NONE] = { 0.93, 0.93, 0.93 },
    [EROS_TONE_CALM] = { 0.84, 0.91, 0.98 },
    [EROS_TONE_CAUTION] = { 0.99, 0.94, 0.75 },
    [EROS_TONE_DANGER] = { 0.98, 0.84, 0.83 },
  };
  const double *c = colours[piece->tone];

  cairo_set_source_rgb (cr, c[0], c[1], c[2]);
  cairo_rectangle (cr, piece->x, piece->y, piece->width, piece->height);
  cairo_fill (cr);
}

static void
draw_rule (cairo_t *cr, double x, double y, double width)
{
  cairo_set_line_width (cr, 0.4);
  cairo_set_source_rgb (cr, 0.7, 0.7, 0.7);
  cairo_move_to (cr, x, y);
  cairo_rel_line_to (cr, width, 0);
  cairo_stroke (cr);
}

static void
draw_running (ErosLayout *self, cairo_t *cr, guint page)
{
  /* Translators: the number of this page and of all pages */
  g_autofree char *text = g_strdup_printf (_ ("Page %u of %u"), page + 1, self->pages->len);
  g_autoptr (PangoLayout) number = new_text (self, EROS_TEXT_SMALL, text, 100);

  cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
  pango_layout_set_alignment (number, PANGO_ALIGN_RIGHT);
  if (page > 0 && self->head != NULL)
    {
      cairo_move_to (cr, MARGIN, MARGIN - 18);
      pango_cairo_show_layout (cr, self->head);
      draw_rule (cr, MARGIN, MARGIN - 4, EROS_PAGE_WIDTH - 2 * MARGIN);
    }
  draw_rule (cr, MARGIN, EROS_PAGE_HEIGHT - MARGIN, EROS_PAGE_WIDTH - 2 * MARGIN);
  cairo_set_source_rgb (cr, 0.3, 0.3, 0.3);
  cairo_move_to (cr, EROS_PAGE_WIDTH - MARGIN - 100, EROS_PAGE_HEIGHT - MARGIN + 6);
  pango_cairo_show_layout (cr, number);
  if (self->foot == NULL)
    return;
  cairo_move_to (cr, MARGIN, EROS_PAGE_HEIGHT - MARGIN + 6);
  pango_cairo_show_layout (cr, self->foot);
}

void
eros_layout_draw_page (ErosLayout *self, cairo_t *cr, guint page, gboolean tagged)
{
  const GArray *pieces;

  g_return_if_fail (page < self->pages->len);

  pieces = g_ptr_array_index (self->pages, page);
  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);

      if (piece->kind == PIECE_TEXT)
        draw_text (cr, piece, tagged);
      else if (piece->kind == PIECE_MARK)
        draw_mark (cr, piece);
      else if (piece->kind == PIECE_FILL)
        draw_fill (cr, piece);
      else
        draw_rule (cr, piece->x, piece->y, piece->width);
    }
  draw_running (self, cr, page);
}
