/* eros-layout.h: text of any length and script on pages; knows nothing of deployments
 *
 * Add from top to bottom, then finish. Points are 1/72 inch.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-chart.h"
#include "eros-paper.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_TEXT_BODY,
  EROS_TEXT_STRONG,
  EROS_TEXT_SMALL,
  EROS_TEXT_SMALL_STRONG,
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
  EROS_TONE_GOOD,
  EROS_TONE_CAUTION,
  EROS_TONE_DANGER,
} ErosTone;

/* A frame with something written in it. */
typedef struct
{
  const char *title; /* a line */
  const char *text;
} ErosBox;

typedef struct _ErosLayout ErosLayout;

ErosLayout *eros_layout_new (ErosPaper paper);
void        eros_layout_free (ErosLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ErosLayout, eros_layout_free)

void eros_layout_get_page_size (ErosLayout *self, double *width, double *height);
/* What stands in the head of each page but the first, and at the foot of all beside "page n of m". */
void eros_layout_set_running (ErosLayout *self, const char *head, const char *foot);
void eros_layout_new_page (ErosLayout *self); /* unless this one is empty */
void eros_layout_space (ErosLayout *self, double points);
/* What follows begins on a page that has so much room. */
void eros_layout_keep (ErosLayout *self, double points);
/* A heading is followed by something on its page. ANCHOR: (nullable): what references call it. */
void eros_layout_heading (ErosLayout *self, ErosTextStyle style, const char *text, const char *anchor);
void eros_layout_text (ErosLayout *self, ErosTextStyle style, const char *text);
void eros_layout_banner (ErosLayout *self, ErosTone tone, const char *text);
/* A mark, and beside it a line in bold that runs into what is known of it. DETAIL: (nullable) */
void eros_layout_marked (ErosLayout *self, ErosMark mark, const char *text, const char *detail);
void eros_layout_pair (ErosLayout *self, const char *label, const char *value);
void eros_layout_code_pair (ErosLayout *self, const char *label, const char *value);
/* Side by side, all in one row of columns. Takes the charts. */
void eros_layout_charts (ErosLayout *self, GPtrArray *charts, guint n_columns, double height);
void eros_layout_boxes (ErosLayout *self, const ErosBox *boxes, guint n, guint n_columns);
/* Columns share the width by their weights. */
void eros_layout_table_begin (ErosLayout *self, const double *weights, const char *const *titles, guint n);
/* Of the table that has begun: it holds digests. */
void eros_layout_table_set_code (ErosLayout *self, guint column);
void eros_layout_table_row (ErosLayout *self, const char *const *cells);
/* The last column says on which page ANCHOR is, and leads there. */
void eros_layout_table_reference (ErosLayout *self, const char *const *cells, const char *anchor);
void eros_layout_table_end (ErosLayout *self);
/* Nothing is added any more: references get their page numbers. */
void eros_layout_finish (ErosLayout *self);

guint eros_layout_n_pages (ErosLayout *self);
/* TAGGED: writes structure tags and links, for a PDF. */
void eros_layout_draw_page (ErosLayout *self, cairo_t *cr, guint page, gboolean tagged);
/* Calls FUNC for each heading, in order. LEVEL: 1 or 2. Y: of its top. */
typedef void (*ErosHeadingFunc) (const char *text, guint level, guint page, double y, gpointer user_data);
void eros_layout_foreach_heading (ErosLayout *self, ErosHeadingFunc func, gpointer user_data);

G_END_DECLS
