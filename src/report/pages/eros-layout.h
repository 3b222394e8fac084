/* eros-layout.h: text of any length and script on pages of A4; knows nothing of deployments
 *
 * Add from top to bottom, then finish. Points are 1/72 inch.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

#define EROS_PAGE_WIDTH  595.276
#define EROS_PAGE_HEIGHT 841.89

typedef enum
{
  EROS_TEXT_BODY,
  EROS_TEXT_STRONG,
  EROS_TEXT_SMALL, /* who and when */
  EROS_TEXT_CODE,
  EROS_TEXT_TITLE,
  EROS_TEXT_HEADING_1,
  EROS_TEXT_HEADING_2,
} ErosTextStyle;

typedef enum
{
  EROS_MARK_NONE,
  EROS_MARK_OPEN,
  EROS_MARK_TICKED,
  EROS_MARK_NOT_APPLICABLE,
  EROS_MARK_FAILED,
} ErosMark;

typedef enum
{
  EROS_TONE_NONE,
  EROS_TONE_CALM,
  EROS_TONE_CAUTION,
  EROS_TONE_DANGER,
} ErosTone;

typedef struct _ErosLayout ErosLayout;

ErosLayout *eros_layout_new (void);
void        eros_layout_free (ErosLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosLayout, eros_layout_free)

/* What stands in the head of each page but the first, and at the foot of all beside "page n of m". */
void eros_layout_set_running (ErosLayout *self, const char *head, const char *foot);
void eros_layout_space (ErosLayout *self, double points);
void eros_layout_indent (ErosLayout *self, double points); /* more, or less when negative */
/* A heading is followed by something on its page; one with an outline title can be jumped to. */
void eros_layout_heading (ErosLayout *self, ErosTextStyle style, const char *text);
void eros_layout_text (ErosLayout *self, ErosTextStyle style, const char *text);
void eros_layout_banner (ErosLayout *self, ErosTone tone, const char *text);
void eros_layout_marked (ErosLayout *self, ErosMark mark, const char *text);
void eros_layout_pair (ErosLayout *self, const char *label, const char *value);
void eros_layout_code_pair (ErosLayout *self, const char *label, const char *value);
/* Columns share the width by their weights. */
void eros_layout_table_begin (ErosLayout *self, const double *weights, const char *const *titles, guint n);
void eros_layout_table_row (ErosLayout *self, const char *const *cells);
void eros_layout_table_small_row (ErosLayout *self, const char *const *cells);
void eros_layout_table_end (ErosLayout *self);

guint eros_layout_n_pages (ErosLayout *self);
/* TAGGED: writes structure tags, for a PDF. */
void eros_layout_draw_page (ErosLayout *self, cairo_t *cr, guint page, gboolean tagged);
/* Calls FUNC for each heading, in order. LEVEL: 1 or 2. Y: of its top. */
typedef void (*ErosHeadingFunc) (const char *text, guint level, guint page, double y, gpointer user_data);
void eros_layout_foreach_heading (ErosLayout *self, ErosHeadingFunc func, gpointer user_data);

G_END_DECLS
