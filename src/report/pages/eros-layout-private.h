/* eros-layout-private.h: what is placed on pages, and drawn
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-layout.h"

G_BEGIN_DECLS

#define EROS_LAYOUT_MARGIN    42.5 /* 1.5 cm */
#define EROS_LAYOUT_MAX_CELLS 8

typedef enum
{
  EROS_PIECE_TEXT,
  EROS_PIECE_MARK,
  EROS_PIECE_RULE,
  EROS_PIECE_FILL,
  EROS_PIECE_FRAME,
  EROS_PIECE_CHART,
} ErosPieceKind;

typedef struct
{
  ErosPieceKind    kind;
  double           x, y, width, height;
  PangoLayout     *layout;
  guint            first_line, n_lines;
  ErosTextStyle    style;
  ErosMark         mark;
  ErosTone         tone;
  const ErosChart *chart;
  guint            table, row; /* numbers; 0: none */
  gboolean         is_title;   /* of a table's column */
  const char      *anchor;     /* (nullable): where it leads */
} ErosPiece;

typedef struct
{
  char  *text;   /* "" for an anchor that is no heading */
  char  *anchor; /* (nullable) */
  guint  level, page;
  double y;
} ErosLayoutHeading;

struct _ErosLayout
{
  PangoContext         *context;
  PangoFontDescription *fonts[EROS_TEXT_HEADING_2 + 1];
  double                page_width, page_height;
  GPtrArray            *pages;    /* of GArray of ErosPiece */
  GPtrArray            *charts;   /* of ErosChart */
  GArray               *headings; /* of ErosLayoutHeading */
  GHashTable           *shared;   /* style, width and text of a table's cell → PangoLayout */
  GPtrArray            *unknown;  /* of PangoLayout: page numbers that are not known yet */
  GPtrArray            *wanted;   /* of char: the anchor of each */
  PangoLayout          *head, *foot;
  double                y;
  double                weights[EROS_LAYOUT_MAX_CELLS];
  char                **titles; /* of the table that has begun */
  guint                 n_columns, n_tables, n_rows;
  guint                 code_column; /* of it; G_MAXUINT: none */
  gboolean              is_in_table;
};

PangoLayout *eros_layout_new_text (ErosLayout *self, ErosTextStyle style, const char *text, double width);
double       eros_layout_get_line_spacing (ErosTextStyle style);
/* (nullable) */
const ErosLayoutHeading *eros_layout_find_anchor (ErosLayout *self, const char *anchor);

G_END_DECLS
