/* eros-pdf-boxes.h: pages with boxes for signatures, added to a PDF before the first of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-pdf-signature.h"
#include "eros-signature-page.h"

G_BEGIN_DECLS

/* Appends a revision with the boxes' pages behind the last one, and an empty field in each. */
GBytes *eros_pdf_add_boxes (GBytes *pdf, const ErosSignatureBox *boxes, guint n_boxes, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* The boxes of a PDF. */
typedef struct
{
  char    *name;
  char    *title; /* (nullable) */
  gboolean is_signed;
} ErosPdfBox;
/* (transfer full): of ErosPdfBox, in their order; those without a place on a page are left out. */
GPtrArray *eros_pdf_list_boxes (GBytes *pdf, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A text string: UTF-16BE with its mark, else taken for ASCII. NULL for NULL. */
char *eros_pdf_text_of (const ErosPdfObject *string);

G_END_DECLS
