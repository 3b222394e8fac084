/* eros-signature-page.c: boxes in which people sign, on pages of their own, and what a signed box shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-signature-page.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "eros-config.h"
#include "eros-text.h"
#include "eros-time-text.h"
#include <glib/gi18n-lib.h>

/* Points. */
#define MARGIN     56
#define TOP        130
#define BOX_WIDTH  230
#define BOX_HEIGHT 64
#define COLUMN     252
#define ROW        98
#define PADDING    6
#define N_COLUMNS  2
#define N_ROWS     6
#define N_ON_PAGE  (N_COLUMNS * N_ROWS)
/* From the top of A4, which is also where the boxes of a shorter page end. */
#define PAPER_TOP 780

void
eros_signature_box_place (guint i, int rect[4])
{
  guint on_page = i % N_ON_PAGE;

  rect[0] = MARGIN + (int) (on_page % N_COLUMNS) * COLUMN;
  rect[3] = PAPER_TOP - TOP - (int) (on_page / N_COLUMNS) * ROW;
  rect[1] = rect[3] - BOX_HEIGHT;
  rect[2] = rect[0] + BOX_WIDTH;
}

guint
eros_signature_box_page (guint i)
{
  return i / N_ON_PAGE;
}

static PangoLayout *
new_text (cairo_t *cr, const char *font, int width, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static void
draw_text (cairo_t *cr, const char *font, int width, double x, double y, const char *text)
{
  g_autoptr (PangoLayout) layout = new_text (cr, font, width, text);

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_head (cairo_t *cr)
{
  g_autoptr (PangoLayout) layout = new_text (
    cr, "Sans 9", N_COLUMNS * COLUMN - (COLUMN - BOX_WIDTH),
    _ ("Each box is for one signature. Only a program can say whether a signature is valid: a reader of PDF "
       "files that shows signatures, or “eros-deploy verify”. What a box shows is drawn by whoever signs."));

  draw_text (cr, "Sans Bold 14", N_COLUMNS * COLUMN, MARGIN, 0, _ ("Signatures"));
  cairo_move_to (cr, MARGIN, 30);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_page (cairo_t *cr, const ErosSignatureBox *boxes, guint n_boxes, guint page, double height)
{
  cairo_save (cr);
  cairo_translate (cr, 0, height - PAPER_TOP + 20);
  draw_head (cr);
  cairo_restore (cr);
  for (guint i = page * N_ON_PAGE; i < MIN (n_boxes, (page + 1) * N_ON_PAGE); i++)
    {
      int rect[4];

      eros_signature_box_place (i, rect);
      draw_text (cr, "Sans 9", BOX_WIDTH, rect[0], height - rect[3] - 15, boxes[i].title);
      cairo_set_line_width (cr, 0.5);
      cairo_rectangle (cr, rect[0] - 0.5, height - rect[3] - 0.5, BOX_WIDTH + 1, BOX_HEIGHT + 1);
      cairo_stroke (cr);
    }
}

static cairo_status_t
append_cb (void *bytes, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (bytes, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
eros_signature_pages_draw (const ErosSignatureBox *boxes,
                           guint n_boxes,
                           double width,
                           double height,
                           GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, width, height);
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  for (guint page = 0; page * N_ON_PAGE < n_boxes; page++)
    {
      draw_page (cr, boxes, n_boxes, page, height);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, EROS_REPORT_ERROR, EROS_REPORT_ERROR_FAILED,
                   _ ("Could not draw the boxes for signatures: %s"), cairo_status_to_string (status));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
append_point (GString *out, const cairo_path_data_t *point)
{
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "%s %s ", g_ascii_formatd (x, sizeof x, "%.2f", point->point.x),
                          g_ascii_formatd (y, sizeof y, "%.2f", BOX_HEIGHT - point->point.y));
}

static void
append_path (GString *out, const cairo_path_t *path)
{
  static const char operators[] = { [CAIRO_PATH_MOVE_TO] = 'm',
                                    [CAIRO_PATH_LINE_TO] = 'l',
                                    [CAIRO_PATH_CURVE_TO] = 'c',
                                    [CAIRO_PATH_CLOSE_PATH] = 'h' };

  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    {
      for (int k = 1; k < path->data[i].header.length; k++)
        append_point (out, &path->data[i + k]);
      g_string_append_printf (out, "%c\n", operators[path->data[i].header.type]);
    }
  g_string_append (out, path->num_data > 0 ? "f\n" : "");
}

static double
stamp_line (GString *out, cairo_t *cr, const char *font, double y, const char *text)
{
  g_autofree char *line = eros_text_show_line (text);
  g_autoptr (PangoLayout) layout = new_text (cr, font, BOX_WIDTH - 2 * PADDING, line);
  cairo_path_t *path;
  int height;

  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, NULL, &height);
  cairo_new_path (cr);
  cairo_move_to (cr, PADDING, y);
  pango_cairo_layout_path (cr, layout);
  path = cairo_copy_path (cr);
  append_path (out, path);
  cairo_path_destroy (path);
  return y + height;
}

char *
eros_signature_stamp_draw (const char *name, const char *title, const char *reason, gint64 time)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_ALPHA, NULL);
  cairo_t *cr = cairo_create (surface);
  GString *out = g_string_new (NULL);
  g_autofree char *date = eros_time_text (time * G_USEC_PER_SEC);
  double y = PADDING / 2;

  y = stamp_line (out, cr, "Sans Bold 10", y, name);
  y = stamp_line (out, cr, "Sans 8", y, title);
  y = stamp_line (out, cr, "Sans 8", y, date);
  stamp_line (out, cr, "Sans 7", y, reason);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return g_string_free (out, FALSE);
}
