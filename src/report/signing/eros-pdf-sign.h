/* eros-pdf-sign.h: files attached to a PDF, and signatures on it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-pdf-file.h"
#include "eros-signer.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name; /* "journal.jsonl" */
  const char *description;
  const char *type;         /* "application/json" */
  const char *relationship; /* how it belongs to the document: "Data", "Source" */
  GBytes     *packed;       /* its content, packed by zlib */
  gsize       size;         /* before */
  const char *md5;          /* of what it was before */
} ErosPdfAttachment;

/* Appends a revision with the attachments and the document's language (BCP 47). */
GBytes *eros_pdf_attach (GBytes                  *pdf,
                         const ErosPdfAttachment *attachments,
                         guint                    n_attachments,
                         const char              *language,
                         GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
/* Appends a revision with a signature over everything. The first one certifies the document: later signatures are
 * allowed, nothing else. TIME: seconds since 1970. */
GBytes *eros_pdf_sign (GBytes *pdf, ErosSigner *signer, const char *reason, gint64 time, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* The same in a box that was reserved: fills in its field, and draws the stamp that it shows. BOX: (nullable) its
 * name; NULL: as eros_pdf_sign (). */
GBytes *eros_pdf_sign_box (GBytes     *pdf,
                           ErosSigner *signer,
                           const char *box,
                           const char *reason,
                           gint64      time,
                           GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
