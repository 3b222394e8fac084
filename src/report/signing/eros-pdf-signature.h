/* eros-pdf-signature.h: the revision of a PDF that a signature is, but for the signature's own value
 *
 * The same bytes wherever it is written: whoever verifies writes it once more and compares.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-pdf-file.h"

G_BEGIN_DECLS

/* Room for a chain, a time stamp and revocation data; the bare signature takes 2 KiB. */
#define EROS_PDF_SIGNATURE_SIZE 16384

typedef struct
{
  const char *name; /* of the certificate */
  const char *reason;
  gint64      time;  /* seconds since 1970 */
  const char *field; /* (nullable): the reserved one that it fills; NULL: one of its own, which does not show */
  const char *stamp; /* (nullable): what the field's box shows: operators of a page's content */
} ErosPdfSigning;

/* A PDF's last state. */
typedef struct
{
  ErosPdfFile   *file;
  guint          revision;
  gint64         catalog_number;
  ErosPdfObject *catalog;
} ErosPdfDocument;
gboolean       eros_pdf_document_open (ErosPdfDocument *self, GBytes *pdf, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void           eros_pdf_document_clear (ErosPdfDocument *self);
ErosPdfObject *eros_pdf_document_first_page (ErosPdfDocument *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ErosPdfDocument, eros_pdf_document_clear)

/* PDF with one more revision, whose byte range is right and whose signature is zeros. *CONTENTS: where its string
 * begins, with the bracket. */
GByteArray *eros_pdf_signature_write (GBytes *pdf, const ErosPdfSigning *signing, gsize *contents, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Whether a stamp is nothing but areas that are filled: numbers, m, l, c, h, f. */
gboolean eros_pdf_stamp_is_plain (const char *stamp, gsize length);

G_END_DECLS
