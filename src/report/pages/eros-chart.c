/* eros-chart.c: a number over time beside its limit, or before and after; knows nothing of deployments
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-chart.h"

#include <math.h>

#include "eros-config.h"
#include "eros-text.h"

#define TITLE_HEIGHT 12
#define AXIS_HEIGHT  11
#define LABEL_WIDTH  42
#define BAR_LABEL    64
/* Of the width; beside bars it is said at length what they show. */
#define TITLE_PART(self) ((self)->is_curve ? 0.82 : 0.45)

struct _ErosChart
{
  char *title;
  char *remark; /* beside the title: unit, or what was found */
  gboolean is_curve;
  double limit;
  char *limit_text;
  char *first, *last; /* below the axis, or beside the bars */
  GArray *points;     /* of ErosChartPoint */
  GArray *marks;      /* of Mark */
  double band[2];     /* NAN: none */
  double ink[3];
};

typedef struct
{
  double x;
  char *text;
} Mark;

static void
clear_mark (gpointer data)
{
  g_free (((Mark *) data)->text);
}

static ErosChart *
chart_new (const char *title,
           const char *remark,
           const char *first,
           const char *last,
           const ErosChartPoint *points,
           guint n)
{
  ErosChart *self = g_new0 (ErosChart, 1);

  self->title = g_strdup (title);
  self->remark = g_strdup (remark);
  self->limit = NAN;
  self->band[0] = self->band[1] = NAN;
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  g_array_set_clear_func (self->marks, clear_mark);
  self->limit_text = g_strdup ("");
  self->first = g_strdup (first);
  self->last = g_strdup (last);
  self->points = g_array_sized_new (FALSE, FALSE, sizeof (ErosChartPoint), n);
  if (n > 0)
    g_array_append_vals (self->points, points, n);
  return self;
}

ErosChart *
eros_chart_new_curve (const char *title,
                      const char *unit,
                      double limit,
                      const char *limit_text,
                      const char *first,
                      const char *last,
                      const ErosChartPoint *points,
                      guint n)
{
  ErosChart *self = chart_new (title, unit, first, last, points, n);

  self->is_curve = TRUE;
  self->limit = limit;
  g_free (self->limit_text);
  self->limit_text = g_strdup (limit_text);
  return self;
}

ErosChart *
eros_chart_new_bars (const char *title,
                     const char *remark,
                     const ErosChartPoint *before,
                     const char *before_text,
                     const ErosChartPoint *after,
                     const char *after_text)
{
  ErosChartPoint points[2] = { *before, *after };

  return chart_new (title, remark, before_text, after_text, points, 2);
}

void
eros_chart_free (ErosChart *self)
{
  g_free (self->title);
  g_free (self->remark);
  g_free (self->limit_text);
  g_free (self->first);
  g_free (self->last);
  g_array_unref (self->points);
  g_array_unref (self->marks);
  g_free (self);
}

void
eros_chart_add_mark (ErosChart *self, double x, const char *text)
{
  g_array_append_vals (self->marks, &(Mark){ x, g_strdup (text) }, 1);
}

void
eros_chart_set_band (ErosChart *self, double low, double high)
{
  self->band[0] = low;
  self->band[1] = high;
}

void
eros_chart_set_ink (ErosChart *self, double red, double green, double blue)
{
  self->ink[0] = red;
  self->ink[1] = green;
  self->ink[2] = blue;
}

static void
use_ink (const ErosChart *self, cairo_t *cr, double strength)
{
  cairo_set_source_rgba (cr, self->ink[0], self->ink[1], self->ink[2], strength);
}

typedef enum
{
  AT_LEFT,
  AT_RIGHT,
} Side;

/* One line that ends with … where it is too long. */
static void
draw_text (cairo_t *cr,
           PangoContext *context,
           const char *font,
           const char *text,
           double x,
           double y,
           double width,
           Side side)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  g_autofree char *shown = eros_text_show_line (text);
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_height (layout, 0);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (layout, side == AT_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_set_text (layout, shown, -1);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
}

typedef struct
{
  double x0, x1; /* values at the ends of the axes */
  double y0, y1;
  double left, top, width, height; /* of the area between them */
} Frame;

static void
widen (double *low, double *high, double value)
{
  if (!isfinite (value))
    return;
  *low = MIN (*low, value);
  *high = MAX (*high, value);
}

/* The values themselves and the limit are seen whole; intervals that are very wide leave the frame. */
static Frame
find_frame (const ErosChart *self, double width, double height)
{
  Frame frame = { .x0 = G_MAXDOUBLE, .x1 = -G_MAXDOUBLE };
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE, span;

  for (guint i = 0; i < self->points->len; i++)
    {
      const ErosChartPoint *point = &g_array_index (self->points, ErosChartPoint, i);

      widen (&frame.x0, &frame.x1, point->x);
      widen (&low, &high, point->value);
    }
  widen (&low, &high, self->limit);
  span = high > low ? high - low : MAX (fabs (high) / 2, 1);
  frame.y0 = low - span * 0.5;
  frame.y1 = high + span * 0.5;
  /* Nothing that is counted is ever below nothing. */
  if (low >= 0)
    frame.y0 = MAX (frame.y0, 0);
  if (frame.x1 <= frame.x0)
    {
      frame.x0 -= 1;
      frame.x1 = frame.x0 + 2;
    }
  frame.left = LABEL_WIDTH;
  frame.top = TITLE_HEIGHT + 2;
  frame.width = width - LABEL_WIDTH - 4;
  frame.height = height - TITLE_HEIGHT - AXIS_HEIGHT - 2;
  return frame;
}

static double
to_x (const Frame *frame, double x)
{
  return frame->left + (x - frame->x0) / (frame->x1 - frame->x0) * frame->width;
}

static double
to_y (const Frame *frame, double y)
{
  double part = CLAMP ((y - frame->y0) / (frame->y1 - frame->y0), 0, 1);

  return frame->top + (1 - part) * frame->height;
}

static void
draw_grid (const ErosChart *self, cairo_t *cr, PangoContext *context, const Frame *frame)
{
  const double values[] = { frame->y0, frame->y1 };

  cairo_set_line_width (cr, 0.4);
  use_ink (self, cr, 0.2);
  cairo_rectangle (cr, frame->left, frame->top, frame->width, frame->height);
  cairo_stroke (cr);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = g_strdup_printf ("%.3g", values[i]);

      use_ink (self, cr, 0.7);
      draw_text (cr, context, "Sans 6", text, 0, to_y (frame, values[i]) - (i == 0 ? 7 : 1), LABEL_WIDTH - 4,
                 AT_RIGHT);
    }
  draw_text (cr, context, "Sans 6", self->first, frame->left, frame->top + frame->height + 2,
             frame->width / 2, AT_LEFT);
  draw_text (cr, context, "Sans 6", self->last, frame->left + frame->width / 2,
             frame->top + frame->height + 2, frame->width / 2, AT_RIGHT);
}

static void
draw_limit (const ErosChart *self, cairo_t *cr, PangoContext *context, const Frame *frame)
{
  const double dashes[] = { 3, 2 };
  double y = to_y (frame, self->limit);

  if (!isfinite (self->limit))
    return;
  cairo_save (cr);
  cairo_set_source_rgb (cr, 0.75, 0.1, 0.1);
  cairo_set_line_width (cr, 0.7);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, frame->left, y);
  cairo_rel_line_to (cr, frame->width, 0);
  cairo_stroke (cr);
  cairo_restore (cr);
  cairo_set_source_rgb (cr, 0.75, 0.1, 0.1);
  draw_text (cr, context, "Sans 6", self->limit_text, frame->left + 2, y - 9 > frame->top ? y - 9 : y + 1,
             frame->width - 4, AT_RIGHT);
}

/* What falls on one column of dots is there as its least and its greatest: no peak is lost, and what is drawn
 * does not grow with what was measured. (transfer full) */
static GArray *
thin_out (const ErosChart *self, const Frame *frame)
{
  guint n = self->points->len;
  guint most = MAX (1, (guint) frame->width);
  GArray *thin;

  if (n <= most * 2)
    return g_array_ref (self->points);
  thin = g_array_sized_new (FALSE, FALSE, sizeof (ErosChartPoint), most * 2);
  for (guint column = 0; column < most; column++)
    {
      guint begin = (guint) ((guint64) n * column / most), end = (guint) ((guint64) n * (column + 1) / most);
      ErosChartPoint least = g_array_index (self->points, ErosChartPoint, begin);
      ErosChartPoint greatest = least;

      for (guint i = begin + 1; i < end; i++)
        {
          const ErosChartPoint *point = &g_array_index (self->points, ErosChartPoint, i);

          if (point->value < least.value || !isfinite (least.value))
            least = *point;
          if (point->value > greatest.value || !isfinite (greatest.value))
            greatest = *point;
        }
      g_array_append_val (thin, least);
      g_array_append_val (thin, greatest);
    }
  return thin;
}

static void
draw_interval (const GArray *points, cairo_t *cr, const Frame *frame)
{
  gboolean is_open = FALSE;

  cairo_new_path (cr);
  for (guint i = 0; i < points->len; i++)
    {
      const ErosChartPoint *point = &g_array_index (points, ErosChartPoint, i);

      if (!isfinite (point->low) || !isfinite (point->high))
        continue;
      cairo_line_to (cr, to_x (frame, point->x), to_y (frame, point->high));
      is_open = TRUE;
    }
  for (guint i = points->len; i > 0; i--)
    {
      const ErosChartPoint *point = &g_array_index (points, ErosChartPoint, i - 1);

      if (isfinite (point->low) && isfinite (point->high))
        cairo_line_to (cr, to_x (frame, point->x), to_y (frame, point->low));
    }
  if (!is_open)
    return;
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, 0.2, 0.5, 0.85, 0.2);
  cairo_fill (cr);
}

static void
draw_band (const ErosChart *self, cairo_t *cr, const Frame *frame)
{
  double top = to_y (frame, self->band[1]);

  if (!isfinite (self->band[0]))
    return;
  cairo_rectangle (cr, frame->left, top, frame->width, to_y (frame, self->band[0]) - top);
  use_ink (self, cr, 0.08);
  cairo_fill (cr);
}

static void
draw_marks (const ErosChart *self, cairo_t *cr, PangoContext *context, const Frame *frame)
{
  for (guint i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);
      double x = to_x (frame, CLAMP (mark->x, frame->x0, frame->x1));

      use_ink (self, cr, 0.6);
      cairo_set_line_width (cr, 0.7);
      cairo_move_to (cr, x, frame->top);
      cairo_rel_line_to (cr, 0, frame->height);
      cairo_stroke (cr);
      draw_text (cr, context, "Sans 6", mark->text, x + 2, frame->top + frame->height - 9,
                 MAX (frame->left + frame->width - x - 2, 1), AT_LEFT);
    }
}

/* Each round has its dot, as long as they can be told from one another. */
static void
draw_values (const GArray *points, cairo_t *cr, const Frame *frame)
{
  gboolean dots = points->len < frame->width / 3;

  cairo_set_source_rgb (cr, 0.2, 0.45, 0.8);
  cairo_set_line_width (cr, 1);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
  cairo_new_path (cr);
  for (guint i = 0; i < points->len; i++)
    {
      const ErosChartPoint *point = &g_array_index (points, ErosChartPoint, i);

      if (isfinite (point->value))
        cairo_line_to (cr, to_x (frame, point->x), to_y (frame, point->value));
    }
  cairo_stroke (cr);
  for (guint i = 0; dots && i < points->len; i++)
    {
      const ErosChartPoint *point = &g_array_index (points, ErosChartPoint, i);

      if (!isfinite (point->value))
        continue;
      cairo_arc (cr, to_x (frame, point->x), to_y (frame, point->value), 1.3, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
draw_curve (const ErosChart *self, cairo_t *cr, PangoContext *context, double width, double height)
{
  Frame frame = find_frame (self, width, height);
  g_autoptr (GArray) points = thin_out (self, &frame);

  draw_band (self, cr, &frame);
  draw_interval (points, cr, &frame);
  draw_grid (self, cr, context, &frame);
  draw_marks (self, cr, context, &frame);
  draw_limit (self, cr, context, &frame);
  draw_values (points, cr, &frame);
}

int
eros_chart_find_point (const ErosChart *self, double width, double x)
{
  Frame frame = find_frame (self, width, TITLE_HEIGHT + AXIS_HEIGHT + 3);
  int found = -1;
  double nearest = G_MAXDOUBLE;

  for (guint i = 0; self->is_curve && i < self->points->len; i++)
    {
      double distance = fabs (to_x (&frame, g_array_index (self->points, ErosChartPoint, i).x) - x);

      if (distance < nearest)
        {
          nearest = distance;
          found = (int) i;
        }
    }
  return found;
}

void
eros_chart_draw_cursor (const ErosChart *self, cairo_t *cr, double width, double height, guint point)
{
  Frame frame = find_frame (self, width, height);
  const ErosChartPoint *shown;

  if (!self->is_curve || point >= self->points->len)
    return;
  shown = &g_array_index (self->points, ErosChartPoint, point);
  use_ink (self, cr, 0.5);
  cairo_set_line_width (cr, 0.5);
  cairo_move_to (cr, to_x (&frame, shown->x), frame.top);
  cairo_rel_line_to (cr, 0, frame.height);
  cairo_stroke (cr);
  if (!isfinite (shown->value))
    return;
  cairo_set_source_rgb (cr, 0.2, 0.45, 0.8);
  cairo_arc (cr, to_x (&frame, shown->x), to_y (&frame, shown->value), 2.5, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void
draw_bar (const ErosChart *self,
          cairo_t *cr,
          const ErosChartPoint *point,
          double most,
          double y,
          double width,
          double height)
{
  double scale = (width - BAR_LABEL * 2.2) / most;

  if (!isfinite (point->value))
    return;
  cairo_rectangle (cr, BAR_LABEL, y, MAX (point->value, 0) * scale, height);
  cairo_fill (cr);
  if (!isfinite (point->low) || !isfinite (point->high))
    return;
  use_ink (self, cr, 0.8);
  cairo_set_line_width (cr, 0.7);
  cairo_move_to (cr, BAR_LABEL + MAX (point->low, 0) * scale, y + height / 2);
  cairo_line_to (cr, BAR_LABEL + point->high * scale, y + height / 2);
  cairo_stroke (cr);
}

static void
draw_bars (const ErosChart *self, cairo_t *cr, PangoContext *context, double width, double height)
{
  static const double colours[2][3] = { { 0.7, 0.7, 0.7 }, { 0.35, 0.55, 0.8 } };
  const char *texts[2] = { self->first, self->last };
  double most = 0;
  double bar = (height - TITLE_HEIGHT - 4) / 2;

  for (guint i = 0; i < 2; i++)
    {
      const ErosChartPoint *point = &g_array_index (self->points, ErosChartPoint, i);

      if (isfinite (point->value))
        most = MAX (most, isfinite (point->high) ? MAX (point->high, point->value) : point->value);
    }
  for (guint i = 0; i < 2; i++)
    {
      const ErosChartPoint *point = &g_array_index (self->points, ErosChartPoint, i);
      double y = TITLE_HEIGHT + 1 + i * (bar + 1);

      cairo_set_source_rgb (cr, colours[i][0], colours[i][1], colours[i][2]);
      draw_bar (self, cr, point, most > 0 ? most : 1, y, width, bar);
      use_ink (self, cr, 0.85);
      draw_text (cr, context, "Sans 6", texts[i], 0, y + bar / 2 - 4, BAR_LABEL - 4, AT_RIGHT);
    }
}

void
eros_chart_draw (const ErosChart *self, cairo_t *cr, PangoContext *context, double width, double height)
{
  use_ink (self, cr, 1);
  draw_text (cr, context, "Sans Bold 7", self->title, 0, 0, width * TITLE_PART (self), AT_LEFT);
  use_ink (self, cr, 0.75);
  draw_text (cr, context, "Sans 6", self->remark, width * TITLE_PART (self), 1,
             width * (1 - TITLE_PART (self)), AT_RIGHT);
  if (self->is_curve)
    draw_curve (self, cr, context, width, height);
  else
    draw_bars (self, cr, context, width, height);
}
