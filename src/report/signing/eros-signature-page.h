/* eros-signature-page.h: boxes in which people sign, on pages of their own, and what a signed box shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-report-error.h"

G_BEGIN_DECLS

/* A box for one signer. */
typedef struct
{
  char *name;  /* of the field: letters, digits, hyphens; unique */
  char *title; /* whose signature it is for: "Technical Lead" */
} ErosSignatureBox;

/* Where box I stands, in points from the lower left corner of its page. */
void  eros_signature_box_place (guint i, int rect[4]);
guint eros_signature_box_page (guint i); /* from 0 */

/* The pages with the frames of the boxes, as a PDF. */
GBytes *eros_signature_pages_draw (const ErosSignatureBox *boxes,
                                   guint                   n_boxes,
                                   double                  width,
                                   double                  height,
                                   GError                **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a box shows once it is signed, as operators that fill areas: no font, whatever the script, and nothing that
 * stands elsewhere. TIME: seconds since 1970. */
char *eros_signature_stamp_draw (const char *name, const char *title, const char *reason, gint64 time);

G_END_DECLS
