/* eros-layout.c: text of any length and script on pages; knows nothing of deployments
 *
 * Everything is a row of cells; a cell is a Pango layout, which breaks lines, shapes any script and sets
 * right-to-left text. A row that does not fit goes to the next page; only one that is nearly as long as a
 * page is continued there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-layout-private.h"

#include <string.h>

#include "eros-config.h"
#include "eros-text.h"
#include <glib/gi18n-lib.h>

#define LABEL_WIDTH 112
#define MARK_WIDTH  12
#define COLUMN_GAP  8
/* A heading needs this much room for what follows it: a smaller heading, too. */
#define KEEP_WITH_CHAPTER 84
#define KEEP_WITH_HEADING 50
/* Of a page: what is longer may be torn apart. */
#define LONGEST_ROW 0.6
/* As wide as any page number. */
#define SOME_PAGE "000"

typedef struct
{
  PangoLayout *layout;
  double x;
  double drop; /* to the row's common base line */
  ErosTextStyle style;
  guint next_line;
  const char *anchor; /* (nullable) */
} Cell;

static const struct
{
  const char *font;
  double line_spacing;
} styles[] = {
  [EROS_TEXT_BODY] = { "Sans 8.2", 1.1 },
  [EROS_TEXT_STRONG] = { "Sans Bold 8.2", 1.1 },
  [EROS_TEXT_SMALL] = { "Sans Condensed 6.8", 1.08 },
  [EROS_TEXT_SMALL_STRONG] = { "Sans Bold Condensed 6.8", 1.08 },
  [EROS_TEXT_CODE] = { "Monospace 6", 1.05 },
  [EROS_TEXT_TITLE] = { "Sans Bold 18", 1.1 },
  [EROS_TEXT_HEADING_1] = { "Sans Bold 12", 1.1 },
  [EROS_TEXT_HEADING_2] = { "Sans Bold 9", 1.1 },
};

static const double paper_sizes[][2] = {
  [EROS_PAPER_A4] = { 595.276, 841.89 },
  [EROS_PAPER_LETTER] = { 612, 792 },
};

static void
clear_piece (gpointer data)
{
  g_clear_object (&((ErosPiece *) data)->layout);
}

static void
clear_heading (gpointer data)
{
  g_free (((ErosLayoutHeading *) data)->text);
  g_free (((ErosLayoutHeading *) data)->anchor);
}

double
eros_layout_get_line_spacing (ErosTextStyle style)
{
  return styles[style].line_spacing;
}

static double
top (void)
{
  return EROS_LAYOUT_MARGIN + 6;
}

static double
bottom (ErosLayout *self)
{
  return self->page_height - EROS_LAYOUT_MARGIN - 6;
}

static void
add_page (ErosLayout *self)
{
  GArray *pieces = g_array_new (FALSE, TRUE, sizeof (ErosPiece));

  g_array_set_clear_func (pieces, clear_piece);
  g_ptr_array_add (self->pages, pieces);
  self->y = top ();
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
eros_layout_new (ErosPaper paper)
{
  ErosLayout *self = g_new0 (ErosLayout, 1);

  self->page_width = paper_sizes[paper][0];
  self->page_height = paper_sizes[paper][1];
  self->context = new_context ();
  self->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->charts = g_ptr_array_new_with_free_func ((GDestroyNotify) eros_chart_free);
  self->shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->unknown = g_ptr_array_new_with_free_func (g_object_unref);
  self->wanted = g_ptr_array_new_with_free_func (g_free);
  self->headings = g_array_new (FALSE, TRUE, sizeof (ErosLayoutHeading));
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
  g_ptr_array_unref (self->charts);
  g_hash_table_unref (self->shared);
  g_ptr_array_unref (self->unknown);
  g_ptr_array_unref (self->wanted);
  g_array_unref (self->headings);
  g_clear_object (&self->head);
  g_clear_object (&self->foot);
  g_strfreev (self->titles);
  for (guint i = 0; i < G_N_ELEMENTS (self->fonts); i++)
    pango_font_description_free (self->fonts[i]);
  g_object_unref (self->context);
  g_free (self);
}

void
eros_layout_get_page_size (ErosLayout *self, double *width, double *height)
{
  *width = self->page_width;
  *height = self->page_height;
}

PangoLayout *
eros_layout_new_text (ErosLayout *self, ErosTextStyle style, const char *text, double width)
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
left (void)
{
  return EROS_LAYOUT_MARGIN;
}

static double
body_width (ErosLayout *self)
{
  return self->page_width - EROS_LAYOUT_MARGIN - left ();
}

static void
add_piece (ErosLayout *self, ErosPiece piece)
{
  piece.table = self->is_in_table ? self->n_tables : 0;
  piece.row = self->is_in_table ? self->n_rows : 0;
  g_array_append_val (g_ptr_array_index (self->pages, self->pages->len - 1), piece);
}

static guint
count_lines (const Cell *cell)
{
  return (guint) pango_layout_get_line_count (cell->layout);
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
  for (guint line = cell->next_line; line < count_lines (cell); line++, n++)
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
place_part (ErosLayout *self, Cell *cells, guint n, gboolean is_fresh, gboolean is_title)
{
  double highest = 0;
  gboolean more = FALSE;

  for (guint i = 0; i < n; i++)
    {
      double used;
      double drop = cells[i].next_line == 0 ? cells[i].drop : 0;
      guint lines = fitting_lines (&cells[i], bottom (self) - self->y - drop, &used);

      /* A line that is higher than a page must still go somewhere. */
      if (lines == 0 && is_fresh && cells[i].next_line < count_lines (&cells[i]))
        lines = 1;
      if (lines > 0)
        add_piece (self, (ErosPiece){ .kind = EROS_PIECE_TEXT,
                                      .x = cells[i].x,
                                      .y = self->y + drop,
                                      .height = used,
                                      .layout = g_object_ref (cells[i].layout),
                                      .first_line = cells[i].next_line,
                                      .n_lines = lines,
                                      .style = cells[i].style,
                                      .is_title = is_title,
                                      .anchor = cells[i].anchor });
      cells[i].next_line += lines;
      highest = MAX (highest, used + drop);
      more = more || cells[i].next_line < count_lines (&cells[i]);
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

/* Whether what is so high has to begin on the next page. */
static gboolean
wants_page (ErosLayout *self, double height)
{
  return self->y + height > bottom (self) &&
         (height < (bottom (self) - top ()) * LONGEST_ROW || self->y + 30 > bottom (self));
}

/* Takes the cells' layouts. */
static void
place_row (ErosLayout *self, Cell *cells, guint n, gboolean is_title)
{
  gboolean more = TRUE;

  align_base_lines (cells, n);
  if (!is_title && wants_page (self, row_height (cells, n)))
    break_page (self);
  if (self->is_in_table)
    self->n_rows++;
  for (gboolean is_fresh = FALSE; more; is_fresh = TRUE)
    {
      more = place_part (self, cells, n, is_fresh, is_title);
      if (more)
        break_page (self);
    }
  for (guint i = 0; i < n; i++)
    g_object_unref (cells[i].layout);
}

/* What stands in many rows, a name or a word, is shaped once. */
static PangoLayout *
share_text (ErosLayout *self, ErosTextStyle style, const char *text, double width)
{
  g_autofree char *key = g_strdup_printf ("%d %g %s", style, width, text);
  PangoLayout *known = g_hash_table_lookup (self->shared, key);

  if (known == NULL)
    {
      known = eros_layout_new_text (self, style, text, width);
      g_hash_table_insert (self->shared, g_steal_pointer (&key), known);
    }
  return g_object_ref (known);
}

static Cell
new_cell (ErosLayout *self, ErosTextStyle style, const char *text, double x, double width)
{
  return (Cell){ .layout = eros_layout_new_text (self, style, text, width), .x = x, .style = style };
}

static PangoLayout *
new_line (ErosLayout *self, const char *text, double width)
{
  PangoLayout *line = eros_layout_new_text (self, EROS_TEXT_SMALL, text, width);

  pango_layout_set_height (line, 0);
  pango_layout_set_ellipsize (line, PANGO_ELLIPSIZE_END);
  return line;
}

void
eros_layout_set_running (ErosLayout *self, const char *head, const char *foot)
{
  g_clear_object (&self->head);
  g_clear_object (&self->foot);
  self->head = new_line (self, head, self->page_width - 2 * EROS_LAYOUT_MARGIN);
  self->foot = new_line (self, foot, self->page_width - 2 * EROS_LAYOUT_MARGIN - 100);
}

void
eros_layout_new_page (ErosLayout *self)
{
  if (self->y > top ())
    add_page (self);
}

void
eros_layout_space (ErosLayout *self, double points)
{
  if (self->y > top ())
    self->y += points;
}

void
eros_layout_keep (ErosLayout *self, double points)
{
  if (self->y + points > bottom (self))
    eros_layout_new_page (self);
}

void
eros_layout_text (ErosLayout *self, ErosTextStyle style, const char *text)
{
  Cell cell = new_cell (self, style, text, left (), body_width (self));

  place_row (self, &cell, 1, FALSE);
}

void
eros_layout_heading (ErosLayout *self, ErosTextStyle style, const char *text, const char *anchor)
{
  Cell cell = new_cell (self, style, text, left (), body_width (self));
  ErosLayoutHeading heading = { .text = g_strdup (text),
                                .anchor = g_strdup (anchor),
                                .level = style == EROS_TEXT_HEADING_2 ? 2 : 1 };

  eros_layout_space (self, style == EROS_TEXT_HEADING_2 ? 6 : 12);
  if (self->y + row_height (&cell, 1) +
        (style == EROS_TEXT_HEADING_2 ? KEEP_WITH_HEADING : KEEP_WITH_CHAPTER) >
      bottom (self))
    break_page (self);
  heading.page = self->pages->len - 1;
  heading.y = self->y;
  g_array_append_val (self->headings, heading);
  place_row (self, &cell, 1, FALSE);
  eros_layout_space (self, style == EROS_TEXT_HEADING_2 ? 1 : 3);
}

void
eros_layout_banner (ErosLayout *self, ErosTone tone, const char *text)
{
  Cell cell = new_cell (self, EROS_TEXT_STRONG, text, left () + 8, body_width (self) - 16);
  double height = row_height (&cell, 1) + 10;

  if (wants_page (self, height))
    break_page (self);
  add_piece (self, (ErosPiece){ .kind = EROS_PIECE_FILL,
                                .x = left (),
                                .y = self->y,
                                .width = body_width (self),
                                .height = MIN (height, bottom (self) - self->y),
                                .tone = tone });
  self->y += 5;
  place_row (self, &cell, 1, FALSE);
  self->y += 8;
}

/* The line runs in bold into what is known of it. */
static Cell
new_run_in (ErosLayout *self, const char *text, const char *detail, double x, double width)
{
  g_autofree char *shown = eros_text_show (text);
  g_autofree char *all = g_strconcat (text, detail != NULL ? "  " : "", detail, NULL);
  PangoAttrList *attributes = pango_attr_list_new ();
  PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
  Cell cell = new_cell (self, EROS_TEXT_SMALL, all, x, width);

  bold->end_index = (guint) strlen (shown);
  pango_attr_list_insert (attributes, bold);
  pango_layout_set_attributes (cell.layout, attributes);
  pango_attr_list_unref (attributes);
  return cell;
}

void
eros_layout_marked (ErosLayout *self, ErosMark mark, const char *text, const char *detail)
{
  Cell cell = new_run_in (self, text, detail, left () + MARK_WIDTH, body_width (self) - MARK_WIDTH);

  eros_layout_space (self, 2.5);
  if (wants_page (self, row_height (&cell, 1)))
    break_page (self);
  add_piece (
    self, (ErosPiece){
            .kind = EROS_PIECE_MARK, .x = left (), .y = self->y + 1, .width = 7, .height = 7, .mark = mark });
  place_row (self, &cell, 1, FALSE);
}

static void
add_pair (ErosLayout *self, const char *label, ErosTextStyle style, const char *value)
{
  Cell cells[2] = { new_cell (self, EROS_TEXT_SMALL, label, left (), LABEL_WIDTH - COLUMN_GAP),
                    new_cell (self, style, value, left () + LABEL_WIDTH, body_width (self) - LABEL_WIDTH) };

  place_row (self, cells, 2, FALSE);
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

void
eros_layout_charts (ErosLayout *self, GPtrArray *charts, guint n_columns, double height)
{
  double width = (body_width (self) - (n_columns - 1) * 2 * COLUMN_GAP) / n_columns;

  for (guint i = 0; i < charts->len; i++)
    {
      if (i % n_columns == 0)
        eros_layout_keep (self, height);
      add_piece (self, (ErosPiece){ .kind = EROS_PIECE_CHART,
                                    .x = left () + (i % n_columns) * (width + 2 * COLUMN_GAP),
                                    .y = self->y,
                                    .width = width,
                                    .height = height,
                                    .chart = charts->pdata[i] });
      if (i % n_columns == n_columns - 1 || i == charts->len - 1)
        self->y += height + COLUMN_GAP;
    }
  g_ptr_array_extend_and_steal (self->charts, charts);
}

/* Places one box at X; all of a row have one height. */
static void
place_box (ErosLayout *self, const ErosBox *box, double x, double width, double height)
{
  double y = self->y;
  Cell title = new_cell (self, EROS_TEXT_SMALL_STRONG, box->title, x + 5, width - 10);
  Cell text = new_cell (self, EROS_TEXT_SMALL, box->text, x + 5, width - 10);

  add_piece (self, (ErosPiece){ .kind = EROS_PIECE_FRAME, .x = x, .y = y, .width = width, .height = height });
  self->y = y + 4;
  place_row (self, &title, 1, FALSE);
  place_row (self, &text, 1, FALSE);
  self->y = y;
}

static double
box_height (ErosLayout *self, const ErosBox *box, double width)
{
  Cell cells[2] = { new_cell (self, EROS_TEXT_SMALL_STRONG, box->title, 0, width - 10),
                    new_cell (self, EROS_TEXT_SMALL, box->text, 0, width - 10) };
  double height = row_height (&cells[0], 1) + row_height (&cells[1], 1);

  g_object_unref (cells[0].layout);
  g_object_unref (cells[1].layout);
  return height + 8;
}

void
eros_layout_boxes (ErosLayout *self, const ErosBox *boxes, guint n, guint n_columns)
{
  double width = (body_width (self) - (n_columns - 1) * COLUMN_GAP) / n_columns;

  for (guint i = 0; i < n; i += n_columns)
    {
      double height = 0;
      guint end = MIN (i + n_columns, n);

      for (guint k = i; k < end; k++)
        height = MAX (height, box_height (self, &boxes[k], width));
      eros_layout_keep (self, height);
      for (guint k = i; k < end; k++)
        place_box (self, &boxes[k], left () + (k - i) * (width + COLUMN_GAP), width, height);
      self->y += height + 5;
    }
}

static void
place_table_row (ErosLayout *self, const char *const *texts, ErosTextStyle style, const char *anchor)
{
  Cell cells[EROS_LAYOUT_MAX_CELLS];
  double total = 0, x = left (), width = body_width (self);

  for (guint i = 0; i < self->n_columns; i++)
    total += self->weights[i];
  for (guint i = 0; i < self->n_columns; i++)
    {
      double column = width * self->weights[i] / total;
      double inner = column - (i < self->n_columns - 1 ? COLUMN_GAP : 0);
      gboolean is_reference = anchor != NULL && i == self->n_columns - 1;
      gboolean is_code = style == EROS_TEXT_SMALL && i == self->code_column;

      cells[i] = (Cell){ .x = x, .style = is_code ? EROS_TEXT_CODE : style };
      cells[i].layout = is_reference
                          ? eros_layout_new_text (self, style, SOME_PAGE, inner)
                          : share_text (self, cells[i].style, texts[i] != NULL ? texts[i] : "", inner);
      x += column;
      if (!is_reference)
        continue;
      g_ptr_array_add (self->unknown, g_object_ref (cells[i].layout));
      g_ptr_array_add (self->wanted, g_strdup (anchor));
      cells[i].anchor = g_ptr_array_index (self->wanted, self->wanted->len - 1);
    }
  place_row (self, cells, self->n_columns, style == EROS_TEXT_SMALL_STRONG);
}

static void
add_rule (ErosLayout *self)
{
  add_piece (
    self, (ErosPiece){ .kind = EROS_PIECE_RULE, .x = left (), .y = self->y + 1, .width = body_width (self) });
  self->y += 2.5;
}

static void
write_table_titles (ErosLayout *self)
{
  g_auto (GStrv) titles = g_steal_pointer (&self->titles);

  place_table_row (self, (const char *const *) titles, EROS_TEXT_SMALL_STRONG, NULL);
  add_rule (self);
  self->titles = g_steal_pointer (&titles);
}

void
eros_layout_table_begin (ErosLayout *self, const double *weights, const char *const *titles, guint n)
{
  g_return_if_fail (n > 0 && n <= EROS_LAYOUT_MAX_CELLS);

  self->n_columns = n;
  self->code_column = G_MAXUINT;
  for (guint i = 0; i < n; i++)
    self->weights[i] = weights[i];
  eros_layout_keep (self, KEEP_WITH_HEADING);
  self->titles = g_strdupv ((char **) titles);
  self->is_in_table = TRUE;
  self->n_tables++;
  write_table_titles (self);
}

void
eros_layout_table_set_code (ErosLayout *self, guint column)
{
  self->code_column = column;
}

static void
end_table_row (ErosLayout *self)
{
  if (self->y + 3 < bottom (self))
    add_rule (self);
}

void
eros_layout_table_row (ErosLayout *self, const char *const *cells)
{
  place_table_row (self, cells, EROS_TEXT_SMALL, NULL);
  end_table_row (self);
}

void
eros_layout_table_reference (ErosLayout *self, const char *const *cells, const char *anchor)
{
  place_table_row (self, cells, EROS_TEXT_SMALL, anchor);
  end_table_row (self);
}

void
eros_layout_table_end (ErosLayout *self)
{
  g_clear_pointer (&self->titles, g_strfreev);
  self->is_in_table = FALSE;
  eros_layout_space (self, 4);
}

const ErosLayoutHeading *
eros_layout_find_anchor (ErosLayout *self, const char *anchor)
{
  for (guint i = 0; i < self->headings->len; i++)
    {
      const ErosLayoutHeading *heading = &g_array_index (self->headings, ErosLayoutHeading, i);

      if (g_strcmp0 (heading->anchor, anchor) == 0)
        return heading;
    }
  return NULL;
}

void
eros_layout_finish (ErosLayout *self)
{
  for (guint i = 0; i < self->unknown->len; i++)
    {
      const ErosLayoutHeading *heading = eros_layout_find_anchor (self, self->wanted->pdata[i]);
      g_autofree char *number = heading != NULL ? g_strdup_printf ("%u", heading->page + 1) : g_strdup ("–");

      pango_layout_set_text (self->unknown->pdata[i], number, -1);
    }
  g_ptr_array_set_size (self->unknown, 0);
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
      const ErosLayoutHeading *heading = &g_array_index (self->headings, ErosLayoutHeading, i);

      func (heading->text, heading->level, heading->page, heading->y, user_data);
    }
}
